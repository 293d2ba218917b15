// See code_check.h. Everything about operands comes from the operand forms of opcodes.def, except
// the forms marked X, whose rows stand in special_operands().
#include "vm/compiler/code_check.h"

#include <algorithm>

#include "vm/compiler/code_liveness.h"

namespace pystm::vm::compiler {
namespace {

// Calls use(first, count) for each run of registers the instruction names.
template <class F>
void special_operands(const Instr& i, F use) {
  switch (i.op) {
    case Op::COPY_FREE:
      return use(i.a, i.c);
    case Op::CALL:
      use(i.b, 1);
      return use(i.a, 2u + i.c);
    case Op::CALL_KW:
      use(i.b, 1);
      return use(i.a, 3u + i.c);
    case Op::CALL_EX:
      use(i.b, 1);
      return use(i.a, i.d & 2 ? 4u : 3u);
    case Op::MAKE_FUNCTION: {
      use(i.a, 1);
      unsigned n = 0;
      for (unsigned bit = 0; bit < 4; bit++)
        if (i.d >> bit & 1) n = bit + 1;
      if (n) use(i.b, n);
      return;
    }
    case Op::UNPACK:
      use(i.b, 1);
      return use(i.a, i.c);
    case Op::UNPACK_EX:
      use(i.b, 1);
      return use(i.a, i.c + 1u + i.d);
    case Op::RAISE:
      if (i.d >= 1) use(i.a, 1);
      if (i.d >= 2) use(i.b, 1);
      return;
    case Op::IMPORT_NAME:
      use(i.a, 1);
      return use(i.b, 2);
    case Op::FORMAT_VALUE:
      use(i.a, 1);
      use(i.b, 1);
      if (i.c != kNoRegister) use(i.c, 1);
      return;
    case Op::MATCH_CLASS:
      use(i.a, 1);
      use(i.b, 1);
      return use(i.c, 2);
    default:
      return;
  }
}

template <class F>
void operands(const Instr& i, F use) {
  switch (op_operands(i.op)) {
    case Operands::ABC:
      use(i.a, 1);
      use(i.b, 1);
      return use(i.c, 1);
    case Operands::AB:
    case Operands::ABN:
    case Operands::ABJ:
      if (i.op == Op::LOAD_METHOD || i.op == Op::CHECK_EG_MATCH)
        use(i.a, 2);
      else if (i.op == Op::WITH_ENTER || i.op == Op::ASYNC_WITH_ENTER)
        use(i.a, 3);
      else
        use(i.a, 1);
      if (!(i.op == Op::MAKE_CELL && i.b == kNoRegister)) use(i.b, i.op == Op::WITH_EXIT ? 2 : 1);
      return;
    case Operands::A:
    case Operands::AK:
    case Operands::AI:
    case Operands::AN:
    case Operands::AJ:
      return use(i.a, 1);
    case Operands::ANB:
      use(i.a, 1);
      return use(i.c, 1);
    case Operands::J:
      return;
    case Operands::RANGE:
      use(i.a, 1);
      if (i.c) use(i.b, i.c);
      return;
    case Operands::X:
      return special_operands(i, use);
  }
}

class Verifier {
 public:
  explicit Verifier(const CodeUnit& unit) : u_(unit) {}

  std::string run() {
    for (size_t pc = 0; pc < u_.instrs.size() && error_.empty(); pc++) check(pc);
    if (error_.empty() && u_.instrs.empty()) error_ = "no instructions";
    if (error_.empty() && op_trait(u_.instrs.back().op) != Trait::kEnd &&
        u_.instrs.back().op != Op::JUMP_BACK)
      report(u_.instrs.size() - 1, "control falls off the end");
    check_exceptions();
    check_depths();
    return error_;
  }

 private:
  void report(size_t pc, const std::string& what) {
    if (!error_.empty()) return;
    error_ = u_.qualname + " (" + u_.filename + ":" + std::to_string(u_.first_line) +
             ") instruction " + std::to_string(pc) +
             (pc < u_.instrs.size() ? std::string(" ") + op_name(u_.instrs[pc].op) : "") + ": " +
             what;
  }

  void check(size_t pc) {
    const Instr& i = u_.instrs[pc];
    operands(i, [&](unsigned first, unsigned count) {
      if (first + count > u_.register_count) report(pc, "register out of bounds");
    });
    const Operands form = op_operands(i.op);
    int64_t offset = 0;
    bool jumps = true;
    if (form == Operands::ABJ)
      offset = i.jump16();
    else if (form == Operands::J || form == Operands::AJ)
      offset = i.bc;
    else
      jumps = false;
    const int64_t target = static_cast<int64_t>(pc) + 1 + offset;
    if (jumps && (target < 0 || target >= static_cast<int64_t>(u_.instrs.size())))
      report(pc, "jump out of the code");
    if (jumps && (i.op == Op::JUMP_BACK) != (offset < 0)) report(pc, "jump in the wrong direction");
    const auto name = [&](unsigned n) {
      if (n >= u_.names.size()) report(pc, "name out of bounds");
    };
    if (form == Operands::ABN || i.op == Op::IMPORT_NAME) name(i.c);
    if (form == Operands::AN || form == Operands::ANB || i.op == Op::DELETE_NAME ||
        i.op == Op::DELETE_GLOBAL)
      name(i.b);
    if (form == Operands::AK && (i.bc < 0 || i.bc >= static_cast<int>(u_.consts.size())))
      report(pc, "constant out of bounds");
    if (i.op == Op::MAKE_FUNCTION &&
        (i.c >= u_.consts.size() || u_.consts[i.c].kind != Const::Kind::kCode))
      report(pc, "no code constant");
    if (op_trait(i.op) != Trait::kEnd && i.op != Op::JUMP_BACK && pc + 1 == u_.instrs.size())
      report(pc, "control falls off the end");
  }

  void check_exceptions() {
    for (const ExceptionRow& row : u_.exceptions) {
      if (row.start >= row.end || row.end > u_.instrs.size() || row.target >= u_.instrs.size())
        report(row.start, "bad exception row");
      if (row.exc_register >= u_.register_count || row.depth < u_.temp_base() ||
          row.exc_register < row.depth)
        report(row.start, "bad exception register");
      if (row.target >= row.start && row.target < row.end)
        report(row.start, "handler covers itself");
    }
  }

  void check_depths() {
    uint32_t last = 0;
    for (const DepthRow& row : u_.depths) {
      if (row.start < last || row.live_end > u_.register_count || row.live_end < u_.temp_base())
        report(row.start, "bad depth row");
      last = row.start;
    }
  }

  const CodeUnit& u_;
  std::string error_;
};

}  // namespace

unsigned register_extent(const Instr& instr) {
  unsigned extent = 0;
  operands(instr,
           [&](unsigned first, unsigned count) { extent = std::max(extent, first + count); });
  return extent;
}

std::string verify_code_unit(const CodeUnit& unit) {
  std::string error = Verifier(unit).run();
  if (error.empty()) error = verify_liveness(unit);
  for (const Const& c : unit.consts) {
    if (!error.empty()) break;
    if (c.code) error = verify_code_unit(*c.code);
  }
  return error;
}

namespace {

std::string const_text(const Const& c) {
  switch (c.kind) {
    case Const::Kind::kNone:
      return "None";
    case Const::Kind::kTrue:
      return "True";
    case Const::Kind::kFalse:
      return "False";
    case Const::Kind::kEllipsis:
      return "...";
    case Const::Kind::kInt:
      return std::to_string(c.int_value);
    case Const::Kind::kBigInt:
      return "0x" + c.text;
    case Const::Kind::kFloat:
      return std::to_string(c.real);
    case Const::Kind::kComplex:
      return std::to_string(c.real) + "+" + std::to_string(c.imag) + "j";
    case Const::Kind::kStr:
      return "'" + c.text + "'";
    case Const::Kind::kBytes:
      return "b'" + c.text + "'";
    case Const::Kind::kCode:
      return "<code " + c.code->qualname + ">";
    default:
      break;
  }
  std::string s = c.kind == Const::Kind::kTuple ? "(" : "{";
  for (const Const& item : c.items) s += const_text(item) + ", ";
  return s + (c.kind == Const::Kind::kTuple ? ")" : "}");
}

}  // namespace

std::string disassemble(const CodeUnit& u) {
  std::string out = "code " + u.qualname + ": " + std::to_string(u.varnames.size()) + " locals, " +
                    std::to_string(u.register_count) + " registers\n";
  const auto reg = [&](unsigned r) {
    if (r < u.varnames.size()) return u.varnames[r];
    if (r < u.free_base()) return "&" + u.cellvars[r - u.cell_base()];
    if (r < u.temp_base()) return "&" + u.freevars[r - u.free_base()];
    return "t" + std::to_string(r - u.temp_base());
  };
  for (size_t pc = 0; pc < u.instrs.size(); pc++) {
    const Instr& i = u.instrs[pc];
    const Operands form = op_operands(i.op);
    std::string line = std::to_string(pc) + "\t" + op_name(i.op);
    operands(i, [&](unsigned first, unsigned count) {
      line += " " + reg(first);
      if (count > 1) line += ".." + reg(first + count - 1);
    });
    if (form == Operands::AK) line += " " + const_text(u.consts[static_cast<size_t>(i.bc)]);
    if (form == Operands::AI) line += " " + std::to_string(i.bc);
    if (form == Operands::AN || form == Operands::ANB) line += " ." + u.names[i.b];
    if (form == Operands::ABN || i.op == Op::IMPORT_NAME) line += " ." + u.names[i.c];
    if (i.op == Op::DELETE_NAME || i.op == Op::DELETE_GLOBAL) line += " ." + u.names[i.b];
    if (form == Operands::ABJ)
      line += " -> " + std::to_string(static_cast<int>(pc) + 1 + i.jump16());
    if (form == Operands::J || form == Operands::AJ)
      line += " -> " + std::to_string(static_cast<int>(pc) + 1 + i.bc);
    if (i.op == Op::MAKE_FUNCTION) line += " " + const_text(u.consts[i.c]);
    if (i.d) line += " [" + std::to_string(i.d) + "]";
    out += line + "\n";
  }
  for (const ExceptionRow& row : u.exceptions)
    out += "  " + std::to_string(row.start) + "-" + std::to_string(row.end) + " -> " +
           std::to_string(row.target) + " exception in " + reg(row.exc_register) + ", depth " +
           reg(row.depth) + "\n";
  for (const Const& c : u.consts)
    if (c.code) out += "\n" + disassemble(*c.code);
  return out;
}

}  // namespace pystm::vm::compiler
