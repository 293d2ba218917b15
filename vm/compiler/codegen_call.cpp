// Calls and comprehensions.
#include <set>

#include "vm/compiler/codegen.h"

namespace pystm::vm::compiler {

void Codegen::check_keywords(Seq<keyword*> keywords) {
  std::set<std::string_view> seen;
  for (keyword* k : keywords) {
    if (!k->arg_name.data()) continue;
    check_debug(k->arg_name, as().at);
    if (!seen.insert(k->arg_name).second)
      fail("keyword argument repeated: " + std::string(k->arg_name), k->at);
  }
}

// Whether evaluating e surely runs no Python code and allocates nothing.
bool Codegen::trivial(Expr& e) {
  if (e.kind == NodeKind::Constant) return true;
  auto* n = node_cast<Name>(&e);
  return n && direct_local(n->id) >= 0;
}

// The gap of a call window counts as alive while arguments are evaluated.
bool Codegen::needs_clear_gap(Seq<Expr*> args, Seq<keyword*> keywords) {
  for (Expr* a : args)
    if (!trivial(*a)) return true;
  for (keyword* k : keywords)
    if (!trivial(*k->value) || !k->arg_name.data()) return true;
  return false;
}

void Codegen::call(Call& e, Reg dst) {
  check_caller(*e.func);
  check_keywords(e.keywords);
  bool method = false;
  bool unpacks = false;
  for (Expr* a : e.args) unpacks |= a->kind == NodeKind::Starred;
  for (keyword* k : e.keywords) unpacks |= !k->arg_name.data();
  auto* attribute = node_cast<Attribute>(e.func);
  const Reg base = as().top();
  if (attribute && !unpacks) {
    At at(*this, *attribute);
    const Reg object = expr(*attribute->value);
    as().emit(Op::LOAD_METHOD, base, object, as().name(mangled(attribute->attr)));
    method = true;
  } else {
    into(*e.func, base);
    if (needs_clear_gap(e.args, e.keywords)) as().emit(Op::CLEAR, base + 1);
  }
  as().set_top(base + 2);
  finish_call(base, method, e.args, e.keywords, dst);
}

// The callable (and self) are in the window at base; evaluates the arguments and calls.
void Codegen::finish_call(Reg base, bool method, Seq<Expr*> args, Seq<keyword*> keywords, Reg dst) {
  const Reg given = as().top() - base - 2;  // arguments that are in the window already
  bool unpacks = args.size() + keywords.size() + given > 2000;
  for (Expr* a : args) unpacks |= a->kind == NodeKind::Starred;
  for (keyword* k : keywords) unpacks |= !k->arg_name.data();
  if (unpacks && !method) return call_ex(base, args, keywords, dst);
  for (Expr* a : args) push(*a);
  for (keyword* k : keywords) push(*k->value);
  const Reg count = given + args.size() + keywords.size();
  if (keywords.empty()) {
    as().emit(Op::CALL, base, dst, count, method);
  } else {
    Const names;
    names.kind = Const::Kind::kTuple;
    for (keyword* k : keywords) names.items.push_back(str(k->arg_name));
    as().load_const(as().top(), std::move(names));
    as().push();
    as().emit(Op::CALL_KW, base, dst, count, method);
  }
  as().set_top(base);
}

// Arguments as one tuple (at base + 2) and one dict (at base + 3).
void Codegen::call_ex(Reg base, Seq<Expr*> args, Seq<keyword*> keywords, Reg dst) {
  const Reg tuple = base + 2;
  as().emit(Op::BUILD_LIST, tuple, tuple, as().top() - tuple);
  as().set_top(tuple + 1);
  for (Expr* a : args) {
    auto* s = node_cast<Starred>(a);
    const Reg item = expr(s ? *s->value : *a);
    as().emit(s ? Op::LIST_EXTEND : Op::LIST_APPEND, tuple, item, 0,
              s ? (args.size() == 1 ? 2 : 1) : 0);
    as().set_top(tuple + 1);
  }
  as().emit(Op::LIST_TO_TUPLE, tuple, tuple);
  if (!keywords.empty()) keyword_dict(base, keywords);
  as().emit(Op::CALL_EX, base, dst, 0, keywords.empty() ? 0 : 2);
  as().set_top(base);
}

void Codegen::keyword_dict(Reg base, Seq<keyword*> keywords) {
  const Reg dict = base + 3;
  as().emit(Op::BUILD_MAP, dict, dict, 0);
  as().set_top(dict + 1);
  bool merged = false;  // behind **x, names may clash at run time
  for (keyword* k : keywords) {
    At at(*this, *k->value);
    if (!k->arg_name.data()) {
      const Reg other = expr(*k->value);
      as().emit(Op::DICT_MERGE, dict, other, base);
      merged = true;
    } else {
      const Reg key = as().top();
      as().load_const(key, str(k->arg_name));
      as().push();
      const Reg value = push(*k->value);
      if (merged) {
        as().emit(Op::BUILD_MAP, key, key, 1);
        as().set_top(key + 1);
        as().emit(Op::DICT_MERGE, dict, key, base);
      } else {
        as().emit(Op::MAP_ADD, dict, key, value);
      }
    }
    as().set_top(dict + 1);
  }
}

// --- comprehensions

struct Codegen::Comp {
  Expr* node;
  Seq<comprehension*> generators;
  Expr* elt;
  Expr* value;  // of a dict comprehension
  Reg result;   // the container; unused by generator expressions
};

void Codegen::comprehension_expr(Expr& e, Seq<comprehension*> generators, Reg dst) {
  Scope& s = *table_.by_node.at(&e);
  static constexpr const char* kNames[] = {"", "<listcomp>", "<setcomp>", "<dictcomp>",
                                           "<genexpr>"};
  const bool generator = s.comprehension == ComprehensionType::Generator;
  const bool outer_async = (as().unit->flags & (kCoCoroutine | kCoAsyncGenerator)) != 0 ||
                           (options_.allow_top_level_await && current().type == ScopeType::Module);
  if (s.coroutine && !generator && !outer_async &&
      current().comprehension == ComprehensionType::None)
    fail("asynchronous comprehension outside of an asynchronous function", e.at);
  const Reg base = as().top();
  auto code = scope(s, kNames[static_cast<int>(s.comprehension)], e.at.lineno,
                    &Codegen::comprehension_body, e);
  make_function(std::move(code), base, 0, base);
  as().set_top(base + 1);
  as().emit(Op::CLEAR, base + 1);
  as().set_top(base + 2);
  const Reg iterable = expr(*generators[0]->iter);
  as().emit(generators[0]->is_async ? Op::GET_AITER : Op::GET_ITER, base + 2, iterable);
  as().set_top(base + 3);
  if (!s.coroutine || generator) {
    as().emit(Op::CALL, base, dst, 1);
    return;
  }
  as().emit(Op::CALL, base, base, 1);
  await_register(base, 0);
  move(dst, base + 1);
}

void Codegen::comprehension_body(Node& n) {
  Comp c{static_cast<Expr*>(&n), {}, nullptr, nullptr, as().top()};
  if (auto* l = node_cast<ListComp>(&n)) c.generators = l->generators, c.elt = l->elt;
  if (auto* s = node_cast<SetComp>(&n)) c.generators = s->generators, c.elt = s->elt;
  if (auto* g = node_cast<GeneratorExp>(&n)) c.generators = g->generators, c.elt = g->elt;
  if (auto* d = node_cast<DictComp>(&n))
    c.generators = d->generators, c.elt = d->key, c.value = d->value;
  as().unit->argcount = 1;
  as().at = c.node->at;
  const bool generator = n.kind == NodeKind::GeneratorExp;
  if (!generator) {
    const Op build = n.kind == NodeKind::ListComp  ? Op::BUILD_LIST
                     : n.kind == NodeKind::SetComp ? Op::BUILD_SET
                                                   : Op::BUILD_MAP;
    as().emit(build, c.result, c.result, 0);
    as().set_top(c.result + 1);
  }
  comprehension_level(c, 0);
  if (generator) return finish_code();
  as().emit(Op::RETURN, c.result);
}

void Codegen::comprehension_level(Comp& c, uint32_t level) {
  if (level == c.generators.size()) return comprehension_yield(c);
  comprehension& g = *c.generators[level];
  const Reg base = as().top();
  Reg iter = static_cast<Reg>(as().local(".0"));
  if (level > 0) {
    const Reg iterable = expr(*g.iter);
    as().emit(g.is_async ? Op::GET_AITER : Op::GET_ITER, base, iterable);
    as().set_top(base + 1);
    iter = base;
  }
  const Label exit = as().new_label();
  const auto rest = [&](Label next) {
    for (Expr* test : g.ifs) jump_if(*test, false, next);
    comprehension_level(c, level + 1);
  };
  if (g.is_async) {
    async_iteration(iter, *g.target, exit, rest);
  } else {
    const Label loop = as().new_label();
    const Label next = as().new_label();
    as().bind(loop);
    const int local = store_target_local(*g.target);
    const Reg item = local >= 0 ? static_cast<Reg>(local) : as().top();
    as().jump(Op::FOR_ITER, exit, iter, item);
    if (local >= 0) {
      as().set_bound(item);
    } else {
      as().set_top(item + 1);
      store(*g.target, item);
      as().set_top(item);
    }
    rest(next);
    as().bind(next);
    as().jump(Op::JUMP_BACK, loop);
  }
  as().bind(exit);
  as().set_top(base);
}

void Codegen::comprehension_yield(Comp& c) {
  const Reg base = as().top();
  At at(*this, *c.elt);
  const Reg elt = expr(*c.elt);
  switch (c.node->kind) {
    case NodeKind::ListComp:
      as().emit(Op::LIST_APPEND, c.result, elt);
      break;
    case NodeKind::SetComp:
      as().emit(Op::SET_ADD, c.result, elt);
      break;
    case NodeKind::DictComp: {
      const Reg value = expr(*c.value);
      as().emit(Op::MAP_ADD, c.result, elt, value);
      break;
    }
    default: {
      Reg value = elt;
      if (current().coroutine) {
        value = as().top();
        as().emit(Op::ASYNC_GEN_WRAP, value, elt);
        as().push();
      }
      as().emit(Op::YIELD, as().top(), value);
    }
  }
  as().set_top(base);
}

}  // namespace pystm::vm::compiler
