# SPDX-License-Identifier: MIT
"""The Python door: door.py predict|scan FILE prints what the program prints."""
import json
import math
import sys

import deepmirgene


def read(path):
    """Records of a FASTA file, structures included."""
    records, parts = [], None
    for line in open(path):
        line = line.strip()
        if line.startswith(">"):
            parts = [line[1:].split()[0], "", ""]
            records.append(parts)
        elif line and line[0] in ".()":
            parts[2] += line.split()[0]
        else:
            parts[1] += line
    return [(name, sequence, structure or None) for name, sequence, structure in records]


def cells(arm):
    """A mature sequence, as the table has it."""
    return (f"{arm.start}-{arm.end}", f"{arm.p:.3f}") if arm else ("NA", "NA")


def predict(path):
    print("id\tlength\tp_mirna\tcall\tmfe\tstructure\tflags\thairpin_start\thairpin_end"
          "\tmature_5p\tp_5p\tmature_3p\tp_3p")
    for p in deepmirgene.predict(read(path), "human", mature=True):
        scored = not math.isnan(p.p_mirna)
        print(p.id, p.length, f"{p.p_mirna:.6g}" if scored else "NA", p.call,
              "NA" if math.isnan(p.mfe) else f"{p.mfe:.2f}", p.structure if scored else "NA",
              ",".join(p.flags) or "-", p.hairpin_start or "NA", p.hairpin_end or "NA",
              *cells(p.mature_5p), *cells(p.mature_3p), sep="\t")


def scan(path):
    for locus in deepmirgene.scan(dict(r[:2] for r in read(path)), "human", threshold=0.5,
                                  mature=True):
        print(json.dumps(locus._asdict()))


{"predict": predict, "scan": scan}[sys.argv[1]](sys.argv[2])
