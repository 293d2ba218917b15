// Printing exceptions without Python's help: sys.excepthook's default. The same text as module
// traceback makes.
#include <set>

#include "vm/bytecode/code.h"
#include "vm/object/dict.h"
#include "vm/object/exception.h"
#include "vm/object/instance.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/call.h"
#include "vm/runtime/operators.h"
#include "vm/runtime/runtime.h"
#include "vm/runtime/signals.h"
#include "vm/runtime/traceback_lines.h"

namespace pystm::vm {

namespace {

constexpr int kMaxGroupWidth = 15, kMaxGroupDepth = 10, kRepeats = 3;
constexpr char kCauseText[] =
    "The above exception was the direct cause of the following exception:";
constexpr char kContextText[] =
    "During handling of the above exception, another exception occurred:";

bool is_a(Value e, ExcId id) {
  return is_exception(e) && is_subtype(type_of(e), exception_type(id));
}

std::vector<std::string> strings_of(Context& cx, Value iterable) {
  std::vector<std::string> out;
  auto items = to_tuple(cx, iterable);
  if (items.is_error()) {
    clear_exception(cx);
    return out;
  }
  for (size_t i = 0; i < items.value()->length; ++i)
    if (is_str((*items.value())[i])) out.push_back(to_utf8(cx, (*items.value())[i]));
  return out;
}

class Printer {
 public:
  explicit Printer(Context& cx) : cx_(cx), files_(cx) {}
  void exception_with_chain(Value e);
  std::string take() { return std::move(out_); }

 private:
  void line(const std::string& text) { out_ += margin() + text + "\n"; }
  std::string margin() const {
    return depth_ == 0 ? "" : std::string(2 * static_cast<size_t>(depth_), ' ') + "| ";
  }
  std::string indent() const { return std::string(2 * static_cast<size_t>(depth_), ' '); }
  void exception(Value e, bool group);
  void group(Value e);
  void traceback(Value tb);
  void frame(Traceback* t);
  void syntax_block(Value e, std::string* message);
  void notes(Value e);
  std::string type_text(Value e);
  std::string suggestion(Value e);

  Context& cx_;
  SourceFiles files_;
  std::string out_;
  std::set<Word> seen_;
  int depth_ = 0;
  bool need_close_ = false;
};

// --- tracebacks ----------------------------------------------------------------------------------

void Printer::frame(Traceback* t) {
  Code* code = t->frame.as<Frame>()->code;
  const std::string file = to_utf8(code->filename);
  line("  File \"" + file + "\", line " + std::to_string(t->line) + ", in " + to_utf8(code->name));
  const std::string* source = files_.line(file, static_cast<int>(t->line));
  if (source == nullptr) return;
  Position p =
      t->pc < code->data->count ? position_at(code, static_cast<uint32_t>(t->pc)) : Position();
  if (p.line != static_cast<int>(t->line)) p = Position();
  out_ += marked_line(*source, p, margin());
}

void Printer::traceback(Value tb) {
  int64_t limit = 1000;
  const Value setting = sys_get(cx_, intern(cx_, "tracebacklimit"));
  if (!setting.is_unset() && is_int(setting)) {
    if (!to_int64(exact_int(setting), &limit))
      limit = int_sign(exact_int(setting)) > 0 ? INT64_MAX : 0;
    if (limit <= 0) return;
  }
  std::vector<Traceback*> frames;  // alive: the exception holds them
  for (Value v = tb; has_kind(v, Kind::kTraceback);
       v = stm::Read<Traceback>(cx_, v.as<Traceback>())->next)
    frames.push_back(v.as<Traceback>());
  size_t first =
      frames.size() > static_cast<size_t>(limit) ? frames.size() - static_cast<size_t>(limit) : 0;
  const Code* last = nullptr;
  Word last_line = 0;
  int64_t repeats = 0;
  auto flush = [&] {
    if (repeats > kRepeats)
      line("  [Previous line repeated " + std::to_string(repeats - kRepeats) + " more time" +
           (repeats - kRepeats > 1 ? "s]" : "]"));
  };
  for (; first < frames.size(); ++first) {
    Traceback* t = frames[first];
    const Code* code = t->frame.as<Frame>()->code;
    const bool same = last != nullptr && t->line == last_line &&
                      code->filename.ptr == last->filename.ptr && code->name.ptr == last->name.ptr;
    if (!same) {
      flush();
      repeats = 0;
      last = code;
      last_line = t->line;
    }
    if (++repeats <= kRepeats) frame(t);
  }
  flush();
}

// --- the exception itself ------------------------------------------------------------------------

std::string Printer::type_text(Value e) {
  std::string name = to_utf8(cx_, type_of(e)->qualname);
  auto module = find_attr(cx_, type_of(e), names().__module__);
  if (module.is_error() || module.value().is_unset() || !is_str(module.value())) {
    clear_exception(cx_);
    return "<unknown>." + name;
  }
  const std::string m = to_utf8(cx_, module.value());
  return m == "builtins" || m == "__main__" ? name : m + "." + name;
}

std::string Printer::suggestion(Value e) {
  const Value name = get_exception_member(cx_, e, "name");
  if (name.is_unset() || !is_str(name)) return "";
  const std::string wrong = to_utf8(cx_, name);
  if (is_a(e, kAttributeError)) {
    const Value object = get_exception_member(cx_, e, "obj");
    if (object.is_unset()) return "";
    auto dir = call_method(cx_, object, names().__dir__, {});
    if (dir.is_error()) {
      clear_exception(cx_);
      return "";
    }
    auto list = to_list(cx_, dir.value());
    if (list.is_error() || call_method(cx_, list.value(), names().sort, {}).is_error()) {
      clear_exception(cx_);
      return "";
    }
    return nearest_name(wrong, strings_of(cx_, list.value()));
  }
  if (!is_a(e, kNameError)) return "";
  Value tb = exception_traceback(cx_, e);
  if (!has_kind(tb, Kind::kTraceback)) return "";
  for (;;) {
    const Value next = stm::Read<Traceback>(cx_, tb.as<Traceback>())->next;
    if (!has_kind(next, Kind::kTraceback)) break;
    tb = next;
  }
  auto* frame = tb.as<Traceback>()->frame.as<Frame>();
  for (Value names_in :
       {Value(frame->code->varnames.ptr), Value(frame->globals.ptr), Value(frame->builtins.ptr)}) {
    const std::string found = nearest_name(wrong, strings_of(cx_, names_in));
    if (!found.empty()) return found;
  }
  return "";
}

// The lines of a SyntaxError between traceback and message.
void Printer::syntax_block(Value e, std::string* message) {
  auto get = [&](const char* name) {
    const Value v = get_exception_member(cx_, e, name);
    return v.is_unset() ? kNone : v;
  };
  auto number = [&](const char* name) -> int64_t {
    const Value v = get(name);
    int64_t n;
    return is_int(v) && to_int64(exact_int(v), &n) ? n : -1;
  };
  const Value file = get("filename"), text = get("text"), msg = get("msg");
  if (get("lineno") == kNone || !is_int(get("lineno"))) return;
  line("  File \"" + (is_str(file) ? to_utf8(cx_, file) : std::string("<string>")) + "\", line " +
       std::to_string(number("lineno")));
  auto m = str(cx_, msg);
  *message = m.is_error() ? "<no detail available>" : to_utf8(cx_, m.value());
  clear_exception(cx_);
  if (!is_str(text)) return;
  const std::string raw = to_utf8(cx_, text);
  size_t length = raw.size(), start = 0;
  if (length > 0 && raw.back() == '\n') --length;
  const auto limit = static_cast<int64_t>(length) + 1;
  const bool has_offset = get("offset") != kNone;
  int64_t offset = std::min(number("offset"), limit), end = offset;
  if (type_of(e) == exception_type(kSyntaxError)) {  // its subclasses mark one column
    end = number("end_lineno") > number("lineno")
              ? static_cast<int64_t>(raw.size())
              : std::min(number("end_offset"), static_cast<int64_t>(raw.size()) + 1);
  }
  // Of several lines those before the error are left out; then leading blanks.
  for (size_t nl; has_offset && (nl = raw.find('\n', start)) < length;) {
    const auto skipped = static_cast<int64_t>(nl - start);
    if (skipped >= offset) break;
    offset -= skipped + 1;
    end -= skipped + 1;
    start = nl + 1;
  }
  for (; start < length && (raw[start] == ' ' || raw[start] == '\t' || raw[start] == '\f');
       ++start) {
    --offset;
    --end;
  }
  line("    " + raw.substr(start, length - start));
  if (!has_offset || offset < 1) return;
  line("    " + std::string(static_cast<size_t>(offset) - 1, ' ') +
       std::string(static_cast<size_t>(std::max<int64_t>(end - offset, 1)), '^'));
}

void Printer::notes(Value e) {
  auto list = find_attr(cx_, e, names().__notes__);
  if (list.is_error() || list.value().is_unset()) return clear_exception(cx_);
  if (!is_list(list.value()) && !is_tuple(list.value())) {
    line(repr_utf8(cx_, list.value()));
    return;
  }
  Tuple* items = to_tuple(cx_, list.value()).value();
  for (size_t i = 0; i < items->length; ++i) {
    auto text = str(cx_, (*items)[i]);
    std::string note = text.is_error() ? "<note str() failed>" : to_utf8(cx_, text.value());
    clear_exception(cx_);
    size_t at = 0;
    for (;;) {
      const size_t nl = note.find('\n', at);
      line(note.substr(at, nl == std::string::npos ? nl : nl - at));
      if (nl == std::string::npos) break;
      at = nl + 1;
    }
  }
}

void Printer::exception(Value e, bool group) {
  const Value tb = exception_traceback(cx_, e);
  if (has_kind(tb, Kind::kTraceback)) {
    const char* header = group ? "Exception Group Traceback (most recent call last):"
                               : "Traceback (most recent call last):";
    if (group && depth_ == 1)
      out_ += indent() + "+ " + header + "\n";
    else
      line(header);
    traceback(tb);
  }
  std::string message;
  bool is_syntax = false;
  if (is_a(e, kSyntaxError)) {
    const size_t before = out_.size();
    syntax_block(e, &message);
    is_syntax = out_.size() != before;
  }
  if (!is_syntax) {
    auto text = str(cx_, e);
    message = text.is_error() ? "<exception str() failed>" : to_utf8(cx_, text.value());
    clear_exception(cx_);
  }
  std::string whole = type_text(e);
  if (!message.empty()) whole += ": " + message;
  const std::string near = suggestion(e);
  if (!near.empty()) whole += ". Did you mean: '" + near + "'?";
  line(whole);
  notes(e);
}

void Printer::group(Value e) {
  if (depth_ > kMaxGroupDepth) {
    line("... (max_group_depth is " + std::to_string(kMaxGroupDepth) + ")");
    return;
  }
  const bool outermost = depth_ == 0;
  if (outermost) depth_ = 1;
  exception(e, true);
  const Value members = get_exception_member(cx_, e, "exceptions");
  Tuple* parts = members.is_unset() || !is_tuple(members) ? empty_tuple() : members.as<Tuple>();
  const size_t count = parts->length;
  const size_t shown = count <= kMaxGroupWidth ? count : kMaxGroupWidth + 1;
  need_close_ = false;
  for (size_t i = 0; i < shown; ++i) {
    const bool last = i + 1 == shown, truncated = i >= kMaxGroupWidth;
    if (last) need_close_ = true;
    out_ += indent() + (i == 0 ? "+-" : "  ") + "+---------------- " +
            (truncated ? "..." : std::to_string(i + 1)) + " ----------------\n";
    ++depth_;
    if (truncated) {
      const size_t rest = count - kMaxGroupWidth;
      line("and " + std::to_string(rest) + " more exception" + (rest > 1 ? "s" : ""));
    } else {
      exception_with_chain((*parts)[i]);
    }
    if (last && need_close_) {
      out_ += indent() + "+------------------------------------\n";
      need_close_ = false;
    }
    --depth_;
  }
  if (outermost) depth_ = 0;
}

void Printer::exception_with_chain(Value e) {
  NativeDepth native(cx_);
  if (native.check("").is_error()) return clear_exception(cx_);
  seen_.insert(gc::identity(cx_, e.object()));
  const stm::Read<Exception> r(cx_, e.as<Exception>());
  const bool has_cause = r->cause.is_object() && r->cause != kNone;
  const Value before = has_cause ? r->cause : r->suppress_context ? kNone : r->context;
  if (is_exception(before) && seen_.count(gc::identity(cx_, before.object())) == 0) {
    exception_with_chain(before);
    line("");
    line(has_cause ? kCauseText : kContextText);
    line("");
  }
  if (is_a(e, kBaseExceptionGroup)) {
    group(e);
  } else {
    exception(e, false);
  }
}

}  // namespace

std::string exception_text(Context& cx, Value e) {
  Printer printer(cx);
  printer.exception_with_chain(e);
  return printer.take();
}

void print_exception(Context& cx, Value e) {
  const std::string text = exception_text(cx, e);
  const Value err = sys_get(cx, names().stderr);
  if (err == kNone) return;
  if (!err.is_unset()) {
    auto s = new_str(cx, text);
    if (!s.is_error() && !call_method(cx, err, names().write, {Value(s.value())}).is_error()) {
      if (call_method(cx, err, names().flush, {}).is_error()) clear_exception(cx);
      return;
    }
    clear_exception(cx);
  }
  stm::defer_output(cx, 2, text);
}

// An object with the attributes of sys.UnraisableHookArgs.
Result<Value> make_unraisable_args(Context& cx, Value e, Value where) {
  static gc::Root* type = nullptr;
  if (type == nullptr) {
    stm::become_inevitable(cx, "native class");  // nothing takes the C++ variable back
    type = new gc::Root(define_native_class(cx, "sys.UnraisableHookArgs", 0, {}, {}, nullptr,
                                            nullptr, kTypeHasDict));
  }
  const Value args = alloc_object(cx, as_type(type->value)->shape);
  const std::pair<const char*, Value> kFields[] = {{"exc_type", Value(type_of(e))},
                                                   {"exc_value", e},
                                                   {"exc_traceback", exception_traceback(cx, e)},
                                                   {"err_msg", kNone},
                                                   {"object", where.is_unset() ? kNone : where}};
  for (const auto& [name, v] : kFields) TRY(set_attr(cx, args, intern(cx, name), v));
  return args;
}

}  // namespace pystm::vm
