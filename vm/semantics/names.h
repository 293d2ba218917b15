// Registers, constants, cells, globals, attributes, items, calls, iteration.
#pragma once

#include "vm/bytecode/instruction.h"
#include "vm/semantics/flow.h"

namespace pystm::vm::sem {

template <class B>
[[gnu::always_inline]] inline Flow NOP(B& b, Instr) { return b.next(); }
template <class B>
[[gnu::always_inline]] inline Flow MOVE(B& b, Instr i) { return b.set(i.a, b.reg(i.b)); }
template <class B>
[[gnu::always_inline]] inline Flow MOVE_CHECKED(B& b, Instr i) {
  const auto v = b.reg(i.b);
  if (b.is_unset(v)) return b.raise_unbound(i);
  return b.set(i.a, v);
}
template <class B>
[[gnu::always_inline]] inline Flow LOAD_CONST(B& b, Instr i) { return b.set(i.a, b.constant(i.bc)); }
template <class B>
[[gnu::always_inline]] inline Flow LOAD_INT(B& b, Instr i) { return b.set(i.a, b.small_int(i.bc)); }
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
[[gnu::always_inline]] inline Flow LOAD_GLOBAL(B& b, Instr i) { return b.load_global(i); }
template <class B>
[[gnu::always_inline]] inline Flow LOAD_ATTR(B& b, Instr i) { return b.load_attr(i, b.reg(i.b)); }
template <class B>
[[gnu::always_inline]] inline Flow STORE_ATTR(B& b, Instr i) { return b.store_attr(i, b.reg(i.a), b.reg(i.c)); }
template <class B>
[[gnu::always_inline]] inline Flow LOAD_METHOD(B& b, Instr i) { return b.load_method(i, b.reg(i.b)); }
template <class B>
[[gnu::always_inline]] inline Flow GET_ITEM(B& b, Instr i) { return b.get_item(i, b.reg(i.b), b.reg(i.c)); }
template <class B>
[[gnu::always_inline]] inline Flow SET_ITEM(B& b, Instr i) {
  return b.set_item(i, b.reg(i.a), b.reg(i.b), b.reg(i.c));
}
template <class B>
[[gnu::always_inline]] inline Flow CALL(B& b, Instr i) { return b.call(i); }
template <class B>
[[gnu::always_inline]] inline Flow RETURN(B& b, Instr i) { return b.return_value(b.reg(i.a)); }
template <class B>
[[gnu::always_inline]] inline Flow FOR_ITER(B& b, Instr i) { return b.for_iter(i, b.reg(i.a)); }

// Defined out of line only (vm/interp/outline_*.cpp): rare, long, or not worth recording yet.
#define OUTLINED(name)                                        \
  template <class B>                                          \
  [[gnu::always_inline]] inline Flow name(B& b, Instr i) {    \
    return b.outline(i);                                      \
  }
OUTLINED(MAKE_CELL)
OUTLINED(COPY_FREE)
OUTLINED(DELETE_CELL)
OUTLINED(LOAD_CLASSDEREF)
OUTLINED(STORE_GLOBAL)
OUTLINED(DELETE_GLOBAL)
OUTLINED(LOAD_NAME)
OUTLINED(STORE_NAME)
OUTLINED(DELETE_NAME)
OUTLINED(DELETE_ATTR)
OUTLINED(DELETE_ITEM)
OUTLINED(BUILD_SLICE)
OUTLINED(CALL_KW)
OUTLINED(CALL_EX)
OUTLINED(MAKE_FUNCTION)
OUTLINED(LOAD_BUILD_CLASS)
OUTLINED(LOAD_ASSERTION_ERROR)
OUTLINED(BUILD_TUPLE)
OUTLINED(BUILD_LIST)
OUTLINED(BUILD_SET)
OUTLINED(BUILD_MAP)
OUTLINED(BUILD_STRING)
OUTLINED(LIST_APPEND)
OUTLINED(LIST_EXTEND)
OUTLINED(SET_ADD)
OUTLINED(SET_UPDATE)
OUTLINED(MAP_ADD)
OUTLINED(DICT_UPDATE)
OUTLINED(DICT_MERGE)
OUTLINED(LIST_TO_TUPLE)
OUTLINED(UNPACK)
OUTLINED(UNPACK_EX)
OUTLINED(GET_ITER)
OUTLINED(GET_YIELD_FROM_ITER)
OUTLINED(SEND)
OUTLINED(YIELD)
OUTLINED(RETURN_GENERATOR)
OUTLINED(GET_AWAITABLE)
OUTLINED(GET_AITER)
OUTLINED(GET_ANEXT)
OUTLINED(END_ASYNC_FOR)
OUTLINED(ASYNC_GEN_WRAP)
OUTLINED(RAISE)
OUTLINED(RERAISE)
OUTLINED(ENTER_HANDLER)
OUTLINED(LEAVE_HANDLER)
OUTLINED(CHECK_EXC_MATCH)
OUTLINED(CHECK_EG_MATCH)
OUTLINED(PREP_RERAISE_STAR)
OUTLINED(WITH_ENTER)
OUTLINED(WITH_EXIT)
OUTLINED(WITH_EXCEPT)
OUTLINED(ASYNC_WITH_ENTER)
OUTLINED(IMPORT_NAME)
OUTLINED(IMPORT_FROM)
OUTLINED(IMPORT_STAR)
OUTLINED(FORMAT_VALUE)
OUTLINED(MATCH_MAPPING)
OUTLINED(MATCH_SEQUENCE)
OUTLINED(MATCH_KEYS)
OUTLINED(MATCH_CLASS)
OUTLINED(MATCH_REST)
OUTLINED(GET_LEN)
OUTLINED(SETUP_ANNOTATIONS)
OUTLINED(PRINT_EXPR)
#undef OUTLINED

}  // namespace pystm::vm::sem
