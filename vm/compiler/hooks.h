// What the front end needs from the rest of the VM, as plain function pointers: it must work
// before any codec is loaded, and in tests without a VM.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pystm::vm::compiler {

struct Hooks {
  // Bytes in `encoding` to UTF-8. False: unknown encoding (error empty) or undecodable (error set).
  bool (*decode)(std::string_view encoding, std::string_view bytes, std::string& utf8,
                 std::string& error) = nullptr;
};

}  // namespace pystm::vm::compiler
