// BaseExceptionGroup and ExceptionGroup (PEP 654).
#include "vm/object/dict.h"
#include "vm/object/exception.h"
#include "vm/object/instance.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/call.h"
#include "vm/runtime/operators.h"
#include "vm/types/exception_internal.h"

namespace pystm::vm {

namespace group_methods {

static Type* base_group() { return exception_type(kBaseExceptionGroup); }
static bool is_group(Value v) { return is_subtype(type_of(v), base_group()); }

static Result<Value> group_new(Context& cx, Type* type, Value message, Value exceptions) {
  if (!is_str(message))
    return raise(cx, kTypeError, "BaseExceptionGroup.__new__() argument 1 must be str, not %s",
                 TYPE_NAME(message));
  if (lookup_dunder(exceptions, Dunder::kGetItem).is_unset() || is_dict(exceptions))
    return raise(cx, kTypeError, "second argument (exceptions) must be a sequence");
  Tuple* parts = TRY(to_tuple(cx, exceptions));
  if (parts->length == 0)
    return raise(cx, kValueError, "second argument (exceptions) must be a non-empty sequence");
  bool plain = true;
  for (size_t i = 0; i < parts->length; ++i) {
    if (!is_exception((*parts)[i]))
      return raise(cx, kValueError, "Item %zu of second argument (exceptions) is not an exception",
                   i);
    plain &= is_subtype(type_of((*parts)[i]), exception_type(kException));
  }
  Type* exception_group = exception_group_type();
  if (type == base_group() && plain) type = exception_group;
  if (type == exception_group && !plain)
    return raise(cx, kTypeError, "Cannot nest BaseExceptions in an ExceptionGroup");
  if (!plain && is_subtype(type, exception_type(kException)) && type != exception_group)
    return raise(cx, kTypeError, "Cannot nest BaseExceptions in '%s'", type_name_of(type).c_str());
  Tuple* args = TRY(new_tuple(cx, {message, exceptions}));
  const Value e = new_exception(cx, type, args);
  set_exception_member(cx, e, "message", message);
  set_exception_member(cx, e, "exceptions", parts);
  return e;
}
static Result<void> group_init(Context& cx, Exception* self, Args args, Kwargs kwargs) {
  if (kwargs.count() > 0)
    return raise(cx, kTypeError, "%s() takes no keyword arguments", TYPE_NAME(self));
  return {};
}
static Result<Value> group_str(Context& cx, Exception* self) {
  const auto n = get_exception_member(cx, self, "exceptions").as<Tuple>()->length;
  const std::string message = to_utf8(cx, member_or_none(cx, self, "message"));
  return Value(TRY(
      new_str(cx, message + " (" + std::to_string(n) + " sub-exception" + (n == 1 ? ")" : "s)"))));
}
static Result<Value> group_derive(Context& cx, Exception* self, Value exceptions) {
  return call(cx, base_group(), {member_or_none(cx, self, "message"), exceptions});
}

// A group's parts that match, and the others; None where empty. Chaining and notes are copied.
struct Split {
  Value match = kNone, rest = kNone;
};

static Result<bool> matches(Context& cx, Value e, Value condition) {
  if (is_type(condition) || is_tuple(condition)) return exception_matches(cx, e, condition);
  return truth(cx, TRY(call(cx, condition, {e})));
}

static Result<Value> derive_like(Context& cx, Value group, List* parts) {
  if (list_length(cx, parts) == 0) return kNone;
  const Value part = TRY(call_method(cx, group, "derive", {Value(parts)}));
  if (!is_exception(part) || !is_group(part))
    return raise(cx, kTypeError, "derive must return an instance of BaseExceptionGroup");
  stm::Read<Exception> from(cx, group.as<Exception>());
  {
    stm::Write<Exception> w(cx, part.as<Exception>());
    w.set(&Exception::State::traceback, from->traceback);
    w.set(&Exception::State::context, from->context);
    w.set(&Exception::State::cause, from->cause);
    w.set(&Exception::State::suppress_context, from->suppress_context);
  }
  const Value notes = TRY(find_attr(cx, group, names().__notes__));
  if (!notes.is_unset() && is_list(notes)) {
    const Value copy = TRY(to_list(cx, notes));
    TRY(set_attr(cx, part, names().__notes__, copy));
  }
  return part;
}

static Result<Split> split_tree(Context& cx, Value e, Value condition) {
  NativeDepth depth(cx);
  TRY(depth.check(" in exceptiongroup_split_recursive"));
  if (TRY(matches(cx, e, condition))) return Split{e, kNone};
  if (!is_group(e)) return Split{kNone, e};
  auto* parts = get_exception_member(cx, e, "exceptions").as<Tuple>();
  List* match = new_list(cx);
  List* rest = new_list(cx);
  for (size_t i = 0; i < parts->length; ++i) {
    const Split s = TRY(split_tree(cx, (*parts)[i], condition));
    if (s.match != kNone) TRY(list_append(cx, match, s.match));
    if (s.rest != kNone) TRY(list_append(cx, rest, s.rest));
  }
  const Value m = TRY(derive_like(cx, e, match));
  const Value r = TRY(derive_like(cx, e, rest));
  return Split{m, r};
}

static Result<void> check_condition(Context& cx, Value c) {
  auto is_class = [](Value v) {
    return is_type(v) && is_subtype(as_type(v), exception_type(kBaseException));
  };
  bool ok = is_class(c) || (is_callable(c) && !is_type(c));
  if (is_tuple(c)) {
    ok = true;
    for (size_t i = 0; i < c.as<Tuple>()->length; ++i) ok &= is_class((*c.as<Tuple>())[i]);
  }
  if (!ok)
    return raise(cx, kTypeError, "expected a function, exception type or tuple of exception types");
  return {};
}
static Result<Value> group_split(Context& cx, Exception* self, Value condition) {
  TRY(check_condition(cx, condition));
  const Split s = TRY(split_tree(cx, self, condition));
  return Value(TRY(new_tuple(cx, {s.match, s.rest})));
}
static Result<Value> group_subgroup(Context& cx, Exception* self, Value condition) {
  TRY(check_condition(cx, condition));
  return TRY(split_tree(cx, self, condition)).match;
}
static Result<Value> get_message(Context& cx, Value self) {
  return member_or_none(cx, self, "message");
}
static Result<Value> get_exceptions(Context& cx, Value self) {
  return member_or_none(cx, self, "exceptions");
}

constexpr BuiltinDef kMethods[] = {
    worded(Wording::kParsed,
           static_method<&group_new>("__new__", "($type, message, exceptions, /)")),
    method<&group_init>("__init__", "($self, /, *args, **kwargs)"),
    method<&group_str>("__str__", "($self, /)"),
    method<&group_derive>("derive", "($self, excs, /)"),
    method<&group_split>("split", "($self, condition, /)"),
    method<&group_subgroup>("subgroup", "($self, condition, /)"),
};
constexpr GetSetDef kMembers[] = {{"message", get_message, nullptr, "exception message"},
                                  {"exceptions", get_exceptions, nullptr, "nested exceptions"}};

}  // namespace group_methods

std::span<const BuiltinDef> exception_group_methods() { return group_methods::kMethods; }
std::span<const GetSetDef> exception_group_members() { return group_methods::kMembers; }

static gc::Root* exception_group = nullptr;
Type* exception_group_type() { return as_type(exception_group->value); }

// class ExceptionGroup(BaseExceptionGroup, Exception)
void define_exception_group(Context& cx) {
  Tuple* bases =
      new_tuple(cx, {Value(exception_type(kBaseExceptionGroup)), Value(exception_type(kException))})
          .value();
  Dict* ns = new_dict(cx);
  (void)dict_set_str(cx, ns, names().__module__, names().builtins);
  auto type =
      new_class(cx, types().type, intern(cx, "ExceptionGroup"), bases, ns, Value(), nullptr);
  CHECK(!type.is_error());
  exception_group = new gc::Root(type.value());
}

}  // namespace pystm::vm
