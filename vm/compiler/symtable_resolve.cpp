// Deciding what every name means: local, cell, free, or global. See symtable.h.
//
// analyze() gets the names bound in enclosing functions and those declared global there, and
// returns the names that are free in the scope or below it.
#include <set>

#include "vm/compiler/symtable_build.h"

namespace pystm::vm::compiler {
namespace {

using Names = std::set<std::string_view>;

class Resolver {
 public:
  explicit Resolver(Arena& arena) : class_name_(arena.intern("__class__")) {}

  // Free names of the scope go to *free.
  void analyze(Scope& scope, const Names* bound, const Names& global, Names* free) {
    Names local, own_bound, own_global, child_free;
    if (scope.type == ScopeType::Class) {
      own_global = global;
      if (bound) own_bound = *bound;
    }
    Names seen_global = global;
    for (Symbol& s : scope.symbols) analyze_name(scope, s, bound, local, *free, seen_global);
    if (scope.type != ScopeType::Class) {
      if (scope.is_function()) own_bound = local;
      if (bound) own_bound.insert(bound->begin(), bound->end());
      own_global = seen_global;
    } else {
      own_bound.insert(class_name_);
    }
    for (Scope* child : scope.children) {
      Names names;
      analyze(*child, &own_bound, own_global, &names);
      child_free.insert(names.begin(), names.end());
      if (child->has_free || child->child_free) scope.child_free = true;
    }
    if (scope.is_function()) make_cells(scope, child_free);
    if (scope.type == ScopeType::Class && child_free.erase(class_name_))
      scope.needs_class_closure = true;
    pass_through(scope, child_free, bound, scope.type == ScopeType::Class);
    free->insert(child_free.begin(), child_free.end());
  }

 private:
  void fail(Scope& scope, const Symbol& s, const std::string& message) {
    for (auto& [name, at] : scope.directives) {
      if (name != s.name) continue;
      ErrorInfo info;
      info.kind = ErrorKind::Syntax;
      info.message = message;
      info.has_position = true;
      info.lineno = at.lineno;
      info.offset = at.col_offset + 1;
      info.end_lineno = at.end_lineno;
      info.end_offset = at.end_col_offset + 1;
      throw CompileError{std::move(info)};
    }
  }

  void analyze_name(Scope& scope, Symbol& s, const Names* bound, Names& local, Names& free,
                    Names& global) {
    if (s.flags & kDefGlobal) {
      if (s.flags & kDefNonlocal)
        fail(scope, s, "name '" + std::string(s.name) + "' is nonlocal and global");
      s.binding = Binding::GlobalExplicit;
      global.insert(s.name);
      return;
    }
    if (s.flags & kDefNonlocal) {
      if (!bound || !bound->count(s.name) || global.count(s.name))
        fail(scope, s, "no binding for nonlocal '" + std::string(s.name) + "' found");
      s.binding = Binding::Free;
      scope.has_free = true;
      free.insert(s.name);
      return;
    }
    if (s.flags & kDefBound) {
      s.binding = Binding::Local;
      local.insert(s.name);
      global.erase(s.name);
      return;
    }
    if (bound && bound->count(s.name) && !global.count(s.name)) {
      s.binding = Binding::Free;
      scope.has_free = true;
      free.insert(s.name);
      return;
    }
    if (scope.nested) scope.has_free = true;
    s.binding = Binding::GlobalImplicit;
  }

  // Locals that inner scopes use live in cells.
  void make_cells(Scope& scope, Names& free) {
    for (Symbol& s : scope.symbols)
      if (s.binding == Binding::Local && free.erase(s.name)) s.binding = Binding::Cell;
  }

  // Names that are free below and not bound here are free here, too.
  void pass_through(Scope& scope, const Names& free, const Names* bound, bool is_class) {
    for (std::string_view name : free) {
      if (Symbol* s = scope.find(name)) {
        if (is_class && (s->flags & (kDefBound | kDefGlobal))) s->flags |= kDefFreeClass;
        continue;
      }
      if (bound && !bound->count(name)) continue;
      scope.index.emplace(name, static_cast<uint32_t>(scope.symbols.size()));
      scope.symbols.push_back({name, 0, Binding::Free});
    }
  }

  Identifier class_name_;
};

}  // namespace

void resolve_scopes(SymbolTable& table, Arena& arena) {
  Names free;
  Resolver(arena).analyze(*table.top, nullptr, {}, &free);
}

}  // namespace pystm::vm::compiler
