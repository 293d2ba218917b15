// _contextvars: ContextVar, Context, Token. A Context's variables are in a Dict that is never
// changed once it is there: set() puts a new one in its place, so that copies share.
#include "stdlib/modules.h"
#include "stdlib/native_class.h"

namespace pystm::lib {

namespace {

Type* context_type;
Type* var_type;
Type* token_type;
Type* missing_type;
gc::Root* missing;  // Token.MISSING
enum class Ctx { kVars, kPrevious, kEntered, kCount };
enum class Var { kName, kDefault, kCount };
enum class Token { kContext, kVar, kOld, kUsed, kCount };

Value make_context(Context& cx, Value vars) {
  const Value self = alloc_object(cx, context_type->shape);
  set_slot(cx, self, Ctx::kVars, vars);
  return self;
}
Value current(Context& cx) {
  if (cx.contextvars.is_unset()) cx.contextvars = make_context(cx, new_dict(cx));
  return cx.contextvars;
}
Dict* vars_of(Context& cx, Value context) { return slot(cx, context, Ctx::kVars).as<Dict>(); }

// --- Context -------------------------------------------------------------------------------------

Result<Value> context_new(Context& cx, Type* type, Args args, Kwargs kwargs) {
  if (args.count + kwargs.count() != 0)
    return raise(cx, kTypeError, "Context() does not accept any arguments");
  const Value self = TRY(make_native(cx, type, context_type));
  set_slot(cx, self, Ctx::kVars, new_dict(cx));
  return self;
}
Result<Value> context_run(Context& cx, Value self, Args args, Kwargs kwargs) {
  if (args.count < 1) return raise(cx, kTypeError, "run() missing 1 required positional argument");
  if (!slot(cx, self, Ctx::kEntered).is_unset())
    return raise(cx, kRuntimeError, "cannot enter context: %s is already entered",
                 repr_utf8(cx, self).c_str());
  Tuple* all = TRY(alloc_tuple(cx, args.count - 1 + kwargs.count()));
  for (uint32_t i = 1; i < args.count; ++i) all->items()[i - 1] = args[i];
  for (uint32_t i = 0; i < kwargs.count(); ++i) all->items()[args.count - 1 + i] = kwargs.values[i];
  const Value previous = cx.contextvars;
  set_slot(cx, self, Ctx::kPrevious, previous);
  set_slot(cx, self, Ctx::kEntered, kTrue);
  cx.contextvars = self;
  auto result = kwargs.count() == 0 ? call(cx, args[0], all->items(), all->length)
                                    : call_kw(cx, args[0], all->items(), all->length, kwargs.names);
  cx.contextvars = slot(cx, self, Ctx::kPrevious);
  set_slot(cx, self, Ctx::kPrevious, Value());
  set_slot(cx, self, Ctx::kEntered, Value());
  return result;
}
Value context_copy(Context& cx, Value self) { return make_context(cx, slot(cx, self, Ctx::kVars)); }
Result<void> check_key(Context& cx, Value key) {
  if (type_of(key) == var_type) return {};
  return raise(cx, kTypeError, "a ContextVar key was expected, got %s", repr_utf8(cx, key).c_str());
}
Result<Value> context_getitem(Context& cx, Value self, Value key) {
  TRY(check_key(cx, key));
  const Value v = TRY(dict_get(cx, vars_of(cx, self), key));
  if (v.is_unset()) return raise_type_value(cx, kKeyError, key);
  return v;
}
Result<Value> context_get(Context& cx, Value self, Value key, Value fallback) {
  TRY(check_key(cx, key));
  const Value v = TRY(dict_get(cx, vars_of(cx, self), key));
  return v.is_unset() ? fallback : v;
}
Result<bool> context_contains(Context& cx, Value self, Value key) {
  TRY(check_key(cx, key));
  return !TRY(dict_get(cx, vars_of(cx, self), key)).is_unset();
}
int64_t context_len(Context& cx, Value self) { return dict_length(cx, vars_of(cx, self)); }
Result<Value> context_iter(Context& cx, Value self) {
  return get_iter(cx, slot(cx, self, Ctx::kVars));
}
Result<Value> context_keys(Context& cx, Value self) {
  return call_method(cx, slot(cx, self, Ctx::kVars), "keys", {});
}
Result<Value> context_values(Context& cx, Value self) {
  return call_method(cx, slot(cx, self, Ctx::kVars), "values", {});
}
Result<Value> context_items(Context& cx, Value self) {
  return call_method(cx, slot(cx, self, Ctx::kVars), "items", {});
}
template <CompareOp kOp>
Result<Value> context_compare(Context& cx, Value self, Value other) {
  if (type_of(other) != context_type) return kNotImplemented;
  return compare(cx, kOp, slot(cx, self, Ctx::kVars), slot(cx, other, Ctx::kVars));
}
constexpr BuiltinDef kContext[] = {
    static_method<&context_new>("__new__", "($type, /, *args, **kwargs)"),
    method<&context_run>("run", "($self, /, *args, **kwargs)"),
    method<&context_copy>("copy", "($self, /)"),
    method<&context_get>("get", "($self, key, default=None, /)"),
    method<&context_getitem>("__getitem__", "($self, key, /)"),
    method<&context_contains>("__contains__", "($self, key, /)"),
    method<&context_len>("__len__", "($self, /)"),
    method<&context_iter>("__iter__", "($self, /)"),
    method<&context_keys>("keys", "($self, /)"),
    method<&context_values>("values", "($self, /)"),
    method<&context_items>("items", "($self, /)"),
    method<&context_compare<CompareOp::kEq>>("__eq__", "($self, value, /)"),
    method<&context_compare<CompareOp::kNe>>("__ne__", "($self, value, /)"),
};

// --- ContextVar ----------------------------------------------------------------------------------

Result<Value> var_new(Context& cx, Type* type, Value name, Opt fallback) {
  if (!is_str(name)) return raise(cx, kTypeError, "context variable name must be a str");
  const Value self = TRY(make_native(cx, type, var_type));
  set_slot(cx, self, Var::kName, name);
  set_slot(cx, self, Var::kDefault, fallback.value);
  return self;
}
Result<Value> var_get(Context& cx, Value self, Opt fallback) {
  if (!cx.contextvars.is_unset()) {
    const Value v = TRY(dict_get(cx, vars_of(cx, cx.contextvars), self));
    if (!v.is_unset()) return v;
  }
  if (fallback.given()) return fallback.value;
  const Value own = slot(cx, self, Var::kDefault);
  if (!own.is_unset()) return own;
  return raise_type_value(cx, kLookupError, self);
}
Result<void> store_var(Context& cx, Value context, Value var, Value v) {
  Dict* vars = TRY(dict_copy(cx, vars_of(cx, context)));
  if (v.is_unset()) {
    (void)TRY(dict_delete(cx, vars, var));
  } else {
    TRY(dict_set(cx, vars, var, v));
  }
  set_slot(cx, context, Ctx::kVars, vars);
  return {};
}
Result<Value> var_set(Context& cx, Value self, Value v) {
  const Value context = current(cx);
  const Value old = TRY(dict_get(cx, vars_of(cx, context), self));
  TRY(store_var(cx, context, self, v));
  const Value token = alloc_object(cx, token_type->shape);
  set_slot(cx, token, Token::kContext, context);
  set_slot(cx, token, Token::kVar, self);
  set_slot(cx, token, Token::kOld, old);
  return token;
}
Result<void> var_reset(Context& cx, Value self, Value token) {
  if (type_of(token) != token_type)
    return raise(cx, kTypeError, "expected an instance of Token, got %s",
                 repr_utf8(cx, token).c_str());
  if (!slot(cx, token, Token::kUsed).is_unset())
    return raise(cx, kRuntimeError, "%s has already been used once", repr_utf8(cx, token).c_str());
  if (slot(cx, token, Token::kVar) != self)
    return raise(cx, kValueError, "%s was created by a different ContextVar",
                 repr_utf8(cx, token).c_str());
  const Value context = current(cx);
  if (slot(cx, token, Token::kContext) != context)
    return raise(cx, kValueError, "%s was created in a different Context",
                 repr_utf8(cx, token).c_str());
  set_slot(cx, token, Token::kUsed, kTrue);
  return store_var(cx, context, self, slot(cx, token, Token::kOld));
}
void add_address(Context& cx, StrBuilder& out, Value v) {
  char text[32];
  snprintf(text, sizeof text, " at 0x%llx>",
           static_cast<unsigned long long>(gc::identity(cx, v.object())));
  out.add_ascii(text);
}
Result<Value> var_repr(Context& cx, Value self) {
  StrBuilder out;
  out.add_ascii("<ContextVar name=");
  TRY(add_repr(cx, out, slot(cx, self, Var::kName)));
  const Value own = slot(cx, self, Var::kDefault);
  if (!own.is_unset()) {
    out.add_ascii(" default=");
    TRY(add_repr(cx, out, own));
  }
  add_address(cx, out, self);
  return Value(TRY(out.finish(cx)));
}
Result<Value> var_name(Context& cx, Value self) { return slot(cx, self, Var::kName); }
constexpr BuiltinDef kVar[] = {
    static_method<&var_new>("__new__", "($type, name, /, *, default=unset)"),
    method<&var_get>("get", "($self, default=unset, /)"),
    method<&var_set>("set", "($self, value, /)"),
    method<&var_reset>("reset", "($self, token, /)"),
    method<&var_repr>("__repr__", "($self, /)"),
    class_method<&class_getitem>("__class_getitem__", "($type, object, /)"),
};
constexpr GetSetDef kVarGetSets[] = {{"name", var_name}};

// --- Token ---------------------------------------------------------------------------------------

Result<Value> token_var(Context& cx, Value self) { return slot(cx, self, Token::kVar); }
Result<Value> token_old(Context& cx, Value self) {
  const Value v = slot(cx, self, Token::kOld);
  return v.is_unset() ? missing->value : v;
}
Result<Value> token_new(Context& cx, Type*, Args, Kwargs) {
  return raise(cx, kRuntimeError, "Tokens can only be created by ContextVars");
}
Result<Value> token_repr(Context& cx, Value self) {
  StrBuilder out;
  out.add_ascii("<Token");
  if (!slot(cx, self, Token::kUsed).is_unset()) out.add_ascii(" used");
  out.add_ascii(" var=");
  TRY(add_repr(cx, out, slot(cx, self, Token::kVar)));
  add_address(cx, out, self);
  return Value(TRY(out.finish(cx)));
}
Value missing_repr(Context& cx, Value) { return Value(intern(cx, "<Token.MISSING>")); }
constexpr BuiltinDef kToken[] = {
    static_method<&token_new>("__new__", "($type, /, *args, **kwargs)"),
    method<&token_repr>("__repr__", "($self, /)"),
    class_method<&class_getitem>("__class_getitem__", "($type, object, /)"),
};
constexpr GetSetDef kTokenGetSets[] = {{"var", token_var}, {"old_value", token_old}};
constexpr BuiltinDef kMissing[] = {method<&missing_repr>("__repr__", "($self, /)")};

Value copy_context(Context& cx) { return context_copy(cx, current(cx)); }
constexpr BuiltinDef kFunctions[] = {function<&copy_context>("copy_context", "()")};

Result<void> init(Context& cx, Module* m) {
  context_type =
      keep(define_native_class(cx, "_contextvars.Context", static_cast<unsigned>(Ctx::kCount),
                               kContext, {}, nullptr, nullptr, kTypeHasWeakref));
  var_type =
      keep(define_native_class(cx, "_contextvars.ContextVar", static_cast<unsigned>(Var::kCount),
                               kVar, kVarGetSets, nullptr, nullptr, kTypeHasWeakref));
  token_type =
      keep(define_native_class(cx, "_contextvars.Token", static_cast<unsigned>(Token::kCount),
                               kToken, kTokenGetSets, nullptr, nullptr, 0));
  missing_type =
      keep(define_native_class(cx, "Token.MISSING", 0, kMissing, {}, nullptr, nullptr, 0));
  missing = new gc::Root(alloc_object(cx, missing_type->shape));
  TRY(dict_set_str(cx, token_type->dict, "MISSING", missing->value));
  for (Type* type : {context_type, var_type, token_type}) TRY(module_add_type(cx, m, type));
  return {};
}

const ModuleDef kModule = {"_contextvars", kFunctions, init, "Context Variables"};

}  // namespace

void register__contextvars() { register_module(kModule); }

}  // namespace pystm::lib
