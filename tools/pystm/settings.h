// What the command line and the environment decide.
#pragma once

#include <string>
#include <vector>

#include "gc/heap.h"
#include "jit/driver.h"
#include "stm/tx.h"
#include "vm/runtime/runtime.h"

namespace pystm::tool {

enum class Report { kNone, kText, kJson };

struct Settings {
  vm::RuntimeOptions runtime;
  gc::Options gc;
  stm::Options stm;
  jit::JitOptions jit;
  enum class Run { kInteractive, kCommand, kModule, kScript, kStdin } run = Run::kInteractive;
  std::string target;  // command text, module name or script path
  std::string stm_log;
  Report gc_stats = Report::kNone, stm_stats = Report::kNone, jit_stats = Report::kNone;
  int version = 0;  // -V given so often
  bool help = false, help_all = false, info = false;
};

// Fills `settings` from argv and the environment. Returns -1 to go on, else the exit status (the
// message has been printed: help, version, or an error with the nearest right name).
int parse_command_line(int argc, char** argv, Settings* settings);

}  // namespace pystm::tool
