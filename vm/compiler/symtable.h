// Scopes and what every name means in each of them.
//
// Two steps, as in CPython: a walk of the tree collects, per scope, how names are used; then scopes
// are resolved from the outside in. Names are mangled (private names of classes) as they are
// collected, so look-ups must mangle, too: Scope::mangle().
#pragma once

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "vm/compiler/arena.h"
#include "vm/compiler/ast.h"
#include "vm/compiler/errors.h"

namespace pystm::vm::compiler {

// How a name is used in a scope (CPython's values, as `symtable` shows them).
enum SymbolFlag : uint32_t {
  kDefGlobal = 1,
  kDefLocal = 2,
  kDefParam = 4,
  kDefNonlocal = 8,
  kUse = 16,
  kDefFreeClass = 64,
  kDefImport = 128,
  kDefAnnotated = 256,
  kDefCompIter = 512,
  // Our own, for the code generator: the name may become unbound, or is a target of `:=`.
  kMayUnbind = 1 << 16,
  kWalrus = 1 << 17,
  kDefBound = kDefLocal | kDefParam | kDefImport,
};

enum class Binding : uint8_t { Unknown, Local, GlobalExplicit, GlobalImplicit, Free, Cell };

enum class ScopeType : uint8_t { Function, Class, Module, Annotation };

enum class ComprehensionType : uint8_t { None, List, Set, Dict, Generator };

struct Symbol {
  Identifier name;
  uint32_t flags = 0;
  Binding binding = Binding::Unknown;
};

struct Scope {
  ScopeType type;
  Identifier name;
  const Node* node;
  Scope* parent = nullptr;
  Position at;
  std::vector<Scope*> children;
  std::vector<Symbol> symbols;  // in order of first mention
  std::unordered_map<std::string_view, uint32_t> index;
  std::vector<Identifier> params;                           // in the order of varnames
  std::vector<std::pair<Identifier, Position>> directives;  // global and nonlocal
  Identifier private_name;  // of the class whose names are mangled here
  ComprehensionType comprehension = ComprehensionType::None;
  bool nested = false, generator = false, coroutine = false, varargs = false, varkeywords = false;
  bool returns_value = false, needs_class_closure = false, comp_iter_target = false;
  bool has_free = false, child_free = false, has_annotations = false;
  int comp_iter_expr = 0;

  Symbol* find(std::string_view mangled) {
    auto it = index.find(mangled);
    return it == index.end() ? nullptr : &symbols[it->second];
  }
  Binding binding_of(std::string_view mangled) {
    const Symbol* s = find(mangled);
    return s ? s->binding : Binding::Unknown;
  }
  bool is_function() const { return type == ScopeType::Function; }
};

struct SymbolTable {
  Scope* top = nullptr;
  std::vector<std::unique_ptr<Scope>> scopes;
  std::unordered_map<const Node*, Scope*> by_node;  // Module, def, class, lambda, comprehension
};

// name as it is stored in a class of that name: __x becomes _Class__x.
Identifier mangle(Arena& arena, Identifier class_name, Identifier name);

// Throws CompileError.
SymbolTable build_symbol_table(ModNode& module, Arena& arena, bool future_annotations,
                               int max_depth);

}  // namespace pystm::vm::compiler
