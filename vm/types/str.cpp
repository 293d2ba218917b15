// str: constructor, dunders, questions and case, and the table of all its methods.
#include "vm/object/str.h"

#include "vm/runtime/codec_registry.h"
#include "vm/runtime/kernels.h"
#include "vm/text/format_spec.h"
#include "vm/text/str_ops.h"
#include "vm/types/define.h"
#include "vm/types/str_methods.h"

namespace pystm::vm::str_methods {
namespace {

Type* ascii_iterator_type = nullptr;

Result<Str*> codec_argument(Context& cx, Value v, const char* name, const char* function) {
  if (!is_str(v))
    return raise(cx, kTypeError, "%s() argument '%s' must be str, not %s", function, name,
                 v == kNone ? "None" : TYPE_NAME(v));
  return flatten(cx, v);
}

// --- construction --------------------------------------------------------------------------------

Result<Value> decode_object(Context& cx, Value object, Str* encoding, Str* errors) {
  if (is_str(object)) return raise(cx, kTypeError, "decoding str is not supported");
  if (!is_bytes_like(object))
    return raise(cx, kTypeError, "decoding to str: need a bytes-like object, %s found",
                 TYPE_NAME(object));
  Buffer buffer;
  TRY(get_buffer(cx, object, &buffer));
  return decode_with_codec(cx, object, buffer.view(), encoding, errors);
}

Result<Value> make(Context& cx, Value cls, Opt object, Opt encoding, Opt errors) {
  Type* type = TRY(type_argument(cx, cls, types().str));
  Value text;
  if (!object.given()) {
    text = empty_str();
  } else if (!encoding.given() && !errors.given()) {
    text = TRY(vm::str(cx, object.value));
  } else {
    Str* codec =
        encoding.given() ? TRY(codec_argument(cx, encoding.value, "encoding", "str")) : nullptr;
    Str* handler =
        errors.given() ? TRY(codec_argument(cx, errors.value, "errors", "str")) : nullptr;
    text = TRY(decode_object(cx, object.value, codec, handler));
  }
  if (type == types().str) return text;
  return new_derived(cx, type, TRY(flatten(cx, text)));
}

Result<Value> encode(Context& cx, StrSelf self, Opt encoding, Opt errors) {
  Str* codec =
      encoding.given() ? TRY(codec_argument(cx, encoding.value, "encoding", "encode")) : nullptr;
  Str* handler =
      errors.given() ? TRY(codec_argument(cx, errors.value, "errors", "encode")) : nullptr;
  return encode_with_codec(cx, self, codec, handler);
}

// --- dunders -------------------------------------------------------------------------------------

Result<Value> to_str(Context&, StrSelf self) {
  return is_exact_str(self.object) ? self.object : self.same();
}
Result<Value> to_repr(Context& cx, StrSelf self) { return vm::str_repr(cx, self); }
Result<int64_t> hash_of(Context&, StrSelf self) { return str_hash(self); }
Result<int64_t> len(Context& cx, Value self) {
  if (!is_str(self)) return raise_wrong_self(cx, self, ArgInfo{nullptr, 0}, "str");
  return static_cast<int64_t>(str_length(self));
}

template <CompareOp Op>
Result<Value> rich_compare(Context& cx, StrSelf self, Value other) {
  if (!is_str(other)) return kNotImplemented;
  Str* b = TRY(flatten(cx, other));
  if (Op == CompareOp::kEq) return of_bool(str_equal(self, b));
  if (Op == CompareOp::kNe) return of_bool(!str_equal(self, b));
  return of_bool(holds(Op, str_compare(self, b), 0));
}

Result<Value> add(Context& cx, Value self, Value other) {
  if (!is_str(self)) return raise_wrong_self(cx, self, ArgInfo{Bound<&add>::def(), 0}, "str");
  if (!is_str(other)) return cannot_concat(cx, self, other, "str");
  return str_concat(cx, unwrap_derived(self), unwrap_derived(other));
}

Result<Value> mul(Context& cx, StrSelf self, Value n) {
  const auto count = static_cast<size_t>(TRY(repeat_count(cx, n)));
  if (count == 1) return self.same();
  if (count == 0 || self->length == 0) return Value(empty_str());
  if (count > (size_t{1} << 60) / self->length) return raise_no_memory(cx);
  const size_t unit = width_of(self), bytes = self->length * unit;
  Str* out = TRY(alloc_str(cx, self->length * count, static_cast<unsigned>(unit)));
  // Doubling what is there already.
  std::memcpy(out->latin1(), self->latin1(), bytes);
  for (size_t done = bytes; done < bytes * count;) {
    const size_t step = std::min(done, bytes * count - done);
    std::memcpy(out->latin1() + done, out->latin1(), step);
    done += step;
  }
  seal_str(out);
  return Value(out);
}
Result<Value> rmul(Context& cx, StrSelf self, Value n) { return mul(cx, self, n); }

Result<bool> contains_text(Context& cx, StrSelf self, Value item) {
  if (!is_str(item))
    return raise(cx, kTypeError, "'in <string>' requires string as left operand, not %s",
                 TYPE_NAME(item));
  return str_contains(self, TRY(flatten(cx, item)));
}

Result<Value> getitem(Context& cx, StrSelf self, Value key) {
  const auto n = static_cast<int64_t>(self->length);
  if (is_slice(key)) {
    const SliceBounds b = TRY(slice_bounds(cx, key.as<Slice>(), n));
    if (b.count <= 0) return Value(empty_str());
    if (b.step == 1)
      return Value(TRY(str_slice(cx, self, static_cast<size_t>(b.start),
                                 static_cast<size_t>(b.start + b.count))));
    std::u32string out(static_cast<size_t>(b.count), U'\0');
    for (int64_t k = 0, i = b.start; k < b.count; ++k, i += b.step)
      out[static_cast<size_t>(k)] = char_at(self, static_cast<size_t>(i));
    return Value(TRY(new_str_ucs4(cx, out.data(), out.size())));
  }
  if (!has_index(key))
    return raise(cx, kTypeError, "string indices must be integers, not '%s'", TYPE_NAME(key));
  const int64_t i = TRY(subscript(cx, key, n, ""));
  if (i < 0 || i >= n) return raise(cx, kIndexError, "string index out of range");
  return Value(str_of_char(cx, char_at(self, static_cast<size_t>(i))));
}

Result<Value> iter(Context& cx, StrSelf self) {
  auto* it = is_ascii(self.s) ? alloc_for<StrIter>(cx, ascii_iterator_type)
                              : alloc<StrIter>(cx, kShapeStrIter);
  stm::init_state(cx, it).sequence = self.s;
  return Value(it);
}

Result<Value> dunder_format(Context& cx, StrSelf self, Str* spec) {
  text::TextBuilder out;
  const std::string name = type_name(self.object);
  if (const auto e = text::format_str(view_of(self), view_of(spec), out, name))
    return raise(cx, e.kind == text::FormatError::OverflowError ? kOverflowError : kValueError,
                 "%s", e.message.c_str());
  return Value(TRY(finish_text(cx, out)));
}

Result<Value> getnewargs(Context& cx, StrSelf self) { return tuple_of(cx, {self.same()}); }

Result<Value> size_of(Context& cx, StrSelf self) {
  const auto n = static_cast<int64_t>(self->length);
  if (is_ascii(self.s)) return make_int(cx, 49 + n);
  const int64_t width = width_of(self);
  return make_int(cx, 72 + width * (n + 1));
}

// --- case and padding ----------------------------------------------------------------------------

template <text::CaseOp Op>
Result<Value> change_case(Context& cx, StrSelf self) {
  text::TextBuilder out;
  text::change_case(view_of(self), Op, text::Rules::Unicode, out);
  return Value(TRY(finish_text(cx, out)));
}

template <text::Kind K>
Result<bool> is_all(Context&, StrSelf self) {
  return text::is_all(view_of(self), K);
}

Result<char32_t> fill_character(Context& cx, Value fill) {
  if (!is_str(fill))
    return raise(cx, kTypeError, "The fill character must be a unicode character, not %s",
                 TYPE_NAME(fill));
  Str* s = TRY(flatten(cx, fill));
  if (s->length != 1)
    return raise(cx, kTypeError, "The fill character must be exactly one character long");
  return char_at(s, 0);
}

enum class Justify : uint8_t { kLeft, kRight, kCenter };

template <Justify How>
Result<Value> justify(Context& cx, StrSelf self, int64_t width, Value fill) {
  const char32_t c = TRY(fill_character(cx, fill));
  const auto n = static_cast<int64_t>(self->length);
  if (width <= n) return self.same();
  if (width > int64_t{1} << 40) return raise_no_memory(cx);
  const auto space = static_cast<size_t>(width - n);
  const size_t left = How == Justify::kLeft ? 0
                      : How == Justify::kRight
                          ? space
                          : text::center_left(self->length, static_cast<size_t>(width));
  text::TextBuilder out;
  text::pad(view_of(self), left, space - left, c, out);
  return Value(TRY(finish_text(cx, out)));
}

Result<Value> zfill(Context& cx, StrSelf self, int64_t width) {
  if (width <= static_cast<int64_t>(self->length)) return self.same();
  if (width > int64_t{1} << 40) return raise_no_memory(cx);
  text::TextBuilder out;
  text::zfill(view_of(self), static_cast<size_t>(width), out);
  return Value(TRY(finish_text(cx, out)));
}

Result<Value> expandtabs(Context& cx, StrSelf self, int tabsize) {
  text::TextBuilder out;
  text::expand_tabs(view_of(self), tabsize < 0 ? 0 : static_cast<size_t>(tabsize), out);
  return Value(TRY(finish_text(cx, out)));
}

constexpr BuiltinDef kMethods[] = {
    static_method<&make>("__new__", "($type, object='', encoding=unset, errors=unset)"),
    method<&to_str>("__str__", "($self, /)", Effects::kPure),
    method<&to_repr>("__repr__", "($self, /)", Effects::kPure),
    method<&hash_of>("__hash__", "($self, /)", Effects::kPure),
    method<&len>("__len__", "($self, /)", Effects::kPure),
    COMPARE_ROWS(rich_compare, Effects::kPure),
    method<&add>("__add__", "($self, value, /)"),
    method<&mul>("__mul__", "($self, value, /)"),
    method<&rmul>("__rmul__", "($self, value, /)"),
    method<&mod>("__mod__", "($self, value, /)"),
    method<&rmod>("__rmod__", "($self, value, /)"),
    method<&contains_text>("__contains__", "($self, key, /)", Effects::kPure),
    method<&getitem>("__getitem__", "($self, key, /)"),
    method<&iter>("__iter__", "($self, /)", Effects::kPure),
    method<&dunder_format>("__format__", "($self, format_spec, /)", Effects::kPure),
    method<&getnewargs>("__getnewargs__", "($self, /)", Effects::kPure),
    method<&size_of>("__sizeof__", "($self, /)", Effects::kPure),
    method<&encode>("encode", "($self, /, encoding='utf-8', errors='strict')"),
    method<&replace>("replace", "($self, old, new, count=-1, /)", Effects::kPure),
    method<&split>("split", "($self, /, sep=None, maxsplit=-1)", Effects::kPure),
    method<&rsplit>("rsplit", "($self, /, sep=None, maxsplit=-1)", Effects::kPure),
    with_kernels(method<&join>("join", "($self, iterable, /)")),
    method<&change_case<text::CaseOp::Capitalize>>("capitalize", "($self, /)", Effects::kPure),
    method<&change_case<text::CaseOp::Fold>>("casefold", "($self, /)", Effects::kPure),
    method<&change_case<text::CaseOp::Title>>("title", "($self, /)", Effects::kPure),
    method<&justify<Justify::kCenter>>("center", "($self, width, fillchar=' ', /)", Effects::kPure),
    worded(Wording::kParsed, method<&count>("count", "($self, sub, start=None, end=None, /)")),
    method<&expandtabs>("expandtabs", "($self, /, tabsize=8)", Effects::kPure),
    worded(Wording::kParsed, method<&find>("find", "($self, sub, start=None, end=None, /)")),
    method<&partition>("partition", "($self, sep, /)", Effects::kPure),
    worded(Wording::kParsed, method<&index_of>("index", "($self, sub, start=None, end=None, /)")),
    method<&justify<Justify::kLeft>>("ljust", "($self, width, fillchar=' ', /)", Effects::kPure),
    method<&change_case<text::CaseOp::Lower>>("lower", "($self, /)", Effects::kPure),
    method<&lstrip>("lstrip", "($self, chars=None, /)", Effects::kPure),
    worded(Wording::kParsed, method<&rfind>("rfind", "($self, sub, start=None, end=None, /)")),
    worded(Wording::kParsed, method<&rindex_of>("rindex", "($self, sub, start=None, end=None, /)")),
    method<&justify<Justify::kRight>>("rjust", "($self, width, fillchar=' ', /)", Effects::kPure),
    method<&rstrip>("rstrip", "($self, chars=None, /)", Effects::kPure),
    method<&rpartition>("rpartition", "($self, sep, /)", Effects::kPure),
    method<&splitlines>("splitlines", "($self, /, keepends=False)", Effects::kPure),
    method<&strip>("strip", "($self, chars=None, /)", Effects::kPure),
    method<&change_case<text::CaseOp::SwapCase>>("swapcase", "($self, /)", Effects::kPure),
    method<&translate>("translate", "($self, table, /)"),
    method<&change_case<text::CaseOp::Upper>>("upper", "($self, /)", Effects::kPure),
    worded(Wording::kParsed,
           method<&startswith>("startswith", "($self, prefix, start=None, end=None, /)")),
    worded(Wording::kParsed,
           method<&endswith>("endswith", "($self, suffix, start=None, end=None, /)")),
    method<&removeprefix>("removeprefix", "($self, prefix, /)", Effects::kPure),
    method<&removesuffix>("removesuffix", "($self, suffix, /)", Effects::kPure),
    method<&is_all<text::Kind::Ascii>>("isascii", "($self, /)", Effects::kPure),
    method<&is_all<text::Kind::Lower>>("islower", "($self, /)", Effects::kPure),
    method<&is_all<text::Kind::Upper>>("isupper", "($self, /)", Effects::kPure),
    method<&is_all<text::Kind::Title>>("istitle", "($self, /)", Effects::kPure),
    method<&is_all<text::Kind::Space>>("isspace", "($self, /)", Effects::kPure),
    method<&is_all<text::Kind::Decimal>>("isdecimal", "($self, /)", Effects::kPure),
    method<&is_all<text::Kind::Digit>>("isdigit", "($self, /)", Effects::kPure),
    method<&is_all<text::Kind::Numeric>>("isnumeric", "($self, /)", Effects::kPure),
    method<&is_all<text::Kind::Alpha>>("isalpha", "($self, /)", Effects::kPure),
    method<&is_all<text::Kind::Alnum>>("isalnum", "($self, /)", Effects::kPure),
    method<&is_all<text::Kind::Identifier>>("isidentifier", "($self, /)", Effects::kPure),
    method<&is_all<text::Kind::Printable>>("isprintable", "($self, /)", Effects::kPure),
    method<&zfill>("zfill", "($self, width, /)", Effects::kPure),
    method<&format>("format", "($self, /, *args, **kwargs)"),
    method<&format_map>("format_map", "($self, mapping, /)"),
    static_method<&maketrans>("maketrans", "(x, y=unset, z=unset, /)"),
};

// --- iterator ------------------------------------------------------------------------------------

Result<Value> next(Context& cx, Value self) {
  stm::Write<StrIter> w(cx, self.as<StrIter>());
  if (w->sequence.is_unset()) return Value();
  auto* s = w->sequence.as<Str>();
  const int64_t i = w->index;
  if (i >= static_cast<int64_t>(s->length)) {
    w.set(&StrIter::State::sequence, Value());
    return Value();
  }
  w.set(&StrIter::State::index, i + 1);
  return Value(str_of_char(cx, char_at(s, static_cast<size_t>(i))));
}
Result<int64_t> hint(Context& cx, StrIter* self) {
  stm::Read<StrIter> r(cx, self);
  if (r->sequence.is_unset()) return int64_t{0};
  return static_cast<int64_t>(r->sequence.as<Str>()->length) - r->index;
}
Result<Value> reduce(Context& cx, StrIter* self) {
  stm::Read<StrIter> r(cx, self);
  return reduce_iterator(cx, "iter", r->sequence, empty_str(), r->index);
}
Result<Value> setstate(Context& cx, StrIter* self, int64_t index) {
  stm::Write<StrIter> w(cx, self);
  if (!w->sequence.is_unset())
    w.set(&StrIter::State::index,
          std::clamp<int64_t>(index, 0, static_cast<int64_t>(w->sequence.as<Str>()->length)));
  return kNone;
}
constexpr BuiltinDef kIterMethods[] = {
    method<&iter_self<StrIter>>("__iter__", "($self, /)", Effects::kPure),
    method<&next_method<StrIter, &next>>("__next__", "($self, /)", Effects::kWritesSelf),
    method<&hint>("__length_hint__", "($self, /)", Effects::kReads),
    method<&reduce>("__reduce__", "($self, /)"),
    method<&setstate>("__setstate__", "($self, state, /)"),
};

}  // namespace

void define(Context& cx) {
  static constexpr TypeDef kStr = {
      .name = "str",
      .kind = Kind::kLatin1Str,
      .slot = &Types::str,
      .flags = kTypeBaseType | kTypeMatchSelf,
      .methods = kMethods,
      .doc =
          "str(object='') -> str\nstr(bytes_or_buffer[, encoding[, errors]]) -> str\n\n"
          "Create a new string object from the given object. If encoding or\n"
          "errors is specified, then the object must expose a data buffer\n"
          "that will be decoded using the given encoding and error handler.\n"
          "Otherwise, returns the result of object.__str__() (if defined)\n"
          "or repr(object).\nencoding defaults to sys.getdefaultencoding().\nerrors defaults to "
          "'strict'."};
  static constexpr TypeDef kIter = {.name = "str_iterator",
                                    .kind = Kind::kStrIter,
                                    .slot = &Types::str_iterator,
                                    .flags = kTypeNoInstantiate,
                                    .methods = kIterMethods};
  static constexpr TypeDef kAsciiIter = {.name = "str_ascii_iterator",
                                         .kind = Kind::kStrIter,
                                         .flags = kTypeNoInstantiate,
                                         .methods = kIterMethods};
  define_type(cx, kStr);
  define_type(cx, kIter);
  ascii_iterator_type = define_type(cx, kAsciiIter);
  set_native_next(Kind::kStrIter, &next);
}

}  // namespace pystm::vm::str_methods

namespace pystm::vm {
void define_text_types(Context& cx) { str_methods::define(cx); }
}  // namespace pystm::vm
