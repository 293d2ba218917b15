// The Mersenne twister MT19937 (Matsumoto and Nishimura 1998), used the way CPython's _random
// does: the same seed gives the same sequence.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace pystm::vm::hash {

class Mersenne {
 public:
  static constexpr size_t kWords = 624;

  Mersenne() { seed_word(5489); }

  // random.seed(int): the absolute value as 32-bit words, lowest first; empty means zero.
  void seed(std::span<const uint32_t> key);
  void seed(uint64_t value);

  uint32_t next32();
  // random.random(): 53 bits in [0, 1).
  double next_double();
  // getrandbits(k), k >= 1: fills (k + 31) / 32 words, lowest first.
  void get_bits(uint64_t k, std::span<uint32_t> words);
  uint64_t get_bits64(int k);  // REQUIRES: 0 <= k <= 64

  // getstate/setstate: the words and the position, 0 <= position <= kWords.
  const std::array<uint32_t, kWords>& words() const { return state_; }
  uint32_t position() const { return position_; }
  void set_state(std::span<const uint32_t, kWords> words, uint32_t position);

 private:
  void seed_word(uint32_t value);
  void refill();

  std::array<uint32_t, kWords> state_;
  uint32_t position_;
};

}  // namespace pystm::vm::hash
