# SPDX-License-Identifier: MIT
"""The page of the programs of Table 2: each as run here beside as quoted."""
import cells
import experiments
import quoted
from cells import number, points
from experiments import SETS, TITLES
from page import Page
from results import mean, operating_points, read_scores

# As the paper's table calls them.
QUOTED_AS = {"triplet-svm": "triplet-SVM", "mirena": "MIReNA", "micropred": "microPred",
             "mirboost": "miRBoost", "cshmm": "CSHMM"}


def listed(name):
    return experiments.BASELINES[name] + experiments.RIVALS[name]


def where(name, test):
    return "five folds" if not test else "new" if name == "new" else "test rows"


def rows_of(findings, name, test):
    """Each program as quoted, then as run; those that the paper does not quote after them."""
    rows = [cells.HEAD]
    for rival in quoted.RIVALS:
        rows.append(cells.quoted_row(rival, "the paper's Table 2", quoted.rival(rival, name)))
        rows += [cells.result_row(f"{experiment.method}, ours", where(name, test),
                                  findings.result(experiment), test)
                 for experiment in listed(name) if QUOTED_AS.get(experiment.method) == rival]
    rows += [cells.result_row(f"{experiment.method}, ours", where(name, test),
                              findings.result(experiment), test)
             for experiment in listed(name) if experiment.method not in QUOTED_AS]
    network = findings.result(experiments.MAIN[name])
    if network:
        rows.append(cells.result_row("**deepmirgene-2016, ours**", where(name, test), network, test))
    return rows


def at_specificity(scores, wanted):
    """SE, and F at equal classes, at the lowest threshold that keeps this SP; scores [(score, label)]."""
    positives = sum(label for _, label in scores)
    negatives = len(scores) - positives
    tp, fp = max((tp, fp) for tp, fp in operating_points(scores)
                 if fp <= (1 - wanted) * negatives + 1e-9)
    se, false = tp / positives, fp / negatives
    return se, 2 * se / (1 + se + false) if tp else 0.0


def differences(findings):
    rows = [["set", "program", "F, balanced: quoted", "as run", "difference in points",
             "SE quoted", "SE as run at the quoted SP", "F there"]]
    for name in SETS:
        for experiment in listed(name):
            result, rival = findings.result(experiment), QUOTED_AS.get(experiment.method)
            if not result or not rival:
                continue
            claimed = quoted.rival(rival, name)["F_balanced"]
            ours = mean(result.by_seed("F_balanced", name == "new"))
            quoted_row = quoted.rival(rival, name)
            there = at_specificity(read_scores(findings.folder(experiment), name == "new"),
                                   quoted_row["SP"])
            rows.append([TITLES[name], rival, number(claimed, 2), number(ours),
                         points(ours - claimed), number(quoted_row["SE"], 2), *map(number, there)])
    return rows


def write_set(page, findings, name):
    page.heading(2, TITLES[name])
    if not any(findings.done(experiment) for experiment in experiments.RIVALS[name]):
        page.text("Not run yet.")
        return
    if name == "new":
        page.text("Trained on all of cross-species, tested on new.")
        page.table(rows_of(findings, name, True), (1,))
        return
    page.text("Cross-validation:")
    page.table(rows_of(findings, name, False), (1,))
    page.text("The held-out test rows:")
    page.table([row for row in rows_of(findings, name, True) if "quoted" not in row[0]], (1,))


def write_times(page, findings):
    page.heading(2, "Commands")
    page.text("""Each with what it took, features, six trainings (of `new` one) and the bootstrap
        together, on a machine that did other work at the same time.""")
    bullets = []
    for name in SETS:
        for experiment in listed(name):
            command = experiment.command(findings.protocol)
            stamp = findings.workshop.stamp(command)
            if stamp:
                bullets.append(f"{cells.duration(stamp.seconds)}: `deepmirgene {' '.join(command)}`")
    page.bullets(bullets)


def write(folder, findings):
    folder.mkdir(parents=True, exist_ok=True)
    page = Page("The programs of Table 2, run")
    page.text("""The programs that the paper compares with, as quoted in its Table 2 and as this
        program runs them on the folds of the network (`deepmirgene crossval --method`).
        [doc/rivals.md](../doc/rivals.md) says what of each article is followed;
        [report.md](report.md) has the network itself and the protocol.""")
    if findings.protocol != experiments.FULL:
        page.text("**This is a trial run, a few records and epochs: its numbers mean nothing.**")
    page.text("""The paper takes the figures of the others from Tempel et al. 2015; whether the
        programs were trained again for them it does not say. Here each learns from the training
        folds, both classes weighing the same, and what the articles leave open is chosen inside
        these folds. So sensitivity is higher than quoted, and specificity lower. The area under the
        ROC curve and average precision do not depend on that weight.""")
    for name in SETS:
        write_set(page, findings, name)
    page.heading(2, "Quoted and run")
    page.text("""The last two columns take the threshold at which the pooled scores of the folds have
        the specificity that the paper quotes, so that only the order of the scores counts.""")
    page.table(differences(findings), (1,))
    write_times(page, findings)
    (folder / "rivals.md").write_text(page.markdown())
