#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Counts the calls of `deepmirgene predict` among records that are longer than a hairpin.

    scripts/long-records.py DATA PROGRAM OUT

DATA holds mirbase/. For each length, OUT gets three sets: random bases, precursors joined and
shuffled (dinucleotides kept), and precursors in shuffled flanks; precursors are those of the test groups
of scripts/training-set.py. The script prints the share of each set that PROGRAM calls at 0.5.
"""
import importlib.util
import pathlib
import random
import subprocess
import sys

LENGTHS = {200: 400, 300: 400, 400: 400, 600: 300, 1200: 200, 4000: 100}  # records of each


def load(name):
    path = pathlib.Path(__file__).with_name(name)
    spec = importlib.util.spec_from_file_location(path.stem.replace("-", "_"), path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


sets = load("training-set.py")


def plain_letters(sequence):
    return "".join(c if c in "ACGU" else "A" for c in sequence)


def joined(precursors, length, rng):
    text = ""
    while len(text) < length:
        text += rng.choice(precursors)
    return text[:length]


def records(kind, length, precursors, rng):
    if kind == "random":
        return "".join(rng.choices("ACGU", k=length))
    shuffled = sets.shuffled(joined(precursors, length, rng), rng)
    if kind == "shuffled":
        return shuffled
    precursor = rng.choice([p for p in precursors if len(p) <= min(length, 150)])
    at = rng.randint(0, length - len(precursor))
    return shuffled[:at] + precursor + shuffled[at + len(precursor):]


def called(program, path):
    out = subprocess.run([program, "predict", path], check=True, text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout.splitlines()
    call = out[0].split("\t").index("call")
    return [line.split("\t")[call] == "pre-miRNA" for line in out[1:]]


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    data, program, out = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
    out.mkdir(parents=True, exist_ok=True)
    precursors = [plain_letters(r.sequence) for r in sets.precursors(data)
                  if sets.part_of(r.group) == "test"]
    print("records\tlength\tcount\tcalled")
    for kind in ("random", "shuffled", "precursor"):
        for length, count in LENGTHS.items():
            rng = random.Random(f"{kind}{length}")
            path = out / f"{kind}.{length}.fa"
            with open(path, "w") as lines:
                for number in range(count):
                    lines.write(f">{kind}{number + 1}\n{records(kind, length, precursors, rng)}\n")
            calls = called(program, path)
            print(f"{kind}\t{length}\t{count}\t{sum(calls) / count:.3f}", flush=True)


if __name__ == "__main__":
    main()
