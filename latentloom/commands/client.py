"""A server at the other end of HTTP: what it answers, or an error that says what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, TypeVar

import aiohttp
from pydantic import BaseModel, ValidationError

from latentloom.graph import EnvironmentFault, Fault, LatentloomError, WorkflowError
from latentloom.server.api import ApiProblem, System

Model = TypeVar("Model", bound=BaseModel)
CONNECT_SECONDS = 10.0
KEPT_SECONDS = 5.0
"""Shorter than a server keeps an idle connection, which may end just when it is used again."""


class Unreachable(EnvironmentFault):
    """Nobody answers there, or not any more."""


@dataclass(frozen=True)
class Remote:
    """Where a server is, and what it wants to see."""

    url: str
    token: str | None = None


class Client:
    """Use it as an async context manager."""

    def __init__(self, remote: Remote) -> None:
        if "://" not in remote.url:
            where = f"the server's address {remote.url!r} has no http:// or https:// in front."
            raise EnvironmentFault(f"{where} Give --server http://{remote.url}.")
        self._remote = remote
        self._base = remote.url.rstrip("/") + "/api/v1"

    async def __aenter__(self) -> Self:
        headers = {"Authorization": f"Bearer {self._remote.token}"} if self._remote.token else {}
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS)
        connector = aiohttp.TCPConnector(keepalive_timeout=KEPT_SECONDS)
        self._session = aiohttp.ClientSession(headers=headers, timeout=timeout, connector=connector)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def ask(self, method: str, path: str, answer: type[Model], body: BaseModel | None = None) -> Model:
        """Send a body, read an answer. Raises WorkflowError with the server's faults, Unreachable, EnvironmentFault."""
        json = body.model_dump(mode="json") if body else None
        content = await self._request(method, path, json=json)
        return self._read(content, answer)

    async def send(self, path: str, content: bytes, answer: type[Model]) -> Model:
        return self._read(await self._request("POST", path, data=content), answer)

    async def content(self, path: str) -> bytes:
        return await self._request("GET", path)

    async def engine_fault(self) -> str:
        """Why the server's engine cannot run, so that jobs would wait for ever; empty where it can."""
        engine = (await self.ask("GET", "/system", System)).engine
        if engine.state != "stopped":
            return ""
        return f"the server's engine cannot run: {engine.message} Jobs wait until it is started in another way."

    async def has(self, path: str) -> bool:
        """Whether there is something at an address."""
        try:
            async with self._session.head(self._base + path) as response:
                return response.status == 200
        except (aiohttp.ClientError, OSError, ValueError) as error:
            raise self._unreachable(error) from error

    async def _request(self, method: str, path: str, **given: Any) -> bytes:
        try:
            async with self._session.request(method, self._base + path, **given) as response:
                content = await response.read()
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            raise self._unreachable(error) from error
        if response.status >= 400:
            raise self._error(response.status, content)
        return content

    def _unreachable(self, error: Exception) -> Unreachable:
        cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
        told = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
        return Unreachable(
            f"no server answers at {self._remote.url}: {told}. Start one with `latentloom serve`, or give --server URL."
        )

    def _read(self, content: bytes, answer: type[Model]) -> Model:
        try:
            return answer.model_validate_json(content)
        except ValidationError as error:
            raise EnvironmentFault(
                f"what answers at {self._remote.url} is no Latentloom server of this kind: {error.errors()[0]['msg']}."
            ) from error

    def _error(self, status: int, content: bytes) -> LatentloomError:
        try:
            problem = ApiProblem.model_validate_json(content)
        except ValidationError:
            return EnvironmentFault(f"{self._remote.url} answered with status {status}: is it a Latentloom server?")
        if problem.faults:
            return WorkflowError([Fault(**fault.model_dump()) for fault in problem.faults])
        if problem.code == "no-token":
            fault = "does not take this token" if self._remote.token else "asks for a token"
            mend = "give the right one by --token, or set LATENTLOOM_TOKEN. It was printed when the server started."
            return EnvironmentFault(f"the server {fault}: {mend}")
        return EnvironmentFault(problem.error)


def query(path: str, values: Mapping[str, Any]) -> str:
    """An address with the values that are given."""
    from urllib.parse import urlencode

    given = {name: value for name, value in values.items() if value not in (None, "")}
    return f"{path}?{urlencode(given)}" if given else path
