// What the JIT tells about itself: counters, the log of events, reasons of failed recordings.
#pragma once

#include <string>

#include "jit/driver.h"
#include "vm/object/layouts.h"
#include "vm/runtime/context.h"

namespace pystm::jit {

extern JitStats the_stats;  // guarded by the lock of traces.h

// One line of --jit-log each.
enum class Event : uint8_t { kStart, kStop, kAbort, kExit, kInvalidate };
void open_log(const std::string& path);
void log_event(Event event, const std::string& where, const std::string& text);  // REQUIRES lock

// A line of /tmp/perf-PID.map for `perf report`, if asked for.
void open_perf_map();
void open_gdb();  // note_code() tells gdb, too
void note_code(const void* address, size_t bytes, const std::string& name);  // REQUIRES lock
void forget_code(const void* address);                                       // REQUIRES lock

// Calls f(where, text) at a boundary after each event of that name, as long as it is not None.
// False: no such event.
bool set_hook(vm::Context& cx, const std::string& event, Value f);

std::string place_text(const vm::Code* code, uint32_t pc);  // "file:line"
// A recording begun there has failed, at instruction `pc` of `code`.
void note_failure(const vm::Code* code, uint32_t pc, const char* why);

}  // namespace pystm::jit
