// Traces executed by both back ends: results, exits, restoring.
#include <catch2/catch.hpp>

#include "jit/emit.h"
#include "jit/passes.h"
#include "jit/restore.h"
#include "jit/verify.h"
#include "tests/unit/jit/functions.h"
#include "tests/unit/jit/machine.h"
#include "vm/object/number.h"
#include "vm/object/shape.h"

using namespace pystm;
using namespace pystm::jit;

namespace {

// Optimised and not, by both back ends: the same outcome, which is returned.
Outcome run_everywhere(const std::string& text, const std::vector<Value>& registers) {
  Trace in, plain, best;
  std::string error;
  test_context();
  REQUIRE(parse(in, text, test_functions(), &error));
  REQUIRE(optimize(in, plain, OptOptions::none()));
  REQUIRE(optimize(in, best, OptOptions()));
  REQUIRE(verify(plain) == "");
  REQUIRE(verify(best) == "");
  const auto interpreter = new_ir_interpreter(), x64 = new_x64_backend();
  const Outcome expected = run_trace(*interpreter, best, registers);
  CHECK(expected.compile_error == "");
  CompileOptions options;
  options.listing = true;
  const Outcome got = run_trace(*x64, best, registers, options);
  INFO(print(best));
  INFO(x64->compile(best, nullptr, options, nullptr)->listing());
  CHECK(got == expected);
  if (plain.link != LinkKind::kSelf) {
    CHECK(run_trace(*interpreter, plain, registers).registers == expected.registers);
    CHECK(run_trace(*x64, plain, registers).registers == expected.registers);
  }
  return got;
}

const std::string kSum =
    "%i = word SLoad #0\n"
    "%i1 = i64 CheckInt %i @4{}\n"
    "%s = word SLoad #1\n"
    "GuardI %i1 lt 1000 @4{}\n"
    "%s1 = i64 CheckInt %s @5{}\n"
    "%s2 = i64 AddOv %s1, %i1 @5{}\n"
    "%i2 = i64 AddOv %i1, 1 @6{1=%s2}\n"
    "TxPoll 1 @4{0=%i2, 1=%s2}\n"
    "Jump #0\n";

}  // namespace

TEST_CASE("jit run: a summing loop") {
  const Outcome o = run_everywhere(kSum, {Value::of_int(0), Value::of_int(0)});
  CHECK(o.registers == std::vector<std::string>{"1000", "499500"});
  CHECK(o.pc == 4);
  CHECK(o.kind == ExitKind::kResume);
}

// --- recording by hand ---------------------------------------------------------------------------

namespace {

// for i in range(...): s += i, but odd numbers leave.
void record_even_sum(Emitter& e) {
  e.begin_root(nullptr, 10);
  const IrRef i = e.check_int(e.slot(0));
  e.at(11);
  e.guard_int(Cond::eq, e.emit(Ir::And, i, e.trace().int_const(1)), e.trace().int_const(0));
  e.at(12);
  e.set_slot(1, e.emit(Ir::AddOv, e.check_int(e.slot(1)), i));
  e.at(13);
  e.guard_int(Cond::lt, i, e.trace().int_const(100));
  e.set_slot(0, e.emit(Ir::AddOv, i, e.trace().int_const(1)));
  e.at(10);
}

}  // namespace

TEST_CASE("jit run: a side trace takes over values in registers and knowledge") {
  for (const bool machine : {false, true}) {
    const auto backend = machine ? new_x64_backend() : new_ir_interpreter();
    Trace root;
    Emitter e(root, OptOptions());
    record_even_sum(e);
    REQUIRE(e.finish_loop(1));
    run_passes(root, OptOptions());
    REQUIRE(verify(root) == "");
    const auto code = backend->compile(root, nullptr, {}, nullptr);
    REQUIRE(code != nullptr);

    vm::Context& cx = test_context();
    cx.budget = 1 << 30;
    Value* window = cx.regs_base + 4096;
    window[0] = Value::of_int(0);
    window[1] = Value::of_int(0);
    ExitState state;
    code->run(cx, window, state);
    REQUIRE(state.code == code.get());
    Restorer restorer(cx, state);
    CHECK(restorer.plan().pc == 11);  // 1 is odd
    restorer.registers(window);
    CHECK(window[0] == Value::of_int(1));

    // The odd numbers: subtracted. Then back to the root's entry.
    Trace side;
    Emitter s(side, OptOptions());
    s.begin_side(root, state.exit);
    const IrRef i = s.slot(0);
    CHECK(side.type(i) == Type::I64);  // unboxed, no check needed
    CHECK(s.check_int(i) == i);
    s.set_slot(1, s.emit(Ir::SubOv, s.check_int(s.slot(1)), i));
    s.at(13);
    s.guard_int(Cond::lt, i, side.int_const(100));
    s.set_slot(0, s.emit(Ir::AddOv, i, side.int_const(1)));
    s.at(10);
    s.finish_jump(root);
    run_passes(side, OptOptions());
    REQUIRE(verify(side) == "");
    const auto side_code = backend->compile(side, code.get(), {}, nullptr);
    REQUIRE(side_code != nullptr);
    code->attach(state.exit, side_code.get());
    side_code->attach(static_cast<IrRef>(side.size() - 1), code.get());

    window[0] = Value::of_int(0);
    window[1] = Value::of_int(0);
    code->run(cx, window, state);
    Restorer last(cx, state);
    CHECK(last.plan().pc == 13);
    last.registers(window);
    CHECK(window[0] == Value::of_int(100));
    CHECK(window[1] == Value::of_int(50));  // 0-1+2-3 ... -99+100
  }
}

TEST_CASE("jit run: a poll in front of a jump restores its own snapshot") {
  for (const bool machine : {false, true}) {
    const auto backend = machine ? new_x64_backend() : new_ir_interpreter();
    Trace t;
    Emitter e(t, OptOptions());
    e.begin_root(nullptr, 10);
    e.set_slot(0, e.slot(1));
    e.at(10);
    e.emit(Ir::TxPoll, 1);  // by snapshot 0; the Jump has none
    e.finish_jump(t);
    const auto code = backend->compile(t, nullptr, {}, nullptr);
    REQUIRE(code != nullptr);
    vm::Context& cx = test_context();
    cx.budget = -1;
    Value* window = cx.regs_base + 4096;
    window[0] = Value::of_int(1);
    window[1] = Value::of_int(2);
    ExitState state;
    code->run(cx, window, state);
    cx.budget = 1 << 20;
    REQUIRE(state.kind(cx) == ExitKind::kPoll);
    Restorer(cx, state).registers(window);
    CHECK(window[0] == Value::of_int(2));
  }
}

TEST_CASE("jit run: registers swapped in front of a jump") {
  for (const bool machine : {false, true}) {
    const auto backend = machine ? new_x64_backend() : new_ir_interpreter();
    Trace target, t;
    Emitter e(t, OptOptions());
    e.begin_root(nullptr, 10);
    const IrRef a = e.slot(0), b = e.slot(1), c = e.slot(2);
    e.set_slot(0, b);
    e.set_slot(1, c);
    e.set_slot(2, a);
    e.at(10);
    e.finish_jump(target);
    const auto code = backend->compile(t, nullptr, {}, nullptr);
    REQUIRE(code != nullptr);
    vm::Context& cx = test_context();
    Value* window = cx.regs_base + 4096;
    for (int k = 0; k < 3; ++k) window[k] = Value::of_int(k);
    ExitState state;
    code->run(cx, window, state);
    REQUIRE(state.kind(cx) == ExitKind::kLink);
    CHECK(window[0] == Value::of_int(1));
    CHECK(window[1] == Value::of_int(2));
    CHECK(window[2] == Value::of_int(0));
  }
}

TEST_CASE("jit run: inlined frames are in the snapshots") {
  Trace t;
  Emitter e(t, OptOptions());
  e.begin_root(nullptr, 20);
  const IrRef x = e.check_int(e.slot(0));
  Frame f;
  f.result = 2;
  f.function = t.ref_const(nullptr);
  e.push_frame(f, 5);  // the callee's register 0 is the caller's register 5
  e.set_slot(0, x);    // its parameter
  e.at(0);
  e.set_slot(1, e.emit(Ir::AddOv, e.slot(0), t.int_const(3)));
  e.at(1);
  e.guard_int(Cond::lt, x, t.int_const(10));
  const IrRef result = e.slot(1);
  e.pop_frame();
  e.set_slot(2, result);
  e.at(21);
  e.finish_exit();
  REQUIRE(verify(t) == "");
  const Outcome inside = run_trace(*new_x64_backend(), t, std::vector<Value>(8, Value::of_int(50)));
  CHECK(inside.pc == 1);
  CHECK(inside.registers[5] == "50");
  CHECK(inside.registers[6] == "53");
  CHECK(inside.registers[2] == "50");  // as it was
  const Outcome after = run_trace(*new_x64_backend(), t, std::vector<Value>(8, Value::of_int(4)));
  CHECK(after.pc == 21);
  CHECK(after.registers[2] == "7");
  CHECK(after.registers[6] == "4");  // dead
  IrRef guard = 1;
  while (t.ins[guard].op != Ir::GuardI) ++guard;
  const Snapshot& s = t.snapshots[t.ins[guard].aux];
  CHECK(t.frames[s.frame].base == 5);
  CHECK(t.frames[s.frame].parent_pc == 20);
}

TEST_CASE("jit run: a failing call leaves with its status") {
  const std::string text =
      "%1 = word SLoad #0\n"
      "%2 = word Call refuse_none(%1) @7{1=%1}\n"
      "Exit @8{1=%2}\n";
  const Outcome failed = run_everywhere(text, {kNone, kTrue});
  CHECK(failed.kind == ExitKind::kAbort);  // nothing is pending
  const Outcome fine = run_everywhere(text, {kFalse, kTrue});
  CHECK(fine.kind == ExitKind::kResume);
  CHECK(fine.registers[1] == text_of(kFalse));
}

TEST_CASE("jit run: the boundary poll leaves at the loop header") {
  Trace in, t;
  REQUIRE(parse(in, kSum, {}, nullptr));
  REQUIRE(optimize(in, t, OptOptions()));
  for (const bool machine : {false, true}) {
    const auto backend = machine ? new_x64_backend() : new_ir_interpreter();
    const Outcome o =
        run_trace(*backend, t, {Value::of_int(0), Value::of_int(0)}, {}, test_context().poll + 10);
    CHECK(o.kind == ExitKind::kPoll);
    CHECK(o.registers == std::vector<std::string>{"11", "55"});
  }
}

TEST_CASE("jit run: ints beyond 63 bits become BigInts at exits, zeros FloatBoxes") {
  const std::string text =
      "%1 = word SLoad #0\n"
      "%2 = i64 CheckInt %1 @1{}\n"
      "%3 = i64 AddOv %2, %2 @1{}\n"
      "%4 = f64 IntToFloat 0\n"
      "Exit @2{0=%3, 1=%4}\n";
  const Outcome o = run_everywhere(text, {Value::of_int((int64_t{1} << 62) - 1), kNone});
  CHECK(o.registers == std::vector<std::string>{"big7ffffffffffffffe", "f0000000000000000"});
}

TEST_CASE("jit run: a sum over bytes, in and out of bounds") {
  const std::string text =
      "%i = word SLoad #0\n"
      "%i1 = i64 CheckInt %i @4{}\n"
      "%a = word SLoad #1\n"
      "%a1 = ref CheckRef %a @4{}\n"
      "%s = word SLoad #2\n"
      "%s1 = i64 CheckInt %s @4{}\n"
      "%n = word SLoad #3\n"
      "%n1 = i64 CheckInt %n @4{}\n"
      "GuardI %i1 lt %n1 @4{}\n"
      "%l = i64 LoadField %a1, Bytes.length\n"
      "GuardI %i1 ult %l @5{}\n"
      "%x = i64 LoadItem %a1, %i1, BytesData\n"
      "%s2 = i64 AddOv %s1, %x @5{}\n"
      "%i2 = i64 AddOv %i1, 1 @6{2=%s2}\n"
      "TxPoll 1 @4{0=%i2, 2=%s2}\n"
      "Jump #0\n";
  vm::Context& cx = test_context();
  auto* bytes = static_cast<vm::Bytes*>(gc::allocate(cx, sizeof(vm::Bytes) + 104));
  *reinterpret_cast<Word*>(bytes) = vm::kShapeBytes;
  bytes->length = 100;
  bytes->hash = 0;
  for (unsigned k = 0; k < 104; ++k) bytes->data()[k] = static_cast<uint8_t>(k);
  const Value zero = Value::of_int(0);
  const auto run = [&](int64_t n) {
    return run_everywhere(text, {zero, Value(bytes), zero, Value::of_int(n)});
  };
  const Outcome inside = run(100);
  CHECK(inside.registers[2] == "4950");
  CHECK(inside.pc == 4);
  // One iteration, then the test before the loop says that the end lies out of bounds: the
  // interpreter goes on at the header, nothing is lost.
  const Outcome outside = run(101);
  CHECK(outside.registers[0] == "1");
  CHECK(outside.registers[2] == "0");
  CHECK(outside.pc == 4);
}

TEST_CASE("jit run: barriers in parallel mode acquire, log and undo") {
  const std::string text =
      "%1 = word SLoad #0\n"
      "%2 = ref CheckRef %1 @1{}\n"
      "%3 = word SLoad #1\n"
      "%4 = ref CheckRef %3 @1{}\n"
      "%5 = word LoadField %4, Cell.content\n"
      "ReadCheck %4 @1{}\n"
      "Acquire %2 @1{}\n"
      "StoreField %2, %5, Cell.content\n"
      "Exit @2{2=%5}\n";
  vm::Context& cx = test_context();
  Trace t;
  REQUIRE(parse(t, text, {}, nullptr));
  REQUIRE(verify(t) == "");
  const auto next_transaction = [&] {
    stm::commit(cx);
    stm::begin(cx);
  };
  stm::keep_parallel(cx, true);
  const bool in_base = cx.in_native_base;  // there, transactions are inevitable
  cx.in_native_base = false;
  for (const bool machine : {false, true}) {
    gc::Root cells[2];
    for (gc::Root& root : cells) {
      auto* cell = static_cast<vm::Cell*>(gc::allocate(cx, sizeof(vm::Cell)));
      *reinterpret_cast<Word*>(cell) = vm::kShapeCell;
      stm::init_state(cx, cell).content = &root == cells ? kNone : kTrue;
      root.value = cell;
    }
    next_transaction();  // the cells' stamps are stale now
    REQUIRE(cx.parallel());
    auto* to = cells[0].value.as<vm::Cell>();
    auto* from = cells[1].value.as<vm::Cell>();
    const auto backend = machine ? new_x64_backend() : new_ir_interpreter();
    const Word* log = cx.log;
    const Outcome o = run_trace(*backend, t, {cells[0].value, cells[1].value, kNone});
    CHECK(o.pc == 2);
    CHECK(o.registers[2] == text_of(kTrue));
    CHECK(cx.log == log + 1);
    CHECK(cx.log[-1] == reinterpret_cast<Word>(from));
    CHECK(stm::is_mine(cx, to));
    CHECK_FALSE(stm::is_mine(cx, from));
    bool aborted = false;
    try {
      stm::abort(cx, stm::AbortReason{});
    } catch (const stm::Abort&) {
      aborted = true;
    }
    CHECK(aborted);
    stm::begin(cx);
    CHECK(stm::Peek<vm::Cell>(cells[0].value.as<vm::Cell>())->content == kNone);
  }
  stm::keep_parallel(cx, false);
  cx.in_native_base = in_base;
  next_transaction();
}

TEST_CASE("jit run: constants of traces follow their objects") {
  vm::Context& cx = test_context();
  Trace t;
  auto* cell = static_cast<vm::Cell*>(gc::allocate(cx, sizeof(vm::Cell)));
  *reinterpret_cast<Word*>(cell) = vm::kShapeCell;
  stm::init_state(cx, cell).content = Value::of_int(77);
  const IrRef k = t.ref_const(cell);
  const auto before = reinterpret_cast<Word>(cell);
  cell = nullptr;
  t.ins.push_back(
      {.op = Ir::LoadField, .type = Type::Word, .a = k, .aux = field::Cell::content.id});
  t.snap_slots = {{0, 1}};
  t.snapshots = {{0, 1, 0, 3}};
  t.ins.push_back({.op = Ir::Exit});
  const auto backend = new_x64_backend();
  const auto code = backend->compile(t, nullptr, {}, nullptr);
  REQUIRE(code != nullptr);
  gc::collect(cx, gc::Kind::kYoung);
  CHECK(t.constant(Type::Ref, t.bits(k)) == k);  // found under its present address
  ExitState state;
  Value* window = cx.regs_base + 4096;
  code->run(cx, window, state);
  Restorer(cx, state).registers(window);
  CHECK(window[0] == Value::of_int(77));
  INFO("moved: " << (t.bits(k) != before));
  CHECK(vm::has_shape(Value(t.bits(k)), vm::kShapeCell));
}
