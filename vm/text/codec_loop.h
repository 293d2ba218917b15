// The two steps every codec repeats at an error: ask the handler, write its answer, move on.
#pragma once

#include "vm/text/codecs.h"

namespace pystm::vm::text {

// Sets *position to where decoding goes on. False: the error stands.
inline bool recover(CodecErrors& errors, const DecodeError& error, TextBuilder& out,
                    size_t* position) {
  DecodeReplacement answer{{}, error.end};
  if (!errors.decode_error(error, answer)) return false;
  out.append(TextView(answer.text));
  *position = answer.resume;
  return true;
}

// unit is the encoding's unit in bytes: raw bytes from a handler must be a multiple of it, text
// must be below limit and is written by write(c).
template <class Write>
bool recover(CodecErrors& errors, const EncodeError& error, char32_t limit, size_t unit,
             std::string& out, size_t* position, Write write) {
  EncodeReplacement answer{{}, {}, false, error.end};
  if (!errors.encode_error(error, answer)) return false;
  *position = answer.resume;
  if (answer.is_bytes) {
    if (answer.bytes.size() % unit != 0) return errors.reject(error), false;
    out += answer.bytes;
    return true;
  }
  for (const char32_t c : answer.text) {
    if (c >= limit) return errors.reject(error), false;
    write(c);
  }
  return true;
}

inline bool is_surrogate(char32_t c) { return c - 0xD800 < 0x800; }
inline bool is_high_surrogate(char32_t c) { return c - 0xD800 < 0x400; }
inline bool is_low_surrogate(char32_t c) { return c - 0xDC00 < 0x400; }
inline char32_t join_surrogates(char32_t high, char32_t low) {
  return 0x10000 + ((high & 0x3FF) << 10) + (low & 0x3FF);
}

}  // namespace pystm::vm::text
