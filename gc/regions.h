// Region stamps: one version word per 64 KiB of heap. stm owns the values, gc the table.
//
// Invariant: a stamp never sinks. A region that receives copies of young objects is raised by the
// collector (Hooks::copy_target_stamp), because version words travel with the objects.
#pragma once

#include <atomic>

#include "base/bits.h"

namespace pystm::gc {

// Indexed by address >> 16 (biased by the heap's base, so there is nothing to subtract).
extern std::atomic<Word>* region_stamps;

PYSTM_INLINE std::atomic<Word>& region_stamp(const void* p) {
  return region_stamps[reinterpret_cast<Word>(p) >> 16];
}

// What the layer above tells the collector. All null until stm is initialised.
struct Hooks {
  // True if the stamp belongs to a transaction in flight; other stamps of survivors become 0.
  bool (*stamp_is_open)(Word stamp) = nullptr;
  // Lower bound for the stamps of regions that receive copies.
  Word (*copy_target_stamp)() = nullptr;
  // World still stopped, all slots rewritten.
  void (*after_collection)() = nullptr;
};
void set_hooks(const Hooks& hooks);

}  // namespace pystm::gc
