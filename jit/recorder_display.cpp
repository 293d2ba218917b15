// Recording lists and dicts that an expression puts together: [*a, b], {**a}, the arguments of
// f(*a, **b), and what binding a call gives to **named.
//
// Such a display is a call that makes an object of a tuple (CallInfo::makes). Adding to it makes it
// anew of all its parts; what it was before is needed by exits only, if at all (jit/sink.cpp).
#include "jit/recorder.h"
#include "jit/residual.h"
#include "vm/object/dict.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"

namespace pystm::jit {

using namespace vm;

// What the trace knows to be in the list or dict, or null. It holds until an instruction refers to
// the object: before that, nobody has it who could change it.
const std::vector<IrRef>* Recorder::parts_of(V display) const {
  const auto known = displays_.find(display.ref);
  if (known == displays_.end()) return nullptr;
  const Trace& t = e_.trace();
  bool used = false;
  for (IrRef r = static_cast<IrRef>(display.ref + 1); r < t.size() && !used; ++r)
    each_operand(t, t.ins[r], [&](IrRef operand) { used |= operand == display.ref; });
  return used ? nullptr : &known->second;
}

// Where in the parts of a dict's display the value of `name` stands; their size: nowhere.
size_t Recorder::place_of(const std::vector<IrRef>& parts, IrRef name) const {
  const auto text = [&](IrRef key) { return Value(e_.trace().bits(key)).as<Str>(); };
  for (size_t k = 0; k < parts.size(); k += 2)
    if (str_equal(text(parts[k]), text(name))) return k + 1;
  return parts.size();
}

// What the trace knows to be container[key], and whether it knows the container at all.
Recorder::Known Recorder::known_item(V container, V key) const {
  const auto* parts = parts_of(container);
  if (parts == nullptr || !is_const(key.ref)) return {};
  if (is_exact_list(container.value)) {
    const auto n = static_cast<int64_t>(parts->size());
    if (!key.value.is_int() || !is_inside(key.value.as_int(), n)) return {};
    const int64_t k = key.value.as_int();
    return {true, (*parts)[static_cast<size_t>(k < 0 ? k + n : k)]};
  }
  if (!is_name(key.ref)) return {};
  const size_t place = place_of(*parts, key.ref);
  return {true, place == parts->size() ? kNoRef : (*parts)[place]};
}

IrRef Recorder::make_display(const CallInfo& made_of, std::vector<IrRef> parts) {
  const IrRef made = e_.call(made_of, {make_tuple(parts)});
  if (made != kNoRef) displays_[made] = std::move(parts);
  return made;
}

// The bits of a number without its box are not those of a Value.
bool Recorder::is_name(IrRef key) const {
  if (!is_const(key)) return false;
  const Type type = e_.trace().type(key);
  return (type == Type::Word || type == Type::Ref) && is_exact_str(Value(e_.trace().bits(key)));
}

// Does a call further on take what register `r` holds apart, as *r or **r?
bool Recorder::feeds_call(unsigned r) const {
  constexpr size_t kFar = 24;
  const std::span<const Instr> code = code_instrs(f_->code);
  for (size_t pc = pc_index() + 1; pc < std::min(code.size(), pc_index() + kFar); ++pc) {
    const Instr i = code[pc];
    if ((i.op == Op::DICT_MERGE && i.b == r) || (i.op == Op::CALL_EX && i.a + 2u == r)) return true;
  }
  return false;
}

// --- lists ---------------------------------------------------------------------------------------

Flow Recorder::build_list(Instr i) {
  if (i.c > kMostWords) return stop("container of many");
  std::vector<IrRef> items;
  for (unsigned k = 0; k < i.c; ++k) items.push_back(e_.word(static_cast<int>(i.b + k)));
  return set_after(i.a, make_display(kCallBuildList, std::move(items)));
}

Flow Recorder::list_append(Instr i) {
  const V list = reg(i.a);
  if (const auto* parts = parts_of(list); parts != nullptr && parts->size() < kMostWords / 2) {
    std::vector<IrRef> grown = *parts;
    grown.push_back(e_.word(i.b));
    return set_after(i.a, make_display(kCallBuildList, std::move(grown)));
  }
  const IrRef l = guard_object(list, kShapeList);
  e_.call(kCallListAppend, {l, e_.word(i.b)});
  return Flow::kNext;
}

// The items of a tuple, its length being part of what was seen. False: too many for that.
bool Recorder::length_seen(V tuple, std::vector<IrRef>* words) {
  Trace& t = e_.trace();
  const auto n = static_cast<int64_t>(tuple.value.as<Tuple>()->length);
  if (n + static_cast<int64_t>(words->size()) > kMostWords) return false;
  const IrRef o = guard_object(tuple, kShapeTuple);
  e_.guard_int(Cond::eq, e_.load(o, field::Tuple::length), t.int_const(n));
  for (int64_t k = 0; k < n; ++k)
    words->push_back(e_.load_item(o, t.int_const(k), array::TupleItems));
  return true;
}

Flow Recorder::list_extend(Instr i) {
  const V list = reg(i.a), from = reg(i.b);
  if (const auto* parts = parts_of(list);
      parts != nullptr && is_exact_tuple(from.value) && feeds_call(i.a)) {
    std::vector<IrRef> grown = *parts;
    if (length_seen(from, &grown))
      return set_after(i.a, make_display(kCallBuildList, std::move(grown)));
  }
  if (!is_exact_list(from.value) && !is_exact_tuple(from.value) && !is_exact_str(from.value) &&
      !has_shape(from.value, kShapeRange))
    return stop("extension by an object");
  const IrRef l = guard_object(list, kShapeList);
  e_.call(kCallListExtend, {l, guard_type(from)});
  return Flow::kNext;
}

Flow Recorder::list_to_tuple(Instr i) {
  const V list = reg(i.b);
  if (const auto* parts = parts_of(list)) return set_after(i.a, make_tuple(*parts));
  return set_after(i.a, e_.call(kCallListToTuple, {guard_object(list, kShapeList)}));
}

// --- dicts ---------------------------------------------------------------------------------------

Flow Recorder::build_map(Instr i) {
  if (2u * i.c > kMostWords) return stop("container of many");
  if (!guard_keys(i.b, i.c, 2)) return stop("key of a class");
  std::vector<IrRef> words, parts;
  bool named = true;
  for (unsigned k = 0; k < 2u * i.c; k += 2) {
    const IrRef key = e_.word(static_cast<int>(i.b + k));
    words.insert(words.end(), {key, e_.word(static_cast<int>(i.b + k + 1))});
    named &= is_name(key);
    if (named) put_name(&parts, key, words.back());
  }
  const IrRef made = named ? make_display(kCallBuildMap, std::move(parts))
                           : e_.call(kCallBuildMap, {make_tuple(words)});
  return set_after(i.a, made);
}

void Recorder::put_name(std::vector<IrRef>* parts, IrRef name, IrRef value) {
  const size_t place = place_of(*parts, name);
  if (place == parts->size())
    parts->insert(parts->end(), {name, value});
  else
    (*parts)[place] = value;
}

Flow Recorder::map_add(Instr i) {
  const V dict = reg(i.a), key = reg(i.b);
  if (const auto* parts = parts_of(dict);
      parts != nullptr && is_name(key.ref) && parts->size() < kMostWords) {
    std::vector<IrRef> grown = *parts;
    put_name(&grown, key.ref, e_.word(i.c));
    return set_after(i.a, make_display(kCallBuildMap, std::move(grown)));
  }
  const IrRef d = guard_object(dict, kShapeDict);
  if (!guard_hashed_key(key)) return stop("key of a class");
  call_plainly(kCallSetItem, {d, e_.box(key.ref), e_.word(i.c)});
  return Flow::kNext;
}

// The keys of a dict; null: they are not few, or not all strs.
Tuple* Recorder::names_of(Value named) {
  const int64_t n = dict_length(cx_, named.as<Dict>());
  if (2 * n > kMostWords) return nullptr;
  auto made = alloc_tuple(cx_, static_cast<size_t>(n));
  if (made.is_error()) return nullptr;
  Word position = 0;
  Value key, value;
  for (size_t k = 0; dict_next(cx_, named.as<Dict>(), &position, &key, &value); ++k) {
    if (!is_exact_str(key)) return nullptr;
    made.value()->items()[k] = key;
    gc::store_barrier(cx_, made.value(), made.value()->items() + k);
  }
  return made.value();
}

// The values of a dict with these keys, which are part of what was seen.
std::vector<IrRef> Recorder::values_of(V named, Tuple* names) {
  Trace& t = e_.trace();
  std::vector<IrRef> values;
  if (const auto* parts = parts_of(named)) {
    for (size_t k = 1; k < parts->size(); k += 2) values.push_back((*parts)[k]);
    return values;
  }
  const IrRef dict = guard_object(named, kShapeDict);
  e_.guard_is(e_.call(kCallHasNames, {dict, t.ref_const(names)}), t.word_const(kTrue));
  for (size_t k = 0; k < names->length; ++k)
    values.push_back(e_.call(kCallGetItem, {dict, constant_ref((*names)[k])}));
  return values;
}

// Adds another dict's items to a display's parts. False: they are not known; with `speculate`, they
// are taken to have the same names each time.
bool Recorder::merge_names(std::vector<IrRef>* parts, V from, bool speculate) {
  if (!speculate && parts_of(from) == nullptr) return false;
  Tuple* const names = names_of(from.value);
  if (names == nullptr) return false;
  const std::vector<IrRef> values = values_of(from, names);
  for (size_t k = 0; k < values.size(); ++k) put_name(parts, constant_ref((*names)[k]), values[k]);
  return parts->size() <= kMostWords;
}

// `named`: of a call's keywords, none of which may be given twice.
Flow Recorder::dict_update(Instr i, bool named) {
  if (!is_exact_dict(f_->regs[i.b])) return stop("** of an object");
  const V to = reg(i.a), from = reg(i.b);
  if (const auto* parts = parts_of(to)) {
    std::vector<IrRef> grown = *parts;
    const size_t both =
        grown.size() + 2 * static_cast<size_t>(dict_length(cx_, from.value.as<Dict>()));
    if (merge_names(&grown, from, named || feeds_call(i.a)) && (!named || grown.size() == both))
      return set_after(i.a, make_display(kCallBuildMap, std::move(grown)));
  }
  const IrRef d = guard_object(to, kShapeDict);
  guard_type(from);
  call_plainly(kCallUpdateDict, {d, from.ref, e_.trace().int_const(named)});
  return Flow::kNext;
}

// --- calls ---------------------------------------------------------------------------------------

// f(*args, **named): how many they are, and the names, are part of what was seen.
Flow Recorder::call_spread(Instr i) {
  // Made before any value is looked at: a collection may move what only `call` refers to.
  Tuple* const names = i.d & 2 ? names_of(f_->regs[i.a + 3]) : nullptr;
  if (i.d & 2 && names == nullptr) return stop("call with many keywords");
  Call call;
  call.callable = reg(i.a);
  call.result = i.b;
  const V spread = reg(i.a + 2u);
  std::vector<IrRef> words;
  if (!length_seen(spread, &words)) return stop("call with many arguments");
  call.window = scratch(3);
  if (i.d & 1) {
    const V self = reg(i.a + 1u);
    if (!is_unset(self)) {
      call.arguments.push_back(self);
      call.window -= 1;
    }
  }
  for (size_t k = 0; k < words.size(); ++k)
    call.arguments.push_back({(*spread.value.as<Tuple>())[k], words[k]});
  if (names != nullptr) {
    const V named = reg(i.a + 3u);
    const std::vector<IrRef> values = values_of(named, names);
    for (size_t k = 0; k < values.size(); ++k)
      call.arguments.push_back(
          {dict_get_str(cx_, named.value.as<Dict>(), (*names)[k].as<Str>()), values[k]});
    if (!values.empty()) call.names = names;
  }
  return call_value(std::move(call));
}

}  // namespace pystm::jit
