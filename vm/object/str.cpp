// Strings: creation, widths, ropes, interning. Searching and case mapping live in vm/text.
#include "vm/object/str.h"

#include <cstdio>
#include <cstring>
#include <deque>
#include <mutex>

#include "base/ascii.h"
#include "vm/hash/siphash.h"
#include "vm/object/type.h"
#include "vm/runtime/memory.h"
#include "vm/runtime/native.h"
#include "vm/text/search.h"
#include "vm/text/str_ops.h"

namespace pystm::vm {

namespace {

// Concatenations shorter than this are copied at once; longer ones become ropes.
constexpr size_t kRopeMin = 256;

// WTF-8 to code points: the input is the VM's own or has been checked; errors become U+FFFD.
std::u32string decode_wtf8(std::string_view s) {
  std::u32string out;
  out.reserve(s.size());
  size_t i = 0;
  while (i < s.size()) {
    const auto c = static_cast<uint8_t>(s[i]);
    unsigned n = c < 0x80 ? 1 : c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 0;
    if (n == 0 || i + n > s.size()) {
      out.push_back(0xFFFD);
      ++i;
      continue;
    }
    char32_t cp = n == 1 ? c : c & (0x7F >> n);
    for (unsigned k = 1; k < n; ++k) cp = (cp << 6) | (static_cast<uint8_t>(s[i + k]) & 0x3F);
    out.push_back(cp);
    i += n;
  }
  return out;
}

void append_utf8(std::string& out, char32_t c) {
  if (c < 0x80) {
    out.push_back(static_cast<char>(c));
  } else if (c < 0x800) {
    out.push_back(static_cast<char>(0xC0 | c >> 6));
    out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
  } else if (c < 0x10000) {
    out.push_back(static_cast<char>(0xE0 | c >> 12));
    out.push_back(static_cast<char>(0x80 | (c >> 6 & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
  } else {
    out.push_back(static_cast<char>(0xF0 | c >> 18));
    out.push_back(static_cast<char>(0x80 | (c >> 12 & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (c >> 6 & 0x3F)));
    out.push_back(static_cast<char>(0x80 | (c & 0x3F)));
  }
}

template <class To, class From>
void copy_chars(To* to, const From* from, size_t n) {
  if constexpr (sizeof(To) == sizeof(From)) {
    std::memcpy(to, from, n * sizeof(To));
  } else {
    for (size_t i = 0; i < n; ++i) to[i] = static_cast<To>(from[i]);
  }
}

// Copies s[start, end) into `to` at `at`; to is at least as wide.
void copy_into(Str* to, size_t at, const Str* s, size_t start, size_t end) {
  with_chars(s, [&](auto* from) {
    switch (to->shape_id) {
      case kShapeLatin1Str:
        copy_chars(to->latin1() + at, from + start, end - start);
        break;
      case kShapeUcs2Str:
        copy_chars(to->ucs2() + at, from + start, end - start);
        break;
      default:
        copy_chars(to->ucs4() + at, from + start, end - start);
    }
  });
}

struct Singles {
  gc::OldRoot empty;
  gc::OldRoot latin1[256];
};
Singles* singles = nullptr;

// One immortal str per interned text, found by its hash. Looked up without the lock; a table that
// has become too small is replaced and kept, because others may be looking into it.
class InternTable {
 public:
  // same(s): is s of that text?
  template <class Same>
  Str* find(int64_t hash, Same same) const {
    const Slots& slots = *slots_.load(std::memory_order_acquire);
    for (size_t i = static_cast<size_t>(hash);; ++i) {
      Str* s = slots[i & (slots.size() - 1)].load(std::memory_order_acquire);
      if (s == nullptr || (s->hash == static_cast<Word>(hash) && same(s))) return s;
    }
  }
  // The str of that text: `fresh`, unless there is one. REQUIRES its hash is cached.
  Str* add(Str* fresh) {
    std::lock_guard guard(lock_);
    const auto same = [fresh](const Str* s) { return str_equal(s, fresh); };
    if (Str* there = find(static_cast<int64_t>(fresh->hash), same)) return there;
    if (roots_.size() * 2 >= slots_.load()->size()) grow();
    roots_.emplace_back().value = fresh;
    fresh->set_flag(kInterned);
    put(*slots_.load(), fresh);
    return fresh;
  }

 private:
  using Slots = std::vector<std::atomic<Str*>>;
  static void put(Slots& slots, Str* s) {
    size_t i = s->hash;
    while (slots[i & (slots.size() - 1)].load() != nullptr) ++i;
    slots[i & (slots.size() - 1)].store(s, std::memory_order_release);
  }
  void grow() {
    Slots& larger = tables_.emplace_back(slots_.load()->size() * 2);
    for (const gc::OldRoot& root : roots_) put(larger, root.value.as<Str>());
    slots_.store(&larger, std::memory_order_release);
  }

  std::mutex lock_;
  std::deque<gc::OldRoot> roots_;
  std::deque<Slots> tables_ = std::deque<Slots>(1);
  std::atomic<Slots*> slots_{&(tables_.front() = Slots(4096))};
};
InternTable interned;

}  // namespace

void init_strings(Context& cx) {
  singles = new Singles;
  singles->empty.value = intern(cx, std::string_view());
  for (unsigned i = 0; i < 256; ++i) {
    std::string text;
    append_utf8(text, i);
    singles->latin1[i].value = intern(cx, text);
  }
}

Str* empty_str() { return singles->empty.value.as<Str>(); }

Result<Str*> alloc_str(Context& cx, size_t n, unsigned width) {
  if (n > (size_t{1} << 60)) return raise_no_memory(cx);
  void* memory = TRY(alloc_memory(cx, sizeof(StrBase) + n * width));
  auto* s = init_object<Str>(memory, width == 1   ? kShapeLatin1Str
                                     : width == 2 ? kShapeUcs2Str
                                                  : kShapeUcs4Str);
  s->length = n;
  s->hash = 0;
  return s;
}

void seal_str(Str* s) {
  if (s->shape_id == kShapeLatin1Str && base::ascii_only(s->latin1(), s->length))
    s->set_flag(kAscii);
}

Result<Str*> new_str_latin1(Context& cx, const uint8_t* data, size_t n) {
  if (n == 0 && singles != nullptr) return empty_str();
  if (n == 1 && singles != nullptr) return singles->latin1[data[0]].value.as<Str>();
  Str* s = TRY(alloc_str(cx, n, 1));
  std::memcpy(s->latin1(), data, n);
  seal_str(s);
  return s;
}

Result<Str*> new_str_ucs4(Context& cx, const char32_t* data, size_t n) {
  char32_t top = 0;
  for (size_t i = 0; i < n; ++i) top |= data[i];
  if (n <= 1 && top < 256) {
    const auto c = static_cast<uint8_t>(top);
    return new_str_latin1(cx, &c, n);
  }
  Str* s = TRY(alloc_str(cx, n, top < 0x100 ? 1 : top < 0x10000 ? 2 : 4));
  switch (s->shape_id) {
    case kShapeLatin1Str:
      copy_chars(s->latin1(), data, n);
      break;
    case kShapeUcs2Str:
      copy_chars(s->ucs2(), data, n);
      break;
    default:
      copy_chars(s->ucs4(), data, n);
  }
  seal_str(s);
  return s;
}

Result<Str*> new_str_ucs2(Context& cx, const char16_t* data, size_t n) {
  char16_t top = 0;
  for (size_t i = 0; i < n; ++i) top |= data[i];
  Str* s = TRY(alloc_str(cx, n, top < 0x100 ? 1 : 2));
  if (s->shape_id == kShapeLatin1Str) {
    copy_chars(s->latin1(), data, n);
  } else {
    copy_chars(s->ucs2(), data, n);
  }
  seal_str(s);
  return s;
}

Result<Str*> new_str(Context& cx, std::string_view utf8) {
  const auto* p = reinterpret_cast<const uint8_t*>(utf8.data());
  if (base::ascii_only(p, utf8.size())) return new_str_latin1(cx, p, utf8.size());
  const std::u32string wide = decode_wtf8(utf8);
  return new_str_ucs4(cx, wide.data(), wide.size());
}

Result<Str*> new_str_format(Context& cx, const char* format, ...) {
  char buffer[512];
  va_list args;
  va_start(args, format);
  const int n = std::vsnprintf(buffer, sizeof(buffer), format, args);
  va_end(args);
  if (n < static_cast<int>(sizeof(buffer)))
    return new_str(cx, std::string_view(buffer, static_cast<size_t>(n)));
  std::string large(static_cast<size_t>(n) + 1, '\0');
  va_start(args, format);
  std::vsnprintf(large.data(), large.size(), format, args);
  va_end(args);
  large.pop_back();
  return new_str(cx, large);
}

Str* str_of_char(Context& cx, char32_t c) {
  if (c < 256) return singles->latin1[c].value.as<Str>();
  return new_str_ucs4(cx, &c, 1).value();
}

// --- ropes ---------------------------------------------------------------------------------------

size_t str_length(Value v) {
  v = unwrap_derived(v);
  return v.as<StrBase>()->length;  // same place in a rope
}

namespace {

unsigned rope_width(Value v) {
  unsigned width = 1;
  std::vector<Value> stack{v};
  while (!stack.empty()) {
    v = stack.back();
    stack.pop_back();
    if (has_shape(v, kShapeRopeStr)) {
      auto* rope = v.as<RopeStr>();
      if (!rope->flat.is_unset()) {
        v = rope->flat;
      } else {
        stack.push_back(rope->left);
        stack.push_back(rope->right);
        continue;
      }
    }
    width = std::max(width, width_of(v.as<Str>()));
  }
  return width;
}

}  // namespace

Result<Str*> flatten(Context& cx, Value v) {
  v = unwrap_derived(v);
  if (PYSTM_LIKELY(!has_shape(v, kShapeRopeStr))) return v.as<Str>();
  auto* rope = v.as<RopeStr>();
  if (!rope->flat.is_unset()) return rope->flat.as<Str>();
  Str* flat = TRY(alloc_str(cx, rope->length, rope_width(v)));
  // Right to left, so that the usual left-deep rope needs a short stack. Nothing allocates here.
  std::vector<Value> stack{
      v};  // NOBARRIER: no allocation while this C++ container holds references
  size_t end = rope->length;
  while (!stack.empty()) {
    Value part = stack.back();
    stack.pop_back();
    if (has_shape(part, kShapeRopeStr)) {
      auto* r = part.as<RopeStr>();
      if (r->flat.is_unset()) {
        stack.push_back(r->left);
        stack.push_back(r->right);
        continue;
      }
      part = r->flat;
    }
    auto* s = part.as<Str>();
    end -= s->length;
    copy_into(flat, end, s, 0, s->length);
  }
  seal_str(flat);
  // NOBARRIER: idempotent cache of an immutable value. The parts are kept until flat is seen by
  // all.
  rope->flat = flat;
  gc::store_barrier(cx, rope, &rope->flat);
  return flat;
}

Result<Value> str_concat(Context& cx, Value a, Value b) {
  const size_t left = str_length(a), right = str_length(b);
  if (left == 0) return b;
  if (right == 0) return a;
  if (left + right >= kRopeMin) {
    if (left + right > (size_t{1} << 60)) return raise_no_memory(cx);
    // A short right part joins the rope's last short part, so that += by character stays cheap.
    auto* rope = alloc<RopeStr>(cx, kShapeRopeStr);
    rope->length = left + right;
    rope->left = has_shape(a, kShapeRopeStr) && !a.as<RopeStr>()->flat.is_unset()
                     ? a.as<RopeStr>()->flat
                     : a;
    rope->right = b;
    return rope;
  }
  Str* x = TRY(flatten(cx, a));
  Str* y = TRY(flatten(cx, b));
  Str* s = TRY(alloc_str(cx, left + right, std::max(width_of(x), width_of(y))));
  copy_into(s, 0, x, 0, left);
  copy_into(s, left, y, 0, right);
  if (is_ascii(x) && is_ascii(y)) s->set_flag(kAscii);
  return s;
}

Result<Str*> str_slice(Context& cx, Str* s, size_t start, size_t end) {
  if (start >= end) return empty_str();
  if (start == 0 && end == s->length) return s;
  return with_chars(s, [&](auto* p) -> Result<Str*> {
    using C = std::remove_cv_t<std::remove_pointer_t<decltype(p)>>;
    if constexpr (sizeof(C) == 1) {
      return new_str_latin1(cx, s->latin1() + start, end - start);
    } else if constexpr (sizeof(C) == 2) {
      return new_str_ucs2(cx, s->ucs2() + start, end - start);
    } else {
      return new_str_ucs4(cx, s->ucs4() + start, end - start);
    }
  });
}

// --- text out ------------------------------------------------------------------------------------

std::string to_utf8(const Str* s) {
  if (is_ascii(s)) return std::string(reinterpret_cast<const char*>(s->latin1()), s->length);
  std::string out;
  out.reserve(s->length * 2);
  for (size_t i = 0; i < s->length; ++i) append_utf8(out, char_at(s, i));
  return out;
}
std::string to_utf8(Context& cx, Value v) {
  auto r = flatten(cx, v);
  return r.is_error() ? std::string() : to_utf8(r.value());
}
std::u32string to_u32(const Str* s) {
  std::u32string out(s->length, U'\0');
  for (size_t i = 0; i < s->length; ++i) out[i] = char_at(s, i);
  return out;
}

// --- comparing -----------------------------------------------------------------------------------

static hash::HashKey hash_key;
void set_hash_key(hash::HashKey key) { hash_key = key; }
int64_t bytes_hash(const void* data, size_t n) {
  return hash::hash_bytes(hash_key, {static_cast<const uint8_t*>(data), n});
}

int64_t bytes_hash(Bytes* b) {
  if (b->hash == 0 && b->length != 0)
    b->hash = static_cast<Word>(bytes_hash(b->data(), b->length));  // NOBARRIER: idempotent cache
  return static_cast<int64_t>(b->hash);
}

int64_t str_hash(Str* s) {
  if (s->hash != 0) return static_cast<int64_t>(s->hash);
  const auto h = static_cast<Word>(bytes_hash(s->latin1(), s->length * width_of(s)));
  s->hash = h;  // NOBARRIER: idempotent cache
  return static_cast<int64_t>(h);
}

bool str_equal(const Str* a, const Str* b) {
  if (a == b) return true;
  // Always the narrowest width, so equal texts have equal shapes.
  if (a->length != b->length || a->shape_id != b->shape_id) return false;
  return std::memcmp(a->latin1(), b->latin1(), a->length * width_of(a)) == 0;
}

bool str_equals(const Str* s, const char* ascii) {
  return s->length == std::strlen(ascii) && s->shape_id == kShapeLatin1Str &&
         std::memcmp(s->latin1(), ascii, s->length) == 0;
}

int str_compare(const Str* a, const Str* b) {
  const size_t n = std::min(a->length, b->length);
  if (a->shape_id == kShapeLatin1Str && b->shape_id == kShapeLatin1Str) {
    const int c = std::memcmp(a->latin1(), b->latin1(), n);
    if (c != 0) return c < 0 ? -1 : 1;
  } else {
    for (size_t i = 0; i < n; ++i) {
      const char32_t x = char_at(a, i), y = char_at(b, i);
      if (x != y) return x < y ? -1 : 1;
    }
  }
  return a->length == b->length ? 0 : a->length < b->length ? -1 : 1;
}

static text::TextView text_of(const Str* s) {
  return text::TextView(s->latin1(), s->length, static_cast<text::Width>(width_of(s)));
}

bool str_contains(const Str* s, const Str* part) {
  return text::find(text_of(s), text_of(part)) != text::kNotFound;
}

Result<Str*> finish_text(Context& cx, const text::TextBuilder& b) {
  const text::TextView v = b.view();
  switch (v.width()) {
    case text::Width::One:
      return new_str_latin1(cx, static_cast<const uint8_t*>(v.data()), v.size());
    case text::Width::Two:
      return new_str_ucs2(cx, static_cast<const char16_t*>(v.data()), v.size());
    default:
      return new_str_ucs4(cx, static_cast<const char32_t*>(v.data()), v.size());
  }
}

static std::string utf8_of(text::TextView v) {
  const auto* bytes = static_cast<const uint8_t*>(v.data());
  if (v.width() == text::Width::One && base::ascii_only(bytes, v.size()))
    return {reinterpret_cast<const char*>(bytes), v.size()};
  std::string out;
  for (size_t i = 0; i < v.size(); ++i) append_utf8(out, v[i]);
  return out;
}

Result<Value> str_repr(Context& cx, Str* s) {
  text::TextBuilder out;
  text::str_repr(text_of(s), false, out);
  return Value(TRY(finish_text(cx, out)));
}
std::string repr_utf8(const Str* s) {
  text::TextBuilder out;
  text::str_repr(text_of(s), false, out);
  return utf8_of(out.view());
}

// --- interning -----------------------------------------------------------------------------------

// Tenured: names in code, shapes and caches never move.
static Str* new_tenured_str(Context& cx, std::string_view utf8) {
  const bool ascii = base::ascii_only(reinterpret_cast<const uint8_t*>(utf8.data()), utf8.size());
  const std::u32string wide = ascii ? std::u32string() : decode_wtf8(utf8);
  const size_t n = ascii ? utf8.size() : wide.size();
  char32_t top = 0;
  for (char32_t c : wide) top |= c;
  const unsigned width = top < 0x100 ? 1 : top < 0x10000 ? 2 : 4;
  auto* s = static_cast<Str*>(gc::allocate_old(cx, sizeof(StrBase) + n * width));
  // NOBARRIER: newborn
  s->shape_id = width == 1 ? kShapeLatin1Str : width == 2 ? kShapeUcs2Str : kShapeUcs4Str;
  s->length = n;
  s->hash = 0;
  for (size_t i = 0; i < n; ++i) {
    const char32_t c = ascii ? static_cast<uint8_t>(utf8[i]) : wide[i];
    if (width == 1) s->latin1()[i] = static_cast<uint8_t>(c);
    if (width == 2) s->ucs2()[i] = static_cast<char16_t>(c);
    if (width == 4) s->ucs4()[i] = c;
  }
  seal_str(s);
  return s;
}

Str* intern(Context& cx, std::string_view utf8) {
  if (base::ascii_only(reinterpret_cast<const uint8_t*>(utf8.data()), utf8.size())) {
    const int64_t hash = bytes_hash(utf8.data(), utf8.size());
    const auto same = [utf8](const Str* s) {
      return s->length == utf8.size() && s->shape_id == kShapeLatin1Str &&
             std::memcmp(s->latin1(), utf8.data(), utf8.size()) == 0;
    };
    if (Str* there = interned.find(hash, same)) return there;
  }
  // The text may lie in an object that the allocation moves. Of two threads the first one wins.
  Str* fresh = new_tenured_str(cx, std::string(utf8));
  (void)str_hash(fresh);
  return interned.add(fresh);
}

Str* find_interned(Str* flat) {
  if (is_interned(flat)) return flat;
  return interned.find(str_hash(flat), [flat](const Str* s) { return str_equal(s, flat); });
}

Str* intern(Context& cx, Str* s) {
  Str* there = find_interned(s);
  return there != nullptr ? there : intern(cx, to_utf8(s));
}

// --- StrBuilder ----------------------------------------------------------------------------------

void StrBuilder::widen() {
  if (is_wide_) return;
  is_wide_ = true;
  wide_.assign(narrow_.size(), U'\0');
  for (size_t i = 0; i < narrow_.size(); ++i) wide_[i] = static_cast<uint8_t>(narrow_[i]);
  narrow_.clear();
}
void StrBuilder::latin1_or_wider(const char* data, size_t n) {
  if (!is_wide_) {
    narrow_.append(data, n);
  } else {
    for (size_t i = 0; i < n; ++i) wide_.push_back(static_cast<uint8_t>(data[i]));
  }
}
void StrBuilder::add(std::string_view utf8) {
  if (base::ascii_only(reinterpret_cast<const uint8_t*>(utf8.data()), utf8.size())) {
    latin1_or_wider(utf8.data(), utf8.size());
  } else {
    for (char32_t c : decode_wtf8(utf8)) add_char(c);
  }
}
void StrBuilder::add(const Str* s) { add(s, 0, s->length); }
void StrBuilder::add(const Str* s, size_t start, size_t end) {
  if (s->shape_id == kShapeLatin1Str) {
    latin1_or_wider(reinterpret_cast<const char*>(s->latin1()) + start, end - start);
  } else {
    for (size_t i = start; i < end; ++i) add_char(char_at(s, i));
  }
}
void StrBuilder::add_char(char32_t c) {
  if (!is_wide_) {
    if (c < 256) {
      narrow_.push_back(static_cast<char>(c));
      return;
    }
    widen();
  }
  wide_.push_back(c);
}
void StrBuilder::add_repeated(char32_t c, size_t n) {
  for (size_t i = 0; i < n; ++i) add_char(c);
}
size_t StrBuilder::length() const { return is_wide_ ? wide_.size() : narrow_.size(); }
Result<Str*> StrBuilder::finish(Context& cx) {
  if (is_wide_) return new_str_ucs4(cx, wide_.data(), wide_.size());
  return new_str_latin1(cx, reinterpret_cast<const uint8_t*>(narrow_.data()), narrow_.size());
}

}  // namespace pystm::vm
