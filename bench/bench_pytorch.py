#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The network of deepmirgene-2016 in PyTorch, as bench_network times ours: one JSON object a line.

    bench_pytorch.py [--repeat N] [POS.fa NEG.fa]

PyTorch is given every advantage: batches are put together before the clock starts, from records
sorted by length, so that little is padded; tokens have their embeddings looked up by index; the
gates are nn.LSTM's own, sigmoid where the paper has a hard sigmoid, as its fused kernels know no
other; one thread, which is the fastest here. Variants are timed in turns, and "epoch" and "predict"
are the best of them: padded in front, or packed; larger batches too where nothing is learned.
Only lengths matter for time, so structures are made up. Without files the lengths are drawn as
bench_network draws them.
"""
import argparse
import json
import random
import statistics
import time

import torch
from torch import nn

BATCH = 128
HUMAN_LENGTHS = [(50, 15), (60, 65), (70, 242), (80, 2133), (90, 5060), (100, 485), (110, 90),
                 (130, 60), (200, 135)]


def read_lengths(path):
    lengths = []
    with open(path) as file:
        for line in file:
            if line.startswith(">"):
                lengths.append(0)
            else:
                lengths[-1] += len(line.strip())
    return lengths


def draw_lengths(count):
    starts, weights = zip(*HUMAN_LENGTHS)
    return [start + random.randrange(10) for start in random.choices(starts, weights, k=count)]


class Network(nn.Module):
    def __init__(self, packed):
        super().__init__()
        self.packed = packed
        self.embeddings = nn.ModuleList(nn.Embedding(n + 1, n, padding_idx=n) for n in (4, 3, 3))
        self.lstms = nn.ModuleList(nn.LSTM(n, 10, batch_first=True) for n in (4, 3, 3))
        self.sequence = nn.Linear(10, 2)
        self.structure = nn.Linear(20, 2)
        self.output = nn.Linear(4, 2)
        self.dropout = nn.Dropout(0.2)

    def last(self, k, tokens, lengths):
        x = self.embeddings[k](tokens)
        if self.packed:
            x = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True,
                                                  enforce_sorted=False)
        return self.lstms[k](x)[1][0][0]

    def forward(self, batch):
        sequence, forward, backward = (
            self.last(k, tokens, lengths) for k, (tokens, lengths) in enumerate(batch))
        a = torch.sigmoid(self.sequence(self.dropout(sequence)))
        b = torch.sigmoid(self.structure(self.dropout(torch.cat([forward, backward], 1))))
        return torch.sigmoid(self.output(self.dropout(torch.cat([a, b], 1))))


def stream(lengths, symbols, packed):
    """Random tokens, padded in front, so that all end together; behind, where they are packed."""
    width = max(lengths)
    tokens = torch.full((len(lengths), width), symbols)
    for row, length in enumerate(lengths):
        drawn = torch.randint(symbols, (length,))
        if packed:
            tokens[row, :length] = drawn
        else:
            tokens[row, width - length:] = drawn
    return tokens, torch.tensor(lengths)


def make_batches(lengths, size, packed):
    lengths = sorted(lengths)
    batches = []
    for begin in range(0, len(lengths), size):
        own = lengths[begin:begin + size]
        streams = [stream(own, 4, packed), stream([n // 2 for n in own], 3, packed),
                   stream([n - n // 2 for n in own], 3, packed)]
        label = torch.randint(2, (len(own), 1)).float()
        batches.append((streams, torch.cat([label, 1 - label], 1)))
    return batches


def epoch(network, optimiser, batches):
    network.train()
    begun = time.process_time()
    for streams, target in batches:
        optimiser.zero_grad()
        nn.functional.mse_loss(network(streams), target).backward()
        optimiser.step()
    return time.process_time() - begun


def predict(network, batches):
    network.eval()
    begun = time.process_time()
    with torch.no_grad():
        for streams, _ in batches:
            network(streams)
    return time.process_time() - begun


def variants(lengths):
    """Name of the measurement and of the variant -> a function that takes it once."""
    taken = {}
    for packed in (False, True):
        network = Network(packed)
        optimiser = torch.optim.Adam(network.parameters())
        name = "packed" if packed else "padded"
        batches = make_batches(lengths, BATCH, packed)
        taken["epoch", name] = lambda n=network, o=optimiser, b=batches: epoch(n, o, b)
        for size in (BATCH, 1024):
            larger = make_batches(lengths, size, packed)
            taken["predict", f"{name} by {size}"] = lambda n=network, b=larger: predict(n, b)
    return taken


def main():
    parser = argparse.ArgumentParser(description="times the network in PyTorch")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--count", type=int, default=6628)
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    torch.set_num_threads(1)
    random.seed(1)
    torch.manual_seed(1)
    lengths = sum(map(read_lengths, options.files), []) or draw_lengths(options.count)
    measurements = variants(lengths)
    times = {key: [] for key in measurements}
    for turn in range(options.repeat + 1):
        for key, measure in measurements.items():
            elapsed = measure()
            if turn > 0:
                times[key].append(elapsed)
    for what in ("epoch", "predict"):
        medians = {name: statistics.median(t) for (kind, name), t in times.items() if kind == what}
        best = min(medians, key=medians.get)
        print(json.dumps({"what": what, "torch": torch.__version__, "variant": best,
                          "seconds": medians[best],
                          "records_per_second": len(lengths) / medians[best],
                          "all": medians}))


if __name__ == "__main__":
    main()
