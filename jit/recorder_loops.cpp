// Recording loops within a trace. A loop of few iterations is unrolled, wherever it stands. A long
// one in the root frame has or gets a trace of its own, and the recording ends with a jump into it;
// in an inlined frame the trace is left in front of it. Edges of enclosing loops are passed: the
// transaction's poll stands at the trace's end.
#include <algorithm>
#include <utility>

#include "jit/recorder.h"
#include "vm/object/sequence.h"

namespace pystm::jit {

using namespace vm;

namespace {

constexpr unsigned kUnroll = 8;      // iterations of an inner loop
constexpr unsigned kUnrollAll = 32;  // of all loops together

// Iterations that a FOR_ITER has left; 0: not known.
uint64_t remaining(Context& cx, Value iterator) {
  if (has_shape(iterator, kShapeRangeIter)) {
    const Value left = stm::Read<RangeIter>(cx, iterator.as<RangeIter>())->remaining;
    return left.is_int() ? static_cast<uint64_t>(left.as_int()) : 0;
  }
  if (has_shape(iterator, kShapeListIter)) {
    const stm::Read<ListIter> it(cx, iterator.as<ListIter>());
    if (!is_exact_list(it->sequence)) return 0;
    const Word size = stm::Read<List>(cx, it->sequence.as<List>())->size;
    return size - std::min(size, static_cast<Word>(it->index));
  }
  return 0;
}

}  // namespace

void Recorder::find_loop_end() {
  const CodeData* data = f_->code->data;
  for (uint32_t k = header_pc_; k < data->count; ++k) {
    const Instr i = data->instrs[k];
    if (i.op == Op::JUMP_BACK && static_cast<int64_t>(k) + 1 + i.bc == header_pc_) loop_end_ = k;
  }
}

bool Recorder::is_header(uint32_t pc) {
  const CodeData* data = f_->code->data;
  for (const auto& [known, marks] : headers_)
    if (known == data) return marks[pc];
  std::vector<bool> marks(data->count);
  for (uint32_t k = 0; k < data->count; ++k)
    if (data->instrs[k].op == Op::JUMP_BACK)
      marks[static_cast<size_t>(static_cast<int64_t>(k) + 1 + data->instrs[k].bc)] = true;
  headers_.push_back({data, std::move(marks)});
  return headers_.back().second[pc];
}

Next Recorder::at_header(uint32_t pc) {
  const bool by_edge = std::exchange(by_edge_, false);
  Root* const root = find_root(f_, pc);
  const Instr i = *f_->pc;
  const bool is_for = i.op == Op::FOR_ITER;
  const bool many = !by_edge && (is_for ? remaining(cx_, f_->regs[i.a]) > kUnroll
                                        : root != nullptr && is_long(root));
  if (!f_->generator.is_unset() && f_ != root_) return Next::kExecute;  // as far as its next yield
  if (f_ != root_) {
    // A side trace would repeat the rest of the loop for each of its exits.
    const bool compiled = root != nullptr && (is_side_ || (by_edge && is_last_pass()));
    reached_ = root;
    if (!many && !compiled) return Next::kExecute;
    return root != nullptr ? Next::kJump : Next::kLeave;
  }
  if (loop_end_ != 0 && f_->code.ptr == header_code_ && pc == header_pc_) return Next::kClose;
  reached_ = root;
  if (root != nullptr) return Next::kJump;
  if (!many) return Next::kExecute;
  stop("inner loop");
  return modest_ ? Next::kLeave : Next::kGiveUp;
}

// A function was called. One that calls itself has a trace of its own, which is entered.
Next Recorder::at_entry() {
  const bool own = !is_side_ && header_pc_ == 0 && header_code_ == f_->code.ptr;
  const bool again = own || f_->code.ptr == root_->code.ptr;
  Root* const root = find_root(f_, 0);
  if (again && (own || root != nullptr)) note_recursive(f_->code->data);
  if (!again && !is_recursive(f_->code->data)) return Next::kExecute;
  reached_ = root;
  if (root != nullptr || (own && loop_end_ == 0)) return Next::kJump;
  if (again) return Next::kExecute;  // as deep as enter() allows
  stop("recursion");
  return modest_ && may_leave() ? Next::kLeave : Next::kGiveUp;
}

bool Recorder::is_last_pass() const {
  return passes_.back().count == kUnroll || all_passes_ == kUnrollAll;
}

Flow Recorder::loop_edge(int32_t offset) {
  by_edge_ = true;
  const uint32_t target = static_cast<uint32_t>(static_cast<int64_t>(pc_index()) + 1 + offset);
  if (loop_end_ != 0 && f_ == root_ && f_->code.ptr == header_code_ && target == header_pc_)
    return Flow::kNext;
  std::erase_if(
      passes_, [&](const Pass& p) { return p.frame > f_ || (p.frame == f_ && p.header > target); });
  if (passes_.empty() || passes_.back().frame != f_ || passes_.back().header != target)
    passes_.push_back({f_, target, 0});
  if (is_last_pass()) return stop("inner loop");
  ++passes_.back().count;
  ++all_passes_;
  return Flow::kNext;
}

}  // namespace pystm::jit
