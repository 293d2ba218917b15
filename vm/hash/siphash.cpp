#include "vm/hash/siphash.h"

#include <sys/random.h>

#include <bit>
#include <cstring>

#include "base/assert.h"

namespace pystm::vm::hash {

HashKey key_from_seed(uint32_t seed) {
  if (seed == 0) return {};
  // CPython draws the key's bytes from this linear congruential generator.
  uint8_t bytes[16];
  uint32_t x = seed;
  for (uint8_t& byte : bytes) {
    x = x * 214013 + 2531011;
    byte = static_cast<uint8_t>(x >> 16);
  }
  HashKey key;
  memcpy(&key, bytes, sizeof key);
  return key;
}

HashKey random_key() {
  HashKey key;
  CHECK(getrandom(&key, sizeof key, 0) == static_cast<ssize_t>(sizeof key));
  return key;
}

std::optional<HashKey> key_from_environment(std::string_view value) {
  if (value.empty() || value == "random") return random_key();
  uint64_t seed = 0;
  for (const char c : value) {
    if (c < '0' || c > '9') return std::nullopt;
    seed = seed * 10 + static_cast<uint64_t>(c - '0');
    if (seed > UINT32_MAX) return std::nullopt;
  }
  return key_from_seed(static_cast<uint32_t>(seed));
}

namespace {

struct State {
  uint64_t v0, v1, v2, v3;

  void round() {
    v0 += v1;
    v2 += v3;
    v1 = std::rotl(v1, 13) ^ v0;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 = std::rotl(v0, 32);
    v2 += v1;
    v0 += v3;
    v1 = std::rotl(v1, 17) ^ v2;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 = std::rotl(v2, 32);
  }
  void absorb(uint64_t word) {
    v3 ^= word;
    round();
    v0 ^= word;
  }
};

}  // namespace

uint64_t siphash13(HashKey key, std::span<const uint8_t> data) {
  State s = {key.k0 ^ 0x736f6d6570736575, key.k1 ^ 0x646f72616e646f6d, key.k0 ^ 0x6c7967656e657261,
             key.k1 ^ 0x7465646279746573};
  const uint8_t* p = data.data();
  size_t left = data.size();
  for (; left >= 8; left -= 8, p += 8) {
    uint64_t word;
    memcpy(&word, p, 8);
    s.absorb(word);
  }
  uint64_t last = 0;
  if (left != 0) memcpy(&last, p, left);
  s.absorb(last | static_cast<uint64_t>(data.size()) << 56);
  s.v2 ^= 0xFF;
  for (int i = 0; i < 3; i++) s.round();
  return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

int64_t hash_bytes(HashKey key, std::span<const uint8_t> data) {
  if (data.empty()) return 0;
  const int64_t h = static_cast<int64_t>(siphash13(key, data));
  return h == -1 ? -2 : h;
}

}  // namespace pystm::vm::hash
