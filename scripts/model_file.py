# SPDX-License-Identifier: MIT
"""Model files (include/deepmirgene/model.h) read and written by scripts."""
import json
import pathlib
import struct

ALIGNMENT = 64


def read(path):
    """(header, bytes of the tensors)"""
    data = pathlib.Path(path).read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    return json.loads(data[8:8 + size]), data[8 + size:]


def fnv(hash_, data):
    for byte in data:
        hash_ = (hash_ ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return hash_


def write(path, header, tensors):
    """With the checksum of what is written."""
    metadata = header["__metadata__"]
    start = 0xCBF29CE484222325
    total = fnv(start, tensors)
    for key, value in metadata.items():
        if key != "checksum":
            total += fnv(start, key.encode() + b"\0" + value.encode() + b"\0")
    metadata["checksum"] = f"{total & 0xFFFFFFFFFFFFFFFF:016x}"
    packed = json.dumps(header, separators=(",", ":")).encode()
    packed += b" " * (-len(packed) % ALIGNMENT)
    pathlib.Path(path).write_bytes(struct.pack("<Q", len(packed)) + packed + tensors)
