#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures what doc/performance.md states, and prints its table.

    bench/run.py BUILD [--data DIR] [--write FILE] [--quick] [--only PART]

BUILD is the build folder. DIR holds the published sets in mirboost/ and human chromosome 3 in
genomes/. The programs to compare with are found on the PATH, or named by environment variables:

    RNAFOLD, RNALFOLD   paths or names, separated by blanks, of 2.7.1 and 2.4.18
    SPARSERNAFOLD       the fastest other exact program
    BENCH_PYTHON        a Python that has torch
    NODE_PATH           a folder with the npm package onnxruntime-node
    BUILD_AARCH64       a build of scripts/check-cross.sh aarch64 [build-aarch64]
    BUILD_WEB           a build of make web [build-web]

oneDNN is compared with where libdnnl-dev 2 was there when BUILD was configured. A row whose peer is
not found says so. --write replaces the table between the markers in FILE. --only measures one part.

Two programs are compared in alternated runs, A B A B ..., as whole processes: processor time (user
and system) for one thread, elapsed time where threads are compared; a ratio is the median of the
ratios pair by pair.
"""
import argparse
import datetime
import os
import pathlib
import platform
import re
import tempfile

from commands import commands, memory
from folding import fold, fold_human
from measure import Bench, Run, say
from network import network
from platforms import platforms
from scanning import hairpins, scan

BEGIN, END = "<!-- table: bench/run.py -->", "<!-- end of table -->"


def kernels(bench):
    """The programs of single kernels print what they measure themselves."""
    for words in (["bench_fold", "--length", 110], ["bench_lstm"], ["bench_network"]):
        say(Run([bench.build / "bench" / words[0], *words[1:]]).output.rstrip())


PARTS = {part.__name__: part for part in
         (kernels, fold, fold_human, hairpins, scan, network, commands, platforms, memory)}


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def replace_table(path, text):
    page = path.read_text()
    marked = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.S)
    path.write_text(marked.sub(lambda _: f"{BEGIN}\n{text}\n{END}", page))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--data", type=pathlib.Path)
    parser.add_argument("--write", type=pathlib.Path)
    parser.add_argument("--quick", action="store_true", help="one round, small sizes: a smoke test")
    parser.add_argument("--only", choices=PARTS, metavar="PART",
                        help="measure one part: " + ", ".join(PARTS))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="deepmirgene-bench-") as scratch:
        bench = Bench(options.build, options.data, options.quick, pathlib.Path(scratch))
        for name, part in PARTS.items():
            if options.only in (None, name):
                part(bench)
    text = (f"{processor()}, {os.cpu_count()} threads, {datetime.date.today()}:\n\n"
            + bench.table.markdown())
    print(text)
    if options.write:
        replace_table(options.write, text)


if __name__ == "__main__":
    main()
