// Comparing, counting, replacing, padding and case changes.
#include "vm/text/str_ops.h"

namespace pystm::vm::text {

size_t count(TextView hay, TextView needle, size_t max) {
  if (needle.empty()) return std::min(hay.size() + 1, max);
  return visit(hay, needle, [&](auto h, auto n) {
    size_t found = 0;
    while (found < max) {
      const size_t at = find(h, n);
      if (at == kNotFound) break;
      found++;
      h = h.subspan(at + n.size());
    }
    return found;
  });
}

bool equal(TextView a, TextView b) {
  if (a.size() != b.size()) return false;
  if (a.empty()) return true;
  if (a.width() == b.width())
    return memcmp(a.data(), b.data(), a.size() * static_cast<size_t>(a.width())) == 0;
  return visit(a, b, [](auto x, auto y) { return search_detail::common_prefix(x, y) == x.size(); });
}

int compare(TextView a, TextView b) {
  const size_t shared = std::min(a.size(), b.size());
  if (a.width() == Width::One && b.width() == Width::One && shared != 0) {
    const int order = memcmp(a.data(), b.data(), shared);
    if (order != 0) return order;
  } else {
    const size_t same =
        visit(a, b, [](auto x, auto y) { return search_detail::common_prefix(x, y); });
    if (same < shared) return a[same] < b[same] ? -1 : 1;
  }
  return a.size() < b.size() ? -1 : a.size() > b.size() ? 1 : 0;
}

ReplacePlan plan_replace(TextView s, TextView from, TextView to, size_t limit) {
  ReplacePlan plan{{}, 0};
  if (from.empty()) {
    for (size_t i = 0; i <= s.size() && i < limit; i++) plan.at.push_back(i);
  } else {
    visit(s, from, [&](auto hay, auto needle) {
      for (size_t start = 0; plan.at.size() < limit;) {
        const size_t at = find(hay.subspan(start), needle);
        if (at == kNotFound) break;
        plan.at.push_back(start + at);
        start += at + needle.size();
      }
    });
  }
  plan.length = s.size() + plan.at.size() * to.size() - plan.at.size() * from.size();
  return plan;
}

static bool is_ascii_text(TextView s) {
  if (s.width() == Width::One)
    return base::ascii_only(static_cast<const uint8_t*>(s.data()), s.size());
  return visit(s, [](auto units) {
    char32_t all = 0;
    for (const auto c : units) all |= c;
    return all < 0x80;
  });
}

// One ASCII character by another. Nothing is made if it is not there.
static size_t replace_ascii(TextView s, uint8_t from, uint8_t to, size_t limit, TextBuilder& out) {
  const auto* text = static_cast<const uint8_t*>(s.data());
  const auto* found = static_cast<const uint8_t*>(memchr(text, from, s.size()));
  if (found == nullptr || limit == 0) return 0;
  uint8_t* const copy = out.extend_ascii(s.size());
  memcpy(copy, text, s.size());
  uint8_t* const end = copy + s.size();
  size_t count = 0;
  for (auto* at = copy + (found - text); at != nullptr && count < limit; ++count) {
    *at++ = to;
    at = static_cast<uint8_t*>(memchr(at, from, static_cast<size_t>(end - at)));
  }
  return count;
}

size_t replace(TextView s, TextView from, TextView to, size_t limit, TextBuilder& out) {
  if (from.size() == 1 && to.size() == 1 && from[0] < 0x80 && to[0] < 0x80 && out.size() == 0 &&
      s.width() == Width::One && is_ascii_text(s))
    return replace_ascii(s, static_cast<uint8_t>(from[0]), static_cast<uint8_t>(to[0]), limit, out);
  const ReplacePlan plan = plan_replace(s, from, to, limit);
  if (plan.at.empty()) return 0;
  out.reserve(plan.length);
  size_t done = 0;
  for (const size_t at : plan.at) {
    out.append(s.substr(done, at - done));
    out.append(to);
    done = at + from.size();
  }
  out.append(s.substr(done));
  return plan.at.size();
}

void expand_tabs(TextView s, size_t tab_size, TextBuilder& out) {
  visit(s, [&](auto units) {
    size_t column = 0;
    for (const char32_t c : units) {
      if (c == '\t') {
        const size_t spaces = tab_size == 0 ? 0 : tab_size - column % tab_size;
        out.append(U' ', spaces);
        column += spaces;
        continue;
      }
      out.append(c);
      column = c == '\n' || c == '\r' ? 0 : column + 1;
    }
  });
}

void zfill(TextView s, size_t width, TextBuilder& out) {
  const bool is_signed = !s.empty() && (s[0] == '+' || s[0] == '-');
  if (is_signed) out.append(s[0]);
  if (width > s.size()) out.append(U'0', width - s.size());
  out.append(s.substr(is_signed ? 1 : 0));
}

void pad(TextView s, size_t left, size_t right, char32_t fill, TextBuilder& out) {
  out.append(fill, left);
  out.append(s);
  out.append(fill, right);
}

namespace {

bool is_lower_ascii(char32_t c) { return c >= 'a' && c <= 'z'; }
bool is_upper_ascii(char32_t c) { return c >= 'A' && c <= 'Z'; }

char32_t change_ascii(char32_t c, CaseOp op, bool first, bool after_letter) {
  const bool lower = is_lower_ascii(c), upper = is_upper_ascii(c);
  bool make_upper = false, make_lower = false;
  switch (op) {
    case CaseOp::Lower:
    case CaseOp::Fold:
      make_lower = upper;
      break;
    case CaseOp::Upper:
      make_upper = lower;
      break;
    case CaseOp::SwapCase:
      make_upper = lower;
      make_lower = upper;
      break;
    case CaseOp::Title:
      make_upper = lower && !after_letter;
      make_lower = upper && after_letter;
      break;
    case CaseOp::Capitalize:
      make_upper = lower && first;
      make_lower = upper && !first;
      break;
  }
  return make_upper ? c - 32 : make_lower ? c + 32 : c;
}

void change_case_ascii(TextView s, CaseOp op, TextBuilder& out) {
  uint8_t* const to =
      s.width() == Width::One && (op == CaseOp::Lower || op == CaseOp::Upper || op == CaseOp::Fold)
          ? out.extend_ascii(s.size())
          : nullptr;
  if (to != nullptr) {
    const bool upper = op == CaseOp::Upper;
    return base::copy_other_case(to, static_cast<const uint8_t*>(s.data()), s.size(),
                                 upper ? 'a' : 'A', upper ? 'z' : 'Z');
  }
  bool after_letter = false;
  for (size_t i = 0; i < s.size(); i++) {
    const char32_t c = s[i];
    out.append(change_ascii(c, op, i == 0, after_letter));
    after_letter = is_lower_ascii(c) || is_upper_ascii(c);
  }
}

std::u32string change_case_full(std::u32string_view s, CaseOp op) {
  switch (op) {
    case CaseOp::Lower:
      return to_lower(s);
    case CaseOp::Upper:
      return to_upper(s);
    case CaseOp::Title:
      return to_title(s);
    case CaseOp::Capitalize:
      return capitalize(s);
    case CaseOp::SwapCase:
      return swapcase(s);
    case CaseOp::Fold:
      return casefold(s);
  }
  __builtin_unreachable();
}

}  // namespace

void change_case(TextView s, CaseOp op, Rules rules, TextBuilder& out) {
  out.reserve(s.size());
  if (rules == Rules::Ascii || is_ascii_text(s)) return change_case_ascii(s, op, out);
  out.append(TextView(change_case_full(s.to_u32(), op)));
}

}  // namespace pystm::vm::text
