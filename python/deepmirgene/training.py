# SPDX-License-Identifier: MIT
"""Training, evaluating and cross-validating networks."""
from __future__ import annotations

import os
import random
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

    def train(self, worker: Worker, name: str, held_out: Optional[Sequence[bool]],
              progress: Optional[bool], given: dict) -> Model:
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
        done = ffi.new("int *")
        options.epochs_done, options.stop = done, worker.stop
        options.threads = self.threads
        if held_out is not None:
            kept.append(ffi.new("bool[]", list(held_out)))
            options.held_out = kept[-1]
        out = ffi.new("dmg_model **")
        bar = progress_bar(progress, options.epochs, " epochs")
        future = worker.submit(call, lib.shim_train, out, self.pointer, options)
        worker.wait(future, None if bar is None else lambda: bar.update(done[0] - bar.n))
        if bar is not None:
            bar.close()
        return Model.from_pointer(out[0])


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
        return dataset.train(worker, name, None, progress, given)


def evaluate(positive: Any, negative: Any,
             model: Union[Model, str, "os.PathLike[str]", bytes] = "general",
             threads: Optional[int] = None, *, threshold: float = 0.5) -> dict[str, float]:
    """Metrics of a model on labelled records, as `deepmirgene evaluate` has them."""
    with Worker() as worker:
        dataset = Dataset(worker, positive, negative, threads)
        scores = dataset.predict(worker, Model.of(model), None)
    return metrics(scores, dataset.labels, threshold)


def _folds(labels: Sequence[bool], count: int, seed: int) -> list[int]:
    """The part, 0 .. count-1, that holds each record out: as many of a class in each."""
    parts = [0] * len(labels)
    generator = random.Random(seed)
    for label in (True, False):
        members = [i for i, own in enumerate(labels) if own == label]
        generator.shuffle(members)
        for rank, i in enumerate(members):
            parts[i] = rank % count
    return parts


def crossval(positive: Any, negative: Any, threads: Optional[int] = None, *, folds: int = 5,
             seed: int = 1, threshold: float = 0.5, recipe: Optional[str] = None,
             architecture: Union[str, "os.PathLike[str]", None] = None,
             epochs: Optional[int] = None, batch: Optional[int] = None,
             learning_rate: Optional[float] = None, final_learning_rate: Optional[float] = None,
             loss: Optional[str] = None, weight_decay: Optional[float] = None,
             average_weights: Optional[int] = None, balanced: Optional[bool] = None,
             progress: Optional[bool] = False) -> dict[str, Any]:
    """Trains once for each of `folds` parts on the others and scores the part that was held out.
    "metrics" are those of all scores together, "folds" those of each part, "scores" and "labels"
    are in the order of the records. For grouped splits, repeats and figures use the program."""
    given = _options(recipe, architecture, epochs, batch, learning_rate, final_learning_rate, loss,
                     weight_decay, average_weights, balanced, seed)
    with Worker() as worker:
        dataset = Dataset(worker, positive, negative, threads)
        least = min(sum(dataset.labels), dataset.count - sum(dataset.labels))
        if not 2 <= folds <= least:
            raise ValueError(f"folds={folds} is not within 2 and the records of a class, {least}")
        parts = _folds(dataset.labels, folds, seed)
        scores = [0.0] * dataset.count
        by_fold = []
        for part in range(folds):
            held_out = [own == part for own in parts]
            members = [i for i, own in enumerate(parts) if own == part]
            model = dataset.train(worker, f"fold {part + 1}", held_out, progress, given)
            own = dataset.predict(worker, model, held_out)
            for i, score in zip(members, own):
                scores[i] = score
            by_fold.append(metrics(own, [dataset.labels[i] for i in members], threshold))
    return {"metrics": metrics(scores, dataset.labels, threshold), "folds": by_fold,
            "scores": scores, "labels": dataset.labels}
