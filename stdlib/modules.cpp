#include "stdlib/modules.h"

namespace pystm::lib {

void register_all_modules() {
  register_builtins();
  register_sys();
}

}  // namespace pystm::lib
