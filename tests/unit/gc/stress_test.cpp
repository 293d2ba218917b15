// --gc-stress, and several threads on one heap.
#include <catch2/catch.hpp>
#include <thread>

#include "base/memory.h"
#include "base/rng.h"
#include "tests/unit/gc/kinds.h"

using namespace pystm;
using namespace pystm::gc;
using namespace pystm::gc::test;

namespace {

// Random trees, lists and arrays hung into one table; every box carries a check number.
struct Churn {
  Mutator& m;
  base::Rng rng;
  Root table;
  static constexpr Word kSlots = 64;

  Churn(Mutator& mutator, Word seed)
      : m(mutator), rng(seed), table(Value(new_array(mutator, kSlots))) {}

  Value tree(int depth) {
    if (depth == 0) return Value(new_box(m, Value(), 4711));
    Root left(tree(depth - 1));
    Root right(tree(depth - 1));
    return Value(new_pair(m, left.value, right.value));
  }
  static long check(Value v) {
    if (!v.is_object()) return 0;
    Object* o = v.object();
    if (o->shape_id == kinds().box) return static_cast<Box*>(o)->number == 4711 ? 1 : -1000000;
    if (o->shape_id == kinds().array) {
      long sum = 0;
      for (Word i = 0; i < static_cast<Array*>(o)->length; ++i)
        sum += check(items(static_cast<Array*>(o))[i]);
      return sum;
    }
    if (o->shape_id != kinds().pair) return -1000000;
    return check(slots(static_cast<Pair*>(o))[0]) + check(slots(static_cast<Pair*>(o))[1]);
  }
  void step() {
    const Word at = rng.below(kSlots);
    switch (rng.below(4)) {
      case 0: {
        Value v = tree(static_cast<int>(rng.below(6)));
        set_item(m, table.value.as<Array>(), at, v);
        break;
      }
      case 1: {
        Array* a = new_array(m, 1 + rng.below(20));
        set_item(m, a, 0, Value(new_box(m, Value(), 4711)));
        set_item(m, table.value.as<Array>(), at, Value(a));
        break;
      }
      case 2: {
        Array* a = new_array(m, 1 + rng.below(3000));
        set_item(m, table.value.as<Array>(), at, Value(a));
        Value v = tree(2);
        set_item(m, a, a->length - 1, v);
        break;
      }
      default: {  // an old holder gets a young child
        Value v = items(table.value.as<Array>())[at];
        if (!v.is_object() || v.object()->shape_id != kinds().pair) break;
        Value child = tree(1);
        set(m, v.as<Pair>(), 0, child);
      }
    }
    if (rng.below(64) == 0) REQUIRE_CHECK(check(table.value) >= 0);
  }
  void REQUIRE_CHECK(bool ok) {
    if (!ok) std::abort();
  }
};

}  // namespace

TEST_CASE("everything unpinned moves at every n-th allocation") {
  Options o;
  o.stress = GENERATE(1, 7, 100);
  o.move = GENERATE(true, false);
  Thread t(o);
  Churn churn(t.m, o.stress + 3);
  for (int i = 0; i < (o.stress == 1 ? 300 : 3000); ++i) churn.step();
  CHECK(Churn::check(churn.table.value) >= 0);
  options().stress = 0;
}

TEST_CASE("threads share the heap, stop for each other, and may be away") {
  Options o;
  o.young_bytes = 256 << 10;
  o.stress = GENERATE(0, 500);
  Thread main(o);
  std::vector<std::thread> threads;
  go_away(main.m);
  for (int n = 0; n < 4; ++n) {
    threads.emplace_back([n] {
      Mutator m;
      attach(m, base::native_stack_base());
      {
        Churn churn(m, static_cast<Word>(n) + 1);
        for (int i = 0; i < 4000; ++i) {
          churn.step();
          if (i % 500 == 0) {
            go_away(m);
            std::this_thread::sleep_for(std::chrono::microseconds(100));
            come_back(m);
          }
          if (i % 1000 == 999) collect(m, Kind::kFull);
          safepoint(m);
        }
        if (Churn::check(churn.table.value) < 0) std::abort();
      }
      detach(m);
    });
  }
  for (auto& th : threads) th.join();
  come_back(main.m);
  options().stress = 0;
  CHECK(stats().full_collections > 0);
}
