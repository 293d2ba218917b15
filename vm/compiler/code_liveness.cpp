// A register that the depth table calls alive at a suspension must have been written on every path
// there. Checked by a forward data-flow analysis over the temporaries: a set of written registers
// for each instruction, intersected where paths meet. A handler starts with what was written
// before every instruction it covers, below its depth, plus the exception.
#include "vm/compiler/code_liveness.h"

#include <vector>

namespace pystm::vm::compiler {
namespace {

struct Run {
  unsigned first = 0, count = 0;
};

// The registers an instruction writes when it completes.
Run written(const Instr& i) {
  switch (i.op) {
    case Op::NOP:
    case Op::STORE_CELL:
    case Op::DELETE_CELL:
    case Op::STORE_GLOBAL:
    case Op::DELETE_GLOBAL:
    case Op::STORE_NAME:
    case Op::DELETE_NAME:
    case Op::STORE_ATTR:
    case Op::DELETE_ATTR:
    case Op::SET_ITEM:
    case Op::DELETE_ITEM:
    case Op::JUMP:
    case Op::JUMP_BACK:
    case Op::JUMP_IF_TRUE:
    case Op::JUMP_IF_FALSE:
    case Op::JUMP_IF_NONE:
    case Op::JUMP_IF_NOT_NONE:
    case Op::JUMP_LT:
    case Op::JUMP_LE:
    case Op::JUMP_EQ:
    case Op::JUMP_NE:
    case Op::JUMP_GT:
    case Op::JUMP_GE:
    case Op::JUMP_IS:
    case Op::JUMP_IN:
    case Op::RETURN:
    case Op::LIST_APPEND:
    case Op::LIST_EXTEND:
    case Op::SET_ADD:
    case Op::SET_UPDATE:
    case Op::MAP_ADD:
    case Op::DICT_UPDATE:
    case Op::DICT_MERGE:
    case Op::RETURN_GENERATOR:
    case Op::END_ASYNC_FOR:
    case Op::RAISE:
    case Op::RERAISE:
    case Op::LEAVE_HANDLER:
    case Op::IMPORT_STAR:
    case Op::SETUP_ANNOTATIONS:
    case Op::PRINT_EXPR:
      return {};
    case Op::CALL:
    case Op::CALL_KW:
    case Op::CALL_EX:
      return {i.b, 1};
    case Op::FOR_ITER:
    case Op::SEND:
      return {i.b, 1};
    case Op::UNPACK:
      return {i.a, i.c};
    case Op::UNPACK_EX:
      return {i.a, i.c + 1u + i.d};
    case Op::LOAD_METHOD:
    case Op::CHECK_EG_MATCH:
      return {i.a, 2};
    case Op::WITH_ENTER:
    case Op::ASYNC_WITH_ENTER:
      return {i.a, 3};
    case Op::COPY_FREE:
      return {i.a, i.c};
    default:
      return {i.a, 1};
  }
}

bool suspends(Op op) {
  const Trait t = op_trait(op);
  return t == Trait::kCalls || t == Trait::kJump || t == Trait::kEdge;
}

class Liveness {
 public:
  explicit Liveness(const CodeUnit& u)
      : u_(u),
        base_(u.temp_base()),
        words_((u.register_count - base_) / 64 + 1),
        in_(u.instrs.size()) {}

  std::string run() {
    if (u_.instrs.empty()) return "";
    handlers_.resize(u_.instrs.size());
    for (const ExceptionRow& row : u_.exceptions)
      for (uint32_t pc = row.start; pc < row.end; pc++)
        if (handlers_[pc] == nullptr) handlers_[pc] = &row;  // the innermost
    merge(0, Set(words_, 0));
    while (!work_.empty()) {
      const uint32_t pc = work_.back();
      work_.pop_back();
      step(pc);
    }
    return check();
  }

 private:
  using Set = std::vector<uint64_t>;

  void set(Set& s, unsigned reg) const {
    if (reg >= base_) s[(reg - base_) / 64] |= uint64_t{1} << ((reg - base_) % 64);
  }
  bool has(const Set& s, unsigned reg) const {
    return reg < base_ || (s[(reg - base_) / 64] >> ((reg - base_) % 64) & 1);
  }

  void merge(uint32_t pc, const Set& s) {
    if (in_[pc].empty()) {
      in_[pc] = s;
    } else {
      bool changed = false;
      for (size_t i = 0; i < words_; i++) {
        const uint64_t both = in_[pc][i] & s[i];
        changed |= both != in_[pc][i];
        in_[pc][i] = both;
      }
      if (!changed) return;
    }
    work_.push_back(pc);
  }

  void step(uint32_t pc) {
    const Instr& i = u_.instrs[pc];
    if (const ExceptionRow* row = handlers_[pc]) {
      Set s = in_[pc];
      for (unsigned r = row->depth; r < u_.register_count; r++)
        s[(r - base_) / 64] &= ~(uint64_t{1} << ((r - base_) % 64));
      set(s, row->exc_register);
      merge(row->target, s);
    }
    Set out = in_[pc];
    const Run run = written(i);
    const Operands form = op_operands(i.op);
    const bool jumps = form == Operands::J || form == Operands::AJ || form == Operands::ABJ;
    if (i.op != Op::FOR_ITER)
      for (unsigned k = 0; k < run.count; k++) set(out, run.first + k);
    if (jumps) {
      const int offset = form == Operands::ABJ ? i.jump16() : i.bc;
      merge(static_cast<uint32_t>(static_cast<int>(pc) + 1 + offset), out);
    }
    if (i.op == Op::FOR_ITER) set(out, run.first);
    if (op_trait(i.op) != Trait::kEnd && i.op != Op::JUMP_BACK) merge(pc + 1, out);
  }

  std::string check() {
    size_t row = 0;
    for (uint32_t pc = 0; pc < u_.instrs.size(); pc++) {
      while (row + 1 < u_.depths.size() && u_.depths[row + 1].start <= pc) row++;
      const Instr& i = u_.instrs[pc];
      if (in_[pc].empty() || !suspends(i.op)) continue;
      const bool call = i.op == Op::CALL || i.op == Op::CALL_KW || i.op == Op::CALL_EX;
      for (unsigned r = base_; r < u_.depths[row].live_end; r++) {
        if (has(in_[pc], r) || (call && !(i.d & 1) && r == i.a + 1u)) continue;
        return u_.qualname + " (" + u_.filename + ") instruction " + std::to_string(pc) + " " +
               op_name(i.op) + ": temporary " + std::to_string(r - base_) +
               " is alive but not written";
      }
    }
    return "";
  }

  const CodeUnit& u_;
  unsigned base_;
  size_t words_;
  std::vector<Set> in_;
  std::vector<const ExceptionRow*> handlers_;
  std::vector<uint32_t> work_;
};

}  // namespace

std::string verify_liveness(const CodeUnit& unit) { return Liveness(unit).run(); }

}  // namespace pystm::vm::compiler
