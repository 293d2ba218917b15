// The pystm executable: reads the command line, brings the VM up, runs the program, brings it down.
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <climits>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>

#include "jit/module.h"
#include "stdlib/bytecode_cache.h"
#include "stdlib/importer.h"
#include "stdlib/lifecycle.h"
#include "stdlib/modules.h"
#include "tools/pystm/repl.h"
#include "tools/pystm/report.h"
#include "tools/pystm/settings.h"
#include "vm/object/dict.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/call.h"
#include "vm/runtime/compile.h"
#include "vm/runtime/runtime.h"
#include "vm/runtime/signals.h"

namespace pystm::tool {

using namespace vm;  // NOLINT: the tool is written in vm's vocabulary

namespace {

std::string real_path(const std::string& path) {
  char buffer[PATH_MAX];
  return realpath(path.c_str(), buffer) == nullptr ? path : buffer;
}

// The executable's own path, for sys.executable.
std::string own_path() {
  char buffer[PATH_MAX];
  const ssize_t n = readlink("/proc/self/exe", buffer, sizeof(buffer));
  return n > 0 ? std::string(buffer, static_cast<size_t>(n)) : "pystm";
}

std::string cache_folder() {
  const char* xdg = std::getenv("XDG_CACHE_HOME");
  if (xdg != nullptr && *xdg != 0) return std::string(xdg) + "/pystm";
  const char* home = std::getenv("HOME");
  return home == nullptr || *home == 0 ? "" : std::string(home) + "/.cache/pystm";
}

// An installed 3.11 library, or one clear line and exit status 1.
void find_library(RuntimeOptions* options) {
  if (options->stdlib_dir.empty()) options->stdlib_dir = PYSTM_STDLIB_DIR;
  struct stat st;
  if (stat((options->stdlib_dir + "/os.py").c_str(), &st) == 0) return;
  std::fprintf(stderr,
               "pystm: no Python 3.11 standard library in %s: install the package "
               "libpython3.11-stdlib or name its folder by --stdlib\n",
               options->stdlib_dir.c_str());
  std::exit(1);
}

Result<void> set_up_path(Context& cx, const Settings& s) {
  auto* path = sys_get(cx, names().path).as<List>();
  std::vector<std::string> entries;
  const char* more = s.runtime.ignore_environment ? nullptr : std::getenv("PYTHONPATH");
  if (more != nullptr) {
    std::stringstream parts(more);
    std::string part;
    while (std::getline(parts, part, ':')) entries.push_back(part);
  }
  entries.push_back(s.runtime.stdlib_dir);
  for (const std::string& e : entries) TRY(list_append(cx, path, TRY(new_str(cx, e))));
  return {};
}

// The program's own folder goes first, once what start-up imports has been found in the library.
Result<void> put_program_first(Context& cx, const Settings& s) {
  if (s.runtime.safe_path) return {};
  std::string first;
  if (s.run == Settings::Run::kScript) {
    const std::string file = real_path(s.target);
    struct stat st;
    const bool folder = stat(file.c_str(), &st) == 0 && S_ISDIR(st.st_mode);
    first = folder ? s.target : file.substr(0, file.rfind('/'));
  } else if (s.run == Settings::Run::kModule) {
    first = real_path(".");
  }
  auto* path = sys_get(cx, names().path).as<List>();
  return list_insert(cx, path, 0, TRY(new_str(cx, first)));
}

// As the program is named: the working directory in front, nothing resolved.
std::string absolute_path(std::string path) {
  if (!path.empty() && path[0] == '/') return path;
  char buffer[PATH_MAX];
  return getcwd(buffer, sizeof(buffer)) == nullptr ? path : std::string(buffer) + "/" + path;
}

Result<void> run_text(Context& cx, Module* main, const std::string& text, const std::string& name,
                      bool bytes) {
  compiler::CompileOptions options = default_compile_options();
  options.parse.source_is_bytes = bytes;
  if (bytes) {
    // A file that is no UTF-8 has no line to show.
    compiler::CompileResult r = compiler::compile_source(text, name, options);
    const size_t at = r.error.message.find(" on line ");
    if (r.error.message.rfind("Non-UTF-8 code", 0) == 0 && at != std::string::npos) {
      r.error.message.insert(at, " in file " + name);
      r.error.has_position = false;
      return raise_compile_error(cx, r.error, name);
    }
  }
  Code* code = TRY(compile_text(cx, text, name, options));
  (void)TRY(run_code(cx, code, main->dict, main->dict.ptr));
  return {};
}

Result<void> run_module(Context& cx, const std::string& name, bool set_argv) {
  const Value f = TRY(import_attr(cx, "runpy", "_run_module_as_main"));
  (void)TRY(call(cx, f, {Value(TRY(new_str(cx, name))), of_bool(set_argv)}));
  return {};
}

// CPython reads a script line by line and takes a NUL for the end of its line.
std::string without_nuls(const std::string& text) {
  if (text.find('\0') == std::string::npos) return text;
  std::string out;
  bool skipping = false;
  for (char c : text) {
    if (c == '\0') skipping = true;
    if (c == '\n') skipping = false;
    if (!skipping) out.push_back(c);
  }
  return out;
}

// A script file; directories and zip files with a __main__ run as modules. -1: go on, else the exit
// status.
Result<int> run_script(Context& cx, Module* main, const std::string& path) {
  struct stat st;
  if (stat(path.c_str(), &st) == 0 && S_ISDIR(st.st_mode)) {
    if (stat((path + "/__main__.py").c_str(), &st) != 0) {
      std::fprintf(stderr, "%s: can't find '__main__' module in '%s'\n",
                   runtime().options.executable.c_str(), absolute_path(path).c_str());
      return 1;
    }
    TRY(run_module(cx, "__main__", false));
    return -1;
  }
  FILE* file = std::fopen(path.c_str(), "rb");
  if (file == nullptr) {
    std::fprintf(stderr, "%s: can't open file '%s': [Errno %d] %s\n",
                 runtime().options.executable.c_str(), absolute_path(path).c_str(), errno,
                 std::strerror(errno));
    return 2;
  }
  std::string text;
  char buffer[65536];
  size_t n;
  while ((n = std::fread(buffer, 1, sizeof(buffer), file)) > 0) text.append(buffer, n);
  std::fclose(file);
  const bool zip = text.compare(0, 4, std::string("PK\3\4", 4)) == 0;
  if (!zip) text = without_nuls(text);
  if (zip) {
    auto* paths = sys_get(cx, names().path).as<List>();
    TRY(list_insert(cx, paths, 0, TRY(new_str(cx, path))));
    TRY(run_module(cx, "__main__", false));
    return -1;
  }
  const std::string name = absolute_path(path);
  if (runtime().options.skip_first_line)
    text.replace(0, std::min(text.find('\n'), text.size()), "");
  const Value file_name = TRY(new_str(cx, name));
  TRY(dict_set_str(cx, main->dict, names().__file__, file_name));
  TRY(dict_set_str(cx, main->dict, names().__cached__, kNone));
  (void)TRY(call(cx, TRY(lib::importer_attr(cx, "set_main_loader")), {Value(main), file_name}));
  TRY(run_text(cx, main, text, name, true));
  return -1;
}

// The program itself. The exit status, or an error with the exception pending.
Result<int> run_program(Context& cx, Module* main, Settings& s) {
  switch (s.run) {
    case Settings::Run::kCommand: {
      std::string text = s.target;
      if (text.empty() || text.back() != '\n') text += '\n';
      TRY(run_text(cx, main, text, "<string>", false));
      return 0;
    }
    case Settings::Run::kModule:
      TRY(run_module(cx, s.target, true));
      return 0;
    case Settings::Run::kScript: {
      const int status = TRY(run_script(cx, main, s.target));
      return status < 0 ? 0 : status;
    }
    case Settings::Run::kStdin:
    case Settings::Run::kInteractive: {
      if ((isatty(0) && s.run == Settings::Run::kInteractive) || s.runtime.interactive) {
        s.runtime.inspect = false;
        return run_repl(cx, main, s.runtime.quiet > 0);
      }
      std::stringstream text;
      text << std::cin.rdbuf();
      TRY(run_text(cx, main, text.str(), "<stdin>", true));
      return 0;
    }
  }
  return 0;
}

Result<Module*> make_main(Context& cx) {
  Module* main = new_module(cx, names().__main__);
  TRY(dict_set_str(cx, main->dict, names().__builtins__, runtime().builtins.value));
  TRY(dict_set_str(cx, main->dict, names().__annotations__, new_dict(cx)));
  TRY(dict_set_str(cx, runtime().modules.value.as<Dict>(), "__main__", main));
  return main;
}

bool interrupted = false;

int uncaught(Context& cx) {
  interrupted = pending_is(cx, kKeyboardInterrupt);
  return report_uncaught(cx);
}

// Waits for the other threads, runs atexit functions, flushes. The exit status.
int finish(Context& cx, int status) {
  const Value threading = dict_get_str(cx, runtime().modules.value.as<Dict>(), "threading");
  if (!threading.is_unset() && call_method(cx, threading, "_shutdown", {}).is_error())
    write_unraisable(cx, threading);
  lib::run_exit_functions(cx);
  runtime().finalizing = true;
  for (Str* name : {names().stdout, names().stderr}) {
    const Value stream = sys_get(cx, name);
    if (stream.is_unset() || stream == kNone) continue;
    auto closed = get_attr(cx, stream, names().closed);
    if (closed.is_error())
      clear_exception(cx);
    else if (closed.value() == kTrue)
      continue;
    if (!call_method(cx, stream, names().flush, {}).is_error()) continue;
    if (name == names().stdout) {
      write_unraisable(cx, stream);
      if (status == 0) status = 120;
    }
    clear_exception(cx);
  }
  stm::commit(cx);
  stm::begin(cx);
  for (int fd : {1, 2})
    if (stm::flush_output(cx, fd) != 0 && status == 0) status = 120;
  return status;
}

// Ctrl-C, unless the parent has it ignored.
void catch_interrupts() {
  struct sigaction now {};
  if (sigaction(SIGINT, nullptr, &now) != 0 || now.sa_handler == SIG_IGN) return;
  struct sigaction ours {};
  ours.sa_handler = signal_arrived;
  sigemptyset(&ours.sa_mask);
  sigaction(SIGINT, &ours, nullptr);
}

int run(Settings& s) {
  Context& cx = start(s.runtime, s.gc, s.stm);
  jit::initialize(s.jit);
  if (!s.stm_log.empty()) stm::open_log(s.stm_log);
  init_signals(cx);
  catch_interrupts();
  int status = 0;
  auto ready = [&]() -> Result<Module*> {
    TRY(lib::install_importer(cx));
    TRY(set_up_path(cx, s));
    TRY(lib::open_standard_streams(cx));
    Module* main = TRY(make_main(cx));
    if (!s.runtime.no_site) (void)TRY(import_module(cx, "site"));
    (void)TRY(import_module(cx, "_signal"));
    TRY(put_program_first(cx, s));
    return main;
  };
  auto main = ready();
  if (main.is_error()) {
    status = uncaught(cx);
  } else {
    auto r = run_program(cx, main.value(), s);
    status = r.is_error() ? uncaught(cx) : r.value();
    if (s.runtime.inspect && (isatty(0) || s.runtime.interactive)) {
      auto again = run_repl(cx, main.value(), true);
      status = again.is_error() ? uncaught(cx) : again.value();
    }
  }
  status = finish(cx, status);
  print_reports(s);
  if (interrupted) {
    // Died of the signal, as shells expect.
    signal(SIGINT, SIG_DFL);
    kill(getpid(), SIGINT);
  }
  return status;
}

}  // namespace

}  // namespace pystm::tool

int main(int argc, char** argv) {
  using namespace pystm;
  tool::Settings s;
  // Native recursion (repr, compare, hash of nested data) gets more room than the usual 8 MiB; the
  // main thread's stack grows up to the limit in force.
  rlimit stack;
  constexpr rlim_t kStack = 64u << 20;
  if (getrlimit(RLIMIT_STACK, &stack) == 0 && stack.rlim_cur < kStack &&
      (stack.rlim_max == RLIM_INFINITY || stack.rlim_max >= kStack)) {
    stack.rlim_cur = kStack;
    (void)setrlimit(RLIMIT_STACK, &stack);
  }
  const int status = tool::parse_command_line(argc, argv, &s);
  if (status >= 0) return status;
  s.runtime.executable = tool::own_path();
  tool::find_library(&s.runtime);
  s.runtime.cache_dir = tool::cache_folder();
  if (s.info) return tool::print_info(s);
  lib::set_cache_folder(s.runtime.cache_dir);
  lib::register_all_modules();
  jit::register_jit_module();
  const int result = tool::run(s);
  std::fflush(nullptr);
  _exit(result & 0xFF);
}
