"""`latentloom submit`: let a server run a workflow; wait for its files, or not."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from latentloom.arguments import combinations, settings
from latentloom.files import PATH, Change, Place, anchored, digest_of, map_inputs, map_paths
from latentloom.graph import Catalogue, EnvironmentFault, Fault, Workflow, WorkflowError
from latentloom.outputs import Content, check_folder, write_output
from latentloom.record import Record
from latentloom.server.api import Accepted, Job, JobList, JobRequest, Upload
from latentloom.sources import Source, file_name, read_source

from .client import Client, Remote, Unreachable, query
from .failures import DONE, FAILED, INTERRUPTED

POLL_SECONDS = 0.5
PATIENCE_SECONDS = 120.0
"""A server that is away so long while we wait (to be restarted, say) is given up."""
ENGINE_SECONDS = 5.0
"""While nothing runs, the engine's state is looked at so often."""
FILE_PREFIX = "sha256:"


@dataclass(frozen=True)
class SubmitOptions:
    """What the command line asked for."""

    path: Path
    remote: Remote
    assignments: Sequence[str] = ()
    sweeps: Sequence[str] = ()
    seeds: str | None = None
    outputs: Sequence[str] = ()
    priority: int = 0
    title: str = ""
    front: bool = False
    wait: bool = False
    out: Path | None = None
    as_json: bool = False


def submit_file(options: SubmitOptions) -> int:
    """Files that the workflow reads are uploaded first. With `out` or `wait` it ends when the jobs have."""
    source = read_source(options.path)
    given = settings(options.assignments, source.workflow)
    swept = combinations(options.sweeps, options.seeds, source.workflow, given)
    if options.out:
        check_folder(options.out, "--out")
    return asyncio.run(_submit(source, given, swept, options))


async def _submit(source: Source, given: dict[str, Any], swept: list[dict[str, Any]], options: SubmitOptions) -> int:
    async with Client(options.remote) as client:
        workflow, inputs, sweep = await _with_uploads(client, source, given, swept)
        request = JobRequest(
            workflow=json.loads(workflow.dump()),
            inputs=inputs,
            sweep=sweep,
            outputs=list(options.outputs) or None,
            priority=options.priority,
            title=(options.title or workflow.title or source.name)[:200],
            front=options.front,
        )
        accepted = await client.ask("POST", "/jobs", Accepted, request)
        jobs = accepted.jobs
        if options.wait or options.out:
            try:
                jobs = await _wait(client, accepted, quiet=options.as_json)
            except (KeyboardInterrupt, asyncio.CancelledError):
                print("Interrupted. The jobs go on at the server; `latentloom jobs` shows them.", file=sys.stderr)
                return INTERRUPTED
        files = await _download(client, jobs, options.out, source.name) if options.out else []
    return _tell(jobs, files, options)


async def _with_uploads(
    client: Client, source: Source, given: dict[str, Any], swept: list[dict[str, Any]]
) -> tuple[Workflow, dict[str, Any], dict[str, list[Any]]]:
    """The workflow, inputs and sweep with every file of this machine uploaded, and named as the server knows it."""
    catalogue = await client.ask("GET", "/nodes", Catalogue)
    axes = {
        name: list(dict.fromkeys(map(_frozen, (each[name] for each in swept)))) for name in (swept[0] if swept else ())
    }
    sweep = {name: [json.loads(value) for value in values] for name, values in axes.items()}
    paths = anchored(source.folder) if source.record is None else _found_or_known(source.record, source.folder)
    workflow = map_paths(source.workflow, catalogue, paths)
    inputs = map_inputs(source.workflow, source.inputs, paths) | given
    inputs = {name: value for name, value in inputs.items() if name not in sweep}
    uploads: dict[str, Path] = {}

    def by_digest(place: Place, value: str) -> str:
        if place.kind != PATH:
            return value
        if Path(value).name.startswith(FILE_PREFIX):
            return Path(value).name  # the server's own name of a file
        digest = _digest(Path(value), place)
        uploads[digest] = Path(value)
        return FILE_PREFIX + digest

    workflow = map_paths(workflow, catalogue, by_digest)
    inputs = map_inputs(workflow, inputs, by_digest)
    sweep = {name: [map_inputs(workflow, {name: v}, by_digest)[name] for v in values] for name, values in sweep.items()}
    for digest, path in uploads.items():
        if not await client.has(f"/files/{digest}"):
            await client.send(query("/uploads", {"name": path.name}), path.read_bytes(), Upload)
    return workflow, inputs, sweep


def _found_or_known(record: Record, folder: Path) -> Change:
    """Files that a picture was made from: those that lie here, else by digest, which the server may know."""

    def change(place: Place, value: str) -> str:
        file = record.files.get(place.where)
        if file is None:
            return value
        candidates = (path for path in (folder / file.name, Path(file.name)) if path.is_file())
        found = next((path for path in candidates if digest_of(path) == file.sha256), None)
        return str(found) if found else FILE_PREFIX + file.sha256

    return change


async def _wait(client: Client, accepted: Accepted, *, quiet: bool) -> list[Job]:
    """Ask until all jobs have ended; a server that is restarted meanwhile is waited for."""
    asked, seen = query("/jobs", {"group": accepted.group, "limit": 500}), time.monotonic()
    due = seen
    told = ""
    while True:
        try:
            jobs = await _all_jobs(client, asked)
            seen = time.monotonic()
            if seen > due and all(job.state == "queued" for job in jobs):
                due = seen + ENGINE_SECONDS
                if fault := await client.engine_fault():
                    raise EnvironmentFault(fault)
        except Unreachable:
            if time.monotonic() - seen > PATIENCE_SECONDS:
                raise
            jobs = accepted.jobs
        waiting = [job for job in jobs if job.state in ("queued", "running")]
        line = f"{len(jobs) - len(waiting)} of {len(jobs)} jobs ended"
        if not quiet and line != told:
            print(line, file=sys.stderr)
            told = line
        if not waiting:
            ended = {job.id: job for job in jobs}
            return [ended[job.id] for job in accepted.jobs if job.id in ended]
        await asyncio.sleep(POLL_SECONDS)


async def _all_jobs(client: Client, asked: str) -> list[Job]:
    jobs: list[Job] = []
    before: str | None = ""
    while before is not None:
        page = await client.ask("GET", asked + (f"&before={before}" if before else ""), JobList)
        jobs, before = jobs + page.jobs, page.next
    return jobs


async def _download(client: Client, jobs: Sequence[Job], folder: Path, name: str) -> list[dict[str, Any]]:
    written = []
    for job in jobs:
        for output, files in job.outputs.items():
            contents = [
                Content(await client.content(f"/files/{file.digest}"), Path(file.name).suffix or ".bin")
                for file in files
            ]
            stem = f"{name}-{file_name(output)}"
            paths = await asyncio.to_thread(write_output, folder, stem, contents)
            written += [path.as_dict() | {"job": job.id, "output": output} for path in paths]
    return written


def _tell(jobs: Sequence[Job], files: Sequence[dict[str, Any]], options: SubmitOptions) -> int:
    if options.as_json:
        content = {"jobs": [job.model_dump(mode="json") for job in jobs], "files": list(files)}
        print(json.dumps(content, indent=2, ensure_ascii=False))
    else:
        print("\n".join([file["path"] for file in files] if options.out else [job.id for job in jobs]))
    failed = [job for job in jobs if job.state in ("failed", "cancelled")]
    for job in failed:
        told = f"{job.error.address or 'job'}: {job.error.message}" if job.error else "it was cancelled."
        print(f"job {job.id} {job.state}: {told}", file=sys.stderr)
    return FAILED if failed else DONE


def _digest(path: Path, place: Place) -> str:
    try:
        return digest_of(path)
    except OSError as error:
        what = f"the file {str(path)!r} cannot be read: {error.strerror}."
        raise WorkflowError([Fault(place.where, what, "Check the path.", code="no-file")]) from error


def _frozen(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
