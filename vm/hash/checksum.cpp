#include "vm/hash/checksum.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace pystm::vm::hash {

namespace {

// kCrc[k][b]: the effect of byte b followed by k zero bytes; eight bytes go through at once.
using CrcTables = std::array<std::array<uint32_t, 256>, 8>;

constexpr CrcTables make_crc_tables() {
  CrcTables t{};
  for (uint32_t b = 0; b < 256; b++) {
    uint32_t c = b;
    for (int i = 0; i < 8; i++) c = (c >> 1) ^ ((c & 1) != 0 ? 0xEDB88320u : 0);
    t[0][b] = c;
  }
  for (size_t k = 1; k < 8; k++)
    for (size_t b = 0; b < 256; b++) t[k][b] = (t[k - 1][b] >> 8) ^ t[0][t[k - 1][b] & 0xFF];
  return t;
}

constexpr CrcTables kCrc = make_crc_tables();

}  // namespace

uint32_t crc32(std::span<const uint8_t> data, uint32_t start) {
  uint32_t c = ~start;
  const uint8_t* p = data.data();
  size_t left = data.size();
  for (; left >= 8; left -= 8, p += 8) {
    uint64_t word;
    memcpy(&word, p, 8);
    word ^= c;
    c = 0;
    for (int k = 0; k < 8; k++) c ^= kCrc[7 - k][word >> (8 * k) & 0xFF];
  }
  for (; left != 0; left--, p++) c = (c >> 8) ^ kCrc[0][(c ^ *p) & 0xFF];
  return ~c;
}

uint32_t adler32(std::span<const uint8_t> data, uint32_t start) {
  constexpr uint32_t kModulus = 65521;
  constexpr size_t kSafeRun = 5552;  // sums stay below 2**32 for so many bytes
  uint32_t a = start & 0xFFFF, b = start >> 16;
  for (size_t i = 0; i < data.size();) {
    const size_t end = std::min(data.size(), i + kSafeRun);
    for (; i < end; i++) {
      a += data[i];
      b += a;
    }
    a %= kModulus;
    b %= kModulus;
  }
  return b << 16 | a;
}

uint16_t crc_hqx(std::span<const uint8_t> data, uint16_t start) {
  uint32_t c = start;
  for (const uint8_t byte : data) {
    c ^= static_cast<uint32_t>(byte) << 8;
    for (int i = 0; i < 8; i++) c = (c & 0x8000) != 0 ? (c << 1) ^ 0x1021 : c << 1;
  }
  return static_cast<uint16_t>(c);
}

}  // namespace pystm::vm::hash
