// utf-8, ascii, latin-1 and charmap.
#include "vm/text/codecs.h"

#include <algorithm>
#include <cstring>

#include "vm/text/codec_loop.h"

namespace pystm::vm::text {

size_t ascii_prefix(Bytes s) {
  constexpr uint64_t kHighBits = 0x8080808080808080;
  size_t i = 0;
  for (; i + 8 <= s.size(); i += 8) {
    uint64_t word;
    memcpy(&word, s.data() + i, 8);
    if ((word & kHighBits) != 0) return i + __builtin_ctzll(word & kHighBits) / 8;
  }
  while (i < s.size() && s[i] < 0x80) i++;
  return i;
}

char32_t max_code_point(TextView s) {
  // Or-ing finds the storage class and vectorises; the exact maximum matters to nobody.
  return visit(s, [](auto units) {
    char32_t all = 0;
    for (const auto c : units) all |= c;
    return std::min<char32_t>(all, 0x10FFFF);
  });
}

char32_t max_code_point_utf8(std::string_view s) {
  uint8_t lead = 0;
  for (const char c : s) lead = std::max(lead, static_cast<uint8_t>(c));
  if (lead < 0x80) return 0x7F;
  return lead < 0xC4 ? 0xFF : lead < 0xF0 ? 0xFFFF : 0x10FFFF;
}

void append_utf8(char32_t c, std::string& out) {
  if (c < 0x80) {
    out += static_cast<char>(c);
    return;
  }
  const int tail = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
  constexpr unsigned char kLead[] = {0, 0xC0, 0xE0, 0xF0};
  out += static_cast<char>(kLead[tail] | c >> (6 * tail));
  for (int k = tail - 1; k >= 0; k--) out += static_cast<char>(0x80 | (c >> (6 * k) & 0x3F));
}

std::string to_utf8(TextView s) {
  std::string out;
  out.reserve(s.size());
  for (size_t i = 0; i < s.size(); i++) append_utf8(is_surrogate(s[i]) ? '?' : s[i], out);
  return out;
}

namespace {

std::string_view as_chars(Bytes s) { return {reinterpret_cast<const char*>(s.data()), s.size()}; }

// One multi-byte sequence at the start of s: its length if valid, else what is wrong with it.
struct Sequence {
  size_t length;       // bytes that belong to it, valid or not
  const char* reason;  // null when valid
  char32_t code;
  bool truncated;
};

Sequence read_sequence(Bytes s) {
  const uint8_t lead = s[0];
  if (lead < 0xC2 || lead > 0xF4) return {1, "invalid start byte", 0, false};
  const size_t length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  // The second byte's range excludes overlong forms, surrogates and what is past U+10FFFF.
  uint8_t low = 0x80, high = 0xBF;
  if (lead == 0xE0) low = 0xA0;
  if (lead == 0xED) high = 0x9F;
  if (lead == 0xF0) low = 0x90;
  if (lead == 0xF4) high = 0x8F;
  char32_t code = lead & (0x7F >> length);
  for (size_t k = 1; k < length; k++) {
    if (k == s.size()) return {k, "unexpected end of data", 0, true};
    if (s[k] < low || s[k] > high) return {k, "invalid continuation byte", 0, false};
    code = code << 6 | (s[k] & 0x3F);
    low = 0x80;
    high = 0xBF;
  }
  return {length, nullptr, code, false};
}

}  // namespace

bool decode_utf8(Bytes in, CodecErrors& errors, TextBuilder& out, size_t* consumed) {
  size_t i = 0;
  while (i < in.size()) {
    const size_t ascii = ascii_prefix(in.subspan(i));
    out.append_ascii(as_chars(in.subspan(i, ascii)));
    i += ascii;
    while (i < in.size() && in[i] >= 0x80) {
      const Sequence seq = read_sequence(in.subspan(i));
      if (seq.reason == nullptr) {
        out.append(seq.code);
        i += seq.length;
        continue;
      }
      // Two bytes of a surrogate may yet become one that surrogatepass accepts.
      const bool half_surrogate =
          in.size() - i == 2 && in[i] == 0xED && in[i + 1] >= 0xA0 && in[i + 1] <= 0xBF;
      if ((seq.truncated || half_surrogate) && consumed != nullptr) {
        *consumed = i;
        return true;
      }
      if (!recover(errors, {"utf-8", in, i, i + seq.length, seq.reason}, out, &i)) return false;
    }
  }
  if (consumed != nullptr) *consumed = i;
  return true;
}

bool encode_utf8(TextView in, CodecErrors& errors, std::string& out) {
  out.reserve(out.size() + in.size());
  size_t i = 0;
  while (i < in.size()) {
    const char32_t c = in[i];
    if (!is_surrogate(c)) {
      append_utf8(c, out);
      i++;
      continue;
    }
    size_t end = i + 1;
    while (end < in.size() && is_surrogate(in[end])) end++;
    if (!recover(errors, EncodeError{"utf-8", in, i, end, "surrogates not allowed"}, 0x80, 1, out,
                 &i, [&](char32_t r) { out += static_cast<char>(r); }))
      return false;
  }
  return true;
}

bool decode_ascii(Bytes in, CodecErrors& errors, TextBuilder& out) {
  size_t i = 0;
  while (i < in.size()) {
    const size_t ascii = ascii_prefix(in.subspan(i));
    out.append_ascii(as_chars(in.subspan(i, ascii)));
    i += ascii;
    if (i < in.size() &&
        !recover(errors, {"ascii", in, i, i + 1, "ordinal not in range(128)"}, out, &i))
      return false;
  }
  return true;
}

void decode_latin1(Bytes in, TextBuilder& out) {
  out.append_latin1(as_chars(in), is_ascii(in) ? 0x7F : 0xFF);
}

namespace {

bool encode_narrow(TextView in, char32_t limit, const char* encoding, const char* reason,
                   CodecErrors& errors, std::string& out) {
  out.reserve(out.size() + in.size());
  size_t i = 0;
  while (i < in.size()) {
    if (in[i] < limit) {
      out += static_cast<char>(in[i++]);
      continue;
    }
    size_t end = i + 1;
    while (end < in.size() && in[end] >= limit) end++;
    if (!recover(errors, EncodeError{encoding, in, i, end, reason}, limit, 1, out, &i,
                 [&](char32_t r) { out += static_cast<char>(r); }))
      return false;
  }
  return true;
}

}  // namespace

bool encode_ascii(TextView in, CodecErrors& errors, std::string& out) {
  return encode_narrow(in, 128, "ascii", "ordinal not in range(128)", errors, out);
}

bool encode_latin1(TextView in, CodecErrors& errors, std::string& out) {
  return encode_narrow(in, 256, "latin-1", "ordinal not in range(256)", errors, out);
}

bool decode_charmap(Bytes in, TextView table, CodecErrors& errors, TextBuilder& out) {
  size_t i = 0;
  while (i < in.size()) {
    const char32_t c = in[i] < table.size() ? table[in[i]] : 0xFFFE;
    if (c != 0xFFFE) {
      out.append(c);
      i++;
    } else if (!recover(errors, {"charmap", in, i, i + 1, "character maps to <undefined>"}, out,
                        &i)) {
      return false;
    }
  }
  return true;
}

bool encode_charmap(TextView in, const std::function<int(char32_t)>& lookup, CodecErrors& errors,
                    std::string& out) {
  size_t i = 0;
  while (i < in.size()) {
    const int byte = lookup(in[i]);
    if (byte >= 0) {
      out += static_cast<char>(byte);
      i++;
      continue;
    }
    size_t end = i + 1;
    while (end < in.size() && lookup(in[end]) < 0) end++;
    const EncodeError error{"charmap", in, i, end, "character maps to <undefined>"};
    EncodeReplacement answer{{}, {}, false, end};
    if (!errors.encode_error(error, answer)) return false;
    out += answer.bytes;
    for (const char32_t c : answer.text) {
      const int mapped = lookup(c);
      if (mapped < 0) return errors.reject(error), false;
      out += static_cast<char>(mapped);
    }
    i = answer.resume;
  }
  return true;
}

}  // namespace pystm::vm::text
