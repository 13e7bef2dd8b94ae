"""Who may ask: requests from other sites, other names and without the token are refused before a handler sees them.

- Host: a page of an attacker can point its own name at 127.0.0.1 (DNS rebinding), so only known names are answered.
- Origin and Sec-Fetch-Site: a page of another site, also one on another port of this machine, may link here and
  nothing more; WebSocket handshakes, which browsers send anywhere, are held to the same.
- Token: `Authorization: Bearer TOKEN`, or a cookie that a visit with `?token=TOKEN` sets.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import re
import socket
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Middleware

from ..problems import Refusal
from ..settings import Settings, is_loopback
from .pages import ASK_FOR_TOKEN, COME_IN

COOKIE = "latentloom"
COOKIE_SECONDS = 30 * 24 * 3600
SAFE_METHODS = ("GET", "HEAD")
OPEN_PATHS = ("/healthz", "/api/docs.css")
"""Answered without a token: they tell nothing."""
PAGE_POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
FILE_POLICY = "default-src 'none'; sandbox"
"""For what users have made or uploaded."""

HOST = re.compile(r"(?P<name>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?")

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """Decides on requests by what the settings allow."""

    names: frozenset[str]
    """Names that the server is reached by."""
    is_local: bool
    token: str | None
    is_tls: bool

    def check_host(self, host: str) -> None:
        """Raises Refusal for a name that is not ours."""
        match = HOST.fullmatch(host)
        name = match["name"].strip("[]").lower() if match else ""
        if not (name in self.names or is_loopback(name) or (not self.is_local and _is_address(name))):
            told = f"This server does not answer to the name {host[:100]!r}. Start it with --allow-host to add a name."
            raise Refusal(421, "foreign-host", told)

    def check_origin(self, request: web.Request) -> None:
        """Raises Refusal for what a page of another site has sent, unless it is a link that was followed."""
        headers = request.headers
        is_visit = request.method in SAFE_METHODS and headers.get("Sec-Fetch-Mode") == "navigate"
        if is_visit:
            return
        origin = headers.get("Origin")
        if origin is not None:
            scheme, _, place = origin.partition("://")
            match = HOST.fullmatch(place) if scheme in ("http", "https") else None
            if match is None or not (
                place.lower() == headers.get("Host", "").lower() or match["name"].lower() in self.names
            ):
                raise Refusal(403, "foreign-origin", f"Requests from pages of {origin[:100]!r} are not answered.")
        elif headers.get("Sec-Fetch-Site", "none") not in ("none", "same-origin"):
            raise Refusal(403, "foreign-origin", "Requests from pages of other sites are not answered.")

    def check_token(self, request: web.Request) -> None:
        """Raises Refusal without the token, where one is needed."""
        if self.token is None or request.path in OPEN_PATHS:
            return
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer" and _equal(given.strip(), self.token):
            return
        if _equal(request.cookies.get(COOKIE, ""), self.cookie_value()):
            return
        raise Refusal(401, "no-token", "A token is needed: send `Authorization: Bearer TOKEN`, or visit /?token=TOKEN.")

    def lets_in(self, token: str) -> bool:
        return self.token is not None and _equal(token, self.token)

    def cookie_value(self) -> str:
        """Made from the token, which it does not tell."""
        return hmac.new((self.token or "").encode(), b"latentloom cookie", hashlib.sha256).hexdigest()


def make_doorkeeper(settings: Settings) -> Doorkeeper:
    own = {socket.gethostname().lower(), settings.host.strip("[]").lower()} if not settings.is_local else set()
    return Doorkeeper(
        names=frozenset(own | {name.lower() for name in settings.allow_host}),
        is_local=settings.is_local,
        token=settings.token.get_secret_value() if settings.token else None,
        is_tls=settings.tls_cert is not None,
    )


def guard(doorkeeper: Doorkeeper) -> Middleware:
    """The middleware that asks the doorkeeper."""

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        doorkeeper.check_host(request.headers.get("Host", ""))
        doorkeeper.check_origin(request)
        is_page = request.method == "GET" and not request.path.startswith("/api/v1")
        if is_page and doorkeeper.token and doorkeeper.lets_in(request.query.get("token", "")):
            return _come_in(doorkeeper)
        try:
            doorkeeper.check_token(request)
        except Refusal:
            if is_page and "text/html" in request.headers.get("Accept", ""):
                return web.Response(text=ASK_FOR_TOKEN, content_type="text/html", status=401)
            raise
        return await handler(request)

    return check


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """What every answer carries; a handler may have set a stricter policy."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", PAGE_POLICY)
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers.setdefault("Cache-Control", "no-store")
    headers.popall("Server", None)


def _come_in(doorkeeper: Doorkeeper) -> web.Response:
    """Sets the cookie and goes on by a page of our own: after a redirect from elsewhere a strict one is not sent."""
    response = web.Response(text=COME_IN, content_type="text/html")
    response.set_cookie(
        COOKIE,
        doorkeeper.cookie_value(),
        max_age=COOKIE_SECONDS,
        path="/",
        httponly=True,
        samesite="Strict",
        secure=doorkeeper.is_tls,
    )
    return response


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _equal(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode(errors="surrogatepass"), wanted.encode())
