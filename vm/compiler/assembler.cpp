// See assembler.h.
#include "vm/compiler/assembler.h"

#include <algorithm>
#include <cstring>

#include "base/assert.h"
#include "vm/compiler/code_check.h"
#include "vm/compiler/errors.h"

namespace pystm::vm::compiler {

namespace {

[[noreturn]] void too_many(const char* what) {
  ErrorInfo info;
  info.kind = ErrorKind::Syntax;
  info.message = std::string("too many ") + what;
  throw CompileError{std::move(info)};
}

}  // namespace

Assembler::Assembler(Scope& s, Arena& a) : scope(s), arena(a), unit(std::make_shared<CodeUnit>()) {
  std::vector<std::string_view> cells, frees;
  const auto add_local = [&](const Symbol& symbol) {
    locals_.emplace(symbol.name, static_cast<int>(unit->varnames.size()));
    unit->varnames.emplace_back(symbol.name);
    may_unbind_.push_back(symbol.flags & kMayUnbind);
    walrus_.push_back(symbol.flags & kWalrus);
  };
  if (s.is_function())
    for (Identifier name : s.params) add_local(*s.find(name));
  for (const Symbol& symbol : s.symbols) {
    const bool plain = symbol.binding == Binding::Local && !(symbol.flags & kDefParam);
    if (s.is_function() && plain) add_local(symbol);
    if (symbol.binding == Binding::Cell) cells.push_back(symbol.name);
    if (symbol.binding == Binding::Free || (symbol.flags & kDefFreeClass))
      frees.push_back(symbol.name);
  }
  if (s.needs_class_closure) cells.push_back(arena.intern("__class__"));
  std::sort(cells.begin(), cells.end());
  std::sort(frees.begin(), frees.end());
  unit->cellvars.assign(cells.begin(), cells.end());
  unit->freevars.assign(frees.begin(), frees.end());
  for (size_t i = 0; i < cells.size(); i++)
    cells_.emplace(cells[i], static_cast<int>(unit->cell_base() + i));
  for (size_t i = 0; i < frees.size(); i++)
    frees_.emplace(frees[i], static_cast<int>(unit->free_base() + i));
  top_ = max_top_ = first_temp_ = unit->temp_base();
  bound_.assign(unit->varnames.size() / 64 + 1, 0);
  if (s.is_function())
    for (Reg r = 0; r < s.params.size(); r++) set_bound(r);
}

void Assembler::set_bound(Reg local) {
  if (!may_unbind_[local]) bound_[local / 64] |= uint64_t{1} << (local % 64);
}

// --- instructions

// The end of the registers that an instruction reads which suspends no frame itself: compiled code
// that comes back from a call may begin with it, and be collected or rolled back there.
static Reg end_of_reads(const Instr& i) {
  switch (i.op) {
    case Op::MOVE:
    case Op::STORE_CELL:
    case Op::LIST_TO_TUPLE:
    case Op::ASYNC_GEN_WRAP:
      return i.b + 1u;
    case Op::IS:
      return std::max(i.b, i.c) + 1u;
    case Op::RETURN:
      return i.a + 1u;
    default:
      return 0;
  }
}

void Assembler::add(Instr instr, int label) {
  if (!reachable_) return;
  if (top_ >= kNoRegister) too_many("registers");
  items_.push_back({instr, label, static_cast<uint16_t>(std::max(top_, end_of_reads(instr)))});
  positions_.push_back({at.lineno, at.end_lineno, at.col_offset, at.end_col_offset});
  if (op_trait(instr.op) == Trait::kEnd) reachable_ = false;
}

void Assembler::emit(Op op, Reg a, Reg b, Reg c, unsigned d) {
  add(Instr::abc(op, a, b, c, d), -1);
}

void Assembler::emit_wide(Op op, Reg a, int32_t bc) { add(Instr::wide(op, a, bc), -1); }

Label Assembler::new_label() {
  labels_.emplace_back();
  return {static_cast<int>(labels_.size()) - 1};
}

void Assembler::note_jump(Label target) {
  LabelState& l = labels_[target.id];
  if (l.at >= 0) return;  // backward: the set there is a subset already
  if (!l.used) {
    l.used = true;
    l.bound = bound_;
    return;
  }
  for (size_t i = 0; i < bound_.size(); i++) l.bound[i] &= bound_[i];
}

void Assembler::jump(Op op, Label target, Reg a, Reg b, unsigned d) {
  if (!reachable_) return;
  note_jump(target);
  add(Instr::abc(op, a, b, 0, d), target.id);
  if (op == Op::JUMP_BACK) reachable_ = false;
}

void Assembler::bind(Label label) {
  LabelState& l = labels_[label.id];
  l.at = here();
  if (!l.used) return;
  if (reachable_) {
    for (size_t i = 0; i < bound_.size(); i++) bound_[i] &= l.bound[i];
  } else {
    bound_ = l.bound;
    reachable_ = true;
  }
}

void Assembler::load_const(Reg dst, Const value) {
  if (!reachable_) return;
  if (value.kind == Const::Kind::kInt && value.int_value == static_cast<int32_t>(value.int_value))
    return emit_wide(Op::LOAD_INT, dst, static_cast<int32_t>(value.int_value));
  emit_wide(Op::LOAD_CONST, dst, constant(std::move(value)));
}

namespace {

void append_key(std::string& key, const Const& c) {
  key += static_cast<char>(c.kind);
  const auto raw = [&](const auto& x) { key.append(reinterpret_cast<const char*>(&x), sizeof x); };
  raw(c.int_value);
  raw(c.real);
  raw(c.imag);
  raw(c.text.size());
  key += c.text;
  raw(c.items.size());
  for (const Const& item : c.items) append_key(key, item);
}

}  // namespace

int Assembler::constant(Const value) {
  const int next = static_cast<int>(unit->consts.size());
  if (value.kind != Const::Kind::kCode) {
    std::string key;
    append_key(key, value);
    auto [it, fresh] = const_index_.emplace(std::move(key), next);
    if (!fresh) return it->second;
  }
  unit->consts.push_back(std::move(value));
  return next;
}

uint16_t Assembler::name(std::string_view text) {
  const int next = static_cast<int>(unit->names.size());
  auto [it, fresh] = name_index_.emplace(std::string(text), next);
  if (fresh) unit->names.emplace_back(text);
  if (it->second > 0xFFFE) too_many("names");
  return static_cast<uint16_t>(it->second);
}

// --- handlers

void Assembler::open(Protected& p) {
  if (p.handler.id < 0) p.handler = new_label();
  LabelState& l = labels_[p.handler.id];
  if (reachable_) {
    if (l.bound.empty())
      l.bound = bound_;
    else
      for (size_t i = 0; i < bound_.size(); i++) l.bound[i] &= bound_[i];
  }
  p.start = here();
}

void Assembler::close(Protected& p) {
  if (p.start >= 0 && here() > p.start) p.ranges.emplace_back(p.start, here());
  p.start = -1;
}

void Assembler::begin_handler(Protected& p) {
  DCHECK(!reachable_);
  if (!p.ranges.empty()) labels_[p.handler.id].used = true;
  for (auto [start, end] : p.ranges) rows_.push_back({start, end, p.handler, p.depth});
  bind(p.handler);
  set_top(p.depth + 1);
}

// --- the finished unit

namespace {

// Jumps whose offset has 16 bits.
bool is_short_jump(Op op) { return op_operands(op) == Operands::ABJ; }

}  // namespace

// Addresses of the items, one more for the end. A short jump that does not reach becomes
// "jump +1; JUMP +1; JUMP target".
std::vector<int> Assembler::lay_out() {
  const size_t n = items_.size();
  std::vector<int> address(n + 1);
  long_.assign(n, false);
  for (bool changed = true; changed;) {
    changed = false;
    int pc = 0;
    for (size_t i = 0; i < n; i++) {
      address[i] = pc;
      pc += long_[i] ? 3 : 1;
    }
    address[n] = pc;
    if (n < 30000) break;
    for (size_t i = 0; i < n; i++) {
      if (items_[i].label < 0 || long_[i] || !is_short_jump(items_[i].instr.op)) continue;
      const int offset = address[labels_[items_[i].label].at] - address[i] - 1;
      if (offset > INT16_MAX - 8 || offset < INT16_MIN + 8) long_[i] = changed = true;
    }
  }
  return address;
}

void Assembler::encode(const std::vector<int>& address) {
  std::vector<vm::Position> positions;
  positions.reserve(address.back());
  unit->instrs.reserve(address.back());
  for (size_t i = 0; i < items_.size(); i++) {
    Item& item = items_[i];
    Instr instr = item.instr;
    const uint32_t pc = static_cast<uint32_t>(unit->instrs.size());
    if (unit->depths.empty() || unit->depths.back().live_end != item.live_end)
      unit->depths.push_back({pc, item.live_end});
    if (item.label >= 0) {
      const int target = address[labels_[item.label].at];
      const int offset = target - static_cast<int>(pc) - 1;
      if (long_[i])
        instr.c = 1;
      else if (is_short_jump(instr.op))
        instr.c = static_cast<uint16_t>(offset);
      else
        instr.bc = offset;
      if (long_[i]) {
        unit->instrs.push_back(instr);
        unit->instrs.push_back(Instr::wide(Op::JUMP, 0, 1));
        const int far = target - static_cast<int>(pc) - 3;
        instr = Instr::wide(far < 0 ? Op::JUMP_BACK : Op::JUMP, 0, far);
        positions.push_back(positions_[i]);
        positions.push_back(positions_[i]);
      }
    }
    unit->instrs.push_back(instr);
    positions.push_back(positions_[i]);
  }
  unit->positions = encode_positions(positions);
}

std::shared_ptr<CodeUnit> Assembler::finish() {
  const std::vector<int> address = lay_out();
  encode(address);
  for (const Row& row : rows_)
    unit->exceptions.push_back(
        {static_cast<uint32_t>(address[row.start]), static_cast<uint32_t>(address[row.end]),
         static_cast<uint32_t>(address[labels_[row.target.id].at]),
         static_cast<uint16_t>(row.depth), static_cast<uint16_t>(row.depth)});
  unsigned registers = max_top_;
  for (const Instr& i : unit->instrs) registers = std::max(registers, register_extent(i));
  if (registers >= kNoRegister) too_many("registers");
  unit->register_count = static_cast<uint16_t>(registers);
  return unit;
}

}  // namespace pystm::vm::compiler
