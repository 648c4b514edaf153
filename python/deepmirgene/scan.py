# SPDX-License-Identifier: MIT
"""The precursors of a genome."""
from __future__ import annotations

import json
import os
from typing import Any, Iterator, NamedTuple, Optional, Union

from ._library import Model, Worker, call, progress_bar, thread_count
from ._native import ffi, lib
from ._records import path_of, records_of, text_of

__all__ = ["Loci", "scan"]


class Loci:
    """The loci of a scan, in the order of the genome: an iterable of named tuples whose fields are
    the columns of `deepmirgene scan --format tsv`; positions count from 1, both ends included."""

    def __init__(self, rows: list[dict]) -> None:
        fields = list(rows[0]) if rows else []
        kind = NamedTuple("Locus", [(name, Any) for name in fields])  # type: ignore[misc]
        self.fields = fields
        self._loci = [kind(**row) for row in rows]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._loci)

    def __len__(self) -> int:
        return len(self._loci)

    def __getitem__(self, index: Any) -> Any:
        return self._loci[index]

    def to_pandas(self) -> Any:
        """The loci as a DataFrame of pandas."""
        import pandas

        return pandas.DataFrame.from_records(self._loci, columns=self.fields)


def scan(genome: Any, model: Union[Model, str, "os.PathLike[str]", bytes] = "general",
         threads: Optional[int] = None, *, threshold: Optional[float] = None,
         strand: str = "both", circular: bool = False, span: Optional[int] = None,
         long_span: Optional[int] = None,
         decoys: Optional[float] = None, seed: Optional[int] = None,
         fdr: Optional[float] = None, prevalence: Optional[float] = None,
         max_copies: Optional[int] = None, max_masked: Optional[float] = None,
         both_strands: Optional[bool] = None, mature: Optional[bool] = None,
         progress: Optional[bool] = False) -> Loci:
    """Finds the precursors of a genome: the path of a FASTA file (gzip or not), or records as
    predict takes them. Options that are not given are those of `deepmirgene scan`."""
    if strand not in ("both", "plus", "minus"):
        raise ValueError(f"strand {strand!r} is none of 'both', 'plus', 'minus'")
    if long_span is not None and long_span < 0:
        raise ValueError(f"long_span {long_span} is negative")
    model = Model.of(model)
    options = ffi.new("shim_scan_options *")
    lib.shim_scan_defaults(options)
    given = {"threshold": threshold, "decoys": decoys, "fdr": fdr, "prevalence": prevalence,
             "max_copies": max_copies, "max_masked": max_masked, "both_strands": both_strands,
             "mature": mature, "span": span, "long_span": long_span, "seed": seed}
    for name, value in given.items():
        if value is not None:
            setattr(options, name, value)
    options.plus, options.minus = strand != "minus", strand != "plus"
    options.circular = circular
    options.threads = thread_count(threads)
    options.model = model.pointer
    share = ffi.new("double *")
    path = path_of(genome)
    records = [] if path is not None else list(records_of(genome))
    text = text_of(records) if records else b""
    out = ffi.new("dmg_loci **")
    with Worker() as worker:
        options.stop, options.share = worker.stop, share
        bar = progress_bar(progress, 100, "%")
        future = worker.submit(call, lib.shim_scan, out, text, len(text), len(records),
                               ffi.NULL if path is None else os.fsencode(path), options)
        worker.wait(future, None if bar is None else lambda: _show(bar, share[0]))
        if bar is not None:
            bar.close()
    loci = ffi.gc(out[0], lib.dmg_loci_destroy)
    lines, size = ffi.new("char **"), ffi.new("size_t *")
    call(lib.shim_loci_text, lines, size, loci)
    text = bytes(ffi.buffer(lines[0], size[0]))
    lib.free(lines[0])
    return Loci([json.loads(line) for line in text.decode("utf-8", "replace").splitlines()])


def _show(bar: Any, share: float) -> None:
    bar.n = round(100 * max(share, 0))
    bar.refresh()
