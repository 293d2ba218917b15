// The module pystm.jit, by its internal name _pystm_jit.
#pragma once

namespace pystm::jit {

void register_jit_module();  // before vm::start()

}  // namespace pystm::jit
