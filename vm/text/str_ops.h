// The methods of str, bytes and bytearray that do not need objects. What is a space, a line end or
// a cased letter differs between str and bytes, so each takes the Rules it follows; with
// Rules::Ascii a view of bytes is treated as bytes does.
// Invariants: results are positions in the argument (Slice) or go to a builder.
#pragma once

#include <vector>

#include "vm/text/search.h"
#include "vm/text/text_builder.h"
#include "vm/text/unicode_db.h"

namespace pystm::vm::text {

enum class Rules : uint8_t { Unicode, Ascii };

struct Slice {
  size_t start, end;
  bool operator==(const Slice&) const = default;
};

inline constexpr size_t kNoLimit = SIZE_MAX;

// ---- pieces: str_split.cpp. At most `limit` cuts. REQUIRES: sep is not empty. ----
std::vector<Slice> split(TextView s, TextView sep, size_t limit = kNoLimit);
std::vector<Slice> rsplit(TextView s, TextView sep, size_t limit = kNoLimit);
std::vector<Slice> split_whitespace(TextView s, Rules rules, size_t limit = kNoLimit);
std::vector<Slice> rsplit_whitespace(TextView s, Rules rules, size_t limit = kNoLimit);
std::vector<Slice> splitlines(TextView s, Rules rules, bool keep_ends);

enum class Side : uint8_t { Left = 1, Right = 2, Both = 3 };
Slice strip_whitespace(TextView s, Rules rules, Side side = Side::Both);
Slice strip_chars(TextView s, TextView chars, Side side = Side::Both);

// ---- rewriting: str_ops.cpp ----
// Where replacement would happen; `length` is the result's. An empty `from` stands between units.
struct ReplacePlan {
  std::vector<size_t> at;
  size_t length;
};
ReplacePlan plan_replace(TextView s, TextView from, TextView to, size_t limit = kNoLimit);
// Returns how many were replaced; with none, nothing is written.
size_t replace(TextView s, TextView from, TextView to, size_t limit, TextBuilder& out);
void expand_tabs(TextView s, size_t tab_size, TextBuilder& out);
void zfill(TextView s, size_t width, TextBuilder& out);
void pad(TextView s, size_t left, size_t right, char32_t fill, TextBuilder& out);
// How much of the padding str.center puts on the left.
inline size_t center_left(size_t size, size_t width) {
  const size_t margin = width - size;
  return margin / 2 + (margin & width & 1);
}

enum class CaseOp : uint8_t { Lower, Upper, Title, Capitalize, SwapCase, Fold };
void change_case(TextView s, CaseOp op, Rules rules, TextBuilder& out);

// ---- questions about whole strings: str_predicates.cpp ----
enum class Kind : uint8_t {
  Alpha,
  Alnum,
  Ascii,
  Decimal,
  Digit,
  Numeric,
  Identifier,
  Lower,
  Upper,
  Title,
  Space,
  Printable
};
// str.isalpha and so on, including what they say of the empty string.
bool is_all(TextView s, Kind kind, Rules rules = Rules::Unicode);

// ---- repr: str_repr.cpp ----
// repr(s); with ascii_only, ascii(s).
void str_repr(TextView s, bool ascii_only, TextBuilder& out);
// repr of bytes, with the b and the quotes.
std::string bytes_repr(
    std::span<const uint8_t> s,
    bool escape_single = false);  // escape_single: in double quotes, too (bytearray)

inline bool is_ascii_space(char32_t c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
inline bool is_space(char32_t c, Rules rules) {
  return rules == Rules::Ascii ? is_ascii_space(c) : is_space(c);
}
inline bool is_line_break(char32_t c, Rules rules) {
  return rules == Rules::Ascii ? c == '\n' || c == '\r' : is_line_break(c);
}

}  // namespace pystm::vm::text
