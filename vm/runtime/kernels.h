// Kernels: builtins that run Python code are Python code themselves (kernels.def), so that neither
// a transaction's boundary nor the recorder meets a C++ frame in between. call_native() asks; what
// no row of the table fits is done in C++.
//
// The functions are hidden: no traceback, warning or sys._getframe() shows them, and they count for
// no recursion. Each code object whose steps a kernel runs has its own copy of it, so that the
// copy's inline caches and traces see one kind of item only.
#pragma once

#include <string_view>

#include "vm/bytecode/code.h"
#include "vm/runtime/native.h"

namespace pystm::vm {

struct KernelRow {
  std::string_view builtin;
  std::string_view arguments;
  std::string_view passes;
  const char* text;
};
inline constexpr KernelRow kKernelRows[] = {
#define KERNEL(builtin, arguments, passes, text) {builtin, arguments, passes, text},
#include "vm/runtime/kernels.def"
};
inline constexpr size_t kKernelCount = std::size(kKernelRows);

// The first row of that name, counted from 1. What names none does not compile.
consteval uint8_t kernels_of(std::string_view name) {
  uint8_t k = 0;
  while (kKernelRows[k].builtin != name) ++k;
  return k + 1;
}
consteval BuiltinDef with_kernels(BuiltinDef def) {
  def.kernels = kernels_of(def.name);
  return def;
}
// The same of a class that is called with one argument; 0: none.
uint8_t class_kernels(const Type* type);

struct KernelChoice {
  const KernelRow* row = nullptr;  // null: none fits
  Code* site = nullptr;            // whose copy
};
// `first`: as kernels_of() counts. `args`: as the builtin's C++ function gets them.
KernelChoice choose_kernel(Context& cx, uint8_t first, const Value* args, size_t n);
// Does the argument fit the letter? *site is set by G and, if it is null, by F.
bool fits_kernel(Context& cx, char kind, Value v, Code** site);
// The code that an iterator of kind G runs, or null.
Code* stepped_code(Context& cx, Value iterator);

Result<Function*> kernel_function(Context& cx, const KernelChoice& choice);
Result<Value> kernel_helper(Context& cx, char letter);
// The call, as a native's result (tail_call).
Result<Value> call_kernel(Context& cx, const KernelChoice& choice, const Value* args);

// A code object's copies of kernels, in its CodeData. Born old, so they do not move.
struct KernelCopies {
  std::atomic<Function*> functions[kKernelCount] = {};
};

}  // namespace pystm::vm
