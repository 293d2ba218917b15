// The pystm executable (bring-up).
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <iostream>
#include <sstream>

#include "stdlib/bytecode_cache.h"
#include "stdlib/importer.h"
#include "stdlib/modules.h"
#include "vm/object/dict.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/call.h"
#include "vm/runtime/compile.h"
#include "vm/runtime/runtime.h"
#include "vm/runtime/signals.h"

using namespace pystm;
using namespace pystm::vm;

int main(int argc, char** argv) {
  RuntimeOptions options;
  gc::Options gc_options;
  stm::Options stm_options;
  options.stdlib_dir = PYSTM_STDLIB_DIR;
  std::string source, name = "<string>";
  int i = 1;
  if (i + 1 < argc && std::strcmp(argv[i], "-c") == 0) {
    source = argv[i + 1];
  } else if (i < argc) {
    std::ifstream in(argv[i]);
    std::stringstream text;
    text << in.rdbuf();
    source = text.str();
    name = argv[i];
  }
  lib::set_cache_folder(std::string(getenv("HOME")) + "/.cache/pystm");
  lib::register_all_modules();
  Context& cx = start(options, gc_options, stm_options);
  init_signals(cx);
  int status = 0;
  if (lib::install_importer(cx).is_error()) status = report_uncaught(cx);
  auto* path = sys_get(cx, names().path).as<List>();
  for (const char* p : {"", PYSTM_STDLIB_DIR}) (void)list_append(cx, path, new_str(cx, p).value());
  if (lib::open_standard_streams(cx).is_error()) status = report_uncaught(cx);
  Module* main = new_module(cx, intern(cx, "__main__"));
  (void)dict_set_str(cx, main->dict, "__builtins__", runtime().builtins.value);
  (void)dict_set_str(cx, runtime().modules.value.as<Dict>(), "__main__", main);
  compiler::CompileOptions co = default_compile_options();
  co.parse.source_is_bytes = true;
  auto code = compile_text(cx, source, name, co);
  if (code.is_error() || run_code(cx, code.value(), main->dict, main->dict.ptr).is_error()) status = report_uncaught(cx);
  stm::flush_output(cx, 1);
  stm::flush_output(cx, 2);
  stm::detach(cx);
  _exit(status);
}
