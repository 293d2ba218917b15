// _io.TextIOWrapper.
//
// kBlock holds the bytes that the decoded characters in kChars came from (and, at its end, bytes
// that are not a whole character yet, and a '\r' whose '\n' may follow); kUsed characters of them
// were handed out. From that tell() finds the byte position. UTF-8, Latin-1 and ASCII are decoded
// here, others by their Python codecs. Reading from a plain file: the system call runs outside the
// transaction, everything else in the transaction that follows it, so that an abort neither loses
// nor repeats data.
#include "stdlib/_io.h"
#include "vm/runtime/codec_registry.h"
#include "vm/types/support.h"

namespace pystm::lib::io {

namespace {

enum Slot : unsigned {
  kBuffer = kBaseSlots,
  kEncoding,
  kErrors,
  kNewline,
  kLine,
  kThrough,
  kCodec,
  kDecoder,
  kEncoder,
  kChars,
  kUsed,
  kBlock,
  kTailSize,
  kHeldCr,
  kSeen,
  kSlots
};
enum Codec : int64_t { kPython, kUtf8, kLatin1, kAscii };
using Self = Of<&g_classes.text_wrapper>;

Result<Value> buffer_of(Context& cx, Value self) {
  const Value b = native_slot(cx, self, kBuffer);
  if (b.is_unset()) return raise(cx, kValueError, "I/O operation on uninitialized object");
  if (b == kNone) return raise(cx, kValueError, "underlying buffer has been detached");
  return b;
}
Result<Value> open_buffer(Context& cx, Value self) {
  const Value b = TRY(buffer_of(cx, self));
  if (TRY(is_closed(cx, b))) return raise(cx, kValueError, "I/O operation on closed file.");
  return b;
}

// --- newline rules -------------------------------------------------------------------------------

struct Newline {
  bool universal = false;  // '\r' and '\r\n' end lines, too
  bool translate = false;  // and become '\n'
  std::string end = "\n";
};
Newline newline_of(Context& cx, Value self) {
  const Value v = native_slot(cx, self, kNewline);
  Newline n;
  if (!is_str(v)) {
    n.universal = n.translate = true;
    return n;
  }
  n.end = vm::to_utf8(cx, v);
  n.universal = n.end.empty();
  return n;
}

// End (past the line's end) of the first line in s from `at`, 0 if there is none yet.
size_t line_end(const Newline& nl, const Str* s, size_t at) {
  return with_chars(s, [&](auto* chars) -> size_t {
    for (size_t i = at; i < s->length; ++i) {
      const char32_t c = chars[i];
      if (nl.universal && !nl.translate) {
        if (c == '\n') return i + 1;
        if (c == '\r') return i + 1 < s->length && chars[i + 1] == '\n' ? i + 2 : i + 1;
      } else if (nl.translate || nl.end == "\n") {
        if (c == '\n') return i + 1;
      } else if (nl.end == "\r") {
        if (c == '\r') return i + 1;
      } else if (c == '\n' && i > at && chars[i - 1] == '\r') {
        return i + 1;
      }
    }
    return 0;
  });
}

// --- decoding ------------------------------------------------------------------------------------

size_t sequence_length(unsigned char lead) {
  return lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
}

// Whole characters in `bytes`, "\r\n" counting as one when translated; stops at `limit`. *used:
// their bytes.
size_t count_chars(Codec codec, bool translate, std::string_view bytes, size_t limit,
                   size_t* used) {
  size_t i = 0, n = 0;
  while (i < bytes.size() && n < limit) {
    size_t step = codec == kUtf8 ? sequence_length(static_cast<unsigned char>(bytes[i])) : 1;
    if (i + step > bytes.size()) break;
    for (size_t k = 1; k < step; ++k)
      if ((bytes[i + k] & 0xC0) != 0x80) step = k;
    if (translate && bytes[i] == '\r') {
      if (i + 1 == bytes.size()) break;
      if (bytes[i + 1] == '\n') step = 2;
    }
    i += step;
    ++n;
  }
  *used = i;
  return n;
}

std::string_view block_of(Context& cx, Value self) {
  const Value b = native_slot(cx, self, kBlock);
  return is_exact_bytes(b) ? bytes_view(b.as<Bytes>()) : std::string_view();
}
Str* chars_of(Context& cx, Value self) {
  const Value c = native_slot(cx, self, kChars);
  return is_flat_str(c) ? c.as<Str>() : empty_str();
}
void drop_chars(Context& cx, Value self) {
  set_native_slot(cx, self, kChars, Value());
  set_native_slot(cx, self, kBlock, Value());
  set_int_slot(cx, self, kUsed, 0);
  set_int_slot(cx, self, kTailSize, 0);
  set_native_slot(cx, self, kHeldCr, kFalse);
}

Result<Value> decode_native(Context& cx, Value self, Codec codec, std::string_view bytes,
                            bool final, size_t* consumed) {
  *consumed = bytes.size();
  if (codec == kLatin1)
    return Value(
        TRY(new_str_latin1(cx, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size())));
  const text::Bytes in(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  if (text::is_ascii(in))
    return Value(
        TRY(new_str_latin1(cx, reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size())));
  PythonErrors errors(cx, native_slot(cx, self, kErrors).as<Str>());
  text::TextBuilder out;
  const bool ok = codec == kUtf8 ? text::decode_utf8(in, errors, out, final ? nullptr : consumed)
                                 : text::decode_ascii(in, errors, out);
  if (!ok) return Error{};
  return Value(TRY(finish_text(cx, out)));
}

// '\r' handling of freshly decoded text.
Result<Value> newline_pass(Context& cx, Value self, const Newline& nl, Str* s, bool final) {
  if (!nl.universal) return Value(s);
  bool held = native_slot(cx, self, kHeldCr) == kTrue;
  if (held) {
    s = TRY(str_concat(cx, str_of_char(cx, '\r'), s)).as<Str>();
    s = TRY(flatten(cx, Value(s)));
  }
  const bool hold = !final && s->length > 0 && char_at(s, s->length - 1) == '\r';
  const size_t end = s->length - hold;
  int64_t seen = int_slot(cx, self, kSeen);
  const int64_t before = seen;
  bool has_cr = false;
  with_chars(s, [&](auto* chars) {
    for (size_t i = 0; i < end; ++i) {
      if (chars[i] == '\n') {
        seen |= 2;
      } else if (chars[i] == '\r') {
        has_cr = true;
        if (i + 1 < end && chars[i + 1] == '\n') {
          seen |= 4;
          ++i;
        } else {
          seen |= 1;
        }
      }
    }
  });
  if (seen != before) set_int_slot(cx, self, kSeen, seen);
  if (hold != held) set_native_slot(cx, self, kHeldCr, of_bool(hold));
  if (!nl.translate || !has_cr) return Value(TRY(str_slice(cx, s, 0, end)));
  StrBuilder out;
  for (size_t i = 0; i < end; ++i) {
    const char32_t c = char_at(s, i);
    out.add_char(c == '\r' ? U'\n' : c);
    if (c == '\r' && i + 1 < end && char_at(s, i + 1) == '\n') ++i;
  }
  return Value(TRY(out.finish(cx)));
}

// Decodes `bytes`, which follow what was decoded before.
Result<void> decode_more(Context& cx, Value self, std::string_view bytes, bool final) {
  const auto codec = static_cast<Codec>(int_slot(cx, self, kCodec));
  const Newline nl = newline_of(cx, self);
  Str* chars = chars_of(cx, self);
  const auto used = static_cast<size_t>(int_slot(cx, self, kUsed));
  Value fresh;
  if (codec == kPython) {
    const Value decoder = native_slot(cx, self, kDecoder);
    fresh = TRY(call_method(cx, decoder, "decode", {TRY(bytes_of(cx, bytes)), of_bool(final)}));
    if (!is_str(fresh))
      return raise(cx, kTypeError, "decoder should return a string result, not '%s'",
                   TYPE_NAME(fresh));
  } else {
    std::string block(block_of(cx, self));
    const auto tail = static_cast<size_t>(int_slot(cx, self, kTailSize));
    size_t dropped = 0;
    (void)count_chars(codec, nl.translate, block, used, &dropped);
    if (used >= chars->length && tail == 0 && native_slot(cx, self, kHeldCr) != kTrue)
      dropped = block.size();
    block.erase(0, dropped);
    const size_t start = block.size() - std::min(tail, block.size());
    block.append(bytes);
    size_t consumed = 0;
    fresh = TRY(
        decode_native(cx, self, codec, std::string_view(block).substr(start), final, &consumed));
    set_int_slot(cx, self, kTailSize, static_cast<int64_t>(block.size() - start - consumed));
    set_native_slot(cx, self, kBlock, TRY(bytes_of(cx, block)));
  }
  Str* text = TRY(flatten(cx, TRY(newline_pass(cx, self, nl, TRY(flatten(cx, fresh)), final))));
  if (used < chars->length) {
    const Value rest = TRY(str_slice(cx, chars, used, chars->length));
    text = TRY(flatten(cx, TRY(str_concat(cx, rest, text))));
  }
  set_native_slot(cx, self, kChars, text);
  set_int_slot(cx, self, kUsed, 0);
  return {};
}

// Reads until `enough` of the bytes not decoded yet, decodes them, and runs `then`, which may store
// the result. One raw read for buffers that are not plain.
Result<bool> fill(Context& cx, Value self, size_t chunk,
                  const std::function<bool(const std::string&)>& enough,
                  const std::function<Result<void>(bool end)>& then) {
  const Value buffer = TRY(open_buffer(cx, self));
  int fd = -1;
  std::string data;
  ReadOutcome outcome;
  if (int_slot(cx, self, kCodec) != kPython && take_plain(cx, buffer, &data, &fd)) {
    bool failed = false;
    auto settle = [&] {
      give_back(cx, buffer, {});
      failed = outcome.error != 0 && !outcome.would_block;
      if (!failed)
        failed =
            decode_more(cx, self, data, outcome.end).is_error() || then(outcome.end).is_error();
    };
    if (!data.empty() && enough(data)) {
      settle();
    } else {
      read_outside(cx, fd, chunk, &data, &outcome, enough, settle);
    }
    if (outcome.error != 0 && !outcome.would_block) return raise_errno(cx, outcome.error);
    if (failed) return Error{};
    return outcome.end;
  }
  NoBoundary stay(cx);
  const Value read1 = TRY(find_attr(cx, buffer, intern(cx, "read1")));
  const Value got = read1.is_unset()
                        ? TRY(call_method(cx, buffer, names().read, {Value::of_int(8192)}))
                        : TRY(call(cx, read1, {Value::of_int(8192)}));
  if (!is_bytes_like(got))
    return raise(cx, kTypeError,
                 "underlying %s() should have returned a bytes-like object, not '%s'",
                 read1.is_unset() ? "read" : "read1", TYPE_NAME(got));
  Buffer b;
  TRY(get_buffer(cx, got, &b));
  const bool end = b.size == 0;
  TRY(decode_more(cx, self, std::string(b.view()), end));
  TRY(then(end));
  return end;
}

Result<void> check_readable(Context& cx, Value self) {
  const Value b = TRY(open_buffer(cx, self));
  Type* t = type_of(b);
  if (t == classes().reader || t == classes().random || t == classes().bytes) return {};
  if (t != classes().writer && TRY(truth(cx, TRY(call0(cx, b, "readable"))))) return {};
  return raise_unsupported(cx, "not readable");
}

// --- reading -------------------------------------------------------------------------------------

// Takes the first n decoded characters.
Result<Value> take(Context& cx, Value self, size_t n) {
  Str* chars = chars_of(cx, self);
  const auto used = static_cast<size_t>(int_slot(cx, self, kUsed));
  Str* s = TRY(str_slice(cx, chars, used, std::min<size_t>(used + n, chars->length)));
  set_int_slot(cx, self, kUsed, static_cast<int64_t>(used + s->length));
  return Value(s);
}
size_t available(Context& cx, Value self) {
  return chars_of(cx, self)->length - static_cast<size_t>(int_slot(cx, self, kUsed));
}

Result<void> flush_writes(Context& cx, Value self) {
  const Value b = TRY(buffer_of(cx, self));
  if (type_of(b) == classes().random) TRY(buffered_flush(cx, b));
  return {};
}

Result<Value> read_all(Context& cx, Value self) {
  Value result;
  auto finish = [&](bool end) -> Result<void> {
    if (!end) return {};
    result = TRY(take(cx, self, SIZE_MAX));
    drop_chars(cx, self);
    return {};
  };
  for (;;) {
    const bool end = TRY(fill(
        cx, self, 65536, [](const std::string&) { return false; }, finish));
    if (!result.is_unset()) return result;
    if (end) return take(cx, self, SIZE_MAX);
  }
}

Result<Value> text_read(Context& cx, Self self, Value size) {
  int64_t n = -1;
  if (size != kNone) n = TRY(to_index64(cx, size, kOverflowError));
  TRY(check_readable(cx, self));
  TRY(flush_writes(cx, self));
  if (n < 0) return read_all(cx, self);
  const auto want = static_cast<size_t>(n);
  const auto codec = static_cast<Codec>(int_slot(cx, self, kCodec));
  const bool translate = newline_of(cx, self).translate;
  Value result;
  for (;;) {
    const size_t have = available(cx, self);
    if (have >= want) return take(cx, self, want);
    const auto tail = static_cast<size_t>(int_slot(cx, self, kTailSize));
    const bool end = TRY(fill(
        cx, self, kDefaultBufferSize,
        [&](const std::string& d) {
          size_t used;
          return count_chars(codec, translate, d, want - have + (tail > 0), &used) >=
                 want - have + (tail > 0);
        },
        [&](bool at_end) -> Result<void> {
          if (at_end || available(cx, self) >= want) result = TRY(take(cx, self, want));
          return {};
        }));
    if (!result.is_unset()) return result;
    if (end) return take(cx, self, want);
  }
}

Result<Value> read_line(Context& cx, Value self, int64_t limit) {
  TRY(check_readable(cx, self));
  TRY(flush_writes(cx, self));
  const Newline nl = newline_of(cx, self);
  auto try_line = [&](bool end) -> Result<Value> {
    Str* chars = chars_of(cx, self);
    const auto used = static_cast<size_t>(int_slot(cx, self, kUsed));
    size_t stop = line_end(nl, chars, used);
    if (limit >= 0 && (stop == 0 || stop - used > static_cast<size_t>(limit)) &&
        chars->length - used >= static_cast<size_t>(limit))
      return take(cx, self, static_cast<size_t>(limit));
    if (stop != 0) return take(cx, self, stop - used);
    if (end) return take(cx, self, SIZE_MAX);
    return Value();
  };
  Value line = TRY(try_line(false));
  while (line.is_unset()) {
    const size_t have = available(cx, self);
    const bool end = TRY(fill(
        cx, self, kDefaultBufferSize,
        [&](const std::string& d) {
          if (limit >= 0 && have + d.size() / 4 >= static_cast<size_t>(limit)) return true;
          if (d.find('\n') != std::string::npos) return true;
          if (!nl.universal && nl.end != "\r") return false;
          const size_t at = d.find('\r');
          return at != std::string::npos && (nl.end == "\r" || at + 1 < d.size());
        },
        [&](bool at_end) -> Result<void> {
          line = TRY(try_line(at_end));
          return {};
        }));
    if (end && line.is_unset()) line = TRY(try_line(true));
  }
  return line;
}
Result<Value> text_readline(Context& cx, Self self, Value size) {
  return read_line(cx, self, size == kNone ? -1 : TRY(to_index64(cx, size, kOverflowError)));
}
Result<Value> text_next(Context& cx, Self self) {
  const Value line = type_of(self.value) == classes().text_wrapper
                         ? TRY(read_line(cx, self, -1))
                         : TRY(call_method(cx, self, names().readline, {}));
  if (!is_str(line))
    return raise(cx, kOSError, "readline() should have returned a str object, not '%s'",
                 TYPE_NAME(line));
  if (str_length(line) == 0) return raise_stop_iteration(cx, kNone);
  return line;
}

// --- writing -------------------------------------------------------------------------------------

Result<Value> text_flush(Context& cx, Self self) {
  const Value b = TRY(open_buffer(cx, self));
  (void)TRY(call_method(cx, b, names().flush, {}));
  return kNone;
}

Result<Value> text_write(Context& cx, Self self, Value s) {
  if (!is_str(s))
    return raise(cx, kTypeError, "write() argument must be str, not %s", TYPE_NAME(s));
  const Value buffer = TRY(open_buffer(cx, self));
  if (type_of(buffer) == classes().reader) return raise_unsupported(cx, "not writable");
  Str* text = TRY(flatten(cx, s));
  const Value nl = native_slot(cx, self, kNewline);
  bool has_newline = false, has_cr = false;
  with_chars(text, [&](auto* chars) {
    for (size_t i = 0; i < text->length; ++i) {
      has_newline |= chars[i] == '\n';
      has_cr |= chars[i] == '\r';
    }
  });
  const size_t length = text->length;
  if (has_newline && is_str(nl) && str_length(nl) > 0 && !str_equals(nl.as<Str>(), "\n")) {
    StrBuilder out;
    for (size_t i = 0; i < text->length; ++i) {
      const char32_t c = char_at(text, i);
      if (c == '\n')
        out.add(nl.as<Str>());
      else
        out.add_char(c);
    }
    text = TRY(out.finish(cx));
  }
  std::string bytes;
  const auto codec = static_cast<Codec>(int_slot(cx, self, kCodec));
  if (codec != kPython && vm::is_ascii(text)) {
    bytes.assign(reinterpret_cast<const char*>(text->latin1()), text->length);
  } else if (codec != kPython) {
    PythonErrors errors(cx, native_slot(cx, self, kErrors).as<Str>());
    const text::TextView view = view_of(text);
    const bool ok = codec == kUtf8     ? text::encode_utf8(view, errors, bytes)
                    : codec == kLatin1 ? text::encode_latin1(view, errors, bytes)
                                       : text::encode_ascii(view, errors, bytes);
    if (!ok) return Error{};
  } else {
    const Value encoder = native_slot(cx, self, kEncoder);
    if (encoder == kNone) return raise_unsupported(cx, "not writable");
    const Value b = TRY(call_method(cx, encoder, "encode", {Value(text)}));
    if (!is_bytes(b))
      return raise(cx, kTypeError, "encoder should return a bytes object, not '%s'", TYPE_NAME(b));
    bytes = bytes_view(unwrap_derived(b).as<Bytes>());
  }
  if (native_slot(cx, self, kChars).is_object() || int_slot(cx, self, kTailSize) > 0)
    drop_chars(cx, self);
  Type* t = type_of(buffer);
  if (t == classes().writer || t == classes().random) {
    TRY(buffered_write(cx, buffer, bytes));
  } else {
    (void)TRY(call_method(cx, buffer, names().write, {TRY(bytes_of(cx, bytes))}));
  }
  const bool through = native_slot(cx, self, kThrough) == kTrue;
  if (through || (native_slot(cx, self, kLine) == kTrue && (has_newline || has_cr))) {
    if (t == classes().writer || !through || t == classes().random)
      (void)TRY(call_method(cx, buffer, names().flush, {}));
  }
  return Value::of_int(static_cast<int64_t>(length));
}

// --- position ------------------------------------------------------------------------------------

Result<Value> text_tell(Context& cx, Self self) {
  const Value b = TRY(open_buffer(cx, self));
  if (!TRY(truth(cx, TRY(call0(cx, b, "seekable")))))
    return raise_unsupported(cx, "underlying stream is not seekable");
  (void)TRY(call_method(cx, b, names().flush, {}));
  const Value at = TRY(call0(cx, b, "tell"));
  int64_t position = TRY(to_index64(cx, at, kOverflowError));
  const auto codec = static_cast<Codec>(int_slot(cx, self, kCodec));
  const auto used = static_cast<size_t>(int_slot(cx, self, kUsed));
  if (codec != kPython) {
    const std::string_view block = block_of(cx, self);
    size_t offset = 0;
    if (used >= chars_of(cx, self)->length && int_slot(cx, self, kTailSize) == 0 &&
        native_slot(cx, self, kHeldCr) != kTrue) {
      offset = block.size();
    } else {
      (void)count_chars(codec, newline_of(cx, self).translate, block, used, &offset);
    }
    position -= static_cast<int64_t>(block.size() - offset);
  } else if (available(cx, self) > 0) {
    Str* chars = chars_of(cx, self);
    const Value rest = TRY(str_slice(cx, chars, used, chars->length));
    const Value bytes =
        TRY(encode_with_codec(cx, rest.as<Str>(), native_slot(cx, self, kEncoding).as<Str>(),
                              native_slot(cx, self, kErrors).as<Str>()));
    position -= TRY(length(cx, bytes));
  }
  return make_int(cx, position);
}

Result<Value> text_seek(Context& cx, Self self, Value cookie, int whence) {
  const Value b = TRY(open_buffer(cx, self));
  if (!TRY(truth(cx, TRY(call0(cx, b, "seekable")))))
    return raise_unsupported(cx, "underlying stream is not seekable");
  const int64_t to = TRY(to_index64(cx, cookie, kOverflowError));
  if (whence == 1) {
    if (to != 0) return raise_unsupported(cx, "can't do nonzero cur-relative seeks");
    cookie = TRY(text_tell(cx, self));
  } else if (whence == 2) {
    if (to != 0) return raise_unsupported(cx, "can't do nonzero end-relative seeks");
  } else if (whence != 0) {
    return raise(cx, kValueError, "invalid whence (%d, should be %d, %d or %d)", whence, 0, 1, 2);
  } else if (to < 0) {
    return raise(cx, kValueError, "negative seek position %lld", static_cast<long long>(to));
  }
  (void)TRY(call_method(cx, b, names().flush, {}));
  drop_chars(cx, self);
  const Value decoder = native_slot(cx, self, kDecoder), encoder = native_slot(cx, self, kEncoder);
  if (decoder.is_object()) (void)TRY(call_method(cx, decoder, "reset", {}));
  const Value at = TRY(call_method(
      cx, b, "seek",
      {whence == 1 ? cookie : Value(make_int(cx, to)), Value::of_int(whence == 2 ? 2 : 0)}));
  if (encoder.is_object()) {
    if (at == Value::of_int(0))
      (void)TRY(call_method(cx, encoder, "reset", {}));
    else
      (void)TRY(call_method(cx, encoder, "setstate", {Value::of_int(0)}));
  }
  return at;
}
Result<Value> text_truncate(Context& cx, Self self, Value size) {
  (void)TRY(text_flush(cx, self));
  return call_method(cx, TRY(buffer_of(cx, self)), "truncate", {size});
}

// --- construction --------------------------------------------------------------------------------

Result<void> set_codec(Context& cx, Value self, Value encoding, Value errors, Value buffer) {
  std::string name = vm::to_utf8(cx, encoding), plain;
  for (const char c : name) plain.push_back(c == '_' ? '-' : static_cast<char>(tolower(c)));
  Codec codec =
      plain == "utf-8" || plain == "utf8" ? kUtf8
      : plain == "latin-1" || plain == "latin1" || plain == "iso-8859-1" || plain == "iso8859-1"
          ? kLatin1
      : plain == "ascii" || plain == "us-ascii" ? kAscii
                                                : kPython;
  set_int_slot(cx, self, kCodec, codec);
  set_native_slot(cx, self, kEncoding, encoding);
  set_native_slot(cx, self, kErrors, TRY(flatten(cx, errors)));
  set_native_slot(cx, self, kDecoder, kNone);
  set_native_slot(cx, self, kEncoder, kNone);
  if (codec != kPython) return {};
  const Value info = TRY(call(cx, TRY(import_attr(cx, "_codecs", "lookup")), {encoding}));
  const Value is_text = TRY(find_attr(cx, info, intern(cx, "_is_text_encoding")));
  if (!is_text.is_unset() && !TRY(truth(cx, is_text)))
    return raise(cx, kLookupError,
                 "'%s' is not a text encoding; use codecs.open() to handle arbitrary codecs",
                 name.c_str());
  if (TRY(truth(cx, TRY(call0(cx, buffer, "readable")))))
    set_native_slot(cx, self, kDecoder,
                    TRY(call(cx, TRY(get_attr(cx, info, "incrementaldecoder")), {errors})));
  if (TRY(truth(cx, TRY(call0(cx, buffer, "writable"))))) {
    const Value encoder = TRY(call(cx, TRY(get_attr(cx, info, "incrementalencoder")), {errors}));
    set_native_slot(cx, self, kEncoder, encoder);
    if (TRY(truth(cx, TRY(call0(cx, buffer, "seekable")))) &&
        TRY(call0(cx, buffer, "tell")) != Value::of_int(0))
      (void)TRY(call_method(cx, encoder, "setstate", {Value::of_int(0)}));
  }
  return {};
}

Result<void> check_newline(Context& cx, Value newline) {
  if (newline == kNone) return {};
  if (!is_str(newline))
    return raise(cx, kTypeError, "newline must be str or None, not %s", TYPE_NAME(newline));
  const std::string n = vm::to_utf8(cx, newline);
  if (n == "" || n == "\n" || n == "\r" || n == "\r\n") return {};
  return raise(cx, kValueError, "illegal newline value: %s", n.c_str());
}

Result<void> text_init(Context& cx, Self self, Value buffer, Value encoding, Value errors,
                       Value newline, bool line_buffering, bool write_through) {
  TRY(check_newline(cx, newline));
  if (encoding != kNone && !is_str(encoding))
    return raise(cx, kTypeError, "TextIOWrapper() argument 'encoding' must be str or None, not %s",
                 TYPE_NAME(encoding));
  if (errors != kNone && !is_str(errors))
    return raise(cx, kTypeError, "TextIOWrapper() argument 'errors' must be str or None, not %s",
                 TYPE_NAME(errors));
  if (encoding == kNone || (is_str(encoding) && vm::to_utf8(cx, encoding) == "locale"))
    encoding = intern(cx, runtime().options.utf8_mode > 0 ? "utf-8" : "UTF-8");
  if (errors == kNone) errors = names().strict;
  for (Value v : {encoding, errors})
    if (vm::to_utf8(cx, v).find('\0') != std::string::npos)
      return raise(cx, kValueError, "embedded null character");
  drop_chars(cx, self);
  set_native_slot(cx, self, kBuffer, Value());
  TRY(set_codec(cx, self, encoding, errors, buffer));
  if (newline != kNone) newline = intern(cx, TRY(flatten(cx, newline)));
  set_native_slot(cx, self, kNewline, newline);
  set_native_slot(cx, self, kLine, of_bool(line_buffering));
  set_native_slot(cx, self, kThrough, of_bool(write_through));
  set_int_slot(cx, self, kSeen, 0);
  set_native_slot(cx, self, kBuffer, buffer);
  return {};
}

Result<void> text_reconfigure(Context& cx, Self self, Value encoding, Value errors, Opt newline,
                              Value line_buffering, Value write_through) {
  const Value buffer = TRY(buffer_of(cx, self));
  if (available(cx, self) > 0 && (encoding != kNone || errors != kNone || newline.given()))
    return raise_unsupported(
        cx, "It is not possible to set the encoding or newline of stream after the first read");
  if (newline.given()) TRY(check_newline(cx, newline.value));
  (void)TRY(text_flush(cx, self));
  if (encoding != kNone || errors != kNone) {
    if (errors == kNone)
      errors = encoding == kNone ? native_slot(cx, self, kErrors) : Value(names().strict);
    if (encoding == kNone) encoding = native_slot(cx, self, kEncoding);
    if (vm::to_utf8(cx, encoding) == "locale") encoding = intern(cx, "UTF-8");
    TRY(set_codec(cx, self, encoding, errors, buffer));
  }
  if (newline.given())
    set_native_slot(
        cx, self, kNewline,
        newline.value == kNone ? kNone : Value(intern(cx, TRY(flatten(cx, newline.value)))));
  if (line_buffering != kNone)
    set_native_slot(cx, self, kLine, of_bool(TRY(truth(cx, line_buffering))));
  if (write_through != kNone)
    set_native_slot(cx, self, kThrough, of_bool(TRY(truth(cx, write_through))));
  return {};
}

// --- the rest ------------------------------------------------------------------------------------

Result<Value> text_detach(Context& cx, Self self) {
  const Value b = TRY(buffer_of(cx, self));
  (void)TRY(call_method(cx, self, names().flush, {}));
  set_native_slot(cx, self, kBuffer, kNone);
  return b;
}
Result<Value> text_close(Context& cx, Self self) {
  const Value b = TRY(buffer_of(cx, self));
  if (TRY(is_closed(cx, b))) return kNone;
  Value pending;
  if (call_method(cx, self, names().flush, {}).is_error()) pending = take_exception(cx);
  const bool failed = call0(cx, b, "close").is_error();
  if (!pending.is_unset()) {
    if (failed)
      set_exception_context(cx, cx.exception, pending);
    else
      cx.exception = pending;
    return Error{};
  }
  if (failed) return Error{};
  return kNone;
}
Result<void> text_del(Context& cx, Self self) {
  const Value b = native_slot(cx, self, kBuffer);
  if (!b.is_object() || b == kNone) return {};
  auto closed = is_closed(cx, b);
  if (!closed.is_error() && !closed.value()) {
    const Value f = find_attr(cx, b, intern(cx, "_dealloc_warn")).value();
    if (f.is_object() && call(cx, f, {self.value}).is_error()) clear_exception(cx);
    if (call0(cx, self, "close").is_error()) clear_exception(cx);
  }
  clear_exception(cx);
  return {};
}
constexpr char kFileno[] = "fileno", kIsatty[] = "isatty", kSeekableName[] = "seekable",
               kReadableName[] = "readable", kWritableName[] = "writable", kClosedName[] = "closed",
               kNameName[] = "name";
template <const char* kName>
Result<Value> forward(Context& cx, Self self) {
  return call0(cx, TRY(buffer_of(cx, self)), kName);
}
template <const char* kName>
Result<Value> forward_get(Context& cx, Value self) {
  return get_attr(cx, TRY(buffer_of(cx, self)), kName);
}
template <unsigned kWhich>
Result<Value> slot_get(Context& cx, Value self) {
  const Value v = native_slot(cx, self, kWhich);
  return v.is_unset() ? kNone : v;
}
Result<Value> newlines(Context& cx, Value self) {
  return newlines_seen(cx, int_slot(cx, self, kSeen));
}
Result<Value> chunk_size(Context&, Value) { return Value::of_int(8192); }
Result<void> set_chunk_size(Context& cx, Value, Value v) {
  if (!v.is_unset() && TRY(to_index64(cx, v, kOverflowError)) <= 0)
    return raise(cx, kValueError, "a strictly positive integer is required");
  return {};
}
Result<Value> text_repr(Context& cx, Self self) {
  std::string out = "<_io.TextIOWrapper";
  for (Str* key : {names().name, names().mode}) {
    auto v = find_attr(cx, self, key);
    if (v.is_error()) {
      if (!pending_is(cx, kValueError)) return Error{};
      clear_exception(cx);
      continue;
    }
    if (!v.value().is_unset())
      out += " " + vm::to_utf8(key) + "=" + vm::to_utf8(cx, TRY(repr(cx, v.value())));
  }
  const Value encoding = native_slot(cx, self, kEncoding);
  return str_of(cx, out + " encoding=" +
                        (encoding.is_object() ? vm::to_utf8(cx, TRY(repr(cx, encoding))) : "None") +
                        ">");
}
Result<Value> text_getstate(Context& cx, Self self) {
  return raise(cx, kTypeError, "cannot pickle '%s' object", TYPE_NAME(self.value));
}

constexpr BuiltinDef kMethods[] = {
    method<&text_init>("__init__",
                       "($self, buffer, encoding=None, errors=None, newline=None, "
                       "line_buffering=False, write_through=False)"),
    method<&text_reconfigure>(
        "reconfigure",
        "($self, /, *, encoding=None, errors=None, newline=<unrepresentable>, line_buffering=None, "
        "write_through=None)"),
    method<&text_read>("read", "($self, size=-1, /)"),
    method<&text_readline>("readline", "($self, size=-1, /)"),
    method<&text_next>("__next__", "($self, /)"),
    method<&text_write>("write", "($self, text, /)"),
    method<&text_flush>("flush", "($self, /)"),
    method<&text_seek>("seek", "($self, cookie, whence=0, /)"),
    method<&text_tell>("tell", "($self, /)"),
    method<&text_truncate>("truncate", "($self, pos=None, /)"),
    method<&text_detach>("detach", "($self, /)"),
    method<&text_close>("close", "($self, /)"),
    method<&forward<kFileno>>("fileno", "($self, /)"),
    method<&forward<kIsatty>>("isatty", "($self, /)"),
    method<&forward<kSeekableName>>("seekable", "($self, /)"),
    method<&forward<kReadableName>>("readable", "($self, /)"),
    method<&forward<kWritableName>>("writable", "($self, /)"),
    method<&text_repr>("__repr__", "($self, /)"),
    method<&text_getstate>("__getstate__", "($self, /)"),
    method<&text_del>("__del__", "($self, /)"),
};
constexpr GetSetDef kGetSets[] = {{"buffer", slot_get<kBuffer>},
                                  {"encoding", slot_get<kEncoding>},
                                  {"errors", slot_get<kErrors>},
                                  {"line_buffering", slot_get<kLine>},
                                  {"write_through", slot_get<kThrough>},
                                  {"newlines", newlines},
                                  {"closed", forward_get<kClosedName>},
                                  {"name", forward_get<kNameName>},
                                  {"_CHUNK_SIZE", chunk_size, set_chunk_size}};

}  // namespace

void define_text(Context& cx) {
  classes().text_wrapper = keep(define_native_class(
      cx, "_io.TextIOWrapper", unsigned{kSlots} - kBaseSlots, kMethods, kGetSets, nullptr,
      classes().text, kTypeBaseType | kTypeHasDict | kTypeHasWeakref));
}

}  // namespace pystm::lib::io
