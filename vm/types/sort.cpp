// Sorting: a stable merge sort over positions. Natural runs are found first, short ones are
// extended by binary insertion, and runs are merged in the order of the powersort policy (Munro and
// Wild 2018), with galloping when one side keeps winning: what list.sort of CPython 3.11 documents,
// comparison for comparison, so that even inconsistent orders come out the same.
//
// Elements are small C++ records (an unpacked key, a position in the original items), never
// references: no barrier is needed while they move, and a collection during a comparison finds the
// items in a Tuple.
#include "vm/types/sort.h"

#include <cstring>
#include <vector>

#include "vm/types/support.h"

namespace pystm::vm {

namespace {

// Less is a functor: bool less(a, b), and less.failed() tells that an exception is pending.
template <class E, class Less>
class Sorter {
 public:
  Sorter(std::vector<E>& items, Less& less) : v_(items.data()), n_(items.size()), less_(less) {}

  bool run() {
    if (n_ < 2) return true;
    size_t minrun = minrun_of(n_);
    size_t lo = 0, left = n_;
    while (left > 0) {
      size_t run = 0;
      if (!count_run(lo, left, &run)) return false;
      if (run < minrun) {
        const size_t force = std::min(left, minrun);
        if (!binary_insert(lo, lo + run, lo + force)) return false;
        run = force;
      }
      if (!found_run(run)) return false;
      pending_.push_back({lo, run, 0});
      lo += run;
      left -= run;
    }
    while (pending_.size() > 1) {
      size_t i = pending_.size() - 2;
      if (i > 0 && pending_[i - 1].length < pending_[i + 1].length) --i;
      if (!merge_at(i)) return false;
    }
    return true;
  }

 private:
  struct Run {
    size_t base, length;
    int power;
  };
  static constexpr size_t kMinGallop = 7;

  static size_t minrun_of(size_t n) {
    size_t r = 0;
    while (n >= 64) {
      r |= n & 1;
      n >>= 1;
    }
    return n + r;
  }

  // The length of the run at lo: ascending, or strictly descending (then reversed in place).
  bool count_run(size_t lo, size_t left, size_t* out) {
    if (left == 1) {
      *out = 1;
      return true;
    }
    size_t n = 2;
    const bool down = less_(v_[lo + 1], v_[lo]);
    if (less_.failed()) return false;
    for (size_t i = lo + 2; i < lo + left; ++i, ++n) {
      const bool lt = less_(v_[i], v_[i - 1]);
      if (less_.failed()) return false;
      if (lt != down) break;
    }
    if (down) std::reverse(v_ + lo, v_ + lo + n);
    *out = n;
    return true;
  }

  bool binary_insert(size_t lo, size_t start, size_t hi) {
    if (start == lo) ++start;
    for (; start < hi; ++start) {
      const E pivot = v_[start];
      size_t l = lo, r = start;
      while (l < r) {
        const size_t p = l + ((r - l) >> 1);
        const bool lt = less_(pivot, v_[p]);
        if (less_.failed()) return false;
        if (lt) {
          r = p;
        } else {
          l = p + 1;
        }
      }
      std::move_backward(v_ + l, v_ + start, v_ + start + 1);
      v_[l] = pivot;
    }
    return true;
  }

  // The depth at which the runs [s1, s1 + n1) and the next n2 would meet in a perfectly balanced
  // merge tree.
  int power_between(size_t s1, size_t n1, size_t n2) const {
    int result = 0;
    size_t a = 2 * s1 + n1, b = a + n1 + n2;
    for (;;) {
      ++result;
      if (a >= n_) {
        a -= n_;
        b -= n_;
      } else if (b >= n_) {
        return result;
      }
      a <<= 1;
      b <<= 1;
    }
  }

  bool found_run(size_t n2) {
    if (pending_.empty()) return true;
    const Run& last = pending_.back();
    const int power = power_between(last.base, last.length, n2);
    while (pending_.size() > 1 && pending_[pending_.size() - 2].power > power)
      if (!merge_at(pending_.size() - 2)) return false;
    pending_.back().power = power;
    return true;
  }

  bool merge_at(size_t i) {
    size_t a = pending_[i].base, na = pending_[i].length;
    const size_t b = pending_[i + 1].base;
    size_t nb = pending_[i + 1].length;
    pending_[i].length = na + nb;
    if (i + 3 == pending_.size()) pending_[i + 1] = pending_[i + 2];
    pending_.pop_back();
    size_t k = 0;
    if (!gallop_right(v_[b], v_ + a, na, 0, &k)) return false;
    a += k;
    na -= k;
    if (na == 0) return true;
    if (!gallop_left(v_[a + na - 1], v_ + b, nb, nb - 1, &nb)) return false;
    if (nb == 0) return true;
    return na <= nb ? merge_low(a, na, b, nb) : merge_high(a, na, b, nb);
  }

  // Where `key` belongs in a[0, n), before (left) or after (right) equal ones, searching outwards
  // from `hint`.
  bool gallop_left(const E key, const E* a, size_t n, size_t hint, size_t* out) {
    size_t last = 0, ofs = 1;
    bool lt = less_(a[hint], key);
    if (less_.failed()) return false;
    size_t lo, hi;  // answer in (lo, hi], lo is -1 based: stored plus one
    if (lt) {
      const size_t max = n - hint;
      while (ofs < max) {
        lt = less_(a[hint + ofs], key);
        if (less_.failed()) return false;
        if (!lt) break;
        last = ofs;
        ofs = (ofs << 1) + 1;
      }
      ofs = std::min(ofs, max);
      lo = hint + last + 1;
      hi = hint + ofs;
    } else {
      const size_t max = hint + 1;
      while (ofs < max) {
        lt = less_(a[hint - ofs], key);
        if (less_.failed()) return false;
        if (lt) break;
        last = ofs;
        ofs = (ofs << 1) + 1;
      }
      ofs = std::min(ofs, max);
      lo = hint + 1 - ofs;
      hi = hint - last;
    }
    while (lo < hi) {
      const size_t m = lo + ((hi - lo) >> 1);
      lt = less_(a[m], key);
      if (less_.failed()) return false;
      if (lt) {
        lo = m + 1;
      } else {
        hi = m;
      }
    }
    *out = hi;
    return true;
  }

  bool gallop_right(const E key, const E* a, size_t n, size_t hint, size_t* out) {
    size_t last = 0, ofs = 1;
    bool lt = less_(key, a[hint]);
    if (less_.failed()) return false;
    size_t lo, hi;
    if (lt) {
      const size_t max = hint + 1;
      while (ofs < max) {
        lt = less_(key, a[hint - ofs]);
        if (less_.failed()) return false;
        if (!lt) break;
        last = ofs;
        ofs = (ofs << 1) + 1;
      }
      ofs = std::min(ofs, max);
      lo = hint + 1 - ofs;
      hi = hint - last;
    } else {
      const size_t max = n - hint;
      while (ofs < max) {
        lt = less_(key, a[hint + ofs]);
        if (less_.failed()) return false;
        if (lt) break;
        last = ofs;
        ofs = (ofs << 1) + 1;
      }
      ofs = std::min(ofs, max);
      lo = hint + last + 1;
      hi = hint + ofs;
    }
    while (lo < hi) {
      const size_t m = lo + ((hi - lo) >> 1);
      lt = less_(key, a[m]);
      if (less_.failed()) return false;
      if (lt) {
        hi = m;
      } else {
        lo = m + 1;
      }
    }
    *out = hi;
    return true;
  }

  // Merges a[0, na) and b[0, nb) that follow each other, the shorter left one copied aside.
  bool merge_low(size_t at, size_t na, size_t b, size_t nb) {
    temp_.assign(v_ + at, v_ + at + na);
    E *dest = v_ + at, *pa = temp_.data(), *pb = v_ + b;
    *dest++ = *pb++;
    bool ok = true;
    if (--nb == 0) goto copy_a;
    if (na == 1) goto copy_b;
    for (;;) {
      size_t wins_a = 0, wins_b = 0;
      for (;;) {
        const bool lt = less_(*pb, *pa);
        if (less_.failed()) goto fail;
        if (lt) {
          *dest++ = *pb++;
          ++wins_b;
          wins_a = 0;
          if (--nb == 0) goto copy_a;
          if (wins_b >= min_gallop_) break;
        } else {
          *dest++ = *pa++;
          ++wins_a;
          wins_b = 0;
          if (--na == 1) goto copy_b;
          if (wins_a >= min_gallop_) break;
        }
      }
      ++min_gallop_;
      do {
        min_gallop_ -= min_gallop_ > 1;
        if (!gallop_right(*pb, pa, na, 0, &wins_a)) goto fail;
        if (wins_a > 0) {
          dest = std::copy(pa, pa + wins_a, dest);
          pa += wins_a;
          na -= wins_a;
          if (na == 1) goto copy_b;
          if (na == 0) return true;  // only with an inconsistent order
        }
        *dest++ = *pb++;
        if (--nb == 0) goto copy_a;
        if (!gallop_left(*pa, pb, nb, 0, &wins_b)) goto fail;
        if (wins_b > 0) {
          dest = std::copy(pb, pb + wins_b, dest);
          pb += wins_b;
          nb -= wins_b;
          if (nb == 0) goto copy_a;
        }
        *dest++ = *pa++;
        if (--na == 1) goto copy_b;
      } while (wins_a >= kMinGallop || wins_b >= kMinGallop);
      ++min_gallop_;
    }
  fail:
    ok = false;
  copy_a:
    std::copy(pa, pa + na, dest);
    return ok;
  copy_b:  // the last of a comes after all of b
    dest = std::copy(pb, pb + nb, dest);
    *dest = *pa;
    return true;
  }

  bool merge_high(size_t at, size_t na, size_t b, size_t nb) {
    temp_.assign(v_ + b, v_ + b + nb);
    E *dest = v_ + b + nb - 1, *pa = v_ + at + na - 1, *base_b = temp_.data(),
      *pb = base_b + nb - 1;
    E* base_a = v_ + at;
    *dest-- = *pa--;
    bool ok = true;
    if (--na == 0) goto copy_b;
    if (nb == 1) goto copy_a;
    for (;;) {
      size_t wins_a = 0, wins_b = 0, k = 0;
      for (;;) {
        const bool lt = less_(*pb, *pa);
        if (less_.failed()) goto fail;
        if (lt) {
          *dest-- = *pa--;
          ++wins_a;
          wins_b = 0;
          if (--na == 0) goto copy_b;
          if (wins_a >= min_gallop_) break;
        } else {
          *dest-- = *pb--;
          ++wins_b;
          wins_a = 0;
          if (--nb == 1) goto copy_a;
          if (wins_b >= min_gallop_) break;
        }
      }
      ++min_gallop_;
      do {
        min_gallop_ -= min_gallop_ > 1;
        if (!gallop_right(*pb, base_a, na, na - 1, &k)) goto fail;
        wins_a = na - k;
        if (wins_a > 0) {
          dest -= wins_a;
          pa -= wins_a;
          std::move_backward(pa + 1, pa + 1 + wins_a, dest + 1 + wins_a);
          na -= wins_a;
          if (na == 0) goto copy_b;
        }
        *dest-- = *pb--;
        if (--nb == 1) goto copy_a;
        if (!gallop_left(*pa, base_b, nb, nb - 1, &k)) goto fail;
        wins_b = nb - k;
        if (wins_b > 0) {
          dest -= wins_b;
          pb -= wins_b;
          std::copy(pb + 1, pb + 1 + wins_b, dest + 1);
          nb -= wins_b;
          if (nb == 1) goto copy_a;
          if (nb == 0) return true;
        }
        *dest-- = *pa--;
        if (--na == 0) goto copy_b;
      } while (wins_a >= kMinGallop || wins_b >= kMinGallop);
      ++min_gallop_;
    }
  fail:
    ok = false;
  copy_b:
    std::copy(base_b, base_b + nb, dest - (nb - 1));
    return ok;
  copy_a:  // the first of b comes before all of a
    dest -= na;
    pa -= na;
    std::move_backward(pa + 1, pa + 1 + na, dest + 1 + na);
    *dest = *pb;
    return true;
  }

  E* v_;
  size_t n_;
  Less& less_;
  std::vector<Run> pending_;
  std::vector<E> temp_;
  size_t min_gallop_ = kMinGallop;
};

template <class K>
struct Keyed {
  K key;
  uint32_t at;
};

template <class K>
struct PlainLess {
  bool operator()(const Keyed<K>& a, const Keyed<K>& b) const { return a.key < b.key; }
  static constexpr bool failed() { return false; }
};
// The strs are held by the keys tuple; nothing allocates meanwhile.
struct StrLess {
  bool operator()(const Keyed<const Str*>& a, const Keyed<const Str*>& b) const {
    return str_compare(a.key, b.key) < 0;
  }
  static constexpr bool failed() { return false; }
};
// Any keys: may run Python code.
struct AnyLess {
  Context& cx;
  Tuple* keys;
  bool error = false;
  bool operator()(uint32_t a, uint32_t b) {
    auto r = compare_bool(cx, CompareOp::kLt, (*keys)[a], (*keys)[b]);
    if (r.is_error()) {
      error = true;
      return false;
    }
    return r.value();
  }
  bool failed() const { return error; }
};

enum class KeyType : uint8_t { kInt, kFloat, kStr, kAny };

KeyType key_type(const Tuple* keys) {
  const auto type_of_key = [](Value v) {
    if (v.is_int()) return KeyType::kInt;
    if (is_exact_float(v)) return KeyType::kFloat;
    if (is_flat_str(v)) return KeyType::kStr;
    return KeyType::kAny;
  };
  const KeyType first = type_of_key((*keys)[0]);
  if (first == KeyType::kAny) return first;
  for (size_t i = 1; i < keys->length; ++i)
    if (type_of_key((*keys)[i]) != first) return KeyType::kAny;
  return first;
}

template <class K, class Less, class Get>
void sort_plain(const Tuple* keys, std::vector<uint32_t>& order, Get get) {
  std::vector<Keyed<K>> items(order.size());
  for (size_t i = 0; i < order.size(); ++i) items[i] = {get((*keys)[order[i]]), order[i]};
  Less less;
  Sorter<Keyed<K>, Less>(items, less).run();
  for (size_t i = 0; i < order.size(); ++i) order[i] = items[i].at;
}

bool sort_order(Context& cx, Tuple* keys, std::vector<uint32_t>& order) {
  switch (key_type(keys)) {
    case KeyType::kInt:
      sort_plain<int64_t, PlainLess<int64_t>>(keys, order, [](Value v) { return v.as_int(); });
      return true;
    case KeyType::kFloat:
      sort_plain<double, PlainLess<double>>(keys, order, [](Value v) { return float_value(v); });
      return true;
    case KeyType::kStr:
      sort_plain<const Str*, StrLess>(keys, order,
                                      [](Value v) -> const Str* { return v.as<Str>(); });
      return true;
    case KeyType::kAny: {
      AnyLess less{cx, keys};
      return Sorter<uint32_t, AnyLess>(order, less).run();
    }
  }
  __builtin_unreachable();
}

// key(item) for each, in a tuple; ropes flat.
Result<Tuple*> make_keys(Context& cx, Tuple* items, Value key) {
  if (key.is_unset() || key == kNone) return items;
  Tuple* keys = TRY(alloc_tuple(cx, items->length));
  for (size_t i = 0; i < items->length; ++i) {
    const Value k = TRY(call(cx, key, {(*items)[i]}));
    keys->items()[i] = k;
    gc::store_barrier(cx, keys, keys->items() + i);
  }
  return keys;
}

std::vector<uint32_t> unsorted(size_t n) {
  std::vector<uint32_t> order(n);
  for (size_t i = 0; i < n; ++i) order[i] = static_cast<uint32_t>(i);
  return order;
}

Result<void> sort_items(Context& cx, Tuple* keys, bool reverse, std::vector<uint32_t>& order) {
  // Reversing before and after keeps equal items in their order.
  if (reverse) std::reverse(order.begin(), order.end());
  const bool ok = sort_order(cx, keys, order);
  if (reverse) std::reverse(order.begin(), order.end());
  if (!ok) return Error{};
  return {};
}

// Python code may run: it sees an empty list. The storage is given back by reattach().
ItemArray* detach(Context& cx, List* list) {
  stm::Write<List> w(cx, list);
  ItemArray* storage = list_detach(cx, list);
  w.set(&List::State::sorting, Word{1});
  return storage;
}
// True: the list was modified meanwhile.
bool reattach(Context& cx, List* list, ItemArray* storage, size_t n) {
  stm::Write<List> w(cx, list);
  const bool modified = w->storage != nullptr || w->size != 0;
  if (modified) list_clear(cx, list);
  w.set(&List::State::storage, Ref<ItemArray>(storage));
  w.set(&List::State::size, Word{n});
  w.set(&List::State::sorting, Word{0});
  return modified;
}
Error raise_modified(Context& cx) { return raise(cx, kValueError, "list modified during sort"); }

}  // namespace

Result<void> sort_list(Context& cx, List* list, Value key, bool reverse) {
  Tuple* items = TRY(list_to_tuple(cx, list));
  const size_t n = items->length;
  if (n > UINT32_MAX) return raise_no_memory(cx);
  const bool keyed = !key.is_unset() && key != kNone;
  if (n == 0 || (n == 1 && !keyed)) return {};
  const bool quiet = !keyed && key_type(items) != KeyType::kAny;
  ItemArray* const storage = quiet ? nullptr : detach(cx, list);
  std::vector<uint32_t> order = unsorted(n);
  const auto keys = make_keys(cx, items, key);
  const auto result =
      keys.is_error() ? Result<void>(Error{}) : sort_items(cx, keys.value(), reverse, order);
  const bool modified = !quiet && reattach(cx, list, storage, n);
  list_reorder(cx, list, items, order.data());
  if (result.is_error()) return Error{};
  if (modified) return raise_modified(cx);
  return {};
}

Result<Tuple*> begin_sort(Context& cx, List* list) {
  Tuple* items = TRY(list_to_tuple(cx, list));
  if (items->length > UINT32_MAX) return raise_no_memory(cx);
  if (items->length > 0) (void)detach(cx, list);
  return items;
}

Result<void> finish_sort(Context& cx, List* list, Tuple* items, Tuple* keys, bool reverse) {
  const size_t n = items->length;
  if (n == 0) return {};
  std::vector<uint32_t> order = unsorted(n);
  const auto result = keys == nullptr ? Result<void>() : sort_items(cx, keys, reverse, order);
  const bool modified = reattach(cx, list, nullptr, 0);
  Tuple* sorted = TRY(alloc_tuple(cx, n));
  for (size_t i = 0; i < n; ++i) sorted->items()[i] = (*items)[order[i]];
  gc::store_barrier_range(cx, sorted, sorted->items(), n);
  TRY(list_replace(cx, list, 0, 0, sorted->items(), n));
  if (result.is_error()) return Error{};
  if (modified && keys != nullptr) return raise_modified(cx);
  return {};
}

Result<void> sort_by_keys(Context& cx, List* list, Tuple* keys, bool reverse) {
  Tuple* items = TRY(list_to_tuple(cx, list));
  if (items->length > UINT32_MAX) return raise_no_memory(cx);
  if (items->length == 0) return {};
  std::vector<uint32_t> order = unsorted(items->length);
  TRY(sort_items(cx, keys, reverse, order));
  list_reorder(cx, list, items, order.data());
  return {};
}

}  // namespace pystm::vm
