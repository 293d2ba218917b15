// What is compiled: roots by place (RootKind), their machine code for both modes, and what is known
// of the places where compiling does not pay.
//
// Invariants: a Root is never freed, so that a place's word may name it; its traces are
// when machine code has become too much and no thread is in any of it (Presence). What a trace
// took for constant changes only in stm::quasi_write, whose hook makes every trace invalid: others
// are at safepoints then (their transactions doomed), the thread itself is in native code, after
// which its trace has a GuardValid. So a trace that is entered through a link is as valid as the
// one it is linked from.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "jit/backend.h"
#include "jit/driver.h"
#include "vm/bytecode/code.h"

namespace pystm::jit {

inline Mode mode_of(const vm::Context& cx) { return cx.parallel() ? kParallel : kSolo; }

// How to go easy on a place where compiling fails: each failure is followed by a longer wait, and
// after enough of them the place is left alone.
class Patience {
 public:
  enum Weight : uint8_t { kAborted = 1, kFailed = 4 };
  bool exhausted() const { return spent_ >= kLimit; }
  bool tried() const { return spent_ != 0; }
  void spend(Weight w);
  // Called when an attempt would be due; true: make it.
  bool ready();

 private:
  static constexpr uint8_t kLimit = 16;
  uint8_t spent_ = 0;
  uint16_t wait_ = 0;
};

struct Root;

// A trace with what belongs to it. `trace` is the first member: see record_of().
struct TraceRecord {
  Trace trace;
  Root* root = nullptr;
  TraceRecord* parent = nullptr;
  IrRef parent_exit = 0;
  std::unique_ptr<Code> code[kModes];
  // How often left there, by instruction; counting ends when no side trace will be tried any more.
  std::unique_ptr<std::atomic<uint32_t>[]> exits;
  uint32_t work = 0;  // bytecodes with guards from the root's entry to this trace's begin
  uint32_t number = 0;
  std::string where;  // "file:line" of its first instruction
  // With JitOptions::counters.
  std::atomic<uint64_t> entries{0}, left{0}, aborted{0};
  double compile_seconds = 0;
};
inline TraceRecord* record_of(const Trace& trace) {
  return const_cast<TraceRecord*>(reinterpret_cast<const TraceRecord*>(&trace));
}

// Where the interpreter, or compiled code, enters a root trace.
enum class RootKind : uint8_t {
  kLoop,    // a loop's header
  kCall,    // a function's first instruction
  kReturn,  // behind a call from which compiled code returned
};

struct Root : Entrance {
  TraceRecord* main = nullptr;
  const vm::CodeData* code = nullptr;
  uint32_t pc = 0;                  // of its first instruction
  uint32_t weight = 1;              // of an iteration in the work budget, nearly
  uint32_t body = 0;                // bytecodes with guards in an iteration, nearly
  std::vector<TraceRecord*> sides;  // parents before children
  uint32_t size = 0;                // instructions of all its traces
  uint32_t failed_sides = 0;
  std::atomic<const Code*> entry[kModes] = {};
  std::atomic<bool> valid{true};
  void retire();  // nobody enters it any more
  // Racy. Credit falls with each entry that ends at once; trips: iterations of an entry, a moving
  // average in eighths, of up to kManyTrips.
  std::atomic<int32_t> credit{0};
  std::atomic<uint32_t> trips{0};
};
inline constexpr uint32_t kManyTrips = 16;
inline constexpr int32_t kCredit = 1000;

// Of a place, by its CodeData's address: code that is freed and another in its place may share one,
// so what it says is but advice. (A valid root keeps its code alive.)
struct Site {
  Root* root = nullptr;
  Patience patience;
  bool postponed = false;  // once, in favour of the loop around it
  bool unstable = false;   // types change from one iteration to the next
  bool recursive = false;  // a function's first instruction: called by itself
};

void initialize_traces(const JitOptions& options);

// The words of CodeData::returns, made now if need be.
vm::CacheWord* returns_of(vm::CodeData* code);

// Guards the tables below, every record, and compilation.
extern std::mutex lock;
Site& site_of(const vm::CodeData* code, uint32_t pc);  // REQUIRES lock
bool too_many_traces();                                // REQUIRES lock

// A thread's recording: makes the record, and drops it again unless publish() is called.
class Recording {
 public:
  Recording(vm::Context& cx, TraceRecord* parent, IrRef parent_exit);
  ~Recording();
  TraceRecord* record() { return record_; }
  // Passes, machine code. False: not to be used, `why` says why.
  bool finish(const char** why);
  void keep() { kept_ = true; }  // REQUIRES lock

 private:
  vm::Context& cx_;
  Word start_;
  TraceRecord* record_;
  bool kept_ = false;
};

// A thread's stay in compiled code, or in a recording: while any lasts, nothing evicted is freed.
struct Presence {
  Presence();
  ~Presence();
  uint32_t depth = 0;  // read with the world stopped
};
Presence& presence();
// Frees what was evicted, if no thread is in compiled code. To be called at a safepoint.
void free_evicted(vm::Context& cx);

// What to enter for the mode, compiled now if need be, with its side traces. Null: cannot be.
const Code* code_for(Root* root, Mode mode);
// The Jump of `from` goes on in its target from now on.
void link(TraceRecord* from, IrRef jump, Mode mode);

uint32_t assumption_epoch();  // changes when traces become invalid

}  // namespace pystm::jit
