#include "jit/report.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cinttypes>
#include <cstdio>
#include <map>
#include <vector>

#include "gc/heap.h"
#include "jit/gdb_jit.h"
#include "jit/traces.h"
#include "vm/bytecode/code.h"
#include "vm/interp/jit_hooks.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/call.h"
#include "vm/runtime/runtime.h"

namespace pystm::jit {

JitStats the_stats;

namespace {
std::map<std::string, uint64_t> failures;
std::FILE* log_file = nullptr;
std::FILE* perf_map = nullptr;
bool tells_gdb = false;
constexpr const char* kEventNames[] = {"start", "stop", "abort", "exit", "invalidate"};
constexpr size_t kEvents = std::size(kEventNames);

// What hooks have not been told yet, guarded by the lock. Beyond kMostWaiting, new ones are lost.
struct Waiting {
  unsigned event;
  std::string where, text;
};
constexpr size_t kMostWaiting = 1000;
std::vector<Waiting> waiting;
std::atomic<unsigned> hooked{0};  // bits: events that have a hook

// NOBARRIER: a tuple of hooks by event, replaced as a whole under the lock
gc::Root& hooks() {
  static gc::Root root;
  return root;
}

Value hook_of(unsigned event) {
  std::lock_guard guard(lock);
  const Value all = hooks().value;
  return all.is_unset() ? kNone : (*all.as<vm::Tuple>())[event];
}

void tell(vm::Context& cx) {
  std::vector<Waiting> now;
  {
    std::lock_guard guard(lock);
    now.swap(waiting);
    vm::jit_events.store(false);
  }
  const Value exception = vm::take_exception(cx);
  for (const Waiting& w : now) {
    const Value f = hook_of(w.event);
    const auto where = vm::new_str(cx, w.where), text = vm::new_str(cx, w.text);
    if (f == kNone || where.is_error() || text.is_error()) continue;
    if (vm::call(cx, f, {Value(where.value()), Value(text.value())}).is_error())
      vm::write_unraisable(cx, f);
  }
  cx.exception = exception;
}
}  // namespace

bool set_hook(vm::Context& cx, const std::string& event, Value f) {
  const auto at = std::find(std::begin(kEventNames), std::end(kEventNames), event);
  if (at == std::end(kEventNames)) return false;
  const auto number = static_cast<unsigned>(at - kEventNames);
  Value all[kEvents];
  for (unsigned k = 0; k < kEvents; ++k) all[k] = k == number ? f : hook_of(k);
  vm::Tuple* fresh = vm::new_tuple(cx, all, kEvents).value();
  std::lock_guard guard(lock);
  hooks().value = fresh;
  vm::jit_hooks.tell = &tell;
  if (f == kNone)
    hooked &= ~(1u << number);
  else
    hooked |= 1u << number;
  return true;
}

void open_log(const std::string& path) {
  if (!path.empty()) log_file = path == "-" ? stderr : std::fopen(path.c_str(), "w");
}

void log_event(Event event, const std::string& where, const std::string& text) {
  if ((hooked.load() >> static_cast<unsigned>(event) & 1) != 0 && waiting.size() < kMostWaiting) {
    waiting.push_back({static_cast<unsigned>(event), where, text});
    vm::jit_events.store(true);
  }
  if (log_file == nullptr) return;
  std::fprintf(log_file, "%-10s %s %s\n", kEventNames[static_cast<unsigned>(event)], where.c_str(),
               text.c_str());
  std::fflush(log_file);
}

void open_perf_map() {
  perf_map = std::fopen(("/tmp/perf-" + std::to_string(getpid()) + ".map").c_str(), "w");
}

void open_gdb() { tells_gdb = true; }

void forget_code(const void* address) {
  if (tells_gdb) forget_gdb_code(address);
}

void note_code(const void* address, size_t bytes, const std::string& name) {
  if (tells_gdb && address != nullptr) note_gdb_code(address, bytes, name);
  if (perf_map == nullptr || address == nullptr) return;
  std::fprintf(perf_map, "%" PRIxPTR " %zx %s\n", reinterpret_cast<uintptr_t>(address), bytes,
               name.c_str());
  std::fflush(perf_map);
}

std::string place_text(const vm::Code* code, uint32_t pc) {
  return vm::to_utf8(code->filename) + ":" + std::to_string(vm::line_at(code, pc));
}

void note_failure(const vm::Code* code, uint32_t pc, const char* why) {
  const std::string where = place_text(code, pc);
  std::lock_guard guard(lock);
  ++failures[where + " " + why];
  ++the_stats.failed;
  log_event(Event::kAbort, where, why);
}

JitStats stats() {
  JitStats out;
  {
    std::lock_guard guard(lock);
    out = the_stats;
  }
  for (const TraceReport& t : trace_reports()) {
    out.entries += t.entries;
    out.exits += t.exits;
    out.aborts += t.aborts;
  }
  return out;
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
