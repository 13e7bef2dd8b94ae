"""A route: one entry of the table from which both aiohttp's router and the OpenAPI document are made.

A handler takes what the request brought, already read and checked, and returns a body (or a response of its own).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar

from aiohttp import web
from pydantic import BaseModel, ValidationError

from latentloom.graph import LatentloomError

from ..api.parameters import NoParameters
from ..problems import Refusal, misfit, refusal_of
from ..services import SERVICES, Services
from .bodies import read_model

Parameters = TypeVar("Parameters", bound=BaseModel)
Received = TypeVar("Received")


@dataclass(frozen=True, slots=True)
class Asked(Generic[Parameters, Received]):
    """A request as a handler sees it."""

    services: Services
    parameters: Parameters
    body: Received
    http: web.Request


Handler = Callable[[Asked[Any, Any]], Awaitable[BaseModel | web.StreamResponse]]


@dataclass(frozen=True)
class Route:
    """method, path, models, handler, summary."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
    path: str
    handler: Handler
    summary: str
    tag: str
    parameters: type[BaseModel] = NoParameters
    body: type[BaseModel] | None = None
    answer: type[BaseModel] | None = None
    """None: not JSON; `media_types` says what."""
    media_types: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()
    """Media types of a body that is no JSON of ours."""
    status: int = 200
    statuses: dict[int, str] = field(default_factory=dict)
    """Further ones that this route answers with, and when."""

    @property
    def name(self) -> str:
        """The operation's id: the handler's name."""
        return self.handler.__name__


def add_routes(application: web.Application, routes: tuple[Route, ...]) -> None:
    for route in routes:
        methods = ("GET", "HEAD") if route.method == "GET" and route.status == 200 else (route.method,)
        for method in methods:
            application.router.add_route(method, route.path, _adapter(route))


def _adapter(route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request) -> web.StreamResponse:
        services = request.app[SERVICES]
        parameters = _read_parameters(request, route.parameters)
        body = await read_model(request, route.body, services.settings.body_timeout) if route.body else None
        try:
            given = await route.handler(Asked(services, parameters, body, request))
        except LatentloomError as error:
            raise refusal_of(error) from error
        if isinstance(given, web.StreamResponse):
            return given
        return web.json_response(text=given.model_dump_json(), status=route.status)

    return handle


def _read_parameters(request: web.Request, model: type[BaseModel]) -> BaseModel:
    """The path's and the query's parts together. Raises Refusal."""
    given: dict[str, str] = dict(request.match_info)
    for name, value in request.query.items():
        if name in given:
            raise Refusal(400, "bad-request", f"The parameter {name[:80]!r} is given twice.")
        given[name] = value
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise misfit(error, "address") from None
