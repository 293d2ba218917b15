// SipHash-1-3 (Aumasson and Bernstein 2012) with CPython's key schedule, so that with the same
// PYTHONHASHSEED strings hash, and sets iterate, as in CPython.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace pystm::vm::hash {

struct HashKey {
  uint64_t k0 = 0, k1 = 0;
};

// PYTHONHASHSEED=n, 0 <= n <= 4294967295; 0 switches randomisation off.
HashKey key_from_seed(uint32_t seed);
HashKey random_key();
// From the variable's text: empty or "random" draws a key, nullopt is a fatal error
// ("PYTHONHASHSEED must be \"random\" or an integer in range [0; 4294967295]").
std::optional<HashKey> key_from_environment(std::string_view value);

uint64_t siphash13(HashKey key, std::span<const uint8_t> data);
// hash() of a str's storage (its units, 1, 2 or 4 bytes each) or of bytes: 0 when empty, never -1.
int64_t hash_bytes(HashKey key, std::span<const uint8_t> data);

}  // namespace pystm::vm::hash
