// What the exception files share.
#pragma once

#include <span>

#include "vm/runtime/native.h"

namespace pystm::vm {

Type* errno_type(int error);  // the OSError subclass for an errno
Result<void> os_error_fill(Context& cx, Exception* self, Args args);
Value member_or_none(Context& cx, Value exception, const char* name);
// exception_group.cpp
std::span<const BuiltinDef> exception_group_methods();
Type* exception_group_type();
void define_exception_group(Context& cx);
std::span<const GetSetDef> exception_group_members();

}  // namespace pystm::vm
