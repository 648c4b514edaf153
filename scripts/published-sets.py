#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Evaluates today's network on the published sets, on the authors' folds.

    scripts/published-sets.py DATA PROGRAM OUT

DATA holds the published sets (doc/models.md says where they come from), PROGRAM is deepmirgene. A fold is
scored by the mean of MEMBERS networks, trained on the other folds only, that differ in their seeds. This
is repeated REPEATS times with other seeds. `new` is scored by networks trained on all of cross_species. OUT gets a folder of each cross-validation and table.md: means over the
repeats, with their standard deviation. An interrupted run continues where it was.
"""
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent / "reproduce"))
import data  # noqa: E402
import results  # noqa: E402

MEMBERS, REPEATS, EPOCHS = 3, 3, 40
FILES = {"human": "human", "cross-species": "cross_species", "new": "cross_species_and_new"}
ROWS = [("human", False), ("human", True), ("cross-species", False), ("cross-species", True),
        ("new", True)]
METRICS = [("SE", "SE"), ("SP", "SP"), ("F", "F_balanced"), ("AUROC", "AUROC"), ("AUPR", "AUPR")]


def cross_validate(program, sets, title, out):
    files = sets / FILES[title]
    subprocess.run(
        [program, "crossval", "--positive", f"{files}_pos.fa", "--negative", f"{files}_neg.fa",
         "--splits", f"{files}_splits.tsv", "--architecture", "deepmirgene-2026-length",
         "--epochs", str(EPOCHS), "--loss", "cross-entropy", "--learning-rate", "3e-3",
         "--final-learning-rate", "1e-4", "--members", str(MEMBERS), "--repeats", str(REPEATS),
         "--cpu", "avx2", "--figures", "none", "--resume", "-o", out / title], check=True)
    return results.Result.load(out / title)


def cell(values):
    return f"{results.mean(values):.3f} ± {results.deviation(values):.3f}"


def main():
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    source, program, out = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
    data.prepare(source, out / "data", 0)
    found = {title: cross_validate(program, out / "data", title, out) for title in FILES}
    lines = ["| | " + " | ".join(title for title, _ in METRICS) + " |",
             "|---|" + "---|" * len(METRICS)]
    for title, test in ROWS:
        where = "test rows" if test and title != "new" else "trained on cross-species" if test \
            else "five folds"
        cells = [cell(found[title].by_seed(metric, test)) for _, metric in METRICS]
        lines.append(f"| {title}, {where} | " + " | ".join(cells) + " |")
    text = "\n".join(lines) + "\n"
    (out / "table.md").write_text(text)
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
