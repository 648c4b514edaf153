#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Turns files into a C table of built-in files (src/base/builtin.h): embed.py OUT.c TABLE FILE...

Run by the build. The name of an entry is that of its file without the extension.
"""
import pathlib
import sys


def main():
    output, table, *files = sys.argv[1:]
    lines = [
        "/* Written by scripts/embed.py at build time. */",
        '#include "base/builtin.h"',
        "",
    ]
    for number, file in enumerate(files):
        values = [str(byte) for byte in pathlib.Path(file).read_bytes()]
        lines.append(f"static const uint8_t file_{number}[] = {{")
        lines += ["    " + ", ".join(values[i : i + 24]) + "," for i in range(0, len(values), 24)]
        lines += ["};", ""]
    lines.append(f"const builtin_file {table}[] = {{")
    for number, file in enumerate(files):
        name = pathlib.Path(file).stem
        lines.append(f'    {{"{name}", file_{number}, sizeof file_{number}}},')
    lines += ["    {NULL, NULL, 0},", "};"]
    pathlib.Path(output).write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
