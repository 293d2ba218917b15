// The old space, full collections, large objects and cards.
#include <catch2/catch.hpp>

#include "gc/old_space.h"
#include "tests/unit/gc/kinds.h"

using namespace pystm;
using namespace pystm::gc;
using namespace pystm::gc::test;

TEST_CASE("size classes cover every size with at most a quarter waste") {
  for (size_t bytes = 1; bytes <= kMaxCell; ++bytes) {
    const unsigned c = class_of(bytes);
    REQUIRE(c < kSizeClasses);
    REQUIRE(kClassBytes[c] >= bytes);
    if (c > 0) REQUIRE(kClassBytes[c - 1] < bytes);
  }
  for (unsigned c = 0; c < kSizeClasses; ++c) {
    for (Word off = 0; off < kBlockBytes; ++off)
      REQUIRE(off / kClassBytes[c] == off * kClassReciprocal[c] >> 32);
  }
}

TEST_CASE("a full collection frees what became unreachable") {
  Thread t;
  const size_t before = heap_bytes();
  deep([&] {
    Root list(Value(make_list(t.m, 200000)));
    collect(t.m, Kind::kFull);
    CHECK(heap_bytes() > before + (8u << 20));
  });
  scrub_stack();
  collect(t.m, Kind::kFull);
  CHECK(heap_bytes() < before + (6u << 20));
  Root again(Value(make_list(t.m, 1000)));
  CHECK(sum_list(again.value.as<Pair>()) == 1000L * 999 / 2);
}

TEST_CASE("free cells among live ones are reused") {
  Thread t;
  Root table(Value(new_array(t.m, 20000)));
  for (Word i = 0; i < 20000; ++i)
    set_item(t.m, table.value.as<Array>(), i, Value(new_box(t.m, Value(), i)));
  collect(t.m, Kind::kFull);
  for (Word i = 0; i < 20000; ++i) {
    if (i % 3 != 0) set_item(t.m, table.value.as<Array>(), i, Value());
  }
  scrub_stack();
  collect(t.m, Kind::kFull);
  const size_t before = heap_bytes();
  Root list(Value(make_list(t.m, 4000)));
  collect(t.m, Kind::kYoung);
  CHECK(heap_bytes() <= before + (3u << 19));
  for (Word i = 0; i < 20000; i += 3)
    REQUIRE(items(table.value.as<Array>())[i].as<Box>()->number == i);
  CHECK(sum_list(list.value.as<Pair>()) == 4000L * 3999 / 2);
}

TEST_CASE("large objects never move, are zeroed, and remember by cards") {
  Thread t;
  Root big(Value(new_array(t.m, 100000)));
  auto* a = big.value.as<Array>();
  for (Word i : {Word{0}, Word{99999}}) CHECK(items(a)[i].is_unset());
  set_item(t.m, a, 5, Value(new_box(t.m, Value(), 5)));
  scrub_stack();
  collect(t.m, Kind::kYoung);
  CHECK(big.value.as<Array>() == a);
  CHECK(a->has_flag(kOldClean));
  CHECK(items(a)[5].as<Box>()->number == 5);
  for (Word i = 0; i < 100000; i += 777) set_item(t.m, a, i, Value(new_box(t.m, Value(), i)));
  scrub_stack();
  collect(t.m, Kind::kYoung);
  collect(t.m, Kind::kYoung);
  collect(t.m, Kind::kFull);
  for (Word i = 0; i < 100000; i += 777) REQUIRE(items(a)[i].as<Box>()->number == i);
  // More stores than are remembered by slot: the rest by card.
  for (Word i = 0; i < 100000; ++i) set_item(t.m, a, i, Value(new_box(t.m, Value(), i + 1)));
  scrub_stack();
  collect(t.m, Kind::kYoung);
  collect(t.m, Kind::kFull);
  for (Word i = 0; i < 100000; ++i) REQUIRE(items(a)[i].as<Box>()->number == i + 1);
}

TEST_CASE("large objects are young at first, and free what nobody has reached at once") {
  Thread t;
  constexpr Word kLength = 100000;  // 800 kB
  collect(t.m, Kind::kFull);
  const size_t before = heap_bytes();
  Root chain(Value(new_array(t.m, kLength))), weak_dead{Value()}, weak_live{Value()};
  deep([&] {
    // A large array that only another one has, with a young object in it, and five dead ones.
    auto* inner = new_array(t.m, kLength);
    set_item(t.m, inner, kLength - 1, Value(new_box(t.m, Value(), 7)));
    CHECK_FALSE(inner->has_flag(kOld));
    set_item(t.m, chain.value.as<Array>(), 3, Value(inner));
    weak_live.value = Value(new_weak(t.m, Value(inner)));
    for (int k = 0; k < 5; ++k)
      weak_dead.value = Value(new_weak(t.m, Value(new_bytes(t.m, kLength))));
  });
  auto* const outer = chain.value.as<Array>();
  auto* const inner = items(outer)[3].as<Array>();
  const Word id = identity(t.m, outer);
  CHECK(heap_bytes() > before + 7 * 800000);
  scrub_stack();
  collect(t.m, Kind::kYoung);
  CHECK(heap_bytes() < before + 3 * 800000 + (1u << 20));
  CHECK(chain.value.as<Array>() == outer);
  CHECK(items(outer)[3].as<Array>() == inner);
  CHECK((outer->has_flag(kOldClean) && inner->has_flag(kOldClean)));
  CHECK(items(inner)[kLength - 1].as<Box>()->number == 7);
  CHECK(identity(t.m, outer) == id);
  CHECK(weak_dead.value.as<Weak>()->has_flag(kOld));
  CHECK(slots(reinterpret_cast<Pair*>(weak_dead.value.as<Weak>()))[0].is_unset());
  CHECK(slots(reinterpret_cast<Pair*>(weak_live.value.as<Weak>()))[0] == Value(inner));
  // Old by now: what is stored there is remembered, and only a full collection frees them.
  set_item(t.m, inner, 5, Value(new_box(t.m, Value(), 8)));
  scrub_stack();
  collect(t.m, Kind::kYoung);
  CHECK(items(inner)[5].as<Box>()->number == 8);
  chain.value = Value();
  scrub_stack();
  collect(t.m, Kind::kFull);
  CHECK(heap_bytes() < before + (2u << 20));
}

TEST_CASE("a pointer into a large young object keeps it") {
  Thread t;
  auto* a = new_array(t.m, 50000);
  volatile Word inside = reinterpret_cast<Word>(items(a) + 40000);
  const Word at = reinterpret_cast<Word>(a);
  set_item(t.m, a, 49999, Value(new_box(t.m, Value(), 9)));
  a = nullptr;
  collect(t.m, Kind::kYoung);
  REQUIRE(inside > at);
  auto* again = reinterpret_cast<Array*>(inside - 40000 * 8 - sizeof(Array));
  CHECK(again->has_flag(kOldClean));
  CHECK(items(again)[49999].as<Box>()->number == 9);
}

TEST_CASE("spans of dead large objects coalesce and come back zeroed") {
  Thread t;
  collect(t.m, Kind::kFull);
  const size_t before = heap_bytes();
  for (int round = 0; round < 20; ++round) {
    Array* a = new_bytes(t.m, 50000 + 10000 * static_cast<Word>(round));
    for (Word i = 0; i < a->length; i += 100) {
      REQUIRE(items(a)[i].bits() == 0);
      items(a)[i] = Value(Word{0x1234567812345678});
    }
    a = nullptr;
    scrub_stack();
    collect(t.m, Kind::kFull);
  }
  CHECK(heap_bytes() <= before + (5u << 20));
}

TEST_CASE("allocate_old never moves and is born remembered") {
  Thread t;
  auto* p = static_cast<Pair*>(allocate_old(t.m, sizeof(Pair)));
  p->shape_id = kinds().pair;  // NOBARRIER: newborn
  p->flags.store(0);
  p->vlock.store(0);  // NOBARRIER: newborn
  Root root{Value(p)};
  slots(p)[0] = Value(new_box(t.m, Value(), 3));
  slots(p)[1] = Value();
  scrub_stack();
  collect(t.m, Kind::kYoung);
  CHECK(root.value.as<Pair>() == p);
  CHECK(slots(p)[0].as<Box>()->number == 3);
  CHECK(slots(p)[0].object()->has_flag(kOld));
}

TEST_CASE("an ambiguous word keeps an old object through a full collection") {
  Thread t;
  Pair* p = new_pair(t.m, Value(new_box(t.m, Value(), 9)));
  collect(t.m, Kind::kFull);
  collect(t.m, Kind::kFull);
  CHECK(slots(p)[0].as<Box>()->number == 9);
}

TEST_CASE("each_object visits exactly the live ones") {
  Thread t;
  Root list(Value(make_list(t.m, 500)));
  scrub_stack();
  int boxes = 0;
  each_object(t.m, [&](Object* o) { boxes += o->shape_id == kinds().box; });
  CHECK(boxes >= 500);
  CHECK(boxes < 520);
}

TEST_CASE("the heap limit turns into null or a pending MemoryError") {
  Options o;
  o.heap_max = 24u << 20;
  Thread t(o);
  scrub_stack();
  collect(t.m, Kind::kFull);
  CHECK(new_bytes(t.m, 100u << 20) == nullptr);
  CHECK_FALSE(take_memory_error(t.m));
  deep([&] {
    Root list;
    int n = 0;
    while (!take_memory_error(t.m) && n < 100000000) {
      list.value = Value(new_pair(t.m, Value(), list.value));
      ++n;
    }
    CHECK(n > 100000);
    CHECK(n < 2000000);
  });
  scrub_stack();
  collect(t.m, Kind::kFull);
  CHECK(new_bytes(t.m, 1 << 18) != nullptr);
  options().heap_max = 0;
}
