// CodeUnit: compiled Python code as plain C++ data, before it becomes a heap code object. What the
// compiler produces, the bytecode cache stores, and the loader turns into Code.
//
// Register window of a frame: [0, nlocals) locals in the order of varnames (parameters first:
// positional-only and ordinary, then keyword-only, then *args, then **kwargs), then one register
// per cell variable, one per free variable, then temporaries, used as a stack.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "vm/bytecode/instruction.h"

namespace pystm::vm {

struct CodeUnit;

// A constant. Strings are UTF-8 with surrogates allowed (WTF-8). Big integers are hex text without
// prefix, with '-' if negative.
struct Const {
  enum class Kind : uint8_t {
    kNone,
    kTrue,
    kFalse,
    kEllipsis,
    kInt,
    kBigInt,
    kFloat,
    kComplex,
    kStr,
    kBytes,
    kTuple,
    kFrozenSet,
    kCode
  };
  Kind kind = Kind::kNone;
  int64_t int_value = 0;
  double real = 0, imag = 0;
  std::string text;                // kBigInt, kStr, kBytes
  std::vector<Const> items;        // kTuple, kFrozenSet
  std::shared_ptr<CodeUnit> code;  // kCode
};

// CPython's co_flags values, as inspect and compile() know them.
enum CodeFlags : uint32_t {
  kCoOptimized = 0x1,
  kCoNewLocals = 0x2,
  kCoVarArgs = 0x4,
  kCoVarKeywords = 0x8,
  kCoNested = 0x10,
  kCoGenerator = 0x20,
  kCoCoroutine = 0x80,
  kCoIterableCoroutine = 0x100,
  kCoAsyncGenerator = 0x200,
  kCoFutureAnnotations = 0x1000000,
};

struct Position {
  int32_t line = 0, end_line = 0, column = -1, end_column = -1;  // columns: UTF-8 bytes; -1 unknown
  bool operator==(const Position&) const = default;
};

// Covers instructions [start, end). On an exception the frame continues at `target`, the exception
// in register `exc_register`; temporaries from `depth` on are dead. Rows are ordered so that the
// first row covering an instruction is the innermost handler.
struct ExceptionRow {
  uint32_t start, end, target;
  uint16_t exc_register, depth;
};

// From instruction `start` on (until the next row) registers >= `live_end` are dead whenever the
// frame is suspended there (in a call, at a poll): the collector does not look at them.
struct DepthRow {
  uint32_t start;
  uint16_t live_end;
};

struct CodeUnit {
  std::string name, qualname, filename;
  uint32_t flags = 0;
  uint16_t argcount = 0;  // positional parameters, positional-only ones included
  uint16_t posonly_count = 0, kwonly_count = 0;
  uint16_t register_count = 0;  // the whole window
  int32_t first_line = 1;
  std::vector<Instr> instrs;
  std::vector<Const> consts;
  std::vector<std::string> names;     // of attributes, globals, imports
  std::vector<std::string> varnames;  // locals; size() == nlocals
  std::vector<std::string> cellvars, freevars;
  std::vector<ExceptionRow> exceptions;
  std::vector<DepthRow> depths;
  std::string positions;  // encode_positions()

  unsigned cell_base() const { return static_cast<unsigned>(varnames.size()); }
  unsigned free_base() const { return cell_base() + static_cast<unsigned>(cellvars.size()); }
  unsigned temp_base() const { return free_base() + static_cast<unsigned>(freevars.size()); }
};

// One Position per instruction, packed by deltas.
std::string encode_positions(const std::vector<Position>& positions);
Position decode_position(const std::string& packed, uint32_t instr);
std::vector<Position> decode_positions(const std::string& packed);

}  // namespace pystm::vm
