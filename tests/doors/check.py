#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The same cases by every way into the library: check.py [--record] DEEPMIRGENE NAME COMMAND...

COMMAND is a program that takes 'predict' or 'scan' and a FASTA file. What it prints is compared with
tests/doors/predict.tsv, which the program wrote once (--record writes it again), and with what the
program finds in tests/doors/genome.fa.
"""
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(os.environ.get("DMG_SOURCE", ".")) / "tests/doors"


def output(command):
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True)
    if done.returncode == 77:
        sys.exit(77)
    if done.returncode != 0:
        sys.exit(f"{command} ends with {done.returncode}")
    return done.stdout


def program(deepmirgene):
    table = output([deepmirgene, "predict", "--model", "human", HERE / "records.fa"])
    loci = output([deepmirgene, "scan", "--model", "human", "--threshold", "0.5", "--format",
                   "jsonl", HERE / "genome.fa"])
    return table, loci


def numbers(line):
    """What is known of a locus, lists as text. A door may print less than the program."""
    return {name: json.dumps(value) if isinstance(value, (list, dict)) else value
            for name, value in json.loads(line).items()
            if value is not None and value == value}


def main():
    arguments = sys.argv[1:]
    record = arguments[0] == "--record"
    deepmirgene, *door = arguments[1:] if record else arguments
    table, loci = program(deepmirgene)
    if record:
        (HERE / "predict.tsv").write_text(table)
    expected = (HERE / "predict.tsv").read_text()
    assert table == expected, f"the program prints something else:\n{table}"
    if not door:
        return
    found = output(door + ["predict", HERE / "records.fa"])
    assert found == expected, f"{door[-1]} predicts something else:\n{found}"
    found = output(door + ["scan", HERE / "genome.fa"])
    ours, theirs = (list(map(numbers, text.splitlines())) for text in (loci, found))
    assert ours and len(ours) == len(theirs) and all(
        theirs[i].items() <= ours[i].items() for i in range(len(ours))
    ), f"{door[-1]} finds something else:\n{found}\n{loci}"


if __name__ == "__main__":
    main()
