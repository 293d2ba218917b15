// memoryview: a window on the bytes of a bytes, bytearray or other buffer object. One dimension
// with any stride, or several in C order. A view holds the object, never an address: each access
// asks for the storage of that moment and checks its bounds, so a bytearray that shrank under a
// view is an IndexError, not a crash. Invariant: base is the storage (bytes or bytearray), or a
// tuple (object, storage) for other owners.
#include <cmath>

#include "vm/text/str_ops.h"
#include "vm/types/bytes_methods.h"

namespace pystm::vm {

namespace {

Value storage_of(const MemoryView* m) {
  return is_exact_tuple(m->base) ? (*m->base.as<Tuple>())[1] : m->base;
}
Value object_of(const MemoryView* m) {
  return is_exact_tuple(m->base) ? (*m->base.as<Tuple>())[0] : m->base;
}
size_t total_bytes(const MemoryView* m) { return m->length * m->itemsize; }

Result<void> check_alive(Context& cx, MemoryView* m) {
  if (!stm::Read<MemoryView>(cx, m)->released) return {};
  return raise(cx, kValueError, "operation forbidden on released memoryview object");
}

// `n` bytes at `at` of the storage.
Result<void> load(Context& cx, MemoryView* m, int64_t at, size_t n, void* out) {
  const Value storage = storage_of(m);
  if (is_bytearray(storage)) {
    auto* b = storage.as<ByteArray>();
    for (;;) {
      stm::Peek<ByteArray> r(b);
      const bool there = r->storage != nullptr && at >= 0 &&
                         static_cast<size_t>(at) + n <= r->size &&
                         static_cast<size_t>(at) + n <= r->storage->length;
      if (there) std::memcpy(out, r->storage->data() + at, n);
      if (!stm::read_check(cx, b)) continue;
      if (there || n == 0) return {};
      return raise(cx, kIndexError, "memoryview: the underlying buffer has shrunk");
    }
  }
  if (n > 0) std::memcpy(out, unwrap_derived(storage).as<Bytes>()->data() + at, n);
  return {};
}

Result<void> store(Context& cx, MemoryView* m, int64_t at, size_t n, const void* data) {
  auto* b = storage_of(m).as<ByteArray>();
  if (at < 0 || at + static_cast<int64_t>(n) > bytearray_length(cx, b))
    return raise(cx, kIndexError, "memoryview: the underlying buffer has shrunk");
  if (n > 0) bytearray_store(cx, b, static_cast<size_t>(at), data, n);
  return {};
}

char code_of(const MemoryView* m) {
  auto* s = m->format.as<Str>();
  return static_cast<char>(char_at(s, s->length - 1));
}

size_t size_of_code(char code) {
  switch (code) {
    case 'c':
    case 'b':
    case 'B':
    case '?':
      return 1;
    case 'h':
    case 'H':
    case 'e':
      return 2;
    case 'i':
    case 'I':
    case 'f':
      return 4;
    case 'l':
    case 'L':
    case 'q':
    case 'Q':
    case 'n':
    case 'N':
    case 'd':
    case 'P':
      return 8;
    default:
      return 0;
  }
}

double half_to_double(uint16_t h) {
  const int exponent = h >> 10 & 31;
  const double fraction = h & 1023;
  double d = exponent == 0    ? std::ldexp(fraction, -24)
             : exponent == 31 ? (fraction == 0 ? INFINITY : NAN)
                              : std::ldexp(fraction + 1024, exponent - 25);
  return h & 0x8000 ? -d : d;
}

Result<Value> unpack(Context& cx, char code, const uint8_t* p) {
  auto as = [&](auto v) {
    std::memcpy(&v, p, sizeof v);
    return v;
  };
  switch (code) {
    case 'c':
      return Value(TRY(new_bytes(cx, p, 1)));
    case 'b':
      return Value::of_int(static_cast<int8_t>(*p));
    case 'B':
      return Value::of_int(*p);
    case '?':
      return of_bool(*p != 0);
    case 'h':
      return Value::of_int(as(int16_t{}));
    case 'H':
      return Value::of_int(as(uint16_t{}));
    case 'i':
      return Value::of_int(as(int32_t{}));
    case 'I':
      return Value::of_int(as(uint32_t{}));
    case 'l':
    case 'q':
    case 'n':
      return make_int(cx, as(int64_t{}));
    case 'L':
    case 'Q':
    case 'N':
    case 'P':
      return make_uint(cx, as(uint64_t{}));
    case 'e':
      return make_float(cx, half_to_double(as(uint16_t{})));
    case 'f':
      return make_float(cx, static_cast<double>(as(float{})));
    case 'd':
      return make_float(cx, as(double{}));
    default:
      return raise(cx, kNotImplementedError, "memoryview: format %c not supported", code);
  }
}

// The item's bytes in out[8].
Result<void> pack(Context& cx, char code, Value v, uint8_t* out) {
  auto bad_type = [&] {
    return raise(cx, kTypeError, "memoryview: invalid type for format '%c'", code);
  };
  auto bad_value = [&] {
    return raise(cx, kValueError, "memoryview: invalid value for format '%c'", code);
  };
  switch (code) {
    case 'c': {
      if (!is_bytes(v)) return bad_type();
      const auto* b = unwrap_derived(v).as<Bytes>();
      if (b->length != 1) return bad_value();
      out[0] = b->data()[0];
      return {};
    }
    case '?':
      out[0] = TRY(truth(cx, v));
      return {};
    case 'f':
    case 'd': {
      if (!is_float(v) && !is_int(v) && lookup_dunder(v, Dunder::kFloat).is_unset())
        return bad_type();
      const double d = TRY(to_double(cx, v));
      const auto f = static_cast<float>(d);
      if (code == 'd') {
        std::memcpy(out, &d, 8);
      } else {
        std::memcpy(out, &f, 4);
      }
      return {};
    }
    default:
      break;
  }
  const size_t size = size_of_code(code);
  if (size == 0 || code == 'e')
    return raise(cx, kNotImplementedError, "memoryview: format %c not supported", code);
  if (!has_index(v)) return bad_type();
  const Value i = TRY(to_index(cx, v));
  const bool is_signed =
      code == 'b' || code == 'h' || code == 'i' || code == 'l' || code == 'q' || code == 'n';
  uint64_t scratch;
  const IntView view = int_view(i, &scratch);
  if (view.size > 1 || (view.negative && !is_signed)) return bad_value();
  const uint64_t magnitude = view.size == 0 ? 0 : view.limbs[0];
  const unsigned bits = static_cast<unsigned>(size * 8);
  const uint64_t limit = is_signed    ? (uint64_t{1} << (bits - 1)) - !view.negative
                         : bits == 64 ? ~uint64_t{0}
                                      : (uint64_t{1} << bits) - 1;
  if (magnitude > limit) return bad_value();
  const uint64_t word = view.negative ? 0 - magnitude : magnitude;
  std::memcpy(out, &word, size);
  return {};
}

MemoryView* make_view(Context& cx, const MemoryView* like, size_t offset, size_t length,
                      int64_t stride) {
  auto* m = alloc<MemoryView>(cx, kShapeMemoryView);
  stm::init_state(cx, m).released = 0;
  m->base = like->base;
  m->root = like->root.is_unset() ? Value(like) : like->root;
  m->offset = offset;
  m->length = length;
  m->stride = stride;
  m->itemsize = like->itemsize;
  m->readonly = like->readonly;
  m->format = like->format;
  return m;
}

Result<std::string> bytes_of(Context& cx, MemoryView* m) {
  std::string out(total_bytes(m), '\0');
  const auto item = static_cast<int64_t>(m->itemsize);
  if (m->stride == item) {
    TRY(load(cx, m, static_cast<int64_t>(m->offset), out.size(), out.data()));
    return out;
  }
  for (size_t k = 0; k < m->length; ++k)
    TRY(load(cx, m, static_cast<int64_t>(m->offset) + static_cast<int64_t>(k) * m->stride,
             m->itemsize, out.data() + k * m->itemsize));
  return out;
}

}  // namespace

Result<std::string> memoryview_bytes(Context& cx, MemoryView* m) {
  TRY(check_alive(cx, m));
  return bytes_of(cx, m);
}

Result<Value> new_memoryview(Context& cx, Value object, const BufferInfo& info) {
  const Value format = intern(cx, info.format);
  Value base = info.storage;
  if (base != object) base = new_tuple(cx, {object, info.storage}).value();
  auto* m = alloc<MemoryView>(cx, kShapeMemoryView);
  stm::init_state(cx, m).released = 0;
  m->base = base;
  m->offset = info.offset;
  m->itemsize = info.itemsize;
  m->length = info.size / info.itemsize;
  m->stride = static_cast<int64_t>(info.itemsize);
  m->readonly = info.readonly;
  m->format = format;
  if (is_bytearray(info.storage)) TRY(bytearray_add_export(cx, info.storage.as<ByteArray>(), m));
  return Value(m);
}

namespace memoryview_methods {
namespace {

Result<Value> make(Context& cx, Value cls, Value object) {
  (void)TRY(type_argument(cx, cls, types().memoryview));
  if (is_memoryview(object)) {
    auto* from = object.as<MemoryView>();
    TRY(check_alive(cx, from));
    MemoryView* m = make_view(cx, from, from->offset, from->length, from->stride);
    m->shape = from->shape;
    return Value(m);
  }
  BufferInfo info;
  info.storage = object;
  if (is_bytes(object)) {
    info.size = unwrap_derived(object).as<Bytes>()->length;
  } else if (is_bytearray(object)) {
    info.size = static_cast<size_t>(bytearray_length(cx, object.as<ByteArray>()));
    info.readonly = false;
  } else if (BufferProvider provider =
                 object.is_object() ? buffer_provider(type_of(object)) : nullptr) {
    TRY(provider(cx, object, &info));
  } else {
    return raise(cx, kTypeError, "memoryview: a bytes-like object is required, not '%s'",
                 TYPE_NAME(object));
  }
  return new_memoryview(cx, object, info);
}

Result<Value> item_at(Context& cx, MemoryView* m, int64_t k) {
  uint8_t raw[8];
  TRY(load(cx, m, static_cast<int64_t>(m->offset) + k * m->stride, m->itemsize, raw));
  return unpack(cx, code_of(m), raw);
}

size_t dimensions(const MemoryView* m) {
  return m->shape.is_unset() ? 1 : m->shape.as<Tuple>()->length;
}
int64_t extent(const MemoryView* m, size_t d) {
  return m->shape.is_unset() ? static_cast<int64_t>(m->length)
                             : (*m->shape.as<Tuple>())[d].as_int();
}

// The flat position of an index tuple, or of one int.
Result<int64_t> flat_index(Context& cx, MemoryView* m, Value key) {
  const size_t n = dimensions(m);
  if (!is_tuple(key)) {
    if (n == 0) return raise(cx, kTypeError, "invalid indexing of 0-dim memory");
    if (!has_index(key)) return raise(cx, kTypeError, "memoryview: invalid slice key");
    if (n > 1)
      return raise(cx, kNotImplementedError, "multi-dimensional sub-views are not implemented");
    int64_t i = TRY(to_index64(cx, key, kIndexError));
    if (i < 0) i += extent(m, 0);
    if (i < 0 || i >= extent(m, 0))
      return raise(cx, kIndexError, "index out of bounds on dimension 1");
    return i;
  }
  auto* t = key.as<Tuple>();
  if (t->length < n) return raise(cx, kNotImplementedError, "sub-views are not implemented");
  if (t->length > n)
    return raise(cx, kTypeError, "cannot index %zu-dimension view with %zu-element tuple", n,
                 t->length);
  int64_t flat = 0;
  for (size_t d = 0; d < n; ++d) {
    if (!has_index((*t)[d])) return raise(cx, kTypeError, "memoryview: invalid slice key");
    int64_t i = TRY(to_index64(cx, (*t)[d], kIndexError));
    if (i < 0) i += extent(m, d);
    if (i < 0 || i >= extent(m, d))
      return raise(cx, kIndexError, "index out of bounds on dimension %zu", d + 1);
    flat = flat * extent(m, d) + i;
  }
  return flat;
}

Result<MemoryView*> slice_view(Context& cx, MemoryView* m, Slice* slice) {
  if (dimensions(m) != 1)
    return raise(cx, kNotImplementedError, "multi-dimensional slicing is not implemented");
  const SliceBounds b = TRY(slice_bounds(cx, slice, static_cast<int64_t>(m->length)));
  const int64_t offset = static_cast<int64_t>(m->offset) + (b.count > 0 ? b.start * m->stride : 0);
  return make_view(cx, m, static_cast<size_t>(offset), static_cast<size_t>(b.count),
                   m->stride * b.step);
}

Result<Value> getitem(Context& cx, MemoryView* self, Value key) {
  TRY(check_alive(cx, self));
  if (is_slice(key)) return Value(TRY(slice_view(cx, self, key.as<Slice>())));
  if (dimensions(self) == 0 && key == kEllipsis) return Value(self);
  const int64_t i = TRY(flat_index(cx, self, key));
  return item_at(cx, self, i);
}

Result<void> setitem(Context& cx, MemoryView* self, Value key, Value value) {
  TRY(check_alive(cx, self));
  if (self->readonly) return raise(cx, kTypeError, "cannot modify read-only memory");
  if (!is_slice(key)) {
    const int64_t i = TRY(flat_index(cx, self, key));
    uint8_t raw[8];
    TRY(pack(cx, code_of(self), value, raw));
    return store(cx, self, static_cast<int64_t>(self->offset) + i * self->stride, self->itemsize,
                 raw);
  }
  MemoryView* to = TRY(slice_view(cx, self, key.as<Slice>()));
  if (!is_bytes_like(value))
    return raise(cx, kTypeError, "a bytes-like object is required, not '%s'", TYPE_NAME(value));
  const Value source = is_memoryview(value) ? value : TRY(make(cx, types().memoryview, value));
  auto* from = source.as<MemoryView>();
  if (from->length != to->length || code_of(from) != code_of(to))
    return raise(cx, kValueError,
                 "memoryview assignment: lvalue and rvalue have different structures");
  const auto data = memoryview_bytes(cx, from);
  if (data.is_error()) return Error{};
  const std::string bytes = data.value();
  if (to->stride == static_cast<int64_t>(to->itemsize))
    return store(cx, to, static_cast<int64_t>(to->offset), bytes.size(), bytes.data());
  for (size_t k = 0; k < to->length; ++k)
    TRY(store(cx, to, static_cast<int64_t>(to->offset) + static_cast<int64_t>(k) * to->stride,
              to->itemsize, bytes.data() + k * to->itemsize));
  return {};
}
Result<void> delitem(Context& cx, MemoryView* self, Value) {
  TRY(check_alive(cx, self));
  if (self->readonly) return raise(cx, kTypeError, "cannot modify read-only memory");
  return raise(cx, kTypeError, "cannot delete memory");
}

Result<int64_t> len(Context& cx, MemoryView* self) {
  TRY(check_alive(cx, self));
  return dimensions(self) == 0 ? int64_t{1} : extent(self, 0);
}
Result<Value> iter(Context& cx, MemoryView* self) {
  TRY(check_alive(cx, self));
  if (dimensions(self) == 0) return raise(cx, kTypeError, "invalid indexing of 0-dim memory");
  if (dimensions(self) > 1)
    return raise(cx, kNotImplementedError, "multi-dimensional sub-views are not implemented");
  return new_seq_iter(cx, self);
}

Result<Value> nested_list(Context& cx, MemoryView* m, size_t d, int64_t* at) {
  if (d == dimensions(m)) return item_at(cx, m, (*at)++);
  List* out = new_list(cx);
  for (int64_t i = 0; i < extent(m, d); ++i)
    TRY(list_append(cx, out, TRY(nested_list(cx, m, d + 1, at))));
  return Value(out);
}
Result<Value> tolist(Context& cx, MemoryView* self) {
  TRY(check_alive(cx, self));
  int64_t at = 0;
  return nested_list(cx, self, 0, &at);
}
Result<Value> tobytes(Context& cx, MemoryView* self, Value) {
  const auto r = memoryview_bytes(cx, self);
  if (r.is_error()) return Error{};
  const std::string s = r.value();
  return Value(TRY(new_bytes(cx, s.data(), s.size())));
}
Result<Value> hex(Context& cx, MemoryView* self, Opt sep, int bytes_per_sep) {
  const auto r = memoryview_bytes(cx, self);
  if (r.is_error()) return Error{};
  return bytes_methods::to_hex(cx, r.value(), sep, bytes_per_sep);
}

Result<bool> equal_views(Context& cx, MemoryView* a, MemoryView* b) {
  if (dimensions(a) != dimensions(b)) return false;
  for (size_t d = 0; d < dimensions(a); ++d)
    if (extent(a, d) != extent(b, d)) return false;
  for (int64_t k = 0; k < static_cast<int64_t>(a->length); ++k) {
    if (k % 10000 == 9999) TRY(check_signals(cx));
    const Value v = TRY(item_at(cx, a, k)), w = TRY(item_at(cx, b, k));
    if (!TRY(compare_bool(cx, CompareOp::kEq, v, w))) return false;
  }
  return true;
}
Result<Value> equal(Context& cx, MemoryView* self, Value other) {
  if (Value(self) == other) return kTrue;
  if (!is_bytes_like(other) || stm::Read<MemoryView>(cx, self)->released) return kNotImplemented;
  const Value view = is_memoryview(other) ? other : TRY(make(cx, types().memoryview, other));
  auto* b = view.as<MemoryView>();
  if (stm::Read<MemoryView>(cx, b)->released) return kNotImplemented;
  if (self->itemsize == 1 && b->itemsize == 1 && code_of(self) == code_of(b) &&
      dimensions(self) == 1 && dimensions(b) == 1) {
    const auto x = bytes_of(cx, self);
    if (x.is_error()) return Error{};
    const auto y = bytes_of(cx, b);
    if (y.is_error()) return Error{};
    return of_bool(x.value() == y.value());
  }
  return of_bool(TRY(equal_views(cx, self, b)));
}
Result<Value> not_equal(Context& cx, MemoryView* self, Value other) {
  const Value r = TRY(equal(cx, self, other));
  return r == kNotImplemented ? r : of_bool(r == kFalse);
}

Result<int64_t> hash_of(Context& cx, MemoryView* self) {
  TRY(check_alive(cx, self));
  if (!self->readonly) return raise(cx, kValueError, "cannot hash writable memoryview object");
  const char code = code_of(self);
  if (code != 'B' && code != 'b' && code != 'c')
    return raise(cx, kValueError, "memoryview: hashing is restricted to formats 'B', 'b' or 'c'");
  const Value all = TRY(tobytes(cx, self, kNone));
  return hash_value(cx, all);
}

Result<Value> repr_of(Context& cx, MemoryView* self) {
  const bool released = stm::Read<MemoryView>(cx, self)->released;
  return Value(TRY(new_str_format(cx, "<%smemory at 0x%llx>", released ? "released " : "",
                                  static_cast<unsigned long long>(gc::identity(cx, self)))));
}

Result<void> release(Context& cx, MemoryView* self) {
  stm::Write<MemoryView>(cx, self).set(&MemoryView::State::released, Word{1});
  return {};
}
Result<Value> enter(Context& cx, MemoryView* self) {
  TRY(check_alive(cx, self));
  return Value(self);
}
Result<void> exit(Context& cx, MemoryView* self, Args) { return release(cx, self); }

Result<Value> toreadonly(Context& cx, MemoryView* self) {
  TRY(check_alive(cx, self));
  MemoryView* m = make_view(cx, self, self->offset, self->length, self->stride);
  m->shape = self->shape;
  m->readonly = 1;
  return Value(m);
}

bool is_byte_format(char code) { return code == 'B' || code == 'b' || code == 'c'; }

Result<Tuple*> cast_shape(Context& cx, Value shape, size_t items) {
  if (!is_list(shape) && !is_tuple(shape))
    return raise(cx, kTypeError, "shape must be a list or a tuple");
  Tuple* t = TRY(to_tuple(cx, shape));
  if (t->length > 64)
    return raise(cx, kValueError, "memoryview: number of dimensions must not exceed 64");
  size_t product = 1;
  for (size_t d = 0; d < t->length; ++d) {
    if (!is_int((*t)[d]))
      return raise(cx, kTypeError, "memoryview.cast(): elements of shape must be integers");
    int64_t n;
    if (!to_int64((*t)[d], &n) || n <= 0)
      return raise(cx, kValueError, "memoryview.cast(): elements of shape must be integers > 0");
    product *= static_cast<size_t>(n);
  }
  if (product != items)
    return raise(cx, kTypeError, "memoryview: product(shape) * itemsize != buffer size");
  return t;
}

Result<Value> cast(Context& cx, MemoryView* self, Str* format, Opt shape) {
  TRY(check_alive(cx, self));
  if (self->stride != static_cast<int64_t>(self->itemsize))
    return raise(cx, kTypeError, "memoryview: casts are restricted to C-contiguous views");
  const bool several = dimensions(self) != 1;
  if (shape.given() && several)
    return raise(cx, kTypeError, "memoryview: cast must be 1D -> ND or ND -> 1D");
  const bool prefixed = format->length == 2 && char_at(format, 0) == '@';
  const char code =
      format->length == 1 || prefixed ? static_cast<char>(char_at(format, format->length - 1)) : 0;
  const size_t size = size_of_code(code);
  if (size == 0 || code == 'e')
    return raise(cx, kValueError,
                 "memoryview: destination format must be a native single character format prefixed "
                 "with an optional "
                 "'@'");
  if (!is_byte_format(code_of(self)) && !is_byte_format(code))
    return raise(cx, kTypeError, "memoryview: cannot cast between two non-byte formats");
  if (total_bytes(self) % size != 0)
    return raise(cx, kTypeError, "memoryview: length is not a multiple of itemsize");
  const size_t items = total_bytes(self) / size;
  Tuple* dims = shape.given() ? TRY(cast_shape(cx, shape.value, items)) : nullptr;
  const Value name = intern(cx, format);
  MemoryView* m = make_view(cx, self, self->offset, items, static_cast<int64_t>(size));
  m->itemsize = size;
  m->format = name;
  if (dims != nullptr && dims->length != 1) m->shape = dims;
  gc::store_barrier(cx, m, &m->shape);
  return Value(m);
}

constexpr BuiltinDef kMethods[] = {
    static_method<&make>("__new__", "($type, object)"),
    method<&repr_of>("__repr__", "($self, /)"),
    method<&hash_of>("__hash__", "($self, /)"),
    method<&equal>("__eq__", "($self, value, /)"),
    method<&not_equal>("__ne__", "($self, value, /)"),
    method<&len>("__len__", "($self, /)"),
    method<&getitem>("__getitem__", "($self, key, /)"),
    method<&setitem>("__setitem__", "($self, key, value, /)"),
    method<&delitem>("__delitem__", "($self, key, /)"),
    method<&iter>("__iter__", "($self, /)"),
    method<&enter>("__enter__", "($self, /)"),
    method<&exit>("__exit__", "($self, /, *args)"),
    method<&release>("release", "($self, /)"),
    method<&tobytes>("tobytes", "($self, /, order='C')"),
    method<&hex>("hex", "($self, /, sep=unset, bytes_per_sep=1)"),
    method<&tolist>("tolist", "($self, /)"),
    method<&cast>("cast", "($self, /, format, shape=unset)"),
    method<&toreadonly>("toreadonly", "($self, /)"),
};

// --- attributes ----------------------------------------------------------------------------------

Result<Value> get_obj(Context& cx, Value self) {
  TRY(check_alive(cx, self.as<MemoryView>()));
  return object_of(self.as<MemoryView>());
}
Result<Value> get_nbytes(Context& cx, Value self) {
  TRY(check_alive(cx, self.as<MemoryView>()));
  return make_int(cx, static_cast<int64_t>(total_bytes(self.as<MemoryView>())));
}
Result<Value> get_readonly(Context& cx, Value self) {
  TRY(check_alive(cx, self.as<MemoryView>()));
  return of_bool(self.as<MemoryView>()->readonly != 0);
}
Result<Value> get_itemsize(Context& cx, Value self) {
  TRY(check_alive(cx, self.as<MemoryView>()));
  return make_int(cx, static_cast<int64_t>(self.as<MemoryView>()->itemsize));
}
Result<Value> get_format(Context& cx, Value self) {
  TRY(check_alive(cx, self.as<MemoryView>()));
  return self.as<MemoryView>()->format;
}
Result<Value> get_ndim(Context& cx, Value self) {
  TRY(check_alive(cx, self.as<MemoryView>()));
  return make_int(cx, static_cast<int64_t>(dimensions(self.as<MemoryView>())));
}
Result<Value> get_shape(Context& cx, Value self) {
  auto* m = self.as<MemoryView>();
  TRY(check_alive(cx, m));
  if (!m->shape.is_unset()) return m->shape;
  return tuple_of(cx, {make_int(cx, static_cast<int64_t>(m->length))});
}
Result<Value> get_strides(Context& cx, Value self) {
  auto* m = self.as<MemoryView>();
  TRY(check_alive(cx, m));
  const size_t n = dimensions(m);
  if (n == 1) return tuple_of(cx, {make_int(cx, m->stride)});
  Tuple* t = TRY(alloc_tuple(cx, n));
  auto step = static_cast<int64_t>(m->itemsize);
  for (size_t d = n; d-- > 0;) {
    t->items()[d] = Value::of_int(step);
    step *= extent(m, d);
  }
  return Value(t);
}
Result<Value> get_suboffsets(Context& cx, Value self) {
  TRY(check_alive(cx, self.as<MemoryView>()));
  return Value(empty_tuple());
}
Result<Value> get_contiguous(Context& cx, Value self) {
  auto* m = self.as<MemoryView>();
  TRY(check_alive(cx, m));
  return of_bool(m->stride == static_cast<int64_t>(m->itemsize) || m->length <= 1);
}
Result<Value> get_f_contiguous(Context& cx, Value self) {
  auto* m = self.as<MemoryView>();
  if (dimensions(m) <= 1) return get_contiguous(cx, self);
  return of_bool(m->length <= 1);
}
constexpr GetSetDef kGetSets[] = {{"obj", &get_obj},
                                  {"nbytes", &get_nbytes},
                                  {"readonly", &get_readonly},
                                  {"itemsize", &get_itemsize},
                                  {"format", &get_format},
                                  {"ndim", &get_ndim},
                                  {"shape", &get_shape},
                                  {"strides", &get_strides},
                                  {"suboffsets", &get_suboffsets},
                                  {"c_contiguous", &get_contiguous},
                                  {"f_contiguous", &get_f_contiguous},
                                  {"contiguous", &get_contiguous}};

}  // namespace
}  // namespace memoryview_methods

void define_memoryview(Context& cx) {
  static constexpr TypeDef kView = {
      .name = "memoryview",
      .kind = Kind::kMemoryView,
      .slot = &Types::memoryview,
      .flags = kTypeSequencePattern,
      .methods = memoryview_methods::kMethods,
      .getsets = memoryview_methods::kGetSets,
      .doc = "Create a new memoryview object which references the given object."};
  define_type(cx, kView);
}

}  // namespace pystm::vm
