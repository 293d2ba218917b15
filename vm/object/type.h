// Type objects (classes), attribute lookup through the MRO, and class construction.
//
// A Type's fields and its namespace are quasi-immutable: read without barrier everywhere, changed
// only inside stm::quasi_write. `version` changes with every change of the class or a base; inline
// caches of methods compare it. `dunders` holds the special methods resolved by MRO.
//
// An attribute that is rewritten gets a ClassCell: from then on its value is ordinary transactional
// data, and a new value changes neither the namespace nor any cache. Special names (__x__) and
// descriptors never stand in one: what a look-up must do with an attribute stays quasi-immutable.
#pragma once

#include <string>

#include "vm/object/shape.h"
#include "vm/runtime/context.h"

namespace pystm::vm {

enum class Dunder : uint8_t {
#define DUNDER(id, name) id,
#include "vm/object/dunders.def"
#undef DUNDER
  kCount,
};

enum TypeFlags : Word {
  kTypeHeap = 1,              // made by a class statement or type(): mutable
  kTypeBaseType = 2,          // may be subclassed
  kTypeHasDict = 4,           // instances have __dict__
  kTypeHasWeakref = 8,        // instances can be weakly referenced
  kTypeSequencePattern = 16,  // match: [..]
  kTypeMappingPattern = 32,   // match: {..}
  kTypeMatchSelf = 64,        // match: int(x)
  kTypeAbstract = 128,        // __abstractmethods__ non-empty
  kTypeGenericGetAttr = 256,  // __getattribute__ is object's: inline caches allowed
  kTypeGenericSetAttr = 512,
  kTypeNoInstantiate = 1024,  // "cannot create 'x' instances"
  kTypeHasDel = 2048,         // __del__ defined: instances are finalizable
};

#define TYPE_FIELDS(F)                                                       \
  F(Value, name, "str")                                                      \
  F(Ref<Tuple>, bases, "")                                                   \
  F(Ref<Tuple>, mro, "")                                                     \
  F(Ref<Type>, base, "the base that gives the layout; null for object")      \
  F(Ref<Dict>, dict, "namespace")                                            \
  F(Value, qualname, "str")                                                  \
  F(Shape*, shape, "shape of new instances")                                 \
  F(Word, flags, "TypeFlags")                                                \
  F(Word, version, "changes with the class or any base")                     \
  F(Word, kind, "Kind of the instances' layout")                             \
  F(const struct TypeDef*, def, "C++ definition of a builtin type, or null") \
  F(struct SubclassList*, subclasses, "weak list, outside the STM; owned")   \
  F(Value, extra, "for native classes: a value of their own (structseq fields ...)")
PYSTM_IMMUTABLE(TypeBase, TYPE_FIELDS);
struct Type : TypeBase {
  Value dunders[static_cast<size_t>(Dunder::kCount)];  // unset where absent
  Value dunder(Dunder d) const { return dunders[static_cast<size_t>(d)]; }
};

inline Type* as_type(Value v) { return v.as<Type>(); }

// The builtin types by name: types().int_, types().list ... (one row per type in types.def)
struct Types {
#define TYPE(id) Type* id = nullptr;
#include "vm/object/types.def"
#undef TYPE
};
Types& types();
Type* exception_type(ExcId id);

// Interned names: names().__init__ ..., dunder_name(Dunder).
struct Names {
#define NAME(id) Str* id = nullptr;
#define NAME_AS(id, text) Str* id = nullptr;
#include "vm/object/names.def"
#undef NAME
#undef NAME_AS
};
Names& names();
Str* dunder_name(Dunder d);

// --- lookups -------------------------------------------------------------------------------------
// Through the MRO; `name` interned. Unset when absent. Never raises, never runs Python.
Value type_lookup(Type* type, Str* name);
// The same, but a ClassCell as it is: what caches keep, and no read of the cell.
Value type_lookup_entry(Type* type, Str* name);
Value through_class_cell(Value entry);  // the content, if `entry` is a ClassCell
inline Value lookup_dunder(Value object, Dunder d) { return type_of(object)->dunder(d); }
bool is_subtype(Type* type, Type* base);  // by MRO
bool is_complete(const Type* type);  // not while a mro() of its metaclass runs for the first time
inline bool is_instance_exact_or_sub(Value v, Type* t) { return is_subtype(type_of(v), t); }

// UTF-8 name as in error messages (no module).
std::string type_name(Value object);  // of the object's type
std::string type_name_of(Type* type);
#define TYPE_NAME(v) (::pystm::vm::type_name(v).c_str())

// --- attribute protocol (generic and full) -------------------------------------------------------
Result<Value> get_attr(Context& cx, Value object,
                       Str* name);  // full: __getattribute__, __getattr__
Result<Value> get_attr(Context& cx, Value object, const char* name);
// Unset instead of AttributeError.
Result<Value> find_attr(Context& cx, Value object, Str* name);
Result<void> set_attr(Context& cx, Value object, Str* name, Value value);
Result<void> delete_attr(Context& cx, Value object, Str* name);
Result<Value> generic_get_attr(Context& cx, Value object, Str* name);  // object.__getattribute__
Result<void> generic_set_attr(Context& cx, Value object, Str* name, Value value);  // unset: delete
// Method for a call: *self is unset when the result is already bound.
Result<Value> load_method(Context& cx, Value object, Str* name, Value* self);
// A special method looked up on the type, bound like load_method; unset if absent.
Result<Value> load_special(Context& cx, Value object, Dunder d, Value* self);
// Binds a class attribute found by lookup to an instance: descriptor __get__.
Result<Value> bind_descriptor(Context& cx, Value attribute, Value object, Type* type);
// The instance's attribute Dict (made, or converted to dict mode, when `create`); unset if none.
Result<Value> instance_dict(Context& cx, Value object, bool create);
Result<void> set_instance_dict(Context& cx, Value object, Value dict);
// Own attributes (no class lookup), unset when absent.
Result<Value> instance_lookup(Context& cx, Value object, Str* name);

// --- classes -------------------------------------------------------------------------------------
// type(name, bases, namespace): layout, MRO, slots; runs __set_name__ and __init_subclass__.
Result<Value> new_class(Context& cx, Type* metatype, Value name, Tuple* bases, Dict* ns,
                        Value keyword_names, const Value* keyword_values);
// Assignment to a class attribute (quasi_write, or to its ClassCell); unset value deletes.
Result<void> type_set_attr(Context& cx, Type* type, Str* name, Value value);
Result<Value> type_get_attr(Context& cx, Type* type, Str* name);
// object.__new__: an instance of a Python class or of `object`.
Result<Value> new_instance(Context& cx, Type* type);
// For native __new__ of builtin types: allocates a subclass instance of a mutable layout T with its
// State unset and, where the class has a dict, a fresh Dict. See native.h alloc<T>().
Result<Value> isinstance(Context& cx, Value object, Value classinfo);
Result<Value> issubclass(Context& cx, Value cls, Value classinfo);
Result<bool> plain_isinstance(Context& cx, Value object, Value cls);  // type.__instancecheck__
Result<bool> plain_issubclass(Context& cx, Value sub, Value cls);     // type.__subclasscheck__
Error raise_abstract(Context& cx, Type* type);
void refresh_dunders(Type* type);  // after bootstrap changes
Result<Tuple*> subclasses_of(Context& cx, Type* type);

}  // namespace pystm::vm
