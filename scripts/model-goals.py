#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Evaluates models on all data held out for testing, and prints one table:

    scripts/model-goals.py DATA PROGRAM SETS OUT NAME=MODEL...

DATA and PROGRAM are those of scripts/training-set.py, SETS is the folder that it wrote. OUT gets the
output of the program for each model; existing files are not made again. The table also has the free
energy per nucleotide, -MFE/length, where a metric needs no probability.

All rows use groups, classes and genomes that no model was trained or calibrated on:

    found 1:100        precursors as scan cuts them, a hundred mined candidates to each:
                       average precision, and recall at a precision of 0.9
    supported 1:100    the same with the precursors that are in MirGeneDB; 1:1000: a thousand to each
    plants 1:100       plant precursors as 'scan --span 400' cuts them, candidates of rice likewise
    human N/Mb         recall of supported human precursors, in the genome around them, at N false loci
                       per Mb of human chromosome 22 (every BLOCKS-th block, known loci masked)
    windows            AUROC of 200 nt with and without a precursor in the middle
    worst ncRNA        the class of at least FEWEST records of which most are called at 0.5
    shuffled ...       share of such sequences called at 0.5
    GENOME             loci per Mb at 0.5 and 0.9 in a genome without microRNAs
    calibration        expected error at the proportions of the sets, and at 1:100
"""
import collections
import gzip
import importlib.util
import pathlib
import subprocess
import sys

import benchmark

HERE = pathlib.Path(__file__).parent
FEWEST = 20  # records of a class
BLOCKS = 4
COVERED = 0.5  # of a hairpin, for a locus to be it
LOWEST = 0.02  # probability of loci that are looked at
HALF_WINDOW = 100
PLANT_SPAN = "400"
FALSE_PER_MB = (10, 1)
WITHOUT_MIRNAS = {
    "vcholerae": ("vcholerae_O395", 500_000, lambda name: True),
    "hpylori": ("hpylori_G27", 500_000, lambda name: True),
    "pknowlesi": ("pknowlesi", 500_000, lambda name: name.startswith(("Pk.13.10", "Pk.14"))),
}


def load_script(name):
    spec = importlib.util.spec_from_file_location(name.replace("-", "_"), HERE / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


sets_script = load_script("training-set")


class Measured:
    """What a program prints for a model, kept in files."""

    def __init__(self, program, folder, name, model):
        self.program, self.folder, self.name, self.model = program, folder, name, model

    def table(self, command, title, *arguments):
        path = self.folder / f"{self.name}.{title}.tsv"
        if not path.exists():
            subprocess.run([self.program, command, "--model", self.model, "--format", "tsv",
                            "-o", str(path), *map(str, arguments)],
                           check=True, stderr=subprocess.DEVNULL)
        with open(path) as lines:
            titles = next(lines).lstrip("#").rstrip("\n").split("\t")
            return [dict(zip(titles, line.rstrip("\n").split("\t"))) for line in lines]

    def predict(self, path, *options):
        """Each file is folded once, for all models."""
        folded = self.folder / f"{path.name}.folded"
        if not folded.exists():
            subprocess.run([self.program, "fold", "-o", str(folded), str(path)], check=True)
        title = "-".join([path.name.removesuffix(".fa"), *options]).replace("--", "")
        return [row for row in self.table("predict", title, *options, folded)
                if row["p_mirna"] != "NA"]

    def score(self, row):
        if self.name == "mfe-per-length":
            return -float(row["mfe"]) / int(row["length"])
        return float(row["p_mirna"])

    def records(self, rows):
        return [benchmark.Record(int(row["length"]), self.score(row), 1.0) for row in rows]


# --- sequences that are made here ---


def write_windows(data, out, hairpins):
    """200 nt around the middle of each hairpin, and as much of its flanks without it."""
    with open(out / "with.fa", "w") as present, open(out / "without.fa", "w") as absent:
        for name, (sequence, start, end) in hairpins.items():
            middle = (start + end) // 2
            window = sequence[max(0, middle - HALF_WINDOW) : middle + HALF_WINDOW]
            present.write(f">{name}\n{window}\n")
            absent.write(f">{name}\n{sequence[start - HALF_WINDOW : start]}"
                         f"{sequence[end : end + HALF_WINDOW]}\n")


def read_flanks(data, wanted):
    """name -> (sequence, start, end) of human hairpins in the genome."""
    places = {}
    with gzip.open(data / "mirbase/human_flanks.fa.gz", "rt") as lines:
        for line in lines:
            if line.startswith(">"):
                start, end = line.split("hairpin=")[1].split()[0].split("-")
                places[line[1:].split()[0]] = int(start), int(end)
    return {name: (sequence, *places[name])
            for name, sequence in sets_script.read_fasta(data / "mirbase/human_flanks.fa.gz")
            if name in wanted}


def write_genome(path, contigs):
    """Returns how many Mb of known nucleotides there are."""
    known = 0
    with open(path, "w") as out:
        for name, sequence in contigs:
            known += len(sequence) - sequence.count("N")
            out.write(f">{name}\n{sequence}\n")
    return known / 1e6


def first_bases(contigs, wanted, length):
    for name, sequence in contigs:
        if wanted(name) and length > 0:
            yield name, sequence[:length]
            length -= len(sequence)


# --- loci ---


def loci(rows, measured, masked):
    """(contig, start, end, strand, score), 0-based, away from what is masked."""
    for row in rows:
        start, end = int(row["start"]) - 1, int(row["end"])
        if not any(s < end and start < e for s, e in masked[row["seqid"]]):
            yield row["seqid"], start, end, row["strand"], measured.score(row)


def apart(found):
    """The best of those that overlap on a strand."""
    taken = collections.defaultdict(list)
    for contig, start, end, strand, score in sorted(found, key=lambda locus: -locus[4]):
        places = taken[contig, strand]
        if not any(s < end and start < e for s, e in places):
            places.append((start, end))
            yield score


def best_scores(rows, measured, hairpins):
    best = dict.fromkeys(hairpins, float("-inf"))
    for contig, start, end, strand, score in loci(rows, measured, collections.defaultdict(list)):
        _, first, last = hairpins[contig]
        shared = min(end, last) - max(start, first)
        if strand == "+" and shared >= COVERED * (last - first):
            best[contig] = max(best[contig], score)
    return list(best.values())


# --- measures ---


def share(scores, threshold=0.5):
    return sum(score >= threshold for score in scores) / len(scores)


def area(positives, negatives):
    return benchmark.measures(positives, negatives, 1)[0]


def weighted_error(positives, negatives, ratio, bins=15):
    """Expected calibration error with so many negatives to a positive."""
    sums = [[0.0, 0.0, 0.0] for _ in range(bins)]
    for side, (records, total) in enumerate(((negatives, ratio), (positives, 1))):
        for record in records:
            entry = sums[min(int(record.score * bins), bins - 1)]
            weight = total / (ratio + 1) / len(records)
            entry[0] += weight * (record.score - side)
    return sum(abs(entry[0]) for entry in sums)


class Goals:
    def __init__(self, program, data, sets, out):
        self.data, self.sets, self.out = data, sets, out
        self.supported = set()
        with gzip.open(data / "mirbase/support.tsv.gz", "rt") as lines:
            titles = next(lines).rstrip("\n").split("\t")
            for line in lines:
                row = dict(zip(titles, line.rstrip("\n").split("\t")))
                if row["in_mirgenedb"] == "1":
                    self.supported.add(row["hairpin"])
        test = {name for name, _ in sets_script.read_fasta(sets / "precursor.test.fa")}
        self.hairpins = read_flanks(data, test & self.supported)
        self.write_plants(program)
        write_windows(data, out, self.hairpins)
        write_genome(out / "flanks.fa", ((n, s) for n, (s, _, _) in self.hairpins.items()))
        blocks = sets_script.read_fasta(data / "genomes/human_chr22_blocks.fa.gz")
        self.mb = write_genome(out / "chr22.fa", list(blocks)[::BLOCKS])
        self.masked = sets_script.intervals(data / "genomes/human_chr22_blocks.mask.bed", 0)

    def write_plants(self, program):
        path = self.out / "plants.fa"
        if not path.exists():
            plants = [record for record in sets_script.precursors(self.data)
                      if record.source == "plant" and sets_script.part_of(record.group) == "test"]
            sets_script.write_fasta(path, list(sets_script.as_found(
                program, plants, self.out, "--span", PLANT_SPAN)))

    def ranked(self, m):
        found = m.predict(self.sets / "found.test.fa")
        mined = m.records(m.predict(self.sets / "mined.test.fa"))
        supported = [r for r in found if r["id"].split("/")[0] in self.supported]
        for title, rows, ratio in (("found 1:100", found, 100),
                                   ("supported 1:100", supported, 100),
                                   ("supported 1:1000", supported, 1000)):
            _, precision, recall = benchmark.measures(m.records(rows), mined, ratio)
            yield f"{title}: AUPR", precision
            yield f"{title}: recall", recall
        plants = m.predict(self.out / "plants.fa")
        rice = m.table("scan", "rice", "--overlapping", "--threshold", "0", "--span", PLANT_SPAN,
                       self.data / "genomes/rice_1mb.fa.gz")
        _, precision, recall = benchmark.measures(m.records(plants), m.records(rice), 100)
        yield "plants 1:100: AUPR", precision
        yield "plants 1:100: recall", recall

    def human(self, m):
        options = ["--overlapping", "--threshold", "0"] if m.name == "mfe-per-length" else \
            ["--threshold", LOWEST]
        false = list(apart(loci(m.table("scan", "chr22", *options, self.out / "chr22.fa"), m,
                                self.masked)))
        best = best_scores(m.table("scan", "flanks", *options, self.out / "flanks.fa"), m,
                           self.hairpins)
        for rate in FALSE_PER_MB:
            count = int(rate * self.mb)
            bar = false[count] if count < len(false) else float("-inf")
            yield f"human {rate}/Mb: recall", sum(score > bar for score in best) / len(best)

    def windows(self, m):
        present, absent = (m.records(m.predict(self.out / f"{side}.fa"))
                           for side in ("with", "without"))
        yield "windows: AUROC", area(present, absent)

    def called(self, m):
        classes, kinds = collections.defaultdict(list), collections.defaultdict(list)
        for row in m.predict(self.sets / "ncrna.test.fa"):
            classes[row["id"].split(":")[1]].append(m.score(row))
        worst = max((share(s), name) for name, s in classes.items() if len(s) >= FEWEST)
        print(f"{m.name}: worst class of ncRNA: {worst[1]}", file=sys.stderr)
        yield "worst ncRNA class", worst[0]
        yield "ncRNA, all", share([s for scores in classes.values() for s in scores])
        for row in m.predict(self.sets / "chance.test.fa"):
            kinds[row["id"].rstrip("0123456789")].append(m.score(row))
        for kind, scores in kinds.items():
            yield kind, share(scores)

    def negative_genomes(self, m):
        for title, (stem, length, wanted) in WITHOUT_MIRNAS.items():
            contigs = sets_script.read_fasta(self.data / f"negative_genomes/{stem}.fa.gz")
            mb = write_genome(self.out / f"{title}.fa", first_bases(contigs, wanted, length))
            rows = m.table("scan", title, "--threshold", "0.5", self.out / f"{title}.fa")
            for threshold in (0.5, 0.9):
                yield (f"{title}: loci/Mb at {threshold}",
                       sum(m.score(row) >= threshold for row in rows) / mb)

    def calibration(self, m):
        def of(*options):
            return ([m.records(m.predict(self.sets / f"{name}.test.fa", *options))
                     for name in names] for names in (("precursor", "found"), ("other", "mined")))
        positives, negatives = (sum(lists, []) for lists in of())
        yield ("calibration, as the sets",
               weighted_error(positives, negatives, len(negatives) / len(positives)))
        try:
            positives, negatives = (lists[1] for lists in of("--prior", "0.00990099"))
        except subprocess.CalledProcessError:
            return  # the model is not calibrated
        yield "calibration, 1:100", weighted_error(positives, negatives, 100)

    def rows(self, m):
        yield from self.ranked(m)
        yield from self.human(m)
        yield from self.windows(m)
        if m.name != "mfe-per-length":
            yield from self.called(m)
            yield from self.negative_genomes(m)
            yield from self.calibration(m)


def print_table(columns):
    titles = dict.fromkeys(title for column in columns.values() for title in column)
    print("measure", *columns, sep="\t")
    for title in titles:
        print(title, *(f"{c[title]:.3f}" if title in c else "" for c in columns.values()), sep="\t")


def main():
    if len(sys.argv) < 6:
        sys.exit(__doc__)
    data, sets, out = (pathlib.Path(sys.argv[number]) for number in (1, 3, 4))
    program = sys.argv[2]
    out.mkdir(parents=True, exist_ok=True)
    goals = Goals(program, data, sets, out)
    named = dict(argument.split("=", 1) for argument in sys.argv[5:])
    columns = {name: dict(goals.rows(Measured(program, out, name, model)))
               for name, model in named.items()}
    print_table(columns)


if __name__ == "__main__":
    main()
