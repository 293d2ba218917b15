// Normalisation forms (Unicode Standard Annex 15): decompose, put combining marks in canonical
// order, compose. Hangul is arithmetic (chapter 3.12). A quick check over the record flags lets
// text that is already normal go through untouched.
#include <algorithm>

#include "vm/text/codecs.h"
#include "vm/text/unicode_db.h"

namespace pystm::vm::text {

namespace {

constexpr char32_t kHangulS = 0xAC00, kHangulL = 0x1100, kHangulV = 0x1161, kHangulT = 0x11A7;
constexpr uint32_t kLCount = 19, kVCount = 21, kTCount = 28, kSCount = kLCount * kVCount * kTCount;

bool is_hangul_syllable(char32_t c) { return c - kHangulS < kSCount; }

// A stored decomposition: how many UTF-16 units, and which tag it has ("" when canonical).
struct Stored {
  const uint16_t* units;
  int count, tag;
};

Stored stored_decomposition(char32_t c) {
  if (c > kMaxCodePoint) return {nullptr, 0, 0};
  const uint32_t block = kDecompStage1[c >> kDecompShift];
  const uint32_t at = kDecompStage2[(block << kDecompShift) + (c & ((1u << kDecompShift) - 1))];
  return {kDecompUnits + at + 1, kDecompUnits[at] & 0xFF, kDecompUnits[at] >> 8};
}

char32_t next_code(const uint16_t*& p) {
  const char32_t unit = *p++;
  if ((unit & 0xFC00) != 0xD800) return unit;
  return 0x10000 + ((unit & 0x3FF) << 10) + (*p++ & 0x3FF);
}

void decompose_hangul(char32_t c, std::u32string& out) {
  const uint32_t s = c - kHangulS;
  out += kHangulL + s / (kVCount * kTCount);
  out += kHangulV + s % (kVCount * kTCount) / kTCount;
  if (s % kTCount != 0) out += kHangulT + s % kTCount;
}

void decompose(char32_t c, bool compatible, std::u32string& out) {
  if (c < 0x80) {
    out += c;
    return;
  }
  if (is_hangul_syllable(c)) return decompose_hangul(c, out);
  const Stored d = stored_decomposition(c);
  if (d.count == 0 || (d.tag != 0 && !compatible)) {
    out += c;
    return;
  }
  const uint16_t* p = d.units;
  while (p < d.units + d.count) decompose(next_code(p), compatible, out);
}

// Marks between two starters are sorted by class; equal classes keep their order.
void reorder(std::u32string& s) {
  size_t i = 0;
  while (i < s.size()) {
    if (combining(s[i]) == 0) {
      i++;
      continue;
    }
    size_t end = i;
    while (end < s.size() && combining(s[end]) != 0) end++;
    std::stable_sort(s.begin() + i, s.begin() + end,
                     [](char32_t a, char32_t b) { return combining(a) < combining(b); });
    i = end;
  }
}

// The composite of two code points, or 0.
char32_t compose_pair(char32_t a, char32_t b) {
  if (a - kHangulL < kLCount && b - kHangulV < kVCount)
    return kHangulS + ((a - kHangulL) * kVCount + (b - kHangulV)) * kTCount;
  if (is_hangul_syllable(a) && (a - kHangulS) % kTCount == 0 && b - (kHangulT + 1) < kTCount - 1)
    return a + (b - kHangulT);
  if (!has_flag(b, kNfcMaybe)) return 0;
  const auto before = [](const Composition& row, std::pair<char32_t, char32_t> key) {
    return row.first != key.first ? row.first < key.first : row.second < key.second;
  };
  const Composition* end = kCompositions + kCompositionCount;
  const Composition* row = std::lower_bound(kCompositions, end, std::pair(a, b), before);
  return row != end && row->first == a && row->second == b ? row->composed : 0;
}

void compose(std::u32string& s) {
  constexpr size_t kNone = SIZE_MAX;
  size_t starter = kNone, out = 0;
  int last_class = -1;  // class of the last mark kept since the starter; -1: none
  for (const char32_t c : std::u32string(s)) {
    const int cls = combining(c);
    if (starter != kNone && last_class < cls) {
      // Not blocked: a mark of a higher class, or directly after the starter.
      const char32_t joined = compose_pair(s[starter], c);
      if (joined != 0) {
        s[starter] = joined;
        continue;
      }
    }
    if (cls == 0) {
      starter = out;
      last_class = -1;
    } else {
      last_class = cls;
    }
    s[out++] = c;
  }
  s.resize(out);
}

constexpr uint32_t kQuickNo[] = {kNfcNo, kNfdNo, kNfkcNo, kNfkdNo};

enum class Quick { No, Maybe, Yes };

Quick quick_check(Form form, std::u32string_view s) {
  const bool composing = form == Form::NFC || form == Form::NFKC;
  Quick result = Quick::Yes;
  int last_class = 0;
  for (const char32_t c : s) {
    if (c < 0x80) {
      last_class = 0;
      continue;
    }
    const CharRecord& r = char_record(c);
    if (r.combining != 0 && last_class > r.combining) return Quick::No;
    if (r.flags & kQuickNo[static_cast<int>(form)]) return Quick::No;
    if (composing && (r.flags & kNfcMaybe)) result = Quick::Maybe;
    last_class = r.combining;
  }
  return result;
}

}  // namespace

std::string decomposition(char32_t c) {
  const Stored d = stored_decomposition(c);
  std::string result = d.count == 0 ? "" : kDecompTags[d.tag];
  const uint16_t* p = d.units;
  while (d.count != 0 && p < d.units + d.count) {
    char buffer[12];
    snprintf(buffer, sizeof buffer, "%s%04X", result.empty() ? "" : " ",
             static_cast<unsigned>(next_code(p)));
    result += buffer;
  }
  return result;
}

std::u32string normalize(Form form, std::u32string_view s) {
  if (quick_check(form, s) == Quick::Yes) return std::u32string(s);
  const bool compatible = form == Form::NFKC || form == Form::NFKD;
  std::u32string result;
  result.reserve(s.size() + s.size() / 4);
  for (const char32_t c : s) decompose(c, compatible, result);
  reorder(result);
  if (form == Form::NFC || form == Form::NFKC) compose(result);
  return result;
}

bool is_normalized(Form form, std::u32string_view s) {
  const Quick quick = quick_check(form, s);
  return quick == Quick::Maybe ? normalize(form, s) == s : quick == Quick::Yes;
}

std::string nfkc_utf8(std::string_view s) {
  StandardErrors errors;
  TextBuilder text;
  const Bytes bytes(reinterpret_cast<const uint8_t*>(s.data()), s.size());
  if (is_ascii(bytes) || !decode_utf8(bytes, errors, text)) return std::string(s);
  const std::u32string wide = text.view().to_u32();
  if (quick_check(Form::NFKC, wide) == Quick::Yes) return std::string(s);
  std::string result;
  for (const char32_t c : normalize(Form::NFKC, wide)) append_utf8(c, result);
  return result;
}

}  // namespace pystm::vm::text
