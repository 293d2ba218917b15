// How the hashes of parts become the hash of a whole, bit for bit as in CPython.
// Invariants: no result is -1, which stands for an error there.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

namespace pystm::vm::hash {

inline constexpr int64_t not_minus_one(int64_t h) { return h == -1 ? -2 : h; }

// hash(tuple): one xxHash round (Collet) per item.
class TupleHash {
 public:
  constexpr void add(int64_t item_hash) {
    state_ += static_cast<uint64_t>(item_hash) * kPrime2;
    state_ = std::rotl(state_, 31) * kPrime1;
    count_++;
  }
  constexpr int64_t finish() const {
    const uint64_t h = state_ + (count_ ^ (kPrime5 ^ 3527539));
    return h == ~uint64_t{0} ? 1546275796 : static_cast<int64_t>(h);
  }

 private:
  static constexpr uint64_t kPrime1 = 11400714785074694791u;
  static constexpr uint64_t kPrime2 = 14029467366897019727u;
  static constexpr uint64_t kPrime5 = 2870177450012600261u;
  uint64_t state_ = kPrime5, count_ = 0;
};

// hash(frozenset): independent of the order of the items.
class FrozensetHash {
 public:
  constexpr void add(int64_t item_hash) {
    const uint64_t h = static_cast<uint64_t>(item_hash);
    state_ ^= ((h ^ 89869747) ^ (h << 16)) * 3644798167u;
    count_++;
  }
  constexpr int64_t finish() const {
    uint64_t h = state_ ^ (count_ + 1) * 1927868237u;
    h ^= (h >> 11) ^ (h >> 25);
    h = h * 69069 + 907133923;
    return h == ~uint64_t{0} ? 590923713 : static_cast<int64_t>(h);
  }

 private:
  uint64_t state_ = 0, count_ = 0;
};

// The low bits of an address say little: they are rotated away.
inline constexpr int64_t hash_address(uint64_t address) {
  return not_minus_one(static_cast<int64_t>(std::rotr(address, 4)));
}

// hash(int) for machine integers: the value modulo 2**61 - 1.
inline constexpr int64_t hash_int64(int64_t v) {
  constexpr uint64_t kModulus = (uint64_t{1} << 61) - 1;
  const uint64_t size = v < 0 ? 0 - static_cast<uint64_t>(v) : static_cast<uint64_t>(v);
  uint64_t h = (size & kModulus) + (size >> 61);
  if (h >= kModulus) h -= kModulus;
  return not_minus_one(v < 0 ? -static_cast<int64_t>(h) : static_cast<int64_t>(h));
}

}  // namespace pystm::vm::hash
