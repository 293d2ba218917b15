// The trace IR: a linear list of 16-byte instructions in SSA form, constants apart, a snapshot for
// each point where the trace may be left.
//
// An IrRef names an instruction (its index) or, from kFirstConst on, a constant. 0 is "none".
// A peeled loop reads:  preamble ... Loop, body, Phi ...: `Phi l, r` says that l, defined in the
// preamble, is a variable of the loop, which takes the value of r at the back edge. A body operand
// l means the variable; after Loop nothing else can mean l's first value.
//
// Invariants (jit/verify.cpp checks them): operands are defined above their uses and have the types
// of ir.def; a snapshot's references are defined above the instructions that leave by it; barrier
// dominance, see verify.h. A Trace owns all of its data, and is not changed once published.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "gc/heap.h"
#include "jit/calls.h"
#include "jit/descriptors.h"
#include "vm/object/layouts.h"
#include "vm/runtime/context.h"

namespace pystm::jit {

enum class Ir : uint8_t {
#define IR(name, result, a, b, c, aux, effects, meaning) name,
#include "jit/ir.def"
#undef IR
};
#define IR(name, result, a, b, c, aux, effects, meaning) +1
inline constexpr unsigned kIrCount = 0
#include "jit/ir.def"
    ;
#undef IR

enum Effect : uint16_t {
  kPure = 1,        // the result depends on the operands alone; equal ones are one
  kGuard = 2,       // removable when what it tests is known
  kLoad = 4,        // reads memory
  kStore = 8,       // writes memory
  kBarrier = 16,    // of the transaction
  kCall = 32,       // see CallInfo
  kExits = 64,      // may leave by its snapshot
  kCollects = 128,  // may be a safepoint of the collector
  kAllocates = 256,
  kCommutes = 512,
  kControl = 1024,
};

// What a value is. Any: only in ir.def.
enum class Type : uint8_t { None, I64, F64, Ref, Word, Bool, Ptr, Any };
inline constexpr const char* kTypeNames[] = {"none", "i64",  "f64", "ref",
                                             "word", "bool", "ptr", "any"};

enum class Operand : uint8_t { __, I64, F64, Ref, Word, Bool, Ptr, Any, Owner, Cond, Lit };
enum class Aux : uint8_t { __, Snap, Field, Array, Slot, Bytes, Index };

struct OpInfo {
  const char* name;
  Type result;
  Operand operands[3];
  Aux aux;
  uint16_t effects;
};
extern const OpInfo kOps[kIrCount];
inline const OpInfo& info_of(Ir op) { return kOps[static_cast<unsigned>(op)]; }

enum class Cond : uint8_t { lt, le, eq, ne, gt, ge, ult, ule, ugt, uge, nlt, nle, ngt, nge };
inline constexpr const char* kCondNames[] = {"lt",  "le",  "eq",  "ne",  "gt",  "ge",  "ult",
                                             "ule", "ugt", "uge", "nlt", "nle", "ngt", "nge"};
Cond negated(Cond c);        // integers
Cond negated_float(Cond c);  // doubles: not less is no greater-or-equal
Cond swapped(Cond c);        // a c b == b swapped(c) a, integers and doubles

// A reference to a value of a trace.
using IrRef = uint16_t;
using SnapId = uint16_t;
inline constexpr IrRef kNoRef = 0;
inline constexpr IrRef kFirstConst = 0x8000;
inline constexpr unsigned kMaxIns = 0x7000;
constexpr bool is_const(IrRef r) { return r >= kFirstConst; }

enum InsFlag : uint16_t {
  kNoGcBarrier = 1,  // store: holder or value needs no generational barrier
  kRemoved = 2,      // pass-internal: nothing uses it
  kSunk = 4,       // New and its stores, or a call that makes an object: only when an exit needs it
  kAssumed = 8,    // guard or barrier that the parent trace has executed: emits nothing
  kNoLog = 16,     // ReadCheck: the object stands in the read log already
  kHasVlock = 64,  // New: of a mutable type
  kInitStore = 32,   // store into an object that nobody else can see: no Acquire, no undo
  kNeverLarge = 64,  // BoxInt: the value fits 63 bits
  kCloses = 128,     // Acquire: closes the group of loads before it, as ReadCheck does
};

struct Ins {
  Ir op = Ir::Nop;
  Type type = Type::None;
  uint16_t flags = 0;
  IrRef a = 0, b = 0, c = 0;
  IrRef prev = 0;  // the instruction of the same op before this one (CSE chain)
  uint32_t aux = 0;

  bool has(InsFlag f) const { return flags & f; }
};
static_assert(sizeof(Ins) == 16);

// --- constants -----------------------------------------------------------------------------------
// I64, F64 (bits), Bool, Ptr; Word and Ref may refer to heap objects: those slots are roots.
struct Const {
  Word bits;
  Type type;
};

// --- snapshots -----------------------------------------------------------------------------------
// A Python frame running in the trace. Number 0 is the frame of the trace's entry, whose window is
// the root window; the others were inlined.
struct Frame {
  IrRef code = 0;          // Ref constant
  IrRef function = 0;      // Ref, or none (the root frame keeps what it has)
  IrRef init_self = 0;     // Ref, with OnReturn::kInit
  IrRef generator = 0;     // Ref, when the frame is a generator's
  IrRef object = 0;        // its Frame, once an exception has passed it or was handled there
  int32_t base = 0;        // first register, counted from the root window's
  uint32_t parent_pc = 0;  // instruction index in the caller
  uint16_t parent = 0;     // number of the calling frame; itself for frame 0
  uint16_t result = 0;     // register of the caller that takes the result
  vm::OnReturn on_return = vm::OnReturn::kStore;
  bool operator==(const Frame&) const = default;
};
// What FrameRecord::init_self and generator are.
enum class FrameKind : uint8_t { kPlain, kInit, kGenerator };
inline FrameKind kind_of(const Frame& f) {
  return f.generator != kNoRef   ? FrameKind::kGenerator
         : f.init_self != kNoRef ? FrameKind::kInit
                                 : FrameKind::kPlain;
}

// Where the interpreter goes on, and what differs from the VM stack as it was at entry.
struct Snapshot {
  uint32_t first;  // in Trace::snap_slots
  uint16_t count;
  uint16_t frame;  // in Trace::frames: the innermost
  uint32_t pc;     // instruction index in that frame
};
struct SnapSlot {
  int16_t slot;  // register, counted from the root window's first
  IrRef ref;     // I64, F64 and Bool are boxed at the exit
  bool operator==(const SnapSlot&) const = default;
};

// What happens after an exit's state is in the VM stack.
enum class ExitKind : uint8_t {
  kResume,  // the interpreter executes the instruction at pc
  kRaise,   // a call failed: an exception is pending; the instruction at pc raised it
  kPoll,    // boundary due: poll, then enter the trace again
  kAbort,   // the transaction was aborted: state is restored from its checkpoint, not by snapshot
  kLink,    // the end of the trace: go to Trace::link
  kReturn,  // another frame goes on; ExitState::switched: it may now
};
ExitKind exit_kind(Ir op);

// --- the trace -----------------------------------------------------------------------------------
// How the machine code of a trace without loop of its own goes on (Jump).
enum class LinkKind : uint8_t { kNone, kLoop, kSelf, kTrace };

struct Trace {
  Trace();  // its heap constants are roots from here on
  ~Trace();
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;

  std::vector<Ins> ins;       // [0] is Nop
  std::vector<Const> consts;  // by IrRef - kFirstConst
  std::vector<IrRef> args;    // of calls
  std::vector<const CallInfo*> calls;
  std::vector<Frame> frames;
  std::vector<Snapshot> snapshots;
  std::vector<SnapSlot> snap_slots;
  // Side traces: the parent and the instruction it was left at.
  const Trace* parent = nullptr;
  IrRef parent_exit = 0;
  LinkKind link = LinkKind::kNone;
  const Trace* target = nullptr;  // LinkKind::kTrace
  uint32_t entry_pc = 0;          // of a root trace: the instruction it begins at
  bool valid = true;              // GuardValid reads this byte

  IrRef size() const { return static_cast<IrRef>(ins.size()); }
  Type type(IrRef r) const { return is_const(r) ? consts[r - kFirstConst].type : ins[r].type; }
  Word bits(IrRef r) const { return consts[r - kFirstConst].bits; }  // REQUIRES is_const(r)
  std::span<const SnapSlot> slots(const Snapshot& s) const {
    return {snap_slots.data() + s.first, s.count};
  }
  std::span<const IrRef> call_args(const Ins& i) const { return {args.data() + i.a, i.b}; }
  std::span<IrRef> call_args(const Ins& i) { return {args.data() + i.a, i.b}; }
  IrRef loop() const { return loop_; }  // the Loop instruction, or none
  void set_loop(IrRef r) { loop_ = r; }

  // Constants are made once each.
  IrRef constant(Type type, Word bits);
  IrRef int_const(int64_t i) { return constant(Type::I64, static_cast<Word>(i)); }
  IrRef float_const(double d) { return constant(Type::F64, std::bit_cast<Word>(d)); }
  IrRef word_const(Value v) { return constant(Type::Word, v.bits()); }
  IrRef ref_const(const Object* o) { return constant(Type::Ref, reinterpret_cast<Word>(o)); }
  IrRef ptr_const(const void* p) { return constant(Type::Ptr, reinterpret_cast<Word>(p)); }
  // The running thread's Context: the Ptr constant 0.
  IrRef context() { return ptr_const(nullptr); }
  uint16_t call_row(const CallInfo* info);
  const CallInfo& call_info(const Ins& i) const { return *calls[i.c]; }

 private:
  IrRef loop_ = 0;
  std::vector<IrRef> const_table_;  // open addressing by (type, bits)
  size_t number_;                   // in the list of all traces
  void rehash(size_t capacity);
  void visit_roots(gc::SlotVisitor& visitor);
  static void visit_all(gc::SlotVisitor& visitor);
};

constexpr bool is_value(Operand o) { return o >= Operand::I64 && o <= Operand::Owner; }

// Calls f(IrRef&) for every operand that is a value, call arguments included.
template <class T, class I, class F>
void each_operand(T& trace, I& i, F f) {
  if (i.op == Ir::Call) {
    for (auto& r : trace.call_args(i)) f(r);
    return;
  }
  const OpInfo& info = info_of(i.op);
  if (is_value(info.operands[0]) && i.a != 0) f(i.a);
  if (is_value(info.operands[1]) && i.b != 0) f(i.b);
  if (is_value(info.operands[2]) && i.c != 0) f(i.c);
}

uint16_t effects(const Trace& trace, const Ins& i);  // a call's: from its CallInfo
inline bool leaves(const Trace& trace, const Ins& i) {
  return (effects(trace, i) & kExits) && !i.has(kAssumed);
}
// A call whose only effect is the object it makes.
inline bool makes_object(const Trace& trace, const Ins& i) {
  return i.op == Ir::Call && trace.call_info(i).makes != 0;
}

// Leaves by a snapshot (all but those whose state stands in the VM stack).
inline bool has_snapshot(const Trace& trace, const Ins& i) {
  return i.op != Ir::Jump && i.op != Ir::Switch && leaves(trace, i);
}
// Calls f(IrRef) for every reference of a snapshot: registers, and what its frames refer to.
template <class F>
void each_snapshot_ref(const Trace& trace, const Snapshot& s, F f) {
  for (const SnapSlot& slot : trace.slots(s)) f(slot.ref);
  for (uint16_t k = s.frame; k != 0; k = trace.frames[k].parent) {
    const Frame& frame = trace.frames[k];
    for (const IrRef r : {frame.function, frame.init_self, frame.generator, frame.object})
      if (r != kNoRef) f(r);
  }
}

// --- text ----------------------------------------------------------------------------------------
std::string print(const Trace& trace);
std::string print_ins(const Trace& trace, IrRef r);
// Reads what print() writes, and hand-written text; `error` gets "line: what". Names of calls are
// looked up in `calls`. Text format: docs/JIT.md.
bool parse(Trace& trace, const std::string& text, std::span<const CallInfo* const> calls,
           std::string* error);

}  // namespace pystm::jit
