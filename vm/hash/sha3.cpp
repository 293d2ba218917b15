// The Keccak-f[1600] permutation and the sponge around it.
#include <bit>

#include "vm/hash/digest.h"

namespace pystm::vm::hash {

namespace {

constexpr uint64_t kRoundConstants[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000,
    0x000000000000808b, 0x0000000080000001, 0x8000000080008081, 0x8000000000008009,
    0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003,
    0x8000000000008002, 0x8000000000000080, 0x000000000000800a, 0x800000008000000a,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
};

// Rotation of lane x + 5 y.
constexpr int kRotations[25] = {0,  1,  62, 28, 27, 36, 44, 6,  55, 20, 3,  10, 43,
                                25, 39, 41, 45, 15, 21, 8,  18, 2,  61, 56, 14};

void permute(uint64_t* a) {
  for (const uint64_t constant : kRoundConstants) {
    uint64_t column[5], b[25];
    for (int x = 0; x < 5; x++) column[x] = a[x] ^ a[x + 5] ^ a[x + 10] ^ a[x + 15] ^ a[x + 20];
    for (int x = 0; x < 5; x++) {
      const uint64_t d = column[(x + 4) % 5] ^ std::rotl(column[(x + 1) % 5], 1);
      for (int y = 0; y < 25; y += 5) a[x + y] ^= d;
    }
    for (int x = 0; x < 5; x++)
      for (int y = 0; y < 5; y++)
        b[y + 5 * ((2 * x + 3 * y) % 5)] = std::rotl(a[x + 5 * y], kRotations[x + 5 * y]);
    for (int y = 0; y < 25; y += 5)
      for (int x = 0; x < 5; x++) a[x + y] = b[x + y] ^ (~b[(x + 1) % 5 + y] & b[(x + 2) % 5 + y]);
    a[0] ^= constant;
  }
}

}  // namespace

void Sponge::update(Bytes data) {
  for (const uint8_t byte : data) {
    xor_byte(at_++, byte);
    if (at_ < rate_) continue;
    permute(lanes_);
    at_ = 0;
  }
}

std::string Sponge::digest(size_t length) const {
  Sponge copy = *this;
  copy.xor_byte(at_, suffix_);
  copy.xor_byte(rate_ - 1, 0x80);
  std::string out;
  out.reserve(length);
  for (size_t i = 0; i < length; i++) {
    if (i % rate_ == 0) permute(copy.lanes_);
    const size_t at = i % rate_;
    out += static_cast<char>(copy.lanes_[at / 8] >> (at % 8 * 8) & 0xFF);
  }
  return out;
}

}  // namespace pystm::vm::hash
