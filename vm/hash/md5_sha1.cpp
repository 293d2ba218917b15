// MD5 and SHA-1: the same construction at 32 bits, little and big endian.
#include <bit>

#include "vm/hash/digest.h"

namespace pystm::vm::hash {

namespace {

// The leading bits of |sin(i + 1)|.
constexpr uint32_t kSines[64] = {
    0xd76aa478, 0xe8c7b756, 0x242070db, 0xc1bdceee, 0xf57c0faf, 0x4787c62a, 0xa8304613, 0xfd469501,
    0x698098d8, 0x8b44f7af, 0xffff5bb1, 0x895cd7be, 0x6b901122, 0xfd987193, 0xa679438e, 0x49b40821,
    0xf61e2562, 0xc040b340, 0x265e5a51, 0xe9b6c7aa, 0xd62f105d, 0x02441453, 0xd8a1e681, 0xe7d3fbc8,
    0x21e1cde6, 0xc33707d6, 0xf4d50d87, 0x455a14ed, 0xa9e3e905, 0xfcefa3f8, 0x676f02d9, 0x8d2a4c8a,
    0xfffa3942, 0x8771f681, 0x6d9d6122, 0xfde5380c, 0xa4beea44, 0x4bdecfa9, 0xf6bb4b60, 0xbebfbc70,
    0x289b7ec6, 0xeaa127fa, 0xd4ef3085, 0x04881d05, 0xd9d4d039, 0xe6db99e5, 0x1fa27cf8, 0xc4ac5665,
    0xf4292244, 0x432aff97, 0xab9423a7, 0xfc93a039, 0x655b59c3, 0x8f0ccc92, 0xffeff47d, 0x85845dd1,
    0x6fa87e4f, 0xfe2ce6e0, 0xa3014314, 0x4e0811a1, 0xf7537e82, 0xbd3af235, 0x2ad7d2bb, 0xeb86d391,
};

constexpr int kMd5Shifts[4][4] = {
    {7, 12, 17, 22}, {5, 9, 14, 20}, {4, 11, 16, 23}, {6, 10, 15, 21}};

void append_word(uint32_t word, bool big, std::string& out) {
  for (int i = 0; i < 4; i++) out += static_cast<char>(word >> (8 * (big ? 3 - i : i)) & 0xFF);
}

}  // namespace

void Md5State::compress(const uint8_t* block) {
  uint32_t m[16];
  memcpy(m, block, sizeof m);
  uint32_t a = h[0], b = h[1], c = h[2], d = h[3];
  for (int i = 0; i < 64; i++) {
    uint32_t f;
    int word;
    switch (i / 16) {
      case 0:
        f = (b & c) | (~b & d);
        word = i;
        break;
      case 1:
        f = (d & b) | (~d & c);
        word = (5 * i + 1) % 16;
        break;
      case 2:
        f = b ^ c ^ d;
        word = (3 * i + 5) % 16;
        break;
      default:
        f = c ^ (b | ~d);
        word = 7 * i % 16;
        break;
    }
    const uint32_t rotated = std::rotl(a + f + kSines[i] + m[word], kMd5Shifts[i / 16][i % 4]);
    a = d;
    d = c;
    c = b;
    b += rotated;
  }
  h[0] += a;
  h[1] += b;
  h[2] += c;
  h[3] += d;
}

std::string Md5State::output() const {
  std::string out;
  for (const uint32_t word : h) append_word(word, false, out);
  return out;
}

void Sha1State::compress(const uint8_t* block) {
  uint32_t w[80];
  memcpy(w, block, 64);
  for (int i = 0; i < 16; i++) w[i] = __builtin_bswap32(w[i]);
  for (int i = 16; i < 80; i++) w[i] = std::rotl(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
  uint32_t a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
  for (int i = 0; i < 80; i++) {
    uint32_t f;
    switch (i / 20) {
      case 0:
        f = ((b & c) | (~b & d)) + 0x5A827999;
        break;
      case 1:
        f = (b ^ c ^ d) + 0x6ED9EBA1;
        break;
      case 2:
        f = ((b & c) | (b & d) | (c & d)) + 0x8F1BBCDC;
        break;
      default:
        f = (b ^ c ^ d) + 0xCA62C1D6;
        break;
    }
    const uint32_t next = std::rotl(a, 5) + f + e + w[i];
    e = d;
    d = c;
    c = std::rotl(b, 30);
    b = a;
    a = next;
  }
  h[0] += a;
  h[1] += b;
  h[2] += c;
  h[3] += d;
  h[4] += e;
}

std::string Sha1State::output() const {
  std::string out;
  for (const uint32_t word : h) append_word(word, true, out);
  return out;
}

}  // namespace pystm::vm::hash
