// The text form: what is printed parses to the same trace; broken text says where.
#include <catch2/catch.hpp>

#include "jit/ir.h"

using namespace pystm;
using namespace pystm::jit;

static vm::Result<Value> identity(vm::Context&, Value v) { return v; }
static const CallInfo kIdentity = {"identity", Entry<&identity>, Type::Word, kCallFails,
                                   1,          {Type::Word}};

TEST_CASE("jit text: printing and parsing agree") {
  const std::string text =
      "frame 1 parent 0 pc 7 base 10 result 2 on_return kInit init_self r:1000\n"
      "%1 = word SLoad #0\n"
      "%2 = i64 CheckInt %1 @4{0=%1}\n"
      "GuardI %2 lt 10 @4{0=%1}\n"
      "%4 = f64 IntToFloat %2\n"
      "%5 = f64 MulF %4, 1.5\n"
      "%6 = ref CheckRef %1 @f1:9{0=%5, 12=w:-3, 13=unset}\n"
      "GuardShape %6, 42 @f1:9{}\n"
      "%8 = i64 LoadField %6, List.size\n"
      "%9 = ref LoadField %6, List.storage\n"
      "%10 = word LoadItem %9, %2, of %6, Items\n"
      "ReadCheck %6 @5{}\n"
      "%12 = word Call identity(%10) @6{3=none}\n"
      "%13 = word LoadField %6, InstanceSlot.24/word\n"
      "StoreField %6, %12, InstanceSlot.32/word !nogc\n"
      "%15 = bool CmpI %8 ult %2\n"
      "%16 = ref New 17, #48\n"
      "TxPoll 3 @7{}\n"
      "Loop\n"
      "Phi %2, %8\n";
  Trace t;
  std::string error;
  const CallInfo* calls[] = {&kIdentity};
  REQUIRE(parse(t, text, calls, &error));
  CHECK(error == "");
  CHECK(print(t) == text);
  CHECK(t.snapshots.size() == 6);  // equal neighbours are one
  CHECK(t.loop() == 18);
  CHECK(Field(t.ins[9].aux) == field::List::storage);
  CHECK(field::List::storage.offset() == 24);
  CHECK(Field(t.ins[13].aux) == instance_slot(0));
}

TEST_CASE("jit text: errors name the line") {
  const auto error_of = [](const char* text) {
    Trace t;
    std::string error;
    CHECK_FALSE(parse(t, text, {}, &error));
    return error;
  };
  CHECK(error_of("%1 = word SLoad #0\n%2 = i64 CheckInt %x @1{}").substr(0, 15) ==
        "2: unknown name");
  CHECK(error_of("Frobnicate").substr(0, 22) == "1: unknown instruction");
  CHECK(error_of("%1 = i64 LoadField r:0, List.colour").substr(0, 16) == "1: unknown field");
  CHECK(error_of("%1 = word Call nothing()").substr(0, 19) == "1: unknown function");
}

TEST_CASE("jit constants: one of each kind and value") {
  Trace t;
  const IrRef a = t.int_const(1), b = t.float_const(1.0);
  CHECK(a != b);
  for (int64_t i = 0; i < 1000; ++i) t.int_const(i);
  CHECK(t.int_const(1) == a);
  CHECK(t.float_const(1.0) == b);
  CHECK(t.consts.size() == 1001);
  CHECK(is_const(t.word_const(kNone)));
  CHECK(t.float_const(0.0) != t.float_const(-0.0));
}
