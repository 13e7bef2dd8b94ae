"""The engine: documents, declarations, checking, keys, planning, cache, execution. Knows nothing of diffusion.

What only runs need (`Engine`, `Job`, `Result`, `Registry`) is imported when it is first asked for, so that processes
that only check documents stay light.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from .catalogue.plugins import load_registry, read_catalogue
from .catalogue.specs import Catalogue, ConversionSpec, InputSpec, NodeSpec, OutputSpec, Problem, TypeSpec
from .checking.check import check
from .checking.checked import Checked, CheckedGraph, raise_faults
from .context import Context
from .declare import Lazy, NodeType, Range, Slider, Widget, node, node_type_of
from .document.workflow import Graph, Layout, Link, Loop, Node, Parameter, Workflow
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
from .types import SocketType, TypeExpr, parse_type, socket

if TYPE_CHECKING:
    from .catalogue.registry import Registry
    from .running.engine import Engine
    from .running.job import Job, Result
    from .running.preparing import examine

_LATER = {
    "Engine": ".running.engine",
    "Job": ".running.job",
    "Result": ".running.job",
    "Registry": ".catalogue.registry",
    "examine": ".running.preparing",
}


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
    "examine",
    "load_registry",
    "node",
    "node_type_of",
    "parse_type",
    "raise_faults",
    "read_catalogue",
    "socket",
]
