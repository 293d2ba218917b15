// Type objects: names, MRO, look-up, the resolved special methods.
//
// Type fields and namespaces are quasi-immutable: they change only inside stm::quasi_write, world
// stopped, or before the class is visible to anybody.
#include "vm/object/type.h"

#include <algorithm>
#include <mutex>
#include <vector>

#include "vm/interp/inline_cache.h"
#include "vm/object/dict.h"
#include "vm/object/sequence.h"
#include "vm/object/shapes_internal.h"
#include "vm/object/str.h"
#include "vm/object/type_internal.h"
#include "vm/runtime/call.h"
#include "vm/runtime/native.h"

namespace pystm::vm {

// Direct subclasses, weakly. Outside the STM: an aborted class creation leaves a dead entry.
struct SubclassList {
  std::mutex lock;
  std::vector<Value> weakrefs;  // visited by visit_types: WeakRef objects
};

namespace {

Types the_types;
Names the_names;
constexpr size_t kExceptions = 0
#define EXCEPTION(name, base, doc) +1
#include "vm/object/exceptions.def"
#undef EXCEPTION
    ;
Type* exceptions[kExceptions];
Str* dunder_names[static_cast<size_t>(Dunder::kCount)];
std::atomic<Word> next_version{1};
std::mutex lists_lock;
std::vector<SubclassList*> subclass_lists;

constexpr const char* kDunderTexts[] = {
#define DUNDER(id, name) name,
#include "vm/object/dunders.def"
#undef DUNDER
};

}  // namespace

Types& types() { return the_types; }
Names& names() { return the_names; }
Type* exception_type(ExcId id) { return exceptions[static_cast<size_t>(id)]; }
void set_exception_type(ExcId id, Type* type) { exceptions[static_cast<size_t>(id)] = type; }
Str* dunder_name(Dunder d) { return dunder_names[static_cast<size_t>(d)]; }

void init_names(Context& cx) {
#define NAME(id) the_names.id = intern(cx, #id);
#define NAME_AS(id, text) the_names.id = intern(cx, text);
#include "vm/object/names.def"
#undef NAME
#undef NAME_AS
  for (size_t i = 0; i < static_cast<size_t>(Dunder::kCount); ++i)
    dunder_names[i] = intern(cx, kDunderTexts[i]);
}

void visit_types(gc::SlotVisitor& visitor) {
#define TYPE(id) \
  if (the_types.id != nullptr) visitor.visit(reinterpret_cast<Value&>(the_types.id));
#include "vm/object/types.def"
#undef TYPE
  for (Type*& t : exceptions)
    if (t != nullptr) visitor.visit(reinterpret_cast<Value&>(t));
  std::lock_guard lock(lists_lock);
  for (SubclassList* list : subclass_lists)
    for (Value& v : list->weakrefs) visitor.visit(v);
}

Type* type_of(Value v) {
  if (v.is_int()) return the_types.int_;
  if (v.is_float()) return the_types.float_;
  if (v.is_object()) return shape_of(v.object())->type;
  if (is_bool(v)) return the_types.bool_;
  if (v == kNone) return the_types.none;
  if (v == kNotImplemented) return the_types.not_implemented;
  if (v == kEllipsis) return the_types.ellipsis;
  return the_types.internal;
}

// --- look-up -------------------------------------------------------------------------------------

// A direct-mapped cache over (class version, name). Entries are immutable triples replaced as a
// whole, so a reader sees either the old or the new one. Lost freely.
namespace {
struct LookupEntry {
  Word version;
  Str* name;
  Value value;
};
constexpr size_t kLookupEntries = 4096;
struct alignas(32) LookupSlot {
  std::atomic<Word> sequence{0};  // odd while being written
  LookupEntry entry{};
};
LookupSlot lookup_cache[kLookupEntries];

LookupSlot& lookup_slot(Word version, const Str* name) {
  return lookup_cache[((reinterpret_cast<Word>(name) >> 4) ^ (version * 31)) &
                      (kLookupEntries - 1)];
}

Value lookup_uncached(Type* type, Str* name) {
  Tuple* mro = type->mro;
  for (size_t i = 0; i < mro->length; ++i) {
    const Value v = dict_peek(as_type((*mro)[i])->dict, name);
    if (!v.is_unset()) return v;
  }
  return Value();
}
}  // namespace

Value through_class_cell(Value entry) {
  if (PYSTM_LIKELY(!is_class_cell(entry))) return entry;
  return stm::Read<Cell>(*current_context(), entry.as<Cell>())->content;
}

Value type_lookup(Type* type, Str* name) {
  return through_class_cell(type_lookup_entry(type, name));
}

Value type_lookup_entry(Type* type, Str* name) {
  if (PYSTM_UNLIKELY(type->version == 0)) return lookup_uncached(type, name);
  LookupSlot& slot = lookup_slot(type->version, name);
  const Word before = slot.sequence.load(std::memory_order_acquire);
  const LookupEntry e = slot.entry;
  stm::compiler_barrier();
  if (!(before & 1) && slot.sequence.load(std::memory_order_acquire) == before &&
      e.version == type->version && e.name == name)
    return e.value;
  const Value v = lookup_uncached(type, name);
  Word expected = slot.sequence.load(std::memory_order_relaxed);
  if (!(expected & 1) && slot.sequence.compare_exchange_strong(expected, expected + 1)) {
    slot.entry = {type->version, name, v};
    slot.sequence.store(expected + 2, std::memory_order_release);
  }
  return v;
}

// The cache holds plain references: a collection that may move or free things empties it.
void clear_lookup_cache() {
  for (LookupSlot& slot : lookup_cache) slot.entry = {};
}

bool is_complete(const Type* type) { return type->mro->length != 0; }

bool is_subtype(Type* type, Type* base) {
  if (type == base || base == the_types.object) return true;
  Tuple* mro = type->mro;
  if (mro == nullptr) return false;
  for (size_t i = 0; i < mro->length; ++i)
    if ((*mro)[i] == Value(base)) return true;
  if (!is_complete(type))
    for (const Type* t = type; t != nullptr; t = t->base)
      if (t == base) return true;
  return false;
}

std::string type_name_of(Type* type) {
  const std::string text = to_utf8(type->name.as<Str>());
  // A class written in C++ goes by its module too, as the tp_name of one written in C.
  const Value module =
      (type->flags & kTypeHeap) != 0 ? Value() : dict_peek(type->dict, names().__module__);
  return module.is_unset() || !is_str(module) ? text : to_utf8(module.as<Str>()) + "." + text;
}
std::string type_name(Value object) { return type_name_of(type_of(object)); }

// --- resolved special methods --------------------------------------------------------------------

void new_type_version(Type* type) { type->version = next_version.fetch_add(1); }

namespace {

void refresh_flags(Type* type) {
  Word flags = type->flags & ~(kTypeGenericGetAttr | kTypeGenericSetAttr | kTypeHasDel);
  const Type* object = the_types.object;
  if (type->dunder(Dunder::kGetAttribute) == object->dunder(Dunder::kGetAttribute))
    flags |= kTypeGenericGetAttr;
  if (type->dunder(Dunder::kSetAttr) == object->dunder(Dunder::kSetAttr) &&
      type->dunder(Dunder::kDelAttr) == object->dunder(Dunder::kDelAttr))
    flags |= kTypeGenericSetAttr;
  if (!type->dunder(Dunder::kDel).is_unset()) flags |= kTypeHasDel;
  type->flags = flags;
}

}  // namespace

void refresh_dunders(Type* type) {
  new_type_version(type);
  for (size_t i = 0; i < static_cast<size_t>(Dunder::kCount); ++i) {
    type->dunders[i] = lookup_uncached(type, dunder_names[i]);
    gc::store_barrier(*current_context(), type, &type->dunders[i]);
  }
  refresh_flags(type);
}

// The class in an entry of a subclass list; unset: it has died.
static Value listed_class(Value entry) {
  // NOBARRIER: stored once, at the entry's birth; only collections change it, world stopped
  return stm::Peek<WeakRef>(entry.as<WeakRef>())->referent;
}

// After a change of `name` in `type`: the class and everything below it.
void type_changed(Type* type, Str* name) {
  const auto is = [name](std::initializer_list<Dunder> some) {
    return std::any_of(some.begin(), some.end(), [&](Dunder d) { return name == dunder_name(d); });
  };
  // Values that caches hold as plain may be descriptors now.
  const bool descriptor = is({Dunder::kGet, Dunder::kSet, Dunder::kDelete});
  // Any attribute may be looked up in another way now.
  const bool access =
      is({Dunder::kGetAttribute, Dunder::kGetAttr, Dunder::kSetAttr, Dunder::kDelAttr});
  class_changed_for_caches(type, access ? nullptr : name, descriptor);
  const bool special =
      name == nullptr || (name->length > 1 && char_at(name, 0) == '_' && char_at(name, 1) == '_');
  if (special) {
    refresh_dunders(type);
  } else {
    new_type_version(type);
  }
  if (type->subclasses == nullptr) return;
  std::vector<Value> copy;  // NOBARRIER: no allocation while it lives
  {
    std::lock_guard lock(type->subclasses->lock);
    copy = type->subclasses->weakrefs;
  }
  for (Value ref : copy) {
    const Value sub = listed_class(ref);
    if (!sub.is_unset()) type_changed(as_type(sub), name);
  }
}

void add_subclass(Context& cx, Type* base, Type* sub) {
  if (base->subclasses == nullptr) {
    auto* list = new SubclassList;
    std::lock_guard lock(lists_lock);
    if (base->subclasses == nullptr) {
      subclass_lists.push_back(list);
      base->subclasses = list;
    }
  }
  auto* ref = alloc<WeakRef>(cx, kShapeWeakRef);
  stm::init_state(cx, ref).referent = sub;
  gc::visit_new_weakref(cx, ref);
  std::lock_guard lock(base->subclasses->lock);
  auto& refs = base->subclasses->weakrefs;
  std::erase_if(refs, [](Value r) { return listed_class(r).is_unset(); });
  refs.push_back(ref);
}

void remove_subclass(Type* base, Type* sub) {
  if (base->subclasses == nullptr) return;
  std::lock_guard lock(base->subclasses->lock);
  std::erase_if(base->subclasses->weakrefs, [&](Value r) { return listed_class(r) == Value(sub); });
}

Result<Tuple*> subclasses_of(Context& cx, Type* type) {
  List* out = new_list(cx);
  if (type->subclasses != nullptr) {
    size_t n;
    {
      std::lock_guard lock(type->subclasses->lock);
      n = type->subclasses->weakrefs.size();
    }
    for (size_t i = 0; i < n; ++i) {
      Value sub;
      {
        std::lock_guard lock(type->subclasses->lock);
        if (i >= type->subclasses->weakrefs.size()) break;
        sub = listed_class(type->subclasses->weakrefs[i]);
      }
      // An entry whose creation was rolled back is not in the MRO of anything reachable.
      if (!sub.is_unset()) TRY(list_append(cx, out, sub));
    }
  }
  return list_to_tuple(cx, out);
}

// --- MRO -----------------------------------------------------------------------------------------

namespace {

// C3 linearisation (Barrett et al., "A Monotonic Superclass Linearization for Dylan", 1996).
Result<Tuple*> c3(Context& cx, Type* type) {
  std::vector<std::vector<Type*>> lists;  // NOBARRIER: classes are tenured or on this native stack
  for (size_t i = 0; i < type->bases->length; ++i) {
    Tuple* mro = as_type((*type->bases)[i])->mro;
    auto& list = lists.emplace_back();
    for (size_t k = 0; k < mro->length; ++k) list.push_back(as_type((*mro)[k]));
  }
  auto& bases = lists.emplace_back();
  for (size_t i = 0; i < type->bases->length; ++i) bases.push_back(as_type((*type->bases)[i]));
  std::vector<Value> out{Value(type)};
  for (size_t i = 0; i < bases.size(); ++i)
    if (std::find(bases.begin() + i + 1, bases.end(), bases[i]) != bases.end())
      return raise(cx, kTypeError, "duplicate base class %s", type_name_of(bases[i]).c_str());
  std::vector<size_t> heads(lists.size(), 0);
  for (;;) {
    bool done = true;
    Type* next = nullptr;
    for (size_t i = 0; i < lists.size() && next == nullptr; ++i) {
      if (heads[i] == lists[i].size()) continue;
      done = false;
      Type* candidate = lists[i][heads[i]];
      bool in_tail = false;
      for (size_t k = 0; k < lists.size() && !in_tail; ++k)
        for (size_t j = heads[k] + 1; j < lists[k].size(); ++j) in_tail |= lists[k][j] == candidate;
      if (!in_tail) next = candidate;
    }
    if (done) break;
    if (next == nullptr) {
      std::string text;
      std::vector<Type*> seen;
      for (size_t i = 0; i < lists.size(); ++i) {
        if (heads[i] == lists[i].size()) continue;
        Type* t = lists[i][heads[i]];
        if (std::find(seen.begin(), seen.end(), t) != seen.end()) continue;
        seen.push_back(t);
        text += (text.empty() ? "" : ", ") + type_name_of(t);
      }
      return raise(cx, kTypeError,
                   "Cannot create a consistent method resolution\norder (MRO) for bases %s",
                   text.c_str());
    }
    out.push_back(Value(next));
    for (size_t i = 0; i < lists.size(); ++i)
      if (heads[i] < lists[i].size() && lists[i][heads[i]] == next) ++heads[i];
  }
  return new_tuple(cx, out.data(), out.size());
}

}  // namespace

Result<Tuple*> compute_mro(Context& cx, Type* type) { return c3(cx, type); }

static void set_mro(Context& cx, Type* type, Tuple* mro) {
  type->mro = mro;
  gc::store_barrier(cx, type, reinterpret_cast<Value*>(&type->mro));
}

Result<void> install_mro(Context& cx, Type* type, bool custom) {
  Value mro;
  Type* meta = type_of(type);
  if (custom && meta != the_types.type &&
      type_lookup(meta, names().mro) != type_lookup(the_types.type, names().mro)) {
    if (type->mro == nullptr) set_mro(cx, type, TRY(new_tuple(cx, {})));  // mro() may look at it
    mro = TRY(call(cx, TRY(bind_descriptor(cx, type_lookup(meta, names().mro), type, meta)), {}));
    mro = TRY(to_tuple(cx, mro));
    for (Value t : std::span(mro.as<Tuple>()->items(), mro.as<Tuple>()->length))
      if (!is_type(t))
        return raise(cx, kTypeError, "mro() returned a non-class ('%s')", TYPE_NAME(t));
  } else {
    mro = TRY(c3(cx, type));
  }
  set_mro(cx, type, mro.as<Tuple>());
  return {};
}

// `replaced` gets each class and the MRO it had.
static Result<void> replace_mros(Context& cx, Type* type, List* replaced) {
  TRY(list_append(cx, replaced, type));
  TRY(list_append(cx, replaced, Value(type->mro.ptr)));
  TRY(install_mro(cx, type, true));
  Tuple* below = TRY(subclasses_of(cx, type));
  for (size_t i = 0; i < below->length; ++i) TRY(replace_mros(cx, as_type((*below)[i]), replaced));
  return {};
}

Result<void> install_mros_below(Context& cx, Type* type) {
  List* replaced = new_list(cx);
  auto done = replace_mros(cx, type, replaced);
  if (!done.is_error()) return {};
  for (int64_t i = list_length(cx, replaced); (i -= 2) >= 0;)  // a class may stand there twice
    set_mro(cx, as_type(list_get(cx, replaced, i)), list_get(cx, replaced, i + 1).as<Tuple>());
  return Error{};
}

}  // namespace pystm::vm
