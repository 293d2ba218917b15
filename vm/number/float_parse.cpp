// Text to floats, decimal and hexadecimal.
#include <charconv>

#include "vm/number/ascii.h"
#include "vm/number/float_format.h"
#include "vm/text/unicode_db.h"

namespace pystm::vm::number {

namespace {

bool starts_with_word(std::string_view s, std::string_view lower_word) {
  if (s.size() < lower_word.size()) return false;
  for (size_t i = 0; i < lower_word.size(); i++)
    if ((s[i] | 0x20) != lower_word[i]) return false;
  return true;
}

// "inf", "infinity" or "nan" at the start of s.
std::optional<double> special_prefix(std::string_view s, size_t* used) {
  if (starts_with_word(s, "infinity")) return *used = 8, HUGE_VAL;
  if (starts_with_word(s, "inf")) return *used = 3, HUGE_VAL;
  if (starts_with_word(s, "nan")) return *used = 3, __builtin_nan("");
  return std::nullopt;
}

// from_chars only says "out of range": which way, the decimal exponent of the first digit tells.
double out_of_range_value(std::string_view s) {
  constexpr int64_t kHuge = int64_t{1} << 40;
  int64_t scale = 0;
  bool seen_point = false, seen_nonzero = false;
  size_t i = 0;
  for (; i < s.size() && (s[i] | 0x20) != 'e'; i++) {
    if (s[i] == '.') {
      seen_point = true;
      continue;
    }
    if (s[i] != '0') seen_nonzero = true;
    if (seen_nonzero && !seen_point) scale++;
    if (!seen_nonzero && seen_point) scale--;
  }
  if (!seen_nonzero) return 0.0;
  if (i < s.size()) {
    i++;
    const bool negative = s[i] == '-';
    if (s[i] == '-' || s[i] == '+') i++;
    int64_t exponent = 0;
    for (; i < s.size(); i++) exponent = exponent > kHuge ? exponent : exponent * 10 + (s[i] - '0');
    scale += negative ? -exponent : exponent;
  }
  return scale > 0 ? HUGE_VAL : 0.0;
}

}  // namespace

std::string to_ascii_number(text::TextView s) {
  std::string out;
  out.reserve(s.size());
  for (size_t i = 0; i < s.size(); i++) {
    const char32_t c = s[i];
    if (c < 0x80) {
      out += static_cast<char>(c);
    } else if (text::is_space(c)) {
      out += ' ';
    } else {
      const int digit = text::decimal_value(c);
      out += digit < 0 ? '?' : static_cast<char>('0' + digit);
    }
  }
  return out;
}

std::optional<double> parse_float_prefix(std::string_view s, size_t* used) {
  size_t sign = 0;
  bool negative = false;
  if (!s.empty() && (s[0] == '+' || s[0] == '-')) {
    negative = s[0] == '-';
    sign = 1;
  }
  const std::string_view body = s.substr(sign);
  std::optional<double> value = special_prefix(body, used);
  if (!value) {
    if (body.empty() || (!is_ascii_digit(body[0]) && body[0] != '.')) return std::nullopt;
    double parsed = 0;
    const auto [end, error] = std::from_chars(body.data(), body.data() + body.size(), parsed);
    if (error == std::errc::invalid_argument) return std::nullopt;
    *used = end - body.data();
    if (error == std::errc::result_out_of_range) parsed = out_of_range_value(body.substr(0, *used));
    value = parsed;
  }
  *used += sign;
  return negative ? -*value : *value;
}

std::optional<std::string> without_underscores(std::string_view s) {
  std::string out;
  out.reserve(s.size());
  for (size_t i = 0; i < s.size(); i++) {
    if (s[i] != '_') {
      out += s[i];
      continue;
    }
    const bool inside =
        i > 0 && is_ascii_digit(s[i - 1]) && i + 1 < s.size() && is_ascii_digit(s[i + 1]);
    if (!inside) return std::nullopt;
  }
  return out;
}

std::optional<double> parse_float(std::string_view text) {
  const std::string_view s = strip_ascii(text);
  size_t used;
  if (s.find('_') == std::string_view::npos) {
    const auto value = parse_float_prefix(s, &used);
    return value && used == s.size() ? value : std::nullopt;
  }
  const auto plain = without_underscores(s);
  if (!plain) return std::nullopt;
  const auto value = parse_float_prefix(*plain, &used);
  return value && used == plain->size() ? value : std::nullopt;
}

namespace {

// The digits of a hexadecimal float: the top 60 bits and more, and what they are scaled by.
struct HexDigits {
  uint64_t bits = 0;
  bool sticky = false, any = false;
  int64_t exponent = 0;
};

HexDigits read_hex_digits(std::string_view& s) {
  HexDigits h;
  bool point = false;
  for (; !s.empty(); s.remove_prefix(1)) {
    if (s[0] == '.' && !point) {
      point = true;
      continue;
    }
    const int digit = digit_value(s[0]);
    if (digit >= 16) break;
    h.any = true;
    if (h.bits >> 60 == 0) {
      h.bits = h.bits << 4 | static_cast<uint64_t>(digit);
      h.exponent -= point ? 4 : 0;
    } else {
      h.sticky |= digit != 0;
      h.exponent += point ? 0 : 4;
    }
  }
  return h;
}

// "p+12" at the start of s, if any; false when there is a p without digits.
bool read_binary_exponent(std::string_view& s, int64_t* exponent) {
  if (s.empty() || (s[0] | 0x20) != 'p') return true;
  s.remove_prefix(1);
  bool negative = false;
  if (!s.empty() && (s[0] == '+' || s[0] == '-')) {
    negative = s[0] == '-';
    s.remove_prefix(1);
  }
  if (s.empty() || !is_ascii_digit(s[0])) return false;
  constexpr int64_t kHuge = int64_t{1} << 40;
  int64_t value = 0;
  for (; !s.empty() && is_ascii_digit(s[0]); s.remove_prefix(1))
    value = value > kHuge ? value : value * 10 + (s[0] - '0');
  *exponent += negative ? -value : value;
  return true;
}

}  // namespace

FromHexStatus float_fromhex(std::string_view text, double* out) {
  std::string_view s = strip_ascii(text);
  bool negative = false;
  if (!s.empty() && (s[0] == '+' || s[0] == '-')) {
    negative = s[0] == '-';
    s.remove_prefix(1);
  }
  size_t used;
  if (const auto special = special_prefix(s, &used)) {
    if (used != s.size()) return FromHexStatus::Invalid;
    *out = negative ? -*special : *special;
    return FromHexStatus::Ok;
  }
  if (s.size() >= 2 && s[0] == '0' && (s[1] | 0x20) == 'x') s.remove_prefix(2);
  HexDigits h = read_hex_digits(s);
  if (!h.any || !read_binary_exponent(s, &h.exponent) || !s.empty()) return FromHexStatus::Invalid;
  const auto value = scale_to_double(h.bits, h.sticky, h.exponent);
  if (!value) return FromHexStatus::Overflow;
  *out = negative ? -*value : *value;
  return FromHexStatus::Ok;
}

}  // namespace pystm::vm::number
