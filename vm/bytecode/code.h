// Code: the heap object of compiled code, and CodeData, its C++ half (instructions, caches,
// tables).
#pragma once

#include <atomic>
#include <span>

#include "vm/bytecode/code_unit.h"
#include "vm/object/layouts.h"
#include "vm/runtime/context.h"

namespace pystm::vm {

// Inline caches: one word per instruction, outside the STM, replaced as a whole. 0 = empty. Meaning
// by opcode: vm/interp/inline_cache.h.
using CacheWord = std::atomic<Word>;

struct CodeData {
  Instr* instrs = nullptr;  // `count` instructions, then `count` cache words
  uint32_t count = 0;
  uint32_t flags = 0;  // CodeFlags
  uint16_t argcount = 0, posonly_count = 0, kwonly_count = 0;
  uint16_t nlocals = 0, ncells = 0, nfrees = 0;
  uint16_t register_count = 0;
  int32_t first_line = 1;
  bool hidden = false;  // VM-internal Python code: no traceback entry
  bool simple_args =
      false;  // positional parameters only: a call with argcount arguments needs no binding
  std::vector<ExceptionRow> exceptions;
  std::vector<DepthRow> depths;
  std::string positions;
  std::vector<uint32_t> cell_params;
  // The JIT's (vm/interp/jit_hooks.h): how often called; and by instruction, once compiled code has
  // returned to it, what is known of that place (an array, owned).
  CacheWord calls{0};
  std::atomic<CacheWord*> returns{nullptr};
  std::atomic<const int32_t*> lines{nullptr};  // by instruction; decoded on first use, owned
  std::atomic<struct KernelCopies*> kernels{nullptr};  // made on first use (kernels.h), owned
};

inline std::span<const Instr> code_instrs(const Code* code) {
  return {code->data->instrs, code->data->count};
}
inline CacheWord* code_caches(const Code* code) {
  return reinterpret_cast<CacheWord*>(code->data->instrs + code->data->count);
}

// Turns a compiled unit into a Code (constants, nested code included). MemoryError, OverflowError.
Result<Code*> load_code(Context& cx, const CodeUnit& unit);
Code* copy_code(Context& cx, const Code* code);  // caches empty
Result<Value> load_const(Context& cx, const Const& constant);
// The registers a collection must look at when the frame is suspended at instruction `pc`.
unsigned live_registers(const CodeData& data, uint32_t pc);
// Innermost handler of an instruction, or null.
const ExceptionRow* find_handler(const CodeData& data, uint32_t pc);
Position position_at(const Code* code, uint32_t pc);
int line_at(const Code* code, uint32_t pc);

}  // namespace pystm::vm
