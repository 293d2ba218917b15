// Random traces, made the way a recorder makes them: while "executing" on concrete values, so that
// every guard holds in the first iteration.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/rng.h"
#include "jit/ir.h"

namespace pystm::jit {

inline constexpr unsigned kRandomRegisters = 8;
inline constexpr unsigned kBufferWords = 8;

// Memory that random traces read and write: a C++ buffer and some cells in registers.
struct RandomWorld {
  alignas(16) Word buffer[kBufferWords];
  gc::Root registers[kRandomRegisters];

  void reset(Word seed);
  std::vector<Value> values() const;
  std::string text() const;  // of buffer and of the cells' contents
};

class RandomTrace {
 public:
  RandomTrace(Trace& out, RandomWorld& world, Word seed) : t_(out), world_(world), rng_(seed) {}
  void make(unsigned instructions, unsigned iterations);

 private:
  struct Item {
    IrRef ref;
    Type type;
    Word bits;  // concrete
  };
  Trace& t_;
  RandomWorld& world_;
  base::Rng rng_;
  std::vector<Item> items_;
  IrRef regs_[kRandomRegisters] = {};
  bool modified_[kRandomRegisters] = {};
  Word cells_[kRandomRegisters] = {};  // concrete contents while the first iteration runs
  uint32_t pc_ = 1;

  IrRef append(const Ins& i, Word bits = 0);
  uint32_t snapshot();
  const Item* pick(Type type);
  Item any_int();
  Item any_float();
  Item any_word();
  void set_register();
  IrRef small(const Item& i);
  void int_op();
  void float_op();
  void compare();
  void box_op();
  void memory_op();
  void cell_op();
  void tuple_op();
  void call_op();
  void float_of_word(const Item& w);
  IrRef check(Ir op, Type type, const Item& w, Word bits);
};

}  // namespace pystm::jit
