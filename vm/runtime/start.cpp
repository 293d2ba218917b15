// Bringing the VM up and down, and the threads' Contexts.
#include <pthread.h>

#include <cstring>

#include "base/memory.h"
#include "vm/hash/siphash.h"
#include "vm/interp/frames.h"
#include "vm/interp/inline_cache.h"
#include "vm/object/dict.h"
#include "vm/object/exception.h"
#include "vm/object/sequence.h"
#include "vm/object/shapes_internal.h"
#include "vm/object/str.h"
#include "vm/object/type_internal.h"
#include "vm/runtime/call.h"
#include "vm/runtime/reports.h"
#include "vm/runtime/runtime.h"
#include "vm/types/define.h"
#include "vm/types/exception_internal.h"

namespace pystm::vm {

void init_strings(Context& cx);
void init_numbers(Context& cx);
void init_sequences(Context& cx);

namespace {

Runtime* the_runtime = nullptr;
thread_local Context* this_context = nullptr;

// Native stack left for handling the error itself and for native code that does not check.
constexpr size_t kStackReserve = 256 * 1024;

void visit_everything(gc::SlotVisitor& visitor, bool young_only) {
  std::lock_guard lock(the_runtime->contexts_lock);
  for (Context* cx = the_runtime->contexts; cx != nullptr; cx = cx->next)
    visit_context(*cx, visitor);
  visit_types(visitor);
  visit_shapes(visitor);
  visit_inline_caches(visitor, young_only);
  clear_lookup_cache();
}

char* stack_limit() {
  pthread_attr_t attr;
  void* base = nullptr;
  size_t size = 0;
  if (pthread_getattr_np(pthread_self(), &attr) == 0) {
    pthread_attr_getstack(&attr, &base, &size);
    pthread_attr_destroy(&attr);
  }
  return static_cast<char*>(base) + kStackReserve;
}

Context* make_context() {
  auto* cx = new Context;
  allocate_vm_stack(*cx);
  cx->native_limit = stack_limit();
  cx->recursion_limit = the_runtime->recursion_limit.load();
  cx->thread_id = static_cast<uint64_t>(pthread_self());
  {
    std::lock_guard lock(the_runtime->contexts_lock);
    cx->next = the_runtime->contexts;
    the_runtime->contexts = cx;
  }
  this_context = cx;
  cx->in_native_base = true;
  stm::attach(*cx, base::native_stack_base());
  return cx;
}

// object and type refer to each other: both exist before either is complete.
void bootstrap_types(Context& cx) {
  Type* type = alloc_type(cx, nullptr);
  Type* object = alloc_type(cx, nullptr);
  types().type = type;
  types().object = object;
  Shape* shape = new_shape(Kind::kType, type);
  type->shape = shape;
  type->shape_id = shape->id;    // NOBARRIER: nobody else exists yet
  object->shape_id = shape->id;  // NOBARRIER: nobody else exists yet
}

void define_all_types(Context& cx) {
  // Names of parameters and tuples are needed by everything else: object, type and tuple first.
  define_object_type(cx);
  define_type_type(cx);
  define_text_types(cx);
  define_sequence_types(cx);
  define_mapping_types(cx);
  define_number_types(cx);
  define_bytes_types(cx);
  define_set_types(cx);
  define_callable_types(cx);
  define_module_type(cx);
  define_super_type(cx);
  define_singleton_types(cx);
  define_iterator_types(cx);
  define_exception_types(cx);
  define_exception_group(cx);
  define_generator_types(cx);
  define_frame_types(cx);
  define_weakref_types(cx);
  define_alias_types(cx);
}

}  // namespace

Runtime& runtime() { return *the_runtime; }
Context* current_context() { return this_context; }

Context& start(const RuntimeOptions& options, const gc::Options& gc_options,
               const stm::Options& stm_options) {
  set_hash_key(options.hash_random ? hash::random_key()
                                   : hash::key_from_seed(static_cast<uint32_t>(options.hash_seed)));
  gc::initialize(gc_options);
  stm::initialize(stm_options);
  the_runtime = new Runtime;
  the_runtime->options = options;
  the_runtime->int_max_str_digits = options.int_max_str_digits;
  Context& cx = *make_context();
  the_runtime->main = &cx;
  gc::add_root_provider(visit_everything);
  register_builtin_shapes();
  init_inline_caches();
  init_strings(cx);
  init_numbers(cx);
  init_sequences(cx);
  init_names(cx);
  bootstrap_types(cx);
  define_all_types(cx);
  register_reports();
  the_runtime->modules.value = new_dict(cx);
  for (const char* name : {"builtins", "sys"}) {
    auto module = create_builtin_module(cx, name);
    CHECK(!module.is_error() && !module.value().is_unset());
    (void)dict_set_str(cx, the_runtime->modules.value.as<Dict>(), name, module.value());
    (name[0] == 'b' ? the_runtime->builtins : the_runtime->sys).value = module.value();
  }
  the_runtime->builtins_dict.value = the_runtime->builtins.value.as<Module>()->dict.ptr;
  return cx;
}

Context* attach_thread() { return make_context(); }

void detach_thread(Context* cx) {
  stm::detach(*cx);
  {
    std::lock_guard lock(the_runtime->contexts_lock);
    for (Context** p = &the_runtime->contexts; *p != nullptr; p = &(*p)->next) {
      if (*p != cx) continue;
      *p = cx->next;
      break;
    }
  }
  free_vm_stack(*cx);
  this_context = nullptr;
  delete cx;
}

Value sys_get(Context& cx, Str* name) {
  if (the_runtime->sys.value.is_unset()) return Value();
  return dict_get_str(cx, the_runtime->sys.value.as<Module>()->dict, name);
}

Result<Value> import_attr(Context& cx, const char* module, const char* name) {
  return get_attr(cx, TRY(import_module(cx, module)), name);
}

}  // namespace pystm::vm
