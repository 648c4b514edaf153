#!/usr/bin/env python3
"""Judges predictions where precursors are rare: benchmark.py [--ratio N] POSITIVE.tsv NEGATIVE.tsv

The files are what `deepmirgene predict` prints for precursors and for other sequences. Negatives are
weighted so that there are N (100) of them to a precursor. Printed are AUROC, average precision and the
recall at a precision of 0.9 at that ratio, the same after the lengths of positives and negatives have
been matched (as many of each side in each bin of five nucleotides, drawn with a fixed seed), and the
expected calibration error at equal shares of both.
"""
import argparse
import random


def read(path):
    with open(path) as lines:
        titles = next(lines).lstrip("#").rstrip("\n").split("\t")
        length, score = titles.index("length"), titles.index("p_mirna")
        for line in lines:
            columns = line.split("\t")
            if columns[score] != "NA":
                yield int(columns[length]), float(columns[score])


def ranked(positives, negatives):
    """(score, positives, negatives) by descending score, equal scores as one."""
    counts = {}
    for side, records in enumerate((positives, negatives)):
        for _, score in records:
            counts.setdefault(score, [0, 0])[side] += 1
    return [(score, *counts[score]) for score in sorted(counts, reverse=True)]


def measures(positives, negatives, ratio):
    weight = ratio * len(positives) / len(negatives)
    found = false = area = average = 0.0
    recall = 0.0
    for _, p, n in ranked(positives, negatives):
        area += n * (found + p / 2)
        found += p
        false += n
        precision = found / (found + weight * false)
        average += p * precision
        if precision >= 0.9:
            recall = found / len(positives)
    return (area / len(positives) / len(negatives), average / len(positives), recall)


def matched(positives, negatives):
    rng = random.Random(1)
    bins = [{}, {}]
    for side, records in enumerate((positives, negatives)):
        for record in records:
            bins[side].setdefault(record[0] // 5, []).append(record)
    shared = sorted(set(bins[0]) & set(bins[1]))
    ratio = min(len(bins[1][b]) / len(bins[0][b]) for b in shared if len(bins[0][b]) >= 20)
    kept = [[], []]
    for b in shared:
        p, n = bins[0][b], bins[1][b]
        both = min(len(p), int(len(n) / ratio))
        kept[0] += rng.sample(p, both)
        kept[1] += rng.sample(n, min(len(n), round(both * ratio)))
    return kept


def calibration_error(positives, negatives, bins=15):
    """Equal-width bins; the sides weigh the same."""
    sums = [[0.0, 0.0, 0.0] for _ in range(bins)]
    for side, records in enumerate((negatives, positives)):
        for _, score in records:
            entry = sums[min(int(score * bins), bins - 1)]
            weight = 0.5 / len(records)
            entry[0] += weight
            entry[1] += weight * score
            entry[2] += weight * side
    return sum(abs(score - share) for _, score, share in sums)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ratio", type=float, default=100)
    parser.add_argument("positive")
    parser.add_argument("negative")
    options = parser.parse_args()
    positives, negatives = list(read(options.positive)), list(read(options.negative))
    print("set\tpositives\tnegatives\tAUROC\tAP\trecall_at_0.9")
    for name, (p, n) in (("all", (positives, negatives)),
                         ("lengths matched", matched(positives, negatives))):
        print(name, len(p), len(n), *(f"{m:.3f}" for m in measures(p, n, options.ratio)), sep="\t")
    print(f"calibration error\t{calibration_error(positives, negatives):.3f}")


if __name__ == "__main__":
    main()
