"""`latentloom run`: run a workflow, or the one that a picture carries, and write its outputs."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from latentloom.arguments import combinations, settings
from latentloom.files import map_inputs
from latentloom.graph import Event, LatentloomError, load_registry
from latentloom.outputs import check_file, check_folder, contents_of, write_output, write_whole
from latentloom.report import build_report
from latentloom.running import Machine, Request, execute, path_finder, prepare, recorder
from latentloom.sources import file_name, read_source
from latentloom.terminal import progress
from latentloom.trace import build_trace
from latentloom.versions import versions

from .failures import DONE, INTERRUPTED, code_of, error_as_dict, print_error
from .problems import print_missing, print_problems

if TYPE_CHECKING:
    from latentloom.graph import Result


@dataclass(frozen=True)
class RunOptions:
    """What the command line asked for."""

    path: Path
    assignments: Sequence[str] = ()
    sweeps: Sequence[str] = ()
    seeds: str | None = None
    outputs: Sequence[str] = ()
    out: Path = Path("outputs")
    plugins: Sequence[Path] = ()
    report: Path | None = None
    trace: Path | None = None
    as_json: bool = False


def run_file(options: RunOptions, machine: Machine) -> int:
    """Run all combinations of inputs as jobs of one engine, together."""
    source = read_source(options.path)
    given = settings(options.assignments, source.workflow)
    swept = combinations(options.sweeps, options.seeds, source.workflow, given)
    with redirect_stdout(sys.stderr):
        registry = load_registry(options.plugins)
    print_problems(registry.catalogue)
    print_missing(machine.models)
    paths = path_finder(source, [*given, *(swept[0] if swept else ())])
    carried = map_inputs(source.workflow, source.inputs, paths)
    inputs = [carried | given | values for values in swept]
    request = prepare(source, registry, inputs, paths, options.outputs or None)
    _check_folders(options, machine)
    return _run(request, machine, options, swept)


def _check_folders(options: RunOptions, machine: Machine) -> None:
    check_folder(options.out, "--out")
    for file, option in ((options.report, "--report"), (options.trace, "--trace")):
        if file:
            check_file(file, option)
    if machine.cache:
        check_folder(machine.cache, "--cache")


def _run(request: Request, machine: Machine, options: RunOptions, swept: Sequence[dict[str, Any]]) -> int:
    events: list[Event] = []
    written: dict[str, list[dict[str, Any]]] = {}
    errors: dict[int, LatentloomError] = {}
    interrupted = False

    def write(number: int, result: Result) -> None:
        for where, reason in result.skipped if number == 0 else ():
            print(f"{where} is skipped: {reason}", file=sys.stderr)
        for output, files in write_result(request, machine, number, result, options.out).items():
            # In a sweep every file says which values made it.
            entries = [file | ({"inputs": swept[number]} if swept[number] else {}) for file in files]
            written.setdefault(output, []).extend(entries)

    try:
        with (
            redirect_stdout(sys.stderr),  # what a plugin prints is no result
            progress(request.workflow, len(request.inputs), sys.stderr, quiet=options.as_json) as show,
        ):

            def listen(event: Event) -> None:
                events.append(event)
                show(event)

            errors = execute(request, machine, listen, write)
    except KeyboardInterrupt:
        interrupted = True
        print("Interrupted. What was finished stays known where a --cache folder is given.", file=sys.stderr)
    report = build_report(events, written, versions())
    if not options.as_json:
        # Not before: bars under way would draw over it.
        print("".join(f"{file['path']}\n" for files in written.values() for file in files), end="", flush=True)
    _write_reports(options, report, events)
    for number, error in errors.items():
        if swept[number]:
            print(f"with {_written(swept[number])}:", file=sys.stderr)
        print_error(error)
    if options.as_json:
        print(json.dumps(report | _errors_as_dict(errors, swept), indent=2, ensure_ascii=False))
    return INTERRUPTED if interrupted else max(map(code_of, errors.values()), default=DONE)


def write_result(
    request: Request, machine: Machine, number: int, result: Result, folder: Path
) -> dict[str, list[dict[str, Any]]]:
    """Write one job's outputs; returns path, bytes and sha256 of each file, by output."""
    record = recorder(request, machine, number, result)
    return {
        output: [
            file.as_dict()
            for file in write_output(
                folder,
                f"{request.source.name}-{file_name(output)}",
                contents_of(value, output, machine.dtype),
                partial(record, output),
            )
        ]
        for output, value in result.outputs.items()
    }


def _write_reports(options: RunOptions, report: dict[str, Any], events: Sequence[Event]) -> None:
    if options.report:
        write_whole(options.report, json.dumps(report, indent=2, ensure_ascii=False) + "\n")
    if options.trace:
        write_whole(options.trace, json.dumps(build_trace(events)) + "\n")


def _errors_as_dict(errors: Mapping[int, LatentloomError], swept: Sequence[dict[str, Any]]) -> dict[str, Any]:
    told = []
    for number, error in errors.items():
        content: dict[str, Any] = dict(error_as_dict(error)["error"])
        told.append(content | ({"inputs": swept[number]} if swept[number] else {}))
    return {"errors": told} if told else {}


def _written(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in values.items())
