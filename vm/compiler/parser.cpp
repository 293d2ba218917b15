// Tokens, names and modules: the ground the grammar rules stand on, and parse() itself.
#include "vm/compiler/parser.h"

#include <cstring>

#include "vm/compiler/source.h"
#include "vm/text/unicode_db.h"

namespace pystm::vm::compiler {

Parser::Parser(std::string_view text, LexerOrigin origin, Context& context, bool is_fstring)
    : context_(context),
      arena_(context.arena),
      lexer_(text, origin, &context.warnings),
      is_fstring_(is_fstring),
      fstring_col_(origin.col_offset) {
  if (!is_fstring) tokens_.reserve(text.size() / 4 + 16);
}

void Parser::fill() {
  Token t = lexer_.next();
  // `single` mode treats the end of the text as one more newline, which also ends open blocks.
  if (mode_ == Mode::Single && t.type == Tok::ENDMARKER && !tokens_.empty() &&
      !extra_newline_done_) {
    t.type = Tok::NEWLINE;
    extra_newline_done_ = true;
    if (!context_.options.dont_imply_dedent) lexer_.close_blocks();
  } else {
    extra_newline_done_ = false;
  }
  tokens_.push_back(t);
}

Tok Parser::type_after(int n) {
  while (pos_ + n >= static_cast<int>(tokens_.size())) {
    if (!tokens_.empty() && tokens_.back().type == Tok::ENDMARKER) return Tok::ENDMARKER;
    fill();
  }
  return tokens_[pos_ + n].type;
}

void Parser::forced(Tok t) {
  if (accept(t)) return;
  raise_at(token(), std::string("expected '") + kTokenText[static_cast<int>(t)] + "'");
}

bool Parser::at_name(std::string_view word) { return at(Tok::NAME) && token().text() == word; }

bool Parser::soft_keyword(std::string_view word) {
  if (!at_name(word)) return false;
  pos_++;
  return true;
}

Identifier Parser::identifier(const Token& t) {
  const std::string_view s = t.text();
  for (char c : s)
    if (static_cast<unsigned char>(c) >= 128) return arena_.intern(text::nfkc_utf8(s));
  return arena_.intern(s);
}

Identifier Parser::accept_name() {
  if (!at(Tok::NAME)) return {};
  return identifier(tokens_[pos_++]);
}

void Parser::check_stack() {
  if (reinterpret_cast<uintptr_t>(__builtin_frame_address(0)) > context_.stack_limit) return;
  ErrorInfo info;
  info.kind = ErrorKind::Memory;
  info.message = "Parser stack overflowed - Python source too complex to parse";
  throw CompileError{std::move(info)};
}

// From the first token to the last one consumed that has text.
void Parser::locate(Position& at, int start) const {
  const Token& first = tokens_[start];
  int last = pos_ - 1;
  while (last > start) {
    const Tok t = tokens_[last].type;
    if (t != Tok::ENDMARKER && (t < Tok::NEWLINE || t > Tok::DEDENT)) break;
    last--;
  }
  at.lineno = first.lineno;
  at.col_offset = first.col;
  at.end_lineno = tokens_[last].end_lineno;
  at.end_col_offset = tokens_[last].end_col;
}

Position Parser::span(const Position& first, const Position& last) const {
  return {first.lineno, first.col_offset, last.end_lineno, last.end_col_offset};
}

// Runs a start rule; on failure runs it again to find the message, and throws.
template <class F>
auto Parser::with_error_pass(F parse) -> decltype(parse()) {
  const auto incomplete = [&] { return context_.options.allow_incomplete && lexer_.at_eof(); };
  try {
    if (auto result = parse()) return result;
  } catch (CompileError& e) {
    if (e.info.kind == ErrorKind::Memory) throw;
    if (incomplete()) raise_syntax("incomplete input");
    if (!lexer_.failed() && !lexer_.at_eof()) check_rest(e.info);
    throw;
  }
  if (incomplete()) raise_syntax("incomplete input");
  const int last_token = static_cast<int>(tokens_.size()) - 1;
  pos_ = 0;
  memo_.clear();
  second_pass_ = invalid_ = memoise_ = true;
  try {
    parse();
  } catch (CompileError& e) {
    if (!lexer_.failed() && !lexer_.at_eof()) check_rest(e.info);
    throw;
  }
  report_failure(last_token);
}

ModNode* Parser::parse_module(Mode mode) {
  mode_ = mode;
  return with_error_pass([&]() -> ModNode* {
    if (mode == Mode::Eval) {
      Expr* e = expressions();
      if (!e) return nullptr;
      while (accept(Tok::NEWLINE)) {
      }
      if (!accept(Tok::ENDMARKER)) return nullptr;
      auto* m = make<Expression>(0);
      m->body = e;
      return m;
    }
    Items<Stmt> body(*this);
    if (mode == Mode::Single) {
      const int start = pos_;
      if (Stmt* s = compound_stmt()) {
        if (!accept(Tok::NEWLINE)) return nullptr;
        body.add(s);
      } else if (simple_stmts(body)) {
      } else if (accept(Tok::NEWLINE)) {
        auto* pass = make<Pass>(start);
        body.add(pass);
      } else {
        return nullptr;
      }
      if (lexer_.more_text_follows())
        raise_syntax("multiple statements found while compiling a single statement");
      auto* m = make<Interactive>(0);
      m->body = body.take();
      return m;
    }
    statements(body);
    if (!accept(Tok::ENDMARKER)) return nullptr;
    auto* m = make<Module>(0);
    m->body = body.take();
    return m;
  });
}

Expr* Parser::parse_fstring_expression() {
  return with_error_pass([&] { return star_expressions(); });
}

ParseResult parse(std::string_view source, const ParseOptions& options) {
  ParseResult result;
  result.arena = std::make_unique<Arena>();
  const uintptr_t here = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  try {
    std::string decoded;
    if (options.source_is_bytes) {
      if (source.find('\0') != std::string_view::npos) normalise_source(source, false);
      decoded = decode_source(source, options.hooks, &result.encoding);
      source = decoded;
    }
    result.text = normalise_source(source, options.mode == Mode::Exec);
    Parser::Context context{*result.arena, options, result.warnings, here - options.stack_bytes};
    Parser parser(result.text, {}, context);
    result.module = parser.parse_module(options.mode);
  } catch (CompileError& e) {
    result.error = std::move(e.info);
    result.module = nullptr;
  }
  return result;
}

const char* node_name(NodeKind kind) {
  static constexpr const char* kNames[] = {
#define NODE(category, name, ...) #name,
#include "vm/compiler/ast_nodes.def"
  };
  return kind == NodeKind::ExprStmt ? "Expr" : kNames[static_cast<int>(kind)];
}

}  // namespace pystm::vm::compiler
