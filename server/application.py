"""The aiohttp application: what stands around every request, and what lives as long as the server."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable

from aiohttp import web

from latentloom.graph import LatentloomError

from .engine.protocol import EngineOptions
from .engine.supervisor import Supervisor
from .handlers import editor, events, files, system
from .http.routes import ROUTES
from .http.routing import Route, add_routes
from .http.security import add_headers, guard, make_doorkeeper
from .hub import Hub
from .jobs.dispatcher import Dispatcher
from .jobs.store import JobStore
from .metrics import Metrics
from .problems import Refusal, answer, not_found, refusal_of, sentence
from .services import SERVICES, Services
from .settings import Settings
from .storage.blobs import BlobStore
from .storage.database import open_database
from .workflows.catalogues import Catalogues
from .workflows.library import Library
from .workflows.models import Models
from .workflows.tokens import TokenCounter

LOG = logging.getLogger(__name__)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
PAGES = (
    Route("GET", "/api/docs", system.read_docs, "The API to read", "Pages"),
    Route("GET", "/api/docs.css", system.read_docs_style, "Its looks", "Pages"),
)


def make_application(settings: Settings) -> web.Application:
    """The server, without a socket. Its data folder is opened when it starts."""
    application = web.Application(middlewares=[_answer_errors, guard(make_doorkeeper(settings))])
    application[events.SOCKETS] = set()
    application.cleanup_ctx.append(_services(settings))
    application.on_response_prepare.append(add_headers)
    application.on_response_prepare.append(files.keep_etag)
    application.on_shutdown.append(events.close_sockets)
    add_routes(application, ROUTES)
    add_routes(application, PAGES)
    application.router.add_get("/{path:(?!api/).*}", editor.read_editor, name="editor")
    return application


def _services(settings: Settings) -> Callable[[web.Application], AsyncIterator[None]]:
    async def live(application: web.Application) -> AsyncIterator[None]:
        database = await open_database(settings.database)
        blobs = BlobStore(database, settings.data, settings.quota)
        await asyncio.to_thread(blobs.empty_temporary)
        hub, jobs = Hub(), JobStore(database)
        options = EngineOptions(
            device=settings.device,
            dtype=settings.dtype,
            memory_bytes=settings.memory,
            cache=settings.cache,
            cache_bytes=settings.cache_size,
            models=settings.models,
            plugins=settings.plugins,
            files=settings.files,
            preview_rate=settings.preview_rate,
        )
        dispatcher = Dispatcher(jobs, hub, Supervisor(options), blobs, settings.jobs_at_once)
        services = Services(
            settings=settings,
            catalogues=Catalogues(settings.plugins, dispatcher.reload),
            library=Library(settings.workflows),
            blobs=blobs,
            models=Models(settings.models),
            jobs=jobs,
            dispatcher=dispatcher,
            hub=hub,
            metrics=Metrics(),
            tokens=TokenCounter(),
        )
        application[SERVICES] = services
        await dispatcher.start()
        reading = asyncio.create_task(_read_catalogue(services.catalogues))
        yield
        reading.cancel()
        services.models.close()
        await dispatcher.stop()
        await database.close()

    return live


async def _read_catalogue(catalogues: Catalogues) -> None:
    """Ahead of the first request, which would wait for it."""
    try:
        known = await catalogues.current()
    except LatentloomError as error:
        LOG.error("%s", sentence(str(error)))
        return
    for problem in known.catalogue.problems:
        LOG.warning("plugin %s: %s", problem.plugin, problem.message)


@web.middleware
async def _answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every error becomes an `ApiProblem`; one that is our fault is logged, and tells the client nothing of us."""
    began = time.perf_counter()
    try:
        response = await handler(request)
    except Refusal as refusal:
        response = answer(refusal)
    except web.HTTPException as error:
        response = answer(_refusal_of_http(error, request.path))
        for name in ("Allow",):
            if name in error.headers:
                response.headers[name] = error.headers[name]
    except LatentloomError as error:
        response = answer(refusal_of(error))
    except (ConnectionError, web.RequestPayloadError):
        response = answer(Refusal(400, "broken-off", "The request was broken off."))
    except Exception:
        LOG.exception("%s %s failed", request.method, request.path)
        response = answer(Refusal(500, "our-fault", "The server made a mistake; its log says more."))
    _count(request, response.status, time.perf_counter() - began)
    if response.status >= 400 and not response.prepared and request.can_read_body:
        response.force_close()  # what is left of a refused body is not read
    return response


def _refusal_of_http(error: web.HTTPException, path: str) -> Refusal:
    if error.status == 404:
        return not_found(f"There is nothing at {path[:200]}. /api/docs tells what there is.")
    codes = {405: "wrong-method", 413: "too-large"}
    return Refusal(error.status, codes.get(error.status, "bad-request"), f"{error.reason}.")


def _count(request: web.Request, status: int, seconds: float) -> None:
    resource = request.match_info.route.resource
    route = resource.canonical if resource else "none"
    services = request.app.get(SERVICES)
    if services is not None:
        services.metrics.count_request(request.method, route, status, seconds)
    LOG.debug(
        "%s %s %d in %.1f ms",
        request.method,
        request.path,
        status,
        seconds * 1000,
        extra={"route": route, "status": status, "milliseconds": round(seconds * 1000, 1)},
    )
