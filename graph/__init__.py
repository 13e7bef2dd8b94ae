"""The engine: documents, declarations, checking, keys, planning, cache, execution. Knows nothing of diffusion."""

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
from .registry import Registry
from .types import SocketType, TypeExpr, parse_type, socket

__all__ = [
    "Address",
    "Cancelled",
    "Catalogue",
    "Checked",
    "CheckedGraph",
    "Context",
    "ConversionSpec",
    "DefinitionError",
    "EnvironmentFault",
    "Event",
    "Fault",
    "Graph",
    "InputError",
    "InputSpec",
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
