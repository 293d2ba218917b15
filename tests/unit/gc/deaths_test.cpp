// Weak references, finalizers, release hooks, identity.
#include <catch2/catch.hpp>
#include <set>

#include "tests/unit/gc/kinds.h"

using namespace pystm;
using namespace pystm::gc;
using namespace pystm::gc::test;

namespace {
Value target(Value weak) { return reinterpret_cast<Value*>(weak.object())[2]; }

PYSTM_NOINLINE void make_weak_pairs(Mutator& m, Root* weak, Root* strong) {
  Pair* p = new_pair(m, Value::of_int(1));
  Pair* q = new_pair(m, Value::of_int(2));
  strong->value = Value(p);
  weak[0].value = Value(new_weak(m, Value(p)));
  weak[1].value = Value(new_weak(m, Value(q)));
}
void drain(Mutator& m) {
  while (!pop_cleared_weakref(m).is_unset() || !pop_finalizable(m).is_unset()) {
  }
}
}  // namespace

TEST_CASE("weak references follow the living and forget the dead") {
  const Kind kind = GENERATE(Kind::kYoung, Kind::kFull);
  Thread t;
  drain(t.m);
  Root weak[2], strong;
  deep([&] {
    make_weak_pairs(t.m, weak, &strong);
    make_list(t.m, 10);
  });
  scrub_stack();
  collect(t.m, kind);
  bool same = false;
  deep([&] { same = target(weak[0].value) == strong.value; });
  CHECK(same);
  CHECK(target(weak[1].value).is_unset());
  CHECK(deaths_pending());
  CHECK(pop_cleared_weakref(t.m) == weak[1].value);
  CHECK(pop_cleared_weakref(t.m).is_unset());
  CHECK_FALSE(deaths_pending());
  strong.value = Value();
  scrub_stack();
  collect(t.m, Kind::kFull);
  CHECK(target(weak[0].value).is_unset());
  CHECK(pop_cleared_weakref(t.m) == weak[0].value);
}

TEST_CASE("a dead weak reference is not reported") {
  Thread t;
  drain(t.m);
  deep([&] {
    Root weak[2], strong;
    make_weak_pairs(t.m, weak, &strong);
    make_list(t.m, 10);
  });
  scrub_stack();
  collect(t.m, Kind::kFull);
  CHECK(pop_cleared_weakref(t.m).is_unset());
}

namespace {
PYSTM_NOINLINE void make_final(Mutator& m) {
  Pair* f = new_kind(m, kinds().final);
  set(m, f, 0, Value(new_box(m, Value(), 42)));
  register_finalizable(m, f);
}
}  // namespace

TEST_CASE("finalizable objects are revived once, with what they reach") {
  Thread t;
  drain(t.m);
  deep([&] {
    make_final(t.m);
    make_list(t.m, 10);
  });
  scrub_stack();
  collect(t.m, Kind::kYoung);
  {
    Root dead(pop_finalizable(t.m));
    REQUIRE(dead.value.is_object());
    CHECK(slots(dead.value.as<Pair>())[0].as<Box>()->number == 42);
    CHECK(dead.value.object()->has_flag(kFinalized));
    collect(t.m, Kind::kFull);
    CHECK(slots(dead.value.as<Pair>())[0].as<Box>()->number == 42);
  }
  scrub_stack();
  collect(t.m, Kind::kFull);
  CHECK(pop_finalizable(t.m).is_unset());
}

namespace {
PYSTM_NOINLINE Pair* make_silent(Mutator& m) {
  Pair* f = new_kind(m, kinds().final);
  set(m, f, 1, Value::of_int(kNothingToFinalize));
  register_finalizable(m, f);
  return f;
}
// A finalizable that holds one with nothing to finalize.
PYSTM_NOINLINE void make_holder(Mutator& m) {
  Pair* f = new_kind(m, kinds().final);
  Pair* silent = make_silent(m);
  set(m, f, 0, Value(silent));
  register_finalizable(m, f);
}
}  // namespace

TEST_CASE("an object with nothing to finalize dies like any other") {
  Thread t;
  drain(t.m);
  Root weak;
  deep([&] {
    weak.value = Value(new_weak(t.m, Value(make_silent(t.m))));
    make_list(t.m, 10);
  });
  scrub_stack();
  collect(t.m, Kind::kYoung);
  CHECK(target(weak.value).is_unset());
  CHECK(pop_finalizable(t.m).is_unset());
  drain(t.m);
}

TEST_CASE("an object with nothing to finalize that another revives is finalized once it needs it") {
  Thread t;
  drain(t.m);
  deep([&] {
    make_holder(t.m);
    make_list(t.m, 10);
  });
  scrub_stack();
  collect(t.m, Kind::kYoung);
  bool found = false;
  deep([&] {
    const Value holder = pop_finalizable(t.m);
    found = holder.is_object() && pop_finalizable(t.m).is_unset();
    if (found) set(t.m, slots(holder.as<Pair>())[0].as<Pair>(), 1, Value());
    make_list(t.m, 10);
  });
  REQUIRE(found);
  scrub_stack();
  collect(t.m, Kind::kFull);
  CHECK(pop_finalizable(t.m).is_object());
  CHECK(pop_finalizable(t.m).is_unset());
}

TEST_CASE("finalizers of an aborted transaction's newborns are dropped") {
  Thread t;
  drain(t.m);
  for (bool committed : {false, true}) {
    defer_finalizables(t.m, true);
    deep([&] {
      make_final(t.m);
      make_list(t.m, 10);
    });
    scrub_stack();
    collect(t.m, Kind::kYoung);
    CHECK(pop_finalizable(t.m).is_unset());  // kept alive until the outcome is known
    settle_finalizables(t.m, committed);
    defer_finalizables(t.m, false);
    collect(t.m, Kind::kFull);
    CHECK(pop_finalizable(t.m).is_object() == committed);
  }
}

TEST_CASE("what an aborted transaction took from the queues is queued again") {
  Thread t;
  drain(t.m);
  Root weak[2], strong;
  deep([&] {
    make_weak_pairs(t.m, weak, &strong);
    make_final(t.m);
    make_list(t.m, 10);
  });
  scrub_stack();
  collect(t.m, Kind::kYoung);
  for (bool committed : {false, true}) {
    defer_finalizables(t.m, true);
    deep([&] {
      CHECK(pop_cleared_weakref(t.m) == weak[1].value);
      CHECK(pop_finalizable(t.m).is_object());
      CHECK_FALSE(deaths_pending());
    });
    scrub_stack();
    collect(t.m, Kind::kFull);  // nobody else holds what was taken
    settle_finalizables(t.m, committed);
    defer_finalizables(t.m, false);
    CHECK(deaths_pending() == !committed);
  }
}

TEST_CASE("release hooks run for the dead, young or old, once") {
  Thread t;
  collect(t.m, Kind::kFull);
  released_count = 0;
  Root keep;
  with_spilled_registers([&](char*) {
    for (int i = 0; i < 10; ++i) {
      Pair* p = new_kind(t.m, kinds().released);
      register_finalizable(t.m, p);
      if (i == 0) keep.value = Value(p);
    }
  });
  scrub_stack();
  collect(t.m, Kind::kYoung);
  CHECK(released_count >= 8);
  keep.value = Value();
  scrub_stack();
  collect(t.m, Kind::kFull);
  CHECK(released_count == 10);
}

TEST_CASE("identity stays while the object lives and is unique") {
  Thread t;
  Root table(Value(new_array(t.m, 100)));
  std::vector<Word> ids;
  for (Word i = 0; i < 100; ++i) {
    Pair* p = new_pair(t.m);
    set_item(t.m, table.value.as<Array>(), i, Value(p));
    ids.push_back(identity(t.m, p));
  }
  scrub_stack();
  collect(t.m, Kind::kYoung);
  for (Word i = 0; i < 100; ++i)
    REQUIRE(identity(t.m, items(table.value.as<Array>())[i].object()) == ids[i]);
  CHECK(std::set<Word>(ids.begin(), ids.end()).size() == 100);
  collect(t.m, Kind::kFull);
  CHECK(identity(t.m, items(table.value.as<Array>())[7].object()) == ids[7]);
}

TEST_CASE("identity hashes are kept over a move and well spread") {
  Thread t;
  Root root(Value(new_pair(t.m)));
  const uint32_t h = identity_hash(root.value.object());
  CHECK(h != 0);
  scrub_stack();
  collect(t.m, Kind::kYoung);
  CHECK(identity_hash(root.value.object()) == h);
  std::set<uint32_t> all;
  for (int i = 0; i < 10000; ++i) all.insert(identity_hash(new_pair(t.m)));
  CHECK(all.size() > 9900);
}
