// _io.BytesIO: a bytearray and a position.
#include "stdlib/_io.h"
#include "vm/types/bytes_support.h"

namespace pystm::lib::io {

namespace {

enum Slot : unsigned { kData = kBaseSlots, kPosition, kSlots };
using Self = Of<&g_classes.bytes>;

Result<ByteArray*> data_of(Context& cx, Value self) {
  if (native_slot(cx, self, kClosed) == kTrue)
    return raise(cx, kValueError, "I/O operation on closed file.");
  Value d = native_slot(cx, self, kData);
  if (d.is_unset()) {
    d = TRY(new_bytearray(cx, "", 0));
    set_native_slot(cx, self, kData, d);
  }
  return d.as<ByteArray>();
}
size_t position_of(Context& cx, Value self) {
  return static_cast<size_t>(int_slot(cx, self, kPosition));
}

Result<std::string> content(Context& cx, ByteArray* data) {
  Buffer b;
  TRY(get_buffer(cx, data, &b));
  return std::string(b.view());
}
Result<std::string> slice(Context& cx, ByteArray* data, size_t from, size_t n) {
  Buffer b;
  TRY(get_buffer(cx, data, &b));
  return std::string(b.view().substr(std::min(from, b.size), n));
}

Result<void> init(Context& cx, Self self, Value initial) {
  const Value d = TRY(new_bytearray(cx, "", 0));
  if (initial != kNone) {
    Buffer b;
    TRY(get_buffer(cx, initial, &b));
    TRY(bytearray_replace(cx, d.as<ByteArray>(), 0, 0, b.data, b.size));
  }
  set_native_slot(cx, self, kData, d);
  set_int_slot(cx, self, kPosition, 0);
  set_native_slot(cx, self, kClosed, kFalse);
  return {};
}

Result<int64_t> size_argument(Context& cx, Value size) {
  if (size == kNone) return int64_t{-1};
  if (!is_int(size) && lookup_dunder(size, Dunder::kIndex).is_unset())
    return raise(cx, kTypeError, "argument should be integer or None, not '%s'", TYPE_NAME(size));
  return to_index64(cx, size, kOverflowError);
}

Result<Value> take(Context& cx, Value self, ByteArray* data, int64_t n) {
  const size_t at = position_of(cx, self);
  const std::string s = TRY(slice(cx, data, at, n < 0 ? SIZE_MAX : static_cast<size_t>(n)));
  set_int_slot(cx, self, kPosition, static_cast<int64_t>(at + s.size()));
  return bytes_of(cx, s);
}
Result<Value> read(Context& cx, Self self, Value size) {
  ByteArray* data = TRY(data_of(cx, self));
  return take(cx, self, data, TRY(size_argument(cx, size)));
}
Result<Value> readline(Context& cx, Self self, Value size) {
  ByteArray* data = TRY(data_of(cx, self));
  const int64_t limit = TRY(size_argument(cx, size));
  const size_t at = position_of(cx, self);
  Buffer b;
  TRY(get_buffer(cx, data, &b));
  const std::string_view rest = b.view().substr(std::min(at, b.size));
  const size_t nl = rest.find('\n');
  size_t n = nl == std::string_view::npos ? rest.size() : nl + 1;
  if (limit >= 0) n = std::min(n, static_cast<size_t>(limit));
  set_int_slot(cx, self, kPosition, static_cast<int64_t>(at + n));
  return bytes_of(cx, rest.substr(0, n));
}
Result<Value> next(Context& cx, Self self) {
  const Value line = TRY(readline(cx, self, kNone));
  if (line.as<Bytes>()->length == 0) return raise_stop_iteration(cx, kNone);
  return line;
}
Result<Value> readlines(Context& cx, Self self, Value hint) {
  const int64_t limit = TRY(size_argument(cx, hint));
  List* lines = new_list(cx);
  int64_t total = 0;
  for (;;) {
    const Value line = TRY(readline(cx, self, kNone));
    const auto n = static_cast<int64_t>(line.as<Bytes>()->length);
    if (n == 0) break;
    TRY(list_append(cx, lines, line));
    total += n;
    if (limit > 0 && total >= limit) break;
  }
  return Value(lines);
}
Result<Value> readinto(Context& cx, Self self, Value buffer) {
  ByteArray* data = TRY(data_of(cx, self));
  const int64_t n = TRY(buffer_size(cx, buffer));
  const Value b = TRY(take(cx, self, data, n));
  TRY(fill_buffer(cx, buffer, bytes_view(b.as<Bytes>())));
  return Value::of_int(static_cast<int64_t>(b.as<Bytes>()->length));
}
Result<Value> write(Context& cx, Self self, Value b) {
  ByteArray* data = TRY(data_of(cx, self));
  if (is_str(b)) return raise(cx, kTypeError, "a bytes-like object is required, not 'str'");
  Buffer in;
  TRY(get_buffer(cx, b, &in));
  const std::string copy = b == Value(data) ? std::string(in.view()) : std::string();
  const uint8_t* from = copy.empty() ? in.data : reinterpret_cast<const uint8_t*>(copy.data());
  if (in.size == 0) return Value::of_int(0);
  const auto size = static_cast<size_t>(TRY(length(cx, data)));
  const size_t at = position_of(cx, self);
  if (at > size) {
    const std::string zeros(at - size, '\0');
    TRY(bytearray_replace(cx, data, size, size, zeros.data(), zeros.size()));
  }
  TRY(bytearray_replace(cx, data, at, std::max(at, std::min(size, at + in.size)), from, in.size));
  set_int_slot(cx, self, kPosition, static_cast<int64_t>(at + in.size));
  return Value::of_int(static_cast<int64_t>(in.size));
}
Result<Value> getvalue(Context& cx, Self self) {
  ByteArray* data = TRY(data_of(cx, self));
  return bytes_of(cx, TRY(content(cx, data)));
}
Result<Value> getbuffer(Context& cx, Self self) {
  return call(cx, Value(types().memoryview), {Value(TRY(data_of(cx, self)))});
}
Result<Value> seek(Context& cx, Self self, int64_t to, int whence) {
  ByteArray* data = TRY(data_of(cx, self));
  if (whence == 0 && to < 0)
    return raise(cx, kValueError, "negative seek value %lld", static_cast<long long>(to));
  if (whence < 0 || whence > 2)
    return raise(cx, kValueError, "invalid whence (%d, should be 0, 1 or 2)", whence);
  if (whence == 1) to += static_cast<int64_t>(position_of(cx, self));
  if (whence == 2) to += TRY(length(cx, data));
  to = std::max<int64_t>(to, 0);
  set_int_slot(cx, self, kPosition, to);
  return make_int(cx, to);
}
Result<Value> tell(Context& cx, Self self) {
  (void)TRY(data_of(cx, self));
  return make_int(cx, int_slot(cx, self, kPosition));
}
Result<Value> truncate(Context& cx, Self self, Value size) {
  ByteArray* data = TRY(data_of(cx, self));
  const int64_t n = size == kNone ? int_slot(cx, self, kPosition) : TRY(size_argument(cx, size));
  if (n < 0) return raise(cx, kValueError, "negative size value %lld", static_cast<long long>(n));
  const auto have = static_cast<size_t>(TRY(length(cx, data)));
  if (static_cast<size_t>(n) < have)
    TRY(bytearray_replace(cx, data, static_cast<size_t>(n), have, "", 0));
  return make_int(cx, n);
}
Result<bool> yes(Context& cx, Self self) {
  (void)TRY(data_of(cx, self));
  return true;
}
Result<bool> no(Context& cx, Self self) {
  (void)TRY(data_of(cx, self));
  return false;
}
Result<void> flush(Context& cx, Self self) {
  (void)TRY(data_of(cx, self));
  return {};
}
Result<void> close(Context& cx, Self self) {
  set_native_slot(cx, self, kData, Value());
  set_native_slot(cx, self, kClosed, kTrue);
  return {};
}
Result<void> del(Context&, Self) { return {}; }
Result<Value> getstate(Context& cx, Self self) {
  const Value value = TRY(getvalue(cx, self));
  const Value dict = TRY(instance_dict(cx, self, false));
  const Value copy =
      dict.is_unset() || !is_dict(dict) ? kNone : Value(TRY(dict_copy(cx, dict.as<Dict>())));
  return Value(TRY(new_tuple(cx, {value, make_int(cx, int_slot(cx, self, kPosition)), copy})));
}
Result<void> setstate(Context& cx, Self self, Value state) {
  if (!is_tuple(state) || state.as<Tuple>()->length < 3)
    return raise(cx, kTypeError, "%s.__setstate__ argument should be 3-tuple, got %s",
                 TYPE_NAME(self.value), TYPE_NAME(state));
  auto* t = state.as<Tuple>();
  TRY(init(cx, self, (*t)[0]));
  const int64_t at = TRY(to_index64(cx, (*t)[1], kOverflowError));
  if (at < 0) return raise(cx, kValueError, "position value cannot be negative");
  set_int_slot(cx, self, kPosition, at);
  if ((*t)[2] != kNone) {
    const Value dict = TRY(instance_dict(cx, self, true));
    (void)TRY(call_method(cx, dict, names().update, {(*t)[2]}));
  }
  return {};
}

constexpr BuiltinDef kMethods[] = {
    method<&init>("__init__", "($self, initial_bytes=None)"),
    method<&read>("read", "($self, size=-1, /)"),
    method<&read>("read1", "($self, size=-1, /)"),
    method<&readline>("readline", "($self, size=-1, /)"),
    method<&readlines>("readlines", "($self, size=None, /)"),
    method<&readinto>("readinto", "($self, buffer, /)"),
    method<&write>("write", "($self, b, /)"),
    method<&getvalue>("getvalue", "($self, /)"),
    method<&getbuffer>("getbuffer", "($self, /)"),
    method<&seek>("seek", "($self, pos, whence=0, /)"),
    method<&tell>("tell", "($self, /)"),
    method<&truncate>("truncate", "($self, size=None, /)"),
    method<&yes>("readable", "($self, /)"),
    method<&yes>("writable", "($self, /)"),
    method<&yes>("seekable", "($self, /)"),
    method<&no>("isatty", "($self, /)"),
    method<&flush>("flush", "($self, /)"),
    method<&close>("close", "($self, /)"),
    method<&next>("__next__", "($self, /)"),
    method<&del>("__del__", "($self, /)"),
    method<&getstate>("__getstate__", "($self, /)"),
    method<&setstate>("__setstate__", "($self, state, /)"),
};

}  // namespace

void define_bytes(Context& cx) {
  classes().bytes = keep(define_native_class(cx, "_io.BytesIO", unsigned{kSlots} - kBaseSlots,
                                             kMethods, {}, nullptr, classes().buffered,
                                             kTypeBaseType | kTypeHasDict | kTypeHasWeakref));
}

}  // namespace pystm::lib::io
