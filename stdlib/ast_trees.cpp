// From objects of the classes of module _ast back to the compiler's tree, by the same table
// (ast_nodes.def): what compile() makes of a tree that a program has built or changed.
//
// Nothing is taken for granted: any field may be missing, of another class, or a cycle (which ends
// in RecursionError). vm/compiler/validate.cpp then checks what types alone do not say.
#include <climits>

#include "stdlib/ast_objects.h"
#include "stdlib/support.h"
#include "vm/compiler/validate.h"

namespace pystm::lib {

namespace {

namespace c = vm::compiler;

constexpr size_t kKinds = 0
#define NODE(category, name, ...) +1
#include "vm/compiler/ast_nodes.def"
    ;

// What the grammar calls a kind of child; a product (arguments, keyword ...) has its own name.
template <class T>
constexpr const char* kSumName = nullptr;
template <>
constexpr const char* kSumName<c::ModNode> = "mod";
template <>
constexpr const char* kSumName<c::Stmt> = "stmt";
template <>
constexpr const char* kSumName<c::Expr> = "expr";
template <>
constexpr const char* kSumName<c::Pattern> = "pattern";
template <>
constexpr const char* kSumName<c::ExceptHandler> = "excepthandler";
template <>
constexpr const char* kSumName<c::TypeIgnoreNode> = "type_ignore";
template <>
constexpr const char* kSumName<c::ExprContext> = "expr_context";
template <>
constexpr const char* kSumName<c::BoolOpKind> = "boolop";
template <>
constexpr const char* kSumName<c::Operator> = "operator";
template <>
constexpr const char* kSumName<c::UnaryOpKind> = "unaryop";
template <>
constexpr const char* kSumName<c::CmpOp> = "cmpop";

class Trees {
 public:
  Trees(Context& cx, Dict* classes, c::Arena& arena) : cx_(cx), classes_(classes), arena_(arena) {}

  Result<void> find_classes() {
    for (size_t k = 0; k < kKinds; ++k)
      kinds_[k] = TRY(class_named(c::node_name(static_cast<c::NodeKind>(k))));
    return {};
  }

  template <class T>
  Result<void> node(Value object, T** out);

 private:
  Result<Type*> class_named(const char* name) {
    const Value cls = dict_get_str(cx_, classes_, name);
    if (!is_type(cls)) return raise(cx_, kSystemError, "module _ast has no class %s", name);
    return as_type(cls);
  }

  Result<Value> field(Value object, std::string_view name, const char* owner) {
    const Value v = TRY(find_attr(cx_, object, intern(cx_, ast_field_name(name))));
    if (!v.is_unset()) return v;
    return raise(cx_, kTypeError, "required field \"%s\" missing from %s",
                 std::string(ast_field_name(name)).c_str(), owner);
  }
  Error is_required(const char* name, const char* owner) {
    return raise(cx_, kValueError, "field '%s' is required for %s",
                 std::string(ast_field_name(name)).c_str(), owner);
  }
  Error unexpected(const char* wanted, Value object) {
    const Value text = TRY(repr(cx_, object));
    return raise(cx_, kTypeError, "expected some sort of %s, but got %s", wanted,
                 to_utf8(cx_, text).c_str());
  }

  // The fields of one node: the macros below call these.
  Result<void> get_identifier(Value object, const char* name, const char* owner, bool required,
                              c::Identifier* out);
  Result<void> identifier(Value v, c::Identifier* out);
  Result<void> get_text(Value object, const char* name, const char* owner, c::Identifier* out);
  Result<void> get_integer(Value object, const char* name, const char* owner, bool required,
                           int32_t* out);
  Result<void> get_constant(Value object, const char* name, const char* owner,
                            const c::ConstantValue** out);
  template <class T>
  Result<void> get_node(Value object, const char* name, const char* owner, bool required, T** out) {
    const Value v = TRY(field(object, name, owner));
    if (v != kNone) return node(v, out);
    if (required) return is_required(name, owner);
    return {};
  }
  template <class E>
  Result<void> get_value(Value object, const char* name, const char* owner, E* out) {
    const Value v = TRY(field(object, name, owner));
    if (v == kNone) return is_required(name, owner);
    return enumerator(v, out);
  }
  template <class T, class F>
  Result<void> get_sequence(Value object, const char* name, const char* owner, c::Seq<T>* out,
                            F&& convert);
  Result<void> get_identifiers(Value object, const char* name, const char* owner,
                               c::Seq<c::Identifier>* out) {
    return get_sequence(object, name, owner, out,
                        [&](Value v, c::Identifier* to) { return identifier(v, to); });
  }
  template <class T>
  Result<void> get_nodes(Value object, const char* name, const char* owner, c::Seq<T*>* out) {
    constexpr bool kNullable = std::is_same_v<T, c::Expr> || std::is_same_v<T, c::Stmt> ||
                               std::is_same_v<T, c::Pattern>;  // validate() says where not
    return get_sequence(object, name, owner, out, [&](Value v, T** to) -> Result<void> {
      if (kNullable && v == kNone) return {};
      return node(v, to);
    });
  }
  template <class E>
  Result<void> get_values(Value object, const char* name, const char* owner, c::Seq<E>* out) {
    return get_sequence(object, name, owner, out,
                        [&](Value v, E* to) { return enumerator(v, to); });
  }

  template <class E>
  Result<void> enumerator(Value object, E* out);
  template <class T>
  Result<c::Node*> alternative(Value object);
  template <class T>
  Result<c::Node*> filled(Value object);
  Result<void> position(Value object, const char* owner, bool whole, c::Position* out);
  Result<void> integer(Value v, int32_t* out);
  Result<const c::ConstantValue*> constant(Value v);
  Result<void> constants(Value iterable, c::ConstantValue* out);

#define NODE(category, name, ...) Result<void> fill(Value object, c::name* n);
#include "vm/compiler/ast_nodes.def"

  Context& cx_;
  Dict* classes_;
  c::Arena& arena_;
  Type* kinds_[kKinds] = {};
};

Result<void> Trees::identifier(Value v, c::Identifier* out) {
  if (v == kNone) return {};
  if (!is_exact_str(v)) return raise(cx_, kTypeError, "AST identifier must be of type str");
  *out = arena_.intern(to_utf8(cx_, v));
  return {};
}

Result<void> Trees::get_identifier(Value object, const char* name, const char* owner, bool required,
                                   c::Identifier* out) {
  TRY(identifier(TRY(field(object, name, owner)), out));
  if (required && out->data() == nullptr) return is_required(name, owner);
  return {};
}

Result<void> Trees::get_text(Value object, const char* name, const char* owner,
                             c::Identifier* out) {
  const Value v = TRY(field(object, name, owner));
  if (v == kNone) return {};
  if (is_bytes(v)) {
    *out = arena_.copy(bytes_view(unwrap_derived(v).as<Bytes>()));
    return {};
  }
  if (!is_exact_str(v)) return raise(cx_, kTypeError, "AST string must be of type str");
  *out = arena_.copy(to_utf8(cx_, v));
  return {};
}

Result<void> Trees::integer(Value v, int32_t* out) {
  if (!is_int(v)) {
    const Value text = TRY(repr(cx_, v));
    return raise(cx_, kValueError, "invalid integer value: %s", to_utf8(cx_, text).c_str());
  }
  int64_t i;
  if (!to_int64(v, &i) || i < INT_MIN || i > INT_MAX)
    return raise(cx_, kOverflowError, "Python int too large to convert to C int");
  *out = static_cast<int32_t>(i);
  return {};
}

Result<void> Trees::get_integer(Value object, const char* name, const char* owner, bool required,
                                int32_t* out) {
  const Value v = TRY(field(object, name, owner));
  if (!required && v == kNone) return {};
  return integer(v, out);
}

// `whole`: the end may not be left out.
Result<void> Trees::position(Value object, const char* owner, bool whole, c::Position* out) {
  TRY(get_integer(object, "lineno", owner, true, &out->lineno));
  TRY(get_integer(object, "col_offset", owner, true, &out->col_offset));
  out->end_lineno = out->lineno;
  out->end_col_offset = out->col_offset;
  auto end = [&](const char* name, int32_t* to) -> Result<void> {
    if (whole) return get_integer(object, name, owner, true, to);
    const Value v = TRY(find_attr(cx_, object, intern(cx_, name)));
    if (v.is_unset() || v == kNone) return {};
    return integer(v, to);
  };
  TRY(end("end_lineno", &out->end_lineno));
  return end("end_col_offset", &out->end_col_offset);
}

Result<void> Trees::constants(Value iterable, c::ConstantValue* out) {
  std::vector<const c::ConstantValue*> items;
  TRY(for_each(cx_, iterable, [&](Value item) -> Result<void> {
    items.push_back(TRY(constant(item)));
    return {};
  }));
  out->items.count = static_cast<uint32_t>(items.size());
  out->items.items = static_cast<const c::ConstantValue**>(
      arena_.allocate(sizeof(c::ConstantValue*) * (items.size() + 1)));
  std::copy(items.begin(), items.end(), out->items.items);
  return {};
}

Result<const c::ConstantValue*> Trees::constant(Value v) {
  NativeDepth depth(cx_);
  TRY(depth.check(" during compilation"));
  using C = c::ConstantValue;
  auto* out = arena_.make<C>();
  const Type* type = type_of(v);
  int64_t small;
  if (v == kNone) {
    out->type = C::kNone;
  } else if (is_bool(v)) {
    out->type = v == kTrue ? C::kTrue : C::kFalse;
  } else if (v == kEllipsis) {
    out->type = C::kEllipsis;
  } else if (type == types().int_ && to_int64(v, &small)) {
    out->type = C::kInt;
    out->integer = small;
  } else if (type == types().int_) {
    out->type = C::kBigInt;
    out->text = arena_.copy(
        to_utf8(cx_, TRY(call_method(cx_, v, "__format__", {Value(intern(cx_, "#x"))}))));
  } else if (type == types().float_) {
    out->type = C::kFloat;
    out->real = float_value(v);
  } else if (type == types().complex) {
    out->type = C::kComplex;
    out->real = v.as<Complex>()->real;
    out->imag = v.as<Complex>()->imag;
  } else if (is_exact_str(v)) {
    out->type = C::kStr;
    out->text = arena_.copy(to_utf8(cx_, v));
  } else if (type == types().bytes) {
    out->type = C::kBytes;
    out->text = arena_.copy(bytes_view(v.as<Bytes>()));
  } else if (type == types().tuple || type == types().frozenset) {
    out->type = type == types().tuple ? C::kTuple : C::kFrozenSet;
    TRY(constants(v, out));
  } else {
    return raise(cx_, kTypeError, "got an invalid type in Constant: %s", TYPE_NAME(v));
  }
  return out;
}

Result<void> Trees::get_constant(Value object, const char* name, const char* owner,
                                 const c::ConstantValue** out) {
  *out = TRY(constant(TRY(field(object, name, owner))));
  return {};
}

template <class T, class F>
Result<void> Trees::get_sequence(Value object, const char* name, const char* owner, c::Seq<T>* out,
                                 F&& convert) {
  const Value v = TRY(field(object, name, owner));
  if (!is_list(v))
    return raise(cx_, kTypeError, "%s field \"%s\" must be a list, not a %s", owner,
                 std::string(ast_field_name(name)).c_str(), TYPE_NAME(v));
  auto* list = unwrap_derived(v).as<List>();
  const int64_t n = list_length(cx_, list);
  out->items = static_cast<T*>(arena_.allocate(sizeof(T) * (n + 1)));
  for (int64_t k = 0; k < n; ++k) {
    out->items[k] = T{};
    TRY(convert(list_get(cx_, list, k), &out->items[k]));
    if (list_length(cx_, list) != n)
      return raise(cx_, kRuntimeError, "%s field \"%s\" changed size during iteration", owner,
                   std::string(ast_field_name(name)).c_str());
  }
  out->count = static_cast<uint32_t>(n);
  return {};
}

template <class E>
Result<void> Trees::enumerator(Value object, E* out) {
  Type* type = type_of(object);
#define ENUM(category, name)                         \
  if constexpr (std::is_same_v<E, c::category>) {    \
    if (is_subtype(type, TRY(class_named(#name)))) { \
      *out = c::category::name;                      \
      return {};                                     \
    }                                                \
  }
#include "vm/compiler/ast_nodes.def"
  return unexpected(kSumName<E>, object);
}

template <class T>
Result<c::Node*> Trees::filled(Value object) {
  T* n = arena_.make<T>();
  n->kind = T::kKind;
  if constexpr (std::is_base_of_v<c::Located, T>) {
    constexpr bool kWhole = std::is_base_of_v<c::Pattern, T>;
    const char* owner = std::is_base_of_v<c::Stmt, T>         ? kSumName<c::Stmt>
                        : std::is_base_of_v<c::Expr, T>       ? kSumName<c::Expr>
                        : kWhole                              ? kSumName<c::Pattern>
                        : std::is_same_v<T, c::ExceptHandler> ? kSumName<c::ExceptHandler>
                                                              : c::node_name(T::kKind);
    TRY(position(object, owner, kWhole, &n->at));
  }
  TRY(fill(object, n));
  return static_cast<c::Node*>(n);
}

// The node of the alternative of T whose instance the object is.
template <class T>
Result<c::Node*> Trees::alternative(Value object) {
  Type* type = type_of(object);
#define NODE(category, name, ...)                                               \
  if constexpr (std::is_same_v<T, c::category> || std::is_same_v<T, c::name>) { \
    if (is_subtype(type, kinds_[static_cast<size_t>(c::NodeKind::name)]))       \
      return filled<c::name>(object);                                           \
  }
#include "vm/compiler/ast_nodes.def"
  // Without a position it is not even looked at, as CPython has it.
  if constexpr (std::is_base_of_v<c::Located, T>) {
    c::Position ignored;
    TRY(position(object, kSumName<T>, false, &ignored));
  }
  return unexpected(kSumName<T>, object);
}

template <class T>
Result<void> Trees::node(Value object, T** out) {
  NativeDepth depth(cx_);
  const char* name = kSumName<T>;
  if constexpr (kSumName<T> == nullptr) name = c::node_name(T::kKind);
  TRY(depth.check((" while traversing '" + std::string(name) + "' node").c_str()));
  if constexpr (kSumName<T> != nullptr) {
    *out = static_cast<T*>(TRY(alternative<T>(object)));
  } else {
    *out = static_cast<T*>(TRY(filled<T>(object)));
  }
  return {};
}

#define IDENT(f) TRY(get_identifier(object, #f, owner, true, &n->f));
#define OPT_IDENT(f) TRY(get_identifier(object, #f, owner, false, &n->f));
#define IDENTS(f) TRY(get_identifiers(object, #f, owner, &n->f));
#define ONE(type_, f) TRY(get_node(object, #f, owner, true, &n->f));
#define OPT(type_, f) TRY(get_node(object, #f, owner, false, &n->f));
#define MANY(type_, f) TRY(get_nodes(object, #f, owner, &n->f));
#define MANY_OPT(type_, f) TRY(get_nodes(object, #f, owner, &n->f));
#define VALUE(type_, f) TRY(get_value(object, #f, owner, &n->f));
#define VALUES(type_, f) TRY(get_values(object, #f, owner, &n->f));
#define INT(f) TRY(get_integer(object, #f, owner, true, &n->f));
#define OPT_INT(f) TRY(get_integer(object, #f, owner, false, &n->f));
#define OPT_STR(f) TRY(get_text(object, #f, owner, &n->f));
#define CONST(f) TRY(get_constant(object, #f, owner, &n->f));
#define NODE(category, name, ...)                               \
  Result<void> Trees::fill(Value object, c::name* n) {          \
    [[maybe_unused]] const char* owner = c::node_name(n->kind); \
    (void)object;                                               \
    __VA_ARGS__                                                 \
    return {};                                                  \
  }
#include "vm/compiler/ast_nodes.def"

Result<Dict*> ast_classes(Context& cx) {
  return TRY(import_module(cx, "_ast")).as<Module>()->dict.ptr;
}

}  // namespace

Result<bool> is_ast_object(Context& cx, Value object) {
  if (!object.is_object() || is_str(object) || is_bytes_like(object)) return false;
  const Value base = dict_get_str(cx, TRY(ast_classes(cx)), "AST");
  return is_type(base) && is_subtype(type_of(object), as_type(base));
}

Result<c::ModNode*> ast_tree(Context& cx, Value object, c::Mode mode, c::Arena& arena) {
  constexpr c::NodeKind kWanted[] = {c::NodeKind::Module, c::NodeKind::Expression,
                                     c::NodeKind::Interactive};
  const char* wanted = c::node_name(kWanted[static_cast<size_t>(mode)]);
  Dict* classes = TRY(ast_classes(cx));
  const Value cls = dict_get_str(cx, classes, wanted);
  if (!is_type(cls) || !is_subtype(type_of(object), as_type(cls)))
    return raise(cx, kTypeError, "expected %s node, got %s", wanted, TYPE_NAME(object));
  Trees trees(cx, classes, arena);
  TRY(trees.find_classes());
  c::ModNode* module = nullptr;
  TRY(trees.node(object, &module));
  if (const auto fault = c::validate(*module))
    return raise(cx, fault->is_type_error ? kTypeError : kValueError, "%s", fault->message.c_str());
  return module;
}

}  // namespace pystm::lib
