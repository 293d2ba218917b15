// Recording attributes that no inline cache knows (residual_attributes.cpp), and object.__new__.
#include "jit/recorder.h"
#include "jit/residual.h"
#include "vm/object/instance.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/native.h"

namespace pystm::jit {

using namespace vm;

// What the C++ function would say of this object can be told from its type, apart from the name.
bool Recorder::guard_attributes(V object) {
  const vm::Type* type = type_of(object.value);
  const bool of_class = is_type(object.value) && type == types().type;
  if (!of_class && !has_generic_attributes(object.value)) return false;
  guard_type(object);
  return true;
}

Flow Recorder::named_attr(uint16_t result, V object, IrRef name, IrRef fallback) {
  if (!guard_attributes(object)) return stop("attribute not cached");
  // Else the call would say every time that it cannot tell.
  if (is_const(name) && !is_type(object.value) &&
      !has_cpp_attribute(object.value, Value(e_.trace().bits(name)).as<Str>()))
    return stop("attribute by a descriptor");
  return set_after(result, call_plainly(kCallAttribute, {e_.box(object.ref), name, fallback}));
}

Flow Recorder::store_named_attr(V object, IrRef name, V v) {
  if (is_type(object.value) || !guard_attributes(object)) return stop("attribute not cached");
  call_plainly(kCallSetAttribute, {e_.box(object.ref), name, e_.box(v.ref)});
  return Flow::kNext;
}

// object.__new__(cls) of a class without another __new__.
Flow Recorder::bare_instance(const Call& call) {
  const V cls = call.arguments[0];
  if (!is_type(cls.value)) return Flow::kExit;
  vm::Type* type = as_type(cls.value);
  if (type->dunder(Dunder::kNew) != types().object->dunder(Dunder::kNew) ||
      (type->flags & kTypeAbstract) != 0 || !is_complete(type) ||
      !makes_bare_instances(type->shape))
    return Flow::kExit;
  e_.guard_is(cls.ref, constant_ref(cls.value));
  return set_after(call.result, make_instance(type->shape));
}

// getattr, setattr, hasattr, vars and object.__new__. kExit: nothing was emitted, go on.
Flow Recorder::attribute_native(const Call& call, const Builtin* b) {
  const std::string_view name = b->def->name;
  const auto& a = call.arguments;
  if (name == "__new__" && b->owner == Value(types().object) && a.size() == 1)
    return bare_instance(call);
  if (is_type(b->owner) || a.empty()) return Flow::kExit;
  if (name == "vars" && a.size() == 1) {
    if (is_type(a[0].value) || !guard_attributes(a[0])) return Flow::kExit;
    return set_after(call.result, call_plainly(kCallVars, {a[0].ref}));
  }
  if (a.size() < 2 || !is_exact_str(a[1].value)) return Flow::kExit;
  const bool gets = name == "getattr" && a.size() <= 3, sets = name == "setattr" && a.size() == 3;
  if ((!gets && !sets) || (sets && is_type(a[0].value)) || !guard_attributes(a[0]))
    return Flow::kExit;
  const IrRef text = guard_type(a[1]);
  if (gets) {
    const IrRef fallback = a.size() == 3 ? e_.box(a[2].ref) : e_.trace().word_const(Value());
    return named_attr(call.result, a[0], text, fallback);
  }
  (void)store_named_attr(a[0], text, a[2]);
  return set_after(call.result, e_.trace().word_const(kNone));
}

}  // namespace pystm::jit
