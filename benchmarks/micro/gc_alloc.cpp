// The heap against gc.md section 7: allocation at several survival rates, pauses, the ambiguous
// scan, traversal after churn, full marking.   micro_gc_alloc [scale [row]]
#include <alloca.h>

#include <cstdlib>

#include "base/memory.h"
#include "base/rng.h"
#include "benchmarks/micro/bench.h"
#include "gc/collector.h"
#include "gc/layout.h"
#include "gc/world.h"

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

Value* fields(Node* n) {
  return reinterpret_cast<Value*>(n) + 2;
}  // NOBARRIER: no transactions here
Value* items(Table* t) { return reinterpret_cast<Value*>(t + 1); }

PYSTM_INLINE Node* new_node(gc::Mutator& m, Word x) {
  auto* n = static_cast<Node*>(gc::allocate(m, sizeof(Node)));
  *reinterpret_cast<Word*>(n) = node_shape;
  n->vlock.store(0, std::memory_order_relaxed);  // NOBARRIER: newborn
  fields(n)[0] = fields(n)[1] = Value();
  fields(n)[2] = fields(n)[3] = Value(x);
  return n;
}

Table* new_table(gc::Mutator& m, Word length) {
  auto* t = static_cast<Table*>(gc::try_allocate(m, sizeof(Table) + length * 8));
  *reinterpret_cast<Word*>(t) = table_shape;
  t->length = length;
  return t;
}

// `percent` of the newborns replace a random one of `live` old ones.
PYSTM_NOINLINE double churn(gc::Mutator& m, size_t live_bytes, double percent, long count,
                            double* pause_us) {
  const Word live = live_bytes / sizeof(Node);
  gc::Root table{Value(new_table(m, live))};
  for (Word i = 0; i < live && percent > 0; ++i) {
    Node* n = new_node(m, i);
    auto* t = table.value.as<Table>();
    items(t)[i] = Value(n);
    gc::store_barrier(m, t, &items(t)[i]);
  }
  gc::collect(m, gc::Kind::kFull);
  const Word limit = static_cast<Word>(percent * 42949672.96);  // of 2^32
  base::Rng rng(7);
  Word s = 88172645463325252ull;
  const gc::Stats before = gc::stats();
  const double ns = bench::best(5, double(count), [&] {
    auto* t = table.value.as<Table>();
    for (long i = 0; i < count; ++i) {
      Node* n = new_node(m, static_cast<Word>(i));
      s ^= s << 13;
      s ^= s >> 7;
      s ^= s << 17;
      if ((s & 0xffffffff) < limit) {
        Value* slot = &items(t)[(s >> 32) * live >> 32];
        *slot = Value(n);
        gc::store_barrier(m, t, slot);
      }
    }
  });
  const gc::Stats now = gc::stats();
  *pause_us = double(now.young_pause_ns - before.young_pause_ns) * 1e-3 /
              double(std::max<Word>(now.young_collections - before.young_collections, 1));
  return ns;
}

void allocation(gc::Mutator& m, long scale, int only) {
  struct Row {
    const char* name;
    size_t live;
    double percent, target, pause;
  };
  const Row rows[] = {{"allocate 48 B, 0 % survive, ns", 10u << 20, 0, 1.3, 10},
                      {"allocate 48 B, 1 % survive, 10 MB live, ns", 10u << 20, 1, 2.5, 0},
                      {"allocate 48 B, 5 % survive, 10 MB live, ns", 10u << 20, 5, 5, 200},
                      {"allocate 48 B, 20 % survive, 10 MB live, ns", 10u << 20, 20, 0, 700},
                      {"allocate 48 B, 5 % survive, 300 MB live, ns", 300u << 20, 5, 15, 0}};
  for (const Row& row : rows) {
    if (only >= 0 && &row != &rows[only]) continue;
    double pause;
    const double ns = churn(m, row.live, row.percent, scale * 1000000, &pause);
    row.target != 0 ? line(row.name, ns, row.target, "ns") : info(row.name, ns, "ns");
    row.pause != 0 ? line("    young pause, mean", pause, row.pause, "us")
                   : info("    young pause, mean", pause, "us");
    gc::collect(m, gc::Kind::kFull);
  }
}

PYSTM_NOINLINE void ambiguous(gc::Mutator& m) {
  constexpr size_t kWords = 65536;
  auto* words = static_cast<Word*>(alloca(kWords * 8));
  base::Rng rng(3);
  auto scan = [&] {
    return bench::best(20, 1, [&] {
      gc::with_world_stopped(m, [] {
        std::vector<Word> out;
        gc::ambiguous_words(out);
        bench::keep(out.size());
      });
    });
  };
  for (size_t i = 0; i < kWords; ++i) words[i] = i % 3 == 0 ? 0 : i % 3 == 1 ? i * 2 + 1 : rng();
  bench::keep(words);
  line("ambiguous scan, per word that is no pointer", scan() / kWords, 0.6, "ns");
  constexpr size_t kHits = 8192;
  for (size_t i = 0; i < kWords; ++i) words[i] = 0;
  auto time_young = [&] {
    double least = 1e30;
    for (int round = 0; round < 5; ++round) {
      for (int i = 0; i < 80000; ++i) {
        Node* n = new_node(m, 1);
        if (i % 16 == 0 && words[0] == 1)
          words[1 + (static_cast<size_t>(i) / 16) % kHits] = reinterpret_cast<Word>(n);
      }
      const double start = bench::cpu_ns();
      gc::collect(m, gc::Kind::kYoung);
      least = std::min(least, bench::cpu_ns() - start);
    }
    return least;
  };
  const double empty = time_young();
  words[0] = 1;
  const double hits = time_young();
  info("ambiguous hit on a young object, found and pinned", (hits - empty) / 5000, "ns");
  for (size_t i = 0; i < kWords; ++i) words[i] = 0;
  bench::keep(words);
}

PYSTM_NOINLINE void traversal(gc::Mutator& m, long garbage, long count) {
  gc::Root head;
  for (long i = 0; i < count; ++i) {
    Node* n = new_node(m, static_cast<Word>(i));
    fields(n)[0] = head.value;
    head.value = Value(n);
    for (long k = 0; k < garbage; ++k) bench::keep(new_node(m, 0));
  }
  gc::collect(m, gc::Kind::kYoung);
  Word sum = 0;
  const double ns = bench::best(5, double(count), [&] {
    for (auto* n = head.value.as<Node>(); n != nullptr; n = fields(n)[0].as<Node>())
      sum += fields(n)[2].bits();
  });
  bench::keep(sum);
  char name[80];
  std::snprintf(name, sizeof name, "traverse a list built among %ldx garbage, per node", garbage);
  line(name, ns, 3, "ns");
}

PYSTM_NOINLINE void full_mark(gc::Mutator& m) {
  const Word live = 1000000;
  gc::Root table{Value(new_table(m, live))};
  auto* t = table.value.as<Table>();
  for (Word i = 0; i < live; ++i) items(t)[i] = Value();
  base::Rng rng(5);
  for (Word i = 0; i < live; ++i) {
    Word at = i;
    Node* n = new_node(m, i);
    const Word other = rng.below(i + 1);
    if (items(t)[other].is_object()) fields(n)[0] = items(t)[other];
    items(t)[at] = items(t)[other];
    items(t)[other] = Value(n);
    gc::store_barrier(m, t, &items(t)[other]);
    gc::store_barrier(m, t, &items(t)[at]);
  }
  gc::collect(m, gc::Kind::kFull);
  const double ns = bench::best(3, double(live), [&] { gc::collect(m, gc::Kind::kFull); });
  line("full collection, per scattered object", ns, 35, "ns");
}

}  // namespace

int main(int argc, char** argv) {
  const long scale = argc > 1 ? std::atol(argv[1]) : 20;
  gc::initialize({});
  node_shape = gc::register_type(&node_info);
  table_shape = gc::register_type(&table_info);
  gc::Mutator m;
  gc::attach(m, base::native_stack_base());
  const int only = argc > 2 ? std::atoi(argv[2]) : -1;
  allocation(m, scale, only);
  if (only >= 0) {
    gc::detach(m);
    return 0;
  }
  ambiguous(m);
  traversal(m, 4, 500000);
  traversal(m, 40, 200000);
  full_mark(m);
  std::printf("%d of the figures above 1.5 times their target\n", bench::misses);
  gc::detach(m);
}
