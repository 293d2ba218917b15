// Unicode properties, case mapping, normalisation and names.
// The expected values were recorded from CPython 3.11.
#include <catch2/catch.hpp>
#include <string>

#include "vm/hash/checksum.h"
#include "vm/text/codecs.h"
#include "vm/text/unicode_db.h"

// Recorded tables, a row per line.
// clang-format off

namespace text = pystm::vm::text;


namespace {

struct Row {
  char32_t code;
  const char *category, *bidi, *width;
  int combining, decimal, digit;
  const char* flags;  // a D d n s: alpha decimal digit numeric space; u l p: case; P: printable ...
  const char *decomposition, *name;
};

const Row kRows[] = {
    {0x1C, "Cc", "B", "N", 0, -1, -1, "s", "", ""},
    {0x20, "Zs", "WS", "Na", 0, -1, -1, "sP", "", "SPACE"},
    {0x30, "Nd", "EN", "Na", 0, 0, 0, "DdnPx", "", "DIGIT ZERO"},
    {0x41, "Lu", "L", "Na", 0, -1, -1, "auPix", "", "LATIN CAPITAL LETTER A"},
    {0x5F, "Pc", "ON", "Na", 0, -1, -1, "Pix", "", "LOW LINE"},
    {0x61, "Ll", "L", "Na", 0, -1, -1, "alPix", "", "LATIN SMALL LETTER A"},
    {0x85, "Cc", "B", "N", 0, -1, -1, "s", "", ""},
    {0xA0, "Zs", "CS", "N", 0, -1, -1, "s", "<noBreak> 0020", "NO-BREAK SPACE"},
    {0xAA, "Lo", "L", "A", 0, -1, -1, "alPix", "<super> 0061", "FEMININE ORDINAL INDICATOR"},
    {0xAD, "Cf", "BN", "A", 0, -1, -1, "", "", "SOFT HYPHEN"},
    {0xB2, "No", "EN", "A", 0, -1, 2, "dnP", "<super> 0032", "SUPERSCRIPT TWO"},
    {0xB7, "Po", "ON", "A", 0, -1, -1, "Px", "", "MIDDLE DOT"},
    {0xBC, "No", "ON", "A", 0, -1, -1, "nP", "<fraction> 0031 2044 0034", "VULGAR FRACTION ONE QUARTER"},
    {0xDF, "Ll", "L", "A", 0, -1, -1, "alPix", "", "LATIN SMALL LETTER SHARP S"},
    {0x130, "Lu", "L", "N", 0, -1, -1, "auPix", "0049 0307", "LATIN CAPITAL LETTER I WITH DOT ABOVE"},
    {0x131, "Ll", "L", "A", 0, -1, -1, "alPix", "", "LATIN SMALL LETTER DOTLESS I"},
    {0x149, "Ll", "L", "A", 0, -1, -1, "alPix", "<compat> 02BC 006E", "LATIN SMALL LETTER N PRECEDED BY APOSTROPHE"},
    {0x1C5, "Lt", "L", "N", 0, -1, -1, "apPix", "<compat> 0044 017E", "LATIN CAPITAL LETTER D WITH SMALL LETTER Z WITH CARON"},
    {0x2B0, "Lm", "L", "N", 0, -1, -1, "alPix", "<super> 0068", "MODIFIER LETTER SMALL H"},
    {0x300, "Mn", "NSM", "A", 230, -1, -1, "Px", "", "COMBINING GRAVE ACCENT"},
    {0x37A, "Lm", "L", "N", 0, -1, -1, "alP", "<compat> 0020 0345", "GREEK YPOGEGRAMMENI"},
    {0x3A3, "Lu", "L", "A", 0, -1, -1, "auPix", "", "GREEK CAPITAL LETTER SIGMA"},
    {0x3C2, "Ll", "L", "N", 0, -1, -1, "alPix", "", "GREEK SMALL LETTER FINAL SIGMA"},
    {0x5D0, "Lo", "R", "N", 0, -1, -1, "aPix", "", "HEBREW LETTER ALEF"},
    {0x660, "Nd", "AN", "N", 0, 0, 0, "DdnPx", "", "ARABIC-INDIC DIGIT ZERO"},
    {0x6DD, "Cf", "AN", "N", 0, -1, -1, "", "", "ARABIC END OF AYAH"},
    {0x903, "Mc", "L", "N", 0, -1, -1, "Px", "", "DEVANAGARI SIGN VISARGA"},
    {0x966, "Nd", "L", "N", 0, 0, 0, "DdnPx", "", "DEVANAGARI DIGIT ZERO"},
    {0xF33, "No", "L", "N", 0, -1, -1, "nP", "", "TIBETAN DIGIT HALF ZERO"},
    {0x1160, "Lo", "L", "N", 0, -1, -1, "aPix", "", "HANGUL JUNGSEONG FILLER"},
    {0x1E9E, "Lu", "L", "N", 0, -1, -1, "auPix", "", "LATIN CAPITAL LETTER SHARP S"},
    {0x1F80, "Ll", "L", "N", 0, -1, -1, "alPix", "1F00 0345", "GREEK SMALL LETTER ALPHA WITH PSILI AND YPOGEGRAMMENI"},
    {0x2028, "Zl", "WS", "N", 0, -1, -1, "s", "", "LINE SEPARATOR"},
    {0x2160, "Nl", "L", "A", 0, -1, -1, "nuPix", "<compat> 0049", "ROMAN NUMERAL ONE"},
    {0x2202, "Sm", "ON", "A", 0, -1, -1, "PM", "", "PARTIAL DIFFERENTIAL"},
    {0x2460, "No", "ON", "A", 0, -1, 1, "dnP", "<circle> 0031", "CIRCLED DIGIT ONE"},
    {0x3007, "Nl", "L", "W", 0, -1, -1, "nPix", "", "IDEOGRAPHIC NUMBER ZERO"},
    {0x3400, "Lo", "L", "W", 0, -1, -1, "aPix", "", "CJK UNIFIED IDEOGRAPH-3400"},
    {0x4E00, "Lo", "L", "W", 0, -1, -1, "anPix", "", "CJK UNIFIED IDEOGRAPH-4E00"},
    {0x9FFF, "Lo", "L", "W", 0, -1, -1, "aPix", "", "CJK UNIFIED IDEOGRAPH-9FFF"},
    {0xA000, "Lo", "L", "W", 0, -1, -1, "aPix", "", "YI SYLLABLE IT"},
    {0xAC00, "Lo", "L", "W", 0, -1, -1, "aPix", "", "HANGUL SYLLABLE GA"},
    {0xD7A3, "Lo", "L", "W", 0, -1, -1, "aPix", "", "HANGUL SYLLABLE HIH"},
    {0xD800, "Cs", "L", "N", 0, -1, -1, "", "", ""},
    {0xE000, "Co", "L", "A", 0, -1, -1, "", "", ""},
    {0xFB01, "Ll", "L", "N", 0, -1, -1, "alPix", "<compat> 0066 0069", "LATIN SMALL LIGATURE FI"},
    {0xFB1D, "Lo", "R", "N", 0, -1, -1, "aPix", "05D9 05B4", "HEBREW LETTER YOD WITH HIRIQ"},
    {0xFE0F, "Mn", "NSM", "A", 0, -1, -1, "Px", "", "VARIATION SELECTOR-16"},
    {0xFF10, "Nd", "EN", "F", 0, 0, 0, "DdnPx", "<wide> 0030", "FULLWIDTH DIGIT ZERO"},
    {0xFF21, "Lu", "L", "F", 0, -1, -1, "auPix", "<wide> 0041", "FULLWIDTH LATIN CAPITAL LETTER A"},
    {0xFFFE, "Cn", "", "F", 0, -1, -1, "", "", ""},
    {0x10400, "Lu", "L", "N", 0, -1, -1, "auPix", "", "DESERET CAPITAL LETTER LONG I"},
    {0x1D7CE, "Nd", "EN", "N", 0, 0, 0, "DdnPx", "<font> 0030", "MATHEMATICAL BOLD DIGIT ZERO"},
    {0x1F600, "So", "ON", "W", 0, -1, -1, "P", "", "GRINNING FACE"},
    {0x20000, "Lo", "L", "W", 0, -1, -1, "aPix", "", "CJK UNIFIED IDEOGRAPH-20000"},
    {0x2FA1D, "Lo", "L", "W", 0, -1, -1, "aPix", "2A600", "CJK COMPATIBILITY IDEOGRAPH-2FA1D"},
    {0xE0100, "Mn", "NSM", "A", 0, -1, -1, "Px", "", "VARIATION SELECTOR-17"},
    {0x10FFFF, "Cn", "", "F", 0, -1, -1, "", "", ""},
};

std::string flags_of(char32_t c) {
  const bool answers[] = {text::is_alpha(c), text::is_decimal(c), text::is_digit(c),
                          text::is_numeric(c), text::is_space(c), text::is_upper(c),
                          text::is_lower(c), text::is_title(c), text::is_printable(c),
                          text::is_xid_start(c), text::is_xid_continue(c), text::mirrored(c)};
  std::string out;
  for (size_t i = 0; i < std::size(answers); i++)
    if (answers[i]) out += "aDdnsulpPixM"[i];
  return out;
}

std::string property(const std::string& name, char32_t c) {
  if (name == "category") return text::category(c);
  if (name == "bidirectional") return text::bidirectional(c);
  if (name == "east_asian_width") return text::east_asian_width(c);
  if (name == "combining") return std::to_string(text::combining(c));
  if (name == "decomposition") return text::decomposition(c);
  return text::character_name(c);
}

}  // namespace

TEST_CASE("unicode: properties of chosen code points") {
  for (const Row& row : kRows) {
    CAPTURE(static_cast<uint32_t>(row.code));
    CHECK(std::string(text::category(row.code)) == row.category);
    CHECK(std::string(text::bidirectional(row.code)) == row.bidi);
    CHECK(std::string(text::east_asian_width(row.code)) == row.width);
    CHECK(text::combining(row.code) == row.combining);
    CHECK(text::decimal_value(row.code) == row.decimal);
    CHECK(text::digit_value(row.code) == row.digit);
    CHECK(flags_of(row.code) == row.flags);
    CHECK(text::decomposition(row.code) == row.decomposition);
    CHECK(text::character_name(row.code) == row.name);
  }
}

TEST_CASE("unicode: every code point, by checksum of all answers joined by newlines") {
  struct Sum {
    const char* name;
    uint32_t crc;
  };
  const Sum sums[] = {
    {"category", 0xC1DCFD52},
    {"bidirectional", 0x6D162B86},
    {"east_asian_width", 0x37C353D4},
    {"combining", 0x35F24EAA},
    {"decomposition", 0x6C6CB7B0},
    {"name", 0xC4C1AC12},
  };
  for (const Sum& sum : sums) {
    std::string all;
    for (char32_t c = 0; c <= text::kMaxCodePoint; c++)
      all += property(sum.name, c) + (c == text::kMaxCodePoint ? "" : "\n");
    CAPTURE(sum.name);
    CHECK(pystm::vm::hash::crc32({reinterpret_cast<const uint8_t*>(all.data()), all.size()}) ==
          sum.crc);
  }
}

TEST_CASE("unicode: how many code points satisfy each predicate") {
  struct Count {
    const char* name;
    bool (*predicate)(char32_t);
    int count;
  };
  const Count counts[] = {
    {"is_alpha", pystm::vm::text::is_alpha, 131756},
    {"is_decimal", pystm::vm::text::is_decimal, 660},
    {"is_digit", pystm::vm::text::is_digit, 788},
    {"is_numeric", pystm::vm::text::is_numeric, 1872},
    {"is_space", pystm::vm::text::is_space, 29},
    {"is_lower", pystm::vm::text::is_lower, 2471},
    {"is_printable", pystm::vm::text::is_printable, 144516},
    {"is_xid_start", pystm::vm::text::is_xid_start, 131975},
    {"is_xid_continue", pystm::vm::text::is_xid_continue, 135053},
  };
  for (const Count& row : counts) {
    int count = 0;
    for (char32_t c = 0; c <= text::kMaxCodePoint; c++) count += row.predicate(c);
    CAPTURE(row.name);
    CHECK(count == row.count);
  }
}

TEST_CASE("unicode: values past the last code point are unassigned") {
  CHECK(std::string(text::category(0x110000)) == "Cn");
  CHECK(!text::is_xid_continue(0xFFFFFFFF));
  CHECK(text::character_name(0x110000).empty());
}

TEST_CASE("unicode: numeric values") {
  CHECK(text::numeric_value(0xBD) == 0.5);
  CHECK(text::numeric_value(0xF33) == -0.5);
  CHECK(text::numeric_value(0x4E07) == 10000.0);
  CHECK(!text::numeric_value('a'));
}

TEST_CASE("unicode: full case mappings") {
  struct Case {
    std::u32string s, lower, upper, title, fold, capitalized, swapped;
  };
  const Case cases[] = {
    {U"", U"", U"", U"", U"", U"", U""},
    {U"aBc", U"abc", U"ABC", U"Abc", U"abc", U"Abc", U"AbC"},
    {U"\x391" U"\x3a3", U"\x3b1" U"\x3c2", U"\x391" U"\x3a3", U"\x391" U"\x3c2", U"\x3b1" U"\x3c3", U"\x391" U"\x3c2", U"\x3b1" U"\x3c2"},
    {U"\x391" U"\x3a3" U".", U"\x3b1" U"\x3c2" U".", U"\x391" U"\x3a3" U".", U"\x391" U"\x3c2" U".", U"\x3b1" U"\x3c3" U".", U"\x391" U"\x3c2" U".", U"\x3b1" U"\x3c2" U"."},
    {U"\x391" U".\x3a3", U"\x3b1" U".\x3c2", U"\x391" U".\x3a3", U"\x391" U".\x3a3", U"\x3b1" U".\x3c3", U"\x391" U".\x3c2", U"\x3b1" U".\x3c2"},
    {U"\x3a3" U"\x391" U"\x3a3" U" \x391" U"\x3a3" U"\x391", U"\x3c3" U"\x3b1" U"\x3c2" U" \x3b1" U"\x3c3" U"\x3b1", U"\x3a3" U"\x391" U"\x3a3" U" \x391" U"\x3a3" U"\x391", U"\x3a3" U"\x3b1" U"\x3c2" U" \x391" U"\x3c3" U"\x3b1", U"\x3c3" U"\x3b1" U"\x3c3" U" \x3b1" U"\x3c3" U"\x3b1", U"\x3a3" U"\x3b1" U"\x3c2" U" \x3b1" U"\x3c3" U"\x3b1", U"\x3c3" U"\x3b1" U"\x3c2" U" \x3b1" U"\x3c3" U"\x3b1"},
    {U"\xdf" U" stra\xdf" U"e", U"\xdf" U" stra\xdf" U"e", U"SS STRASSE", U"Ss Stra\xdf" U"e", U"ss strasse", U"Ss stra\xdf" U"e", U"SS STRASSE"},
    {U"\x149", U"\x149", U"\x2bc" U"N", U"\x2bc" U"N", U"\x2bc" U"n", U"\x2bc" U"N", U"\x2bc" U"N"},
    {U"\x130" U"i\x307", U"i\x307" U"i\x307", U"\x130" U"I\x307", U"\x130" U"i\x307", U"i\x307" U"i\x307", U"\x130" U"i\x307", U"i\x307" U"I\x307"},
    {U"\x1c6" U"\x1c5" U"\x1c4", U"\x1c6" U"\x1c6" U"\x1c6", U"\x1c4" U"\x1c4" U"\x1c4", U"\x1c5" U"\x1c6" U"\x1c6", U"\x1c6" U"\x1c6" U"\x1c6", U"\x1c5" U"\x1c6" U"\x1c6", U"\x1c4" U"\x1c5" U"\x1c6"},
    {U"\xfb01" U"n", U"\xfb01" U"n", U"FIN", U"Fin", U"fin", U"Fin", U"FIN"},
    {U"\x1fb3" U"\x1fbc", U"\x1fb3" U"\x1fb3", U"\x391" U"\x399" U"\x391" U"\x399", U"\x1fbc" U"\x1fb3", U"\x3b1" U"\x3b9" U"\x3b1" U"\x3b9", U"\x1fbc" U"\x1fb3", U"\x391" U"\x399" U"\x1fbc"},
    {U"\x2b0" U"aB", U"\x2b0" U"ab", U"\x2b0" U"AB", U"\x2b0" U"ab", U"\x2b0" U"ab", U"\x2b0" U"ab", U"\x2b0" U"Ab"},
    {U"they're", U"they're", U"THEY'RE", U"They'Re", U"they're", U"They're", U"THEY'RE"},
    {U"\x390", U"\x390", U"\x399" U"\x308" U"\x301", U"\x399" U"\x308" U"\x301", U"\x3b9" U"\x308" U"\x301", U"\x399" U"\x308" U"\x301", U"\x399" U"\x308" U"\x301"},
    {U"\x13a0" U"\xab70", U"\xab70" U"\xab70", U"\x13a0" U"\x13a0", U"\x13a0" U"\xab70", U"\x13a0" U"\x13a0", U"\x13a0" U"\xab70", U"\xab70" U"\x13a0"},
    {U"1a a1", U"1a a1", U"1A A1", U"1A A1", U"1a a1", U"1a a1", U"1A A1"},
    {U"\x10400" U"\x10428", U"\x10428" U"\x10428", U"\x10400" U"\x10400", U"\x10400" U"\x10428", U"\x10428" U"\x10428", U"\x10400" U"\x10428", U"\x10428" U"\x10400"},
    {U"\xfb03", U"\xfb03", U"FFI", U"Ffi", U"ffi", U"Ffi", U"FFI"},
    {U"\x345" U"\x391", U"\x345" U"\x3b1", U"\x399" U"\x391", U"\x399" U"\x3b1", U"\x3b9" U"\x3b1", U"\x399" U"\x3b1", U"\x399" U"\x3b1"},
  };
  for (const Case& row : cases) {
    CAPTURE(text::to_utf8(row.s));
    CHECK((text::to_lower(row.s) == row.lower));
    CHECK((text::to_upper(row.s) == row.upper));
    CHECK((text::to_title(row.s) == row.title));
    CHECK((text::casefold(row.s) == row.fold));
    CHECK((text::capitalize(row.s) == row.capitalized));
    CHECK((text::swapcase(row.s) == row.swapped));
  }
}

TEST_CASE("unicode: normalisation forms") {
  struct Forms {
    std::u32string s, expected[4];
  };
  const Forms rows[] = {
    {U"", {U"", U"", U"", U""}},
    {U"abc", {U"abc", U"abc", U"abc", U"abc"}},
    {U"\xe9", {U"\xe9", U"e\x301", U"\xe9", U"e\x301"}},
    {U"e\x301", {U"\xe9", U"e\x301", U"\xe9", U"e\x301"}},
    {U"\xfb01" U"\xb2" U"\xc5", {U"\xfb01" U"\xb2" U"\xc5", U"\xfb01" U"\xb2" U"A\x30a", U"fi2\xc5", U"fi2A\x30a"}},
    {U"\xac01", {U"\xac01", U"\x1100" U"\x1161" U"\x11a8", U"\xac01", U"\x1100" U"\x1161" U"\x11a8"}},
    {U"\x1100" U"\x1161" U"\x11a8", {U"\xac01", U"\x1100" U"\x1161" U"\x11a8", U"\xac01", U"\x1100" U"\x1161" U"\x11a8"}},
    {U"\x344", {U"\x308" U"\x301", U"\x308" U"\x301", U"\x308" U"\x301", U"\x308" U"\x301"}},
    {U"q\x307" U"\x323", {U"q\x323" U"\x307", U"q\x323" U"\x307", U"q\x323" U"\x307", U"q\x323" U"\x307"}},
    {U"\x958", {U"\x915" U"\x93c", U"\x915" U"\x93c", U"\x915" U"\x93c", U"\x915" U"\x93c"}},
    {U"\x210c", {U"\x210c", U"\x210c", U"H", U"H"}},
    {U"\x2460", {U"\x2460", U"\x2460", U"1", U"1"}},
    {U"\x3300", {U"\x3300", U"\x3300", U"\x30a2" U"\x30d1" U"\x30fc" U"\x30c8", U"\x30a2" U"\x30cf" U"\x309a" U"\x30fc" U"\x30c8"}},
    {U"\x1e9b" U"\x323", {U"\x1e9b" U"\x323", U"\x17f" U"\x323" U"\x307", U"\x1e69", U"s\x323" U"\x307"}},
    {U"\x2f800", {U"\x4e3d", U"\x4e3d", U"\x4e3d", U"\x4e3d"}},
    {U"\xf73" U"\xf71", {U"\xf71" U"\xf71" U"\xf72", U"\xf71" U"\xf71" U"\xf72", U"\xf71" U"\xf71" U"\xf72", U"\xf71" U"\xf71" U"\xf72"}},
    {U"\x2f24" U"\x1ee5f" U"\x64d", {U"\x2f24" U"\x1ee5f" U"\x64d", U"\x2f24" U"\x1ee5f" U"\x64d", U"\x5927" U"\x66f" U"\x64d", U"\x5927" U"\x66f" U"\x64d"}},
    {U"\xfcbf" U"\x117f" U"\x1e70" U"\x3050", {U"\xfcbf" U"\x117f" U"\x1e70" U"\x3050", U"\xfcbf" U"\x117f" U"T\x32d" U"\x304f" U"\x3099", U"\x641" U"\x62d" U"\x117f" U"\x1e70" U"\x3050", U"\x641" U"\x62d" U"\x117f" U"T\x32d" U"\x304f" U"\x3099"}},
    {U"\x330" U"\xff01" U"\xfb06" U"\x226f" U"\x1e130", {U"\x330" U"\xff01" U"\xfb06" U"\x226f" U"\x1e130", U"\x330" U"\xff01" U"\xfb06" U">\x338" U"\x1e130", U"\x330" U"!st\x226f" U"\x1e130", U"\x330" U"!st>\x338" U"\x1e130"}},
    {U"\x323d" U"\x9fe" U"\x1f148", {U"\x323d" U"\x9fe" U"\x1f148", U"\x323d" U"\x9fe" U"\x1f148", U"(\x4f01" U")\x9fe" U"Y", U"(\x4f01" U")\x9fe" U"Y"}},
    {U"\x1d502" U"\x2f2d", {U"\x1d502" U"\x2f2d", U"\x1d502" U"\x2f2d", U"y\x5c71", U"y\x5c71"}},
    {U"\x1d79f" U"i\x3139" U"i\x5b1" U"\x111c0", {U"\x1d79f" U"i\x3139" U"i\x111c0" U"\x5b1", U"\x1d79f" U"i\x3139" U"i\x111c0" U"\x5b1", U"\x3a0" U"i\x1105" U"i\x111c0" U"\x5b1", U"\x3a0" U"i\x1105" U"i\x111c0" U"\x5b1"}},
    {U"\x1d4ac" U"\x2f49", {U"\x1d4ac" U"\x2f49", U"\x1d4ac" U"\x2f49", U"Q\x6708", U"Q\x6708"}},
    {U"\x3241" U"\xfbdd" U"\xfc51", {U"\x3241" U"\xfbdd" U"\xfc51", U"\x3241" U"\xfbdd" U"\xfc51", U"(\x4f11" U")\x6c7" U"\x674" U"\x647" U"\x62c", U"(\x4f11" U")\x6c7" U"\x674" U"\x647" U"\x62c"}},
    {U"\x2f38", {U"\x2f38", U"\x2f38", U"\x5f13", U"\x5f13"}},
    {U"\x2f8c2", {U"\x3a2e", U"\x3a2e", U"\x3a2e", U"\x3a2e"}},
    {U"\x1ee30" U"\x2f91a" U"\x1ea" U"\xfef1" U"\x1109a" U"\x1136b", {U"\x1ee30" U"\x70ad" U"\x1ea" U"\xfef1" U"\x1109a" U"\x1136b", U"\x1ee30" U"\x70ad" U"O\x328" U"\xfef1" U"\x11099" U"\x110ba" U"\x1136b", U"\x641" U"\x70ad" U"\x1ea" U"\x64a" U"\x1109a" U"\x1136b", U"\x641" U"\x70ad" U"O\x328" U"\x64a" U"\x11099" U"\x110ba" U"\x1136b"}},
    {U"\xf35" U"\xfc7e" U"\x210d" U"\x1da0" U"\x2f935" U"\x3d1", {U"\xf35" U"\xfc7e" U"\x210d" U"\x1da0" U"\x24c36" U"\x3d1", U"\xf35" U"\xfc7e" U"\x210d" U"\x1da0" U"\x24c36" U"\x3d1", U"\xf35" U"\x642" U"\x649" U"Hf\x24c36" U"\x3b8", U"\xf35" U"\x642" U"\x649" U"Hf\x24c36" U"\x3b8"}},
    {U"\xfb76" U"\x317d" U"\x1ee96" U"e\x1d4ab" U"u", {U"\xfb76" U"\x317d" U"\x1ee96" U"e\x1d4ab" U"u", U"\xfb76" U"\x317d" U"\x1ee96" U"e\x1d4ab" U"u", U"\x683" U"\x1132" U"\x62b" U"ePu", U"\x683" U"\x1132" U"\x62b" U"ePu"}},
    {U"\x2091", {U"\x2091", U"\x2091", U"e", U"e"}},
    {U"\x367", {U"\x367", U"\x367", U"\x367", U"\x367"}},
    {U"\x2f8c5" U"\x1fe7" U"\x1d7c5" U"\x1d71a" U"\xfe58", {U"\x649d" U"\x1fe7" U"\x1d7c5" U"\x1d71a" U"\xfe58", U"\x649d" U"\x3c5" U"\x308" U"\x342" U"\x1d7c5" U"\x1d71a" U"\xfe58", U"\x649d" U"\x1fe7" U"\x3b8" U"\x3c1" U"\x2014", U"\x649d" U"\x3c5" U"\x308" U"\x342" U"\x3b8" U"\x3c1" U"\x2014"}},
    {U"\x1d54e" U"\x1d508" U"\x45e" U"\x30da", {U"\x1d54e" U"\x1d508" U"\x45e" U"\x30da", U"\x1d54e" U"\x1d508" U"\x443" U"\x306" U"\x30d8" U"\x309a", U"WE\x45e" U"\x30da", U"WE\x443" U"\x306" U"\x30d8" U"\x309a"}},
    {U"\x3269", {U"\x3269", U"\x3269", U"\x110e", U"\x110e"}},
    {U"\x137" U"\x1151" U"\xffcf" U"\x3372" U"\xfd23", {U"\x137" U"\x1151" U"\xffcf" U"\x3372" U"\xfd23", U"k\x327" U"\x1151" U"\xffcf" U"\x3372" U"\xfd23", U"\x137" U"\x1151" U"\x116c" U"da\x636" U"\x649", U"k\x327" U"\x1151" U"\x116c" U"da\x636" U"\x649"}},
    {U"\x1e27" U"\x2f983" U"\x2f977", {U"\x1e27" U"\x8103" U"\x2633e", U"h\x308" U"\x8103" U"\x2633e", U"\x1e27" U"\x8103" U"\x2633e", U"h\x308" U"\x8103" U"\x2633e"}},
    {U"\x10ae6" U"\x1fab" U"\x1119" U"\xb48" U"\x1ac7" U"\x1d495", {U"\x10ae6" U"\x1fab" U"\x1119" U"\xb48" U"\x1ac7" U"\x1d495", U"\x10ae6" U"\x3a9" U"\x314" U"\x300" U"\x345" U"\x1119" U"\xb47" U"\xb56" U"\x1ac7" U"\x1d495", U"\x10ae6" U"\x1fab" U"\x1119" U"\xb48" U"\x1ac7" U"t", U"\x10ae6" U"\x3a9" U"\x314" U"\x300" U"\x345" U"\x1119" U"\xb47" U"\xb56" U"\x1ac7" U"t"}},
    {U"u\x1ef7" U"\x2f837" U"\x107ae" U"\x21a", {U"u\x1ef7" U"\x53df" U"\x107ae" U"\x21a", U"uy\x309" U"\x53df" U"\x107ae" U"T\x326", U"u\x1ef7" U"\x53df" U"\x2a7" U"\x21a", U"uy\x309" U"\x53df" U"\x2a7" U"T\x326"}},
    {U"\x2f9dd", {U"\x208de", U"\x208de", U"\x208de", U"\x208de"}},
    {U"\x1d46d" U"\x1d56b" U"\x1ee03", {U"\x1d46d" U"\x1d56b" U"\x1ee03", U"\x1d46d" U"\x1d56b" U"\x1ee03", U"Fz\x62f", U"Fz\x62f"}},
    {U"\x33f9" U"\x2f905" U"\x1d6f4" U"\x116b7" U"\x1d589", {U"\x33f9" U"\x6d85" U"\x1d6f4" U"\x116b7" U"\x1d589", U"\x33f9" U"\x6d85" U"\x1d6f4" U"\x116b7" U"\x1d589", U"26\x65e5" U"\x6d85" U"\x3a3" U"\x116b7" U"d", U"26\x65e5" U"\x6d85" U"\x3a3" U"\x116b7" U"d"}},
    {U"\x1f13e" U"\x114a", {U"\x1f13e" U"\x114a", U"\x1f13e" U"\x114a", U"O\x114a", U"O\x114a"}},
    {U"a\x1d53b", {U"a\x1d53b", U"a\x1d53b", U"aD", U"aD"}},
    {U"\x1d737" U"\x326a" U"\x2f5f" U"\x1d47b" U"\x2f9cd" U"\x10798", {U"\x1d737" U"\x326a" U"\x2f5f" U"\x1d47b" U"\x46be" U"\x10798", U"\x1d737" U"\x326a" U"\x2f5f" U"\x1d47b" U"\x46be" U"\x10798", U"\x3b2" U"\x110f" U"\x7389" U"T\x46be" U"\x284", U"\x3b2" U"\x110f" U"\x7389" U"T\x46be" U"\x284"}},
    {U"\x3379" U"i", {U"\x3379" U"i", U"\x3379" U"i", U"dm3i", U"dm3i"}},
    {U"\x2f94" U"\xfb31", {U"\x2f94" U"\x5d1" U"\x5bc", U"\x2f94" U"\x5d1" U"\x5bc", U"\x8a00" U"\x5d1" U"\x5bc", U"\x8a00" U"\x5d1" U"\x5bc"}},
    {U"\xfdc3" U"\x2f91e" U"\xf966" U"\x32e" U"\x302d", {U"\xfdc3" U"\x719c" U"\x5fa9" U"\x32e" U"\x302d", U"\xfdc3" U"\x719c" U"\x5fa9" U"\x32e" U"\x302d", U"\x643" U"\x645" U"\x645" U"\x719c" U"\x5fa9" U"\x32e" U"\x302d", U"\x643" U"\x645" U"\x645" U"\x719c" U"\x5fa9" U"\x32e" U"\x302d"}},
    {U"\xfb8b" U"\x2f9de" U"\x24ce" U"\x1d6f0" U"\x1d439" U"\x32c5", {U"\xfb8b" U"\x8ed4" U"\x24ce" U"\x1d6f0" U"\x1d439" U"\x32c5", U"\xfb8b" U"\x8ed4" U"\x24ce" U"\x1d6f0" U"\x1d439" U"\x32c5", U"\x698" U"\x8ed4" U"Y\x39f" U"F6\x6708", U"\x698" U"\x8ed4" U"Y\x39f" U"F6\x6708"}},
    {U"\x1d698" U"\x329", {U"\x1d698" U"\x329", U"\x1d698" U"\x329", U"o\x329", U"o\x329"}},
    {U"\x385" U"\x1ee54" U"\x3302" U"\xfb13" U"\x3210" U"\x2f815", {U"\x385" U"\x1ee54" U"\x3302" U"\xfb13" U"\x3210" U"\x518d", U"\xa8" U"\x301" U"\x1ee54" U"\x3302" U"\xfb13" U"\x3210" U"\x518d", U" \x308" U"\x301" U"\x634" U"\x30a2" U"\x30f3" U"\x30da" U"\x30a2" U"\x574" U"\x576" U"(\xb2e4" U")\x518d", U" \x308" U"\x301" U"\x634" U"\x30a2" U"\x30f3" U"\x30d8" U"\x309a" U"\x30a2" U"\x574" U"\x576" U"(\x1103" U"\x1161" U")\x518d"}},
    {U"\x1d5c0", {U"\x1d5c0", U"\x1d5c0", U"g", U"g"}},
    {U"\xfb82", {U"\xfb82", U"\xfb82", U"\x68d", U"\x68d"}},
    {U"\x4e2" U"\xfc5f", {U"\x4e2" U"\xfc5f", U"\x418" U"\x304" U"\xfc5f", U"\x4e2" U" \x64d" U"\x651", U"\x418" U"\x304" U" \x64d" U"\x651"}},
    {U"\xaa" U"\x337d" U"\x2f990" U"\xf9a1" U"\x2fcf", {U"\xaa" U"\x337d" U"\x828b" U"\x8aaa" U"\x2fcf", U"\xaa" U"\x337d" U"\x828b" U"\x8aaa" U"\x2fcf", U"a\x5927" U"\x6b63" U"\x828b" U"\x8aaa" U"\x9f20", U"a\x5927" U"\x6b63" U"\x828b" U"\x8aaa" U"\x9f20"}},
    {U"\x1f53" U"\x2f1b", {U"\x1f53" U"\x2f1b", U"\x3c5" U"\x314" U"\x300" U"\x2f1b", U"\x1f53" U"\x53b6", U"\x3c5" U"\x314" U"\x300" U"\x53b6"}},
    {U"\xfa60" U"\x5a1" U"\x347" U"\xf9db" U"\x2f88b" U"\xfa2", {U"\x8910" U"\x347" U"\x5a1" U"\x7387" U"\x5eb0" U"\xfa1" U"\xfb7", U"\x8910" U"\x347" U"\x5a1" U"\x7387" U"\x5eb0" U"\xfa1" U"\xfb7", U"\x8910" U"\x347" U"\x5a1" U"\x7387" U"\x5eb0" U"\xfa1" U"\xfb7", U"\x8910" U"\x347" U"\x5a1" U"\x7387" U"\x5eb0" U"\xfa1" U"\xfb7"}},
    {U"\x2f993" U"\xfe2e" U"\xfd64" U"\x8d6" U"\x1d685" U"\xffe3", {U"\x82b1" U"\xfe2e" U"\xfd64" U"\x8d6" U"\x1d685" U"\xffe3", U"\x82b1" U"\xfe2e" U"\xfd64" U"\x8d6" U"\x1d685" U"\xffe3", U"\x82b1" U"\xfe2e" U"\x635" U"\x62d" U"\x62d" U"\x8d6" U"V \x304", U"\x82b1" U"\xfe2e" U"\x635" U"\x62d" U"\x62d" U"\x8d6" U"V \x304"}},
    {U"\x2f965" U"\x203" U"A", {U"\x25c80" U"\x203" U"A", U"\x25c80" U"a\x311" U"A", U"\x25c80" U"\x203" U"A", U"\x25c80" U"a\x311" U"A"}},
    {U"\x11bc" U"\x3317" U"\x200a", {U"\x11bc" U"\x3317" U"\x200a", U"\x11bc" U"\x3317" U"\x200a", U"\x11bc" U"\x30ad" U"\x30ed" U"\x30ef" U"\x30c3" U"\x30c8" U" ", U"\x11bc" U"\x30ad" U"\x30ed" U"\x30ef" U"\x30c3" U"\x30c8" U" "}},
    {U"\x739" U"\x931" U"\x115f", {U"\x739" U"\x931" U"\x115f", U"\x739" U"\x930" U"\x93c" U"\x115f", U"\x739" U"\x931" U"\x115f", U"\x739" U"\x930" U"\x93c" U"\x115f"}},
    {U"\x1f240", {U"\x1f240", U"\x1f240", U"\x3014" U"\x672c" U"\x3015", U"\x3014" U"\x672c" U"\x3015"}},
    {U"\x32d6" U"\x22e3", {U"\x32d6" U"\x22e3", U"\x32d6" U"\x2292" U"\x338", U"\x30ad" U"\x22e3", U"\x30ad" U"\x2292" U"\x338"}},
    {U"\x3209" U"\x1d4ce" U"\x8f3" U"\x24e9" U"\xfd79", {U"\x3209" U"\x1d4ce" U"\x8f3" U"\x24e9" U"\xfd79", U"\x3209" U"\x1d4ce" U"\x8f3" U"\x24e9" U"\xfd79", U"(\x110e" U")y\x8f3" U"z\x63a" U"\x645" U"\x645", U"(\x110e" U")y\x8f3" U"z\x63a" U"\x645" U"\x645"}},
    {U"\x22e0" U"\xf9ff" U"\x1d63f" U"\xfece", {U"\x22e0" U"\x523a" U"\x1d63f" U"\xfece", U"\x227c" U"\x338" U"\x523a" U"\x1d63f" U"\xfece", U"\x22e0" U"\x523a" U"D\x63a", U"\x227c" U"\x338" U"\x523a" U"D\x63a"}},
    {U"\x1d632" U"\x319e" U"\x1b3b" U"\xfcc6" U"u\x118", {U"\x1d632" U"\x319e" U"\x1b3b" U"\xfcc6" U"u\x118", U"\x1d632" U"\x319e" U"\x1b3a" U"\x1b35" U"\xfcc6" U"uE\x328", U"q\x5730" U"\x1b3b" U"\x643" U"\x62e" U"u\x118", U"q\x5730" U"\x1b3a" U"\x1b35" U"\x643" U"\x62e" U"uE\x328"}},
    {U"\x32d7" U"\x1d5d0" U"\x2f99c" U"\x1a1" U"\x1ed1", {U"\x32d7" U"\x1d5d0" U"\x8323" U"\x1a1" U"\x1ed1", U"\x32d7" U"\x1d5d0" U"\x8323" U"o\x31b" U"o\x302" U"\x301", U"\x30af" U"w\x8323" U"\x1a1" U"\x1ed1", U"\x30af" U"w\x8323" U"o\x31b" U"o\x302" U"\x301"}},
    {U"\x3131" U"\xfb86" U"\x2f8c0" U"\x1d17e", {U"\x3131" U"\xfb86" U"\x63c5" U"\x1d17e", U"\x3131" U"\xfb86" U"\x63c5" U"\x1d17e", U"\x1100" U"\x68e" U"\x63c5" U"\x1d17e", U"\x1100" U"\x68e" U"\x63c5" U"\x1d17e"}},
    {U"\x1d797" U"\x2f8f8" U"A", {U"\x1d797" U"\x21d0b" U"A", U"\x1d797" U"\x21d0b" U"A", U"\x398" U"\x21d0b" U"A", U"\x398" U"\x21d0b" U"A"}},
    {U"\xff8a" U"\xf966" U"\x3ae" U"\xfa46" U"\x1e009", {U"\xff8a" U"\x5fa9" U"\x3ae" U"\x6e1a" U"\x1e009", U"\xff8a" U"\x5fa9" U"\x3b7" U"\x301" U"\x6e1a" U"\x1e009", U"\x30cf" U"\x5fa9" U"\x3ae" U"\x6e1a" U"\x1e009", U"\x30cf" U"\x5fa9" U"\x3b7" U"\x301" U"\x6e1a" U"\x1e009"}},
    {U"\x193a" U"\x35c" U"\x2f89b" U"\x1e00b" U"\x2f8af" U"\x1168", {U"\x193a" U"\x35c" U"\x38e3" U"\x1e00b" U"\x61de" U"\x1168", U"\x193a" U"\x35c" U"\x38e3" U"\x1e00b" U"\x61de" U"\x1168", U"\x193a" U"\x35c" U"\x38e3" U"\x1e00b" U"\x61de" U"\x1168", U"\x193a" U"\x35c" U"\x38e3" U"\x1e00b" U"\x61de" U"\x1168"}},
    {U"\x2f0f" U"\x346" U"\x1e35", {U"\x2f0f" U"\x346" U"\x1e35", U"\x2f0f" U"\x346" U"k\x331", U"\x51e0" U"\x346" U"\x1e35", U"\x51e0" U"\x346" U"k\x331"}},
    {U"\xfd0c" U"\x115" U"\xdde", {U"\xfd0c" U"\x115" U"\xdde", U"\xfd0c" U"e\x306" U"\xdd9" U"\xddf", U"\x634" U"\x645" U"\x115" U"\xdde", U"\x634" U"\x645" U"e\x306" U"\xdd9" U"\xddf"}},
    {U"\x1f0e", {U"\x1f0e", U"\x391" U"\x313" U"\x342", U"\x1f0e", U"\x391" U"\x313" U"\x342"}},
    {U"\x1ee89" U"\x1d44" U"\xfa54" U"\x247a" U"\x1d66e" U"\xdca", {U"\x1ee89" U"\x1d44" U"\x7a40" U"\x247a" U"\x1d66e" U"\xdca", U"\x1ee89" U"\x1d44" U"\x7a40" U"\x247a" U"\x1d66e" U"\xdca", U"\x64a" U"\x250" U"\x7a40" U"(7)y\xdca", U"\x64a" U"\x250" U"\x7a40" U"(7)y\xdca"}},
    {U"\xfb94", {U"\xfb94", U"\xfb94", U"\x6af", U"\x6af"}},
    {U"\x1d6b8" U"o", {U"\x1d6b8" U"o", U"\x1d6b8" U"o", U"\x3a1" U"o", U"\x3a1" U"o"}},
  };
  for (const Forms& row : rows) {
    CAPTURE(text::to_utf8(row.s));
    for (int i = 0; i < 4; i++) {
      const auto form = static_cast<text::Form>(i);
      CHECK((text::normalize(form, row.s) == row.expected[i]));
      CHECK(text::is_normalized(form, row.s) == (row.s == row.expected[i]));
      CHECK(text::is_normalized(form, row.expected[i]));
    }
    CHECK(text::nfkc_utf8(text::to_utf8(row.s)) == text::to_utf8(row.expected[2]));
  }
}

TEST_CASE("unicode: lookup by name") {
  struct Lookup {
    const char* name;
    std::u32string expected;
  };
  const Lookup rows[] = {
    {"latin small letter a", std::u32string(U"a", 1)},
    {"LATIN SMALL LETTER A WITH ACUTE", std::u32string(U"\xe1", 1)},
    {"HANGUL SYLLABLE GAG", std::u32string(U"\xac01", 1)},
    {"HANGUL SYLLABLE A", std::u32string(U"\xc544", 1)},
    {"CJK UNIFIED IDEOGRAPH-4E00", std::u32string(U"\x4e00", 1)},
    {"KEYCAP NUMBER SIGN", std::u32string(U"#\xfe0f" U"\x20e3", 3)},
    {"LF", std::u32string(U"\xa", 1)},
    {"NULL", std::u32string(U"\x0", 1)},
    {"nbsp", std::u32string(U"\xa0", 1)},
    {"hangul syllable gag", std::u32string(U"", 0)},
    {"CJK UNIFIED IDEOGRAPH-4e00", std::u32string(U"", 0)},
    {"CJK UNIFIED IDEOGRAPH-A000", std::u32string(U"", 0)},
    {"NO SUCH NAME", std::u32string(U"", 0)},
    {"", std::u32string(U"", 0)},
    {"LATIN SMALL LETTER A ", std::u32string(U"", 0)},
  };
  for (const Lookup& row : rows) {
    CAPTURE(row.name);
    CHECK((text::lookup_name(row.name) == row.expected));
  }
  CHECK(text::lookup_name("KEYCAP NUMBER SIGN", false).empty());
}

TEST_CASE("unicode: every name leads back to its code point") {
  int named = 0;
  for (char32_t c = 0; c <= text::kMaxCodePoint; c++) {
    const std::string name = text::character_name(c);
    if (name.empty()) continue;
    named++;
    if (text::lookup_name(name) != std::u32string(1, c)) FAIL_CHECK(name);
  }
  CHECK(named == 138552);
}
