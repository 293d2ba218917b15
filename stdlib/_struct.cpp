// _struct: packing values into bytes by a format. A format is parsed into Fields at each use.
#include <bit>
#include <cmath>
#include <vector>

#include "stdlib/modules.h"
#include "stdlib/native_class.h"

namespace pystm::lib {

namespace {

gc::Root* error_class;
Type* struct_type;
Type* unpack_iter_type;
enum class StructSlot { kFormat, kSize, kCount };
enum class UnpackIter { kFormat, kBuffer, kOffset, kSize, kCount };

Error struct_error(Context& cx, const std::string& text) {
  auto message = new_str(cx, text);
  if (message.is_error()) return Error{};
  auto e = call(cx, error_class->value, {Value(message.value())});
  if (e.is_error()) return Error{};
  return raise_value(cx, e.value());
}

struct Field {
  char code;
  size_t count;  // repetitions; for s and p the size
  size_t size;   // of one
  size_t offset;
};
struct Layout {
  std::vector<Field> fields;
  size_t size = 0, values = 0;
  bool little = true, native = true;
};

size_t size_of_code(char c, bool native) {
  switch (c) {
    case 'x':
    case 'c':
    case 'b':
    case 'B':
    case '?':
    case 's':
    case 'p':
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
      return native ? 8 : 4;
    case 'q':
    case 'Q':
    case 'd':
      return 8;
    case 'n':
    case 'N':
    case 'P':
      return native ? 8 : 0;
    default:
      return 0;
  }
}
Result<void> parse(Context& cx, std::string_view text, Layout* out) {
  size_t i = 0;
  if (!text.empty()) {
    switch (text[0]) {
      case '@':
        i = 1;
        break;
      case '=':
      case '<':
        out->native = false, i = 1;
        break;
      case '>':
      case '!':
        out->native = false, out->little = false, i = 1;
        break;
      default:
        break;
    }
  }
  constexpr size_t kTop = size_t{1} << 62;
  while (i < text.size()) {
    char c = text[i++];
    if (c == ' ' || (c >= '\t' && c <= '\r')) continue;
    size_t count = 1;
    if (c >= '0' && c <= '9') {
      count = 0;
      --i;
      for (; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i) {
        count = count * 10 + static_cast<size_t>(text[i] - '0');
        if (count > kTop / 16) return struct_error(cx, "total struct size too long");
      }
      if (i >= text.size()) return struct_error(cx, "repeat count given without format specifier");
      c = text[i++];
    }
    const size_t size = size_of_code(c, out->native);
    if (size == 0) return struct_error(cx, "bad char in struct format");
    if (out->native) out->size = (out->size + size - 1) / size * size;
    if (c == 's' || c == 'p') {
      out->fields.push_back({c, 1, count, out->size});
      ++out->values;
    } else {
      if (c != 'x') {
        out->fields.push_back({c, count, size, out->size});
        out->values += count;
      }
    }
    out->size += count * size;
    if (out->size > kTop) return struct_error(cx, "total struct size too long");
  }
  return {};
}
Result<std::string> format_text(Context& cx, Value format) {
  if (is_str(format)) {
    Str* s = TRY(flatten(cx, format));
    if (!is_ascii(s)) return struct_error(cx, "bad char in struct format");
    return to_utf8(s);
  }
  if (is_bytes(format)) return std::string(bytes_view(unwrap_derived(format).as<Bytes>()));
  return raise(cx, kTypeError, "Struct() argument 1 must be a str or bytes object, not %s",
               TYPE_NAME(format));
}
Result<void> parse_value(Context& cx, Value format, Layout* out) {
  const std::string text = TRY(format_text(cx, format));
  return parse(cx, text, out);
}

void put_bytes(uint8_t* at, uint64_t bits, size_t size, bool little) {
  for (size_t i = 0; i < size; ++i)
    at[little ? i : size - 1 - i] = static_cast<uint8_t>(bits >> (8 * i));
}
uint64_t take_bytes(const uint8_t* at, size_t size, bool little) {
  uint64_t bits = 0;
  for (size_t i = 0; i < size; ++i)
    bits |= static_cast<uint64_t>(at[little ? i : size - 1 - i]) << (8 * i);
  return bits;
}

Result<void> pack_int(Context& cx, char code, size_t size, bool little, Value v, uint64_t* bits) {
  if (!is_int(v)) {
    if (!has_index(v)) return struct_error(cx, "required argument is not an integer");
    v = TRY(to_index(cx, v));
  }
  const Value exact = exact_int(v);
  const bool is_signed = code == 'b' || code == 'h' || code == 'i' || code == 'l' || code == 'q' ||
                         code == 'n' || code == 'P';
  uint64_t scratch;
  const IntView view = int_view(exact, &scratch);
  const uint64_t magnitude = view.size == 0 ? 0 : view.limbs[0];
  *bits = view.negative ? 0 - magnitude : magnitude;
  bool fits = view.size <= 1;
  if (code == 'P') {
    if (!fits) return struct_error(cx, "int too large to convert");
    return {};
  }
  const unsigned width = static_cast<unsigned>(size) * 8;
  const uint64_t half = uint64_t{1} << (width - 1);
  if (is_signed) {
    fits = fits && (view.negative ? magnitude <= half : magnitude < half);
  } else {
    fits = fits && (!view.negative || magnitude == 0) &&
           (width == 64 || magnitude < (uint64_t{1} << width));
  }
  if (fits) return {};
  int64_t small;
  // Only the host's byte order has the named messages for 16 bits.
  if ((size == 1 || (size == 2 && little)) && to_int64(exact, &small)) {
    const char* name = code == 'b'   ? "byte"
                       : code == 'B' ? "ubyte"
                       : code == 'h' ? "short"
                                     : "ushort";
    const char* low = code == 'b' ? "-128" : code == 'h' ? "-32768" : "0";
    const char* high = code == 'b' ? "127" : code == 'B' ? "255" : code == 'h' ? "32767" : "65535";
    return struct_error(cx,
                        std::string(name) + " format requires " + low + " <= number <= " + high);
  }
  if ((size == 4 || (size == 2 && !little)) &&
      (is_signed ? to_int64(exact, &small) : view.size <= 1 && !view.negative)) {
    return struct_error(
        cx, std::string("'") + code + "' format requires " +
                (size == 2 ? (is_signed ? "-32768 <= number <= 32767" : "0 <= number <= 65535")
                           : (is_signed ? "-2147483648 <= number <= 2147483647"
                                        : "0 <= number <= 4294967295")));
  }
  // In the other byte order 64 bits are packed by int.to_bytes' words.
  return struct_error(cx,
                      !little && size == 8 ? "int too large to convert" : "argument out of range");
}
Result<double> float_argument(Context& cx, Value v) {
  auto d = to_double(cx, v);
  if (!d.is_error()) return d;
  if (pending_is(cx, kTypeError)) {
    clear_exception(cx);
    return struct_error(cx, "required argument is not a float");
  }
  return Error{};
}
Result<void> pack_one(Context& cx, const Layout& layout, const Field& f, Value v, uint8_t* at) {
  switch (f.code) {
    case '?':
      *at = TRY(truth(cx, v));
      return {};
    case 'c':
      if (!is_bytes(v) || unwrap_derived(v).as<Bytes>()->length != 1)
        return struct_error(cx, "char format requires a bytes object of length 1");
      *at = unwrap_derived(v).as<Bytes>()->data()[0];
      return {};
    case 's':
    case 'p': {
      if (!is_bytes(v) && !is_bytearray(v))
        return struct_error(cx,
                            std::string("argument for '") + f.code + "' must be a bytes object");
      Buffer b;
      TRY(get_buffer(cx, v, &b));
      if (f.code == 's') {
        std::memcpy(at, b.data, std::min(b.size, f.size));
      } else if (f.size > 0) {
        const size_t n = std::min(b.size, f.size - 1);
        std::memcpy(at + 1, b.data, n);
        *at = static_cast<uint8_t>(std::min<size_t>(n, 255));
      }
      return {};
    }
    case 'd':
      put_bytes(at, std::bit_cast<uint64_t>(TRY(float_argument(cx, v))), 8, layout.little);
      return {};
    case 'f': {
      const double d = TRY(float_argument(cx, v));
      const auto x = static_cast<float>(d);
      if (std::isinf(x) && std::isfinite(d) && !layout.native)
        return raise(cx, kOverflowError, "float too large to pack with f format");
      put_bytes(at, std::bit_cast<uint32_t>(x), 4, layout.little);
      return {};
    }
    case 'e': {
      const double d = TRY(float_argument(cx, v));
      const auto x = static_cast<_Float16>(d);
      if (std::isinf(static_cast<float>(x)) && std::isfinite(d))
        return raise(cx, kOverflowError, "float too large to pack with e format");
      put_bytes(at, std::bit_cast<uint16_t>(x), 2, layout.little);
      return {};
    }
    default: {
      uint64_t bits;
      TRY(pack_int(cx, f.code, f.size, layout.little, v, &bits));
      put_bytes(at, bits, f.size, layout.little);
      return {};
    }
  }
}
Result<Value> pack_values(Context& cx, const Layout& layout, const Value* values, size_t n,
                          const char* name) {
  if (n != layout.values)
    return struct_error(cx, std::string(name) + " expected " + std::to_string(layout.values) +
                                " items for packing (got " + std::to_string(n) + ")");
  std::string out(layout.size, '\0');
  for (const Field& f : layout.fields) {
    for (size_t i = 0; i < f.count; ++i, ++values) {
      if (!pack_one(cx, layout, f, *values,
                    reinterpret_cast<uint8_t*>(out.data()) + f.offset + i * f.size)
               .is_error())
        continue;
      if (!is_int(*values) || !pending_is(cx, kOverflowError)) return Error{};
      clear_exception(cx);
      return struct_error(cx, "int too large to convert");
    }
  }
  return Value(TRY(new_bytes(cx, out.data(), out.size())));
}
Result<Value> unpack_one(Context& cx, const Layout& layout, const Field& f, const uint8_t* at) {
  switch (f.code) {
    case '?':
      return of_bool(*at != 0);
    case 'c':
      return Value(TRY(new_bytes(cx, at, 1)));
    case 's':
      return Value(TRY(new_bytes(cx, at, f.size)));
    case 'p':
      return Value(TRY(new_bytes(cx, at + 1, f.size == 0 ? 0 : std::min<size_t>(*at, f.size - 1))));
    default:
      break;
  }
  const uint64_t bits = take_bytes(at, f.size, layout.little);
  switch (f.code) {
    case 'd':
      return make_float(cx, std::bit_cast<double>(bits));
    case 'f':
      return make_float(cx, static_cast<double>(std::bit_cast<float>(static_cast<uint32_t>(bits))));
    case 'e':
      return make_float(cx, static_cast<double>(static_cast<float>(
                                std::bit_cast<_Float16>(static_cast<uint16_t>(bits)))));
    case 'b':
      return Value::of_int(static_cast<int8_t>(bits));
    case 'h':
      return Value::of_int(static_cast<int16_t>(bits));
    case 'i':
      return Value::of_int(static_cast<int32_t>(bits));
    case 'l':
      return f.size == 4 ? Value::of_int(static_cast<int32_t>(bits))
                         : make_int(cx, static_cast<int64_t>(bits));
    case 'q':
    case 'n':
      return make_int(cx, static_cast<int64_t>(bits));
    default:
      return make_uint(cx, bits);
  }
}
// `bytes` must stay: a C++ copy.
Result<Value> unpack_bytes(Context& cx, const Layout& layout, const std::string& bytes) {
  Tuple* out = TRY(alloc_tuple(cx, layout.values));
  for (size_t i = 0; i < layout.values; ++i) out->items()[i] = kNone;
  size_t at = 0;
  const auto* data = reinterpret_cast<const uint8_t*>(bytes.data());
  for (const Field& f : layout.fields) {
    for (size_t i = 0; i < f.count; ++i, ++at) {
      const Value v = TRY(unpack_one(cx, layout, f, data + f.offset + i * f.size));
      out->items()[at] = v;
      gc::store_barrier(cx, out, out->items() + at);
    }
  }
  return Value(out);
}
Result<std::string> contents(Context& cx, Value buffer) {
  Buffer b;
  TRY(get_buffer(cx, buffer, &b));
  return std::string(b.view());
}

// --- the operations, by format -------------------------------------------------------------------

Result<Value> pack(Context& cx, Value format, Args args) {
  Layout layout;
  TRY(parse_value(cx, format, &layout));
  return pack_values(cx, layout, args.items, args.count, "pack");
}
Result<Value> unpack(Context& cx, Value format, Value buffer) {
  Layout layout;
  TRY(parse_value(cx, format, &layout));
  const std::string bytes = TRY(contents(cx, buffer));
  if (bytes.size() != layout.size)
    return struct_error(cx,
                        "unpack requires a buffer of " + std::to_string(layout.size) + " bytes");
  return unpack_bytes(cx, layout, bytes);
}
Result<Value> unpack_from(Context& cx, Value format, Value buffer, int64_t offset) {
  Layout layout;
  TRY(parse_value(cx, format, &layout));
  const std::string bytes = TRY(contents(cx, buffer));
  const auto n = static_cast<int64_t>(bytes.size()), size = static_cast<int64_t>(layout.size);
  if (offset < 0) {
    if (offset + size > 0)
      return struct_error(cx, "not enough data to unpack " + std::to_string(size) +
                                  " bytes at offset " + std::to_string(offset));
    if (offset + n < 0)
      return struct_error(cx, "offset " + std::to_string(offset) + " out of range for " +
                                  std::to_string(n) + "-byte buffer");
    offset += n;
  }
  if (n - offset < size)
    return struct_error(
        cx, "unpack_from requires a buffer of at least " + std::to_string(size + offset) +
                " bytes for unpacking " + std::to_string(size) + " bytes at offset " +
                std::to_string(offset) + " (actual buffer size is " + std::to_string(n) + ")");
  return unpack_bytes(cx, layout, bytes.substr(static_cast<size_t>(offset), layout.size));
}
Result<void> pack_into(Context& cx, Value format, Value buffer, int64_t offset, Args args) {
  Layout layout;
  TRY(parse_value(cx, format, &layout));
  if (args.count != layout.values)
    return struct_error(cx, "pack_into expected " + std::to_string(layout.values) +
                                " items for packing (got " + std::to_string(args.count) + ")");
  const auto n = static_cast<int64_t>(TRY(contents(cx, buffer)).size()),
             size = static_cast<int64_t>(layout.size);
  if (offset < 0) {
    if (offset + size > 0)
      return struct_error(cx, "no space to pack " + std::to_string(size) + " bytes at offset " +
                                  std::to_string(offset));
    if (offset + n < 0)
      return struct_error(cx, "offset " + std::to_string(offset) + " out of range for " +
                                  std::to_string(n) + "-byte buffer");
    offset += n;
  }
  if (n - offset < size)
    return struct_error(
        cx, "pack_into requires a buffer of at least " + std::to_string(size + offset) +
                " bytes for packing " + std::to_string(size) + " bytes at offset " +
                std::to_string(offset) + " (actual buffer size is " + std::to_string(n) + ")");
  const Value packed = TRY(pack_values(cx, layout, args.items, args.count, "pack_into"));
  return set_item(cx, buffer,
                  new_slice(cx, make_int(cx, offset), make_int(cx, offset + size), kNone), packed);
}
Result<Value> iter_unpack(Context& cx, Value format, Value buffer) {
  Layout layout;
  TRY(parse_value(cx, format, &layout));
  if (layout.size == 0)
    return struct_error(cx, "cannot iteratively unpack with a struct of length 0");
  const size_t n = TRY(contents(cx, buffer)).size();
  if (n % layout.size != 0)
    return struct_error(cx, "iterative unpacking requires a buffer of a multiple of " +
                                std::to_string(layout.size) + " bytes");
  const Value self = alloc_object(cx, unpack_iter_type->shape);
  set_slot(cx, self, UnpackIter::kFormat, format);
  set_slot(cx, self, UnpackIter::kBuffer, buffer);
  set_slot(cx, self, UnpackIter::kOffset, Value::of_int(0));
  set_slot(cx, self, UnpackIter::kSize, make_int(cx, static_cast<int64_t>(layout.size)));
  return self;
}
Result<Value> unpack_iter_step(Context& cx, Value self) {
  const Value buffer = slot(cx, self, UnpackIter::kBuffer);
  if (buffer.is_unset()) return Value();
  const int64_t offset = slot(cx, self, UnpackIter::kOffset).as_int(),
                size = slot(cx, self, UnpackIter::kSize).as_int();
  Layout layout;
  TRY(parse_value(cx, slot(cx, self, UnpackIter::kFormat), &layout));
  const std::string bytes = TRY(contents(cx, buffer));
  if (offset + size > static_cast<int64_t>(bytes.size())) {
    set_slot(cx, self, UnpackIter::kBuffer, Value());
    return Value();
  }
  set_slot(cx, self, UnpackIter::kOffset, Value::of_int(offset + size));
  return unpack_bytes(cx, layout, bytes.substr(static_cast<size_t>(offset), layout.size));
}
Result<int64_t> unpack_iter_hint(Context& cx, Value self) {
  const Value buffer = slot(cx, self, UnpackIter::kBuffer);
  if (buffer.is_unset()) return int64_t{0};
  return (TRY(length(cx, buffer)) - slot(cx, self, UnpackIter::kOffset).as_int()) /
         slot(cx, self, UnpackIter::kSize).as_int();
}
Result<int64_t> calcsize(Context& cx, Value format) {
  Layout layout;
  TRY(parse_value(cx, format, &layout));
  return static_cast<int64_t>(layout.size);
}
Result<void> clear_cache(Context&) { return {}; }

// --- Struct --------------------------------------------------------------------------------------

Value format_of(Context& cx, Value self) { return slot(cx, self, StructSlot::kFormat); }
Result<Value> struct_new(Context& cx, Type* type, Args, Kwargs) {
  return make_native(cx, type, struct_type);
}
Result<void> struct_init(Context& cx, Value self, Value format) {
  const int64_t size = TRY(calcsize(cx, format));
  const std::string text = TRY(format_text(cx, format));
  set_slot(cx, self, StructSlot::kFormat, Value(TRY(new_str(cx, text))));
  set_slot(cx, self, StructSlot::kSize, make_int(cx, size));
  return {};
}
Result<Value> struct_pack(Context& cx, Value self, Args args) {
  return pack(cx, format_of(cx, self), args);
}
Result<Value> struct_unpack(Context& cx, Value self, Value buffer) {
  return unpack(cx, format_of(cx, self), buffer);
}
Result<Value> struct_unpack_from(Context& cx, Value self, Value buffer, int64_t offset) {
  return unpack_from(cx, format_of(cx, self), buffer, offset);
}
Result<void> struct_pack_into(Context& cx, Value self, Value buffer, int64_t offset, Args args) {
  return pack_into(cx, format_of(cx, self), buffer, offset, args);
}
Result<Value> struct_iter_unpack(Context& cx, Value self, Value buffer) {
  return iter_unpack(cx, format_of(cx, self), buffer);
}
Result<Value> get_format(Context& cx, Value self) { return format_of(cx, self); }
Result<Value> get_size(Context& cx, Value self) { return slot(cx, self, StructSlot::kSize); }

constexpr BuiltinDef kStruct[] = {
    static_method<&struct_new>("__new__", "($type, /, *args, **kwargs)"),
    method<&struct_init>("__init__", "($self, /, format)"),
    method<&struct_pack>("pack", "($self, /, *values)"),
    method<&struct_unpack>("unpack", "($self, buffer, /)"),
    method<&struct_unpack_from>("unpack_from", "($self, /, buffer, offset=0)"),
    method<&struct_pack_into>("pack_into", "($self, buffer, offset, /, *values)"),
    method<&struct_iter_unpack>("iter_unpack", "($self, buffer, /)"),
};
constexpr GetSetDef kStructGetSets[] = {{"format", get_format, nullptr, "struct format string"},
                                        {"size", get_size, nullptr, "struct size in bytes"}};
constexpr BuiltinDef kUnpackIter[] = {
    ITERATOR_ROWS(unpack_iter_step),
    method<&unpack_iter_hint>("__length_hint__", "($self, /)"),
};
constexpr BuiltinDef kFunctions[] = {
    function<&calcsize>("calcsize", "(format, /)"),
    function<&pack>("pack", "(format, /, *values)"),
    function<&unpack>("unpack", "(format, buffer, /)"),
    function<&unpack_from>("unpack_from", "(format, /, buffer, offset=0)"),
    function<&pack_into>("pack_into", "(format, buffer, offset, /, *values)"),
    function<&iter_unpack>("iter_unpack", "(format, buffer, /)"),
    function<&clear_cache>("_clearcache", "()"),
};

Result<void> init(Context& cx, Module* m) {
  Dict* ns = new_dict(cx);
  TRY(dict_set_str(cx, ns, "__module__", intern(cx, "struct")));
  const Value bases = TRY(tuple_of(cx, {Value(exception_type(kException))}));
  error_class =
      new gc::Root(TRY(call(cx, types().type, {Value(intern(cx, "error")), bases, Value(ns)})));
  struct_type = keep(
      define_native_class(cx, "_struct.Struct", static_cast<unsigned>(StructSlot::kCount), kStruct,
                          kStructGetSets, nullptr, nullptr, kTypeBaseType | kTypeHasWeakref));
  unpack_iter_type = keep(
      define_native_class(cx, "_struct.unpack_iterator", static_cast<unsigned>(UnpackIter::kCount),
                          kUnpackIter, {}, nullptr, nullptr, kTypeNoInstantiate));
  TRY(module_add(cx, m, "error", error_class->value));
  return module_add_type(cx, m, struct_type);
}

const ModuleDef kModule = {"_struct", kFunctions, init,
                           "Functions to convert between Python values and C structs\nrepresented "
                           "as Python bytes objects."};

}  // namespace

void register__struct() { register_module(kModule); }

}  // namespace pystm::lib
