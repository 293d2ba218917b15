// The builtins module: functions; its types are added by name.
#include <algorithm>

#include "stdlib/ast_objects.h"
#include "stdlib/modules.h"
#include "vm/interp/frames.h"
#include "vm/object/dict.h"
#include "vm/object/exception.h"
#include "vm/object/instance.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/object/type_internal.h"
#include "vm/runtime/call.h"
#include "vm/runtime/compile.h"
#include "vm/runtime/import.h"
#include "vm/runtime/kernels.h"
#include "vm/runtime/native.h"
#include "vm/runtime/operators.h"
#include "vm/runtime/runtime.h"
#include "vm/types/exception_internal.h"
#include "vm/types/sort.h"

namespace pystm::lib {

using namespace vm;  // NOLINT: this layer is written in vm's vocabulary

namespace {

// --- classes -------------------------------------------------------------------------------------

// __build_class__(func, name, *bases, metaclass=None, **kwds)
Result<Value> build_class(Context& cx, Value func, Value name, Args bases_given, Kwargs kwargs) {
  if (!is_function(func)) return raise(cx, kTypeError, "__build_class__: func must be a function");
  if (!is_str(name)) return raise(cx, kTypeError, "__build_class__: name is not a string");
  // Replace bases that are no classes (PEP 560).
  Tuple* original = TRY(new_tuple(cx, bases_given.items, bases_given.count));
  List* resolved = new_list(cx);
  bool changed = false;
  for (size_t i = 0; i < original->length; ++i) {
    const Value b = (*original)[i];
    const Value hook = is_type(b) ? Value() : TRY(find_attr(cx, b, names().__mro_entries__));
    if (hook.is_unset()) {
      TRY(list_append(cx, resolved, b));
      continue;
    }
    const Value entries = TRY(call(cx, hook, {Value(original)}));
    if (!is_tuple(entries)) return raise(cx, kTypeError, "__mro_entries__ must return a tuple");
    TRY(list_extend(cx, resolved, entries));
    changed = true;
  }
  Tuple* bases = changed ? TRY(list_to_tuple(cx, resolved)) : original;
  // Split off metaclass=.
  Value meta;
  List* kw_names = new_list(cx);
  List* kw_values = new_list(cx);
  for (uint32_t i = 0; i < kwargs.count(); ++i) {
    if ((*kwargs.names)[i] == Value(names().metaclass)) {
      meta = kwargs.values[i];
      continue;
    }
    TRY(list_append(cx, kw_names, (*kwargs.names)[i]));
    TRY(list_append(cx, kw_values, kwargs.values[i]));
  }
  if (meta.is_unset()) meta = bases->length > 0 ? Value(type_of((*bases)[0])) : Value(types().type);
  if (is_type(meta)) {
    for (size_t i = 0; i < bases->length; ++i) {
      Type* t = type_of((*bases)[i]);
      if (is_subtype(as_type(meta), t)) continue;
      if (!is_subtype(t, as_type(meta)))
        return raise(cx, kTypeError,
                     "metaclass conflict: the metaclass of a derived class must be a (non-strict) "
                     "subclass of the "
                     "metaclasses of all its bases");
      meta = t;
    }
  }
  Tuple* names_tuple = TRY(list_to_tuple(cx, kw_names));
  auto call_with = [&](Value f, std::initializer_list<Value> first) -> Result<Value> {
    List* all = TRY(new_list(cx, first.begin(), first.size()));
    TRY(list_extend(cx, all, kw_values));
    Tuple* t = TRY(list_to_tuple(cx, all));
    return call_kw(cx, f, t->items(), t->length, names_tuple);
  };
  Value ns;
  const Value prepare = TRY(find_attr(cx, meta, names().__prepare__));
  if (prepare.is_unset()) {
    ns = new_dict(cx);
  } else {
    ns = TRY(call_with(prepare, {name, Value(bases)}));
    if (lookup_dunder(ns, Dunder::kSetItem).is_unset())
      return raise(cx, kTypeError, "%s.__prepare__() must return a mapping, not %s",
                   is_type(meta) ? type_name_of(as_type(meta)).c_str() : "<metaclass>",
                   TYPE_NAME(ns));
  }
  auto* f = func.as<Function>();
  Code* code = stm::Read<Function>(cx, f)->code;
  const Value cell = TRY(run_code(cx, code, f->globals, ns, func));
  if (changed) TRY(set_item(cx, ns, Value(intern(cx, "__orig_bases__")), original));
  const Value cls = TRY(call_with(meta, {name, Value(bases), ns}));
  if (is_cell(cell) && is_type(cls)) {
    const Value content = stm::Read<Cell>(cx, cell.as<Cell>())->content;
    if (content.is_unset())
      return raise(
          cx, kRuntimeError,
          "__class__ not set defining %s as %s. Was __classcell__ propagated to type.__new__?",
          repr_utf8(cx, name).c_str(), repr_utf8(cx, cls).c_str());
    if (content != cls)
      return raise(cx, kTypeError, "__class__ set to %s defining %s as %s",
                   repr_utf8(cx, content).c_str(), repr_utf8(cx, name).c_str(),
                   repr_utf8(cx, cls).c_str());
  }
  return cls;
}

// --- simple functions ----------------------------------------------------------------------------

Result<Value> builtin_abs(Context& cx, Value x) { return unary_op(cx, UnaryOp::kAbs, x); }
Result<Value> builtin_ascii(Context& cx, Value obj) { return ascii(cx, obj); }
Result<Value> builtin_repr(Context& cx, Value obj) { return repr(cx, obj); }
Result<int64_t> builtin_len(Context& cx, Value obj) { return length(cx, obj); }
Result<int64_t> builtin_hash(Context& cx, Value obj) { return hash_value(cx, obj); }
bool builtin_callable(Context&, Value obj) { return is_callable(obj); }
Result<Value> builtin_isinstance(Context& cx, Value obj, Value info) {
  return isinstance(cx, obj, info);
}
Result<Value> builtin_issubclass(Context& cx, Value cls, Value info) {
  return issubclass(cx, cls, info);
}
Result<Value> builtin_divmod(Context& cx, Value x, Value y) {
  return binary_op(cx, BinaryOp::kDivMod, x, y);
}
Result<Value> builtin_pow(Context& cx, Value base, Value exp, Value mod) {
  return power3(cx, base, exp, mod);
}
Result<Value> builtin_format(Context& cx, Value value, Value spec) {
  if (!is_str(spec))
    return raise(cx, kTypeError, "format() argument 2 must be str, not %s", TYPE_NAME(spec));
  return format(cx, value, spec);
}

Result<Value> number_text(Context& cx, Value number, int base) {
  return int_to_str(cx, TRY(to_index(cx, number)), base, true);
}
Result<Value> builtin_bin(Context& cx, Value number) { return number_text(cx, number, 2); }
Result<Value> builtin_oct(Context& cx, Value number) { return number_text(cx, number, 8); }
Result<Value> builtin_hex(Context& cx, Value number) { return number_text(cx, number, 16); }

Result<Value> builtin_chr(Context& cx, int c) {
  if (c < 0 || c > 0x10FFFF) return raise(cx, kValueError, "chr() arg not in range(0x110000)");
  return Value(str_of_char(cx, static_cast<char32_t>(c)));
}
Result<Value> builtin_ord(Context& cx, Value c) {
  size_t n = 0;
  if (is_str(c)) {
    Str* s = TRY(flatten(cx, c));
    if (s->length == 1) return Value::of_int(char_at(s, 0));
    n = s->length;
  } else if (is_bytes_like(c)) {
    Buffer b;
    TRY(get_buffer(cx, c, &b));
    if (b.size == 1) return Value::of_int(b.data[0]);
    n = b.size;
  } else {
    return raise(cx, kTypeError, "ord() expected string of length 1, but %s found", TYPE_NAME(c));
  }
  return raise(cx, kTypeError, "ord() expected a character, but string of length %zu found", n);
}

Result<Value> builtin_id(Context& cx, Value obj) {
  if (obj.is_object()) return make_uint(cx, gc::identity(cx, obj.object()));
  // Values without an object: derived from their bits, apart from any address.
  return make_uint(cx, obj.bits() * 8 + 1);
}

Result<Value> builtin_iter(Context& cx, Value object, Opt sentinel) {
  if (!sentinel.given()) return get_iter(cx, object);
  if (!is_callable(object)) return raise(cx, kTypeError, "iter(v, w): v must be callable");
  auto* it = alloc<CallIter>(cx, kShapeCallIter);
  auto& s = stm::init_state(cx, it);
  s.callable = object;
  s.sentinel = sentinel.value;
  return Value(it);
}

Result<Value> builtin_next(Context& cx, Value iterator, Opt fallback) {
  if (!fallback.given() && has_shape(iterator, kShapeGenerator)) {
    return tail_resume(cx, iterator, kNone);
  }
  if (lookup_dunder(iterator, Dunder::kNext).is_unset())
    return raise(cx, kTypeError, "'%s' object is not an iterator", TYPE_NAME(iterator));
  const Value v = TRY(iter_next(cx, iterator));
  if (!v.is_unset()) return v;
  if (fallback.given()) return fallback.value;
  return raise_stop_iteration(cx, cx.return_value.is_unset() ? kNone : cx.return_value);
}

// anext(it, default) as a coroutine of this text.
constexpr const char* kAnextText =
    "async def anext_awaitable(step, default):\n"
    "    try: return await step\n"
    "    except StopAsyncIteration: return default\n";

Result<Value> builtin_anext(Context& cx, Value iterator, Opt fallback) {
  if (lookup_dunder(iterator, Dunder::kANext).is_unset())
    return raise(cx, kTypeError, "'%s' object is not an async iterator", TYPE_NAME(iterator));
  const Value step = TRY(call_special(cx, iterator, Dunder::kANext, {}));
  if (!fallback.given()) return step;
  Dict* scope = new_dict(cx);
  TRY(dict_set_str(cx, scope, names().__builtins__, runtime().builtins.value));
  Code* code = TRY(compile_text(cx, kAnextText, "<anext>", default_compile_options()));
  (void)TRY(run_code(cx, code, scope, Value(scope)));
  return call(cx, TRY(dict_get(cx, scope, intern(cx, "anext_awaitable"))), {step, fallback.value});
}

Result<Value> builtin_aiter(Context& cx, Value iterable) {
  const Value it = TRY(call_special(cx, iterable, Dunder::kAIter, {}));
  if (it.is_unset())
    return raise(cx, kTypeError, "'%s' object is not an async iterable", TYPE_NAME(iterable));
  if (lookup_dunder(it, Dunder::kANext).is_unset())
    return raise(cx, kTypeError, "aiter() returned not an async iterator of type '%s'",
                 TYPE_NAME(it));
  return it;
}

Result<Value> attribute_name(Context& cx, Value name, const char* function) {
  if (is_str(name)) return name;
  return raise(cx, kTypeError, "attribute name must be string, not '%s'", TYPE_NAME(name));
}
Result<Value> builtin_getattr(Context& cx, Value object, Value name, Opt fallback) {
  Str* n = intern(cx, TRY(flatten(cx, TRY(attribute_name(cx, name, "getattr")))));
  if (!fallback.given()) return get_attr(cx, object, n);
  const Value v = TRY(find_attr(cx, object, n));
  return v.is_unset() ? fallback.value : v;
}
Result<bool> builtin_hasattr(Context& cx, Value object, Value name) {
  Str* n = intern(cx, TRY(flatten(cx, TRY(attribute_name(cx, name, "hasattr")))));
  return !TRY(find_attr(cx, object, n)).is_unset();
}
Result<void> builtin_setattr(Context& cx, Value object, Value name, Value value) {
  return set_attr(cx, object,
                  intern(cx, TRY(flatten(cx, TRY(attribute_name(cx, name, "setattr"))))), value);
}
Result<void> builtin_delattr(Context& cx, Value object, Value name) {
  return delete_attr(cx, object,
                     intern(cx, TRY(flatten(cx, TRY(attribute_name(cx, name, "delattr"))))));
}

// --- reductions ----------------------------------------------------------------------------------

Result<bool> builtin_all(Context& cx, Value iterable) {
  const Value it = TRY(get_iter(cx, iterable));
  for (;;) {
    const Value v = TRY(iter_next(cx, it));
    if (v.is_unset()) return true;
    if (!TRY(truth(cx, v))) return false;
  }
}
Result<bool> builtin_any(Context& cx, Value iterable) {
  const Value it = TRY(get_iter(cx, iterable));
  for (;;) {
    const Value v = TRY(iter_next(cx, it));
    if (v.is_unset()) return false;
    if (TRY(truth(cx, v))) return true;
  }
}

Result<Value> builtin_sum(Context& cx, Value iterable, Value start) {
  if (is_str(start))
    return raise(cx, kTypeError, "sum() can't sum strings [use ''.join(seq) instead]");
  if (is_bytes(start))
    return raise(cx, kTypeError, "sum() can't sum bytes [use b''.join(seq) instead]");
  if (is_bytearray(start))
    return raise(cx, kTypeError, "sum() can't sum bytearray [use b''.join(seq) instead]");
  const Value it = TRY(get_iter(cx, iterable));
  Value total = start;
  for (;;) {
    const Value v = TRY(iter_next(cx, it));
    if (v.is_unset()) return total;
    total = TRY(binary_op(cx, BinaryOp::kAdd, total, v));
  }
}

// min and max: `better` is the comparison that makes a later item win.
Result<Value> extreme(Context& cx, Args args, Value key, Opt fallback, CompareOp better,
                      const char* name) {
  if (args.count == 0) return raise(cx, kTypeError, "%s expected at least 1 argument, got 0", name);
  const bool many = args.count > 1;
  if (many && fallback.given())
    return raise(cx, kTypeError,
                 "Cannot specify a default for %s() with multiple positional arguments", name);
  const Value source = many ? Value(TRY(new_tuple(cx, args.items, args.count))) : args[0];
  const Value it = TRY(get_iter(cx, source));
  Value best, best_key;
  for (;;) {
    const Value v = TRY(iter_next(cx, it));
    if (v.is_unset()) break;
    const Value k = key == kNone ? v : TRY(call(cx, key, {v}));
    if (best.is_unset() || TRY(compare_bool(cx, better, k, best_key))) {
      best = v;
      best_key = k;
    }
  }
  if (!best.is_unset()) return best;
  if (fallback.given()) return fallback.value;
  return raise(cx, kValueError, "%s() arg is an empty sequence", name);
}
Result<Value> builtin_min(Context& cx, Args args, Value key, Opt fallback) {
  return extreme(cx, args, key, fallback, CompareOp::kLt, "min");
}
Result<Value> builtin_max(Context& cx, Args args, Value key, Opt fallback) {
  return extreme(cx, args, key, fallback, CompareOp::kGt, "max");
}

Result<Value> builtin_sorted(Context& cx, Value iterable, Value key, bool reverse) {
  List* l = TRY(to_list(cx, iterable));
  TRY(sort_list(cx, l, key, reverse));
  return Value(l);
}

Result<Value> builtin_round(Context& cx, Value number, Value ndigits) {
  const Value r = ndigits == kNone ? TRY(call_special(cx, number, Dunder::kRound, {}))
                                   : TRY(call_special(cx, number, Dunder::kRound, {ndigits}));
  if (r.is_unset())
    return raise(cx, kTypeError, "type %s doesn't define __round__ method", TYPE_NAME(number));
  return r;
}

// --- scopes --------------------------------------------------------------------------------------

// The running frame's variables as a dict (a fresh one for functions).
Result<Value> frame_locals(Context& cx) {
  FrameRecord* f = cx.frame;
  if (f < cx.frames_base) return raise(cx, kSystemError, "frame does not exist");
  if (!f->locals.is_unset()) return f->locals;
  if (!(f->code->data->flags & kCoOptimized)) return Value(f->globals.ptr);
  return locals_dict(cx, f);
}
Result<Value> builtin_globals(Context& cx) {
  if (cx.frame < cx.frames_base) return raise(cx, kSystemError, "frame does not exist");
  return Value(cx.frame->globals.ptr);
}
Result<Value> builtin_locals(Context& cx) { return frame_locals(cx); }
Result<Value> builtin_vars(Context& cx, Opt object) {
  if (!object.given()) return frame_locals(cx);
  const Value d = TRY(find_attr(cx, object.value, names().__dict__));
  if (d.is_unset()) return raise(cx, kTypeError, "vars() argument must have __dict__ attribute");
  return d;
}
Result<Value> builtin_dir(Context& cx, Opt object) {
  Value result;
  if (!object.given()) {
    const Value ns = TRY(frame_locals(cx));
    result = TRY(call_method(cx, ns, "keys", {}));
  } else {
    // A special method: a class's own __dir__ is for its instances.
    Type* type = type_of(object.value);
    const Value f = type_lookup(type, names().__dir__);
    if (f.is_unset()) return raise(cx, kTypeError, "object does not provide __dir__");
    result = TRY(call(cx, TRY(bind_descriptor(cx, f, object.value, type)), {}));
  }
  List* l = TRY(to_list(cx, result));
  TRY(sort_list(cx, l, kNone, false));
  return Value(l);
}

// --- compile, exec, eval -------------------------------------------------------------------------

Result<Value> source_bytes(Context& cx, Value source, const char* function,
                           compiler::CompileOptions* options, std::string* out) {
  if (is_str(source)) {
    *out = to_utf8(cx, source);
  } else if (is_bytes_like(source)) {
    Buffer b;
    TRY(get_buffer(cx, source, &b));
    out->assign(b.view());
    options->parse.source_is_bytes = true;
  } else {
    return raise(cx, kTypeError, "%s() arg 1 must be a string, bytes or %s object", function,
                 std::string_view(function) == "compile" ? "AST" : "code");
  }
  return kNone;
}

Result<std::string> compile_filename(Context& cx, Value filename) {
  if (is_str(filename)) return to_utf8(cx, filename);
  if (is_bytes(filename)) return std::string(bytes_view(unwrap_derived(filename).as<Bytes>()));
  return to_utf8(cx, TRY(call(cx, TRY(import_attr(cx, "os", "fspath")), {filename})));
}

Result<void> set_compile_mode(Context& cx, Str* mode, compiler::CompileOptions* options) {
  if (str_equals(mode, "exec")) {
    options->parse.mode = compiler::Mode::Exec;
  } else if (str_equals(mode, "eval")) {
    options->parse.mode = compiler::Mode::Eval;
  } else if (str_equals(mode, "single")) {
    options->parse.mode = compiler::Mode::Single;
  } else {
    return raise(cx, kValueError, "compile() mode must be 'exec', 'eval' or 'single'");
  }
  return {};
}

Result<Value> compile_ast(Context& cx, Value object, const std::string& file,
                          const compiler::CompileOptions& options) {
  compiler::Arena arena;
  compiler::ModNode* module = TRY(ast_tree(cx, object, options.parse.mode, arena));
  return Value(TRY(compile_module(cx, *module, arena, file, options)));
}

Result<Value> builtin_compile(Context& cx, Value source, Value filename, Str* mode, int flags,
                              bool dont_inherit, int optimize,
                              int /* an older grammar is not kept */) {
  compiler::CompileOptions options = default_compile_options();
  const bool from_ast = TRY(is_ast_object(cx, source));
  std::string text;
  if (!from_ast) (void)TRY(source_bytes(cx, source, "compile", &options, &text));
  const std::string file = TRY(compile_filename(cx, filename));
  TRY(set_compile_mode(cx, mode, &options));
  constexpr int kFuture = 0x1FE0000, kOnlyAst = 0x400, kTopAwait = 0x2000, kIncomplete = 0x4000,
                kDedent = 0x200;
  if (flags & ~(kFuture | kOnlyAst | kTopAwait | kIncomplete | kDedent | 0x1000 | 0x10))
    return raise(cx, kValueError, "compile(): unrecognised flags");
  if (optimize < -1 || optimize > 2)
    return raise(cx, kValueError, "compile(): invalid optimize value");
  if (optimize >= 0) options.optimise = optimize;
  options.parse.allow_incomplete = flags & kIncomplete;
  options.parse.dont_imply_dedent = flags & kDedent;
  options.allow_top_level_await = flags & kTopAwait;
  const bool inherit = !dont_inherit && cx.frame >= cx.frames_base;
  options.future_annotations =
      (flags & 0x1000000) || (inherit && (cx.frame->code->data->flags & kCoFutureAnnotations));
  if (from_ast) return flags & kOnlyAst ? source : compile_ast(cx, source, file, options);
  if (flags & kOnlyAst) {
    const compiler::ParseResult parsed = compiler::parse(text, options.parse);
    if (parsed.module == nullptr) return raise_compile_error(cx, parsed.error, file);
    TRY(show_compile_warnings(cx, parsed.warnings, file));
    return ast_object(cx, parsed.module);
  }
  return Value(TRY(compile_text(cx, text, file, options)));
}

Result<void> exec_scopes(Context& cx, bool eval, Value* globals, Value* locals) {
  if (eval && *locals != kNone && lookup_dunder(*locals, Dunder::kGetItem).is_unset())
    return raise(cx, kTypeError, "locals must be a mapping");
  if (eval && *globals != kNone && !is_dict(*globals))
    return raise(cx, kTypeError,
                 lookup_dunder(*globals, Dunder::kGetItem).is_unset()
                     ? "globals must be a dict"
                     : "globals must be a real dict; try eval(code, {}, mapping)");
  if (*globals == kNone) {
    *globals = TRY(builtin_globals(cx));
    if (*locals == kNone) *locals = TRY(frame_locals(cx));
  } else if (*locals == kNone) {
    *locals = *globals;
  }
  if (!is_dict(*globals))
    return raise(cx, kTypeError, "exec() globals must be a dict, not %s", TYPE_NAME(*globals));
  if (lookup_dunder(*locals, Dunder::kGetItem).is_unset())
    return raise(cx, kTypeError, "locals must be a mapping or None, not %s", TYPE_NAME(*locals));
  auto* g = globals->as<Dict>();
  if (dict_get_str(cx, g, names().__builtins__).is_unset())
    TRY(dict_set_str(cx, g, names().__builtins__, runtime().builtins.value));
  return {};
}

Result<Value> run_source(Context& cx, bool eval, Value source, Value globals, Value locals,
                         Value closure) {
  TRY(exec_scopes(cx, eval, &globals, &locals));
  Code* code;
  Value function;
  if (is_code(source)) {
    code = source.as<Code>();
    if (code->data->nfrees > 0) {
      if (closure == kNone && !eval)
        return raise(cx, kTypeError, "code object requires a closure of exactly length %u",
                     static_cast<unsigned>(code->data->nfrees));
      if (closure == kNone)
        return raise(cx, kTypeError, "code object passed to eval() may not contain free variables");
      function = TRY(call(cx, Value(types().function), {source, globals, kNone, kNone, closure}));
    } else if (closure != kNone) {
      return raise(cx, kTypeError, "cannot use a closure with this code object");
    }
  } else {
    compiler::CompileOptions options = default_compile_options();
    options.parse.mode = eval ? compiler::Mode::Eval : compiler::Mode::Exec;
    std::string text;
    (void)TRY(source_bytes(cx, source, eval ? "eval" : "exec", &options, &text));
    if (eval) text.erase(0, text.find_first_not_of(" \t"));
    options.future_annotations =
        cx.frame >= cx.frames_base && (cx.frame->code->data->flags & kCoFutureAnnotations);
    code = TRY(compile_text(cx, text, "<string>", options));
  }
  return tail_run(cx, eval, code, globals.as<Dict>(), locals, function);
}
Result<Value> builtin_exec(Context& cx, Value source, Value globals, Value locals, Value closure) {
  return run_source(cx, false, source, globals, locals, closure);
}
Result<Value> builtin_eval(Context& cx, Value source, Value globals, Value locals) {
  return run_source(cx, true, source, globals, locals, kNone);
}

// --- print, input --------------------------------------------------------------------------------

Result<void> builtin_print(Context& cx, Args args, Value sep, Value end, Value file, bool flush) {
  for (Value v : {sep, end})
    if (v != kNone && !is_str(v))
      return raise(cx, kTypeError, "%s must be None or a string, not %s", v == sep ? "sep" : "end",
                   TYPE_NAME(v));
  if (file == kNone) file = sys_get(cx, names().stdout);
  if (file.is_unset()) return raise(cx, kRuntimeError, "lost sys.stdout");
  if (file == kNone) return {};
  if (type_of(file)->flags & kTypeHeap) {  // a program's own writer sees each part
    auto write = [&](Value v) -> Result<void> {
      (void)TRY(call_method(cx, file, names().write, {v}));
      return {};
    };
    for (uint32_t i = 0; i < args.count; ++i) {
      if (i > 0) TRY(write(sep == kNone ? Value(intern(cx, " ")) : sep));
      TRY(write(TRY(str(cx, args[i]))));
    }
    TRY(write(end == kNone ? Value(intern(cx, "\n")) : end));
    if (flush) (void)TRY(call_method(cx, file, names().flush, {}));
    return {};
  }
  // One write of the whole line keeps lines of different threads apart.
  StrBuilder out;
  for (uint32_t i = 0; i < args.count; ++i) {
    if (i > 0) {
      if (sep == kNone) {
        out.add_char(' ');
      } else {
        out.add(TRY(flatten(cx, sep)));
      }
    }
    out.add(TRY(flatten(cx, TRY(str(cx, args[i])))));
  }
  if (end == kNone) {
    out.add_char('\n');
  } else {
    out.add(TRY(flatten(cx, end)));
  }
  const Value text = TRY(out.finish(cx));
  (void)TRY(call_method(cx, file, names().write, {text}));
  if (flush) (void)TRY(call_method(cx, file, names().flush, {}));
  return {};
}

Result<Value> builtin_input(Context& cx, Opt prompt) {
  const Value in = sys_get(cx, names().stdin), out = sys_get(cx, names().stdout);
  if (in.is_unset() || in == kNone) return raise(cx, kRuntimeError, "input(): lost sys.stdin");
  if (out.is_unset() || out == kNone) return raise(cx, kRuntimeError, "input(): lost sys.stdout");
  if (prompt.given()) (void)TRY(call_method(cx, out, names().write, {TRY(str(cx, prompt.value))}));
  (void)TRY(call_method(cx, out, names().flush, {}));
  const Value line = TRY(call_method(cx, in, names().readline, {}));
  if (!is_str(line)) return raise(cx, kTypeError, "object.readline() returned non-string");
  Str* s = TRY(flatten(cx, line));
  if (s->length == 0) return raise(cx, kEOFError, "EOF when reading a line");
  if (char_at(s, s->length - 1) == '\n') return Value(TRY(str_slice(cx, s, 0, s->length - 1)));
  return Value(s);
}

Result<Value> builtin_breakpoint(Context& cx, Args args, Kwargs kwargs) {
  const Value hook = sys_get(cx, intern(cx, "breakpointhook"));
  if (hook.is_unset()) return raise(cx, kRuntimeError, "lost sys.breakpointhook");
  return call_forwarded(cx, hook, args, kwargs);
}

constexpr BuiltinDef kFunctions[] = {
    function<&build_class>("__build_class__", "(func, name, /, *bases, **kwds)"),
    function<&builtin_abs>("abs", "(x, /)", Effects::kCallsPython,
                           "Return the absolute value of the argument."),
    function<&builtin_anext>("anext", "(aiterator, default=<unrepresentable>, /)"),
    function<&builtin_aiter>("aiter", "(async_iterable, /)"),
    with_kernels(function<&builtin_all>(
        "all", "(iterable, /)", Effects::kCallsPython,
        "Return True if bool(x) is True for all values x in the iterable.\n\nIf "
        "the iterable is empty, return True.")),
    with_kernels(function<&builtin_any>(
        "any", "(iterable, /)", Effects::kCallsPython,
        "Return True if bool(x) is True for any x in the iterable.\n\nIf the "
        "iterable is empty, return False.")),
    function<&builtin_ascii>("ascii", "(obj, /)"),
    function<&builtin_bin>("bin", "(number, /)"),
    function<&builtin_breakpoint>("breakpoint", "(*args, **kws)"),
    function<&builtin_callable>("callable", "(obj, /)", Effects::kPure),
    function<&builtin_chr>("chr", "(i, /)"),
    function<&builtin_compile>("compile",
                               "(source, filename, mode, flags=0, dont_inherit=False, optimize=-1, "
                               "*, _feature_version=-1)"),
    function<&builtin_delattr>("delattr", "(obj, name, /)"),
    function<&builtin_dir>("dir", "(object=<unrepresentable>, /)"),
    function<&builtin_divmod>("divmod", "(x, y, /)"),
    function<&builtin_eval>("eval", "(source, globals=None, locals=None, /)"),
    function<&builtin_exec>("exec", "(source, globals=None, locals=None, /, *, closure=None)"),
    function<&builtin_format>("format", "(value, format_spec='', /)"),
    function<&builtin_getattr>("getattr", "(object, name, default=<unrepresentable>, /)"),
    function<&builtin_globals>("globals", "()", Effects::kReads),
    function<&builtin_hasattr>("hasattr", "(obj, name, /)"),
    function<&builtin_hash>("hash", "(obj, /)"),
    function<&builtin_hex>("hex", "(number, /)"),
    function<&builtin_id>("id", "(obj, /)", Effects::kPure),
    function<&builtin_input>("input", "(prompt=<unrepresentable>, /)", Effects::kBlocks),
    function<&builtin_isinstance>("isinstance", "(obj, class_or_tuple, /)"),
    function<&builtin_issubclass>("issubclass", "(cls, class_or_tuple, /)"),
    function<&builtin_iter>("iter", "(object, sentinel=<unrepresentable>, /)"),
    function<&builtin_len>("len", "(obj, /)", Effects::kCallsPython,
                           "Return the number of items in a container."),
    function<&builtin_locals>("locals", "()", Effects::kReads),
    with_kernels(function<&builtin_max>("max", "(*args, key=None, default=<unrepresentable>)")),
    with_kernels(function<&builtin_min>("min", "(*args, key=None, default=<unrepresentable>)")),
    with_kernels(function<&builtin_next>("next", "(iterator, default=<unrepresentable>, /)")),
    function<&builtin_oct>("oct", "(number, /)"),
    function<&builtin_ord>("ord", "(c, /)"),
    function<&builtin_pow>("pow", "(base, exp, mod=None)"),
    function<&builtin_print>("print", "(*args, sep=' ', end='\\n', file=None, flush=False)"),
    function<&builtin_repr>("repr", "(obj, /)"),
    function<&builtin_round>("round", "(number, ndigits=None)"),
    function<&builtin_setattr>("setattr", "(obj, name, value, /)"),
    with_kernels(function<&builtin_sorted>("sorted", "(iterable, /, *, key=None, reverse=False)")),
    with_kernels(function<&builtin_sum>("sum", "(iterable, /, start=0)")),
    function<&builtin_vars>("vars", "(object=<unrepresentable>, /)"),
};

Result<void> init(Context& cx, Module* m) {
  Type* const kTypes[] = {
      types().object,    types().type,       types().int_,          types().bool_,
      types().float_,    types().complex,    types().str,           types().bytes,
      types().bytearray, types().memoryview, types().tuple,         types().list,
      types().dict,      types().set,        types().frozenset,     types().range,
      types().slice,     types().property,   types().staticmethod,  types().classmethod,
      types().super_,    types().enumerate,  types().zip,           types().map,
      types().filter,    types().reversed,   exception_group_type()};
  for (Type* t : kTypes) TRY(module_add_type(cx, m, t));
#define EXCEPTION(name, base, doc) TRY(module_add_type(cx, m, exception_type(ExcId::k##name)));
#include "vm/object/exceptions.def"
#undef EXCEPTION
  TRY(module_add(cx, m, "EnvironmentError", exception_type(kOSError)));
  TRY(module_add(cx, m, "IOError", exception_type(kOSError)));
  TRY(module_add(cx, m, "None", kNone));
  TRY(module_add(cx, m, "True", kTrue));
  TRY(module_add(cx, m, "False", kFalse));
  TRY(module_add(cx, m, "NotImplemented", kNotImplemented));
  TRY(module_add(cx, m, "Ellipsis", kEllipsis));
  TRY(module_add(cx, m, "__debug__", of_bool(runtime().options.optimize == 0)));
  return {};
}

const ModuleDef kModule = {"builtins", kFunctions, init,
                           "Built-in functions, types, exceptions, and other objects."};

}  // namespace

void register_builtins() { register_module(kModule); }

}  // namespace pystm::lib
