// The methods of str by topic; the table that binds them is in str.cpp.
#pragma once

#include "vm/types/support.h"

namespace pystm::vm {

// The receiver: the exact flat text, and the object it came from (perhaps a subclass instance).
struct StrSelf {
  Str* s = nullptr;
  Value object;
  Str* operator->() const { return s; }
  operator Str*() const { return s; }  // NOLINT: implicit
  // The object that "unchanged" methods return: exact str.
  Value same() const { return s; }
};
Error raise_wrong_self(Context& cx, Value v, ArgInfo info, const char* type);
template <>
struct Unwrap<StrSelf> {
  static Result<StrSelf> get(Context& cx, Value v, ArgInfo info) {
    if (PYSTM_LIKELY(is_flat_str(v))) return StrSelf{v.as<Str>(), v};
    if (!v.is_unset() && is_str(v)) return StrSelf{TRY(flatten(cx, v)), v};
    return raise_wrong_self(cx, v, info, "str");
  }
};

// "must be str, not int"
Result<Str*> need_str(Context& cx, Value v);

namespace str_methods {

// str_search.cpp
Result<Value> find(Context& cx, StrSelf self, Value sub, Opt start, Opt end);
Result<Value> rfind(Context& cx, StrSelf self, Value sub, Opt start, Opt end);
Result<Value> index_of(Context& cx, StrSelf self, Value sub, Opt start, Opt end);
Result<Value> rindex_of(Context& cx, StrSelf self, Value sub, Opt start, Opt end);
Result<Value> count(Context& cx, StrSelf self, Value sub, Opt start, Opt end);
Result<bool> startswith(Context& cx, StrSelf self, Value prefix, Opt start, Opt end);
Result<bool> endswith(Context& cx, StrSelf self, Value suffix, Opt start, Opt end);
Result<Value> split(Context& cx, StrSelf self, Value sep, int64_t maxsplit);
Result<Value> rsplit(Context& cx, StrSelf self, Value sep, int64_t maxsplit);
Result<Value> splitlines(Context& cx, StrSelf self, int keepends);
Result<Value> partition(Context& cx, StrSelf self, Value sep);
Result<Value> rpartition(Context& cx, StrSelf self, Value sep);
Result<Value> strip(Context& cx, StrSelf self, Value chars);
Result<Value> lstrip(Context& cx, StrSelf self, Value chars);
Result<Value> rstrip(Context& cx, StrSelf self, Value chars);
Result<Value> replace(Context& cx, StrSelf self, Str* from, Str* to, int64_t count);
Result<Value> removeprefix(Context& cx, StrSelf self, Str* prefix);
Result<Value> removesuffix(Context& cx, StrSelf self, Str* suffix);
Result<Value> join(Context& cx, StrSelf self, Value iterable);
Result<Value> translate(Context& cx, StrSelf self, Value table);
Result<Value> maketrans(Context& cx, Value x, Opt y, Opt z);

// str_format.cpp
Result<Value> format(Context& cx, StrSelf self, Args args, Kwargs kwargs);
Result<Value> format_map(Context& cx, StrSelf self, Value mapping);
Result<Value> mod(Context& cx, Value self, Value value);
Result<Value> rmod(Context& cx, Value self, Value value);

}  // namespace str_methods

// text % args.
Result<Value> percent_format(Context& cx, Str* text, Value args);

}  // namespace pystm::vm
