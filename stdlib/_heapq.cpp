// _heapq: the heap queue on a list. kMax: the largest first.
// A comparison may run Python code that changes the list: sizes and items are read again after
// each.
#include "stdlib/modules.h"
#include "stdlib/native_class.h"
#include "vm/object/number.h"
#include "vm/object/str.h"

namespace pystm::lib {

namespace {

// `which`: "f() argument 1", say.
Result<List*> heap_of(Context& cx, Value v, const char* which) {
  if (!is_list(v)) return raise(cx, kTypeError, "%s must be list, not %s", which, TYPE_NAME(v));
  return v.as<List>();
}
// Is a before b, as far as no Python code is needed to tell? -1: it may be.
int quick_less(Value a, Value b) {
  if (a.is_int() && b.is_int()) return a.as_int() < b.as_int();
  if (is_exact_float(a) && is_exact_float(b)) return float_value(a) < float_value(b);
  if (is_flat_str(a) && is_flat_str(b)) return str_compare(a.as<Str>(), b.as<Str>()) < 0;
  if (!is_exact_tuple(a) || !is_exact_tuple(b)) return -1;
  auto *x = a.as<Tuple>(), *y = b.as<Tuple>();
  if (x->length == 0 || y->length == 0) return -1;
  const Value first = (*x)[0], second = (*y)[0];  // mostly they decide
  return first.is_int() && second.is_int() && first != second ? first.as_int() < second.as_int()
                                                              : -1;
}

// An item on its way through the heap. Its place is a hole, filled only when it has arrived or
// Python code may look.
template <bool kMax>
class Traveller {
 public:
  Traveller(Context& cx, List* heap, int64_t pos)
      : cx_(cx), heap_(heap), size_(list_length(cx, heap)), pos_(pos) {}

  // Up to its place above `start`.
  Result<void> rise(int64_t start) {
    if (pos_ >= size_) return raise(cx_, kIndexError, "index out of range");
    item_ = list_get(cx_, heap_, pos_);
    TRY(climb(start));
    settle();
    return {};
  }
  // Down to a leaf along the first children, then up.
  Result<void> sink() {
    if (pos_ >= size_) return raise(cx_, kIndexError, "index out of range");
    item_ = list_get(cx_, heap_, pos_);
    const int64_t start = pos_, limit = size_ >> 1;
    while (pos_ < limit) {
      int64_t child = 2 * pos_ + 1;
      Value next = list_get(cx_, heap_, child);
      if (child + 1 < size_) {
        const Value right = list_get(cx_, heap_, child + 1);
        if (!TRY(before(next, right))) ++child;
        next = looked_ ? list_get(cx_, heap_, child) : child % 2 == 0 ? right : next;
      }
      move_to(child, next);
    }
    TRY(climb(start));
    settle();
    return {};
  }

 private:
  Result<void> climb(int64_t start) {
    while (pos_ > start) {
      const int64_t parent = (pos_ - 1) >> 1;
      Value above = list_get(cx_, heap_, parent);
      if (!TRY(before(item_, above))) break;
      if (looked_) above = list_get(cx_, heap_, parent);
      move_to(parent, above);
    }
    return {};
  }
  Result<bool> before(Value a, Value b) {
    const int less = kMax ? quick_less(b, a) : quick_less(a, b);
    looked_ = less < 0;
    if (!looked_) return less == 1;
    settle();
    const bool answer = TRY(compare_bool(cx_, CompareOp::kLt, kMax ? b : a, kMax ? a : b));
    if (list_length(cx_, heap_) != size_)
      return raise(cx_, kRuntimeError, "list changed size during iteration");
    item_ = list_get(cx_, heap_, pos_);
    return answer;
  }
  void move_to(int64_t pos, Value there) {
    (void)list_set(cx_, heap_, pos_, there);
    pos_ = pos;
    hole_ = true;
  }
  void settle() {
    if (hole_) (void)list_set(cx_, heap_, pos_, item_);
    hole_ = false;
  }

  Context& cx_;
  List* const heap_;
  const int64_t size_;
  int64_t pos_;
  Value item_;           // on this C++ frame: it stays where it is
  bool hole_ = false;    // the item is not at pos_ yet
  bool looked_ = false;  // the last comparison may have run Python code
};

template <bool kMax>
Result<void> sift_down(Context& cx, List* h, int64_t start, int64_t pos) {
  return Traveller<kMax>(cx, h, pos).rise(start);
}
template <bool kMax>
Result<void> sift_up(Context& cx, List* h, int64_t pos) {
  return Traveller<kMax>(cx, h, pos).sink();
}

Result<void> heappush(Context& cx, Value heap, Value item) {
  List* h = TRY(heap_of(cx, heap, "heappush() argument 1"));
  TRY(list_append(cx, h, item));
  return sift_down<false>(cx, h, 0, list_length(cx, h) - 1);
}
template <bool kMax>
Result<Value> heappop(Context& cx, Value heap) {
  List* h = TRY(heap_of(cx, heap, kMax ? "_heappop_max() argument" : "heappop() argument"));
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
  List* h =
      TRY(heap_of(cx, heap, kMax ? "_heapreplace_max() argument 1" : "heapreplace() argument 1"));
  if (list_length(cx, h) == 0) return raise(cx, kIndexError, "index out of range");
  const Value first = list_get(cx, h, 0);
  (void)list_set(cx, h, 0, item);
  TRY(sift_up<kMax>(cx, h, 0));
  return first;
}
Result<Value> heappushpop(Context& cx, Value heap, Value item) {
  List* h = TRY(heap_of(cx, heap, "heappushpop() argument 1"));
  if (list_length(cx, h) == 0) return item;
  if (!TRY(compare_bool(cx, CompareOp::kLt, list_get(cx, h, 0), item))) return item;
  if (list_length(cx, h) == 0) return raise(cx, kIndexError, "index out of range");
  return heapreplace<false>(cx, heap, item);
}
template <bool kMax>
Result<void> heapify(Context& cx, Value heap) {
  List* h = TRY(heap_of(cx, heap, kMax ? "_heapify_max() argument" : "heapify() argument"));
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
