"""Checking workflows."""

from __future__ import annotations

from typing import Any

from .body import Body, FaultBody, Given


class CheckRequest(Given):
    workflow: dict[str, Any]
    inputs: dict[str, Any] | None = None
    """None checks the document alone: inputs without a default may be absent."""
    outputs: list[str] | None = None


class CheckAnswer(Body):
    faults: list[FaultBody]
