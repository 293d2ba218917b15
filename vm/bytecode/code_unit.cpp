// Packing of source positions: per instruction four differences to its predecessor, as
// variable-length integers (zigzag, 7 bits a byte, as in DWARF's LEB128).
#include "vm/bytecode/code_unit.h"

namespace pystm::vm {

namespace {

void put(std::string& out, int32_t v) {
  auto u = (static_cast<uint32_t>(v) << 1) ^ static_cast<uint32_t>(v >> 31);
  while (u >= 0x80) {
    out.push_back(static_cast<char>(u | 0x80));
    u >>= 7;
  }
  out.push_back(static_cast<char>(u));
}

int32_t take(const std::string& in, size_t* at) {
  uint32_t u = 0;
  for (unsigned shift = 0; *at < in.size(); shift += 7) {
    const auto byte = static_cast<uint8_t>(in[(*at)++]);
    u |= static_cast<uint32_t>(byte & 0x7F) << shift;
    if (byte < 0x80) break;
  }
  return static_cast<int32_t>((u >> 1) ^ (0 - (u & 1)));
}

void step(const std::string& packed, size_t* at, Position* p) {
  p->line += take(packed, at);
  p->end_line = p->line + take(packed, at);
  p->column += take(packed, at);
  p->end_column = p->column + take(packed, at);
}

}  // namespace

std::string encode_positions(const std::vector<Position>& positions) {
  std::string out;
  Position last{0, 0, 0, 0};
  for (const Position& p : positions) {
    put(out, p.line - last.line);
    put(out, p.end_line - p.line);
    put(out, p.column - last.column);
    put(out, p.end_column - p.column);
    last = p;
  }
  return out;
}

Position decode_position(const std::string& packed, uint32_t instr) {
  Position p{0, 0, 0, 0};
  size_t at = 0;
  for (uint32_t i = 0; i <= instr && at < packed.size(); ++i) step(packed, &at, &p);
  return p;
}

std::vector<Position> decode_positions(const std::string& packed) {
  std::vector<Position> out;
  Position p{0, 0, 0, 0};
  for (size_t at = 0; at < packed.size();) {
    step(packed, &at, &p);
    out.push_back(p);
  }
  return out;
}

}  // namespace pystm::vm
