# SPDX-License-Identifier: MIT
"""The report's own figures of the results."""
import figures
from results import deviation, mean, operating_points, read_history, read_scores

# As in figures 5 and 6 of the paper, at equal classes.
GROUPS = {"SE": "SE", "SP": "SP", "ACC": "ACC_balanced", "PPV": "PPV_balanced", "F": "F_balanced",
          "MCC": "MCC_balanced", "g-mean": "gmean"}


EVERY = 4  # epochs, of which one is drawn in a small panel


def draw_learning(path, folder, protocol):
    """As in figure 4 of the paper."""
    panels = {}
    for title, metric in {"training loss": "loss", **GROUPS}.items():
        curves = {f"fold {fold}": curve[::EVERY]
                  for fold, curve in read_history(folder, metric).items()}
        panels[title] = 0.25 if metric == "loss" else 1, curves
    figures.draw_panels(path, panels, "epoch", protocol.epochs,
                        (protocol.epochs - protocol.average_last + 1, protocol.epochs))


def draw_metrics(path, rows):
    """rows: [(name, result)]"""
    series = {name: [(mean(result.values(metric)), deviation(result.values(metric)))
                     for metric in GROUPS.values()] for name, result in rows}
    figures.draw_bars(path, list(GROUPS), series, "mean over folds (both classes equal)")


def draw_spread(path, rows):
    values = []
    for _, result in rows:
        runs = result.values("F_balanced")
        values.append((mean(runs), deviation(runs), runs))
    figures.draw_rows(path, [name for name, _ in rows], values, "F-score, both classes equal")


def draw_curves(kind, path, shown, test):
    """shown: [(name, folder, result)]"""
    metric, title, draw = {
        "roc": ("AUROC", "AUROC", figures.draw_roc),
        "precision-recall": ("AUPR", "AP", figures.draw_precision_recall),
    }[kind]
    curves = {}
    for name, folder, result in shown:
        area = result.intervals(metric, test)[0][0]
        curves[f"{name} ({title} {area:.3f})"] = operating_points(read_scores(folder, test))
    draw(path, curves)
