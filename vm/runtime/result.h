// Result<T>: a value, or "a Python exception is pending in the Context".
//
// Result<Value> is one word: the error is the marker kError, so compiled code tests one bit
// pattern. `TRY(expr)` yields the value or returns the error from the enclosing function.
#pragma once

#include <utility>

#include "gc/value.h"

namespace pystm::vm {

// What a raising function returns; converts to the error of every Result.
struct [[nodiscard]] Error {};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T v) : value_(std::move(v)), ok_(true) {}  // NOLINT: implicit
  Result(Error) : ok_(false) {}                     // NOLINT: implicit
  bool is_error() const { return !ok_; }
  T value() const { return value_; }

 private:
  T value_{};
  bool ok_;
};

template <>
class [[nodiscard]] Result<Value> {
 public:
  Result(Value v) : value_(v) {}     // NOLINT: implicit
  Result(Error) : value_(kError) {}  // NOLINT: implicit
  template <class T>
  requires std::is_base_of_v<Object, T> Result(T* o) : value_(o) {}  // NOLINT: implicit
  bool is_error() const { return value_ == kError; }
  Value value() const { return value_; }

 private:
  Value value_;
};

template <class T>
class [[nodiscard]] Result<T*> {
 public:
  Result(T* v) : value_(v) {}         // NOLINT: implicit
  Result(Error) : value_(nullptr) {}  // NOLINT: implicit; null is the error
  bool is_error() const { return value_ == nullptr; }
  T* value() const { return value_; }

 private:
  T* value_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() : ok_(true) {}
  Result(Error) : ok_(false) {}  // NOLINT: implicit
  bool is_error() const { return !ok_; }
  void value() const {}

 private:
  bool ok_;
};

#define TRY(...)                                                             \
  ({                                                                         \
    auto try_result_ = (__VA_ARGS__);                                        \
    if (PYSTM_UNLIKELY(try_result_.is_error())) return ::pystm::vm::Error{}; \
    try_result_.value();                                                     \
  })

}  // namespace pystm::vm
