#include "jit/check.h"

#include <algorithm>
#include <cstdio>
#include <mutex>
#include <set>
#include <tuple>

#include "base/assert.h"
#include "jit/digest.h"
#include "jit/exits.h"
#include "jit/report.h"
#include "stm/written.h"
#include "vm/interp/frames.h"

namespace pystm::jit {

using namespace vm;

namespace {

// The work of a checked entry: the IR interpreter is slow.
constexpr int32_t kBudget = 400;

// Another thread can tell the two runs apart: by a commit, a lock that it takes or leaves, a trace
// that it attaches to an exit in between. That does not happen each time; a wrong instruction does.
constexpr int kAttempts = 5;

// A place by its type and offset, not by its address: a collection between the runs moves objects.
struct Written {
  ShapeId shape;
  Word offset;
  Word digest;
  auto operator<=>(const Written&) const = default;
};

// How a run ended. Digests instead of values: the first run's objects are gone when it is compared.
struct Ending {
  const Trace* trace = nullptr;
  IrRef exit = 0;
  ExitKind kind{};
  bool popped = false;
  const vm::Type* raised = nullptr;
  std::vector<Word> values;  // of the exit
  std::vector<Written> written;
};

Word word_at(const ExitState& state, Place p) {
  switch (p.base) {
    case Place::kState:
      return *reinterpret_cast<const Word*>(reinterpret_cast<const char*>(&state) + p.offset);
    case Place::kWindow:
      return reinterpret_cast<const Value*>(reinterpret_cast<const char*>(state.window) + p.offset)
          ->bits();
    case Place::kConst:
      break;
  }
  return 0;
}

Word digest_of(Word w, Type type) {
  switch (type) {
    case Type::F64:
      return digest(std::bit_cast<double>(w));
    case Type::Bool:
      return w & 1;
    case Type::Ref:
      return w == 0 ? 0 : digest_object(reinterpret_cast<Object*>(w));
    case Type::Word:
      return digest(Value(w));
    default:
      return w;
  }
}

Ending ending_of(Context& cx, const ExitState& state) {
  Ending e;
  const Trace& t = state.code->trace();
  e.trace = &t;
  e.exit = state.exit;
  e.kind = state.kind(cx);
  if (e.kind == ExitKind::kRaise && cx.exception.is_object()) e.raised = type_of(cx.exception);
  e.popped = state.switched && t.ins[state.exit].op == Ir::Return;
  if (e.popped) {
    e.values.push_back(digest(cx.frame->regs[(cx.frame + 1)->result]));
  } else {
    std::vector<IrRef> refs;
    exit_values(t, state.exit, &refs);
    for (const IrRef r : refs)
      e.values.push_back(digest_of(word_at(state, state.code->place_at(state.exit, r)), t.type(r)));
  }
  std::set<std::tuple<Object*, const Word*, bool>> places;  // some have several undo records
  stm::each_written(cx, [&](Object* holder, const Word* slot, bool is_value) {
    places.insert({holder, slot, is_value});
  });
  for (const auto& [holder, slot, is_value] : places) {
    const Word d = slot == nullptr ? digest_object(holder)
                   : is_value      ? digest(Value(*slot))
                                   : *slot;  // NOBARRIER: ours
    const auto at = reinterpret_cast<Word>(slot == nullptr ? static_cast<void*>(holder) : slot);
    e.written.push_back({holder->shape_id, at - reinterpret_cast<Word>(holder), d});
  }
  std::sort(e.written.begin(), e.written.end());
  return e;
}

// Back to the boundary that run_twice() began with.
void roll_back(Context& cx) {
  try {
    stm::abort(cx, stm::AbortReason::kChaos);
  } catch (const stm::Abort&) {
  }
  restore_checkpoint(cx);
  stm::begin(cx);
  CHECK(cx.parallel());
}

enum class Rehearsal : uint8_t {
  kUseless,  // undone, and nothing to compare with
  kUndone,   // undone; `*out` is how it ended
  kStands,   // it became inevitable: what it did has happened, and `state` is how it ended
};

// Runs the IR interpreter and undoes all that it did.
Rehearsal rehearse(Context& cx, Root* root, ExitState& state, Ending* out) {
  const Code* oracle = code_for(root, kOracle);
  if (oracle == nullptr) return Rehearsal::kUseless;
  const int32_t poll = cx.poll.load();
  const Word snapshot = cx.rv;
  cx.budget = kBudget;
  oracle->run(cx, cx.frame->regs, state);
  if (stm::is_inevitable(cx)) return Rehearsal::kStands;
  const ExitKind kind = state.kind(cx);
  if (kind == ExitKind::kAbort && !state.gave_up) throw stm::Abort{};
  if (state.gave_up || cx.poll.load() != poll) {
    roll_back(cx);
    return Rehearsal::kUseless;
  }
  *out = ending_of(cx, state);
  roll_back(cx);
  // The roll-back is one step of the clock; any other is somebody's commit, which may be seen now.
  if (cx.rv > snapshot + 1) return Rehearsal::kUseless;
  if (kind != ExitKind::kLink) return Rehearsal::kUndone;
  TraceRecord* left = record_of(state.code->trace());
  link(left, state.exit, kOracle);  // both go on in the target from now on
  link(left, state.exit, kParallel);
  return Rehearsal::kUseless;
}

std::string differences(const Ending& a, const Ending& b) {
  if (a.trace != b.trace || a.exit != b.exit)
    return "the exit: trace " + std::to_string(record_of(*b.trace)->number) + " instruction " +
           std::to_string(b.exit) + " instead of trace " +
           std::to_string(record_of(*a.trace)->number) + " instruction " + std::to_string(a.exit);
  if (a.kind != b.kind || a.raised != b.raised || a.popped != b.popped)
    return "how the instruction ended";
  for (size_t k = 0; k < a.values.size(); ++k) {
    if (a.values[k] == b.values[k]) continue;
    std::vector<IrRef> refs;
    if (!a.popped) exit_values(*a.trace, a.exit, &refs);
    return (a.popped ? "what was returned" : "the value of %" + std::to_string(refs[k])) +
           " at instruction " + std::to_string(a.exit);
  }
  if (a.written.size() != b.written.size())
    return "how many places were written: " + std::to_string(b.written.size()) + " instead of " +
           std::to_string(a.written.size());
  for (size_t k = 0; k < a.written.size(); ++k)
    if (a.written[k] != b.written[k])
      return std::string("what was written to a ") + gc::type_infos[a.written[k].shape]->name;
  return {};
}

// Both runs, one after the other; what they differ in, or nothing.
std::string compare_runs(Context& cx, Root* root, const Code& code, ExitState& state,
                         Ending* expected) {
  Rehearsal rehearsal = Rehearsal::kUseless;
  if (cx.parallel() && cx.no_boundary == 0) {
    stm::commit(cx);
    stm::begin(cx);
    take_checkpoint(cx);
    if (!stm::is_inevitable(cx)) rehearsal = rehearse(cx, root, state, expected);
    if (rehearsal == Rehearsal::kStands) return {};
  }
  const int32_t poll = cx.poll.load();
  const Word snapshot = cx.rv;
  if (rehearsal == Rehearsal::kUndone) cx.budget = kBudget;
  {
    std::lock_guard guard(lock);
    ++(rehearsal == Rehearsal::kUndone ? the_stats.checked : the_stats.unchecked);
  }
  code.run(cx, cx.frame->regs, state);
  if (rehearsal == Rehearsal::kUseless || stm::is_inevitable(cx)) return {};
  if (state.kind(cx) == ExitKind::kAbort) return {};
  // Something that others did ended one of the runs.
  if (cx.poll.load() != poll || cx.rv != snapshot || !root->valid.load()) return {};
  return differences(*expected, ending_of(cx, state));
}

}  // namespace

void run_checked(Context& cx, Root* root, const Code& code, ExitState& state) {
  static std::once_flag once;
  std::call_once(once, [&] { stm::keep_parallel(cx, true); });
  for (int attempt = 1;; ++attempt) {
    Ending expected;
    const std::string found = compare_runs(cx, root, code, state, &expected);
    if (found.empty()) return;
    if (attempt == kAttempts) {
      std::fprintf(
          stderr, "pystm: --jit-check: %s: machine code and IR interpreter differ in %s\n%s",
          record_of(*expected.trace)->where.c_str(), found.c_str(), print(*expected.trace).c_str());
      CHECK(!"--jit-check");
    }
    roll_back(cx);
  }
}

}  // namespace pystm::jit
