// types.GenericAlias (list[int]) and types.UnionType (int | str), PEP 585 and PEP 604.
#include "vm/types/alias.h"

#include "vm/object/dict.h"
#include "vm/object/instance.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/call.h"
#include "vm/runtime/native.h"
#include "vm/runtime/operators.h"
#include "vm/types/define.h"

namespace pystm::vm {

namespace {

// Type parameters (TypeVar and the like) in a tuple of arguments, each once, in order.
Result<Tuple*> collect_parameters(Context& cx, Tuple* args) {
  List* out = new_list(cx);
  auto add = [&](Value v) -> Result<void> {
    const int64_t n = list_length(cx, out);
    for (int64_t i = 0; i < n; ++i)
      if (list_get(cx, out, i) == v) return {};
    return list_append(cx, out, v);
  };
  for (size_t i = 0; i < args->length; ++i) {
    const Value v = (*args)[i];
    if (is_type(v)) continue;
    if (!type_lookup(type_of(v), names().__typing_subst__).is_unset()) {
      TRY(add(v));
      continue;
    }
    const Value inner = TRY(find_attr(cx, v, names().__parameters__));
    if (inner.is_unset() || !is_tuple(inner)) continue;
    for (size_t k = 0; k < inner.as<Tuple>()->length; ++k) TRY(add((*inner.as<Tuple>())[k]));
  }
  return list_to_tuple(cx, out);
}

// The text of a type argument: builtins by name, others by module and name.
Result<Value> type_text(Context& cx, Value v) {
  if (v == kEllipsis) return Value(intern(cx, "..."));
  if (v == Value(types().none)) return Value(intern(cx, "None"));
  if (has_shape(v, kShapeGenericAlias)) return repr(cx, v);
  const Value qualname = TRY(find_attr(cx, v, names().__qualname__));
  const Value module = TRY(find_attr(cx, v, names().__module__));
  if (qualname.is_unset() || module.is_unset() || !is_str(qualname) || !is_str(module))
    return repr(cx, v);
  if (to_utf8(cx, module) == "builtins") return qualname;
  return Value(TRY(new_str(cx, to_utf8(cx, module) + "." + to_utf8(cx, qualname))));
}

Result<Value> make_alias(Context& cx, Value origin, Tuple* args, bool unpacked) {
  Tuple* parameters = TRY(collect_parameters(cx, args));
  auto* a = alloc<GenericAlias>(cx, kShapeGenericAlias);
  a->origin = origin;
  a->args = args;
  a->parameters = parameters;
  a->unpacked = unpacked;
  return Value(a);
}

// alias[x]: parameters replaced by the arguments given.
Result<Value> substitute(Context& cx, Value self, Tuple* args, Tuple* parameters, Value item) {
  if (parameters->length == 0)
    return raise(cx, kTypeError, "%s is not a generic class", repr_utf8(cx, self).c_str());
  Tuple* given = is_tuple(item) ? item.as<Tuple>() : TRY(new_tuple(cx, {item}));
  for (size_t i = 0; i < parameters->length; ++i) {
    const Value prepare =
        TRY(find_attr(cx, (*parameters)[i], intern(cx, "__typing_prepare_subst__")));
    if (prepare.is_unset()) continue;
    given = TRY(to_tuple(cx, TRY(call(cx, prepare, {self, Value(given)}))));
  }
  if (given->length != parameters->length)
    return raise(cx, kTypeError, "Too %s arguments for %s; actual %zu, expected %zu",
                 given->length > parameters->length ? "many" : "few", repr_utf8(cx, self).c_str(),
                 static_cast<size_t>(given->length), static_cast<size_t>(parameters->length));
  List* out = new_list(cx);
  for (size_t i = 0; i < args->length; ++i) {
    const Value v = (*args)[i];
    Value replaced = v;
    if (!is_type(v)) {
      const Value subst = TRY(find_attr(cx, v, names().__typing_subst__));
      if (!subst.is_unset()) {
        for (size_t k = 0; k < parameters->length; ++k)
          if ((*parameters)[k] == v) replaced = TRY(call(cx, subst, {(*given)[k]}));
      } else {
        const Value inner = TRY(find_attr(cx, v, names().__parameters__));
        if (!inner.is_unset() && is_tuple(inner) && inner.as<Tuple>()->length > 0) {
          List* sub = new_list(cx);
          for (size_t p = 0; p < inner.as<Tuple>()->length; ++p)
            for (size_t k = 0; k < parameters->length; ++k)
              if ((*parameters)[k] == (*inner.as<Tuple>())[p])
                TRY(list_append(cx, sub, (*given)[k]));
          replaced = TRY(get_item(cx, v, TRY(list_to_tuple(cx, sub))));
        }
      }
    }
    TRY(list_append(cx, out, replaced));
  }
  return Value(TRY(list_to_tuple(cx, out)));
}

}  // namespace

namespace alias_methods {

static Result<Value> alias_new(Context& cx, Type*, Value origin, Value args) {
  Tuple* t = is_tuple(args) ? args.as<Tuple>() : TRY(new_tuple(cx, {args}));
  return make_alias(cx, origin, t, false);
}
static Result<Value> alias_repr(Context& cx, GenericAlias* self) {
  std::string out = self->unpacked ? "*" : "";
  out += to_utf8(cx, TRY(type_text(cx, self->origin))) + "[";
  auto* args = self->args.as<Tuple>();
  for (size_t i = 0; i < args->length; ++i) {
    if (i > 0) out += ", ";
    const Value v = (*args)[i];
    if (is_list(v)) {
      Tuple* items = TRY(list_to_tuple(cx, v.as<List>()));
      out += "[";
      for (size_t k = 0; k < items->length; ++k)
        out += (k == 0 ? "" : ", ") + to_utf8(cx, TRY(type_text(cx, (*items)[k])));
      out += "]";
    } else {
      out += to_utf8(cx, TRY(type_text(cx, v)));
    }
  }
  if (args->length == 0) out += "()";
  return Value(TRY(new_str(cx, out + "]")));
}
static Result<Value> alias_getitem(Context& cx, GenericAlias* self, Value item) {
  const Value args =
      TRY(substitute(cx, self, self->args.as<Tuple>(), self->parameters.as<Tuple>(), item));
  return make_alias(cx, self->origin, args.as<Tuple>(), self->unpacked);
}
static Result<Value> alias_call(Context& cx, GenericAlias* self, Args args, Kwargs kwargs) {
  const Value object = TRY(call_forwarded(cx, self->origin, args, kwargs));
  if (set_attr(cx, object, intern(cx, "__orig_class__"), self).is_error()) {
    if (!pending_is(cx, kAttributeError) && !pending_is(cx, kTypeError)) return Error{};
    clear_exception(cx);
  }
  return object;
}
static Result<Value> alias_getattribute(Context& cx, GenericAlias* self, Str* name) {
  static constexpr const char* kOwn[] = {"__class__",
                                         "__bases__",
                                         "__origin__",
                                         "__args__",
                                         "__unpacked__",
                                         "__parameters__",
                                         "__typing_unpacked_tuple_args__",
                                         "__mro_entries__",
                                         "__reduce_ex__",
                                         "__reduce__",
                                         "__copy__",
                                         "__deepcopy__"};
  const std::string text = to_utf8(name);
  const bool dunder = text.size() > 4 && text.compare(0, 2, "__") == 0 &&
                      text.compare(text.size() - 2, 2, "__") == 0;
  for (const char* own : kOwn)
    if (text == own) return generic_get_attr(cx, self, intern(cx, name));
  if (!dunder || text == "__doc__" || text == "__name__" || text == "__qualname__" ||
      text == "__module__")
    return get_attr(cx, self->origin, intern(cx, name));
  auto r = generic_get_attr(cx, self, intern(cx, name));
  if (!r.is_error() || !pending_is(cx, kAttributeError)) return r;
  clear_exception(cx);
  return get_attr(cx, self->origin, intern(cx, name));
}
static Result<Value> alias_mro_entries(Context& cx, GenericAlias* self, Value) {
  return Value(TRY(new_tuple(cx, {self->origin})));
}
static Result<Value> alias_eq(Context& cx, GenericAlias* self, Value other) {
  if (!has_shape(other, kShapeGenericAlias)) return kNotImplemented;
  auto* b = other.as<GenericAlias>();
  if (self->unpacked != b->unpacked) return kFalse;
  if (!TRY(values_equal(cx, self->origin, b->origin))) return kFalse;
  return of_bool(TRY(values_equal(cx, self->args, b->args)));
}
static Result<int64_t> alias_hash(Context& cx, GenericAlias* self) {
  return TRY(hash_value(cx, self->origin)) ^ TRY(hash_value(cx, self->args));
}
static Result<Value> alias_or(Context& cx, Value self, Value other) {
  return make_union(cx, self, other);
}
static Result<bool> alias_instancecheck(Context& cx, Value, Value) {
  return raise(cx, kTypeError, "isinstance() argument 2 cannot be a parameterized generic");
}
static Result<bool> alias_subclasscheck(Context& cx, Value, Value) {
  return raise(cx, kTypeError, "issubclass() argument 2 cannot be a parameterized generic");
}
static Result<Value> alias_iter(Context& cx, GenericAlias* self) {
  const Value starred = TRY(make_alias(cx, self->origin, self->args.as<Tuple>(), true));
  return get_iter(cx, TRY(new_tuple(cx, {starred})));
}
static Result<Value> alias_reduce(Context& cx, GenericAlias* self) {
  Tuple* args = TRY(new_tuple(cx, {self->origin, self->args}));
  return Value(TRY(new_tuple(cx, {Value(types().generic_alias), Value(args)})));
}
static Result<Value> get_origin(Context&, Value self) { return self.as<GenericAlias>()->origin; }
static Result<Value> get_args(Context&, Value self) { return self.as<GenericAlias>()->args; }
static Result<Value> get_parameters(Context&, Value self) {
  return self.as<GenericAlias>()->parameters;
}
static Result<Value> get_unpacked(Context&, Value self) {
  return of_bool(self.as<GenericAlias>()->unpacked != 0);
}
static Result<Value> get_unpacked_args(Context&, Value self) {
  auto* a = self.as<GenericAlias>();
  return a->unpacked && a->origin == Value(types().tuple) ? a->args : kNone;
}

constexpr BuiltinDef kMethods[] = {
    static_method<&alias_new>("__new__", "($type, origin, args, /)"),
    method<&alias_repr>("__repr__", "($self, /)"),
    method<&alias_getitem>("__getitem__", "($self, key, /)"),
    method<&alias_call>("__call__", "($self, /, *args, **kwargs)"),
    method<&alias_getattribute>("__getattribute__", "($self, name, /)"),
    method<&alias_mro_entries>("__mro_entries__", "($self, bases, /)"),
    method<&alias_eq>("__eq__", "($self, value, /)"),
    method<&alias_hash>("__hash__", "($self, /)"),
    method<&alias_or>("__or__", "($self, value, /)"),
    method<&alias_or>("__ror__", "($self, value, /)"),
    method<&alias_instancecheck>("__instancecheck__", "($self, instance, /)"),
    method<&alias_subclasscheck>("__subclasscheck__", "($self, cls, /)"),
    method<&alias_iter>("__iter__", "($self, /)"),
    method<&alias_reduce>("__reduce__", "($self, /)"),
};
constexpr GetSetDef kGetSets[] = {{"__origin__", get_origin},
                                  {"__args__", get_args},
                                  {"__parameters__", get_parameters},
                                  {"__unpacked__", get_unpacked},
                                  {"__typing_unpacked_tuple_args__", get_unpacked_args}};
constexpr TypeDef kAlias = {"types.GenericAlias",
                            Kind::kGenericAlias,
                            &Types::generic_alias,
                            nullptr,
                            kTypeBaseType | kTypeHasWeakref,
                            kMethods,
                            kGetSets};

}  // namespace alias_methods

// list.__class_getitem__ and its like.
Result<Value> generic_alias_of(Context& cx, Type* type, Value item) {
  Tuple* t = is_tuple(item) ? item.as<Tuple>() : TRY(new_tuple(cx, {item}));
  return make_alias(cx, type, t, false);
}

namespace union_methods {

static bool unionable(Context& cx, Value v) {
  return v == kNone || is_type(v) || has_shape(v, kShapeGenericAlias) ||
         has_shape(v, kShapeUnionType);
}

}  // namespace union_methods

Result<Value> make_union(Context& cx, Value a, Value b) {
  if (!union_methods::unionable(cx, a) || !union_methods::unionable(cx, b)) return kNotImplemented;
  List* out = new_list(cx);
  auto add = [&](Value v) -> Result<void> {
    if (v == kNone) v = types().none;
    const int64_t n = list_length(cx, out);
    for (int64_t i = 0; i < n; ++i)
      if (TRY(values_equal(cx, list_get(cx, out, i), v))) return {};
    return list_append(cx, out, v);
  };
  for (Value side : {a, b}) {
    if (!has_shape(side, kShapeUnionType)) {
      TRY(add(side));
      continue;
    }
    auto* parts = side.as<UnionType>()->args.as<Tuple>();
    for (size_t i = 0; i < parts->length; ++i) TRY(add((*parts)[i]));
  }
  if (list_length(cx, out) == 1) return list_get(cx, out, 0);
  Tuple* args = TRY(list_to_tuple(cx, out));
  Tuple* parameters = TRY(collect_parameters(cx, args));
  auto* u = alloc<UnionType>(cx, kShapeUnionType);
  u->args = args;
  u->parameters = parameters;
  return Value(u);
}

namespace union_methods {

static Result<Value> union_repr(Context& cx, UnionType* self) {
  std::string out;
  auto* args = self->args.as<Tuple>();
  for (size_t i = 0; i < args->length; ++i)
    out += (i == 0 ? "" : " | ") + to_utf8(cx, TRY(type_text(cx, (*args)[i])));
  return Value(TRY(new_str(cx, out)));
}
static Result<Value> union_or(Context& cx, Value self, Value other) {
  return make_union(cx, self, other);
}
static Result<Value> union_ror(Context& cx, Value self, Value other) {
  return make_union(cx, other, self);
}
static Result<Value> union_eq(Context& cx, UnionType* self, Value other) {
  if (!has_shape(other, kShapeUnionType)) return kNotImplemented;
  const Value a = TRY(new_frozenset(cx, types().frozenset, self->args));
  const Value b = TRY(new_frozenset(cx, types().frozenset, other.as<UnionType>()->args));
  return compare(cx, CompareOp::kEq, a, b);
}
static Result<int64_t> union_hash(Context& cx, UnionType* self) {
  return hash_value(cx, TRY(new_frozenset(cx, types().frozenset, self->args)));
}
static Result<bool> check(Context& cx, UnionType* self, Value v, bool instance) {
  auto* args = self->args.as<Tuple>();
  for (size_t i = 0; i < args->length; ++i)
    if (has_shape((*args)[i], kShapeGenericAlias))
      return raise(cx, kTypeError, "%s() argument 2 cannot be a parameterized generic",
                   instance ? "isinstance" : "issubclass");
  for (size_t i = 0; i < args->length; ++i) {
    const Value r =
        instance ? TRY(isinstance(cx, v, (*args)[i])) : TRY(issubclass(cx, v, (*args)[i]));
    if (r == kTrue) return true;
  }
  return false;
}
static Result<bool> union_instancecheck(Context& cx, UnionType* self, Value v) {
  return check(cx, self, v, true);
}
static Result<bool> union_subclasscheck(Context& cx, UnionType* self, Value v) {
  return check(cx, self, v, false);
}
static Result<Value> union_getitem(Context& cx, UnionType* self, Value item) {
  const Value args =
      TRY(substitute(cx, self, self->args.as<Tuple>(), self->parameters.as<Tuple>(), item));
  auto* t = args.as<Tuple>();
  Value all = (*t)[0];
  for (size_t i = 1; i < t->length; ++i) all = TRY(binary_op(cx, BinaryOp::kOr, all, (*t)[i]));
  return all;
}
static Result<Value> get_args(Context&, Value self) { return self.as<UnionType>()->args; }
static Result<Value> get_parameters(Context&, Value self) {
  return self.as<UnionType>()->parameters;
}

constexpr BuiltinDef kMethods[] = {
    method<&union_repr>("__repr__", "($self, /)"),
    method<&union_or>("__or__", "($self, value, /)"),
    method<&union_ror>("__ror__", "($self, value, /)"),
    method<&union_eq>("__eq__", "($self, value, /)"),
    method<&union_hash>("__hash__", "($self, /)"),
    method<&union_instancecheck>("__instancecheck__", "($self, instance, /)"),
    method<&union_subclasscheck>("__subclasscheck__", "($self, cls, /)"),
    method<&union_getitem>("__getitem__", "($self, key, /)"),
};
constexpr GetSetDef kGetSets[] = {{"__args__", get_args}, {"__parameters__", get_parameters}};
constexpr TypeDef kUnion = {"types.UnionType", Kind::kUnionType,   &Types::union_type,
                            nullptr,           kTypeNoInstantiate, kMethods,
                            kGetSets};

}  // namespace union_methods

void define_alias_types(Context& cx) {
  define_type(cx, alias_methods::kAlias);
  define_type(cx, union_methods::kUnion);
}

}  // namespace pystm::vm
