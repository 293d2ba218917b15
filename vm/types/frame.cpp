// frame and traceback objects.
#include "vm/interp/frames.h"
#include "vm/object/dict.h"
#include "vm/object/instance.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/call.h"
#include "vm/runtime/native.h"
#include "vm/runtime/operators.h"
#include "vm/runtime/runtime.h"
#include "vm/types/define.h"
#include "vm/types/generator.h"

namespace pystm::vm {

namespace {

// Variables of a register window as a dict: locals, then cells and free variables by content.
Result<Dict*> window_dict(Context& cx, Code* code, const Value* regs) {
  const CodeData* data = code->data;
  Dict* d = new_dict(cx);
  for (unsigned i = 0; i < static_cast<unsigned>(data->nlocals) + data->ncells + data->nfrees;
       ++i) {
    Value v = regs[i];
    auto* name = (*code->varnames)[i].as<Str>();
    if (i >= data->nlocals) {
      if (v.is_unset() || !is_cell(v)) continue;
      v = stm::Read<Cell>(cx, v.as<Cell>())->content;
    }
    if (v.is_unset()) continue;
    TRY(dict_set_str(cx, d, name, v));
  }
  return d;
}

}  // namespace

Result<Value> generator_frame(Context& cx, Generator* g) {
  stm::Read<Generator> r(cx, g);
  if (r->status == kGenFinished) return kNone;
  if (!r->frame.is_unset()) return r->frame;
  if (r->status == kGenRunning) {
    for (FrameRecord* f = cx.frame; f >= cx.frames_base; --f)
      if (f->generator == Value(g)) return frame_object(cx, f);
    return kNone;
  }
  auto* frame = alloc<Frame>(cx, kShapeFrame);
  frame->code = g->code;
  frame->globals = g->function->globals;
  frame->builtins = g->function->builtins;
  frame->function = g->function.ptr;
  auto& s = stm::init_state(cx, frame);
  s.window = r->window;
  s.pc = r->pc;
  s.back = kNone;
  s.generator = g;
  stm::Write<Generator>(cx, g).set(&Generator::State::frame, Value(frame));
  return Value(frame);
}

namespace frame_methods {

using State = Frame::State;

static Word current_pc(Context& cx, Frame* frame) {
  if (FrameRecord* f = live_record(cx, frame))
    return static_cast<Word>(f->pc - f->code->data->instrs);
  return stm::Read<Frame>(cx, frame)->pc;
}
static Result<Value> get_locals(Context& cx, Value self) {
  auto* frame = self.as<Frame>();
  stm::Read<Frame> r(cx, frame);
  const bool optimized = frame->code->data->flags & kCoOptimized;
  if (!optimized) return r->locals.is_unset() ? Value(frame->globals.ptr) : r->locals;
  FrameRecord* f = live_record(cx, frame);
  const Value* regs = f != nullptr ? f->regs : r->window == nullptr ? nullptr : r->window->items();
  Dict* fresh = regs == nullptr ? new_dict(cx) : TRY(window_dict(cx, frame->code, regs));
  if (r->locals.is_unset()) {
    stm::Write<Frame>(cx, frame).set(&State::locals, Value(fresh));
    return Value(fresh);
  }
  // The same dict each time, refreshed: what is no longer bound goes, what others stored stays.
  for (Value name : std::span(frame->code->varnames->items(), frame->code->varnames->length))
    if (dict_get_str(cx, fresh, name.as<Str>()).is_unset())
      (void)dict_delete_str(cx, r->locals.as<Dict>(), name.as<Str>());
  TRY(dict_update(cx, r->locals.as<Dict>(), fresh));
  return r->locals;
}
static Result<Value> get_back(Context& cx, Value self) {
  auto* frame = self.as<Frame>();
  if (FrameRecord* f = live_record(cx, frame)) {
    for (--f; f >= cx.frames_base; --f)
      if (!f->code->data->hidden) return frame_object(cx, f);
    return kNone;
  }
  const Value back = stm::Read<Frame>(cx, frame)->back;
  return back.is_unset() ? kNone : back;
}
static Result<Value> get_code(Context&, Value self) { return Value(self.as<Frame>()->code.ptr); }
static Result<Value> get_globals(Context&, Value self) {
  return Value(self.as<Frame>()->globals.ptr);
}
static Result<Value> get_builtins(Context&, Value self) {
  return Value(self.as<Frame>()->builtins.ptr);
}
static Result<Value> get_lasti(Context& cx, Value self) {
  return make_int(cx, static_cast<int64_t>(current_pc(cx, self.as<Frame>())) * 2);
}
static Result<Value> get_line(Context& cx, Value self) {
  auto* frame = self.as<Frame>();
  return make_int(cx, line_at(frame->code, static_cast<uint32_t>(current_pc(cx, frame))));
}
static Result<Value> get_trace(Context& cx, Value self) {
  const Value t = stm::Read<Frame>(cx, self.as<Frame>())->trace;
  return t.is_unset() ? kNone : t;
}
static Result<void> set_trace(Context& cx, Value self, Value v) {
  stm::Write<Frame>(cx, self.as<Frame>()).set(&State::trace, v == kNone ? Value() : v);
  return {};
}
static Result<void> frame_clear(Context& cx, Frame* self) {
  if (live_record(cx, self) != nullptr)
    return raise(cx, kRuntimeError, "cannot clear an executing frame");
  const Value g = stm::Read<Frame>(cx, self)->generator;
  if (!g.is_unset()) (void)TRY(generator_close(cx, g.as<Generator>()));
  stm::Write<Frame> w(cx, self);
  w.set(&State::window, Ref<ItemArray>(nullptr));
  w.set(&State::locals, Value());
  return {};
}
static Result<Value> frame_repr(Context& cx, Frame* self) {
  return Value(TRY(new_str_format(cx, "<frame at 0x%llx, file '%s', line %d, code %s>",
                                  static_cast<unsigned long long>(gc::identity(cx, self)),
                                  to_utf8(self->code->filename).c_str(),
                                  line_at(self->code, static_cast<uint32_t>(current_pc(cx, self))),
                                  to_utf8(self->code->name).c_str())));
}
constexpr BuiltinDef kMethods[] = {method<&frame_clear>("clear", "($self, /)"),
                                   method<&frame_repr>("__repr__", "($self, /)")};
constexpr GetSetDef kGetSets[] = {{"f_locals", get_locals},     {"f_back", get_back},
                                  {"f_code", get_code},         {"f_globals", get_globals},
                                  {"f_builtins", get_builtins}, {"f_lasti", get_lasti},
                                  {"f_lineno", get_line},       {"f_trace", get_trace, set_trace}};
constexpr TypeDef kFrame = {"frame", Kind::kFrame, &Types::frame, nullptr, 0, kMethods, kGetSets};

}  // namespace frame_methods

Result<Value> locals_dict(Context& cx, FrameRecord* f) {
  return frame_methods::get_locals(cx, frame_object(cx, f));
}

namespace traceback_methods {

static Result<Value> traceback_new(Context& cx, Type*, Value tb_next, Frame* tb_frame,
                                   int64_t tb_lasti, int64_t tb_lineno) {
  if (tb_next != kNone && !has_kind(tb_next, Kind::kTraceback))
    return raise(cx, kTypeError, "expected traceback object or None, got '%s'", TYPE_NAME(tb_next));
  auto* tb = alloc<Traceback>(cx, kShapeTraceback);
  tb->frame = tb_frame;
  tb->pc = static_cast<Word>(tb_lasti / 2);
  tb->line = static_cast<Word>(tb_lineno);
  stm::init_state(cx, tb).next = tb_next;
  return Value(tb);
}
static Result<Value> get_next(Context& cx, Value self) {
  return stm::Read<Traceback>(cx, self.as<Traceback>())->next;
}
static Result<void> set_next(Context& cx, Value self, Value v) {
  if (v.is_unset()) return raise(cx, kTypeError, "can't delete tb_next attribute");
  if (v != kNone && !has_kind(v, Kind::kTraceback))
    return raise(cx, kTypeError, "expected traceback object, got '%s'", TYPE_NAME(v));
  for (Value t = v; t != kNone; t = stm::Read<Traceback>(cx, t.as<Traceback>())->next)
    if (t == self) return raise(cx, kValueError, "traceback loop detected");
  stm::Write<Traceback>(cx, self.as<Traceback>()).set(&Traceback::State::next, v);
  return {};
}
static Result<Value> get_frame(Context&, Value self) { return self.as<Traceback>()->frame; }
static Result<Value> get_line(Context& cx, Value self) {
  return make_int(cx, static_cast<int64_t>(self.as<Traceback>()->line));
}
static Result<Value> get_lasti(Context& cx, Value self) {
  return make_int(cx, static_cast<int64_t>(self.as<Traceback>()->pc) * 2);
}
constexpr BuiltinDef kMethods[] = {
    static_method<&traceback_new>("__new__", "($type, tb_next, tb_frame, tb_lasti, tb_lineno)")};
constexpr GetSetDef kGetSets[] = {{"tb_next", get_next, set_next},
                                  {"tb_frame", get_frame},
                                  {"tb_lineno", get_line},
                                  {"tb_lasti", get_lasti}};
constexpr TypeDef kTraceback = {"traceback", Kind::kTraceback, &Types::traceback, nullptr,
                                0,           kMethods,         kGetSets};

}  // namespace traceback_methods

namespace code_methods {

static Tuple* names_between(Context& cx, Code* code, size_t from, size_t to) {
  return new_tuple(cx, code->varnames->items() + from, to - from).value();
}
static Result<Value> get_name(Context&, Value v) { return Value(v.as<Code>()->name.ptr); }
static Result<Value> get_qualname(Context&, Value v) { return Value(v.as<Code>()->qualname.ptr); }
static Result<Value> get_filename(Context&, Value v) { return Value(v.as<Code>()->filename.ptr); }
static Result<Value> get_consts(Context&, Value v) { return Value(v.as<Code>()->consts.ptr); }
static Result<Value> get_names(Context&, Value v) { return Value(v.as<Code>()->names.ptr); }
static Result<Value> get_varnames(Context& cx, Value v) {
  return Value(names_between(cx, v.as<Code>(), 0, v.as<Code>()->data->nlocals));
}
static Result<Value> get_cellvars(Context& cx, Value v) {
  const CodeData* d = v.as<Code>()->data;
  return Value(names_between(cx, v.as<Code>(), d->nlocals, d->nlocals + d->ncells));
}
static Result<Value> get_freevars(Context& cx, Value v) {
  const CodeData* d = v.as<Code>()->data;
  return Value(
      names_between(cx, v.as<Code>(), d->nlocals + d->ncells, d->nlocals + d->ncells + d->nfrees));
}
static Result<Value> get_argcount(Context&, Value v) {
  return Value::of_int(v.as<Code>()->data->argcount);
}
static Result<Value> get_posonly(Context&, Value v) {
  return Value::of_int(v.as<Code>()->data->posonly_count);
}
static Result<Value> get_kwonly(Context&, Value v) {
  return Value::of_int(v.as<Code>()->data->kwonly_count);
}
static Result<Value> get_nlocals(Context&, Value v) {
  return Value::of_int(v.as<Code>()->data->nlocals);
}
static Result<Value> get_stacksize(Context&, Value v) {
  return Value::of_int(v.as<Code>()->data->register_count);
}
static Result<Value> get_flags(Context&, Value v) {
  return Value::of_int(v.as<Code>()->data->flags);
}
static Result<Value> get_first_line(Context&, Value v) {
  return Value::of_int(v.as<Code>()->data->first_line);
}
static Result<Value> get_bytes(Context& cx, Value v) {
  auto instrs = code_instrs(v.as<Code>());
  return Value(TRY(new_bytes(cx, instrs.data(), instrs.size() * sizeof(Instr))));
}
static Result<Value> get_exception_table(Context& cx, Value v) {
  const auto& rows = v.as<Code>()->data->exceptions;
  return Value(TRY(new_bytes(cx, rows.data(), rows.size() * sizeof(ExceptionRow))));
}
static Result<Value> get_line_table(Context& cx, Value v) {
  const std::string& p = v.as<Code>()->data->positions;
  return Value(TRY(new_bytes(cx, p.data(), p.size())));
}
static Result<Value> co_positions(Context& cx, Code* self) {
  List* out = new_list(cx);
  for (const Position& p : decode_positions(self->data->positions)) {
    auto n = [](int i) { return i < 0 ? kNone : Value::of_int(i); };
    TRY(list_append(cx, out,
                    TRY(new_tuple(cx, {n(p.line), n(p.end_line), n(p.column), n(p.end_column)}))));
  }
  return get_iter(cx, out);
}
static Result<Value> co_lines(Context& cx, Code* self) {
  List* out = new_list(cx);
  const auto positions = decode_positions(self->data->positions);
  for (size_t i = 0; i < positions.size();) {
    size_t k = i;
    while (k < positions.size() && positions[k].line == positions[i].line) ++k;
    TRY(list_append(cx, out,
                    TRY(new_tuple(cx, {Value::of_int(static_cast<int64_t>(i) * 2),
                                       Value::of_int(static_cast<int64_t>(k) * 2),
                                       Value::of_int(positions[i].line)}))));
    i = k;
  }
  return get_iter(cx, out);
}
static Result<Value> code_repr(Context& cx, Code* self) {
  return Value(TRY(new_str_format(cx, "<code object %s at 0x%llx, file \"%s\", line %d>",
                                  to_utf8(self->name).c_str(),
                                  static_cast<unsigned long long>(gc::identity(cx, self)),
                                  to_utf8(self->filename).c_str(), self->data->first_line)));
}

// replace(**changes): names, flags, numbers and constants; code bytes only unchanged.
static Result<Value> code_replace(Context& cx, Code* self, Kwargs kwargs) {
  Code* code = copy_code(cx, self);
  for (uint32_t i = 0; i < kwargs.count(); ++i) {
    const std::string key = to_utf8(cx, (*kwargs.names)[i]);
    const Value v = kwargs.values[i];
    auto text = [&]() -> Result<Str*> {
      if (!is_str(v))
        return raise(cx, kTypeError, "replace() argument '%s' must be str, not %s", key.c_str(),
                     TYPE_NAME(v));
      return intern(cx, TRY(flatten(cx, v)));
    };
    if (key == "co_name") {
      code->name = TRY(text());
    } else if (key == "co_qualname") {
      code->qualname = TRY(text());
    } else if (key == "co_filename") {
      code->filename = TRY(text());
    } else if (key == "co_flags") {
      code->data->flags = static_cast<uint32_t>(TRY(to_index64(cx, v, kOverflowError)));
    } else if (key == "co_firstlineno") {
      code->data->first_line = static_cast<int32_t>(TRY(to_index64(cx, v, kOverflowError)));
    } else if (key == "co_consts" && is_tuple(v) && v.as<Tuple>()->length >= self->consts->length) {
      code->consts = v.as<Tuple>();
    } else {
      return raise(cx, kNotImplementedError, "code.replace(%s=...) is not possible on pystm",
                   key.c_str());
    }
  }
  return Value(code);
}

constexpr BuiltinDef kMethods[] = {method<&co_positions>("co_positions", "($self, /)"),
                                   method<&co_lines>("co_lines", "($self, /)"),
                                   method<&code_repr>("__repr__", "($self, /)"),
                                   method<&code_replace>("replace", "($self, /, **changes)")};
constexpr GetSetDef kGetSets[] = {{"co_name", get_name},
                                  {"co_qualname", get_qualname},
                                  {"co_filename", get_filename},
                                  {"co_consts", get_consts},
                                  {"co_names", get_names},
                                  {"co_varnames", get_varnames},
                                  {"co_cellvars", get_cellvars},
                                  {"co_freevars", get_freevars},
                                  {"co_argcount", get_argcount},
                                  {"co_posonlyargcount", get_posonly},
                                  {"co_kwonlyargcount", get_kwonly},
                                  {"co_nlocals", get_nlocals},
                                  {"co_stacksize", get_stacksize},
                                  {"co_flags", get_flags},
                                  {"co_firstlineno", get_first_line},
                                  {"co_code", get_bytes},
                                  {"co_exceptiontable", get_exception_table},
                                  {"co_linetable", get_line_table}};
constexpr TypeDef kCode = {"code",          Kind::kCode, &Types::code, nullptr,
                           kTypeHasWeakref, kMethods,    kGetSets};

}  // namespace code_methods

void define_frame_types(Context& cx) {
  define_type(cx, frame_methods::kFrame);
  define_type(cx, traceback_methods::kTraceback);
  define_type(cx, code_methods::kCode);
}

}  // namespace pystm::vm
