// The descriptive half of sys: what interpreter this is, with which limits and flags.
#include "stdlib/sys_info.h"

#include <cfloat>

#include "stdlib/support.h"
#include "vm/object/dict.h"
#include "vm/object/number.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/call.h"
#include "vm/runtime/operators.h"
#include "vm/runtime/runtime.h"
#include "vm/types/support.h"

namespace pystm::lib {

using namespace vm;  // NOLINT: this layer is written in vm's vocabulary

namespace {

struct Field {
  const char* name;
  Value value;
};

// Adds sys.<name>, an instance of a structseq class of its own.
Result<void> add_record(Context& cx, Module* sys, const char* name, const char* class_name,
                        std::initializer_list<Field> fields) {
  std::vector<const char*> field_names;
  Value values[24];  // on the native stack: the collector sees them
  size_t count = 0;
  for (const Field& f : fields) {
    field_names.push_back(f.name);
    values[count++] = f.value;
  }
  Type* type = make_structseq(cx, class_name, field_names, count);
  return module_add(cx, sys, name, TRY(new_struct(cx, type, values, count)));
}

Value n(Context& cx, int64_t i) { return make_int(cx, i); }
Value text(Context& cx, const char* s) { return intern(cx, s); }

Result<void> add_flags(Context& cx, Module* sys) {
  const RuntimeOptions& o = runtime().options;
  return add_record(cx, sys, "flags", "sys.flags",
                    {{"debug", n(cx, o.debug)},
                     {"inspect", n(cx, o.inspect)},
                     {"interactive", n(cx, o.interactive)},
                     {"optimize", n(cx, o.optimize)},
                     {"dont_write_bytecode", n(cx, o.dont_write_bytecode)},
                     {"no_user_site", n(cx, o.no_user_site)},
                     {"no_site", n(cx, o.no_site)},
                     {"ignore_environment", n(cx, o.ignore_environment)},
                     {"verbose", n(cx, o.verbose)},
                     {"bytes_warning", n(cx, o.bytes_warning)},
                     {"quiet", n(cx, o.quiet)},
                     {"hash_randomization", n(cx, o.hash_random || o.hash_seed != 0)},
                     {"isolated", n(cx, o.isolated)},
                     {"dev_mode", of_bool(o.dev_mode)},
                     {"utf8_mode", n(cx, o.utf8_mode)},
                     {"warn_default_encoding", n(cx, 0)},
                     {"safe_path", of_bool(o.safe_path)},
                     {"int_max_str_digits", n(cx, o.int_max_str_digits)}});
}

Result<void> add_limits(Context& cx, Module* sys) {
  TRY(add_record(cx, sys, "float_info", "sys.float_info",
                 {{"max", make_float(cx, DBL_MAX)},
                  {"max_exp", n(cx, DBL_MAX_EXP)},
                  {"max_10_exp", n(cx, DBL_MAX_10_EXP)},
                  {"min", make_float(cx, DBL_MIN)},
                  {"min_exp", n(cx, DBL_MIN_EXP)},
                  {"min_10_exp", n(cx, DBL_MIN_10_EXP)},
                  {"dig", n(cx, DBL_DIG)},
                  {"mant_dig", n(cx, DBL_MANT_DIG)},
                  {"epsilon", make_float(cx, DBL_EPSILON)},
                  {"radix", n(cx, FLT_RADIX)},
                  {"rounds", n(cx, 1)}}));
  TRY(add_record(cx, sys, "int_info", "sys.int_info",
                 {{"bits_per_digit", n(cx, 64)},
                  {"sizeof_digit", n(cx, 8)},
                  {"default_max_str_digits", n(cx, 4300)},
                  {"str_digits_check_threshold", n(cx, 640)}}));
  TRY(add_record(cx, sys, "hash_info", "sys.hash_info",
                 {{"width", n(cx, 64)},
                  {"modulus", n(cx, (int64_t{1} << 61) - 1)},
                  {"inf", n(cx, 314159)},
                  {"nan", n(cx, 0)},
                  {"imag", n(cx, 1000003)},
                  {"algorithm", text(cx, "siphash13")},
                  {"hash_bits", n(cx, 64)},
                  {"seed_bits", n(cx, 128)},
                  {"cutoff", n(cx, 0)}}));
  return add_record(cx, sys, "thread_info", "sys.thread_info",
                    {{"name", text(cx, "pthread")}, {"lock", text(cx, "stm")}, {"version", kNone}});
}

}  // namespace

Result<void> add_sys_info(Context& cx, Module* sys) {
  TRY(add_record(cx, sys, "version_info", "sys.version_info",
                 {{"major", n(cx, 3)},
                  {"minor", n(cx, 11)},
                  {"micro", n(cx, 2)},
                  {"releaselevel", text(cx, "final")},
                  {"serial", n(cx, 0)}}));
  TRY(add_flags(cx, sys));
  TRY(add_limits(cx, sys));
  // types.SimpleNamespace is type(sys.implementation).
  const Value implementation = TRY(call(cx, simple_namespace_type(cx), {}));
  const Field kImplementation[] = {{"name", text(cx, "pystm")},
                                   {"cache_tag", text(cx, "pystm-311")},
                                   {"version", dict_get_str(cx, sys->dict, "version_info")},
                                   {"hexversion", n(cx, 0x030b02f0)},
                                   {"_multiarch", text(cx, "x86_64-linux-gnu")}};
  for (const Field& f : kImplementation)
    TRY(set_attr(cx, implementation, intern(cx, f.name), f.value));
  TRY(module_add(cx, sys, "implementation", implementation));
  Dict* x = new_dict(cx);
  for (const auto& [name, value] : runtime().options.x_options) {
    const Value v = value.empty() ? kTrue : Value(TRY(new_str(cx, value)));
    TRY(dict_set_str(cx, x, name.c_str(), v));
  }
  TRY(module_add(cx, sys, "_xoptions", x));
  List* warn = new_list(cx);
  for (const std::string& w : runtime().options.warn_options)
    TRY(list_append(cx, warn, TRY(new_str(cx, w))));
  TRY(module_add(cx, sys, "warnoptions", warn));
  List* original = TRY(new_list(cx, nullptr, 0));
  TRY(list_append(cx, original, TRY(new_str(cx, runtime().options.executable))));
  for (const std::string& a : runtime().options.argv)
    TRY(list_append(cx, original, TRY(new_str(cx, a))));
  TRY(module_add(cx, sys, "orig_argv", original));
  return module_add(cx, sys, "_git",
                    TRY(new_tuple(cx, {text(cx, "pystm"), text(cx, ""), text(cx, "")})));
}

// --- types.SimpleNamespace -----------------------------------------------------------------------

namespace {

Result<void> namespace_init(Context& cx, Value self, Args args, Kwargs kwargs) {
  if (args.count > 0) return raise(cx, kTypeError, "no positional arguments expected");
  for (uint32_t i = 0; i < kwargs.count(); ++i)
    TRY(set_attr(cx, self, intern(cx, TRY(flatten(cx, (*kwargs.names)[i]))), kwargs.values[i]));
  return {};
}
Result<Value> namespace_repr(Context& cx, Value self) {
  const bool plain = type_of(self)->name == Value(intern(cx, "SimpleNamespace"));
  const std::string name = plain ? "namespace" : to_utf8(type_of(self)->name.as<Str>());
  const ReprGuard guard(cx, self);
  if (guard.running()) return Value(TRY(new_str(cx, name + "(...)")));
  const Value d = TRY(instance_dict(cx, self, true));
  std::string out = name + "(";
  Word position = 0;
  Value key, value;
  bool first = true;
  while (dict_next(cx, d.as<Dict>(), &position, &key, &value)) {
    const Value text = TRY(repr(cx, value));
    out += (first ? "" : ", ") + to_utf8(cx, key) + "=" + to_utf8(cx, text);
    first = false;
  }
  return Value(TRY(new_str(cx, out + ")")));
}
Result<Value> namespace_eq(Context& cx, Value self, Value other) {
  if (!is_subtype(type_of(other), simple_namespace_type(cx))) return kNotImplemented;
  const Value a = TRY(instance_dict(cx, self, true)), b = TRY(instance_dict(cx, other, true));
  return compare(cx, CompareOp::kEq, a, b);
}
Result<Value> namespace_reduce(Context& cx, Value self) {
  const Value d = TRY(instance_dict(cx, self, true));
  return Value(TRY(new_tuple(cx, {Value(type_of(self)), Value(empty_tuple()), d})));
}
Result<Value> namespace_dict(Context& cx, Value self) { return instance_dict(cx, self, true); }

constexpr BuiltinDef kNamespaceMethods[] = {
    method<&namespace_init>("__init__", "($self, /, *args, **kwargs)"),
    method<&namespace_repr>("__repr__", "($self, /)"),
    method<&namespace_eq>("__eq__", "($self, value, /)"),
    method<&namespace_reduce>("__reduce__", "($self, /)")};
constexpr GetSetDef kNamespaceGetSets[] = {{"__dict__", namespace_dict}};

}  // namespace

Type* simple_namespace_type(Context& cx) {
  static gc::Root* type =
      new gc::Root(define_native_class(cx, "types.SimpleNamespace", 0, kNamespaceMethods,
                                       kNamespaceGetSets, "A simple attribute-based namespace.",
                                       nullptr, kTypeBaseType | kTypeHasDict | kTypeHasWeakref));
  return as_type(type->value);
}

}  // namespace pystm::lib
