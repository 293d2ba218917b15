// What code is generated: shown by the disassembler, for the shapes the interpreter relies on.
#include <catch2/catch.hpp>

#include "vm/compiler/code_check.h"
#include "vm/compiler/compile.h"

namespace pystm::vm::compiler {
namespace {

// The listing of the first function in the source.
std::string listing(const std::string& source) {
  const CompileResult r = compile_source(source, "<test>", CompileOptions{});
  REQUIRE(r.code);
  CHECK(verify_code_unit(*r.code) == "");
  for (const Const& c : r.code->consts)
    if (c.code) return disassemble(*c.code);
  return disassemble(*r.code);
}

bool contains(const std::string& text, const std::string& part) {
  INFO(text);
  const bool found = text.find(part) != std::string::npos;
  CHECK(found);
  return found;
}

TEST_CASE("operands are read from locals and results written to them") {
  const std::string s = listing("def f(a, b):\n  c = a + b\n  return c\n");
  contains(s, "0\tADD c a b\n1\tRETURN c\n");
}

TEST_CASE("a local that may be unbound is checked") {
  contains(listing("def f(a):\n  if a: b = 1\n  return b\n"), "MOVE_CHECKED t0 b\n");
  contains(listing("def f(a):\n  if a: b = 1\n  else: b = 2\n  return b\n"), "RETURN b\n");
  contains(listing("def f(a):\n  del a\n  return a\n"), "MOVE_CHECKED t0 a\n");
}

TEST_CASE("a local assigned later in the expression is copied first") {
  contains(listing("def f(a):\n  return a + (a := 1)\n"), "MOVE t0 a\n");
}

TEST_CASE("conditions fuse comparison and jump") {
  contains(listing("def f(a, b):\n  while a < b: a += 1\n"),
           "0\tJUMP_LT a b -> 4\n1\tLOAD_INT t0 1\n2\tADD a a t0 [1]\n3\tJUMP_BACK -> 0\n");
  contains(listing("def f(a):\n  if a is None: return 1\n"), "JUMP_IF_NOT_NONE a");
}

TEST_CASE("calls use one window") {
  contains(listing("def f(g, a):\n  return g(a)\n"),
           "0\tMOVE t0 g\n1\tMOVE t2 a\n2\tCALL t0 t0..t2\n3\tRETURN t0\n");
  contains(listing("def f(o, a):\n  return o.m(a)\n"), "LOAD_METHOD t0..t1 o .m\n");
}

// The end of the registers alive at the first instruction `op` behind a call.
unsigned alive_behind_call(const std::string& source, Op op) {
  const CompileResult r = compile_source(source, "<test>", CompileOptions{});
  REQUIRE(r.code);
  for (const Const& c : r.code->consts) {
    if (!c.code) continue;
    const CodeUnit& u = *c.code;
    for (uint32_t pc = 1; pc < u.instrs.size(); ++pc) {
      if (u.instrs[pc].op != op || u.instrs[pc - 1].op != Op::CALL) continue;
      unsigned end = 0;
      for (const DepthRow& row : u.depths)
        if (row.start <= pc) end = row.live_end;
      CHECK(end > u.instrs[pc - 1].b);  // where the call's value is
      return end;
    }
  }
  return 0;
}

TEST_CASE("a call's value is alive at the jump, move or return behind it") {
  CHECK(alive_behind_call("def f(o, g, c):\n  o.x = g() if c else None\n", Op::JUMP) != 0);
  CHECK(alive_behind_call("def f(g, c):\n  x = c and g()\n  return x\n", Op::MOVE) != 0);
  CHECK(alive_behind_call("def f(g):\n  return g()\n", Op::RETURN) != 0);
}

TEST_CASE("handlers restore the exception handled before") {
  const std::string s = listing("def f():\n  try: g()\n  except E as e: h()\n");
  contains(s, "ENTER_HANDLER t1 t0\n");
  contains(s, "DELETE_LOCAL e\n");
  contains(s, "LEAVE_HANDLER t1\n");
}

TEST_CASE("jumps longer than 16 bits are rewritten") {
  std::string source = "def f(a):\n  for x in a:\n";
  for (int i = 0; i < 20000; i++) source += "    a.b = x\n    g(x, x, x)\n";
  const CompileResult r = compile_source(source, "<test>", CompileOptions{});
  REQUIRE(r.code);
  CHECK(verify_code_unit(*r.code) == "");
}

TEST_CASE("annotations become text under the future import") {
  contains(listing("from __future__ import annotations\ndef f(a: x[int,'b']|-1, *b: c) -> (d, e): "
                   "pass\nclass A: pass\n"),
           "code f");
  CHECK(compile_source("from __future__ import annotations\nx: a if b else (c, *d)\n", "<test>",
                       CompileOptions{})
            .code->consts.size() > 0);
}

TEST_CASE("code keeps CPython's flags and names") {
  const CompileResult r =
      compile_source("def f(a, /, b, *c, d, **e):\n  'doc'\n  def g(): return a\n  yield g\n",
                     "<test>", CompileOptions{});
  REQUIRE(r.code);
  const CodeUnit& f = *r.code->consts[0].code;
  CHECK(f.argcount == 2);
  CHECK(f.posonly_count == 1);
  CHECK(f.kwonly_count == 1);
  CHECK(f.varnames == std::vector<std::string>{"a", "b", "d", "c", "e", "g"});
  CHECK(f.cellvars == std::vector<std::string>{"a"});
  CHECK(f.flags == (kCoOptimized | kCoNewLocals | kCoVarArgs | kCoVarKeywords | kCoGenerator));
  CHECK(f.consts[0].text == "doc");
  CHECK(f.consts[1].code->qualname == "f.<locals>.g");
}

}  // namespace
}  // namespace pystm::vm::compiler
