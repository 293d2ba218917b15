// _bisect: binary search in sorted sequences.
#include "stdlib/modules.h"
#include "stdlib/native_class.h"

namespace pystm::lib {

namespace {

template <bool kRight>
Result<int64_t> position(Context& cx, Value a, Value x, Value lo_arg, Value hi_arg, Value key) {
  int64_t lo = TRY(to_index64(cx, lo_arg, kIndexError));
  if (lo < 0) return raise(cx, kValueError, "lo must be non-negative");
  int64_t hi = hi_arg == kNone ? TRY(length(cx, a)) : TRY(to_index64(cx, hi_arg, kIndexError));
  while (lo < hi) {
    const int64_t mid = lo + (hi - lo) / 2;
    Value item = is_exact_list(a) ? list_get(cx, a.as<List>(), mid) : Value();
    if (item.is_unset()) item = TRY(get_item(cx, a, make_int(cx, mid)));
    if (key != kNone) item = TRY(call(cx, key, {item}));
    const bool before = kRight ? !TRY(compare_bool(cx, CompareOp::kLt, x, item))
                               : TRY(compare_bool(cx, CompareOp::kLt, item, x));
    if (before) {
      lo = mid + 1;
    } else {
      hi = mid;
    }
  }
  return lo;
}
template <bool kRight>
Result<void> insort(Context& cx, Value a, Value x, Value lo, Value hi, Value key) {
  const Value by = key == kNone ? x : TRY(call(cx, key, {x}));
  const int64_t i = TRY(position<kRight>(cx, a, by, lo, hi, key));
  if (is_exact_list(a)) return list_insert(cx, a.as<List>(), i, x);
  TRY(call_method(cx, a, "insert", {make_int(cx, i), x}));
  return {};
}

constexpr BuiltinDef kFunctions[] = {
    function<&position<true>>("bisect_right", "(a, x, lo=0, hi=None, *, key=None)"),
    function<&position<false>>("bisect_left", "(a, x, lo=0, hi=None, *, key=None)"),
    function<&insort<true>>("insort_right", "(a, x, lo=0, hi=None, *, key=None)"),
    function<&insort<false>>("insort_left", "(a, x, lo=0, hi=None, *, key=None)"),
};
const ModuleDef kModule = {
    "_bisect", kFunctions, nullptr,
    "Bisection algorithms.\n\nThis module provides support for maintaining a list in sorted order "
    "without\nhaving to sort the list after each insertion. For long lists of items "
    "with\nexpensive "
    "comparison operations, this can be an improvement over the more\ncommon approach.\n"};

}  // namespace

void register__bisect() { register_module(kModule); }

}  // namespace pystm::lib
