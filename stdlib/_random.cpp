// _random: the Mersenne twister of random.Random. Its words lie in a WordArray that is never
// changed, only replaced: a draw moves the position, every 624th makes a new array.
#include <unistd.h>

#include <cstring>
#include <ctime>

#include "stdlib/modules.h"
#include "stdlib/native_class.h"
#include "vm/hash/mersenne.h"
#include "vm/hash/siphash.h"
#include "vm/number/bigint.h"

namespace pystm::lib {

namespace {

using hash::Mersenne;

Type* random_type;
enum class Random { kWords, kPosition, kCount };
constexpr size_t kWordCount = Mersenne::kWords / 2;  // 64-bit words

WordArray* words_of(Context& cx, Value self) {
  return slot(cx, self, Random::kWords).as<WordArray>();
}

Result<void> store(Context& cx, Value self, const Mersenne& m) {
  stm::acquire(cx, self.as<Instance>());
  // A new array for a new state: the old one stays as it is for whoever undoes.
  auto* a = static_cast<WordArray*>(gc::allocate(cx, sizeof(WordArrayBase) + 8 * kWordCount));
  std::memset(static_cast<void*>(a), 0, sizeof(WordArrayBase));
  a->shape_id = kShapeWordArray;  // NOBARRIER: newborn
  a->length = kWordCount;
  a->birth = cx.me;
  std::memcpy(a->words(), m.words().data(), 8 * kWordCount);
  set_slot(cx, self, Random::kWords, Value(static_cast<Object*>(a)));
  set_slot(cx, self, Random::kPosition, Value::of_int(m.position()));
  return {};
}
void load(Context& cx, Value self, Mersenne* m) {
  uint32_t words[Mersenne::kWords];
  std::memcpy(words, words_of(cx, self)->words(), sizeof words);
  m->set_state(words, static_cast<uint32_t>(slot(cx, self, Random::kPosition).as_int()));
}
// The next 32 bits: a step of the position; the words change only every 624th time.
Result<uint32_t> next32(Context& cx, Value self) {
  stm::acquire(cx, self.as<Instance>());
  int64_t position = slot(cx, self, Random::kPosition).as_int();
  if (position >= static_cast<int64_t>(Mersenne::kWords)) {
    Mersenne m;
    load(cx, self, &m);
    (void)m.next32();
    TRY(store(cx, self, m));
    position = 0;
  }
  uint32_t y;
  std::memcpy(&y, reinterpret_cast<const char*>(words_of(cx, self)->words()) + 4 * position, 4);
  set_slot(cx, self, Random::kPosition, Value::of_int(position + 1));
  y ^= y >> 11;
  y ^= (y << 7) & 0x9d2c5680U;
  y ^= (y << 15) & 0xefc60000U;
  return y ^ (y >> 18);
}

Result<void> seed_with(Context& cx, Value self, Value n) {
  Mersenne m;
  if (n == kNone) {
    uint32_t key[Mersenne::kWords];
    if (getentropy(key, 256) != 0) {
      timespec now;
      clock_gettime(CLOCK_REALTIME, &now);
      key[0] = static_cast<uint32_t>(now.tv_nsec), key[1] = static_cast<uint32_t>(now.tv_sec);
    }
    for (size_t i = 64; i < Mersenne::kWords; i += 64)
      std::memcpy(key + i, key, 4 * std::min<size_t>(64, Mersenne::kWords - i));
    m.seed(std::span<const uint32_t>(key));
    return store(cx, self, m);
  }
  Value v;
  if (is_int(n)) {
    v = exact_int(n);
  } else {
    v = make_uint(cx, static_cast<uint64_t>(TRY(hash_value(cx, n))));
  }
  uint64_t scratch;
  const IntView view = int_view(v, &scratch);
  std::vector<uint32_t> key;
  for (size_t i = 0; i < view.size; ++i) {
    key.push_back(static_cast<uint32_t>(view.limbs[i]));
    key.push_back(static_cast<uint32_t>(view.limbs[i] >> 32));
  }
  while (!key.empty() && key.back() == 0) key.pop_back();
  m.seed(std::span<const uint32_t>(key));
  return store(cx, self, m);
}
Result<Value> random_new(Context& cx, Type* type, Args args, Kwargs kwargs) {
  if (type == random_type && kwargs.count() != 0)
    return raise(cx, kTypeError, "Random() takes no keyword arguments");
  const Value self = TRY(make_native(cx, type, random_type));
  TRY(seed_with(cx, self, args.count == 0 ? kNone : args[0]));
  return self;
}
Result<void> random_init(Context&, Value, Args, Kwargs) { return {}; }
Result<double> random_random(Context& cx, Value self) {
  const uint32_t a = TRY(next32(cx, self)) >> 5, b = TRY(next32(cx, self)) >> 6;
  return (a * 67108864.0 + b) * (1.0 / 9007199254740992.0);
}
Result<Value> random_getrandbits(Context& cx, Value self, int k) {
  if (k < 0) return raise(cx, kValueError, "number of bits must be non-negative");
  if (k == 0) return Value::of_int(0);
  if (k <= 32) return make_int(cx, TRY(next32(cx, self)) >> (32 - k));
  const size_t n = (static_cast<size_t>(k) - 1) / 32 + 1;
  std::vector<uint64_t> limbs((n + 1) / 2);
  for (size_t i = 0; i < n; ++i, k -= 32) {
    uint32_t r = TRY(next32(cx, self));
    if (k < 32) r >>= 32 - k;
    limbs[i / 2] |= static_cast<uint64_t>(r) << (i % 2 * 32);
  }
  return make_bigint(cx, limbs.data(), limbs.size(), false);
}
Result<Value> random_getstate(Context& cx, Value self) {
  const WordArray* a = words_of(cx, self);
  uint32_t words[Mersenne::kWords];
  std::memcpy(words, const_cast<WordArray*>(a)->words(), sizeof words);
  const Value position = slot(cx, self, Random::kPosition);
  Tuple* t = TRY(alloc_tuple(cx, Mersenne::kWords + 1));
  for (size_t i = 0; i < Mersenne::kWords; ++i) t->items()[i] = Value::of_int(words[i]);
  t->items()[Mersenne::kWords] = position;
  return Value(t);
}
Result<void> random_setstate(Context& cx, Value self, Value state) {
  if (!is_tuple(state)) return raise(cx, kTypeError, "state vector must be a tuple");
  auto* t = state.as<Tuple>();
  if (t->length != Mersenne::kWords + 1)
    return raise(cx, kValueError, "state vector is the wrong size");
  uint32_t words[Mersenne::kWords];
  for (size_t i = 0; i < Mersenne::kWords; ++i) {
    const int64_t w = TRY(to_index64(cx, (*t)[i], kOverflowError));
    if (w < 0) return raise(cx, kOverflowError, "can't convert negative value to unsigned int");
    words[i] = static_cast<uint32_t>(w);
  }
  const int64_t position = TRY(to_index64(cx, (*t)[Mersenne::kWords], kOverflowError));
  if (position < 0 || position > static_cast<int64_t>(Mersenne::kWords))
    return raise(cx, kValueError, "invalid state");
  Mersenne m;
  m.set_state(words, static_cast<uint32_t>(position));
  return store(cx, self, m);
}

constexpr BuiltinDef kRandom[] = {
    static_method<&random_new>("__new__", "($type, /, *args, **kwargs)"),
    method<&random_init>("__init__", "($self, /, *args, **kwargs)"),
    method<&seed_with>("seed", "($self, n=None, /)"),
    method<&random_random>("random", "($self, /)", Effects::kWritesSelf),
    method<&random_getrandbits>("getrandbits", "($self, k, /)", Effects::kWritesSelf),
    method<&random_getstate>("getstate", "($self, /)"),
    method<&random_setstate>("setstate", "($self, state, /)"),
};

Result<void> init(Context& cx, Module* m) {
  random_type = keep(define_native_class(
      cx, "_random.Random", static_cast<unsigned>(Random::kCount), kRandom, {},
      "Random() -> create a random number generator with its own internal state."));
  return module_add_type(cx, m, random_type);
}

const ModuleDef kModule = {
    "_random", {}, init, "Module implements the Mersenne Twister random number generator."};

}  // namespace

void register__random() { register_module(kModule); }

}  // namespace pystm::lib
