"""The base of all bodies, and what an error looks like."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Wanted = Annotated[list[str], Field(min_length=1)]
"""Names of outputs, or `ID.OUTPUT` of any node. None stands for all outputs, so no list is empty."""


class Body(BaseModel):
    """Unknown fields are errors, in requests and in answers."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, use_attribute_docstrings=True, defer_build=True
    )


class Given(Body):
    """The base of what clients send: types are taken as they stand, so that 0 is not `false`."""

    model_config = ConfigDict(strict=True)


class Empty(Body):
    """Nothing to tell: it is done."""


class FaultBody(Body):
    """One thing wrong with a request, a workflow or its inputs."""

    where: str
    what: str
    mend: str = ""
    node: str | None = None
    input: str | None = None
    code: str = "fault"


class ApiProblem(Body):
    """Every answer with a status from 400."""

    error: str
    """A sentence for the user."""
    code: str
    """A stable word for programs."""
    faults: list[FaultBody] = []
