// String literals: prefixes, concatenation, escapes, and f-strings by Python 3.11's rules (the body
// is one token; expressions are cut out of it and parsed as "(expression)" by a parser of their
// own, whose lexer is told where the text really stands).
#include <cstring>

#include "vm/compiler/lexer_chars.h"
#include "vm/compiler/literals.h"
#include "vm/compiler/parser.h"

namespace pystm::vm::compiler {

// One run of adjacent string tokens, growing into a Constant or a JoinedStr.
class StringConcatenation {
 public:
  StringConcatenation(Parser& p, int first, int last) : p_(p), first_(first), last_(last) {}
  Expr* result();

 private:
  struct Piece {
    std::string_view body;
    bool bytes = false, raw = false, format = false;
  };
  // A JoinedStr under construction: finished values and the literal text behind them.
  struct Values {
    std::vector<Expr*> done;
    std::string literal;
  };

  Piece split(const Token& t);
  void add_plain(const Piece& piece);
  void add_format(const Piece& piece);
  void parse_format(Values& out, const char** at, int level);
  void read_literal(Values& out, const char** at, int level);
  void read_expression(Values& out, const char** at, int level);
  const char* find_expression_end(const char* p);
  Expr* compile_expression(const char* brace, const char* end);
  LexerOrigin origin_of(const char* brace);
  void decode(std::string_view text, bool raw, std::string& out);
  void warn_escape(const char* c);
  // What is made of a run lies between its first and last token, except that a format spec, and
  // the literal at its end, lie in their own token.
  struct Range {
    Token first, last;
    Position at() const { return {first.lineno, first.col, last.end_lineno, last.end_col}; }
  };
  Range whole() const { return {p_.tokens_[first_], p_.tokens_[last_]}; }
  void flush(Values& values, const Range& range);
  Expr* joined(Values& values, const Range& range);
  Expr* constant(ConstantValue::Type type, std::string_view text, const Range& range);
  [[noreturn]] void fail(const std::string& message) { p_.raise_syntax(message); }

  Parser& p_;
  int first_, last_;
  Token token_{};              // the one being read
  bool raw_ = false;           // of that token
  const char* end_ = nullptr;  // of its body
  Values values_;
};

Expr* Parser::strings() {
  const int first = pos_;
  while (accept(Tok::STRING)) {
  }
  return StringConcatenation(*this, first, pos_ - 1).result();
}

StringConcatenation::Piece StringConcatenation::split(const Token& t) {
  Piece piece;
  std::string_view s = t.text();
  for (; s[0] != '\'' && s[0] != '"'; s.remove_prefix(1)) {
    const char c = static_cast<char>(s[0] | 32);
    piece.bytes |= c == 'b';
    piece.raw |= c == 'r';
    piece.format |= c == 'f';
  }
  const size_t quotes = s.size() >= 6 && s[0] == s[1] && s[1] == s[2] ? 3 : 1;
  piece.body = s.substr(quotes, s.size() - 2 * quotes);
  if (piece.bytes)
    for (char c : piece.body)
      if (static_cast<unsigned char>(c) >= 0x80)
        fail("bytes can only contain ASCII literal characters");
  return piece;
}

Expr* StringConcatenation::result() {
  bool format = false, bytes = false;
  for (int i = first_; i <= last_; i++) {
    token_ = p_.tokens_[i];
    const Piece piece = split(token_);
    if (i > first_ && piece.bytes != bytes) fail("cannot mix bytes and nonbytes literals");
    bytes = piece.bytes;
    format |= piece.format;
    raw_ = piece.raw;
    if (piece.format)
      add_format(piece);
    else
      add_plain(piece);
  }
  if (format) return joined(values_, whole());
  return constant(bytes ? ConstantValue::kBytes : ConstantValue::kStr, values_.literal, whole());
}

Expr* StringConcatenation::constant(ConstantValue::Type type, std::string_view text,
                                    const Range& range) {
  auto* value = p_.arena_.make<ConstantValue>();
  value->type = type;
  value->text = p_.arena_.copy(text);
  auto* e = p_.make_at<Constant>(range.at());
  e->value = value;
  if (type == ConstantValue::kStr && range.first.start[0] == 'u')
    e->kind_name = p_.arena_.intern("u");
  return e;
}

void StringConcatenation::flush(Values& values, const Range& range) {
  if (values.literal.empty()) return;
  values.done.push_back(constant(ConstantValue::kStr, values.literal, range));
  values.literal.clear();
}

Expr* StringConcatenation::joined(Values& values, const Range& range) {
  flush(values, range);
  auto* e = p_.make_at<JoinedStr>(range.at());
  e->values = p_.copy_seq(values.done);
  return e;
}

void StringConcatenation::warn_escape(const char* c) {
  const bool octal = *c >= '4' && *c <= '7';
  size_t n = 3;
  if (!octal) decode_utf8({c, static_cast<size_t>(token_.end - c)}, 0, &n);
  p_.warn(token_,
          std::string(octal ? "invalid octal escape sequence '\\" : "invalid escape sequence '\\") +
              std::string(c, n) + "'");
}

void StringConcatenation::decode(std::string_view text, bool raw, std::string& out) {
  if (raw || text.find('\\') == std::string_view::npos) {
    out += text;
    return;
  }
  EscapeProblem problem;
  if (!decode_str_escapes(text, out, &problem)) fail(problem.error);
  if (problem.unknown) warn_escape(problem.unknown);
}

void StringConcatenation::add_plain(const Piece& piece) {
  if (!piece.bytes || piece.raw) return decode(piece.body, piece.raw, values_.literal);
  EscapeProblem problem;
  if (!decode_bytes_escapes(piece.body, values_.literal, &problem)) fail(problem.error);
  if (problem.unknown) warn_escape(problem.unknown);
}

// --- f-strings

void StringConcatenation::add_format(const Piece& piece) {
  const char* at = piece.body.data();
  end_ = at + piece.body.size();
  parse_format(values_, &at, 0);
}

// Literal text and expressions by turns, to the end or, in a format spec, to its '}'.
void StringConcatenation::parse_format(Values& out, const char** at, int level) {
  for (;;) {
    read_literal(out, at, level);
    if (*at >= end_ || **at == '}') break;
    read_expression(out, at, level);
  }
  if (level > 0 && (*at >= end_ || **at != '}')) fail("f-string: expecting '}'");
}

void StringConcatenation::read_literal(Values& out, const char** at, int level) {
  const char* start = *at;
  const char* p = start;
  bool again = false;  // a doubled brace: more literal follows
  for (; p < end_; p++) {
    if (!raw_ && *p == '\\' && p + 1 < end_) {
      p++;
      if (*p == 'N' && p + 1 < end_ && p[1] == '{') {
        while (p < end_ && *p != '}') p++;
        if (p == end_) break;
        continue;
      }
      if (*p == '{') warn_escape(p);
      if (*p != '{' && *p != '}') continue;
    }
    if (*p != '{' && *p != '}') continue;
    if (level == 0) {
      if (p + 1 < end_ && p[1] == *p) {
        again = true;
        break;
      }
      if (*p == '}') {
        *at = p;
        fail("f-string: single '}' is not allowed");
      }
    }
    break;
  }
  const char* stop = p + (again ? 1 : 0);
  // A backslash in front of a brace stays literal; it is not an escape of it.
  std::string_view text{start, static_cast<size_t>(stop - start)};
  if (!raw_ && !text.empty() && stop < end_ && text.back() == '\\' && !again) {
    size_t slashes = 0;
    while (slashes < text.size() && text[text.size() - 1 - slashes] == '\\') slashes++;
    if (slashes % 2) {
      decode(text.substr(0, text.size() - 1), false, out.literal);
      out.literal += '\\';
      text = {};
    }
  }
  decode(text, raw_, out.literal);
  *at = again ? p + 2 : p;
  if (again) read_literal(out, at, level);
}

// From behind '{' to the character that ends the expression.
const char* StringConcatenation::find_expression_end(const char* p) {
  char quote = 0;
  int quotes = 0;
  std::string open;
  for (; p < end_; p++) {
    const char c = *p;
    if (c == '\\') fail("f-string expression part cannot include a backslash");
    const bool tripled = p + 2 < end_ && p[1] == c && p[2] == c;
    if (quote) {
      if (c != quote || (quotes == 3 && !tripled)) continue;
      if (quotes == 3) p += 2;
      quote = 0;
      continue;
    }
    if (c == '\'' || c == '"') {
      quote = c;
      quotes = tripled ? 3 : 1;
      if (tripled) p += 2;
      continue;
    }
    if (c == '(' || c == '[' || c == '{') {
      if (open.size() >= 200) fail("f-string: too many nested parenthesis");
      open += c;
      continue;
    }
    if (c == '#') fail("f-string expression part cannot include '#'");
    if (open.empty() && std::strchr("!:}=><", c) && c) {
      if (p + 1 < end_ && p[1] == '=' && std::strchr("!=<>", c)) {
        p++;
        continue;
      }
      if (c == '>' || c == '<') continue;
      return p;
    }
    if (c == ')' || c == ']' || c == '}') {
      if (open.empty()) fail(std::string("f-string: unmatched '") + c + "'");
      const char o = open.back();
      open.pop_back();
      if (c != (o == '(' ? ')' : o == '[' ? ']' : '}'))
        fail(std::string("f-string: closing parenthesis '") + c +
             "' does not match opening parenthesis '" + o + "'");
    }
  }
  if (quote) fail("f-string: unterminated string");
  if (!open.empty()) fail(std::string("f-string: unmatched '") + open.back() + "'");
  fail("f-string: expecting '}'");
}

// { expression [=] [!conversion] [:spec] }, with *at on the brace.
void StringConcatenation::read_expression(Values& out, const char** at, int level) {
  if (level >= 2) fail("f-string: expressions nested too deeply");
  const char* brace = *at;
  const auto need_more = [&](const char* p) {
    if (p >= end_) fail("f-string: expecting '}'");
  };
  const char* p = find_expression_end(brace + 1);
  auto* value = p_.arena_.make<FormattedValue>();
  value->kind = NodeKind::FormattedValue;
  value->at = whole().at();
  value->conversion = -1;
  value->value = compile_expression(brace, p);
  bool debug = false;
  if (*p == '=') {
    p++;
    while (p < end_ && (*p == ' ' || (*p >= '\t' && *p <= '\r'))) p++;
    need_more(p);
    out.literal.append(brace + 1, p);
    debug = true;
  }
  if (*p == '!') {
    p++;
    need_more(p);
    value->conversion = static_cast<unsigned char>(*p++);
    if (value->conversion != 's' && value->conversion != 'r' && value->conversion != 'a')
      fail("f-string: invalid conversion character: expected 's', 'r', or 'a'");
    need_more(p);
  }
  if (*p == ':') {
    p++;
    need_more(p);
    Values spec;
    parse_format(spec, &p, level + 1);
    value->format_spec = joined(spec, {token_, token_});
  }
  if (p >= end_ || *p != '}') fail("f-string: expecting '}'");
  if (debug && value->conversion == -1 && !value->format_spec) value->conversion = 'r';
  flush(out, whole());
  out.done.push_back(value);
  *at = p + 1;
}

LexerOrigin StringConcatenation::origin_of(const char* brace) {
  LexerOrigin origin;
  int lines = 0, cols = 0;
  for (const char* p = token_.start; p < brace; p++) lines += *p == '\n';
  const char* first = brace + 1;
  while (first < end_ && (*first == ' ' || *first == '\t' || *first == '\014')) first++;
  if (*first != '\n') {
    const char* line = brace;
    while (line > token_.start && *line != '\n') line--;
    cols = static_cast<int>(brace - line) - (*line == '\n' ? 1 : 0);
  }
  origin.lineno = token_.lineno + lines;
  origin.col_offset = lines ? cols : token_.col + cols;
  return origin;
}

Expr* StringConcatenation::compile_expression(const char* brace, const char* end) {
  const char* p = brace + 1;
  while (p < end && (*p == ' ' || (*p >= '\t' && *p <= '\r'))) p++;
  if (p == end) {
    if (*end == '!' || *end == ':' || *end == '=')
      fail(std::string("f-string: expression required before '") + *end + "'");
    fail("f-string: empty expression not allowed");
  }
  p_.check_stack();
  std::string text = "(" + std::string(brace + 1, end) + ")\n";
  Parser inner(text, origin_of(brace), p_.context_, true);
  return inner.parse_fstring_expression();
}

}  // namespace pystm::vm::compiler
