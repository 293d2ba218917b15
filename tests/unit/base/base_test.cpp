#include <catch2/catch.hpp>
#include <thread>

#include "base/bits.h"
#include "base/clock.h"
#include "base/futex.h"
#include "base/memory.h"
#include "base/rng.h"

using namespace pystm;
using namespace pystm::base;

TEST_CASE("alignment helpers") {
  CHECK(align_up(0, 16) == 0);
  CHECK(align_up(1, 16) == 16);
  CHECK(align_up(16, 16) == 16);
  CHECK(align_down(31, 16) == 16);
  CHECK(is_aligned(64, 64));
  CHECK_FALSE(is_aligned(65, 2));
}

TEST_CASE("reserved memory is aligned, zero, writable and can be given back") {
  constexpr size_t kBytes = size_t{1} << 30;
  auto* p = static_cast<char*>(reserve_memory(kBytes, 2u << 20));
  CHECK(is_aligned(reinterpret_cast<Word>(p), 2u << 20));
  CHECK(p[kBytes - 1] == 0);
  p[5000] = p[20000] = 7;
  decommit_memory(p + 4097, 8192);  // only whole pages inside: [8192, 12288)
  CHECK(p[5000] == 7);
  decommit_memory(p + 16384, 8192);
  CHECK(p[20000] == 0);
  release_memory(p, kBytes);
  CHECK(available_memory() > (size_t{1} << 20));
}

TEST_CASE("the native stack's base is above every frame") {
  char here;
  CHECK(static_cast<char*>(native_stack_base()) > &here);
  std::thread([] {
    char inner;
    if (static_cast<char*>(native_stack_base()) <= &inner) std::abort();
  }).join();
}

TEST_CASE("a futex wait ends by wake, by change and by time") {
  std::atomic<uint32_t> word{0};
  futex_wait(word, 1);  // not the expected value: returns
  const Word start = now_ns();
  futex_wait(word, 0, 2000000);
  CHECK(now_ns() - start >= 1000000);
  std::thread waker([&word] {
    word = 1;
    futex_wake(word);
  });
  while (word.load() == 0) futex_wait(word, 0, 100000000);
  waker.join();
}

TEST_CASE("the cycle counter runs at a steady rate") {
  const Word rate = cycles_per_us();
  CHECK(rate > 100);
  CHECK(rate < 20000);
  CHECK(cycles_per_us() == rate);
}

TEST_CASE("the generator depends on its seed only") {
  Rng a(1), b(1), c(2);
  CHECK(a() == b());
  CHECK(a() != c());
  for (int i = 0; i < 100; ++i) REQUIRE(a.below(7) < 7);
}
