# SPDX-License-Identifier: MIT
"""Cells and rows of the report's tables."""
import quoted
from page import Table
from results import deviation, mean

NONE = "–"

TITLES = {"SE": "SE", "SP": "SP", "gmean": "g-mean", "F_balanced": "F, balanced", "F": "F, raw",
          "AUROC": "AUROC", "AUPR": "AP"}

HEAD = ["", "tested on", *TITLES.values(), "stuck"]

ALL_METRICS = [
    ("TP", "true positives"), ("FP", "false positives"), ("TN", "true negatives"),
    ("FN", "false negatives"), ("SE", "SE"), ("SP", "SP"), ("gmean", "g-mean"),
    ("ACC", "ACC, raw"), ("PPV", "PPV, raw"), ("F", "F, raw"), ("MCC", "MCC, raw"),
    ("ACC_balanced", "ACC, balanced"), ("PPV_balanced", "PPV, balanced"),
    ("F_balanced", "F, balanced"), ("MCC_balanced", "MCC, balanced"),
    ("PPV_1_to_10", "PPV expected at 1:10"), ("PPV_1_to_100", "PPV expected at 1:100"),
    ("PPV_1_to_1000", "PPV expected at 1:1000"), ("AUROC", "AUROC"), ("AUPR", "AP"),
    ("recall_at_precision_50", "recall at precision 0.5"),
    ("recall_at_precision_90", "recall at precision 0.9"),
]


def number(value, digits=3):
    """.812; 1.000; – for what is undefined."""
    if value is None:
        return NONE
    text = f"{value:.{digits}f}"
    return text[1:] if text.startswith("0.") else text


def points(difference):
    """A difference in percentage points."""
    text = f"{100 * difference:+.1f}"
    return "0.0" if text == "-0.0" else text.replace("-", "−")


def spread(values):
    """Mean ± standard deviation."""
    text = number(mean(values))
    return text if deviation(values) is None else f"{text} ± {number(deviation(values))}"


def interval(metric, numbers):
    """.812 [.790, .833]; counts as such."""
    texts = [number(value, 0 if metric in ("TP", "FP", "TN", "FN") else 3) for value in numbers]
    return texts[0] if numbers[1] is None else f"{texts[0]} [{texts[1]}, {texts[2]}]"


def duration(seconds):
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


def stuck(result, test=False, repeat=None):
    runs = result.select(test, repeat)
    if all(run["final"]["TP"] is None for run in runs):
        return NONE  # no threshold, so nothing is called
    return "{} of {}".format(*result.stuck(test, repeat))


def protocol_of(result):
    if result is None:
        return NONE
    count = len(result.repeats())
    return f"five folds, {count} seed{'' if count == 1 else 's'}"


def result_row(title, tested_on, result, test):
    if result is None:
        return [title, "not run", *[NONE] * (len(HEAD) - 2)]
    return [title, tested_on, *(spread(result.by_seed(metric, test)) for metric in TITLES),
            stuck(result, test)]


def quoted_row(title, tested_on, values):
    cells = {metric: number(value, 3 if "AUROC" in values else 2)
             for metric, value in values.items()}
    implied = quoted.implied_gmean(values)
    if "gmean" not in values and implied and "AUROC" not in values:
        cells["gmean"] = number(implied, 2) + "*"
    return [Table.QUOTED + title, tested_on, *(cells.get(metric, NONE) for metric in TITLES), NONE]


def seed_row(name, result, test, repeat):
    by_fold = result.values("F_balanced", test, repeat)
    since = result.calling_since(test, repeat)
    runs = result.select(test, repeat)
    if len(runs) == 1:
        extremes, epochs = NONE, str(since[0]) if since else "never"
    else:
        extremes = f"{number(min(by_fold))}, {number(max(by_fold))}"
        epochs = f"{min(since)} to {max(since)}" if since else "never"
    where = "folds" if not test else "new" if name == "new" else "test rows"
    return [name, where, str(repeat),
            *(number(mean(result.values(metric, test, repeat))) for metric in ("SE", "SP")),
            number(mean(by_fold)), extremes,
            *(number(mean(result.values(metric, test, repeat)))
              for metric in ("F", "AUROC", "AUPR")),
            epochs, stuck(result, test, repeat)]
