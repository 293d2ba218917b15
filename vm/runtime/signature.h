// A builtin's parameters, parsed once from its signature text: what keyword calls bind by.
#pragma once

#include <string>
#include <vector>

#include "vm/runtime/native.h"

namespace pystm::vm {

struct Signature {
  std::vector<Str*> names;      // interned, so immortal and never moved
  std::vector<Value> defaults;  // unset: none; nothing that moves or dies
  std::vector<bool> required;
  size_t posonly = 0;     // leading parameters that take no keyword
  size_t positional = 0;  // parameters before '*'
};
// The name that texts about a wrong call give: "list.append".
std::string qualified_name(const BuiltinDef* def);
const Signature& signature_of(Context& cx, const BuiltinDef* def);

// Calls a builtin whose arguments lie at `args` (self first, where it has one).
// `bound`: called through a method bound to args[0], whose class texts about a wrong call name
// then.
Result<Value> call_native(Context& cx, const BuiltinDef* def, Value* args, size_t n, Tuple* kwnames,
                          bool bound = false);

}  // namespace pystm::vm
