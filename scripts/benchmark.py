#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Evaluates predictions where precursors are rare: benchmark.py [options] POSITIVE.tsv NEGATIVE.tsv

The files are the output of `deepmirgene predict` for precursors and for negatives. Negatives are weighted
so that there are N (100) of them to a precursor. The script prints AUROC, average precision and the
recall at a precision of 0.9 at that ratio; the same after the lengths of positives and negatives have
been matched, by weighting the negatives of each bin of five nucleotides like its precursors; and the
expected calibration error at equal shares of both.

--score mfe-per-length scores by the free energy per nucleotide instead, --score FILE by the scores in
the predictions.tsv of a `deepmirgene crossval`, which has records of these ids.
"""
import argparse
import collections

BIN = 5  # nucleotides

Record = collections.namedtuple("Record", "length score weight")


def read(path, score_of):
    with open(path) as lines:
        titles = next(lines).lstrip("#").rstrip("\n").split("\t")
        for line in lines:
            row = dict(zip(titles, line.rstrip("\n").split("\t")))
            if row["p_mirna"] != "NA":
                yield Record(int(row["length"]), score_of(row), 1.0)


def read_scores(path):
    with open(path) as lines:
        rows = [line.rstrip("\n").split("\t") for line in lines if not line.startswith("#")]
    identity, score = rows[0].index("id"), rows[0].index("score")
    return {row[identity]: float(row[score]) for row in rows[1:]}


def scorer(name):
    if name == "p_mirna":
        return lambda row: float(row["p_mirna"])
    if name == "mfe-per-length":
        return lambda row: -float(row["mfe"]) / int(row["length"])
    scores = read_scores(name)
    return lambda row: scores[row["id"]]


def ranked(positives, negatives):
    """(score, weight of positives, of negatives) by descending score, equal scores as one."""
    weights = {}
    for side, records in enumerate((positives, negatives)):
        for record in records:
            weights.setdefault(record.score, [0.0, 0.0])[side] += record.weight
    return [(score, *weights[score]) for score in sorted(weights, reverse=True)]


def measures(positives, negatives, ratio):
    all_positives = sum(record.weight for record in positives)
    all_negatives = sum(record.weight for record in negatives)
    weight = ratio * all_positives / all_negatives
    found = false = area = average = recall = 0.0
    for _, p, n in ranked(positives, negatives):
        area += n * (found + p / 2)
        found += p
        false += n
        precision = found / (found + weight * false)
        average += p * precision
        if precision >= 0.9:
            recall = found / all_positives
    return (area / all_positives / all_negatives, average / all_positives, recall)


def matched(positives, negatives):
    """Without the bins that one side does not have."""
    counts = [collections.Counter(record.length // BIN for record in records)
              for records in (positives, negatives)]

    def share(length):
        p, n = (count[length // BIN] for count in counts)
        return p / n if n else 0.0

    return ([r for r in positives if share(r.length) > 0],
            [r._replace(weight=share(r.length)) for r in negatives if share(r.length) > 0])


def calibration_error(positives, negatives, bins=15):
    """Equal-width bins; the sides weigh the same."""
    sums = [[0.0, 0.0, 0.0] for _ in range(bins)]
    for side, records in enumerate((negatives, positives)):
        for record in records:
            entry = sums[min(int(record.score * bins), bins - 1)]
            weight = 0.5 / len(records)
            entry[0] += weight
            entry[1] += weight * record.score
            entry[2] += weight * side
    return sum(abs(score - share) for _, score, share in sums)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ratio", type=float, default=100)
    parser.add_argument("--score", default="p_mirna")
    parser.add_argument("positive")
    parser.add_argument("negative")
    options = parser.parse_args()
    score_of = scorer(options.score)
    positives, negatives = (list(read(path, score_of))
                            for path in (options.positive, options.negative))
    print("set\tpositives\tnegatives\tAUROC\tAP\trecall_at_0.9")
    for name, (p, n) in (("all", (positives, negatives)),
                         ("lengths matched", matched(positives, negatives))):
        print(name, len(p), len(n), *(f"{m:.3f}" for m in measures(p, n, options.ratio)), sep="\t")
    if options.score == "p_mirna":
        print(f"calibration error\t{calibration_error(positives, negatives):.3f}")


if __name__ == "__main__":
    main()
