"""Node types and checking."""

from __future__ import annotations

import asyncio

from aiohttp import web

from latentloom.graph import Workflow

from ..api import CheckAnswer, CheckRequest
from ..api.parameters import NoParameters
from ..http.routing import Asked
from ..problems import fault_body
from ..services import Services
from ..workflows.checking import Surroundings, faults_of


async def surroundings(services: Services) -> Surroundings:
    known = await services.catalogues.current()
    return Surroundings(known.catalogue, services.blobs.path_of, services.models)


async def read_nodes(asked: Asked[NoParameters, None]) -> web.Response:
    known = await asked.services.catalogues.current()
    headers = {"ETag": f'"{known.etag}"', "Cache-Control": "no-cache"}
    if any(tag.value in (known.etag, "*") for tag in asked.http.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    response = web.Response(body=known.text, content_type="application/json", headers=headers)
    response.enable_compression()
    return response


async def check_workflow(asked: Asked[NoParameters, CheckRequest]) -> CheckAnswer:
    body, around = asked.body, await surroundings(asked.services)

    def work() -> CheckAnswer:
        workflow = Workflow.from_json(body.workflow)
        faults = faults_of(workflow, body.inputs, body.outputs, around)
        return CheckAnswer(faults=[fault_body(fault) for fault in faults])

    return await asyncio.to_thread(work)
