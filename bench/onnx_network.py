#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the network of a recipe, with random weights, as a file for ONNX Runtime.

    onnx_network.py 2016|2026 OUT.onnx

Inputs are the tokens of each stream, [steps][sequences], and the features of the default network,
[sequences][108]; the output is [sequences][2]. The gates are sigmoid, which ONNX Runtime has fused,
where ours are hard sigmoid; padding counts as steps. The file is in the format of Protocol Buffers,
of which this writes what is needed (github.com/onnx/onnx, onnx/onnx.proto: the numbers of fields).
"""
import random
import struct
import sys

FLOAT, INT32, INT64 = 1, 6, 7
IR_VERSION, OPSET = 8, 17
FEATURES = 12 * 9


# --- messages of Protocol Buffers

def varint(number):
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def field(number, value):
    """An integer, or bytes or text or a message, of this number."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    packed = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(packed)) + packed


def fields(*pairs):
    return b"".join(field(number, value) for number, value in pairs)


def attribute(name, value):
    if isinstance(value, str):
        return fields((1, name), (4, value), (20, 3))
    if isinstance(value, list):
        return fields((1, name), *((8, entry) for entry in value), (20, 7))
    return fields((1, name), (3, value), (20, 2))


def value_info(name, kind, shape):
    """A dimension is a number or, where it varies, a name."""
    dimensions = fields(*((1, field(1 if isinstance(size, int) else 2, size)) for size in shape))
    return fields((1, name), (2, field(1, fields((1, kind), (2, dimensions)))))


class Graph:
    """Nodes in the order of their computation, weights, inputs."""

    def __init__(self):
        self.nodes, self.weights, self.inputs = [], [], []
        self.random = random.Random(1)

    def input(self, name, kind, shape):
        self.inputs.append(value_info(name, kind, shape))
        return name

    def tensor(self, kind, shape, data):
        name = f"w{len(self.weights)}"
        sizes = [(1, size) for size in shape]
        self.weights.append(fields(*sizes, (2, kind), (8, name), (9, data)))
        return name

    def weight(self, *shape):
        count = 1
        for size in shape:
            count *= size
        values = [self.random.uniform(-0.3, 0.3) for _ in range(count)]
        return self.tensor(FLOAT, shape, struct.pack(f"<{count}f", *values))

    def integers(self, *values):
        return self.tensor(INT64, [len(values)], struct.pack(f"<{len(values)}q", *values))

    def node(self, operation, inputs, outputs=1, **attributes):
        names = [f"x{len(self.nodes)}.{k}" for k in range(outputs)]
        self.nodes.append(fields(
            *((1, name) for name in inputs), *((2, name) for name in names), (4, operation),
            *((5, attribute(*pair)) for pair in attributes.items())))
        return names if outputs > 1 else names[0]

    def dense(self, inputs, width, units, activation):
        x = self.node("Concat", inputs, axis=1) if len(inputs) > 1 else inputs[0]
        x = self.node("Gemm", [x, self.weight(width, units), self.weight(units)])
        return self.node(activation, [x])

    def stream(self, name, symbols, embedding, units, directions, pooled):
        """What the dense layers read of a stream: [sequences][...]."""
        tokens = self.input(name, INT32, ["steps of " + name, "sequences"])
        x = self.node("Gather", [self.weight(symbols + 1, embedding), tokens])
        states, last, _ = self.node(
            "LSTM", [x, self.weight(directions, 4 * units, embedding),
                     self.weight(directions, 4 * units, units), self.weight(directions, 8 * units)],
            outputs=3, hidden_size=units, direction="bidirectional" if directions > 1 else "forward")
        summaries = [last]
        if pooled:
            summaries += [self.node(operation, [states], axes=[0], keepdims=0)
                          for operation in ("ReduceMean", "ReduceMax")]
        shape = self.integers(-1, directions * units)
        return [self.node("Reshape", [self.node("Transpose", [own], perm=[1, 0, 2]), shape])
                for own in summaries]

    def file(self, output):
        graph = fields(*((1, node) for node in self.nodes), (2, "network"),
                       *((5, weight) for weight in self.weights), *((11, own) for own in self.inputs),
                       (12, value_info(output, FLOAT, ["sequences", 2])))
        return fields((1, IR_VERSION), (8, field(2, OPSET)), (7, graph))


def paper(graph):
    sequence, forward, backward = (graph.stream(name, symbols, symbols, 10, 1, False)
                                   for name, symbols in (("sequence", 4), ("forward", 3), ("backward", 3)))
    a = graph.dense(sequence, 10, 2, "Sigmoid")
    b = graph.dense(forward + backward, 20, 2, "Sigmoid")
    return graph.dense([a, b], 4, 2, "Sigmoid")


def default(graph):
    read = graph.stream("sequence", 4, 4, 16, 2, True)
    for name in ("forward", "backward"):
        read += graph.stream(name, 16, 6, 16, 1, True)
    read.append(graph.input("features", FLOAT, ["sequences", FEATURES]))
    return graph.dense([graph.dense(read, 4 * 3 * 16 + FEATURES, 32, "Relu")], 32, 2, "Softmax")


def main():
    recipe, path = sys.argv[1:]
    graph = Graph()
    output = {"2016": paper, "2026": default}[recipe](graph)
    with open(path, "wb") as out:
        out.write(graph.file(output))


main()
