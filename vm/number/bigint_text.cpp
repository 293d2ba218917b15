// Big integers to and from digits. mpn's conversions are subquadratic, so the digit limit of
// CPython is a matter of its rules, not of our running time.
#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "vm/number/ascii.h"
#include "vm/number/bigint.h"

namespace pystm::vm::number {

namespace {

constexpr char kDigits[] = "0123456789abcdefghijklmnopqrstuvwxyz";

bool is_power_of_two(int base) { return (base & (base - 1)) == 0; }

int prefix_base(std::string_view s) {
  if (s.size() < 2 || s[0] != '0') return 0;
  switch (s[1] | 0x20) {
    case 'x':
      return 16;
    case 'o':
      return 8;
    case 'b':
      return 2;
  }
  return 0;
}

std::string small_to_string(uint64_t v, bool negative, int base) {
  char buffer[65];
  char* p = buffer + sizeof buffer;
  do {
    *--p = kDigits[v % base];
    v /= base;
  } while (v != 0);
  if (negative) *--p = '-';
  return std::string(p, buffer + sizeof buffer);
}

// Digit values of the text, or false when it is not digits and single inner underscores.
bool read_digits(std::string_view s, int base, std::vector<unsigned char>& digits) {
  digits.reserve(s.size());
  char previous = '_';
  for (const char c : s) {
    if (c == '_') {
      if (previous == '_') return false;
    } else {
      const int digit = digit_value(c);
      if (digit >= base) return false;
      digits.push_back(static_cast<unsigned char>(digit));
    }
    previous = c;
  }
  return previous != '_';
}

void from_digits(const std::vector<unsigned char>& digits, int base, bool negative,
                 BigBuffer& out) {
  size_t first = 0;
  while (first < digits.size() && digits[first] == 0) first++;
  const size_t n = digits.size() - first;
  if (n == 0) return out.set_zero();
  const mp_size_t room = static_cast<mp_size_t>(std::log2(base) * n / 64) + 2;
  mp_limb_t* p = out.reset(room);
  const mp_size_t used = mpn_set_str(p, digits.data() + first, n, base);
  std::fill(p + used, p + room, 0);
  out.finish(negative);
}

}  // namespace

std::string to_string(BigView a, int base) {
  if (a.size <= 1) return small_to_string(a.size == 0 ? 0 : a.limbs[0], a.negative, base);
  const size_t room = static_cast<size_t>(bit_length(a) / std::log2(base)) + 3;
  std::string text(room + 1, '\0');
  BigBuffer copy;
  mp_limb_t* p = copy.reset(a.size + 1);
  memcpy(p, a.limbs, a.size * sizeof(mp_limb_t));
  unsigned char* digits = reinterpret_cast<unsigned char*>(text.data()) + 1;
  const size_t n = mpn_get_str(digits, base, p, a.size);
  size_t first = 1;
  while (text[first] == 0 && first < n) first++;
  for (size_t i = first; i <= n; i++) text[i] = kDigits[static_cast<unsigned char>(text[i])];
  text.resize(n + 1);
  if (a.negative) text[--first] = '-';
  return text.substr(first);
}

uint64_t decimal_digits_at_least(BigView a) {
  const uint64_t bits = bit_length(a);
  if (bits == 0) return 1;
  return static_cast<uint64_t>(static_cast<long double>(bits - 1) * 0.30102999566398119521L) + 1;
}

ParseResult parse(std::string_view text, int base, uint64_t max_digits, BigBuffer& out) {
  constexpr ParseResult kInvalid = {ParseStatus::Invalid, 0};
  std::string_view s = strip_ascii(text);
  bool negative = false;
  if (!s.empty() && (s[0] == '+' || s[0] == '-')) {
    negative = s[0] == '-';
    s.remove_prefix(1);
  }
  const int prefix = prefix_base(s);
  const bool must_be_zero = base == 0 && prefix == 0 && !s.empty() && s[0] == '0';
  if (prefix != 0 && (base == 0 || base == prefix)) {
    base = prefix;
    s.remove_prefix(2);
    if (!s.empty() && s[0] == '_') s.remove_prefix(1);
  }
  if (base == 0) base = 10;
  std::vector<unsigned char> digits;
  if (!read_digits(s, base, digits)) return kInvalid;
  const auto is_zero = [](unsigned char d) { return d == 0; };
  // An old-style octal number such as 012 is an error when the base is to be guessed.
  if (must_be_zero && !std::all_of(digits.begin(), digits.end(), is_zero)) return kInvalid;
  if (max_digits != 0 && digits.size() > max_digits && !is_power_of_two(base))
    return {ParseStatus::TooManyDigits, digits.size()};
  from_digits(digits, base, negative, out);
  return {ParseStatus::Ok, digits.size()};
}

}  // namespace pystm::vm::number
