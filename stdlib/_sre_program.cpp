// What a compiled pattern needs before it can be run: the code is checked once, so that the matcher
// need not check it at each step, and the bitmaps and the first set are worked out.
//
// Invariants of accepted code: every jump lands on an instruction of the same sequence; SUCCESS
// stands only at the end of a sequence; what is repeated by *_ONE is one single-character
// instruction; an UNTIL stands exactly behind its REPEAT's body.
#include <cctype>
#include <cstring>

#include "stdlib/_sre.h"
#include "vm/object/sequence.h"
#include "vm/text/unicode_db.h"

namespace pystm::lib::sre {

// --- characters ----------------------------------------------------------------------------------

char32_t lower_ascii(char32_t c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; }
char32_t lower_locale(char32_t c) {
  return c < 256 ? static_cast<char32_t>(::tolower(static_cast<int>(c))) : c;
}
char32_t upper_locale(char32_t c) {
  return c < 256 ? static_cast<char32_t>(::toupper(static_cast<int>(c))) : c;
}
char32_t lower_unicode(char32_t c) { return text::simple_lower(c); }
char32_t upper_unicode(char32_t c) { return text::simple_upper(c); }
bool same_in_locale(char32_t literal, char32_t c) {
  return c == literal || lower_locale(c) == literal || upper_locale(c) == literal;
}

namespace {
bool is_ascii_digit(char32_t c) { return c >= '0' && c <= '9'; }
bool is_ascii_space(char32_t c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_ascii_word(char32_t c) {
  return is_ascii_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_locale_word(char32_t c) {
  return c == '_' || (c < 256 && ::isalnum(static_cast<int>(c)) != 0);
}
bool is_unicode_word(char32_t c) { return c == '_' || text::is_alnum(c); }
}  // namespace

bool in_category(uint32_t category, char32_t c) {
  switch (static_cast<Category>(category)) {
    case CATEGORY_DIGIT:
      return is_ascii_digit(c);
    case CATEGORY_NOT_DIGIT:
      return !is_ascii_digit(c);
    case CATEGORY_SPACE:
      return is_ascii_space(c);
    case CATEGORY_NOT_SPACE:
      return !is_ascii_space(c);
    case CATEGORY_WORD:
      return is_ascii_word(c);
    case CATEGORY_NOT_WORD:
      return !is_ascii_word(c);
    case CATEGORY_LINEBREAK:
      return c == '\n';
    case CATEGORY_NOT_LINEBREAK:
      return c != '\n';
    case CATEGORY_LOC_WORD:
      return is_locale_word(c);
    case CATEGORY_LOC_NOT_WORD:
      return !is_locale_word(c);
    case CATEGORY_UNI_DIGIT:
      return text::is_decimal(c);
    case CATEGORY_UNI_NOT_DIGIT:
      return !text::is_decimal(c);
    case CATEGORY_UNI_SPACE:
      return text::is_space(c);
    case CATEGORY_UNI_NOT_SPACE:
      return !text::is_space(c);
    case CATEGORY_UNI_WORD:
      return is_unicode_word(c);
    case CATEGORY_UNI_NOT_WORD:
      return !is_unicode_word(c);
    case CATEGORY_UNI_LINEBREAK:
      return text::is_line_break(c);
    case CATEGORY_UNI_NOT_LINEBREAK:
      return !text::is_line_break(c);
    case kCategories:
      break;
  }
  return false;
}

bool in_charset(const uint32_t* set, char32_t c) {
  bool found = true;
  for (;;) {
    switch (*set++) {
      case FAILURE:
        return !found;
      case NEGATE:
        found = !found;
        break;
      case LITERAL:
        if (c == *set) return found;
        ++set;
        break;
      case CATEGORY:
        if (in_category(*set, c)) return found;
        ++set;
        break;
      case RANGE:
        if (set[0] <= c && c <= set[1]) return found;
        set += 2;
        break;
      case RANGE_UNI_IGNORE: {
        if (set[0] <= c && c <= set[1]) return found;
        const char32_t upper = upper_unicode(c);
        if (set[0] <= upper && upper <= set[1]) return found;
        set += 2;
        break;
      }
      case CHARSET:
        if (c < 256 && (set[c >> 5] >> (c & 31) & 1) != 0) return found;
        set += 8;
        break;
      case BIGCHARSET: {
        const uint32_t blocks = *set++;
        if (c < 0x10000) {
          const uint32_t block = reinterpret_cast<const uint8_t*>(set)[c >> 8];
          const uint32_t bit = block * 256 + (c & 255);
          if ((set[64 + (bit >> 5)] >> (bit & 31) & 1) != 0) return found;
        }
        set += 64 + blocks * 8;
        break;
      }
      default:
        return false;
    }
  }
}

namespace {

// --- checking ------------------------------------------------------------------------------------

constexpr int kMaxNesting = 3000;

class Checker {
 public:
  Checker(std::vector<uint32_t> code, uint32_t groups) : code_(std::move(code)), groups_(groups) {}

  bool run() {
    set_of_.assign(code_.size(), 0);
    bitmaps_.assign(8, 0);
    size_t pc = 0;
    if (pc < code_.size() && code_[pc] == INFO && !info(&pc)) return false;
    body_ = pc;
    if (code_.empty() || code_.back() != SUCCESS) return false;
    return sequence(pc, code_.size() - 1, 0, nullptr);
  }
  bool body_starts_with_anchor() const {
    size_t pc = body_;
    while (code_[pc] == MARK) pc += 2;
    return code_[pc] == AT &&
           (code_[pc + 1] == AT_BEGINNING || code_[pc + 1] == AT_BEGINNING_STRING);
  }
  // Adds what a match of the sequence at `pc` can begin with. False: unknown, or it can be empty.
  bool first(size_t pc, uint32_t* into, int depth) const;

  std::vector<uint32_t> code_, set_of_, bitmaps_;
  uint32_t groups_, min_width_ = 0;
  size_t body_ = 0;

 private:
  bool info(size_t* pc);
  bool set(size_t pc, size_t end) const;
  bool sequence(size_t pc, size_t end, int depth, bool* ends_with_jump);
  bool set_instruction(size_t pc, size_t end);
  bool branch(size_t* pc, size_t end, int depth);
  bool conditional(size_t* pc, size_t end, int depth);
  bool repeat_one(size_t pc, size_t target);
  // The end of the construct whose skip word is at `at`; 0 when it leaves the sequence.
  size_t target_of(size_t at, size_t end) const {
    if (at >= end) return 0;
    const size_t target = at + code_[at];
    return code_[at] == 0 || target > end ? 0 : target;
  }
};

// A set from `pc`, whose FAILURE is the last word before `end`.
bool Checker::set(size_t pc, size_t end) const {
  while (pc < end) {
    size_t words;
    switch (code_[pc++]) {
      case FAILURE:
        return pc == end;
      case NEGATE:
        words = 0;
        break;
      case LITERAL:
        words = 1;
        break;
      case CATEGORY:
        if (pc >= end || code_[pc] >= kCategories) return false;
        words = 1;
        break;
      case RANGE:
      case RANGE_UNI_IGNORE:
        words = 2;
        break;
      case CHARSET:
        words = 8;
        break;
      case BIGCHARSET: {
        if (end - pc < 65) return false;
        const uint32_t blocks = code_[pc];
        if (blocks > 256 || end - pc < 65 + blocks * 8) return false;
        const auto* mapping = reinterpret_cast<const uint8_t*>(&code_[pc + 1]);
        for (int i = 0; i < 256; ++i)
          if (mapping[i] >= blocks) return false;
        words = 65 + blocks * 8;
        break;
      }
      default:
        return false;
    }
    if (end - pc < words) return false;
    pc += words;
  }
  return false;
}

bool reads_locale(const std::vector<uint32_t>& code, size_t pc, size_t end) {
  for (; pc + 1 < end; ++pc)
    if (code[pc] == CATEGORY &&
        (code[pc + 1] == CATEGORY_LOC_WORD || code[pc + 1] == CATEGORY_LOC_NOT_WORD))
      return true;
  return false;
}

// IN and its forms at `pc`: checks the set and makes its bitmap. What depends on the locale has
// none, as the locale may change between matches.
bool Checker::set_instruction(size_t pc, size_t end) {
  const uint32_t op = code_[pc];
  const size_t target = target_of(pc + 1, end);
  if (target == 0 || !set(pc + 2, target)) return false;
  if (op == IN_LOC_IGNORE || reads_locale(code_, pc + 2, target)) return true;
  set_of_[pc] = static_cast<uint32_t>(bitmaps_.size() / 8);
  bitmaps_.resize(bitmaps_.size() + 8);
  uint32_t* bits = &bitmaps_[bitmaps_.size() - 8];
  for (char32_t c = 0; c < 256; ++c) {
    const char32_t folded = op == IN_IGNORE       ? lower_ascii(c)
                            : op == IN_UNI_IGNORE ? lower_unicode(c)
                                                  : c;
    if (in_charset(&code_[pc + 2], folded)) bits[c >> 5] |= 1u << (c & 31);
  }
  return true;
}

bool Checker::info(size_t* pc) {
  const size_t target = target_of(1, code_.size());
  if (target < 5) return false;
  const uint32_t flags = code_[2];
  if ((flags & ~(kInfoPrefix | kInfoLiteral | kInfoCharset)) != 0) return false;
  if ((flags & kInfoPrefix) != 0 && (flags & kInfoCharset) != 0) return false;
  if ((flags & kInfoLiteral) != 0 && (flags & kInfoPrefix) == 0) return false;
  min_width_ = code_[3];
  if ((flags & kInfoPrefix) != 0) {
    if (target < 7) return false;
    const size_t length = code_[5], skip = code_[6];
    if (length == 0 || length > target || skip > length || target != 7 + 2 * length) return false;
    // The matcher goes on behind the first `skip` characters: they must be the body's first
    // literals.
    for (size_t i = 0; i < skip; ++i)
      if (target + 2 * i + 1 >= code_.size() || code_[target + 2 * i] != LITERAL ||
          code_[target + 2 * i + 1] != code_[7 + i])
        return false;
    if ((flags & kInfoLiteral) != 0 && (skip != length || target + 2 * length + 1 != code_.size()))
      return false;
  }
  if ((flags & kInfoCharset) != 0 && !set(5, target)) return false;
  *pc = target;
  return true;
}

bool is_single(uint32_t op) {
  switch (op) {
    case ANY:
    case ANY_ALL:
    case LITERAL:
    case NOT_LITERAL:
    case IN:
    case LITERAL_IGNORE:
    case NOT_LITERAL_IGNORE:
    case IN_IGNORE:
    case LITERAL_LOC_IGNORE:
    case NOT_LITERAL_LOC_IGNORE:
    case IN_LOC_IGNORE:
    case LITERAL_UNI_IGNORE:
    case NOT_LITERAL_UNI_IGNORE:
    case IN_UNI_IGNORE:
      return true;
    default:
      return false;
  }
}

// min, max, one instruction, SUCCESS in [pc, target).
bool Checker::repeat_one(size_t pc, size_t target) {
  if (target < pc + 4 || code_[pc] > code_[pc + 1] || code_[target - 1] != SUCCESS ||
      !is_single(code_[pc + 2]))
    return false;
  const size_t item = pc + 2;
  const uint32_t op = code_[item];
  const size_t words = op == ANY || op == ANY_ALL ? 1
                       : op == IN || op == IN_IGNORE || op == IN_LOC_IGNORE || op == IN_UNI_IGNORE
                           ? 1 + code_[item + 1]
                           : 2;
  return item + words == target - 1 && sequence(item, target - 1, 0, nullptr);
}

bool Checker::branch(size_t* pc, size_t end, int depth) {
  size_t join = 0;
  size_t at = *pc + 1;
  for (;;) {
    if (at >= end) return false;
    if (code_[at] == 0) break;
    const size_t next = target_of(at, end);
    if (next < at + 3 || code_[next - 2] != JUMP) return false;
    const size_t to = target_of(next - 1, end);
    if (to == 0 || (join != 0 && to != join)) return false;
    join = to;
    if (!sequence(at + 1, next - 2, depth + 1, nullptr)) return false;
    at = next;
  }
  if (join != at + 1) return false;
  *pc = join;
  return true;
}

bool Checker::conditional(size_t* pc, size_t end, int depth) {
  if (*pc + 3 > end || code_[*pc + 1] >= groups_) return false;
  // The distance counts from the group's word.
  const size_t target = *pc + 1 + code_[*pc + 2];
  if (target < *pc + 3 || target > end) return false;
  bool jumps = false;
  if (!sequence(*pc + 3, target, depth + 1, &jumps)) return false;
  *pc = target;
  if (!jumps) return true;
  const size_t join = target_of(target - 1, end);
  if (join == 0 || !sequence(target, join, depth + 1, nullptr)) return false;
  *pc = join;
  return true;
}

// Instructions that fill [pc, end) exactly. With `ends_with_jump`, the last of them may be a JUMP.
bool Checker::sequence(size_t pc, size_t end, int depth, bool* ends_with_jump) {
  if (depth > kMaxNesting) return false;
  while (pc < end) {
    const uint32_t op = code_[pc];
    switch (op) {
      case FAILURE:
      case ANY:
      case ANY_ALL:
        ++pc;
        break;
      case MARK:
        if (pc + 2 > end || code_[pc + 1] >= 2 * groups_) return false;
        pc += 2;
        break;
      case LITERAL:
      case NOT_LITERAL:
      case LITERAL_IGNORE:
      case NOT_LITERAL_IGNORE:
      case LITERAL_LOC_IGNORE:
      case NOT_LITERAL_LOC_IGNORE:
      case LITERAL_UNI_IGNORE:
      case NOT_LITERAL_UNI_IGNORE:
        if (pc + 2 > end) return false;
        pc += 2;
        break;
      case CATEGORY:
        if (pc + 2 > end || code_[pc + 1] >= kCategories) return false;
        pc += 2;
        break;
      case AT:
        if (pc + 2 > end || code_[pc + 1] >= kAtCodes) return false;
        pc += 2;
        break;
      case GROUPREF:
      case GROUPREF_IGNORE:
      case GROUPREF_LOC_IGNORE:
      case GROUPREF_UNI_IGNORE:
        if (pc + 2 > end || code_[pc + 1] >= groups_) return false;
        pc += 2;
        break;
      case IN:
      case IN_IGNORE:
      case IN_LOC_IGNORE:
      case IN_UNI_IGNORE:
        if (!set_instruction(pc, end)) return false;
        pc += 1 + code_[pc + 1];
        break;
      case BRANCH:
        if (!branch(&pc, end, depth)) return false;
        break;
      case GROUPREF_EXISTS:
        if (!conditional(&pc, end, depth)) return false;
        break;
      case ASSERT:
      case ASSERT_NOT: {
        const size_t target = target_of(pc + 1, end);
        if (target < pc + 4 || code_[target - 1] != SUCCESS ||
            !sequence(pc + 3, target - 1, depth + 1, nullptr))
          return false;
        pc = target;
        break;
      }
      case ATOMIC_GROUP: {
        const size_t target = target_of(pc + 1, end);
        if (target < pc + 3 || code_[target - 1] != SUCCESS ||
            !sequence(pc + 2, target - 1, depth + 1, nullptr))
          return false;
        pc = target;
        break;
      }
      case REPEAT_ONE:
      case MIN_REPEAT_ONE:
      case POSSESSIVE_REPEAT_ONE: {
        const size_t target = target_of(pc + 1, end);
        if (target == 0 || !repeat_one(pc + 2, target)) return false;
        pc = target;
        break;
      }
      case REPEAT:
      case POSSESSIVE_REPEAT: {
        const size_t target = target_of(pc + 1, end);
        if (target < pc + 4 || target >= end || code_[pc + 2] > code_[pc + 3]) return false;
        const uint32_t close = code_[target];
        if (op == REPEAT ? close != MAX_UNTIL && close != MIN_UNTIL : close != SUCCESS)
          return false;
        if (!sequence(pc + 4, target, depth + 1, nullptr)) return false;
        pc = target + 1;
        break;
      }
      case JUMP:
        if (ends_with_jump == nullptr || pc + 2 != end) return false;
        *ends_with_jump = true;
        return true;
      default:
        return false;
    }
  }
  return pc == end;
}

// --- the first set -------------------------------------------------------------------------------

bool Checker::first(size_t pc, uint32_t* into, int depth) const {
  const auto add = [&](char32_t c) {
    if (c < 256) into[c >> 5] |= 1u << (c & 31);
  };
  const auto add_if = [&](auto&& accepts) {
    for (char32_t c = 0; c < 256; ++c)
      if (accepts(c)) add(c);
    return true;
  };
  if (depth > 100) return false;
  for (;;) {
    const uint32_t op = code_[pc];
    const uint32_t arg = pc + 1 < code_.size() ? code_[pc + 1] : 0;
    switch (op) {
      case MARK:
      case AT:
        pc += 2;
        break;  // an AT only narrows
      case ASSERT:
      case ASSERT_NOT:
        pc += 1 + arg;
        break;
      case ATOMIC_GROUP:
        pc += 2;
        break;
      case LITERAL:
        add(arg);
        return true;
      case NOT_LITERAL:
        return add_if([&](char32_t c) { return c != arg; });
      case LITERAL_IGNORE:
        return add_if([&](char32_t c) { return lower_ascii(c) == arg; });
      case LITERAL_UNI_IGNORE:
        return add_if([&](char32_t c) { return lower_unicode(c) == arg; });
      case ANY:
        return add_if([](char32_t c) { return c != '\n'; });
      case IN:
      case IN_IGNORE:
      case IN_UNI_IGNORE: {
        if (set_of_[pc] == 0) return false;
        for (int i = 0; i < 8; ++i) into[i] |= bitmaps_[8 * set_of_[pc] + static_cast<size_t>(i)];
        return true;
      }
      case REPEAT:
      case REPEAT_ONE:
      case MIN_REPEAT_ONE:
      case POSSESSIVE_REPEAT:
      case POSSESSIVE_REPEAT_ONE:
        if (code_[pc + 2] == 0) return false;
        pc += 4;
        break;
      case BRANCH:
        for (size_t at = pc + 1; code_[at] != 0; at += code_[at])
          if (!first(at + 1, into, depth + 1)) return false;
        return true;
      default:
        return false;
    }
  }
}

}  // namespace

Result<Value> make_program(Context& cx, std::vector<uint32_t> code, uint32_t groups) {
  Checker checker(std::move(code), groups);
  if (!checker.run()) return Value();
  ProgramHeader header{};
  header.code_size = static_cast<uint32_t>(checker.code_.size());
  header.groups = groups;
  header.bitmaps = static_cast<uint32_t>(checker.bitmaps_.size() / 8);
  header.body = static_cast<uint32_t>(checker.body_);
  header.min_width = checker.min_width_;
  header.has_first = checker.first(checker.body_, header.first, 0);
  header.anchored = checker.body_starts_with_anchor();
  const size_t size =
      sizeof header + (2 * checker.code_.size() + checker.bitmaps_.size()) * sizeof(uint32_t);
  Bytes* out = TRY(alloc_bytes(cx, size));
  uint8_t* at = out->data();
  const auto put = [&](const void* from, size_t n) {
    std::memcpy(at, from, n);
    at += n;
  };
  put(&header, sizeof header);
  put(checker.code_.data(), checker.code_.size() * sizeof(uint32_t));
  put(checker.set_of_.data(), checker.set_of_.size() * sizeof(uint32_t));
  put(checker.bitmaps_.data(), checker.bitmaps_.size() * sizeof(uint32_t));
  return Value(out);
}

}  // namespace pystm::lib::sre
