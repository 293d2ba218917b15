// See repr.h. Floats by std::to_chars, whose shortest digits are CPython's.
#include "vm/compiler/repr.h"

#include <gmp.h>

#include <charconv>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "vm/compiler/lexer_chars.h"
#include "vm/text/unicode_db.h"

namespace pystm::vm::compiler {
namespace {

std::string float_repr(double x) {
  if (std::isnan(x)) return "nan";
  if (std::isinf(x)) return x < 0 ? "-inf" : "inf";
  char digits[64];
  const auto r = std::to_chars(digits, digits + sizeof digits, x, std::chars_format::scientific);
  std::string s(digits, r.ptr);
  const size_t e = s.find('e');
  const int exponent = std::atoi(s.c_str() + e + 1);
  std::string mantissa = s.substr(0, e);
  if (exponent < -4 || exponent >= 16) {
    char text[96];
    std::snprintf(text, sizeof text, "%se%c%02d", mantissa.c_str(), exponent < 0 ? '-' : '+',
                  std::abs(exponent));
    return text;
  }
  const auto f = std::to_chars(digits, digits + sizeof digits, x, std::chars_format::fixed);
  s.assign(digits, f.ptr);
  return s.find('.') == std::string::npos ? s + ".0" : s;
}

// A part of a complex number: no ".0".
std::string part_repr(double x) {
  std::string s = float_repr(x);
  return s.size() > 2 && s.ends_with(".0") ? s.substr(0, s.size() - 2) : s;
}

std::string big_repr(std::string_view text) {
  mpz_t n;
  mpz_init_set_str(n, std::string(text).c_str(), 0);
  char* digits = mpz_get_str(nullptr, 10, n);
  std::string s = digits;
  std::free(digits);
  mpz_clear(n);
  return s;
}

char best_quote(std::string_view s) {
  const bool single = s.find('\'') != std::string_view::npos;
  return single && s.find('"') == std::string_view::npos ? '"' : '\'';
}

bool short_escape(std::string& out, char32_t c, char quote) {
  if (c == '\n')
    out += "\\n";
  else if (c == '\r')
    out += "\\r";
  else if (c == '\t')
    out += "\\t";
  else if (c == '\\')
    out += "\\\\";
  else if (c == static_cast<unsigned char>(quote))
    (out += '\\') += quote;
  else
    return false;
  return true;
}

std::string str_repr(std::string_view s) {
  const char quote = best_quote(s);
  std::string out(1, quote);
  for (size_t i = 0; i < s.size();) {
    size_t n;
    const char32_t c = decode_utf8(s, i, &n);
    char text[16] = "";
    if (short_escape(out, c, quote)) {
    } else if ((c >= 32 && c < 127) || (c >= 160 && ::pystm::vm::text::is_printable(c))) {
      out += s.substr(i, n);
    } else if (c < 256) {
      std::snprintf(text, sizeof text, "\\x%02x", static_cast<unsigned>(c));
    } else if (c < 0x10000) {
      std::snprintf(text, sizeof text, "\\u%04x", static_cast<unsigned>(c));
    } else {
      std::snprintf(text, sizeof text, "\\U%08x", static_cast<unsigned>(c));
    }
    out += text;
    i += n;
  }
  return out + quote;
}

std::string bytes_repr(std::string_view s) {
  const char quote = best_quote(s);
  std::string out = std::string("b") + quote;
  for (unsigned char c : s) {
    char text[8] = "";
    if (short_escape(out, c, quote)) {
    } else if (c >= 32 && c < 127) {
      out += static_cast<char>(c);
    } else {
      std::snprintf(text, sizeof text, "\\x%02x", c);
    }
    out += text;
  }
  return out + quote;
}

std::string complex_repr(double real, double imag) {
  if (real == 0 && !std::signbit(real)) return part_repr(imag) + "j";
  std::string s = part_repr(imag);
  if (s[0] != '-') s = "+" + s;
  return "(" + part_repr(real) + s + "j)";
}

}  // namespace

std::string str_repr_text(std::string_view s) { return str_repr(s); }

std::string constant_repr(const ConstantValue& v) {
  switch (v.type) {
    case ConstantValue::kNone:
      return "None";
    case ConstantValue::kTrue:
      return "True";
    case ConstantValue::kFalse:
      return "False";
    case ConstantValue::kEllipsis:
      return "Ellipsis";
    case ConstantValue::kInt:
      return std::to_string(v.integer);
    case ConstantValue::kBigInt:
      return big_repr(v.text);
    case ConstantValue::kFloat:
      return float_repr(v.real);
    case ConstantValue::kComplex:
      return complex_repr(v.real, v.imag);
    case ConstantValue::kStr:
      return str_repr(v.text);
    case ConstantValue::kBytes:
      return bytes_repr(v.text);
    case ConstantValue::kTuple:
    case ConstantValue::kFrozenSet:
      break;
  }
  std::string s = v.type == ConstantValue::kTuple ? "(" : "frozenset({";
  for (const ConstantValue* item : v.items) {
    if (item != v.items[0]) s += ", ";
    s += constant_repr(*item);
  }
  if (v.type == ConstantValue::kFrozenSet) return s + "})";
  return s + (v.items.size() == 1 ? ",)" : ")");
}

}  // namespace pystm::vm::compiler
