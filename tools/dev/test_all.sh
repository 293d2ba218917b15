#!/usr/bin/env bash
# Installs what is needed, builds (Release) and runs all tests. Exit status 0 only if all pass.
set -eu
cd "$(dirname "$0")/../.."
tools/dev/install.sh
cmake --preset release >/dev/null
cmake --build --preset release
cd build/release
exec ctest --output-on-failure --timeout 1500
