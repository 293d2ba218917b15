// What --info, --stm-stats and --gc-stats print.
#pragma once

#include "tools/pystm/settings.h"

namespace pystm::tool {

int print_info(const Settings& s);
void print_reports(const Settings& s);

}  // namespace pystm::tool
