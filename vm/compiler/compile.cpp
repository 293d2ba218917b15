// From source or tree to code: future imports, folding, scopes, generation. See compile.h.
#include "vm/compiler/compile.h"

#include "vm/compiler/codegen.h"

namespace pystm::vm::compiler {
namespace {

struct Future {
  bool annotations = false;
  int last_line = -1;  // of the last `from __future__` that counts
};

constexpr std::string_view kFeatures[] = {
    "nested_scopes",  "generators",       "division",       "absolute_import", "with_statement",
    "print_function", "unicode_literals", "barry_as_FLUFL", "generator_stop",  "annotations"};

// `shift`: CPython counts this column from one in some messages only.
[[noreturn]] void fail_future(const std::string& message, const Position& at, int shift = 1) {
  ErrorInfo info;
  info.kind = ErrorKind::Syntax;
  info.message = message;
  info.has_position = true;
  info.lineno = info.end_lineno = at.lineno;
  info.offset = at.col_offset + shift;
  info.end_offset = kNoOffset;
  throw CompileError{std::move(info)};
}

void check_features(const ImportFrom& s, Future& future) {
  for (const alias* a : s.names) {
    bool known = false;
    for (std::string_view feature : kFeatures) known |= a->name == feature;
    if (a->name == "braces") fail_future("not a chance", s.at);
    if (!known) fail_future("future feature " + std::string(a->name) + " is not defined", s.at);
    future.annotations |= a->name == "annotations";
  }
}

Future find_future(const ModNode& module, bool inherited) {
  Future future;
  future.annotations = inherited;
  Seq<Stmt*> body;
  if (auto* m = node_cast<Module>(&module)) body = m->body;
  if (auto* i = node_cast<Interactive>(&module)) body = i->body;
  bool first = true, done = false;
  int line = 0;
  for (const Stmt* s : body) {
    if (done && s->at.lineno > line) break;
    line = s->at.lineno;
    auto* from = node_cast<ImportFrom>(s);
    auto* expression = node_cast<ExprStmt>(s);
    auto* doc = expression ? node_cast<Constant>(expression->value) : nullptr;
    if (from && from->module.data() && from->module == "__future__") {
      if (done)
        fail_future("from __future__ imports must occur at the beginning of the file", s->at, 0);
      check_features(*from, future);
      future.last_line = from->at.lineno;
    } else if (!(first && doc && doc->value->type == ConstantValue::kStr)) {
      done = true;
    }
    first = false;
  }
  return future;
}

}  // namespace

CompileResult compile_tree(ModNode& module, Arena& arena, std::string_view filename,
                           const CompileOptions& options) {
  CompileResult result;
  try {
    const Future future = find_future(module, options.future_annotations);
    result.future_annotations = future.annotations;
    fold_constants(module, arena, options.optimise, future.annotations, options.parse.max_depth);
    SymbolTable table =
        build_symbol_table(module, arena, future.annotations, options.parse.max_depth);
    Codegen codegen(arena, table, options, std::string(filename), future.annotations,
                    future.last_line, result.warnings);
    result.code = codegen.module(module);
  } catch (CompileError& e) {
    result.error = std::move(e.info);
  }
  return result;
}

CompileResult compile_source(std::string_view source, std::string_view filename,
                             const CompileOptions& options) {
  ParseResult parsed = parse(source, options.parse);
  if (!parsed.module) {
    CompileResult result;
    result.error = std::move(parsed.error);
    result.warnings = std::move(parsed.warnings);
    return result;
  }
  CompileResult result = compile_tree(*parsed.module, *parsed.arena, filename, options);
  result.warnings.insert(result.warnings.begin(), parsed.warnings.begin(), parsed.warnings.end());
  return result;
}

}  // namespace pystm::vm::compiler
