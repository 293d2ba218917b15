// The text form of a trace: one line per instruction.
//
//   frame 1 parent 0 pc 7 base 10 result 2 on_return kStore function %3
//   %1 = word SLoad #0
//   %2 = i64 CheckInt %1 @4{0=%1}          snapshot: pc, then register = value
//   %5 = i64 LoadField %3, List.size
//   GuardI %2 lt 10 @f1:9{}                in frame 1
#include <cinttypes>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "jit/ir.h"

namespace pystm::jit {

namespace {

constexpr struct {
  uint16_t flag;
  const char* name;
} kFlagNames[] = {{kNoGcBarrier, "nogc"}, {kSunk, "sunk"},      {kAssumed, "assumed"},
                  {kNoLog, "nolog"},      {kInitStore, "init"}, {kHasVlock, "mutable"},
                  {kCloses, "closes"}};

constexpr const char* kOnReturnNames[] = {
#define ON_RETURN(name, meaning) #name,
    ON_RETURNS(ON_RETURN)
#undef ON_RETURN
};

class Printer {
 public:
  explicit Printer(const Trace& t) : t_(t) {}

  std::string all() {
    for (size_t f = 1; f < t_.frames.size(); ++f) frame(f);
    for (IrRef r = 1; r < t_.size(); ++r)
      if (t_.ins[r].op != Ir::Nop) line(r);
    return std::move(out_);
  }
  std::string one(IrRef r) {
    line(r);
    return std::move(out_);
  }

 private:
  const Trace& t_;
  std::string out_;

  void put(const char* format, ...) __attribute__((format(printf, 2, 3))) {
    char text[160];
    va_list args;
    va_start(args, format);
    std::vsnprintf(text, sizeof text, format, args);
    va_end(args);
    out_ += text;
  }

  void constant(IrRef r) {
    const Word bits = t_.bits(r);
    switch (t_.type(r)) {
      case Type::I64:
        put("%" PRId64, static_cast<int64_t>(bits));
        return;
      case Type::F64:
        number(std::bit_cast<double>(bits));
        return;
      case Type::Bool:
        put("b:%d", static_cast<int>(bits));
        return;
      case Type::Ptr:
        if (bits == 0)
          out_ += "context";
        else
          put("p:%" PRIx64, bits);
        return;
      case Type::Ref:
        put("r:%" PRIx64, bits);
        return;
      default:
        word(Value(bits));
    }
  }
  void number(double d) {
    char text[40];
    std::snprintf(text, sizeof text, "%.17g", d);
    const bool plain = std::strpbrk(text, ".en") != nullptr;  // also inf, nan
    out_ += text;
    if (!plain) out_ += ".0";
  }
  void word(Value v) {
    if (v.is_unset())
      out_ += "unset";
    else if (v == kNone)
      out_ += "none";
    else if (v == kTrue)
      out_ += "true";
    else if (v == kFalse)
      out_ += "false";
    else if (v.is_int())
      put("w:%" PRId64, v.as_int());
    else
      put("w:x%" PRIx64, v.bits());
  }
  void value(IrRef r) {
    if (is_const(r))
      constant(r);
    else
      put("%%%u", r);
  }

  void frame(size_t n) {
    const Frame& f = t_.frames[n];
    put("frame %zu parent %u pc %u base %d result %u on_return %s", n, f.parent, f.parent_pc,
        f.base, f.result, kOnReturnNames[static_cast<unsigned>(f.on_return)]);
    const auto field = [&](const char* name, IrRef r) {
      if (r == 0) return;
      put(" %s ", name);
      value(r);
    };
    field("code", f.code);
    field("function", f.function);
    field("init_self", f.init_self);
    field("generator", f.generator);
    out_ += '\n';
  }

  void snapshot(uint32_t id) {
    const Snapshot& s = t_.snapshots[id];
    if (s.frame != 0)
      put("@f%u:%u{", s.frame, s.pc);
    else
      put("@%u{", s.pc);
    const char* separator = "";
    for (const SnapSlot& slot : t_.slots(s)) {
      put("%s%d=", separator, slot.slot);
      value(slot.ref);
      separator = ", ";
    }
    out_ += '}';
  }

  void operands(const Ins& i) {
    const IrRef refs[] = {i.a, i.b, i.c};
    const char* separator = " ";
    const bool compares = info_of(i.op).operands[2] == Operand::Cond;
    for (unsigned k = 0; k < (compares ? 2 : 3); ++k) {
      const Operand kind = info_of(i.op).operands[k];
      if (kind == Operand::__ || (kind == Operand::Owner && refs[k] == 0)) continue;
      if (compares && k == 1)
        put(" %s ", kCondNames[i.c]);
      else
        out_ += separator;
      separator = ", ";
      if (kind == Operand::Lit)
        put("%u", refs[k]);
      else {
        if (kind == Operand::Owner) out_ += "of ";
        value(refs[k]);
      }
    }
    aux(i, separator);
  }
  void aux(const Ins& i, const char* separator) {
    switch (info_of(i.op).aux) {
      case Aux::__:
        return;
      case Aux::Snap:
        if (i.has(kAssumed)) return;
        out_ += ' ';
        snapshot(i.aux);
        return;
      case Aux::Field:
        out_ += separator + field_name(Field(i.aux));
        return;
      case Aux::Array:
        out_ += separator + array_name(Array(i.aux));
        return;
      case Aux::Slot:
      case Aux::Bytes:
      case Aux::Index:
        put("%s#%d", separator, static_cast<int32_t>(i.aux));
    }
  }
  void call(const Ins& i) {
    put(" %s(", t_.call_info(i).name);
    const char* separator = "";
    for (const IrRef r : t_.call_args(i)) {
      out_ += separator;
      value(r);
      separator = ", ";
    }
    out_ += ')';
    if (leaves(t_, i)) aux(i, " ");
  }

  void line(IrRef r) {
    const Ins& i = t_.ins[r];
    if (i.type != Type::None) put("%%%u = %s ", r, kTypeNames[static_cast<unsigned>(i.type)]);
    out_ += info_of(i.op).name;
    if (i.op == Ir::Call)
      call(i);
    else
      operands(i);
    for (const auto& f : kFlagNames)
      if (i.flags & f.flag) put(" !%s", f.name);
    out_ += '\n';
  }
};

}  // namespace

std::string print(const Trace& trace) { return Printer(trace).all(); }
std::string print_ins(const Trace& trace, IrRef r) { return Printer(trace).one(r); }

uint16_t flag_by_name(std::string_view name) {
  for (const auto& f : kFlagNames)
    if (name == f.name) return f.flag;
  return 0;
}
vm::OnReturn on_return_by_name(std::string_view name) {
  unsigned k = 0;
  while (k + 1 < std::size(kOnReturnNames) && name != kOnReturnNames[k]) ++k;
  return static_cast<vm::OnReturn>(k);
}

}  // namespace pystm::jit
