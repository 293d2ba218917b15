// What the running transaction has written so far, for checks of compiled code.
#pragma once

#include <functional>

#include "gc/object.h"
#include "stm/tx.h"

namespace pystm::stm {

// f(holder, null): an object whose state may have changed. f(holder, slot): one word of it, a Value
// if `is_value`. A place may come more than once. Nothing in solo mode and when inevitable.
void each_written(Tx& tx, const std::function<void(Object*, const Word* slot, bool is_value)>& f);

}  // namespace pystm::stm
