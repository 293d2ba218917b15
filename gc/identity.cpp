// id() and the identity hash.
//
// An object asked while young gets a number from a side table and keeps it for life (kHasId), since
// its address will change; an old one is its address. Numbers are odd multiples of 8 above the user
// address space, so they meet no address.
#include <unordered_map>

#include "base/assert.h"
#include "gc/collector.h"

namespace pystm::gc {
namespace {

std::mutex id_mutex;
std::unordered_map<Object*, Word> young_ids, old_ids;
Word next_id = Word{1} << 47;
std::atomic<uint32_t> next_hash{1};

}  // namespace

Word identity(Mutator&, Object* o) {
  std::lock_guard lock(id_mutex);
  if (!o->has_flag(kHasId)) {
    if (!space.is_young(o)) return reinterpret_cast<Word>(o);
    o->set_flag(kHasId);
    young_ids.emplace(o, next_id);
    next_id += 16;
    return next_id - 16;
  }
  return space.is_young(o) ? young_ids.at(o) : old_ids.at(o);
}

void update_identities(Liveness& live, bool full) {
  if (full) {
    for (auto it = old_ids.begin(); it != old_ids.end();) {
      it = live.survivor(it->first) == nullptr ? old_ids.erase(it) : std::next(it);
    }
    return;
  }
  for (auto& [o, id] : young_ids) {
    if (Object* now = live.survivor(o)) old_ids[now] = id;
  }
  young_ids.clear();
}

uint32_t identity_hash(Object* o) {
  uint32_t flags = o->flags.load(std::memory_order_relaxed);
  uint32_t fresh = 0;
  while ((flags >> kHashShift) == 0) {
    while (fresh == 0) {
      // Golden-ratio steps spread a counter over the 20 bits.
      fresh = (next_hash.fetch_add(1, std::memory_order_relaxed) * 0x9E3779B1u) >> 12;
    }
    if (o->flags.compare_exchange_weak(flags, flags | fresh << kHashShift,
                                       std::memory_order_relaxed))
      return fresh;
  }
  return flags >> kHashShift;
}

}  // namespace pystm::gc
