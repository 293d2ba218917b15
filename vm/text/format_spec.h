// Formatting values: the mini-language of format(), [[fill]align][sign][z][#][0][width][grouping]
// [.precision][type], and the older % operator. Values arrive unwrapped (text, integer limbs,
// doubles), the result goes to a builder, errors come back with CPython's message.
#pragma once

#include <cstdint>
#include <string>

#include "vm/number/bigint.h"
#include "vm/number/float_format.h"
#include "vm/text/str_ops.h"
#include "vm/text/text_builder.h"

namespace pystm::vm::text {

// What to raise, if anything.
struct FormatError {
  enum Kind : uint8_t { None, ValueError, OverflowError } kind = None;
  std::string message;
  explicit operator bool() const { return kind != None; }
};

enum class Grouping : uint8_t { None, Comma, Underscore, UnderscoreFour, Locale };

struct FormatSpec {
  char32_t fill = ' ';
  char align = '<';
  char sign = 0;
  bool negative_zero_off = false;  // 'z'
  bool alternate = false;          // '#'
  int64_t width = -1;
  Grouping grouping = Grouping::None;
  int64_t precision = -1;
  char32_t type = 0;
};

// What type 'n' uses; the default is the C locale. Group sizes as in struct lconv.
struct NumberLocale {
  std::string decimal_point = ".";
  std::string thousands_separator;
  std::string grouping;
};

// type_name is for messages ("int").
[[nodiscard]] FormatError parse_format_spec(TextView spec, char32_t default_type,
                                            char default_align, std::string_view type_name,
                                            FormatSpec& out);

// format(value, spec), also for an empty spec.
[[nodiscard]] FormatError format_str(TextView value, TextView spec, TextBuilder& out,
                                     std::string_view type_name = "str");
[[nodiscard]] FormatError format_int(number::BigView value, TextView spec, TextBuilder& out,
                                     const NumberLocale& locale = {},
                                     std::string_view type_name = "int");
[[nodiscard]] FormatError format_float(double value, TextView spec, TextBuilder& out,
                                       const NumberLocale& locale = {},
                                       std::string_view type_name = "float");
[[nodiscard]] FormatError format_complex(number::Complex value, TextView spec, TextBuilder& out,
                                         const NumberLocale& locale = {},
                                         std::string_view type_name = "complex");

// ---- the % operator: percent_format.cpp ----
struct PercentSpec {
  bool has_key = false;
  Slice key = {0, 0};  // between the brackets of %(key)
  bool left = false, plus = false, blank = false, alternate = false, zero = false;
  bool star_width = false, star_precision = false;
  int64_t width = -1, precision = -1;
  char32_t conversion = 0;
  size_t conversion_at = 0;
  size_t end = 0;  // first unit after the specification

  // The value a '*' took from the arguments.
  void set_star_width(int64_t w) {
    left = left || w < 0;
    width = w < 0 ? -w : w;
  }
  void set_star_precision(int64_t p) { precision = p < 0 ? 0 : p; }
};

// Parses what follows the '%' at format[at - 1].
[[nodiscard]] FormatError parse_percent(TextView format, size_t at, PercentSpec& out);
// The ValueError for a conversion nobody knows.
FormatError unsupported_conversion(const PercentSpec& spec);

void percent_text(TextView value, const PercentSpec& spec, TextBuilder& out);        // s r a, and c
void percent_int(number::BigView value, const PercentSpec& spec, TextBuilder& out);  // diuoxX
void percent_float(double value, const PercentSpec& spec, TextBuilder& out);         // eEfFgG

}  // namespace pystm::vm::text
