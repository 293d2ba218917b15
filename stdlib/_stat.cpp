// _stat: file modes.
#include <sys/stat.h>

#include "stdlib/modules.h"
#include "stdlib/support.h"

namespace pystm::lib {
namespace {

template <unsigned kType>
bool is_type(Context&, int64_t mode) {
  return (static_cast<unsigned>(mode) & S_IFMT) == kType;
}
bool never(Context&, int64_t) { return false; }
int64_t type_bits(Context&, int64_t mode) { return mode & S_IFMT; }
int64_t permission_bits(Context&, int64_t mode) { return mode & 07777; }
Result<Value> filemode(Context& cx, int64_t mode) {
  const auto m = static_cast<unsigned>(mode);
  char text[11] = "?---------";
  switch (m & S_IFMT) {
    case S_IFREG:
      text[0] = '-';
      break;
    case S_IFDIR:
      text[0] = 'd';
      break;
    case S_IFLNK:
      text[0] = 'l';
      break;
    case S_IFBLK:
      text[0] = 'b';
      break;
    case S_IFCHR:
      text[0] = 'c';
      break;
    case S_IFIFO:
      text[0] = 'p';
      break;
    case S_IFSOCK:
      text[0] = 's';
      break;
  }
  for (int i = 0; i < 9; ++i)
    if (m & (0400u >> i)) text[i + 1] = "rwx"[i % 3];
  if (m & S_ISUID) text[3] = m & S_IXUSR ? 's' : 'S';
  if (m & S_ISGID) text[6] = m & S_IXGRP ? 's' : 'S';
  if (m & S_ISVTX) text[9] = m & S_IXOTH ? 't' : 'T';
  return str_of(cx, text);
}

constexpr BuiltinDef kFunctions[] = {
    function<&is_type<S_IFDIR>>("S_ISDIR", "(mode, /)"),
    function<&is_type<S_IFCHR>>("S_ISCHR", "(mode, /)"),
    function<&is_type<S_IFBLK>>("S_ISBLK", "(mode, /)"),
    function<&is_type<S_IFREG>>("S_ISREG", "(mode, /)"),
    function<&is_type<S_IFIFO>>("S_ISFIFO", "(mode, /)"),
    function<&is_type<S_IFLNK>>("S_ISLNK", "(mode, /)"),
    function<&is_type<S_IFSOCK>>("S_ISSOCK", "(mode, /)"),
    function<&never>("S_ISDOOR", "(mode, /)"),
    function<&never>("S_ISPORT", "(mode, /)"),
    function<&never>("S_ISWHT", "(mode, /)"),
    function<&permission_bits>("S_IMODE", "(mode, /)"),
    function<&type_bits>("S_IFMT", "(mode, /)"),
    function<&filemode>("filemode", "(mode, /)"),
};
constexpr struct {
  const char* name;
  unsigned value;
} kNumbers[] = {
#define N(x) {#x, x},
    N(S_IFDIR) N(S_IFCHR) N(S_IFBLK) N(S_IFREG) N(S_IFIFO) N(S_IFLNK) N(S_IFSOCK) N(S_ISUID)
        N(S_ISGID) N(S_ISVTX) N(S_IRWXU) N(S_IRUSR) N(S_IWUSR) N(S_IXUSR) N(S_IRWXG) N(S_IRGRP)
            N(S_IWGRP) N(S_IXGRP) N(S_IRWXO) N(S_IROTH) N(S_IWOTH) N(S_IXOTH)
#undef N
                {"S_IFDOOR", 0},
    {"S_IFPORT", 0},
    {"S_IFWHT", 0},
    {"S_ENFMT", 02000},
    {"S_IREAD", 0400},
    {"S_IWRITE", 0200},
    {"S_IEXEC", 0100},
    {"UF_NODUMP", 1},
    {"UF_IMMUTABLE", 2},
    {"UF_APPEND", 4},
    {"UF_OPAQUE", 8},
    {"UF_NOUNLINK", 16},
    {"UF_COMPRESSED", 32},
    {"UF_HIDDEN", 32768},
    {"SF_ARCHIVED", 65536},
    {"SF_IMMUTABLE", 131072},
    {"SF_APPEND", 262144},
    {"SF_NOUNLINK", 1048576},
    {"SF_SNAPSHOT", 2097152},
    {"ST_MODE", 0},
    {"ST_INO", 1},
    {"ST_DEV", 2},
    {"ST_NLINK", 3},
    {"ST_UID", 4},
    {"ST_GID", 5},
    {"ST_SIZE", 6},
    {"ST_ATIME", 7},
    {"ST_MTIME", 8},
    {"ST_CTIME", 9},
    {"FILE_ATTRIBUTE_ARCHIVE", 32},
    {"FILE_ATTRIBUTE_COMPRESSED", 2048},
    {"FILE_ATTRIBUTE_DEVICE", 64},
    {"FILE_ATTRIBUTE_DIRECTORY", 16},
    {"FILE_ATTRIBUTE_ENCRYPTED", 16384},
    {"FILE_ATTRIBUTE_HIDDEN", 2},
    {"FILE_ATTRIBUTE_INTEGRITY_STREAM", 32768},
    {"FILE_ATTRIBUTE_NORMAL", 128},
    {"FILE_ATTRIBUTE_NOT_CONTENT_INDEXED", 8192},
    {"FILE_ATTRIBUTE_NO_SCRUB_DATA", 131072},
    {"FILE_ATTRIBUTE_OFFLINE", 4096},
    {"FILE_ATTRIBUTE_READONLY", 1},
    {"FILE_ATTRIBUTE_REPARSE_POINT", 1024},
    {"FILE_ATTRIBUTE_SPARSE_FILE", 512},
    {"FILE_ATTRIBUTE_SYSTEM", 4},
    {"FILE_ATTRIBUTE_TEMPORARY", 256},
    {"FILE_ATTRIBUTE_VIRTUAL", 65536},
};
Result<void> init(Context& cx, Module* m) {
  for (const auto& n : kNumbers) TRY(module_add_int(cx, m, n.name, n.value));
  return {};
}
const ModuleDef kModule = {"_stat", kFunctions, init};

}  // namespace

void register_stat() { register_module(kModule); }

}  // namespace pystm::lib
