// _io.BufferedReader, BufferedWriter, BufferedRandom, BufferedRWPair.
//
// Bytes read ahead are a `bytes` slot and a position in it; bytes to be written are collected in a
// list. Before a read leaves the transaction it takes the bytes read ahead with it, so two threads
// never get the same ones.
#include <unistd.h>

#include <cerrno>

#include "stdlib/_io.h"

namespace pystm::lib::io {

namespace {

Result<Value> self_of(Context& cx, Value self) {
  const Classes& c = classes();
  for (Type* t : {c.reader, c.writer, c.random})
    if (self.is_object() && is_subtype(type_of(self), t)) return self;
  return raise(cx, kTypeError, "descriptor requires a buffered object");
}

Result<Value> raw_of(Context& cx, Value self) {
  const Value raw = native_slot(cx, TRY(self_of(cx, self)), kRaw);
  if (raw.is_unset()) return raise(cx, kValueError, "I/O operation on uninitialized object");
  if (raw == kNone) return raise(cx, kValueError, "raw stream has been detached");
  return raw;
}
Result<Value> open_raw(Context& cx, Value self, const char* what) {
  const Value raw = TRY(raw_of(cx, self));
  if (type_of(raw) == classes().file ? int_slot(cx, raw, kFd) < 0 : TRY(is_closed(cx, raw)))
    return raise(cx, kValueError, "%s of closed file", what);
  return raw;
}

// --- read ahead ----------------------------------------------------------------------------------

std::string_view ahead(Context& cx, Value self) {
  const Value in = native_slot(cx, self, kIn);
  if (!is_exact_bytes(in)) return {};
  return bytes_view(in.as<Bytes>()).substr(static_cast<size_t>(int_slot(cx, self, kInPos)));
}
void set_ahead(Context& cx, Value self, Value bytes, size_t position) {
  set_native_slot(cx, self, kIn, bytes);
  set_int_slot(cx, self, kInPos, static_cast<int64_t>(position));
}
void skip_ahead(Context& cx, Value self, size_t n) {
  set_int_slot(cx, self, kInPos, int_slot(cx, self, kInPos) + static_cast<int64_t>(n));
}
// Takes everything read ahead away.
std::string take_ahead(Context& cx, Value self) {
  std::string s(ahead(cx, self));
  set_ahead(cx, self, Value(), 0);
  return s;
}
size_t chunk_of(Context& cx, Value self) {
  return static_cast<size_t>(std::max<int64_t>(int_slot(cx, self, kSize), 1));
}

// One raw.read(n) of any raw object; *end at the end of the file, *block if it would block.
Result<std::string> raw_read(Context& cx, Value raw, int64_t n, bool* end, bool* block) {
  const Value b = n < 0 ? TRY(call0(cx, raw, "readall"))
                        : TRY(call_method(cx, raw, names().read, {Value::of_int(n)}));
  std::string out;
  if (b == kNone) {
    *block = true;
    return out;
  }
  if (!is_bytes_like(b)) return raise(cx, kTypeError, "read() should return bytes");
  Buffer buffer;
  TRY(get_buffer(cx, b, &buffer));
  out = buffer.view();
  *end = out.empty();
  return out;
}

// The heart of all reads: collects bytes until `enough`, then `finish(data)` says how many of them
// are the result; the rest stays read ahead. finish may run again after an abort.
Result<Value> collect(Context& cx, Value self, Value raw, size_t chunk,
                      const std::function<bool(const std::string&)>& enough,
                      const std::function<size_t(const std::string&, bool end)>& finish,
                      bool none_if_empty = true) {
  std::string data = take_ahead(cx, self);
  Value result;
  ReadOutcome outcome;
  auto settle = [&] {
    const size_t n = finish(data, outcome.end);
    if (n == 0 && outcome.would_block) {
      result = none_if_empty ? kNone : Value(new_bytes(cx, "", 0).value());
    } else {
      result = new_bytes(cx, data.data(), n).value();
    }
    const Value rest =
        n < data.size() ? Value(new_bytes(cx, data.data() + n, data.size() - n).value()) : Value();
    set_ahead(cx, self, rest, 0);
  };
  if (is_plain_file(cx, raw)) {
    if (!(int_slot(cx, raw, kFlags) & kReadable))
      return raise_unsupported(cx, "File not open for reading");
    const int fd = static_cast<int>(int_slot(cx, raw, kFd));
    read_outside(cx, fd, chunk, &data, &outcome, enough, settle);
    if (outcome.error != 0 && !outcome.would_block) return raise_errno(cx, outcome.error);
    return result;
  }
  while (!enough(data)) {
    bool end = false, block = false;
    auto more = raw_read(cx, raw, static_cast<int64_t>(chunk), &end, &block);
    if (more.is_error()) {
      if (!data.empty()) set_ahead(cx, self, new_bytes(cx, data.data(), data.size()).value(), 0);
      return Error{};
    }
    data += more.value();
    outcome.end = end;
    outcome.would_block = block;
    if (end || block) break;
  }
  settle();
  return result;
}

Result<void> flush_before_read(Context& cx, Value self) {
  if (int_slot(cx, self, kOutSize) > 0) TRY(buffered_flush(cx, self));
  return {};
}

Result<Value> reader_read(Context& cx, Value self, Value size) {
  const Value raw = TRY(open_raw(cx, self, "read"));
  const int64_t n = size == kNone ? -1 : TRY(to_index64(cx, size, kOverflowError));
  if (n < -1) return raise(cx, kValueError, "read length must be non-negative or -1");
  TRY(flush_before_read(cx, self));
  const std::string_view have = ahead(cx, self);
  if (n >= 0 && static_cast<size_t>(n) <= have.size()) {
    const Value b = TRY(bytes_of(cx, std::string(have.substr(0, static_cast<size_t>(n)))));
    skip_ahead(cx, self, static_cast<size_t>(n));
    return b;
  }
  const size_t want = n < 0 ? SIZE_MAX : static_cast<size_t>(n);
  if (n < 0 && !is_plain_file(cx, raw)) {
    std::string data = take_ahead(cx, self);
    const Value readall = TRY(find_attr(cx, raw, intern(cx, "readall")));
    if (!readall.is_unset()) {
      const Value b = TRY(call(cx, readall, {}));
      if (b == kNone) return data.empty() ? kNone : bytes_of(cx, data);
      if (!is_bytes(b)) return raise(cx, kTypeError, "readall() should return bytes");
      data.append(bytes_view(unwrap_derived(b).as<Bytes>()));
      return bytes_of(cx, data);
    }
    set_ahead(cx, self, TRY(bytes_of(cx, data)), 0);
  }
  return collect(
      cx, self, raw, n < 0 ? 65536 : std::max(chunk_of(cx, self), want - have.size()),
      [want](const std::string& d) { return d.size() >= want; },
      [want](const std::string& d, bool) { return std::min(d.size(), want); });
}

Result<Value> reader_read1(Context& cx, Value self, int64_t size) {
  const Value raw = TRY(open_raw(cx, self, "read"));
  TRY(flush_before_read(cx, self));
  const size_t n = size < 0 ? chunk_of(cx, self) : static_cast<size_t>(size);
  const std::string_view have = ahead(cx, self);
  if (n == 0) return bytes_of(cx, "");
  if (!have.empty()) {
    const size_t k = std::min(n, have.size());
    const Value b = TRY(bytes_of(cx, std::string(have.substr(0, k))));
    skip_ahead(cx, self, k);
    return b;
  }
  return collect(
      cx, self, raw, n, [](const std::string& d) { return !d.empty(); },
      [n](const std::string& d, bool) { return std::min(d.size(), n); }, false);
}

Result<Value> reader_peek(Context& cx, Value self, int64_t) {
  const Value raw = TRY(open_raw(cx, self, "peek"));
  TRY(flush_before_read(cx, self));
  const std::string_view have = ahead(cx, self);
  if (!have.empty()) return bytes_of(cx, std::string(have));
  Value seen = TRY(bytes_of(cx, ""));
  (void)TRY(collect(
      cx, self, raw, chunk_of(cx, self), [](const std::string& d) { return !d.empty(); },
      [&](const std::string& d, bool) {
        seen = new_bytes(cx, d.data(), d.size()).value();
        return size_t{0};
      },
      false));
  return seen;
}

Result<Value> reader_readline(Context& cx, Value self, Value size) {
  const Value raw = TRY(open_raw(cx, self, "readline"));
  const int64_t limit = size == kNone ? -1 : TRY(to_index64(cx, size, kOverflowError));
  TRY(flush_before_read(cx, self));
  const std::string_view have = ahead(cx, self);
  auto line_end = [limit](std::string_view d) -> size_t {  // 0: not there yet
    const size_t at = d.find('\n');
    size_t n = at == std::string_view::npos ? 0 : at + 1;
    if (limit >= 0 && (n == 0 || n > static_cast<size_t>(limit)) &&
        d.size() >= static_cast<size_t>(limit))
      n = static_cast<size_t>(limit);
    return n;
  };
  if (limit == 0) return bytes_of(cx, "");
  if (const size_t n = line_end(have)) {
    const Value b = TRY(bytes_of(cx, std::string(have.substr(0, n))));
    skip_ahead(cx, self, n);
    return b;
  }
  return collect(
      cx, self, raw, chunk_of(cx, self), [&](const std::string& d) { return line_end(d) != 0; },
      [&](const std::string& d, bool) {
        const size_t n = line_end(d);
        return n != 0 ? n : d.size();
      },
      false);
}
Result<Value> reader_iter(Context& cx, Value self) {
  (void)TRY(open_raw(cx, self, "I/O operation"));
  return self;
}
Result<Value> reader_next(Context& cx, Value self) {
  const Value line = TRY(reader_readline(cx, self, kNone));
  if (is_bytes(line) && unwrap_derived(line).as<Bytes>()->length == 0)
    return raise_stop_iteration(cx, kNone);
  return line;
}

Result<Value> readinto(Context& cx, Value self, Value buffer, bool once) {
  const int64_t n = TRY(buffer_size(cx, buffer));
  NoBoundary stay(cx);
  const Value b =
      once ? TRY(reader_read1(cx, self, n)) : TRY(reader_read(cx, self, Value::of_int(n)));
  if (b == kNone) return kNone;
  const std::string_view got = bytes_view(b.as<Bytes>());
  TRY(fill_buffer(cx, buffer, got));
  return Value::of_int(static_cast<int64_t>(got.size()));
}
Result<Value> reader_readinto(Context& cx, Value self, Value buffer) {
  return readinto(cx, self, buffer, false);
}
Result<Value> reader_readinto1(Context& cx, Value self, Value buffer) {
  return readinto(cx, self, buffer, true);
}

// --- writing -------------------------------------------------------------------------------------

// After reading ahead the raw position is too far on.
Result<void> drop_ahead(Context& cx, Value self, Value raw) {
  const std::string_view have = ahead(cx, self);
  if (!have.empty()) {
    const auto back = -static_cast<int64_t>(have.size());
    set_ahead(cx, self, Value(), 0);
    (void)TRY(call_method(cx, raw, "seek", {Value::of_int(back), Value::of_int(1)}));
  }
  return {};
}

Result<int64_t> raw_write(Context& cx, Value raw, std::string_view bytes) {
  if (is_plain_file(cx, raw) && (int_slot(cx, raw, kFlags) & kWritable))
    return file_write(cx, raw, bytes);
  const Value b = TRY(bytes_of(cx, bytes));
  const Value n = TRY(call_method(cx, raw, names().write, {b}));
  if (n == kNone) return int64_t{-1};
  const int64_t count = TRY(to_index64(cx, n, kValueError));
  if (count < 0 || count > static_cast<int64_t>(bytes.size()))
    return raise(cx, kOSError,
                 "raw write() returned invalid length %lld (should have been between 0 and %zu)",
                 static_cast<long long>(count), bytes.size());
  return count;
}

std::string pending_out(Context& cx, Value self) {
  std::string all;
  const Value list = native_slot(cx, self, kOut);
  if (!is_list(list)) return all;
  const int64_t n = list_length(cx, list.as<List>());
  for (int64_t i = 0; i < n; ++i)
    all.append(bytes_view(list_get(cx, list.as<List>(), i).as<Bytes>()));
  return all;
}
Result<void> set_out(Context& cx, Value self, std::string_view bytes) {
  if (bytes.empty()) {
    set_native_slot(cx, self, kOut, Value());
  } else {
    const Value b = TRY(bytes_of(cx, bytes));
    set_native_slot(cx, self, kOut, TRY(new_list(cx, &b, 1)));
  }
  set_int_slot(cx, self, kOutSize, static_cast<int64_t>(bytes.size()));
  return {};
}

Result<Value> writer_write(Context& cx, Value self, Value b) {
  (void)TRY(self_of(cx, self));
  if (is_str(b)) return raise(cx, kTypeError, "a bytes-like object is required, not 'str'");
  Buffer buffer;
  TRY(get_buffer(cx, b, &buffer));
  (void)TRY(open_raw(cx, self, "write to"));
  TRY(buffered_write(cx, self, buffer.view()));
  return Value::of_int(static_cast<int64_t>(buffer.size));
}
Result<Value> buffered_flush_method(Context& cx, Value self) {
  const Value raw = TRY(open_raw(cx, self, "flush"));
  if (type_of(self) == classes().reader) {
    (void)TRY(call_method(cx, raw, names().flush, {}));
    return kNone;
  }
  TRY(buffered_flush(cx, self));
  // Output deferred to the commit is written out where that is possible.
  if (is_plain_file(cx, raw)) (void)TRY(call_method(cx, raw, names().flush, {}));
  return kNone;
}

// --- both ----------------------------------------------------------------------------------------

Result<void> buffered_init(Context& cx, Value self, Value raw, int64_t size, const char* ability) {
  if (size <= 0) return raise(cx, kValueError, "buffer size must be strictly positive");
  if (ability != nullptr && !is_plain_file(cx, raw)) {
    const bool reading = ability[0] == 'r';
    if (!TRY(truth(cx, TRY(call0(cx, raw, ability)))))
      return raise_unsupported(
          cx, reading ? "File or stream is not readable." : "File or stream is not writable.");
  } else if (ability != nullptr) {
    const bool reading = ability[0] == 'r';
    if (!(int_slot(cx, raw, kFlags) & (reading ? kReadable : kWritable)))
      return raise_unsupported(
          cx, reading ? "File or stream is not readable." : "File or stream is not writable.");
  }
  set_native_slot(cx, self, kRaw, raw);
  set_int_slot(cx, self, kSize, size);
  set_ahead(cx, self, Value(), 0);
  return set_out(cx, self, {});
}
Result<void> reader_init(Context& cx, Value self, Value raw, int64_t size) {
  return buffered_init(cx, self, raw, size, "readable");
}
Result<void> writer_init(Context& cx, Value self, Value raw, int64_t size) {
  return buffered_init(cx, self, raw, size, "writable");
}
Result<void> random_init(Context& cx, Value self, Value raw, int64_t size) {
  if (!TRY(truth(cx, TRY(call0(cx, raw, "seekable")))))
    return raise_unsupported(cx, "File or stream is not seekable.");
  TRY(buffered_init(cx, self, raw, size, "readable"));
  return buffered_init(cx, self, raw, size, "writable");
}

Result<Value> buffered_tell(Context& cx, Value self) {
  const Value raw = TRY(open_raw(cx, self, "tell"));
  const Value at = TRY(call0(cx, raw, "tell"));
  const int64_t position = TRY(to_index64(cx, at, kOverflowError));
  if (position < 0)
    return raise(cx, kOSError, "Raw stream returned invalid position %lld",
                 static_cast<long long>(position));
  return make_int(
      cx, position - static_cast<int64_t>(ahead(cx, self).size()) + int_slot(cx, self, kOutSize));
}
Result<Value> buffered_seek(Context& cx, Value self, Value target, int whence) {
  if (whence < 0 || whence > 4)
    return raise(cx, kValueError, "whence value %d unsupported", whence);
  const Value raw = TRY(open_raw(cx, self, "seek"));
  if (!TRY(truth(cx, TRY(call0(cx, raw, "seekable")))))
    return raise_unsupported(cx, "File or stream is not seekable.");
  int64_t to = TRY(to_index64(cx, target, kOverflowError));
  if (whence == 0 || whence == 1) {
    // Within what was read ahead nothing has to be done.
    const std::string_view have = ahead(cx, self);
    if (!have.empty()) {
      const Value at = TRY(call0(cx, raw, "tell"));
      const int64_t raw_at = TRY(to_index64(cx, at, kOverflowError));
      const int64_t here = raw_at - static_cast<int64_t>(have.size());
      const int64_t step = whence == 0 ? to - here : to;
      const int64_t position = int_slot(cx, self, kInPos);
      if (step >= -position && step <= static_cast<int64_t>(have.size())) {
        set_int_slot(cx, self, kInPos, position + step);
        return make_int(cx, here + step);
      }
    }
  }
  TRY(buffered_flush(cx, self));
  if (whence == 1) to -= static_cast<int64_t>(ahead(cx, self).size());
  set_ahead(cx, self, Value(), 0);
  const Value n = TRY(call_method(cx, raw, "seek", {make_int(cx, to), Value::of_int(whence)}));
  const int64_t position = TRY(to_index64(cx, n, kOverflowError));
  if (position < 0)
    return raise(cx, kOSError, "Raw stream returned invalid position %lld",
                 static_cast<long long>(position));
  return n;
}
Result<Value> buffered_truncate(Context& cx, Value self, Value size) {
  const Value raw = TRY(open_raw(cx, self, "truncate"));
  if (type_of(self) == classes().reader) return raise_unsupported(cx, "truncate");
  TRY(buffered_flush(cx, self));
  if (size == kNone) size = TRY(buffered_tell(cx, self));
  return call_method(cx, raw, "truncate", {size});
}
Result<Value> buffered_close(Context& cx, Value self) {
  const Value raw = TRY(raw_of(cx, self));
  if (TRY(is_closed(cx, raw))) return kNone;
  Value pending;
  if (call0(cx, self, "flush").is_error()) pending = take_exception(cx);
  const bool failed = call0(cx, raw, "close").is_error();
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
Result<Value> buffered_detach(Context& cx, Value self) {
  const Value raw = TRY(raw_of(cx, self));
  (void)TRY(call0(cx, self, "flush"));
  set_native_slot(cx, self, kRaw, kNone);
  return raw;
}
template <const char* kName>
Result<Value> forward(Context& cx, Value self) {
  return call0(cx, TRY(raw_of(cx, self)), kName);
}
constexpr char kFileno[] = "fileno", kIsatty[] = "isatty", kSeekableName[] = "seekable",
               kReadableName[] = "readable", kWritableName[] = "writable", kClosedName[] = "closed",
               kNameName[] = "name", kModeName[] = "mode";
template <const char* kName>
Result<Value> forward_get(Context& cx, Value self) {
  return get_attr(cx, TRY(raw_of(cx, self)), kName);
}
Result<Value> get_raw(Context& cx, Value self) {
  const Value raw = native_slot(cx, TRY(self_of(cx, self)), kRaw);
  return raw.is_unset() ? kNone : raw;
}
Result<Value> buffered_repr(Context& cx, Value self) {
  const std::string type = type_name(self);
  auto name = find_attr(cx, self, names().name);
  if (name.is_error()) {
    if (!pending_is(cx, kValueError)) return Error{};
    clear_exception(cx);
    return str_of(cx, "<" + type + ">");
  }
  if (name.value().is_unset()) return str_of(cx, "<" + type + ">");
  return str_of(cx, "<" + type + " name=" + vm::to_utf8(cx, TRY(repr(cx, name.value()))) + ">");
}
Result<Value> buffered_getstate(Context& cx, Value self) {
  return raise(cx, kTypeError, "cannot pickle '%s' object", type_name(self).c_str());
}
Result<Value> buffered_dealloc_warn(Context& cx, Value self, Value source) {
  const Value raw = TRY(raw_of(cx, self));
  const Value f = TRY(find_attr(cx, raw, intern(cx, "_dealloc_warn")));
  if (!f.is_unset()) (void)TRY(call(cx, f, {source}));
  return kNone;
}
Result<void> buffered_del(Context& cx, Value self) {
  auto closed = is_closed(cx, self);
  if (!closed.is_error() && !closed.value()) {
    if (buffered_dealloc_warn(cx, self, self).is_error()) clear_exception(cx);
    if (call0(cx, self, "close").is_error()) clear_exception(cx);
  }
  clear_exception(cx);
  return {};
}

#define COMMON_ROWS                                                          \
  method<&buffered_tell>("tell", "($self, /)"),                              \
      method<&buffered_seek>("seek", "($self, target, whence=0, /)"),        \
      method<&buffered_truncate>("truncate", "($self, pos=None, /)"),        \
      method<&buffered_flush_method>("flush", "($self, /)"),                 \
      method<&buffered_close>("close", "($self, /)"),                        \
      method<&buffered_detach>("detach", "($self, /)"),                      \
      method<&forward<kFileno>>("fileno", "($self, /)"),                     \
      method<&forward<kIsatty>>("isatty", "($self, /)"),                     \
      method<&forward<kSeekableName>>("seekable", "($self, /)"),             \
      method<&buffered_repr>("__repr__", "($self, /)"),                      \
      method<&buffered_getstate>("__getstate__", "($self, /)"),              \
      method<&buffered_dealloc_warn>("_dealloc_warn", "($self, source, /)"), \
      method<&buffered_del>("__del__", "($self, /)")
#define READ_ROWS                                                   \
  method<&reader_read>("read", "($self, size=-1, /)"),              \
      method<&reader_read1>("read1", "($self, size=-1, /)"),        \
      method<&reader_readinto>("readinto", "($self, buffer, /)"),   \
      method<&reader_readinto1>("readinto1", "($self, buffer, /)"), \
      method<&reader_peek>("peek", "($self, size=0, /)"),           \
      method<&reader_readline>("readline", "($self, size=-1, /)"),  \
      method<&reader_iter>("__iter__", "($self, /)"),               \
      method<&reader_next>("__next__", "($self, /)"),               \
      method<&forward<kReadableName>>("readable", "($self, /)")
#define WRITE_ROWS                                      \
  method<&writer_write>("write", "($self, buffer, /)"), \
      method<&forward<kWritableName>>("writable", "($self, /)")

constexpr BuiltinDef kReader[] = {
    method<&reader_init>("__init__", "($self, raw, buffer_size=8192)"), COMMON_ROWS, READ_ROWS};
constexpr BuiltinDef kWriter[] = {
    method<&writer_init>("__init__", "($self, raw, buffer_size=8192)"), COMMON_ROWS, WRITE_ROWS};
constexpr BuiltinDef kRandom[] = {
    method<&random_init>("__init__", "($self, raw, buffer_size=8192)"), COMMON_ROWS, READ_ROWS,
    WRITE_ROWS};
constexpr GetSetDef kGetSets[] = {{"raw", get_raw},
                                  {"closed", forward_get<kClosedName>},
                                  {"name", forward_get<kNameName>},
                                  {"mode", forward_get<kModeName>}};
#undef COMMON_ROWS
#undef READ_ROWS
#undef WRITE_ROWS

// --- BufferedRWPair ------------------------------------------------------------------------------

enum PairSlot : unsigned { kReadEnd = kBaseSlots, kWriteEnd, kPairSlots };
using Pair = Of<&g_classes.pair>;

Result<void> pair_init(Context& cx, Pair self, Value reader, Value writer, int64_t size) {
  for (auto [object, name, text] :
       {std::tuple{reader, "readable", "File or stream is not readable."},
        std::tuple{writer, "writable", "File or stream is not writable."}})
    if (!TRY(truth(cx, TRY(call0(cx, object, name))))) return raise_unsupported(cx, text);
  set_native_slot(cx, self, kReadEnd,
                  TRY(call(cx, Value(classes().reader), {reader, make_int(cx, size)})));
  set_native_slot(cx, self, kWriteEnd,
                  TRY(call(cx, Value(classes().writer), {writer, make_int(cx, size)})));
  return {};
}
Result<Value> pair_end(Context& cx, Value self, unsigned slot) {
  const Value v = native_slot(cx, self, slot);
  if (v.is_unset()) return raise(cx, kValueError, "I/O operation on uninitialized object");
  return v;
}
template <const char* kName, unsigned kSlot>
Result<Value> pair_forward(Context& cx, Pair self, Args args) {
  const Value end = TRY(pair_end(cx, self, kSlot));
  const Value f = TRY(get_attr(cx, end, kName));
  return call(cx, f, args.items, args.count);
}
constexpr char kReadName[] = "read", kRead1Name[] = "read1", kReadintoName[] = "readinto",
               kReadinto1Name[] = "readinto1", kPeekName[] = "peek", kWriteName[] = "write",
               kFlushName[] = "flush";
Result<Value> pair_close(Context& cx, Pair self) {
  Value pending;
  if (call0(cx, TRY(pair_end(cx, self, kWriteEnd)), "close").is_error())
    pending = take_exception(cx);
  if (call0(cx, TRY(pair_end(cx, self, kReadEnd)), "close").is_error()) return Error{};
  if (!pending.is_unset()) {
    cx.exception = pending;
    return Error{};
  }
  return kNone;
}
Result<Value> pair_isatty(Context& cx, Pair self) {
  const Value w = TRY(call0(cx, TRY(pair_end(cx, self, kWriteEnd)), "isatty"));
  if (w == kTrue) return w;
  return call0(cx, TRY(pair_end(cx, self, kReadEnd)), "isatty");
}
Result<Value> pair_closed(Context& cx, Value self) {
  return get_attr(cx, TRY(pair_end(cx, self, kWriteEnd)), names().closed);
}
constexpr BuiltinDef kPair[] = {
    method<&pair_init>("__init__", "($self, reader, writer, buffer_size=8192, /)"),
    method<&pair_forward<kReadName, kReadEnd>>("read", "($self, /, *args)"),
    method<&pair_forward<kRead1Name, kReadEnd>>("read1", "($self, /, *args)"),
    method<&pair_forward<kReadintoName, kReadEnd>>("readinto", "($self, /, *args)"),
    method<&pair_forward<kReadinto1Name, kReadEnd>>("readinto1", "($self, /, *args)"),
    method<&pair_forward<kPeekName, kReadEnd>>("peek", "($self, /, *args)"),
    method<&pair_forward<kReadableName, kReadEnd>>("readable", "($self, /, *args)"),
    method<&pair_forward<kWriteName, kWriteEnd>>("write", "($self, /, *args)"),
    method<&pair_forward<kFlushName, kWriteEnd>>("flush", "($self, /, *args)"),
    method<&pair_forward<kWritableName, kWriteEnd>>("writable", "($self, /, *args)"),
    method<&pair_close>("close", "($self, /)"),
    method<&pair_isatty>("isatty", "($self, /)"),
};
constexpr GetSetDef kPairGet[] = {{"closed", pair_closed}};

}  // namespace

Result<void> buffered_write(Context& cx, Value self, std::string_view bytes) {
  const Value raw = TRY(raw_of(cx, self));
  TRY(drop_ahead(cx, self, raw));
  // Deferred output has its queue in the transaction already.
  if (is_plain_file(cx, raw) && (int_slot(cx, raw, kFlags) & kDeferred)) {
    (void)TRY(file_write(cx, raw, bytes));
    return {};
  }
  const int64_t room = int_slot(cx, self, kSize);
  const auto fresh = static_cast<int64_t>(bytes.size());
  const std::string copy(bytes);  // flushing may run Python code
  if (int_slot(cx, self, kOutSize) > 0 && int_slot(cx, self, kOutSize) + fresh > room)
    TRY(buffered_flush(cx, self));
  const int64_t size = int_slot(cx, self, kOutSize) + fresh;
  Value list = native_slot(cx, self, kOut);
  if (!is_list(list)) {
    list = new_list(cx);
    set_native_slot(cx, self, kOut, list);
  }
  TRY(list_append(cx, list.as<List>(), TRY(bytes_of(cx, copy))));
  set_int_slot(cx, self, kOutSize, size);
  if (size > room) TRY(buffered_flush(cx, self));
  return {};
}

Result<void> buffered_flush(Context& cx, Value self) {
  const Value raw = TRY(raw_of(cx, self));
  if (type_of(self) != classes().writer) TRY(drop_ahead(cx, self, raw));
  if (int_slot(cx, self, kOutSize) == 0) return {};
  std::string out = pending_out(cx, self);
  size_t done = 0;
  while (done < out.size()) {
    auto n = raw_write(cx, raw, std::string_view(out).substr(done));
    if (n.is_error() || n.value() < 0) {
      const Value pending = take_exception(cx);
      TRY(set_out(cx, self, std::string_view(out).substr(done)));
      if (!pending.is_unset()) {
        cx.exception = pending;
        return Error{};
      }
      const Value text = TRY(new_str(cx, "write could not complete without blocking"));
      const Value e = TRY(call(cx, exception_type(kBlockingIOError),
                               {Value::of_int(EAGAIN), text, Value::of_int(0)}));
      return raise_value(cx, e);
    }
    done += static_cast<size_t>(n.value());
  }
  return set_out(cx, self, {});
}

bool take_plain(Context& cx, Value buffer, std::string* data, int* fd) {
  if (type_of(buffer) != classes().reader && type_of(buffer) != classes().random) return false;
  const Value raw = native_slot(cx, buffer, kRaw);
  if (!is_plain_file(cx, raw) || !(int_slot(cx, raw, kFlags) & kReadable)) return false;
  *fd = static_cast<int>(int_slot(cx, raw, kFd));
  *data = take_ahead(cx, buffer);
  return true;
}
void give_back(Context& cx, Value buffer, std::string_view data) {
  set_ahead(cx, buffer,
            data.empty() ? Value() : Value(new_bytes(cx, data.data(), data.size()).value()), 0);
}

void define_buffered(Context& cx) {
  Classes& c = classes();
  constexpr Word kFlags = kTypeBaseType | kTypeHasDict | kTypeHasWeakref;
  constexpr unsigned kSlots = unsigned{kBufferedSlots} - kBaseSlots;
  c.reader = keep(define_native_class(cx, "_io.BufferedReader", kSlots, kReader, kGetSets, nullptr,
                                      c.buffered, kFlags));
  c.writer = keep(define_native_class(cx, "_io.BufferedWriter", kSlots, kWriter, kGetSets, nullptr,
                                      c.buffered, kFlags));
  c.random = keep(define_native_class(cx, "_io.BufferedRandom", kSlots, kRandom, kGetSets, nullptr,
                                      c.buffered, kFlags));
  c.pair = keep(define_native_class(cx, "_io.BufferedRWPair", unsigned{kPairSlots} - kBaseSlots,
                                    kPair, kPairGet, nullptr, c.buffered, kFlags));
}

}  // namespace pystm::lib::io
