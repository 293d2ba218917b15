// Raising from C++, exception objects, chaining.
#include <cerrno>
#include <cstring>

#include "vm/interp/frames.h"
#include "vm/object/dict.h"
#include "vm/object/exception.h"
#include "vm/object/instance.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/call.h"
#include "vm/runtime/native.h"
#include "vm/runtime/operators.h"
#include "vm/runtime/runtime.h"

namespace pystm::vm {

Value new_exception(Context& cx, Type* type, Tuple* args) {
  auto* e = alloc_for<Exception>(cx, type);
  auto& s = stm::init_state(cx, e);
  s.args = args;
  s.traceback = s.context = s.cause = kNone;
  return e;
}

void set_exception_context(Context& cx, Value exception, Value context) {
  stm::Write<Exception>(cx, exception.as<Exception>()).set(&Exception::State::context, context);
}

void set_exception_cause(Context& cx, Value exception, Value cause) {
  stm::Write<Exception> w(cx, exception.as<Exception>());
  w.set(&Exception::State::cause, cause);
  w.set(&Exception::State::suppress_context, Word{1});
}

void set_exception_member(Context& cx, Value exception, const char* name, Value value) {
  auto* e = exception.as<Exception>();
  Value fields = stm::Read<Exception>(cx, e)->fields;
  if (fields.is_unset()) {
    fields = new_dict(cx);
    stm::Write<Exception>(cx, e).set(&Exception::State::fields, fields);
  }
  if (value.is_unset()) {
    (void)dict_delete_str(cx, fields.as<Dict>(), intern(cx, name));
  } else {
    (void)dict_set_str(cx, fields.as<Dict>(), name, value);
  }
}

Value get_exception_member(Context& cx, Value exception, const char* name) {
  const Value fields = stm::Read<Exception>(cx, exception.as<Exception>())->fields;
  return fields.is_unset() ? Value() : dict_get_str(cx, fields.as<Dict>(), name);
}

Value exception_args(Context& cx, Value e) {
  return stm::Read<Exception>(cx, e.as<Exception>())->args;
}
Value exception_traceback(Context& cx, Value e) {
  const Value tb = stm::Read<Exception>(cx, e.as<Exception>())->traceback;
  return tb.is_unset() ? kNone : tb;
}

// The exception being handled becomes the context, without making a cycle.
Error raise_value(Context& cx, Value e) {
  if (!cx.handled.is_unset() && cx.handled != e) {
    Value link = cx.handled;
    for (;;) {
      const Value next = stm::Read<Exception>(cx, link.as<Exception>())->context;
      if (next.is_unset() || next == kNone) break;
      if (next == e) {
        set_exception_context(cx, link, kNone);
        break;
      }
      link = next;
    }
    set_exception_context(cx, e, cx.handled);
  }
  cx.exception = e;
  return Error{};
}

Error raise_type_value(Context& cx, ExcId type, Value arg) {
  auto args = new_tuple(cx, {arg});
  return raise_value(cx, new_exception(cx, exception_type(type), args.value()));
}

Error raise(Context& cx, ExcId type, const char* format, ...) {
  char buffer[1024];
  va_list list;
  va_start(list, format);
  const int n = std::vsnprintf(buffer, sizeof(buffer), format, list);
  va_end(list);
  std::string text;
  if (n < static_cast<int>(sizeof(buffer))) {
    text.assign(buffer, static_cast<size_t>(n));
  } else {
    text.resize(static_cast<size_t>(n) + 1);
    va_start(list, format);
    std::vsnprintf(text.data(), text.size(), format, list);
    va_end(list);
    text.pop_back();
  }
  auto message = new_str(cx, text);
  if (message.is_error()) return Error{};
  return raise_type_value(cx, type, message.value());
}

Error refuse_python(Context& cx) {
  cx.met_python = true;
  return raise(cx, kRuntimeError, "Python code outside the interpreter");
}

Error raise_no_memory(Context& cx) {
  return raise_value(cx, new_exception(cx, exception_type(kMemoryError), empty_tuple()));
}

Error raise_stop_iteration(Context& cx, Value value) {
  auto args = value == kNone ? Result<Tuple*>(empty_tuple()) : new_tuple(cx, {value});
  const Value e = new_exception(cx, exception_type(kStopIteration), args.value());
  set_exception_member(cx, e, "value", value);
  return raise_value(cx, e);
}

static ExcId errno_class(int error) {
  switch (error) {
    case EAGAIN:
    case EALREADY:
    case EINPROGRESS:
      return kBlockingIOError;
    case EPIPE:
    case ESHUTDOWN:
      return kBrokenPipeError;
    case ECHILD:
      return kChildProcessError;
    case ECONNABORTED:
      return kConnectionAbortedError;
    case ECONNREFUSED:
      return kConnectionRefusedError;
    case ECONNRESET:
      return kConnectionResetError;
    case EEXIST:
      return kFileExistsError;
    case ENOENT:
      return kFileNotFoundError;
    case EISDIR:
      return kIsADirectoryError;
    case ENOTDIR:
      return kNotADirectoryError;
    case EINTR:
      return kInterruptedError;
    case EACCES:
    case EPERM:
      return kPermissionError;
    case ESRCH:
      return kProcessLookupError;
    case ETIMEDOUT:
      return kTimeoutError;
    default:
      return kOSError;
  }
}
Type* errno_type(int error) { return exception_type(errno_class(error)); }

Error raise_errno(Context& cx, int error, Value filename, Value filename2) {
  const Value text = new_str(cx, std::strerror(error)).value();
  Value args[5] = {Value::of_int(error), text, filename, kNone, filename2};
  const size_t n = filename.is_unset() ? 2 : filename2.is_unset() ? 3 : 5;
  auto e = call(cx, exception_type(kOSError), args, n);
  if (e.is_error()) return Error{};
  return raise_value(cx, e.value());
}

bool pending_is(Context& cx, ExcId type) {
  return !cx.exception.is_unset() && is_subtype(type_of(cx.exception), exception_type(type));
}

Value take_exception(Context& cx) {
  const Value e = cx.exception;
  cx.exception = Value();
  return e;
}

Result<void> NativeDepth::check(const char* where) {
  const char* here = static_cast<const char*>(__builtin_frame_address(0));
  if (PYSTM_LIKELY(here > cx_.native_limit && cx_.recursion_depth < cx_.recursion_limit)) return {};
  return raise_recursion(cx_, where);
}

Result<void> NativeDepth::check_stack() {
  if (PYSTM_LIKELY(static_cast<const char*>(__builtin_frame_address(0)) > cx_.native_limit))
    return {};
  return raise_recursion(cx_, "");
}

// --- exception groups for except* ----------------------------------------------------------------

Result<Value> wrap_in_group(Context& cx, Value e) {
  const Value message = empty_str();
  const Value list = TRY(new_list(cx, &e, 1));
  return call(cx, exception_type(kBaseExceptionGroup), {message, list});
}

namespace {

// Leaf exceptions of a group tree, by identity of the parts, in `out`.
Result<void> collect_leaves(Context& cx, Value e, List* out) {
  if (!is_subtype(type_of(e), exception_type(kBaseExceptionGroup))) return list_append(cx, out, e);
  const Value parts = get_exception_member(cx, e, "exceptions");
  auto* t = parts.as<Tuple>();
  for (size_t i = 0; i < t->length; ++i) TRY(collect_leaves(cx, (*t)[i], out));
  return {};
}

// True if `e` is a piece of `original`: same traceback, context and cause, as split() leaves them.
bool same_origin(Context& cx, Value e, Value original) {
  stm::Read<Exception> a(cx, e.as<Exception>()), b(cx, original.as<Exception>());
  return e == original ||
         (a->traceback == b->traceback && a->cause == b->cause && a->context == b->context &&
          is_subtype(type_of(e), exception_type(kBaseExceptionGroup)));
}

// The part of a group tree that holds the given leaves, nesting, message and chaining kept
// (derive()).
Result<Value> group_with_leaves(Context& cx, Value group, Tuple* leaves) {
  auto* parts = get_exception_member(cx, group, "exceptions").as<Tuple>();
  List* chosen = new_list(cx);
  for (size_t i = 0; i < parts->length; ++i) {
    Value part = (*parts)[i];
    if (is_subtype(type_of(part), exception_type(kBaseExceptionGroup))) {
      part = TRY(group_with_leaves(cx, part, leaves));
    } else {
      bool wanted = false;
      for (size_t k = 0; k < leaves->length; ++k) wanted |= (*leaves)[k] == part;
      if (!wanted) part = kNone;
    }
    if (part != kNone) TRY(list_append(cx, chosen, part));
  }
  const auto n = static_cast<size_t>(list_length(cx, chosen));
  if (n == 0) return kNone;
  if (n == parts->length) {
    bool same = true;
    for (size_t i = 0; i < n; ++i)
      same &= list_get(cx, chosen, static_cast<int64_t>(i)) == (*parts)[i];
    if (same) return group;
  }
  const Value part = TRY(call_method(cx, group, "derive", {Value(chosen)}));
  stm::Read<Exception> from(cx, group.as<Exception>());
  stm::Write<Exception> w(cx, part.as<Exception>());
  w.set(&Exception::State::traceback, from->traceback);
  w.set(&Exception::State::context, from->context);
  w.set(&Exception::State::cause, from->cause);
  w.set(&Exception::State::suppress_context, from->suppress_context);
  return part;
}

}  // namespace

Result<Value> reraise_star(Context& cx, Value original, List* raised) {
  const int64_t n = list_length(cx, raised);
  List* fresh = new_list(cx);
  List* kept = new_list(cx);
  for (int64_t i = 0; i < n; ++i) {
    const Value e = list_get(cx, raised, i);
    if (e == kNone) continue;
    if (same_origin(cx, e, original)) {
      TRY(collect_leaves(cx, e, kept));
    } else {
      TRY(list_append(cx, fresh, e));
    }
  }
  Value rest = kNone;
  if (list_length(cx, kept) > 0) {
    if (!is_subtype(type_of(original), exception_type(kBaseExceptionGroup))) {
      rest = original;
    } else {
      // subgroup() keeps the original's nesting, message and chaining.
      Tuple* leaves = TRY(list_to_tuple(cx, kept));
      rest = TRY(group_with_leaves(cx, original, leaves));
    }
  }
  if (list_length(cx, fresh) == 0) return rest;
  if (rest != kNone) TRY(list_append(cx, fresh, rest));
  if (list_length(cx, fresh) == 1) return list_get(cx, fresh, 0);
  return call(cx, exception_type(kBaseExceptionGroup), {Value(empty_str()), Value(fresh)});
}

}  // namespace pystm::vm
