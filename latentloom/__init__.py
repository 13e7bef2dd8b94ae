"""Latentloom: a node editor and graph engine for diffusion pipelines, with an open denoising loop.

The names below load on first use, so that `import latentloom` and the command line's `--help` stay quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from latentloom.graph import (
        Context,
        Engine,
        Graph,
        InputError,
        Lazy,
        Range,
        Slider,
        Widget,
        Workflow,
        WorkflowError,
        load_registry,
        node,
        socket,
    )

    from .api import run

__version__ = "0.1.0"

__all__ = [
    "Context",
    "Engine",
    "Graph",
    "InputError",
    "Lazy",
    "Range",
    "Slider",
    "Widget",
    "Workflow",
    "WorkflowError",
    "__version__",
    "load_registry",
    "node",
    "run",
    "socket",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'latentloom' has no attribute {name!r}")
    return getattr(import_module("latentloom.api" if name == "run" else "latentloom.graph"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
