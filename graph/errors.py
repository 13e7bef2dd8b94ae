"""The four families of errors: definition, workflow, run, environment.

Every message says where, what was there, what was expected and how to mend it. User mistakes are
collected as `Fault` values, so that all of them are shown at once; a traceback is for plugin authors only.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a workflow or its inputs."""

    where: str
    """Place in the document: `nodes.sampler.values.steps`, `inputs.seed`, or a file name."""
    what: str
    """What is wrong, with what was there and what was expected."""
    mend: str = ""
    """What to do about it."""
    node: str | None = None
    """The node's id, where the fault is at a node."""
    input: str | None = None
    """The input's name, where the fault is at an input."""
    code: str = "fault"
    """A stable word for programs: `unknown-node-type`, `type-mismatch`, ..."""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" + (f" {self.mend}" if self.mend else "")

    def as_dict(self) -> dict[str, str | None]:
        return asdict(self)


class LatentloomError(Exception):
    """Base of all errors that carry a message meant for the user."""


class DefinitionError(LatentloomError):
    """A plugin declares a node or a type wrongly (for the plugin's author)."""


class WorkflowError(LatentloomError):
    """A workflow or its inputs are faulty; nothing has run."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class RunError(LatentloomError):
    """A node failed on this input. `node` is its id, `address` the place with iterations; the cause is chained."""

    def __init__(self, message: str, *, node: str, address: str = "", traceback: str = "") -> None:
        self.node = node
        self.address = address or node
        self.traceback = traceback
        super().__init__(message)


class InputError(LatentloomError):
    """Raised by a node when a value it was given cannot be used: shown without a traceback.

    The message says what was there, what was expected and what to do; the engine adds where.
    """


class EnvironmentFault(LatentloomError):
    """Memory, a file, a folder or a device stands in the way."""


class Cancelled(LatentloomError):
    """The job was cancelled; what it finished stays known."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A hint naming the nearest known words, or an empty string: `Did you mean 'steps'?`"""
    near = difflib.get_close_matches(word, list(dict.fromkeys(known)), n=3, cutoff=0.6)
    return f"Did you mean {' or '.join(repr(n) for n in near)}?" if near else ""
