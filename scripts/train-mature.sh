#!/bin/sh
# SPDX-License-Identifier: MIT
# Trains the model of mature ends and evaluates it on the groups held out:
#
#     scripts/train-mature.sh DATA PROGRAM TRAINER OUT
#
# DATA has mirbase/ (doc/mature.md says where it comes from), PROGRAM is deepmirgene, TRAINER is
# train_mature of the same build. OUT gets mature.safetensors, mature.test.tsv and, in sets/, the hairpins.
# Existing sets are not made again. The same data give the same bytes.
set -eu

if [ $# -ne 4 ]; then
    sed -n '3,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0" >&2
    exit 2
fi
data=$1 program=$2 trainer=$3 out=$4

mkdir -p "$out"
[ -e "$out/sets/test.tsv" ] || scripts/mature-set.py "$data" "$program" "$out/sets"
"$trainer" train "$out/sets/train.tsv" "$out/mature.safetensors"
for part in calibration test; do
    "$trainer" evaluate "$out/sets/train.tsv" "$out/mature.safetensors" "$out/sets/$part.tsv" \
        >"$out/mature.$part.tsv"
done
