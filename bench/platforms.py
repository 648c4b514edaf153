# SPDX-License-Identifier: MIT
"""Other processors: 64-bit ARM by instructions under qemu, WebAssembly by time under Node."""
import os
import pathlib
import re

from measure import Run, existing, median_ratio, program, records

HERE = pathlib.Path(__file__).resolve().parent
RECORDS = 100


class Aarch64:
    """A build of scripts/check-cross.sh, whose instructions a plugin of qemu counts."""

    def __init__(self, bench):
        folder = pathlib.Path(os.environ.get("BUILD_AARCH64", "build-aarch64"))
        self.program = existing(folder / "build/cli/deepmirgene", "build for aarch64")
        self.emulator = program("QEMU_AARCH64", "qemu-aarch64")
        self.root = folder / "root"
        self.scratch = bench.scratch
        self.plugin = self.scratch / "libqemu_instructions.so"
        Run(["cc", "-shared", "-fPIC", "-O2", "-o", self.plugin, HERE / "qemu_instructions.c"])

    def instructions(self, *words):
        log = self.scratch / "qemu.log"
        Run([self.emulator, "-L", self.root, "-plugin", self.plugin, "-d", "plugin", "-D", log,
             self.program, *words])
        return int(re.search(r"instructions (\d+)", log.read_text())[1])

    def fold(self, level, few, one):
        """Of a record: those of many less those of the first."""
        of_few, of_one = (self.instructions("fold", "-t", 1, "--cpu", level, file) for file in (few, one))
        return (of_few - of_one) / (RECORDS - 1)

    def epoch(self, level, positives, negatives):
        def train(epochs):
            return self.instructions(
                "train", "--recipe", "2016", "-t", 1, "--cpu", level, "-p", positives, "-n", negatives,
                "-e", epochs, "-o", self.scratch / "arm.safetensors")

        return (train(3) - train(1)) / 2


def first(source, count, path):
    path.write_text("".join(">" + record for record in records(source)[:count]))
    return path


def aarch64(bench):
    def ratio(count):
        plain, vectors = count("scalar"), count("v128")
        return f"{plain / vectors:.1f}x ({plain / 1e6:.2f} M, {vectors / 1e6:.2f} M)"

    def fold():
        machine, source = Aarch64(bench), bench.sets()[0]
        few, one = (first(source, n, bench.scratch / f"first{n}.fa") for n in (RECORDS, 1))
        return ratio(lambda level: machine.fold(level, few, one))

    def epoch():
        machine = Aarch64(bench)
        sides = [first(source, RECORDS // 2, bench.scratch / f"half.{source.name}")
                 for source in bench.sets()]
        return ratio(lambda level: machine.epoch(level, *sides))

    what = "aarch64, NEON against plain C, instructions"
    bench.table.add(f"{what}: fold, a record", "8x", "12x", fold)
    bench.table.add(f"{what}: training epoch, 2016, {RECORDS} records", "6x", "10x", epoch)


def webassembly(bench):
    def measure(command):
        folder = pathlib.Path(os.environ.get("BUILD_WEB", "build-web"))
        module = existing(folder / "cli/deepmirgene.js", "build for WebAssembly")
        node = program("NODE", "node")
        human = bench.human(1 if bench.quick else 3)
        native = [bench.program, command, "-t", 1, "--cpu", "avx2", "-o", bench.scratch / "native.out", human]
        ratio = median_ratio(lambda: Run([node, HERE / "run_webassembly.cjs", module, command, human]),
                             lambda: Run(native), bench.rounds)
        return f"{ratio:.2f}x"

    for command in ("fold", "predict"):
        bench.table.add(f"WebAssembly SIMD in Node against native AVX2, processor time: {command}", "0.35x",
                        "0.5x", lambda: measure(command))


def platforms(bench):
    aarch64(bench)
    webassembly(bench)
