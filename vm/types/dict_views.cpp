// Views of a dict, their set operations, and the iterators over keys, values and items.
#include "vm/types/dict_views.h"

#include <algorithm>

namespace pystm::vm {

namespace {

Type* iterator_types[8] = {};  // by kind

Result<Value> view_entry(Context& cx, Word kind, Value key, Value value) {
  switch (kind & 3) {
    case kViewKeys:
      return key;
    case kViewValues:
      return value;
    default:
      return tuple_of(cx, {key, value});
  }
}

}  // namespace

Value new_dict_view(Context& cx, Dict* d, Word kind) {
  Type* type = kind == kViewKeys     ? types().dict_keys
               : kind == kViewValues ? types().dict_values
                                     : types().dict_items;
  auto* view = alloc_for<DictView>(cx, type);
  view->dict = d;
  view->kind = kind;
  return view;
}

Value new_dict_iter(Context& cx, Dict* d, Word kind) {
  const bool backwards = kind & kViewReversed;
  const Word end = backwards ? dict_end(cx, d) : 0;
  const auto used = static_cast<Word>(dict_length(cx, d));
  auto* it = alloc_for<DictIter>(cx, iterator_types[kind]);
  auto& state = stm::init_state(cx, it);
  state.container = d;
  state.position = end;
  state.used = used;
  state.kind = kind;
  state.left = used;
  return it;
}

namespace dict_iter_methods {
namespace {

Error keys_changed(Context& cx) {
  return raise(cx, kRuntimeError, "dictionary keys changed during iteration");
}

Result<Value> next(Context& cx, Value self) {
  stm::Write<DictIter> w(cx, self.as<DictIter>());
  if (w->container.is_unset()) return Value();
  auto* d = w->container.as<Dict>();
  if (static_cast<Word>(dict_length(cx, d)) != w->used) {
    w.set(&DictIter::State::used, ~Word{0});  // stays an error
    return raise(cx, kRuntimeError, "dictionary changed size during iteration");
  }
  Word position = w->position;
  Value key, value;
  const bool more = (w->kind & kViewReversed) ? dict_prev(cx, d, &position, &key, &value)
                                              : dict_next(cx, d, &position, &key, &value);
  if (!more) {
    w.set(&DictIter::State::container, Value());
    return Value();
  }
  if (w->left == 0 && !(w->kind & kViewReversed)) {
    w.set(&DictIter::State::container, Value());
    return keys_changed(cx);
  }
  w.set(&DictIter::State::left, std::max<Word>(w->left, 1) - 1);
  w.set(&DictIter::State::position, position);
  return view_entry(cx, w->kind, key, value);
}

// What is left, without moving the iterator.
Result<List*> rest(Context& cx, DictIter* self) {
  stm::Read<DictIter> r(cx, self);
  List* out = new_list(cx);
  if (r->container.is_unset()) return out;
  auto* d = r->container.as<Dict>();
  if (static_cast<Word>(dict_length(cx, d)) != r->used)
    return raise(cx, kRuntimeError, "dictionary changed size during iteration");
  Word position = r->position, left = r->left;
  Value key, value;
  while ((r->kind & kViewReversed) ? dict_prev(cx, d, &position, &key, &value)
                                   : dict_next(cx, d, &position, &key, &value)) {
    if (!(r->kind & kViewReversed) && left-- == 0) return keys_changed(cx);
    TRY(list_append(cx, out, TRY(view_entry(cx, r->kind, key, value))));
  }
  return out;
}

Result<int64_t> hint(Context& cx, DictIter* self) {
  stm::Read<DictIter> r(cx, self);
  if (r->container.is_unset()) return int64_t{0};
  auto* d = r->container.as<Dict>();
  if (static_cast<Word>(dict_length(cx, d)) != r->used) return int64_t{0};
  return static_cast<int64_t>(r->left);
}

Result<Value> reduce(Context& cx, DictIter* self) {
  const Value f = TRY(builtin_named(cx, "iter"));
  List* left = TRY(rest(cx, self));
  const Value args = TRY(tuple_of(cx, {Value(left)}));
  return tuple_of(cx, {f, args});
}

constexpr BuiltinDef kMethods[] = {
    method<&iter_self<DictIter>>("__iter__", "($self, /)", Effects::kPure),
    method<&next_method<DictIter, &next>>("__next__", "($self, /)"),
    method<&hint>("__length_hint__", "($self, /)", Effects::kReads),
    method<&reduce>("__reduce__", "($self, /)"),
};

}  // namespace
}  // namespace dict_iter_methods

namespace dict_view_methods {
namespace {

const char* view_name(Word kind) {
  return kind == kViewKeys ? "dict_keys" : kind == kViewValues ? "dict_values" : "dict_items";
}
bool is_set_view(Value v) {
  return has_kind(v, Kind::kDictView) && v.as<DictView>()->kind != kViewValues;
}

Result<int64_t> len(Context& cx, DictView* self) { return dict_length(cx, self->dict); }
Result<Value> iter(Context& cx, DictView* self) {
  return new_dict_iter(cx, self->dict, self->kind);
}
Result<Value> reversed(Context& cx, DictView* self) {
  return new_dict_iter(cx, self->dict, self->kind | kViewReversed);
}

Result<Value> repr_of(Context& cx, DictView* self) {
  ReprGuard guard(cx, self);
  if (guard.running()) return Value(intern(cx, "..."));
  StrBuilder out;
  out.add_ascii(view_name(self->kind));
  out.add_ascii("(");
  const Value items = TRY(to_list(cx, self));
  TRY(add_repr(cx, out, items));
  out.add_ascii(")");
  return Value(TRY(out.finish(cx)));
}

Result<bool> view_contains(Context& cx, DictView* self, Value item) {
  if (self->kind == kViewKeys) return !TRY(dict_get(cx, self->dict, item)).is_unset();
  if (!is_tuple(item) || item.as<Tuple>()->length != 2) return false;
  auto* pair = item.as<Tuple>();
  const Value found = TRY(dict_get(cx, self->dict, (*pair)[0]));
  if (found.is_unset()) return false;
  return values_equal(cx, found, (*pair)[1]);
}

// --- set operations ------------------------------------------------------------------------------

Result<Set*> as_set(Context& cx, Value iterable) {
  Set* s = new_set(cx);
  TRY(set_update(cx, s, iterable));
  return s;
}

Result<Value> intersection(Context& cx, Value self, Value other) {
  // The smaller side is looked up in the larger one, as CPython does (it shows in the order).
  if (is_set_view(other) && TRY(length(cx, other)) > TRY(length(cx, self))) std::swap(self, other);
  if (is_exact_set(other) && TRY(length(cx, self)) <= set_length(cx, other))
    return call_method(cx, other, "intersection", {self});
  Set* out = new_set(cx);
  TRY(for_each(cx, other, [&](Value item) -> Result<void> {
    if (TRY(view_contains(cx, self.as<DictView>(), item))) (void)TRY(set_add(cx, out, item));
    return {};
  }));
  return Value(out);
}

Result<Value> and_(Context& cx, DictView* self, Value other) {
  return intersection(cx, self, other);
}
Result<Value> rand_(Context& cx, DictView* self, Value other) {
  return intersection(cx, self, other);
}

template <const char* Method, bool Reflected>
Result<Value> combine(Context& cx, DictView* self, Value other) {
  const Value a = Reflected ? other : Value(self), b = Reflected ? Value(self) : other;
  const Value out = Value(TRY(as_set(cx, a)));
  (void)TRY(call_method(cx, out, Method, {b}));
  return out;
}
constexpr char kUpdate[] = "update", kDifference[] = "difference_update",
               kSymmetric[] = "symmetric_difference_update";

Result<bool> all_contained(Context& cx, Value a, Value b) {
  bool all = true;
  TRY(for_each(cx, a, [&](Value item) -> Result<bool> {
    all = TRY(contains(cx, b, item));
    return all;
  }));
  return all;
}

template <CompareOp Op>
Result<Value> rich_compare(Context& cx, DictView* self, Value other) {
  if (!is_any_set(other) && !is_set_view(other)) return kNotImplemented;
  const int64_t n = TRY(length(cx, self)), m = TRY(length(cx, other));
  switch (Op) {
    case CompareOp::kEq:
      return of_bool(n == m && TRY(all_contained(cx, self, other)));
    case CompareOp::kNe:
      return of_bool(!(n == m && TRY(all_contained(cx, self, other))));
    case CompareOp::kLt:
      return of_bool(n < m && TRY(all_contained(cx, self, other)));
    case CompareOp::kLe:
      return of_bool(n <= m && TRY(all_contained(cx, self, other)));
    case CompareOp::kGt:
      return of_bool(n > m && TRY(all_contained(cx, other, self)));
    case CompareOp::kGe:
      return of_bool(n >= m && TRY(all_contained(cx, other, self)));
  }
  return kNotImplemented;
}

Result<bool> isdisjoint(Context& cx, DictView* self, Value other) {
  if (Value(self) == other) return dict_length(cx, self->dict) == 0;
  bool disjoint = true;
  TRY(for_each(cx, other, [&](Value item) -> Result<bool> {
    disjoint = !TRY(view_contains(cx, self, item));
    return disjoint;
  }));
  return disjoint;
}

constexpr BuiltinDef kSetMethods[] = {
    method<&len>("__len__", "($self, /)", Effects::kReads),
    method<&iter>("__iter__", "($self, /)", Effects::kReads),
    method<&reversed>("__reversed__", "($self, /)", Effects::kReads),
    method<&repr_of>("__repr__", "($self, /)"),
    method<&view_contains>("__contains__", "($self, key, /)"),
    COMPARE_ROWS(rich_compare, Effects::kCallsPython),
    method<&and_>("__and__", "($self, value, /)"),
    method<&rand_>("__rand__", "($self, value, /)"),
    method<&combine<kUpdate, false>>("__or__", "($self, value, /)"),
    method<&combine<kUpdate, true>>("__ror__", "($self, value, /)"),
    method<&combine<kDifference, false>>("__sub__", "($self, value, /)"),
    method<&combine<kDifference, true>>("__rsub__", "($self, value, /)"),
    method<&combine<kSymmetric, false>>("__xor__", "($self, value, /)"),
    method<&combine<kSymmetric, true>>("__rxor__", "($self, value, /)"),
    method<&isdisjoint>("isdisjoint", "($self, other, /)"),
};
constexpr BuiltinDef kValueMethods[] = {
    method<&len>("__len__", "($self, /)", Effects::kReads),
    method<&iter>("__iter__", "($self, /)", Effects::kReads),
    method<&reversed>("__reversed__", "($self, /)", Effects::kReads),
    method<&repr_of>("__repr__", "($self, /)"),
};

Result<Value> get_mapping(Context& cx, Value self) {
  return new_mapping_proxy(cx, Value(self.as<DictView>()->dict.ptr));
}
constexpr GetSetDef kGetSets[] = {
    {"mapping", &get_mapping, nullptr, "dictionary that this view refers to"}};

}  // namespace
}  // namespace dict_view_methods

void define_dict_views(Context& cx) {
  static constexpr TypeDef kViews[] = {{.name = "dict_keys",
                                        .kind = Kind::kDictView,
                                        .slot = &Types::dict_keys,
                                        .flags = kTypeNoInstantiate,
                                        .methods = dict_view_methods::kSetMethods,
                                        .getsets = dict_view_methods::kGetSets},
                                       {.name = "dict_values",
                                        .kind = Kind::kDictView,
                                        .slot = &Types::dict_values,
                                        .flags = kTypeNoInstantiate,
                                        .methods = dict_view_methods::kValueMethods,
                                        .getsets = dict_view_methods::kGetSets},
                                       {.name = "dict_items",
                                        .kind = Kind::kDictView,
                                        .slot = &Types::dict_items,
                                        .flags = kTypeNoInstantiate,
                                        .methods = dict_view_methods::kSetMethods,
                                        .getsets = dict_view_methods::kGetSets}};
  for (const TypeDef& def : kViews) define_type(cx, def);
  static constexpr TypeDef kIters[] = {{.name = "dict_keyiterator",
                                        .kind = Kind::kDictIter,
                                        .slot = &Types::dict_iterator,
                                        .flags = kTypeNoInstantiate,
                                        .methods = dict_iter_methods::kMethods},
                                       {.name = "dict_valueiterator",
                                        .kind = Kind::kDictIter,
                                        .flags = kTypeNoInstantiate,
                                        .methods = dict_iter_methods::kMethods},
                                       {.name = "dict_itemiterator",
                                        .kind = Kind::kDictIter,
                                        .flags = kTypeNoInstantiate,
                                        .methods = dict_iter_methods::kMethods},
                                       {.name = "dict_reversekeyiterator",
                                        .kind = Kind::kDictIter,
                                        .flags = kTypeNoInstantiate,
                                        .methods = dict_iter_methods::kMethods},
                                       {.name = "dict_reversevalueiterator",
                                        .kind = Kind::kDictIter,
                                        .flags = kTypeNoInstantiate,
                                        .methods = dict_iter_methods::kMethods},
                                       {.name = "dict_reverseitemiterator",
                                        .kind = Kind::kDictIter,
                                        .flags = kTypeNoInstantiate,
                                        .methods = dict_iter_methods::kMethods}};
  for (int i = 0; i < 6; ++i) iterator_types[i % 3 + (i / 3) * 4] = define_type(cx, kIters[i]);
  set_native_next(Kind::kDictIter, &dict_iter_methods::next);
}

}  // namespace pystm::vm
