# SPDX-License-Identifier: MIT
"""The network alone: an epoch of training, and inference, against PyTorch, oneDNN and ONNX Runtime."""
import os
import pathlib
import re
import shutil
import statistics
import subprocess

from measure import Missing, Run, existing, python_with

HERE = pathlib.Path(__file__).resolve().parent
# Recipe: its network as rows call it.
NETWORKS = {"2016": "2016", "2026": "default network"}
# Recipe, peer: bars and goals of an epoch.
EPOCHS = {("2016", "PyTorch"): ("47x", "70x"), ("2016", "oneDNN's LSTMs alone"): ("13x", "19x"),
          ("2026", "PyTorch"): ("27x", "45x")}
# The same of inference.
INFERENCE = {("2016", "ONNX Runtime"): ("11x", "15x"), ("2026", "ONNX Runtime"): ("6x", "9x"),
             ("2016", "PyTorch"): ("14x", "25x"), ("2026", "PyTorch"): ("", "")}


def best_level(bench):
    said = Run([bench.program, "version"]).output
    return re.search(r"^kernels +(\w+)", said, re.M)[1]


def ours(bench, recipe, level):
    return Run([bench.build / "bench/bench_network", "--recipe", recipe, "--cpu", level, "--threads", 1,
                "--repeat", 3, *bench.sets()])


def pytorch(bench, recipe):
    return Run([python_with("torch", "BENCH_PYTHON"), HERE / "bench_pytorch.py", "--recipe", recipe,
                *bench.sets()])


def onednn(bench, recipe):
    program = bench.build / "bench/bench_onednn"
    assert recipe == "2016"
    return Run([existing(program, "oneDNN 2"), *bench.sets()])


def onnx_runtime(bench, recipe):
    """Node looks for the package onnxruntime-node in NODE_PATH."""
    package = "onnxruntime-node"
    if not shutil.which("node") or subprocess.run(
            ["node", "-e", f"require('{package}')"], capture_output=True).returncode:
        raise Missing(package)
    model = bench.scratch / f"{recipe}.onnx"
    Run(["python3", HERE / "onnx_network.py", recipe, model])
    return Run(["node", HERE / "bench_onnx.cjs", model, *bench.sets()])


PEERS = {"PyTorch": pytorch, "oneDNN's LSTMs alone": onednn, "ONNX Runtime": onnx_runtime}


class Comparison:
    """Our runs and a peer's, in turn, of one recipe; rows of both kinds come from the same runs."""

    def __init__(self, bench, recipe, peer):
        bench.sets()
        self.pairs, level = [], best_level(bench)
        for _ in range(1 if bench.quick else 3):
            theirs = PEERS[peer](bench, recipe).objects()
            self.pairs.append((ours(bench, recipe, level).objects(), theirs))

    def ratio(self, what):
        return statistics.median(theirs[what]["seconds"] / own[what]["seconds"]
                                 for own, theirs in self.pairs)


def compare(bench):
    known = {}

    def comparison(recipe, peer):
        if (recipe, peer) not in known:
            known[recipe, peer] = Comparison(bench, recipe, peer)
        return known[recipe, peer]

    for what, title, table in (("epoch", "training epoch", EPOCHS), ("predict", "inference", INFERENCE)):
        for (recipe, peer), (bar, goal) in table.items():
            bench.table.add(f"{title}, {NETWORKS[recipe]}, one thread, against {peer}", bar, goal,
                            lambda r=recipe, p=peer: f"{comparison(r, p).ratio(what):.1f}x")


def rates(bench):
    """What the ratios are of."""
    for recipe, network in NETWORKS.items():
        runs = {}

        def middle(what, key, recipe=recipe, runs=runs):
            if not runs:
                runs.update(ours(bench, recipe, best_level(bench)).objects())
            return runs[what][key]

        bench.table.add(f"training epoch of the human set, {network}, one thread", "", "",
                        lambda: f"{middle('epoch', 'seconds'):.3f} s")
        bench.table.add(f"inference, {network}, one thread, encoding counted", "", "",
                        lambda: f"{middle('predict', 'records_per_second'):,.0f}/s")

    def floor():
        run = ours(bench, "2016", "avx2").objects()
        return f"{run['epoch']['seconds'] / run['floor']['epoch']:.2f}x"

    bench.table.add("training epoch, 2016, AVX2, over its multiply-adds at full rate", "3x", "1.7x", floor)


def network(bench):
    compare(bench)
    rates(bench)
