// Context: one thread's whole state: transaction and allocation (stm::Tx, gc::Mutator), the VM
// stack, the pending exception. Every function of vm takes it first, as `cx`.
//
// The VM stack is two fixed reservations that never move: registers (Values, scanned precisely)
// and frame records. A call's arguments are written above the caller's live registers and become
// the callee's first registers.
#pragma once

#include <cstdarg>
#include <cstdint>
#include <string>

#include "stm/tx.h"
#include "vm/bytecode/instruction.h"
#include "vm/object/layouts.h"
#include "vm/runtime/result.h"

namespace pystm::vm {

enum class ExcId : uint8_t {
#define EXCEPTION(name, base, doc) k##name,
#include "vm/object/exceptions.def"
#undef EXCEPTION
};
#define EXCEPTION(name, base, doc) inline constexpr ExcId k##name = ExcId::k##name;
#include "vm/object/exceptions.def"
#undef EXCEPTION

// What to do with the value a frame returns; the caller's instruction is at its frame's pc.
#define ON_RETURNS(X)                                                                            \
  X(kStore, "into the caller's register `result`; a generator's end raises StopIteration")       \
  X(kNative, "leave the interpreter activation: a native called this frame")                     \
  X(kInit, "__init__: must be None; the caller gets `init_self`")                                \
  X(kOperator, "a Python operator method: NotImplemented goes on to the next candidate")         \
  X(kCondition, "the same of compare-and-jump: the truth of the result decides the jump")        \
  X(kDrop, "nothing: __setitem__, a property's setter")                                          \
  X(kForIter,                                                                                    \
    "what FOR_ITER resumed or called: a generator's end, or StopIteration, takes the jump")      \
  X(kSend, "a generator resumed by SEND: its end takes the jump, with the result")               \
  X(kKernel, "as kStore, of a frame that counts for no recursion (vm/runtime/kernels.h)")        \
  X(kFilter, "a filter's function, called by FOR_ITER: is `init_self` the next item?")           \
  X(kIterator, "__iter__, called by GET_ITER: must be an iterator")                              \
  X(kStep, "an asynchronous generator resumed by SEND to its operation: an item takes the jump") \
  X(kAwait, "__await__, called by GET_AWAITABLE: must be an iterator, of no coroutine")          \
  X(kAIter, "__aiter__, called by GET_AITER: must have __anext__")                               \
  X(kANext, "__anext__, called by GET_ANEXT: must be awaitable; the caller gets its iterator")   \
  X(kDiscard, "exec(): the caller gets None")
enum class OnReturn : uint8_t {
#define ON_RETURN(name, meaning) name,
  ON_RETURNS(ON_RETURN)
#undef ON_RETURN
};

// One running Python frame. Lives in the thread's frame stack; Refs and Values are roots.
struct FrameRecord {
  Value* regs = nullptr;
  const Instr* pc = nullptr;  // the instruction being executed (stored before anything that may
                              // suspend), else stale
  Ref<Code> code;
  Value function;  // Function, or unset (module, class body, exec)
  Ref<Dict> globals, builtins;
  Value locals;         // namespace of module, class and exec code; unset in functions
  Value generator;      // when running a generator
  Value frame_object;   // Frame, when one was made
  Value init_self;      // OnReturn::kInit: the new instance; kFilter: the item
  uint16_t result = 0;  // register of the caller
  OnReturn on_return = OnReturn::kStore;
  uint8_t flags = 0;  // FrameFlags
};
// What a native may ask the interpreter to do in its place; tail_args:
enum class TailKind : uint8_t {
  kCall,    // arguments
  kResume,  // what is sent to the generator
  kEval,    // globals, locals and function of the code
  kExec,    // likewise; its result is dropped
};

enum FrameFlags : uint8_t { kFrameTraced = 1, kFrameHidden = 2 };

struct Checkpoint;
class ReprGuard;

struct alignas(128) Context : stm::Tx {  // nobody else's cache lines
  // --- VM stack
  FrameRecord* frame = nullptr;  // running frame; frames_base - 1 + depth
  FrameRecord* frames_base = nullptr;
  FrameRecord* frames_limit = nullptr;
  FrameRecord* watermark = nullptr;  // frames below are not saved in the checkpoint yet; null: solo
  Value* regs_base = nullptr;
  Value* regs_limit = nullptr;
  Value* regs_top = nullptr;         // first register free for a native's calls
  Checkpoint* checkpoint = nullptr;  // owned
  // --- exceptions
  Value exception;  // pending (after an error result), else unset
  Value handled;    // being handled (sys.exc_info), or unset
  // --- limits
  char* native_limit = nullptr;  // lowest native stack address to go on calling
  int32_t recursion_depth = 0;
  int32_t recursion_limit = 1000;
  int32_t atomic_depth = 0;  // `with atomic` blocks open (part of no_boundary)
  // --- tracing, async generators hooks, per-thread state visible to Python
  Value trace_function, profile_function;
  Value asyncgen_firstiter, asyncgen_finalizer;
  Value contextvars;      // current contextvars.Context or unset
  Value thread_sentinel;  // lock to release when the thread ends, or unset
  // --- a native's request to the interpreter (result kTailCall)
  Value tail_callable;         // what to call, the generator to resume, or the code to run
  Value* tail_args = nullptr;  // its arguments, above everything in use; taken at once
  uint32_t tail_count = 0;
  Value tail_names;  // keyword names tuple or unset
  TailKind tail_kind = TailKind::kCall;
  Value return_value;               // of the frame that left an activation (Flow::kExit)
  bool switch_mode = false;         // Flow::kExit because solo/parallel changed
  bool generator_returned = false;  // after a nested resume: it returned (else yielded)
  int32_t activations = 0;          // interpreter activations on the native stack
  ReprGuard* repr_guard = nullptr;  // innermost running repr of a container
  bool recording = false;           // the JIT follows this thread
  bool only_natives = false;        // an OnlyNatives lives (vm/object/dict.h) ...
  bool met_python = false;          // ... and something has failed for that
  uint64_t thread_id = 0;           // what threading.get_ident() returns
  uint32_t coroutine_origin_depth = 0;
  Context* next = nullptr;  // list of all contexts, under the runtime's lock
};

// --- raising -------------------------------------------------------------------------------------
// Sets the pending exception (context chaining included) from a printf-like UTF-8 text.
Error raise(Context& cx, ExcId type, const char* format, ...) __attribute__((format(printf, 3, 4)));
Error raise_value(Context& cx, Value exception);             // an instance
Error raise_type_value(Context& cx, ExcId type, Value arg);  // type(arg), e.g. KeyError(key)
Error raise_no_memory(Context& cx);
Error refuse_python(Context& cx);  // what would run Python code while an OnlyNatives lives
Error raise_errno(Context& cx, int error, Value filename = Value(), Value filename2 = Value());
Error raise_stop_iteration(Context& cx, Value value);
void set_exception_cause(Context& cx, Value exception, Value cause);
// True if the pending exception is an instance of that class.
bool pending_is(Context& cx, ExcId type);
// Takes the pending exception away.
Value take_exception(Context& cx);
inline void clear_exception(Context& cx) { cx.exception = Value(); }
// warnings.warn(text, category, stacklevel): an error if the filters make it one.
Result<void> warn(Context& cx, ExcId category, const std::string& text, int stack_level);
Result<void> warn_explicit(Context& cx, ExcId category, const std::string& text,
                           const std::string& filename, int line);
// For a native loop: Ctrl-C and other signals; to be called about every 10,000 cheap steps.
Result<void> check_signals(Context& cx);

// C++ recursion (repr, compare, hash of nested structures ...): RAII, tests the native stack.
class NativeDepth {
 public:
  explicit NativeDepth(Context& cx) : cx_(cx) { ++cx.recursion_depth; }
  ~NativeDepth() { --cx_.recursion_depth; }
  // Error with RecursionError when too deep. `where` as in CPython: " while calling a Python
  // object".
  Result<void> check(const char* where);
  // Only the native stack counts: for recursion that CPython does not count either (hashing).
  Result<void> check_stack();

 private:
  Context& cx_;
};

}  // namespace pystm::vm
