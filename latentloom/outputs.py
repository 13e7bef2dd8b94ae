"""Writing a run's outputs as files: nodes encode, the runner names, writes, and embeds how they were made.

A file appears whole under its final name or not at all, and no existing file is ever replaced, also when several
processes write into one folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from latentloom.graph import EnvironmentFault, Fault, TypeExpr, WorkflowError
from latentloom.nodes.values import EncodedImage, Image, Mask

from .metadata import embed

SUFFIXES = {"image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp"}
PICTURES = ("EncodedImage", "Image", "Mask")
PLAIN = ("str", "int", "float", "bool")
MENDS = {
    "Latent": "Add decode and encode_image behind it.",
    "Prediction": "Add predict_original, decode and encode_image behind it.",
}


@dataclass(frozen=True, slots=True)
class Content:
    """One file to be written."""

    data: bytes
    suffix: str


@dataclass(frozen=True, slots=True)
class Written:
    """One file on disk."""

    path: Path
    bytes: int
    sha256: str

    def as_dict(self) -> dict[str, Any]:
        return {"path": str(self.path), "bytes": self.bytes, "sha256": self.sha256}


def check_writable_type(name: str, type_: TypeExpr) -> Fault | None:
    """A fault when values of the type cannot be written as files; known before anything runs."""
    if type_.innermost.name in PICTURES + PLAIN or type_.is_variable:
        return None
    mend = MENDS.get(type_.innermost.name, "Choose an output that is a picture, text or numbers.")
    what = f"is of type {type_}, which cannot be written as a file."
    return Fault(f"outputs.{name}", what, mend, code="unwritable-output")


def contents_of(value: Any, name: str, dtype: str = "float32") -> list[Content]:
    """The files that an output becomes. Pictures and texts in lists become one file each; numbers one JSON file.

    `dtype`: that of the models. Raises WorkflowError for a value that is neither, InputError for a picture that is
    not of numbers.
    """
    match value:
        case EncodedImage():
            return [Content(data, SUFFIXES.get(value.media_type, ".bin")) for data in value.files]
        case Image():
            return contents_of(_encoded(value, dtype), name)
        case Mask():
            return contents_of(_encoded(Image(value.values.expand(-1, 3, -1, -1)), dtype), name)
        case str():
            return [Content(value.encode(), ".txt")]
        case list() | tuple() if not _is_plain(value):
            return [content for item in value for content in contents_of(item, name, dtype)]
    if _is_plain(value):
        return [Content((json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode(), ".json")]
    fault = check_writable_type(name, TypeExpr(type(value).__name__))
    raise WorkflowError([fault or Fault(f"outputs.{name}", "cannot be written as a file.", code="unwritable-output")])


def write_output(
    folder: Path, stem: str, contents: Sequence[Content], record_text: Callable[[int], str] | None = None
) -> list[Written]:
    """Write the files of one output as `stem-1`, `stem-2`, ... after the highest number there is.

    `record_text(index)` is what picture `index` carries; None leaves it as it is. Raises EnvironmentFault where a file
    cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        numbers = count(_highest_number(folder, stem) + 1)
        written = []
        for index, content in enumerate(contents):
            data = content.data
            if record_text and content.suffix in SUFFIXES.values():
                data = embed(data, record_text(index))
            path = _write_new(folder, data, (f"{stem}-{number}{content.suffix}" for number in numbers))
            written.append(Written(path, len(data), hashlib.sha256(data).hexdigest()))
        return written
    except OSError as error:
        raise EnvironmentFault(f"cannot write into the folder {str(folder)!r}: {error.strerror or error}.") from error
    except ValueError as error:
        raise EnvironmentFault(f"a picture cannot carry how it was made: {error}.") from error


def check_folder(folder: Path, option: str) -> None:
    """Make sure that files can be written there, leaving no trace. Raises WorkflowError.

    A folder that does not exist yet is only made when there is something to write.
    """
    existing = folder.absolute()
    try:
        while not existing.exists() and existing != existing.parent:
            existing = existing.parent
        if not existing.is_dir():
            raise NotADirectoryError(0, f"{str(existing)!r} is a file")
        probe = existing / f".latentloom-{os.getpid()}.part"
        probe.touch(exist_ok=False)
        probe.unlink()
    except OSError as error:
        what = f"the folder {str(folder)!r} cannot be written to: {error.strerror or error}."
        raise WorkflowError([Fault(option, what, "Choose another folder.", code="unwritable-folder")]) from error


def check_file(path: Path, option: str) -> None:
    """Make sure that a file of this name can be written or replaced, leaving no trace. Raises WorkflowError."""
    check_folder(path.parent, option)
    if path.is_dir():
        what = f"{str(path)!r} is a folder; the name of a file was expected."
        raise WorkflowError([Fault(option, what, "Give a file's name.", code="unwritable-file")])


def write_whole(path: Path, text: str) -> None:
    """Write or replace a file that the user named (a report, a trace), whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise EnvironmentFault(f"cannot write {str(path)!r}: {error.strerror or error}.") from error


def _write_new(folder: Path, data: bytes, names: Iterator[str]) -> Path:
    """Write under the first name that is free: a hard link fails where the name exists, so none is taken twice."""
    temporary = folder / f".latentloom-{os.getpid()}-{os.urandom(4).hex()}.part"
    try:
        temporary.write_bytes(data)
        for name in names:
            try:
                _claim(temporary, folder / name)
            except FileExistsError:
                continue
            return folder / name
        raise AssertionError("names never end")
    finally:
        temporary.unlink(missing_ok=True)


def _claim(temporary: Path, final: Path) -> None:
    try:
        final.hardlink_to(temporary)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links: take the name with an empty file, then move the whole one over it.
        final.touch(exist_ok=False)
        temporary.replace(final)


def _highest_number(folder: Path, stem: str) -> int:
    pattern = re.compile(re.escape(stem) + r"-(\d{1,9})\.")
    return max((int(found[1]) for entry in folder.iterdir() if (found := pattern.match(entry.name))), default=0)


def _encoded(image: Image, dtype: str) -> EncodedImage:
    from latentloom.nodes.image_files import encoded

    return encoded(image, dtype=dtype)


def _is_plain(value: Any) -> bool:
    """Numbers, truth values, None, and lists and dictionaries of them (with texts as dictionary values)."""
    match value:
        case None | bool() | int() | float():
            return True
        case dict():
            return all(isinstance(key, str) and (isinstance(v, str) or _is_plain(v)) for key, v in value.items())
        case list() | tuple():
            return all(_is_plain(item) for item in value)
    return False
