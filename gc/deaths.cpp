// Weak references, finalizers and release hooks: tables of objects whose death matters.
//
// Invariants: an object stands in the young or the old half of a table by its own age; a young
// collection touches only the young halves. Weak references are cleared before a dead target is
// revived for its finalizer, as in CPython. A finalizable object of a transaction in flight is kept
// alive until that ends: it has no finalizer to run if the transaction aborts.
#include <algorithm>

#include "base/assert.h"
#include "gc/collector.h"
#include "gc/world.h"

namespace pystm::gc {
namespace {

struct Table {
  std::vector<Object*> young, old;
};
Table weakrefs, finalizables, releasables;
std::vector<Value> cleared_queue, final_queue;  // taken from the back
std::mutex queue_mutex;
std::atomic<bool> pending{false};

Value& target_of(Object* weakref) { return reinterpret_cast<Value*>(weakref)[2]; }

// Clears the dead targets of live weak references. Those whose weakref object itself looks dead are
// left in `undecided`: finalizers may revive them.
void clear_weak(std::vector<Object*>& list, std::vector<Object*>& kept,
                std::vector<Object*>& undecided, Liveness& live) {
  for (Object* w : list) {
    Object* now = live.survivor(w);
    if (now == nullptr) {
      undecided.push_back(w);
      continue;
    }
    Value& slot = target_of(now);
    if (!slot.is_object()) continue;  // cleared long ago: nothing more to watch
    if (Object* target = live.survivor(slot.object())) {
      slot = Value(target);
      kept.push_back(now);
    } else {
      slot = Value();
      cleared_queue.push_back(Value(now));
    }
  }
  list.clear();
}

void find_final(std::vector<Object*>& list, std::vector<Object*>& kept, Liveness& live) {
  std::vector<Object*> dead, silent;
  for (Object* o : list) {
    if (Object* now = live.survivor(o)) {
      kept.push_back(now);
    } else {
      const TypeInfo* info = info_of(o);
      const bool nothing = info->nothing_to_finalize != nullptr && info->nothing_to_finalize(o);
      (nothing ? silent : dead).push_back(o);
    }
  }
  list.clear();
  for (Object* o : dead) {
    Object* now = live.revive(o);
    if (!now->has_flag(kFinalized)) {
      now->set_flag(kFinalized);
      final_queue.push_back(Value(now));
    }
  }
  // What a revived object holds lives on and may yet come to need its finalizer.
  for (Object* o : silent)
    if (Object* now = live.survivor(o)) kept.push_back(now);
}

void release_dead(std::vector<Object*>& list, std::vector<Object*>& kept, Liveness& live) {
  for (Object* o : list) {
    if (Object* now = live.survivor(o)) {
      kept.push_back(now);
    } else {
      info_of(o)->release(o);
    }
  }
  list.clear();
}

}  // namespace

void process_deaths(Liveness& live, bool full) {
  auto half = [full](Table& t) -> std::vector<Object*>& { return full ? t.old : t.young; };
  std::lock_guard lock(queue_mutex);
  const size_t queued = cleared_queue.size();
  std::vector<Object*> weak_kept, undecided, final_kept, release_kept;
  clear_weak(half(weakrefs), weak_kept, undecided, live);
  // Queued weakrefs are alive already; queue slots hold their new addresses.
  find_final(half(finalizables), final_kept, live);
  std::vector<Object*> gone;
  const size_t with_callback = cleared_queue.size();
  clear_weak(undecided, weak_kept, gone, live);
  cleared_queue.resize(with_callback);  // revived weakrefs get no callback
  release_dead(half(releasables), release_kept, live);
  auto merge = [full](Table& t, std::vector<Object*>& kept) {
    if (full) {
      t.old.swap(kept);
    } else {
      t.old.insert(t.old.end(), kept.begin(), kept.end());
    }
  };
  merge(weakrefs, weak_kept);
  merge(finalizables, final_kept);
  merge(releasables, release_kept);
  if (cleared_queue.size() > queued || !final_queue.empty()) pending.store(true);
}

void visit_death_queues(SlotVisitor& v) {
  if (!cleared_queue.empty())
    v.visit_range(cleared_queue.data(), cleared_queue.data() + cleared_queue.size());
  if (!final_queue.empty())
    v.visit_range(final_queue.data(), final_queue.data() + final_queue.size());
}

void register_finalizable(Mutator& m, Object* o) {
  const TypeInfo* info = info_of(o);
  std::lock_guard lock(queue_mutex);
  const bool young = space.is_young(o);
  if (info->release != nullptr) (young ? releasables.young : releasables.old).push_back(o);
  if (!info->may_finalize) return;
  if (m.gc_private->defer_finalizable) {
    m.gc_private->fresh_finalizable.push_back(o);
    m.fresh_finalizables = true;
  } else {
    (young ? finalizables.young : finalizables.old).push_back(o);
  }
}

void defer_finalizables(Mutator& m, bool on) { m.gc_private->defer_finalizable = on; }

void settle_finalizables(Mutator& m, bool committed) {
  Mutator::Private& p = *m.gc_private;
  m.fresh_finalizables = false;
  std::lock_guard lock(queue_mutex);
  if (committed) {
    for (Object* o : p.fresh_finalizable)
      (space.is_young(o) ? finalizables.young : finalizables.old).push_back(o);
  } else {
    cleared_queue.insert(cleared_queue.end(), p.taken_weakrefs.rbegin(), p.taken_weakrefs.rend());
    final_queue.insert(final_queue.end(), p.taken_finalizables.rbegin(),
                       p.taken_finalizables.rend());
    if (!cleared_queue.empty() || !final_queue.empty()) pending.store(true);
  }
  p.fresh_finalizable.clear();
  p.taken_weakrefs.clear();
  p.taken_finalizables.clear();
}

void visit_new_weakref(Mutator&, Object* weakref) {
  DCHECK(info_of(weakref)->is_weakref);
  Value target = target_of(weakref);
  std::lock_guard lock(queue_mutex);
  if (target.is_object()) target.object()->set_flag(kHasWeak);
  (space.is_young(weakref) ? weakrefs.young : weakrefs.old).push_back(weakref);
}

namespace {
Value pop(Mutator& m, std::vector<Value>& queue, std::vector<Value>& taken) {
  std::lock_guard lock(queue_mutex);
  Value v;
  if (!queue.empty()) {
    v = queue.back();
    queue.pop_back();
    if (m.gc_private->defer_finalizable) {
      taken.push_back(v);
      m.fresh_finalizables = true;
    }
  }
  if (cleared_queue.empty() && final_queue.empty()) pending.store(false);
  return v;
}
}  // namespace

Value pop_cleared_weakref(Mutator& m) {
  return pop(m, cleared_queue, m.gc_private->taken_weakrefs);
}
Value pop_finalizable(Mutator& m) { return pop(m, final_queue, m.gc_private->taken_finalizables); }
bool deaths_pending() { return pending.load(std::memory_order_relaxed); }

}  // namespace pystm::gc
