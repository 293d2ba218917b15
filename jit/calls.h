// C++ functions that compiled code calls.
//
// Convention: Context* first, then the arguments by the System V rules. No C++ exception crosses
// machine code: a function that may raise or abort is called through Entry<f>, which catches
// stm::Abort. Such a function returns a Value (or a pointer); kError says that it failed. After a
// failure either a Python exception is pending, or, with none pending, the transaction was aborted.
#pragma once

#include <cstdint>

#include "stm/tx.h"
#include "vm/runtime/context.h"
#include "vm/runtime/result.h"

namespace pystm::jit {

enum class Type : uint8_t;

enum CallEffect : uint16_t {
  kCallPure = 1,          // result depends on the arguments only (and on immutable memory)
  kCallReads = 2,         // reads mutable memory; does its own read barriers
  kCallWrites = 4,        // writes mutable memory of any class; acquires what it writes
  kCallFails = 8,         // may raise or abort: returns kError then
  kCallCollects = 16,     // may allocate, or be a safepoint
  kCallInvalidates = 32,  // may change what traces assume: the next at() emits GuardValid
  kCallEndsEpoch = 64,    // may end the transaction
};

// What most functions do that work on objects of the program.
inline constexpr uint16_t kReader = kCallFails | kCallCollects | kCallReads;
inline constexpr uint16_t kWriter = kReader | kCallWrites;

struct CallInfo {
  const char* name;
  void* entry;
  Type result;  // Word, Ref, None for functions that fail; else any
  uint16_t effects;
  uint8_t arity;
  Type args[6];
  uint64_t writes = 0;  // with kCallWrites: bit per Alias written, 0: all
  // Nonzero: the shape of the fresh object that is the result; such a call has one argument, cannot
  // fail, and is left out, or put off to an exit, where nothing needs the object.
  ShapeId makes = 0;
};

// The status of a failed call, as a word.
inline constexpr Word kFailed = kError.bits();

namespace detail {
inline Word to_word(vm::Result<Value> r) { return r.value().bits(); }
inline Word to_word(vm::Result<void> r) { return r.is_error() ? kFailed : 0; }
template <class T>
Word to_word(vm::Result<T*> r) {
  return r.is_error() ? kFailed : reinterpret_cast<Word>(r.value());
}
inline Word to_word(Value v) { return v.bits(); }
}  // namespace detail

// Entry<f>: the address for CallInfo::entry of `Result<...> f(Context&, args...)`.
template <auto f>
struct EntryOf;
template <class R, class... Args, R (*f)(vm::Context&, Args...)>
struct EntryOf<f> {
  static Word call(vm::Context& cx, Args... args) noexcept {
    try {
      return detail::to_word(f(cx, args...));
    } catch (const stm::Abort&) {
      cx.exception = Value();  // kFailed with nothing pending: aborted
      return kFailed;
    }
  }
};
template <auto f>
inline void* const Entry = reinterpret_cast<void*>(&EntryOf<f>::call);

// The same, but where an exception is pending it gives `kRaisedMark` instead of failing.
template <auto f, Word kRaisedMark>
struct CatchingOf;
template <class R, class... Args, R (*f)(vm::Context&, Args...), Word kRaisedMark>
struct CatchingOf<f, kRaisedMark> {
  static Word call(vm::Context& cx, Args... args) noexcept {
    const Word r = EntryOf<f>::call(cx, args...);
    return r == kFailed && !cx.exception.is_unset() ? kRaisedMark : r;
  }
};

}  // namespace pystm::jit
