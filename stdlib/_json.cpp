// _json: the strings of JSON, scanned and written. Numbers, arrays and objects are the work of
// package json.
#include "stdlib/modules.h"
#include "stdlib/support.h"
#include "vm/types/support.h"

namespace pystm::lib {

namespace {

Error decode_error(Context& cx, const char* message, Value text, size_t at) {
  auto cls = import_attr(cx, "json.decoder", "JSONDecodeError");
  if (cls.is_error()) return Error{};
  auto e = call(cx, cls.value(),
                {Value(intern(cx, message)), text, make_int(cx, static_cast<int64_t>(at))});
  if (e.is_error()) return Error{};
  return raise_value(cx, e.value());
}

bool is_high_surrogate(char32_t c) { return c >= 0xD800 && c <= 0xDBFF; }
bool is_low_surrogate(char32_t c) { return c >= 0xDC00 && c <= 0xDFFF; }
char32_t joined(char32_t high, char32_t low) {
  return 0x10000 + ((high & 0x3FF) << 10) + (low & 0x3FF);
}

int hex_digit(char32_t c) {
  if (c >= '0' && c <= '9') return static_cast<int>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<int>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<int>(c - 'A' + 10);
  return -1;
}
// Four hexadecimal digits at `at`. False: one of them is none.
template <class C>
bool four_digits(const C* s, size_t at, char32_t* out) {
  *out = 0;
  for (size_t i = at; i < at + 4; ++i) {
    const int digit = hex_digit(s[i]);
    if (digit < 0) return false;
    *out = *out * 16 + static_cast<char32_t>(digit);
  }
  return true;
}
// What stands behind a backslash, other than u; 0: nothing.
char32_t escaped(char32_t c) {
  switch (c) {
    case '"':
    case '\\':
    case '/':
      return c;
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return 0;
  }
}

// The string whose opening quote stands before `begin`: its value, and the position behind the
// closing quote.
template <class C>
Result<Value> scan(Context& cx, Str* text, const C* s, size_t length, size_t begin, bool strict,
                   size_t* end) {
  StrBuilder out;
  size_t at = begin;
  for (;;) {
    size_t stop = at;
    for (; stop < length && s[stop] != '"' && s[stop] != '\\'; ++stop)
      if (s[stop] <= 0x1F && strict)
        return decode_error(cx, "Invalid control character at", text, stop);
    if (stop >= length) return decode_error(cx, "Unterminated string starting at", text, begin - 1);
    if (s[stop] == '"') {
      *end = stop + 1;
      // Without an escape the value is a slice, which needs no builder.
      if (at == begin) return Value(TRY(str_slice(cx, text, begin, stop)));
      out.add(text, at, stop);
      return Value(TRY(out.finish(cx)));
    }
    out.add(text, at, stop);
    at = stop + 1;
    if (at >= length) return decode_error(cx, "Unterminated string starting at", text, begin - 1);
    if (s[at] != 'u') {
      const char32_t c = escaped(s[at]);
      if (c == 0) return decode_error(cx, "Invalid \\escape", text, at - 1);
      out.add_char(c);
      ++at;
      continue;
    }
    ++at;
    char32_t c, low;
    if (at + 4 >= length) return decode_error(cx, "Invalid \\uXXXX escape", text, at);
    if (!four_digits(s, at, &c)) return decode_error(cx, "Invalid \\uXXXX escape", text, at - 1);
    at += 4;
    if (is_high_surrogate(c) && at + 6 < length && s[at] == '\\' && s[at + 1] == 'u') {
      if (!four_digits(s, at + 2, &low))
        return decode_error(cx, "Invalid \\uXXXX escape", text, at + 1);
      if (is_low_surrogate(low)) {
        c = joined(c, low);
        at += 6;
      }
    }
    out.add_char(c);
  }
}

Result<Value> scanstring(Context& cx, Value string, int64_t end, bool strict) {
  if (!is_str(string))
    return raise(cx, kTypeError, "first argument must be a string, not %s", TYPE_NAME(string));
  Str* text = TRY(flatten(cx, string));
  if (end < 0 || static_cast<size_t>(end) > text->length)
    return raise(cx, kValueError, "end is out of bounds");
  size_t stop = 0;
  const Value value = TRY(with_chars(text, [&](const auto* s) {
    return scan(cx, text, s, text->length, static_cast<size_t>(end), strict, &stop);
  }));
  return tuple_of(cx, {value, make_int(cx, static_cast<int64_t>(stop))});
}

void add_unit(std::string* out, char32_t unit) {
  char text[8];
  std::snprintf(text, sizeof text, "\\u%04x", static_cast<unsigned>(unit));
  *out += text;
}
// A character that JSON cannot have in a string as it is; false: it can.
bool add_escape(std::string* out, char32_t c) {
  switch (c) {
    case '"':
      *out += "\\\"";
      return true;
    case '\\':
      *out += "\\\\";
      return true;
    case '\b':
      *out += "\\b";
      return true;
    case '\f':
      *out += "\\f";
      return true;
    case '\n':
      *out += "\\n";
      return true;
    case '\r':
      *out += "\\r";
      return true;
    case '\t':
      *out += "\\t";
      return true;
    default:
      break;
  }
  if (c >= 0x20) return false;
  add_unit(out, c);
  return true;
}

Result<Value> encode_ascii(Context& cx, Value string) {
  if (!is_str(string))
    return raise(cx, kTypeError, "first argument must be a string, not %s", TYPE_NAME(string));
  Str* text = TRY(flatten(cx, string));
  std::string out = "\"";
  out.reserve(text->length + 2);
  with_chars(text, [&](const auto* s) {
    for (size_t i = 0; i < text->length; ++i) {
      const char32_t c = s[i];
      if (add_escape(&out, c)) continue;
      if (c < 0x7F) {
        out += static_cast<char>(c);
      } else if (c < 0x10000) {
        add_unit(&out, c);
      } else {
        add_unit(&out, 0xD800 + ((c - 0x10000) >> 10));
        add_unit(&out, 0xDC00 + ((c - 0x10000) & 0x3FF));
      }
    }
  });
  out += '"';
  return str_of(cx, out);
}

Result<Value> encode(Context& cx, Value string) {
  if (!is_str(string))
    return raise(cx, kTypeError, "first argument must be a string, not %s", TYPE_NAME(string));
  Str* text = TRY(flatten(cx, string));
  StrBuilder out;
  out.add_char('"');
  with_chars(text, [&](const auto* s) {
    size_t done = 0;
    for (size_t i = 0; i < text->length; ++i) {
      std::string escape;
      if (!add_escape(&escape, s[i])) continue;
      out.add(text, done, i);
      out.add_ascii(escape);
      done = i + 1;
    }
    out.add(text, done, text->length);
  });
  out.add_char('"');
  return Value(TRY(out.finish(cx)));
}

constexpr BuiltinDef kFunctions[] = {
    function<&scanstring>("scanstring", "(string, end, strict=True, /)"),
    function<&encode_ascii>("encode_basestring_ascii", "(string, /)"),
    function<&encode>("encode_basestring", "(string, /)"),
};
const ModuleDef kModule = {"_json", kFunctions, nullptr, "json speedups\n"};

}  // namespace

void register__json() { register_module(kModule); }

}  // namespace pystm::lib
