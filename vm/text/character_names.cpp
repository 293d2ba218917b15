// Character names. Names of Hangul syllables and CJK ideographs are computed; the others are
// decoded from the word table. Lookup by name builds a sorted index at its first use, because most
// programs never ask.
#include <algorithm>
#include <cstring>
#include <vector>

#include "vm/text/unicode_db.h"
#include "vm/text/unicode_names.h"

namespace pystm::vm::text {

namespace {

constexpr const char* kJamoL[] = {"G",  "GG", "N", "D",  "DD", "R", "M", "B", "BB", "S",
                                  "SS", "",   "J", "JJ", "C",  "K", "T", "P", "H"};
constexpr const char* kJamoV[] = {"A",   "AE", "YA", "YAE", "EO", "E",  "YEO",
                                  "YE",  "O",  "WA", "WAE", "OE", "YO", "U",
                                  "WEO", "WE", "WI", "YU",  "EU", "YI", "I"};
constexpr const char* kJamoT[] = {"",   "G",  "GG", "GS", "N",  "NJ", "NH", "D", "L",  "LG",
                                  "LM", "LB", "LS", "LT", "LP", "LH", "M",  "B", "BS", "S",
                                  "SS", "NG", "J",  "C",  "K",  "T",  "P",  "H"};
constexpr char32_t kHangulFirst = 0xAC00, kHangulLast = 0xD7A3;
constexpr std::string_view kHangulPrefix = "HANGUL SYLLABLE ",
                           kCjkPrefix = "CJK UNIFIED IDEOGRAPH-";

bool is_unified_ideograph(char32_t c) {
  constexpr char32_t kRanges[][2] = {{0x3400, 0x4DBF},   {0x4E00, 0x9FFF},   {0x20000, 0x2A6DF},
                                     {0x2A700, 0x2B738}, {0x2B740, 0x2B81D}, {0x2B820, 0x2CEA1},
                                     {0x2CEB0, 0x2EBE0}, {0x30000, 0x3134A}};
  return std::any_of(std::begin(kRanges), std::end(kRanges),
                     [c](auto& range) { return range[0] <= c && c <= range[1]; });
}

std::vector<std::string_view> split_words() {
  std::vector<std::string_view> words;
  words.reserve(kWordCount);
  for (const char* p = kWords; words.size() < kWordCount;) {
    const char* end = strchr(p, '\n');
    words.emplace_back(p, end - p);
    p = end + 1;
  }
  return words;
}

const std::vector<std::string_view>& words() {
  static const std::vector<std::string_view> all = split_words();
  return all;
}

// Appends the name at p and returns the start of the next one.
const unsigned char* decode(const unsigned char* p, std::string& out) {
  while (*p != 255) {
    uint32_t code = *p++;
    if (code >= static_cast<uint32_t>(kOneByteWords))
      code = kOneByteWords + (code - kOneByteWords) * 256 + *p++;
    out += words()[code];
  }
  return p + 1;
}

const unsigned char* stream_at(uint32_t offset) {
  return reinterpret_cast<const unsigned char*>(kNameStream) + offset;
}

std::string stored_name(uint32_t index) {
  const unsigned char* p = stream_at(kNameOffsets[index / 32]);
  std::string name;
  for (uint32_t skip = index % 32 + 1; skip > 0; skip--) {
    name.clear();
    p = decode(p, name);
  }
  return name;
}

struct NamedCode {
  std::string name;
  char32_t code;
};

std::vector<NamedCode> build_index() {
  std::vector<NamedCode> index;
  index.reserve(kNameCount);
  const unsigned char* p = stream_at(0);
  for (uint32_t run = 0; run < kNameRunCount; run++) {
    const uint32_t end = run + 1 < kNameRunCount ? kNameRuns[run + 1].first_name : kNameCount;
    for (uint32_t i = kNameRuns[run].first_name; i < end; i++) {
      NamedCode entry{{}, kNameRuns[run].first_code + (i - kNameRuns[run].first_name)};
      p = decode(p, entry.name);
      index.push_back(std::move(entry));
    }
  }
  std::sort(index.begin(), index.end(),
            [](const NamedCode& a, const NamedCode& b) { return a.name < b.name; });
  return index;
}

// The longest jamo name that starts s, removed from it; its position in the table or -1.
template <size_t N>
int take_jamo(const char* const (&table)[N], std::string_view& s) {
  int best = -1;
  size_t best_length = 0;
  for (size_t i = 0; i < N; i++) {
    const std::string_view jamo = table[i];
    if (s.substr(0, jamo.size()) == jamo && (best < 0 || jamo.size() > best_length)) {
      best = static_cast<int>(i);
      best_length = jamo.size();
    }
  }
  s.remove_prefix(best_length);
  return best;
}

char32_t lookup_hangul(std::string_view s) {
  const int l = take_jamo(kJamoL, s);
  const int v = take_jamo(kJamoV, s);
  const int t = take_jamo(kJamoT, s);
  if (l < 0 || v < 0 || t < 0 || !s.empty()) return 0;
  return kHangulFirst + (l * 21 + v) * 28 + t;
}

char32_t lookup_ideograph(std::string_view s) {
  if (s.size() != 4 && s.size() != 5) return 0;
  char32_t c = 0;
  for (const char digit : s) {
    if (digit >= '0' && digit <= '9')
      c = c * 16 + (digit - '0');
    else if (digit >= 'A' && digit <= 'F')
      c = c * 16 + (digit - 'A' + 10);
    else
      return 0;
  }
  return is_unified_ideograph(c) ? c : 0;
}

std::u32string one(char32_t c) { return c == 0 ? std::u32string() : std::u32string(1, c); }

std::u32string lookup_extra(const std::string& name, bool allow_sequences) {
  const ExtraName* end = kExtraNames + kExtraNameCount;
  const ExtraName* row =
      std::lower_bound(kExtraNames, end, name,
                       [](const ExtraName& a, const std::string& key) { return a.name < key; });
  if (row == end || name != row->name) return {};
  size_t n = 1;
  while (n < std::size(row->codes) && row->codes[n] != 0) n++;
  if (n > 1 && !allow_sequences) return {};
  return std::u32string(row->codes, n);
}

}  // namespace

std::string character_name(char32_t c) {
  if (c >= kHangulFirst && c <= kHangulLast) {
    const uint32_t s = c - kHangulFirst;
    return std::string(kHangulPrefix) + kJamoL[s / 588] + kJamoV[s % 588 / 28] + kJamoT[s % 28];
  }
  if (is_unified_ideograph(c)) {
    char digits[8];
    snprintf(digits, sizeof digits, "%X", static_cast<unsigned>(c));
    return std::string(kCjkPrefix) + digits;
  }
  if (!has_flag(c, kNamed)) return {};
  const NameRun* run =
      std::upper_bound(kNameRuns, kNameRuns + kNameRunCount, c,
                       [](char32_t code, const NameRun& row) { return code < row.first_code; }) -
      1;
  return stored_name(run->first_name + (c - run->first_code));
}

std::u32string lookup_name(std::string_view text, bool allow_sequences) {
  // Computed names are recognised in upper case only, stored ones in any.
  if (text.substr(0, kHangulPrefix.size()) == kHangulPrefix)
    return one(lookup_hangul(text.substr(kHangulPrefix.size())));
  if (text.substr(0, kCjkPrefix.size()) == kCjkPrefix)
    return one(lookup_ideograph(text.substr(kCjkPrefix.size())));
  std::string name(text);
  for (char& ch : name)
    if (ch >= 'a' && ch <= 'z') ch = static_cast<char>(ch - 32);
  static const std::vector<NamedCode> index = build_index();
  const auto found =
      std::lower_bound(index.begin(), index.end(), name,
                       [](const NamedCode& a, const std::string& key) { return a.name < key; });
  if (found != index.end() && found->name == name) return std::u32string(1, found->code);
  return lookup_extra(name, allow_sequences);
}

}  // namespace pystm::vm::text
