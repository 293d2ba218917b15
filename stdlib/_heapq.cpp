// _heapq: the heap queue on a list. kMax: the largest first.
// A comparison may run Python code that changes the list: sizes and items are read again after
// each.
#include "stdlib/modules.h"
#include "stdlib/native_class.h"

namespace pystm::lib {

namespace {

Result<List*> heap_of(Context& cx, Value v) {
  if (!is_list(v))
    return raise(cx, kTypeError, "heap argument must be a list, not %s", TYPE_NAME(v));
  return v.as<List>();
}
template <bool kMax>
Result<bool> before(Context& cx, Value a, Value b) {
  return compare_bool(cx, CompareOp::kLt, kMax ? b : a, kMax ? a : b);
}
Error changed(Context& cx) {
  return raise(cx, kRuntimeError, "list changed size during iteration");
}
void swap_items(Context& cx, List* h, int64_t i, int64_t j) {
  const Value a = list_get(cx, h, i), b = list_get(cx, h, j);
  (void)list_set(cx, h, i, b);
  (void)list_set(cx, h, j, a);
}

// The item at `pos` goes up to its place above `start`.
template <bool kMax>
Result<void> sift_down(Context& cx, List* h, int64_t start, int64_t pos) {
  const int64_t size = list_length(cx, h);
  if (pos >= size) return raise(cx, kIndexError, "index out of range");
  while (pos > start) {
    const int64_t parent = (pos - 1) >> 1;
    const Value item = list_get(cx, h, pos), above = list_get(cx, h, parent);
    const bool less = TRY(before<kMax>(cx, item, above));
    if (list_length(cx, h) != size) return changed(cx);
    if (!less) break;
    swap_items(cx, h, pos, parent);
    pos = parent;
  }
  return {};
}
// The item at `pos` goes down to a leaf along the first children, then up.
template <bool kMax>
Result<void> sift_up(Context& cx, List* h, int64_t pos) {
  const int64_t size = list_length(cx, h), start = pos;
  if (pos >= size) return raise(cx, kIndexError, "index out of range");
  const int64_t limit = size >> 1;
  while (pos < limit) {
    int64_t child = 2 * pos + 1;
    if (child + 1 < size) {
      const Value left = list_get(cx, h, child), right = list_get(cx, h, child + 1);
      const bool less = TRY(before<kMax>(cx, left, right));
      if (list_length(cx, h) != size) return changed(cx);
      if (!less) ++child;
    }
    swap_items(cx, h, pos, child);
    pos = child;
  }
  return sift_down<kMax>(cx, h, start, pos);
}

Result<void> heappush(Context& cx, Value heap, Value item) {
  List* h = TRY(heap_of(cx, heap));
  TRY(list_append(cx, h, item));
  return sift_down<false>(cx, h, 0, list_length(cx, h) - 1);
}
template <bool kMax>
Result<Value> heappop(Context& cx, Value heap) {
  List* h = TRY(heap_of(cx, heap));
  const int64_t n = list_length(cx, h);
  if (n == 0) return raise(cx, kIndexError, "index out of range");
  const Value last = TRY(list_pop(cx, h, n - 1));
  if (n == 1) return last;
  const Value first = list_get(cx, h, 0);
  (void)list_set(cx, h, 0, last);
  TRY(sift_up<kMax>(cx, h, 0));
  return first;
}
template <bool kMax>
Result<Value> heapreplace(Context& cx, Value heap, Value item) {
  List* h = TRY(heap_of(cx, heap));
  if (list_length(cx, h) == 0) return raise(cx, kIndexError, "index out of range");
  const Value first = list_get(cx, h, 0);
  (void)list_set(cx, h, 0, item);
  TRY(sift_up<kMax>(cx, h, 0));
  return first;
}
Result<Value> heappushpop(Context& cx, Value heap, Value item) {
  List* h = TRY(heap_of(cx, heap));
  if (list_length(cx, h) == 0) return item;
  if (!TRY(before<false>(cx, list_get(cx, h, 0), item))) return item;
  if (list_length(cx, h) == 0) return raise(cx, kIndexError, "index out of range");
  return heapreplace<false>(cx, heap, item);
}
template <bool kMax>
Result<void> heapify(Context& cx, Value heap) {
  List* h = TRY(heap_of(cx, heap));
  for (int64_t i = (list_length(cx, h) >> 1) - 1; i >= 0; --i) TRY(sift_up<kMax>(cx, h, i));
  return {};
}

constexpr BuiltinDef kFunctions[] = {
    function<&heappush>("heappush", "(heap, item, /)"),
    function<&heappushpop>("heappushpop", "(heap, item, /)"),
    function<&heappop<false>>("heappop", "(heap, /)"),
    function<&heapreplace<false>>("heapreplace", "(heap, item, /)"),
    function<&heapify<false>>("heapify", "(heap, /)"),
    function<&heappop<true>>("_heappop_max", "(heap, /)"),
    function<&heapreplace<true>>("_heapreplace_max", "(heap, item, /)"),
    function<&heapify<true>>("_heapify_max", "(heap, /)"),
};
const ModuleDef kModule = {"_heapq", kFunctions, nullptr,
                           "Heap queue algorithm (a.k.a. priority queue).\n"};

}  // namespace

void register__heapq() { register_module(kModule); }

}  // namespace pystm::lib
