// What traces call for attributes that no inline cache knows: names made at run time, objects whose
// attributes are in a Dict, attributes of classes.
//
// Invariants: an unset result means that Python code has a part in it (a property, __getattr__ ...)
// or that there is no such attribute, and that nothing has happened.
#include "jit/ir.h"
#include "jit/plainly.h"
#include "jit/residual.h"
#include "vm/object/instance.h"
#include "vm/object/str.h"
#include "vm/runtime/native.h"

namespace pystm::jit {

using namespace vm;

bool has_generic_attributes(Value object) {
  const vm::Type* type = type_of(object);
  return object.is_object() && !is_type(object) && !has_kind(object, Kind::kModule) &&
         (type->flags & kTypeGenericGetAttr) != 0 && (type->flags & kTypeGenericSetAttr) != 0 &&
         type->dunder(Dunder::kGetAttr).is_unset();
}

namespace {

// Does a class attribute give itself, or what C++ binds without changing anything?
bool binds_in_cpp(Value entry) {
  if (!entry.is_object()) return true;
  switch (shape_of(entry.object())->kind) {
    case Kind::kFunction:
    case Kind::kMethodDescriptor:
    case Kind::kWrapperDescriptor:
    case Kind::kBuiltin:
    case Kind::kMember:
      return true;
    default:
      return lookup_dunder(entry, Dunder::kGet).is_unset() &&
             lookup_dunder(entry, Dunder::kSet).is_unset();
  }
}

// type(object) decides, and is no class of the program's.
bool is_class_getset(Value object, Str* name) {
  return is_type(object) && type_of(object) == types().type &&
         has_shape(type_lookup_entry(types().type, name), kShapeGetSet);
}

Result<Value> attribute(Context& cx, Value object, Value name, Value fallback) {
  Str* n = intern(cx, TRY(flatten(cx, name)));
  if (is_class_getset(object, n)) return get_attr(cx, object, n);
  if (!has_cpp_attribute(object, n)) return Value();
  return plainly(cx, [&]() -> Result<Value> {
    const Value v = TRY(find_attr(cx, object, n));
    return v.is_unset() ? fallback : v;
  });
}

Result<Value> set_attribute(Context& cx, Value object, Value name, Value v) {
  Str* n = intern(cx, TRY(flatten(cx, name)));
  if (!has_generic_attributes(object) || !shape_of(object.object())->has_dict ||
      !binds_in_cpp(type_lookup(type_of(object), n)))
    return Value();
  return plainly(cx, [&]() -> Result<Value> {
    TRY(set_attr(cx, object, n, v));
    return kNone;
  });
}

Result<Value> attributes(Context& cx, Value object) {
  if (!has_generic_attributes(object) || !shape_of(object.object())->has_dict) return Value();
  const Value own = type_lookup(type_of(object), names().__dict__);
  return has_shape(own, kShapeGetSet) ? instance_dict(cx, object, true) : Result<Value>(Value());
}

constexpr Type W = Type::Word;

}  // namespace

bool has_cpp_attribute(Value object, Str* name) {
  return has_generic_attributes(object) && binds_in_cpp(type_lookup(type_of(object), name));
}

const CallInfo kCallAttribute = {"attribute", Entry<&attribute>, W, kReader, 3, {W, W, W}};
const CallInfo kCallSetAttribute = {"set_attribute", Entry<&set_attribute>, W, kWriter, 3,
                                    {W, W, W}};
const CallInfo kCallVars = {"vars", Entry<&attributes>, W, kWriter, 1, {W}};

}  // namespace pystm::jit
