#include "jit/residual.h"

#include "jit/descriptors.h"
#include "jit/ir.h"
#include "vm/object/dict.h"
#include "vm/object/sequence.h"
#include "vm/runtime/call.h"
#include "vm/runtime/native.h"
#include "vm/runtime/operators.h"
#include "vm/runtime/signature.h"

namespace pystm::jit {

using namespace vm;

namespace {

Result<Value> binary(Context& cx, int64_t op, Value a, Value b) {
  return binary_op(cx, static_cast<BinaryOp>(op), a, b);
}
Result<Value> compare(Context& cx, int64_t op, Value a, Value b) {
  return vm::compare(cx, static_cast<CompareOp>(op), a, b);
}
Result<Value> get_item(Context& cx, Value container, Value key) {
  if (!is_exact_dict(container)) return vm::get_item(cx, container, key);
  const Value v = TRY(dict_get(cx, container.as<Dict>(), key));
  if (!v.is_unset()) return v;
  return raise_type_value(cx, kKeyError, key);
}
Result<void> set_item(Context& cx, Value container, Value key, Value v) {
  return dict_set(cx, container.as<Dict>(), key, v);
}
Result<void> append(Context& cx, Value list, Value v) {
  return vm::list_append(cx, list.as<List>(), v);
}
template <class... A>
Result<Value> native(Context& cx, const BuiltinDef* def, A... args) {
  Value all[] = {args...};
  return call_native(cx, def, all, sizeof...(args), nullptr);
}

constexpr uint16_t kReader = kCallFails | kCallCollects | kCallReads;
constexpr uint16_t kWriter = kReader | kCallWrites;
constexpr uint64_t alias(Alias a) { return uint64_t{1} << static_cast<unsigned>(a); }
constexpr uint64_t kListWrites = alias(Alias::List) | alias(Alias::Items);
constexpr uint64_t kDictWrites =
    alias(Alias::Dict) | alias(Alias::DictStorage) | alias(Alias::Cell);
constexpr Type W = Type::Word;

}  // namespace

const CallInfo kCallBinary = {"binary", Entry<&binary>, W, kReader, 3, {Type::I64, W, W}};
const CallInfo kCallCompare = {"compare", Entry<&compare>, W, kReader, 3, {Type::I64, W, W}};
const CallInfo kCallGetItem = {"get_item", Entry<&get_item>, W, kReader, 2, {W, W}};
const CallInfo kCallSetItem = {"set_item", Entry<&set_item>, Type::None, kWriter,
                               3,          {W, W, W},        kDictWrites};
const CallInfo kCallListAppend = {"list_append", Entry<&append>, Type::None, kWriter, 2,
                                  {W, W},        kListWrites};
const CallInfo kCallNative1 = {"native", Entry<&native<Value>>, W, kWriter, 2, {Type::Ptr, W}};
const CallInfo kCallNative2 = {"native",         Entry<&native<Value, Value>>, W, kWriter, 3,
                               {Type::Ptr, W, W}};
const CallInfo kCallNative3 = {
    "native", Entry<&native<Value, Value, Value>>, W, kWriter, 4, {Type::Ptr, W, W, W}};

}  // namespace pystm::jit
