// Python 3.11's grammar as a recursive-descent parser with backtracking, one method a rule.
//
// Two passes. The first takes short cuts (precedence climbing, targets converted from
// expressions) and only finds out whether the text is valid. If not, the second pass walks the
// same rules with memoisation, in the grammar's own order of alternatives, and with the `invalid_*`
// rules switched on: the first of them that matches gives the message. If none does, the error is
// "invalid syntax" at the furthest token the first pass looked at.
//
// Invariants: a rule that fails returns null (false) and leaves pos_ where it was; tokens are read
// only when looked at; an error is thrown, never returned.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "vm/compiler/arena.h"
#include "vm/compiler/ast.h"
#include "vm/compiler/lexer.h"
#include "vm/compiler/parse.h"

namespace pystm::vm::compiler {

class Parser {
 public:
  struct Context {
    Arena& arena;
    const ParseOptions& options;
    WarningList& warnings;
    uintptr_t stack_limit;  // lowest address the native stack may reach
    int fstring_depth = 0;
  };

  Parser(std::string_view text, LexerOrigin origin, Context& context, bool is_fstring = false);

  ModNode* parse_module(Mode mode);
  Expr* parse_fstring_expression();

 private:
  friend class StringConcatenation;

  enum class Rule : uint8_t {
    expression,
    star_expression,
    disjunction,
    conjunction,
    inversion,
    bitwise_or,
    factor,
    await_primary,
    primary,
    arguments,
    star_target,
    block,
    invalid_named_expression,
    closed_pattern,
    star_pattern,
    named_expression,
    atom,
    lambda_params
  };
  enum class Targets { Star, Del, For };
  enum class Params { Def, Lambda };

  // --- tokens (parser.cpp)
  void fill();
  Tok type() {
    if (pos_ == static_cast<int>(tokens_.size())) [[unlikely]]
      fill();
    return tokens_[pos_].type;
  }
  bool at(Tok t) { return type() == t; }
  Tok type_after(int n);
  bool accept(Tok t) {
    if (type() != t) return false;
    pos_++;
    return true;
  }
  const Token& token() {
    type();
    return tokens_[pos_];
  }
  const Token& previous() const { return tokens_[pos_ - 1]; }
  void forced(Tok t);
  bool soft_keyword(std::string_view word);
  bool at_name(std::string_view word);
  Identifier identifier(const Token& t);
  Identifier accept_name();
  void check_stack();

  // --- nodes
  template <class T>
  T* make(int start) {
    T* n = arena_.make<T>();
    n->kind = T::kKind;
    if constexpr (std::is_base_of_v<Located, T>) locate(n->at, start);
    return n;
  }
  template <class T>
  T* make_at(const Position& at) {
    T* n = arena_.make<T>();
    n->kind = T::kKind;
    n->at = at;
    return n;
  }
  void locate(Position& at, int start) const;
  Position span(const Position& first, const Position& last) const;

  // Collects children until taken; nested uses stack up.
  template <class T>
  class Items {
   public:
    explicit Items(Parser& p) : p_(p), base_(p.scratch_.size()) {}
    ~Items() { p_.scratch_.resize(base_); }
    void add(T* item) { p_.scratch_.push_back(item); }
    size_t size() const { return p_.scratch_.size() - base_; }
    T* operator[](size_t i) const { return static_cast<T*>(p_.scratch_[base_ + i]); }
    Seq<T*> take() const {
      Seq<T*> s;
      s.count = static_cast<uint32_t>(size());
      if (s.count == 0) return s;
      s.items = static_cast<T**>(p_.arena_.allocate(s.count * sizeof(T*)));
      for (uint32_t i = 0; i < s.count; i++) s.items[i] = (*this)[i];
      return s;
    }

   private:
    Parser& p_;
    size_t base_;
  };
  template <class T>
  Seq<T> copy_seq(const std::vector<T>& v) {
    Seq<T> s;
    s.count = static_cast<uint32_t>(v.size());
    if (s.count) s.items = static_cast<T*>(arena_.allocate(s.count * sizeof(T)));
    for (uint32_t i = 0; i < s.count; i++) s.items[i] = v[i];
    return s;
  }
  template <class T>
  Seq<T*> one(T* item) {
    Seq<T*> s;
    s.count = 1;
    s.items = static_cast<T**>(arena_.allocate(sizeof(T*)));
    s.items[0] = item;
    return s;
  }

  template <class F>
  auto memo(Rule rule, F f) -> decltype(f()) {
    if (!memoise_) return f();
    const uint64_t key = static_cast<uint64_t>(pos_) << 8 | static_cast<uint64_t>(rule);
    if (auto it = memo_.find(key); it != memo_.end()) {
      pos_ = it->second.end;
      return static_cast<decltype(f())>(it->second.node);
    }
    auto result = f();
    memo_[key] = {const_cast<void*>(static_cast<const void*>(result)), pos_};
    return result;
  }

  // --- errors (parser_errors.cpp)
  std::string_view shown_line(int lineno) const;
  void warn(const Token& t, std::string message);  // a DeprecationWarning
  [[noreturn]] void raise_known(ErrorKind kind, int lineno, int col, int end_lineno, int end_col,
                                const std::string& message);
  [[noreturn]] void raise_at(const Position& at, const std::string& message);
  [[noreturn]] void raise_at(const Token& t, const std::string& message);
  [[noreturn]] void raise_range(const Position& a, const Position& b, const std::string& message);
  [[noreturn]] void raise_from(const Position& a, const std::string& message);
  [[noreturn]] void raise_last(ErrorKind kind, const std::string& message);
  [[noreturn]] void raise_syntax(const std::string& m) { raise_last(ErrorKind::Syntax, m); }
  [[noreturn]] void raise_block(const char* what, int lineno);
  void raise_invalid_target(Targets kind, Expr* e);
  Expr* invalid_target(Targets kind, Expr* e);
  const char* expr_name(Expr* e);
  static Position position(const Token& t) { return {t.lineno, t.col, t.end_lineno, t.end_col}; }
  template <class F>
  auto with_error_pass(F parse) -> decltype(parse());
  [[noreturn]] void report_failure(int last_token);
  void check_rest(ErrorInfo& error);
  bool missing_block();

  // --- statements (parser_stmt.cpp, parser_compound.cpp)
  bool statements(Items<Stmt>& out);
  bool statement(Items<Stmt>& out);
  Stmt* compound_stmt();
  bool simple_stmts(Items<Stmt>& out);
  Stmt* simple_stmt();
  Stmt* simple_stmt_by_keyword();
  Stmt* assignment_fast();
  Stmt* assignment();
  Stmt* annotated(int start, Expr* target, bool simple);
  Stmt* chained_assign(int start, Expr* first);
  Stmt* augmented(int start, Expr* target, Operator op);
  bool augassign(Operator* op);
  Expr* annotated_rhs();
  void invalid_assignment();
  Expr* invalid_ann_assign_target();
  Stmt* return_stmt();
  Stmt* raise_stmt();
  Stmt* global_stmt();
  Stmt* del_stmt();
  Stmt* assert_stmt();
  Stmt* import_name();
  Stmt* import_from();
  bool import_from_targets(Seq<alias*>* names);
  Seq<alias*> import_from_as_names();
  Identifier dotted_name();
  bool block(Seq<Stmt*>* out);
  bool block_body(Seq<Stmt*>* out);
  Stmt* if_stmt(bool is_elif);
  bool else_block(Seq<Stmt*>* out);
  Stmt* while_stmt();
  Stmt* for_stmt(int start, bool is_async);
  Stmt* with_stmt(int start, bool is_async);
  bool with_items(bool parenthesised, Seq<withitem*>* out);
  withitem* with_item();
  void invalid_with(bool indent);
  bool invalid_with_items(bool parenthesised);
  Stmt* try_stmt();
  ExceptHandler* except_block(bool star);
  bool finally_block(Seq<Stmt*>* out);
  void invalid_try_stmt();
  void invalid_except(bool star);
  void invalid_except_indent(bool star);
  Stmt* function_def(int start, bool is_async, Seq<Expr*> decorators);
  void invalid_def(bool is_async);
  Stmt* class_def(Seq<Expr*> decorators);
  void invalid_class_def();
  Stmt* decorated();
  void invalid_header(Tok keyword, const char* name);
  void invalid_for(bool is_async);

  // --- parameters (parser_params.cpp)
  arguments* parameters(Params kind);
  void invalid_parameters(Params kind);
  void invalid_star_etc(Params kind);
  void invalid_kwds(Params kind);
  arg* param(Params kind, bool allow_star_annotation = false);
  bool param_ends(Params kind);
  arg* param_no_default(Params kind);
  bool param_with_default(Params kind);
  bool param_maybe_default(Params kind);
  void invalid_parenthesised_parameters(Params kind);
  void star_parameters(Params kind, arg** vararg, arg** kwarg, std::vector<arg*>& kwonly,
                       std::vector<Expr*>& kw_defaults);
  bool slash_no_default(Params kind);
  bool slash_with_default(Params kind);
  Expr* default_value();
  Tok params_end(Params kind) const { return kind == Params::Def ? Tok::RPAR : Tok::COLON; }

  // --- match (parser_match.cpp)
  Stmt* match_stmt();
  void invalid_match_stmt();
  match_case* case_block();
  void invalid_case_block();
  Expr* subject_expr();
  Pattern* patterns();
  Pattern* pattern();
  Pattern* as_or_pattern();
  Pattern* or_pattern();
  Pattern* closed_pattern();
  Pattern* closed_pattern_body();
  Pattern* literal_pattern();
  Pattern* star_pattern();
  Pattern* maybe_star_pattern();
  bool maybe_sequence(Items<Pattern>& out);
  Pattern* group_or_sequence_pattern();
  Pattern* mapping_pattern();
  bool mapping_item(std::vector<Expr*>& keys, std::vector<Pattern*>& values);
  Pattern* class_pattern(int start, Expr* cls);
  Pattern* name_or_class_pattern();
  Expr* name_or_attr();
  Expr* signed_number(bool real_only);
  Expr* literal_expr();
  Expr* guard();

  // --- expressions (parser_expr.cpp, parser_atom.cpp, parser_call.cpp)
  Expr* expression();
  Expr* expression_without_invalid();
  Expr* expressions();
  Expr* star_expressions();
  Expr* star_expression();
  Expr* star_named_expression();
  Expr* named_expression();
  Expr* assignment_expression();
  Expr* yield_expr();
  Expr* yield_or_star_expressions();
  Expr* lambdef();
  Expr* disjunction();
  Expr* conjunction();
  Expr* inversion();
  Expr* comparison();
  bool comparison_operator(CmpOp* op);
  Expr* bitwise_or();
  Expr* binary(int minimum);
  Expr* factor();
  Expr* power();
  Expr* await_primary();
  Expr* primary();
  Expr* primary_tail(int start, Expr* e);
  Expr* call_tail(int start, Expr* func);
  Expr* slices();
  Expr* slice();
  Expr* atom();
  Expr* paren_atom();
  Expr* bracket_atom();
  Expr* brace_atom();
  Expr* brace_with_key(int start, Expr* key);
  Expr* dict_items(int start, std::vector<Expr*> keys, std::vector<Expr*> values);
  Expr* paren_atom_in_order();
  Expr* bracket_atom_in_order();
  Expr* brace_atom_in_order();
  Expr* tuple();
  Expr* group();
  Expr* genexp();
  Expr* list();
  Expr* listcomp();
  Expr* set();
  Expr* dict();
  Expr* setcomp();
  Expr* dictcomp();
  bool star_named_expressions(Items<Expr>& out);
  bool for_if_clauses(Seq<comprehension*>* out);
  comprehension* for_if_clause();
  Expr* strings();
  Expr* number();
  Call* arguments_rule();
  Call* args();
  bool kwargs(std::vector<Expr*>& starred, std::vector<keyword*>& keywords);
  bool kwarg(bool double_star, std::vector<Expr*>& starred, std::vector<keyword*>& keywords);
  Expr* starred_expression();
  Expr* positional_argument();
  Expr* star_targets();
  Expr* star_target();
  Expr* single_target(bool must_not_be_bare);
  bool del_targets(Items<Expr>& out);
  bool to_target(Expr* e, ExprContext ctx, bool star_allowed);
  bool parenthesised(const Expr* e) const;

  // --- invalid rules of expressions (parser_invalid.cpp)
  void invalid_expression();
  void invalid_legacy_expression();
  void invalid_named_expression();
  void invalid_comprehension();
  void invalid_dict_comprehension();
  void invalid_group();
  void invalid_arguments();
  void invalid_kwarg();
  void invalid_double_starred_kvpairs();
  void invalid_kvpair();
  void invalid_for_target();
  bool legacy_statement(Expr* e);
  [[noreturn]] void raise_arguments_order(Call* call);
  const Position& last_of(const Seq<comprehension*>& clauses);

  Context& context_;
  Arena& arena_;
  Lexer lexer_;
  bool is_fstring_;
  int fstring_col_ = 0;
  std::vector<Token> tokens_;
  int pos_ = 0;
  Mode mode_ = Mode::Exec;
  bool second_pass_ = false, invalid_ = false;
  bool memoise_ = false;  // in the second pass, and in the first once a brace display failed
  bool extra_newline_done_ = false;
  std::vector<void*> scratch_;
  struct Memo {
    void* node;
    int end;
  };
  std::unordered_map<uint64_t, Memo> memo_;
};

}  // namespace pystm::vm::compiler
