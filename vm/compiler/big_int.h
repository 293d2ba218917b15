// Literals too big for 64 bits.
#pragma once

#include <string>
#include <string_view>

namespace pystm::vm::compiler {

// Decimal or 0x text, perhaps with a sign, to hexadecimal digits with '-' if negative.
std::string big_int_hex(std::string_view text);

}  // namespace pystm::vm::compiler
