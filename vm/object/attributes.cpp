// Attribute access: own attributes of every layout, descriptors, the full protocol with
// __getattribute__ and __getattr__.
#include "vm/object/dict.h"
#include "vm/object/instance.h"
#include "vm/object/sequence.h"
#include "vm/object/shapes_internal.h"
#include "vm/object/str.h"
#include "vm/object/type.h"
#include "vm/runtime/call.h"
#include "vm/runtime/native.h"

namespace pystm::vm {

// --- own attributes ------------------------------------------------------------------------------

Value load_slot(Context& cx, Instance* o, Shape* shape, unsigned slot) {
  if (slot < shape->inline_slots) return instance_slots(o)[slot];
  const Value overflow = stm::Peek<Instance>(o)->overflow;
  if (!has_shape(overflow, kShapeItemArray))
    return Value();  // another thread is changing the shape
  auto* items = overflow.as<ItemArray>();
  const unsigned i = slot - shape->inline_slots;
  return i < items->length ? items->items()[i] : Value();
}

void store_slot(Context& cx, Instance* o, Shape* shape, unsigned slot, Value v) {
  if (slot < shape->inline_slots) {
    Value* p = instance_slots(o) + slot;
    *p = v;  // NOBARRIER: acquired by the caller; the acquire saved all inline slots
    gc::store_barrier(cx, o, p);
    return;
  }
  auto* items = stm::Peek<Instance>(o)->overflow.as<ItemArray>();
  stm::write_slot(cx, items, items->birth, items->items() + (slot - shape->inline_slots), v);
}

namespace {

Dict* dict_word(Object* o, Shape* shape) {
  Value v;
  if (shape->dict_offset == kDictAfterItems) {
    auto* t = static_cast<Tuple*>(o);
    v = t->items()[t->length];
  } else {
    v = *reinterpret_cast<Value*>(reinterpret_cast<char*>(o) + shape->dict_offset);
  }
  return v.is_unset() ? nullptr : v.as<Dict>();
}

Dict* read_dict_word(Context& cx, Object* o, Shape* shape) {
  if (!shape->info.has_vlock) return dict_word(o, shape);
  for (;;) {
    Dict* d = dict_word(o, shape);
    if (stm::read_check(cx, static_cast<MutObject*>(o))) return d;
  }
}

void write_dict_word(Context& cx, Object* o, Shape* shape, Dict* dict) {
  stm::acquire(cx, static_cast<MutObject*>(o));
  auto* slot = reinterpret_cast<Value*>(reinterpret_cast<char*>(o) + shape->dict_offset);
  *slot = dict;  // NOBARRIER: just acquired; the acquire saved the word
  gc::store_barrier(cx, o, slot);
}

// Moves an instance's attributes into a Dict (dict mode). REQUIRES acquired.
Result<Dict*> to_dict_mode(Context& cx, Instance* o) {
  Shape* shape = shape_of(o);
  Dict* d = TRY(new_dict_sized(cx, shape->slot_count));
  std::vector<Shape*> chain;
  for (Shape* s = shape; s != nullptr; s = s->parent)
    if (s->name != nullptr) chain.push_back(s);
  for (auto it = chain.rbegin(); it != chain.rend(); ++it) {
    const Value v = load_slot(cx, o, shape, static_cast<unsigned>((*it)->slot_count) - 1);
    if (!v.is_unset()) TRY(dict_set_str(cx, d, (*it)->name, v));
  }
  Shape* mode = dict_mode_shape(shape->type, shape->inline_slots);
  stm::Write<Instance> w(cx, o);
  w.set(&Instance::State::overflow, Value(d));
  stm::write_shape(o, mode->id);
  return d;
}

// Appends an attribute: shape transition and slot. REQUIRES acquired.
Result<void> add_attribute(Context& cx, Instance* o, Str* name, Value value) {
  Shape* shape = shape_of(o);
  Shape* next = shape->add(name);
  if (next == nullptr) {
    Dict* d = TRY(to_dict_mode(cx, o));
    return dict_set_str(cx, d, name, value);
  }
  const unsigned slot = shape->slot_count;
  if (slot >= shape->inline_slots) {
    const unsigned i = slot - shape->inline_slots;
    stm::Write<Instance> w(cx, o);
    auto* items = w->overflow.is_unset() ? nullptr : w->overflow.as<ItemArray>();
    if (items == nullptr || i >= items->length) {
      ItemArray* fresh = TRY(new_item_array(cx, items == nullptr ? 4 : items->length * 2));
      for (size_t k = 0; items != nullptr && k < items->length; ++k)
        fresh->items()[k] = items->items()[k];
      w.set(&Instance::State::overflow, Value(fresh));
    }
  }
  stm::write_shape(o, next->id);
  store_slot(cx, o, next, slot, value);
  return {};
}

}  // namespace

Result<Value> instance_lookup(Context& cx, Value object, Str* name) {
  if (!object.is_object()) return Value();
  Object* o = object.object();
  for (;;) {  // the shape is part of the group of loads that read_check closes
    Shape* shape = shape_of(o);
    if (shape->kind == Kind::kInstance) {
      auto* instance = static_cast<Instance*>(o);
      if (shape->dict_mode) {
        const Value dict = stm::Peek<Instance>(instance)->overflow;
        if (!stm::read_check(cx, instance)) continue;
        return dict_get_str(cx, dict.as<Dict>(), name);
      }
      const int slot = shape->find(name);
      const Value v =
          slot < 0 ? Value() : load_slot(cx, instance, shape, static_cast<unsigned>(slot));
      if (!stm::read_check(cx, instance)) continue;
      return v;
    }
    if (shape->kind == Kind::kModule) return dict_get_str(cx, static_cast<Module*>(o)->dict, name);
    if (shape->dict_offset == 0) return Value();
    Dict* d = read_dict_word(cx, o, shape);
    return d == nullptr ? Value() : dict_get_str(cx, d, name);
  }
}

Result<Value> instance_dict(Context& cx, Value object, bool create) {
  if (!object.is_object()) return Value();
  Object* o = object.object();
  Shape* shape = shape_of(o);
  if (shape->kind == Kind::kModule) return Value(static_cast<Module*>(o)->dict.ptr);
  if (shape->kind == Kind::kInstance) {
    if (!shape->has_dict) return Value();
    auto* instance = static_cast<Instance*>(o);
    bool dict_mode;
    Value dict;
    do {
      dict_mode = shape_of(o)->dict_mode;
      dict = stm::Peek<Instance>(instance)->overflow;
    } while (!stm::read_check(cx, instance));
    if (dict_mode) return dict;
    if (!create) return Value();
    stm::acquire(cx, instance);
    return Value(TRY(to_dict_mode(cx, instance)));
  }
  if (shape->dict_offset == 0) return Value();
  Dict* d = read_dict_word(cx, o, shape);
  if (d == nullptr && create) {
    d = new_dict(cx);
    write_dict_word(cx, o, shape, d);
  }
  return d == nullptr ? Value() : Value(d);
}

Result<void> set_instance_dict(Context& cx, Value object, Value dict) {
  Object* o = object.object();
  Shape* shape = shape_of(o);
  if (shape->kind == Kind::kInstance) {
    auto* instance = static_cast<Instance*>(o);
    stm::acquire(cx, instance);
    if (!shape_of(o)->dict_mode) (void)TRY(to_dict_mode(cx, instance));
    stm::Write<Instance>(cx, instance).set(&Instance::State::overflow, dict);
    return {};
  }
  if (shape->info.has_vlock) {
    write_dict_word(cx, o, shape, dict.as<Dict>());
    return {};
  }
  Dict* own = dict_word(o, shape);  // payload types: their Dict is theirs for life
  dict_clear(cx, own);
  return dict_update(cx, own, dict.as<Dict>());
}

// Stores (or, unset, deletes) an own attribute; false: no such attribute to delete, or no dict at
// all.
static Result<bool> instance_store(Context& cx, Value object, Str* name, Value value) {
  if (!object.is_object()) return false;
  Object* o = object.object();
  Shape* shape = shape_of(o);
  if (shape->kind != Kind::kInstance) {
    if (shape->dict_offset == 0 && shape->kind != Kind::kModule) return false;
    const Value d = TRY(instance_dict(cx, object, !value.is_unset()));
    if (d.is_unset()) return false;
    if (value.is_unset()) return dict_delete_str(cx, d.as<Dict>(), name);
    TRY(dict_set_str(cx, d.as<Dict>(), name, value));
    return true;
  }
  auto* instance = static_cast<Instance*>(o);
  stm::acquire(cx, instance);
  shape = shape_of(o);
  if (!shape->dict_mode) {
    const int slot = shape->find(name);
    if (value.is_unset()) {
      if (slot < 0 || load_slot(cx, instance, shape, static_cast<unsigned>(slot)).is_unset())
        return false;
      (void)TRY(to_dict_mode(cx, instance));
    } else if (slot >= 0) {
      store_slot(cx, instance, shape, static_cast<unsigned>(slot), value);
      return true;
    } else {
      if (!shape->has_dict) return false;
      TRY(add_attribute(cx, instance, name, value));
      return true;
    }
  }
  auto* d = stm::Read<Instance>(cx, instance)->overflow.as<Dict>();
  if (value.is_unset()) return dict_delete_str(cx, d, name);
  TRY(dict_set_str(cx, d, name, value));
  return true;
}

// --- descriptors ---------------------------------------------------------------------------------

namespace {
// Builtin descriptor kinds are handled here without going through their __get__.
bool is_data_descriptor(Value v) {
  if (!v.is_object()) return false;
  switch (shape_of(v.object())->kind) {
    case Kind::kFunction:
    case Kind::kMethodDescriptor:
    case Kind::kWrapperDescriptor:
    case Kind::kStaticMethod:
    case Kind::kClassMethod:
      return false;
    case Kind::kProperty:
    case Kind::kGetSet:
    case Kind::kMember:
      return true;
    default: {
      Type* t = type_of(v);
      return !t->dunder(Dunder::kSet).is_unset() || !t->dunder(Dunder::kDelete).is_unset();
    }
  }
}
}  // namespace

Result<Value> bind_descriptor(Context& cx, Value attribute, Value object, Type* type) {
  if (!attribute.is_object()) return attribute;
  Object* a = attribute.object();
  if (attribute.object()->shape_id == kShapeFunction || a->shape_id == kShapeMethodDescriptor ||
      a->shape_id == kShapeWrapperDescriptor) {
    if (object.is_unset()) return attribute;
    return new_bound_method(cx, attribute, object);
  }
  switch (a->shape_id) {
    case kShapeStaticMethod:
      return stm::Read<StaticMethod>(cx, attribute.as<StaticMethod>())->callable;
    case kShapeGetSet: {
      if (object.is_unset()) return attribute;
      auto* g = attribute.as<GetSet>();
      if (!is_subtype(type_of(object), g->owner))
        return raise(cx, kTypeError,
                     "descriptor '%s' for '%s' objects doesn't apply to a '%s' object",
                     g->def->name, type_name_of(g->owner).c_str(), TYPE_NAME(object));
      if (g->def->get == nullptr)
        return raise(cx, kAttributeError, "attribute '%s' of '%s' objects is not readable",
                     g->def->name, type_name_of(g->owner).c_str());
      return g->def->get(cx, object);
    }
    case kShapeMember: {
      if (object.is_unset()) return attribute;
      return member_get(cx, attribute.as<Member>(), object);
    }
    default:
      break;
  }
  const Value get = lookup_dunder(attribute, Dunder::kGet);
  if (get.is_unset()) return attribute;
  return call(cx, get, {attribute, object.is_unset() ? kNone : object, Value(type)});
}

// Where an object that is no Instance keeps a member of its class.
static Value* member_word(Object* o, const Member* m) {
  return reinterpret_cast<Value*>(o) + m->slot;
}
// REQUIRES: the caller closes the group with read_check, or has acquired `o`.
static Value load_member(Context& cx, Instance* o, const Member* m) {
  Shape* shape = shape_of(o);
  if (shape->kind != Kind::kInstance) return *member_word(o, m);
  return load_slot(cx, o, shape, static_cast<unsigned>(m->slot));
}

Result<Value> member_get(Context& cx, Member* m, Value object) {
  if (!is_subtype(type_of(object), m->owner))
    return raise(cx, kTypeError, "descriptor '%s' for '%s' objects doesn't apply to a '%s' object",
                 to_utf8(m->name.as<Str>()).c_str(), type_name_of(m->owner).c_str(),
                 TYPE_NAME(object));
  if (has_kind(object, Kind::kException)) {
    const Value v = get_exception_member(cx, object, to_utf8(m->name.as<Str>()).c_str());
    return v.is_unset() ? raise_attribute_error(cx, object, m->name.as<Str>()) : Result<Value>(v);
  }
  auto* o = object.as<Instance>();
  for (;;) {
    const Value v = load_member(cx, o, m);
    if (!stm::read_check(cx, o)) continue;
    if (v.is_unset()) return raise_attribute_error(cx, object, m->name.as<Str>());
    return v;
  }
}

Result<void> member_set(Context& cx, Member* m, Value object, Value value) {
  if (!is_subtype(type_of(object), m->owner))
    return raise(cx, kTypeError, "descriptor '%s' for '%s' objects doesn't apply to a '%s' object",
                 to_utf8(m->name.as<Str>()).c_str(), type_name_of(m->owner).c_str(),
                 TYPE_NAME(object));
  if (has_kind(object, Kind::kException)) {
    const std::string name = to_utf8(m->name.as<Str>());
    if (value.is_unset() && get_exception_member(cx, object, name.c_str()).is_unset())
      return raise(cx, kAttributeError, "%s", name.c_str());
    set_exception_member(cx, object, name.c_str(), value);
    return {};
  }
  auto* o = object.as<Instance>();
  stm::acquire(cx, o);
  if (value.is_unset() && load_member(cx, o, m).is_unset())
    return raise(cx, kAttributeError, "%s", to_utf8(m->name.as<Str>()).c_str());
  Shape* shape = shape_of(o);
  if (shape->kind == Kind::kInstance) {
    store_slot(cx, o, shape, static_cast<unsigned>(m->slot), value);
  } else {
    Value* word = member_word(o, m);
    *word = value;  // NOBARRIER: acquired; the acquire saved all words
    gc::store_barrier(cx, o, word);
  }
  return {};
}

Error raise_attribute_error(Context& cx, Value object, Str* name) {
  std::string what = is_type(object) ? "type object '" + type_name_of(as_type(object)) + "'"
                                     : "'" + type_name(object) + "' object";
  if (has_shape(object, kShapeModule) || has_kind(object, Kind::kModule)) {
    const Value module_name = dict_get_str(cx, object.as<Module>()->dict, names().__name__);
    what = is_str(module_name) && !module_name.is_unset()
               ? "module '" + to_utf8(cx, module_name) + "'"
               : "module";
  }
  (void)raise(cx, kAttributeError, "%s has no attribute '%s'", what.c_str(), to_utf8(name).c_str());
  set_exception_member(cx, cx.exception, "name", name);
  set_exception_member(cx, cx.exception, "obj", object);
  return Error{};
}

// --- object.__getattribute__ and __setattr__ -----------------------------------------------------

// The generic look-up; unset when absent.
static Result<Value> generic_find(Context& cx, Value object, Str* name) {
  Type* type = type_of(object);
  const Value in_class = type_lookup(type, name);
  if (!in_class.is_unset() && is_data_descriptor(in_class)) {
    if (has_shape(in_class, kShapeMember) || has_shape(in_class, kShapeGetSet) ||
        !lookup_dunder(in_class, Dunder::kGet).is_unset())
      return bind_descriptor(cx, in_class, object, type);
  }
  const Value own = TRY(instance_lookup(cx, object, name));
  if (!own.is_unset()) return own;
  if (in_class.is_unset()) return Value();
  return bind_descriptor(cx, in_class, object, type);
}

Result<Value> generic_get_attr(Context& cx, Value object, Str* name) {
  const Value v = TRY(generic_find(cx, object, name));
  if (PYSTM_UNLIKELY(v.is_unset())) return raise_attribute_error(cx, object, name);
  return v;
}

Result<void> generic_set_attr(Context& cx, Value object, Str* name, Value value) {
  Type* type = type_of(object);
  const Value in_class = type_lookup(type, name);
  if (!in_class.is_unset() && is_data_descriptor(in_class)) {
    if (has_shape(in_class, kShapeMember))
      return member_set(cx, in_class.as<Member>(), object, value);
    if (has_shape(in_class, kShapeGetSet)) {
      auto* g = in_class.as<GetSet>();
      if (g->def->set == nullptr)
        return raise(cx, kAttributeError, "attribute '%s' of '%s' objects is not writable",
                     g->def->name, type_name_of(g->owner).c_str());
      return g->def->set(cx, object, value);
    }
    const Dunder d = value.is_unset() ? Dunder::kDelete : Dunder::kSet;
    const Value f = lookup_dunder(in_class, d);
    if (!f.is_unset()) {
      if (value.is_unset()) {
        (void)TRY(call(cx, f, {in_class, object}));
      } else {
        (void)TRY(call(cx, f, {in_class, object, value}));
      }
      return {};
    }
    return raise(cx, kAttributeError, "%s", d == Dunder::kSet ? "__set__" : "__delete__");
  }
  if (TRY(instance_store(cx, object, name, value))) return {};
  const std::string text = to_utf8(name);
  const bool has_dict = object.is_object() && shape_of(object.object())->has_dict;
  if (value.is_unset() && has_dict) {
    return raise_attribute_error(cx, object, name);
  }
  if (in_class.is_unset()) return raise_attribute_error(cx, object, name);
  return raise(cx, kAttributeError, "'%s' object attribute '%s' is read-only", TYPE_NAME(object),
               text.c_str());
}

// --- the full protocol ---------------------------------------------------------------------------

Result<Value> find_attr(Context& cx, Value object, Str* name) {
  Type* type = type_of(object);
  if (PYSTM_LIKELY(type->flags & kTypeGenericGetAttr)) {
    auto r = generic_find(cx, object, name);
    const Value fallback = type->dunder(Dunder::kGetAttr);
    if (fallback.is_unset()) {
      if (r.is_error() && pending_is(cx, kAttributeError)) {
        clear_exception(cx);
        return Value();
      }
      return r;
    }
  }
  auto r = get_attr(cx, object, name);
  if (!r.is_error()) return r;
  if (!pending_is(cx, kAttributeError)) return Error{};
  clear_exception(cx);
  return Value();
}

Result<Value> get_attr(Context& cx, Value object, Str* name) {
  Type* type = type_of(object);
  Result<Value> r = Value();
  if (PYSTM_LIKELY(type->flags & kTypeGenericGetAttr)) {
    r = generic_find(cx, object, name);
    if (!r.is_error() && !r.value().is_unset()) return r;
    if (!r.is_error() && type->dunder(Dunder::kGetAttr).is_unset())
      return raise_attribute_error(cx, object, name);
  } else if (type->dunder(Dunder::kGetAttribute) == types().type->dunder(Dunder::kGetAttribute)) {
    r = type_get_attr(cx, as_type(object), name);
  } else {
    r = call(cx, type->dunder(Dunder::kGetAttribute), {object, Value(name)});
  }
  if (r.is_error() && !pending_is(cx, kAttributeError)) return Error{};
  if (!r.is_error() && !r.value().is_unset()) return r;
  const Value fallback = type->dunder(Dunder::kGetAttr);
  if (fallback.is_unset()) return Error{};
  clear_exception(cx);
  return call(cx, fallback, {object, Value(name)});
}
Result<Value> get_attr(Context& cx, Value object, const char* name) {
  return get_attr(cx, object, intern(cx, name));
}

Result<void> set_attr(Context& cx, Value object, Str* name, Value value) {
  Type* type = type_of(object);
  if (PYSTM_LIKELY(type->flags & kTypeGenericSetAttr))
    return generic_set_attr(cx, object, name, value);
  (void)TRY(call(cx, type->dunder(Dunder::kSetAttr), {object, Value(name), value}));
  return {};
}
Result<void> delete_attr(Context& cx, Value object, Str* name) {
  Type* type = type_of(object);
  if (PYSTM_LIKELY(type->flags & kTypeGenericSetAttr))
    return generic_set_attr(cx, object, name, Value());
  (void)TRY(call(cx, type->dunder(Dunder::kDelAttr), {object, Value(name)}));
  return {};
}

Result<Value> load_method(Context& cx, Value object, Str* name, Value* self) {
  *self = Value();
  Type* type = type_of(object);
  if (!(type->flags & kTypeGenericGetAttr)) return get_attr(cx, object, name);
  const Value in_class = type_lookup(type, name);
  if (in_class.is_object()) {
    const ShapeId id = in_class.object()->shape_id;
    if (id == kShapeFunction || id == kShapeMethodDescriptor || id == kShapeWrapperDescriptor) {
      const Value own = TRY(instance_lookup(cx, object, name));
      if (!own.is_unset()) return own;
      *self = object;
      return in_class;
    }
  }
  return get_attr(cx, object, name);
}

Result<Value> load_special(Context& cx, Value object, Dunder d, Value* self) {
  *self = Value();
  const Value f = lookup_dunder(object, d);
  if (!f.is_object()) return f;
  const ShapeId id = f.object()->shape_id;
  if (id == kShapeFunction || id == kShapeMethodDescriptor || id == kShapeWrapperDescriptor) {
    *self = object;
    return f;
  }
  return bind_descriptor(cx, f, object, type_of(object));
}

}  // namespace pystm::vm
