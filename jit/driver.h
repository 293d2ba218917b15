// The JIT as vm sees it: hot loops, their traces, entering and leaving compiled code.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "jit/options.h"

namespace pystm::jit {

struct JitOptions {
  bool enabled = true;
  bool machine_code = true;  // false: the IR interpreter
  bool verify = false;       // check every trace
  bool check = false;        // run every entry by the IR interpreter, too, and compare (check.h)
  bool counters = false;     // count what each trace does
  bool perf_map = false;     // write /tmp/perf-PID.map
  bool gdb = false;          // tell gdb of machine code
  uint32_t hotloop = 200;    // iterations before a loop is recorded
  uint32_t hotcall = 500;    // calls before a function is recorded
  uint32_t hotexit = 30;     // exits before a side trace is recorded
  uint32_t maxside = 100;    // side traces of one root
  uint32_t maxtraces = 20000;
  uint32_t maxmcode = 32 << 10;  // KiB of machine code; beyond, all traces are evicted
  std::string dump;              // file for the traces' text, "-": standard error
  std::string log;               // file for one line per event, "-": standard error
  OptOptions opt;
};

void initialize(const JitOptions& options);  // before the first Python code

struct JitStats {
  uint64_t loops = 0, sides = 0, failed = 0, invalidated = 0, evictions = 0;
  uint64_t instructions = 0, machine_bytes = 0;
  double record_seconds = 0, compile_seconds = 0;
  uint64_t entries = 0, exits = 0, aborts = 0;  // with JitOptions::counters
  uint64_t checked = 0, unchecked = 0;          // entries, with JitOptions::check
};
JitStats stats();
// What is known of one trace. The last three are counted with JitOptions::counters.
struct TraceReport {
  uint32_t number = 0, parent = 0;  // parent 0: a loop
  std::string where;                // "file:line"
  bool valid = true;
  uint64_t instructions = 0, machine_bytes = 0;
  double compile_seconds = 0;
  uint64_t entries = 0, exits = 0, aborts = 0;
};
std::vector<TraceReport> trace_reports();
// Why recordings failed: "file:line reason" and how often, most frequent first.
std::string failures_text();

}  // namespace pystm::jit
