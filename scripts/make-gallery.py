#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Draws the gallery of doc/explain.md: make-gallery.py DEEPMIRGENE DATA FOLDER

DATA is the folder of published data (see CONTRIBUTING.md). The records are not chosen by their looks:
each is the first record that fits its title and that the human model was not trained on; for human
precursors, the first in the held-out tenth of their set that is called.
"""
import pathlib
import subprocess
import sys

COMPLEMENT = str.maketrans("ACGTU", "UGCAA")


def read_fasta(path):
    name, parts = None, []
    for line in path.read_text().splitlines():
        if line.startswith(">"):
            if name:
                yield name, "".join(parts)
            name, parts = line[1:].split()[0], []
        else:
            parts.append(line.strip().upper().replace("T", "U"))
    if name:
        yield name, "".join(parts)


def held_out(data, label):
    rows = (data / "mirboost/human_splits.tsv").read_text().splitlines()[1:]
    ids = {row.split("\t")[0] for row in rows if row.split("\t")[2] == "test"}
    side = "pos" if label else "neg"
    return [record for record in read_fasta(data / f"mirboost/human_{side}.fa") if record[0] in ids]


def structure_of(program, record):
    text = f">{record[0]}\n{record[1]}\n"
    run = subprocess.run([program, "fold", "-"], input=text, capture_output=True, text=True, check=True)
    return run.stdout.splitlines()[2].split()[0]


def loops(structure):
    """Hairpin loops: '(' and ')' with nothing but '.' between."""
    brackets = structure.replace(".", "")
    return brackets.count("()")


def is_called(program, record):
    text = f">{record[0]}\n{record[1]}\n"
    run = subprocess.run([program, "predict", "--model", "human", "-"], input=text, capture_output=True, text=True, check=True)
    return run.stdout.splitlines()[1].split("\t")[3] == "pre-miRNA"


def first(program, records, wanted):
    return next(r for r in records if (loops(structure_of(program, r)) > 1) == wanted)


def viral(data):
    _, genome = next(read_fasta(data / "genomes/EBV_NC_007605.1.fa"))
    row = (data / "genomes/EBV_NC_007605.1.truth.bed").read_text().splitlines()[0].split("\t")
    sequence = genome[int(row[1]) : int(row[2])]
    return row[3], sequence.translate(COMPLEMENT)[::-1] if row[5] == "-" else sequence


def main():
    program, data, folder = map(pathlib.Path, sys.argv[1:])
    pseudo = read_fasta(data / "negatives/coding_pseudo_hairpins.fa")
    records = {
        "human-precursor": next(r for r in held_out(data, True) if is_called(program, r)),
        "pseudo-hairpin": first(program, pseudo, False),
        "multiloop": first(program, held_out(data, False), True),
        "viral-precursor": viral(data),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, (identifier, sequence) in records.items():
        text = f">{name}:{identifier}\n{sequence}\n"
        subprocess.run([program, "explain", "--model", "human", "--format", "svg", "-", "-o",
                        folder / f"{name}.svg"],
                       input=text, text=True, check=True)


if __name__ == "__main__":
    main()
