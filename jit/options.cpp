#include "jit/options.h"

namespace pystm::jit {

OptOptions OptOptions::none() {
  OptOptions o;
#define PASS(name, meaning) o.name = false;
#include "jit/passes.def"
#undef PASS
  return o;
}

static bool* find_pass(OptOptions* o, std::string_view name) {
#define PASS(pass, meaning) \
  if (name == #pass) return &o->pass;
#include "jit/passes.def"
#undef PASS
  return nullptr;
}

bool parse_opt(std::string_view text, OptOptions* out) {
  const bool subtract = text.empty() || text[0] == '-' || text.substr(0, 3) == "all";
  OptOptions o = subtract ? OptOptions() : OptOptions::none();
  while (!text.empty()) {
    const size_t comma = text.find(',');
    std::string_view name = text.substr(0, comma);
    text = comma == text.npos ? std::string_view() : text.substr(comma + 1);
    if (name == "all" || name == "none") continue;
    const bool on = name.substr(0, 1) != "-";
    if (!on) name.remove_prefix(1);
    bool* pass = find_pass(&o, name);
    if (pass == nullptr) return false;
    *pass = on;
  }
  *out = o;
  return true;
}

}  // namespace pystm::jit
