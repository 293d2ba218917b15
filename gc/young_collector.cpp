// The young collection: pins what native stacks point at, copies every other survivor once.
//
// Survivors of the last collection above 60 % switch to marking in place (copying would only cost);
// so does --gc-move=off. Either way a survivor is old afterwards.
#include "base/clock.h"
#include "gc/old_space.h"
#include "gc/young.h"
#include "gc/young_worker.h"

namespace pystm::gc {
namespace {

double last_survival = 0;  // share of the bytes
size_t last_objects = 0;

// Help costs some microseconds, and an atomic operation per object.
bool worth_helping(const Remembered& r) {
  constexpr size_t kMany = 512;
  return world.waiting.load(std::memory_order_relaxed) != 0 &&
         (options().stress != 0 || r.size() > kMany || last_objects > 2 * kMany);
}

void promote_with_helpers(YoungWorker& c, Team& team) {
  unsigned index;
  team.enter(index);
  c.join(&team);
  offer(team);
  visit_precise_roots(c, true);
  c.work();
  withdraw();
  c.join(nullptr);
  c.copied += team.copied;
  c.pinned += team.pinned;
  c.objects += team.objects;
  c.pinned_objects += team.pinned_objects;
  collector_stats().helpers += team.helpers;
}

}  // namespace

void collect_young(bool poison) {
  size_t used = young_large_bytes();
  for (Mutator* m : world.mutators) {
    used += m->gc_private->piece_bytes;
    m->gc_private->piece_bytes = 0;
    retire_young(*m);
  }
  for (auto& set : free_runs) {
    for (FreeRun& run : set) {
      if (run.block != kNoBlock) copy_target(run.block);
    }
  }
  const bool in_place = !options().move || last_survival > 0.6;
  YoungWorker c(in_place, 0);
  c.pin_stacks();
  Remembered remembered = take_remembered();
  if (worth_helping(remembered)) {
    Team team(in_place, remembered);
    promote_with_helpers(c, team);
  } else {
    visit_precise_roots(c, true);
    c.scan_remembered(remembered, 0, remembered.size());
    c.drain();
  }
  process_deaths(c, false);
  update_identities(c, false);
  sweep_young_large(poison);
  const size_t left_over = rebuild_young_space(poison, in_place && options().move);
  last_survival = used < kBlockBytes ? 0 : double(c.survived()) / double(used);
  Stats& s = collector_stats();
  ++s.young_collections;
  s.bytes_allocated += used;
  s.bytes_promoted += c.survived();
  last_objects = c.objects + c.pinned_objects;
  s.objects_promoted += last_objects;
  s.objects_pinned += c.pinned_objects;
  account_old(c.survived() + left_over);
}

}  // namespace pystm::gc
