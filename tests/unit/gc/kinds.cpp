#include "tests/unit/gc/kinds.h"

#include "base/futex.h"
#include "base/memory.h"
#include "base/rng.h"

namespace pystm::gc::test {

int released_count = 0;

static size_t slow_size(const Object* o) {
  static thread_local base::Rng rng(1);
  for (Word n = rng.below(64); n > 0; --n) base::cpu_relax();
  return sizeof(Array) + static_cast<const Array*>(o)->length * 8;
}

const Kinds& kinds() {
  static TypeInfo pair = fixed_info<Pair>("pair"), box = fixed_info<Box>("box"),
                  array = array_info<Array>("array", offsetof(Array, length), 3, true),
                  bytes = array_info<Array>("bytes", offsetof(Array, length), 3, false),
                  weak = fixed_info<Weak>("weak"), final = fixed_info<Pair>("final"),
                  released = fixed_info<Pair>("released"),
                  slow = array_info<Array>("slow", offsetof(Array, length), 3, false);
  static const Kinds k = [] {
    weak.is_weakref = true;
    final.may_finalize = true;
    final.nothing_to_finalize = [](Object* o) {
      return slots(static_cast<Pair*>(o))[1] == Value::of_int(kNothingToFinalize);
    };
    released.release = [](Object*) { ++released_count; };
    slow.size = &slow_size;
    return Kinds{register_type(&pair),     register_type(&box),  register_type(&array),
                 register_type(&bytes),    register_type(&weak), register_type(&final),
                 register_type(&released), register_type(&slow)};
  }();
  return k;
}

namespace {
template <class T>
T* init(void* p, ShapeId shape) {
  auto* o = static_cast<T*>(p);
  o->shape_id = shape;  // NOBARRIER: newborn
  o->flags.store(0);
  return o;
}
}  // namespace

Pair* new_kind(Mutator& m, ShapeId shape) {
  auto* p = init<Pair>(allocate(m, sizeof(Pair)), shape);
  p->vlock.store(0);  // NOBARRIER: newborn
  slots(p)[0] = slots(p)[1] = Value();
  return p;
}

Pair* new_pair(Mutator& m, Value a, Value b) {
  auto* p = init<Pair>(allocate(m, sizeof(Pair)), kinds().pair);
  p->vlock.store(0);  // NOBARRIER: newborn
  slots(p)[0] = a;
  slots(p)[1] = b;
  return p;
}

Box* new_box(Mutator& m, Value item, Word number) {
  auto* b = init<Box>(allocate(m, sizeof(Box)), kinds().box);
  b->item = item;
  b->number = number;
  return b;
}

namespace {
Array* fill(void* p, ShapeId shape, Word length) {
  if (p == nullptr) return nullptr;
  auto* a = init<Array>(p, shape);
  a->length = length;
  for (Word i = 0; i < length; ++i) items(a)[i] = Value();
  return a;
}
}  // namespace

Array* new_array(Mutator& m, Word length) {
  return fill(try_allocate(m, sizeof(Array) + length * 8), kinds().array, length);
}
Array* new_bytes(Mutator& m, Word length) {
  return fill(try_allocate(m, sizeof(Array) + length * 8), kinds().bytes, length);
}
Array* new_slow(Mutator& m, Word length) {
  return fill(try_allocate(m, sizeof(Array) + length * 8), kinds().slow, length);
}

Weak* new_weak(Mutator& m, Value target) {
  auto* w = init<Weak>(allocate(m, sizeof(Weak)), kinds().weak);
  w->vlock.store(0);  // NOBARRIER: newborn
  reinterpret_cast<Value*>(w)[2] = target;
  reinterpret_cast<Value*>(w)[3] = Value();
  visit_new_weakref(m, w);
  return w;
}

void set(Mutator& m, Pair* p, int i, Value v) {
  slots(p)[i] = v;
  store_barrier(m, p, &slots(p)[i]);
}
void set_item(Mutator& m, Array* a, Word i, Value v) {
  items(a)[i] = v;
  store_barrier(m, a, &items(a)[i]);
}

Pair* make_list(Mutator& m, int n) {
  Pair* head = nullptr;
  for (int i = n; i-- > 0;) {
    Box* b = new_box(m, Value(), static_cast<Word>(i));
    head = new_pair(m, Value(b), Value(head));
  }
  return head;
}
long sum_list(Pair* p) {
  long sum = 0;
  for (; p != nullptr; p = slots(p)[1].as<Pair>())
    sum += static_cast<long>(slots(p)[0].as<Box>()->number);
  return sum;
}

PYSTM_NOINLINE void scrub_stack() {
  volatile char room[65536];
  for (size_t i = 0; i < sizeof room; ++i) room[i] = 0;
}

Thread::Thread(const Options& o) {
  kinds();
  initialize(o);
  attach(m, base::native_stack_base());
}
Thread::~Thread() {
  collect(m, Kind::kFull);
  detach(m);
}

}  // namespace pystm::gc::test
