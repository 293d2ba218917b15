// atexit: functions to call when the interpreter ends.
#include "stdlib/lifecycle.h"
#include "stdlib/modules.h"
#include "stdlib/support.h"

namespace pystm::lib {
namespace {

gc::Root* g_list = nullptr;  // of (function, args, names, values)

Result<Value> atexit_register(Context& cx, Value func, Args args, Kwargs kwargs) {
  if (!is_callable(func)) return raise(cx, kTypeError, "the first argument must be callable");
  List* all = TRY(new_list(cx, args.items, args.count));
  for (uint32_t i = 0; i < kwargs.count(); ++i) TRY(list_append(cx, all, kwargs.values[i]));
  const Value values = TRY(list_to_tuple(cx, all));
  const Value row =
      TRY(new_tuple(cx, {func, values, kwargs.names == nullptr ? kNone : Value(kwargs.names)}));
  TRY(list_append(cx, g_list->value.as<List>(), row));
  return func;
}
Result<void> atexit_unregister(Context& cx, Value func) {
  auto* list = g_list->value.as<List>();
  for (int64_t i = list_length(cx, list) - 1; i >= 0; --i) {
    const Value row = list_get(cx, list, i);
    if (row.is_unset()) continue;
    if (TRY(compare_bool(cx, CompareOp::kEq, (*row.as<Tuple>())[0], func)))
      TRY(list_replace(cx, list, i, i + 1, nullptr, 0));
  }
  return {};
}
Result<void> atexit_clear(Context& cx) {
  list_clear(cx, g_list->value.as<List>());
  return {};
}
Result<void> atexit_run(Context& cx) {
  run_exit_functions(cx);
  return {};
}
int64_t atexit_count(Context& cx) { return list_length(cx, g_list->value.as<List>()); }

constexpr BuiltinDef kFunctions[] = {
    function<&atexit_register>("register", "(func, /, *args, **kwargs)"),
    function<&atexit_unregister>("unregister", "(func, /)"),
    function<&atexit_clear>("_clear", "()"),
    function<&atexit_run>("_run_exitfuncs", "()"),
    function<&atexit_count>("_ncallbacks", "()"),
};
Result<void> init(Context& cx, Module*) {
  if (g_list == nullptr) g_list = new gc::Root(new_list(cx));
  return {};
}
const ModuleDef kModule = {"atexit", kFunctions, init};

}  // namespace

void run_exit_functions(Context& cx) {
  if (g_list == nullptr) return;
  auto* list = g_list->value.as<List>();
  while (list_length(cx, list) > 0) {
    auto popped = list_pop(cx, list, list_length(cx, list) - 1);
    if (popped.is_error()) return clear_exception(cx);
    auto* row = popped.value().as<Tuple>();
    auto* args = (*row)[1].as<Tuple>();
    Tuple* kw = (*row)[2] == kNone ? nullptr : (*row)[2].as<Tuple>();
    if (call_kw(cx, (*row)[0], args->items(), args->length, kw).is_error())
      write_unraisable(cx, (*row)[0], "Exception ignored in atexit callback");
  }
}

void register_atexit() { register_module(kModule); }

}  // namespace pystm::lib
