// Printing exceptions without Python's help: sys.excepthook's default.
#include <fstream>

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

namespace pystm::vm {

namespace {

std::string source_line(const std::string& file, int line) {
  std::ifstream in(file);
  std::string text;
  for (int i = 0; i < line; ++i)
    if (!std::getline(in, text)) return "";
  const size_t start = text.find_first_not_of(" \t\f");
  return start == std::string::npos ? "" : text.substr(start);
}

void add_traceback_text(Context& cx, Value tb, std::string* out) {
  *out += "Traceback (most recent call last):\n";
  for (; tb != kNone && !tb.is_unset(); tb = stm::Read<Traceback>(cx, tb.as<Traceback>())->next) {
    auto* t = tb.as<Traceback>();
    Code* code = t->frame.as<Frame>()->code;
    const std::string file = to_utf8(code->filename);
    *out += "  File \"" + file + "\", line " + std::to_string(t->line) + ", in " + to_utf8(code->name) + "\n";
    const std::string line = source_line(file, static_cast<int>(t->line));
    if (!line.empty()) *out += "    " + line + "\n";
  }
}

void add_exception_text(Context& cx, Value e, std::string* out) {
  stm::Read<Exception> r(cx, e.as<Exception>());
  if (!r->cause.is_unset() && r->cause != kNone) {
    add_exception_text(cx, r->cause, out);
    *out += "\nThe above exception was the direct cause of the following exception:\n\n";
  } else if (!r->context.is_unset() && r->context != kNone && !r->suppress_context) {
    add_exception_text(cx, r->context, out);
    *out += "\nDuring handling of the above exception, another exception occurred:\n\n";
  }
  if (!r->traceback.is_unset() && r->traceback != kNone) add_traceback_text(cx, r->traceback, out);
  std::string name = to_utf8(cx, type_of(e)->qualname);
  auto module = find_attr(cx, type_of(e), names().__module__);
  if (!module.is_error() && !module.value().is_unset() && is_str(module.value())) {
    const std::string m = to_utf8(cx, module.value());
    if (m != "builtins" && m != "__main__") name = m + "." + name;
  }
  auto text = str(cx, e);
  clear_exception(cx);
  const std::string message = text.is_error() ? "<exception str() failed>" : to_utf8(cx, text.value());
  *out += message.empty() ? name + "\n" : name + ": " + message + "\n";
}

}  // namespace

void print_exception(Context& cx, Value e) {
  std::string text;
  add_exception_text(cx, e, &text);
  const Value err = sys_get(cx, names().stderr);
  if (!err.is_unset() && err != kNone) {
    auto s = new_str(cx, text);
    if (!s.is_error() && !call_method(cx, err, names().write, {Value(s.value())}).is_error()) return;
    clear_exception(cx);
  }
  stm::defer_output(cx, 2, text);
}

// An object with the attributes of sys.UnraisableHookArgs.
Result<Value> make_unraisable_args(Context& cx, Value e, Value where) {
  static gc::Root* type = nullptr;
  if (type == nullptr)
    type = new gc::Root(define_native_class(cx, "sys.UnraisableHookArgs", 0, {}, {}, nullptr, nullptr, kTypeHasDict));
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
