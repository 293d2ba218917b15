// _weakref: the weak reference classes and what counts them.
#include "stdlib/modules.h"
#include "stdlib/support.h"
#include "vm/types/weakref.h"

namespace pystm::lib {
namespace {

Result<Value> proxy(Context& cx, Value object, Value callback) {
  return make_weak_proxy(cx, object, callback);
}
Result<Value> getweakrefs(Context& cx, Value object) { return weakrefs_of(cx, object); }
Result<int64_t> getweakrefcount(Context& cx, Value object) {
  return list_length(cx, TRY(weakrefs_of(cx, object)).as<List>());
}
Result<void> remove_dead(Context& cx, Dict* dct, Value key) {
  const Value v = TRY(dict_get(cx, dct, key));
  if (v.is_unset() || !has_kind(v, Kind::kWeakRef)) return {};
  if (stm::Read<WeakRef>(cx, v.as<WeakRef>())->referent.is_unset())
    (void)TRY(dict_delete(cx, dct, key));
  return {};
}

constexpr BuiltinDef kFunctions[] = {
    function<&proxy>("proxy", "(object, callback=None, /)"),
    function<&getweakrefcount>("getweakrefcount", "(object, /)"),
    function<&getweakrefs>("getweakrefs", "(object, /)"),
    function<&remove_dead>("_remove_dead_weakref", "(dct, key, /)"),
};
Result<void> init(Context& cx, Module* m) {
  TRY(module_add(cx, m, "ref", types().weakref));
  TRY(module_add(cx, m, "ReferenceType", types().weakref));
  TRY(module_add(cx, m, "ProxyType", weak_proxy_type(false)));
  return module_add(cx, m, "CallableProxyType", weak_proxy_type(true));
}
const ModuleDef kModule = {"_weakref", kFunctions, init};

}  // namespace

void register_weakref() { register_module(kModule); }

}  // namespace pystm::lib
