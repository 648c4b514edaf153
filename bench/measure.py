# SPDX-License-Identifier: MIT
"""Programs run and timed in turn, and the table of what was measured."""
import dataclasses
import json
import os
import pathlib
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time


def say(text):
    print(text, file=sys.stderr, flush=True)


class Missing(Exception):
    """The name of what a row needs and this machine does not have."""


class Run:
    """One finished process: elapsed and processor seconds, what it printed."""

    def __init__(self, command, stdin=None, **environment):
        with tempfile.TemporaryFile() as out, open(stdin or os.devnull) as source:
            begun = time.monotonic()
            child = subprocess.Popen(
                [str(word) for word in command], stdin=source, stdout=out, stderr=subprocess.DEVNULL,
                env=dict(os.environ, OMP_NUM_THREADS="1", **environment),
            )
            _, status, usage = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            self.elapsed = time.monotonic() - begun
            if child.returncode != 0:
                sys.exit(f"{' '.join(map(str, command))}: exit status {child.returncode}")
            out.seek(0)
            self.output = out.read().decode()
        self.processor = usage.ru_utime + usage.ru_stime

    def objects(self):
        """The JSON lines of a bench program by what they measure."""
        return {entry["what"]: entry for entry in map(json.loads, self.output.splitlines())}


class Runs:
    """Processor seconds of a program that reads one input a process, a text, for several of them. The
    start of a process is taken off: what an input that costs nothing takes."""

    def __init__(self, command, inputs, nothing, scratch):
        self.processor = 0
        for text in inputs:
            self.processor += self.one(command, text, scratch) - self.one(command, nothing, scratch)

    @staticmethod
    def one(command, text, scratch):
        scratch.write_text(text)
        return Run(command, stdin=scratch).processor


def alternate(first, second, rounds):
    """The runs of two programs, in turn; each is a function that returns a Run."""
    pairs = [(first(), second()) for _ in range(rounds + 1)][1:]
    return [a for a, _ in pairs], [b for _, b in pairs]


def median_ratio(first, second, rounds, figure="processor"):
    """The second's figure over the first's."""
    pairs = zip(*alternate(first, second, rounds))
    return statistics.median(getattr(b, figure) / getattr(a, figure) for a, b in pairs)


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


# --- what is compared with

def program(variable, default):
    """The path of one program that an environment variable names."""
    name = os.environ.get(variable, default)
    path = shutil.which(name)
    if not path:
        raise Missing(default)
    return path


def program_of_version(variable, default, version):
    """The path of that of the programs of a variable that says it is of this version."""
    for name in os.environ.get(variable, default).split():
        path = shutil.which(name)
        if not path:
            continue
        said = subprocess.run([path, "--version"], capture_output=True, text=True).stdout
        if said.split()[-1:] == [version]:
            return path
    raise Missing(f"{default} {version}")


def python_with(module, variable):
    """The first Python of an environment variable that has a module."""
    for name in os.environ.get(variable, "python3 /usr/bin/python3").split():
        if shutil.which(name) and not subprocess.run(
                [name, "-c", f"import {module}"], capture_output=True).returncode:
            return name
    raise Missing(f"Python with {module}")


def existing(path, name):
    if not path.exists():
        raise Missing(name)
    return path


# --- inputs

def write_random(path, length, count):
    generator = random.Random(length)
    with open(path, "w") as out:
        for number in range(count):
            out.write(f">{number}\n{''.join(generator.choices('ACGU', k=length))}\n")


def records(path):
    return path.read_text().split(">")[1:]


def subset(path, wanted, count):
    """Every n-th record, about `count` of them; how many times fewer these are."""
    all_records = records(path)
    chosen = all_records[::max(1, len(all_records) // count)]
    wanted.write_text("".join(">" + record for record in chosen))
    return len(all_records) / len(chosen)


# --- the table

class Table:
    def __init__(self):
        self.rows = []

    def add(self, what, bar, goal, measure):
        """A row of what `measure` returns, or of what it says is missing."""
        try:
            measured = measure()
        except Missing as missing:
            measured = f"skipped: {missing} not found"
        say(f"  {what}: {measured}")
        self.rows.append((what, bar, goal, measured))

    def markdown(self):
        lines = ["| what | bar | goal | measured |", "|---|---|---|---|"]
        return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in self.rows])


@dataclasses.dataclass
class Bench:
    build: pathlib.Path
    data: pathlib.Path | None  # has mirboost/ and genomes/
    quick: bool
    scratch: pathlib.Path
    table: Table = dataclasses.field(default_factory=Table)

    @property
    def program(self):
        return self.build / "cli/deepmirgene"

    @property
    def rounds(self):
        return 1 if self.quick else 5

    def sets(self):
        """The positives and the negatives of the published human set."""
        return [self.from_data("mirboost", f"human_{side}.fa") for side in ("pos", "neg")]

    def from_data(self, *place):
        if not self.data:
            raise Missing("published data")
        path = self.data.joinpath(*place)
        return existing(path, pathlib.Path(*place))

    def human(self, times=1):
        """One file of the human set, several times over."""
        path = self.scratch / f"human{times}.fa"
        if not path.exists():
            path.write_text("".join(file.read_text() for file in self.sets()) * times)
        return path

    def threads(self, what, command):
        """A row of one thread's elapsed time over two threads'; `command` takes their number."""
        def measure():
            ratio = median_ratio(lambda: Run(command(2)), lambda: Run(command(1)), self.rounds, "elapsed")
            return f"{ratio:.2f}x"

        self.table.add(f"{what}, 2 threads over 1", "1.8x", "1.95x", measure)
