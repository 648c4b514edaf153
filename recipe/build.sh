#!/bin/bash
# SPDX-License-Identifier: MIT
# Called by conda-build with PREFIX set. Not run here (recipe/README.md).
set -eu
meson setup build --prefix="$PREFIX" --libdir=lib --buildtype=release -Dtests=disabled \
    -Dmpi=disabled -Dpython=disabled
ninja -C build
meson install -C build
