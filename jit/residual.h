// The C++ functions that traces call, each with its effects.
#pragma once

#include "jit/calls.h"

namespace pystm::jit {

// Scalars of builtin types, singletons, and tuples of such (not too deep): they hash, compare and
// print without running Python code.
bool is_plain(Value v);

// Results of the functions marked so: an unset value instead of running Python code. Nothing has
// happened then; the trace leaves and the interpreter does it.
extern const CallInfo kCallBinary, kCallCompare, kCallGetItem, kCallSetItem, kCallContains /* so */,
    kCallSequenceBinary /* so */, kCallIsPlain, kCallGetIter, kCallIterNext, kCallListAppend,
    kCallListExtend, kCallListToTuple, kCallSetAdd, kCallBuildList, kCallBuildSet, kCallBuildMap,
    kCallBuildString, kCallFormat, kCallPercent, kCallStoreGlobal, kCallMakeGenerator, kCallValue0,
    kCallValue1, kCallValue2;

// The call of a BuiltinDef with n arguments (1 .. 5): the definition comes first.
const CallInfo& native_call(size_t n, bool reads_only);

}  // namespace pystm::jit
