// Registers, constants, cells, globals, attributes, items, calls, iteration.
#pragma once

#include "vm/bytecode/instruction.h"
#include "vm/semantics/flow.h"

namespace pystm::vm::sem {

template <class B>
[[gnu::always_inline]] inline Flow NOP(B& b, Instr) {
  return b.next();
}
template <class B>
[[gnu::always_inline]] inline Flow MOVE(B& b, Instr i) {
  return b.set(i.a, b.reg(i.b));
}
template <class B>
[[gnu::always_inline]] inline Flow MOVE_CHECKED(B& b, Instr i) {
  const auto v = b.reg(i.b);
  if (b.is_unset(v)) return b.raise_unbound(i);
  return b.set(i.a, v);
}
template <class B>
[[gnu::always_inline]] inline Flow LOAD_CONST(B& b, Instr i) {
  return b.set(i.a, b.constant(i.bc));
}
template <class B>
[[gnu::always_inline]] inline Flow LOAD_INT(B& b, Instr i) {
  return b.set(i.a, b.small_int(i.bc));
}
template <class B>
[[gnu::always_inline]] inline Flow CLEAR(B& b, Instr i) {
  b.clear(i.a);
  return b.next();
}
template <class B>
[[gnu::always_inline]] inline Flow DELETE_LOCAL(B& b, Instr i) {
  if (b.is_unset(b.reg(i.a))) return b.raise_unbound(i);
  b.clear(i.a);
  return b.next();
}
template <class B>
[[gnu::always_inline]] inline Flow LOAD_CELL(B& b, Instr i) {
  const auto v = b.load_cell(b.reg(i.b));
  if (b.is_unset(v)) return b.raise_unbound(i);
  return b.set(i.a, v);
}
template <class B>
[[gnu::always_inline]] inline Flow STORE_CELL(B& b, Instr i) {
  b.store_cell(b.reg(i.a), b.reg(i.b));
  return b.next();
}
template <class B>
[[gnu::always_inline]] inline Flow LOAD_GLOBAL(B& b, Instr i) {
  return b.load_global(i);
}
template <class B>
[[gnu::always_inline]] inline Flow LOAD_ATTR(B& b, Instr i) {
  return b.load_attr(i, b.reg(i.b));
}
template <class B>
[[gnu::always_inline]] inline Flow STORE_ATTR(B& b, Instr i) {
  return b.store_attr(i, b.reg(i.a), b.reg(i.c));
}
template <class B>
[[gnu::always_inline]] inline Flow LOAD_METHOD(B& b, Instr i) {
  return b.load_method(i, b.reg(i.b));
}
template <class B>
[[gnu::always_inline]] inline Flow GET_ITEM(B& b, Instr i) {
  return b.get_item(i, b.reg(i.b), b.reg(i.c));
}
template <class B>
[[gnu::always_inline]] inline Flow SET_ITEM(B& b, Instr i) {
  return b.set_item(i, b.reg(i.a), b.reg(i.b), b.reg(i.c));
}
template <class B>
[[gnu::always_inline]] inline Flow CALL(B& b, Instr i) {
  return b.call(i);
}
template <class B>
[[gnu::always_inline]] inline Flow RETURN(B& b, Instr i) {
  return b.return_value(b.reg(i.a));
}
template <class B>
[[gnu::always_inline]] inline Flow FOR_ITER(B& b, Instr i) {
  return b.for_iter(i, b.reg(i.a));
}

#define OUTLINED(name)                                     \
  template <class B>                                       \
  [[gnu::always_inline]] inline Flow name(B& b, Instr i) { \
    return b.outline(i);                                   \
  }
#include "vm/interp/outlined.def"
#undef OUTLINED

}  // namespace pystm::vm::sem
