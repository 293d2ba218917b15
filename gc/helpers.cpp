#include "gc/helpers.h"

#include <atomic>
#include <cstdint>
#include <thread>

#include "base/futex.h"

namespace pystm::gc {
namespace {
std::atomic<Job*> offered{nullptr};
std::atomic<uint32_t> inside{0};
}  // namespace

void offer(Job& job) { offered.store(&job); }

void withdraw() {
  offered.store(nullptr);
  for (int i = 0; inside.load() != 0; ++i) i < 2000 ? base::cpu_relax() : std::this_thread::yield();
}

bool help_if_offered() {
  if (offered.load(std::memory_order_relaxed) == nullptr) return false;
  // Counted before the job is read: withdraw() empties the word before it reads the count.
  inside.fetch_add(1);
  Job* job = offered.load();
  if (job != nullptr) job->help();
  inside.fetch_sub(1);
  return job != nullptr;
}

}  // namespace pystm::gc
