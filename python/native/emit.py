#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes the C of the extension module: emit.py CDEF SHIM OUTPUT."""
import pathlib
import re
import sys

import cffi


def main():
    cdef, shim, output = map(pathlib.Path, sys.argv[1:])
    builder = cffi.FFI()
    declarations = re.sub(r"/\*.*?\*/", "", cdef.read_text(), flags=re.S)
    builder.cdef(declarations)
    builder.set_source("deepmirgene._native", shim.read_text())
    builder.emit_c_code(str(output))


if __name__ == "__main__":
    main()
