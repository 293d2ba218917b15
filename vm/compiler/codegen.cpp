// Scopes: modules, functions, classes and how their objects are made.
#include "vm/compiler/codegen.h"

#include <algorithm>

#include "base/assert.h"
#include "vm/compiler/ast_visit.h"
#include "vm/compiler/big_int.h"

namespace pystm::vm::compiler {

Codegen::Codegen(Arena& arena, SymbolTable& table, const CompileOptions& options,
                 std::string filename, bool future_annotations, int last_future_line,
                 WarningList& warnings)
    : arena_(arena),
      table_(table),
      options_(options),
      filename_(std::move(filename)),
      future_annotations_(future_annotations),
      last_future_line_(last_future_line),
      warnings_(warnings) {}

std::vector<Codegen::Block>& Codegen::blocks() { return function_->blocks; }

void Codegen::fail(const std::string& message, const Position& at) {
  ErrorInfo info;
  info.kind = ErrorKind::Syntax;
  info.message = message;
  info.has_position = true;
  info.lineno = at.lineno;
  info.offset = at.col_offset + 1;
  info.end_lineno = at.end_lineno;
  info.end_offset = at.end_col_offset + 1;
  throw CompileError{std::move(info)};
}

void Codegen::warn(const std::string& message, const Position& at) {
  warnings_.push_back({WarningKind::Syntax,
                       message,
                       at.lineno,
                       at.col_offset + 1,
                       at.end_lineno,
                       at.end_col_offset + 1,
                       false,
                       {}});
}

Const Codegen::str(std::string_view text) {
  Const c;
  c.kind = Const::Kind::kStr;
  c.text = text;
  return c;
}

Const Codegen::constant(const ConstantValue& v) {
  static constexpr Const::Kind kKinds[] = {
      Const::Kind::kNone, Const::Kind::kTrue,   Const::Kind::kFalse, Const::Kind::kEllipsis,
      Const::Kind::kInt,  Const::Kind::kBigInt, Const::Kind::kFloat, Const::Kind::kComplex,
      Const::Kind::kStr,  Const::Kind::kBytes,  Const::Kind::kTuple, Const::Kind::kFrozenSet};
  Const c;
  c.kind = kKinds[v.type];
  c.int_value = v.integer;
  c.real = v.real;
  c.imag = v.imag;
  c.text = v.type == ConstantValue::kBigInt ? big_int_hex(v.text) : std::string(v.text);
  for (const ConstantValue* item : v.items) c.items.push_back(constant(*item));
  return c;
}

Identifier Codegen::mangled(Identifier name) {
  return mangle(arena_, current().private_name, name);
}

// --- scopes

std::string Codegen::qualified_name(Scope& s, std::string_view name) {
  if (!function_) return std::string(name);
  Scope& outer = current();
  const Symbol* symbol = outer.find(mangle(arena_, outer.private_name, arena_.intern(name)));
  if ((s.node->kind == NodeKind::ClassDef || s.node->kind == NodeKind::FunctionDef ||
       s.node->kind == NodeKind::AsyncFunctionDef) &&
      symbol && symbol->binding == Binding::GlobalExplicit)
    return std::string(name);
  if (outer.type == ScopeType::Module) return std::string(name);
  return function_->qualname + (outer.is_function() ? ".<locals>." : ".") + std::string(name);
}

std::shared_ptr<CodeUnit> Codegen::scope(Scope& s, std::string_view name, int first_line,
                                         void (Codegen::*body)(Node&), Node& node) {
  Function f{Assembler(s, arena_), function_, {}, qualified_name(s, name)};
  function_ = &f;
  as_ = &f.assembler;
  CodeUnit& unit = *f.assembler.unit;
  unit.name = name;
  unit.qualname = f.qualname;
  unit.filename = filename_;
  unit.first_line = first_line;
  as().at.lineno = as().at.end_lineno = first_line;
  begin_code();
  (this->*body)(node);
  std::shared_ptr<CodeUnit> result = as().finish();
  function_ = f.outer;
  as_ = f.outer ? &f.outer->assembler : nullptr;
  return result;
}

void Codegen::begin_code() {
  Scope& s = current();
  CodeUnit& unit = *as().unit;
  const bool async = s.coroutine && s.is_function();
  if (s.is_function()) {
    unit.flags |= kCoOptimized | kCoNewLocals;
    if (s.nested) unit.flags |= kCoNested;
    if (s.generator && !async) unit.flags |= kCoGenerator;
    if (!s.generator && async) unit.flags |= kCoCoroutine;
    if (s.generator && async) unit.flags |= kCoAsyncGenerator;
    if (s.varargs) unit.flags |= kCoVarArgs;
    if (s.varkeywords) unit.flags |= kCoVarKeywords;
  }
  if (future_annotations_) unit.flags |= kCoFutureAnnotations;
  if (!unit.freevars.empty())
    as().emit(Op::COPY_FREE, unit.free_base(), 0, static_cast<Reg>(unit.freevars.size()));
  for (size_t i = 0; i < unit.cellvars.size(); i++) {
    const int parameter = as().local(unit.cellvars[i]);
    as().emit(Op::MAKE_CELL, static_cast<Reg>(unit.cell_base() + i),
              parameter >= 0 ? static_cast<Reg>(parameter) : kNoRegister);
  }
  const bool top_level_await = s.type == ScopeType::Module && s.coroutine;
  if (top_level_await) unit.flags |= kCoCoroutine;
  if ((s.is_function() && (s.generator || async)) || top_level_await)
    as().emit(Op::RETURN_GENERATOR, 0);
}

// The implicit `return None`.
void Codegen::finish_code() {
  const Reg r = as().top();
  as().load_none(r);
  as().set_top(r + 1);
  as().emit(Op::RETURN, r);
  as().set_top(r);
}

std::shared_ptr<CodeUnit> Codegen::module(ModNode& m) {
  interactive_ = m.kind == NodeKind::Interactive;
  return scope(*table_.top, "<module>", 1, &Codegen::module_body, m);
}

void Codegen::module_body(Node& n) {
  if (auto* e = node_cast<Expression>(&n)) {
    At at(*this, *e->body);
    const Reg r = push(*e->body);
    as().emit(Op::RETURN, r);
    return;
  }
  Seq<Stmt*> body =
      n.kind == NodeKind::Module ? static_cast<Module&>(n).body : static_cast<Interactive&>(n).body;
  if (current().has_annotations) as().emit(Op::SETUP_ANNOTATIONS, 0);
  if (n.kind == NodeKind::Module) docstring(body, false);
  stmts(body);
  finish_code();
}

// Stores __doc__ (module, class), or makes the docstring constant 0 (function).
void Codegen::docstring(Seq<Stmt*> body, bool is_function) {
  const ConstantValue* doc = nullptr;
  if (!body.empty() && options_.optimise < 2)
    if (auto* s = node_cast<ExprStmt>(body[0]))
      if (auto* c = node_cast<Constant>(s->value))
        if (c->value->type == ConstantValue::kStr) doc = c->value;
  if (is_function) {
    as().constant(doc ? constant(*doc) : Const{});
    return;
  }
  if (!doc) return;
  At at(*this, *body[0]);
  const Reg r = as().top();
  as().load_const(r, constant(*doc));
  as().set_top(r + 1);
  as().emit(Op::STORE_NAME, r, as().name("__doc__"));
  as().set_top(r);
}

void Codegen::function_body(Node& n) {
  const auto compile = [&](auto& f) {
    CodeUnit& unit = *as().unit;
    unit.argcount = static_cast<uint16_t>(f.args->posonlyargs.size() + f.args->args.size());
    unit.posonly_count = static_cast<uint16_t>(f.args->posonlyargs.size());
    unit.kwonly_count = static_cast<uint16_t>(f.args->kwonlyargs.size());
    docstring(f.body, true);
    stmts(f.body);
    finish_code();
  };
  if (n.kind == NodeKind::FunctionDef)
    compile(static_cast<FunctionDef&>(n));
  else
    compile(static_cast<AsyncFunctionDef&>(n));
}

void Codegen::lambda_body(Node& n) {
  auto& l = static_cast<Lambda&>(n);
  CodeUnit& unit = *as().unit;
  unit.argcount = static_cast<uint16_t>(l.args->posonlyargs.size() + l.args->args.size());
  unit.posonly_count = static_cast<uint16_t>(l.args->posonlyargs.size());
  unit.kwonly_count = static_cast<uint16_t>(l.args->kwonlyargs.size());
  as().constant(Const{});
  At at(*this, *l.body);
  const Reg r = expr(*l.body);
  as().emit(Op::RETURN, r);
}

void Codegen::class_body(Node& n) {
  auto& c = static_cast<ClassDef&>(n);
  const Reg r = as().top();
  const auto store_named = [&](std::string_view name) {
    as().set_top(r + 1);
    as().emit(Op::STORE_NAME, r, as().name(name));
    as().set_top(r);
  };
  as().emit(Op::LOAD_NAME, r, as().name("__name__"));
  store_named("__module__");
  as().load_const(r, str(function_->qualname));
  store_named("__qualname__");
  if (current().has_annotations) as().emit(Op::SETUP_ANNOTATIONS, 0);
  docstring(c.body, false);
  stmts(c.body);
  if (!current().needs_class_closure) return finish_code();
  const Reg cell = static_cast<Reg>(as().cell("__class__"));
  as().emit(Op::STORE_NAME, cell, as().name("__classcell__"));
  as().emit(Op::RETURN, cell);
}

// --- function objects

// CLEAR for the registers of MAKE_FUNCTION that are not given but lie below one that is.
void Codegen::fill_extras(Reg base, unsigned from, unsigned to) {
  for (unsigned i = from; i < to; i++) {
    as().emit(Op::CLEAR, base + i);
    as().set_top(base + i + 1);
  }
}

// The text of an annotation, or its value.
void Codegen::annotation_value(Expr& e, Reg dst) {
  if (future_annotations_) return as().load_const(dst, str(unparse_expression(e)));
  if (auto* s = node_cast<Starred>(&e)) {
    // *args: *Ts
    const Reg value = push(*s->value);
    as().emit(Op::UNPACK, dst, value, 1);
    as().set_top(value);
    return;
  }
  into(e, dst);
}

bool Codegen::annotation_tuple(arguments& a, Expr* returns, Reg dst) {
  const Reg first = as().top();
  unsigned count = 0;
  const auto add = [&](Identifier name, Expr* e) {
    if (!e) return;
    At at(*this, *e);
    as().load_const(as().top(), str(mangled(name)));
    as().push();
    const Reg r = as().top();
    annotation_value(*e, r);
    as().set_top(r + 1);
    count += 2;
  };
  for (Seq<arg*> list : {a.posonlyargs, a.args})
    for (arg* p : list) add(p->arg_name, p->annotation);
  if (a.vararg) add(a.vararg->arg_name, a.vararg->annotation);
  for (arg* p : a.kwonlyargs) add(p->arg_name, p->annotation);
  if (a.kwarg) add(a.kwarg->arg_name, a.kwarg->annotation);
  add("return", returns);
  if (count) as().emit(Op::BUILD_TUPLE, dst, first, count);
  as().set_top(first);
  return count != 0;
}

// Evaluates defaults, keyword defaults and annotations into base.. ; returns the D bits.
unsigned Codegen::function_extras(arguments& a, Expr* returns, Reg base, bool with_annotations) {
  unsigned given = 0;
  unsigned filled = 0;
  const auto slot = [&](unsigned i) {
    fill_extras(base, filled, i);
    filled = i + 1;
    given |= 1u << i;
    as().set_top(base + i + 1);
  };
  if (!a.defaults.empty()) {
    for (Expr* e : a.defaults) push(*e);
    as().emit(Op::BUILD_TUPLE, base, base, a.defaults.size());
    slot(0);
  }
  std::vector<std::pair<Identifier, Expr*>> keyword_defaults;
  for (uint32_t i = 0; i < a.kwonlyargs.size(); i++)
    if (a.kw_defaults[i])
      keyword_defaults.emplace_back(a.kwonlyargs[i]->arg_name, a.kw_defaults[i]);
  if (!keyword_defaults.empty()) {
    fill_extras(base, filled, 1);
    filled = std::max(filled, 1u);
    const Reg first = as().top();
    for (auto [name, e] : keyword_defaults) {
      as().load_const(as().top(), str(mangled(name)));
      as().push();
      push(*e);
    }
    as().emit(Op::BUILD_MAP, base + 1, first, static_cast<Reg>(keyword_defaults.size()));
    slot(1);
  }
  if (with_annotations) {
    bool any = returns != nullptr;
    for (Seq<arg*> list : {a.posonlyargs, a.args, a.kwonlyargs})
      for (arg* p : list) any |= p->annotation != nullptr;
    any |= a.vararg && a.vararg->annotation;
    any |= a.kwarg && a.kwarg->annotation;
    if (any) {
      fill_extras(base, filled, 2);
      filled = std::max(filled, 2u);
      annotation_tuple(a, returns, base + 2);
      slot(2);
    }
  }
  return given;
}

// Puts the closure tuple into base+3 if the code has free variables.
unsigned Codegen::closure(const CodeUnit& code, Reg base, unsigned given) {
  if (code.freevars.empty()) return given;
  fill_extras(base, static_cast<unsigned>(as().top() - base), 3);
  const Reg first = as().top();
  for (const std::string& name : code.freevars) {
    int r = as().cell(name);
    if (r < 0) r = as().free(name);
    CHECK(r >= 0);
    as().emit(Op::MOVE, as().top(), static_cast<Reg>(r));
    as().push();
  }
  as().emit(Op::BUILD_TUPLE, base + 3, first, static_cast<Reg>(code.freevars.size()));
  as().set_top(base + 4);
  return given | 8;
}

// dst = function of code, its extras from base on; leaves the stack at base.
void Codegen::make_function(std::shared_ptr<CodeUnit> code, Reg base, unsigned given, Reg dst) {
  given = closure(*code, base, given);
  Const c;
  c.kind = Const::Kind::kCode;
  c.code = std::move(code);
  const int index = as().constant(std::move(c));
  if (index > 0xFFFF) fail("too many constants", as().at);
  as().emit(Op::MAKE_FUNCTION, dst, base, static_cast<Reg>(index), given);
  as().set_top(base);
}

// Evaluates the decorators into call windows from base on; the innermost is on top.
void Codegen::decorate(Seq<Expr*> decorators, Identifier, Reg base) {
  for (uint32_t i = 0; i < decorators.size(); i++) {
    const Reg r = as().top();
    into(*decorators[i], r);
    as().set_top(r + 1);
    as().emit(Op::CLEAR, r + 1);
    as().set_top(r + 2);
  }
  (void)base;
}

void Codegen::check_parameters(arguments& a) {
  for (Seq<arg*> list : {a.posonlyargs, a.args, a.kwonlyargs})
    for (arg* p : list) check_debug(p->arg_name, as().at);
  if (a.vararg) check_debug(a.vararg->arg_name, as().at);
  if (a.kwarg) check_debug(a.kwarg->arg_name, as().at);
}

template <class F>
void Codegen::function_def(F& f, bool) {
  check_debug(f.name, f.at);
  check_parameters(*f.args);
  const Reg base = as().top();
  decorate(f.decorator_list, f.name, base);
  const uint32_t count = f.decorator_list.size();
  const Reg extras = as().top();
  const unsigned given = function_extras(*f.args, f.returns, extras, true);
  const int first_line = count ? f.decorator_list[0]->at.lineno : f.at.lineno;
  auto code = scope(*table_.by_node.at(&f), f.name, first_line, &Codegen::function_body, f);
  make_function(std::move(code), extras, given, extras);
  for (uint32_t i = count; i-- > 0;) {
    At at(*this, *f.decorator_list[i]);
    const Reg window = base + 2 * i;
    as().set_top(window + 3);
    as().emit(Op::CALL, window, window, 1);
    as().set_top(window);
  }
  as().set_top(base + 1);
  store_name(f.name, base);
  as().set_top(base);
}

template void Codegen::function_def(FunctionDef&, bool);
template void Codegen::function_def(AsyncFunctionDef&, bool);

void Codegen::lambda(Lambda& l, Reg dst) {
  check_parameters(*l.args);
  const Reg base = as().top();
  const unsigned given = function_extras(*l.args, nullptr, base, false);
  auto code = scope(*table_.by_node.at(&l), "<lambda>", l.at.lineno, &Codegen::lambda_body, l);
  make_function(std::move(code), base, given, dst);
}

void Codegen::class_def(ClassDef& c) {
  check_debug(c.name, c.at);
  const Reg base = as().top();
  decorate(c.decorator_list, c.name, base);
  const uint32_t count = c.decorator_list.size();
  const int first_line = count ? c.decorator_list[0]->at.lineno : c.at.lineno;
  auto code = scope(*table_.by_node.at(&c), c.name, first_line, &Codegen::class_body, c);
  const Reg window = as().top();
  as().emit(Op::LOAD_BUILD_CLASS, window);
  as().set_top(window + 1);
  as().emit(Op::CLEAR, window + 1);
  as().set_top(window + 2);
  make_function(std::move(code), window + 2, 0, window + 2);
  as().set_top(window + 3);
  as().load_const(window + 3, str(c.name));
  as().set_top(window + 4);
  finish_call(window, false, c.bases, c.keywords, window);
  for (uint32_t i = count; i-- > 0;) {
    At at(*this, *c.decorator_list[i]);
    const Reg w = base + 2 * i;
    as().set_top(w + 3);
    as().emit(Op::CALL, w, w, 1);
    as().set_top(w);
  }
  as().set_top(base + 1);
  store_name(c.name, base);
  as().set_top(base);
}

}  // namespace pystm::vm::compiler
