#!/bin/sh
# SPDX-License-Identifier: MIT
# Builds a wheel of the Python package that carries its libraries, and tries it: make-wheel.sh FOLDER
#
# htslib (the part that reads files), zlib, jansson and libsvm are linked from static libraries made for this
# (scripts/libraries.sh), so the wheel needs the C and C++ libraries of the system and cffi, and nothing
# else. Its tag, manylinux_2_N, names the oldest glibc that has what it needs (PEP 600). Prints its path.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
python=${PYTHON:-/usr/bin/python3}
mkdir -p "$1"
folder=$(cd "$1" && pwd)
"$here/scripts/libraries.sh" native "$folder/libraries" >&2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

export PKG_CONFIG_PATH="$folder/libraries/lib/pkgconfig" CPATH="$folder/libraries/include" \
    LIBRARY_PATH="$folder/libraries/lib"
export LDFLAGS='-Wl,--gc-sections -Wl,--exclude-libs,ALL -Wl,--push-state,--no-as-needed,-lstdc++,--pop-state'
"$python" -m pip wheel -q --no-build-isolation --no-deps --wheel-dir "$work" \
    --config-settings=setup-args=-Dedlib=disabled "$here" >&2

cd "$work"
"$python" -m wheel unpack ./*.whl >&2
rm ./*.whl
module=$(find . -name '_native*.so')
needed=$(objdump -p "$module" | awk '$1 == "NEEDED" {print $2}')
for library in $needed; do
    case $library in
    libc.so.6 | libm.so.6 | libstdc++.so.6 | libgcc_s.so.1 | ld-linux-*) ;;
    *) echo "make-wheel.sh: the wheel needs $library, which it does not carry" >&2 && exit 1 ;;
    esac
done
glibc=$(objdump -p "$module" | sed -n 's/.* GLIBC_2\.\([0-9]*\).*/\1/p' | sort -n | tail -1)
sed -i "s/-linux_\([a-z0-9_]*\)$/-manylinux_2_${glibc}_\1/" ./*/*.dist-info/WHEEL
rm -f "$folder"/*.whl
"$python" -m wheel pack --dest-dir "$folder" deepmirgene-* >&2

# A fresh environment, with nothing of ours but the wheel, and no library but those named above.
wheel=$(ls "$folder"/*.whl)
"$python" -m venv --system-site-packages "$work/environment"
"$work/environment/bin/pip" install -q --no-index --no-deps --force-reinstall "$wheel" >&2
"$work/environment/bin/python" - "$here/tests/doors" >&2 <<'END'
import re
import sys

import deepmirgene as dmg

expected = [line.split("\t") for line in open(f"{sys.argv[1]}/predict.tsv")][1:]
found = list(dmg.predict(f"{sys.argv[1]}/records.fa", "human"))
assert [f"{p.p_mirna:.6g}".upper().replace("NAN", "NA") for p in found] == \
    [row[2].upper() for row in expected], found
loaded = {name for name in re.findall(r"/(lib[^/\s]+\.so[^/\s]*)$", open("/proc/self/maps").read(), re.M)}
ours = {name for name in loaded if re.match("lib(hts|jansson|svm|edlib|deepmirgene|curl)", name)}
assert not ours, ours
print(f"{len(found)} records predicted; libraries loaded: {' '.join(sorted(loaded))}")
END
echo "$wheel"
