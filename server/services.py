"""What handlers work with: the parts of one running server."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from .blobs import BlobStore
from .catalogues import Catalogues
from .dispatcher import Dispatcher
from .hub import Hub
from .jobs import JobStore
from .library import Library
from .metrics import Metrics
from .models import Models
from .settings import Settings
from .tokens import TokenCounter


@dataclass(frozen=True)
class Services:
    settings: Settings
    catalogues: Catalogues
    library: Library
    blobs: BlobStore
    models: Models
    jobs: JobStore
    dispatcher: Dispatcher
    hub: Hub
    metrics: Metrics
    tokens: TokenCounter


SERVICES = web.AppKey("services", Services)
