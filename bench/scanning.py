# SPDX-License-Identifier: MIT
"""Hairpins of long sequences and whole scans, against RNALfold, which reads one strand."""
import gzip
import json
import shutil

from measure import Run, median_ratio, program_of_version, write_random

VERSIONS = ("2.7.1", "2.4.18")
STRANDS = 2


def write_pieces(path, bases, count, length):
    """`count` pieces of a sequence at even distances; how many times shorter they are."""
    step = len(bases) // count
    with open(path, "w") as out:
        for k in range(count):
            out.write(f">{k}\n{bases[k * step:k * step + length]}\n")
    return len(bases) / (count * length)


def against_rnalfold(bench, version, command, theirs, span, scale):
    peer = program_of_version("RNALFOLD", "RNALfold", version)
    ratio = median_ratio(lambda: Run(command), lambda: Run([peer, "-L", span], stdin=theirs),
                         bench.rounds)
    return f"{ratio * scale * STRANDS:.0f}x"


def hairpins(bench):
    """Of one random sequence, found and traced back."""
    ours, theirs = bench.scratch / "local.fa", bench.scratch / "local.part.fa"
    write_random(ours, 100_000 if bench.quick else 1_000_000, 1)
    scale = write_pieces(theirs, ours.read_text().split()[1], 4, 5_000)
    command = [bench.build / "bench/bench_hairpins", "--span", 110, "--repeat", 1, ours]
    what = "hairpins of random sequence, span 110, one thread"
    for version in VERSIONS:
        bench.table.add(f"{what}, against RNALfold {version}", "50x", "80x",
                        lambda v=version: against_rnalfold(bench, v, command, theirs, 110, scale))
    bench.table.add(f"{what}, by strand", "", "",
                    lambda: f"{json.loads(Run(command).output)['kb_per_s']:,.0f} kb/s")


def scan_human(bench):
    """Both strands, the default model. RNALfold -L 120 finds hairpins of 120 nt at most, and so does
    the row with bars; the other is a scan as users have it."""
    ours, theirs = bench.scratch / "chr3.fa", bench.scratch / "chr3.part.fa"
    what = "scan of human chr3, both strands, one thread"
    equal = ["--span", "120", "--long-span", "0"]

    def measure(options, version):
        packed = bench.from_data("genomes", "human_chr3_2mb.fa.gz").read_bytes()
        bases = "".join(gzip.decompress(packed).decode().split("\n")[1:])
        bases = bases[:50_000 if bench.quick else 500_000]
        ours.write_text(f">chr3\n{bases}\n")
        scale = write_pieces(theirs, bases, 4, 5_000)
        command = [bench.program, "scan", "-t", 1, *options, ours, "-o", bench.scratch / "human.gff3"]
        return against_rnalfold(bench, version, command, theirs, 120, scale)

    bench.table.add(f"{what}, span 120, against RNALfold 2.4.18 -L 120", "75x", "110x",
                    lambda: measure(equal, "2.4.18"))
    bench.table.add("the same against RNALfold 2.7.1", "", "", lambda: measure(equal, "2.7.1"))
    bench.table.add("the same with the default spans against RNALfold 2.4.18 -L 120", "", "",
                    lambda: measure([], "2.4.18"))


def scan_random(bench):
    """Random sequence holds more candidates than a genome does; ranks of MPI where there are any."""
    length = 1_000_000 if bench.quick else 4_000_000
    genome = bench.scratch / "scan.fa"
    write_random(genome, length, 1)

    def command(threads):
        return [bench.program, "scan", genome, "-o", bench.scratch / "scan.gff3", "--threads", threads]

    bench.table.add("scan of random sequence, both strands, one thread", "60 kb/s", "200 kb/s",
                    lambda: f"{length / 1000 / Run(command(1)).elapsed:,.0f} kb/s")
    bench.threads("scan of random sequence", command)
    if not shutil.which("mpirun"):
        return
    ranks = ["mpirun", "--allow-run-as-root", "--oversubscribe", "-n", "4", bench.program, "scan",
             "--mpi", genome, "-o", bench.scratch / "ranks.gff3"]

    def measure():
        ratio = median_ratio(lambda: Run(command(2)), lambda: Run(ranks), bench.rounds, "elapsed")
        return f"{ratio:.2f}"

    bench.table.add("the same by 4 MPI ranks, time over that of 2 threads", "1.10", "1.03", measure)


def scan(bench):
    scan_human(bench)
    scan_random(bench)
