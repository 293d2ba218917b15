#include "vm/runtime/compile.h"

#include <fstream>

#include "vm/object/exception.h"
#include "vm/object/instance.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/call.h"
#include "vm/runtime/runtime.h"

namespace pystm::vm {

namespace {

ExcId class_of(compiler::ErrorKind kind) {
  switch (kind) {
    case compiler::ErrorKind::Indentation:
      return kIndentationError;
    case compiler::ErrorKind::Tab:
      return kTabError;
    case compiler::ErrorKind::Value:
      return kValueError;
    case compiler::ErrorKind::Memory:
      return kMemoryError;
    case compiler::ErrorKind::Recursion:
      return kRecursionError;
    case compiler::ErrorKind::Unicode:
      return kUnicodeDecodeError;
    case compiler::ErrorKind::Overflow:
      return kOverflowError;
    case compiler::ErrorKind::System:
      return kSystemError;
    case compiler::ErrorKind::Lookup:
      return kLookupError;
    default:
      return kSyntaxError;
  }
}

Value line_of_file(Context& cx, std::string_view filename, int line) {
  std::ifstream in{std::string(filename)};
  std::string text;
  for (int i = 0; i < line; ++i)
    if (!std::getline(in, text)) return kNone;
  auto s = new_str(cx, text + "\n");
  return s.is_error() ? kNone : Value(s.value());
}

}  // namespace

Error raise_compile_error(Context& cx, const compiler::ErrorInfo& e, std::string_view filename) {
  const ExcId id = class_of(e.kind);
  if (!e.has_position || !is_subtype(exception_type(id), exception_type(kSyntaxError))) {
    if (id == kUnicodeDecodeError || is_subtype(exception_type(id), exception_type(kSyntaxError))) {
      const Value message = TRY(new_str(cx, e.message));
      return raise_value(
          cx,
          TRY(call(cx, exception_type(id == kUnicodeDecodeError ? kSyntaxError : id), {message})));
    }
    return raise(cx, id, "%s", e.message.c_str());
  }
  auto number = [](int i) { return i == compiler::kNoOffset ? kNone : Value::of_int(i); };
  const Value message = TRY(new_str(cx, e.message));
  const Value file = TRY(new_str(cx, filename));
  const Value text =
      e.has_text ? Value(TRY(new_str(cx, e.text))) : line_of_file(cx, filename, e.lineno);
  const Value info = TRY(new_tuple(cx, {file, number(e.lineno), number(e.offset), text,
                                        number(e.end_lineno), number(e.end_offset)}));
  return raise_value(cx, TRY(call(cx, exception_type(id), {message, info})));
}

compiler::CompileOptions default_compile_options() {
  compiler::CompileOptions options;
  options.optimise = runtime().options.optimize;
  options.parse.max_int_digits = static_cast<int>(runtime().int_max_str_digits.load());
  return options;
}

namespace {
Result<Code*> code_of_result(Context& cx, const compiler::CompileResult& r,
                             std::string_view filename) {
  if (r.error.kind != compiler::ErrorKind::None) return raise_compile_error(cx, r.error, filename);
  TRY(show_compile_warnings(cx, r.warnings, filename));
  return load_code(cx, *r.code);
}
}  // namespace

Result<Code*> compile_text(Context& cx, std::string_view source, std::string_view filename,
                           const compiler::CompileOptions& options) {
  return code_of_result(cx, compiler::compile_source(source, filename, options), filename);
}

Result<Code*> compile_module(Context& cx, compiler::ModNode& module, compiler::Arena& arena,
                             std::string_view filename, const compiler::CompileOptions& options) {
  return code_of_result(cx, compiler::compile_tree(module, arena, filename, options), filename);
}

Result<void> show_compile_warnings(Context& cx, const compiler::WarningList& warnings,
                                   std::string_view filename) {
  for (const compiler::WarningInfo& w : warnings) {
    const ExcId category =
        w.kind == compiler::WarningKind::Syntax ? kSyntaxWarning : kDeprecationWarning;
    auto shown = warn_explicit(cx, category, w.message, std::string(filename), w.lineno);
    if (!shown.is_error()) continue;
    if (!pending_is(cx, category)) return Error{};
    // Turned into an error by the filters: a SyntaxError at the same place.
    clear_exception(cx);
    compiler::ErrorInfo e;
    e.kind = compiler::ErrorKind::Syntax;
    e.message = w.message;
    e.has_position = true;
    e.lineno = w.lineno;
    e.offset = w.offset;
    e.end_lineno = w.end_lineno;
    e.end_offset = w.end_offset;
    e.has_text = w.has_text;
    e.text = w.text;
    return raise_compile_error(cx, e, filename);
  }
  return {};
}

}  // namespace pystm::vm
