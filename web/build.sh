#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds the program for WebAssembly: web/build.sh BUILD [LIBRARIES]
set -eu
# Where Debian keeps the modules of JavaScript that emcc needs; a node from elsewhere looks not there.
export NODE_PATH="${NODE_PATH:-/usr/share/nodejs}"
export EMSDK_PYTHON="${EMSDK_PYTHON:-/usr/bin/python3}"
here=$(cd "$(dirname "$0")" && pwd)
build=$1
libraries=${2:-$build-libraries}
"$here/../scripts/libraries.sh" wasm "$libraries"
libraries=$(cd "$libraries" && pwd)
mkdir -p "$build"
sed "s|@LIBRARIES@|$libraries|" "$here/emscripten.ini.in" >"$build/emscripten.ini"
[ -f "$build/build.ninja" ] || meson setup "$build" "$here/.." --cross-file "$build/emscripten.ini" \
    -Dtests=disabled -Dmpi=disabled -Dc_std=none --default-library=static
ninja -C "$build" cli/deepmirgene.js
