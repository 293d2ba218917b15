// Generic walks over the tree. for_each_field calls, for every field in the order of `_fields`,
//   v.identifier(name, Identifier)   v.identifiers(name, Seq<Identifier>)
//   v.node(name, T*)                 v.nodes(name, Seq<T*>)
//   v.value(name, Enum)              v.values(name, Seq<Enum>)
//   v.integer(name, int)             v.text(name, string)     v.constant(name, ConstantValue*)
#pragma once

#include <type_traits>

#include "vm/compiler/ast.h"

namespace pystm::vm::compiler {

#define IDENT(name) v.identifier(#name, n.name);
#define OPT_IDENT(name) v.identifier(#name, n.name);
#define IDENTS(name) v.identifiers(#name, n.name);
#define ONE(type_, name) v.node(#name, n.name);
#define OPT(type_, name) v.node(#name, n.name);
#define MANY(type_, name) v.nodes(#name, n.name);
#define MANY_OPT(type_, name) v.nodes(#name, n.name);
#define VALUE(type_, name) v.value(#name, n.name);
#define VALUES(type_, name) v.values(#name, n.name);
#define INT(name) v.integer(#name, n.name);
#define OPT_INT(name) v.integer(#name, n.name);
#define OPT_STR(name) v.text(#name, n.name);
#define CONST(name) v.constant(#name, n.name);
#define NODE(category, name, ...)       \
  template <class V>                    \
  void for_each_field(name& n, V&& v) { \
    (void)n;                            \
    __VA_ARGS__                         \
  }
#include "vm/compiler/ast_nodes.def"

template <class V>
void for_each_field(Node& n, V&& v) {
  switch (n.kind) {
#define NODE(category, name, ...) \
  case NodeKind::name:            \
    return for_each_field(static_cast<name&>(n), v);
#include "vm/compiler/ast_nodes.def"
  }
}

// The position of a node that has one, else null.
inline Located* located(Node& n) {
  switch (n.kind) {
#define NODE(category, name, ...) \
  case NodeKind::name:            \
    return std::is_base_of_v<Located, category> ? static_cast<Located*>(&n) : nullptr;
#include "vm/compiler/ast_nodes.def"
  }
  return nullptr;
}

// The name of an enumeration value, for the dumper and for `_ast`.
template <class E>
const char* enum_name(E value) {
#define ENUM(category, name)                   \
  if constexpr (std::is_same_v<E, category>) { \
    if (value == category::name) return #name; \
  }
#include "vm/compiler/ast_nodes.def"
  return "?";
}

}  // namespace pystm::vm::compiler
