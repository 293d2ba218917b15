// _md5, _sha1, _sha256, _sha512: message digests as objects.
// An object's state is a bytes object with the C++ digest in it; update() makes the next one.
#include "stdlib/modules.h"
#include "stdlib/native_class.h"
#include "vm/hash/digest.h"

namespace pystm::lib {

namespace {

namespace digest = vm::hash;
enum class State { kBytes, kCount };

template <class D>
struct Kit {
  static inline Type* type = nullptr;
  static inline const char* name = nullptr;
  static_assert(std::is_trivially_copyable_v<D>);

  static Result<void> keep_state(Context& cx, Value self, const D& d) {
    set_slot(cx, self, State::kBytes, Value(TRY(new_bytes(cx, &d, sizeof d))));
    return {};
  }
  static D state_of(Context& cx, Value self) {
    D d;
    std::memcpy(static_cast<void*>(&d),
                slot(cx, self, State::kBytes).template as<vm::Bytes>()->data(), sizeof d);
    return d;
  }
  static Result<void> feed(Context& cx, Value data, D* d) {
    if (is_str(data)) return raise(cx, kTypeError, "Strings must be encoded before hashing");
    if (!is_bytes_like(data))
      return raise(cx, kTypeError, "object supporting the buffer API required");
    Buffer b;
    TRY(get_buffer(cx, data, &b));
    d->update(digest::Bytes(b.data, b.size));
    return {};
  }
  static Result<Value> make(Context& cx, Opt string, Value) {
    D d;
    if (string.given()) TRY(feed(cx, string.value, &d));
    const Value self = alloc_object(cx, type->shape);
    TRY(keep_state(cx, self, d));
    return self;
  }
  static Result<void> update(Context& cx, Value self, Value data) {
    stm::acquire(cx, self.as<Instance>());
    D d = state_of(cx, self);
    TRY(feed(cx, data, &d));
    return keep_state(cx, self, d);
  }
  static Result<Value> copy(Context& cx, Value self) {
    const Value other = alloc_object(cx, type->shape);
    set_slot(cx, other, State::kBytes, slot(cx, self, State::kBytes));
    return other;
  }
  static Result<Value> digest_of(Context& cx, Value self) {
    const std::string s = state_of(cx, self).digest();
    return Value(TRY(new_bytes(cx, s.data(), D::kDigestSize)));
  }
  static Result<Value> hexdigest(Context& cx, Value self) {
    const std::string s = state_of(cx, self).digest();
    std::string hex;
    for (size_t i = 0; i < D::kDigestSize; ++i) {
      hex += "0123456789abcdef"[static_cast<unsigned char>(s[i]) >> 4];
      hex += "0123456789abcdef"[static_cast<unsigned char>(s[i]) & 15];
    }
    return Value(TRY(new_str(cx, hex)));
  }
  static Result<Value> get_name(Context& cx, Value) { return Value(intern(cx, name)); }
  static Result<Value> get_digest_size(Context&, Value) { return Value::of_int(D::kDigestSize); }
  static Result<Value> get_block_size(Context&, Value) { return Value::of_int(D::kBlockSize); }

  static constexpr BuiltinDef kMethods[] = {
      method<&update>("update", "($self, obj, /)"),
      method<&copy>("copy", "($self, /)"),
      method<&digest_of>("digest", "($self, /)"),
      method<&hexdigest>("hexdigest", "($self, /)"),
  };
  static constexpr GetSetDef kGetSets[] = {
      {"name", get_name}, {"digest_size", get_digest_size}, {"block_size", get_block_size}};
  static Result<void> define(Context& cx, Module* m, const char* class_name, const char* short_name,
                             const char* exported) {
    name = short_name;
    type = keep(define_native_class(cx, class_name, static_cast<unsigned>(State::kCount), kMethods,
                                    kGetSets, nullptr, nullptr, kTypeNoInstantiate));
    return module_add(cx, m, exported, type);
  }
};

using Md5 = Kit<digest::Md5>;
using Sha1 = Kit<digest::Sha1>;
using Sha224 = Kit<digest::Sha224>;
using Sha256 = Kit<digest::Sha256>;
using Sha384 = Kit<digest::Sha384>;
using Sha512 = Kit<digest::Sha512>;

Result<void> init_md5(Context& cx, Module* m) {
  return Md5::define(cx, m, "_md5.md5", "md5", "MD5Type");
}
Result<void> init_sha1(Context& cx, Module* m) {
  return Sha1::define(cx, m, "_sha1.sha1", "sha1", "SHA1Type");
}
Result<void> init_sha256(Context& cx, Module* m) {
  TRY(Sha224::define(cx, m, "_sha256.sha224", "sha224", "SHA224Type"));
  return Sha256::define(cx, m, "_sha256.sha256", "sha256", "SHA256Type");
}
Result<void> init_sha512(Context& cx, Module* m) {
  TRY(Sha384::define(cx, m, "_sha512.sha384", "sha384", "SHA384Type"));
  return Sha512::define(cx, m, "_sha512.sha512", "sha512", "SHA512Type");
}

constexpr BuiltinDef kMd5[] = {
    function<&Md5::make>("md5", "(string=unset, *, usedforsecurity=True)")};
constexpr BuiltinDef kSha1[] = {
    function<&Sha1::make>("sha1", "(string=unset, *, usedforsecurity=True)")};
constexpr BuiltinDef kSha256[] = {
    function<&Sha224::make>("sha224", "(string=unset, *, usedforsecurity=True)"),
    function<&Sha256::make>("sha256", "(string=unset, *, usedforsecurity=True)"),
};
constexpr BuiltinDef kSha512[] = {
    function<&Sha384::make>("sha384", "(string=unset, *, usedforsecurity=True)"),
    function<&Sha512::make>("sha512", "(string=unset, *, usedforsecurity=True)"),
};
const ModuleDef kModules[] = {
    {"_md5", kMd5, init_md5},
    {"_sha1", kSha1, init_sha1},
    {"_sha256", kSha256, init_sha256},
    {"_sha512", kSha512, init_sha512},
};

}  // namespace

void register__hashes() {
  for (const ModuleDef& m : kModules) register_module(m);
}

}  // namespace pystm::lib
