"""Listening: sockets, TLS, the token, and a graceful end."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import signal
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aiohttp import web
from pydantic import SecretStr

from latentloom.files import fault_of_folder
from latentloom.graph import EnvironmentFault

from .application import make_application
from .logs import set_up_logs
from .settings import TOKEN_LENGTH, Settings

LOG = logging.getLogger(__name__)
STOP_SECONDS = 10.0
"""Answers under way have so long to end."""
IDLE_SECONDS = 10.0
"""A connection without a request is closed then, also one whose headers trickle."""
BACKLOG = 512


def serve(settings: Settings) -> None:
    """Serve until told to end. Raises EnvironmentFault where the address or the data folder cannot be used."""
    set_up_logs(settings.log_level, as_json=settings.log_json)
    try:
        with _held(settings.data):
            asyncio.run(_serve(settings.model_copy(update={"token": _token(settings)}), settings.token is not None))
    except OSError as error:
        raise EnvironmentFault(
            f"cannot serve at {settings.host}:{settings.port}: {error.strerror or error}."
        ) from error


async def _serve(settings: Settings, is_token_known: bool) -> None:
    runner = web.AppRunner(
        make_application(settings), access_log=None, shutdown_timeout=STOP_SECONDS, auto_decompress=False,
        keepalive_timeout=IDLE_SECONDS,
    )  # fmt: skip
    await runner.setup()
    try:
        site = web.TCPSite(
            runner, settings.host, settings.port, ssl_context=_tls(settings), backlog=BACKLOG, reuse_address=True
        )
        await site.start()
        _announce(settings, runner, is_token_known)
        await _told_to_end()
        LOG.info("ending: calls under way finish, jobs are kept")
    finally:
        await runner.cleanup()


async def _told_to_end() -> None:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told.set)
    await told.wait()
    for number in (signal.SIGTERM, signal.SIGINT):
        # A second one ends at once; what was accepted is on disk.
        loop.add_signal_handler(number, os._exit, 130)


def _announce(settings: Settings, runner: web.AppRunner, is_token_known: bool) -> None:
    """Says where to go. A token that was given is not repeated: logs are read by others."""
    scheme = "https" if settings.tls_cert else "http"
    host, port = runner.addresses[0][:2]
    shown = f"[{host}]" if ":" in host else host
    address = f"{scheme}://{shown}:{port}/"
    if settings.token and not is_token_known:
        address += f"?token={settings.token.get_secret_value()}"
    LOG.info("serving at %s", address, extra={"port": port})
    LOG.info("data in %s", settings.data)
    for folder in settings.models:
        if fault := fault_of_folder(folder):
            LOG.warning("models %s: %s; models that are put there later are found without a restart", folder, fault)
    if not settings.is_local:
        LOG.warning("this address can be reached from other machines: whoever has the token can run workflows")
        if not settings.tls_cert:
            LOG.warning("without TLS the token can be read on the way: give --tls-cert and --tls-key, or use a proxy")


@contextmanager
def _held(data: Path) -> Iterator[None]:
    """The data folder is ours alone: two servers would both run its jobs. The system lets go when a process ends."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = (data / "lock").open("a+")
    except OSError as error:
        raise EnvironmentFault(f"the data folder {data} cannot be used: {error.strerror}. Choose another.") from error
    with file:
        if sys.platform != "win32":
            import fcntl

            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise EnvironmentFault(
                    f"another server works with the data folder {data}. End it, or choose another folder by --data."
                ) from None
        yield


def _token(settings: Settings) -> SecretStr | None:
    """The one given; for addresses that others can reach one is made, and kept in the data folder."""
    if settings.token or settings.is_local:
        return settings.token
    file = settings.data / "token"
    try:
        if not file.exists():
            part = file.with_name("token.part")
            part.touch(mode=0o600)
            part.write_text(secrets.token_urlsafe(32), encoding="utf-8")
            part.replace(file)
        token = file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise EnvironmentFault(f"the token cannot be kept in {file}: {error.strerror}. Give one by --token.") from error
    if len(token) < TOKEN_LENGTH:
        raise EnvironmentFault(
            f"the file {file} holds no token of {TOKEN_LENGTH} characters. Remove it, to have one made."
        )
    return SecretStr(token)


def _tls(settings: Settings) -> ssl.SSLContext | None:
    if settings.tls_cert is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(_file(settings.tls_cert), settings.tls_key and _file(settings.tls_key))
    except (OSError, ssl.SSLError) as error:
        raise EnvironmentFault(f"the TLS certificate or key cannot be used: {error}.") from error
    return context


def _file(path: Path) -> Path:
    if not path.is_file():
        raise EnvironmentFault(f"there is no file {path}: give the PEM files of the certificate and of its key.")
    return path
