#!/usr/bin/env bash
# Installs, by package name, what building, running and testing need on Debian 12.
set -eu
packages="g++ cmake ninja-build ccache catch2 libcli11-dev libspdlog-dev libfmt-dev libgmp-dev libasmjit-dev libedit-dev
zlib1g-dev libpython3.11-stdlib python3 clang-format git"
missing=""
for p in $packages; do
  dpkg-query -W -f='${Status}' "$p" 2>/dev/null | grep -q "install ok installed" || missing="$missing $p"
done
[ -z "$missing" ] && exit 0
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $missing >/dev/null
