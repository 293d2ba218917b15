// A bump allocator that owns everything a compilation produces: nodes, sequences, interned names.
// Nothing in it has a destructor; it goes away whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <string_view>
#include <type_traits>
#include <unordered_set>
#include <utility>
#include <vector>

namespace pystm::vm::compiler {

class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  void* allocate(size_t size, size_t alignment = 8) {
    uintptr_t p = (cursor_ + alignment - 1) & ~(alignment - 1);
    if (p + size > end_) [[unlikely]] {
      add_block(size + alignment);
      p = (cursor_ + alignment - 1) & ~(alignment - 1);
    }
    cursor_ = p + size;
    return reinterpret_cast<void*>(p);
  }

  template <class T, class... Args>
  T* make(Args&&... args) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (allocate(sizeof(T), alignof(T))) T(std::forward<Args>(args)...);
  }

  std::string_view copy(std::string_view text) {
    char* p = static_cast<char*>(allocate(text.size() + 1, 1));
    if (!text.empty()) std::memcpy(p, text.data(), text.size());
    p[text.size()] = 0;
    return {p, text.size()};
  }

  // One address per spelling: equal names have equal data().
  std::string_view intern(std::string_view text) {
    auto it = names_.find(text);
    if (it != names_.end()) return *it;
    return *names_.insert(copy(text)).first;
  }

 private:
  void add_block(size_t at_least) {
    const size_t size = at_least > kBlock ? at_least : kBlock;
    blocks_.emplace_back(new char[size]);
    cursor_ = reinterpret_cast<uintptr_t>(blocks_.back().get());
    end_ = cursor_ + size;
  }

  static constexpr size_t kBlock = 64 * 1024;
  uintptr_t cursor_ = 0, end_ = 0;
  std::vector<std::unique_ptr<char[]>> blocks_;
  std::unordered_set<std::string_view> names_;
};

}  // namespace pystm::vm::compiler
