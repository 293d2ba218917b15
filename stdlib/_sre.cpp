// _sre: the classes Pattern, Match and SRE_Scanner over the matcher of _sre_match.cpp. The
// compiler, the caches and the parsing of templates are Python: package re.
//
// Invariants: the slots of a Pattern and of a Match are set before anybody else sees them and never
// again, so they are read without a barrier. A Scanner moves on: its slots are read and written
// through barriers.
#include "stdlib/_sre.h"

#include <algorithm>
#include <cstring>

#include "stdlib/modules.h"
#include "stdlib/native_class.h"
#include "stdlib/support.h"
#include "vm/types/dict_views.h"

namespace pystm::lib {

namespace {

using sre::Found;
using sre::Program;
using sre::Request;

Type *pattern_type, *match_type, *scanner_type;

enum class Pattern { kPattern, kFlags, kProgram, kGroups, kGroupIndex, kIndexGroup, kCount };
enum class Match { kPattern, kString, kPos, kEndpos, kLastIndex, kMarks, kCount };
enum class Scanner { kPattern, kString, kBytes, kPos, kEndpos, kAt, kAdvance, kCount };

using PatternSelf = Of<&pattern_type>;
using MatchSelf = Of<&match_type>;
using ScannerSelf = Of<&scanner_type>;

template <class E>
Value fixed(Value self, E e) {
  // NOBARRIER: never changes once the object can be seen
  return instance_slots(self.as<Instance>())[static_cast<unsigned>(e)];
}
Value pattern_of(Value match) { return fixed(match, Match::kPattern); }
Program program_of(Value pattern) { return Program(fixed(pattern, Pattern::kProgram).as<Bytes>()); }
size_t groups_of(Value pattern) { return program_of(pattern).header->groups; }

// --- the text to match ---------------------------------------------------------------------------

// A str, or the bytes of a buffer. Not to be copied: data may point into `buffer`.
struct Subject {
  Value object;
  Value exact;  // flat exact str, or exact Bytes, or unset
  Buffer buffer;
  const void* data = nullptr;
  int64_t length = 0;
  unsigned width = 1;
  bool is_text = false;

  // The characters [start, end) as str or bytes; the whole of an exact str or bytes is itself.
  Result<Value> slice(Context& cx, int64_t start, int64_t end) const {
    if (is_text) {
      if (start == 0 && end == length && object == exact) return exact;
      return Value(TRY(
          str_slice(cx, exact.as<Str>(), static_cast<size_t>(start), static_cast<size_t>(end))));
    }
    if (start == 0 && end == length && !exact.is_unset()) return exact;
    return Value(TRY(new_bytes(cx, static_cast<const uint8_t*>(data) + start,
                               static_cast<size_t>(end - start))));
  }
};

Result<void> open_subject(Context& cx, Value v, Subject* out) {
  out->object = v;
  if (is_str(v)) {
    Str* s = TRY(flatten(cx, v));
    out->exact = s;
    if (has_kind(v, Kind::kRopeStr)) out->object = s;
    out->data = s->latin1();
    out->length = static_cast<int64_t>(s->length);
    out->width = width_of(s);
    out->is_text = true;
    return {};
  }
  const auto scattered = [](const MemoryView* m) {
    return m->length > 1 && m->stride != static_cast<int64_t>(m->itemsize);
  };
  if (!is_bytes_like(v) || (has_kind(v, Kind::kMemoryView) && scattered(v.as<MemoryView>())) ||
      get_buffer(cx, v, &out->buffer).is_error()) {
    clear_exception(cx);
    return raise(cx, kTypeError, "expected string or bytes-like object, got '%s'", TYPE_NAME(v));
  }
  if (has_shape(v, kShapeBytes)) out->exact = v;
  out->data = out->buffer.data;
  out->length = static_cast<int64_t>(out->buffer.size);
  return {};
}
Result<void> check_kind(Context& cx, Value pattern, const Subject& subject) {
  const Value source = fixed(pattern, Pattern::kPattern);
  if (source == kNone) return {};
  if (is_str(source) && !subject.is_text)
    return raise(cx, kTypeError, "cannot use a string pattern on a bytes-like object");
  if (!is_str(source) && subject.is_text)
    return raise(cx, kTypeError, "cannot use a bytes pattern on a string-like object");
  return {};
}
Result<void> open_for(Context& cx, Value pattern, Value string, Subject* out) {
  TRY(open_subject(cx, string, out));
  return check_kind(cx, pattern, *out);
}

// One walk over a text, match by match.
class Walk {
 public:
  Walk(Context& cx, Value pattern, const Subject& subject, int64_t pos, int64_t endpos)
      : cx_(cx), pattern_(pattern), subject_(subject), program_(program_of(pattern)) {
    request_.data = subject.data;
    request_.width = subject.width;
    start_ = std::clamp<int64_t>(pos, 0, subject.length);
    end_ = std::clamp<int64_t>(endpos, 0, subject.length);
    request_.start = static_cast<size_t>(start_);
    request_.end = static_cast<size_t>(end_);
  }
  ~Walk() {
    asm volatile(""
                 :
                 : "r"(pattern_.bits()), "r"(subject_.object.bits()), "r"(subject_.exact.bits()));
  }
  Walk(const Walk&) = delete;
  Walk& operator=(const Walk&) = delete;

  Result<bool> match(bool whole) {
    request_.whole = whole;
    return sre::match_here(cx_, program_, request_, &found);
  }
  Result<bool> search() { return sre::search_from(cx_, program_, request_, &found); }
  // To behind the last match. An empty match is not to be found a second time.
  void advance() { go_on_at(found.end, found.start == found.end); }
  void go_on_at(int64_t at, bool must_advance) {
    request_.start = static_cast<size_t>(at);
    request_.must_advance = must_advance;
  }
  int64_t start() const { return start_; }
  int64_t end() const { return end_; }

  // Group 0 or another; false when it took no part.
  bool span(size_t group, int64_t* start, int64_t* end) const {
    *start = group == 0 ? found.start : found.marks[2 * (group - 1)];
    *end = group == 0 ? found.end : found.marks[2 * (group - 1) + 1];
    return *start >= 0 && *end >= *start;
  }
  Result<Value> group(size_t number, bool empty_for_none) const {
    int64_t start, end;
    if (span(number, &start, &end)) return subject_.slice(cx_, start, end);
    if (!empty_for_none) return kNone;
    return subject_.slice(cx_, 0, 0);
  }
  Result<Value> make_match() const;

  Found found;

 private:
  Context& cx_;
  Value pattern_;
  const Subject& subject_;
  Program program_;
  Request request_;
  int64_t start_, end_;
};

Result<Value> Walk::make_match() const {
  const size_t groups = program_.header->groups;
  Bytes* marks = TRY(alloc_bytes(cx_, 16 * (groups + 1)));
  auto* spans = reinterpret_cast<int64_t*>(marks->data());
  for (size_t i = 0; i <= groups; ++i)
    if (!span(i, &spans[2 * i], &spans[2 * i + 1])) spans[2 * i] = spans[2 * i + 1] = -1;
  const Value fields[] = {pattern_,
                          subject_.object,
                          Value::of_int(start_),
                          Value::of_int(end_),
                          Value::of_int(found.lastindex),
                          marks};
  static_assert(std::size(fields) == static_cast<size_t>(Match::kCount));
  Object* self = alloc_object(cx_, match_type->shape);
  // NOBARRIER: newborn
  Value* slots = instance_slots(static_cast<Instance*>(self));
  for (size_t i = 0; i < std::size(fields); ++i) {
    slots[i] = fields[i];
    gc::store_barrier(cx_, self, slots + i);
  }
  return Value(self);
}

Result<int64_t> end_argument(Context& cx, Opt endpos) {
  if (!endpos.given()) return INT64_MAX;
  return to_index_clamped(cx, endpos.value);
}

// --- Pattern: matching ---------------------------------------------------------------------------

enum class How { kMatch, kFullmatch, kSearch };

template <How kHow>
Result<Value> pattern_find(Context& cx, PatternSelf self, Value string, Index pos, Opt endpos) {
  Subject subject;
  const int64_t end = TRY(end_argument(cx, endpos));
  TRY(open_for(cx, self, string, &subject));
  Walk walk(cx, self, subject, pos, end);
  const bool found =
      kHow == How::kSearch ? TRY(walk.search()) : TRY(walk.match(kHow == How::kFullmatch));
  if (!found) return kNone;
  return walk.make_match();
}

Result<Value> pattern_findall(Context& cx, PatternSelf self, Value string, Index pos, Opt endpos) {
  Subject subject;
  const int64_t end = TRY(end_argument(cx, endpos));
  TRY(open_for(cx, self, string, &subject));
  Walk walk(cx, self, subject, pos, end);
  List* out = new_list(cx);
  const size_t groups = groups_of(self);
  while (TRY(walk.search())) {
    Value item;
    if (groups <= 1) {
      item = TRY(walk.group(groups, true));
    } else {
      Tuple* t = TRY(alloc_tuple(cx, groups));
      for (size_t i = 0; i < groups; ++i) t->items()[i] = kNone;
      for (size_t i = 0; i < groups; ++i) {
        const Value v = TRY(walk.group(i + 1, true));
        t->items()[i] = v;
        gc::store_barrier(cx, t, t->items() + i);
      }
      item = t;
    }
    TRY(list_append(cx, out, item));
    walk.advance();
  }
  return Value(out);
}

Result<Value> pattern_split(Context& cx, PatternSelf self, Value string, Index maxsplit) {
  Subject subject;
  TRY(open_for(cx, self, string, &subject));
  Walk walk(cx, self, subject, 0, INT64_MAX);
  List* out = new_list(cx);
  const size_t groups = groups_of(self);
  int64_t last = 0;
  for (int64_t n = 0; (maxsplit == 0 || n < maxsplit) && TRY(walk.search()); ++n) {
    TRY(list_append(cx, out, TRY(subject.slice(cx, last, walk.found.start))));
    for (size_t i = 1; i <= groups; ++i) TRY(list_append(cx, out, TRY(walk.group(i, false))));
    last = walk.found.end;
    walk.advance();
  }
  TRY(list_append(cx, out, TRY(subject.slice(cx, last, subject.length))));
  return Value(out);
}

// --- Pattern: substitution -----------------------------------------------------------------------

// A template with no backslash stands for itself; others are parsed by the package. Unset:
// `*constant` is what each match becomes.
Result<Value> replacement_filter(Context& cx, Value pattern, Value repl, Value* constant) {
  if (is_callable(repl)) return repl;
  bool literal = false;
  Subject text;
  if (open_subject(cx, repl, &text).is_error()) {
    clear_exception(cx);
  } else if (text.is_text) {
    literal = with_chars(text.exact.as<Str>(), [&](const auto* chars) {
      return std::find(chars, chars + text.length, '\\') == chars + text.length;
    });
  } else {
    literal = text.buffer.view().find('\\') == std::string_view::npos;
  }
  if (literal) {
    *constant = repl;
    return Value();
  }
  const Value filter = TRY(call(cx, TRY(import_attr(cx, "re", "_subx")), {pattern, repl}));
  if (is_callable(filter)) return filter;
  *constant = filter;
  return Value();
}

// Texts only, and a str in place of each: no list of parts is needed.
Result<Value> replace_by_str(Context& cx, Walk& walk, const Subject& subject, Str* constant,
                             int64_t count, int64_t* n) {
  StrBuilder out;
  Str* text = subject.exact.as<Str>();
  int64_t last = 0;
  for (; (count == 0 || *n < count) && TRY(walk.search()); ++*n) {
    out.add(text, static_cast<size_t>(last), static_cast<size_t>(walk.found.start));
    out.add(constant);
    last = walk.found.end;
    walk.advance();
  }
  if (*n == 0) return subject.slice(cx, 0, subject.length);
  out.add(text, static_cast<size_t>(last), static_cast<size_t>(subject.length));
  return Value(TRY(out.finish(cx)));
}

Result<Value> join_parts(Context& cx, const Subject& subject, List* parts) {
  const Value joiner = TRY(subject.slice(cx, 0, 0));
  if (list_length(cx, parts) == 0) return joiner;
  return call_method(cx, joiner, "join", {Value(parts)});
}

Result<Value> substitute(Context& cx, Value self, Value repl, Value string, int64_t count,
                         int64_t* n) {
  Value constant;
  const Value filter = TRY(replacement_filter(cx, self, repl, &constant));
  Subject subject;
  TRY(open_for(cx, self, string, &subject));
  Walk walk(cx, self, subject, 0, INT64_MAX);
  if (filter.is_unset() && subject.is_text && is_str(constant))
    return replace_by_str(cx, walk, subject, TRY(flatten(cx, constant)), count, n);
  List* parts = new_list(cx);
  int64_t last = 0;
  for (; (count == 0 || *n < count) && TRY(walk.search()); ++*n) {
    if (last < walk.found.start)
      TRY(list_append(cx, parts, TRY(subject.slice(cx, last, walk.found.start))));
    const Value item =
        filter.is_unset() ? constant : TRY(call(cx, filter, {TRY(walk.make_match())}));
    if (item != kNone) TRY(list_append(cx, parts, item));
    last = walk.found.end;
    walk.advance();
  }
  if (last < subject.length)
    TRY(list_append(cx, parts, TRY(subject.slice(cx, last, subject.length))));
  return join_parts(cx, subject, parts);
}
Result<Value> pattern_sub(Context& cx, PatternSelf self, Value repl, Value string, Index count) {
  int64_t n = 0;
  return substitute(cx, self, repl, string, count, &n);
}
Result<Value> pattern_subn(Context& cx, PatternSelf self, Value repl, Value string, Index count) {
  int64_t n = 0;
  const Value text = TRY(substitute(cx, self, repl, string, count, &n));
  return tuple_of(cx, {text, make_int(cx, n)});
}

// --- Scanner -------------------------------------------------------------------------------------

Result<Value> pattern_scanner(Context& cx, PatternSelf self, Value string, Index pos, Opt endpos) {
  Subject subject;
  const int64_t end = TRY(end_argument(cx, endpos));
  TRY(open_for(cx, self, string, &subject));
  const Walk walk(cx, self, subject, pos, end);
  // What can change under the scanner is copied once.
  Value bytes;
  if (!subject.is_text && subject.exact.is_unset())
    bytes = TRY(subject.slice(cx, 0, subject.length));
  const Value scanner = alloc_object(cx, scanner_type->shape);
  set_slot(cx, scanner, Scanner::kPattern, self);
  set_slot(cx, scanner, Scanner::kString, subject.object);
  set_slot(cx, scanner, Scanner::kBytes, bytes);
  set_slot(cx, scanner, Scanner::kPos, make_int(cx, walk.start()));
  set_slot(cx, scanner, Scanner::kEndpos, make_int(cx, walk.end()));
  set_slot(cx, scanner, Scanner::kAt, make_int(cx, walk.start()));
  set_slot(cx, scanner, Scanner::kAdvance, kFalse);
  return scanner;
}

template <How kHow>
Result<Value> scanner_step(Context& cx, ScannerSelf self) {
  const Value at = slot(cx, self, Scanner::kAt), bytes = slot(cx, self, Scanner::kBytes);
  if (at == kNone) return kNone;
  const Value string = slot(cx, self, Scanner::kString),
              pattern = slot(cx, self, Scanner::kPattern);
  Subject subject;
  TRY(open_subject(cx, bytes.is_unset() ? string : bytes, &subject));
  if (!bytes.is_unset()) subject.object = string;
  Walk walk(cx, pattern, subject, slot(cx, self, Scanner::kPos).as_int(),
            slot(cx, self, Scanner::kEndpos).as_int());
  walk.go_on_at(at.as_int(), slot(cx, self, Scanner::kAdvance) == kTrue);
  if (!(kHow == How::kSearch ? TRY(walk.search()) : TRY(walk.match(false)))) {
    set_slot(cx, self, Scanner::kAt, kNone);
    return kNone;
  }
  set_slot(cx, self, Scanner::kAt, make_int(cx, walk.found.end));
  set_slot(cx, self, Scanner::kAdvance, of_bool(walk.found.start == walk.found.end));
  return walk.make_match();
}
Result<Value> scanner_pattern(Context& cx, Value self) { return slot(cx, self, Scanner::kPattern); }

Result<Value> pattern_finditer(Context& cx, PatternSelf self, Value string, Index pos, Opt endpos) {
  const Value scanner = TRY(pattern_scanner(cx, self, string, pos, endpos));
  const Value search = TRY(get_attr(cx, scanner, "search"));
  return call(cx, TRY(builtin_named(cx, "iter")), {search, kNone});
}

// --- Pattern: the rest ---------------------------------------------------------------------------

struct FlagName {
  int64_t flag;
  const char* name;
};
constexpr FlagName kFlagNames[] = {
    {1, "re.TEMPLATE"},  {2, "re.IGNORECASE"}, {4, "re.LOCALE"},
    {8, "re.MULTILINE"}, {16, "re.DOTALL"},    {32, "re.UNICODE"},
    {64, "re.VERBOSE"},  {128, "re.DEBUG"},    {256, "re.ASCII"},
};
constexpr int64_t kFlagLocale = 4, kFlagUnicode = 32, kFlagAscii = 256;

Result<Value> cut_repr(Context& cx, Value v, size_t most) {
  const Value text = TRY(repr(cx, v));
  Str* s = TRY(flatten(cx, text));
  return Value(TRY(str_slice(cx, s, 0, std::min<size_t>(s->length, most))));
}
Result<Value> pattern_repr(Context& cx, PatternSelf self) {
  const Value source = fixed(self, Pattern::kPattern);
  int64_t flags = fixed(self, Pattern::kFlags).as_int();
  if (is_str(source) && (flags & (kFlagLocale | kFlagUnicode | kFlagAscii)) == kFlagUnicode)
    flags &= ~kFlagUnicode;
  StrBuilder out;
  out.add_ascii("re.compile(");
  out.add(TRY(cut_repr(cx, source, 200)).as<Str>());
  std::string names;
  for (const FlagName& f : kFlagNames) {
    if ((flags & f.flag) == 0) continue;
    names += (names.empty() ? "" : "|") + std::string(f.name);
    flags &= ~f.flag;
  }
  if (flags != 0) {
    char rest[24];
    std::snprintf(rest, sizeof rest, "0x%llx", static_cast<unsigned long long>(flags));
    names += (names.empty() ? "" : "|") + std::string(rest);
  }
  if (!names.empty()) out.add_ascii(", " + names);
  out.add_ascii(")");
  return Value(TRY(out.finish(cx)));
}
std::string_view program_bytes(Value pattern) {
  return bytes_view(fixed(pattern, Pattern::kProgram).as<Bytes>());
}
Result<Value> pattern_eq(Context& cx, PatternSelf self, Value other) {
  if (type_of(other) != pattern_type) return kNotImplemented;
  if (other == self.value) return kTrue;
  if (fixed(self, Pattern::kFlags) != fixed(other, Pattern::kFlags) ||
      program_bytes(self) != program_bytes(other))
    return kFalse;
  const Value a = fixed(self, Pattern::kPattern), b = fixed(other, Pattern::kPattern);
  // '' and b'' compile alike but match different things.
  if (is_str(a) != is_str(b)) return kFalse;
  return compare(cx, CompareOp::kEq, a, b);
}
Result<int64_t> pattern_hash(Context& cx, PatternSelf self) {
  const std::string_view code = program_bytes(self);
  const int64_t h = TRY(hash_value(cx, fixed(self, Pattern::kPattern))) ^
                    bytes_hash(code.data(), code.size()) ^ fixed(self, Pattern::kFlags).as_int();
  return h == -1 ? -2 : h;
}
Result<Value> itself(Context&, Value self) { return self; }
Result<Value> itself_with_memo(Context&, Value self, Value) { return self; }
Result<Value> pattern_groupindex(Context& cx, Value self) {
  const Value index = fixed(self, Pattern::kGroupIndex);
  if (dict_length(cx, index.as<Dict>()) == 0) return Value(new_dict(cx));
  return new_mapping_proxy(cx, index);
}
template <class E, E kSlot>
Result<Value> get_fixed(Context&, Value self) {
  return fixed(self, kSlot);
}

Result<std::vector<uint32_t>> code_words(Context& cx, List* code) {
  std::vector<uint32_t> words;
  const int64_t n = list_length(cx, code);
  for (int64_t i = 0; i < n; ++i) {
    const Value v = list_get(cx, code, i);
    if (v.is_unset() || !is_int(v)) return raise(cx, kTypeError, "an integer is required");
    int64_t word;
    const bool fits = to_int64(v, &word);
    if (fits && word < 0)
      return raise(cx, kOverflowError, "can't convert negative value to unsigned int");
    if (!fits || word > UINT32_MAX)
      return raise(cx, kOverflowError, "regular expression code size limit exceeded");
    words.push_back(static_cast<uint32_t>(word));
  }
  return words;
}
Result<Value> sre_compile(Context& cx, Value pattern, int flags, List* code, int64_t groups,
                          Dict* groupindex, Tuple* indexgroup) {
  auto words = code_words(cx, code);
  if (words.is_error()) return Error{};
  if (pattern != kNone && !is_str(pattern)) {
    Subject probe;
    TRY(open_subject(cx, pattern, &probe));
  }
  Value program;
  if (groups >= 0 && groups <= sre::kMaxGroups)
    program = TRY(sre::make_program(cx, words.value(), static_cast<uint32_t>(groups)));
  if (program.is_unset()) return raise(cx, kRuntimeError, "invalid SRE code");
  const Value self = alloc_object(cx, pattern_type->shape);
  set_slot(cx, self, Pattern::kPattern, pattern);
  set_slot(cx, self, Pattern::kFlags, Value::of_int(flags));
  set_slot(cx, self, Pattern::kProgram, program);
  set_slot(cx, self, Pattern::kGroups, Value::of_int(groups));
  set_slot(cx, self, Pattern::kGroupIndex, groupindex);
  set_slot(cx, self, Pattern::kIndexGroup, indexgroup);
  return self;
}

// --- Match ---------------------------------------------------------------------------------------

struct Span {
  int64_t start, end;
};
Span span_of(Value match, size_t group) {
  const auto* spans =
      reinterpret_cast<const int64_t*>(fixed(match, Match::kMarks).as<Bytes>()->data());
  return {spans[2 * group], spans[2 * group + 1]};
}
// A group by number or name.
Result<size_t> group_number(Context& cx, Value match, Value key) {
  int64_t i = -1;
  if (is_int(key) || has_index(key)) {
    i = TRY(to_index_clamped(cx, key));
  } else {
    const Value index = fixed(pattern_of(match), Pattern::kGroupIndex);
    const Value v = TRY(dict_get(cx, index.as<Dict>(), key));
    if (v.is_unset() || !is_int(v) || !to_int64(v, &i)) i = -1;
  }
  if (i < 0 || i > static_cast<int64_t>(groups_of(pattern_of(match))))
    return raise(cx, kIndexError, "no such group");
  return static_cast<size_t>(i);
}
Result<Value> group_text(Context& cx, const Subject& subject, Span span, Value otherwise) {
  if (span.start < 0) return otherwise;
  // A mutable buffer may have become shorter since.
  return subject.slice(cx, std::min(span.start, subject.length),
                       std::min(span.end, subject.length));
}
Result<void> open_string(Context& cx, Value match, Subject* out) {
  return open_subject(cx, fixed(match, Match::kString), out);
}

Result<Value> match_getitem(Context& cx, MatchSelf self, Value key) {
  const size_t group = TRY(group_number(cx, self, key));
  Subject subject;
  TRY(open_string(cx, self, &subject));
  return group_text(cx, subject, span_of(self, group), kNone);
}
Result<Value> match_group(Context& cx, MatchSelf self, Args keys) {
  if (keys.count == 0) return match_getitem(cx, self, Value::of_int(0));
  if (keys.count == 1) return match_getitem(cx, self, keys[0]);
  Tuple* out = TRY(alloc_tuple(cx, keys.count));
  for (size_t i = 0; i < keys.count; ++i) out->items()[i] = kNone;
  for (size_t i = 0; i < keys.count; ++i) {
    const Value v = TRY(match_getitem(cx, self, keys[i]));
    out->items()[i] = v;
    gc::store_barrier(cx, out, out->items() + i);
  }
  return Value(out);
}
Result<Value> match_groups(Context& cx, MatchSelf self, Value otherwise) {
  Subject subject;
  TRY(open_string(cx, self, &subject));
  const size_t n = groups_of(pattern_of(self));
  Tuple* out = TRY(alloc_tuple(cx, n));
  for (size_t i = 0; i < n; ++i) out->items()[i] = kNone;
  for (size_t i = 0; i < n; ++i) {
    const Value v = TRY(group_text(cx, subject, span_of(self, i + 1), otherwise));
    out->items()[i] = v;
    gc::store_barrier(cx, out, out->items() + i);
  }
  return Value(out);
}
Result<Value> match_groupdict(Context& cx, MatchSelf self, Value otherwise) {
  Subject subject;
  TRY(open_string(cx, self, &subject));
  Dict* out = new_dict(cx);
  Dict* names = fixed(pattern_of(self), Pattern::kGroupIndex).as<Dict>();
  Word position = 0;
  Value name, number;
  while (dict_next(cx, names, &position, &name, &number)) {
    const size_t group = TRY(group_number(cx, self, number));
    TRY(dict_set(cx, out, name, TRY(group_text(cx, subject, span_of(self, group), otherwise))));
  }
  return Value(out);
}
Result<Value> match_start(Context& cx, MatchSelf self, Value group) {
  return make_int(cx, span_of(self, TRY(group_number(cx, self, group))).start);
}
Result<Value> match_end(Context& cx, MatchSelf self, Value group) {
  return make_int(cx, span_of(self, TRY(group_number(cx, self, group))).end);
}
Result<Value> span_tuple(Context& cx, Span s) {
  return tuple_of(cx, {make_int(cx, s.start), make_int(cx, s.end)});
}
Result<Value> match_span(Context& cx, MatchSelf self, Value group) {
  return span_tuple(cx, span_of(self, TRY(group_number(cx, self, group))));
}
Result<Value> match_regs(Context& cx, Value self) {
  const size_t n = groups_of(pattern_of(self)) + 1;
  Tuple* out = TRY(alloc_tuple(cx, n));
  for (size_t i = 0; i < n; ++i) out->items()[i] = kNone;
  for (size_t i = 0; i < n; ++i) {
    const Value v = TRY(span_tuple(cx, span_of(self, i)));
    out->items()[i] = v;
    gc::store_barrier(cx, out, out->items() + i);
  }
  return Value(out);
}
Result<Value> match_expand(Context& cx, MatchSelf self, Value text) {
  return call(cx, TRY(import_attr(cx, "re", "_expand")), {pattern_of(self), self, text});
}
Result<Value> match_lastindex(Context&, Value self) {
  const Value i = fixed(self, Match::kLastIndex);
  return i.as_int() < 0 ? kNone : i;
}
Result<Value> match_lastgroup(Context&, Value self) {
  const int64_t i = fixed(self, Match::kLastIndex).as_int();
  const Tuple* names = fixed(pattern_of(self), Pattern::kIndexGroup).as<Tuple>();
  return i < 0 || i >= static_cast<int64_t>(names->length) ? kNone
                                                           : (*names)[static_cast<size_t>(i)];
}
Result<Value> match_repr(Context& cx, MatchSelf self) {
  const Span s = span_of(self, 0);
  const Value text = TRY(match_getitem(cx, self, Value::of_int(0)));
  StrBuilder out;
  out.add_ascii("<re.Match object; span=(" + std::to_string(s.start) + ", " +
                std::to_string(s.end) + "), match=");
  out.add(TRY(cut_repr(cx, text, 50)).as<Str>());
  out.add_ascii(">");
  return Value(TRY(out.finish(cx)));
}

// --- functions of the compiler -------------------------------------------------------------------

Result<Value> folded(Context& cx, int c, char32_t (*fold)(char32_t)) {
  return make_int(cx, c < 0 ? c : static_cast<int64_t>(fold(static_cast<char32_t>(c))));
}
Result<Value> ascii_tolower(Context& cx, int c) { return folded(cx, c, sre::lower_ascii); }
Result<Value> unicode_tolower(Context& cx, int c) { return folded(cx, c, sre::lower_unicode); }
Result<bool> ascii_iscased(Context&, int c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
Result<bool> unicode_iscased(Context&, int c) {
  if (c < 0) return false;
  const auto ch = static_cast<char32_t>(c), lower = sre::lower_unicode(ch);
  return ch != lower || ch != sre::upper_unicode(ch);
}
Result<int64_t> getcodesize(Context&) { return int64_t{4}; }

#define SEARCH_SIGNATURE "($self, /, string, pos=0, endpos=sys.maxsize)"
constexpr BuiltinDef kPatternMethods[] = {
    method<&pattern_find<How::kMatch>>(
        "match", SEARCH_SIGNATURE, Effects::kCallsPython,
        "Matches zero or more characters at the beginning of the string."),
    method<&pattern_find<How::kFullmatch>>("fullmatch", SEARCH_SIGNATURE, Effects::kCallsPython,
                                           "Matches against all of the string."),
    method<&pattern_find<How::kSearch>>(
        "search", SEARCH_SIGNATURE, Effects::kCallsPython,
        "Scan through string looking for a match, and return a corresponding match object "
        "instance.\n\nReturn None if no position in the string matches."),
    method<&pattern_findall>("findall", SEARCH_SIGNATURE, Effects::kCallsPython,
                             "Return a list of all non-overlapping matches of pattern in string."),
    method<&pattern_finditer>(
        "finditer", SEARCH_SIGNATURE, Effects::kCallsPython,
        "Return an iterator over all non-overlapping matches for the RE pattern in string.\n\n"
        "For each match, the iterator returns a match object."),
    method<&pattern_scanner>("scanner", SEARCH_SIGNATURE),
    method<&pattern_split>("split", "($self, /, string, maxsplit=0)", Effects::kCallsPython,
                           "Split string by the occurrences of pattern."),
    method<&pattern_sub>("sub", "($self, /, repl, string, count=0)", Effects::kCallsPython,
                         "Return the string obtained by replacing the leftmost non-overlapping "
                         "occurrences of pattern in "
                         "string by the replacement repl."),
    method<&pattern_subn>(
        "subn", "($self, /, repl, string, count=0)", Effects::kCallsPython,
        "Return the tuple (new_string, number_of_subs_made) found by replacing the leftmost "
        "non-overlapping occurrences of pattern with the replacement repl."),
    method<&itself>("__copy__", "($self, /)"),
    method<&itself_with_memo>("__deepcopy__", "($self, memo, /)"),
    method<&pattern_repr>("__repr__", "($self, /)"),
    method<&pattern_eq>("__eq__", "($self, value, /)"),
    method<&pattern_hash>("__hash__", "($self, /)"),
    class_method<&class_getitem>("__class_getitem__", "($type, object, /)", Effects::kCallsPython,
                                 "See PEP 585"),
};
#undef SEARCH_SIGNATURE
constexpr GetSetDef kPatternGetSets[] = {
    {"pattern", get_fixed<Pattern, Pattern::kPattern>, nullptr,
     "The pattern string from which the RE object was compiled."},
    {"flags", get_fixed<Pattern, Pattern::kFlags>, nullptr, "The regex matching flags."},
    {"groups", get_fixed<Pattern, Pattern::kGroups>, nullptr,
     "The number of capturing groups in the pattern."},
    {"groupindex", pattern_groupindex, nullptr,
     "A dictionary mapping group names to group numbers."},
};
constexpr BuiltinDef kMatchMethods[] = {
    method<&match_group>("group", "($self, /, *args)", Effects::kCallsPython,
                         "group([group1, ...]) -> str or tuple.\n    Return subgroup(s) of the "
                         "match by indices or names.\n"
                         "    For 0 returns the entire match."),
    method<&match_start>("start", "($self, group=0, /)", Effects::kCallsPython,
                         "Return index of the start of the substring matched by group."),
    method<&match_end>("end", "($self, group=0, /)", Effects::kCallsPython,
                       "Return index of the end of the substring matched by group."),
    method<&match_span>("span", "($self, group=0, /)", Effects::kCallsPython,
                        "For match object m, return the 2-tuple (m.start(group), m.end(group))."),
    method<&match_groups>(
        "groups", "($self, /, default=None)", Effects::kCallsPython,
        "Return a tuple containing all the subgroups of the match, from 1.\n\n  default\n"
        "    Is used for groups that did not participate in the match."),
    method<&match_groupdict>(
        "groupdict", "($self, /, default=None)", Effects::kCallsPython,
        "Return a dictionary containing all the named subgroups of the match, keyed by the "
        "subgroup name."
        "\n\n  default\n    Is used for groups that did not participate in the match."),
    method<&match_expand>("expand", "($self, /, template)", Effects::kCallsPython,
                          "Return the string obtained by doing backslash substitution on the "
                          "string template, as done by the "
                          "sub() method."),
    method<&match_getitem>("__getitem__", "($self, key, /)"),
    method<&match_repr>("__repr__", "($self, /)"),
    method<&itself>("__copy__", "($self, /)"),
    method<&itself_with_memo>("__deepcopy__", "($self, memo, /)"),
    class_method<&class_getitem>("__class_getitem__", "($type, object, /)", Effects::kCallsPython,
                                 "See PEP 585"),
};
constexpr GetSetDef kMatchGetSets[] = {
    {"lastindex", match_lastindex, nullptr,
     "The integer index of the last matched capturing group."},
    {"lastgroup", match_lastgroup, nullptr, "The name of the last matched capturing group."},
    {"regs", match_regs},
    {"string", get_fixed<Match, Match::kString>, nullptr,
     "The string passed to match() or search()."},
    {"re", get_fixed<Match, Match::kPattern>, nullptr, "The regular expression object."},
    {"pos", get_fixed<Match, Match::kPos>, nullptr,
     "The index into the string at which the RE engine started looking for a match."},
    {"endpos", get_fixed<Match, Match::kEndpos>, nullptr,
     "The index into the string beyond which the RE engine will not go."},
};
constexpr BuiltinDef kScannerMethods[] = {
    method<&scanner_step<How::kMatch>>("match", "($self, /)"),
    method<&scanner_step<How::kSearch>>("search", "($self, /)"),
};
constexpr GetSetDef kScannerGetSets[] = {{"pattern", scanner_pattern}};
constexpr BuiltinDef kFunctions[] = {
    function<&sre_compile>("compile", "(pattern, flags, code, groups, groupindex, indexgroup)"),
    function<&ascii_iscased>("ascii_iscased", "(character, /)"),
    function<&ascii_tolower>("ascii_tolower", "(character, /)"),
    function<&unicode_iscased>("unicode_iscased", "(character, /)"),
    function<&unicode_tolower>("unicode_tolower", "(character, /)"),
    function<&getcodesize>("getcodesize", "()"),
};

Result<void> init(Context& cx, Module* m) {
  pattern_type = keep(define_native_class(
      cx, "re.Pattern", static_cast<unsigned>(Pattern::kCount), kPatternMethods, kPatternGetSets,
      "Compiled regular expression object.", nullptr, kTypeHasWeakref | kTypeNoInstantiate));
  match_type = keep(define_native_class(cx, "re.Match", static_cast<unsigned>(Match::kCount),
                                        kMatchMethods, kMatchGetSets,
                                        "The result of re.match() and re.search().\nMatch objects "
                                        "always have a boolean value of True.",
                                        nullptr, kTypeNoInstantiate));
  scanner_type = keep(define_native_class(cx, "_sre.SRE_Scanner",
                                          static_cast<unsigned>(Scanner::kCount), kScannerMethods,
                                          kScannerGetSets, nullptr, nullptr, kTypeNoInstantiate));
  TRY(module_add_int(cx, m, "MAGIC", sre::kMagic));
  TRY(module_add_int(cx, m, "CODESIZE", 4));
  TRY(module_add_int(cx, m, "MAXREPEAT", sre::kMaxRepeat));
  return module_add_int(cx, m, "MAXGROUPS", sre::kMaxGroups);
}

const ModuleDef kModule = {"_sre", kFunctions, init};

}  // namespace

void register__sre() { register_module(kModule); }

}  // namespace pystm::lib
