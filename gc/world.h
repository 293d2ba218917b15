// Threads as the collector sees them, and stopping the world.
//
// Invariants: `running` counts attached threads that are neither at a safepoint nor away. A stopper
// raises `stop` before it reads `running`; a thread coming back raises `running` before it reads
// `stop` (both sequentially consistent), so one of them sees the other. Who waits spins for the
// length of a short collection, then sleeps; it says so in a word of its own before it looks at the
// awaited one for the last time, so that nobody makes a wake-up call in vain. A thread that stopped
// or went away saved its callee-saved registers and stack pointer first: with its stack they hold
// every reference it has.
#pragma once

#include <atomic>
#include <vector>

#include "base/futex.h"
#include "gc/space.h"

namespace pystm::gc {

struct Mutator::Private {
  Mutator* owner = nullptr;
  char* stack_base = nullptr;
  // Stack pointer, rbx, rbp, r12-15 where the thread stopped; [0] == 0: it has no references yet.
  Word registers[8] = {};
  bool away = false;

  // Young allocation: the block in hand, its next slot, the scan position in a part-free slot.
  uint32_t block = kNoBlock;
  uint32_t slot = 0;
  char* walk = nullptr;
  char* hidden_limit = nullptr;  // --gc-stress: the true limit; Mutator::limit is then == cursor
  uint64_t allocations = 0;      // --gc-stress counter
  uint64_t piece_bytes = 0;      // handed out to this thread

  std::vector<Object*> remembered;  // old holders whose kOldClean this thread cleared
  std::vector<Value*> slots;        // in large arrays, which do not move; then their cards
  std::vector<Object*> card_holders;
  std::vector<Object*> born_old;  // scanned whole at the next collection
  // Of the transaction in flight: finalizable newborns, and what it took from the death queues.
  std::vector<Object*> fresh_finalizable;
  std::vector<Value> taken_weakrefs, taken_finalizables;
  bool defer_finalizable = false;  // a transaction that may abort is in flight
  bool memory_error = false;
};

struct World {
  std::atomic<uint32_t> stop{0};
  std::atomic<uint32_t> running{0};
  std::atomic<uint32_t> waiting{0};         // threads that wait for that, awake: they may help
  std::atomic<uint32_t> sleepers{0};        // threads that sleep until `stop` is 0
  std::atomic<uint32_t> stopper_sleeps{0};  // the stopper sleeps until `running` changes
  std::mutex mutex;                         // guards `mutators`
  std::vector<Mutator*> mutators;
};
extern World world;

// Stops every other attached thread; false if another thread's stop came first (then this call has
// waited for the end of that one, at a safepoint).
bool stop_world(Mutator& m);
void resume_world();

extern "C" {
// Calls f(argument, stack pointer) with all callee-saved registers pushed above that pointer.
void pystm_gc_spill_call(void (*f)(void*, char*), void* argument);
}

template <class F>
void with_spilled_registers(F&& f) {
  pystm_gc_spill_call([](void* p, char* sp) { (*static_cast<std::remove_reference_t<F>*>(p))(sp); },
                      &f);
}

}  // namespace pystm::gc
