// Compile time of traces: optimising (as while recording), passes, and machine code, for a loop of
// about 200 IR instructions. Target (issue 3): p50 at most 100 us.
#include <algorithm>
#include <string>
#include <vector>

#include "benchmarks/micro/bench.h"
#include "jit/backend.h"
#include "jit/emit.h"
#include "jit/passes.h"

using namespace pystm;
using namespace pystm::jit;

namespace {

constexpr unsigned kGroups = 10;

// One iteration over `kGroups` objects: o.x = o.x + i, o.y = o.y * 1.5, by guarded slots.
void record(Emitter& e) {
  Trace& t = e.trace();
  e.begin_root(nullptr, 0);
  const IrRef i = e.check_int(e.slot(0));
  e.guard_int(Cond::lt, i, t.int_const(1000000));
  for (unsigned g = 0; g < kGroups; ++g) {
    e.at(10 * g + 1);
    const IrRef o = e.check_ref(e.slot(1 + static_cast<int>(g)));
    e.guard_shape(o, 500 + g % 3);
    e.acquire(o);
    const IrRef x = e.load(o, instance_slot(0)), y = e.load(o, instance_slot(1));
    const IrRef sum = e.emit(Ir::AddOv, e.check_int(x), i);
    const IrRef product = e.emit(Ir::MulF, e.check_float(y), t.float_const(1.5));
    e.store(o, instance_slot(0), sum);
    e.at(10 * g + 2);
    e.store(o, instance_slot(1), product);
    e.at(10 * g + 3);
    e.set_slot(20, sum);
    e.set_slot(21, product);
  }
  e.at(200);
  e.set_slot(0, e.emit(Ir::AddOv, i, t.int_const(1)));
  e.at(0);
}

double percentile(std::vector<double>& v, double p) {
  std::sort(v.begin(), v.end());
  return v[static_cast<size_t>(p * static_cast<double>(v.size() - 1))];
}

}  // namespace

int main() {
  const auto backend = new_x64_backend();
  std::vector<double> emit, passes, machine, all;
  size_t instructions = 0, bytes = 0, exits = 0;
  for (unsigned run = 0; run < 2000; ++run) {
    const double start = bench::cpu_ns();
    Trace t;
    Emitter e(t, OptOptions());
    record(e);
    if (!e.finish_loop(8)) return 1;
    const double emitted = bench::cpu_ns();
    run_passes(t, OptOptions());
    const double passed = bench::cpu_ns();
    const char* why = nullptr;
    const auto code = backend->compile(t, nullptr, {}, &why);
    const double compiled = bench::cpu_ns();
    if (code == nullptr) return 1;
    emit.push_back((emitted - start) / 1e3);
    passes.push_back((passed - emitted) / 1e3);
    machine.push_back((compiled - passed) / 1e3);
    all.push_back((compiled - start) / 1e3);
    bytes = code->machine_bytes();
    instructions = exits = 0;
    for (const Ins& i : t.ins) {
      instructions += i.op != Ir::Nop;
      exits += leaves(t, i);
    }
  }
  bench::info("IR instructions", static_cast<double>(instructions), "");
  bench::info("exits", static_cast<double>(exits), "");
  bench::info("machine code", static_cast<double>(bytes), "bytes");
  bench::info("recording and peeling, p50", percentile(emit, 0.5), "us");
  bench::info("passes, p50", percentile(passes, 0.5), "us");
  bench::info("machine code, p50", percentile(machine, 0.5), "us");
  const double scale = 200.0 / static_cast<double>(instructions);
  bench::line("all, for 200 instructions, p50", percentile(all, 0.5) * scale, 100, "us");
  bench::info("all, p95", percentile(all, 0.95), "us");
  return bench::misses != 0;
}
