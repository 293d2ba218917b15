// Stress of the transaction core: invariants that only a serialisable, opaque protocol keeps, under
// schedule noise, collections, dooms, splits, inevitable sections, elided locks and mode switches.
//
//   stress [--transactions=N] [--threads=N] [--seed=N] [--seconds=N] [--mutant=NAME]
//   stress --all-mutants      each kStress mutant in a process of its own must be caught
//
// Exit status 0: no anomaly. 1: anomalies, listed. A mutant that crashes or hangs counts as caught.
#include "tests/stm/stress.h"

#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>

namespace pystm::stm::stress {

Settings settings;
Shared shared;
std::atomic<long> anomalies[kAnomalies];
std::atomic<long> transactions{0};
std::atomic<bool> stopping{false};
thread_local base::Rng noise{1};

const char* const kAnomalyNames[kAnomalies] = {
    "inconsistent pair seen", "bank sum wrong",      "write skew",     "list broken",
    "store sum wrong",        "lock count wrong",    "lock overlap",   "inevitable aborted",
    "counter wrong",          "moved object missed", "solo not alone", "interior chunk wrong"};

void anomaly(Anomaly a) {
  ++anomalies[a];
  if (settings.stop_at_anomaly) stopping = true;
}

namespace {

// A pause where the order of two steps matters: sometimes long enough for the other to get through.
void pause_here(Tx&, Point where) {
  const Word r = noise();
  const bool rare = where == Point::kBeforeClock || where == Point::kAfterClock ||
                    where == Point::kUndone || where == Point::kRaisingStamp;
  if (r % (rare ? 4 : 32) != 0) return;
  for (Word d = r >> 8 & (rare ? 1023 : 255); d > 0; --d) base::cpu_relax();
  if (r % 8192 == 0) std::this_thread::yield();
}

void worker(Tx& tx, unsigned number) {
  noise = base::Rng(settings.seed * 977 + number + 1);
  base::Rng rng(settings.seed * 1009 + number + 7);
  while (!stopping.load(std::memory_order_relaxed)) {
    for (int i = 0; i < 64; ++i) {
      one_transaction(tx, rng, number);
      try {
        if (poll(tx) != PollResult::kBoundary) continue;
        commit(tx);
      } catch (const Abort&) {
      }
      begin(tx);
    }
    if (transactions.fetch_add(64) > settings.transactions) stopping = true;
  }
}

bool parse(int argc, char** argv, bool& all) {
  for (int i = 1; i < argc; ++i) {
    const char* eq = std::strchr(argv[i], '=');
    const std::string name(argv[i], eq ? static_cast<size_t>(eq - argv[i]) : std::strlen(argv[i]));
    const char* value = eq ? eq + 1 : "";
    if (name == "--transactions")
      settings.transactions = std::atol(value);
    else if (name == "--threads")
      settings.threads = static_cast<unsigned>(std::atoi(value));
    else if (name == "--seed")
      settings.seed = static_cast<Word>(std::atol(value));
    else if (name == "--seconds")
      settings.seconds = std::atoi(value);
    else if (name == "--only")
      settings.only = std::atoi(value);
    else if (name == "--mutant") {
      settings.stop_at_anomaly = true;
#define STM_MUTANT(name, caught_by, meaning) \
  if (std::strcmp(value, #name) == 0) active_mutant = Mutant::k##name;
#include "stm/mutants.def"
#undef STM_MUTANT
      if (active_mutant == Mutant::kNone && std::strcmp(value, "None") != 0) return false;
    } else if (name == "--all-mutants")
      all = true;
    else
      return false;
  }
  return true;
}

int run() {
  // What stands still for longer than this hangs.
  alarm(static_cast<unsigned>(settings.seconds * 2 + 10));
  Options o;
  o.threads = settings.threads;
  o.solo_flip_ms = 2;
  o.chaos_seed = settings.seed;
  gc::Options g;
  g.young_bytes = 256 << 10;
  test::Machine machine(o, g);
  shared.create(machine.tx());
  test_point = &pause_here;
  std::vector<std::function<void(Tx&)>> bodies;
  for (unsigned n = 0; n < settings.threads; ++n) bodies.push_back([n](Tx& tx) { worker(tx, n); });
  std::thread timer([] {
    for (int i = 0; i < settings.seconds * 100 && !stopping; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    stopping = true;
  });
  machine.run(bodies);
  timer.join();
  shared.final_checks(machine.tx());
  const Stats s = stats();
  std::printf(
      "%llu committed, %llu aborted, %llu extensions, %llu inevitable, %llu switches, "
      "%llu elided, %llu taken, %llu young collections\n",
      (unsigned long long)s.committed, (unsigned long long)s.aborted,
      (unsigned long long)s.extensions, (unsigned long long)s.inevitable,
      (unsigned long long)s.mode_switches, (unsigned long long)s.elided_locks,
      (unsigned long long)s.taken_locks, (unsigned long long)gc::stats().young_collections);
  int bad = 0;
  for (int i = 0; i < kAnomalies; ++i) {
    if (anomalies[i] == 0) continue;
    std::printf("  ANOMALY %s: %ld\n", kAnomalyNames[i], anomalies[i].load());
    bad = 1;
  }
  std::fflush(stdout);
  _exit(bad);
}

bool caught(const char* self, const char* name, int seed, bool* by_signal) {
  const pid_t child = fork();
  if (child == 0) {
    // A caught mutant may print garbage on its way down: only the verdict matters here.
    if (std::freopen("/dev/null", "w", stderr) == nullptr) _exit(2);
    if (std::freopen("/dev/null", "w", stdout) == nullptr) _exit(2);
    const std::string mutant = std::string("--mutant=") + name;
    const std::string seconds = "--seconds=" + std::to_string(settings.seconds);
    const std::string with_seed = "--seed=" + std::to_string(seed);
    execl(self, self, mutant.c_str(), seconds.c_str(), with_seed.c_str(),
          "--transactions=1000000000", nullptr);
    _exit(2);
  }
  int status = 0;
  waitpid(child, &status, 0);
  *by_signal = WIFSIGNALED(status);
  return !WIFEXITED(status) || WEXITSTATUS(status) == 1;
}

int all_mutants(const char* self) {
  constexpr int kAttempts = 3;  // a loaded machine interleaves less
  int missed = 0;
  for (const char* const* name = kMutantNames; *name != nullptr; ++name) {
    if (**name == '\0') continue;
    const Word start = base::now_ns();
    bool found = false, by_signal = false;
    for (int seed = 1; seed <= kAttempts && !found; ++seed)
      found = caught(self, *name, seed, &by_signal);
    std::printf("%-22s %s (%.2f s)%s\n", *name, found ? "caught" : "MISSED",
                double(base::now_ns() - start) * 1e-9, by_signal ? " by a crash or hang" : "");
    std::fflush(stdout);
    missed += !found;
  }
  return missed != 0;
}

}  // namespace

const char* const kMutantNames[] = {
#define STM_MUTANT(name, caught_by, meaning) std::string_view(#caught_by) == "kStress" ? #name : "",
#include "stm/mutants.def"
#undef STM_MUTANT
    nullptr};

int main(int argc, char** argv) {
  bool all = false;
  if (!parse(argc, argv, all)) {
    std::fprintf(stderr, "usage: see the head of tests/stm/stress.cpp\n");
    return 2;
  }
  return all ? all_mutants(argv[0]) : run();
}

}  // namespace pystm::stm::stress

int main(int argc, char** argv) { return pystm::stm::stress::main(argc, argv); }
