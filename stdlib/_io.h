// What the files of _io share: classes, slots of the native objects, calls between the layers.
//
// State lives in native slots, so it is transactional. Bytes reach the outside in two ways: writes
// to standard output, standard error and files opened for appending are deferred to the commit
// (stm::defer_output); everything else makes the transaction inevitable or runs outside of it.
#pragma once

#include "stdlib/support.h"

namespace pystm::lib::io {

inline constexpr int64_t kDefaultBufferSize = 8192;

struct Classes {
  Type *base, *raw, *buffered, *text;
  Type *file, *bytes, *string, *reader, *writer, *random, *pair, *text_wrapper, *newline_decoder;
  Value unsupported;  // UnsupportedOperation; kept alive by the module's root
};
Classes& classes();
inline Classes g_classes;

// --- slots ---------------------------------------------------------------------------------------
enum BaseSlot : unsigned { kClosed, kBaseSlots };  // kTrue once closed
enum FileSlot : unsigned { kFd = kBaseSlots, kFlags, kSeekable, kBlockSize, kFileSlots };
enum FileFlags : int64_t {
  kReadable = 1,
  kWritable = 2,
  kCreated = 4,
  kAppending = 8,
  kCloseFd = 16,
  kDeferred = 32
};
// Buffered*: `kIn` bytes read ahead from kInPos on; `kOut` a list of bytes not yet written,
// kOutSize in all.
enum BufferedSlot : unsigned {
  kRaw = kBaseSlots,
  kSize,
  kIn,
  kInPos,
  kOut,
  kOutSize,
  kBufferedSlots
};

inline int64_t int_slot(Context& cx, Value self, unsigned slot) {
  const Value v = native_slot(cx, self, slot);
  return v.is_int() ? v.as_int() : 0;
}
inline void set_int_slot(Context& cx, Value self, unsigned slot, int64_t i) {
  set_native_slot(cx, self, slot, Value::of_int(i));
}

// Keeps a blocking native inside its transaction (which becomes inevitable): there is more to do
// after it.
class NoBoundary {
 public:
  explicit NoBoundary(Context& cx) : cx_(cx) { ++cx.no_boundary; }
  ~NoBoundary() { --cx_.no_boundary; }

 private:
  Context& cx_;
};

// --- base ----------------------------------------------------------------------------------------
Error raise_unsupported(Context& cx, const char* what);
Result<bool> is_closed(Context& cx, Value file);   // file.closed
Result<void> check_open(Context& cx, Value file);  // ValueError
Result<Value> call0(Context& cx, Value object, const char* name);

// --- FileIO --------------------------------------------------------------------------------------
// True for an exact FileIO that is open; then the functions below may be used on it directly.
bool is_plain_file(Context& cx, Value raw);
// Blocking reads outside the transaction: reads until `enough(data)`, end of file or an error
// (errno set, -1 in *error). `data` is a local of the caller.
struct ReadOutcome {
  int error = 0;
  bool end = false;
  bool would_block = false;
};
void read_outside(Context& cx, int fd, size_t chunk, std::string* data, ReadOutcome* outcome,
                  const std::function<bool(const std::string&)>& enough,
                  const std::function<void()>& inside);
// All bytes, deferred or inevitable. Returns the number written (less for a non-blocking
// descriptor).
Result<int64_t> file_write(Context& cx, Value file, std::string_view bytes);
Result<Value> file_open(Context& cx, Value path, const char* mode, bool closefd, Value opener);

// --- buffered ------------------------------------------------------------------------------------
Result<void> buffered_write(Context& cx, Value self, std::string_view bytes);
Result<void> buffered_flush(Context& cx, Value self);

// Copies of writable buffers' content: readinto.
Result<int64_t> buffer_size(Context& cx, Value buffer);
Result<void> fill_buffer(Context& cx, Value buffer, std::string_view bytes);

// --- one function per file, run by the module's init ---------------------------------------------
void define_base(Context& cx);
void define_file(Context& cx);
void define_bytes(Context& cx);
void define_buffered(Context& cx);
void define_string(Context& cx);
void define_text(Context& cx);
void define_newline(Context& cx);
// The attribute `newlines` from the bits of the line ends seen: 1 \r, 2 \n, 4 \r\n.
Result<Value> newlines_seen(Context& cx, int64_t seen);

// --- text ----------------------------------------------------------------------------------------
// Moves everything read ahead by a plain BufferedReader on a plain FileIO out of it; false: not
// such a pair.
bool take_plain(Context& cx, Value buffer, std::string* data, int* fd);
void give_back(Context& cx, Value buffer, std::string_view data);
Result<Value> open_file(Context& cx, Value file, Str* mode, int buffering, Value encoding,
                        Value errors, Value newline, bool closefd, Value opener);

}  // namespace pystm::lib::io
