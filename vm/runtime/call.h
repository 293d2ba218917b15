// Calling anything callable from C++, and binding arguments to parameters.
//
// A native that calls Python code through here puts its own C++ frame under that code: no
// transaction boundary can happen inside. Natives that only forward to a callable
// (functools.partial,
// __call__ slots) return tail_call() instead, and the interpreter goes on in the new frame.
#pragma once

#include <initializer_list>

#include "vm/object/type.h"
#include "vm/runtime/context.h"

namespace pystm::vm {

Result<Value> call(Context& cx, Value callable, const Value* args, size_t n);
Result<Value> call(Context& cx, Value callable, std::initializer_list<Value> args);
// names: tuple of str for the last names->length of the n args.
Result<Value> call_kw(Context& cx, Value callable, const Value* args, size_t n, Tuple* names);
Result<Value> call_ex(Context& cx, Value callable, Tuple* args,
                      Dict* kwargs);  // kwargs may be null
Result<Value> call_method(Context& cx, Value object, Str* name, std::initializer_list<Value> args);
Result<Value> call_method(Context& cx, Value object, const char* name,
                          std::initializer_list<Value> args);
// type(object).__xxx__(object, args...); unset result: the method does not exist.
Result<Value> call_special(Context& cx, Value object, Dunder d, std::initializer_list<Value> args);

// callable(*args, **kwargs) of what a native got as Args and Kwargs (native.h), after `first` if
// set.
Result<Value> call_forwarded(Context& cx, Value callable, struct Args args, struct Kwargs kwargs,
                             Value first = Value());

// For natives: "the result is what this call returns". Only valid as `return tail_call(...)`.
Result<Value> tail_call(Context& cx, Value callable, const Value* args, size_t n,
                        Tuple* names = nullptr);

// type.__call__: __new__, then __init__.
Result<Value> call_class_object(Context& cx, Type* type, struct Args args, struct Kwargs kwargs);

// Likewise: "run this code", which is as in run_code(); `eval`: the result is its result, else
// None.
Result<Value> tail_run(Context& cx, bool eval, Code* code, Dict* globals, Value locals,
                       Value function);

// Likewise: "the result is what this generator yields next" (StopIteration when it returns).
Result<Value> tail_resume(Context& cx, Value generator, Value sent);

bool is_callable(Value v);

// A frame for a code object as module, class body or exec: globals and locals given. Null: too
// deep.
FrameRecord* push_code_frame(Context& cx, Code* code, Value* regs, Dict* globals, Value locals,
                             Value function);
// Runs one.
Result<Value> run_code(Context& cx, Code* code, Dict* globals, Value locals,
                       Value function = Value());

// --- argument binding ----------------------------------------------------------------------------
// Writes a call's arguments into the registers of a Python function's frame at `regs` (parameters,
// *args, **kwargs, the other locals unset). args may be regs itself (already in place).
Result<void> bind_arguments(Context& cx, Function* f, Code* code, Value* regs, const Value* args,
                            size_t n, Tuple* names);
// The same for a builtin: lays out what BuiltinDef's fn expects at `out` and returns nargs.
Result<uint32_t> bind_builtin(Context& cx, const struct BuiltinDef* def, Value* out,
                              const Value* args, size_t n, Tuple* names, bool bound = false);

}  // namespace pystm::vm
