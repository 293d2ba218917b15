// _io.StringIO: one str (a rope while only appended to), a position, and newline rules.
#include "stdlib/_io.h"

namespace pystm::lib::io {

namespace {

enum Slot : unsigned { kText = kBaseSlots, kPosition, kNewline, kSeen, kSlots };
using Self = Of<&g_classes.string>;

Result<Value> text_of(Context& cx, Value self) {
  if (native_slot(cx, self, kClosed) == kTrue)
    return raise(cx, kValueError, "I/O operation on closed file");
  const Value t = native_slot(cx, self, kText);
  if (t.is_unset()) return raise(cx, kValueError, "I/O operation on uninitialized object");
  return t;
}
Result<Str*> flat(Context& cx, Value self) {
  Str* s = TRY(flatten(cx, TRY(text_of(cx, self))));
  return s;
}

// The newline argument: None translates on input; '' keeps all; others are written for '\n'.
std::string newline_of(Context& cx, Value self, bool* none) {
  const Value n = native_slot(cx, self, kNewline);
  *none = n == kNone;
  return is_str(n) ? vm::to_utf8(cx, n) : "";
}

// '\r\n' and '\r' become '\n'; notes which were there.
Result<Value> translate_in(Context& cx, Value self, Str* s) {
  bool changed = false;
  int64_t seen = int_slot(cx, self, kSeen);
  StrBuilder out;
  for (size_t i = 0; i < s->length; ++i) {
    const char32_t c = char_at(s, i);
    if (c == '\r') {
      changed = true;
      if (i + 1 < s->length && char_at(s, i + 1) == '\n') {
        ++i;
        seen |= 4;
      } else {
        seen |= 1;
      }
      out.add_char('\n');
    } else {
      if (c == '\n') seen |= 2;
      out.add_char(c);
    }
  }
  if (seen != int_slot(cx, self, kSeen)) set_int_slot(cx, self, kSeen, seen);
  if (!changed) return Value(s);
  return Value(TRY(out.finish(cx)));
}
Result<Value> translate_out(Context& cx, Str* s, const std::string& nl) {
  StrBuilder out;
  for (size_t i = 0; i < s->length; ++i) {
    const char32_t c = char_at(s, i);
    if (c == '\n')
      out.add_ascii(nl);
    else
      out.add_char(c);
  }
  return Value(TRY(out.finish(cx)));
}

Result<void> put(Context& cx, Value self, Value given) {
  Str* s = TRY(flatten(cx, given));
  bool none;
  const std::string nl = newline_of(cx, self, &none);
  Value piece = s;
  if (none)
    piece = TRY(translate_in(cx, self, s));
  else if (!nl.empty() && nl != "\n")
    piece = TRY(translate_out(cx, s, nl));
  const size_t n = str_length(piece);
  if (n == 0) return {};
  const Value text = TRY(text_of(cx, self));
  const size_t size = str_length(text);
  const auto at = static_cast<size_t>(int_slot(cx, self, kPosition));
  Value result;
  if (at == size) {
    result = TRY(str_concat(cx, text, piece));
  } else {
    Str* old = TRY(flatten(cx, text));
    StrBuilder out;
    out.add(old, 0, std::min(at, size));
    if (at > size) out.add_repeated(0, at - size);
    out.add(TRY(flatten(cx, piece)));
    if (at + n < size) out.add(old, at + n, size);
    result = TRY(out.finish(cx));
  }
  set_native_slot(cx, self, kText, result);
  set_int_slot(cx, self, kPosition, static_cast<int64_t>(at + n));
  return {};
}

Result<void> init(Context& cx, Self self, Value initial, Value newline) {
  if (newline != kNone && !is_str(newline))
    return raise(cx, kTypeError, "newline must be str or None, not %s", TYPE_NAME(newline));
  if (is_str(newline)) {
    const std::string n = vm::to_utf8(cx, newline);
    if (n != "" && n != "\n" && n != "\r" && n != "\r\n")
      return raise(cx, kValueError, "illegal newline value: %s", repr_utf8(cx, newline).c_str());
  }
  if (initial != kNone && !is_str(initial))
    return raise(cx, kTypeError, "initial_value must be str or None, not %s", TYPE_NAME(initial));
  set_native_slot(cx, self, kText, empty_str());
  set_native_slot(cx, self, kNewline, newline);
  set_int_slot(cx, self, kPosition, 0);
  set_int_slot(cx, self, kSeen, 0);
  set_native_slot(cx, self, kClosed, kFalse);
  if (initial != kNone) {
    TRY(put(cx, self, initial));
    set_int_slot(cx, self, kPosition, 0);
  }
  return {};
}

Result<int64_t> size_argument(Context& cx, Value size) {
  if (size == kNone) return int64_t{-1};
  if (!is_int(size) && lookup_dunder(size, Dunder::kIndex).is_unset())
    return raise(cx, kTypeError, "argument should be integer or None, not '%s'", TYPE_NAME(size));
  return to_index64(cx, size, kOverflowError);
}

Result<Value> read(Context& cx, Self self, Value size) {
  const int64_t n = TRY(size_argument(cx, size));
  Str* s = TRY(flat(cx, self));
  const auto at =
      std::min(static_cast<size_t>(int_slot(cx, self, kPosition)), static_cast<size_t>(s->length));
  const size_t end = n < 0 ? s->length : std::min<size_t>(s->length, at + static_cast<size_t>(n));
  if (end > at) set_int_slot(cx, self, kPosition, static_cast<int64_t>(end));
  return Value(TRY(str_slice(cx, s, at, end)));
}
Result<Value> readline(Context& cx, Self self, Value size) {
  const int64_t limit = TRY(size_argument(cx, size));
  Str* s = TRY(flat(cx, self));
  bool none;
  const std::string nl = newline_of(cx, self, &none);
  const auto at =
      std::min(static_cast<size_t>(int_slot(cx, self, kPosition)), static_cast<size_t>(s->length));
  size_t end = at;
  while (end < s->length) {
    const char32_t c = char_at(s, end++);
    if (none || nl == "\n") {
      if (c == '\n') break;
    } else if (nl.empty()) {
      if (c == '\n') break;
      if (c == '\r') {
        if (end < s->length && char_at(s, end) == '\n') ++end;
        break;
      }
    } else if (nl == "\r") {
      if (c == '\r') break;
    } else if (c == '\n' && end >= at + 2 && char_at(s, end - 2) == '\r') {
      break;
    }
  }
  if (limit >= 0) end = std::min(end, at + static_cast<size_t>(limit));
  if (end > at) set_int_slot(cx, self, kPosition, static_cast<int64_t>(end));
  return Value(TRY(str_slice(cx, s, at, end)));
}
Result<Value> next(Context& cx, Self self) {
  const Value line = type_of(self.value) == classes().string
                         ? TRY(readline(cx, self, kNone))
                         : TRY(call_method(cx, self, names().readline, {}));
  if (is_str(line) && str_length(line) == 0) return raise_stop_iteration(cx, kNone);
  return line;
}
Result<Value> write(Context& cx, Self self, Value s) {
  if (!is_str(s)) return raise(cx, kTypeError, "string argument expected, got '%s'", TYPE_NAME(s));
  (void)TRY(text_of(cx, self));
  TRY(put(cx, self, s));
  return Value::of_int(static_cast<int64_t>(str_length(s)));
}
Result<Value> getvalue(Context& cx, Self self) { return Value(TRY(flat(cx, self))); }
Result<Value> tell(Context& cx, Self self) {
  (void)TRY(text_of(cx, self));
  return make_int(cx, int_slot(cx, self, kPosition));
}
Result<Value> seek(Context& cx, Self self, int64_t to, int whence) {
  const Value text = TRY(text_of(cx, self));
  if (whence < 0 || whence > 2)
    return raise(cx, kValueError, "Invalid whence (%d, should be 0, 1 or 2)", whence);
  if (whence == 0 && to < 0)
    return raise(cx, kValueError, "Negative seek position %lld", static_cast<long long>(to));
  if (whence != 0 && to != 0) return raise(cx, kOSError, "Can't do nonzero cur-relative seeks");
  if (whence == 1) to = int_slot(cx, self, kPosition);
  if (whence == 2) to = static_cast<int64_t>(str_length(text));
  set_int_slot(cx, self, kPosition, to);
  return make_int(cx, to);
}
Result<Value> truncate(Context& cx, Self self, Value size) {
  Str* s = TRY(flat(cx, self));
  const int64_t n = size == kNone ? int_slot(cx, self, kPosition) : TRY(size_argument(cx, size));
  if (n < 0) return raise(cx, kValueError, "Negative size value %lld", static_cast<long long>(n));
  if (static_cast<size_t>(n) < s->length)
    set_native_slot(cx, self, kText, TRY(str_slice(cx, s, 0, static_cast<size_t>(n))));
  return make_int(cx, n);
}
Result<bool> yes(Context& cx, Self self) {
  (void)TRY(text_of(cx, self));
  return true;
}
Result<void> close(Context& cx, Self self) {
  set_native_slot(cx, self, kText, empty_str());
  set_native_slot(cx, self, kClosed, kTrue);
  return {};
}
Result<void> del(Context&, Self) { return {}; }
Result<Value> line_buffering(Context& cx, Value self) {
  (void)TRY(text_of(cx, self));
  return kFalse;
}
Result<Value> newlines(Context& cx, Value self) {
  (void)TRY(text_of(cx, self));
  const int64_t seen = int_slot(cx, self, kSeen);
  if (seen == 0) return kNone;
  static constexpr const char* kAll[] = {"\r", "\n", "\r\n"};
  Value found[3];
  size_t n = 0;
  for (int i = 0; i < 3; ++i)
    if (seen & (1 << i)) found[n++] = intern(cx, kAll[i]);
  if (n == 1) return found[0];
  return Value(TRY(new_tuple(cx, found, n)));
}
Result<Value> getstate(Context& cx, Self self) {
  Str* s = TRY(flat(cx, self));
  const Value dict = TRY(instance_dict(cx, self, false));
  const Value copy =
      dict.is_unset() || !is_dict(dict) ? kNone : Value(TRY(dict_copy(cx, dict.as<Dict>())));
  return Value(TRY(new_tuple(cx, {Value(s), native_slot(cx, self, kNewline),
                                  make_int(cx, int_slot(cx, self, kPosition)), copy})));
}
Result<void> setstate(Context& cx, Self self, Value state) {
  if (!is_tuple(state) || state.as<Tuple>()->length < 4)
    return raise(cx, kTypeError, "%s.__setstate__ argument should be 4-tuple, got %s",
                 TYPE_NAME(self.value), TYPE_NAME(state));
  auto* t = state.as<Tuple>();
  TRY(init(cx, self, kNone, (*t)[1]));
  if (!is_str((*t)[0]))
    return raise(cx, kTypeError, "initial_value must be str or None, not %s", TYPE_NAME((*t)[0]));
  set_native_slot(cx, self, kText, TRY(flatten(cx, (*t)[0])));
  const int64_t at = TRY(to_index64(cx, (*t)[2], kOverflowError));
  if (at < 0) return raise(cx, kValueError, "position value cannot be negative");
  set_int_slot(cx, self, kPosition, at);
  if ((*t)[3] != kNone) {
    const Value dict = TRY(instance_dict(cx, self, true));
    (void)TRY(call_method(cx, dict, names().update, {(*t)[3]}));
  }
  return {};
}

constexpr BuiltinDef kMethods[] = {
    method<&init>("__init__", "($self, initial_value=None, newline='\\n')"),
    method<&read>("read", "($self, size=-1, /)"),
    method<&readline>("readline", "($self, size=-1, /)"),
    method<&next>("__next__", "($self, /)"),
    method<&write>("write", "($self, s, /)"),
    method<&getvalue>("getvalue", "($self, /)"),
    method<&tell>("tell", "($self, /)"),
    method<&seek>("seek", "($self, pos, whence=0, /)"),
    method<&truncate>("truncate", "($self, pos=None, /)"),
    method<&yes>("readable", "($self, /)"),
    method<&yes>("writable", "($self, /)"),
    method<&yes>("seekable", "($self, /)"),
    method<&close>("close", "($self, /)"),
    method<&del>("__del__", "($self, /)"),
    method<&getstate>("__getstate__", "($self, /)"),
    method<&setstate>("__setstate__", "($self, state, /)"),
};
constexpr GetSetDef kGetSets[] = {{"line_buffering", line_buffering}, {"newlines", newlines}};

}  // namespace

void define_string(Context& cx) {
  classes().string = keep(define_native_class(cx, "_io.StringIO", unsigned{kSlots} - kBaseSlots,
                                              kMethods, kGetSets, nullptr, classes().text,
                                              kTypeBaseType | kTypeHasDict | kTypeHasWeakref));
}

}  // namespace pystm::lib::io
