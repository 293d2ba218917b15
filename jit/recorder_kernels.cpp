// Recording builtins that run Python code: their kernels (vm/runtime/kernels.h) are inlined like
// any Python function.
#include "jit/recorder.h"
#include "vm/object/sequence.h"
#include "vm/runtime/kernels.h"
#include "vm/runtime/signature.h"

namespace pystm::jit {

using namespace vm;

// The arguments as the C++ function gets them (bind_builtin); false: they do not fit.
bool Recorder::bind_native(const Call& call, const BuiltinDef* def, std::vector<V>* bound) {
  const Signature& s = signature_of(cx_, def);
  const size_t keywords = call.names == nullptr ? 0 : call.names->length;
  const size_t positional = call.arguments.size() - keywords;
  const size_t direct = std::min(positional, s.positional);
  if ((positional > direct && !def->has_varargs) || def->has_kwargs) return false;
  const V unset{Value(), e_.trace().word_const(Value())};
  bound->assign(def->params, unset);
  for (size_t k = 0; k < direct; ++k) (*bound)[k] = call.arguments[k];
  for (size_t k = 0; k < keywords; ++k) {
    size_t at = s.posonly;
    while (at < s.names.size() && Value(s.names[at]) != (*call.names)[k]) ++at;
    if (at == s.names.size() || !(*bound)[at].value.is_unset()) return false;
    (*bound)[at] = call.arguments[positional + k];
  }
  for (size_t k = 0; k < def->params; ++k) {
    if (!(*bound)[k].value.is_unset()) continue;
    if (s.required[k]) return false;
    (*bound)[k] = {s.defaults[k], constant_ref(s.defaults[k])};
  }
  bound->insert(bound->end(), call.arguments.begin() + static_cast<ptrdiff_t>(direct),
                call.arguments.begin() + static_cast<ptrdiff_t>(positional));
  return true;
}

// Guards what fits_kernel() has found out about the argument.
void Recorder::guard_kernel_argument(char kind, V v) {
  switch (kind) {
    case 'G':
      guard_stepped(v);
      break;
    case 'F':
      guard_function(v);
      break;
    case 'U':  // part of how the call is written
    case 'A':
      break;
    default:
      guard_type(v);
      break;
  }
}

// An iterator's kind, and the code that it runs.
void Recorder::guard_stepped(V v) {
  const IrRef it = guard_object(v, v.value.object()->shape_id);
  if (has_shape(v.value, kShapeGenerator)) {
    e_.guard_is(e_.load(it, field::Generator::code),
                e_.trace().ref_const(v.value.as<Generator>()->code.ptr));
    return;
  }
  const bool is_map = has_shape(v.value, kShapeMap);
  const Value function = is_map ? stm::Read<Map>(cx_, v.value.as<Map>())->function
                                : stm::Read<Filter>(cx_, v.value.as<Filter>())->function;
  const IrRef loaded = e_.load(it, is_map ? field::Map::function : field::Filter::function);
  e_.read_check(it);
  guard_function({function, loaded});
}

// kExit: no kernel fits, nothing was emitted.
Flow Recorder::call_kernel(const Call& call, uint8_t kernels, const std::vector<V>& bound) {
  // Making the kernel may collect, and nobody knows of what a vector names; what this frame names
  // is pinned.
  constexpr size_t kMost = 24;
  if (bound.size() > kMost) return stop("kernel with many arguments");
  Value values[kMost];
  for (size_t k = 0; k < bound.size(); ++k) values[k] = bound[k].value;
  const KernelChoice choice = choose_kernel(cx_, kernels, values, bound.size());
  if (choice.row == nullptr) return Flow::kExit;
  const auto function = kernel_function(cx_, choice);
  if (function.is_error()) {
    clear_exception(cx_);
    return stop("kernel without memory");
  }
  for (size_t k = 0; k < bound.size(); ++k)
    guard_kernel_argument(choice.row->arguments[k], bound[k]);
  const Value f(function.value());
  Call inner{.callable = {f, constant_ref(f)},
             .window = scratch(2),
             .result = call.result,
             .on_return = OnReturn::kKernel};
  for (const char c : choice.row->passes) {
    if (c >= '0' && c <= '9') {
      inner.arguments.push_back(bound[static_cast<size_t>(c - '0')]);
      continue;
    }
    const auto helper = kernel_helper(cx_, c);
    if (helper.is_error()) {
      clear_exception(cx_);
      return stop("kernel without memory");
    }
    inner.arguments.push_back({helper.value(), constant_ref(helper.value())});
  }
  const Flow flow = enter(inner);
  asm volatile("" : : "r"(values) : "memory");
  return flow;
}

Flow Recorder::native_kernel(const Call& call, const Builtin* b) {
  if (b->def->kernels == 0) return Flow::kExit;
  std::vector<V> bound;
  if (!bind_native(call, b->def, &bound)) return Flow::kExit;
  return call_kernel(call, b->def->kernels, bound);
}

Flow Recorder::class_kernel(const Call& call, const vm::Type* type) {
  const uint8_t kernels = class_kernels(type);
  if (kernels == 0 || call.arguments.size() != 1 || call.names != nullptr) return Flow::kExit;
  return call_kernel(call, kernels, call.arguments);
}

}  // namespace pystm::jit
