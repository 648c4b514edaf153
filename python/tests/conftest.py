# SPDX-License-Identifier: MIT
import pathlib
import random

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture
def hairpins():
    """A FASTA file with seven records."""
    return ROOT / "examples/hairpins.fa"


@pytest.fixture(scope="session")
def toy():
    """Hairpins, and the same letters shuffled: an easy problem."""
    generator = random.Random(1)
    complement = {"A": "U", "U": "A", "G": "C", "C": "G"}
    hairpins = []
    for _ in range(80):
        arm = [generator.choice("ACGU") for _ in range(28)]
        hairpins.append("".join(arm) + "GAAA" + "".join(complement[c] for c in reversed(arm)))
    return hairpins, ["".join(generator.sample(s, len(s))) for s in hairpins]


@pytest.fixture
def quick():
    """Options with which the toy problem is learned in a second."""
    return {"architecture": "deepmirgene-2016", "epochs": 20, "batch": 16, "learning_rate": 0.005}
