// The walk that collects symbols; see symtable.h.
#pragma once

#include "vm/compiler/symtable.h"

namespace pystm::vm::compiler {

class SymbolCollector {
 public:
  SymbolCollector(Arena& arena, bool future_annotations, int max_depth, SymbolTable& table)
      : arena_(arena),
        future_annotations_(future_annotations),
        max_depth_(max_depth),
        table_(table) {}
  void module(ModNode& m);

 private:
  void enter(ScopeType type, Identifier name, const Node* node, const Position& at);
  void leave() { scope_ = scope_->parent; }
  Symbol& add(Identifier name, uint32_t flag, const Position& at);
  Symbol& add_to(Scope& scope, Identifier mangled, uint32_t flag, const Position& at);

  void stmts(Seq<Stmt*> body) {
    for (Stmt* s : body) stmt(*s);
  }
  void exprs(Seq<Expr*> list) {
    for (Expr* e : list)
      if (e) expr(*e);
  }
  void optional(Expr* e) {
    if (e) expr(*e);
  }
  void stmt(Stmt& s);
  void other_stmt(Stmt& s);
  void expr(Expr& e);
  void pattern(Pattern& p);
  template <class F>
  void function(F& f, bool is_async);
  void parameters(arguments& a);
  void parameter_defaults(arguments& a);
  void annotations(arguments& a, Expr* returns);
  void annotation(Expr& e);
  void class_def(ClassDef& c);
  void lambda(Lambda& l);
  void comprehension_scope(Expr& e, Identifier name, Seq<comprehension*> generators, Expr* elt,
                           Expr* value, ComprehensionType type);
  void comprehension_clause(comprehension& c);
  void named_expr(NamedExpr& e);
  void extend_to_enclosing(NamedExpr& e, Name& target);
  void ann_assign(AnnAssign& s);
  void directive(Stmt& s, Seq<Identifier> names, bool global);
  void imported(alias& a);
  void try_parts(Seq<Stmt*> body, Seq<ExceptHandler*> handlers, Seq<Stmt*> orelse,
                 Seq<Stmt*> finalbody);
  void yield_like(Expr& e, Expr* value, const char* what);
  [[noreturn]] void fail(const std::string& message, const Position& at);

  struct DepthGuard {
    explicit DepthGuard(SymbolCollector& c);
    ~DepthGuard() { c.depth_--; }
    SymbolCollector& c;
  };

  Arena& arena_;
  bool future_annotations_;
  int max_depth_, depth_ = 0;
  SymbolTable& table_;
  Scope* scope_ = nullptr;
  Identifier private_name_;
};

// Resolves every scope below top; see symtable_resolve.cpp. Throws CompileError.
void resolve_scopes(SymbolTable& table, Arena& arena);

}  // namespace pystm::vm::compiler
