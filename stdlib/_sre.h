// Regular expressions: what the three parts of _sre share.
//
//   _sre_program.cpp   checks the code that re._compiler wrote and makes a Program of it
//   _sre_match.cpp     runs a Program over a text
//   _sre.cpp           the classes Pattern, Match and SRE_Scanner
//
// The opcodes are those of re/_constants.py of Python 3.11 and keep its spelling. A Program is the
// code itself, followed by what makes it fast: per character set a bitmap of the first 256
// characters, and the set of characters a match can begin with.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "vm/runtime/context.h"
#include "vm/runtime/native.h"

namespace pystm::lib::sre {

using namespace vm;  // NOLINT: this layer is written in vm's vocabulary

inline constexpr int64_t kMagic = 20220615;
inline constexpr uint32_t kMaxRepeat = UINT32_MAX;
inline constexpr int64_t kMaxGroups = INT32_MAX / 2;

enum Op : uint32_t {
  FAILURE,
  SUCCESS,
  ANY,
  ANY_ALL,
  ASSERT,
  ASSERT_NOT,
  AT,
  BRANCH,
  CATEGORY,
  CHARSET,
  BIGCHARSET,
  GROUPREF,
  GROUPREF_EXISTS,
  IN,
  INFO,
  JUMP,
  LITERAL,
  MARK,
  MAX_UNTIL,
  MIN_UNTIL,
  NOT_LITERAL,
  NEGATE,
  RANGE,
  REPEAT,
  REPEAT_ONE,
  SUBPATTERN,
  MIN_REPEAT_ONE,
  ATOMIC_GROUP,
  POSSESSIVE_REPEAT,
  POSSESSIVE_REPEAT_ONE,
  GROUPREF_IGNORE,
  IN_IGNORE,
  LITERAL_IGNORE,
  NOT_LITERAL_IGNORE,
  GROUPREF_LOC_IGNORE,
  IN_LOC_IGNORE,
  LITERAL_LOC_IGNORE,
  NOT_LITERAL_LOC_IGNORE,
  GROUPREF_UNI_IGNORE,
  IN_UNI_IGNORE,
  LITERAL_UNI_IGNORE,
  NOT_LITERAL_UNI_IGNORE,
  RANGE_UNI_IGNORE,
};
enum AtCode : uint32_t {
  AT_BEGINNING,
  AT_BEGINNING_LINE,
  AT_BEGINNING_STRING,
  AT_BOUNDARY,
  AT_NON_BOUNDARY,
  AT_END,
  AT_END_LINE,
  AT_END_STRING,
  AT_LOC_BOUNDARY,
  AT_LOC_NON_BOUNDARY,
  AT_UNI_BOUNDARY,
  AT_UNI_NON_BOUNDARY,
  kAtCodes,
};
enum Category : uint32_t {
  CATEGORY_DIGIT,
  CATEGORY_NOT_DIGIT,
  CATEGORY_SPACE,
  CATEGORY_NOT_SPACE,
  CATEGORY_WORD,
  CATEGORY_NOT_WORD,
  CATEGORY_LINEBREAK,
  CATEGORY_NOT_LINEBREAK,
  CATEGORY_LOC_WORD,
  CATEGORY_LOC_NOT_WORD,
  CATEGORY_UNI_DIGIT,
  CATEGORY_UNI_NOT_DIGIT,
  CATEGORY_UNI_SPACE,
  CATEGORY_UNI_NOT_SPACE,
  CATEGORY_UNI_WORD,
  CATEGORY_UNI_NOT_WORD,
  CATEGORY_UNI_LINEBREAK,
  CATEGORY_UNI_NOT_LINEBREAK,
  kCategories,
};
enum InfoFlag : uint32_t { kInfoPrefix = 1, kInfoLiteral = 2, kInfoCharset = 4 };

// --- characters (_sre_program.cpp) ---------------------------------------------------------------
bool in_category(uint32_t category, char32_t c);
// `set` points at the first operation of a set, which ends with FAILURE.
bool in_charset(const uint32_t* set, char32_t c);
char32_t lower_ascii(char32_t c);
char32_t lower_locale(char32_t c);
char32_t upper_locale(char32_t c);
char32_t lower_unicode(char32_t c);
char32_t upper_unicode(char32_t c);
// Whether `c` is `literal` under the locale's case mapping.
bool same_in_locale(char32_t literal, char32_t c);

// --- programs ------------------------------------------------------------------------------------
// In a Bytes object, as 32-bit words: ProgramHeader, code, one word per word of code (the number of
// the bitmap of the set whose opcode stands there, 0: none), bitmaps of 8 words (the first is
// unused).
struct ProgramHeader {
  uint32_t code_size;
  uint32_t groups;
  uint32_t bitmaps;
  uint32_t body;  // first instruction after INFO
  uint32_t min_width;
  uint32_t has_first;  // first[] is valid: no match begins with a Latin-1 character outside of it
  uint32_t anchored;   // a match can begin at the start of the string only
  uint32_t first[8];
};
struct Program {
  const ProgramHeader* header;
  const uint32_t* code;
  const uint32_t* set_of;  // parallel to code
  const uint32_t* bitmaps;
  explicit Program(const Bytes* b)
      : header(reinterpret_cast<const ProgramHeader*>(b->data())),
        code(reinterpret_cast<const uint32_t*>(header + 1)),
        set_of(code + header->code_size),
        bitmaps(set_of + header->code_size) {}
};
// Unset result: the code is not what the compiler of re makes.
Result<Value> make_program(Context& cx, std::vector<uint32_t> code, uint32_t groups);

// --- matching ------------------------------------------------------------------------------------
// REQUIRES: `data` is kept in place by the caller. Positions count characters.
struct Request {
  const void* data = nullptr;
  unsigned width = 1;  // bytes per character
  size_t start = 0, end = 0;
  bool whole = false;         // fullmatch: must reach `end`
  bool must_advance = false;  // an empty match at `start` does not count
};
struct Found {
  int64_t start = 0, end = 0;
  int64_t lastindex = -1;
  std::vector<int64_t> marks;  // two per group; -1: the group took no part
};
// At `start` only, or the first match from there on. False: there is none. May run signal handlers.
Result<bool> match_here(Context& cx, const Program& program, const Request& request, Found* found);
Result<bool> search_from(Context& cx, const Program& program, const Request& request, Found* found);

}  // namespace pystm::lib::sre
