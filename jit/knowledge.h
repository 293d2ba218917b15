// What the emitter knows of each value: ranges, shapes, and where the object stands with the
// transaction. Facts hold from where they were established to the end of the trace, unless said
// otherwise; a peeled loop's body is a second iteration in a straight line, and what one iteration
// proves of the one before it proves of every one (loop.cpp).
#pragma once

#include <cstdint>
#include <limits>

namespace pystm::jit {

struct Range {
  int64_t lo = std::numeric_limits<int64_t>::min();
  int64_t hi = std::numeric_limits<int64_t>::max();

  static Range of(int64_t k) { return {k, k}; }
  bool is_constant() const { return lo == hi; }
  bool inside(int64_t a, int64_t b) const { return lo >= a && hi <= b; }
  bool fits_tag() const { return inside(-(int64_t{1} << 62), (int64_t{1} << 62) - 1); }
  Range intersect(Range r) const {
    Range both{lo > r.lo ? lo : r.lo, hi < r.hi ? hi : r.hi};
    return both.lo <= both.hi ? both : *this;  // empty: the code cannot run; keep something valid
  }
};

// The ranges of results; false: may overflow (then `out` is everything).
bool add_ranges(Range a, Range b, Range* out);
bool sub_ranges(Range a, Range b, Range* out);
bool mul_ranges(Range a, Range b, Range* out);

struct Fact {
  Range range;            // I64
  uint32_t shape = 0;     // Ref: shape id, or 0
  uint16_t shape_at = 0;  // instruction that established it
  uint16_t equal = 0;     // IrRef of a constant with the same bits, or none
  bool open = false;      // loads of its group are not closed yet
  bool logged = false;    // a ReadCheck has logged it
  bool ours = false;      // acquired, or made in this trace
};

}  // namespace pystm::jit
