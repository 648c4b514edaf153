#!/bin/sh
# SPDX-License-Identifier: MIT
# R CMD check of the package against the library in a build folder, and the cases of tests/doors where
# the program and their check are named; 77 (skipped) without R:
#
#     r/check.sh BUILD [DEEPMIRGENE CHECK]
set -eu
build=$(cd "${1:?usage: r/check.sh BUILD [DEEPMIRGENE CHECK]}" && pwd)
[ $# -lt 3 ] || set -- "$1" "$(realpath "$2")" "$(realpath "$3")"
source=$(cd "$(dirname "$0")" && pwd)
command -v R >/dev/null || { echo 'skipped: R is not installed'; exit 77; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export DEEPMIRGENE_CFLAGS="-I$source/../include"
export DEEPMIRGENE_LIBS="-L$build/src -Wl,-rpath,$build/src -ldeepmirgene"
export _R_CHECK_FORCE_SUGGESTS_=false _R_CHECK_SYSTEM_CLOCK_=0
# Without a network, asking a repository for packages that are suggested takes minutes: this one is empty.
mkdir -p repository/src/contrib
: >repository/src/contrib/PACKAGES
echo "options(repos = c(CRAN = 'file://$folder/repository'))" >profile
export R_PROFILE="$folder/profile" _R_CHECK_XREFS_REPOSITORIES_=' '
R CMD build --no-build-vignettes "$source/deepmirgene"
R CMD check --no-manual deepmirgene_*.tar.gz | tee log
! grep -E '(WARNING|ERROR)$' log || exit 1
[ $# -ge 3 ] || exit 0
export DMG_R_LIBRARY="$folder/deepmirgene.Rcheck" DMG_SOURCE="$source/.."
python3 "$3" "$2" Rscript "$source/../tests/doors/door.R"
