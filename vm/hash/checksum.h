// CRC-32 (IEEE 802.3, reflected), CRC-CCITT as binascii.crc_hqx, and Adler-32 (RFC 1950).
#pragma once

#include <cstdint>
#include <span>

namespace pystm::vm::hash {

// Continue from a previous value by passing it as start, as zlib and binascii do.
uint32_t crc32(std::span<const uint8_t> data, uint32_t start = 0);
uint32_t adler32(std::span<const uint8_t> data, uint32_t start = 1);
uint16_t crc_hqx(std::span<const uint8_t> data, uint16_t start);

}  // namespace pystm::vm::hash
