// The limit on decimal digits (sys.set_int_max_str_digits), and the conversions that % formatting
// shares.
#pragma once

#include "vm/number/bigint.h"
#include "vm/object/number.h"

namespace pystm::vm {

// ValueError when the exact int has more decimal digits than allowed.
Result<void> check_decimal_digits(Context& cx, Value exact);

// What "%d", "%x" ... take: an exact int of a number; TypeErrors as % gives them.
Result<Value> percent_integer(Context& cx, Value v, char32_t conversion);

struct BigScratch {
  uint64_t word = 0;
};
inline number::BigView big_view(Value exact, BigScratch* scratch) {
  const IntView v = int_view(exact, &scratch->word);
  return {v.limbs, static_cast<mp_size_t>(v.size), v.negative};
}
Result<Value> make_bigint(Context& cx, const number::BigBuffer& b);

}  // namespace pystm::vm
