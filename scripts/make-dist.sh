#!/bin/sh
# SPDX-License-Identifier: MIT
# Writes the release tarball of the last commit and its checksum: make-dist.sh FOLDER
#
# The same commit gives the same bytes. Prints the path of the tarball.
set -eu
folder=$1
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
cd "$(dirname "$0")/.."
if ! git rev-parse --verify --quiet HEAD >/dev/null; then
    echo "make-dist.sh: $PWD is not a git checkout, which a tarball is made from" >&2
    exit 1
fi
if [ -n "$(git status --porcelain --untracked-files=no)" ]; then
    echo 'make-dist.sh: the tarball leaves out changes that are not committed' >&2
fi
version=$(sed -n "s/^    version: '\(.*\)',/\1/p" meson.build)
name=deepmirgene-$version
trap 'rm -f "$folder/$name.tar" "$folder/$name.tar.xz.part"' EXIT
git archive --format=tar --prefix="$name/" --output="$folder/$name.tar" HEAD
xz -9 --threads=1 --stdout "$folder/$name.tar" >"$folder/$name.tar.xz.part"
mv "$folder/$name.tar.xz.part" "$folder/$name.tar.xz"
(cd "$folder" && sha256sum "$name.tar.xz" >"$name.tar.xz.sha256")
echo "$folder/$name.tar.xz"
