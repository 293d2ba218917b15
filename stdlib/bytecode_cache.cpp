#include "stdlib/bytecode_cache.h"

#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>

#include "vm/hash/siphash.h"

namespace pystm::lib {

using namespace vm;  // NOLINT: this layer is written in vm's vocabulary

namespace {

std::string folder_path;

constexpr char kMagic[] = "pystm1\r\n";
constexpr hash::HashKey kKey{0x7079'7374'6d63'6163, 0x6865'2d6b'6579'2131};

uint64_t checksum(std::string_view bytes) {
  return hash::siphash13(kKey, {reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
}

// --- writing -------------------------------------------------------------------------------------

struct Writer {
  std::string out;

  template <class T>
  void plain(T v) {
    out.append(reinterpret_cast<const char*>(&v), sizeof(v));
  }
  void number(uint64_t v) {  // seven bits a byte, low ones first
    while (v >= 0x80) {
      out.push_back(static_cast<char>(v | 0x80));
      v >>= 7;
    }
    out.push_back(static_cast<char>(v));
  }
  void text(std::string_view s) {
    number(s.size());
    out.append(s);
  }
  template <class T>
  void array(const std::vector<T>& v) {
    static_assert(std::is_trivially_copyable_v<T>);
    number(v.size());
    out.append(reinterpret_cast<const char*>(v.data()), v.size() * sizeof(T));
  }
  void texts(const std::vector<std::string>& v) {
    number(v.size());
    for (const std::string& s : v) text(s);
  }
  void constant(const Const& c) {
    plain(c.kind);
    switch (c.kind) {
      case Const::Kind::kNone:
      case Const::Kind::kTrue:
      case Const::Kind::kFalse:
      case Const::Kind::kEllipsis:
        break;
      case Const::Kind::kInt:
        plain(c.int_value);
        break;
      case Const::Kind::kFloat:
        plain(c.real);
        break;
      case Const::Kind::kComplex:
        plain(c.real);
        plain(c.imag);
        break;
      case Const::Kind::kBigInt:
      case Const::Kind::kStr:
      case Const::Kind::kBytes:
        text(c.text);
        break;
      case Const::Kind::kTuple:
      case Const::Kind::kFrozenSet:
        number(c.items.size());
        for (const Const& item : c.items) constant(item);
        break;
      case Const::Kind::kCode:
        unit(*c.code);
        break;
    }
  }
  void unit(const CodeUnit& u) {
    text(u.name);
    text(u.qualname);
    text(u.filename);
    plain(u.flags);
    plain(u.argcount);
    plain(u.posonly_count);
    plain(u.kwonly_count);
    plain(u.register_count);
    plain(u.first_line);
    array(u.instrs);
    number(u.consts.size());
    for (const Const& c : u.consts) constant(c);
    texts(u.names);
    texts(u.varnames);
    texts(u.cellvars);
    texts(u.freevars);
    array(u.exceptions);
    array(u.depths);
    text(u.positions);
  }
};

// --- reading -------------------------------------------------------------------------------------

struct Reader {
  const char* p;
  const char* end;
  bool bad = false;
  int depth = 0;

  bool room(size_t n) {
    if (!bad && static_cast<size_t>(end - p) >= n) return true;
    bad = true;
    return false;
  }
  template <class T>
  T plain() {
    T v{};
    if (room(sizeof(T))) {
      std::memcpy(&v, p, sizeof(T));
      p += sizeof(T);
    }
    return v;
  }
  size_t number() {
    uint64_t v = 0;
    for (int shift = 0; shift < 64 && room(1); shift += 7) {
      const auto byte = static_cast<unsigned char>(*p++);
      v |= static_cast<uint64_t>(byte & 0x7F) << shift;
      if (!(byte & 0x80)) return v;
    }
    bad = true;
    return 0;
  }
  std::string text() {
    const size_t n = number();
    if (!room(n)) return {};
    std::string s(p, n);
    p += n;
    return s;
  }
  template <class T>
  void array(std::vector<T>* v) {
    const size_t n = number();
    if (n > SIZE_MAX / sizeof(T) || !room(n * sizeof(T))) {
      bad = true;
      return;
    }
    v->resize(n);
    if (n != 0) std::memcpy(static_cast<void*>(v->data()), p, n * sizeof(T));
    p += n * sizeof(T);
  }
  void texts(std::vector<std::string>* v) {
    const size_t n = number();
    if (!room(n)) return;
    v->reserve(n);
    for (size_t i = 0; i < n && !bad; ++i) v->push_back(text());
  }
  void constants(std::vector<Const>* v) {
    const size_t n = number();
    if (!room(n) || ++depth > 500) {
      bad = true;
      return;
    }
    v->reserve(n);
    for (size_t i = 0; i < n && !bad; ++i) v->push_back(constant());
    --depth;
  }
  Const constant() {
    Const c;
    c.kind = plain<Const::Kind>();
    switch (c.kind) {
      case Const::Kind::kNone:
      case Const::Kind::kTrue:
      case Const::Kind::kFalse:
      case Const::Kind::kEllipsis:
        return c;
      case Const::Kind::kInt:
        c.int_value = plain<int64_t>();
        return c;
      case Const::Kind::kFloat:
        c.real = plain<double>();
        return c;
      case Const::Kind::kComplex:
        c.real = plain<double>();
        c.imag = plain<double>();
        return c;
      case Const::Kind::kBigInt:
      case Const::Kind::kStr:
      case Const::Kind::kBytes:
        c.text = text();
        return c;
      case Const::Kind::kTuple:
      case Const::Kind::kFrozenSet:
        constants(&c.items);
        return c;
      case Const::Kind::kCode:
        c.code = unit();
        return c;
    }
    bad = true;
    return c;
  }
  std::shared_ptr<CodeUnit> unit() {
    auto u = std::make_shared<CodeUnit>();
    u->name = text();
    u->qualname = text();
    u->filename = text();
    u->flags = plain<uint32_t>();
    u->argcount = plain<uint16_t>();
    u->posonly_count = plain<uint16_t>();
    u->kwonly_count = plain<uint16_t>();
    u->register_count = plain<uint16_t>();
    u->first_line = plain<int32_t>();
    array(&u->instrs);
    constants(&u->consts);
    texts(&u->names);
    texts(&u->varnames);
    texts(&u->cellvars);
    texts(&u->freevars);
    array(&u->exceptions);
    array(&u->depths);
    u->positions = text();
    return u;
  }
};

// --- files ---------------------------------------------------------------------------------------

// The executable's build id, in hexadecimal.
int find_build_id(dl_phdr_info* info, size_t, void* out) {
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    if (info->dlpi_phdr[i].p_type != PT_NOTE) continue;
    auto* p = reinterpret_cast<const char*>(info->dlpi_addr + info->dlpi_phdr[i].p_vaddr);
    const char* end = p + info->dlpi_phdr[i].p_memsz;
    while (p + sizeof(ElfW(Nhdr)) <= end) {
      auto* note = reinterpret_cast<const ElfW(Nhdr)*>(p);
      const char* name = p + sizeof(*note);
      const char* data = name + ((note->n_namesz + 3) & ~3u);
      if (note->n_type == NT_GNU_BUILD_ID && note->n_namesz == 4 &&
          std::memcmp(name, "GNU", 4) == 0) {
        for (unsigned k = 0; k < note->n_descsz && k < 10; ++k) {
          char hex[3];
          std::snprintf(hex, sizeof(hex), "%02x", static_cast<unsigned char>(data[k]));
          static_cast<std::string*>(out)->append(hex);
        }
        return 1;
      }
      p = data + ((note->n_descsz + 3) & ~3u);
    }
  }
  return 1;  // the first object is the executable
}

const std::string& build_id() {
  static const std::string id = [] {
    std::string s;
    dl_iterate_phdr(find_build_id, &s);
    return s.empty() ? std::string("unknown") : s;
  }();
  return id;
}

std::string file_name(const CacheKey& key) {
  char hex[32];
  std::snprintf(hex, sizeof(hex), "/%016llx.%d",
                static_cast<unsigned long long>(checksum(key.path)), key.optimise);
  return folder_path + "/" + build_id() + hex;
}

std::string header(const CacheKey& key) {
  Writer w;
  w.out.append(kMagic, sizeof(kMagic) - 1);
  w.text(key.path);
  w.plain(key.mtime_ns);
  w.plain(key.size);
  w.plain(static_cast<int32_t>(key.optimise));
  return w.out;
}

bool read_whole(const std::string& name, std::string* out) {
  const int fd = open(name.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  struct stat st;
  bool ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid();
  if (ok) {
    out->resize(static_cast<size_t>(st.st_size));
    ok = read(fd, out->data(), out->size()) == static_cast<ssize_t>(out->size());
  }
  close(fd);
  return ok;
}

bool make_folders(const std::string& path) {
  for (size_t at = 1; at != std::string::npos;) {
    at = path.find('/', at + 1);
    const std::string part = path.substr(0, at);
    if (mkdir(part.c_str(), 0700) != 0 && errno != EEXIST) return false;
  }
  return true;
}

}  // namespace

std::string write_unit(const CodeUnit& unit) {
  Writer w;
  w.unit(unit);
  return std::move(w.out);
}

std::shared_ptr<CodeUnit> read_unit(std::string_view bytes) {
  Reader r{bytes.data(), bytes.data() + bytes.size()};
  auto unit = r.unit();
  return r.bad || r.p != r.end ? nullptr : unit;
}

void set_cache_folder(const std::string& folder) { folder_path = folder; }
std::string cache_folder() {
  return folder_path.empty() ? folder_path : folder_path + "/" + build_id();
}

std::shared_ptr<CodeUnit> cache_read(const CacheKey& key) {
  std::string bytes;
  if (folder_path.empty() || !read_whole(file_name(key), &bytes)) return nullptr;
  const std::string expected = header(key);
  if (bytes.size() < expected.size() + 8 || bytes.compare(0, expected.size(), expected) != 0)
    return nullptr;
  uint64_t sum;
  std::memcpy(&sum, bytes.data() + bytes.size() - 8, 8);
  const std::string_view body(bytes.data() + expected.size(), bytes.size() - expected.size() - 8);
  if (sum != checksum({bytes.data(), bytes.size() - 8})) return nullptr;
  return read_unit(body);
}

void cache_write(const CacheKey& key, const CodeUnit& unit) {
  if (folder_path.empty()) return;
  std::string bytes = header(key) + write_unit(unit);
  const uint64_t sum = checksum(bytes);
  bytes.append(reinterpret_cast<const char*>(&sum), 8);
  const std::string folder = cache_folder();
  const std::string name = file_name(key);
  static std::atomic<unsigned> serial{0};
  const std::string temporary =
      name + "." + std::to_string(getpid()) + "." + std::to_string(serial++);
  int fd = open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0) {
    if (errno != ENOENT || !make_folders(folder)) return;
    fd = open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) return;
  }
  const bool ok = write(fd, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
  close(fd);
  if (!ok || rename(temporary.c_str(), name.c_str()) != 0) unlink(temporary.c_str());
}

}  // namespace pystm::lib
