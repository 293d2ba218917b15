// `with`, and what it is mostly used for: locks and atomic blocks. These are calls of their own,
// after which a trace still knows what it has loaded: who changes it meanwhile has a transaction
// that conflicts with ours, lock or not.
#include <algorithm>
#include <string_view>

#include "jit/recorder.h"
#include "jit/residual.h"
#include "vm/object/str.h"
#include "vm/runtime/native.h"

namespace pystm::jit {

using namespace vm;

namespace {

// Is it called with the manager as its first argument?
bool is_method(Value v) {
  if (is_function(v)) return true;
  if (!v.is_object()) return false;
  const Kind kind = shape_of(v.object())->kind;
  return kind == Kind::kMethodDescriptor || kind == Kind::kWrapperDescriptor;
}

bool is_lock(Value v) { return has_shape(v, kShapeLockObject) || has_shape(v, kShapeRLockObject); }

// A method that takes or leaves a lock or enters or leaves an atomic block.
struct Synchronisation {
  const char* owner;
  std::string_view name;
  const CallInfo& call;
  bool with_arguments = false;  // any, which do not matter
};
const Synchronisation kSynchronisations[] = {
    {"lock", "acquire", kCallEnterLock},
    {"lock", "__enter__", kCallEnterLock},
    {"lock", "release", kCallLeaveLock},
    {"lock", "__exit__", kCallLeaveLock, true},
    {"RLock", "acquire", kCallEnterLock},
    {"RLock", "__enter__", kCallEnterLock},
    {"RLock", "release", kCallLeaveLock},
    {"RLock", "__exit__", kCallLeaveLock, true},
    {"atomic_type", "__enter__", kCallEnterAtomic},
    {"atomic_type", "__exit__", kCallLeaveAtomic, true},
};

const Synchronisation* synchronisation_of(const Builtin* b) {
  if (!is_type(b->owner)) return nullptr;
  const Value owner = as_type(b->owner)->name;
  if (!is_flat_str(owner)) return nullptr;
  const auto* row = std::ranges::find_if(kSynchronisations, [&](const Synchronisation& s) {
    return s.name == b->def->name && str_equals(owner.as<Str>(), s.owner);
  });
  return row == std::end(kSynchronisations) ? nullptr : row;
}

}  // namespace

// Would taking it have to wait?
bool Recorder::is_taken(Value lock) {
  auto* l = lock.as<stm::Lock>();
  return stm::lock_is_held(cx_, l) &&
         !(has_shape(lock, kShapeRLockObject) && stm::lock_is_owned(cx_, l));
}

// kExit: the function is none of these; nothing was emitted. A lock is taken if that needs no
// waiting, else the interpreter does it.
Flow Recorder::synchronise(const Call& call, const Builtin* b) {
  const size_t n = call.arguments.size();
  if (n == 0) return Flow::kExit;
  const Synchronisation* row = synchronisation_of(b);
  const V self = call.arguments[0];
  if (row == nullptr || type_of(self.value) != as_type(b->owner)) return Flow::kExit;
  const bool taking = &row->call == &kCallEnterLock;
  const bool told = taking && n == 2 && is_bool(call.arguments[1].value);  // acquire(blocking)
  if (n != 1 && !told && !row->with_arguments) return Flow::kExit;
  Trace& t = e_.trace();
  if (told) e_.guard_is(call.arguments[1].ref, t.word_const(call.arguments[1].value));
  const bool waits = !told || call.arguments[1].value == kTrue;
  if (is_lock(self.value)) {
    // What has to wait now will as a rule have to the next time.
    if (taking && waits && is_taken(self.value)) return stop("wait for a lock");
    const IrRef lock = guard_object(self, self.value.object()->shape_id);
    if (!waits) return set_after(call.result, e_.call(kCallTryLock, {lock}));
    e_.guard_is_not(e_.call(row->call, {lock}), t.word_const(Value()));
    return set_after(call.result, t.word_const(taking ? kTrue : kNone));
  }
  guard_type(self);
  const bool entered = &row->call == &kCallEnterAtomic;
  const IrRef done = e_.call(row->call, {});
  if (!entered) e_.guard_is_not(done, t.word_const(Value()));
  return set_after(call.result, entered ? self.ref : t.word_const(kNone));
}

Flow Recorder::with_enter(Instr i) {
  const V manager = reg(i.b);
  if (!manager.value.is_object()) return stop("with a number");
  const vm::Type* type = type_of(manager.value);
  const Value method = type->dunder(Dunder::kEnter), exit = type->dunder(Dunder::kExit);
  if (!is_method(method) || !is_method(exit)) return stop("with methods of another kind");
  const V self{manager.value, guard_instance(manager, manager.value.object()->shape_id)};
  set(i.a, {exit, constant_ref(exit)});
  set(i.a + 1u, self);
  return call_value({.callable = {method, constant_ref(method)},
                     .arguments = {self},
                     .window = scratch(3),
                     .result = static_cast<uint16_t>(i.a + 2)});
}

Flow Recorder::with_exit(Instr i) {
  const V none{kNone, e_.trace().word_const(kNone)};
  const V self = reg(i.b + 1u);
  Call call{.callable = reg(i.b), .window = scratch(3), .result = i.a};
  if (!is_unset(self)) call.arguments.push_back(self);
  call.arguments.insert(call.arguments.end(), {none, none, none});
  return call_value(std::move(call));
}

}  // namespace pystm::jit
