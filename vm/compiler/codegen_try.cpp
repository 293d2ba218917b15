// try, with, and leaving blocks early.
//
// Cleanup code (finally bodies, __exit__ calls, LEAVE_HANDLER) is copied to every way out. While
// such a copy is made for a jump out of a block, the block's own handler must not cover it: its
// region is closed by unwind() and opened again behind the jump by reopen().
#include "vm/compiler/codegen.h"

namespace pystm::vm::compiler {

void Codegen::push_block(Block block) {
  constexpr size_t kMaxBlocks = 20;
  size_t depth = 0;
  for (const Block& b : blocks()) depth += b.kind != Block::Region;
  if (depth >= kMaxBlocks && block.stmt) fail("too many statically nested blocks", block.stmt->at);
  blocks().push_back(block);
}

// Emits the cleanup of all blocks above index down_to, innermost first.
void Codegen::unwind(size_t down_to) {
  const std::vector<Block> saved = blocks();
  for (size_t i = saved.size(); i > down_to; i--) {
    const Block& b = saved[i - 1];
    blocks().erase(blocks().begin() + static_cast<long>(i) - 1, blocks().end());
    if (b.region) as().close(*b.region);
    switch (b.kind) {
      case Block::Loop:
      case Block::Region:
      case Block::StarBody:
        break;
      case Block::Handler:
        if (b.name.data()) unbind_handler_name(b.name);
        as().emit(Op::LEAVE_HANDLER, b.reg);
        break;
      case Block::FinallyHandler:
        as().emit(Op::LEAVE_HANDLER, b.reg);
        break;
      case Block::Finally:
        stmts(b.finalbody);
        break;
      case Block::With:
        with_exit(b.reg, b.is_async);
        break;
    }
  }
  blocks() = saved;
}

void Codegen::reopen(size_t down_to) {
  for (size_t i = down_to; i < blocks().size(); i++)
    if (blocks()[i].region) as().open(*blocks()[i].region);
}

void Codegen::try_stmt(Seq<Stmt*> body, Seq<ExceptHandler*> handlers, Seq<Stmt*> orelse,
                       Seq<Stmt*> finalbody, bool star, Stmt& s) {
  if (!finalbody.empty()) return try_finally(body, handlers, orelse, finalbody, star, s);
  if (star) return try_star(body, handlers, orelse, s);
  try_except(body, handlers, orelse, s);
}

void Codegen::try_finally(Seq<Stmt*> body, Seq<ExceptHandler*> handlers, Seq<Stmt*> orelse,
                          Seq<Stmt*> finalbody, bool star, Stmt& s) {
  const Reg base = as().top();
  const Label end = as().new_label();
  Protected region;
  region.depth = base;
  Block block{Block::Finally};
  block.region = &region;
  block.finalbody = finalbody;
  block.stmt = &s;
  push_block(block);
  as().open(region);
  if (handlers.empty())
    stmts(body);
  else if (star)
    try_star(body, handlers, orelse, s);
  else
    try_except(body, handlers, orelse, s);
  as().close(region);
  pop_block();
  stmts(finalbody);
  as().jump(Op::JUMP, end);
  // The exceptional way.
  as().begin_handler(region);
  as().emit(Op::ENTER_HANDLER, base + 1, base);
  as().set_top(base + 2);
  Protected cleanup;
  cleanup.depth = base + 2;
  Block handler{Block::FinallyHandler};
  handler.region = &cleanup;
  handler.reg = base + 1;
  handler.stmt = &s;
  push_block(handler);
  as().open(cleanup);
  stmts(finalbody);
  as().close(cleanup);
  pop_block();
  as().emit(Op::LEAVE_HANDLER, base + 1);
  as().emit(Op::RERAISE, base);
  as().begin_handler(cleanup);
  as().emit(Op::LEAVE_HANDLER, base + 1);
  as().emit(Op::RERAISE, base + 2);
  as().bind(end);
  as().set_top(base);
}

void Codegen::unbind_handler_name(Identifier name) {
  const Reg r = as().top();
  as().load_none(r);
  as().set_top(r + 1);
  store_name(name, r);
  as().set_top(r);
  delete_name(name);
}

// --- except

void Codegen::try_except(Seq<Stmt*> body, Seq<ExceptHandler*> handlers, Seq<Stmt*> orelse,
                         Stmt& s) {
  const Reg base = as().top();
  const Label end = as().new_label();
  Protected region;
  region.depth = base;
  Block block{Block::Region};
  block.region = &region;
  push_block(block);
  as().open(region);
  stmts(body);
  as().close(region);
  pop_block();
  stmts(orelse);
  as().jump(Op::JUMP, end);
  as().begin_handler(region);
  as().emit(Op::ENTER_HANDLER, base + 1, base);
  as().set_top(base + 2);
  Protected cleanup;
  cleanup.depth = base + 2;
  as().open(cleanup);
  for (uint32_t i = 0; i < handlers.size(); i++) {
    if (!handlers[i]->type && i + 1 < handlers.size())
      fail("default 'except:' must be last", handlers[i]->at);
    except_handler(*handlers[i], base, cleanup, end);
  }
  as().close(cleanup);
  {
    At last(*this, *handlers[handlers.size() - 1]);  // f_lineno of a frame that no handler kept
    as().emit(Op::LEAVE_HANDLER, base + 1);
    as().emit(Op::RERAISE, base);
  }
  if (!cleanup.ranges.empty()) {
    as().begin_handler(cleanup);
    as().emit(Op::LEAVE_HANDLER, base + 1);
    as().emit(Op::RERAISE, base + 2);
  }
  as().bind(end);
  as().set_top(base);
  (void)s;
}

// One handler; the exception is in base, the saved one in base + 1.
void Codegen::except_handler(ExceptHandler& h, Reg base, Protected& cleanup, Label end) {
  At at(*this, h);
  const Label next = as().new_label();
  if (h.type) {
    At there(*this, *h.type);
    const Reg type = expr(*h.type);
    as().set_top(std::max(as().top(), base + 2));
    as().emit(Op::CHECK_EXC_MATCH, base + 2, base, type);
    as().set_top(base + 3);
    as().jump(Op::JUMP_IF_FALSE, next, base + 2);
    as().set_top(base + 2);
  }
  if (h.name.data()) {
    check_debug(h.name, h.at);
    as().close(cleanup);
    store_name(h.name, base);
    named_body(h, base, base + 1);
  } else {
    Block block{Block::Handler};
    block.region = &cleanup;
    block.reg = base + 1;
    push_block(block);
    stmts(h.body);
    pop_block();
    as().close(cleanup);
    as().emit(Op::LEAVE_HANDLER, base + 1);
  }
  as().jump(Op::JUMP, end);
  as().bind(next);
  as().set_top(base + 2);
  as().open(cleanup);
}

// The body of `except ... as name`, which unbinds the name on every way out; on return the
// handler is left.
void Codegen::named_body(ExceptHandler& h, Reg, Reg save) {
  const Reg base = as().top();
  const Label end = as().new_label();
  Protected region;
  region.depth = base;
  Block block{Block::Handler};
  block.region = &region;
  block.reg = save;
  block.name = h.name;
  push_block(block);
  as().open(region);
  stmts(h.body);
  as().close(region);
  pop_block();
  unbind_handler_name(h.name);
  as().emit(Op::LEAVE_HANDLER, save);
  as().jump(Op::JUMP, end);
  as().begin_handler(region);
  unbind_handler_name(h.name);
  as().emit(Op::LEAVE_HANDLER, save);
  as().emit(Op::RERAISE, base);
  as().bind(end);
  as().set_top(base);
}

// --- except*

// Registers: base the exception, +1 the saved one, +2 list of what bodies raised, +3 the part not
// handled yet.
void Codegen::try_star(Seq<Stmt*> body, Seq<ExceptHandler*> handlers, Seq<Stmt*> orelse, Stmt& s) {
  const Reg base = as().top();
  const Label end = as().new_label();
  Protected region;
  region.depth = base;
  Block block{Block::Region};
  block.region = &region;
  push_block(block);
  as().open(region);
  stmts(body);
  as().close(region);
  pop_block();
  stmts(orelse);
  as().jump(Op::JUMP, end);
  as().begin_handler(region);
  as().emit(Op::ENTER_HANDLER, base + 1, base);
  as().set_top(base + 2);
  Protected cleanup;
  cleanup.depth = base + 2;
  Block outer{Block::StarBody};
  outer.region = &cleanup;
  push_block(outer);
  as().open(cleanup);
  as().emit(Op::BUILD_LIST, base + 2, base + 2, 0);
  as().set_top(base + 3);
  as().emit(Op::MOVE, base + 3, base);
  as().set_top(base + 4);
  for (ExceptHandler* h : handlers) star_handler(*h, base);
  const Label handled = as().new_label();
  as().jump(Op::JUMP_IF_NONE, handled, base + 3);
  as().emit(Op::LIST_APPEND, base + 2, base + 3);
  as().bind(handled);
  as().emit(Op::PREP_RERAISE_STAR, base + 4, base, base + 2);
  as().close(cleanup);
  pop_block();
  as().set_top(base + 5);
  const Label done = as().new_label();
  as().jump(Op::JUMP_IF_NONE, done, base + 4);
  as().emit(Op::LEAVE_HANDLER, base + 1);
  as().emit(Op::RERAISE, base + 4);
  as().bind(done);
  as().emit(Op::LEAVE_HANDLER, base + 1);
  as().jump(Op::JUMP, end);
  as().begin_handler(cleanup);
  as().emit(Op::LEAVE_HANDLER, base + 1);
  as().emit(Op::RERAISE, base + 2);
  as().bind(end);
  as().set_top(base);
  (void)s;
}

void Codegen::star_handler(ExceptHandler& h, Reg base) {
  At at(*this, h);
  const Reg match = base + 4, save = base + 5;
  const Label next = as().new_label();
  as().jump(Op::JUMP_IF_NONE, next, base + 3);
  const Reg type = expr(*h.type);
  as().emit(Op::CHECK_EG_MATCH, match, base + 3, type);
  as().set_top(base + 6);
  as().jump(Op::JUMP_IF_NONE, next, match);
  as().emit(Op::MOVE, base + 3, match + 1);
  as().set_top(match + 1);
  as().emit(Op::ENTER_HANDLER, save, match);
  as().set_top(save + 1);
  if (h.name.data()) store_name(h.name, match);
  Protected region;
  region.depth = save + 1;
  Block block{Block::StarBody};
  block.region = &region;
  push_block(block);
  as().open(region);
  stmts(h.body);
  as().close(region);
  pop_block();
  if (h.name.data()) unbind_handler_name(h.name);
  as().emit(Op::LEAVE_HANDLER, save);
  as().jump(Op::JUMP, next);
  as().begin_handler(region);
  if (h.name.data()) unbind_handler_name(h.name);
  as().emit(Op::LEAVE_HANDLER, save);
  as().emit(Op::LIST_APPEND, base + 2, save + 1);
  as().bind(next);
  as().set_top(base + 4);
}

// --- with

void Codegen::with_exit(Reg base, bool is_async) {
  const Reg result = as().top();
  as().emit(Op::WITH_EXIT, result, base);
  if (is_async) await_register(result, 2);
  as().set_top(result);
}

template <class W>
void Codegen::with(W& w, uint32_t index, bool is_async) {
  if (index == w.items.size()) return stmts(w.body);
  const bool top_level = options_.allow_top_level_await && current().type == ScopeType::Module;
  if (is_async && !top_level && current().node->kind != NodeKind::AsyncFunctionDef)
    fail("'async with' outside async function", w.at);
  withitem& item = *w.items[index];
  const Reg base = as().top();
  const Reg manager = expr(*item.context_expr);
  {
    At at(*this, *item.context_expr);
    // While __enter__ runs the exit pair is in place already: alive for a collection and a
    // checkpoint.
    for (Reg r : {base, base + 1})
      if (r != manager) as().emit(Op::CLEAR, r);
    as().set_top(base + 2);
    as().emit(is_async ? Op::ASYNC_WITH_ENTER : Op::WITH_ENTER, base, manager);
    as().set_top(base + 3);
    if (is_async) {
      await_register(base + 2, 1);
      move(base + 2, base + 3);
      as().set_top(base + 3);
    }
  }
  const Label end = as().new_label();
  Protected region;
  region.depth = base + 2;
  Block block{Block::With};
  block.region = &region;
  block.reg = base;
  block.is_async = is_async;
  block.stmt = &w;
  push_block(block);
  as().open(region);
  if (item.optional_vars) store(*item.optional_vars, base + 2);
  as().set_top(base + 2);
  with(w, index + 1, is_async);
  as().close(region);
  pop_block();
  At at(*this, *item.context_expr);
  with_exit(base, is_async);
  as().jump(Op::JUMP, end);
  as().begin_handler(region);
  as().emit(Op::ENTER_HANDLER, base + 3, base + 2);
  as().set_top(base + 4);
  Protected cleanup;
  cleanup.depth = base + 4;
  const Label swallow = as().new_label();
  as().open(cleanup);
  as().emit(Op::WITH_EXCEPT, base + 4, base, base + 2);
  as().set_top(base + 5);
  if (is_async) {
    await_register(base + 4, 2);
    move(base + 4, base + 5);
    as().set_top(base + 5);
  }
  as().jump(Op::JUMP_IF_TRUE, swallow, base + 4);
  as().close(cleanup);
  as().set_top(base + 4);
  as().emit(Op::LEAVE_HANDLER, base + 3);
  as().emit(Op::RERAISE, base + 2);
  as().begin_handler(cleanup);
  as().emit(Op::LEAVE_HANDLER, base + 3);
  as().emit(Op::RERAISE, base + 4);
  as().bind(swallow);
  as().set_top(base + 4);
  as().emit(Op::LEAVE_HANDLER, base + 3);
  as().bind(end);
  as().set_top(base);
}

template void Codegen::with(With&, uint32_t, bool);
template void Codegen::with(AsyncWith&, uint32_t, bool);

}  // namespace pystm::vm::compiler
