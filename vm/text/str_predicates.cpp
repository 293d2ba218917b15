// str.isalpha and its relatives, for text and for bytes.
#include "vm/text/str_ops.h"

namespace pystm::vm::text {

namespace {

// What one code point is, under either set of rules.
class Classifier {
 public:
  explicit Classifier(Rules rules) : ascii_(rules == Rules::Ascii) {}

  bool has(char32_t c, uint32_t flags) const { return (!ascii_ || c < 0x80) && has_flag(c, flags); }
  bool space(char32_t c) const { return ascii_ ? is_ascii_space(c) : is_space(c); }
  bool upper(char32_t c) const { return has(c, kUpper); }
  bool lower(char32_t c) const { return has(c, kLower); }
  bool title(char32_t c) const { return has(c, kTitle); }

 private:
  bool ascii_;
};

template <class S, class P>
bool all_of(S units, P holds) {
  for (const char32_t c : units)
    if (!holds(c)) return false;
  return true;
}

// At least one letter of the wanted case and none of the other.
template <class S>
bool is_one_case(S units, const Classifier& is, bool want_upper) {
  bool found = false;
  for (const char32_t c : units) {
    if (is.title(c) || (want_upper ? is.lower(c) : is.upper(c))) return false;
    found = found || (want_upper ? is.upper(c) : is.lower(c));
  }
  return found;
}

// Upper and title case only after what is not cased, lower case only after what is.
template <class S>
bool is_title_cased(S units, const Classifier& is) {
  bool found = false, after_cased = false;
  for (const char32_t c : units) {
    const bool starts = is.upper(c) || is.title(c), continues = is.lower(c);
    if ((starts && after_cased) || (continues && !after_cased)) return false;
    after_cased = starts || continues;
    found = found || after_cased;
  }
  return found;
}

template <class S>
bool is_identifier(S units) {
  return is_xid_start(units[0]) &&
         all_of(units.subspan(1), [](char32_t c) { return is_xid_continue(c); });
}

template <class S>
bool is_all_units(S units, Kind kind, const Classifier& is) {
  const auto flagged = [&](uint32_t flags) {
    return all_of(units, [&](char32_t c) { return is.has(c, flags); });
  };
  switch (kind) {
    case Kind::Alpha:
      return flagged(kAlpha);
    case Kind::Alnum:
      return flagged(kAlpha | kDecimal | kDigit | kNumeric);
    case Kind::Ascii:
      return all_of(units, [](char32_t c) { return c < 0x80; });
    case Kind::Decimal:
      return flagged(kDecimal);
    case Kind::Digit:
      return flagged(kDigit);
    case Kind::Numeric:
      return flagged(kNumeric);
    case Kind::Identifier:
      return is_identifier(units);
    case Kind::Lower:
      return is_one_case(units, is, false);
    case Kind::Upper:
      return is_one_case(units, is, true);
    case Kind::Title:
      return is_title_cased(units, is);
    case Kind::Space:
      return all_of(units, [&](char32_t c) { return is.space(c); });
    case Kind::Printable:
      return flagged(kPrintable);
  }
  __builtin_unreachable();
}

}  // namespace

bool is_all(TextView s, Kind kind, Rules rules) {
  if (s.empty()) return kind == Kind::Ascii || kind == Kind::Printable;
  return visit(s, [&](auto units) { return is_all_units(units, kind, Classifier(rules)); });
}

}  // namespace pystm::vm::text
