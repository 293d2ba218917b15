// Recording attributes, globals, items, iteration, calls and allocation.
#include <cstring>

#include "jit/plainly.h"
#include "jit/recorder.h"
#include "jit/residual.h"
#include "jit/runtime.h"
#include "vm/object/dict.h"
#include "vm/object/instance.h"
#include "vm/object/list_items.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/native.h"
#include "vm/runtime/operators.h"

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
  if (cache()->load(std::memory_order_relaxed) <= kSeenOnce)
    learn_global(cx_, f_, name_at(i.b), cache());
  const IcRecord& r = ic_records[cache()->load(std::memory_order_relaxed)];
  const bool known = r.key == Value(f_->globals.ptr);
  if (!known || (r.second.is_unset() && r.extra > cx_.rv)) {
    // Made into a cell, or frozen, in this transaction or beside it: the next one may rely on it,
    // and the next attempt should find that one.
    stm::commit_soon(cx_);
    return stop("global not cached");
  }
  if (r.second.is_unset()) return set(i.a, {r.value, constant_ref(r.value)});
  V v = load_cell({r.value, constant_ref(r.value)});
  if (is_unset(v)) {
    v = load_cell({r.second, constant_ref(r.second)});
    if (is_unset(v)) return stop("NameError");
  }
  return set(i.a, v);
}

// --- attributes ----------------------------------------------------------------------------------

// What the cache says of the object's shape; if it says nothing, the site learns it now.
Word Recorder::cached(V object, Str* name, void (*learn)(Context&, Value, Str*, CacheWord*)) {
  const ShapeId shape = object.value.object()->shape_id;
  if (cache_shape(cache()->load(std::memory_order_relaxed)) != shape)
    learn(cx_, object.value, name, cache());
  const Word w = cache()->load(std::memory_order_relaxed);
  return cache_shape(w) == shape ? w : 0;
}

// A module's attribute lies in its namespace's cell; kNoRef: not there.
Recorder::V Recorder::module_attr(V object, Str* name) {
  auto* m = object.value.as<Module>();
  const V nothing{Value(), kNoRef};
  if (type_of(object.value) != types().module || m->dict.ptr == nullptr) return nothing;
  Cell* cell = dict_cell(cx_, m->dict, name);
  if (cell == nullptr || stm::Read<Cell>(cx_, cell)->content.is_unset()) return nothing;
  e_.guard_is(object.ref, constant_ref(object.value));
  const V v = load_cell({Value(cell), e_.trace().ref_const(cell)});
  return is_unset(v) ? nothing : v;
}

// The attributes that a program gave a function; kNoRef: none, or the class has that name.
IrRef Recorder::function_dict(V object, Str* name) {
  auto* fn = object.value.as<Function>();
  const Value dict = stm::Read<Function>(cx_, fn)->dict;
  if (!is_exact_dict(dict) || !type_lookup_entry(types().function, name).is_unset()) return kNoRef;
  const IrRef f = guard_object(object, kShapeFunction);
  const IrRef word = e_.load(f, field::Function::dict);
  e_.read_check(f);
  return guard_object({dict, word}, kShapeDict);
}

Str* Recorder::name_at(unsigned n) const { return (*f_->code->names)[n].as<Str>(); }

namespace {
// Is it an attribute of an exception that no Python code has a part in?
bool has_native_attribute(Value object, Str* name) {
  if (!is_exception(object)) return false;
  vm::Type* type = type_of(object);
  const Value entry = type_lookup_entry(type, name);
  return type->flags & kTypeGenericGetAttr && type->flags & kTypeGenericSetAttr &&
         type->dunder(Dunder::kGetAttr).is_unset() &&
         (entry.is_unset() || has_shape(entry, kShapeGetSet));
}
}  // namespace

Flow Recorder::load_attr(Instr i, V object) {
  if (!object.value.is_object()) return stop("attribute of a number");
  const ShapeId shape = object.value.object()->shape_id;
  if (has_kind(object.value, Kind::kModule)) {
    const V v = module_attr(object, name_at(i.c));
    return v.ref == kNoRef ? stop("attribute of a module") : set(i.a, v);
  }
  if (is_function(object.value)) {
    Str* const name = name_at(i.c);
    const IrRef dict = function_dict(object, name);
    if (dict == kNoRef) return stop("attribute of a function");
    return set_after(i.a, call_plainly(kCallGetName, {dict, e_.trace().ref_const(name)}));
  }
  if (has_native_attribute(object.value, name_at(i.c))) {
    guard_type(object);
    return set_after(i.a, call_plainly(kCallGetAttr, {object.ref, constant_ref(name_at(i.c))}));
  }
  const Word w = cached(object, name_at(i.c), &learn_attr);
  if ((w == 0 || cache_kind(w) == CacheKind::kOverflowSlot) && bound_method(i, object))
    return Flow::kNext;
  const auto uncached = [&] {
    return named_attr(i.a, object, constant_ref(name_at(i.c)), e_.trace().word_const(Value()));
  };
  if (w == 0) return uncached();
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
      const IrRef self = guard_instance(object, shape);
      return enter_method(r.value, {{object.value, self}}, i.a, OnReturn::kStore);
    }
    default:
      return uncached();
  }
}

Flow Recorder::store_attr(Instr i, V object, V v) {
  if (!object.value.is_object()) return stop("attribute of a number");
  const ShapeId shape = object.value.object()->shape_id;
  if (is_function(object.value)) {
    Str* const name = name_at(i.b);
    const IrRef dict = function_dict(object, name);
    if (dict == kNoRef) return stop("attribute of a function");
    e_.call(kCallSetItem, {dict, e_.trace().ref_const(name), e_.box(v.ref)});
    return Flow::kNext;
  }
  if (has_native_attribute(object.value, name_at(i.b))) {
    guard_type(object);
    e_.call(kCallSetAttr, {object.ref, constant_ref(name_at(i.b)), e_.box(v.ref)});
    return Flow::kNext;
  }
  if (is_type(object.value)) {
    const Value entry = dict_peek(as_type(object.value)->dict, name_at(i.b));
    if (!is_class_cell(entry) || type_of(object.value) != types().type)
      return stop("attribute of a class");
    e_.guard_is(object.ref, constant_ref(object.value));
    store_cell({entry, constant_ref(entry)}, v);
    return Flow::kNext;
  }
  const Word w = cached(object, name_at(i.b), &learn_store);
  if (w == 0) return store_named_attr(object, constant_ref(name_at(i.b)), v);
  if (cache_kind(w) == CacheKind::kProperty) {
    const Value setter = ic_records[cache_number(w)].value;
    const IrRef self = guard_instance(object, shape);
    return enter_method(setter, {{object.value, self}, v}, 0, OnReturn::kDrop);
  }
  unsigned slot = static_cast<unsigned>(cache_number(w));
  const IrRef boxed = e_.box(v.ref);
  if (cache_kind(w) == CacheKind::kInlineSlot) {
    const IrRef o = guard_instance(object, shape);
    e_.acquire(o);
    e_.store(o, instance_slot(slot), boxed);
    return Flow::kNext;
  }
  if (cache_kind(w) != CacheKind::kAddSlot)
    return store_named_attr(object, constant_ref(name_at(i.b)), v);
  const Word extra = ic_records[cache_number(w)].extra;
  slot = static_cast<unsigned>(extra & 0xFFFFFFFF);
  if (slot >= shape_by_id(shape)->inline_slots) return stop("attribute in the overflow");
  const IrRef o = guard_instance(object, shape);
  e_.acquire(o);
  e_.emit(Ir::SetShape, o, e_.trace().int_const(static_cast<int64_t>(extra >> 32)));
  e_.store(o, instance_slot(slot), boxed);
  return Flow::kNext;
}

IrRef Recorder::make_bound_method(Value function, IrRef self) {
  const IrRef method = e_.make(kShapeBoundMethod, sizeof(BoundMethod), false);
  e_.store(method, field::BoundMethod::function, constant_ref(function));
  e_.store(method, field::BoundMethod::self, self);
  return method;
}

// As new_bound_method() does.
IrRef Recorder::make_bound_builtin(const Builtin* b, IrRef self) {
  const IrRef owner = constant_ref(b->owner);
  const bool special = b->shape_id == kShapeWrapperDescriptor;
  const ShapeId shape = special ? types().method_wrapper->shape->id : kShapeBoundBuiltin;
  const IrRef bound = e_.make(shape, sizeof(BoundBuiltin), false);
  e_.store(bound, kDefWord, e_.trace().int_const(reinterpret_cast<intptr_t>(b->def)));
  e_.store(bound, field::Builtin::self, self);
  e_.store(bound, field::Builtin::owner, owner);
  return bound;
}

// object.method without a call: what calls it later takes it apart again. False: it is none.
bool Recorder::bound_method(Instr i, V object) {
  Shape* shape = shape_of(object.value.object());
  Str* name = name_at(i.c);
  if (!(shape->type->flags & kTypeGenericGetAttr) || !shape_excludes(shape, name)) return false;
  const Value entry = type_lookup_entry(shape->type, name);
  const bool native =
      has_shape(entry, kShapeWrapperDescriptor) || has_shape(entry, kShapeMethodDescriptor);
  if (!native && !is_function(entry)) return false;
  const IrRef self = guard_instance(object, object.value.object()->shape_id);
  set_after(
      i.a, native ? make_bound_builtin(entry.as<Builtin>(), self) : make_bound_method(entry, self));
  return true;
}

// A staticmethod or classmethod, of a class or an instance. False: none.
bool Recorder::class_method(Instr i, V object) {
  const bool of_class = is_type(object.value);
  vm::Type* type = of_class ? as_type(object.value) : type_of(object.value);
  if (of_class ? type_of(type) != types().type : !(type->flags & kTypeGenericGetAttr)) return false;
  Str* name = name_at(i.c);
  if (of_class && !type_lookup_entry(type_of(type), name).is_unset()) return false;
  Shape* shape = shape_of(object.value.object());
  if (!of_class && (shape->kind != Kind::kInstance || shape->dict_mode || shape->find(name) >= 0))
    return false;
  const Value entry = type_lookup_entry(type, name);
  const bool is_static = has_shape(entry, kShapeStaticMethod);
  if (!is_static && !has_shape(entry, kShapeClassMethod)) return false;
  const Value f = is_static ? stm::Read<StaticMethod>(cx_, entry.as<StaticMethod>())->callable
                            : stm::Read<ClassMethod>(cx_, entry.as<ClassMethod>())->callable;
  const bool of_cpp = of_class && !is_static && has_kind(f, Kind::kBuiltin);
  if (!is_function(f) && !of_cpp) return false;
  if (of_class)
    e_.guard_is(object.ref, constant_ref(object.value));
  else
    guard_instance(object, object.value.object()->shape_id);
  clear(i.a + 1u);
  const IrRef self = constant_ref(Value(type));
  set_after(i.a, of_cpp      ? make_bound_builtin(f.as<Builtin>(), self)
                 : is_static ? constant_ref(f)
                             : make_bound_method(f, self));
  return true;
}

// super().name, where that is a Python function.
Flow Recorder::super_method(Instr i, V object) {
  const stm::Read<Super> seen(cx_, object.value.as<Super>());
  if (!is_type(seen->start) || seen->self.is_unset() || !is_type(seen->self_type))
    return stop("super() of such an object");
  Tuple* mro = as_type(seen->self_type)->mro;
  size_t k = 0;
  while (k < mro->length && (*mro)[k] != seen->start) ++k;
  Value found;
  for (++k; k < mro->length && found.is_unset(); ++k)
    found = dict_peek(as_type((*mro)[k])->dict, name_at(i.c));
  const bool native =
      has_shape(found, kShapeWrapperDescriptor) || has_shape(found, kShapeMethodDescriptor);
  if (!(is_function(found) || native) || is_type(seen->self))
    return stop("super() without such a method");
  const IrRef o = guard_object(object, kShapeSuper);
  const IrRef start = e_.load(o, field::Super::start);
  const V self{seen->self, e_.load(o, field::Super::self)};
  e_.read_check(o);
  e_.guard_is(start, constant_ref(seen->start));
  const IrRef bound = guard_instance(self, self.value.object()->shape_id);
  clear(i.a + 1u);
  return set_after(i.a, native ? make_bound_builtin(found.as<Builtin>(), bound)
                               : make_bound_method(found, bound));
}

// A callable that is an attribute: of the instance, or of a class.
Flow Recorder::method_attr(Instr i, V object) {
  clear(i.a + 1u);
  return load_attr(i, object);
}

// An int or float that is no heap object: its class never changes.
Flow Recorder::number_method(Instr i, V object) {
  if (!is_number(object)) return stop("method of a singleton");
  const Value method = type_lookup_entry(type_of(object.value), name_at(i.c));
  if (!has_shape(method, kShapeMethodDescriptor)) return stop("method of a number");
  guard_type(object);
  set(i.a, {method, constant_ref(method)});
  return set(i.a + 1u, object);
}

Flow Recorder::load_method(Instr i, V object) {
  if (!object.value.is_object()) return number_method(i, object);
  const ShapeId shape = object.value.object()->shape_id;
  if (has_kind(object.value, Kind::kModule)) {
    const V v = module_attr(object, name_at(i.c));
    if (v.ref == kNoRef) return stop("attribute of a module");
    set(i.a, v);
    clear(i.a + 1u);
    return Flow::kNext;
  }
  const auto learn = [](Context&, Value o, Str* name, CacheWord* cache) {
    learn_method(o, name, cache);
  };
  const Word w = cached(object, name_at(i.c), learn);
  if (w == 0 || cache_kind(w) != CacheKind::kMethod) {
    if (has_shape(object.value, kShapeSuper)) return super_method(i, object);
    if (class_method(i, object)) return Flow::kNext;
    return method_attr(i, object);
  }
  guard_instance(object, shape);
  const Value method = ic_records[cache_number(w)].value;
  set(i.a, {method, constant_ref(method)});
  return set(i.a + 1u, object);
}

// --- items ---------------------------------------------------------------------------------------

// The index, which counts from the end if negative, as one from the start; guards which it is.
IrRef Recorder::index_from_start(V key, IrRef length) {
  const bool from_end = key.value.as_int() < 0;
  const IrRef index = as_int(key);
  e_.guard_int(Cond::lt, index, e_.trace().int_const(0), from_end);
  return from_end ? e_.emit(Ir::Add, index, length) : index;
}

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

// Of builtin containers and plain keys; IndexError and KeyError included.
Flow Recorder::item_natively(Instr i, V container, V key) {
  guard_type(container);
  guard_type(key);
  return set_after(i.a, call_plainly(kCallGetItem, {e_.box(container.ref), e_.box(key.ref)}));
}

Flow Recorder::list_item(Instr i, V container, V key) {
  auto* l = container.value.as<List>();
  const stm::Read<List> seen(cx_, l);
  if (!is_inside(key.value.as_int(), static_cast<int64_t>(seen->size)))
    return item_natively(i, container, key);
  const IrRef list = guard_object(container, kShapeList);
  const IrRef size = e_.load(list, field::List::size);
  const IrRef storage = e_.load(list, field::List::storage);
  e_.read_check(list);
  const IrRef index = index_from_start(key, size);
  return set_after(i.a, load_list_item(list, size, storage, index, is_chunked(seen->storage)));
}

// Start, stop and step of a slice, guarded to be ints or None; false: they are not.
bool Recorder::slice_words(V key, IrRef words[3]) {
  const auto* s = key.value.as<Slice>();
  const IrRef slice = guard_object(key, kShapeSlice);
  const std::pair<Value, Field> bounds[] = {{s->start, field::Slice::start},
                                            {s->stop, field::Slice::stop},
                                            {s->step, field::Slice::step}};
  for (size_t k = 0; k < 3; ++k) {
    const auto& [value, f] = bounds[k];
    if (!value.is_int() && value != kNone) return false;
    words[k] = e_.load(slice, f);
    guard_type({value, words[k]});
  }
  return true;
}

// A part of a builtin sequence, by bounds that are ints or None.
Flow Recorder::slice_item(Instr i, V container, V key) {
  const CallInfo* call = is_exact_list(container.value)    ? &kCallSliceOfList
                         : is_exact_str(container.value)   ? &kCallSliceOfStr
                         : is_exact_tuple(container.value) ? &kCallSliceOfTuple
                         : is_exact_bytes(container.value) ? &kCallSliceOfBytes
                                                           : nullptr;
  if (call == nullptr) return stop("slice of an object");
  const IrRef of = guard_type(container);
  IrRef by[3];
  if (!slice_words(key, by)) return stop("slice by an object");
  return set_after(i.a, e_.call(*call, {of, by[0], by[1], by[2]}));
}

// Of a Latin-1 str or bytes, by an int inside; kExit: it is not.
Flow Recorder::text_item(Instr i, V container, V key) {
  const bool text = has_shape(container.value, kShapeLatin1Str);
  if ((!text && !is_exact_bytes(container.value)) || !key.value.is_int()) return Flow::kExit;
  const auto n = static_cast<int64_t>(text ? container.value.as<Str>()->length
                                           : container.value.as<Bytes>()->length);
  if (!is_inside(key.value.as_int(), n)) return Flow::kExit;
  const IrRef o = guard_type(container);
  const IrRef length = e_.load(o, text ? field::Str::length : field::Bytes::length);
  const IrRef index = index_from_start(key, length);
  e_.guard_index(index, length);
  if (!text) return set_after(i.a, e_.load_item(o, index, array::BytesData));
  return set_after(i.a, e_.call(kCallCharacter, {e_.load_item(o, index, array::Latin1)}));
}

// Is it dict's own method that does this for the object?
bool Recorder::works_as_dict(Value v, Dunder d) {
  return is_dict(v) && lookup_dunder(v, d) == types().dict->dunder(d);
}

// An operator that natives.def has a row for; kExit: it has none.
Flow Recorder::special_native(Value method, std::vector<V> arguments,
                              std::optional<uint16_t> result) {
  if (!has_shape(method, kShapeWrapperDescriptor)) return Flow::kExit;
  const auto* b = method.as<Builtin>();
  const IrRef r = row_call(b, e_.trace().ptr_const(b->def), arguments);
  if (r == kNoRef) return Flow::kExit;
  return result ? set_after(*result, r) : Flow::kNext;
}

// Of a dict whose class may have a __missing__.
Flow Recorder::item_or_missing(Instr i, V container, V key) {
  const IrRef dict = guard_type(container), boxed = e_.box(key.ref);
  const Value missing = lookup_dunder(container.value, Dunder::kMissing);
  if (!is_function(missing)) return set_after(i.a, call_plainly(kCallGetOrMakeItem, {dict, boxed}));
  const auto seen =
      plainly(cx_, [&] { return dict_get(cx_, container.value.as<Dict>(), key.value); });
  if (seen.is_error()) clear_exception(cx_);
  if (seen.is_error() || seen.value().is_unset()) return stop("__missing__");
  const IrRef absent = e_.trace().word_const(kDeleted);
  const IrRef item = call_plainly(kCallDictGet, {dict, boxed, absent});
  e_.guard_is_not(item, absent);
  return set_after(i.a, item);
}

Flow Recorder::get_item(Instr i, V container, V key) {
  if (const Known known = known_item(container, key); known.item != kNoRef)
    return set_after(i.a, known.item);
  if (const Flow flow = text_item(i, container, key); flow != Flow::kExit) return flow;
  if (is_exact_list(container.value) && key.value.is_int()) return list_item(i, container, key);
  if (is_exact_tuple(container.value) && key.value.is_int()) {
    const auto n = static_cast<int64_t>(container.value.as<Tuple>()->length);
    if (!is_inside(key.value.as_int(), n)) return item_natively(i, container, key);
    const IrRef tuple = guard_object(container, kShapeTuple);
    const IrRef length = e_.load(tuple, field::Tuple::length);
    const IrRef index = index_from_start(key, length);
    e_.guard_index(index, length);
    return set_after(i.a, e_.load_item(tuple, index, array::TupleItems));
  }
  if (has_shape(key.value, kShapeSlice)) return slice_item(i, container, key);
  const Value method = lookup_dunder(container.value, Dunder::kGetItem);
  if (is_function(method)) {
    const IrRef self = guard_instance(container, container.value.object()->shape_id);
    return enter_method(method, {{container.value, self}, key}, i.a, OnReturn::kStore);
  }
  if (works_as_dict(container.value, Dunder::kGetItem) && !is_exact_dict(container.value)) {
    if (!guard_hashed_key(key)) return stop("item by an object");
    return item_or_missing(i, container, key);
  }
  if (const Flow flow = special_native(method, {container, key}, i.a); flow != Flow::kExit)
    return flow;
  const bool indexed = is_exact_str(container.value) || is_exact_bytes(container.value) ||
                       is_bytearray(container.value) || has_shape(container.value, kShapeRange);
  if (!is_exact_dict(container.value) && !(indexed && key.value.is_int()))
    return stop("item of a class");
  if (!guard_hashed_key(key)) return stop("item by an object");
  return item_natively(i, container, key);
}

Flow Recorder::delete_item(Instr i) {
  const V container = reg(i.a), key = reg(i.b);
  const Value method = lookup_dunder(container.value, Dunder::kDelItem);
  if (is_function(method)) {
    const IrRef self = guard_instance(container, container.value.object()->shape_id);
    return enter_method(method, {{container.value, self}, key}, 0, OnReturn::kDrop);
  }
  IrRef by[3];
  const bool of_list = is_exact_list(container.value) &&
                       (has_shape(key.value, kShapeSlice) ? slice_words(key, by) : is_number(key));
  const bool of_dict =
      !of_list && works_as_dict(container.value, Dunder::kDelItem) && guard_hashed_key(key);
  if (!of_list && !of_dict) {
    const Flow flow = special_native(method, {container, key}, {});
    return flow == Flow::kExit ? stop("deletion from an object") : flow;
  }
  guard_type(container);
  guard_type(key);
  call_plainly(kCallDeleteItem, {e_.box(container.ref), e_.box(key.ref)});
  return Flow::kNext;
}

Flow Recorder::store_natively(V container, V key, V v) {
  guard_type(container);
  guard_type(key);
  guard_type(v);
  e_.call(kCallStoreItem, {container.ref, e_.box(key.ref), e_.box(v.ref)});
  return Flow::kNext;
}

Flow Recorder::store_slice(V container, V key, V v) {
  if (!is_exact_list(v.value) && !is_exact_tuple(v.value)) return stop("slice from an object");
  IrRef by[3];
  if (!slice_words(key, by)) return stop("slice by an object");
  const IrRef list = guard_type(container), from = guard_type(v);
  e_.call(kCallStoreSlice, {list, by[0], by[1], by[2], from});
  return Flow::kNext;
}

Flow Recorder::set_item(Instr, V container, V key, V v) {
  if (works_as_dict(container.value, Dunder::kSetItem) && guard_hashed_key(key)) {
    guard_type(container);
    call_plainly(kCallSetItem, {e_.box(container.ref), e_.box(key.ref), e_.box(v.ref)});
    return Flow::kNext;
  }
  if (is_bytearray(container.value) && key.value.is_int() && v.value.is_int())
    return store_natively(container, key, v);
  if (is_exact_list(container.value) && has_shape(key.value, kShapeSlice))
    return store_slice(container, key, v);
  const Value method = lookup_dunder(container.value, Dunder::kSetItem);
  if (is_function(method)) {
    const IrRef self = guard_instance(container, container.value.object()->shape_id);
    return enter_method(method, {{container.value, self}, key, v}, 0, OnReturn::kDrop);
  }
  if (const Flow flow = special_native(method, {container, key, v}, {}); flow != Flow::kExit)
    return flow;
  if (!is_exact_list(container.value) || !key.value.is_int()) return stop("item store of a class");
  auto* l = container.value.as<List>();
  const stm::Read<List> seen(cx_, l);
  if (!is_inside(key.value.as_int(), static_cast<int64_t>(seen->size))) return stop("IndexError");
  const IrRef list = guard_object(container, kShapeList);
  const IrRef boxed = e_.box(v.ref);
  const bool chunked = is_chunked(seen->storage);
  if (!chunked) e_.acquire(list);
  const IrRef size = e_.load(list, field::List::size);
  const IrRef storage = e_.load(list, field::List::storage);
  e_.read_check(list);
  const IrRef index = index_from_start(key, size);
  e_.guard_index(index, size);
  guard_chunked(storage, chunked);
  if (chunked) e_.emit(Ir::ItemAcquire, list, storage, index);
  e_.emit(Ir::UndoItem, storage, index, list);
  e_.store_item(storage, index, array::Items, boxed);
  return Flow::kNext;
}

// --- membership and truth ------------------------------------------------------------------------

// `item in container` by a C++ function, as True, False, or unset where it will not say; kNoRef:
// not here.
IrRef Recorder::membership(V item, V container, bool negated) {
  const bool table = works_as_dict(container.value, Dunder::kContains) ||
                     is_exact_set(container.value) || has_shape(container.value, kShapeFrozenSet);
  const bool sequence = is_exact_list(container.value) || is_exact_tuple(container.value);
  const bool text = is_exact_str(container.value) && is_exact_str(item.value);
  const bool range = has_shape(container.value, kShapeRange) && is_exact_int(item.value);
  if (!table && !sequence && !text && !range) return kNoRef;
  if (text && is_flat_str(item.value) && is_flat_str(container.value)) {
    const IrRef part = guard_type(item), whole = guard_type(container);
    return e_.call(kCallStrInside, {part, whole, e_.trace().int_const(negated)});
  }
  if (const Known known = known_item(container, item); known.container && table)
    return e_.trace().word_const(of_bool((known.item != kNoRef) != negated));
  if (!(table ? guard_hashed_key(item) : guard_key(item))) return kNoRef;
  guard_type(container);
  const CallInfo& call = !table                     ? kCallContains
                         : is_dict(container.value) ? kCallDictContains
                                                    : kCallSetContains;
  return call_plainly(call,
                      {e_.box(item.ref), e_.box(container.ref), e_.trace().int_const(negated)});
}

Flow Recorder::contains(Instr i, V item, V container) {
  const IrRef r = membership(item, container, i.d == 1);
  if (r == kNoRef) return stop("in");
  return set_after(i.a, r);
}

Flow Recorder::contains_jump(Instr i, V item, V container) {
  const IrRef r = membership(item, container, i.d != 1);
  if (r == kNoRef) return stop("in");
  open_ = {Open::kTruth, i, r, f_, pc_index(), true};
  return Flow::kNext;
}

// Guards what the truth of the value depends on; false: not here.
bool Recorder::guard_truth(V x, bool* truth) {
  Trace& t = e_.trace();
  const auto size_decides = [&](IrRef size, bool some) {
    e_.guard_int(Cond::ne, size, t.int_const(0), some);
    *truth = some;
    return true;
  };
  double d;
  if (x.value.is_int()) return size_decides(as_int(x), x.value.as_int() != 0);
  if (float_of(x.value, &d)) {
    *truth = d != 0;
    e_.guard_float(Cond::ne, e_.check_float(x.ref), t.float_const(0.0), *truth);
    return true;
  }
  if (!x.value.is_object()) {
    guard_type(x);
    *truth = x.value == kTrue;
    return x.value == kNone || x.value == kTrue || x.value == kFalse;
  }
  if (is_exact_list(x.value) || is_exact_dict(x.value) || is_exact_set(x.value)) {
    const ShapeId shape = x.value.object()->shape_id;
    const IrRef o = guard_object(x, shape);
    const bool list = shape == kShapeList;
    const IrRef size = e_.load(o, list                  ? field::List::size
                                  : shape == kShapeDict ? field::Dict::used
                                                        : field::Set::used);
    e_.read_check(o);
    const bool some = list                  ? stm::Read<List>(cx_, x.value.as<List>())->size != 0
                      : shape == kShapeDict ? stm::Read<Dict>(cx_, x.value.as<Dict>())->used != 0
                                            : stm::Read<Set>(cx_, x.value.as<Set>())->used != 0;
    return size_decides(size, some);
  }
  if (is_exact_tuple(x.value))
    return size_decides(e_.load(guard_object(x, kShapeTuple), field::Tuple::length),
                        x.value.as<Tuple>()->length != 0);
  if (is_flat_str(x.value))
    return size_decides(e_.load(guard_type(x), field::Str::length), x.value.as<Str>()->length != 0);
  if (!lookup_dunder(x.value, Dunder::kBool).is_unset()) return false;
  if (!lookup_dunder(x.value, Dunder::kLen).is_unset()) {
    const IrRef size = native_length(x);
    const auto now = size == kNoRef ? Result<int64_t>(Error{}) : vm::length(cx_, x.value);
    return !now.is_error() && size_decides(size, now.value() != 0);
  }
  guard_type(x);
  *truth = true;
  return true;
}

Flow Recorder::truth_jump(Instr, V x, bool) {
  bool truth;
  return guard_truth(x, &truth) ? Flow::kNext : stop("truth of an object");
}

Flow Recorder::negate(Instr i, V x) {
  bool truth;
  if (!guard_truth(x, &truth)) return stop("truth of an object");
  return set(i.a, boolean(!truth));
}

}  // namespace pystm::jit
