// Big integers to and from machine integers, doubles, bytes and hashes. Doubles come from the top
// bits of the number plus one sticky bit for all that is below, rounded once, ties to even.
#include <algorithm>
#include <cfloat>
#include <cmath>
#include <cstring>

#include "base/assert.h"
#include "vm/number/bigint.h"

namespace pystm::vm::number {

std::optional<int64_t> to_int64(BigView a) {
  if (a.size == 0) return 0;
  if (a.size > 1) return std::nullopt;
  const uint64_t limb = a.limbs[0];
  if (limb > (uint64_t{1} << 63) - (a.negative ? 0 : 1)) return std::nullopt;
  return static_cast<int64_t>(a.negative ? 0 - limb : limb);
}

std::optional<uint64_t> to_uint64(BigView a) {
  if (a.size == 0) return 0;
  if (a.size > 1 || a.negative) return std::nullopt;
  return a.limbs[0];
}

uint64_t low_bits(BigView a) {
  if (a.size == 0) return 0;
  return a.negative ? 0 - a.limbs[0] : a.limbs[0];
}

// Subnormal results keep fewer bits, so they too are rounded only once.
std::optional<double> scale_to_double(uint64_t m, bool sticky, int64_t exponent) {
  if (m == 0) return 0.0;
  const int length = 64 - __builtin_clzll(m);
  const int64_t top = length + exponent;  // value in [2**(top-1), 2**top)
  if (top > DBL_MAX_EXP) return std::nullopt;
  const int64_t keep = top >= DBL_MIN_EXP ? 53 : 53 - (DBL_MIN_EXP - top);
  const int64_t drop = length - keep;
  if (keep < 0) return 0.0;
  if (drop <= 0) return std::ldexp(static_cast<double>(m), static_cast<int>(exponent));
  const uint64_t kept = drop == 64 ? 0 : m >> drop;
  const uint64_t half = uint64_t{1} << (drop - 1);
  const uint64_t rest = m & (half | (half - 1));
  const bool up = rest > half || (rest == half && (sticky || (kept & 1) != 0));
  const double value =
      std::ldexp(static_cast<double>(kept + (up ? 1 : 0)), static_cast<int>(exponent + drop));
  if (std::isinf(value)) return std::nullopt;
  return value;
}

namespace {

// The top 64 bits of a, whether anything lies below, and the exponent of their last bit.
struct TopBits {
  uint64_t bits;
  bool sticky;
  int64_t exponent;
};

TopBits top_bits(BigView a) {
  const int lead = __builtin_clzll(a.limbs[a.size - 1]);
  const int64_t exponent = static_cast<int64_t>(a.size - 1) * 64 - lead;
  uint64_t bits = a.limbs[a.size - 1] << lead;
  if (a.size > 1 && lead != 0) bits |= a.limbs[a.size - 2] >> (64 - lead);
  const bool sticky = exponent > 0 && trailing_zeros(a) < static_cast<uint64_t>(exponent);
  return {bits, sticky, exponent};
}

std::optional<double> with_sign(std::optional<double> v, bool negative) {
  if (v && negative) return -*v;
  return v;
}

}  // namespace

std::optional<double> to_double(BigView a) {
  if (a.size == 0) return 0.0;
  const TopBits top = top_bits(a);
  return with_sign(scale_to_double(top.bits, top.sticky, top.exponent), a.negative);
}

void from_double(double v, BigBuffer& out) {
  DCHECK(std::isfinite(v));
  int exponent;
  const double mantissa = std::frexp(std::fabs(v), &exponent);
  if (exponent <= 0) return out.set_zero();
  const uint64_t bits = static_cast<uint64_t>(std::ldexp(mantissa, 53));
  BigBuffer whole;
  whole.set_unsigned(exponent <= 53 ? bits >> (53 - exponent) : bits);
  shift_left(whole, exponent <= 53 ? 0 : exponent - 53, out);
  out.finish(v < 0);
}

std::optional<double> true_divide(BigView a, BigView b) {
  DCHECK(!b.is_zero());
  const bool negative = a.negative != b.negative;
  if (a.is_zero()) return negative ? -0.0 : 0.0;
  constexpr uint64_t kExact = uint64_t{1} << 53;
  if (a.size == 1 && b.size == 1 && a.limbs[0] <= kExact && b.limbs[0] <= kExact)
    return with_sign(static_cast<double>(a.limbs[0]) / static_cast<double>(b.limbs[0]), negative);
  // Scale so that the quotient has 62 or 63 bits.
  const int64_t shift =
      62 - (static_cast<int64_t>(bit_length(a)) - static_cast<int64_t>(bit_length(b)));
  BigBuffer x, y, q, r;
  shift_left(a.abs(), shift > 0 ? shift : 0, x);
  shift_left(b.abs(), shift < 0 ? -shift : 0, y);
  floor_divmod(x, y, &q, &r);
  return with_sign(scale_to_double(q.limbs()[0], r.size() != 0, -shift), negative);
}

int compare_double(BigView a, double v) {
  if (std::isinf(v)) return v > 0 ? -1 : 1;
  const int sign = v > 0 ? 1 : v < 0 ? -1 : 0;
  if (a.sign() != sign) return a.sign() < sign ? -1 : 1;
  if (sign == 0) return 0;
  BigBuffer whole;
  from_double(v, whole);
  const int order = compare(a, whole);
  if (order != 0 || std::trunc(v) == v) return order;
  return -sign;  // the fraction decides
}

double frexp(BigView a, int64_t* exponent) {
  if (a.size == 0) {
    *exponent = 0;
    return 0.0;
  }
  const TopBits top = top_bits(a);
  int extra;
  const double mantissa = std::frexp(*scale_to_double(top.bits, top.sticky, 0), &extra);
  *exponent = top.exponent + extra;
  return a.negative ? -mantissa : mantissa;
}

void from_bytes(std::span<const uint8_t> bytes, ByteOrder order, bool is_signed, BigBuffer& out) {
  const size_t n = bytes.size();
  const auto byte_at = [&](size_t i) { return bytes[order == ByteOrder::Little ? i : n - 1 - i]; };
  const mp_size_t limbs = (n + 7) / 8;
  mp_limb_t* p = out.reset(limbs);
  const bool negative = is_signed && n != 0 && (byte_at(n - 1) & 0x80) != 0;
  std::fill_n(p, limbs, negative ? ~mp_limb_t{0} : 0);
  for (size_t i = 0; i < n; i++) {
    const int at = i % 8 * 8;
    p[i / 8] = (p[i / 8] & ~(mp_limb_t{0xFF} << at)) | mp_limb_t{byte_at(i)} << at;
  }
  if (negative) mpn_neg(p, p, limbs);
  out.finish(negative);
}

ToBytesStatus to_bytes(BigView a, std::span<uint8_t> bytes, ByteOrder order, bool is_signed) {
  if (a.negative && !is_signed) return ToBytesStatus::NegativeUnsigned;
  const uint64_t room = static_cast<uint64_t>(bytes.size()) * 8;
  uint64_t need = bit_length(a);
  if (is_signed && a.size != 0) {
    // -2**(k-1) fits in k bits, every other number of k bits needs a sign bit more.
    const bool power = trailing_zeros(a) == need - 1;
    need += a.negative && power ? 0 : 1;
  }
  // CPython lets -1 vanish into no bytes at all.
  const bool vanishes = bytes.empty() && a.size == 1 && a.limbs[0] == 1 && a.negative;
  if (need > room && !vanishes) return ToBytesStatus::TooBig;
  uint64_t carry = 1;
  for (size_t i = 0; i < bytes.size(); i++) {
    const mp_size_t limb = i / 8;
    uint64_t byte = limb < a.size ? a.limbs[limb] >> (i % 8 * 8) & 0xFF : 0;
    if (a.negative) {
      byte = (byte ^ 0xFF) + carry;
      carry = byte >> 8;
    }
    bytes[order == ByteOrder::Little ? i : bytes.size() - 1 - i] = static_cast<uint8_t>(byte);
  }
  return ToBytesStatus::Ok;
}

int64_t hash(BigView a) {
  constexpr uint64_t kModulus = (uint64_t{1} << 61) - 1;
  uint64_t h = 0;
  for (mp_size_t i = a.size - 1; i >= 0; i--) {
    // h * 2**64 + limb, and 2**64 == 8 modulo 2**61 - 1
    const unsigned __int128 wide = static_cast<unsigned __int128>(h) * 8 + a.limbs[i];
    h = static_cast<uint64_t>(wide & kModulus) + static_cast<uint64_t>(wide >> 61);
    if (h >= kModulus) h -= kModulus;
  }
  const int64_t result = a.negative ? -static_cast<int64_t>(h) : static_cast<int64_t>(h);
  return result == -1 ? -2 : result;
}

void round_to_power_of_ten(BigView a, uint64_t digits, BigBuffer& out) {
  // With more digits than the number has, half of 10**digits is already above it.
  if (digits > bit_length(a) / 3 + 1) return out.set_zero();
  BigBuffer unit, rest, twice, base;
  if (!pow(SmallBig(10), digits, unit)) return out.set_zero();
  BigBuffer quotient;
  floor_divmod(a, unit, &quotient, &rest);
  shift_left(rest, 1, twice);
  const int order = compare(twice, unit);
  BigBuffer rounded;
  const bool up = order > 0 || (order == 0 && quotient.view().is_odd());
  add(quotient, SmallBig(up ? 1 : 0), rounded);
  mul(rounded, unit, out);
}

}  // namespace pystm::vm::number
