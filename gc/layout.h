// Declares heap object structs from one list of fields each, and derives their TypeInfo.
//
//   #define LIST_STATE(F) F(Word, size, "items in use") F(Ref<Storage>, storage, "holds them")
//   PYSTM_MUTABLE(List, NO_FIELDS, LIST_STATE)
//
// Final fields are public: written once at birth, read without a barrier. The State of a mutable
// type can only be reached through stm/access.h (Read<T>, Write<T>), which is what makes a raw
// access impossible elsewhere. One row per field drives layout, tracing, JIT offsets and dumps.
#pragma once

#include "gc/object.h"

namespace pystm {

namespace stm {
struct Raw;  // the one friend of State, in stm/access.h
}

#define NO_FIELDS(F)

#define PYSTM_FIELD_DECLARE(type, name, meaning) type name;
#define PYSTM_FIELD_REF_BIT(type, name, meaning) \
  | (is_ref_v<type> ? Word{1} << ((kBase + offsetof(Layout, name)) / 8) : 0)

// Immutable: header word, then final fields.
#define PYSTM_IMMUTABLE(T, FINALS)                                 \
  struct T : Object {                                              \
    FINALS(PYSTM_FIELD_DECLARE)                                    \
    struct Layout {                                                \
      FINALS(PYSTM_FIELD_DECLARE)                                  \
    };                                                             \
    static constexpr size_t kBase = 8;                             \
    static constexpr Word kRefMap = 0 FINALS(PYSTM_FIELD_REF_BIT); \
    static constexpr bool kHasVlock = false;                       \
    static constexpr size_t kUndoWords = 0;                        \
  }

// Mutable: header word, vlock, State, then final fields.
#define PYSTM_MUTABLE(T, FINALS, STATE)                                                       \
  struct T : MutObject {                                                                      \
    struct State {                                                                            \
      STATE(PYSTM_FIELD_DECLARE)                                                              \
    };                                                                                        \
                                                                                              \
   private:                                                                                   \
    friend struct ::pystm::stm::Raw;                                                          \
    State state_;                                                                             \
                                                                                              \
   public:                                                                                    \
    FINALS(PYSTM_FIELD_DECLARE)                                                               \
    struct Layout {                                                                           \
      STATE(PYSTM_FIELD_DECLARE)                                                              \
      FINALS(PYSTM_FIELD_DECLARE)                                                             \
    };                                                                                        \
    static constexpr size_t kBase = 16;                                                       \
    static constexpr Word kRefMap = 0 STATE(PYSTM_FIELD_REF_BIT) FINALS(PYSTM_FIELD_REF_BIT); \
    static constexpr bool kHasVlock = true;                                                   \
    static constexpr size_t kUndoWords = sizeof(State) / 8;                                   \
  }

namespace gc {

// The TypeInfo of a fixed-size struct declared above.
template <class T>
constexpr TypeInfo fixed_info(const char* name) {
  TypeInfo info;
  info.name = name;
  info.fixed_size = sizeof(T);
  info.ref_map = T::kRefMap;
  info.has_vlock = T::kHasVlock;
  info.undo_words = T::kUndoWords;
  return info;
}

// The TypeInfo of a struct followed by `length` items (a Word field of T).
template <class T>
constexpr TypeInfo array_info(const char* name, size_t length_offset, unsigned item_shift,
                              bool items_are_values) {
  TypeInfo info = fixed_info<T>(name);
  info.length_offset = static_cast<uint16_t>(length_offset);
  info.item_shift = static_cast<uint8_t>(item_shift);
  info.items_are_values = items_are_values;
  return info;
}

}  // namespace gc
}  // namespace pystm
