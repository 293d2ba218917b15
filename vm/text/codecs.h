// The codecs that Python's str and bytes build on. A codec never raises: it reports an error with
// the positions and reason CPython gives to UnicodeDecodeError or UnicodeEncodeError and lets a
// CodecErrors object decide. StandardErrors are the named handlers of the codecs module; a handler
// written in Python is another subclass.
// Invariants: a function that returns false left an error in the handler; its output is then void.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "vm/text/text_builder.h"
#include "vm/text/text_view.h"

namespace pystm::vm::text {

using Bytes = std::span<const uint8_t>;

struct DecodeError {
  const char* encoding;
  Bytes input;
  size_t start, end;
  const char* reason;
};

struct EncodeError {
  const char* encoding;
  TextView input;
  size_t start, end;
  const char* reason;
};

// A handler's answer: what to write instead (text, or for encoders raw bytes) and where to go on.
struct DecodeReplacement {
  std::u32string text;
  size_t resume;
};
struct EncodeReplacement {
  std::u32string text;
  std::string bytes;
  bool is_bytes = false;
  size_t resume;
};

class CodecErrors {
 public:
  virtual ~CodecErrors() = default;
  // False: the error stands, the codec stops. `resume` is preset to error.end.
  virtual bool decode_error(const DecodeError& error, DecodeReplacement& out) = 0;
  virtual bool encode_error(const EncodeError& error, EncodeReplacement& out) = 0;
  // A replacement that the encoding itself cannot take: the first error stands.
  virtual void reject(const EncodeError& error) = 0;
};

enum class ErrorMode : uint8_t {
  Strict,
  Ignore,
  Replace,
  BackslashReplace,
  XmlCharRefReplace,
  NameReplace,
  SurrogateEscape,
  SurrogatePass
};
std::optional<ErrorMode> error_mode(std::string_view name);

class StandardErrors : public CodecErrors {
 public:
  explicit StandardErrors(ErrorMode mode = ErrorMode::Strict) : mode_(mode) {}
  bool decode_error(const DecodeError& error, DecodeReplacement& out) override;
  bool encode_error(const EncodeError& error, EncodeReplacement& out) override;
  void reject(const EncodeError& error) override { encode_failure = error; }

  // Set when a codec returned false. The handlers that only encode (or only decode) leave a
  // wrong_direction instead: CPython raises TypeError for them.
  std::optional<DecodeError> decode_failure;
  std::optional<EncodeError> encode_failure;
  bool wrong_direction = false;

 private:
  ErrorMode mode_;
};

// ---- shared helpers ----
// Length of the ASCII prefix; eight bytes at a time.
size_t ascii_prefix(Bytes s);
inline bool is_ascii(Bytes s) { return ascii_prefix(s) == s.size(); }
// The largest code point, rounded up to the largest of its storage class when exact is not needed.
char32_t max_code_point(TextView s);
// The largest code point of valid UTF-8, without decoding it.
char32_t max_code_point_utf8(std::string_view s);
void append_utf8(char32_t c, std::string& out);  // any c <= 0x10FFFF, surrogates included
std::string to_utf8(TextView s);                 // for messages: surrogates become '?'

// ---- codecs.cpp: utf-8, ascii, latin-1, charmap ----
// With consumed set, an incomplete sequence at the end is left over instead of being an error.
[[nodiscard]] bool decode_utf8(Bytes in, CodecErrors& errors, TextBuilder& out,
                               size_t* consumed = nullptr);
[[nodiscard]] bool encode_utf8(TextView in, CodecErrors& errors, std::string& out);
[[nodiscard]] bool decode_ascii(Bytes in, CodecErrors& errors, TextBuilder& out);
[[nodiscard]] bool encode_ascii(TextView in, CodecErrors& errors, std::string& out);
void decode_latin1(Bytes in, TextBuilder& out);
[[nodiscard]] bool encode_latin1(TextView in, CodecErrors& errors, std::string& out);
// The table maps bytes to code points, U+FFFE to nothing.
[[nodiscard]] bool decode_charmap(Bytes in, TextView table, CodecErrors& errors, TextBuilder& out);
// The lookup returns a byte, or -1.
[[nodiscard]] bool encode_charmap(TextView in, const std::function<int(char32_t)>& lookup,
                                  CodecErrors& errors, std::string& out);

// ---- codecs_wide.cpp: utf-16, utf-32 ----
enum class Endian : int8_t { Little = -1, Bom = 0, Big = 1 };
// Bom: a byte order mark decides (little endian without one) and *endian tells which it was;
// encoders write one.
[[nodiscard]] bool decode_utf16(Bytes in, Endian* endian, CodecErrors& errors, TextBuilder& out,
                                size_t* consumed = nullptr);
[[nodiscard]] bool encode_utf16(TextView in, Endian endian, CodecErrors& errors, std::string& out);
[[nodiscard]] bool decode_utf32(Bytes in, Endian* endian, CodecErrors& errors, TextBuilder& out,
                                size_t* consumed = nullptr);
[[nodiscard]] bool encode_utf32(TextView in, Endian endian, CodecErrors& errors, std::string& out);

// ---- codecs_utf7.cpp ----
[[nodiscard]] bool decode_utf7(Bytes in, CodecErrors& errors, TextBuilder& out,
                               size_t* consumed = nullptr);
std::string encode_utf7(TextView in);

// ---- codecs_escape.cpp ----
// first_invalid: where the first unknown escape's backslash is, for the DeprecationWarning.
[[nodiscard]] bool decode_unicode_escape(Bytes in, CodecErrors& errors, TextBuilder& out,
                                         size_t* consumed = nullptr,
                                         std::optional<size_t>* first_invalid = nullptr);
std::string encode_unicode_escape(TextView in);
[[nodiscard]] bool decode_raw_unicode_escape(Bytes in, CodecErrors& errors, TextBuilder& out,
                                             size_t* consumed = nullptr);
std::string encode_raw_unicode_escape(TextView in);

// Escapes in bytes literals. Only strict, ignore and replace exist.
struct EscapeError {
  enum Kind { None, TrailingBackslash, InvalidHex } kind = None;
  size_t position = 0;
};
EscapeError decode_escape(Bytes in, ErrorMode mode, std::string& out,
                          std::optional<size_t>* first_invalid = nullptr);
std::string encode_escape(Bytes in);

}  // namespace pystm::vm::text
