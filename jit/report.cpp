#include "jit/report.h"

#include <unistd.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <map>
#include <vector>

#include "jit/traces.h"
#include "vm/bytecode/code.h"
#include "vm/object/str.h"

namespace pystm::jit {

JitStats the_stats;

namespace {
std::map<std::string, uint64_t> failures;
std::FILE* log_file = nullptr;
std::FILE* perf_map = nullptr;
constexpr const char* kEventNames[] = {"start", "stop", "abort", "exit", "invalidate"};
}  // namespace

void open_log(const std::string& path) {
  if (!path.empty()) log_file = path == "-" ? stderr : std::fopen(path.c_str(), "w");
}

void log_event(Event event, const std::string& where, const std::string& text) {
  if (log_file == nullptr) return;
  std::fprintf(log_file, "%-10s %s %s\n", kEventNames[static_cast<unsigned>(event)], where.c_str(),
               text.c_str());
  std::fflush(log_file);
}

void open_perf_map() {
  perf_map = std::fopen(("/tmp/perf-" + std::to_string(getpid()) + ".map").c_str(), "w");
}

void note_code(const void* address, size_t bytes, const std::string& name) {
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
