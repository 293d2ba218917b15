// pystm: atomic blocks, transaction hints, statistics.
#include <unistd.h>

#include "stdlib/modules.h"
#include "vm/object/dict.h"
#include "vm/object/instance.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/atomic.h"
#include "vm/runtime/call.h"
#include "vm/runtime/native.h"
#include "vm/runtime/operators.h"
#include "vm/runtime/runtime.h"

namespace pystm::lib {

using namespace vm;  // NOLINT: this layer is written in vm's vocabulary

namespace {

gc::Root* atomic_type = nullptr;

enum AtomicSlots { kName };

// `with atomic:` no boundary inside; an exception leaves the block and the writes stay.
Value atomic_enter(Context& cx, Value self) {
  enter_atomic_block(cx);
  return self;
}
Result<void> atomic_exit(Context& cx, Value self, Args) {
  if (leave_atomic_block(cx)) return {};
  return raise(cx, kRuntimeError, "atomic block is not entered");
}
// atomic("name") labels the block in reports.
Result<Value> atomic_call(Context& cx, Value self, Str* name) {
  const Value labelled = alloc_object(cx, as_type(atomic_type->value)->shape);
  set_native_slot(cx, labelled, kName, name);
  return labelled;
}
Result<Value> atomic_repr(Context& cx, Value self) {
  const Value name = native_slot(cx, self, kName);
  if (name.is_unset()) return Value(intern(cx, "<pystm.atomic>"));
  return Value(TRY(new_str(cx, "<pystm.atomic " + repr_utf8(cx, name) + ">")));
}
constexpr BuiltinDef kAtomicMethods[] = {
    method<&atomic_enter>("__enter__", "($self, /)"),
    method<&atomic_exit>("__exit__", "($self, /, *args)"),
    method<&atomic_call>("__call__", "($self, name, /)"),
    method<&atomic_repr>("__repr__", "($self, /)"),
};

bool is_atomic(Context& cx) { return cx.atomic_depth > 0; }
Result<void> hint_commit_soon(Context& cx) {
  stm::commit_soon(cx);
  return {};
}
int64_t getsegmentlimit(Context&) {
  return stm::options().threads != 0 ? stm::options().threads : sysconf(_SC_NPROCESSORS_ONLN);
}
Result<void> setsegmentlimit(Context& cx, int limit) {
  if (limit < 1) return raise(cx, kValueError, "the segment limit must be at least 1");
  stm::options().threads = static_cast<uint32_t>(limit);
  return {};
}

Result<Value> stats(Context& cx) {
  const stm::Stats s = stm::stats();
  Dict* d = new_dict(cx);
  const std::pair<const char*, uint64_t> kCounters[] = {{"begun", s.begun},
                                                        {"committed", s.committed},
                                                        {"commits_readonly", s.commits_readonly},
                                                        {"aborted", s.aborted},
                                                        {"inevitable", s.inevitable},
                                                        {"extensions", s.extensions},
                                                        {"splits", s.splits},
                                                        {"mode_switches", s.mode_switches},
                                                        {"elided_locks", s.elided_locks},
                                                        {"taken_locks", s.taken_locks},
                                                        {"waits", s.waits}};
  for (const auto& [name, count] : kCounters) TRY(dict_set_str(cx, d, name, make_uint(cx, count)));
  TRY(dict_set_str(cx, d, "seconds_in_aborted", make_float(cx, s.seconds_in_aborted)));
  TRY(dict_set_str(cx, d, "seconds_waiting", make_float(cx, s.seconds_waiting)));
  Dict* reasons = new_dict(cx);
  static constexpr const char* kReasons[] = {
#define ABORT_REASON(name, text) text,
#include "stm/abort_reasons.def"
#undef ABORT_REASON
  };
  for (size_t i = 1; i < std::size(kReasons); ++i)
    TRY(dict_set_str(cx, reasons, kReasons[i], make_uint(cx, s.aborts_by_reason[i])));
  TRY(dict_set_str(cx, d, "aborts_by_reason", reasons));
  return Value(d);
}

Result<Value> position(Context& cx, const stm::SourcePosition& p) {
  const Value file = TRY(new_str(cx, p.file)), function = TRY(new_str(cx, p.function));
  return Value(
      TRY(new_tuple(cx, {file, Value::of_int(p.line), Value::of_int(p.column), function})));
}

Result<Value> conflicts(Context& cx) {
  List* out = new_list(cx);
  static constexpr const char* kReasons[] = {
#define ABORT_REASON(name, text) text,
#include "stm/abort_reasons.def"
#undef ABORT_REASON
  };
  for (const stm::Conflict& c : stm::conflicts()) {
    Dict* d = new_dict(cx);
    TRY(dict_set_str(cx, d, "reason", intern(cx, kReasons[static_cast<size_t>(c.reason)])));
    TRY(dict_set_str(cx, d, "victim", TRY(position(cx, c.victim))));
    TRY(dict_set_str(cx, d, "other", TRY(position(cx, c.other))));
    TRY(dict_set_str(cx, d, "object", TRY(new_str(cx, c.object))));
    TRY(dict_set_str(cx, d, "seconds_lost", make_float(cx, c.seconds_lost)));
    TRY(list_append(cx, out, d));
  }
  return Value(out);
}
Result<void> reset_stats(Context&) {
  stm::reset_stats();
  return {};
}

constexpr BuiltinDef kFunctions[] = {
    function<&is_atomic>("is_atomic", "()", Effects::kReads),
    function<&hint_commit_soon>("hint_commit_soon", "()"),
    function<&getsegmentlimit>("getsegmentlimit", "()"),
    function<&setsegmentlimit>("setsegmentlimit", "(limit, /)"),
    function<&stats>("stats", "()", Effects::kReads),
    function<&conflicts>("conflicts", "()", Effects::kReads),
    function<&reset_stats>("reset_stats", "()"),
};

Result<void> init(Context& cx, Module* m) {
  atomic_type = new gc::Root(define_native_class(cx, "pystm.atomic_type", 1, kAtomicMethods));
  TRY(module_add(cx, m, "atomic", alloc_object(cx, as_type(atomic_type->value)->shape)));
  // The compiler's module is there if the program has the compiler.
  auto jit = import_module(cx, "_pystm_jit");
  if (jit.is_error()) {
    clear_exception(cx);
    return {};
  }
  TRY(dict_set_str(cx, runtime().modules.value.as<Dict>(), "pystm.jit", jit.value()));
  return module_add(cx, m, "jit", jit.value());
}

const ModuleDef kModule = {"pystm", kFunctions, init,
                           "Transactions: atomic blocks, hints, statistics, conflicts."};

}  // namespace

void register_pystm() { register_module(kModule); }

}  // namespace pystm::lib
