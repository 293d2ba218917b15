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
  bool ok() const { return !failed_; }
  struct Bracket {
    char open;
    int lineno, col;
  };
  const Bracket& innermost() const { return brackets_[level_ - 1]; }
  // The text of a line with its newline; empty if there is none.
  std::string_view line(int lineno) const;
  bool at_first_line(int lineno) const { return lineno == origin_.lineno; }
  bool ended_in_brackets() const { return ended_in_brackets_; }

  [[noreturn]] void fail_unclosed();

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
  int first_lineno_ = 0;
  const char* multi_line_start_ = nullptr;
  bool at_line_start_ = true, failed_ = false, ended_in_brackets_ = false;
  int indent_stack_[kMaxIndent] = {0}, alt_stack_[kMaxIndent] = {0};
  Bracket brackets_[kMaxLevel];
};

// Number of characters in UTF-8 text (a cut last sequence counts as one).
int count_characters(std::string_view utf8);

}  // namespace pystm::vm::compiler
