// The sys module.
#include "stdlib/modules.h"
#include "stdlib/sys_info.h"
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
#include "vm/runtime/signals.h"

namespace pystm::lib {

using namespace vm;  // NOLINT: this layer is written in vm's vocabulary

namespace {

Result<Value> sys_getframe(Context& cx, int depth) {
  FrameRecord* f = cx.frame;
  for (; f >= cx.frames_base; --f) {
    if (f->code->data->hidden) continue;
    if (depth-- <= 0) return frame_object(cx, f);
  }
  return raise(cx, kValueError, "call stack is not deep enough");
}
Result<Value> sys_exc_info(Context& cx) {
  const Value e = cx.handled;
  if (e.is_unset()) return Value(TRY(new_tuple(cx, {kNone, kNone, kNone})));
  return Value(TRY(new_tuple(cx, {Value(type_of(e)), e, exception_traceback(cx, e)})));
}
Value sys_exception(Context& cx) { return cx.handled.is_unset() ? kNone : cx.handled; }
Result<Value> sys_exit(Context& cx, Value status) {
  const Value e = status == kNone ? TRY(call(cx, exception_type(kSystemExit), {}))
                                  : TRY(call(cx, exception_type(kSystemExit), {status}));
  return raise_value(cx, e);
}
Result<Value> sys_intern(Context& cx, Value s) {
  if (!is_exact_str(s))
    return raise(cx, kTypeError,
                 is_str(s) ? "can't intern %s" : "intern() argument must be str, not %s",
                 TYPE_NAME(s));
  return Value(intern(cx, TRY(flatten(cx, s))));
}
int64_t sys_getrecursionlimit(Context& cx) { return runtime().recursion_limit; }
Result<void> sys_setrecursionlimit(Context& cx, int limit) {
  if (limit < 1) return raise(cx, kValueError, "recursion limit must be greater or equal than 1");
  if (cx.recursion_depth >= limit)
    return raise(
        cx, kRecursionError,
        "cannot set the recursion limit to %d at the recursion depth %d: the limit is too low",
        limit, cx.recursion_depth);
  runtime().recursion_limit = limit;
  std::lock_guard lock(runtime().contexts_lock);
  for (Context* c = runtime().contexts; c != nullptr; c = c->next) c->recursion_limit = limit;
  return {};
}
int64_t sys_get_int_max_str_digits(Context&) { return runtime().int_max_str_digits; }
Result<void> sys_set_int_max_str_digits(Context& cx, int maxdigits) {
  if (maxdigits != 0 && maxdigits < 640)
    return raise(cx, kValueError, "maxdigits must be 0 or larger than 640");
  runtime().int_max_str_digits = maxdigits;
  return {};
}
Result<Value> sys_displayhook(Context& cx, Value object) {
  if (object == kNone) return kNone;
  TRY(module_add(cx, runtime().builtins.value.as<Module>(), "_", kNone));
  const Value text = TRY(repr(cx, object));
  const Value out = sys_get(cx, names().stdout);
  if (out.is_unset()) return raise(cx, kRuntimeError, "lost sys.stdout");
  const Value line = TRY(str_concat(cx, text, str_of_char(cx, '\n')));
  (void)TRY(call_method(cx, out, names().write, {line}));
  TRY(module_add(cx, runtime().builtins.value.as<Module>(), "_", object));
  return kNone;
}
Result<void> sys_excepthook(Context& cx, Value, Value value, Value) {
  if (is_exception(value)) print_exception(cx, value);
  return {};
}
Result<int64_t> sys_getsizeof(Context& cx, Value object, Opt fallback) {
  const Value r = TRY(call_method(cx, object, names().__sizeof__, {}));
  return to_index64(cx, r, kOverflowError);
}
int64_t sys_getrefcount(Context&, Value) { return 2; }
Value sys_getdefaultencoding(Context& cx) { return intern(cx, "utf-8"); }
Value sys_getfilesystemencoding(Context& cx) { return intern(cx, "utf-8"); }
Value sys_getfilesystemencodeerrors(Context& cx) { return intern(cx, "surrogateescape"); }
bool sys_is_finalizing(Context&) { return runtime().finalizing; }
double sys_getswitchinterval(Context&) { return stm::options().length_us / 1e6 * 5; }
Result<void> sys_setswitchinterval(Context& cx, double interval) {
  if (interval <= 0) return raise(cx, kValueError, "switch interval must be strictly positive");
  stm::options().length_us = static_cast<uint32_t>(std::min(interval, 5.0) * 1e6 / 5);
  return {};
}
Value sys_gettrace(Context& cx) { return cx.trace_function.is_unset() ? kNone : cx.trace_function; }
Value sys_getprofile(Context& cx) {
  return cx.profile_function.is_unset() ? kNone : cx.profile_function;
}
Result<Value> sys_get_asyncgen_hooks(Context& cx) {
  auto v = [](Value h) { return h.is_unset() ? kNone : h; };
  return Value(TRY(new_tuple(cx, {v(cx.asyncgen_firstiter), v(cx.asyncgen_finalizer)})));
}
Result<void> sys_set_asyncgen_hooks(Context& cx, Opt firstiter, Opt finalizer) {
  if (firstiter.given())
    cx.asyncgen_firstiter = firstiter.value == kNone ? Value() : firstiter.value;
  if (finalizer.given())
    cx.asyncgen_finalizer = finalizer.value == kNone ? Value() : finalizer.value;
  return {};
}
int64_t sys_get_coroutine_origin_tracking_depth(Context& cx) { return cx.coroutine_origin_depth; }
Result<void> sys_set_coroutine_origin_tracking_depth(Context& cx, int depth) {
  if (depth < 0) return raise(cx, kValueError, "depth must be >= 0");
  cx.coroutine_origin_depth = static_cast<uint32_t>(depth);
  return {};
}

Result<void> sys_settrace(Context& cx, Value function) {
  cx.trace_function = function == kNone ? Value() : function;
  return {};
}
Result<void> sys_setprofile(Context& cx, Value function) {
  cx.profile_function = function == kNone ? Value() : function;
  return {};
}
Result<void> sys_audit(Context&, Str*, Args) { return {}; }  // no hooks can be registered
// The default hook: "Exception ignored in: <object>", then the exception with its traceback.
Result<void> sys_unraisablehook(Context& cx, Value args) {
  const Value object = TRY(get_attr(cx, args, "object")), e = TRY(get_attr(cx, args, "exc_value"));
  const Value message = TRY(get_attr(cx, args, "err_msg"));
  const Value err = sys_get(cx, names().stderr);
  const std::string head =
      message == kNone ? "Exception ignored in" : to_utf8(cx, TRY(str(cx, message)));
  const std::string line =
      object == kNone ? head + ":\n" : head + ": " + repr_utf8(cx, object) + "\n";
  if (!err.is_unset() && err != kNone)
    (void)TRY(call_method(cx, err, names().write, {Value(TRY(new_str(cx, line)))}));
  if (is_exception(e)) print_exception(cx, e);
  return {};
}
Result<Value> sys_breakpointhook(Context& cx, Args args, Kwargs kwargs) {
  const Value f = TRY(import_attr(cx, "pdb", "set_trace"));
  return call_forwarded(cx, f, args, kwargs);
}
// Frames of the calling thread only: the others run.
Result<Value> sys_current_frames(Context& cx) {
  Dict* d = new_dict(cx);
  if (cx.frame >= cx.frames_base)
    TRY(dict_set(cx, d, make_uint(cx, cx.thread_id), frame_object(cx, cx.frame)));
  return Value(d);
}

constexpr BuiltinDef kFunctions[] = {
    function<&sys_settrace>("settrace", "(function, /)"),
    function<&sys_setprofile>("setprofile", "(function, /)"),
    function<&sys_audit>("audit", "(event, /, *args)"),
    function<&sys_unraisablehook>("unraisablehook", "(unraisable, /)"),
    function<&sys_breakpointhook>("breakpointhook", "(*args, **kwargs)"),
    function<&sys_current_frames>("_current_frames", "()"),
    function<&sys_getframe>("_getframe", "(depth=0, /)"),
    function<&sys_exc_info>("exc_info", "()"),
    function<&sys_exception>("exception", "()"),
    function<&sys_exit>("exit", "(status=None, /)"),
    function<&sys_intern>("intern", "(string, /)"),
    function<&sys_getrecursionlimit>("getrecursionlimit", "()"),
    function<&sys_setrecursionlimit>("setrecursionlimit", "(limit, /)"),
    function<&sys_get_int_max_str_digits>("get_int_max_str_digits", "()"),
    function<&sys_set_int_max_str_digits>("set_int_max_str_digits", "(maxdigits)"),
    function<&sys_displayhook>("displayhook", "(object, /)"),
    function<&sys_excepthook>("excepthook", "(exctype, value, traceback, /)"),
    function<&sys_getsizeof>("getsizeof", "(object, default=<unrepresentable>)"),
    function<&sys_getrefcount>("getrefcount", "(object, /)"),
    function<&sys_getdefaultencoding>("getdefaultencoding", "()"),
    function<&sys_getfilesystemencoding>("getfilesystemencoding", "()"),
    function<&sys_getfilesystemencodeerrors>("getfilesystemencodeerrors", "()"),
    function<&sys_is_finalizing>("is_finalizing", "()"),
    function<&sys_getswitchinterval>("getswitchinterval", "()"),
    function<&sys_setswitchinterval>("setswitchinterval", "(interval, /)"),
    function<&sys_gettrace>("gettrace", "()"),
    function<&sys_getprofile>("getprofile", "()"),
    function<&sys_get_asyncgen_hooks>("get_asyncgen_hooks", "()"),
    function<&sys_set_asyncgen_hooks>("set_asyncgen_hooks",
                                      "(firstiter=<unrepresentable>, finalizer=<unrepresentable>)"),
    function<&sys_get_coroutine_origin_tracking_depth>("get_coroutine_origin_tracking_depth", "()"),
    function<&sys_set_coroutine_origin_tracking_depth>("set_coroutine_origin_tracking_depth",
                                                       "(depth)"),
};

Result<void> init(Context& cx, Module* m) {
  TRY(module_add(cx, m, "modules", runtime().modules.value));
  TRY(module_add_int(cx, m, "maxsize", INT64_MAX));
  TRY(module_add_int(cx, m, "maxunicode", 0x10FFFF));
  TRY(module_add_str(cx, m, "byteorder", "little"));
  TRY(module_add_str(cx, m, "platform", "linux"));
  TRY(module_add_str(cx, m, "version", "3.11.2 (pystm 0.1.0, Nov 23 2026) [GCC 12.2.0]"));
  TRY(module_add_int(cx, m, "hexversion", 0x030b02f0));
  TRY(module_add_int(cx, m, "api_version", 1013));
  TRY(module_add_str(cx, m, "copyright",
                     "pystm: the pystm engineers. Python: the Python Software Foundation."));
  TRY(module_add_str(cx, m, "float_repr_style", "short"));
  TRY(module_add(cx, m, "meta_path", new_list(cx)));
  TRY(module_add(cx, m, "path_hooks", new_list(cx)));
  TRY(module_add(cx, m, "path_importer_cache", new_dict(cx)));
  TRY(module_add(cx, m, "path", new_list(cx)));
  List* argv = new_list(cx);
  for (const std::string& a : runtime().options.argv)
    TRY(list_append(cx, argv, TRY(new_str(cx, a))));
  TRY(module_add(cx, m, "argv", argv));
  TRY(module_add_str(cx, m, "executable", runtime().options.executable));
  for (const char* name : {"prefix", "base_prefix", "exec_prefix", "base_exec_prefix"})
    TRY(module_add_str(cx, m, name, "/usr"));
  TRY(module_add_str(cx, m, "platlibdir", "lib"));
  TRY(module_add_str(cx, m, "abiflags", ""));
  TRY(module_add(cx, m, "pycache_prefix", kNone));
  TRY(module_add(cx, m, "dont_write_bytecode", of_bool(runtime().options.dont_write_bytecode)));
  List* names_list = new_list(cx);
  for (const ModuleDef* def : builtin_modules())
    TRY(list_append(cx, names_list, TRY(new_str(cx, def->name))));
  (void)TRY(call_method(cx, names_list, names().sort, {}));
  TRY(module_add(cx, m, "builtin_module_names", TRY(list_to_tuple(cx, names_list))));
  TRY(add_sys_info(cx, m));
  for (const char* hook : {"displayhook", "excepthook", "unraisablehook", "breakpointhook"})
    TRY(module_add(cx, m, ("__" + std::string(hook) + "__").c_str(),
                   dict_get_str(cx, m->dict, hook)));
  return {};
}

const ModuleDef kModule = {
    "sys", kFunctions, init,
    "This module provides access to some objects used or maintained by the\ninterpreter and to "
    "functions that interact strongly with the interpreter."};

}  // namespace

void register_sys() { register_module(kModule); }

}  // namespace pystm::lib
