// utf-7 (RFC 2152): ASCII, with runs of UTF-16 in base64 between '+' and '-'.
#include "vm/text/codec_loop.h"
#include "vm/text/codecs.h"

namespace pystm::vm::text {

namespace {

constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

int base64_value(char32_t c) {
  if (c >= 0x80) return -1;
  const size_t at = kBase64.find(static_cast<char>(c));
  return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

bool writes_itself(char32_t c) {
  if (c >= 0x80 || c == 0) return false;
  if (c < 0x20) return c == '\t' || c == '\n' || c == '\r';
  return c != '+' && c != '\\' && c != '~' && c != 0x7F;
}

class Utf7Decoder {
 public:
  Utf7Decoder(Bytes in, CodecErrors& errors, TextBuilder& out)
      : in_(in), errors_(errors), out_(out) {}

  bool run(size_t* consumed) {
    for (;;) {
      while (at_ < in_.size())
        if (!(shifted_ ? inside(in_[at_]) : outside(in_[at_]))) return false;
      if (!shifted_ || consumed != nullptr) break;
      shifted_ = false;
      const bool loose = high_ != 0 || bits_ >= 6 || (bits_ > 0 && buffer_ != 0);
      if (!loose) break;
      at_ = in_.size();
      if (!fail("unterminated shift sequence")) return false;
    }
    if (consumed == nullptr) return true;
    *consumed = shifted_ ? start_ : at_;
    if (shifted_) out_.truncate(shift_out_);
    return true;
  }

 private:
  bool fail(const char* reason) {
    return recover(errors_, {"utf7", in_, start_, at_, reason}, out_, &at_);
  }

  bool outside(uint8_t c) {
    if (c == '+') return open();
    if (c < 0x80) {
      out_.append(c);
      at_++;
      return true;
    }
    start_ = at_++;
    return fail("unexpected special character");
  }

  bool open() {
    start_ = at_++;
    if (at_ < in_.size() && in_[at_] == '-') {
      at_++;
      out_.append(U'+');
      return true;
    }
    if (at_ < in_.size() && base64_value(in_[at_]) < 0) {
      at_++;
      return fail("ill-formed sequence");
    }
    shifted_ = true;
    high_ = 0;
    bits_ = 0;
    buffer_ = 0;
    shift_out_ = out_.size();
    return true;
  }

  bool inside(uint8_t c) {
    const int value = base64_value(c);
    if (value < 0) return close(c);
    at_++;
    buffer_ = buffer_ << 6 | static_cast<uint32_t>(value);
    bits_ += 6;
    if (bits_ < 16) return true;
    bits_ -= 16;
    unit(buffer_ >> bits_);
    buffer_ &= (1u << bits_) - 1;
    return true;
  }

  // One UTF-16 unit. A high surrogate waits for its partner.
  void unit(char32_t c) {
    if (high_ != 0) {
      if (is_low_surrogate(c)) {
        out_.append(join_surrogates(high_, c));
        high_ = 0;
        return;
      }
      out_.append(high_);
      high_ = 0;
    }
    if (is_high_surrogate(c))
      high_ = c;
    else
      out_.append(c);
  }

  bool close(uint8_t c) {
    shifted_ = false;
    if (bits_ >= 6) {
      at_++;
      return fail("partial character in shift sequence");
    }
    if (bits_ > 0 && buffer_ != 0) {
      at_++;
      return fail("non-zero padding bits in shift sequence");
    }
    if (high_ != 0 && c < 0x80 && c != '+') out_.append(high_);
    high_ = 0;
    if (c == '-') at_++;
    return true;
  }

  Bytes in_;
  CodecErrors& errors_;
  TextBuilder& out_;
  size_t at_ = 0, start_ = 0, shift_out_ = 0;
  bool shifted_ = false;
  char32_t high_ = 0;
  int bits_ = 0;
  uint32_t buffer_ = 0;
};

}  // namespace

bool decode_utf7(Bytes in, CodecErrors& errors, TextBuilder& out, size_t* consumed) {
  return Utf7Decoder(in, errors, out).run(consumed);
}

std::string encode_utf7(TextView in) {
  std::string out;
  bool shifted = false;
  uint64_t buffer = 0;
  int bits = 0;
  const auto push = [&](char32_t unit) {
    buffer = buffer << 16 | unit;
    for (bits += 16; bits >= 6;) {
      bits -= 6;
      out += kBase64[buffer >> bits & 0x3F];
    }
    buffer &= (1u << bits) - 1;
  };
  const auto flush = [&] {
    if (bits != 0) out += kBase64[buffer << (6 - bits) & 0x3F];
    bits = 0;
    buffer = 0;
    shifted = false;
  };
  for (size_t i = 0; i < in.size(); i++) {
    const char32_t c = in[i];
    if (writes_itself(c)) {
      if (shifted) {
        flush();
        if (base64_value(c) >= 0 || c == '-') out += '-';
      }
      out += static_cast<char>(c);
    } else if (c == '+' && !shifted) {
      out += "+-";
    } else {
      if (!shifted) out += '+';
      shifted = true;
      if (c >= 0x10000) push(0xD7C0 + (c >> 10));
      push(c >= 0x10000 ? 0xDC00 + (c & 0x3FF) : c);
    }
  }
  if (shifted) {
    flush();
    out += '-';
  }
  return out;
}

}  // namespace pystm::vm::text
