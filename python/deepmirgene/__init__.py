# SPDX-License-Identifier: MIT
"""Precursors of microRNAs, found by folding and small LSTMs.

    import deepmirgene as dmg

    for p in dmg.predict("hairpins.fa"):
        print(p.id, p.p_mirna, p.call)
    table = dmg.predict(["UGGGAUGAGGUAGUAGG..."]).to_pandas()
    loci = dmg.scan("virus.fa", threshold=0.5)
    dmg.explain("UGGGAUGAGGUAGUAGG...")          # shows itself in a notebook
    model = dmg.train("precursors.fa", "others.fa", epochs=100)
"""
from ._library import (DeepmirgeneError, FileError, FormatError, Model, RangeError, Stopped,
                       UnsupportedError, builtin_models)
from ._native import ffi as _ffi
from ._native import lib as _lib
from ._records import Record
from .classify import Arm, Fold, Prediction, Stream, fold, predict
from .explain import Explanation, explain
from .scan import Loci, scan
from .training import crossval, evaluate, metrics, train

__version__ = _ffi.string(_lib.shim_version()).decode()
__all__ = ["Arm", "DeepmirgeneError", "Explanation", "FileError", "Fold", "FormatError", "Loci", "Model",
           "Prediction", "PreMiRNAClassifier", "RangeError", "Record", "Stopped", "Stream",
           "UnsupportedError", "builtin_models", "crossval", "evaluate", "explain", "fold",
           "metrics", "predict", "scan", "train"]


def __getattr__(name):
    """The estimator is loaded when it is asked for, as it needs scikit-learn."""
    if name == "PreMiRNAClassifier":
        from .sklearn import PreMiRNAClassifier

        return PreMiRNAClassifier
    raise AttributeError(f"module 'deepmirgene' has no attribute {name!r}")
