// Object kinds for the heap's tests, and a thread attached for one test.
#pragma once

#include <cstring>

#include "gc/layout.h"
#include "gc/world.h"
#include "gc/young.h"

namespace pystm::gc::test {

#define PAIR_STATE(F) F(Value, first, "") F(Value, second, "")
PYSTM_MUTABLE(Pair, NO_FIELDS, PAIR_STATE);
#define BOX_FIELDS(F) F(Value, item, "") F(Word, number, "")
PYSTM_IMMUTABLE(Box, BOX_FIELDS);
#define ARRAY_FIELDS(F) F(Word, length, "")
PYSTM_IMMUTABLE(Array, ARRAY_FIELDS);
#define WEAK_STATE(F) F(Value, target, "") F(Value, callback, "")
PYSTM_MUTABLE(Weak, NO_FIELDS, WEAK_STATE);

struct Kinds {
  ShapeId pair, box, array, bytes, weak, final, released, slow;
};
const Kinds& kinds();
extern int released_count;
inline constexpr int kNothingToFinalize = -7;  // as the second slot of a `final`

// State of a Pair without barriers: these tests have no transactions.
inline Value* slots(Pair* p) { return reinterpret_cast<Value*>(p) + 2; }  // NOBARRIER: test

Pair* new_pair(Mutator& m, Value a = Value(), Value b = Value());
Box* new_box(Mutator& m, Value item, Word number);
Array* new_array(Mutator& m, Word length);  // of Values, cleared
Array* new_bytes(Mutator& m, Word length);  // of 8-byte numbers
Array* new_slow(Mutator& m, Word length);   // the same, but its size takes a while to find out
Weak* new_weak(Mutator& m, Value target);
Pair* new_kind(Mutator& m, ShapeId shape);  // laid out as a Pair
inline Value* items(Array* a) { return reinterpret_cast<Value*>(a + 1); }
void set(Mutator& m, Pair* p, int i, Value v);
void set_item(Mutator& m, Array* a, Word i, Value v);

// A list of boxes number 0 .. n-1, and its sum.
Pair* make_list(Mutator& m, int n);
long sum_list(Pair* p);

// Overwrites the native stack below, so that stale words do not pin.
void scrub_stack();

// Runs `f` far down the native stack, where scrub_stack() reaches all it left behind.
template <class F>
PYSTM_NOINLINE void deep(F f) {
  volatile char room[8192];
  room[0] = 1;
  f();
  room[1] = room[0];
}

class Thread {
 public:
  explicit Thread(const Options& o = {});
  ~Thread();
  Mutator m;
};

}  // namespace pystm::gc::test
