// Rounding, division, powers and hashes of floats, by Python's rules where they differ from C's.
#include <charconv>
#include <cstring>

#include "vm/number/float_format.h"

namespace pystm::vm::number {

void float_as_integer_ratio(double v, BigBuffer& numerator, BigBuffer& denominator) {
  int exponent;
  double mantissa = std::frexp(v, &exponent);
  // At most 53 doublings make the mantissa whole; trailing zero bits are left to the denominator.
  for (int i = 0; i < 64 && mantissa != std::floor(mantissa); i++) {
    mantissa *= 2;
    exponent--;
  }
  BigBuffer whole;
  from_double(mantissa, whole);
  shift_left(whole, exponent > 0 ? exponent : 0, numerator);
  shift_left(SmallBig(1), exponent < 0 ? -exponent : 0, denominator);
}

namespace {

// To a multiple of 10**digits, digits > 0.
std::optional<double> round_left_of_point(double v, uint64_t digits) {
  BigBuffer whole, unit, rest, twice, quotient, rounded, result;
  from_double(std::fabs(v), whole);
  (void)pow(SmallBig(10), digits, unit);
  floor_divmod(whole, unit, &quotient, &rest);
  shift_left(rest, 1, twice);
  const int order = compare(twice, unit);
  const bool fraction = std::trunc(v) != v;  // breaks what looks like a tie
  const bool up = order > 0 || (order == 0 && (fraction || quotient.view().is_odd()));
  add(quotient, SmallBig(up ? 1 : 0), rounded);
  mul(rounded, unit, result);
  const auto value = to_double(result);
  if (!value) return std::nullopt;
  return std::copysign(*value, v);
}

}  // namespace

std::optional<double> float_round(double v, int64_t digits) {
  constexpr int64_t kMaxDigits = 323, kMinDigits = -308;
  if (!std::isfinite(v) || v == 0 || digits > kMaxDigits) return v;
  if (digits < kMinDigits) return std::copysign(0.0, v);
  if (digits < 0) return round_left_of_point(v, static_cast<uint64_t>(-digits));
  char buffer[700];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, v, std::chars_format::fixed,
                                 static_cast<int>(digits));
  const std::optional<double> value =
      parse_float(std::string_view(buffer, static_cast<size_t>(end.ptr - buffer)));
  if (value && std::isinf(*value)) return std::nullopt;
  return value;
}

void float_round_to_int(double v, BigBuffer& out) {
  double rounded = std::round(v);
  if (std::fabs(v - rounded) == 0.5) rounded = 2.0 * std::round(v / 2.0);
  from_double(rounded, out);
}

double float_mod(double a, double b) {
  double mod = std::fmod(a, b);
  if (mod == 0) return std::copysign(0.0, b);
  if ((b < 0) != (mod < 0)) mod += b;
  return mod;
}

void float_divmod(double a, double b, double* quotient, double* remainder) {
  double mod = std::fmod(a, b);
  double div = (a - mod) / b;
  if (mod == 0) {
    mod = std::copysign(0.0, b);
  } else if ((b < 0) != (mod < 0)) {
    mod += b;
    div -= 1.0;
  }
  *remainder = mod;
  if (div == 0) {
    *quotient = std::copysign(0.0, a / b);
    return;
  }
  const double floor = std::floor(div);
  *quotient = div - floor > 0.5 ? floor + 1.0 : floor;
}

double float_floordiv(double a, double b) {
  double quotient, remainder;
  float_divmod(a, b, &quotient, &remainder);
  return quotient;
}

namespace {

bool is_odd_integer(double v) { return std::fmod(std::fabs(v), 2.0) == 1.0; }

// The cases IEEE and Python settle without computing; nullopt: compute.
std::optional<double> settled_power(double base, double exponent) {
  if (exponent == 0) return 1.0;
  if (std::isnan(base)) return base;
  if (std::isnan(exponent)) return base == 1.0 ? 1.0 : exponent;
  if (std::isinf(exponent)) {
    const double size = std::fabs(base);
    if (size == 1.0) return 1.0;
    return (exponent > 0) == (size > 1.0) ? std::fabs(exponent) : 0.0;
  }
  if (std::isinf(base)) {
    const bool odd = is_odd_integer(exponent);
    if (exponent > 0) return odd ? base : std::fabs(base);
    return odd ? std::copysign(0.0, base) : 0.0;
  }
  return std::nullopt;
}

}  // namespace

PowStatus float_pow(double base, double exponent, double* out) {
  if (const auto value = settled_power(base, exponent)) {
    *out = *value;
    return PowStatus::Ok;
  }
  const bool odd = is_odd_integer(exponent);
  if (base == 0) {
    if (exponent < 0) return PowStatus::ZeroToNegative;
    *out = odd ? base : 0.0;
    return PowStatus::Ok;
  }
  if (base < 0 && exponent != std::floor(exponent)) return PowStatus::NeedsComplex;
  const double value = std::pow(std::fabs(base), exponent);
  *out = base < 0 && odd ? -value : value;
  return std::isinf(value) ? PowStatus::Overflow : PowStatus::Ok;
}

int64_t float_hash(double v) {
  if (std::isinf(v)) return v > 0 ? 314159 : -314159;
  constexpr uint64_t kModulus = (uint64_t{1} << 61) - 1;
  int exponent;
  const double mantissa = std::frexp(std::fabs(v), &exponent);
  // mantissa * 2**53 is an integer below the modulus; scaling by 2**k is a rotation of 61 bits.
  const uint64_t bits = static_cast<uint64_t>(std::ldexp(mantissa, 53));
  const int k = ((exponent - 53) % 61 + 61) % 61;
  const uint64_t h = (bits << k & kModulus) | bits >> (61 - k);
  const int64_t result = v < 0 ? -static_cast<int64_t>(h) : static_cast<int64_t>(h);
  return result == -1 ? -2 : result;
}

int64_t complex_hash(int64_t real_hash, int64_t imag_hash) {
  const uint64_t h =
      static_cast<uint64_t>(real_hash) + uint64_t{1000003} * static_cast<uint64_t>(imag_hash);
  return h == ~uint64_t{0} ? -2 : static_cast<int64_t>(h);
}

}  // namespace pystm::vm::number
