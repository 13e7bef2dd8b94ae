"""`latentloom jobs`: what a server has to do and has done; cancel, retry, delete; pause its queue."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from latentloom.server.api import Empty, Job, JobDetail, JobList, Queue, QueueChange

from .client import Client, Remote, query
from .failures import DONE

Action = Literal["show", "cancel", "retry", "delete", "pause", "resume"]


@dataclass(frozen=True)
class JobsOptions:
    """What the command line asked for."""

    remote: Remote
    ids: Sequence[str] = ()
    action: Action = "show"
    state: str | None = None
    words: str = ""
    group: str | None = None
    limit: int = 20
    as_json: bool = False


def jobs_command(options: JobsOptions) -> int:
    return asyncio.run(_run(options))


async def _run(options: JobsOptions) -> int:
    async with Client(options.remote) as client:
        if options.action in ("pause", "resume"):
            queue = await client.ask("PUT", "/queue", Queue, QueueChange(paused=options.action == "pause"))
            print(queue.model_dump_json(indent=2) if options.as_json else _queue_line(queue))
        elif options.ids:
            for job in options.ids:
                await _one(client, job, options)
        else:
            await _list(client, options)
    return DONE


async def _one(client: Client, job: str, options: JobsOptions) -> None:
    if options.action == "delete":
        await client.ask("DELETE", f"/jobs/{job}", Empty)
    elif options.action == "show":
        detail = await client.ask("GET", f"/jobs/{job}", JobDetail)
        print(detail.model_dump_json(indent=2) if options.as_json else _details(detail))
    else:
        changed = await client.ask("POST", f"/jobs/{job}/{options.action}", Job)
        print(changed.model_dump_json(indent=2) if options.as_json else _line(changed))


async def _list(client: Client, options: JobsOptions) -> None:
    asked = {"state": options.state, "q": options.words, "group": options.group, "limit": options.limit}
    page = await client.ask("GET", query("/jobs", asked), JobList)
    if options.as_json:
        print(page.model_dump_json(indent=2))
        return
    print("\n".join(map(_line, page.jobs)) if page.jobs else "No jobs.")
    queue = await client.ask("GET", "/queue", Queue)
    print(_queue_line(queue), file=sys.stderr)
    is_waiting = queue.queued > 0 and queue.running == 0
    if is_waiting and (fault := await client.engine_fault()):
        print(fault, file=sys.stderr)


def _line(job: Job) -> str:
    done = f"{job.progress.done:.0f}/{job.progress.total:.0f}" if job.state == "running" and job.progress.total else ""
    return f"{job.id}  {job.state:9} {done:>9}  {_time(job.created)}  {job.title}"


def _details(job: JobDetail) -> str:
    lines = [_line(job)]
    lines += [f"  {name} = {value}" for name, value in job.inputs.items()]
    lines += [f"  {name}: sha256:{file.digest} ({file.name})" for name, files in job.outputs.items() for file in files]
    for error in job.errors:
        lines.append(f"  {error.address or error.node or 'job'}: {error.message}")
        lines += [f"    {line}" for line in error.traceback.rstrip().splitlines()]
    return "\n".join(lines)


def _queue_line(queue: Queue) -> str:
    return f"{queue.queued} queued, {queue.running} running{', the queue is paused' if queue.paused else ''}."


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds).strftime("%Y-%m-%d %H:%M:%S")
