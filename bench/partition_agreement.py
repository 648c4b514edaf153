#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Whether the partition function agrees with 'RNAfold -p'.

    bench/partition_agreement.py BUILD RNAFOLD FILE... [--random N] [--seed S] [--batch N]

Folds the records of FASTA files, and N random sequences of 5 to 300 nt (one in eight has letters N), with the
program and the library of the folder BUILD and with 'RNAFOLD -p --MEA' (2.7.1), and compares for each record

  the text      every line that 'deepmirgene fold --mea' and RNAfold print
  the ensemble  free energy, which RNAfold prints to 0.01 kcal/mol
  the pairs     the probability of every pair, which RNAfold writes to a dot plot where it is above 1e-5

RNAfold needs some 25 ms for a sequence of 100 nt. Prints a table in Markdown and the records that differ, and
exits with 1 if any record is beyond a tolerance: 0.01 kcal/mol, 1e-4.
"""
import argparse
import ctypes
import pathlib
import random
import re
import subprocess
import sys
import tempfile

ENERGY_TOLERANCE, PAIR_TOLERANCE = 0.01, 1e-4
ROUNDING = 0.005  # of the energy that RNAfold prints


class Task(ctypes.Structure):
    """dmg_pairing_task of include/deepmirgene/pairing.h."""
    _fields_ = [("sequence", ctypes.c_char_p), ("length", ctypes.c_size_t), ("given", ctypes.c_bool),
                ("gamma", ctypes.c_double), ("structure", ctypes.c_void_p), ("pairing", ctypes.c_void_p),
                ("centroid", ctypes.c_void_p), ("accurate", ctypes.c_void_p), ("probabilities", ctypes.c_void_p),
                ("entropy", ctypes.c_void_p), ("energy", ctypes.c_int), ("ensemble_energy", ctypes.c_double),
                ("frequency", ctypes.c_double), ("diversity", ctypes.c_double), ("centroid_energy", ctypes.c_int),
                ("centroid_distance", ctypes.c_double), ("accurate_energy", ctypes.c_int),
                ("accuracy", ctypes.c_double)]


class Library:
    """Energies and pair probabilities through the C interface."""

    def __init__(self, build):
        self.library = ctypes.CDLL(str(build / "src/libdeepmirgene.so"))
        self.folder, self.error = ctypes.c_void_p(), ctypes.create_string_buffer(2048)
        self.check(self.library.dmg_folder_create(ctypes.byref(self.folder), 1, 0, self.error))

    def check(self, status):
        if status != 0:
            sys.exit(f"partition_agreement.py: {ctypes.string_at(ctypes.addressof(self.error) + 4).decode()}")

    def pair(self, sequence):
        n = len(sequence)
        pairs = (ctypes.c_double * max(1, n * (n - 1) // 2))()
        texts = [ctypes.create_string_buffer(n + 1) for _ in range(3)]
        task = Task(sequence=sequence.encode(), length=n, probabilities=ctypes.addressof(pairs))
        task.structure, task.pairing, task.centroid = map(ctypes.addressof, texts)
        self.check(self.library.dmg_pairing_fold(self.folder, ctypes.byref(task), ctypes.c_size_t(1), self.error))
        return task.ensemble_energy, list(pairs)


def read_fasta(path):
    records, name = {}, None
    for line in pathlib.Path(path).read_text().splitlines():
        if line.startswith(">"):
            name = line[1:].split()[0]
            records[name] = ""
        else:
            records[name] += line.strip().upper().replace("T", "U")
    return list(records.values())


def draw(count, seed):
    source = random.Random(seed)
    letters = ["ACGU" if source.randrange(8) else "ACGUACGUN" for _ in range(count)]
    return ["".join(source.choices(letters[i], k=source.randint(5, 300))) for i in range(count)]


def read_dot_plot(path, length):
    pairs = [0.0] * max(1, length * (length - 1) // 2)
    for i, j, root in re.findall(r"^(\d+) (\d+) ([0-9.e+-]+) ubox$", path.read_text(), re.MULTILINE):
        i, j = int(i) - 1, int(j) - 1
        pairs[i * (2 * length - i - 1) // 2 + j - i - 1] = float(root) ** 2
    return pairs


def split_text(text):
    return [">" + part for part in text.split(">")[1:]]


def compare(sequences, build, rnafold, library):
    """For each sequence whether the text differs, the difference of the energy, and the largest of a pair."""
    with tempfile.TemporaryDirectory() as folder:
        names = [f"r{i}" for i in range(len(sequences))]
        text = "".join(f">{name}\n{sequence}\n" for name, sequence in zip(names, sequences))
        run = {"input": text, "capture_output": True, "text": True, "check": True, "cwd": folder}
        theirs = split_text(subprocess.run([rnafold, "-p", "--MEA", "--noPS"], **run).stdout)
        ours = split_text(subprocess.run([build / "cli/deepmirgene", "fold", "--mea", "-t", "1", "-"], **run).stdout)
        assert len(theirs) == len(ours) == len(sequences)
        for name, sequence, their_text, our_text in zip(names, sequences, theirs, ours):
            energy, pairs = library.pair(sequence)
            printed = float(re.search(r"\[ *(-?[0-9.]+)\]", their_text)[1])
            plotted = read_dot_plot(pathlib.Path(folder, f"{name}_dp.ps"), len(sequence))
            yield (their_text != our_text, max(0.0, abs(energy - printed) - ROUNDING),
                   max(abs(x - y) for x, y in zip(pairs, plotted)))


class Tally:
    """What was compared in one file."""

    def __init__(self, name):
        self.name, self.count, self.texts, self.beyond, self.energy, self.pair = name, 0, 0, 0, 0.0, 0.0

    def add(self, sequence, text, energy, pair):
        beyond = energy > ENERGY_TOLERANCE or pair > PAIR_TOLERANCE
        self.count += 1
        self.texts += text
        self.beyond += beyond
        self.energy, self.pair = max(self.energy, energy), max(self.pair, pair)
        if text or beyond:
            print(f"{self.name}: {sequence} text {'differs' if text else 'equal'}, {energy:.4f} kcal/mol, "
                  f"{pair:.2g}", file=sys.stderr, flush=True)

    def row(self):
        return (f"| {self.name} | {self.count} | {self.count - self.texts} | {self.energy:.4f} | {self.pair:.1e} | "
                f"{self.beyond} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("rnafold", type=pathlib.Path)
    parser.add_argument("files", nargs="*")
    parser.add_argument("--random", type=int, default=0)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--batch", type=int, default=200)
    options = parser.parse_args()
    build, rnafold = options.build.resolve(), options.rnafold.resolve()
    library = Library(build)
    sets = [(pathlib.Path(path).name, read_fasta(path)) for path in options.files]
    if options.random > 0:
        sets.append((f"random, seed {options.seed}", draw(options.random, options.seed)))
    print("| sequences | records | text identical | energy differs by at most | a pair by at most | beyond tolerance |")
    print("|---|---:|---:|---:|---:|---:|")
    beyond = 0
    for name, sequences in sets:
        tally = Tally(name)
        for start in range(0, len(sequences), options.batch):
            batch = sequences[start:start + options.batch]
            for sequence, result in zip(batch, compare(batch, build, rnafold, library)):
                tally.add(sequence, *result)
        print(tally.row(), flush=True)
        beyond += tally.beyond
    sys.exit(1 if beyond else 0)


if __name__ == "__main__":
    main()
