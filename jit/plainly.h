// For residual functions: what they do without Python code, or not at all.
#pragma once

#include "vm/hash/mix.h"
#include "vm/object/dict.h"
#include "vm/object/str.h"
#include "vm/runtime/native.h"

namespace pystm::jit {

// f(), or unset if it would run Python code: to compare keys, or by calling a function.
template <class F>
vm::Result<Value> plainly(vm::Context& cx, F f) {
  const vm::OnlyNatives only_natives(cx);
  const vm::Result<Value> r = f();
  if (!only_natives.failed()) return r;
  vm::clear_exception(cx);
  return Value();
}

// The hash of a key, made flat; false: only Python code can tell, or compare it (is_plain_key).
vm::Result<bool> hash_plainly(vm::Context& cx, Value* key, int64_t* hash);

// The same in line, for most keys; false: not so simple.
PYSTM_INLINE bool hash_at_once(Value key, int64_t* hash) {
  if (key.is_int()) {
    *hash = vm::hash::hash_int64(key.as_int());
    return true;
  }
  if (!vm::is_flat_str(key) || key.as<vm::Str>()->hash == 0) return false;
  *hash = static_cast<int64_t>(key.as<vm::Str>()->hash);
  return true;
}

// f(hash of the key, which is made flat), or unset if Python code has a part in it.
template <class F>
vm::Result<Value> plainly_hashed(vm::Context& cx, Value& key, F f) {
  int64_t hash;
  if (!hash_at_once(key, &hash) && !TRY(hash_plainly(cx, &key, &hash))) return Value();
  return plainly(cx, [&] { return f(hash); });
}

}  // namespace pystm::jit
