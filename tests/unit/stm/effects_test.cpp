// Output, commit and abort actions, finalizers, locks, fork.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <thread>

#include "tests/unit/stm/cells.h"

using namespace pystm;
using namespace pystm::stm;
using namespace pystm::stm::test;

namespace {

struct Pipe {
  int fd[2];
  Pipe() {
    REQUIRE(pipe(fd) == 0);
    fcntl(fd[0], F_SETFL, O_NONBLOCK);
  }
  ~Pipe() {
    close(fd[0]);
    close(fd[1]);
  }
  std::string read_all() {
    std::string s;
    char buffer[4096];
    for (ssize_t n; (n = read(fd[0], buffer, sizeof buffer)) > 0;)
      s.append(buffer, static_cast<size_t>(n));
    return s;
  }
};

}  // namespace

TEST_CASE("output appears at commit, an abort drops it") {
  Machine m(two_threads());
  Tx& tx = m.tx();
  Pipe p;
  defer_output(tx, p.fd[1], "one ");
  CHECK(flush_output(tx, p.fd[1]) == 0);
  CHECK(p.read_all().empty());
  commit(tx);
  CHECK(p.read_all() == "one ");
  begin(tx);
  try {
    defer_output(tx, p.fd[1], "lost");
    stm::abort(tx, AbortReason::kRetry);
  } catch (const Abort&) {
  }
  tx.priv->aborts = 0;
  begin(tx);
  defer_output(tx, p.fd[1], "two ");
  become_inevitable(tx, "test");
  CHECK(p.read_all() == "two ");
  defer_output(tx, p.fd[1], "three");
  CHECK(flush_output(tx, p.fd[1]) == 0);
  CHECK(p.read_all() == "three");
}

TEST_CASE("errors of deferred output are reported once") {
  Machine m;
  signal(SIGPIPE, SIG_IGN);
  Pipe p;
  close(p.fd[0]);
  defer_output(m.tx(), p.fd[1], "x");
  CHECK(flush_output(m.tx(), p.fd[1]) == EPIPE);
  CHECK(flush_output(m.tx(), p.fd[1]) == 0);
  p.fd[0] = dup(0);
}

TEST_CASE("output of threads comes in commit order") {
  Machine m(two_threads());
  gc::Root root{Value(new_cell(m.tx(), 0))};
  const int fd = open("/tmp", O_TMPFILE | O_RDWR, 0600);
  REQUIRE(fd >= 0);
  auto body = [&](Tx& tx) {
    for (int i = 0; i < 500; ++i) {
      atomically(tx, [&] {
        const Word n = number_of(tx, root.value.as<Cell>()) + 1;
        set_number(tx, root.value.as<Cell>(), n);
        defer_output(tx, fd, std::to_string(n) + "\n");
      });
    }
  };
  m.run({body, body, body});
  std::string expected, got(100000, 0);
  for (int i = 1; i <= 1500; ++i) expected += std::to_string(i) + "\n";
  got.resize(static_cast<size_t>(pread(fd, got.data(), got.size(), 0)));
  CHECK(got == expected);
  close(fd);
}

TEST_CASE("actions run after their outcome") {
  Machine m(two_threads());
  Tx& tx = m.tx();
  std::string trace;
  on_commit(tx, [&] { trace += "c"; });
  on_abort(tx, [&] { trace += "a"; });
  commit(tx);
  CHECK(trace == "c");
  begin(tx);
  on_commit(tx, [&] { trace += "C"; });
  on_abort(tx, [&] { trace += "A"; });
  try {
    stm::abort(tx, AbortReason::kRetry);
  } catch (const Abort&) {
  }
  CHECK(trace == "cA");
  tx.priv->aborts = 0;
  begin(tx);
}

TEST_CASE("a free lock is elided, and written when the transaction ends inside") {
  Machine m(two_threads());
  Tx& tx = m.tx();
  Lock* lock = new_lock(tx);
  commit(tx);
  begin(tx);
  CHECK(lock_acquire(tx, lock, -1, false) == LockResult::kAcquired);
  CHECK(lock_is_held(tx, lock));
  CHECK_FALSE(is_mine(tx, lock));
  CHECK(lock_acquire(tx, lock, 0, false) == LockResult::kTimedOut);
  CHECK(lock_release(tx, lock, false));
  CHECK_FALSE(lock_release(tx, lock, false));
  commit(tx);
  begin(tx);
  CHECK(Read<Lock>(tx, lock)->holder == 0);
  CHECK(lock_acquire(tx, lock, -1, true) == LockResult::kAcquired);
  CHECK(lock_acquire(tx, lock, -1, true) == LockResult::kAcquired);
  commit(tx);
  begin(tx);
  CHECK(Read<Lock>(tx, lock)->count == 2);
  CHECK(lock_is_owned(tx, lock));
  CHECK(lock_release(tx, lock, true));
  CHECK(lock_is_owned(tx, lock));
  CHECK(lock_release(tx, lock, true));
  CHECK_FALSE(lock_is_held(tx, lock));
}

TEST_CASE("locks exclude, whether a section is one transaction or many") {
  const bool split = GENERATE(false, true);
  const bool solo_off = GENERATE(false, true);
  Options o;
  if (solo_off) o = two_threads();
  Machine m(o);
  gc::Root lock{Value(new_lock(m.tx()))}, cell{Value(new_cell(m.tx(), 0))};
  auto body = [&](Tx& tx) {
    for (int i = 0; i < 300; ++i) {
      atomically(tx, [&] {});
      // The interpreter's way: what was committed is not run again.
      for (;;) {
        try {
          if (lock_acquire(tx, lock.value.as<Lock>(), -1, false) == LockResult::kAcquired) {
            commit(tx);
            begin(tx);
            break;
          }
        } catch (const Abort&) {
          begin(tx);
        }
      }
      Word n = 0;
      atomically(tx, [&] { n = number_of(tx, cell.value.as<Cell>()); });
      if (split) std::this_thread::yield();
      atomically(tx, [&] { set_number(tx, cell.value.as<Cell>(), n + 1); });
      atomically(tx, [&] { lock_release(tx, lock.value.as<Lock>(), false); });
    }
  };
  m.run({body, body, body});
  CHECK(number_of(m.tx(), cell.value.as<Cell>()) == 900);
}

TEST_CASE("a lock wait ends by time or attention") {
  Machine m(two_threads());
  gc::Root lock{Value(new_lock(m.tx()))};
  Tx& main = m.tx();
  REQUIRE(lock_acquire(main, lock.value.as<Lock>(), -1, false) == LockResult::kAcquired);
  commit(main);
  begin(main);
  std::atomic<int> result{-1};
  std::atomic<Tx*> waiter{nullptr};
  m.run({[&](Tx& tx) {
    result = static_cast<int>(lock_acquire(tx, lock.value.as<Lock>(), 20000000, false));
  }});
  CHECK(result == static_cast<int>(LockResult::kTimedOut));
  m.run({[&](Tx& tx) {
           waiter = &tx;
           result = static_cast<int>(lock_acquire(tx, lock.value.as<Lock>(), -1, false));
           waiter = nullptr;
         },
         [&](Tx& tx) {
           while (waiter.load() == nullptr) std::this_thread::yield();
           std::this_thread::sleep_for(std::chrono::milliseconds(5));
           request_attention(*waiter.load());
         }});
  CHECK(result == static_cast<int>(LockResult::kInterrupted));
}

TEST_CASE("a freed lock disturbs nobody who waits for another") {
  Machine m;
  gc::Root held{Value(new_lock(m.tx()))}, other{Value(new_lock(m.tx()))};
  const auto lock = [](gc::Root& root) { return root.value.as<Lock>(); };
  const bool same_room = GENERATE(false, true);
  while ((room_number(lock(held)) == room_number(lock(other))) != same_room)
    other.value = Value(new_lock(m.tx()));
  const auto go_on = [](Tx& tx) {
    if (poll(tx) != PollResult::kBoundary) return;
    commit(tx);
    begin(tx);
  };
  REQUIRE(lock_acquire(m.tx(), lock(held), -1, false) == LockResult::kAcquired);
  std::atomic<bool> got{false};
  uint64_t switches = 0;
  m.run({[&](Tx& tx) { got = lock_acquire(tx, lock(held), -1, false) == LockResult::kAcquired; },
         [&](Tx& tx) {
           WaitRoom& room = wait_rooms[room_number(lock(held))];
           while (room.waiters.load() == 0 || parallel_mode()) go_on(tx);
           const uint64_t before = stats().mode_switches;
           for (int i = 0; i < 1000; ++i) {
             CHECK(lock_acquire(tx, lock(other), -1, false) == LockResult::kAcquired);
             CHECK(lock_release(tx, lock(other), false));
             go_on(tx);
           }
           switches = stats().mode_switches - before;
           CHECK(lock_release(tx, lock(held), false));
         }});
  CHECK(got);
  CHECK(switches == 0);
}

TEST_CASE("a forked child has one thread and only committed data") {
  Machine m(two_threads());
  gc::Root root{Value(new_cell(m.tx(), 1))}, own{Value(new_cell(m.tx(), 1))};
  std::atomic<bool> dirty{false}, forked{false};
  int status = -1;
  m.run({[&](Tx& tx) {
           atomically(tx, [&] {
             set_number(tx, root.value.as<Cell>(), 99);
             dirty = true;
             while (!forked.load()) poll(tx);
           });
         },
         [&](Tx& tx) {
           while (!dirty.load()) poll(tx);
           set_number(tx, own.value.as<Cell>(), 2);
           before_fork(tx);
           const pid_t child = fork();
           if (child == 0) {
             after_fork_child(tx);
             const bool fine = tx.me == 0 && number_of(tx, root.value.as<Cell>()) == 1 &&
                               number_of(tx, own.value.as<Cell>()) == 2;
             for (int i = 0; i < 1000; ++i) new_cell(tx, 1);
             gc::collect(tx, gc::Kind::kFull);
             _exit(fine ? 0 : 1);
           }
           after_fork_parent(tx);
           forked = true;
           run_outside(tx, "waitpid", [&] { waitpid(child, &status, 0); });
         }});
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
  CHECK(number_of(m.tx(), root.value.as<Cell>()) == 99);
}
