// _io.IncrementalNewlineDecoder: what another decoder gives, with its line ends made one and
// counted.
#include "stdlib/_io.h"
#include "vm/types/support.h"

namespace pystm::lib::io {

namespace {

enum NewlineSlot : unsigned { kInner, kTranslateFlag, kPendingCr, kSeenBits, kNewlineSlots };
using Decoder = Of<&g_classes.newline_decoder>;

Result<void> newline_init(Context& cx, Decoder self, Value decoder, bool translate, Value) {
  set_native_slot(cx, self, kInner, decoder);
  set_native_slot(cx, self, kTranslateFlag, of_bool(translate));
  set_native_slot(cx, self, kPendingCr, kFalse);
  set_int_slot(cx, self, kSeenBits, 0);
  return {};
}
Result<Value> newline_decode(Context& cx, Decoder self, Value input, bool final) {
  const Value inner = native_slot(cx, self, kInner);
  Value out = input;
  if (inner.is_object() && inner != kNone)
    out = TRY(call_method(cx, inner, "decode", {input, of_bool(final)}));
  if (!is_str(out))
    return raise(cx, kTypeError, "decoder should return a string result, not '%s'", TYPE_NAME(out));
  Str* s = TRY(flatten(cx, out));
  bool pending = native_slot(cx, self, kPendingCr) == kTrue;
  StrBuilder b;
  int64_t seen = int_slot(cx, self, kSeenBits);
  const bool translate = native_slot(cx, self, kTranslateFlag) == kTrue;
  std::u32string text = to_u32(s);
  if (pending && (!text.empty() || final)) {
    text.insert(text.begin(), U'\r');
    pending = false;
  }
  if (!final && !text.empty() && text.back() == U'\r') {
    text.pop_back();
    pending = true;
  }
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == U'\r') {
      const bool pair = i + 1 < text.size() && text[i + 1] == U'\n';
      seen |= pair ? 4 : 1;
      if (translate) {
        b.add_char('\n');
      } else {
        b.add_char('\r');
        if (pair) b.add_char('\n');
      }
      i += pair;
    } else {
      if (text[i] == U'\n') seen |= 2;
      b.add_char(text[i]);
    }
  }
  set_native_slot(cx, self, kPendingCr, of_bool(pending));
  set_int_slot(cx, self, kSeenBits, seen);
  return Value(TRY(b.finish(cx)));
}
Result<Value> newline_getstate(Context& cx, Decoder self) {
  const Value inner = native_slot(cx, self, kInner);
  Value buffer = TRY(bytes_of(cx, "")), flag = Value::of_int(0);
  if (inner.is_object() && inner != kNone) {
    const Value state = TRY(call0(cx, inner, "getstate"));
    if (!is_tuple(state) || state.as<Tuple>()->length != 2)
      return raise(cx, kTypeError, "illegal decoder state");
    buffer = (*state.as<Tuple>())[0];
    flag = (*state.as<Tuple>())[1];
  }
  int64_t n = TRY(to_index64(cx, flag, kOverflowError));
  n = (n << 1) | (native_slot(cx, self, kPendingCr) == kTrue);
  return Value(TRY(new_tuple(cx, {buffer, make_int(cx, n)})));
}
Result<void> newline_setstate(Context& cx, Decoder self, Value state) {
  if (!is_tuple(state) || state.as<Tuple>()->length != 2)
    return raise(cx, kTypeError, "state argument must be a tuple");
  int64_t n = TRY(to_index64(cx, (*state.as<Tuple>())[1], kOverflowError));
  set_native_slot(cx, self, kPendingCr, of_bool(n & 1));
  const Value inner = native_slot(cx, self, kInner);
  if (inner.is_object() && inner != kNone) {
    const Value rest = TRY(new_tuple(cx, {(*state.as<Tuple>())[0], make_int(cx, n >> 1)}));
    (void)TRY(call_method(cx, inner, "setstate", {rest}));
  }
  return {};
}
Result<void> newline_reset(Context& cx, Decoder self) {
  set_native_slot(cx, self, kPendingCr, kFalse);
  set_int_slot(cx, self, kSeenBits, 0);
  const Value inner = native_slot(cx, self, kInner);
  if (inner.is_object() && inner != kNone) (void)TRY(call0(cx, inner, "reset"));
  return {};
}
Result<Value> newline_newlines(Context& cx, Value self) {
  return newlines_seen(cx, int_slot(cx, self, kSeenBits));
}
constexpr BuiltinDef kNewlineMethods[] = {
    method<&newline_init>("__init__", "($self, decoder, translate, errors='strict')"),
    method<&newline_decode>("decode", "($self, input, final=False)"),
    method<&newline_getstate>("getstate", "($self, /)"),
    method<&newline_setstate>("setstate", "($self, state, /)"),
    method<&newline_reset>("reset", "($self, /)"),
};
constexpr GetSetDef kNewlineGet[] = {{"newlines", newline_newlines}};

}  // namespace

Result<Value> newlines_seen(Context& cx, int64_t seen) {
  static constexpr const char* kAll[] = {"\r", "\n", "\r\n"};
  Value found[3];
  size_t n = 0;
  for (int i = 0; i < 3; ++i)
    if (seen & (1 << i)) found[n++] = intern(cx, kAll[i]);
  if (n == 0) return kNone;
  if (n == 1) return found[0];
  return Value(TRY(new_tuple(cx, found, n)));
}

void define_newline(Context& cx) {
  classes().newline_decoder = keep(define_native_class(
      cx, "_io.IncrementalNewlineDecoder", kNewlineSlots, kNewlineMethods, kNewlineGet));
}

}  // namespace pystm::lib::io
