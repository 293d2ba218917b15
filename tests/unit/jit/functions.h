// C++ functions that IR of the tests may call by name.
#pragma once

#include "jit/ir.h"

namespace pystm::jit {
std::span<const CallInfo* const> test_functions();
}
