// math: libm where CPython uses it, CPython's own algorithms where it does not (gamma, hypot,
// fsum), whole numbers on vm's integers.
#include <cfloat>
#include <cmath>
#include <numbers>
#include <vector>

#include "stdlib/modules.h"
#include "stdlib/native_class.h"
#include "vm/number/bigint.h"

namespace pystm::lib {

namespace {

constexpr double kPi = std::numbers::pi, kInf = HUGE_VAL;

Error domain_error(Context& cx) { return raise(cx, kValueError, "math domain error"); }
Error range_error(Context& cx) { return raise(cx, kOverflowError, "math range error"); }

// --- functions of one and two floats -------------------------------------------------------------

using Function1 = double (*)(double);
using Function2 = double (*)(double, double);

template <Function1 kF, bool kOverflows>
Result<double> one(Context& cx, double x) {
  const double r = kF(x);
  if (std::isnan(r) && !std::isnan(x)) return domain_error(cx);
  if (std::isinf(r) && std::isfinite(x)) {
    if (kOverflows) return range_error(cx);
    return domain_error(cx);
  }
  return r;
}
template <Function2 kF>
Result<double> two(Context& cx, double x, double y) {
  const double r = kF(x, y);
  if (std::isnan(r) && !std::isnan(x) && !std::isnan(y)) return domain_error(cx);
  if (std::isinf(r) && std::isfinite(x) && std::isfinite(y)) return range_error(cx);
  return r;
}

double sin_pi(double x) {
  const double y = std::fmod(std::fabs(x), 2.0);
  double r = 0;
  switch (static_cast<int>(std::round(2.0 * y))) {
    case 0:
      r = std::sin(kPi * y);
      break;
    case 1:
      r = std::cos(kPi * (y - 0.5));
      break;
    case 2:
      r = std::sin(kPi * (1.0 - y));
      break;  // not -sin(pi * (y - 1)): the sign of zero
    case 3:
      r = -std::cos(kPi * (y - 1.5));
      break;
    case 4:
      r = std::sin(kPi * (y - 2.0));
      break;
    default:
      break;
  }
  return std::copysign(1.0, x) * r;
}

// Lanczos' approximation with 13 terms, g = 6.0246...: the one Boost and CPython use.
constexpr double kLanczosG = 6.024680040776729583740234375;
constexpr double kLanczosGMinusHalf = 5.524680040776729583740234375;
double lanczos_sum(double x) {
  static constexpr double kNum[13] = {23531376880.410759688572007674451636754734846804940,
                                      42919803642.649098768957899047001988850926355848959,
                                      35711959237.355668049440185451547166705960488635843,
                                      17921034426.037209699919755754458931112671403265390,
                                      6039542586.3520280050642916443072979210699388420708,
                                      1439720407.3117216736632230727949123939715485786772,
                                      248874557.86205415651146038641322942321632125127801,
                                      31426415.585400194380614231628318205362874684987640,
                                      2876370.6289353724412254090516208496135991145378768,
                                      186056.26539522349504029498971604569928220784236328,
                                      8071.6720023658162106380029022722506138218516325024,
                                      210.82427775157934587250973392071336271166969580291,
                                      2.5066282746310002701649081771338373386264310793408};
  static constexpr double kDen[13] = {0.0,        39916800.0, 120543840.0, 150917976.0, 105258076.0,
                                      45995730.0, 13339535.0, 2637558.0,   357423.0,    32670.0,
                                      1925.0,     66.0,       1.0};
  double num = 0, den = 0;
  if (x < 5.0) {
    for (int i = 12; i >= 0; --i) {
      num = num * x + kNum[i];
      den = den * x + kDen[i];
    }
  } else {
    for (int i = 0; i < 13; ++i) {
      num = num / x + kNum[i];
      den = den / x + kDen[i];
    }
  }
  return num / den;
}
Result<double> gamma(Context& cx, double x) {
  if (std::isnan(x) || x == kInf) return x;
  if (x == -kInf || x == 0.0) return domain_error(cx);
  if (x == std::floor(x)) {
    if (x < 0.0) return domain_error(cx);
    if (x <= 23.0) {
      double product = 1.0;  // exact: (n - 1)! for n <= 23
      for (int i = 2; i < static_cast<int>(x); ++i) product *= i;
      return product;
    }
  }
  const double ax = std::fabs(x);
  if (ax < 1e-20) {
    const double r = 1.0 / x;
    if (std::isinf(r)) return range_error(cx);
    return r;
  }
  if (ax > 200.0) {
    if (x < 0.0) return 0.0 / sin_pi(x);
    return range_error(cx);
  }
  const double y = ax + kLanczosGMinusHalf;
  double z;
  if (ax > kLanczosGMinusHalf) {
    const double q = y - ax;
    z = q - kLanczosGMinusHalf;
  } else {
    const double q = y - kLanczosGMinusHalf;
    z = q - ax;
  }
  z = z * kLanczosG / y;
  double r;
  if (x < 0.0) {
    r = -kPi / sin_pi(ax) / ax * std::exp(y) / lanczos_sum(ax);
    r -= z * r;
    if (ax < 140.0) {
      r /= std::pow(y, ax - 0.5);
    } else {
      const double half = std::pow(y, ax / 2.0 - 0.25);
      r /= half;
      r /= half;
    }
  } else {
    r = lanczos_sum(ax) / std::exp(y);
    r += z * r;
    if (ax < 140.0) {
      r *= std::pow(y, ax - 0.5);
    } else {
      const double half = std::pow(y, ax / 2.0 - 0.25);
      r *= half;
      r *= half;
    }
  }
  if (std::isinf(r)) return range_error(cx);
  return r;
}
Result<double> lgamma_of(Context& cx, double x) {
  if (std::isnan(x)) return x;
  if (std::isinf(x)) return kInf;
  if (x == std::floor(x) && x <= 2.0) {
    if (x <= 0.0) return domain_error(cx);
    return 0.0;
  }
  const double ax = std::fabs(x);
  if (ax < 1e-20) return -std::log(ax);
  double r = std::log(lanczos_sum(ax)) - kLanczosG;
  r += (ax - 0.5) * (std::log(ax + kLanczosG - 0.5) - 1);
  if (x < 0.0)
    r = 1.144729885849400174143427351353058711647 - std::log(std::fabs(sin_pi(ax))) - std::log(ax) -
        r;
  if (std::isinf(r)) return range_error(cx);
  return r;
}

Result<double> fmod_of(Context& cx, double x, double y) {
  if (std::isinf(y) && std::isfinite(x)) return x;
  const double r = std::fmod(x, y);
  if (std::isnan(r) && !std::isnan(x) && !std::isnan(y)) return domain_error(cx);
  return r;
}
Result<double> remainder_of(Context& cx, double x, double y) {
  if (std::isnan(x)) return x;
  if (std::isnan(y)) return y;
  if (std::isinf(x) || y == 0.0) return domain_error(cx);
  return std::remainder(x, y);
}
Result<double> pow_of(Context& cx, double x, double y) {
  const double r = std::pow(x, y);
  if (std::isfinite(x) && std::isfinite(y)) {
    if (std::isnan(r)) return domain_error(cx);
    if (std::isinf(r)) {
      if (x == 0.0) return domain_error(cx);
      return range_error(cx);
    }
  }
  return r;
}
double degrees(Context&, double x) { return x * (180.0 / kPi); }
double radians(Context&, double x) { return x * (kPi / 180.0); }
bool is_finite(Context&, double x) { return std::isfinite(x); }
bool is_inf(Context&, double x) { return std::isinf(x); }
bool is_nan(Context&, double x) { return std::isnan(x); }
Result<Value> frexp_of(Context& cx, double x) {
  int e = 0;
  const double m = std::isfinite(x) && x != 0 ? std::frexp(x, &e) : x;
  return tuple_of(cx, {make_float(cx, m), Value::of_int(e)});
}
Result<Value> modf_of(Context& cx, double x) {
  if (std::isinf(x))
    return tuple_of(cx, {make_float(cx, std::copysign(0.0, x)), make_float(cx, x)});
  double whole = x;
  const double part = std::isnan(x) ? x : std::modf(x, &whole);
  return tuple_of(cx, {make_float(cx, part), make_float(cx, whole)});
}
Result<double> ldexp_of(Context& cx, double x, Value i) {
  if (!is_int(i)) return raise(cx, kTypeError, "Expected an int as second argument to ldexp.");
  const int64_t e = TRY(to_index_clamped(cx, i));
  if (x == 0.0 || !std::isfinite(x)) return x;
  if (e > INT32_MAX) return range_error(cx);
  if (e < INT32_MIN) return std::copysign(0.0, x);
  const double r = std::ldexp(x, static_cast<int>(e));
  if (std::isinf(r)) return range_error(cx);
  return r;
}
double nextafter_of(Context&, double x, double y) { return std::nextafter(x, y); }
double ulp_of(Context&, double x) {
  if (std::isnan(x)) return x;
  x = std::fabs(x);
  if (std::isinf(x)) return x;
  const double next = std::nextafter(x, kInf);
  return std::isinf(next) ? x - std::nextafter(x, -kInf) : next - x;
}
Result<bool> isclose(Context& cx, double a, double b, Opt rel, Opt abs) {
  const double rel_tol = rel.given() ? TRY(to_double(cx, rel.value)) : 1e-09;
  const double abs_tol = abs.given() ? TRY(to_double(cx, abs.value)) : 0.0;
  if (rel_tol < 0.0 || abs_tol < 0.0)
    return raise(cx, kValueError, "tolerances must be non-negative");
  if (a == b) return true;
  if (std::isinf(a) || std::isinf(b)) return false;
  const double diff = std::fabs(b - a);
  return diff <= std::fabs(rel_tol * b) || diff <= std::fabs(rel_tol * a) || diff <= abs_tol;
}

// --- logarithms ----------------------------------------------------------------------------------

using number::BigView;
BigView big(Value exact, uint64_t* scratch) {
  const IntView v = int_view(exact, scratch);
  return {v.limbs, static_cast<mp_size_t>(v.size), v.negative};
}
template <Function1 kF>
Result<double> log_float(Context& cx, double x) {
  if (std::isnan(x)) return x;
  if (x <= 0.0) return domain_error(cx);
  return kF(x);
}
template <Function1 kF>
Result<double> logarithm(Context& cx, Value v) {
  if (!is_int(v)) return log_float<kF>(cx, TRY(to_double(cx, v)));
  const Value exact = exact_int(v);
  if (int_sign(exact) <= 0) return domain_error(cx);
  bool overflow = false;
  const double x = int_to_double(exact, &overflow);
  if (!overflow) return kF(x);
  uint64_t scratch;
  int64_t e;
  const double m = number::frexp(big(exact, &scratch), &e);
  return kF(m) + kF(2.0) * static_cast<double>(e);
}
Result<Value> log_of(Context& cx, Value x, Opt base) {
  const double num = TRY(logarithm<std::log>(cx, x));
  if (!base.given()) return make_float(cx, num);
  const double den = TRY(logarithm<std::log>(cx, base.value));
  return float_binary(cx, BinaryOp::kTrueDiv, num, den);
}

// --- sums and norms ------------------------------------------------------------------------------

// Shewchuk's partials: non-overlapping floats that add up to the exact sum.
Result<double> fsum(Context& cx, Value seq) {
  std::vector<double> partials;
  double special = 0, infinities = 0;
  TRY(for_each(cx, seq, [&](Value item) -> Result<void> {
    double x = TRY(to_double(cx, item));
    const double original = x;
    size_t kept = 0;
    for (size_t i = 0; i < partials.size(); ++i) {  // kept <= i: in place
      double y = partials[i];
      if (std::fabs(x) < std::fabs(y)) std::swap(x, y);
      const volatile double hi = x + y;
      const volatile double back = hi - x;
      const double lo = y - back;
      if (lo != 0.0) partials[kept++] = lo;
      x = hi;
    }
    partials.resize(kept);
    if (x == 0.0) return {};
    if (std::isfinite(x)) {
      partials.push_back(x);
      return {};
    }
    if (std::isfinite(original)) return raise(cx, kOverflowError, "intermediate overflow in fsum");
    if (std::isinf(original)) infinities += original;
    special += original;
    partials.clear();
    return {};
  }));
  if (special != 0.0) {
    if (std::isnan(infinities)) return raise(cx, kValueError, "-inf + inf in fsum");
    return special;
  }
  size_t n = partials.size();
  if (n == 0) return 0.0;
  double hi = partials[--n], lo = 0;
  while (n > 0) {
    const double x = hi, y = partials[--n];
    const volatile double sum = x + y;
    const volatile double back = sum - x;
    hi = sum;
    lo = y - back;
    if (lo != 0.0) break;
  }
  // Half-way cases go by the sign of what is left.
  if (n > 0 && ((lo < 0.0 && partials[n - 1] < 0.0) || (lo > 0.0 && partials[n - 1] > 0.0))) {
    const double y = lo * 2.0;
    const volatile double x = hi + y;
    const volatile double back = x - hi;
    if (y == back) hi = x;
  }
  return hi;
}

// sqrt(sum of squares), scaled, the squares split in halves and the root corrected once.
double vector_norm(std::vector<double>& v, double max, bool found_nan) {
  if (std::isinf(max)) return max;
  if (found_nan) return std::nan("");
  if (max == 0.0 || v.size() <= 1) return max;
  int max_e;
  std::frexp(max, &max_e);
  if (max_e < -1023) {
    for (double& x : v) x /= DBL_MIN;
    return DBL_MIN * vector_norm(v, max / DBL_MIN, found_nan);
  }
  constexpr double kSplit = 134217729.0;  // 2**27 + 1
  const double scale = std::ldexp(1.0, -max_e);
  double csum = 1.0, frac1 = 0.0, frac2 = 0.0, frac3 = 0.0;
  auto add = [&csum](double x, double& rest) {
    const double old = csum;
    csum += x;
    rest += (old - csum) + x;
  };
  for (double x : v) {
    x *= scale;
    const double t = x * kSplit, hi = t - (t - x), lo = x - hi;
    add(hi * hi, frac1);
    add(2.0 * hi * lo, frac2);
    frac3 += lo * lo;
  }
  const double h = std::sqrt(csum - 1.0 + (frac1 + frac2 + frac3));
  const double t = h * kSplit, hi = t - (t - h), lo = h - hi;
  add(-hi * hi, frac1);
  add(-2.0 * hi * lo, frac2);
  add(-lo * lo, frac3);
  const double x = csum - 1.0 + (frac1 + frac2 + frac3);
  return (h + x / (2.0 * h)) / scale;
}
double norm_of(std::vector<double>& v) {
  double max = 0.0;
  bool nan = false;
  for (double& x : v) {
    x = std::fabs(x);
    nan |= std::isnan(x);
    if (x > max) max = x;
  }
  return vector_norm(v, max, nan);
}
Result<double> hypot_of(Context& cx, Args args) {
  std::vector<double> v;
  for (Value a : args) v.push_back(TRY(to_double(cx, a)));
  return norm_of(v);
}
Result<double> dist(Context& cx, Value p, Value q) {
  Tuple* a = TRY(to_tuple(cx, p));
  Tuple* b = TRY(to_tuple(cx, q));
  if (a->length != b->length)
    return raise(cx, kValueError, "both points must have the same number of dimensions");
  std::vector<double> v;
  for (size_t i = 0; i < a->length; ++i) {
    const double x = TRY(to_double(cx, (*a)[i]));
    v.push_back(x - TRY(to_double(cx, (*b)[i])));
  }
  return norm_of(v);
}
Result<Value> prod(Context& cx, Value iterable, Value start) {
  Value result = start;
  TRY(for_each(cx, iterable, [&](Value v) -> Result<void> {
    result = TRY(binary_op(cx, BinaryOp::kMul, result, v));
    return {};
  }));
  return result;
}

// --- whole numbers -------------------------------------------------------------------------------

template <Dunder kD, Function1 kF>
Result<Value> rounded(Context& cx, Value x) {
  if (!is_exact_float(x)) {
    const Value r = TRY(call_special(cx, x, kD, {}));
    if (!r.is_unset()) return r;
  }
  return int_from_double(cx, kF(TRY(to_double(cx, x))));
}
Result<Value> trunc_of(Context& cx, Value x) {
  if (is_exact_float(x)) return int_from_double(cx, float_value(x));
  const Value r = TRY(call_special(cx, x, Dunder::kTrunc, {}));
  if (r.is_unset())
    return raise(cx, kTypeError, "type %s doesn't define __trunc__ method", TYPE_NAME(x));
  return r;
}
using Combine = void (*)(BigView, BigView, number::BigBuffer&);
Result<Value> combine(Context& cx, Combine f, Value a, Value b) {
  uint64_t s, t;
  number::BigBuffer out;
  f(big(a, &s), big(b, &t), out);
  return make_bigint(cx, out.limbs(), static_cast<size_t>(out.size()), out.negative());
}
Result<Value> absolute(Context& cx, Value exact) {
  return int_sign(exact) < 0 ? int_binary(cx, BinaryOp::kSub, Value::of_int(0), exact)
                             : Result<Value>(exact);
}
Result<Value> gcd_of(Context& cx, Args args) {
  Value r = Value::of_int(0);
  for (Value a : args) r = TRY(combine(cx, number::gcd, r, TRY(to_index(cx, a))));
  return absolute(cx, r);
}
Result<Value> lcm_of(Context& cx, Args args) {
  Value r = Value::of_int(1);
  for (Value a : args) {
    const Value v = TRY(to_index(cx, a));
    r = int_sign(r) == 0 || int_sign(v) == 0 ? Value::of_int(0)
                                             : TRY(combine(cx, number::lcm, r, v));
  }
  return absolute(cx, r);
}
Result<Value> isqrt_of(Context& cx, Value n) {
  const Value v = TRY(to_index(cx, n));
  if (int_sign(v) < 0) return raise(cx, kValueError, "isqrt() argument must be nonnegative");
  uint64_t scratch;
  number::BigBuffer out;
  number::isqrt(big(v, &scratch), out);
  return make_bigint(cx, out.limbs(), static_cast<size_t>(out.size()), false);
}
// The product of first .. last, by halves.
Result<Value> range_product(Context& cx, int64_t first, int64_t last) {
  if (first > last) return Value::of_int(1);
  if (last - first < 8) {
    Value r = make_int(cx, first);
    for (int64_t i = first + 1; i <= last; ++i)
      r = TRY(int_binary(cx, BinaryOp::kMul, r, make_int(cx, i)));
    return r;
  }
  const int64_t middle = first + (last - first) / 2;
  const Value a = TRY(range_product(cx, first, middle));
  const Value b = TRY(range_product(cx, middle + 1, last));
  return int_binary(cx, BinaryOp::kMul, a, b);
}
Result<Value> factorial(Context& cx, Value x) {
  const Value v = TRY(to_index(cx, x));
  if (int_sign(v) < 0) return raise(cx, kValueError, "factorial() not defined for negative values");
  int64_t n;
  if (!to_int64(v, &n))
    return raise(cx, kOverflowError, "factorial() argument should not exceed %lld",
                 static_cast<long long>(INT64_MAX));
  return range_product(cx, 1, n);
}
// n (n-1) ... (n-k+1) for any n, by halves.
Result<Value> falling(Context& cx, Value n, int64_t k) {
  if (k == 0) return Value::of_int(1);
  if (k == 1) return n;
  int64_t small;
  if (to_int64(n, &small)) return range_product(cx, small - k + 1, small);
  const int64_t half = k / 2;
  const Value a = TRY(falling(cx, n, half));
  const Value b =
      TRY(falling(cx, TRY(int_binary(cx, BinaryOp::kSub, n, make_int(cx, half))), k - half));
  return int_binary(cx, BinaryOp::kMul, a, b);
}
Result<void> check_choice(Context& cx, Value n, Value k) {
  if (int_sign(n) < 0) return raise(cx, kValueError, "n must be a non-negative integer");
  if (int_sign(k) < 0) return raise(cx, kValueError, "k must be a non-negative integer");
  return {};
}
Result<Value> perm(Context& cx, Value n, Value k) {
  if (k == kNone) return factorial(cx, n);
  const Value a = TRY(to_index(cx, n));
  const Value b = TRY(to_index(cx, k));
  TRY(check_choice(cx, a, b));
  if (int_compare(b, a) > 0) return Value::of_int(0);
  int64_t count;
  if (!to_int64(b, &count))
    return raise(cx, kOverflowError, "k must not exceed %lld", static_cast<long long>(INT64_MAX));
  return falling(cx, a, count);
}
Result<Value> comb(Context& cx, Value n, Value k) {
  const Value a = TRY(to_index(cx, n));
  Value b = TRY(to_index(cx, k));
  TRY(check_choice(cx, a, b));
  if (int_compare(b, a) > 0) return Value::of_int(0);
  const Value other = TRY(int_binary(cx, BinaryOp::kSub, a, b));
  if (int_compare(other, b) < 0) b = other;
  int64_t count;
  if (!to_int64(b, &count))
    return raise(cx, kOverflowError, "min(n - k, k) must not exceed %lld",
                 static_cast<long long>(INT64_MAX));
  const Value top = TRY(falling(cx, a, count));
  const Value bottom = TRY(range_product(cx, 1, count));
  return int_binary(cx, BinaryOp::kFloorDiv, top, bottom);
}

double cbrt_of(double x) { return std::cbrt(x); }

#define ONE(name, f, overflows) function<&one<f, overflows>>(name, "(x, /)", Effects::kPure)
constexpr BuiltinDef kFunctions[] = {
    ONE("acos", ::acos, false),
    ONE("acosh", ::acosh, false),
    ONE("asin", ::asin, false),
    ONE("asinh", ::asinh, false),
    ONE("atan", ::atan, false),
    ONE("atanh", ::atanh, false),
    ONE("cbrt", cbrt_of, false),
    ONE("cos", ::cos, false),
    ONE("cosh", ::cosh, true),
    ONE("erf", ::erf, false),
    ONE("erfc", ::erfc, false),
    ONE("exp", ::exp, true),
    ONE("exp2", ::exp2, true),
    ONE("expm1", ::expm1, true),
    ONE("fabs", ::fabs, false),
    ONE("log1p", ::log1p, false),
    ONE("sin", ::sin, false),
    ONE("sinh", ::sinh, true),
    ONE("sqrt", ::sqrt, false),
    ONE("tan", ::tan, false),
    ONE("tanh", ::tanh, false),
    function<&gamma>("gamma", "(x, /)", Effects::kPure),
    function<&lgamma_of>("lgamma", "(x, /)", Effects::kPure),
    function<&two<::atan2>>("atan2", "(y, x, /)", Effects::kPure),
    function<&two<::copysign>>("copysign", "(x, y, /)", Effects::kPure),
    function<&fmod_of>("fmod", "(x, y, /)", Effects::kPure),
    function<&remainder_of>("remainder", "(x, y, /)", Effects::kPure),
    function<&pow_of>("pow", "(x, y, /)", Effects::kPure),
    function<&degrees>("degrees", "(x, /)", Effects::kPure),
    function<&radians>("radians", "(x, /)", Effects::kPure),
    function<&is_finite>("isfinite", "(x, /)", Effects::kPure),
    function<&is_inf>("isinf", "(x, /)", Effects::kPure),
    function<&is_nan>("isnan", "(x, /)", Effects::kPure),
    function<&frexp_of>("frexp", "(x, /)", Effects::kPure),
    function<&modf_of>("modf", "(x, /)", Effects::kPure),
    function<&ldexp_of>("ldexp", "(x, i, /)", Effects::kPure),
    function<&nextafter_of>("nextafter", "(x, y, /)", Effects::kPure),
    function<&ulp_of>("ulp", "(x, /)", Effects::kPure),
    function<&isclose>("isclose", "(a, b, *, rel_tol=unset, abs_tol=unset)"),
    function<&log_of>("log", "(x, base=unset, /)"),
    function<&logarithm<::log2>>("log2", "(x, /)"),
    function<&logarithm<::log10>>("log10", "(x, /)"),
    function<&fsum>("fsum", "(seq, /)"),
    function<&hypot_of>("hypot", "(*coordinates)"),
    function<&dist>("dist", "(p, q, /)"),
    function<&prod>("prod", "(iterable, /, *, start=1)"),
    function<&rounded<Dunder::kFloor, ::floor>>("floor", "(x, /)"),
    function<&rounded<Dunder::kCeil, ::ceil>>("ceil", "(x, /)"),
    function<&trunc_of>("trunc", "(x, /)"),
    function<&gcd_of>("gcd", "(*integers)"),
    function<&lcm_of>("lcm", "(*integers)"),
    function<&isqrt_of>("isqrt", "(n, /)"),
    function<&factorial>("factorial", "(n, /)"),
    function<&perm>("perm", "(n, k=None, /)"),
    function<&comb>("comb", "(n, k, /)"),
};
#undef ONE

Result<void> init(Context& cx, Module* m) {
  TRY(module_add(cx, m, "pi", make_float(cx, kPi)));
  TRY(module_add(cx, m, "e", make_float(cx, std::numbers::e)));
  TRY(module_add(cx, m, "tau", make_float(cx, 2 * kPi)));
  TRY(module_add(cx, m, "inf", make_float(cx, kInf)));
  return module_add(cx, m, "nan", make_float(cx, std::nan("")));
}

const ModuleDef kModule = {
    "math", kFunctions, init,
    "This module provides access to the mathematical functions\ndefined by the C standard."};

}  // namespace

void register_math() { register_module(kModule); }

}  // namespace pystm::lib
