#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The network of a recipe in PyTorch, as bench_network times ours: one JSON object a line.

    bench_pytorch.py [--recipe 2016|2026] [--repeat N] [POS.fa NEG.fa]

PyTorch is given every advantage: batches are put together before the clock starts, from records
sorted by length, so that little is padded; tokens have their embeddings looked up by index; the
gates are nn.LSTM's own, sigmoid where the paper has a hard sigmoid, as its fused kernels know no
other; one thread, which is the fastest here. Variants are timed in turns, and "epoch" and "predict"
are the best of them: padded in front, or packed; larger batches too where nothing is learned.
Only lengths matter for time, so structures and features are made up. Without files the lengths are drawn as
bench_network draws them.
"""
import argparse
import json
import random
import statistics
import time

import torch
from torch import nn

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


class Stream(nn.Module):
    """A token stream: embedded, read by an LSTM, and summed up."""

    def __init__(self, symbols, embedding, units, bidirectional, pooled, packed):
        super().__init__()
        self.symbols, self.pooled, self.packed = symbols, pooled, packed
        self.embedding = nn.Embedding(symbols + 1, embedding, padding_idx=symbols)
        self.lstm = nn.LSTM(embedding, units, batch_first=True, bidirectional=bidirectional)
        self.width = units * (2 if bidirectional else 1) * (3 if pooled else 1)

    def forward(self, tokens, lengths):
        x = self.embedding(tokens)
        if self.packed:
            x = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        states, (last, _) = self.lstm(x)
        last = last.transpose(0, 1).flatten(1)
        if not self.pooled:
            return last
        if self.packed:
            states = nn.utils.rnn.pad_packed_sequence(states, batch_first=True)[0]
        return torch.cat([last, states.mean(1), states.max(1)[0]], 1)


class Paper(nn.Module):
    """deepmirgene-2016"""
    symbols, features = (4, 3, 3), 0

    def __init__(self, packed):
        super().__init__()
        self.streams = nn.ModuleList(Stream(n, n, 10, False, False, packed) for n in self.symbols)
        self.sequence = nn.Linear(10, 2)
        self.structure = nn.Linear(20, 2)
        self.output = nn.Linear(4, 2)
        self.dropout = nn.Dropout(0.2)

    def forward(self, batch, features):
        sequence, forward, backward = (read(*own) for read, own in zip(self.streams, batch))
        a = torch.sigmoid(self.sequence(self.dropout(sequence)))
        b = torch.sigmoid(self.structure(self.dropout(torch.cat([forward, backward], 1))))
        return torch.sigmoid(self.output(self.dropout(torch.cat([a, b], 1))))

    loss = staticmethod(nn.functional.mse_loss)


class Default(nn.Module):
    """deepmirgene-2026, up to the softmax, which is part of its loss. Padding counts in the pooling,
    where nothing is masked."""
    symbols, features = (4, 16, 16), 12 * 9

    def __init__(self, packed):
        super().__init__()
        self.streams = nn.ModuleList([Stream(4, 4, 16, True, True, packed),
                                      Stream(16, 6, 16, False, True, packed),
                                      Stream(16, 6, 16, False, True, packed)])
        self.hidden = nn.Linear(sum(own.width for own in self.streams) + self.features, 32)
        self.output = nn.Linear(32, 2)
        self.dropout = nn.Dropout(0.2)

    def forward(self, batch, features):
        read = [own(*tokens) for own, tokens in zip(self.streams, batch)]
        return self.output(torch.relu(self.hidden(self.dropout(torch.cat([*read, features], 1)))))

    loss = staticmethod(nn.functional.cross_entropy)


# Recipe: network, sequences of a batch.
RECIPES = {"2016": (Paper, 128), "2026": (Default, 256)}


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


def make_batches(network, lengths, size):
    lengths, packed, symbols = sorted(lengths), network.streams[0].packed, network.symbols
    batches = []
    for begin in range(0, len(lengths), size):
        own = lengths[begin:begin + size]
        streams = [stream(own, symbols[0], packed),
                   stream([n // 2 for n in own], symbols[1], packed),
                   stream([n - n // 2 for n in own], symbols[2], packed)]
        label = torch.randint(2, (len(own), 1)).float()
        batches.append((streams, torch.rand(len(own), network.features),
                        torch.cat([label, 1 - label], 1)))
    return batches


def epoch(network, optimiser, batches):
    network.train()
    begun = time.process_time()
    for streams, features, target in batches:
        optimiser.zero_grad()
        network.loss(network(streams, features), target).backward()
        optimiser.step()
    return time.process_time() - begun


def predict(network, batches):
    network.eval()
    begun = time.process_time()
    with torch.no_grad():
        for streams, features, _ in batches:
            network(streams, features)
    return time.process_time() - begun


def variants(recipe, lengths):
    """Name of the measurement and of the variant -> a function that takes it once."""
    taken, (make, batch) = {}, RECIPES[recipe]
    for packed in (False, True):
        network = make(packed)
        optimiser = torch.optim.Adam(network.parameters())
        name = "packed" if packed else "padded"
        batches = make_batches(network, lengths, batch)
        taken["epoch", name] = lambda n=network, o=optimiser, b=batches: epoch(n, o, b)
        for size in (batch, 1024):
            larger = make_batches(network, lengths, size)
            taken["predict", f"{name} by {size}"] = lambda n=network, b=larger: predict(n, b)
    return taken


def main():
    parser = argparse.ArgumentParser(description="times the network in PyTorch")
    parser.add_argument("--recipe", choices=RECIPES, default="2016")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--count", type=int, default=6628)
    parser.add_argument("files", nargs="*")
    options = parser.parse_args()
    torch.set_num_threads(1)
    random.seed(1)
    torch.manual_seed(1)
    lengths = sum(map(read_lengths, options.files), []) or draw_lengths(options.count)
    measurements = variants(options.recipe, lengths)
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
