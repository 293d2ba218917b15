// ast_dump_compile FILE...: compiles every file, verifies the code, reports failures and speed.
// ast_dump_compile --dis FILE: prints the bytecode.
// ast_dump_compile --error FILE...: the error of each file, or "ok".
#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>

#include "vm/compiler/code_check.h"
#include "vm/compiler/compile.h"

namespace {

using namespace pystm::vm::compiler;

std::string read_file(const char* path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view mode = argc > 1 && argv[1][0] == '-' ? argv[1] : "";
  CompileOptions options;
  options.parse.source_is_bytes = true;
  double seconds = 0, bytes = 0;
  int failures = 0, errors = 0;
  for (int i = mode.empty() ? 1 : 2; i < argc; i++) {
    const std::string source = read_file(argv[i]);
    const auto start = std::chrono::steady_clock::now();
    const CompileResult result = compile_source(source, argv[i], options);
    seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    bytes += static_cast<double>(source.size());
    if (!result.code) {
      errors++;
      std::printf("%s: %s (%d, %d)\n", argv[i], result.error.message.c_str(), result.error.lineno,
                  result.error.offset);
      continue;
    }
    if (mode == "--error") std::printf("%s: ok\n", argv[i]);
    if (mode == "--dis") std::fputs(disassemble(*result.code).c_str(), stdout);
    const std::string problem = verify_code_unit(*result.code);
    if (problem.empty()) continue;
    failures++;
    std::printf("%s\n", problem.c_str());
  }
  if (mode.empty())
    std::printf("%d files, %d errors, %d verification failures, %.1f MB in %.3f s: %.1f MB/s\n",
                argc - 1, errors, failures, bytes / 1e6, seconds, bytes / 1e6 / seconds);
  return failures != 0;
}
