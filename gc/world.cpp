#include "gc/world.h"

#include <algorithm>
#include <climits>

#include "base/assert.h"
#include "base/clock.h"
#include "gc/collector.h"
#include "gc/helpers.h"
#include "gc/young.h"

// Calls its argument with the callee-saved registers on the stack. By own code: setjmp mangles rbp,
// and __builtin_frame_address(0) of a callee misses what was pushed below it. Nothing that lies
// there is left over from earlier calls: it would keep a dead object alive.
asm(R"(
  .text
  .p2align 4
  .globl pystm_gc_spill_call
  .type pystm_gc_spill_call, @function
pystm_gc_spill_call:
  .cfi_startproc
  push %rbp
  .cfi_def_cfa_offset 16
  .cfi_offset %rbp, -16
  mov %rsp, %rbp
  .cfi_def_cfa_register %rbp
  push %rbx
  .cfi_offset %rbx, -24
  push %r12
  .cfi_offset %r12, -32
  push %r13
  .cfi_offset %r13, -40
  push %r14
  .cfi_offset %r14, -48
  push %r15
  .cfi_offset %r15, -56
  push $0
  mov %rdi, %rax
  mov %rsi, %rdi
  mov %rsp, %rsi
  call *%rax
  add $8, %rsp
  pop %r15
  pop %r14
  pop %r13
  pop %r12
  pop %rbx
  pop %rbp
  .cfi_def_cfa %rsp, 8
  ret
  .cfi_endproc
  .size pystm_gc_spill_call, .-pystm_gc_spill_call
)");

namespace pystm::gc {

World world;

namespace {

// A sleep and a wake-up cost about 50 us of latency on a virtual machine: more than most
// collections.
constexpr Word kSpinUs = 60;

// Spins until done() or the time is up; returns done().
template <class F>
bool spin_until(F done) {
  for (int i = 0; i < 32; ++i) {
    if (done()) return true;
    base::cpu_relax();
  }
  const Word end = base::cycles() + kSpinUs * base::cycles_per_us();
  while (!done()) {
    if (base::cycles() > end) return false;
    base::cpu_relax();
  }
  return true;
}

void leave_running() {
  world.running.fetch_sub(1);
  if (world.stopper_sleeps.load() != 0) base::futex_wake(world.running);
}

// Waits for the end of a stop, helping with the collection.
void wait_for_resume() {
  while (world.stop.load() != 0) {
    world.waiting.fetch_add(1);
    bool helped;
    do {
      helped = false;
      spin_until([&helped] { return (helped = help_if_offered()) || world.stop.load() == 0; });
    } while (helped);
    world.waiting.fetch_sub(1);
    if (world.stop.load() == 0) return;
    world.sleepers.fetch_add(1);
    if (world.stop.load() != 0) base::futex_wait(world.stop, 1);
    world.sleepers.fetch_sub(1);
  }
}

void enter_running() {
  for (;;) {
    if (world.stop.load() != 0) wait_for_resume();
    world.running.fetch_add(1);
    if (world.stop.load() == 0) return;
    leave_running();  // a stop began in between: step back
  }
}

void wait_until_alone() {
  while (!spin_until([] { return world.running.load() == 1; })) {
    world.stopper_sleeps.store(1);
    const uint32_t now = world.running.load();
    if (now != 1) base::futex_wait(world.running, now);
    world.stopper_sleeps.store(0);
  }
}

}  // namespace

void attach(Mutator& m, void* stack_base) {
  CHECK(space.base != nullptr && m.gc_private == nullptr);
  auto* p = new Mutator::Private;
  p->owner = &m;
  p->stack_base = static_cast<char*>(stack_base);
  p->away = true;
  m.gc_private = p;
  {
    std::lock_guard lock(world.mutex);
    world.mutators.push_back(&m);
  }
  // A stop may have listed the mutators before this one; it is then still not running.
  enter_running();
  p->away = false;
}

void detach(Mutator& m) {
  retire_young(m);
  {
    std::lock_guard lock(world.mutex);
    auto& all = world.mutators;
    all.erase(std::find(all.begin(), all.end(), &m));
    adopt_lists_of(m);
  }
  leave_running();
  delete m.gc_private;
  m.gc_private = nullptr;
}

extern "C" void pystm_gc_left(Mutator& m) {
  m.gc_private->away = true;
  leave_running();
}

// Naked: the registers saved must be the caller's, before any prologue moves them into a frame that
// is about to vanish. r8-r11, rax, rcx, rdx are dead across a call; so are all vector registers.
__attribute__((naked)) void go_away(Mutator&) {
  asm("mov 24(%rdi), %rax\n"  // gc_private
      "lea 8(%rsp), %rcx\n"
      "mov %rcx, 16(%rax)\n"  // registers[0]
      "mov %rbx, 24(%rax)\n"
      "mov %rbp, 32(%rax)\n"
      "mov %r12, 40(%rax)\n"
      "mov %r13, 48(%rax)\n"
      "mov %r14, 56(%rax)\n"
      "mov %r15, 64(%rax)\n"
      "jmp pystm_gc_left\n");
}
static_assert(offsetof(Mutator, gc_private) == 24);
static_assert(offsetof(Mutator::Private, registers) == 16);

void come_back(Mutator& m) {
  enter_running();
  m.gc_private->away = false;
}

bool stop_requested() { return world.stop.load(std::memory_order_relaxed) != 0; }

static void at_stack_pointer(Mutator& m, char* sp) {
  Word* registers = m.gc_private->registers;
  std::fill(registers, registers + 8, 0);  // they are on the stack now
  registers[0] = reinterpret_cast<Word>(sp);
}

// The thread that has stopped the world may allocate, and so collect, before it resumes it: its own
// stops nest. Written by the stopper only.
static std::atomic<Mutator*> stopper{nullptr};
static int stop_depth = 0;

void safepoint(Mutator& m) {
  if (!stop_requested() || stopper.load(std::memory_order_relaxed) == &m) return;
  with_spilled_registers([&m](char* sp) {
    at_stack_pointer(m, sp);
    m.gc_private->away = true;
    leave_running();
    enter_running();
    m.gc_private->away = false;
  });
}

bool stop_world(Mutator& m) {
  if (stopper.load(std::memory_order_relaxed) == &m) {
    ++stop_depth;
    return true;
  }
  uint32_t none = 0;
  if (!world.stop.compare_exchange_strong(none, 1)) {
    safepoint(m);
    return false;
  }
  const Word start = base::now_ns();
  {
    std::lock_guard lock(world.mutex);
    for (Mutator* other : world.mutators) {
      if (other != &m) other->poll.store(INT_MAX, std::memory_order_relaxed);
    }
  }
  wait_until_alone();
  world.mutex.lock();  // nobody attaches while the list is walked
  collector_stats().stop_ns += base::now_ns() - start;
  stopper.store(&m, std::memory_order_relaxed);
  stop_depth = 1;
  return true;
}

void resume_world() {
  if (--stop_depth > 0) return;
  stopper.store(nullptr, std::memory_order_relaxed);
  world.mutex.unlock();
  world.stop.store(0);
  if (world.sleepers.load() != 0) base::futex_wake(world.stop);
}

void with_world_stopped(Mutator& m, const std::function<void()>& f) {
  while (!stop_world(m)) {
  }
  with_spilled_registers([&](char* sp) {
    at_stack_pointer(m, sp);
    f();
  });
  resume_world();
}

}  // namespace pystm::gc
