// The C++ side of the import system written in stdlib/py/_pystm_importer.py.
#pragma once

#include <string>

#include "vm/runtime/context.h"

namespace pystm::lib {

// After vm::start(): runs the embedded importer, which installs builtins.__import__.
vm::Result<void> install_importer(vm::Context& cx);

// A source file's code through the bytecode cache. `optimise` -1: as the interpreter was started.
vm::Result<vm::Code*> load_source_file(vm::Context& cx, const std::string& path, int optimise);

// An attribute of the importer's namespace.
vm::Result<Value> importer_attr(vm::Context& cx, const char* name);

// sys.stdin, stdout, stderr and their __x__ twins.
vm::Result<void> open_standard_streams(vm::Context& cx);

}  // namespace pystm::lib
