// _warnings: filters, the once registry, warn() and warn_explicit(). Shown by warnings._showwarnmsg
// when that module is loaded, else here.
#include <atomic>

#include "stdlib/modules.h"
#include "stdlib/support.h"
#include "vm/interp/frames.h"

namespace pystm::lib {
namespace {

gc::Root *g_filters, *g_once, *g_default;
std::atomic<int64_t> g_version{0};

// The warnings module if it has been imported.
Value warnings_module(Context& cx) {
  return dict_get_str(cx, runtime().modules.value.as<Dict>(), "warnings");
}
Result<Value> setting(Context& cx, const char* name, const gc::Root* own) {
  const Value m = warnings_module(cx);
  if (!m.is_unset() && has_kind(m, Kind::kModule)) {
    const Value v = dict_get_str(cx, m.as<Module>()->dict, name);
    if (!v.is_unset()) return v;
  }
  return own->value;
}

Result<bool> matches(Context& cx, Value pattern, Value text) {
  if (pattern == kNone) return true;
  if (is_exact_str(pattern)) return compare_bool(cx, CompareOp::kEq, pattern, text);
  return truth(cx, TRY(call_method(cx, pattern, "match", {text})));
}

// The action of the first filter that fits; *item is the filter.
Result<std::string> find_action(Context& cx, Value category, Value text, int64_t line, Value module,
                                Value* item) {
  const Value filters = TRY(setting(cx, "filters", g_filters));
  if (!is_list(filters)) return raise(cx, kValueError, "warnings.filters must be a list");
  for (int64_t i = 0; i < list_length(cx, filters.as<List>()); ++i) {
    const Value row = list_get(cx, filters.as<List>(), i);
    if (row.is_unset() || !is_tuple(row) || row.as<Tuple>()->length != 5)
      return raise(cx, kValueError, "warnings.filters item %lld isn't a 5-tuple",
                   static_cast<long long>(i));
    auto* t = row.as<Tuple>();
    if (!is_str((*t)[0]))
      return raise(cx, kTypeError, "action must be a string, not '%s'", TYPE_NAME((*t)[0]));
    if (!TRY(matches(cx, (*t)[1], text)) ||
        !TRY(truth(cx, TRY(issubclass(cx, category, (*t)[2])))) ||
        !TRY(matches(cx, (*t)[3], module)))
      continue;
    const int64_t n = TRY(to_index64(cx, (*t)[4], kOverflowError));
    if (n != 0 && n != line) continue;
    *item = row;
    return to_utf8(cx, (*t)[0]);
  }
  const Value action = TRY(setting(cx, "defaultaction", g_default));
  if (!is_str(action))
    return raise(cx, kTypeError, "warnings.defaultaction must be a string, not '%s'",
                 TYPE_NAME(action));
  *item = kNone;
  return to_utf8(cx, action);
}

// True if the key was seen already; notes it when `add`.
Result<bool> already_warned(Context& cx, Value registry, Value key, bool add) {
  if (registry == kNone || registry.is_unset()) return false;
  auto* d = registry.as<Dict>();
  const Value version = dict_get_str(cx, d, "version");
  if (!version.is_int() || version.as_int() != g_version.load()) {
    dict_clear(cx, d);
    TRY(dict_set_str(cx, d, "version", Value::of_int(g_version.load())));
  } else {
    const Value seen = TRY(dict_get(cx, d, key));
    if (!seen.is_unset() && TRY(truth(cx, seen))) return true;
  }
  if (add) TRY(dict_set(cx, d, key, kTrue));
  return false;
}
Result<bool> update_registry(Context& cx, Value registry, Value text, Value category,
                             bool with_line) {
  const Value key = with_line ? Value(TRY(new_tuple(cx, {text, category, Value::of_int(0)})))
                              : Value(TRY(new_tuple(cx, {text, category})));
  return already_warned(cx, registry, key, true);
}

Result<void> show_plain(Context& cx, Value filename, int64_t line, Value text, Value category,
                        Value source_line) {
  std::string out = to_utf8(cx, TRY(str(cx, filename))) + ":" + std::to_string(line) + ": " +
                    type_name_of(as_type(category)) + ": " + to_utf8(cx, TRY(str(cx, text))) + "\n";
  std::string shown;
  if (!source_line.is_unset() && is_str(source_line)) {
    shown = to_utf8(cx, source_line);
  } else {
    FILE* f = std::fopen(to_utf8(cx, TRY(str(cx, filename))).c_str(), "r");
    if (f != nullptr) {
      char buffer[4096];
      for (int64_t i = 0; i < line; ++i)
        if (std::fgets(buffer, sizeof(buffer), f) == nullptr) buffer[0] = 0;
      shown = buffer;
      std::fclose(f);
    }
  }
  const size_t start = shown.find_first_not_of(" \t\f");
  if (start != std::string::npos) {
    shown = shown.substr(start);
    while (!shown.empty() && (shown.back() == '\n' || shown.back() == '\r')) shown.pop_back();
    out += "  " + shown + "\n";
  }
  const Value err = sys_get(cx, names().stderr);
  if (err.is_unset() || err == kNone) return {};
  (void)TRY(call_method(cx, err, names().write, {Value(TRY(new_str(cx, out)))}));
  return {};
}

Result<void> show(Context& cx, Value filename, int64_t line, Value text, Value category,
                  Value message, Value source_line, Value source) {
  Value module = warnings_module(cx);
  // A source object (an unclosed file) is explained by the Python module.
  if (module.is_unset() && source != kNone) module = TRY(import_module(cx, "warnings"));
  if (module.is_unset()) return show_plain(cx, filename, line, text, category, source_line);
  const Value f = TRY(find_attr(cx, module, intern(cx, "_showwarnmsg")));
  if (f.is_unset()) return show_plain(cx, filename, line, text, category, source_line);
  const Value cls = TRY(get_attr(cx, module, "WarningMessage"));
  const Value m =
      TRY(call(cx, cls, {message, category, filename, make_int(cx, line), kNone, kNone, source}));
  (void)TRY(call(cx, f, {m}));
  return {};
}

Result<void> explicit_warning(Context& cx, Value category, Value message, Value filename,
                              int64_t line, Value module, Value registry, Value source_line,
                              Value source) {
  if (!registry.is_unset() && registry != kNone && !is_dict(registry))
    return raise(cx, kTypeError, "'registry' must be a dict or None");
  if (module.is_unset()) {
    std::string name = to_utf8(cx, TRY(str(cx, filename)));
    if (name.empty())
      name = "<unknown>";
    else if (name.size() > 3 && name.compare(name.size() - 3, 3, ".py") == 0)
      name.resize(name.size() - 3);
    module = TRY(new_str(cx, name));
  }
  Value text = message;
  if (is_exception(message) && is_subtype(type_of(message), exception_type(kWarning))) {
    text = TRY(str(cx, message));
    category = type_of(message);
  } else {
    message = TRY(call(cx, category, {message}));
    text = TRY(str(cx, text));
  }
  const Value key = TRY(new_tuple(cx, {text, category, make_int(cx, line)}));
  if (TRY(already_warned(cx, registry, key, false))) return {};
  Value item;
  const std::string action = TRY(find_action(cx, category, text, line, module, &item));
  if (action == "error") return raise_value(cx, message);
  if (action == "ignore") return {};
  if (action != "always") {
    if (!registry.is_unset() && registry != kNone)
      TRY(dict_set(cx, registry.as<Dict>(), key, kTrue));
    bool seen = false;
    if (action == "once") {
      if (registry.is_unset() || registry == kNone)
        registry = TRY(setting(cx, "onceregistry", g_once));
      seen = TRY(update_registry(cx, registry, text, category, false));
    } else if (action == "module") {
      seen = TRY(update_registry(cx, registry, text, category, true));
    } else if (action != "default") {
      return raise(cx, kRuntimeError, "Unrecognized action (%s) in warnings.filters:\n %s",
                   repr_utf8(cx, TRY(new_str(cx, action))).c_str(), repr_utf8(cx, item).c_str());
    }
    if (seen) return {};
  }
  return show(cx, filename, line, text, category, message, source_line, source);
}

// --- where the warning belongs -------------------------------------------------------------------

bool internal_frame(const Code* code) {
  const std::string file = to_utf8(code->filename);
  return file.find("importlib") != std::string::npos &&
         file.find("_bootstrap") != std::string::npos;
}
Result<void> warn_at(Context& cx, Value message, Value category, int64_t level, Value source) {
  FrameRecord* f = cx.frame;
  auto skip = [&](bool internals) {
    while (f >= cx.frames_base && (f->code->data->hidden || (internals && internal_frame(f->code))))
      --f;
  };
  skip(false);
  const bool in_import = f >= cx.frames_base && internal_frame(f->code);
  for (; level > 1 && f >= cx.frames_base; --level) {
    --f;
    skip(!in_import);
  }
  Value globals, filename;
  int64_t line = 1;
  if (f < cx.frames_base) {
    globals = runtime().sys.value.as<Module>()->dict.ptr;
    filename = intern(cx, "sys");
  } else {
    globals = f->globals.ptr;
    filename = f->code->filename.ptr;
    line = line_at(f->code, static_cast<uint32_t>(f->pc - f->code->data->instrs));
  }
  Value registry = dict_get_str(cx, globals.as<Dict>(), "__warningregistry__");
  if (registry.is_unset()) {
    registry = new_dict(cx);
    TRY(dict_set_str(cx, globals.as<Dict>(), "__warningregistry__", registry));
  }
  Value module = dict_get_str(cx, globals.as<Dict>(), names().__name__);
  if (module.is_unset() || !is_str(module)) module = intern(cx, "<string>");
  return explicit_warning(cx, category, message, filename, line, module, registry, Value(), source);
}

Result<Value> category_of(Context& cx, Value message, Value category) {
  if (is_exception(message) && is_subtype(type_of(message), exception_type(kWarning)))
    return Value(type_of(message));
  if (category.is_unset() || category == kNone) return Value(exception_type(kUserWarning));
  if (is_type(category) && is_subtype(as_type(category), exception_type(kWarning))) return category;
  return raise(cx, kTypeError, "category must be a Warning subclass, not '%s'",
               TYPE_NAME(category));
}

Result<void> warnings_warn(Context& cx, Value message, Value category, int64_t stacklevel,
                           Value source) {
  category = TRY(category_of(cx, message, category));
  return warn_at(cx, message, category, stacklevel, source);
}
Result<void> warnings_warn_explicit(Context& cx, Value message, Value category, Value filename,
                                    int64_t lineno, Opt module, Value registry,
                                    Value module_globals, Value source) {
  category = TRY(category_of(cx, message, category));
  Value line;
  if (module_globals != kNone && is_dict(module_globals)) {
    const Value loader = dict_get_str(cx, module_globals.as<Dict>(), names().__loader__);
    const Value name = dict_get_str(cx, module_globals.as<Dict>(), names().__name__);
    if (loader.is_object() && loader != kNone && !name.is_unset()) {
      const Value get = TRY(find_attr(cx, loader, intern(cx, "get_source")));
      if (!get.is_unset()) {
        const Value text = TRY(call(cx, get, {name}));
        if (is_str(text)) {
          const Value lines = TRY(call_method(cx, text, "splitlines", {}));
          const Value l = list_get(cx, lines.as<List>(), lineno - 1);
          if (!l.is_unset()) line = l;
        }
      }
    }
  }
  return explicit_warning(cx, category, message, filename, lineno, module.value, registry, line,
                          source);
}
Result<void> filters_mutated(Context&) {
  g_version.fetch_add(1);
  return {};
}

constexpr BuiltinDef kFunctions[] = {
    function<&warnings_warn>("warn", "(message, category=None, stacklevel=1, source=None)"),
    function<&warnings_warn_explicit>(
        "warn_explicit",
        "(message, category, filename, lineno, module=<unrepresentable>, registry=None, "
        "module_globals=None, source=None)"),
    function<&filters_mutated>("_filters_mutated", "()"),
};

Result<void> add_filter(Context& cx, List* list, const char* action, ExcId category,
                        const char* module) {
  const Value m = module == nullptr ? kNone : Value(intern(cx, module));
  return list_append(cx, list,
                     TRY(new_tuple(cx, {Value(intern(cx, action)), kNone,
                                        Value(exception_type(category)), m, Value::of_int(0)})));
}
Result<void> init(Context& cx, Module* m) {
  if (g_filters == nullptr) {
    List* filters = new_list(cx);
    if (!runtime().options.dev_mode) {
      TRY(add_filter(cx, filters, "default", kDeprecationWarning, "__main__"));
      for (ExcId id :
           {kDeprecationWarning, kPendingDeprecationWarning, kImportWarning, kResourceWarning})
        TRY(add_filter(cx, filters, "ignore", id, nullptr));
    }
    g_filters = new gc::Root(filters);
    g_once = new gc::Root(new_dict(cx));
    g_default = new gc::Root(intern(cx, "default"));
  }
  TRY(module_add(cx, m, "filters", g_filters->value));
  TRY(module_add(cx, m, "_onceregistry", g_once->value));
  return module_add(cx, m, "_defaultaction", g_default->value);
}
const ModuleDef kModule = {"_warnings", kFunctions, init};

}  // namespace

void register_warnings() { register_module(kModule); }

}  // namespace pystm::lib
