#!/usr/bin/env bash
# Installs what is needed, builds (Release) and runs the main demonstration.
set -eu
cd "$(dirname "$0")/../.."
tools/dev/install.sh
cmake --preset release >/dev/null
cmake --build --preset release --target pystm
exec build/release/pystm benchmarks/scaling/run.py "$@"
