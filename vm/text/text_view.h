// A str's code points as the heap stores them: one, two or four bytes each. Kernels are templates
// over the unit type; visit() picks the instance once per call, not once per code point.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace pystm::vm::text {

enum class Width : uint8_t { One = 1, Two = 2, Four = 4 };

inline constexpr Width width_for(char32_t max_char) {
  return max_char < 0x100 ? Width::One : max_char < 0x10000 ? Width::Two : Width::Four;
}

class TextView {
 public:
  TextView() = default;
  TextView(std::span<const uint8_t> s) : data_(s.data()), size_(s.size()), width_(Width::One) {}
  TextView(std::span<const char16_t> s) : data_(s.data()), size_(s.size()), width_(Width::Two) {}
  TextView(std::span<const char32_t> s) : data_(s.data()), size_(s.size()), width_(Width::Four) {}
  TextView(std::u32string_view s) : data_(s.data()), size_(s.size()), width_(Width::Four) {}
  TextView(const std::u32string& s) : TextView(std::u32string_view(s)) {}
  TextView(const char32_t* s) : TextView(std::u32string_view(s)) {}
  // Latin-1 text.
  TextView(std::string_view s) : data_(s.data()), size_(s.size()), width_(Width::One) {}
  TextView(const std::string& s) : TextView(std::string_view(s)) {}
  TextView(const char* s) : TextView(std::string_view(s)) {}
  TextView(const void* data, size_t size, Width width) : data_(data), size_(size), width_(width) {}

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  Width width() const { return width_; }
  const void* data() const { return data_; }

  template <class C>
  std::span<const C> units() const {
    return {static_cast<const C*>(data_), size_};
  }
  char32_t operator[](size_t i) const {
    switch (width_) {
      case Width::One:
        return static_cast<const uint8_t*>(data_)[i];
      case Width::Two:
        return static_cast<const char16_t*>(data_)[i];
      case Width::Four:
        return static_cast<const char32_t*>(data_)[i];
    }
    __builtin_unreachable();
  }
  TextView substr(size_t start, size_t count = SIZE_MAX) const {
    if (count > size_ - start) count = size_ - start;
    return {static_cast<const char*>(data_) + start * static_cast<size_t>(width_), count, width_};
  }
  std::u32string to_u32() const {
    std::u32string s(size_, U'\0');
    for (size_t i = 0; i < size_; i++) s[i] = (*this)[i];
    return s;
  }

 private:
  const void* data_ = nullptr;
  size_t size_ = 0;
  Width width_ = Width::One;
};

// f(span) with the span of the view's own unit type.
template <class F>
decltype(auto) visit(TextView s, F&& f) {
  switch (s.width()) {
    case Width::One:
      return f(s.units<uint8_t>());
    case Width::Two:
      return f(s.units<char16_t>());
    case Width::Four:
      return f(s.units<char32_t>());
  }
  __builtin_unreachable();
}

// The same for two views: nine instances.
template <class F>
decltype(auto) visit(TextView a, TextView b, F&& f) {
  return visit(a, [&](auto x) { return visit(b, [&](auto y) { return f(x, y); }); });
}

}  // namespace pystm::vm::text
