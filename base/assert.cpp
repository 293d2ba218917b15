#include "base/assert.h"

#include <cstdio>
#include <cstdlib>

namespace pystm::base {

void check_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr, "pystm: internal error: %s:%d: %s\n", file, line, condition);
  std::abort();
}

}  // namespace pystm::base
