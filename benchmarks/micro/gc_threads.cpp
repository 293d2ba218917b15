// The heap with two threads: how fast the world stops and goes on, what an empty collection costs
// then, and how allocation scales. Wall time, best of many short rounds.   micro_gc_threads [rounds
// [percent]]
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <thread>
#include <vector>

#include "base/futex.h"
#include "base/memory.h"
#include "benchmarks/micro/bench.h"
#include "gc/collector.h"
#include "gc/layout.h"

using namespace pystm;
using bench::info;
using bench::line;

namespace {

#define NODE_STATE(F) F(Value, a, "") F(Value, b, "") F(Word, x, "") F(Word, y, "")
PYSTM_MUTABLE(Node, NO_FIELDS, NODE_STATE);
#define TABLE_FIELDS(F) F(Word, length, "")
PYSTM_IMMUTABLE(Table, TABLE_FIELDS);

gc::TypeInfo node_info = gc::fixed_info<Node>("node");
gc::TypeInfo table_info = gc::array_info<Table>("table", offsetof(Table, length), 3, true);
ShapeId node_shape, table_shape;

PYSTM_INLINE Node* new_node(gc::Mutator& m) {
  auto* n = static_cast<Node*>(gc::allocate(m, sizeof(Node)));
  *reinterpret_cast<Word*>(n) = node_shape;
  n->vlock.store(0, std::memory_order_relaxed);  // NOBARRIER: newborn
  for (int i = 2; i < 6; ++i) reinterpret_cast<Value*>(n)[i] = Value();
  return n;
}
Value* items(Table* t) { return reinterpret_cast<Value*>(t + 1); }
Table* new_table(gc::Mutator& m, Word length) {
  auto* t = static_cast<Table*>(gc::try_allocate(m, sizeof(Table) + length * 8));
  *reinterpret_cast<Word*>(t) = table_shape;
  t->length = length;
  for (Word i = 0; i < length; ++i) items(t)[i] = Value();
  return t;
}

double us_since(Word cycles) {
  return static_cast<double>(base::cycles() - cycles) / static_cast<double>(base::cycles_per_us());
}
double median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}
double least(const std::vector<double>& v) { return *std::min_element(v.begin(), v.end()); }

// A second thread that only polls, as a loop without allocation does.
PYSTM_NOINLINE void stops(gc::Mutator& m, int rounds) {
  std::atomic<bool> end{false};
  std::atomic<Word> beat{0};
  std::thread other([&] {
    gc::Mutator mine;
    gc::attach(mine, base::native_stack_base());
    while (!end.load(std::memory_order_relaxed)) {
      if (gc::stop_requested()) gc::safepoint(mine);
      beat.store(base::cycles(), std::memory_order_relaxed);
    }
    gc::detach(mine);
  });
  while (beat.load() == 0) base::cpu_relax();
  std::vector<double> stopped, resumed, collected;
  for (int i = 0; i < rounds; ++i) {
    for (Word t = base::cycles(); us_since(t) < 20;) base::cpu_relax();
    const Word start = base::cycles();
    gc::with_world_stopped(m, [&] { stopped.push_back(us_since(start)); });
    const Word gone = base::cycles();
    while (beat.load(std::memory_order_relaxed) <= gone) base::cpu_relax();
    resumed.push_back(us_since(gone));
    for (Word t = base::cycles(); us_since(t) < 20;) base::cpu_relax();
    bench::keep(new_node(m));
    const Word before = base::cycles();
    gc::collect(m, gc::Kind::kYoung);
    collected.push_back(us_since(before));
  }
  end.store(true);
  gc::go_away(m);
  other.join();
  gc::come_back(m);
  line("stop of a thread that polls, median", median(stopped), 5, "us");
  line("    least", least(stopped), 5, "us");
  line("until it runs again, median", median(resumed), 5, "us");
  line("young collection of nothing, stop included, median", median(collected), 6, "us");
  line("    least", least(collected), 6, "us");
}

struct Times {
  double wall = 1e30, cpu = 1e30;  // us; of all threads
};
double process_cpu_us() {
  timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_nsec) * 1e-3;
}

// `percent` of the newborns replace one of the thread's own `live` ones.
Times churn(int threads, double percent, long count) {
  const Word live = (4u << 20) / sizeof(Node) / static_cast<Word>(threads);
  const auto limit = static_cast<Word>(percent * 42949672.96);
  std::atomic<int> ready{0};
  std::atomic<bool> go{false};
  auto work = [&](int k) {
    gc::Mutator m;
    gc::attach(m, base::native_stack_base());
    {
      gc::Root table{Value(new_table(m, live))};
      for (Word i = 0; i < live && percent > 0; ++i) {
        Node* n = new_node(m);
        auto* t = table.value.as<Table>();
        items(t)[i] = Value(n);
        gc::store_barrier(m, t, &items(t)[i]);
      }
      gc::collect(m, gc::Kind::kYoung);  // twice: the second does not mark in place
      for (int i = 0; i < 2000; ++i) bench::keep(new_node(m));
      gc::collect(m, gc::Kind::kYoung);
      ready.fetch_add(1);
      while (!go.load()) gc::safepoint(m), base::cpu_relax();
      Word s = 88172645463325252ull + static_cast<Word>(k) * 977;
      for (long i = 0; i < count / threads; ++i) {
        Node* n = new_node(m);
        s ^= s << 13;
        s ^= s >> 7;
        s ^= s << 17;
        if ((s & 0xffffffff) < limit) {
          auto* t = table.value.as<Table>();
          Value* slot = &items(t)[(s >> 32) * live >> 32];
          *slot = Value(n);
          gc::store_barrier(m, t, slot);
        }
      }
    }
    gc::detach(m);
  };
  std::vector<std::thread> all;
  for (int k = 0; k < threads; ++k) all.emplace_back(work, k);
  while (ready.load() != threads) std::this_thread::sleep_for(std::chrono::microseconds(50));
  const double cpu = process_cpu_us();
  const Word start = base::cycles();
  go.store(true);
  for (std::thread& t : all) t.join();
  return {us_since(start), process_cpu_us() - cpu};
}

PYSTM_NOINLINE void scaling(gc::Mutator& m, int rounds, int only) {
  for (double percent : {0.0, 5.0, 20.0, 50.0}) {
    if (only >= 0 && percent != only) continue;
    Times best[3];
    const long count = percent < 10 ? 3000000 : 1000000;
    for (int i = 0; i < rounds; ++i) {
      for (int threads : {1, 2}) {
        gc::go_away(m);
        const Times t = churn(threads, percent, count);
        best[threads].wall = std::min(best[threads].wall, t.wall);
        best[threads].cpu = std::min(best[threads].cpu, t.cpu);
        gc::come_back(m);
        gc::collect(m, gc::Kind::kFull);
      }
    }
    char name[80];
    std::snprintf(name, sizeof name, "48 B, %2.0f %% survive: 2 threads over 1 (%.1f ns)", percent,
                  best[1].wall * 1e3 / double(count));
    line(name, best[1].wall / best[2].wall, 1.6, "x", true);
    info("    2 * processor time of 1 thread over that of 2", 2 * best[1].cpu / best[2].cpu, "x");
  }
}

}  // namespace

int main(int argc, char** argv) {
  const int rounds = argc > 1 ? std::atoi(argv[1]) : 30;
  gc::initialize({});
  node_shape = gc::register_type(&node_info);
  table_shape = gc::register_type(&table_info);
  gc::Mutator m;
  gc::attach(m, base::native_stack_base());
  const int only = argc > 2 ? std::atoi(argv[2]) : -1;
  if (only < 0) stops(m, rounds * 10);
  scaling(m, rounds, only);
  std::printf("%d of the figures above 1.5 times their target\n", bench::misses);
  gc::detach(m);
}
