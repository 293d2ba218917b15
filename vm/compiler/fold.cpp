// Constant folding, in place, before scopes are built: what CPython's optimiser does to the tree as
// far as a program can see it, plus small arithmetic.
//
// Invariants: only results that cannot raise and are no bigger than 64 bits are folded; with
// `from __future__ import annotations`, annotations stay as written.
#include "vm/compiler/fold.h"

#include <cmath>
#include <cstring>

#include "vm/compiler/ast_visit.h"
#include "vm/compiler/compile.h"

namespace pystm::vm::compiler {
namespace {

using Value = ConstantValue;

class Folder {
 public:
  Folder(Arena& arena, int optimise, bool keep_annotations, int max_depth)
      : arena_(arena),
        optimise_(optimise),
        keep_annotations_(keep_annotations),
        max_depth_(max_depth) {}

  void walk(Node& n) {
    if (++depth_ > max_depth_) {
      ErrorInfo info;
      info.kind = ErrorKind::Recursion;
      info.message = "maximum recursion depth exceeded during compilation";
      throw CompileError{std::move(info)};
    }
    for_each_field(n, *this);
    depth_--;
  }

  // --- fields
  void identifier(const char*, Identifier) {}
  void identifiers(const char*, Seq<Identifier>) {}
  void text(const char*, std::string_view) {}
  void integer(const char*, int) {}
  void constant(const char*, const Value*) {}
  template <class E>
  void value(const char*, E) {}
  template <class E>
  void values(const char*, Seq<E>) {}
  template <class T>
  void node(const char* name, T*& n) {
    if (!n) return;
    if constexpr (std::is_same_v<T, Expr>) {
      if (keep_annotations_ && (!std::strcmp(name, "annotation") || !std::strcmp(name, "returns")))
        return;
      n = fold(n);
      if (!std::strcmp(name, "iter")) n = fold_iterable(n);
    } else {
      walk(*n);
    }
  }
  template <class T>
  void nodes(const char*, Seq<T*>& list) {
    for (T*& n : list) node("", n);
  }

 private:
  Expr* fold(Expr* e) {
    walk(*e);
    switch (e->kind) {
      case NodeKind::UnaryOp:
        return fold_unary(static_cast<UnaryOp*>(e));
      case NodeKind::BinOp:
        return fold_binary(static_cast<BinOp*>(e));
      case NodeKind::Tuple:
        return fold_tuple(static_cast<Tuple*>(e));
      case NodeKind::Compare: {
        auto* c = static_cast<Compare*>(e);
        const CmpOp op = c->ops.back();
        if (op == CmpOp::In || op == CmpOp::NotIn)
          c->comparators.back() = fold_iterable(c->comparators.back());
        return e;
      }
      case NodeKind::Name: {
        auto* n = static_cast<Name*>(e);
        if (n->ctx != ExprContext::Load || n->id != "__debug__") return e;
        Value v;
        v.type = optimise_ == 0 ? Value::kTrue : Value::kFalse;
        return replace(e, v);
      }
      default:
        return e;
    }
  }

  Expr* replace(const Expr* old, const Value& value) {
    auto* c = arena_.make<Constant>();
    c->kind = NodeKind::Constant;
    c->at = old->at;
    c->value = arena_.make<Value>(value);
    return c;
  }

  static const Value* value_of(const Expr* e) {
    auto* c = node_cast<Constant>(e);
    return c ? c->value : nullptr;
  }

  Expr* fold_unary(UnaryOp* e) {
    if (e->op == UnaryOpKind::Not) {
      // `not a is b` is `a is not b`.
      auto* c = node_cast<Compare>(e->operand);
      if (c && c->ops.size() == 1) {
        const CmpOp op = c->ops[0];
        if (op == CmpOp::Is || op == CmpOp::IsNot || op == CmpOp::In || op == CmpOp::NotIn) {
          c->ops[0] = op == CmpOp::Is      ? CmpOp::IsNot
                      : op == CmpOp::IsNot ? CmpOp::Is
                      : op == CmpOp::In    ? CmpOp::NotIn
                                           : CmpOp::In;
          return c;
        }
      }
    }
    const Value* v = value_of(e->operand);
    Value out;
    return v && fold_unary_value(e->op, *v, arena_, &out) ? replace(e, out) : e;
  }

  Expr* fold_binary(BinOp* e) {
    const Value* a = value_of(e->left);
    const Value* b = value_of(e->right);
    Value out;
    return a && b && fold_binary_value(e->op, *a, *b, &out) ? replace(e, out) : e;
  }

  bool constants(Seq<Expr*> elts, Value* out, Value::Type type) {
    for (Expr* e : elts)
      if (!value_of(e)) return false;
    out->type = type;
    out->items.count = elts.size();
    out->items.items =
        static_cast<const Value**>(arena_.allocate(elts.size() * sizeof(Value*) + 1));
    for (uint32_t i = 0; i < elts.size(); i++) out->items[i] = value_of(elts[i]);
    return true;
  }

  Expr* fold_tuple(Tuple* e) {
    Value out;
    if (e->ctx != ExprContext::Load || !constants(e->elts, &out, Value::kTuple)) return e;
    return replace(e, out);
  }

  // A display that is only iterated or searched may be constant.
  Expr* fold_iterable(Expr* e) {
    Value out;
    if (auto* l = node_cast<List>(e)) {
      if (constants(l->elts, &out, Value::kTuple)) return replace(e, out);
      for (Expr* x : l->elts)
        if (x->kind == NodeKind::Starred) return e;
      auto* t = arena_.make<Tuple>();
      t->kind = NodeKind::Tuple;
      t->at = e->at;
      t->elts = l->elts;
      return t;
    }
    if (auto* s = node_cast<Set>(e))
      if (constants(s->elts, &out, Value::kFrozenSet)) return replace(e, out);
    return e;
  }

  Arena& arena_;
  int optimise_;
  bool keep_annotations_;
  int max_depth_, depth_ = 0;
};

}  // namespace

void fold_constants(ModNode& module, Arena& arena, int optimise, bool keep_annotations,
                    int max_depth) {
  Folder(arena, optimise, keep_annotations, max_depth).walk(module);
}

}  // namespace pystm::vm::compiler
