// sys.stdin, stdout, stderr.
#include <fcntl.h>
#include <unistd.h>

#include <cstring>

#include "stdlib/importer.h"
#include "stdlib/support.h"

namespace pystm::lib {

namespace {

Result<Value> open_stream(Context& cx, int fd, const char* name, const char* mode,
                          const std::string& encoding, const char* errors, bool line_buffering) {
  if (fcntl(fd, F_GETFD) < 0) return kNone;
  const bool unbuffered = runtime().options.unbuffered && fd != 0;
  const Value raw = TRY(call(cx, TRY(import_attr(cx, "_io", "FileIO")),
                             {Value::of_int(fd), Value(intern(cx, mode)), kFalse}));
  TRY(set_attr(cx, raw, names().name, intern(cx, name)));
  Value buffer = raw;
  if (!unbuffered) {
    const char* type = fd == 0 ? "BufferedReader" : "BufferedWriter";
    buffer = TRY(call(cx, TRY(import_attr(cx, "_io", type)), {raw}));
  } else {
    buffer = TRY(call(cx, TRY(import_attr(cx, "_io", "BufferedWriter")), {raw}));
  }
  const Value wrapper = TRY(
      call(cx, TRY(import_attr(cx, "_io", "TextIOWrapper")),
           {buffer, Value(intern(cx, encoding)), Value(intern(cx, errors)), Value(intern(cx, "\n")),
            of_bool(line_buffering && !unbuffered), of_bool(unbuffered)}));
  TRY(set_attr(cx, wrapper, names().mode, intern(cx, fd == 0 ? "r" : "w")));
  return wrapper;
}

}  // namespace

Result<void> open_standard_streams(Context& cx) {
  const RuntimeOptions& o = runtime().options;
  std::string encoding = "utf-8", errors;
  const char* io = o.ignore_environment ? nullptr : getenv("PYTHONIOENCODING");
  if (io != nullptr && *io != 0) {
    const std::string text(io);
    const size_t colon = text.find(':');
    if (colon != 0) encoding = text.substr(0, colon);
    if (colon != std::string::npos) errors = text.substr(colon + 1);
  }
  // The C and POSIX locales take any bytes, as does UTF-8 mode.
  auto env = [](const char* name) {
    const char* v = getenv(name);
    return v == nullptr ? std::string() : std::string(v);
  };
  std::string locale = env("LC_ALL");
  if (locale.empty()) locale = env("LC_CTYPE");
  if (locale.empty()) locale = env("LANG");
  const bool escape = locale.empty() || locale == "C" || locale == "POSIX" || locale == "C.UTF-8" ||
                      locale == "C.utf8" || o.utf8_mode > 0;
  const std::string standard = !errors.empty() ? errors : escape ? "surrogateescape" : "strict";
  const struct {
    int fd;
    const char *name, *text, *mode;
  } kStreams[] = {{0, "stdin", "<stdin>", "rb"},
                  {1, "stdout", "<stdout>", "wb"},
                  {2, "stderr", "<stderr>", "wb"}};
  auto* sys = runtime().sys.value.as<Module>();
  TRY(module_add(cx, runtime().builtins.value.as<Module>(), "open",
                 TRY(import_attr(cx, "_io", "open"))));
  TRY(module_add(cx, runtime().builtins.value.as<Module>(), "open",
                 TRY(import_attr(cx, "_io", "open"))));
  for (const auto& s : kStreams) {
    const bool line = s.fd == 2 || isatty(s.fd) || (s.fd == 1 && o.interactive);
    const Value stream = TRY(open_stream(cx, s.fd, s.text, s.mode, encoding,
                                         s.fd == 2 ? "backslashreplace" : standard.c_str(), line));
    TRY(module_add(cx, sys, s.name, stream));
    TRY(module_add(cx, sys, ("__" + std::string(s.name) + "__").c_str(), stream));
  }
  return {};
}

}  // namespace pystm::lib
