#!/bin/sh
# SPDX-License-Identifier: MIT
# Unit tests of arithmetic, files, models and folding, compiled for WebAssembly and run under Node:
#
#     web/test-units.sh BUILD [LIBRARIES]
#
# BUILD and LIBRARIES are those of web/build.sh, which is run first. Tests that fail are listed with
# what they print.
set -eu
export NODE_PATH="${NODE_PATH:-/usr/share/nodejs}"
export EMSDK_PYTHON="${EMSDK_PYTHON:-/usr/bin/python3}"
cd "$(dirname "$0")/.."
build=$1 libraries=${2:-$1-libraries}
scripts/libraries.sh wasm "$libraries" cmocka
mkdir -p "$build/units"
# The source tree, with fixtures and models, where the tests look for it.
cat >"$build/units/source.js" <<'END'
Module.preRun = () => {
  FS.mkdir("/source");
  FS.mount(NODEFS, { root: process.cwd() }, "/source");
  FS.chdir("/source");
  ENV.DMG_SOURCE = "/source";
};
END

# test_one NAME: prints one line, and all of the test's if it fails.
cat >"$build/units/one.sh" <<END
set -eu
out=$build/units/test_\$1
emcc -O2 -std=gnu17 -msimd128 -msse4.1 -D_UINTPTR_T_DEFINED -Iinclude -Isrc -I"$build/include" -I"$libraries/include" \\
    "tests/unit/test_\$1.c" "$build/src/libdeepmirgene-core.a" -L"$libraries/lib" -lcmocka -ljansson -lhts -lz -lsvm \\
    --pre-js "$build/units/source.js" -lnodefs.js -sALLOW_MEMORY_GROWTH -sEXIT_RUNTIME -o "\$out.js"
# Without --no-experimental-fetch the loader tries to fetch() a file.
if node --no-experimental-fetch "\$out.js" >"\$out.log" 2>&1; then
    echo "\$1: passed"
else
    cat "\$out.log"
    echo "\$1: FAILED" >&2
    exit 1
fi
END
printf '%s\n' fold_fast model network kernels ensemble architecture encode base |
    xargs -n 1 -P "$(nproc)" sh "$build/units/one.sh"
