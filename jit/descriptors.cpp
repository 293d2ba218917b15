#include "jit/descriptors.h"

#include <charconv>

#include "jit/ir.h"
#include "vm/object/shape.h"

namespace pystm::jit {

const char* const kAliasNames[] = {
#define MUTABLE(name, type, finals, state) #name,
#define IMMUTABLE(name, type, fields) #name,
#define ARRAY(name, holder, memory, policy) #name,
#define RAW(name) #name,
#include "jit/layouts.def"
};

namespace {

// Calls f("Layout", "field", Field) for every row.
template <class F>
void each_field(F f) {
#define ROW(type, name, meaning) f(layout_name, #name, L::name);
#define MUTABLE(layout, type, finals, state) \
  {                                          \
    using L = field::layout;                 \
    const char* layout_name = #layout;       \
    state(ROW) finals(ROW)                   \
  }
#define IMMUTABLE(layout, type, fields) MUTABLE(layout, type, NO_FIELDS, fields)
#include "jit/layouts.def"
#undef ROW
}

constexpr struct {
  const char* name;
  Array array;
} kArrays[] = {
#define ARRAY(name, holder, memory, policy) {#name, array::name},
#include "jit/layouts.def"
};

constexpr const char* kMemoryNames[] = {"i64", "f64", "ref", "word", "ptr",
                                        "i32", "u32", "u16", "u8"};

// RAW rows: "Alias.offset/memory".
bool parse_raw(std::string_view layout, std::string_view rest, Field* out) {
  const size_t slash = rest.find('/');
  unsigned offset = 0;
  if (slash == rest.npos ||
      std::from_chars(rest.data(), rest.data() + slash, offset).ptr != rest.data() + slash)
    return false;
  for (unsigned m = 0; m < std::size(kMemoryNames); ++m) {
    if (rest.substr(slash + 1) != kMemoryNames[m]) continue;
    const auto memory = static_cast<Memory>(m);
#define RAW(name)                                                                            \
  if (layout == #name) {                                                                     \
    const bool slots = Alias::name == Alias::InstanceSlot || Alias::name == Alias::DictWord; \
    *out = Field(Alias::name, memory, slots ? Guarded::kSelf : Guarded::kOwn, offset);       \
    return true;                                                                             \
  }
#include "jit/layouts.def"
  }
  return false;
}

}  // namespace

Type loaded_type(Memory m) {
  switch (m) {
    case Memory::kF64:
      return Type::F64;
    case Memory::kRef:
      return Type::Ref;
    case Memory::kWord:
      return Type::Word;
    case Memory::kPtr:
      return Type::Ptr;
    case Memory::kI64:
    case Memory::kI32:
    case Memory::kU32:
    case Memory::kU16:
    case Memory::kU8:
      return Type::I64;
  }
  __builtin_unreachable();
}

bool shape_is_versioned(ShapeId shape) {
  if (shape <= static_cast<ShapeId>(vm::Kind::kInstance)) return false;
  // Tests' texts name shapes of instances that nobody has made, without a heap.
  const gc::TypeInfo* info = gc::type_infos == nullptr ? nullptr : gc::type_infos[shape];
  return info == nullptr || info->has_vlock;
}

std::string field_name(Field f) {
  std::string text;
  each_field([&](const char* layout, const char* name, Field row) {
    if (row == f && text.empty()) text = std::string(layout) + "." + name;
  });
  if (!text.empty()) return text;
  return std::string(kAliasNames[static_cast<unsigned>(f.alias())]) + "." +
         std::to_string(f.offset()) + "/" + kMemoryNames[static_cast<unsigned>(f.memory())];
}

bool parse_field(std::string_view text, Field* out) {
  const size_t dot = text.find('.');
  if (dot == text.npos) return false;
  const std::string_view layout = text.substr(0, dot), rest = text.substr(dot + 1);
  bool found = false;
  each_field([&](const char* l, const char* name, Field row) {
    if (layout == l && rest == name) {
      *out = row;
      found = true;
    }
  });
  return found || parse_raw(layout, rest, out);
}

std::string array_name(Array a) { return kAliasNames[static_cast<unsigned>(a.alias())]; }

bool parse_array(std::string_view name, Array* out) {
  for (const auto& row : kArrays) {
    if (name != row.name) continue;
    *out = row.array;
    return true;
  }
  return false;
}

}  // namespace pystm::jit
