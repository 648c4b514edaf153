#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs the example programs: check.py DEEPMIRGENE PROGRAM...

Programs of one example, in several languages, print the same; what they print is what the program
says of the same sequence; and the code in doc/api.md is that of the examples.
"""
import os
import pathlib
import re
import subprocess
import sys

SOURCE = pathlib.Path(os.environ.get("DMG_SOURCE", "."))


def run(command, **how):
    return subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True, **how).stdout


def outputs(programs):
    """Example -> what all its programs print."""
    found = {}
    for program in programs:
        name = pathlib.Path(program).name.split("_")[1]
        text = run([program])
        assert found.setdefault(name, text) == text, f"{program} prints something else:\n{text}"
        assert text, f"{program} prints nothing"
    return found


def check_classify(deepmirgene, text):
    code = (SOURCE / "examples/classify.c").read_text()
    sequence = "".join(re.findall(r'"([ACGU]{5,})"', code))
    row = run([deepmirgene, "predict", "-"], input=f">x\n{sequence}\n", stderr=subprocess.DEVNULL)
    columns = row.splitlines()[1].split("\t")
    assert text == "\t".join([columns[3], columns[2], columns[4], columns[5]]) + "\n", text


def check_scan(deepmirgene, text):
    code = (SOURCE / "examples/scan.c").read_text()
    genome = "".join(re.findall(r'"([ACGT]{5,})"', code))
    rows = run([deepmirgene, "scan", "--format", "tsv", "--threshold", "0.5", "-"],
               input=f">genome\n{genome}\n", stderr=subprocess.DEVNULL)
    names, *rows = [row.split("\t") for row in rows.splitlines()]
    wanted = [0] + [names.index(n) for n in ("start", "end", "strand", "p_mirna")]
    assert rows, "the example's genome has no locus"
    assert text == "".join("\t".join(r[i] for i in wanted) + "\n" for r in rows), (text, rows)


def check_document():
    blocks = re.findall(r"^```c\n(.*?)^```", (SOURCE / "doc/api.md").read_text(), re.M | re.S)
    for example in sorted((SOURCE / "examples").glob("*.c")):
        code = example.read_text().split("\n", 1)[1]
        assert code in blocks, f"doc/api.md does not show {example.name} as it is"


def main():
    found = outputs(sys.argv[2:])
    check_classify(sys.argv[1], found["classify"])
    check_scan(sys.argv[1], found["scan"])
    se, aupr = map(float, re.findall(r"0\.\d+|1\.\d+", found["train"]))
    assert se > 0.5 and aupr > 0.9, found["train"]
    check_document()


if __name__ == "__main__":
    main()
