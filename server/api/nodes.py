"""Checking workflows."""

from __future__ import annotations

from typing import Any

from .body import Body, FaultBody, Given, Wanted


class CheckRequest(Given):
    workflow: dict[str, Any]
    inputs: dict[str, Any] | None = None
    """None checks the document alone: inputs without a default may be absent."""
    outputs: Wanted | None = None
    """What is to run: names of outputs, or `ID.OUTPUT` of any node; all outputs by default."""


class CheckAnswer(Body):
    faults: list[FaultBody]
