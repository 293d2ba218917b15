// Statements, except try, with and match.
#include "vm/compiler/codegen.h"

namespace pystm::vm::compiler {

void Codegen::stmts(Seq<Stmt*> body) {
  for (Stmt* s : body) stmt(*s);
}

void Codegen::stmt(Stmt& s) {
  At at(*this, s);
  const Reg base = as().top();
  switch (s.kind) {
    case NodeKind::ExprStmt: {
      Expr& value = *static_cast<ExprStmt&>(s).value;
      if (interactive_ && function_->outer == nullptr) {
        const Reg r = push(value);
        as().emit(Op::PRINT_EXPR, r);
      } else {
        effect(value);
      }
      break;
    }
    case NodeKind::Assign:
      assign(static_cast<Assign&>(s));
      break;
    case NodeKind::AugAssign:
      aug_assign(static_cast<AugAssign&>(s));
      break;
    case NodeKind::AnnAssign:
      ann_assign(static_cast<AnnAssign&>(s));
      break;
    case NodeKind::If:
      if_stmt(static_cast<If&>(s));
      break;
    case NodeKind::For:
      for_stmt(static_cast<For&>(s));
      break;
    case NodeKind::While:
      while_stmt(static_cast<While&>(s));
      break;
    case NodeKind::Return:
      return_stmt(static_cast<Return&>(s));
      break;
    case NodeKind::FunctionDef:
      function_def(static_cast<FunctionDef&>(s), false);
      break;
    case NodeKind::AsyncFunctionDef:
      function_def(static_cast<AsyncFunctionDef&>(s), true);
      break;
    case NodeKind::ClassDef:
      class_def(static_cast<ClassDef&>(s));
      break;
    default:
      other_stmt(s);
  }
  as().set_top(base);
}

void Codegen::other_stmt(Stmt& s) {
  switch (s.kind) {
    case NodeKind::Delete:
      for (Expr* e : static_cast<Delete&>(s).targets) delete_target(*e);
      return;
    case NodeKind::AsyncFor:
      return async_for(static_cast<AsyncFor&>(s));
    case NodeKind::With:
      return with(static_cast<With&>(s), 0, false);
    case NodeKind::AsyncWith:
      return with(static_cast<AsyncWith&>(s), 0, true);
    case NodeKind::Match:
      return match_stmt(static_cast<Match&>(s));
    case NodeKind::Raise:
      return raise_stmt(static_cast<Raise&>(s));
    case NodeKind::Try: {
      auto& t = static_cast<Try&>(s);
      return try_stmt(t.body, t.handlers, t.orelse, t.finalbody, false, s);
    }
    case NodeKind::TryStar: {
      auto& t = static_cast<TryStar&>(s);
      return try_stmt(t.body, t.handlers, t.orelse, t.finalbody, true, s);
    }
    case NodeKind::Assert:
      return assert_stmt(static_cast<Assert&>(s));
    case NodeKind::Import:
      return import_stmt(static_cast<Import&>(s));
    case NodeKind::ImportFrom:
      return import_from(static_cast<ImportFrom&>(s));
    case NodeKind::Break:
    case NodeKind::Continue:
      return break_or_continue(s);
    case NodeKind::Pass:
      return as().emit(Op::NOP, 0);
    default:
      return;
  }
}

// --- assignments

void Codegen::assign(Assign& s) {
  const Reg base = as().top();
  if (s.targets.size() == 1) {
    const int local = store_target_local(*s.targets[0]);
    if (local >= 0) {
      into(*s.value, static_cast<Reg>(local));
      return as().set_bound(static_cast<Reg>(local));
    }
    auto* targets = node_cast<Tuple>(s.targets[0]);
    auto* values = node_cast<Tuple>(s.value);
    bool starred = false;
    if (targets && values && targets->elts.size() == values->elts.size()) {
      for (Expr* e : targets->elts) starred |= e->kind == NodeKind::Starred;
      for (Expr* e : values->elts) starred |= e->kind == NodeKind::Starred;
      if (!starred && targets->elts.size() <= 16) {
        for (Expr* e : values->elts) push(*e);
        for (uint32_t i = 0; i < targets->elts.size(); i++) store(*targets->elts[i], base + i);
        return;
      }
    }
  }
  // Several targets may overwrite a local that holds the value.
  const Reg value = s.targets.size() == 1 ? expr(*s.value) : push(*s.value);
  for (Expr* target : s.targets) store(*target, value);
}

void Codegen::aug_assign(AugAssign& s) {
  At at(*this, s);
  switch (s.target->kind) {
    case NodeKind::Name: {
      auto& name = static_cast<Name&>(*s.target);
      check_debug(name.id, name.at);
      const int local = store_target_local(name);
      Reg old;
      {
        At there(*this, name);
        old = expr(name);
      }
      const Reg value = expr(*s.value);
      const Reg dst = local >= 0 ? static_cast<Reg>(local) : as().top();
      emit_operator(s.op, dst, old, value, true);
      if (local >= 0) return as().set_bound(dst);
      as().set_top(dst + 1);
      return store_name(name.id, dst);
    }
    case NodeKind::Attribute: {
      auto& a = static_cast<Attribute&>(*s.target);
      const uint16_t name = as().name(mangled(a.attr));
      const Reg object = expr(*a.value);
      const Reg old = as().top();
      as().emit(Op::LOAD_ATTR, old, object, name);
      as().push();
      const Reg value = expr(*s.value);
      emit_operator(s.op, old, old, value, true);
      return as().emit(Op::STORE_ATTR, object, name, old);
    }
    default: {
      auto& t = static_cast<Subscript&>(*s.target);
      const Reg object = expr(*t.value);
      const Reg index = expr(*t.slice);
      const Reg old = as().top();
      as().emit(Op::GET_ITEM, old, object, index);
      as().push();
      const Reg value = expr(*s.value);
      emit_operator(s.op, old, old, value, true);
      return as().emit(Op::SET_ITEM, object, index, old);
    }
  }
}

void Codegen::ann_assign(AnnAssign& s) {
  if (auto* name = node_cast<Name>(s.target)) check_debug(name->id, s.at);
  const Reg base = as().top();
  if (s.value) {
    const int local = store_target_local(*s.target);
    if (local >= 0) {
      into(*s.value, static_cast<Reg>(local));
      as().set_bound(static_cast<Reg>(local));
    } else {
      const Reg value = expr(*s.value);
      store(*s.target, value);
    }
    as().set_top(base);
  }
  const bool stored = s.simple && !current().is_function();
  switch (s.target->kind) {
    case NodeKind::Name: {
      auto& name = static_cast<Name&>(*s.target);
      check_debug(name.id, s.at);
      if (stored) {
        as().emit(Op::LOAD_NAME, base, as().name("__annotations__"));
        as().set_top(base + 1);
        as().load_const(base + 1, str(mangled(name.id)));
        as().set_top(base + 2);
        annotation_value(*s.annotation, base + 2);
        as().set_top(base + 3);
        as().emit(Op::SET_ITEM, base, base + 1, base + 2);
      }
      break;
    }
    case NodeKind::Attribute: {
      auto& a = static_cast<Attribute&>(*s.target);
      check_debug(a.attr, a.at);
      if (!s.value) effect(*a.value);
      break;
    }
    default:
      if (!s.value) {
        auto& t = static_cast<Subscript&>(*s.target);
        effect(*t.value);
        effect(*t.slice);
      }
  }
  // Outside functions an annotation that is not stored is evaluated all the same.
  if (!stored && !current().is_function() && !future_annotations_) effect(*s.annotation);
}

// --- leaving

void Codegen::return_stmt(Return& s) {
  if (!current().is_function()) fail("'return' outside function", s.at);
  if (s.value && current().coroutine && current().generator)
    fail("'return' with value in async generator", s.at);
  Reg value;
  bool cleanup = false;
  for (const Block& b : blocks()) {
    cleanup |= b.kind != Block::Loop && b.kind != Block::Region;
    if (b.kind == Block::StarBody)
      fail("'break', 'continue' and 'return' cannot appear in an except* block", s.at);
  }
  if (!s.value) {
    value = as().top();
    as().load_none(value);
    as().push();
  } else {
    value = cleanup ? push(*s.value) : expr(*s.value);
  }
  unwind(0);
  as().emit(Op::RETURN, value);
  reopen(0);
}

void Codegen::raise_stmt(Raise& s) {
  if (!s.exc) return as().emit(Op::RAISE, 0, 0, 0, 0);
  const Reg exc = expr(*s.exc);
  if (!s.cause) return as().emit(Op::RAISE, exc, 0, 0, 1);
  const Reg cause = expr(*s.cause);
  as().emit(Op::RAISE, exc, cause, 0, 2);
}

void Codegen::assert_stmt(Assert& s) {
  if (auto* t = node_cast<Tuple>(s.test); t && !t->elts.empty())
    warn("assertion is always true, perhaps remove parentheses?", s.at);
  if (auto* c = node_cast<Constant>(s.test))
    if (c->value->type == ConstantValue::kTuple && !c->value->items.empty())
      warn("assertion is always true, perhaps remove parentheses?", s.at);
  if (options_.optimise > 0) return;
  const Label end = as().new_label();
  jump_if(*s.test, true, end);
  const Reg base = as().top();
  as().emit(Op::LOAD_ASSERTION_ERROR, base);
  as().set_top(base + 1);
  if (s.msg) {
    as().emit(Op::CLEAR, base + 1);
    as().set_top(base + 2);
    push(*s.msg);
    as().emit(Op::CALL, base, base, 1);
  }
  as().set_top(base + 1);
  as().emit(Op::RAISE, base, 0, 0, 1);
  as().bind(end);
}

void Codegen::break_or_continue(Stmt& s) {
  size_t i = blocks().size();
  while (i > 0 && blocks()[i - 1].kind != Block::Loop) {
    i--;
    if (blocks()[i].kind == Block::StarBody)
      fail("'break', 'continue' and 'return' cannot appear in an except* block", s.at);
  }
  const bool is_break = s.kind == NodeKind::Break;
  if (i == 0) fail(is_break ? "'break' outside loop" : "'continue' not properly in loop", s.at);
  const Label target = is_break ? blocks()[i - 1].break_to : blocks()[i - 1].continue_to;
  unwind(i);
  as().jump(Op::JUMP, target);
  reopen(i);
}

// --- imports

void Codegen::import_name(Reg dst, int level, Const from, std::string_view name) {
  const Reg base = as().top();
  Const l;
  l.kind = Const::Kind::kInt;
  l.int_value = level;
  as().load_const(base, std::move(l));
  as().set_top(base + 1);
  as().load_const(base + 1, std::move(from));
  as().set_top(base + 2);
  as().emit(Op::IMPORT_NAME, dst, base, as().name(name));
  as().set_top(base);
}

void Codegen::import_stmt(Import& s) {
  const Reg base = as().top();
  for (alias* a : s.names) {
    import_name(base, 0, Const{}, a->name);
    as().set_top(base + 1);
    Identifier bound = a->asname;
    if (bound.data()) {
      // import a.b.c as d: d is the innermost module.
      size_t dot = a->name.find('.');
      while (dot != std::string_view::npos) {
        const size_t next = a->name.find('.', dot + 1);
        as().emit(Op::IMPORT_FROM, base, base,
                  as().name(a->name.substr(
                      dot + 1, next == std::string_view::npos ? next : next - dot - 1)));
        dot = next;
      }
    } else {
      bound = arena_.intern(a->name.substr(0, a->name.find('.')));
    }
    check_debug(bound, s.at);
    store_name(bound, base);
    as().set_top(base);
  }
}

void Codegen::import_from(ImportFrom& s) {
  if (s.module.data() && s.module == "__future__" && s.at.lineno > last_future_line_)
    fail("from __future__ imports must occur at the beginning of the file", s.at);
  const Reg base = as().top();
  Const names;
  names.kind = Const::Kind::kTuple;
  for (alias* a : s.names) names.items.push_back(str(a->name));
  import_name(base, s.level, std::move(names), s.module.data() ? s.module : std::string_view(""));
  as().set_top(base + 1);
  if (s.names[0]->name == "*") return as().emit(Op::IMPORT_STAR, base);
  for (alias* a : s.names) {
    const Identifier bound = a->asname.data() ? a->asname : a->name;
    check_debug(bound, s.at);
    as().emit(Op::IMPORT_FROM, base + 1, base, as().name(a->name));
    as().set_top(base + 2);
    store_name(bound, base + 1);
    as().set_top(base + 1);
  }
}

// --- branches and loops

void Codegen::if_stmt(If& s) {
  const Label orelse = as().new_label();
  const Label end = as().new_label();
  jump_if(*s.test, false, orelse);
  stmts(s.body);
  if (s.orelse.empty()) return as().bind(orelse);
  as().jump(Op::JUMP, end);
  as().bind(orelse);
  // elif chains nest in the tree, not on the native stack.
  stmts(s.orelse);
  as().bind(end);
}

void Codegen::while_stmt(While& s) {
  Block block{Block::Loop};
  block.break_to = as().new_label();
  block.continue_to = as().new_label();
  block.stmt = &s;
  const Label loop = as().new_label();
  const Label exit = as().new_label();
  as().bind(loop);
  jump_if(*s.test, false, exit);
  push_block(block);
  stmts(s.body);
  pop_block();
  as().bind(block.continue_to);
  as().jump(Op::JUMP_BACK, loop);
  as().bind(exit);
  stmts(s.orelse);
  as().bind(block.break_to);
}

void Codegen::for_stmt(For& s) {
  const Reg iter = as().top();
  const Reg iterable = expr(*s.iter);
  {
    At at(*this, *s.iter);
    as().emit(Op::GET_ITER, iter, iterable);
  }
  as().set_top(iter + 1);
  Block block{Block::Loop};
  block.break_to = as().new_label();
  block.continue_to = as().new_label();
  block.stmt = &s;
  const Label loop = as().new_label();
  const Label exit = as().new_label();
  const int local = store_target_local(*s.target);
  const Reg item = local >= 0 ? static_cast<Reg>(local) : iter + 1;
  as().bind(loop);
  {
    At at(*this, *s.iter);
    as().jump(Op::FOR_ITER, exit, iter, item);
  }
  if (local >= 0) {
    as().set_bound(item);
  } else {
    as().set_top(iter + 2);
    store(*s.target, item);
    as().set_top(iter + 1);
  }
  push_block(block);
  stmts(s.body);
  pop_block();
  as().bind(block.continue_to);
  as().jump(Op::JUMP_BACK, loop);
  as().bind(exit);
  as().set_top(iter);
  stmts(s.orelse);
  as().bind(block.break_to);
}

// One pass of `async for`: awaits the next item into the target, runs body, and loops. Falls out
// at `exit` (bound by the caller) through the handler for StopAsyncIteration.
void Codegen::async_iteration(Reg iter, Expr& target, Label exit,
                              const std::function<void(Label)>& body) {
  const Reg base = as().top();
  const Label loop = as().new_label();
  const Label next = as().new_label();
  Protected region;
  region.depth = base;
  as().bind(loop);
  as().open(region);
  as().emit(Op::GET_ANEXT, base, iter);
  as().set_top(base + 1);
  send_loop(base);
  as().close(region);
  as().set_top(base + 2);
  store(target, base + 1);
  as().set_top(base);
  body(next);
  as().bind(next);
  as().jump(Op::JUMP_BACK, loop);
  as().begin_handler(region);
  as().emit(Op::END_ASYNC_FOR, base);
  as().set_top(base);
  as().jump(Op::JUMP, exit);
}

void Codegen::async_for(AsyncFor& s) {
  const bool top_level = options_.allow_top_level_await && current().type == ScopeType::Module;
  if (!top_level && current().node->kind != NodeKind::AsyncFunctionDef)
    fail("'async for' outside async function", s.at);
  const Reg iter = as().top();
  const Reg iterable = expr(*s.iter);
  as().emit(Op::GET_AITER, iter, iterable);
  as().set_top(iter + 1);
  Block block{Block::Loop};
  block.break_to = as().new_label();
  block.stmt = &s;
  const Label exit = as().new_label();
  async_iteration(iter, *s.target, exit, [&](Label next) {
    block.continue_to = next;
    push_block(block);
    stmts(s.body);
    pop_block();
  });
  as().bind(exit);
  as().set_top(iter);
  stmts(s.orelse);
  as().bind(block.break_to);
}

}  // namespace pystm::vm::compiler
