"""The engine: documents, declarations, checking, keys, planning, cache, execution. Knows nothing of diffusion."""

from .catalogue import Catalogue, ConversionSpec, InputSpec, NodeSpec, OutputSpec, Problem, TypeSpec
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
from .types import SocketType, TypeExpr, parse_type, socket

__all__ = [
    "Address",
    "Cancelled",
    "Catalogue",
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
    "RunError",
    "Slider",
    "SocketType",
    "TypeExpr",
    "TypeSpec",
    "Widget",
    "Workflow",
    "WorkflowError",
    "node",
    "node_type_of",
    "parse_type",
    "socket",
]
