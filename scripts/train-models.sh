#!/bin/sh
# Trains the models that are compiled in, and judges each on the rows held out for that:
#
#     scripts/train-models.sh DATA PROGRAM OUT
#
# DATA has human_pos.fa, human_neg.fa, human_splits.tsv and the same of cross_species, as published
# (doc/models.md says where). Rows whose split is "test" are not trained on. The same data give the
# same bytes: the instruction set is named, as between levels the last bits differ. OUT gets
# NAME.safetensors, NAME.history.tsv and NAME.test.md; an interrupted run continues where it was.
set -eu

if [ $# -ne 3 ]; then
    sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0" >&2
    exit 2
fi
data=$1 program=$2 out=$3

# select_records SPLITS FASTA yes|no: the records that are test rows, or those that are not.
select_records() {
    awk -v wanted="$3" '
        NR == FNR { if ($3 == "test") test[$1]; next }
        /^>/ { shown = (substr($1, 2) in test ? "yes" : "no") == wanted }
        shown' "$1" "$2"
}

# train SET NAME
train() {
    mkdir -p "$out/$1"
    for side in pos neg; do
        select_records "$data/$1_splits.tsv" "$data/$1_$side.fa" no >"$out/$1/$1_$side.train.fa"
        select_records "$data/$1_splits.tsv" "$data/$1_$side.fa" yes >"$out/$1/$1_$side.test.fa"
    done
    "$program" train --positive "$out/$1/$1_pos.train.fa" --negative "$out/$1/$1_neg.train.fa" \
        --drop-conflicts --seed 1 --epochs 500 --history "$out/$2.history.tsv" \
        --cpu avx2 --resume -o "$out/$2.safetensors"
    "$program" evaluate --model "$out/$2.safetensors" \
        --positive "$out/$1/$1_pos.test.fa" --negative "$out/$1/$1_neg.test.fa" \
        -o "$out/$2.test.md"
}

mkdir -p "$out"
train human human
train cross_species cross-species
