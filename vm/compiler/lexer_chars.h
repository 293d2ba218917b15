// Character classes of the lexer, and UTF-8 stepping.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace pystm::vm::compiler {

constexpr bool is_digit(int c) { return c >= '0' && c <= '9'; }
constexpr bool is_hex_digit(int c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
constexpr int hex_value(int c) { return is_digit(c) ? c - '0' : (c | 32) - 'a' + 10; }
constexpr bool is_name_start(int c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 128;
}
constexpr bool is_name_char(int c) { return is_name_start(c) || is_digit(c); }

// The code point at text[i] and its length. REQUIRES: valid UTF-8 (or WTF-8).
inline char32_t decode_utf8(std::string_view text, size_t i, size_t* length) {
  const auto byte = [&](size_t k) -> char32_t {
    return i + k < text.size() ? static_cast<unsigned char>(text[i + k]) : 0;
  };
  const char32_t c = byte(0);
  if (c < 0x80) return *length = 1, c;
  if (c < 0xE0) return *length = 2, (c & 31) << 6 | (byte(1) & 63);
  if (c < 0xF0) return *length = 3, (c & 15) << 12 | (byte(1) & 63) << 6 | (byte(2) & 63);
  return *length = 4, (c & 7) << 18 | (byte(1) & 63) << 12 | (byte(2) & 63) << 6 | (byte(3) & 63);
}

// Appends one code point; surrogates take three bytes (WTF-8).
inline void append_utf8(std::string& out, char32_t c) {
  if (c < 0x80) {
    out += static_cast<char>(c);
  } else if (c < 0x800) {
    out += static_cast<char>(0xC0 | c >> 6);
    out += static_cast<char>(0x80 | (c & 63));
  } else if (c < 0x10000) {
    out += static_cast<char>(0xE0 | c >> 12);
    out += static_cast<char>(0x80 | (c >> 6 & 63));
    out += static_cast<char>(0x80 | (c & 63));
  } else {
    out += static_cast<char>(0xF0 | c >> 18);
    out += static_cast<char>(0x80 | (c >> 12 & 63));
    out += static_cast<char>(0x80 | (c >> 6 & 63));
    out += static_cast<char>(0x80 | (c & 63));
  }
}

}  // namespace pystm::vm::compiler
