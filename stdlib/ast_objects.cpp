// From the compiler's tree to objects of the classes of module _ast, by the same table
// (ast_nodes.def) that the compiler's own structs come from.
#include "stdlib/ast_objects.h"

#include "stdlib/support.h"
#include "vm/compiler/ast_visit.h"
#include "vm/runtime/compile.h"

namespace pystm::lib {

namespace {

namespace c = vm::compiler;

class Objects {
 public:
  Objects(Context& cx, Dict* classes, Dict* singletons)
      : cx_(cx), classes_(classes), singletons_(singletons) {}

  Result<Value> object(c::Node* n);

 private:
  // One object under construction: the visitor of its fields. After an error the rest is skipped.
  struct Fields {
    Objects& all;
    Value object;
    bool failed = false;

    void set(const char* name, Result<Value> v) {
      if (failed) return;
      failed =
          v.is_error() ||
          set_attr(all.cx_, object, intern(all.cx_, ast_field_name(name)), v.value()).is_error();
    }
    Value name_or_none(c::Identifier id) {
      return id.data() == nullptr ? kNone : Value(intern(all.cx_, id));
    }
    template <class T, class F>
    void sequence(const char* name, const c::Seq<T>& items, F&& convert) {
      if (failed) return;
      List* out = new_list(all.cx_);
      for (const T& item : items) {
        const Result<Value> v = convert(item);
        if (v.is_error() || list_append(all.cx_, out, v.value()).is_error()) {
          failed = true;
          return;
        }
      }
      set(name, Value(out));
    }

    void identifier(const char* name, c::Identifier id) { set(name, name_or_none(id)); }
    void identifiers(const char* name, const c::Seq<c::Identifier>& ids) {
      sequence(name, ids, [&](c::Identifier id) -> Result<Value> { return name_or_none(id); });
    }
    template <class T>
    void node(const char* name, T* n) {
      if (!failed) set(name, n == nullptr ? Result<Value>(kNone) : all.object(n));
    }
    template <class T>
    void nodes(const char* name, const c::Seq<T*>& items) {
      sequence(name, items, [&](T* n) -> Result<Value> {
        return n == nullptr ? Result<Value>(kNone) : all.object(n);
      });
    }
    template <class E>
    void value(const char* name, E e) {
      set(name, all.singleton(c::enum_name(e)));
    }
    template <class E>
    void values(const char* name, const c::Seq<E>& es) {
      sequence(name, es, [&](E e) -> Result<Value> { return all.singleton(c::enum_name(e)); });
    }
    void integer(const char* name, int32_t i) { set(name, Value::of_int(i)); }
    void text(const char* name, c::Identifier t) {
      set(name, t.data() == nullptr ? Result<Value>(kNone) : str_of(all.cx_, t));
    }
    void constant(const char* name, const c::ConstantValue* v) { set(name, all.constant(*v)); }
  };

  Result<Value> singleton(const char* name) { return dict_get_str(cx_, singletons_, name); }
  Result<Value> constant(const c::ConstantValue& v);

  Context& cx_;
  Dict* classes_;
  Dict* singletons_;
};

Result<Value> Objects::constant(const c::ConstantValue& v) {
  using C = c::ConstantValue;
  switch (v.type) {
    case C::kNone:
      return kNone;
    case C::kTrue:
      return kTrue;
    case C::kFalse:
      return kFalse;
    case C::kEllipsis:
      return kEllipsis;
    case C::kInt:
      return make_int(cx_, v.integer);
    case C::kBigInt: {
      std::string_view digits = v.text;
      const bool negative = !digits.empty() && digits[0] == '-';
      if (negative) digits.remove_prefix(1);
      const bool hex = digits.substr(0, 2) == "0x";
      if (hex) digits.remove_prefix(2);
      return int_from_text(cx_, (negative ? "-" : "") + std::string(digits), hex ? 16 : 10);
    }
    case C::kFloat:
      return make_float(cx_, v.real);
    case C::kComplex:
      return make_complex(cx_, v.real, v.imag);
    case C::kStr:
      return str_of(cx_, v.text);
    case C::kBytes:
      return bytes_of(cx_, v.text);
    case C::kTuple:
    case C::kFrozenSet: {
      List* items = new_list(cx_);
      for (const C* item : v.items) TRY(list_append(cx_, items, TRY(constant(*item))));
      Tuple* t = TRY(list_to_tuple(cx_, items));
      if (v.type == C::kTuple) return Value(t);
      return new_frozenset(cx_, types().frozenset, t);
    }
  }
  return kNone;
}

Result<Value> Objects::object(c::Node* n) {
  NativeDepth depth(cx_);
  TRY(depth.check(" during ast construction"));
  const char* name = c::node_name(n->kind);
  const Value cls = dict_get_str(cx_, classes_, name);
  if (!is_type(cls)) return raise(cx_, kSystemError, "module _ast has no class %s", name);
  Fields fields{*this, TRY(new_instance(cx_, as_type(cls)))};
  c::for_each_field(*n, fields);
  if (const c::Located* at = c::located(*n)) {
    fields.integer("lineno", at->at.lineno);
    fields.integer("col_offset", at->at.col_offset);
    fields.integer("end_lineno", at->at.end_lineno);
    fields.integer("end_col_offset", at->at.end_col_offset);
  }
  if (fields.failed) return Error{};
  return fields.object;
}

}  // namespace

Result<Value> ast_object(Context& cx, c::ModNode* module) {
  const Value m = TRY(import_module(cx, "_ast"));
  const Value singletons = TRY(get_attr(cx, m, "_singletons"));
  return Objects(cx, m.as<Module>()->dict, singletons.as<Dict>()).object(module);
}

}  // namespace pystm::lib
