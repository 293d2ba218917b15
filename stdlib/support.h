// What the native modules share: checked self arguments, paths and file names, structseq classes.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "vm/object/dict.h"
#include "vm/object/exception.h"
#include "vm/object/instance.h"
#include "vm/object/number.h"
#include "vm/object/sequence.h"
#include "vm/object/str.h"
#include "vm/runtime/call.h"
#include "vm/runtime/native.h"
#include "vm/runtime/operators.h"
#include "vm/runtime/runtime.h"

namespace pystm::lib {

using namespace vm;  // NOLINT: this layer is written in vm's vocabulary

// Keeps a heap object alive for ever.
template <class T>
T* keep(T* object) {
  new gc::Root(Value(object));
  return object;
}

// An argument that must be an instance of a native class (self above all): Of<&reader_type>.
template <Type** kType>
struct Of {
  Value value;
  operator Value() const { return value; }  // NOLINT: implicit
};

// --- text of the file system: UTF-8 with surrogateescape -----------------------------------------
std::string fs_encode(const Str* s);
Result<Value> fs_decode(Context& cx, std::string_view bytes);

// A path argument: str, bytes or os.PathLike; an int where descriptors are allowed.
struct Path {
  std::string text;
  int fd = -1;
  Value object = kNone;  // as given, for error messages
  bool is_bytes = false;
  const char* c_str() const { return text.c_str(); }
  // A name in the type of the argument.
  Result<Value> name(Context& cx, std::string_view s) const;
};
enum PathKind { kPathOnly = 0, kPathOrFd = 1, kPathOrNone = 2 };
Result<void> to_path(Context& cx, Value v, const char* function, const char* argument, int kinds,
                     Path* out);
Result<Value> fspath(Context& cx, Value v);

// --- structseq -----------------------------------------------------------------------------------
// A tuple subclass with named items; names beyond `visible` are attributes only.
Type* make_structseq(Context& cx, const char* name, std::vector<const char*> fields, size_t visible,
                     const char* doc = nullptr);
// `items` on the native stack (hidden ones included).
Result<Value> new_struct(Context& cx, Type* type, const Value* items, size_t n);

// --- small things --------------------------------------------------------------------------------
Result<Value> bytes_of(Context& cx, std::string_view data);
inline Result<Value> str_of(Context& cx, std::string_view utf8) {
  return Value(TRY(new_str(cx, utf8)));
}
// An int argument given as any __index__; file descriptors also as an object with fileno().
Result<int> to_fd(Context& cx, Value v);
// Seconds as float or int into nanoseconds, rounded as time.sleep and friends do.
Result<int64_t> to_nanoseconds(Context& cx, Value seconds, bool round_up);
// Runs `work` (a blocking system call returning -1 and errno) outside the transaction, again after
// EINTR unless a signal handler raised.
Result<int64_t> blocking(Context& cx, const char* what, const std::function<int64_t()>& work);

}  // namespace pystm::lib

namespace pystm::vm {
template <Type** kType>
struct Unwrap<lib::Of<kType>> {
  static Result<lib::Of<kType>> get(Context& cx, Value v, ArgInfo info) {
    if (PYSTM_LIKELY(v.is_object() && is_subtype(type_of(v), *kType))) return lib::Of<kType>{v};
    TRY(check_native(cx, v, *kType, info.def == nullptr ? "method" : info.def->name));
    return lib::Of<kType>{v};
  }
};
}  // namespace pystm::vm
