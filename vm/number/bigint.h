// Arbitrary-precision integers on GMP's mpn level. A number is a sign and a span of limbs, least
// significant first; the heap object keeps the limbs inline and lends them as a BigView, a result
// goes to a BigBuffer from which the caller copies. mpn allocates nothing, so no GMP memory is
// ever owned by a Python object or a transaction.
// Invariants: views and buffers are normalised (no zero top limb; zero is size 0 and not
// negative). An output buffer never shares limbs with an input.
#pragma once

#include <gmp.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pystm::vm::number {

static_assert(sizeof(mp_limb_t) == 8 && GMP_NAIL_BITS == 0);

struct BigView {
  const mp_limb_t* limbs = nullptr;
  mp_size_t size = 0;
  bool negative = false;

  bool is_zero() const { return size == 0; }
  bool is_odd() const { return size != 0 && (limbs[0] & 1) != 0; }
  int sign() const { return size == 0 ? 0 : negative ? -1 : 1; }
  BigView abs() const { return {limbs, size, false}; }
  BigView negated() const { return {limbs, size, size != 0 && !negative}; }
};

// A machine integer seen as a big one.
class SmallBig {
 public:
  explicit SmallBig(int64_t v)
      : limb_(v < 0 ? 0 - static_cast<uint64_t>(v) : static_cast<uint64_t>(v)), negative_(v < 0) {}
  BigView view() const { return {&limb_, limb_ != 0 ? 1 : 0, negative_}; }
  operator BigView() const { return view(); }

 private:
  mp_limb_t limb_;
  bool negative_;
};

// A growable result. Small numbers stay inside the object.
class BigBuffer {
 public:
  BigBuffer() = default;
  BigBuffer(const BigBuffer&) = delete;
  BigBuffer& operator=(const BigBuffer&) = delete;

  mp_limb_t* limbs() { return heap_ ? heap_.get() : inline_; }
  const mp_limb_t* limbs() const { return heap_ ? heap_.get() : inline_; }
  mp_size_t size() const { return size_; }
  bool negative() const { return negative_; }
  BigView view() const { return {limbs(), size_, negative_}; }
  operator BigView() const { return view(); }

  // Room for n limbs, contents undefined; the size becomes n.
  mp_limb_t* reset(mp_size_t n) {
    if (n > capacity_) {
      heap_.reset(new mp_limb_t[n]);
      capacity_ = n;
    }
    size_ = n;
    negative_ = false;
    return limbs();
  }
  // Drops zero top limbs and sets the sign.
  void finish(bool negative) {
    const mp_limb_t* p = limbs();
    while (size_ > 0 && p[size_ - 1] == 0) size_--;
    negative_ = negative && size_ != 0;
  }
  void set_zero() { reset(0); }
  void set(BigView v);
  void set(int64_t v) { set(SmallBig(v).view()); }
  void set_unsigned(uint64_t v) {
    reset(1)[0] = v;
    finish(false);
  }
  void swap(BigBuffer& other);

 private:
  static constexpr mp_size_t kInline = 6;
  mp_limb_t inline_[kInline];
  std::unique_ptr<mp_limb_t[]> heap_;
  mp_size_t size_ = 0, capacity_ = kInline;
  bool negative_ = false;
};

// ---- arithmetic: bigint.cpp ----
void add(BigView a, BigView b, BigBuffer& out);
void sub(BigView a, BigView b, BigBuffer& out);
void mul(BigView a, BigView b, BigBuffer& out);
// REQUIRES: b is not zero. Quotient rounds to minus infinity; either result may be null.
void floor_divmod(BigView a, BigView b, BigBuffer* quotient, BigBuffer* remainder);
void shift_left(BigView a, uint64_t bits, BigBuffer& out);
void shift_right(BigView a, uint64_t bits, BigBuffer& out);
// As on infinitely long two's complement numbers.
void bit_and(BigView a, BigView b, BigBuffer& out);
void bit_or(BigView a, BigView b, BigBuffer& out);
void bit_xor(BigView a, BigView b, BigBuffer& out);
void bit_invert(BigView a, BigBuffer& out);

int compare(BigView a, BigView b);
inline bool equal(BigView a, BigView b) {
  return a.size == b.size && a.negative == b.negative &&
         (a.size == 0 || mpn_cmp(a.limbs, b.limbs, a.size) == 0);
}
uint64_t bit_length(BigView a);      // of the absolute value
uint64_t bit_count(BigView a);       // ones in the absolute value
uint64_t trailing_zeros(BigView a);  // REQUIRES: a is not zero

// ---- powers and roots: bigint_power.cpp ----
// False when the result would need more than max_bits bits; out is then unspecified.
[[nodiscard]] bool pow(BigView base, uint64_t exponent, BigBuffer& out,
                       uint64_t max_bits = uint64_t{1} << 38);
enum class PowmodStatus { Ok, ZeroModulus, NotInvertible };
// pow(base, exponent, modulus): the result has the modulus' sign.
[[nodiscard]] PowmodStatus powmod(BigView base, BigView exponent, BigView modulus, BigBuffer& out);
void isqrt(BigView a, BigBuffer& out);  // REQUIRES: a >= 0
void gcd(BigView a, BigView b, BigBuffer& out);
void lcm(BigView a, BigView b, BigBuffer& out);

// ---- conversions: bigint_convert.cpp ----
std::optional<int64_t> to_int64(BigView a);
std::optional<uint64_t> to_uint64(BigView a);
// The low 64 bits in two's complement.
uint64_t low_bits(BigView a);
// Nearest double, ties to even; nullopt: "int too large to convert to float".
std::optional<double> to_double(BigView a);
// (m + epsilon if sticky) * 2**exponent rounded once, subnormals included; nullopt on overflow.
std::optional<double> scale_to_double(uint64_t m, bool sticky, int64_t exponent);
// Truncates. REQUIRES: v is finite.
void from_double(double v, BigBuffer& out);
// a / b rounded once; nullopt: "integer division result too large for a float".
// REQUIRES: b is not zero.
std::optional<double> true_divide(BigView a, BigView b);
// Exact comparison: -1, 0, 1. REQUIRES: v is not NaN.
int compare_double(BigView a, double v);
// Mantissa in [0.5, 1) and exponent, as math.log needs for huge values.
double frexp(BigView a, int64_t* exponent);

enum class ByteOrder { Little, Big };
void from_bytes(std::span<const uint8_t> bytes, ByteOrder order, bool is_signed, BigBuffer& out);
enum class ToBytesStatus { Ok, TooBig, NegativeUnsigned };
[[nodiscard]] ToBytesStatus to_bytes(BigView a, std::span<uint8_t> bytes, ByteOrder order,
                                     bool is_signed);
// Python's hash(): the value modulo 2**61 - 1, never -1.
int64_t hash(BigView a);
// round(a, -digits): to a multiple of 10**digits, ties to even.
void round_to_power_of_ten(BigView a, uint64_t digits, BigBuffer& out);

// ---- text: bigint_text.cpp ----
// Digits in base 2..36, lower case, "-" in front of negative numbers, no prefix.
std::string to_string(BigView a, int base = 10);
// A lower bound, at most one too small, of the number of decimal digits; for the digit limit.
uint64_t decimal_digits_at_least(BigView a);

enum class ParseStatus { Ok, Invalid, TooManyDigits };
struct ParseResult {
  ParseStatus status;
  uint64_t digits;  // how many digits the text has, for the error message
};
// Parses as int(text, base) does, base 0 or 2..36: surrounding whitespace, sign, prefix and single
// underscores. The text is ASCII (other decimal digits and spaces already mapped). More than
// max_digits digits in a base that is no power of two stop with TooManyDigits; 0 means no limit.
[[nodiscard]] ParseResult parse(std::string_view text, int base, uint64_t max_digits,
                                BigBuffer& out);

}  // namespace pystm::vm::number
