// A small pseudo-random generator for schedules and noise, never for Python's random.
#pragma once

#include "base/bits.h"

namespace pystm::base {

struct Rng {
  Word state;
  explicit Rng(Word seed) : state(seed * 0x9E3779B97F4A7C15ull | 1) {}
  Word operator()() {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state * 0x2545F4914F6CDD1Dull;
  }
  Word below(Word n) { return ((*this)() >> 20) % n; }
};

}  // namespace pystm::base
