// Fields and arrays that IR loads and stores name: a number that says alias class, memory type,
// offset and who guards it. No table is needed to use one; the table is for names.
//
//   field::List::size, field::Tuple::length ...   one constant per row of vm/object/layouts.h
//   instance_slot(n), context_field(offset, type), outside_field(offset, type)
//   array::Items, array::TupleItems ...
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "vm/object/layouts.h"
#include "vm/runtime/context.h"

namespace pystm::jit {

enum class Type : uint8_t;

enum class Memory : uint8_t { kI64, kF64, kRef, kWord, kPtr, kI32, kU32, kU16, kU8 };
Type loaded_type(Memory m);
constexpr unsigned memory_bytes(Memory m) {
  return m <= Memory::kPtr ? 8 : m <= Memory::kU32 ? 4 : m == Memory::kU16 ? 2 : 1;
}

// Who makes a load safe to use.
enum class Guarded : uint8_t {
  kFinal,  // never changes after birth (or is a cache): no barrier
  kSelf,   // the object's own vlock
  kOwner,  // the vlock of another object, named by the access; stores need UndoItem
  kOwn,    // memory of the thread
};

enum class Alias : uint8_t {
#define MUTABLE(name, type, finals, state) name,
#define IMMUTABLE(name, type, fields) name,
#define ARRAY(name, holder, memory, policy) name,
#define RAW(name) name,
#include "jit/layouts.def"
  kCount
};
static_assert(static_cast<unsigned>(Alias::kCount) <= 64);  // bit sets of CallInfo
extern const char* const kAliasNames[];

struct Field {
  uint32_t id = 0;  // offset 16 | memory 4 | guarded 4 | alias 8
  constexpr Field() = default;
  constexpr explicit Field(uint32_t i) : id(i) {}
  constexpr Field(Alias alias, Memory memory, Guarded guarded, size_t offset)
      : id(static_cast<uint32_t>(offset) | static_cast<uint32_t>(memory) << 16 |
           static_cast<uint32_t>(guarded) << 20 | static_cast<uint32_t>(alias) << 24) {}
  constexpr unsigned offset() const { return id & 0xFFFF; }
  constexpr Memory memory() const { return static_cast<Memory>(id >> 16 & 15); }
  constexpr Guarded guarded() const { return static_cast<Guarded>(id >> 20 & 15); }
  constexpr Alias alias() const { return static_cast<Alias>(id >> 24); }
  constexpr bool operator==(const Field&) const = default;
};
// An array's id is a Field whose offset is that of item 0.
using Array = Field;

namespace detail {
template <class T>
constexpr Memory memory_of() {
  if constexpr (std::is_same_v<T, Value>) {
    return Memory::kWord;
  } else if constexpr (is_ref_v<T>) {
    return Memory::kRef;
  } else if constexpr (std::is_same_v<T, double>) {
    return Memory::kF64;
  } else if constexpr (std::is_pointer_v<T>) {
    return Memory::kPtr;
  } else {
    static_assert(sizeof(T) == 8);
    return Memory::kI64;
  }
}
}  // namespace detail

// field::List::size and so on: one struct per layout.
namespace field {
using namespace pystm::vm;  // the type names in the rows of vm/object/layouts.h
#define FIELD_ROW(type, name, guard)                                         \
  static constexpr jit::Field name{kAlias, detail::memory_of<type>(), guard, \
                                   T::kBase + offsetof(T::Layout, name)};
#define FINAL_ROW(type, name, meaning) FIELD_ROW(type, name, Guarded::kFinal)
#define STATE_ROW(type, name, meaning) FIELD_ROW(type, name, Guarded::kSelf)
#define MUTABLE(layout, type, finals, state)       \
  struct layout {                                  \
    using T = type;                                \
    static constexpr Alias kAlias = Alias::layout; \
    state(STATE_ROW) finals(FINAL_ROW)             \
  };
#define IMMUTABLE(layout, type, fields)            \
  struct layout {                                  \
    using T = type;                                \
    static constexpr Alias kAlias = Alias::layout; \
    fields(FINAL_ROW)                              \
  };
#include "jit/layouts.def"
#undef STATE_ROW
#undef FINAL_ROW
#undef FIELD_ROW
}  // namespace field

namespace array {
#define ARRAY(name, holder, memory, policy) \
  inline constexpr Array name{Alias::name, Memory::memory, Guarded::policy, sizeof(holder)};
#include "jit/layouts.def"
}  // namespace array

// Counts items in memory: never negative, and far from 2**63.
constexpr bool is_count(Field f) {
  return f == field::List::size || f == field::ByteArray::size || f == field::Tuple::length ||
         f == field::Str::length || f == field::Bytes::length || f == field::ItemArray::length ||
         f == field::WordArray::length || f == field::ByteArrayStorage::length ||
         f == field::Dict::used || f == field::Set::used;
}
constexpr Field instance_slot(unsigned n) {
  return {Alias::InstanceSlot, Memory::kWord, Guarded::kSelf, sizeof(vm::Instance) + 8 * n};
}
constexpr Field dict_word(unsigned offset) {
  return {Alias::DictWord, Memory::kWord, Guarded::kSelf, offset};
}
// Base: Trace::context(). Any member of Context, by offsetof.
constexpr Field context_field(size_t offset, Memory memory) {
  return {Alias::Context, memory, Guarded::kOwn, offset};
}
constexpr Field outside_field(size_t offset, Memory memory) {
  return {Alias::Outside, memory, Guarded::kOwn, offset};
}

// Does a guard of this shape need a check of the object's version? The shape of an instance changes
// together with that; layouts stay, and classes have no version.
bool shape_is_versioned(ShapeId shape);

std::string field_name(Field f);  // "List.size", "InstanceSlot.24/word"
bool parse_field(std::string_view name, Field* out);
std::string array_name(Array a);
bool parse_array(std::string_view name, Array* out);

}  // namespace pystm::jit
