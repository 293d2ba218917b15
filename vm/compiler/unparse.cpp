// Expressions back to text, as `from __future__ import annotations` stores them: CPython's spacing,
// parentheses only where precedence needs them.
#include <charconv>
#include <cmath>
#include <cstdio>

#include "vm/compiler/compile.h"
#include "vm/compiler/repr.h"

namespace pystm::vm::compiler {
namespace {

// From loosest to tightest.
enum Precedence {
  kTuple,
  kTest,
  kOr,
  kAnd,
  kNot,
  kCompare,
  kExpr,
  kBitXor,
  kBitAnd,
  kShift,
  kArith,
  kTerm,
  kFactor,
  kPower,
  kAwait,
  kAtom
};
constexpr Precedence kBitOr = kExpr;

Precedence tighter(Precedence p) { return static_cast<Precedence>(p + 1); }

struct BinaryText {
  const char* text;
  Precedence precedence;
  bool right;
};
constexpr BinaryText kBinary[] = {
    {" + ", kArith, false}, {" - ", kArith, false},  {" * ", kTerm, false},
    {" @ ", kTerm, false},  {" / ", kTerm, false},   {" % ", kTerm, false},
    {" ** ", kPower, true}, {" << ", kShift, false}, {" >> ", kShift, false},
    {" | ", kBitOr, false}, {" ^ ", kBitXor, false}, {" & ", kBitAnd, false},
    {" // ", kTerm, false}};
constexpr const char* kCompareText[] = {" == ", " != ", " < ",      " <= ", " > ",
                                        " >= ", " is ", " is not ", " in ", " not in "};

class Unparser {
 public:
  std::string out;

  void expr(const Expr* e, Precedence level) {
    switch (e->kind) {
      case NodeKind::Name:
        out += static_cast<const Name*>(e)->id;
        return;
      case NodeKind::Constant:
        return constant(*static_cast<const Constant*>(e)->value);
      case NodeKind::BoolOp:
        return bool_op(*static_cast<const BoolOp*>(e), level);
      case NodeKind::BinOp:
        return bin_op(*static_cast<const BinOp*>(e), level);
      case NodeKind::UnaryOp:
        return unary(*static_cast<const UnaryOp*>(e), level);
      case NodeKind::Compare:
        return compare(*static_cast<const Compare*>(e), level);
      case NodeKind::Call:
        return call(*static_cast<const Call*>(e));
      case NodeKind::Subscript: {
        auto* s = static_cast<const Subscript*>(e);
        expr(s->value, kAtom);
        out += '[';
        subscript(s->slice);
        out += ']';
        return;
      }
      case NodeKind::Attribute: {
        auto* a = static_cast<const Attribute*>(e);
        expr(a->value, kAtom);
        auto* c = node_cast<Constant>(a->value);
        const bool number = c && (c->value->type == ConstantValue::kInt ||
                                  c->value->type == ConstantValue::kBigInt);
        out += number ? " ." : ".";
        out += a->attr;
        return;
      }
      case NodeKind::Starred:
        out += '*';
        return expr(static_cast<const Starred*>(e)->value, kBitOr);
      case NodeKind::List:
        return bracketed('[', static_cast<const List*>(e)->elts, ']');
      case NodeKind::Set:
        return bracketed('{', static_cast<const Set*>(e)->elts, '}');
      case NodeKind::Tuple:
        return tuple(*static_cast<const Tuple*>(e), level);
      default:
        return rare(e, level);
    }
  }

 private:
  struct Paren {
    Paren(Unparser& u, bool on) : u(u), on(on) {
      if (on) u.out += '(';
    }
    ~Paren() {
      if (on) u.out += ')';
    }
    Unparser& u;
    bool on;
  };

  void constant(const ConstantValue& v) {
    if (v.type == ConstantValue::kEllipsis)
      out += "...";
    else
      out += constant_repr(v);
  }

  void list(Seq<Expr*> items, Precedence level) {
    for (uint32_t i = 0; i < items.size(); i++) {
      if (i) out += ", ";
      expr(items[i], level);
    }
  }
  void bracketed(char open, Seq<Expr*> items, char close) {
    out += open;
    list(items, kTest);
    out += close;
  }
  void tuple(const Tuple& t, Precedence level) {
    if (t.elts.empty()) {
      out += "()";
      return;
    }
    Paren p(*this, level > kTuple);
    list(t.elts, kTest);
    if (t.elts.size() == 1) out += ',';
  }
  void bool_op(const BoolOp& b, Precedence level) {
    const Precedence own = b.op == BoolOpKind::And ? kAnd : kOr;
    Paren p(*this, level > own);
    for (uint32_t i = 0; i < b.values.size(); i++) {
      if (i) out += b.op == BoolOpKind::And ? " and " : " or ";
      expr(b.values[i], tighter(own));
    }
  }
  void bin_op(const BinOp& b, Precedence level) {
    const BinaryText& t = kBinary[static_cast<int>(b.op)];
    Paren p(*this, level > t.precedence);
    expr(b.left, t.right ? tighter(t.precedence) : t.precedence);
    out += t.text;
    expr(b.right, t.right ? t.precedence : tighter(t.precedence));
  }
  void unary(const UnaryOp& u, Precedence level) {
    static constexpr const char* kText[] = {"~", "not ", "+", "-"};
    const Precedence own = u.op == UnaryOpKind::Not ? kNot : kFactor;
    Paren p(*this, level > own);
    out += kText[static_cast<int>(u.op)];
    expr(u.operand, own);
  }
  void compare(const Compare& c, Precedence level) {
    Paren p(*this, level > kCompare);
    expr(c.left, tighter(kCompare));
    for (uint32_t i = 0; i < c.ops.size(); i++) {
      out += kCompareText[static_cast<int>(c.ops[i])];
      expr(c.comparators[i], tighter(kCompare));
    }
  }
  void call(const Call& c) {
    expr(c.func, kAtom);
    if (c.args.size() == 1 && c.keywords.empty() && c.args[0]->kind == NodeKind::GeneratorExp)
      return expr(c.args[0], kTest);
    out += '(';
    list(c.args, kTest);
    for (uint32_t i = 0; i < c.keywords.size(); i++) {
      if (i || !c.args.empty()) out += ", ";
      const keyword* k = c.keywords[i];
      if (k->arg_name.data())
        (out += k->arg_name) += '=';
      else
        out += "**";
      expr(k->value, kTest);
    }
    out += ')';
  }
  void subscript(const Expr* e) {
    auto* s = node_cast<Slice>(e);
    if (!s) return expr(e, kTuple);
    if (s->lower) expr(s->lower, kTest);
    out += ':';
    if (s->upper) expr(s->upper, kTest);
    if (!s->step) return;
    out += ':';
    expr(s->step, kTest);
  }
  void clauses(Seq<comprehension*> generators) {
    for (const comprehension* c : generators) {
      out += c->is_async ? " async for " : " for ";
      expr(c->target, kTuple);
      out += " in ";
      expr(c->iter, tighter(kTest));
      for (const Expr* test : c->ifs) {
        out += " if ";
        expr(test, tighter(kTest));
      }
    }
  }
  template <class C>
  void comp(char open, const C& c, char close) {
    out += open;
    expr(c.elt, kTest);
    clauses(c.generators);
    out += close;
  }

  void rare(const Expr* e, Precedence level) {
    switch (e->kind) {
      case NodeKind::NamedExpr: {
        auto* n = static_cast<const NamedExpr*>(e);
        Paren p(*this, level > kTuple);
        expr(n->target, kAtom);
        out += " := ";
        return expr(n->value, kAtom);
      }
      case NodeKind::Lambda: {
        Paren p(*this, level > kTest);
        out += "lambda";
        parameters(*static_cast<const Lambda*>(e)->args);
        out += ": ";
        return expr(static_cast<const Lambda*>(e)->body, kTest);
      }
      case NodeKind::IfExp: {
        auto* i = static_cast<const IfExp*>(e);
        Paren p(*this, level > kTest);
        expr(i->body, tighter(kTest));
        out += " if ";
        expr(i->test, tighter(kTest));
        out += " else ";
        return expr(i->orelse, kTest);
      }
      case NodeKind::Dict:
        return dict(*static_cast<const Dict*>(e));
      case NodeKind::ListComp:
        return comp('[', *static_cast<const ListComp*>(e), ']');
      case NodeKind::SetComp:
        return comp('{', *static_cast<const SetComp*>(e), '}');
      case NodeKind::GeneratorExp:
        return comp('(', *static_cast<const GeneratorExp*>(e), ')');
      case NodeKind::DictComp: {
        auto* d = static_cast<const DictComp*>(e);
        out += '{';
        expr(d->key, kTest);
        out += ": ";
        expr(d->value, kTest);
        clauses(d->generators);
        out += '}';
        return;
      }
      case NodeKind::Await: {
        Paren p(*this, level > kAwait);
        out += "await ";
        return expr(static_cast<const Await*>(e)->value, kAtom);
      }
      case NodeKind::Yield:
        out += static_cast<const Yield*>(e)->value ? "(yield " : "(yield";
        if (static_cast<const Yield*>(e)->value) expr(static_cast<const Yield*>(e)->value, kTest);
        out += ')';
        return;
      case NodeKind::YieldFrom:
        out += "(yield from ";
        expr(static_cast<const YieldFrom*>(e)->value, kTest);
        out += ')';
        return;
      case NodeKind::Slice:
        return subscript(e);
      case NodeKind::JoinedStr:
      case NodeKind::FormattedValue: {
        std::string body;
        format(e, body, true);
        ConstantValue text;
        text.type = ConstantValue::kStr;
        text.text = body;
        out += 'f';
        out += constant_repr(text);
        return;
      }
      default:
        return;
    }
  }

  void dict(const Dict& d) {
    out += '{';
    for (uint32_t i = 0; i < d.keys.size(); i++) {
      if (i) out += ", ";
      if (d.keys[i]) {
        expr(d.keys[i], kTest);
        out += ": ";
        expr(d.values[i], kTest);
      } else {
        out += "**";
        expr(d.values[i], kBitOr);
      }
    }
    out += '}';
  }

  void parameters(const arguments& a) {
    bool first = true;
    const auto comma = [&] {
      out += first ? " " : ", ";
      first = false;
    };
    const uint32_t positional = a.posonlyargs.size() + a.args.size();
    const uint32_t plain = positional - a.defaults.size();
    for (uint32_t i = 0; i < positional; i++) {
      comma();
      const bool only = i < a.posonlyargs.size();
      out += (only ? a.posonlyargs[i] : a.args[i - a.posonlyargs.size()])->arg_name;
      if (i >= plain) {
        out += '=';
        expr(a.defaults[i - plain], kTest);
      }
      if (only && i + 1 == a.posonlyargs.size()) out += ", /";
    }
    if (a.vararg || !a.kwonlyargs.empty()) {
      comma();
      out += '*';
      if (a.vararg) out += a.vararg->arg_name;
    }
    for (uint32_t i = 0; i < a.kwonlyargs.size(); i++) {
      comma();
      out += a.kwonlyargs[i]->arg_name;
      if (!a.kw_defaults[i]) continue;
      out += '=';
      expr(a.kw_defaults[i], kTest);
    }
    if (a.kwarg) {
      comma();
      out += "**";
      out += a.kwarg->arg_name;
    }
  }

  // The text inside an f-string's quotes.
  void format(const Expr* e, std::string& body, bool outermost) {
    if (auto* j = node_cast<JoinedStr>(e)) {
      for (const Expr* part : j->values) format(part, body, outermost);
    } else if (auto* c = node_cast<Constant>(e)) {
      for (char ch : c->value->text) {
        body += ch;
        if (ch == '{' || ch == '}') body += ch;
      }
    } else if (auto* f = node_cast<FormattedValue>(e)) {
      Unparser inner;
      inner.expr(f->value, tighter(kTest));
      body += inner.out.starts_with('{') ? "{ " : "{";
      body += inner.out;
      if (f->conversion > 0) {
        body += '!';
        body += static_cast<char>(f->conversion);
      }
      if (f->format_spec) {
        body += ':';
        format(f->format_spec, body, false);
      }
      body += '}';
    }
  }
};

}  // namespace

std::string unparse_expression(const Expr& e) {
  Unparser u;
  u.expr(&e, kTest);
  return u.out;
}

}  // namespace pystm::vm::compiler
