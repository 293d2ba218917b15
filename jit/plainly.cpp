#include "jit/plainly.h"

#include "vm/hash/mix.h"
#include "vm/object/str.h"
#include "vm/runtime/operators.h"

namespace pystm::jit {

using namespace vm;

namespace {

Result<bool> hash_at(Context& cx, Value v, int depth, int64_t* hash) {
  if (v.is_int()) {
    *hash = hash::hash_int64(v.as_int());
    return true;
  }
  if (is_flat_str(v)) {
    *hash = str_hash(v.as<Str>());
    return true;
  }
  if (!is_exact_tuple(v)) {
    if (!is_plain_key(v)) return false;
    *hash = TRY(hash_value(cx, v));
    return true;
  }
  if (depth == kPlainDepth) return false;
  auto* t = v.as<Tuple>();
  hash::TupleHash whole;
  for (size_t k = 0; k < t->length; ++k) {
    int64_t part;
    if (!TRY(hash_at(cx, (*t)[k], depth + 1, &part))) return false;
    whole.add(part);
  }
  *hash = whole.finish();
  return true;
}

}  // namespace

Result<bool> hash_plainly(Context& cx, Value* key, int64_t* hash) {
  if (has_shape(*key, kShapeRopeStr)) *key = TRY(flatten(cx, *key));
  return hash_at(cx, *key, 0, hash);
}

}  // namespace pystm::jit
