#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How many long precursors of plants 'deepmirgene scan' finds.

    bench/scan_plants.py BUILD DATA [--model NAME] [--count N] [-- SCAN OPTIONS]

DATA holds mirbase/plant.fa and mirbase/groups.tsv. Of the precursors of more than 200 nt up to two of each
group (family or cluster of 80 % identity) are drawn, N in all, each between 450 random bases of 36 % G + C.
A locus is that of a precursor if it covers half of it. Models have seen some of them in training.

Prints a table in Markdown.
"""
import argparse
import collections
import csv
import io
import pathlib
import random
import subprocess
import sys
import tempfile

LEVELS = [0.5, 0.9, 0.99]
LONG, FLANK = 200, 450


def read_fasta(path):
    records, name = {}, None
    for line in path.read_text().splitlines():
        if line.startswith(">"):
            name = line[1:].split()[0]
            records[name] = ""
        else:
            records[name] += line.strip()
    return records


def draw(data, source, count):
    """Long precursors: name -> sequence."""
    precursors = read_fasta(data / "mirbase/plant.fa")
    with open(data / "mirbase/groups.tsv") as file:
        group_of = {row["id"]: row["group"] for row in csv.DictReader(file, delimiter="\t")}
    groups = collections.defaultdict(list)
    for name in sorted(n for n, sequence in precursors.items() if len(sequence) > LONG):
        groups[group_of[name]].append(name)
    names = []
    for group in sorted(groups):
        source.shuffle(groups[group])
        names += groups[group][:2]
    source.shuffle(names)
    return {name: precursors[name] for name in names[:count]}


def scan(build, records, *arguments):
    with tempfile.NamedTemporaryFile("w", suffix=".fa") as file:
        file.writelines(f">{name}\n{sequence}\n" for name, sequence in records.items())
        file.flush()
        done = subprocess.run([build / "cli/deepmirgene", "scan", *arguments, "--format", "tsv", file.name],
                              capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return list(csv.DictReader(io.StringIO(done.stdout), delimiter="\t", quoting=csv.QUOTE_NONE))


def share_found(rows, precursors, level, strands):
    found = set()
    for row in rows:
        start, end = FLANK, FLANK + len(precursors[row["seqid"]])
        shared = min(end, int(row["end"])) - max(start, int(row["start"]) - 1)
        if float(row["p_mirna"]) >= level and row["strand"] in strands and 2 * shared >= end - start:
            found.add(row["seqid"])
    return len(found) / len(precursors)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--model", default="general")
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("scan", nargs="*", metavar="SCAN OPTIONS")
    options = parser.parse_args()
    source = random.Random(7)
    precursors = draw(options.data, source, options.count)

    def flank():
        return "".join(source.choices("ACGU", weights=[32, 18, 18, 32], k=FLANK))

    records = {name: flank() + sequence + flank() for name, sequence in precursors.items()}
    rows = scan(options.build, records, "--model", options.model, "--threshold", str(LEVELS[0]), *options.scan)
    print(f"| {len(precursors)} plant precursors over {LONG} nt | " + " | ".join(f"p >= {x}" for x in LEVELS) + " |")
    print("|---" * (len(LEVELS) + 1) + "|")
    for label, strands in (("found, either strand", "+-"), ("found, right strand", "+")):
        shares = (share_found(rows, precursors, level, strands) for level in LEVELS)
        print(f"| {label} | " + " | ".join(f"{share:.3f}" for share in shares) + " |")


if __name__ == "__main__":
    main()
