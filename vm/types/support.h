// What the builtin types' method files share: iterator boilerplate, reprs of containers, positions
// and slices, text views.
#pragma once

#include <string>

#include "vm/object/dict.h"
#include "vm/object/number.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/object/type.h"
#include "vm/runtime/call.h"
#include "vm/runtime/native.h"
#include "vm/runtime/operators.h"
#include "vm/runtime/runtime.h"
#include "vm/text/text_builder.h"
#include "vm/text/text_view.h"
#include "vm/types/native_next.h"

namespace pystm::vm {

// --- iterators -----------------------------------------------------------------------------------
template <class T>
Result<Value> iter_self(Context&, T* self) {
  return Value(self);
}
template <class T, NextFn F>
Result<Value> next_method(Context& cx, T* self) {
  const Value v = TRY(F(cx, self));
  if (v.is_unset()) return raise_stop_iteration(cx, kNone);
  return v;
}
// builtins.<name>, for __reduce__.
Result<Value> builtin_named(Context& cx, const char* name);
// (iter, (sequence,), index), or with an exhausted iterator (iter, (empty,)).
Result<Value> reduce_iterator(Context& cx, const char* function, Value sequence, Value empty,
                              int64_t index);
Result<Value> tuple_of(Context& cx, std::initializer_list<Value> items);
Value new_list_iter(Context& cx, Value list);
Value new_seq_iter(Context& cx, Value sequence);

// --- classes -------------------------------------------------------------------------------------
// X.__new__(cls): cls must be a subtype of X.
Result<void> check_new(Context& cx, Type* cls, Type* base);
// X[item] of builtin generic classes.
Result<Value> class_getitem(Context& cx, Type* cls, Value item);
Result<Type*> type_argument(Context& cx, Value cls, Type* base);
// A subclass instance of an immutable payload type.
Result<Value> new_derived(Context& cx, Type* cls, Value payload);

// --- repr ----------------------------------------------------------------------------------------
// Is repr of `v` running already in this thread? The guards on the native stack know: an abort
// unwinds them, which nothing that is rolled back could stand.
class ReprGuard {
 public:
  ReprGuard(Context& cx, Value v) : cx_(cx), v_(v), outer_(cx.repr_guard) { cx.repr_guard = this; }
  ~ReprGuard() { cx_.repr_guard = outer_; }
  ReprGuard(const ReprGuard&) = delete;
  ReprGuard& operator=(const ReprGuard&) = delete;

  bool running() const {  // true: the caller prints "..."
    for (const ReprGuard* g = outer_; g != nullptr; g = g->outer_)
      if (g->v_ == v_) return true;
    return false;
  }

 private:
  Context& cx_;
  const Value v_;  // pinned: it is on the native stack
  ReprGuard* const outer_;
};
Result<void> add_repr(Context& cx, StrBuilder& out, Value v);

// --- positions -----------------------------------------------------------------------------------
bool has_index(Value v);
inline bool is_slice(Value v) { return has_shape(v, kShapeSlice); }
// "list indices must be integers or slices, not str"; negative counts from the end. Not checked
// against size.
Result<int64_t> subscript(Context& cx, Value key, int64_t size, const char* what);
// How often a sequence is repeated: "can't multiply sequence by non-int of type 'x'"; never
// negative.
Result<int64_t> repeat_count(Context& cx, Value n);
// seq + other where other is not one: tries other's __radd__ (as sequences leave numbers the first
// word), then "can only concatenate list (not "int") to list".
Result<Value> cannot_concat(Context& cx, Value self, Value other, const char* name);
struct Range64 {
  int64_t start, end;
};
// The usual [start, end) arguments of find, index, count: None allowed, clamped to the size.
Result<Range64> search_range(Context& cx, Opt start, Opt end, int64_t size);

// --- text ----------------------------------------------------------------------------------------
inline text::TextView view_of(const Str* s) {
  return text::TextView(s->latin1(), s->length, static_cast<text::Width>(width_of(s)));
}

// Six comparison rows from one template F<CompareOp>.
#define COMPARE_ROWS(F, effects)                                          \
  method<&F<CompareOp::kLt>>("__lt__", "($self, value, /)", effects),     \
      method<&F<CompareOp::kLe>>("__le__", "($self, value, /)", effects), \
      method<&F<CompareOp::kEq>>("__eq__", "($self, value, /)", effects), \
      method<&F<CompareOp::kNe>>("__ne__", "($self, value, /)", effects), \
      method<&F<CompareOp::kGt>>("__gt__", "($self, value, /)", effects), \
      method<&F<CompareOp::kGe>>("__ge__", "($self, value, /)", effects)

}  // namespace pystm::vm
