// Hot loops, their recordings, entering and leaving compiled code.
//
// Nothing here may make a program slower for long: a loop or exit whose recording fails is tried
// again after ever longer waits, and then no more (Patience); a root whose entries end at once
// loses credit, and its loop rests likewise.
#include "jit/driver.h"

#include <algorithm>
#include <atomic>

#include "base/assert.h"
#include "jit/check.h"
#include "jit/inspect.h"
#include "jit/recorder.h"
#include "jit/report.h"
#include "jit/restore.h"
#include "jit/runtime.h"
#include "jit/traces.h"
#include "vm/interp/frames.h"
#include "vm/interp/jit_hooks.h"
#include "vm/interp/outline.h"

namespace pystm::jit {

using namespace vm;

namespace {

uint32_t hotloop, hotcall;
std::atomic<uint32_t> hotexit, maxside;
bool counting = false, checking = false;
OptOptions opt;

uint32_t index_of(const FrameRecord* f) {
  return static_cast<uint32_t>(f->pc - f->code->data->instrs);
}

// --- recording -----------------------------------------------------------------------------------

struct Outcome {
  bool done = false;      // the trace has its end
  bool unstable = false;  // it would, but for types that change
  Flow flow = Flow::kNext;
};

uint32_t poll_weight(const Trace& t) { return 1 + t.size() / 32; }

// Ends the trace as the recorder says. False: it cannot.
bool end_trace(Recorder& recorder, Next next, const FrameRecord* f) {
  Emitter& e = recorder.emitter();
  const unsigned weight = poll_weight(e.trace());
  switch (next) {
    case Next::kClose:
      if (e.finish_loop(weight)) return true;
      note_failure(f->code, index_of(f), "types change from one iteration to the next");
      return false;
    case Next::kJump: {
      const Root* to = recorder.reached();  // null: the trace itself
      e.emit(Ir::TxPoll, static_cast<IrRef>(weight));
      e.finish_jump(to == nullptr ? e.trace() : to->main->trace);
      return to == nullptr || to->valid.load();
    }
    case Next::kSwitch:
      e.emit(Ir::TxPoll, static_cast<IrRef>(weight));
      recorder.finish_switch();
      return true;
    case Next::kReturn:
      e.finish_return(recorder.returned(), f->on_return);
      return true;
    case Next::kLeave:
      e.finish_exit();
      return true;
    case Next::kExecute:
    case Next::kGiveUp:
      break;
  }
  note_failure(f->code, index_of(f), recorder.why());
  return false;
}

// Interprets, with the recorder watching, until the trace ends or cannot go on.
Outcome follow(Context& cx, Recorder& recorder, FrameRecord* root_frame) {
  const uint32_t seen = assumption_epoch();
  const bool parallel = cx.parallel();
  for (;;) {
    const Next next = recorder.note();
    if (next != Next::kExecute) {
      const bool ended = end_trace(recorder, next, cx.frame);
      return {.done = ended && assumption_epoch() == seen,
              .unstable = !ended && next == Next::kClose};
    }
    const Flow flow = step(cx);
    if (flow == Flow::kRaise && recorder.unwind(false)) {
      unwind(cx, root_frame);
    } else if (flow != Flow::kNext) {
      if (flow == Flow::kRaise) note_failure(cx.frame->code, index_of(cx.frame), recorder.why());
      return {.flow = flow};
    }
    if (assumption_epoch() != seen || cx.parallel() != parallel) return {};
    if (cx.frame - root_frame != static_cast<ptrdiff_t>(recorder.emitter().depth())) {
      note_failure(cx.frame->code, index_of(cx.frame), "unexpected frame");
      return {};
    }
  }
}

// Does a generator yield between the two instructions? A loop that does is compiled from where it
// is resumed.
bool yields(const CodeData* d, uint32_t from, uint32_t to) {
  return std::any_of(d->instrs + from, d->instrs + to,
                     [](const Instr& i) { return i.op == Op::YIELD; });
}

// A loop around the one whose edge is hot that has run nearly as often: it should be recorded, with
// this one unrolled in it. Null: none.
CacheWord* loop_around(const FrameRecord* f, uint32_t header, const CacheWord* edge) {
  constexpr Word kShort = 8, kUnrolled = 32;
  const CodeData* d = f->code->data;
  CacheWord* const caches = code_caches(f->code);
  CacheWord* found = nullptr;
  Word inner = hotloop;
  for (auto k = static_cast<uint32_t>(edge - caches) + 1; k < d->count; ++k) {
    const Instr i = d->instrs[k];
    const int64_t target = static_cast<int64_t>(k) + 1 + i.bc;
    if (i.op != Op::JUMP_BACK || target >= header) continue;
    const Word count = caches[k].load(std::memory_order_relaxed);
    if (count >= hotloop || count * kShort < inner || count * kUnrolled < hotloop) break;
    if (yields(d, static_cast<uint32_t>(target), k)) break;
    if (site_of(d, static_cast<uint32_t>(target)).patience.tried()) break;
    header = static_cast<uint32_t>(target);
    inner = count;
    found = &caches[k];
  }
  return found;
}

// Is the innermost loop around `pc` still being counted? It should be recorded first.
bool in_young_loop(const FrameRecord* f, uint32_t pc) {
  const CodeData* d = f->code->data;
  const CacheWord* const caches = code_caches(f->code);
  int64_t header = -1;
  for (uint32_t k = pc; k < d->count; ++k) {
    if (d->instrs[k].op != Op::JUMP_BACK) continue;
    const int64_t target = static_cast<int64_t>(k) + 1 + d->instrs[k].bc;
    if (target > pc || (header >= 0 && target != header)) continue;
    if (yields(d, static_cast<uint32_t>(target), k)) continue;
    if (caches[k].load(std::memory_order_relaxed) >= hotloop) return false;
    header = target;
  }
  return header >= 0;
}

// A place where a root may begin: the frame's pc, and the word that counts its visits (kLoop: the
// edge's).
struct Place {
  RootKind kind;
  FrameRecord* f;
  CacheWord* word;
};

uint32_t threshold(RootKind kind) {
  return kind == RootKind::kLoop   ? hotloop
         : kind == RootKind::kCall ? hotcall
                                   : hotexit.load(std::memory_order_relaxed);
}

// Can no root begin there? At the call of what makes a generator, in a loop that yields, or where
// names are looked up elsewhere.
bool is_barred(const Place& at, uint32_t pc) {
  constexpr uint32_t kSuspends = kCoGenerator | kCoCoroutine | kCoAsyncGenerator;
  const CodeData* d = at.f->code->data;
  if (!has_no_namespace(at.f)) return true;
  if (at.kind == RootKind::kCall) return (d->flags & kSuspends) != 0;
  const auto edge = static_cast<uint32_t>(at.word - code_caches(at.f->code));
  return at.kind == RootKind::kLoop && yields(d, pc, edge);
}

// What the hot place's word becomes without a recording; none: record. REQUIRES lock.
bool settled(const Place& at, uint32_t pc) {
  Site& site = site_of(at.f->code->data, pc);
  Word word = 0;  // count again
  if (site.patience.exhausted() || is_barred(at, pc)) {
    word = kNeverHot;
  } else if (!site.patience.ready()) {
  } else if (site.root != nullptr) {  // rested, or compiled from another side
    site.root->credit.store(kCredit);
    word = reinterpret_cast<Word>(site.root);
  } else if (too_many_traces()) {
    word = kNeverHot;
  } else if (at.kind == RootKind::kReturn && in_young_loop(at.f, pc)) {
  } else {
    CacheWord* const outer =
        site.postponed || at.kind != RootKind::kLoop ? nullptr : loop_around(at.f, pc, at.word);
    if (outer == nullptr) {
      site.patience.spend(Patience::kAborted);  // an abort leaves without a word
      at.word->store(0);                        // whoever comes here meanwhile counts again
      return false;
    }
    site.postponed = true;
    outer->store(hotloop);
  }
  at.word->store(word);
  return true;
}

Flow record_root(Context& cx, const Place& at) {
  FrameRecord* const f = at.f;
  const uint32_t pc = index_of(f);
  const CodeData* const code = f->code->data;
  OptOptions how = opt;
  bool again, unstable;
  {
    std::lock_guard guard(lock);
    const Site& site = site_of(code, pc);
    again = site.patience.tried();
    unstable = site.unstable;
    if (settled(at, pc)) return Flow::kNext;
  }
  if (unstable) how.loop = false;  // the types meet in the registers
  free_evicted(cx);
  Recording recording(cx, nullptr, 0);
  TraceRecord* record = recording.record();
  Recorder recorder(cx, record->trace, how);
  recorder.begin_root(f);
  if (again || at.kind != RootKind::kLoop) recorder.be_modest();
  const Value globals(f->globals.ptr), builtins(f->builtins.ptr);
  const Outcome outcome = follow(cx, recorder, f);
  const char* why = "not compiled";
  const bool made = outcome.done && recording.finish(&why);
  if (outcome.done && !made) note_failure(f->code, pc, why);
  std::lock_guard guard(lock);
  Site& site = site_of(code, pc);
  if (!made) {
    site.unstable = outcome.unstable;
    if (recorder.left_loop())
      at.word->store(threshold(at.kind) - 1);  // again next time but one
    else
      site.patience.spend(Patience::kFailed);
    return outcome.flow;
  }
  recording.keep();
  auto* root = new Root;
  root->main = record;
  root->code = code;
  root->pc = pc;
  root->globals.value = globals;
  root->builtins.value = builtins;
  root->credit.store(kCredit);
  root->weight = poll_weight(record->trace);
  root->size = record->trace.size();
  root->body = static_cast<uint32_t>(record->trace.snapshots.size() / 2);
  record->root = root;
  site.root = root;
  site.patience = {};
  at.word->store(reinterpret_cast<Word>(root));
  ++the_stats.loops;
  log_event(Event::kStop, record->where, "root " + std::to_string(record->number));
  return Flow::kNext;
}

// The exit has been taken often: what follows becomes a trace of its own.
Flow record_side(Context& cx, FrameRecord* root_frame, TraceRecord* parent, IrRef exit,
                 unsigned attempt) {
  constexpr uint32_t kMaxFailed = 16, kMaxSize = 16000;
  Root* root = parent->root;
  {
    std::lock_guard guard(lock);
    const bool hopeless = root->failed_sides > kMaxFailed + root->sides.size();
    if (root->sides.size() >= maxside || root->size > kMaxSize || hopeless || too_many_traces())
      return Flow::kNext;
    ++root->failed_sides;  // unless this one comes to its end
  }
  const FrameRecord* top = cx.frame;
  Recording recording(cx, parent, exit);
  TraceRecord* record = recording.record();
  Recorder recorder(cx, record->trace, opt);
  recorder.begin_side(parent->trace, exit, root_frame);
  if (attempt > 1) recorder.be_modest();
  if (!cx.exception.is_unset()) {
    if (!recorder.unwind(true)) {
      note_failure(top->code, index_of(top), recorder.why());
      return Flow::kRaise;
    }
    unwind(cx, root_frame);
  }
  const Outcome outcome = follow(cx, recorder, root_frame);
  const char* why = nullptr;
  if (!outcome.done || !root->valid.load()) return outcome.flow;
  if (!recording.finish(&why)) {
    note_failure(top->code, index_of(top), why);
    return outcome.flow;
  }
  std::lock_guard guard(lock);
  recording.keep();
  root->sides.push_back(record);
  root->size += record->trace.size();
  --root->failed_sides;
  ++the_stats.sides;
  log_event(
      Event::kStop, record->where,
      "side trace " + std::to_string(record->number) + " of " + std::to_string(parent->number));
  return Flow::kNext;
}

// --- entering and leaving ------------------------------------------------------------------------

// The interpreter's state from the snapshot: registers, then the frames that were inlined.
void restore(Context& cx, const ExitState& state) {
  const Restorer restorer(cx, state);
  const ExitPlan& plan = restorer.plan();
  restorer.registers(cx.frame->regs);
  int32_t base = 0;
  for (const ExitPlan::Frame& f : plan.frames) {
    auto* function = Value(restorer.word(f.function)).as<Function>();
    auto* code = Value(restorer.word(f.code)).as<vm::Code>();
    const Value self = f.kind == FrameKind::kPlain ? Value() : Value(restorer.word(f.self));
    push_inlined(
        cx, code, function, self,
        {static_cast<uint32_t>(f.base - base), f.parent_pc, f.result, f.on_return, f.kind});
    base = f.base;
    if (!f.has_object) continue;
    auto* object = Value(restorer.word(f.object)).as<vm::Frame>();
    cx.frame->frame_object = object;
    stm::Write<vm::Frame>(cx, object)
        .set(&vm::Frame::State::live, static_cast<Word>(cx.frame - cx.frames_base + 1));
  }
  cx.frame->pc = cx.frame->code->data->instrs + plan.pc;
}

bool may_enter(const Context& cx, const FrameRecord* f, const Root* root) {
  return root->valid.load(std::memory_order_relaxed) &&
         root->globals.value == Value(f->globals.ptr) &&
         root->builtins.value == Value(f->builtins.ptr) && has_no_namespace(f) &&
         has_room(cx, f->regs, 0);
}

// Has the exit been taken so often that a side trace is due? The number of the attempt, or 0. Racy:
// counts may get lost.
unsigned attempt_due(TraceRecord* r, IrRef exit) {
  constexpr uint32_t kTries = 4;  // after 1, 4, 16 and 64 times hotexit
  std::atomic<uint32_t>& count = r->exits[exit];
  const uint32_t first = hotexit.load(std::memory_order_relaxed);
  const uint32_t n = count.load(std::memory_order_relaxed) + 1;
  if (n > first << 2 * (kTries - 1)) return 0;
  count.store(n, std::memory_order_relaxed);
  for (uint32_t k = 0; k < kTries; ++k)
    if (n == first << 2 * k) return k + 1;
  return 0;
}

// The word of a place with the root that is to be entered there; none: what its count says.
Root* entered_by(CacheWord* word) {
  const Word w = word->load(std::memory_order_acquire);
  if (w == kNeverHot || w <= kMaxCount) return nullptr;
  auto* root = reinterpret_cast<Root*>(w);
  if (root->valid.load(std::memory_order_relaxed) &&
      root->credit.load(std::memory_order_relaxed) > 0)
    return root;
  word->store(0);
  return nullptr;
}

// Behind a call from which compiled code has returned: the root to go on in, or none; there may be
// a recording.
Flow go_on(Context& cx, Root** root) {
  FrameRecord* const f = cx.frame;
  *root = nullptr;
  CacheWord* const word = returns_of(f->code->data) + index_of(f);
  const Word w = word->load(std::memory_order_relaxed);
  if (w < threshold(RootKind::kReturn)) {
    word->store(w + 1, std::memory_order_relaxed);
  } else if (w <= kMaxCount) {
    return record_root(cx, {RootKind::kReturn, f, word});
  }
  *root = entered_by(word);
  return Flow::kNext;
}

// An entry has come to its end, after few bytecodes: not worth it, if that is how they all are.
void spend_credit(Root* root) {
  const int32_t left = root->credit.load(std::memory_order_relaxed) - 1;
  root->credit.store(left, std::memory_order_relaxed);
  if (left != 0) return;
  std::lock_guard guard(lock);
  site_of(root->code, root->pc).patience.spend(Patience::kFailed);
  log_event(Event::kExit, root->main->where, "entries end at once: the loop rests");
}

void count_trips(Root* root, int64_t work) {
  const int64_t trips = std::min<int64_t>(work / root->weight, kManyTrips);
  const uint32_t old = root->trips.load(std::memory_order_relaxed);
  const auto now = static_cast<uint32_t>(old - old / 8 + trips);
  if (now != old) root->trips.store(now, std::memory_order_relaxed);
}

// The interpreter goes on; perhaps a side trace is recorded meanwhile.
Flow resume(Context& cx, Root* entered, const ExitState& state, int64_t work) {
  constexpr int64_t kWorthwhile = 10;  // bytecodes with guards that pay for entry and exit
  FrameRecord* const f = cx.frame;
  restore(cx, state);
  TraceRecord* left = record_of(state.code->trace());
  count_trips(entered, work);
  if (work <= 0 && left->work + left->trace.ins[state.exit].aux < kWorthwhile)
    spend_credit(entered);
  if (counting) left->left.fetch_add(1, std::memory_order_relaxed);
  // With an exception pending, the bytecode where the trace was left has raised it.
  const Flow flow = cx.exception.is_unset() ? Flow::kNext : Flow::kRaise;
  const unsigned attempt = attempt_due(left, state.exit);
  if (attempt == 0) return flow;
  // A trace's end can only be continued where another trace begins by now.
  const bool end = left->trace.ins[state.exit].op == Ir::Exit;
  if (end && find_root(cx.frame, index_of(cx.frame)) == nullptr) return flow;
  const Flow recorded = record_side(cx, f, left, state.exit, attempt);
  return cx.exception.is_unset() ? recorded : Flow::kRaise;
}

class Inside {
 public:
  Inside() : presence_(presence()) { ++presence_.depth; }
  ~Inside() { --presence_.depth; }

 private:
  Presence& presence_;
};

Flow run_root(Context& cx, Root* root) {
  const Inside inside;
  while (may_enter(cx, cx.frame, root)) {
    const Mode mode = mode_of(cx);
    const Code* code = code_for(root, mode);
    if (code == nullptr) return Flow::kNext;
    if (counting) root->main->entries.fetch_add(1, std::memory_order_relaxed);
    const auto budget = cx.budget;
    ExitState state;
    if (PYSTM_UNLIKELY(checking))
      run_checked(cx, root, *code, state);
    else
      code->run(cx, cx.frame->regs, state);
    const Trace& left = state.code->trace();
    switch (state.kind(cx)) {
      case ExitKind::kAbort:
        if (counting) record_of(left)->aborted.fetch_add(1, std::memory_order_relaxed);
        throw stm::Abort{};
      case ExitKind::kRaise:
        restore(cx, state);
        return Flow::kRaise;
      case ExitKind::kResume:
        return resume(cx, root, state, budget - cx.budget);
      case ExitKind::kReturn: {
        if (!state.switched) {
          if (left.ins[state.exit].op == Ir::Return) restore(cx, state);
          if (const Flow flow = step(cx); flow != Flow::kNext) return flow;
        }
        if (budget == cx.budget) spend_credit(root);
        if (const Flow flow = go_on(cx, &root); root == nullptr) return flow;
        continue;
      }
      case ExitKind::kPoll:
        restore(cx, state);
        break;
      case ExitKind::kLink:
        cx.frame->pc = cx.frame->code->data->instrs + record_of(*left.target)->root->pc;
        link(record_of(left), state.exit, mode);
        break;
    }
    const bool ends = left.link == LinkKind::kNone;  // in another frame, but for the poll
    if (ends) return poll_slow(cx, cx.frame);
    // At the beginning of the root that was running, or is jumped to.
    root = record_of(left.link == LinkKind::kTrace ? *left.target : left)->root;
    if (cx.budget >= cx.poll.load(std::memory_order_relaxed)) continue;
    const FrameRecord* f = cx.frame;
    const Flow flow = poll_slow(cx, cx.frame);
    if (flow != Flow::kNext) return flow;
    if (cx.frame != f) return Flow::kNext;
  }
  return Flow::kNext;
}

Flow arrive(Context& cx, const Place& at) {
  if (cx.recording) return Flow::kNext;
  const Word w = at.word->load(std::memory_order_relaxed);
  if (w <= kMaxCount) return w < threshold(at.kind) ? Flow::kNext : record_root(cx, at);
  Root* const root = entered_by(at.word);
  return root == nullptr ? Flow::kNext : run_root(cx, root);
}

Flow loop(Context& cx, FrameRecord* f, CacheWord* edge) {
  return arrive(cx, {RootKind::kLoop, f, edge});
}
Flow call(Context& cx, FrameRecord* f, CacheWord* calls) {
  return arrive(cx, {RootKind::kCall, f, calls});
}

}  // namespace

static uint32_t as_threshold(uint32_t n) {
  return std::clamp<uint32_t>(n, 1, static_cast<uint32_t>(kMaxCount));
}

bool is_long(const Root* root) { return root->trips.load(std::memory_order_relaxed) >= 8 * 8; }

bool set_param(const std::string& name, uint32_t value) {
  if (value == 0 || (name != "hotexit" && name != "maxside")) return false;
  (name == "hotexit" ? hotexit : maxside).store(as_threshold(value));
  return true;
}

void initialize(const JitOptions& options) {
  hotloop = as_threshold(options.hotloop);
  hotcall = as_threshold(options.hotcall);
  hotexit = as_threshold(options.hotexit);
  maxside = options.maxside;
  counting = options.counters;
  checking = options.check;
  opt = options.opt;
  initialize_traces(options);
  if (!options.enabled) return;
  jit_hooks.loop = &loop;
  jit_hot_loop = hotloop;
  jit_hooks.call = &call;
  jit_hot_call = hotcall;
}

}  // namespace pystm::jit
