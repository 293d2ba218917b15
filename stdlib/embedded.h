// Our own Python modules (stdlib/py/*.py), part of the executable.
#pragma once

#include <span>
#include <string_view>

namespace pystm::lib {

struct EmbeddedModule {
  const char* name;
  std::string_view source;
};
std::span<const EmbeddedModule> embedded_modules();

}  // namespace pystm::lib
