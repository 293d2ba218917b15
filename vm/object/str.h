// Strings: three fixed widths (Latin-1, UCS-2, UCS-4; always the narrowest that fits), and ropes
// for concatenations not yet carried out. Flat strings are immutable; hash and a rope's flat form
// are caches outside the STM.
#pragma once

#include <string>
#include <string_view>

#include "vm/hash/siphash.h"
#include "vm/object/shape.h"
#include "vm/runtime/context.h"

namespace pystm::vm::text {
class TextBuilder;
}

namespace pystm::vm {

// --- making --------------------------------------------------------------------------------------
// From UTF-8 (WTF-8: lone surrogates allowed). Never fails but by lack of memory (large texts
// only).
Result<Str*> new_str(Context& cx, std::string_view utf8);
Result<Str*> new_str_format(Context& cx, const char* format, ...)
    __attribute__((format(printf, 2, 3)));
Result<Str*> new_str_latin1(Context& cx, const uint8_t* data, size_t n);
Result<Str*> new_str_ucs2(Context& cx, const char16_t* data, size_t n);  // narrowed if possible
Result<Str*> new_str_ucs4(Context& cx, const char32_t* data, size_t n);  // narrowed if possible
Str* str_of_char(Context& cx, char32_t c);
Str* empty_str();
// A flat string of n characters of `width` bytes (1, 2, 4) with unset content; the caller fills it
// and calls seal_str (which sets the ASCII flag), before anything else allocates.
Result<Str*> alloc_str(Context& cx, size_t n, unsigned width);
void seal_str(Str* s);

// --- flat view -----------------------------------------------------------------------------------
// REQUIRES is_str(v). The flat exact string (flattens ropes, unwraps subclasses).
Result<Str*> flatten(Context& cx, Value v);
inline unsigned width_of(const Str* s) { return 1u << (s->shape_id - kShapeLatin1Str); }
inline bool is_ascii(const Str* s) { return s->has_flag(kAscii); }
inline char32_t char_at(const Str* s, size_t i) {
  switch (s->shape_id) {
    case kShapeLatin1Str:
      return s->latin1()[i];
    case kShapeUcs2Str:
      return s->ucs2()[i];
    default:
      return s->ucs4()[i];
  }
}
// Calls f with a pointer to characters of the right width: f(const uint8_t*), f(const char16_t*),
// ...
template <class F>
decltype(auto) with_chars(const Str* s, F&& f) {
  switch (s->shape_id) {
    case kShapeLatin1Str:
      return f(s->latin1());
    case kShapeUcs2Str:
      return f(s->ucs2());
    default:
      return f(s->ucs4());
  }
}
size_t str_length(Value v);                 // REQUIRES is_str(v)
std::string to_utf8(const Str* s);          // surrogates as WTF-8
std::string to_utf8(Context& cx, Value v);  // REQUIRES is_str(v)
std::u32string to_u32(const Str* s);

// --- operations ----------------------------------------------------------------------------------
void set_hash_key(hash::HashKey key);  // once, before the first string
int64_t bytes_hash(const void* data, size_t n);
int64_t bytes_hash(Bytes* b);  // of the same bits as a str of these bytes; caches
int64_t str_hash(Str* s);      // Python's hash; caches
bool str_equal(const Str* a, const Str* b);
bool str_equals(const Str* s, const char* ascii);
bool str_contains(const Str* s, const Str* part);
int str_compare(const Str* a, const Str* b);              // -1, 0, 1 by code points
Result<Value> str_concat(Context& cx, Value a, Value b);  // both is_exact_str; may make a rope
Result<Str*> str_slice(Context& cx, Str* s, size_t start, size_t end);
Result<Value> str_repr(Context& cx, Str* s);
Result<Str*> finish_text(Context& cx, const text::TextBuilder& b);  // of what is collected there
std::string repr_utf8(const Str* s);

// --- interning -----------------------------------------------------------------------------------
// One immortal, tenured str per text.
Str* intern(Context& cx, std::string_view utf8);
Str* intern(Context& cx, Str* s);
Str* find_interned(Str* flat);  // null when that text was never interned
inline bool is_interned(const Str* s) { return s->has_flag(kInterned); }

// Collects text of any width; the usual way to build a str in C++.
class StrBuilder {
 public:
  void add(std::string_view utf8);
  void add_ascii(std::string_view ascii) { latin1_or_wider(ascii.data(), ascii.size()); }
  void add(const Str* s);
  void add(const Str* s, size_t start, size_t end);
  void add_char(char32_t c);
  void add_repeated(char32_t c, size_t n);
  size_t length() const;
  Result<Str*> finish(Context& cx);

 private:
  void latin1_or_wider(const char* data, size_t n);
  void widen();
  std::string narrow_;  // Latin-1 while wide_ is unused
  std::u32string wide_;
  bool is_wide_ = false;
};

}  // namespace pystm::vm
