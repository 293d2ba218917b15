// Floats to text: decimal digits and a decimal exponent first, then the layout.
#include "vm/number/float_format.h"

#include <charconv>
#include <cstring>

namespace pystm::vm::number {

namespace {

// 0.d1 d2 d3 ... * 10**point
struct Decimal {
  std::string digits;
  int point;
};

// Digits of a finite v >= 0 from the form d.ddde+xx.
Decimal split_scientific(const char* first, const char* last) {
  Decimal d;
  const char* p = first;
  for (; p != last && *p != 'e'; p++)
    if (*p != '.') d.digits += *p;
  int exponent = 0;
  p += p[1] == '+' ? 2 : 1;
  std::from_chars(p, last, exponent);
  d.point = exponent + 1;
  return d;
}

Decimal shortest(double v) {
  char buffer[40];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, v, std::chars_format::scientific);
  return split_scientific(buffer, end.ptr);
}

// Rounded to `digits` significant digits, at least one.
Decimal significant(double v, int digits) {
  std::string buffer(static_cast<size_t>(digits) + 16, '\0');
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), v,
                                 std::chars_format::scientific, digits - 1);
  return split_scientific(buffer.data(), end.ptr);
}

std::string exponent_text(int exponent) {
  char buffer[16];
  snprintf(buffer, sizeof buffer, "e%c%02d", exponent < 0 ? '-' : '+', std::abs(exponent));
  return buffer;
}

std::string fixed(double v, int precision) {
  std::string buffer(static_cast<size_t>(precision) + 330, '\0');
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), v,
                                 std::chars_format::fixed, precision);
  buffer.resize(end.ptr - buffer.data());
  return buffer;
}

std::string scientific_layout(const std::string& digits, int exponent, bool keep_point) {
  std::string s(1, digits[0]);
  if (digits.size() > 1 || keep_point) s += '.';
  return s + digits.substr(1) + exponent_text(exponent);
}

// The digits with the point in place, zeros filled in on either side.
std::string plain_layout(const Decimal& d, bool keep_point, bool add_dot_zero) {
  const int n = static_cast<int>(d.digits.size());
  std::string s;
  if (d.point <= 0) {
    s = "0." + std::string(-d.point, '0') + d.digits;
  } else if (d.point >= n) {
    s = d.digits + std::string(d.point - n, '0');
    if (add_dot_zero)
      s += ".0";
    else if (keep_point)
      s += '.';
  } else {
    s = d.digits.substr(0, d.point) + '.' + d.digits.substr(d.point);
  }
  return s;
}

// 'g' and 'r': exponent form only for very small and very large numbers.
std::string general(Decimal d, int limit, unsigned flags) {
  const bool alternate = (flags & kAlternate) != 0;
  if (!alternate) {
    const size_t last = d.digits.find_last_not_of('0');
    d.digits.resize(last == std::string::npos ? 1 : last + 1);
  }
  if (d.point <= -4 || d.point > limit) return scientific_layout(d.digits, d.point - 1, alternate);
  return plain_layout(d, alternate, (flags & kAddDotZero) != 0);
}

std::string finite_text(double v, char code, int precision, unsigned flags) {
  const bool alternate = (flags & kAlternate) != 0;
  switch (code) {
    case 'e': {
      const Decimal d = significant(v, precision + 1);
      return scientific_layout(d.digits, d.point - 1, alternate);
    }
    case 'f': {
      std::string s = fixed(v, precision);
      if (precision == 0 && alternate) s += '.';
      return s;
    }
    case 'g': {
      if (precision == 0) precision = 1;
      const int limit = precision - ((flags & kAddDotZero) != 0 ? 1 : 0);
      return general(significant(v, precision), limit, flags);
    }
    default:
      return general(shortest(v), 16, flags);
  }
}

bool all_zero(const std::string& s) {
  for (const char c : s) {
    if (c == 'e') break;
    if (c >= '1' && c <= '9') return false;
  }
  return true;
}

}  // namespace

std::string double_to_string(double v, char code, int precision, unsigned flags) {
  const bool upper = code >= 'A' && code <= 'Z';
  bool negative = std::signbit(v) && !std::isnan(v);
  std::string s;
  if (std::isnan(v)) {
    s = "nan";
  } else if (std::isinf(v)) {
    s = "inf";
  } else {
    s = finite_text(std::fabs(v), static_cast<char>(code | 0x20), precision, flags);
    if (negative && (flags & kNoNegativeZero) != 0 && all_zero(s)) negative = false;
  }
  if (upper)
    for (char& c : s)
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
  if (negative) return '-' + s;
  return (flags & kAlwaysSign) != 0 ? '+' + s : s;
}

std::string float_hex(double v) {
  if (!std::isfinite(v)) return float_repr(v);
  const char* sign = std::signbit(v) ? "-" : "";
  if (v == 0) return std::string(sign) + "0x0.0p+0";
  uint64_t bits;
  memcpy(&bits, &v, 8);
  const int biased = static_cast<int>(bits >> 52 & 0x7FF);
  const uint64_t fraction = bits & ((uint64_t{1} << 52) - 1);
  const int exponent = biased == 0 ? -1022 : biased - 1023;
  char buffer[48];
  snprintf(buffer, sizeof buffer, "%s0x%d.%013llxp%c%d", sign, biased != 0,
           static_cast<unsigned long long>(fraction), exponent < 0 ? '-' : '+', std::abs(exponent));
  return buffer;
}

}  // namespace pystm::vm::number
