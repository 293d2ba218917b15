// The format() mini-language. A number is laid out as: left padding, sign, prefix, zero padding,
// grouped digits, point, rest, right padding.
#include "vm/text/format_spec.h"

#include <climits>

#include "vm/text/codecs.h"

namespace pystm::vm::text {

namespace {

FormatError value_error(std::string message) {
  return {FormatError::ValueError, std::move(message)};
}

bool is_align(char32_t c) { return c == '<' || c == '>' || c == '=' || c == '^'; }

// Printable ASCII as itself, anything else as \x1234.
std::string code_for_message(char32_t c) {
  if (c > 32 && c < 128) return std::string(1, static_cast<char>(c));
  char buffer[16];
  snprintf(buffer, sizeof buffer, "\\x%x", static_cast<unsigned>(c));
  return buffer;
}

FormatError unknown_type(char32_t type, std::string_view type_name) {
  return value_error("Unknown format code '" + code_for_message(type) + "' for object of type '" +
                     std::string(type_name) + "'");
}

class SpecParser {
 public:
  SpecParser(TextView spec, FormatSpec& out) : spec_(spec), out_(out) {}

  FormatError run(char default_align, std::string_view type_name) {
    read_flags(default_align);
    if (!read_number(&out_.width)) return too_many_digits();
    if (FormatError error = read_grouping()) return error;
    if (take('.')) {
      if (!read_number(&out_.precision)) return too_many_digits();
      if (out_.precision < 0) return value_error("Format specifier missing precision");
    }
    if (spec_.size() - at_ > 1) {
      return value_error("Invalid format specifier '" + to_utf8(spec_) + "' for object of type '" +
                         std::string(type_name) + "'");
    }
    if (at_ < spec_.size()) out_.type = spec_[at_++];
    return out_.grouping == Grouping::None ? FormatError() : check_grouping();
  }

 private:
  char32_t peek() const { return at_ < spec_.size() ? spec_[at_] : 0; }
  bool take(char32_t c) {
    if (at_ == spec_.size() || spec_[at_] != c) return false;
    at_++;
    return true;
  }

  void read_flags(char default_align) {
    bool has_fill = false, has_align = false;
    out_.align = default_align;
    if (spec_.size() >= 2 && is_align(spec_[1])) {
      out_.fill = spec_[0];
      out_.align = static_cast<char>(spec_[1]);
      has_fill = has_align = true;
      at_ = 2;
    } else if (is_align(peek())) {
      out_.align = static_cast<char>(spec_[at_++]);
      has_align = true;
    }
    const char32_t sign = peek();
    if (sign == ' ' || sign == '+' || sign == '-') {
      out_.sign = static_cast<char>(sign);
      at_++;
    }
    out_.negative_zero_off = take('z');
    out_.alternate = take('#');
    if (!has_fill && take('0')) {
      out_.fill = '0';
      if (!has_align && default_align == '>') out_.align = '=';
    }
  }

  // Leaves *value alone when there is no digit; false on overflow.
  bool read_number(int64_t* value) {
    int64_t number = 0;
    bool any = false;
    for (; at_ < spec_.size(); at_++) {
      const int digit = decimal_value(spec_[at_]);
      if (digit < 0) break;
      if (number > (INT64_MAX - digit) / 10) return false;
      number = number * 10 + digit;
      any = true;
    }
    if (any) *value = number;
    return true;
  }

  FormatError read_grouping() {
    if (take(',')) out_.grouping = Grouping::Comma;
    const bool comma = out_.grouping == Grouping::Comma;
    if (take('_')) {
      if (comma) return both_separators();
      out_.grouping = Grouping::Underscore;
    }
    if (peek() == ',' && out_.grouping == Grouping::Underscore) return both_separators();
    return {};
  }

  FormatError check_grouping() {
    switch (out_.type) {
      case 0:
      case 'd':
      case 'e':
      case 'f':
      case 'g':
      case 'E':
      case 'F':
      case 'G':
      case '%':
        return {};
      case 'b':
      case 'o':
      case 'x':
      case 'X':
        if (out_.grouping != Grouping::Underscore) break;
        out_.grouping = Grouping::UnderscoreFour;
        return {};
    }
    const char* separator = out_.grouping == Grouping::Comma ? "," : "_";
    return value_error(std::string("Cannot specify '") + separator + "' with '" +
                       code_for_message(out_.type) + "'.");
  }

  static FormatError both_separators() { return value_error("Cannot specify both ',' and '_'."); }
  static FormatError too_many_digits() {
    return value_error("Too many decimal digits in format string");
  }

  TextView spec_;
  FormatSpec& out_;
  size_t at_ = 0;
};

// ---- numbers ----

// A number taken apart. digits are the ones before the point (or all of an integer's).
struct Pieces {
  bool negative = false;
  std::string prefix, digits, point, rest;
};

struct Separator {
  std::string text;
  std::string sizes;  // group sizes as in struct lconv: the last repeats, CHAR_MAX ends
};

Separator separator_for(Grouping grouping, const NumberLocale& locale) {
  switch (grouping) {
    case Grouping::None:
      return {};
    case Grouping::Comma:
      return {",", "\3"};
    case Grouping::Underscore:
      return {"_", "\3"};
    case Grouping::UnderscoreFour:
      return {"_", "\4"};
    case Grouping::Locale:
      return {locale.thousands_separator, locale.grouping};
  }
  __builtin_unreachable();
}

// The digits with separators, filled up with (grouped) zeros to min_width.
std::string group_digits(const std::string& digits, int64_t min_width, const Separator& sep) {
  std::vector<std::string> groups;  // right to left
  int64_t left = static_cast<int64_t>(digits.size());
  size_t which = 0;
  for (bool more = true; more;) {
    int64_t size = INT64_MAX;
    if (which < sep.sizes.size()) size = static_cast<unsigned char>(sep.sizes[which]);
    if (size == CHAR_MAX || size == 0) size = INT64_MAX;
    if (which + 1 < sep.sizes.size()) which++;
    size = std::min(size, std::max<int64_t>({left, min_width, 1}));
    const int64_t taken = std::min(left, size);
    groups.push_back(std::string(size - taken, '0') + digits.substr(left - taken, taken));
    left -= taken;
    min_width -= size;
    more = left > 0 || min_width > 0;
    min_width -= static_cast<int64_t>(sep.text.size());
  }
  std::string out;
  for (size_t i = groups.size(); i-- > 0;) {
    out += groups[i];
    if (i != 0) out += sep.text;
  }
  return out;
}

std::string sign_text(bool negative, char sign) {
  if (negative) return "-";
  return sign == '+' || sign == ' ' ? std::string(1, sign) : "";
}

// body goes between the paddings; for '=' the padding stands after `head`.
void write_padded(const std::string& head, const std::string& body, const FormatSpec& spec,
                  TextBuilder& out) {
  const int64_t size = static_cast<int64_t>(head.size() + body.size());
  const int64_t padding = spec.width > size ? spec.width - size : 0;
  int64_t left = 0, inner = 0;
  switch (spec.align) {
    case '>':
      left = padding;
      break;
    case '^':
      left = padding / 2;
      break;
    case '=':
      inner = padding;
      break;
  }
  out.append(spec.fill, left);
  out.append_latin1(head);
  out.append(spec.fill, inner);
  out.append_latin1(body);
  out.append(spec.fill, padding - left - inner);
}

// Where a locale's bytes are beyond ASCII they are taken as Latin-1.
void write_number(const Pieces& p, const FormatSpec& spec, const NumberLocale& locale,
                  TextBuilder& out) {
  const std::string head = sign_text(p.negative, spec.sign) + p.prefix;
  const std::string tail = p.point + p.rest;
  int64_t min_width = 0;
  if (spec.fill == '0' && spec.align == '=')
    min_width = spec.width - static_cast<int64_t>(head.size() + tail.size());
  std::string digits;
  if (!p.digits.empty())
    digits = group_digits(p.digits, min_width, separator_for(spec.grouping, locale));
  write_padded(head, digits + tail, spec, out);
}

// Splits what double_to_string printed.
Pieces split_float(const std::string& text, const std::string& point) {
  Pieces p;
  size_t i = 0;
  if (text[0] == '-') {
    p.negative = true;
    i = 1;
  }
  size_t end = i;
  while (end < text.size() && text[end] >= '0' && text[end] <= '9') end++;
  p.digits = text.substr(i, end - i);
  if (end < text.size() && text[end] == '.') {
    p.point = point;
    end++;
  }
  p.rest = text.substr(end);
  return p;
}

FormatError check_int_spec(const FormatSpec& spec) {
  if (spec.precision >= 0) return value_error("Precision not allowed in integer format specifier");
  if (spec.negative_zero_off)
    return value_error("Negative zero coercion (z) not allowed in integer format specifier");
  if (spec.type != 'c') return {};
  if (spec.sign != 0) return value_error("Sign not allowed with integer format specifier 'c'");
  if (spec.alternate)
    return value_error("Alternate form (#) not allowed with integer format specifier 'c'");
  return {};
}

FormatError write_int_as_char(number::BigView value, const FormatSpec& spec, TextBuilder& out) {
  const auto code = number::to_int64(value);
  if (!code) return {FormatError::OverflowError, "Python int too large to convert to C long"};
  if (*code < 0 || *code > static_cast<int64_t>(kMaxCodePoint))
    return {FormatError::OverflowError, "%c arg not in range(0x110000)"};
  const int64_t padding = spec.width > 1 ? spec.width - 1 : 0;
  const int64_t left = spec.align == '<' ? 0 : spec.align == '^' ? padding / 2 : padding;
  pad(TextView(std::u32string(1, static_cast<char32_t>(*code))), left, padding - left, spec.fill,
      out);
  return {};
}

FormatError write_int(number::BigView value, FormatSpec spec, const NumberLocale& locale,
                      TextBuilder& out) {
  if (FormatError error = check_int_spec(spec)) return error;
  int base = 10;
  Pieces p;
  switch (spec.type) {
    case 'c':
      return write_int_as_char(value, spec, out);
    case 'b':
      base = 2;
      p.prefix = "0b";
      break;
    case 'o':
      base = 8;
      p.prefix = "0o";
      break;
    case 'x':
      base = 16;
      p.prefix = "0x";
      break;
    case 'X':
      base = 16;
      p.prefix = "0X";
      break;
    case 'n':
      spec.grouping = Grouping::Locale;
      break;
  }
  if (!spec.alternate) p.prefix.clear();
  p.negative = value.negative;
  p.digits = number::to_string(value.abs(), base);
  if (spec.type == 'X')
    for (char& c : p.digits)
      if (c >= 'a') c = static_cast<char>(c - 32);
  write_number(p, spec, locale, out);
  return {};
}

struct FloatStyle {
  char code;
  int precision;
  unsigned flags;
};

// Resolves the type and precision of a float or of a complex number's part.
FormatError float_style(const FormatSpec& spec, char32_t type, FloatStyle& style) {
  if (spec.precision > INT_MAX) return value_error("precision too big");
  style.flags = (spec.alternate ? number::kAlternate : 0u) |
                (spec.negative_zero_off ? number::kNoNegativeZero : 0u);
  style.precision = spec.precision < 0 ? 6 : static_cast<int>(spec.precision);
  if (type == 'n') type = 'g';
  if (type == '%') type = 'f';
  if (type == 0) {
    type = spec.precision < 0 ? 'r' : 'g';
    style.flags |= number::kAddDotZero;
  }
  style.code = static_cast<char>(type);
  return {};
}

FormatError write_float(double value, FormatSpec spec, const NumberLocale& locale,
                        TextBuilder& out) {
  FloatStyle style;
  if (FormatError error = float_style(spec, spec.type, style)) return error;
  if (spec.type == '%') value *= 100;
  if (spec.type == 'n') spec.grouping = Grouping::Locale;
  Pieces p = split_float(number::double_to_string(value, style.code, style.precision, style.flags),
                         spec.type == 'n' ? locale.decimal_point : ".");
  if (spec.type == '%') p.rest += '%';
  write_number(p, spec, locale, out);
  return {};
}

bool is_float_type(char32_t type) {
  return type == 'e' || type == 'E' || type == 'f' || type == 'F' || type == 'g' || type == 'G';
}

}  // namespace

FormatError parse_format_spec(TextView spec, char32_t default_type, char default_align,
                              std::string_view type_name, FormatSpec& out) {
  out = FormatSpec();
  out.type = default_type;
  return SpecParser(spec, out).run(default_align, type_name);
}

FormatError format_str(TextView value, TextView spec_text, TextBuilder& out,
                       std::string_view type_name) {
  FormatSpec spec;
  if (FormatError error = parse_format_spec(spec_text, 's', '<', type_name, spec)) return error;
  const std::string where = " not allowed in string format specifier";
  if (spec.type != 's') return unknown_type(spec.type, type_name);
  if (spec.sign != 0) return value_error((spec.sign == ' ' ? "Space" : "Sign") + where);
  if (spec.negative_zero_off) return value_error("Negative zero coercion (z)" + where);
  if (spec.alternate) return value_error("Alternate form (#)" + where);
  if (spec.align == '=') return value_error("'=' alignment" + where);
  const size_t size = spec.precision < 0
                          ? value.size()
                          : std::min(value.size(), static_cast<size_t>(spec.precision));
  const size_t width = spec.width < 0 ? 0 : static_cast<size_t>(spec.width);
  const size_t padding = width > size ? width - size : 0;
  const size_t left = spec.align == '<' ? 0 : spec.align == '^' ? padding / 2 : padding;
  pad(value.substr(0, size), left, padding - left, spec.fill, out);
  return {};
}

FormatError format_int(number::BigView value, TextView spec_text, TextBuilder& out,
                       const NumberLocale& locale, std::string_view type_name) {
  FormatSpec spec;
  if (FormatError error = parse_format_spec(spec_text, 'd', '>', type_name, spec)) return error;
  switch (spec.type) {
    case 'b':
    case 'c':
    case 'd':
    case 'o':
    case 'x':
    case 'X':
    case 'n':
      return write_int(value, spec, locale, out);
  }
  if (!is_float_type(spec.type) && spec.type != '%') return unknown_type(spec.type, type_name);
  const auto real = number::to_double(value);
  if (!real) return {FormatError::OverflowError, "int too large to convert to float"};
  return write_float(*real, spec, locale, out);
}

FormatError format_float(double value, TextView spec_text, TextBuilder& out,
                         const NumberLocale& locale, std::string_view type_name) {
  FormatSpec spec;
  if (FormatError error = parse_format_spec(spec_text, 0, '>', type_name, spec)) return error;
  const bool known = spec.type == 0 || spec.type == 'n' || spec.type == '%';
  if (!known && !is_float_type(spec.type)) return unknown_type(spec.type, type_name);
  return write_float(value, spec, locale, out);
}

namespace {

// One part of a complex number, unpadded.
std::string complex_part(double value, char sign, const FloatStyle& style, FormatSpec spec,
                         const NumberLocale& locale) {
  const Pieces p =
      split_float(number::double_to_string(value, style.code, style.precision, style.flags),
                  spec.type == 'n' ? locale.decimal_point : ".");
  const Separator separator = separator_for(spec.grouping, locale);
  return sign_text(p.negative, sign) +
         (p.digits.empty() ? "" : group_digits(p.digits, 0, separator)) + p.point + p.rest;
}

}  // namespace

FormatError format_complex(number::Complex value, TextView spec_text, TextBuilder& out,
                           const NumberLocale& locale, std::string_view type_name) {
  FormatSpec spec;
  if (FormatError error = parse_format_spec(spec_text, 0, '>', type_name, spec)) return error;
  const bool plain = spec.type == 0;
  if (!plain && spec.type != 'n' && !is_float_type(spec.type))
    return unknown_type(spec.type, type_name);
  if (spec.fill == '0')
    return value_error("Zero padding is not allowed in complex format specifier");
  if (spec.align == '=')
    return value_error("'=' alignment flag is not allowed in complex format specifier");
  FloatStyle style;
  if (FormatError error = float_style(spec, spec.type, style)) return error;
  style.flags &= ~static_cast<unsigned>(number::kAddDotZero);
  if (spec.type == 'n') spec.grouping = Grouping::Locale;
  const bool skip_real = plain && value.real == 0 && !std::signbit(value.real);
  std::string body;
  if (!skip_real) body = complex_part(value.real, spec.sign, style, spec, locale);
  body += complex_part(value.imag, skip_real ? spec.sign : '+', style, spec, locale) + 'j';
  if (plain && !skip_real) body = '(' + body + ')';
  write_padded("", body, spec, out);
  return {};
}

}  // namespace pystm::vm::text
