#include "stm/test_points.h"

namespace pystm::stm {

#ifdef PYSTM_STM_TEST
void (*test_point)(Tx&, Point) = nullptr;
Mutant active_mutant = Mutant::kNone;
unsigned patience_in_steps = 0;
#endif

}  // namespace pystm::stm
