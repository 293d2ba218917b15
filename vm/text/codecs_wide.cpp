// utf-16 and utf-32 in both byte orders, with or without a byte order mark.
#include "vm/text/codec_loop.h"
#include "vm/text/codecs.h"

namespace pystm::vm::text {

namespace {

char32_t read16(Bytes s, size_t i, bool big) {
  return big ? s[i] << 8 | s[i + 1] : s[i + 1] << 8 | s[i];
}

char32_t read32(Bytes s, size_t i, bool big) {
  const char32_t a = read16(s, i, big), b = read16(s, i + 2, big);
  return big ? a << 16 | b : b << 16 | a;
}

void write_unit(char32_t c, int bytes, bool big, std::string& out) {
  for (int k = 0; k < bytes; k++)
    out += static_cast<char>(c >> (8 * (big ? bytes - 1 - k : k)) & 0xFF);
}

// Settles the byte order from a mark, which is skipped; only asked for Endian::Bom.
template <class Read>
size_t skip_mark(Bytes in, size_t unit, char32_t swapped, Endian* endian, Read read) {
  if (*endian != Endian::Bom || in.size() < unit) return 0;
  const char32_t first = read(in, 0, false);
  if (first == 0xFEFF) *endian = Endian::Little;
  if (first == swapped) *endian = Endian::Big;
  return *endian == Endian::Bom ? 0 : unit;
}

const char* name16(Endian e) {
  return e == Endian::Bom ? "utf-16" : e == Endian::Big ? "utf-16-be" : "utf-16-le";
}
const char* name32(Endian e) {
  return e == Endian::Bom ? "utf-32" : e == Endian::Big ? "utf-32-be" : "utf-32-le";
}

// One utf-16 step at i: a code point, or an error over [i, end).
struct Step16 {
  size_t length;
  char32_t code;
  const char* reason;
  bool incomplete;
};

Step16 step16(Bytes in, size_t i, bool big) {
  const size_t left = in.size() - i;
  if (left < 2) return {left, 0, "truncated data", true};
  const char32_t c = read16(in, i, big);
  if (!is_surrogate(c)) return {2, c, nullptr, false};
  if (is_low_surrogate(c)) return {2, 0, "illegal encoding", false};
  if (left < 4) return {left, 0, "unexpected end of data", true};
  const char32_t low = read16(in, i + 2, big);
  if (!is_low_surrogate(low)) return {2, 0, "illegal UTF-16 surrogate", false};
  return {4, join_surrogates(c, low), nullptr, false};
}

}  // namespace

bool decode_utf16(Bytes in, Endian* endian, CodecErrors& errors, TextBuilder& out,
                  size_t* consumed) {
  size_t i = skip_mark(in, 2, 0xFFFE, endian, read16);
  const bool big = *endian == Endian::Big;
  const char* encoding = name16(big ? Endian::Big : Endian::Little);
  while (i < in.size()) {
    const Step16 step = step16(in, i, big);
    if (step.reason == nullptr) {
      out.append(step.code);
      i += step.length;
      continue;
    }
    if (step.incomplete && consumed != nullptr) break;
    if (!recover(errors, {encoding, in, i, i + step.length, step.reason}, out, &i)) return false;
  }
  if (consumed != nullptr) *consumed = i;
  return true;
}

bool decode_utf32(Bytes in, Endian* endian, CodecErrors& errors, TextBuilder& out,
                  size_t* consumed) {
  size_t i = skip_mark(in, 4, 0xFFFE0000, endian, read32);
  const bool big = *endian == Endian::Big;
  const char* encoding = name32(big ? Endian::Big : Endian::Little);
  while (i < in.size()) {
    const char* reason = nullptr;
    size_t end = i + 4;
    if (end > in.size()) {
      if (consumed != nullptr) break;
      reason = "truncated data";
      end = in.size();
    } else {
      const char32_t c = read32(in, i, big);
      if (c <= 0x10FFFF && !is_surrogate(c)) {
        out.append(c);
        i = end;
        continue;
      }
      reason = c > 0x10FFFF ? "code point not in range(0x110000)"
                            : "code point in surrogate code point range(0xd800, 0xe000)";
    }
    if (!recover(errors, {encoding, in, i, end, reason}, out, &i)) return false;
  }
  if (consumed != nullptr) *consumed = i;
  return true;
}

namespace {

bool encode_wide(TextView in, const char* encoding, int unit, bool big, CodecErrors& errors,
                 std::string& out) {
  const auto write = [&](char32_t c) {
    if (unit == 2 && c >= 0x10000) {
      write_unit(0xD7C0 + (c >> 10), 2, big, out);
      write_unit(0xDC00 + (c & 0x3FF), 2, big, out);
    } else {
      write_unit(c, unit, big, out);
    }
  };
  size_t i = 0;
  while (i < in.size()) {
    if (!is_surrogate(in[i])) {
      write(in[i++]);
    } else if (!recover(errors, EncodeError{encoding, in, i, i + 1, "surrogates not allowed"}, 0x80,
                        unit, out, &i, write)) {
      return false;
    }
  }
  return true;
}

}  // namespace

bool encode_utf16(TextView in, Endian endian, CodecErrors& errors, std::string& out) {
  if (endian == Endian::Bom) write_unit(0xFEFF, 2, false, out);
  return encode_wide(in, name16(endian), 2, endian == Endian::Big, errors, out);
}

bool encode_utf32(TextView in, Endian endian, CodecErrors& errors, std::string& out) {
  if (endian == Endian::Bom) write_unit(0xFEFF, 4, false, out);
  return encode_wide(in, name32(endian), 4, endian == Endian::Big, errors, out);
}

}  // namespace pystm::vm::text
