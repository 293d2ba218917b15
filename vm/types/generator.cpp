// generator and coroutine objects; async generators and their awaitables are in
// async_generator.cpp.
#include "vm/types/generator.h"

#include "vm/interp/frames.h"
#include "vm/object/exception.h"
#include "vm/object/instance.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/call.h"
#include "vm/runtime/native.h"
#include "vm/runtime/operators.h"
#include "vm/types/define.h"

namespace pystm::vm {

// The exception instance of throw(type[, value[, tb]]).
Result<Value> thrown_exception(Context& cx, Value type, Opt value, Opt tb) {
  if (!tb.is_none_or_missing() && !has_kind(tb.value, Kind::kTraceback))
    return raise(cx, kTypeError, "throw() third argument must be a traceback object");
  Value e;
  if (is_type(type) && is_subtype(as_type(type), exception_type(kBaseException))) {
    if (value.given() && is_exception(value.value) &&
        is_subtype(type_of(value.value), as_type(type))) {
      e = value.value;
    } else if (value.is_none_or_missing()) {
      e = TRY(call(cx, type, {}));
    } else if (is_tuple(value.value)) {
      e = TRY(call(cx, type, value.value.as<Tuple>()->items(), value.value.as<Tuple>()->length));
    } else {
      e = TRY(call(cx, type, {value.value}));
    }
    if (!is_exception(e))
      return raise(cx, kTypeError,
                   "calling %s should have returned an instance of BaseException, not %s",
                   repr_utf8(cx, type).c_str(), TYPE_NAME(e));
  } else if (is_exception(type)) {
    if (!value.is_none_or_missing())
      return raise(cx, kTypeError, "instance exception may not have a separate value");
    e = type;
  } else {
    return raise(cx, kTypeError,
                 "exceptions must be classes or instances deriving from BaseException, not %s",
                 TYPE_NAME(type));
  }
  if (!tb.is_none_or_missing())
    stm::Write<Exception>(cx, e.as<Exception>()).set(&Exception::State::traceback, tb.value);
  return e;
}

namespace generator_methods {

using State = Generator::State;

static Value generator_iter(Context&, Generator* self) { return self; }
static Result<Value> generator_next(Context& cx, Generator* self) {
  return tail_resume(cx, self, kNone);
}
static Result<Value> generator_send_method(Context& cx, Generator* self, Value value) {
  return tail_resume(cx, self, value);
}
static Result<Value> generator_throw_method(Context& cx, Generator* self, Value type, Opt value,
                                            Opt tb) {
  const Value e = TRY(thrown_exception(cx, type, value, tb));
  bool finished;
  const Value v =
      TRY(generator_throw(cx, self, e, &finished, value.given() || tb.given() ? Value() : type));
  if (finished) return raise_stop_iteration(cx, v);
  return v;
}
static Result<Value> generator_close_method(Context& cx, Generator* self) {
  return generator_close(cx, self);
}
static Result<void> generator_del(Context& cx, Generator* self) {
  stm::Read<Generator> r(cx, self);
  if (r->status == kGenFinished) return {};
  if (has_shape(self, kShapeCoroutine) && r->status == kGenCreated) {
    TRY(warn(cx, kRuntimeWarning, "coroutine '" + to_utf8(cx, r->qualname) + "' was never awaited",
             1));
    finish_generator(cx, self);
    return {};
  }
  (void)TRY(generator_close(cx, self));
  return {};
}
static Result<Value> generator_repr(Context& cx, Generator* self) {
  const char* kind = has_shape(self, kShapeCoroutine)        ? "coroutine"
                     : has_shape(self, kShapeAsyncGenerator) ? "async_generator"
                                                             : "generator";
  return Value(TRY(new_str_format(cx, "<%s object %s at 0x%llx>", kind,
                                  to_utf8(cx, stm::Read<Generator>(cx, self)->qualname).c_str(),
                                  static_cast<unsigned long long>(gc::identity(cx, self)))));
}

static Result<Value> get_name(Context& cx, Value self) {
  return stm::Read<Generator>(cx, self.as<Generator>())->name;
}
static Result<Value> get_qualname(Context& cx, Value self) {
  return stm::Read<Generator>(cx, self.as<Generator>())->qualname;
}
template <Value State::*kField>
static Result<void> set_name(Context& cx, Value self, Value v) {
  if (v.is_unset() || !is_str(v))
    return raise(cx, kTypeError, "%s must be set to a string object",
                 kField == &State::name ? "__name__" : "__qualname__");
  stm::Write<Generator>(cx, self.as<Generator>()).set(kField, v);
  return {};
}
static Result<Value> get_running(Context& cx, Value self) {
  return of_bool(stm::Read<Generator>(cx, self.as<Generator>())->status == kGenRunning);
}
static Result<Value> get_suspended(Context& cx, Value self) {
  return of_bool(stm::Read<Generator>(cx, self.as<Generator>())->status == kGenSuspended);
}
static Result<Value> get_code(Context&, Value self) {
  return Value(self.as<Generator>()->code.ptr);
}
static Result<Value> get_delegate(Context& cx, Value self) {
  const Value v = generator_delegate(cx, self.as<Generator>());
  return v.is_unset() ? kNone : v;
}
static Result<Value> get_frame(Context& cx, Value self) {
  return generator_frame(cx, self.as<Generator>());
}
static Result<Value> get_origin(Context& cx, Value self) {
  const Value v = stm::Read<Generator>(cx, self.as<Generator>())->hooks;
  return v.is_unset() ? kNone : v;
}

constexpr BuiltinDef kMethods[] = {
    method<&generator_iter>("__iter__", "($self, /)", Effects::kPure),
    method<&generator_next>("__next__", "($self, /)"),
    method<&generator_send_method>("send", "($self, arg, /)"),
    method<&generator_throw_method>("throw",
                                    "($self, typ, val=<unrepresentable>, tb=<unrepresentable>, /)"),
    method<&generator_close_method>("close", "($self, /)"),
    method<&generator_del>("__del__", "($self, /)"),
    method<&generator_repr>("__repr__", "($self, /)"),
};
constexpr GetSetDef kGetSets[] = {{"__name__", get_name, set_name<&State::name>},
                                  {"__qualname__", get_qualname, set_name<&State::qualname>},
                                  {"gi_running", get_running},
                                  {"gi_suspended", get_suspended},
                                  {"gi_code", get_code},
                                  {"gi_frame", get_frame},
                                  {"gi_yieldfrom", get_delegate}};
constexpr TypeDef kGenerator = {
    "generator", Kind::kGenerator, &Types::generator, nullptr, kTypeHasWeakref | kTypeNoInstantiate,
    kMethods,    kGetSets};

// --- coroutine -----------------------------------------------------------------------------------

static Value coroutine_await(Context& cx, Generator* self) {
  auto* w = alloc<CoroutineWrapper>(cx, kShapeCoroutineWrapper);
  w->value = self;
  return w;
}
constexpr BuiltinDef kCoroutineMethods[] = {
    method<&coroutine_await>("__await__", "($self, /)", Effects::kPure),
    method<&generator_send_method>("send", "($self, arg, /)"),
    method<&generator_throw_method>("throw",
                                    "($self, typ, val=<unrepresentable>, tb=<unrepresentable>, /)"),
    method<&generator_close_method>("close", "($self, /)"),
    method<&generator_del>("__del__", "($self, /)"),
    method<&generator_repr>("__repr__", "($self, /)"),
};
constexpr GetSetDef kCoroutineGetSets[] = {
    {"__name__", get_name, set_name<&State::name>},
    {"__qualname__", get_qualname, set_name<&State::qualname>},
    {"cr_running", get_running},
    {"cr_suspended", get_suspended},
    {"cr_code", get_code},
    {"cr_frame", get_frame},
    {"cr_await", get_delegate},
    {"cr_origin", get_origin}};
constexpr TypeDef kCoroutine = {"coroutine",
                                Kind::kCoroutine,
                                &Types::coroutine,
                                nullptr,
                                kTypeHasWeakref | kTypeNoInstantiate,
                                kCoroutineMethods,
                                kCoroutineGetSets};

static Generator* wrapped(CoroutineWrapper* self) { return self->value.as<Generator>(); }
static Value wrapper_iter(Context&, CoroutineWrapper* self) { return self; }
static Result<Value> wrapper_next(Context& cx, CoroutineWrapper* self) {
  return tail_resume(cx, wrapped(self), kNone);
}
static Result<Value> wrapper_send(Context& cx, CoroutineWrapper* self, Value v) {
  return tail_resume(cx, wrapped(self), v);
}
static Result<Value> wrapper_throw(Context& cx, CoroutineWrapper* self, Value type, Opt value,
                                   Opt tb) {
  return generator_throw_method(cx, wrapped(self), type, value, tb);
}
static Result<Value> wrapper_close(Context& cx, CoroutineWrapper* self) {
  return generator_close(cx, wrapped(self));
}
constexpr BuiltinDef kWrapperMethods[] = {
    method<&wrapper_iter>("__iter__", "($self, /)", Effects::kPure),
    method<&wrapper_next>("__next__", "($self, /)"),
    method<&wrapper_send>("send", "($self, arg, /)"),
    method<&wrapper_throw>("throw", "($self, typ, val=<unrepresentable>, tb=<unrepresentable>, /)"),
    method<&wrapper_close>("close", "($self, /)")};
constexpr TypeDef kWrapper = {"coroutine_wrapper",       Kind::kCoroutineWrapper,
                              &Types::coroutine_wrapper, nullptr,
                              kTypeNoInstantiate,        kWrapperMethods};

}  // namespace generator_methods

void define_generator_types(Context& cx) {
  define_type(cx, generator_methods::kGenerator);
  define_type(cx, generator_methods::kCoroutine);
  define_type(cx, generator_methods::kWrapper);
  define_async_generator_types(cx);
}

}  // namespace pystm::vm
