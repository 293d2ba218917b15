// Objects and threads for the transactions' tests.
#pragma once

#include <functional>
#include <memory>

#include "base/memory.h"
#include "gc/layout.h"
#include "stm/private.h"

namespace pystm::stm::test {

#define CELL_STATE(F) F(Word, number, "") F(Value, next, "") F(Ref<Object>, other, "")
PYSTM_MUTABLE(Cell, NO_FIELDS, CELL_STATE);

// Storage guarded by a Cell's vlock: birth stamp, then Values.
#define STORE_FIELDS(F) F(Word, birth, "") F(Word, length, "")
PYSTM_IMMUTABLE(Store, STORE_FIELDS);
inline Value* items(Store* s) { return reinterpret_cast<Value*>(s + 1); }

// A chunk with a version word of its own inside, and one number.
#define CHUNK_FIELDS(F) F(Word, version, "") F(Word, number, "")
PYSTM_IMMUTABLE(Chunk, CHUNK_FIELDS);
inline std::atomic<Word>* version_of(Chunk* c) {
  return reinterpret_cast<std::atomic<Word>*>(&c->version);
}

struct Kinds {
  ShapeId cell, store, chunk, lock, final;
};
const Kinds& kinds();

Cell* new_cell(Tx& tx, Word number, Value next = Value());
Store* new_store(Tx& tx, Word length);
Chunk* new_chunk(Tx& tx);
Lock* new_lock(Tx& tx);

inline Word number_of(Tx& tx, Cell* c) { return Read<Cell>(tx, c)->number; }
inline void set_number(Tx& tx, Cell* c, Word n) {
  Write<Cell> w(tx, c);
  w.set(&Cell::State::number, n);
}

// Runs `f` until a transaction with it commits. Called and left inside a fresh transaction.
template <class F>
void atomically(Tx& tx, F f) {
  for (;;) {
    try {
      f();
      commit(tx);
      break;
    } catch (const Abort&) {
      begin(tx);
    }
  }
  begin(tx);
}

// Attaches the calling thread for its lifetime. The Tx is not on the stack: what it has noted would
// be pinned.
struct Attached {
  std::unique_ptr<Tx> owned = std::make_unique<Tx>();
  Tx& tx = *owned;
  Attached() { attach(tx, base::native_stack_base()); }
  ~Attached() { detach(tx); }
  Attached(const Attached&) = delete;
};

// stm and gc set up with these options; the calling thread attached.
struct Machine {
  explicit Machine(const Options& o = {}, const gc::Options& g = {});
  ~Machine();
  Tx& tx() { return attached->tx; }
  // Runs the functions as threads, each attached, with the caller away.
  void run(std::vector<std::function<void(Tx&)>> threads);
  std::unique_ptr<Attached> attached;
};
Options two_threads();  // parallel mode from the start: solo never

}  // namespace pystm::stm::test
