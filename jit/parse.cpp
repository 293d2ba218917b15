// Reads the text form of a trace (see print.cpp). Names after % may be any identifiers; a name used
// before its line is an error.
#include <cctype>
#include <charconv>
#include <cstring>
#include <unordered_map>

#include "jit/ir.h"

namespace pystm::jit {

uint16_t flag_by_name(std::string_view name);
vm::OnReturn on_return_by_name(std::string_view name);

namespace {

class Parser {
 public:
  Parser(Trace& t, std::string_view text, std::span<const CallInfo* const> calls)
      : t_(t), text_(text), calls_(calls) {}

  bool run(std::string* error) {
    while (!text_.empty() && error_.empty()) {
      ++line_number_;
      const size_t end = std::min(text_.find('\n'), text_.size());
      line_ = text_.substr(0, end);
      text_.remove_prefix(std::min(end + 1, text_.size()));
      const size_t comment = line_.find(';');
      if (comment != line_.npos) line_ = line_.substr(0, comment);
      skip();
      if (!line_.empty()) line();
      skip();
      if (error_.empty() && !line_.empty()) fail("unexpected text");
    }
    if (!error_.empty() && error != nullptr)
      *error = std::to_string(line_number_) + ": " + error_ + ": " + std::string(line_);
    return error_.empty();
  }

 private:
  Trace& t_;
  std::string_view text_, line_;
  std::span<const CallInfo* const> calls_;
  std::unordered_map<std::string, IrRef> names_;
  unsigned line_number_ = 0;
  std::string error_;

  void fail(const char* what) {
    if (error_.empty()) error_ = what;
  }
  void skip() {
    while (!line_.empty() && std::isspace(static_cast<unsigned char>(line_[0])))
      line_.remove_prefix(1);
  }
  bool eat(std::string_view s) {
    skip();
    if (line_.substr(0, s.size()) != s) return false;
    line_.remove_prefix(s.size());
    return true;
  }
  void need(std::string_view s) {
    if (!eat(s)) fail(s == "=" ? "expected =" : "unexpected token");
  }
  // Letters, digits and the punctuation of names and numbers.
  std::string_view token() {
    skip();
    size_t n = 0;
    while (n < line_.size() && (std::isalnum(static_cast<unsigned char>(line_[n])) ||
                                std::strchr("_.:/+-", line_[n]) != nullptr))
      ++n;
    const std::string_view s = line_.substr(0, n);
    line_.remove_prefix(n);
    return s;
  }
  template <class T>
  T number(std::string_view s, int base = 10) {
    T v{};
    const auto r = std::from_chars(s.data(), s.data() + s.size(), v, base);
    if (r.ptr != s.data() + s.size() || s.empty()) fail("bad number");
    return v;
  }
  template <class T>
  T number() {
    return number<T>(token());
  }

  IrRef value() {
    if (eat("%")) {
      const auto it = names_.find(std::string(token()));
      if (it == names_.end()) {
        fail("unknown name");
        return 0;
      }
      return it->second;
    }
    return constant(token());
  }
  IrRef constant(std::string_view s) {
    if (s == "unset") return t_.word_const(Value());
    if (s == "none") return t_.word_const(kNone);
    if (s == "true") return t_.word_const(kTrue);
    if (s == "false") return t_.word_const(kFalse);
    if (s == "context") return t_.context();
    const auto prefix = s.substr(0, 2), rest = s.size() > 2 ? s.substr(2) : std::string_view();
    if (prefix == "r:") return t_.constant(Type::Ref, number<Word>(rest, 16));
    if (prefix == "p:") return t_.constant(Type::Ptr, number<Word>(rest, 16));
    if (prefix == "b:") return t_.constant(Type::Bool, number<Word>(rest));
    if (prefix == "w:") {
      if (rest.substr(0, 1) == "x")
        return t_.constant(Type::Word, number<Word>(rest.substr(1), 16));
      return t_.word_const(Value::of_int(number<int64_t>(rest)));
    }
    if (s.find_first_of(".enf") != s.npos) return float_constant(s);
    return t_.int_const(number<int64_t>(s));
  }
  IrRef float_constant(std::string_view s) {
    double d = 0;
    const auto r = std::from_chars(s.data(), s.data() + s.size(), d);
    if (r.ptr != s.data() + s.size()) fail("bad constant");
    return t_.float_const(d);
  }

  void frame() {
    const auto n = number<size_t>();
    if (n != t_.frames.size()) return fail("frames must be numbered in order");
    Frame f;
    while (error_.empty()) {
      const auto key = token();
      if (key.empty()) break;
      if (key == "parent")
        f.parent = number<uint16_t>();
      else if (key == "pc")
        f.parent_pc = number<uint32_t>();
      else if (key == "base")
        f.base = number<int32_t>();
      else if (key == "result")
        f.result = number<uint16_t>();
      else if (key == "on_return")
        f.on_return = on_return_by_name(token());
      else if (key == "code")
        f.code = value();
      else if (key == "function")
        f.function = value();
      else if (key == "init_self")
        f.init_self = value();
      else if (key == "generator")
        f.generator = value();
      else
        fail("unknown property of a frame");
    }
    t_.frames.push_back(f);
  }

  uint32_t snapshot() {
    need("@");
    Snapshot s{static_cast<uint32_t>(t_.snap_slots.size()), 0, 0, 0};
    const auto where = token();
    const size_t colon = where.find(':');
    if (colon != where.npos) {
      s.frame = number<uint16_t>(where.substr(1, colon - 1));
      if (s.frame >= t_.frames.size()) fail("unknown frame");
    }
    s.pc = number<uint32_t>(where.substr(colon == where.npos ? 0 : colon + 1));
    need("{");
    while (error_.empty() && !eat("}")) {
      const auto slot = number<int16_t>();
      need("=");
      t_.snap_slots.push_back({slot, value()});
      ++s.count;
      eat(",");
    }
    return share(s);
  }
  // Equal neighbours are one snapshot, as the emitter makes them.
  uint32_t share(const Snapshot& s) {
    if (!t_.snapshots.empty()) {
      const Snapshot& last = t_.snapshots.back();
      const auto a = t_.slots(last), b = t_.slots(s);
      if (last.pc == s.pc && last.frame == s.frame &&
          std::equal(a.begin(), a.end(), b.begin(), b.end())) {
        t_.snap_slots.resize(s.first);
        return static_cast<uint32_t>(t_.snapshots.size() - 1);
      }
    }
    t_.snapshots.push_back(s);
    return static_cast<uint32_t>(t_.snapshots.size() - 1);
  }

  void operand(Ins& i, unsigned k) {
    IrRef& to = k == 0 ? i.a : k == 1 ? i.b : i.c;
    const Operand kind = info_of(i.op).operands[k];
    if (kind == Operand::__) return;
    if (kind == Operand::Owner && !eat("of ")) return;
    if (kind == Operand::Lit)
      to = number<uint16_t>();
    else
      to = value();
    eat(",");
  }
  void comparison(Ins& i) {
    i.a = value();
    const auto name = token();
    unsigned c = 0;
    while (c < std::size(kCondNames) && name != kCondNames[c]) ++c;
    if (c == std::size(kCondNames)) fail("unknown condition");
    i.c = static_cast<IrRef>(c);
    i.b = value();
    aux(i);
  }
  void aux(Ins& i) {
    switch (info_of(i.op).aux) {
      case Aux::__:
        return;
      case Aux::Snap:
        skip();
        if (line_.substr(0, 1) == "@") i.aux = snapshot();
        return;
      case Aux::Field: {
        Field f;
        if (!parse_field(token(), &f)) fail("unknown field");
        i.aux = f.id;
        return;
      }
      case Aux::Array: {
        Array a;
        if (!parse_array(token(), &a)) fail("unknown array");
        i.aux = a.id;
        return;
      }
      case Aux::Slot:
      case Aux::Bytes:
      case Aux::Index:
        need("#");
        i.aux = static_cast<uint32_t>(number<int32_t>());
    }
  }
  void call(Ins& i) {
    const auto name = token();
    const CallInfo* info = nullptr;
    for (const CallInfo* c : calls_)
      if (name == c->name) info = c;
    if (info == nullptr) return fail("unknown function");
    i.c = t_.call_row(info);
    i.a = static_cast<IrRef>(t_.args.size());
    need("(");
    while (error_.empty() && !eat(")")) {
      t_.args.push_back(value());
      ++i.b;
      eat(",");
    }
    aux(i);
  }

  void line() {
    if (eat("frame ")) return frame();
    std::string name;
    Ins i;
    if (eat("%")) {
      name = token();
      need("=");
      const auto type = token();
      unsigned k = 0;
      while (k < std::size(kTypeNames) && type != kTypeNames[k]) ++k;
      if (k == std::size(kTypeNames)) return fail("unknown type");
      i.type = static_cast<Type>(k);
    }
    const auto op = token();
    unsigned k = 0;
    while (k < kIrCount && op != kOps[k].name) ++k;
    if (k == kIrCount) return fail("unknown instruction");
    i.op = static_cast<Ir>(k);
    if (i.op == Ir::Call) {
      call(i);
    } else if (info_of(i.op).operands[2] == Operand::Cond) {
      comparison(i);
    } else {
      for (unsigned o = 0; o < 3; ++o) operand(i, o);
      aux(i);
    }
    while (eat("!")) {
      const uint16_t flag = flag_by_name(token());
      if (flag == 0) fail("unknown flag");
      i.flags |= flag;
    }
    if (i.op == Ir::Loop) t_.set_loop(t_.size());
    if (!name.empty()) names_[name] = t_.size();
    t_.ins.push_back(i);
  }
};

}  // namespace

bool parse(Trace& trace, const std::string& text, std::span<const CallInfo* const> calls,
           std::string* error) {
  return Parser(trace, text, calls).run(error);
}

}  // namespace pystm::jit
