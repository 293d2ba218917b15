// type and super.
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
#include "vm/types/alias.h"
#include "vm/types/define.h"

namespace pystm::vm {

namespace type_methods {

// The most derived metaclass of the bases.
static Result<Type*> winning_metatype(Context& cx, Type* metatype, Tuple* bases) {
  Type* winner = metatype;
  for (size_t i = 0; i < bases->length; ++i) {
    Type* t = type_of((*bases)[i]);
    if (is_subtype(winner, t)) continue;
    if (is_subtype(t, winner)) {
      winner = t;
      continue;
    }
    return raise(cx, kTypeError,
                 "metaclass conflict: the metaclass of a derived class must be a (non-strict) "
                 "subclass of the "
                 "metaclasses of all its bases");
  }
  return winner;
}

static Result<Value> type_new(Context& cx, Type* metatype, Args args, Kwargs kwargs) {
  if (args.count == 1 && metatype == types().type && kwargs.count() == 0)
    return Value(type_of(args[0]));
  if (args.count != 3) {
    if (metatype == types().type) return raise(cx, kTypeError, "type() takes 1 or 3 arguments");
    return raise(cx, kTypeError, "type.__new__() takes exactly 3 arguments (%u given)", args.count);
  }
  if (!is_str(args[0]))
    return raise(cx, kTypeError, "type.__new__() argument 1 must be str, not %s",
                 TYPE_NAME(args[0]));
  if (!is_tuple(args[1]))
    return raise(cx, kTypeError, "type.__new__() argument 2 must be tuple, not %s",
                 TYPE_NAME(args[1]));
  if (!is_dict(args[2]))
    return raise(cx, kTypeError, "type.__new__() argument 3 must be dict, not %s",
                 TYPE_NAME(args[2]));
  if (to_utf8(cx, args[0]).find('\0') != std::string::npos)
    return raise(cx, kValueError, "type name must not contain null characters");
  auto* bases = args[1].as<Tuple>();
  for (size_t i = 0; i < bases->length; ++i) {
    const Value b = (*bases)[i];
    if (is_type(b)) continue;
    if (!TRY(find_attr(cx, b, names().__mro_entries__)).is_unset())
      return raise(cx, kTypeError,
                   "type() doesn't support MRO entry resolution; use types.new_class()");
  }
  Type* winner = TRY(winning_metatype(cx, metatype, bases));
  for (size_t i = 0; i < bases->length; ++i)
    if (!is_type((*bases)[i])) return raise(cx, kTypeError, "bases must be types");
  if (winner != metatype && winner->dunder(Dunder::kNew) != types().type->dunder(Dunder::kNew)) {
    return call_forwarded(cx, winner->dunder(Dunder::kNew), args, kwargs, Value(winner));
  }
  return new_class(cx, winner, TRY(flatten(cx, args[0])), bases, args[2].as<Dict>(),
                   kwargs.names == nullptr ? Value() : Value(kwargs.names), kwargs.values);
}

static Result<void> type_init(Context& cx, Type* self, Args args, Kwargs kwargs) {
  if (args.count != 1 && args.count != 3)
    return raise(cx, kTypeError, "type.__init__() takes 1 or 3 arguments");
  return {};
}

static Result<Value> type_call(Context& cx, Type* self, Args args, Kwargs kwargs) {
  return call_class_object(cx, self, args, kwargs);
}

static Result<Value> type_repr(Context& cx, Type* self) {
  const Value module = TRY(find_attr(cx, self, names().__module__));
  std::string name = to_utf8(cx, self->qualname);
  if (!module.is_unset() && is_str(module) && to_utf8(cx, module) != "builtins")
    name = to_utf8(cx, module) + "." + name;
  return Value(TRY(new_str(cx, "<class '" + name + "'>")));
}

static Result<Value> type_getattribute(Context& cx, Type* self, Str* name) {
  return type_get_attr(cx, self, intern(cx, name));
}
static Result<void> type_setattr(Context& cx, Type* self, Str* name, Value value) {
  return type_set_attr(cx, self, intern(cx, name), value);
}
static Result<void> type_delattr(Context& cx, Type* self, Str* name) {
  return type_set_attr(cx, self, intern(cx, name), Value());
}
static Result<Value> type_mro(Context& cx, Type* self) {
  return Value(TRY(to_list(cx, TRY(compute_mro(cx, self)))));
}
static Result<Value> type_subclasses(Context& cx, Type* self) {
  return Value(TRY(to_list(cx, TRY(subclasses_of(cx, self)))));
}
static Result<Value> type_prepare(Context& cx, Type*, Args, Kwargs) { return Value(new_dict(cx)); }
static Result<bool> type_instancecheck(Context& cx, Type* self, Value instance) {
  return plain_isinstance(cx, instance, self);
}
static Result<bool> type_subclasscheck(Context& cx, Type* self, Value subclass) {
  return plain_issubclass(cx, subclass, self);
}
static Result<Value> type_or(Context& cx, Value self, Value other) {
  return make_union(cx, self, other);
}
static Result<Value> type_ror(Context& cx, Value self, Value other) {
  return make_union(cx, other, self);
}
static Result<Value> type_dir(Context& cx, Type* self) {
  Set* all = new_set(cx);
  for (size_t i = 0; i < self->mro->length; ++i) {
    Word position = 0;
    Value key, value;
    while (dict_next(cx, as_type((*self->mro)[i])->dict, &position, &key, &value))
      (void)TRY(set_add(cx, all, key));
  }
  return Value(TRY(to_list(cx, all)));
}

// --- attributes ----------------------------------------------------------------------------------

static Result<Value> get_name(Context& cx, Value self) { return as_type(self)->name; }
static Result<void> check_settable(Context& cx, Value self, const char* name, Value value) {
  if (!(as_type(self)->flags & kTypeHeap))
    return raise(cx, kTypeError, "cannot set '%s' attribute of immutable type '%s'", name,
                 type_name_of(as_type(self)).c_str());
  if (value.is_unset())
    return raise(cx, kTypeError, "cannot delete '%s' attribute of type '%s'", name,
                 type_name_of(as_type(self)).c_str());
  return {};
}
static Result<void> set_name(Context& cx, Value self, Value value) {
  TRY(check_settable(cx, self, "__name__", value));
  if (!is_str(value))
    return raise(cx, kTypeError, "can only assign string to %s.__name__, not '%s'",
                 type_name_of(as_type(self)).c_str(), TYPE_NAME(value));
  const Value name = TRY(flatten(cx, value));
  stm::quasi_write(cx, [&] {
    as_type(self)->name = name;
    gc::store_barrier(cx, self.object(), &as_type(self)->name);
  });
  return {};
}
static Result<Value> get_qualname(Context& cx, Value self) { return as_type(self)->qualname; }
static Result<void> set_qualname(Context& cx, Value self, Value value) {
  TRY(check_settable(cx, self, "__qualname__", value));
  if (!is_str(value))
    return raise(cx, kTypeError, "can only assign string to %s.__qualname__, not '%s'",
                 type_name_of(as_type(self)).c_str(), TYPE_NAME(value));
  stm::quasi_write(cx, [&] {
    as_type(self)->qualname = value;
    gc::store_barrier(cx, self.object(), &as_type(self)->qualname);
  });
  return {};
}
static Result<Value> own_entry(Context& cx, Value self, Str* name, Value fallback) {
  const Value v = dict_peek(as_type(self)->dict, name);
  return v.is_unset() ? fallback : v;
}
static Result<void> set_own_entry(Context& cx, Value self, const char* text, Str* name,
                                  Value value) {
  if (!(as_type(self)->flags & kTypeHeap)) return check_settable(cx, self, text, value);
  stm::quasi_write(cx, [&] {
    if (value.is_unset()) {
      dict_delete_str(cx, as_type(self)->dict, name);
    } else {
      (void)dict_set_str(cx, as_type(self)->dict, name, value);
    }
    type_changed(as_type(self));
  });
  return {};
}
static Result<Value> get_module(Context& cx, Value self) {
  const Value v = dict_peek(as_type(self)->dict, names().__module__);
  if (!v.is_unset()) return v;
  return Value(names().builtins);
}
static Result<void> set_module(Context& cx, Value self, Value value) {
  TRY(check_settable(cx, self, "__module__", value));
  return set_own_entry(cx, self, "__module__", names().__module__, value);
}
static Result<Value> get_doc(Context& cx, Value self) {
  const Value v = dict_peek(as_type(self)->dict, names().__doc__);
  if (v.is_unset()) return kNone;
  return bind_descriptor(cx, v, Value(), as_type(self));
}
static Result<void> set_doc(Context& cx, Value self, Value value) {
  TRY(check_settable(cx, self, "__doc__", value));
  return set_own_entry(cx, self, "__doc__", names().__doc__, value);
}
static Result<Value> get_bases(Context& cx, Value self) { return Value(as_type(self)->bases.ptr); }
static Result<void> set_bases(Context& cx, Value self, Value value) {
  TRY(check_settable(cx, self, "__bases__", value));
  Type* type = as_type(self);
  if (!is_tuple(value))
    return raise(cx, kTypeError, "can only assign tuple to %s.__bases__, not %s",
                 type_name_of(type).c_str(), TYPE_NAME(value));
  auto* bases = value.as<Tuple>();
  if (bases->length == 0)
    return raise(cx, kTypeError, "can only assign non-empty tuple to %s.__bases__, not ()",
                 type_name_of(type).c_str());
  for (size_t i = 0; i < bases->length; ++i) {
    const Value b = (*bases)[i];
    if (!is_type(b))
      return raise(cx, kTypeError, "%s.__bases__ must be tuple of classes, not '%s'",
                   type_name_of(type).c_str(), TYPE_NAME(b));
    if (is_subtype(as_type(b), type))
      return raise(cx, kTypeError, "a __bases__ item causes an inheritance cycle");
    if (as_type(b)->kind != type->base->kind ||
        as_type(b)->shape->slot_count != type->base->shape->slot_count)
      return raise(cx, kTypeError, "__bases__ assignment: '%s' object layout differs from '%s'",
                   type_name_of(as_type(b)).c_str(), type_name_of(type->base).c_str());
  }
  stm::become_inevitable(cx, "assignment to __bases__");
  Tuple* old = type->bases;
  type->bases = bases;
  gc::store_barrier(cx, type, reinterpret_cast<Value*>(&type->bases));
  auto r = install_mros_below(cx, type);
  const bool again = type->bases != bases;  // an mro() has assigned others meanwhile: they stay
  if (r.is_error()) {
    if (!again) type->bases = old;
    return Error{};
  }
  if (again) return {};
  stm::quasi_write(cx, [&] {
    type->base = as_type((*bases)[0]);
    gc::store_barrier(cx, type, reinterpret_cast<Value*>(&type->base));
    for (size_t i = 0; i < old->length; ++i) remove_subclass(as_type((*old)[i]), type);
    for (size_t i = 0; i < bases->length; ++i) add_subclass(cx, as_type((*bases)[i]), type);
    type_changed(type);
  });
  return {};
}
static Result<Value> get_base(Context& cx, Value self) {
  Type* base = as_type(self)->base;
  return base == nullptr ? kNone : Value(base);
}
static Result<Value> get_mro(Context&, Value self) {
  return is_complete(as_type(self)) ? Value(as_type(self)->mro.ptr) : kNone;
}
static Result<Value> get_dict(Context& cx, Value self) {
  auto* proxy = alloc<MappingProxy>(cx, kShapeMappingProxy);
  proxy->value = as_type(self)->dict.ptr;
  return Value(proxy);
}
static Result<Value> get_abstract(Context& cx, Value self) {
  const Value v = as_type(self) == types().type
                      ? Value()
                      : dict_peek(as_type(self)->dict, names().__abstractmethods__);
  if (v.is_unset()) return raise_attribute_error(cx, self, names().__abstractmethods__);
  return v;
}
static Result<void> set_abstract(Context& cx, Value self, Value value) {
  const bool abstract = value.is_unset() ? false : TRY(truth(cx, value));
  if (value.is_unset() && dict_peek(as_type(self)->dict, names().__abstractmethods__).is_unset())
    return raise_attribute_error(cx, self, names().__abstractmethods__);
  TRY(set_own_entry(cx, self, "__abstractmethods__", names().__abstractmethods__, value));
  if (abstract) {
    as_type(self)->flags |= kTypeAbstract;
  } else {
    as_type(self)->flags &= ~Word{kTypeAbstract};
  }
  return {};
}
static Result<Value> get_annotations(Context& cx, Value self) {
  Type* type = as_type(self);
  if (!(type->flags & kTypeHeap)) return raise_attribute_error(cx, self, names().__annotations__);
  const Value v = dict_peek(type->dict, names().__annotations__);
  if (!v.is_unset()) return v;
  const Value fresh = new_dict(cx);
  TRY(set_own_entry(cx, self, "__annotations__", names().__annotations__, fresh));
  return fresh;
}
static Result<void> set_annotations(Context& cx, Value self, Value value) {
  return set_own_entry(cx, self, "__annotations__", names().__annotations__, value);
}
static Result<Value> get_flags(Context& cx, Value self) {
  const Word f = as_type(self)->flags;
  int64_t flags = 1 << 12 | 1 << 18;  // ready, has version tag
  if (f & kTypeHeap) flags |= 1 << 9;
  if (f & kTypeBaseType) flags |= 1 << 10;
  if (f & kTypeAbstract) flags |= 1 << 20;
  if (f & kTypeSequencePattern) flags |= 1 << 5;
  if (f & kTypeMappingPattern) flags |= 1 << 6;
  if (!(f & kTypeHeap)) flags |= 1 << 8;
  return make_int(cx, flags);
}
static Result<Value> get_basicsize(Context& cx, Value self) {
  return make_int(cx, as_type(self)->shape == nullptr ? 16 : as_type(self)->shape->info.fixed_size);
}
static Result<Value> get_itemsize(Context& cx, Value self) {
  Shape* s = as_type(self)->shape;
  return make_int(cx, s != nullptr && s->info.length_offset != 0 ? 1 << s->info.item_shift : 0);
}
// CPython's answer for a dict that is not at a fixed place.
static Result<Value> get_dictoffset(Context&, Value self) {
  return Value::of_int(as_type(self)->flags & kTypeHasDict ? -1 : 0);
}
static Result<Value> get_zero(Context& cx, Value) { return Value::of_int(0); }
static Result<Value> get_text_signature(Context& cx, Value) { return kNone; }

constexpr BuiltinDef kMethods[] = {
    static_method<&type_new>("__new__", "($type, /, *args, **kwargs)"),
    method<&type_init>("__init__", "($self, /, *args, **kwargs)"),
    method<&type_call>("__call__", "($self, /, *args, **kwargs)"),
    method<&type_repr>("__repr__", "($self, /)"),
    method<&type_getattribute>("__getattribute__", "($self, name, /)"),
    method<&type_setattr>("__setattr__", "($self, name, value, /)"),
    method<&type_delattr>("__delattr__", "($self, name, /)"),
    method<&type_mro>("mro", "($self, /)", Effects::kReads,
                      "Return a type's method resolution order."),
    method<&type_subclasses>("__subclasses__", "($self, /)", Effects::kReads,
                             "Return a list of immediate subclasses."),
    class_method<&type_prepare>("__prepare__", "($cls, /, *args, **kwargs)"),
    method<&type_instancecheck>("__instancecheck__", "($self, instance, /)"),
    method<&type_subclasscheck>("__subclasscheck__", "($self, subclass, /)"),
    method<&type_or>("__or__", "($self, value, /)"),
    method<&type_ror>("__ror__", "($self, value, /)"),
    method<&type_dir>("__dir__", "($self, /)"),
};
constexpr GetSetDef kGetSets[] = {
    {"__name__", get_name, set_name},
    {"__qualname__", get_qualname, set_qualname},
    {"__module__", get_module, set_module},
    {"__doc__", get_doc, set_doc},
    {"__bases__", get_bases, set_bases},
    {"__base__", get_base},
    {"__mro__", get_mro},
    {"__dict__", get_dict},
    {"__abstractmethods__", get_abstract, set_abstract},
    {"__annotations__", get_annotations, set_annotations},
    {"__flags__", get_flags},
    {"__basicsize__", get_basicsize},
    {"__itemsize__", get_itemsize},
    {"__dictoffset__", get_dictoffset},
    {"__weakrefoffset__", get_zero},
    {"__text_signature__", get_text_signature},
};
constexpr TypeDef kType = {
    "type",
    Kind::kType,
    &Types::type,
    nullptr,
    kTypeBaseType | kTypeHasWeakref,
    kMethods,
    kGetSets,
    "type(object) -> the object's type\ntype(name, bases, dict, **kwds) -> a new type"};

}  // namespace type_methods

namespace super_methods {

// super(): the class from the __class__ cell, the object from the first argument of the calling
// frame.
static Result<void> from_frame(Context& cx, Value* start, Value* self) {
  FrameRecord* f = cx.frame;
  if (f < cx.frames_base || f->code->data->argcount == 0)
    return raise(cx, kRuntimeError, "super(): no arguments");
  CodeData* data = f->code->data;
  *self = f->regs[0];
  // A first parameter that is also a cell variable lives in its cell.
  const Value first_name = f->code->varnames->items()[0];
  for (unsigned i = 0; i < data->ncells; ++i)
    if (f->code->varnames->items()[data->nlocals + i] == first_name)
      *self = stm::Read<Cell>(cx, f->regs[data->nlocals + i].as<Cell>())->content;
  if (self->is_unset()) return raise(cx, kRuntimeError, "super(): arg[0] deleted");
  for (unsigned i = data->ncells; i < static_cast<unsigned>(data->ncells) + data->nfrees; ++i) {
    if (f->code->varnames->items()[data->nlocals + i] != Value(names().__class__)) continue;
    const Value cell = f->regs[data->nlocals + i];
    const Value content = stm::Read<Cell>(cx, cell.as<Cell>())->content;
    if (content.is_unset()) return raise(cx, kRuntimeError, "super(): empty __class__ cell");
    if (!is_type(content))
      return raise(cx, kRuntimeError, "super(): __class__ is not a type (%s)", TYPE_NAME(content));
    *start = content;
    return {};
  }
  return raise(cx, kRuntimeError, "super(): __class__ cell not found");
}

static Result<Value> super_new(Context& cx, Type* type, Args args, Kwargs kwargs) {
  return Value(alloc_for<Super>(cx, type));
}

static Result<Type*> checked_type(Context& cx, Type* start, Value self) {
  if (is_type(self) && is_subtype(as_type(self), start)) return as_type(self);
  if (is_subtype(type_of(self), start)) return type_of(self);
  const Value claimed = TRY(find_attr(cx, self, names().__class__));
  if (!claimed.is_unset() && is_type(claimed) && is_subtype(as_type(claimed), start))
    return as_type(claimed);
  return raise(cx, kTypeError, "super(type, obj): obj must be an instance or subtype of type");
}

static Result<void> super_init(Context& cx, Super* self, Opt type, Opt object) {
  Value start = type.value, bound = object.value;
  if (!type.given()) {
    TRY(from_frame(cx, &start, &bound));
  } else if (!is_type(start)) {
    return raise(cx, kTypeError, "super() argument 1 must be a type, not %s", TYPE_NAME(start));
  }
  if (bound == kNone) bound = Value();
  Value bound_type;
  if (!bound.is_unset()) bound_type = TRY(checked_type(cx, as_type(start), bound));
  stm::Write<Super> w(cx, self);
  w.set(&Super::State::start, start);
  w.set(&Super::State::self, bound);
  w.set(&Super::State::self_type, bound_type);
  return {};
}

static Result<Value> super_getattribute(Context& cx, Super* self, Str* name) {
  stm::Read<Super> s(cx, self);
  Str* attribute = intern(cx, name);
  if (!s->self_type.is_unset() && attribute != names().__class__) {
    Tuple* mro = as_type(s->self_type)->mro;
    size_t i = 0;
    while (i < mro->length && (*mro)[i] != s->start) ++i;
    for (++i; i < mro->length; ++i) {
      const Value v = through_class_cell(dict_peek(as_type((*mro)[i])->dict, attribute));
      if (v.is_unset()) continue;
      const bool unbound = s->self == s->self_type;
      return bind_descriptor(cx, v, unbound ? Value() : s->self, as_type(s->self_type));
    }
  }
  return generic_get_attr(cx, self, attribute);
}

static Result<Value> super_repr(Context& cx, Super* self) {
  stm::Read<Super> s(cx, self);
  const std::string start = s->start.is_unset() ? "NULL" : type_name_of(as_type(s->start));
  if (s->self_type.is_unset())
    return Value(TRY(new_str(cx, "<super: <class '" + start + "'>, NULL>")));
  return Value(TRY(new_str(cx, "<super: <class '" + start + "'>, <" +
                                   type_name_of(as_type(s->self_type)) + " object>>")));
}

static Result<Value> super_get(Context& cx, Super* self, Value object, Opt) {
  stm::Read<Super> s(cx, self);
  if (object == kNone || !s->self.is_unset()) return Value(self);
  return call(cx, Value(type_of(self)), {s->start, object});
}

static Result<Value> none_if_unset(Value v) { return v.is_unset() ? kNone : v; }
static Result<Value> get_thisclass(Context& cx, Value self) {
  return none_if_unset(stm::Read<Super>(cx, self.as<Super>())->start);
}
static Result<Value> get_self(Context& cx, Value self) {
  return none_if_unset(stm::Read<Super>(cx, self.as<Super>())->self);
}
static Result<Value> get_self_class(Context& cx, Value self) {
  return none_if_unset(stm::Read<Super>(cx, self.as<Super>())->self_type);
}

constexpr BuiltinDef kMethods[] = {
    static_method<&super_new>("__new__", "($type, /, *args, **kwargs)"),
    method<&super_init>("__init__", "($self, type=<unrepresentable>, object=<unrepresentable>, /)"),
    method<&super_getattribute>("__getattribute__", "($self, name, /)"),
    method<&super_repr>("__repr__", "($self, /)"),
    method<&super_get>("__get__", "($self, instance, owner=<unrepresentable>, /)"),
};
constexpr GetSetDef kGetSets[] = {
    {"__thisclass__", get_thisclass}, {"__self__", get_self}, {"__self_class__", get_self_class}};
constexpr TypeDef kSuper = {
    "super",        Kind::kSuper,
    &Types::super_, nullptr,
    kTypeBaseType,  kMethods,
    kGetSets,       "super() -> same as super(__class__, <first argument>)"};

}  // namespace super_methods

void define_type_type(Context& cx) { define_type(cx, type_methods::kType); }
void define_super_type(Context& cx) { define_type(cx, super_methods::kSuper); }

}  // namespace pystm::vm
