// The abstract syntax tree: structs generated from ast_nodes.def, plus constants and sequences.
//
// Invariants: all nodes live in the Arena of their ParseResult; identifiers are interned there, so
// equal identifiers have equal data(); column offsets count UTF-8 bytes from zero, lines from one.
#pragma once

#include <cstdint>
#include <string_view>

namespace pystm::vm::compiler {

using Identifier = std::string_view;  // data() == nullptr: absent

template <class T>
struct Seq {
  T* items = nullptr;
  uint32_t count = 0;
  T* begin() const { return items; }
  T* end() const { return items + count; }
  T& operator[](size_t i) const { return items[i]; }
  T& back() const { return items[count - 1]; }
  uint32_t size() const { return count; }
  bool empty() const { return count == 0; }
};

// A constant as the compiler knows it. Text lives in the arena.
struct ConstantValue {
  enum Type : uint8_t {
    kNone,
    kTrue,
    kFalse,
    kEllipsis,
    kInt,        // integer
    kBigInt,     // text: [-]digits in decimal, or [-]0x...; no underscores, no leading zeros
    kFloat,      // real
    kComplex,    // real, imag
    kStr,        // text: UTF-8, surrogates encoded as three bytes each (WTF-8)
    kBytes,      // text: the bytes
    kTuple,      // items
    kFrozenSet,  // items
  };
  Type type = kNone;
  int64_t integer = 0;
  double real = 0, imag = 0;
  std::string_view text;
  Seq<const ConstantValue*> items;
};

enum class NodeKind : uint8_t {
#define NODE(category, name, ...) name,
#include "vm/compiler/ast_nodes.def"
};

enum class ExprContext : uint8_t { Load, Store, Del };
enum class BoolOpKind : uint8_t { And, Or };
enum class Operator : uint8_t {
  Add,
  Sub,
  Mult,
  MatMult,
  Div,
  Mod,
  Pow,
  LShift,
  RShift,
  BitOr,
  BitXor,
  BitAnd,
  FloorDiv
};
enum class UnaryOpKind : uint8_t { Invert, Not, UAdd, USub };
enum class CmpOp : uint8_t { Eq, NotEq, Lt, LtE, Gt, GtE, Is, IsNot, In, NotIn };

// Every row of the table is a value here.
#define ENUM(category, name) static_assert(sizeof(category::name) == 1);
#include "vm/compiler/ast_nodes.def"

struct Position {
  int32_t lineno = 0, col_offset = 0, end_lineno = 0, end_col_offset = 0;
};

struct Node {
  NodeKind kind;
};
struct Located : Node {
  Position at;
};
struct ModNode : Node {};
struct TypeIgnoreNode : Node {};
struct Stmt : Located {};
struct Expr : Located {};
struct Pattern : Located {};

#define NODE(category, name, ...) struct name;
#include "vm/compiler/ast_nodes.def"

#define IDENT(name) Identifier name;
#define OPT_IDENT(name) Identifier name;
#define IDENTS(name) Seq<Identifier> name;
#define ONE(type_, name) type_* name = nullptr;
#define OPT(type_, name) type_* name = nullptr;
#define MANY(type_, name) Seq<type_*> name;
#define MANY_OPT(type_, name) Seq<type_*> name;
#define VALUE(type_, name) type_ name{};
#define VALUES(type_, name) Seq<type_> name;
#define INT(name) int32_t name = 0;
#define OPT_INT(name) int32_t name = 0;
#define OPT_STR(name) Identifier name;
#define CONST(name) const ConstantValue* name = nullptr;
#define NODE(category, name, ...)                     \
  struct name : category {                            \
    static constexpr NodeKind kKind = NodeKind::name; \
    __VA_ARGS__                                       \
  };
#include "vm/compiler/ast_nodes.def"

template <class T>
T* node_cast(Node* n) {
  return n && n->kind == T::kKind ? static_cast<T*>(n) : nullptr;
}
template <class T>
const T* node_cast(const Node* n) {
  return n && n->kind == T::kKind ? static_cast<const T*>(n) : nullptr;
}

// The class name in the `ast` module.
const char* node_name(NodeKind kind);

}  // namespace pystm::vm::compiler
