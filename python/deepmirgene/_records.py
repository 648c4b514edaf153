# SPDX-License-Identifier: MIT
"""What users give as records, brought to one shape."""
from __future__ import annotations

import itertools
import os
import re
from typing import Any, Iterable, Iterator, NamedTuple, Optional, Union

_SEQUENCE = re.compile(r"[ACGTURYSWKMBDHVNXIacgturyswkmbdhvnxi]+")


class Record(NamedTuple):
    """A sequence with its name and, where it is known, its dot-bracket structure."""

    id: str
    sequence: str
    structure: Optional[str] = None


Path = Union[str, "os.PathLike[str]"]


def path_of(records: Any) -> Optional[str]:
    """The path of a file, if that is what was given: a path object, or text that is not a
    sequence."""
    if isinstance(records, os.PathLike):
        return os.fspath(records)
    if isinstance(records, str) and not _SEQUENCE.fullmatch(records):
        return records
    return None


def record_of(item: Any, number: int) -> Record:
    """One record from a str, (id, sequence), (id, sequence, structure) or a SeqRecord of
    Biopython."""
    if isinstance(item, str):
        return Record(str(number), item)
    if isinstance(item, Record):
        return item
    if hasattr(item, "seq"):
        return Record(str(item.id), str(item.seq))
    if isinstance(item, (tuple, list)) and len(item) in (2, 3):
        return Record(*(part if part is None else str(part) for part in item))
    raise TypeError(
        f"record {number}: expected a str, (id, sequence) or a SeqRecord, not {type(item).__name__}"
    )


def records_of(records: Any) -> Iterator[Record]:
    """All records of a single one, an iterable of them, or a dict of sequences by id."""
    single = isinstance(records, (str, Record)) or hasattr(records, "seq")
    pair = (isinstance(records, tuple) and len(records) in (2, 3)
            and all(isinstance(part, str) for part in records))
    if single or pair:
        records = [records]
    elif hasattr(records, "items"):
        records = records.items()
    return (record_of(item, number) for number, item in enumerate(records, 1))


def chunks(records: Iterable[Record], size: int) -> Iterator[list[Record]]:
    """The records in lists of at most `size`."""
    iterator = iter(records)
    while chunk := list(itertools.islice(iterator, size)):
        yield chunk


def text_of(records: list[Record]) -> bytes:
    """Records as the extension module takes them: id, sequence and structure, each ended by NUL."""
    parts = [part or "" for record in records for part in record]
    text = "\0".join(parts) + "\0"
    if text.count("\0") != len(parts):
        raise ValueError("a NUL character in a record")
    return text.encode("utf-8", "surrogateescape")
