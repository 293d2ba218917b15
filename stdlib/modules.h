// Start-up: every native module registers its ModuleDef row here; one line per module.
#pragma once

namespace pystm::lib {

#define NATIVE_MODULE(name) void register_##name();
#include "stdlib/modules.def"
#undef NATIVE_MODULE

// All of them, before vm::start().
void register_all_modules();

}  // namespace pystm::lib
