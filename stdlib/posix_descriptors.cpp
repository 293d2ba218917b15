// posix: file descriptors.
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>

#include "stdlib/posix.h"

namespace pystm::lib::posix {

namespace {

Result<Value> check(Context& cx, int64_t r) {
  if (r < 0) return raise_errno(cx, errno);
  return make_int(cx, r);
}
Result<void> done(Context& cx, int64_t r) {
  if (r < 0) return raise_errno(cx, errno);
  return {};
}

Result<Value> posix_open(Context& cx, Value path, int flags, int mode, Value dir) {
  Path p;
  TRY(to_path(cx, path, "open", "path", kPathOnly, &p));
  const int at = TRY(dir_fd(cx, dir));
  stm::become_inevitable(cx, "open");
  int fd;
  do {
    fd = ::openat(at, p.c_str(), flags | O_CLOEXEC, static_cast<mode_t>(mode));
    if (fd < 0 && errno == EINTR) TRY(check_signals(cx));
  } while (fd < 0 && errno == EINTR);
  if (fd < 0) return raise_path(cx, errno, p);
  return Value::of_int(fd);
}
Result<void> posix_close(Context& cx, int fd) {
  stm::become_inevitable(cx, "close");
  (void)stm::flush_output(cx, fd);
  return done(cx, ::close(fd));
}
Result<void> posix_closerange(Context& cx, int fd_low, int fd_high) {
  stm::become_inevitable(cx, "close");
  for (int fd = fd_low; fd < fd_high; ++fd) ::close(fd);
  return {};
}
Result<Value> posix_read(Context& cx, int fd, int64_t length) {
  if (length < 0) return raise_errno(cx, EINVAL);
  std::string data;
  Value result;
  int64_t n = -1;
  int error = 0;
  for (;;) {
    stm::run_outside(
        cx, "read",
        [&] {
          data.resize(static_cast<size_t>(length));
          n = ::read(fd, data.data(), data.size());
          error = errno;
        },
        [&] {
          if (n >= 0) result = new_bytes(cx, data.data(), static_cast<size_t>(n)).value();
        });
    if (n >= 0) return result;
    if (error != EINTR) return raise_errno(cx, error);
    TRY(check_signals(cx));
  }
}
// For module select: the (descriptor, events) of `wanted` that are ready within `timeout` ms.
Result<Value> posix_poll(Context& cx, Value wanted, int timeout) {
  const Value pairs = TRY(to_tuple(cx, wanted));
  std::vector<pollfd> fds;
  for (const Value pair : std::span(pairs.as<Tuple>()->items(), pairs.as<Tuple>()->length)) {
    const Value two = TRY(to_tuple(cx, pair));
    if (two.as<Tuple>()->length != 2) return raise(cx, kTypeError, "a pair is expected");
    const int64_t fd = TRY(to_index64(cx, (*two.as<Tuple>())[0], kOverflowError));
    const int64_t events = TRY(to_index64(cx, (*two.as<Tuple>())[1], kOverflowError));
    fds.push_back({static_cast<int>(fd), static_cast<short>(events), 0});
  }
  TRY(done(cx, TRY(blocking(cx, "poll",
                            [&] { return int64_t{::poll(fds.data(), fds.size(), timeout)}; }))));
  List* ready = new_list(cx);
  for (const pollfd& f : fds) {
    if (f.revents == 0) continue;
    const Value entry =
        TRY(new_tuple(cx, {Value::of_int(f.fd), Value::of_int(static_cast<uint16_t>(f.revents))}));
    TRY(list_append(cx, ready, entry));
  }
  return Value(ready);
}
Result<Value> posix_write(Context& cx, int fd, Value data) {
  Buffer b;
  TRY(get_buffer(cx, data, &b));
  const std::string copy(b.view());
  const int64_t n =
      TRY(blocking(cx, "write", [&] { return ::write(fd, copy.data(), copy.size()); }));
  return check(cx, n);
}
Result<Value> posix_pread(Context& cx, int fd, int64_t length, int64_t offset) {
  if (length < 0) return raise_errno(cx, EINVAL);
  std::string data(static_cast<size_t>(length), '\0');
  const int64_t n = ::pread(fd, data.data(), data.size(), offset);
  if (n < 0) return raise_errno(cx, errno);
  return bytes_of(cx, {data.data(), static_cast<size_t>(n)});
}
Result<Value> posix_pwrite(Context& cx, int fd, Value data, int64_t offset) {
  Buffer b;
  TRY(get_buffer(cx, data, &b));
  stm::become_inevitable(cx, "pwrite");
  return check(cx, ::pwrite(fd, b.data, b.size, offset));
}
Result<Value> posix_writev(Context& cx, int fd, Value buffers) {
  std::string all;
  TRY(for_each(cx, buffers, [&](Value v) -> Result<void> {
    Buffer b;
    TRY(get_buffer(cx, v, &b));
    all.append(b.view());
    return {};
  }));
  return check(cx,
               TRY(blocking(cx, "writev", [&] { return ::write(fd, all.data(), all.size()); })));
}
Result<Value> posix_readv(Context& cx, int fd, Value buffers) {
  Tuple* list = TRY(to_tuple(cx, buffers));
  std::string data;
  size_t total = 0;
  for (size_t i = 0; i < list->length; ++i)
    total += static_cast<size_t>(TRY(length(cx, (*list)[i])));
  data.resize(total);
  stm::become_inevitable(cx, "readv");
  const int64_t n = ::read(fd, data.data(), data.size());
  if (n < 0) return raise_errno(cx, errno);
  size_t at = 0;
  for (size_t i = 0; i < list->length && at < static_cast<size_t>(n); ++i) {
    const auto room = static_cast<size_t>(TRY(length(cx, (*list)[i])));
    const size_t take = std::min(room, static_cast<size_t>(n) - at);
    const Value slice =
        new_slice(cx, Value::of_int(0), Value::of_int(static_cast<int64_t>(take)), kNone);
    TRY(set_item(cx, (*list)[i], slice, TRY(bytes_of(cx, {data.data() + at, take}))));
    at += take;
  }
  return make_int(cx, n);
}
Result<Value> posix_lseek(Context& cx, int fd, int64_t position, int whence) {
  stm::become_inevitable(cx, "lseek");
  return check(cx, ::lseek(fd, position, whence));
}
Result<Value> posix_dup(Context& cx, int fd) {
  stm::become_inevitable(cx, "dup");
  return check(cx, ::fcntl(fd, F_DUPFD_CLOEXEC, 0));
}
Result<Value> posix_dup2(Context& cx, int fd, int fd2, bool inheritable) {
  stm::become_inevitable(cx, "dup2");
  (void)stm::flush_output(cx, fd2);
  const int r = inheritable ? ::dup2(fd, fd2) : ::dup3(fd, fd2, O_CLOEXEC);
  return check(cx, r);
}
Result<Value> pipe_with(Context& cx, int flags) {
  int fds[2];
  stm::become_inevitable(cx, "pipe");
  if (::pipe2(fds, flags) != 0) return raise_errno(cx, errno);
  return Value(TRY(new_tuple(cx, {Value::of_int(fds[0]), Value::of_int(fds[1])})));
}
Result<Value> posix_pipe(Context& cx) { return pipe_with(cx, O_CLOEXEC); }
Result<Value> posix_pipe2(Context& cx, int flags) { return pipe_with(cx, flags); }
Result<Value> posix_openpty(Context& cx) {
  int a, b;
  stm::become_inevitable(cx, "openpty");
  if (::openpty(&a, &b, nullptr, nullptr, nullptr) != 0) return raise_errno(cx, errno);
  return Value(TRY(new_tuple(cx, {Value::of_int(a), Value::of_int(b)})));
}
bool posix_isatty(Context&, int fd) { return ::isatty(fd) != 0; }
Result<Value> posix_ttyname(Context& cx, int fd) {
  char buffer[256];
  if (const int error = ::ttyname_r(fd, buffer, sizeof(buffer))) return raise_errno(cx, error);
  return fs_decode(cx, buffer);
}
Result<void> posix_fsync(Context& cx, Value fd) {
  const int n = TRY(to_fd(cx, fd));
  return done(cx, TRY(blocking(cx, "fsync", [&] { return ::fsync(n); })));
}
Result<void> posix_fdatasync(Context& cx, Value fd) {
  const int n = TRY(to_fd(cx, fd));
  return done(cx, TRY(blocking(cx, "fdatasync", [&] { return ::fdatasync(n); })));
}
Result<void> posix_ftruncate(Context& cx, int fd, int64_t length) {
  stm::become_inevitable(cx, "ftruncate");
  return done(cx, ::ftruncate(fd, length));
}
Result<bool> get_inheritable(Context& cx, int fd) {
  const int flags = ::fcntl(fd, F_GETFD);
  if (flags < 0) return raise_errno(cx, errno);
  return !(flags & FD_CLOEXEC);
}
Result<void> set_inheritable(Context& cx, int fd, bool inheritable) {
  stm::become_inevitable(cx, "fcntl");
  const int flags = ::fcntl(fd, F_GETFD);
  if (flags < 0) return raise_errno(cx, errno);
  return done(cx, ::fcntl(fd, F_SETFD, inheritable ? flags & ~FD_CLOEXEC : flags | FD_CLOEXEC));
}
Result<bool> get_blocking(Context& cx, int fd) {
  const int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0) return raise_errno(cx, errno);
  return !(flags & O_NONBLOCK);
}
Result<void> set_blocking(Context& cx, int fd, bool blocking) {
  stm::become_inevitable(cx, "fcntl");
  const int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0) return raise_errno(cx, errno);
  return done(cx, ::fcntl(fd, F_SETFL, blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK));
}
Result<Value> posix_sendfile(Context& cx, int out_fd, int in_fd, Value offset, int64_t count) {
  off_t at = 0;
  if (offset != kNone) at = TRY(to_index64(cx, offset, kOverflowError));
  return check(cx, TRY(blocking(cx, "sendfile", [&] {
                 return ::sendfile(out_fd, in_fd, offset == kNone ? nullptr : &at,
                                   static_cast<size_t>(count));
               })));
}
Result<Value> posix_copy_file_range(Context& cx, int src, int dst, int64_t count, Value offset_src,
                                    Value offset_dst) {
  off_t a = 0, b = 0;
  if (count < 0) return raise(cx, kValueError, "negative value for 'count' not allowed");
  if (offset_src != kNone) a = TRY(to_index64(cx, offset_src, kOverflowError));
  if (offset_dst != kNone) b = TRY(to_index64(cx, offset_dst, kOverflowError));
  return check(cx, TRY(blocking(cx, "copy_file_range", [&] {
                 return ::copy_file_range(src, offset_src == kNone ? nullptr : &a, dst,
                                          offset_dst == kNone ? nullptr : &b,
                                          static_cast<size_t>(count), 0);
               })));
}
Result<void> posix_lockf(Context& cx, int fd, int command, int64_t length) {
  return done(cx, TRY(blocking(cx, "lockf", [&] { return ::lockf(fd, command, length); })));
}
Result<void> posix_fallocate_(Context& cx, int fd, int64_t offset, int64_t length) {
  stm::become_inevitable(cx, "posix_fallocate");
  if (const int error = ::posix_fallocate(fd, offset, length)) return raise_errno(cx, error);
  return {};
}
Result<void> posix_fadvise_(Context& cx, int fd, int64_t offset, int64_t length, int advice) {
  if (const int error = ::posix_fadvise(fd, offset, length, advice)) return raise_errno(cx, error);
  return {};
}
Result<Value> posix_eventfd(Context& cx, int initval, int flags) {
  stm::become_inevitable(cx, "eventfd");
  return check(cx, ::eventfd(static_cast<unsigned>(initval), flags));
}
Result<Value> posix_eventfd_read(Context& cx, int fd) {
  eventfd_t v = 0;
  TRY(done(cx, TRY(blocking(cx, "eventfd_read", [&] { return ::eventfd_read(fd, &v); }))));
  return make_uint(cx, v);
}
Result<void> posix_eventfd_write(Context& cx, int fd, int64_t value) {
  return done(cx, TRY(blocking(cx, "eventfd_write", [&] {
                return ::eventfd_write(fd, static_cast<eventfd_t>(value));
              })));
}
Result<Value> terminal_size(Context& cx, int fd) {
  winsize w{};
  if (::ioctl(fd, TIOCGWINSZ, &w) != 0) return raise_errno(cx, errno);
  const Value items[2] = {Value::of_int(w.ws_col), Value::of_int(w.ws_row)};
  return new_struct(cx, g_terminal_size, items, 2);
}
Result<Value> random_bytes(Context& cx, int64_t size, unsigned flags) {
  std::string data(static_cast<size_t>(size), '\0');
  size_t have = 0;
  while (have < data.size()) {
    const ssize_t n = ::getrandom(data.data() + have, data.size() - have, flags);
    if (n < 0 && errno != EINTR) return raise_errno(cx, errno);
    if (n > 0) have += static_cast<size_t>(n);
  }
  return bytes_of(cx, data);
}
Result<Value> posix_urandom(Context& cx, int64_t size) {
  if (size < 0) return raise(cx, kValueError, "negative argument not allowed");
  return random_bytes(cx, size, 0);
}
Result<Value> posix_getrandom(Context& cx, int64_t size, int flags) {
  if (size < 0) return raise_errno(cx, EINVAL);
  return random_bytes(cx, size, static_cast<unsigned>(flags));
}
Result<Value> device_encoding(Context& cx, int fd) {
  return ::isatty(fd) ? str_of(cx, "UTF-8") : Result<Value>(kNone);
}
Result<Value> posix_fpathconf(Context& cx, Value fd, Value name) {
  return check(cx, ::fpathconf(TRY(to_fd(cx, fd)),
                               static_cast<int>(TRY(to_index64(cx, name, kOverflowError)))));
}
Result<int64_t> posix_tcgetpgrp(Context& cx, int fd) {
  const pid_t r = ::tcgetpgrp(fd);
  if (r < 0) return raise_errno(cx, errno);
  return int64_t{r};
}
Result<void> posix_tcsetpgrp(Context& cx, int fd, int pgid) {
  return done(cx, ::tcsetpgrp(fd, pgid));
}

constexpr BuiltinDef kFunctions[] = {
    function<&posix_open>("open", "(path, flags, mode=511, *, dir_fd=None)"),
    function<&posix_close>("close", "(fd)"),
    function<&posix_closerange>("closerange", "(fd_low, fd_high, /)"),
    function<&posix_read>("read", "(fd, length, /)", Effects::kBlocks),
    function<&posix_write>("write", "(fd, data, /)", Effects::kBlocks),
    function<&posix_pread>("pread", "(fd, length, offset, /)"),
    function<&posix_pwrite>("pwrite", "(fd, buffer, offset, /)"),
    function<&posix_writev>("writev", "(fd, buffers, /)"),
    function<&posix_readv>("readv", "(fd, buffers, /)"),
    function<&posix_lseek>("lseek", "(fd, position, whence, /)"),
    function<&posix_dup>("dup", "(fd, /)"),
    function<&posix_dup2>("dup2", "(fd, fd2, inheritable=True)"),
    function<&posix_pipe>("pipe", "()"),
    function<&posix_pipe2>("pipe2", "(flags, /)"),
    function<&posix_openpty>("openpty", "()"),
    function<&posix_isatty>("isatty", "(fd, /)"),
    function<&posix_ttyname>("ttyname", "(fd, /)"),
    function<&posix_fsync>("fsync", "(fd)", Effects::kBlocks),
    function<&posix_fdatasync>("fdatasync", "(fd)", Effects::kBlocks),
    function<&posix_ftruncate>("ftruncate", "(fd, length, /)"),
    function<&get_inheritable>("get_inheritable", "(fd, /)"),
    function<&set_inheritable>("set_inheritable", "(fd, inheritable, /)"),
    function<&get_blocking>("get_blocking", "(fd, /)"),
    function<&set_blocking>("set_blocking", "(fd, blocking, /)"),
    function<&posix_sendfile>("sendfile", "(out_fd, in_fd, offset, count)"),
    function<&posix_copy_file_range>("copy_file_range",
                                     "(src, dst, count, offset_src=None, offset_dst=None)"),
    function<&posix_lockf>("lockf", "(fd, command, length, /)"),
    function<&posix_fallocate_>("posix_fallocate", "(fd, offset, length, /)"),
    function<&posix_fadvise_>("posix_fadvise", "(fd, offset, length, advice, /)"),
    function<&posix_eventfd>("eventfd", "(initval, flags=524288)"),
    function<&posix_eventfd_read>("eventfd_read", "(fd)"),
    function<&posix_eventfd_write>("eventfd_write", "(fd, value)"),
    function<&posix_poll>("_poll", "(wanted, timeout, /)", Effects::kBlocks),
    function<&terminal_size>("get_terminal_size", "(fd=1, /)"),
    function<&posix_urandom>("urandom", "(size, /)"),
    function<&posix_getrandom>("getrandom", "(size, flags=0)"),
    function<&device_encoding>("device_encoding", "(fd)"),
    function<&posix_fpathconf>("fpathconf", "(fd, name, /)"),
    function<&posix_tcgetpgrp>("tcgetpgrp", "(fd, /)"),
    function<&posix_tcsetpgrp>("tcsetpgrp", "(fd, pgid, /)"),
};

}  // namespace

std::span<const BuiltinDef> descriptor_functions() { return kFunctions; }

}  // namespace pystm::lib::posix
