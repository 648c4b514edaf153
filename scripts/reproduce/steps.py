# SPDX-License-Identifier: MIT
"""Runs each command once: a finished command has a stamp and is not run again."""
import dataclasses
import datetime
import json
import os
import pathlib
import platform
import resource
import shutil
import subprocess
import sys
import time


def say(text):
    print(text, file=sys.stderr, flush=True)


class Failed(Exception):
    pass


@dataclasses.dataclass
class Stamp:
    """What there is to know of a finished step."""

    command: list
    seconds: float
    resumed: bool  # then the seconds are those of the last part
    version: str
    processor: float = 0  # seconds of all threads; 0: not measured
    date: str = ""  # on which it ended
    note: str = ""  # written by hand: what is different from the program of today

    @classmethod
    def read(cls, path):
        try:
            return cls(**json.loads(path.read_text()))
        except FileNotFoundError:
            return None

    def write(self, path):
        path.write_text(json.dumps(dataclasses.asdict(self)) + "\n")


def processor_seconds():
    """Of all child processes that have ended."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


class Workshop:
    """A folder with a copy of the program, which a new build does not disturb, data/ and results/.
    Commands run in it, so that they name no other place."""

    def __init__(self, folder):
        self.folder = folder
        self.results = folder / "results"
        self.program = folder / "deepmirgene"

    def copy_program(self, program):
        self.results.mkdir(parents=True, exist_ok=True)
        shutil.copy2(program, self.program)

    def version(self):
        return subprocess.run([self.program.resolve(), "version"], check=True, capture_output=True,
                              text=True).stdout

    def output_of(self, command):
        return self.folder / command[command.index("-o") + 1]

    def stamp_path(self, command):
        return self.results / (self.output_of(command).name + ".stamp")

    def stamp(self, command):
        """None if the command, as it is now, has not been finished."""
        stamp = Stamp.read(self.stamp_path(command))
        finished = stamp and stamp.command == command and self.output_of(command).exists()
        return stamp if finished else None

    def run(self, command):
        output = self.output_of(command)
        if Stamp.read(self.stamp_path(command)):  # of another command, or its results are gone
            self.stamp_path(command).unlink()
            shutil.rmtree(output, ignore_errors=True)
        resumed = output.exists()
        begun, used = time.monotonic(), processor_seconds()
        child = subprocess.Popen([self.program.resolve(), *command], cwd=self.folder)
        try:
            status = child.wait()
        except KeyboardInterrupt:
            child.wait()  # it has had the Ctrl-C, too, and saves what it has
            raise
        if status != 0:
            raise Failed(f"{' '.join(command)}: exit status {status}")
        seconds, used = time.monotonic() - begun, processor_seconds() - used
        Stamp(command, seconds, resumed, self.version(), used,
              datetime.date.today().isoformat()).write(self.stamp_path(command))

    def run_all(self, commands):
        left = [command for command in commands if not self.stamp(command)]
        say(f"{len(commands) - len(left)} of {len(commands)} steps are done already")
        for number, command in enumerate(left, len(commands) - len(left) + 1):
            say(f"\n[{number}/{len(commands)}] deepmirgene {' '.join(command)}")
            self.run(command)


def machine():
    """What times depend on."""
    model = platform.machine()
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":")[1].strip()
            break
    return f"{model}, {len(os.sched_getaffinity(0))} cores, {platform.system()}"
