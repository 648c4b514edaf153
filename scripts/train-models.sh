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

# How all networks but those of 2016 learn.
learn() {
    "$program" train --recipe 2026 --architecture deepmirgene-2026 --batch 256 \
        --loss cross-entropy --learning-rate 3e-3 --final-learning-rate 1e-4 --drop-conflicts \
        --negative "$sets/other.train.fa" --negative "$sets/mined.train.fa" \
        --negative "$sets/plain.train.fa" --cpu avx2 --resume "$@"
}

# With further negatives: repeats and structured RNA; or these, more genomes and what is due to chance.
learn_with_repeats() {
    learn --negative "$sets/repeat.train.fa" --negative "$sets/ncrna.train.fa" "$@"
}

learn_with_all() {
    learn --negative "$sets/genome.train.fa" --negative "$sets/repeat.train.fa" \
        --negative "$sets/ncrna.train.fa" --negative "$sets/chance.train.fa" "$@"
}

# The precursors to learn, and for plants candidates of their genomes: of_... LEARN [options].
of_all() {
    "$@" --positive "$sets/precursor.train.fa" --positive "$sets/found.train.fa"
}

of_animals() {
    "$@" --positive "$sets/animal.train.fa"
}

of_plants() {
    "$@" --positive "$sets/plant.train.fa" --negative "$sets/plant_genome.train.fa"
}

# network NAME SEED PRECURSORS LEARN
network() {
    unless_there "$sets/$1.safetensors" \
        "$3" "$4" --epochs 12 --seed "$2" -o "$sets/$1.safetensors"
}

# The network for hairpins that are longer than a scan's span: that of plants, which learns what
# else has such hairpins. A quarter of the records is held out.
train_long() {
    unless_there "$sets/long.safetensors" "$program" train --from "$sets/plant.safetensors" \
        --batch 256 --learning-rate 1e-3 --final-learning-rate 1e-4 --epochs 8 --seed 8 \
        --drop-conflicts --cpu avx2 --resume --positive "$sets/long.train.fa" \
        --negative "$sets/long_other.train.fa" -o "$sets/long.safetensors"
}

# mean NAME NETWORK...
mean() {
    name=$1
    shift
    for member in "$@"; do
        set -- "$@" "$sets/$member.safetensors"
        shift
    done
    unless_there "$sets/$name.safetensors" "$program" ensemble -o "$sets/$name.safetensors" "$@"
}

# Those of one clade, and what the students learn from: the mean of networks that differ in their
# precursors, negatives and seeds.
train_networks() {
    network teacher-1 1 of_all learn
    network teacher-2 2 of_all learn_with_all
    network teacher-3 3 of_all learn_with_repeats
    network animal 5 of_animals learn_with_all
    network plant 8 of_plants learn_with_all
    train_long
    mean teacher teacher-1 teacher-2 teacher-3 animal
}

# calibrated NETWORK FILE FASTA...: on groups that no network has seen: precursors, and other sequences.
calibrated() {
    network=$1 file=$2
    shift 2
    unless_there "$file" "$program" calibrate --model "$network" \
        --negative "$sets/other.calibration.fa" "$@" -o "$file"
}

# student SEED: one network that learns from all teachers, for the cost of one.
student() {
    folder=$sets/student-$1
    mkdir -p "$folder"
    unless_there "$folder/general.safetensors" of_all learn_with_all --epochs 20 --seed "$1" \
        --teacher "$sets/teacher.safetensors" --unlabelled "$sets/varied.train.fa" \
        --history "$folder/history.tsv" -o "$folder/general.safetensors"
    calibrated "$folder/general.safetensors" "$sets/general-$1.safetensors" \
        --positive "$sets/precursor.calibration.fa" --positive "$sets/found.calibration.fa" \
        --negative "$sets/mined.calibration.fa"
}

calibrate_clades() {
    calibrated "$sets/animal.safetensors" "$sets/animal-1.safetensors" \
        --positive "$sets/animal.calibration.fa" --negative "$sets/mined.calibration.fa"
    calibrated "$sets/plant.safetensors" "$sets/plant-1.safetensors" \
        --positive "$sets/plant.calibration.fa" --negative "$sets/plant_genome.calibration.fa"
}

# As a scan cuts them, and as it finds them. The share of precursors is the greatest of .1, .2, ... with
# which general reports at most 5 % more loci of p >= .9 in chromosome X (doc/scan.md).
calibrate_long() {
    unless_there "$sets/long-1.safetensors" "$program" calibrate --model "$sets/long.safetensors" \
        --prior 0.6 --positive "$sets/long_cut.calibration.fa" \
        --negative "$sets/long_mined.calibration.fa" -o "$sets/long-1.safetensors"
    unless_there "$sets/general-long.safetensors" scripts/add-long.py \
        "$sets/general-1.safetensors" "$sets/long-1.safetensors" 141 "$sets/general-long.safetensors"
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

# add_background NAME MODEL LONG_SPAN GENOME...: the error rates of scan need it (doc/scan.md).
add_background() {
    name=$1 model=$2 long_span=$3
    shift 3
    [ -e "$out/$name.safetensors" ] ||
        scripts/scan-background.py --bases 1500000 --long-span "$long_span" \
            --write "$out/$name.safetensors" "$program" "$sets/$model.safetensors" \
            "$data"/negative_genomes/*.fa.gz "$@" >"$out/$name.background.tsv"
}

mkdir -p "$out"
sets=$out/sets
plant_genome=$data/genomes/arabidopsis_3mb
unless_there "$sets/varied.train.fa" scripts/training-set.py "$data" "$program" "$sets"
train_networks
student 1
calibrate_clades
calibrate_long
chr3=$data/genomes/human_chr3_2mb.fa.gz chr4=$data/genomes/human_chr4_2mb.fa.gz
add_background general general-long 400 "$chr3" "$chr4"
add_background animal animal-1 0 "$chr3" "$chr4"
add_background plant plant-1 400 "$plant_genome.fa.gz=$plant_genome.mask.bed"
train human human
train cross_species cross-species
for seed in 1 2 3; do
    student $seed
    predict_test "$sets/general-$seed.safetensors" "general-$seed"
    benchmark "general-$seed" >"$out/general-$seed.benchmark.tsv"
    evaluate_test "$sets/general-$seed.safetensors" "$out/general-$seed.test.md"
done
for name in teacher-1 teacher-2 teacher-3 animal teacher; do
    predict_test "$sets/$name.safetensors" $name
    benchmark $name >"$out/$name.benchmark.tsv"
done
for model in human cross-species; do
    predict_test "$out/$model.safetensors" $model
    benchmark $model >"$out/$model.benchmark.tsv"
done
benchmark human --score mfe-per-length >"$out/mfe-per-length.benchmark.tsv"
predict_triplet_svm
benchmark human --score "$sets/triplet-svm/crossval/predictions.tsv" >"$out/triplet-svm.benchmark.tsv"
