// BLAKE2b and BLAKE2s: one template over the word.
#include <bit>

#include "vm/hash/digest.h"
#include "vm/hash/digest_tables.h"

namespace pystm::vm::hash {

namespace {

constexpr uint8_t kSigma[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0},
};

template <class Word>
constexpr bool kIsWide = sizeof(Word) == 8;

template <class Word>
Word start_word(int i) {
  return static_cast<Word>(kSquareRoots[i] >> (kIsWide<Word> ? 0 : 32));
}

template <class Word>
void mix(Word* v, int a, int b, int c, int d, Word x, Word y) {
  constexpr int kR1 = kIsWide<Word> ? 32 : 16, kR2 = kIsWide<Word> ? 24 : 12;
  constexpr int kR3 = kIsWide<Word> ? 16 : 8, kR4 = kIsWide<Word> ? 63 : 7;
  v[a] += v[b] + x;
  v[d] = std::rotr(static_cast<Word>(v[d] ^ v[a]), kR1);
  v[c] += v[d];
  v[b] = std::rotr(static_cast<Word>(v[b] ^ v[c]), kR2);
  v[a] += v[b] + y;
  v[d] = std::rotr(static_cast<Word>(v[d] ^ v[a]), kR3);
  v[c] += v[d];
  v[b] = std::rotr(static_cast<Word>(v[b] ^ v[c]), kR4);
}

template <class T>
uint8_t* put(uint8_t* p, T value) {
  memcpy(p, &value, sizeof value);
  return p + sizeof value;
}

void put_bytes(uint8_t* p, Bytes bytes) {
  if (!bytes.empty()) memcpy(p, bytes.data(), bytes.size());
}

}  // namespace

template <class Word>
Blake2<Word>::Blake2(const Blake2Params& params)
    : digest_size_(params.digest_size != 0 ? params.digest_size : kMaxDigest),
      last_node_(params.last_node) {
  uint8_t block[8 * sizeof(Word)] = {};
  uint8_t* p = block;
  p = put(p, static_cast<uint8_t>(digest_size_));
  p = put(p, static_cast<uint8_t>(params.key.size()));
  p = put(p, params.fanout);
  p = put(p, params.depth);
  p = put(p, params.leaf_size);
  if (kIsWide<Word>) {
    p = put(p, params.node_offset);
  } else {
    // BLAKE2s keeps 48 bits of the offset.
    p = put(p, static_cast<uint32_t>(params.node_offset));
    p = put(p, static_cast<uint16_t>(params.node_offset >> 32));
  }
  p = put(p, params.node_depth);
  put(p, params.inner_size);
  put_bytes(block + 4 * sizeof(Word), params.salt);
  put_bytes(block + 6 * sizeof(Word), params.person);
  memcpy(h_, block, sizeof h_);
  for (int i = 0; i < 8; i++) h_[i] ^= start_word<Word>(i);
  if (!params.key.empty()) {
    uint8_t key[kBlockSize] = {};
    put_bytes(key, params.key);
    update(key);
  }
}

template <class Word>
void Blake2<Word>::update(Bytes data) {
  while (!data.empty()) {
    // The last block waits for digest(), which must know that it is the last.
    if (fill_ == kBlockSize) {
      compress(false);
      fill_ = 0;
    }
    const size_t take = data.size() < kBlockSize - fill_ ? data.size() : kBlockSize - fill_;
    memcpy(block_ + fill_, data.data(), take);
    fill_ += take;
    data = data.subspan(take);
  }
}

template <class Word>
void Blake2<Word>::compress(bool last) {
  constexpr int kRounds = kIsWide<Word> ? 12 : 10;
  count_[0] += static_cast<Word>(fill_);
  if (count_[0] < fill_) count_[1]++;
  Word m[16], v[16];
  memcpy(m, block_, sizeof m);
  for (int i = 0; i < 8; i++) {
    v[i] = h_[i];
    v[i + 8] = start_word<Word>(i);
  }
  v[12] ^= count_[0];
  v[13] ^= count_[1];
  if (last) v[14] = ~v[14];
  if (last && last_node_) v[15] = ~v[15];
  for (int r = 0; r < kRounds; r++) {
    const uint8_t* s = kSigma[r % 10];
    for (int i = 0; i < 4; i++) mix(v, i, i + 4, i + 8, i + 12, m[s[2 * i]], m[s[2 * i + 1]]);
    for (int i = 0; i < 4; i++)
      mix(v, i, (i + 1) % 4 + 4, (i + 2) % 4 + 8, (i + 3) % 4 + 12, m[s[2 * i + 8]],
          m[s[2 * i + 9]]);
  }
  for (int i = 0; i < 8; i++) h_[i] ^= v[i] ^ v[i + 8];
}

template <class Word>
std::string Blake2<Word>::digest() const {
  Blake2 copy = *this;
  memset(copy.block_ + fill_, 0, kBlockSize - fill_);
  copy.compress(true);
  return std::string(reinterpret_cast<const char*>(copy.h_), digest_size_);
}

template class Blake2<uint64_t>;
template class Blake2<uint32_t>;

}  // namespace pystm::vm::hash
