# SPDX-License-Identifier: MIT
"""Training, evaluating and cross-validating networks."""
from __future__ import annotations

import math
import os
import tempfile
from typing import Any, Optional, Sequence, Union

from ._library import Model, Worker, call, progress_bar, thread_count
from ._native import ffi, lib
from ._records import path_of, records_of, text_of

__all__ = ["crossval", "evaluate", "metrics", "train"]


class Dataset:
    """Labelled, folded records."""

    def __init__(self, worker: Worker, positive: Any, negative: Any,
                 threads: Optional[int]) -> None:
        out = ffi.new("dmg_dataset **")
        call(lib.dmg_dataset_create, out)
        self.pointer = ffi.gc(out[0], lib.dmg_dataset_destroy)
        self.threads = thread_count(threads)
        for records, label in ((positive, True), (negative, False)):
            self._add(records, label)
        worker.run(call, lib.dmg_dataset_fold, self.pointer, self.threads, lib.DMG_CPU_AUTO)
        self.count = lib.dmg_dataset_count(self.pointer)
        labels = ffi.new("bool[]", max(self.count, 1))
        lib.shim_dataset_labels(labels, self.pointer)
        self.labels = [bool(labels[i]) for i in range(self.count)]

    def _add(self, records: Any, label: bool) -> None:
        path = path_of(records)
        if path is not None:
            call(lib.dmg_dataset_add, self.pointer, os.fsencode(path), label)
            return
        chosen = list(records_of(records))
        text = text_of(chosen) if chosen else b""
        labels = ffi.new("bool[]", [label] * len(chosen) or [label])
        call(lib.shim_dataset_add_text, self.pointer, text, len(text), len(chosen), labels)

    def predict(self, worker: Worker, model: Model, chosen: Optional[Sequence[bool]]) -> list[float]:
        count = self.count if chosen is None else sum(chosen)
        scores = ffi.new("float[]", max(count, 1))
        marks = ffi.NULL if chosen is None else ffi.new("bool[]", list(chosen))
        worker.run(call, lib.dmg_dataset_predict, scores, self.pointer, marks, model.pointer,
                   self.threads, lib.DMG_CPU_AUTO)
        return list(scores[0:count])

    def training_options(self, worker: Worker, name: str, given: dict) -> tuple[Any, list[Any]]:
        """The options of a training, and what they point to, which has to outlive them."""
        given = dict(given)
        options = ffi.new("shim_train_options *")
        recipe = given.pop("recipe")
        kept = [ffi.new("char[]", name.encode()), ffi.new("char[]", (recipe or "").encode())]
        call(lib.shim_train_recipe, options, kept[1] if recipe else ffi.NULL)
        options.name = kept[0]
        for key, value in given.items():
            if value is None:
                continue
            if isinstance(value, (str, os.PathLike)):
                kept.append(ffi.new("char[]", os.fsencode(value)))
                value = kept[-1]
            setattr(options, key, value)
        kept.append(ffi.new("int *"))
        options.epochs_done, options.stop = kept[-1], worker.stop
        options.threads = self.threads
        return options, kept

    def train(self, worker: Worker, name: str, progress: Optional[bool], given: dict) -> Model:
        options, kept = self.training_options(worker, name, given)
        out = ffi.new("dmg_model **")
        bar = progress_bar(progress, options.epochs, " epochs")
        future = worker.submit(call, lib.shim_train, out, self.pointer, options)
        done = options.epochs_done
        worker.wait(future, None if bar is None else lambda: bar.update(done[0] - bar.n))
        if bar is not None:
            bar.close()
        return Model.from_pointer(out[0])

    def crossval(self, worker: Worker, progress: Optional[bool], given: dict, folds: int,
                 members: int, tables: dict[str, Any]) -> list[tuple]:
        """Of each run the fold's name, the records and their scores."""
        training, kept = self.training_options(worker, "fold", given)
        options = ffi.new("shim_crossval_options *")
        options.folds, options.members = folds, members
        kept.append(ffi.new("int *"))
        options.epochs_done, options.epochs = training.epochs_done, kept[-1]
        out = ffi.new("dmg_crossval **")
        bar = progress_bar(progress, None, " epochs")

        def tick() -> None:
            bar.total = options.epochs[0] or None
            bar.update(options.epochs_done[0] - bar.n)

        with tempfile.TemporaryDirectory(prefix="deepmirgene-") as folder:
            for key, value in {**tables, "folder": folder}.items():
                if value is not None:
                    kept.append(ffi.new("char[]", os.fsencode(value)))
                    setattr(options, key, kept[-1])
            future = worker.submit(call, lib.shim_crossval, out, self.pointer, training, options)
            worker.wait(future, None if bar is None else tick)
        crossval = ffi.gc(out[0], lib.dmg_crossval_destroy)
        if bar is not None:
            bar.close()
        runs = (lib.dmg_crossval_get(crossval, i) for i in range(lib.dmg_crossval_count(crossval)))
        return [(ffi.string(run.fold).decode("utf-8", "replace"), list(run.records[0:run.count]),
                 list(run.scores[0:run.count])) for run in runs]


def metrics(scores: Sequence[float], labels: Sequence[bool],
            threshold: float = 0.5) -> dict[str, float]:
    """All metrics of scores on labelled records, by name: "SE", "PPV", "AUPR", ...; NaN where one
    is undefined."""
    count = len(scores)
    if len(labels) != count:
        raise ValueError(f"{count} scores and {len(labels)} labels")
    values = ffi.new("double[]", lib.shim_metrics())
    call(lib.dmg_metrics_values, values, ffi.new("float[]", list(scores) or [0]),
         ffi.new("bool[]", [bool(label) for label in labels] or [False]), count, threshold)
    return {ffi.string(lib.shim_metric_name(i)).decode(): values[i]
            for i in range(lib.shim_metrics())}


def _options(recipe: Optional[str], architecture: Any, epochs: Any, batch: Any, learning_rate: Any,
             final_learning_rate: Any, loss: Optional[str], weight_decay: Any,
             average_weights: Any, balanced: Any, seed: Any) -> dict:
    if loss not in (None, "squared-error", "cross-entropy"):
        raise ValueError(f"loss {loss!r} is neither 'squared-error' nor 'cross-entropy'")
    return {"recipe": recipe, "architecture": architecture, "epochs": epochs, "batch": batch,
            "learning_rate": learning_rate, "final_learning_rate": final_learning_rate,
            "cross_entropy": None if loss is None else loss == "cross-entropy",
            "weight_decay": weight_decay, "average_weights": average_weights,
            "balanced": balanced, "seed": seed}


def train(positive: Any, negative: Any, threads: Optional[int] = None, *, name: str = "model",
          recipe: Optional[str] = None,
          architecture: Union[str, "os.PathLike[str]", None] = None, epochs: Optional[int] = None,
          batch: Optional[int] = None, learning_rate: Optional[float] = None,
          final_learning_rate: Optional[float] = None, loss: Optional[str] = None,
          weight_decay: Optional[float] = None, average_weights: Optional[int] = None,
          balanced: Optional[bool] = None, seed: Optional[int] = None,
          progress: Optional[bool] = False) -> Model:
    """Trains a network on precursors and other sequences: paths or records, as predict takes them.
    `recipe` is a network with its options by name, "2016" or "2026"; what else is given replaces
    them, and without any they are those of `deepmirgene train`. The same data, options and seed
    give the same model for any number of threads."""
    given = _options(recipe, architecture, epochs, batch, learning_rate, final_learning_rate, loss,
                     weight_decay, average_weights, balanced, seed)
    with Worker() as worker:
        dataset = Dataset(worker, positive, negative, threads)
        return dataset.train(worker, name, progress, given)


def evaluate(positive: Any, negative: Any,
             model: Union[Model, str, "os.PathLike[str]", bytes] = "general",
             threads: Optional[int] = None, *, threshold: float = 0.5) -> dict[str, float]:
    """Metrics of a model on labelled records, as `deepmirgene evaluate` has them."""
    with Worker() as worker:
        dataset = Dataset(worker, positive, negative, threads)
        scores = dataset.predict(worker, Model.of(model), None)
    return metrics(scores, dataset.labels, threshold)


def crossval(positive: Any, negative: Any, threads: Optional[int] = None, *, folds: int = 5,
             groups: Union[str, "os.PathLike[str]", None] = None,
             splits: Union[str, "os.PathLike[str]", None] = None, members: int = 1,
             seed: int = 1, threshold: float = 0.5, recipe: Optional[str] = None,
             architecture: Union[str, "os.PathLike[str]", None] = None,
             epochs: Optional[int] = None, batch: Optional[int] = None,
             learning_rate: Optional[float] = None, final_learning_rate: Optional[float] = None,
             loss: Optional[str] = None, weight_decay: Optional[float] = None,
             average_weights: Optional[int] = None, balanced: Optional[bool] = None,
             progress: Optional[bool] = False) -> dict[str, Any]:
    """Trains once for each fold on the others and scores the fold that was held out. The folds and
    the scores are those of `deepmirgene crossval` with the same seed; `groups` and `splits` are
    tables as it reads them; with `members`, the score is the mean of that many networks.

    "scores" and "labels" are in the order of the records, NaN where a record is only trained on;
    "folds" are the metrics of each fold by its name, "metrics" those of all folds together but
    "test". The program also repeats, resumes, draws, and evaluates baselines."""
    given = _options(recipe, architecture, epochs, batch, learning_rate, final_learning_rate, loss,
                     weight_decay, average_weights, balanced, seed)
    with Worker() as worker:
        dataset = Dataset(worker, positive, negative, threads)
        runs = dataset.crossval(worker, progress, given, folds, members,
                                {"groups": groups, "splits": splits})
    labels, scores, by_fold, pooled = dataset.labels, [math.nan] * dataset.count, {}, []
    for name, records, own in runs:
        for record, score in zip(records, own):
            scores[record] = score
        by_fold[name] = metrics(own, [labels[i] for i in records], threshold)
        pooled += records if name != "test" else []
    return {"metrics": metrics([scores[i] for i in pooled], [labels[i] for i in pooled],
                               threshold),
            "folds": by_fold, "scores": scores, "labels": labels}
