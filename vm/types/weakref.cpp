// weakref.ref, weak proxies, and the functions of _weakref.
//
// The referent stands in a weak slot: the collector clears it when the object dies, in the same
// collection for all weak references to it. A reference (or proxy) of the exact class and without a
// callback is shared: as long as one lives, asking again gives the same. It is found through
// a table by the object's identity, which holds it weakly, by a weak reference of its own; sharded,
// so that threads that refer to different objects do not meet.
#include "vm/types/weakref.h"

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

gc::Root* proxy_roots[2];  // plain, callable

Value referent_of(Context& cx, WeakRef* ref) { return stm::Read<WeakRef>(cx, ref)->referent; }

Result<void> check_referent(Context& cx, Value object) {
  const Type* type = type_of(object);
  if (object.is_object() && (type->flags & kTypeHasWeakref)) return {};
  return raise(cx, kTypeError, "cannot create weak reference to '%s' object", TYPE_NAME(object));
}

WeakRef* make_ref(Context& cx, Type* type, Value object, Value callback) {
  auto* ref = alloc_for<WeakRef>(cx, type);
  auto& s = stm::init_state(cx, ref);
  s.referent = object;
  s.callback = callback == kNone ? Value() : callback;
  object.object()->set_flag(kHasWeak);
  gc::visit_new_weakref(cx, ref);
  return ref;
}

constexpr size_t kShards = 64;
struct Shard {
  gc::Root table;  // Dict: 2 * identity + kind -> internal weak reference to the shared one
  std::atomic<int64_t> sweep_at{64};  // entries; a hint, outside the STM
};
Shard* shards;

Result<void> sweep(Context& cx, Shard& shard) {
  Dict* table = shard.table.value.as<Dict>();
  if (dict_length(cx, table) < shard.sweep_at) return {};
  Tuple* keys = TRY(to_tuple(cx, table));
  for (size_t i = 0; i < keys->length; ++i) {
    const Value holder = TRY(dict_get(cx, table, (*keys)[i]));
    if (!holder.is_unset() && referent_of(cx, holder.as<WeakRef>()).is_unset())
      (void)TRY(dict_delete(cx, table, (*keys)[i]));
  }
  shard.sweep_at = std::max<int64_t>(64, 2 * dict_length(cx, table));
  return {};
}

Result<Value> shared_ref(Context& cx, Type* type, Value object, unsigned kind) {
  const Word identity = gc::identity(cx, object.object());
  Shard& shard = shards[(identity >> 4) % kShards];
  Dict* table = shard.table.value.as<Dict>();
  const Value key = make_uint(cx, 2 * identity + kind);
  const Value holder = TRY(dict_get(cx, table, key));
  if (!holder.is_unset()) {
    const Value ref = referent_of(cx, holder.as<WeakRef>());
    // An identity is given again when its object has died.
    if (!ref.is_unset() && referent_of(cx, ref.as<WeakRef>()) == object) return ref;
  }
  WeakRef* ref = make_ref(cx, type, object, kNone);
  TRY(dict_set(cx, table, key, make_ref(cx, types().weakref, ref, kNone)));
  TRY(sweep(cx, shard));
  return Value(ref);
}

}  // namespace

Type* weak_proxy_type(bool callable) { return as_type(proxy_roots[callable]->value); }

Value make_internal_weakref(Context& cx, Object* object) {
  return make_ref(cx, types().weakref, object, kNone);
}

Result<Value> make_weakref(Context& cx, Type* type, Value object, Value callback) {
  TRY(check_referent(cx, object));
  if (callback == kNone && type == types().weakref) return shared_ref(cx, type, object, 0);
  return Value(make_ref(cx, type, object, callback));
}

Result<Value> make_weak_proxy(Context& cx, Value object, Value callback) {
  TRY(check_referent(cx, object));
  Type* type = weak_proxy_type(is_callable(object));
  if (callback == kNone) return shared_ref(cx, type, object, 1);
  return Value(make_ref(cx, type, object, callback));
}

Result<Value> weakrefs_of(Context& cx, Value object) {
  List* out = new_list(cx);
  if (!object.is_object() || !object.object()->has_flag(kHasWeak)) return Value(out);
  std::vector<gc::Root> found(64);
  size_t n = 0;
  // World stopped: nothing changes, so nothing needs checking.
  gc::each_object(cx, [&](Object* o) {
    if (shape_of(o)->kind != Kind::kWeakRef ||
        stm::Peek<WeakRef>(static_cast<WeakRef*>(o))->referent != object)
      return;
    if (n < found.size()) found[n].value = Value(o);
    ++n;
  });
  // The shared reference comes first, then the shared proxy.
  const auto rank = [&](Value ref) {
    if (!stm::Read<WeakRef>(cx, ref.as<WeakRef>())->callback.is_unset()) return 2;
    return type_of(ref) == types().weakref ? 0 : is_subtype(type_of(ref), types().weakref) ? 2 : 1;
  };
  for (int wanted = 0; wanted <= 2; ++wanted)
    for (size_t i = 0; i < std::min(n, found.size()); ++i)
      if (rank(found[i].value) == wanted) TRY(list_append(cx, out, found[i].value));
  return Value(out);
}

namespace ref_methods {

static Result<Value> ref_new(Context& cx, Type* type, Value object, Value callback, Args, Kwargs) {
  return make_weakref(cx, type, object, callback);
}
static Result<void> ref_init(Context& cx, Value self, Args args, Kwargs kwargs) { return {}; }
static Result<Value> ref_call(Context& cx, WeakRef* self) {
  const Value v = referent_of(cx, self);
  return v.is_unset() ? kNone : v;
}
static Result<int64_t> ref_hash(Context& cx, WeakRef* self) {
  stm::Read<WeakRef> r(cx, self);
  int64_t hash;
  if (!r->hash.is_unset() && to_int64(r->hash, &hash)) return hash;
  if (r->referent.is_unset()) return raise(cx, kTypeError, "weak object has gone away");
  hash = TRY(hash_value(cx, r->referent));
  stm::Write<WeakRef>(cx, self).set(&WeakRef::State::hash, make_int(cx, hash));
  return hash;
}
static Result<Value> ref_eq(Context& cx, WeakRef* self, Value other) {
  if (!has_kind(other, Kind::kWeakRef)) return kNotImplemented;
  const Value a = referent_of(cx, self), b = referent_of(cx, other.as<WeakRef>());
  if (a.is_unset() || b.is_unset()) return of_bool(Value(self) == other);
  return of_bool(TRY(values_equal(cx, a, b)));
}
static Result<Value> ref_repr(Context& cx, WeakRef* self) {
  const auto id = static_cast<unsigned long long>(gc::identity(cx, self));
  const Value v = referent_of(cx, self);
  if (v.is_unset()) return Value(TRY(new_str_format(cx, "<weakref at 0x%llx; dead>", id)));
  const auto to = static_cast<unsigned long long>(gc::identity(cx, v.object()));
  const Value name = TRY(find_attr(cx, v, names().__name__));
  if (!name.is_unset() && is_str(name))
    return Value(TRY(new_str_format(cx, "<weakref at 0x%llx; to '%s' at 0x%llx (%s)>", id,
                                    TYPE_NAME(v), to, to_utf8(cx, name).c_str())));
  return Value(
      TRY(new_str_format(cx, "<weakref at 0x%llx; to '%s' at 0x%llx>", id, TYPE_NAME(v), to)));
}
static Result<Value> get_callback(Context& cx, Value self) {
  stm::Read<WeakRef> r(cx, self.as<WeakRef>());
  return r->callback.is_unset() || r->referent.is_unset() ? kNone : r->callback;
}
constexpr BuiltinDef kMethods[] = {
    static_method<&ref_new>("__new__", "($type, object, callback=None, /, *args, **kwargs)"),
    method<&ref_init>("__init__", "($self, /, *args, **kwargs)"),
    method<&ref_call>("__call__", "($self, /)"),
    method<&ref_hash>("__hash__", "($self, /)"),
    method<&ref_eq>("__eq__", "($self, value, /)"),
    method<&ref_repr>("__repr__", "($self, /)"),
};
constexpr GetSetDef kGetSets[] = {{"__callback__", get_callback}};
constexpr TypeDef kRef = {"weakref.ReferenceType", Kind::kWeakRef, &Types::weakref, nullptr,
                          kTypeBaseType,           kMethods,       kGetSets};

}  // namespace ref_methods

namespace proxy_methods {

static Result<Value> target(Context& cx, Value proxy) {
  if (!has_kind(proxy, Kind::kWeakRef) || type_of(proxy) == types().weakref) return proxy;
  const Value v = referent_of(cx, proxy.as<WeakRef>());
  if (v.is_unset()) return raise(cx, kReferenceError, "weakly-referenced object no longer exists");
  return v;
}

static Result<Value> proxy_getattribute(Context& cx, Value self, Str* name) {
  return get_attr(cx, TRY(target(cx, self)), intern(cx, name));
}
static Result<void> proxy_setattr(Context& cx, Value self, Str* name, Value value) {
  return set_attr(cx, TRY(target(cx, self)), intern(cx, name), value);
}
static Result<void> proxy_delattr(Context& cx, Value self, Str* name) {
  return delete_attr(cx, TRY(target(cx, self)), intern(cx, name));
}
static Result<Value> proxy_str(Context& cx, Value self) { return str(cx, TRY(target(cx, self))); }
static Result<Value> proxy_repr(Context& cx, Value self) {
  const Value v = TRY(target(cx, self));
  return Value(TRY(new_str_format(cx, "<weakproxy at 0x%llx to %s at 0x%llx>",
                                  static_cast<unsigned long long>(gc::identity(cx, self.object())),
                                  TYPE_NAME(v),
                                  static_cast<unsigned long long>(gc::identity(cx, v.object())))));
}
static Result<bool> proxy_bool(Context& cx, Value self) { return truth(cx, TRY(target(cx, self))); }
static Result<int64_t> proxy_len(Context& cx, Value self) {
  return length(cx, TRY(target(cx, self)));
}
static Result<Value> proxy_getitem(Context& cx, Value self, Value key) {
  return get_item(cx, TRY(target(cx, self)), key);
}
static Result<void> proxy_setitem(Context& cx, Value self, Value key, Value v) {
  return set_item(cx, TRY(target(cx, self)), key, v);
}
static Result<void> proxy_delitem(Context& cx, Value self, Value key) {
  return delete_item(cx, TRY(target(cx, self)), key);
}
static Result<bool> proxy_contains(Context& cx, Value self, Value item) {
  return contains(cx, TRY(target(cx, self)), item);
}
static Result<Value> proxy_iter(Context& cx, Value self) {
  return get_iter(cx, TRY(target(cx, self)));
}
static Result<Value> proxy_next(Context& cx, Value self) {
  const Value v = TRY(target(cx, self));
  if (lookup_dunder(v, Dunder::kNext).is_unset())
    return raise(cx, kTypeError, "Weakref proxy referenced a non-iterator '%s' object",
                 TYPE_NAME(v));
  const Value item = TRY(iter_next(cx, v));
  if (item.is_unset()) return raise_stop_iteration(cx, kNone);
  return item;
}
static Result<Value> proxy_call(Context& cx, Value self, Args args, Kwargs kwargs) {
  const Value f = TRY(target(cx, self));
  return call_forwarded(cx, f, args, kwargs);
}
static Result<Value> proxy_hash(Context& cx, Value self) {
  return raise(cx, kTypeError, "unhashable type: '%s'", TYPE_NAME(self));
}
template <CompareOp kOp>
static Result<Value> proxy_compare(Context& cx, Value self, Value other) {
  const Value a = TRY(target(cx, self)), b = TRY(target(cx, other));
  return compare(cx, kOp, a, b);
}
template <BinaryOp kOp>
static Result<Value> proxy_binary(Context& cx, Value self, Value other) {
  const Value a = TRY(target(cx, self)), b = TRY(target(cx, other));
  return binary_op(cx, kOp, a, b);
}
template <BinaryOp kOp>
static Result<Value> proxy_reflected(Context& cx, Value self, Value other) {
  const Value a = TRY(target(cx, other)), b = TRY(target(cx, self));
  return binary_op(cx, kOp, a, b);
}
template <UnaryOp kOp>
static Result<Value> proxy_unary(Context& cx, Value self) {
  return unary_op(cx, kOp, TRY(target(cx, self)));
}

#define BINARY(op, name)                                                    \
  method<&proxy_binary<BinaryOp::op>>("__" name "__", "($self, value, /)"), \
      method<&proxy_reflected<BinaryOp::op>>("__r" name "__", "($self, value, /)")
#define COMPARE(op, name) method<&proxy_compare<CompareOp::op>>(name, "($self, value, /)")
constexpr BuiltinDef kMethods[] = {
    method<&proxy_getattribute>("__getattribute__", "($self, name, /)"),
    method<&proxy_setattr>("__setattr__", "($self, name, value, /)"),
    method<&proxy_delattr>("__delattr__", "($self, name, /)"),
    method<&proxy_str>("__str__", "($self, /)"),
    method<&proxy_repr>("__repr__", "($self, /)"),
    method<&proxy_bool>("__bool__", "($self, /)"),
    method<&proxy_len>("__len__", "($self, /)"),
    method<&proxy_getitem>("__getitem__", "($self, key, /)"),
    method<&proxy_setitem>("__setitem__", "($self, key, value, /)"),
    method<&proxy_delitem>("__delitem__", "($self, key, /)"),
    method<&proxy_contains>("__contains__", "($self, key, /)"),
    method<&proxy_iter>("__iter__", "($self, /)"),
    method<&proxy_next>("__next__", "($self, /)"),
    method<&proxy_hash>("__hash__", "($self, /)"),
    COMPARE(kLt, "__lt__"),
    COMPARE(kLe, "__le__"),
    COMPARE(kEq, "__eq__"),
    COMPARE(kNe, "__ne__"),
    COMPARE(kGt, "__gt__"),
    COMPARE(kGe, "__ge__"),
    BINARY(kAdd, "add"),
    BINARY(kSub, "sub"),
    BINARY(kMul, "mul"),
    BINARY(kMatMul, "matmul"),
    BINARY(kTrueDiv, "truediv"),
    BINARY(kFloorDiv, "floordiv"),
    BINARY(kMod, "mod"),
    BINARY(kPow, "pow"),
    BINARY(kLShift, "lshift"),
    BINARY(kRShift, "rshift"),
    BINARY(kAnd, "and"),
    BINARY(kOr, "or"),
    BINARY(kXor, "xor"),
    BINARY(kDivMod, "divmod"),
    method<&proxy_unary<UnaryOp::kNegative>>("__neg__", "($self, /)"),
    method<&proxy_unary<UnaryOp::kPositive>>("__pos__", "($self, /)"),
    method<&proxy_unary<UnaryOp::kInvert>>("__invert__", "($self, /)"),
    method<&proxy_unary<UnaryOp::kAbs>>("__abs__", "($self, /)"),
};
constexpr BuiltinDef kCallable[] = {method<&proxy_call>("__call__", "($self, /, *args, **kwargs)")};
#undef BINARY
#undef COMPARE
constexpr TypeDef kProxy = {"weakref.ProxyType", Kind::kWeakRef, nullptr, nullptr, 0, kMethods};
constexpr TypeDef kCallableProxy = {
    "weakref.CallableProxyType", Kind::kWeakRef, nullptr, nullptr, 0, kCallable};

}  // namespace proxy_methods

void define_weakref_types(Context& cx) {
  define_type(cx, ref_methods::kRef);
  shards = new Shard[kShards];
  for (size_t i = 0; i < kShards; ++i) shards[i].table.value = new_dict(cx);
  proxy_roots[0] = new gc::Root(define_type(cx, proxy_methods::kProxy));
  proxy_roots[1] =
      new gc::Root(define_type(cx, proxy_methods::kCallableProxy, weak_proxy_type(false)));
}

}  // namespace pystm::vm
