// One transaction at a time and two against each other: the protocol as its users see it.
#include <algorithm>
#include <catch2/catch.hpp>
#include <tuple>

#include "tests/unit/stm/cells.h"

using namespace pystm;
using namespace pystm::stm;
using namespace pystm::stm::test;

TEST_CASE("solo mode leaves no trace in headers or logs") {
  Machine m;
  Tx& tx = m.tx();
  CHECK_FALSE(parallel_mode());
  CHECK(tx.me == 0);
  Cell* c = new_cell(tx, 1);
  CHECK(c->vlock.load() == 0);  // NOBARRIER: test
  Word* const log = tx.log;
  set_number(tx, c, number_of(tx, c) + 1);
  CHECK(number_of(tx, c) == 2);
  CHECK(tx.log == log);
  commit(tx);
  begin(tx);
  CHECK(number_of(tx, c) == 2);
}

TEST_CASE("an abort restores states, slots, words, shapes and version words") {
  Machine m(two_threads());
  Tx& tx = m.tx();
  REQUIRE(tx.me != 0);
  Cell* c = new_cell(tx, 5, Value::of_int(6));
  Store* s = new_store(tx, 4);
  Chunk* k = new_chunk(tx);
  k->number = 70;
  items(s)[1] = Value(c);
  items(s)[2] = Value(Word{1234});
  commit(tx);
  begin(tx);
  bool aborted = false;
  try {
    set_number(tx, c, 50);
    set_number(tx, c, 51);
    Write<Cell>(tx, c).set(&Cell::State::next, Value(new_cell(tx, 9)));
    write_shape(c, kinds().final);
    write_slot(tx, s, s->birth, &items(s)[1], Value(new_cell(tx, 8)));
    write_slot(tx, s, s->birth, &items(s)[1], Value());
    write_word(tx, s, s->birth, reinterpret_cast<Word*>(&items(s)[2]), 4321);
    acquire_at(tx, k, version_of(k));
    write_word(tx, k, 0, &k->number, 71);
    CHECK(is_mine(tx, c));
    stm::abort(tx, AbortReason::kRetry);
  } catch (const Abort&) {
    aborted = true;
  }
  CHECK(aborted);
  CHECK(last_abort(tx) == AbortReason::kRetry);
  const Word clock_after = the_clock.now.load();
  CHECK(c->vlock.load() == clock_after);  // NOBARRIER: test
  CHECK(k->version == clock_after);
  tx.priv->aborts = 0;
  begin(tx);
  CHECK(c->shape_id == kinds().cell);
  Read<Cell> r(tx, c);
  CHECK(r->number == 5);
  CHECK(r->next == Value::of_int(6));
  CHECK(items(s)[1] == Value(c));
  CHECK(items(s)[2].bits() == 1234);
  CHECK(k->number == 70);
}

TEST_CASE("slots of several holders are restored, whatever they share a record with") {
  gc::Options g;
  g.stress = 1u << 30;  // poison, on demand only
  Machine m(two_threads(), g);
  Tx& tx = m.tx();
  gc::Root a{Value(new_store(tx, 600))}, b{Value(new_store(tx, 600))}, c{Value(new_cell(tx, 7))};
  const auto slot = [](gc::Root& store, int i) { return &items(store.value.as<Store>())[i]; };
  const auto write = [&](gc::Root& store, int i, int v) {
    write_slot(tx, store.value.object(), 0, slot(store, i), Value::of_int(v));
  };
  for (int i = 0; i < 600; ++i) *slot(a, i) = *slot(b, i) = Value::of_int(i);
  commit(tx);
  begin(tx);
  try {
    for (int i = 0; i < 600; ++i) write(a, i, -1);
    for (int i = 0; i < 600; ++i) write(i % 3 == 0 ? b : a, i / 2, -2);  // 256 slots later again
    gc::collect(tx, gc::Kind::kYoung);                                   // both move
    write(b, 0, -3);
    set_number(tx, c.value.as<Cell>(), 8);
    Value moved[300];
    for (int i = 0; i < 300; ++i) moved[i] = Value::of_int(-4);
    write_slots(tx, b.value.object(), 0, slot(b, 100), moved, 300);
    write_slots(tx, b.value.object(), 0, slot(b, 101), slot(b, 100), 400);
    CHECK(*slot(b, 400) == Value::of_int(-4));
    CHECK(*slot(b, 500) == Value::of_int(499));
    stm::abort(tx, AbortReason::kRetry);
  } catch (const Abort&) {
  }
  tx.priv->aborts = 0;
  begin(tx);
  int restored = 0;
  for (int i = 0; i < 600; ++i)
    restored += *slot(a, i) == Value::of_int(i) && *slot(b, i) == Value::of_int(i);
  CHECK(restored == 600);
  CHECK(number_of(tx, c.value.as<Cell>()) == 7);
}

TEST_CASE("an object read again is logged once, in each transaction anew") {
  Machine m(two_threads());
  Tx& tx = m.tx();
  gc::Root a{Value(new_cell(tx, 1))}, b{Value(new_cell(tx, 2))};
  for (int i = 0; i < 2; ++i) {
    commit(tx);
    begin(tx);
    const Word* const empty = tx.log;
    for (int k = 0; k < 5; ++k) {
      number_of(tx, a.value.as<Cell>());
      number_of(tx, b.value.as<Cell>());
    }
    CHECK(tx.log >= empty + 2);  // they may share a note
    CHECK(tx.log <= empty + 10);
    CHECK(std::count(empty, const_cast<const Word*>(tx.log), a.value.bits()) >= 1);
    CHECK(std::count(empty, const_cast<const Word*>(tx.log), b.value.bits()) >= 1);
    const Word* const both = tx.log;
    number_of(tx, b.value.as<Cell>());
    CHECK(tx.log == both);
  }
  gc::collect(tx, gc::Kind::kYoung);  // addresses stand for other objects
  const Word* const before = tx.log;
  number_of(tx, b.value.as<Cell>());
  CHECK(tx.log == before + 1);
}

TEST_CASE("newborns become public by their creator's end") {
  Machine m(two_threads());
  Tx& tx = m.tx();
  Cell* c = new_cell(tx, 1);
  const Word stamp = tx.me;
  CHECK(is_mine(tx, c));
  commit(tx);
  begin(tx);
  CHECK(tx.me == stamp + 1);
  CHECK_FALSE(is_mine(tx, c));
  CHECK(number_of(tx, c) == 1);
  CHECK(c->vlock.load() == 0);  // NOBARRIER: the stale stamp was cleared on sight
}

TEST_CASE("read-only and private transactions do not move the clock") {
  Machine m(two_threads());
  Tx& tx = m.tx();
  Cell* c = new_cell(tx, 1);
  commit(tx);
  begin(tx);
  const Word clock = the_clock.now.load();
  number_of(tx, c);
  new_cell(tx, 2);
  commit(tx);
  begin(tx);
  CHECK(the_clock.now.load() == clock);
  set_number(tx, c, 3);
  commit(tx);
  begin(tx);
  CHECK(the_clock.now.load() == clock + 1);
}

TEST_CASE("counters of several threads add up") {
  const int threads = GENERATE(2, 4);
  Machine m;
  Tx& tx = m.tx();
  Cell* c = new_cell(tx, 0);
  gc::Root root{Value(c)};
  std::vector<std::function<void(Tx&)>> bodies;
  for (int t = 0; t < threads; ++t) {
    bodies.push_back([&root](Tx& own) {
      for (int i = 0; i < 3000; ++i) {
        atomically(own, [&] {
          auto* shared = root.value.as<Cell>();
          set_number(own, shared, number_of(own, shared) + 1);
        });
      }
    });
  }
  m.run(bodies);
  CHECK(number_of(m.tx(), root.value.as<Cell>()) == 3000u * static_cast<unsigned>(threads));
}

TEST_CASE("a transaction that always loses takes the token and commits") {
  Options o = two_threads();
  o.threads = 4;
  Machine m(o);
  Cell* a = new_cell(m.tx(), 0);
  gc::Root root{Value(a)};
  std::atomic<bool> done{false};
  std::atomic<long> written{0};
  uint32_t most = 0;
  auto writer = [&](Tx& tx) {
    while (!done.load()) {
      atomically(tx, [&] {
        set_number(tx, root.value.as<Cell>(), number_of(tx, root.value.as<Cell>()) + 1);
      });
      ++written;
    }
  };
  auto reader = [&](Tx& tx) {
    for (int i = 0; i < 20; ++i) {
      atomically(tx, [&] {
        most = std::max(most, tx.priv->aborts);
        const Word first = number_of(tx, root.value.as<Cell>());
        // Somebody overwrites what was read, unless we hold the token.
        const long seen = written.load();
        const Word until = base::now_ns() + 1000000000;
        while (!is_inevitable(tx) && written.load() < seen + 2 && base::now_ns() < until) poll(tx);
        set_number(tx, root.value.as<Cell>(), first + 1);
      });
    }
    done = true;
  };
  m.run({writer, reader});
  CHECK(most == 3);
  CHECK(stats().inevitable > 0);
}

TEST_CASE("run_outside: the inside part runs in a transaction of its own") {
  Machine m;
  Tx& tx = m.tx();
  Cell* c = new_cell(tx, 1);
  gc::Root root{Value(c)};
  bool was_outside = false;
  tx.restarted = false;
  run_outside(
      tx, "test", [&] { was_outside = true; }, [&] { set_number(tx, root.value.as<Cell>(), 2); });
  CHECK(was_outside);
  CHECK(tx.restarted);
  CHECK(number_of(tx, root.value.as<Cell>()) == 2);
  tx.restarted = false;
  tx.no_boundary = 1;
  run_outside(
      tx, "test", [] {}, [&] { set_number(tx, root.value.as<Cell>(), 3); });
  CHECK_FALSE(tx.restarted);
  tx.no_boundary = 0;
  CHECK(number_of(tx, root.value.as<Cell>()) == 3);
}

TEST_CASE("after a blocking call nothing can abort before the caller has its checkpoint") {
  Machine m(two_threads());
  gc::Root root{Value(new_cell(m.tx(), 0))};
  std::atomic<bool> alone{false};
  auto blocker = [&](Tx& tx) {
    for (int i = 0; i < 200; ++i) {
      run_outside(tx, "test", [] {});
      const bool parallel = tx.me != 0;
      if (!is_inevitable(tx)) alone = true;
      set_number(tx, root.value.as<Cell>(), number_of(tx, root.value.as<Cell>()) + 1);
      if (parallel && !is_inevitable(tx)) alone = true;
      commit(tx);
      begin(tx);
      CHECK_FALSE(tx.restarted);
    }
  };
  m.run({blocker, blocker});
  CHECK_FALSE(alone);
  CHECK(number_of(m.tx(), root.value.as<Cell>()) == 400);
}

TEST_CASE("an inevitable transaction survives every conflict") {
  Machine m(two_threads());
  gc::Root root{Value(new_cell(m.tx(), 0))};
  std::atomic<int> aborted_after{0};
  auto body = [&](Tx& tx) {
    for (int i = 0; i < 300; ++i) {
      atomically(tx, [&] {
        bool inevitable = false;
        try {
          auto* c = root.value.as<Cell>();
          number_of(tx, c);
          if (i % 3 == 0) {
            become_inevitable(tx, "test");
            inevitable = true;
            if (!is_inevitable(tx)) std::abort();
          }
          set_number(tx, c, number_of(tx, c) + 1);
          poll(tx);
        } catch (const Abort&) {
          if (inevitable) ++aborted_after;
          throw;
        }
      });
    }
  };
  m.run({body, body, body});
  CHECK(aborted_after == 0);
  CHECK(number_of(m.tx(), root.value.as<Cell>()) == 900);
}

TEST_CASE("a doom that comes late does not wipe out a newer one") {
  Machine m(two_threads());
  Tx& tx = m.tx();
  const Word before = tx.me;
  commit(tx);
  begin(tx);
  REQUIRE(tx.me > before);
  doom(tx, tx.me);
  doom(tx, before);
  CHECK(is_doomed(tx));
  CHECK_THROWS_AS(check_doomed(tx), Abort);
  begin(tx);
  CHECK_FALSE(is_doomed(tx));
}

TEST_CASE("quasi_write dooms every other transaction in flight") {
  Machine m(two_threads());
  std::atomic<bool> started{false}, changed{false};
  std::atomic<int> quasi{0}, seen_both{0}, aborts{0};
  auto reader = [&](Tx& tx) {
    atomically(tx, [&] {
      if (tx.priv->aborts != 0) ++aborts;
      const int before = quasi.load();
      started = true;
      const Word until = base::now_ns() + 2000000000;
      while (!changed.load() && base::now_ns() < until) poll(tx);
      poll(tx);
      if (before != quasi.load()) ++seen_both;
    });
  };
  auto writer = [&](Tx& tx) {
    while (!started.load()) poll(tx);
    atomically(tx, [&] { quasi_write(tx, [&] { quasi = 1; }); });
    changed = true;
  };
  m.run({reader, writer});
  CHECK(seen_both == 0);
  CHECK(aborts == 1);
}

namespace {

Options small_logs() {
  Options o = two_threads();
  o.threads = 2;
  o.read_log_bytes = o.undo_log_bytes = size_t{2} << 20;
  return o;
}

// Two transactions. The second holds the token before the first begins, and commits `winner` when
// the first waits for the token. `loser` is the first one's; it says `ready()` when the next thing
// it does is to wait.
void meet_at_token(Machine& m, const std::function<void(Tx&, const std::function<void()>&)>& loser,
                   const std::function<void(Tx&)>& winner) {
  std::atomic<bool> holding{false};
  std::atomic<const Segment*> waiter{nullptr};
  m.run({[&](Tx& tx) {
           while (!holding) gc::safepoint(tx);
           loser(tx, [&] { waiter = tx.priv->segment; });
         },
         [&](Tx& tx) {
           become_inevitable(tx, "test");
           holding = true;
           const Segment* other = nullptr;
           while ((other = waiter) == nullptr || other->waits_for.load() != tx.me)
             gc::safepoint(tx);
           winner(tx);
           commit(tx);
           begin(tx);
         }});
}

// Reads `c` until the log has room for `left` more entries.
void fill_read_log(Tx& tx, Cell* c, int left) {
  const Word* end = tx.priv->log_end - 2 - left;
  while (!is_inevitable(tx) && tx.log < end) (void)Read<Cell, true>(tx, c);
}

Word chunk_number(Tx& tx, Chunk* c) {
  for (;;) {
    const Word n = load_racing(&c->number);
    if (read_check_at(tx, c, version_of(c))) return n;
  }
}
void set_chunk_number(Tx& tx, Chunk* c, Word n) {
  acquire_at(tx, c, version_of(c));
  write_word(tx, c, 0, &c->number, n);
}

}  // namespace

TEST_CASE("a read that fills the log is part of what becoming inevitable validates") {
  const int left = GENERATE(0, 1);
  Machine m(small_logs());
  gc::Root filler{Value(new_cell(m.tx(), 0))};
  gc::Root contended{Value(new_cell(m.tx(), 0))};
  bool first = true;
  auto loser = [&](Tx& tx, const std::function<void()>& ready) {
    atomically(tx, [&] {
      if (std::exchange(first, false)) {
        ready();
        fill_read_log(tx, filler.value.as<Cell>(), left);
      }
      auto* cell = contended.value.as<Cell>();
      set_number(tx, cell, number_of(tx, cell) + 1);
    });
  };
  meet_at_token(m, loser, [&](Tx& tx) { set_number(tx, contended.value.as<Cell>(), 1); });
  CHECK(number_of(m.tx(), contended.value.as<Cell>()) == 2);
}

TEST_CASE("an interior read that fills the log is validated as well") {
  const int left = GENERATE(0, 1);
  Machine m(small_logs());
  gc::Root filler{Value(new_cell(m.tx(), 0))};
  gc::Root chunk{Value(new_chunk(m.tx()))};
  bool first = true;
  auto loser = [&](Tx& tx, const std::function<void()>& ready) {
    atomically(tx, [&] {
      if (std::exchange(first, false)) {
        ready();
        fill_read_log(tx, filler.value.as<Cell>(), left);
      }
      auto* c = chunk.value.as<Chunk>();
      set_chunk_number(tx, c, chunk_number(tx, c) + 1);
    });
  };
  meet_at_token(m, loser, [&](Tx& tx) { set_chunk_number(tx, chunk.value.as<Chunk>(), 1); });
  CHECK(chunk_number(m.tx(), chunk.value.as<Chunk>()) == 2);
}

TEST_CASE("becoming inevitable between a load and its check does not hide a newer version") {
  Machine m(small_logs());
  gc::Root contended{Value(new_cell(m.tx(), 0))};
  bool closed = true;
  auto loser = [&](Tx& tx, const std::function<void()>& ready) {
    auto* cell = contended.value.as<Cell>();
    Peek<Cell> pending(cell);
    ready();
    become_inevitable(tx, "test");
    closed = read_check(tx, cell);
    set_number(tx, cell, (closed ? pending->number : number_of(tx, cell)) + 1);
    commit(tx);
    begin(tx);
  };
  meet_at_token(m, loser, [&](Tx& tx) { set_number(tx, contended.value.as<Cell>(), 1); });
  CHECK_FALSE(closed);
  CHECK(number_of(m.tx(), contended.value.as<Cell>()) == 2);
}

TEST_CASE("an acquisition that finds the undo log full and aborts leaves its object alone") {
  Machine m(small_logs());
  gc::Root chain, contended{Value(new_cell(m.tx(), 0))};
  for (int i = 0; i < 30000; ++i) {  // more records than may abort
    chain.value = Value(new_cell(m.tx(), 0, chain.value));
    commit(m.tx());
    begin(m.tx());
    set_number(m.tx(), chain.value.as<Cell>(), 1);  // gives it a version to lose
  }
  int aborts = 0;
  auto loser = [&](Tx& tx, const std::function<void()>& ready) {
    try {
      number_of(tx, contended.value.as<Cell>());
      ready();
      for (Value v = chain.value; !v.is_unset(); v = Read<Cell>(tx, v.as<Cell>())->next)
        set_number(tx, v.as<Cell>(), 2);
      commit(tx);
    } catch (const Abort&) {
      ++aborts;
    }
    begin(tx);
  };
  meet_at_token(m, loser, [&](Tx& tx) { set_number(tx, contended.value.as<Cell>(), 1); });
  CHECK(aborts == 1);
  int without_version = 0;
  for (Value v = chain.value; !v.is_unset(); v = Read<Cell>(m.tx(), v.as<Cell>())->next) {
    const Word version = v.as<Cell>()->vlock.load();  // NOBARRIER: test
    without_version += version == 0 || is_stamp(version);
  }
  CHECK(without_version == 0);
}

TEST_CASE("what an inevitable transaction acquires is released, however much it is") {
  Machine m(small_logs());
  Tx& tx = m.tx();
  gc::Root chain;
  constexpr int kCells = 200000;  // two and a half times what its undo log has room for
  for (int i = 0; i < kCells; ++i) chain.value = Value(new_cell(tx, 0, chain.value));
  commit(tx);
  begin(tx);
  become_inevitable(tx, "test");
  int acquired = 0;
  for (Value v = chain.value; !v.is_unset(); v = Read<Cell>(tx, v.as<Cell>())->next) {
    set_number(tx, v.as<Cell>(), 1);
    acquired += is_mine(tx, v.as<Cell>());
  }
  CHECK(acquired == kCells);
  commit(tx);
  begin(tx);
  int released = 0;
  for (Value v = chain.value; !v.is_unset(); v = Read<Cell>(tx, v.as<Cell>())->next)
    released += v.as<Cell>()->vlock.load() == the_clock.now.load();  // NOBARRIER: test
  CHECK(released == kCells);
}

TEST_CASE("logs that were full are given back, and nothing else") {
  constexpr size_t kBytes = size_t{4} << 20;
  Machine m(two_threads());
  Tx& tx = m.tx();
  Tx::Private& p = *tx.priv;
  // Logs of our own in the middle of a piece of memory that tells what was cleared.
  auto* memory = static_cast<Word*>(base::reserve_memory(3 * kBytes));
  std::fill(memory, memory + 3 * kBytes / 8, Word{7});
  const auto theirs = std::make_tuple(p.log_base, p.log_end, tx.log, tx.log_limit);
  commit(tx);
  p.log_base = memory + kBytes / 8 + 1;
  p.log_end = memory + 2 * kBytes / 8;
  tx.log_limit = p.log_end - 2;
  begin(tx);
  CHECK(memory[kBytes / 8 - 1] == 7);
  CHECK(memory[2 * kBytes / 8 - 512] == 0);
  CHECK(memory[2 * kBytes / 8] == 7);
  commit(tx);
  std::tie(p.log_base, p.log_end, tx.log, tx.log_limit) = theirs;
  begin(tx);
  base::release_memory(memory, 3 * kBytes);
}
