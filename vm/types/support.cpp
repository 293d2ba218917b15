// Helpers of the builtin types' method files.
#include "vm/types/support.h"

namespace pystm::vm {

Result<Value> builtin_named(Context& cx, const char* name) {
  const Value v = dict_get_str(cx, runtime().builtins_dict.value.as<Dict>(), name);
  if (v.is_unset()) return raise(cx, kAttributeError, "%s", name);
  return v;
}

Result<Value> tuple_of(Context& cx, std::initializer_list<Value> items) {
  return Value(TRY(new_tuple(cx, items)));
}

Result<Value> reduce_iterator(Context& cx, const char* function, Value sequence, Value empty,
                              int64_t index) {
  const Value f = TRY(builtin_named(cx, function));
  if (sequence.is_unset()) {
    const Value args = TRY(tuple_of(cx, {empty}));
    return tuple_of(cx, {f, args});
  }
  const Value args = TRY(tuple_of(cx, {sequence}));
  return tuple_of(cx, {f, args, make_int(cx, index)});
}

Value new_list_iter(Context& cx, Value list) {
  auto* it = alloc<ListIter>(cx, kShapeListIter);
  stm::init_state(cx, it).sequence = list;
  return it;
}
Value new_seq_iter(Context& cx, Value sequence) {
  auto* it = alloc<SeqIter>(cx, kShapeSeqIter);
  stm::init_state(cx, it).sequence = sequence;
  return it;
}

Result<void> check_new(Context& cx, Type* cls, Type* base) {
  if (is_complete(cls) && (cls == base || is_subtype(cls, base))) return {};
  const std::string b = type_name_of(base), c = type_name_of(cls);
  if (!is_complete(cls))
    return raise(cx, kTypeError, "%s.__new__(%s) is not safe, use %s.__new__()", b.c_str(),
                 c.c_str(), c.c_str());
  return raise(cx, kTypeError, "%s.__new__(%s): %s is not a subtype of %s", b.c_str(), c.c_str(),
               c.c_str(), b.c_str());
}

Result<Type*> type_argument(Context& cx, Value cls, Type* base) {
  if (!is_type(cls))
    return raise(cx, kTypeError, "%s.__new__(X): X is not a type object (%s)",
                 type_name_of(base).c_str(), TYPE_NAME(cls));
  TRY(check_new(cx, as_type(cls), base));
  return as_type(cls);
}

Result<Value> class_getitem(Context& cx, Type* cls, Value item) {
  return call(cx, types().generic_alias, {Value(cls), item});
}

Result<Value> new_derived(Context& cx, Type* cls, Value payload) {
  auto* d = static_cast<Derived*>(alloc_object(cx, cls->shape));
  d->payload = payload;
  gc::store_barrier(cx, d, &d->payload);
  return Value(d);
}

Result<void> add_repr(Context& cx, StrBuilder& out, Value v) {
  const Value r = TRY(repr(cx, v));
  out.add(TRY(flatten(cx, r)));
  return {};
}

bool has_index(Value v) { return is_int(v) || !lookup_dunder(v, Dunder::kIndex).is_unset(); }

Result<int64_t> subscript(Context& cx, Value key, int64_t size, const char* what) {
  int64_t i;
  if (PYSTM_LIKELY(key.is_int())) {
    i = key.as_int();
  } else {
    if (!has_index(key)) return raise(cx, kTypeError, "%s, not %s", what, TYPE_NAME(key));
    i = TRY(to_index64(cx, key, kIndexError));
  }
  return i < 0 ? i + size : i;
}

Result<int64_t> repeat_count(Context& cx, Value n) {
  if (PYSTM_LIKELY(n.is_int())) return std::max<int64_t>(n.as_int(), 0);
  return std::max<int64_t>(TRY(to_index64(cx, n, kOverflowError)), 0);
}

Result<Value> cannot_concat(Context& cx, Value self, Value other, const char* name) {
  if (!lookup_dunder(other, Dunder::kRAdd).is_unset()) {
    const Value r = TRY(call_special(cx, other, Dunder::kRAdd, {self}));
    if (!r.is_unset() && r != kNotImplemented) return r;
  }
  return raise(cx, kTypeError, "can only concatenate %s (not \"%s\") to %s", name, TYPE_NAME(other),
               name);
}

Result<Range64> search_range(Context& cx, Opt start, Opt end, int64_t size) {
  auto place = [&](Opt v, int64_t missing) -> Result<int64_t> {
    if (v.is_none_or_missing()) return missing;
    if (!has_index(v.value))
      return raise(cx, kTypeError,
                   "slice indices must be integers or None or have an __index__ method");
    const int64_t i = TRY(to_index_clamped(cx, v.value));
    return i < 0 ? std::max<int64_t>(i + size, 0) : i;
  };
  Range64 r;
  r.start = TRY(place(start, 0));
  r.end = std::min<int64_t>(TRY(place(end, size)), size);
  return r;
}

}  // namespace pystm::vm
