#include "jit/knowledge.h"

#include <algorithm>

namespace pystm::jit {

bool add_ranges(Range a, Range b, Range* out) {
  Range r;
  if (__builtin_add_overflow(a.lo, b.lo, &r.lo) || __builtin_add_overflow(a.hi, b.hi, &r.hi))
    return false;
  *out = r;
  return true;
}

bool sub_ranges(Range a, Range b, Range* out) {
  Range r;
  if (__builtin_sub_overflow(a.lo, b.hi, &r.lo) || __builtin_sub_overflow(a.hi, b.lo, &r.hi))
    return false;
  *out = r;
  return true;
}

bool mul_ranges(Range a, Range b, Range* out) {
  int64_t p[4];
  if (__builtin_mul_overflow(a.lo, b.lo, &p[0]) || __builtin_mul_overflow(a.lo, b.hi, &p[1]) ||
      __builtin_mul_overflow(a.hi, b.lo, &p[2]) || __builtin_mul_overflow(a.hi, b.hi, &p[3]))
    return false;
  *out = {*std::min_element(p, p + 4), *std::max_element(p, p + 4)};
  return true;
}

}  // namespace pystm::jit
