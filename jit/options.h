// Switches of the optimiser.
#pragma once

#include <string_view>

namespace pystm::jit {

struct OptOptions {
#define PASS(name, meaning) bool name = true;
#include "jit/passes.def"
#undef PASS
  static OptOptions none();
};

// "fold,cse": only these; "all"; "none"; "-sink": all but that. False: an unknown name.
bool parse_opt(std::string_view text, OptOptions* out);

}  // namespace pystm::jit
