// See lexer.h. Numbers and strings are in lexer_literals.cpp.
#include "vm/compiler/lexer.h"

#include <array>
#include <cstdio>
#include <cstring>

#include "vm/compiler/lexer_chars.h"
#include "vm/text/unicode_db.h"

namespace pystm::vm::compiler {
namespace {

struct Spelling {
  std::string_view text;
  Tok type;
};

constexpr Spelling kKeywords[] = {
#define TOKEN(name, text)
#define OPERATOR(name, text)
#define KEYWORD(name, text) {text, Tok::name},
#include "vm/compiler/tokens.def"
};

constexpr Spelling kOperators[] = {
#define TOKEN(name, text)
#define OPERATOR(name, text) {text, Tok::name},
#define KEYWORD(name, text)
#include "vm/compiler/tokens.def"
};

// Operators with their first character, longest first in each row.
struct OperatorTable {
  std::array<std::array<Spelling, 6>, 128> rows{};
  constexpr OperatorTable() {
    for (size_t length = 3; length >= 1; length--)
      for (const Spelling& s : kOperators)
        if (s.text.size() == length) add(s);
  }
  constexpr void add(const Spelling& s) {
    for (Spelling& slot : rows[static_cast<size_t>(s.text[0])])
      if (slot.text.empty()) {
        slot = s;
        return;
      }
  }
};
constexpr OperatorTable kOperatorTable;

struct KeywordTable {
  std::array<std::array<Spelling, 6>, 128> rows{};
  constexpr KeywordTable() {
    for (const Spelling& s : kKeywords)
      for (Spelling& slot : rows[static_cast<size_t>(s.text[0])])
        if (slot.text.empty()) {
          slot = s;
          break;
        }
  }
};
constexpr KeywordTable kKeywordTable;

Tok keyword_or_name(std::string_view text) {
  if (text.size() < 2 || text.size() > 8) return Tok::NAME;
  for (const Spelling& s : kKeywordTable.rows[static_cast<unsigned char>(text[0])]) {
    if (s.text.empty()) break;
    if (s.text == text) return s.type;
  }
  return Tok::NAME;
}

}  // namespace

int count_characters(std::string_view utf8) {
  int n = 0;
  for (char c : utf8) n += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return n;
}

Lexer::Lexer(std::string_view text, LexerOrigin origin, WarningList* warnings)
    : begin_(text.data()),
      cur_(text.data()),
      end_(text.data() + text.size()),
      line_start_(text.data()),
      origin_(origin),
      warnings_(warnings),
      lineno_(text.empty() && origin.lineno == 1 ? 0 : origin.lineno) {
  if (!begin_) begin_ = cur_ = end_ = line_start_ = "";
}

std::string_view Lexer::line(int lineno) const {
  const char* p = begin_;
  for (int n = origin_.lineno; n < lineno; n++) {
    p = static_cast<const char*>(std::memchr(p, '\n', end_ - p));
    if (!p) return {};
    p++;
  }
  const void* nl = std::memchr(p, '\n', end_ - p);
  const char* stop = nl ? static_cast<const char*>(nl) + 1 : end_;
  return {p, static_cast<size_t>(stop - p)};
}

void Lexer::fail_at(ErrorKind kind, const std::string& message, int lineno, int offset,
                    int end_lineno, int end_offset, bool newline_in_text) {
  failed_ = true;
  ErrorInfo info;
  info.kind = kind;
  info.message = message;
  info.has_position = info.has_text = true;
  info.lineno = lineno;
  info.offset = offset;
  info.end_lineno = end_lineno;
  info.end_offset = end_offset;
  info.text = std::string(line(lineno));
  if (!newline_in_text && !info.text.empty() && info.text.back() == '\n') info.text.pop_back();
  throw CompileError{std::move(info)};
}

void Lexer::fail(const std::string& message) {
  const char* stop = cur_ < end_ ? cur_ : end_;
  const int offset = count_characters({line_start_, static_cast<size_t>(stop - line_start_)});
  failed_in_text_ = true;
  fail_at(ErrorKind::Syntax, message, lineno_, offset, lineno_, offset, false);
}

void Lexer::fail_unclosed() {
  const Bracket& b = innermost();
  const std::string_view text = line(b.lineno);
  const int offset = count_characters(text.substr(0, b.col + 1));
  fail_at(ErrorKind::Syntax, std::string("'") + b.open + "' was never closed", b.lineno, offset,
          b.lineno, 0, b.lineno >= lineno_);
}

bool Lexer::more_text_follows() const {
  for (const char* p = cur_; p < end_; p++) {
    if (*p == '#') {
      while (p < end_ && *p != '\n') p++;
    } else if (*p != ' ' && *p != '\t' && *p != '\n' && *p != '\014') {
      return true;
    }
  }
  return false;
}

void Lexer::new_line() {
  if (cur_ < end_) {
    lineno_++;
    line_start_ = cur_;
  }
}

Token Lexer::make(Tok type, const char* start, const char* end) {
  const int shift = lineno_ == origin_.lineno ? origin_.col_offset : 0;
  const int col = static_cast<int>(start - line_start_) + shift;
  return {type,    static_cast<uint8_t>(level_),        lineno_, col,
          lineno_, col + static_cast<int>(end - start), start,   end};
}

Token Lexer::make_empty(Tok type) {
  return {type, static_cast<uint8_t>(level_), lineno_, -1, lineno_, -1, cur_, cur_};
}

// Measures the indentation of a fresh line. False: the line is blank or a comment.
bool Lexer::read_indentation() {
  if (cur_ > begin_) new_line();
  at_line_start_ = false;
  int col = 0, alt = 0;
  for (;; cur_++) {
    const int c = peek();
    if (c == ' ') {
      col++, alt++;
    } else if (c == '\t') {
      col = (col / 8 + 1) * 8;
      alt++;
    } else if (c == '\014') {
      col = alt = 0;
    } else if (c == '\\' && cur_ + 1 < end_ && cur_[1] == '\n' && cur_ + 2 < end_) {
      // A continued empty prefix: the indentation goes on in the next line.
      const int held = col;
      cur_ += 2;
      new_line();
      cur_--;
      col = held ? held : col;
      if (held) {
        while (cur_ + 1 < end_ && (cur_[1] == ' ' || cur_[1] == '\t' || cur_[1] == '\014')) cur_++;
      }
    } else {
      break;
    }
  }
  const int c = peek();
  if (c == '#' || c == '\n') return false;
  if (level_ > 0) return true;
  const auto tab_error = [&] {
    cur_ = end_;
    fail_at(ErrorKind::Tab, "inconsistent use of tabs and spaces in indentation", lineno_, 1,
            lineno_, 0, true);
  };
  if (col == indent_stack_[indent_]) {
    if (alt != alt_stack_[indent_]) tab_error();
  } else if (col > indent_stack_[indent_]) {
    if (indent_ + 1 >= kMaxIndent)
      fail_at(ErrorKind::Indentation, "too many levels of indentation", lineno_, 1, lineno_, 0,
              true);
    if (alt <= alt_stack_[indent_]) tab_error();
    pending_++;
    indent_stack_[++indent_] = col;
    alt_stack_[indent_] = alt;
  } else {
    while (indent_ > 0 && col < indent_stack_[indent_]) pending_--, indent_--;
    if (col != indent_stack_[indent_]) {
      const std::string_view text = line(lineno_);
      fail_at(ErrorKind::Indentation, "unindent does not match any outer indentation level",
              lineno_, count_characters(text), lineno_, -1, true);
    }
    if (alt != alt_stack_[indent_]) tab_error();
  }
  return true;
}

// Skips blanks, comments and continued lines. False: a line ended (cur_ is on the newline).
bool Lexer::skip_blanks() {
  comment_ = nullptr;
  for (;;) {
    const int c = peek();
    if (c == ' ' || c == '\t' || c == '\014') {
      cur_++;
    } else if (c == '#') {
      const void* nl = std::memchr(cur_, '\n', end_ - cur_);
      comment_ = cur_;
      cur_ = nl ? static_cast<const char*>(nl) : end_;
    } else if (c == '\\') {
      cur_++;
      if (get() != '\n') {
        const int offset = count_characters({line_start_, static_cast<size_t>(cur_ - line_start_)});
        fail_at(ErrorKind::Syntax, "unexpected character after line continuation character",
                lineno_, offset, lineno_, 0, true);
      }
      if (cur_ >= end_) {
        const int offset = static_cast<int>(cur_ - line_start_);
        at_eof_ = true;
        if (level_ > 0) {
          failed_ = true;
          fail_unclosed();
        }
        fail_at(ErrorKind::Syntax, "unexpected EOF while parsing", lineno_, offset, lineno_, -1,
                true);
      }
      new_line();
    } else {
      return c != '\n';
    }
  }
}

Token Lexer::next() {
  bool blank = false;
  for (;;) {
    if (at_line_start_) blank = !read_indentation();
    if (pending_ != 0) {
      const bool dedent = pending_ < 0;
      pending_ += dedent ? 1 : -1;
      return make_empty(dedent ? Tok::DEDENT : Tok::INDENT);
    }
    if (skip_blanks()) break;
    const char* start = cur_++;
    at_line_start_ = true;
    if (blank || level_ > 0) continue;
    // A NEWLINE begins at the comment in front of it.
    return make(Tok::NEWLINE, comment_ ? comment_ : start, start);
  }
  const char* start = cur_;
  const int c = get();
  if (c == -1) {
    cur_ = end_;
    at_eof_ = true;
    if (level_ == 0) return make_empty(Tok::ENDMARKER);
    failed_ = true;
    fail_unclosed();
  }
  if (is_name_start(c)) return name_or_string(start);
  if (is_digit(c)) return number(start, c);
  if (c == '.' && is_digit(peek())) return fraction(start);
  if (c == '\'' || c == '"') return string(start, c);
  return operator_token(start);
}

Token Lexer::name_or_string(const char* start) {
  // Letters that can stand before a quote, each at most once, u alone, b without f.
  bool b = false, u = false, r = false, f = false;
  const char* p = start;
  for (;; p++) {
    const int c = p < end_ ? static_cast<unsigned char>(*p) : -1;
    if (!(b || u || f) && (c == 'b' || c == 'B'))
      b = true;
    else if (!(b || u || r || f) && (c == 'u' || c == 'U'))
      u = true;
    else if (!(r || u) && (c == 'r' || c == 'R'))
      r = true;
    else if (!(f || b || u) && (c == 'f' || c == 'F'))
      f = true;
    else
      break;
  }
  if (p > start && p < end_ && (*p == '"' || *p == '\'')) {
    cur_ = p + 1;
    return string(start, *p);
  }
  bool ascii = static_cast<unsigned char>(*start) < 128;
  cur_ = start + 1;
  for (;; cur_++) {
    const int c = peek();
    if (c >= 128)
      ascii = false;
    else if (c == -1 || !is_name_char(c))
      break;
  }
  return name_token(start, ascii);
}

Token Lexer::name_token(const char* start, bool ascii) {
  const std::string_view text{start, static_cast<size_t>(cur_ - start)};
  if (!ascii) check_identifier(text, start);
  return make(ascii ? keyword_or_name(text) : Tok::NAME, start, cur_);
}

void Lexer::check_identifier(std::string_view name, const char* start) {
  for (size_t i = 0; i < name.size();) {
    size_t n;
    const char32_t c = decode_utf8(name, i, &n);
    const bool good = i == 0 ? text::is_xid_start(c) : text::is_xid_continue(c);
    if (!good) {
      cur_ = start + i + n;
      char message[64];
      std::snprintf(message, sizeof message, "U+%04X", static_cast<unsigned>(c));
      if (!text::is_printable(c)) fail(std::string("invalid non-printable character ") + message);
      fail("invalid character '" + std::string(name.substr(i, n)) + "' (" + message + ")");
    }
    i += n;
  }
}

void Lexer::open_bracket(char c) {
  if (level_ >= kMaxLevel) fail("too many nested parentheses");
  brackets_[level_++] = {c, lineno_, static_cast<int>(cur_ - 1 - line_start_)};
}

void Lexer::close_bracket(char c) {
  if (level_ == 0) fail(std::string("unmatched '") + c + "'");
  const Bracket& b = brackets_[--level_];
  const char wanted = b.open == '(' ? ')' : b.open == '[' ? ']' : '}';
  if (c == wanted) return;
  std::string message = std::string("closing parenthesis '") + c +
                        "' does not match opening parenthesis '" + b.open + "'";
  if (b.lineno != lineno_) message += " on line " + std::to_string(b.lineno);
  fail(message);
}

Token Lexer::operator_token(const char* start) {
  const unsigned char c = static_cast<unsigned char>(*start);
  if (c < ' ' || c == 127) {
    char message[64];
    std::snprintf(message, sizeof message, "invalid non-printable character U+%04X", c);
    fail(message);
  }
  if (c == '(' || c == '[' || c == '{') open_bracket(static_cast<char>(c));
  if (c == ')' || c == ']' || c == '}') close_bracket(static_cast<char>(c));
  const size_t left = end_ - start;
  for (const Spelling& s : kOperatorTable.rows[c]) {
    if (s.text.empty()) break;
    if (s.text.size() <= left && std::memcmp(s.text.data(), start, s.text.size()) == 0) {
      cur_ = start + s.text.size();
      return make(s.type, start, cur_);
    }
  }
  return make(Tok::UNKNOWN_OP, start, cur_);
}

}  // namespace pystm::vm::compiler
