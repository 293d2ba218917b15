// Modules.
#include "vm/object/dict.h"
#include "vm/object/instance.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/object/type_internal.h"
#include "vm/runtime/call.h"
#include "vm/runtime/native.h"
#include "vm/runtime/runtime.h"
#include "vm/types/define.h"

namespace pystm::vm {

namespace module_methods {

static Result<Value> module_new(Context& cx, Type* type, Args, Kwargs) {
  Dict* dict = new_module_dict(cx);
  auto* m = alloc_for<Module>(cx, type);
  m->dict = dict;
  gc::store_barrier(cx, m, reinterpret_cast<Value*>(&m->dict));
  return Value(m);
}
static Result<void> module_init(Context& cx, Module* self, Str* name, Value doc) {
  TRY(dict_set_str(cx, self->dict, names().__name__, name));
  TRY(dict_set_str(cx, self->dict, names().__doc__, doc));
  for (Str* n : {names().__package__, names().__loader__, names().__spec__})
    TRY(dict_set_str(cx, self->dict, n, kNone));
  return {};
}
static Result<Value> module_repr(Context& cx, Module* self) {
  return call(cx, TRY(import_attr(cx, "importlib._bootstrap", "_module_repr")), {Value(self)});
}
static Result<Value> module_getattribute(Context& cx, Module* self, Str* name) {
  Str* attribute = intern(cx, name);
  auto r = generic_get_attr(cx, self, attribute);
  if (!r.is_error() || !pending_is(cx, kAttributeError)) return r;
  const Value hook = dict_get_str(cx, self->dict, dunder_name(Dunder::kGetAttr));
  if (hook.is_unset()) {
    return Error{};
  }
  clear_exception(cx);
  return call(cx, hook, {Value(attribute)});
}
static Result<Value> module_dir(Context& cx, Module* self) {
  const Value hook = dict_get_str(cx, self->dict, names().__dir__);
  if (!hook.is_unset()) return call(cx, hook, {});
  return Value(TRY(to_list(cx, Value(self->dict.ptr))));
}
static Result<Value> get_dict(Context& cx, Value self) {
  return Value(self.as<Module>()->dict.ptr);
}
static Result<Value> get_annotations(Context& cx, Value self) {
  Dict* d = self.as<Module>()->dict;
  const Value v = dict_get_str(cx, d, names().__annotations__);
  if (!v.is_unset()) return v;
  const Value fresh = new_dict(cx);
  TRY(dict_set_str(cx, d, names().__annotations__, fresh));
  return fresh;
}
static Result<void> set_annotations(Context& cx, Value self, Value v) {
  if (!v.is_unset()) return dict_set_str(cx, self.as<Module>()->dict, names().__annotations__, v);
  if (!dict_delete_str(cx, self.as<Module>()->dict, names().__annotations__))
    return raise(cx, kAttributeError, "__annotations__");
  return {};
}
constexpr BuiltinDef kMethods[] = {
    static_method<&module_new>("__new__", "($type, /, *args, **kwargs)"),
    method<&module_init>("__init__", "($self, name, doc=None)"),
    method<&module_repr>("__repr__", "($self, /)"),
    method<&module_getattribute>("__getattribute__", "($self, name, /)"),
    method<&module_dir>("__dir__", "($self, /)"),
};
constexpr GetSetDef kGetSets[] = {{"__dict__", get_dict},
                                  {"__annotations__", get_annotations, set_annotations}};
constexpr TypeDef kModule = {"module",
                             Kind::kModule,
                             &Types::module,
                             nullptr,
                             kTypeBaseType | kTypeHasDict | kTypeHasWeakref,
                             kMethods,
                             kGetSets,
                             "Create a module object."};

}  // namespace module_methods

void define_module_type(Context& cx) { define_type(cx, module_methods::kModule); }

}  // namespace pystm::vm
