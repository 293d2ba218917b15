// Loading, storing and deleting names and other targets.
#include "base/assert.h"
#include "vm/compiler/codegen.h"

namespace pystm::vm::compiler {

void Codegen::check_debug(Identifier name, const Position& at, bool deleting) {
  if (name != "__debug__") return;
  fail(deleting ? "cannot delete __debug__" : "cannot assign to __debug__", at);
}

void Codegen::move(Reg dst, Reg src) {
  if (dst != src) as().emit(Op::MOVE, dst, src);
}

// The register of a local that may be read in place, or -1.
int Codegen::direct_local(Identifier name) {
  const int local = as().local(mangled(name));
  if (local < 0 || as().cell(mangled(name)) >= 0) return -1;
  const Reg r = static_cast<Reg>(local);
  return as().is_bound(r) && !as().copied_on_read(r) ? local : -1;
}

void Codegen::load_name(Identifier plain, Reg dst) {
  const Identifier name = mangled(plain);
  const Binding binding = current().binding_of(name);
  const bool in_class = current().type == ScopeType::Class;
  switch (binding) {
    case Binding::Cell:
      return as().emit(Op::LOAD_CELL, dst, static_cast<Reg>(as().cell(name)));
    case Binding::Free: {
      const Reg cell = static_cast<Reg>(as().free(name));
      if (in_class) return as().emit(Op::LOAD_CLASSDEREF, dst, cell, as().name(name));
      return as().emit(Op::LOAD_CELL, dst, cell);
    }
    case Binding::Local:
      if (current().is_function()) {
        const Reg r = static_cast<Reg>(as().local(name));
        if (as().is_bound(r)) return move(dst, r);
        return as().emit(Op::MOVE_CHECKED, dst, r);
      }
      return as().emit(Op::LOAD_NAME, dst, as().name(name));
    case Binding::GlobalExplicit:
      return as().emit(Op::LOAD_GLOBAL, dst, as().name(name));
    default:
      return as().emit(current().is_function() ? Op::LOAD_GLOBAL : Op::LOAD_NAME, dst,
                       as().name(name));
  }
}

// The register an assignment may write directly, or -1.
int Codegen::store_target_local(Expr& target) {
  auto* n = node_cast<Name>(&target);
  if (!n || !current().is_function()) return -1;
  check_debug(n->id, target.at);
  const Identifier name = mangled(n->id);
  return current().binding_of(name) == Binding::Local ? as().local(name) : -1;
}

void Codegen::store_name(Identifier plain, Reg value) {
  const Identifier name = mangled(plain);
  switch (current().binding_of(name)) {
    case Binding::Cell:
      return as().emit(Op::STORE_CELL, static_cast<Reg>(as().cell(name)), value);
    case Binding::Free:
      return as().emit(Op::STORE_CELL, static_cast<Reg>(as().free(name)), value);
    case Binding::Local:
      if (current().is_function()) {
        const Reg r = static_cast<Reg>(as().local(name));
        move(r, value);
        return as().set_bound(r);
      }
      return as().emit(Op::STORE_NAME, value, as().name(name));
    case Binding::GlobalExplicit:
      return as().emit(Op::STORE_GLOBAL, value, as().name(name));
    default:
      return as().emit(current().is_function() ? Op::STORE_GLOBAL : Op::STORE_NAME, value,
                       as().name(name));
  }
}

void Codegen::delete_name(Identifier plain) {
  const Identifier name = mangled(plain);
  switch (current().binding_of(name)) {
    case Binding::Cell:
      return as().emit(Op::DELETE_CELL, static_cast<Reg>(as().cell(name)));
    case Binding::Free:
      return as().emit(Op::DELETE_CELL, static_cast<Reg>(as().free(name)));
    case Binding::Local:
      if (current().is_function())
        return as().emit(Op::DELETE_LOCAL, static_cast<Reg>(as().local(name)));
      return as().emit(Op::DELETE_NAME, 0, as().name(name));
    case Binding::GlobalExplicit:
      return as().emit(Op::DELETE_GLOBAL, 0, as().name(name));
    default:
      return as().emit(current().is_function() ? Op::DELETE_GLOBAL : Op::DELETE_NAME, 0,
                       as().name(name));
  }
}

void Codegen::store(Expr& target, Reg value) {
  At at(*this, target);
  const Reg base = as().top();
  switch (target.kind) {
    case NodeKind::Name:
      check_debug(static_cast<Name&>(target).id, target.at);
      return store_name(static_cast<Name&>(target).id, value);
    case NodeKind::Attribute: {
      auto& a = static_cast<Attribute&>(target);
      check_debug(a.attr, target.at);
      const Reg object = expr(*a.value);
      as().emit(Op::STORE_ATTR, object, as().name(mangled(a.attr)), value);
      break;
    }
    case NodeKind::Subscript: {
      auto& s = static_cast<Subscript&>(target);
      const Reg object = expr(*s.value);
      const Reg index = expr(*s.slice);
      as().emit(Op::SET_ITEM, object, index, value);
      break;
    }
    case NodeKind::List:
      unpack(static_cast<List&>(target).elts, value);
      break;
    case NodeKind::Tuple:
      unpack(static_cast<Tuple&>(target).elts, value);
      break;
    case NodeKind::Starred:
      fail("starred assignment target must be in a list or tuple", target.at);
    default:
      fail("cannot assign", target.at);
  }
  as().set_top(base);
}

void Codegen::unpack(Seq<Expr*> targets, Reg value) {
  const Reg base = as().top();
  const uint32_t n = targets.size();
  int star = -1;
  for (uint32_t i = 0; i < n; i++) {
    if (targets[i]->kind != NodeKind::Starred) continue;
    if (star >= 0) fail("multiple starred expressions in assignment", as().at);
    star = static_cast<int>(i);
  }
  if (star >= 256 || (star >= 0 && n - static_cast<uint32_t>(star) - 1 > 255))
    fail("too many expressions in star-unpacking assignment", as().at);
  if (star < 0)
    as().emit(Op::UNPACK, base, value, n);
  else
    as().emit(Op::UNPACK_EX, base, value, static_cast<Reg>(star), n - star - 1);
  as().set_top(base + n);
  for (uint32_t i = 0; i < n; i++) {
    Expr* target = targets[i];
    if (auto* s = node_cast<Starred>(target)) target = s->value;
    store(*target, base + i);
  }
  as().set_top(base);
}

void Codegen::delete_target(Expr& target) {
  At at(*this, target);
  const Reg base = as().top();
  const auto each = [&](Seq<Expr*> elts) {
    for (Expr* e : elts) delete_target(*e);
  };
  switch (target.kind) {
    case NodeKind::Name:
      check_debug(static_cast<Name&>(target).id, target.at, true);
      return delete_name(static_cast<Name&>(target).id);
    case NodeKind::Attribute: {
      auto& a = static_cast<Attribute&>(target);
      const Reg object = expr(*a.value);
      as().emit(Op::DELETE_ATTR, object, as().name(mangled(a.attr)));
      break;
    }
    case NodeKind::Subscript: {
      auto& s = static_cast<Subscript&>(target);
      const Reg object = expr(*s.value);
      const Reg index = expr(*s.slice);
      as().emit(Op::DELETE_ITEM, object, index);
      break;
    }
    case NodeKind::List:
      return each(static_cast<List&>(target).elts);
    case NodeKind::Tuple:
      return each(static_cast<Tuple&>(target).elts);
    default:
      fail("cannot delete", target.at);
  }
  as().set_top(base);
}

}  // namespace pystm::vm::compiler
