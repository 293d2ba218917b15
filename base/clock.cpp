#include "base/clock.h"

#include <algorithm>

namespace pystm::base {
namespace {

Word measure_rate() {
  Word best = ~Word{0};
  for (int i = 0; i < 3; ++i) {  // the smallest of three: a descheduled sample reads high or low
    const Word t0 = now_ns(), c0 = cycles();
    while (now_ns() - t0 < 300000) {
    }
    const Word ns = now_ns() - t0, c = cycles() - c0;
    best = std::min(best, c * 1000 / ns);
  }
  return std::max<Word>(best, 1);
}

}  // namespace

Word cycles_per_us() {
  static const Word rate = measure_rate();
  return rate;
}

}  // namespace pystm::base
