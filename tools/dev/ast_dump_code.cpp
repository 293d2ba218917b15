// ast_dump_code FILE: the compiled file as JSON, for tests/frontend/simulate.py.
#include <cstdio>
#include <fstream>
#include <sstream>

#include "vm/compiler/compile.h"

namespace {

using namespace pystm::vm;

std::string hex(std::string_view s) {
  std::string out = "\"";
  char digits[3];
  for (unsigned char c : s) {
    std::snprintf(digits, sizeof digits, "%02x", c);
    out += digits;
  }
  return out + "\"";
}

void print_names(const char* key, const std::vector<std::string>& names) {
  std::printf("\"%s\":[", key);
  for (size_t i = 0; i < names.size(); i++)
    std::printf("%s%s", i ? "," : "", hex(names[i]).c_str());
  std::printf("],");
}

void print_unit(const CodeUnit& u);

void print_const(const Const& c) {
  static const char* const kKinds[] = {"none",  "true",      "false",   "ellipsis", "int",
                                       "big",   "float",     "complex", "str",      "bytes",
                                       "tuple", "frozenset", "code"};
  std::printf("[\"%s\"", kKinds[static_cast<int>(c.kind)]);
  switch (c.kind) {
    case Const::Kind::kInt:
      std::printf(",%lld", static_cast<long long>(c.int_value));
      break;
    case Const::Kind::kBigInt:
      std::printf(",\"%s\"", c.text.c_str());
      break;
    case Const::Kind::kFloat:
    case Const::Kind::kComplex:
      std::printf(",\"%a\",\"%a\"", c.real, c.imag);
      break;
    case Const::Kind::kStr:
    case Const::Kind::kBytes:
      std::printf(",%s", hex(c.text).c_str());
      break;
    case Const::Kind::kTuple:
    case Const::Kind::kFrozenSet:
      for (const Const& item : c.items) {
        std::printf(",");
        print_const(item);
      }
      break;
    case Const::Kind::kCode:
      std::printf(",");
      print_unit(*c.code);
      break;
    default:
      break;
  }
  std::printf("]");
}

void print_unit(const CodeUnit& u) {
  std::printf("{\"name\":%s,\"qualname\":%s,\"flags\":%u,\"argcount\":%u,\"posonly\":%u,",
              hex(u.name).c_str(), hex(u.qualname).c_str(), u.flags, u.argcount, u.posonly_count);
  std::printf("\"kwonly\":%u,\"registers\":%u,", u.kwonly_count, u.register_count);
  print_names("names", u.names);
  print_names("varnames", u.varnames);
  print_names("cellvars", u.cellvars);
  print_names("freevars", u.freevars);
  std::printf("\"instrs\":[");
  for (size_t i = 0; i < u.instrs.size(); i++) {
    const Instr& n = u.instrs[i];
    std::printf("%s[\"%s\",%u,%u,%u,%u,%d]", i ? "," : "", op_name(n.op), n.d, n.a, n.b, n.c, n.bc);
  }
  std::printf("],\"exceptions\":[");
  for (size_t i = 0; i < u.exceptions.size(); i++) {
    const ExceptionRow& r = u.exceptions[i];
    std::printf("%s[%u,%u,%u,%u,%u]", i ? "," : "", r.start, r.end, r.target, r.exc_register,
                r.depth);
  }
  std::printf("],\"consts\":[");
  for (size_t i = 0; i < u.consts.size(); i++) {
    if (i) std::printf(",");
    print_const(u.consts[i]);
  }
  std::printf("]}");
}

}  // namespace

int main(int, char** argv) {
  std::ifstream in(argv[1], std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  compiler::CompileOptions options;
  options.parse.source_is_bytes = true;
  const auto result = compiler::compile_source(text.str(), argv[1], options);
  if (!result.code) {
    std::fprintf(stderr, "%s\n", result.error.message.c_str());
    return 1;
  }
  print_unit(*result.code);
}
