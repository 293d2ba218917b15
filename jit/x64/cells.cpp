#include "jit/x64/cells.h"

#include <sys/mman.h>

#include <cstring>
#include <mutex>
#include <vector>

namespace pystm::jit::x64 {

namespace {
constexpr size_t kReserve = size_t{32} << 20;
constexpr size_t kSizes = 512;  // free lists by size in pairs of words; larger blocks stay unused

std::mutex mutex;
Word* next = nullptr;
Word* limit = nullptr;
std::vector<Word*> free_lists[kSizes];
}  // namespace

Word* allocate_cells(size_t count) {
  const std::lock_guard lock(mutex);
  count = (count + 1) & ~size_t{1};
  if (next == nullptr) {
    void* p = mmap(nullptr, kReserve, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_32BIT, -1, 0);
    if (p == MAP_FAILED) return nullptr;
    next = static_cast<Word*>(p);
    limit = next + kReserve / sizeof(Word);
  }
  Word* cells = next;
  if (count / 2 < kSizes && !free_lists[count / 2].empty()) {
    cells = free_lists[count / 2].back();
    free_lists[count / 2].pop_back();
    std::memset(cells, 0, count * sizeof(Word));
    return cells;
  }
  if (count > static_cast<size_t>(limit - next)) return nullptr;
  next += count;
  return cells;
}

void free_cells(Word* cells, size_t count) {
  const std::lock_guard lock(mutex);
  count = (count + 1) & ~size_t{1};
  if (cells != nullptr && count / 2 < kSizes) free_lists[count / 2].push_back(cells);
}

}  // namespace pystm::jit::x64
