// The abstract operations that turn any object into text.
#include "vm/interp/frames.h"
#include "vm/object/instance.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/call.h"
#include "vm/runtime/native.h"
#include "vm/runtime/operators.h"

namespace pystm::vm {

Result<Value> repr(Context& cx, Value v) {
  NativeDepth depth(cx);
  TRY(depth.check(" while getting the repr of an object"));
  if (v.is_int()) return int_to_str(cx, v);
  const Value r = TRY(call_special(cx, v, Dunder::kRepr, {}));
  if (r.is_unset() || !is_str(r))
    return raise(cx, kTypeError, "__repr__ returned non-string (type %s)", TYPE_NAME(r));
  return r;
}

Result<Value> str(Context& cx, Value v) {
  if (is_exact_str(v)) return v;
  if (v.is_int()) return int_to_str(cx, v);
  NativeDepth depth(cx);
  TRY(depth.check(" while getting the str of an object"));
  const Value r = TRY(call_special(cx, v, Dunder::kStr, {}));
  if (r.is_unset()) return repr(cx, v);
  if (!is_str(r))
    return raise(cx, kTypeError, "__str__ returned non-string (type %s)", TYPE_NAME(r));
  return r;
}

Result<Value> ascii(Context& cx, Value v) {
  const Value r = TRY(repr(cx, v));
  Str* s = TRY(flatten(cx, r));
  if (is_ascii(s)) return r;
  std::string out;
  char buffer[16];
  for (size_t i = 0; i < s->length; ++i) {
    const char32_t c = char_at(s, i);
    if (c < 128) {
      out.push_back(static_cast<char>(c));
    } else {
      std::snprintf(buffer, sizeof(buffer),
                    c < 0x100     ? "\\x%02x"
                    : c < 0x10000 ? "\\u%04x"
                                  : "\\U%08x",
                    static_cast<unsigned>(c));
      out += buffer;
    }
  }
  return Value(TRY(new_str(cx, out)));
}

Result<Value> format(Context& cx, Value v, Value spec) {
  if (spec.is_unset() || (is_str(spec) && str_length(spec) == 0)) {
    if (is_exact_str(v)) return v;
    if (v.is_int()) return int_to_str(cx, v);
    spec = empty_str();
  }
  const Value r = TRY(call_special(cx, v, Dunder::kFormat, {spec}));
  if (r.is_unset()) return raise(cx, kTypeError, "Type %s doesn't define __format__", TYPE_NAME(v));
  if (!is_str(r))
    return raise(cx, kTypeError, "__format__ must return a str, not %s", TYPE_NAME(r));
  return r;
}

std::string repr_utf8(Context& cx, Value v) {
  auto r = repr(cx, v);
  if (r.is_error()) {
    clear_exception(cx);
    return "<" + type_name(v) + ">";
  }
  return to_utf8(cx, r.value());
}

}  // namespace pystm::vm
