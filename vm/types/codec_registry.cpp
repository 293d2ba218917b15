// Encoding and decoding by name, and Python's error handlers behind the kernels' CodecErrors.
#include "vm/runtime/codec_registry.h"

#include "vm/types/support.h"

namespace pystm::vm {

namespace {

enum class Native : uint8_t {
  kNone,
  kUtf8,
  kLatin1,
  kAscii,
  kUtf16,
  kUtf16Le,
  kUtf16Be,
  kUtf32,
  kUtf32Le,
  kUtf32Be
};

Native native_codec(Str* encoding) {
  if (encoding == nullptr) return Native::kUtf8;
  if (!is_ascii(encoding) || encoding->length > 16) return Native::kNone;
  std::string name;
  for (size_t i = 0; i < encoding->length; ++i) {
    auto c = static_cast<char>(encoding->latin1()[i]);
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    name.push_back(c == '_' ? '-' : c);
  }
  static constexpr struct {
    const char* name;
    Native codec;
  } kNames[] = {{"utf-8", Native::kUtf8},        {"utf8", Native::kUtf8},
                {"latin-1", Native::kLatin1},    {"latin1", Native::kLatin1},
                {"iso-8859-1", Native::kLatin1}, {"iso8859-1", Native::kLatin1},
                {"ascii", Native::kAscii},       {"us-ascii", Native::kAscii},
                {"utf-16", Native::kUtf16},      {"utf16", Native::kUtf16},
                {"utf-16-le", Native::kUtf16Le}, {"utf-16le", Native::kUtf16Le},
                {"utf-16-be", Native::kUtf16Be}, {"utf-16be", Native::kUtf16Be},
                {"utf-32", Native::kUtf32},      {"utf32", Native::kUtf32},
                {"utf-32-le", Native::kUtf32Le}, {"utf-32le", Native::kUtf32Le},
                {"utf-32-be", Native::kUtf32Be}, {"utf-32be", Native::kUtf32Be}};
  for (const auto& row : kNames)
    if (name == row.name) return row.codec;
  return Native::kNone;
}

// The codec's (encoder, decoder, ...) tuple; only text encodings.
Result<Value> find_codec(Context& cx, Str* encoding, const char* instead) {
  const Value lookup = TRY(import_attr(cx, "_codecs", "lookup"));
  const Value codec = TRY(call(cx, lookup, {Value(encoding)}));
  const Value text = TRY(find_attr(cx, codec, intern(cx, "_is_text_encoding")));
  if (!text.is_unset() && !TRY(truth(cx, text)))
    return raise(cx, kLookupError, "'%s' is not a text encoding; use %s to handle arbitrary codecs",
                 to_utf8(encoding).c_str(), instead);
  return codec;
}

Result<Value> run_codec(Context& cx, Value codec, int64_t which, Value input, Str* errors) {
  const Value f = TRY(get_item(cx, codec, Value::of_int(which)));
  const Value result =
      errors == nullptr ? TRY(call(cx, f, {input})) : TRY(call(cx, f, {input, Value(errors)}));
  if (!is_tuple(result) || result.as<Tuple>()->length != 2)
    return raise(cx, kTypeError,
                 which == 0 ? "encoder must return a tuple (object, integer)"
                            : "decoder must return a tuple (object,integer)");
  return (*result.as<Tuple>())[0];
}

bool encode_native(Native codec, text::TextView in, text::CodecErrors& errors, std::string& out) {
  using text::Endian;
  switch (codec) {
    case Native::kUtf8:
      return text::encode_utf8(in, errors, out);
    case Native::kLatin1:
      return text::encode_latin1(in, errors, out);
    case Native::kAscii:
      return text::encode_ascii(in, errors, out);
    case Native::kUtf16:
      return text::encode_utf16(in, Endian::Bom, errors, out);
    case Native::kUtf16Le:
      return text::encode_utf16(in, Endian::Little, errors, out);
    case Native::kUtf16Be:
      return text::encode_utf16(in, Endian::Big, errors, out);
    case Native::kUtf32:
      return text::encode_utf32(in, Endian::Bom, errors, out);
    case Native::kUtf32Le:
      return text::encode_utf32(in, Endian::Little, errors, out);
    case Native::kUtf32Be:
      return text::encode_utf32(in, Endian::Big, errors, out);
    case Native::kNone:
      break;
  }
  return false;
}

bool decode_native(Native codec, text::Bytes in, text::CodecErrors& errors,
                   text::TextBuilder& out) {
  using text::Endian;
  Endian bom = Endian::Bom, little = Endian::Little, big = Endian::Big;
  switch (codec) {
    case Native::kUtf8:
      return text::decode_utf8(in, errors, out);
    case Native::kLatin1:
      text::decode_latin1(in, out);
      return true;
    case Native::kAscii:
      return text::decode_ascii(in, errors, out);
    case Native::kUtf16:
      return text::decode_utf16(in, &bom, errors, out);
    case Native::kUtf16Le:
      return text::decode_utf16(in, &little, errors, out);
    case Native::kUtf16Be:
      return text::decode_utf16(in, &big, errors, out);
    case Native::kUtf32:
      return text::decode_utf32(in, &bom, errors, out);
    case Native::kUtf32Le:
      return text::decode_utf32(in, &little, errors, out);
    case Native::kUtf32Be:
      return text::decode_utf32(in, &big, errors, out);
    case Native::kNone:
      break;
  }
  return false;
}

}  // namespace

Result<Value> encode_with_codec(Context& cx, Str* s, Str* encoding, Str* errors) {
  const Native codec = native_codec(encoding);
  if (codec == Native::kNone) {
    const Value found = TRY(find_codec(cx, encoding, "codecs.encode()"));
    const Value result = TRY(run_codec(cx, found, 0, s, errors));
    if (is_bytes(result)) return result;
    if (is_bytearray(result)) {
      Buffer buffer;
      TRY(get_buffer(cx, result, &buffer));
      return Value(TRY(new_bytes(cx, buffer.data, buffer.size)));
    }
    return raise(cx, kTypeError,
                 "'%s' encoder returned '%s' instead of 'bytes'; use codecs.encode() to encode to "
                 "arbitrary types",
                 to_utf8(encoding).c_str(), TYPE_NAME(result));
  }
  if (is_ascii(s) && codec <= Native::kAscii)
    return Value(TRY(new_bytes(cx, s->latin1(), s->length)));
  PythonErrors handler(cx, errors);
  std::string out;
  if (!encode_native(codec, view_of(s), handler, out)) return Error{};
  return Value(TRY(new_bytes(cx, out.data(), out.size())));
}

Result<Value> decode_with_codec(Context& cx, Value source, std::string_view data, Str* encoding,
                                Str* errors) {
  const Native codec = native_codec(encoding);
  if (codec == Native::kNone) {
    const Value found = TRY(find_codec(cx, encoding, "codecs.decode()"));
    const Value result = TRY(run_codec(cx, found, 1, source, errors));
    if (is_str(result)) return result;
    return raise(cx, kTypeError,
                 "'%s' decoder returned '%s' instead of 'str'; use codecs.decode() to decode to "
                 "arbitrary types",
                 to_utf8(encoding).c_str(), TYPE_NAME(result));
  }
  const text::Bytes in(reinterpret_cast<const uint8_t*>(data.data()), data.size());
  if (codec == Native::kLatin1 || (codec <= Native::kAscii && text::is_ascii(in)))
    return Value(TRY(new_str_latin1(cx, in.data(), in.size())));
  PythonErrors handler(cx, errors);
  text::TextBuilder out;
  if (!decode_native(codec, in, handler, out)) return Error{};
  return Value(TRY(finish_text(cx, out)));
}

// --- errors --------------------------------------------------------------------------------------

Result<Value> unicode_decode_error(Context& cx, const text::DecodeError& e) {
  const Value encoding = TRY(new_str(cx, e.encoding));
  const Value object = TRY(new_bytes(cx, e.input.data(), e.input.size()));
  const Value reason = TRY(new_str(cx, e.reason));
  return call(cx, exception_type(kUnicodeDecodeError),
              {encoding, object, make_int(cx, static_cast<int64_t>(e.start)),
               make_int(cx, static_cast<int64_t>(e.end)), reason});
}

Result<Value> unicode_encode_error(Context& cx, const text::EncodeError& e) {
  const Value encoding = TRY(new_str(cx, e.encoding));
  text::TextBuilder copy;
  copy.append(e.input);
  const Value object = TRY(finish_text(cx, copy));
  const Value reason = TRY(new_str(cx, e.reason));
  return call(cx, exception_type(kUnicodeEncodeError),
              {encoding, object, make_int(cx, static_cast<int64_t>(e.start)),
               make_int(cx, static_cast<int64_t>(e.end)), reason});
}

namespace {

bool raise_made(Context& cx, Result<Value> exception) {
  if (!exception.is_error()) (void)raise_value(cx, exception.value());
  return false;
}

// A handler's (replacement, position).
Result<Tuple*> handler_result(Context& cx, Value result, const char* text) {
  if (!is_tuple(result) || result.as<Tuple>()->length != 2 || !is_int((*result.as<Tuple>())[1]))
    return raise(cx, kTypeError, "%s", text);
  return result.as<Tuple>();
}

Result<size_t> resume_position(Context& cx, Value v, size_t size) {
  int64_t i;
  if (!to_int64(v, &i))
    return raise(cx, kIndexError, "position %s from error handler out of bounds",
                 repr_utf8(cx, v).c_str());
  const int64_t given = i;
  if (i < 0) i += static_cast<int64_t>(size);
  if (i < 0 || i > static_cast<int64_t>(size))
    return raise(cx, kIndexError, "position %lld from error handler out of bounds",
                 static_cast<long long>(given));
  return static_cast<size_t>(i);
}

Result<void> call_decode_handler(Context& cx, Value handler, const text::DecodeError& e,
                                 text::DecodeReplacement& out) {
  const Value exception = TRY(unicode_decode_error(cx, e));
  const Value raw = TRY(call(cx, handler, {exception}));
  Tuple* result =
      TRY(handler_result(cx, raw, "decoding error handler must return (str, int) tuple"));
  if (!is_str((*result)[0]))
    return raise(cx, kTypeError, "decoding error handler must return (str, int) tuple");
  out.text = to_u32(TRY(flatten(cx, (*result)[0])));
  out.resume = TRY(resume_position(cx, (*result)[1], e.input.size()));
  return {};
}

Result<void> call_encode_handler(Context& cx, Value handler, const text::EncodeError& e,
                                 text::EncodeReplacement& out) {
  const Value exception = TRY(unicode_encode_error(cx, e));
  const Value raw = TRY(call(cx, handler, {exception}));
  Tuple* result =
      TRY(handler_result(cx, raw, "encoding error handler must return (str/bytes, int) tuple"));
  const Value replacement = (*result)[0];
  if (is_str(replacement)) {
    out.text = to_u32(TRY(flatten(cx, replacement)));
  } else if (is_bytes(replacement)) {
    out.is_bytes = true;
    out.bytes = std::string(bytes_view(unwrap_derived(replacement).as<Bytes>()));
  } else {
    return raise(cx, kTypeError, "encoding error handler must return (str/bytes, int) tuple");
  }
  out.resume = TRY(resume_position(cx, (*result)[1], e.input.size()));
  return {};
}

}  // namespace

PythonErrors::PythonErrors(Context& cx, Str* errors)
    : cx_(cx),
      name_(errors),
      mode_(errors == nullptr ? text::ErrorMode::Strict : text::error_mode(to_utf8(errors))),
      standard_(mode_.value_or(text::ErrorMode::Strict)) {}

Result<Value> PythonErrors::handler() {
  const Value lookup = TRY(import_attr(cx_, "_codecs", "lookup_error"));
  return call(cx_, lookup, {Value(name_)});
}

bool PythonErrors::decode_error(const text::DecodeError& error, text::DecodeReplacement& out) {
  if (mode_) {
    if (standard_.decode_error(error, out)) return true;
    if (standard_.wrong_direction) {
      (void)raise(cx_, kTypeError, "don't know how to handle UnicodeDecodeError in error callback");
      return false;
    }
    return raise_made(cx_, unicode_decode_error(cx_, error));
  }
  auto h = handler();
  return !h.is_error() && !call_decode_handler(cx_, h.value(), error, out).is_error();
}

bool PythonErrors::encode_error(const text::EncodeError& error, text::EncodeReplacement& out) {
  if (mode_) {
    if (standard_.encode_error(error, out)) return true;
    if (standard_.wrong_direction) {
      (void)raise(cx_, kTypeError, "don't know how to handle UnicodeEncodeError in error callback");
      return false;
    }
    return raise_made(cx_, unicode_encode_error(cx_, error));
  }
  auto h = handler();
  return !h.is_error() && !call_encode_handler(cx_, h.value(), error, out).is_error();
}

void PythonErrors::reject(const text::EncodeError& error) {
  raise_made(cx_, unicode_encode_error(cx_, error));
}

}  // namespace pystm::vm
