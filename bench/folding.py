# SPDX-License-Identifier: MIT
"""Folding, against RNAfold and the fastest other exact program."""
from measure import (Run, Runs, median_ratio, program, program_of_version, records, subset,
                     write_random)

SPARSE = "SparseRNAFolD"
# Length; random sequences of it, of which a peer folds one in so many; bars and goals by peer.
RANDOM = [
    (110, 4000, 40, {"2.7.1": ("150x", "220x"), "2.4.18": ("75x", "120x"), SPARSE: ("85x", "120x")}),
    (400, 400, 40, {"2.7.1": ("150x", "300x"), "2.4.18": ("100x", "180x")}),
    (1000, 80, 40, {"2.7.1": ("150x", "300x"), "2.4.18": ("100x", "180x")}),
    (3000, 20, 10, {"2.4.18": ("150x", "200x"), SPARSE: ("110x", "150x")}),
]
HUMAN = {"2.7.1": ("90x", "150x"), "2.4.18": ("65x", "110x")}


def against_rnafold(bench, version, ours, theirs, scale):
    """`theirs` is 1 in `scale` of the sequences of `ours`: RNAfold takes that much longer."""
    peer = program_of_version("RNAFOLD", "RNAfold", version)
    ratio = median_ratio(lambda: Run([bench.program, "fold", "-t", "1", ours]),
                         lambda: Run([peer, "--noPS"], stdin=theirs), bench.rounds)
    return f"{ratio * scale:.0f}x"


def against_sparse(bench, ours, theirs, scale):
    """It reads one sequence a process, from a folder where it finds no other parameters."""
    peer = program("SPARSERNAFOLD", SPARSE)
    sequences = [record.split("\n")[1] + "\n" for record in records(theirs)]
    ratio = median_ratio(lambda: Run([bench.program, "fold", "-t", "1", ours]),
                         lambda: Runs([peer], sequences, "GAAAAC\n", bench.scratch / "one.txt"),
                         bench.rounds)
    return f"{ratio * scale:.0f}x"


def compare(bench, what, ours, theirs, scale, limits):
    for peer, (bar, goal) in limits.items():
        if peer == SPARSE:
            bench.table.add(f"{what}, against {peer}", bar, goal,
                            lambda: against_sparse(bench, ours, theirs, scale))
        else:
            bench.table.add(f"{what}, against RNAfold {peer}", bar, goal,
                            lambda version=peer: against_rnafold(bench, version, ours, theirs, scale))


def fold(bench):
    for length, count, scale, limits in RANDOM:
        ours, theirs = bench.scratch / f"{length}.fa", bench.scratch / f"{length}.part.fa"
        count = max(scale, count // 10) if bench.quick else count
        write_random(ours, length, count)
        subset(ours, theirs, count // scale)
        compare(bench, f"fold, {length} nt random, one thread", ours, theirs, scale, limits)


def fold_human(bench):
    """From FASTA to text."""
    what, theirs = "fold, human set, one thread", bench.scratch / "human.part.fa"
    for version, (bar, goal) in HUMAN.items():
        def measure(version=version):
            ours = bench.human()
            scale = subset(ours, theirs, len(records(ours)) // 20)
            return against_rnafold(bench, version, ours, theirs, scale)
        bench.table.add(f"{what}, against RNAfold {version}", bar, goal, measure)
