#include "gc/fork.h"

#include <new>

#include "gc/collector.h"
#include "gc/world.h"
#include "gc/young.h"

namespace pystm::gc {

void before_fork(Mutator& m) {
  while (!stop_world(m)) {
  }
  heap_mutex.lock();
}

void after_fork_parent(Mutator&) {
  heap_mutex.unlock();
  resume_world();
}

void after_fork_child(Mutator& m) {
  heap_mutex.unlock();
  // Their objects stay; their stacks are gone, and with them what only these held.
  for (Mutator* other : world.mutators) {
    if (other == &m) continue;
    retire_young(*other);
    adopt_lists_of(*other);
    other->gc_private = nullptr;
  }
  world.mutators.assign(1, &m);
  world.running.store(1);
  world.waiting.store(0);
  world.sleepers.store(0);
  resume_world();
}

}  // namespace pystm::gc
