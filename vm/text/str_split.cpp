// Cutting strings into slices. Cuts from the right are collected backwards and then reversed.
#include <algorithm>

#include "vm/text/str_ops.h"

namespace pystm::vm::text {

std::vector<Slice> split(TextView s, TextView sep, size_t limit) {
  std::vector<Slice> parts;
  visit(s, sep, [&](auto hay, auto needle) {
    size_t start = 0;
    while (parts.size() < limit) {
      const size_t at = find(hay.subspan(start), needle);
      if (at == kNotFound) break;
      parts.push_back({start, start + at});
      start += at + needle.size();
    }
    parts.push_back({start, hay.size()});
  });
  return parts;
}

std::vector<Slice> rsplit(TextView s, TextView sep, size_t limit) {
  std::vector<Slice> parts;
  visit(s, sep, [&](auto hay, auto needle) {
    size_t end = hay.size();
    while (parts.size() < limit) {
      const size_t at = rfind(hay.subspan(0, end), needle);
      if (at == kNotFound) break;
      parts.push_back({at + needle.size(), end});
      end = at;
    }
    parts.push_back({0, end});
  });
  std::reverse(parts.begin(), parts.end());
  return parts;
}

std::vector<Slice> split_whitespace(TextView s, Rules rules, size_t limit) {
  std::vector<Slice> parts;
  visit(s, [&](auto units) {
    size_t i = 0;
    for (;;) {
      while (i < units.size() && is_space(units[i], rules)) i++;
      if (i == units.size()) return;
      const size_t start = i;
      if (parts.size() == limit) {
        // The rest is one piece, the space at its end included.
        parts.push_back({start, units.size()});
        return;
      }
      while (i < units.size() && !is_space(units[i], rules)) i++;
      parts.push_back({start, i});
    }
  });
  return parts;
}

std::vector<Slice> rsplit_whitespace(TextView s, Rules rules, size_t limit) {
  std::vector<Slice> parts;
  visit(s, [&](auto units) {
    size_t i = units.size();
    for (;;) {
      while (i > 0 && is_space(units[i - 1], rules)) i--;
      if (i == 0) return;
      const size_t end = i;
      if (parts.size() == limit) {
        parts.push_back({0, end});
        return;
      }
      while (i > 0 && !is_space(units[i - 1], rules)) i--;
      parts.push_back({i, end});
    }
  });
  std::reverse(parts.begin(), parts.end());
  return parts;
}

std::vector<Slice> splitlines(TextView s, Rules rules, bool keep_ends) {
  std::vector<Slice> lines;
  visit(s, [&](auto units) {
    for (size_t i = 0; i < units.size();) {
      const size_t start = i;
      while (i < units.size() && !is_line_break(units[i], rules)) i++;
      const size_t end = i;
      if (i < units.size()) {
        const bool pair = units[i] == '\r' && i + 1 < units.size() && units[i + 1] == '\n';
        i += pair ? 2 : 1;
      }
      lines.push_back({start, keep_ends ? i : end});
    }
  });
  return lines;
}

namespace {

template <class Drop>
Slice strip_while(TextView s, Side side, Drop drop) {
  return visit(s, [&](auto units) {
    size_t start = 0, end = units.size();
    if ((static_cast<int>(side) & static_cast<int>(Side::Left)) != 0)
      while (start < end && drop(units[start])) start++;
    if ((static_cast<int>(side) & static_cast<int>(Side::Right)) != 0)
      while (end > start && drop(units[end - 1])) end--;
    return Slice{start, end};
  });
}

}  // namespace

Slice strip_whitespace(TextView s, Rules rules, Side side) {
  return strip_while(s, side, [&](char32_t c) { return is_space(c, rules); });
}

Slice strip_chars(TextView s, TextView chars, Side side) {
  return visit(chars, [&](auto set) {
    return strip_while(s, side,
                       [&](char32_t c) { return search_detail::find_unit(set, c) != kNotFound; });
  });
}

}  // namespace pystm::vm::text
