// posix: files and directories by name.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <utime.h>

#include <cerrno>
#include <climits>

#include "stdlib/posix.h"

namespace pystm::lib::posix {

Error raise_path(Context& cx, int error, const Path& path) {
  return path.object == kNone || path.fd >= 0
             ? raise_errno(cx, error, path.fd >= 0 ? path.object : Value())
             : raise_errno(cx, error, path.object);
}
Error raise_paths(Context& cx, int error, const Path& a, const Path& b) {
  return raise_errno(cx, error, a.object, b.object);
}
Result<int> dir_fd(Context& cx, Value v) {
  if (v == kNone) return AT_FDCWD;
  if (!is_int(v) && lookup_dunder(v, Dunder::kIndex).is_unset())
    return raise(cx, kTypeError, "argument should be integer or None, not %s", TYPE_NAME(v));
  return static_cast<int>(TRY(to_index64(cx, v, kOverflowError)));
}

Result<Value> make_stat(Context& cx, const struct stat& st) {
  auto ns = [&](const timespec& t) { return make_int(cx, t.tv_sec * 1'000'000'000LL + t.tv_nsec); };
  auto s = [&](const timespec& t) {
    return make_float(cx, static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_nsec) * 1e-9);
  };
  auto whole = [&](const timespec& t) { return make_int(cx, t.tv_sec); };
  auto u = [&](uint64_t v) { return make_uint(cx, v); };
  const Value items[19] = {u(st.st_mode),
                           u(st.st_ino),
                           u(st.st_dev),
                           u(st.st_nlink),
                           u(st.st_uid),
                           u(st.st_gid),
                           make_int(cx, st.st_size),
                           whole(st.st_atim),
                           whole(st.st_mtim),
                           whole(st.st_ctim),
                           s(st.st_atim),
                           s(st.st_mtim),
                           s(st.st_ctim),
                           ns(st.st_atim),
                           ns(st.st_mtim),
                           ns(st.st_ctim),
                           make_int(cx, st.st_blksize),
                           make_int(cx, st.st_blocks),
                           u(st.st_rdev)};
  return new_struct(cx, g_stat_result, items, 19);
}

namespace {

// Reading the file system leaves the transaction as it is: looking twice does no harm.
Result<Value> posix_stat(Context& cx, Value path, Value dir, bool follow_symlinks) {
  Path p;
  TRY(to_path(cx, path, "stat", "path", kPathOrFd, &p));
  struct stat st;
  if (p.fd >= 0 && dir != kNone)
    return raise(cx, kValueError, "stat: can't specify dir_fd without matching path");
  if (p.fd >= 0 && !follow_symlinks)
    return raise(cx, kValueError, "stat: cannot use fd and follow_symlinks together");
  const int at = TRY(dir_fd(cx, dir));
  const int r = p.fd >= 0
                    ? ::fstat(p.fd, &st)
                    : ::fstatat(at, p.c_str(), &st, follow_symlinks ? 0 : AT_SYMLINK_NOFOLLOW);
  if (r != 0) return raise_path(cx, errno, p);
  return make_stat(cx, st);
}
Result<Value> posix_lstat(Context& cx, Value path, Value dir) {
  Path p;
  TRY(to_path(cx, path, "lstat", "path", kPathOnly, &p));
  struct stat st;
  if (::fstatat(TRY(dir_fd(cx, dir)), p.c_str(), &st, AT_SYMLINK_NOFOLLOW) != 0)
    return raise_path(cx, errno, p);
  return make_stat(cx, st);
}
Result<Value> posix_fstat(Context& cx, int fd) {
  struct stat st;
  if (::fstat(fd, &st) != 0) return raise_errno(cx, errno);
  return make_stat(cx, st);
}
Result<bool> posix_access(Context& cx, Value path, int mode, Value dir, bool effective_ids,
                          bool follow_symlinks) {
  Path p;
  TRY(to_path(cx, path, "access", "path", kPathOnly, &p));
  const int flags = (effective_ids ? AT_EACCESS : 0) | (follow_symlinks ? 0 : AT_SYMLINK_NOFOLLOW);
  return ::faccessat(TRY(dir_fd(cx, dir)), p.c_str(), mode, flags) == 0;
}
Result<Value> posix_listdir(Context& cx, Value path) {
  Path p;
  TRY(to_path(cx, path, "listdir", "path", kPathOrFd | kPathOrNone, &p));
  DIR* dir = p.fd >= 0 ? ::fdopendir(::dup(p.fd)) : ::opendir(p.c_str());
  if (dir == nullptr) return raise_path(cx, errno, p);
  std::vector<std::string> found;
  if (p.fd >= 0) ::rewinddir(dir);
  while (const dirent* e = ::readdir(dir)) {
    const std::string_view name = e->d_name;
    if (name != "." && name != "..") found.emplace_back(name);
  }
  ::closedir(dir);
  List* out = new_list(cx);
  for (const std::string& name : found) TRY(list_append(cx, out, TRY(p.name(cx, name))));
  return Value(out);
}
Result<Value> posix_readlink(Context& cx, Value path, Value dir) {
  Path p;
  TRY(to_path(cx, path, "readlink", "path", kPathOnly, &p));
  char buffer[PATH_MAX + 1];
  const ssize_t n = ::readlinkat(TRY(dir_fd(cx, dir)), p.c_str(), buffer, PATH_MAX);
  if (n < 0) return raise_path(cx, errno, p);
  return p.name(cx, {buffer, static_cast<size_t>(n)});
}
Result<Value> cwd(Context& cx, bool as_bytes) {
  char buffer[PATH_MAX + 1];
  if (::getcwd(buffer, sizeof(buffer)) == nullptr) return raise_errno(cx, errno);
  return as_bytes ? bytes_of(cx, buffer) : fs_decode(cx, buffer);
}
Result<Value> posix_getcwd(Context& cx) { return cwd(cx, false); }
Result<Value> posix_getcwdb(Context& cx) { return cwd(cx, true); }
Result<Value> statvfs_value(Context& cx, const struct statvfs& s) {
  auto u = [&](uint64_t v) { return make_uint(cx, v); };
  const Value items[11] = {u(s.f_bsize),  u(s.f_frsize),  u(s.f_blocks), u(s.f_bfree),
                           u(s.f_bavail), u(s.f_files),   u(s.f_ffree),  u(s.f_favail),
                           u(s.f_flag),   u(s.f_namemax), u(s.f_fsid)};
  return new_struct(cx, g_statvfs_result, items, 11);
}
Result<Value> posix_statvfs(Context& cx, Value path) {
  Path p;
  TRY(to_path(cx, path, "statvfs", "path", kPathOrFd, &p));
  struct statvfs s;
  if ((p.fd >= 0 ? ::fstatvfs(p.fd, &s) : ::statvfs(p.c_str(), &s)) != 0)
    return raise_path(cx, errno, p);
  return statvfs_value(cx, s);
}
Result<Value> posix_fstatvfs(Context& cx, int fd) {
  struct statvfs s;
  if (::fstatvfs(fd, &s) != 0) return raise_errno(cx, errno);
  return statvfs_value(cx, s);
}

// --- changes: the transaction becomes inevitable first -------------------------------------------

template <class F>
Result<void> change(Context& cx, const char* what, Value path, int kinds, F&& f) {
  Path p;
  TRY(to_path(cx, path, what, "path", kinds, &p));
  stm::become_inevitable(cx, "file system");
  if (f(p) != 0) return raise_path(cx, errno, p);
  return {};
}
Result<void> posix_mkdir(Context& cx, Value path, int mode, Value dir) {
  const int at = TRY(dir_fd(cx, dir));
  return change(cx, "mkdir", path, kPathOnly,
                [&](const Path& p) { return ::mkdirat(at, p.c_str(), static_cast<mode_t>(mode)); });
}
Result<void> posix_rmdir(Context& cx, Value path, Value dir) {
  const int at = TRY(dir_fd(cx, dir));
  return change(cx, "rmdir", path, kPathOnly,
                [&](const Path& p) { return ::unlinkat(at, p.c_str(), AT_REMOVEDIR); });
}
Result<void> posix_unlink(Context& cx, Value path, Value dir) {
  const int at = TRY(dir_fd(cx, dir));
  return change(cx, "unlink", path, kPathOnly,
                [&](const Path& p) { return ::unlinkat(at, p.c_str(), 0); });
}
Result<void> posix_remove(Context& cx, Value path, Value dir) {
  const int at = TRY(dir_fd(cx, dir));
  return change(cx, "remove", path, kPathOnly,
                [&](const Path& p) { return ::unlinkat(at, p.c_str(), 0); });
}
Result<void> rename_to(Context& cx, const char* what, Value src, Value dst, Value src_dir,
                       Value dst_dir) {
  Path a, b;
  TRY(to_path(cx, src, what, "src", kPathOnly, &a));
  TRY(to_path(cx, dst, what, "dst", kPathOnly, &b));
  const int from = TRY(dir_fd(cx, src_dir)), to = TRY(dir_fd(cx, dst_dir));
  stm::become_inevitable(cx, "rename");
  if (::renameat(from, a.c_str(), to, b.c_str()) != 0) return raise_paths(cx, errno, a, b);
  return {};
}
Result<void> posix_rename(Context& cx, Value src, Value dst, Value src_dir_fd, Value dst_dir_fd) {
  return rename_to(cx, "rename", src, dst, src_dir_fd, dst_dir_fd);
}
Result<void> posix_replace(Context& cx, Value src, Value dst, Value src_dir_fd, Value dst_dir_fd) {
  return rename_to(cx, "replace", src, dst, src_dir_fd, dst_dir_fd);
}
Result<void> posix_link(Context& cx, Value src, Value dst, Value src_dir_fd, Value dst_dir_fd,
                        bool follow) {
  Path a, b;
  TRY(to_path(cx, src, "link", "src", kPathOnly, &a));
  TRY(to_path(cx, dst, "link", "dst", kPathOnly, &b));
  const int from = TRY(dir_fd(cx, src_dir_fd)), to = TRY(dir_fd(cx, dst_dir_fd));
  stm::become_inevitable(cx, "link");
  if (::linkat(from, a.c_str(), to, b.c_str(), follow ? AT_SYMLINK_FOLLOW : 0) != 0)
    return raise_paths(cx, errno, a, b);
  return {};
}
Result<void> posix_symlink(Context& cx, Value src, Value dst, bool, Value dir) {
  Path a, b;
  TRY(to_path(cx, src, "symlink", "src", kPathOnly, &a));
  TRY(to_path(cx, dst, "symlink", "dst", kPathOnly, &b));
  const int at = TRY(dir_fd(cx, dir));
  stm::become_inevitable(cx, "symlink");
  if (::symlinkat(a.c_str(), at, b.c_str()) != 0) return raise_paths(cx, errno, a, b);
  return {};
}
Result<void> posix_chmod(Context& cx, Value path, int mode, Value dir, bool follow_symlinks) {
  const int at = TRY(dir_fd(cx, dir));
  return change(cx, "chmod", path, kPathOrFd, [&](const Path& p) {
    return p.fd >= 0 ? ::fchmod(p.fd, static_cast<mode_t>(mode))
                     : ::fchmodat(at, p.c_str(), static_cast<mode_t>(mode),
                                  follow_symlinks ? 0 : AT_SYMLINK_NOFOLLOW);
  });
}
Result<void> posix_fchmod(Context& cx, int fd, int mode) {
  stm::become_inevitable(cx, "fchmod");
  if (::fchmod(fd, static_cast<mode_t>(mode)) != 0) return raise_errno(cx, errno);
  return {};
}
Result<void> posix_chown(Context& cx, Value path, int64_t uid, int64_t gid, Value dir,
                         bool follow_symlinks) {
  const int at = TRY(dir_fd(cx, dir));
  return change(cx, "chown", path, kPathOrFd, [&](const Path& p) {
    const auto u = static_cast<uid_t>(uid);
    const auto g = static_cast<gid_t>(gid);
    return p.fd >= 0 ? ::fchown(p.fd, u, g)
                     : ::fchownat(at, p.c_str(), u, g, follow_symlinks ? 0 : AT_SYMLINK_NOFOLLOW);
  });
}
Result<void> posix_lchown(Context& cx, Value path, int64_t uid, int64_t gid) {
  return posix_chown(cx, path, uid, gid, kNone, false);
}
Result<void> posix_fchown(Context& cx, int fd, int64_t uid, int64_t gid) {
  stm::become_inevitable(cx, "fchown");
  if (::fchown(fd, static_cast<uid_t>(uid), static_cast<gid_t>(gid)) != 0)
    return raise_errno(cx, errno);
  return {};
}
Result<void> posix_chdir(Context& cx, Value path) {
  return change(cx, "chdir", path, kPathOrFd,
                [](const Path& p) { return p.fd >= 0 ? ::fchdir(p.fd) : ::chdir(p.c_str()); });
}
Result<void> posix_fchdir(Context& cx, Value fd) {
  const int n = TRY(to_fd(cx, fd));
  stm::become_inevitable(cx, "fchdir");
  if (::fchdir(n) != 0) return raise_errno(cx, errno);
  return {};
}
Result<void> posix_chroot(Context& cx, Value path) {
  return change(cx, "chroot", path, kPathOnly, [](const Path& p) { return ::chroot(p.c_str()); });
}
Result<void> posix_truncate(Context& cx, Value path, int64_t length) {
  return change(cx, "truncate", path, kPathOrFd, [&](const Path& p) {
    return p.fd >= 0 ? ::ftruncate(p.fd, length) : ::truncate(p.c_str(), length);
  });
}
Result<void> posix_mkfifo(Context& cx, Value path, int mode, Value dir) {
  const int at = TRY(dir_fd(cx, dir));
  return change(cx, "mkfifo", path, kPathOnly, [&](const Path& p) {
    return ::mkfifoat(at, p.c_str(), static_cast<mode_t>(mode));
  });
}
Result<void> posix_mknod(Context& cx, Value path, int mode, int64_t device, Value dir) {
  const int at = TRY(dir_fd(cx, dir));
  return change(cx, "mknod", path, kPathOnly, [&](const Path& p) {
    return ::mknodat(at, p.c_str(), static_cast<mode_t>(mode), static_cast<dev_t>(device));
  });
}
Result<Value> split_ns(Context& cx, Value v, timespec* out) {
  const Value pair = TRY(binary_op(cx, BinaryOp::kDivMod, v, Value::of_int(1'000'000'000)));
  out->tv_sec = TRY(to_index64(cx, (*pair.as<Tuple>())[0], kOverflowError));
  out->tv_nsec = TRY(to_index64(cx, (*pair.as<Tuple>())[1], kOverflowError));
  return kNone;
}
Result<void> posix_utime(Context& cx, Value path, Value times, Opt ns, Value dir,
                         bool follow_symlinks) {
  timespec t[2];
  if (times != kNone && ns.given())
    return raise(cx, kValueError, "utime: you may specify either 'times' or 'ns' but not both");
  bool now = false;
  if (times != kNone) {
    if (!is_tuple(times) || times.as<Tuple>()->length != 2)
      return raise(cx, kTypeError, "utime: 'times' must be either a tuple of two ints or None");
    for (size_t i = 0; i < 2; ++i) {
      const int64_t n = TRY(to_nanoseconds(cx, (*times.as<Tuple>())[i], false));
      t[i].tv_sec = n / 1'000'000'000 - (n % 1'000'000'000 < 0);
      t[i].tv_nsec = n - t[i].tv_sec * 1'000'000'000;
    }
  } else if (ns.given()) {
    if (!is_tuple(ns.value) || ns.value.as<Tuple>()->length != 2)
      return raise(cx, kTypeError, "utime: 'ns' must be a tuple of two ints");
    for (size_t i = 0; i < 2; ++i) (void)TRY(split_ns(cx, (*ns.value.as<Tuple>())[i], &t[i]));
  } else {
    now = true;
  }
  const int at = TRY(dir_fd(cx, dir));
  return change(cx, "utime", path, kPathOrFd, [&](const Path& p) {
    return p.fd >= 0 ? ::futimens(p.fd, now ? nullptr : t)
                     : ::utimensat(at, p.c_str(), now ? nullptr : t,
                                   follow_symlinks ? 0 : AT_SYMLINK_NOFOLLOW);
  });
}
Result<int64_t> posix_umask(Context& cx, int mask) {
  stm::become_inevitable(cx, "umask");
  return int64_t{::umask(static_cast<mode_t>(mask))};
}
Result<void> posix_sync(Context&) {
  ::sync();
  return {};
}

// --- extended attributes -------------------------------------------------------------------------

Result<Value> posix_listxattr(Context& cx, Value path, bool follow_symlinks) {
  Path p;
  TRY(to_path(cx, path, "listxattr", "path", kPathOrFd | kPathOrNone, &p));
  std::string buffer(65536, '\0');
  const ssize_t n = p.fd >= 0         ? ::flistxattr(p.fd, buffer.data(), buffer.size())
                    : follow_symlinks ? ::listxattr(p.c_str(), buffer.data(), buffer.size())
                                      : ::llistxattr(p.c_str(), buffer.data(), buffer.size());
  if (n < 0) return raise_path(cx, errno, p);
  List* out = new_list(cx);
  for (size_t at = 0; at < static_cast<size_t>(n);) {
    const std::string name = buffer.c_str() + at;
    TRY(list_append(cx, out, TRY(fs_decode(cx, name))));
    at += name.size() + 1;
  }
  return Value(out);
}
Result<Value> posix_getxattr(Context& cx, Value path, Value attribute, bool follow_symlinks) {
  Path p, a;
  TRY(to_path(cx, path, "getxattr", "path", kPathOrFd, &p));
  TRY(to_path(cx, attribute, "getxattr", "attribute", kPathOnly, &a));
  std::string buffer(65536, '\0');
  const ssize_t n = p.fd >= 0 ? ::fgetxattr(p.fd, a.c_str(), buffer.data(), buffer.size())
                    : follow_symlinks
                        ? ::getxattr(p.c_str(), a.c_str(), buffer.data(), buffer.size())
                        : ::lgetxattr(p.c_str(), a.c_str(), buffer.data(), buffer.size());
  if (n < 0) return raise_path(cx, errno, p);
  return bytes_of(cx, {buffer.data(), static_cast<size_t>(n)});
}
Result<void> posix_setxattr(Context& cx, Value path, Value attribute, Value value, int flags,
                            bool follow_symlinks) {
  Path a;
  TRY(to_path(cx, attribute, "setxattr", "attribute", kPathOnly, &a));
  Buffer b;
  TRY(get_buffer(cx, value, &b));
  return change(cx, "setxattr", path, kPathOrFd, [&](const Path& p) {
    return p.fd >= 0         ? ::fsetxattr(p.fd, a.c_str(), b.data, b.size, flags)
           : follow_symlinks ? ::setxattr(p.c_str(), a.c_str(), b.data, b.size, flags)
                             : ::lsetxattr(p.c_str(), a.c_str(), b.data, b.size, flags);
  });
}
Result<void> posix_removexattr(Context& cx, Value path, Value attribute, bool follow_symlinks) {
  Path a;
  TRY(to_path(cx, attribute, "removexattr", "attribute", kPathOnly, &a));
  return change(cx, "removexattr", path, kPathOrFd, [&](const Path& p) {
    return p.fd >= 0         ? ::fremovexattr(p.fd, a.c_str())
           : follow_symlinks ? ::removexattr(p.c_str(), a.c_str())
                             : ::lremovexattr(p.c_str(), a.c_str());
  });
}

// --- path helpers --------------------------------------------------------------------------------

std::string normal_path(const std::string& path) {
  if (path.empty()) return ".";
  size_t slashes = 0;
  while (slashes < path.size() && path[slashes] == '/') ++slashes;
  std::string root = slashes == 0 ? "" : slashes == 2 ? "//" : "/";
  std::vector<std::string_view> parts;
  std::string_view rest = std::string_view(path).substr(slashes);
  while (!rest.empty()) {
    const size_t at = rest.find('/');
    const std::string_view part = rest.substr(0, at);
    rest = at == std::string_view::npos ? std::string_view() : rest.substr(at + 1);
    if (part.empty() || part == ".") continue;
    if (part != ".." || (root.empty() && parts.empty()) ||
        (!parts.empty() && parts.back() == "..")) {
      parts.push_back(part);
    } else if (!parts.empty()) {
      parts.pop_back();
    }
  }
  std::string out = root;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) out += '/';
    out += parts[i];
  }
  return out.empty() ? "." : out;
}
Result<Value> path_normpath(Context& cx, Value path) {
  const Value p = TRY(fspath(cx, path));
  if (is_bytes(p))
    return bytes_of(cx, normal_path(std::string(bytes_view(unwrap_derived(p).as<Bytes>()))));
  // NUL ends what the C function looks at; the rest stays.
  return str_of(cx, normal_path(vm::to_utf8(cx, p)));
}
Result<Value> path_splitroot(Context& cx, Value path) {
  const Value p = TRY(fspath(cx, path));
  return Value(TRY(new_tuple(cx, {Value(empty_str()), p})));
}
Result<Value> posix_fspath(Context& cx, Value path) { return fspath(cx, path); }

constexpr BuiltinDef kFunctions[] = {
    function<&posix_stat>("stat", "(path, *, dir_fd=None, follow_symlinks=True)"),
    function<&posix_lstat>("lstat", "(path, *, dir_fd=None)"),
    function<&posix_fstat>("fstat", "(fd)"),
    function<&posix_access>(
        "access", "(path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True)"),
    function<&posix_listdir>("listdir", "(path=None)"),
    function<&posix_readlink>("readlink", "(path, *, dir_fd=None)"),
    function<&posix_getcwd>("getcwd", "()"),
    function<&posix_getcwdb>("getcwdb", "()"),
    function<&posix_statvfs>("statvfs", "(path)"),
    function<&posix_fstatvfs>("fstatvfs", "(fd, /)"),
    function<&posix_mkdir>("mkdir", "(path, mode=511, *, dir_fd=None)"),
    function<&posix_rmdir>("rmdir", "(path, *, dir_fd=None)"),
    function<&posix_unlink>("unlink", "(path, *, dir_fd=None)"),
    function<&posix_remove>("remove", "(path, *, dir_fd=None)"),
    function<&posix_rename>("rename", "(src, dst, *, src_dir_fd=None, dst_dir_fd=None)"),
    function<&posix_replace>("replace", "(src, dst, *, src_dir_fd=None, dst_dir_fd=None)"),
    function<&posix_link>("link",
                          "(src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks=True)"),
    function<&posix_symlink>("symlink", "(src, dst, target_is_directory=False, *, dir_fd=None)"),
    function<&posix_chmod>("chmod", "(path, mode, *, dir_fd=None, follow_symlinks=True)"),
    function<&posix_fchmod>("fchmod", "(fd, mode)"),
    function<&posix_chown>("chown", "(path, uid, gid, *, dir_fd=None, follow_symlinks=True)"),
    function<&posix_lchown>("lchown", "(path, uid, gid)"),
    function<&posix_fchown>("fchown", "(fd, uid, gid)"),
    function<&posix_chdir>("chdir", "(path)"),
    function<&posix_fchdir>("fchdir", "(fd)"),
    function<&posix_chroot>("chroot", "(path)"),
    function<&posix_truncate>("truncate", "(path, length)"),
    function<&posix_mkfifo>("mkfifo", "(path, mode=438, *, dir_fd=None)"),
    function<&posix_mknod>("mknod", "(path, mode=384, device=0, *, dir_fd=None)"),
    function<&posix_utime>(
        "utime", "(path, times=None, *, ns=<unrepresentable>, dir_fd=None, follow_symlinks=True)"),
    function<&posix_umask>("umask", "(mask, /)"),
    function<&posix_sync>("sync", "()"),
    function<&posix_listxattr>("listxattr", "(path=None, *, follow_symlinks=True)"),
    function<&posix_getxattr>("getxattr", "(path, attribute, *, follow_symlinks=True)"),
    function<&posix_setxattr>("setxattr",
                              "(path, attribute, value, flags=0, *, follow_symlinks=True)"),
    function<&posix_removexattr>("removexattr", "(path, attribute, *, follow_symlinks=True)"),
    function<&path_normpath>("_path_normpath", "(path)"),
    function<&path_splitroot>("_path_splitroot", "(path)"),
    function<&posix_fspath>("fspath", "(path)"),
};

}  // namespace

std::span<const BuiltinDef> file_functions() { return kFunctions; }

}  // namespace pystm::lib::posix
