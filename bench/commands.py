# SPDX-License-Identifier: MIT
"""Whole commands: predict and train, by thread and in memory."""
import random
import statistics
import subprocess
import time

from measure import Run, median_ratio, peak_memory, records


def predict(bench):
    what, count = "predict, default model, human set, one thread", 0

    def command(name):
        return [bench.program, name, "-t", "1", bench.human()]

    def over_fold():
        ratio = median_ratio(lambda: Run(command("fold")), lambda: Run(command("predict")),
                             1 if bench.quick else 11)
        return f"{ratio:.2f}"

    def rate():
        seconds = statistics.median(Run(command("predict")).processor for _ in range(bench.rounds))
        return f"{len(records(bench.human())) / seconds:,.0f}/s"

    bench.table.add(f"{what}, processor time over that of fold", "1.30", "1.15", over_fold)
    bench.table.add(f"{what}, FASTA to TSV", "8,000/s", "18,000/s", rate)


def train(bench, number, epochs, name="model", seed=1):
    positives, negatives = bench.sets()
    return [bench.program, "train", "--recipe", "2016", "-t", number, "-p", positives, "-n", negatives,
            "-e", epochs, "-s", seed, "-o", bench.scratch / f"{name}.safetensors"]


def train_threads(bench):
    """Folding and start-up are taken off: a run of few epochs from one of many."""
    def epochs(number):
        few, many = 2, 12 if bench.quick else 62
        return (Run(train(bench, number, many)).elapsed - Run(train(bench, number, few)).elapsed)

    def measure():
        return f"{statistics.median(epochs(1) / epochs(2) for _ in range(bench.rounds)):.2f}x"

    bench.table.add("training, 2016, 2 threads over 1", "1.9x", "1.97x", measure)


def five_folds(bench):
    """Two runs at a time, each of one thread."""
    def measure():
        epochs = 50 if bench.quick else 500
        begun = time.monotonic()
        waiting = [train(bench, 1, epochs, f"fold{k}", k) for k in range(5)]
        running = []
        while waiting or running:
            while waiting and len(running) < 2:
                running.append(subprocess.Popen([str(word) for word in waiting.pop()],
                                                stderr=subprocess.DEVNULL))
            running[0].wait()
            running = [child for child in running if child.poll() is None]
        # Four fifths of the records are learned from in a fold; here it is all of them.
        return f"{(time.monotonic() - begun) * 0.8 * 500 / epochs:.0f} s"

    bench.table.add("five folds x 500 epochs, 2016, human set, two threads", "180 s", "90 s", measure)


def memory(bench):
    """Short sequences with long names: many records, little folding."""
    size = 20_000_000 if bench.quick else 1_000_000_000
    big = bench.scratch / "big.fa"
    generator = random.Random(1)
    block = "".join(f">{'x' * 100}{number}\n{''.join(generator.choices('ACGU', k=25))}\n"
                    for number in range(10000))
    with open(big, "w") as out:
        for _ in range(size // len(block) + 1):
            out.write(block)
    command = [bench.program, "predict", "-o", bench.scratch / "big.tsv", big]
    bench.table.add(f"memory of predict on a FASTA of {size // 1_000_000} MB, two threads", "200 MB",
                    "50 MB", lambda: f"{peak_memory(command):.0f} MB")
    big.unlink()


def commands(bench):
    predict(bench)
    # Several times the set, so that starting up does not count.
    for name in ("fold", "predict"):
        bench.threads(name, lambda n: [bench.program, name, "-t", n, bench.human(8)])
    train_threads(bench)
    five_folds(bench)
