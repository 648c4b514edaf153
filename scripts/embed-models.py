#!/usr/bin/env python3
"""Turns model files into the C table of built-in models: embed-models.py OUT.c MODEL.safetensors...

Run by the build. The name of a model is its file's; the first one is the default.
"""
import pathlib
import sys


def main():
    output, *models = map(pathlib.Path, sys.argv[1:])
    lines = [
        "/* Written by scripts/embed-models.py at build time. */",
        '#include "model/builtin.h"',
        "",
    ]
    for number, model in enumerate(models):
        values = [str(byte) for byte in model.read_bytes()]
        lines.append(f"static const uint8_t model_{number}[] = {{")
        lines += ["    " + ", ".join(values[i : i + 24]) + "," for i in range(0, len(values), 24)]
        lines += ["};", ""]
    lines.append("const builtin_model builtin_models[] = {")
    for number, model in enumerate(models):
        lines.append(f'    {{"{model.stem}", model_{number}, sizeof model_{number}}},')
    lines += ["    {NULL, NULL, 0},", "};"]
    output.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
