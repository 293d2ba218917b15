// The layout of the generated name tables. A name is a run of word codes; a word carries the space
// before it. Codes below kOneByteWords take one byte, the others two; 255 ends a name. Names are
// in code point order, kNameOffsets gives the start of every 32nd.
#pragma once

#include <cstdint>

namespace pystm::vm::text {

// Names first_name, first_name + 1, ... belong to code points first_code, first_code + 1, ...
struct NameRun {
  uint32_t first_code, first_name;
};

// An alias (one code point) or a named sequence (several, zero-terminated).
struct ExtraName {
  const char* name;
  char32_t codes[5];
};

extern const int kOneByteWords;
extern const uint32_t kNameCount, kWordCount, kNameRunCount, kExtraNameCount;
extern const char kWords[], kNameStream[];
extern const uint32_t kNameOffsets[];
extern const NameRun kNameRuns[];
extern const ExtraName kExtraNames[];

}  // namespace pystm::vm::text
