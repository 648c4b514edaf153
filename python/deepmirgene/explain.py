# SPDX-License-Identifier: MIT
"""What the network saw in a sequence, and why it decided as it did."""
from __future__ import annotations

import html
import json
import math
import os
from typing import Any, Optional, Union

from ._library import Model, Worker, call, thread_count
from ._native import ffi, lib
from ._records import records_of
from .classify import Classifier, Prediction, _prediction, _rows, is_scored
from ._records import text_of

__all__ = ["Explanation", "explain"]


def _array(values: Any) -> Any:
    """An array of numpy where that is installed; null as NaN."""
    try:
        import numpy
    except ImportError:
        return values
    return numpy.array(values, dtype=float)


class Explanation:
    """The explanation of one prediction. In a notebook it shows itself: the hairpin coloured by what
    each nucleotide adds, the LSTMs' states, attributions and mutations.

    prediction   what predict gives for the record
    score, baseline_score, residual, split, loops, layers ..
                 as `deepmirgene explain --format json` has them; layers are the LSTMs' states
    """

    def __init__(self, prediction: Prediction, values: dict, page: str) -> None:
        self.prediction = prediction
        self.values = values
        self.page = page

    def __getattr__(self, name: str) -> Any:
        """A value of the JSON object of `deepmirgene explain --format json`."""
        if name.startswith("_") or name not in self.__dict__.get("values", {}):
            raise AttributeError(name)
        return self.values[name]

    @property
    def attribution(self) -> Any:
        """What each nucleotide adds to the score, over all streams: [length]."""
        streams = [a["values"] for a in self.values["attributions"]
                   if isinstance(a.get("values"), list)]
        return _array([sum(values) for values in zip(*streams)])

    @property
    def attributions(self) -> dict[str, Any]:
        """By stream or feature: what each nucleotide adds [length], or a number for the whole."""
        found = {}
        for a in self.values["attributions"]:
            name = a.get("stream") or a.get("feature")
            values = a.get("values")
            found[name] = _array(values) if isinstance(values, list) else a["total"]
        return found

    @property
    def mutations(self) -> Any:
        """By how much p_mirna changes with A, C, G or U at each place (None or NaN for the base
        that is there): [length, 4]; None where not asked for."""
        values = self.values["mutations"]
        return None if values is None else _array(list(zip(*(values[base] for base in "ACGU"))))

    def save(self, path: Union[str, "os.PathLike[str]"]) -> None:
        """Writes the page of HTML, which needs nothing else."""
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.page)

    def _repr_html_(self) -> str:
        return (f'<iframe srcdoc="{html.escape(self.page)}" style="width:100%;height:40em;'
                f'border:0" title="explanation of {html.escape(self.prediction.id)}"></iframe>')

    def __repr__(self) -> str:
        p = self.prediction
        return f"<deepmirgene.Explanation of {p.id!r}: {p.call}, p_mirna {p.p_mirna:.4g}>"


def explain(record: Any, model: Union[Model, str, "os.PathLike[str]", bytes] = "general",
            threads: Optional[int] = None, *, mutations: int = 400) -> Explanation:
    """Explains one record (as predict takes it; not a file). Mutations are mapped for sequences of
    up to `mutations` nucleotides; 0: for none."""
    records = list(records_of(record))
    if len(records) != 1:
        raise ValueError(f"explain takes one record, not {len(records)}")
    model = Model.of(model)
    text = text_of(records)
    with Worker() as worker:
        classifier = Classifier(worker, model, 1, 0.5, None)
        results, error = worker.run(classifier.run, lib.shim_classify_text, text, len(text), 1)
        if error:
            raise error
        prediction = _rows(results, _prediction)[0]
        if not is_scored(prediction):
            raise ValueError(f"record {prediction.id!r} cannot be scored: "
                             + ", ".join(prediction.flags))
        known = not math.isnan(prediction.mfe)
        energy = round(prediction.mfe * 100) if known else lib.DMG_ENERGY_UNKNOWN
        out = ffi.gc(ffi.new("shim_explanation *"), lib.shim_explanation_clear)
        worker.run(call, lib.shim_explain, out, model.pointer, prediction.id.encode(),
                   prediction.sequence.encode(), (prediction.structure or "").encode(),
                   prediction.length, energy, prediction.call.encode(), mutations,
                   thread_count(threads))
    values = json.loads(bytes(ffi.buffer(out.json, out.json_size)).decode("utf-8", "replace"))
    page = bytes(ffi.buffer(out.page, out.page_size)).decode("utf-8", "replace")
    return Explanation(prediction, values, page)
