# SPDX-License-Identifier: MIT
"""Runs the tests of the Python package with pytest; 77 (skipped), with a word, where there is none."""
import pathlib
import sys

try:
    import pytest
except ImportError:
    print("skipped: python3-pytest is not installed")
    sys.exit(77)

sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", str(pathlib.Path(__file__).parent)]))
