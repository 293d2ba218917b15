// _string: what string.Formatter takes apart: format strings and field names.
#include "stdlib/modules.h"
#include "stdlib/native_class.h"

namespace pystm::lib {

namespace {

Result<Value> piece(Context& cx, Str* s, size_t start, size_t end) {
  return Value(TRY(str_slice(cx, s, start, end)));
}

// All of (literal, field name, format spec, conversion); the last three None where there is no
// field.
Result<Value> formatter_parser(Context& cx, Value format) {
  if (!is_str(format)) return raise(cx, kTypeError, "expected str, got %s", TYPE_NAME(format));
  Str* s = TRY(flatten(cx, format));
  const size_t n = s->length;
  List* out = new_list(cx);
  size_t i = 0;
  while (i < n) {
    // Literal text: up to a brace; a doubled brace ends the piece with one of them.
    size_t start = i;
    while (i < n && char_at(s, i) != '{' && char_at(s, i) != '}') ++i;
    if (i >= n) {
      const Value literal = TRY(piece(cx, s, start, n));
      TRY(list_append(cx, out, TRY(tuple_of(cx, {literal, kNone, kNone, kNone}))));
      break;
    }
    const char32_t brace = char_at(s, i);
    if (i + 1 < n && char_at(s, i + 1) == brace) {
      const Value literal = TRY(piece(cx, s, start, i + 1));
      TRY(list_append(cx, out, TRY(tuple_of(cx, {literal, kNone, kNone, kNone}))));
      i += 2;
      continue;
    }
    if (brace == '}') return raise(cx, kValueError, "Single '}' encountered in format string");
    if (i + 1 >= n) return raise(cx, kValueError, "Single '{' encountered in format string");
    const Value literal = TRY(piece(cx, s, start, i));
    start = ++i;
    // The field: to the brace that closes it.
    int depth = 1;
    size_t end = i;
    for (; end < n; ++end) {
      const char32_t c = char_at(s, end);
      if (c == '{') ++depth;
      if (c == '}' && --depth == 0) break;
    }
    if (end >= n) return raise(cx, kValueError, "expected '}' before end of string");
    // The name ends at '!' or ':' outside brackets.
    size_t at = start;
    bool bracket = false;
    for (; at < end; ++at) {
      const char32_t c = char_at(s, at);
      if (c == '{') return raise(cx, kValueError, "unexpected '{' in field name");
      if (c == '[') bracket = true;
      if (c == ']') bracket = false;
      if (!bracket && (c == '!' || c == ':')) break;
    }
    const Value name = TRY(piece(cx, s, start, at));
    Value conversion = kNone, spec = empty_str();
    if (at < end && char_at(s, at) == '!') {
      if (at + 1 >= end) return raise(cx, kValueError, "unmatched '{' in format spec");
      conversion = TRY(piece(cx, s, at + 1, at + 2));
      at += 2;
      if (at < end && char_at(s, at) != ':')
        return raise(cx, kValueError, "expected ':' after conversion specifier");
    }
    if (at < end) spec = TRY(piece(cx, s, at + 1, end));
    TRY(list_append(cx, out, TRY(tuple_of(cx, {literal, name, spec, conversion}))));
    i = end + 1;
  }
  return get_iter(cx, out);
}

Result<Value> number_or_text(Context& cx, Str* s, size_t start, size_t end) {
  int64_t number = 0;
  bool digits = start < end;
  for (size_t i = start; i < end && digits; ++i) {
    const char32_t c = char_at(s, i);
    digits = c >= '0' && c <= '9';
    if (!digits) break;
    if (number > (INT64_MAX >> 4) / 10)
      return raise(cx, kValueError, "Too many decimal digits in format string");
    number = number * 10 + static_cast<int64_t>(c - '0');
  }
  if (digits) return make_int(cx, number);
  return piece(cx, s, start, end);
}
// "a.b[c]" gives ("a", iterator of (is_attribute, key)).
Result<Value> formatter_field_name_split(Context& cx, Value field) {
  if (!is_str(field)) return raise(cx, kTypeError, "expected str, got %s", TYPE_NAME(field));
  Str* s = TRY(flatten(cx, field));
  const size_t n = s->length;
  size_t i = 0;
  while (i < n && char_at(s, i) != '.' && char_at(s, i) != '[') ++i;
  const Value first = TRY(number_or_text(cx, s, 0, i));
  List* rest = new_list(cx);
  while (i < n) {
    const char32_t c = char_at(s, i++);
    size_t start = i;
    Value key;
    if (c == '.') {
      while (i < n && char_at(s, i) != '.' && char_at(s, i) != '[') ++i;
      key = TRY(piece(cx, s, start, i));
    } else if (c == '[') {
      while (i < n && char_at(s, i) != ']') ++i;
      if (i >= n) return raise(cx, kValueError, "Missing ']' in format string");
      key = TRY(number_or_text(cx, s, start, i));
      if (i == start) return raise(cx, kValueError, "Empty attribute in format string");
      ++i;
    } else {
      return raise(cx, kValueError, "Only '.' or '[' may follow ']' in format field specifier");
    }
    if (c == '.' && i == start) return raise(cx, kValueError, "Empty attribute in format string");
    TRY(list_append(cx, rest, TRY(tuple_of(cx, {of_bool(c == '.'), key}))));
  }
  const Value it = TRY(get_iter(cx, rest));
  return tuple_of(cx, {first, it});
}

constexpr BuiltinDef kFunctions[] = {
    function<&formatter_parser>("formatter_parser", "(format, /)"),
    function<&formatter_field_name_split>("formatter_field_name_split", "(field, /)"),
};
const ModuleDef kModule = {"_string", kFunctions, nullptr, "string helper module"};

}  // namespace

void register__string() { register_module(kModule); }

}  // namespace pystm::lib
