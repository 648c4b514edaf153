# SPDX-License-Identifier: MIT
"""The report: its contents and wording. Numbers come from results/ and quoted.py."""
import cells
import earlier
import experiments
import pictures
import quoted
import steps
from cells import number, points
from experiments import SETS, TITLES
from page import Page
from results import Result, deviation, mean


class Findings:
    """What is there: results by experiment, and what tables and figures ask of them."""

    def __init__(self, workshop, protocol, earlier_rows=None):
        self.workshop = workshop
        self.protocol = protocol
        self.earlier = earlier_rows or {}  # of earlier.read_rows

    def done(self, experiment):
        return self.workshop.stamp(experiment.command(self.protocol)) is not None

    def folder(self, experiment):
        return self.workshop.results / experiment.name

    def result(self, experiment):
        """None if it was not run."""
        return Result.load(self.folder(experiment)) if self.done(experiment) else None

    def row(self, title, tested_on, experiment, test):
        """Of Table 2; of an earlier report, with its mark, if the experiment was not run."""
        result = self.result(experiment)
        old = self.earlier.get((experiment.set, test, title))
        if result is None and old:
            return [title + earlier.MARK, *old[1:]]
        return cells.result_row(title, tested_on, result, test)

    def equal_classes(self):
        if not all(map(self.done, experiments.EQUAL_CLASSES)):
            return None
        return Result.of_folds([self.result(e) for e in experiments.EQUAL_CLASSES])

    def check(self, name):
        """The numbers of `dataset check`: {measure: (positive, negative)}."""
        if not self.workshop.stamp(experiments.check_command(name)):
            raise steps.Failed("nothing is finished yet, so there is nothing to report")
        text = (self.workshop.results / f"{name}-check.tsv").read_text()
        rows = [line.split("\t") for line in text.splitlines()[1:]]
        return {measure: (positive, negative) for measure, positive, negative in rows}


# --- opening ---


def write_opening(page, findings):
    page.text("""Every table and figure of Park, Min, Choi and Yoon, “deepMiRGene” (arXiv
        1605.00017, 2016), made again by this program on the three sets that the paper used, with
        the paper's numbers beside ours. `make reproduce DATA=DIR` makes this page; the same data
        give the same digits.""")
    if findings.protocol != experiments.FULL:
        page.text("**This is a trial run, a few records and epochs: its numbers mean nothing.**")


# --- in short ---


def compare_ranking(findings, name):
    """How the network ranks against the energy per nucleotide, which learns nothing."""
    test = name == "new"
    network = findings.result(experiments.MAIN[name])
    energy = findings.result(experiments.BASELINES[name][0])
    if not network or not energy:
        return f"{TITLES[name]}: not run yet."
    pairs = [f"{cells.TITLES[metric]} {cells.spread(network.by_seed(metric, test))} "
             f"of the network, {number(mean(energy.by_seed(metric, test)))} of −MFE/length"
             for metric in ("AUROC", "AUPR")]
    stuck = [network.stuck(where) for where in (False, True) if network.has(where)]
    return (f"**{TITLES[name]}**: {'; '.join(pairs)}. Runs that never left the plateau: "
            f"{sum(count for count, _ in stuck)} of {sum(runs for _, runs in stuck)}.")


def write_short(page, findings):
    rows = [["set", "metric", "paper", "ours", "difference in points", "seed by seed"]]
    for name in SETS:
        result = findings.result(experiments.MAIN[name])
        for metric, claimed in quoted.DEEPMIRGENE[name].items() if result else ():
            seeds = result.by_seed(metric, name == "new")
            rows.append([TITLES[name], cells.TITLES[metric], number(claimed, 2),
                         number(mean(seeds)), points(mean(seeds) - claimed),
                         ", ".join(map(number, seeds))])
    page.heading(2, "In short")
    page.text("What the paper states of its network, and what came out here:")
    page.table(rows, (1,))
    page.text("What it adds to one number that needs no learning, the energy per nucleotide:")
    page.bullets([compare_ranking(findings, name) for name in SETS])
    page.text("""Known differences of protocol: the folds are those of the authors' later code (the
        paper's are not published), and leave a tenth of the records out; structures are those of
        RNAfold 2.7 with the energies of 2004, while the paper names neither version nor energies;
        where the paper's dropout of 0.2 sits is not said; the paper gives one number a metric,
        without spread, and does not say how many trainings it comes from. What was tried beyond
        that is at the end of this page.""")


# --- protocol ---


def write_protocol(page, findings):
    p = findings.protocol
    page.heading(2, "Protocol")
    page.bullets([
        f"""**Training.** {p.epochs} epochs, batches of 128, Adam, as the paper says. Where it says
        nothing, [doc/models.md](../doc/models.md) does.""",
        f"""**What is reported.** The mean over the last {p.average_last} epochs of each run
        ({p.epochs - p.average_last + 1} to {p.epochs}), never its best epoch; then the mean over
        the folds; then, where there are {p.seeds} seeds, the mean over these ± their standard
        deviation. One seed means: trained once on each fold.""",
        """**Folds.** The five folds of the authors' later code. A tenth of the records, its test
        rows, is in none of them; it is tested with networks trained on all the rest, in tables of its
        own. The paper does not say which folds it had.""",
        """**Balanced and raw.** The paper computes its metrics as if both classes were equally
        large. That flatters: the F-score at the proportions of the data (raw) is given beside it.
        SE, SP and g-mean are the same either way; AUROC and AP (average precision) are raw.""",
        """**Conflicts.** Sequences with both labels are kept; the paper does not speak of them.""",
        """**Quoted** rows are the figures of others, not computed here.""",
    ])


# --- table 1 ---


def write_data(page, findings):
    checks = {name: findings.check(name) for name in SETS}
    rows = [["set", "positives", "paper", "negatives", "paper", "repeated in the set",
             "sequences with both labels"]]
    for name, check in checks.items():
        paper = map(str, quoted.TABLE_1[name])
        positives, negatives = check["records"]
        duplicates = sum(map(int, check["duplicates"]))
        rows.append([TITLES[name], positives, next(paper), negatives, next(paper), str(duplicates),
                     check["conflicts"][0]])
    page.heading(2, "Data (Table 1)")
    page.table(rows)
    page.text("""What the sets share: how many records of a row's file have their sequence in a
        column's file, too. A positive of one set among the negatives of another is wrong on one
        side; and a network that learned from `cross-species` has seen the answer to those records
        of `new`.""")
    sides = [(name, k) for name in SETS for k in range(2)]
    label = [f"{TITLES[name]} {('positives', 'negatives')[k]}" for name, k in sides]
    rows = [["", *label]]
    for (name, k), title in zip(sides, label):
        cell = {f"data/{other}_{('pos', 'neg')[j]}.fa":
                checks[name].get(f"shared:data/{other}_{('pos', 'neg')[j]}.fa")
                for other, j in sides}
        own = {f"data/{name}_{('neg', 'pos')[k]}.fa": checks[name]["both_labels"]}
        rows.append([title, *[(own.get(path) or shared or ("", ""))[k]
                              for path, shared in cell.items()]])
    page.table(rows)


# --- table 2 ---


def quoted_rows(name):
    paper = dict(quoted.DEEPMIRGENE[name])
    tested_on = "cross-validation" if name != "new" else "trained on cross-species"
    rows = [cells.quoted_row("deepMiRGene, the paper", tested_on, paper)]
    rows += [cells.quoted_row(rival, "the paper's Table 2", quoted.rival(rival, name))
             for rival in quoted.RIVALS]
    return rows


def our_rows(findings, name, test):
    p = findings.protocol
    where = ("new" if name == "new" else "test rows") if test else "five folds"
    seeds = f"{where}, {p.seeds} seeds"
    rows = [findings.row("**deepmirgene-2016, ours**", seeds, experiments.MAIN[name], test)]
    rows += [findings.row(f"{experiment.method}, ours", where, experiment, test)
             for experiment in experiments.BASELINES[name] + experiments.RIVALS[name]]
    return rows


def write_table_2(page, findings):
    page.heading(2, "Performance (Table 2)")
    page.text("""`mfe-per-length` and `length` are single numbers, -MFE/length and the length
        itself, with an order but no threshold: what they reach without learning is what a network
        has to beat. The programs of the other authors are reimplemented in this program from their
        papers, and tested on the same folds as the network; `boosted-trees` learns from all of their
        features. [rivals.md](rivals.md) has the differences from what is quoted, explained, and
        times. The “later network” is another one of
        the same authors: the logs of their later code, last 50 epochs. “Stuck” counts the runs
        that never left the plateau of calling everything negative.""")
    if findings.earlier:
        page.text(f"""Rows with{earlier.MARK} are of the run that the end of this page describes; the others are of
            a later one, which [rivals.md](rivals.md#commands) describes.""")
    for name in SETS:
        page.heading(3, TITLES[name])
        later = quoted.LATER_LOGS[name]
        title = "later network (2017)"
        if name == "new":
            page.text("Trained on all of cross-species, tested on new. " + implied_remark())
            page.table([cells.HEAD, *quoted_rows(name), cells.quoted_row(
                title, "new", later["test"]), *our_rows(findings, name, True)], (1,))
            continue
        page.text("Cross-validation:")
        page.table([cells.HEAD, *quoted_rows(name), cells.quoted_row(
            title, "five folds", later["folds"]), *our_rows(findings, name, False)], (1,))
        page.text("The held-out test rows:")
        page.table([cells.HEAD, cells.quoted_row(title, "test rows", later["test"]),
                    *our_rows(findings, name, True)], (1,))


def implied_remark():
    return """Our copy of the paper has no g-mean for this set; where a quoted row has one, with an
        asterisk, it is the root of that row's SE times SP."""


# --- seeds ---


def write_seeds(page, findings):
    page.heading(2, "Seeds, folds and the plateau")
    page.text("""The same network, data and folds; only the seed differs, of initial weights, order
        and dropout. Lowest and highest fold are of the balanced F-score. “Calls since” is the epoch
        from which on a run calls something positive at all; until then it sits on the plateau.""")
    rows = [["set", "tested on", "seed", "SE", "SP", "F, balanced", "lowest, highest fold",
             "F, raw", "AUROC", "AP", "calls since epoch", "stuck"]]
    for name in SETS:
        result = findings.result(experiments.MAIN[name])
        for test in (False, True):
            if not result or not result.has(test):
                continue
            for repeat in result.repeats():
                rows.append(cells.seed_row(TITLES[name], result, test, repeat))
    page.table(rows, (1,))


def write_intervals(page, findings):
    columns = [(name, test) for name in SETS for test in (False, True)]
    results = {name: findings.result(experiments.MAIN[name]) for name in SETS}
    columns = [(name, test) for name, test in columns if results[name] and results[name].has(test)]
    if not columns:
        return
    page.text("""Every metric with its 95 % interval by bootstrap, for the first seed: all scores
        after the last epoch together, each record scored once. The intervals say what the choice
        of records adds to chance; the seeds above say what the luck of training adds.""")
    rows = [["metric", *(f"{TITLES[name]}, {'test rows' if test else 'folds'}" if name != "new"
                         else "new" for name, test in columns)]]
    for metric, title in cells.ALL_METRICS:
        rows.append([title, *(cells.interval(metric, results[name].intervals(metric, test)[0])
                              for name, test in columns)])
    page.table(rows)


# --- figures 4 to 6 ---


def write_figure_4(page, findings, pictures_folder):
    page.heading(2, "Learning curves (Figure 4)")
    for name in ("human", "cross_species"):
        experiment = experiments.MAIN[name]
        if not findings.done(experiment):
            continue
        path = pictures_folder / f"figure4-{name}.svg"
        pictures.draw_learning(path, findings.folder(experiment), findings.protocol)
        page.figure(path, f"{TITLES[name]}: loss and metrics of each fold by epoch",
                    f"""{TITLES[name]}, first seed: training loss, and metrics on the fold that is
                    held out, at equal classes, at every {pictures.EVERY}th epoch. Where a metric is
                    undefined there is no line: PPV and MCC, until something is called. Reported is
                    the mean over the shaded epochs.""")


def write_ablation(page, findings, path, title, named, remark=""):
    """named: {name: experiment}; the first is the full network."""
    rows = [(name, findings.result(experiment)) for name, experiment in named.items()]
    rows = [(name, result) for name, result in rows if result]
    page.heading(2, title)
    if len(rows) < 2:
        page.text("Not run yet.")
        return
    page.table([cells.HEAD, *(cells.result_row(name, cells.protocol_of(result), result, False)
                              for name, result in rows)], (1,))
    pictures.draw_metrics(path, rows)
    page.figure(path, title, """Human set, metrics balanced: mean and standard deviation over all
        runs (five folds of each seed).""")
    full_name, full = rows[0]
    differences = [[f"{full_name} against", "paper", "SE", "SP", "F, balanced", "g-mean"]]
    for name, result in rows[1:]:
        differences.append([name, quoted.GAINS[name], *(
            points(mean(full.by_seed(metric)) - mean(result.by_seed(metric)))
            for metric in ("SE", "SP", "F_balanced", "gmean"))])
    page.text("What is gained, in percentage points:")
    page.table(differences, (1,))
    if remark:
        page.text(remark)


# --- curves ---


def write_curves(page, findings, pictures_folder):
    page.heading(2, "ROC and precision-recall curves")
    for name in SETS:
        shown = [("deepmirgene-2016", experiments.MAIN[name])]
        shown += [(experiment.method, experiment) for experiment in experiments.BASELINES[name]]
        shown = [(title, experiment) for title, experiment in shown if findings.done(experiment)]
        where = "all folds together, first seed" if name != "new" else "trained on cross-species"
        for kind in ("roc", "precision-recall"):
            path = pictures_folder / f"{kind}-{name}.svg"
            pictures.draw_curves(kind, path, [(title, findings.folder(experiment),
                                               findings.result(experiment))
                                              for title, experiment in shown], name == "new")
            page.figure(path, f"{TITLES[name]}: {kind} curves",
                        f"{TITLES[name]}: {where}, the scores after the last epoch.")


# --- variants and what was tried ---


def table_of(findings, listed):
    """Rows of networks on the human folds, the full one first; and the results that are there."""
    full = findings.result(experiments.MAIN["human"])
    results = [("deepmirgene-2016", full)] + listed
    rows = [cells.HEAD] + [cells.result_row(title, cells.protocol_of(result), result, False)
                           for title, result in results]
    return rows, [(title, result) for title, result in results if result]


def write_list(page, listed, findings, path, caption):
    rows, there = table_of(findings, listed)
    page.table(rows, (1,))
    if len(there) > 1:
        pictures.draw_spread(path, there)
        page.figure(path, caption, caption + """: each run, that is fold and seed; their mean and
            standard deviation. The broken line is the mean of the 2016 network.""")
    chance = deviation(there[0][1].by_seed("F_balanced")) if there else None
    if chance is not None:
        page.text(f"""From seed to seed the 2016 network itself differs by a standard deviation of
            {number(chance)} in the balanced F-score: with one seed each, differences of about that
            size say nothing.""")


def write_variants(page, findings, pictures_folder):
    page.heading(2, "Variants (section 5)")
    page.text("""The paper says that two layers, bidirectional LSTMs and pre-training with an
        autoencoder were “not noticeably better”, and that a convolutional network on an image of
        the structure was worse and slower; it gives no numbers. Human set only. The
        convolutional network takes about ten times as long as the others; it was given fewer
        epochs, of which the last tenth is averaged, and was still learning at their end.""")
    listed = [(experiment.title, findings.result(experiment))
              for experiment in experiments.VARIANTS]
    write_list(page, listed, findings, pictures_folder / "variants.svg",
               "Balanced F-score of the variants, human set")


def write_tried(page, findings, pictures_folder):
    page.heading(2, "What was tried")
    page.text(f"""Choices that the paper leaves open, or that may hold the network back; human set,
        five folds, one change at a time, one seed. “Equal classes”: precursors of the training
        folds are given {experiments.COPIES} times, so that both classes weigh about the same, as
        class weights would have it. None of this was used to choose anything: the network of all
        other tables is the paper's. Not tried: other initial weights than those of the framework
        that the paper used.""")
    listed = [(experiment.title, findings.result(experiment)) for experiment in experiments.TRIED]
    listed.append(("equal classes", findings.equal_classes()))
    write_list(page, listed, findings, pictures_folder / "tried.svg",
               "Balanced F-score of what was tried, human set")
    page.text("""The place of dropout was chosen for the program on folds 1 and 2 alone, before this
        page was made ([doc/models.md](../doc/models.md) has those numbers).""")


# --- how it was made ---


def describe_step(command, stamp, versions):
    words = f"`deepmirgene {' '.join(command)}`"
    if not stamp:
        return "not run: " + words
    which = f", program {versions.index(stamp.version) + 1}" if len(versions) > 1 else ""
    resumed = ", its last part after an interruption" if stamp.resumed else ""
    return f"{cells.duration(stamp.seconds)}{resumed}{which}: {words}"


def write_making(page, findings):
    workshop, p = findings.workshop, findings.protocol
    commands = [experiments.check_command(name) for name in SETS]
    commands += [experiment.command(p) for experiment in experiments.all_experiments()]
    stamps = [(command, workshop.stamp(command)) for command in commands]
    done = [stamp for _, stamp in stamps if stamp]
    page.heading(2, "How this was made")
    least = "at least " if any(stamp.resumed for stamp in done) else ""
    page.text(f"""{len(done)} of {len(commands)} commands were run, on: {steps.machine()}; in
        {least}{cells.duration(sum(stamp.seconds for stamp in done))} altogether. Times depend on the
        machine and on what else it did; nothing else on this page does, for one instruction set
        (`kernels`).""")
    versions = list(dict.fromkeys(stamp.version for stamp in done))
    for version in versions:
        page.code(version)
    if len(versions) > 1:
        page.text("The program was renewed in between; each command says which of these it was.")
    page.bullets([describe_step(command, stamp, versions) for command, stamp in stamps])
    page.text("""Files in `data/` are the published ones, and made of these: in
        `cross_species_and_new` the ids have a prefix, cross-species is the split `train`, new is
        `test`; in `human_equal_1` to `5` one fold is `test`. The files in `architectures/` are the
        paper's network with the one change that their name says. Each run has a seed of its own,
        drawn from `--seed`; with it `deepmirgene train` makes the same network:""")
    rows = [["set", "repeat", "seeds of folds 1 to 5", "seed of the test run"]]
    for name in SETS:
        result = findings.result(experiments.MAIN[name])
        for repeat in result.repeats() if result else ():
            seeds = [", ".join(str(run["seed"]) for run in result.select(test, repeat))
                     for test in (False, True)]
            rows.append([TITLES[name], str(repeat), *seeds])
    page.table(rows)


def renew_table_2(folder, findings):
    page = Page("")
    write_table_2(page, findings)
    earlier.replace_section(folder, page)


def write(folder, workshop, protocol):
    pictures_folder = folder / "figures"
    pictures_folder.mkdir(parents=True, exist_ok=True)
    for picture in pictures_folder.glob("*.svg"):
        picture.unlink()
    findings = Findings(workshop, protocol)
    page = Page("deepMiRGene, reproduced")
    write_opening(page, findings)
    write_short(page, findings)
    write_protocol(page, findings)
    write_data(page, findings)
    write_table_2(page, findings)
    write_seeds(page, findings)
    write_intervals(page, findings)
    write_figure_4(page, findings, pictures_folder)
    full = experiments.MAIN["human"]
    write_ablation(page, findings, pictures_folder / "figure5.svg",
                   "Sequence, structure, both (Figure 5)",
                   {"both": full, "sequence only": experiments.SEQUENCE_ONLY,
                    "structure only": experiments.STRUCTURE_ONLY}, quoted.GAINS_REMARK)
    write_ablation(page, findings, pictures_folder / "figure6.svg",
                   "Split and flipped, or read in one direction (Figure 6)",
                   {"split and flipped": full, "one direction": experiments.WHOLE_STRUCTURE})
    write_curves(page, findings, pictures_folder)
    write_variants(page, findings, pictures_folder)
    write_tried(page, findings, pictures_folder)
    write_making(page, findings)
    (folder / "report.md").write_text(page.markdown())
    (folder / "report.html").write_text(page.html())
