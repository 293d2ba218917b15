// See source.h. utf-8, latin-1 and ascii are decoded here; everything else by Hooks::decode.
#include "vm/compiler/source.h"

#include <cstdio>
#include <cstring>

namespace pystm::vm::compiler {
namespace {

[[noreturn]] void fail(ErrorKind kind, std::string message, int lineno = -1) {
  ErrorInfo info;
  info.kind = kind;
  info.message = std::move(message);
  if (lineno >= 0) {
    info.has_position = true;
    info.lineno = lineno;
    info.end_lineno = lineno;
  }
  throw CompileError{std::move(info)};
}

// Length of the valid UTF-8 sequence at p, 0 if invalid.
int sequence_length(const unsigned char* p, const unsigned char* end) {
  const unsigned char c = *p;
  if (c < 0x80) return 1;
  auto tail = [&](int i) { return p + i < end && (p[i] & 0xC0) == 0x80; };
  if (c >= 0xC2 && c <= 0xDF) return tail(1) ? 2 : 0;
  if (c >= 0xE0 && c <= 0xEF) {
    if (!tail(1) || !tail(2)) return 0;
    if (c == 0xE0 && p[1] < 0xA0) return 0;
    return c == 0xED && p[1] >= 0xA0 ? 0 : 3;
  }
  if (c >= 0xF0 && c <= 0xF4) {
    if (!tail(1) || !tail(2) || !tail(3)) return 0;
    if (c == 0xF0 && p[1] < 0x90) return 0;
    return c == 0xF4 && p[1] > 0x8F ? 0 : 4;
  }
  return 0;
}

void check_utf8(std::string_view bytes, bool declared) {
  auto p = reinterpret_cast<const unsigned char*>(bytes.data());
  const auto begin = p, end = p + bytes.size();
  int line = 1;
  while (p < end) {
    const int n = sequence_length(p, end);
    if (n == 0) {
      char text[160];
      if (declared) {
        std::snprintf(
            text, sizeof text,
            "(unicode error) 'utf-8' codec can't decode byte 0x%02x in position %d: %s", *p,
            static_cast<int>(p - begin),
            *p >= 0xC2 && *p <= 0xF4 ? "invalid continuation byte" : "invalid start byte");
        fail(ErrorKind::Syntax, text, 0);
      }
      std::snprintf(text, sizeof text,
                    "Non-UTF-8 code starting with '\\x%.2x' on line %i, but no encoding declared; "
                    "see https://peps.python.org/pep-0263/ for details",
                    *p, line);
      fail(ErrorKind::Syntax, text, 0);
    }
    if (*p == '\n' || (*p == '\r' && !(p + 1 < end && p[1] == '\n'))) line++;
    p += n;
  }
}

std::string latin1_to_utf8(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 8);
  for (unsigned char c : bytes) {
    if (c < 0x80) {
      out += static_cast<char>(c);
    } else {
      out += static_cast<char>(0xC0 | c >> 6);
      out += static_cast<char>(0x80 | (c & 0x3F));
    }
  }
  return out;
}

bool is_cookie_char(unsigned char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
         c == '_' || c == '.';
}

// The spelling used for comparisons: utf-8 and latin-1 variants collapse.
std::string normal_name(std::string_view name) {
  std::string low;
  for (size_t i = 0; i < name.size() && i < 12; i++) {
    const char c = name[i];
    low += c == '_' ? '-' : c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  }
  auto is = [&](std::string_view base) {
    return low == base || (low.size() > base.size() && low.compare(0, base.size(), base) == 0 &&
                           low[base.size()] == '-');
  };
  if (is("utf-8")) return "utf-8";
  if (is("latin-1") || is("iso-8859-1") || is("iso-latin-1")) return "iso-8859-1";
  return std::string(name);
}

// Looks for coding[:=] in a comment-only line. `keep_looking` false: the next line cannot count.
std::string cookie_in_line(std::string_view line, bool* keep_looking) {
  size_t i = 0;
  while (i < line.size() && (line[i] == ' ' || line[i] == '\t' || line[i] == '\014')) i++;
  *keep_looking = i == line.size();
  if (i == line.size() || line[i] != '#') return "";
  *keep_looking = true;
  for (; i + 6 < line.size(); i++) {
    if (line.compare(i, 6, "coding") != 0) continue;
    size_t j = i + 6;
    if (line[j] != ':' && line[j] != '=') continue;
    do j++;
    while (j < line.size() && (line[j] == ' ' || line[j] == '\t'));
    const size_t begin = j;
    while (j < line.size() && is_cookie_char(line[j])) j++;
    if (j > begin) return normal_name(line.substr(begin, j - begin));
  }
  return "";
}

}  // namespace

std::string find_cookie(std::string_view bytes) {
  for (int n = 0; n < 2 && !bytes.empty(); n++) {
    const size_t end = bytes.find_first_of("\r\n");
    bool keep_looking;
    std::string cookie = cookie_in_line(bytes.substr(0, end), &keep_looking);
    if (!cookie.empty() || !keep_looking || end == std::string_view::npos) return cookie;
    const bool crlf = bytes[end] == '\r' && end + 1 < bytes.size() && bytes[end + 1] == '\n';
    bytes.remove_prefix(end + (crlf ? 2 : 1));
  }
  return "";
}

std::string decode_source(std::string_view bytes, const Hooks& hooks, std::string* encoding) {
  const bool bom = bytes.size() >= 3 && bytes.compare(0, 3, "\xEF\xBB\xBF") == 0;
  if (bom) bytes.remove_prefix(3);
  const std::string cookie = find_cookie(bytes);
  if (encoding) *encoding = cookie.empty() ? "utf-8" : cookie;
  if (bom && !cookie.empty() && cookie != "utf-8")
    fail(ErrorKind::Syntax, "encoding problem: " + cookie + " with BOM", 0);
  if (cookie.empty() || cookie == "utf-8" || cookie == "utf8") {
    check_utf8(bytes, !cookie.empty());
    return std::string(bytes);
  }
  if (cookie == "iso-8859-1" || cookie == "latin1" || cookie == "latin_1")
    return latin1_to_utf8(bytes);
  if (cookie == "ascii" || cookie == "us-ascii") {
    for (size_t i = 0; i < bytes.size(); i++) {
      if (static_cast<unsigned char>(bytes[i]) < 0x80) continue;
      char text[120];
      std::snprintf(text, sizeof text,
                    "(unicode error) 'ascii' codec can't decode byte 0x%02x in position %d: "
                    "ordinal not in range(128)",
                    static_cast<unsigned char>(bytes[i]), static_cast<int>(i));
      fail(ErrorKind::Syntax, text, 0);
    }
    return std::string(bytes);
  }
  std::string utf8, error;
  if (hooks.decode && hooks.decode(cookie, bytes, utf8, error)) return utf8;
  if (!error.empty()) fail(ErrorKind::Syntax, "(unicode error) " + error, 0);
  fail(ErrorKind::Syntax, "unknown encoding: " + cookie, 0);
}

std::string normalise_source(std::string_view utf8, bool add_final) {
  if (utf8.find('\0') != std::string_view::npos)
    fail(ErrorKind::Value, "source code string cannot contain null bytes");
  std::string out;
  out.reserve(utf8.size() + 1);
  if (utf8.find('\r') == std::string_view::npos) {
    out = utf8;
  } else {
    for (size_t i = 0; i < utf8.size(); i++) {
      if (utf8[i] != '\r') {
        out += utf8[i];
        continue;
      }
      out += '\n';
      if (i + 1 < utf8.size() && utf8[i + 1] == '\n') i++;
    }
  }
  if (add_final && !out.empty() && out.back() != '\n') out += '\n';
  return out;
}

}  // namespace pystm::vm::compiler
