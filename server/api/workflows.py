"""The workflow library and the examples."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from .body import Body, Given

WorkflowName = Annotated[str, Field(min_length=1, max_length=100)]


class WorkflowEntry(Body):
    name: str
    title: str = ""
    description: str = ""
    revision: int
    modified: float
    nodes: int
    """How many, with those in loops and subgraphs."""


class WorkflowList(Body):
    workflows: list[WorkflowEntry]


class WorkflowFile(Body):
    name: str
    revision: int
    """Rises by one with every save; 0 for examples."""
    modified: float
    workflow: dict[str, Any]


class NewWorkflow(Given):
    name: WorkflowName
    workflow: dict[str, Any]


class SaveWorkflow(Given):
    workflow: dict[str, Any]
    revision: Annotated[int, Field(ge=1)]
    """The one that was changed: 409 where another has been saved since."""


class NewName(Given):
    name: WorkflowName


class Version(Body):
    revision: int
    modified: float


class VersionList(Body):
    versions: list[Version]
    """Newest first; the last 20."""
