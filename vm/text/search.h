// Finding a needle in a haystack of code units, forwards and backwards, for any pair of widths.
// A single unit is memchr. Longer needles are tried wherever their first unit stands; when that
// costs more than a few steps per unit, the rest is done by the two-way algorithm (Crochemore and
// Perrin 1991), so the worst case is linear in the haystack.
// Invariants: positions are relative to the given spans; kNotFound when there is no match.
#pragma once

#include <algorithm>
#include <cstring>

#include "vm/text/text_view.h"

namespace pystm::vm::text {

inline constexpr size_t kNotFound = SIZE_MAX;

namespace search_detail {

// The two-way algorithm reads both strings by index only; Reversed turns find into rfind.
template <class C>
class Reversed {
 public:
  explicit Reversed(std::span<const C> s) : s_(s) {}
  size_t size() const { return s_.size(); }
  C operator[](size_t i) const { return s_[s_.size() - 1 - i]; }

 private:
  std::span<const C> s_;
};

template <class A, class B>
bool same(A a, B b) {
  return static_cast<char32_t>(a) == static_cast<char32_t>(b);
}

// The start of the maximal suffix and its period, under < or under its inverse.
struct Suffix {
  size_t start, period;
};

template <class N>
Suffix maximal_suffix(const N& needle, bool inverse) {
  size_t suffix = 0, candidate = 1, offset = 0, period = 1;
  while (candidate + offset < needle.size()) {
    const char32_t a = needle[candidate + offset], b = needle[suffix + offset];
    if (a == b) {
      if (++offset == period) {
        candidate += period;
        offset = 0;
      }
    } else if ((a < b) != inverse) {
      candidate += offset + 1;
      offset = 0;
      period = candidate - suffix;
    } else {
      suffix = candidate++;
      offset = 0;
      period = 1;
    }
  }
  return {suffix, period};
}

template <class H, class N>
size_t two_way(const H& hay, const N& needle) {
  const Suffix plain = maximal_suffix(needle, false), inverse = maximal_suffix(needle, true);
  const Suffix cut = plain.start > inverse.start ? plain : inverse;
  const size_t m = needle.size();
  bool periodic = cut.start + cut.period <= m;
  for (size_t i = 0; periodic && i < cut.start; i++)
    periodic = same(needle[i], needle[i + cut.period]);
  const size_t shift = periodic ? cut.period : std::max(cut.start, m - cut.start) + 1;
  size_t memory = 0;  // how much of the needle's front the last shift is known to match
  for (size_t at = 0; at + m <= hay.size();) {
    size_t i = std::max(cut.start, memory);
    while (i < m && same(needle[i], hay[at + i])) i++;
    if (i < m) {
      at += i - cut.start + 1;
      memory = 0;
      continue;
    }
    size_t j = cut.start;
    while (j > memory && same(needle[j - 1], hay[at + j - 1])) j--;
    if (j <= memory) return at;
    at += shift;
    memory = periodic ? m - shift : 0;
  }
  return kNotFound;
}

template <class H>
size_t find_unit(std::span<const H> hay, char32_t unit) {
  if constexpr (sizeof(H) == 1) {
    if (unit > 0xFF) return kNotFound;
    if (hay.empty()) return kNotFound;
    const void* p = memchr(hay.data(), static_cast<int>(unit), hay.size());
    return p == nullptr ? kNotFound : static_cast<const H*>(p) - hay.data();
  } else {
    for (size_t i = 0; i < hay.size(); i++)
      if (hay[i] == unit) return i;
    return kNotFound;
  }
}

template <class H>
size_t rfind_unit(std::span<const H> hay, char32_t unit) {
  for (size_t i = hay.size(); i > 0; i--)
    if (static_cast<char32_t>(hay[i - 1]) == unit) return i - 1;
  return kNotFound;
}

template <class A, class B>
size_t common_prefix(std::span<const A> a, std::span<const B> b) {
  size_t i = 0;
  while (i < a.size() && i < b.size() && same(a[i], b[i])) i++;
  return i;
}

constexpr size_t kPatience = 8;  // steps per unit before the two-way algorithm takes over

}  // namespace search_detail

template <class H, class N>
size_t find(std::span<const H> hay, std::span<const N> needle) {
  using namespace search_detail;
  if (needle.empty()) return 0;
  if (needle.size() > hay.size()) return kNotFound;
  if (needle.size() == 1) return find_unit(hay, needle[0]);
  const size_t last_start = hay.size() - needle.size();
  size_t steps = 0;
  for (size_t at = 0; at <= last_start; at++) {
    const size_t skip = find_unit(hay.subspan(at, last_start - at + 1), needle[0]);
    if (skip == kNotFound) return kNotFound;
    at += skip;
    const size_t matched = common_prefix(hay.subspan(at, needle.size()), needle);
    if (matched == needle.size()) return at;
    steps += matched;
    if (steps > kPatience * (at + 16)) {
      const size_t rest = two_way(hay.subspan(at + 1), needle);
      return rest == kNotFound ? kNotFound : at + 1 + rest;
    }
  }
  return kNotFound;
}

template <class H, class N>
size_t rfind(std::span<const H> hay, std::span<const N> needle) {
  using namespace search_detail;
  if (needle.empty()) return hay.size();
  if (needle.size() > hay.size()) return kNotFound;
  if (needle.size() == 1) return rfind_unit(hay, needle[0]);
  size_t steps = 0;
  const size_t first_start = hay.size() - needle.size();
  for (size_t at = first_start + 1; at-- > 0;) {
    const size_t matched = common_prefix(hay.subspan(at, needle.size()), needle);
    if (matched == needle.size()) return at;
    steps += matched;
    if (steps > kPatience * (first_start - at + 16)) {
      const auto front = hay.subspan(0, at + needle.size() - 1);
      const size_t rest = two_way(Reversed<H>(front), Reversed<N>(needle));
      return rest == kNotFound ? kNotFound : front.size() - rest - needle.size();
    }
  }
  return kNotFound;
}

inline size_t find(TextView hay, TextView needle) {
  return visit(hay, needle, [](auto h, auto n) { return find(h, n); });
}
inline size_t rfind(TextView hay, TextView needle) {
  return visit(hay, needle, [](auto h, auto n) { return rfind(h, n); });
}
// How often needle occurs without overlap, at most max times.
size_t count(TextView hay, TextView needle, size_t max = SIZE_MAX);

bool equal(TextView a, TextView b);
int compare(TextView a, TextView b);  // by code points: negative, 0, positive
// Whether needle stands at hay[at:]; false when it would reach over the end.
inline bool matches_at(TextView hay, size_t at, TextView needle) {
  return at <= hay.size() && needle.size() <= hay.size() - at &&
         equal(hay.substr(at, needle.size()), needle);
}
inline bool starts_with(TextView s, TextView prefix) { return matches_at(s, 0, prefix); }
inline bool ends_with(TextView s, TextView suffix) {
  return suffix.size() <= s.size() && matches_at(s, s.size() - suffix.size(), suffix);
}

}  // namespace pystm::vm::text
