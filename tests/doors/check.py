#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The same cases by every way into the library:

    check.py [--record | --level LEVEL] DEEPMIRGENE [COMMAND...]

COMMAND is a program that takes 'predict' or 'scan' and a FASTA file. What it prints is compared with
tests/doors/predict.tsv, which the program wrote once (--record writes it again), and with what the
program finds in tests/doors/genome.fa. With --level, both are compared with what the program prints
at that level of instructions (--cpu), up to the last of six digits: the exponential functions of two
C libraries differ.
"""
import argparse
import json
import math
import os
import pathlib
import subprocess

HERE = pathlib.Path(os.environ.get("DMG_SOURCE", ".")) / "tests/doors"


def output(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode == 77:
        raise SystemExit(77)
    if done.returncode != 0:
        raise SystemExit(f"{command} ends with {done.returncode}")
    return done.stdout


def program(deepmirgene, level):
    table = output([deepmirgene, "predict", "--model", "human", "--mature", "--cpu", level,
                    HERE / "records.fa"])
    loci = output([deepmirgene, "scan", "--model", "human", "--mature", "--cpu", level,
                   "--threshold", "0.5", "--format", "jsonl", HERE / "genome.fa"])
    return table, loci


def numbers(line):
    """What is known of a locus, lists as text. A door may print less than the program."""
    return {name: json.dumps(value) if isinstance(value, (list, dict)) else value
            for name, value in json.loads(line).items()
            if value is not None and value == value}


def same(ours, theirs, tolerance):
    """Equal values; numbers within a relative tolerance."""
    if ours == theirs:
        return True
    try:
        return math.isclose(float(ours), float(theirs), rel_tol=tolerance, abs_tol=0)
    except (TypeError, ValueError):
        return False


def same_tables(ours, theirs, tolerance):
    ours, theirs = ([line.split("\t") for line in text.splitlines()] for text in (ours, theirs))
    return len(ours) == len(theirs) and all(
        len(a) == len(b) and all(same(*pair, tolerance) for pair in zip(a, b))
        for a, b in zip(ours, theirs))


def same_loci(ours, theirs, tolerance):
    ours, theirs = (list(map(numbers, text.splitlines())) for text in (ours, theirs))
    return ours and len(ours) == len(theirs) and all(
        same(a.get(name), value, tolerance)
        for a, b in zip(ours, theirs) for name, value in b.items())


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--level")
    parser.add_argument("deepmirgene")
    parser.add_argument("door", nargs=argparse.REMAINDER)
    return parser.parse_args()


def main():
    given = arguments()
    tolerance = 1.01e-5 if given.level else 0
    table, loci = program(given.deepmirgene, given.level or "auto")
    if given.record:
        (HERE / "predict.tsv").write_text(table)
    expected = table if given.level else (HERE / "predict.tsv").read_text()
    assert table == expected, f"the program prints something else:\n{table}"
    if not given.door:
        return
    name = given.door[-1]
    found = output(given.door + ["predict", HERE / "records.fa"])
    assert same_tables(expected, found, tolerance), f"{name} predicts something else:\n{found}"
    found = output(given.door + ["scan", HERE / "genome.fa"])
    assert same_loci(loci, found, tolerance), f"{name} finds something else:\n{found}\n{loci}"


if __name__ == "__main__":
    main()
