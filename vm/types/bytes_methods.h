// The methods that bytes and bytearray share, once, as templates over the receiver (BytesSelf or
// ArraySelf).
#pragma once

#include "vm/runtime/codec_registry.h"
#include "vm/text/str_ops.h"
#include "vm/types/bytes_support.h"

namespace pystm::vm::bytes_methods {

inline text::TextView view(std::string_view s) { return text::TextView(s); }
inline std::string_view built(const text::TextBuilder& b) {
  return {static_cast<const char*>(b.view().data()), b.size()};
}
inline std::string_view piece(std::string_view s, text::Slice p) {
  return s.substr(p.start, p.end - p.start);
}

template <class S>
Result<Value> make_like(Context& cx, std::string_view s) {
  if constexpr (S::kMutable) return Value(TRY(new_bytearray(cx, s.data(), s.size())));
  return Value(TRY(new_bytes(cx, s.data(), s.size())));
}
// The receiver's own contents: bytes itself where possible.
template <class S>
Result<Value> unchanged(Context& cx, const S& self) {
  if constexpr (!S::kMutable)
    if (is_exact_bytes(self.object)) return self.object;
  return make_like<S>(cx, self.data);
}

// The argument of find, count ...: bytes-like, or one byte as int.
Result<void> needle_of(Context& cx, Value v, Buffer* out);
Result<void> buffer_argument(Context& cx, Value v, Buffer* out);

template <class S, bool Backwards>
Result<int64_t> locate(Context& cx, const S& self, Value sub, Opt start, Opt end) {
  Buffer needle;
  TRY(needle_of(cx, sub, &needle));
  const Range64 r = TRY(search_range(cx, start, end, static_cast<int64_t>(self.data.size())));
  if (r.end - r.start < static_cast<int64_t>(needle.size)) return int64_t{-1};
  const text::TextView hay = view(std::string_view(self.data).substr(
      static_cast<size_t>(r.start), static_cast<size_t>(r.end - r.start)));
  const size_t at =
      Backwards ? text::rfind(hay, view(needle.view())) : text::find(hay, view(needle.view()));
  return at == text::kNotFound ? int64_t{-1} : static_cast<int64_t>(at) + r.start;
}
template <class S, bool Backwards>
Result<int64_t> find(Context& cx, S self, Value sub, Opt start, Opt end) {
  return locate<S, Backwards>(cx, self, sub, start, end);
}
template <class S, bool Backwards>
Result<int64_t> index_of(Context& cx, S self, Value sub, Opt start, Opt end) {
  const int64_t at = TRY(locate<S, Backwards>(cx, self, sub, start, end));
  if (at < 0) return raise(cx, kValueError, "subsection not found");
  return at;
}
template <class S>
Result<int64_t> count(Context& cx, S self, Value sub, Opt start, Opt end) {
  Buffer needle;
  TRY(needle_of(cx, sub, &needle));
  const Range64 r = TRY(search_range(cx, start, end, static_cast<int64_t>(self.data.size())));
  if (r.end < r.start) return int64_t{0};
  return static_cast<int64_t>(
      text::count(view(std::string_view(self.data).substr(static_cast<size_t>(r.start),
                                                          static_cast<size_t>(r.end - r.start))),
                  view(needle.view())));
}

Result<bool> tail_match(Context& cx, std::string_view self, Value affix, Opt start, Opt end,
                        bool suffix);
template <class S>
Result<bool> startswith(Context& cx, S self, Value prefix, Opt start, Opt end) {
  return tail_match(cx, self.data, prefix, start, end, false);
}
template <class S>
Result<bool> endswith(Context& cx, S self, Value suffix, Opt start, Opt end) {
  return tail_match(cx, self.data, suffix, start, end, true);
}

template <class S>
Result<Value> list_of(Context& cx, const S& self, const std::vector<text::Slice>& pieces) {
  if (pieces.size() == 1 && pieces[0] == text::Slice{0, self.data.size()}) {
    const Value whole = TRY(unchanged(cx, self));
    return Value(TRY(new_list(cx, &whole, 1)));
  }
  List* out = new_list(cx);
  for (const text::Slice& p : pieces)
    TRY(list_append(cx, out, TRY(make_like<S>(cx, piece(self.data, p)))));
  return Value(out);
}
template <class S, bool Backwards>
Result<Value> split(Context& cx, S self, Value sep, int64_t maxsplit) {
  const size_t limit = maxsplit < 0 ? text::kNoLimit : static_cast<size_t>(maxsplit);
  if (sep == kNone)
    return list_of(cx, self,
                   Backwards ? text::rsplit_whitespace(view(self.data), text::Rules::Ascii, limit)
                             : text::split_whitespace(view(self.data), text::Rules::Ascii, limit));
  Buffer by;
  TRY(get_buffer(cx, sep, &by));
  if (by.size == 0) return raise(cx, kValueError, "empty separator");
  return list_of(cx, self,
                 Backwards ? text::rsplit(view(self.data), view(by.view()), limit)
                           : text::split(view(self.data), view(by.view()), limit));
}
template <class S>
Result<Value> splitlines(Context& cx, S self, int keepends) {
  return list_of(cx, self, text::splitlines(view(self.data), text::Rules::Ascii, keepends));
}
template <class S, bool Backwards>
Result<Value> partition(Context& cx, S self, Value sep) {
  Buffer by;
  TRY(get_buffer(cx, sep, &by));
  if (by.size == 0) return raise(cx, kValueError, "empty separator");
  const size_t at = Backwards ? text::rfind(view(self.data), view(by.view()))
                              : text::find(view(self.data), view(by.view()));
  const Value empty = TRY(make_like<S>(cx, {}));
  if (at == text::kNotFound) {
    const Value all = TRY(unchanged(cx, self));
    const Value second = TRY(make_like<S>(cx, {}));
    return Backwards ? tuple_of(cx, {empty, second, all}) : tuple_of(cx, {all, empty, second});
  }
  const std::string_view s = self.data;
  const Value head = TRY(make_like<S>(cx, s.substr(0, at)));
  const Value middle = S::kMutable || !is_exact_bytes(sep) ? TRY(make_like<S>(cx, by.view())) : sep;
  const Value tail = TRY(make_like<S>(cx, s.substr(at + by.size)));
  return tuple_of(cx, {head, middle, tail});
}
template <class S, text::Side Side>
Result<Value> strip(Context& cx, S self, Value chars) {
  text::Slice cut;
  if (chars == kNone) {
    cut = text::strip_whitespace(view(self.data), text::Rules::Ascii, Side);
  } else {
    Buffer set;
    TRY(get_buffer(cx, chars, &set));
    cut = text::strip_chars(view(self.data), view(set.view()), Side);
  }
  if (cut == text::Slice{0, self.data.size()}) return unchanged(cx, self);
  return make_like<S>(cx, piece(self.data, cut));
}
template <class S>
Result<Value> replace(Context& cx, S self, Value from, Value to, int64_t count) {
  Buffer a, b;
  TRY(get_buffer(cx, from, &a));
  TRY(get_buffer(cx, to, &b));
  text::TextBuilder out;
  const size_t limit = count < 0 ? text::kNoLimit : static_cast<size_t>(count);
  if (text::replace(view(self.data), view(a.view()), view(b.view()), limit, out) == 0)
    return unchanged(cx, self);
  return make_like<S>(cx, built(out));
}
template <class S>
Result<Value> removeprefix(Context& cx, S self, Value prefix) {
  Buffer b;
  TRY(get_buffer(cx, prefix, &b));
  if (!text::starts_with(view(self.data), view(b.view()))) return unchanged(cx, self);
  return make_like<S>(cx, std::string_view(self.data).substr(b.size));
}
template <class S>
Result<Value> removesuffix(Context& cx, S self, Value suffix) {
  Buffer b;
  TRY(get_buffer(cx, suffix, &b));
  if (b.size == 0 || !text::ends_with(view(self.data), view(b.view()))) return unchanged(cx, self);
  return make_like<S>(cx, std::string_view(self.data).substr(0, self.data.size() - b.size));
}
Result<std::string> join_all(Context& cx, std::string_view separator, Value iterable);
template <class S>
Result<Value> join(Context& cx, S self, Value iterable) {
  const auto r = join_all(cx, self.data, iterable);
  if (r.is_error()) return Error{};
  return make_like<S>(cx, r.value());
}
template <class S, text::CaseOp Op>
Result<Value> change_case(Context& cx, S self) {
  text::TextBuilder out;
  text::change_case(view(self.data), Op, text::Rules::Ascii, out);
  return make_like<S>(cx, built(out));
}
template <class S, text::Kind K>
Result<bool> is_all(Context&, S self) {
  return text::is_all(view(self.data), K, text::Rules::Ascii);
}
Result<char32_t> fill_byte(Context& cx, Value fill, const char* name);
enum class Justify : uint8_t { kLeft, kRight, kCenter };
template <class S, Justify How>
Result<Value> justify(Context& cx, S self, int64_t width, Value fill) {
  static constexpr const char* kNames[] = {"ljust", "rjust", "center"};
  const char32_t c = TRY(fill_byte(cx, fill, kNames[static_cast<int>(How)]));
  const auto n = static_cast<int64_t>(self.data.size());
  if (width <= n) return unchanged(cx, self);
  if (width > int64_t{1} << 40) return raise_no_memory(cx);
  const auto space = static_cast<size_t>(width - n);
  const size_t left = How == Justify::kLeft ? 0
                      : How == Justify::kRight
                          ? space
                          : text::center_left(self.data.size(), static_cast<size_t>(width));
  std::string out(left, static_cast<char>(c));
  out += self.data;
  out.append(space - left, static_cast<char>(c));
  return make_like<S>(cx, out);
}
template <class S>
Result<Value> zfill(Context& cx, S self, int64_t width) {
  if (width <= static_cast<int64_t>(self.data.size())) return unchanged(cx, self);
  if (width > int64_t{1} << 40) return raise_no_memory(cx);
  text::TextBuilder out;
  text::zfill(view(self.data), static_cast<size_t>(width), out);
  return make_like<S>(cx, built(out));
}
template <class S>
Result<Value> expandtabs(Context& cx, S self, int tabsize) {
  text::TextBuilder out;
  text::expand_tabs(view(self.data), tabsize < 0 ? 0 : static_cast<size_t>(tabsize), out);
  return make_like<S>(cx, built(out));
}
Result<std::string> translate_bytes(Context& cx, std::string_view s, Value table, Value gone,
                                    bool* same);
template <class S>
Result<Value> translate(Context& cx, S self, Value table, Opt gone) {
  bool same = false;
  const auto r = translate_bytes(cx, self.data, table, gone.value, &same);
  if (r.is_error()) return Error{};
  return same ? unchanged(cx, self) : make_like<S>(cx, r.value());
}
Result<Value> maketrans(Context& cx, Value from, Value to);
template <class S>
Result<Value> static_maketrans(Context& cx, Value from, Value to) {
  return maketrans(cx, from, to);
}
Result<Value> to_hex(Context& cx, std::string_view s, Opt sep, int bytes_per_sep);
template <class S>
Result<Value> hex(Context& cx, S self, Opt sep, int bytes_per_sep) {
  return to_hex(cx, self.data, sep, bytes_per_sep);
}
Result<std::string> from_hex(Context& cx, Str* s);
template <class S>
Result<Value> fromhex(Context& cx, Type* cls, Str* string) {
  const auto r = from_hex(cx, string);
  if (r.is_error()) return Error{};
  const Value v = TRY(make_like<S>(cx, r.value()));
  return cls == (S::kMutable ? types().bytearray : types().bytes) ? Result<Value>(v)
                                                                  : call(cx, cls, {v});
}
Result<Value> decode_view(Context& cx, Value object, std::string_view data, Opt encoding,
                          Opt errors);
template <class S>
Result<Value> decode(Context& cx, S self, Opt encoding, Opt errors) {
  return decode_view(cx, self.object, self.data, encoding, errors);
}

// --- dunders -------------------------------------------------------------------------------------
template <class S>
Result<Value> to_repr(Context& cx, S self) {
  std::string out = text::bytes_repr(
      {reinterpret_cast<const uint8_t*>(self.data.data()), self.data.size()}, S::kMutable);
  if (S::kMutable) out = type_name(self.object) + "(" + out + ")";
  return Value(TRY(new_str(cx, out)));
}
template <class S>
Result<Value> to_str(Context& cx, S self) {
  return to_repr<S>(cx, self);
}
template <class S, CompareOp Op>
Result<Value> rich_compare(Context& cx, S self, Value other) {
  if (S::kMutable ? !is_bytes_like(other) : !is_bytes(other)) return kNotImplemented;
  Buffer b;
  TRY(get_buffer(cx, other, &b));
  return of_bool(holds(Op, std::string_view(self.data).compare(b.view()), 0));
}
template <class S>
Result<Value> add(Context& cx, S self, Value other) {
  if (!is_bytes_like(other)) {
    if (!lookup_dunder(other, Dunder::kRAdd).is_unset()) {
      const Value r = TRY(call_special(cx, other, Dunder::kRAdd, {self.object}));
      if (!r.is_unset() && r != kNotImplemented) return r;
    }
    return raise(cx, kTypeError, "can't concat %s to %s", TYPE_NAME(other), TYPE_NAME(self.object));
  }
  Buffer b;
  TRY(get_buffer(cx, other, &b));
  if (self.data.empty() && is_exact_bytes(other) && !S::kMutable) return other;
  if (b.size == 0) return unchanged(cx, self);
  std::string out(self.data);
  out += b.view();
  return make_like<S>(cx, out);
}
Result<std::string> repeat(Context& cx, std::string_view s, int64_t n);
template <class S>
Result<Value> mul(Context& cx, S self, Value n) {
  const int64_t count = TRY(repeat_count(cx, n));
  if (count == 1) return unchanged(cx, self);
  const auto out = repeat(cx, self.data, count);
  if (out.is_error()) return Error{};
  return make_like<S>(cx, out.value());
}
template <class S>
Result<Value> rmul(Context& cx, S self, Value n) {
  return mul<S>(cx, self, n);
}
template <class S>
Result<Value> mod(Context& cx, S self, Value args) {
  const auto r = bytes_percent(cx, self.data, args);
  if (r.is_error()) return Error{};
  return make_like<S>(cx, r.value());
}
template <class S>
Result<Value> rmod(Context& cx, S self, Value other) {
  return kNotImplemented;
}
template <class S>
Result<bool> has(Context& cx, S self, Value item) {
  if (has_index(item)) {
    const auto c = static_cast<char>(TRY(byte_value(cx, item)));
    return self.data.find(c) != std::string::npos;
  }
  Buffer b;
  TRY(get_buffer(cx, item, &b));
  return text::find(view(self.data), view(b.view())) != text::kNotFound;
}

#define SHARED_BYTES_ROWS(S)                                                                    \
  method<&to_repr<S>>("__repr__", "($self, /)"), method<&to_str<S>>("__str__", "($self, /)"),   \
      method<&rich_compare<S, CompareOp::kLt>>("__lt__", "($self, value, /)"),                  \
      method<&rich_compare<S, CompareOp::kLe>>("__le__", "($self, value, /)"),                  \
      method<&rich_compare<S, CompareOp::kEq>>("__eq__", "($self, value, /)"),                  \
      method<&rich_compare<S, CompareOp::kNe>>("__ne__", "($self, value, /)"),                  \
      method<&rich_compare<S, CompareOp::kGt>>("__gt__", "($self, value, /)"),                  \
      method<&rich_compare<S, CompareOp::kGe>>("__ge__", "($self, value, /)"),                  \
      method<&add<S>>("__add__", "($self, value, /)"),                                          \
      method<&mul<S>>("__mul__", "($self, value, /)"),                                          \
      method<&rmul<S>>("__rmul__", "($self, value, /)"),                                        \
      method<&mod<S>>("__mod__", "($self, value, /)"),                                          \
      method<&rmod<S>>("__rmod__", "($self, value, /)"),                                        \
      method<&has<S>>("__contains__", "($self, key, /)"),                                       \
      method<&change_case<S, text::CaseOp::Capitalize>>("capitalize", "($self, /)"),            \
      method<&justify<S, Justify::kCenter>>("center", "($self, width, fillchar=unset, /)"),     \
      worded(Wording::kParsed,                                                                  \
             method<&count<S>>("count", "($self, sub, start=None, end=None, /)")),              \
      method<&decode<S>>("decode", "($self, /, encoding='utf-8', errors='strict')"),            \
      worded(Wording::kParsed,                                                                  \
             method<&endswith<S>>("endswith", "($self, suffix, start=None, end=None, /)")),     \
      method<&expandtabs<S>>("expandtabs", "($self, /, tabsize=8)"),                            \
      worded(Wording::kParsed,                                                                  \
             method<&find<S, false>>("find", "($self, sub, start=None, end=None, /)")),         \
      class_method<&fromhex<S>>("fromhex", "($type, string, /)"),                               \
      method<&hex<S>>("hex", "($self, /, sep=unset, bytes_per_sep=1)"),                         \
      worded(Wording::kParsed,                                                                  \
             method<&index_of<S, false>>("index", "($self, sub, start=None, end=None, /)")),    \
      method<&is_all<S, text::Kind::Alnum>>("isalnum", "($self, /)"),                           \
      method<&is_all<S, text::Kind::Alpha>>("isalpha", "($self, /)"),                           \
      method<&is_all<S, text::Kind::Ascii>>("isascii", "($self, /)"),                           \
      method<&is_all<S, text::Kind::Digit>>("isdigit", "($self, /)"),                           \
      method<&is_all<S, text::Kind::Lower>>("islower", "($self, /)"),                           \
      method<&is_all<S, text::Kind::Space>>("isspace", "($self, /)"),                           \
      method<&is_all<S, text::Kind::Title>>("istitle", "($self, /)"),                           \
      method<&is_all<S, text::Kind::Upper>>("isupper", "($self, /)"),                           \
      method<&join<S>>("join", "($self, iterable_of_bytes, /)"),                                \
      method<&justify<S, Justify::kLeft>>("ljust", "($self, width, fillchar=unset, /)"),        \
      method<&change_case<S, text::CaseOp::Lower>>("lower", "($self, /)"),                      \
      method<&strip<S, text::Side::Left>>("lstrip", "($self, bytes=None, /)"),                  \
      static_method<&static_maketrans<S>>("maketrans", "(frm, to, /)"),                         \
      method<&partition<S, false>>("partition", "($self, sep, /)"),                             \
      method<&removeprefix<S>>("removeprefix", "($self, prefix, /)"),                           \
      method<&removesuffix<S>>("removesuffix", "($self, suffix, /)"),                           \
      method<&replace<S>>("replace", "($self, old, new, count=-1, /)"),                         \
      worded(Wording::kParsed,                                                                  \
             method<&find<S, true>>("rfind", "($self, sub, start=None, end=None, /)")),         \
      worded(Wording::kParsed,                                                                  \
             method<&index_of<S, true>>("rindex", "($self, sub, start=None, end=None, /)")),    \
      method<&justify<S, Justify::kRight>>("rjust", "($self, width, fillchar=unset, /)"),       \
      method<&partition<S, true>>("rpartition", "($self, sep, /)"),                             \
      method<&split<S, true>>("rsplit", "($self, /, sep=None, maxsplit=-1)"),                   \
      method<&strip<S, text::Side::Right>>("rstrip", "($self, bytes=None, /)"),                 \
      method<&split<S, false>>("split", "($self, /, sep=None, maxsplit=-1)"),                   \
      method<&splitlines<S>>("splitlines", "($self, /, keepends=False)"),                       \
      worded(Wording::kParsed,                                                                  \
             method<&startswith<S>>("startswith", "($self, prefix, start=None, end=None, /)")), \
      method<&strip<S, text::Side::Both>>("strip", "($self, bytes=None, /)"),                   \
      method<&change_case<S, text::CaseOp::SwapCase>>("swapcase", "($self, /)"),                \
      method<&change_case<S, text::CaseOp::Title>>("title", "($self, /)"),                      \
      method<&translate<S>>("translate", "($self, table, /, delete=unset)"),                    \
      method<&change_case<S, text::CaseOp::Upper>>("upper", "($self, /)"),                      \
      method<&zfill<S>>("zfill", "($self, width, /)")

}  // namespace pystm::vm::bytes_methods
