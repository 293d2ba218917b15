// The module pystm.jit: what the compiler did, and switches for it.
#include "jit/module.h"

#include "jit/driver.h"
#include "jit/inspect.h"
#include "jit/report.h"
#include "vm/object/dict.h"
#include "vm/object/number.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/call.h"
#include "vm/runtime/native.h"

namespace pystm::jit {

using namespace vm;

namespace {

struct Entry {
  const char* name;
  Value value;
};

Result<Dict*> dict_of(Context& cx, std::initializer_list<Entry> entries) {
  Dict* d = new_dict(cx);
  for (const Entry& e : entries) TRY(dict_set_str(cx, d, e.name, e.value));
  return d;
}

Result<Value> trace_dict(Context& cx, const TraceReport& t) {
  const Value where = TRY(new_str(cx, t.where));
  return Value(TRY(dict_of(cx, {{"number", make_uint(cx, t.number)},
                                {"parent", make_uint(cx, t.parent)},
                                {"where", where},
                                {"valid", of_bool(t.valid)},
                                {"instructions", make_uint(cx, t.instructions)},
                                {"bytes", make_uint(cx, t.machine_bytes)},
                                {"compile_seconds", make_float(cx, t.compile_seconds)},
                                {"entries", make_uint(cx, t.entries)},
                                {"exits", make_uint(cx, t.exits)},
                                {"aborts", make_uint(cx, t.aborts)}})));
}

// Entries, exits and aborts are counted with --jit-stats only.
Result<Value> module_stats(Context& cx) {
  const JitStats s = stats();
  List* traces = new_list(cx);
  for (const TraceReport& t : trace_reports()) TRY(list_append(cx, traces, TRY(trace_dict(cx, t))));
  return Value(TRY(dict_of(cx, {{"loops", make_uint(cx, s.loops)},
                                {"side_traces", make_uint(cx, s.sides)},
                                {"failed_recordings", make_uint(cx, s.failed)},
                                {"invalidated", make_uint(cx, s.invalidated)},
                                {"evictions", make_uint(cx, s.evictions)},
                                {"instructions", make_uint(cx, s.instructions)},
                                {"machine_bytes", make_uint(cx, s.machine_bytes)},
                                {"record_seconds", make_float(cx, s.record_seconds)},
                                {"compile_seconds", make_float(cx, s.compile_seconds)},
                                {"traces", traces}})));
}

Result<Code*> code_of(Context& cx, Value f) {
  if (is_function(f)) return stm::Read<Function>(cx, f.as<Function>())->code.ptr;
  if (is_code(f)) return f.as<Code>();
  return raise(cx, kTypeError, "a Python function or code object is required");
}

// The traces of its loops: intermediate code and machine code.
Result<Value> disassemble(Context& cx, Value f) {
  const Code* code = TRY(code_of(cx, f));
  return Value(TRY(new_str(cx, traces_text(cx, code))));
}
// Its loops are interpreted from now on.
Result<void> off(Context& cx, Value f) {
  switch_off(TRY(code_of(cx, f)));
  return {};
}
Result<void> module_set_param(Context& cx, Str* name, int64_t value) {
  if (value < 0 || value > UINT32_MAX || !set_param(to_utf8(name), static_cast<uint32_t>(value)))
    return raise(cx, kValueError, "no such parameter, or no value for it");
  return {};
}
// f(where, text) is called soon after each "start", "stop", "abort", "exit" or "invalidate".
Result<Value> module_set_hook(Context& cx, Str* event, Value f) {
  if (f != kNone && !is_callable(f))
    return raise(cx, kTypeError, "a hook must be callable, or None");
  if (!set_hook(cx, to_utf8(event), f)) return raise(cx, kValueError, "no such event");
  return kNone;
}

constexpr BuiltinDef kFunctions[] = {
    function<&module_stats>("stats", "()"),
    function<&disassemble>("disassemble", "(f, /)"),
    function<&off>("off", "(f, /)"),
    function<&module_set_hook>("set_hook", "(event, f, /)"),
    function<&module_set_param>("set_param", "(name, value, /)"),
};
const ModuleDef kModule = {"_pystm_jit", kFunctions, nullptr,
                           "The compiler: statistics, disassembly, switches."};

}  // namespace

void register_jit_module() { register_module(kModule); }

}  // namespace pystm::jit
