// _io.FileIO and open().
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "stdlib/_io.h"

namespace pystm::lib::io {

namespace {

using Self = Of<&g_classes.file>;

int64_t fd_of(Context& cx, Value self) {
  const Value v = native_slot(cx, self, kFd);
  return v.is_int() ? v.as_int() : -1;
}
Result<int> open_fd(Context& cx, Value self) {
  const int64_t fd = fd_of(cx, self);
  if (fd < 0) return raise(cx, kValueError, "I/O operation on closed file");
  return static_cast<int>(fd);
}
int64_t flags_of(Context& cx, Value self) { return int_slot(cx, self, kFlags); }

Error raise_mode(Context& cx, const char* what) {
  return raise_unsupported(cx, ("File not open for " + std::string(what)).c_str());
}

// --- opening -------------------------------------------------------------------------------------

struct Mode {
  int flags = 0;
  int64_t bits = 0;
};
Result<Mode> parse_mode(Context& cx, const std::string& text) {
  Mode m;
  int rwxa = 0;
  bool plus = false;
  for (const char c : text) {
    switch (c) {
      case 'x':
        ++rwxa;
        m.bits |= kCreated | kWritable;
        m.flags |= O_EXCL | O_CREAT;
        break;
      case 'r':
        ++rwxa;
        m.bits |= kReadable;
        break;
      case 'w':
        ++rwxa;
        m.bits |= kWritable;
        m.flags |= O_CREAT | O_TRUNC;
        break;
      case 'a':
        ++rwxa;
        m.bits |= kWritable | kAppending;
        m.flags |= O_APPEND | O_CREAT;
        break;
      case 'b':
        break;
      case '+':
        if (plus) rwxa = 9;
        plus = true;
        break;
      default:
        return raise(cx, kValueError, "invalid mode: %s", text.c_str());
    }
    if (rwxa > 1)
      return raise(cx, kValueError,
                   "Must have exactly one of create/read/write/append mode and at most one plus");
  }
  if (rwxa != 1)
    return raise(cx, kValueError,
                 "Must have exactly one of create/read/write/append mode and at most one plus");
  if (plus) m.bits |= kReadable | kWritable;
  m.flags |= (m.bits & kReadable) && (m.bits & kWritable) ? O_RDWR
             : (m.bits & kReadable)                       ? O_RDONLY
                                                          : O_WRONLY;
  m.flags |= O_CLOEXEC;
  return m;
}

Result<void> file_init(Context& cx, Self self, Value file, Str* mode_text, bool closefd,
                       Value opener) {
  if (fd_of(cx, self) >= 0 && (flags_of(cx, self) & kCloseFd)) {
    stm::become_inevitable(cx, "close");
    ::close(static_cast<int>(fd_of(cx, self)));
  }
  set_int_slot(cx, self, kFd, -1);
  set_native_slot(cx, self, kSeekable, kNone);
  if (is_float(file)) return raise(cx, kTypeError, "integer argument expected, got float");
  Mode mode = TRY(parse_mode(cx, vm::to_utf8(mode_text)));
  int fd = -1;
  if (is_int(file)) {
    const int64_t n = TRY(to_index64(cx, file, kOverflowError));
    if (n < 0) return raise(cx, kValueError, "negative file descriptor");
    if (n > INT32_MAX) return raise(cx, kOverflowError, "Python int too large to convert to C int");
    fd = static_cast<int>(n);
  } else {
    Path path;
    auto converted = to_path(cx, file, "open", "path", kPathOnly, &path);
    if (converted.is_error()) {
      if (path.text.find('\0') == std::string::npos) return Error{};
      clear_exception(cx);
      return raise(cx, kValueError, "embedded null byte");
    }
    if (!closefd) return raise(cx, kValueError, "Cannot use closefd=False with file name");
    if (opener != kNone) {
      const Value got = TRY(call(cx, opener, {file, Value::of_int(mode.flags)}));
      if (!is_int(got)) return raise(cx, kTypeError, "expected integer from opener");
      fd = static_cast<int>(TRY(to_index64(cx, got, kOverflowError)));
      if (fd < 0) return raise(cx, kValueError, "opener returned %d", fd);
    } else {
      stm::become_inevitable(cx, "open");
      int error = 0;
      do {
        NoBoundary stay(cx);
        stm::run_outside(cx, "open", [&] {
          fd = ::open(path.c_str(), mode.flags, 0666);
          error = errno;
        });
        if (fd < 0 && error == EINTR) TRY(check_signals(cx));
      } while (fd < 0 && error == EINTR);
      if (fd < 0) return raise_errno(cx, error, file);
    }
  }
  struct stat st;
  if (fstat(fd, &st) != 0) {
    const int error = errno;
    if (!is_int(file)) ::close(fd);
    return raise_errno(cx, error);
  }
  if (S_ISDIR(st.st_mode)) {
    if (!is_int(file)) ::close(fd);
    return raise_errno(cx, EISDIR, file);
  }
  int64_t bits = mode.bits | (closefd ? int64_t{kCloseFd} : 0);
  if (fd == 1 || fd == 2 || ((mode.bits & kAppending) && !(mode.bits & kReadable)))
    bits |= kDeferred;
  set_int_slot(cx, self, kFd, fd);
  set_int_slot(cx, self, kFlags, bits);
  set_int_slot(cx, self, kBlockSize, st.st_blksize > 1 ? st.st_blksize : kDefaultBufferSize);
  set_native_slot(cx, self, kClosed, kFalse);
  TRY(set_attr(cx, self, names().name, file));
  if (mode.bits & kAppending) (void)::lseek(fd, 0, SEEK_END);
  return {};
}

Result<Value> file_new(Context& cx, Type* type, Args, Kwargs) {
  const Value self = TRY(new_instance(cx, type));
  set_int_slot(cx, self, kFd, -1);
  set_int_slot(cx, self, kFlags, kCloseFd);
  return self;
}

// --- reading -------------------------------------------------------------------------------------

Result<Value> outcome_value(Context& cx, const ReadOutcome& o, Value data) {
  if (o.error != 0) {
    if (o.would_block) return kNone;
    return raise_errno(cx, o.error);
  }
  return data;
}

Result<Value> read_bytes(Context& cx, int fd, int64_t n) {
  std::string data;
  ReadOutcome outcome;
  Value result;
  if (n < 0) {
    read_outside(
        cx, fd, 65536, &data, &outcome, [](const std::string&) { return false; },
        [&] { result = new_bytes(cx, data.data(), data.size()).value(); });
    if (outcome.would_block && !data.empty()) return result;
  } else {
    read_outside(
        cx, fd, static_cast<size_t>(n), &data, &outcome, [](const std::string&) { return true; },
        [&] { result = new_bytes(cx, data.data(), data.size()).value(); });
  }
  return outcome_value(cx, outcome, result);
}

Result<Value> file_readall(Context& cx, Self self) {
  const int fd = TRY(open_fd(cx, self));
  if (!(flags_of(cx, self) & kReadable)) return raise_mode(cx, "reading");
  return read_bytes(cx, fd, -1);
}
Result<Value> file_read(Context& cx, Self self, Value size) {
  const int fd = TRY(open_fd(cx, self));
  if (!(flags_of(cx, self) & kReadable)) return raise_mode(cx, "reading");
  const int64_t n = size == kNone ? -1 : TRY(to_index64(cx, size, kOverflowError));
  return read_bytes(cx, fd, n);
}
Result<Value> file_readinto(Context& cx, Self self, Value buffer) {
  const int fd = TRY(open_fd(cx, self));
  if (!(flags_of(cx, self) & kReadable)) return raise_mode(cx, "reading");
  const int64_t n = TRY(buffer_size(cx, buffer));
  std::string data;
  ReadOutcome outcome;
  bool failed = false;
  read_outside(
      cx, fd, static_cast<size_t>(n), &data, &outcome, [](const std::string&) { return true; },
      [&] { failed = fill_buffer(cx, buffer, data).is_error(); });
  if (failed) return Error{};
  return outcome_value(cx, outcome, Value::of_int(static_cast<int64_t>(data.size())));
}

// --- writing -------------------------------------------------------------------------------------

Result<Value> file_write_method(Context& cx, Self self, Value b) {
  TRY(open_fd(cx, self));
  if (!(flags_of(cx, self) & kWritable)) return raise_mode(cx, "writing");
  if (is_str(b)) return raise(cx, kTypeError, "a bytes-like object is required, not 'str'");
  Buffer buffer;
  TRY(get_buffer(cx, b, &buffer));
  const int64_t n = TRY(file_write(cx, self, buffer.view()));
  if (n < 0) return kNone;
  return Value::of_int(n);
}
Result<void> file_flush(Context& cx, Self self) {
  const int fd = TRY(open_fd(cx, self));
  if (flags_of(cx, self) & kDeferred) {
    const int error = stm::flush_output(cx, fd);
    if (error != 0) return raise_errno(cx, error);
  }
  return {};
}

// --- position ------------------------------------------------------------------------------------

Result<Value> file_seek(Context& cx, Self self, Value offset, int whence) {
  const int fd = TRY(open_fd(cx, self));
  if (is_float(offset)) return raise(cx, kTypeError, "an integer is required");
  const int64_t to = TRY(to_index64(cx, offset, kOverflowError));
  stm::become_inevitable(cx, "seek");
  if (flags_of(cx, self) & kDeferred) (void)stm::flush_output(cx, fd);
  const off_t at = ::lseek(fd, to, whence);
  if (at < 0) return raise_errno(cx, errno);
  return make_int(cx, at);
}
Result<Value> file_tell(Context& cx, Self self) { return file_seek(cx, self, Value::of_int(0), 1); }
Result<Value> file_truncate(Context& cx, Self self, Value size) {
  const int fd = TRY(open_fd(cx, self));
  if (!(flags_of(cx, self) & kWritable)) return raise_mode(cx, "writing");
  stm::become_inevitable(cx, "truncate");
  if (flags_of(cx, self) & kDeferred) (void)stm::flush_output(cx, fd);
  if (size == kNone) size = TRY(file_tell(cx, self));
  const int64_t n = TRY(to_index64(cx, size, kOverflowError));
  if (::ftruncate(fd, n) != 0) return raise_errno(cx, errno);
  return size;
}

// --- the rest ------------------------------------------------------------------------------------

Result<void> file_close(Context& cx, Self self) {
  // RawIOBase.close() flushes and marks; an exception there does not keep the descriptor open.
  Value pending;
  if (native_slot(cx, self, kClosed) != kTrue) {
    if (call0(cx, self, "flush").is_error()) pending = take_exception(cx);
    set_native_slot(cx, self, kClosed, kTrue);
  }
  const int64_t fd = fd_of(cx, self);
  if (fd >= 0 && (flags_of(cx, self) & kCloseFd)) {
    stm::become_inevitable(cx, "close");
    (void)stm::flush_output(cx, static_cast<int>(fd));
    set_int_slot(cx, self, kFd, -1);
    if (::close(static_cast<int>(fd)) != 0 && errno != EINTR && pending.is_unset())
      return raise_errno(cx, errno);
  } else {
    set_int_slot(cx, self, kFd, -1);
  }
  if (!pending.is_unset()) {
    cx.exception = pending;
    return Error{};
  }
  return {};
}
Result<Value> file_closed(Context& cx, Value self) { return of_bool(fd_of(cx, self) < 0); }
Result<Value> file_closefd(Context& cx, Value self) {
  return of_bool(flags_of(cx, self) & kCloseFd);
}
std::string mode_string(int64_t bits) {
  if (bits & kCreated) return bits & kReadable ? "xb+" : "xb";
  if (bits & kAppending) return bits & kReadable ? "ab+" : "ab";
  if (bits & kReadable) return bits & kWritable ? "rb+" : "rb";
  return "wb";
}
Result<Value> file_mode(Context& cx, Value self) {
  return str_of(cx, mode_string(flags_of(cx, self)));
}
Result<Value> file_blksize(Context& cx, Value self) { return native_slot(cx, self, kBlockSize); }

Result<int64_t> file_fileno(Context& cx, Self self) { return int64_t{TRY(open_fd(cx, self))}; }
Result<bool> file_isatty(Context& cx, Self self) { return ::isatty(TRY(open_fd(cx, self))) != 0; }
Result<bool> file_readable(Context& cx, Self self) {
  (void)TRY(open_fd(cx, self));
  return (flags_of(cx, self) & kReadable) != 0;
}
Result<bool> file_writable(Context& cx, Self self) {
  (void)TRY(open_fd(cx, self));
  return (flags_of(cx, self) & kWritable) != 0;
}
Result<bool> file_seekable(Context& cx, Self self) {
  const int fd = TRY(open_fd(cx, self));
  const Value known = native_slot(cx, self, kSeekable);
  if (known == kTrue || known == kFalse) return known == kTrue;
  const bool can = ::lseek(fd, 0, SEEK_CUR) >= 0;
  set_native_slot(cx, self, kSeekable, of_bool(can));
  return can;
}
Result<Value> file_repr(Context& cx, Self self) {
  const int64_t fd = fd_of(cx, self);
  if (fd < 0) return str_of(cx, "<_io.FileIO [closed]>");
  const Value name = TRY(find_attr(cx, self, names().name));
  const int64_t bits = flags_of(cx, self);
  const std::string tail =
      " mode='" + mode_string(bits) + "' closefd=" + (bits & kCloseFd ? "True" : "False") + ">";
  if (name.is_unset()) return str_of(cx, "<_io.FileIO fd=" + std::to_string(fd) + tail);
  return str_of(cx, "<_io.FileIO name=" + vm::to_utf8(cx, TRY(repr(cx, name))) + tail);
}
Result<Value> file_getstate(Context& cx, Self) {
  return raise(cx, kTypeError, "cannot pickle '_io.FileIO' object");
}
Result<void> file_dealloc_warn(Context& cx, Self self, Value source) {
  if (fd_of(cx, self) >= 0 && (flags_of(cx, self) & kCloseFd)) {
    auto text = repr(cx, source);
    const std::string what = text.is_error() ? "<file>" : vm::to_utf8(cx, text.value());
    clear_exception(cx);
    if (warn(cx, kResourceWarning, "unclosed file " + what, 1).is_error())
      write_unraisable(cx, self);
  }
  return {};
}
Result<void> file_del(Context& cx, Self self) {
  if (fd_of(cx, self) < 0) return {};
  TRY(file_dealloc_warn(cx, self, self));
  if (file_close(cx, self).is_error()) clear_exception(cx);
  return {};
}

constexpr BuiltinDef kMethods[] = {
    static_method<&file_new>("__new__", "($type, *args, **kwargs)"),
    method<&file_init>("__init__", "($self, file, mode='r', closefd=True, opener=None)"),
    method<&file_read>("read", "($self, size=-1, /)"),
    method<&file_readall>("readall", "($self, /)"),
    method<&file_readinto>("readinto", "($self, buffer, /)"),
    method<&file_write_method>("write", "($self, b, /)"),
    method<&file_flush>("flush", "($self, /)"),
    method<&file_seek>("seek", "($self, pos, whence=0, /)"),
    method<&file_tell>("tell", "($self, /)"),
    method<&file_truncate>("truncate", "($self, size=None, /)"),
    method<&file_close>("close", "($self, /)"),
    method<&file_fileno>("fileno", "($self, /)"),
    method<&file_isatty>("isatty", "($self, /)"),
    method<&file_readable>("readable", "($self, /)"),
    method<&file_writable>("writable", "($self, /)"),
    method<&file_seekable>("seekable", "($self, /)"),
    method<&file_repr>("__repr__", "($self, /)"),
    method<&file_getstate>("__getstate__", "($self, /)"),
    method<&file_dealloc_warn>("_dealloc_warn", "($self, source, /)"),
    method<&file_del>("__del__", "($self, /)"),
};
constexpr GetSetDef kGetSets[] = {{"closed", file_closed},
                                  {"closefd", file_closefd},
                                  {"mode", file_mode},
                                  {"_blksize", file_blksize}};

}  // namespace

void read_outside(Context& cx, int fd, size_t chunk, std::string* data, ReadOutcome* outcome,
                  const std::function<bool(const std::string&)>& enough,
                  const std::function<void()>& inside) {
  const size_t start = data->size();
  stm::run_outside(
      cx, "read",
      [&] {
        data->resize(start);
        *outcome = {};
        for (;;) {
          const size_t had = data->size();
          const size_t want = std::max<size_t>(chunk, 1);
          data->resize(had + want);
          const ssize_t n = chunk == 0 ? 0 : ::read(fd, data->data() + had, want);
          const int error = errno;
          data->resize(had + static_cast<size_t>(n > 0 ? n : 0));
          if (n < 0) {
            if (error == EINTR && !cx.poll.load()) continue;
            if (error == EINTR) {
              outcome->error = EINTR;
              return;
            }
            outcome->error = error;
            outcome->would_block = error == EAGAIN || error == EWOULDBLOCK;
            return;
          }
          if (n == 0) {
            outcome->end = true;
            return;
          }
          if (enough(*data)) return;
        }
      },
      inside);
}

bool is_plain_file(Context& cx, Value raw) {
  return raw.is_object() && type_of(raw) == classes().file && fd_of(cx, raw) >= 0;
}

Result<int64_t> file_write(Context& cx, Value file, std::string_view bytes) {
  const int fd = static_cast<int>(fd_of(cx, file));
  if (flags_of(cx, file) & kDeferred) {
    stm::defer_output(cx, fd, bytes);
    return static_cast<int64_t>(bytes.size());
  }
  stm::become_inevitable(cx, "write");
  for (;;) {
    ssize_t n = 0;
    int error = 0;
    NoBoundary stay(cx);
    const std::string copy(bytes);  // the heap may move things while we are away
    stm::run_outside(cx, "write", [&] {
      n = ::write(fd, copy.data(), copy.size());
      error = errno;
    });
    if (n >= 0) return static_cast<int64_t>(n);
    if (error == EAGAIN || error == EWOULDBLOCK) return -1;
    if (error != EINTR) return raise_errno(cx, error);
    TRY(check_signals(cx));
  }
}

Result<Value> open_file(Context& cx, Value file, Str* mode_text, int buffering, Value encoding,
                        Value errors, Value newline, bool closefd, Value opener) {
  if (!is_int(file)) file = TRY(fspath(cx, file));
  const std::string mode = vm::to_utf8(mode_text);
  bool creating = false, reading = false, writing = false, appending = false, updating = false,
       text = false, binary = false;
  std::string seen;
  for (const char c : mode) {
    bool* flag = c == 'x'   ? &creating
                 : c == 'r' ? &reading
                 : c == 'w' ? &writing
                 : c == 'a' ? &appending
                 : c == '+' ? &updating
                 : c == 't' ? &text
                 : c == 'b' ? &binary
                            : nullptr;
    if (flag == nullptr || *flag) return raise(cx, kValueError, "invalid mode: '%s'", mode.c_str());
    *flag = true;
  }
  if (text && binary) return raise(cx, kValueError, "can't have text and binary mode at once");
  if (creating + reading + writing + appending != 1)
    return raise(cx, kValueError,
                 creating + reading + writing + appending == 0
                     ? "Must have exactly one of create/read/write/append mode and at most one plus"
                     : "must have exactly one of create/read/write/append mode");
  if (binary && encoding != kNone)
    return raise(cx, kValueError, "binary mode doesn't take an encoding argument");
  if (binary && errors != kNone)
    return raise(cx, kValueError, "binary mode doesn't take an errors argument");
  if (binary && newline != kNone)
    return raise(cx, kValueError, "binary mode doesn't take a newline argument");
  if (binary && buffering == 1)
    TRY(warn(cx, kRuntimeWarning,
             "line buffering (buffering=1) isn't supported in binary mode, the default buffer size "
             "will be used",
             1));
  const std::string raw_mode = std::string(creating  ? "x"
                                           : reading ? "r"
                                           : writing ? "w"
                                                     : "a") +
                               (updating ? "+" : "");
  const Value raw = TRY(call(cx, Value(classes().file),
                             {file, Value(intern(cx, raw_mode)), of_bool(closefd), opener}));
  auto fail = [&]() -> Error {
    const Value e = take_exception(cx);
    if (call0(cx, raw, "close").is_error()) clear_exception(cx);
    cx.exception = e;
    return Error{};
  };
  bool tty = false;
  if (buffering < 0) tty = ::isatty(static_cast<int>(fd_of(cx, raw))) != 0;
  bool line_buffering = buffering == 1 || tty;
  if (buffering == 1 || tty) buffering = -1;
  if (buffering < -1) {
    (void)raise(cx, kValueError, "invalid buffering size");
    return fail();
  }
  if (buffering < 0) buffering = static_cast<int>(int_slot(cx, raw, kBlockSize));
  if (buffering == 0) {
    if (!binary) {
      (void)raise(cx, kValueError, "can't have unbuffered text I/O");
      return fail();
    }
    return raw;
  }
  Type* type = updating ? classes().random : reading ? classes().reader : classes().writer;
  auto buffer = call(cx, Value(type), {raw, Value::of_int(buffering)});
  if (buffer.is_error()) return fail();
  if (binary) return buffer;
  auto wrapper = call(cx, Value(classes().text_wrapper),
                      {buffer.value(), encoding, errors, newline, of_bool(line_buffering)});
  if (wrapper.is_error()) return fail();
  if (set_attr(cx, wrapper.value(), names().mode, mode_text).is_error()) return fail();
  return wrapper;
}

void define_file(Context& cx) {
  classes().file = keep(define_native_class(cx, "_io.FileIO", unsigned{kFileSlots} - kBaseSlots,
                                            kMethods, kGetSets, nullptr, classes().raw,
                                            kTypeBaseType | kTypeHasDict | kTypeHasWeakref));
}

}  // namespace pystm::lib::io
