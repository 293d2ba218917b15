// The heap layouts of the built-in types: one row per field (see gc/layout.h).
//
// Immutable types have no vlock and need no barrier; mutable ones keep all that changes in their
// State, reached through stm::Read and stm::Write. Instances of Python classes are Instance
// (object.__new__), or, for subclasses of builtin types, the builtin's layout with a dict word:
// immutable payload types (int, float, complex, str, bytes) become Derived, which wraps the
// payload; mutable ones and tuple append a word that holds the attribute Dict (Shape::dict_offset).
#pragma once

#include "gc/layout.h"
#include "stm/access.h"
#include "stm/locks.h"

namespace pystm::vm {

struct Shape;
struct Type;
struct Dict;
struct CodeData;
struct BuiltinDef;
struct Str;

// --- text and numbers ----------------------------------------------------------------------------
// All flat strings share these fields; the characters follow. hash: 0 = not computed yet (a cache,
// outside the STM). The three widths are three shapes.
#define STR_FIELDS(F)           \
  F(Word, length, "characters") \
  F(Word, hash, "0: not computed; cache")
PYSTM_IMMUTABLE(StrBase, STR_FIELDS);
struct Str : StrBase {
  const uint8_t* latin1() const { return reinterpret_cast<const uint8_t*>(this + 1); }
  const char16_t* ucs2() const { return reinterpret_cast<const char16_t*>(this + 1); }
  const char32_t* ucs4() const { return reinterpret_cast<const char32_t*>(this + 1); }
  uint8_t* latin1() { return reinterpret_cast<uint8_t*>(this + 1); }
  char16_t* ucs2() { return reinterpret_cast<char16_t*>(this + 1); }
  char32_t* ucs4() { return reinterpret_cast<char32_t*>(this + 1); }
};
struct Latin1Str : Str {};
struct Ucs2Str : Str {};
struct Ucs4Str : Str {};

// A concatenation not yet carried out. flat is set on first need (a cache, outside the STM).
#define ROPE_FIELDS(F)                      \
  F(Word, length, "characters")             \
  F(Word, hash, "0: not computed; cache")   \
  F(Value, left, "str or unset once flat")  \
  F(Value, right, "str or unset once flat") \
  F(Value, flat, "the flat string once made; cache")
PYSTM_IMMUTABLE(RopeStr, ROPE_FIELDS);

// An int outside the 63-bit range: sign in flag kUser0, magnitude in `length` 64-bit limbs.
#define BIGINT_FIELDS(F) F(Word, length, "limbs")
PYSTM_IMMUTABLE(BigIntBase, BIGINT_FIELDS);
struct BigInt : BigIntBase {
  const uint64_t* limbs() const { return reinterpret_cast<const uint64_t*>(this + 1); }
  uint64_t* limbs() { return reinterpret_cast<uint64_t*>(this + 1); }
  bool negative() const { return has_flag(kUser0); }
};

#define FLOAT_FIELDS(F) F(double, value, "")
PYSTM_IMMUTABLE(FloatBox, FLOAT_FIELDS);

#define COMPLEX_FIELDS(F) \
  F(double, real, "")     \
  F(double, imag, "")
PYSTM_IMMUTABLE(Complex, COMPLEX_FIELDS);

#define BYTES_FIELDS(F)    \
  F(Word, length, "bytes") \
  F(Word, hash, "0: not computed; cache")
PYSTM_IMMUTABLE(BytesBase, BYTES_FIELDS);
struct Bytes : BytesBase {
  const uint8_t* data() const { return reinterpret_cast<const uint8_t*>(this + 1); }
  uint8_t* data() { return reinterpret_cast<uint8_t*>(this + 1); }
};

// An instance of a Python subclass of int, float, complex, str or bytes.
#define DERIVED_FIELDS(F)                                   \
  F(Value, payload, "the value, of the exact builtin type") \
  F(Value, dict, "attribute Dict, or unset with __slots__ = ()")
PYSTM_IMMUTABLE(Derived, DERIVED_FIELDS);

// --- storage: guarded by the vlock of the object that owns it ------------------------------------
#define ITEM_ARRAY_FIELDS(F) \
  F(Word, length, "slots")   \
  F(Word, birth, "stamp of the creating transaction: no undo records needed")
PYSTM_IMMUTABLE(ItemArrayBase, ITEM_ARRAY_FIELDS);
struct ItemArray : ItemArrayBase {
  Value* items() { return reinterpret_cast<Value*>(this + 1); }
};
// A list's storage of more than kListChunk slots: version words behind them
// (vm/object/list_items.h).
using ChunkedItems = ItemArray;
PYSTM_IMMUTABLE(WordArrayBase, ITEM_ARRAY_FIELDS);
struct WordArray : WordArrayBase {
  Word* words() { return reinterpret_cast<Word*>(this + 1); }
};
PYSTM_IMMUTABLE(ByteArrayStorageBase, ITEM_ARRAY_FIELDS);
struct ByteArrayStorage : ByteArrayStorageBase {
  uint8_t* data() { return reinterpret_cast<uint8_t*>(this + 1); }
};

// --- containers ----------------------------------------------------------------------------------
#define TUPLE_FIELDS(F) F(Word, length, "items")
PYSTM_IMMUTABLE(TupleBase, TUPLE_FIELDS);
struct Tuple : TupleBase {
  const Value* items() const { return reinterpret_cast<const Value*>(this + 1); }
  Value* items() { return reinterpret_cast<Value*>(this + 1); }
  Value operator[](size_t i) const { return items()[i]; }
};

#define LIST_STATE(F)                           \
  F(Word, size, "items in use")                 \
  F(Ref<ItemArray>, storage, "null when empty") \
  F(Word, sorting, "1 while list.sort runs")
PYSTM_MUTABLE(List, NO_FIELDS, LIST_STATE);

// Ordered hash table: vm/object/dict.h.
#define DICT_STATE(F)                                    \
  F(Ref<struct DictStorage>, storage, "null when empty") \
  F(Word, used, "live entries")                          \
  F(Word, fill, "entries appended, tombstones included")
PYSTM_MUTABLE(Dict, NO_FIELDS, DICT_STATE);
#define DICT_STORAGE_FIELDS(F)                        \
  F(Word, capacity, "entries that fit")               \
  F(Word, birth, "stamp of the creating transaction") \
  F(Word, index_log2, "size of the index table")      \
  F(Word, mode, "StorageMode bits, vm/object/dict.h")
PYSTM_IMMUTABLE(DictStorage, DICT_STORAGE_FIELDS);

PYSTM_MUTABLE(Set, NO_FIELDS, DICT_STATE);
// A frozenset's table never changes after birth; hash is a cache.
#define FROZENSET_FIELDS(F)                       \
  F(Ref<DictStorage>, storage, "null when empty") \
  F(Word, used, "items")                          \
  F(Word, fill, "same as used")                   \
  F(Word, hash, "0: not computed; cache")
PYSTM_IMMUTABLE(FrozenSet, FROZENSET_FIELDS);

#define RANGE_FIELDS(F)  \
  F(Value, start, "int") \
  F(Value, stop, "int")  \
  F(Value, step, "int")  \
  F(Value, length, "int")
PYSTM_IMMUTABLE(Range, RANGE_FIELDS);

#define SLICE_FIELDS(F) \
  F(Value, start, "")   \
  F(Value, stop, "")    \
  F(Value, step, "")
PYSTM_IMMUTABLE(Slice, SLICE_FIELDS);

#define BYTEARRAY_STATE(F)                             \
  F(Word, size, "bytes in use")                        \
  F(Ref<ByteArrayStorage>, storage, "null when empty") \
  F(Value, exports, "List of weak references to the memoryviews that forbid resizing, or unset")
PYSTM_MUTABLE(ByteArray, NO_FIELDS, BYTEARRAY_STATE);

#define MEMORYVIEW_STATE(F) F(Word, released, "1 after release()")
#define MEMORYVIEW_FIELDS(F)                                           \
  F(Value, base, "bytes, bytearray, array ...")                        \
  F(Value, root, "the view this one was derived from first, or unset") \
  F(Word, offset, "bytes into base")                                   \
  F(Word, length, "items")                                             \
  F(int64_t, stride, "bytes between items")                            \
  F(Word, itemsize, "bytes")                                           \
  F(Word, readonly, "")                                                \
  F(Value, format, "str")                                              \
  F(Value, shape, "tuple of ints, or unset: one dimension")            \
  F(Word, hash, "0: not computed; cache")
PYSTM_MUTABLE(MemoryView, MEMORYVIEW_FIELDS, MEMORYVIEW_STATE);

// --- instances -----------------------------------------------------------------------------------
// Slots follow; how many, and what is in them, says the Shape. Overflow: an ItemArray of further
// slots, or a Dict in dict mode.
#define INSTANCE_STATE(F) F(Value, overflow, "unset, ItemArray, or Dict (dict mode)")
PYSTM_MUTABLE(Instance, NO_FIELDS, INSTANCE_STATE);

// --- functions and code --------------------------------------------------------------------------
// Tenured. data holds instructions, tables and inline caches in C++ memory.
#define CODE_FIELDS(F)                                               \
  F(Ref<Tuple>, consts, "constants as Values")                       \
  F(Ref<Tuple>, names, "interned str")                               \
  F(Ref<Tuple>, varnames, "locals, then cells, then free variables") \
  F(Ref<Str>, name, "")                                              \
  F(Ref<Str>, qualname, "")                                          \
  F(Ref<Str>, filename, "")                                          \
  F(CodeData*, data, "instructions, caches, tables; owned")
PYSTM_IMMUTABLE(Code, CODE_FIELDS);

#define FUNCTION_STATE(F)                                 \
  F(Ref<Code>, code, "")                                  \
  F(Value, defaults, "tuple or unset")                    \
  F(Value, kwdefaults, "dict or unset")                   \
  F(Value, annotations, "dict, tuple of pairs, or unset") \
  F(Value, dict, "attributes, or unset")                  \
  F(Value, name, "str")                                   \
  F(Value, qualname, "str")                               \
  F(Value, module, "")                                    \
  F(Value, doc, "")
#define FUNCTION_FIELDS(F)   \
  F(Ref<Dict>, globals, "")  \
  F(Ref<Dict>, builtins, "") \
  F(Value, closure, "tuple of cells, or unset")
PYSTM_MUTABLE(Function, FUNCTION_FIELDS, FUNCTION_STATE);

#define BUILTIN_FIELDS(F)                                                 \
  F(const BuiltinDef*, def, "C++ entry, signature, effects")              \
  F(Value, self, "bound first argument (module for functions), or unset") \
  F(Value, owner, "type for methods and slot wrappers, module name for functions")
PYSTM_IMMUTABLE(Builtin, BUILTIN_FIELDS);
PYSTM_IMMUTABLE(BoundBuiltin, BUILTIN_FIELDS);
PYSTM_IMMUTABLE(MethodDescriptor, BUILTIN_FIELDS);
PYSTM_IMMUTABLE(WrapperDescriptor, BUILTIN_FIELDS);

#define GETSET_FIELDS(F)              \
  F(const struct GetSetDef*, def, "") \
  F(Ref<Type>, owner, "")
PYSTM_IMMUTABLE(GetSet, GETSET_FIELDS);

#define MEMBER_FIELDS(F)                     \
  F(Word, slot, "index of an Instance slot") \
  F(Value, name, "str")                      \
  F(Ref<Type>, owner, "")
PYSTM_IMMUTABLE(Member, MEMBER_FIELDS);

#define BOUND_METHOD_FIELDS(F) \
  F(Value, function, "")       \
  F(Value, self, "")
PYSTM_IMMUTABLE(BoundMethod, BOUND_METHOD_FIELDS);

#define CELL_STATE(F) F(Value, content, "or unset")
PYSTM_MUTABLE(Cell, NO_FIELDS, CELL_STATE);
// Cells of dict entries. Frozen: quasi-immutable, inline caches hold the content itself
// (freeze_cell).
inline constexpr uint32_t kCellFrozen = kUser0;
inline constexpr uint32_t kCellThawed = kUser1;  // was frozen and written since: never frozen again
// Holds a class attribute that was rewritten (vm/object/class.cpp). A kind of its own, because a
// class attribute may be an ordinary cell too.
using ClassCell = Cell;

#define MODULE_FIELDS(F) F(Ref<Dict>, dict, "")
#define MODULE_STATE(F) F(Word, unused, "")
PYSTM_MUTABLE(Module, MODULE_FIELDS, MODULE_STATE);

#define PROPERTY_STATE(F)               \
  F(Value, getter, "")                  \
  F(Value, setter, "")                  \
  F(Value, deleter, "")                 \
  F(Value, doc, "")                     \
  F(Value, name, "set by __set_name__") \
  F(Word, doc_of_getter, "the doc is the getter's own")
PYSTM_MUTABLE(Property, NO_FIELDS, PROPERTY_STATE);

#define WRAPPED_STATE(F) \
  F(Value, callable, "") \
  F(Value, dict, "attributes, or unset")
PYSTM_MUTABLE(StaticMethod, NO_FIELDS, WRAPPED_STATE);
PYSTM_MUTABLE(ClassMethod, NO_FIELDS, WRAPPED_STATE);

#define SUPER_STATE(F)       \
  F(Value, start, "class")   \
  F(Value, self, "or unset") \
  F(Value, self_type, "or unset")
PYSTM_MUTABLE(Super, NO_FIELDS, SUPER_STATE);

// --- running code --------------------------------------------------------------------------------
// Suspended: its window (registers, then `count` of them alive) lies in `window`. Running: the
// registers are on the VM stack.
#define GENERATOR_STATE(F)                                         \
  F(Word, status, "kCreated, kSuspended, kRunning, kFinished")     \
  F(Ref<ItemArray>, window, "")                                    \
  F(Word, pc, "index of the instruction to resume at")             \
  F(Value, handled, "exception being handled when suspended")      \
  F(Value, name, "str")                                            \
  F(Value, qualname, "str")                                        \
  F(Value, frame, "Frame object if asked for")                     \
  F(Value, hooks, "async generator: finalizer; coroutine: origin") \
  F(Word, flags, "async generator: closed, running, hooks inited")
#define GENERATOR_FIELDS(F)      \
  F(Ref<Function>, function, "") \
  F(Ref<Code>, code, "")
PYSTM_MUTABLE(Generator, GENERATOR_FIELDS, GENERATOR_STATE);
using Coroutine = Generator;
using AsyncGenerator = Generator;

#define ASYNC_GEN_OP_STATE(F)                                   \
  F(Value, generator, "")                                       \
  F(Value, argument, "value sent, or (type, value, tb) thrown") \
  F(Word, mode, "send, throw, close")                           \
  F(Word, status, "init, iterating, closed")
PYSTM_MUTABLE(AsyncGenOp, NO_FIELDS, ASYNC_GEN_OP_STATE);
#define ONE_VALUE_FIELDS(F) F(Value, value, "")
PYSTM_IMMUTABLE(AsyncGenValue, ONE_VALUE_FIELDS);
PYSTM_IMMUTABLE(CoroutineWrapper, ONE_VALUE_FIELDS);

// A Python-visible frame, made when asked for or when a traceback passes. While the frame runs,
// `live` names its record on the VM stack; then locals are read from there.
#define FRAME_STATE(F)                                          \
  F(Word, live, "1 + index of the running frame record, or 0")  \
  F(Ref<ItemArray>, window, "registers kept when it ended")     \
  F(Value, back, "calling Frame, None, or unset while running") \
  F(Value, locals, "dict made by f_locals, or the namespace")   \
  F(Word, pc, "instruction index")                              \
  F(Value, trace, "f_trace")                                    \
  F(Value, generator, "or unset")
#define FRAME_FIELDS(F)      \
  F(Ref<Code>, code, "")     \
  F(Ref<Dict>, globals, "")  \
  F(Ref<Dict>, builtins, "") \
  F(Value, function, "")
PYSTM_MUTABLE(Frame, FRAME_FIELDS, FRAME_STATE);

#define TRACEBACK_STATE(F) F(Value, next, "Traceback or None")
#define TRACEBACK_FIELDS(F)        \
  F(Value, frame, "Frame")         \
  F(Word, pc, "instruction index") \
  F(Word, line, "")
PYSTM_MUTABLE(Traceback, TRACEBACK_FIELDS, TRACEBACK_STATE);

// BaseException and all subclasses. Members of builtin subclasses (errno, name, path, value, msg,
// lineno ...) are entries of the Dict `fields` under their names.
#define EXCEPTION_STATE(F)                 \
  F(Value, args, "tuple")                  \
  F(Value, traceback, "Traceback or None") \
  F(Value, context, "exception or None")   \
  F(Value, cause, "exception or None")     \
  F(Word, suppress_context, "")            \
  F(Value, dict, "attributes, or unset")   \
  F(Value, fields, "Dict of a builtin class's own members, or unset")
PYSTM_MUTABLE(Exception, NO_FIELDS, EXCEPTION_STATE);

// --- iterators -----------------------------------------------------------------------------------
#define SEQ_ITER_STATE(F)                    \
  F(Value, sequence, "unset when exhausted") \
  F(int64_t, index, "")
PYSTM_MUTABLE(SeqIter, NO_FIELDS, SEQ_ITER_STATE);
PYSTM_MUTABLE(ListIter, NO_FIELDS, SEQ_ITER_STATE);
PYSTM_MUTABLE(TupleIter, NO_FIELDS, SEQ_ITER_STATE);
PYSTM_MUTABLE(StrIter, NO_FIELDS, SEQ_ITER_STATE);
PYSTM_MUTABLE(BytesIter, NO_FIELDS, SEQ_ITER_STATE);
PYSTM_MUTABLE(Reversed, NO_FIELDS, SEQ_ITER_STATE);
#define RANGE_ITER_STATE(F) \
  F(Value, next, "int")     \
  F(Value, step, "int")     \
  F(Value, remaining, "int")
PYSTM_MUTABLE(RangeIter, NO_FIELDS, RANGE_ITER_STATE);
#define TABLE_ITER_STATE(F)                                \
  F(Value, container, "Dict or Set; unset when exhausted") \
  F(Word, position, "next entry")                          \
  F(Word, used, "size at the start: a change is an error") \
  F(Word, kind, "0 keys, 1 values, 2 items; +4 reversed")
#define DICT_ITER_STATE(F) \
  TABLE_ITER_STATE(F)      \
  F(Word, left, "entries to come as long as no key takes the place of another")
PYSTM_MUTABLE(DictIter, NO_FIELDS, DICT_ITER_STATE);
PYSTM_MUTABLE(SetIter, NO_FIELDS, TABLE_ITER_STATE);
#define CALL_ITER_STATE(F)                   \
  F(Value, callable, "unset when exhausted") \
  F(Value, sentinel, "")
PYSTM_MUTABLE(CallIter, NO_FIELDS, CALL_ITER_STATE);
#define ENUMERATE_STATE(F) \
  F(Value, iterator, "")   \
  F(Value, count, "int")
PYSTM_MUTABLE(Enumerate, NO_FIELDS, ENUMERATE_STATE);
#define ZIP_STATE(F)           \
  F(Value, iterators, "tuple") \
  F(Word, strict, "")
PYSTM_MUTABLE(Zip, NO_FIELDS, ZIP_STATE);
#define MAP_STATE(F)     \
  F(Value, function, "") \
  F(Value, iterators, "tuple; filter: the iterator")
PYSTM_MUTABLE(Map, NO_FIELDS, MAP_STATE);
PYSTM_MUTABLE(Filter, NO_FIELDS, MAP_STATE);

#define DICT_VIEW_FIELDS(F) \
  F(Ref<Dict>, dict, "")    \
  F(Word, kind, "0 keys, 1 values, 2 items")
PYSTM_IMMUTABLE(DictView, DICT_VIEW_FIELDS);
PYSTM_IMMUTABLE(MappingProxy, ONE_VALUE_FIELDS);

#define GENERIC_ALIAS_FIELDS(F) \
  F(Value, origin, "")          \
  F(Value, args, "tuple")       \
  F(Value, parameters, "tuple") \
  F(Word, unpacked, "*tuple[...]")
PYSTM_IMMUTABLE(GenericAlias, GENERIC_ALIAS_FIELDS);
#define UNION_FIELDS(F)   \
  F(Value, args, "tuple") \
  F(Value, parameters, "tuple")
PYSTM_IMMUTABLE(UnionType, UNION_FIELDS);

// Word 2 is the weak slot. hash: cache of hash(referent), -1 unknown.
#define WEAKREF_STATE(F)                \
  F(Value, referent, "unset once dead") \
  F(Value, callback, "or unset")        \
  F(Value, hash, "int or unset")
PYSTM_MUTABLE(WeakRef, NO_FIELDS, WEAKREF_STATE);

using LockObject = stm::Lock;
using RLockObject = stm::Lock;

}  // namespace pystm::vm
