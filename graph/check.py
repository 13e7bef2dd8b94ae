"""The checker: a document and a catalogue give a checked graph, or all faults at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .catalogue import Catalogue
from .checked import Checked
from .document import Graph


def check(
    workflow: Graph,
    catalogue: Catalogue,
    *,
    inputs: Mapping[str, Any] | None = None,
    outputs: Sequence[str] | None = None,
) -> Checked:
    """Check a workflow against a catalogue, before anything runs.

    inputs: the named inputs given for a run; None checks the document alone, so that inputs without a default may
        be absent (their value is None then).
    outputs: what is asked for: names of outputs, or `ID.OUTPUT` for any node's; all outputs by default. Inside a
        loop's body that is the list over its iterations, inside a subgraph it is `INSTANCE/ID.OUTPUT`.
    """
    raise NotImplementedError
