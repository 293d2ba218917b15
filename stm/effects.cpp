// What a transaction does to the world outside the heap, put off until it has committed.
//
// Invariant: a committer with output holds the order mutex from before it takes its clock value
// until its bytes are in the descriptors' queues, and queues them before it releases what it
// wrote. So the bytes of whoever saw its writes come later.
#include <unistd.h>

#include <cerrno>
#include <map>

#include "base/assert.h"
#include "stm/private.h"

namespace pystm::stm {

namespace {

struct Descriptor {
  std::string queued;
  int error = 0;  // of a write nobody has been told of
};
std::mutex order_mutex;  // see above
std::mutex queue_mutex;  // guards `descriptors`
std::mutex write_mutex;  // one writer at a time, so that bytes stay in order
std::map<int, Descriptor> descriptors;

constexpr size_t kSoloBuffer = 65536;

void append_output(Tx& tx) {
  std::lock_guard lock(queue_mutex);
  for (Output& o : tx.priv->output) descriptors[o.fd].queued += o.bytes;
  tx.priv->output.clear();
}

int write_whole(int fd, const std::string& bytes) {
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t n = ::write(fd, bytes.data() + done, bytes.size() - done);
    if (n >= 0) {
      done += static_cast<size_t>(n);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      usleep(1000);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

// REQUIRES: the thread is away (or holds nothing a stop waits for).
void drain_queues() {
  std::lock_guard one_writer(write_mutex);
  for (;;) {
    std::string bytes;
    int fd = -1;
    {
      std::lock_guard lock(queue_mutex);
      for (auto& [number, d] : descriptors) {
        if (d.queued.empty()) continue;
        fd = number;
        bytes.swap(d.queued);
        break;
      }
    }
    if (fd < 0) return;
    if (const int error = write_whole(fd, bytes)) {
      std::lock_guard lock(queue_mutex);
      descriptors[fd].error = error;
    }
  }
}

}  // namespace

void lock_output_order(Tx& tx) {
  if (order_mutex.try_lock()) return;
  Away away(tx);
  order_mutex.lock();
}

void publish_output(Tx& tx, bool keep) {
  if (keep) append_output(tx);
  order_mutex.unlock();
}

void write_output_now(Tx& tx) {
  Away away(tx);
  drain_queues();
}

void defer_output(Tx& tx, int fd, std::string_view bytes) {
  auto& list = tx.priv->output;
  tx.priv->extras = true;
  if (list.empty() || list.back().fd != fd) list.push_back({fd, {}});
  list.back().bytes.append(bytes);
  if (is_inevitable(tx) && list.back().bytes.size() > kSoloBuffer) flush_output(tx, fd);
}

void write_pending_output(Tx& tx) {
  if (!tx.priv->output.empty()) {
    lock_output_order(tx);
    publish_output(tx, true);
  }
  write_output_now(tx);
}

int flush_output(Tx& tx, int fd) {
  // What may still be rolled back is not written; then this only reports earlier errors.
  if (is_inevitable(tx)) write_pending_output(tx);
  std::lock_guard lock(queue_mutex);
  const auto at = descriptors.find(fd);
  return at == descriptors.end() ? 0 : std::exchange(at->second.error, 0);
}

void on_commit(Tx& tx, std::function<void()> f) {
  tx.priv->commit_actions.push_back(std::move(f));
  tx.priv->extras = true;
}
void on_abort(Tx& tx, std::function<void()> f) {
  tx.priv->abort_actions.push_back(std::move(f));
  tx.priv->extras = true;
}

void run_actions(Tx& tx, bool committed) {
  Tx::Private& p = *tx.priv;
  std::vector<std::function<void()>> run, drop;
  run.swap(committed ? p.commit_actions : p.abort_actions);
  drop.swap(committed ? p.abort_actions : p.commit_actions);
  for (auto& f : run) f();
}

void effects_before_fork() {
  order_mutex.lock();
  write_mutex.lock();
  queue_mutex.lock();
}
void effects_after_fork(bool child) {
  if (child) descriptors.clear();  // the parent writes what was committed before
  queue_mutex.unlock();
  write_mutex.unlock();
  order_mutex.unlock();
}

}  // namespace pystm::stm
