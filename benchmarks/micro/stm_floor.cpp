// What the steps timed by micro_stm_barriers cost as bare instruction sequences: no heap, no modes,
// no statistics, everything inline but two calls. Figures below these cannot be reached on the
// machine at hand. micro_stm_floor
#include <array>
#include <atomic>
#include <cstring>
#include <vector>

#include "base/bits.h"
#include "benchmarks/micro/bench.h"

using namespace pystm;

namespace {

struct Item {
  Word map = 0, vlock = 0;
  std::array<Word, 4> state{};
};

// The words that a transaction keeps in memory between two barriers.
struct Marks {
  Word rv = ~Word{0} >> 1, me = Word{1} << 63;
  Word* log = nullptr;
  Word log_step = sizeof(Word);
  Word* undo = nullptr;
};
Marks marks;
std::atomic<Word> serial{1}, doomed{0}, now{2};
std::atomic<uint32_t> state{0};

constexpr size_t kItems = 10000, kSlots = 20000, kFilter = 256;
constexpr size_t kRecord = 7;  // words: holder, kind, state, length
std::vector<Item> items(kItems);
std::vector<Word> log_words(1 << 20), slots(kSlots), filter(kFilter);

void fence() { asm volatile("" ::: "memory"); }

void read_floor() {
  const double plain = bench::best(60, kItems, [] {
    Word sum = 0;
    for (const Item& i : items) sum += i.state[0] + i.state[1];
    bench::keep(sum);
  });
  const double checked = bench::best(60, kItems, [] {
    marks.log = log_words.data();
    Word sum = 0;
    for (const Item& i : items) {
      sum += i.state[0] + i.state[1];
      fence();
      if (i.vlock > marks.rv) return;
      Word* const top = marks.log;
      *top = reinterpret_cast<Word>(&i);
      marks.log = reinterpret_cast<Word*>(reinterpret_cast<char*>(top) + marks.log_step);
    }
    bench::keep(sum);
  });
  bench::info("check and log a read, the cursor in memory, over none", checked - plain, "ns");
}

PYSTM_NOINLINE void end() {
  if (doomed.load(std::memory_order_relaxed) == marks.me) return;
  serial.store(marks.me + 1, std::memory_order_release);
  state.store(0, std::memory_order_release);
}
PYSTM_NOINLINE void start() {
  marks.me = serial.load(std::memory_order_relaxed);
  marks.rv = now.load(std::memory_order_acquire);
  marks.log = log_words.data();
  state.store(1, std::memory_order_relaxed);
}
void boundary_floor() {
  constexpr int kRounds = 100000;
  const double ns = bench::best(60, kRounds, [] {
    for (int i = 0; i < kRounds; ++i) {
      end();
      start();
    }
  });
  bench::info("serial, time and state stored by two calls", ns, "ns");
}

void roll_back_floor() {
  double least = 1e30;
  for (int run = 0; run < 60; ++run) {
    Word* r = log_words.data();
    for (Item& i : items) {
      r[0] = reinterpret_cast<Word>(&i);
      std::memcpy(r + 2, i.state.data(), sizeof i.state);
      r[kRecord - 1] = kRecord;
      r += kRecord;
      i.vlock = marks.me;
    }
    least = std::min(least, bench::best(1, kItems, [r] {
                       for (Word* at = r; at > log_words.data();) {
                         at -= at[-1];
                         auto* item = reinterpret_cast<Item*>(at[0]);
                         std::memcpy(item->state.data(), at + 2, sizeof item->state);
                         item->vlock = 9;
                       }
                     }));
  }
  bench::info("copy four words back and release, in one pass", least, "ns");
}

void slot_floor() {
  const double ns = bench::best(60, kSlots, [] {
    marks.undo = log_words.data();
    ++marks.me;
    for (Word& slot : slots) {
      const Word address = reinterpret_cast<Word>(&slot), tag = address | marks.me << 48;
      Word& saved = filter[address / sizeof(Word) % kFilter];
      if (saved != tag) {
        saved = tag;
        Word* const top = marks.undo;
        top[0] = address;
        top[1] = slot;
        marks.undo = top + 2;
      }
      fence();
      slot = 5;
    }
  });
  bench::info("filter, (address, old) logged, slot stored", ns, "ns");
}

}  // namespace

int main() {
  read_floor();
  boundary_floor();
  roll_back_floor();
  slot_floor();
}
