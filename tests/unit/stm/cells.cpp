#include "tests/unit/stm/cells.h"

#include <thread>

namespace pystm::stm::test {

const Kinds& kinds() {
  static gc::TypeInfo cell = gc::fixed_info<Cell>("cell"),
                      store = gc::array_info<Store>("store", offsetof(Store, length), 3, true),
                      chunk = gc::fixed_info<Chunk>("chunk"), lock = gc::fixed_info<Lock>("lock"),
                      final = gc::fixed_info<Cell>("final");
  static const Kinds k = [] {
    final.may_finalize = true;
    return Kinds{gc::register_type(&cell), gc::register_type(&store), gc::register_type(&chunk),
                 gc::register_type(&lock), gc::register_type(&final)};
  }();
  return k;
}

namespace {
template <class T>
T* make(Tx& tx, ShapeId shape, size_t extra = 0) {
  auto* o = static_cast<T*>(gc::allocate(tx, sizeof(T) + extra));
  o->shape_id = shape;  // NOBARRIER: newborn
  o->flags.store(0, std::memory_order_relaxed);
  return o;
}
}  // namespace

Cell* new_cell(Tx& tx, Word number, Value next) {
  Cell* c = make<Cell>(tx, kinds().cell);
  init_state(tx, c) = {number, next, nullptr};
  return c;
}
Store* new_store(Tx& tx, Word length) {
  Store* s = make<Store>(tx, kinds().store, length * 8);
  s->birth = tx.me;
  s->length = length;
  for (Word i = 0; i < length; ++i) items(s)[i] = Value();
  return s;
}
Chunk* new_chunk(Tx& tx) {
  Chunk* c = make<Chunk>(tx, kinds().chunk);
  c->version = tx.me;
  c->number = 0;
  return c;
}
Lock* new_lock(Tx& tx) {
  Lock* l = make<Lock>(tx, kinds().lock);
  init_state(tx, l) = {0, 0};
  return l;
}

Machine::Machine(const Options& o, const gc::Options& g) {
  kinds();
  gc::initialize(g);
  initialize(o);
  attached = std::make_unique<Attached>();
}
Machine::~Machine() {
  attached.reset();
  initialize(Options{});
  gc::initialize({});
}

void Machine::run(std::vector<std::function<void(Tx&)>> bodies) {
  std::vector<std::thread> threads;
  run_outside(tx(), "test", [&] {
    for (auto& body : bodies) {
      threads.emplace_back([&body] {
        Attached a;
        body(a.tx);
      });
    }
    for (auto& t : threads) t.join();
  });
}

Options two_threads() {
  Options o;
  o.chaos = Word{1} << 60;  // parallel for ever, and never due
  return o;
}

}  // namespace pystm::stm::test
