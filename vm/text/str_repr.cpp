// repr of str and bytes: single quotes unless only double ones avoid a backslash.
#include "vm/text/str_ops.h"

namespace pystm::vm::text {

namespace {

char32_t choose_quote(bool has_single, bool has_double) {
  return has_single && !has_double ? '"' : '\'';
}

void append_hex(const char* format, char32_t c, TextBuilder& out) {
  char buffer[16];
  const int n = snprintf(buffer, sizeof buffer, format, static_cast<unsigned>(c));
  out.append_ascii({buffer, static_cast<size_t>(n)});
}

void append_escaped(char32_t c, TextBuilder& out) {
  switch (c) {
    case '\t':
      return out.append_ascii("\\t");
    case '\n':
      return out.append_ascii("\\n");
    case '\r':
      return out.append_ascii("\\r");
  }
  append_hex(c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c, out);
}

// Do eight bytes stand for themselves between such quotes?
bool all_plain(const uint8_t* p, char32_t quote) {
  uint64_t w;
  memcpy(&w, p, 8);
  const auto q = static_cast<unsigned>(quote);
  const uint64_t special = base::bytes_between(w, q, q) | base::bytes_between(w, '\\', '\\');
  constexpr uint64_t kHigh = 0x80 * base::kEachByte;
  return (w & kHigh) == 0 && base::bytes_between(w, 0x20, 0x7E) == kHigh && special == 0;
}

}  // namespace

void str_repr(TextView s, bool ascii_only, TextBuilder& out) {
  const char32_t quote =
      choose_quote(find(s, TextView("'")) != kNotFound, find(s, TextView("\"")) != kNotFound);
  out.reserve(s.size() + 2);
  out.append(quote);
  visit(s, [&](auto units) {
    size_t run = 0;  // from here on all stand for themselves
    for (size_t i = 0; i < units.size(); ++i) {
      if constexpr (sizeof(units[0]) == 1)
        while (i + 8 <= units.size() && all_plain(&units[i], quote)) i += 8;
      if (i == units.size()) break;
      const char32_t c = units[i];
      const bool plain = c < 0x80 ? c >= 0x20 && c != 0x7F : !ascii_only && is_printable(c);
      if (plain && c != quote && c != '\\') continue;
      out.append(s.substr(run, i - run));
      if (plain) {
        out.append(U'\\');
        out.append(c);
      } else {
        append_escaped(c, out);
      }
      run = i + 1;
    }
    out.append(s.substr(run));
  });
  out.append(quote);
}

std::string bytes_repr(std::span<const uint8_t> s, bool escape_single) {
  const TextView view(s);
  const char quote = static_cast<char>(choose_quote(find(view, TextView("'")) != kNotFound,
                                                    find(view, TextView("\"")) != kNotFound));
  std::string out = {'b', quote};
  constexpr char kHex[] = "0123456789abcdef";
  for (const uint8_t c : s) {
    switch (c) {
      case '\t':
        out += "\\t";
        continue;
      case '\n':
        out += "\\n";
        continue;
      case '\r':
        out += "\\r";
        continue;
    }
    if (c < 0x20 || c >= 0x7F) {
      out += {'\\', 'x', kHex[c >> 4], kHex[c & 15]};
      continue;
    }
    if (c == static_cast<uint8_t>(quote) || c == '\\' || (escape_single && c == '\'')) out += '\\';
    out += static_cast<char>(c);
  }
  return out + quote;
}

}  // namespace pystm::vm::text
