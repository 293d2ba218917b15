// object, NoneType, NotImplementedType, ellipsis: what every value can do.
#include "vm/object/dict.h"
#include "vm/object/instance.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/object/type_internal.h"
#include "vm/runtime/call.h"
#include "vm/runtime/native.h"
#include "vm/runtime/operators.h"
#include "vm/runtime/runtime.h"
#include "vm/types/define.h"

namespace pystm::vm {

namespace object_methods {

// object(): arguments are errors unless the class overrides the other of __new__ and __init__.
static Result<Value> object_new(Context& cx, Type* type, Args args, Kwargs kwargs) {
  if (args.count + kwargs.count() > 0) {
    if (type->dunder(Dunder::kNew) != types().object->dunder(Dunder::kNew))
      return raise(cx, kTypeError,
                   "object.__new__() takes exactly one argument (the type to instantiate)");
    if (type->dunder(Dunder::kInit) == types().object->dunder(Dunder::kInit))
      return raise(cx, kTypeError, "%s() takes no arguments", type_name_of(type).c_str());
  }
  const bool builtin = static_cast<Kind>(type->kind) != Kind::kInstance;
  if ((builtin && !(type->flags & kTypeHeap)) || !is_complete(type))
    return raise(cx, kTypeError, "object.__new__(%s) is not safe, use %s.__new__()",
                 type_name_of(type).c_str(), type_name_of(type).c_str());
  return new_instance(cx, type);
}

static Result<void> object_init(Context& cx, Value self, Args args, Kwargs kwargs) {
  Type* type = type_of(self);
  if (args.count + kwargs.count() > 0) {
    if (type->dunder(Dunder::kInit) != types().object->dunder(Dunder::kInit))
      return raise(cx, kTypeError,
                   "object.__init__() takes exactly one argument (the instance to initialize)");
    if (type->dunder(Dunder::kNew) == types().object->dunder(Dunder::kNew))
      return raise(cx, kTypeError, "%s() takes no arguments", type_name_of(type).c_str());
  }
  return {};
}

static Result<Value> object_repr(Context& cx, Value self) {
  Type* type = type_of(self);
  const Value module = TRY(find_attr(cx, type, names().__module__));
  std::string name = to_utf8(cx, type->qualname);
  if (!module.is_unset() && is_str(module) && to_utf8(cx, module) != "builtins")
    name = to_utf8(cx, module) + "." + name;
  const Word id = self.is_object() ? gc::identity(cx, self.object()) : self.bits();
  return Value(TRY(new_str_format(cx, "<%s object at 0x%llx>", name.c_str(),
                                  static_cast<unsigned long long>(id))));
}
static Result<Value> object_str(Context& cx, Value self) { return repr(cx, self); }

static Result<int64_t> object_hash(Context&, Value self) { return identity_hash(self); }

static Value object_eq(Context& cx, Value self, Value value) {
  return is_same(self, value) ? kTrue : kNotImplemented;
}
static Result<Value> object_ne(Context& cx, Value self, Value value) {
  const Value r = TRY(call_special(cx, self, Dunder::kEq, {value}));
  if (r == kNotImplemented || r.is_unset()) return kNotImplemented;
  return of_bool(!TRY(truth(cx, r)));
}
static Value object_unordered(Context&, Value, Value) { return kNotImplemented; }
static Value object_le(Context&, Value, Value) { return kNotImplemented; }
static Value object_gt(Context&, Value, Value) { return kNotImplemented; }
static Value object_ge(Context&, Value, Value) { return kNotImplemented; }

static Result<Value> object_format(Context& cx, Value self, Value format_spec) {
  if (!is_str(format_spec))
    return raise(cx, kTypeError, "__format__() argument must be str, not %s",
                 TYPE_NAME(format_spec));
  if (str_length(format_spec) > 0)
    return raise(cx, kTypeError, "unsupported format string passed to %s.__format__",
                 TYPE_NAME(self));
  return str(cx, self);
}

static Result<Value> attribute_name_checked(Context& cx, Value name) {
  if (is_str(name)) return name;
  return raise(cx, kTypeError, "attribute name must be string, not '%s'", TYPE_NAME(name));
}
static Result<Value> object_getattribute(Context& cx, Value self, Value name) {
  return generic_get_attr(cx, self,
                          intern(cx, TRY(flatten(cx, TRY(attribute_name_checked(cx, name))))));
}
static Result<void> object_setattr(Context& cx, Value self, Value name, Value value) {
  return generic_set_attr(
      cx, self, intern(cx, TRY(flatten(cx, TRY(attribute_name_checked(cx, name))))), value);
}
static Result<void> object_delattr(Context& cx, Value self, Value name) {
  return generic_set_attr(
      cx, self, intern(cx, TRY(flatten(cx, TRY(attribute_name_checked(cx, name))))), Value());
}

static Result<void> object_init_subclass(Context& cx, Type* cls) { return {}; }
static Value object_subclasshook(Context&, Type*, Value) { return kNotImplemented; }

static Result<Value> object_dir(Context& cx, Value self) {
  Set* all = new_set(cx);
  auto add_dict = [&](Value d) -> Result<void> {
    Word position = 0;
    Value key, value;
    if (!is_dict(d)) return {};
    while (dict_next(cx, d.as<Dict>(), &position, &key, &value)) (void)TRY(set_add(cx, all, key));
    return {};
  };
  const Value own = TRY(find_attr(cx, self, names().__dict__));
  if (!own.is_unset()) TRY(add_dict(own));
  Tuple* mro = type_of(self)->mro;
  for (size_t i = 0; i < mro->length; ++i) TRY(add_dict(Value(as_type((*mro)[i])->dict.ptr)));
  return Value(TRY(to_list(cx, all)));
}

static Error cannot_pickle(Context& cx, Value self) {
  return raise(cx, kTypeError, "cannot pickle '%s' object", TYPE_NAME(self));
}

// What __new__ is to be given again: *args is unset when the class does not say; *kwargs a Dict or
// unset.
static Result<void> new_arguments(Context& cx, Value self, Value* args, Value* kwargs) {
  const Value with_keywords = TRY(find_attr(cx, self, intern(cx, "__getnewargs_ex__")));
  if (!with_keywords.is_unset()) {
    const Value r = TRY(call(cx, with_keywords, {}));
    if (!is_tuple(r))
      return raise(cx, kTypeError, "__getnewargs_ex__ should return a tuple, not '%s'",
                   TYPE_NAME(r));
    auto* t = r.as<Tuple>();
    if (t->length != 2)
      return raise(cx, kValueError, "__getnewargs_ex__ should return a tuple of length 2, not %zu",
                   static_cast<size_t>(t->length));
    if (!is_tuple((*t)[0]))
      return raise(
          cx, kTypeError,
          "first item of the tuple returned by __getnewargs_ex__ must be a tuple, not '%s'",
          TYPE_NAME((*t)[0]));
    if (!is_dict((*t)[1]))
      return raise(
          cx, kTypeError,
          "second item of the tuple returned by __getnewargs_ex__ must be a dict, not '%s'",
          TYPE_NAME((*t)[1]));
    *args = (*t)[0];
    *kwargs = (*t)[1];
    return {};
  }
  const Value plain = TRY(find_attr(cx, self, intern(cx, "__getnewargs__")));
  if (plain.is_unset()) return {};
  *args = TRY(call(cx, plain, {}));
  if (!is_tuple(*args))
    return raise(cx, kTypeError, "__getnewargs__ should return a tuple, not '%s'",
                 TYPE_NAME(*args));
  return {};
}

// True when the layout holds something that neither attributes nor slots show.
static bool has_hidden_state(Type* type) {
  while (type->flags & kTypeHeap) type = type->base;
  if (type == types().object) return false;
  return static_cast<Kind>(type->kind) != Kind::kInstance || type->shape->slot_count > 0;
}

// (copyreg.__newobj__, (cls, *args), state, list items, dict items): protocol 2 and above.
static Result<Value> reduce_newobj(Context& cx, Value self) {
  Type* type = type_of(self);
  if (type->flags & kTypeNoInstantiate) return cannot_pickle(cx, self);
  Value args, kwargs;
  TRY(new_arguments(cx, self, &args, &kwargs));
  const bool has_args = !args.is_unset();
  if (!has_args && !is_list(self) && !is_dict(self) && has_hidden_state(type)) {
    const Value getstate = TRY(get_attr(cx, Value(type), intern(cx, "__getstate__")));
    if (getstate == TRY(get_attr(cx, Value(types().object), intern(cx, "__getstate__"))))
      return cannot_pickle(cx, self);
  }
  Value make, make_args;
  if (kwargs.is_unset() || dict_length(cx, kwargs.as<Dict>()) == 0) {
    make = TRY(import_attr(cx, "copyreg", "__newobj__"));
    const size_t n = has_args ? args.as<Tuple>()->length : 0;
    Tuple* t = TRY(alloc_tuple(cx, n + 1));
    t->items()[0] = type;
    for (size_t i = 0; i < n; ++i) t->items()[i + 1] = (*args.as<Tuple>())[i];
    make_args = t;
  } else {
    make = TRY(import_attr(cx, "copyreg", "__newobj_ex__"));
    make_args = TRY(new_tuple(cx, {Value(type), args, kwargs}));
  }
  const Value state = TRY(call_method(cx, self, intern(cx, "__getstate__"), {}));
  Value list_items = kNone, dict_items = kNone;
  if (is_list(self)) list_items = TRY(get_iter(cx, self));
  if (is_dict(self))
    dict_items = TRY(get_iter(cx, TRY(call_method(cx, self, intern(cx, "items"), {}))));
  return Value(TRY(new_tuple(cx, {make, make_args, state, list_items, dict_items})));
}

static Result<Value> object_reduce_ex(Context& cx, Value self, int64_t protocol) {
  const Value own = TRY(get_attr(cx, Value(type_of(self)), names().__reduce__));
  const Value base = TRY(get_attr(cx, Value(types().object), names().__reduce__));
  if (own != base) return call_method(cx, self, names().__reduce__, {});
  if (protocol >= 2) return reduce_newobj(cx, self);
  return call(cx, TRY(import_attr(cx, "copyreg", "_reduce_ex")), {self, Value::of_int(protocol)});
}
static Result<Value> object_reduce(Context& cx, Value self) {
  return call(cx, TRY(import_attr(cx, "copyreg", "_reduce_ex")), {self, Value::of_int(0)});
}

// The state that pickling takes: attributes, and slots beside them.
static Result<Value> object_getstate(Context& cx, Value self) {
  const Value d = TRY(find_attr(cx, self, names().__dict__));
  Value state = kNone;
  if (is_dict(d) && !d.is_unset() && dict_length(cx, d.as<Dict>()) > 0)
    state = Value(TRY(dict_copy(cx, d.as<Dict>())));
  Dict* slots = new_dict(cx);
  Tuple* mro = type_of(self)->mro;
  for (size_t i = 0; i < mro->length; ++i) {
    Word position = 0;
    Value key, value;
    while (dict_next(cx, as_type((*mro)[i])->dict, &position, &key, &value)) {
      if (!has_shape(value, kShapeMember)) continue;
      const Value v = TRY(find_attr(cx, self, value.as<Member>()->name.as<Str>()));
      if (!v.is_unset()) TRY(dict_set(cx, slots, key, v));
    }
  }
  if (dict_length(cx, slots) == 0) return state;
  return Value(TRY(new_tuple(cx, {state, Value(slots)})));
}

static Result<Value> object_sizeof(Context& cx, Value self) {
  return make_int(cx, self.is_object() ? static_cast<int64_t>(gc::size_of(self.object())) : 28);
}

// The class that last added something to the layout of its instances.
constexpr Word kAdded = kTypeHasDict | kTypeHasWeakref;
static Type* layout_class(Type* t) {
  while (t->base != nullptr && t->base->kind == t->kind && (t->flags & kTypeHeap) &&
         t->base->shape->slot_count == t->shape->slot_count &&
         (t->base->flags & kAdded) == (t->flags & kAdded))
    t = t->base;
  return t;
}
// Whether instances of the two look alike: the same class made them so, or two that add the same.
static bool same_layout(Context& cx, Type* a, Type* b) {
  a = layout_class(a);
  b = layout_class(b);
  if (a == b) return true;
  if (a->base != b->base || (a->flags & kAdded) != (b->flags & kAdded) ||
      a->shape->slot_count != b->shape->slot_count)
    return false;
  Word position = 0;
  Value key, value;
  while (dict_next(cx, a->dict, &position, &key, &value)) {
    if (!has_shape(value, kShapeMember)) continue;
    const Value other = dict_peek(b->dict, key.as<Str>());
    if (!has_shape(other, kShapeMember) || other.as<Member>()->slot != value.as<Member>()->slot)
      return false;
  }
  return true;
}

static Result<Value> get_class(Context& cx, Value self) { return Value(type_of(self)); }
static Result<void> set_class(Context& cx, Value self, Value value) {
  if (value.is_unset()) return raise(cx, kTypeError, "can't delete __class__ attribute");
  if (!is_type(value))
    return raise(cx, kTypeError, "__class__ must be set to a class, not '%s' object",
                 TYPE_NAME(value));
  Type* to = as_type(value);
  Type* from = type_of(self);
  const bool modules = is_subtype(from, types().module) && is_subtype(to, types().module);
  if (!modules && (!(from->flags & kTypeHeap) || !(to->flags & kTypeHeap)))
    return raise(cx, kTypeError,
                 "__class__ assignment only supported for mutable types or ModuleType subclasses");
  const bool same = from->kind == to->kind && from->shape->info.has_vlock &&
                    from->shape->dict_offset == to->shape->dict_offset &&
                    (modules || same_layout(cx, from, to));
  if (!same)
    return raise(cx, kTypeError, "__class__ assignment: '%s' object layout differs from '%s'",
                 type_name_of(to).c_str(), type_name_of(from).c_str());
  auto* o = self.as<MutObject>();
  Shape* shape = to->shape;
  // The class of an object is looked at without a barrier: quasi-immutable.
  stm::become_inevitable(cx, "change of an object's class");
  if (static_cast<Kind>(from->kind) == Kind::kInstance) {
    // Own attributes move to a Dict; then a dict-mode shape of the new class with as many inline
    // slots.
    if (from->shape->has_dict) {
      (void)TRY(instance_dict(cx, self, true));
      shape = dict_mode_shape(to, shape_of(o)->inline_slots);
    }
  }
  stm::acquire(cx, o);
  stm::quasi_write(cx, [&] { stm::write_shape(o, shape->id); });
  return {};
}

constexpr BuiltinDef kMethods[] = {
    static_method<&object_new>("__new__", "($type, /, *args, **kwargs)"),
    method<&object_init>("__init__", "($self, /, *args, **kwargs)", Effects::kPure),
    method<&object_repr>("__repr__", "($self, /)"),
    method<&object_str>("__str__", "($self, /)"),
    method<&object_hash>("__hash__", "($self, /)", Effects::kPure),
    method<&object_eq>("__eq__", "($self, value, /)", Effects::kPure),
    method<&object_ne>("__ne__", "($self, value, /)"),
    method<&object_unordered>("__lt__", "($self, value, /)", Effects::kPure),
    method<&object_le>("__le__", "($self, value, /)", Effects::kPure),
    method<&object_gt>("__gt__", "($self, value, /)", Effects::kPure),
    method<&object_ge>("__ge__", "($self, value, /)", Effects::kPure),
    method<&object_format>("__format__", "($self, format_spec, /)", Effects::kCallsPython,
                           "Default object formatter."),
    method<&object_getattribute>("__getattribute__", "($self, name, /)"),
    method<&object_setattr>("__setattr__", "($self, name, value, /)"),
    method<&object_delattr>("__delattr__", "($self, name, /)"),
    class_method<&object_init_subclass>("__init_subclass__", "($cls, /)"),
    class_method<&object_subclasshook>("__subclasshook__", "($cls, object, /)"),
    method<&object_dir>("__dir__", "($self, /)"),
    method<&object_reduce>("__reduce__", "($self, /)"),
    method<&object_reduce_ex>("__reduce_ex__", "($self, protocol, /)"),
    method<&object_getstate>("__getstate__", "($self, /)"),
    method<&object_sizeof>("__sizeof__", "($self, /)"),
};
constexpr GetSetDef kGetSets[] = {{"__class__", get_class, set_class, "the object's class"}};
constexpr TypeDef kObject = {
    "object",
    Kind::kInstance,
    &Types::object,
    nullptr,
    kTypeBaseType,
    kMethods,
    kGetSets,
    "The base class of the class hierarchy.\n\nWhen called, it accepts no arguments and "
    "returns a new featureless\ninstance that has no instance attributes and cannot be given "
    "any.\n"};

}  // namespace object_methods

namespace singleton_methods {

static Result<Value> none_new(Context& cx, Type*) { return kNone; }
static Value none_bool(Context&, Value) { return kFalse; }
static Result<Value> none_repr(Context& cx, Value) { return Value(intern(cx, "None")); }
static Result<Value> not_implemented_new(Context& cx, Type*) { return kNotImplemented; }
static Result<Value> not_implemented_repr(Context& cx, Value) {
  return Value(intern(cx, "NotImplemented"));
}
static Result<Value> not_implemented_bool(Context& cx, Value) {
  TRY(warn(cx, kDeprecationWarning, "NotImplemented should not be used in a boolean context", 1));
  return kTrue;
}
static Result<Value> ellipsis_new(Context& cx, Type*) { return kEllipsis; }
static Result<Value> ellipsis_repr(Context& cx, Value) { return Value(intern(cx, "Ellipsis")); }

constexpr BuiltinDef kNoneMethods[] = {
    static_method<&none_new>("__new__", "($type, /)", Effects::kPure),
    method<&none_bool>("__bool__", "($self, /)", Effects::kPure),
    method<&none_repr>("__repr__", "($self, /)", Effects::kPure),
};
constexpr BuiltinDef kNotImplementedMethods[] = {
    static_method<&not_implemented_new>("__new__", "($type, /)", Effects::kPure),
    method<&not_implemented_bool>("__bool__", "($self, /)"),
    method<&not_implemented_repr>("__repr__", "($self, /)", Effects::kPure),
    method<&not_implemented_repr>("__reduce__", "($self, /)", Effects::kPure),
};
constexpr BuiltinDef kEllipsisMethods[] = {
    static_method<&ellipsis_new>("__new__", "($type, /)", Effects::kPure),
    method<&ellipsis_repr>("__repr__", "($self, /)", Effects::kPure),
    method<&ellipsis_repr>("__reduce__", "($self, /)", Effects::kPure),
};
constexpr TypeDef kNoneType = {"NoneType", Kind::kInstance, &Types::none, nullptr, 0, kNoneMethods};
constexpr TypeDef kNotImplementedType = {
    "NotImplementedType",  Kind::kInstance, &Types::not_implemented, nullptr, 0,
    kNotImplementedMethods};
constexpr TypeDef kEllipsisType = {"ellipsis", Kind::kInstance, &Types::ellipsis, nullptr,
                                   0,          kEllipsisMethods};
constexpr TypeDef kInternalType = {"internal", Kind::kItemArray, &Types::internal};

}  // namespace singleton_methods

void define_object_type(Context& cx) { define_type(cx, object_methods::kObject); }

void define_singleton_types(Context& cx) {
  define_type(cx, singleton_methods::kNoneType);
  define_type(cx, singleton_methods::kNotImplementedType);
  define_type(cx, singleton_methods::kEllipsisType);
  define_type(cx, singleton_methods::kInternalType);
  for (ShapeId id : {kShapeDictStorage, kShapeWordArray, kShapeByteArrayStorage, kShapeClassCell,
                     kShapeChunkedItems})
    shape_by_id(id)->type = types().internal;
}

}  // namespace pystm::vm
