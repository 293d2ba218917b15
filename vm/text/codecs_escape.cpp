// Backslash escapes: unicode_escape, raw_unicode_escape, and those of bytes literals.
#include <cstring>

#include "vm/text/codec_loop.h"
#include "vm/text/codecs.h"
#include "vm/text/unicode_db.h"

namespace pystm::vm::text {

namespace {

int hex_value(uint8_t c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The code of a one-letter escape such as \n, or -1.
int simple_escape(uint8_t c) {
  switch (c) {
    case '\\':
    case '\'':
    case '"':
      return c;
    case 'a':
      return 7;
    case 'b':
      return 8;
    case 't':
      return 9;
    case 'n':
      return 10;
    case 'v':
      return 11;
    case 'f':
      return 12;
    case 'r':
      return 13;
  }
  return -1;
}

// Up to three octal digits at *at.
char32_t read_octal(Bytes in, size_t* at) {
  char32_t value = 0;
  for (int k = 0; k < 3 && *at < in.size() && in[*at] >= '0' && in[*at] <= '7'; k++)
    value = value * 8 + (in[(*at)++] - '0');
  return value;
}

// Reads up to `digits` hex digits; true when all were there.
bool read_hex(Bytes in, size_t* at, int digits, char32_t* value) {
  *value = 0;
  for (; digits > 0; digits--, (*at)++) {
    const int digit = *at < in.size() ? hex_value(in[*at]) : -1;
    if (digit < 0) return false;
    *value = *value << 4 | static_cast<char32_t>(digit);
  }
  return true;
}

class UnicodeEscapeDecoder {
 public:
  UnicodeEscapeDecoder(Bytes in, CodecErrors& errors, TextBuilder& out)
      : in_(in), errors_(errors), out_(out) {}

  bool run(size_t* consumed, std::optional<size_t>* first_invalid) {
    partial_ok_ = consumed != nullptr;
    while (at_ < in_.size() && !stopped_) {
      if (in_[at_] != '\\')
        out_.append(in_[at_++]);
      else if (!escape())
        return false;
    }
    if (consumed != nullptr) *consumed = at_;
    if (first_invalid != nullptr) *first_invalid = first_invalid_;
    return true;
  }

 private:
  // With more input to come, an escape that reaches the end is left for later.
  bool fail(const char* reason) {
    if (partial_ok_ && at_ == in_.size()) {
      stopped_ = true;
      at_ = start_;
      return true;
    }
    return recover(errors_, {"unicodeescape", in_, start_, at_, reason}, out_, &at_);
  }

  bool escape() {
    start_ = at_++;
    if (at_ == in_.size()) return fail("\\ at end of string");
    const uint8_t c = in_[at_];
    const int simple = simple_escape(c);
    if (simple >= 0) {
      at_++;
      out_.append(simple);
      return true;
    }
    if (c >= '0' && c <= '7') return octal();
    at_++;
    switch (c) {
      case '\n':
        return true;
      case 'x':
        return hex(2, "truncated \\xXX escape");
      case 'u':
        return hex(4, "truncated \\uXXXX escape");
      case 'U':
        return hex(8, "truncated \\UXXXXXXXX escape");
      case 'N':
        return named();
    }
    note_invalid();
    out_.append(U'\\');
    out_.append(c);
    return true;
  }

  void note_invalid() {
    if (!first_invalid_) first_invalid_ = start_;
  }

  bool octal() {
    const char32_t value = read_octal(in_, &at_);
    if (value > 0377) note_invalid();
    out_.append(value);
    return true;
  }

  bool hex(int digits, const char* reason) {
    char32_t value;
    if (!read_hex(in_, &at_, digits, &value)) return fail(reason);
    if (value > kMaxCodePoint) return fail_for_good("illegal Unicode character");
    out_.append(value);
    return true;
  }

  bool fail_for_good(const char* reason) {
    return recover(errors_, {"unicodeescape", in_, start_, at_, reason}, out_, &at_);
  }

  bool named() {
    constexpr const char* kMalformed = "malformed \\N character escape";
    if (at_ == in_.size() || in_[at_] != '{') return fail(kMalformed);
    const size_t first = ++at_;
    while (at_ < in_.size() && in_[at_] != '}') at_++;
    if (at_ == in_.size() || at_ == first) return fail(kMalformed);
    const std::string name(reinterpret_cast<const char*>(in_.data()) + first, at_ - first);
    at_++;
    const std::u32string found = lookup_name(name, false);
    if (found.empty()) return fail_for_good("unknown Unicode character name");
    out_.append(found[0]);
    return true;
  }

  Bytes in_;
  CodecErrors& errors_;
  TextBuilder& out_;
  size_t at_ = 0, start_ = 0;
  bool partial_ok_ = false, stopped_ = false;
  std::optional<size_t> first_invalid_;
};

void append_escaped(const char* format, char32_t c, std::string& out) {
  char buffer[16];
  snprintf(buffer, sizeof buffer, format, static_cast<unsigned>(c));
  out += buffer;
}

// What \t, \n and \r share between str and bytes.
bool append_control(char32_t c, std::string& out) {
  switch (c) {
    case '\t':
      out += "\\t";
      return true;
    case '\n':
      out += "\\n";
      return true;
    case '\r':
      out += "\\r";
      return true;
    case '\\':
      out += "\\\\";
      return true;
  }
  return false;
}

}  // namespace

bool decode_unicode_escape(Bytes in, CodecErrors& errors, TextBuilder& out, size_t* consumed,
                           std::optional<size_t>* first_invalid) {
  return UnicodeEscapeDecoder(in, errors, out).run(consumed, first_invalid);
}

std::string encode_unicode_escape(TextView in) {
  std::string out;
  out.reserve(in.size());
  for (size_t i = 0; i < in.size(); i++) {
    const char32_t c = in[i];
    if (append_control(c, out)) continue;
    if (c >= 0x20 && c < 0x7F)
      out += static_cast<char>(c);
    else
      append_escaped(c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c, out);
  }
  return out;
}

bool decode_raw_unicode_escape(Bytes in, CodecErrors& errors, TextBuilder& out, size_t* consumed) {
  size_t i = 0;
  while (i < in.size()) {
    // A lone backslash at the end may start an escape when more input follows.
    if (in[i] == '\\' && i + 1 == in.size() && consumed != nullptr) break;
    const bool escape =
        in[i] == '\\' && i + 1 < in.size() && (in[i + 1] == 'u' || in[i + 1] == 'U');
    if (!escape) {
      // A backslash takes the next byte with it, so that \\u stays as it is.
      if (in[i] == '\\' && i + 1 < in.size()) out.append(in[i++]);
      out.append(in[i++]);
      continue;
    }
    const bool is_long = in[i + 1] == 'U';
    size_t at = i + 2;
    char32_t value;
    const char* reason = nullptr;
    if (!read_hex(in, &at, is_long ? 8 : 4, &value)) {
      if (at == in.size() && consumed != nullptr) break;
      reason = is_long ? "truncated \\UXXXXXXXX escape" : "truncated \\uXXXX escape";
    } else if (value > kMaxCodePoint) {
      reason = "\\Uxxxxxxxx out of range";
    }
    if (reason == nullptr) {
      out.append(value);
      i = at;
    } else if (!recover(errors, {"rawunicodeescape", in, i, at, reason}, out, &i)) {
      return false;
    }
  }
  if (consumed != nullptr) *consumed = i;
  return true;
}

std::string encode_raw_unicode_escape(TextView in) {
  std::string out;
  out.reserve(in.size());
  for (size_t i = 0; i < in.size(); i++) {
    const char32_t c = in[i];
    if (c < 0x100)
      out += static_cast<char>(c);
    else
      append_escaped(c < 0x10000 ? "\\u%04x" : "\\U%08x", c, out);
  }
  return out;
}

EscapeError decode_escape(Bytes in, ErrorMode mode, std::string& out,
                          std::optional<size_t>* first_invalid) {
  const auto note_invalid = [&](size_t at) {
    if (first_invalid != nullptr && !*first_invalid) *first_invalid = at;
  };
  for (size_t i = 0; i < in.size();) {
    if (in[i] != '\\') {
      out += static_cast<char>(in[i++]);
      continue;
    }
    const size_t start = i++;
    if (i == in.size()) return {EscapeError::TrailingBackslash, start};
    const uint8_t c = in[i];
    if (simple_escape(c) >= 0) {
      out += static_cast<char>(simple_escape(c));
      i++;
    } else if (c == '\n') {
      i++;
    } else if (c >= '0' && c <= '7') {
      const char32_t value = read_octal(in, &i);
      if (value > 0377) note_invalid(start);
      out += static_cast<char>(value);
    } else if (c == 'x') {
      char32_t value;
      if (read_hex(in, &++i, 2, &value)) {
        out += static_cast<char>(value);
        continue;
      }
      if (mode == ErrorMode::Replace)
        out += '?';
      else if (mode != ErrorMode::Ignore)
        return {EscapeError::InvalidHex, start};
    } else {
      note_invalid(start);
      out += '\\';  // the byte itself follows as plain text
    }
  }
  return {};
}

std::string encode_escape(Bytes in) {
  std::string out;
  out.reserve(in.size());
  for (const uint8_t c : in) {
    if (append_control(c, out)) continue;
    if (c == '\'')
      out += "\\'";
    else if (c >= 0x20 && c < 0x7F)
      out += static_cast<char>(c);
    else
      append_escaped("\\x%02x", c, out);
  }
  return out;
}

}  // namespace pystm::vm::text
