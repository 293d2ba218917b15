// _pystm_import: what the importer written in Python (stdlib/py/_pystm_importer.py) needs of C++:
// directory listings cached by modification time, source files through the bytecode cache, locks.
// Invariant: listings are plain C++ data outside the STM; they answer questions, nothing is
// changed.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <mutex>
#include <unordered_map>
#include <unordered_set>

#include "stdlib/bytecode_cache.h"
#include "stdlib/embedded.h"
#include "stdlib/importer.h"
#include "stdlib/modules.h"
#include "vm/compiler/source.h"
#include "vm/object/dict.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/call.h"
#include "vm/runtime/compile.h"
#include "vm/runtime/native.h"
#include "vm/runtime/runtime.h"

namespace pystm::lib {

using namespace vm;  // NOLINT: this layer is written in vm's vocabulary

namespace {

// --- directory listings --------------------------------------------------------------------------

struct Listing {
  timespec mtime{};
  bool is_directory = false;
  std::unordered_set<std::string> names;
};
std::mutex listings_lock;
std::unordered_map<std::string, Listing> listings;

enum Found { kNothing, kSource, kPackage, kPortion, kNoDirectory };

bool is_file(const std::string& path) {
  struct stat st;
  return stat(path.c_str(), &st) == 0 && S_ISREG(st.st_mode);
}
bool is_folder(const std::string& path) {
  struct stat st;
  return stat(path.c_str(), &st) == 0 && S_ISDIR(st.st_mode);
}

void read_listing(const std::string& folder, Listing* l) {
  l->names.clear();
  DIR* dir = opendir(folder.c_str());
  if (dir == nullptr) return;
  while (dirent* entry = readdir(dir)) l->names.insert(entry->d_name);
  closedir(dir);
}

// (kind, path): see path_spec() in the importer.
Result<Value> find_in_directory(Context& cx, Str* entry, Str* tail) {
  std::string folder = to_utf8(entry);
  const std::string name = to_utf8(tail);
  if (folder.empty()) {
    char buffer[4096];
    if (getcwd(buffer, sizeof(buffer)) == nullptr)
      return Value(TRY(new_tuple(cx, {Value::of_int(kNothing), kNone})));
    folder = buffer;
  }
  Found kind = kNothing;
  std::string path;
  {
    std::lock_guard lock(listings_lock);
    struct stat st;
    if (stat(folder.c_str(), &st) != 0) {
      listings.erase(folder);
      // "x.zip/sub" exists inside an archive only.
      kind = folder.find(".zip/") != std::string::npos || folder.find(".egg/") != std::string::npos
                 ? kNoDirectory
                 : kNothing;
    } else if (!S_ISDIR(st.st_mode)) {
      kind = kNoDirectory;
    } else {
      Listing& l = listings[folder];
      if (!l.is_directory || l.mtime.tv_sec != st.st_mtim.tv_sec ||
          l.mtime.tv_nsec != st.st_mtim.tv_nsec) {
        l.is_directory = true;
        l.mtime = st.st_mtim;
        read_listing(folder, &l);
      }
      while (folder.size() > 1 && folder.back() == '/') folder.pop_back();
      const std::string base = folder == "/" ? folder : folder + "/";
      const bool has_name = l.names.count(name) != 0;
      if (has_name && is_file(path = base + name + "/__init__.py")) {
        kind = kPackage;
      } else if (l.names.count(name + ".py") != 0 && is_file(path = base + name + ".py")) {
        kind = kSource;
      } else if (has_name && is_folder(path = base + name)) {
        kind = kPortion;
      }
    }
  }
  const Value found =
      kind == kNothing || kind == kNoDirectory ? kNone : Value(TRY(new_str(cx, path)));
  return Value(TRY(new_tuple(cx, {Value::of_int(kind), found})));
}
Result<void> forget_listings(Context&) {
  std::lock_guard lock(listings_lock);
  listings.clear();
  return {};
}

// --- code ----------------------------------------------------------------------------------------

bool read_file(const std::string& path, std::string* out, struct stat* st) {
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  bool ok = fstat(fd, st) == 0;
  char buffer[65536];
  while (ok) {
    const ssize_t n = read(fd, buffer, sizeof(buffer));
    if (n < 0) ok = false;
    if (n <= 0) break;
    out->append(buffer, static_cast<size_t>(n));
  }
  const int error = errno;
  close(fd);
  errno = error;
  return ok;
}

Result<Value> load_source(Context& cx, Str* path, int optimise) {
  return Value(TRY(load_source_file(cx, to_utf8(path), optimise)));
}

void hide(Code* code) {
  code->data->hidden = true;
  for (size_t i = 0; i < code->consts->length; ++i)
    if (is_code((*code->consts)[i])) hide((*code->consts)[i].as<Code>());
}

// The importer itself is no module that could be imported.
const EmbeddedModule* find_embedded(const std::string& name) {
  for (const EmbeddedModule& m : embedded_modules())
    if (name == m.name && name != "_pystm_importer") return &m;
  return nullptr;
}

// An embedded module's code; cached like a file that never changes.
Result<Code*> compile_embedded(Context& cx, const EmbeddedModule& m) {
  CacheKey key{"<embedded " + std::string(m.name) + ">", 0, static_cast<int64_t>(m.source.size()),
               0};
  if (auto unit = cache_read(key)) return load_code(cx, *unit);
  compiler::CompileOptions options;
  auto r = compiler::compile_source(m.source, "<pystm " + std::string(m.name) + ">", options);
  if (r.code == nullptr) return raise_compile_error(cx, r.error, m.name);
  if (!runtime().options.dont_write_bytecode) cache_write(key, *r.code);
  return load_code(cx, *r.code);
}

bool is_embedded(Context& cx, Str* name) { return find_embedded(to_utf8(name)) != nullptr; }
Result<Value> embedded_code(Context& cx, Str* name) {
  const EmbeddedModule* m = find_embedded(to_utf8(name));
  if (m == nullptr)
    return raise(cx, kImportError, "no embedded module '%s'", to_utf8(name).c_str());
  return Value(TRY(compile_embedded(cx, *m)));
}
Result<Value> embedded_source(Context& cx, Str* name) {
  const EmbeddedModule* m = find_embedded(to_utf8(name));
  if (m == nullptr)
    return raise(cx, kImportError, "no embedded module '%s'", to_utf8(name).c_str());
  return Value(TRY(new_str(cx, m->source)));
}

// A module's body runs as a frame of its own: no native frame below it, so transactions may end in
// it.
Result<Value> run_module(Context& cx, Value code, Dict* ns) {
  if (!is_code(code)) return raise(cx, kTypeError, "run_module() needs a code object");
  if (dict_get_str(cx, ns, names().__builtins__).is_unset())
    TRY(dict_set_str(cx, ns, names().__builtins__, runtime().builtins_dict.value));
  const Value f = TRY(call(cx, Value(types().function), {code, Value(ns)}));
  return tail_call(cx, f, nullptr, 0);
}

bool is_builtin_name(const std::string& name) {
  for (const ModuleDef* def : builtin_modules())
    if (name == def->name) return true;
  return false;
}
bool is_builtin(Context& cx, Str* name) { return is_builtin_name(to_utf8(name)); }
Result<Value> create_builtin(Context& cx, Str* name) {
  const Value m = TRY(create_builtin_module(cx, to_utf8(name)));
  if (m.is_unset())
    return raise(cx, kImportError, "no built-in module named '%s'", to_utf8(name).c_str());
  return m;
}
Value make_module(Context& cx, Str* name) { return Value(new_module(cx, name)); }

// Where importlib would put the .pyc; nothing is ever written there.
Result<Value> cached_path(Context& cx, Str* path) {
  std::string p = to_utf8(path);
  const size_t slash = p.rfind('/');
  const std::string folder = slash == std::string::npos ? "" : p.substr(0, slash + 1);
  std::string name = slash == std::string::npos ? p : p.substr(slash + 1);
  const size_t dot = name.rfind('.');
  if (dot != std::string::npos) name.resize(dot);
  const int level = runtime().options.optimize;
  const std::string suffix = level == 0 ? "" : ".opt-" + std::to_string(level);
  return Value(TRY(new_str(cx, folder + "__pycache__/" + name + ".pystm-311" + suffix + ".pyc")));
}
Result<Value> stdlib_folder(Context& cx) {
  return Value(TRY(new_str(cx, runtime().options.stdlib_dir)));
}

// --- locks ---------------------------------------------------------------------------------------

Value new_lock(Context& cx) {
  auto* lock = alloc<stm::Lock>(cx, kShapeLockObject);
  stm::init_state(cx, lock).holder = 0;
  return Value(lock);
}
bool acquire_lock(Context& cx, Value lock, bool wait) {
  return stm::lock_acquire(cx, lock.as<stm::Lock>(), wait ? -1 : 0, false) ==
         stm::LockResult::kAcquired;
}
Result<void> release_lock(Context& cx, Value lock) {
  (void)stm::lock_release(cx, lock.as<stm::Lock>(), false);
  return {};
}
int64_t thread_id(Context& cx) { return static_cast<int64_t>(cx.thread_id); }

bool verbose(Context&) { return runtime().options.verbose > 0; }
Result<void> note(Context& cx, Str* text) {
  stm::defer_output(cx, 2, to_utf8(text));
  return {};
}

constexpr BuiltinDef kFunctions[] = {
    function<&find_in_directory>("find_in_directory", "(entry, tail, /)"),
    function<&forget_listings>("forget_listings", "()"),
    function<&load_source>("load_source", "(path, optimise=-1, /)"),
    function<&is_embedded>("is_embedded", "(name, /)"),
    function<&embedded_code>("embedded_code", "(name, /)"),
    function<&embedded_source>("embedded_source", "(name, /)"),
    function<&run_module>("run_module", "(code, ns, /)"),
    function<&is_builtin>("is_builtin", "(name, /)"),
    function<&create_builtin>("create_builtin", "(name, /)"),
    function<&make_module>("new_module", "(name, /)"),
    function<&cached_path>("cached_path", "(path, /)"),
    function<&stdlib_folder>("stdlib_folder", "()"),
    function<&new_lock>("new_lock", "()"),
    function<&acquire_lock>("lock_acquire", "(lock, wait, /)"),
    function<&release_lock>("lock_release", "(lock, /)"),
    function<&thread_id>("thread_id", "()"),
    function<&verbose>("verbose", "()"),
    function<&note>("note", "(text, /)"),
};

const ModuleDef kModule = {"_pystm_import", kFunctions};

gc::Root& importer_module() {
  static auto* root = new gc::Root;
  return *root;
}

}  // namespace

Result<Code*> load_source_file(Context& cx, const std::string& path, int optimise) {
  if (optimise < 0) optimise = runtime().options.optimize;
  struct stat st {};
  if (stat(path.c_str(), &st) != 0) return raise_errno(cx, errno, TRY(new_str(cx, path)));
  CacheKey key{path, st.st_mtim.tv_sec * 1'000'000'000LL + st.st_mtim.tv_nsec, st.st_size,
               optimise};
  if (auto unit = cache_read(key)) return load_code(cx, *unit);
  std::string source;
  if (!read_file(path, &source, &st)) return raise_errno(cx, errno, TRY(new_str(cx, path)));
  compiler::CompileOptions options = default_compile_options();
  options.optimise = optimise;
  options.parse.source_is_bytes = true;
  auto r = compiler::compile_source(source, path, options);
  if (r.error.kind != compiler::ErrorKind::None || !r.warnings.empty())
    return compile_text(cx, source, path, options);
  if (!runtime().options.dont_write_bytecode) cache_write(key, *r.code);
  return load_code(cx, *r.code);
}

Result<void> install_importer(Context& cx) {
  const Value module = TRY(create_builtin_module(cx, "_pystm_import"));
  importer_module().value = module;
  Dict* ns = module.as<Module>()->dict;
  TRY(dict_set_str(cx, runtime().modules.value.as<Dict>(), "_pystm_import", module));
  for (const EmbeddedModule& m : embedded_modules()) {
    if (std::string_view(m.name) != "_pystm_importer") continue;
    Code* code = TRY(compile_embedded(cx, m));
    hide(code);
    TRY(dict_set_str(cx, ns, names().__builtins__, runtime().builtins_dict.value));
    (void)TRY(run_code(cx, code, ns, ns));
  }
  (void)TRY(call(cx, dict_get_str(cx, ns, "install"), {}));
  return {};
}

Result<Value> importer_attr(Context& cx, const char* name) {
  const Value v = dict_get_str(cx, importer_module().value.as<Module>()->dict, name);
  if (v.is_unset()) return raise(cx, kSystemError, "the importer has no '%s'", name);
  return v;
}

void register_pystm_import() { register_module(kModule); }

}  // namespace pystm::lib
