// Text to bytes and back by codec name: the encodings written in C++ directly, all others through
// the registry of Python's _codecs and encodings modules; error handlers standard or Python
// functions.
#pragma once

#include <string_view>

#include "vm/object/str.h"
#include "vm/runtime/context.h"
#include "vm/text/codecs.h"

namespace pystm::vm {

// encoding null: utf-8; errors null: strict. The result is bytes.
Result<Value> encode_with_codec(Context& cx, Str* text, Str* encoding, Str* errors);
// `source` is the object the bytes belong to (kept alive), for the registry and for error objects.
Result<Value> decode_with_codec(Context& cx, Value source, std::string_view data, Str* encoding,
                                Str* errors);

// Gives a codec's errors to the named handler: standard ones in C++, others through
// _codecs.lookup_error. After a codec returned false an exception is pending.
class PythonErrors : public text::CodecErrors {
 public:
  PythonErrors(Context& cx, Str* errors);
  bool decode_error(const text::DecodeError& error, text::DecodeReplacement& out) override;
  bool encode_error(const text::EncodeError& error, text::EncodeReplacement& out) override;
  void reject(const text::EncodeError& error) override;

 private:
  Result<Value> handler();
  Context& cx_;
  Str* name_;
  std::optional<text::ErrorMode> mode_;
  text::StandardErrors standard_;
};

Result<Value> unicode_decode_error(Context& cx, const text::DecodeError& error);
Result<Value> unicode_encode_error(Context& cx, const text::EncodeError& error);

}  // namespace pystm::vm
