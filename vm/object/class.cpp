// Making classes and instances: type.__new__, layout choice, __slots__, and attributes of classes.
//
// A class under construction is private; later changes go through quasi_write.
#include <algorithm>
#include <cstring>
#include <set>
#include <vector>

#include "vm/bytecode/code.h"
#include "vm/object/dict.h"
#include "vm/object/instance.h"
#include "vm/object/sequence.h"
#include "vm/object/shapes_internal.h"
#include "vm/object/str.h"
#include "vm/object/type_internal.h"
#include "vm/runtime/call.h"
#include "vm/runtime/native.h"
#include "vm/runtime/operators.h"
#include "vm/text/unicode_db.h"
#include "vm/types/weakref.h"

namespace pystm::vm {

namespace {

constexpr unsigned kMaxInlineSlots = 32;
constexpr unsigned kMinInlineSlots = 2;
constexpr size_t kMostWords = 63;  // of an object with a word for each member, and one for a dict

// Whether a builtin exception class adds members to those of its base.
bool has_exception_members(const Type* t) {
  return static_cast<Kind>(t->kind) == Kind::kException && t->def != nullptr &&
         !t->def->getsets.empty() && t->def->getsets.data() != t->base->def->getsets.data();
}

// The base whose layout instances take, or null with an exception pending.
Result<Type*> best_base(Context& cx, Tuple* bases) {
  auto solid = [](Type* t) {  // the class that last changed the layout
    while (t->base != nullptr && t->kind == t->base->kind &&
           t->shape->slot_count == t->base->shape->slot_count &&
           !(t->shape->info.fixed_size != t->base->shape->info.fixed_size &&
             !(t->flags & kTypeHeap)) &&
           !has_exception_members(t))
      t = t->base;
    return t;
  };
  Type* winner = nullptr;
  Type* winner_solid = nullptr;
  for (size_t i = 0; i < bases->length; ++i) {
    Type* candidate = as_type((*bases)[i]);
    if (!(candidate->flags & kTypeBaseType))
      return raise(cx, kTypeError, "type '%s' is not an acceptable base type",
                   type_name_of(candidate).c_str());
    if (!is_complete(candidate))
      return raise(cx, kTypeError, "Cannot extend an incomplete type '%s'",
                   type_name_of(candidate).c_str());
    Type* s = solid(candidate);
    if (winner == nullptr || (winner_solid != s && is_subtype(s, winner_solid))) {
      winner = candidate;
      winner_solid = s;
    } else if (!is_subtype(winner_solid, s)) {
      return raise(cx, kTypeError, "multiple bases have instance lay-out conflict");
    }
  }
  return winner;
}

std::string mangle(const std::string& name, std::string class_name) {
  if (name.size() < 3 || name.compare(0, 2, "__") != 0 ||
      name.compare(name.size() - 2, 2, "__") == 0 || name.find('.') != std::string::npos)
    return name;
  class_name.erase(0, class_name.find_first_not_of('_'));
  return class_name.empty() ? name : "_" + class_name + name;
}

// Subclasses of int, str, ... wrap a payload.
Kind subclass_kind(Type* base) {
  switch (static_cast<Kind>(base->kind)) {
    case Kind::kBigInt:
    case Kind::kFloatBox:
    case Kind::kComplex:
    case Kind::kLatin1Str:
    case Kind::kBytes:
      return Kind::kDerived;
    default:
      return static_cast<Kind>(base->kind);
  }
}

// Whether the members of a subclass stand behind the base's layout, a word each.
bool takes_members(const Type* base) {
  const Kind kind = static_cast<Kind>(base->kind);
  return kind != Kind::kInstance && kind != Kind::kException && kind != Kind::kType &&
         base->shape->info.has_vlock && base->shape->info.length_offset == 0;
}

struct SlotPlan {
  std::vector<std::string> members;
  bool given = false, wants_dict = false, wants_weakref = false;
};

Result<SlotPlan> plan_slots(Context& cx, Type* type, Dict* ns, Type* base) {
  SlotPlan plan;
  const Value slots = dict_get_str(cx, ns, names().__slots__);
  if (slots.is_unset()) {
    plan.wants_dict = plan.wants_weakref = true;
    return plan;
  }
  plan.given = true;
  Tuple* list = is_str(slots) ? TRY(new_tuple(cx, {slots})) : TRY(to_tuple(cx, slots));
  std::set<std::string> seen;
  for (size_t i = 0; i < list->length; ++i) {
    const Value v = (*list)[i];
    if (!is_str(v))
      return raise(cx, kTypeError, "__slots__ items must be strings, not '%s'", TYPE_NAME(v));
    const std::string name = to_utf8(cx, v);
    bool identifier = !name.empty() && !(name[0] >= '0' && name[0] <= '9');
    for (unsigned char c : name) identifier &= c >= 0x80 || c == '_' || isalnum(c);
    if (!identifier) return raise(cx, kTypeError, "__slots__ must be identifiers");
    if (name == "__dict__") {
      if (plan.wants_dict || (base->flags & kTypeHasDict))
        return raise(cx, kTypeError, "__dict__ slot disallowed: we already got one");
      plan.wants_dict = true;
    } else if (name == "__weakref__") {
      if (plan.wants_weakref || (base->flags & kTypeHasWeakref))
        return raise(cx, kTypeError, "__weakref__ slot disallowed: we already got one");
      plan.wants_weakref = true;
    } else {
      const std::string mangled = mangle(name, type_name_of(type));
      if (name != "__classcell__" && name != "__qualname__" &&
          !dict_get_str(cx, ns, intern(cx, mangled)).is_unset())
        return raise(cx, kValueError, "'%s' in __slots__ conflicts with class variable",
                     name.c_str());
      if (seen.insert(mangled).second) plan.members.push_back(mangled);
    }
  }
  const Kind kind = static_cast<Kind>(base->kind);
  if (takes_members(base) && base->shape->info.fixed_size / 8 + plan.members.size() >= kMostWords)
    return raise(cx, kTypeError, "too many __slots__ for a subtype of '%s'",
                 type_name_of(base).c_str());
  if (!plan.members.empty() &&
      (kind == Kind::kTuple || kind == Kind::kType || subclass_kind(base) == Kind::kDerived))
    return raise(cx, kTypeError, "nonempty __slots__ not supported for subtype of '%s'",
                 type_name_of(base).c_str());
  std::sort(plan.members.begin(), plan.members.end());
  return plan;
}

// How many attributes `self.x = ...` statements of the class's __init__ methods name: the slots to
// reserve.
unsigned predict_slots(Type* type) {
  std::set<Str*> seen;
  for (size_t i = 0; i < type->mro->length; ++i) {
    const Value init = dict_peek(as_type((*type->mro)[i])->dict, dunder_name(Dunder::kInit));
    if (!is_function(init)) continue;
    Code* code = stm::Peek<Function>(init.as<Function>())->code;  // NOBARRIER: quasi-immutable
    for (const Instr& instr : code_instrs(code))
      if (instr.op == Op::STORE_ATTR && instr.a == 0)
        seen.insert((*code->names)[instr.b].as<Str>());
  }
  return static_cast<unsigned>(std::min<size_t>(seen.size(), kMaxInlineSlots));
}

void install_shape(Context& cx, Type* type, const SlotPlan& plan) {
  const Kind kind = static_cast<Kind>(type->kind);
  const bool has_dict = type->flags & kTypeHasDict;
  const auto add_member = [&](const std::string& text, Word slot) {
    auto* m = alloc<Member>(cx, kShapeMember);
    m->slot = slot;
    m->owner = type;
    Str* name = intern(cx, text);
    m->name = name;
    (void)dict_set_str(cx, type->dict, name, m);
  };
  if (takes_members(type->base)) {
    const Word first = type->base->shape->info.fixed_size / 8;
    type->shape = new_shape(kind, type, static_cast<unsigned>(plan.members.size()));
    for (size_t i = 0; i < plan.members.size(); ++i) add_member(plan.members[i], first + i);
    return;
  }
  if (kind != Kind::kInstance) {
    type->shape = new_shape(kind, type);
    // An exception keeps members where those of the builtin classes are.
    if (kind == Kind::kException)
      for (const std::string& name : plan.members) add_member(name, 0);
    return;
  }
  const unsigned inherited = type->base->shape->slot_count;
  const unsigned members = inherited + static_cast<unsigned>(plan.members.size());
  const unsigned predicted = has_dict ? std::max(predict_slots(type), kMinInlineSlots) : 0;
  Shape* shape = new_instance_shape(type, std::min(members + predicted, 56u), has_dict);
  shape->slot_count = static_cast<uint16_t>(members);
  type->shape = shape;
  for (size_t i = 0; i < plan.members.size(); ++i) add_member(plan.members[i], inherited + i);
}

Result<void> wrap_implicit(Context& cx, Dict* ns, Str* name, bool as_static) {
  const Value f = dict_get_str(cx, ns, name);
  if (!is_function(f)) return {};
  Value wrapped;
  if (as_static) {
    auto* s = alloc<StaticMethod>(cx, kShapeStaticMethod);
    stm::init_state(cx, s).callable = f;
    wrapped = s;
  } else {
    auto* c = alloc<ClassMethod>(cx, kShapeClassMethod);
    stm::init_state(cx, c).callable = f;
    wrapped = c;
  }
  return dict_set_str(cx, ns, name, wrapped);
}

Result<void> finish_namespace(Context& cx, Type* type) {
  Dict* ns = type->dict;
  const Value qualname = TRY(dict_pop(cx, ns, names().__qualname__));
  if (!qualname.is_unset()) {
    if (!is_str(qualname))
      return raise(cx, kTypeError, "type __qualname__ must be a str, not %s", TYPE_NAME(qualname));
    type->qualname = qualname;
  }
  if (dict_get_str(cx, ns, names().__module__).is_unset() && cx.frame >= cx.frames_base) {
    const Value module = dict_get_str(cx, cx.frame->globals, names().__name__);
    if (!module.is_unset()) TRY(dict_set_str(cx, ns, names().__module__, module));
  }
  TRY(wrap_implicit(cx, ns, dunder_name(Dunder::kNew), true));
  TRY(wrap_implicit(cx, ns, names().__init_subclass__, false));
  TRY(wrap_implicit(cx, ns, names().__class_getitem__, false));
  return {};
}

// What a class has even if its body does not say so.
Result<void> add_defaults(Context& cx, Dict* ns) {
  if (dict_get_str(cx, ns, names().__doc__).is_unset())
    TRY(dict_set_str(cx, ns, names().__doc__, kNone));
  if (dict_get_str(cx, ns, dunder_name(Dunder::kHash)).is_unset() &&
      !dict_get_str(cx, ns, dunder_name(Dunder::kEq)).is_unset())
    TRY(dict_set_str(cx, ns, dunder_name(Dunder::kHash), kNone));
  return {};
}

// Classes and modules, when their class has this descriptor too, keep their own rules.
Result<Value> dict_get_own(Context& cx, Value self) {
  if (!is_type(self)) return instance_dict(cx, self, true);
  Type* type = types().type;
  return bind_descriptor(cx, dict_get_str(cx, type->dict, "__dict__"), self, type);
}
Result<void> dict_set_own(Context& cx, Value self, Value v) {
  if (is_type(self))
    return raise(cx, kAttributeError, "attribute '__dict__' of 'type' objects is not writable");
  if (shape_of(self.object())->kind == Kind::kModule)
    return raise(cx, kAttributeError, "readonly attribute");
  if (v.is_unset()) return set_instance_dict(cx, self, new_dict(cx));
  if (!is_dict(v))
    return raise(cx, kTypeError, "__dict__ must be set to a dictionary, not a '%s'", TYPE_NAME(v));
  return set_instance_dict(cx, self, v);
}
constexpr GetSetDef kDictGetSet = {"__dict__", dict_get_own, dict_set_own,
                                   "dictionary for instance variables (if defined)"};

Result<Value> weakref_get(Context& cx, Value self) {
  auto* refs = TRY(weakrefs_of(cx, self)).as<List>();
  const Value first = list_get(cx, refs, 0);
  return first.is_unset() ? kNone : first;
}
constexpr GetSetDef kWeakrefGetSet = {"__weakref__", weakref_get, nullptr,
                                      "list of weak references to the object (if defined)"};

// What CPython lays out with a variable number of items has no place for a list of weak references.
bool takes_weakrefs(Type* base) {
  return !is_subtype(base, types().int_) && !is_subtype(base, types().tuple) &&
         !is_subtype(base, types().bytes);
}

Result<void> add_getset(Context& cx, Type* type, const GetSetDef* def) {
  if (!dict_get_str(cx, type->dict, intern(cx, def->name)).is_unset()) return {};
  auto* g = alloc<GetSet>(cx, kShapeGetSet);
  g->def = def;
  g->owner = type;
  return dict_set_str(cx, type->dict, intern(cx, def->name), g);
}

Result<void> run_set_names(Context& cx, Type* type) {
  Word position = 0;
  Value key, value;
  Dict* copy = TRY(dict_copy(cx, type->dict));
  while (dict_next(cx, copy, &position, &key, &value)) {
    const Value hook = type_lookup(type_of(value), names().__set_name__);
    if (hook.is_unset()) continue;
    const Value bound = TRY(bind_descriptor(cx, hook, value, type_of(value)));
    auto r = call(cx, bound, {Value(type), key});
    if (r.is_error()) {
      const Value cause = take_exception(cx);
      (void)raise(cx, kRuntimeError, "Error calling __set_name__ on '%s' instance %s in '%s'",
                  TYPE_NAME(value), repr_utf8(cx, key).c_str(), type_name_of(type).c_str());
      set_exception_cause(cx, cx.exception, cause);
      return Error{};
    }
  }
  return {};
}

Result<void> run_init_subclass(Context& cx, Type* type, Value kw_names, const Value* kw_values) {
  auto* super = alloc<Super>(cx, kShapeSuper);
  auto& s = stm::init_state(cx, super);
  s.start = type;
  s.self = type;
  s.self_type = type;
  const Value f = TRY(get_attr(cx, super, names().__init_subclass__));
  Tuple* kw = kw_names.is_unset() ? nullptr : kw_names.as<Tuple>();
  (void)TRY(call_kw(cx, f, kw_values, kw == nullptr ? 0 : kw->length, kw));
  return {};
}

}  // namespace

Type* alloc_type(Context& cx, Type* metatype) {
  // Dict first: a tenured object must not wait half-made while something collects.
  Dict* dict = new_dict(cx);
  dict->set_flag(kClassNamespace);
  auto* type = static_cast<Type*>(gc::allocate_old(cx, sizeof(Type)));
  std::memset(reinterpret_cast<char*>(type) + 8, 0, sizeof(Type) - 8);
  // NOBARRIER: newborn
  type->shape_id = metatype == nullptr ? 0 : metatype->shape->id;
  type->dict = dict;
  gc::store_barrier(cx, type, reinterpret_cast<Value*>(&type->dict));
  return type;
}

Result<Value> new_class(Context& cx, Type* metatype, Value name, Tuple* bases, Dict* ns,
                        Value kw_names, const Value* kw_values) {
  if (bases->length == 0) bases = TRY(new_tuple(cx, {Value(types().object)}));
  Type* base = TRY(best_base(cx, bases));
  Dict* own = TRY(dict_copy(cx, ns));
  own->set_flag(kClassNamespace);
  Type* type = alloc_type(cx, metatype);
  auto set_ref = [&](auto& field, auto value) {
    field = value;
    gc::store_barrier(cx, type, reinterpret_cast<const Value*>(&field));
  };
  set_ref(type->dict, Ref<Dict>(own));
  set_ref(type->name, name);
  set_ref(type->qualname, name);
  set_ref(type->bases, Ref<Tuple>(bases));
  set_ref(type->base, Ref<Type>(base));
  type->kind = static_cast<Word>(subclass_kind(base));
  type->flags = kTypeHeap | kTypeBaseType |
                (base->flags & (kTypeHasDict | kTypeHasWeakref | kTypeMatchSelf |
                                kTypeSequencePattern | kTypeMappingPattern));
  for (size_t i = 0; i < bases->length; ++i)
    type->flags |= as_type((*bases)[i])->flags &
                   (kTypeHasDict | kTypeHasWeakref | kTypeSequencePattern | kTypeMappingPattern);
  const SlotPlan plan = TRY(plan_slots(cx, type, own, base));
  // Members of frozensets live in the attribute Dict: they have no version to guard a word by.
  const bool needs_dict = plan.wants_dict || (!plan.members.empty() && !takes_members(base) &&
                                              static_cast<Kind>(type->kind) != Kind::kInstance &&
                                              static_cast<Kind>(type->kind) != Kind::kException);
  if (needs_dict && static_cast<Kind>(type->kind) != Kind::kType) type->flags |= kTypeHasDict;
  if (plan.wants_weakref && takes_weakrefs(base)) type->flags |= kTypeHasWeakref;
  const Value cell = TRY(dict_pop(cx, own, names().__classcell__));
  TRY(finish_namespace(cx, type));
  if ((type->flags & ~base->flags & kTypeHasDict) && static_cast<Kind>(type->kind) != Kind::kType)
    TRY(add_getset(cx, type, &kDictGetSet));
  if (type->flags & ~base->flags & kTypeHasWeakref) TRY(add_getset(cx, type, &kWeakrefGetSet));
  TRY(add_defaults(cx, own));
  type->shape = base->shape;  // until mro() has run, which may try to make instances
  TRY(install_mro(cx, type, true));
  refresh_dunders(type);
  install_shape(cx, type, plan);
  refresh_dunders(type);
  if (!cell.is_unset()) {
    if (!is_cell(cell))
      return raise(cx, kTypeError, "__classcell__ must be a nonlocal cell, not <class '%s'>",
                   TYPE_NAME(cell));
    stm::Write<Cell>(cx, cell.as<Cell>()).set(&Cell::State::content, Value(type));
  }
  for (size_t i = 0; i < bases->length; ++i) add_subclass(cx, as_type((*bases)[i]), type);
  TRY(run_set_names(cx, type));
  TRY(run_init_subclass(cx, type, kw_names, kw_values));
  return Value(type);
}

// --- instances -----------------------------------------------------------------------------------

Object* alloc_object(Context& cx, Shape* shape) {
  const size_t size = shape->info.fixed_size;
  auto* o = static_cast<Object*>(gc::allocate(cx, size));
  std::memset(static_cast<void*>(o), 0, size);
  o->shape_id = shape->id;  // NOBARRIER: newborn
  if (shape->info.has_vlock) {
    // NOBARRIER: newborn
    static_cast<MutObject*>(o)->vlock.store(cx.me, std::memory_order_relaxed);
  } else if (shape->dict_offset != 0 && shape->dict_offset != kDictAfterItems) {
    Dict* dict = new_dict(cx);
    auto* slot = reinterpret_cast<Value*>(reinterpret_cast<char*>(o) + shape->dict_offset);
    *slot = dict;
    gc::store_barrier(cx, o, slot);
  }
  if (PYSTM_UNLIKELY(shape->info.may_finalize)) gc::register_finalizable(cx, o);
  return o;
}

Result<Value> new_instance(Context& cx, Type* type) {
  if (PYSTM_UNLIKELY(type->flags & kTypeAbstract)) return raise_abstract(cx, type);
  return Value(alloc_object(cx, type->shape));
}

Error raise_abstract(Context& cx, Type* type) {
  const Value methods = dict_peek(type->dict, names().__abstractmethods__);
  Value list = Value();
  {
    auto r = to_list(cx, methods);
    if (r.is_error()) return Error{};
    list = r.value();
    if (call_method(cx, list, names().sort, {}).is_error()) return Error{};
  }
  const int64_t n = list_length(cx, list.as<List>());
  std::string text;
  for (int64_t i = 0; i < n; ++i)
    text += (i == 0 ? "" : ", ") + to_utf8(cx, list_get(cx, list.as<List>(), i));
  return raise(cx, kTypeError, "Can't instantiate abstract class %s with abstract method%s %s",
               type_name_of(type).c_str(), n == 1 ? "" : "s", text.c_str());
}

// --- attributes of classes -----------------------------------------------------------------------

Result<Value> type_get_attr(Context& cx, Type* type, Str* name) {
  Type* meta = type_of(type);
  const Value in_meta = type_lookup(meta, name);
  const bool meta_data =
      !in_meta.is_unset() &&
      (has_shape(in_meta, kShapeGetSet) || has_shape(in_meta, kShapeMember) ||
       (!lookup_dunder(in_meta, Dunder::kSet).is_unset() && !is_function(in_meta)));
  if (meta_data) return bind_descriptor(cx, in_meta, type, meta);
  const Value own = type_lookup(type, name);
  if (!own.is_unset()) return bind_descriptor(cx, own, Value(), type);
  if (!in_meta.is_unset()) return bind_descriptor(cx, in_meta, type, meta);
  return raise_attribute_error(cx, type, name);
}

namespace {

bool is_special_name(const Str* name) {
  const size_t n = name->length;
  return n > 4 && char_at(name, 0) == '_' && char_at(name, 1) == '_' &&
         char_at(name, n - 1) == '_' && char_at(name, n - 2) == '_';
}

// May the value of a class attribute stand in a ClassCell?
bool fits_class_cell(const Str* name, Value v) {
  if (v.is_unset() || is_special_name(name)) return false;
  if (!v.is_object()) return true;
  switch (kind_of(v)) {
    case Kind::kFunction:
    case Kind::kMethodDescriptor:
    case Kind::kWrapperDescriptor:
    case Kind::kStaticMethod:
    case Kind::kClassMethod:
    case Kind::kProperty:
    case Kind::kGetSet:
    case Kind::kMember:
      return false;
    default:
      break;
  }
  const Type* t = type_of(v);
  return t->dunder(Dunder::kGet).is_unset() && t->dunder(Dunder::kSet).is_unset() &&
         t->dunder(Dunder::kDelete).is_unset();
}

// Stores, or deletes, an entry of a class's own namespace.
void store_own(Context& cx, Type* type, Str* name, Value value) {
  const Value entry = dict_peek(type->dict, name);
  const bool in_cell = is_class_cell(entry);
  Cell* cell = nullptr;
  if (fits_class_cell(name, value)) {
    if (in_cell) {
      stm::Write<Cell>(cx, entry.as<Cell>()).set(&Cell::State::content, value);
      return;
    }
    if (!entry.is_unset()) {  // the second value: expect more
      cell = new_public_cell(cx, kShapeClassCell, value);
    }
  } else if (in_cell) {
    // The cell goes. It must be ours before the world stops, when nobody could give it up any more.
    stm::become_inevitable(cx, "change of quasi-immutable data");
    stm::acquire(cx, entry.as<Cell>());
  }
  stm::quasi_write(cx, [&] {
    if (value.is_unset()) {
      dict_delete_str(cx, type->dict, name);
    } else if (cell != nullptr) {
      dict_put_class_cell(cx, type->dict, name, cell);
    } else {
      (void)dict_set_str(cx, type->dict, name, value);
    }
    type_changed(type, name);
  });
}

}  // namespace

Result<void> type_set_attr(Context& cx, Type* type, Str* name, Value value) {
  if (!(type->flags & kTypeHeap))
    return raise(cx, kTypeError, "cannot set '%s' attribute of immutable type '%s'",
                 to_utf8(name).c_str(), type_name_of(type).c_str());
  Type* meta = type_of(type);
  const Value in_meta = type_lookup(meta, name);
  if (!in_meta.is_unset() && has_shape(in_meta, kShapeGetSet)) {
    auto* g = in_meta.as<GetSet>();
    if (g->def->set == nullptr)
      return raise(cx, kAttributeError, "attribute '%s' of 'type' objects is not writable",
                   g->def->name);
    return g->def->set(cx, type, value);
  }
  if (!in_meta.is_unset() && !has_shape(in_meta, kShapeMember) && !is_function(in_meta)) {
    const Value set = lookup_dunder(in_meta, value.is_unset() ? Dunder::kDelete : Dunder::kSet);
    if (!set.is_unset()) {
      if (value.is_unset()) {
        (void)TRY(call(cx, set, {in_meta, Value(type)}));
      } else {
        (void)TRY(call(cx, set, {in_meta, Value(type), value}));
      }
      return {};
    }
  }
  Str* interned = intern(cx, name);
  if (value.is_unset() && dict_peek(type->dict, interned).is_unset())
    return raise_attribute_error(cx, type, name);
  store_own(cx, type, interned, value);
  return {};
}

// --- isinstance, issubclass ----------------------------------------------------------------------

static Result<bool> abstract_issubclass(Context& cx, Value cls, Value base) {
  for (;;) {
    if (is_same(cls, base)) return true;
    const Value bases = TRY(find_attr(cx, cls, names().__bases__));
    if (bases.is_unset() || !is_tuple(bases)) return false;
    auto* t = bases.as<Tuple>();
    if (t->length == 0) return false;
    for (size_t i = 0; i + 1 < t->length; ++i)
      if (TRY(abstract_issubclass(cx, (*t)[i], base))) return true;
    cls = (*t)[t->length - 1];
  }
}

Result<bool> plain_isinstance(Context& cx, Value object, Value cls) {
  if (is_type(cls)) {
    if (is_subtype(type_of(object), as_type(cls))) return true;
    const Value claimed = TRY(find_attr(cx, object, names().__class__));
    return is_type(claimed) && as_type(claimed) != type_of(object) &&
           is_subtype(as_type(claimed), as_type(cls));
  }
  const Value bases = TRY(find_attr(cx, cls, names().__bases__));
  if (bases.is_unset() || !is_tuple(bases))
    return raise(cx, kTypeError, "isinstance() arg 2 must be a type, a tuple of types, or a union");
  const Value claimed = TRY(find_attr(cx, object, names().__class__));
  return claimed.is_unset() ? Result<bool>(false) : abstract_issubclass(cx, claimed, cls);
}

Result<bool> plain_issubclass(Context& cx, Value sub, Value cls) {
  if (is_type(sub) && is_type(cls)) return is_subtype(as_type(sub), as_type(cls));
  auto has_bases = [&](Value v) -> Result<bool> {
    const Value b = TRY(find_attr(cx, v, names().__bases__));
    return !b.is_unset() && is_tuple(b);
  };
  if (!TRY(has_bases(sub))) return raise(cx, kTypeError, "issubclass() arg 1 must be a class");
  if (!TRY(has_bases(cls)))
    return raise(cx, kTypeError,
                 "issubclass() arg 2 must be a class, a tuple of classes, or a union");
  return abstract_issubclass(cx, sub, cls);
}

static Result<Value> check_against(Context& cx, Value object, Value info, bool instance) {
  if (instance && is_type(info) && type_of(object) == as_type(info)) return kTrue;
  NativeDepth depth(cx);
  TRY(depth.check(instance ? " in __instancecheck__" : " in __subclasscheck__"));
  if (is_type(info) && type_of(info) == types().type) {
    return of_bool(instance ? TRY(plain_isinstance(cx, object, info))
                            : TRY(plain_issubclass(cx, object, info)));
  }
  if (is_tuple(info)) {
    auto* t = info.as<Tuple>();
    for (size_t i = 0; i < t->length; ++i) {
      const Value r = TRY(check_against(cx, object, (*t)[i], instance));
      if (r == kTrue) return kTrue;
    }
    return kFalse;
  }
  Value self;
  const Value hook = TRY(
      load_special(cx, info, instance ? Dunder::kInstanceCheck : Dunder::kSubclassCheck, &self));
  if (!hook.is_unset()) {
    const Value args[2] = {self, object};
    const Value r =
        self.is_unset() ? TRY(call(cx, hook, args + 1, 1)) : TRY(call(cx, hook, args, 2));
    return of_bool(TRY(truth(cx, r)));
  }
  return of_bool(instance ? TRY(plain_isinstance(cx, object, info))
                          : TRY(plain_issubclass(cx, object, info)));
}

Result<Value> isinstance(Context& cx, Value object, Value info) {
  return check_against(cx, object, info, true);
}
Result<Value> issubclass(Context& cx, Value cls, Value info) {
  return check_against(cx, cls, info, false);
}

}  // namespace pystm::vm
