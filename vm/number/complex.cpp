// Complex numbers: text and the three operations that are more than component-wise.
#include "vm/number/ascii.h"
#include "vm/number/float_format.h"

namespace pystm::vm::number {

std::string complex_repr(Complex z) {
  if (z.real == 0 && !std::signbit(z.real)) return double_to_string(z.imag, 'r', 0) + 'j';
  return '(' + double_to_string(z.real, 'r', 0) + double_to_string(z.imag, 'r', 0, kAlwaysSign) +
         "j)";
}

namespace {

// A float, or a bare sign, or nothing: then ±1, which only "j" may follow. *bare tells.
double read_part(std::string_view& s, bool* bare) {
  size_t used;
  if (const auto value = parse_float_prefix(s, &used)) {
    s.remove_prefix(used);
    *bare = false;
    return *value;
  }
  *bare = true;
  double value = 1.0;
  if (!s.empty() && (s[0] == '+' || s[0] == '-')) {
    if (s[0] == '-') value = -1.0;
    s.remove_prefix(1);
  }
  return value;
}

bool take_j(std::string_view& s) {
  if (s.empty() || (s[0] | 0x20) != 'j') return false;
  s.remove_prefix(1);
  return true;
}

std::optional<Complex> parse_body(std::string_view s) {
  bool bare;
  const double first = read_part(s, &bare);
  if (take_j(s)) return s.empty() ? std::optional(Complex{0.0, first}) : std::nullopt;
  if (bare) return std::nullopt;
  if (s.empty()) return Complex{first, 0.0};
  if (s[0] != '+' && s[0] != '-') return std::nullopt;
  const double second = read_part(s, &bare);
  if (!take_j(s) || !s.empty()) return std::nullopt;
  return Complex{first, second};
}

}  // namespace

std::optional<Complex> parse_complex(std::string_view text) {
  std::string_view s = strip_ascii(text);
  const auto plain = without_underscores(s);
  if (!plain) return std::nullopt;
  s = *plain;
  if (!s.empty() && s.front() == '(') {
    if (s.back() != ')' || s.size() < 2) return std::nullopt;
    s = strip_ascii(s.substr(1, s.size() - 2));
  }
  return parse_body(s);
}

Complex complex_mul(Complex a, Complex b) {
  return {a.real * b.real - a.imag * b.imag, a.real * b.imag + a.imag * b.real};
}

std::optional<Complex> complex_div(Complex a, Complex b) {
  // Scaling by the larger component of b keeps the squares from overflowing (Smith 1962).
  const double real_size = std::fabs(b.real), imag_size = std::fabs(b.imag);
  if (real_size >= imag_size) {
    if (real_size == 0) return std::nullopt;
    const double ratio = b.imag / b.real, scale = b.real + b.imag * ratio;
    return Complex{(a.real + a.imag * ratio) / scale, (a.imag - a.real * ratio) / scale};
  }
  if (imag_size >= real_size) {
    const double ratio = b.real / b.imag, scale = b.real * ratio + b.imag;
    return Complex{(a.real * ratio + a.imag) / scale, (a.imag * ratio - a.real) / scale};
  }
  return Complex{NAN, NAN};  // a component of b is not a number
}

namespace {

Complex small_power(Complex z, long n) {
  Complex result = {1.0, 0.0};
  for (long mask = 1; mask <= n; mask <<= 1) {
    if ((n & mask) != 0) result = complex_mul(result, z);
    z = complex_mul(z, z);
  }
  return result;
}

// False when the angle is infinite: C's cos has no value there, which CPython reports as a zero
// division.
bool polar_power(Complex base, Complex exponent, Complex* out) {
  const double size = std::hypot(base.real, base.imag);
  const double angle = std::atan2(base.imag, base.real);
  double length = std::pow(size, exponent.real);
  double phase = angle * exponent.real;
  if (exponent.imag != 0) {
    length /= std::exp(angle * exponent.imag);
    phase += exponent.imag * std::log(size);
  }
  if (std::isinf(phase)) return false;
  *out = {length * std::cos(phase), length * std::sin(phase)};
  return true;
}

}  // namespace

ComplexPowStatus complex_pow(Complex base, Complex exponent, Complex* out) {
  constexpr double kSmallExponent = 100;
  const bool whole = exponent.imag == 0 && exponent.real == std::floor(exponent.real) &&
                     std::fabs(exponent.real) <= kSmallExponent;
  if (whole && exponent.real >= 0) {
    *out = small_power(base, static_cast<long>(exponent.real));
  } else if (whole) {
    const auto inverse =
        complex_div({1.0, 0.0}, small_power(base, static_cast<long>(-exponent.real)));
    if (!inverse) return ComplexPowStatus::ZeroDivision;
    *out = *inverse;
  } else if (base.real == 0 && base.imag == 0) {
    if (exponent.imag != 0 || exponent.real < 0) return ComplexPowStatus::ZeroDivision;
    *out = {0.0, 0.0};
  } else if (!polar_power(base, exponent, out)) {
    return ComplexPowStatus::ZeroDivision;
  }
  const bool overflow = std::isinf(out->real) || std::isinf(out->imag);
  return overflow ? ComplexPowStatus::Overflow : ComplexPowStatus::Ok;
}

std::optional<double> complex_abs(Complex z) {
  const double size = std::hypot(z.real, z.imag);
  if (std::isinf(size) && std::isfinite(z.real) && std::isfinite(z.imag)) return std::nullopt;
  return size;
}

}  // namespace pystm::vm::number
