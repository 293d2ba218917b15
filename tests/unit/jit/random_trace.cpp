#include "tests/unit/jit/random_trace.h"

#include <catch2/catch.hpp>

#include "jit/arith.h"
#include "jit/runtime.h"
#include "tests/unit/jit/functions.h"
#include "tests/unit/jit/machine.h"
#include "vm/object/number.h"

namespace pystm::jit {

// --- the world -----------------------------------------------------------------------------------

namespace {

Value random_value(base::Rng& rng) {
  vm::Context& cx = test_context();
  switch (rng.below(8)) {
    case 0:
      return Value::of_int(static_cast<int64_t>(rng()) >> 2);
    case 1:
      return vm::make_float(cx, 0.0);
    case 2:
      return vm::make_float(cx, static_cast<double>(rng.below(1000)) / 8);
    case 3:
      return vm::make_float(cx, -1e300);
    case 4:
      return kNone;
    default:
      return Value::of_int(static_cast<int64_t>(rng.below(200)) - 100);
  }
}

vm::Cell* new_cell(vm::Context& cx, Value content) {
  auto* cell = static_cast<vm::Cell*>(gc::allocate(cx, sizeof(vm::Cell)));
  *reinterpret_cast<Word*>(cell) = vm::kShapeCell;
  stm::init_state(cx, cell).content = content;
  return cell;
}

}  // namespace

// Registers 6 and 7 hold cells, 0 the counter of the loop.
void RandomWorld::reset(Word seed) {
  vm::Context& cx = test_context();
  base::Rng rng(seed);
  for (Word& w : buffer) w = rng();
  for (unsigned r = 1; r < 6; ++r) registers[r].value = random_value(rng);
  for (unsigned r = 6; r < 8; ++r)
    registers[r].value = new_cell(cx, Value::of_int(static_cast<int64_t>(rng.below(50))));
  registers[0].value = Value::of_int(0);
}

std::vector<Value> RandomWorld::values() const {
  std::vector<Value> all;
  for (const gc::Root& r : registers) all.push_back(r.value);
  return all;
}

std::string RandomWorld::text() const {
  std::string s;
  for (const Word w : buffer) s += text_of(Value::of_int(static_cast<int64_t>(w) >> 1)) + " ";
  for (unsigned r = 6; r < 8; ++r)
    s += text_of(stm::Peek<vm::Cell>(registers[r].value.as<vm::Cell>())->content) + " ";
  return s;
}

// --- building ------------------------------------------------------------------------------------

uint32_t RandomTrace::snapshot() {
  Snapshot s{static_cast<uint32_t>(t_.snap_slots.size()), 0, 0, pc_};
  for (unsigned r = 0; r < kRandomRegisters; ++r) {
    if (!modified_[r]) continue;
    t_.snap_slots.push_back({static_cast<int16_t>(r), regs_[r]});
    ++s.count;
  }
  t_.snapshots.push_back(s);
  return static_cast<uint32_t>(t_.snapshots.size() - 1);
}

IrRef RandomTrace::append(const Ins& i, Word bits) {
  Ins n = i;
  if (n.type == Type::None && info_of(n.op).result != Type::Any) n.type = info_of(n.op).result;
  if (has_snapshot(t_, n)) n.aux = snapshot();
  const IrRef r = t_.size();
  t_.ins.push_back(n);
  if (n.type != Type::None) items_.push_back({r, n.type, bits});
  return r;
}

const RandomTrace::Item* RandomTrace::pick(Type type) {
  for (unsigned tries = 0; tries < 12 && !items_.empty(); ++tries) {
    // Mostly recent ones.
    const size_t back =
        rng_.below(rng_.below(4) == 0 ? items_.size() : std::min<size_t>(items_.size(), 12));
    const Item& i = items_[items_.size() - 1 - back];
    if (i.type == type) return &i;
  }
  return nullptr;
}

RandomTrace::Item RandomTrace::any_int() {
  if (rng_.below(4) != 0)
    if (const Item* i = pick(Type::I64)) return *i;
  const int64_t k =
      rng_.below(5) == 0 ? static_cast<int64_t>(rng_()) : static_cast<int64_t>(rng_.below(64)) - 8;
  return {t_.int_const(k), Type::I64, static_cast<Word>(k)};
}

RandomTrace::Item RandomTrace::any_float() {
  if (rng_.below(4) != 0)
    if (const Item* i = pick(Type::F64)) return *i;
  const double d = static_cast<double>(rng_.below(64)) / 4 - 3;
  return {t_.float_const(d), Type::F64, std::bit_cast<Word>(d)};
}

RandomTrace::Item RandomTrace::any_word() {
  if (const Item* i = pick(Type::Word)) return *i;
  const unsigned r = 1 + static_cast<unsigned>(rng_.below(5));
  if (!modified_[r] && regs_[r] == 0) {
    const Word bits = world_.registers[r].value.bits();
    regs_[r] = append({.op = Ir::SLoad, .type = Type::Word, .aux = r}, bits);
    return {regs_[r], Type::Word, bits};
  }
  const Value v = rng_.below(2) ? kNone : Value::of_int(static_cast<int64_t>(rng_.below(9)));
  return {t_.word_const(v), Type::Word, v.bits()};
}

void RandomTrace::set_register() {
  const Item* i =
      items_.empty() ? nullptr
                     : &items_[items_.size() - 1 - rng_.below(std::min<size_t>(items_.size(), 10))];
  if (i == nullptr) return;
  const Item item = *i;
  const unsigned r = 1 + static_cast<unsigned>(rng_.below(5));
  regs_[r] = item.type == Type::I64 ? small(item) : item.ref;
  modified_[r] = true;
}

// An int of at most 63 bits in every iteration. Of larger ones optimised code thinks as ints, plain
// code as BigInts, on which CheckInt leaves: both are right, but not the same.
IrRef RandomTrace::small(const Item& i) {
  return append({.op = Ir::Sar, .a = i.ref, .b = t_.int_const(1)},
                static_cast<Word>(static_cast<int64_t>(i.bits) >> 1));
}

IrRef RandomTrace::check(Ir op, Type type, const Item& w, Word bits) {
  return append({.op = op, .type = type, .a = w.ref}, bits);
}

void RandomTrace::int_op() {
  const Item a = any_int(), b = any_int();
  const auto x = static_cast<int64_t>(a.bits), y = static_cast<int64_t>(b.bits);
  Ir op = static_cast<Ir>(static_cast<unsigned>(Ir::AddOv) + rng_.below(14));
  IrRef rb = b.ref;
  int64_t yy = y;
  if (op == Ir::ShlOv || op == Ir::Shl || op == Ir::Sar) {
    yy = y & 63;
    if (rng_.below(2))
      rb = append({.op = Ir::And, .a = b.ref, .b = t_.int_const(63)}, static_cast<Word>(yy));
    else
      rb = t_.int_const(yy);
  }
  if (op == Ir::FloorDiv || op == Ir::FloorMod) {
    if (y == 0 || y == -1)
      op = Ir::Xor;
    else if (!is_const(b.ref)) {
      append(
          {.op = Ir::GuardI, .a = b.ref, .b = t_.int_const(0), .c = static_cast<IrRef>(Cond::ne)});
      append(
          {.op = Ir::GuardI, .a = b.ref, .b = t_.int_const(-1), .c = static_cast<IrRef>(Cond::ne)});
    }
  }
  int64_t r;
  if (!evaluate_int(op, x, yy, &r)) op = Ir::Sub, evaluate_int(op, x, yy, &r);
  append({.op = op, .a = a.ref, .b = rb}, static_cast<Word>(r));
}

void RandomTrace::float_op() {
  const Item a = any_float(), b = any_float();
  const unsigned k = static_cast<unsigned>(rng_.below(9));
  if (k < 7) {
    const Ir op = static_cast<Ir>(static_cast<unsigned>(Ir::AddF) + k);
    const bool two = k < 4;
    const double r =
        evaluate_float(op, std::bit_cast<double>(a.bits), std::bit_cast<double>(b.bits));
    append({.op = op, .a = a.ref, .b = two ? b.ref : kNoRef}, std::bit_cast<Word>(r));
  } else if (k == 7) {
    const Item i = any_int();
    append({.op = Ir::IntToFloat, .a = i.ref},
           std::bit_cast<Word>(static_cast<double>(static_cast<int64_t>(i.bits))));
  } else {
    int64_t r;
    if (truncate(std::bit_cast<double>(a.bits), &r))
      append({.op = Ir::FloatToInt, .a = a.ref}, static_cast<Word>(r));
  }
}

void RandomTrace::compare() {
  const bool f = rng_.below(3) == 0;
  const Item a = f ? any_float() : any_int(), b = f ? any_float() : any_int();
  auto c = static_cast<Cond>(rng_.below(f ? 6 : 10));
  const auto holds = [&] {
    return f ? evaluate(c, std::bit_cast<double>(a.bits), std::bit_cast<double>(b.bits))
             : evaluate(c, static_cast<int64_t>(a.bits), static_cast<int64_t>(b.bits));
  };
  const bool outcome = holds();
  if (rng_.below(3) == 0) {
    const IrRef r =
        append({.op = f ? Ir::CmpF : Ir::CmpI, .a = a.ref, .b = b.ref, .c = static_cast<IrRef>(c)},
               outcome);
    if (rng_.below(2))
      append({.op = outcome ? Ir::GuardTrue : Ir::GuardFalse, .a = r});
    else
      append({.op = Ir::BoxBool, .a = r}, of_bool(outcome).bits());
    return;
  }
  if (!outcome) c = f ? negated_float(c) : negated(c);
  append({.op = f ? Ir::GuardF : Ir::GuardI, .a = a.ref, .b = b.ref, .c = static_cast<IrRef>(c)});
}

void RandomTrace::float_of_word(const Item& w) {
  double d;
  if (float_of(Value(w.bits), &d)) check(Ir::CheckFloat, Type::F64, w, std::bit_cast<Word>(d));
}

void RandomTrace::box_op() {
  switch (rng_.below(4)) {
    case 0: {
      const Item i = any_int();
      const int64_t k = static_cast<int64_t>(i.bits) >> 1;
      append({.op = Ir::BoxInt, .a = small(i)}, Value::of_int(k).bits());
      return;
    }
    case 1: {
      const Item x = any_float();
      const double d = std::bit_cast<double>(x.bits);
      if (Value::fits_float(d)) append({.op = Ir::BoxFloat, .a = x.ref}, Value::of_float(d).bits());
      return;
    }
    default: {
      const Item w = any_word();
      const Value v(w.bits);
      if (v.is_int())
        check(Ir::CheckInt, Type::I64, w, static_cast<Word>(v.as_int()));
      else if (v.is_float() || (v.is_object() && vm::has_shape(v, vm::kShapeFloatBox)))
        float_of_word(w);
      else if (!v.is_object())
        append({.op = Ir::GuardIs, .a = w.ref, .b = t_.word_const(v)});
      return;
    }
  }
}

// The buffer, as fields of raw memory; nothing of it is known while recording.
void RandomTrace::memory_op() {
  const IrRef base = t_.ptr_const(world_.buffer);
  const unsigned k = static_cast<unsigned>(rng_.below(kBufferWords));
  if (rng_.below(3) != 0) {
    const Item v = any_int();
    append({.op = Ir::StoreField,
            .a = base,
            .b = v.ref,
            .aux = outside_field(8 * k, Memory::kI64).id});
    return;
  }
  // What is loaded is unknown here (stores of the trace have not been executed): only its low byte
  // is used, by instructions that cannot leave.
  const IrRef r = t_.size();
  append({.op = Ir::LoadField,
          .type = Type::I64,
          .a = base,
          .aux = outside_field(8 * k, Memory::kI64).id});
  items_.pop_back();
  regs_[5] = small({r, Type::I64, 0});
  items_.pop_back();
  modified_[5] = true;
}

void RandomTrace::cell_op() {
  const unsigned r = 6 + static_cast<unsigned>(rng_.below(2));
  const Value object = world_.registers[r].value;
  if (regs_[r] == 0) {
    regs_[r] = append({.op = Ir::SLoad, .type = Type::Word, .aux = r}, object.bits());
    items_.pop_back();
    cells_[r] = stm::Peek<vm::Cell>(object.as<vm::Cell>())->content.bits();
  }
  const IrRef o = check(Ir::CheckRef, Type::Ref, {regs_[r], Type::Word, 0}, object.bits());
  items_.pop_back();
  append({.op = Ir::GuardShape, .a = o, .b = t_.int_const(vm::kShapeCell)});
  if (rng_.below(2)) {
    append({.op = Ir::LoadField, .type = Type::Word, .a = o, .aux = field::Cell::content.id},
           cells_[r]);
    const Item loaded = items_.back();
    append({.op = Ir::ReadCheck, .a = o});
    if (Value(loaded.bits).is_int())
      check(Ir::CheckInt, Type::I64, loaded, static_cast<Word>(Value(loaded.bits).as_int()));
    return;
  }
  const Item w = any_word();
  append({.op = Ir::Acquire, .a = o});
  append({.op = Ir::StoreField, .a = o, .b = w.ref, .aux = field::Cell::content.id});
  cells_[r] = w.bits;
  ++pc_;  // the effect is done: later exits are after it
}

// A pair, perhaps dropped, perhaps left in a register, perhaps taken apart.
void RandomTrace::tuple_op() {
  const Item x = any_word(), y = any_word();
  const IrRef n = append({.op = Ir::New, .a = t_.int_const(vm::kShapeTuple), .aux = 32});
  items_.pop_back();
  append({.op = Ir::StoreField, .a = n, .b = t_.int_const(2), .aux = field::Tuple::length.id});
  append(
      {.op = Ir::StoreItem, .a = n, .b = t_.int_const(0), .c = x.ref, .aux = array::TupleItems.id});
  append(
      {.op = Ir::StoreItem, .a = n, .b = t_.int_const(1), .c = y.ref, .aux = array::TupleItems.id});
  if (rng_.below(2)) {
    append({.op = Ir::LoadItem,
            .type = Type::Word,
            .a = n,
            .b = t_.int_const(1),
            .aux = array::TupleItems.id},
           y.bits);
  }
  if (rng_.below(2)) {
    const unsigned r = 1 + static_cast<unsigned>(rng_.below(5));
    regs_[r] = n;
    modified_[r] = true;
  }
}

void RandomTrace::call_op() {
  const auto functions = test_functions();
  const auto call = [&](unsigned f, std::initializer_list<IrRef> args, Word bits) {
    const auto first = static_cast<IrRef>(t_.args.size());
    t_.args.insert(t_.args.end(), args.begin(), args.end());
    append({.op = Ir::Call,
            .type = functions[f]->result,
            .a = first,
            .b = static_cast<IrRef>(args.size()),
            .c = t_.call_row(functions[f])},
           bits);
  };
  const auto mix = reinterpret_cast<Word (*)(vm::Context&, Word, Word)>(functions[2]->entry);
  const auto blend =
      reinterpret_cast<double (*)(vm::Context&, double, Word, double)>(functions[3]->entry);
  vm::Context& cx = test_context();
  switch (rng_.below(3)) {
    case 0: {
      const Item a = any_int(), b = any_int();
      return call(2, {a.ref, b.ref}, mix(cx, a.bits, b.bits));
    }
    case 1: {
      const Item a = any_float(), b = any_int(), c = any_float();
      return call(3, {a.ref, b.ref, c.ref},
                  std::bit_cast<Word>(blend(cx, std::bit_cast<double>(a.bits), b.bits,
                                            std::bit_cast<double>(c.bits))));
    }
    default: {
      const Item w = any_word();
      call(rng_.below(2), {w.ref}, w.bits);
      if (w.bits == kNone.bits() && t_.calls[t_.ins[t_.size() - 1].c] == functions[1]) {
        items_.pop_back();  // it would fail
        t_.ins.pop_back();
      }
    }
  }
}

void RandomTrace::make(unsigned instructions, unsigned iterations) {
  regs_[0] = append({.op = Ir::SLoad, .type = Type::Word, .aux = 0}, Value::of_int(0).bits());
  const IrRef counter = append({.op = Ir::CheckInt, .a = regs_[0]}, 0);
  append({.op = Ir::GuardI,
          .a = counter,
          .b = t_.int_const(iterations),
          .c = static_cast<IrRef>(Cond::lt)});
  while (t_.size() < instructions) {
    ++pc_;
    switch (rng_.below(12)) {
      case 0:
      case 1:
      case 2:
        int_op();
        break;
      case 3:
      case 4:
        float_op();
        break;
      case 5:
        compare();
        break;
      case 6:
      case 7:
        box_op();
        break;
      case 8:
        memory_op();
        break;
      case 9:
        cell_op();
        break;
      case 10:
        if (rng_.below(2))
          tuple_op();
        else
          call_op();
        break;
      default:
        break;
    }
    if (rng_.below(3) == 0) set_register();
  }
  regs_[0] = append({.op = Ir::AddOv, .a = counter, .b = t_.int_const(1)}, 1);
  modified_[0] = true;
  pc_ = 1;
  append({.op = Ir::TxPoll, .a = 1});
  append({.op = Ir::Jump});
}

}  // namespace pystm::jit
