// gc: the collector as Python sees it. There are no reference counts and no three generations:
// generation 0 is the young space, 1 and 2 are the whole heap.
#include <algorithm>
#include <atomic>
#include <functional>
#include <utility>

#include "gc/heap.h"
#include "stdlib/modules.h"
#include "stdlib/native_class.h"
#include "vm/interp/frames.h"

namespace pystm::lib {

namespace {

std::atomic<bool> enabled{true};
std::atomic<int64_t> thresholds[3] = {700, 10, 10};
std::atomic<int64_t> debug_flags{0};
gc::Root* callbacks;

Result<void> notify(Context& cx, const char* phase, int64_t generation, int64_t collected) {
  Tuple* all = TRY(list_to_tuple(cx, callbacks->value.as<List>()));
  for (size_t i = 0; i < all->length; ++i) {
    Dict* info = new_dict(cx);
    TRY(dict_set_str(cx, info, "generation", Value::of_int(generation)));
    TRY(dict_set_str(cx, info, "collected", Value::of_int(collected)));
    TRY(dict_set_str(cx, info, "uncollectable", Value::of_int(0)));
    if (call(cx, (*all)[i], {Value(intern(cx, phase)), Value(info)}).is_error())
      write_unraisable(cx, (*all)[i]);
  }
  return {};
}
// Always a full collection: a program that asks wants the weak references of the dead cleared.
Result<int64_t> collect(Context& cx, int64_t generation) {
  if (generation < 0 || generation > 2) return raise(cx, kValueError, "invalid generation");
  const bool watched = list_length(cx, callbacks->value.as<List>()) > 0;
  if (watched) TRY(notify(cx, "start", generation, 0));
  // Callbacks of dead weak references and finalizers run before this returns, as programs expect,
  // and once: what the collector has handed out cannot be taken back.
  stm::become_inevitable(cx, "gc.collect");
  gc::settle_finalizables(cx, true);  // objects of this transaction, which is sure to commit now
  gc::collect(cx, gc::Kind::kFull);
  TRY(pending_calls(cx));
  if (watched) TRY(notify(cx, "stop", generation, 0));
  return int64_t{0};
}
Result<void> enable(Context&) {
  enabled = true;
  return {};
}
Result<void> disable(Context&) {
  enabled = false;
  return {};
}
bool is_enabled(Context&) { return enabled; }
Result<Value> get_count(Context& cx) {
  return tuple_of(cx, {Value::of_int(0), Value::of_int(0), Value::of_int(0)});
}
Result<Value> get_threshold(Context& cx) {
  return tuple_of(
      cx, {make_int(cx, thresholds[0]), make_int(cx, thresholds[1]), make_int(cx, thresholds[2])});
}
Result<void> set_threshold(Context& cx, Args args) {
  if (args.count < 1 || args.count > 3)
    return raise(cx, kTypeError, "gc.set_threshold requires 1 to 3 arguments");
  for (uint32_t i = 0; i < args.count; ++i)
    thresholds[i] = TRY(to_index64(cx, args[i], kOverflowError));
  return {};
}
int64_t get_debug(Context&) { return debug_flags; }
Result<void> set_debug(Context&, int64_t flags) {
  debug_flags = flags;
  return {};
}
bool is_container(const Object* o) {
  switch (shape_of(o)->kind) {
    case Kind::kList:
    case Kind::kDict:
    case Kind::kSet:
    case Kind::kFrozenSet:
    case Kind::kTuple:
    case Kind::kFunction:
    case Kind::kModule:
    case Kind::kInstance:
    case Kind::kType:
    case Kind::kException:
    case Kind::kGenerator:
    case Kind::kCell:
    case Kind::kFrame:
    case Kind::kTraceback:
    case Kind::kBoundMethod:
    case Kind::kProperty:
      return true;
    default:
      return false;
  }
}
Result<bool> is_tracked(Context&, Value obj) {
  return obj.is_object() && is_container(obj.object());
}
Result<bool> is_finalized(Context&, Value) { return false; }
Result<Value> get_objects(Context& cx, Value generation) {
  List* out = new_list(cx);
  if (generation != kNone && generation != Value::of_int(2)) return Value(out);
  // Counted first: nothing may be allocated while the heap is walked.
  size_t n = 0;
  gc::each_object(cx, [&](Object* o) { n += is_container(o); });
  Tuple* found = TRY(alloc_tuple(cx, n + 64));
  for (size_t i = 0; i < found->length; ++i) found->items()[i] = kNone;
  size_t at = 0;
  gc::each_object(cx, [&](Object* o) {
    if (o == found || !is_container(o) || at >= found->length) return;
    found->items()[at] = Value(o);
    gc::store_barrier(cx, found, found->items() + at);
    ++at;
  });
  for (size_t i = 0; i < at; ++i) TRY(list_append(cx, out, (*found)[i]));
  return Value(out);
}
// Calls f with each object that `o` refers to as Python sees it: through storage and a namespace's
// cells.
class Referents final : public gc::SlotVisitor {
 public:
  explicit Referents(std::function<void(Value)> f) : f_(std::move(f)) {}
  virtual ~Referents() = default;

  void of(Object* o) {
    walk(o);
    Type* type = type_of(Value(o));
    if ((type->flags & kTypeHeap) != 0) f_(Value(type));
  }
  void visit(Value& slot) override { see(slot); }
  void visit_range(Value* begin, Value* end) override {
    for (Value* v = begin; v < end; ++v) see(*v);
  }

 private:
  void walk(Object* o) {
    const gc::TypeInfo* info = gc::info_of(o);
    const Object* outer = std::exchange(holder_, o);
    auto* words = reinterpret_cast<Value*>(o);
    for (unsigned i = info->is_weakref ? 3 : 1; i < 64; ++i)
      if ((info->ref_map >> i & 1) != 0) see(words[i]);
    if (info->items_are_values) {
      auto* items = reinterpret_cast<Value*>(reinterpret_cast<char*>(o) + info->fixed_size);
      visit_range(items, items + *reinterpret_cast<Word*>(reinterpret_cast<char*>(o) +
                                                          info->length_offset));
    }
    if (info->trace != nullptr) info->trace(o, *this);
    holder_ = outer;
  }
  void see(Value v) {
    if (!v.is_object() || v.object() == holder_) return;
    Object* o = v.object();
    const bool storage = shape_of(o)->type == nullptr || shape_of(o)->type == types().internal;
    const bool cell =
        shape_of(o)->kind == Kind::kCell && shape_of(holder_)->kind == Kind::kDictStorage;
    if (storage || cell) {
      walk(o);
    } else {
      f_(v);
    }
  }

  std::function<void(Value)> f_;
  const Object* holder_ = nullptr;
};

// What `each` hands out, as a list. It is called with the world stopped, first to count: nothing
// may be allocated then.
Result<Value> collected(Context& cx,
                        const std::function<void(const std::function<void(Value)>&)>& each) {
  size_t n = 0, at = 0;
  each([&](Value) { ++n; });
  Tuple* found = TRY(alloc_tuple(cx, n + 64));
  for (size_t i = 0; i < found->length; ++i) found->items()[i] = kNone;
  each([&](Value v) {
    if (v == Value(found) || at >= found->length) return;
    found->items()[at] = v;
    gc::store_barrier(cx, found, found->items() + at);
    ++at;
  });
  return Value(TRY(new_list(cx, found->items(), at)));
}
Result<Value> get_referents(Context& cx, Args objects) {
  return collected(cx, [&](const std::function<void(Value)>& f) {
    gc::with_world_stopped(cx, [&] {
      for (const Value v : objects)
        if (v.is_object()) Referents(f).of(v.object());
    });
  });
}
Result<Value> get_referrers(Context& cx, Args objects) {
  return collected(cx, [&](const std::function<void(Value)>& f) {
    gc::each_object(cx, [&](Object* o) {
      if (!is_container(o)) return;
      bool refers = false;
      Referents([&](Value v) {
        refers |= std::find(objects.begin(), objects.end(), v) != objects.end();
      }).of(o);
      if (refers) f(Value(o));
    });
  });
}
Result<Value> get_stats(Context& cx) {
  const gc::Stats s = gc::stats();
  List* out = new_list(cx);
  const uint64_t collections[3] = {s.young_collections, 0, s.full_collections};
  for (uint64_t n : collections) {
    Dict* d = new_dict(cx);
    TRY(dict_set_str(cx, d, "collections", make_uint(cx, n)));
    TRY(dict_set_str(cx, d, "collected", Value::of_int(0)));
    TRY(dict_set_str(cx, d, "uncollectable", Value::of_int(0)));
    TRY(list_append(cx, out, d));
  }
  return Value(out);
}
Result<void> freeze(Context&) { return {}; }
int64_t get_freeze_count(Context&) { return 0; }

constexpr BuiltinDef kFunctions[] = {
    function<&collect>("collect", "(generation=2)"),
    function<&enable>("enable", "()"),
    function<&disable>("disable", "()"),
    function<&is_enabled>("isenabled", "()"),
    function<&get_count>("get_count", "()"),
    function<&get_threshold>("get_threshold", "()"),
    function<&set_threshold>("set_threshold", "(*thresholds)"),
    function<&get_debug>("get_debug", "()"),
    function<&set_debug>("set_debug", "(flags, /)"),
    function<&is_tracked>("is_tracked", "(obj, /)"),
    function<&is_finalized>("is_finalized", "(obj, /)"),
    function<&get_objects>("get_objects", "(generation=None)"),
    function<&get_stats>("get_stats", "()"),
    function<&freeze>("freeze", "()"),
    function<&freeze>("unfreeze", "()"),
    function<&get_freeze_count>("get_freeze_count", "()"),
    function<&get_referrers>("get_referrers", "(*objs)"),
    function<&get_referents>("get_referents", "(*objs)"),
};

Result<void> init(Context& cx, Module* m) {
  callbacks = new gc::Root(new_list(cx));
  TRY(module_add(cx, m, "callbacks", callbacks->value));
  TRY(module_add(cx, m, "garbage", new_list(cx)));
  TRY(module_add_int(cx, m, "DEBUG_STATS", 1));
  TRY(module_add_int(cx, m, "DEBUG_COLLECTABLE", 2));
  TRY(module_add_int(cx, m, "DEBUG_UNCOLLECTABLE", 4));
  TRY(module_add_int(cx, m, "DEBUG_SAVEALL", 32));
  return module_add_int(cx, m, "DEBUG_LEAK", 38);
}

const ModuleDef kModule = {
    "gc", kFunctions, init,
    "This module provides access to the garbage collector for reference cycles."};

}  // namespace

void register_gc() { register_module(kModule); }

}  // namespace pystm::lib
