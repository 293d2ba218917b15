// The abstract operations of the language on any object: what `len(x)`, `x + y`, `x[i]`, `x < y`,
// `hash(x)`, `repr(x)` mean. Fast cases of exact builtin types first, then the special methods.
#pragma once

#include "vm/object/number.h"
#include "vm/object/type.h"

namespace pystm::vm {

Result<Value> binary_op(Context& cx, BinaryOp op, Value a, Value b);
Result<Value> inplace_op(Context& cx, BinaryOp op, Value a, Value b);

// The Python function that the operator calls first, if it is one, so that the interpreter can run
// it as a frame of its own: with (a, b), kRight: with (b, a).
struct OperatorMethod {
  enum Which { kInPlace, kLeft, kRight };
  Value function;  // unset: none
  Which which = kLeft;
};
OperatorMethod operator_method(BinaryOp op, bool inplace, Value a, Value b);
// That one has returned NotImplemented.
Result<Value> operator_declined(Context& cx, BinaryOp op, bool inplace, OperatorMethod::Which tried,
                                Value a, Value b);
Value compare_method(CompareOp op, Value a, Value b);  // called with (a, b), or unset
Result<Value> compare_declined(Context& cx, CompareOp op, Value a, Value b, bool tried_right);
Result<Value> power3(Context& cx, Value a, Value b, Value modulus);
enum class UnaryOp : uint8_t { kNegative, kPositive, kInvert, kAbs };
Result<Value> unary_op(Context& cx, UnaryOp op, Value v);
const char* op_symbol(BinaryOp op, bool inplace);

Result<Value> compare(Context& cx, CompareOp op, Value a, Value b);
Result<bool> compare_bool(Context& cx, CompareOp op, Value a, Value b);
// `a is b or a == b`, as containers compare.
Result<bool> values_equal(Context& cx, Value a, Value b);
bool is_same(Value a, Value b);  // the `is` operator
Result<bool> truth(Context& cx, Value v);
int64_t identity_hash(Value v);                    // as object.__hash__ has it
Result<int64_t> hash_value(Context& cx, Value v);  // TypeError: unhashable type: 'list'

Result<Value> get_item(Context& cx, Value container, Value key);
Result<void> set_item(Context& cx, Value container, Value key, Value value);
Result<void> delete_item(Context& cx, Value container, Value key);
Result<bool> contains(Context& cx, Value container, Value item);
Result<int64_t> length(Context& cx, Value v);

// Conversions through the number protocol.
Result<Value> to_index(Context& cx,
                       Value v);  // exact int; "'x' object cannot be interpreted as an integer"
Result<int64_t> to_index64(Context& cx, Value v,
                           ExcId overflow);  // OverflowError or IndexError beyond
Result<int64_t> to_index_clamped(Context& cx, Value v);
Result<double> to_double(Context& cx,
                         Value v);           // __float__, __index__; "must be real number, not x"
Result<Value> to_int(Context& cx, Value v);  // int(v) of a number

Result<Value> repr(Context& cx, Value v);  // a str
Result<Value> str(Context& cx, Value v);   // a str
Result<Value> ascii(Context& cx, Value v);
Result<Value> format(Context& cx, Value v, Value spec);  // spec: str or unset
std::string repr_utf8(Context& cx, Value v);  // for messages; never fails, "<...>" if repr raises

}  // namespace pystm::vm
