#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds the program for 64-bit ARM with Debian's cross compiler and checks it under qemu against the
# one built here:
#
#     scripts/check-aarch64.sh PROGRAM
#
# The kernels of the network pass their tests; folds of random sequences at both levels are those of
# PROGRAM; so are predictions, to the printed digits. Says what it skips if the compiler
# (gcc-aarch64-linux-gnu), qemu (qemu-user) or a repository with arm64 packages is missing. Libraries
# for ARM are unpacked into build-aarch64/root; nothing is installed.
set -eu -o pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:?usage: scripts/check-aarch64.sh PROGRAM}")
work=$PWD/build-aarch64 root=$PWD/build-aarch64/root
libraries='libhts-dev libjansson-dev libsvm-dev libcmocka-dev libsimde-dev libc6-dev libgcc-12-dev'

skip() {
    echo "skipped: $1"
    exit 0
}

# apt-get of a system of its own, for arm64, which knows of nothing installed.
foreign_apt() {
    apt-get -qq -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o Dir::State="$work/apt" \
        -o Dir::State::status="$work/apt/status" -o Dir::Cache="$work/apt" "$@"
}

unpack_libraries() {
    [ -e "$root/usr/include/cmocka.h" ] && return
    mkdir -p "$work/apt/lists/partial" "$work/apt/archives/partial" "$root"
    touch "$work/apt/status"
    # shellcheck disable=SC2086 # a list of packages
    foreign_apt update && foreign_apt install -y --download-only --no-install-recommends $libraries &&
        for package in "$work"/apt/archives/*.deb; do dpkg -x "$package" "$root"; done
}

# GCC 12 fails with an internal error on one file at -O3.
configure() {
    [ -e "$work/build/build.ninja" ] && return
    cat >"$work/cross.ini" <<END
[binaries]
c = 'aarch64-linux-gnu-gcc'
ar = 'aarch64-linux-gnu-gcc-ar'
strip = 'aarch64-linux-gnu-strip'
pkgconfig = 'pkg-config'
exe_wrapper = ['qemu-aarch64', '-L', '$root']
[built-in options]
c_args = ['--sysroot=$root']
c_link_args = ['--sysroot=$root', '-Wl,--allow-shlib-undefined']
[properties]
sys_root = '$root'
pkg_config_libdir = '$root/usr/lib/aarch64-linux-gnu/pkgconfig'
[host_machine]
system = 'linux'
cpu_family = 'aarch64'
cpu = 'aarch64'
endian = 'little'
END
    meson setup "$work/build" --cross-file "$work/cross.ini" -Doptimization=2 -Dtests=enabled \
        -Dmpi=disabled >/dev/null
}

arm() {
    qemu-aarch64 -L "$root" "$@"
}

# Random sequences of 20 to 219 nucleotides, always the same.
sequences() {
    awk -v count="$1" 'BEGIN {
        srand(1)
        for (k = 1; k <= count; k++) {
            s = ""
            for (n = 20 + int(200 * rand()); n > 0; n--) s = s substr("ACGU", 1 + int(4 * rand()), 1)
            printf ">r%d\n%s\n", k, s
        }
    }'
}

command -v aarch64-linux-gnu-gcc >/dev/null || skip 'gcc-aarch64-linux-gnu is not installed'
command -v qemu-aarch64 >/dev/null || skip 'qemu-user is not installed'
unpack_libraries || skip 'no packages for arm64 can be had'
configure
ninja -C "$work/build" --quiet cli/deepmirgene tests/unit/test_kernels
arm "$work/build/cli/deepmirgene" version | grep '^kernels'
arm "$work/build/tests/unit/test_kernels" 2>&1 | grep -v 'RUN\|skipped'
sequences 300 >"$work/sequences.fa"
sequences 60 >"$work/few.fa"
"$program" fold "$work/sequences.fa" >"$work/expected.fold"
arm "$work/build/cli/deepmirgene" fold --cpu v128 "$work/sequences.fa" | cmp - "$work/expected.fold"
"$program" fold "$work/few.fa" | cmp - <(arm "$work/build/cli/deepmirgene" fold --cpu scalar "$work/few.fa")
"$program" predict "$work/few.fa" >"$work/expected.tsv" 2>/dev/null
arm "$work/build/cli/deepmirgene" predict "$work/few.fa" 2>/dev/null | cmp - "$work/expected.tsv"
echo 'aarch64: folds of 300 sequences and predictions of 60 are the same'
