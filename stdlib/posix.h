// What the files of module posix share.
#pragma once

#include "stdlib/support.h"

namespace pystm::lib::posix {

inline Type *g_stat_result, *g_statvfs_result, *g_terminal_size, *g_times_result, *g_uname_result,
    *g_sched_param;

Error raise_path(Context& cx, int error, const Path& path);
Error raise_paths(Context& cx, int error, const Path& a, const Path& b);
// dir_fd argument: None or a descriptor.
Result<int> dir_fd(Context& cx, Value v);
Result<Value> make_stat(Context& cx, const struct stat& st);

std::span<const BuiltinDef> file_functions();
std::span<const BuiltinDef> descriptor_functions();
std::span<const BuiltinDef> process_functions();
Result<void> add_constants(Context& cx, Module* m);
Result<void> define_scandir(Context& cx, Module* m);

}  // namespace pystm::lib::posix
