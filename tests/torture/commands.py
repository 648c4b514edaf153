# SPDX-License-Identifier: MIT
"""The commands that the torture tests run, each in a folder of its own, and what must be true of them
however they end."""
import filecmp
import os
import pathlib
import shutil
import subprocess
import tempfile

SOURCE = pathlib.Path(os.environ.get("DMG_SOURCE", pathlib.Path(__file__).resolve().parents[2]))
DATA = SOURCE / "tests/cli/data"

# A network that is trained in no time.
NETWORK = """{"id": "tiny",
 "streams": [{"name": "sequence", "embedding": 2, "units": [2], "bidirectional": false}],
 "dense": [{"name": "output", "inputs": ["sequence"], "units": 2, "activation": "softmax",
            "dropout": 0}]}"""

TRAIN = "train -p p.fa -n n.fa -e 2 -t 1"

# name -> (arguments, files that it makes)
COMMANDS = {
    "fold": ("fold -t 1 p.fa -o out", ["out"]),
    "fold-stdout": ("fold -t 1 p.fa", []),
    "predict": ("predict -t 1 -m m.safetensors p.fa -o out --report page.html", ["out", "page.html"]),
    "predict-json": ("predict -t 1 -m m.safetensors -f jsonl p.fa -o out", ["out"]),
    "scan": ("scan -t 1 -m m.safetensors --threshold 0 g.fa -o out", ["out"]),
    "scan-index": ("scan -t 1 -m m.safetensors --threshold 0 -r g:1-90 g.fa -o out", ["out"]),
    "scan-json": ("scan -t 1 -m m.safetensors --threshold 0 -f jsonl g.fa -o out", ["out"]),
    "merge": ("merge part -o out --multiqc m_mqc.json", ["out", "m_mqc.json"]),
    "train": (TRAIN + " -o out --history h.tsv", ["out", "h.tsv"]),
    "ensemble": ("ensemble m.safetensors second.safetensors -o out", ["out"]),
    "calibrate": ("calibrate -t 1 -m human -p p.fa -n n.fa -o out", ["out"]),
    "evaluate": ("evaluate -t 1 -m m.safetensors -p p.fa -n n.fa --bootstrap 9 -o out "
                 "--predictions scores.tsv --multiqc e_mqc.json",
                 ["out", "scores.tsv", "e_mqc.json"]),
    "evaluate-json": ("evaluate -t 1 -m m.safetensors -p p.fa -n n.fa --bootstrap 9 --format json -o out",
                      ["out"]),
    "explain": ("explain -t 1 -m m.safetensors --mutations 0 p.fa -o out", ["out"]),
    # One record: libjansson allocates 5,600 times for each.
    "explain-json": ("explain -t 1 -m m.safetensors --mutations 0 -f json g.fa -o out", ["out"]),
    "dataset": ("dataset check -p p.fa -n n.fa -o out", ["out"]),
    "crossval": ("crossval -t 1 -p p.fa -n n.fa -e 1 --folds 2 --bootstrap 9 --figures none -o out",
                 ["out"]),
}


def prepare(program, folder):
    """The inputs of all commands."""
    shutil.copy(DATA / "pre-mirnas.fa", folder / "p.fa")
    shutil.copy(DATA / "others.fa", folder / "n.fa")
    lines = (DATA / "pre-mirnas.fa").read_text().splitlines()
    (folder / "g.fa").write_text(">g\n" + lines[1] + "\n")
    (folder / "g.fa.fai").write_text(f"g\t{len(lines[1])}\t3\t{len(lines[1])}\t{len(lines[1]) + 1}\n")
    for words in (TRAIN + " -o m.safetensors", TRAIN + " -s 2 -o second.safetensors",
                  "scan -t 1 -m m.safetensors --threshold 0 g.fa --shard 1/1 -o part"):
        subprocess.run([program, *words.split()], cwd=folder, check=True, capture_output=True)


class Case:
    """One command: run it in fresh copies of the inputs, and compare with what it makes unharmed."""

    def __init__(self, program, name, base):
        self.program = program
        self.words, self.files = COMMANDS[name]
        self.name = name
        self.base = base
        self.expected = pathlib.Path(tempfile.mkdtemp(prefix="expected-", dir=base.parent))
        shutil.copytree(base, self.expected, dirs_exist_ok=True)
        done = self.run(self.expected)
        if done.returncode != 0:
            raise SystemExit(f"{name}: {done.stderr.decode()}")
        self.stdout = done.stdout

    def fresh(self):
        """A folder with the inputs and older outputs."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix="run-", dir=self.base.parent))
        shutil.copytree(self.base, folder, dirs_exist_ok=True)
        if self.name != "crossval":
            for file in self.files:
                (folder / file).write_text("older\n")
        return folder

    def run(self, folder, before=(), env=None):
        """Without gnuplot on PATH: its own system calls and allocations are not the subject."""
        env = {"PATH": "/nowhere", "TMPDIR": str(folder), **(env or {})}
        return subprocess.run([*before, self.program, *self.words.split()], cwd=folder,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, env=env, timeout=300)

    def is_expected(self, folder, file):
        mine, right = folder / file, self.expected / file
        if right.is_dir():
            compared = filecmp.dircmp(mine, right, ignore=["runs"])
            return mine.is_dir() and not (compared.left_only or compared.right_only
                                          or compared.diff_files)
        if self.name == "train" and file == "h.tsv":  # as far as it got, in whole lines
            text = mine.read_text()
            return text.endswith("\n") and right.read_text().startswith(text)
        return mine.is_file() and mine.read_bytes() == right.read_bytes()

    def is_untouched(self, folder, file):
        mine = folder / file
        return mine.is_dir() or (mine.is_file() and mine.read_text() == "older\n") or (
            self.name == "crossval" and not mine.exists())

    def faults(self, folder, done, lines=True):
        """What is wrong with how it ended: exit 0 with the right files, or exit 1 with one line that
        says why, every output old or whole, and nothing half-written."""
        found = []
        errors = done.stderr.decode(errors="replace").splitlines()
        if done.returncode == 127 and "shared libraries" in errors[0]:
            return []  # the loader, before the program begins
        if done.returncode == 0:
            found += [f"{file} is not what it should be" for file in self.files
                      if not self.is_expected(folder, file)]
            if done.stdout != self.stdout:
                found.append("standard output is not what it should be")
        elif done.returncode == 1:
            found += [f"{file} is neither old nor whole" for file in self.files
                      if not self.is_expected(folder, file) and not self.is_untouched(folder, file)]
            if lines and not errors:
                found.append("no message")
        else:
            found.append(f"exit status {done.returncode}")
        found += [f"{path.name} is left behind" for path in folder.rglob("*.part")]
        if found:
            found.append("said: " + " | ".join(errors[-3:]))
        return found
