// The recorder: the builder (architecture.md section 7) that notes down what each bytecode does.
//
// It looks at the instruction before the interpreter executes it: its primitives read the running
// frame's registers, answer the definition's questions from them, and emit a guard for every answer
// and IR for every effect; they change nothing themselves. Then vm::step() executes the
// instruction.
//
// Invariant: what a primitive answers from concrete values is guarded by what it emits, so that the
// trace stands for all runs that pass its guards.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "jit/calls.h"
#include "jit/descriptors.h"
#include "jit/emit.h"
#include "vm/interp/inline_cache.h"
#include "vm/object/number.h"
#include "vm/object/type.h"
#include "vm/semantics/flow.h"

namespace pystm::jit {

using vm::BinaryOp;
using vm::CompareOp;
using vm::Dunder;
using vm::Flow;
using vm::FrameRecord;
using vm::Instr;

struct Root;
// The root whose trace starts at instruction `pc` of the frame's code, or null.
Root* find_root(const FrameRecord* f, uint32_t pc);
// Is the code's function known to call itself? Then it is entered, not inlined.
bool is_recursive(const vm::CodeData* code);
// It is: its trace is due at the next call.
void note_recursive(const vm::CodeData* code);
// Do entries into it go on for more iterations than should be unrolled?
bool is_long(const Root* root);

// A builtin container whose elements C++ goes through by itself.
bool iterates_in_cpp(Value v);
// An exception class whose instances BaseException's __new__ and __init__ make?
bool makes_plain_exceptions(vm::Type* type);
// Instances are nothing but slots, without a __dict__ or finalizer: compiled code may make them.
bool makes_bare_instances(const vm::Shape* shape);

// Is k an index of a sequence of n items?
constexpr bool is_inside(int64_t k, int64_t n) { return k >= -n && k < n; }

// A C++ function's definition, as a number that can be compared.
inline constexpr Field kDefWord(Alias::Builtin, Memory::kI64, Guarded::kFinal,
                                field::Builtin::def.offset());

// How a recording goes on after an instruction was looked at.
enum class Next : uint8_t {
  kExecute,  // the interpreter executes it, and on
  kClose,    // the loop is closed
  kJump,     // here begins the compiled trace Recorder::reached(), or (null) this one
  kReturn,   // the root frame returns Recorder::returned()
  kSwitch,   // another frame goes on, by Recorder::finish_switch()
  kLeave,    // the trace ends here, the interpreter goes on
  kGiveUp,   // Recorder::why()
};

class Recorder {
 public:
  // What an instruction sees in a register, and the trace's value for it.
  struct V {
    Value value;
    IrRef ref = 0;
  };
  struct Checked {
    V value;
    bool ok;
  };

  Recorder(vm::Context& cx, Trace& trace, const OptOptions& options);

  void begin_root(FrameRecord* f);  // at `f->pc`
  void begin_side(const Trace& parent, IrRef exit, FrameRecord* root_frame);
  // What cannot be recorded ends the trace instead of giving it up, if the trace got that far.
  void be_modest() { modest_ = true; }
  // Notes the instruction that cx.frame is about to execute.
  Next note();
  // An exception is pending, raised by the instruction noted last, or `above` a side trace. False:
  // give up; else the interpreter unwinds.
  bool unwind(bool above);
  Root* reached() const { return reached_; }
  IrRef returned() const { return returned_; }
  void finish_switch() { e_.finish_switch(*switch_, switch_args_); }
  const char* why() const { return why_; }
  // Given up because this iteration was the loop's last: another one may do better.
  bool left_loop() const { return left_loop_; }
  Emitter& emitter() { return e_; }

  // --- the builder -------------------------------------------------------------------------------
  V reg(unsigned r);
  Flow set(unsigned r, V v);
  void clear(unsigned r);
  Flow next() { return Flow::kNext; }
  Flow jump(int32_t) { return Flow::kNext; }
  V constant(int32_t k);
  V small_int(int32_t i);

  bool is_unset(V v);
  bool both_int(V a, V b);
  bool both_float(V a, V b);
  bool is_int(V v);
  bool is_true(V v) { return is_singleton(v, kTrue); }
  bool is_false(V v) { return is_singleton(v, kFalse); }
  bool is_none(V v);
  bool same(V a, V b);
  V boolean(bool b);

  Checked int_add(V a, V b) { return checked_int(Ir::AddOv, a, b); }
  Checked int_sub(V a, V b) { return checked_int(Ir::SubOv, a, b); }
  Checked int_mul(V a, V b) { return checked_int(Ir::MulOv, a, b); }
  Checked int_floordiv(V a, V b) { return int_division(Ir::FloorDiv, a, b); }
  Checked int_mod(V a, V b) { return int_division(Ir::FloorMod, a, b); }
  V int_and(V a, V b) { return plain_int(Ir::And, a, b); }
  V int_or(V a, V b) { return plain_int(Ir::Or, a, b); }
  V int_xor(V a, V b) { return plain_int(Ir::Xor, a, b); }
  Checked int_shift_left(V a, V b);
  Checked int_shift_right(V a, V b);
  Checked int_negative(V a);
  bool int_compare(CompareOp op, V a, V b);
  V float_add(V a, V b) { return float_op(Ir::AddF, a, b); }
  V float_sub(V a, V b) { return float_op(Ir::SubF, a, b); }
  V float_mul(V a, V b) { return float_op(Ir::MulF, a, b); }
  Checked float_div(V a, V b);
  bool float_compare(CompareOp op, V a, V b);

  Flow binary(Instr i, BinaryOp op, V a, V b);
  Flow unary(Instr i, V a);
  Flow compare(Instr i, CompareOp op, V a, V b);
  Flow compare_jump(Instr i, CompareOp op, V a, V b);
  Flow truth_jump(Instr i, V x, bool sense);
  Flow negate(Instr i, V x);
  Flow contains(Instr i, V item, V container);
  Flow contains_jump(Instr i, V item, V container);
  Flow raise_unbound(Instr i);
  Flow outline(Instr i);

  V load_cell(V cell);
  void store_cell(V cell, V v);
  Flow load_global(Instr i);
  Flow load_attr(Instr i, V object);
  Flow store_attr(Instr i, V object, V v);
  Flow load_method(Instr i, V object);
  Flow get_item(Instr i, V container, V key);
  Flow set_item(Instr i, V container, V key, V v);

  Flow call(Instr i);
  Flow return_value(V v);
  Flow loop_edge(int32_t offset);
  Flow for_iter(Instr i, V iterator);

 private:
  vm::Context& cx_;
  Emitter e_;
  FrameRecord* f_ = nullptr;     // running
  FrameRecord* root_ = nullptr;  // of the trace's entry
  const vm::Code* header_code_ = nullptr;
  uint32_t header_pc_ = 0;
  uint32_t loop_end_ = 0;  // its last JUMP_BACK; 0: the trace begins at no loop
  bool left_loop_ = false;
  bool moved_ = false;    // at least one instruction was noted
  bool is_first_ = true;  // the instruction in work is the first one
  Root* reached_ = nullptr;
  IrRef returned_ = kNoRef;
  const CallInfo* switch_ = nullptr;
  std::vector<IrRef> switch_args_;
  const char* why_ = nullptr;

  // A question that the interpreter's execution of the instruction answers: see settle().
  struct Open {
    enum What { kNothing, kItem, kTruth } what = kNothing;
    Instr instr{};
    IrRef result = 0;
    const FrameRecord* frame = nullptr;
    uint32_t pc = 0;
    bool sense = true;  // kTruth: the jump is taken if the result is this
    // kItem: the enumerate object around the iterator, its count now and after an item; or none.
    IrRef enumerate = kNoRef, count = kNoRef, after = kNoRef;
  } open_;
  // For each inlined frame of a generator that was resumed in this trace: how many registers its
  // window held. (Of others any may hold something.)
  std::map<uint16_t, unsigned> windows_;

  bool settle();
  void settle_item(bool ended);

  // A loop that the trace runs through, and how often so far. Between two passes of a loop around
  // it the count starts again.
  struct Pass {
    const FrameRecord* frame;
    uint32_t header;
    unsigned count;
  };
  std::vector<Pass> passes_;  // outer loops first
  unsigned all_passes_ = 0;
  bool is_side_ = false;
  bool by_edge_ = false;  // the last instruction noted was a JUMP_BACK
  std::vector<std::pair<const vm::CodeData*, std::vector<bool>>> headers_;  // of loops, by code

  bool modest_ = false;
  IrRef noted_from_ = 0;  // first instruction of the trace for the bytecode in work

  bool may_leave() const;
  // A jump pushes the inlined frames, but not their Frame objects.
  Next jump_or_leave(Next next) const {
    return next == Next::kJump && e_.has_frame_objects() ? Next::kLeave : next;
  }
  void find_loop_end();
  bool is_header(uint32_t pc);
  bool is_last_pass() const;
  Next at_header(uint32_t pc);
  Next at_entry();
  Flow stop(const char* why);
  uint32_t pc_index() const;
  vm::CacheWord* cache() const;
  IrRef constant_ref(Value v);
  bool is_singleton(V v, Value k);
  IrRef as_int(V v) { return e_.check_int(v.ref); }
  IrRef as_float(V v);  // an int becomes a float
  // Guards the value's exact type; its reference, typed.
  IrRef guard_type(V v);
  IrRef guard_object(V v, ShapeId shape);  // CheckRef and GuardShape, of a shape that never changes
  IrRef guard_instance(V v, ShapeId shape);
  bool is_boxed_in_trace(V v);
  bool is_number(V v) const;

  Checked checked_int(Ir op, V a, V b);
  Checked int_division(Ir op, V a, V b);
  V plain_int(Ir op, V a, V b);
  V float_op(Ir op, V a, V b);
  bool number_binary(Instr i, BinaryOp op, V a, V b);
  Flow sequence_binary(Instr i, BinaryOp op, V a, V b);
  Flow call_operator(Value function, V a, V b, uint16_t result, vm::OnReturn on_return);
  IrRef native_compare(CompareOp op, V a, V b);
  bool is_not(V v, Value k) {
    e_.guard_is_not(v.ref, e_.trace().word_const(k));
    return true;
  }
  bool mixed_compare(CompareOp op, V a, V b, bool* outcome);
  IrRef exact_as_float(V v);
  bool guard_builtin(V v);  // false: may run Python code
  Flow set_after(unsigned r, IrRef ref) { return set(r, {Value(), ref}); }
  // A call that may decline (residual.h): then the bytecode is left to the interpreter.
  IrRef call_plainly(const CallInfo& info, std::span<const IrRef> args);
  IrRef call_plainly(const CallInfo& info, std::initializer_list<IrRef> args) {
    return call_plainly(info, std::span<const IrRef>(args.begin(), args.size()));
  }
  Flow jump_on(IrRef word, bool outcome);

  // --- calls (recorder_call.cpp) -----------------------------------------------------------------
  struct Call {
    V callable;
    std::vector<V> arguments;
    vm::Tuple* names = nullptr;  // of the last arguments, which are given by keyword
    int window = 0;              // register of the callee's first
    uint16_t result = 0;
    vm::OnReturn on_return = vm::OnReturn::kStore;
    IrRef init_self = kNoRef;
  };
  V argument(int r);
  int scratch(int spare) const;
  bool read_window(Instr i, Call* call);
  Flow call_value(Call call);
  Flow call_keywords(Instr i);
  const char* guard_returned(vm::OnReturn how, V v);
  Flow return_from_root(V v);
  Flow switch_by(const CallInfo& info, std::vector<IrRef> args);
  IrRef guard_function(V callable);
  bool bind(const Call& call, IrRef function, vm::Code* code, std::vector<IrRef>* params);
  Flow enter(const Call& call);
  Flow enter_method(Value method, std::initializer_list<V> arguments, uint16_t result,
                    vm::OnReturn on_return);
  bool guard_iterator(V v);
  Flow call_native(const Call& call, const vm::Builtin* b, IrRef def);
  Flow inline_native(const Call& call, const vm::Builtin* b);
  bool guard_kind(char kind, V v, const vm::Builtin* b);
  IrRef row_call(const vm::Builtin* b, IrRef def, std::span<const V> arguments);
  bool guard_test(V v, bool passes, const CallInfo& test);
  bool guard_plain(V v);
  bool guard_key(V v);
  bool guard_hashed_key(V v);
  Flow table_native(const Call& call, const vm::Builtin* b);
  Flow length_of(const Call& call);
  IrRef native_length(V x);
  Flow character_of(const Call& call);
  Flow is_instance(const Call& call);
  Flow choose(const Call& call, bool least);
  Flow absolute(const Call& call);

  // --- attributes that no inline cache knows (recorder_attributes.cpp)
  bool guard_attributes(V object);
  Flow named_attr(uint16_t result, V object, IrRef name, IrRef fallback);
  Flow store_named_attr(V object, IrRef name, V v);
  Flow bare_instance(const Call& call);
  Flow attribute_native(const Call& call, const vm::Builtin* b);

  // --- classes (recorder_class.cpp)
  Flow call_class(Call call);
  IrRef make_exception(const Call& call, vm::Type* type);
  Flow call_init(Call call, Value init, IrRef o);
  IrRef call_builtin_class(const Call& call, vm::Type* type);
  IrRef make_instance(vm::Shape* shape);
  IrRef make_range(const Call& call);
  IrRef make_enumerate(const Call& call);
  IrRef make_zip(const Call& call);
  IrRef make_map(const Call& call);
  IrRef make_filter(const Call& call);
  IrRef make_super();

  // --- with, locks, atomic blocks (recorder_sync.cpp)
  Flow with_enter(Instr i);
  Flow with_exit(Instr i);
  bool is_taken(Value lock);
  Flow synchronise(const Call& call, const vm::Builtin* b);

  // --- exceptions (recorder_raise.cpp)
  IrRef caught_ = kNoRef;  // of a catching call, not yet told whether it raised
  IrRef raised_ = kNoRef;  // what RAISE or RERAISE has raised
  const FrameRecord* handling_frame(bool stop_iteration) const;
  bool in_generator() const;
  IrRef call_catching(const CallInfo& info, std::span<const IrRef> args);
  IrRef call_catching(const CallInfo& info, std::initializer_list<IrRef> args) {
    return call_catching(info, std::span<const IrRef>(args.begin(), args.size()));
  }
  void settle_catch();
  IrRef frame_object_of(const FrameRecord* f);
  void leave_frame(const FrameRecord* f);
  Flow raise(Instr i);
  Flow reraise(Instr i);
  Flow enter_handler(Instr i);
  Flow leave_handler(Instr i);
  bool guard_classes(V of, std::vector<Value>* classes);
  Flow match_exception(Instr i);
  Flow with_except(Instr i);

  // --- kernels (recorder_kernels.cpp)
  bool bind_native(const Call& call, const vm::BuiltinDef* def, std::vector<V>* bound);
  void guard_kernel_argument(char kind, V v);
  void guard_stepped(V v);
  Flow call_kernel(const Call& call, uint8_t kernels, const std::vector<V>& bound);
  Flow native_kernel(const Call& call, const vm::Builtin* b);
  Flow class_kernel(const Call& call, const vm::Type* type);

  // --- iteration (recorder_iter.cpp) -------------------------------------------------------------
  // The steps of the iterators that one bytecode moves: guards at once, stores when all have
  // passed.
  struct Steps {
    struct Store {
      IrRef object;
      Field field;
      IrRef value;
    };
    std::vector<Store> stores;
    std::vector<IrRef> iterators;
  };
  enum class Stepped { kItem, kEnd, kNo };
  IrRef make_seq_iter(ShapeId shape, Field sequence, Field index, IrRef of);
  IrRef iterator_of(V v);  // kNoRef: iter() is not recorded
  Flow get_iter(Instr i);
  bool begin_step(Steps& steps, IrRef iterator);
  Stepped step(V iterator, Steps& steps, IrRef* item);
  Stepped step_range(V iterator, Steps& steps, IrRef* item);
  Stepped step_list(V iterator, Steps& steps, IrRef* item);
  struct FixedFields {
    Field sequence, index, length;  // of the iterator; of what it iterates over
  };
  template <class Iter>
  Stepped step_fixed(V iterator, const FixedFields& fields, Steps& steps, V* from, IrRef* at);
  Stepped step_bytes(V iterator, Steps& steps, IrRef* item);
  Stepped step_tuple(V iterator, Steps& steps, IrRef* item);
  Stepped step_str(V iterator, Steps& steps, IrRef* item);
  Stepped step_enumerate(V iterator, Steps& steps, IrRef* item);
  Stepped step_zip(V iterator, Steps& steps, IrRef* item);
  Flow native_next(Instr i, V iterator);
  Flow enumerate_next(Instr i, V iterator);
  IrRef take_item();
  void store_steps(const Steps& steps);
  Flow call_step(Instr i, V function, std::vector<V> arguments, const Steps& steps,
                 vm::OnReturn on_return, IrRef item);
  Flow map_next(Instr i, V iterator);
  Flow filter_next(Instr i, V iterator);

  // --- generators (recorder_generator.cpp) -------------------------------------------------------
  Flow make_generator(Instr i);
  Flow resume_by_switch(V generator, V sent, vm::OnReturn on_return, uint16_t result);
  Flow resume(V generator, V sent, vm::OnReturn on_return, uint16_t result);
  Flow yield(Instr i);
  Flow finish_generator(V v);
  Flow send(Instr i);
  Flow yield_from_iter(Instr i);
  Flow awaitable(Instr i);
  Flow wrap_item(Instr i);
  Flow call_async(Instr i, Dunder method, vm::OnReturn how);

  // --- attributes (recorder_heap.cpp) ------------------------------------------------------------
  vm::Str* name_at(unsigned n) const;
  Word cached(V object, vm::Str* name,
              void (*learn)(vm::Context&, Value, vm::Str*, vm::CacheWord*));
  IrRef make_bound_method(Value function, IrRef self);
  IrRef make_bound_builtin(const vm::Builtin* b, IrRef self);
  bool bound_method(Instr i, V object);
  bool class_method(Instr i, V object);
  Flow super_method(Instr i, V object);
  V module_attr(V object, vm::Str* name);
  IrRef function_dict(V object, vm::Str* name);
  Flow method_attr(Instr i, V object);
  Flow number_method(Instr i, V object);

  // --- items, containers (recorder_heap.cpp, recorder_build.cpp) ---------------------------------
  IrRef index_from_start(V key, IrRef length);
  Flow text_item(Instr i, V container, V key);
  Flow item_natively(Instr i, V container, V key);
  Flow item_or_missing(Instr i, V container, V key);
  Flow delete_item(Instr i);
  static bool works_as_dict(Value v, vm::Dunder d);
  Flow special_native(Value method, std::vector<V> arguments, std::optional<uint16_t> result);
  Flow list_item(Instr i, V container, V key);
  Flow slice_item(Instr i, V container, V key);
  bool slice_words(V key, IrRef words[3]);
  Flow store_natively(V container, V key, V v);
  Flow store_slice(V container, V key, V v);
  void guard_chunked(IrRef storage, bool chunked);
  // The item at `index` of a list whose size and storage have been loaded and checked.
  IrRef load_list_item(IrRef list, IrRef size, IrRef storage, IrRef index, bool chunked);
  IrRef membership(V item, V container, bool negated);
  bool guard_truth(V x, bool* truth);
  Flow unpack(Instr i);
  IrRef make_tuple(std::span<const IrRef> words);
  IrRef make_tuple(std::initializer_list<IrRef> words) {
    return make_tuple(std::span(words.begin(), words.size()));
  }
  Flow build_tuple(Instr i);
  IrRef tuple_of_registers(unsigned first, unsigned count);
  bool guard_keys(unsigned first, unsigned count, unsigned step);
  Flow build(Instr i, const CallInfo& made_of);
  Flow build_set(Instr i);
  Flow build_string(Instr i);
  Flow build_slice(Instr i);
  Flow set_add(Instr i);
  Flow set_update(Instr i);
  Flow format_value(Instr i);
  Flow make_cell(Instr i);
  Flow copy_free(Instr i);
  Flow make_function(Instr i);
  Flow store_global(Instr i);

  // --- displays: [*a, b], {**a}, f(*a, **b) (recorder_display.cpp) -------------------------------
  static constexpr unsigned kMostWords = 24;      // of a tuple that a trace fills word by word
  std::map<IrRef, std::vector<IrRef>> displays_;  // made in this trace: items, or name, value, ...
  const std::vector<IrRef>* parts_of(V display) const;
  IrRef make_display(const CallInfo& made_of, std::vector<IrRef> parts);
  struct Known {
    bool container = false;
    IrRef item = kNoRef;  // kNoRef: a dict has no such key
  };
  Known known_item(V container, V key) const;
  size_t place_of(const std::vector<IrRef>& parts, IrRef name) const;
  bool is_name(IrRef key) const;
  bool feeds_call(unsigned r) const;
  void put_name(std::vector<IrRef>* parts, IrRef name, IrRef value);
  bool merge_names(std::vector<IrRef>* parts, V from, bool speculate);
  vm::Tuple* names_of(Value named);
  std::vector<IrRef> values_of(V named, vm::Tuple* names);
  bool length_seen(V tuple, std::vector<IrRef>* words);
  Flow build_list(Instr i);
  Flow build_map(Instr i);
  Flow list_append(Instr i);
  Flow list_extend(Instr i);
  Flow list_to_tuple(Instr i);
  Flow map_add(Instr i);
  Flow dict_update(Instr i, bool named);
  Flow call_spread(Instr i);
};

}  // namespace pystm::jit
