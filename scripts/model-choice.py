#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compares models on the calibration part, by which the default model is chosen, and prints one table:

    scripts/model-choice.py DATA PROGRAM SETS OUT NAME=MODEL...

The arguments are those of scripts/model-goals.py, which evaluates on the test part. The rows:

    all, supported, plants   precursors as scan cuts them (those in MirGeneDB, of plants), with a
                             hundred mined candidates to each, or a thousand (1:1000)
    long plants              plant precursors as 'scan --span 400' cuts them, candidates of Arabidopsis
                             lyrata likewise
    recall N/Mb              of such precursors at N false loci per Mb of the blocks of human chromosome
                             X that are dealt to calibration, known loci masked
    shuffled ...             share of such sequences called at 0.5; of structured RNA also of the class
                             of at least FEWEST records of which most are called
    BACTERIUM                loci per Mb at 0.5 in the blocks dealt to calibration
"""
import collections
import gzip
import importlib.util
import pathlib
import sys

import benchmark

HERE = pathlib.Path(__file__).parent
FALSE_PER_MB = (30, 10, 3, 1)
GENOMES = {
    "chrX": ("human-chrX", "genomes/human_chrX_70mb.fa.gz"),
    "E. coli": ("ecoli", "negative_genomes/ecoli_536.fa.gz"),
    "S. aureus": ("saureus", "negative_genomes/saureus_COL.fa.gz"),
}


def load_goals():
    spec = importlib.util.spec_from_file_location("model_goals", HERE / "model-goals.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


goals = load_goals()
sets_script = goals.sets_script


def write_blocks(data, path, source, genome):
    """Returns how many Mb of known nucleotides the blocks of calibration have."""
    block = sets_script.BLOCK
    return goals.write_genome(path, (
        (f"{contig}@{start}", sequence[start : start + block])
        for contig, sequence in sets_script.read_fasta(data / genome)
        for start in range(0, len(sequence), block)
        if sets_script.part_of(f"{source}:{contig}:{start // block}") == "calibration"))


class Choice:
    def __init__(self, data, sets, out):
        self.sets, self.out = sets, out
        with gzip.open(data / "mirbase/support.tsv.gz", "rt") as lines:
            rows = [line.split("\t") for line in lines]
        self.supported = {row[0] for row in rows if row[rows[0].index("in_mirgenedb")] == "1"}
        self.mb = {title: write_blocks(data, self.path(title), source, genome)
                   for title, (source, genome) in GENOMES.items()}
        self.masked = sets_script.intervals(data / "genomes/human_chrX_70mb.mask.bed", 0)

    def path(self, title):
        return self.out / f"{title.replace('. ', '-')}.fa"

    def false_loci(self, m):
        moved = []
        for row in m.table("scan", "chrX", "--threshold", "0.05", self.path("chrX")):
            contig, offset = row["seqid"].split("@")
            moved.append(row | {"seqid": contig, "start": int(row["start"]) + int(offset),
                                "end": int(row["end"]) + int(offset)})
        return list(goals.apart(goals.loci(moved, m, self.masked)))

    def ranked(self, m):
        rows = m.predict(self.sets / "found.calibration.fa")
        mined = m.records(m.predict(self.sets / "mined.calibration.fa"))
        groups = {"all": rows,
                  "supported": [r for r in rows if r["id"].split("/")[0] in self.supported],
                  "plants": [r for r in rows if "-MIR" in r["id"]]}
        for title, wanted in groups.items():
            _, area, recall = benchmark.measures(m.records(wanted), mined, 100)
            yield f"{title} 1:100: AUPR", area
            yield f"{title} 1:100: recall", recall
        yield "supported 1:1000: AUPR", benchmark.measures(m.records(groups["supported"]), mined, 1000)[1]
        long_plants = m.predict(self.sets / "plant.calibration.fa")
        lyrata = m.records(m.predict(self.sets / "plant_genome.calibration.fa"))
        for ratio in (20, 100):
            _, area, recall = benchmark.measures(
                m.records(row for row in long_plants if row["id"].endswith("/long")), lyrata, ratio)
            yield f"long plants 1:{ratio}: AUPR", area
            yield f"long plants 1:{ratio}: recall", recall
        false = self.false_loci(m)
        for rate in FALSE_PER_MB:
            count = int(rate * self.mb["chrX"])
            bar = false[count] if count < len(false) else float("-inf")
            for title in ("supported", "plants"):
                scores = [m.score(row) for row in groups[title]]
                yield f"{title}: recall {rate}/Mb", sum(s > bar for s in scores) / len(scores)

    def called(self, m):
        kinds, classes = collections.defaultdict(list), collections.defaultdict(list)
        for row in m.predict(self.sets / "chance.calibration.fa"):
            kinds[row["id"].rstrip("0123456789")].append(m.score(row))
        for row in m.predict(self.sets / "ncrna.calibration.fa"):
            kinds["ncRNA, all"].append(m.score(row))
            classes[row["id"].split(":")[1]].append(m.score(row))
        yield from ((kind, goals.share(scores)) for kind, scores in kinds.items())
        yield "ncRNA, worst class", max(goals.share(s) for s in classes.values()
                                        if len(s) >= goals.FEWEST)
        for title in list(GENOMES)[1:]:
            rows = m.table("scan", self.path(title).stem, "--threshold", "0.5", self.path(title))
            yield f"{title}: loci/Mb", len(rows) / self.mb[title]


def main():
    if len(sys.argv) < 6:
        sys.exit(__doc__)
    data, sets, out = (pathlib.Path(sys.argv[number]) for number in (1, 3, 4))
    out.mkdir(parents=True, exist_ok=True)
    choice, columns = Choice(data, sets, out), {}
    for argument in sys.argv[5:]:
        name, model = argument.split("=", 1)
        measured = goals.Measured(sys.argv[2], out, name, model)
        columns[name] = dict([*choice.ranked(measured), *choice.called(measured)])
    goals.print_table(columns)


if __name__ == "__main__":
    main()
