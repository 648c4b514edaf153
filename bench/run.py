#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Measures what doc/performance.md states, and prints its table.

    bench/run.py BUILD [--data DIR] [--write FILE] [--quick] [--only PART]

BUILD is the build folder. DIR holds human_pos.fa, human_neg.fa and human_splits.tsv of the published
sets; rows that need them are left out without it. RNAfold programs to compare with are named by
RNAFOLD (paths or names, separated by blanks; default: RNAfold), those of local folding by RNALFOLD
(likewise; default: RNALfold), SparseRNAFolD, the fastest other exact program, by SPARSERNAFOLD
(default: SparseRNAFolD), PyTorch's Python by BENCH_PYTHON (default: the one that has torch). What is
not found is left out, and said. --write replaces the table between the markers in FILE. --only
measures one part: kernels, fold, exact, local, scan, sets or memory.

Two programs are compared in alternated runs, A B A B ..., as whole processes: processor time (user
and system) for one thread, elapsed time where threads are compared; a ratio is the median of the
ratios pair by pair.
"""
import argparse
import datetime
import json
import os
import pathlib
import platform
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
BEGIN, END = "<!-- table: bench/run.py -->", "<!-- end of table -->"


def say(text):
    print(text, file=sys.stderr, flush=True)


class Run:
    """One finished process: elapsed and processor seconds, what it printed."""

    def __init__(self, command, stdin=None):
        with tempfile.TemporaryFile() as out, open(stdin or os.devnull) as source:
            begun = time.monotonic()
            child = subprocess.Popen(
                [str(word) for word in command], stdin=source, stdout=out,
                stderr=subprocess.DEVNULL, env=dict(os.environ, OMP_NUM_THREADS="1"),
            )
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            self.elapsed = time.monotonic() - begun
            if child.returncode != 0:
                sys.exit(f"{' '.join(map(str, command))}: exit status {child.returncode}")
            out.seek(0)
            self.output = out.read().decode()
        self.processor = usage.ru_utime + usage.ru_stime


class Runs:
    """Processor seconds of one finished process for each input, a text."""

    def __init__(self, command, inputs, scratch):
        self.processor = 0
        for text in inputs:
            scratch.write_text(text)
            self.processor += Run(command, stdin=scratch).processor


def peak_memory(command):
    """Most resident megabytes, as the kernel counts them for the running process itself: what wait
    tells would include the time before exec, when the child is still a copy of this script."""
    child = subprocess.Popen([str(word) for word in command], stderr=subprocess.DEVNULL)
    peak = 0
    while child.poll() is None:
        status = pathlib.Path(f"/proc/{child.pid}/status").read_text()
        found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.M)
        peak = int(found.group(1)) / 1024 if found else peak
        time.sleep(0.05)
    if child.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: exit status {child.returncode}")
    return peak


def alternate(first, second, rounds):
    """The runs of two programs, in turn; each is a function that returns a Run."""
    pairs = [(first(), second()) for _ in range(rounds + 1)][1:]
    return [a for a, _ in pairs], [b for _, b in pairs]


def median_ratio(of, to, figure):
    return statistics.median(getattr(b, figure) / getattr(a, figure) for a, b in zip(of, to))


def json_lines(text):
    """The objects of a bench program by what they measure."""
    objects = map(json.loads, text.splitlines())
    return {entry["what"]: entry for entry in objects}


class Table:
    def __init__(self):
        self.rows = []

    def add(self, what, bar, goal, measured):
        say(f"  {what}: {measured}")
        self.rows.append((what, bar, goal, measured))

    def markdown(self):
        lines = ["| what | bar | goal | measured |", "|---|---|---|---|"]
        return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in self.rows])


def write_random(path, length, count):
    generator = random.Random(length)
    with open(path, "w") as out:
        for number in range(count):
            out.write(f">{number}\n{''.join(generator.choices('ACGU', k=length))}\n")


def peers(variable, default):
    """Version and path of the programs that an environment variable names."""
    found = []
    for name in os.environ.get(variable, default).split():
        path = shutil.which(name)
        if not path:
            say(f"left out: no program {name} ({variable} names the ones to compare with)")
            continue
        version = subprocess.run([path, "--version"], capture_output=True, text=True).stdout
        found.append((version.split()[-1], path))
    return found


def torch_python():
    for name in os.environ.get("BENCH_PYTHON", "python3 /usr/bin/python3").split():
        if shutil.which(name) and not subprocess.run(
                [name, "-c", "import torch"], capture_output=True).returncode:
            return name
    say("left out: no Python with torch (BENCH_PYTHON names one)")
    return None


def subset(path, wanted, count):
    """Every n-th record, `count` of them."""
    records = pathlib.Path(path).read_text().split(">")[1:]
    step = max(1, len(records) // count)
    wanted.write_text("".join(">" + record for record in records[::step]))


class Bench:
    def __init__(self, build, data, quick, scratch):
        self.build, self.data, self.scratch = build, data, scratch
        self.program = build / "cli/deepmirgene"
        self.rounds = 1 if quick else 5
        self.quick = quick
        self.table = Table()

    # --- folding

    def compare_folds(self, what, ours, theirs, scale, limits):
        """`theirs` is 1 in `scale` of the sequences of `ours`: RNAfold takes that much longer."""
        for version, path in peers("RNAFOLD", "RNAfold"):
            a, b = alternate(lambda: Run([self.program, "fold", "-t", "1", ours]),
                             lambda: Run([path, "--noPS"], stdin=theirs), self.rounds)
            ratio = median_ratio(a, b, "processor") * scale
            bar, goal = limits.get(version[:3], ("", ""))
            self.table.add(f"{what}, one thread, against RNAfold {version}", bar, goal,
                           f"{ratio:.0f}x")

    def fold_random(self, length, count, scale, limits):
        ours, theirs = self.scratch / f"{length}.fa", self.scratch / f"{length}.part.fa"
        write_random(ours, length, count)
        subset(ours, theirs, count // scale)
        each = Run([self.program, "fold", "-t", "1", ours]).processor / count
        say(f"{length} nt: {1e6 * each:.0f} us a sequence")
        self.compare_folds(f"fold, {length} nt random", ours, theirs, scale, limits)

    def fold_exact(self, length, count, scale, limits):
        """SparseRNAFolD reads one sequence a process, from where it finds no other parameters."""
        path = shutil.which(os.environ.get("SPARSERNAFOLD", "SparseRNAFolD"))
        if not path:
            say("left out: no program SparseRNAFolD (SPARSERNAFOLD names it)")
            return
        ours, theirs = self.scratch / f"{length}.fa", self.scratch / f"{length}.txt"
        count = max(scale, count // 10) if self.quick else count
        write_random(ours, length, count)
        sequences = [line + "\n" for line in ours.read_text().split("\n")[1::2]][:count // scale]
        a, b = alternate(lambda: Run([self.program, "fold", "-t", "1", ours]),
                         lambda: Runs([path], sequences, theirs), self.rounds)
        ratio = median_ratio(a, b, "processor") * count / len(sequences)
        self.table.add(f"fold, {length} nt random, one thread, against SparseRNAFolD", *limits,
                       f"{ratio:.0f}x")

    def fold_human(self):
        ours, theirs = self.scratch / "human.fa", self.scratch / "human.part.fa"
        ours.write_text("".join((self.data / f"human_{side}.fa").read_text()
                                for side in ("pos", "neg")))
        scale = 20
        subset(ours, theirs, ours.read_text().count(">") // scale)
        exact = ours.read_text().count(">") / theirs.read_text().count(">")
        self.compare_folds("fold, human set, FASTA to text", ours, theirs, exact,
                           {"2.7": ("90x", "150x"), "2.4": ("65x", "110x")})

    def local(self):
        """Hairpins of one sequence, both strands, against RNALfold on one strand of a part of it."""
        length, scale = 1_000_000, 50
        ours, theirs = self.scratch / "local.fa", self.scratch / "local.part.fa"
        write_random(ours, length, 1)
        name, bases = ours.read_text().split()
        theirs.write_text(f"{name}\n{bases[:length // scale]}\n")
        command = [self.build / "bench/bench_hairpins", "--span", 110, "--repeat", 1, ours]
        limits = {"2.7": ("50x", "80x"), "2.4": ("50x", "80x")}
        for version, path in peers("RNALFOLD", "RNALfold"):
            a, b = alternate(lambda: Run(command),
                             lambda: Run([path, "-L", "110"], stdin=theirs), self.rounds)
            bar, goal = limits.get(version[:3], ("", ""))
            self.table.add(f"hairpins of random sequence, span 110, one thread, against RNALfold {version}",
                           bar, goal, f"{median_ratio(a, b, 'processor') * scale * 2:.0f}x")
        rate = json.loads(Run(command).output)["kb_per_s"]
        self.table.add("hairpins of random sequence, span 110, one thread, by strand", "", "",
                       f"{rate:,.0f} kb/s")

    def threads(self, what, command):
        a, b = alternate(lambda: Run(command(2)), lambda: Run(command(1)), self.rounds)
        self.table.add(f"{what}, 2 threads over 1", "1.8x", "1.95x",
                       f"{median_ratio(a, b, 'elapsed'):.2f}x")

    # --- the network

    def network(self):
        sets = [self.data / "human_pos.fa", self.data / "human_neg.fa"]
        bench = [self.build / "bench/bench_network", "--cpu", "avx2", "--threads", "1", *sets]
        python = torch_python()
        peer = [python, ROOT / "bench/bench_pytorch.py", *sets]
        ours, theirs = [], []
        for _ in range(1 if self.quick else 3):
            ours.append(json_lines(Run(bench).output))
            if python:
                theirs.append(json_lines(Run(peer).output))
        self.network_rows(ours, theirs)

    def network_rows(self, ours, theirs):
        def middle(runs, what, key):
            return statistics.median(run[what][key] for run in runs)

        def ratio(what):
            return statistics.median(b[what]["seconds"] / a[what]["seconds"]
                                     for a, b in zip(ours, theirs))

        records = ours[0]["floor"]["records"]
        epoch = middle(ours, "epoch", "seconds")
        over = statistics.median(run["epoch"]["seconds"] / run["floor"]["epoch"] for run in ours)
        self.table.add(f"training epoch of {records:,} records, human set, one thread", "", "",
                       f"{epoch:.3f} s")
        self.table.add("training epoch over its multiply-adds at full rate", "3x", "1.7x",
                       f"{over:.2f}x")
        if theirs:
            self.table.add("training epoch against PyTorch's best variant", "47x", "70x",
                           f"{ratio('epoch'):.0f}x")
            rate = middle(ours, "predict", "records_per_second")
            self.table.add("network alone, inference, against PyTorch's best", "14x", "25x",
                           f"{ratio('predict'):.0f}x ({rate:,.0f} sequences/s)")

    # --- whole commands

    def train(self, threads, epochs, name="model", seed=1):
        return [self.program, "train", "-t", threads, "-p", self.data / "human_pos.fa",
                "-n", self.data / "human_neg.fa", "-e", epochs, "-s", seed,
                "-o", self.scratch / f"{name}.safetensors"]

    def train_threads(self):
        """Folding and start-up are taken off: a run of one epoch from one of many."""
        def epochs(threads):
            few, many = 2, 12 if self.quick else 62
            return Run(self.train(threads, many)).elapsed - Run(self.train(threads, few)).elapsed

        ratio = statistics.median(epochs(1) / epochs(2) for _ in range(self.rounds))
        self.table.add("training, 2 threads over 1", "1.9x", "1.97x", f"{ratio:.2f}x")

    def five_folds(self):
        epochs = 50 if self.quick else 500
        begun = time.monotonic()
        waiting = [self.train(1, epochs, f"fold{k}", k) for k in range(5)]
        running = []
        while waiting or running:
            while waiting and len(running) < 2:
                running.append(subprocess.Popen([str(word) for word in waiting.pop()],
                                                stderr=subprocess.DEVNULL))
            running[0].wait()
            running = [child for child in running if child.poll() is None]
        # Four fifths of the records are learned from in a fold; here it is all of them.
        seconds = (time.monotonic() - begun) * 0.8 * 500 / epochs
        self.table.add("five folds x 500 epochs, human, two threads", "180 s", "90 s",
                       f"{seconds:.0f} s")

    def predict(self):
        human = self.scratch / "human.fa"
        count = human.read_text().count(">")
        runs = [Run([self.program, "predict", "-t", "1", human]) for _ in range(self.rounds)]
        rate = count / statistics.median(run.processor for run in runs)
        self.table.add("predict, FASTA to TSV, human set, one thread", "8,000/s", "18,000/s",
                       f"{rate:,.0f}/s")

    def scan(self):
        """Both strands of random sequence, the default model; ranks of MPI where there is an mpirun."""
        length = 1_000_000 if self.quick else 4_000_000
        genome = self.scratch / "scan.fa"
        write_random(genome, length, 1)
        command = [self.program, "scan", genome, "-o", self.scratch / "scan.gff3", "--threads"]
        one = Run(command + ["1"])
        self.table.add("scan of random sequence, both strands, one thread", "60 kb/s", "200 kb/s",
                       f"{length / 1000 / one.elapsed:,.0f} kb/s")
        self.threads("scan of random sequence", lambda threads: command + [str(threads)])
        if not shutil.which("mpirun"):
            return
        ranks = ["mpirun", "--allow-run-as-root", "--oversubscribe", "-n", "4", self.program, "scan",
                 "--mpi", genome, "-o", self.scratch / "ranks.gff3"]
        a, b = alternate(lambda: Run(ranks), lambda: Run(command + ["2"]), self.rounds)
        self.table.add("the same by 4 MPI ranks, time over that of 2 threads", "1.10", "1.03",
                       f"{1 / median_ratio(a, b, 'elapsed'):.2f}")

    def memory(self):
        size = 20_000_000 if self.quick else 1_000_000_000
        big = self.scratch / "big.fa"
        generator = random.Random(1)
        # Short sequences with long names: many records, little folding.
        block = "".join(f">{'x' * 100}{number}\n{''.join(generator.choices('ACGU', k=25))}\n"
                        for number in range(10000))
        with open(big, "w") as out:
            for _ in range(size // len(block) + 1):
                out.write(block)
        peak = peak_memory([self.program, "predict", "-o", self.scratch / "big.tsv", big])
        self.table.add(f"memory of predict on a FASTA of {size // 1_000_000} MB, two threads",
                       "200 MB", "50 MB", f"{peak:.0f} MB")
        big.unlink()

    def kernels(self):
        """The programs of single kernels print what they measure themselves."""
        for words in (["bench_fold", "--length", 110], ["bench_lstm"], ["bench_network"]):
            say(Run([self.build / "bench" / words[0], *words[1:]]).output.rstrip())

    def fold(self):
        self.fold_random(110, 4000, 40, {"2.7": ("150x", "220x"), "2.4": ("75x", "120x")})
        self.fold_random(400, 400, 40, {"2.7": ("150x", "300x"), "2.4": ("100x", "180x")})
        self.fold_random(1000, 80, 40, {"2.7": ("150x", "300x"), "2.4": ("100x", "180x")})
        self.fold_random(3000, 20, 10, {"2.4": ("150x", "200x")})

    def exact(self):
        self.fold_exact(110, 4000, 40, ("85x", "120x"))
        self.fold_exact(3000, 20, 10, ("110x", "150x"))

    def sets(self):
        if not self.data:
            return
        self.fold_human()
        # Several times the set, so that starting up does not count.
        human = [self.scratch / "human.fa"] * 8
        self.threads("fold", lambda n: [self.program, "fold", "-t", n, *human])
        self.threads("predict", lambda n: [self.program, "predict", "-t", n, *human])
        self.predict()
        self.network()
        self.train_threads()
        self.five_folds()

    def run(self, only):
        for part in PARTS if only is None else [only]:
            getattr(self, part)()


PARTS = ["kernels", "fold", "exact", "local", "scan", "sets", "memory"]


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--data", type=pathlib.Path)
    parser.add_argument("--write", type=pathlib.Path)
    parser.add_argument("--quick", action="store_true", help="one round, small sizes: a smoke test")
    parser.add_argument("--only", choices=PARTS, metavar="PART", help="measure one part")
    options = parser.parse_args()
    if not options.data and options.only in (None, "sets"):
        say("left out: rows that need the published sets (--data)")
    with tempfile.TemporaryDirectory(prefix="deepmirgene-bench-") as scratch:
        bench = Bench(options.build, options.data, options.quick, pathlib.Path(scratch))
        bench.run(options.only)
    text = (f"{processor()}, {os.cpu_count()} threads, {datetime.date.today()}:\n\n"
            + bench.table.markdown())
    print(text)
    if options.write:
        page = options.write.read_text()
        marked = re.compile(re.escape(BEGIN) + ".*?" + re.escape(END), re.S)
        options.write.write_text(marked.sub(lambda _: f"{BEGIN}\n{text}\n{END}", page))


if __name__ == "__main__":
    main()
