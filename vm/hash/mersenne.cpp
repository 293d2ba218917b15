#include "vm/hash/mersenne.h"

#include <algorithm>

namespace pystm::vm::hash {

void Mersenne::seed_word(uint32_t value) {
  state_[0] = value;
  for (uint32_t i = 1; i < kWords; i++)
    state_[i] = 1812433253u * (state_[i - 1] ^ (state_[i - 1] >> 30)) + i;
  position_ = kWords;
}

void Mersenne::seed(std::span<const uint32_t> key) {
  static constexpr uint32_t kZero[] = {0};
  if (key.empty()) key = kZero;
  seed_word(19650218);
  size_t i = 1, j = 0;
  // i walks the state round and round, word 0 repeating the last one at each turn.
  const auto advance = [&] {
    if (++i == kWords) {
      state_[0] = state_[kWords - 1];
      i = 1;
    }
  };
  const auto mixed = [&](uint32_t factor) {
    return state_[i] ^ ((state_[i - 1] ^ (state_[i - 1] >> 30)) * factor);
  };
  for (size_t k = std::max(kWords, key.size()); k > 0; k--) {
    state_[i] = mixed(1664525) + key[j] + static_cast<uint32_t>(j);
    advance();
    j = j + 1 == key.size() ? 0 : j + 1;
  }
  for (size_t k = kWords - 1; k > 0; k--) {
    state_[i] = mixed(1566083941) - static_cast<uint32_t>(i);
    advance();
  }
  state_[0] = 0x80000000u;
}

void Mersenne::seed(uint64_t value) {
  const uint32_t words[] = {static_cast<uint32_t>(value), static_cast<uint32_t>(value >> 32)};
  seed(std::span<const uint32_t>(words, words[1] != 0 ? 2 : 1));
}

void Mersenne::refill() {
  constexpr size_t kDistance = 397;
  for (size_t i = 0; i < kWords; i++) {
    const uint32_t y = (state_[i] & 0x80000000u) | (state_[(i + 1) % kWords] & 0x7FFFFFFFu);
    state_[i] = state_[(i + kDistance) % kWords] ^ (y >> 1) ^ ((y & 1) != 0 ? 0x9908B0DFu : 0);
  }
  position_ = 0;
}

uint32_t Mersenne::next32() {
  if (position_ >= kWords) refill();
  uint32_t y = state_[position_++];
  y ^= y >> 11;
  y ^= (y << 7) & 0x9D2C5680u;
  y ^= (y << 15) & 0xEFC60000u;
  return y ^ (y >> 18);
}

double Mersenne::next_double() {
  const uint32_t high = next32() >> 5, low = next32() >> 6;
  return (high * 67108864.0 + low) * (1.0 / 9007199254740992.0);
}

void Mersenne::get_bits(uint64_t k, std::span<uint32_t> words) {
  for (uint32_t& word : words) {
    word = next32();
    if (k < 32) word >>= 32 - k;
    k -= std::min<uint64_t>(k, 32);
  }
}

uint64_t Mersenne::get_bits64(int k) {
  if (k == 0) return 0;
  uint32_t words[2] = {0, 0};
  get_bits(static_cast<uint64_t>(k), std::span<uint32_t>(words, k > 32 ? 2 : 1));
  return static_cast<uint64_t>(words[1]) << 32 | words[0];
}

void Mersenne::set_state(std::span<const uint32_t, kWords> words, uint32_t position) {
  std::copy(words.begin(), words.end(), state_.begin());
  position_ = position;
}

}  // namespace pystm::vm::hash
