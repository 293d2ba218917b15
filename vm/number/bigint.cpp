// Addition, multiplication, floor division, shifts and two's complement logic on mpn limbs.
#include "vm/number/bigint.h"

#include <algorithm>
#include <cstring>

#include "base/assert.h"

namespace pystm::vm::number {

void BigBuffer::set(BigView v) {
  mp_limb_t* p = reset(v.size);
  if (v.size != 0) memcpy(p, v.limbs, v.size * sizeof(mp_limb_t));
  negative_ = v.negative;
}

void BigBuffer::swap(BigBuffer& other) {
  std::swap(inline_, other.inline_);
  std::swap(heap_, other.heap_);
  std::swap(size_, other.size_);
  std::swap(capacity_, other.capacity_);
  std::swap(negative_, other.negative_);
}

namespace {

int compare_abs(BigView a, BigView b) {
  if (a.size != b.size) return a.size < b.size ? -1 : 1;
  return a.size == 0 ? 0 : mpn_cmp(a.limbs, b.limbs, a.size);
}

void add_abs(BigView a, BigView b, bool negative, BigBuffer& out) {
  if (a.size < b.size) std::swap(a, b);
  if (b.size == 0) {
    out.set({a.limbs, a.size, negative && a.size != 0});
    return;
  }
  mp_limb_t* p = out.reset(a.size + 1);
  p[a.size] = mpn_add(p, a.limbs, a.size, b.limbs, b.size);
  out.finish(negative);
}

// |a| - |b| with the sign of a, which is given.
void sub_abs(BigView a, BigView b, bool negative, BigBuffer& out) {
  const int order = compare_abs(a, b);
  if (order == 0) return out.set_zero();
  if (order < 0) {
    std::swap(a, b);
    negative = !negative;
  }
  if (b.size == 0) {
    out.set({a.limbs, a.size, negative});
    return;
  }
  mp_limb_t* p = out.reset(a.size);
  mpn_sub(p, a.limbs, a.size, b.limbs, b.size);
  out.finish(negative);
}

// Truncating division of absolute values; true when the remainder is not zero.
bool divide_abs(BigView a, BigView b, BigBuffer& q, BigBuffer& r) {
  if (a.size < b.size) {
    q.set_zero();
    r.set(a.abs());
    return !a.is_zero();
  }
  mp_limb_t* qp = q.reset(a.size - b.size + 1);
  mp_limb_t* rp = r.reset(b.size);
  if (b.size == 1)
    rp[0] = mpn_divrem_1(qp, 0, a.limbs, a.size, b.limbs[0]);
  else
    mpn_tdiv_qr(qp, rp, 0, a.limbs, a.size, b.limbs, b.size);
  q.finish(false);
  r.finish(false);
  return r.size() != 0;
}

// Reads a number's two's complement limbs from the bottom, endlessly.
class TwosComplement {
 public:
  explicit TwosComplement(BigView v) : v_(v), carry_(1) {}
  mp_limb_t next() {
    const mp_limb_t limb = at_ < v_.size ? v_.limbs[at_] : 0;
    at_++;
    if (!v_.negative) return limb;
    const mp_limb_t result = ~limb + carry_;
    carry_ = carry_ != 0 && result == 0;
    return result;
  }

 private:
  BigView v_;
  mp_size_t at_ = 0;
  mp_limb_t carry_;
};

template <class Op>
void bitwise(BigView a, BigView b, BigBuffer& out, Op op) {
  const mp_size_t n = std::max(a.size, b.size) + 1;
  mp_limb_t* p = out.reset(n);
  if (!a.negative && !b.negative) {
    for (mp_size_t i = 0; i < n; i++)
      p[i] = op(i < a.size ? a.limbs[i] : 0, i < b.size ? b.limbs[i] : 0);
    return out.finish(false);
  }
  TwosComplement left(a), right(b);
  for (mp_size_t i = 0; i < n; i++) p[i] = op(left.next(), right.next());
  const bool negative = (p[n - 1] >> 63) != 0;
  if (negative) mpn_neg(p, p, n);
  out.finish(negative);
}

}  // namespace

void add(BigView a, BigView b, BigBuffer& out) {
  if (a.negative == b.negative) return add_abs(a, b, a.negative, out);
  sub_abs(a, b, a.negative, out);
}

void sub(BigView a, BigView b, BigBuffer& out) {
  if (a.negative == b.negative) return sub_abs(a, b, a.negative, out);
  add_abs(a, b, a.size != 0 ? a.negative : !b.negative, out);
}

void mul(BigView a, BigView b, BigBuffer& out) {
  if (a.size < b.size) std::swap(a, b);
  if (b.size == 0) return out.set_zero();
  mp_limb_t* p = out.reset(a.size + b.size);
  if (a.limbs == b.limbs && a.size == b.size)
    mpn_sqr(p, a.limbs, a.size);
  else
    mpn_mul(p, a.limbs, a.size, b.limbs, b.size);
  out.finish(a.negative != b.negative);
}

void floor_divmod(BigView a, BigView b, BigBuffer* quotient, BigBuffer* remainder) {
  DCHECK(!b.is_zero());
  BigBuffer spare_q, spare_r;
  BigBuffer& q = quotient ? *quotient : spare_q;
  BigBuffer& r = remainder ? *remainder : spare_r;
  const bool inexact = divide_abs(a, b, q, r);
  const bool opposite = a.negative != b.negative;
  if (opposite && inexact) {
    // Truncation rounded towards zero; floor is one further, the remainder the rest to |b|.
    mp_limb_t carry = 1;
    if (q.size() != 0) carry = mpn_add_1(q.limbs(), q.limbs(), q.size(), 1);
    if (carry != 0) {
      BigBuffer grown;
      mp_limb_t* p = grown.reset(q.size() + 1);
      std::copy_n(q.limbs(), q.size(), p);
      p[q.size()] = carry;
      q.swap(grown);
    }
    BigBuffer rest;
    sub_abs(b, r, false, rest);
    r.swap(rest);
  }
  q.finish(opposite);
  r.finish(b.negative);
}

void shift_left(BigView a, uint64_t bits, BigBuffer& out) {
  if (a.is_zero()) return out.set_zero();
  const mp_size_t whole = bits / 64;
  const unsigned part = bits % 64;
  mp_limb_t* p = out.reset(a.size + whole + 1);
  std::fill_n(p, whole, 0);
  p[a.size + whole] = 0;
  if (part != 0)
    p[a.size + whole] = mpn_lshift(p + whole, a.limbs, a.size, part);
  else
    memcpy(p + whole, a.limbs, a.size * sizeof(mp_limb_t));
  out.finish(a.negative);
}

void shift_right(BigView a, uint64_t bits, BigBuffer& out) {
  const uint64_t whole = bits / 64;
  const unsigned part = bits % 64;
  if (a.is_zero() || whole >= static_cast<uint64_t>(a.size)) return out.set(a.negative ? -1 : 0);
  // A negative number that loses a one rounds away from zero.
  const bool loses = a.negative && trailing_zeros(a) < bits;
  const mp_size_t n = a.size - whole;
  mp_limb_t* p = out.reset(n + 1);
  p[n] = 0;
  if (part != 0)
    mpn_rshift(p, a.limbs + whole, n, part);
  else
    memcpy(p, a.limbs + whole, n * sizeof(mp_limb_t));
  if (loses) mpn_add_1(p, p, n + 1, 1);
  out.finish(a.negative);
}

void bit_and(BigView a, BigView b, BigBuffer& out) {
  bitwise(a, b, out, [](mp_limb_t x, mp_limb_t y) { return x & y; });
}

void bit_or(BigView a, BigView b, BigBuffer& out) {
  bitwise(a, b, out, [](mp_limb_t x, mp_limb_t y) { return x | y; });
}

void bit_xor(BigView a, BigView b, BigBuffer& out) {
  bitwise(a, b, out, [](mp_limb_t x, mp_limb_t y) { return x ^ y; });
}

void bit_invert(BigView a, BigBuffer& out) {
  // ~a == -1 - a
  sub(SmallBig(-1), a, out);
}

int compare(BigView a, BigView b) {
  if (a.sign() != b.sign()) return a.sign() < b.sign() ? -1 : 1;
  const int order = compare_abs(a, b);
  const int sign = order < 0 ? -1 : order > 0 ? 1 : 0;
  return a.negative ? -sign : sign;
}

uint64_t bit_length(BigView a) {
  if (a.size == 0) return 0;
  return static_cast<uint64_t>(a.size) * 64 - __builtin_clzll(a.limbs[a.size - 1]);
}

uint64_t bit_count(BigView a) { return a.size == 0 ? 0 : mpn_popcount(a.limbs, a.size); }

uint64_t trailing_zeros(BigView a) { return mpn_scan1(a.limbs, 0); }

}  // namespace pystm::vm::number
