// str methods that find, cut and replace.
#include "vm/text/str_ops.h"
#include "vm/types/str_methods.h"

namespace pystm::vm {

Error raise_wrong_self(Context& cx, Value v, ArgInfo info, const char* type) {
  const std::string name = info.def == nullptr ? "?" : info.def->name;
  const std::string got = v.is_unset() ? "?" : type_name(v);
  if (name.starts_with("__") && name.ends_with("__"))
    return raise(cx, kTypeError, "descriptor '%s' requires a '%s' object but received a '%s'",
                 name.c_str(), type, got.c_str());
  return raise(cx, kTypeError, "descriptor '%s' for '%s' objects doesn't apply to a '%s' object",
               name.c_str(), type, got.c_str());
}

Result<Str*> need_str(Context& cx, Value v) {
  if (PYSTM_LIKELY(is_flat_str(v))) return v.as<Str>();
  if (is_str(v)) return flatten(cx, v);
  return raise(cx, kTypeError, "must be str, not %s", TYPE_NAME(v));
}

namespace str_methods {
namespace {

// Where `sub` stands in self[start:end], or -1.
Result<int64_t> locate(Context& cx, Str* self, Value sub, Opt start, Opt end, bool backwards) {
  Str* needle = TRY(need_str(cx, sub));
  const Range64 r = TRY(search_range(cx, start, end, static_cast<int64_t>(self->length)));
  if (r.end - r.start < static_cast<int64_t>(needle->length)) return int64_t{-1};
  const text::TextView hay =
      view_of(self).substr(static_cast<size_t>(r.start), static_cast<size_t>(r.end - r.start));
  const size_t at =
      backwards ? text::rfind(hay, view_of(needle)) : text::find(hay, view_of(needle));
  return at == text::kNotFound ? int64_t{-1} : static_cast<int64_t>(at) + r.start;
}

Result<Value> position(Context& cx, Result<int64_t> at) {
  const int64_t i = TRY(at);
  if (i < 0) return raise(cx, kValueError, "substring not found");
  return Value::of_int(i);
}

// One prefix or suffix at self[start:end].
bool matches(Str* self, Str* affix, Range64 r, bool suffix) {
  const auto n = static_cast<int64_t>(affix->length);
  if (r.end - r.start < n) return false;
  const int64_t at = suffix ? r.end - n : r.start;
  return text::matches_at(view_of(self), static_cast<size_t>(at), view_of(affix));
}

Result<bool> tail_match(Context& cx, Str* self, Value affix, Opt start, Opt end, bool suffix) {
  const char* name = suffix ? "endswith" : "startswith";
  const Range64 r = TRY(search_range(cx, start, end, static_cast<int64_t>(self->length)));
  if (is_str(affix)) return matches(self, TRY(flatten(cx, affix)), r, suffix);
  if (!is_tuple(affix))
    return raise(cx, kTypeError, "%s first arg must be str or a tuple of str, not %s", name,
                 TYPE_NAME(affix));
  auto* all = affix.as<Tuple>();
  for (size_t i = 0; i < all->length; ++i) {
    const Value one = (*all)[i];
    if (!is_str(one))
      return raise(cx, kTypeError, "tuple for %s must only contain str, not %s", name,
                   TYPE_NAME(one));
    if (matches(self, TRY(flatten(cx, one)), r, suffix)) return true;
  }
  return false;
}

Result<Value> list_of_slices(Context& cx, Str* self, const std::vector<text::Slice>& pieces) {
  List* out = new_list(cx);
  for (const text::Slice& p : pieces)
    TRY(list_append(cx, out, TRY(str_slice(cx, self, p.start, p.end))));
  return Value(out);
}

size_t limit_of(int64_t n) { return n < 0 ? text::kNoLimit : static_cast<size_t>(n); }

Result<Str*> separator(Context& cx, Value sep) {
  if (!is_str(sep)) return raise(cx, kTypeError, "must be str or None, not %s", TYPE_NAME(sep));
  Str* s = TRY(flatten(cx, sep));
  if (s->length == 0) return raise(cx, kValueError, "empty separator");
  return s;
}

Result<Value> strip_side(Context& cx, StrSelf self, Value chars, text::Side side,
                         const char* name) {
  text::Slice cut;
  if (chars == kNone) {
    cut = text::strip_whitespace(view_of(self), text::Rules::Unicode, side);
  } else {
    if (!is_str(chars)) return raise(cx, kTypeError, "%s arg must be None or str", name);
    cut = text::strip_chars(view_of(self), view_of(TRY(flatten(cx, chars))), side);
  }
  return Value(TRY(str_slice(cx, self, cut.start, cut.end)));
}

// Copies `from` into `to` at `at`; `to` is at least as wide.
void copy_text(Str* to, size_t at, Str* from) {
  with_chars(from, [&](auto* chars) {
    const size_t n = from->length;
    switch (to->shape_id) {
      case kShapeLatin1Str:
        std::copy(chars, chars + n, to->latin1() + at);
        break;
      case kShapeUcs2Str:
        std::copy(chars, chars + n, to->ucs2() + at);
        break;
      default:
        std::copy(chars, chars + n, to->ucs4() + at);
    }
  });
}

}  // namespace

Result<Value> find(Context& cx, StrSelf self, Value sub, Opt start, Opt end) {
  return Value::of_int(TRY(locate(cx, self, sub, start, end, false)));
}
Result<Value> rfind(Context& cx, StrSelf self, Value sub, Opt start, Opt end) {
  return Value::of_int(TRY(locate(cx, self, sub, start, end, true)));
}
Result<Value> index_of(Context& cx, StrSelf self, Value sub, Opt start, Opt end) {
  return position(cx, locate(cx, self, sub, start, end, false));
}
Result<Value> rindex_of(Context& cx, StrSelf self, Value sub, Opt start, Opt end) {
  return position(cx, locate(cx, self, sub, start, end, true));
}

Result<Value> count(Context& cx, StrSelf self, Value sub, Opt start, Opt end) {
  Str* needle = TRY(need_str(cx, sub));
  const Range64 r = TRY(search_range(cx, start, end, static_cast<int64_t>(self->length)));
  if (r.end < r.start) return Value::of_int(0);
  const text::TextView hay =
      view_of(self).substr(static_cast<size_t>(r.start), static_cast<size_t>(r.end - r.start));
  return Value::of_int(static_cast<int64_t>(text::count(hay, view_of(needle))));
}

Result<bool> startswith(Context& cx, StrSelf self, Value prefix, Opt start, Opt end) {
  return tail_match(cx, self, prefix, start, end, false);
}
Result<bool> endswith(Context& cx, StrSelf self, Value suffix, Opt start, Opt end) {
  return tail_match(cx, self, suffix, start, end, true);
}

Result<Value> split(Context& cx, StrSelf self, Value sep, int64_t maxsplit) {
  const size_t limit = limit_of(maxsplit);
  if (sep == kNone)
    return list_of_slices(cx, self,
                          text::split_whitespace(view_of(self), text::Rules::Unicode, limit));
  return list_of_slices(cx, self,
                        text::split(view_of(self), view_of(TRY(separator(cx, sep))), limit));
}
Result<Value> rsplit(Context& cx, StrSelf self, Value sep, int64_t maxsplit) {
  const size_t limit = limit_of(maxsplit);
  if (sep == kNone)
    return list_of_slices(cx, self,
                          text::rsplit_whitespace(view_of(self), text::Rules::Unicode, limit));
  return list_of_slices(cx, self,
                        text::rsplit(view_of(self), view_of(TRY(separator(cx, sep))), limit));
}
Result<Value> splitlines(Context& cx, StrSelf self, int keepends) {
  return list_of_slices(cx, self, text::splitlines(view_of(self), text::Rules::Unicode, keepends));
}

Result<Value> partition(Context& cx, StrSelf self, Value sep) {
  Str* s = TRY(need_str(cx, sep));
  if (s->length == 0) return raise(cx, kValueError, "empty separator");
  const size_t at = text::find(view_of(self), view_of(s));
  if (at == text::kNotFound)
    return tuple_of(cx, {self.same(), Value(empty_str()), Value(empty_str())});
  const Value head = TRY(str_slice(cx, self, 0, at));
  const Value tail = TRY(str_slice(cx, self, at + s->length, self->length));
  return tuple_of(cx, {head, Value(s), tail});
}
Result<Value> rpartition(Context& cx, StrSelf self, Value sep) {
  Str* s = TRY(need_str(cx, sep));
  if (s->length == 0) return raise(cx, kValueError, "empty separator");
  const size_t at = text::rfind(view_of(self), view_of(s));
  if (at == text::kNotFound)
    return tuple_of(cx, {Value(empty_str()), Value(empty_str()), self.same()});
  const Value head = TRY(str_slice(cx, self, 0, at));
  const Value tail = TRY(str_slice(cx, self, at + s->length, self->length));
  return tuple_of(cx, {head, Value(s), tail});
}

Result<Value> strip(Context& cx, StrSelf self, Value chars) {
  return strip_side(cx, self, chars, text::Side::Both, "strip");
}
Result<Value> lstrip(Context& cx, StrSelf self, Value chars) {
  return strip_side(cx, self, chars, text::Side::Left, "lstrip");
}
Result<Value> rstrip(Context& cx, StrSelf self, Value chars) {
  return strip_side(cx, self, chars, text::Side::Right, "rstrip");
}

Result<Value> replace(Context& cx, StrSelf self, Str* from, Str* to, int64_t count) {
  text::TextBuilder out;
  if (text::replace(view_of(self), view_of(from), view_of(to), limit_of(count), out) == 0)
    return self.same();
  return Value(TRY(finish_text(cx, out)));
}

Result<Value> removeprefix(Context& cx, StrSelf self, Str* prefix) {
  if (!text::starts_with(view_of(self), view_of(prefix))) return self.same();
  return Value(TRY(str_slice(cx, self, prefix->length, self->length)));
}
Result<Value> removesuffix(Context& cx, StrSelf self, Str* suffix) {
  if (!text::ends_with(view_of(self), view_of(suffix))) return self.same();
  return Value(TRY(str_slice(cx, self, 0, self->length - suffix->length)));
}

Result<Value> join(Context& cx, StrSelf self, Value iterable) {
  if (lookup_dunder(iterable, Dunder::kIter).is_unset() &&
      lookup_dunder(iterable, Dunder::kGetItem).is_unset())
    return raise(cx, kTypeError, "can only join an iterable");
  Tuple* items = TRY(to_tuple(cx, iterable));
  const size_t n = items->length;
  if (n == 0) return Value(empty_str());
  if (n == 1 && is_exact_str((*items)[0])) return (*items)[0];
  // Ropes keep their flat form, so the second walk allocates nothing.
  size_t total = self->length * (n - 1);
  unsigned width = n > 1 ? width_of(self) : 1;
  for (size_t i = 0; i < n; ++i) {
    const Value item = (*items)[i];
    if (!is_str(item))
      return raise(cx, kTypeError, "sequence item %zu: expected str instance, %s found", i,
                   TYPE_NAME(item));
    Str* s = TRY(flatten(cx, item));
    total += s->length;
    width = std::max(width, width_of(s));
  }
  if (total == 0) return Value(empty_str());
  Str* out = TRY(alloc_str(cx, total, width));
  size_t at = 0;
  for (size_t i = 0; i < n; ++i) {
    if (i > 0 && self->length > 0) {
      copy_text(out, at, self);
      at += self->length;
    }
    Str* s = TRY(flatten(cx, (*items)[i]));
    copy_text(out, at, s);
    at += s->length;
  }
  // An empty separator of a wider kind must not make the result wide.
  if (self->length == 0 && n > 1 && width_of(self) > 1)
    return Value(TRY(new_str(cx, to_utf8(out))));
  seal_str(out);
  return Value(out);
}

// --- translate -----------------------------------------------------------------------------------

namespace {

// What the table says of one character: unset to keep it, None to drop it, else an int or str.
Result<Value> look_up(Context& cx, Value table, char32_t c) {
  const Value key = Value::of_int(static_cast<int64_t>(c));
  if (is_exact_dict(table)) return dict_get(cx, table.as<Dict>(), key);
  auto r = get_item(cx, table, key);
  if (!r.is_error()) return r;
  if (!pending_is(cx, kLookupError)) return Error{};
  clear_exception(cx);
  return Value();
}

Result<void> add_translated(Context& cx, Value v, char32_t c, text::TextBuilder& out) {
  if (v.is_unset()) {
    out.append(c);
  } else if (is_int(v)) {
    int64_t i;
    if (!to_int64(v, &i) || i < 0 || i > 0x10FFFF)
      return raise(cx, kValueError, "character mapping must be in range(0x110000)");
    out.append(static_cast<char32_t>(i));
  } else if (is_str(v)) {
    out.append(view_of(TRY(flatten(cx, v))));
  } else if (v != kNone) {
    return raise(cx, kTypeError, "character mapping must return integer, None or str");
  }
  return {};
}

}  // namespace

Result<Value> translate(Context& cx, StrSelf self, Value table) {
  text::TextBuilder out;
  bool changed = false;
  for (size_t i = 0; i < self->length; ++i) {
    const char32_t c = char_at(self, i);
    const Value v = TRY(look_up(cx, table, c));
    changed |= !v.is_unset();
    TRY(add_translated(cx, v, c, out));
  }
  if (!changed) return self.same();
  return Value(TRY(finish_text(cx, out)));
}

namespace {

Result<Value> maketrans_dict(Context& cx, Value x) {
  if (!is_dict(x))
    return raise(cx, kTypeError, "if you give only one argument to maketrans it must be a dict");
  Dict* table = new_dict(cx);
  Word position = 0;
  Value key, value;
  while (dict_next(cx, x.as<Dict>(), &position, &key, &value)) {
    if (is_str(key)) {
      Str* s = TRY(flatten(cx, key));
      if (s->length != 1)
        return raise(cx, kValueError, "string keys in translate table must be of length 1");
      key = Value::of_int(static_cast<int64_t>(char_at(s, 0)));
    } else if (!is_int(key)) {
      return raise(cx, kTypeError, "keys in translate table must be strings or integers");
    }
    TRY(dict_set(cx, table, key, value));
  }
  return Value(table);
}

}  // namespace

Result<Value> maketrans(Context& cx, Value x, Opt y, Opt z) {
  if (y.given() && !is_str(y.value))
    return raise(cx, kTypeError, "maketrans() argument 2 must be str, not %s", TYPE_NAME(y.value));
  if (z.given() && !is_str(z.value))
    return raise(cx, kTypeError, "maketrans() argument 3 must be str, not %s", TYPE_NAME(z.value));
  if (!y.given()) return maketrans_dict(cx, x);
  if (!is_str(x))
    return raise(cx, kTypeError,
                 "first maketrans argument must be a string if there is a second argument");
  Str* from = TRY(flatten(cx, x));
  Str* to = TRY(flatten(cx, y.value));
  if (from->length != to->length)
    return raise(cx, kValueError, "the first two maketrans arguments must have equal length");
  Dict* table = new_dict(cx);
  for (size_t i = 0; i < from->length; ++i)
    TRY(dict_set(cx, table, Value::of_int(static_cast<int64_t>(char_at(from, i))),
                 Value::of_int(static_cast<int64_t>(char_at(to, i)))));
  if (!z.given()) return Value(table);
  Str* gone = TRY(flatten(cx, z.value));
  for (size_t i = 0; i < gone->length; ++i)
    TRY(dict_set(cx, table, Value::of_int(static_cast<int64_t>(char_at(gone, i))), kNone));
  return Value(table);
}

}  // namespace str_methods
}  // namespace pystm::vm
