// Hot loops, their recordings, entering and leaving compiled code.
//
// Nothing here may make a program slower for long: a loop or exit whose recording fails is tried
// again after ever longer waits, and then no more (Patience); a root whose entries end at once
// loses credit, and its loop rests likewise.
#include "jit/driver.h"

#include <algorithm>
#include <atomic>

#include "base/assert.h"
#include "jit/inspect.h"
#include "jit/recorder.h"
#include "jit/report.h"
#include "jit/restore.h"
#include "jit/traces.h"
#include "vm/interp/frames.h"
#include "vm/interp/jit_hooks.h"
#include "vm/interp/outline.h"

namespace pystm::jit {

using namespace vm;

namespace {

uint32_t hotloop;
std::atomic<uint32_t> hotexit, maxside;
bool counting = false;
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
    case Next::kJump:
      e.emit(Ir::TxPoll, static_cast<IrRef>(weight));
      e.finish_jump(recorder.reached()->main->trace);
      return recorder.reached()->valid.load();
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
    if (flow != Flow::kNext) return {.flow = flow};
    if (assumption_epoch() != seen || cx.parallel() != parallel) return {};
    if (cx.frame - root_frame != static_cast<ptrdiff_t>(recorder.emitter().depth())) {
      note_failure(cx.frame->code, index_of(cx.frame), "unexpected frame");
      return {};
    }
  }
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
    if (site_of(d, static_cast<uint32_t>(target)).patience.tried()) break;
    header = static_cast<uint32_t>(target);
    inner = count;
    found = &caches[k];
  }
  return found;
}

// What the hot edge's word becomes without a recording; none: record. REQUIRES lock.
bool settled(const FrameRecord* f, uint32_t pc, CacheWord* edge) {
  Site& site = site_of(f->code->data, pc);
  Word word = 0;  // count again
  if (site.patience.exhausted() || !f->generator.is_unset()) {
    word = kNeverHot;
  } else if (!site.patience.ready()) {
  } else if (site.root != nullptr) {  // rested, or compiled through another edge of the same loop
    site.root->credit.store(kCredit);
    word = reinterpret_cast<Word>(site.root);
  } else if (too_many_traces()) {
    word = kNeverHot;
  } else {
    CacheWord* const outer = site.postponed ? nullptr : loop_around(f, pc, edge);
    if (outer == nullptr) {
      site.patience.spend(Patience::kAborted);  // an abort leaves without a word
      edge->store(0);                           // whoever comes here meanwhile counts again
      return false;
    }
    site.postponed = true;
    outer->store(hotloop);
  }
  edge->store(word);
  return true;
}

Flow record_loop(Context& cx, FrameRecord* f, CacheWord* edge) {
  const uint32_t pc = index_of(f);
  const CodeData* const code = f->code->data;
  OptOptions how = opt;
  bool again, unstable;
  {
    std::lock_guard guard(lock);
    const Site& site = site_of(code, pc);
    again = site.patience.tried();
    unstable = site.unstable;
    if (settled(f, pc, edge)) return Flow::kNext;
  }
  if (unstable) how.loop = false;  // the types meet in the registers
  free_evicted(cx);
  Recording recording(cx, nullptr, 0);
  TraceRecord* record = recording.record();
  Recorder recorder(cx, record->trace, how);
  recorder.begin_root(f);
  if (again) recorder.be_modest();
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
      edge->store(hotloop - 1);  // again at the next edge but one
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
  edge->store(reinterpret_cast<Word>(root));
  ++the_stats.loops;
  log_event(Event::kStop, record->where, "loop " + std::to_string(record->number));
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
void restore(Context& cx, FrameRecord* f, const ExitState& state) {
  const Restorer restorer(cx, state);
  const ExitPlan& plan = restorer.plan();
  Value* const window = f->regs;
  restorer.registers(window);
  for (const ExitPlan::Frame& frame : plan.frames) {
    cx.frame->pc = cx.frame->code->data->instrs + frame.parent_pc;
    auto* function = Value(restorer.word(frame.function)).as<Function>();
    auto* code = Value(restorer.word(frame.code)).as<vm::Code>();
    const CodeData* d = code->data;
    FrameRecord* pushed =
        push_frame(cx, code, window + frame.base, function->globals, function->builtins, function,
                   d->nlocals + d->ncells + d->nfrees);
    CHECK(pushed != nullptr);  // run_root() has seen to the room
    pushed->result = frame.result;
    pushed->on_return = frame.on_return;
    if (frame.kind == ExitPlan::Frame::kInit) pushed->init_self = Value(restorer.word(frame.self));
    if (frame.kind == ExitPlan::Frame::kGenerator) {
      pushed->generator = Value(restorer.word(frame.self));
      pushed->init_self = cx.handled;  // a trace resumes none that handles an exception
    }
    clear_gap(pushed);
  }
  cx.frame->pc = cx.frame->code->data->instrs + plan.pc;
}

bool may_enter(const Context& cx, const FrameRecord* f, const Root* root) {
  return root->valid.load(std::memory_order_relaxed) &&
         root->globals.value == Value(f->globals.ptr) &&
         root->builtins.value == Value(f->builtins.ptr) &&
         f->regs + kMaxExtent + kRegisterSlack <= cx.regs_limit &&
         f + kMaxDepth < cx.frames_limit &&
         cx.recursion_depth + static_cast<int32_t>(kMaxDepth) < cx.recursion_limit;
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
    if (n == first << 2 * k) return r->trace.ins[exit].op == Ir::Exit ? 0 : k + 1;
  return 0;
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
Flow resume(Context& cx, FrameRecord* f, Root* entered, const ExitState& state, int64_t work) {
  constexpr int64_t kWorthwhile = 10;  // bytecodes with guards that pay for entry and exit
  restore(cx, f, state);
  TraceRecord* left = record_of(state.code->trace());
  count_trips(entered, work);
  if (work <= 0 && left->work + left->trace.ins[state.exit].aux < kWorthwhile)
    spend_credit(entered);
  if (counting) left->left.fetch_add(1, std::memory_order_relaxed);
  const unsigned attempt = attempt_due(left, state.exit);
  return attempt == 0 ? Flow::kNext : record_side(cx, f, left, state.exit, attempt);
}

class Inside {
 public:
  Inside() : presence_(presence()) { ++presence_.depth; }
  ~Inside() { --presence_.depth; }

 private:
  Presence& presence_;
};

Flow run_root(Context& cx, FrameRecord* f, Root* root) {
  const Inside inside;
  while (may_enter(cx, f, root)) {
    const Mode mode = mode_of(cx);
    const Code* code = code_for(root, mode);
    if (code == nullptr) return Flow::kNext;
    if (counting) root->main->entries.fetch_add(1, std::memory_order_relaxed);
    const auto budget = cx.budget;
    ExitState state;
    code->run(cx, f->regs, state);
    const Trace& left = state.code->trace();
    switch (state.kind(cx)) {
      case ExitKind::kAbort:
        if (counting) record_of(left)->aborted.fetch_add(1, std::memory_order_relaxed);
        throw stm::Abort{};
      case ExitKind::kRaise:
        restore(cx, f, state);
        return Flow::kRaise;
      case ExitKind::kResume:
        return resume(cx, f, root, state, budget - cx.budget);
      case ExitKind::kPoll:
        restore(cx, f, state);
        break;
      case ExitKind::kLink:
        f->pc = f->code->data->instrs + record_of(*left.target)->root->pc;
        link(record_of(left), state.exit, mode);
        break;
    }
    // At the header of the loop that was running, or is jumped to.
    root = record_of(left.link == LinkKind::kTrace ? *left.target : left)->root;
    if (cx.budget >= cx.poll.load(std::memory_order_relaxed)) continue;
    const Flow flow = poll_slow(cx, f);
    if (flow != Flow::kNext) return flow;
    if (cx.frame != f) return Flow::kNext;
  }
  return Flow::kNext;
}

Flow loop(Context& cx, FrameRecord* f, CacheWord* edge) {
  if (cx.recording) return Flow::kNext;
  const Word w = edge->load(std::memory_order_acquire);
  if (w == kNeverHot || w < hotloop) return Flow::kNext;
  if (w == hotloop) return record_loop(cx, f, edge);
  auto* root = reinterpret_cast<Root*>(w);
  if (!root->valid.load(std::memory_order_relaxed) ||
      root->credit.load(std::memory_order_relaxed) <= 0) {
    edge->store(0);
    return Flow::kNext;
  }
  return run_root(cx, f, root);
}

}  // namespace

bool is_long(const Root* root) { return root->trips.load(std::memory_order_relaxed) >= 8 * 8; }

bool set_param(const std::string& name, uint32_t value) {
  if (value == 0 || (name != "hotexit" && name != "maxside")) return false;
  (name == "hotexit" ? hotexit : maxside).store(value);
  return true;
}

void initialize(const JitOptions& options) {
  hotloop = std::max<uint32_t>(options.hotloop, 1);
  hotexit = std::max<uint32_t>(options.hotexit, 1);
  maxside = options.maxside;
  counting = options.counters;
  opt = options.opt;
  initialize_traces(options);
  if (!options.enabled) return;
  jit_hooks.loop = &loop;
  jit_hot_loop = hotloop;
}

}  // namespace pystm::jit
