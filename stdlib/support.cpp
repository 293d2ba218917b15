#include "stdlib/support.h"

#include <array>
#include <cerrno>
#include <cmath>
#include <utility>

#include "vm/object/shapes_internal.h"
#include "vm/object/type_internal.h"
#include "vm/text/codecs.h"
#include "vm/types/support.h"

namespace pystm::lib {

// --- text of the file system ---------------------------------------------------------------------

std::string fs_encode(const Str* s) {
  if (vm::is_ascii(s)) return std::string(reinterpret_cast<const char*>(s->latin1()), s->length);
  text::StandardErrors errors(text::ErrorMode::SurrogateEscape);
  std::string out;
  if (text::encode_utf8(view_of(s), errors, out)) return out;
  return vm::to_utf8(s);
}

Result<Value> fs_decode(Context& cx, std::string_view bytes) {
  text::StandardErrors errors(text::ErrorMode::SurrogateEscape);
  text::TextBuilder out;
  const text::Bytes in(reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size());
  (void)text::decode_utf8(in, errors, out);
  return Value(TRY(finish_text(cx, out)));
}

Result<Value> fspath(Context& cx, Value v) {
  if (is_str(v) || is_bytes(v)) return v;
  Value self;
  const Value f = type_lookup(type_of(v), names().__fspath__);
  if (f.is_unset())
    return raise(cx, kTypeError, "expected str, bytes or os.PathLike object, not %s", TYPE_NAME(v));
  const Value r = TRY(call(cx, TRY(bind_descriptor(cx, f, v, type_of(v))), {}));
  if (is_str(r) || is_bytes(r)) return r;
  return raise(cx, kTypeError, "expected %s.__fspath__() to return str or bytes, not %s",
               TYPE_NAME(v), TYPE_NAME(r));
}

Result<Value> Path::name(Context& cx, std::string_view s) const {
  return is_bytes ? bytes_of(cx, s) : fs_decode(cx, s);
}

Result<void> to_path(Context& cx, Value v, const char* function, const char* argument, int kinds,
                     Path* out) {
  out->object = v;
  if ((kinds & kPathOrNone) && v == kNone) {
    out->text = ".";
    return {};
  }
  if ((kinds & kPathOrFd) && is_int(v)) {
    const int64_t fd = TRY(to_index64(cx, v, kOverflowError));
    if (fd > INT32_MAX) return raise(cx, kOverflowError, "fd is greater than maximum");
    if (fd < INT32_MIN) return raise(cx, kOverflowError, "fd is less than minimum");
    out->fd = static_cast<int>(fd);
    return {};
  }
  Value p = v;
  if (!is_str(v) && !is_bytes(v)) {
    const Value f = type_lookup(type_of(v), names().__fspath__);
    if (f.is_unset()) {
      const char* what = (kinds & kPathOrFd) && (kinds & kPathOrNone)
                             ? "string, bytes, os.PathLike, integer or None"
                         : kinds & kPathOrFd   ? "string, bytes, os.PathLike or integer"
                         : kinds & kPathOrNone ? "string, bytes, os.PathLike or None"
                                               : "string, bytes or os.PathLike";
      return raise(cx, kTypeError, "%s: %s should be %s, not %s", function, argument, what,
                   TYPE_NAME(v));
    }
    p = TRY(fspath(cx, v));
  }
  if (is_str(p)) {
    out->text = fs_encode(TRY(flatten(cx, p)));
  } else {
    out->text = std::string(bytes_view(unwrap_derived(p).as<vm::Bytes>()));
    out->is_bytes = true;
  }
  if (out->text.find('\0') != std::string::npos) {
    return raise(
        cx, kValueError,
        out->is_bytes ? "%s: embedded null character in %s" : "%s: embedded null character in %s",
        function, argument);
  }
  return {};
}

// --- structseq -----------------------------------------------------------------------------------

namespace {

constexpr size_t kMaxFields = 40;

template <size_t I>
Result<Value> get_field(Context& cx, Value self) {
  auto* t = self.as<Tuple>();
  return I < t->length ? (*t)[I] : kNone;
}
template <size_t... I>
constexpr auto getters(std::index_sequence<I...>) {
  return std::array<Result<Value> (*)(Context&, Value), sizeof...(I)>{&get_field<I>...};
}
constexpr auto kGetters = getters(std::make_index_sequence<kMaxFields>());

// Field names and counts of a class, from its `extra`: (names, visible).
Tuple* field_names(Type* type) {
  for (Type* t = type; t != nullptr; t = t->base.ptr)
    if (!t->extra.is_unset()) return (*t->extra.as<Tuple>())[0].as<Tuple>();
  return empty_tuple();
}
size_t visible_fields(Type* type) {
  for (Type* t = type; t != nullptr; t = t->base.ptr)
    if (!t->extra.is_unset()) return static_cast<size_t>((*t->extra.as<Tuple>())[1].as_int());
  return 0;
}

Result<Value> make_instance(Context& cx, Type* type, const Value* items, size_t n) {
  Tuple* all = field_names(type);
  const size_t visible = visible_fields(type);
  Tuple* t = TRY(new_tuple_of(cx, type, items, visible));
  if (all->length > visible) {
    const Value dict = TRY(instance_dict(cx, t, true));
    for (size_t i = visible; i < all->length; ++i)
      TRY(dict_set_str(cx, dict.as<Dict>(), (*all)[i].as<Str>(), i < n ? items[i] : kNone));
  }
  return Value(t);
}

std::string full_name(Type* type) {
  const Value module = dict_peek(type->dict, names().__module__);
  const std::string name = to_utf8(type->name.as<Str>());
  return module.is_unset() ? name : to_utf8(module.as<Str>()) + "." + name;
}

Result<Value> struct_new(Context& cx, Type* type, Value sequence, Value dict) {
  Tuple* given = TRY(to_tuple(cx, sequence));
  Tuple* all = field_names(type);
  const size_t visible = visible_fields(type);
  if (given->length < visible)
    return raise(cx, kTypeError, "%s() takes %s %zu-sequence (%zu-sequence given)",
                 full_name(type).c_str(), all->length > visible ? "an at least" : "a", visible,
                 static_cast<size_t>(given->length));
  if (given->length > all->length)
    return raise(cx, kTypeError, "%s() takes %s %zu-sequence (%zu-sequence given)",
                 full_name(type).c_str(), all->length > visible ? "an at most" : "a",
                 static_cast<size_t>(all->length), static_cast<size_t>(given->length));
  Tuple* items = TRY(alloc_tuple(cx, all->length));
  for (size_t i = 0; i < all->length; ++i)
    items->items()[i] = i < given->length ? (*given)[i] : kNone;
  if (is_dict(dict)) {
    for (size_t i = given->length; i < all->length; ++i) {
      const Value v = dict_get_str(cx, dict.as<Dict>(), (*all)[i].as<Str>());
      if (!v.is_unset()) items->items()[i] = v;
    }
  }
  return make_instance(cx, type, items->items(), items->length);
}

Result<Value> struct_repr(Context& cx, Tuple* self) {
  Type* type = type_of(self);
  Tuple* all = field_names(type);
  StrBuilder out;
  out.add(full_name(type) + "(");
  for (size_t i = 0; i < self->length; ++i) {
    if (i > 0) out.add_ascii(", ");
    const std::string name = vm::to_utf8((*all)[i].as<Str>());
    out.add(name.rfind("_integer_", 0) == 0 ? "st_" + name.substr(9)
                                            : name);  // stat_result's times in whole seconds
    out.add_char('=');
    out.add(TRY(flatten(cx, TRY(repr(cx, (*self)[i])))));
  }
  out.add_char(')');
  return Value(TRY(out.finish(cx)));
}

Result<Value> struct_reduce(Context& cx, Tuple* self) {
  Tuple* plain = TRY(new_tuple(cx, self->items(), self->length));
  const Value hidden = TRY(instance_dict(cx, self, true));
  Dict* copy = TRY(dict_copy(cx, hidden.as<Dict>()));
  const Value args = TRY(new_tuple(cx, {Value(plain), Value(copy)}));
  return Value(TRY(new_tuple(cx, {Value(type_of(self)), args})));
}

constexpr BuiltinDef kStructMethods[] = {
    static_method<&struct_new>("__new__", "($type, sequence, dict=None)"),
    method<&struct_repr>("__repr__", "($self, /)"),
    method<&struct_reduce>("__reduce__", "($self, /)"),
};

}  // namespace

Type* make_structseq(Context& cx, const char* name, std::vector<const char*> fields, size_t visible,
                     const char* doc) {
  CHECK(fields.size() <= kMaxFields);
  auto* getsets = new GetSetDef[visible];
  for (size_t i = 0; i < visible; ++i) getsets[i] = GetSetDef{fields[i], kGetters[i]};
  // Hidden fields live in an attribute dict, which only heap classes get.
  const Word flags = fields.size() > visible ? Word{kTypeHasDict | kTypeHeap} : Word{0};
  Type* type = keep(define_native_class(cx, name, 0, kStructMethods, {getsets, visible}, doc,
                                        types().tuple, flags));
  type->flags &= ~Word{kTypeHeap};
  Tuple* list = alloc_tuple(cx, fields.size()).value();
  for (size_t i = 0; i < fields.size(); ++i) {
    list->items()[i] = intern(cx, fields[i]);
    gc::store_barrier(cx, list, list->items() + i);
  }
  Tuple* extra = new_tuple(cx, {Value(list), Value::of_int(static_cast<int64_t>(visible))}).value();
  type->extra = extra;
  gc::store_barrier(cx, type, &type->extra);
  Tuple* match = new_tuple(cx, list->items(), visible).value();
  auto count = [&](const char* key, size_t n) {
    (void)dict_set_str(cx, type->dict, key, Value::of_int(static_cast<int64_t>(n)));
  };
  count("n_fields", fields.size());
  count("n_sequence_fields", visible);
  count("n_unnamed_fields", 0);
  (void)dict_set_str(cx, type->dict, names().__match_args__, match);
  return type;
}

Result<Value> new_struct(Context& cx, Type* type, const Value* items, size_t n) {
  return make_instance(cx, type, items, n);
}

// --- small things --------------------------------------------------------------------------------

Result<Value> bytes_of(Context& cx, std::string_view data) {
  return Value(TRY(new_bytes(cx, data.data(), data.size())));
}

Result<int> to_fd(Context& cx, Value v) {
  if (!is_int(v) && !v.is_float() && lookup_dunder(v, Dunder::kIndex).is_unset()) {
    const Value f = TRY(find_attr(cx, v, names().fileno));
    if (f.is_unset())
      return raise(cx, kTypeError, "argument must be an int, or have a fileno() method.");
    v = TRY(call(cx, f, {}));
    if (!is_int(v)) return raise(cx, kTypeError, "fileno() returned a non-integer");
  }
  const int64_t fd = TRY(to_index64(cx, v, kOverflowError));
  if (fd < 0)
    return raise(cx, kValueError, "file descriptor cannot be a negative integer (%lld)",
                 static_cast<long long>(fd));
  if (fd > INT32_MAX) return raise(cx, kOverflowError, "Python int too large to convert to C int");
  return static_cast<int>(fd);
}

Result<int64_t> to_nanoseconds(Context& cx, Value seconds, bool round_up) {
  if (is_float(seconds)) {
    const double d = float_value(seconds);
    if (std::isnan(d)) return raise(cx, kValueError, "Invalid value NaN (not a number)");
    const double ns = round_up ? std::ceil(d * 1e9) : std::floor(d * 1e9);
    if (!(ns >= -9.2e18 && ns <= 9.2e18))
      return raise(cx, kOverflowError, "timestamp out of range for platform time_t");
    return static_cast<int64_t>(ns);
  }
  if (!is_int(seconds) && lookup_dunder(seconds, Dunder::kIndex).is_unset())
    return raise(cx, kTypeError, "'%s' object cannot be interpreted as an integer",
                 TYPE_NAME(seconds));
  const int64_t s = TRY(to_index64(cx, seconds, kOverflowError));
  if (s > 9'000'000'000 || s < -9'000'000'000)
    return raise(cx, kOverflowError, "timestamp too large to convert to C _PyTime_t");
  return s * 1'000'000'000;
}

Result<int64_t> blocking(Context& cx, const char* what, const std::function<int64_t()>& work) {
  int64_t result = -1;
  int error = 0;
  // A call cut short by a signal goes on after the handlers have run.
  for (;;) {
    stm::run_outside(cx, what, [&] {
      errno = 0;
      result = work();
      error = errno;
    });
    if (result >= 0 || error != EINTR) break;
    TRY(check_signals(cx));
  }
  errno = error;
  return result;
}

}  // namespace pystm::lib
