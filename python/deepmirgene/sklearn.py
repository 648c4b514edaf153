# SPDX-License-Identifier: MIT
"""An estimator for scikit-learn: networks in pipelines and grid searches."""
from __future__ import annotations

from typing import Any, Optional

import numpy
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import check_is_fitted

from .classify import predict
from .training import train

__all__ = ["PreMiRNAClassifier"]


class PreMiRNAClassifier(ClassifierMixin, BaseEstimator):
    """A network that tells two classes of RNA sequences apart.

    X is an array or list of sequences (or one column of them). The larger label, as sorted, is the
    class of precursors. Parameters are those of `deepmirgene.train`; None leaves the program's
    default.
    """

    def __init__(self, recipe: Optional[str] = None, architecture: Optional[str] = None,
                 epochs: Optional[int] = None, batch: Optional[int] = None,
                 learning_rate: Optional[float] = None,
                 final_learning_rate: Optional[float] = None, loss: Optional[str] = None,
                 weight_decay: Optional[float] = None, average_weights: Optional[int] = None,
                 balanced: Optional[bool] = None, seed: Optional[int] = None,
                 threads: Optional[int] = None) -> None:
        self.recipe = recipe
        self.architecture = architecture
        self.epochs = epochs
        self.batch = batch
        self.learning_rate = learning_rate
        self.final_learning_rate = final_learning_rate
        self.loss = loss
        self.weight_decay = weight_decay
        self.average_weights = average_weights
        self.balanced = balanced
        self.seed = seed
        self.threads = threads

    def _more_tags(self) -> dict:
        return {"X_types": ["string"], "binary_only": True, "no_validation": True}

    @staticmethod
    def _sequences(X: Any) -> list[str]:
        """X as sequences; a table must have one column."""
        array = numpy.asarray(X, dtype=object)
        if array.ndim == 2 and array.shape[1] == 1:
            array = array[:, 0]
        if array.ndim != 1:
            raise ValueError(f"X of shape {array.shape}: expected sequences, or one column of them")
        if not all(isinstance(sequence, str) for sequence in array):
            raise ValueError("X holds something else than sequences of letters")
        return list(array)

    def fit(self, X: Any, y: Any) -> "PreMiRNAClassifier":
        """Trains on sequences X with labels y."""
        sequences, labels = self._sequences(X), numpy.asarray(y)
        if labels.shape != (len(sequences),):
            raise ValueError(f"{len(sequences)} sequences and labels of shape {labels.shape}")
        self.classes_ = numpy.unique(labels)
        if len(self.classes_) != 2:
            raise ValueError(f"y has {len(self.classes_)} classes; exactly 2 are expected")
        options = {name: value for name, value in self.get_params(deep=False).items()}
        positive = [s for s, label in zip(sequences, labels) if label == self.classes_[1]]
        negative = [s for s, label in zip(sequences, labels) if label == self.classes_[0]]
        self.model_ = train(positive, negative, **options)
        self.n_features_in_ = 1
        return self

    def predict_proba(self, X: Any) -> "numpy.ndarray":
        """[sequences, 2]: the probabilities of both classes."""
        check_is_fitted(self)
        sequences = self._sequences(X)
        rows = predict(sequences, self.model_, self.threads)
        p = numpy.fromiter((row.p_mirna for row in rows), dtype=float, count=len(sequences))
        return numpy.column_stack([1 - p, p])

    def predict(self, X: Any) -> "numpy.ndarray":
        """The more probable class of each sequence."""
        probable = self.predict_proba(X)[:, 1] >= 0.5
        return self.classes_[probable.astype(int)]
