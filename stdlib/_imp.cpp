// _imp: what importlib/_bootstrap*.py asks the interpreter for.
#include "stdlib/modules.h"
#include "stdlib/support.h"
#include "vm/hash/siphash.h"

namespace pystm::lib {
namespace {

Result<void> nothing(Context&) { return {}; }
bool never(Context&) { return false; }
bool not_frozen(Context&, Value) { return false; }
Result<int64_t> is_builtin(Context& cx, Str* name) {
  const std::string n = to_utf8(name);
  for (const ModuleDef* def : builtin_modules())
    if (n == def->name) return int64_t{n == "sys" || n == "builtins" ? -1 : 1};
  return int64_t{0};
}
Result<Value> create_builtin(Context& cx, Value spec) {
  const Value name = TRY(get_attr(cx, spec, names().name));
  if (!is_str(name)) return raise(cx, kTypeError, "name must be string");
  const std::string n = to_utf8(cx, name);
  if (n == "sys" || n == "builtins" || n == "_pystm_import") {
    const Value loaded = dict_get_str(cx, runtime().modules.value.as<Dict>(), n.c_str());
    if (!loaded.is_unset()) return loaded;
  }
  const Value m = TRY(create_builtin_module(cx, n));
  return m.is_unset() ? kNone : m;
}
int64_t exec_builtin(Context&, Value) { return 0; }
Result<Value> no_frozen_object(Context& cx, Value name, Value) {
  (void)raise(cx, kImportError, "No such frozen object named %s",
              is_str(name) ? to_utf8(cx, name).c_str() : "?");
  set_exception_member(cx, cx.exception, "name", name);
  return Error{};
}
Value find_frozen(Context&, Value, Value) { return kNone; }
Result<Value> init_frozen(Context&, Value) { return kNone; }
Result<Value> is_frozen_package(Context& cx, Value name) {
  return no_frozen_object(cx, name, kNone);
}
Result<Value> frozen_names(Context& cx) { return Value(new_list(cx)); }
Result<Value> suffixes(Context& cx) { return Value(new_list(cx)); }
Result<void> override_frozen(Context&, Value) { return {}; }
Result<void> fix_filename(Context&, Value, Value) { return {}; }
Result<Value> create_dynamic(Context& cx, Value, Value) {
  return raise(cx, kImportError, "pystm loads no extension modules");
}
Result<Value> source_hash(Context& cx, int64_t key, Value source) {
  Buffer b;
  TRY(get_buffer(cx, source, &b));
  const uint64_t h = hash::siphash13({static_cast<uint64_t>(key), 0}, {b.data, b.size});
  return bytes_of(cx, std::string_view(reinterpret_cast<const char*>(&h), 8));
}

constexpr BuiltinDef kFunctions[] = {
    function<&never>("lock_held", "()"),
    function<&nothing>("acquire_lock", "()"),
    function<&nothing>("release_lock", "()"),
    function<&is_builtin>("is_builtin", "(name, /)"),
    function<&create_builtin>("create_builtin", "(spec, /)"),
    function<&exec_builtin>("exec_builtin", "(mod, /)"),
    function<&exec_builtin>("exec_dynamic", "(mod, /)"),
    function<&create_dynamic>("create_dynamic", "(spec, file=None, /)"),
    function<&not_frozen>("is_frozen", "(name, /)"),
    function<&is_frozen_package>("is_frozen_package", "(name, /)"),
    function<&no_frozen_object>("get_frozen_object", "(name, data=None, /)"),
    function<&find_frozen>("find_frozen", "(name, withdata=False, /)"),
    function<&init_frozen>("init_frozen", "(name, /)"),
    function<&frozen_names>("_frozen_module_names", "()"),
    function<&override_frozen>("_override_frozen_modules_for_tests", "(override, /)"),
    function<&suffixes>("extension_suffixes", "()"),
    function<&fix_filename>("_fix_co_filename", "(code, path, /)"),
    function<&source_hash>("source_hash", "(key, source)"),
};
Result<void> init(Context& cx, Module* m) {
  return module_add_str(cx, m, "check_hash_based_pycs", "default");
}
const ModuleDef kModule = {"_imp", kFunctions, init};

}  // namespace

void register_imp() { register_module(kModule); }

}  // namespace pystm::lib
