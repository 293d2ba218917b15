// What sys.cpp takes from sys_info.cpp.
#pragma once

#include "vm/runtime/native.h"

namespace pystm::lib {

// version_info, flags, implementation, float_info ... into the sys module.
vm::Result<void> add_sys_info(vm::Context& cx, vm::Module* sys);
vm::Type* simple_namespace_type(vm::Context& cx);  // types.SimpleNamespace

}  // namespace pystm::lib
