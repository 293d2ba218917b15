// bytes: the type, the bodies behind the shared method templates, and the iterator of bytes and
// bytearray.
#include "vm/hash/siphash.h"
#include "vm/types/bytes_methods.h"
#include "vm/types/define.h"
#include "vm/types/int_limits.h"
#include "vm/types/percent.h"

namespace pystm::vm {

// --- buffers -------------------------------------------------------------------------------------

namespace {
struct ProviderRow {
  Type* type;
  BufferProvider provider;
};
std::vector<ProviderRow>& providers() {
  static std::vector<ProviderRow> rows;
  return rows;
}
}  // namespace

void set_buffer_provider(Type* type, BufferProvider provider) {
  providers().push_back({type, provider});
}
BufferProvider buffer_provider(Type* type) {
  for (const ProviderRow& row : providers())
    if (is_subtype(type, row.type)) return row.provider;
  return nullptr;
}

bool is_bytes_like(Value v) {
  if (!v.is_object()) return false;
  return is_bytes(v) || is_bytearray(v) || is_memoryview(v) ||
         (!providers().empty() && buffer_provider(type_of(v)) != nullptr);
}

Result<std::string> memoryview_bytes(Context& cx, MemoryView* m);

Result<void> get_buffer(Context& cx, Value v, Buffer* out) {
  if (is_bytes(v)) {
    auto* b = unwrap_derived(v).as<Bytes>();
    out->data = b->data();
    out->size = b->length;
    return {};
  }
  if (is_bytearray(v)) {
    out->copy = bytearray_copy(cx, v.as<ByteArray>());
  } else if (is_memoryview(v)) {
    auto r = memoryview_bytes(cx, v.as<MemoryView>());
    if (r.is_error()) return Error{};
    out->copy = r.value();
  } else if (BufferProvider provider = v.is_object() ? buffer_provider(type_of(v)) : nullptr) {
    BufferInfo info;
    TRY(provider(cx, v, &info));
    TRY(get_buffer(cx, info.storage, out));
    if (out->copy.empty()) {
      out->data += info.offset;
      out->size = info.size;
      return {};
    }
    out->copy = out->copy.substr(info.offset, info.size);
  } else {
    return raise(cx, kTypeError, "a bytes-like object is required, not '%s'", TYPE_NAME(v));
  }
  out->data = reinterpret_cast<const uint8_t*>(out->copy.data());
  out->size = out->copy.size();
  return {};
}

Result<uint8_t> byte_value(Context& cx, Value v, const char* text) {
  int64_t i;
  const Value exact = TRY(to_index(cx, v));
  if (!to_int64(exact, &i) || i < 0 || i > 255) return raise(cx, kValueError, "%s", text);
  return static_cast<uint8_t>(i);
}

Result<std::string> bytes_from_object(Context& cx, Value source, const char* type,
                                      const char* range_text) {
  if (is_bytes_like(source)) {
    Buffer b;
    TRY(get_buffer(cx, source, &b));
    return std::string(b.view());
  }
  if (is_str(source) || (lookup_dunder(source, Dunder::kIter).is_unset() &&
                         lookup_dunder(source, Dunder::kGetItem).is_unset()))
    return raise(cx, kTypeError, "cannot convert '%s' object to %s", TYPE_NAME(source), type);
  std::string out;
  TRY(for_each(cx, source, [&](Value item) -> Result<void> {
    out.push_back(static_cast<char>(TRY(byte_value(cx, item, range_text))));
    return {};
  }));
  return out;
}

// --- the bodies of bytes_methods.h ---------------------------------------------------------------

namespace bytes_methods {

Result<void> needle_of(Context& cx, Value v, Buffer* out) {
  if (is_bytes_like(v)) return get_buffer(cx, v, out);
  if (!has_index(v))
    return raise(cx, kTypeError, "argument should be integer or bytes-like object, not '%s'",
                 TYPE_NAME(v));
  out->copy.assign(1, static_cast<char>(TRY(byte_value(cx, v))));
  out->data = reinterpret_cast<const uint8_t*>(out->copy.data());
  out->size = 1;
  return {};
}

Result<bool> tail_match(Context& cx, std::string_view self, Value affix, Opt start, Opt end,
                        bool suffix) {
  const char* name = suffix ? "endswith" : "startswith";
  const Range64 r = TRY(search_range(cx, start, end, static_cast<int64_t>(self.size())));
  auto matches = [&](Value one) -> Result<bool> {
    Buffer b;
    TRY(get_buffer(cx, one, &b));
    const auto n = static_cast<int64_t>(b.size);
    if (r.end - r.start < n) return false;
    return self.substr(static_cast<size_t>(suffix ? r.end - n : r.start), b.size) == b.view();
  };
  if (is_tuple(affix)) {
    auto* all = affix.as<Tuple>();
    for (size_t i = 0; i < all->length; ++i)
      if (TRY(matches((*all)[i]))) return true;
    return false;
  }
  if (!is_bytes_like(affix))
    return raise(cx, kTypeError, "%s first arg must be bytes or a tuple of bytes, not %s", name,
                 TYPE_NAME(affix));
  return matches(affix);
}

Result<std::string> join_all(Context& cx, std::string_view separator, Value iterable) {
  if (lookup_dunder(iterable, Dunder::kIter).is_unset() &&
      lookup_dunder(iterable, Dunder::kGetItem).is_unset())
    return raise(cx, kTypeError, "can only join an iterable");
  Tuple* items = TRY(to_tuple(cx, iterable));
  std::string out;
  for (size_t i = 0; i < items->length; ++i) {
    const Value item = (*items)[i];
    if (!is_bytes_like(item))
      return raise(cx, kTypeError, "sequence item %zu: expected a bytes-like object, %s found", i,
                   TYPE_NAME(item));
    if (i > 0) out += separator;
    Buffer b;
    TRY(get_buffer(cx, item, &b));
    out += b.view();
  }
  return out;
}

Result<char32_t> fill_byte(Context& cx, Value fill, const char* name) {
  if (fill.is_unset()) return U' ';
  if (is_bytes(fill) || is_bytearray(fill)) {
    Buffer b;
    TRY(get_buffer(cx, fill, &b));
    if (b.size == 1) return char32_t{b.data[0]};
  }
  return raise(cx, kTypeError, "%s() argument 2 must be a byte string of length 1, not %s", name,
               TYPE_NAME(fill));
}

Result<std::string> translate_bytes(Context& cx, std::string_view s, Value table, Value gone,
                                    bool* same) {
  Buffer map, drop;
  if (table != kNone) {
    TRY(get_buffer(cx, table, &map));
    if (map.size != 256)
      return raise(cx, kValueError, "translation table must be 256 characters long");
  }
  bool dropped[256] = {};
  if (!gone.is_unset()) {
    TRY(get_buffer(cx, gone, &drop));
    for (size_t i = 0; i < drop.size; ++i) dropped[drop.data[i]] = true;
  }
  std::string out;
  out.reserve(s.size());
  for (const char c : s) {
    const auto byte = static_cast<uint8_t>(c);
    if (!dropped[byte]) out.push_back(map.data == nullptr ? c : static_cast<char>(map.data[byte]));
  }
  *same = out == s;
  return out;
}

Result<Value> maketrans(Context& cx, Value from, Value to) {
  Buffer a, b;
  TRY(get_buffer(cx, from, &a));
  TRY(get_buffer(cx, to, &b));
  if (a.size != b.size) return raise(cx, kValueError, "maketrans arguments must have same length");
  uint8_t table[256];
  for (unsigned i = 0; i < 256; ++i) table[i] = static_cast<uint8_t>(i);
  for (size_t i = 0; i < a.size; ++i) table[a.data[i]] = b.data[i];
  return Value(TRY(new_bytes(cx, table, 256)));
}

namespace {
Result<char> separator_byte(Context& cx, Value sep) {
  if (is_str(sep)) {
    Str* s = TRY(flatten(cx, sep));
    if (s->length != 1) return raise(cx, kValueError, "sep must be length 1.");
    if (!is_ascii(s)) return raise(cx, kValueError, "sep must be ASCII.");
    return static_cast<char>(s->latin1()[0]);
  }
  if (!is_bytes(sep)) {
    (void)TRY(length(cx, sep));
    return raise(cx, kTypeError, "sep must be str or bytes.");
  }
  const std::string_view s = bytes_view(unwrap_derived(sep).as<Bytes>());
  if (s.size() != 1) return raise(cx, kValueError, "sep must be length 1.");
  if (static_cast<uint8_t>(s[0]) > 127) return raise(cx, kValueError, "sep must be ASCII.");
  return s[0];
}
int hex_digit(char32_t c) {
  if (c >= '0' && c <= '9') return static_cast<int>(c - '0');
  const char32_t lower = c | 0x20;
  return lower >= 'a' && lower <= 'f' ? static_cast<int>(lower - 'a' + 10) : -1;
}
}  // namespace

Result<Value> to_hex(Context& cx, std::string_view s, Opt sep, int bytes_per_sep) {
  const bool separated = sep.given();
  const char between = separated ? TRY(separator_byte(cx, sep.value)) : ' ';
  const size_t group = bytes_per_sep < 0 ? static_cast<size_t>(-static_cast<int64_t>(bytes_per_sep))
                                         : static_cast<size_t>(bytes_per_sep);
  std::string out;
  static constexpr char kDigits[] = "0123456789abcdef";
  for (size_t i = 0; i < s.size(); ++i) {
    // Groups are counted from the right for positive sizes, from the left for negative ones.
    const size_t distance = bytes_per_sep < 0 ? i : s.size() - i;
    if (separated && group > 0 && i > 0 && distance % group == 0) out.push_back(between);
    const auto byte = static_cast<uint8_t>(s[i]);
    out.push_back(kDigits[byte >> 4]);
    out.push_back(kDigits[byte & 15]);
  }
  return Value(TRY(new_str(cx, out)));
}

Result<std::string> from_hex(Context& cx, Str* s) {
  std::string out;
  for (size_t i = 0; i < s->length;) {
    if (text::is_ascii_space(char_at(s, i))) {
      ++i;
      continue;
    }
    for (size_t k = i; k < i + 2; ++k)
      if (k >= s->length || hex_digit(char_at(s, k)) < 0)
        return raise(cx, kValueError,
                     "non-hexadecimal number found in fromhex() arg at position %zu", k);
    out.push_back(static_cast<char>(hex_digit(char_at(s, i)) * 16 + hex_digit(char_at(s, i + 1))));
    i += 2;
  }
  return out;
}

Result<Value> decode_view(Context& cx, Value object, std::string_view data, Opt encoding,
                          Opt errors) {
  auto name = [&](Opt v, const char* what) -> Result<Str*> {
    if (!is_str(v.value))
      return raise(cx, kTypeError, "decode() argument '%s' must be str, not %s", what,
                   v.value == kNone ? "None" : TYPE_NAME(v.value));
    return flatten(cx, v.value);
  };
  Str* codec = encoding.given() ? TRY(name(encoding, "encoding")) : nullptr;
  Str* handler = errors.given() ? TRY(name(errors, "errors")) : nullptr;
  return decode_with_codec(cx, object, data, codec, handler);
}

Result<std::string> repeat(Context& cx, std::string_view s, int64_t n) {
  if (n == 0 || s.empty()) return std::string();
  if (static_cast<uint64_t>(n) > (uint64_t{1} << 40) / s.size()) return raise_no_memory(cx);
  std::string out;
  out.reserve(s.size() * static_cast<size_t>(n));
  for (int64_t i = 0; i < n; ++i) out += s;
  return out;
}

}  // namespace bytes_methods

// --- bytes % args --------------------------------------------------------------------------------

namespace {

Result<void> percent_bytes_text(Context& cx, Value v, const text::PercentSpec& spec,
                                text::TextBuilder& out) {
  if (spec.conversion == 'r' || spec.conversion == 'a') {
    const Value text = TRY(ascii(cx, v));
    text::percent_text(view_of(TRY(flatten(cx, text))), spec, out);
    return {};
  }
  Value source = v;
  if (!is_bytes_like(v)) {
    source = TRY(call_special(cx, v, Dunder::kBytes, {}));
    if (source.is_unset())
      return raise(
          cx, kTypeError,
          "%%b requires a bytes-like object, or an object that implements __bytes__, not '%s'",
          TYPE_NAME(v));
    if (!is_bytes(source))
      return raise(cx, kTypeError, "__bytes__ returned non-bytes (type %s)", TYPE_NAME(source));
  }
  Buffer b;
  TRY(get_buffer(cx, source, &b));
  text::percent_text(text::TextView(b.view()), spec, out);
  return {};
}

Result<void> percent_bytes_char(Context& cx, Value v, const text::PercentSpec& spec,
                                text::TextBuilder& out) {
  char c;
  if (is_bytes(v) || is_bytearray(v)) {
    Buffer b;
    TRY(get_buffer(cx, v, &b));
    if (b.size != 1)
      return raise(cx, kTypeError, "%%c requires an integer in range(256) or a single byte");
    c = static_cast<char>(b.data[0]);
  } else {
    if (!has_index(v))
      return raise(cx, kTypeError, "%%c requires an integer in range(256) or a single byte");
    int64_t i;
    const Value exact = TRY(to_index(cx, v));
    if (!to_int64(exact, &i) || i < 0 || i > 255)
      return raise(cx, kOverflowError, "%%c arg not in range(256)");
    c = static_cast<char>(i);
  }
  text::percent_text(text::TextView(std::string_view(&c, 1)), spec, out);
  return {};
}

Result<void> percent_bytes_one(Context& cx, Value v, const text::PercentSpec& spec,
                               text::TextBuilder& out) {
  switch (spec.conversion) {
    case 's':
    case 'b':
    case 'r':
    case 'a':
      return percent_bytes_text(cx, v, spec, out);
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X': {
      const Value i = TRY(percent_integer(cx, v, spec.conversion));
      BigScratch scratch;
      text::percent_int(big_view(i, &scratch), spec, out);
      return {};
    }
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
      if (!is_float(v) && !is_int(v) && lookup_dunder(v, Dunder::kFloat).is_unset() &&
          !has_index(v))
        return raise(cx, kTypeError, "float argument required, not %s", TYPE_NAME(v));
      text::percent_float(TRY(to_double(cx, v)), spec, out);
      return {};
    case 'c':
      return percent_bytes_char(cx, v, spec, out);
    default:
      return raise_format_error(cx, text::unsupported_conversion(spec));
  }
}

}  // namespace

Result<std::string> bytes_percent(Context& cx, std::string_view format, Value args_value) {
  const bool mapping = !is_tuple(args_value) && !is_str(args_value) && !is_bytes(args_value) &&
                       !is_bytearray(args_value) &&
                       !lookup_dunder(args_value, Dunder::kGetItem).is_unset();
  PercentArgs args(args_value, mapping);
  const text::TextView view(format);
  text::TextBuilder out;
  for (size_t at = 0; at < format.size();) {
    const size_t percent = format.find('%', at);
    if (percent == std::string_view::npos) {
      out.append(view.substr(at));
      break;
    }
    out.append(view.substr(at, percent - at));
    at = percent + 1;
    if (at < format.size() && format[at] == '%') {
      out.append(U'%');
      ++at;
      continue;
    }
    if (at < format.size() && format[at] == '(' && !args.has_mapping())
      return raise(cx, kTypeError, "format requires a mapping");
    text::PercentSpec spec;
    if (const auto e = text::parse_percent(view, at, spec)) return raise_format_error(cx, e);
    if (spec.has_key) {
      const Value key =
          TRY(new_bytes(cx, format.data() + spec.key.start, spec.key.end - spec.key.start));
      args.take(TRY(get_item(cx, args.mapping(), key)));
    }
    TRY(percent_stars(cx, args, spec));
    TRY(percent_bytes_one(cx, TRY(args.next(cx)), spec, out));
    at = spec.end;
  }
  if (args.left_over())
    return raise(cx, kTypeError, "not all arguments converted during bytes formatting");
  return std::string(bytes_methods::built(out));
}

// --- bytes ---------------------------------------------------------------------------------------

namespace bytes_methods {
namespace {

Result<Value> contents(Context& cx, Opt source, Opt encoding, Opt errors) {
  if (!source.given()) {
    if (encoding.given() || errors.given())
      return raise(cx, kTypeError,
                   encoding.given() ? "encoding without a string argument"
                                    : "errors without a string argument");
    return Value(TRY(new_bytes(cx, nullptr, 0)));
  }
  const Value v = source.value;
  if (encoding.given() || errors.given()) {
    if (!is_str(v))
      return raise(cx, kTypeError,
                   encoding.given() ? "encoding without a string argument"
                                    : "errors without a string argument");
    if (!encoding.given()) return raise(cx, kTypeError, "string argument without an encoding");
    return call_method(cx, v, "encode",
                       {encoding.given() ? encoding.value : Value(intern(cx, "utf-8")),
                        errors.given() ? errors.value : Value(intern(cx, "strict"))});
  }
  if (is_exact_bytes(v)) return v;
  const Value made = is_str(v) ? Value() : TRY(call_special(cx, v, Dunder::kBytes, {}));
  if (!made.is_unset()) {
    if (!is_bytes(made))
      return raise(cx, kTypeError, "__bytes__ returned non-bytes (type %s)", TYPE_NAME(made));
    return made;
  }
  if (is_str(v)) return raise(cx, kTypeError, "string argument without an encoding");
  if (has_index(v)) {
    auto size = to_index64(cx, v, kOverflowError);
    if (size.is_error()) return Error{};
    if (size.value() < 0) return raise(cx, kValueError, "negative count");
    Bytes* b = TRY(alloc_bytes(cx, static_cast<size_t>(size.value())));
    std::memset(b->data(), 0, b->length);
    return Value(b);
  }
  const auto data = bytes_from_object(cx, v, "bytes", "bytes must be in range(0, 256)");
  if (data.is_error()) return Error{};
  const std::string text = data.value();
  return Value(TRY(new_bytes(cx, text.data(), text.size())));
}

Result<Value> make(Context& cx, Value cls, Opt source, Opt encoding, Opt errors) {
  Type* type = TRY(type_argument(cx, cls, types().bytes));
  const Value v = TRY(contents(cx, source, encoding, errors));
  return type == types().bytes ? v : new_derived(cx, type, unwrap_derived(v));
}

Result<int64_t> len(Context&, BytesSelf self) { return static_cast<int64_t>(self.data.size()); }

Result<Value> getitem(Context& cx, BytesSelf self, Value key) {
  const auto n = static_cast<int64_t>(self.data.size());
  if (is_slice(key)) {
    const SliceBounds b = TRY(slice_bounds(cx, key.as<Slice>(), n));
    if (b.step == 1) {
      if (b.count == n) return unchanged(cx, self);
      return make_like<BytesSelf>(
          cx, self.data.substr(static_cast<size_t>(std::min(b.start, n)),
                               static_cast<size_t>(std::max<int64_t>(b.count, 0))));
    }
    std::string out;
    for (int64_t k = 0, i = b.start; k < b.count; ++k, i += b.step)
      out.push_back(self.data[static_cast<size_t>(i)]);
    return make_like<BytesSelf>(cx, out);
  }
  const int64_t i = TRY(subscript(cx, key, n, "byte indices must be integers or slices"));
  if (i < 0 || i >= n) return raise(cx, kIndexError, "index out of range");
  return Value::of_int(static_cast<uint8_t>(self.data[static_cast<size_t>(i)]));
}

Result<int64_t> hash_of(Context&, BytesSelf self) {
  return bytes_hash(unwrap_derived(self.object).as<Bytes>());
}

Result<Value> iter(Context& cx, BytesSelf self) {
  auto* it = alloc<BytesIter>(cx, kShapeBytesIter);
  stm::init_state(cx, it).sequence = unwrap_derived(self.object);
  return Value(it);
}
Result<Value> to_bytes(Context& cx, BytesSelf self) { return unchanged(cx, self); }
Result<Value> getnewargs(Context& cx, BytesSelf self) {
  const Value plain = TRY(unchanged(cx, self));
  return tuple_of(cx, {plain});
}
Result<Value> size_of(Context& cx, BytesSelf self) {
  return make_int(cx, 33 + static_cast<int64_t>(self.data.size()));
}

constexpr BuiltinDef kMethods[] = {
    static_method<&make>("__new__", "($type, source=unset, encoding=unset, errors=unset)"),
    SHARED_BYTES_ROWS(BytesSelf),
    method<&len>("__len__", "($self, /)", Effects::kPure),
    method<&getitem>("__getitem__", "($self, key, /)"),
    method<&hash_of>("__hash__", "($self, /)", Effects::kPure),
    method<&iter>("__iter__", "($self, /)", Effects::kPure),
    method<&to_bytes>("__bytes__", "($self, /)", Effects::kPure),
    method<&getnewargs>("__getnewargs__", "($self, /)", Effects::kPure),
    method<&size_of>("__sizeof__", "($self, /)", Effects::kPure),
};

// --- iterator ------------------------------------------------------------------------------------

int64_t sequence_length(Context& cx, Value s) {
  return is_bytearray(s) ? bytearray_length(cx, s.as<ByteArray>())
                         : static_cast<int64_t>(s.as<Bytes>()->length);
}

Result<Value> next(Context& cx, Value self) {
  stm::Write<BytesIter> w(cx, self.as<BytesIter>());
  const Value s = w->sequence;
  if (s.is_unset()) return Value();
  const int64_t i = w->index;
  int byte = -1;
  if (is_bytearray(s)) {
    auto* b = s.as<ByteArray>();
    for (;;) {
      stm::Peek<ByteArray> r(b);
      byte = static_cast<Word>(i) < r->size && static_cast<Word>(i) < r->storage->length
                 ? r->storage->data()[i]
                 : -1;
      if (stm::read_check(cx, b)) break;
    }
  } else if (i < static_cast<int64_t>(s.as<Bytes>()->length)) {
    byte = s.as<Bytes>()->data()[i];
  }
  if (byte < 0) {
    w.set(&BytesIter::State::sequence, Value());
    return Value();
  }
  w.set(&BytesIter::State::index, i + 1);
  return Value::of_int(byte);
}
Result<int64_t> hint(Context& cx, BytesIter* self) {
  stm::Read<BytesIter> r(cx, self);
  if (r->sequence.is_unset()) return int64_t{0};
  return std::max<int64_t>(sequence_length(cx, r->sequence) - r->index, 0);
}
Result<Value> reduce(Context& cx, BytesIter* self) {
  stm::Read<BytesIter> r(cx, self);
  return reduce_iterator(cx, "iter", r->sequence, empty_tuple(), r->index);
}
Result<Value> setstate(Context& cx, BytesIter* self, int64_t index) {
  stm::Write<BytesIter> w(cx, self);
  if (!w->sequence.is_unset())
    w.set(&BytesIter::State::index,
          std::clamp<int64_t>(index, 0, sequence_length(cx, w->sequence)));
  return kNone;
}
constexpr BuiltinDef kIterMethods[] = {
    method<&iter_self<BytesIter>>("__iter__", "($self, /)", Effects::kPure),
    method<&next_method<BytesIter, &next>>("__next__", "($self, /)", Effects::kWritesSelf),
    method<&hint>("__length_hint__", "($self, /)", Effects::kReads),
    method<&reduce>("__reduce__", "($self, /)"),
    method<&setstate>("__setstate__", "($self, state, /)"),
};
Type* array_iterator_type = nullptr;

}  // namespace
}  // namespace bytes_methods

Value new_bytearray_iter(Context& cx, Value array) {
  auto* it = alloc_for<BytesIter>(cx, bytes_methods::array_iterator_type);
  stm::init_state(cx, it).sequence = array;
  return it;
}

void define_bytes_types(Context& cx) {
  static constexpr TypeDef kBytes = {
      .name = "bytes",
      .kind = Kind::kBytes,
      .slot = &Types::bytes,
      .flags = kTypeBaseType | kTypeMatchSelf,
      .methods = bytes_methods::kMethods,
      .doc =
          "bytes(iterable_of_ints) -> bytes\nbytes(string, encoding[, errors]) -> bytes\n"
          "bytes(bytes_or_buffer) -> immutable copy of bytes_or_buffer\n"
          "bytes(int) -> bytes object of size given by the parameter initialized with null bytes\n"
          "bytes() -> empty bytes object\n\nConstruct an immutable array of bytes from:\n"
          "  - an iterable yielding integers in range(256)\n"
          "  - a text string encoded using the specified encoding\n"
          "  - any object implementing the buffer API.\n  - an integer"};
  static constexpr TypeDef kIter = {.name = "bytes_iterator",
                                    .kind = Kind::kBytesIter,
                                    .slot = &Types::bytes_iterator,
                                    .flags = kTypeNoInstantiate,
                                    .methods = bytes_methods::kIterMethods};
  static constexpr TypeDef kArrayIter = {.name = "bytearray_iterator",
                                         .kind = Kind::kBytesIter,
                                         .flags = kTypeNoInstantiate,
                                         .methods = bytes_methods::kIterMethods};
  define_type(cx, kBytes);
  define_type(cx, kIter);
  bytes_methods::array_iterator_type = define_type(cx, kArrayIter);
  set_native_next(Kind::kBytesIter, &bytes_methods::next);
  define_bytearray(cx);
  define_memoryview(cx);
}

}  // namespace pystm::vm
