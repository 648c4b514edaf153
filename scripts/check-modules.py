#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks every #include of the project against the module arrows in doc/architecture.md.

The arrows are in a block that begins with ```modules, one line for each module:
`fold -> base` says that files of src/fold may include headers of src/base. Arrows must form no
cycle. Headers of include/deepmirgene belong to the module whose name they carry, only seqio
and the facade src/version.c may include htslib, and only baseline libsvm.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]', re.M)
PUBLIC = {  # public header -> module that defines what it declares
    "status": "base", "output": "base", "version": "base", "cpu": "base", "seqio": "seqio",
    "fold": "fold", "hairpins": "fold", "pairing": "fold", "features": "features", "encode": "encode", "architecture": "model", "model": "model",
    "calibration": "model",
    "metrics": "metrics", "train": "train", "partition": "train",
    "dataset_check": "train", "baseline": "baseline", "report": "report", "html_report": "report",
    "classify": "classify", "crossval": "crossval", "explain": "explain", "scan": "scan", "mature": "mature", "homology": "homology",
}


def read_arrows():
    text = (ROOT / "doc/architecture.md").read_text()
    block = re.search(r"^```modules\n(.*?)^```", text, re.M | re.S)
    if not block:
        sys.exit("doc/architecture.md has no ```modules block")
    arrows = {}
    for line in block.group(1).splitlines():
        module, _, targets = line.partition("->")
        arrows[module.strip()] = set(targets.split())
    return arrows


def find_cycle(arrows):
    done, path = set(), []

    def visit(module):
        if module in path:
            return path[path.index(module):] + [module]
        if module in done:
            return None
        path.append(module)
        for target in sorted(arrows.get(module, ())):
            cycle = visit(target)
            if cycle:
                return cycle
        path.pop()
        done.add(module)
        return None

    for module in sorted(arrows):
        cycle = visit(module)
        if cycle:
            return cycle
    return None


def owner(kind, header):
    """The module that an included header belongs to; None for the system's."""
    parts = header.split("/")
    if parts[0] == "deepmirgene":
        return PUBLIC.get(parts[1].removesuffix(".h"))
    if kind == '"' and len(parts) > 1:
        return parts[0]
    return None


def main():
    arrows = read_arrows()
    faults = []
    cycle = find_cycle(arrows)
    if cycle:
        faults.append("the arrows form a cycle: " + " -> ".join(cycle))
    for path in sorted((ROOT / "src").rglob("*.[ch]")) + sorted((ROOT / "cli").glob("*.[ch]")):
        name = path.relative_to(ROOT)
        module = name.parts[1] if name.parts[0] == "src" else "cli"
        if name.parts == ("src", "version.c"):
            continue  # the facade names what all modules rely on
        if module not in arrows:
            faults.append(f"{name}: module '{module}' has no line in doc/architecture.md")
            continue
        for kind, header in INCLUDE.findall(path.read_text()):
            if header.startswith("htslib/") and module != "seqio":
                faults.append(f"{name}: includes {header}; only seqio may")
            if header.startswith("libsvm/") and module != "baseline":
                faults.append(f"{name}: includes {header}; only baseline may")
            target = owner(kind, header)
            if module == "cli":
                if kind == '"' and "/" in header and not header.startswith("deepmirgene/"):
                    faults.append(f"{name}: includes {header}; the program sees public headers only")
            elif target and target != module and target not in arrows[module]:
                faults.append(f"{name}: includes {header}, but there is no arrow {module} -> {target}")
    for fault in faults:
        print(fault)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
