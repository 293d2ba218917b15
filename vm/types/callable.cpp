// Functions, methods, builtins, descriptors, cells.
#include "vm/interp/frames.h"
#include "vm/object/dict.h"
#include "vm/object/instance.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/object/type_internal.h"
#include "vm/runtime/call.h"
#include "vm/runtime/native.h"
#include "vm/runtime/operators.h"
#include "vm/runtime/runtime.h"
#include "vm/runtime/signature.h"
#include "vm/types/define.h"

namespace pystm::vm {

namespace {

Value or_none(Value v) { return v.is_unset() ? kNone : v; }
unsigned long long address_of(Context& cx, Value v) { return gc::identity(cx, v.object()); }

}  // namespace

namespace function_methods {

using State = Function::State;

static Result<Value> function_new(Context& cx, Type* type, Code* code, Dict* globals, Opt name,
                                  Opt argdefs, Opt closure) {
  const size_t frees = code->data->nfrees;
  const Value cells = closure.or_none();
  if (cells == kNone ? frees > 0 : !is_tuple(cells))
    return raise(cx, kTypeError, "arg 5 (closure) must be %s",
                 frees > 0 ? "tuple" : "None or tuple");
  if (cells != kNone && cells.as<Tuple>()->length != frees)
    return raise(cx, kValueError, "%s requires closure of length %zu, not %zu",
                 to_utf8(code->name).c_str(), frees,
                 static_cast<size_t>(cells.as<Tuple>()->length));
  if (!argdefs.is_none_or_missing() && !is_tuple(argdefs.value))
    return raise(cx, kTypeError, "arg 4 (defaults) must be None or tuple");
  Value builtins = dict_get_str(cx, globals, names().__builtins__);
  if (has_kind(builtins, Kind::kModule)) builtins = builtins.as<Module>()->dict.ptr;
  if (!is_dict(builtins)) builtins = runtime().builtins_dict.value;
  const Value module = dict_get_str(cx, globals, names().__name__);
  auto* f = alloc<Function>(cx, kShapeFunction);
  f->globals = globals;
  f->builtins = builtins.as<Dict>();
  f->closure = cells == kNone ? Value() : cells;
  auto& s = stm::init_state(cx, f);
  s.code = code;
  s.defaults = argdefs.is_none_or_missing() ? Value() : argdefs.value;
  s.name = name.is_none_or_missing() ? Value(code->name.ptr) : name.value;
  s.qualname = code->qualname.ptr;
  s.doc = code->consts->length > 0 && is_str((*code->consts)[0]) ? (*code->consts)[0] : kNone;
  s.module = or_none(module);
  return Value(f);
}

static Result<Value> function_repr(Context& cx, Function* self) {
  return Value(TRY(new_str_format(cx, "<function %s at 0x%llx>",
                                  to_utf8(cx, stm::Read<Function>(cx, self)->qualname).c_str(),
                                  address_of(cx, self))));
}
static Result<Value> function_get(Context& cx, Value self, Value object, Opt) {
  return object == kNone ? self : new_bound_method(cx, self, object);
}
static Result<Value> function_call(Context& cx, Value self, Args args, Kwargs kwargs) {
  return call_forwarded(cx, self, args, kwargs);
}

template <Value State::*kField>
static Result<Value> get_field(Context& cx, Value self) {
  return or_none(stm::Read<Function>(cx, self.as<Function>()).operator->()->*kField);
}
template <Value State::*kField>
static Result<void> set_any(Context& cx, Value self, Value v) {
  stm::Write<Function>(cx, self.as<Function>()).set(kField, v.is_unset() ? kNone : v);
  return {};
}
template <Value State::*kField>
static Result<void> set_name(Context& cx, Value self, Value v) {
  if (v.is_unset() || !is_str(v))
    return raise(cx, kTypeError, "%s must be set to a string object",
                 kField == &State::name ? "__name__" : "__qualname__");
  stm::Write<Function>(cx, self.as<Function>()).set(kField, v);
  return {};
}
// What a call reads without a barrier.
template <class F, class V>
static void set_quasi(Context& cx, Value self, F State::*field, V v) {
  stm::quasi_write(cx, [&] { stm::Write<Function>(cx, self.as<Function>()).set(field, v); });
}
static Result<Value> get_code(Context& cx, Value self) {
  return Value(stm::Read<Function>(cx, self.as<Function>())->code.ptr);
}
static Result<void> set_code(Context& cx, Value self, Value v) {
  if (v.is_unset() || !is_code(v))
    return raise(cx, kTypeError, "__code__ must be set to a code object");
  auto* f = self.as<Function>();
  const size_t have = f->closure.is_unset() ? 0 : f->closure.as<Tuple>()->length;
  if (v.as<Code>()->data->nfrees != have)
    return raise(cx, kValueError, "%s() requires a code object with %zu free vars, not %u",
                 to_utf8(cx, stm::Read<Function>(cx, f)->name).c_str(), have,
                 v.as<Code>()->data->nfrees);
  set_quasi(cx, self, &State::code, Ref<Code>(v.as<Code>()));
  return {};
}
static Result<void> set_defaults(Context& cx, Value self, Value v) {
  if (!v.is_unset() && v != kNone && !is_tuple(v))
    return raise(cx, kTypeError, "__defaults__ must be set to a tuple object");
  set_quasi(cx, self, &State::defaults, v == kNone ? Value() : v);
  return {};
}
static Result<void> set_kwdefaults(Context& cx, Value self, Value v) {
  if (!v.is_unset() && v != kNone && !is_dict(v))
    return raise(cx, kTypeError, "__kwdefaults__ must be set to a dict object");
  set_quasi(cx, self, &State::kwdefaults, v == kNone ? Value() : v);
  return {};
}
static Result<Value> get_annotations(Context& cx, Value self) {
  auto* f = self.as<Function>();
  const Value a = stm::Read<Function>(cx, f)->annotations;
  if (!a.is_unset() && is_dict(a)) return a;
  Dict* d = new_dict(cx);
  if (!a.is_unset()) {
    auto* pairs = a.as<Tuple>();
    for (size_t i = 0; i + 1 < pairs->length; i += 2)
      TRY(dict_set(cx, d, (*pairs)[i], (*pairs)[i + 1]));
  }
  stm::Write<Function>(cx, f).set(&State::annotations, Value(d));
  return Value(d);
}
static Result<void> set_annotations(Context& cx, Value self, Value v) {
  if (!v.is_unset() && v != kNone && !is_dict(v))
    return raise(cx, kTypeError, "__annotations__ must be set to a dict object");
  stm::Write<Function>(cx, self.as<Function>()).set(&State::annotations, v == kNone ? Value() : v);
  return {};
}
static Result<Value> get_closure(Context& cx, Value self) {
  return or_none(self.as<Function>()->closure);
}
static Result<Value> get_globals(Context& cx, Value self) {
  return Value(self.as<Function>()->globals.ptr);
}
static Result<Value> get_builtins(Context& cx, Value self) {
  return Value(self.as<Function>()->builtins.ptr);
}
static Result<Value> get_dict(Context& cx, Value self) { return instance_dict(cx, self, true); }
static Result<void> set_dict(Context& cx, Value self, Value v) {
  if (v.is_unset()) return raise(cx, kTypeError, "cannot delete __dict__");
  if (!is_dict(v))
    return raise(cx, kTypeError, "__dict__ must be set to a dictionary, not a '%s'", TYPE_NAME(v));
  return set_instance_dict(cx, self, v);
}

constexpr BuiltinDef kMethods[] = {
    static_method<&function_new>("__new__",
                                 "($type, code, globals, name=None, argdefs=None, closure=None)"),
    method<&function_repr>("__repr__", "($self, /)"),
    method<&function_get>("__get__", "($self, instance, owner=None, /)"),
    method<&function_call>("__call__", "($self, /, *args, **kwargs)"),
};
constexpr GetSetDef kGetSets[] = {
    {"__name__", get_field<&State::name>, set_name<&State::name>},
    {"__qualname__", get_field<&State::qualname>, set_name<&State::qualname>},
    {"__doc__", get_field<&State::doc>, set_any<&State::doc>},
    {"__module__", get_field<&State::module>, set_any<&State::module>},
    {"__code__", get_code, set_code},
    {"__defaults__", get_field<&State::defaults>, set_defaults},
    {"__kwdefaults__", get_field<&State::kwdefaults>, set_kwdefaults},
    {"__annotations__", get_annotations, set_annotations},
    {"__closure__", get_closure},
    {"__globals__", get_globals},
    {"__builtins__", get_builtins},
    {"__dict__", get_dict, set_dict},
};
constexpr TypeDef kFunction = {
    "function", Kind::kFunction, &Types::function, nullptr, kTypeHasDict | kTypeHasWeakref,
    kMethods,   kGetSets};

}  // namespace function_methods

namespace method_methods {

static Result<Value> method_new(Context& cx, Type*, Value function, Value instance) {
  if (!is_callable(function)) return raise(cx, kTypeError, "first argument must be callable");
  if (instance == kNone) return raise(cx, kTypeError, "self must not be None");
  auto* m = alloc<BoundMethod>(cx, kShapeBoundMethod);
  m->function = function;
  m->self = instance;
  return Value(m);
}
static Result<Value> method_repr(Context& cx, BoundMethod* self) {
  Value name = TRY(find_attr(cx, self->function, names().__qualname__));
  if (name.is_unset() || !is_str(name)) name = TRY(find_attr(cx, self->function, names().__name__));
  const std::string text = name.is_unset() || !is_str(name) ? "?" : to_utf8(cx, name);
  const Value owner = TRY(repr(cx, self->self));
  return Value(TRY(new_str(cx, "<bound method " + text + " of " + to_utf8(cx, owner) + ">")));
}
static Result<int64_t> method_hash(Context& cx, BoundMethod* self) {
  const int64_t a = self->self.is_object() ? gc::identity_hash(self->self.object())
                                           : static_cast<int64_t>(self->self.bits() >> 3);
  return a ^ TRY(hash_value(cx, self->function));
}
static Result<Value> method_eq(Context& cx, BoundMethod* self, Value other) {
  if (!has_shape(other, kShapeBoundMethod)) return kNotImplemented;
  if (!is_same(self->self, other.as<BoundMethod>()->self)) return kFalse;
  return of_bool(TRY(values_equal(cx, self->function, other.as<BoundMethod>()->function)));
}
static Value method_get(Context&, Value self, Value, Opt) { return self; }
static Result<Value> method_call(Context& cx, Value self, Args args, Kwargs kwargs) {
  return function_methods::function_call(cx, self, args, kwargs);
}
static Result<Value> method_getattribute(Context& cx, BoundMethod* self, Str* name) {
  Str* attribute = intern(cx, name);
  const Value own = type_lookup(types().method, attribute);
  if (!own.is_unset()) return bind_descriptor(cx, own, self, types().method);
  return get_attr(cx, self->function, attribute);
}
static Result<Value> method_reduce(Context& cx, BoundMethod* self) {
  const Value name = TRY(get_attr(cx, self->function, names().__name__));
  Tuple* args = TRY(new_tuple(cx, {self->self, name}));
  return Value(TRY(new_tuple(cx, {TRY(import_attr(cx, "builtins", "getattr")), Value(args)})));
}
static Result<Value> get_function(Context&, Value self) { return self.as<BoundMethod>()->function; }
static Result<Value> get_self(Context&, Value self) { return self.as<BoundMethod>()->self; }
static Result<Value> get_doc(Context& cx, Value self) {
  return get_attr(cx, self.as<BoundMethod>()->function, names().__doc__);
}

constexpr BuiltinDef kMethods[] = {
    static_method<&method_new>("__new__", "($type, function, instance, /)"),
    method<&method_repr>("__repr__", "($self, /)"),
    method<&method_hash>("__hash__", "($self, /)"),
    method<&method_eq>("__eq__", "($self, value, /)"),
    method<&method_get>("__get__", "($self, instance, owner=None, /)"),
    method<&method_call>("__call__", "($self, /, *args, **kwargs)"),
    method<&method_getattribute>("__getattribute__", "($self, name, /)"),
    method<&method_reduce>("__reduce__", "($self, /)"),
};
constexpr GetSetDef kGetSets[] = {
    {"__func__", get_function}, {"__self__", get_self}, {"__doc__", get_doc}};
constexpr TypeDef kMethod = {"method",        Kind::kBoundMethod, &Types::method, nullptr,
                             kTypeHasWeakref, kMethods,           kGetSets};

}  // namespace method_methods

namespace builtin_methods {

static Result<Value> builtin_repr(Context& cx, Value self) {
  auto* b = self.as<Builtin>();
  switch (shape_of(b)->kind) {
    case Kind::kMethodDescriptor:
      return Value(TRY(new_str_format(cx, "<method '%s' of '%s' objects>", b->def->name,
                                      type_name_of(as_type(b->owner)).c_str())));
    case Kind::kWrapperDescriptor:
      return Value(TRY(new_str_format(cx, "<slot wrapper '%s' of '%s' objects>", b->def->name,
                                      type_name_of(as_type(b->owner)).c_str())));
    default:
      break;
  }
  if (b->self.is_unset() || has_kind(b->self, Kind::kModule))
    return Value(TRY(new_str_format(cx, "<built-in function %s>", b->def->name)));
  const bool wrapper = type_of(self) == types().method_wrapper;
  return Value(TRY(new_str_format(
      cx, "<%s %s of %s object at 0x%llx>", wrapper ? "method-wrapper" : "built-in method",
      wrapper ? ("'" + std::string(b->def->name) + "'").c_str() : b->def->name, TYPE_NAME(b->self),
      b->self.is_object() ? address_of(cx, b->self) : 0ULL)));
}
static Result<Value> builtin_call(Context& cx, Value self, Args args, Kwargs kwargs) {
  return function_methods::function_call(cx, self, args, kwargs);
}
static Result<Value> descriptor_get(Context& cx, Value self, Value object, Opt) {
  return object == kNone ? self : new_bound_method(cx, self, object);
}
static Result<Value> builtin_eq(Context& cx, Value self, Value other) {
  if (!other.is_object() || shape_of(other.object())->kind != shape_of(self.object())->kind)
    return kNotImplemented;
  auto* a = self.as<Builtin>();
  auto* b = other.as<Builtin>();
  return of_bool(a->def == b->def && is_same(a->self, b->self));
}
static int64_t builtin_hash(Context&, Value self) {
  auto* b = self.as<Builtin>();
  return static_cast<int64_t>(
      (reinterpret_cast<Word>(b->def) >> 4) ^
      (b->self.is_object() ? gc::identity_hash(b->self.object()) : b->self.bits()));
}
static Result<Value> get_name(Context& cx, Value self) {
  return Value(intern(cx, self.as<Builtin>()->def->name));
}
static Result<Value> get_qualname(Context& cx, Value self) {
  auto* b = self.as<Builtin>();
  if (is_type(b->owner))
    return Value(TRY(new_str(cx, to_utf8(cx, as_type(b->owner)->qualname) + "." + b->def->name)));
  return get_name(cx, self);
}
static Result<Value> get_module(Context& cx, Value self) {
  const Value owner = self.as<Builtin>()->owner;
  return is_str(owner) ? owner : kNone;
}
static Result<Value> get_self(Context& cx, Value self) { return or_none(self.as<Builtin>()->self); }
static Result<Value> get_objclass(Context& cx, Value self) {
  return or_none(self.as<Builtin>()->owner);
}
static Result<Value> get_doc(Context& cx, Value self) {
  const char* doc = self.as<Builtin>()->def->doc;
  if (doc == nullptr) return kNone;
  return Value(TRY(new_str(cx, doc)));
}
static Result<Value> get_text_signature(Context& cx, Value self) {
  const char* s = self.as<Builtin>()->def->signature;
  if (s == nullptr) return kNone;
  return Value(TRY(new_str(cx, s)));
}
static Result<Value> builtin_reduce(Context& cx, Value self) {
  auto* b = self.as<Builtin>();
  const Value name = intern(cx, b->def->name);
  if (b->self.is_unset() || has_kind(b->self, Kind::kModule)) {
    if (!is_type(b->owner)) return name;
    Tuple* args = TRY(new_tuple(cx, {b->owner, name}));
    return Value(TRY(new_tuple(cx, {TRY(import_attr(cx, "builtins", "getattr")), Value(args)})));
  }
  Tuple* args = TRY(new_tuple(cx, {b->self, name}));
  return Value(TRY(new_tuple(cx, {TRY(import_attr(cx, "builtins", "getattr")), Value(args)})));
}

constexpr BuiltinDef kMethods[] = {method<&builtin_repr>("__repr__", "($self, /)"),
                                   method<&builtin_call>("__call__", "($self, /, *args, **kwargs)"),
                                   method<&builtin_eq>("__eq__", "($self, value, /)"),
                                   method<&builtin_hash>("__hash__", "($self, /)"),
                                   method<&builtin_reduce>("__reduce__", "($self, /)")};
constexpr BuiltinDef kDescriptorMethods[] = {
    method<&builtin_repr>("__repr__", "($self, /)"),
    method<&builtin_call>("__call__", "($self, /, *args, **kwargs)"),
    method<&descriptor_get>("__get__", "($self, instance, owner=None, /)"),
    method<&builtin_reduce>("__reduce__", "($self, /)")};
constexpr GetSetDef kGetSets[] = {
    {"__name__", get_name},     {"__qualname__", get_qualname},
    {"__module__", get_module}, {"__self__", get_self},
    {"__doc__", get_doc},       {"__text_signature__", get_text_signature}};
constexpr GetSetDef kDescriptorGetSets[] = {{"__name__", get_name},
                                            {"__qualname__", get_qualname},
                                            {"__objclass__", get_objclass},
                                            {"__doc__", get_doc},
                                            {"__text_signature__", get_text_signature}};
constexpr TypeDef kBuiltin = {"builtin_function_or_method",
                              Kind::kBuiltin,
                              &Types::builtin_function,
                              nullptr,
                              kTypeHasWeakref,
                              kMethods,
                              kGetSets};
constexpr GetSetDef kMethodWrapperGetSets[] = {
    {"__name__", get_name},         {"__qualname__", get_qualname},
    {"__objclass__", get_objclass}, {"__self__", get_self},
    {"__doc__", get_doc},           {"__text_signature__", get_text_signature}};
constexpr TypeDef kMethodWrapper = {
    "method-wrapper", Kind::kBoundBuiltin,  &Types::method_wrapper, nullptr, kTypeNoInstantiate,
    kMethods,         kMethodWrapperGetSets};
constexpr TypeDef kMethodDescriptor = {
    "method_descriptor", Kind::kMethodDescriptor, &Types::method_descriptor, nullptr, 0,
    kDescriptorMethods,  kDescriptorGetSets};
constexpr TypeDef kWrapper = {
    "wrapper_descriptor", Kind::kWrapperDescriptor, &Types::wrapper_descriptor, nullptr, 0,
    kDescriptorMethods,   kDescriptorGetSets};

}  // namespace builtin_methods

namespace descriptor_methods {

static Result<Value> getset_repr(Context& cx, GetSet* self) {
  return Value(TRY(new_str_format(cx, "<attribute '%s' of '%s' objects>", self->def->name,
                                  type_name_of(self->owner).c_str())));
}
static Result<Value> getset_get(Context& cx, Value self, Value object, Opt) {
  return bind_descriptor(cx, self, object == kNone ? Value() : object, types().object);
}
static Result<void> getset_set(Context& cx, GetSet* self, Value object, Value value) {
  if (!is_subtype(type_of(object), self->owner))
    return raise(cx, kTypeError, "descriptor '%s' for '%s' objects doesn't apply to a '%s' object",
                 self->def->name, type_name_of(self->owner).c_str(), TYPE_NAME(object));
  if (self->def->set == nullptr)
    return raise(cx, kAttributeError, "attribute '%s' of '%s' objects is not writable",
                 self->def->name, type_name_of(self->owner).c_str());
  return self->def->set(cx, object, value);
}
static Result<void> getset_delete(Context& cx, GetSet* self, Value object) {
  return getset_set(cx, self, object, Value());
}
static Result<Value> getset_name(Context& cx, Value self) {
  return Value(intern(cx, self.as<GetSet>()->def->name));
}
static Result<Value> getset_owner(Context& cx, Value self) {
  return Value(self.as<GetSet>()->owner.ptr);
}
static Result<Value> getset_doc(Context& cx, Value self) {
  const char* doc = self.as<GetSet>()->def->doc;
  if (doc == nullptr) return kNone;
  return Value(TRY(new_str(cx, doc)));
}
static Result<Value> getset_qualname(Context& cx, Value self) {
  auto* g = self.as<GetSet>();
  return Value(TRY(new_str(cx, to_utf8(cx, g->owner->qualname) + "." + g->def->name)));
}

static Result<Value> member_repr(Context& cx, Member* self) {
  return Value(
      TRY(new_str_format(cx, "<member '%s' of '%s' objects>", to_utf8(cx, self->name).c_str(),
                         type_name_of(self->owner).c_str())));
}
static Result<void> member_set_native(Context& cx, Member* self, Value object, Value value) {
  return member_set(cx, self, object, value);
}
static Result<void> member_delete(Context& cx, Member* self, Value object) {
  return member_set(cx, self, object, Value());
}
static Result<Value> member_name(Context& cx, Value self) { return self.as<Member>()->name; }
static Result<Value> member_owner(Context& cx, Value self) {
  return Value(self.as<Member>()->owner.ptr);
}
static Result<Value> member_doc(Context&, Value) { return kNone; }
static Result<Value> member_qualname(Context& cx, Value self) {
  auto* m = self.as<Member>();
  return Value(TRY(new_str(cx, to_utf8(cx, m->owner->qualname) + "." + to_utf8(cx, m->name))));
}

constexpr BuiltinDef kGetSetMethods[] = {
    method<&getset_repr>("__repr__", "($self, /)"),
    method<&getset_get>("__get__", "($self, instance, owner=None, /)"),
    method<&getset_set>("__set__", "($self, instance, value, /)"),
    method<&getset_delete>("__delete__", "($self, instance, /)")};
constexpr GetSetDef kGetSetGetSets[] = {{"__name__", getset_name},
                                        {"__qualname__", getset_qualname},
                                        {"__objclass__", getset_owner},
                                        {"__doc__", getset_doc}};
constexpr TypeDef kGetSetType = {
    "getset_descriptor", Kind::kGetSet, &Types::getset_descriptor, nullptr, 0,
    kGetSetMethods,      kGetSetGetSets};
constexpr BuiltinDef kMemberMethods[] = {
    method<&member_repr>("__repr__", "($self, /)"),
    method<&getset_get>("__get__", "($self, instance, owner=None, /)"),
    method<&member_set_native>("__set__", "($self, instance, value, /)"),
    method<&member_delete>("__delete__", "($self, instance, /)")};
constexpr GetSetDef kMemberGetSets[] = {{"__name__", member_name},
                                        {"__qualname__", member_qualname},
                                        {"__objclass__", member_owner},
                                        {"__doc__", member_doc}};
constexpr TypeDef kMemberType = {
    "member_descriptor", Kind::kMember, &Types::member_descriptor, nullptr, 0,
    kMemberMethods,      kMemberGetSets};

}  // namespace descriptor_methods

namespace property_methods {

using State = Property::State;

static Result<Value> property_new(Context& cx, Type* type, Args, Kwargs) {
  return Value(alloc_for<Property>(cx, type));
}

static Result<void> property_init(Context& cx, Property* self, Opt fget, Opt fset, Opt fdel,
                                  Opt doc) {
  auto given = [](Opt o) { return o.is_none_or_missing() ? Value() : o.value; };
  Value text = doc.or_none();
  bool inherited = false;
  if (doc.is_none_or_missing() && !given(fget).is_unset()) {
    const Value from_getter = TRY(find_attr(cx, fget.value, names().__doc__));
    inherited = !from_getter.is_unset();
    if (inherited) text = from_getter;
  }
  stm::Write<Property> w(cx, self);
  w.set(&State::getter, given(fget));
  w.set(&State::setter, given(fset));
  w.set(&State::deleter, given(fdel));
  w.set(&State::doc, text);
  w.set(&State::doc_of_getter, Word{inherited});
  // A subclass with a __dict__ keeps the doc there, so that it is not hidden by the class's own.
  if (inherited && type_of(self) != types().property && shape_of(self)->has_dict && text != kNone)
    TRY(set_attr(cx, self, names().__doc__, text));
  return {};
}

Error no_accessor(Context& cx, Property* self, Value object, const char* what) {
  const Value name = stm::Read<Property>(cx, self)->name;
  const std::string type = to_utf8(cx, type_of(object)->qualname);
  if (!name.is_unset())
    return raise(cx, kAttributeError, "property %s of '%s' object has no %s",
                 repr_utf8(cx, name).c_str(), type.c_str(), what);
  return raise(cx, kAttributeError, "property of '%s' object has no %s", type.c_str(), what);
}

static Result<Value> property_get(Context& cx, Property* self, Value object, Opt) {
  if (object == kNone) return Value(self);
  const Value getter = stm::Read<Property>(cx, self)->getter;
  if (getter.is_unset()) return no_accessor(cx, self, object, "getter");
  return tail_call(cx, getter, &object, 1);
}
static Result<Value> property_set(Context& cx, Property* self, Value object, Value value) {
  const Value setter = stm::Read<Property>(cx, self)->setter;
  if (setter.is_unset()) return no_accessor(cx, self, object, "setter");
  (void)TRY(call(cx, setter, {object, value}));
  return kNone;
}
static Result<Value> property_delete(Context& cx, Property* self, Value object) {
  const Value deleter = stm::Read<Property>(cx, self)->deleter;
  if (deleter.is_unset()) return no_accessor(cx, self, object, "deleter");
  (void)TRY(call(cx, deleter, {object}));
  return kNone;
}
static Result<Value> copy_with(Context& cx, Property* self, Value getter, Value setter,
                               Value deleter) {
  stm::Read<Property> p(cx, self);
  auto pick = [](Value fresh, Value old) {
    return fresh.is_unset() || fresh == kNone ? or_none(old) : fresh;
  };
  const Value get = pick(getter, p->getter);
  const Value doc = p->doc_of_getter && get != kNone ? kNone : or_none(p->doc);
  const Value name = p->name;
  const Value copy = TRY(call(cx, Value(type_of(self)),
                              {get, pick(setter, p->setter), pick(deleter, p->deleter), doc}));
  if (has_kind(copy, Kind::kProperty))
    stm::Write<Property>(cx, copy.as<Property>()).set(&State::name, name);
  return copy;
}
static Result<Value> property_getter(Context& cx, Property* self, Value f) {
  return copy_with(cx, self, f, Value(), Value());
}
static Result<Value> property_setter(Context& cx, Property* self, Value f) {
  return copy_with(cx, self, Value(), f, Value());
}
static Result<Value> property_deleter(Context& cx, Property* self, Value f) {
  return copy_with(cx, self, Value(), Value(), f);
}
static Result<void> property_set_name(Context& cx, Property* self, Value, Value name) {
  stm::Write<Property>(cx, self).set(&State::name, name);
  return {};
}
template <Value State::*kField>
static Result<Value> get_field(Context& cx, Value self) {
  return or_none(stm::Read<Property>(cx, self.as<Property>()).operator->()->*kField);
}
static Result<void> set_doc(Context& cx, Value self, Value v) {
  stm::Write<Property>(cx, self.as<Property>()).set(&State::doc, v.is_unset() ? kNone : v);
  return {};
}
static Result<Value> get_abstract(Context& cx, Value self) {
  stm::Read<Property> p(cx, self.as<Property>());
  for (Value f : {p->getter, p->setter, p->deleter}) {
    if (f.is_unset()) continue;
    const Value a = TRY(find_attr(cx, f, names().__isabstractmethod__));
    if (!a.is_unset() && TRY(truth(cx, a))) return kTrue;
  }
  return kFalse;
}

constexpr BuiltinDef kMethods[] = {
    static_method<&property_new>("__new__", "($type, /, *args, **kwargs)"),
    method<&property_init>("__init__", "($self, /, fget=None, fset=None, fdel=None, doc=None)"),
    method<&property_get>("__get__", "($self, instance, owner=None, /)"),
    method<&property_set>("__set__", "($self, instance, value, /)"),
    method<&property_delete>("__delete__", "($self, instance, /)"),
    method<&property_getter>(
        "getter", "($self, fget, /)", Effects::kCallsPython,
        "Descriptor to obtain a copy of the property with a different getter."),
    method<&property_setter>(
        "setter", "($self, fset, /)", Effects::kCallsPython,
        "Descriptor to obtain a copy of the property with a different setter."),
    method<&property_deleter>(
        "deleter", "($self, fdel, /)", Effects::kCallsPython,
        "Descriptor to obtain a copy of the property with a different deleter."),
    method<&property_set_name>("__set_name__", "($self, owner, name, /)"),
};
constexpr GetSetDef kGetSets[] = {{"fget", get_field<&State::getter>},
                                  {"fset", get_field<&State::setter>},
                                  {"fdel", get_field<&State::deleter>},
                                  {"__doc__", get_field<&State::doc>, set_doc},
                                  {"__isabstractmethod__", get_abstract}};
constexpr TypeDef kProperty = {"property", Kind::kProperty,      &Types::property,
                               nullptr,    kTypeBaseType,        kMethods,
                               kGetSets,   "Property attribute."};

}  // namespace property_methods

namespace wrapper_methods {

// staticmethod and classmethod share their layout's fields.
template <class T>
static Result<Value> wrapped_new(Context& cx, Type* type, Args, Kwargs) {
  return Value(alloc_for<T>(cx, type));
}
template <class T>
static Result<void> wrapped_init(Context& cx, T* self, Value function) {
  stm::Write<T>(cx, self).set(&T::State::callable, function);
  for (const char* name :
       {"__module__", "__name__", "__qualname__", "__doc__", "__annotations__"}) {
    const Value v = TRY(find_attr(cx, function, intern(cx, name)));
    if (!v.is_unset()) {
      const Value d = TRY(instance_dict(cx, self, true));
      TRY(dict_set_str(cx, d.as<Dict>(), name, v));
    }
  }
  return {};
}
template <class T>
static Result<Value> get_function(Context& cx, Value self) {
  return or_none(stm::Read<T>(cx, self.as<T>())->callable);
}
template <class T>
static Result<Value> get_abstract(Context& cx, Value self) {
  const Value f = stm::Read<T>(cx, self.as<T>())->callable;
  if (f.is_unset()) return kFalse;
  const Value a = TRY(find_attr(cx, f, names().__isabstractmethod__));
  return of_bool(!a.is_unset() && TRY(truth(cx, a)));
}
template <class T>
static Result<Value> wrapped_repr(Context& cx, T* self) {
  const char* name = std::is_same_v<T, StaticMethod> ? "staticmethod" : "classmethod";
  const Value f = stm::Read<T>(cx, self)->callable;
  return Value(TRY(
      new_str(cx, "<" + std::string(name) + "(" + to_utf8(cx, TRY(repr(cx, or_none(f)))) + ")>")));
}
static Result<Value> static_get(Context& cx, StaticMethod* self, Value, Opt) {
  const Value f = stm::Read<StaticMethod>(cx, self)->callable;
  if (f.is_unset()) return raise(cx, kRuntimeError, "uninitialized staticmethod object");
  return f;
}
static Result<Value> static_call(Context& cx, StaticMethod* self, Args args, Kwargs kwargs) {
  return function_methods::function_call(cx, stm::Read<StaticMethod>(cx, self)->callable, args,
                                         kwargs);
}
static Result<Value> class_get(Context& cx, ClassMethod* self, Value object, Opt owner) {
  const Value f = stm::Read<ClassMethod>(cx, self)->callable;
  if (f.is_unset()) return raise(cx, kRuntimeError, "uninitialized classmethod object");
  const Value cls = owner.is_none_or_missing() ? Value(type_of(object)) : owner.value;
  // A chained descriptor (classmethod over property) is bound to the class.
  if (!is_function(f) && !has_shape(f, kShapeBuiltin) && !has_shape(f, kShapeBoundMethod) &&
      !lookup_dunder(f, Dunder::kGet).is_unset())
    return bind_descriptor(cx, f, cls, as_type(cls));
  return new_bound_method(cx, f, cls);
}

constexpr BuiltinDef kStaticMethods[] = {
    static_method<&wrapped_new<StaticMethod>>("__new__", "($type, /, *args, **kwargs)"),
    method<&wrapped_init<StaticMethod>>("__init__", "($self, function, /)"),
    method<&static_get>("__get__", "($self, instance, owner=None, /)"),
    method<&static_call>("__call__", "($self, /, *args, **kwargs)"),
    method<&wrapped_repr<StaticMethod>>("__repr__", "($self, /)"),
};
constexpr BuiltinDef kClassMethods[] = {
    static_method<&wrapped_new<ClassMethod>>("__new__", "($type, /, *args, **kwargs)"),
    method<&wrapped_init<ClassMethod>>("__init__", "($self, function, /)"),
    method<&class_get>("__get__", "($self, instance, owner=None, /)"),
    method<&wrapped_repr<ClassMethod>>("__repr__", "($self, /)"),
};
constexpr GetSetDef kStaticGetSets[] = {
    {"__func__", get_function<StaticMethod>},
    {"__wrapped__", get_function<StaticMethod>},
    {"__isabstractmethod__", get_abstract<StaticMethod>},
    {"__dict__", function_methods::get_dict, function_methods::set_dict}};
constexpr GetSetDef kClassGetSets[] = {
    {"__func__", get_function<ClassMethod>},
    {"__wrapped__", get_function<ClassMethod>},
    {"__isabstractmethod__", get_abstract<ClassMethod>},
    {"__dict__", function_methods::get_dict, function_methods::set_dict}};
constexpr TypeDef kStatic = {"staticmethod",
                             Kind::kStaticMethod,
                             &Types::staticmethod,
                             nullptr,
                             kTypeBaseType | kTypeHasDict,
                             kStaticMethods,
                             kStaticGetSets,
                             "Convert a function to be a static method."};
constexpr TypeDef kClass = {"classmethod",
                            Kind::kClassMethod,
                            &Types::classmethod,
                            nullptr,
                            kTypeBaseType | kTypeHasDict,
                            kClassMethods,
                            kClassGetSets,
                            "Convert a function to be a class method."};

}  // namespace wrapper_methods

namespace cell_methods {

static Result<Value> cell_new(Context& cx, Type*, Opt contents) {
  auto* c = alloc<Cell>(cx, kShapeCell);
  stm::init_state(cx, c).content = contents.value;
  return Value(c);
}
static Result<Value> cell_repr(Context& cx, Cell* self) {
  const Value v = stm::Read<Cell>(cx, self)->content;
  if (v.is_unset())
    return Value(TRY(new_str_format(cx, "<cell at 0x%llx: empty>", address_of(cx, self))));
  return Value(TRY(new_str_format(
      cx, "<cell at 0x%llx: %s object at 0x%llx>", address_of(cx, self), TYPE_NAME(v),
      v.is_object() ? address_of(cx, v) : static_cast<unsigned long long>(v.bits()))));
}
static Result<Value> cell_compare(Context& cx, CompareOp op, Cell* self, Value other) {
  if (!is_cell(other)) return kNotImplemented;
  const Value a = stm::Read<Cell>(cx, self)->content,
              b = stm::Read<Cell>(cx, other.as<Cell>())->content;
  if (a.is_unset() || b.is_unset()) {
    const int x = !a.is_unset(), y = !b.is_unset();
    return compare(cx, op, Value::of_int(x), Value::of_int(y));
  }
  return compare(cx, op, a, b);
}
static Result<Value> cell_eq(Context& cx, Cell* self, Value other) {
  return cell_compare(cx, CompareOp::kEq, self, other);
}
static Result<Value> cell_lt(Context& cx, Cell* self, Value other) {
  return cell_compare(cx, CompareOp::kLt, self, other);
}
static Result<Value> get_contents(Context& cx, Value self) {
  const Value v = stm::Read<Cell>(cx, self.as<Cell>())->content;
  if (v.is_unset()) return raise(cx, kValueError, "Cell is empty");
  return v;
}
static Result<void> set_contents(Context& cx, Value self, Value v) {
  stm::Write<Cell>(cx, self.as<Cell>()).set(&Cell::State::content, v);
  return {};
}
constexpr BuiltinDef kMethods[] = {
    static_method<&cell_new>("__new__", "($type, contents=<unrepresentable>, /)"),
    method<&cell_repr>("__repr__", "($self, /)"), method<&cell_eq>("__eq__", "($self, value, /)"),
    method<&cell_lt>("__lt__", "($self, value, /)")};
constexpr GetSetDef kGetSets[] = {{"cell_contents", get_contents, set_contents}};
constexpr TypeDef kCell = {"cell", Kind::kCell, &Types::cell, nullptr, 0, kMethods, kGetSets};

}  // namespace cell_methods

void define_callable_types(Context& cx) {
  define_type(cx, builtin_methods::kBuiltin);
  shape_by_id(kShapeBoundBuiltin)->type = types().builtin_function;
  define_type(cx, builtin_methods::kMethodWrapper);
  define_type(cx, builtin_methods::kMethodDescriptor);
  define_type(cx, builtin_methods::kWrapper);
  define_type(cx, descriptor_methods::kGetSetType);
  define_type(cx, descriptor_methods::kMemberType);
  define_type(cx, function_methods::kFunction);
  define_type(cx, method_methods::kMethod);
  define_type(cx, property_methods::kProperty);
  define_type(cx, wrapper_methods::kStatic);
  define_type(cx, wrapper_methods::kClass);
  define_type(cx, cell_methods::kCell);
}

}  // namespace pystm::vm
