// Calls from C++: every kind of callable, argument binding, tail calls.
#include "vm/runtime/call.h"

#include <cstring>

#include "vm/interp/frames.h"
#include "vm/object/dict.h"
#include "vm/object/instance.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/copy_values.h"
#include "vm/runtime/kernels.h"
#include "vm/runtime/native.h"
#include "vm/runtime/operators.h"
#include "vm/runtime/runtime.h"
#include "vm/runtime/signature.h"

namespace pystm::vm {

namespace {

// Registers above everything in use, for arguments that a native lays out; given back at the end.
class Scratch {
 public:
  explicit Scratch(Context& cx) : cx_(cx), base_(cx.regs_top) {}
  ~Scratch() { cx_.regs_top = base_; }
  Value* base() const { return base_; }
  Result<void> room(size_t n) {
    if (base_ + n + kRegisterSlack > cx_.regs_limit) return raise_recursion(cx_, "");
    return {};
  }
  // From here on a collection sees `n` words.
  void publish(size_t n) { cx_.regs_top = base_ + n; }

 private:
  Context& cx_;
  Value* base_;
};

// While a call made by C++ runs inside an interpreter activation, no boundary may happen: the
// native frame below could not be restarted.
class NoBoundary {
 public:
  explicit NoBoundary(Context& cx) : cx_(cx), counts_(cx.activations > 0) {
    cx.no_boundary += counts_;
  }
  ~NoBoundary() { cx_.no_boundary -= counts_; }

 private:
  Context& cx_;
  int counts_;
};

std::string builtin_name(const BuiltinDef* def) { return def->name; }

// A class is called by its own name, not as __new__ or __init__.
std::string called_name(const BuiltinDef* def) {
  const std::string_view name = def->name;
  if (name != "__init__" && !(def->is_static && name == "__new__")) return builtin_name(def);
  const std::string full = qualified_name(def);
  return full.size() > name.size() ? full.substr(0, full.size() - name.size() - 1) : full;
}

// Texts of PyArg_ParseTuple, which __new__ gives its full name.
Error wrong_count_parsed(Context& cx, const BuiltinDef* def, size_t given, size_t least,
                         size_t most) {
  const size_t want = given < least ? least : most;
  return raise(cx, kTypeError, "%s() takes %s %zu argument%s (%zu given)",
               def->is_static ? qualified_name(def).c_str() : def->name,
               least == most   ? "exactly"
               : given < least ? "at least"
                               : "at most",
               want, want == 1 ? "" : "s", given);
}

// `bound`: the receiver of a bound method, or unset.
Error wrong_count(Context& cx, const BuiltinDef* def, size_t n, bool method, Value bound) {
  const Signature& s = signature_of(cx, def);
  const size_t self = method ? 1 : 0;
  const size_t given = n >= self ? n - self : 0;
  const size_t least = def->min_args >= self ? def->min_args - self : 0;
  const size_t most = def->max_args == 255 ? SIZE_MAX : static_cast<size_t>(def->max_args) - self;
  const std::string name = builtin_name(def);
  const std::string full_name = bound.is_unset() || is_type(bound)
                                    ? qualified_name(def)
                                    : to_utf8(cx, type_of(bound)->qualname) + "." + name;
  if (def->is_static && name == "__new__" && n == 0)
    return raise(cx, kTypeError, "%s(): not enough arguments", qualified_name(def).c_str());
  if (def->wording == Wording::kParsed) return wrong_count_parsed(cx, def, given, least, most);
  if (most == 0 && s.names.size() <= self)
    return raise(cx, kTypeError, "%s() takes no arguments (%zu given)", full_name.c_str(), given);
  if (least == most && most == 1 && s.posonly >= s.names.size())
    return raise(cx, kTypeError, "%s() takes exactly one argument (%zu given)", full_name.c_str(),
                 given);
  if (s.posonly < s.names.size() && given > most &&
      (s.positional > s.posonly || s.positional == self)) {
    const size_t all = s.names.size() - self;
    const size_t want = given > all ? all : most;
    if (want == 0)
      return raise(cx, kTypeError, "%s() takes no positional arguments", called_name(def).c_str());
    return raise(cx, kTypeError, "%s() takes %s %zu %sargument%s (%zu given)",
                 called_name(def).c_str(), least == s.names.size() - self ? "exactly" : "at most",
                 want, given > all ? "" : "positional ", want == 1 ? "" : "s", given);
  }
  if (s.posonly >= s.names.size() || given > most) {
    const char* bound = least == most ? "" : given < least ? "at least " : "at most ";
    const size_t want = given < least ? least : most;
    return raise(cx, kTypeError, "%s expected %s%zu argument%s, got %zu", called_name(def).c_str(),
                 bound, want, want == 1 ? "" : "s", given);
  }
  if (def->wording == Wording::kNoPosition)
    return raise(cx, kTypeError, "%s() missing required argument '%s'", called_name(def).c_str(),
                 to_utf8(s.names[n]).c_str());
  return raise(cx, kTypeError, "%s() missing required argument '%s' (pos %zu)",
               called_name(def).c_str(), to_utf8(s.names[n]).c_str(), n + 1 - self);
}

bool is_method(const BuiltinDef* def) {
  return def->signature != nullptr && std::strncmp(def->signature, "($", 2) == 0;
}

// Keywords that a builtin class's __new__ does not know are for the __init__ of the subclass; of
// list, the other way round, too.
bool other_takes_keywords(const BuiltinDef* def, Value first) {
  const std::string_view name = def->name;
  const bool makes = name == "__new__";
  if (!makes && (name != "__init__" || !is_list(first))) return false;
  const Type* type = !makes ? type_of(first) : is_type(first) ? as_type(first) : nullptr;
  if (type == nullptr || !(type->flags & kTypeHeap)) return false;
  const Type* builtin = type;
  while (builtin->flags & kTypeHeap) builtin = builtin->base;
  const Dunder other = makes ? Dunder::kInit : Dunder::kNew;
  return type->dunder(other) != builtin->dunder(other);
}

Result<void> bind_builtin_keywords(Context& cx, const BuiltinDef* def, const Signature& s,
                                   Value* out, size_t positional, const Value* values, Tuple* names,
                                   Value* extra, size_t* extra_count) {
  for (size_t k = 0; k < names->length; ++k) {
    Str* name = (*names)[k].as<Str>();
    size_t i = s.posonly;
    while (i < s.names.size() && s.names[i] != name && !str_equal(s.names[i], name)) ++i;
    if (i < s.names.size()) {
      if (i < positional || !out[i].is_unset())
        return raise(cx, kTypeError, "argument for %s() given by name ('%s') and position (%zu)",
                     builtin_name(def).c_str(), to_utf8(name).c_str(),
                     i + (is_method(def) ? 0 : 1));
      out[i] = values[k];
    } else if (def->has_kwargs) {
      extra[2 * *extra_count] = name;
      extra[2 * *extra_count + 1] = values[k];
      ++*extra_count;
    } else if (s.names.size() - (is_method(def) ? 1 : 0) == 0 || s.posonly >= s.names.size()) {
      if (positional > 0 && other_takes_keywords(def, out[0])) continue;
      const bool of_class = def->is_class && positional > 0 && is_type(out[0]);
      return raise(
          cx, kTypeError, "%s() takes no keyword arguments",
          of_class ? (to_utf8(cx, as_type(out[0])->qualname) + "." + def->name).c_str()
          : def->name == std::string_view("__new__") || def->name == std::string_view("__init__")
              ? called_name(def).c_str()
              : qualified_name(def).c_str());
    } else {
      return raise(cx, kTypeError, "'%s' is an invalid keyword argument for %s()",
                   to_utf8(name).c_str(), builtin_name(def).c_str());
    }
  }
  return {};
}

}  // namespace

Result<uint32_t> bind_builtin(Context& cx, const BuiltinDef* def, Value* out, const Value* args,
                              size_t n, Tuple* names, bool bound) {
  const Value receiver = bound ? args[0] : Value();
  const Signature& s = signature_of(cx, def);
  const size_t keywords = names == nullptr ? 0 : names->length;
  const size_t positional = n - keywords;
  const bool method = is_method(def);
  if (positional > s.positional && !def->has_varargs)
    return wrong_count(cx, def, positional, method, receiver);
  const size_t direct = std::min<size_t>(positional, s.positional);
  const size_t rest = positional - direct;
  copy_values(out, args, direct);
  for (size_t i = direct; i < def->params; ++i) out[i] = Value();
  for (size_t i = 0; i < rest; ++i) out[def->params + i] = args[direct + i];
  constexpr size_t kMostKeywords = 64;
  alignas(Value) Word room[2 * kMostKeywords];  // not constructed: most calls have none
  auto* extra = reinterpret_cast<Value*>(room);
  size_t extra_count = 0;
  if (keywords > kMostKeywords) return raise(cx, kTypeError, "too many keyword arguments");
  if (keywords > 0)
    TRY(bind_builtin_keywords(cx, def, s, out, direct, args + positional, names, extra,
                              &extra_count));
  for (size_t i = direct; i < def->params; ++i) {
    if (!out[i].is_unset()) continue;
    if (s.required[i]) return wrong_count(cx, def, std::min(i, positional), method, receiver);
    out[i] = s.defaults[i];
  }
  const size_t total = def->params + rest;
  if (def->has_kwargs) {
    out[total] = Value();
    for (size_t k = 0; k < extra_count; ++k) out[total + 1 + k] = extra[2 * k + 1];
    cx.regs_top = std::max(cx.regs_top, out + total + 1 + extra_count);
    if (extra_count > 0) {
      Tuple* kw = TRY(alloc_tuple(cx, extra_count));
      for (size_t k = 0; k < extra_count; ++k) kw->items()[k] = extra[2 * k];
      out[total] = kw;
    }
  }
  return static_cast<uint32_t>(total);
}

// The builtin itself, its arguments laid out; or its kernel.
static Result<Value> run_native(Context& cx, const BuiltinDef* def, Value* args, size_t n) {
  if (PYSTM_UNLIKELY(def->kernels != 0))
    if (const KernelChoice choice = choose_kernel(cx, def->kernels, args, n); choice.row != nullptr)
      return call_kernel(cx, choice, args);
  return def->fn(cx, args, static_cast<uint32_t>(n));
}

Result<Value> call_native(Context& cx, const BuiltinDef* def, Value* args, size_t n, Tuple* names,
                          bool bound) {
  if (PYSTM_LIKELY(names == nullptr && n == def->params && n <= def->max_args &&
                   !def->has_varargs && !def->has_kwargs))
    return run_native(cx, def, args, n);
  if (names == nullptr && def->rest_in_place && n >= def->params)
    return run_native(cx, def, args, n);
  if (names == nullptr && (n < def->min_args || (n > def->max_args && def->max_args != 255)))
    return wrong_count(cx, def, n, is_method(def), bound ? args[0] : Value());
  Scratch scratch(cx);
  TRY(scratch.room(def->params + n + 70));
  const size_t keywords = names == nullptr ? 0 : names->length;
  const uint32_t count = TRY(bind_builtin(cx, def, scratch.base(), args, n, names, bound));
  if (cx.regs_top == scratch.base()) scratch.publish(count + (def->has_kwargs ? 1 + keywords : 0));
  return run_native(cx, def, scratch.base(), count);
}

// --- binding to Python functions -----------------------------------------------------------------

namespace {

std::string function_name(Context& cx, Function* f) {
  return to_utf8(cx, stm::Read<Function>(cx, f)->qualname);
}

Error too_many_positional(Context& cx, Function* f, CodeData* data, size_t n, size_t kwonly_given) {
  const Value defaults = stm::Peek<Function>(f)->defaults;  // NOBARRIER: quasi-immutable
  const size_t ndefaults = defaults.is_unset() ? 0 : defaults.as<Tuple>()->length;
  std::string takes = ndefaults > 0 ? "from " + std::to_string(data->argcount - ndefaults) +
                                          " to " + std::to_string(data->argcount)
                                    : std::to_string(data->argcount);
  const bool plural = ndefaults > 0 || data->argcount != 1;
  std::string kw;
  if (kwonly_given > 0)
    kw = " positional argument" + std::string(n != 1 ? "s" : "") + " (and " +
         std::to_string(kwonly_given) + " keyword-only argument" + (kwonly_given != 1 ? "s" : "") +
         ")";
  return raise(cx, kTypeError, "%s() takes %s positional argument%s but %zu%s %s given",
               function_name(cx, f).c_str(), takes.c_str(), plural ? "s" : "", n, kw.c_str(),
               n == 1 && kwonly_given == 0 ? "was" : "were");
}

Error missing_arguments(Context& cx, Function* f, Code* code, const Value* regs, size_t start,
                        size_t end, const char* kind) {
  std::vector<std::string> missing;
  for (size_t i = start; i < end; ++i)
    if (regs[i].is_unset()) missing.push_back("'" + to_utf8((*code->varnames)[i].as<Str>()) + "'");
  std::string text;
  for (size_t i = 0; i < missing.size(); ++i) {
    if (i > 0) text += missing.size() == 2 ? " and " : i + 1 == missing.size() ? ", and " : ", ";
    text += missing[i];
  }
  return raise(cx, kTypeError, "%s() missing %zu required %s argument%s: %s",
               function_name(cx, f).c_str(), missing.size(), kind, missing.size() == 1 ? "" : "s",
               text.c_str());
}

Result<void> bind_keywords(Context& cx, Function* f, Code* code, Value* regs, const Value* values,
                           Tuple* names, size_t total, Value kwdict) {
  CodeData* data = code->data;
  for (size_t k = 0; k < names->length; ++k) {
    const Value name = (*names)[k];
    if (!is_str(name))
      return raise(cx, kTypeError, "%s() keywords must be strings", function_name(cx, f).c_str());
    Str* key = TRY(flatten(cx, name));
    size_t i = data->posonly_count;
    while (i < total && (*code->varnames)[i] != Value(key)) ++i;
    if (i == total && !is_interned(key)) {
      i = data->posonly_count;
      while (i < total && !str_equal((*code->varnames)[i].as<Str>(), key)) ++i;
    }
    if (i < total) {
      if (!regs[i].is_unset())
        return raise(cx, kTypeError, "%s() got multiple values for argument '%s'",
                     function_name(cx, f).c_str(), to_utf8(key).c_str());
      regs[i] = values[k];
    } else if (!kwdict.is_unset()) {
      TRY(dict_set(cx, kwdict.as<Dict>(), key, values[k]));
    } else {
      std::string posonly;
      for (size_t j = 0; j < names->length; ++j)
        for (size_t p = 0; p < data->posonly_count; ++p)
          if (str_equal((*code->varnames)[p].as<Str>(), TRY(flatten(cx, (*names)[j]))))
            posonly += (posonly.empty() ? "" : ", ") + to_utf8((*code->varnames)[p].as<Str>());
      if (!posonly.empty())
        return raise(cx, kTypeError,
                     "%s() got some positional-only arguments passed as keyword arguments: '%s'",
                     function_name(cx, f).c_str(), posonly.c_str());
      return raise(cx, kTypeError, "%s() got an unexpected keyword argument '%s'",
                   function_name(cx, f).c_str(), to_utf8(key).c_str());
    }
  }
  return {};
}

}  // namespace

// The window lies within the caller's, above what is alive there, and belongs to no frame yet: what
// is new in it is kept by the variables here, up to the last look-up that may wait and so collect.
static void keep(std::initializer_list<Value> values) {
  for (const Value v : values) asm volatile("" : : "r"(v.bits()));
}

Result<void> bind_arguments(Context& cx, Function* f, Code* code, Value* regs, const Value* args,
                            size_t n, Tuple* names) {
  CodeData* data = code->data;
  const size_t keywords = names == nullptr ? 0 : names->length;
  const size_t positional = n - keywords;
  const size_t total = data->argcount + data->kwonly_count;
  const bool varargs = data->flags & kCoVarArgs, varkw = data->flags & kCoVarKeywords;
  // The arguments may lie where the parameters go: take what does not stay in place away first.
  const size_t direct = std::min<size_t>(positional, data->argcount);
  Value rest_tuple, kwdict, kwvalues;
  if (varargs) rest_tuple = TRY(new_tuple(cx, args + direct, positional - direct));
  if (keywords > 0) kwvalues = TRY(new_tuple(cx, args + positional, keywords));
  if (varkw) kwdict = new_dict(cx);
  if (regs != args) copy_values(regs, args, direct);
  for (size_t i = direct; i < data->nlocals; ++i) regs[i] = Value();
  size_t at = total;
  if (varargs) regs[at++] = rest_tuple;
  if (varkw) regs[at] = kwdict;
  cx.regs_top = std::max(cx.regs_top, regs + data->nlocals);
  if (keywords > 0)
    TRY(bind_keywords(cx, f, code, regs, kwvalues.as<Tuple>()->items(), names, total, kwdict));
  if (positional > data->argcount && !varargs) {
    size_t kwonly_given = 0;
    for (size_t i = data->argcount; i < total; ++i) kwonly_given += !regs[i].is_unset();
    return too_many_positional(cx, f, data, positional, kwonly_given);
  }
  stm::Peek<Function> r(f);  // NOBARRIER: quasi-immutable fields
  if (direct < data->argcount) {
    auto* defaults = r->defaults.is_unset() ? nullptr : r->defaults.as<Tuple>();
    const size_t ndefaults = defaults == nullptr ? 0 : defaults->length;
    bool missing = false;
    for (size_t i = direct; i < data->argcount; ++i) {
      if (!regs[i].is_unset()) continue;
      if (i + ndefaults >= data->argcount) {
        regs[i] = (*defaults)[i + ndefaults - data->argcount];
      } else {
        missing = true;
      }
    }
    if (missing)
      return missing_arguments(cx, f, code, regs, 0, data->argcount - ndefaults, "positional");
  }
  if (data->kwonly_count > 0) {
    bool missing = false;
    for (size_t i = data->argcount; i < total; ++i) {
      if (!regs[i].is_unset()) continue;
      if (!r->kwdefaults.is_unset())
        regs[i] = TRY(dict_get(cx, r->kwdefaults.as<Dict>(), (*code->varnames)[i]));
      missing |= regs[i].is_unset();
    }
    if (missing) return missing_arguments(cx, f, code, regs, data->argcount, total, "keyword-only");
  }
  keep({rest_tuple, kwdict, kwvalues});
  return {};
}

static Result<Value> finish_tail_call(Context& cx);

// --- calling -------------------------------------------------------------------------------------

namespace {

Result<Value> call_function(Context& cx, Function* f, const Value* args, size_t n, Tuple* names) {
  if (PYSTM_UNLIKELY(cx.only_natives)) return refuse_python(cx);
  Code* code = stm::Peek<Function>(f)->code;  // NOBARRIER: quasi-immutable
  Scratch scratch(cx);
  Value* regs = scratch.base();
  TRY(scratch.room(code->data->register_count + n));
  if (names == nullptr && code->data->simple_args && n == code->data->argcount) {
    copy_values(regs, args, n);
  } else {
    TRY(bind_arguments(cx, f, code, regs, args, n, names));
    n = code->data->nlocals;
  }
  FrameRecord* frame =
      push_frame(cx, code, regs, f->globals, f->builtins, f, static_cast<unsigned>(n));
  if (frame == nullptr) return Error{};
  frame->on_return = OnReturn::kNative;
  return interpret(cx, frame);
}

// `first` before the arguments.
Result<Value> call_with_first(Context& cx, Value callable, Value first, const Value* args, size_t n,
                              Tuple* names) {
  Scratch scratch(cx);
  TRY(scratch.room(n + 1));
  Value* all = scratch.base();
  copy_values(all + 1, args, n);
  all[0] = first;
  scratch.publish(n + 1);
  return call_kw(cx, callable, all, n + 1, names);
}

Result<Value> call_type(Context& cx, Type* type, const Value* args, size_t n, Tuple* names) {
  if (type == types().type && n == 1 && names == nullptr) return Value(type_of(args[0]));
  const Value make = type->dunder(Dunder::kNew);
  if ((type->flags & kTypeNoInstantiate) || make.is_unset())
    return raise(cx, kTypeError, "cannot create '%s' instances", type_name_of(type).c_str());
  const Value object = TRY(call_with_first(cx, make, type, args, n, names));
  if (!is_subtype(type_of(object), type)) return object;
  const Value init = type_of(object)->dunder(Dunder::kInit);
  if (init == types().object->dunder(Dunder::kInit) && make != types().object->dunder(Dunder::kNew))
    return object;
  const Value result = TRY(call_with_first(cx, init, object, args, n, names));
  if (result != kNone)
    return raise(cx, kTypeError, "__init__() should return None, not '%s'", TYPE_NAME(result));
  return object;
}

Result<Value> call_any(Context& cx, Value callable, const Value* args, size_t n, Tuple* names) {
  if (callable.is_object()) {
    Object* o = callable.object();
    switch (shape_of(o)->kind) {
      case Kind::kFunction:
        return call_function(cx, static_cast<Function*>(o), args, n, names);
      case Kind::kBuiltin:
      case Kind::kMethodDescriptor:
      case Kind::kWrapperDescriptor:
        return call_native(cx, static_cast<Builtin*>(o)->def, const_cast<Value*>(args), n, names);
      case Kind::kBoundBuiltin: {
        auto* b = static_cast<BoundBuiltin*>(o);
        Scratch scratch(cx);
        TRY(scratch.room(n + 1));
        copy_values(scratch.base() + 1, args, n);
        scratch.base()[0] = b->self;
        scratch.publish(n + 1);
        return call_native(cx, b->def, scratch.base(), n + 1, names, true);
      }
      case Kind::kBoundMethod: {
        auto* m = static_cast<BoundMethod*>(o);
        return call_with_first(cx, m->function, m->self, args, n, names);
      }
      case Kind::kType:
        if (type_of(callable)->dunder(Dunder::kCall) == types().type->dunder(Dunder::kCall))
          return call_type(cx, static_cast<Type*>(o), args, n, names);
        break;
      default:
        break;
    }
  }
  Value self;
  const Value f = TRY(load_special(cx, callable, Dunder::kCall, &self));
  if (f.is_unset())
    return raise(cx, kTypeError, "'%s' object is not callable", TYPE_NAME(callable));
  if (self.is_unset()) return call_kw(cx, f, args, n, names);
  return call_with_first(cx, f, self, args, n, names);
}

}  // namespace

Result<Value> call_kw(Context& cx, Value callable, const Value* args, size_t n, Tuple* names) {
  NativeDepth depth(cx);
  TRY(depth.check(" while calling a Python object"));
  NoBoundary native_below(cx);
  if (names != nullptr && names->length == 0) names = nullptr;
  Result<Value> r = call_any(cx, callable, args, n, names);
  if (PYSTM_LIKELY(r.is_error() || r.value() != kTailCall)) return r;
  return finish_tail_call(cx);
}

// A native asked for another call, which may end in yet another.
static Result<Value> finish_tail_call(Context& cx) {
  Result<Value> r = kTailCall;
  while (!r.is_error() && r.value() == kTailCall) {
    Scratch scratch(cx);
    const size_t count = cx.tail_count;
    const Value next = cx.tail_callable;
    const Value kw = cx.tail_names;
    copy_values(scratch.base(), cx.tail_args, count);
    scratch.publish(count);
    const Value* args = scratch.base();
    const TailKind kind = cx.tail_kind;
    switch (kind) {
      case TailKind::kCall:
        r = call_any(cx, next, args, count, kw.is_unset() ? nullptr : kw.as<Tuple>());
        break;
      case TailKind::kResume:
        r = generator_send(cx, next.as<Generator>(), args[0]);
        break;
      case TailKind::kEval:
      case TailKind::kExec:
        r = run_code(cx, next.as<Code>(), args[0].as<Dict>(), args[1], args[2]);
        if (kind == TailKind::kExec && !r.is_error()) r = kNone;
        break;
    }
  }
  return r;
}

Result<Value> tail_call(Context& cx, Value callable, const Value* args, size_t n, Tuple* names) {
  if (cx.regs_top + n + kRegisterSlack > cx.regs_limit) return raise_recursion(cx, "");
  copy_values(cx.regs_top, args, n);
  cx.tail_callable = callable;
  cx.tail_args = cx.regs_top;
  cx.tail_count = static_cast<uint32_t>(n);
  cx.tail_names = names == nullptr ? Value() : Value(names);
  cx.tail_kind = TailKind::kCall;
  return kTailCall;
}

Result<Value> tail_resume(Context& cx, Value generator, Value sent) {
  (void)TRY(tail_call(cx, generator, &sent, 1));
  cx.tail_kind = TailKind::kResume;
  return kTailCall;
}

Result<Value> tail_run(Context& cx, bool eval, Code* code, Dict* globals, Value locals,
                       Value function) {
  const Value args[] = {globals, locals, function};
  (void)TRY(tail_call(cx, code, args, std::size(args)));
  cx.tail_kind = eval ? TailKind::kEval : TailKind::kExec;
  return kTailCall;
}

Result<Value> call(Context& cx, Value callable, const Value* args, size_t n) {
  return call_kw(cx, callable, args, n, nullptr);
}
Result<Value> call(Context& cx, Value callable, std::initializer_list<Value> args) {
  return call_kw(cx, callable, args.begin(), args.size(), nullptr);
}

Result<Value> call_ex(Context& cx, Value callable, Tuple* args, Dict* kwargs) {
  const size_t nkw = kwargs == nullptr ? 0 : static_cast<size_t>(dict_length(cx, kwargs));
  if (nkw == 0) return call_kw(cx, callable, args->items(), args->length, nullptr);
  Tuple* kw_names = TRY(alloc_tuple(cx, nkw));
  Tuple* all = TRY(alloc_tuple(cx, args->length + nkw));
  for (size_t i = 0; i < args->length; ++i) all->items()[i] = (*args)[i];
  Word position = 0;
  Value key, value;
  for (size_t i = 0; i < nkw && dict_next(cx, kwargs, &position, &key, &value); ++i) {
    if (!is_str(key)) return raise(cx, kTypeError, "keywords must be strings");
    kw_names->items()[i] = key;
    all->items()[args->length + i] = value;
  }
  return call_kw(cx, callable, all->items(), all->length, kw_names);
}

// The arguments in one row, as calls take them; returns how many.
static Result<size_t> lay_out(Scratch& scratch, Args args, Kwargs kwargs, Value first) {
  const size_t before = first.is_unset() ? 0 : 1, n = before + args.count + kwargs.count();
  TRY(scratch.room(n));
  Value* to = scratch.base();
  if (before != 0) *to = first;
  copy_values(to + before, args.items, args.count);
  copy_values(to + before + args.count, kwargs.values, kwargs.count());
  scratch.publish(n);
  return n;
}
Result<Value> call_forwarded(Context& cx, Value callable, Args args, Kwargs kwargs, Value first) {
  Scratch scratch(cx);
  const size_t n = TRY(lay_out(scratch, args, kwargs, first));
  return call_kw(cx, callable, scratch.base(), n, kwargs.names);
}
Result<Value> call_class_object(Context& cx, Type* type, Args args, Kwargs kwargs) {
  Scratch scratch(cx);
  const size_t n = TRY(lay_out(scratch, args, kwargs, Value()));
  return call_type(cx, type, scratch.base(), n, kwargs.names);
}

Result<Value> call_method(Context& cx, Value object, Str* name, std::initializer_list<Value> args) {
  Value self;
  const Value f = TRY(load_method(cx, object, name, &self));
  if (self.is_unset()) return call(cx, f, args);
  return call_with_first(cx, f, self, args.begin(), args.size(), nullptr);
}
Result<Value> call_method(Context& cx, Value object, const char* name,
                          std::initializer_list<Value> args) {
  return call_method(cx, object, intern(cx, name), args);
}

namespace {

// A special method written in C++, called without the general machinery: its arguments lie in this
// C++ frame, where the collector sees them.
Result<Value> call_native_special(Context& cx, Value method, Value self,
                                  std::initializer_list<Value> args) {
  Value all[8] = {self};
  size_t n = 1;
  for (Value v : args) all[n++] = v;
  Result<Value> r = call_native(cx, method.as<Builtin>()->def, all, n, nullptr);
  if (PYSTM_UNLIKELY(!r.is_error() && r.value() == kTailCall)) return finish_tail_call(cx);
  return r;
}

}  // namespace

Result<Value> call_special(Context& cx, Value object, Dunder d, std::initializer_list<Value> args) {
  const Value method = lookup_dunder(object, d);
  if ((has_shape(method, kShapeWrapperDescriptor) || has_shape(method, kShapeMethodDescriptor)) &&
      args.size() < 8) {
    NoBoundary native_below(cx);
    return call_native_special(cx, method, object, args);
  }
  Value self;
  const Value f = TRY(load_special(cx, object, d, &self));
  if (f.is_unset()) return Value();
  if (self.is_unset()) return call(cx, f, args);
  return call_with_first(cx, f, self, args.begin(), args.size(), nullptr);
}

bool is_callable(Value v) { return v.is_object() && !type_of(v)->dunder(Dunder::kCall).is_unset(); }

FrameRecord* push_code_frame(Context& cx, Code* code, Value* regs, Dict* globals, Value locals,
                             Value function) {
  Value builtins = dict_get_str(cx, globals, names().__builtins__);
  if (has_kind(builtins, Kind::kModule)) builtins = builtins.as<Module>()->dict.ptr;
  if (!is_dict(builtins)) builtins = runtime().builtins_dict.value;
  FrameRecord* f = push_frame(cx, code, regs, globals, builtins.as<Dict>(), function, 0);
  if (f != nullptr) f->locals = locals;
  return f;
}

Result<Value> run_code(Context& cx, Code* code, Dict* globals, Value locals, Value function) {
  Scratch scratch(cx);
  TRY(scratch.room(code->data->register_count));
  FrameRecord* f = push_code_frame(cx, code, scratch.base(), globals, locals, function);
  if (f == nullptr) return Error{};
  f->on_return = OnReturn::kNative;
  return interpret(cx, f);
}

Value new_bound_method(Context& cx, Value function, Value self) {
  if (has_shape(function, kShapeMethodDescriptor) || has_shape(function, kShapeWrapperDescriptor) ||
      has_shape(function, kShapeBuiltin)) {
    // A bound special method is a method-wrapper.
    auto* b = has_shape(function, kShapeWrapperDescriptor)
                  ? alloc_for<BoundBuiltin>(cx, types().method_wrapper)
                  : alloc<BoundBuiltin>(cx, kShapeBoundBuiltin);
    auto* from = function.as<Builtin>();
    b->def = from->def;
    b->self = self;
    b->owner = from->owner;
    return b;
  }
  auto* m = alloc<BoundMethod>(cx, kShapeBoundMethod);
  m->function = function;
  m->self = self;
  return m;
}

}  // namespace pystm::vm
