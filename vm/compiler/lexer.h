// UTF-8 text to tokens, one at a time, on demand: how far the parser has looked decides where an
// "invalid syntax" points, so the lexer never runs ahead.
//
// Invariants: the text ends in '\n' (or is empty); cursor(), line_start() and lineno() describe the
// position behind the last token; indentation columns count tabs to multiples of eight, and a
// second count with tabs of width one finds inconsistent use.
#pragma once

#include <string>
#include <string_view>

#include "vm/compiler/errors.h"
#include "vm/compiler/token.h"

namespace pystm::vm::compiler {

// Where an embedded f-string expression sits in its file.
struct LexerOrigin {
  int lineno = 1;      // of the first line
  int col_offset = 0;  // added to columns on the first line
};

class Lexer {
 public:
  Lexer(std::string_view text, LexerOrigin origin, WarningList* warnings);

  Token next();  // throws CompileError

  // For errors that the parser raises.
  int lineno() const { return lineno_; }
  int level() const { return level_; }
  const char* cursor() const { return cur_; }
  const char* line_start() const { return line_start_; }
  bool at_eof() const { return at_eof_; }  // the end of the text, or a string cut by it, was seen
  bool failed() const { return failed_; }
  // The failure was found in the text itself, not in its layout (indentation, end, continuation).
  bool failed_in_text() const { return failed_in_text_; }
  struct Bracket {
    char open;
    int lineno, col;
  };
  const Bracket& innermost() const { return brackets_[level_ - 1]; }
  // The text of a line with its newline; empty if there is none.
  std::string_view line(int lineno) const;

  [[noreturn]] void fail_unclosed();
  // Whether anything but blanks and comments follows the last token.
  bool more_text_follows() const;
  // Ends every open block at the end of the text, as `single` mode does.
  void close_blocks() {
    pending_ = -indent_;
    indent_ = 0;
  }

 private:
  static constexpr int kMaxLevel = 200, kMaxIndent = 100;

  int peek() const { return cur_ < end_ ? static_cast<unsigned char>(*cur_) : -1; }
  int get() { return cur_ < end_ ? static_cast<unsigned char>(*cur_++) : (cur_++, -1); }
  void back() { cur_--; }
  void new_line();

  bool read_indentation();
  bool skip_blanks();
  Token make(Tok type, const char* start, const char* end);
  Token make_empty(Tok type);
  Token name_or_string(const char* start);
  Token name_token(const char* start, bool ascii);
  Token string(const char* start, int quote);
  Token number(const char* start, int c);
  Token fraction(const char* start);
  Token exponent(const char* start, int e);
  Token imaginary(const char* start);
  Token radix(const char* start, int base, const char* kind);
  Token leading_zero(const char* start);
  Token decimal_end(const char* start);
  int decimal_tail();
  void end_of_number(const char* kind);
  bool keyword_follows() const;
  Token operator_token(const char* start);
  void open_bracket(char c);
  void close_bracket(char c);
  void check_identifier(std::string_view text, const char* start);

  [[noreturn]] void fail(const std::string& message);
  [[noreturn]] void fail_at(ErrorKind kind, const std::string& message, int lineno, int offset,
                            int end_lineno, int end_offset, bool newline_in_text);

  const char *begin_, *cur_, *end_, *line_start_;
  LexerOrigin origin_;
  WarningList* warnings_;
  int lineno_;
  int level_ = 0, pending_ = 0, indent_ = 0;
  bool at_line_start_ = true, failed_ = false, failed_in_text_ = false, at_eof_ = false;
  const char* comment_ = nullptr;  // the comment skipped last on this line
  int indent_stack_[kMaxIndent] = {0}, alt_stack_[kMaxIndent] = {0};
  Bracket brackets_[kMaxLevel];
};

// Number of characters in UTF-8 text (a cut last sequence counts as one).
int count_characters(std::string_view utf8);

}  // namespace pystm::vm::compiler
