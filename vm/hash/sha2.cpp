// SHA-2 at both widths. The 64-bit form's constants contain the 32-bit form's as upper halves.
#include <bit>

#include "vm/hash/digest.h"
#include "vm/hash/digest_tables.h"

namespace pystm::vm::hash {

namespace {

// Rotations and shifts of the sigma functions.
struct Narrow {
  using Word = uint32_t;
  static constexpr int kRounds = 64;
  static constexpr int kBig0[3] = {2, 13, 22}, kBig1[3] = {6, 11, 25};
  static constexpr int kSmall0[3] = {7, 18, 3}, kSmall1[3] = {17, 19, 10};
  static Word constant(int i) { return static_cast<Word>(kCubeRoots[i] >> 32); }
  static Word load(Word w) { return __builtin_bswap32(w); }
};

struct Wide {
  using Word = uint64_t;
  static constexpr int kRounds = 80;
  static constexpr int kBig0[3] = {28, 34, 39}, kBig1[3] = {14, 18, 41};
  static constexpr int kSmall0[3] = {1, 8, 7}, kSmall1[3] = {19, 61, 6};
  static Word constant(int i) { return kCubeRoots[i]; }
  static Word load(Word w) { return __builtin_bswap64(w); }
};

template <class Word>
Word big_sigma(Word x, const int (&r)[3]) {
  return std::rotr(x, r[0]) ^ std::rotr(x, r[1]) ^ std::rotr(x, r[2]);
}

template <class Word>
Word small_sigma(Word x, const int (&r)[3]) {
  return std::rotr(x, r[0]) ^ std::rotr(x, r[1]) ^ (x >> r[2]);
}

template <class Form>
void compress_block(typename Form::Word* state, const uint8_t* block) {
  using Word = typename Form::Word;
  Word w[Form::kRounds];
  memcpy(w, block, 16 * sizeof(Word));
  for (int i = 0; i < 16; i++) w[i] = Form::load(w[i]);
  for (int i = 16; i < Form::kRounds; i++)
    w[i] = w[i - 16] + small_sigma(w[i - 15], Form::kSmall0) + w[i - 7] +
           small_sigma(w[i - 2], Form::kSmall1);
  Word a = state[0], b = state[1], c = state[2], d = state[3];
  Word e = state[4], f = state[5], g = state[6], h = state[7];
  for (int i = 0; i < Form::kRounds; i++) {
    const Word choice = (e & f) ^ (~e & g), majority = (a & b) ^ (a & c) ^ (b & c);
    const Word t1 = h + big_sigma(e, Form::kBig1) + choice + Form::constant(i) + w[i];
    const Word t2 = big_sigma(a, Form::kBig0) + majority;
    h = g;
    g = f;
    f = e;
    e = d + t1;
    d = c;
    c = b;
    b = a;
    a = t1 + t2;
  }
  const Word result[8] = {a, b, c, d, e, f, g, h};
  for (int i = 0; i < 8; i++) state[i] += result[i];
}

template <class Word>
std::string big_endian(const Word* h, size_t size) {
  std::string out;
  for (size_t i = 0; i < size; i++)
    out += static_cast<char>(h[i / sizeof(Word)] >> (8 * (sizeof(Word) - 1 - i % sizeof(Word))));
  return out;
}

}  // namespace

template <size_t Bits>
Sha256State<Bits>::Sha256State() {
  // SHA-224 starts from the lower halves of SHA-384's start.
  for (int i = 0; i < 8; i++)
    h[i] = static_cast<uint32_t>(Bits == 256 ? kSquareRoots[i] >> 32 : kSquareRoots[i + 8]);
}

template <size_t Bits>
void Sha256State<Bits>::compress(const uint8_t* block) {
  compress_block<Narrow>(h, block);
}

template <size_t Bits>
std::string Sha256State<Bits>::output() const {
  return big_endian(h, kDigestSize);
}

template <size_t Bits>
Sha512State<Bits>::Sha512State() {
  for (int i = 0; i < 8; i++) h[i] = kSquareRoots[Bits == 512 ? i : i + 8];
}

template <size_t Bits>
void Sha512State<Bits>::compress(const uint8_t* block) {
  compress_block<Wide>(h, block);
}

template <size_t Bits>
std::string Sha512State<Bits>::output() const {
  return big_endian(h, kDigestSize);
}

template struct Sha256State<224>;
template struct Sha256State<256>;
template struct Sha512State<384>;
template struct Sha512State<512>;

}  // namespace pystm::vm::hash
