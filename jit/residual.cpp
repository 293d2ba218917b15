#include "jit/residual.h"

#include "jit/descriptors.h"
#include "jit/ir.h"
#include "jit/plainly.h"
#include "vm/interp/frames.h"
#include "vm/object/dict.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/atomic.h"
#include "vm/runtime/call.h"
#include "vm/runtime/native.h"
#include "vm/runtime/operators.h"
#include "vm/runtime/signature.h"

namespace pystm::jit {

using namespace vm;

namespace {

Result<Value> binary(Context& cx, int64_t op, Value a, Value b) {
  return binary_op(cx, static_cast<BinaryOp>(op), a, b);
}
Result<Value> compare(Context& cx, int64_t op, Value a, Value b) {
  return vm::compare(cx, static_cast<CompareOp>(op), a, b);
}
Result<Value> get_item(Context& cx, Value container, Value key) {
  if (!is_exact_dict(container)) return vm::get_item(cx, container, key);
  return plainly_hashed(cx, key, [&](int64_t hash) -> Result<Value> {
    const Value v = TRY(dict_get_hashed(cx, container.as<Dict>(), key, hash));
    if (!v.is_unset()) return v;
    return raise_type_value(cx, kKeyError, key);
  });
}
// Of a dict whose class may say what a missing key has.
Result<Value> get_or_make_item(Context& cx, Value container, Value key) {
  return plainly_hashed(cx, key, [&](int64_t hash) -> Result<Value> {
    const Value v = TRY(dict_get_hashed(cx, container.as<Dict>(), key, hash));
    if (!v.is_unset()) return v;
    const Value made = TRY(call_special(cx, container, Dunder::kMissing, {key}));
    return made.is_unset() ? raise_type_value(cx, kKeyError, key) : Result<Value>(made);
  });
}
Result<Value> delete_item(Context& cx, Value container, Value key) {
  if (is_dict(container)) {
    return plainly_hashed(cx, key, [&](int64_t hash) -> Result<Value> {
      const Value v = TRY(dict_pop_hashed(cx, container.as<Dict>(), key, hash));
      return v.is_unset() ? raise_type_value(cx, kKeyError, key) : Result<Value>(kNone);
    });
  }
  return plainly(cx, [&]() -> Result<Value> {
    TRY(vm::delete_item(cx, container, key));
    return kNone;
  });
}
// Slices of the builtin sequences; bounds and step are ints or None.
Result<Value> slice_otherwise(Context& cx, Value of, Value start, Value stop, Value step) {
  return vm::get_item(cx, of, new_slice(cx, start, stop, step));
}
Result<Value> slice_of_list(Context& cx, Value list, Value start, Value stop, Value step) {
  auto* l = list.as<List>();
  const SliceBounds b = TRY(slice_bounds(cx, start, stop, step, list_length(cx, l)));
  return Value(TRY(list_slice(cx, l, b.start, b.stop, b.step, b.count)));
}
Result<Value> slice_of_str(Context& cx, Value str, Value start, Value stop, Value step) {
  if (!is_flat_str(str)) return slice_otherwise(cx, str, start, stop, step);
  auto* s = str.as<Str>();
  const auto b = TRY(slice_bounds(cx, start, stop, step, static_cast<int64_t>(s->length)));
  if (b.step != 1 || b.count <= 0) return slice_otherwise(cx, str, start, stop, step);
  const auto from = static_cast<size_t>(b.start);
  return Value(TRY(str_slice(cx, s, from, from + static_cast<size_t>(b.count))));
}
Result<Value> slice_of_tuple(Context& cx, Value tuple, Value start, Value stop, Value step) {
  auto* t = tuple.as<Tuple>();
  const auto n = static_cast<int64_t>(t->length);
  const SliceBounds b = TRY(slice_bounds(cx, start, stop, step, n));
  if (b.step != 1 || b.count <= 0) return slice_otherwise(cx, tuple, start, stop, step);
  if (b.count == n) return tuple;
  return Value(TRY(new_tuple(cx, t->items() + b.start, static_cast<size_t>(b.count))));
}
Result<Value> slice_of_bytes(Context& cx, Value bytes, Value start, Value stop, Value step) {
  auto* s = bytes.as<Bytes>();
  const auto n = static_cast<int64_t>(s->length);
  const SliceBounds b = TRY(slice_bounds(cx, start, stop, step, n));
  if (b.step != 1 || b.count <= 0) return slice_otherwise(cx, bytes, start, stop, step);
  if (b.count == n) return bytes;
  return Value(TRY(new_bytes(cx, s->data() + b.start, static_cast<size_t>(b.count))));
}
// list[start:stop:step] = the items of an exact list or tuple.
Result<void> store_slice(Context& cx, Value list, Value start, Value stop, Value step, Value from) {
  auto* l = list.as<List>();
  const SliceBounds b = TRY(slice_bounds(cx, start, stop, step, list_length(cx, l)));
  if (b.step != 1) return vm::set_item(cx, list, new_slice(cx, start, stop, step), from);
  Tuple* items =
      is_exact_tuple(from) ? from.as<Tuple>() : TRY(vm::list_to_tuple(cx, from.as<List>()));
  return list_replace(cx, l, b.start, std::max(b.start, b.stop), items->items(), items->length);
}
Result<Value> get_attribute(Context& cx, Value object, Value name) {
  return plainly(cx, [&] { return get_attr(cx, object, name.as<Str>()); });
}
Result<void> set_attribute(Context& cx, Value object, Value name, Value v) {
  return set_attr(cx, object, name.as<Str>(), v);
}
Result<Value> set_item(Context& cx, Value container, Value key, Value v) {
  return plainly_hashed(cx, key, [&](int64_t hash) -> Result<Value> {
    TRY(dict_set_hashed(cx, container.as<Dict>(), key, hash, v));
    return kNone;
  });
}
Result<Value> get_or(Context& cx, Value dict, Value key, Value fallback) {
  return plainly_hashed(cx, key, [&](int64_t hash) -> Result<Value> {
    const Value v = TRY(dict_get_hashed(cx, dict.as<Dict>(), key, hash));
    return v.is_unset() ? fallback : v;
  });
}
Result<void> append(Context& cx, Value list, Value v) {
  return vm::list_append(cx, list.as<List>(), v);
}
Result<void> extend(Context& cx, Value list, Value from) {
  return vm::list_extend(cx, list.as<List>(), from);
}
Result<Value> add_to_set(Context& cx, Value set, Value v) {
  return plainly_hashed(cx, v, [&](int64_t hash) -> Result<Value> {
    (void)TRY(set_add_hashed(cx, set.as<Set>(), v, hash));
    return kNone;
  });
}
Result<Value> discard(Context& cx, Value set, Value v) {
  return plainly_hashed(cx, v, [&](int64_t hash) -> Result<Value> {
    (void)TRY(set_discard_hashed(cx, set.as<Set>(), v, hash));
    return kNone;
  });
}
Result<Value> to_tuple(Context& cx, Value list) {
  return Value(TRY(vm::list_to_tuple(cx, list.as<List>())));
}
Result<Value> of_shape(Context&, Value v, int64_t shape) {
  return of_bool(has_shape(v, static_cast<ShapeId>(shape)));
}
Result<Value> plain(Context&, Value v) { return of_bool(is_plain(v)); }
Result<Value> plain_key(Context&, Value v) { return of_bool(is_plain_key(v)); }

// --- questions that might run Python code --------------------------------------------------------

// Unset: an element would have to be asked.
Result<Value> search(Context& cx, const Value* items, size_t n, Value item) {
  for (size_t k = 0; k < n; ++k) {
    if (items[k] == item) return kTrue;
    if (!is_plain_key(items[k])) return Value();
    if (TRY(vm::compare_bool(cx, CompareOp::kEq, items[k], item))) return kTrue;
  }
  return kFalse;
}
Result<Value> set_contains(Context& cx, Value item, Value set, int64_t negated) {
  return plainly_hashed(cx, item, [&](int64_t hash) -> Result<Value> {
    return of_bool(TRY(set_contains_hashed(cx, set, item, hash)) != (negated != 0));
  });
}
Result<Value> dict_contains(Context& cx, Value item, Value dict, int64_t negated) {
  return plainly_hashed(cx, item, [&](int64_t hash) -> Result<Value> {
    const Value v = TRY(dict_get_hashed(cx, dict.as<Dict>(), item, hash));
    return of_bool(v.is_unset() == (negated != 0));
  });
}
Result<Value> contains(Context& cx, Value item, Value container, int64_t negated) {
  Value found;
  if (is_exact_tuple(container)) {
    auto* t = container.as<Tuple>();
    found = TRY(search(cx, t->items(), t->length, item));
  } else if (is_exact_list(container)) {
    auto* t = TRY(vm::list_to_tuple(cx, container.as<List>()));
    found = TRY(search(cx, t->items(), t->length, item));
  } else {
    found = TRY(plainly(
        cx, [&]() -> Result<Value> { return of_bool(TRY(vm::contains(cx, container, item))); }));
  }
  return found.is_unset() ? found : of_bool((found == kTrue) != (negated != 0));
}

bool all_plain(Context& cx, Value set);

// What a function that asks every element may be given.
Result<Value> elements_plain(Context& cx, Value v) {
  if (is_any_set(v)) return of_bool(all_plain(cx, v));
  if (type_of(v) == types().dict_keys) v = v.as<DictView>()->dict.ptr;
  if (is_exact_dict(v)) {
    Word position = 0;
    Value key, value;
    while (dict_next(cx, v.as<Dict>(), &position, &key, &value))
      if (!is_plain(key)) return kFalse;
    return kTrue;
  }
  if (!is_exact_list(v)) return of_bool(!is_exact_tuple(v) || is_plain(v));
  for (int64_t k = 0, n = list_length(cx, v.as<List>()); k < n; ++k)
    if (!is_plain(list_get(cx, v.as<List>(), k))) return kFalse;
  return kTrue;
}
// Tuples differ where their first different items do.
Result<Value> compare_tuples(Context& cx, CompareOp op, Tuple* a, Tuple* b) {
  for (size_t k = 0, n = std::min(a->length, b->length); k < n; ++k) {
    const Value x = (*a)[k], y = (*b)[k];
    int equal = quick_equal(x, y);
    if (equal == 1) continue;
    if (!is_plain(x) || !is_plain(y)) return Value();
    if (equal < 0) equal = TRY(values_equal(cx, x, y));
    if (equal != 0) continue;
    if (op == CompareOp::kEq || op == CompareOp::kNe) return of_bool(op == CompareOp::kNe);
    return vm::compare(cx, op, x, y);
  }
  return of_bool(holds(op, a->length, b->length));
}
Result<Value> compare_sequences(Context& cx, int64_t op, Value a, Value b) {
  if (is_exact_tuple(a) && is_exact_tuple(b))
    return compare_tuples(cx, static_cast<CompareOp>(op), a.as<Tuple>(), b.as<Tuple>());
  return plainly(cx, [&] { return vm::compare(cx, static_cast<CompareOp>(op), a, b); });
}
Result<Value> object_length(Context& cx, Value v) { return Value::of_int(TRY(vm::length(cx, v))); }
Result<Value> enter_lock(Context& cx, Value lock) {
  const bool reentrant = has_shape(lock, kShapeRLockObject);
  return stm::lock_try(cx, lock.as<stm::Lock>(), reentrant) ? kTrue : Value();
}
Result<Value> try_lock(Context& cx, Value lock) {
  const bool reentrant = has_shape(lock, kShapeRLockObject);
  return of_bool(stm::lock_try(cx, lock.as<stm::Lock>(), reentrant));
}
Result<Value> leave_lock(Context& cx, Value lock) {
  const bool reentrant = has_shape(lock, kShapeRLockObject);
  return stm::lock_release(cx, lock.as<stm::Lock>(), reentrant) ? kNone : Value();
}
Result<Value> enter_atomic(Context& cx) {
  enter_atomic_block(cx);
  return kTrue;
}
Result<Value> leave_atomic(Context& cx) { return leave_atomic_block(cx) ? kNone : Value(); }

bool all_plain(Context& cx, Value set) {
  Word position = 0;
  Value key;
  int64_t hash;
  while (set_next(cx, set, &position, &key, &hash))
    if (!is_plain(key)) return false;
  return true;
}
// Sequences and sets: sets compare their elements. What is done again from the start, because it
// met Python code half-way, comes to the same, but for a ^= b.
Result<Value> sequence_binary(Context& cx, int64_t op, int64_t in_place, Value a, Value b) {
  const auto o = static_cast<BinaryOp>(op);
  if (in_place != 0 && o == BinaryOp::kXor && !(all_plain(cx, a) && all_plain(cx, b)))
    return Value();
  return plainly(cx,
                 [&] { return in_place != 0 ? inplace_op(cx, o, a, b) : binary_op(cx, o, a, b); });
}
// {**from}, and the **named of a call, for which a key must be a new str. Nothing is written if
// some key is not as wanted.
Result<Value> update_dict(Context& cx, Value to, Value from, int64_t named) {
  Dict* const d = to.as<Dict>();
  Word position = 0;
  Value key, value;
  while (dict_next(cx, from.as<Dict>(), &position, &key, &value)) {
    if (named == 0 ? !is_plain(key) : !is_exact_str(key)) return Value();
    if (named != 0 && !dict_get_str(cx, d, key.as<Str>()).is_unset()) return Value();
  }
  return plainly(cx, [&]() -> Result<Value> {
    Word at = 0;
    while (dict_next(cx, from.as<Dict>(), &at, &key, &value)) TRY(dict_set(cx, d, key, value));
    return kNone;
  });
}
Result<Value> update_set(Context& cx, Value to, Value from) {
  if (TRY(elements_plain(cx, from)) != kTrue) return Value();
  return plainly(cx, [&]() -> Result<Value> {
    TRY(set_update(cx, to.as<Set>(), from));
    return kNone;
  });
}
// Are these the dict's keys, in this order?
Result<Value> has_names(Context& cx, Value dict, Value names) {
  auto* t = names.as<Tuple>();
  Word position = 0;
  Value key, value;
  for (size_t k = 0; k < t->length; ++k) {
    if (!dict_next(cx, dict.as<Dict>(), &position, &key, &value)) return kFalse;
    if (!is_exact_str(key) || !str_equal(key.as<Str>(), (*t)[k].as<Str>())) return kFalse;
  }
  return of_bool(!dict_next(cx, dict.as<Dict>(), &position, &key, &value));
}
Result<Value> get_name(Context& cx, Value dict, Value name) {
  return dict_get_str(cx, dict.as<Dict>(), name.as<Str>());
}
Result<Value> percent(Context& cx, Value format, Value v) {
  return is_plain(v) ? binary_op(cx, BinaryOp::kMod, format, v) : Result<Value>(Value());
}

Result<void> store_item(Context& cx, Value container, Value key, Value v) {
  return vm::set_item(cx, container, key, v);
}

// --- making --------------------------------------------------------------------------------------

Result<Value> build_list(Context& cx, Value items) {
  auto* t = items.as<Tuple>();
  return Value(TRY(new_list(cx, t->items(), t->length)));
}
Result<Value> build_set(Context& cx, Value items) {
  auto* t = items.as<Tuple>();
  Set* s = new_set(cx);
  for (size_t k = 0; k < t->length; ++k) (void)TRY(vm::set_add(cx, s, (*t)[k]));
  return Value(s);
}
Result<Value> build_map(Context& cx, Value items) {
  auto* t = items.as<Tuple>();
  Dict* d = TRY(new_dict_sized(cx, t->length / 2));
  for (size_t k = 0; k < t->length; k += 2) TRY(dict_set(cx, d, (*t)[k], (*t)[k + 1]));
  return Value(d);
}
Result<Value> build_string(Context& cx, Value items) {
  auto* t = items.as<Tuple>();
  StrBuilder out;
  for (size_t k = 0; k < t->length; ++k) out.add(TRY(flatten(cx, (*t)[k])));
  return Value(TRY(out.finish(cx)));
}
Result<Value> format(Context& cx, int64_t conversion, Value v, Value spec) {
  if (conversion == 's') v = TRY(str(cx, v));
  if (conversion == 'r') v = TRY(repr(cx, v));
  if (conversion == 'a') v = TRY(ascii(cx, v));
  if (spec.is_unset() && is_exact_str(v)) return v;
  return vm::format(cx, v, spec);
}
Result<void> store_global(Context& cx, Value globals, Value name, Value v) {
  return dict_set_str(cx, globals.as<Dict>(), name.as<Str>(), v);
}
// `regs`: of a call just entered, up to the last parameter; the others are unset.
Result<Value> make_generator(Context& cx, Value function, Value code, Value regs, int64_t pc) {
  auto* c = code.as<Code>();
  auto* given = regs.as<Tuple>();
  const CodeData* d = c->data;
  const size_t n = d->nlocals + d->ncells + d->nfrees;
  Value* window = cx.regs_top;  // above all frames: scratch
  if (window + n + kRegisterSlack > cx.regs_limit) return raise_recursion(cx, "");
  for (size_t k = 0; k < n; ++k) window[k] = k < given->length ? (*given)[k] : Value();
  cx.regs_top = window + n;
  const Value g = new_generator(cx, function.as<Function>(), c, window, d->instrs + pc);
  cx.regs_top = window;
  if (g.is_unset()) return Error{};
  return g;
}
Result<Value> async_next(Context& cx, Value g) { return plain_anext(cx, g.as<Generator>()); }
template <class... A>
Result<Value> call_object(Context& cx, Value callable, A... args) {
  return call(cx, callable, {args...});
}
template <class... A>
Result<Value> native(Context& cx, const BuiltinDef* def, A... args) {
  Value all[sizeof...(args) + 1] = {args...};
  return plainly(cx, [&] { return call_native(cx, def, all, sizeof...(args), nullptr); });
}

constexpr uint16_t kRebinder = kWriter | kCallInvalidates;  // the dict may be a module's namespace
constexpr uint64_t alias(Alias a) { return uint64_t{1} << static_cast<unsigned>(a); }
constexpr uint64_t kListWrites = alias(Alias::List) | alias(Alias::Items);
constexpr uint64_t kDictWrites =
    alias(Alias::Dict) | alias(Alias::DictStorage) | alias(Alias::Cell);
constexpr uint64_t kSetWrites = alias(Alias::Set) | alias(Alias::DictStorage);
constexpr uint64_t kLockWrites = alias(Alias::Outside);  // of no class that a trace reads
constexpr uint64_t kIterWrites = alias(Alias::DictIter) | alias(Alias::StrIter) |
                                 alias(Alias::BytesIter) | alias(Alias::SeqIter);
constexpr Type W = Type::Word;

}  // namespace

const CallInfo kCallBinary = {"binary", Entry<&binary>, W, kReader, 3, {Type::I64, W, W}};
const CallInfo kCallCompare = {"compare", Entry<&compare>, W, kReader, 3, {Type::I64, W, W}};
const CallInfo kCallGetItem = {"get_item", Entry<&get_item>, W, kReader, 2, {W, W}};
const CallInfo kCallGetOrMakeItem = {
    "get_or_make_item", Entry<&get_or_make_item>, W, kRebinder, 2, {W, W}, kDictWrites};
const CallInfo kCallDeleteItem = {"delete_item", Entry<&delete_item>, W, kRebinder, 2, {W, W}};
const CallInfo kCallSliceOfList = {"slice_of_list", Entry<&slice_of_list>, W, kReader, 4,
                                   {W, W, W, W}};
const CallInfo kCallSliceOfStr = {"slice_of_str", Entry<&slice_of_str>, W, kReader, 4,
                                  {W, W, W, W}};
const CallInfo kCallSliceOfTuple = {"slice_of_tuple", Entry<&slice_of_tuple>, W, kReader, 4,
                                    {W, W, W, W}};
const CallInfo kCallSliceOfBytes = {"slice_of_bytes", Entry<&slice_of_bytes>, W, kReader, 4,
                                    {W, W, W, W}};
const CallInfo kCallStoreSlice = {"store_slice",   Entry<&store_slice>, Type::None, kWriter, 5,
                                  {W, W, W, W, W}, kListWrites};
const CallInfo kCallGetAttr = {"get_attr", Entry<&get_attribute>, W, kReader, 2, {W, W}};
const CallInfo kCallSetAttr = {"set_attr", Entry<&set_attribute>, Type::None, kRebinder, 3,
                               {W, W, W}};
const CallInfo kCallSetItem = {"set_item", Entry<&set_item>, W,          kRebinder,
                               3,          {W, W, W},        kDictWrites};
const CallInfo kCallContains = {"contains", Entry<&contains>, W, kReader, 3, {W, W, Type::I64}};
const CallInfo kCallSetContains = {"set_contains",   Entry<&set_contains>, W, kReader, 3,
                                   {W, W, Type::I64}};
const CallInfo kCallDictContains = {"dict_contains",  Entry<&dict_contains>, W, kReader, 3,
                                    {W, W, Type::I64}};
const CallInfo kCallSequenceBinary = {
    "sequence_binary", Entry<&sequence_binary>, W, kWriter, 4, {Type::I64, Type::I64, W, W}};
const CallInfo kCallPercent = {"percent", Entry<&percent>, W, kReader, 2, {W, W}};
const CallInfo kCallHasShape = {"has_shape", Entry<&of_shape>, W, kCallPure, 2, {W, Type::I64}};
const CallInfo kCallIsPlain = {"is_plain", Entry<&plain>, W, kCallPure, 1, {W}};
const CallInfo kCallIsPlainKey = {"is_plain_key", Entry<&plain_key>, W, kCallPure, 1, {W}};
const CallInfo kCallAllPlain = {"all_plain", Entry<&elements_plain>, W, kReader, 1, {W}};
const CallInfo kCallCompareSequences = {
    "compare_sequences", Entry<&compare_sequences>, W, kReader, 3, {Type::I64, W, W}};
const CallInfo kCallEnterLock = {"enter_lock", Entry<&enter_lock>, W, kWriter, 1, {W}, kLockWrites};
const CallInfo kCallTryLock = {"try_lock", Entry<&try_lock>, W, kWriter, 1, {W}, kLockWrites};
const CallInfo kCallLeaveLock = {"leave_lock", Entry<&leave_lock>, W, kWriter, 1, {W}, kLockWrites};
const CallInfo kCallEnterAtomic = {"enter_atomic", Entry<&enter_atomic>, W, kCallWrites, 0, {},
                                   kLockWrites};
const CallInfo kCallLeaveAtomic = {"leave_atomic", Entry<&leave_atomic>, W, kCallWrites, 0, {},
                                   kLockWrites};
const CallInfo kCallStoreItem = {"store_item", Entry<&store_item>, Type::None, kWriter, 3,
                                 {W, W, W}};
const CallInfo kCallLength = {"length", Entry<&object_length>, W, kReader, 1, {W}};
const CallInfo kCallGetIter = {"get_iter", Entry<&vm::get_iter>, W, kReader, 1, {W}};
const CallInfo kCallIterNext = {"iter_next", Entry<&vm::iter_next>, W, kWriter, 1, {W},
                                kIterWrites};
const CallInfo kCallListAppend = {"list_append", Entry<&append>, Type::None, kWriter, 2,
                                  {W, W},        kListWrites};
const CallInfo kCallListExtend = {"list_extend", Entry<&extend>, Type::None, kWriter, 2,
                                  {W, W},        kListWrites};
const CallInfo kCallListToTuple = {"list_to_tuple", Entry<&to_tuple>, W, kReader, 1, {W}};
const CallInfo kCallSetAdd = {"set_add", Entry<&add_to_set>, W, kWriter, 2, {W, W}, kSetWrites};
const CallInfo kCallDictGet = {"dict_get", Entry<&get_or>, W, kReader, 3, {W, W, W}};
const CallInfo kCallSetDiscard = {"set_discard", Entry<&discard>, W, kWriter, 2,
                                  {W, W},        kSetWrites};
const CallInfo kCallUpdateDict = {"update_dict",     Entry<&update_dict>, W, kWriter, 3,
                                  {W, W, Type::I64}, kDictWrites};
const CallInfo kCallUpdateSet = {"update_set", Entry<&update_set>, W, kWriter, 2,
                                 {W, W},       kSetWrites};
const CallInfo kCallHasNames = {"has_names", Entry<&has_names>, W, kReader, 2, {W, W}};
const CallInfo kCallGetName = {"get_name", Entry<&get_name>, W, kReader, 2, {W, W}};
constexpr uint16_t kMaker = kCallCollects;
const CallInfo kCallBuildList = {"build_list",  Entry<&build_list>, Type::Ref, kMaker, 1, {W}, 0,
                                 vm::kShapeList};
const CallInfo kCallBuildSet = {"build_set", Entry<&build_set>, W, kReader, 1, {W}};
const CallInfo kCallBuildMap = {"build_map", Entry<&build_map>, Type::Ref, kMaker, 1, {W},
                                0,           vm::kShapeDict};
const CallInfo kCallBuildString = {"build_string", Entry<&build_string>, W, kReader, 1, {W}};
const CallInfo kCallFormat = {"format", Entry<&format>, W, kReader, 3, {Type::I64, W, W}};
const CallInfo kCallStoreGlobal = {"store_global", Entry<&store_global>, Type::None, kRebinder, 3,
                                   {W, W, W}};
const CallInfo kCallMakeGenerator = {"make_generator",    Entry<&make_generator>, W, kReader, 4,
                                     {W, W, W, Type::I64}};
const CallInfo kCallAsyncNext = {"anext", Entry<&async_next>, W, kWriter, 1, {W}};
const CallInfo kCallValue0 = {"call", Entry<&call_object<>>, W, kReader, 1, {W}};
const CallInfo kCallValue1 = {"call", Entry<&call_object<Value>>, W, kReader, 2, {W, W}};
const CallInfo kCallValue2 = {"call", Entry<&call_object<Value, Value>>, W, kReader, 3, {W, W, W}};

static Word character(Context* cx, int64_t c) {
  return Value(str_of_char(*cx, static_cast<char32_t>(c))).bits();  // below 256: there already
}
static Word equal_strs(Context*, Str* a, Str* b, int64_t negated) {
  return of_bool(str_equal(a, b) != (negated != 0)).bits();
}
static Word str_inside(Context*, Str* part, Str* whole, int64_t negated) {
  return of_bool(str_contains(whole, part) != (negated != 0)).bits();
}
const CallInfo kCallCharacter = {"character", reinterpret_cast<void*>(&character), W, kCallPure, 1,
                                 {Type::I64}};
const CallInfo kCallStrEqual = {
    "str_equal", reinterpret_cast<void*>(&equal_strs), W, kCallPure, 3, {W, W, Type::I64}};
const CallInfo kCallStrInside = {
    "str_inside", reinterpret_cast<void*>(&str_inside), W, kCallPure, 3, {W, W, Type::I64}};

static Word running_function(Context* cx) { return cx->frame->function.bits(); }
const CallInfo kCallRunningFunction = {
    "running_function", reinterpret_cast<void*>(&running_function), W, kCallPure, 0, {}};

namespace {

// The call of a BuiltinDef, in all its forms.
struct Natives {
  CallInfo by_count[6];
};
template <template <auto> class Form>
constexpr Natives natives(uint16_t effects) {
  using V = Value;
  constexpr Type P = Type::Ptr;
  const auto entry = [](auto* f) { return reinterpret_cast<void*>(f); };
  return {
      {{"native", entry(&Form<&native<>>::call), W, effects, 1, {P}},
       {"native", entry(&Form<&native<V>>::call), W, effects, 2, {P, W}},
       {"native", entry(&Form<&native<V, V>>::call), W, effects, 3, {P, W, W}},
       {"native", entry(&Form<&native<V, V, V>>::call), W, effects, 4, {P, W, W, W}},
       {"native", entry(&Form<&native<V, V, V, V>>::call), W, effects, 5, {P, W, W, W, W}},
       {"native", entry(&Form<&native<V, V, V, V, V>>::call), W, effects, 6, {P, W, W, W, W, W}}}};
}
template <auto f>
using Catching = CatchingOf<f, kRaised.bits()>;

const Natives kNatives[2] = {natives<EntryOf>(kRebinder), natives<EntryOf>(kReader)};
const Natives kCatchingNatives[2] = {natives<Catching>(kRebinder), natives<Catching>(kReader)};

template <auto f>
CallInfo catching_form(const CallInfo& plain) {
  CallInfo info = plain;
  info.entry = reinterpret_cast<void*>(&Catching<f>::call);
  return info;
}

}  // namespace

const CallInfo& native_call(size_t n, bool reads_only) { return kNatives[reads_only].by_count[n]; }

const CallInfo& catching(const CallInfo& info) {
  static const struct {
    const CallInfo* plain;
    CallInfo form;
  } kForms[] = {
      {&kCallGetItem, catching_form<&get_item>(kCallGetItem)},
      {&kCallGetOrMakeItem, catching_form<&get_or_make_item>(kCallGetOrMakeItem)},
      {&kCallDeleteItem, catching_form<&delete_item>(kCallDeleteItem)},
      {&kCallBinary, catching_form<&binary>(kCallBinary)},
      {&kCallGetAttr, catching_form<&get_attribute>(kCallGetAttr)},
      {&kCallValue0, catching_form<&call_object<>>(kCallValue0)},
      {&kCallValue1, catching_form<&call_object<Value>>(kCallValue1)},
      {&kCallValue2, catching_form<&call_object<Value, Value>>(kCallValue2)},
  };
  for (const auto& row : kForms)
    if (row.plain == &info) return row.form;
  for (size_t reads = 0; reads < 2; ++reads)
    for (size_t n = 0; n < std::size(kNatives[reads].by_count); ++n)
      if (&kNatives[reads].by_count[n] == &info) return kCatchingNatives[reads].by_count[n];
  return info;
}

}  // namespace pystm::jit
