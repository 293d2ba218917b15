// What gdb would read: the list of object files, each with the name and the place of a piece of
// code.
#include "jit/gdb_jit.h"

#include <elf.h>

#include <catch2/catch.hpp>
#include <cstdint>
#include <cstring>
#include <string>

extern "C" {
struct Entry {
  Entry* next;
  Entry* prev;
  const char* file;
  uint64_t size;
};
struct Descriptor {
  uint32_t version, action;
  Entry* relevant;
  Entry* first;
};
extern Descriptor __jit_debug_descriptor;
}

namespace pystm::jit {
namespace {

const Elf64_Shdr* section(const Entry& e, unsigned type) {
  const auto* header = reinterpret_cast<const Elf64_Ehdr*>(e.file);
  const auto* all = reinterpret_cast<const Elf64_Shdr*>(e.file + header->e_shoff);
  for (unsigned k = 0; k < header->e_shnum; ++k)
    if (all[k].sh_type == type) return &all[k];
  return nullptr;
}

std::string symbol_name(const Entry& e) {
  const Elf64_Shdr* symbols = section(e, SHT_SYMTAB);
  const auto* header = reinterpret_cast<const Elf64_Ehdr*>(e.file);
  const auto* all = reinterpret_cast<const Elf64_Shdr*>(e.file + header->e_shoff);
  const auto* symbol = reinterpret_cast<const Elf64_Sym*>(e.file + symbols->sh_offset) + 1;
  return e.file + all[symbols->sh_link].sh_offset + symbol->st_name;
}

}  // namespace

TEST_CASE("gdb is told of code and of its end") {
  static const char code[2][64] = {};
  Entry* before = __jit_debug_descriptor.first;
  note_gdb_code(code[0], 64, "a.py:1 loop 1");
  Entry* one = __jit_debug_descriptor.first;
  REQUIRE(one != before);
  CHECK(__jit_debug_descriptor.version == 1);
  CHECK(__jit_debug_descriptor.action == 1);
  CHECK(__jit_debug_descriptor.relevant == one);
  CHECK(std::memcmp(one->file, ELFMAG, SELFMAG) == 0);
  const Elf64_Shdr* text = section(*one, SHT_NOBITS);
  REQUIRE(text != nullptr);
  CHECK(text->sh_addr == reinterpret_cast<uintptr_t>(code[0]));
  CHECK(text->sh_size == 64);
  CHECK(symbol_name(*one) == "trace:a.py:1 loop 1");

  note_gdb_code(code[1], 32, std::string(1000, 'x'));
  Entry* two = __jit_debug_descriptor.first;
  CHECK(two->next == one);
  CHECK(one->prev == two);
  CHECK(symbol_name(*two).size() < 256);

  forget_gdb_code(code[0]);
  CHECK(__jit_debug_descriptor.action == 2);
  CHECK(two->next == before);
  forget_gdb_code(code[1]);
  CHECK(__jit_debug_descriptor.first == before);
  forget_gdb_code(code[1]);
}

}  // namespace pystm::jit
