#include "vm/interp/inline_cache.h"

#include <mutex>
#include <set>

#include "base/memory.h"
#include "vm/object/dict.h"
#include "vm/object/instance.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/call.h"
#include "vm/runtime/operators.h"

namespace pystm::vm {

IcRecord* ic_records = nullptr;

namespace {
std::mutex records_lock;
uint32_t record_count = 2;   // 0 means none, kSeenOnce is empty
uint32_t young_records = 2;  // records from here on may refer to young objects
std::mutex codes_lock;
std::set<CodeData*> codes;
// Classes that some cache depends on carry this bit in Type::flags.
constexpr Word kTypeCached = Word{1} << 40;
}  // namespace

void init_inline_caches() {
  ic_records = static_cast<IcRecord*>(base::reserve_memory(kMaxRecords * sizeof(IcRecord)));
}

uint32_t new_ic_record(const IcRecord& record) {
  std::lock_guard lock(records_lock);
  if (record_count == kMaxRecords) return 0;
  ic_records[record_count] = record;
  return record_count++;
}

void visit_inline_caches(gc::SlotVisitor& visitor, bool young_only) {
  // World stopped. After a collection nothing recorded so far is young any more.
  for (uint32_t i = young_only ? young_records : kSeenOnce + 1; i < record_count; ++i) {
    visitor.visit(ic_records[i].value);
    visitor.visit(ic_records[i].second);
    visitor.visit(ic_records[i].key);
  }
  young_records = record_count;
}

void register_code_caches(CodeData* data) {
  std::lock_guard lock(codes_lock);
  codes.insert(data);
}
void unregister_code_caches(CodeData* data) {
  std::lock_guard lock(codes_lock);
  codes.erase(data);
}

static bool names_global(Op op) {
  return op == Op::LOAD_GLOBAL || op == Op::LOAD_NAME || op == Op::STORE_GLOBAL ||
         op == Op::STORE_NAME;
}

static void flush_all() {
  std::lock_guard lock(codes_lock);
  for (CodeData* data : codes) {
    auto* caches = reinterpret_cast<CacheWord*>(data->instrs + data->count);
    for (uint32_t i = 0; i < data->count; ++i)
      if (!names_global(data->instrs[i].op) && data->instrs[i].op != Op::JUMP_BACK)
        caches[i].store(0, std::memory_order_relaxed);
  }
}

void frozen_global_changed() {
  std::lock_guard lock(codes_lock);
  for (CodeData* data : codes) {
    auto* caches = reinterpret_cast<CacheWord*>(data->instrs + data->count);
    for (uint32_t i = 0; i < data->count; ++i) {
      const Op op = data->instrs[i].op;
      if (op != Op::LOAD_GLOBAL && op != Op::LOAD_NAME) continue;
      const Word n = caches[i].load(std::memory_order_relaxed);
      if (n > kSeenOnce && ic_records[n].second.is_unset())
        caches[i].store(0, std::memory_order_relaxed);
    }
  }
}

// Which names were looked up in which classes for the sake of caches: a Bloom filter with one hash.
// Most names that a class gets while it is being made (enumerations, abstract classes) are new.
constexpr unsigned kLookedUpLog2 = 16;
static std::atomic<Word> looked_up[(Word{1} << kLookedUpLog2) / 64];

static Word looked_up_bit(const Type* type, Str* name) {
  constexpr Word kSpread = 0x9E3779B97F4A7C15;
  const Word both = reinterpret_cast<Word>(type) / 16 * kSpread + static_cast<Word>(str_hash(name));
  return both * kSpread >> (64 - kLookedUpLog2);
}
static bool was_looked_up(const Type* type, Str* name) {
  const Word bit = looked_up_bit(type, name);
  return looked_up[bit / 64].load(std::memory_order_relaxed) >> (bit % 64) & 1;
}

void class_changed_for_caches(Type* type, Str* name, bool always) {
  if (!always && (!(type->flags & kTypeCached) || (name != nullptr && !was_looked_up(type, name))))
    return;
  flush_all();
  for (auto& word : looked_up) word.store(0, std::memory_order_relaxed);
}

namespace {

void mark_cached(Type* type, Str* name) {
  Tuple* mro = type->mro;
  for (size_t i = 0; i < mro->length; ++i) {
    Type* t = as_type((*mro)[i]);
    if (!(t->flags & kTypeCached)) __atomic_fetch_or(&t->flags, kTypeCached, __ATOMIC_RELAXED);
    const Word bit = looked_up_bit(t, name);
    looked_up[bit / 64].fetch_or(Word{1} << (bit % 64), std::memory_order_relaxed);
  }
}

void teach(CacheWord* cache, Type* type, Str* name, Word word) {
  mark_cached(type, name);
  cache->store(word, std::memory_order_relaxed);
}

void teach_record(CacheWord* cache, Type* type, Str* name, ShapeId shape, CacheKind kind,
                  const IcRecord& record) {
  // A site that keeps meeting new shapes would fill the table: reuse the record that says the same.
  const Word old = cache->load(std::memory_order_relaxed);
  if (old != 0 && cache_kind(old) == kind && cache_number(old) != 0 &&
      ic_records[cache_number(old)].value == record.value &&
      ic_records[cache_number(old)].extra == record.extra &&
      ic_records[cache_number(old)].key == record.key) {
    teach(cache, type, name, cache_word(shape, kind, cache_number(old)));
    return;
  }
  const uint32_t n = new_ic_record(record);
  if (n != 0) teach(cache, type, name, cache_word(shape, kind, n));
}

// What kind of class attribute this is to a load of an instance attribute.
bool is_plain_function(Value v) { return has_shape(v, kShapeFunction); }
bool is_method_like(Value v) {
  return has_shape(v, kShapeFunction) || has_shape(v, kShapeMethodDescriptor) ||
         has_shape(v, kShapeWrapperDescriptor);
}
bool is_descriptor(Value v) {
  return v.is_object() && !type_of(v)->dunder(Dunder::kGet).is_unset();
}

}  // namespace

bool shape_excludes(Shape* shape, Str* name) {
  if (shape->kind == Kind::kInstance) return !shape->dict_mode && shape->find(name) < 0;
  return shape->dict_offset == 0 && shape->kind != Kind::kModule && shape->kind != Kind::kType;
}

namespace {

void learn_load(Context& cx, Value object, Str* name, CacheWord* cache) {
  if (!object.is_object()) return;
  Shape* shape = shape_of(object.object());
  Type* type = shape->type;
  if (!(type->flags & kTypeGenericGetAttr)) return;
  const Value in_class = type_lookup_entry(type, name);
  if (in_class.is_unset()) {
    if (shape->kind != Kind::kInstance || shape->dict_mode) return;
    const int slot = shape->find(name);
    if (slot < 0) return;
    const bool inside = slot < shape->inline_slots;
    teach(cache, type, name,
          cache_word(shape->id, inside ? CacheKind::kInlineSlot : CacheKind::kOverflowSlot,
                     static_cast<uint32_t>(inside ? slot : slot - shape->inline_slots)));
    return;
  }
  if (has_shape(in_class, kShapeMember)) {
    auto* m = in_class.as<Member>();
    if (shape->kind == Kind::kInstance && is_subtype(type, m->owner) &&
        m->slot < shape->inline_slots)
      teach(cache, type, name,
            cache_word(shape->id, CacheKind::kInlineSlot, static_cast<uint32_t>(m->slot)));
    return;
  }
  if (has_shape(in_class, kShapeProperty)) {
    const Value getter = stm::Read<Property>(cx, in_class.as<Property>())->getter;
    if (is_plain_function(getter))
      teach_record(cache, type, name, shape->id, CacheKind::kProperty,
                   IcRecord{getter, Value(), Value(), 0});
    return;
  }
  if (shape_excludes(shape, name) && !is_descriptor(in_class)) {
    teach_record(cache, type, name, shape->id, CacheKind::kClassAttr,
                 IcRecord{in_class, Value(), Value(), shape->kind == Kind::kInstance});
    return;
  }
  if (shape->kind == Kind::kInstance && !shape->dict_mode && !is_descriptor(in_class)) {
    const int slot = shape->find(name);  // an instance attribute hides a plain class attribute
    if (slot >= 0 && slot < shape->inline_slots)
      teach(cache, type, name,
            cache_word(shape->id, CacheKind::kInlineSlot, static_cast<uint32_t>(slot)));
  }
}

// An attribute read from the class itself.
void learn_class_load(Type* type, Str* name, CacheWord* cache) {
  Type* meta = type_of(type);
  if (meta->dunder(Dunder::kGetAttribute) != types().type->dunder(Dunder::kGetAttribute)) return;
  // What the metaclass says comes first only if it is a data descriptor.
  const Value in_meta = type_lookup_entry(meta, name);
  if (!in_meta.is_unset() && (!lookup_dunder(in_meta, Dunder::kSet).is_unset() ||
                              !lookup_dunder(in_meta, Dunder::kDelete).is_unset()))
    return;
  const Value entry = type_lookup_entry(type, name);
  if (entry.is_unset() || (is_descriptor(entry) && !is_method_like(entry))) return;
  if (has_shape(entry, kShapeGetSet) || has_shape(entry, kShapeMember)) return;
  // One class a site: a site that meets many would fill the table.
  const Word old = cache->load(std::memory_order_relaxed);
  if (old != 0 && cache_kind(old) == CacheKind::kClassAttr) return;
  mark_cached(meta, name);
  teach_record(cache, type, name, type->shape_id, CacheKind::kClassAttr,
               IcRecord{entry, Value(), Value(type), 0});
}

}  // namespace

void learn_attr(Context& cx, Value object, Str* name, CacheWord* cache) {
  if (has_kind(object, Kind::kType))
    learn_class_load(as_type(object), name, cache);
  else
    learn_load(cx, object, name, cache);
}

namespace {

// A store to an instance that has shape `before`.
void teach_store(Context& cx, Shape* before, Str* name, CacheWord* cache) {
  Type* type = before->type;
  if (!(type->flags & kTypeGenericSetAttr) || before->dict_mode) return;
  const auto inline_slot = [&](int slot) {
    if (slot < before->inline_slots)
      teach(cache, type, name,
            cache_word(before->id, CacheKind::kInlineSlot, static_cast<uint32_t>(slot)));
  };
  const Value in_class = type_lookup_entry(type, name);
  if (has_shape(in_class, kShapeMember))
    return inline_slot(static_cast<int>(in_class.as<Member>()->slot));
  if (has_shape(in_class, kShapeProperty)) {
    const Value setter = stm::Read<Property>(cx, in_class.as<Property>())->setter;
    if (is_plain_function(setter))
      teach_record(cache, type, name, before->id, CacheKind::kProperty,
                   IcRecord{setter, Value(), Value(), 0});
    return;
  }
  if (!in_class.is_unset() &&
      (is_descriptor(in_class) || !lookup_dunder(in_class, Dunder::kSet).is_unset()))
    return;
  if (const int slot = before->find(name); slot >= 0) return inline_slot(slot);
  Shape* after = before->add(name);
  if (after == nullptr || before->slot_count >= before->inline_slots) return;
  IcRecord record;
  record.extra = static_cast<Word>(after->id) << 32 | before->slot_count;
  teach_record(cache, type, name, before->id, CacheKind::kAddSlot, record);
}

}  // namespace

void learn_store(Context& cx, Value object, Str* name, CacheWord* cache) {
  if (has_kind(object, Kind::kInstance)) teach_store(cx, shape_of(object.object()), name, cache);
}

void learn_method(Value object, Str* name, CacheWord* cache) {
  if (!object.is_object() || has_kind(object, Kind::kType)) return;
  Shape* shape = shape_of(object.object());
  if (!(shape->type->flags & kTypeGenericGetAttr) || !shape_excludes(shape, name)) return;
  const Value f = type_lookup_entry(shape->type, name);
  if (!f.is_unset() && is_method_like(f))
    teach_record(cache, shape->type, name, shape->id, CacheKind::kMethod,
                 IcRecord{f, Value(), Value(), 0});
}

Result<Value> load_attr_learn(Context& cx, Value object, Str* name, CacheWord* cache) {
  if (has_kind(object, Kind::kType)) {
    const Value v = TRY(type_of(object) == types().type ? type_get_attr(cx, as_type(object), name)
                                                        : get_attr(cx, object, name));
    learn_class_load(as_type(object), name, cache);
    return v;
  }
  const Value v = TRY(get_attr(cx, object, name));
  learn_load(cx, object, name, cache);
  return v;
}

Result<Value> load_method_learn(Context& cx, Value object, Str* name, CacheWord* cache,
                                Value* self) {
  Shape* shape = object.is_object() ? shape_of(object.object()) : nullptr;
  const Value f = TRY(load_method(cx, object, name, self));
  if (self->is_unset() || shape == nullptr) return f;
  // Another thread may have changed the object: f goes with the shape it was found with.
  if (shape == shape_of(object.object()) && shape_excludes(shape, name) && is_method_like(f))
    teach_record(cache, shape->type, name, shape->id, CacheKind::kMethod,
                 IcRecord{f, Value(), Value(), 0});
  return f;
}

Result<void> store_attr_learn(Context& cx, Value object, Str* name, Value value, CacheWord* cache) {
  if (!object.is_object()) return set_attr(cx, object, name, value);
  if (kind_of(object) == Kind::kType && type_of(object) == types().type)
    return type_set_attr(cx, as_type(object), name, value);
  if (kind_of(object) != Kind::kInstance) return set_attr(cx, object, name, value);
  Shape* before = shape_of(object.object());
  TRY(set_attr(cx, object, name, value));
  teach_store(cx, before, name, cache);
  return {};
}

// What a module's global names are bound to once, as a rule.
static bool is_likely_constant(Value v) {
  if (!v.is_object()) return false;
  switch (shape_of(v.object())->kind) {
    case Kind::kFunction:
    case Kind::kBuiltin:
    case Kind::kBoundBuiltin:
    case Kind::kType:
    case Kind::kModule:
      return true;
    default:
      return false;
  }
}

// A record keeps the namespace alive for ever: a site that runs once, as most of a module's and of
// exec()'s sources do, makes none.
static bool seen_before(CacheWord* cache) {
  if (cache->load(std::memory_order_relaxed) != 0) return true;
  cache->store(kSeenOnce, std::memory_order_relaxed);
  return false;
}

void learn_global(Context& cx, FrameRecord* f, Str* name, CacheWord* cache) {
  if (!is_exact_dict(f->globals.ptr) || !is_exact_dict(f->builtins.ptr)) return;
  Cell* global = dict_cell(cx, f->globals, name);
  Cell* builtin = dict_cell(cx, f->builtins, name);
  if (global == nullptr || builtin == nullptr) return;
  // A cell made just now is gone if this transaction aborts; the cache would outlive it.
  if (cx.parallel() && (stm::is_mine(cx, global) || stm::is_mine(cx, builtin))) return;
  const Word old = cache->load(std::memory_order_relaxed);
  if (old > kSeenOnce && ic_records[old].key != Value(f->globals.ptr)) return;  // shared
  IcRecord record{global, builtin, f->globals.ptr, 0};
  Value v = stm::Read<Cell>(cx, global)->content;
  if (v.is_unset()) v = stm::Read<Cell>(cx, builtin)->content;
  if (is_likely_constant(v) && freeze_cell(cx, global, &record.extra) &&
      freeze_cell(cx, builtin, &record.extra)) {
    record.value = v;
    record.second = Value();
  }
  const uint32_t n = new_ic_record(record);
  if (n != 0) cache->store(n, std::memory_order_relaxed);
}

Result<Value> load_global_learn(Context& cx, FrameRecord* f, Str* name, CacheWord* cache) {
  auto find = [&](Dict* d) -> Result<Value> {
    if (is_exact_dict(d)) return dict_get_str(cx, d, name);
    auto r = call_special(cx, d, Dunder::kGetItem, {Value(name)});
    if (r.is_error() && pending_is(cx, kKeyError)) {
      clear_exception(cx);
      return Value();
    }
    return r;
  };
  Value v = TRY(find(f->globals));
  if (v.is_unset()) v = TRY(find(f->builtins));
  if (v.is_unset()) {
    (void)raise(cx, kNameError, "name '%s' is not defined", to_utf8(name).c_str());
    set_exception_member(cx, cx.exception, "name", name);
    return Error{};
  }
  if (seen_before(cache)) learn_global(cx, f, name, cache);
  return v;
}

void learn_global_store(Context& cx, FrameRecord* f, Str* name, CacheWord* cache) {
  if (cache->load(std::memory_order_relaxed) > kSeenOnce) return;
  Cell* cell = dict_cell(cx, f->globals, name);
  // As in learn_global().
  if (cell == nullptr || (cx.parallel() && stm::is_mine(cx, cell))) return;
  const uint32_t n = new_ic_record(IcRecord{cell, Value(), f->globals.ptr, 0});
  if (n != 0) cache->store(n, std::memory_order_relaxed);
}

Result<void> store_global_learn(Context& cx, FrameRecord* f, Str* name, Value value,
                                CacheWord* cache) {
  if (!is_exact_dict(f->globals.ptr)) return set_item(cx, f->globals.ptr, name, value);
  if (Cell* cell = cached_global(f, cache); cell != nullptr && rebind_cell(cx, cell, value))
    return {};
  TRY(dict_set_str(cx, f->globals, name, value));
  if (seen_before(cache)) learn_global_store(cx, f, name, cache);
  return {};
}

}  // namespace pystm::vm
