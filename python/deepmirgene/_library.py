# SPDX-License-Identifier: MIT
"""The C library: errors, models, and calls that Ctrl-C can stop."""
from __future__ import annotations

import concurrent.futures
import json
import os
from typing import Any, Callable, Optional, Union

from ._native import ffi, lib

__all__ = ["DeepmirgeneError", "FormatError", "Model", "RangeError", "Stopped", "builtin_models"]


class DeepmirgeneError(Exception):
    """What the library reports; its text names file, record and line where there are any."""


class FormatError(DeepmirgeneError, ValueError):
    """A file or a record is not what its format says."""


class RangeError(DeepmirgeneError, ValueError):
    """A value or a size is outside its limits."""


class Stopped(DeepmirgeneError):
    """The call was asked to stop."""


class FileError(DeepmirgeneError, OSError):
    """The system refused to open, read or write a file."""


class UnsupportedError(DeepmirgeneError, NotImplementedError):
    """Well formed, but not supported."""


_KINDS = {
    lib.DMG_IO: FileError,
    lib.DMG_FORMAT: FormatError,
    lib.DMG_RANGE: RangeError,
    lib.DMG_UNSUPPORTED: UnsupportedError,
    lib.DMG_STOPPED: Stopped,
}


def error_of(status: int, err: Any) -> Exception:
    """The exception for a status other than DMG_OK."""
    message = ffi.string(err.message).decode("utf-8", "replace")
    if status == lib.DMG_NOMEM:
        return MemoryError(message)
    return _KINDS.get(status, DeepmirgeneError)(message)


def call(function: Callable, *arguments: Any) -> None:
    """Calls a function of the library whose last argument is the error."""
    err = ffi.new("dmg_error *")
    status = function(*arguments, err)
    if status != lib.DMG_OK:
        raise error_of(status, err)


class Worker:
    """One thread that calls the library while Python goes on; Ctrl-C sets `stop`."""

    def __init__(self) -> None:
        self.stop = ffi.new("int *")
        self._pool = concurrent.futures.ThreadPoolExecutor(1, "deepmirgene")

    def submit(self, function: Callable, *arguments: Any) -> concurrent.futures.Future:
        return self._pool.submit(function, *arguments)

    def run(self, function: Callable, *arguments: Any) -> Any:
        return self.wait(self.submit(function, *arguments))

    def wait(self, future: concurrent.futures.Future,
             tick: Optional[Callable[[], None]] = None) -> Any:
        """The future's result; `tick` is called now and then meanwhile."""
        try:
            while tick:
                try:
                    return future.result(timeout=0.2)
                except concurrent.futures.TimeoutError:
                    tick()
            return future.result()
        except (KeyboardInterrupt, SystemExit):
            self.close()
            raise

    def close(self) -> None:
        """Stops what is under way and waits for its end."""
        self.stop[0] = 1
        self._pool.shutdown(wait=True)

    def __enter__(self) -> "Worker":
        return self

    def __exit__(self, *exception: Any) -> None:
        self.close()


def thread_count(threads: Optional[int]) -> int:
    """`threads`, or all processors for None."""
    if threads is None:
        return lib.dmg_processors()
    if threads < 1:
        raise RangeError(f"threads={threads}: at least 1 is needed")
    return threads


def progress_bar(show: Optional[bool], total: Optional[float], unit: str) -> Any:
    """A bar of tqdm where that is installed and wanted (None: on a terminal); else None."""
    if show is False:
        return None
    try:
        from tqdm.auto import tqdm
    except ImportError:
        return None
    return tqdm(total=total, unit=unit, disable=None if show is None else False, leave=False)


def builtin_models() -> list[str]:
    """Names of the models that are part of the library, the default one first."""
    names = []
    while (name := lib.dmg_model_builtin(len(names))) != ffi.NULL:
        names.append(ffi.string(name).decode())
    return names


class Model:
    """A trained network: a built-in one by name, a file by path, or a file's bytes.

    >>> Model("human").name
    'human'
    """

    def __init__(self, source: Union[str, "os.PathLike[str]", bytes] = "general") -> None:
        out = ffi.new("dmg_model **")
        if isinstance(source, bytes):
            call(lib.dmg_model_load_memory, out, source, len(source), b"bytes")
        else:
            call(lib.dmg_model_load, out, os.fsencode(source))
        self._adopt(out[0])

    def _adopt(self, pointer: Any) -> None:
        self.pointer = ffi.gc(pointer, lib.dmg_model_destroy)

    @classmethod
    def from_pointer(cls, pointer: Any) -> "Model":
        """A model of the library's, which is now Python's to free."""
        model = cls.__new__(cls)
        model._adopt(pointer)
        return model

    @classmethod
    def of(cls, model: "Union[Model, str, os.PathLike[str], bytes]") -> "Model":
        """The model itself, or one loaded from what names it."""
        return model if isinstance(model, Model) else cls(model)

    def metadata(self, key: str) -> Optional[str]:
        """Text that the model's file has under a key, or None."""
        text = lib.dmg_model_metadata(self.pointer, key.encode())
        return None if text == ffi.NULL else ffi.string(text).decode()

    @property
    def name(self) -> str:
        """What the model calls itself."""
        return self.metadata("name") or ""

    @property
    def training(self) -> Any:
        """What the model says of the data and options it was trained with."""
        text = self.metadata("training")
        return json.loads(text) if text else None

    @property
    def parameters(self) -> int:
        """Trainable values."""
        return lib.dmg_model_parameters(self.pointer)

    def save(self, path: Union[str, "os.PathLike[str]"]) -> None:
        """Writes the model's file, whole or not at all."""
        call(lib.dmg_model_save, self.pointer, os.fsencode(path))

    def __getstate__(self) -> bytes:
        import tempfile

        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "model")
            self.save(path)
            with open(path, "rb") as file:
                return file.read()

    def __setstate__(self, state: bytes) -> None:
        self.__init__(state)  # type: ignore[misc]

    def __repr__(self) -> str:
        return f"<deepmirgene.Model {self.name!r}, {self.parameters} parameters>"
