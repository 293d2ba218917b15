// posix.scandir and DirEntry. A directory is read whole at once, so that the iterator is plain
// data.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "stdlib/posix.h"

namespace pystm::lib::posix {

namespace {

enum EntrySlot : unsigned { kName, kPath, kType, kInode, kStat, kLstat, kFullPath, kEntrySlots };
enum IterSlot : unsigned { kEntries, kPosition, kIterSlots };
Type *g_entry, *g_iter;
using Entry = Of<&g_entry>;
using Iter = Of<&g_iter>;

Result<Value> entry_stat_of(Context& cx, Value self, bool follow) {
  const unsigned slot = follow ? kStat : kLstat;
  Value known = native_slot(cx, self, slot);
  if (!known.is_unset()) return known;
  const Value full = native_slot(cx, self, kFullPath);
  const std::string path(bytes_view(full.as<Bytes>()));
  struct stat st;
  if ((follow ? ::stat(path.c_str(), &st) : ::lstat(path.c_str(), &st)) != 0)
    return raise_errno(cx, errno, native_slot(cx, self, kPath));
  known = TRY(make_stat(cx, st));
  set_native_slot(cx, self, slot, known);
  return known;
}
Result<Value> entry_stat(Context& cx, Entry self, bool follow_symlinks) {
  return entry_stat_of(cx, self, follow_symlinks);
}

Result<bool> entry_is(Context& cx, Value self, bool follow, unsigned char type, unsigned mode) {
  const auto known = static_cast<unsigned char>(native_slot(cx, self, kType).as_int());
  if (known != DT_UNKNOWN && !(follow && known == DT_LNK)) return known == type;
  auto st = entry_stat_of(cx, self, follow);
  if (st.is_error()) {
    if (!pending_is(cx, kFileNotFoundError)) return Error{};
    clear_exception(cx);
    return false;
  }
  const int64_t bits = TRY(to_index64(cx, (*st.value().as<Tuple>())[0], kOverflowError));
  return (static_cast<unsigned>(bits) & S_IFMT) == mode;
}
Result<bool> entry_is_dir(Context& cx, Entry self, bool follow_symlinks) {
  return entry_is(cx, self, follow_symlinks, DT_DIR, S_IFDIR);
}
Result<bool> entry_is_file(Context& cx, Entry self, bool follow_symlinks) {
  return entry_is(cx, self, follow_symlinks, DT_REG, S_IFREG);
}
Result<bool> entry_is_symlink(Context& cx, Entry self) {
  return entry_is(cx, self, false, DT_LNK, S_IFLNK);
}
Value entry_inode(Context& cx, Entry self) { return native_slot(cx, self, kInode); }
Value entry_fspath(Context& cx, Entry self) { return native_slot(cx, self, kPath); }
Result<Value> entry_name(Context& cx, Value self) { return native_slot(cx, self, kName); }
Result<Value> entry_path(Context& cx, Value self) { return native_slot(cx, self, kPath); }
Result<Value> entry_repr(Context& cx, Entry self) {
  return str_of(cx,
                "<DirEntry " + vm::to_utf8(cx, TRY(repr(cx, native_slot(cx, self, kName)))) + ">");
}
Result<Value> class_item(Context& cx, Type* type, Value item) {
  return call(cx, Value(types().generic_alias), {Value(type), item});
}
constexpr BuiltinDef kEntryMethods[] = {
    method<&entry_stat>("stat", "($self, /, *, follow_symlinks=True)"),
    method<&entry_is_dir>("is_dir", "($self, /, *, follow_symlinks=True)"),
    method<&entry_is_file>("is_file", "($self, /, *, follow_symlinks=True)"),
    method<&entry_is_symlink>("is_symlink", "($self, /)"),
    method<&entry_inode>("inode", "($self, /)"),
    method<&entry_fspath>("__fspath__", "($self, /)"),
    method<&entry_repr>("__repr__", "($self, /)"),
    class_method<&class_item>("__class_getitem__", "($type, item, /)"),
};
constexpr GetSetDef kEntryGet[] = {{"name", entry_name}, {"path", entry_path}};

Result<Value> iter_next_entry(Context& cx, Iter self) {
  const Value list = native_slot(cx, self, kEntries);
  const int64_t at = native_slot(cx, self, kPosition).as_int();
  const Value v = is_list(list) ? list_get(cx, list.as<List>(), at) : Value();
  if (v.is_unset()) return raise_stop_iteration(cx, kNone);
  set_native_slot(cx, self, kPosition, Value::of_int(at + 1));
  return v;
}
Value iter_self(Context&, Iter self) { return self; }
Result<void> iter_close(Context& cx, Iter self) {
  set_native_slot(cx, self, kEntries, kNone);
  return {};
}
Result<void> iter_exit(Context& cx, Iter self, Args) { return iter_close(cx, self); }
constexpr BuiltinDef kIterMethods[] = {
    method<&iter_next_entry>("__next__", "($self, /)"),
    method<&iter_self>("__iter__", "($self, /)"),
    method<&iter_self>("__enter__", "($self, /)"),
    method<&iter_exit>("__exit__", "($self, /, *args)"),
    method<&iter_close>("close", "($self, /)"),
};

Result<Value> scandir(Context& cx, Value path) {
  Path p;
  TRY(to_path(cx, path, "scandir", "path", kPathOrFd | kPathOrNone, &p));
  DIR* dir = p.fd >= 0 ? ::fdopendir(::dup(p.fd)) : ::opendir(p.c_str());
  if (dir == nullptr) return raise_path(cx, errno, p);
  struct Found {
    std::string name;
    unsigned char type;
    ino_t inode;
  };
  std::vector<Found> found;
  if (p.fd >= 0) ::rewinddir(dir);
  while (const dirent* e = ::readdir(dir)) {
    const std::string_view name = e->d_name;
    if (name != "." && name != "..") found.push_back({std::string(name), e->d_type, e->d_ino});
  }
  ::closedir(dir);
  List* list = new_list(cx);
  const std::string prefix = p.fd >= 0                                ? ""
                             : p.text.empty() || p.text.back() == '/' ? p.text
                                                                      : p.text + "/";
  for (const Found& f : found) {
    const Value entry = alloc_object(cx, g_entry->shape);
    set_native_slot(cx, entry, kName, TRY(p.name(cx, f.name)));
    set_native_slot(cx, entry, kPath, TRY(p.name(cx, p.fd >= 0 ? f.name : prefix + f.name)));
    set_native_slot(cx, entry, kType, Value::of_int(f.type));
    set_native_slot(cx, entry, kInode, make_uint(cx, f.inode));
    const std::string full =
        p.fd >= 0 ? "/proc/self/fd/" + std::to_string(p.fd) + "/" + f.name : prefix + f.name;
    set_native_slot(cx, entry, kFullPath, TRY(bytes_of(cx, full)));
    TRY(list_append(cx, list, entry));
  }
  const Value it = alloc_object(cx, g_iter->shape);
  set_native_slot(cx, it, kEntries, list);
  set_native_slot(cx, it, kPosition, Value::of_int(0));
  return it;
}
constexpr BuiltinDef kFunctions[] = {function<&scandir>("scandir", "(path=None)")};

}  // namespace

Result<void> define_scandir(Context& cx, Module* m) {
  if (g_entry == nullptr) {
    g_entry = keep(define_native_class(cx, "posix.DirEntry", kEntrySlots, kEntryMethods, kEntryGet,
                                       nullptr, nullptr, 0));
    g_iter = keep(define_native_class(cx, "posix.ScandirIterator", kIterSlots, kIterMethods, {},
                                      nullptr, nullptr, 0));
  }
  TRY(module_add_type(cx, m, g_entry));
  return module_add(cx, m, "scandir", make_builtin(cx, kFunctions, m, intern(cx, "posix")));
}

}  // namespace pystm::lib::posix
