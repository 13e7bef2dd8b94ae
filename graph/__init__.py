"""The engine: documents, declarations, checking, keys, planning, cache, execution. Knows nothing of diffusion.

What only runs need (`Engine`, `Job`, `Result`, `Registry`) is imported when it is first asked for, so that processes
that only check documents stay light.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from .catalogue import Catalogue, ConversionSpec, InputSpec, NodeSpec, OutputSpec, Problem, TypeSpec
from .check import check
from .checked import Checked, CheckedGraph, raise_faults
from .context import Context
from .declare import Lazy, NodeType, Range, Slider, Widget, node, node_type_of
from .document import Graph, Layout, Link, Loop, Node, Parameter, Workflow
from .errors import (
    Cancelled,
    DefinitionError,
    EnvironmentFault,
    Fault,
    InputError,
    LatentloomError,
    RunError,
    WorkflowError,
)
from .events import Address, Event, Listener
from .plugins import load_registry, read_catalogue
from .types import SocketType, TypeExpr, parse_type, socket

if TYPE_CHECKING:
    from .engine import Engine
    from .job import Job, Result
    from .registry import Registry

_LATER = {"Engine": ".engine", "Job": ".job", "Result": ".job", "Registry": ".registry"}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_LATER[name], __name__), name)


__all__ = [
    "Address",
    "Cancelled",
    "Catalogue",
    "Checked",
    "CheckedGraph",
    "Context",
    "ConversionSpec",
    "DefinitionError",
    "Engine",
    "EnvironmentFault",
    "Event",
    "Fault",
    "Graph",
    "InputError",
    "InputSpec",
    "Job",
    "LatentloomError",
    "Layout",
    "Lazy",
    "Link",
    "Listener",
    "Loop",
    "Node",
    "NodeSpec",
    "NodeType",
    "OutputSpec",
    "Parameter",
    "Problem",
    "Range",
    "Registry",
    "Result",
    "RunError",
    "Slider",
    "SocketType",
    "TypeExpr",
    "TypeSpec",
    "Widget",
    "Workflow",
    "WorkflowError",
    "check",
    "load_registry",
    "node",
    "node_type_of",
    "parse_type",
    "raise_faults",
    "read_catalogue",
    "socket",
]
