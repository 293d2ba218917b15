// Hot loops, their traces, entering and leaving compiled code.
//
// Invariant: traces and roots are never freed, so code that a thread is in stays; an invalid one is
// not entered again. What a trace took for constant changes only in stm::quasi_write, whose hook
// makes every trace invalid: others are at safepoints then (their transactions doomed), the thread
// itself is in native code, after which its trace has a GuardValid.
#include "jit/driver.h"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "base/assert.h"
#include "base/clock.h"
#include "jit/backend.h"
#include "jit/passes.h"
#include "jit/recorder.h"
#include "jit/restore.h"
#include "jit/verify.h"
#include "vm/interp/frames.h"
#include "vm/interp/jit_hooks.h"
#include "vm/interp/outline.h"
#include "vm/object/str.h"

namespace pystm::jit {

using namespace vm;

namespace {

JitOptions the_options;
JitStats the_stats;
std::mutex lock;  // guards everything below, and compilation
std::unique_ptr<Backend> backend;
std::map<std::string, uint64_t> failures;
std::atomic<uint32_t> epoch{0};  // counts changes of what traces took for constant

enum Mode { kSolo, kParallel, kModes };

// A trace with what belongs to it. `trace` is the first member: see record_of().
struct TraceRecord {
  Trace trace;
  Root* root = nullptr;
  TraceRecord* parent = nullptr;
  IrRef parent_exit = 0;
  std::unique_ptr<Code> code[kModes];
  std::unique_ptr<std::atomic<uint32_t>[]> exits;  // how often taken, by instruction
  // Registers above the root window's first, and frames, that an exit may need.
  uint32_t extent = 0, depth = 0;
};
TraceRecord* record_of(const Trace& trace) {
  return const_cast<TraceRecord*>(reinterpret_cast<const TraceRecord*>(&trace));
}

std::vector<TraceRecord*> all_traces;  // of roots, sides, and those in work

}  // namespace

struct Root {
  TraceRecord* main = nullptr;
  uint32_t pc = 0;                  // of the loop's first instruction
  std::vector<TraceRecord*> sides;  // parents before children
  gc::Root globals, builtins;       // of the frame that runs it
  uint32_t extent = 0, depth = 0;   // over all its traces
  std::atomic<bool> valid{true};
};

namespace {

struct Key {
  const CodeData* code;
  uint32_t pc;
  bool operator==(const Key&) const = default;
};
struct KeyHash {
  size_t operator()(const Key& k) const {
    return std::hash<const void*>()(k.code) ^ k.pc * size_t{0x9E3779B97F4A7C15};
  }
};
struct Site {
  Root* root = nullptr;
  uint32_t failed = 0;
};
std::unordered_map<Key, Site, KeyHash> sites;  // loop headers

void assumptions_changed() {
  epoch.fetch_add(1);
  std::lock_guard guard(lock);
  for (TraceRecord* r : all_traces) {
    if (!r->trace.valid) continue;
    r->trace.valid = false;
    if (r->root != nullptr) r->root->valid.store(false);
    ++the_stats.invalidated;
  }
  for (auto& [key, site] : sites) site.root = nullptr;
}

void note_failure(const vm::Code* code, const Instr* pc, const char* why) {
  char where[32];
  const auto index = static_cast<uint32_t>(pc - code->data->instrs);
  std::snprintf(where, sizeof where, ":%d ", line_at(code, index));
  std::lock_guard guard(lock);
  ++failures[to_utf8(code->filename) + where + why];
  ++the_stats.failed;
}

// --- compiling -----------------------------------------------------------------------------------

// REQUIRES lock.
bool compile(TraceRecord* r, Mode mode) {
  if (r->code[mode] != nullptr) return true;
  const Code* parent = r->parent == nullptr ? nullptr : r->parent->code[mode].get();
  const char* why = nullptr;
  const Word start = base::now_ns();
  r->code[mode] = backend->compile(r->trace, parent, {.solo = mode == kSolo}, &why);
  the_stats.compile_seconds += static_cast<double>(base::now_ns() - start) * 1e-9;
  if (r->code[mode] == nullptr) return false;
  the_stats.machine_bytes += r->code[mode]->machine_bytes();
  if (r->parent != nullptr) r->parent->code[mode]->attach(r->parent_exit, r->code[mode].get());
  return true;
}

const Code* code_for(Root* root, Mode mode) {
  Code* code = root->main->code[mode].get();
  if (PYSTM_LIKELY(code != nullptr)) return code;
  std::lock_guard guard(lock);
  if (!compile(root->main, mode)) return nullptr;
  for (TraceRecord* side : root->sides)
    if (side->parent->code[mode] != nullptr) compile(side, mode);
  return root->main->code[mode].get();
}

void dump(const Trace& trace, const char* what) {
  if (the_options.dump.empty()) return;
  std::FILE* out = the_options.dump == "-" ? stderr : std::fopen(the_options.dump.c_str(), "a");
  if (out == nullptr) return;
  std::fprintf(out, "--- %s\n%s\n", what, print(trace).c_str());
  if (out != stderr) std::fclose(out);
}

void measure(TraceRecord* r) {
  Trace& t = r->trace;
  for (size_t n = 0; n < t.frames.size(); ++n) {
    const Frame& frame = t.frames[n];
    if (frame.code == 0) continue;
    const auto* code = reinterpret_cast<const vm::Code*>(t.bits(frame.code));
    r->extent = std::max(r->extent, static_cast<uint32_t>(frame.base) + code->data->register_count);
  }
  r->depth = static_cast<uint32_t>(t.frames.size());
}

// The recorded trace's last passes, and its machine code. False: not to be used.
bool finish(Context& cx, TraceRecord* r) {
  Trace& t = r->trace;
  run_passes(t, the_options.opt);
  dump(t, r->parent == nullptr ? "loop" : "side trace");
  if (the_options.verify) {
    const std::string faults = verify(t);
    if (!faults.empty()) {
      std::fprintf(stderr, "pystm: jit: invalid trace\n%s%s", faults.c_str(), print(t).c_str());
      CHECK(!"invalid trace");
    }
  }
  measure(r);
  r->exits = std::make_unique<std::atomic<uint32_t>[]>(t.size());
  std::lock_guard guard(lock);
  if (!compile(r, cx.parallel() ? kParallel : kSolo)) return false;
  the_stats.instructions += t.size();
  return true;
}

// --- recording -----------------------------------------------------------------------------------

class Recording {
 public:
  explicit Recording(Context& cx) : cx_(cx), start_(base::now_ns()), record_(new TraceRecord) {
    cx.recording = true;
    std::lock_guard guard(lock);
    all_traces.push_back(record_);
  }
  ~Recording() {
    cx_.recording = false;
    std::lock_guard guard(lock);
    the_stats.record_seconds += static_cast<double>(base::now_ns() - start_) * 1e-9;
    if (kept_) return;
    std::erase(all_traces, record_);
    delete record_;
  }
  TraceRecord* record() { return record_; }
  void keep() { kept_ = true; }

 private:
  Context& cx_;
  Word start_;
  TraceRecord* record_;
  bool kept_ = false;
};

struct Outcome {
  bool done = false;  // the trace has its end
  Flow flow = Flow::kNext;
  const char* why = "";
};

// Interprets, with the recorder watching, until the trace ends or cannot go on.
Outcome follow(Context& cx, Recorder& recorder, FrameRecord* root_frame, TraceRecord* record) {
  const uint32_t seen = epoch.load();
  const bool parallel = cx.parallel();
  for (;;) {
    const FrameRecord* f = cx.frame;
    if (!recorder.note()) {
      if (recorder.why()[0] != 0) {
        note_failure(f->code, f->pc, recorder.why());
        return {.why = recorder.why()};
      }
      if (!recorder.emitter().finish_loop(1 + record->trace.size() / 32)) {
        note_failure(f->code, f->pc, "types change from one iteration to the next");
        return {.why = "unstable"};
      }
      return {.done = epoch.load() == seen};
    }
    if (Root* reached = recorder.reached(); reached != nullptr) {
      recorder.emitter().finish_jump(reached->main->trace);
      return {.done = epoch.load() == seen && reached->valid.load()};
    }
    const Flow flow = step(cx);
    if (flow != Flow::kNext) return {.flow = flow, .why = "exception"};
    if (epoch.load() != seen || cx.parallel() != parallel) return {.why = "changed"};
    if (cx.frame - root_frame != static_cast<ptrdiff_t>(recorder.emitter().depth())) {
      note_failure(cx.frame->code, cx.frame->pc, "unexpected frame");
      return {.why = "frames"};
    }
  }
}

void publish(Root* root, TraceRecord* r) {
  root->extent = std::max(root->extent, r->extent);
  root->depth = std::max(root->depth, r->depth);
  r->root = root;
}

Flow record_loop(Context& cx, FrameRecord* f, CacheWord* edge) {
  const Key key{f->code->data, static_cast<uint32_t>(f->pc - f->code->data->instrs)};
  {
    std::lock_guard guard(lock);
    Site& site = sites[key];
    if (site.root != nullptr) {  // by another edge of the same loop
      edge->store(reinterpret_cast<Word>(site.root));
      return Flow::kNext;
    }
    if (site.failed >= the_options.retries || all_traces.size() >= the_options.maxtraces) {
      edge->store(kNeverHot);
      return Flow::kNext;
    }
  }
  edge->store(0);  // whoever comes here meanwhile counts again
  Recording recording(cx);
  TraceRecord* record = recording.record();
  Recorder recorder(cx, record->trace, the_options.opt);
  recorder.begin_root(f);
  const Value globals(f->globals.ptr), builtins(f->builtins.ptr);
  const Outcome outcome = follow(cx, recorder, f, record);
  if (!outcome.done || !finish(cx, record)) {
    std::lock_guard guard(lock);
    ++sites[key].failed;
    return outcome.flow;
  }
  recording.keep();
  auto* root = new Root;
  root->main = record;
  root->pc = key.pc;
  root->globals.value = f->globals.ptr;
  root->builtins.value = f->builtins.ptr;
  std::lock_guard guard(lock);
  publish(root, record);
  sites[key].root = root;
  edge->store(reinterpret_cast<Word>(root));
  ++the_stats.loops;
  return Flow::kNext;
}

// The exit has been taken often: what follows becomes a trace of its own.
Flow record_side(Context& cx, FrameRecord* root_frame, TraceRecord* parent, IrRef exit) {
  Root* root = parent->root;
  {
    std::lock_guard guard(lock);
    if (root->sides.size() >= the_options.maxside || all_traces.size() >= the_options.maxtraces)
      return Flow::kNext;
  }
  Recording recording(cx);
  TraceRecord* record = recording.record();
  record->parent = parent;
  record->parent_exit = exit;
  Recorder recorder(cx, record->trace, the_options.opt);
  recorder.begin_side(parent->trace, exit, root_frame);
  const Outcome outcome = follow(cx, recorder, root_frame, record);
  if (!outcome.done || !root->valid.load() || !finish(cx, record)) return outcome.flow;
  recording.keep();
  std::lock_guard guard(lock);
  publish(root, record);
  root->sides.push_back(record);
  ++the_stats.sides;
  return Flow::kNext;
}

// --- entering and leaving ------------------------------------------------------------------------

// The interpreter's state from the snapshot: registers, then the frames that were inlined.
void restore(Context& cx, FrameRecord* f, const ExitState& state) {
  constexpr unsigned kMaxFrames = 64;
  Restorer restorer(cx, state);
  const Snapshot& snapshot = restorer.snapshot();
  uint16_t chain[kMaxFrames];
  Value selves[kMaxFrames];  // on the native stack: pinned
  unsigned count = 0;
  for (uint16_t n = snapshot.frame; n != 0; n = restorer.frame(n).parent) {
    CHECK(count < kMaxFrames);
    const IrRef self = restorer.frame(n).init_self;
    selves[count] = self == 0 ? Value() : restorer.value(self);
    chain[count++] = n;
  }
  restorer.registers(f->regs);
  Value* const window = f->regs;
  for (unsigned k = count; k-- > 0;) {
    const Frame& frame = restorer.frame(chain[k]);
    cx.frame->pc = cx.frame->code->data->instrs + frame.parent_pc;
    auto* function = restorer.value(frame.function).as<Function>();
    auto* code = restorer.value(frame.code).as<vm::Code>();
    const CodeData* d = code->data;
    FrameRecord* pushed =
        push_frame(cx, code, window + frame.base, function->globals, function->builtins, function,
                   d->nlocals + d->ncells + d->nfrees);
    CHECK(pushed != nullptr);  // run_root() has seen to the room
    pushed->result = frame.result;
    pushed->on_return = frame.on_return;
    pushed->init_self = selves[k];
    clear_gap(pushed);
  }
  cx.frame->pc = cx.frame->code->data->instrs + snapshot.pc;
}

bool has_room(const Context& cx, const FrameRecord* f, const Root* root) {
  return f->regs + root->extent + kRegisterSlack <= cx.regs_limit &&
         f + root->depth < cx.frames_limit &&
         cx.recursion_depth + static_cast<int32_t>(root->depth) < cx.recursion_limit;
}

Flow run_root(Context& cx, FrameRecord* f, Root* root) {
  for (;;) {
    if (!root->valid.load(std::memory_order_relaxed) || !has_room(cx, f, root) ||
        root->globals.value != Value(f->globals.ptr) ||
        root->builtins.value != Value(f->builtins.ptr) || !f->generator.is_unset())
      return Flow::kNext;
    const Code* code = code_for(root, cx.parallel() ? kParallel : kSolo);
    if (code == nullptr) return Flow::kNext;
    ExitState state;
    code->run(cx, f->regs, state);
    switch (state.kind(cx)) {
      case ExitKind::kAbort:
        throw stm::Abort{};
      case ExitKind::kRaise:
        restore(cx, f, state);
        return Flow::kRaise;
      case ExitKind::kResume: {
        restore(cx, f, state);
        TraceRecord* left = record_of(state.code->trace());
        const uint32_t n = left->exits[state.exit].fetch_add(1, std::memory_order_relaxed) + 1;
        if (n % the_options.hotexit == 0 && n / the_options.hotexit <= the_options.retries)
          return record_side(cx, f, left, state.exit);
        return Flow::kNext;
      }
      case ExitKind::kPoll:
        restore(cx, f, state);
        break;
      case ExitKind::kLink:
        root = record_of(*state.code->trace().target)->root;
        f->pc = f->code->data->instrs + root->pc;
        if (--cx.budget >= cx.poll.load(std::memory_order_relaxed)) continue;
        break;
    }
    const Flow flow = poll_slow(cx, f);
    if (flow != Flow::kNext) return flow;
    if (cx.frame != f) return Flow::kNext;
  }
}

Flow loop(Context& cx, FrameRecord* f, CacheWord* edge) {
  if (cx.recording) return Flow::kNext;
  const Word w = edge->load(std::memory_order_acquire);
  if (w == kNeverHot || w < jit_hot_loop) return Flow::kNext;
  if (w == jit_hot_loop) return record_loop(cx, f, edge);
  auto* root = reinterpret_cast<Root*>(w);
  if (!root->valid.load(std::memory_order_relaxed)) {
    edge->store(0);
    return Flow::kNext;
  }
  return run_root(cx, f, root);
}

}  // namespace

Root* find_root(const vm::Code* code, uint32_t pc) {
  std::lock_guard guard(lock);
  const auto at = sites.find(Key{code->data, pc});
  return at == sites.end() ? nullptr : at->second.root;
}

void initialize(const JitOptions& options) {
  the_options = options;
  if (!options.enabled) return;
  backend = options.machine_code ? new_x64_backend() : new_ir_interpreter();
  jit_hooks.loop = &loop;
  jit_hot_loop = std::max<uint32_t>(options.hotloop, 1);
  stm::set_quasi_hook(&assumptions_changed);
}

JitStats stats() {
  std::lock_guard guard(lock);
  return the_stats;
}

std::string failures_text() {
  std::lock_guard guard(lock);
  std::vector<std::pair<uint64_t, std::string>> rows;
  for (const auto& [text, count] : failures) rows.push_back({count, text});
  std::sort(rows.rbegin(), rows.rend());
  std::string out;
  for (const auto& [count, text] : rows) out += std::to_string(count) + "  " + text + "\n";
  return out;
}

}  // namespace pystm::jit
