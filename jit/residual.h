// The C++ functions that traces call, each with its effects.
#pragma once

#include "jit/calls.h"

namespace pystm::jit {

// Results of the functions marked so: an unset value instead of running Python code. Nothing has
// happened then; the trace leaves and the interpreter does it.
extern const CallInfo kCallBinary, kCallCompare, kCallGetItem /* so */, kCallGetAttr,
    kCallGetOrMakeItem /* a dict's, of a subclass */, kCallDeleteItem, kCallSliceOfList,
    kCallSliceOfStr, kCallSliceOfTuple, kCallSliceOfBytes, kCallStoreSlice, kCallSetAttr,
    kCallSetItem /* so */, kCallContains /* so */, kCallSetContains /* so */,
    kCallDictContains /* so */, kCallSequenceBinary /* so */, kCallIsPlain, kCallIsPlainKey,
    kCallAllPlain, kCallCompareSequences /* so */, kCallEnterLock /* so */, kCallTryLock,
    kCallLeaveLock /* so */, kCallEnterAtomic, kCallLeaveAtomic /* so */, kCallStoreItem,
    kCallLength, kCallGetIter, kCallIterNext, kCallListAppend, kCallListExtend, kCallListToTuple,
    kCallSetAdd /* so */, kCallSetDiscard /* so */, kCallDictGet /* so */, kCallUpdateDict /* so */,
    kCallUpdateSet /* so */, kCallHasNames, kCallGetName /* so, when missing */, kCallBuildList,
    kCallBuildSet, kCallBuildMap, kCallBuildString, kCallFormat, kCallPercent /* so */,
    kCallStoreGlobal, kCallMakeGenerator, kCallValue0, kCallValue1, kCallValue2;

// Attributes that no inline cache knows (residual_attributes.cpp): of an object, by a name, or a
// value instead; so. attributes: the Dict itself.
extern const CallInfo kCallAttribute, kCallSetAttribute, kCallVars;
// An instance whose attributes are looked up and set as object does it, without a __getattr__?
bool has_generic_attributes(Value object);
// Does no Python code have a part in its attribute of that name?
bool has_cpp_attribute(Value object, vm::Str* name);

// Of exact strs: character i of a Latin-1 one, by its number; are they equal; is the first inside
// the other?
extern const CallInfo kCallCharacter, kCallStrEqual, kCallStrInside;

// __anext__ of an asynchronous generator; so.
extern const CallInfo kCallAsyncNext;

// Has the value that shape id?
extern const CallInfo kCallHasShape;

// The root frame's function. REQUIRES: no frame was pushed since the entry.
extern const CallInfo kCallRunningFunction;

// Exceptions (residual_raise.cpp). raise: makes `e` pending. take: the pending one. handle: what is
// handled from now on (None: nothing); what was before.
extern const CallInfo kCallRaise, kCallSetCause, kCallTakeException, kCallHandle, kCallRunningFrame,
    kCallNewFrame, kCallAddTraceback, kCallEndFrame;
// What a call gives that was made by catching(): an exception is pending.
inline constexpr Value kRaised = kTailCall;
// The same function as a call that does not fail by an exception; itself, if there is none.
const CallInfo& catching(const CallInfo& info);

// The call of a BuiltinDef with n arguments (0 .. 5), marked so: the definition comes first.
const CallInfo& native_call(size_t n, bool reads_only);

}  // namespace pystm::jit
