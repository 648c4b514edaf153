# SPDX-License-Identifier: MIT
"""Repeats the paper's experiments on the published sets and writes a report.

    python3 scripts/reproduce DATA PROGRAM FOLDER REPORT [--quick]

DATA has the three published sets (doc/models.md says where to get them); PROGRAM is deepmirgene.
FOLDER gets the data as the experiments read them, a copy of the program, and all results; an
interrupted run continues there, and finished experiments are not run again. REPORT gets report.md,
report.html, figures/, and rivals.md, the programs of Table 2 as run and as quoted. --quick runs
everything with a few records and epochs as a trial; its numbers mean nothing. --report writes the
report of the experiments finished so far. --rivals SET... runs only the classifiers by features, on
these sets, and writes rivals.md; a report that is there already keeps all but its Table 2, and that
keeps its rows of what is not in FOLDER. Both with --report: of what is finished so far.
"""
import argparse
import pathlib
import sys

import data
import earlier
import experiments
import figures
import report
import rivals
import steps


def parse():
    parser = argparse.ArgumentParser(
        prog="python3 scripts/reproduce", description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("data", "program", "folder", "report"):
        parser.add_argument(name, type=pathlib.Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--report", action="store_true", dest="report_only")
    parser.add_argument("--rivals", nargs="+", choices=experiments.SETS, metavar="SET")
    return parser.parse_args()


def commands_of(options, protocol):
    if options.rivals:
        return [experiment.command(protocol) for name in options.rivals
                for experiment in experiments.RIVALS[name] + experiments.BASELINES[name]]
    commands = [experiments.check_command(name) for name in experiments.SETS]
    return commands + [experiment.command(protocol) for experiment in experiments.all_experiments()]


def run(options):
    figures.require_gnuplot()
    protocol = experiments.QUICK if options.quick else experiments.FULL
    commands = commands_of(options, protocol)
    workshop = steps.Workshop(options.folder)
    if not options.report_only:
        workshop.copy_program(options.program)
        data.prepare(options.data, options.folder / "data", protocol.records)
        experiments.write_architectures(options.folder / "architectures")
        workshop.run_all(commands)
    old = earlier.read_rows(options.report / "report.md", experiments.TITLES) if options.rivals else {}
    findings = report.Findings(workshop, protocol, old)
    rivals.write(options.report, findings)
    if options.rivals:
        if old:
            report.renew_table_2(options.report, findings)
        steps.say(f"wrote {options.report / 'rivals.md'}")
        return
    report.write(options.report, workshop, protocol)
    steps.say(f"wrote {options.report / 'report.md'} and report.html")


def main():
    options = parse()
    try:
        run(options)
    except (data.MissingData, figures.NoGnuplot, steps.Failed) as error:
        sys.exit(f"reproduce: {error}")
    except KeyboardInterrupt:
        sys.exit("reproduce: interrupted; the same command goes on")


if __name__ == "__main__":
    main()
