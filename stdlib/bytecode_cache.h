// The bytecode cache: compiled modules on disk, in a format of our own.
//
// One file per source under <cache>/<build id>/, its name a hash of path and optimisation level; it
// repeats the key (path, mtime in ns, size, level) and carries a checksum. Written to a temporary
// name and renamed. Whatever is wrong with a file or the folder: the source is compiled, nothing is
// said.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "vm/bytecode/code_unit.h"

namespace pystm::lib {

struct CacheKey {
  std::string path;
  int64_t mtime_ns = 0;
  int64_t size = 0;
  int optimise = 0;
};

// A folder; empty: no cache at all.
void set_cache_folder(const std::string& folder);
std::string cache_folder();

std::shared_ptr<vm::CodeUnit> cache_read(const CacheKey& key);
void cache_write(const CacheKey& key, const vm::CodeUnit& unit);

// The format itself (marshal uses it, too). Null if damaged.
std::string write_unit(const vm::CodeUnit& unit);
std::shared_ptr<vm::CodeUnit> read_unit(std::string_view bytes);

}  // namespace pystm::lib
