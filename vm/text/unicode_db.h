// What Unicode 14.0 says about a code point, and the operations that follow from it: case mapping,
// normalisation, names. Every predicate is two table loads; Python's own definitions are used
// where they differ from Unicode's (is_space, is_printable, is_digit ...), as str methods need.
// Invariants: any char32_t is accepted; values above 0x10FFFF behave as unassigned.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "vm/text/unicode_tables.h"

namespace pystm::vm::text {

inline constexpr char32_t kMaxCodePoint = 0x10FFFF;
inline constexpr const char* kUnicodeVersion = "14.0.0";

inline const CharRecord& char_record(char32_t c) {
  if (c > kMaxCodePoint) c = 0xFFFFF;  // private use plane's last code: unassigned
  const uint32_t block = kRecordStage1[c >> kRecordShift];
  return kRecords[kRecordStage2[(block << kRecordShift) + (c & ((1u << kRecordShift) - 1))]];
}
inline bool has_flag(char32_t c, uint32_t flag) { return (char_record(c).flags & flag) != 0; }

inline bool is_alpha(char32_t c) { return has_flag(c, kAlpha); }
inline bool is_decimal(char32_t c) { return has_flag(c, kDecimal); }
inline bool is_digit(char32_t c) { return has_flag(c, kDigit); }
inline bool is_numeric(char32_t c) { return has_flag(c, kNumeric); }
inline bool is_alnum(char32_t c) { return has_flag(c, kAlpha | kDecimal | kDigit | kNumeric); }
inline bool is_space(char32_t c) { return has_flag(c, kSpace); }
inline bool is_line_break(char32_t c) { return has_flag(c, kLineBreak); }
inline bool is_upper(char32_t c) { return has_flag(c, kUpper); }
inline bool is_lower(char32_t c) { return has_flag(c, kLower); }
inline bool is_title(char32_t c) { return has_flag(c, kTitle); }
inline bool is_printable(char32_t c) { return has_flag(c, kPrintable); }
inline bool is_cased(char32_t c) { return has_flag(c, kCased); }
inline bool is_case_ignorable(char32_t c) { return has_flag(c, kCaseIgnorable); }

// What may start and continue an identifier of Python; '_' starts one.
inline bool is_xid_start(char32_t c) { return has_flag(c, kXidStart); }
inline bool is_xid_continue(char32_t c) { return has_flag(c, kXidContinue); }

// Properties under unicodedata's spelling: "Lu", "AL", "Na" ...
inline const char* category(char32_t c) { return kCategoryNames[char_record(c).category]; }
inline const char* bidirectional(char32_t c) { return kBidiNames[char_record(c).bidi]; }
inline const char* east_asian_width(char32_t c) { return kWidthNames[char_record(c).width]; }
inline int combining(char32_t c) { return char_record(c).combining; }
inline bool mirrored(char32_t c) { return has_flag(c, kMirrored); }

// The value of a decimal digit or digit, or -1.
inline int decimal_value(char32_t c) { return char_record(c).decimal; }
inline int digit_value(char32_t c) { return char_record(c).digit; }
std::optional<double> numeric_value(char32_t c);

// Simple case mapping: one code point to one (the first of a full mapping).
inline char32_t simple_lower(char32_t c) { return c + char_record(c).lower; }
inline char32_t simple_upper(char32_t c) { return c + char_record(c).upper; }
inline char32_t simple_title(char32_t c) { return c + char_record(c).title; }

// Full case mapping: writes 1 to 3 code points and returns how many.
int full_lower(char32_t c, char32_t out[3]);
int full_upper(char32_t c, char32_t out[3]);
int full_title(char32_t c, char32_t out[3]);
int full_fold(char32_t c, char32_t out[3]);

// Whole strings, with the final sigma rule where it applies.
std::u32string to_lower(std::u32string_view s);
std::u32string to_upper(std::u32string_view s);
std::u32string to_title(std::u32string_view s);
std::u32string casefold(std::u32string_view s);
std::u32string capitalize(std::u32string_view s);
std::u32string swapcase(std::u32string_view s);

// "<compat> 0020 0308", "0041 0300" or "", as unicodedata.decomposition.
std::string decomposition(char32_t c);

enum class Form : uint8_t { NFC, NFD, NFKC, NFKD };

std::u32string normalize(Form form, std::u32string_view s);
bool is_normalized(Form form, std::u32string_view s);
// For identifiers. Bytes that are not UTF-8 pass through unchanged.
std::string nfkc_utf8(std::string_view s);

// unicodedata.name; empty when there is none.
std::string character_name(char32_t c);
// unicodedata.lookup: names, aliases and named sequences, any case; empty when unknown.
std::u32string lookup_name(std::string_view name, bool allow_sequences = true);

}  // namespace pystm::vm::text
