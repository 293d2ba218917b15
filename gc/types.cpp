// The table of TypeInfos, and object sizes.
//
// Invariant: id 0 is the filler, a dead cell of `word 1` bytes that makes every young block
// parsable from its pieces' heads.
#include <mutex>

#include "base/assert.h"
#include "base/memory.h"
#include "gc/object.h"

namespace pystm::gc {

const TypeInfo** type_infos = nullptr;

namespace {
constexpr size_t kMaxTypes = size_t{1} << 26;
std::mutex types_mutex;
ShapeId next_type = 0;

size_t filler_size(const Object* o) { return reinterpret_cast<const Word*>(o)[1]; }

const TypeInfo& filler_info() {
  static const TypeInfo info = [] {
    TypeInfo i;
    i.name = "(free)";
    i.size = &filler_size;
    return i;
  }();
  return info;
}
}  // namespace

ShapeId register_type(const TypeInfo* info) {
  std::lock_guard lock(types_mutex);
  if (type_infos == nullptr) {
    type_infos = static_cast<const TypeInfo**>(base::reserve_memory(kMaxTypes * sizeof(TypeInfo*)));
    type_infos[next_type++] = &filler_info();
  }
  CHECK(next_type < kMaxTypes);
  CHECK(info->fixed_size % 8 == 0);
  type_infos[next_type] = info;
  return next_type++;
}

size_t size_of(const Object* o) {
  const TypeInfo* info = info_of(o);
  if (PYSTM_UNLIKELY(info->size != nullptr)) return base::align_up(info->size(o), 16);
  size_t bytes = info->fixed_size;
  if (info->length_offset != 0) {
    const Word length =
        *reinterpret_cast<const Word*>(reinterpret_cast<const char*>(o) + info->length_offset);
    bytes += length << info->item_shift;
  }
  return base::align_up(bytes, 16);
}

}  // namespace pystm::gc
