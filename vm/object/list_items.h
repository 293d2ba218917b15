// A list's storage, and which version word guards an item.
//
// Up to kListChunk slots: an ItemArray, all of it guarded by the list's vlock. More: ChunkedItems,
// one version word for each kListChunk slots, behind the slots; they guard the items, the list's
// vlock only `size` and `storage`. So threads that work on different parts of one list do not meet.
//
// Reading item k: load `storage`, `size` and the item; then the list's vlock must belong to the
// snapshot (it is not logged), and so must the chunk's version (it is). That suffices, because of
// the Invariant: whoever changes `size` across k, or `storage`, first acquires the chunk of every
// item that goes out of reach, or comes into it, by that. For the same reason the owner of k's
// chunk may store item k without looking at the list's vlock, provided `storage` still is the array
// of that chunk. A fresh storage is born with its creator's stamp in all its words.
#pragma once

#include "vm/object/shape.h"
#include "vm/runtime/context.h"

namespace pystm::vm {

inline constexpr unsigned kListChunkLog2 = 7;
inline constexpr Word kListChunk = Word{1} << kListChunkLog2;

constexpr bool chunked_length(Word length) { return length > kListChunk; }
PYSTM_INLINE bool is_chunked(const ItemArray* items) { return chunked_length(items->length); }
constexpr Word list_chunk_count(Word length) {
  return chunked_length(length) ? (length + kListChunk - 1) >> kListChunkLog2 : 0;
}
// The version word of item k's chunk. REQUIRES: is_chunked(items), k < items->length.
PYSTM_INLINE std::atomic<Word>* list_chunk(ItemArray* items, Word k) {
  return reinterpret_cast<std::atomic<Word>*>(items->items() + items->length) +
         (k >> kListChunkLog2);
}

// Closes a group of loads: the list's size and storage, and item k of a chunked storage. False: not
// in the snapshot (list_items_settle helps), load again.
PYSTM_INLINE bool list_item_check(Context& cx, List* l, ItemArray* items, Word k) {
  stm::compiler_barrier();
  // NOBARRIER: this is the barrier
  const Word head = l->vlock.load(std::memory_order_relaxed);
  if (PYSTM_UNLIKELY(head > cx.rv && head != cx.me)) return false;
  std::atomic<Word>* version = list_chunk(items, k);
  const Word v = version->load(std::memory_order_relaxed);
  if (PYSTM_LIKELY(v <= cx.rv)) {
    if (!stm::noted(cx, version)) stm::log_read_at(cx, items, version);
    return true;
  }
  return v == cx.me;
}

// After list_item_check said false: waits for, or moves the snapshot to, what stood in the way.
inline void list_items_settle(Context& cx, List* l, ItemArray* items, Word k) {
  stm::read_slow(cx, l);
  stm::read_slow_at(cx, items, list_chunk(items, k));
}

// May item k be stored into without further ado? `items` and k < size come from an unvalidated look
// at the list; `from_end`: k was reckoned from the size.
PYSTM_INLINE bool list_item_is_mine(const Context& cx, List* l, ItemArray* items, Word k,
                                    bool from_end) {
  if (stm::is_mine(cx, l)) {
    if (PYSTM_LIKELY(!is_chunked(items))) return true;
  } else if (from_end || items == nullptr || !is_chunked(items) || k >= items->length) {
    return false;
  }
  return list_chunk(items, k)->load(std::memory_order_relaxed) == cx.me;
}

// Bytes of the layout ChunkedItems.
size_t chunked_items_size(const Object* o);

}  // namespace pystm::vm
