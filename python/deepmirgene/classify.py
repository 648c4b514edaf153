# SPDX-License-Identifier: MIT
"""Folding and predicting."""
from __future__ import annotations

import math
import os
import struct
from functools import partial
from typing import Any, Callable, Generic, Iterator, NamedTuple, Optional, TypeVar, Union

from ._library import Model, Worker, call, error_of, progress_bar, thread_count
from ._native import ffi, lib
from ._records import chunks, path_of, records_of, text_of

__all__ = ["Arm", "Fold", "Prediction", "Stream", "fold", "predict"]

CHUNK_RECORDS, CHUNK_LETTERS = 2048, 1 << 18
CALLS = ("NA", "other", "pre-miRNA")
ITEM = struct.Struct("ddddqQQQqQQQQQQQ")  # shim_item in native/shim.c


class Arm(NamedTuple):
    """A mature sequence: positions from 1, both ends included, and the probability that it
    starts there, give or take a nucleotide."""

    start: int
    end: int
    p: float


class Prediction(NamedTuple):
    """What became of one record."""

    id: str
    length: int
    p_mirna: float  #: probability to be a precursor, 0 to 1; NaN where there is none
    call: str  #: "pre-miRNA", "other" or "NA"
    mfe: float  #: free energy of the structure, kcal/mol; NaN where there is none
    structure: Optional[str]  #: dot-bracket
    flags: tuple[str, ...]  #: "empty", "too_long", "ambiguous", "structure_given", ...
    sequence: str
    hairpin_start: Optional[int] = None  #: what was scored, from 1, both ends included: the whole
    hairpin_end: Optional[int] = None  #: record, or the best hairpin of a long one
    mature_5p: Optional[Arm] = None  #: with mature=True, where the arms are long enough
    mature_3p: Optional[Arm] = None


class Fold(NamedTuple):
    """A sequence with its structure of least free energy."""

    id: str
    sequence: str
    structure: Optional[str]
    mfe: float  #: kcal/mol; NaN where there is none


Row = TypeVar("Row", Prediction, Fold)


class Stream(Generic[Row]):
    """Results one by one, computed ahead of what is asked for; to be iterated over once."""

    def __init__(self, rows: Iterator[Row], fields: tuple[str, ...]) -> None:
        self._rows = rows
        self._fields = fields

    def __iter__(self) -> Iterator[Row]:
        return self._rows

    def __next__(self) -> Row:
        return next(self._rows)

    def close(self) -> None:
        """Ends the computation; nothing more comes."""
        self._rows.close()  # type: ignore[attr-defined]

    def to_list(self) -> list[Row]:
        """All results."""
        return list(self._rows)

    def to_pandas(self) -> Any:
        """All results as a DataFrame of pandas."""
        import pandas

        return pandas.DataFrame.from_records(list(self._rows), columns=list(self._fields))


def _flag_names() -> list[str]:
    names = []
    while (name := lib.dmg_flag_name(len(names))) != ffi.NULL:
        names.append(ffi.string(name).decode())
    return names


FLAGS = _flag_names()
_flag_sets: dict[int, tuple[str, ...]] = {}


def _flags(bits: int) -> tuple[str, ...]:
    if bits not in _flag_sets:
        _flag_sets[bits] = tuple(name for i, name in enumerate(FLAGS) if bits >> i & 1)
    return _flag_sets[bits]


def _prediction(sequence: str, structure: Optional[str], identity: str, item: tuple) -> Prediction:
    (mfe, p_mirna, p_5p, p_3p, _, _, length, _, verdict, flags, start, end,
     start_5p, end_5p, start_3p, end_3p) = item
    return Prediction(identity, length, p_mirna, CALLS[verdict], mfe, structure, _flags(flags),
                      sequence, start or None, end or None,
                      Arm(start_5p, end_5p, p_5p) if start_5p else None,
                      Arm(start_3p, end_3p, p_3p) if start_3p else None)


def _fold(sequence: str, structure: Optional[str], identity: str, item: tuple) -> Fold:
    return Fold(identity, sequence, structure, item[0])


def _rows(results: Any, make: Callable[..., Row]) -> list[Row]:
    """The results of one call of the library."""
    if results.count == 0:
        return []
    text = bytes(ffi.buffer(results.text, results.used))
    items = ffi.buffer(ffi.cast("char *", results.items), results.count * ITEM.size)
    rows, at = [], 0
    for item in ITEM.iter_unpack(items):
        ends = at + item[5], at + item[5] + item[6], at + item[5] + item[6] + item[7]
        identity = text[at:ends[0]].decode("utf-8", "surrogateescape")
        sequence = text[ends[0]:ends[1]].decode("ascii")
        structure = text[ends[1]:ends[2]].decode("ascii") if item[7] else None
        rows.append(make(sequence, structure, identity, item))
        at = ends[2]
    return rows


class Classifier:
    """A classifier of the library with the results of its last call."""

    def __init__(self, worker: Worker, model: Optional[Model], threads: Optional[int],
                 threshold: float, prior: Optional[float], mature: bool = False) -> None:
        options = ffi.new("shim_options *")
        options.model = model.pointer if model else ffi.NULL
        options.threads = thread_count(threads)
        options.threshold = threshold
        options.prior = prior or 0
        options.mature = mature
        options.stop = worker.stop
        out = ffi.new("dmg_classifier **")
        call(lib.shim_classifier, out, options)
        self.pointer = ffi.gc(out[0], lib.dmg_classifier_destroy)
        self._kept = (worker, model)  # they must outlive it

    def run(self, function: Callable, *arguments: Any) -> tuple[Any, Optional[Exception]]:
        """The results and, if there is one, the error that came after them."""
        results = ffi.gc(ffi.new("shim_results *"), lib.shim_results_clear)
        err = ffi.new("dmg_error *")
        status = function(results, self.pointer, *arguments, err)
        return results, None if status == lib.DMG_OK else error_of(status, err)


def _calls(classifier: Classifier, records: Any) -> Iterator[Callable[[], Any]]:
    """Calls of the library that classify one chunk each."""
    path = path_of(records)
    if path is None:
        for chunk in chunks(records_of(records), CHUNK_RECORDS):
            text = text_of(chunk)
            yield partial(classifier.run, lib.shim_classify_text, text, len(text), len(chunk))
        return
    out = ffi.new("dmg_reader **")
    call(lib.dmg_reader_open, out, os.fsencode(path))
    reader = ffi.gc(out[0], lib.dmg_reader_close)
    while True:
        yield partial(classifier.run, lib.shim_classify_next, reader, CHUNK_RECORDS, CHUNK_LETTERS)


def _stream(records: Any, model: Optional[Model], make: Callable[..., Row],
            threads: Optional[int], threshold: float, prior: Optional[float],
            progress: Optional[bool], mature: bool = False) -> Iterator[Row]:
    bar = progress_bar(progress, None, " records")
    with Worker() as worker:
        classifier = Classifier(worker, model, threads, threshold, prior, mature)
        pending = _calls(classifier, records)
        following = next(pending, None)
        future = worker.submit(following) if following else None
        while future:
            results, error = worker.wait(future)
            future = None
            # The next chunk is computed while this one is handed out; after a fault there is none.
            if not error and (results.count > 0 or path_of(records) is None):
                try:
                    following = next(pending, None)
                    future = worker.submit(following) if following else None
                except Exception as fault:  # of the caller's records, after those before it
                    error = fault
            yield from _rows(results, make)
            if bar is not None:
                bar.update(results.count)
            if error:
                raise error
    if bar is not None:
        bar.close()


def predict(records: Any, model: Union[Model, str, "os.PathLike[str]", bytes] = "general",
            threads: Optional[int] = None, *, threshold: float = 0.5,
            prior: Optional[float] = None, mature: bool = False,
            progress: Optional[bool] = False) -> Stream[Prediction]:
    """How probably each record is a precursor of a microRNA.

    `records` is one of: the path of a FASTA or FASTQ file (gzip or not); a sequence; (id, sequence)
    or (id, sequence, structure); a SeqRecord of Biopython; a dict of sequences by id; or an
    iterable of such records. A path is a path object, or a str that is not made of nucleotide
    letters alone. Results come in the order of the input, while it is read; a faulty record raises
    an exception that names it, after the results before it.

    `model` is a built-in model's name, a file's path or bytes, or a Model. `threads` None: all
    processors. `prior` is the share of precursors to state probabilities for; `mature` True finds the
    mature sequences. `progress` True shows a bar if tqdm is installed, None only on a terminal.

    >>> [p.call for p in predict(["GGGGAAAACCCC"])]
    ['other']
    """
    rows = _stream(records, Model.of(model), _prediction, threads, threshold, prior, progress,
                   mature)
    return Stream(rows, Prediction._fields)


def fold(records: Any, threads: Optional[int] = None, *,
         progress: Optional[bool] = False) -> Stream[Fold]:
    """Structures of least free energy, as RNAfold prints them; `records` as for predict.

    >>> next(fold("GGGGAAAACCCC")).structure
    '((((....))))'
    """
    return Stream(_stream(records, None, _fold, threads, 0.5, None, progress), Fold._fields)


def is_scored(prediction: Prediction) -> bool:
    """Whether there is a probability."""
    return not math.isnan(prediction.p_mirna)
