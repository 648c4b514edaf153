#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds a release tarball and runs its tests where there is neither git nor the published data:
#
#     scripts/check-dist.sh TARBALL [meson test arguments]
#
# CC is the compiler. Without arguments all tests run, but for the longest.
set -eu
tarball=$1
shift
[ $# -gt 0 ] || set -- --no-suite full --no-suite torture
(cd "$(dirname "$tarball")" && sha256sum --check --quiet "$(basename "$tarball").sha256")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
printf '#!/bin/sh\necho "git $*: there is no git here" >&2\nexit 1\n' >"$work/bin/git"
chmod +x "$work/bin/git"
export PATH="$work/bin:$PATH" DMG_SHARED="$work/no-data"
tar -C "$work" -xf "$tarball"
cd "$work"/deepmirgene-*
# With asserts, as in make check.
meson setup build --werror -Dtests=enabled -Db_ndebug=false >/dev/null
ninja -C build --quiet
meson test -C build --no-rebuild --print-errorlogs "$@"
