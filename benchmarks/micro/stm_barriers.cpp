// The transaction core against stm.md section 7: barriers, commit, abort, validation, two threads.
// micro_stm_barriers
#include <memory>
#include <thread>

#include "base/memory.h"
#include "base/rng.h"
#include "benchmarks/micro/bench.h"
#include "gc/layout.h"
#include "stm/private.h"

using namespace pystm;
using namespace pystm::stm;
using bench::line;

namespace {

#define ITEM_STATE(F) F(Word, x, "") F(Word, y, "") F(Value, next, "") F(Word, z, "")
PYSTM_MUTABLE(Item, NO_FIELDS, ITEM_STATE);
#define TABLE_FIELDS(F) F(Word, length, "")
PYSTM_IMMUTABLE(Table, TABLE_FIELDS);

gc::TypeInfo item_info = gc::fixed_info<Item>("item");
gc::TypeInfo table_info = gc::array_info<Table>("table", offsetof(Table, length), 3, true);
ShapeId item_shape, table_shape;

Value* items(Table* t) { return reinterpret_cast<Value*>(t + 1); }

Item* new_item(Tx& tx, Word x) {
  auto* o = static_cast<Item*>(gc::allocate(tx, sizeof(Item)));
  *reinterpret_cast<Word*>(o) = item_shape;
  init_state(tx, o) = {x, 1, Value(), 0};
  return o;
}

// A table of `n` items, each linked to the next in a random order; all of it old and public.
void make_items(Tx& tx, gc::Root& table, Word n) {
  auto* t = static_cast<Table*>(gc::try_allocate(tx, sizeof(Table) + n * 8));
  *reinterpret_cast<Word*>(t) = table_shape;
  t->length = n;
  for (Word i = 0; i < n; ++i) items(t)[i] = Value();
  table.value = Value(t);
  for (Word i = 0; i < n; ++i) {
    Value v(new_item(tx, i));
    items(table.value.as<Table>())[i] = v;
    gc::store_barrier(tx, table.value.object(), &items(table.value.as<Table>())[i]);
  }
  std::vector<Word> order(n);
  for (Word i = 0; i < n; ++i) order[i] = i;
  base::Rng rng(3);
  for (Word i = n; i > 1; --i) std::swap(order[i - 1], order[rng.below(i)]);
  t = table.value.as<Table>();
  for (Word i = 0; i < n; ++i) {
    Write<Item> w(tx, items(t)[order[i]].as<Item>());
    w.set(&Item::State::next, items(t)[order[(i + 1) % n]]);
  }
  commit(tx);
  begin(tx);
  gc::collect(tx, gc::Kind::kYoung);
}

void restart(Tx& tx) {
  commit(tx);
  begin(tx);
}

// `n` per transaction; returns ns per object, commit included. kRaw: no barrier at all.
enum Way { kRaw, kBarrier };
template <Way way>
PYSTM_NOINLINE Word chase(Tx& tx, Item* at, Word n) {
  Word sum = 0;
  for (Word i = 0; i < n; ++i) {
    if (way == kRaw) {
      Item::State& s = Raw::state(at);  // NOBARRIER: the figure without barriers
      sum += s.x + s.y;
      at = s.next.as<Item>();
    } else {
      Read<Item, true> r(tx, at);
      sum += r->x + r->y;
      at = r->next.as<Item>();
    }
  }
  return sum;
}
template <Way way>
PYSTM_NOINLINE Word scan(Tx& tx, Table* t) {
  Word sum = 0;
  const Word n = t->length;
  for (Word i = 0; i < n; ++i) {
    auto* o = items(t)[i].as<Item>();
    if (way == kRaw) {
      Item::State& s = Raw::state(o);  // NOBARRIER: the figure without barriers
      sum += s.x + s.y;
    } else {
      Read<Item, true> r(tx, o);
      sum += r->x + r->y;
    }
  }
  return sum;
}
PYSTM_NOINLINE void update(Tx& tx, Table* t, Word n) {
  for (Word i = 0; i < n; ++i) {
    Write<Item> w(tx, items(t)[i].as<Item>());
    w.set(&Item::State::x, w->x + w->y);
  }
}
PYSTM_NOINLINE void update_raw(Tx& tx, Table* t, Word n) {
  for (Word i = 0; i < n; ++i) {
    Item::State& s = Raw::state(items(t)[i].as<Item>());  // NOBARRIER: the figure without barriers
    s.x += s.y;
  }
}

void reads(Tx& tx) {
  gc::Root table;
  make_items(tx, table, 10000);  // 640 KB: level 2
  auto* t = table.value.as<Table>();
  auto* first = items(t)[0].as<Item>();
  const Word n = t->length;
  const double raw_chase = bench::best(30, n, [&] { bench::keep(chase<kRaw>(tx, first, n)); });
  const double tx_chase = bench::best(30, n, [&] {
    bench::keep(chase<kBarrier>(tx, first, n));
    restart(tx);
  });
  const double raw_scan = bench::best(50, n, [&] { bench::keep(scan<kRaw>(tx, t)); });
  const double tx_scan = bench::best(50, n, [&] {
    bench::keep(scan<kBarrier>(tx, t));
    restart(tx);
  });
  std::printf("(no barrier: chase %.2f, scan %.2f ns)\n", raw_chase, raw_scan);
  line("read barrier, chase, per object over none", tx_chase - raw_chase, 0.4, "ns");
  line("read barrier, scan, per object over none", tx_scan - raw_scan, 0.4, "ns");
  const double raw_write = bench::best(50, n, [&] { update_raw(tx, t, n); });
  const double write = bench::best(50, n, [&] {
    update(tx, t, n);
    restart(tx);
  });
  line("first write of an object in a transaction, with commit", write - raw_write, 6.5, "ns");
  update(tx, t, 100);
  const double hit = bench::best(200, 100000, [&] {
    for (int i = 0; i < 1000; ++i) update(tx, t, 100);
  });
  const double hit_raw = bench::best(200, 100000, [&] {
    for (int i = 0; i < 1000; ++i) update_raw(tx, t, 100);
  });
  line("write hit, over none", hit - hit_raw, 0.1, "ns");
  restart(tx);
}

// Mode is parallel here too; the barriers of solo mode are the same code with other registers.
void fixed_costs(Tx& tx) {
  gc::Root table;
  make_items(tx, table, 20000);
  auto* t = table.value.as<Table>();
  auto* o = items(t)[0].as<Item>();
  constexpr int kRounds = 100000;
  const double read_only = bench::best(20, kRounds, [&] {
    for (int i = 0; i < kRounds; ++i) restart(tx);
  });
  line("begin + commit, nothing written", read_only, 2, "ns");
  const double small = bench::best(20, kRounds, [&] {
    for (int i = 0; i < kRounds; ++i) {
      Write<Item> w(tx, o);
      w.set(&Item::State::x, w->x + 1);
      restart(tx);
    }
  });
  line("begin + one write + commit", small, 25, "ns");
  // Validation: everything read, then forced.
  double clean = 1e30, abort_ns = 1e30, abort_one = 1e30;
  for (int i = 0; i < 30; ++i) {
    scan<kBarrier>(tx, t);
    clean = std::min(clean, bench::best(5, t->length, [&] { bench::keep(validate(tx)); }));
    restart(tx);
  }
  line("validation, clean regions, per entry", clean, 0.5, "ns");
  for (int i = 0; i < 30; ++i) {
    update(tx, t, 10000);
    abort_ns = std::min(abort_ns, bench::best(1, 10000, [&] { roll_back(tx); }));
    tx.undo_top = tx.priv->undo_base;
    tx.me += 1;
    restart(tx);
  }
  abort_one = bench::best(20, 10000, [&] {
    for (int i = 0; i < 10000; ++i) {
      update(tx, t, 1);
      roll_back(tx);
      tx.undo_top = tx.priv->undo_base;
      tx.me += 1;
      tx.rv = the_clock.now.load();
    }
  });
  restart(tx);
  line("roll back, per written object", abort_ns, 3, "ns");
  line("write and roll back one object", abort_one, 100, "ns");
  const double thrown = bench::best(20, 1000, [&] {
    for (int i = 0; i < 1000; ++i) {
      try {
        stm::abort(tx, AbortReason::kChaos);
      } catch (const Abort&) {
      }
      tx.priv->aborts = 0;
      begin(tx);
    }
  });
  std::printf("(abort with its C++ exception: %.0f ns)\n", thrown);
  // Last, because region stamps never sink: as if others had written in every region.
  for (Word i = 0; i < t->length; ++i) gc::region_stamp(items(t)[i].object()).store(kNewestVersion);
  double dirty = 1e30;
  for (int i = 0; i < 30; ++i) {
    scan<kBarrier>(tx, t);
    dirty = std::min(dirty, bench::best(5, t->length, [&] { bench::keep(validate(tx)); }));
    restart(tx);
  }
  bench::info("validation by headers, per entry", dirty, "ns");
}

void elements(Tx& tx) {
  constexpr Word kItems = 1000000;
  gc::Root storage, owner{Value(new_item(tx, 0))};
  auto* t = static_cast<Table*>(gc::try_allocate(tx, sizeof(Table) + kItems * 8));
  *reinterpret_cast<Word*>(t) = table_shape;
  t->length = kItems;
  for (Word i = 0; i < kItems; ++i) items(t)[i] = Value::of_int(1);
  storage.value = Value(t);
  restart(tx);
  auto* o = owner.value.as<Item>();
  const double sequential = bench::best(50, 20000, [&] {
    acquire(tx, o);
    for (Word i = 0; i < 20000; ++i) write_slot(tx, t, 0, &items(t)[i], Value::of_int(2));
    restart(tx);
  });
  line("list element, sequential update (target: in a JIT loop)", sequential, 1, "ns");
  base::Rng rng(9);
  const double random = bench::best(50, 20000, [&] {
    acquire(tx, o);
    for (Word i = 0; i < 20000; ++i)
      write_slot(tx, t, 0, &items(t)[rng.below(kItems)], Value::of_int(3));
    restart(tx);
  });
  line("list element, random update", random, 10, "ns");
}

// --- two threads ---------------------------------------------------------------------------------

double run_threads(Tx& main, int threads, long rounds,
                   const std::function<void(Tx&, int, long)>& body) {
  double best = 1e30;
  for (int repeat = 0; repeat < 7; ++repeat) {
    std::atomic<int> ready{0};
    std::atomic<bool> go{false};
    std::vector<std::thread> all;
    Word start = 0, end = 0;
    run_outside(main, "bench", [&] {
      std::vector<std::atomic<Word>> ends(static_cast<size_t>(threads));
      for (int n = 0; n < threads; ++n) {
        all.emplace_back([&, n] {
          auto tx = std::make_unique<Tx>();
          attach(*tx, base::native_stack_base());
          commit(*tx);
          begin(*tx);
          ++ready;
          while (!go.load()) {
            if (gc::stop_requested()) gc::safepoint(*tx);
          }
          body(*tx, n, rounds);
          ends[static_cast<size_t>(n)] = base::now_ns();
          detach(*tx);
        });
      }
      while (ready.load() < threads) std::this_thread::yield();
      start = base::now_ns();
      go = true;
      for (auto& t : all) t.join();
      for (auto& e : ends) end = std::max(end, e.load());
    });
    best = std::min(best, double(end - start));
  }
  return best / double(rounds);
}

template <class F>
void atomically(Tx& tx, F f) {
  for (;;) {
    try {
      f();
      commit(tx);
      break;
    } catch (const Abort&) {
      begin(tx);
    }
  }
  begin(tx);
}

void two_threads(Tx& tx) {
  gc::Root table;
  make_items(tx, table, 4000);
  auto* t = table.value.as<Table>();
  struct Load {
    const char* name;
    double target;
    std::function<void(Tx&, int, long)> body;
  };
  const Load loads[] = {
      {"(2 threads that share nothing: what the machine gives now)", 1.9,
       [](Tx& own, int, long rounds) {
         for (long i = 0; i < rounds * 1000; ++i) bench::keep(i);
       }},
      {"2 threads, disjoint, 200 updates: speed-up", 1.9,
       [t](Tx& own, int n, long rounds) {
         for (long i = 0; i < rounds; ++i) {
           atomically(own, [&] {
             for (Word k = 0; k < 200; ++k) {
               Write<Item> w(own, items(t)[static_cast<Word>(n) * 2000 + k].as<Item>());
               w.set(&Item::State::x, w->x + 1);
             }
           });
         }
       }},
      {"2 threads, 1000 reads, 1 % write: speed-up", 1.9,
       [t](Tx& own, int n, long rounds) {
         base::Rng rng(static_cast<Word>(n) + 1);
         for (long i = 0; i < rounds; ++i) {
           atomically(own, [&] {
             Word sum = 0;
             for (Word k = 0; k < 1000; ++k) sum += Read<Item>(own, items(t)[k].as<Item>())->x;
             bench::keep(sum);
             if (rng.below(100) == 0) {
               Write<Item> w(own, items(t)[rng.below(1000)].as<Item>());
               w.set(&Item::State::x, w->x + 1);
             }
           });
         }
       }},
      {"2 threads, one hot counter: throughput", 0.74, [t](Tx& own, int, long rounds) {
         for (long i = 0; i < rounds * 20; ++i) {
           atomically(own, [&] {
             Write<Item> w(own, items(t)[0].as<Item>());
             w.set(&Item::State::x, w->x + 1);
           });
         }
       }}};
  for (const Load& load : loads) {
    const double one = run_threads(tx, 1, 10000, load.body);
    const double two = run_threads(tx, 2, 10000, load.body);
    line(load.name, 2 * one / two, load.target, "x", true);
    std::printf("    (one thread %.0f ns, two %.0f ns per round)\n", one, two);
  }
}

}  // namespace

int main() {
  gc::initialize({});
  stm::initialize({});
  item_shape = gc::register_type(&item_info);
  table_shape = gc::register_type(&table_info);
  auto tx = std::make_unique<Tx>();
  attach(*tx, base::native_stack_base());
  keep_parallel(*tx, true);  // with one thread too
  restart(*tx);
  reads(*tx);
  fixed_costs(*tx);
  elements(*tx);
  two_threads(*tx);
  std::printf("%d of the figures off their target by more than 1.5\n", bench::misses);
  detach(*tx);
}
