// The matcher: a backtracking machine with a stack of its own.
//
// The stack holds two sorts of entries. An undo entry says how to take one change of the state back
// (a mark, a repeat's counter); a choice says where else to go on. To fail is to pop: undo entries
// are applied until a choice comes up. So the state at a choice is always what it was when the
// choice was pushed, and nothing is ever copied whole.
//
// Lookaround, atomic groups and possessive repeats put a barrier on the stack. When their SUCCESS
// is reached the choices above the barrier are dropped and the undo entries kept. `level_` is the
// place of the innermost barrier; below each barrier an undo entry holds the level before.
//
// Invariants: marks_ and repeats_ hold exactly what the entries below the top leave; run() leaves
// the marks all unset when it says no.
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <span>
#include <type_traits>

#include "stdlib/_sre.h"
#include "stdlib/_sre_stack.h"
#include "vm/text/search.h"

namespace pystm::lib::sre {

namespace {

constexpr int64_t kNoLevel = -1;
constexpr int kStepsPerCheck = 10000;

template <class C>
class Machine {
 public:
  Machine(Context& cx, const Program& program, const Request& request, Workspace& space)
      : cx_(cx),
        p_(program),
        code_(program.code),
        text_(static_cast<const C*>(request.data)),
        end_(static_cast<int64_t>(request.end)),
        request_(request),
        space_(space) {
    space.marks.assign(2 * program.header->groups, -1);
    marks_ = space.marks.data();
    space.repeats.clear();
    limit_ = space.base + space.capacity;
  }

  // A match that begins at `start`, the matcher being at `at` already when the code before `pc` is
  // known to fit.
  Result<bool> run(uint32_t pc, int64_t at);
  Result<bool> search();
  void report(int64_t start, Found* found) const {
    found->start = start;
    found->end = match_end_;
    found->lastindex = lastindex_;
    found->marks = space_.marks;
  }
  int64_t found_start() const { return found_start_; }

 private:
  enum class Step { kGo, kFail, kMatched, kError };

  Result<bool> search_prefix();
  bool first_ok(int64_t at) const {
    const C c = text_[at];
    return c > 255 || (p_.header->first[c >> 5] >> (c & 31) & 1) != 0;
  }
  bool in_set(uint32_t pc, char32_t c) const {
    const uint32_t bitmap = p_.set_of[pc];
    if (c < 256 && bitmap != 0) return (p_.bitmaps[8 * bitmap + (c >> 5)] >> (c & 31) & 1) != 0;
    switch (code_[pc]) {
      case IN_IGNORE:
        return in_charset(code_ + pc + 2, lower_ascii(c));
      case IN_UNI_IGNORE:
        return in_charset(code_ + pc + 2, lower_unicode(c));
      case IN_LOC_IGNORE:
        return in_charset(code_ + pc + 2, lower_locale(c)) ||
               in_charset(code_ + pc + 2, upper_locale(c));
      default:
        return in_charset(code_ + pc + 2, c);
    }
  }
  bool fits(uint32_t pc, char32_t c) const {
    switch (code_[pc]) {
      case ANY:
        return c != '\n';
      case ANY_ALL:
        return true;
      case LITERAL:
        return c == code_[pc + 1];
      case NOT_LITERAL:
        return c != code_[pc + 1];
      case LITERAL_IGNORE:
        return lower_ascii(c) == code_[pc + 1];
      case NOT_LITERAL_IGNORE:
        return lower_ascii(c) != code_[pc + 1];
      case LITERAL_UNI_IGNORE:
        return lower_unicode(c) == code_[pc + 1];
      case NOT_LITERAL_UNI_IGNORE:
        return lower_unicode(c) != code_[pc + 1];
      case LITERAL_LOC_IGNORE:
        return same_in_locale(code_[pc + 1], c);
      case NOT_LITERAL_LOC_IGNORE:
        return !same_in_locale(code_[pc + 1], c);
      default:
        return in_set(pc, c);
    }
  }
  int64_t run_length_end(uint32_t item, int64_t at, uint32_t most) const;
  bool at_ok(uint32_t where, int64_t at) const;
  template <class F>
  bool boundary(int64_t at, F&& is_word) const {
    const bool before = at > 0 && is_word(text_[at - 1]), after = at < end_ && is_word(text_[at]);
    return before != after;
  }
  template <class F>
  bool same_group(uint32_t group, int64_t* at, F&& same) const {
    const int64_t start = marks_[2 * group], stop = marks_[2 * group + 1];
    if (start < 0 || stop < start) return false;
    int64_t to = *at;
    for (int64_t from = start; from < stop; ++from, ++to)
      if (to >= end_ || !same(static_cast<char32_t>(text_[from]), static_cast<char32_t>(text_[to])))
        return false;
    *at = to;
    return true;
  }

  bool grow();
  [[nodiscard]] bool push(Kind kind, uint32_t pc, int64_t a, int64_t b) {
    if (PYSTM_UNLIKELY(top_ == limit_) && !grow()) return false;
    *top_++ = {kind, pc, a, b};
    return true;
  }
  void undo(const Entry& e) {
    switch (e.kind) {
      case Kind::kMark:
        marks_[e.pc] = e.a;
        lastindex_ = e.b;
        break;
      case Kind::kRepeat:
        space_.repeats[e.pc].count = e.a;
        space_.repeats[e.pc].last = e.b;
        break;
      case Kind::kCurrent:
        current_ = e.a;
        break;
      case Kind::kNewRepeat:
        current_ = e.a;
        space_.repeats.pop_back();
        break;
      case Kind::kLevel:
        level_ = e.a;
        break;
      default:
        break;
    }
  }
  bool open_barrier(Kind kind, uint32_t pc, int64_t at, int64_t count) {
    if (!push(Kind::kLevel, 0, level_, 0)) return false;
    level_ = top_ - space_.base;
    return push(kind, pc, at, count);
  }
  // Removes the innermost barrier and the choices above it.
  void close_barrier() {
    Entry* to = space_.base + level_ - 1;
    Entry* const barrier = space_.base + level_;
    level_ = to->a;
    for (Entry* e = barrier + 1; e < top_; ++e)
      if (is_undo(e->kind)) *to++ = *e;
    top_ = to;
  }
  // Step of one instruction group; each changes pc_ and at_.
  Step repeat_greedy(uint32_t pc, int64_t least, int64_t at);
  Step repeat_lazy(uint32_t pc, int64_t left);
  Step until(bool greedy);
  Step leave_repeat();
  Step begin_repeat();
  Step begin_possessive(uint32_t pc, int64_t count);
  Step branch(uint32_t skip_word);
  Step succeed();
  Step instruction();
  Step backtrack();

  Context& cx_;
  const Program& p_;
  const uint32_t* const code_;
  const C* const text_;
  const int64_t end_;
  const Request& request_;
  Workspace& space_;
  int64_t* marks_ = nullptr;
  Entry* top_ = nullptr;
  Entry* limit_ = nullptr;
  uint32_t pc_ = 0;
  int64_t at_ = 0;
  int64_t level_ = kNoLevel, current_ = -1, lastindex_ = -1;
  int64_t match_end_ = 0, found_start_ = 0;
  int budget_ = kStepsPerCheck;
};

template <class C>
bool Machine<C>::grow() {
  const size_t used = static_cast<size_t>(top_ - space_.base);
  const size_t capacity = space_.capacity == 0 ? 64 : space_.capacity * 2;
  if (capacity > most_entries()) return false;
  void* bigger = std::realloc(space_.base, capacity * sizeof(Entry));
  if (bigger == nullptr) return false;
  space_.base = static_cast<Entry*>(bigger);
  space_.capacity = capacity;
  top_ = space_.base + used;
  limit_ = space_.base + capacity;
  return true;
}

// How far the single-character instruction `item` fits from `at` on, at most `most` times.
template <class C>
int64_t Machine<C>::run_length_end(uint32_t item, int64_t at, uint32_t most) const {
  const int64_t stop = most == kMaxRepeat || end_ - at < static_cast<int64_t>(most)
                           ? end_
                           : at + static_cast<int64_t>(most);
  const auto run = [&](auto&& fit) {
    int64_t i = at;
    while (i < stop && fit(static_cast<char32_t>(text_[i]))) ++i;
    return i;
  };
  switch (code_[item]) {
    case ANY_ALL:
      return stop;
    case ANY:
      if constexpr (sizeof(C) == 1) {
        if (at >= stop) return at;
        const void* newline = std::memchr(text_ + at, '\n', static_cast<size_t>(stop - at));
        return newline == nullptr ? stop : static_cast<const C*>(newline) - text_;
      }
      return run([](char32_t c) { return c != '\n'; });
    case LITERAL:
      return run([c1 = code_[item + 1]](char32_t c) { return c == c1; });
    case NOT_LITERAL:
      return run([c1 = code_[item + 1]](char32_t c) { return c != c1; });
    case IN:
    case IN_IGNORE:
    case IN_UNI_IGNORE:
      if (p_.set_of[item] != 0) {
        const uint32_t* bits = p_.bitmaps + 8 * p_.set_of[item];
        if constexpr (sizeof(C) == 1)
          return run([bits](char32_t c) { return (bits[c >> 5] >> (c & 31) & 1) != 0; });
        return run([&](char32_t c) {
          return c < 256 ? (bits[c >> 5] >> (c & 31) & 1) != 0 : in_set(item, c);
        });
      }
      [[fallthrough]];
    default:
      return run([&](char32_t c) { return fits(item, c); });
  }
}

template <class C>
bool Machine<C>::at_ok(uint32_t where, int64_t at) const {
  const auto locale_word = [](char32_t c) { return in_category(CATEGORY_LOC_WORD, c); };
  const auto ascii_word = [](char32_t c) { return in_category(CATEGORY_WORD, c); };
  const auto unicode_word = [](char32_t c) { return in_category(CATEGORY_UNI_WORD, c); };
  switch (static_cast<AtCode>(where)) {
    case AT_BEGINNING:
    case AT_BEGINNING_STRING:
      return at == 0;
    case AT_BEGINNING_LINE:
      return at == 0 || text_[at - 1] == '\n';
    case AT_END:
      return at == end_ || (at + 1 == end_ && text_[at] == '\n');
    case AT_END_LINE:
      return at == end_ || text_[at] == '\n';
    case AT_END_STRING:
      return at == end_;
    // In an empty text there is neither a boundary nor the lack of one.
    case AT_BOUNDARY:
      return end_ > 0 && boundary(at, ascii_word);
    case AT_NON_BOUNDARY:
      return end_ > 0 && !boundary(at, ascii_word);
    case AT_LOC_BOUNDARY:
      return end_ > 0 && boundary(at, locale_word);
    case AT_LOC_NON_BOUNDARY:
      return end_ > 0 && !boundary(at, locale_word);
    case AT_UNI_BOUNDARY:
      return end_ > 0 && boundary(at, unicode_word);
    case AT_UNI_NON_BOUNDARY:
      return end_ > 0 && !boundary(at, unicode_word);
    case kAtCodes:
      break;
  }
  return false;
}

// Goes on behind a REPEAT_ONE from the last position in [least, at] where what follows can begin.
template <class C>
auto Machine<C>::repeat_greedy(uint32_t pc, int64_t least, int64_t at) -> Step {
  const uint32_t tail = pc + 1 + code_[pc + 1];
  if (code_[tail] == LITERAL) {
    const uint32_t next = code_[tail + 1];
    while (at >= least && (at >= end_ || text_[at] != next)) --at;
    if (at < least) return Step::kFail;
  }
  if (at > least && !push(Kind::kGreedy, pc, least, at - 1)) return Step::kError;
  pc_ = tail;
  at_ = at;
  return Step::kGo;
}

// Goes on behind a MIN_REPEAT_ONE from the first position from at_ on where what follows can begin.
template <class C>
auto Machine<C>::repeat_lazy(uint32_t pc, int64_t left) -> Step {
  const uint32_t tail = pc + 1 + code_[pc + 1], item = pc + 4;
  if (code_[tail] == LITERAL) {
    const uint32_t next = code_[tail + 1];
    for (; at_ < end_ && text_[at_] != next; ++at_)
      if (left-- == 0 || !fits(item, text_[at_])) return Step::kFail;
    if (at_ >= end_) return Step::kFail;
  }
  if (left > 0 && !push(Kind::kLazy, pc, at_, left)) return Step::kError;
  pc_ = tail;
  return Step::kGo;
}

template <class C>
auto Machine<C>::begin_repeat() -> Step {
  if (!push(Kind::kNewRepeat, 0, current_, 0)) return Step::kError;
  space_.repeats.push_back({pc_, -1, -1, current_});
  current_ = static_cast<int64_t>(space_.repeats.size()) - 1;
  pc_ += 1 + code_[pc_ + 1];
  return Step::kGo;
}

// At pc_, an UNTIL: what follows it is tried with the repeat around as the current one.
template <class C>
auto Machine<C>::leave_repeat() -> Step {
  if (!push(Kind::kCurrent, 0, current_, 0)) return Step::kError;
  current_ = space_.repeats[static_cast<size_t>(current_)].outer;
  ++pc_;
  return Step::kGo;
}

template <class C>
auto Machine<C>::until(bool greedy) -> Step {
  const auto number = static_cast<uint32_t>(current_);
  Repeat& r = space_.repeats[number];
  const int64_t count = r.count + 1, least = code_[r.pc + 2];
  const uint32_t most = code_[r.pc + 3];
  if (count < least) {
    if (!push(Kind::kRepeat, number, r.count, r.last)) return Step::kError;
    r.count = count;
    pc_ = r.pc + 4;
    return Step::kGo;
  }
  if (!greedy) {
    if (!push(Kind::kAgain, pc_, at_, current_)) return Step::kError;
    return leave_repeat();
  }
  // An iteration that took nothing is not followed by another.
  if ((count < most || most == kMaxRepeat) && at_ != r.last) {
    if (!push(Kind::kLeave, pc_, at_, current_) || !push(Kind::kRepeat, number, r.count, r.last))
      return Step::kError;
    r.count = count;
    r.last = at_;
    pc_ = r.pc + 4;
    return Step::kGo;
  }
  return leave_repeat();
}

// One more iteration of a POSSESSIVE_REPEAT of which `count` are done, or what follows it.
template <class C>
auto Machine<C>::begin_possessive(uint32_t pc, int64_t count) -> Step {
  const uint32_t most = code_[pc + 3];
  if (most != kMaxRepeat && count >= most) {
    pc_ = pc + 2 + code_[pc + 1];
    return Step::kGo;
  }
  if (!open_barrier(Kind::kPossessive, pc, at_, count)) return Step::kError;
  pc_ = pc + 4;
  return Step::kGo;
}

// Tries the alternative whose skip word is given, the others being left for later.
template <class C>
auto Machine<C>::branch(uint32_t skip_word) -> Step {
  for (;;) {
    const uint32_t skip = code_[skip_word];
    if (skip == 0) return Step::kFail;
    const uint32_t next = skip_word + skip, begin = skip_word + 1;
    skip_word = next;
    // Most alternatives fail at their first character: see that without an entry.
    const uint32_t op = code_[begin];
    if (op == LITERAL && (at_ >= end_ || text_[at_] != code_[begin + 1])) continue;
    if (op == IN && (at_ >= end_ || !in_set(begin, text_[at_]))) continue;
    if (code_[next] != 0 && !push(Kind::kBranch, next, at_, 0)) return Step::kError;
    pc_ = begin;
    return Step::kGo;
  }
}

template <class C>
auto Machine<C>::succeed() -> Step {
  if (level_ == kNoLevel) {
    if (request_.whole && at_ != end_) return Step::kFail;
    if (request_.must_advance && at_ == static_cast<int64_t>(request_.start)) return Step::kFail;
    match_end_ = at_;
    return Step::kMatched;
  }
  const Entry barrier = space_.base[level_];
  const uint32_t after = barrier.pc + 1 + code_[barrier.pc + 1];
  switch (barrier.kind) {
    case Kind::kAssert:
      close_barrier();
      pc_ = after;
      at_ = barrier.a;
      return Step::kGo;
    case Kind::kAssertNot:
      // Nothing of the body may stay: take back all of it, the barrier too.
      while (top_ > space_.base + level_ + 1) undo(*--top_);
      --top_;
      return Step::kFail;
    case Kind::kAtomic:
      close_barrier();
      pc_ = after;
      return Step::kGo;
    default: {
      close_barrier();
      const int64_t count = barrier.b + 1;
      if (at_ == barrier.a && count >= static_cast<int64_t>(code_[barrier.pc + 2])) {
        pc_ = after + 1;
        return Step::kGo;
      }
      return begin_possessive(barrier.pc, count);
    }
  }
}

template <class C>
auto Machine<C>::backtrack() -> Step {
  while (top_ != space_.base) {
    const Entry e = *--top_;
    Step step = Step::kFail;
    switch (e.kind) {
      case Kind::kMark:
      case Kind::kRepeat:
      case Kind::kCurrent:
      case Kind::kNewRepeat:
      case Kind::kLevel:
        undo(e);
        break;
      case Kind::kBranch:
        at_ = e.a;
        step = branch(e.pc);
        break;
      case Kind::kGreedy:
        step = repeat_greedy(e.pc, e.a, e.b);
        break;
      case Kind::kLazy:
        at_ = e.a;
        if (at_ < end_ && fits(e.pc + 4, text_[at_])) {
          ++at_;
          step = repeat_lazy(e.pc, e.b - 1);
        }
        break;
      case Kind::kLeave:
        at_ = e.a;
        pc_ = e.pc;
        step = leave_repeat();
        break;
      case Kind::kAgain: {
        const auto number = static_cast<uint32_t>(e.b);
        Repeat& r = space_.repeats[number];
        const uint32_t most = code_[r.pc + 3];
        if ((r.count + 1 >= most && most != kMaxRepeat) || e.a == r.last) break;
        if (!push(Kind::kRepeat, number, r.count, r.last)) return Step::kError;
        ++r.count;
        r.last = e.a;
        at_ = e.a;
        pc_ = r.pc + 4;
        step = Step::kGo;
        break;
      }
      case Kind::kAssert:
      case Kind::kAtomic:
        break;
      case Kind::kAssertNot:
        undo(*--top_);
        at_ = e.a;
        pc_ = e.pc + 1 + code_[e.pc + 1];
        step = Step::kGo;
        break;
      case Kind::kPossessive:
        if (e.b < static_cast<int64_t>(code_[e.pc + 2])) break;
        undo(*--top_);
        at_ = e.a;
        pc_ = e.pc + 2 + code_[e.pc + 1];
        step = Step::kGo;
        break;
    }
    if (step != Step::kFail) return step;
  }
  return Step::kFail;
}

// Runs from pc_ at at_ until something else than the next instruction is due.
template <class C>
auto Machine<C>::instruction() -> Step {
  uint32_t pc = pc_;
  int64_t at = at_;
  // The members are what the groups below work on; the loop itself keeps both in registers.
  const auto store = [&] {
    pc_ = pc;
    at_ = at;
  };
  for (;;) {
    switch (code_[pc]) {
      case FAILURE:
        return Step::kFail;
      case SUCCESS:
        store();
        return succeed();
      case ANY:
      case ANY_ALL:
        if (at >= end_ || (code_[pc] == ANY && text_[at] == '\n')) return Step::kFail;
        ++at;
        ++pc;
        break;
      case LITERAL:
        if (at >= end_ || text_[at] != code_[pc + 1]) return Step::kFail;
        ++at;
        pc += 2;
        break;
      case NOT_LITERAL:
      case LITERAL_IGNORE:
      case NOT_LITERAL_IGNORE:
      case LITERAL_LOC_IGNORE:
      case NOT_LITERAL_LOC_IGNORE:
      case LITERAL_UNI_IGNORE:
      case NOT_LITERAL_UNI_IGNORE:
        if (at >= end_ || !fits(pc, text_[at])) return Step::kFail;
        ++at;
        pc += 2;
        break;
      case IN:
      case IN_IGNORE:
      case IN_LOC_IGNORE:
      case IN_UNI_IGNORE:
        if (at >= end_ || !in_set(pc, text_[at])) return Step::kFail;
        ++at;
        pc += 1 + code_[pc + 1];
        break;
      case CATEGORY:
        if (at >= end_ || !in_category(code_[pc + 1], text_[at])) return Step::kFail;
        ++at;
        pc += 2;
        break;
      case AT:
        if (!at_ok(code_[pc + 1], at)) return Step::kFail;
        pc += 2;
        break;
      case MARK: {
        const uint32_t mark = code_[pc + 1];
        if (!push(Kind::kMark, mark, marks_[mark], lastindex_)) return Step::kError;
        marks_[mark] = at;
        if ((mark & 1) != 0) lastindex_ = mark / 2 + 1;
        pc += 2;
        break;
      }
      case JUMP:
        pc += 1 + code_[pc + 1];
        break;
      case BRANCH:
        store();
        return branch(pc + 1);
      case REPEAT_ONE:
      case POSSESSIVE_REPEAT_ONE: {
        const int64_t least = at + code_[pc + 2];
        if (least > end_) return Step::kFail;
        const int64_t most = run_length_end(pc + 4, at, code_[pc + 3]);
        if (most < least) return Step::kFail;
        if (code_[pc] == REPEAT_ONE) return repeat_greedy(pc, least, most);
        at = most;
        pc += 1 + code_[pc + 1];
        break;
      }
      case MIN_REPEAT_ONE: {
        const int64_t least = code_[pc + 2];
        if (at + least > end_) return Step::kFail;
        if (least > 0 && run_length_end(pc + 4, at, code_[pc + 2]) < at + least) return Step::kFail;
        at += least;
        store();
        return repeat_lazy(pc, code_[pc + 3] == kMaxRepeat ? INT64_MAX : code_[pc + 3] - least);
      }
      case REPEAT:
        store();
        return begin_repeat();
      case MAX_UNTIL:
        store();
        return until(true);
      case MIN_UNTIL:
        store();
        return until(false);
      case POSSESSIVE_REPEAT:
        store();
        return begin_possessive(pc, 0);
      case ATOMIC_GROUP:
        if (!open_barrier(Kind::kAtomic, pc, at, 0)) return Step::kError;
        pc += 2;
        break;
      case ASSERT:
        if (at < static_cast<int64_t>(code_[pc + 2])) return Step::kFail;
        if (!open_barrier(Kind::kAssert, pc, at, 0)) return Step::kError;
        at -= code_[pc + 2];
        pc += 3;
        break;
      case ASSERT_NOT:
        if (at < static_cast<int64_t>(code_[pc + 2])) {
          pc += 1 + code_[pc + 1];
          break;
        }
        if (!open_barrier(Kind::kAssertNot, pc, at, 0)) return Step::kError;
        at -= code_[pc + 2];
        pc += 3;
        break;
      case GROUPREF:
        if (!same_group(code_[pc + 1], &at, [](char32_t a, char32_t b) { return a == b; }))
          return Step::kFail;
        pc += 2;
        break;
      case GROUPREF_IGNORE:
        if (!same_group(code_[pc + 1], &at,
                        [](char32_t a, char32_t b) { return lower_ascii(a) == lower_ascii(b); }))
          return Step::kFail;
        pc += 2;
        break;
      case GROUPREF_UNI_IGNORE:
        if (!same_group(code_[pc + 1], &at, [](char32_t a, char32_t b) {
              return lower_unicode(a) == lower_unicode(b);
            }))
          return Step::kFail;
        pc += 2;
        break;
      case GROUPREF_LOC_IGNORE:
        if (!same_group(code_[pc + 1], &at,
                        [](char32_t a, char32_t b) { return lower_locale(a) == lower_locale(b); }))
          return Step::kFail;
        pc += 2;
        break;
      case GROUPREF_EXISTS: {
        const uint32_t group = code_[pc + 1];
        const bool took_part = marks_[2 * group] >= 0 && marks_[2 * group + 1] >= marks_[2 * group];
        pc += took_part ? 3 : 1 + code_[pc + 2];
        break;
      }
      default:
        return Step::kFail;  // set operations stand in sets only
    }
  }
}

template <class C>
Result<bool> Machine<C>::run(uint32_t pc, int64_t at) {
  pc_ = pc;
  at_ = at;
  top_ = space_.base;
  level_ = kNoLevel;
  current_ = -1;
  for (;;) {
    Step step = instruction();
    if (step == Step::kFail) step = backtrack();
    if (PYSTM_UNLIKELY(--budget_ == 0)) {
      budget_ = kStepsPerCheck;
      TRY(check_signals(cx_));
    }
    switch (step) {
      case Step::kGo:
        break;
      case Step::kFail:
        return false;
      case Step::kMatched:
        return true;
      case Step::kError:
        return raise_no_memory(cx_);
    }
  }
}

// Every match begins with a literal: only the places where that stands are tried.
template <class C>
Result<bool> Machine<C>::search_prefix() {
  const uint32_t* info = code_;
  const uint32_t length = info[5], skip = info[6];
  const std::span<const char32_t> prefix(reinterpret_cast<const char32_t*>(info + 7), length);
  const std::span<const C> text(text_, static_cast<size_t>(end_));
  for (int64_t at = static_cast<int64_t>(request_.start);; ++at) {
    if (at > end_) return false;
    const size_t found = text::find(text.subspan(static_cast<size_t>(at)), prefix);
    if (found == text::kNotFound) return false;
    at += static_cast<int64_t>(found);
    if ((info[2] & kInfoLiteral) != 0) {
      match_end_ = at + length;
      found_start_ = at;
      return true;
    }
    if (TRY(run(p_.header->body + 2 * skip, at + skip))) {
      found_start_ = at;
      return true;
    }
  }
}

template <class C>
Result<bool> Machine<C>::search() {
  const auto start = static_cast<int64_t>(request_.start);
  const int64_t last = end_ - static_cast<int64_t>(p_.header->min_width);
  if (start > last) return false;
  const ProgramHeader& h = *p_.header;
  if (h.anchored != 0) {
    if (start > 0) return false;
    return run(h.body, start);
  }
  if (h.body > 0 && (code_[2] & kInfoPrefix) != 0) return search_prefix();
  for (int64_t at = start; at <= last; ++at) {
    if (h.has_first != 0) {
      while (at < end_ && !first_ok(at)) ++at;
      if (at >= end_ || at > last) return false;
    }
    found_start_ = at;
    if (TRY(run(h.body, at))) return true;
    if (PYSTM_UNLIKELY(--budget_ <= 1)) {
      budget_ = kStepsPerCheck;
      TRY(check_signals(cx_));
    }
  }
  return false;
}

template <class F>
Result<bool> with_machine(Context& cx, const Program& program, const Request& request,
                          F&& use) try {
  Borrowed space;
  switch (request.width) {
    case 1: {
      Machine<uint8_t> m(cx, program, request, *space);
      return use(m);
    }
    case 2: {
      Machine<char16_t> m(cx, program, request, *space);
      return use(m);
    }
    default: {
      Machine<char32_t> m(cx, program, request, *space);
      return use(m);
    }
  }
} catch (const std::bad_alloc&) {
  return raise_no_memory(cx);
}

}  // namespace

Result<bool> match_here(Context& cx, const Program& program, const Request& request, Found* found) {
  if (request.start > request.end || request.end - request.start < program.header->min_width)
    return false;
  return with_machine(cx, program, request, [&](auto& m) -> Result<bool> {
    const auto start = static_cast<int64_t>(request.start);
    if (!TRY(m.run(program.header->body, start))) return false;
    m.report(start, found);
    return true;
  });
}

Result<bool> search_from(Context& cx, const Program& program, const Request& request,
                         Found* found) {
  if (request.start > request.end) return false;
  return with_machine(cx, program, request, [&](auto& m) -> Result<bool> {
    if (!TRY(m.search())) return false;
    m.report(m.found_start(), found);
    return true;
  });
}

}  // namespace pystm::lib::sre
