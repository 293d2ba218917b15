// _abc: virtual subclasses of abstract classes.
//
// An ABC's data is a native object in its _abc_impl attribute: registry, cache and negative cache
// are dicts from a weak reference to None. The caches are filled only when something was not in
// them, so isinstance() of known classes reads, and transactions do not meet on them.
#include <atomic>

#include "stdlib/modules.h"
#include "stdlib/support.h"

namespace pystm::lib {
namespace {

enum Slot : unsigned { kRegistry, kCache, kNegative, kVersion, kSlots };
Type* g_data = nullptr;
std::atomic<int64_t> g_token{0};  // a cache generation, outside the STM

int64_t version_of(Context& cx, Value data) {
  const Value v = native_slot(cx, data, kVersion);
  return v.is_int() ? v.as_int() : -1;
}
Str* impl_name(Context& cx) { return intern(cx, "_abc_impl"); }

Result<Value> data_of(Context& cx, Value cls) {
  const Value d = TRY(get_attr(cx, cls, impl_name(cx)));
  if (d.is_object() && type_of(d) == g_data) return d;
  return raise(cx, kTypeError, "_abc_impl is set to a wrong type");
}

Result<Value> weak(Context& cx, Value cls) { return call(cx, Value(types().weakref), {cls}); }

Result<bool> in_set(Context& cx, Value data, unsigned slot, Value cls) {
  const Value set = native_slot(cx, data, slot);
  if (!is_dict(set)) return false;
  const Value ref = TRY(weak(cx, cls));
  return !TRY(dict_get(cx, set.as<Dict>(), ref)).is_unset();
}
Result<void> add_to(Context& cx, Value data, unsigned slot, Value cls) {
  Value set = native_slot(cx, data, slot);
  if (!is_dict(set)) {
    set = new_dict(cx);
    set_native_slot(cx, data, slot, set);
  }
  const Value ref = TRY(weak(cx, cls));
  return dict_set(cx, set.as<Dict>(), ref, kNone);
}

Result<bool> is_abstract(Context& cx, Value v) {
  const Value flag = TRY(find_attr(cx, v, names().__isabstractmethod__));
  return !flag.is_unset() && TRY(truth(cx, flag));
}

Result<Value> abc_init(Context& cx, Value cls) {
  if (!is_type(cls)) return raise(cx, kTypeError, "_abc_init() argument must be a class");
  // Names of abstract methods: our own, and inherited ones not overridden.
  Set* abstract = new_set(cx);
  const Value ns = TRY(get_attr(cx, cls, names().__dict__));
  const Value items = TRY(call_method(cx, ns, names().items, {}));
  TRY(for_each(cx, items, [&](Value pair) -> Result<void> {
    auto* t = pair.as<Tuple>();
    if (TRY(is_abstract(cx, (*t)[1]))) (void)TRY(set_add(cx, abstract, (*t)[0]));
    return {};
  }));
  Tuple* bases = as_type(cls)->bases;
  for (size_t i = 0; i < bases->length; ++i) {
    const Value inherited = TRY(find_attr(cx, (*bases)[i], names().__abstractmethods__));
    if (inherited.is_unset()) continue;
    TRY(for_each(cx, inherited, [&](Value name) -> Result<void> {
      const Value v = TRY(find_attr(cx, cls, intern(cx, TRY(flatten(cx, name)))));
      if (!v.is_unset() && TRY(is_abstract(cx, v))) (void)TRY(set_add(cx, abstract, name));
      return {};
    }));
  }
  TRY(set_attr(cx, cls, names().__abstractmethods__,
               TRY(new_frozenset(cx, types().frozenset, abstract))));
  const Value data = Value(alloc_object(cx, g_data->shape));
  set_native_slot(cx, data, kVersion, Value::of_int(g_token.load()));
  TRY(set_attr(cx, cls, impl_name(cx), data));
  // match statements: collections.abc.Sequence and Mapping mark their subclasses.
  const Value flags = dict_peek(as_type(cls)->dict, intern(cx, "__abc_tpflags__"));
  if (flags.is_int()) {
    Word bits = 0;
    if (flags.as_int() & (1 << 5)) bits |= kTypeSequencePattern;
    if (flags.as_int() & (1 << 6)) bits |= kTypeMappingPattern;
    as_type(cls)->flags |= bits;
    TRY(delete_attr(cx, cls, intern(cx, "__abc_tpflags__")));
  }
  return kNone;
}

// What a class that is registered matches in a match statement. The builtin classes say that
// themselves: a str is a Sequence, but no sequence pattern matches it.
Result<void> inherit_pattern(Context& cx, Type* cls, Word bits) {
  if (bits == 0 || (cls->flags & kTypeHeap) == 0) return {};
  const Word fresh = bits & ~cls->flags;
  cls->flags |= bits;
  if (fresh == 0) return {};
  Tuple* subclasses = TRY(subclasses_of(cx, cls));
  for (size_t i = 0; i < subclasses->length; ++i)
    TRY(inherit_pattern(cx, as_type((*subclasses)[i]), bits));
  return {};
}

Result<Value> abc_register(Context& cx, Value self, Value subclass) {
  if (!is_type(subclass)) return raise(cx, kTypeError, "Can only register classes");
  if (TRY(truth(cx, TRY(issubclass(cx, subclass, self))))) return subclass;
  if (TRY(truth(cx, TRY(issubclass(cx, self, subclass)))))
    return raise(cx, kRuntimeError, "Refusing to create an inheritance cycle");
  const Value data = TRY(data_of(cx, self));
  TRY(add_to(cx, data, kRegistry, subclass));
  g_token.fetch_add(1);
  TRY(inherit_pattern(cx, as_type(subclass),
                      as_type(self)->flags & (kTypeSequencePattern | kTypeMappingPattern)));
  return subclass;
}

Result<Value> abc_subclasscheck(Context& cx, Value self, Value subclass);

Result<Value> abc_instancecheck(Context& cx, Value self, Value instance) {
  const Value data = TRY(data_of(cx, self));
  const Value subclass = TRY(get_attr(cx, instance, names().__class__));
  if (TRY(in_set(cx, data, kCache, subclass))) return kTrue;
  const Value subtype = type_of(instance);
  if (subtype == subclass && version_of(cx, data) == g_token.load() &&
      TRY(in_set(cx, data, kNegative, subclass)))
    return kFalse;
  const Value by_class = TRY(call_method(cx, self, "__subclasscheck__", {subclass}));
  if (subtype == subclass || TRY(truth(cx, by_class))) return by_class;
  return call_method(cx, self, "__subclasscheck__", {subtype});
}

Result<Value> abc_subclasscheck(Context& cx, Value self, Value subclass) {
  if (!is_type(subclass)) return raise(cx, kTypeError, "issubclass() arg 1 must be a class");
  const Value data = TRY(data_of(cx, self));
  if (TRY(in_set(cx, data, kCache, subclass))) return kTrue;
  const int64_t token = g_token.load();
  if (version_of(cx, data) != token) {
    set_native_slot(cx, data, kNegative, Value());
    set_native_slot(cx, data, kVersion, Value::of_int(token));
  } else if (TRY(in_set(cx, data, kNegative, subclass))) {
    return kFalse;
  }
  const Value hook = TRY(call_method(cx, self, names().__subclasshook__, {subclass}));
  if (hook == kTrue) {
    TRY(add_to(cx, data, kCache, subclass));
    return kTrue;
  }
  if (hook == kFalse) {
    TRY(add_to(cx, data, kNegative, subclass));
    return kFalse;
  }
  if (hook != kNotImplemented)
    return raise(cx, kAssertionError,
                 "__subclasshook__ must return either False, True, or NotImplemented");
  if (is_subtype(as_type(subclass), as_type(self))) {
    TRY(add_to(cx, data, kCache, subclass));
    return kTrue;
  }
  const Value registry = native_slot(cx, data, kRegistry);
  if (is_dict(registry)) {
    Tuple* refs = TRY(to_tuple(cx, registry));
    for (size_t i = 0; i < refs->length; ++i) {
      const Value cls = TRY(call(cx, (*refs)[i], {}));
      if (cls == kNone || !TRY(truth(cx, TRY(issubclass(cx, subclass, cls))))) continue;
      TRY(add_to(cx, data, kCache, subclass));
      return kTrue;
    }
  }
  const Value subs = TRY(call(cx, TRY(get_attr(cx, self, "__subclasses__")), {}));
  Tuple* list = TRY(to_tuple(cx, subs));
  for (size_t i = 0; i < list->length; ++i) {
    if (!TRY(truth(cx, TRY(issubclass(cx, subclass, (*list)[i]))))) continue;
    TRY(add_to(cx, data, kCache, subclass));
    return kTrue;
  }
  TRY(add_to(cx, data, kNegative, subclass));
  return kFalse;
}

int64_t get_cache_token(Context&) { return g_token.load(); }
Result<void> reset_registry(Context& cx, Value self) {
  set_native_slot(cx, TRY(data_of(cx, self)), kRegistry, Value());
  return {};
}
Result<void> reset_caches(Context& cx, Value self) {
  const Value data = TRY(data_of(cx, self));
  set_native_slot(cx, data, kCache, Value());
  set_native_slot(cx, data, kNegative, Value());
  return {};
}
Result<Value> get_dump(Context& cx, Value self) {
  const Value data = TRY(data_of(cx, self));
  auto part = [&](unsigned slot) -> Result<Value> {
    const Value v = native_slot(cx, data, slot);
    Set* s = new_set(cx);
    if (is_dict(v)) TRY(set_update(cx, s, v));
    return Value(s);
  };
  const Value a = TRY(part(kRegistry)), b = TRY(part(kCache)), c = TRY(part(kNegative));
  return Value(TRY(new_tuple(cx, {a, b, c, native_slot(cx, data, kVersion)})));
}

constexpr BuiltinDef kFunctions[] = {
    function<&get_cache_token>("get_cache_token", "()"),
    function<&abc_init>("_abc_init", "(self, /)"),
    function<&abc_register>("_abc_register", "(self, subclass, /)"),
    function<&abc_instancecheck>("_abc_instancecheck", "(self, instance, /)"),
    function<&abc_subclasscheck>("_abc_subclasscheck", "(self, subclass, /)"),
    function<&reset_registry>("_reset_registry", "(self, /)"),
    function<&reset_caches>("_reset_caches", "(self, /)"),
    function<&get_dump>("_get_dump", "(self, /)"),
};
Result<void> init(Context& cx, Module*) {
  if (g_data == nullptr)
    g_data = keep(define_native_class(cx, "_abc._abc_data", kSlots, {}, {}, nullptr, nullptr, 0));
  return {};
}
const ModuleDef kModule = {"_abc", kFunctions, init};

}  // namespace

void register_abc() { register_module(kModule); }

}  // namespace pystm::lib
