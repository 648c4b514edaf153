#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How well 'deepmirgene scan' finds known pre-miRNAs, and how often it sees them where there are none.

    bench/scan_accuracy.py BUILD --genomes DIR [--model NAME]... [--write FILE]

BUILD is the build folder. DIR holds EBV_NC_007605.1.fa and EBV_NC_007605.1.truth.bed: the genome of
the Epstein-Barr virus, on which nothing in this project was trained or tuned, and its precursors known
to miRBase 21. A known one counts as found if a locus on its strand covers half of it; a locus is
counted as false if it shares no nucleotide with a known one on its strand. The negative is 1 Mb of
random letters with the composition of yeast (38 % G + C), in which there are no precursors.

Prints tables in Markdown; --write puts them between the markers in FILE.
"""
import argparse
import pathlib
import random
import subprocess
import sys
import tempfile

BEGIN, END = "<!-- table: bench/scan_accuracy.py -->", "<!-- end of table -->"
FDR = 0.1
PREVALENCE = 100  # precursors for each Mb of a virus
WITHOUT_BACKGROUND = ("human", "cross-species")


def scan(build, *arguments):
    """Rows of the TSV and the last line of standard error."""
    command = [pathlib.Path(build) / "cli/deepmirgene", "scan", "--format", "tsv", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stderr)
    head, *rows = [line.split("\t") for line in done.stdout.splitlines()]
    return [dict(zip(head, row)) for row in rows]


def read_bed(path):
    rows = [line.split("\t") for line in path.read_text().splitlines()]
    return [(row[0], int(row[1]), int(row[2]), row[3], row[5]) for row in rows]


def shared(locus, known):
    """Nucleotides that both have."""
    if locus["seqid"] != known[0] or locus["strand"] != known[4]:
        return 0
    return max(0, min(int(locus["end"]), known[2]) - max(int(locus["start"]) - 1, known[1]))


def best_locus(loci, known):
    """Of the loci that cover half of it the most probable, or None."""
    covering = [x for x in loci if 2 * shared(x, known) >= known[2] - known[1]]
    return max(covering, key=lambda x: float(x["p_mirna"]), default=None)


def rates_of(model):
    """How error rates are had: by the background of the model, or by decoys where it has none."""
    return ["--decoy", 1] if model in WITHOUT_BACKGROUND else ["--prevalence", PREVALENCE]


def evaluate_virus(build, folder, model):
    genome = folder / "EBV_NC_007605.1.fa"
    known = read_bed(folder / "EBV_NC_007605.1.truth.bed")
    loci = scan(build, "--model", model, *rates_of(model), "--threshold", 0.5, genome)
    chosen = [x for x in loci if float(x["q_value"]) <= FDR]
    found = sum(best_locus(chosen, k) is not None for k in known)
    false = sum(not any(shared(x, k) for k in known) for x in chosen)
    lines = ["| known | where | strand | best locus | p_mirna | q_value | rank |", "|---|---|---|---|---|---|---|"]
    ranked = sorted(loci, key=lambda x: -float(x["p_mirna"]))
    for k in known:
        best = best_locus(loci, k)
        place = f"{k[1] + 1}-{k[2]}"
        if best is None:
            lines.append(f"| {k[3]} | {place} | {k[4]} | none | | | |")
        else:
            lines.append(f"| {k[3]} | {place} | {k[4]} | {best['start']}-{best['end']} | "
                         f"{best['p_mirna']} | {best['q_value']} | {ranked.index(best) + 1} of {len(loci)} |")
    return found, len(known), false, lines


def evaluate_random(build, model):
    source = random.Random(1)
    letters = "".join(source.choices("ACGT", weights=[31, 19, 19, 31], k=1_000_000))
    with tempfile.NamedTemporaryFile("w", suffix=".fa") as file:
        file.write(f">random\n{letters}\n")
        file.flush()
        return len(scan(build, "--model", model, "--threshold", 0.9, file.name))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("build")
    parser.add_argument("--genomes", required=True, type=pathlib.Path)
    parser.add_argument("--model", action="append")
    parser.add_argument("--write", type=pathlib.Path)
    options = parser.parse_args()
    models = options.model or ["general", "animal", *WITHOUT_BACKGROUND]
    summary = [f"| model | EBV: known found at q <= {FDR} | other loci | random 1 Mb: loci at p >= 0.9 |",
               "|---|---|---|---|"]
    details = []
    for model in models:
        found, known, false, lines = evaluate_virus(options.build, options.genomes, model)
        summary.append(f"| {model} | {found} of {known} | {false} | {evaluate_random(options.build, model)} |")
        details += ["", f"The known precursors of EBV, model {model}, all loci with p >= 0.5:", "", *lines]
    text = "\n".join(summary + details)
    print(text)
    if options.write:
        old = options.write.read_text()
        before, _, rest = old.partition(BEGIN)
        _, _, after = rest.partition(END)
        if not after:
            sys.exit(f"{options.write}: the markers of the table are not there")
        options.write.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}")


if __name__ == "__main__":
    main()
