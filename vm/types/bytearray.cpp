// bytearray: storage that grows, and the methods that change it; the others come from
// bytes_methods.h. Bytes lie in a ByteArrayStorage guarded by the bytearray's vlock. A storage born
// in this transaction is changed in place; an older one word by word with undo records, or replaced
// as a whole.
#include "vm/runtime/memory.h"
#include "vm/types/bytes_methods.h"
#include "vm/types/weakref.h"

namespace pystm::vm {

std::string bytearray_copy(Context& cx, ByteArray* b) {
  for (;;) {
    std::string out;
    stm::Peek<ByteArray> r(b);
    if (r->storage != nullptr)
      out.assign(reinterpret_cast<const char*>(r->storage->data()),
                 std::min<size_t>(r->size, r->storage->length));
    if (stm::read_check(cx, b)) return out;
  }
}
int64_t bytearray_length(Context& cx, ByteArray* b) {
  return static_cast<int64_t>(stm::Read<ByteArray>(cx, b)->size);
}

// A view that dies says so to nobody, so the list holds weak references, and a collection decides
// in case of doubt.
static Result<List*> living_exports(Context& cx, List* exports) {
  Tuple* all = TRY(list_to_tuple(cx, exports));
  List* living = new_list(cx);
  for (size_t i = 0; i < all->length; ++i) {
    const Value view = stm::Read<WeakRef>(cx, (*all)[i].as<WeakRef>())->referent;
    if (!view.is_unset() && stm::Read<MemoryView>(cx, view.as<MemoryView>())->released == 0)
      TRY(list_append(cx, living, (*all)[i]));
  }
  return living;
}

Result<void> bytearray_add_export(Context& cx, ByteArray* b, MemoryView* view) {
  const Value ref = make_internal_weakref(cx, view);
  const Value had = stm::Read<ByteArray>(cx, b)->exports;
  List* exports = had.is_unset() ? new_list(cx) : had.as<List>();
  // The dead are swept out each time the list has doubled.
  const int64_t n = list_length(cx, exports);
  if (n >= 16 && (n & (n - 1)) == 0) exports = TRY(living_exports(cx, exports));
  TRY(list_append(cx, exports, ref));
  if (Value(exports) != had)
    stm::Write<ByteArray>(cx, b).set(&ByteArray::State::exports, Value(exports));
  return {};
}

static Result<void> check_resize(Context& cx, ByteArray* b) {
  for (int attempt = 0;; ++attempt) {
    const Value exports = stm::Read<ByteArray>(cx, b)->exports;
    if (PYSTM_LIKELY(exports.is_unset())) return {};
    List* living = TRY(living_exports(cx, exports.as<List>()));
    const bool none = list_length(cx, living) == 0;
    stm::Write<ByteArray>(cx, b).set(&ByteArray::State::exports, none ? Value() : Value(living));
    if (none) return {};
    if (attempt == 2)
      return raise(cx, kBufferError, "Existing exports of data: object cannot be re-sized");
    gc::collect(cx, attempt == 0 ? gc::Kind::kYoung : gc::Kind::kFull);
  }
}

void bytearray_store(Context& cx, ByteArray* b, size_t at, const void* data, size_t n) {
  stm::Write<ByteArray> w(cx, b);
  ByteArrayStorage* s = w->storage;
  if (s->birth == cx.me || cx.me == 0) {
    std::memcpy(s->data() + at, data, n);
    return;
  }
  const auto* from = static_cast<const uint8_t*>(data);
  while (n > 0) {
    Word* word = reinterpret_cast<Word*>(s->data()) + at / 8;
    const size_t in = at % 8, step = std::min<size_t>(8 - in, n);
    Word v = *word;
    std::memcpy(reinterpret_cast<uint8_t*>(&v) + in, from, step);
    stm::write_word(cx, s, s->birth, word, v);
    at += step;
    from += step;
    n -= step;
  }
}

Result<void> bytearray_replace(Context& cx, ByteArray* b, size_t start, size_t stop,
                               const void* data, size_t n) {
  stm::Write<ByteArray> w(cx, b);
  const size_t size = w->size;
  start = std::min(start, size);
  stop = std::clamp(stop, start, size);
  const size_t fresh_size = size - (stop - start) + n;
  if (fresh_size == size) {
    if (n > 0) bytearray_store(cx, b, start, data, n);
    return {};
  }
  TRY(check_resize(cx, b));
  ByteArrayStorage* old = w->storage;
  const bool ours = old != nullptr && (old->birth == cx.me || cx.me == 0);
  if (ours && fresh_size <= old->length && (fresh_size >= old->length / 4 || old->length < 256)) {
    std::memmove(old->data() + start + n, old->data() + stop, size - stop);
    if (n > 0) std::memcpy(old->data() + start, data, n);
    w.set(&ByteArray::State::size, fresh_size);
    return {};
  }
  const size_t room = fresh_size > size ? fresh_size + (fresh_size >> 3) + 16 : fresh_size + 8;
  if (room > size_t{1} << 60) return raise_no_memory(cx);
  void* memory = TRY(alloc_memory(cx, sizeof(ByteArrayStorageBase) + room));
  auto* s = init_object<ByteArrayStorage>(memory, kShapeByteArrayStorage);
  s->length = room;
  s->birth = cx.me;
  if (start > 0) std::memcpy(s->data(), old->data(), start);
  if (n > 0) std::memcpy(s->data() + start, data, n);
  if (size > stop) std::memcpy(s->data() + start + n, old->data() + stop, size - stop);
  w.set(&ByteArray::State::storage, Ref<ByteArrayStorage>(s));
  w.set(&ByteArray::State::size, fresh_size);
  return {};
}

Value new_bytearray_iter(Context& cx, Value array);

namespace bytearray_methods {
namespace {

constexpr const char* kByteRange = "byte must be in range(0, 256)";

size_t size_now(Context& cx, ByteArray* b) { return static_cast<size_t>(bytearray_length(cx, b)); }

Result<Value> make(Context& cx, Value cls, Args, Kwargs) {
  return Value(alloc_for<ByteArray>(cx, TRY(type_argument(cx, cls, types().bytearray))));
}

Result<void> assign(Context& cx, ByteArray* self, std::string_view s) {
  return bytearray_replace(cx, self, 0, size_now(cx, self), s.data(), s.size());
}

Result<void> init(Context& cx, ByteArray* self, Opt source, Opt encoding, Opt errors) {
  TRY(assign(cx, self, {}));
  if (!source.given()) {
    if (encoding.given() || errors.given())
      return raise(cx, kTypeError,
                   encoding.given() ? "encoding without a string argument"
                                    : "errors without a string argument");
    return {};
  }
  const Value v = source.value;
  if (is_str(v)) {
    if (!encoding.given()) return raise(cx, kTypeError, "string argument without an encoding");
    const Value encoded = TRY(
        call_method(cx, v, "encode",
                    {encoding.value, errors.given() ? errors.value : Value(intern(cx, "strict"))}));
    Buffer b;
    TRY(get_buffer(cx, encoded, &b));
    return assign(cx, self, b.view());
  }
  if (encoding.given() || errors.given())
    return raise(cx, kTypeError,
                 encoding.given() ? "encoding without a string argument"
                                  : "errors without a string argument");
  if (has_index(v)) {
    const int64_t n = TRY(to_index64(cx, v, kOverflowError));
    if (n < 0) return raise(cx, kValueError, "negative count");
    if (n > int64_t{1} << 45) return raise_no_memory(cx);
    return assign(cx, self, std::string(static_cast<size_t>(n), '\0'));
  }
  const auto data = bytes_from_object(cx, v, "bytearray", kByteRange);
  if (data.is_error()) return Error{};
  return assign(cx, self, data.value());
}

Result<int64_t> len(Context& cx, ByteArray* self) { return bytearray_length(cx, self); }

Result<Value> getitem(Context& cx, ByteArray* self, Value key) {
  const std::string data = is_slice(key) ? bytearray_copy(cx, self) : std::string();
  if (is_slice(key)) {
    const SliceBounds b = TRY(slice_bounds(cx, key.as<Slice>(), static_cast<int64_t>(data.size())));
    std::string out;
    for (int64_t k = 0, i = b.start; k < b.count; ++k, i += b.step)
      out.push_back(data[static_cast<size_t>(i)]);
    return Value(TRY(new_bytearray(cx, out.data(), out.size())));
  }
  const int64_t i = TRY(subscript(cx, key, bytearray_length(cx, self),
                                  "bytearray indices must be integers or slices"));
  for (;;) {
    stm::Peek<ByteArray> r(self);
    const bool there = static_cast<Word>(i) < r->size && static_cast<Word>(i) < r->storage->length;
    const int byte = there ? r->storage->data()[i] : 0;
    if (!stm::read_check(cx, self)) continue;
    if (!there) return raise(cx, kIndexError, "bytearray index out of range");
    return Value::of_int(byte);
  }
}

// The right side of a slice assignment.
Result<std::string> new_contents(Context& cx, Value v) {
  if (is_bytes_like(v)) {
    Buffer b;
    TRY(get_buffer(cx, v, &b));
    return std::string(b.view());
  }
  if (is_int(v) || is_str(v))
    return raise(cx, kTypeError,
                 "can assign only bytes, buffers, or iterables of ints in range(0, 256)");
  return bytes_from_object(cx, v, "bytearray", kByteRange);
}

Result<void> assign_slice(Context& cx, ByteArray* self, Slice* slice, std::string_view data,
                          bool deleting) {
  SliceBounds b = TRY(slice_bounds(cx, slice, bytearray_length(cx, self)));
  if (b.step == 1)
    return bytearray_replace(cx, self, static_cast<size_t>(b.start),
                             static_cast<size_t>(std::max(b.start, b.stop)), data.data(),
                             data.size());
  std::string all = bytearray_copy(cx, self);
  if (deleting) {
    if (b.count <= 0) return {};
    if (b.step < 0) {
      b.start += b.step * (b.count - 1);
      b.step = -b.step;
    }
    std::string kept;
    int64_t next = b.start, removed = 0;
    for (int64_t i = 0; i < static_cast<int64_t>(all.size()); ++i) {
      if (i == next && removed < b.count) {
        next += b.step;
        ++removed;
      } else {
        kept.push_back(all[static_cast<size_t>(i)]);
      }
    }
    return assign(cx, self, kept);
  }
  if (static_cast<int64_t>(data.size()) != b.count)
    return raise(cx, kValueError,
                 "attempt to assign bytes of size %zu to extended slice of size %lld", data.size(),
                 static_cast<long long>(b.count));
  for (int64_t k = 0, i = b.start; k < b.count; ++k, i += b.step)
    bytearray_store(cx, self, static_cast<size_t>(i), data.data() + k, 1);
  return {};
}

Result<size_t> position(Context& cx, ByteArray* self, Value key) {
  const int64_t n = bytearray_length(cx, self);
  const int64_t i = TRY(subscript(cx, key, n, "bytearray indices must be integers or slices"));
  if (i < 0 || i >= n) return raise(cx, kIndexError, "bytearray index out of range");
  return static_cast<size_t>(i);
}

Result<void> setitem(Context& cx, ByteArray* self, Value key, Value value) {
  if (is_slice(key)) {
    const auto data = new_contents(cx, value);
    if (data.is_error()) return Error{};
    return assign_slice(cx, self, key.as<Slice>(), data.value(), false);
  }
  (void)TRY(position(cx, self, key));
  const uint8_t byte = TRY(byte_value(cx, value));
  const size_t i = TRY(position(cx, self, key));
  bytearray_store(cx, self, i, &byte, 1);
  return {};
}
Result<void> delitem(Context& cx, ByteArray* self, Value key) {
  if (is_slice(key)) return assign_slice(cx, self, key.as<Slice>(), {}, true);
  const size_t i = TRY(position(cx, self, key));
  return bytearray_replace(cx, self, i, i + 1, nullptr, 0);
}

Result<Value> iadd(Context& cx, ByteArray* self, Value other) {
  if (!is_bytes_like(other))
    return raise(cx, kTypeError, "can't concat %s to %s", TYPE_NAME(other), TYPE_NAME(Value(self)));
  Buffer b;
  TRY(get_buffer(cx, other, &b));
  const size_t n = size_now(cx, self);
  TRY(bytearray_replace(cx, self, n, n, b.data, b.size));
  return Value(self);
}
Result<Value> imul(Context& cx, ByteArray* self, Value n) {
  const int64_t count = TRY(repeat_count(cx, n));
  const auto data = bytes_methods::repeat(cx, bytearray_copy(cx, self), count);
  if (data.is_error()) return Error{};
  TRY(assign(cx, self, data.value()));
  return Value(self);
}

Result<Value> iter(Context& cx, ByteArray* self) { return new_bytearray_iter(cx, self); }

Result<void> append(Context& cx, ByteArray* self, Value item) {
  const uint8_t byte = TRY(byte_value(cx, item));
  const size_t n = size_now(cx, self);
  return bytearray_replace(cx, self, n, n, &byte, 1);
}
Result<void> extend(Context& cx, ByteArray* self, Value iterable) {
  if (!is_bytes_like(iterable) && lookup_dunder(iterable, Dunder::kIter).is_unset() &&
      lookup_dunder(iterable, Dunder::kGetItem).is_unset())
    return raise(cx, kTypeError, "can't extend bytearray with %s", TYPE_NAME(iterable));
  if (is_str(iterable)) {
    if (str_length(iterable) == 0) return {};
    return raise(cx, kTypeError, "'str' object cannot be interpreted as an integer");
  }
  const auto data = bytes_from_object(cx, iterable, "bytearray", kByteRange);
  if (data.is_error()) return Error{};
  const std::string s = data.value();
  const size_t n = size_now(cx, self);
  return bytearray_replace(cx, self, n, n, s.data(), s.size());
}
Result<void> insert(Context& cx, ByteArray* self, int64_t index, Value item) {
  const uint8_t byte = TRY(byte_value(cx, item));
  const auto at = static_cast<size_t>(Index{index}.clamp(bytearray_length(cx, self)));
  return bytearray_replace(cx, self, at, at, &byte, 1);
}
Result<Value> pop(Context& cx, ByteArray* self, int64_t index) {
  const std::string data = bytearray_copy(cx, self);
  const auto n = static_cast<int64_t>(data.size());
  if (n == 0) return raise(cx, kIndexError, "pop from empty bytearray");
  if (index < 0) index += n;
  if (index < 0 || index >= n) return raise(cx, kIndexError, "pop index out of range");
  const auto at = static_cast<size_t>(index);
  TRY(bytearray_replace(cx, self, at, at + 1, nullptr, 0));
  return Value::of_int(static_cast<uint8_t>(data[at]));
}
Result<void> remove(Context& cx, ByteArray* self, Value item) {
  const uint8_t byte = TRY(byte_value(cx, item));
  const size_t at = bytearray_copy(cx, self).find(static_cast<char>(byte));
  if (at == std::string::npos) return raise(cx, kValueError, "value not found in bytearray");
  return bytearray_replace(cx, self, at, at + 1, nullptr, 0);
}
Result<void> reverse(Context& cx, ByteArray* self) {
  std::string data = bytearray_copy(cx, self);
  std::reverse(data.begin(), data.end());
  if (!data.empty()) bytearray_store(cx, self, 0, data.data(), data.size());
  return {};
}
Result<void> clear(Context& cx, ByteArray* self) { return assign(cx, self, {}); }
Result<Value> copy(Context& cx, ByteArray* self) {
  const std::string data = bytearray_copy(cx, self);
  return Value(TRY(new_bytearray(cx, data.data(), data.size())));
}

Result<Value> reduce_ex(Context& cx, ByteArray* self, Opt protocol) {
  Value state = TRY(find_attr(cx, self, names().__dict__));
  if (state.is_unset() || (is_dict(state) && dict_length(cx, state.as<Dict>()) == 0)) state = kNone;
  const std::string data = bytearray_copy(cx, self);
  Value args;
  if (data.empty()) {
    args = empty_tuple();
  } else if (protocol.given() && protocol.value.is_int() && protocol.value.as_int() >= 3) {
    const Value b = TRY(new_bytes(cx, data.data(), data.size()));
    args = TRY(tuple_of(cx, {b}));
  } else {
    const Value text =
        TRY(new_str_latin1(cx, reinterpret_cast<const uint8_t*>(data.data()), data.size()));
    args = TRY(tuple_of(cx, {text, Value(intern(cx, "latin-1"))}));
  }
  return tuple_of(cx, {Value(type_of(self)), args, state});
}
Result<Value> reduce(Context& cx, ByteArray* self) { return reduce_ex(cx, self, Opt{}); }

Result<Value> size_of(Context& cx, ByteArray* self) {
  stm::Read<ByteArray> r(cx, self);
  return make_int(cx, 56 + static_cast<int64_t>(r->storage == nullptr ? 0 : r->size + 1));
}
Result<Value> allocated(Context& cx, ByteArray* self) {
  stm::Read<ByteArray> r(cx, self);
  return make_int(cx, static_cast<int64_t>(r->size == 0 ? 0 : r->size + 1));
}

using bytes_methods::Justify;
using namespace bytes_methods;  // the shared templates

constexpr BuiltinDef kMethods[] = {
    static_method<&bytearray_methods::make>("__new__", "($type, *args, **kwargs)"),
    method<&bytearray_methods::init>("__init__",
                                     "($self, source=unset, encoding=unset, errors=unset)"),
    SHARED_BYTES_ROWS(ArraySelf),
    method<&bytearray_methods::len>("__len__", "($self, /)", Effects::kReads),
    method<&bytearray_methods::getitem>("__getitem__", "($self, key, /)"),
    method<&setitem>("__setitem__", "($self, key, value, /)"),
    method<&delitem>("__delitem__", "($self, key, /)"),
    method<&iadd>("__iadd__", "($self, value, /)"),
    method<&imul>("__imul__", "($self, value, /)"),
    method<&bytearray_methods::iter>("__iter__", "($self, /)", Effects::kPure),
    method<&bytearray_methods::size_of>("__sizeof__", "($self, /)", Effects::kReads),
    method<&allocated>("__alloc__", "($self, /)", Effects::kReads),
    method<&bytearray_methods::reduce>("__reduce__", "($self, /)"),
    method<&reduce_ex>("__reduce_ex__", "($self, proto=unset, /)"),
    method<&append>("append", "($self, item, /)"),
    method<&clear>("clear", "($self, /)"),
    method<&copy>("copy", "($self, /)"),
    method<&extend>("extend", "($self, iterable_of_ints, /)"),
    method<&insert>("insert", "($self, index, item, /)"),
    method<&pop>("pop", "($self, index=-1, /)"),
    method<&remove>("remove", "($self, value, /)"),
    method<&reverse>("reverse", "($self, /)"),
};

}  // namespace
}  // namespace bytearray_methods

void define_bytearray(Context& cx) {
  static constexpr TypeDef kArray = {
      .name = "bytearray",
      .kind = Kind::kByteArray,
      .slot = &Types::bytearray,
      .flags = kTypeBaseType | kTypeMatchSelf,
      .methods = bytearray_methods::kMethods,
      .doc =
          "bytearray(iterable_of_ints) -> bytearray\nbytearray(string, encoding[, errors]) -> "
          "bytearray\n"
          "bytearray(bytes_or_buffer) -> mutable copy of bytes_or_buffer\n"
          "bytearray(int) -> bytes array of size given by the parameter initialized with null "
          "bytes\n"
          "bytearray() -> empty bytes array\n\nConstruct a mutable bytearray object from:\n"
          "  - an iterable yielding integers in range(256)\n  - a text string encoded using the "
          "specified encoding\n"
          "  - a bytes or a buffer object\n  - any object implementing the buffer API.\n  - an "
          "integer"};
  define_type(cx, kArray);
}

}  // namespace pystm::vm
