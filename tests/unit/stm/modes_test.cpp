// Solo and parallel mode, slots, --stm off, chaos, collections under open transactions.
#include <catch2/catch.hpp>
#include <thread>

#include "tests/unit/stm/cells.h"

using namespace pystm;
using namespace pystm::stm;
using namespace pystm::stm::test;

namespace {

// Moves units between cells; the sum stays. Polls as an interpreter would.
void move_units(Tx& tx, gc::Root& table, int rounds, Word seed) {
  base::Rng rng(seed);
  for (int i = 0; i < rounds; ++i) {
    atomically(tx, [&] {
      auto* s = table.value.as<Store>();
      auto* a = items(s)[rng.below(s->length)].as<Cell>();
      auto* b = items(s)[rng.below(s->length)].as<Cell>();
      set_number(tx, a, number_of(tx, a) - 1);
      poll(tx);
      set_number(tx, b, number_of(tx, b) + 1);
      Write<Cell>(tx, b).set(&Cell::State::next, Value(new_cell(tx, 1)));
    });
  }
}

Word sum(Tx& tx, gc::Root& table) {
  Word total = 0;
  auto* s = table.value.as<Store>();
  for (Word i = 0; i < s->length; ++i) total += number_of(tx, items(s)[i].as<Cell>());
  return total;
}

void bank(const Options& o, const gc::Options& g, int threads, int rounds) {
  Machine m(o, g);
  gc::Root table{Value(new_store(m.tx(), 16))};
  for (Word i = 0; i < 16; ++i) {
    Value c(new_cell(m.tx(), 100));
    auto* s = table.value.as<Store>();
    write_slot(m.tx(), s, s->birth, &items(s)[i], c);
  }
  std::vector<std::function<void(Tx&)>> bodies;
  for (int t = 0; t < threads; ++t)
    bodies.push_back([&, t](Tx& tx) { move_units(tx, table, rounds, static_cast<Word>(t) + 1); });
  m.run(bodies);
  CHECK(sum(m.tx(), table) == 1600);
}

}  // namespace

TEST_CASE("the second thread brings parallel mode, its end solo mode again") {
  Machine m;
  CHECK_FALSE(parallel_mode());
  std::vector<bool> hooks;
  set_mode_hook([&](bool parallel) { hooks.push_back(parallel); });
  std::atomic<int> inside{0};
  std::atomic<bool> together{false};
  auto body = [&](Tx& tx) {
    ++inside;
    const Word until = base::now_ns() + 3000000000;
    while (inside.load() < 2 && base::now_ns() < until) {
      if (poll(tx) == PollResult::kBoundary) {
        commit(tx);
        begin(tx);
      }
    }
    if (inside.load() == 2) together = true;
    while (parallel_mode() == false && base::now_ns() < until) {
      if (poll(tx) == PollResult::kBoundary) {
        commit(tx);
        begin(tx);
      }
    }
  };
  m.run({body, body});
  CHECK(together);
  const Word until = base::now_ns() + 3000000000;
  while (parallel_mode() && base::now_ns() < until) {
    if (poll(m.tx()) == PollResult::kBoundary) {
      commit(m.tx());
      begin(m.tx());
    }
  }
  CHECK_FALSE(parallel_mode());
  set_mode_hook(nullptr);
  REQUIRE(hooks.size() >= 2);
  CHECK(hooks.front());
  CHECK_FALSE(hooks.back());
}

TEST_CASE("a bank balances in every mode") {
  Options o;
  gc::Options g;
  SECTION("plain") {}
  SECTION("solo flips") { o.solo_flip_ms = 1; }
  SECTION("chaos") { o.chaos = 20; }
  SECTION("chaos and flips and a stressed heap") {
    o.chaos = 50;
    o.solo_flip_ms = 1;
    g.stress = 50;
  }
  SECTION("one slot") { o.threads = 1; }
  SECTION("off") { o.enabled = false; }
  SECTION("pinned heap") {
    g.move = false;
    g.young_bytes = 128 << 10;
  }
  bank(o, g, 4, 3000);
}

TEST_CASE("more threads than slots all get on") {
  Options o = two_threads();
  o.threads = 2;
  bank(o, {}, 8, 500);
}

// Nothing but conflicts: sooner or later the threads run in turn, and parallel again at their end.
TEST_CASE("threads that only wait for each other try solo mode") {
  Options o;
  o.threads = 2;
  Machine m(o);
  gc::Root cell{Value(new_cell(m.tx(), 0))};
  std::atomic<bool> tried{false};
  std::atomic<Word> rounds{0};
  auto body = [&](Tx& tx) {
    const Word until = base::now_ns() + 10000000000;
    while (!tried.load() && base::now_ns() < until) {
      for (int i = 0; i < 100; ++i) {
        atomically(tx, [&] {
          auto* c = cell.value.as<Cell>();
          set_number(tx, c, number_of(tx, c) + 1);
          --tx.budget;
          poll(tx);
        });
      }
      rounds += 100;
      if (in_turn.load()) tried = true;
    }
  };
  m.run({body, body});
  CHECK(tried);
  CHECK(number_of(m.tx(), cell.value.as<Cell>()) == rounds.load());
  CHECK_FALSE(in_turn.load());
}

TEST_CASE("a collection inside an open transaction keeps what undo needs") {
  gc::Options g;
  g.stress = 1u << 30;  // poison, on demand only
  Machine m(two_threads(), g);
  Tx& tx = m.tx();
  gc::Root root{Value(new_cell(tx, 1, Value(new_cell(tx, 2))))};
  commit(tx);
  begin(tx);
  for (bool commits : {false, true}) {
    bool aborted = false;
    try {
      auto* c = root.value.as<Cell>();
      set_number(tx, c, 10);
      Write<Cell>(tx, c).set(&Cell::State::next, Value());
      CHECK(is_mine(tx, c));
      c = nullptr;
      gc::collect(tx, gc::Kind::kFull);
      CHECK(is_mine(tx, root.value.as<Cell>()));  // its stamp was kept
      Write<Cell>(tx, root.value.as<Cell>()).set(&Cell::State::next, Value(new_cell(tx, 3)));
      gc::collect(tx, gc::Kind::kYoung);
      CHECK(number_of(tx, Read<Cell>(tx, root.value.as<Cell>())->next.as<Cell>()) == 3);
      if (!commits) stm::abort(tx, AbortReason::kRetry);
      commit(tx);
    } catch (const Abort&) {
      aborted = true;
    }
    CHECK(aborted != commits);
    tx.priv->aborts = 0;
    begin(tx);
    const Word inner = commits ? 3 : 2;
    CHECK(number_of(tx, root.value.as<Cell>()) == (commits ? 10 : 1));
    CHECK(number_of(tx, Read<Cell>(tx, root.value.as<Cell>())->next.as<Cell>()) == inner);
  }
}

TEST_CASE("read entries follow moved objects, two-word entries too") {
  gc::Options g;
  g.stress = 1u << 30;
  Machine m(two_threads(), g);
  Tx& tx = m.tx();
  auto cell = std::make_unique<gc::Root>(), chunk = std::make_unique<gc::Root>();
  cell->value = Value(new_cell(tx, 1));
  chunk->value = Value(new_chunk(tx));
  for (int i = 0; i < 10; ++i) new_cell(tx, 0);
  commit(tx);
  begin(tx);
  number_of(tx, cell->value.as<Cell>());
  Chunk* k = chunk->value.as<Chunk>();
  while (!read_check_at(tx, k, version_of(k))) {
  }
  k = nullptr;
  gc::collect(tx, gc::Kind::kYoung);
  CHECK(tx.priv->log_base[0] == cell->value.bits());
  CHECK(tx.priv->log_base[1] == (chunk->value.bits() | 1));
  CHECK(tx.priv->log_base[2] == 8);
  CHECK(validate(tx));
}

TEST_CASE("statistics count, conflicts name both sides") {
  reset_stats();
  set_locator([](Tx& tx) {
    SourcePosition p;
    p.file = "t.py";
    p.line = static_cast<int>(tx.priv->tid) + 1;
    return p;
  });
  open_log("/tmp/pystm-unit-stm.log");
  bank(two_threads(), {}, 3, 2000);
  const Stats s = stats();
  CHECK(s.committed > 6000);
  Word by_reason = 0;
  for (Word n : s.aborts_by_reason) by_reason += n;
  CHECK(by_reason == s.aborted);
  for (const Conflict& c : conflicts()) CHECK(c.victim.file == "t.py");
  set_locator(nullptr);
  open_log("/dev/null");
}

TEST_CASE("a wait below a native frame does not hold up the thread it waits for") {
  const bool parallel = GENERATE(false, true);
  Machine m(parallel ? two_threads() : Options{});
  Tx& tx = m.tx();
  gc::Root root{Value(new_cell(tx, 1))};
  tx.no_boundary = 1;  // as in a module body that an import runs
  std::atomic<bool> mode_seen{false};
  std::thread child;
  std::atomic<bool> started{false};
  child = std::thread([&] {
    Attached a;
    started = true;
    atomically(a.tx, [&] { set_number(a.tx, root.value.as<Cell>(), 2); });
    mode_seen = a.tx.parallel();
  });
  run_outside(tx, "join", [&] { child.join(); });
  CHECK(number_of(tx, root.value.as<Cell>()) == 2);
  CHECK(mode_seen == parallel);  // solo code stands on our stack: no parallel mode yet
  CHECK(tx.parallel() == parallel);
  CHECK(is_inevitable(tx));
  tx.no_boundary = 0;
  commit(tx);
  begin(tx);
  CHECK(is_inevitable(tx) != parallel);
}
