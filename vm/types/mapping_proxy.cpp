// mappingproxy: a read-only face of any mapping.
#include "vm/types/dict_views.h"

namespace pystm::vm {

Value new_mapping_proxy(Context& cx, Value mapping) {
  auto* p = alloc<MappingProxy>(cx, kShapeMappingProxy);
  p->value = mapping;
  return p;
}

namespace mapping_proxy_methods {
namespace {

Result<Value> make(Context& cx, Value cls, Value mapping) {
  (void)TRY(type_argument(cx, cls, types().mappingproxy));
  if (lookup_dunder(mapping, Dunder::kGetItem).is_unset() || is_list(mapping) || is_tuple(mapping))
    return raise(cx, kTypeError, "mappingproxy() argument must be a mapping, not %s",
                 TYPE_NAME(mapping));
  return new_mapping_proxy(cx, mapping);
}

Value unwrap(Value v) { return has_kind(v, Kind::kMappingProxy) ? v.as<MappingProxy>()->value : v; }

Result<int64_t> len(Context& cx, MappingProxy* self) { return length(cx, self->value); }
Result<Value> getitem(Context& cx, MappingProxy* self, Value key) {
  return get_item(cx, self->value, key);
}
Result<bool> has_key(Context& cx, MappingProxy* self, Value key) {
  return contains(cx, self->value, key);
}
Result<Value> iter(Context& cx, MappingProxy* self) { return get_iter(cx, self->value); }
Result<Value> reversed(Context& cx, MappingProxy* self) {
  return call_method(cx, self->value, "__reversed__", {});
}
Result<Value> get(Context& cx, MappingProxy* self, Value key, Value fallback) {
  return call_method(cx, self->value, names().get, {key, fallback});
}
Result<Value> keys(Context& cx, MappingProxy* self) {
  return call_method(cx, self->value, names().keys, {});
}
Result<Value> values(Context& cx, MappingProxy* self) {
  return call_method(cx, self->value, names().values, {});
}
Result<Value> items(Context& cx, MappingProxy* self) {
  return call_method(cx, self->value, names().items, {});
}
Result<Value> copy(Context& cx, MappingProxy* self) {
  return call_method(cx, self->value, "copy", {});
}
Result<Value> to_str(Context& cx, MappingProxy* self) { return vm::str(cx, self->value); }
Result<Value> to_repr(Context& cx, MappingProxy* self) {
  StrBuilder out;
  out.add_ascii("mappingproxy(");
  TRY(add_repr(cx, out, self->value));
  out.add_ascii(")");
  return Value(TRY(out.finish(cx)));
}
Result<Value> or_(Context& cx, MappingProxy* self, Value other) {
  return binary_op(cx, BinaryOp::kOr, self->value, unwrap(other));
}
Result<Value> ror(Context& cx, MappingProxy* self, Value other) {
  return binary_op(cx, BinaryOp::kOr, unwrap(other), self->value);
}
Result<Value> ior(Context& cx, MappingProxy* self, Value) {
  return raise(cx, kTypeError, "'|=' is not supported by %s; use '|' instead",
               TYPE_NAME(Value(self)));
}
template <CompareOp Op>
Result<Value> rich_compare(Context& cx, MappingProxy* self, Value other) {
  return compare(cx, Op, self->value, unwrap(other));
}

constexpr BuiltinDef kMethods[] = {
    static_method<&make>("__new__", "($type, mapping)"),
    method<&len>("__len__", "($self, /)"),
    method<&getitem>("__getitem__", "($self, key, /)"),
    method<&has_key>("__contains__", "($self, key, /)"),
    method<&iter>("__iter__", "($self, /)"),
    method<&reversed>("__reversed__", "($self, /)"),
    method<&to_str>("__str__", "($self, /)"),
    method<&to_repr>("__repr__", "($self, /)"),
    method<&or_>("__or__", "($self, value, /)"),
    method<&ror>("__ror__", "($self, value, /)"),
    method<&ior>("__ior__", "($self, value, /)"),
    COMPARE_ROWS(rich_compare, Effects::kCallsPython),
    class_method<&class_getitem>("__class_getitem__", "($type, object, /)"),
    method<&get>("get", "($self, key, default=None, /)"),
    method<&keys>("keys", "($self, /)"),
    method<&values>("values", "($self, /)"),
    method<&items>("items", "($self, /)"),
    method<&copy>("copy", "($self, /)"),
};

}  // namespace
}  // namespace mapping_proxy_methods

void define_mapping_proxy(Context& cx) {
  static constexpr TypeDef kProxy = {.name = "mappingproxy",
                                     .kind = Kind::kMappingProxy,
                                     .slot = &Types::mappingproxy,
                                     .flags = kTypeMappingPattern,
                                     .methods = mapping_proxy_methods::kMethods};
  define_type(cx, kProxy);
}

}  // namespace pystm::vm
