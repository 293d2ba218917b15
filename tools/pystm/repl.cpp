// The interactive loop: lines through libedit (history in ~/.pystm_history), continuation while the
// input is incomplete, tracebacks, sys.ps1 and sys.ps2.
#include "tools/pystm/repl.h"

#include <editline/readline.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "vm/object/dict.h"
#include "vm/object/str.h"
#include "vm/runtime/call.h"
#include "vm/runtime/compile.h"
#include "vm/runtime/operators.h"
#include "vm/runtime/runtime.h"

namespace pystm::tool {

using namespace vm;  // NOLINT: the tool is written in vm's vocabulary

namespace {

std::string prompt(Context& cx, Str* name, const char* fallback) {
  const Value v = sys_get(cx, name);
  if (v.is_unset()) return fallback;
  auto text = str(cx, v);
  if (!text.is_error()) return to_utf8(cx, text.value());
  clear_exception(cx);
  return fallback;
}

class Input {
 public:
  Input() : tty_(isatty(0)) {
    if (!tty_) return;
    using_history();
    if (const char* home = std::getenv("HOME")) {
      file_ = std::string(home) + "/.pystm_history";
      read_history(file_.c_str());
    }
  }
  ~Input() {
    if (!file_.empty()) write_history(file_.c_str());
  }
  // False at the end of input.
  bool line(Context& cx, const std::string& prompt, std::string* out) {
    stm::flush_output(cx, 1);
    if (!tty_) {
      std::fputs(prompt.c_str(), stderr);
      const Value in = sys_get(cx, names().stdin);
      auto read = call_method(cx, in, names().readline, {});
      if (read.is_error() || !is_str(read.value())) {
        clear_exception(cx);
        return false;
      }
      *out = to_utf8(cx, read.value());
      if (out->empty()) return false;
      while (!out->empty() && (out->back() == '\n' || out->back() == '\r')) out->pop_back();
      return true;
    }
    char* text = readline(prompt.c_str());
    if (text == nullptr) return false;
    *out = text;
    if (*text != 0) add_history(text);
    std::free(text);
    return true;
  }

 private:
  bool tty_;
  std::string file_;
};

// Compiles what has been typed: null code and no error while more lines are needed.
Result<Code*> compile_input(Context& cx, const std::string& text, bool* incomplete) {
  compiler::CompileOptions options = default_compile_options();
  options.parse.mode = compiler::Mode::Single;
  options.parse.allow_incomplete = true;
  options.parse.dont_imply_dedent = true;
  compiler::CompileResult r = compiler::compile_source(text, "<stdin>", options);
  *incomplete = r.error.kind != compiler::ErrorKind::None && r.error.message == "incomplete input";
  if (*incomplete) return raise(cx, kSyntaxError, "incomplete input");
  return compile_text(cx, text, "<stdin>", options);
}

}  // namespace

Result<int> run_repl(Context& cx, Module* main, bool quiet) {
  if (!quiet)
    std::fprintf(stderr,
                 "Python 3.11.2 (pystm 0.1.0) on linux\nType \"help\", \"copyright\", \"credits\" "
                 "or \"license\" for more information.\n");
  TRY(module_add_str(cx, runtime().sys.value.as<Module>(), "ps1", ">>> "));
  TRY(module_add_str(cx, runtime().sys.value.as<Module>(), "ps2", "... "));
  Input input;
  std::string text, line;
  for (;;) {
    if (!input.line(
            cx, text.empty() ? prompt(cx, names().ps1, ">>> ") : prompt(cx, names().ps2, "... "),
            &line)) {
      std::fputc('\n', stderr);
      return 0;
    }
    if (text.empty() && line.find_first_not_of(" \t") == std::string::npos) continue;
    if (!text.empty()) text += '\n';  // a block ends with an empty line
    text += line;
    bool incomplete = false;
    auto code = compile_input(cx, text, &incomplete);
    if (incomplete) {
      clear_exception(cx);
      continue;
    }
    text.clear();
    bool failed = code.is_error();
    if (!failed) failed = run_code(cx, code.value(), main->dict, main->dict.ptr).is_error();
    if (failed) {
      if (pending_is(cx, kSystemExit)) return Error{};
      (void)report_uncaught(cx);
    }
    for (Str* stream : {names().stdout, names().stderr}) {
      const Value v = sys_get(cx, stream);
      if (!v.is_unset() && v != kNone && call_method(cx, v, names().flush, {}).is_error())
        clear_exception(cx);
    }
  }
}

}  // namespace pystm::tool
