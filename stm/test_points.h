// Instrumentation of the protocol for tests; nothing at all in ordinary builds.
//
// STM_POINT(tx, where) is called between the steps whose order the protocol depends on: schedulers
// switch threads there, stress tests pause there. MUTANT(name) is true when a test asked for that
// deliberately broken variant; each stands beside the step it breaks (stm.md section 5).
#pragma once

namespace pystm::stm {

struct Tx;

#ifdef PYSTM_STM_TEST

enum class Point : unsigned char {
  kBeforeLoad,
  kBeforeCheck,
  kAfterCas,
  kAfterRegionStamp,
  kBeforeStore,
  kBeforeClock,
  kAfterClock,
  kAfterValidate,
  kBeforeGateRead,
  kAfterGateSet,
  kUndone,
  kReleased,
  kBegin,
  kRaisingStamp,
  kWaiting,  // in a waiting loop: only another thread's step can help
};
extern void (*test_point)(Tx&, Point);

enum class Mutant : unsigned {
  kNone,
#define STM_MUTANT(name, caught_by, meaning) k##name,
#include "stm/mutants.def"
#undef STM_MUTANT
};
extern Mutant active_mutant;
// Not 0: waits for another transaction last this many looks, whatever the clock says, so that a run
// can be repeated.
extern unsigned patience_in_steps;

#define STM_POINT(tx, where) \
  (::pystm::stm::test_point ? ::pystm::stm::test_point((tx), ::pystm::stm::Point::where) : void())
#define MUTANT(name) (::pystm::stm::active_mutant == ::pystm::stm::Mutant::name)
#define OUT_OF_STEPS(n) \
  (::pystm::stm::patience_in_steps != 0 && (n) > ::pystm::stm::patience_in_steps)

#else
#define STM_POINT(tx, where) ((void)0)
#define MUTANT(name) false
#define OUT_OF_STEPS(n) false
#endif

}  // namespace pystm::stm
