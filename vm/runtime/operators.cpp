// The abstract operations on any object: fast cases of exact builtins, then the special methods.
#include "vm/runtime/operators.h"

#include <cmath>

#include "vm/hash/mix.h"
#include "vm/interp/frames.h"
#include "vm/object/dict.h"
#include "vm/object/exception.h"
#include "vm/object/instance.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/call.h"
#include "vm/runtime/native.h"
#include "vm/types/native_next.h"

namespace pystm::vm {

namespace {

struct BinaryRow {
  Dunder normal, reflected, inplace;
  const char* symbol;
};
constexpr BinaryRow kBinaryRows[] = {
    {Dunder::kAdd, Dunder::kRAdd, Dunder::kIAdd, "+"},
    {Dunder::kSub, Dunder::kRSub, Dunder::kISub, "-"},
    {Dunder::kMul, Dunder::kRMul, Dunder::kIMul, "*"},
    {Dunder::kMatMul, Dunder::kRMatMul, Dunder::kIMatMul, "@"},
    {Dunder::kTrueDiv, Dunder::kRTrueDiv, Dunder::kITrueDiv, "/"},
    {Dunder::kFloorDiv, Dunder::kRFloorDiv, Dunder::kIFloorDiv, "//"},
    {Dunder::kMod, Dunder::kRMod, Dunder::kIMod, "%"},
    {Dunder::kPow, Dunder::kRPow, Dunder::kIPow, "** or pow()"},
    {Dunder::kLShift, Dunder::kRLShift, Dunder::kILShift, "<<"},
    {Dunder::kRShift, Dunder::kRRShift, Dunder::kIRShift, ">>"},
    {Dunder::kAnd, Dunder::kRAnd, Dunder::kIAnd, "&"},
    {Dunder::kOr, Dunder::kROr, Dunder::kIOr, "|"},
    {Dunder::kXor, Dunder::kRXor, Dunder::kIXor, "^"},
    {Dunder::kDivMod, Dunder::kRDivMod, Dunder::kDivMod, "divmod()"},
};
const BinaryRow& row(BinaryOp op) { return kBinaryRows[static_cast<int>(op)]; }

constexpr Dunder kCompareDunders[] = {Dunder::kLt, Dunder::kLe, Dunder::kEq,
                                      Dunder::kNe, Dunder::kGt, Dunder::kGe};
constexpr CompareOp kSwapped[] = {CompareOp::kGt, CompareOp::kGe, CompareOp::kEq,
                                  CompareOp::kNe, CompareOp::kLt, CompareOp::kLe};
constexpr const char* kCompareSymbols[] = {"<", "<=", "==", "!=", ">", ">="};

// type(a).__op__(a, b), bound properly; unset when the method is missing.
Result<Value> try_method(Context& cx, Value a, Dunder d, Value b) {
  const Value method = lookup_dunder(a, d);
  if (has_shape(method, kShapeWrapperDescriptor) || has_shape(method, kShapeMethodDescriptor))
    return call_special(cx, a, d, {b});
  Value self;
  const Value f = TRY(load_special(cx, a, d, &self));
  if (f.is_unset()) return kNotImplemented;
  const Value args[2] = {self, b};
  return self.is_unset() ? call(cx, f, args + 1, 1) : call(cx, f, args, 2);
}

bool as_double(Value v, double* out) {
  if (v.is_float()) {
    *out = v.as_float();
  } else if (has_shape(v, kShapeFloatBox)) {
    *out = v.as<FloatBox>()->value;
  } else if (v.is_int()) {
    *out = static_cast<double>(v.as_int());
  } else {
    return false;
  }
  return true;
}

// Both operands exact ints, or floats and small ints mixed. NotImplemented otherwise.
Result<Value> number_binary(Context& cx, BinaryOp op, Value a, Value b) {
  if (is_exact_int(a) && is_exact_int(b)) return int_binary(cx, op, a, b);
  double x, y;
  if ((is_exact_float(a) || is_exact_float(b)) && as_double(a, &x) && as_double(b, &y))
    return float_binary(cx, op, x, y);
  return kNotImplemented;
}

Error unsupported(Context& cx, BinaryOp op, bool inplace, Value a, Value b) {
  if (op == BinaryOp::kRShift && has_shape(a, kShapeBuiltin) &&
      std::string_view(a.as<Builtin>()->def->name) == "print")
    return raise(
        cx, kTypeError,
        "unsupported operand type(s) for >>: '%s' and '%s'. Did you mean \"print(<message>, "
        "file=<output_stream>)\"?",
        TYPE_NAME(a), TYPE_NAME(b));
  return raise(cx, kTypeError, "unsupported operand type(s) for %s: '%s' and '%s'",
               op_symbol(op, inplace), TYPE_NAME(a), TYPE_NAME(b));
}

// To repeat a sequence is no multiplication: it is tried after all multiplications, and wants an
// index. Whether a method found for a special name of `*` does that.
bool repeats(Value method) {
  if (!has_shape(method, kShapeWrapperDescriptor)) return false;
  const Value owner = method.as<Builtin>()->owner;
  if (owner == types().str || owner == types().bytes || owner == types().bytearray) return true;
  return is_type(owner) && (as_type(owner)->flags & kTypeSequencePattern) != 0;
}
// A class that overrides one of the two has a multiplication, which uses the other as it finds it.
bool multiplies(const Type* type) {
  for (Dunder d : {Dunder::kMul, Dunder::kRMul})
    if (!type->dunder(d).is_unset() && !repeats(type->dunder(d))) return true;
  return false;
}
// sequence * n. NotImplemented: it is not one that can be repeated.
Result<Value> repeat(Context& cx, Value sequence, Value n, Dunder d) {
  if (!repeats(lookup_dunder(sequence, d))) return kNotImplemented;
  if (!is_int(n) && lookup_dunder(n, Dunder::kIndex).is_unset())
    return raise(cx, kTypeError, "can't multiply sequence by non-int of type '%s'", TYPE_NAME(n));
  return try_method(cx, sequence, d, n);
}

Result<Value> binary_dispatch(Context& cx, BinaryOp op, Value a, Value b) {
  const BinaryRow& r = row(op);
  Type* ta = type_of(a);
  Type* tb = type_of(b);
  Value left = ta->dunder(r.normal);
  Value right = ta == tb ? Value() : tb->dunder(r.reflected);
  if (op == BinaryOp::kMul) {
    if (!multiplies(ta)) left = Value();
    if (!multiplies(tb)) right = Value();
  }
  // A subclass on the right that overrides the reflected method goes first.
  if (!right.is_unset() && is_subtype(tb, ta) && right != ta->dunder(r.reflected)) {
    const Value v = TRY(try_method(cx, b, r.reflected, a));
    if (v != kNotImplemented) return v;
    if (!left.is_unset()) return try_method(cx, a, r.normal, b);
    return kNotImplemented;
  }
  if (!left.is_unset()) {
    const Value v = TRY(try_method(cx, a, r.normal, b));
    if (v != kNotImplemented) return v;
  }
  if (!right.is_unset()) return try_method(cx, b, r.reflected, a);
  return kNotImplemented;
}

// Whether CPython gives the class slots for what sequences do, be they empty or not.
bool has_sequence_slots(const Type* type) {
  if ((type->flags & kTypeHeap) != 0) return true;
  for (Dunder d : {Dunder::kLen, Dunder::kGetItem, Dunder::kContains})
    if (!type->dunder(d).is_unset()) return true;
  return false;
}

}  // namespace

namespace {

// All methods have declined: what sequences do, and the errors.
Result<Value> without_method(Context& cx, BinaryOp op, bool inplace, Value a, Value b) {
  if (op == BinaryOp::kMul) {
    Value v = kNotImplemented;
    if (inplace && !lookup_dunder(a, Dunder::kIMul).is_unset())
      v = TRY(repeat(cx, a, b, Dunder::kIMul));
    if (v == kNotImplemented) v = TRY(repeat(cx, a, b, Dunder::kMul));
    // Unlike in a * b, a class that could be a sequence but cannot be repeated keeps `b` from it.
    if (v == kNotImplemented && !(inplace && has_sequence_slots(type_of(a))))
      v = TRY(repeat(cx, b, a, Dunder::kRMul));
    if (v != kNotImplemented) return v;
  }
  const bool sequence =
      is_str(a) || is_tuple(a) || is_bytes(a) || (!inplace && (is_list(a) || is_bytearray(a)));
  if (op == BinaryOp::kAdd && sequence) {
    // Texts that CPython gives for sequences.
    if (is_bytes(a) || is_bytearray(a))
      return raise(cx, kTypeError, "can't concat %s to %s", TYPE_NAME(b), TYPE_NAME(a));
    return raise(cx, kTypeError, "can only concatenate %s (not \"%s\") to %s",
                 is_str(a)    ? "str"
                 : is_list(a) ? "list"
                              : "tuple",
                 TYPE_NAME(b),
                 is_str(a)    ? "str"
                 : is_list(a) ? "list"
                              : "tuple");
  }
  return unsupported(cx, op, inplace, a, b);
}

}  // namespace

OperatorMethod operator_method(BinaryOp op, bool inplace, Value a, Value b) {
  const BinaryRow& r = row(op);
  Type* ta = type_of(a);
  Type* tb = type_of(b);
  if (inplace && !ta->dunder(r.inplace).is_unset()) {
    if (!is_instance_layout(a) || !is_function(ta->dunder(r.inplace))) return {};
    return {ta->dunder(r.inplace), OperatorMethod::kInPlace};
  }
  const Value left = ta->dunder(r.normal), right = ta == tb ? Value() : tb->dunder(r.reflected);
  const bool right_first =
      !right.is_unset() && is_subtype(tb, ta) && right != ta->dunder(r.reflected);
  if (is_instance_layout(a) && is_function(left) && !right_first)
    return {left, OperatorMethod::kLeft};
  // What numbers decline.
  if ((is_exact_int(a) || is_exact_float(a)) && is_instance_layout(b) && is_function(right))
    return {right, OperatorMethod::kRight};
  return {};
}

Result<Value> operator_declined(Context& cx, BinaryOp op, bool inplace, OperatorMethod::Which tried,
                                Value a, Value b) {
  NativeDepth depth(cx);
  TRY(depth.check(""));
  Value v = kNotImplemented;
  if (tried == OperatorMethod::kInPlace) {
    v = TRY(binary_dispatch(cx, op, a, b));
  } else if (tried == OperatorMethod::kLeft && type_of(a) != type_of(b) &&
             !lookup_dunder(b, row(op).reflected).is_unset() &&
             (op != BinaryOp::kMul || multiplies(type_of(b)))) {
    v = TRY(try_method(cx, b, row(op).reflected, a));
  }
  return v != kNotImplemented ? v : without_method(cx, op, inplace, a, b);
}

const char* op_symbol(BinaryOp op, bool inplace) {
  static constexpr const char* kInplace[] = {
      "+=", "-=", "*=", "@=", "/=", "//=", "%=", "**=", "<<=", ">>=", "&=", "|=", "^=", "divmod()"};
  return inplace ? kInplace[static_cast<int>(op)] : row(op).symbol;
}

Result<Value> binary_op(Context& cx, BinaryOp op, Value a, Value b) {
  Value v = TRY(number_binary(cx, op, a, b));
  if (v != kNotImplemented) return v;
  if (op == BinaryOp::kAdd && is_exact_str(a) && is_exact_str(b)) return str_concat(cx, a, b);
  NativeDepth depth(cx);
  TRY(depth.check(""));
  v = TRY(binary_dispatch(cx, op, a, b));
  return v != kNotImplemented ? v : without_method(cx, op, false, a, b);
}

Result<Value> inplace_op(Context& cx, BinaryOp op, Value a, Value b) {
  const Value quick = TRY(number_binary(cx, op, a, b));
  if (quick != kNotImplemented) return quick;
  if (op == BinaryOp::kAdd && is_exact_str(a) && is_exact_str(b)) return str_concat(cx, a, b);
  const Value inplace = op == BinaryOp::kDivMod ? Value() : lookup_dunder(a, row(op).inplace);
  if (!inplace.is_unset() && !(op == BinaryOp::kMul && repeats(inplace))) {
    NativeDepth depth(cx);
    TRY(depth.check(""));
    const Value v = TRY(try_method(cx, a, row(op).inplace, b));
    if (v != kNotImplemented) return v;
  }
  const Value v = TRY(binary_dispatch(cx, op, a, b));
  return v != kNotImplemented ? v : without_method(cx, op, true, a, b);
}

Result<Value> power3(Context& cx, Value a, Value b, Value modulus) {
  if (modulus == kNone) return binary_op(cx, BinaryOp::kPow, a, b);
  const Value f = lookup_dunder(a, Dunder::kPow);
  if (!f.is_unset()) {
    const Value v = TRY(call(cx, f, {a, b, modulus}));
    if (v != kNotImplemented) return v;
  }
  return raise(cx, kTypeError, "unsupported operand type(s) for ** or pow(): '%s', '%s', '%s'",
               TYPE_NAME(a), TYPE_NAME(b), TYPE_NAME(modulus));
}

Result<Value> unary_op(Context& cx, UnaryOp op, Value v) {
  if (v.is_int()) {
    const int64_t i = v.as_int();
    switch (op) {
      case UnaryOp::kNegative:
        return make_int(cx, -i);
      case UnaryOp::kPositive:
        return v;
      case UnaryOp::kInvert:
        return Value::of_int(~i);
      case UnaryOp::kAbs:
        return make_int(cx, i < 0 ? -i : i);
    }
  }
  if (v.is_float() && op != UnaryOp::kInvert) {
    const double d = v.as_float();
    return make_float(cx, op == UnaryOp::kNegative ? -d : op == UnaryOp::kAbs ? std::fabs(d) : d);
  }
  static constexpr Dunder kDunders[] = {Dunder::kNeg, Dunder::kPos, Dunder::kInvert, Dunder::kAbs};
  static constexpr const char* kSymbols[] = {"unary -", "unary +", "unary ~", "abs()"};
  const Value r = TRY(call_special(cx, v, kDunders[static_cast<int>(op)], {}));
  if (r.is_unset())
    return raise(cx, kTypeError, "bad operand type for %s: '%s'", kSymbols[static_cast<int>(op)],
                 TYPE_NAME(v));
  return r;
}

// --- comparison ----------------------------------------------------------------------------------

namespace {

Value ordered(CompareOp op, int c) { return of_bool(holds(op, c, 0)); }

// Exact ints, floats and strs; unset when other types are involved.
Result<Value> quick_compare(Context& cx, CompareOp op, Value a, Value b) {
  if (is_exact_int(a)) {
    if (is_exact_int(b)) return ordered(op, int_compare(a, b));
    if (is_exact_float(b)) return of_bool(int_float_compare(op, a, float_value(b)));
  } else if (is_exact_float(a)) {
    if (is_exact_float(b)) return of_bool(holds(op, float_value(a), float_value(b)));
    if (is_exact_int(b))
      return of_bool(int_float_compare(kSwapped[static_cast<int>(op)], b, float_value(a)));
  } else if (is_exact_str(a) && is_exact_str(b)) {
    Str* x = TRY(flatten(cx, a));
    Str* y = TRY(flatten(cx, b));
    if (op == CompareOp::kEq) return of_bool(str_equal(x, y));
    if (op == CompareOp::kNe) return of_bool(!str_equal(x, y));
    return ordered(op, str_compare(x, y));
  }
  return Value();
}

}  // namespace

bool is_same(Value a, Value b) {
  if (a == b) return true;
  // Boxed numbers are values, too: two boxes of equal bits are one object.
  if (has_shape(a, kShapeFloatBox) && has_shape(b, kShapeFloatBox))
    return std::bit_cast<Word>(a.as<FloatBox>()->value) ==
               std::bit_cast<Word>(b.as<FloatBox>()->value) &&
           !std::isnan(a.as<FloatBox>()->value);
  return false;
}

Result<Value> compare(Context& cx, CompareOp op, Value a, Value b) {
  const Value quick = TRY(quick_compare(cx, op, a, b));
  if (!quick.is_unset()) return quick;
  NativeDepth depth(cx);
  TRY(depth.check(" in comparison"));
  Type* ta = type_of(a);
  Type* tb = type_of(b);
  const Dunder d = kCompareDunders[static_cast<int>(op)];
  const Dunder swapped = kCompareDunders[static_cast<int>(kSwapped[static_cast<int>(op)])];
  bool tried_right = false;
  if (ta != tb && is_subtype(tb, ta)) {
    tried_right = true;
    const Value v = TRY(try_method(cx, b, swapped, a));
    if (v != kNotImplemented) return v;
  }
  const Value left = TRY(try_method(cx, a, d, b));
  if (left != kNotImplemented) return left;
  return compare_declined(cx, op, a, b, tried_right);
}

Value compare_method(CompareOp op, Value a, Value b) {
  if (!is_instance_layout(a)) return Value();
  Type* ta = type_of(a);
  Type* tb = type_of(b);
  const Value left = ta->dunder(kCompareDunders[static_cast<int>(op)]);
  return is_function(left) && (ta == tb || !is_subtype(tb, ta)) ? left : Value();
}

Result<Value> compare_declined(Context& cx, CompareOp op, Value a, Value b, bool tried_right) {
  const Dunder swapped = kCompareDunders[static_cast<int>(kSwapped[static_cast<int>(op)])];
  if (!tried_right) {
    NativeDepth depth(cx);
    TRY(depth.check(" in comparison"));
    const Value v = TRY(try_method(cx, b, swapped, a));
    if (v != kNotImplemented) return v;
  }
  if (op == CompareOp::kEq) return of_bool(is_same(a, b));
  if (op == CompareOp::kNe) return of_bool(!is_same(a, b));
  return raise(cx, kTypeError, "'%s' not supported between instances of '%s' and '%s'",
               kCompareSymbols[static_cast<int>(op)], TYPE_NAME(a), TYPE_NAME(b));
}

Result<bool> compare_bool(Context& cx, CompareOp op, Value a, Value b) {
  return truth(cx, TRY(compare(cx, op, a, b)));
}

Result<bool> values_equal(Context& cx, Value a, Value b) {
  if (is_same(a, b)) return true;
  if (is_exact_tuple(a) && is_exact_tuple(b)) {
    auto* x = a.as<Tuple>();
    auto* y = b.as<Tuple>();
    if (x->length != y->length) return false;
    NativeDepth depth(cx);
    TRY(depth.check(" in comparison"));
    for (size_t i = 0; i < x->length; ++i)
      if (!TRY(values_equal(cx, (*x)[i], (*y)[i]))) return false;
    return true;
  }
  return compare_bool(cx, CompareOp::kEq, a, b);
}

Result<bool> truth(Context& cx, Value v) {
  if (v == kTrue) return true;
  if (v == kFalse || v == kNone) return false;
  if (v.is_int()) return v.as_int() != 0;
  if (v.is_float()) return true;  // tagged floats are never zero
  if (!v.is_object()) return true;
  switch (v.object()->shape_id) {
    case kShapeLatin1Str:
    case kShapeUcs2Str:
    case kShapeUcs4Str:
    case kShapeRopeStr:
      return str_length(v) != 0;
    case kShapeTuple:
      return v.as<Tuple>()->length != 0;
    case kShapeList:
      return list_length(cx, v.as<List>()) != 0;
    case kShapeDict:
      return dict_length(cx, v.as<Dict>()) != 0;
    case kShapeSet:
      return set_length(cx, v) != 0;
    case kShapeFloatBox:
      return v.as<FloatBox>()->value != 0;
    case kShapeBigInt:
      return true;
    default:
      break;
  }
  Type* type = type_of(v);
  if (!type->dunder(Dunder::kBool).is_unset()) {
    const Value r = TRY(call_special(cx, v, Dunder::kBool, {}));
    if (!is_bool(r))
      return raise(cx, kTypeError, "__bool__ should return bool, returned %s", TYPE_NAME(r));
    return r == kTrue;
  }
  if (!type->dunder(Dunder::kLen).is_unset()) return TRY(length(cx, v)) != 0;
  return true;
}

int64_t identity_hash(Value v) {
  if (!v.is_object()) return static_cast<int64_t>(v.bits() >> 3);
  return static_cast<int64_t>(gc::identity_hash(v.object())) * 16 + 8;
}

Result<int64_t> hash_value(Context& cx, Value v) {
  if (v.is_int()) return hash::hash_int64(v.as_int());
  if (is_flat_str(v)) return str_hash(v.as<Str>());
  if (v.is_float()) return float_hash(v.as_float(), v);
  if (v == kNone) return int64_t{0xFCA86420};
  if (is_bool(v)) return int64_t{v == kTrue};
  if (is_exact_tuple(v)) {
    NativeDepth depth(cx);
    TRY(depth.check_stack());
    auto* t = v.as<Tuple>();
    hash::TupleHash h;
    for (size_t i = 0; i < t->length; ++i) {
      const Value item = (*t)[i];
      h.add(item.is_int() ? hash::hash_int64(item.as_int()) : TRY(hash_value(cx, item)));
    }
    return h.finish();
  }
  if (is_exact_bytes(v)) return bytes_hash(v.as<Bytes>());
  const Value f = lookup_dunder(v, Dunder::kHash);
  if (f == types().object->dunder(Dunder::kHash)) return identity_hash(v);
  if (f.is_unset() || f == kNone)
    return raise(cx, kTypeError, "unhashable type: '%s'", TYPE_NAME(v));
  const Value r = TRY(call_special(cx, v, Dunder::kHash, {}));
  if (!is_int(r)) return raise(cx, kTypeError, "__hash__ method should return an integer");
  const Value i = exact_int(r);
  int64_t h;
  if (!to_int64(i, &h)) h = int_hash(i);
  return h == -1 ? -2 : h;
}

// --- items ---------------------------------------------------------------------------------------

namespace {
// Item k of a builtin sequence, if it is an int inside; unset otherwise.
Value quick_item(Context& cx, Value c, Value key) {
  if (!key.is_int() || !c.is_object()) return Value();
  const auto k = static_cast<Word>(key.as_int());
  switch (c.object()->shape_id) {
    case kShapeList:
      return list_get(cx, c.as<List>(), key.as_int());  // unset outside
    case kShapeTuple:
      return k < c.as<Tuple>()->length ? (*c.as<Tuple>())[k] : Value();
    case kShapeLatin1Str:
    case kShapeUcs2Str:
    case kShapeUcs4Str:
      return k < c.as<Str>()->length ? Value(str_of_char(cx, char_at(c.as<Str>(), k))) : Value();
    case kShapeBytes:
      return k < c.as<Bytes>()->length ? Value::of_int(c.as<Bytes>()->data()[k]) : Value();
    default:
      return Value();
  }
}
}  // namespace

Result<Value> get_item(Context& cx, Value c, Value key) {
  if (is_exact_dict(c)) {
    const Value v = TRY(dict_get(cx, c.as<Dict>(), key));
    if (v.is_unset()) return raise_type_value(cx, kKeyError, key);
    return v;
  }
  if (const Value v = quick_item(cx, c, key); !v.is_unset()) return v;
  const Value r = TRY(call_special(cx, c, Dunder::kGetItem, {key}));
  if (!r.is_unset()) return r;
  if (is_type(c)) {
    if (as_type(c) == types().type) return call(cx, types().generic_alias, {c, key});
    const Value hook = TRY(find_attr(cx, c, names().__class_getitem__));
    if (!hook.is_unset()) return call(cx, hook, {key});
    return raise(cx, kTypeError, "type '%s' is not subscriptable",
                 type_name_of(as_type(c)).c_str());
  }
  return raise(cx, kTypeError, "'%s' object is not subscriptable", TYPE_NAME(c));
}

Result<void> set_item(Context& cx, Value c, Value key, Value value) {
  if (is_exact_dict(c)) return dict_set(cx, c.as<Dict>(), key, value);
  const Value r = TRY(call_special(cx, c, Dunder::kSetItem, {key, value}));
  if (r.is_unset())
    return raise(cx, kTypeError, "'%s' object does not support item assignment", TYPE_NAME(c));
  return {};
}

Result<void> delete_item(Context& cx, Value c, Value key) {
  const Value r = TRY(call_special(cx, c, Dunder::kDelItem, {key}));
  if (r.is_unset())
    return raise(cx, kTypeError, "'%s' object doesn't support item deletion", TYPE_NAME(c));
  return {};
}

Result<bool> contains(Context& cx, Value c, Value item) {
  if (is_exact_dict(c)) return !TRY(dict_get(cx, c.as<Dict>(), item)).is_unset();
  if (is_exact_set(c) && !is_set(item)) return set_contains(cx, c, item);
  if (is_flat_str(c) && is_flat_str(item)) return str_contains(c.as<Str>(), item.as<Str>());
  const Value f = lookup_dunder(c, Dunder::kContains);
  if (f == kNone) return raise(cx, kTypeError, "'%s' object is not a container", TYPE_NAME(c));
  if (!f.is_unset()) return truth(cx, TRY(call_special(cx, c, Dunder::kContains, {item})));
  if (lookup_dunder(c, Dunder::kIter).is_unset() && lookup_dunder(c, Dunder::kGetItem).is_unset())
    return raise(cx, kTypeError, "argument of type '%s' is not iterable", TYPE_NAME(c));
  auto made = get_iter(cx, c);
  if (made.is_error()) {
    if (!pending_is(cx, kTypeError)) return Error{};
    clear_exception(cx);
    return raise(cx, kTypeError, "argument of type '%s' is not iterable", TYPE_NAME(c));
  }
  const Value it = made.value();
  for (;;) {
    const Value v = TRY(iter_next(cx, it));
    if (v.is_unset()) return false;
    if (TRY(values_equal(cx, v, item))) return true;
  }
}

Result<int64_t> length(Context& cx, Value v) {
  if (v.is_object()) {
    switch (v.object()->shape_id) {
      case kShapeList:
        return list_length(cx, v.as<List>());
      case kShapeTuple:
        return static_cast<int64_t>(v.as<Tuple>()->length);
      case kShapeDict:
        return dict_length(cx, v.as<Dict>());
      case kShapeSet:
        return set_length(cx, v);
      case kShapeLatin1Str:
      case kShapeUcs2Str:
      case kShapeUcs4Str:
      case kShapeRopeStr:
        return static_cast<int64_t>(str_length(v));
      default:
        break;
    }
  }
  const Value r = TRY(call_special(cx, v, Dunder::kLen, {}));
  if (r.is_unset()) return raise(cx, kTypeError, "object of type '%s' has no len()", TYPE_NAME(v));
  if (!is_int(r) && lookup_dunder(r, Dunder::kIndex).is_unset())
    return raise(cx, kTypeError, "'%s' object cannot be interpreted as an integer", TYPE_NAME(r));
  const Value i = TRY(to_index(cx, r));
  int64_t n;
  if (int_sign(i) < 0) return raise(cx, kValueError, "__len__() should return >= 0");
  if (!to_int64(i, &n))
    return raise(cx, kOverflowError, "cannot fit 'int' into an index-sized integer");
  return n;
}

// --- conversions ---------------------------------------------------------------------------------

Result<Value> to_index(Context& cx, Value v) {
  if (is_int(v)) return exact_int(v);
  const Value r = TRY(call_special(cx, v, Dunder::kIndex, {}));
  if (r.is_unset())
    return raise(cx, kTypeError, "'%s' object cannot be interpreted as an integer", TYPE_NAME(v));
  if (!is_int(r))
    return raise(cx, kTypeError, "__index__ returned non-int (type %s)", TYPE_NAME(r));
  return exact_int(r);
}
Result<int64_t> to_index64(Context& cx, Value v, ExcId overflow) {
  const Value i = TRY(to_index(cx, v));
  int64_t out;
  if (!to_int64(i, &out))
    return raise(cx, overflow, "cannot fit '%s' into an index-sized integer", TYPE_NAME(v));
  return out;
}
Result<int64_t> to_index_clamped(Context& cx, Value v) {
  const Value i = TRY(to_index(cx, v));
  int64_t out;
  if (!to_int64(i, &out)) return int_sign(i) < 0 ? INT64_MIN : INT64_MAX;
  return out;
}

Result<double> to_double(Context& cx, Value v) {
  if (is_float(v)) return float_value(v);
  Value i;
  if (is_int(v)) {
    i = exact_int(v);
  } else {
    const Value r = TRY(call_special(cx, v, Dunder::kFloat, {}));
    if (!r.is_unset()) {
      if (!is_float(r))
        return raise(cx, kTypeError, "%s.__float__ returned non-float (type %s)", TYPE_NAME(v),
                     TYPE_NAME(r));
      return float_value(r);
    }
    if (lookup_dunder(v, Dunder::kIndex).is_unset())
      return raise(cx, kTypeError, "must be real number, not %s", TYPE_NAME(v));
    i = TRY(to_index(cx, v));
  }
  bool overflow = false;
  const double d = int_to_double(i, &overflow);
  if (overflow) return raise(cx, kOverflowError, "int too large to convert to float");
  return d;
}

Result<Value> to_int(Context& cx, Value v) {
  if (is_int(v)) return exact_int(v);
  if (is_exact_float(v)) return int_from_double(cx, float_value(v));
  for (Dunder d : {Dunder::kInt, Dunder::kIndex, Dunder::kTrunc}) {
    const Value r = TRY(call_special(cx, v, d, {}));
    if (r.is_unset()) continue;
    if (is_int(r)) return exact_int(r);
    if (d == Dunder::kTrunc && !lookup_dunder(r, Dunder::kIndex).is_unset()) return to_index(cx, r);
    return raise(cx, kTypeError, "__%s__ returned non-%s (type %s)",
                 d == Dunder::kIndex ? "index"
                 : d == Dunder::kInt ? "int"
                                     : "trunc",
                 d == Dunder::kTrunc ? "Integral" : "int", TYPE_NAME(r));
  }
  return raise(cx, kTypeError,
               "int() argument must be a string, a bytes-like object or a real number, not '%s'",
               TYPE_NAME(v));
}

// --- iteration -----------------------------------------------------------------------------------

namespace {
NextFn native_nexts[static_cast<size_t>(Kind::kCount)];
}
void set_native_next(Kind kind, NextFn next) { native_nexts[static_cast<size_t>(kind)] = next; }
NextFn native_next(Kind kind) { return native_nexts[static_cast<size_t>(kind)]; }
// In Type::extra, as a tagged int.
void set_native_class_next(Type* type, NextFn next) {
  type->extra = Value::of_int(static_cast<int64_t>(reinterpret_cast<uintptr_t>(next)));
}

Result<Value> get_iter(Context& cx, Value v) {
  if (has_shape(v, kShapeGenerator)) return v;
  if (is_exact_list(v)) {
    auto* it = alloc<ListIter>(cx, kShapeListIter);
    stm::init_state(cx, it).sequence = v;
    return Value(it);
  }
  const Value f = lookup_dunder(v, Dunder::kIter);
  if (!f.is_unset() && f != kNone) {
    const Value it = TRY(call_special(cx, v, Dunder::kIter, {}));
    if (lookup_dunder(it, Dunder::kNext).is_unset())
      return raise(cx, kTypeError, "iter() returned non-iterator of type '%s'", TYPE_NAME(it));
    return it;
  }
  if (f.is_unset() && !lookup_dunder(v, Dunder::kGetItem).is_unset() && !is_dict(v)) {
    auto* it = alloc<SeqIter>(cx, kShapeSeqIter);
    stm::init_state(cx, it).sequence = v;
    return Value(it);
  }
  return raise(cx, kTypeError, "'%s' object is not iterable", TYPE_NAME(v));
}

Result<Value> iter_next(Context& cx, Value it) {
  cx.return_value = Value();
  if (it.is_object()) {
    Shape* shape = shape_of(it.object());
    if (shape->kind == Kind::kGenerator) {
      bool finished;
      const Value v = TRY(generator_resume(cx, it.as<Generator>(), kNone, &finished));
      if (!finished) return v;
      cx.return_value = v;
      return Value();
    }
    if (!(shape->type->flags & kTypeHeap)) {
      if (NextFn next = native_nexts[static_cast<size_t>(shape->kind)]) return next(cx, it);
      if (shape->kind == Kind::kInstance && shape->type->extra.is_int())
        return reinterpret_cast<NextFn>(static_cast<uintptr_t>(shape->type->extra.as_int()))(cx,
                                                                                             it);
    }
  }
  auto r = call_special(cx, it, Dunder::kNext, {});
  if (!r.is_error()) {
    if (!r.value().is_unset()) return r;
    return raise(cx, kTypeError, "'%s' object is not an iterator", TYPE_NAME(it));
  }
  if (!pending_is(cx, kStopIteration)) return Error{};
  const Value e = take_exception(cx);
  const Value value = get_exception_member(cx, e, "value");
  cx.return_value = value.is_unset() ? kNone : value;
  return Value();
}

Result<int64_t> length_hint(Context& cx, Value v, int64_t fallback) {
  if (!lookup_dunder(v, Dunder::kLen).is_unset()) {
    auto r = length(cx, v);
    if (!r.is_error()) return r;
    if (!pending_is(cx, kTypeError)) return Error{};
    clear_exception(cx);
  }
  auto r = call_special(cx, v, Dunder::kLengthHint, {});
  if (r.is_error()) {
    if (!pending_is(cx, kTypeError)) return Error{};
    clear_exception(cx);
    return fallback;
  }
  if (r.value().is_unset() || r.value() == kNotImplemented) return fallback;
  if (!is_int(r.value()))
    return raise(cx, kTypeError, "__length_hint__ must be an integer, not %s",
                 TYPE_NAME(r.value()));
  int64_t n;
  if (!to_int64(r.value(), &n))
    return raise(cx, kOverflowError, "Python int too large to convert to C ssize_t");
  if (n < 0) return raise(cx, kValueError, "__length_hint__() should return >= 0");
  return n;
}

}  // namespace pystm::vm
