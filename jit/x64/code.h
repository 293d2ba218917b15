// The machine code of one trace, and what is needed around it.
#pragma once

#include <atomic>

#include "jit/x64/lower.h"

namespace pystm::jit::x64 {

class X64Code final : public Code {
 public:
  explicit X64Code(const Trace& trace) : Code(trace) {}
  ~X64Code() override;

  void run(vm::Context& cx, Value* window, ExitState& state) const override;
  Place place_at(IrRef exit, IrRef r) const override;
  void attach(IrRef exit, const Code* side) override;
  size_t machine_bytes() const override { return bytes_; }
  const void* address() const override { return entry_; }
  std::string listing() const override { return listing_; }

  const ExitRecord* exit_at(IrRef ins) const;
  // Where exit value number n of the exit at `ins` is.
  Location location(IrRef ins, unsigned n) const;

 private:
  friend class Lower;
  friend void visit_code_roots(gc::SlotVisitor&);
  void* entry_ = nullptr;
  size_t bytes_ = 0;
  // [0] jumps to the entry; then one cell for each exit, then one for each constant.
  Word* cells_ = nullptr;
  size_t cell_count_ = 0;
  std::vector<ExitRecord> exits_;  // by instruction
  std::vector<Location> locations_;
  std::vector<IrRef> exit_refs_;  // parallel to locations_
  std::string listing_;

  Word* exit_cell(size_t k) const { return cells_ + 1 + k; }
  Word* constant_cells() const { return cells_ + 1 + exits_.size(); }
};

}  // namespace pystm::jit::x64
