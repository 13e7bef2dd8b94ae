"""Running a workflow's jobs in one engine: shared by `run`, `replay` and the Python face.

Order, so that a fault leaves nothing behind: read, check everything, probe the folders, and only then run and write.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from latentloom.graph import Checked, Fault, LatentloomError, Listener, Workflow, WorkflowError, check

from .files import Change, anchored, found_again, map_inputs, map_paths, portable, used_files
from .outputs import check_writable_type
from .record import Record, UsedFile
from .sources import Source
from .versions import versions

if TYPE_CHECKING:
    from latentloom.graph import Engine, Registry, Result
    from latentloom.graph.planning.plan import Plan


@dataclass(frozen=True)
class Machine:
    """Where and with what a workflow runs."""

    device: str = "cpu"
    dtype: str = "float32"
    memory_bytes: int | None = None
    cache: Path | None = None
    cache_bytes: int | None = None
    models: tuple[Path, ...] = ()


@dataclass(frozen=True)
class Request:
    """Checked jobs: one workflow, one set of inputs a job."""

    source: Source
    registry: Registry
    workflow: Workflow
    """The source's workflow with its paths absolute."""
    inputs: tuple[dict[str, Any], ...]
    files: tuple[dict[str, UsedFile], ...]
    """Per job: the files that go in."""
    outputs: tuple[str, ...] | None


def path_finder(source: Source, given: Iterable[str] = ()) -> Change:
    """How the source's paths become absolute: from its folder, or by digest where a picture carries it.

    `given` names inputs whose value is given anew. Raises WorkflowError where a picture's files are not found.
    """
    if source.record is None:
        return anchored(source.folder)
    return found_again(source.record.files, [source.folder, Path.cwd()], given)


def prepare(
    source: Source,
    registry: Registry,
    inputs: Sequence[Mapping[str, Any]],
    paths: Change,
    outputs: Sequence[str] | None = None,
    *,
    to_files: bool = True,
) -> Request:
    """Check a workflow and all sets of inputs. Raises WorkflowError with all faults.

    `paths` makes the document's paths absolute. `to_files`: outputs are to be written, so their types must be ones
    that can be.
    """
    catalogue = registry.catalogue
    workflow = map_paths(source.workflow, catalogue, paths)
    faults: dict[Fault, None] = {}
    for given in inputs:
        checked = check(workflow, catalogue, inputs=given, outputs=outputs)
        faults |= dict.fromkeys((*checked.faults, *(unwritable(checked) if to_files else ())))
    if faults:
        raise WorkflowError(list(faults))
    return Request(
        source=source,
        registry=registry,
        workflow=workflow,
        inputs=tuple(dict(given) for given in inputs),
        files=tuple(used_files(workflow, catalogue, given) for given in inputs),
        outputs=tuple(outputs) if outputs is not None else None,
    )


def unwritable(checked: Checked) -> list[Fault]:
    """Outputs asked for that no file can hold."""
    outputs = checked.graph.outputs if checked.graph else {}
    return [fault for name, read in outputs.items() if (fault := check_writable_type(name, read.type))]


def execute(
    request: Request,
    machine: Machine,
    on_event: Listener,
    on_result: Callable[[int, Result], None],
    *,
    deterministic: bool = False,
) -> dict[int, LatentloomError]:
    """Run all jobs together and hand each result on, in order. Returns the errors of the jobs that failed, by number.

    Raises WorkflowError before anything runs when models or files are not what the workflow needs. When interrupted,
    every job is cancelled first.
    """
    errors: dict[int, LatentloomError] = {}
    with _engine(request.registry, machine) as engine:
        prepared = _prepared(engine, request)
        jobs = [engine.submit(each, on_event=on_event, deterministic=deterministic) for each in prepared]
        try:
            for number, job in enumerate(jobs):
                try:
                    result = job.result()
                except LatentloomError as error:
                    errors[number] = error
                else:
                    on_result(number, result)
        except BaseException:
            for job in jobs:
                job.cancel()
            raise
    return errors


def _engine(registry: Registry, machine: Machine) -> Engine:
    from latentloom.graph import Engine

    if machine.device != "cpu":
        check_device(machine.device)
    return Engine(
        registry,
        device=machine.device,
        dtype=machine.dtype,
        memory=machine.memory_bytes,
        cache=machine.cache,
        cache_size=machine.cache_bytes,
        model_folders=machine.models,
    )


def check_device(device: str) -> None:
    """Raises WorkflowError, naming the devices that there are, when torch cannot use this one."""
    import torch

    there = ["cpu", *(f"cuda:{i}" for i in range(torch.cuda.device_count() if torch.cuda.is_available() else 0))]
    there += ["mps"] if torch.backends.mps.is_available() else []
    if (f"{device}:0" if device == "cuda" else device) not in there:
        what = f"the device {device!r} is not available here (torch {torch.__version__})."
        raise WorkflowError([Fault("--device", what, f"Use one of: {', '.join(there)}.", code="no-device")])


def _prepared(engine: Engine, request: Request) -> list[tuple[Plan, Result]]:
    """Every job checked against models and files, and planned; all faults of all jobs at once."""
    prepared: list[tuple[Plan, Result]] = []
    faults: dict[Fault, None] = {}
    for inputs in request.inputs:
        try:
            prepared.append(engine.prepare(request.workflow, inputs, request.outputs))
        except WorkflowError as error:
            faults |= dict.fromkeys(error.faults)
    if faults:
        raise WorkflowError(list(faults))
    return prepared


def model_digests(result: Result) -> dict[str, str]:
    """Node and output -> digest of the model files behind it, as far as the nodes tell."""
    return {
        f"{node}.{output}": facts["digest"]
        for node, outputs in sorted(result.facts.items())
        for output, facts in outputs.items()
        if facts and "digest" in facts
    }


def recorder(request: Request, machine: Machine, number: int, result: Result) -> Callable[[str, int], str]:
    """Output and index -> the text that this picture of job `number` carries."""
    catalogue = request.registry.catalogue
    workflow = map_paths(request.source.workflow, catalogue, portable)
    common = Record(
        name=request.source.name,
        workflow=json.loads(workflow.dump()),
        inputs=map_inputs(workflow, result.inputs, portable),
        files=request.files[number],
        output="",
        device=machine.device.partition(":")[0],
        dtype=machine.dtype,
        versions=versions(),
        models=model_digests(result),
    )
    return lambda output, index: common.model_copy(update={"output": output, "index": index}).text()
