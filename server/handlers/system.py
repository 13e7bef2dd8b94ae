"""The machine, models, health, metrics, and the API's own description."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from aiohttp import web

from latentloom import __version__
from latentloom.versions import versions

from ..api import Device, Health, ModelList, System, Tier
from ..api.parameters import NoParameters
from ..engine.supervisor import EngineAway
from ..http.pages import STYLE
from ..http.routing import Asked
from ..problems import Refusal


async def read_health(asked: Asked[NoParameters, None]) -> Health:
    """No details for everybody: who asks here need not have the token."""
    engine = asked.services.dispatcher.engine
    if engine.state == "stopped":
        told = "The engine cannot run as the server was started: its log and /api/v1/system say why. Jobs wait."
        raise Refusal(503, "no-engine", told)
    return Health(engine=engine.state)


async def read_system(asked: Asked[NoParameters, None]) -> System:
    """Devices and tiers are empty while there is no engine to ask."""
    dispatcher = asked.services.dispatcher
    machine: tuple[list[Device], list[Tier]] = ([], [])
    with suppress(EngineAway):
        machine = await dispatcher.machine()
    return System(
        version=__version__,
        versions=await asyncio.to_thread(versions),
        devices=machine[0],
        tiers=machine[1],
        engine=dispatcher.engine,
        dtype=asked.services.settings.dtype,
    )


async def list_models(asked: Asked[NoParameters, None]) -> ModelList:
    models = asked.services.models
    models.compute_digests()
    return ModelList(models=await asyncio.to_thread(models.entries))


async def read_metrics(asked: Asked[NoParameters, None]) -> web.Response:
    services = asked.services
    engine = services.dispatcher.engine
    text = services.metrics.text(
        jobs={str(state): count for state, count in (await services.jobs.counts()).items()},
        clients=services.hub.clients,
        seq=services.hub.seq,
        restarts=engine.restarts,
        ready=engine.state == "ready",
        file_bytes=await services.blobs.used_bytes(),
    )
    return web.Response(body=text, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})


async def read_openapi(_: Asked[NoParameters, None]) -> web.Response:
    from ..http.openapi import openapi_text

    response = web.Response(text=openapi_text(), content_type="application/json")
    response.enable_compression()
    return response


async def read_docs(_: Asked[NoParameters, None]) -> web.Response:
    from ..http.docs_page import docs_page
    from ..http.openapi import openapi_document

    return web.Response(text=docs_page(openapi_document()), content_type="text/html")


async def read_docs_style(_: Asked[NoParameters, None]) -> web.Response:
    return web.Response(text=STYLE, content_type="text/css")
