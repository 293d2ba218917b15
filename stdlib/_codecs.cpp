// _codecs: the registry of codecs and error handlers, and the codec functions over vm/text.
//
// The encodings package is imported at the first lookup of a codec, so that programs in UTF-8 never
// load it.
#include <algorithm>

#include "stdlib/modules.h"
#include "stdlib/support.h"
#include "vm/runtime/codec_registry.h"
#include "vm/text/codecs.h"
#include "vm/types/support.h"

namespace pystm::lib {
namespace {

gc::Root *g_search, *g_cache, *g_handlers;  // list, dict by name, dict by name

// --- the registry --------------------------------------------------------------------------------

Result<void> load_encodings(Context& cx) {
  (void)TRY(import_module(cx, "encodings"));
  return {};
}

Result<void> codecs_register(Context& cx, Value search_function) {
  if (!is_callable(search_function)) return raise(cx, kTypeError, "argument must be callable");
  return list_append(cx, g_search->value.as<List>(), search_function);
}
Result<void> codecs_unregister(Context& cx, Value search_function) {
  auto* list = g_search->value.as<List>();
  for (int64_t i = 0; i < list_length(cx, list); ++i) {
    if (list_get(cx, list, i) != search_function) continue;
    dict_clear(cx, g_cache->value.as<Dict>());
    return list_replace(cx, list, i, i + 1, nullptr, 0);
  }
  return {};
}

Result<Value> codecs_lookup(Context& cx, Str* encoding) {
  const std::string given = to_utf8(encoding);
  if (given.find('\0') != std::string::npos)
    return raise(cx, kValueError, "embedded null character");
  std::string name;
  for (const char c : given)
    name.push_back(c == ' ' ? '-' : static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c));
  auto* cache = g_cache->value.as<Dict>();
  const Value key = TRY(new_str(cx, name));
  Value found = TRY(dict_get(cx, cache, key));
  if (!found.is_unset()) return found;
  TRY(load_encodings(cx));
  auto* list = g_search->value.as<List>();
  if (list_length(cx, list) == 0)
    return raise(cx, kLookupError, "no codec search functions registered: can't find encoding");
  Tuple* searches = TRY(list_to_tuple(cx, list));
  for (size_t i = 0; i < searches->length; ++i) {
    found = TRY(call(cx, (*searches)[i], {key}));
    if (found == kNone) continue;
    if (!is_tuple(found) || found.as<Tuple>()->length != 4)
      return raise(cx, kTypeError, "codec search functions must return 4-tuples");
    TRY(dict_set(cx, cache, key, found));
    return found;
  }
  return raise(cx, kLookupError, "unknown encoding: %s", given.c_str());
}

// --- encode and decode by name -------------------------------------------------------------------

Result<Value> run_codec(Context& cx, Value object, Value encoding, Value errors, size_t which) {
  Str* name = is_str(encoding) ? TRY(flatten(cx, encoding)) : intern(cx, "utf-8");
  const Value codec = TRY(codecs_lookup(cx, name));
  const Value f = (*codec.as<Tuple>())[which];
  auto r = errors == kNone ? call(cx, f, {object}) : call(cx, f, {object, errors});
  const Value result = TRY(r);
  if (!is_tuple(result) || result.as<Tuple>()->length != 2)
    return raise(cx, kTypeError,
                 which == 0 ? "encoder must return a tuple (object, integer)"
                            : "decoder must return a tuple (object,integer)");
  return (*result.as<Tuple>())[0];
}
Result<Value> codecs_encode(Context& cx, Value obj, Value encoding, Value errors) {
  return run_codec(cx, obj, encoding, errors, 0);
}
Result<Value> codecs_decode(Context& cx, Value obj, Value encoding, Value errors) {
  return run_codec(cx, obj, encoding, errors, 1);
}

// --- error handlers ------------------------------------------------------------------------------

Result<void> register_error(Context& cx, Str* errors, Value handler) {
  if (!is_callable(handler)) return raise(cx, kTypeError, "handler must be callable");
  return dict_set(cx, g_handlers->value.as<Dict>(), errors, handler);
}
Result<Value> lookup_error(Context& cx, Str* name) {
  const Value h = TRY(dict_get(cx, g_handlers->value.as<Dict>(), name));
  if (!h.is_unset()) return h;
  return raise(cx, kLookupError, "unknown error handler name '%s'", to_utf8(name).c_str());
}

struct ErrorRange {
  Value object;
  int64_t start = 0, end = 0;
};
Result<ErrorRange> range_of(Context& cx, Value e) {
  ErrorRange r;
  r.object = TRY(get_attr(cx, e, names().object));
  r.start = TRY(to_index64(cx, TRY(get_attr(cx, e, names().start)), kOverflowError));
  r.end = TRY(to_index64(cx, TRY(get_attr(cx, e, names().end)), kOverflowError));
  const int64_t n = TRY(length(cx, r.object));
  r.start = std::clamp<int64_t>(r.start, 0, std::max<int64_t>(n - 1, 0));
  r.end = std::clamp<int64_t>(r.end, 1, std::max<int64_t>(n, 1));
  return r;
}
bool is_a(Value e, ExcId id) {
  return is_exception(e) && is_subtype(type_of(e), exception_type(id));
}
bool is_unicode_error(Value e) {
  return is_a(e, kUnicodeEncodeError) || is_a(e, kUnicodeDecodeError) ||
         is_a(e, kUnicodeTranslateError);
}
Error wrong_error(Context& cx, Value e) {
  return raise(cx, kTypeError, "don't know how to handle %s in error callback", TYPE_NAME(e));
}
Result<Value> answer(Context& cx, Value text, int64_t position) {
  return Value(TRY(new_tuple(cx, {text, make_int(cx, position)})));
}

Result<Value> strict_errors(Context& cx, Value e) {
  if (!is_exception(e)) return raise(cx, kTypeError, "codec must pass exception instance");
  return raise_value(cx, e);
}
Result<Value> ignore_errors(Context& cx, Value e) {
  if (!is_unicode_error(e)) return wrong_error(cx, e);
  return answer(cx, empty_str(), TRY(range_of(cx, e)).end);
}
Result<Value> replace_errors(Context& cx, Value e) {
  if (!is_unicode_error(e)) return wrong_error(cx, e);
  const ErrorRange r = TRY(range_of(cx, e));
  StrBuilder out;
  if (is_a(e, kUnicodeEncodeError))
    out.add_repeated('?', static_cast<size_t>(r.end - r.start));
  else if (is_a(e, kUnicodeDecodeError))
    out.add_char(0xFFFD);
  else
    out.add_repeated(0xFFFD, static_cast<size_t>(r.end - r.start));
  return answer(cx, TRY(out.finish(cx)), r.end);
}
// Handlers of encoding errors in C++: through text::StandardErrors on the failing slice.
Result<Value> encode_answer(Context& cx, Value e, text::ErrorMode mode) {
  const ErrorRange r = TRY(range_of(cx, e));
  Str* s = TRY(flatten(cx, r.object));
  text::StandardErrors errors(mode);
  text::EncodeReplacement out;
  const Value encoding = TRY(get_attr(cx, e, names().encoding));
  const std::string name = to_utf8(cx, encoding);
  const text::EncodeError error{name.c_str(), view_of(s), static_cast<size_t>(r.start),
                                static_cast<size_t>(r.end), ""};
  out.resume = error.end;
  if (!errors.encode_error(error, out)) return raise_value(cx, e);
  const Value text = out.is_bytes ? TRY(bytes_of(cx, out.bytes))
                                  : Value(TRY(new_str_ucs4(cx, out.text.data(), out.text.size())));
  return answer(cx, text, static_cast<int64_t>(out.resume));
}
Result<Value> decode_answer(Context& cx, Value e, text::ErrorMode mode) {
  const ErrorRange r = TRY(range_of(cx, e));
  Buffer b;
  TRY(get_buffer(cx, r.object, &b));
  text::StandardErrors errors(mode);
  text::DecodeReplacement out;
  const Value encoding = TRY(get_attr(cx, e, names().encoding));
  const std::string name = to_utf8(cx, encoding);
  const text::DecodeError error{
      name.c_str(), {b.data, b.size}, static_cast<size_t>(r.start), static_cast<size_t>(r.end), ""};
  out.resume = error.end;
  if (!errors.decode_error(error, out)) return raise_value(cx, e);
  return answer(cx, TRY(new_str_ucs4(cx, out.text.data(), out.text.size())),
                static_cast<int64_t>(out.resume));
}
Result<Value> backslash_errors(Context& cx, Value e) {
  if (is_a(e, kUnicodeEncodeError)) return encode_answer(cx, e, text::ErrorMode::BackslashReplace);
  if (is_a(e, kUnicodeDecodeError)) return decode_answer(cx, e, text::ErrorMode::BackslashReplace);
  if (!is_a(e, kUnicodeTranslateError)) return wrong_error(cx, e);
  const ErrorRange r = TRY(range_of(cx, e));
  Str* s = TRY(flatten(cx, r.object));
  StrBuilder out;
  for (int64_t i = r.start; i < r.end; ++i) {
    const auto c = static_cast<unsigned>(char_at(s, static_cast<size_t>(i)));
    char text[16];
    std::snprintf(text, sizeof(text), c > 0xFFFF ? "\\U%08x" : c > 0xFF ? "\\u%04x" : "\\x%02x", c);
    out.add_ascii(text);
  }
  return answer(cx, TRY(out.finish(cx)), r.end);
}
Result<Value> xmlcharref_errors(Context& cx, Value e) {
  if (!is_a(e, kUnicodeEncodeError)) return wrong_error(cx, e);
  return encode_answer(cx, e, text::ErrorMode::XmlCharRefReplace);
}
Result<Value> namereplace_errors(Context& cx, Value e) {
  if (!is_a(e, kUnicodeEncodeError)) return wrong_error(cx, e);
  return encode_answer(cx, e, text::ErrorMode::NameReplace);
}
Result<Value> surrogateescape_errors(Context& cx, Value e) {
  if (is_a(e, kUnicodeEncodeError)) return encode_answer(cx, e, text::ErrorMode::SurrogateEscape);
  if (is_a(e, kUnicodeDecodeError)) return decode_answer(cx, e, text::ErrorMode::SurrogateEscape);
  return wrong_error(cx, e);
}
Result<Value> surrogatepass_errors(Context& cx, Value e) {
  if (is_a(e, kUnicodeEncodeError)) return encode_answer(cx, e, text::ErrorMode::SurrogatePass);
  if (is_a(e, kUnicodeDecodeError)) return decode_answer(cx, e, text::ErrorMode::SurrogatePass);
  return wrong_error(cx, e);
}

// --- codec functions -----------------------------------------------------------------------------

Result<Str*> errors_name(Context& cx, Value errors) {
  if (errors == kNone) return names().strict;
  if (!is_str(errors))
    return raise(cx, kTypeError, "argument 2 must be str or None, not %s", TYPE_NAME(errors));
  return flatten(cx, errors);
}
Result<Str*> text_argument(Context& cx, Value v, const char* function) {
  if (!is_str(v))
    return raise(cx, kTypeError, "%s() argument 1 must be str, not %s", function, TYPE_NAME(v));
  return flatten(cx, v);
}
Result<Value> result_pair(Context& cx, Value v, size_t n) {
  return Value(TRY(new_tuple(cx, {v, make_int(cx, static_cast<int64_t>(n))})));
}

using Encoder = bool (*)(text::TextView, text::CodecErrors&, std::string&);
using Decoder = bool (*)(text::Bytes, text::CodecErrors&, text::TextBuilder&, size_t*, int*);

template <Encoder kEncode>
Result<Value> encode_with(Context& cx, Value str, Value errors) {
  Str* s = TRY(text_argument(cx, str, "encode"));
  PythonErrors handler(cx, TRY(errors_name(cx, errors)));
  std::string out;
  if (!kEncode(view_of(s), handler, out)) return Error{};
  return result_pair(cx, TRY(bytes_of(cx, out)), s->length);
}
// `order`: byte order found, for the _ex forms.
Result<Value> decode_by(Context& cx, Decoder decode, Value data, Value errors, bool final,
                        int* order) {
  Buffer b;
  if (is_str(data)) return raise(cx, kTypeError, "a bytes-like object is required, not 'str'");
  TRY(get_buffer(cx, data, &b));
  PythonErrors handler(cx, TRY(errors_name(cx, errors)));
  text::TextBuilder out;
  size_t consumed = b.size;
  if (!decode({b.data, b.size}, handler, out, final ? nullptr : &consumed, order)) return Error{};
  return result_pair(cx, TRY(finish_text(cx, out)), final ? b.size : consumed);
}
template <Decoder kDecode>
Result<Value> decode_with(Context& cx, Value data, Value errors, bool final) {
  int order = 0;
  return decode_by(cx, kDecode, data, errors, final, &order);
}
template <Decoder kDecode>
Result<Value> decode_whole(Context& cx, Value data, Value errors) {
  int order = 0;
  return decode_by(cx, kDecode, data, errors, true, &order);
}

bool dec_utf8(text::Bytes in, text::CodecErrors& e, text::TextBuilder& out, size_t* n, int*) {
  return text::decode_utf8(in, e, out, n);
}
bool dec_utf7(text::Bytes in, text::CodecErrors& e, text::TextBuilder& out, size_t* n, int*) {
  return text::decode_utf7(in, e, out, n);
}
bool dec_ascii(text::Bytes in, text::CodecErrors& e, text::TextBuilder& out, size_t*, int*) {
  return text::decode_ascii(in, e, out);
}
bool dec_latin1(text::Bytes in, text::CodecErrors&, text::TextBuilder& out, size_t*, int*) {
  text::decode_latin1(in, out);
  return true;
}
template <text::Endian kOrder>
bool dec_utf16(text::Bytes in, text::CodecErrors& e, text::TextBuilder& out, size_t* n,
               int* order) {
  text::Endian o = *order != 0 ? static_cast<text::Endian>(*order) : kOrder;
  const bool ok = text::decode_utf16(in, &o, e, out, n);
  *order = static_cast<int>(o);
  return ok;
}
template <text::Endian kOrder>
bool dec_utf32(text::Bytes in, text::CodecErrors& e, text::TextBuilder& out, size_t* n,
               int* order) {
  text::Endian o = *order != 0 ? static_cast<text::Endian>(*order) : kOrder;
  const bool ok = text::decode_utf32(in, &o, e, out, n);
  *order = static_cast<int>(o);
  return ok;
}
bool dec_unicode_escape(text::Bytes in, text::CodecErrors& e, text::TextBuilder& out, size_t* n,
                        int*) {
  return text::decode_unicode_escape(in, e, out, n);
}
bool dec_raw_escape(text::Bytes in, text::CodecErrors& e, text::TextBuilder& out, size_t* n, int*) {
  return text::decode_raw_unicode_escape(in, e, out, n);
}
template <text::Endian kOrder>
bool enc_utf16(text::TextView in, text::CodecErrors& e, std::string& out) {
  return text::encode_utf16(in, kOrder, e, out);
}
template <text::Endian kOrder>
bool enc_utf32(text::TextView in, text::CodecErrors& e, std::string& out) {
  return text::encode_utf32(in, kOrder, e, out);
}
bool enc_utf7(text::TextView in, text::CodecErrors&, std::string& out) {
  out = text::encode_utf7(in);
  return true;
}
bool enc_unicode_escape(text::TextView in, text::CodecErrors&, std::string& out) {
  out = text::encode_unicode_escape(in);
  return true;
}
bool enc_raw_escape(text::TextView in, text::CodecErrors&, std::string& out) {
  out = text::encode_raw_unicode_escape(in);
  return true;
}

Result<Value> utf16_encode(Context& cx, Value str, Value errors, int byteorder) {
  if (byteorder < 0) return encode_with<&enc_utf16<text::Endian::Little>>(cx, str, errors);
  if (byteorder > 0) return encode_with<&enc_utf16<text::Endian::Big>>(cx, str, errors);
  return encode_with<&enc_utf16<text::Endian::Bom>>(cx, str, errors);
}
Result<Value> utf32_encode(Context& cx, Value str, Value errors, int byteorder) {
  if (byteorder < 0) return encode_with<&enc_utf32<text::Endian::Little>>(cx, str, errors);
  if (byteorder > 0) return encode_with<&enc_utf32<text::Endian::Big>>(cx, str, errors);
  return encode_with<&enc_utf32<text::Endian::Bom>>(cx, str, errors);
}
Result<Value> ex_decode(Context& cx, Decoder decode, Value data, Value errors, int byteorder,
                        bool final) {
  int order = byteorder < 0 ? -1 : byteorder > 0;
  const Value pair = TRY(decode_by(cx, decode, data, errors, final, &order));
  auto* t = pair.as<Tuple>();
  return Value(TRY(new_tuple(cx, {(*t)[0], (*t)[1], Value::of_int(order)})));
}
Result<Value> utf16_ex_decode(Context& cx, Value data, Value errors, int byteorder, bool final) {
  return ex_decode(cx, &dec_utf16<text::Endian::Bom>, data, errors, byteorder, final);
}
Result<Value> utf32_ex_decode(Context& cx, Value data, Value errors, int byteorder, bool final) {
  return ex_decode(cx, &dec_utf32<text::Endian::Bom>, data, errors, byteorder, final);
}
// The escape decoders take str, too.
Result<Value> escape_text_decode(Context& cx, Decoder decode, Value data, Value errors,
                                 bool final) {
  if (is_str(data)) data = TRY(bytes_of(cx, to_utf8(TRY(flatten(cx, data)))));
  int order = 0;
  return decode_by(cx, decode, data, errors, final, &order);
}
Result<Value> unicode_escape_decode(Context& cx, Value data, Value errors, bool final) {
  return escape_text_decode(cx, &dec_unicode_escape, data, errors, final);
}
Result<Value> raw_unicode_escape_decode(Context& cx, Value data, Value errors, bool final) {
  return escape_text_decode(cx, &dec_raw_escape, data, errors, final);
}
Result<Value> escape_encode(Context& cx, Value data, Value) {
  if (!is_bytes(data))
    return raise(cx, kTypeError, "escape_encode() argument 1 must be bytes, not %s",
                 TYPE_NAME(data));
  auto* b = unwrap_derived(data).as<Bytes>();
  return result_pair(cx, TRY(bytes_of(cx, text::encode_escape({b->data(), b->length}))), b->length);
}
Result<Value> escape_decode(Context& cx, Value data, Value errors) {
  if (is_str(data)) data = TRY(bytes_of(cx, to_utf8(TRY(flatten(cx, data)))));
  Buffer b;
  TRY(get_buffer(cx, data, &b));
  const std::string mode = errors == kNone ? "strict" : to_utf8(TRY(errors_name(cx, errors)));
  std::string out;
  const auto m = text::error_mode(mode);
  const text::EscapeError e =
      text::decode_escape({b.data, b.size}, m.value_or(text::ErrorMode::Strict), out);
  if (e.kind == text::EscapeError::TrailingBackslash)
    return raise(cx, kValueError, "Trailing \\ in string");
  if (e.kind == text::EscapeError::InvalidHex)
    return raise(cx, kValueError, "invalid \\x escape at position %zu", e.position);
  return result_pair(cx, TRY(bytes_of(cx, out)), b.size);
}
Result<Value> readbuffer_encode(Context& cx, Value data, Value) {
  if (is_str(data)) {
    const std::string s = to_utf8(TRY(flatten(cx, data)));
    return result_pair(cx, TRY(bytes_of(cx, s)), s.size());
  }
  Buffer b;
  TRY(get_buffer(cx, data, &b));
  return result_pair(cx, TRY(bytes_of(cx, b.view())), b.size);
}

// --- charmaps: a table string, or a dict from code point to byte, bytes or None ------------------

Result<Value> charmap_decode(Context& cx, Value data, Value errors, Value mapping) {
  Buffer b;
  TRY(get_buffer(cx, data, &b));
  PythonErrors handler(cx, TRY(errors_name(cx, errors)));
  text::TextBuilder out;
  if (mapping == kNone) {
    text::decode_latin1({b.data, b.size}, out);
    return result_pair(cx, TRY(finish_text(cx, out)), b.size);
  }
  if (is_str(mapping)) {
    Str* table = TRY(flatten(cx, mapping));
    if (!text::decode_charmap({b.data, b.size}, view_of(table), handler, out)) return Error{};
    return result_pair(cx, TRY(finish_text(cx, out)), b.size);
  }
  for (size_t i = 0; i < b.size;) {
    auto r = get_item(cx, mapping, Value::of_int(b.data[i]));
    Value v;
    if (r.is_error()) {
      if (!pending_is(cx, kLookupError)) return Error{};
      clear_exception(cx);
    } else {
      v = r.value();
    }
    if (!v.is_unset() && v != kNone && v != Value::of_int(0xFFFE)) {
      if (is_int(v)) {
        const int64_t c = TRY(to_index64(cx, v, kTypeError));
        if (c < 0 || c > 0x10FFFF)
          return raise(cx, kTypeError, "character mapping must be in range(0x110000)");
        out.append(static_cast<char32_t>(c));
      } else if (is_str(v)) {
        Str* s = TRY(flatten(cx, v));
        if (!(s->length == 1 && char_at(s, 0) == 0xFFFE)) {
          out.append(view_of(s));
        } else {
          v = Value();
        }
      } else {
        return raise(cx, kTypeError, "character mapping must return integer, None or str");
      }
    } else {
      v = Value();
    }
    if (!v.is_unset()) {
      ++i;
      continue;
    }
    const text::DecodeError error{
        "charmap", {b.data, b.size}, i, i + 1, "character maps to <undefined>"};
    text::DecodeReplacement replacement;
    replacement.resume = i + 1;
    if (!handler.decode_error(error, replacement)) return Error{};
    for (const char32_t c : replacement.text) out.append(c);
    i = replacement.resume;
  }
  return result_pair(cx, TRY(finish_text(cx, out)), b.size);
}

// What a mapping gives for one character: appended to out; *missing when it maps to nothing.
Result<void> map_char(Context& cx, Value mapping, char32_t c, std::string* out, bool* missing) {
  *missing = false;
  auto r = get_item(cx, mapping, Value::of_int(c));
  if (r.is_error()) {
    if (!pending_is(cx, kLookupError)) return Error{};
    clear_exception(cx);
    *missing = true;
    return {};
  }
  const Value v = r.value();
  if (v == kNone) {
    *missing = true;
  } else if (is_int(v)) {
    const int64_t n = TRY(to_index64(cx, v, kTypeError));
    if (n < 0 || n > 255) return raise(cx, kTypeError, "character mapping must be in range(256)");
    out->push_back(static_cast<char>(n));
  } else if (is_bytes(v)) {
    out->append(bytes_view(unwrap_derived(v).as<Bytes>()));
  } else {
    return raise(cx, kTypeError, "character mapping must return integer, bytes or None, not %s",
                 TYPE_NAME(v));
  }
  return {};
}
Result<Value> charmap_encode(Context& cx, Value str, Value errors, Value mapping) {
  Str* s = TRY(text_argument(cx, str, "charmap_encode"));
  PythonErrors handler(cx, TRY(errors_name(cx, errors)));
  std::string out;
  if (mapping == kNone) {
    if (!text::encode_latin1(view_of(s), handler, out)) return Error{};
    return result_pair(cx, TRY(bytes_of(cx, out)), s->length);
  }
  for (size_t i = 0; i < s->length;) {
    bool missing = false;
    TRY(map_char(cx, mapping, char_at(s, i), &out, &missing));
    if (!missing) {
      ++i;
      continue;
    }
    size_t end = i + 1;
    for (; end < s->length; ++end) {
      std::string ignored;
      bool also = false;
      TRY(map_char(cx, mapping, char_at(s, end), &ignored, &also));
      if (!also) break;
    }
    const text::EncodeError error{"charmap", view_of(s), i, end, "character maps to <undefined>"};
    text::EncodeReplacement replacement;
    replacement.resume = end;
    if (!handler.encode_error(error, replacement)) return Error{};
    if (replacement.is_bytes) {
      out.append(replacement.bytes);
    } else {
      for (const char32_t c : replacement.text) {
        bool gone = false;
        TRY(map_char(cx, mapping, c, &out, &gone));
        if (gone) {
          handler.reject(error);
          if (cx.exception.is_unset())
            return raise(cx, kUnicodeError, "character maps to <undefined>");
          return Error{};
        }
      }
    }
    i = replacement.resume;
  }
  return result_pair(cx, TRY(bytes_of(cx, out)), s->length);
}
Result<Value> charmap_build(Context& cx, Str* map) {
  Dict* d = new_dict(cx);
  for (size_t i = 0; i < map->length; ++i)
    TRY(dict_set(cx, d, Value::of_int(char_at(map, i)), Value::of_int(static_cast<int64_t>(i))));
  return Value(d);
}

#define ENCODE(name, f) function<&encode_with<&f>>(name, "(str, errors=None, /)")
#define DECODE(name, f) function<&decode_with<&f>>(name, "(data, errors=None, final=False, /)")
constexpr BuiltinDef kFunctions[] = {
    function<&codecs_register>("register", "(search_function, /)"),
    function<&codecs_unregister>("unregister", "(search_function, /)"),
    function<&codecs_lookup>("lookup", "(encoding, /)"),
    function<&codecs_encode>("encode", "(obj, encoding='utf-8', errors=None)"),
    function<&codecs_decode>("decode", "(obj, encoding='utf-8', errors=None)"),
    function<&register_error>("register_error", "(errors, handler, /)"),
    function<&lookup_error>("lookup_error", "(name, /)"),
    ENCODE("utf_8_encode", text::encode_utf8),
    DECODE("utf_8_decode", dec_utf8),
    ENCODE("utf_7_encode", enc_utf7),
    DECODE("utf_7_decode", dec_utf7),
    ENCODE("latin_1_encode", text::encode_latin1),
    function<&decode_whole<&dec_latin1>>("latin_1_decode", "(data, errors=None, /)"),
    ENCODE("ascii_encode", text::encode_ascii),
    function<&decode_whole<&dec_ascii>>("ascii_decode", "(data, errors=None, /)"),
    function<&utf16_encode>("utf_16_encode", "(str, errors=None, byteorder=0, /)"),
    ENCODE("utf_16_le_encode", enc_utf16<text::Endian::Little>),
    ENCODE("utf_16_be_encode", enc_utf16<text::Endian::Big>),
    DECODE("utf_16_decode", dec_utf16<text::Endian::Bom>),
    DECODE("utf_16_le_decode", dec_utf16<text::Endian::Little>),
    DECODE("utf_16_be_decode", dec_utf16<text::Endian::Big>),
    function<&utf16_ex_decode>("utf_16_ex_decode",
                               "(data, errors=None, byteorder=0, final=False, /)"),
    function<&utf32_encode>("utf_32_encode", "(str, errors=None, byteorder=0, /)"),
    ENCODE("utf_32_le_encode", enc_utf32<text::Endian::Little>),
    ENCODE("utf_32_be_encode", enc_utf32<text::Endian::Big>),
    DECODE("utf_32_decode", dec_utf32<text::Endian::Bom>),
    DECODE("utf_32_le_decode", dec_utf32<text::Endian::Little>),
    DECODE("utf_32_be_decode", dec_utf32<text::Endian::Big>),
    function<&utf32_ex_decode>("utf_32_ex_decode",
                               "(data, errors=None, byteorder=0, final=False, /)"),
    ENCODE("unicode_escape_encode", enc_unicode_escape),
    function<&unicode_escape_decode>("unicode_escape_decode", "(data, errors=None, final=True, /)"),
    ENCODE("raw_unicode_escape_encode", enc_raw_escape),
    function<&raw_unicode_escape_decode>("raw_unicode_escape_decode",
                                         "(data, errors=None, final=True, /)"),
    function<&escape_encode>("escape_encode", "(data, errors=None, /)"),
    function<&escape_decode>("escape_decode", "(data, errors=None, /)"),
    function<&readbuffer_encode>("readbuffer_encode", "(data, errors=None, /)"),
    function<&charmap_encode>("charmap_encode", "(str, errors=None, mapping=None, /)"),
    function<&charmap_decode>("charmap_decode", "(data, errors=None, mapping=None, /)"),
    function<&charmap_build>("charmap_build", "(map, /)"),
};
#undef ENCODE
#undef DECODE
constexpr BuiltinDef kHandlers[] = {
    function<&strict_errors>("strict_errors", "(exc, /)"),
    function<&ignore_errors>("ignore_errors", "(exc, /)"),
    function<&replace_errors>("replace_errors", "(exc, /)"),
    function<&backslash_errors>("backslashreplace_errors", "(exc, /)"),
    function<&xmlcharref_errors>("xmlcharrefreplace_errors", "(exc, /)"),
    function<&namereplace_errors>("namereplace_errors", "(exc, /)"),
    function<&surrogateescape_errors>("surrogateescape", "(exc, /)"),
    function<&surrogatepass_errors>("surrogatepass", "(exc, /)"),
};
constexpr const char* kHandlerNames[] = {
    "strict",      "ignore",          "replace",      "backslashreplace", "xmlcharrefreplace",
    "namereplace", "surrogateescape", "surrogatepass"};

Result<void> init(Context& cx, Module*) {
  if (g_search != nullptr) return {};
  g_search = new gc::Root(new_list(cx));
  g_cache = new gc::Root(new_dict(cx));
  g_handlers = new gc::Root(new_dict(cx));
  for (size_t i = 0; i < std::size(kHandlers); ++i)
    TRY(dict_set_str(cx, g_handlers->value.as<Dict>(), kHandlerNames[i],
                     make_builtin(cx, &kHandlers[i], Value(), intern(cx, "_codecs"))));
  return {};
}
const ModuleDef kModule = {"_codecs", kFunctions, init};

}  // namespace

void register_codecs() { register_module(kModule); }

}  // namespace pystm::lib
