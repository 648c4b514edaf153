#!/bin/sh
# SPDX-License-Identifier: MIT
# Trains the built-in models, and evaluates each on its held-out rows:
#
#     scripts/train-models.sh DATA PROGRAM OUT
#
# DATA has mirboost/human_pos.fa, human_neg.fa, human_splits.tsv and the same of cross_species, as
# published, and mirbase/, negatives/ and genomes/ (doc/models.md says where they come from). Rows
# whose split is "test" are not trained on, nor are the groups of the default model's test part. The
# same data give the same bytes: the instruction set is named, as between levels the last bits differ.
# OUT gets NAME.safetensors and the results on the test rows. An interrupted run continues;
# finished steps are not run again.
set -eu

if [ $# -ne 3 ]; then
    sed -n '2,/^set/{/^set/d;s/^# \{0,1\}//;p}' "$0" >&2
    exit 2
fi
data=$1 program=$2 out=$3

# unless_there FILE COMMAND...: skips the COMMAND that writes FILE where an earlier run has made it.
unless_there() {
    [ -e "$1" ] || { shift; "$@"; }
}

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
    unless_there "$out/$2.safetensors" \
        "$program" train --recipe 2016 --positive "$out/$1/$1_pos.train.fa" \
        --negative "$out/$1/$1_neg.train.fa" \
        --drop-conflicts --seed 1 --epochs 500 --history "$out/$2.history.tsv" \
        --cpu avx2 --resume -o "$out/$2.safetensors"
    unless_there "$out/$2.test.md" "$program" evaluate --model "$out/$2.safetensors" \
        --positive "$out/$1/$1_pos.test.fa" --negative "$out/$1/$1_neg.test.fa" \
        -o "$out/$2.test.md"
}

# How the networks of the default model learn, teachers and students alike.
learn() {
    "$program" train --recipe 2026 --architecture deepmirgene-2026 --batch 256 \
        --loss cross-entropy --learning-rate 3e-3 --final-learning-rate 1e-4 --drop-conflicts \
        --positive "$sets/precursor.train.fa" --positive "$sets/found.train.fa" \
        --negative "$sets/other.train.fa" --negative "$sets/mined.train.fa" \
        --negative "$sets/plain.train.fa" --cpu avx2 --resume "$@"
}

# Likewise, with the negatives of which the last teacher has more than the first.
learn_with_repeats() {
    learn --negative "$sets/repeat.train.fa" --negative "$sets/ncrna.train.fa" "$@"
}

learn_with_all() {
    learn --negative "$sets/genome.train.fa" --negative "$sets/repeat.train.fa" \
        --negative "$sets/ncrna.train.fa" --negative "$sets/chance.train.fa" "$@"
}

# What the students learn from: the mean of networks that differ in their negatives and seeds.
train_teacher() {
    unless_there "$sets/teacher-1.safetensors" \
        learn --epochs 12 --seed 1 -o "$sets/teacher-1.safetensors"
    unless_there "$sets/teacher-2.safetensors" \
        learn_with_all --epochs 12 --seed 2 -o "$sets/teacher-2.safetensors"
    unless_there "$sets/teacher-3.safetensors" \
        learn_with_repeats --epochs 12 --seed 3 -o "$sets/teacher-3.safetensors"
    unless_there "$sets/teacher.safetensors" "$program" ensemble -o "$sets/teacher.safetensors" \
        "$sets/teacher-1.safetensors" "$sets/teacher-2.safetensors" "$sets/teacher-3.safetensors"
}

# train_student SEED FILE: one network that learns from all teachers, calibrated on groups that none of
# them has seen.
train_student() {
    folder=$sets/student-$1
    mkdir -p "$folder"
    unless_there "$folder/general.safetensors" learn_with_all --epochs 20 --seed "$1" \
        --teacher "$sets/teacher.safetensors" --unlabelled "$sets/varied.train.fa" \
        --history "$folder/history.tsv" -o "$folder/general.safetensors"
    unless_there "$2" "$program" calibrate --model "$folder/general.safetensors" \
        --positive "$sets/precursor.calibration.fa" --positive "$sets/found.calibration.fa" \
        --negative "$sets/other.calibration.fa" --negative "$sets/mined.calibration.fa" -o "$2"
}

# evaluate_test MODEL OUT: on all test groups.
evaluate_test() {
    unless_there "$2" "$program" evaluate --model "$1" -o "$2" \
        --positive "$sets/precursor.test.fa" --positive "$sets/found.test.fa" \
        --negative "$sets/other.test.fa" --negative "$sets/mined.test.fa"
}

# predict_test MODEL NAME: its predictions for the test groups.
predict_test() {
    for set in found mined; do
        unless_there "$sets/$2.$set.tsv" \
            "$program" predict --model "$1" -o "$sets/$2.$set.tsv" "$sets/$set.test.fa"
    done
}

# benchmark NAME [--score SCORE]: as scan would use it.
benchmark() {
    name=$1
    shift
    scripts/benchmark.py "$@" "$sets/$name.found.tsv" "$sets/$name.mined.tsv"
}

# Every STEP-th record.
thin() {
    awk -v step="$1" '/^>/ { shown = n++ % step == 0 } shown' "$2"
}

# Triplet-SVM, trained on a twentieth of the records, on the same test part.
predict_triplet_svm() {
    folder=$sets/triplet-svm
    mkdir -p "$folder"
    for set in found precursor other mined; do
        thin 20 "$sets/$set.train.fa" >"$folder/$set.train.fa"
    done
    awk '/^>/ { print substr($1, 2) "\t" (FILENAME ~ /test/ ? "test" : "train") }' \
        "$folder"/*.train.fa "$sets/found.test.fa" "$sets/mined.test.fa" >"$folder/splits.tsv"
    "$program" crossval --method triplet-svm --splits "$folder/splits.tsv" --bootstrap 0 \
        --figures none --positive "$folder/precursor.train.fa" \
        --positive "$folder/found.train.fa" --positive "$sets/found.test.fa" \
        --negative "$folder/other.train.fa" --negative "$folder/mined.train.fa" \
        --negative "$sets/mined.test.fa" \
        --resume -o "$folder/crossval"
}

mkdir -p "$out"
sets=$out/general teachers='1 2 3' students='1 2 3'
train human human
train cross_species cross-species
unless_there "$sets/varied.train.fa" scripts/training-set.py "$data" "$program" "$sets"
train_teacher
for seed in $students; do
    train_student "$seed" "$sets/general-$seed.safetensors"
    predict_test "$sets/general-$seed.safetensors" "general-$seed"
    benchmark "general-$seed" >"$out/general-$seed.benchmark.tsv"
    evaluate_test "$sets/general-$seed.safetensors" "$out/general-$seed.test.md"
done
cp "$sets/general-1.safetensors" "$out/general.safetensors"
for seed in $teachers; do
    predict_test "$sets/teacher-$seed.safetensors" "teacher-$seed"
    benchmark "teacher-$seed" >"$out/teacher-$seed.benchmark.tsv"
done
predict_test "$sets/teacher.safetensors" teacher
benchmark teacher >"$out/teacher.benchmark.tsv"
for model in human cross-species; do
    predict_test "$out/$model.safetensors" $model
    benchmark $model >"$out/$model.benchmark.tsv"
done
benchmark human --score mfe-per-length >"$out/mfe-per-length.benchmark.tsv"
predict_triplet_svm
benchmark human --score "$sets/triplet-svm/crossval/predictions.tsv" >"$out/triplet-svm.benchmark.tsv"

# The default model carries its background, for the error rates of scan: doc/scan.md.
scripts/scan-background.py "$program" "$out/general.safetensors" "$data"/negative_genomes/*.fa.gz \
    "$data"/genomes/human_chr3_2mb.fa.gz "$data"/genomes/human_chr4_2mb.fa.gz --bases 1500000 \
    --write "$out/general.safetensors" >"$out/general.background.tsv"
