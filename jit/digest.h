// A number that stands for a value's contents: equal for equal values wherever they lie.
//
// Strings, numbers and the usual containers are followed to a small depth, other objects by their
// shape and what they refer to; a type, a module or code is its address, a function that of its
// code. Caches (hashes, flattened ropes) do not count. Reads the heap without barriers: for
// objects that nobody else can be writing, as one's own transaction has them.
#pragma once

#include "gc/value.h"

namespace pystm::jit {

Word digest(Value v);
Word digest(double d);  // all NaNs are one
Word digest_object(Object* o);

}  // namespace pystm::jit
