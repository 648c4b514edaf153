#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How 'deepmirgene scan' sees known precursors in their flanks, beside the same ones given alone.

    bench/scan_flanks.py BUILD DATA [--model NAME] [--count N]

DATA holds mirbase/human_flanks.fa.gz (human hairpins with 100 nt of genome on either side) and
mirbase/support.tsv.gz, which says what MirGeneDB confirms. N of the confirmed ones are drawn. A locus is
that of a precursor if it covers half of it; the strand is right if it is the plus strand. Models have
seen most of these in training: the rows compare ways to give one precursor, not models.

Prints a table in Markdown.
"""
import argparse
import csv
import gzip
import io
import pathlib
import random
import re
import subprocess
import sys
import tempfile

LEVELS = [0.5, 0.9, 0.99]


def read_flanks(path):
    """name -> (sequence, start, end of the hairpin)"""
    records, name = {}, None
    with gzip.open(path, "rt") as file:
        for line in file:
            if line.startswith(">"):
                name = line[1:].split()[0]
                start, end = map(int, re.search(r"hairpin=(\d+)-(\d+)", line).groups())
                records[name] = ["", start, end]
            else:
                records[name][0] += line.strip()
    return records


def confirmed(path):
    with gzip.open(path, "rt") as file:
        return {row["hairpin"] for row in csv.DictReader(file, delimiter="\t") if row["in_mirgenedb"] == "1"}


def run(build, command, records, *arguments):
    """The rows of the table that the program prints of (name, sequence)."""
    with tempfile.NamedTemporaryFile("w", suffix=".fa") as file:
        file.writelines(f">{name}\n{sequence}\n" for name, sequence in records)
        file.flush()
        done = subprocess.run([build / "cli/deepmirgene", command, *arguments, file.name],
                              capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return list(csv.DictReader(io.StringIO(done.stdout), delimiter="\t", quoting=csv.QUOTE_NONE))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--model", default="general")
    parser.add_argument("--count", type=int, default=200)
    options = parser.parse_args()
    flanks = read_flanks(options.data / "mirbase/human_flanks.fa.gz")
    known = confirmed(options.data / "mirbase/support.tsv.gz")
    names = sorted(name for name in flanks if name in known)
    names = random.Random(1).sample(names, min(options.count, len(names)))
    alone = {row["id"]: float(row["p_mirna"]) for row in run(
        options.build, "predict", [(n, flanks[n][0][flanks[n][1]:flanks[n][2]]) for n in names],
        "--model", options.model)}
    found = {}
    for row in run(options.build, "scan", [(n, flanks[n][0]) for n in names], "--model", options.model,
                   "--threshold", "0", "--format", "tsv"):
        _, start, end = flanks[row["seqid"]]
        shared = min(end, int(row["end"])) - max(start, int(row["start"]) - 1)
        if 2 * shared >= end - start:
            found[row["seqid"]] = max(found.get(row["seqid"], (0, "")), (float(row["p_mirna"]), row["strand"]))
    right = {name: p for name, (p, strand) in found.items() if strand == "+"}
    print("| " + str(len(names)) + " human precursors | " + " | ".join(f"p >= {x}" for x in LEVELS) + " |")
    print("|---" * (len(LEVELS) + 1) + "|")
    for label, scores in (("alone", alone), ("found in its flanks, right strand", right)):
        shares = (sum(p >= level for p in scores.values()) / len(names) for level in LEVELS)
        print(f"| {label} | " + " | ".join(f"{share:.3f}" for share in shares) + " |")
    print(f"\nRight strand: {len(right) / max(1, len(found)):.3f} of {len(found)} that have a locus.")


if __name__ == "__main__":
    main()
