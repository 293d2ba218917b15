// Runs tests/stm/*.sched: every interleaving of protocol steps, up to a number of preemptions.
//
//   stm_schedules [--preemptions=N] [--mutants] FILE...
//
// Threads hand a baton to each other at the protocol's test points. A run is a list of decisions,
// one per point; depth-first search over them visits all runs. With --mutants each file must fail
// under each mutant that it names.
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "tests/stm/schedule.h"
#include "tests/unit/stm/cells.h"

namespace pystm::stm::sched {

namespace {

using test::Cell;

// --- the baton -----------------------------------------------------------------------------------

struct Decision {
  int chosen;
  int current;     // who ran; -1: it has ended, so going on with another is no preemption
  unsigned ready;  // bit per thread
};

struct Baton {
  std::atomic<int> turn{-1};
  std::vector<Decision> path;
  size_t at = 0;
  size_t replay = 0;  // decisions below this are given
  std::atomic<unsigned> alive{0};
  bool active = false;
};
Baton baton;
thread_local int my_thread = -1;

void wait_for_turn() {
  for (unsigned spin = 0; baton.turn.load(std::memory_order_acquire) != my_thread; ++spin) {
    if (spin > 200) std::this_thread::yield();
    base::cpu_relax();
  }
}

void pass_to(int next) {
  if (next == my_thread) return;
  baton.turn.store(next, std::memory_order_release);
  wait_for_turn();
}

int other_thread(unsigned ready) {
  for (int i = 1; i < 8; ++i) {
    const int t = (my_thread + i) % 8;
    if (ready >> t & 1) return t;
  }
  return my_thread;
}

// What the search wants here, else `otherwise`.
int decide(int otherwise, int current, unsigned ready) {
  int chosen = otherwise;
  if (baton.at < baton.replay && (ready >> baton.path[baton.at].chosen & 1))
    chosen = baton.path[baton.at].chosen;
  if (baton.at >= baton.path.size()) baton.path.emplace_back();
  baton.path[baton.at++] = {chosen, current, ready};
  return chosen;
}

void at_point(Tx&, Point where) {
  if (my_thread < 0 || !baton.active) return;
  const unsigned ready = baton.alive.load();
  if ((ready & (ready - 1)) == 0) return;  // nobody else
  if (where == Point::kWaiting) {
    pass_to(other_thread(ready));
    return;
  }
  pass_to(decide(my_thread, my_thread, ready));
}

// --- one run -------------------------------------------------------------------------------------

struct Arena {
  Schedule schedule;
  gc::Root table;
  std::atomic<long> failures{0};
  std::string first_failure;
  std::atomic<uint32_t> round{0};
  std::atomic<uint32_t> finished{0};
  std::atomic<bool> quit{false};
};
Arena arena;

Cell* object_of(int i) { return test::items(arena.table.value.as<test::Store>())[i].as<Cell>(); }

void failed(const std::string& what) {
  if (arena.failures.fetch_add(1) == 0) arena.first_failure = what;
}

void run_op(Tx& tx, const Op& op, long* registers, bool& aborted_once) {
  static const std::vector<long> none;
  switch (op.kind) {
    case Op::kRead:
      registers[op.target] = static_cast<long>(test::number_of(tx, object_of(op.object)));
      break;
    case Op::kWrite:
      test::set_number(tx, object_of(op.object),
                       static_cast<Word>(evaluate(op.value, registers, none)));
      break;
    case Op::kCheck:
      if (!holds(op.check, registers, none)) failed("inside: " + op.check.text);
      break;
    case Op::kInevitable:
      become_inevitable(tx, "schedule");
      break;
    case Op::kAbortOnce:
      if (!std::exchange(aborted_once, true) && !is_inevitable(tx))
        stm::abort(tx, AbortReason::kChaos);
      break;
    case Op::kBegin:
    case Op::kRetry:
      begin(tx);
      break;
    case Op::kCommit:
      commit(tx);
      break;
  }
}

void run_program(Tx& tx, const std::vector<Op>& program) {
  bool aborted_once = false;
  for (;;) {
    long registers[26] = {};
    begin(tx);
    try {
      for (const Op& op : program) {
        run_op(tx, op, registers, aborted_once);
        STM_POINT(tx, kBegin);  // between two operations
      }
      commit(tx);
      return;
    } catch (const Abort&) {
    }
  }
}

void finish_turn() {
  const unsigned left = baton.alive.fetch_and(~(1u << my_thread)) & ~(1u << my_thread);
  int next = -1;
  if (left != 0)
    next = (left & (left - 1)) == 0 ? __builtin_ctz(left) : decide(__builtin_ctz(left), -1, left);
  arena.finished.fetch_add(1);
  if (next >= 0) baton.turn.store(next, std::memory_order_release);
}

void explorer_thread(Tx& tx, int number) {
  commit(tx);
  my_thread = number;
  for (uint32_t round = 1;; ++round) {
    while (arena.round.load() < round && !arena.quit.load()) std::this_thread::yield();
    if (arena.quit.load()) break;
    wait_for_turn();
    run_program(tx, arena.schedule.programs[static_cast<size_t>(number)]);
    finish_turn();
  }
  my_thread = -1;
  begin(tx);
}

void reset_objects() {
  for (size_t i = 0; i < arena.schedule.objects.size(); ++i) {
    Cell* c = object_of(static_cast<int>(i));
    Raw::state(c).number =
        static_cast<Word>(arena.schedule.objects[i].initial);  // NOBARRIER: alone
    c->vlock.store(0);                                         // NOBARRIER: alone
  }
  the_clock.now.fetch_add(3);  // whatever regions were stamped is clean for the next run
}

void check_finals() {
  std::vector<long> values;
  for (size_t i = 0; i < arena.schedule.objects.size(); ++i)
    values.push_back(
        static_cast<long>(Raw::state(object_of(static_cast<int>(i))).number));  // NOBARRIER: alone
  const long none[26] = {};
  for (const Comparison& c : arena.schedule.finals) {
    if (!holds(c, none, values)) failed("final " + c.text);
  }
}

int preemptions(const std::vector<Decision>& path, size_t count) {
  int n = 0;
  for (size_t i = 0; i < count; ++i) n += path[i].current >= 0 && path[i].chosen != path[i].current;
  return n;
}

// Moves to the next run; false: all were visited.
bool next_path(int limit) {
  auto& path = baton.path;
  path.resize(std::min(path.size(), baton.at));
  while (!path.empty()) {
    Decision& last = path.back();
    const int before = preemptions(path, path.size() - 1);
    // Alternatives in order: stay, then the others by number above the one chosen.
    const bool free = last.current < 0;
    for (int t = last.chosen == last.current ? 0 : last.chosen + 1; t < 8; ++t) {
      if (t == last.current || !(last.ready >> t & 1)) continue;
      if (!free && before + 1 > limit) break;
      last.chosen = t;
      baton.replay = path.size();
      return true;
    }
    path.pop_back();
  }
  return false;
}

long explore(Tx&, int limit, bool stop_at_failure) {
  const unsigned threads = static_cast<unsigned>(arena.schedule.programs.size());
  baton.path.clear();
  baton.replay = 0;
  baton.active = true;
  long runs = 0;
  for (unsigned first = 0; first < threads; ++first) {
    baton.path.clear();
    baton.replay = 0;
    do {
      reset_objects();
      baton.at = 0;
      baton.alive = (1u << threads) - 1;
      arena.finished = 0;
      baton.turn = static_cast<int>(first);
      ++arena.round;
      while (arena.finished.load() < threads) std::this_thread::yield();
      check_finals();
      ++runs;
    } while (!(stop_at_failure && arena.failures != 0) && next_path(limit));
    if (stop_at_failure && arena.failures != 0) break;
  }
  baton.active = false;
  return runs;
}

// --- stepwise schedules --------------------------------------------------------------------------

struct Command {
  std::atomic<const Step*> step{nullptr};
  std::atomic<int> outcome{-1};  // 0 ok, 1 abort
};
Command commands[8];

void stepping_thread(Tx& tx, int number) {
  commit(tx);
  long registers[26] = {};
  bool aborted_once = false;
  Command& mine = commands[number];
  while (!arena.quit.load()) {
    const Step* step = mine.step.exchange(nullptr);
    if (step == nullptr) {
      std::this_thread::yield();
      continue;
    }
    int outcome = 0;
    try {
      run_op(tx, step->op, registers, aborted_once);
    } catch (const Abort&) {
      outcome = 1;
    }
    mine.outcome = outcome;
  }
  if (!tx.priv->in_tx) begin(tx);
}

void run_steps() {
  reset_objects();
  for (const Step& step : arena.schedule.steps) {
    Command& c = commands[step.thread];
    c.outcome = -1;
    c.step = &step;
    while (c.outcome.load() < 0) std::this_thread::yield();
    if ((c.outcome == 1) != step.expect_abort)
      failed("line " + std::to_string(step.line) + ": " + (c.outcome == 1 ? "abort" : "ok"));
  }
  check_finals();
}

// --- files ---------------------------------------------------------------------------------------

Cell* make_object(Tx& tx, bool apart, size_t index) {
  static gc::TypeInfo infos[8];
  static ShapeId shapes[8] = {};
  const size_t bytes = apart ? 320 + 128 * index : sizeof(Cell);
  if (shapes[index] == 0) {
    infos[index] = gc::fixed_info<Cell>("schedule object");
    infos[index].fixed_size = static_cast<uint32_t>(bytes);
    shapes[index] = gc::register_type(&infos[index]);
  }
  auto* c = static_cast<Cell*>(gc::allocate_old(tx, bytes));
  c->shape_id = shapes[index];  // NOBARRIER: newborn
  c->flags.store(0);
  init_state(tx, c) = {0, Value(), nullptr};
  return c;
}

int run_file(const std::string& path, int limit, Mutant mutant) {
  arena.schedule = parse_schedule(path);
  Options o = test::two_threads();
  o.threads = 8;
  test::Machine machine(o);
  Tx& tx = machine.tx();
  const Word count = arena.schedule.objects.size();
  arena.table.value = Value(test::new_store(tx, count));
  for (Word i = 0; i < count; ++i) {
    Value v(make_object(tx, arena.schedule.objects[i].apart, i));
    auto* s = arena.table.value.as<test::Store>();
    write_slot(tx, s, s->birth, &test::items(s)[i], v);
  }
  active_mutant = mutant;
  test_point = &at_point;
  std::vector<std::function<void(Tx&)>> threads;
  const bool stepwise = !arena.schedule.steps.empty();
  for (int n = 0; n < static_cast<int>(arena.schedule.programs.size()); ++n) {
    threads.push_back(
        [n, stepwise](Tx& own) { stepwise ? stepping_thread(own, n) : explorer_thread(own, n); });
  }
  long runs = 1;
  if (limit < 0) {
    limit = arena.schedule.preemptions;
    if (mutant != Mutant::kNone && arena.schedule.mutant_preemptions != 0)
      limit = arena.schedule.mutant_preemptions;
  }
  std::thread driver([&] {
    if (stepwise) {
      run_steps();
    } else {
      runs = explore(tx, limit, mutant != Mutant::kNone);
    }
    arena.quit = true;
  });
  machine.run(threads);
  driver.join();
  const char* name = std::strrchr(path.c_str(), '/');
  std::printf("%-28s %7ld runs, %ld failures%s%s\n", name ? name + 1 : path.c_str(), runs,
              arena.failures.load(), arena.failures != 0 ? ": " : "", arena.first_failure.c_str());
  std::fflush(stdout);
  return arena.failures != 0;
}

Mutant mutant_named(const std::string& name) {
#define STM_MUTANT(n, caught_by, meaning) \
  if (name == #n) return Mutant::k##n;
#include "stm/mutants.def"
#undef STM_MUTANT
  std::fprintf(stderr, "no mutant '%s'\n", name.c_str());
  std::exit(2);
}

// In a process of its own: a mutant leaves the machine in no state to go on.
int in_child(const char* self, const std::string& file, const std::string& mutant, int limit) {
  const std::string command = std::string(self) + " --one=" + mutant +
                              " --preemptions=" + std::to_string(limit) + " " + file;
  return WEXITSTATUS(std::system(command.c_str()));
}

}  // namespace

int main(int argc, char** argv) {
  patience_in_steps = 4;
  int limit = -1, bad = 0;
  bool mutants = false, child = false;
  Mutant one = Mutant::kNone;
  for (int i = 1; i < argc; ++i) {
    const std::string a = argv[i];
    if (a.rfind("--preemptions=", 0) == 0) {
      limit = std::atoi(a.c_str() + 14);
    } else if (a == "--mutants") {
      mutants = true;
    } else if (a.rfind("--one=", 0) == 0) {
      child = true;
      one = a == "--one=None" ? Mutant::kNone : mutant_named(a.substr(6));
    } else if (child) {
      _exit(run_file(a, limit, one));
    } else if (mutants) {
      for (const std::string& name : parse_schedule(a).mutants) {
        const bool caught = in_child(argv[0], a, name, limit) != 0;
        std::printf("    %s: %s\n", name.c_str(), caught ? "caught" : "MISSED");
        bad |= !caught;
      }
    } else {
      bad |= in_child(argv[0], a, "None", limit);
    }
  }
  return bad;
}

}  // namespace pystm::stm::sched

int main(int argc, char** argv) { return pystm::stm::sched::main(argc, argv); }
