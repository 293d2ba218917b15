#include "jit/traces.h"

#include <pthread.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <unordered_map>

#include "base/assert.h"
#include "base/clock.h"
#include "jit/inspect.h"
#include "jit/passes.h"
#include "jit/recorder.h"
#include "jit/report.h"
#include "jit/runtime.h"
#include "jit/verify.h"
#include "vm/interp/jit_hooks.h"

namespace pystm::jit {

using namespace vm;

std::mutex lock;

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

JitOptions the_options;
std::unique_ptr<Backend> backend, oracle;
std::atomic<uint32_t> epoch{0};                // counts changes of what traces took for constant
std::vector<TraceRecord*> all_traces;          // of roots, sides, and those in work
std::unordered_map<Key, Site, KeyHash> sites;  // where roots begin or may
uint32_t trace_count = 0;
uint64_t live_bytes = 0;            // of machine code
std::vector<TraceRecord*> evicted;  // not freed yet
std::vector<Presence*> presences;

void assumptions_changed() {
  epoch.fetch_add(1);
  std::lock_guard guard(lock);
  for (TraceRecord* r : all_traces) {
    if (!r->trace.valid) continue;
    r->trace.valid = false;
    if (r->root != nullptr) r->root->retire();
    ++the_stats.invalidated;
  }
  for (auto& [key, site] : sites) site.root = nullptr;
  log_event(Event::kInvalidate, "", "assumptions changed: all traces");
}

// Forgets all that is compiled. REQUIRES lock.
void evict() {
  ++the_stats.evictions;
  epoch.fetch_add(1);  // a recording in work may refer to it
  for (auto& [key, site] : sites) site.root = nullptr;
  std::erase_if(all_traces, [](TraceRecord* r) {
    if (r->root == nullptr) return false;  // in work
    r->root->retire();
    evicted.push_back(r);
    return true;
  });
  live_bytes = 0;
  log_event(Event::kInvalidate, "", "machine code is full: all traces");
}

// What the interpreter must find free at an entry. False: more than any entry makes sure of.
bool fits(const Trace& t) {
  uint32_t extent = 0;
  for (const Frame& frame : t.frames) {
    if (frame.code == 0) continue;
    const auto* code = reinterpret_cast<const vm::Code*>(t.bits(frame.code));
    extent = std::max(extent, static_cast<uint32_t>(frame.base) + code->data->register_count);
  }
  return extent <= kMaxExtent && t.frames.size() <= kMaxDepth;
}

// REQUIRES lock.
bool compile(TraceRecord* r, Mode mode, const char** why) {
  if (r->code[mode] != nullptr) return true;
  const Code* parent = r->parent == nullptr ? nullptr : r->parent->code[mode].get();
  const Word start = base::now_ns();
  const CompileOptions how{.solo = mode == kSolo, .undoable = mode == kOracle};
  r->code[mode] = (mode == kOracle ? oracle : backend)->compile(r->trace, parent, how, why);
  const double seconds = static_cast<double>(base::now_ns() - start) * 1e-9;
  the_stats.compile_seconds += seconds;
  r->compile_seconds += seconds;
  if (r->code[mode] == nullptr) return false;
  const size_t bytes = r->code[mode]->machine_bytes();
  the_stats.machine_bytes += bytes;
  live_bytes += bytes;
  note_code(r->code[mode]->address(), bytes,
            r->where + (r->parent == nullptr ? " loop " : " side trace ") +
                std::to_string(r->number) + (mode == kSolo ? " solo" : ""));
  if (r->parent != nullptr) {
    r->root = r->parent->root;  // other threads may leave it from now on
    r->parent->code[mode]->attach(r->parent_exit, r->code[mode].get());
  }
  return true;
}

void dump(const TraceRecord& r) {
  if (the_options.dump.empty()) return;
  std::FILE* out = the_options.dump == "-" ? stderr : std::fopen(the_options.dump.c_str(), "a");
  if (out == nullptr) return;
  const char* what = r.parent == nullptr ? "loop" : "side trace";
  std::fprintf(out, "--- %s %u of %u %s\n%s\n", what, r.number,
               r.parent == nullptr ? 0 : r.parent->number, r.where.c_str(), print(r.trace).c_str());
  if (out != stderr) std::fclose(out);
}

}  // namespace

// --- places --------------------------------------------------------------------------------------

void Patience::spend(Weight w) {
  spent_ = static_cast<uint8_t>(std::min<unsigned>(spent_ + w, kLimit));
  wait_ = static_cast<uint16_t>((1u << spent_ / 2) - 1);
}

bool Patience::ready() {
  if (wait_ == 0) return true;
  --wait_;
  return false;
}

void Root::retire() {
  valid.store(false);
  for (auto& a : address) a.store(nullptr);
}

bool is_recursive(const CodeData* code) {
  std::lock_guard guard(lock);
  const auto at = sites.find(Key{code, 0});
  return at != sites.end() && at->second.recursive;
}

void note_recursive(const CodeData* code) {
  std::lock_guard guard(lock);
  Site& site = site_of(code, 0);
  if (site.recursive) return;
  site.recursive = true;
  if (site.root == nullptr) const_cast<CodeData*>(code)->calls.store(jit_hot_call);
}

CacheWord* returns_of(CodeData* code) {
  CacheWord* words = code->returns.load(std::memory_order_acquire);
  if (PYSTM_LIKELY(words != nullptr)) return words;
  auto* fresh = new CacheWord[code->count]();
  if (code->returns.compare_exchange_strong(words, fresh, std::memory_order_acq_rel)) return fresh;
  delete[] fresh;
  return words;
}

Site& site_of(const CodeData* code, uint32_t pc) { return sites[{code, pc}]; }
bool too_many_traces() { return all_traces.size() >= the_options.maxtraces; }

Root* find_root(const vm::FrameRecord* f, uint32_t pc) {
  std::lock_guard guard(lock);
  const auto at = sites.find(Key{f->code->data, pc});
  if (at == sites.end()) return nullptr;
  Root* root = at->second.root;
  const bool same = root != nullptr && root->globals.value == Value(f->globals.ptr) &&
                    root->builtins.value == Value(f->builtins.ptr);
  return same ? root : nullptr;
}

uint32_t assumption_epoch() { return epoch.load(); }

void initialize_traces(const JitOptions& options) {
  the_options = options;
  if (!options.enabled) return;
  if (options.perf_map) open_perf_map();
  if (options.gdb) open_gdb();
  open_log(options.log);
  backend = options.machine_code ? new_x64_backend(options.perf_map) : new_ir_interpreter();
  if (options.check) oracle = new_ir_interpreter();
  stm::set_quasi_hook(&assumptions_changed);
  // No thread that a fork leaves behind holds the lock.
  pthread_atfork([] { lock.lock(); }, [] { lock.unlock(); }, [] { lock.unlock(); });
}

// --- eviction ------------------------------------------------------------------------------------

Presence::Presence() {
  std::lock_guard guard(lock);
  presences.push_back(this);
}
Presence::~Presence() {
  std::lock_guard guard(lock);
  std::erase(presences, this);
}
Presence& presence() {
  static thread_local Presence mine;
  return mine;
}

void free_evicted(Context& cx) {
  {
    std::lock_guard guard(lock);
    if (evicted.empty()) return;
  }
  gc::with_world_stopped(cx, [] {
    std::lock_guard guard(lock);
    for (const Presence* p : presences)
      if (p->depth != 0) return;
    // Sides before their parents, which came first.
    for (size_t k = evicted.size(); k-- > 0;) {
      for (const auto& code : evicted[k]->code)
        if (code != nullptr) forget_code(code->address());
      delete evicted[k];
    }
    evicted.clear();
  });
}

// --- code ----------------------------------------------------------------------------------------

const Code* code_for(Root* root, Mode mode) {
  const Code* code = root->entry[mode].load(std::memory_order_acquire);
  if (PYSTM_LIKELY(code != nullptr)) return code;
  std::lock_guard guard(lock);
  const char* why = nullptr;
  if (!compile(root->main, mode, &why)) return nullptr;
  for (TraceRecord* side : root->sides)
    if (side->parent->code[mode] != nullptr) compile(side, mode, &why);
  code = root->main->code[mode].get();
  root->entry[mode].store(code, std::memory_order_release);
  // A check sees every entry: a Return comes back to the driver.
  if (root->valid.load() && oracle == nullptr)
    root->address[mode].store(code->address(), std::memory_order_release);
  return code;
}

void link(TraceRecord* from, IrRef jump, Mode mode) {
  Root* root = record_of(*from->trace.target)->root;
  const Code* target = code_for(root, mode);
  std::lock_guard guard(lock);
  Code* code = from->code[mode].get();
  if (target != nullptr && code != nullptr && root->valid.load()) code->attach(jump, target);
}

// --- recordings ----------------------------------------------------------------------------------

Recording::Recording(Context& cx, TraceRecord* parent, IrRef parent_exit)
    : cx_(cx), start_(base::now_ns()), record_(new TraceRecord) {
  record_->parent = parent;
  record_->parent_exit = parent_exit;
  if (parent != nullptr) record_->work = parent->work + parent->trace.ins[parent_exit].aux;
  const FrameRecord* f = cx.frame;
  record_->where = place_text(f->code, static_cast<uint32_t>(f->pc - f->code->data->instrs));
  cx.recording = true;
  ++presence().depth;
  std::lock_guard guard(lock);
  record_->number = ++trace_count;
  all_traces.push_back(record_);
  log_event(Event::kStart, record_->where, parent == nullptr ? "loop" : "side trace");
}

Recording::~Recording() {
  cx_.recording = false;
  --presence().depth;
  std::lock_guard guard(lock);
  the_stats.record_seconds += static_cast<double>(base::now_ns() - start_) * 1e-9;
  if (kept_) return;
  std::erase(all_traces, record_);
  delete record_;
}

bool Recording::finish(const char** why) {
  Trace& t = record_->trace;
  run_passes(t, the_options.opt);
  dump(*record_);
  if (the_options.verify) {
    const std::string faults = verify(t);
    if (!faults.empty()) {
      std::fprintf(stderr, "pystm: jit: invalid trace\n%s%s", faults.c_str(), print(t).c_str());
      CHECK(!"invalid trace");
    }
  }
  if (!fits(t)) {
    *why = "too many registers or frames";
    return false;
  }
  record_->exits = std::make_unique<std::atomic<uint32_t>[]>(t.size());
  std::lock_guard guard(lock);
  if (live_bytes > size_t{the_options.maxmcode} << 10) {
    evict();
    *why = "machine code is full";
    return false;
  }
  if (oracle != nullptr && !compile(record_, kOracle, why)) return false;
  if (!compile(record_, mode_of(cx_), why)) {
    const bool attached = oracle != nullptr && record_->parent != nullptr;
    if (attached) record_->parent->code[kOracle]->attach(record_->parent_exit, nullptr);
    return false;
  }
  the_stats.instructions += t.size();
  return true;
}

std::vector<TraceReport> trace_reports() {
  std::lock_guard guard(lock);
  std::vector<TraceReport> out;
  for (const TraceRecord* r : all_traces) {
    if (r->root == nullptr) continue;
    TraceReport t{.number = r->number,
                  .parent = r->parent == nullptr ? 0 : r->parent->number,
                  .where = r->where,
                  .valid = r->trace.valid,
                  .instructions = r->trace.size(),
                  .compile_seconds = r->compile_seconds,
                  .entries = r->entries.load(),
                  .exits = r->left.load(),
                  .aborts = r->aborted.load()};
    for (const auto& code : r->code)
      if (code != nullptr) t.machine_bytes += code->machine_bytes();
    out.push_back(std::move(t));
  }
  return out;
}

// --- questions of a program
// -----------------------------------------------------------------------

std::string traces_text(Context& cx, const vm::Code* code) {
  std::lock_guard guard(lock);
  const Mode mode = mode_of(cx);
  std::string out;
  for (const TraceRecord* r : all_traces) {
    if (r->root == nullptr || r->root->code != code->data || !r->trace.valid) continue;
    const bool loop = r->parent == nullptr;
    out += loop ? "loop " : "side trace ";
    out += std::to_string(r->number) + " " + r->where + "\n" + print(r->trace);
    const Code* parent = loop ? nullptr : r->parent->code[mode].get();
    if (r->code[mode] == nullptr || (!loop && parent == nullptr)) continue;
    const auto listed =
        backend->compile(r->trace, parent, {.solo = mode == kSolo, .listing = true}, nullptr);
    if (listed != nullptr) out += listed->listing();
  }
  return out;
}

void switch_off(const vm::Code* code) {
  std::lock_guard guard(lock);
  const CodeData* d = code->data;
  for (auto& [key, site] : sites) {
    if (key.code != d) continue;
    if (site.root != nullptr) site.root->retire();
    site.root = nullptr;
  }
  code->data->calls.store(kNeverHot, std::memory_order_relaxed);
  for (uint32_t k = 0; k < d->count; ++k)
    if (d->instrs[k].op == Op::JUMP_BACK)
      code_caches(code)[k].store(kNeverHot, std::memory_order_relaxed);
}

}  // namespace pystm::jit
