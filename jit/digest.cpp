#include "jit/digest.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "gc/heap.h"
#include "vm/object/dict.h"
#include "vm/object/shape.h"

namespace pystm::jit {

using namespace vm;

namespace {

constexpr unsigned kDepth = 4, kObjects = 300, kItems = 64, kText = 256;

// One digest under way. Depth and number of objects are bounded; the order of visits is fixed, so
// that both runs stop at the same place.
class Digest {
 public:
  Word of(Value v) {
    value(v, kDepth);
    return hash_;
  }
  Word of(Object* o) {
    object(o, kDepth);
    return hash_;
  }
  Word of(double d) {
    real(d);
    return hash_;
  }

 private:
  Word hash_ = 0x9E3779B97F4A7C15;
  unsigned left_ = kObjects;

  void add(Word w) {
    hash_ = (hash_ ^ w) * 0x9FB21C651E98DF25;
    hash_ ^= hash_ >> 29;
  }
  void real(double d) { add(std::isnan(d) ? 0x7FF8 : std::bit_cast<Word>(d)); }

  void value(Value v, unsigned depth) {
    if (!v.is_object()) return v.is_float() ? real(v.as_float()) : add(v.bits());
    if (depth == 0 || left_ == 0) return;
    --left_;
    object(v.object(), depth - 1);
  }
  void values(const Value* items, size_t n, unsigned depth) {
    add(n);
    for (size_t k = 0; k < std::min<size_t>(n, kItems); ++k) value(items[k], depth);
  }

  template <class Char>
  void characters(const Char* text, size_t n) {
    for (size_t k = 0; k < n; ++k) add(text[k]);
  }
  // Of a long one, its length.
  void text(Object* o) {
    const Word length = static_cast<Str*>(o)->length;  // a rope's lies there, too
    add(length);
    if (length <= kText) letters(o);
  }
  void letters(Object* o) {
    switch (o->shape_id) {
      case kShapeLatin1Str:
        return characters(static_cast<Str*>(o)->latin1(), static_cast<Str*>(o)->length);
      case kShapeUcs2Str:
        return characters(static_cast<Str*>(o)->ucs2(), static_cast<Str*>(o)->length);
      case kShapeUcs4Str:
        return characters(static_cast<Str*>(o)->ucs4(), static_cast<Str*>(o)->length);
      default: {
        auto* rope = static_cast<RopeStr*>(o);
        if (!rope->flat.is_unset()) return letters(rope->flat.object());
        letters(rope->left.object());
        letters(rope->right.object());
      }
    }
  }

  // Keys and values of a table in their order, tombstones with them.
  void table(Object* storage, unsigned depth) {
    struct Visitor final : gc::SlotVisitor {
      Digest* d;
      unsigned depth, room = 2 * kItems;
      void visit(Value& v) override {
        if (room != 0 && --room != 0) d->value(v, depth);
      }
      void visit_range(Value* begin, Value* end) override {
        for (Value* v = begin; v < end; ++v) visit(*v);
      }
    } visitor;
    visitor.d = this;
    visitor.depth = depth;
    if (storage != nullptr) gc::info_of(storage)->trace(storage, visitor);
  }

  void object(Object* o, unsigned depth) {
    if (is_exact_str(Value(o))) {  // a rope equals the flat string
      add(kShapeLatin1Str);
      return text(o);
    }
    add(o->shape_id);
    switch (shape_of(o)->kind) {
      case Kind::kBigInt:
        add(static_cast<BigInt*>(o)->negative());
        return characters(static_cast<BigInt*>(o)->limbs(), static_cast<BigInt*>(o)->length);
      case Kind::kFloatBox:
        return real(static_cast<FloatBox*>(o)->value);
      case Kind::kBytes:
        return characters(static_cast<Bytes*>(o)->data(), static_cast<Bytes*>(o)->length);
      case Kind::kTuple:
        return values(static_cast<Tuple*>(o)->items(), static_cast<Tuple*>(o)->length, depth);
      case Kind::kList: {
        const auto& s = stm::Raw::state(static_cast<List*>(o));  // NOBARRIER: see digest.h
        return values(s.size == 0 ? nullptr : s.storage->items(), s.size, depth);
      }
      case Kind::kDict: {
        const auto& s = stm::Raw::state(static_cast<Dict*>(o));  // NOBARRIER: see digest.h
        add(s.used);
        return table(s.storage.ptr, depth);
      }
      case Kind::kItemArray:
      case Kind::kChunkedItems: {
        auto* items = static_cast<ItemArray*>(o);
        return values(items->items(), items->length, depth);
      }
      case Kind::kWordArray:
        return characters(static_cast<WordArray*>(o)->words(), static_cast<WordArray*>(o)->length);
      case Kind::kByteArray: {
        const auto& s = stm::Raw::state(static_cast<ByteArray*>(o));  // NOBARRIER: see digest.h
        add(s.size);
        return characters(s.size == 0 ? nullptr : s.storage->data(), s.size);
      }
      case Kind::kByteArrayStorage:  // what lies beyond the size is not its contents
        return add(static_cast<ByteArrayStorage*>(o)->length);
      case Kind::kDictStorage:
        return table(o, depth);
      case Kind::kSet:
      case Kind::kFrozenSet:  // their order may depend on addresses
      case Kind::kFrame:
        return;
      case Kind::kFunction:
        return add(reinterpret_cast<Word>(
            stm::Raw::state(static_cast<Function*>(o)).code.ptr));  // NOBARRIER: quasi-immutable
      case Kind::kType:
      case Kind::kModule:
      case Kind::kCode:
        return add(reinterpret_cast<Word>(o));
      default:
        return fields(o, depth);
    }
  }

  // By the layout: references followed, other words as they are.
  void fields(Object* o, unsigned depth) {
    const gc::TypeInfo& info = *gc::info_of(o);
    auto* words = reinterpret_cast<Word*>(o);
    for (unsigned k = info.has_vlock ? 2 : 1; k < info.fixed_size / sizeof(Word) && k < 64; ++k) {
      if (info.ref_map >> k & 1)
        value(Value(words[k]), depth);
      else
        add(words[k]);
    }
    if (!info.items_are_values) return;
    const Word n = *reinterpret_cast<Word*>(reinterpret_cast<char*>(o) + info.length_offset);
    values(reinterpret_cast<Value*>(words + info.fixed_size / sizeof(Word)), n, depth);
  }
};

}  // namespace

Word digest(Value v) { return Digest().of(v); }
Word digest(double d) { return Digest().of(d); }
Word digest_object(Object* o) { return Digest().of(o); }

}  // namespace pystm::jit
