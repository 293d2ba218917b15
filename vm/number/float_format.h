// Floats and complex numbers as Python prints, parses, rounds and combines them. Digits come from
// std::to_chars (shortest, or exact to a precision) and std::from_chars; everything here is about
// CPython's layout and rules around them. No function depends on the locale.
#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "vm/number/bigint.h"
#include "vm/text/text_view.h"

namespace pystm::vm::number {

// ---- to text: float_format.cpp ----
enum DoubleFlag : unsigned {
  kAlwaysSign = 1,      // "+" in front of what is not negative
  kAddDotZero = 2,      // "1.0" instead of "1"
  kAlternate = 4,       // '#': keep the point and trailing zeros
  kNoNegativeZero = 8,  // 'z'
};
// code: 'r' (repr, precision unused), 'e', 'f' or 'g'; an upper-case code prints in capitals.
std::string double_to_string(double v, char code, int precision, unsigned flags = 0);
inline std::string float_repr(double v) { return double_to_string(v, 'r', 0, kAddDotZero); }
std::string float_hex(double v);

// ---- from text: float_parse.cpp ----
// str as int() and float() see it: decimal digits and spaces of any script become ASCII, any
// other character beyond ASCII becomes '?', which no number accepts.
std::string to_ascii_number(text::TextView s);
// float(text): whitespace, sign, underscores, inf, nan. nullopt: not a number.
std::optional<double> parse_float(std::string_view s);
inline std::optional<double> parse_float(text::TextView s) {
  return parse_float(std::string_view(to_ascii_number(s)));
}
// The longest number at the start of s, without underscores or whitespace; *used is its length.
std::optional<double> parse_float_prefix(std::string_view s, size_t* used);
// Drops underscores between digits; nullopt when one stands elsewhere.
std::optional<std::string> without_underscores(std::string_view s);

enum class FromHexStatus { Ok, Invalid, Overflow };
[[nodiscard]] FromHexStatus float_fromhex(std::string_view s, double* out);

// ---- arithmetic: float_math.cpp ----
inline bool float_is_integer(double v) { return std::isfinite(v) && std::floor(v) == v; }
// REQUIRES: v is finite. Lowest terms, denominator positive.
void float_as_integer_ratio(double v, BigBuffer& numerator, BigBuffer& denominator);
// round(v, digits); nullopt: "rounded value too large to represent".
std::optional<double> float_round(double v, int64_t digits);
// round(v): to the nearest integer, ties to even. REQUIRES: v is finite.
void float_round_to_int(double v, BigBuffer& out);
// REQUIRES for these three: b is not zero.
double float_mod(double a, double b);
double float_floordiv(double a, double b);
void float_divmod(double a, double b, double* quotient, double* remainder);

enum class PowStatus { Ok, ZeroToNegative, NeedsComplex, Overflow };
[[nodiscard]] PowStatus float_pow(double base, double exponent, double* out);

// hash(v), equal to the hash of an equal int. A NaN hashes by its object's address: not here.
int64_t float_hash(double v);
int64_t complex_hash(int64_t real_hash, int64_t imag_hash);

// ---- complex numbers: complex.cpp ----
struct Complex {
  double real, imag;
};
std::string complex_repr(Complex z);
std::optional<Complex> parse_complex(std::string_view s);
inline std::optional<Complex> parse_complex(text::TextView s) {
  return parse_complex(std::string_view(to_ascii_number(s)));
}
Complex complex_mul(Complex a, Complex b);
// nullopt: division by zero.
std::optional<Complex> complex_div(Complex a, Complex b);
enum class ComplexPowStatus { Ok, ZeroDivision, Overflow };
[[nodiscard]] ComplexPowStatus complex_pow(Complex base, Complex exponent, Complex* out);
// nullopt: "absolute value too large".
std::optional<double> complex_abs(Complex z);

}  // namespace pystm::vm::number
