#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Gives a model a network of its own for long sequences.

    scripts/add-long.py MODEL LONG FROM FILE

FILE gets the network of MODEL, and that of LONG for sequences of FROM nucleotides or more, with its
calibration and what is recorded of its training. Both have one architecture.
"""
import sys

import model_file

PREFIX = "long."


def joined(header, size, longer):
    """The tensors of both, those of the second behind the first."""
    tensors = dict(header)
    for name, tensor in longer.items():
        if name != "__metadata__":
            begin, end = tensor["data_offsets"]
            tensors[PREFIX + name] = tensor | {"data_offsets": [begin + size, end + size]}
    return tensors


def main():
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    header, tensors = model_file.read(sys.argv[1])
    long_header, long_tensors = model_file.read(sys.argv[2])
    metadata, of_long = header["__metadata__"], long_header["__metadata__"]
    if metadata["architecture"] != of_long["architecture"]:
        sys.exit("the models have different architectures")
    metadata |= {"long_from": str(int(sys.argv[3])), "long_training": of_long["training"],
                 "long_calibration": of_long["calibration"]}
    model_file.write(sys.argv[4], joined(header, len(tensors), long_header), tensors + long_tensors)


if __name__ == "__main__":
    main()
