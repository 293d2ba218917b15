// Choosing and making kernels, and the C++ functions that they call.
#include "vm/runtime/kernels.h"

#include <cstring>

#include "vm/object/dict.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/object/type.h"
#include "vm/runtime/call.h"
#include "vm/runtime/compile.h"
#include "vm/runtime/operators.h"
#include "vm/runtime/runtime.h"
#include "vm/types/dict_views.h"
#include "vm/types/sort.h"

namespace pystm::vm {

// --- choosing ------------------------------------------------------------------------------------

uint8_t class_kernels(const Type* type) {
  const Types& t = types();
  return type == t.list        ? kernels_of("list")
         : type == t.tuple     ? kernels_of("tuple")
         : type == t.set       ? kernels_of("set")
         : type == t.frozenset ? kernels_of("frozenset")
         : type == t.dict      ? kernels_of("dict")
         : type == t.str       ? kernels_of("str")
                               : 0;
}

Code* stepped_code(Context& cx, Value iterator) {
  Value function;
  if (has_shape(iterator, kShapeGenerator)) return iterator.as<Generator>()->code;
  if (has_shape(iterator, kShapeMap)) function = stm::Read<Map>(cx, iterator.as<Map>())->function;
  if (has_shape(iterator, kShapeFilter))
    function = stm::Read<Filter>(cx, iterator.as<Filter>())->function;
  if (!is_function(function)) return nullptr;
  return stm::Read<Function>(cx, function.as<Function>())->code;
}

bool fits_kernel(Context& cx, char kind, Value v, Code** site) {
  switch (kind) {
    case 'G': {
      Code* code = stepped_code(cx, v);
      if (code != nullptr) *site = code;
      return code != nullptr;
    }
    case 'F':
      if (!is_function(v)) return false;
      if (*site == nullptr) *site = stm::Read<Function>(cx, v.as<Function>())->code;
      return true;
    case 'S': {
      const Value method = is_instance_layout(v) ? type_of(v)->dunder(Dunder::kStr) : Value();
      if (!is_function(method)) return false;
      *site = stm::Read<Function>(cx, method.as<Function>())->code;
      return true;
    }
    case 'C':
      return is_exact_list(v) || is_exact_tuple(v) || is_exact_dict(v) || is_exact_set(v) ||
             has_shape(v, kShapeFrozenSet) || has_shape(v, kShapeRange) || is_exact_str(v);
    case 'T':
      return !is_str(v) && !is_bytes(v) && !is_bytearray(v);
    case 's':
      return is_exact_str(v);
    case 'l':
      return is_exact_list(v);
    case 'b':
      return v == kTrue || v == kFalse;
    case 'N':
      return v == kNone;
    case 'U':
      return v.is_unset();
    default:
      return !v.is_unset();
  }
}

KernelChoice choose_kernel(Context& cx, uint8_t first, const Value* args, size_t n) {
  const std::string_view name = kKernelRows[first - 1].builtin;
  for (size_t k = first - 1u; k < kKernelCount && kKernelRows[k].builtin == name; ++k) {
    const std::string_view kinds = kKernelRows[k].arguments;
    Code* site = nullptr;
    size_t fitting = 0;
    while (fitting < n && kinds.size() == n &&
           fits_kernel(cx, kinds[fitting], args[fitting], &site))
      ++fitting;
    if (fitting == n && site != nullptr) return {&kKernelRows[k], site};
  }
  return {};
}

// --- what kernels call ---------------------------------------------------------------------------

namespace {

Result<Value> empty_min(Context& cx, Value) {
  return raise(cx, kValueError, "min() arg is an empty sequence");
}
Result<Value> empty_max(Context& cx, Value) {
  return raise(cx, kValueError, "max() arg is an empty sequence");
}
Result<Value> empty_reduce(Context& cx) {
  return raise(cx, kTypeError, "reduce() of empty iterable with no initial value");
}
Value same(Context&, Value v) { return v; }
Result<Value> check_str(Context& cx, Value v) {
  if (is_str(v)) return v;
  return raise(cx, kTypeError, "__str__ returned non-string (type %s)", TYPE_NAME(v));
}
Result<Value> list_of(Context& cx, Value items) { return Value(TRY(to_list(cx, items))); }
Result<Value> tuple_of_list(Context& cx, List* items) {
  return Value(TRY(list_to_tuple(cx, items)));
}
Result<Value> order(Context& cx, List* items, List* keys, bool reverse) {
  TRY(sort_by_keys(cx, items, TRY(list_to_tuple(cx, keys)), reverse));
  return Value(items);
}
Result<Value> take(Context& cx, List* list) { return Value(TRY(begin_sort(cx, list))); }
// keys: None after an error.
Result<void> finish(Context& cx, List* list, Tuple* items, Value keys, bool reverse) {
  Tuple* k = keys == kNone ? nullptr : TRY(list_to_tuple(cx, keys.as<List>()));
  return finish_sort(cx, list, items, k, reverse);
}
Value freeze(Context& cx, Set* items) { return frozen_set(cx, items, types().frozenset); }
Result<void> add_pair(Context& cx, Dict* table, Value pair, int64_t number) {
  return dict_add_pair(cx, table, pair, number);
}
Result<Value> join(Context& cx, Value separator, Value items) {
  return call_method(cx, separator, "join", {items});
}

struct Helper {
  char letter;
  BuiltinDef def;
};
constexpr Helper kHelpers[] = {
    {'m', function<&empty_min>("empty_min", "(default, /)")},
    {'M', function<&empty_max>("empty_max", "(default, /)")},
    {'r', function<&empty_reduce>("empty_reduce", "()")},
    {'s', function<&check_str>("check_str", "(value, /)", Effects::kPure)},
    {'=', function<&same>("same", "(value, /)", Effects::kPure)},
    {'l', function<&list_of>("list_of", "(items, /)")},
    {'c', function<&tuple_of_list>("tuple_of_list", "(items, /)", Effects::kReads)},
    {'o', function<&order>("order", "(items, keys, reverse, /)")},
    {'t', function<&take>("take", "(self, /)")},
    {'f', function<&finish>("finish", "(self, items, keys, reverse, /)")},
    {'z', function<&freeze>("freeze", "(items, /)", Effects::kReads)},
    {'d', function<&add_pair>("add_pair", "(table, pair, number, /)")},
    {'j', function<&join>("join", "(separator, items, /)")},
};

// What is made when first asked for: born old, so that it does not move. A second maker's copy is
// dropped.
template <class T>
class Once {
 public:
  template <class F>
  Result<T*> get(F make) {
    if (T* made = made_.load(std::memory_order_acquire)) return made;
    T* fresh = TRY(Result<T*>(make()));
    T* seen = nullptr;
    if (!made_.compare_exchange_strong(seen, fresh, std::memory_order_acq_rel)) return seen;
    root_.value = fresh;
    return fresh;
  }

 private:
  std::atomic<T*> made_{nullptr};
  gc::OldRoot root_;
};
Once<Builtin> helpers[std::size(kHelpers)];
Once<Code> originals[kKernelCount];

Code* first_code(Tuple* consts) {
  for (size_t k = 0; k < consts->length; ++k)
    if (has_kind((*consts)[k], Kind::kCode)) return (*consts)[k].as<Code>();
  return nullptr;
}

void hide(Code* code) {
  code->data->hidden = true;
  for (size_t k = 0; k < code->consts->length; ++k)
    if (has_kind((*code->consts)[k], Kind::kCode)) hide((*code->consts)[k].as<Code>());
}

// A row's code as compiled.
Result<Code*> original(Context& cx, size_t row) {
  return originals[row].get([&]() -> Result<Code*> {
    Code* module =
        TRY(compile_text(cx, kKernelRows[row].text, "<kernel>", default_compile_options()));
    Code* code = first_code(module->consts);
    hide(code);
    return code;
  });
}

// With caches of its own, and so what its constants hold.
Result<Code*> copy_of(Context& cx, Code* from) {
  Tuple* consts = TRY(new_tuple(cx, from->consts->items(), from->consts->length));
  for (size_t k = 0; k < consts->length; ++k) {
    if (!has_kind((*consts)[k], Kind::kCode)) continue;
    consts->items()[k] = TRY(copy_of(cx, (*consts)[k].as<Code>()));
    gc::store_barrier(cx, consts, consts->items() + k);
  }
  Code* code = copy_code(cx, from);
  code->consts = consts;
  gc::store_barrier(cx, code, reinterpret_cast<Value*>(&code->consts));
  return code;
}

// Others may see it before this transaction ends, and after its abort. It is complete, and nobody
// writes it: its version is that of an object as old as the heap.
Function* make_function(Context& cx, Code* code) {
  auto* f = static_cast<Function*>(gc::allocate_old(cx, sizeof(Function)));
  std::memset(reinterpret_cast<char*>(f) + sizeof(Object), 0, sizeof(Function) - sizeof(Object));
  stm::init_state(cx, f).code = code;
  stm::init_state(cx, f).name = code->name.ptr;
  stm::init_state(cx, f).qualname = code->name.ptr;
  f->globals = runtime().builtins_dict.value.as<Dict>();
  f->builtins = runtime().builtins_dict.value.as<Dict>();
  f->vlock.store(0, std::memory_order_relaxed);  // NOBARRIER: newborn
  f->shape_id = kShapeFunction;                  // NOBARRIER: newborn
  return f;
}

}  // namespace

Result<Value> kernel_helper(Context& cx, char letter) {
  if (letter == '-') return kNone;
  if (letter == 'y') return Value(types().type);
  size_t k = 0;
  while (kHelpers[k].letter != letter) ++k;
  return Value(TRY(helpers[k].get([&]() -> Result<Builtin*> {
    auto* b = static_cast<Builtin*>(gc::allocate_old(cx, sizeof(Builtin)));
    b->shape_id = kShapeBuiltin;  // NOBARRIER: newborn
    b->def = &kHelpers[k].def;
    *b->def->self_slot = b->def;
    b->self = Value();
    b->owner = intern(cx, "kernels");
    return b;
  })));
}

Result<Function*> kernel_function(Context& cx, const KernelChoice& choice) {
  const size_t row = static_cast<size_t>(choice.row - kKernelRows);
  CodeData* data = choice.site->data;
  KernelCopies* copies = data->kernels.load(std::memory_order_acquire);
  if (copies == nullptr) {
    auto* fresh = new KernelCopies;
    if (data->kernels.compare_exchange_strong(copies, fresh, std::memory_order_acq_rel))
      copies = fresh;
    else
      delete fresh;
  }
  if (Function* f = copies->functions[row].load(std::memory_order_acquire)) return f;
  Code* code = TRY(copy_of(cx, TRY(original(cx, row))));
  Function* const f = make_function(cx, code);
  Function* seen = nullptr;
  return copies->functions[row].compare_exchange_strong(seen, f) ? f : seen;
}

Result<Value> call_kernel(Context& cx, const KernelChoice& choice, const Value* args) {
  Value passed[8];
  size_t n = 0;
  for (const char c : choice.row->passes)
    passed[n++] = c >= '0' && c <= '9' ? args[c - '0'] : TRY(kernel_helper(cx, c));
  return tail_call(cx, TRY(kernel_function(cx, choice)), passed, n);
}

}  // namespace pystm::vm
