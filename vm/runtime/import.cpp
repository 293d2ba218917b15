// Imports: sys.modules first, then the importer written in Python (stdlib/py/_pystm_importer.py),
// which runs as ordinary frames, so that a module's body may end transactions and start threads.
#include "vm/runtime/import.h"

#include "vm/object/dict.h"
#include "vm/object/instance.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/call.h"
#include "vm/runtime/operators.h"
#include "vm/runtime/runtime.h"

namespace pystm::vm {

namespace {

Value loaded_module(Context& cx, Str* name) {
  const Value modules = sys_get(cx, names().modules);
  if (!is_exact_dict(modules)) return Value();
  return dict_get_str(cx, modules.as<Dict>(), name);
}

// A module that is being initialised by another thread must be waited for: only the importer does.
bool is_initializing(Context& cx, Value module) {
  if (!has_kind(module, Kind::kModule)) return false;
  const Value spec = dict_get_str(cx, module.as<Module>()->dict, names().__spec__);
  if (spec.is_unset() || spec == kNone || !is_instance_layout(spec)) return false;
  auto r = instance_lookup(cx, spec, names()._initializing);
  return !r.is_error() && r.value() == kTrue;
}

Result<Value> importer(Context& cx) {
  const Value f = dict_get_str(cx, runtime().builtins_dict.value.as<Dict>(), names().__import__);
  if (f.is_unset()) return raise(cx, kImportError, "__import__ not found");
  return f;
}

bool find_dot(Str* name) {
  for (size_t i = 0; i < name->length; ++i)
    if (char_at(name, i) == '.') return true;
  return false;
}

bool has_all(Context& cx, Value module, Value fromlist) {
  if (!is_exact_tuple(fromlist) || !has_kind(module, Kind::kModule)) return false;
  auto* t = fromlist.as<Tuple>();
  for (size_t i = 0; i < t->length; ++i)
    if (!is_str((*t)[i]) ||
        dict_get_str(cx, module.as<Module>()->dict, (*t)[i].as<Str>()).is_unset())
      return false;
  return true;
}

}  // namespace

Flow import_name(Context& cx, FrameRecord* f, Instr i) {
  Str* name = f->code->names->items()[i.c].as<Str>();
  const Value level = f->regs[i.b], fromlist = f->regs[i.b + 1];
  if (level == Value::of_int(0)) {
    const Value module = loaded_module(cx, name);
    if (!module.is_unset() && module != kNone && !is_initializing(cx, module)) {
      const bool dotted = find_dot(name);
      // `import a` and `from a import x` with x an attribute: nothing else to do.
      if (fromlist == kNone ? !dotted : has_all(cx, module, fromlist)) {
        f->regs[i.a] = module;
        return Flow::kNext;
      }
    }
  }
  auto import = importer(cx);
  if (import.is_error()) return Flow::kRaise;
  Value* args = cx.regs_top + 2;
  args[-2] = args[-1] = Value();
  args[0] = name;
  args[1] = f->globals.ptr;
  args[2] = f->locals.is_unset() ? kNone : f->locals;
  args[3] = fromlist;
  args[4] = level;
  cx.regs_top = args + 5;
  const Flow flow = call_value(cx, f, import.value(), args, 5, nullptr, i.a);
  if (flow != Flow::kFrame) cx.regs_top = f->regs + f->code->data->register_count;
  return flow;
}

Result<Value> import_from(Context& cx, Value module, Str* name) {
  const Value v = TRY(find_attr(cx, module, name));
  if (!v.is_unset()) return v;
  const Value package = TRY(find_attr(cx, module, names().__name__));
  if (!package.is_unset() && is_str(package)) {
    const std::string full = to_utf8(cx, package) + "." + to_utf8(name);
    const Value sub = loaded_module(cx, intern(cx, full));
    if (!sub.is_unset()) return sub;
  }
  const Value file = TRY(find_attr(cx, module, names().__file__));
  const std::string where =
      file.is_unset() || !is_str(file) ? "unknown location" : to_utf8(cx, file);
  const std::string from =
      package.is_unset() || !is_str(package) ? "<unknown module name>" : to_utf8(cx, package);
  const bool circular = is_initializing(cx, module);
  if (circular) {
    (void)raise(cx, kImportError,
                "cannot import name '%s' from partially initialized module '%s' (most likely due "
                "to a circular import) (%s)",
                to_utf8(name).c_str(), from.c_str(), where.c_str());
  } else {
    (void)raise(cx, kImportError, "cannot import name '%s' from '%s' (%s)", to_utf8(name).c_str(),
                from.c_str(), where.c_str());
  }
  if (!package.is_unset()) set_exception_member(cx, cx.exception, "name", package);
  if (!file.is_unset()) set_exception_member(cx, cx.exception, "path", file);
  return Error{};
}

Result<void> import_star(Context& cx, Value module, Value ns) {
  Value all = TRY(find_attr(cx, module, names().__all__));
  const bool listed = !all.is_unset();
  if (!listed) {
    const Value d = TRY(find_attr(cx, module, names().__dict__));
    if (d.is_unset())
      return raise(cx, kImportError, "from-import-* object has no __dict__ and no __all__");
    all = TRY(call_method(cx, d, names().keys, {}));
  }
  Tuple* list = TRY(to_tuple(cx, all));
  for (size_t i = 0; i < list->length; ++i) {
    const Value name = (*list)[i];
    if (!is_str(name)) {
      const Value module_name = TRY(find_attr(cx, module, names().__name__));
      return raise(cx, kTypeError, "%s in %s.%s must be str, not %s", listed ? "Item" : "Key",
                   module_name.is_unset() ? "?" : to_utf8(cx, module_name).c_str(),
                   listed ? "__all__" : "__dict__", TYPE_NAME(name));
    }
    Str* s = intern(cx, TRY(flatten(cx, name)));
    if (!listed && s->length > 0 && char_at(s, 0) == '_') continue;
    const Value v = TRY(get_attr(cx, module, s));
    TRY(set_item(cx, ns, s, v));
  }
  return {};
}

Result<Value> import_module(Context& cx, const char* name) {
  Str* interned = intern(cx, name);
  Value m = loaded_module(cx, interned);
  if (!m.is_unset() && m != kNone) return m;
  const Value fromlist = empty_tuple();
  (void)TRY(
      call(cx, TRY(importer(cx)), {Value(interned), kNone, kNone, fromlist, Value::of_int(0)}));
  m = loaded_module(cx, interned);
  if (m.is_unset()) return raise(cx, kModuleNotFoundError, "No module named '%s'", name);
  return m;
}

}  // namespace pystm::vm
