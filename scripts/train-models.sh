#!/bin/sh
# Trains the models that are compiled in, and judges each on the rows held out for that:
#
#     scripts/train-models.sh DATA PROGRAM OUT
#
# DATA has mirboost/human_pos.fa, human_neg.fa, human_splits.tsv and the same of cross_species, as
# published, and mirbase/, negatives/ and genomes/ (doc/models.md says where they come from). Rows
# whose split is "test" are not trained on, nor are the groups of the default model's test part. The
# same data give the same bytes: the instruction set is named, as between levels the last bits differ.
# OUT gets NAME.safetensors and what came out on the test rows; an interrupted run continues where it
# was.
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
        select_records "$data/mirboost/$1_splits.tsv" "$data/mirboost/$1_$side.fa" no >"$out/$1/$1_$side.train.fa"
        select_records "$data/mirboost/$1_splits.tsv" "$data/mirboost/$1_$side.fa" yes >"$out/$1/$1_$side.test.fa"
    done
    "$program" train --positive "$out/$1/$1_pos.train.fa" --negative "$out/$1/$1_neg.train.fa" \
        --drop-conflicts --seed 1 --epochs 500 --history "$out/$2.history.tsv" \
        --cpu avx2 --resume -o "$out/$2.safetensors"
    "$program" evaluate --model "$out/$2.safetensors" \
        --positive "$out/$1/$1_pos.test.fa" --negative "$out/$1/$1_neg.test.fa" \
        -o "$out/$2.test.md"
}

# The default model, calibrated on groups that it has not seen. Those of the test part are for judging
# only.
train_general() {
    sets=$out/general
    [ -e "$sets/sets.tsv" ] || scripts/training-set.py "$data" "$program" "$sets"
    "$program" train --architecture deepmirgene-2026 --seed 1 --epochs 20 --batch 256 \
        --loss cross-entropy --learning-rate 3e-3 --final-learning-rate 1e-4 --drop-conflicts \
        --positive "$sets/precursor.train.fa" --positive "$sets/found.train.fa" \
        --negative "$sets/other.train.fa" --negative "$sets/mined.train.fa" \
        --history "$out/general.history.tsv" --cpu avx2 --resume -o "$sets/trained.safetensors"
    "$program" calibrate --model "$sets/trained.safetensors" \
        --positive "$sets/precursor.calibration.fa" --positive "$sets/found.calibration.fa" \
        --negative "$sets/other.calibration.fa" --negative "$sets/mined.calibration.fa" \
        -o "$out/general.safetensors"
}

# judge MODEL: as scan would use it, on the test part of the default model's sets.
judge() {
    for set in found mined; do
        "$program" predict --model "$out/$1.safetensors" -o "$out/general/$1.$set.tsv" \
            "$out/general/$set.test.fa"
    done
    scripts/benchmark.py "$out/general/$1.found.tsv" "$out/general/$1.mined.tsv" >"$out/$1.benchmark.tsv"
}

mkdir -p "$out"
train human human
train cross_species cross-species
train_general
for model in human cross-species general; do judge $model; done
