// Out-of-line building and taking apart of containers, names, functions, imports, formatting.
#include <cstring>

#include "vm/interp/inline_cache.h"
#include "vm/interp/outline.h"
#include "vm/object/dict.h"
#include "vm/object/instance.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/call.h"
#include "vm/runtime/import.h"
#include "vm/runtime/native.h"
#include "vm/runtime/operators.h"
#include "vm/runtime/runtime.h"

namespace pystm::vm {

#define DO(...)                                     \
  ({                                                \
    auto do_result_ = (__VA_ARGS__);                \
    if (do_result_.is_error()) return Flow::kRaise; \
    do_result_.value();                             \
  })

namespace {
Str* name_at(FrameRecord* f, unsigned n) { return f->code->names->items()[n].as<Str>(); }
CacheWord* cache_at(FrameRecord* f) {
  return reinterpret_cast<CacheWord*>(const_cast<Instr*>(f->pc) + f->code->data->count);
}
Flow put(FrameRecord* f, unsigned r, Value v) {
  f->regs[r] = v;
  return Flow::kNext;
}
}  // namespace

// --- cells and names -----------------------------------------------------------------------------

Flow do_MAKE_CELL(Context& cx, FrameRecord* f, Instr i) {
  Cell* cell = alloc<Cell>(cx, kShapeCell);
  stm::init_state(cx, cell).content = i.b == kNoRegister ? Value() : f->regs[i.b];
  return put(f, i.a, cell);
}
Flow do_COPY_FREE(Context& cx, FrameRecord* f, Instr i) {
  const Value closure = f->function.as<Function>()->closure;
  for (unsigned k = 0; k < i.c; ++k) f->regs[i.a + k] = (*closure.as<Tuple>())[k];
  return Flow::kNext;
}
Flow do_DELETE_CELL(Context& cx, FrameRecord* f, Instr i) {
  auto* cell = f->regs[i.a].as<Cell>();
  if (stm::Read<Cell>(cx, cell)->content.is_unset()) {
    Instr load = i;
    load.b = i.a;
    load.op = Op::LOAD_CELL;
    return outline_unbound(cx, f, load);
  }
  stm::Write<Cell>(cx, cell).set(&Cell::State::content, Value());
  return Flow::kNext;
}

namespace {

// locals()[name] of module, class and exec code; unset when absent. The namespace may be any
// mapping.
Result<Value> namespace_get(Context& cx, Value ns, Str* name) {
  if (is_exact_dict(ns)) return dict_get_str(cx, ns.as<Dict>(), name);
  auto r = get_item(cx, ns, name);
  if (r.is_error() && pending_is(cx, kKeyError)) {
    clear_exception(cx);
    return Value();
  }
  return r;
}

Error raise_name(Context& cx, Str* name) {
  (void)raise(cx, kNameError, "name '%s' is not defined", to_utf8(name).c_str());
  set_exception_member(cx, cx.exception, "name", name);
  return Error{};
}

Result<void> namespace_set(Context& cx, Value ns, Str* name, Value v) {
  if (is_exact_dict(ns)) return dict_set_str(cx, ns.as<Dict>(), name, v);
  return set_item(cx, ns, name, v);
}

}  // namespace

Flow do_STORE_GLOBAL(Context& cx, FrameRecord* f, Instr i) {
  DO(store_global_learn(cx, f, name_at(f, i.b), f->regs[i.a], cache_at(f)));
  return Flow::kNext;
}

Flow do_LOAD_NAME(Context& cx, FrameRecord* f, Instr i) {
  Str* name = name_at(f, i.b);
  if (has_no_namespace(f)) {
    const IcRecord& r = ic_records[cache_at(f)->load(std::memory_order_relaxed)];
    if (r.key == Value(f->globals.ptr)) {
      const bool frozen = r.second.is_unset();
      const Value v = frozen ? r.value : stm::Read<Cell>(cx, r.value.as<Cell>())->content;
      if (!v.is_unset() && (!frozen || !cx.parallel() || r.extra <= cx.rv)) return put(f, i.a, v);
    }
    return put(f, i.a, DO(load_global_learn(cx, f, name, cache_at(f))));
  }
  const Value local = DO(namespace_get(cx, f->locals, name));
  if (!local.is_unset()) return put(f, i.a, local);
  const Value global = DO(namespace_get(cx, f->globals.ptr, name));
  if (!global.is_unset()) return put(f, i.a, global);
  const Value builtin = DO(namespace_get(cx, f->builtins.ptr, name));
  if (!builtin.is_unset()) return put(f, i.a, builtin);
  (void)raise_name(cx, name);
  return Flow::kRaise;
}
Flow do_STORE_NAME(Context& cx, FrameRecord* f, Instr i) {
  if (has_no_namespace(f)) return do_STORE_GLOBAL(cx, f, i);
  DO(namespace_set(cx, f->locals, name_at(f, i.b), f->regs[i.a]));
  return Flow::kNext;
}
static Flow delete_name(Context& cx, Value ns, Str* name) {
  if (is_exact_dict(ns)) {
    if (dict_delete_str(cx, ns.as<Dict>(), name)) return Flow::kNext;
    (void)raise_name(cx, name);
    return Flow::kRaise;
  }
  auto r = delete_item(cx, ns, name);
  if (!r.is_error()) return Flow::kNext;
  if (pending_is(cx, kKeyError)) {
    clear_exception(cx);
    (void)raise_name(cx, name);
  }
  return Flow::kRaise;
}
Flow do_DELETE_NAME(Context& cx, FrameRecord* f, Instr i) {
  return delete_name(cx, f->locals.is_unset() ? Value(f->globals.ptr) : f->locals, name_at(f, i.b));
}
Flow do_DELETE_GLOBAL(Context& cx, FrameRecord* f, Instr i) {
  return delete_name(cx, f->globals.ptr, name_at(f, i.b));
}
Flow do_LOAD_CLASSDEREF(Context& cx, FrameRecord* f, Instr i) {
  const Value v = DO(namespace_get(cx, f->locals, name_at(f, i.c)));
  if (!v.is_unset()) return put(f, i.a, v);
  const Value content = stm::Read<Cell>(cx, f->regs[i.b].as<Cell>())->content;
  if (content.is_unset()) return outline_unbound(cx, f, i);
  return put(f, i.a, content);
}
Flow do_SETUP_ANNOTATIONS(Context& cx, FrameRecord* f, Instr i) {
  const Value ns = f->locals.is_unset() ? Value(f->globals.ptr) : f->locals;
  if (DO(namespace_get(cx, ns, names().__annotations__)).is_unset())
    DO(namespace_set(cx, ns, names().__annotations__, new_dict(cx)));
  return Flow::kNext;
}

// --- attributes and items ------------------------------------------------------------------------

Flow do_DELETE_ATTR(Context& cx, FrameRecord* f, Instr i) {
  DO(delete_attr(cx, f->regs[i.a], name_at(f, i.b)));
  return Flow::kNext;
}
Flow do_DELETE_ITEM(Context& cx, FrameRecord* f, Instr i) {
  DO(delete_item(cx, f->regs[i.a], f->regs[i.b]));
  return Flow::kNext;
}
Flow do_BUILD_SLICE(Context& cx, FrameRecord* f, Instr i) {
  return put(f, i.a,
             new_slice(cx, f->regs[i.b], f->regs[i.b + 1], i.c == 3 ? f->regs[i.b + 2] : kNone));
}

// --- containers ----------------------------------------------------------------------------------

Flow do_BUILD_TUPLE(Context& cx, FrameRecord* f, Instr i) {
  return put(f, i.a, DO(new_tuple(cx, f->regs + i.b, i.c)));
}
Flow do_BUILD_LIST(Context& cx, FrameRecord* f, Instr i) {
  return put(f, i.a, DO(new_list(cx, f->regs + i.b, i.c)));
}
Flow do_BUILD_SET(Context& cx, FrameRecord* f, Instr i) {
  Set* s = new_set(cx);
  for (unsigned k = 0; k < i.c; ++k) DO(set_add(cx, s, f->regs[i.b + k]));
  return put(f, i.a, s);
}
Flow do_BUILD_MAP(Context& cx, FrameRecord* f, Instr i) {
  Dict* d = DO(new_dict_sized(cx, i.c));
  for (unsigned k = 0; k < i.c; ++k)
    DO(dict_set(cx, d, f->regs[i.b + 2 * k], f->regs[i.b + 2 * k + 1]));
  return put(f, i.a, d);
}
Flow do_BUILD_STRING(Context& cx, FrameRecord* f, Instr i) {
  StrBuilder out;
  for (unsigned k = 0; k < i.c; ++k) out.add(DO(flatten(cx, f->regs[i.b + k])));
  return put(f, i.a, DO(out.finish(cx)));
}
Flow do_LIST_APPEND(Context& cx, FrameRecord* f, Instr i) {
  DO(list_append(cx, f->regs[i.a].as<List>(), f->regs[i.b]));
  return Flow::kNext;
}
namespace {
std::string callable_name(Context& cx, Value callable);
}
Flow do_LIST_EXTEND(Context& cx, FrameRecord* f, Instr i) {
  const Value iterable = f->regs[i.b];
  if (lookup_dunder(iterable, Dunder::kIter).is_unset() &&
      lookup_dunder(iterable, Dunder::kGetItem).is_unset()) {
    if (i.d == 2) {
      (void)raise(cx, kTypeError, "%s argument after * must be an iterable, not %s",
                  callable_name(cx, f->regs[i.a - 2]).c_str(), TYPE_NAME(iterable));
    } else {
      (void)raise(cx, kTypeError, "Value after * must be an iterable, not %s", TYPE_NAME(iterable));
    }
    return Flow::kRaise;
  }
  DO(list_extend(cx, f->regs[i.a].as<List>(), iterable));
  return Flow::kNext;
}
Flow do_SET_ADD(Context& cx, FrameRecord* f, Instr i) {
  DO(set_add(cx, f->regs[i.a].as<Set>(), f->regs[i.b]));
  return Flow::kNext;
}
Flow do_SET_UPDATE(Context& cx, FrameRecord* f, Instr i) {
  DO(set_update(cx, f->regs[i.a].as<Set>(), f->regs[i.b]));
  return Flow::kNext;
}
Flow do_MAP_ADD(Context& cx, FrameRecord* f, Instr i) {
  DO(dict_set(cx, f->regs[i.a].as<Dict>(), f->regs[i.b], f->regs[i.c]));
  return Flow::kNext;
}

namespace {

// Calls f(key, value) for every item of a mapping: dicts directly, others through keys().
template <class F>
Result<bool> each_item(Context& cx, Value mapping, F&& each) {
  if (is_exact_dict(mapping)) {
    Word position = 0;
    Value key, value;
    while (dict_next(cx, mapping.as<Dict>(), &position, &key, &value)) TRY(each(key, value));
    return true;
  }
  const Value keys = TRY(find_attr(cx, mapping, names().keys));
  if (keys.is_unset()) return false;
  const Value list = TRY(call(cx, keys, {}));
  TRY(for_each(cx, list, [&](Value key) -> Result<void> {
    return each(key, TRY(get_item(cx, mapping, key)));
  }));
  return true;
}

std::string callable_name(Context& cx, Value callable) {
  auto name = find_attr(cx, callable, names().__qualname__);
  if (name.is_error() || name.value().is_unset() || !is_str(name.value())) {
    clear_exception(cx);
    auto text = vm::str(cx, callable);
    if (!text.is_error()) return to_utf8(cx, text.value());
    clear_exception(cx);
    return TYPE_NAME(callable) + std::string(" object");
  }
  auto module = find_attr(cx, callable, names().__module__);
  if (module.is_error()) clear_exception(cx);
  std::string text;
  if (!module.is_error() && !module.value().is_unset() && is_str(module.value())) {
    text = to_utf8(cx, module.value()) + ".";
    if (text == "builtins.") text.clear();
  }
  return text + to_utf8(cx, name.value()) + "()";
}

}  // namespace

Flow do_DICT_UPDATE(Context& cx, FrameRecord* f, Instr i) {
  const Value d = f->regs[i.a], mapping = f->regs[i.b];
  const bool ok = DO(
      each_item(cx, mapping, [&](Value k, Value v) { return dict_set(cx, d.as<Dict>(), k, v); }));
  if (ok) return Flow::kNext;
  (void)raise(cx, kTypeError, "'%s' object is not a mapping", TYPE_NAME(mapping));
  return Flow::kRaise;
}
Flow do_DICT_MERGE(Context& cx, FrameRecord* f, Instr i) {
  const Value d = f->regs[i.a], mapping = f->regs[i.b], callable = f->regs[i.c];
  const bool ok = DO(each_item(cx, mapping, [&](Value k, Value v) -> Result<void> {
    if (!is_str(k)) return raise(cx, kTypeError, "keywords must be strings");
    if (!TRY(dict_get(cx, d.as<Dict>(), k)).is_unset())
      return raise(cx, kTypeError, "%s got multiple values for keyword argument '%s'",
                   callable_name(cx, callable).c_str(), to_utf8(cx, k).c_str());
    return dict_set(cx, d.as<Dict>(), k, v);
  }));
  if (ok) return Flow::kNext;
  (void)raise(cx, kTypeError, "%s argument after ** must be a mapping, not %s",
              callable_name(cx, callable).c_str(), TYPE_NAME(mapping));
  return Flow::kRaise;
}
Flow do_LIST_TO_TUPLE(Context& cx, FrameRecord* f, Instr i) {
  return put(f, i.a, DO(list_to_tuple(cx, f->regs[i.b].as<List>())));
}

Flow do_UNPACK(Context& cx, FrameRecord* f, Instr i) {
  const Value v = f->regs[i.b];
  const size_t want = i.c;
  if (is_exact_tuple(v) || is_exact_list(v)) {
    Tuple* t = is_exact_tuple(v) ? v.as<Tuple>() : DO(list_to_tuple(cx, v.as<List>()));
    if (t->length == want) {
      for (size_t k = 0; k < want; ++k) f->regs[i.a + k] = (*t)[k];
      return Flow::kNext;
    }
    if (t->length > want) {
      (void)raise(cx, kValueError, "too many values to unpack (expected %zu)", want);
    } else {
      (void)raise(cx, kValueError, "not enough values to unpack (expected %zu, got %zu)", want,
                  static_cast<size_t>(t->length));
    }
    return Flow::kRaise;
  }
  if (lookup_dunder(v, Dunder::kIter).is_unset() && lookup_dunder(v, Dunder::kGetItem).is_unset()) {
    (void)raise(cx, kTypeError, "cannot unpack non-iterable %s object", TYPE_NAME(v));
    return Flow::kRaise;
  }
  const Value it = DO(get_iter(cx, v));
  Tuple* got = DO(alloc_tuple(cx, want));
  for (size_t k = 0; k < want; ++k) {
    const Value item = DO(iter_next(cx, it));
    if (item.is_unset()) {
      (void)raise(cx, kValueError, "not enough values to unpack (expected %zu, got %zu)", want, k);
      return Flow::kRaise;
    }
    got->items()[k] = item;
    gc::store_barrier(cx, got, got->items() + k);
  }
  if (!DO(iter_next(cx, it)).is_unset()) {
    (void)raise(cx, kValueError, "too many values to unpack (expected %zu)", want);
    return Flow::kRaise;
  }
  for (size_t k = 0; k < want; ++k) f->regs[i.a + k] = (*got)[k];
  return Flow::kNext;
}

Flow do_UNPACK_EX(Context& cx, FrameRecord* f, Instr i) {
  const Value v = f->regs[i.b];
  if (lookup_dunder(v, Dunder::kIter).is_unset() && lookup_dunder(v, Dunder::kGetItem).is_unset()) {
    (void)raise(cx, kTypeError, "cannot unpack non-iterable %s object", TYPE_NAME(v));
    return Flow::kRaise;
  }
  Tuple* all = DO(to_tuple(cx, v));
  const size_t before = i.c, after = i.d;
  if (all->length < before + after) {
    (void)raise(cx, kValueError, "not enough values to unpack (expected at least %zu, got %zu)",
                before + after, static_cast<size_t>(all->length));
    return Flow::kRaise;
  }
  List* middle = DO(new_list(cx, all->items() + before, all->length - before - after));
  for (size_t k = 0; k < before; ++k) f->regs[i.a + k] = (*all)[k];
  f->regs[i.a + before] = middle;
  for (size_t k = 0; k < after; ++k)
    f->regs[i.a + before + 1 + k] = (*all)[all->length - after + k];
  return Flow::kNext;
}

Flow do_GET_ITER(Context& cx, FrameRecord* f, Instr i) {
  const Value v = f->regs[i.b];
  const Value method = v.is_object() && may_be_instance(v.object()->shape_id)
                           ? type_of(v)->dunder(Dunder::kIter)
                           : Value();
  if (!is_function(method)) return put(f, i.a, DO(get_iter(cx, v)));
  return call_method(cx, f, method, {v}, i.a, OnReturn::kIterator);
}
Flow do_GET_LEN(Context& cx, FrameRecord* f, Instr i) {
  return put(f, i.a, make_int(cx, DO(length(cx, f->regs[i.b]))));
}

// --- functions and classes -----------------------------------------------------------------------

Flow do_MAKE_FUNCTION(Context& cx, FrameRecord* f, Instr i) {
  auto* code = f->code->consts->items()[i.c].as<Code>();
  auto* function = alloc<Function>(cx, kShapeFunction);
  function->globals = f->globals;
  function->builtins = f->builtins;
  function->closure = (i.d & 8) ? f->regs[i.b + 3] : Value();
  auto& s = stm::init_state(cx, function);
  s.code = code;
  s.defaults = (i.d & 1) ? f->regs[i.b] : Value();
  s.kwdefaults = (i.d & 2) ? f->regs[i.b + 1] : Value();
  s.annotations = (i.d & 4) ? f->regs[i.b + 2] : Value();
  s.name = code->name.ptr;
  s.qualname = code->qualname.ptr;
  s.doc = code->consts->length > 0 && is_str((*code->consts)[0]) ? (*code->consts)[0] : kNone;
  f->regs[i.a] = function;
  const Value module = dict_get_str(cx, f->globals, names().__name__);
  stm::Write<Function>(cx, function)
      .set(&Function::State::module, module.is_unset() ? kNone : module);
  return Flow::kNext;
}
Flow do_LOAD_BUILD_CLASS(Context& cx, FrameRecord* f, Instr i) {
  const Value v = DO(namespace_get(cx, f->builtins.ptr, names().__build_class__));
  if (v.is_unset()) {
    (void)raise(cx, kNameError, "__build_class__ not found");
    return Flow::kRaise;
  }
  return put(f, i.a, v);
}
Flow do_LOAD_ASSERTION_ERROR(Context& cx, FrameRecord* f, Instr i) {
  return put(f, i.a, exception_type(kAssertionError));
}

// --- imports -------------------------------------------------------------------------------------

Flow do_IMPORT_NAME(Context& cx, FrameRecord* f, Instr i) { return import_name(cx, f, i); }
Flow do_IMPORT_FROM(Context& cx, FrameRecord* f, Instr i) {
  return put(f, i.a, DO(import_from(cx, f->regs[i.b], name_at(f, i.c))));
}
Flow do_IMPORT_STAR(Context& cx, FrameRecord* f, Instr i) {
  DO(import_star(cx, f->regs[i.a], f->locals.is_unset() ? Value(f->globals.ptr) : f->locals));
  return Flow::kNext;
}

// --- formatting ----------------------------------------------------------------------------------

Flow do_FORMAT_VALUE(Context& cx, FrameRecord* f, Instr i) {
  Value v = f->regs[i.b];
  if (i.d == 's') v = DO(str(cx, v));
  if (i.d == 'r') v = DO(repr(cx, v));
  if (i.d == 'a') v = DO(ascii(cx, v));
  if (i.c == kNoRegister && is_exact_str(v)) return put(f, i.a, v);
  return put(f, i.a, DO(format(cx, v, i.c == kNoRegister ? Value() : f->regs[i.c])));
}
Flow do_PRINT_EXPR(Context& cx, FrameRecord* f, Instr i) {
  const Value hook = sys_get(cx, names().displayhook);
  if (hook.is_unset()) {
    (void)raise(cx, kRuntimeError, "lost sys.displayhook");
    return Flow::kRaise;
  }
  DO(call(cx, hook, {f->regs[i.a]}));
  return Flow::kNext;
}

// --- pattern matching ----------------------------------------------------------------------------

Flow do_MATCH_MAPPING(Context& cx, FrameRecord* f, Instr i) {
  return put(f, i.a, of_bool(type_of(f->regs[i.b])->flags & kTypeMappingPattern));
}
Flow do_MATCH_SEQUENCE(Context& cx, FrameRecord* f, Instr i) {
  return put(f, i.a, of_bool(type_of(f->regs[i.b])->flags & kTypeSequencePattern));
}

Flow do_MATCH_KEYS(Context& cx, FrameRecord* f, Instr i) {
  const Value subject = f->regs[i.b];
  auto* keys = f->regs[i.c].as<Tuple>();
  Set* seen = new_set(cx);
  Tuple* found = DO(alloc_tuple(cx, keys->length));
  const Value get = DO(get_attr(cx, subject, names().get));
  const Value missing = new_list(cx);  // a unique object
  for (size_t k = 0; k < keys->length; ++k) {
    if (!DO(set_add(cx, seen, (*keys)[k]))) {
      (void)raise(cx, kValueError, "mapping pattern checks duplicate key (%s)",
                  repr_utf8(cx, (*keys)[k]).c_str());
      return Flow::kRaise;
    }
    const Value v = DO(call(cx, get, {(*keys)[k], missing}));
    if (v == missing) return put(f, i.a, kNone);
    found->items()[k] = v;
    gc::store_barrier(cx, found, found->items() + k);
  }
  return put(f, i.a, found);
}

Flow do_MATCH_CLASS(Context& cx, FrameRecord* f, Instr i) {
  const Value subject = f->regs[i.b], cls = f->regs[i.c];
  auto* kw = f->regs[i.c + 1].as<Tuple>();
  const size_t npos = i.d;
  if (!is_type(cls)) {
    (void)raise(cx, kTypeError, "called match pattern must be a type");
    return Flow::kRaise;
  }
  if (DO(isinstance(cx, subject, cls)) != kTrue) return put(f, i.a, kNone);
  List* out = new_list(cx);
  Set* seen = new_set(cx);
  auto take = [&](Value name) -> Result<bool> {
    if (!TRY(set_add(cx, seen, name)))
      return raise(cx, kTypeError, "%s() got multiple sub-patterns for attribute %s",
                   type_name_of(as_type(cls)).c_str(), repr_utf8(cx, name).c_str());
    const Value v = TRY(find_attr(cx, subject, intern(cx, TRY(flatten(cx, name)))));
    if (v.is_unset()) return false;
    TRY(list_append(cx, out, v));
    return true;
  };
  if (npos > 0) {
    Value match_args = DO(find_attr(cx, cls, names().__match_args__));
    const bool self = match_args.is_unset() && (as_type(cls)->flags & kTypeMatchSelf);
    if (match_args.is_unset()) match_args = empty_tuple();
    if (!is_exact_tuple(match_args)) {
      (void)raise(cx, kTypeError, "%s.__match_args__ must be a tuple (got %s)",
                  type_name_of(as_type(cls)).c_str(), TYPE_NAME(match_args));
      return Flow::kRaise;
    }
    const size_t allowed = self ? 1 : match_args.as<Tuple>()->length;
    if (npos > allowed) {
      (void)raise(cx, kTypeError, "%s() accepts %zu positional sub-pattern%s (%zu given)",
                  type_name_of(as_type(cls)).c_str(), allowed, allowed == 1 ? "" : "s", npos);
      return Flow::kRaise;
    }
    if (self) {
      DO(list_append(cx, out, subject));
    } else {
      for (size_t k = 0; k < npos; ++k) {
        const Value name = (*match_args.as<Tuple>())[k];
        if (!is_str(name)) {
          (void)raise(cx, kTypeError, "__match_args__ elements must be strings (got %s)",
                      TYPE_NAME(name));
          return Flow::kRaise;
        }
        if (!DO(take(name))) return put(f, i.a, kNone);
      }
    }
  }
  for (size_t k = 0; k < kw->length; ++k)
    if (!DO(take((*kw)[k]))) return put(f, i.a, kNone);
  return put(f, i.a, DO(list_to_tuple(cx, out)));
}

Flow do_MATCH_REST(Context& cx, FrameRecord* f, Instr i) {
  Dict* d = new_dict(cx);
  DO(each_item(cx, f->regs[i.b], [&](Value k, Value v) { return dict_set(cx, d, k, v); }));
  auto* keys = f->regs[i.c].as<Tuple>();
  for (size_t k = 0; k < keys->length; ++k) DO(dict_delete(cx, d, (*keys)[k]));
  return put(f, i.a, d);
}

}  // namespace pystm::vm
