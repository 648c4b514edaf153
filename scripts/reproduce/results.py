# SPDX-License-Identifier: MIT
"""The results of an experiment, read from the files of crossval."""
import csv
import json
import math
import statistics


def defined(values):
    return [value for value in values if value is not None and not math.isnan(value)]


def mean(values):
    values = defined(values)
    return statistics.fmean(values) if values else None


def deviation(values):
    values = defined(values)
    return statistics.stdev(values) if len(values) > 1 else None


class Result:
    """A metric of a run is its mean over the last epochs; one that is undefined is None."""

    def __init__(self, runs, pools=()):
        self.runs = runs
        self.pools = pools

    @classmethod
    def load(cls, folder):
        about = json.loads((folder / "metrics.json").read_text())
        return cls(about["runs"], about["methods"])

    @classmethod
    def of_folds(cls, results):
        """One result of several whose tests are the folds of one cross-validation."""
        runs = [run | {"test": False, "fold": str(number)}
                for number, result in enumerate(results, 1)
                for run in result.runs if run["test"]]
        return cls(runs)

    def has(self, test):
        return any(run["test"] == test for run in self.runs)

    def select(self, test, repeat=None):
        return [run for run in self.runs
                if run["test"] == test and repeat in (None, run["repeat"])]

    def repeats(self):
        return sorted({run["repeat"] for run in self.runs})

    def values(self, metric, test=False, repeat=None):
        return [run["last_epochs"][metric] for run in self.select(test, repeat)]

    def by_seed(self, metric, test=False):
        """The mean over the folds, seed by seed."""
        return [mean(self.values(metric, test, repeat)) for repeat in self.repeats()]

    def stuck(self, test=False, repeat=None):
        """How many runs called nothing positive after their last epoch, and of how many."""
        runs = self.select(test, repeat)
        return sum(run["final"]["TP"] == 0 == run["final"]["FP"] for run in runs), len(runs)

    def calling_since(self, test=False, repeat=None):
        """Epochs from which on a run never called nothing."""
        return [run["calling_since"] for run in self.select(test, repeat) if run["calling_since"]]

    def intervals(self, metric, test=False):
        """Of each seed's pooled scores after the last epoch: value, low, high."""
        pools = [pool for pool in self.pools if pool["name"].endswith(", test") == test]
        numbers = [pool["metrics"][metric] for pool in pools]
        return [(number["value"], number["low"], number["high"]) for number in numbers]


def read_rows(path):
    """Of a table of crossval."""
    with open(path) as lines:
        yield from csv.DictReader((line for line in lines if not line.startswith("#")),
                                  delimiter="\t")


def read_history(folder, metric, repeat="1"):
    """{fold: [(epoch, value)]} of the folds of a repeat; NaN where it is undefined."""
    curves = {}
    for row in read_rows(folder / "history.tsv"):
        if row["repeat"] == repeat and row["fold"] != "test":
            curves.setdefault(row["fold"], []).append((int(row["epoch"]), float(row[metric])))
    return curves


def read_scores(folder, test, repeat="1"):
    """[(score, label)] of the pooled folds, or of the test rows, of one repeat."""
    return [(float(row["score"]), row["label"] == "1")
            for row in read_rows(folder / "predictions.tsv")
            if row["repeat"] == repeat and (row["fold"] == "test") == test]


def operating_points(scores):
    """(TP, FP) at every threshold, from none called to all."""
    points, tp, fp = [(0, 0)], 0, 0
    previous = None
    for score, label in sorted(scores, reverse=True):
        if score != previous and previous is not None:
            points.append((tp, fp))
        tp, fp, previous = tp + label, fp + (not label), score
    return points + [(tp, fp)]
