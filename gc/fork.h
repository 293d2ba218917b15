// The heap over a fork: stopped before it, and left to one thread in the child.
#pragma once

#include "gc/heap.h"

namespace pystm::gc {

void before_fork(Mutator& m);        // stops the world and holds the heap's locks
void after_fork_parent(Mutator& m);  // lets it run again
void after_fork_child(Mutator& m);   // forgets every other thread

}  // namespace pystm::gc
