#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Whether the enthalpies agree with the temperatures of RNAfold.

    bench/enthalpy_agreement.py BUILD RNAFOLD FILE... [--records N]

RNAfold prints no enthalpy, but the free energy of a given structure at any temperature, which falls by the
entropy with each degree. So the enthalpy is G(37) + 310.15 (G(7) - G(67)) / 60 up to the rounding of the loops
at 7 and at 67 C. Structures are those of RNAfold at 37 C of N records of each file. Those with an interior loop
that is longer on one side by four bases or more are counted, but not compared: RNAfold's cost of asymmetry has the
same upper limit at every temperature.
"""
import argparse
import pathlib
import re
import statistics
import subprocess

KELVIN, FOLDING, COLD, WARM, ASYMMETRY = 273.15, 37, 7, 67, 4


def read_records(path, count):
    records = [part.split("\n", 1) for part in pathlib.Path(path).read_text().split(">")[1:]]
    return ["".join(sequence.split()).upper().replace("T", "U") for _, sequence in records[:count]]


def fold(rnafold, records, temperature, structures=None):
    """[(structure, free energy)]; of the given structures, if any."""
    text, options = "", ["--noPS", "-T", str(temperature)]
    if structures:
        options += ["-C", "--enforceConstraint"]
    for i, record in enumerate(records):
        text += f">{i}\n{record}\n" + (structures[i].replace(".", "x") + "\n" if structures else "")
    out = subprocess.run([rnafold, *options], input=text, capture_output=True, text=True, check=True).stdout
    return [(found[1], float(found[2])) for found in re.finditer(r"^([().]+) \( *(-?[0-9.]+)\)$", out, re.M)]


def largest_asymmetry(structure):
    partner, open_, largest = {}, [], 0
    for i, letter in enumerate(structure):
        if letter == "(":
            open_.append(i)
        elif letter == ")":
            partner[open_.pop()] = i
    for i, j in partner.items():
        p = next((k for k in range(i + 1, j) if structure[k] != "."), j)
        if p == j or set(structure[partner[p] + 1:j]) - {"."}:
            continue
        left, right = p - i - 1, j - partner[p] - 1
        if left and right:
            largest = max(largest, abs(left - right))
    return largest


def read_enthalpies(program, records, structures):
    text = "".join(f">{i}\n{record}\n{structure}\n" for i, (record, structure) in enumerate(zip(records, structures)))
    out = subprocess.run([program, "features", "-"], input=text, capture_output=True, text=True, check=True).stdout
    rows = [line.split("\t") for line in out.splitlines()]
    return [float(row[rows[0].index("dH")]) for row in rows[1:]]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("rnafold", type=pathlib.Path)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--records", type=int, default=200)
    options = parser.parse_args()
    print("| sequences | compared | mean enthalpy | mean difference | standard deviation | largest | not compared |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for path in options.files:
        records = read_records(path, options.records)
        folded = fold(options.rnafold, records, FOLDING)
        structures = [structure for structure, _ in folded]
        cold, warm = (fold(options.rnafold, records, t, structures) for t in (COLD, WARM))
        ours = read_enthalpies(options.build / "cli/deepmirgene", records, structures)
        compared = [i for i, structure in enumerate(structures)
                    if cold[i][0] == warm[i][0] == structure and largest_asymmetry(structure) < ASYMMETRY]
        differences = [ours[i] - folded[i][1] - (FOLDING + KELVIN) * (cold[i][1] - warm[i][1]) / (WARM - COLD)
                       for i in compared]
        print(f"| {pathlib.Path(path).name} | {len(compared)} | {statistics.mean(ours):.1f} | "
              f"{statistics.mean(differences):+.2f} | {statistics.pstdev(differences):.2f} | "
              f"{max(map(abs, differences)):.2f} | {len(records) - len(compared)} |", flush=True)


if __name__ == "__main__":
    main()
