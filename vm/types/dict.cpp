// dict: its methods. The table is in vm/object/dict.cpp; views and iterators in dict_views.cpp.
#include "vm/types/define.h"
#include "vm/types/dict_views.h"

namespace pystm::vm {

namespace {

Result<void> update_from_pairs(Context& cx, Dict* d, Value pairs) {
  int64_t i = 0;
  return for_each(cx, pairs, [&](Value item) { return dict_add_pair(cx, d, item, i++); });
}

}  // namespace

Result<void> dict_add_pair(Context& cx, Dict* d, Value item, int64_t number) {
  if (is_exact_tuple(item) && item.as<Tuple>()->length == 2)
    return dict_set(cx, d, (*item.as<Tuple>())[0], (*item.as<Tuple>())[1]);
  if (lookup_dunder(item, Dunder::kIter).is_unset() &&
      lookup_dunder(item, Dunder::kGetItem).is_unset())
    return raise(cx, kTypeError,
                 "cannot convert dictionary update sequence element #%lld to a sequence",
                 static_cast<long long>(number));
  Tuple* pair = TRY(to_tuple(cx, item));
  if (pair->length != 2)
    return raise(cx, kValueError,
                 "dictionary update sequence element #%lld has length %zu; 2 is required",
                 static_cast<long long>(number), pair->length);
  return dict_set(cx, d, (*pair)[0], (*pair)[1]);
}

Result<void> dict_update_from(Context& cx, Dict* d, Value other) {
  // A dict whose iteration is overridden is asked like any other mapping.
  if (is_dict(other) &&
      type_of(other)->dunder(Dunder::kIter) == types().dict->dunder(Dunder::kIter))
    return dict_update(cx, d, other.as<Dict>());
  const Value method = TRY(find_attr(cx, other, names().keys));
  if (method.is_unset()) return update_from_pairs(cx, d, other);
  const Value all = TRY(call(cx, method, {}));
  return for_each(cx, all, [&](Value key) -> Result<void> {
    const Value value = TRY(get_item(cx, other, key));
    return dict_set(cx, d, key, value);
  });
}

namespace dict_methods {
namespace {

Result<Value> make(Context& cx, Value cls, Args, Kwargs) {
  return Value(alloc_for<Dict>(cx, TRY(type_argument(cx, cls, types().dict))));
}

Result<void> update_all(Context& cx, Dict* self, Args args, Kwargs kwargs, const char* name) {
  if (args.count > 1)
    return raise(cx, kTypeError, "%s expected at most 1 argument, got %u", name, args.count);
  if (args.count == 1) TRY(dict_update_from(cx, self, args[0]));
  for (uint32_t i = 0; i < kwargs.count(); ++i)
    TRY(dict_set(cx, self, (*kwargs.names)[i], kwargs.values[i]));
  return {};
}
Result<void> init(Context& cx, Dict* self, Args args, Kwargs kwargs) {
  return update_all(cx, self, args, kwargs, "dict");
}
Result<void> update(Context& cx, Dict* self, Args args, Kwargs kwargs) {
  return update_all(cx, self, args, kwargs, "update");
}

Result<Value> repr_of(Context& cx, Dict* self) {
  if (dict_length(cx, self) == 0) return Value(intern(cx, "{}"));
  ReprGuard guard(cx, self);
  if (guard.running()) return Value(intern(cx, "{...}"));
  StrBuilder out;
  Word position = 0;
  Value key, value;
  const char* lead = "{";
  while (dict_next(cx, self, &position, &key, &value)) {
    out.add_ascii(lead);
    lead = ", ";
    TRY(add_repr(cx, out, key));
    out.add_ascii(": ");
    TRY(add_repr(cx, out, value));
  }
  out.add_ascii("}");
  return Value(TRY(out.finish(cx)));
}

Result<int64_t> len(Context& cx, Dict* self) { return dict_length(cx, self); }

Result<Value> getitem(Context& cx, Dict* self, Value key) {
  const Value v = TRY(dict_get(cx, self, key));
  if (!v.is_unset()) return v;
  if (!is_exact_dict(self)) {
    const Value made = TRY(call_special(cx, self, Dunder::kMissing, {key}));
    if (!made.is_unset()) return made;
  }
  return raise_type_value(cx, kKeyError, key);
}
Result<void> setitem(Context& cx, Dict* self, Value key, Value value) {
  return dict_set(cx, self, key, value);
}
Result<void> delitem(Context& cx, Dict* self, Value key) {
  if (!TRY(dict_delete(cx, self, key))) return raise_type_value(cx, kKeyError, key);
  return {};
}
Result<bool> contains_key(Context& cx, Dict* self, Value key) {
  return !TRY(dict_get(cx, self, key)).is_unset();
}

Result<bool> equal_dicts(Context& cx, Dict* a, Dict* b) {
  if (a == b) return true;
  if (dict_length(cx, a) != dict_length(cx, b)) return false;
  Word position = 0;
  Value key, value;
  int64_t hash;
  while (dict_next_hashed(cx, a, &position, &key, &value, &hash)) {
    const Value other = TRY(dict_get_hashed(cx, b, key, hash));
    if (other.is_unset() || !TRY(values_equal(cx, value, other))) return false;
  }
  return true;
}
Result<Value> equal(Context& cx, Dict* self, Value other) {
  if (!is_dict(other)) return kNotImplemented;
  return of_bool(TRY(equal_dicts(cx, self, other.as<Dict>())));
}
Result<Value> not_equal(Context& cx, Dict* self, Value other) {
  if (!is_dict(other)) return kNotImplemented;
  return of_bool(!TRY(equal_dicts(cx, self, other.as<Dict>())));
}
template <CompareOp Op>
Result<Value> unordered(Context&, Dict*, Value) {
  return kNotImplemented;
}

Result<Value> join(Context& cx, Value a, Value b) {
  if (!is_dict(a) || !is_dict(b)) return kNotImplemented;
  Dict* out = TRY(dict_copy(cx, a.as<Dict>()));
  TRY(dict_update_from(cx, out, b));
  return Value(out);
}
Result<Value> or_(Context& cx, Dict* self, Value other) { return join(cx, self, other); }
Result<Value> ror(Context& cx, Dict* self, Value other) { return join(cx, other, self); }
Result<Value> ior(Context& cx, Dict* self, Value other) {
  TRY(dict_update_from(cx, self, other));
  return Value(self);
}

Result<Value> iter(Context& cx, Dict* self) { return new_dict_iter(cx, self, kViewKeys); }
Result<Value> reversed(Context& cx, Dict* self) {
  return new_dict_iter(cx, self, kViewKeys | kViewReversed);
}
Result<Value> keys(Context& cx, Dict* self) { return new_dict_view(cx, self, kViewKeys); }
Result<Value> values(Context& cx, Dict* self) { return new_dict_view(cx, self, kViewValues); }
Result<Value> items(Context& cx, Dict* self) { return new_dict_view(cx, self, kViewItems); }

Result<Value> get(Context& cx, Dict* self, Value key, Value fallback) {
  const Value v = TRY(dict_get(cx, self, key));
  return v.is_unset() ? fallback : v;
}
Result<Value> setdefault(Context& cx, Dict* self, Value key, Value fallback) {
  const Value old = TRY(dict_setdefault(cx, self, key, fallback));
  return old.is_unset() ? fallback : old;
}
Result<Value> pop(Context& cx, Dict* self, Value key, Opt fallback) {
  if (dict_length(cx, self) == 0 && !fallback.given()) return raise_type_value(cx, kKeyError, key);
  const Value v = dict_length(cx, self) == 0 ? Value() : TRY(dict_pop(cx, self, key));
  if (!v.is_unset()) return v;
  if (fallback.given()) return fallback.value;
  return raise_type_value(cx, kKeyError, key);
}
Result<Value> popitem(Context& cx, Dict* self) {
  Word position = dict_end(cx, self);
  Value key, value;
  if (!dict_prev(cx, self, &position, &key, &value))
    return raise(cx, kKeyError, "popitem(): dictionary is empty");
  (void)TRY(dict_pop(cx, self, key));
  return tuple_of(cx, {key, value});
}
Result<Value> clear(Context& cx, Dict* self) {
  dict_clear(cx, self);
  return kNone;
}
Result<Value> copy(Context& cx, Dict* self) { return Value(TRY(dict_copy(cx, self))); }

Result<Value> fromkeys(Context& cx, Type* cls, Value iterable, Value value) {
  const Value d = cls == types().dict ? Value(new_dict(cx)) : TRY(call(cx, cls, {}));
  TRY(for_each(cx, iterable, [&](Value key) -> Result<void> {
    return is_exact_dict(d) ? dict_set(cx, d.as<Dict>(), key, value) : set_item(cx, d, key, value);
  }));
  return d;
}

Result<Value> size_of(Context& cx, Dict* self) {
  const int64_t n = dict_length(cx, self);
  if (n == 0) return Value::of_int(48);
  int64_t slots = 8;
  while (slots * 2 / 3 < n) slots *= 2;
  return Value::of_int(48 + 40 +
                       slots * (slots <= 256     ? 1
                                : slots <= 65536 ? 2
                                                 : 4) +
                       slots * 2 / 3 * 24);
}

constexpr BuiltinDef kMethods[] = {
    static_method<&make>("__new__", "($type, *args, **kwargs)"),
    method<&init>("__init__", "($self, /, *args, **kwargs)"),
    method<&repr_of>("__repr__", "($self, /)"),
    method<&len>("__len__", "($self, /)", Effects::kReads),
    method<&getitem>("__getitem__", "($self, key, /)"),
    method<&setitem>("__setitem__", "($self, key, value, /)"),
    method<&delitem>("__delitem__", "($self, key, /)"),
    method<&contains_key>("__contains__", "($self, key, /)"),
    method<&equal>("__eq__", "($self, value, /)"),
    method<&not_equal>("__ne__", "($self, value, /)"),
    method<&unordered<CompareOp::kLt>>("__lt__", "($self, value, /)", Effects::kPure),
    method<&unordered<CompareOp::kLe>>("__le__", "($self, value, /)", Effects::kPure),
    method<&unordered<CompareOp::kGt>>("__gt__", "($self, value, /)", Effects::kPure),
    method<&unordered<CompareOp::kGe>>("__ge__", "($self, value, /)", Effects::kPure),
    method<&or_>("__or__", "($self, value, /)"),
    method<&ror>("__ror__", "($self, value, /)"),
    method<&ior>("__ior__", "($self, value, /)"),
    method<&iter>("__iter__", "($self, /)", Effects::kReads),
    method<&reversed>("__reversed__", "($self, /)", Effects::kReads),
    method<&size_of>("__sizeof__", "($self, /)", Effects::kReads),
    class_method<&class_getitem>("__class_getitem__", "($type, object, /)"),
    method<&get>("get", "($self, key, default=None, /)"),
    method<&setdefault>("setdefault", "($self, key, default=None, /)"),
    method<&pop>("pop", "($self, key, default=unset, /)"),
    method<&popitem>("popitem", "($self, /)"),
    method<&keys>("keys", "($self, /)", Effects::kPure),
    method<&items>("items", "($self, /)", Effects::kPure),
    method<&values>("values", "($self, /)", Effects::kPure),
    method<&update>("update", "($self, /, *args, **kwargs)"),
    class_method<&fromkeys>("fromkeys", "($type, iterable, value=None, /)"),
    method<&clear>("clear", "($self, /)", Effects::kWritesSelf),
    method<&copy>("copy", "($self, /)", Effects::kReads),
};

}  // namespace
}  // namespace dict_methods

void define_mapping_types(Context& cx) {
  static constexpr TypeDef kDict = {
      .name = "dict",
      .kind = Kind::kDict,
      .slot = &Types::dict,
      .flags = kTypeBaseType | kTypeMappingPattern | kTypeMatchSelf,
      .methods = dict_methods::kMethods,
      .doc =
          "dict() -> new empty dictionary\ndict(mapping) -> new dictionary initialized from a "
          "mapping object's\n"
          "    (key, value) pairs\ndict(iterable) -> new dictionary initialized as if via:\n    d "
          "= {}\n"
          "    for k, v in iterable:\n        d[k] = v\n"
          "dict(**kwargs) -> new dictionary initialized with the name=value pairs\n"
          "    in the keyword argument list.  For example:  dict(one=1, two=2)"};
  define_type(cx, kDict);
  define_dict_views(cx);
  define_mapping_proxy(cx);
}

}  // namespace pystm::vm
