// See literals.h. Floats go through std::from_chars, which rounds correctly.
#include "vm/compiler/literals.h"

#include <charconv>
#include <cmath>
#include <cstdio>

#include "vm/compiler/lexer_chars.h"
#include "vm/text/unicode_db.h"

namespace pystm::vm::compiler {
namespace {

const ConstantValue* int_constant(std::string_view digits, int base, Arena& arena) {
  auto* v = arena.make<ConstantValue>();
  v->type = ConstantValue::kInt;
  while (digits.size() > 1 && digits[0] == '0') digits.remove_prefix(1);
  uint64_t n = 0;
  const auto r = std::from_chars(digits.data(), digits.data() + digits.size(), n, base);
  if (r.ec == std::errc() && n <= INT64_MAX) {
    v->integer = static_cast<int64_t>(n);
    return v;
  }
  v->type = ConstantValue::kBigInt;
  if (base == 10) {
    v->text = arena.copy(digits);
    return v;
  }
  // Bits to hexadecimal, from the right.
  std::string hex;
  const int shift = base == 16 ? 4 : base == 8 ? 3 : 1;
  unsigned bits = 0;
  int have = 0;
  for (size_t i = digits.size(); i-- > 0;) {
    bits |= static_cast<unsigned>(hex_value(static_cast<unsigned char>(digits[i]))) << have;
    have += shift;
    for (; have >= 4; have -= 4, bits >>= 4) hex += "0123456789abcdef"[bits & 15];
  }
  if (have > 0) hex += "0123456789abcdef"[bits & 15];
  while (hex.size() > 1 && hex.back() == '0') hex.pop_back();
  hex += "x0";
  v->text = arena.copy(std::string(hex.rbegin(), hex.rend()));
  return v;
}

double parse_float(std::string_view text) {
  double x = 0;
  const auto r = std::from_chars(text.data(), text.data() + text.size(), x);
  if (r.ec != std::errc::result_out_of_range) return x;
  // Out of range: zero if the exponent is negative, else infinity.
  const size_t e = text.find_first_of("eE");
  const bool tiny = e != std::string_view::npos ? e + 1 < text.size() && text[e + 1] == '-'
                                                : text[0] == '0' || text[0] == '.';
  return tiny ? 0.0 : HUGE_VAL;
}

}  // namespace

const ConstantValue* number_constant(std::string_view token, Arena& arena, int max_digits,
                                     std::string* error) {
  std::string plain;
  if (token.find('_') != std::string_view::npos) {
    for (char c : token)
      if (c != '_') plain += c;
    token = plain;
  }
  const char kind = token.size() > 1 && token[0] == '0' ? static_cast<char>(token[1] | 32) : '0';
  if (kind == 'x') return int_constant(token.substr(2), 16, arena);
  if (kind == 'o') return int_constant(token.substr(2), 8, arena);
  if (kind == 'b') return int_constant(token.substr(2), 2, arena);
  const bool imaginary = (token.back() | 32) == 'j';
  if (!imaginary && token.find_first_of(".eE") == std::string_view::npos) {
    if (max_digits > 0 && token.size() > static_cast<size_t>(max_digits)) {
      *error = "Exceeds the limit (" + std::to_string(max_digits) +
               " digits) for integer string conversion: value has " + std::to_string(token.size()) +
               " digits; use sys.set_int_max_str_digits() to increase the limit - Consider "
               "hexadecimal for huge integer literals to avoid decimal conversion limits.";
      return nullptr;
    }
    return int_constant(token, 10, arena);
  }
  auto* v = arena.make<ConstantValue>();
  v->type = imaginary ? ConstantValue::kComplex : ConstantValue::kFloat;
  const double x = parse_float(imaginary ? token.substr(0, token.size() - 1) : token);
  (imaginary ? v->imag : v->real) = x;
  return v;
}

namespace {

struct SimpleEscape {
  char letter, value;
};
constexpr SimpleEscape kSimpleEscapes[] = {{'\\', '\\'}, {'\'', '\''}, {'"', '"'},  {'b', '\b'},
                                           {'f', '\f'},  {'t', '\t'},  {'n', '\n'}, {'r', '\r'},
                                           {'v', '\v'},  {'a', '\a'}};

bool simple_escape(char c, std::string& out) {
  for (const SimpleEscape& e : kSimpleEscapes)
    if (e.letter == c) {
      out += e.value;
      return true;
    }
  return false;
}

int octal_escape(std::string_view s, size_t* i, EscapeProblem* problem) {
  const char* first = &s[*i];
  int value = 0;
  for (int n = 0; n < 3 && *i < s.size() && s[*i] >= '0' && s[*i] <= '7'; n++)
    value = value * 8 + (s[(*i)++] - '0');
  if (value > 0xFF && !problem->unknown) problem->unknown = first;
  return value;
}

bool unicode_problem(size_t from, size_t to, const char* reason, EscapeProblem* problem) {
  char text[200];
  if (to <= from + 1)
    std::snprintf(
        text, sizeof text,
        "(unicode error) 'unicodeescape' codec can't decode byte 0x5c in position %zu: %s", from,
        reason);
  else
    std::snprintf(
        text, sizeof text,
        "(unicode error) 'unicodeescape' codec can't decode bytes in position %zu-%zu: %s", from,
        to - 1, reason);
  problem->error = text;
  return false;
}

// The body as CPython's decoder sees it: every non-ASCII character takes ten bytes ("\UXXXXXXXX").
size_t decoder_position(std::string_view s, size_t i) {
  size_t n = 0;
  for (size_t k = 0; k < i; k++) {
    const unsigned char c = static_cast<unsigned char>(s[k]);
    n += c < 0x80 ? 1 : (c & 0xC0) == 0x80 ? 0 : 10;
  }
  return n;
}

// \N{name} with i behind the N.
bool named_escape(std::string_view s, size_t start, size_t* i, std::string& out,
                  EscapeProblem* problem) {
  const size_t from = decoder_position(s, start);
  size_t close = *i;
  if (close < s.size() && s[close] == '{') {
    close = s.find('}', close);
    if (close != std::string_view::npos && close > *i + 1) {
      const std::string_view name = s.substr(*i + 1, close - *i - 1);
      const std::u32string found = text::lookup_name(name, false);
      if (found.empty())
        return unicode_problem(from, decoder_position(s, close + 1),
                               "unknown Unicode character name", problem);
      for (char32_t c : found) append_utf8(out, c);
      *i = close + 1;
      return true;
    }
    if (close == std::string_view::npos) close = s.size();
  }
  return unicode_problem(from, decoder_position(s, close), "malformed \\N character escape",
                         problem);
}

// \x, \u or \U with i behind the letter.
bool hex_escape(std::string_view s, size_t start, size_t* i, int digits, const char* reason,
                std::string& out, EscapeProblem* problem) {
  char32_t value = 0;
  int n = 0;
  for (; n < digits && *i < s.size() && is_hex_digit(static_cast<unsigned char>(s[*i])); n++)
    value = value << 4 | static_cast<char32_t>(hex_value(static_cast<unsigned char>(s[(*i)++])));
  const size_t from = decoder_position(s, start);
  if (n < digits) return unicode_problem(from, decoder_position(s, *i), reason, problem);
  if (value > 0x10FFFF)
    return unicode_problem(from, decoder_position(s, *i), "illegal Unicode character", problem);
  append_utf8(out, value);
  return true;
}

}  // namespace

bool decode_str_escapes(std::string_view s, std::string& out, EscapeProblem* problem) {
  for (size_t i = 0; i < s.size();) {
    const size_t slash = s.find('\\', i);
    out.append(s, i, slash - i);
    if (slash == std::string_view::npos) return true;
    if (slash + 1 >= s.size())
      return unicode_problem(slash, slash + 1, "\\ at end of string", problem);
    i = slash + 2;
    const char c = s[slash + 1];
    if (c == '\n' || simple_escape(c, out)) continue;
    if (c >= '0' && c <= '7') {
      i--;
      append_utf8(out, static_cast<char32_t>(octal_escape(s, &i, problem)));
    } else if (c == 'x') {
      if (!hex_escape(s, slash, &i, 2, "truncated \\xXX escape", out, problem)) return false;
    } else if (c == 'u') {
      if (!hex_escape(s, slash, &i, 4, "truncated \\uXXXX escape", out, problem)) return false;
    } else if (c == 'U') {
      if (!hex_escape(s, slash, &i, 8, "truncated \\UXXXXXXXX escape", out, problem)) return false;
    } else if (c == 'N') {
      if (!named_escape(s, slash, &i, out, problem)) return false;
    } else {
      if (!problem->unknown) problem->unknown = &s[slash + 1];
      out += '\\';
      i--;
    }
  }
  return true;
}

bool decode_bytes_escapes(std::string_view s, std::string& out, EscapeProblem* problem) {
  for (size_t i = 0; i < s.size();) {
    const size_t slash = s.find('\\', i);
    out.append(s, i, slash - i);
    if (slash == std::string_view::npos) return true;
    i = slash + 2;
    const char c = s[slash + 1];
    if (c == '\n' || simple_escape(c, out)) continue;
    if (c >= '0' && c <= '7') {
      i--;
      out += static_cast<char>(octal_escape(s, &i, problem));
    } else if (c == 'x') {
      if (i + 1 >= s.size() || !is_hex_digit(static_cast<unsigned char>(s[i])) ||
          !is_hex_digit(static_cast<unsigned char>(s[i + 1]))) {
        problem->error = "(value error) invalid \\x escape at position " + std::to_string(slash);
        return false;
      }
      out += static_cast<char>(hex_value(s[i]) << 4 | hex_value(s[i + 1]));
      i += 2;
    } else {
      if (!problem->unknown) problem->unknown = &s[slash + 1];
      out += '\\';
      i--;
    }
  }
  return true;
}

}  // namespace pystm::vm::compiler
