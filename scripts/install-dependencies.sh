#!/bin/sh
# SPDX-License-Identifier: MIT
# Installs the packages missing to build (and to test) deepmirgene, from Debian or Ubuntu:
#
#     scripts/install-dependencies.sh build|check|web|wheel|packages|cross|ci
#
# First lists the packages, the reason for each and their size. Changes nothing when all are there; uses
# sudo only when not root. With INSTALL=no in the environment it installs nothing and only lists the
# missing packages.
set -eu

packages=''

# need PACKAGE REASON COMMAND...: the package is missing when the command fails.
need() {
    package=$1 reason=$2
    shift 2
    "$@" >/dev/null 2>&1 && return
    printf 'missing: %-20s %s\n' "$package" "$reason"
    packages="$packages $package"
}


need_to_build() {
    need build-essential 'C compiler and make' command -v cc
    need pkg-config 'finds libraries' command -v pkg-config
    need python3 'writes the compiled-in tables; runs Meson' command -v python3
    need meson 'builds, with Ninja' command -v meson
    need ninja-build 'builds' command -v ninja
    need libhts-dev 'reads sequence files: htslib' pkg-config --exists htslib
    need libsvm-dev 'the baseline triplet-SVM: libsvm' \
        sh -c 'echo "#include <libsvm/svm.h>" | cc -E -x c - -o /dev/null'
    need libjansson-dev 'reads and writes JSON' pkg-config --exists jansson
}

need_to_check() {
    need_to_build
    need libcmocka-dev 'unit tests' pkg-config --exists cmocka
    need chromium 'opens pages of HTML (400 MB); their test is skipped without it' \
        sh -c 'command -v chromium || command -v chromium-browser || ! apt-cache show chromium'
    need gnuplot-nox 'draws figures, at run time; their tests are skipped without it' \
        command -v gnuplot
    need bedtools 'reads the BED of scan in its tests, which are skipped without it' \
        command -v bedtools
    need samtools 'cuts out the loci of scan, likewise' command -v samtools
    need tabix 'indexes compressed outputs of scan, likewise' command -v tabix
    need libedlib-dev 'scan --known, which is left out without it' test -e /usr/include/edlib.h
    need libopenmpi-dev 'scan --mpi, which is left out without it' pkg-config --exists ompi-c
    need openmpi-bin 'runs its tests' command -v mpirun
    need strace 'makes system calls fail; the test that does so is skipped without it' \
        command -v strace
    need mandoc 'checks the man pages, likewise' command -v mandoc
    need fish 'checks its completion, likewise' command -v fish
    need zsh 'the same' command -v zsh
    need genometools 'checks the GFF3 of scan, likewise' command -v gt
}

need_for_web() {
    need_to_build
    need emscripten 'compiles for WebAssembly (1 GB)' command -v emcc
    need nodejs 'runs and tests what it compiles' command -v node
    need chromium 'opens the page; its test is skipped without it' \
        sh -c 'command -v chromium || ! apt-cache show chromium'
}

need_for_python() {
    need python3-dev 'builds the Python package' /usr/bin/python3-config --includes
    need python3-cffi 'the same' /usr/bin/python3 -c 'import cffi'
    need python3-mesonpy 'builds its wheel' /usr/bin/python3 -c 'import mesonpy'
    need patchelf 'what meson-python needs for a wheel' command -v patchelf
}

need_for_wheel() {
    need_to_build
    need_for_python
    need python3-pip 'the same' /usr/bin/python3 -c 'import pip'
    need python3-wheel 'names the oldest system that the wheel runs on' /usr/bin/python3 -c 'import wheel'
    need python3-venv 'tries it in a fresh environment' /usr/bin/python3 -c 'import ensurepip'
}

need_for_packages() {
    need_to_build
    need dpkg-dev 'builds Debian packages' command -v dpkg-buildpackage
    need debhelper 'the same' command -v dh
    need dh-python 'the same, of Python' command -v dh_python3
    need fakeroot 'the same, when not root' command -v fakeroot
    need libcmocka-dev 'unit tests' pkg-config --exists cmocka
    need libedlib-dev 'scan --known' test -e /usr/include/edlib.h
    need libsimde-dev 'vectors on other processors' test -e /usr/include/simde/x86/sse4.1.h
    need python3-dev 'builds the Python package' /usr/bin/python3-config --includes
    need python3-cffi 'the same' /usr/bin/python3 -c 'import cffi'
    need python3-pytest 'tests it' /usr/bin/python3 -c 'import pytest'
    need lintian 'reads the packages' command -v lintian
    need debootstrap 'a fresh Debian to install them in' command -v debootstrap
}

need_for_arm() {
    need gcc-aarch64-linux-gnu 'compiles for 64-bit ARM' command -v aarch64-linux-gnu-gcc
    need qemu-user 'runs programs of other processors' command -v qemu-aarch64
}

need_for_cross() {
    need_to_check
    need_for_arm
    need gcc-s390x-linux-gnu 'compiles for a big-endian processor' command -v s390x-linux-gnu-gcc
}

need_for_ci() {
    need_to_check
    need_for_web
    need_for_python
    need_for_arm
    for module in pytest numpy pandas sklearn; do
        need "python3-$module" 'the Python package, or its tests' /usr/bin/python3 -c "import $module"
    done
    need python3-biopython 'the same' /usr/bin/python3 -c 'import Bio'
    need r-base-core 'builds and checks the R package' command -v R
    need r-bioc-genomicranges 'the same: loci as ranges' test -d /usr/lib/R/site-library/GenomicRanges
    need git 'lists the files to check' command -v git
    need clang 'second compiler' command -v clang
    need ccache 'compiles equal objects once' command -v ccache
    need clang-format 'formatting' command -v clang-format
    need cppcheck 'static analysis' command -v cppcheck
    need abigail-tools 'compares the library with its recorded interface' command -v abidiff
}

case ${1-} in
build) need_to_build ;;
check) need_to_check ;;
web) need_for_web ;;
wheel) need_for_wheel ;;
packages) need_for_packages ;;
cross) need_for_cross ;;
ci) need_for_ci ;;
*)
    sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0" >&2
    exit 2
    ;;
esac

[ -n "$packages" ] || exit 0
if [ "${INSTALL-yes}" = no ]; then
    echo 'not installed, because of INSTALL=no; what needs them is left out or fails'
    exit 0
fi
if ! command -v apt-get >/dev/null; then
    echo "apt-get is not here: please install the counterparts of$packages by hand" >&2
    exit 1
fi
as_root=''
[ "$(id -u)" -eq 0 ] || as_root=sudo
$as_root apt-get update -q
# shellcheck disable=SC2086 # a list of words
LC_ALL=C apt-get install --assume-no --no-install-recommends $packages |
    sed -n 's/^Need to get \(.*\) of archives\.$/to download: \1/p
            s/^After this operation, \(.*\) of additional.*/space on disk, with all that they need: \1/p'
echo "installing:$packages (INSTALL=no leaves them out)"
# shellcheck disable=SC2086 # a list of words
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $packages
