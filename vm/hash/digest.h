// Message digests: MD5 (RFC 1321), SHA-1 and SHA-2 (FIPS 180-4), SHA-3 and SHAKE (FIPS 202),
// BLAKE2 (RFC 7693). All are streaming and copyable values: update() any number of times, digest()
// without disturbing the state, copy to fork.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>

namespace pystm::vm::hash {

using Bytes = std::span<const uint8_t>;

// Feeds whole blocks to State::compress(const uint8_t*); pads as MD5 and SHA do: a one bit, zeros,
// the length in bits in the last LengthBytes of a block.
template <class State, size_t BlockSize, size_t LengthBytes, bool BigEndian>
class BlockDigest {
 public:
  static constexpr size_t kBlockSize = BlockSize;
  static constexpr size_t kDigestSize = State::kDigestSize;

  void update(Bytes data) {
    length_ += data.size();
    if (fill_ != 0) {
      const size_t take = data.size() < BlockSize - fill_ ? data.size() : BlockSize - fill_;
      if (take != 0) memcpy(block_ + fill_, data.data(), take);
      fill_ += take;
      data = data.subspan(take);
      if (fill_ < BlockSize) return;
      state_.compress(block_);
      fill_ = 0;
    }
    for (; data.size() >= BlockSize; data = data.subspan(BlockSize)) state_.compress(data.data());
    if (!data.empty()) memcpy(block_, data.data(), data.size());
    fill_ = data.size();
  }

  std::string digest() const {
    BlockDigest copy = *this;
    copy.finish();
    return copy.state_.output();  // NOBARRIER: a digest's own state, no heap object
  }

 private:
  void finish() {
    const uint64_t bits = length_ * 8;
    uint8_t tail[2 * BlockSize] = {0x80};
    const size_t room = BlockSize - fill_;
    const size_t size = room > LengthBytes ? room : room + BlockSize;
    for (size_t i = 0; i < 8; i++)
      tail[BigEndian ? size - 1 - i : size - 8 + i] = static_cast<uint8_t>(bits >> (8 * i));
    update(Bytes(tail, size));
  }

  State state_;
  uint64_t length_ = 0;
  size_t fill_ = 0;
  uint8_t block_[BlockSize];
};

struct Md5State {
  static constexpr size_t kDigestSize = 16;
  uint32_t h[4] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476};
  void compress(const uint8_t* block);
  std::string output() const;
};

struct Sha1State {
  static constexpr size_t kDigestSize = 20;
  uint32_t h[5] = {0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  void compress(const uint8_t* block);
  std::string output() const;
};

// The 224 and 384 bit variants differ in their start and are cut short.
template <size_t Bits>
struct Sha256State {
  static constexpr size_t kDigestSize = Bits / 8;
  uint32_t h[8];
  Sha256State();
  void compress(const uint8_t* block);
  std::string output() const;
};

template <size_t Bits>
struct Sha512State {
  static constexpr size_t kDigestSize = Bits / 8;
  uint64_t h[8];
  Sha512State();
  void compress(const uint8_t* block);
  std::string output() const;
};

using Md5 = BlockDigest<Md5State, 64, 8, false>;
using Sha1 = BlockDigest<Sha1State, 64, 8, true>;
using Sha224 = BlockDigest<Sha256State<224>, 64, 8, true>;
using Sha256 = BlockDigest<Sha256State<256>, 64, 8, true>;
using Sha384 = BlockDigest<Sha512State<384>, 128, 16, true>;
using Sha512 = BlockDigest<Sha512State<512>, 128, 16, true>;

// The Keccak sponge. SHA-3 has a fixed digest, SHAKE any length.
class Sponge {
 public:
  static Sponge sha3(int bits) { return Sponge(200 - bits / 4, 0x06, bits / 8); }
  static Sponge shake(int bits) { return Sponge(200 - bits / 4, 0x1F, 0); }

  size_t block_size() const { return rate_; }
  size_t digest_size() const { return digest_size_; }
  void update(Bytes data);
  std::string digest() const { return digest(digest_size_); }
  std::string digest(size_t length) const;

 private:
  Sponge(size_t rate, uint8_t suffix, size_t digest_size)
      : rate_(rate), digest_size_(digest_size), suffix_(suffix) {}
  void xor_byte(size_t at, uint8_t byte) {
    lanes_[at / 8] ^= static_cast<uint64_t>(byte) << (at % 8 * 8);
  }

  uint64_t lanes_[25] = {};
  size_t rate_, digest_size_, at_ = 0;
  uint8_t suffix_;
};

// The parameter block of BLAKE2; the defaults are those of hashlib.
struct Blake2Params {
  size_t digest_size = 0;  // 0: the largest
  Bytes key, salt, person;
  uint8_t fanout = 1, depth = 1;
  uint32_t leaf_size = 0;
  uint64_t node_offset = 0;
  uint8_t node_depth = 0, inner_size = 0;
  bool last_node = false;
};

// Word is uint64_t for BLAKE2b, uint32_t for BLAKE2s.
// REQUIRES: sizes within kMaxDigest, kMaxKey and kSaltSize.
template <class Word>
class Blake2 {
 public:
  static constexpr size_t kBlockSize = 16 * sizeof(Word);
  static constexpr size_t kMaxDigest = 8 * sizeof(Word), kMaxKey = 8 * sizeof(Word);
  static constexpr size_t kSaltSize = 2 * sizeof(Word);  // and that of person

  explicit Blake2(const Blake2Params& params = {});
  size_t digest_size() const { return digest_size_; }
  void update(Bytes data);
  std::string digest() const;

 private:
  void compress(bool last);

  Word h_[8];
  Word count_[2] = {0, 0};
  uint8_t block_[kBlockSize];
  size_t fill_ = 0, digest_size_;
  bool last_node_;
};

using Blake2b = Blake2<uint64_t>;
using Blake2s = Blake2<uint32_t>;

}  // namespace pystm::vm::hash
