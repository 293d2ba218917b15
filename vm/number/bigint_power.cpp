// Powers, modular powers, roots and divisors. Modular powers use a fixed 4-bit window; an odd
// modulus of moderate size is reduced by Montgomery's method (Montgomery 1985), any other by
// division.
#include <algorithm>
#include <cstring>
#include <vector>

#include "vm/number/bigint.h"

namespace pystm::vm::number {

bool pow(BigView base, uint64_t exponent, BigBuffer& out, uint64_t max_bits) {
  if (exponent == 0) return out.set(1), true;
  if (base.is_zero()) return out.set_zero(), true;
  if (base.size == 1 && base.limbs[0] == 1) {
    out.set(base.negative && exponent % 2 != 0 ? -1 : 1);
    return true;
  }
  const uint64_t bits = bit_length(base);
  if (exponent > max_bits || (bits - 1) > max_bits / exponent) return false;
  // The odd part is raised; the factors of two become one shift.
  const uint64_t twos = trailing_zeros(base);
  BigBuffer odd, square, accumulator;
  shift_right(base.abs(), twos, odd);
  accumulator.set(odd);
  for (int i = 62 - __builtin_clzll(exponent); i >= 0; i--) {
    mul(accumulator, accumulator, square);
    if ((exponent >> i & 1) != 0)
      mul(square, odd, accumulator);
    else
      accumulator.swap(square);
  }
  shift_left(accumulator, twos * exponent, out);
  out.finish(base.negative && exponent % 2 != 0);
  return true;
}

namespace {

// x in [0, |m|) congruent to a.
void reduce(BigView a, BigView m, BigBuffer& out) { floor_divmod(a, m.abs(), nullptr, &out); }

// out = a**-1 mod m for a in [0, m), m > 1.
bool invert(BigView a, BigView m, BigBuffer& out) {
  if (a.is_zero()) return false;
  // mpn_gcdext wants the first number at least as long; a + m is congruent to a.
  BigBuffer u, v, g, s;
  add(a, m, u);
  v.set(m);
  g.reset(m.size + 1);
  s.reset(m.size + 2);
  mp_size_t s_size = 0;
  BigBuffer wide;
  mp_limb_t* up = wide.reset(u.size() + 1);
  std::copy_n(u.limbs(), u.size(), up);
  const mp_size_t g_size =
      mpn_gcdext(g.limbs(), s.limbs(), &s_size, up, u.size(), v.limbs(), v.size());
  if (g_size != 1 || g.limbs()[0] != 1) return false;
  reduce({s.limbs(), std::abs(s_size), s_size < 0}, m, out);
  return true;
}

// Multiplication modulo m by division.
class PlainModulus {
 public:
  explicit PlainModulus(BigView m) : m_(m) {}
  void enter(BigView a, BigBuffer& out) { out.set(a); }
  void leave(BigView a, BigBuffer& out) { out.set(a); }
  void multiply(BigView a, BigView b, BigBuffer& out) {
    mul(a, b, product_);
    reduce(product_, m_, out);
  }

 private:
  BigView m_;
  BigBuffer product_;
};

// Multiplication of numbers kept as a * 2**(64 n) mod m, for odd m of n limbs.
class MontgomeryModulus {
 public:
  explicit MontgomeryModulus(BigView m) : m_(m), scratch_(2 * m.size + 1) {
    mp_limb_t inverse = m.limbs[0];  // right in the low three bits; each step doubles them
    for (int i = 0; i < 5; i++) inverse *= 2 - m.limbs[0] * inverse;
    minus_inverse_ = 0 - inverse;
  }
  void enter(BigView a, BigBuffer& out) {
    BigBuffer shifted;
    shift_left(a, static_cast<uint64_t>(m_.size) * 64, shifted);
    reduce(shifted, m_, out);
  }
  void leave(BigView a, BigBuffer& out) {
    std::fill(scratch_.begin(), scratch_.end(), 0);
    std::copy_n(a.limbs, a.size, scratch_.data());
    reduce_scratch(out);
  }
  void multiply(BigView a, BigView b, BigBuffer& out) {
    if (a.is_zero() || b.is_zero()) return out.set_zero();
    if (a.size < b.size) std::swap(a, b);
    std::fill(scratch_.begin() + a.size + b.size, scratch_.end(), 0);
    if (a.limbs == b.limbs)
      mpn_sqr(scratch_.data(), a.limbs, a.size);
    else
      mpn_mul(scratch_.data(), a.limbs, a.size, b.limbs, b.size);
    reduce_scratch(out);
  }

 private:
  void reduce_scratch(BigBuffer& out) {
    const mp_size_t n = m_.size;
    mp_limb_t* t = scratch_.data();
    mp_limb_t top = 0;
    for (mp_size_t i = 0; i < n; i++) {
      const mp_limb_t carry = mpn_addmul_1(t + i, m_.limbs, n, t[i] * minus_inverse_);
      top += mpn_add_1(t + i + n, t + i + n, n - i, carry);
    }
    mp_limb_t* p = out.reset(n);
    if (top != 0 || mpn_cmp(t + n, m_.limbs, n) >= 0)
      mpn_sub_n(p, t + n, m_.limbs, n);
    else
      std::copy_n(t + n, n, p);
    out.finish(false);
  }

  BigView m_;
  std::vector<mp_limb_t> scratch_;
  mp_limb_t minus_inverse_;
};

unsigned window_at(BigView e, uint64_t index) {
  return e.limbs[index / 16] >> (index % 16 * 4) & 15;
}

// base in [0, m), exponent > 0.
template <class Modulus>
void power_in(Modulus modulus, BigView base, BigView exponent, BigBuffer& out) {
  BigBuffer powers[16], x, next;
  modulus.enter(base, powers[1]);
  for (int i = 2; i < 16; i++) modulus.multiply(powers[i - 1], powers[1], powers[i]);
  uint64_t windows = (bit_length(exponent) + 3) / 4;
  x.set(powers[window_at(exponent, --windows)]);
  while (windows-- > 0) {
    for (int i = 0; i < 4; i++) {
      modulus.multiply(x, x, next);
      x.swap(next);
    }
    const unsigned digit = window_at(exponent, windows);
    if (digit == 0) continue;
    modulus.multiply(x, powers[digit], next);
    x.swap(next);
  }
  modulus.leave(x, out);
}

}  // namespace

PowmodStatus powmod(BigView base, BigView exponent, BigView modulus, BigBuffer& out) {
  if (modulus.is_zero()) return PowmodStatus::ZeroModulus;
  const BigView m = modulus.abs();
  if (m.size == 1 && m.limbs[0] == 1) {
    out.set_zero();
    return PowmodStatus::Ok;
  }
  constexpr mp_size_t kMontgomeryLimit = 80;  // limbs; beyond, division's better algorithms win
  BigBuffer a, result;
  reduce(base, m, a);
  if (exponent.negative) {
    BigBuffer inverse;
    if (!invert(a, m, inverse)) return PowmodStatus::NotInvertible;
    a.swap(inverse);
  }
  if (exponent.is_zero())
    result.set(1);
  else if (m.is_odd() && m.size <= kMontgomeryLimit)
    power_in(MontgomeryModulus(m), a, exponent, result);
  else
    power_in(PlainModulus(m), a, exponent, result);
  if (modulus.negative && result.size() != 0)
    add(result, modulus, out);
  else
    out.swap(result);
  return PowmodStatus::Ok;
}

void isqrt(BigView a, BigBuffer& out) {
  if (a.is_zero()) return out.set_zero();
  mpn_sqrtrem(out.reset((a.size + 1) / 2), nullptr, a.limbs, a.size);
  out.finish(false);
}

void gcd(BigView a, BigView b, BigBuffer& out) {
  if (a.is_zero()) return out.set(b.abs());
  if (b.is_zero()) return out.set(a.abs());
  // mpn_gcd wants odd numbers and destroys them.
  const uint64_t a_twos = trailing_zeros(a), b_twos = trailing_zeros(b);
  BigBuffer x, y, odd;
  shift_right(a.abs(), a_twos, x);
  shift_right(b.abs(), b_twos, y);
  if (compare(x, y) < 0) x.swap(y);
  mp_limb_t* p = odd.reset(y.size());
  const mp_size_t n = mpn_gcd(p, x.limbs(), x.size(), y.limbs(), y.size());
  std::fill(p + n, p + odd.size(), 0);
  odd.finish(false);
  shift_left(odd, std::min(a_twos, b_twos), out);
}

void lcm(BigView a, BigView b, BigBuffer& out) {
  if (a.is_zero() || b.is_zero()) return out.set_zero();
  BigBuffer divisor, part;
  gcd(a, b, divisor);
  floor_divmod(a.abs(), divisor, &part, nullptr);
  mul(part, b.abs(), out);
}

}  // namespace pystm::vm::number
