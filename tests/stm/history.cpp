// Checks recorded histories: every committed transaction with what it read and wrote, as a graph
// that must have no cycle.
//
//   stm_history [--transactions=N] [--threads=N] [--seed=N] [--mutant=NAME]
//
// Every write stores a number nobody else stores, so a value names its writer. A writer reads what
// it overwrites, so each object's versions form a chain. Edges: writer -> reader of its value;
// writer -> the next writer; reader -> the writer that replaced what it read.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <thread>
#include <unordered_map>

#include "tests/unit/stm/cells.h"

namespace pystm::stm::history {

namespace {

using test::Cell;

struct Access {
  unsigned object;
  Word seen;     // the value before
  Word written;  // 0: only read
};
using Record = std::vector<Access>;

long transactions = 100000;
unsigned threads = 3;
Word seed = 1;
constexpr unsigned kObjects = 24;
gc::Root* table;
std::atomic<Word> next_value{1000};
thread_local base::Rng noise{1};

void pause_here(Tx&, Point) {
  const Word r = noise();
  if (r % 16 == 0) {
    for (Word d = r >> 8 & 255; d > 0; --d) base::cpu_relax();
  }
  if (r % 4096 == 0) std::this_thread::yield();
}

Cell* object(unsigned i) { return test::items(table->value.as<test::Store>())[i].as<Cell>(); }

void one(Tx& tx, base::Rng& rng, std::vector<Record>& out) {
  const Word start = rng();
  Record record;
  test::atomically(tx, [&] {
    record.clear();
    base::Rng r(start);
    const bool inevitable = r.below(40) == 0;
    unsigned touched = 0;
    for (Word k = 2 + r.below(5); k > 0; --k) {
      const auto i = static_cast<unsigned>(r.below(kObjects));
      if (touched >> i & 1) continue;
      touched |= 1u << i;
      const Word seen = test::number_of(tx, object(i));
      Word written = 0;
      if (r.below(3) == 0) {
        written = next_value.fetch_add(1);
        test::set_number(tx, object(i), written);
      }
      record.push_back({i, seen, written});
      if (r.below(64) == 0) poll(tx);
      if (inevitable && k == 2) become_inevitable(tx, "history");
      if (r.below(2000) == 0) gc::collect(tx, gc::Kind::kYoung);
    }
  });
  out.push_back(std::move(record));
}

// Kahn's algorithm; returns how many transactions stand on cycles.
size_t on_cycles(const std::vector<Record>& all) {
  std::unordered_map<Word, size_t> writer_of;              // value -> transaction
  std::unordered_map<Word, size_t> replacer_of[kObjects];  // value before -> transaction
  size_t forked = 0;
  for (size_t t = 0; t < all.size(); ++t) {
    for (const Access& a : all[t]) {
      if (a.written == 0) continue;
      writer_of[a.written] = t;
      forked += !replacer_of[a.object].emplace(a.seen, t).second;  // two replaced one version
    }
  }
  std::vector<std::vector<size_t>> edges(all.size());
  std::vector<size_t> incoming(all.size());
  auto edge = [&](size_t from, size_t to) {
    if (from == to) return;
    edges[from].push_back(to);
    ++incoming[to];
  };
  for (size_t t = 0; t < all.size(); ++t) {
    for (const Access& a : all[t]) {
      if (const auto w = writer_of.find(a.seen); w != writer_of.end()) edge(w->second, t);
      const auto r = replacer_of[a.object].find(a.seen);
      if (r != replacer_of[a.object].end()) edge(t, r->second);
    }
  }
  std::vector<size_t> ready;
  for (size_t t = 0; t < all.size(); ++t) {
    if (incoming[t] == 0) ready.push_back(t);
  }
  size_t ordered = 0;
  while (!ready.empty()) {
    const size_t t = ready.back();
    ready.pop_back();
    ++ordered;
    for (size_t to : edges[t]) {
      if (--incoming[to] == 0) ready.push_back(to);
    }
  }
  return all.size() - ordered + forked;
}

int run() {
  alarm(100);
  Options o;
  o.threads = threads;
  o.solo_flip_ms = 3;
  o.chaos_seed = seed;
  test::Machine machine(o);
  gc::Root root{Value(test::new_store(machine.tx(), kObjects))};
  table = &root;
  for (Word i = 0; i < kObjects; ++i) {
    Value v(test::new_cell(machine.tx(), i + 1));
    auto* s = root.value.as<test::Store>();
    write_slot(machine.tx(), s, s->birth, &test::items(s)[i], v);
  }
  test_point = &pause_here;
  std::vector<std::vector<Record>> records(threads);
  std::vector<std::function<void(Tx&)>> bodies;
  for (unsigned n = 0; n < threads; ++n) {
    bodies.push_back([n, &records](Tx& tx) {
      noise = base::Rng(seed * 31 + n);
      base::Rng rng(seed * 37 + n);
      for (long i = 0; i < transactions / threads; ++i) {
        one(tx, rng, records[n]);
        try {
          if (poll(tx) != PollResult::kBoundary) continue;
          commit(tx);
        } catch (const Abort&) {
        }
        begin(tx);
      }
    });
  }
  machine.run(bodies);
  std::vector<Record> all;
  for (auto& r : records) all.insert(all.end(), r.begin(), r.end());
  const size_t bad = on_cycles(all);
  const Stats s = stats();
  std::printf("%zu transactions recorded, %llu aborted, %llu inevitable, %zu on cycles\n",
              all.size(), (unsigned long long)s.aborted, (unsigned long long)s.inevitable, bad);
  std::fflush(stdout);
  _exit(bad != 0);
}

}  // namespace

int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string a = argv[i];
    const std::string value = a.find('=') == std::string::npos ? "" : a.substr(a.find('=') + 1);
    if (a.rfind("--transactions=", 0) == 0) transactions = std::atol(value.c_str());
    if (a.rfind("--threads=", 0) == 0) threads = static_cast<unsigned>(std::atoi(value.c_str()));
    if (a.rfind("--seed=", 0) == 0) seed = static_cast<Word>(std::atol(value.c_str()));
    if (a.rfind("--mutant=", 0) == 0) {
#define STM_MUTANT(name, caught_by, meaning) \
  if (value == #name) active_mutant = Mutant::k##name;
#include "stm/mutants.def"
#undef STM_MUTANT
    }
  }
  return run();
}

}  // namespace pystm::stm::history

int main(int argc, char** argv) { return pystm::stm::history::main(argc, argv); }
