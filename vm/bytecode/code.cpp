#include "vm/bytecode/code.h"

#include <algorithm>
#include <cstring>

#include "vm/interp/inline_cache.h"
#include "vm/object/dict.h"
#include "vm/object/number.h"
#include "vm/object/sequence.h"
#include "vm/object/shapes_internal.h"
#include "vm/object/str.h"
#include "vm/object/type.h"
#include "vm/runtime/kernels.h"
#include "vm/runtime/native.h"

namespace pystm::vm {

void release_code_data(Object* o) {
  CodeData* data = static_cast<Code*>(o)->data;
  if (data == nullptr) return;
  unregister_code_caches(data);
  delete data->kernels.load();
  std::free(data->instrs);
  delete[] data->lines.load();
  delete[] data->returns.load();
  delete data;
}
// Inline caches refer to nothing that the collector must see: they hold shape ids and record
// numbers. Kernels were born old and do not move.
void trace_code_data(Object* o, gc::SlotVisitor& visitor) {
  const KernelCopies* kernels = static_cast<Code*>(o)->data->kernels.load();
  if (kernels == nullptr) return;
  for (const auto& f : kernels->functions) {
    Value v(f.load());
    if (f.load() != nullptr) visitor.visit(v);
  }
}

namespace {

Result<Value> tuple_of(Context& cx, const std::vector<Const>& items) {
  if (items.empty()) return Value(empty_tuple());  // there is but one
  Tuple* t = TRY(alloc_tuple(cx, items.size()));
  for (size_t i = 0; i < items.size(); ++i) {
    const Value v = TRY(load_const(cx, items[i]));
    t->items()[i] = v;
    gc::store_barrier(cx, t, t->items() + i);
  }
  return Value(t);
}

bool looks_like_name(const std::string& s) {
  return !s.empty() && s.size() < 64 &&
         std::all_of(s.begin(), s.end(), [](unsigned char c) { return c == '_' || isalnum(c); });
}

Result<Tuple*> name_tuple(Context& cx,
                          std::initializer_list<const std::vector<std::string>*> lists) {
  size_t n = 0;
  for (auto* list : lists) n += list->size();
  Tuple* t = TRY(alloc_tuple(cx, n));
  size_t i = 0;
  for (auto* list : lists) {
    for (const std::string& s : *list) {
      t->items()[i] = intern(cx, s);
      gc::store_barrier(cx, t, t->items() + i);
      ++i;
    }
  }
  return t;
}

// Instructions followed by as many empty cache words.
Instr* instrs_and_caches(const Instr* from, size_t n) {
  auto* p = static_cast<Instr*>(std::calloc(2 * n + 1, sizeof(Instr)));
  std::memcpy(static_cast<void*>(p), from, n * sizeof(Instr));
  return p;
}

CodeData* make_data(const CodeUnit& unit) {
  auto* data = new CodeData;
  data->count = static_cast<uint32_t>(unit.instrs.size());
  data->instrs = instrs_and_caches(unit.instrs.data(), unit.instrs.size());
  data->flags = unit.flags;
  data->argcount = unit.argcount;
  data->posonly_count = unit.posonly_count;
  data->kwonly_count = unit.kwonly_count;
  data->nlocals = static_cast<uint16_t>(unit.varnames.size());
  data->ncells = static_cast<uint16_t>(unit.cellvars.size());
  data->nfrees = static_cast<uint16_t>(unit.freevars.size());
  data->register_count = unit.register_count;
  data->first_line = unit.first_line;
  data->simple_args = unit.kwonly_count == 0 && !(unit.flags & (kCoVarArgs | kCoVarKeywords));
  data->exceptions = unit.exceptions;
  data->depths = unit.depths;
  data->positions = unit.positions;
  register_code_caches(data);
  return data;
}

}  // namespace

static CodeData* copy_code_data(const CodeData* from) {
  auto* data = new CodeData;
  data->instrs = instrs_and_caches(from->instrs, from->count);
  data->count = from->count;
  data->flags = from->flags;
  data->argcount = from->argcount;
  data->posonly_count = from->posonly_count;
  data->kwonly_count = from->kwonly_count;
  data->nlocals = from->nlocals;
  data->ncells = from->ncells;
  data->nfrees = from->nfrees;
  data->register_count = from->register_count;
  data->first_line = from->first_line;
  data->hidden = from->hidden;
  data->simple_args = from->simple_args;
  data->exceptions = from->exceptions;
  data->depths = from->depths;
  data->positions = from->positions;
  register_code_caches(data);
  return data;
}

Result<Value> load_const(Context& cx, const Const& c) {
  switch (c.kind) {
    case Const::Kind::kNone:
      return kNone;
    case Const::Kind::kTrue:
      return kTrue;
    case Const::Kind::kFalse:
      return kFalse;
    case Const::Kind::kEllipsis:
      return kEllipsis;
    case Const::Kind::kInt:
      return make_int(cx, c.int_value);
    case Const::Kind::kBigInt:
      return int_from_text(cx, c.text, 16);
    case Const::Kind::kFloat:
      return make_float(cx, c.real);
    case Const::Kind::kComplex:
      return make_complex(cx, c.real, c.imag);
    case Const::Kind::kStr: {
      if (looks_like_name(c.text)) return Value(intern(cx, c.text));
      return Value(TRY(new_str(cx, c.text)));
    }
    case Const::Kind::kBytes:
      return Value(TRY(new_bytes(cx, c.text.data(), c.text.size())));
    case Const::Kind::kTuple:
      return tuple_of(cx, c.items);
    case Const::Kind::kFrozenSet: {
      const Value items = TRY(tuple_of(cx, c.items));
      return new_frozenset(cx, types().frozenset, items);
    }
    case Const::Kind::kCode:
      return Value(TRY(load_code(cx, *c.code)));
  }
  return kNone;
}

Result<Code*> load_code(Context& cx, const CodeUnit& unit) {
  Tuple* consts = TRY(tuple_of(cx, unit.consts)).as<Tuple>();
  Tuple* code_names = TRY(name_tuple(cx, {&unit.names}));
  Tuple* variables = TRY(name_tuple(cx, {&unit.varnames, &unit.cellvars, &unit.freevars}));
  Str* name = intern(cx, unit.name);
  Str* qualname = intern(cx, unit.qualname);
  Str* filename = intern(cx, unit.filename);
  auto* code = static_cast<Code*>(gc::allocate_old(cx, sizeof(Code)));
  code->shape_id = kShapeCode;  // NOBARRIER: newborn
  code->data = make_data(unit);
  code->consts = consts;
  code->names = code_names;
  code->varnames = variables;
  code->name = name;
  code->qualname = qualname;
  code->filename = filename;
  gc::register_finalizable(cx, code);  // data is freed with it
  return code;
}

Code* copy_code(Context& cx, const Code* from) {
  auto* code = static_cast<Code*>(gc::allocate_old(cx, sizeof(Code)));
  code->shape_id = kShapeCode;  // NOBARRIER: newborn
  code->data = copy_code_data(from->data);
  code->consts = from->consts;
  code->names = from->names;
  code->varnames = from->varnames;
  code->name = from->name;
  code->qualname = from->qualname;
  code->filename = from->filename;
  gc::register_finalizable(cx, code);
  return code;
}

unsigned live_registers(const CodeData& data, uint32_t pc) {
  auto it = std::upper_bound(data.depths.begin(), data.depths.end(), pc,
                             [](uint32_t p, const DepthRow& row) { return p < row.start; });
  return it == data.depths.begin() ? data.register_count : std::prev(it)->live_end;
}

const ExceptionRow* find_handler(const CodeData& data, uint32_t pc) {
  for (const ExceptionRow& row : data.exceptions)
    if (pc >= row.start && pc < row.end) return &row;
  return nullptr;
}

Position position_at(const Code* code, uint32_t pc) {
  return decode_position(code->data->positions, pc);
}
int line_at(const Code* code, uint32_t pc) {
  CodeData* data = code->data;
  const int32_t* lines = data->lines.load(std::memory_order_acquire);
  if (lines == nullptr) {
    auto* fresh = new int32_t[data->count];
    uint32_t i = 0;
    for (const Position& p : decode_positions(data->positions))
      if (i < data->count) fresh[i++] = p.line;
    if (data->lines.compare_exchange_strong(lines, fresh, std::memory_order_acq_rel)) {
      lines = fresh;
    } else {
      delete[] fresh;
    }
  }
  return pc < data->count ? lines[pc] : 0;
}

}  // namespace pystm::vm
