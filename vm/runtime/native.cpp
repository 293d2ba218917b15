// Builtins: unwrapping of arguments, signatures, types and modules from their tables.
#include "vm/runtime/native.h"

#include <cstring>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "vm/object/dict.h"
#include "vm/object/instance.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/object/type_internal.h"
#include "vm/runtime/call.h"
#include "vm/runtime/operators.h"
#include "vm/runtime/runtime.h"
#include "vm/runtime/signature.h"

namespace pystm::vm {

// --- unwrapping ----------------------------------------------------------------------------------

Result<Index> unwrap_index(Context& cx, Value v, ArgInfo info) {
  if (PYSTM_LIKELY(v.is_int())) return Index{v.as_int()};
  return Index{TRY(to_index_clamped(cx, v))};
}
Result<int64_t> unwrap_int64(Context& cx, Value v, ArgInfo info) {
  if (PYSTM_LIKELY(v.is_int())) return v.as_int();
  const Value i = TRY(to_index(cx, v));
  int64_t out;
  if (!to_int64(i, &out))
    return raise(cx, kOverflowError, "Python int too large to convert to C ssize_t");
  return out;
}
Result<int> unwrap_int(Context& cx, Value v, ArgInfo info) {
  const Value i = TRY(to_index(cx, v));
  int64_t out;
  if (!to_int64(i, &out))
    return raise(cx, kOverflowError, "Python int too large to convert to C int");
  if (out > INT32_MAX || out < INT32_MIN)
    return raise(cx, kOverflowError, "Python int too large to convert to C int");
  return static_cast<int>(out);
}
Result<double> unwrap_double(Context& cx, Value v, ArgInfo info) {
  if (v.is_float()) return v.as_float();
  return to_double(cx, v);
}
Result<bool> unwrap_bool(Context& cx, Value v, ArgInfo info) { return truth(cx, v); }

namespace {
bool takes_self(const BuiltinDef* def) {
  return def->signature != nullptr && std::strncmp(def->signature, "($", 2) == 0;
}

// "f() argument 2", or "f() argument 'name'" for one that may be given by name.
std::string where_text(Context& cx, ArgInfo info) {
  std::string name = info.def == nullptr ? "function" : info.def->name;
  if (info.def != nullptr && info.def->signature != nullptr) {
    const Signature& s = signature_of(cx, info.def);
    const auto i = static_cast<size_t>(info.where);
    if (i >= s.posonly && i < s.names.size())
      return name + "() argument '" + to_utf8(s.names[i]) + "'";
    if (!takes_self(info.def)) ++info.where;
  }
  const bool only = info.def != nullptr && info.def->signature != nullptr &&
                    info.def->min_args == info.def->max_args &&
                    info.def->max_args - (info.def->signature[1] == '$' ? 1 : 0) == 1 &&
                    std::strstr(info.def->signature, "/)") != nullptr;
  return name + "()" +
         (info.where > 0 && !only ? " argument " + std::to_string(info.where) : " argument");
}
}  // namespace

Result<Str*> unwrap_str(Context& cx, Value v, ArgInfo info) {
  if (PYSTM_LIKELY(is_flat_str(v))) return v.as<Str>();
  if (!v.is_unset() && is_str(v)) return flatten(cx, v);
  return raise(cx, kTypeError, "%s must be str, not %s", where_text(cx, info).c_str(),
               v == kNone ? "None" : TYPE_NAME(v));
}

Result<Object*> unwrap_kind(Context& cx, Value v, Kind kind, ArgInfo info) {
  std::string want = "object";
  if (Shape* s = kind < Kind::kInstance ? shape_by_id(static_cast<ShapeId>(kind) + 1) : nullptr;
      s != nullptr && s->type != nullptr)
    want = type_name_of(s->type);
  if (kind == Kind::kType) want = "type";
  const bool is_self = info.where == 0 && info.def != nullptr && takes_self(info.def);
  if (is_self && info.def->is_static)
    return raise(cx, kTypeError, "%s(X): X is not a type object (%s)",
                 qualified_name(info.def).c_str(), TYPE_NAME(v));
  if (is_self)
    return raise(cx, kTypeError, "descriptor '%s' for '%s' objects doesn't apply to a '%s' object",
                 info.def->name, want.c_str(), TYPE_NAME(v));
  return raise(cx, kTypeError, "%s must be %s, not %s", where_text(cx, info).c_str(), want.c_str(),
               v == kNone ? "None" : TYPE_NAME(v));
}

Value Kwargs::find(Str* name) const {
  for (uint32_t i = 0; i < count(); ++i)
    if (str_equal((*names)[i].as<Str>(), name)) return values[i];
  return Value();
}

// --- signatures ----------------------------------------------------------------------------------

namespace {

// Read without a lock by every call that needs binding; filled under one. Never shrinks.
struct SignatureSlot {
  std::atomic<const BuiltinDef*> def{nullptr};
  Signature* signature = nullptr;  // set before def
};
constexpr size_t kSignatureSlots = 1 << 14;  // several times the number of builtins
SignatureSlot signature_slots[kSignatureSlots];
std::mutex signature_lock;

SignatureSlot& signature_slot(const BuiltinDef* def) {
  size_t i = (reinterpret_cast<Word>(def) >> 4) * 0x9E3779B97F4A7C15u >> 50;
  for (;; i = (i + 1) & (kSignatureSlots - 1)) {
    const BuiltinDef* there = signature_slots[i].def.load(std::memory_order_acquire);
    if (there == def || there == nullptr) return signature_slots[i];
  }
}

Value parse_default(Context& cx, std::string_view text) {
  if (text == "None") return kNone;
  if (text == "True") return kTrue;
  if (text == "False") return kFalse;
  if (text.size() >= 2 && (text[0] == '\'' || text[0] == '"'))
    return intern(cx, text == "'\\n'" ? std::string_view("\n") : text.substr(1, text.size() - 2));
  if (text == "()") return empty_tuple();
  char* end = nullptr;
  const std::string copy(text);
  const long long i = std::strtoll(copy.c_str(), &end, 10);
  if (!copy.empty() && *end == 0) return Value::of_int(i);
  const double d = std::strtod(copy.c_str(), &end);
  if (copy.empty() || *end != 0) return Value();
  CHECK(Value::fits_float(d));
  return Value::of_float(d);
}

std::unique_ptr<Signature> parse_signature(Context& cx, const BuiltinDef* def) {
  auto out = std::make_unique<Signature>();
  if (def->signature == nullptr) return out;
  std::string_view s(def->signature);
  s.remove_prefix(1);
  size_t i = 0;
  bool kwonly = false;
  while (i < s.size() && s[i] != ')') {
    while (i < s.size() && (s[i] == ' ' || s[i] == ',')) ++i;
    const size_t start = i;
    int depth = 0;
    char quote = 0;
    for (; i < s.size(); ++i) {
      const char c = s[i];
      if (quote != 0) {
        if (c == quote) quote = 0;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '(' || c == '[' || c == '{') {
        ++depth;
      } else if (depth > 0 && (c == ')' || c == ']' || c == '}')) {
        --depth;
      } else if (depth == 0 && (c == ',' || c == ')')) {
        break;
      }
    }
    std::string_view part = s.substr(start, i - start);
    while (!part.empty() && part.back() == ' ') part.remove_suffix(1);
    if (part.empty()) break;
    if (part == "/") {
      out->posonly = out->names.size();
    } else if (part[0] == '*') {
      kwonly = kwonly || part.size() == 1 || part[1] != '*';
    } else {
      if (part[0] == '$') part.remove_prefix(1);
      const size_t eq = part.find('=');
      out->names.push_back(intern(cx, part.substr(0, eq)));
      out->defaults.push_back(
          eq == std::string_view::npos ? Value() : parse_default(cx, part.substr(eq + 1)));
      out->required.push_back(eq == std::string_view::npos);
      if (!kwonly) out->positional = out->names.size();
    }
  }
  return out;
}

}  // namespace

const Signature& signature_of(Context& cx, const BuiltinDef* def) {
  SignatureSlot& found = signature_slot(def);
  if (PYSTM_LIKELY(found.def.load(std::memory_order_acquire) == def)) return *found.signature;
  auto parsed = parse_signature(cx, def);  // may allocate: not under the lock
  std::lock_guard lock(signature_lock);
  SignatureSlot& slot = signature_slot(def);
  if (slot.def.load(std::memory_order_relaxed) == nullptr) {
    slot.signature = parsed.release();
    slot.def.store(def, std::memory_order_release);
  }
  return *slot.signature;
}

namespace {
std::unordered_map<const BuiltinDef*, std::string>
    owners;  // "list." for list.append; under signature_lock

void note_owner(const BuiltinDef* def, std::string owner) {
  std::lock_guard lock(signature_lock);
  owners.emplace(def, std::move(owner));
}
}  // namespace

std::string qualified_name(const BuiltinDef* def) {
  std::lock_guard lock(signature_lock);
  auto it = owners.find(def);
  return (it == owners.end() ? "" : it->second) + def->name;
}

Value make_builtin(Context& cx, const BuiltinDef* def, Value self, Value owner) {
  if (def->self_slot != nullptr) *def->self_slot = def;
  auto* b = alloc<Builtin>(cx, kShapeBuiltin);
  b->def = def;
  b->self = self;
  b->owner = owner;
  return b;
}

// --- types ---------------------------------------------------------------------------------------

namespace {

// Special methods that fill no slot of a type in CPython: they are ordinary methods there, not slot
// wrappers.
constexpr std::string_view kPlainDunders[] = {
    "__aenter__",
    "__aexit__",
    "__alloc__",
    "__bytes__",
    "__ceil__",
    "__class_getitem__",
    "__complex__",
    "__copy__",
    "__deepcopy__",
    "__dir__",
    "__enter__",
    "__exit__",
    "__floor__",
    "__format__",
    "__getformat__",
    "__getnewargs__",
    "__getnewargs_ex__",
    "__getstate__",
    "__init_subclass__",
    "__instancecheck__",
    "__length_hint__",
    "__missing__",
    "__mro_entries__",
    "__prepare__",
    "__reduce__",
    "__reduce_ex__",
    "__reversed__",
    "__round__",
    "__set_name__",
    "__setstate__",
    "__sizeof__",
    "__subclasscheck__",
    "__subclasses__",
    "__subclasshook__",
    "__trunc__",
    "__typing_subst__",
    "__typing_prepare_subst__",
};
bool is_slot_wrapper(std::string_view name, std::string_view type) {
  if (name.size() < 5 || name.substr(0, 2) != "__" || name.substr(name.size() - 2) != "__")
    return false;
  for (std::string_view plain : kPlainDunders)
    if (name == plain) return false;
  // Methods that hide the wrapper of their slot.
  if (name == "__getitem__") return type != "dict" && type != "list";
  if (name == "__contains__") return type != "dict" && type != "set" && type != "frozenset";
  return true;
}

Value make_member(Context& cx, const BuiltinDef* def, Type* type) {
  note_owner(def, to_utf8(type->name.as<Str>()) + ".");
  if (def->self_slot != nullptr) *def->self_slot = def;
  if (def->is_static) {
    const Value f = make_builtin(cx, def, type, type);
    if (std::strcmp(def->name, "__new__") == 0) return f;
    auto* s = alloc<StaticMethod>(cx, kShapeStaticMethod);
    stm::init_state(cx, s).callable = f;
    return s;
  }
  if (def->is_class) {
    const Value f = make_builtin(cx, def, Value(), type);
    auto* c = alloc<ClassMethod>(cx, kShapeClassMethod);
    stm::init_state(cx, c).callable = f;
    return c;
  }
  const ShapeId shape = is_slot_wrapper(def->name, type_name_of(type)) ? kShapeWrapperDescriptor
                                                                       : kShapeMethodDescriptor;
  auto* d = alloc<MethodDescriptor>(cx, shape);
  d->def = def;
  d->owner = type;
  return d;
}

Shape* shape_for(Kind kind, Type* type) {
  if (kind >= Kind::kInstance) return new_shape(kind, type);
  Shape* fixed = shape_by_id(static_cast<ShapeId>(kind) + 1);
  if (fixed->type != nullptr && fixed->type != type) return new_shape(kind, type);
  fixed->type = type;
  if (kind == Kind::kLatin1Str)
    for (ShapeId id : {kShapeUcs2Str, kShapeUcs4Str, kShapeRopeStr}) shape_by_id(id)->type = type;
  return fixed;
}

void install_tables(Context& cx, Type* type, std::span<const BuiltinDef> methods,
                    std::span<const GetSetDef> getsets) {
  for (const BuiltinDef& def : methods) {
    const Value member = make_member(cx, &def, type);
    (void)dict_set_str(cx, type->dict, def.name, member);
  }
  for (const GetSetDef& def : getsets) {
    auto* g = alloc<GetSet>(cx, kShapeGetSet);
    g->def = &def;
    g->owner = type;
    (void)dict_set_str(cx, type->dict, def.name, g);
  }
}

// Splits "module.Class" and stores name and qualname, and __module__ unless that is builtins.
void set_type_names(Context& cx, Type* type, const char* full) {
  const std::string text(full);
  const size_t dot = text.rfind('.');
  const std::string name = dot == std::string::npos ? text : text.substr(dot + 1);
  type->name = intern(cx, name);
  type->qualname = type->name;
  if (dot != std::string::npos)
    (void)dict_set_str(cx, type->dict, names().__module__, intern(cx, text.substr(0, dot)));
}

void link_type(Context& cx, Type* type, Type* base) {
  Tuple* bases = base == nullptr ? empty_tuple() : new_tuple(cx, {Value(base)}).value();
  type->bases = bases;
  type->base = base;
  gc::store_barrier(cx, type, reinterpret_cast<Value*>(&type->bases));
  gc::store_barrier(cx, type, reinterpret_cast<Value*>(&type->base));
  (void)install_mro(cx, type, false);
  if (base != nullptr) add_subclass(cx, base, type);
}

}  // namespace

Type* define_type(Context& cx, const TypeDef& def, Type* base) {
  Type* type = def.slot == nullptr ? nullptr : types().*def.slot;
  if (type == nullptr) {
    type = alloc_type(cx, types().type);
    if (def.slot != nullptr) types().*def.slot = type;
  }
  type->def = &def;
  type->kind = static_cast<Word>(def.kind);
  set_type_names(cx, type, def.name);
  if (base == nullptr && type != types().object)
    base = def.base == nullptr ? types().object : types().*def.base;
  type->flags = def.flags | (base == nullptr ? 0 : base->flags & (kTypeHasDict | kTypeHasWeakref));
  link_type(cx, type, base);
  type->shape = def.kind == Kind::kInstance ? new_instance_shape(type, 0, def.flags & kTypeHasDict)
                                            : shape_for(def.kind, type);
  install_tables(cx, type, def.methods, def.getsets);
  const Value doc = def.doc == nullptr ? kNone : Value(new_str(cx, def.doc).value());
  if (dict_peek(type->dict, names().__doc__).is_unset())
    (void)dict_set_str(cx, type->dict, names().__doc__, doc);
  if (!dict_peek(type->dict, dunder_name(Dunder::kEq)).is_unset() &&
      dict_peek(type->dict, dunder_name(Dunder::kHash)).is_unset())
    (void)dict_set_str(cx, type->dict, dunder_name(Dunder::kHash), kNone);
  refresh_dunders(type);
  return type;
}

Type* define_native_class(Context& cx, const char* name, unsigned slots,
                          std::span<const BuiltinDef> methods, std::span<const GetSetDef> getsets,
                          const char* doc, Type* base, Word flags) {
  if (base == nullptr) base = types().object;
  Type* type = alloc_type(cx, types().type);
  type->kind = base->kind;
  set_type_names(cx, type, name);
  type->flags = flags | (base->flags & (kTypeHasDict | kTypeHasWeakref));
  link_type(cx, type, base);
  if (static_cast<Kind>(base->kind) == Kind::kInstance) {
    const unsigned total = base->shape->slot_count + slots;
    type->shape = new_instance_shape(type, total, type->flags & kTypeHasDict);
    type->shape->slot_count = static_cast<uint16_t>(total);
  } else {
    type->shape = new_shape(static_cast<Kind>(base->kind), type);
  }
  install_tables(cx, type, methods, getsets);
  const Value text = doc == nullptr ? kNone : Value(new_str(cx, doc).value());
  if (dict_peek(type->dict, names().__doc__).is_unset())
    (void)dict_set_str(cx, type->dict, names().__doc__, text);
  if (!dict_peek(type->dict, dunder_name(Dunder::kEq)).is_unset() &&
      dict_peek(type->dict, dunder_name(Dunder::kHash)).is_unset())
    (void)dict_set_str(cx, type->dict, dunder_name(Dunder::kHash), kNone);
  refresh_dunders(type);
  type->shape->info.may_finalize = type->flags & kTypeHasDel;
  return type;
}

Value native_slot(Context& cx, Value self, unsigned slot) {
  auto* o = self.as<Instance>();
  for (;;) {
    const Value v = instance_slots(o)[slot];
    if (stm::read_check(cx, o)) return v;
  }
}
void set_native_slot(Context& cx, Value self, unsigned slot, Value v) {
  auto* o = self.as<Instance>();
  stm::acquire(cx, o);
  store_slot(cx, o, shape_of(o), slot, v);
}
Result<void> check_native(Context& cx, Value self, Type* type, const char* method) {
  if (is_subtype(type_of(self), type)) return {};
  return raise(cx, kTypeError, "descriptor '%s' for '%s' objects doesn't apply to a '%s' object",
               method, type_name_of(type).c_str(), TYPE_NAME(self));
}

// --- modules -------------------------------------------------------------------------------------

namespace {
std::vector<const ModuleDef*>& module_table() {
  static std::vector<const ModuleDef*> table;
  return table;
}
}  // namespace

void register_module(const ModuleDef& def) { module_table().push_back(&def); }
const std::vector<const ModuleDef*>& builtin_modules() { return module_table(); }

Module* new_module(Context& cx, Value name) {
  Dict* dict = new_module_dict(cx);
  auto* m = alloc<Module>(cx, kShapeModule);
  m->dict = dict;
  (void)dict_set_str(cx, dict, names().__name__, name);
  for (Str* n : {names().__doc__, names().__package__, names().__loader__, names().__spec__})
    (void)dict_set_str(cx, dict, n, kNone);
  return m;
}

Result<Value> create_builtin_module(Context& cx, const std::string& name) {
  for (const ModuleDef* def : module_table()) {
    if (name != def->name) continue;
    stm::become_inevitable(cx, "native module");  // its init fills C++ tables, too
    Module* m = new_module(cx, intern(cx, name));
    for (const BuiltinDef& f : def->functions) {
      if (name != "builtins") note_owner(&f, name + ".");
      TRY(dict_set_str(cx, m->dict, f.name, make_builtin(cx, &f, m, intern(cx, name))));
    }
    if (def->doc != nullptr)
      TRY(dict_set_str(cx, m->dict, names().__doc__, TRY(new_str(cx, def->doc))));
    if (def->init != nullptr) TRY(def->init(cx, m));
    return Value(m);
  }
  return Value();
}

Result<void> module_add(Context& cx, Module* module, const char* name, Value value) {
  return dict_set_str(cx, module->dict, name, value);
}
Result<void> module_add_int(Context& cx, Module* module, const char* name, int64_t value) {
  return dict_set_str(cx, module->dict, name, make_int(cx, value));
}
Result<void> module_add_str(Context& cx, Module* module, const char* name, std::string_view value) {
  return dict_set_str(cx, module->dict, name, TRY(new_str(cx, value)));
}
Result<void> module_add_type(Context& cx, Module* module, Type* type) {
  return dict_set_str(cx, module->dict, type->name.as<Str>(), type);
}

}  // namespace pystm::vm
