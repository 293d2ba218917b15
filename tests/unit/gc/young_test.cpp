// The young space: what moves, what is pinned, what is found again.
#include <catch2/catch.hpp>
#include <memory>

#include "tests/unit/gc/kinds.h"

using namespace pystm;
using namespace pystm::gc;
using namespace pystm::gc::test;

namespace {
// Returns the complement of its address, which no scan takes for a reference.
PYSTM_NOINLINE Word store_new_pair(Mutator& m, Root& root) {
  root.value = Value(new_pair(m));
  return ~root.value.bits();
}
}  // namespace

TEST_CASE("an object only in a slot moves and the slot follows") {
  Thread t;
  auto root_owner = std::make_unique<Root>();  // not on the stack, which would pin
  Root& root = *root_owner;
  Word before;
  deep([&] {
    before = store_new_pair(t.m, root);
    make_list(t.m, 10);  // the last newborn is pinned by stale copies of the bump cursor
  });
  scrub_stack();
  collect(t.m, Kind::kYoung);
  CHECK(~root.value.bits() != before);
  CHECK(root.value.object()->has_flag(kOld));
  CHECK(root.value.object()->shape_id == kinds().pair);
}

TEST_CASE("an object on the native stack stays where it is") {
  Thread t;
  Pair* p = new_pair(t.m, Value::of_int(7));
  Pair* volatile copy = p;
  collect(t.m, Kind::kYoung);
  CHECK(copy == p);
  CHECK(slots(p)[0].as_int() == 7);
  CHECK(space.marked(p));
}

TEST_CASE("an interior pointer pins") {
  Thread t;
  Word hidden;
  char* volatile interior;
  deep([&] {
    Pair* p = new_pair(t.m, Value::of_int(11), Value::of_int(12));
    interior = reinterpret_cast<char*>(p) + 24;
    hidden = ~reinterpret_cast<Word>(p);
  });
  scrub_stack();
  collect(t.m, Kind::kYoung);
  CHECK(space.marked(reinterpret_cast<Pair*>(~hidden)));
  CHECK(Value(*reinterpret_cast<Word*>(interior)).as_int() == 12);
}

TEST_CASE("a one-past-the-end pointer keeps a survivor in place, but not alive") {
  Thread t;
  const bool rooted = GENERATE(true, false);
  auto root = std::make_unique<Root>();
  Word hidden;
  char* volatile past;
  deep([&] {
    Pair* p = new_pair(t.m, Value::of_int(11), Value::of_int(12));
    make_list(t.m, 10);
    past = reinterpret_cast<char*>(p) + sizeof(Pair);
    hidden = ~reinterpret_cast<Word>(p);
    if (rooted) root->value = Value(p);
  });
  scrub_stack();
  collect(t.m, Kind::kYoung);
  CHECK(space.marked(reinterpret_cast<Pair*>(~hidden)) == rooted);
  if (rooted) CHECK(root->value.bits() == ~hidden);
  CHECK(past != nullptr);
}

// Calls f(m, kind) with ~hidden in r12 only, and returns what r12 holds then.
asm(R"(
  .text
  .type call_with_r12, @function
call_with_r12:
  push %rbp
  mov %rsp, %rbp
  push %r12
  sub $8, %rsp
  mov %rcx, %r12
  not %r12
  xor %ecx, %ecx
  mov %rdi, %rax
  mov %rsi, %rdi
  mov %edx, %esi
  call *%rax
  mov %r12, %rax
  add $8, %rsp
  pop %r12
  pop %rbp
  ret
)");
extern "C" Pair* call_with_r12(void (*f)(Mutator&, Kind), Mutator* m, Kind kind, Word hidden);

namespace {
PYSTM_NOINLINE Word hidden_pair(Mutator& m) {
  return ~reinterpret_cast<Word>(new_pair(m, Value::of_int(5)));
}
}  // namespace

TEST_CASE("a reference that is only in a callee-saved register pins") {
  Thread t;
  const Word hidden = hidden_pair(t.m);
  scrub_stack();
  Pair* found = call_with_r12(&collect, &t.m, Kind::kYoung, hidden);
  CHECK(reinterpret_cast<Word>(found) == ~hidden);
  CHECK(space.marked(found));
  CHECK(slots(found)[0].as_int() == 5);
}

TEST_CASE("lists survive with their order and contents") {
  const bool move = GENERATE(true, false);
  Options o;
  o.move = move;
  o.young_bytes = 256 << 10;
  Thread t(o);
  Root list(Value(make_list(t.m, 30000)));
  for (int round = 0; round < 3; ++round) {
    Root garbage(Value(make_list(t.m, 10000)));
    collect(t.m, round == 1 ? Kind::kFull : Kind::kYoung);
    CHECK(sum_list(list.value.as<Pair>()) == 30000L * 29999 / 2);
  }
  CHECK(stats().young_collections > 3);
}

TEST_CASE("old objects that point at young ones are remembered") {
  Thread t;
  Root holder(Value(new_pair(t.m)));
  collect(t.m, Kind::kYoung);
  auto* old = holder.value.as<Pair>();
  for (int round = 1; round < 4; ++round) {
    set(t.m, old, 1, Value(new_box(t.m, Value(), static_cast<Word>(round))));
    CHECK_FALSE(old->has_flag(kOldClean));
    scrub_stack();
    collect(t.m, Kind::kYoung);
    CHECK(old->has_flag(kOldClean));
    CHECK(slots(old)[1].as<Box>()->number == static_cast<Word>(round));
  }
}

TEST_CASE("objects between 2 and 8 KiB get slots of their own and survive") {
  Thread t;
  Root keep(Value(new_array(t.m, 200)));
  for (Word n = 200; n < 1020; n += 20) {
    Array* a = new_array(t.m, n);
    set_item(t.m, a, n - 1, Value(new_box(t.m, keep.value, n)));
    keep.value = Value(a);
  }
  scrub_stack();
  collect(t.m, Kind::kYoung);
  collect(t.m, Kind::kFull);
  Word n = 1000;
  for (Array* a = keep.value.as<Array>(); a->length > 200; n -= 20) {
    CHECK(a->length == n);
    Box* b = items(a)[n - 1].as<Box>();
    CHECK(b->number == n);
    a = b->item.as<Array>();
  }
}

TEST_CASE("stamps of survivors become version 0 without an open transaction") {
  Thread t;
  Root root(Value(new_pair(t.m)));
  root.value.as<Pair>()->vlock.store(Word{1} << 63 | 77);  // NOBARRIER: test
  scrub_stack();
  collect(t.m, Kind::kYoung);
  CHECK(root.value.as<Pair>()->vlock.load() == 0);  // NOBARRIER: test
}

TEST_CASE("pins do not starve a small nursery") {
  Options o;
  o.young_bytes = 128 << 10;
  Thread t(o);
  constexpr int kStale = 2048;
  Value volatile* const stale = static_cast<Value*>(alloca(kStale * sizeof(Value)));
  for (int i = 0; i < kStale; ++i) const_cast<Value*>(stale)[i] = Value();
  Root list(Value(make_list(t.m, 1000)));
  for (int i = 0; i < 200000; ++i) {
    Pair* p = new_pair(t.m);
    if (i % 7 == 0) const_cast<Value*>(stale)[i / 7 % kStale] = Value(p);
  }
  CHECK(sum_list(list.value.as<Pair>()) == 1000L * 999 / 2);
  CHECK(heap_bytes() < (size_t{40} << 20));
}
