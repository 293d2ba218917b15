// Recording calls of classes: instances of Python's, what C++ makes, exceptions.
#include "jit/recorder.h"
#include "jit/residual.h"
#include "jit/runtime.h"
#include "vm/object/dict.h"
#include "vm/object/instance.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/native.h"

namespace pystm::jit {

using namespace vm;

bool makes_plain_exceptions(vm::Type* type) {
  vm::Type* base = exception_type(kBaseException);
  return is_subtype(type, base) && type->dunder(Dunder::kNew) == base->dunder(Dunder::kNew) &&
         type->dunder(Dunder::kInit) == base->dunder(Dunder::kInit);
}

bool makes_bare_instances(const Shape* shape) {
  return shape->kind == Kind::kInstance && shape->info.has_vlock && !shape->info.may_finalize &&
         shape->dict_offset == 0;
}

IrRef Recorder::make_instance(Shape* shape) {
  const size_t bytes = shape->info.fixed_size;
  const IrRef o = e_.make(shape->id, bytes, true);
  const IrRef unset = e_.trace().word_const(Value());
  e_.store(o, field::Instance::overflow, unset);
  for (unsigned slot = 0; sizeof(Instance) + 8 * slot < bytes; ++slot)
    e_.store(o, instance_slot(slot), unset);
  return o;
}

// range() of ints that fit; kNoRef: not here.
IrRef Recorder::make_range(const Call& call) {
  const auto& a = call.arguments;
  if (a.empty() || a.size() > 3) return kNoRef;
  for (const V& v : a)
    if (!v.value.is_int()) return kNoRef;
  const int64_t by = a.size() == 3 ? a[2].value.as_int() : 1;
  const int64_t first = a.size() == 1 ? 0 : a[0].value.as_int();
  const int64_t end = a[a.size() == 1 ? 0 : 1].value.as_int();
  if (by == 0) return kNoRef;
  Trace& t = e_.trace();
  const IrRef start = a.size() == 1 ? t.int_const(0) : as_int(a[0]);
  const IrRef stop = as_int(a[a.size() == 1 ? 0 : 1]);
  const IrRef step = a.size() == 3 ? as_int(a[2]) : t.int_const(1);
  e_.guard_int(Cond::eq, step, t.int_const(by));
  const bool some = by > 0 ? first < end : first > end;
  e_.guard_int(by > 0 ? Cond::lt : Cond::gt, start, stop, some);
  IrRef length = t.int_const(0);
  if (some) {
    const IrRef span = by > 0 ? e_.emit(Ir::SubOv, stop, start) : e_.emit(Ir::SubOv, start, stop);
    const int64_t stride = by > 0 ? by : -by;
    length = span;
    if (stride != 1) {
      const IrRef less = e_.emit(Ir::Sub, span, t.int_const(1));
      const IrRef whole = e_.emit(Ir::FloorDiv, less, t.int_const(stride));
      length = e_.emit(Ir::Add, whole, t.int_const(1));
    }
  }
  const IrRef words[] = {e_.box(start), e_.box(stop), e_.box(step), e_.box(length)};
  const IrRef range = e_.make(kShapeRange, sizeof(vm::Range), false);
  e_.store(range, field::Range::start, words[0]);
  e_.store(range, field::Range::stop, words[1]);
  e_.store(range, field::Range::step, words[2]);
  e_.store(range, field::Range::length, words[3]);
  return range;
}

IrRef Recorder::make_enumerate(const Call& call) {
  const auto& a = call.arguments;
  if (a.empty() || a.size() > 2 || (a.size() == 2 && !a[1].value.is_int())) return kNoRef;
  const IrRef count = e_.box(a.size() == 2 ? as_int(a[1]) : e_.trace().int_const(0));
  const IrRef inner = iterator_of(a[0]);
  if (inner == kNoRef) return kNoRef;
  const IrRef it = e_.make(kShapeEnumerate, sizeof(Enumerate), true);
  e_.store(it, field::Enumerate::iterator, inner);
  e_.store(it, field::Enumerate::count, count);
  return it;
}

IrRef Recorder::make_zip(const Call& call) {
  std::vector<IrRef> inner;
  for (const V& v : call.arguments) {
    inner.push_back(iterator_of(v));
    if (inner.back() == kNoRef) return kNoRef;
  }
  const IrRef iterators = make_tuple(inner);
  const IrRef it = e_.make(kShapeZip, sizeof(Zip), true);
  e_.store(it, field::Zip::iterators, iterators);
  e_.store(it, field::Zip::strict, e_.trace().int_const(0));
  return it;
}

IrRef Recorder::make_map(const Call& call) {
  if (call.arguments.size() < 2) return kNoRef;
  std::vector<IrRef> inner;
  for (size_t k = 1; k < call.arguments.size(); ++k) {
    inner.push_back(iterator_of(call.arguments[k]));
    if (inner.back() == kNoRef) return kNoRef;
  }
  const IrRef function = e_.box(call.arguments[0].ref);
  const IrRef iterators = make_tuple(inner);
  const IrRef it = e_.make(kShapeMap, sizeof(Map), true);
  e_.store(it, field::Map::function, function);
  e_.store(it, field::Map::iterators, iterators);
  return it;
}

IrRef Recorder::make_filter(const Call& call) {
  if (call.arguments.size() != 2) return kNoRef;
  const IrRef inner = iterator_of(call.arguments[1]);
  if (inner == kNoRef) return kNoRef;
  const IrRef function = e_.box(call.arguments[0].ref);
  const IrRef it = e_.make(kShapeFilter, sizeof(Filter), true);
  e_.store(it, field::Filter::function, function);
  e_.store(it, field::Filter::iterators, inner);
  return it;
}

// super() in a method: the class from the __class__ cell, the object from the first parameter.
IrRef Recorder::make_super() {
  const CodeData* d = f_->code->data;
  const unsigned first_free = d->nlocals + d->ncells;
  unsigned k = 0;
  while (k < d->nfrees && !str_equals((*f_->code->varnames)[first_free + k].as<Str>(), "__class__"))
    ++k;
  if (k == d->nfrees || d->argcount == 0 || !d->cell_params.empty() || !f_->generator.is_unset())
    return kNoRef;
  const V self = reg(0);
  if (!is_instance_layout(self.value) && !is_exception(self.value)) return kNoRef;
  const V start = load_cell(reg(first_free + k));
  if (!is_type(start.value) || !is_subtype(type_of(self.value), as_type(start.value)))
    return kNoRef;
  e_.guard_is(start.ref, constant_ref(start.value));
  const IrRef o = guard_instance(self, self.value.object()->shape_id);
  const IrRef super = e_.make(kShapeSuper, sizeof(Super), true);
  e_.store(super, field::Super::start, constant_ref(start.value));
  e_.store(super, field::Super::self, o);
  e_.store(super, field::Super::self_type, constant_ref(type_of(self.value)));
  return super;
}

namespace {

// Does the class, made in C++, make its instances of such an argument without Python code?
bool converts_natively(const vm::Type* type, Value v) {
  const vm::Types& ts = types();
  if (type == ts.int_ || type == ts.float_ || type == ts.str || type == ts.bool_)
    return is_plain(v);
  if (type == ts.list || type == ts.tuple)
    return is_exact_list(v) || is_exact_tuple(v) || is_exact_str(v) || is_exact_dict(v) ||
           has_shape(v, kShapeRange) || is_exact_set(v) || has_shape(v, kShapeDictView);
  if (type == ts.bytes || type == ts.bytearray)
    return v.is_int() || is_exact_bytes(v) || is_bytearray(v);
  return false;
}
// The same of what it hashes or converts one by one, if the elements are plain.
bool gathers_natively(const vm::Type* type, Value v) {
  const vm::Types& ts = types();
  if (type == ts.dict) return is_exact_dict(v);
  return (type == ts.set || type == ts.frozenset || type == ts.bytes || type == ts.bytearray) &&
         iterates_in_cpp(v);
}

}  // namespace

// A class whose instances C++ makes; kNoRef: not here.
IrRef Recorder::call_builtin_class(const Call& call, vm::Type* type) {
  const vm::Types& ts = types();
  const auto& a = call.arguments;
  if (call.names != nullptr) return kNoRef;
  if (type == ts.range) return make_range(call);
  if (type == ts.enumerate) return make_enumerate(call);
  if (type == ts.zip) return make_zip(call);
  if (type == ts.map) return make_map(call);
  if (type == ts.filter) return make_filter(call);
  if (type == ts.type && a.size() == 1) {
    guard_type(a[0]);
    return constant_ref(type_of(a[0].value));
  }
  if (type == ts.super_ && a.empty()) return make_super();
  const IrRef self = constant_ref(call.callable.value);
  if (a.empty() && (type == ts.list || type == ts.dict || type == ts.set || type == ts.bytearray ||
                    type == ts.object))
    return e_.call(kCallValue0, {self});
  if (a.size() == 1) {
    if (type == ts.float_ && a[0].value.is_int()) return e_.emit(Ir::IntToFloat, as_int(a[0]));
    double d;
    if (type == ts.float_ && float_of(a[0].value, &d)) return e_.check_float(a[0].ref);
    if (type == ts.int_ && a[0].value.is_int()) return as_int(a[0]);
    if (type == ts.int_ && float_of(a[0].value, &d) && d > -0x1p61 && d < 0x1p61)
      return e_.emit(Ir::FloatToInt, e_.check_float(a[0].ref));
    if (converts_natively(type, a[0].value)) {
      guard_type(a[0]);
      if (is_exact_tuple(a[0].value) && type == ts.str) return kNoRef;
      return call_catching(kCallValue1, {self, e_.box(a[0].ref)});
    }
    if (gathers_natively(type, a[0].value)) {
      guard_type(a[0]);
      e_.guard_is(e_.call(kCallAllPlain, {a[0].ref}), e_.trace().word_const(kTrue));
      return e_.call(kCallValue1, {self, a[0].ref});
    }
  }
  if (a.size() == 2 && type == ts.int_ && is_exact_str(a[0].value) && a[1].value.is_int()) {
    guard_type(a[0]);
    guard_type(a[1]);
    return e_.call(kCallValue2, {self, a[0].ref, e_.box(a[1].ref)});
  }
  if (makes_plain_exceptions(type) && a.size() <= 2) {
    if (a.empty()) return e_.call(kCallValue0, {self});
    if (a.size() == 1) return e_.call(kCallValue1, {self, e_.box(a[0].ref)});
    return e_.call(kCallValue2, {self, e_.box(a[0].ref), e_.box(a[1].ref)});
  }
  return kNoRef;
}

Flow Recorder::call_class(Call call) {
  vm::Type* type = as_type(call.callable.value);
  if (type_of(type)->dunder(Dunder::kCall) != types().type->dunder(Dunder::kCall) ||
      (type->flags & kTypeAbstract))
    return stop("class with a metaclass of its own");
  e_.guard_is(call.callable.ref, constant_ref(call.callable.value));
  if (const Flow flow = class_kernel(call, type); flow != Flow::kExit) return flow;
  if (const IrRef made = call_builtin_class(call, type); made != kNoRef)
    return set_after(call.result, made);
  const Value init = type->dunder(Dunder::kInit);
  if (is_function(init) &&
      type->dunder(Dunder::kNew) == exception_type(kBaseException)->dunder(Dunder::kNew)) {
    const IrRef e = make_exception(call, type);
    return e == kNoRef ? stop("exception of many arguments") : call_init(std::move(call), init, e);
  }
  const bool plain_init = init == types().object->dunder(Dunder::kInit) && call.arguments.empty();
  if (type->dunder(Dunder::kNew) != types().object->dunder(Dunder::kNew) ||
      !(plain_init || is_function(init)))
    return stop("class with a __new__");
  if (!makes_bare_instances(type->shape)) return stop("instance of a builtin's subclass");
  const IrRef o = make_instance(type->shape);
  if (plain_init) return set_after(call.result, o);
  return call_init(std::move(call), init, o);
}

// BaseException.__new__ with the arguments of the call.
IrRef Recorder::make_exception(const Call& call, vm::Type* type) {
  constexpr size_t kMost = 4;
  const size_t n = call.arguments.size();
  if (n > kMost || call.names != nullptr) return kNoRef;
  const auto* make = type->dunder(Dunder::kNew).as<Builtin>();
  IrRef args[2 + kMost] = {e_.trace().ptr_const(make->def), constant_ref(Value(type))};
  for (size_t k = 0; k < n; ++k) args[k + 2] = e_.box(call.arguments[k].ref);
  const IrRef e = e_.call(native_call(n + 1, true), std::span<const IrRef>(args, n + 2));
  return guard_object({Value(), e}, type->shape->id);
}

Flow Recorder::call_init(Call call, Value init, IrRef o) {
  call.callable = {init, constant_ref(init)};
  call.arguments.insert(call.arguments.begin(), V{Value(), o});
  call.window -= 1;
  call.on_return = OnReturn::kInit;
  call.init_self = o;
  return enter(call);
}

}  // namespace pystm::jit
