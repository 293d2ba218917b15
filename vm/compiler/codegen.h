// The tree to register bytecode. One Assembler per scope; the methods follow the tree.
//
// Conventions: expr() returns the register that holds a value (a local read in place, or a new
// temporary on top of the stack); into() writes it to `dst`, by its last instruction, where dst is
// a local or the next free temporary, and leaves the stack as it was; push() puts it on the stack.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "vm/compiler/assembler.h"
#include "vm/compiler/compile.h"

namespace pystm::vm::compiler {

// 1 or 0 if the truth of e is known, else -1.
int constant_truth(const Expr& e);

class Codegen {
 public:
  Codegen(Arena& arena, SymbolTable& table, const CompileOptions& options, std::string filename,
          bool future_annotations, int last_future_line, WarningList& warnings);
  std::shared_ptr<CodeUnit> module(ModNode& m);

 private:
  // What lies between a statement and the loop or function around it, innermost last.
  struct Block {
    enum Kind { Loop, Region, Handler, Finally, FinallyHandler, With, StarBody };
    explicit Block(Kind k) : kind(k) {}
    Kind kind;
    Label break_to, continue_to;  // Loop
    Protected* region = nullptr;  // code that must not cover inlined cleanup
    Reg reg = 0;                  // Handler: saved exception; With: exit pair
    Identifier name;              // Handler: `as` name
    Seq<Stmt*> finalbody;         // Finally
    bool is_async = false;        // With
    const Stmt* stmt = nullptr;
  };
  struct Function;  // state of the scope being compiled
  class At;         // sets the position while a node is compiled
  struct Captures;  // names bound by a pattern

  // --- scopes (codegen.cpp)
  std::shared_ptr<CodeUnit> scope(Scope& s, std::string_view name, int first_line,
                                  void (Codegen::*body)(Node&), Node& node);
  void begin_code();
  void finish_code();
  void module_body(Node& n);
  void class_body(Node& n);
  void function_body(Node& n);
  void lambda_body(Node& n);
  void docstring(Seq<Stmt*> body, bool is_function);
  std::string qualified_name(Scope& s, std::string_view name);
  void make_function(std::shared_ptr<CodeUnit> code, Reg base, unsigned given, Reg dst);
  unsigned function_extras(arguments& a, Expr* returns, Reg base, bool with_annotations);
  unsigned closure(const CodeUnit& code, Reg base, unsigned given);
  void fill_extras(Reg base, unsigned from, unsigned to);
  bool annotation_tuple(arguments& a, Expr* returns, Reg dst);
  void annotation_value(Expr& e, Reg dst);
  template <class F>
  void function_def(F& f, bool is_async);
  void class_def(ClassDef& c);
  void check_parameters(arguments& a);
  void decorate(Seq<Expr*> decorators, Identifier name, Reg base);
  void lambda(Lambda& l, Reg dst);

  // --- names (codegen_names.cpp)
  void load_name(Identifier name, Reg dst);
  int direct_local(Identifier name);
  int store_target_local(Expr& target);
  void store_name(Identifier name, Reg value);
  void delete_name(Identifier name);
  void store(Expr& target, Reg value);
  void unpack(Seq<Expr*> targets, Reg value);
  void delete_target(Expr& target);
  void check_debug(Identifier name, const Position& at, bool deleting = false);
  Identifier mangled(Identifier name);

  // --- expressions (codegen_expr.cpp)
  Reg expr(Expr& e);
  Reg push(Expr& e);
  void into(Expr& e, Reg dst);
  void into_other(Expr& e, Reg dst);
  void effect(Expr& e);
  void bool_op(BoolOp& e, Reg dst);
  void bin_op(Expr& left, Operator op, Expr& right, Reg dst);
  void emit_operator(Operator op, Reg dst, Reg a, Reg b, bool in_place);
  void unary_op(UnaryOp& e, Reg dst);
  void compare(Compare& e, Reg dst);
  void emit_comparison(CmpOp op, Reg dst, Reg a, Reg b);
  void check_compare(Compare& e);
  void check_subscript(Subscript& e);
  void if_exp(IfExp& e, Reg dst);
  void named(NamedExpr& e, Reg dst);
  void slice(Slice& e, Reg dst);
  void sequence(Seq<Expr*> elts, Reg dst, NodeKind kind);
  void dict(Dict& e, Reg dst);
  void joined(JoinedStr& e, Reg dst);
  void formatted(FormattedValue& e, Reg dst);
  void yield(Yield& e, Reg dst);
  void yield_from(YieldFrom& e, Reg dst);
  void await(Expr& e, Reg dst);
  void await_register(Reg base, unsigned context);
  void send_loop(Reg base);
  void move(Reg dst, Reg src);

  // --- conditions (codegen_jump.cpp)
  void jump_if(Expr& e, bool sense, Label target);
  void jump_compare(Compare& e, bool sense, Label target);

  // --- calls and comprehensions (codegen_call.cpp)
  void call(Call& e, Reg dst);
  bool needs_clear_gap(Seq<Expr*> args, Seq<keyword*> keywords);
  bool trivial(Expr& e);
  void finish_call(Reg base, bool method, Seq<Expr*> args, Seq<keyword*> keywords, Reg dst);
  void call_ex(Reg base, Seq<Expr*> args, Seq<keyword*> keywords, Reg dst);
  void keyword_dict(Reg base, Seq<keyword*> keywords);
  void check_keywords(Seq<keyword*> keywords);
  void check_caller(Expr& e);
  void comprehension_expr(Expr& e, Seq<comprehension*> generators, Reg dst);
  void comprehension_body(Node& n);
  struct Comp;
  void comprehension_level(Comp& c, uint32_t level);
  void comprehension_yield(Comp& c);

  // --- statements (codegen_stmt.cpp)
  void stmts(Seq<Stmt*> body);
  void stmt(Stmt& s);
  void other_stmt(Stmt& s);
  void assign(Assign& s);
  void aug_assign(AugAssign& s);
  void ann_assign(AnnAssign& s);
  void return_stmt(Return& s);
  void raise_stmt(Raise& s);
  void assert_stmt(Assert& s);
  void import_stmt(Import& s);
  void import_from(ImportFrom& s);
  void import_name(Reg dst, int level, Const from, std::string_view name);
  void if_stmt(If& s);
  void while_stmt(While& s);
  void for_stmt(For& s);
  void async_for(AsyncFor& s);
  void async_iteration(Reg iter, Expr& target, Label exit, const std::function<void(Label)>& body);
  void break_or_continue(Stmt& s);

  // --- try and with (codegen_try.cpp)
  void try_stmt(Seq<Stmt*> body, Seq<ExceptHandler*> handlers, Seq<Stmt*> orelse,
                Seq<Stmt*> finalbody, bool star, Stmt& s);
  void try_except(Seq<Stmt*> body, Seq<ExceptHandler*> handlers, Seq<Stmt*> orelse, Stmt& s);
  void except_handler(ExceptHandler& h, Reg base, Protected& cleanup, Label end);
  void named_body(ExceptHandler& h, Reg value, Reg save);
  void unbind_handler_name(Identifier name);
  void try_star(Seq<Stmt*> body, Seq<ExceptHandler*> handlers, Seq<Stmt*> orelse, Stmt& s);
  void star_handler(ExceptHandler& h, Reg base);
  void try_finally(Seq<Stmt*> body, Seq<ExceptHandler*> handlers, Seq<Stmt*> orelse,
                   Seq<Stmt*> finalbody, bool star, Stmt& s);
  template <class W>
  void with(W& w, uint32_t item, bool is_async);
  void with_exit(Reg base, bool is_async);
  void push_block(Block block);
  void pop_block() { blocks().pop_back(); }
  void unwind(size_t down_to);
  void reopen(size_t down_to);

  // --- match (codegen_match.cpp)
  void match_stmt(Match& s);
  void match_case_arm(match_case& c, Reg subject, bool last, Label end);
  void pattern(Pattern& p, Reg subject, Label fail, Captures& c);
  void sequence_pattern(MatchSequence& p, Reg subject, Label fail, Captures& c);
  void indexed_items(MatchSequence& p, int star, Reg subject, Label fail_to, Captures& c);
  void mapping_pattern(MatchMapping& p, Reg subject, Label fail, Captures& c);
  void class_pattern(MatchClass& p, Reg subject, Label fail, Captures& c);
  void or_pattern(MatchOr& p, Reg subject, Label fail, Captures& c);
  void capture(Identifier name, Reg value, const Pattern& p, Captures& c);
  void collect_captures(Pattern& p, Captures& c);
  void compare_length(Reg subject, size_t n, bool at_least, Label fail);

  [[noreturn]] void fail(const std::string& message, const Position& at);
  void warn(const std::string& message, const Position& at);
  Const constant(const ConstantValue& v);
  static Const str(std::string_view text);
  std::vector<Block>& blocks();
  Assembler& as() { return *as_; }
  Scope& current() { return as_->scope; }

  Arena& arena_;
  SymbolTable& table_;
  const CompileOptions& options_;
  std::string filename_;
  bool future_annotations_;
  int last_future_line_;
  WarningList& warnings_;
  Assembler* as_ = nullptr;
  Function* function_ = nullptr;
  int depth_ = 0;
  bool interactive_ = false;
  Position pattern_at_;  // of the pattern compiled last: CPython reports clashes there
};

struct Codegen::Function {
  Assembler assembler;
  Function* outer;
  std::vector<Block> blocks;
  std::string qualname;
};

class Codegen::At {
 public:
  At(Codegen& g, const Located& n) : g_(g), saved_(g.as().at) { g.as().at = n.at; }
  ~At() { g_.as().at = saved_; }
  At(const At&) = delete;

 private:
  Codegen& g_;
  Position saved_;
};

}  // namespace pystm::vm::compiler
