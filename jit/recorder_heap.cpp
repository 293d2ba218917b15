// Recording attributes, globals, items, iteration, calls and allocation.
#include <cstring>

#include "jit/recorder.h"
#include "jit/residual.h"
#include "vm/object/instance.h"
#include "vm/object/list_items.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/native.h"

namespace pystm::jit {

using namespace vm;

// --- cells and globals ---------------------------------------------------------------------------

Recorder::V Recorder::load_cell(V cell) {
  auto* c = cell.value.as<Cell>();
  const IrRef o = guard_object(cell, c->shape_id);
  const IrRef content = e_.load(o, field::Cell::content);
  e_.read_check(o);
  return {stm::Read<Cell>(cx_, c)->content, content};
}

void Recorder::store_cell(V cell, V v) {
  const IrRef o = guard_object(cell, cell.value.object()->shape_id);
  const IrRef boxed = e_.box(v.ref);
  e_.acquire(o);
  e_.store(o, field::Cell::content, boxed);
}

Flow Recorder::load_global(Instr i) {
  const Word n = cache()->load(std::memory_order_relaxed);
  const IcRecord& r = ic_records[n];
  if (n == 0 || r.key != Value(f_->globals.ptr)) return stop("global not cached");
  if (r.second.is_unset()) {
    if (r.extra > cx_.rv) return stop("global not cached");
    return set(i.a, {r.value, constant_ref(r.value)});
  }
  V v = load_cell({r.value, constant_ref(r.value)});
  if (is_unset(v)) {
    v = load_cell({r.second, constant_ref(r.second)});
    if (is_unset(v)) return stop("NameError");
  }
  return set(i.a, v);
}

// --- attributes ----------------------------------------------------------------------------------

Flow Recorder::load_attr(Instr i, V object) {
  if (!object.value.is_object()) return stop("attribute of a number");
  const Word w = cache()->load(std::memory_order_relaxed);
  const ShapeId shape = object.value.object()->shape_id;
  if (shape != cache_shape(w)) return stop("attribute not cached");
  const IcRecord& r = ic_records[cache_number(w)];
  switch (cache_kind(w)) {
    case CacheKind::kInlineSlot: {
      auto* o = object.value.as<Instance>();
      const unsigned slot = static_cast<unsigned>(cache_number(w));
      const Value seen = load_slot(cx_, o, shape_of(o), slot);
      if (seen.is_unset()) return stop("attribute missing");
      const IrRef base = guard_object(object, shape);
      const V v{seen, e_.load(base, instance_slot(slot))};
      e_.read_check(base);
      if (is_unset(v)) return stop("attribute missing");
      return set(i.a, v);
    }
    case CacheKind::kClassAttr: {
      if (!r.key.is_unset()) {
        if (r.key != object.value) return stop("attribute not cached");
        e_.guard_is(object.ref, constant_ref(r.key));
      } else {
        guard_instance(object, shape);
      }
      if (!is_class_cell(r.value)) return set(i.a, {r.value, constant_ref(r.value)});
      const V v = load_cell({r.value, constant_ref(r.value)});
      if (is_unset(v)) return stop("attribute missing");
      return set(i.a, v);
    }
    case CacheKind::kProperty: {
      guard_instance(object, shape);
      const int window = f_->code->data->register_count + 2;
      e_.set_slot(window, object.ref);
      return enter(r.value, window, 1, i.a, OnReturn::kStore, kNoRef);
    }
    default:
      return stop("attribute not cached");
  }
}

Flow Recorder::store_attr(Instr i, V object, V v) {
  if (!object.value.is_object()) return stop("attribute of a number");
  const Word w = cache()->load(std::memory_order_relaxed);
  const ShapeId shape = object.value.object()->shape_id;
  if (shape != cache_shape(w)) return stop("attribute not cached");
  unsigned slot = static_cast<unsigned>(cache_number(w));
  const IrRef boxed = e_.box(v.ref);
  if (cache_kind(w) == CacheKind::kInlineSlot) {
    const IrRef o = guard_instance(object, shape);
    e_.acquire(o);
    e_.store(o, instance_slot(slot), boxed);
    return Flow::kNext;
  }
  if (cache_kind(w) != CacheKind::kAddSlot) return stop("attribute not cached");
  const Word extra = ic_records[cache_number(w)].extra;
  slot = static_cast<unsigned>(extra & 0xFFFFFFFF);
  if (slot >= shape_by_id(shape)->inline_slots) return stop("attribute in the overflow");
  const IrRef o = guard_instance(object, shape);
  e_.acquire(o);
  e_.emit(Ir::SetShape, o, e_.trace().int_const(static_cast<int64_t>(extra >> 32)));
  e_.store(o, instance_slot(slot), boxed);
  return Flow::kNext;
}

Flow Recorder::load_method(Instr i, V object) {
  if (!object.value.is_object()) return stop("method of a number");
  const Word w = cache()->load(std::memory_order_relaxed);
  const ShapeId shape = object.value.object()->shape_id;
  if (shape != cache_shape(w) || cache_kind(w) != CacheKind::kMethod)
    return stop("method not cached");
  guard_instance(object, shape);
  const Value method = ic_records[cache_number(w)].value;
  set(i.a, {method, constant_ref(method)});
  return set(i.a + 1u, object);
}

// --- items ---------------------------------------------------------------------------------------

void Recorder::guard_chunked(IrRef storage, bool chunked) {
  const IrRef length = e_.load(storage, field::ItemArray::length);
  e_.guard_int(Cond::gt, length, e_.trace().int_const(static_cast<int64_t>(kListChunk)), chunked);
}

IrRef Recorder::load_list_item(IrRef list, IrRef size, IrRef storage, IrRef index, bool chunked) {
  e_.guard_index(index, size);
  guard_chunked(storage, chunked);
  const IrRef item = e_.load_item(storage, index, array::Items, list);
  if (chunked)
    e_.emit(Ir::ItemCheck, list, storage, index);
  else
    e_.read_check(list);
  return item;
}

Flow Recorder::list_item(Instr i, V container, V key) {
  auto* l = container.value.as<List>();
  const stm::Read<List> seen(cx_, l);
  int64_t k = key.value.as_int();
  const bool from_end = k < 0;
  if (from_end) k += static_cast<int64_t>(seen->size);
  if (k < 0 || k >= static_cast<int64_t>(seen->size)) return stop("IndexError");
  Trace& t = e_.trace();
  const IrRef list = guard_object(container, kShapeList);
  IrRef index = as_int(key);
  const IrRef size = e_.load(list, field::List::size);
  const IrRef storage = e_.load(list, field::List::storage);
  e_.read_check(list);
  e_.guard_int(Cond::lt, index, t.int_const(0), from_end);
  if (from_end) index = e_.emit(Ir::Add, index, size);
  return set_after(i.a, load_list_item(list, size, storage, index, is_chunked(seen->storage)));
}

Flow Recorder::get_item(Instr i, V container, V key) {
  if (is_exact_list(container.value) && key.value.is_int()) return list_item(i, container, key);
  if (is_exact_tuple(container.value) && key.value.is_int()) {
    const auto* t = container.value.as<Tuple>();
    int64_t k = key.value.as_int();
    const bool from_end = k < 0;
    if (from_end) k += static_cast<int64_t>(t->length);
    if (k < 0 || k >= static_cast<int64_t>(t->length)) return stop("IndexError");
    const IrRef tuple = guard_object(container, kShapeTuple);
    const IrRef length = e_.load(tuple, field::Tuple::length);
    IrRef index = as_int(key);
    e_.guard_int(Cond::lt, index, e_.trace().int_const(0), from_end);
    if (from_end) index = e_.emit(Ir::Add, index, length);
    e_.guard_index(index, length);
    return set_after(i.a, e_.load_item(tuple, index, array::TupleItems));
  }
  const bool table =
      is_exact_dict(container.value) && (key.value.is_int() || is_exact_str(key.value));
  if (!table && !is_exact_str(container.value)) return stop("item of a class");
  if (!table && !key.value.is_int()) return stop("slice");
  guard_type(container);
  guard_type(key);
  const IrRef v = e_.call(kCallGetItem, {e_.box(container.ref), e_.box(key.ref)});
  return set_after(i.a, v);
}

Flow Recorder::set_item(Instr, V container, V key, V v) {
  if (is_exact_dict(container.value) && (key.value.is_int() || is_exact_str(key.value))) {
    guard_type(container);
    guard_type(key);
    e_.call(kCallSetItem, {e_.box(container.ref), e_.box(key.ref), e_.box(v.ref)});
    return Flow::kNext;
  }
  if (!is_exact_list(container.value) || !key.value.is_int()) return stop("item store of a class");
  auto* l = container.value.as<List>();
  const stm::Read<List> seen(cx_, l);
  const int64_t k = key.value.as_int();
  if (k < 0 || k >= static_cast<int64_t>(seen->size)) return stop("negative index stored");
  Trace& t = e_.trace();
  const IrRef list = guard_object(container, kShapeList);
  const IrRef index = as_int(key), boxed = e_.box(v.ref);
  const bool chunked = is_chunked(seen->storage);
  if (!chunked) e_.acquire(list);
  const IrRef size = e_.load(list, field::List::size);
  const IrRef storage = e_.load(list, field::List::storage);
  e_.read_check(list);
  e_.guard_int(Cond::ge, index, t.int_const(0));
  e_.guard_index(index, size);
  guard_chunked(storage, chunked);
  if (chunked) e_.emit(Ir::ItemAcquire, list, storage, index);
  e_.emit(Ir::UndoItem, storage, index, list);
  e_.store_item(storage, index, array::Items, boxed);
  return Flow::kNext;
}

Flow Recorder::contains(Instr, V, V) { return stop("in"); }
Flow Recorder::contains_jump(Instr, V, V) { return stop("in"); }

Flow Recorder::truth_jump(Instr, V x, bool) {
  if (x.value.is_int()) {
    e_.guard_int(Cond::ne, as_int(x), e_.trace().int_const(0), x.value.as_int() != 0);
    return Flow::kNext;
  }
  if (x.value == kNone) {
    guard_type(x);
    return Flow::kNext;
  }
  if (is_exact_list(x.value)) {
    const IrRef l = guard_object(x, kShapeList);
    const IrRef size = e_.load(l, field::List::size);
    e_.read_check(l);
    e_.guard_int(Cond::ne, size, e_.trace().int_const(0),
                 stm::Read<List>(cx_, x.value.as<List>())->size != 0);
    return Flow::kNext;
  }
  return stop("truth of an object");
}

Flow Recorder::negate(Instr i, V x) {
  if (!x.value.is_int() && x.value != kNone && !is_exact_list(x.value))
    return stop("truth of an object");
  truth_jump(i, x, true);
  const bool truth = x.value.is_int()   ? x.value.as_int() != 0
                     : x.value == kNone ? false
                                        : stm::Read<List>(cx_, x.value.as<List>())->size != 0;
  return set(i.a, boolean(!truth));
}

// --- iteration -----------------------------------------------------------------------------------

Flow Recorder::for_iter(Instr i, V iterator) {
  if (has_shape(iterator.value, kShapeRangeIter)) return range_next(i, iterator);
  if (has_shape(iterator.value, kShapeListIter)) return list_next(i, iterator);
  return stop("iterator");
}

Flow Recorder::range_next(Instr i, V iterator) {
  const stm::Read<RangeIter> seen(cx_, iterator.value.as<RangeIter>());
  if (!seen->remaining.is_int() || !seen->next.is_int() || !seen->step.is_int())
    return stop("range of big ints");
  Trace& t = e_.trace();
  const IrRef it = guard_object(iterator, kShapeRangeIter);
  e_.acquire(it);
  const IrRef remaining = e_.check_int(e_.load(it, field::RangeIter::remaining));
  const bool more = seen->remaining.as_int() > 0;
  e_.guard_int(Cond::gt, remaining, t.int_const(0), more);
  if (!more) return Flow::kNext;
  const IrRef value = e_.check_int(e_.load(it, field::RangeIter::next));
  const IrRef step = e_.check_int(e_.load(it, field::RangeIter::step));
  const IrRef after = e_.emit(Ir::AddOv, value, step);
  const IrRef left = e_.emit(Ir::Sub, remaining, t.int_const(1));
  const IrRef boxed_left = e_.box(left), boxed_next = e_.box(after);
  e_.store(it, field::RangeIter::remaining, boxed_left);
  e_.store(it, field::RangeIter::next, boxed_next);
  return set(i.b, {seen->next, value});
}

Flow Recorder::list_next(Instr i, V iterator) {
  const stm::Read<ListIter> seen(cx_, iterator.value.as<ListIter>());
  if (!is_exact_list(seen->sequence)) return stop("iterator");
  auto* l = seen->sequence.as<List>();
  const stm::Read<List> list_seen(cx_, l);
  if (static_cast<Word>(seen->index) >= list_seen->size) return stop("end of a list iterator");
  Trace& t = e_.trace();
  const IrRef it = guard_object(iterator, kShapeListIter);
  e_.acquire(it);
  const IrRef sequence = e_.load(it, field::ListIter::sequence);
  const IrRef index = e_.load(it, field::ListIter::index);
  const IrRef list = e_.check_ref(sequence);
  e_.guard_shape(list, kShapeList);
  const IrRef size = e_.load(list, field::List::size);
  const IrRef storage = e_.load(list, field::List::storage);
  e_.read_check(list);
  const IrRef item = load_list_item(list, size, storage, index, is_chunked(list_seen->storage));
  e_.store(it, field::ListIter::index, e_.emit(Ir::Add, index, t.int_const(1)));
  return set_after(i.b, item);
}

// --- containers ----------------------------------------------------------------------------------

Flow Recorder::unpack(Instr i) {
  const V sequence = reg(i.b);
  if (!is_exact_tuple(sequence.value)) return stop("unpack of no tuple");
  if (sequence.value.as<Tuple>()->length != i.c) return stop("unpack of a wrong length");
  Trace& t = e_.trace();
  const IrRef tuple = guard_object(sequence, kShapeTuple);
  e_.guard_int(Cond::eq, e_.load(tuple, field::Tuple::length), t.int_const(i.c));
  for (unsigned k = 0; k < i.c; ++k)
    e_.set_slot(static_cast<int>(i.a + k), e_.load_item(tuple, t.int_const(k), array::TupleItems));
  return Flow::kNext;
}

Flow Recorder::build_tuple(Instr i) {
  constexpr unsigned kMost = 16;
  if (i.c == 0 || i.c > kMost) return stop("BUILD_TUPLE");
  Trace& t = e_.trace();
  IrRef items[kMost];
  for (unsigned k = 0; k < i.c; ++k) items[k] = e_.word(static_cast<int>(i.b + k));
  const IrRef tuple = e_.make(kShapeTuple, sizeof(Tuple) + 8 * i.c, false);
  e_.store(tuple, field::Tuple::length, t.int_const(i.c));
  for (unsigned k = 0; k < i.c; ++k)
    e_.store_item(tuple, t.int_const(k), array::TupleItems, items[k]);
  return set_after(i.a, tuple);
}

Flow Recorder::list_append(Instr i) {
  const V list = reg(i.a);
  const IrRef l = guard_object(list, kShapeList);
  e_.call(kCallListAppend, {l, e_.word(i.b)});
  return Flow::kNext;
}

// --- calls ---------------------------------------------------------------------------------------

Flow Recorder::enter(Value function, int window, unsigned bound, uint16_t result,
                     OnReturn on_return, IrRef init_self) {
  constexpr unsigned kInlineDepth = 20, kUnrollRecursion = 2;
  auto* fn = function.as<Function>();
  Code* code = stm::Read<Function>(cx_, fn)->code;
  if (!code->data->simple_args || code->data->argcount != bound)
    return stop("call that binds arguments");
  if (e_.depth() >= kInlineDepth) return stop("calls too deep");
  unsigned same = 0;
  for (const FrameRecord* f = f_; f >= root_; --f) same += f->code.ptr == code;
  if (same > kUnrollRecursion) return stop("recursion");
  Trace& t = e_.trace();
  Frame callee;
  callee.code = t.ref_const(code);
  callee.function = t.ref_const(fn);
  callee.init_self = init_self;
  callee.result = result;
  callee.on_return = on_return;
  e_.push_frame(callee, window);
  const IrRef unset = t.word_const(Value());
  const CodeData* d = code->data;
  for (unsigned k = bound, n = d->nlocals + d->ncells + d->nfrees; k < n; ++k)
    e_.set_slot(static_cast<int>(k), unset);
  return Flow::kNext;
}

IrRef Recorder::make_instance(Shape* shape) {
  const size_t bytes = shape->info.fixed_size;
  const IrRef o = e_.make(shape->id, bytes, true);
  const IrRef unset = e_.trace().word_const(Value());
  e_.store(o, field::Instance::overflow, unset);
  for (unsigned slot = 0; sizeof(Instance) + 8 * slot < bytes; ++slot)
    e_.store(o, instance_slot(slot), unset);
  return o;
}

// A class whose instances object.__new__ makes and a Python __init__ sets up.
Flow Recorder::call_class(Instr i, V callable, int window, unsigned n) {
  vm::Type* type = as_type(callable.value);
  const Value init = type->dunder(Dunder::kInit);
  const Shape* shape = type->shape;
  if (type->dunder(Dunder::kNew) != types().object->dunder(Dunder::kNew) || !is_function(init) ||
      type_of(type)->dunder(Dunder::kCall) != types().type->dunder(Dunder::kCall) ||
      (type->flags & kTypeAbstract))
    return stop("class with a __new__");
  if (shape->kind != Kind::kInstance || !shape->info.has_vlock || shape->info.may_finalize ||
      shape->dict_offset != 0)
    return stop("instance of a builtin's subclass");
  e_.guard_is(callable.ref, constant_ref(callable.value));
  const IrRef o = make_instance(type->shape);
  e_.set_slot(window - 1, o);
  return enter(init, window - 1, n + 1, i.b, OnReturn::kInit, o);
}

Flow Recorder::call_native(Instr i, V callable, int window, unsigned n) {
  const BuiltinDef* def = callable.value.as<Builtin>()->def;
  const std::string_view name = def->name;
  auto argument = [&](unsigned k) {
    return V{f_->regs[window + static_cast<int>(k)], e_.slot(window + static_cast<int>(k))};
  };
  e_.guard_is(callable.ref, constant_ref(callable.value));
  if (name == "append" && n == 2 && is_exact_list(argument(0).value)) {
    const IrRef l = guard_object(argument(0), kShapeList);
    e_.call(kCallListAppend, {l, e_.box(argument(1).ref)});
    return set_after(i.b, e_.trace().word_const(kNone));
  }
  if (name == "len" && n == 1) {
    const V x = argument(0);
    if (is_exact_list(x.value)) {
      const IrRef l = guard_object(x, kShapeList);
      const IrRef size = e_.load(l, field::List::size);
      e_.read_check(l);
      return set_after(i.b, size);
    }
    if (is_exact_tuple(x.value))
      return set_after(i.b, e_.load(guard_object(x, kShapeTuple), field::Tuple::length));
    if (!is_exact_str(x.value) && !is_exact_dict(x.value)) return stop("len of an object");
  } else if (def->effects > Effects::kWritesSelf) {
    return stop(def->name);
  }
  if (n == 0 || n > 3) return stop("native with many arguments");
  IrRef args[3];
  for (unsigned k = 0; k < n; ++k) {
    const V x = argument(k);
    const bool container = is_exact_list(x.value) || is_exact_dict(x.value) ||
                           is_exact_set(x.value) || is_exact_tuple(x.value);
    if (container)
      guard_type(x);
    else if (!guard_builtin(x))
      return stop(def->name);
    args[k] = e_.box(x.ref);
  }
  const IrRef d = e_.trace().ptr_const(def);
  const IrRef v = n == 1   ? e_.call(kCallNative1, {d, args[0]})
                  : n == 2 ? e_.call(kCallNative2, {d, args[0], args[1]})
                           : e_.call(kCallNative3, {d, args[0], args[1], args[2]});
  return set_after(i.b, v);
}

Flow Recorder::call(Instr i) {
  const V callable = reg(i.a);
  int window = i.a + 2;
  unsigned n = i.c;
  if (i.d & 1) {
    const V self = reg(i.a + 1u);
    if (!self.value.is_unset()) {
      --window;
      ++n;
    } else if (is_unset(self)) {
      return stop("method that is no function");
    }
  } else {
    clear(i.a + 1u);
  }
  if (!callable.value.is_object()) return stop("call of no object");
  switch (shape_of(callable.value.object())->kind) {
    case Kind::kFunction:
      e_.guard_is(callable.ref, constant_ref(callable.value));
      return enter(callable.value, window, n, i.b, OnReturn::kStore, kNoRef);
    case Kind::kBuiltin:
    case Kind::kMethodDescriptor:
      return call_native(i, callable, window, n);
    case Kind::kType:
      return call_class(i, callable, window, n);
    default:
      return stop("call of an object");
  }
}

Flow Recorder::return_value(V v) {
  if (e_.depth() == 0 || f_ == root_) return stop("return");
  const Frame done = e_.frame();
  if (done.on_return == OnReturn::kInit) {
    e_.guard_is(v.ref, e_.trace().word_const(kNone));
    v.ref = done.init_self;
  } else if (done.on_return != OnReturn::kStore) {
    return stop("return to a primitive");
  }
  e_.pop_frame();
  e_.set_slot(done.result, v.ref);
  return Flow::kNext;
}

}  // namespace pystm::jit
