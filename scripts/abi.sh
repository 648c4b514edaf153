#!/bin/sh
# SPDX-License-Identifier: MIT
# Compares the binary interface of the shared library with the recorded one, by libabigail:
#
#     scripts/abi.sh check BUILD     fails if something was changed or removed; additions are allowed
#     scripts/abi.sh record BUILD    records the present one, for a release or a deliberate change
#
# BUILD is a folder configured with debug information (-Dbuildtype=debugoptimized).
set -eu
cd "$(dirname "$0")/.."

recorded=tests/abi/libdeepmirgene.abi
library=${2:?usage: scripts/abi.sh check|record BUILD}/src/libdeepmirgene.so

case $1 in
record)
    abidw --exported-interfaces-only --headers-dir include --drop-private-types \
        --no-comp-dir-path --no-corpus-path --no-show-locs --type-id-style hash \
        "$library" | sed "s|path='[^']*/src/|path='src/|" >$recorded # no folder of this machine
    ;;
check)
    abidiff --headers-dir2 include --drop-private-types --no-added-syms $recorded "$library"
    ;;
*)
    sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0" >&2
    exit 2
    ;;
esac
