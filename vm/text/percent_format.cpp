// The % operator: reading one specification and laying out one converted value.
#include <climits>

#include "vm/text/format_spec.h"

namespace pystm::vm::text {

namespace {

FormatError value_error(std::string message) {
  return {FormatError::ValueError, std::move(message)};
}

bool is_ascii_digit(char32_t c) { return c >= '0' && c <= '9'; }

class PercentParser {
 public:
  PercentParser(TextView format, size_t at, PercentSpec& out)
      : format_(format), at_(at), out_(out) {}

  FormatError run() {
    if (peek() == '(' && !read_key()) return value_error("incomplete format key");
    read_flags();
    if (!read_number(&out_.width, &out_.star_width, INT64_MAX)) return value_error("width too big");
    if (peek() == '.') {
      at_++;
      out_.precision = 0;
      if (!read_number(&out_.precision, &out_.star_precision, INT_MAX))
        return value_error("precision too big");
    }
    if (peek() == 'h' || peek() == 'l' || peek() == 'L') at_++;
    if (at_ >= format_.size()) return value_error("incomplete format");
    out_.conversion_at = at_;
    out_.conversion = format_[at_++];
    out_.end = at_;
    return {};
  }

 private:
  char32_t peek() const { return at_ < format_.size() ? format_[at_] : 0; }

  bool read_key() {
    const size_t start = ++at_;
    for (int depth = 1; at_ < format_.size(); at_++) {
      if (format_[at_] == '(') depth++;
      if (format_[at_] == ')' && --depth == 0) {
        out_.has_key = true;
        out_.key = {start, at_++};
        return true;
      }
    }
    return false;
  }

  void read_flags() {
    for (;; at_++) {
      switch (peek()) {
        case '-':
          out_.left = true;
          break;
        case '+':
          out_.plus = true;
          break;
        case ' ':
          out_.blank = true;
          break;
        case '#':
          out_.alternate = true;
          break;
        case '0':
          out_.zero = true;
          break;
        default:
          return;
      }
    }
  }

  bool read_number(int64_t* value, bool* star, int64_t max) {
    if (peek() == '*') {
      *star = true;
      at_++;
      return true;
    }
    if (!is_ascii_digit(peek())) return true;
    int64_t number = 0;
    for (; is_ascii_digit(peek()); at_++) {
      const int64_t digit = static_cast<int64_t>(peek() - '0');
      if (number > (max - digit) / 10) return false;
      number = number * 10 + digit;
    }
    *value = number;
    return true;
  }

  TextView format_;
  size_t at_;
  PercentSpec& out_;
};

// sign and prefix stand before zeros but after spaces.
void write_number(const std::string& sign, const std::string& prefix, const std::string& digits,
                  const PercentSpec& spec, TextBuilder& out) {
  const int64_t size = static_cast<int64_t>(sign.size() + prefix.size() + digits.size());
  const int64_t padding = spec.width > size ? spec.width - size : 0;
  const bool zeros = spec.zero && !spec.left;
  if (!spec.left && !zeros) out.append(U' ', padding);
  out.append_ascii(sign);
  out.append_ascii(prefix);
  if (zeros) out.append(U'0', padding);
  out.append_ascii(digits);
  if (spec.left) out.append(U' ', padding);
}

std::string sign_text(bool negative, const PercentSpec& spec) {
  return negative ? "-" : spec.plus ? "+" : spec.blank ? " " : "";
}

}  // namespace

FormatError parse_percent(TextView format, size_t at, PercentSpec& out) {
  out = PercentSpec();
  return PercentParser(format, at, out).run();
}

FormatError unsupported_conversion(const PercentSpec& spec) {
  const char32_t c = spec.conversion;
  char buffer[96];
  snprintf(buffer, sizeof buffer, "unsupported format character '%c' (0x%x) at index %zu",
           c > 31 && c < 128 ? static_cast<int>(c) : '?', static_cast<unsigned>(c),
           spec.conversion_at);
  return value_error(buffer);
}

void percent_text(TextView value, const PercentSpec& spec, TextBuilder& out) {
  size_t size = value.size();
  if (spec.precision >= 0 && spec.conversion != 'c')
    size = std::min(size, static_cast<size_t>(spec.precision));
  const size_t width = spec.width < 0 ? 0 : static_cast<size_t>(spec.width);
  const size_t padding = width > size ? width - size : 0;
  pad(value.substr(0, size), spec.left ? 0 : padding, spec.left ? padding : 0, U' ', out);
}

void percent_int(number::BigView value, const PercentSpec& spec, TextBuilder& out) {
  int base = 10;
  std::string prefix;
  switch (spec.conversion) {
    case 'o':
      base = 8;
      prefix = "0o";
      break;
    case 'x':
      base = 16;
      prefix = "0x";
      break;
    case 'X':
      base = 16;
      prefix = "0X";
      break;
  }
  if (!spec.alternate) prefix.clear();
  std::string digits = number::to_string(value.abs(), base);
  if (spec.conversion == 'X')
    for (char& c : digits)
      if (c >= 'a') c = static_cast<char>(c - 32);
  if (spec.precision > static_cast<int64_t>(digits.size()))
    digits.insert(0, spec.precision - digits.size(), '0');
  write_number(sign_text(value.negative, spec), prefix, digits, spec, out);
}

void percent_float(double value, const PercentSpec& spec, TextBuilder& out) {
  const int precision = spec.precision < 0 ? 6 : static_cast<int>(spec.precision);
  std::string digits =
      number::double_to_string(value, static_cast<char>(spec.conversion), precision,
                               spec.alternate ? number::kAlternate : 0u);
  const bool negative = digits[0] == '-';
  if (negative) digits.erase(0, 1);
  write_number(sign_text(negative, spec), "", digits, spec, out);
}

}  // namespace pystm::vm::text
