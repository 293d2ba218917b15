// _operator: the operators as functions; itemgetter, attrgetter, methodcaller.
#include "stdlib/modules.h"
#include "stdlib/native_class.h"

namespace pystm::lib {

namespace {

template <BinaryOp kOp>
Result<Value> binary(Context& cx, Value a, Value b) {
  return binary_op(cx, kOp, a, b);
}
template <BinaryOp kOp>
Result<Value> inplace(Context& cx, Value a, Value b) {
  return inplace_op(cx, kOp, a, b);
}
template <UnaryOp kOp>
Result<Value> unary(Context& cx, Value a) {
  return unary_op(cx, kOp, a);
}
template <CompareOp kOp>
Result<Value> ordered(Context& cx, Value a, Value b) {
  return compare(cx, kOp, a, b);
}
Result<bool> truth_of(Context& cx, Value a) { return truth(cx, a); }
Result<bool> not_of(Context& cx, Value a) { return !TRY(truth(cx, a)); }
bool is_op(Context&, Value a, Value b) { return is_same(a, b); }
bool is_not_op(Context&, Value a, Value b) { return !is_same(a, b); }
Result<Value> index_of(Context& cx, Value a) { return to_index(cx, a); }
Result<Value> getitem(Context& cx, Value a, Value b) { return get_item(cx, a, b); }
Result<void> setitem(Context& cx, Value a, Value b, Value c) { return set_item(cx, a, b, c); }
Result<void> delitem(Context& cx, Value a, Value b) { return delete_item(cx, a, b); }
Result<bool> contains_item(Context& cx, Value a, Value b) { return contains(cx, a, b); }
bool is_sequence(Value v) { return !is_dict(v) && !lookup_dunder(v, Dunder::kGetItem).is_unset(); }
template <bool kInplace>
Result<Value> concat(Context& cx, Value a, Value b) {
  if (!is_sequence(a))
    return raise(cx, kTypeError, "'%s' object can't be concatenated", TYPE_NAME(a));
  return kInplace ? inplace_op(cx, BinaryOp::kAdd, a, b) : binary_op(cx, BinaryOp::kAdd, a, b);
}
Result<int64_t> count_of(Context& cx, Value a, Value b) {
  int64_t n = 0;
  TRY(for_each(cx, a, [&](Value v) -> Result<void> {
    n += TRY(values_equal(cx, v, b));
    return {};
  }));
  return n;
}
Result<int64_t> position_of(Context& cx, Value a, Value b) {
  int64_t n = 0;
  bool found = false;
  TRY(for_each(cx, a, [&](Value v) -> Result<bool> {
    found = TRY(values_equal(cx, v, b));
    n += !found;
    return !found;
  }));
  if (!found) return raise(cx, kValueError, "sequence.index(x): x not in sequence");
  return n;
}
Result<int64_t> hint(Context& cx, Value obj, Value fallback) {
  if (!is_int(fallback))
    return raise(cx, kTypeError, "'%s' object cannot be interpreted as an integer",
                 TYPE_NAME(fallback));
  return length_hint(cx, obj, TRY(to_index64(cx, fallback, kOverflowError)));
}
Result<Value> call_object(Context& cx, Value obj, Args args, Kwargs kwargs) {
  if (kwargs.count() == 0) return tail_call(cx, obj, args.items, args.count);
  Tuple* all = TRY(alloc_tuple(cx, args.count + kwargs.count()));
  for (uint32_t i = 0; i < args.count; ++i) all->items()[i] = args[i];
  for (uint32_t i = 0; i < kwargs.count(); ++i) all->items()[args.count + i] = kwargs.values[i];
  return tail_call(cx, obj, all->items(), all->length, kwargs.names);
}
// In a time that does not depend on where they differ.
Result<bool> compare_digest(Context& cx, Value a, Value b) {
  std::string x, y;
  if (is_str(a) && is_str(b)) {
    Str* s = TRY(flatten(cx, a));
    Str* t = TRY(flatten(cx, b));
    if (!is_ascii(s) || !is_ascii(t))
      return raise(cx, kTypeError, "comparing strings with non-ASCII characters is not supported");
    x = to_utf8(s), y = to_utf8(t);
  } else {
    if (!is_bytes_like(a) || !is_bytes_like(b))
      return raise(cx, kTypeError,
                   "unsupported operand types(s) or combination of types: '%s' and '%s'",
                   TYPE_NAME(a), TYPE_NAME(b));
    Buffer p, q;
    TRY(get_buffer(cx, a, &p));
    TRY(get_buffer(cx, b, &q));
    x = std::string(p.view()), y = std::string(q.view());
  }
  volatile unsigned char difference = x.size() != y.size();
  const std::string& left = x.size() == y.size() ? x : y;
  for (size_t i = 0; i < y.size(); ++i)
    difference = static_cast<unsigned char>(
        difference | (static_cast<unsigned char>(left[i]) ^ static_cast<unsigned char>(y[i])));
  return difference == 0;
}

// --- itemgetter, attrgetter, methodcaller --------------------------------------------------------

enum class Getter {
  kKeys,
  kNames,
  kCount
};  // methodcaller: kKeys is (name, *args), kNames the keywords dict

Result<void> one_argument(Context& cx, const char* name, Args args, Kwargs kwargs) {
  if (kwargs.count() != 0) return raise(cx, kTypeError, "%s() takes no keyword arguments", name);
  if (args.count != 1)
    return raise(cx, kTypeError, "%s expected 1 argument, got %u", name, args.count);
  return {};
}
Result<Value> getter_reduce(Context& cx, Value self) {
  return tuple_of(cx, {Value(type_of(self)), slot(cx, self, Getter::kKeys)});
}
Result<Value> repr_call(Context& cx, Value self, const char* name) {
  ReprGuard guard(cx, self);
  StrBuilder out;
  out.add_ascii(name);
  if (guard.running()) {
    out.add_ascii("(...)");
    return Value(TRY(out.finish(cx)));
  }
  auto* keys = slot(cx, self, Getter::kKeys).as<Tuple>();
  out.add_ascii("(");
  for (size_t i = 0; i < keys->length; ++i) {
    if (i != 0) out.add_ascii(", ");
    TRY(add_repr(cx, out, (*keys)[i]));
  }
  const Value names = slot(cx, self, Getter::kNames);
  if (is_dict(names) && !names.is_unset()) {
    Word position = 0;
    Value key, value;
    while (dict_next(cx, names.as<Dict>(), &position, &key, &value)) {
      out.add_ascii(", ");
      out.add(TRY(flatten(cx, TRY(str(cx, key)))));
      out.add_ascii("=");
      TRY(add_repr(cx, out, value));
    }
  }
  out.add_ascii(")");
  return Value(TRY(out.finish(cx)));
}

Type* itemgetter_type;
Result<Value> itemgetter_new(Context& cx, Type* type, Args args) {
  if (args.count == 0) return raise(cx, kTypeError, "itemgetter expected 1 argument, got 0");
  Tuple* keys = TRY(new_tuple(cx, args.items, args.count));
  const Value self = TRY(make_native(cx, type, itemgetter_type));
  set_slot(cx, self, Getter::kKeys, keys);
  return self;
}
Result<Value> itemgetter_call(Context& cx, Value self, Args args, Kwargs kwargs) {
  TRY(one_argument(cx, "itemgetter", args, kwargs));
  auto* keys = slot(cx, self, Getter::kKeys).as<Tuple>();
  if (keys->length == 1) return get_item(cx, args[0], (*keys)[0]);
  Tuple* out = TRY(alloc_tuple(cx, keys->length));
  for (size_t i = 0; i < keys->length; ++i) out->items()[i] = kNone;
  for (size_t i = 0; i < keys->length; ++i) {
    const Value v = TRY(get_item(cx, args[0], (*keys)[i]));
    out->items()[i] = v;
    gc::store_barrier(cx, out, out->items() + i);
  }
  return Value(out);
}
Result<Value> itemgetter_repr(Context& cx, Value self) {
  return repr_call(cx, self, "operator.itemgetter");
}

// kNames: tuple of tuples of interned parts.
Type* attrgetter_type;
Result<Value> split_name(Context& cx, Str* name) {
  std::u32string text = to_u32(name);
  List* parts = new_list(cx);
  size_t start = 0;
  for (;;) {
    const size_t dot = text.find(U'.', start);
    const size_t end = dot == std::u32string::npos ? text.size() : dot;
    TRY(list_append(cx, parts, intern(cx, TRY(str_slice(cx, name, start, end)))));
    if (dot == std::u32string::npos) break;
    start = dot + 1;
  }
  return Value(TRY(list_to_tuple(cx, parts)));
}
Result<Value> attrgetter_new(Context& cx, Type* type, Args args) {
  if (args.count == 0) return raise(cx, kTypeError, "attrgetter expected 1 argument, got 0");
  Tuple* keys = TRY(new_tuple(cx, args.items, args.count));
  List* names = new_list(cx);
  for (size_t i = 0; i < keys->length; ++i) {
    if (!is_str((*keys)[i])) return raise(cx, kTypeError, "attribute name must be a string");
    TRY(list_append(cx, names, TRY(split_name(cx, TRY(flatten(cx, (*keys)[i]))))));
  }
  Tuple* split = TRY(list_to_tuple(cx, names));
  const Value self = TRY(make_native(cx, type, attrgetter_type));
  set_slot(cx, self, Getter::kKeys, keys);
  set_slot(cx, self, Getter::kNames, split);
  return self;
}
Result<Value> dotted(Context& cx, Value object, Value parts) {
  auto* t = parts.as<Tuple>();
  for (size_t i = 0; i < t->length; ++i) object = TRY(get_attr(cx, object, (*t)[i].as<Str>()));
  return object;
}
Result<Value> attrgetter_call(Context& cx, Value self, Args args, Kwargs kwargs) {
  TRY(one_argument(cx, "attrgetter", args, kwargs));
  auto* names = slot(cx, self, Getter::kNames).as<Tuple>();
  if (names->length == 1) return dotted(cx, args[0], (*names)[0]);
  Tuple* out = TRY(alloc_tuple(cx, names->length));
  for (size_t i = 0; i < names->length; ++i) out->items()[i] = kNone;
  for (size_t i = 0; i < names->length; ++i) {
    const Value v = TRY(dotted(cx, args[0], (*names)[i]));
    out->items()[i] = v;
    gc::store_barrier(cx, out, out->items() + i);
  }
  return Value(out);
}
Result<Value> attrgetter_repr(Context& cx, Value self) {
  return repr_call(cx, self, "operator.attrgetter");
}

Type* methodcaller_type;
Result<Value> methodcaller_new(Context& cx, Type* type, Args args, Kwargs kwargs) {
  if (args.count < 1)
    return raise(cx, kTypeError, "methodcaller needs at least one argument, the method name");
  if (!is_str(args[0])) return raise(cx, kTypeError, "method name must be a string");
  Tuple* keys = TRY(new_tuple(cx, args.items, args.count));
  keys->items()[0] = intern(cx, TRY(flatten(cx, args[0])));
  gc::store_barrier(cx, keys, keys->items());
  Value names;
  if (kwargs.count() != 0) {
    Dict* d = new_dict(cx);
    for (uint32_t i = 0; i < kwargs.count(); ++i)
      TRY(dict_set(cx, d, (*kwargs.names)[i], kwargs.values[i]));
    names = d;
  }
  const Value self = TRY(make_native(cx, type, methodcaller_type));
  set_slot(cx, self, Getter::kKeys, keys);
  set_slot(cx, self, Getter::kNames, names);
  return self;
}
Result<Value> methodcaller_call(Context& cx, Value self, Args args, Kwargs kwargs) {
  TRY(one_argument(cx, "methodcaller", args, kwargs));
  auto* keys = slot(cx, self, Getter::kKeys).as<Tuple>();
  const Value names = slot(cx, self, Getter::kNames);
  const Value f = TRY(get_attr(cx, args[0], (*keys)[0].as<Str>()));
  if (names.is_unset()) return tail_call(cx, f, keys->items() + 1, keys->length - 1);
  Tuple* positional = TRY(new_tuple(cx, keys->items() + 1, keys->length - 1));
  return call_ex(cx, f, positional, names.as<Dict>());
}
Result<Value> methodcaller_repr(Context& cx, Value self) {
  return repr_call(cx, self, "operator.methodcaller");
}
Result<Value> methodcaller_reduce(Context& cx, Value self) {
  const Value names = slot(cx, self, Getter::kNames);
  if (names.is_unset()) return getter_reduce(cx, self);
  auto* keys = slot(cx, self, Getter::kKeys).as<Tuple>();
  const Value partial = TRY(import_attr(cx, "functools", "partial"));
  Tuple* args = TRY(new_tuple(cx, {Value(type_of(self)), (*keys)[0]}));
  const Value maker = TRY(call_ex(cx, partial, args, names.as<Dict>()));
  const Value rest = TRY(new_tuple(cx, keys->items() + 1, keys->length - 1));
  return tuple_of(cx, {maker, rest});
}

constexpr BuiltinDef kItemgetter[] = {
    static_method<&itemgetter_new>("__new__", "($type, /, *items)"),
    method<&itemgetter_call>("__call__", "($self, /, *args, **kwargs)"),
    method<&itemgetter_repr>("__repr__", "($self, /)"),
    method<&getter_reduce>("__reduce__", "($self, /)"),
};
constexpr BuiltinDef kAttrgetter[] = {
    static_method<&attrgetter_new>("__new__", "($type, /, *attrs)"),
    method<&attrgetter_call>("__call__", "($self, /, *args, **kwargs)"),
    method<&attrgetter_repr>("__repr__", "($self, /)"),
    method<&getter_reduce>("__reduce__", "($self, /)"),
};
constexpr BuiltinDef kMethodcaller[] = {
    static_method<&methodcaller_new>("__new__", "($type, /, *args, **kwargs)"),
    method<&methodcaller_call>("__call__", "($self, /, *args, **kwargs)"),
    method<&methodcaller_repr>("__repr__", "($self, /)"),
    method<&methodcaller_reduce>("__reduce__", "($self, /)"),
};

#define BINARY(op, name, iname)                       \
  function<&binary<BinaryOp::op>>(name, "(a, b, /)"), \
      function<&inplace<BinaryOp::op>>(iname, "(a, b, /)")
constexpr BuiltinDef kFunctions[] = {
    BINARY(kAdd, "add", "iadd"),
    BINARY(kSub, "sub", "isub"),
    BINARY(kMul, "mul", "imul"),
    BINARY(kMatMul, "matmul", "imatmul"),
    BINARY(kTrueDiv, "truediv", "itruediv"),
    BINARY(kFloorDiv, "floordiv", "ifloordiv"),
    BINARY(kMod, "mod", "imod"),
    BINARY(kPow, "pow", "ipow"),
    BINARY(kLShift, "lshift", "ilshift"),
    BINARY(kRShift, "rshift", "irshift"),
    BINARY(kAnd, "and_", "iand"),
    BINARY(kOr, "or_", "ior"),
    BINARY(kXor, "xor", "ixor"),
    function<&unary<UnaryOp::kNegative>>("neg", "(a, /)"),
    function<&unary<UnaryOp::kPositive>>("pos", "(a, /)"),
    function<&unary<UnaryOp::kInvert>>("inv", "(a, /)"),
    function<&unary<UnaryOp::kInvert>>("invert", "(a, /)"),
    function<&unary<UnaryOp::kAbs>>("abs", "(a, /)"),
    function<&ordered<CompareOp::kLt>>("lt", "(a, b, /)"),
    function<&ordered<CompareOp::kLe>>("le", "(a, b, /)"),
    function<&ordered<CompareOp::kEq>>("eq", "(a, b, /)"),
    function<&ordered<CompareOp::kNe>>("ne", "(a, b, /)"),
    function<&ordered<CompareOp::kGt>>("gt", "(a, b, /)"),
    function<&ordered<CompareOp::kGe>>("ge", "(a, b, /)"),
    function<&truth_of>("truth", "(a, /)"),
    function<&not_of>("not_", "(a, /)"),
    function<&is_op>("is_", "(a, b, /)", Effects::kPure),
    function<&is_not_op>("is_not", "(a, b, /)", Effects::kPure),
    function<&index_of>("index", "(a, /)"),
    function<&getitem>("getitem", "(a, b, /)"),
    function<&setitem>("setitem", "(a, b, c, /)"),
    function<&delitem>("delitem", "(a, b, /)"),
    function<&contains_item>("contains", "(a, b, /)"),
    function<&concat<false>>("concat", "(a, b, /)"),
    function<&concat<true>>("iconcat", "(a, b, /)"),
    function<&count_of>("countOf", "(a, b, /)"),
    function<&position_of>("indexOf", "(a, b, /)"),
    function<&hint>("length_hint", "(obj, default=0, /)"),
    function<&call_object>("call", "(obj, /, *args, **kwargs)"),
    function<&compare_digest>("_compare_digest", "(a, b, /)"),
};
#undef BINARY

Result<void> init(Context& cx, Module* m) {
  constexpr auto kSlots = static_cast<unsigned>(Getter::kCount);
  itemgetter_type = keep(define_native_class(cx, "operator.itemgetter", kSlots, kItemgetter));
  attrgetter_type = keep(define_native_class(cx, "operator.attrgetter", kSlots, kAttrgetter));
  methodcaller_type = keep(define_native_class(cx, "operator.methodcaller", kSlots, kMethodcaller));
  for (Type* type : {itemgetter_type, attrgetter_type, methodcaller_type})
    TRY(module_add_type(cx, m, type));
  return {};
}

const ModuleDef kModule = {"_operator", kFunctions, init,
                           "Operator interface.\n\nThis module exports a set of functions "
                           "implemented in C corresponding\nto the "
                           "intrinsic operators of Python.  For example, operator.add(x, y)\nis "
                           "equivalent to the expression x+y."};

}  // namespace

void register__operator() { register_module(kModule); }

}  // namespace pystm::lib
