// Shape: what the map word of an object names. Every class has at least one; instances of Python
// classes move through a tree of shapes as attributes are added.
//
// Shapes are C++ objects that live for ever and lie outside the STM: adding one to the tree is
// idempotent. An instance's shape id, in contrast, is mutable state guarded by its vlock.
// Invariants: slot numbers of a shape's attributes are those of its parent plus one more; slots
// below inline_slots lie in the object, the others in the overflow ItemArray.
#pragma once

#include <atomic>
#include <mutex>

#include "vm/object/layouts.h"

namespace pystm::vm {

enum class Kind : uint8_t {
#define KIND(name, type) k##name,
#include "vm/object/kinds.def"
#undef KIND
  kInstance,
  kDerived,  // payload wrapper of int, float, complex, str, bytes subclasses
  kType,
  kException,
  kCount,
};

// Shape ids of the exact builtin layouts: the row number in kinds.def, plus one (0 is no shape).
#define KIND(name, type) \
  inline constexpr ShapeId kShape##name = static_cast<ShapeId>(Kind::k##name) + 1;
#include "vm/object/kinds.def"
#undef KIND

struct Shape {
  gc::TypeInfo info;
  ShapeId id = 0;
  Kind kind = Kind::kInstance;
  bool dict_mode = false;  // instances keep their attributes in a Dict in overflow
  bool has_dict = false;   // instances accept arbitrary attributes
  uint16_t inline_slots = 0;
  uint16_t slot_count = 0;   // Instance: slots in use, `__slots__` members first; else: members
  uint16_t dict_offset = 0;  // bytes; 0 none: a word that holds the attribute Dict (or unset)
  Type* type = nullptr;      // root-visited
  Shape* parent = nullptr;
  Str* name = nullptr;  // interned: the attribute that this shape added to its parent
  std::atomic<Shape*> first_child{nullptr};  // transitions, newest first
  Shape* sibling = nullptr;
  std::atomic<struct ShapeTable*> table{nullptr};  // name -> slot, built on demand

  // Slot of an interned attribute name, or -1.
  int find(Str* attribute);
  // The shape after adding an attribute (created when new); null when dict mode is due.
  Shape* add(Str* attribute);
};

Shape* shape_by_id(ShapeId id);
inline Shape* shape_of(const Object* o) {
  return static_cast<Shape*>(gc::type_infos[o->shape_id]->owner);
}

// Makes and registers a shape. `kind` gives layout and tracing; behind those of its base a class
// puts `members` words for its __slots__.
Shape* new_shape(Kind kind, Type* type, unsigned members = 0);
// The root of a class's tree: instances with `inline_slots` slots, `members` of them __slots__.
Shape* new_instance_shape(Type* type, unsigned inline_slots, bool has_dict);
// The class's shape for instances of so many inline slots whose attributes are a Dict.
Shape* dict_mode_shape(Type* type, unsigned inline_slots);

Type* type_of(Value v);
inline bool has_shape(Value v, ShapeId id) { return v.is_object() && v.object()->shape_id == id; }
inline Kind kind_of(Value v) { return shape_of(v.object())->kind; }  // REQUIRES is_object()

// Exact builtin types, by constant shape id.
inline bool is_exact_list(Value v) { return has_shape(v, kShapeList); }
inline bool is_exact_dict(Value v) { return has_shape(v, kShapeDict); }
inline bool is_exact_set(Value v) { return has_shape(v, kShapeSet); }
inline bool is_exact_tuple(Value v) { return has_shape(v, kShapeTuple); }
inline bool is_exact_bytes(Value v) { return has_shape(v, kShapeBytes); }
inline bool is_exact_str(Value v) {  // ropes included
  return v.is_object() && v.object()->shape_id - kShapeLatin1Str <= kShapeRopeStr - kShapeLatin1Str;
}
inline bool is_flat_str(Value v) {
  return v.is_object() && v.object()->shape_id - kShapeLatin1Str <= kShapeUcs4Str - kShapeLatin1Str;
}
inline bool is_exact_float(Value v) { return v.is_float() || has_shape(v, kShapeFloatBox); }
inline bool is_exact_int(Value v) { return v.is_int() || has_shape(v, kShapeBigInt); }  // not bool
inline bool is_code(Value v) { return has_shape(v, kShapeCode); }
inline bool is_function(Value v) { return has_shape(v, kShapeFunction); }
inline bool is_cell(Value v) { return has_shape(v, kShapeCell); }
inline bool is_class_cell(Value v) { return has_shape(v, kShapeClassCell); }

// Layout tests that include subclasses.
inline bool has_kind(Value v, Kind k) { return v.is_object() && shape_of(v.object())->kind == k; }
inline bool is_list(Value v) { return has_kind(v, Kind::kList); }
inline bool is_dict(Value v) { return has_kind(v, Kind::kDict); }
inline bool is_set(Value v) { return has_kind(v, Kind::kSet); }
inline bool is_frozenset(Value v) { return has_kind(v, Kind::kFrozenSet); }
inline bool is_any_set(Value v) { return is_set(v) || is_frozenset(v); }
inline bool is_tuple(Value v) { return has_kind(v, Kind::kTuple); }
inline bool is_type(Value v) { return has_kind(v, Kind::kType); }
inline bool is_exception(Value v) { return has_kind(v, Kind::kException); }
inline bool is_instance_layout(Value v) { return has_kind(v, Kind::kInstance); }
inline bool is_bytearray(Value v) { return has_kind(v, Kind::kByteArray); }
inline bool is_memoryview(Value v) { return has_kind(v, Kind::kMemoryView); }
// The exact builtin value inside a subclass instance (Derived), else v itself.
inline Value unwrap_derived(Value v) {
  return has_kind(v, Kind::kDerived) ? v.as<Derived>()->payload : v;
}
inline bool is_str(Value v) { return is_exact_str(unwrap_derived(v)); }
inline bool is_bytes(Value v) { return is_exact_bytes(unwrap_derived(v)); }
inline bool is_float(Value v) { return is_exact_float(unwrap_derived(v)); }
inline bool is_int(Value v) {  // bool included
  if (v.is_int() || is_bool(v)) return true;
  return is_exact_int(unwrap_derived(v));
}
inline bool is_complex(Value v) { return has_shape(unwrap_derived(v), kShapeComplex); }

}  // namespace pystm::vm
