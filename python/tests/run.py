# SPDX-License-Identifier: MIT
"""Runs the tests of the Python package with pytest: run.py [PROGRAM], to compare with the program.
77 (skipped), with a word, where there is no pytest."""
import os
import pathlib
import sys

try:
    import pytest
except ImportError:
    print("skipped: python3-pytest is not installed")
    sys.exit(77)

if len(sys.argv) > 1:
    os.environ["DMG_PROGRAM"] = os.path.abspath(sys.argv[1])
sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", str(pathlib.Path(__file__).parent)]))
