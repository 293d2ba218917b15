// _io: the abstract classes and the module.
#include "stdlib/_io.h"
#include "stdlib/modules.h"

namespace pystm::lib::io {

Classes& classes() { return g_classes; }

Error raise_unsupported(Context& cx, const char* what) {
  auto e = call(cx, classes().unsupported, {new_str(cx, what).value()});
  if (e.is_error()) return Error{};
  return raise_value(cx, e.value());
}
Result<Value> call0(Context& cx, Value object, const char* name) {
  return call_method(cx, object, name, {});
}

Result<bool> is_closed(Context& cx, Value file) {
  return truth(cx, TRY(get_attr(cx, file, names().closed)));
}
Result<void> check_open(Context& cx, Value file) {
  if (TRY(is_closed(cx, file))) return raise(cx, kValueError, "I/O operation on closed file.");
  return {};
}

Result<int64_t> buffer_size(Context& cx, Value buffer) {
  if (is_bytearray(buffer)) return length(cx, buffer);
  if (!is_bytes_like(buffer) || is_bytes(buffer))
    return raise(cx, kTypeError, "readinto() argument must be read-write bytes-like object, not %s",
                 TYPE_NAME(buffer));
  const Value view = TRY(call(cx, Value(types().memoryview), {buffer}));
  if (TRY(truth(cx, TRY(get_attr(cx, view, "readonly")))))
    return raise(cx, kTypeError, "readinto() argument must be read-write bytes-like object, not %s",
                 TYPE_NAME(buffer));
  return to_index64(cx, TRY(get_attr(cx, view, "nbytes")), kOverflowError);
}
Result<void> fill_buffer(Context& cx, Value buffer, std::string_view bytes) {
  Value target = buffer;
  if (!is_bytearray(buffer)) {
    target = TRY(call(cx, Value(types().memoryview), {buffer}));
    target = TRY(call_method(cx, target, "cast", {Value(intern(cx, "B"))}));
  }
  const Value slice =
      new_slice(cx, Value::of_int(0), Value::of_int(static_cast<int64_t>(bytes.size())), kNone);
  return set_item(cx, target, slice, TRY(bytes_of(cx, bytes)));
}

namespace {

Type*& base_type = g_classes.base;
using Self = Value;

// --- _IOBase -------------------------------------------------------------------------------------

Result<Value> base_seek(Context& cx, Value, Value, Value) { return raise_unsupported(cx, "seek"); }
Result<Value> base_tell(Context& cx, Value self) {
  return call_method(cx, self, "seek", {Value::of_int(0), Value::of_int(1)});
}
Result<Value> base_truncate(Context& cx, Value, Value) { return raise_unsupported(cx, "truncate"); }
Result<Value> base_fileno(Context& cx, Value) { return raise_unsupported(cx, "fileno"); }
Result<bool> base_isatty(Context& cx, Value self) {
  TRY(check_open(cx, self));
  return false;
}
Result<bool> base_false(Context& cx, Value) { return false; }
Result<void> base_flush(Context& cx, Value self) { return check_open(cx, self); }
Result<void> base_close(Context& cx, Of<&g_classes.base> self) {
  if (native_slot(cx, self, kClosed) == kTrue) return {};
  auto r = call0(cx, self, "flush");
  const Value pending = r.is_error() ? take_exception(cx) : Value();
  set_native_slot(cx, self, kClosed, kTrue);
  if (!pending.is_unset()) {
    cx.exception = pending;
    return Error{};
  }
  return {};
}
Result<Value> base_closed(Context& cx, Value self) {
  if (!is_subtype(type_of(self), g_classes.base)) return kFalse;
  return of_bool(native_slot(cx, self, kClosed) == kTrue);
}
Result<Value> base_check_closed(Context& cx, Value self) {
  TRY(check_open(cx, self));
  return kNone;
}
Result<Value> check_ability(Context& cx, Value self, const char* method, const char* what) {
  const Value v = TRY(call0(cx, self, method));
  if (v == kTrue) return v;
  return raise_unsupported(cx, what);
}
Result<Value> base_check_readable(Context& cx, Value self) {
  return check_ability(cx, self, "readable", "File or stream is not readable.");
}
Result<Value> base_check_writable(Context& cx, Value self) {
  return check_ability(cx, self, "writable", "File or stream is not writable.");
}
Result<Value> base_check_seekable(Context& cx, Value self) {
  return check_ability(cx, self, "seekable", "File or stream is not seekable.");
}
Result<Value> base_enter(Context& cx, Value self) {
  TRY(check_open(cx, self));
  return self;
}
Result<void> base_exit(Context& cx, Value self, Args) {
  (void)TRY(call0(cx, self, "close"));
  return {};
}
Result<Value> base_iter(Context& cx, Value self) {
  TRY(check_open(cx, self));
  return self;
}
Result<Value> base_next(Context& cx, Value self) {
  const Value line = TRY(call_method(cx, self, names().readline, {}));
  if (TRY(length(cx, line)) == 0) return raise_stop_iteration(cx, kNone);
  return line;
}
Result<Value> base_readline(Context& cx, Value self, Value size) {
  const int64_t limit = size == kNone ? -1 : TRY(to_index64(cx, size, kOverflowError));
  const Value peek = TRY(find_attr(cx, self, intern(cx, "peek")));
  std::string line;
  while (limit < 0 || static_cast<int64_t>(line.size()) < limit) {
    int64_t want = 1;
    if (!peek.is_unset()) {
      const Value ahead = TRY(call(cx, peek, {Value::of_int(1)}));
      if (!is_bytes(ahead))
        return raise(cx, kOSError, "peek() should have returned a bytes object, not '%s'",
                     TYPE_NAME(ahead));
      const std::string_view view = bytes_view(unwrap_derived(ahead).as<Bytes>());
      if (!view.empty()) {
        const size_t at = view.find('\n');
        want = static_cast<int64_t>(at == std::string_view::npos ? view.size() : at + 1);
        if (limit >= 0) want = std::min(want, limit - static_cast<int64_t>(line.size()));
      }
    }
    const Value b = TRY(call_method(cx, self, names().read, {Value::of_int(want)}));
    if (!is_bytes(b))
      return raise(cx, kOSError, "read() should have returned a bytes object, not '%s'",
                   TYPE_NAME(b));
    const std::string_view got = bytes_view(unwrap_derived(b).as<Bytes>());
    if (got.empty()) break;
    line.append(got);
    if (line.back() == '\n') break;
  }
  return bytes_of(cx, line);
}
Result<Value> base_readlines(Context& cx, Value self, Value hint) {
  const int64_t limit = hint == kNone ? -1 : TRY(to_index64(cx, hint, kOverflowError));
  List* lines = new_list(cx);
  int64_t total = 0;
  TRY(for_each(cx, self, [&](Value line) -> Result<bool> {
    TRY(list_append(cx, lines, line));
    total += TRY(length(cx, line));
    return limit <= 0 || total < limit;
  }));
  return Value(lines);
}
Result<void> base_writelines(Context& cx, Value self, Value lines) {
  TRY(check_open(cx, self));
  return for_each(cx, lines, [&](Value line) -> Result<void> {
    (void)TRY(call_method(cx, self, names().write, {line}));
    return {};
  });
}
Result<void> base_del(Context& cx, Value self) {
  auto closed = is_closed(cx, self);
  if (closed.is_error()) {
    clear_exception(cx);
    return {};
  }
  if (closed.value()) return {};
  if (call0(cx, self, "close").is_error()) clear_exception(cx);
  return {};
}

constexpr BuiltinDef kBase[] = {
    method<&base_seek>("seek", "($self, offset, whence=0, /)"),
    method<&base_tell>("tell", "($self, /)"),
    method<&base_truncate>("truncate", "($self, pos=None, /)"),
    method<&base_fileno>("fileno", "($self, /)"),
    method<&base_isatty>("isatty", "($self, /)"),
    method<&base_false>("seekable", "($self, /)"),
    method<&base_false>("readable", "($self, /)"),
    method<&base_false>("writable", "($self, /)"),
    method<&base_flush>("flush", "($self, /)"),
    method<&base_close>("close", "($self, /)"),
    method<&base_check_closed>("_checkClosed", "($self, /)"),
    method<&base_check_readable>("_checkReadable", "($self, /)"),
    method<&base_check_writable>("_checkWritable", "($self, /)"),
    method<&base_check_seekable>("_checkSeekable", "($self, /)"),
    method<&base_enter>("__enter__", "($self, /)"),
    method<&base_exit>("__exit__", "($self, /, *args)"),
    method<&base_iter>("__iter__", "($self, /)"),
    method<&base_next>("__next__", "($self, /)"),
    method<&base_readline>("readline", "($self, size=-1, /)"),
    method<&base_readlines>("readlines", "($self, hint=-1, /)"),
    method<&base_writelines>("writelines", "($self, lines, /)"),
    method<&base_del>("__del__", "($self, /)"),
};
constexpr GetSetDef kBaseGet[] = {{"closed", base_closed}};

// --- _RawIOBase ----------------------------------------------------------------------------------

Result<Value> raw_readall(Context& cx, Value self) {
  std::string all;
  for (;;) {
    const Value b = TRY(call_method(cx, self, names().read, {Value::of_int(kDefaultBufferSize)}));
    if (b == kNone) {
      if (all.empty()) return kNone;
      break;
    }
    if (!is_bytes(b)) return raise(cx, kTypeError, "read() should return bytes");
    const std::string_view got = bytes_view(unwrap_derived(b).as<Bytes>());
    if (got.empty()) break;
    all.append(got);
  }
  return bytes_of(cx, all);
}
Result<Value> raw_read(Context& cx, Value self, Value size) {
  const int64_t n = size == kNone ? -1 : TRY(to_index64(cx, size, kOverflowError));
  if (n < 0) return call0(cx, self, "readall");
  const Value buffer = TRY(call(cx, Value(types().bytearray), {Value::of_int(n)}));
  const Value got = TRY(call_method(cx, self, "readinto", {buffer}));
  if (got == kNone) return kNone;
  const int64_t count = TRY(to_index64(cx, got, kValueError));
  if (count < 0)
    return raise(cx, kValueError, "readinto returned %lld", static_cast<long long>(count));
  Buffer b;
  TRY(get_buffer(cx, buffer, &b));
  return bytes_of(cx, b.view().substr(0, static_cast<size_t>(count)));
}
constexpr BuiltinDef kRawMethods[] = {
    method<&raw_read>("read", "($self, size=-1, /)"),
    method<&raw_readall>("readall", "($self, /)"),
};

// --- _BufferedIOBase, _TextIOBase ----------------------------------------------------------------

template <int kWhich>
Result<Value> unsupported(Context& cx, Value, Args) {
  static constexpr const char* kNames[] = {"detach", "read", "read1", "write", "readline"};
  return raise_unsupported(cx, kNames[kWhich]);
}
Result<Value> readinto_by(Context& cx, Value self, Value buffer, const char* read) {
  const int64_t n = TRY(buffer_size(cx, buffer));
  const Value data = TRY(call_method(cx, self, read, {Value::of_int(n)}));
  if (!is_bytes(data)) return raise(cx, kTypeError, "read() should return bytes");
  const std::string_view got = bytes_view(unwrap_derived(data).as<Bytes>());
  if (static_cast<int64_t>(got.size()) > n)
    return raise(cx, kValueError,
                 "read() returned too much data: %lld bytes requested, %zu returned",
                 static_cast<long long>(n), got.size());
  TRY(fill_buffer(cx, buffer, got));
  return Value::of_int(static_cast<int64_t>(got.size()));
}
Result<Value> buffered_readinto(Context& cx, Value self, Value buffer) {
  return readinto_by(cx, self, buffer, "read");
}
Result<Value> buffered_readinto1(Context& cx, Value self, Value buffer) {
  return readinto_by(cx, self, buffer, "read1");
}
constexpr BuiltinDef kBufferedMethods[] = {
    method<&unsupported<0>>("detach", "($self, /, *args)"),
    method<&unsupported<1>>("read", "($self, /, *args)"),
    method<&unsupported<2>>("read1", "($self, /, *args)"),
    method<&unsupported<3>>("write", "($self, /, *args)"),
    method<&buffered_readinto>("readinto", "($self, buffer, /)"),
    method<&buffered_readinto1>("readinto1", "($self, buffer, /)"),
};
Result<Value> text_none(Context&, Value) { return kNone; }
constexpr BuiltinDef kTextMethods[] = {
    method<&unsupported<0>>("detach", "($self, /, *args)"),
    method<&unsupported<1>>("read", "($self, /, *args)"),
    method<&unsupported<3>>("write", "($self, /, *args)"),
    method<&unsupported<4>>("readline", "($self, /, *args)"),
};
constexpr GetSetDef kTextGet[] = {
    {"encoding", text_none}, {"newlines", text_none}, {"errors", text_none}};

// --- functions -----------------------------------------------------------------------------------

Result<Value> io_open(Context& cx, Value file, Str* mode, int buffering, Value encoding,
                      Value errors, Value newline, bool closefd, Value opener) {
  return open_file(cx, file, mode, buffering, encoding, errors, newline, closefd, opener);
}
Result<Value> io_open_code(Context& cx, Value path) {
  if (!is_str(path))
    return raise(cx, kTypeError, "open_code() argument 'path' must be str, not %s",
                 TYPE_NAME(path));
  return open_file(cx, path, intern(cx, "rb"), -1, kNone, kNone, kNone, true, kNone);
}
Result<Value> io_text_encoding(Context& cx, Value encoding, int stacklevel) {
  if (encoding != kNone) return encoding;
  const Value flags = sys_get(cx, names().flags);
  if (!flags.is_unset()) {
    const Value w = TRY(find_attr(cx, flags, intern(cx, "warn_default_encoding")));
    if (!w.is_unset() && TRY(truth(cx, w)))
      TRY(warn(cx, kEncodingWarning, "'encoding' argument not specified", stacklevel));
    const Value utf8 = TRY(find_attr(cx, flags, intern(cx, "utf8_mode")));
    if (!utf8.is_unset() && TRY(truth(cx, utf8))) return Value(intern(cx, "utf-8"));
  }
  return Value(intern(cx, "locale"));
}

constexpr BuiltinDef kFunctions[] = {
    function<&io_open>("open",
                       "(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, "
                       "closefd=True, opener=None)"),
    function<&io_open_code>("open_code", "(path)"),
    function<&io_text_encoding>("text_encoding", "(encoding, stacklevel=2, /)"),
};

Result<void> init(Context& cx, Module* m) {
  constexpr Word kFlags = kTypeBaseType | kTypeHasDict | kTypeHasWeakref;
  auto define = [&](const char* name, unsigned slots, std::span<const BuiltinDef> methods,
                    std::span<const GetSetDef> gets, Type* base) {
    return keep(define_native_class(cx, name, slots, methods, gets, nullptr, base, kFlags));
  };
  Classes& c = classes();
  if (c.base == nullptr) {
    c.base = define("_io._IOBase", kBaseSlots, kBase, kBaseGet, nullptr);
    c.raw = define("_io._RawIOBase", 0, kRawMethods, {}, c.base);
    c.buffered = define("_io._BufferedIOBase", 0, kBufferedMethods, {}, c.base);
    c.text = define("_io._TextIOBase", 0, kTextMethods, kTextGet, c.base);
    // class UnsupportedOperation(OSError, ValueError)
    Dict* ns = new_dict(cx);
    TRY(dict_set_str(cx, ns, names().__module__, intern(cx, "io")));
    Tuple* bases =
        TRY(new_tuple(cx, {Value(exception_type(kOSError)), Value(exception_type(kValueError))}));
    c.unsupported = TRY(new_class(cx, types().type, intern(cx, "UnsupportedOperation"), bases, ns,
                                  Value(), nullptr));
    c.unsupported = Value(keep(as_type(c.unsupported)));
    define_file(cx);
    define_bytes(cx);
    define_buffered(cx);
    define_string(cx);
    define_newline(cx);
    define_text(cx);
  }
  for (Type* t : {c.base, c.raw, c.buffered, c.text, c.file, c.bytes, c.string, c.reader, c.writer,
                  c.random, c.pair, c.text_wrapper, c.newline_decoder})
    TRY(module_add_type(cx, m, t));
  TRY(module_add(cx, m, "UnsupportedOperation", c.unsupported));
  TRY(module_add(cx, m, "BlockingIOError", exception_type(kBlockingIOError)));
  return module_add_int(cx, m, "DEFAULT_BUFFER_SIZE", kDefaultBufferSize);
}

const ModuleDef kModule = {"_io", kFunctions, init};

}  // namespace
}  // namespace pystm::lib::io

void pystm::lib::register_io() { vm::register_module(pystm::lib::io::kModule); }
