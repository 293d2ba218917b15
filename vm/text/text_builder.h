// Collects code points in the narrowest width that holds them, so that the heap string can be
// made by one copy.
// Invariants: every unit is <= max_char(); width() == width_for(max_char()).
#pragma once

#include <cstring>
#include <vector>

#include "base/ascii.h"
#include "vm/text/text_view.h"

namespace pystm::vm::text {

class TextBuilder {
 public:
  size_t size() const { return size_; }
  Width width() const { return width_; }
  // A bound within the same width; exact below 0x80 and above, as storage needs it.
  char32_t max_char() const { return max_char_; }
  bool is_ascii() const { return max_char_ < 0x80; }
  TextView view() const { return {bytes_.data(), size_, width_}; }

  void reserve(size_t units) { bytes_.reserve(units * unit()); }
  void clear() {
    bytes_.clear();
    size_ = 0;
    max_char_ = 0;
    width_ = Width::One;
  }
  // Drops units from the end; the width stays.
  void truncate(size_t size) {
    size_ = size;
    bytes_.resize(size * unit());
  }

  void append(char32_t c) {
    make_room_for(c);
    push(c);
  }
  void append(char32_t c, size_t count) {
    if (count == 0) return;
    make_room_for(c);
    for (; count != 0; count--) push(c);
  }
  // Room for `count` more bytes of ASCII, which the caller stores at once; null: it is wide
  // already.
  uint8_t* extend_ascii(size_t count) {
    make_room_for(0x7F);
    if (width_ != Width::One) return nullptr;
    bytes_.resize(size_ + count);
    size_ += count;
    return bytes_.data() + size_ - count;
  }
  // Bytes known to be Latin-1, or ASCII when max_char says so.
  void append_latin1(std::string_view s, char32_t max_char = 0xFF) {
    if (s.empty()) return;
    make_room_for(max_char);
    if (width_ == Width::One) {
      bytes_.insert(bytes_.end(), s.begin(), s.end());
      size_ += s.size();
      return;
    }
    for (const char c : s) push(static_cast<uint8_t>(c));
  }
  void append_ascii(std::string_view s) { append_latin1(s, 0x7F); }
  void append(TextView s) {
    if (s.empty()) return;
    make_room_for(bound_of(s));
    if (s.width() == width_) {
      const uint8_t* p = static_cast<const uint8_t*>(s.data());
      bytes_.insert(bytes_.end(), p, p + s.size() * unit());
      size_ += s.size();
      return;
    }
    visit(s, [&](auto units) {
      for (const auto c : units) push(c);
    });
  }

 private:
  // In the storage class of the largest, which is all that matters.
  static char32_t bound_of(TextView s) {
    if (s.width() == Width::One)
      return base::ascii_only(static_cast<const uint8_t*>(s.data()), s.size()) ? 0x7F : 0xFF;
    char32_t bound = 0;
    visit(s, [&](auto units) {
      for (const auto c : units) bound |= c;
    });
    return bound < 0x110000 ? bound : 0x10FFFF;
  }
  size_t unit() const { return static_cast<size_t>(width_); }

  void make_room_for(char32_t c) {
    if (c <= max_char_) return;
    max_char_ = c;
    if (width_for(c) != width_) widen(width_for(c));
  }
  void push(char32_t c) {
    if (width_ == Width::One) {
      bytes_.push_back(static_cast<uint8_t>(c));
      size_++;
      return;
    }
    const size_t at = bytes_.size();
    bytes_.resize(at + unit());
    memcpy(bytes_.data() + at, &c, unit());  // little endian: the low bytes come first
    size_++;
  }
  void widen(Width width) {
    const TextView old = view();
    std::vector<uint8_t> wide(size_ * static_cast<size_t>(width));
    for (size_t i = 0; i < size_; i++) {
      const char32_t c = old[i];
      memcpy(wide.data() + i * static_cast<size_t>(width), &c, static_cast<size_t>(width));
    }
    bytes_ = std::move(wide);
    width_ = width;
  }

  std::vector<uint8_t> bytes_;
  size_t size_ = 0;
  char32_t max_char_ = 0;
  Width width_ = Width::One;
};

}  // namespace pystm::vm::text
