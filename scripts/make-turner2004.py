#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the tables of src/fold from a ViennaRNA parameter file (format 2.0).

    scripts/make-turner2004.py rna_turner2004.par > src/fold/turner2004.c
    scripts/make-turner2004.py rna_turner2004.par --enthalpies > src/fold/turner2004_enthalpies.c

The input is checked rather than trusted, because a release of the file once carried a misprint
(-1i40 for -140): every token must be an integer, every section must have the size of its indices,
and tables that describe a loop from both of its ends must be symmetric.
"""
import itertools
import re
import sys

PAIRS = 6  # CG GC GU UG AU UA; the file has a seventh, NN, that no sequence reaches
BASES = 5  # N A C G U
UNUSED = 32767  # loop sizes that do not exist
LONG_LOOP = 107.856

# section -> (name in the struct, shape in the file)
TABLES = {
    "stack": ("stack", (7, 7)),
    "mismatch_hairpin": ("mismatch_hairpin", (7, 5, 5)),
    "mismatch_internal": ("mismatch_interior", (7, 5, 5)),
    "mismatch_internal_1n": ("mismatch_interior_1n", (7, 5, 5)),
    "mismatch_internal_23": ("mismatch_interior_23", (7, 5, 5)),
    "mismatch_multi": ("mismatch_multi", (7, 5, 5)),
    "mismatch_exterior": ("mismatch_exterior", (7, 5, 5)),
    "dangle5": ("dangle5", (7, 5)),
    "dangle3": ("dangle3", (7, 5)),
    "int11": ("int11", (7, 7, 5, 5)),
    "int21": ("int21", (7, 7, 5, 5, 5)),
    "int22": ("int22", (6, 6, 4, 4, 4, 4)),
    "hairpin": ("hairpin", (31,)),
    "bulge": ("bulge", (31,)),
    "internal": ("interior", (31,)),
}
SPECIAL = {"Triloops": 3, "Tetraloops": 4, "Hexaloops": 6}  # section -> unpaired bases


def fail(message):
    sys.exit(f"make-turner2004: {message}")


def read_sections(path):
    """section -> its tokens, comments removed."""
    with open(path, encoding="ascii") as file:
        lines = re.sub(r"/\*.*?\*/", " ", file.read(), flags=re.S).splitlines()
    if lines[0].strip() != "## RNAfold parameter file v2.0":
        fail(f"{path}: not a parameter file of format 2.0")
    sections, tokens = {}, None
    for line in lines[1:]:
        if line.startswith("#"):
            tokens = sections.setdefault(line[1:].strip(), [])
        elif line.split():
            tokens.extend(line.split())
    if "END" not in sections:
        fail(f"{path}: no #END, the file is cut")
    return sections


def numbers(sections, name, count):
    tokens = sections.get(name) or fail(f"section {name} is missing")
    if len(tokens) != count:
        fail(f"section {name} has {len(tokens)} entries, {count} expected")
    values = []
    for token in tokens:
        if token == "INF":
            values.append(UNUSED)
        elif re.fullmatch(r"-?[0-9]+", token):
            values.append(int(token))
        else:
            fail(f"section {name}: '{token}' is not a number")
    return values


def read_tables(sections, enthalpies):
    """name in the struct -> {index tuple: value}, pair type NN left out."""
    tables = {}
    for section, (name, shape) in TABLES.items():
        section += "_enthalpies" * enthalpies
        count = 1
        for extent in shape:
            count *= extent
        indices = itertools.product(*map(range, shape))
        tables[name] = {
            index: value
            for index, value in zip(indices, numbers(sections, section, count))
            if not any(extent == 7 and i >= PAIRS for i, extent in zip(index, shape))
        }
    tables["int22"] = with_n(tables["int22"])
    return tables


def with_n(table):
    """int22 of A C G U -> int22 of N A C G U: an N counts as the worst of the four."""
    def bases(code):
        return range(4) if code == 0 else (code - 1,)

    return {
        pairs + codes: max(table[pairs + inner] for inner in itertools.product(*map(bases, codes)))
        for pairs in itertools.product(range(PAIRS), repeat=2)
        for codes in itertools.product(range(BASES), repeat=4)
    }


def check_tables(tables, enthalpies):
    """A loop read from its other end has the same energy; dangling ends never cost free energy."""
    for (t, u), value in tables["stack"].items():
        if tables["stack"][u, t] != value:
            fail(f"stack is not symmetric at {t} {u}")
    for (t, u, a, b), value in tables["int11"].items():
        if tables["int11"][u, t, b, a] != value:
            fail(f"int11 is not symmetric at {t} {u} {a} {b}")
    for (t, u, a, b, c, d), value in tables["int22"].items():
        if tables["int22"][u, t, c, d, a, b] != value:
            fail(f"int22 is not symmetric at {t} {u} {a} {b} {c} {d}")
    for name in ("mismatch_multi", "mismatch_exterior", "dangle5", "dangle3"):
        if not enthalpies and max(tables[name].values()) > 0:
            fail(f"{name} has a positive entry")
    sizes = {"hairpin": 3, "bulge": 1, "interior": 2}
    for name, table in tables.items():
        unused = [index for index, value in table.items() if value == UNUSED]
        if unused != [(i,) for i in range(sizes.get(name, 0))]:
            fail(f"{name}: INF where a number is expected, or the other way round")


def read_scalars(sections, enthalpies):
    """Each free energy of the file has its enthalpy behind it, but the largest asymmetry: that is taken
    to be reached by as many bases as with free energies."""
    base, closing, stem = numbers(sections, "ML_params", 6)[enthalpies::2]
    if base != 0:
        fail("unpaired bases of multiloops cost something: the fill relies on zero")
    *ninio, ninio_max = numbers(sections, "NINIO", 3)
    return {
        "long_loop": 0 if enthalpies else LONG_LOOP,
        "ninio": ninio[enthalpies],
        "ninio_max": ninio_max * ninio[enthalpies] // ninio[0],
        "terminal_au": numbers(sections, "Misc", 4)[2 + enthalpies],
        "multi_closing": closing,
        "multi_stem": stem,
    }


def read_special(sections, enthalpies):
    loops = []
    for section, size in SPECIAL.items():
        tokens = sections.get(section) or fail(f"section {section} is missing")
        for letters, *values in zip(*[iter(tokens)] * 3):
            energy = values[enthalpies]
            if not re.fullmatch(f"[ACGU]{{{size + 2}}}", letters):
                fail(f"{section}: '{letters}' is not {size + 2} letters of ACGU")
            if not re.fullmatch(r"-?[0-9]+", energy):
                fail(f"{section}: '{energy}' is not a number")
            loops.append((size, letters, int(energy)))
    return loops


def write(tables, scalars, special, enthalpies):
    print("/* SPDX-License-Identifier: MIT */")
    what = "enthalpies" if enthalpies else "free energies at 37 C"
    print(f"/* Turner 2004 nearest-neighbour {what}, in dcal/mol.")
    print(" *")
    print(" * GENERATED by scripts/make-turner2004.py from a ViennaRNA parameter file (format 2.0,")
    print(" * rna_turner2004.par); not to be edited. The numbers are those of Mathews et al. 2004, PNAS")
    print(" * 101:7287, as collected in the nearest neighbour database (Turner & Mathews 2010, NAR")
    print(" * 38:D280). int22 with an N is the maximum over the four bases; params.h gives the order of")
    print(" * the indices. 32767 stands for loop sizes that do not exist.")
    print(" */")
    print('#include "fold/params.h"\n')
    print("/* clang-format off */")
    print(f"const dmg_fold_params dmg_turner2004{'_enthalpies' * enthalpies} = {{")
    for name, table in tables.items():
        print(f".{name} =", braces(table))
    for name, value in scalars.items():
        print(f".{name} = {value},")
    print(".special = {")
    for size, letters, energy in special:
        print(f'{{{size}, "{letters}", {energy}}},')
    print("},\n};")
    print("/* clang-format on */")


def braces(table):
    """A table as nested initialisers; the innermost two levels stand on one line."""
    shape = [last + 1 for last in max(table)]

    def level(prefix):
        depth = len(shape) - len(prefix)
        if depth == 0:
            return str(table[prefix])
        inner = [level(prefix + (i,)) for i in range(shape[len(prefix)])]
        return "{" + (",\n" if depth > 2 else ",").join(inner) + "}"

    return level(()) + ","


def main():
    enthalpies = sys.argv[2:] == ["--enthalpies"]
    if len(sys.argv) != 2 + enthalpies:
        fail("usage: make-turner2004.py rna_turner2004.par [--enthalpies] > turner2004.c")
    sections = read_sections(sys.argv[1])
    tables = read_tables(sections, enthalpies)
    check_tables(tables, enthalpies)
    write(tables, read_scalars(sections, enthalpies), read_special(sections, enthalpies),
          enthalpies)


if __name__ == "__main__":
    main()
