// What number texts are made of, independent of the locale.
#pragma once

#include <string_view>

namespace pystm::vm::number {

inline bool is_ascii_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
inline bool is_ascii_digit(char c) { return c >= '0' && c <= '9'; }

inline std::string_view strip_ascii(std::string_view s) {
  while (!s.empty() && is_ascii_space(s.front())) s.remove_prefix(1);
  while (!s.empty() && is_ascii_space(s.back())) s.remove_suffix(1);
  return s;
}

// The value of a digit in bases up to 36, in either case; 36 for anything else.
inline int digit_value(char c) {
  if (is_ascii_digit(c)) return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'z' ? lower - 'a' + 10 : 36;
}

}  // namespace pystm::vm::number
