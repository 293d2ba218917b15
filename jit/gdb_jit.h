// --gdb-jit: machine code has names in gdb ("trace:FILE:LINE loop 3"), by gdb's JIT interface.
#pragma once

#include <cstddef>
#include <string>

namespace pystm::jit {

// The debugger knows the code by that name until it is forgotten. REQUIRES lock of traces.h.
void note_gdb_code(const void* address, size_t bytes, const std::string& name);
void forget_gdb_code(const void* address);  // of unknown code: nothing

}  // namespace pystm::jit
