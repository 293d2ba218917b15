// See big_int.h.
#include "vm/compiler/big_int.h"

#include <gmp.h>

#include <vector>

namespace pystm::vm::compiler {

std::string big_int_hex(std::string_view text) {
  std::string sign;
  if (text.starts_with('-')) {
    sign = "-";
    text.remove_prefix(1);
  }
  if (text.starts_with("0x")) return sign + std::string(text.substr(2));
  mpz_t n;
  mpz_init_set_str(n, std::string(text).c_str(), 10);
  std::vector<char> digits(mpz_sizeinbase(n, 16) + 2);
  mpz_get_str(digits.data(), 16, n);
  mpz_clear(n);
  return sign + digits.data();
}

}  // namespace pystm::vm::compiler
