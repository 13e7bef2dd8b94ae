"""Jobs: accept, list, change, and what their calls have made."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from latentloom.graph import Workflow, WorkflowError

from ..api import (
    Accepted,
    CallList,
    Empty,
    Job,
    JobChange,
    JobDetail,
    JobList,
    JobRequest,
    Queue,
    QueueChange,
)
from ..api.parameters import JobPlace, JobSearch, NoParameters, ResultPlace
from ..engine.protocol import NotThisForm
from ..http.routing import Asked
from ..jobs.history import Search
from ..jobs.store import NewJobs
from ..problems import Refusal, sentence
from ..workflows.checking import faults_of_sweep, sweep_combinations
from .nodes import surroundings


async def submit_jobs(asked: Asked[NoParameters, JobRequest]) -> Accepted:
    body, around = asked.body, await surroundings(asked.services)

    def checked() -> tuple[Workflow, list[dict[str, Any]]]:
        workflow = Workflow.from_json(body.workflow)
        combinations = sweep_combinations(body.sweep, body.inputs)
        if faults := faults_of_sweep(workflow, body.inputs, body.sweep, body.outputs, around):
            raise WorkflowError(faults)
        return workflow, [body.inputs | chosen for chosen in combinations]

    workflow, inputs = await asyncio.to_thread(checked)
    new = NewJobs(
        workflow=body.workflow,
        inputs=inputs,
        wanted=body.outputs,
        priority=body.priority,
        title=body.title or workflow.title[:200],
        front=body.front,
    )
    jobs = await asked.services.dispatcher.submit(new)
    return Accepted(group=jobs[0].group, jobs=jobs)


async def list_jobs(asked: Asked[JobSearch, None]) -> JobList:
    given = asked.parameters
    search = Search(
        words=given.q,
        states=(given.state,) if given.state else (),
        group=given.group,
        since=given.since,
        until=given.until,
        before=given.before,
        limit=given.limit,
    )
    page = await asked.services.jobs.search(search)
    return JobList(jobs=page.jobs, next=page.next)


async def read_job(asked: Asked[JobPlace, None]) -> JobDetail:
    return await asked.services.dispatcher.detail(asked.parameters.id)


async def cancel_job(asked: Asked[JobPlace, None]) -> Job:
    return await asked.services.dispatcher.cancel(asked.parameters.id)


async def retry_job(asked: Asked[JobPlace, None]) -> Job:
    return await asked.services.dispatcher.retry(asked.parameters.id)


async def change_job(asked: Asked[JobPlace, JobChange]) -> Job:
    return await asked.services.dispatcher.move(asked.parameters.id, asked.body.priority, asked.body.before)


async def delete_job(asked: Asked[JobPlace, None]) -> Empty:
    await asked.services.dispatcher.delete(asked.parameters.id)
    return Empty()


async def read_queue(asked: Asked[NoParameters, None]) -> Queue:
    return await asked.services.dispatcher.queue()


async def change_queue(asked: Asked[NoParameters, QueueChange]) -> Queue:
    return await asked.services.dispatcher.pause(asked.body.paused)


async def list_calls(asked: Asked[JobPlace, None]) -> CallList:
    await asked.services.jobs.get(asked.parameters.id)
    return await asked.services.dispatcher.calls(asked.parameters.id)


async def read_result(asked: Asked[ResultPlace, None]) -> web.Response:
    place = asked.parameters
    await asked.services.jobs.get(place.id)
    try:
        content = await asked.services.dispatcher.result(
            place.id,
            place.node,
            place.output,
            path=[part for part in place.path.split(",") if part],
            iterations=[int(number) for number in place.iteration.split(",")] if place.iteration else None,
            form=place.form,
            index=place.index,
        )
    except NotThisForm as error:
        raise Refusal(409, "not-this-form", sentence(str(error))) from error
    if content is None:
        told = "This result is not kept any more, or has not been computed yet. Run the job again to have it."
        raise Refusal(404, "not-known", told)
    return web.Response(body=content.content, content_type=content.media_type)
