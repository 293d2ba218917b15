// The idiom in which builtins are written: a plain C++ function per builtin, one table row that
// binds it, arguments unwrapped by their C++ types.
//
//   // list.insert(index, object). An index past either end is clamped, never an error.
//   static Result<Value> list_insert(Context& cx, List* self, Index index, Value object) {...}
//   constexpr BuiltinDef kListMethods[] = {
//       method<&list_insert>("insert", "($self, index, object, /)", Effects::kWritesSelf),
//   };
//
// The signature text is what inspect sees (__text_signature__) and what keyword calls and defaults
// are bound by; a C++ function whose arity differs from it does not compile.
// A native receives arguments that stay alive and in place (VM stack); it may keep plain pointers
// to heap objects in locals, but re-reads mutable State after anything that can run Python code.
#pragma once

#include <span>
#include <string_view>
#include <type_traits>

#include "vm/object/type.h"
#include "vm/runtime/context.h"

namespace pystm::vm {

// What a builtin may do; the JIT and --jit-stats read it. Default: everything.
enum class Effects : uint16_t {
  kPure,         // result depends on immutable arguments only
  kReads,        // reads mutable objects
  kWritesSelf,   // changes its first argument
  kCallsPython,  // may run Python code
  kBlocks,       // may leave the transaction (run_outside)
  kInevitable,   // touches the outside: becomes inevitable
};

// args: one per parameter of the signature (unset = not given), then for *args the rest.
using NativeFn = Result<Value> (*)(Context& cx, Value* args, uint32_t nargs);

// How the text about a wrong number of arguments is worded; CPython has several ways of taking
// them.
enum class Wording : uint8_t {
  kUsual,
  kParsed,      // "find() takes at least 1 argument (0 given)"
  kNoPosition,  // "enumerate() missing required argument 'iterable'"
};

struct BuiltinDef {
  const char* name = nullptr;
  const char* signature = nullptr;  // "($self, index, object, /)"; null: not shown
  NativeFn fn = nullptr;
  Effects effects = Effects::kCallsPython;
  const char* doc = nullptr;
  uint8_t min_args = 0;      // positional arguments needed, self included
  uint8_t max_args = 0;      // positional arguments taken, self included; 255: *args
  uint8_t params = 0;        // C++ Value slots before *args
  bool has_varargs = false;  // last C++ parameter is Args
  bool has_kwargs = false;   // and/or Kwargs
  bool rest_in_place =
      false;               // Args follows the positional parameters: a call's arguments lie right
  bool is_static = false;  // in a type: staticmethod (__new__)
  bool is_class = false;   // in a type: classmethod
  uint8_t kernels = 0;     // first row of kernels.def, counted from 1 (vm/runtime/kernels.h)
  Wording wording = Wording::kUsual;
  const BuiltinDef** self_slot = nullptr;  // where registration stores the row's address
};

// Signature data derived once per BuiltinDef (parameter names and defaults):
// vm/runtime/signature.h.

// --- argument types a native may declare ---------------------------------------------------------
// Value               anything
// Opt                 anything, or unset when the caller gave nothing
// Index               __index__, clamped to the int64 range (slices, positions)
// int64_t             __index__, OverflowError beyond; `int` likewise ("Python int too large to
// convert to C int") double              __float__ or __index__ bool                truth value
// Str*                str (flat); TypeError "f() argument 1 must be str, not int"
// List* Dict* Tuple*  that layout, subclasses included
// Type*               a class
// Args                the rest of the positional arguments
// Kwargs              keyword arguments not bound to a parameter
struct Opt {
  Value value;
  bool given() const { return !value.is_unset(); }
  Value or_none() const { return given() ? value : kNone; }
  bool is_none_or_missing() const { return !given() || value == kNone; }
};
struct Index {
  int64_t value = 0;
  operator int64_t() const { return value; }  // NOLINT: implicit
  // Python's clamping of an insertion or slice position into [0, size].
  int64_t clamp(int64_t size) const {
    int64_t i = value < 0 ? value + size : value;
    return i < 0 ? 0 : (i > size ? size : i);
  }
};
struct Args {
  Value* items = nullptr;
  uint32_t count = 0;
  Value operator[](size_t i) const { return items[i]; }
  Value* begin() const { return items; }
  Value* end() const { return items + count; }
};
// Names are interned str; values follow in the same order.
struct Kwargs {
  Tuple* names = nullptr;  // null when none
  Value* values = nullptr;
  uint32_t count() const { return names == nullptr ? 0 : static_cast<uint32_t>(names->length); }
  Value find(Str* name) const;  // unset if absent
};

// --- unwrapping (vm/runtime/native.cpp) ----------------------------------------------------------
// `where` is the argument number, 1-based, self not counted; 0 = self.
struct ArgInfo {
  const BuiltinDef* def;
  int where;
};
Result<Index> unwrap_index(Context& cx, Value v, ArgInfo info);
Result<int64_t> unwrap_int64(Context& cx, Value v, ArgInfo info);
Result<int> unwrap_int(Context& cx, Value v, ArgInfo info);
Result<double> unwrap_double(Context& cx, Value v, ArgInfo info);
Result<bool> unwrap_bool(Context& cx, Value v, ArgInfo info);
Result<Str*> unwrap_str(Context& cx, Value v, ArgInfo info);
Result<Object*> unwrap_kind(Context& cx, Value v, Kind kind, ArgInfo info);

template <class T>
inline constexpr Kind kKindOf = Kind::kCount;
#define KIND(name, type)
#define LAYOUT_KIND(T, k) \
  template <>             \
  inline constexpr Kind kKindOf<T> = Kind::k;
LAYOUT_KIND(List, kList)
LAYOUT_KIND(Dict, kDict)
LAYOUT_KIND(Set, kSet)
LAYOUT_KIND(FrozenSet, kFrozenSet)
LAYOUT_KIND(Tuple, kTuple)
LAYOUT_KIND(Range, kRange)
LAYOUT_KIND(Slice, kSlice)
LAYOUT_KIND(Code, kCode)
LAYOUT_KIND(Function, kFunction)
LAYOUT_KIND(Module, kModule)
LAYOUT_KIND(ByteArray, kByteArray)
LAYOUT_KIND(MemoryView, kMemoryView)
LAYOUT_KIND(Cell, kCell)
LAYOUT_KIND(Property, kProperty)
LAYOUT_KIND(StaticMethod, kStaticMethod)
LAYOUT_KIND(ClassMethod, kClassMethod)
LAYOUT_KIND(Super, kSuper)
LAYOUT_KIND(Frame, kFrame)
LAYOUT_KIND(Traceback, kTraceback)
LAYOUT_KIND(WeakRef, kWeakRef)
LAYOUT_KIND(BoundMethod, kBoundMethod)
LAYOUT_KIND(SeqIter, kSeqIter)
LAYOUT_KIND(ListIter, kListIter)
LAYOUT_KIND(TupleIter, kTupleIter)
LAYOUT_KIND(RangeIter, kRangeIter)
LAYOUT_KIND(StrIter, kStrIter)
LAYOUT_KIND(BytesIter, kBytesIter)
LAYOUT_KIND(Reversed, kReversed)
LAYOUT_KIND(DictIter, kDictIter)
LAYOUT_KIND(SetIter, kSetIter)
LAYOUT_KIND(CallIter, kCallIter)
LAYOUT_KIND(Enumerate, kEnumerate)
LAYOUT_KIND(Zip, kZip)
LAYOUT_KIND(Map, kMap)
LAYOUT_KIND(Filter, kFilter)
LAYOUT_KIND(DictView, kDictView)
LAYOUT_KIND(MappingProxy, kMappingProxy)
LAYOUT_KIND(GenericAlias, kGenericAlias)
LAYOUT_KIND(UnionType, kUnionType)
LAYOUT_KIND(Exception, kException)
LAYOUT_KIND(Type, kType)
LAYOUT_KIND(Instance, kInstance)
LAYOUT_KIND(AsyncGenOp, kAsyncGenOp)
LAYOUT_KIND(CoroutineWrapper, kCoroutineWrapper)
LAYOUT_KIND(Member, kMember)
LAYOUT_KIND(GetSet, kGetSet)
#undef LAYOUT_KIND
#undef KIND

// Generator* accepts generator, coroutine and async generator; the method table decides which.
template <class T>
struct Unwrap;
template <>
struct Unwrap<Value> {
  static Result<Value> get(Context&, Value v, ArgInfo) { return v; }
};
template <>
struct Unwrap<Opt> {
  static Result<Opt> get(Context&, Value v, ArgInfo) { return Opt{v}; }
};
#define UNWRAP(T, f)                                                                    \
  template <>                                                                           \
  struct Unwrap<T> {                                                                    \
    static Result<T> get(Context& cx, Value v, ArgInfo info) { return f(cx, v, info); } \
  };
UNWRAP(Index, unwrap_index)
UNWRAP(int64_t, unwrap_int64)
UNWRAP(int, unwrap_int)
UNWRAP(double, unwrap_double)
UNWRAP(bool, unwrap_bool)
UNWRAP(Str*, unwrap_str)
#undef UNWRAP
template <class T>
requires std::is_base_of_v<Object, T>
struct Unwrap<T*> {
  static Result<T*> get(Context& cx, Value v, ArgInfo info) {
    if constexpr (std::is_same_v<T, Generator>) {
      return v.as<T>();  // the method tables of the three types check self
    } else if constexpr (std::is_same_v<T, stm::Lock>) {
      return v.as<T>();
    } else {
      static_assert(kKindOf<T> != Kind::kCount, "no Kind for this argument type");
      if (PYSTM_LIKELY(has_kind(v, kKindOf<T>))) return v.as<T>();
      (void)TRY(unwrap_kind(cx, v, kKindOf<T>, info));
      return v.as<T>();
    }
  }
};

// --- results -------------------------------------------------------------------------------------
Value make_int(Context& cx, int64_t i);  // any int64
Value make_float(Context& cx, double d);
inline Result<Value> wrap_result(Context&, Result<Value> r) { return r; }
inline Result<Value> wrap_result(Context&, Value v) { return v; }
inline Result<Value> wrap_result(Context& cx, Result<void> r) {
  if (r.is_error()) return Error{};
  return kNone;
}
inline Result<Value> wrap_result(Context& cx, Result<bool> r) {
  if (r.is_error()) return Error{};
  return of_bool(r.value());
}
inline Result<Value> wrap_result(Context& cx, bool b) { return of_bool(b); }
inline Result<Value> wrap_result(Context& cx, Result<int64_t> r) {
  if (r.is_error()) return Error{};
  return make_int(cx, r.value());
}
inline Result<Value> wrap_result(Context& cx, int64_t i) { return make_int(cx, i); }
inline Result<Value> wrap_result(Context& cx, Result<double> r) {
  if (r.is_error()) return Error{};
  return make_float(cx, r.value());
}
inline Result<Value> wrap_result(Context& cx, double d) { return make_float(cx, d); }
template <class T>
requires std::is_base_of_v<Object, T> Result<Value> wrap_result(Context&, Result<T*> r) {
  if (r.is_error()) return Error{};
  return Value(r.value());
}

// --- binding -------------------------------------------------------------------------------------
namespace native_detail {

template <class T>
inline constexpr bool kIsRest = std::is_same_v<T, Args> || std::is_same_v<T, Kwargs>;

template <class F>
struct Traits;
template <class R, class... P>
struct Traits<R (*)(Context&, P...)> {
  static constexpr unsigned kParams = (0u + ... + (kIsRest<P> ? 0u : 1u));
  static constexpr bool kVarargs = (false || ... || std::is_same_v<P, Args>);
  static constexpr bool kKwargs = (false || ... || std::is_same_v<P, Kwargs>);

  // The extra words behind the positional slots: *args count and items, then names and values.
  template <auto Fn, const BuiltinDef* (*Def)()>
  static Result<Value> call(Context& cx, Value* args, uint32_t nargs) {
    return invoke<Fn, Def>(cx, args, nargs, std::index_sequence_for<P...>());
  }

 private:
  template <class T>
  static Result<T> unwrap(Context& cx, Value* args, uint32_t nargs, unsigned i,
                          const BuiltinDef* (*def)()) {
    if constexpr (std::is_same_v<T, Args>) {
      // Layout with varargs: [params][rest ...][kwnames tuple][kwvalues ...]; nargs counts params +
      // rest.
      return Args{args + kParams, nargs - kParams};
    } else if constexpr (std::is_same_v<T, Kwargs>) {
      Value names = args[nargs];
      return Kwargs{names.is_unset() ? nullptr : names.as<Tuple>(), args + nargs + 1};
    } else {
      return Unwrap<T>::get(cx, args[i], ArgInfo{def(), static_cast<int>(i)});
    }
  }
  template <auto Fn, const BuiltinDef* (*Def)(), size_t... I>
  static Result<Value> invoke(Context& cx, [[maybe_unused]] Value* args,
                              [[maybe_unused]] uint32_t nargs, std::index_sequence<I...>) {
    return invoke_with<Fn>(cx, unwrap<P>(cx, args, nargs, slot_of(I), Def)...);
  }
  // Args and Kwargs take no slot of their own.
  static constexpr unsigned slot_of(size_t parameter) {
    constexpr bool kRest[] = {kIsRest<P>..., false};
    unsigned slot = 0;
    for (size_t i = 0; i < parameter; ++i) slot += !kRest[i];
    return slot;
  }
  template <auto Fn, class... U>
  static Result<Value> invoke_with(Context& cx, U... unwrapped) {
    if (PYSTM_UNLIKELY((false || ... || unwrapped.is_error()))) return Error{};
    return wrap_result(cx, Fn(cx, unwrapped.value()...));
  }
};

// Parameters in a signature text: names between commas, '/', '*' alone not counted.
struct SignatureShape {
  unsigned params = 0, required = 0, positional = 0;
  bool varargs = false, kwargs = false;
};
constexpr SignatureShape parse_shape(const char* s) {
  SignatureShape shape;
  if (s == nullptr) return shape;
  bool kwonly = false;
  while (*s != 0 && *s != '(') ++s;
  if (*s == '(') ++s;
  while (*s != 0 && *s != ')') {
    while (*s == ' ' || *s == ',') ++s;
    if (*s == ')' || *s == 0) break;
    const char* start = s;
    int depth = 0;
    char quote = 0;
    bool has_default = false;
    while (*s != 0) {
      if (quote != 0) {
        if (*s == quote) quote = 0;
      } else if (*s == '\'' || *s == '"') {
        quote = *s;
      } else if (*s == '(' || *s == '[' || *s == '{') {
        ++depth;
      } else if (depth > 0 && (*s == ')' || *s == ']' || *s == '}')) {
        --depth;
      } else if (depth == 0 && (*s == ',' || *s == ')')) {
        break;
      } else if (*s == '=' && depth == 0) {
        has_default = true;
      }
      ++s;
    }
    if (start[0] == '/') continue;
    if (start[0] == '*' && start[1] == '*') {
      shape.kwargs = true;
    } else if (start[0] == '*') {
      kwonly = true;
      if (s - start > 1) shape.varargs = true;
    } else {
      ++shape.params;
      if (!kwonly) {
        ++shape.positional;
        if (!has_default) ++shape.required;
      }
    }
  }
  return shape;
}

void arity_mismatch();  // not constexpr: calling it in a consteval function stops the build

}  // namespace native_detail

template <auto Fn>
struct Bound {
  static inline constinit const BuiltinDef* def_ = nullptr;
  static const BuiltinDef* def() { return def_; }
};

// A table row. Arity of the C++ function and of the signature must agree.
template <auto Fn>
consteval BuiltinDef method(const char* name, const char* signature,
                            Effects effects = Effects::kCallsPython, const char* doc = nullptr) {
  using T = native_detail::Traits<decltype(Fn)>;
  const native_detail::SignatureShape shape = native_detail::parse_shape(signature);
  if (shape.params != T::kParams || shape.varargs != T::kVarargs || shape.kwargs != T::kKwargs)
    native_detail::arity_mismatch();
  BuiltinDef def;
  def.name = name;
  def.signature = signature;
  def.fn = &T::template call<Fn, &Bound<Fn>::def>;
  def.effects = effects;
  def.doc = doc;
  def.min_args = static_cast<uint8_t>(shape.required);
  def.max_args = shape.varargs ? 255 : static_cast<uint8_t>(shape.positional);
  def.params = static_cast<uint8_t>(T::kParams);
  def.has_varargs = T::kVarargs;
  def.has_kwargs = T::kKwargs;
  def.rest_in_place = T::kVarargs && !T::kKwargs && shape.positional == shape.params;
  def.self_slot = &Bound<Fn>::def_;
  return def;
}
template <auto Fn>
consteval BuiltinDef function(const char* name, const char* signature,
                              Effects effects = Effects::kCallsPython, const char* doc = nullptr) {
  return method<Fn>(name, signature, effects, doc);
}
consteval BuiltinDef worded(Wording wording, BuiltinDef def) {
  def.wording = wording;
  return def;
}
// __new__ and other static methods; classmethods get the class as first parameter.
template <auto Fn>
consteval BuiltinDef static_method(const char* name, const char* signature,
                                   Effects effects = Effects::kCallsPython,
                                   const char* doc = nullptr) {
  BuiltinDef def = method<Fn>(name, signature, effects, doc);
  def.is_static = true;
  return def;
}
template <auto Fn>
consteval BuiltinDef class_method(const char* name, const char* signature,
                                  Effects effects = Effects::kCallsPython,
                                  const char* doc = nullptr) {
  BuiltinDef def = method<Fn>(name, signature, effects, doc);
  def.is_class = true;
  return def;
}

// --- attributes computed in C++ ------------------------------------------------------------------
struct GetSetDef {
  const char* name;
  Result<Value> (*get)(Context& cx, Value self);
  Result<void> (*set)(Context& cx, Value self, Value value) = nullptr;  // unset value: delete
  const char* doc = nullptr;
};

// --- types and modules ---------------------------------------------------------------------------
struct TypeDef {
  const char* name;                          // "list", or "collections.deque" (module.name)
  Kind kind = Kind::kInstance;               // layout of instances
  Type* Types::*slot = nullptr;              // where types() keeps it
  Type* Types::*base = nullptr;              // null: object
  Word flags = 0;                            // TypeFlags
  std::span<const BuiltinDef> methods = {};  // dunders included
  std::span<const GetSetDef> getsets = {};
  const char* doc = nullptr;
};
// Makes the type (or completes a bootstrapped one) and installs its methods.
Type* define_type(Context& cx, const TypeDef& def, Type* base = nullptr);
// A native class outside vm's kinds: instances are Instance with `slots` hidden slots that C++ code
// reads and writes through native_slot/set_native_slot (barriers included). `name` is
// "module.Class".
Type* define_native_class(Context& cx, const char* name, unsigned slots,
                          std::span<const BuiltinDef> methods,
                          std::span<const GetSetDef> getsets = {}, const char* doc = nullptr,
                          Type* base = nullptr, Word flags = kTypeBaseType);
Value native_slot(Context& cx, Value self, unsigned slot);
void set_native_slot(Context& cx, Value self, unsigned slot, Value v);
// Checks that self is an instance of that native class: TypeError otherwise.
Result<void> check_native(Context& cx, Value self, Type* type, const char* method);

struct ModuleDef {
  const char* name;
  std::span<const BuiltinDef> functions = {};
  Result<void> (*init)(Context& cx, Module* module) = nullptr;  // constants, types
  const char* doc = nullptr;
};
// Adds a row to the table of built-in modules (sys.builtin_module_names). Call before start-up
// ends.
void register_module(const ModuleDef& def);
Result<void> module_add(Context& cx, Module* module, const char* name, Value value);
Result<void> module_add_int(Context& cx, Module* module, const char* name, int64_t value);
Result<void> module_add_str(Context& cx, Module* module, const char* name, std::string_view value);
Result<void> module_add_type(Context& cx, Module* module, Type* type);
// Builtin function object for a row (module functions: self = module).
Value make_builtin(Context& cx, const BuiltinDef* def, Value self, Value owner);

// Allocation of a fixed-size builtin layout. For exact types pass no class. With a subclass the
// attribute Dict is made too. The caller initialises through stm::init_state before allocating
// again; all words are cleared.
Object* alloc_object(Context& cx, Shape* shape);
template <class T>
T* alloc(Context& cx, ShapeId shape) {
  void* p = gc::allocate(cx, sizeof(T));
  T* o = static_cast<T*>(p);
  __builtin_memset(p, 0, sizeof(T));
  o->shape_id = shape;  // NOBARRIER: newborn
  if constexpr (T::kHasVlock)
    o->vlock.store(cx.me, std::memory_order_relaxed);  // NOBARRIER: newborn
  return o;
}
template <class T>
T* alloc_for(Context& cx, Type* type) {  // type may be a subclass
  return static_cast<T*>(alloc_object(cx, type->shape));
}

}  // namespace pystm::vm
