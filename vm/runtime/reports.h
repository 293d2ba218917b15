// What stm asks vm for its reports: source positions and names of objects.
#pragma once

namespace pystm::vm {
void register_reports();
}  // namespace pystm::vm
