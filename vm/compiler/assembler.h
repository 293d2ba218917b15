// Builds one CodeUnit: instructions with labels, registers, constants, and which locals are bound.
//
// Invariants: temporaries are a stack; what is emitted lives at most up to top(). Code behind a
// jump, return or raise is dropped until a label with a jump to it is bound. The set of definitely
// bound locals only grows along a path (names that may be unbound again are never in it).
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "vm/bytecode/code_unit.h"
#include "vm/compiler/ast.h"
#include "vm/compiler/symtable.h"

namespace pystm::vm::compiler {

using Reg = unsigned;

struct Label {
  int id = -1;
};

// A stretch of code with an exception handler; it may have holes where cleanup is inlined.
struct Protected {
  Label handler;
  Reg depth = 0;   // the exception goes to this register; temporaries above are dead
  int start = -1;  // -1: closed
  std::vector<std::pair<int, int>> ranges;
};

using BoundSet = std::vector<uint64_t>;

class Assembler {
 public:
  Assembler(Scope& scope, Arena& arena);

  // --- instructions
  void emit(Op op, Reg a, Reg b = 0, Reg c = 0, unsigned d = 0);
  void emit_wide(Op op, Reg a, int32_t bc);
  void jump(Op op, Label target, Reg a = 0, Reg b = 0, unsigned d = 0);
  Label new_label();
  void bind(Label label);
  bool reachable() const { return reachable_; }
  int here() const { return static_cast<int>(items_.size()); }
  void load_const(Reg dst, Const value);
  void load_none(Reg dst) { load_const(dst, Const{}); }
  uint16_t name(std::string_view text);
  int constant(Const value);

  // --- registers
  Reg top() const { return top_; }
  void set_top(Reg top) {
    top_ = top;
    if (top > max_top_) max_top_ = top;
  }
  Reg push() {
    set_top(top_ + 1);
    return top_ - 1;
  }
  bool is_temp(Reg r) const { return r >= first_temp_; }

  // --- names
  int local(std::string_view mangled) const { return find(locals_, mangled); }
  int cell(std::string_view mangled) const { return find(cells_, mangled); }
  int free(std::string_view mangled) const { return find(frees_, mangled); }
  bool is_bound(Reg local) const { return bound_[local / 64] >> (local % 64) & 1; }
  void set_bound(Reg local);
  bool copied_on_read(Reg local) const { return walrus_[local]; }

  // --- handlers
  void open(Protected& p);
  void close(Protected& p);
  // Writes the rows of p and continues at its handler, the exception pushed on the stack.
  void begin_handler(Protected& p);

  std::shared_ptr<CodeUnit> finish();

  Scope& scope;
  Arena& arena;
  std::shared_ptr<CodeUnit> unit;
  compiler::Position at;  // of what is being compiled

 private:
  using Index = std::unordered_map<std::string_view, int>;
  struct Item {
    Instr instr;
    int label;
    uint16_t live_end;
  };
  struct LabelState {
    int at = -1;
    bool used = false;
    BoundSet bound;
  };

  static int find(const Index& index, std::string_view name) {
    auto it = index.find(name);
    return it == index.end() ? -1 : it->second;
  }
  void note_jump(Label target);
  void add(Instr instr, int label);
  std::vector<int> lay_out();
  void encode(const std::vector<int>& addresses);

  Index locals_, cells_, frees_;
  std::vector<bool> may_unbind_, walrus_;
  std::vector<Item> items_;
  std::vector<vm::Position> positions_;
  std::vector<bool> long_;  // this item needs a long jump
  std::vector<LabelState> labels_;
  struct Row {
    int start, end;
    Label target;
    Reg depth;
  };
  std::vector<Row> rows_;
  std::unordered_map<std::string, int> const_index_;
  std::unordered_map<std::string, int> name_index_;
  BoundSet bound_;
  Reg top_ = 0, first_temp_ = 0, max_top_ = 0;
  bool reachable_ = true;
};

}  // namespace pystm::vm::compiler
