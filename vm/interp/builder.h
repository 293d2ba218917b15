// The interpreter's builder: each primitive is a tag test, a load or a store. Two instances: solo
// (no transaction barrier) and parallel.
//
// Invariants: `pc` is stored into the frame before anything that may raise, suspend, allocate or
// run Python code; nothing takes the builder's address, so that its members stay in machine
// registers.
#pragma once

#include "vm/interp/jit_hooks.h"
#include "vm/interp/outline.h"
#include "vm/object/instance.h"
#include "vm/object/list_items.h"

namespace pystm::vm {

template <bool kParallel>
struct InterpreterBuilder {
  Context& cx;
  FrameRecord* f;
  Value* regs;
  const Instr* pc;

  struct Checked {
    Value value;
    bool ok;
  };

  // --- state -------------------------------------------------------------------------------------
  PYSTM_INLINE void enter_frame() {
    f = cx.frame;
    regs = f->regs;
    pc = f->pc;
  }
  PYSTM_INLINE void save() { f->pc = pc; }
  PYSTM_INLINE Flow after(Flow flow) {
    if (PYSTM_UNLIKELY(cx.restarted)) flow = restarted(flow);
    if (flow == Flow::kNext) return next();
    if (flow == Flow::kJump) enter_frame();
    return flow;
  }
  // The instruction blocked, and a new transaction began in it. (Left to a native caller, the
  // activation ends the transaction itself.)
  PYSTM_INLINE Flow restarted(Flow flow) const {
    return flow == Flow::kExit || cx.no_boundary != 0 ? flow : after_restart(cx, flow);
  }

  // --- registers ---------------------------------------------------------------------------------
  PYSTM_INLINE Value reg(unsigned r) const { return regs[r]; }
  PYSTM_INLINE Flow set(unsigned r, Value v) {
    regs[r] = v;
    return next();
  }
  PYSTM_INLINE void clear(unsigned r) { regs[r] = Value(); }
  PYSTM_INLINE Flow next() {
    ++pc;
    return Flow::kNext;
  }
  PYSTM_INLINE Flow jump(int32_t offset) {
    pc += 1 + offset;
    return Flow::kNext;
  }
  PYSTM_INLINE Value constant(int32_t k) const { return f->code->consts->items()[k]; }
  PYSTM_INLINE Value small_int(int32_t i) const { return Value::of_int(i); }

  // --- questions ---------------------------------------------------------------------------------
  PYSTM_INLINE bool is_unset(Value v) const { return v.is_unset(); }
  PYSTM_INLINE bool both_int(Value a, Value b) const { return Value::both_int(a, b); }
  PYSTM_INLINE bool both_float(Value a, Value b) const { return a.is_float() && b.is_float(); }
  PYSTM_INLINE bool is_int(Value v) const { return v.is_int(); }
  PYSTM_INLINE bool is_true(Value v) const { return v == kTrue; }
  PYSTM_INLINE bool is_false(Value v) const { return v == kFalse; }
  PYSTM_INLINE bool is_none(Value v) const { return v == kNone; }
  PYSTM_INLINE bool same(Value a, Value b) const {
    return a == b || (a.is_object() && b.is_object() && same_slow(a, b));
  }
  PYSTM_INLINE Value boolean(bool b) const { return of_bool(b); }

  // --- tagged arithmetic -------------------------------------------------------------------------
  PYSTM_INLINE Checked int_add(Value a, Value b) const {
    int64_t r;
    const bool o = __builtin_add_overflow(static_cast<int64_t>(a.bits()),
                                          static_cast<int64_t>(b.bits() - 1), &r);
    return {Value(static_cast<Word>(r)), !o};
  }
  PYSTM_INLINE Checked int_sub(Value a, Value b) const {
    int64_t r;
    const bool o = __builtin_sub_overflow(static_cast<int64_t>(a.bits()),
                                          static_cast<int64_t>(b.bits() - 1), &r);
    return {Value(static_cast<Word>(r)), !o};
  }
  PYSTM_INLINE Checked int_mul(Value a, Value b) const {
    int64_t r;
    const bool o = __builtin_mul_overflow(static_cast<int64_t>(a.bits() - 1), b.as_int(), &r);
    return {Value(static_cast<Word>(r) | 1), !o};
  }
  PYSTM_INLINE Checked int_floordiv(Value a, Value b) const {
    const int64_t x = a.as_int(), y = b.as_int();
    if (PYSTM_UNLIKELY(y == 0 || y == -1)) return {Value(), false};
    int64_t q = x / y;
    if (q * y != x && (x < 0) != (y < 0)) --q;
    return {Value::of_int(q), true};
  }
  PYSTM_INLINE Checked int_mod(Value a, Value b) const {
    const int64_t x = a.as_int(), y = b.as_int();
    if (PYSTM_UNLIKELY(y == 0 || y == -1)) return {Value(), false};
    int64_t r = x % y;
    if (r != 0 && (r < 0) != (y < 0)) r += y;
    return {Value::of_int(r), true};
  }
  PYSTM_INLINE Value int_and(Value a, Value b) const { return Value(a.bits() & b.bits()); }
  PYSTM_INLINE Value int_or(Value a, Value b) const { return Value(a.bits() | b.bits()); }
  PYSTM_INLINE Value int_xor(Value a, Value b) const { return Value((a.bits() ^ b.bits()) | 1); }
  PYSTM_INLINE Checked int_shift_left(Value a, Value b) const {
    const int64_t x = a.as_int(), n = b.as_int();
    if (n < 0 || n > 61) return {Value(), false};
    const auto y = static_cast<int64_t>(static_cast<Word>(x) << n);
    return {Value::of_int(y), (y >> n) == x && Value::fits_int(y)};
  }
  PYSTM_INLINE Checked int_shift_right(Value a, Value b) const {
    const int64_t n = b.as_int();
    if (n < 0) return {Value(), false};
    return {Value::of_int(a.as_int() >> (n > 62 ? 62 : n)), true};
  }
  PYSTM_INLINE Checked int_negative(Value a) const {
    const int64_t r = -a.as_int();
    return {Value::of_int(r), Value::fits_int(r)};
  }
  PYSTM_INLINE bool int_compare(CompareOp op, Value a, Value b) const {
    return holds(op, static_cast<int64_t>(a.bits()), static_cast<int64_t>(b.bits()));
  }
  PYSTM_INLINE Value box(double d) {
    if (PYSTM_LIKELY(Value::fits_float(d))) return Value::of_float(d);
    save();
    return box_slow(cx, d);
  }
  PYSTM_INLINE Value float_add(Value a, Value b) { return box(a.as_float() + b.as_float()); }
  PYSTM_INLINE Value float_sub(Value a, Value b) { return box(a.as_float() - b.as_float()); }
  PYSTM_INLINE Value float_mul(Value a, Value b) { return box(a.as_float() * b.as_float()); }
  PYSTM_INLINE Checked float_div(Value a, Value b) {
    return {box(a.as_float() / b.as_float()), true};
  }
  PYSTM_INLINE bool float_compare(CompareOp op, Value a, Value b) const {
    return holds(op, a.as_float(), b.as_float());
  }

  // --- generic operations ------------------------------------------------------------------------
  // The current instruction, loaded anew: the fast paths keep no register for it.
  PYSTM_INLINE Instr again() const {
    const Instr* at = pc;
    asm("" : "+r"(at));
    return *at;
  }
#define SLOW(...) (save(), after(__VA_ARGS__))
  PYSTM_INLINE Flow binary(Instr i, BinaryOp op, Value, Value) {
    return SLOW(outline_binary(cx, f, again(), op));
  }
  PYSTM_INLINE Flow unary(Instr i, Value) { return SLOW(outline_unary(cx, f, again())); }
  PYSTM_INLINE Flow compare(Instr i, CompareOp op, Value, Value) {
    return SLOW(outline_compare(cx, f, again(), op));
  }
  PYSTM_INLINE Flow compare_jump(Instr i, CompareOp op, Value, Value) {
    return SLOW(outline_compare_jump(cx, f, again(), op));
  }
  PYSTM_INLINE Flow truth_jump(Instr i, Value x, bool sense) {
    if (x == kNone) return sense ? next() : jump(i.bc);
    if (x.is_int()) return (x.as_int() != 0) == sense ? jump(i.bc) : next();
    return SLOW(outline_truth_jump(cx, f, again(), sense));
  }
  PYSTM_INLINE Flow negate(Instr i, Value) { return SLOW(outline_not(cx, f, again())); }
  PYSTM_INLINE Flow contains(Instr i, Value, Value) {
    return SLOW(outline_contains(cx, f, again()));
  }
  PYSTM_INLINE Flow contains_jump(Instr i, Value, Value) {
    return SLOW(outline_contains_jump(cx, f, again()));
  }
  PYSTM_INLINE Flow raise_unbound(Instr i) { return SLOW(outline_unbound(cx, f, again())); }
  PYSTM_INLINE Flow outline(Instr i) {
    return SLOW(kOutlined[static_cast<int>(i.op)](cx, f, again()));
  }

  // --- heap access with barriers -----------------------------------------------------------------
  // Closes a group of loads; false: they must be repeated (slow path).
  PYSTM_INLINE bool check(MutObject* o) {
    if constexpr (!kParallel) return true;
    stm::compiler_barrier();
    // NOBARRIER: this is the barrier
    const Word v = o->vlock.load(std::memory_order_relaxed);
    if (v == cx.me) return true;
    if (PYSTM_UNLIKELY(v > cx.rv)) return false;
    if (!stm::noted(cx, o) && PYSTM_UNLIKELY(!stm::append_read(cx, o))) {
      save();  // a full log may wait for the token
      stm::grow_log(cx);
    }
    return true;
  }
  PYSTM_INLINE bool mine(MutObject* o) const {
    // Solo: me is 0, and versions left from a parallel phase go to the slow path once.
    // NOBARRIER: this is the barrier
    return o->vlock.load(std::memory_order_relaxed) == cx.me;
  }
  // Closes the loads of a list's size, storage and item k.
  PYSTM_INLINE bool check_item(List* l, ItemArray* items, int64_t k, bool from_end) {
    if constexpr (!kParallel) return true;
    if (PYSTM_LIKELY(!is_chunked(items))) return check(l);
    if (from_end && !check(l)) return false;  // the size is part of the question
    save();                                   // it may wait
    return list_item_check(cx, l, items, static_cast<Word>(k));
  }
  PYSTM_INLINE Value load_cell(Value cell) {
    for (;;) {
      const Value v = stm::Peek<Cell>(cell.as<Cell>())->content;
      if (PYSTM_LIKELY(check(cell.as<Cell>()))) return v;
      save();  // it may wait, and so collect
      if (stm::read_check(cx, cell.as<Cell>())) return v;
    }
  }
  PYSTM_INLINE void store_cell(Value cell, Value v) {
    save();
    stm::Write<Cell>(cx, cell.as<Cell>()).set(&Cell::State::content, v);
  }

  PYSTM_INLINE CacheWord* cache() const {
    return reinterpret_cast<CacheWord*>(const_cast<Instr*>(pc) + f->code->data->count);
  }

  PYSTM_INLINE Flow load_attr(Instr i, Value object) {
    if (PYSTM_LIKELY(object.is_object())) {
      const Word w = cache()->load(std::memory_order_relaxed);
      if (PYSTM_LIKELY(object.object()->shape_id == cache_shape(w))) {
        auto* o = object.as<Instance>();
        switch (cache_kind(w)) {
          case CacheKind::kInlineSlot: {
            const Value v = instance_slots(o)[cache_number(w)];
            if (PYSTM_LIKELY(check(o) && !v.is_unset())) return set(i.a, v);
            break;
          }
          case CacheKind::kClassAttr: {
            const IcRecord& r = ic_records[cache_number(w)];
            if (PYSTM_UNLIKELY(!r.key.is_unset() && r.key != object)) break;
            if (kParallel && r.extra != 0 && PYSTM_UNLIKELY(!check(o))) break;
            return set(i.a, is_class_cell(r.value) ? load_cell(r.value) : r.value);
          }
          default:
            break;
        }
      }
    }
    return SLOW(outline_load_attr(cx, f, again()));
  }

  PYSTM_INLINE Flow store_attr(Instr i, Value object, Value v) {
    if (PYSTM_LIKELY(object.is_object())) {
      const Word w = cache()->load(std::memory_order_relaxed);
      if (PYSTM_LIKELY(object.object()->shape_id == cache_shape(w) &&
                       cache_kind(w) == CacheKind::kInlineSlot && mine(object.as<Instance>()))) {
        Value* slot = instance_slots(object.as<Instance>()) + cache_number(w);
        *slot = v;  // NOBARRIER: mine; the acquire saved all inline slots
        gc::store_barrier(cx, object.object(), slot);
        return next();
      }
    }
    return SLOW(outline_store_attr(cx, f, again()));
  }

  PYSTM_INLINE Flow load_method(Instr i, Value object) {
    if (PYSTM_LIKELY(object.is_object())) {
      const Word w = cache()->load(std::memory_order_relaxed);
      if (PYSTM_LIKELY(object.object()->shape_id == cache_shape(w) &&
                       cache_kind(w) == CacheKind::kMethod)) {
        // The shape is mutable state of an instance; of other layouts it is fixed.
        if (!kParallel || shape_is_fixed(w) || check(object.as<MutObject>())) {
          regs[i.a + 1] = object;
          return set(i.a, ic_records[cache_number(w)].value);
        }
      }
    }
    return SLOW(outline_load_method(cx, f, again()));
  }
  PYSTM_INLINE bool shape_is_fixed(Word w) const {
    return cache_shape(w) <= static_cast<ShapeId>(Kind::kInstance);
  }

  PYSTM_INLINE Flow load_global(Instr i) {
    const Word n = cache()->load(std::memory_order_relaxed);
    const IcRecord& r = ic_records[n];
    if (PYSTM_LIKELY(n != 0 && r.key == Value(f->globals.ptr))) {
      if (r.second.is_unset() && (!kParallel || r.extra <= cx.rv)) return set(i.a, r.value);
      if (r.second.is_unset()) return SLOW(outline_load_global(cx, f, again()));
      Value v = load_cell(r.value);
      if (v.is_unset()) v = load_cell(r.second);
      if (PYSTM_LIKELY(!v.is_unset())) return set(i.a, v);
    }
    return SLOW(outline_load_global(cx, f, again()));
  }

  PYSTM_INLINE Flow get_item(Instr i, Value container, Value key) {
    if (PYSTM_LIKELY(container.is_object() && key.is_int())) {
      Object* o = container.object();
      int64_t k = key.as_int();
      if (o->shape_id == kShapeList) {
        stm::Peek<List> list(static_cast<List*>(o));
        const auto size = static_cast<int64_t>(list->size);
        if (k < 0) k += size;
        if (PYSTM_LIKELY(static_cast<Word>(k) < static_cast<Word>(size))) {
          ItemArray* items = list->storage;
          if (!kParallel || (items != nullptr && static_cast<Word>(k) < items->length)) {
            const Value v = items->items()[k];
            if (PYSTM_LIKELY(check_item(static_cast<List*>(o), items, k, key.as_int() < 0)))
              return set(i.a, v);
          }
        }
      } else if (o->shape_id == kShapeTuple) {
        auto* t = static_cast<Tuple*>(o);
        if (k < 0) k += static_cast<int64_t>(t->length);
        if (PYSTM_LIKELY(static_cast<Word>(k) < t->length)) return set(i.a, t->items()[k]);
      }
    }
    return SLOW(outline_get_item(cx, f, again()));
  }

  PYSTM_INLINE Flow set_item(Instr i, Value container, Value key, Value v) {
    if (PYSTM_LIKELY(has_shape(container, kShapeList) && key.is_int())) {
      auto* l = container.as<List>();
      if (PYSTM_LIKELY(kParallel || mine(l))) {
        stm::Peek<List> list(l);
        int64_t k = key.as_int();
        if (k < 0) k += static_cast<int64_t>(list->size);
        ItemArray* items = list->storage;
        if (PYSTM_LIKELY(static_cast<Word>(k) < list->size &&
                         (!kParallel || list_item_is_mine(cx, l, items, static_cast<Word>(k),
                                                          key.as_int() < 0)))) {
          save();  // a full undo log may wait for the token
          stm::write_slot(cx, items, kParallel ? items->birth : cx.me, items->items() + k, v);
          return next();
        }
      }
    }
    return SLOW(outline_set_item(cx, f, again()));
  }

  // --- calls -------------------------------------------------------------------------------------
  PYSTM_INLINE Flow call(Instr i) {
    Value* window = regs + i.a;
    const Value callable = window[0];
    size_t n = i.c;
    Value* args = window + 2;
    if (i.d & 1) {
      if (!window[1].is_unset()) {
        --args;
        ++n;
      }
    } else {
      window[1] = Value();  // not alive: what lies there must not look like a reference
    }
    save();
    if (PYSTM_LIKELY(has_shape(callable, kShapeFunction))) {
      auto* function = callable.as<Function>();
      Code* code = stm::Peek<Function>(function)->code;  // NOBARRIER: quasi-immutable
      if (PYSTM_LIKELY(code->data->simple_args && code->data->argcount == n)) {
        FrameRecord* frame = push_frame(cx, code, args, function->globals, function->builtins,
                                        callable, static_cast<unsigned>(n));
        if (PYSTM_UNLIKELY(frame == nullptr)) return Flow::kRaise;
        frame->result = i.b;
        frame->on_return = OnReturn::kStore;
        return enter_function();
      }
    }
    return after_call(outline_call(cx, f, again()));
  }
  PYSTM_INLINE Flow after_call(Flow flow) {
    if (flow == Flow::kFrame && !cx.restarted) return enter_function();
    return after(flow);
  }
  // A frame was pushed: a boundary of the transaction.
  PYSTM_INLINE Flow enter_function() {
    enter_frame();
    if (PYSTM_UNLIKELY(--cx.budget < cx.poll.load(std::memory_order_relaxed)))
      return polled(poll_slow(cx, f));
    CacheWord& calls = f->code->data->calls;
    const Word w = calls.load(std::memory_order_relaxed);
    if (PYSTM_LIKELY(w < jit_hot_call)) {
      calls.store(w + 1, std::memory_order_relaxed);
    } else if (w != kNeverHot && jit_hot_call != 0) {
      return polled(jit_hooks.call(cx, f, &calls));
    }
    return Flow::kNext;
  }
  PYSTM_INLINE Flow polled(Flow flow) {
    if (flow == Flow::kNext) {
      enter_frame();
      return Flow::kNext;
    }
    return flow;
  }

  PYSTM_INLINE Flow return_value(Value v) {
    FrameRecord* done = f;
    save();
    if (PYSTM_LIKELY(done->on_return == OnReturn::kStore && done->frame_object.is_unset() &&
                     done->generator.is_unset() && (!kParallel || done - 1 >= cx.watermark))) {
      --cx.recursion_depth;
      f = cx.frame = done - 1;
      regs = f->regs;
      cx.regs_top = regs + f->code->data->register_count;
      pc = f->pc + 1;
      regs[done->result] = v;
      return Flow::kNext;
    }
    const Flow flow = return_from_frame(cx, v);
    if (flow == Flow::kJump) {
      enter_frame();
      return Flow::kNext;
    }
    return flow;
  }

  PYSTM_INLINE Flow loop_edge(int32_t offset) {
    CacheWord* const heat = cache();
    pc += 1 + offset;
    if (PYSTM_UNLIKELY(--cx.budget < cx.poll.load(std::memory_order_relaxed))) {
      save();
      return polled(poll_slow(cx, f));
    }
    if (jit_hot_loop == 0) return Flow::kNext;
    const Word w = heat->load(std::memory_order_relaxed);
    if (PYSTM_LIKELY(w < jit_hot_loop)) {
      heat->store(w + 1, std::memory_order_relaxed);
    } else if (w != kNeverHot) {
      save();
      return polled(jit_hooks.loop(cx, f, heat));
    }
    return Flow::kNext;
  }

  PYSTM_INLINE Flow for_iter(Instr i, Value iterator) {
    Object* o = iterator.object();
    if (o->shape_id == kShapeRangeIter && mine(static_cast<RangeIter*>(o))) {
      auto* it = static_cast<RangeIter*>(o);
      stm::Write<RangeIter> w(cx, it);
      const Value remaining = w->remaining;
      if (PYSTM_LIKELY(remaining.is_int() && w->next.is_int() && w->step.is_int())) {
        if (remaining.as_int() <= 0) return jump(i.jump16());
        const Value v = w->next;
        w.set_plain(&RangeIter::State::remaining, Value(remaining.bits() - 2));
        w.set_plain(&RangeIter::State::next, Value(v.bits() + w->step.bits() - 1));
        return set(i.b, v);
      }
    } else if (o->shape_id == kShapeListIter && mine(static_cast<ListIter*>(o))) {
      stm::Write<ListIter> w(cx, static_cast<ListIter*>(o));
      if (PYSTM_LIKELY(has_shape(w->sequence, kShapeList))) {
        auto* l = w->sequence.as<List>();
        stm::Peek<List> list(l);
        const auto k = static_cast<Word>(w->index);
        ItemArray* items = list->storage;
        if (PYSTM_LIKELY(k < list->size &&
                         (!kParallel || (items != nullptr && k < items->length)))) {
          const Value v = items->items()[k];
          if (PYSTM_LIKELY(check_item(l, items, w->index, false))) {
            w.set(&ListIter::State::index, w->index + 1);
            return set(i.b, v);
          }
        }
      }
    }
    save();
    const Flow flow = outline_for_iter(cx, f, again());
    return after(flow);
  }
#undef SLOW

 private:
  static bool same_slow(Value a, Value b);
  static Value box_slow(Context& cx, double d);
};

}  // namespace pystm::vm
