#include "jit/x64/liveness.h"

#include <algorithm>

#include "jit/exits.h"

namespace pystm::jit::x64 {

// What the body uses of the preamble lives until the back edge.
void Liveness::mark_loop_values(const Trace& t) {
  const IrRef loop = t.loop();
  if (loop == 0) return;
  const auto mark = [&](IrRef r) {
    if (r == 0 || is_const(r) || r >= loop || variable_[r]) return;
    end[r] = 2u * t.size();
    seen_[r] = t.size();
  };
  for (IrRef r = t.size(); --r > loop;)  // a variable ends where its next value may take its place
    if (t.ins[r].op == Ir::Phi) variable_[t.ins[r].a] = true;
  for (IrRef r = loop; r < t.size(); ++r) each_operand(t, t.ins[r], mark);
  for (const IrRef r : exit_values) mark(r);  // so far, the body's
}

// Neighbours with one snapshot share their list, unless what a sunk object holds changes between.
void Liveness::add_exit(const Trace& t, IrRef r, bool sunk_store_since) {
  const auto snapshot_of = [&](IrRef exit) {
    const Ins& i = t.ins[exit];
    return info_of(i.op).aux == Aux::Snap ? static_cast<int64_t>(i.aux) : -1;
  };
  if (!sunk_store_since && !exits.empty() && snapshot_of(exits.back().ins) == snapshot_of(r)) {
    exits.push_back({r, exits.back().first, exits.back().count});
  } else {
    jit::exit_values(t, r, &list_);
    exits.push_back(
        {r, static_cast<uint32_t>(exit_values.size()), static_cast<uint16_t>(list_.size())});
    exit_values.insert(exit_values.end(), list_.begin(), list_.end());
  }
}

// The exits from instruction `from` down to `to`.
void Liveness::add_exits(const Trace& t, IrRef from, IrRef to) {
  bool sunk_store_since = false;
  for (IrRef r = from; r >= to; --r) {
    const Ins& i = t.ins[r];
    if (i.has(kSunk)) {
      sunk_store_since = true;
    } else if (leaves(t, i)) {
      add_exit(t, r, sunk_store_since);
      sunk_store_since = false;
    }
  }
}

void Liveness::scan(const Trace& t) {
  const unsigned n = t.size();
  end.assign(n, 0);
  first_use.assign(n, kNever);
  next_use.assign(3 * n, kNever);
  next_arg.assign(t.args.size(), kNever);
  next_call.assign(n + 1, 0xFFFF);
  seen_.assign(n, kNever);
  variable_.assign(n, false);
  exits.clear();
  exit_values.clear();
  const IrRef last = static_cast<IrRef>(n - 1), loop = t.loop();
  add_exits(t, last, static_cast<IrRef>(loop + 1));
  mark_loop_values(t);
  if (loop != 0) add_exits(t, static_cast<IrRef>(loop - 1), 1);

  size_t exit = 0;
  for (IrRef r = static_cast<IrRef>(n); --r > 0;) {
    const Ins& i = t.ins[r];
    next_call[r] = i.op == Ir::Call && !i.has(kSunk) ? r : next_call[r + 1u];
    if (i.type != Type::None) first_use[r] = seen_[r];
    if (exit < exits.size() && exits[exit].ins == r) {
      for (unsigned k = 0; k < exits[exit].count; ++k) {
        const IrRef v = exit_values[exits[exit].first + k];
        end[v] = std::max(end[v], 2u * r + 1);
      }
      ++exit;
    }
    if (i.has(kSunk)) continue;
    const auto use = [&](IrRef v, uint32_t* next) {
      if (v == 0 || is_const(v)) return;
      *next = seen_[v];
      seen_[v] = r;
      end[v] = std::max(end[v], 2u * r);
    };
    if (i.op == Ir::Call) {
      for (unsigned k = 0; k < i.b; ++k) use(t.args[i.a + k], &next_arg[i.a + k]);
      continue;
    }
    if (i.op == Ir::Phi) {
      use(i.b, &next_use[3 * r + 1]);
      continue;
    }
    const OpInfo& info = info_of(i.op);
    const IrRef refs[] = {i.a, i.b, i.c};
    for (unsigned k = 3; k-- > 0;)
      if (is_value(info.operands[k])) use(refs[k], &next_use[3 * r + k]);
  }
}

}  // namespace pystm::jit::x64
