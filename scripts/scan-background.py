#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A model's background: the loci that 'deepmirgene scan' reports in genomes without pre-miRNAs.

    scripts/scan-background.py [--bases N] [--long-span N] [--write FILE] PROGRAM MODEL GENOME.fa...

Each GENOME (gzip or plain) has no pre-miRNAs: it is that of a bacterium or of a protist without RNA
interference, or all known loci are removed; of GENOME.fa=MASK.bed the intervals of the BED file are. MODEL
scans the first N bases of each; families of
near-identical loci count once. Genomes differ in their number of loci, so each is compared with its own
number of loci of a probability from 0.5 to 0.8, of which hardly any could be true elsewhere.

Prints a row for each genome and probability: loci seen, and those that the table of all *other* genomes
predicts. With --write a copy of the model goes to FILE that carries the table of all genomes in its
metadata ("scan_background": [p, loci per Mb of probability p or more, spread]), the spread being the
standard deviation between genomes of the logarithm of seen over predicted. 'deepmirgene scan' computes
its error rates from this table when it has no decoys. --long-span is that of the scan, which then is the
default of 'deepmirgene scan' with this model ("scan_long_span").
"""
import argparse
import csv
import gzip
import io
import json
import math
import pathlib
import subprocess
import sys
import tempfile

import model_file

POINTS = [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.985, 0.99, 0.993, 0.995, 0.997, 0.998, 0.999]
TOP = 0.8          # error_rates.h: BACKGROUND_TOP
FEWEST = 8         # families of all genomes that a point of the table rests on
LEAST_SPREAD = 0.2
KEY = "scan_background"


def read_fasta(path, bases):
    """The first so many bases, as FASTA text."""
    opener = gzip.open if path.suffix == ".gz" else open
    lines, left = [], bases
    with opener(path, "rt") as file:
        for line in file:
            if line.startswith(">"):
                lines.append(line)
            elif left > 0:
                lines.append(line[:left].rstrip("\n") + "\n")
                left -= len(line) - 1
            else:
                break
    return "".join(lines), sum(len(line) - 1 for line in lines if line[0] != ">")


def masked(text, path):
    """FASTA text with N for what the BED file lists."""
    known = {}
    with open(path) as lines:
        for line in lines:
            contig, start, end = line.split("\t")[:3]
            known.setdefault(contig, []).append((int(start), int(end)))
    contigs = []
    for part in text.split(">")[1:]:
        header, _, body = part.partition("\n")
        bases = bytearray(body.replace("\n", "").encode())
        for start, end in known.get(header.split()[0], []):
            length = len(bases[start:end])
            bases[start:start + length] = b"N" * length
        contigs.append(f">{header}\n{bases.decode()}\n")
    return "".join(contigs)


def read_genome(argument, bases):
    """(name, text, bases)"""
    genome, _, mask = argument.partition("=")
    path = pathlib.Path(genome)
    text, length = read_fasta(path, bases)
    return path.name.split(".")[0], masked(text, mask) if mask else text, length


def scan(program, model, text, long_span):
    """(p, weight) of each locus: the weights of a family add up to 1."""
    with tempfile.NamedTemporaryFile("w", suffix=".fa") as file:
        file.write(text)
        file.flush()
        command = [program, "scan", "--model", model, "--threshold", str(POINTS[0]), "--format", "tsv", file.name]
        if long_span:
            command[2:2] = ["--long-span", str(long_span)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stderr)
    rows = csv.DictReader(io.StringIO(done.stdout), delimiter="\t", quoting=csv.QUOTE_NONE)
    return [(float(row["p_mirna"]), 1 / int(row["copies"])) for row in rows]


class Genome:
    def __init__(self, name, megabases, loci):
        self.name = name
        self.megabases = megabases
        self.seen = [sum(weight for p, weight in loci if p >= point) for point in POINTS]
        self.low = self.seen[0] - self.seen[POINTS.index(TOP)]


def make_table(genomes):
    """[p, loci per Mb, spread] of each point that enough families reach."""
    low = sum(g.low for g in genomes)
    low_per_mb = math.exp(sum(math.log((g.low + 1) / g.megabases) for g in genomes) / len(genomes))
    table = []
    for i, point in enumerate(POINTS):
        total = sum(g.seen[i] for g in genomes)
        if total < FEWEST:
            break
        share = total / low  # of a locus from 0.5 to 0.8
        ratios = [math.log((g.seen[i] + 1) / (g.low * share + 1)) for g in genomes]
        spread = math.sqrt(sum(r * r for r in ratios) / len(ratios))
        table.append([point, float(f"{share * low_per_mb:.5g}"), round(max(spread, LEAST_SPREAD), 3)])
    return table


def claimed(table, genome, point):
    """Loci that the table claims for a genome, scaled by its own low ones; NaN beyond the table."""
    by_point = {row[0]: row[1] for row in table}
    if point not in by_point:
        return math.nan
    return genome.low * by_point[point] / (by_point[POINTS[0]] - by_point[TOP])


def write_model(path, model, added):
    """The model with more metadata."""
    header, tensors = model_file.read(model)
    header["__metadata__"] |= added
    model_file.write(path, header, tensors)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("program")
    parser.add_argument("model", help="a model file, or the name of a built-in one (without --write)")
    parser.add_argument("genomes", nargs="+", metavar="GENOME[=MASK.bed]")
    parser.add_argument("--bases", type=int, default=2_000_000)
    parser.add_argument("--long-span", type=int, default=0)
    parser.add_argument("--write", type=pathlib.Path, metavar="FILE")
    options = parser.parse_intermixed_args()
    genomes = []
    for argument in options.genomes:
        name, text, bases = read_genome(argument, options.bases)
        loci = scan(options.program, options.model, text, options.long_span)
        genomes.append(Genome(name, bases / 1e6, loci))
    print("genome\tmb\tp\tseen\tclaimed\tseen_over_claimed")
    for genome in genomes:
        others = [g for g in genomes if g is not genome] or genomes
        table = make_table(others)
        for i, point in enumerate(POINTS):
            claim = claimed(table, genome, point)
            print(f"{genome.name}\t{genome.megabases:.2f}\t{point}\t{genome.seen[i]:.1f}\t{claim:.1f}\t"
                  f"{genome.seen[i] / claim if claim > 0 else math.nan:.2f}")
    if options.write:
        table = make_table(genomes)
        text = json.dumps({"genomes": [g.name for g in genomes], "loci_per_mb": table}, separators=(",", ":"))
        added = {KEY: text}
        if options.long_span:
            added["scan_long_span"] = str(options.long_span)
        write_model(options.write, options.model, added)


if __name__ == "__main__":
    main()
