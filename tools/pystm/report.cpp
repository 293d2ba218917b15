// Statistics as text or JSON, from one list of named figures each.
#include "tools/pystm/report.h"

#include <unistd.h>

#include <cinttypes>
#include <cstdio>
#include <string>
#include <vector>

namespace pystm::tool {

namespace {

struct Figure {
  std::string name;
  double value;
};

// `more`: further members of the JSON object.
void print_figures(const char* title, const std::vector<Figure>& figures, Report how,
                   const std::string& more = "") {
  if (how == Report::kNone) return;
  if (how == Report::kJson) {
    std::fprintf(stderr, "{\"%s\": {", title);
    for (size_t i = 0; i < figures.size(); ++i)
      std::fprintf(stderr, "%s\"%s\": %.15g", i == 0 ? "" : ", ", figures[i].name.c_str(),
                   figures[i].value);
    std::fprintf(stderr, "%s}}\n", more.c_str());
    return;
  }
  std::fprintf(stderr, "%s:\n", title);
  for (const Figure& f : figures) std::fprintf(stderr, "  %-28s %.15g\n", f.name.c_str(), f.value);
}

double count(uint64_t n) { return static_cast<double>(n); }

std::vector<Figure> stm_figures() {
  const stm::Stats s = stm::stats();
  std::vector<Figure> out = {{"begun", count(s.begun)},
                             {"committed", count(s.committed)},
                             {"commits_readonly", count(s.commits_readonly)},
                             {"aborted", count(s.aborted)},
                             {"inevitable", count(s.inevitable)},
                             {"extensions", count(s.extensions)},
                             {"splits", count(s.splits)},
                             {"mode_switches", count(s.mode_switches)},
                             {"elided_locks", count(s.elided_locks)},
                             {"taken_locks", count(s.taken_locks)},
                             {"waits", count(s.waits)},
                             {"seconds_in_aborted", s.seconds_in_aborted},
                             {"seconds_waiting", s.seconds_waiting}};
  static constexpr const char* kReasons[] = {
#define ABORT_REASON(name, text) #name,
#include "stm/abort_reasons.def"
#undef ABORT_REASON
  };
  for (size_t i = 1; i < std::size(kReasons); ++i)
    out.push_back({std::string("aborts_") + (kReasons[i] + 1), count(s.aborts_by_reason[i])});
  return out;
}

std::vector<Figure> gc_figures() {
  const gc::Stats s = gc::stats();
  return {{"young_collections", count(s.young_collections)},
          {"full_collections", count(s.full_collections)},
          {"bytes_allocated", count(s.bytes_allocated)},
          {"bytes_promoted", count(s.bytes_promoted)},
          {"objects_promoted", count(s.objects_promoted)},
          {"objects_pinned", count(s.objects_pinned)},
          {"old_bytes", count(s.old_bytes)},
          {"heap_bytes", count(s.heap_bytes)},
          {"peak_heap_bytes", count(s.peak_heap_bytes)},
          {"young_pause_ms", s.young_pause_ns / 1e6},
          {"full_pause_ms", s.full_pause_ns / 1e6},
          {"max_pause_ms", s.max_pause_ns / 1e6},
          {"stop_ms", s.stop_ns / 1e6}};
}

std::vector<Figure> jit_figures() {
  const jit::JitStats s = jit::stats();
  return {{"loops", count(s.loops)},
          {"side_traces", count(s.sides)},
          {"failed_recordings", count(s.failed)},
          {"invalidated", count(s.invalidated)},
          {"evictions", count(s.evictions)},
          {"instructions", count(s.instructions)},
          {"machine_bytes", count(s.machine_bytes)},
          {"record_ms", s.record_seconds * 1e3},
          {"compile_ms", s.compile_seconds * 1e3},
          {"entries", count(s.entries)},
          {"exits", count(s.exits)},
          {"aborts", count(s.aborts)},
          {"checked_entries", count(s.checked)},
          {"unchecked_entries", count(s.unchecked)}};
}

std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string traces_json() {
  std::string out = ", \"traces\": [";
  char row[256];
  for (const jit::TraceReport& t : jit::trace_reports()) {
    std::snprintf(row, sizeof row,
                  ", \"number\": %u, \"parent\": %u, \"valid\": %s, \"instructions\": %" PRIu64
                  ", \"bytes\": %" PRIu64 ", \"compile_ms\": %.4f, \"entries\": %" PRIu64
                  ", \"exits\": %" PRIu64 ", \"aborts\": %" PRIu64 "}",
                  t.number, t.parent, t.valid ? "true" : "false", t.instructions, t.machine_bytes,
                  t.compile_seconds * 1e3, t.entries, t.exits, t.aborts);
    out += (out.back() == '[' ? "{\"where\": " : ", {\"where\": ") + quoted(t.where) + row;
  }
  return out + "]";
}

void print_traces() {
  std::fprintf(stderr, "  trace   of  instr  bytes  compile us    entries      exits  aborts\n");
  for (const jit::TraceReport& t : jit::trace_reports())
    std::fprintf(stderr,
                 "  %5u %4u %6" PRIu64 " %6" PRIu64 " %11.1f %10" PRIu64 " %10" PRIu64 " %7" PRIu64
                 "  %s%s\n",
                 t.number, t.parent, t.instructions, t.machine_bytes, t.compile_seconds * 1e6,
                 t.entries, t.exits, t.aborts, t.where.c_str(), t.valid ? "" : " (invalid)");
}

}  // namespace

int print_info(const Settings& s) {
  std::printf("pystm 0.1.0, Python 3.11, built by GCC " __VERSION__ "\n");
  std::printf(
      "compiler (JIT): traces, x86-64\nstandard library: %s\nbytecode cache: %s\nCPUs: %ld\n",
      s.runtime.stdlib_dir.c_str(),
      s.runtime.cache_dir.empty() ? "(none)" : s.runtime.cache_dir.c_str(),
      sysconf(_SC_NPROCESSORS_ONLN));
  return 0;
}

void print_reports(const Settings& s) {
  print_figures("stm", stm_figures(), s.stm_stats);
  print_figures("gc", gc_figures(), s.gc_stats);
  if (s.jit_stats == Report::kNone) return;
  print_figures("jit", jit_figures(), s.jit_stats, traces_json());
  if (s.jit_stats != Report::kText) return;
  print_traces();
  std::fprintf(stderr, "%s", jit::failures_text().c_str());
}

}  // namespace pystm::tool
