#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds the Debian packages from a release tarball, lets lintian read them, and installs, runs
# and purges them in a fresh Debian:
#
#     scripts/check-packages.sh TARBALL FOLDER
#
# FOLDER receives the packages. What cannot be done here (no tools, not root, no mirror) is skipped
# with a message. DMG_MIRROR and DMG_SUITE name another mirror and release of Debian; DMG_CHROOT names
# a minimal Debian to copy, where debootstrap would make one.
set -eu
tarball=$(realpath "$1")
mkdir -p "$2"
folder=$(cd "$2" && pwd)
mirror=${DMG_MIRROR:-http://deb.debian.org/debian}
suite=${DMG_SUITE:-$(. /etc/os-release && echo "${VERSION_CODENAME-stable}")}

skip() {
    echo "skipped: $*"
    exit 0
}

# A map's node that the symbols file lacks would give packages that depend on too old a library.
symbols_cover_map() {
    for node in $(sed -n 's/^\(DEEPMIRGENE_[0-9.]*\) {.*/\1/p' src/deepmirgene.map); do
        grep -qF "(symver)$node " debian/libdeepmirgene0.symbols ||
            { echo "debian/libdeepmirgene0.symbols lacks $node" >&2; return 1; }
    done
}

build() {
    rm -rf "$folder"/*
    version=$(basename "$tarball" .tar.xz | sed 's/^deepmirgene-//')
    cp "$tarball" "$folder/deepmirgene_$version.orig.tar.xz"
    tar -C "$folder" -xf "$tarball"
    cd "$folder/deepmirgene-$version"
    symbols_cover_map
    dpkg-parsechangelog --show-field Version | grep -q "^$version-" ||
        { echo "debian/changelog does not begin with version $version" >&2; return 1; }
    dpkg-checkbuilddeps 2>&1 || skip 'the packages that are missing to build packages'
    DMG_SHARED=/nonexistent dpkg-buildpackage -us -uc >"$folder/build.log" 2>&1 ||
        { tail -60 "$folder/build.log"; return 1; }
    cd "$folder"
    ls -l ./*.deb
}

in_chroot() {
    chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root \
        DEBIAN_FRONTEND=noninteractive "$@"
}

packages() {
    in_chroot dpkg-query -W -f '${db:Status-Abbrev} ${Package}\n' | sort
}

# The files of ours that dpkg does not own. apt's lists and caches are not ours.
files_named_after_us() {
    find "$root" -xdev -iname '*deepmirgene*' -not -path "$root/packages/*"
}

fresh_debian() {
    if [ -n "${DMG_CHROOT-}" ]; then
        cp -a "$DMG_CHROOT/." "$root"
        return
    fi
    command -v debootstrap >/dev/null || skip 'debootstrap is not installed'
    debootstrap --variant=minbase "$suite" "$root" "$mirror" >"$folder/debootstrap.log" 2>&1 ||
        skip "debootstrap of $suite from $mirror failed: $folder/debootstrap.log"
}

# The packages in a Debian that has nothing else: what they need comes with them, and they leave
# nothing behind.
install_run_purge() {
    root=$(mktemp -d)
    trap 'rm -rf "$root"' EXIT
    fresh_debian
    mkdir "$root/packages"
    cp "$folder"/*.deb "$folder"/deepmirgene-*/debian/tests/* "$root/packages/"
    rm -f "$root"/packages/*-dbgsym_*
    in_chroot apt-get update -q
    in_chroot sh -c 'apt-get install -q -y --no-install-recommends /packages/*.deb gcc libc6-dev pkgconf'
    for test in program library python; do
        echo "test: $test"
        in_chroot "/packages/$test"
    done
    in_chroot apt-get purge -q -y deepmirgene libdeepmirgene0 libdeepmirgene-dev python3-deepmirgene
    ! packages | grep deepmirgene
    left=$(files_named_after_us)
    [ -z "$left" ] || { echo "left behind: $left" >&2; return 1; }
}

for tool in dpkg-buildpackage dh; do
    command -v $tool >/dev/null || skip "$tool is not installed"
done
build
if command -v lintian >/dev/null; then
    lintian --fail-on error --info "$folder"/*.changes
else
    echo 'skipped: lintian is not installed'
fi
[ "$(id -u)" -eq 0 ] || skip 'installing the packages needs root'
install_run_purge
echo 'the packages install, run and purge'
