// Start-up: every native module registers its ModuleDef row here; one line per module.
#pragma once

namespace pystm::lib {

void register_builtins();
void register_sys();

// All of them, before vm::start().
void register_all_modules();

}  // namespace pystm::lib
