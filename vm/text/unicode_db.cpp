// Case mapping and the few properties that need more than one table load.
#include "vm/text/unicode_db.h"

#include <algorithm>

namespace pystm::vm::text {

namespace {

const SpecialCase& special_case(char32_t c) {
  return *std::lower_bound(kSpecialCases, kSpecialCases + kSpecialCaseCount, c,
                           [](const SpecialCase& row, char32_t code) { return row.code < code; });
}

int copy_mapping(const char32_t (&from)[3], char32_t out[3]) {
  int n = 0;
  while (n < 3 && from[n] != 0) {
    out[n] = from[n];
    n++;
  }
  return n;
}

constexpr char32_t kSigma = 0x3A3, kFinalSigma = 0x3C2, kSmallSigma = 0x3C3;

// Unicode's Final_Sigma: a cased letter before, none after, case-ignorable ones skipped.
bool is_final_sigma(std::u32string_view s, size_t at) {
  size_t i = at;
  while (i > 0 && is_case_ignorable(s[i - 1])) i--;
  if (i == 0 || !is_cased(s[i - 1])) return false;
  i = at + 1;
  while (i < s.size() && is_case_ignorable(s[i])) i++;
  return i == s.size() || !is_cased(s[i]);
}

int lower_at(std::u32string_view s, size_t i, char32_t out[3]) {
  if (s[i] != kSigma) return full_lower(s[i], out);
  out[0] = is_final_sigma(s, i) ? kFinalSigma : kSmallSigma;
  return 1;
}

template <class Map>
std::u32string map_each(std::u32string_view s, Map map) {
  std::u32string result;
  result.reserve(s.size());
  char32_t buffer[3];
  for (size_t i = 0; i < s.size(); i++) result.append(buffer, map(i, buffer));
  return result;
}

}  // namespace

std::optional<double> numeric_value(char32_t c) {
  const int index = char_record(c).numeric;
  if (index == 0) return std::nullopt;
  return kNumericValues[index];
}

int full_lower(char32_t c, char32_t out[3]) {
  const CharRecord& r = char_record(c);
  if (r.flags & kSpecialCase) return copy_mapping(special_case(c).lower, out);
  out[0] = c + r.lower;
  return 1;
}

int full_upper(char32_t c, char32_t out[3]) {
  const CharRecord& r = char_record(c);
  if (r.flags & kSpecialCase) return copy_mapping(special_case(c).upper, out);
  out[0] = c + r.upper;
  return 1;
}

int full_title(char32_t c, char32_t out[3]) {
  const CharRecord& r = char_record(c);
  if (r.flags & kSpecialCase) return copy_mapping(special_case(c).title, out);
  out[0] = c + r.title;
  return 1;
}

int full_fold(char32_t c, char32_t out[3]) {
  const CharRecord& r = char_record(c);
  if (r.flags & kSpecialCase) return copy_mapping(special_case(c).fold, out);
  out[0] = c + r.lower;
  return 1;
}

std::u32string to_lower(std::u32string_view s) {
  return map_each(s, [&](size_t i, char32_t* out) { return lower_at(s, i, out); });
}

std::u32string to_upper(std::u32string_view s) {
  return map_each(s, [&](size_t i, char32_t* out) { return full_upper(s[i], out); });
}

std::u32string casefold(std::u32string_view s) {
  return map_each(s, [&](size_t i, char32_t* out) { return full_fold(s[i], out); });
}

std::u32string to_title(std::u32string_view s) {
  bool after_cased = false;
  return map_each(s, [&](size_t i, char32_t* out) {
    const int n = after_cased ? lower_at(s, i, out) : full_title(s[i], out);
    after_cased = is_cased(s[i]);
    return n;
  });
}

std::u32string capitalize(std::u32string_view s) {
  return map_each(s, [&](size_t i, char32_t* out) {
    return i == 0 ? full_title(s[i], out) : lower_at(s, i, out);
  });
}

std::u32string swapcase(std::u32string_view s) {
  return map_each(s, [&](size_t i, char32_t* out) {
    if (is_upper(s[i])) return lower_at(s, i, out);
    if (is_lower(s[i])) return full_upper(s[i], out);
    out[0] = s[i];
    return 1;
  });
}

}  // namespace pystm::vm::text
