#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds the program for another processor with Debian's cross compiler and checks it under qemu
# against the one built here:
#
#     scripts/check-cross.sh aarch64|s390x PROGRAM
#
# aarch64 is 64-bit ARM, with vectors of 128 bits; s390x is big-endian, with plain C. Unit tests pass
# that concern arithmetic, files and models. Folds of random sequences are those of PROGRAM: 2,000
# with vectors, 60 (on s390x 300) in plain C. Predictions of two models differ by less than 1e-6, the
# bound between levels, or by a unit of the sixth digit at most. Says what it skips if the
# compiler (gcc-aarch64-linux-gnu, gcc-s390x-linux-gnu), qemu (qemu-user) or a repository with
# packages of that architecture is missing. Libraries are unpacked into build-ARCH/root; nothing is
# installed.
set -eu -o pipefail
cd "$(dirname "$0")/.."
usage='usage: scripts/check-cross.sh aarch64|s390x PROGRAM'
arch=${1:?$usage}
program=$(realpath "${2:?$usage}")
work=$PWD/build-$arch root=$PWD/build-$arch/root
libraries='libhts-dev libjansson-dev libsvm-dev libcmocka-dev libedlib-dev libc6-dev libgcc-12-dev'
# What concerns arithmetic, files and models and is quick under qemu; of folding, sequences are compared.
tests='base encode nn architecture kernels model ensemble'
case $arch in
aarch64) debian=arm64 endian=little best=v128 folds=2000 libraries="$libraries libsimde-dev" ;;
s390x) debian=s390x endian=big best=scalar folds=300 ;;
*)
    echo "$usage" >&2
    exit 2
    ;;
esac

skip() {
    echo "skipped: $1"
    exit 0
}

# apt-get of a system of its own, for the other processor, which knows of nothing installed.
foreign_apt() {
    apt-get -qq -o APT::Architecture=$debian -o APT::Architectures=$debian -o Dir::State="$work/apt" \
        -o Dir::State::status="$work/apt/status" -o Dir::Cache="$work/apt" "$@"
}

unpack_libraries() {
    [ -e "$root/unpacked" ] && return
    mkdir -p "$work/apt/lists/partial" "$work/apt/archives/partial" "$root"
    touch "$work/apt/status"
    # shellcheck disable=SC2086 # a list of packages
    foreign_apt update && foreign_apt install -y --download-only --no-install-recommends $libraries &&
        for package in "$work"/apt/archives/*.deb; do dpkg -x "$package" "$root"; done &&
        touch "$root/unpacked"
}

# GCC 12 for aarch64 fails with an internal error on one file at -O3.
configure() {
    [ -e "$work/build/build.ninja" ] && return
    local cache=''
    ! command -v ccache >/dev/null || cache="'ccache', "
    cat >"$work/cross.ini" <<INI
[binaries]
c = [$cache'$arch-linux-gnu-gcc']
ar = '$arch-linux-gnu-gcc-ar'
strip = '$arch-linux-gnu-strip'
pkgconfig = 'pkg-config'
exe_wrapper = ['qemu-$arch', '-L', '$root']
[built-in options]
c_args = ['--sysroot=$root']
c_link_args = ['--sysroot=$root', '-Wl,--allow-shlib-undefined']
[properties]
sys_root = '$root'
pkg_config_libdir = '$root/usr/lib/$arch-linux-gnu/pkgconfig'
[host_machine]
system = 'linux'
cpu_family = '$arch'
cpu = '$arch'
endian = '$endian'
INI
    meson setup "$work/build" --cross-file "$work/cross.ini" -Doptimization=2 -Dtests=enabled \
        -Dmpi=disabled -Dpython=disabled >/dev/null
}

foreign() {
    "qemu-$arch" -L "$root" "$@"
}

same_folds() { # LEVEL FILE
    foreign "$work/build/cli/deepmirgene" fold --cpu "$1" "$2" | cmp - <("$program" fold "$2")
}

# Rows of standard input and of FILE: all columns are the same but p_mirna, the third.
same_rows() { # FILE
    paste -d '\t' - "$1" | awk -F '\t' '{
        half = NF / 2
        for (k = 1; k <= half; k++) {
            gap = $k - $(k + half)
            if (gap < 0) gap = -gap
            if ($k "" != $(k + half) "" && (k != 3 || NR == 1 || (gap >= 1e-6 && gap > 1e-5 * $k))) exit 1
        }
    }
    END { if (NR < 2) exit 1 }'
}

same_predictions() { # MODEL FILE
    foreign "$work/build/cli/deepmirgene" predict --model "$1" "$2" 2>/dev/null |
        same_rows <("$program" predict --model "$1" "$2" 2>/dev/null)
}

command -v "$arch-linux-gnu-gcc" >/dev/null || skip "gcc-$arch-linux-gnu is not installed"
command -v "qemu-$arch" >/dev/null || skip 'qemu-user is not installed'
unpack_libraries || skip "no packages for $debian can be had"
configure
# shellcheck disable=SC2086 # lists of names
ninja -C "$work/build" --quiet cli/deepmirgene $(printf 'tests/unit/test_%s ' $tests)
foreign "$work/build/cli/deepmirgene" version | grep '^kernels'
# shellcheck disable=SC2086
meson test -C "$work/build" --no-rebuild --print-errorlogs --timeout-multiplier 5 $tests
scripts/random-sequences.sh $folds >"$work/sequences.fa"
scripts/random-sequences.sh 60 >"$work/few.fa"
same_folds $best "$work/sequences.fa"
[ $best = scalar ] || same_folds scalar "$work/few.fa"
for model in general human; do same_predictions $model "$work/few.fa"; done
echo "$arch: folds of $folds sequences are the same, predictions of 60 within the bounds"
