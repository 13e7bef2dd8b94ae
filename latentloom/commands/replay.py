"""`latentloom replay`: make a picture again from what it carries, and compare."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from latentloom.arguments import settings
from latentloom.files import map_inputs
from latentloom.graph import EnvironmentFault, Fault, WorkflowError, load_registry
from latentloom.outputs import Content, check_folder, contents_of, write_output
from latentloom.record import Record
from latentloom.running import Machine, execute, model_digests, path_finder, prepare, recorder
from latentloom.sources import file_name, read_bytes, read_source
from latentloom.terminal import progress
from latentloom.versions import versions

from .failures import DONE, FAILED
from .problems import print_missing, print_problems

if TYPE_CHECKING:
    import PIL.Image

    from latentloom.graph import Result

ROUNDING_LEVELS = 1
"""Calls joined differently differ by rounding (about 5e-6 in float32): at most one of 255 levels."""


@dataclass(frozen=True)
class Comparison:
    """Two pictures, pixel by pixel, in levels of 0..255."""

    largest: int
    differing: int
    """Pixels in which they differ."""
    pixels: int

    @property
    def is_same(self) -> bool:
        return self.largest <= ROUNDING_LEVELS

    def __str__(self) -> str:
        if self.differing == 0:
            return "Every pixel is the same."
        size = f"{self.differing:,} of {self.pixels:,} pixels differ, by at most {self.largest} of 255"
        return f"The same within rounding: {size}." if self.is_same else f"Not the same: {size}."


@dataclass(frozen=True)
class ReplayOptions:
    """What the command line asked for."""

    path: Path
    assignments: Sequence[str] = ()
    out: Path = Path("outputs")
    plugins: Sequence[Path] = ()
    verify: bool = False
    as_json: bool = False


def replay_file(options: ReplayOptions, machine: Machine, device: str | None) -> int:
    """Make a picture again: the same device kind and dtype, an empty cache, groups of calls fixed by the plan."""
    source = read_source(options.path)
    record = source.record
    if record is None:
        mend = f"To run a workflow: latentloom run {options.path}"
        raise WorkflowError([Fault(str(options.path), "is a workflow, not a picture.", mend, code="no-record")])
    given = settings(options.assignments, source.workflow)
    registry = load_registry(options.plugins)
    print_problems(registry.catalogue)
    print_missing(machine.models)
    paths = path_finder(source, list(given))
    inputs = map_inputs(source.workflow, source.inputs, paths) | given
    request = prepare(source, registry, [inputs], paths, [record.output])
    check_folder(options.out, "--out")
    machine = replace(machine, device=device or record.device, dtype=record.dtype)
    results: list[Result] = []
    with redirect_stdout(sys.stderr), progress(request.workflow, 1, sys.stderr, quiet=options.as_json) as show:
        errors = execute(request, machine, show, lambda number, result: results.append(result), deterministic=True)
    if errors:
        raise next(iter(errors.values()))
    made = _content_at(results[0].outputs[record.output], record)
    text = recorder(request, machine, 0, results[0])
    stem = f"{source.name}-{file_name(record.output)}"
    written = write_output(options.out, stem, [made], lambda _: text(record.output, record.index))[0]
    outcome: dict[str, Any] = {"output": written.as_dict()}
    if not options.as_json:
        print(written.path)
    if not options.verify:
        return _finish(outcome, options, DONE)
    comparison = compare(read_bytes(options.path), made.data)
    changes = {
        "versions": differences(record.versions, versions()),
        "models": differences(record.models, model_digests(results[0])),
    }
    outcome |= {
        "same": comparison.is_same,
        "largest_difference": comparison.largest,
        "differing_pixels": comparison.differing,
        "pixels": comparison.pixels,
        **changes,
    }
    if not options.as_json:
        print(comparison)
        for kind, changed in changes.items():
            for name, (then, now) in changed.items():
                print(f"{kind.removesuffix('s')} {name}: {then or 'absent'} then, {now or 'absent'} now")
    return _finish(outcome, options, DONE if comparison.is_same else FAILED)


def compare(first: bytes, second: bytes) -> Comparison:
    """Compare the pixels of two encoded pictures; pictures of different size differ in all of them."""
    import numpy
    import PIL.Image

    try:
        then, now = (numpy.asarray(_opened(part), numpy.int16) for part in (first, second))
    except (OSError, ValueError, SyntaxError, PIL.Image.DecompressionBombError) as error:
        raise EnvironmentFault(f"the picture's pixels cannot be read: {error}") from error
    if then.shape != now.shape:
        return Comparison(255, then.shape[0] * then.shape[1], then.shape[0] * then.shape[1])
    levels = numpy.abs(then - now).max(axis=2)
    return Comparison(int(levels.max()), int((levels > 0).sum()), levels.size)


def _opened(picture: bytes) -> PIL.Image.Image:
    import PIL.Image

    return PIL.Image.open(io.BytesIO(picture)).convert("RGBA")


def differences(then: Mapping[str, str], now: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Name -> value then and now, where they differ; an empty text stands for none."""
    names = sorted({*then, *now})
    return {name: (then.get(name, ""), now.get(name, "")) for name in names if then.get(name) != now.get(name)}


def _content_at(value: Any, record: Record) -> Content:
    contents = contents_of(value, record.output, record.dtype)
    if record.index >= len(contents):
        what = f"gave {len(contents)} files this time, and the picture was number {record.index + 1}."
        raise WorkflowError([Fault(f"outputs.{record.output}", what, code="lost-output")])
    return contents[record.index]


def _finish(outcome: dict[str, Any], options: ReplayOptions, code: int) -> int:
    if options.as_json:
        print(json.dumps(outcome, indent=2, ensure_ascii=False))
    return code
