#include "stdlib/modules.h"

namespace pystm::lib {

void register_all_modules() {
#define NATIVE_MODULE(name) register_##name();
#include "stdlib/modules.def"
#undef NATIVE_MODULE
}

}  // namespace pystm::lib
