"""What handlers work with: the parts of one running server."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from .hub import Hub
from .jobs.dispatcher import Dispatcher
from .jobs.store import JobStore
from .metrics import Metrics
from .settings import Settings
from .storage.blobs import BlobStore
from .workflows.catalogues import Catalogues
from .workflows.library import Library
from .workflows.models import Models
from .workflows.tokens import TokenCounter


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
