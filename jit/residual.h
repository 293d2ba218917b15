// The C++ functions that traces call, each with its effects.
#pragma once

#include "jit/calls.h"

namespace pystm::jit {

extern const CallInfo kCallBinary, kCallCompare, kCallGetItem, kCallSetItem, kCallListAppend,
    kCallNative1, kCallNative2, kCallNative3;

}  // namespace pystm::jit
