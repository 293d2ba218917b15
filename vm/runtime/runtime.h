// Runtime: what all threads share: settings, the module table, well-known objects, start and stop.
#pragma once

#include <atomic>
#include <mutex>
#include <string>
#include <vector>

#include "vm/object/type.h"
#include "vm/runtime/context.h"
#include "vm/runtime/native.h"

namespace pystm::vm {

struct RuntimeOptions {
  std::vector<std::string> argv;  // sys.argv
  std::string executable, stdlib_dir, cache_dir;
  bool inspect = false, interactive = false, isolated = false, ignore_environment = false;
  bool no_site = false, no_user_site = false, safe_path = false, dont_write_bytecode = false;
  bool unbuffered = false, dev_mode = false, skip_first_line = false, dump_primitives = false;
  int optimize = 0, verbose = 0, quiet = 0, bytes_warning = 0, utf8_mode = 0, debug = 0;
  std::vector<std::string> warn_options;
  std::vector<std::pair<std::string, std::string>> x_options;
  uint64_t hash_seed = 0;
  bool hash_random = true;
  int64_t int_max_str_digits = 4300;
};

struct Runtime {
  RuntimeOptions options;
  std::atomic<int32_t> recursion_limit{1000};
  std::atomic<int64_t> int_max_str_digits{4300};
  std::atomic<bool> tracing{false};  // some thread has a trace or profile function
  std::atomic<bool> finalizing{false};
  gc::Root modules;        // sys.modules
  gc::Root sys, builtins;  // Module
  gc::Root builtins_dict;  // Dict
  gc::Root main_thread_object;
  std::mutex contexts_lock;
  Context* contexts = nullptr;  // all attached threads
  Context* main = nullptr;
};
Runtime& runtime();

// Brings the VM up on the calling (main) thread: heap, types, builtins, sys. Once.
Context& start(const RuntimeOptions& options, const gc::Options& gc_options,
               const stm::Options& stm_options);

// A further thread's Context: created, attached, destroyed on the thread itself.
Context* attach_thread();
void detach_thread(Context* cx);

Context* current_context();

// Module objects. import_module runs the whole import system ("a.b" gives a.b itself).
Module* new_module(Context& cx, Value name);
Result<Value> import_module(Context& cx, const char* name);
// Module attribute, e.g. import_attr(cx, "functools", "partial").
Result<Value> import_attr(Context& cx, const char* module, const char* name);
const std::vector<const ModuleDef*>& builtin_modules();
// Creates and initialises a built-in module; unset if there is none of that name.
Result<Value> create_builtin_module(Context& cx, const std::string& name);

// sys attribute, unset when missing.
Value sys_get(Context& cx, Str* name);

// Reports an exception that cannot be raised (finalizers, callbacks) through sys.unraisablehook.
// `message` in place of "Exception ignored in".
void write_unraisable(Context& cx, Value where, const char* message = nullptr);
// Prints the pending exception like an uncaught one (sys.excepthook); returns the exit status
// (SystemExit's code, 1 otherwise; 130-style signals are the caller's business).
int report_uncaught(Context& cx);

}  // namespace pystm::vm
