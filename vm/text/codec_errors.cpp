// The named error handlers of the codecs module.
#include <cstring>

#include "vm/text/codec_loop.h"
#include "vm/text/unicode_db.h"

namespace pystm::vm::text {

std::optional<ErrorMode> error_mode(std::string_view name) {
  static constexpr std::pair<std::string_view, ErrorMode> kModes[] = {
      {"strict", ErrorMode::Strict},
      {"ignore", ErrorMode::Ignore},
      {"replace", ErrorMode::Replace},
      {"backslashreplace", ErrorMode::BackslashReplace},
      {"xmlcharrefreplace", ErrorMode::XmlCharRefReplace},
      {"namereplace", ErrorMode::NameReplace},
      {"surrogateescape", ErrorMode::SurrogateEscape},
      {"surrogatepass", ErrorMode::SurrogatePass},
  };
  for (const auto& [spelling, mode] : kModes)
    if (spelling == name) return mode;
  return std::nullopt;
}

namespace {

void append_format(std::u32string& out, const char* format, unsigned value) {
  char buffer[24];
  snprintf(buffer, sizeof buffer, format, value);
  for (const char* p = buffer; *p != 0; p++) out += static_cast<char32_t>(*p);
}

void append_backslash(std::u32string& out, char32_t c) {
  append_format(out, c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
}

void append_name(std::u32string& out, char32_t c) {
  const std::string name = character_name(c);
  if (name.empty()) return append_backslash(out, c);
  out += U"\\N{";
  out.append(name.begin(), name.end());
  out += U'}';
}

// Which of the encodings surrogatepass knows: the unit in bytes and the byte order.
struct SurrogateUnit {
  int bytes = 0;
  bool big = false;
};

SurrogateUnit surrogate_unit(const char* encoding) {
  const std::string_view name = encoding;
  if (name == "utf-8") return {3, true};
  if (name == "utf-16-le" || name == "utf-16") return {2, false};
  if (name == "utf-16-be") return {2, true};
  if (name == "utf-32-le" || name == "utf-32") return {4, false};
  if (name == "utf-32-be") return {4, true};
  return {};
}

// The surrogate at the error's start, or 0.
char32_t passed_surrogate(const DecodeError& error, SurrogateUnit unit) {
  const Bytes s = error.input.subspan(error.start);
  if (unit.bytes == 0 || s.size() < static_cast<size_t>(unit.bytes)) return 0;
  char32_t c = 0;
  if (unit.bytes == 3) {
    if ((s[0] & 0xF0) == 0xE0 && (s[1] & 0xC0) == 0x80 && (s[2] & 0xC0) == 0x80)
      c = (s[0] & 0x0Fu) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu);
  } else {
    for (int k = 0; k < unit.bytes; k++) c = c << 8 | s[unit.big ? k : unit.bytes - 1 - k];
  }
  return is_surrogate(c) ? c : 0;
}

void pass_surrogate(char32_t c, SurrogateUnit unit, std::string& out) {
  if (unit.bytes == 3) return append_utf8(c, out);
  for (int k = 0; k < unit.bytes; k++) {
    const int shift = 8 * (unit.big ? unit.bytes - 1 - k : k);
    out += static_cast<char>(c >> shift & 0xFF);
  }
}

// surrogateescape takes at most four bytes at a time, none of them ASCII.
void escape_bytes(const DecodeError& error, DecodeReplacement& out) {
  size_t i = error.start;
  while (i < error.end && i < error.start + 4 && error.input[i] >= 0x80)
    out.text += 0xDC00 + error.input[i++];
  out.resume = i;
}

}  // namespace

bool StandardErrors::decode_error(const DecodeError& error, DecodeReplacement& out) {
  switch (mode_) {
    case ErrorMode::Strict:
      break;
    case ErrorMode::Ignore:
      return true;
    case ErrorMode::Replace:
      out.text = U"\uFFFD";
      return true;
    case ErrorMode::BackslashReplace:
      for (size_t i = error.start; i < error.end; i++) append_backslash(out.text, error.input[i]);
      return true;
    case ErrorMode::XmlCharRefReplace:
    case ErrorMode::NameReplace:
      wrong_direction = true;
      return false;
    case ErrorMode::SurrogateEscape:
      escape_bytes(error, out);
      if (out.resume != error.start) return true;
      break;
    case ErrorMode::SurrogatePass: {
      const SurrogateUnit unit = surrogate_unit(error.encoding);
      const char32_t c = passed_surrogate(error, unit);
      if (c == 0) break;
      out.text = std::u32string(1, c);
      out.resume = error.start + unit.bytes;
      return true;
    }
  }
  decode_failure = error;
  return false;
}

bool StandardErrors::encode_error(const EncodeError& error, EncodeReplacement& out) {
  EncodeError failure = error;
  const SurrogateUnit unit = surrogate_unit(error.encoding);
  for (size_t i = error.start; i < error.end; i++) {
    const char32_t c = error.input[i];
    switch (mode_) {
      case ErrorMode::Strict:
        goto fail;
      case ErrorMode::Ignore:
        break;
      case ErrorMode::Replace:
        out.text += U'?';
        break;
      case ErrorMode::BackslashReplace:
        append_backslash(out.text, c);
        break;
      case ErrorMode::XmlCharRefReplace:
        append_format(out.text, "&#%u;", c);
        break;
      case ErrorMode::NameReplace:
        append_name(out.text, c);
        break;
      case ErrorMode::SurrogateEscape:
        out.is_bytes = true;
        if (c < 0xDC80 || c > 0xDCFF) {
          // The codecs that know this handler themselves report what is left of the run.
          if (std::string_view(error.encoding) != "charmap") failure.start = i;
          goto fail;
        }
        out.bytes += static_cast<char>(c - 0xDC00);
        break;
      case ErrorMode::SurrogatePass:
        out.is_bytes = true;
        if (unit.bytes == 0 || !is_surrogate(c)) goto fail;
        pass_surrogate(c, unit, out.bytes);
        break;
    }
  }
  return true;
fail:
  encode_failure = failure;
  return false;
}

}  // namespace pystm::vm::text
