// _sha3 and _blake2: digests with a size or parameters to choose. As in _hashes.cpp an object's
// state is a bytes object with the C++ digest in it, and update() makes the next one.
#include "stdlib/modules.h"
#include "stdlib/native_class.h"
#include "stdlib/support.h"
#include "vm/hash/digest.h"

namespace pystm::lib {

namespace {

namespace digest = vm::hash;
enum class State { kBytes, kCount };

template <class D>
Result<void> keep_state(Context& cx, Value self, const D& d) {
  static_assert(std::is_trivially_copyable_v<D>);
  set_slot(cx, self, State::kBytes, Value(TRY(new_bytes(cx, &d, sizeof d))));
  return {};
}
template <class D>
void load_state(Context& cx, Value self, D* d) {
  std::memcpy(static_cast<void*>(d), slot(cx, self, State::kBytes).template as<vm::Bytes>()->data(),
              sizeof *d);
}
template <class D>
Result<void> feed(Context& cx, Value data, D* d) {
  if (is_str(data)) return raise(cx, kTypeError, "Strings must be encoded before hashing");
  if (!is_bytes_like(data))
    return raise(cx, kTypeError, "object supporting the buffer API required");
  Buffer b;
  TRY(get_buffer(cx, data, &b));
  d->update(digest::Bytes(b.data, b.size));
  return {};
}
template <class D>
Result<void> update_state(Context& cx, Value self, Value data, D d) {
  stm::acquire(cx, self.as<Instance>());
  load_state(cx, self, &d);
  TRY(feed(cx, data, &d));
  return keep_state(cx, self, d);
}
Result<Value> copy_state(Context& cx, Value self) {
  const Value other = alloc_object(cx, type_of(self)->shape);
  set_slot(cx, other, State::kBytes, slot(cx, self, State::kBytes));
  return other;
}
Result<Value> hex_of(Context& cx, const std::string& bytes) {
  std::string hex;
  for (const unsigned char c : bytes) {
    hex += "0123456789abcdef"[c >> 4];
    hex += "0123456789abcdef"[c & 15];
  }
  return str_of(cx, hex);
}

// --- _sha3 ---------------------------------------------------------------------------------------

template <int kBits, bool kShake>
struct Keccak {
  static inline Type* type = nullptr;
  static inline const char* name = nullptr;
  using Self = Of<&type>;

  static digest::Sponge fresh() {
    return kShake ? digest::Sponge::shake(kBits) : digest::Sponge::sha3(kBits);
  }
  static digest::Sponge state_of(Context& cx, Value self) {
    digest::Sponge d = fresh();
    load_state(cx, self, &d);
    return d;
  }
  static Result<Value> make(Context& cx, Type* cls, Opt data, Value) {
    TRY(check_new(cx, cls, type));
    digest::Sponge d = fresh();
    if (data.given()) TRY(feed(cx, data.value, &d));
    const Value self = alloc_object(cx, type->shape);
    TRY(keep_state(cx, self, d));
    return self;
  }
  static Result<void> update(Context& cx, Self self, Value data) {
    return update_state(cx, self, data, fresh());
  }
  static Result<Value> copy(Context& cx, Self self) { return copy_state(cx, self); }
  static Result<Value> digest_of(Context& cx, Self self) {
    return bytes_of(cx, state_of(cx, self).digest());
  }
  static Result<Value> hexdigest(Context& cx, Self self) {
    return hex_of(cx, state_of(cx, self).digest());
  }
  static Result<std::string> squeeze(Context& cx, Value self, int64_t length) {
    if (length < 0) return raise(cx, kValueError, "value must be positive");
    if (length >= int64_t{1} << 29) return raise(cx, kValueError, "length is too large");
    return state_of(cx, self).digest(static_cast<size_t>(length));
  }
  static Result<Value> digest_sized(Context& cx, Self self, int64_t length) {
    const auto s = squeeze(cx, self, length);
    if (s.is_error()) return Error{};
    return bytes_of(cx, s.value());
  }
  static Result<Value> hexdigest_sized(Context& cx, Self self, int64_t length) {
    const auto s = squeeze(cx, self, length);
    if (s.is_error()) return Error{};
    return hex_of(cx, s.value());
  }
  static Result<Value> get_name(Context& cx, Value) { return Value(intern(cx, name)); }
  static Result<Value> get_digest_size(Context&, Value) {
    return Value::of_int(kShake ? 0 : kBits / 8);
  }
  static Result<Value> get_block_size(Context&, Value) {
    return Value::of_int(static_cast<int64_t>(fresh().block_size()));
  }
  static Result<Value> get_capacity(Context&, Value) { return Value::of_int(2 * kBits); }
  static Result<Value> get_rate(Context&, Value) { return Value::of_int(1600 - 2 * kBits); }
  static Result<Value> get_suffix(Context& cx, Value) {
    return bytes_of(cx, kShake ? "\x1f" : "\x06");
  }

  static constexpr BuiltinDef kFixed[] = {
      static_method<&make>("__new__", "($type, data=unset, /, *, usedforsecurity=True)"),
      method<&update>("update", "($self, data, /)"),
      method<&copy>("copy", "($self, /)"),
      method<&digest_of>("digest", "($self, /)"),
      method<&hexdigest>("hexdigest", "($self, /)"),
  };
  static constexpr BuiltinDef kSized[] = {
      static_method<&make>("__new__", "($type, data=unset, /, *, usedforsecurity=True)"),
      method<&update>("update", "($self, data, /)"),
      method<&copy>("copy", "($self, /)"),
      method<&digest_sized>("digest", "($self, length, /)"),
      method<&hexdigest_sized>("hexdigest", "($self, length, /)"),
  };
  static constexpr GetSetDef kGetSets[] = {
      {"block_size", get_block_size},   {"name", get_name},       {"digest_size", get_digest_size},
      {"_capacity_bits", get_capacity}, {"_rate_bits", get_rate}, {"_suffix", get_suffix}};
  static Result<void> define(Context& cx, Module* m, const char* full_name) {
    name = full_name + std::string_view("_sha3.").size();
    const std::span<const BuiltinDef> methods =
        kShake ? std::span<const BuiltinDef>(kSized) : std::span<const BuiltinDef>(kFixed);
    type = keep(define_native_class(cx, full_name, static_cast<unsigned>(State::kCount), methods,
                                    kGetSets, nullptr, nullptr, 0));
    return module_add(cx, m, name, type);
  }
};

Result<void> init_sha3(Context& cx, Module* m) {
  TRY((Keccak<224, false>::define(cx, m, "_sha3.sha3_224")));
  TRY((Keccak<256, false>::define(cx, m, "_sha3.sha3_256")));
  TRY((Keccak<384, false>::define(cx, m, "_sha3.sha3_384")));
  TRY((Keccak<512, false>::define(cx, m, "_sha3.sha3_512")));
  TRY((Keccak<128, true>::define(cx, m, "_sha3.shake_128")));
  TRY((Keccak<256, true>::define(cx, m, "_sha3.shake_256")));
  TRY(module_add_int(cx, m, "keccakopt", 64));
  return module_add_str(cx, m, "implementation", "lanes of 64 bits");
}

// --- _blake2 -------------------------------------------------------------------------------------

Result<uint64_t> number(Context& cx, Value v, uint64_t most, const char* name) {
  const Value i = TRY(to_index(cx, v));
  uint64_t scratch;
  const IntView view = int_view(i, &scratch);
  if (view.negative) return raise(cx, kValueError, "value must be positive");
  if (view.size > 1) return raise(cx, kOverflowError, "int too big to convert");
  const uint64_t n = view.size == 0 ? 0 : view.limbs[0];
  if (n > most) return raise(cx, kOverflowError, "%s is too large", name);
  return n;
}

template <class D>
struct Blake {
  static inline Type* type = nullptr;
  static inline const char* name = nullptr;
  using Self = Of<&type>;
  // Offsets of a node: 64 bits for BLAKE2b, 48 for BLAKE2s.
  static constexpr uint64_t kMostOffset =
      D::kBlockSize == 128 ? UINT64_MAX : (uint64_t{1} << 48) - 1;

  static D state_of(Context& cx, Value self) {
    D d;
    load_state(cx, self, &d);
    return d;
  }
  static Result<digest::Bytes> piece(Context& cx, Value v, size_t most, const char* what,
                                     Buffer* out) {
    TRY(get_buffer(cx, v, out));
    if (out->size > most)
      return raise(cx, kValueError, "maximum %s length is %zu bytes", what, most);
    return digest::Bytes(out->data, out->size);
  }
  static Result<Value> make(Context& cx, Type* cls, Opt data, int digest_size, Opt key, Opt salt,
                            Opt person, int fanout, int depth, Value leaf_size, Value node_offset,
                            int node_depth, int inner_size, bool last_node, Value) {
    TRY(check_new(cx, cls, type));
    digest::Blake2Params p;
    Buffer buffers[3];
    constexpr int kMost = static_cast<int>(D::kMaxDigest);
    if (digest_size <= 0 || digest_size > kMost)
      return raise(cx, kValueError, "digest_size must be between 1 and %d bytes", kMost);
    p.digest_size = static_cast<size_t>(digest_size);
    if (salt.given()) p.salt = TRY(piece(cx, salt.value, D::kSaltSize, "salt", &buffers[0]));
    if (person.given())
      p.person = TRY(piece(cx, person.value, D::kSaltSize, "person", &buffers[1]));
    if (fanout < 0 || fanout > 255)
      return raise(cx, kValueError, "fanout must be between 0 and 255");
    p.fanout = static_cast<uint8_t>(fanout);
    if (depth <= 0 || depth > 255) return raise(cx, kValueError, "depth must be between 1 and 255");
    p.depth = static_cast<uint8_t>(depth);
    p.leaf_size = static_cast<uint32_t>(TRY(number(cx, leaf_size, UINT32_MAX, "leaf_size")));
    p.node_offset = TRY(number(cx, node_offset, kMostOffset, "node_offset"));
    if (node_depth < 0 || node_depth > 255)
      return raise(cx, kValueError, "node_depth must be between 0 and 255");
    p.node_depth = static_cast<uint8_t>(node_depth);
    if (inner_size < 0 || inner_size > kMost)
      return raise(cx, kValueError, "inner_size must be between 0 and is %d", kMost);
    p.inner_size = static_cast<uint8_t>(inner_size);
    p.last_node = last_node;
    if (key.given()) p.key = TRY(piece(cx, key.value, D::kMaxKey, "key", &buffers[2]));
    D d(p);
    if (data.given()) TRY(feed(cx, data.value, &d));
    const Value self = alloc_object(cx, type->shape);
    TRY(keep_state(cx, self, d));
    return self;
  }
  static Result<void> update(Context& cx, Self self, Value data) {
    return update_state(cx, self, data, D());
  }
  static Result<Value> copy(Context& cx, Self self) { return copy_state(cx, self); }
  static Result<Value> digest_of(Context& cx, Self self) {
    return bytes_of(cx, state_of(cx, self).digest());
  }
  static Result<Value> hexdigest(Context& cx, Self self) {
    return hex_of(cx, state_of(cx, self).digest());
  }
  static Result<Value> get_name(Context& cx, Value) { return Value(intern(cx, name)); }
  static Result<Value> get_block_size(Context&, Value) { return Value::of_int(D::kBlockSize); }
  static Result<Value> get_digest_size(Context& cx, Value self) {
    return Value::of_int(static_cast<int64_t>(state_of(cx, self).digest_size()));
  }

  static constexpr BuiltinDef kMethods[] = {
      static_method<&make>(
          "__new__",
          D::kBlockSize == 128
              ? "($type, data=unset, /, *, digest_size=64, key=unset, salt=unset, person=unset, "
                "fanout=1, "
                "depth=1, leaf_size=0, node_offset=0, node_depth=0, inner_size=0, last_node=False, "
                "usedforsecurity=True)"
              : "($type, data=unset, /, *, digest_size=32, key=unset, salt=unset, person=unset, "
                "fanout=1, "
                "depth=1, leaf_size=0, node_offset=0, node_depth=0, inner_size=0, last_node=False, "
                "usedforsecurity=True)"),
      method<&update>("update", "($self, data, /)"),
      method<&copy>("copy", "($self, /)"),
      method<&digest_of>("digest", "($self, /)"),
      method<&hexdigest>("hexdigest", "($self, /)"),
  };
  static constexpr GetSetDef kGetSets[] = {
      {"name", get_name}, {"block_size", get_block_size}, {"digest_size", get_digest_size}};

  static Result<void> define(Context& cx, Module* m, const char* full_name,
                             const std::string& prefix) {
    name = full_name + std::string_view("_blake2.").size();
    type = keep(define_native_class(cx, full_name, static_cast<unsigned>(State::kCount), kMethods,
                                    kGetSets, nullptr, nullptr, 0));
    const std::pair<const char*, size_t> sizes[] = {{"SALT_SIZE", D::kSaltSize},
                                                    {"PERSON_SIZE", D::kSaltSize},
                                                    {"MAX_KEY_SIZE", D::kMaxKey},
                                                    {"MAX_DIGEST_SIZE", D::kMaxDigest}};
    for (const auto& [size_name, size] : sizes) {
      TRY(dict_set_str(cx, type->dict, intern(cx, size_name),
                       Value::of_int(static_cast<int64_t>(size))));
      TRY(module_add_int(cx, m, (prefix + size_name).c_str(), static_cast<int64_t>(size)));
    }
    return module_add(cx, m, name, type);
  }
};

Result<void> init_blake2(Context& cx, Module* m) {
  TRY(Blake<digest::Blake2b>::define(cx, m, "_blake2.blake2b", "BLAKE2B_"));
  return Blake<digest::Blake2s>::define(cx, m, "_blake2.blake2s", "BLAKE2S_");
}

const ModuleDef kSha3 = {"_sha3", {}, init_sha3};
const ModuleDef kBlake2 = {"_blake2", {}, init_blake2, "_blake2b provides BLAKE2b for hashlib\n"};

}  // namespace

void register__sha3() {
  register_module(kSha3);
  register_module(kBlake2);
}

}  // namespace pystm::lib
