// The memory of a matcher: the entries of its stack (see _sre_match.cpp), repeats and marks.
#pragma once

#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

namespace pystm::lib::sre {

enum class Kind : uint32_t {
  // undo
  kMark,       // pc: mark, a: its value, b: lastindex
  kRepeat,     // pc: repeat, a: its count, b: where its last iteration began
  kCurrent,    // a: the current repeat
  kNewRepeat,  // a: the current repeat before; the newest repeat goes away
  kLevel,      // a: the level
  // choices
  kBranch,  // pc: skip word of the next alternative, a: position
  kGreedy,  // pc: REPEAT_ONE, a: least position, b: position to try
  kLazy,    // pc: MIN_REPEAT_ONE, a: position, b: how many more may be taken
  kLeave,   // pc: MAX_UNTIL, a: position, b: repeat
  kAgain,   // pc: MIN_UNTIL, a: position, b: repeat
  // barriers
  kAssert,      // pc: ASSERT, a: position
  kAssertNot,   // pc: ASSERT_NOT, a: position
  kAtomic,      // pc: ATOMIC_GROUP
  kPossessive,  // pc: POSSESSIVE_REPEAT, a: where this iteration began, b: iterations before
};
inline bool is_undo(Kind k) { return k <= Kind::kLevel; }

struct Entry {
  Kind kind;
  uint32_t pc;
  int64_t a, b;
};
// One entry into a REPEAT.
struct Repeat {
  uint32_t pc;    // REPEAT
  int64_t count;  // iterations begun
  int64_t last;   // where the last one began, -1: none
  int64_t outer;  // the repeat around it, -1: none
};

// The memory of a matcher; a thread keeps one for the next match.
struct Workspace {
  Entry* base = nullptr;
  size_t capacity = 0;
  std::vector<Repeat> repeats;
  std::vector<int64_t> marks;
  ~Workspace() { std::free(base); }
};
inline thread_local std::unique_ptr<Workspace> spare;

// A signal handler may match while a match is going on: then it finds no spare.
class Borrowed {
 public:
  Borrowed() : space_(spare ? std::move(spare) : std::make_unique<Workspace>()) {}
  ~Borrowed() {
    constexpr size_t kKeep = 1 << 16;  // entries
    if (space_->capacity <= kKeep && space_->repeats.capacity() <= kKeep) spare = std::move(space_);
  }
  Borrowed(const Borrowed&) = delete;
  Borrowed& operator=(const Borrowed&) = delete;
  Workspace& operator*() const { return *space_; }

 private:
  std::unique_ptr<Workspace> space_;
};

// Past half of the machine's memory the match is a MemoryError: the kernel would not say no, but
// kill.
inline size_t most_entries() {
  static const size_t n = static_cast<size_t>(sysconf(_SC_PHYS_PAGES)) *
                          static_cast<size_t>(sysconf(_SC_PAGESIZE)) / 2 / sizeof(Entry);
  return n;
}

}  // namespace pystm::lib::sre
