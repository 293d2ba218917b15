// gdb reads an object file from our memory for each piece of code, whenever a breakpoint that it
// sets in __jit_debug_register_code is hit, or when it attaches, by the list that begins in
// __jit_debug_descriptor. The file here is the least that gives an address range a name: a .text
// section that lies where the code does, without contents, and one symbol.
#include "jit/gdb_jit.h"

#include <elf.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <map>
#include <memory>

// The names, the layout and the values are gdb's (manual, "JIT Compilation Interface").
extern "C" {
enum jit_actions_t : uint32_t { JIT_NOACTION, JIT_REGISTER_FN, JIT_UNREGISTER_FN };
struct jit_code_entry {
  jit_code_entry* next_entry;
  jit_code_entry* prev_entry;
  const char* symfile_addr;
  uint64_t symfile_size;
};
struct jit_descriptor {
  uint32_t version;
  uint32_t action_flag;
  jit_code_entry* relevant_entry;
  jit_code_entry* first_entry;
};
jit_descriptor __jit_debug_descriptor = {1, JIT_NOACTION, nullptr, nullptr};
__attribute__((noinline)) void __jit_debug_register_code() { asm volatile("" ::: "memory"); }
}

namespace pystm::jit {

namespace {

constexpr char kSectionNames[] = "\0.text\0.symtab\0.strtab\0.shstrtab";
enum Section : Elf64_Half { kNone, kText, kSymbols, kStrings, kNames, kSections };
constexpr Elf64_Word kNameAt[kSections] = {0, 1, 7, 15, 23};

struct ObjectFile {
  Elf64_Ehdr header;
  Elf64_Shdr sections[kSections];
  Elf64_Sym symbols[2];
  char section_names[sizeof(kSectionNames)];
  char strings[256];  // a zero, the name
};

void section(ObjectFile& file, Section s, Elf64_Word type, const void* data, size_t bytes) {
  Elf64_Shdr& h = file.sections[s];
  h.sh_name = kNameAt[s];
  h.sh_type = type;
  h.sh_offset =
      static_cast<Elf64_Off>(static_cast<const char*>(data) - reinterpret_cast<const char*>(&file));
  h.sh_size = bytes;
  h.sh_addralign = 1;
}

ObjectFile object_file(const void* address, size_t bytes, const std::string& name) {
  ObjectFile file{};
  std::memcpy(file.header.e_ident, ELFMAG, SELFMAG);
  file.header.e_ident[EI_CLASS] = ELFCLASS64;
  file.header.e_ident[EI_DATA] = ELFDATA2LSB;
  file.header.e_ident[EI_VERSION] = EV_CURRENT;
  file.header.e_type = ET_REL;
  file.header.e_machine = EM_X86_64;
  file.header.e_version = EV_CURRENT;
  file.header.e_shoff = offsetof(ObjectFile, sections);
  file.header.e_ehsize = sizeof(Elf64_Ehdr);
  file.header.e_shentsize = sizeof(Elf64_Shdr);
  file.header.e_shnum = kSections;
  file.header.e_shstrndx = kNames;
  std::memcpy(file.section_names, kSectionNames, sizeof(kSectionNames));
  const size_t length = std::min(name.size(), sizeof(file.strings) - 2);
  std::memcpy(file.strings + 1, name.data(), length);
  section(file, kText, SHT_NOBITS, &file, bytes);
  file.sections[kText].sh_flags = SHF_ALLOC | SHF_EXECINSTR;
  file.sections[kText].sh_addr = reinterpret_cast<Elf64_Addr>(address);
  section(file, kSymbols, SHT_SYMTAB, file.symbols, sizeof(file.symbols));
  file.sections[kSymbols].sh_entsize = sizeof(Elf64_Sym);
  file.sections[kSymbols].sh_link = kStrings;
  file.sections[kSymbols].sh_info = 1;  // the first global symbol
  section(file, kStrings, SHT_STRTAB, file.strings, sizeof(file.strings));
  section(file, kNames, SHT_STRTAB, file.section_names, sizeof(file.section_names));
  file.symbols[1] = {.st_name = 1,
                     .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC),
                     .st_other = STV_DEFAULT,
                     .st_shndx = kText,
                     .st_value = 0,
                     .st_size = bytes};
  return file;
}

struct Known {
  jit_code_entry entry;
  ObjectFile file;
};
std::map<const void*, std::unique_ptr<Known>> known;

void tell(jit_actions_t action, jit_code_entry* entry) {
  __jit_debug_descriptor.action_flag = action;
  __jit_debug_descriptor.relevant_entry = entry;
  __jit_debug_register_code();
}

}  // namespace

void note_gdb_code(const void* address, size_t bytes, const std::string& name) {
  forget_gdb_code(address);
  auto fresh = std::make_unique<Known>();
  fresh->file = object_file(address, bytes, "trace:" + name);
  jit_code_entry* first = __jit_debug_descriptor.first_entry;
  fresh->entry = {first, nullptr, reinterpret_cast<const char*>(&fresh->file), sizeof(ObjectFile)};
  if (first != nullptr) first->prev_entry = &fresh->entry;
  __jit_debug_descriptor.first_entry = &fresh->entry;
  tell(JIT_REGISTER_FN, &fresh->entry);
  known[address] = std::move(fresh);
}

void forget_gdb_code(const void* address) {
  const auto at = known.find(address);
  if (at == known.end()) return;
  jit_code_entry* e = &at->second->entry;
  (e->prev_entry != nullptr ? e->prev_entry->next_entry : __jit_debug_descriptor.first_entry) =
      e->next_entry;
  if (e->next_entry != nullptr) e->next_entry->prev_entry = e->prev_entry;
  tell(JIT_UNREGISTER_FN, e);
  known.erase(at);
}

}  // namespace pystm::jit
