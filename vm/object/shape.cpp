// Shapes: registration of the builtin layouts, and the transition trees of Python classes.
#include "vm/object/shape.h"

#include <mutex>
#include <vector>

#include "vm/object/list_items.h"
#include "vm/object/shapes_internal.h"
#include "vm/object/type.h"

namespace pystm::vm {

// name -> slot of one shape, open addressing by the interned string's address.
struct ShapeTable {
  uint32_t mask;
  struct Entry {
    Str* name;
    int slot;
  } entries[1];
};

namespace {

// Attributes an instance may have before it turns to a Dict.
constexpr unsigned kMaxSlots = 80;
constexpr size_t kInstanceHeader = sizeof(Instance);

std::mutex shape_lock;
std::vector<Shape*> all_shapes;

template <class T>
gc::TypeInfo sequence_info(const char* name, size_t length_offset, unsigned shift, bool values) {
  return gc::array_info<T>(name, length_offset, shift, values);
}

void trace_type(Object* o, gc::SlotVisitor& visitor) {
  Type* type = static_cast<Type*>(o);
  visitor.visit_range(type->dunders, type->dunders + static_cast<size_t>(Dunder::kCount));
}

size_t dict_storage_size(const Object* o) {
  return dict_storage_bytes(static_cast<const DictStorage*>(o));
}
void trace_dict_storage(Object* o, gc::SlotVisitor& visitor) {
  auto* s = static_cast<DictStorage*>(o);
  Value* entries = dict_storage_entries(s);
  visitor.visit_range(entries, entries + s->capacity * ((s->mode & 1) ? 1 : 2));
}

// The TypeInfo of a kind's own layout.
gc::TypeInfo layout_info(Kind kind) {
  switch (kind) {
    case Kind::kLatin1Str:
      return sequence_info<StrBase>("str", offsetof(StrBase, length), 0, false);
    case Kind::kUcs2Str:
      return sequence_info<StrBase>("str", offsetof(StrBase, length), 1, false);
    case Kind::kUcs4Str:
      return sequence_info<StrBase>("str", offsetof(StrBase, length), 2, false);
    case Kind::kBigInt:
      return sequence_info<BigIntBase>("int", offsetof(BigIntBase, length), 3, false);
    case Kind::kBytes:
      return sequence_info<BytesBase>("bytes", offsetof(BytesBase, length), 0, false);
    case Kind::kTuple:
      return sequence_info<TupleBase>("tuple", offsetof(TupleBase, length), 3, true);
    case Kind::kItemArray:
      return sequence_info<ItemArrayBase>("item array", offsetof(ItemArrayBase, length), 3, true);
    case Kind::kChunkedItems: {
      gc::TypeInfo info =
          sequence_info<ItemArrayBase>("list items", offsetof(ItemArrayBase, length), 3, true);
      info.size = chunked_items_size;
      return info;
    }
    case Kind::kWordArray:
      return sequence_info<WordArrayBase>("word array", offsetof(WordArrayBase, length), 3, false);
    case Kind::kByteArrayStorage:
      return sequence_info<ByteArrayStorageBase>("bytearray storage",
                                                 offsetof(ByteArrayStorageBase, length), 0, false);
    case Kind::kDictStorage: {
      gc::TypeInfo info = gc::fixed_info<DictStorage>("dict storage");
      info.size = dict_storage_size;
      info.trace = trace_dict_storage;
      return info;
    }
    case Kind::kType: {
      gc::TypeInfo info = gc::fixed_info<TypeBase>("type");
      info.fixed_size = sizeof(Type);
      info.trace = trace_type;
      return info;
    }
    case Kind::kWeakRef: {
      gc::TypeInfo info = gc::fixed_info<WeakRef>("weakref");
      info.is_weakref = true;
      return info;
    }
    case Kind::kCode: {
      gc::TypeInfo info = gc::fixed_info<Code>("code");
      info.release = release_code_data;
      info.trace = trace_code_data;
      return info;
    }
    case Kind::kGenerator:
    case Kind::kCoroutine:
    case Kind::kAsyncGenerator: {
      gc::TypeInfo info = gc::fixed_info<Generator>("generator");
      info.may_finalize = true;
      info.nothing_to_finalize = generator_ends_silently;
      return info;
    }
    case Kind::kCoroutineWrapper:
      return gc::fixed_info<CoroutineWrapper>("coroutine_wrapper");
    case Kind::kInstance:
      return gc::fixed_info<Instance>("object");
    case Kind::kDerived:
      return gc::fixed_info<Derived>("derived");
    case Kind::kException:
      return gc::fixed_info<Exception>("exception");
#define FIXED(T)   \
  case Kind::k##T: \
    return gc::fixed_info<T>(#T);
      FIXED(RopeStr)
      FIXED(FloatBox)
      FIXED(Complex)
      // clang-format off
    FIXED(Range) FIXED(Slice) FIXED(FrozenSet) FIXED(Builtin) FIXED(BoundBuiltin)
    FIXED(MethodDescriptor) FIXED(WrapperDescriptor) FIXED(GetSet) FIXED(Member)
    FIXED(BoundMethod) FIXED(List) FIXED(Dict) FIXED(Set) FIXED(ByteArray) FIXED(MemoryView)
    FIXED(Cell) FIXED(Function) FIXED(Module) FIXED(AsyncGenOp) FIXED(AsyncGenValue)
    FIXED(Property) FIXED(StaticMethod) FIXED(ClassMethod) FIXED(Super) FIXED(Frame)
    FIXED(Traceback) FIXED(SeqIter) FIXED(ListIter) FIXED(TupleIter) FIXED(RangeIter)
    FIXED(StrIter) FIXED(BytesIter) FIXED(DictIter) FIXED(SetIter) FIXED(CallIter)
    FIXED(Enumerate) FIXED(Zip) FIXED(Map) FIXED(Filter) FIXED(Reversed) FIXED(DictView)
    FIXED(MappingProxy) FIXED(GenericAlias) FIXED(UnionType) FIXED(ClassCell)
  #undef FIXED
    case Kind::kLockObject:
    case Kind::kRLockObject: return gc::fixed_info<stm::Lock>("lock");
    // clang-format on
    case Kind::kCount:
      break;
  }
  CHECK(false);
}

// Where a layout keeps its attribute Dict itself (a State field), else 0.
uint16_t state_dict_offset(Kind kind) {
  switch (kind) {
    case Kind::kFunction:
      return 16 + offsetof(Function::State, dict);
    case Kind::kStaticMethod:
      return 16 + offsetof(StaticMethod::State, dict);
    case Kind::kClassMethod:
      return 16 + offsetof(ClassMethod::State, dict);
    case Kind::kException:
      return 16 + offsetof(Exception::State, dict);
    default:
      return 0;
  }
}

// Tuples of a class with a dict: the Dict stands behind the items.
size_t tuple_with_dict_size(const Object* o) {
  return sizeof(TupleBase) + (static_cast<const Tuple*>(o)->length + 1) * sizeof(Value);
}
void trace_tuple_dict(Object* o, gc::SlotVisitor& visitor) {
  auto* t = static_cast<Tuple*>(o);
  visitor.visit_range(t->items(), t->items() + t->length + 1);
}

void append_word(Shape* shape) {
  shape->info.ref_map |= Word{1} << (shape->info.fixed_size / 8);
  shape->info.fixed_size += 8;
  if (shape->info.has_vlock)
    shape->info.undo_words = static_cast<uint16_t>((shape->info.fixed_size - 16) / 8);
}

void append_dict_word(Shape* shape, Kind kind) {
  if (kind == Kind::kDerived) {
    shape->dict_offset = offsetof(Derived, dict);
  } else if (kind == Kind::kTuple) {
    shape->dict_offset = kDictAfterItems;
    shape->info.length_offset = 0;
    shape->info.items_are_values = false;
    shape->info.size = tuple_with_dict_size;
    shape->info.trace = trace_tuple_dict;
  } else {
    shape->dict_offset = static_cast<uint16_t>(shape->info.fixed_size);
    append_word(shape);
  }
}

Shape* publish(Shape* shape) {
  shape->info.owner = shape;
  shape->id = gc::register_type(&shape->info);
  std::lock_guard lock(shape_lock);
  all_shapes.push_back(shape);
  return shape;
}

}  // namespace

Shape* shape_by_id(ShapeId id) { return static_cast<Shape*>(gc::type_infos[id]->owner); }

Shape* new_shape(Kind kind, Type* type, unsigned members) {
  auto* shape = new Shape;
  shape->info = layout_info(kind);
  shape->kind = kind;
  shape->type = type;
  shape->dict_offset = state_dict_offset(kind);
  if (type != nullptr && (type->flags & kTypeHeap) && shape->info.has_vlock &&
      static_cast<Kind>(type->base->kind) == kind) {
    const Shape* base = type->base->shape;
    shape->info = base->info;
    shape->dict_offset = base->dict_offset;
    shape->slot_count = static_cast<uint16_t>(base->slot_count + members);
    for (; members > 0; --members) append_word(shape);
  }
  shape->has_dict = shape->dict_offset != 0;
  if (type != nullptr && (type->flags & kTypeHeap)) {
    if ((type->flags & kTypeHasDict) && shape->dict_offset == 0 && kind != Kind::kType &&
        kind != Kind::kModule) {
      append_dict_word(shape, kind);
      shape->has_dict = true;
    }
    if (type->flags & kTypeHasDel) shape->info.may_finalize = true;
  }
  return publish(shape);
}

static Shape* make_instance_shape(Type* type, unsigned inline_slots, bool has_dict) {
  auto* shape = new Shape;
  shape->info = layout_info(Kind::kInstance);
  shape->info.fixed_size = static_cast<uint32_t>(kInstanceHeader + 8 * inline_slots);
  for (unsigned i = 0; i < inline_slots; ++i)
    shape->info.ref_map |= Word{1} << (kInstanceHeader / 8 + i);
  shape->info.undo_words = static_cast<uint16_t>(1 + inline_slots);
  shape->kind = Kind::kInstance;
  shape->has_dict = has_dict;
  shape->inline_slots = static_cast<uint16_t>(inline_slots);
  shape->type = type;
  if (type->flags & kTypeHasDel) shape->info.may_finalize = true;
  return shape;
}

Shape* new_instance_shape(Type* type, unsigned inline_slots, bool has_dict) {
  return publish(make_instance_shape(type, inline_slots, has_dict));
}

Shape* Shape::add(Str* attribute) {
  if (!has_dict || dict_mode || slot_count >= kMaxSlots) return nullptr;
  for (Shape* s = first_child.load(std::memory_order_acquire); s != nullptr; s = s->sibling)
    if (s->name == attribute && !s->dict_mode) return s;
  static std::mutex transition_lock;
  std::lock_guard lock(transition_lock);
  for (Shape* s = first_child.load(std::memory_order_acquire); s != nullptr; s = s->sibling)
    if (s->name == attribute && !s->dict_mode) return s;
  Shape* child = make_instance_shape(type, inline_slots, true);
  child->slot_count = static_cast<uint16_t>(slot_count + 1);
  child->parent = this;
  child->name = attribute;
  child->sibling = first_child.load(std::memory_order_relaxed);
  publish(child);
  first_child.store(child, std::memory_order_release);
  return child;
}

static Shape* find_dict_mode(Shape* root, unsigned inline_slots) {
  for (Shape* s = root->first_child.load(std::memory_order_acquire); s != nullptr; s = s->sibling)
    if (s->dict_mode && s->inline_slots == inline_slots) return s;
  return nullptr;
}

Shape* dict_mode_shape(Type* type, unsigned inline_slots) {
  // The root keeps them among its children under no name.
  Shape* root = type->shape;
  if (Shape* s = find_dict_mode(root, inline_slots)) return s;
  static std::mutex dict_mode_lock;
  std::lock_guard lock(dict_mode_lock);
  if (Shape* s = find_dict_mode(root, inline_slots)) return s;
  Shape* child = make_instance_shape(root->type, inline_slots, true);
  child->dict_mode = true;
  child->slot_count = root->slot_count;  // members of __slots__ stay slots
  child->parent = root;
  child->sibling = root->first_child.load(std::memory_order_relaxed);
  publish(child);
  root->first_child.store(child, std::memory_order_release);
  return child;
}

namespace {
size_t hash_name(const Str* name) {
  return (reinterpret_cast<Word>(name) >> 4) * 0x9E3779B97F4A7C15u >> 32;
}

ShapeTable* build_table(const Shape* shape) {
  unsigned n = 0;
  for (const Shape* s = shape; s != nullptr; s = s->parent) n += s->name != nullptr;
  uint32_t size = 4;
  while (size < 2 * n) size *= 2;
  void* memory = ::operator new(sizeof(ShapeTable) + size * sizeof(ShapeTable::Entry));
  auto* table = static_cast<ShapeTable*>(memory);
  table->mask = size - 1;
  for (uint32_t i = 0; i < size; ++i) table->entries[i] = {nullptr, -1};
  for (const Shape* s = shape; s != nullptr; s = s->parent) {
    if (s->name == nullptr) continue;
    size_t i = hash_name(s->name) & table->mask;
    while (table->entries[i].name != nullptr) i = (i + 1) & table->mask;
    table->entries[i] = {s->name, s->slot_count - 1};
  }
  return table;
}
}  // namespace

int Shape::find(Str* attribute) {
  if (dict_mode || parent == nullptr) return -1;
  ShapeTable* t = table.load(std::memory_order_acquire);
  if (t == nullptr) {
    t = build_table(this);
    ShapeTable* expected = nullptr;
    if (!table.compare_exchange_strong(expected, t, std::memory_order_acq_rel)) {
      ::operator delete(t);
      t = expected;
    }
  }
  for (size_t i = hash_name(attribute) & t->mask;; i = (i + 1) & t->mask) {
    if (t->entries[i].name == attribute) return t->entries[i].slot;
    if (t->entries[i].name == nullptr) return -1;
  }
}

void visit_shapes(gc::SlotVisitor& visitor) {
  std::lock_guard lock(shape_lock);
  for (Shape* shape : all_shapes)
    if (shape->type != nullptr) visitor.visit(reinterpret_cast<Value&>(shape->type));
}

void register_builtin_shapes() {
  static constexpr Kind kKinds[] = {
#define KIND(name, type) Kind::k##name,
#include "vm/object/kinds.def"
#undef KIND
  };
  for (Kind kind : kKinds) {
    Shape* shape = new_shape(kind, nullptr);
    CHECK(shape->id == static_cast<ShapeId>(kind) + 1);
  }
}

}  // namespace pystm::vm
