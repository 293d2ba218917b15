// Value: one Python value in one 64-bit word.
//
//   ...1  int, 63 bits            ..10  float, self-tagged (bits rotated so that the usual
//   .000  pointer to a heap Object      exponents give these low bits)
//   .100  singletons (None, False, True, ...) and VM-internal markers
//
// The all-zero word is "no value": an unbound register or an empty slot.
// Invariants: a pointer is stored as it is, so debuggers, sanitizers and the conservative stack
// scan see it; equal bits of ints, floats and singletons mean the same object in the sense of `is`.
#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

#include "base/assert.h"
#include "base/bits.h"

namespace pystm {

struct Object;

class Value {
 public:
  constexpr Value() = default;
  constexpr explicit Value(Word bits) : bits_(bits) {}
  Value(const Object* object) : bits_(reinterpret_cast<Word>(object)) {}  // NOLINT: implicit

  constexpr Word bits() const { return bits_; }
  constexpr bool operator==(const Value&) const = default;

  // "No value": unbound register, empty slot.
  constexpr bool is_unset() const { return bits_ == 0; }

  constexpr bool is_int() const { return bits_ & 1; }
  constexpr bool is_float() const { return (bits_ & 3) == 2; }
  constexpr bool is_pointer() const { return (bits_ & 7) == 0; }  // also true for "no value"
  constexpr bool is_object() const { return is_pointer() && bits_ != 0; }
  constexpr bool is_singleton() const { return (bits_ & 7) == 4; }

  // --- ints: REQUIRES is_int() to read, fits_int() to make ---------------------------------------
  static constexpr bool fits_int(int64_t i) { return ((i << 1) >> 1) == i; }
  static constexpr Value of_int(int64_t i) { return Value((static_cast<Word>(i) << 1) | 1); }
  constexpr int64_t as_int() const { return static_cast<int64_t>(bits_) >> 1; }
  static constexpr bool both_int(Value a, Value b) { return a.bits_ & b.bits_ & 1; }

  // --- floats: most doubles fit; zeros, infinities, NaNs and extreme exponents do not ------------
  static bool fits_float(double d) { return (encode(d) & 3) == 2; }
  static Value of_float(double d) { return Value(encode(d)); }  // REQUIRES fits_float(d)
  double as_float() const { return std::bit_cast<double>(std::rotr(std::rotl(bits_, 1) - 1, 4)); }

  // --- pointers ----------------------------------------------------------------------------------
  Object* object() const {
    DCHECK(is_pointer());
    return reinterpret_cast<Object*>(bits_);
  }
  template <class T>
  T* as() const {  // REQUIRES: the caller has tested the type
    return reinterpret_cast<T*>(bits_);
  }

 private:
  static Word encode(double d) { return std::rotr(std::rotl(std::bit_cast<Word>(d), 4) + 1, 1); }
  Word bits_ = 0;
};
static_assert(sizeof(Value) == 8 && std::is_trivially_copyable_v<Value>);

constexpr Value singleton(unsigned index) { return Value((Word{index} << 3) | 4); }

// False and True differ in one bit, so that is_bool is one mask and one compare.
inline constexpr Value kNone = singleton(0);
inline constexpr Value kFalse = singleton(1);
inline constexpr Value kTrue = singleton(3);
inline constexpr Value kNotImplemented = singleton(4);
inline constexpr Value kEllipsis = singleton(5);
// Markers never visible to Python code.
inline constexpr Value kError = singleton(6);     // Result<Value>: an exception is pending
inline constexpr Value kDeleted = singleton(7);   // tombstone in dict and set tables
inline constexpr Value kTailCall = singleton(8);  // native result: continue in the frame pushed

constexpr bool is_bool(Value v) { return (v.bits() & ~Word{16}) == kFalse.bits(); }
constexpr Value of_bool(bool b) { return b ? kTrue : kFalse; }

// Ref<T>: a typed, nullable reference in a heap field. Same bits as the Value.
template <class T>
struct Ref {
  T* ptr = nullptr;
  Ref() = default;
  Ref(T* p) : ptr(p) {}  // NOLINT: implicit
  T* operator->() const { return ptr; }
  operator T*() const { return ptr; }  // NOLINT: implicit
};

template <class T>
inline constexpr bool is_ref_v = std::is_same_v<T, Value>;
template <class T>
inline constexpr bool is_ref_v<Ref<T>> = true;

}  // namespace pystm
