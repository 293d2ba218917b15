#include "jit/x64/code.h"

#include <algorithm>
#include <mutex>

#include "base/assert.h"
#include "jit/x64/cells.h"

namespace pystm::jit::x64 {

namespace {
std::mutex codes_mutex;
std::vector<X64Code*>* codes = nullptr;  // every compiled trace: their constant cells are roots
}  // namespace

void visit_code_roots(gc::SlotVisitor& visitor) {
  const std::lock_guard lock(codes_mutex);
  for (const X64Code* code : *codes) {
    const Trace& t = code->trace_;
    for (size_t k = 0; k < t.consts.size(); ++k) {
      const Type type = t.consts[k].type;
      auto& cell = reinterpret_cast<Value&>(code->constant_cells()[k]);
      if ((type == Type::Word || type == Type::Ref) && cell.is_object()) visitor.visit(cell);
    }
  }
}

static void add_code(X64Code* code) {
  const std::lock_guard lock(codes_mutex);
  if (codes == nullptr) {
    codes = new std::vector<X64Code*>;  // as long as the root provider: for ever
    gc::add_root_provider([](gc::SlotVisitor& v, bool) { visit_code_roots(v); });
  }
  codes->push_back(code);
}

X64Code::~X64Code() {
  {
    const std::lock_guard lock(codes_mutex);
    if (codes != nullptr) std::erase(*codes, this);
  }
  if (entry_ != nullptr) code_memory().release(entry_);
  free_cells(cells_, cell_count_);
}

void X64Code::run(vm::Context& cx, Value* window, ExitState& state) const {
  state.failed = state.switched = false;
  state.window = window;
  thunks().enter(&cx, window, &state, reinterpret_cast<const void*>(cells_[0]));
}

const ExitRecord* X64Code::exit_at(IrRef ins) const {
  const auto it = std::lower_bound(exits_.begin(), exits_.end(), ins,
                                   [](const ExitRecord& e, IrRef r) { return e.ins < r; });
  return it != exits_.end() && it->ins == ins ? &*it : nullptr;
}

Location X64Code::location(IrRef ins, unsigned n) const {
  return locations_[exit_at(ins)->first + n];
}

Place X64Code::place_at(IrRef exit, IrRef r) const {
  const ExitRecord* e = exit_at(exit);
  CHECK(e != nullptr);
  const auto word = [](size_t member, unsigned k) {
    return Place{Place::kState, static_cast<uint32_t>(member + 8 * k)};
  };
  for (unsigned k = 0; k < e->count; ++k) {
    if (exit_refs_[e->first + k] != r) continue;
    const Location l = locations_[e->first + k];
    if (l < kFirstXmm) return word(offsetof(ExitState, gpr), l);
    if (is_register(l)) return word(offsetof(ExitState, xmm), l - kFirstXmm);
    if (l < kWindowLocation) return word(offsetof(ExitState, spills), l - kSpillLocation);
    return {Place::kWindow, 8u * (l - kWindowLocation)};
  }
  CHECK(!"a value that the exit does not have");
  __builtin_unreachable();
}

void X64Code::attach(IrRef exit, const Code* side) {
  const ExitRecord* e = exit_at(exit);
  CHECK(e != nullptr);
  __atomic_store_n(exit_cell(static_cast<size_t>(e - exits_.data())),
                   static_cast<const X64Code*>(side)->cells_[0], __ATOMIC_RELEASE);
}

namespace {

class X64Backend final : public Backend {
 public:
  std::unique_ptr<Code> compile(const Trace& trace, const Code* parent,
                                const CompileOptions& options, const char** why) override {
    auto code = std::make_unique<X64Code>(trace);
    Lower lower(*code, static_cast<const X64Code*>(parent), work_, options);
    const char* failure = lower.run();
    if (failure != nullptr) {
      if (why != nullptr) *why = failure;
      return nullptr;
    }
    add_code(code.get());
    return code;
  }

 private:
  Workspace work_;
};

}  // namespace
}  // namespace pystm::jit::x64

namespace pystm::jit {
std::unique_ptr<Backend> new_x64_backend(bool anonymous) {
  (void)x64::code_memory(anonymous);
  return std::make_unique<x64::X64Backend>();
}
}  // namespace pystm::jit
