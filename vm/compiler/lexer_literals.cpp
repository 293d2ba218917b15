// The lexer's numbers and strings: only their extent and their errors; values are made by
// literals.cpp. Each scanner is entered with cur_ behind the characters already seen.
#include <cstring>

#include "vm/compiler/lexer.h"
#include "vm/compiler/lexer_chars.h"

namespace pystm::vm::compiler {

Token Lexer::string(const char* start, int quote) {
  const int first_lineno = lineno_;
  const char* first_line_start = line_start_;
  int size = 1;
  if (cur_ + 1 < end_ && cur_[0] == quote && cur_[1] == quote) {
    size = 3;
    cur_ += 2;
  } else if (peek() == quote) {
    cur_++;
    return make(Tok::STRING, start, cur_);
  }
  for (int closing = 0; closing < size;) {
    const int c = get();
    if (c == -1 || (size == 1 && c == '\n')) {
      const std::string at = " (detected at line " + std::to_string(lineno_) + ")";
      at_eof_ = c == -1;
      cur_ = start + 1;
      line_start_ = first_line_start;
      lineno_ = first_lineno;
      fail(size == 3 ? "unterminated triple-quoted string literal" + at
                     : "unterminated string literal" + at);
    }
    if (c == quote) {
      closing++;
      continue;
    }
    closing = 0;
    if (c == '\n') new_line();
    if (c == '\\' && get() == '\n') new_line();
  }
  const int shift_first = first_lineno == origin_.lineno ? origin_.col_offset : 0;
  const int shift_last = lineno_ == origin_.lineno ? origin_.col_offset : 0;
  return {Tok::STRING,  static_cast<uint8_t>(level_),
          first_lineno, static_cast<int>(start - first_line_start) + shift_first,
          lineno_,      static_cast<int>(cur_ - line_start_) + shift_last,
          start,        cur_};
}

// Whether a keyword that may stand right behind a number begins at cur_ - 1.
bool Lexer::keyword_follows() const {
  const char* p = cur_ - 1;
  const size_t left = end_ - p;
  for (std::string_view word : {"and", "else", "for", "if", "in", "is", "or", "not"})
    if (left >= word.size() && std::memcmp(p, word.data(), word.size()) == 0) return true;
  return false;
}

// Checks what follows a number; cur_ is behind the following character on entry, and on that
// character on return.
void Lexer::end_of_number(const char* kind) {
  const int c = peek();
  if (c == -1) return;
  cur_++;
  const bool keyword = keyword_follows();
  cur_--;
  if (keyword) {
    if (warnings_) {
      const int offset = count_characters({line_start_, static_cast<size_t>(cur_ - line_start_)});
      std::string_view text = line(lineno_);
      if (text.ends_with('\n')) text.remove_suffix(1);
      warnings_->push_back({WarningKind::Syntax, std::string("invalid ") + kind + " literal",
                            lineno_, offset, lineno_, offset, true, std::string(text)});
    }
  } else if (is_name_char(c)) {
    fail(std::string("invalid ") + kind + " literal");
  }
}

// Digits with single underscores; cur_ is behind the first digit. Returns the next character.
int Lexer::decimal_tail() {
  for (;;) {
    while (is_digit(peek())) cur_++;
    if (peek() != '_') return peek();
    cur_++;
    if (!is_digit(peek())) fail("invalid decimal literal");
  }
}

Token Lexer::number(const char* start, int c) {
  if (c != '0') {
    decimal_tail();
    return decimal_end(start);
  }
  const int next = peek() | 32;
  if (next == 'x') return radix(start, 16, "hexadecimal");
  if (next == 'o') return radix(start, 8, "octal");
  if (next == 'b') return radix(start, 2, "binary");
  return leading_zero(start);
}

Token Lexer::radix(const char* start, int base, const char* kind) {
  const auto good = [&](int c) {
    return base == 16 ? is_hex_digit(c) : c >= '0' && c < '0' + base;
  };
  const auto bad_digit = [&](int c) {
    cur_++;
    fail(std::string("invalid digit '") + static_cast<char>(c) + "' in " + kind + " literal");
  };
  cur_++;
  do {
    if (peek() == '_') cur_++;
    const int c = peek();
    if (!good(c)) {
      if (is_digit(c)) bad_digit(c);
      fail(std::string("invalid ") + kind + " literal");
    }
    while (good(peek())) cur_++;
  } while (peek() == '_');
  if (is_digit(peek())) bad_digit(peek());
  end_of_number(kind);
  return make(Tok::NUMBER, start, cur_);
}

Token Lexer::leading_zero(const char* start) {
  for (;;) {
    if (peek() == '_') {
      cur_++;
      if (!is_digit(peek())) fail("invalid decimal literal");
    }
    if (peek() != '0') break;
    cur_++;
  }
  const char* zeros_end = cur_;
  const bool nonzero = is_digit(peek());
  if (nonzero) decimal_tail();
  const int c = peek();
  if (c == '.' || (c | 32) == 'e' || (c | 32) == 'j') return decimal_end(start);
  if (nonzero) {
    const int offset =
        count_characters({line_start_, static_cast<size_t>(start + 1 - line_start_)});
    failed_in_text_ = true;
    fail_at(ErrorKind::Syntax,
            "leading zeros in decimal integer literals are not permitted; use an 0o prefix for "
            "octal integers",
            lineno_, offset, lineno_, offset + static_cast<int>(zeros_end - start), false);
  }
  end_of_number("decimal");
  return make(Tok::NUMBER, start, cur_);
}

// Behind the integer digits of a decimal number.
Token Lexer::decimal_end(const char* start) {
  const int c = peek();
  if (c == '.') {
    cur_++;
    return fraction(start);
  }
  if (c == 'e' || c == 'E') return exponent(start, c);
  if (c == 'j' || c == 'J') return imaginary(start);
  end_of_number("decimal");
  return make(Tok::NUMBER, start, cur_);
}

Token Lexer::fraction(const char* start) {
  if (is_digit(peek())) decimal_tail();
  const int c = peek();
  if (c == 'e' || c == 'E') return exponent(start, c);
  if (c == 'j' || c == 'J') return imaginary(start);
  end_of_number("decimal");
  return make(Tok::NUMBER, start, cur_);
}

Token Lexer::exponent(const char* start, int e) {
  const char* at_e = cur_++;
  const bool sign = peek() == '+' || peek() == '-';
  if (sign) cur_++;
  if (!is_digit(peek())) {
    if (sign) fail("invalid decimal literal");
    cur_ = at_e;  // "1else": the e may begin a keyword
    end_of_number("decimal");
    return make(Tok::NUMBER, start, cur_);
  }
  decimal_tail();
  if ((peek() | 32) == 'j') return imaginary(start);
  end_of_number("decimal");
  return make(Tok::NUMBER, start, cur_);
}

Token Lexer::imaginary(const char* start) {
  cur_++;
  end_of_number("imaginary");
  return make(Tok::NUMBER, start, cur_);
}

}  // namespace pystm::vm::compiler
