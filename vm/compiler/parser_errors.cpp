// Raising syntax errors with CPython's positions, and what to say when no special rule matched.
//
// Positions: raise_at and raise_range point at nodes or tokens; raise_last points at the last token
// read; raise_from starts at a node and ends where the lexer stands.
#include "vm/compiler/parser.h"

namespace pystm::vm::compiler {
namespace {

constexpr int kCurrent = -5;  // "where the lexer stands", as an end position

// Characters in the first `bytes` bytes of a line; a position past its end counts as one more.
int character_offset(std::string_view line, int bytes) {
  if (bytes <= 0) return 0;
  const size_t n = static_cast<size_t>(bytes);
  if (n > line.size()) return count_characters(line) + 1;
  return count_characters(line.substr(0, n));
}

}  // namespace

// With its end only if it is the last one read.
std::string_view Parser::shown_line(int lineno) const {
  std::string_view line = lexer_.line(lineno);
  if (lineno < lexer_.lineno() && line.ends_with('\n')) line.remove_suffix(1);
  return line;
}

void Parser::warn(const Token& t, std::string message) {
  const std::string_view line = shown_line(t.lineno);
  context_.warnings.push_back({WarningKind::Deprecation, std::move(message), t.lineno,
                               character_offset(line, t.col + 1), t.end_lineno,
                               character_offset(shown_line(t.end_lineno), t.end_col + 1), true,
                               std::string(line)});
}

void Parser::raise_known(ErrorKind kind, int lineno, int col, int end_lineno, int end_col,
                         const std::string& message) {
  // col and end_col count from one here; zero and negative values pass through.
  ErrorInfo info;
  info.kind = kind;
  info.message = is_fstring_ ? "f-string: " + message : message;
  info.has_position = info.has_text = true;
  if (end_lineno == kCurrent) end_lineno = lexer_.lineno();
  if (end_col == kCurrent) end_col = static_cast<int>(lexer_.cursor() - lexer_.line_start());
  if (is_fstring_) {
    col -= fstring_col_;
    end_col -= fstring_col_;
  }
  const std::string_view line = shown_line(lineno);
  info.lineno = lineno;
  info.end_lineno = end_lineno;
  // In f-strings CPython reports bytes.
  info.offset = is_fstring_ ? col : character_offset(line, col);
  info.end_offset = is_fstring_ || end_col <= 0 ? end_col : character_offset(line, end_col);
  info.text = std::string(line);
  throw CompileError{std::move(info)};
}

void Parser::raise_at(const Position& at, const std::string& message) {
  raise_known(ErrorKind::Syntax, at.lineno, at.col_offset + 1, at.end_lineno, at.end_col_offset + 1,
              message);
}

void Parser::raise_at(const Token& t, const std::string& message) {
  raise_at(position(t), message);
}

void Parser::raise_range(const Position& a, const Position& b, const std::string& message) {
  raise_at(span(a, b), message);
}

void Parser::raise_from(const Position& a, const std::string& message) {
  raise_known(ErrorKind::Syntax, a.lineno, a.col_offset + 1, kCurrent, kCurrent, message);
}

void Parser::raise_last(ErrorKind kind, const std::string& message) {
  if (tokens_.empty()) {
    const int line = lexer_.lineno();
    raise_known(kind, line, static_cast<int>(lexer_.cursor() - lexer_.line_start()), line, -1,
                message);
  }
  const Token& t = tokens_.back();
  const int col = t.col == -1 ? static_cast<int>(lexer_.cursor() - lexer_.line_start()) : t.col + 1;
  raise_known(kind, t.lineno, col, t.end_lineno, t.end_col == -1 ? -1 : t.end_col + 1, message);
}

void Parser::raise_block(const char* what, int lineno) {
  raise_last(ErrorKind::Indentation, std::string("expected an indented block after ") + what +
                                         " on line " + std::to_string(lineno));
}

// At NEWLINE without INDENT behind it, where a block should begin.
bool Parser::missing_block() {
  if (!accept(Tok::NEWLINE)) return false;
  return !at(Tok::INDENT);
}

// An error further on in the text, such as an unterminated string, is more likely the cause.
void Parser::check_rest(ErrorInfo& error) {
  const int error_line = tokens_.empty() ? 1 : tokens_.back().lineno;
  try {
    while (lexer_.next().type != Tok::ENDMARKER) {
    }
  } catch (CompileError& e) {
    if (lexer_.failed_in_text()) {
      error = std::move(e.info);
    } else if (lexer_.level() > 0 && error_line > lexer_.innermost().lineno) {
      try {
        lexer_.fail_unclosed();
      } catch (CompileError& unclosed) {
        error = std::move(unclosed.info);
      }
    }
  }
}

void Parser::report_failure(int last_token) {
  const Token last = tokens_[last_token];
  if (last.type == Tok::INDENT) raise_last(ErrorKind::Indentation, "unexpected indent");
  if (last.type == Tok::DEDENT) raise_last(ErrorKind::Indentation, "unexpected unindent");
  try {
    raise_at(last, "invalid syntax");
  } catch (CompileError& e) {
    if (!lexer_.failed() && !lexer_.at_eof()) check_rest(e.info);
    throw;
  }
}

// --- what an expression is called in a message

const char* Parser::expr_name(Expr* e) {
  switch (e->kind) {
    case NodeKind::Attribute:
      return "attribute";
    case NodeKind::Subscript:
      return "subscript";
    case NodeKind::Starred:
      return "starred";
    case NodeKind::Name:
      return "name";
    case NodeKind::List:
      return "list";
    case NodeKind::Tuple:
      return "tuple";
    case NodeKind::Lambda:
      return "lambda";
    case NodeKind::Call:
      return "function call";
    case NodeKind::BoolOp:
    case NodeKind::BinOp:
    case NodeKind::UnaryOp:
      return "expression";
    case NodeKind::GeneratorExp:
      return "generator expression";
    case NodeKind::Yield:
    case NodeKind::YieldFrom:
      return "yield expression";
    case NodeKind::Await:
      return "await expression";
    case NodeKind::ListComp:
      return "list comprehension";
    case NodeKind::SetComp:
      return "set comprehension";
    case NodeKind::DictComp:
      return "dict comprehension";
    case NodeKind::Dict:
      return "dict literal";
    case NodeKind::Set:
      return "set display";
    case NodeKind::JoinedStr:
    case NodeKind::FormattedValue:
      return "f-string expression";
    case NodeKind::Constant:
      switch (static_cast<Constant*>(e)->value->type) {
        case ConstantValue::kNone:
          return "None";
        case ConstantValue::kTrue:
          return "True";
        case ConstantValue::kFalse:
          return "False";
        case ConstantValue::kEllipsis:
          return "ellipsis";
        default:
          return "literal";
      }
    case NodeKind::Compare:
      return "comparison";
    case NodeKind::IfExp:
      return "conditional expression";
    case NodeKind::NamedExpr:
      return "named expression";
    default:
      return "expression";
  }
}

// The part of e that cannot be assigned to (deleted), or null.
Expr* Parser::invalid_target(Targets kind, Expr* e) {
  if (!e) return nullptr;
  const auto first_bad = [&](Seq<Expr*> elements) -> Expr* {
    for (Expr* x : elements)
      if (Expr* bad = invalid_target(kind, x)) return bad;
    return nullptr;
  };
  switch (e->kind) {
    case NodeKind::List:
      return first_bad(static_cast<List*>(e)->elts);
    case NodeKind::Tuple:
      return first_bad(static_cast<Tuple*>(e)->elts);
    case NodeKind::Starred:
      if (kind == Targets::Del) return e;
      return invalid_target(kind, static_cast<Starred*>(e)->value);
    case NodeKind::Compare: {
      // "for x in y" without its "for" reads as a comparison; only its left side is the target.
      auto* c = static_cast<Compare*>(e);
      if (kind == Targets::For && c->ops[0] == CmpOp::In) return invalid_target(kind, c->left);
      return kind == Targets::For ? nullptr : e;
    }
    case NodeKind::Name:
    case NodeKind::Subscript:
    case NodeKind::Attribute:
      return nullptr;
    default:
      return e;
  }
}

void Parser::raise_invalid_target(Targets kind, Expr* e) {
  Expr* bad = invalid_target(kind, e);
  if (!bad) return;
  const char* verb = kind == Targets::Del ? "cannot delete " : "cannot assign to ";
  raise_at(bad->at, std::string(verb) + expr_name(bad));
}

}  // namespace pystm::vm::compiler
