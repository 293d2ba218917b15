// Stopping the world with several threads, and collections that the stopped ones help with.
#include <catch2/catch.hpp>
#include <chrono>
#include <memory>
#include <thread>

#include "base/memory.h"
#include "gc/collector.h"
#include "gc/helpers.h"
#include "tests/unit/gc/kinds.h"

using namespace pystm;
using namespace pystm::gc;
using namespace pystm::gc::test;

namespace {

void sleep_ms(int n) { std::this_thread::sleep_for(std::chrono::milliseconds(n)); }

// Threads that do f(mutator) again and again until the end of the test.
class Others {
 public:
  template <class F>
  Others(Mutator& m, int count, F f) : m_(m) {
    for (int i = 0; i < count; ++i) {
      threads_.emplace_back([this, f] {
        Mutator mine;
        attach(mine, base::native_stack_base());
        started_.fetch_add(1);
        while (!end_.load()) f(mine);
        detach(mine);
      });
    }
    while (started_.load() != count) safepoint(m_);
  }
  ~Others() {
    end_.store(true);
    go_away(m_);
    for (std::thread& t : threads_) t.join();
    come_back(m_);
  }

 private:
  Mutator& m_;
  std::atomic<bool> end_{false};
  std::atomic<int> started_{0};
  std::vector<std::thread> threads_;
};

Value tree(Mutator& m, int depth) {
  if (depth == 0) return Value(new_box(m, Value(), 1));
  Root left(tree(m, depth - 1));
  Root right(tree(m, depth - 1));
  return Value(new_pair(m, left.value, right.value));
}
long leaves(Value v) {
  Object* o = v.object();
  if (o->shape_id == kinds().box) return static_cast<long>(static_cast<Box*>(o)->number);
  if (o->shape_id != kinds().pair) return -1000000;
  return leaves(slots(static_cast<Pair*>(o))[0]) + leaves(slots(static_cast<Pair*>(o))[1]);
}

}  // namespace

TEST_CASE("a long stop ends for threads that fell asleep in it") {
  Thread t;
  std::atomic<long> steps{0};
  Others others(t.m, 3, [&](Mutator& m) {
    safepoint(m);
    steps.fetch_add(1);
  });
  for (int i = 0; i < 3; ++i) {
    with_world_stopped(t.m, [&] {
      const long before = steps.load();
      sleep_ms(3);
      CHECK(steps.load() == before);
    });
    for (const long now = steps.load(); steps.load() == now;) std::this_thread::yield();
  }
}

TEST_CASE("a stop waits for threads that are slow to reach a safepoint") {
  Thread t;
  std::atomic<int> inside{0};
  Others others(t.m, 2, [&](Mutator& m) {
    inside.fetch_add(1);
    sleep_ms(1);
    inside.fetch_sub(1);
    safepoint(m);
  });
  for (int i = 0; i < 5; ++i) with_world_stopped(t.m, [&] { CHECK(inside.load() == 0); });
}

TEST_CASE("stopped threads help to promote, and everything arrives once") {
  Options o;
  o.move = GENERATE(true, false);
  o.young_bytes = 16 << 20;
  Thread t(o);
  const uint64_t helped = stats().helpers;
  {
    Others others(t.m, 3, [](Mutator& m) { safepoint(m); });
    // A holder of many trees, each reached by several ways, in a large array: remembered by slot.
    constexpr Word kTrees = 400;
    Root array(Value(new_array(t.m, 8000)));
    for (int round = 0; round < 10; ++round) {
      for (Word i = 0; i < kTrees; ++i) {
        Value v = tree(t.m, 5);
        auto* a = array.value.as<Array>();
        set_item(t.m, a, i, v);
        set_item(t.m, a, i, v);  // the slot is remembered twice
        set_item(t.m, a, 4000 + i, slots(v.as<Pair>())[0]);
        set_item(t.m, a, 6000 + i, v);
      }
      collect(t.m, round == 5 ? Kind::kFull : Kind::kYoung);
      auto* a = array.value.as<Array>();
      for (Word i = 0; i < kTrees; ++i) {
        Value v = items(a)[i];
        REQUIRE(leaves(v) == 32);
        REQUIRE(!space.is_young(v.object()));
        REQUIRE(items(a)[4000 + i].bits() == slots(v.as<Pair>())[0].bits());
        REQUIRE(items(a)[6000 + i].bits() == v.bits());
      }
    }
  }
  // On busy processors the others may always come too late.
  if (stats().helpers == helped) WARN("no thread helped in this run");
}

TEST_CASE("two helpers that reach an object of unknown size at once agree where it goes") {
  Options o;
  o.young_bytes = 16 << 20;
  Thread t(o);
  const uint64_t helped = stats().helpers;
  long wrong = 0;
  {
    Others others(t.m, 3, [](Mutator& m) { safepoint(m); });
    constexpr Word kBatch = 64, kBatches = 7;  // a helper takes so many slots at a time
    Root array(Value(new_array(t.m, 8000)));
    for (int round = 0; round < 400; ++round) {
      for (Word b = 0; b < kBatches; ++b) {
        for (Word twice = 0; twice < 2; ++twice) {
          for (Word i = b * kBatch; i < (b + 1) * kBatch; ++i) {
            Value v =
                twice == 0 ? Value(new_slow(t.m, 1 + i % 5)) : items(array.value.as<Array>())[i];
            set_item(t.m, array.value.as<Array>(), i + twice * 4000, v);
          }
        }
      }
      collect(t.m, Kind::kYoung);
      auto* a = array.value.as<Array>();
      for (Word i = 0; i < kBatch * kBatches; ++i)
        wrong += items(a)[i] != items(a)[4000 + i] || items(a)[i].as<Array>()->length != 1 + i % 5;
    }
  }
  CHECK(wrong == 0);
  if (stats().helpers == helped) WARN("no thread helped in this run");
}

TEST_CASE("an offer is withdrawn only when every helper has left it") {
  struct Slow : Job {
    std::atomic<int> inside{0}, entered{0};
    void help() override {
      inside.fetch_add(1);
      entered.fetch_add(1);
      sleep_ms(1);
      inside.fetch_sub(1);
    }
  } job;
  Thread t;
  Others others(t.m, 2, [](Mutator& m) { safepoint(m); });
  for (int i = 0; i < 20; ++i) {
    with_world_stopped(t.m, [&] {
      offer(job);
      sleep_ms(i % 3);
      withdraw();
      CHECK(job.inside.load() == 0);
    });
  }
}

TEST_CASE("an old root keeps its object through full collections") {
  Thread t;
  auto root = std::make_unique<OldRoot>();
  Word hidden;
  deep([&] {
    auto* box = static_cast<Box*>(allocate_old(t.m, sizeof(Box)));
    box->shape_id = kinds().box;  // NOBARRIER: newborn
    box->item = Value();
    box->number = 12;
    root->value = Value(box);
    hidden = ~reinterpret_cast<Word>(box);
  });
  scrub_stack();
  collect(t.m, Kind::kYoung);
  collect(t.m, Kind::kFull);
  deep([&] {
    CHECK(~root->value.bits() == hidden);
    CHECK(root->value.as<Box>()->number == 12);
  });
  root.reset();
  scrub_stack();
  collect(t.m, Kind::kFull);
  deep([&] { CHECK_FALSE(space.marked(reinterpret_cast<void*>(~hidden))); });
}

TEST_CASE("blocks with survivors marked in place leave the young space") {
  Thread t;
  auto list = std::make_unique<Root>(Value(make_list(t.m, 10000)));
  scrub_stack();
  collect(t.m, Kind::kYoung);  // most survive: the next collection marks in place
  auto kept = std::make_unique<Root>(Value(new_array(t.m, 100)));
  for (int i = 0; i < 20000; ++i) {
    Pair* p = new_pair(t.m);
    if (i % 200 == 0) set_item(t.m, kept->value.as<Array>(), static_cast<Word>(i) / 200, Value(p));
  }
  scrub_stack();
  collect(t.m, Kind::kYoung);
  int in_place = 0;
  for (Word i = 0; i < 100; ++i) {
    Object* o = items(kept->value.as<Array>())[i].object();
    REQUIRE(o->has_flag(kOld));
    in_place += space.block_of(o).kind == BlockKind::kMixed;
  }
  CHECK(in_place > 90);
}
