// ast_dump FILE...: the tree of each file as ast.dump(..., include_attributes=True), each ended by
// a zero byte; "error" for a file that does not parse.
// ast_dump --time FILE...: parse only, and report the speed.
// ast_dump --error FILE...: the error of each file, or "ok".
#include <iconv.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <sstream>

#include "tools/dev/ast_dump_text.h"
#include "vm/compiler/parse.h"

namespace {

using namespace pystm::vm::compiler;

std::string read_file(const char* path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

bool decode_with_iconv(std::string_view encoding, std::string_view bytes, std::string& utf8,
                       std::string& error) {
  const iconv_t converter = iconv_open("UTF-8", std::string(encoding).c_str());
  if (converter == reinterpret_cast<iconv_t>(-1)) return false;
  utf8.resize(bytes.size() * 4);
  char* in = const_cast<char*>(bytes.data());
  char* out = utf8.data();
  size_t in_left = bytes.size(), out_left = utf8.size();
  const bool ok = iconv(converter, &in, &in_left, &out, &out_left) != static_cast<size_t>(-1);
  iconv_close(converter);
  utf8.resize(utf8.size() - out_left);
  if (!ok) error = "undecodable";
  return ok;
}

}  // namespace

int main(int argc, char** argv) {
  const bool time = argc > 1 && std::strcmp(argv[1], "--time") == 0;
  const bool errors = argc > 1 && std::strcmp(argv[1], "--error") == 0;
  ParseOptions options;
  options.source_is_bytes = true;
  options.hooks.decode = decode_with_iconv;
  double seconds = 0, bytes = 0;
  for (int i = time || errors ? 2 : 1; i < argc; i++) {
    const std::string source = read_file(argv[i]);
    const auto start = std::chrono::steady_clock::now();
    ParseResult result = parse(source, options);
    seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    bytes += static_cast<double>(source.size());
    if (time) continue;
    const ErrorInfo& e = result.error;
    if (errors) {
      std::printf("%s: %s (%d, %d)\n", argv[i], result.module ? "ok" : e.message.c_str(), e.lineno,
                  e.offset);
      continue;
    }
    const std::string text = result.module ? pystm::tools::ast_dump_text(*result.module) : "error";
    std::fwrite(text.data(), 1, text.size() + 1, stdout);
  }
  if (time)
    std::printf("%.1f MB in %.3f s: %.1f MB/s\n", bytes / 1e6, seconds, bytes / 1e6 / seconds);
}
