# SPDX-License-Identifier: MIT
"""The page of the programs of Table 2: each as run here beside as quoted."""
import cells
import earlier
import experiments
import quoted
import steps
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
        rows += [findings.row(f"{experiment.method}, ours", where(name, test), experiment, test)
                 for experiment in listed(name) if QUOTED_AS.get(experiment.method) == rival]
    rows += [findings.row(f"{experiment.method}, ours", where(name, test), experiment, test)
             for experiment in listed(name) if experiment.method not in QUOTED_AS]
    return rows + [network_row(findings, name, test)]


def network_row(findings, name, test):
    return findings.row("**deepmirgene-2016, ours**", where(name, test), experiments.MAIN[name], test)


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
            rival = QUOTED_AS.get(experiment.method)
            row = findings.row(f"{experiment.method}, ours", "", experiment, name == "new")
            ours = earlier.value(row[cells.HEAD.index(cells.TITLES["F_balanced"])])
            if not rival or ours is None:
                continue
            quoted_row = quoted.rival(rival, name)
            claimed, there = quoted_row["F_balanced"], (None, None)
            if findings.done(experiment):
                there = at_specificity(read_scores(findings.folder(experiment), name == "new"),
                                       quoted_row["SP"])
            rows.append([TITLES[name], rival, number(claimed, 2), number(ours),
                         points(ours - claimed), number(quoted_row["SE"], 2), *map(number, there)])
    return rows


def worth(findings):
    """The network beside the energy, microPred's features and boosted trees on all features."""
    methods = ("mfe-per-length", "micropred", "boosted-trees")
    rows = [["set", "tested on", "", "the network", *methods]]
    for name in SETS:
        by_method = {experiment.method: experiment for experiment in listed(name)}
        for test in (True,) if name == "new" else (False, True):
            found = [network_row(findings, name, test)]
            found += [findings.row(f"{method}, ours", "", by_method[method], test)
                      for method in methods]
            for metric in ("AUROC", "AUPR"):
                place = cells.HEAD.index(cells.TITLES[metric])
                rows.append([TITLES[name], where(name, test), cells.TITLES[metric],
                             *(row[place] for row in found)])
    return rows


def count_records(folder, command):
    files = [command[command.index(option) + 1] for option in ("--positive", "--negative")]
    return sum(line.startswith(">") for file in files for line in (folder / file).open())


def times(findings):
    """Milliseconds of processor time a sequence, by program and set."""
    rows = [["", *(TITLES[name] for name in SETS)]]
    for k, experiment in enumerate(listed(SETS[0])):
        row = [experiment.method]
        for name in SETS:
            stamp = findings.workshop.stamp(listed(name)[k].command(findings.protocol))
            measured = stamp and stamp.processor and not stamp.resumed
            row.append(cells.NONE if not measured else "{:.1f}".format(
                1000 * stamp.processor / count_records(findings.workshop.folder, stamp.command)))
        rows.append(row)
    return rows


def write_set(page, findings, name):
    page.heading(2, TITLES[name])
    if name == "new":
        page.text("Trained on all of cross-species, tested on new.")
        page.table(rows_of(findings, name, True), (1,))
        return
    page.text("Cross-validation:")
    page.table(rows_of(findings, name, False), (1,))
    page.text("The held-out test rows:")
    page.table([row for row in rows_of(findings, name, True) if "quoted" not in row[0]], (1,))


def write_times(page, findings):
    page.heading(2, "Time")
    page.text(f"""Processor time of all threads over the number of sequences in the run, in milliseconds:
        features once, then six trainings (of `new` one) and as many tests, and the bootstrap. {steps.machine()}.""")
    page.table(times(findings))
    page.heading(2, "Commands")
    page.text("""Each with when it was run and what it took by the clock, on a machine that did other work at
        the same time.""")
    bullets = []
    for name in SETS:
        for experiment in listed(name):
            command = experiment.command(findings.protocol)
            stamp = findings.workshop.stamp(command)
            if stamp:
                when = f"{stamp.date}, " if stamp.date else ""
                bullets.append(f"{when}{cells.duration(stamp.seconds)}: "
                               f"`deepmirgene {' '.join(command)}`{stamp.note and ' ' + stamp.note}")
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
    if findings.earlier:
        page.text(f"""Rows with{earlier.MARK} are taken from the report that was there before.""")
    for name in SETS:
        write_set(page, findings, name)
    page.heading(2, "What features are worth")
    page.text("""The paper's network takes no features. What that costs or gains, on the same folds: one
        feature without learning, the features of microPred with its support vector machine, and
        gradient boosting on all features of all programs here.""")
    page.table(worth(findings), (1, 2))
    page.heading(2, "Quoted and run")
    page.text("""The last two columns take the threshold at which the pooled scores of the folds have
        the specificity that the paper quotes, so that only the order of the scores counts.
        [doc/rivals.md](../doc/rivals.md#what-came-out) explains the differences.""")
    page.table(differences(findings), (1,))
    write_times(page, findings)
    (folder / "rivals.md").write_text(page.markdown())
