"""Joining: equal calls that are ready together run as one, along the batch axis.

Two calls are equal when they are of one node type, their `batch` inputs have the same signature (types, shapes but
for the batch, devices) and their other inputs have the same keys. The pool holds the ready joinable calls of all
running jobs; the engine takes from it when nothing else can run.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING, Any

from ..errors import RunError
from ..planning.keys import Key

if TYPE_CHECKING:
    from .cells import CallCell


@dataclass(frozen=True, slots=True)
class Member:
    """A ready call with its values and how many samples it brings."""

    cell: CallCell
    values: dict[str, Any]
    size: int


@dataclass(frozen=True, slots=True)
class Joined:
    """What was joined at one input of a node last, and the whole where the same parts came twice, such as texts."""

    ids: tuple[int, ...]
    sizes: list[int]
    parts: list[Any] | None = None
    whole: Any = None


class Pool:
    """Ready joinable calls, grouped; the group that waits longest comes first."""

    def __init__(self, most_samples: int) -> None:
        self._most_samples = most_samples
        self._groups: dict[Hashable, list[Member]] = {}

    def __bool__(self) -> bool:
        return bool(self._groups)

    def add(self, cell: CallCell) -> None:
        member, group = _member(cell)
        self._groups.setdefault(group, []).append(member)

    def take(self) -> list[Member]:
        """The oldest group, at most as many samples as are joined at once (but at least one call).

        In a fixed order, not in that in which they became ready, so that the next step joins them in the same.
        """
        group = next(iter(self._groups))
        waiting = self._groups[group]
        count, samples = 0, 0
        while count < len(waiting) and (not count or samples + waiting[count].size <= self._most_samples):
            samples += waiting[count].size
            count += 1
        if count == len(waiting):
            del self._groups[group]
        else:
            self._groups[group] = waiting[count:]
        return sorted(waiting[:count], key=_place)

    def drop(self, job: object) -> None:
        """Forget the calls of a job that ended."""
        for group, members in list(self._groups.items()):
            rest = [member for member in members if member.cell.frame.job is not job]
            if rest:
                self._groups[group] = rest
            else:
                del self._groups[group]


@cache
def _tensors() -> ModuleType:
    """The tensor file, which loads torch: asked for when there is something to join."""
    from ..store import tensors

    return tensors


def _place(member: Member) -> tuple[Any, ...]:
    cell = member.cell
    return cell.frame.job.id, cell.frame.path, cell.step.id, cell.frame.iterations, cell.iterations


def _member(cell: CallCell) -> tuple[Member, Hashable]:
    step, tensors = cell.step, _tensors()
    batch = step.declared.batch
    values: dict[str, Any] = {}
    others: list[Key | None] = []
    signatures: list[Hashable] = []
    sizes: set[int] = set()
    fits = True
    for name, port in zip(step.names, cell.inputs, strict=True):
        value = values[name] = port.value()
        if name not in batch:
            others.append(port.key)
        elif value is None:
            signatures.append(None)
        elif found := tensors.signature(value):
            signatures.append(found[0])
            sizes.add(found[1])
        else:
            fits = False
    size = max(sizes, default=1)
    if not fits or sizes - {1, size}:
        return Member(cell, values, size), id(cell)  # runs alone
    alone = (id(cell.frame.job), cell.frame.iterations) if cell.frame.job.deterministic else None
    return Member(cell, values, size), (step.prefix, tuple(others), tuple(signatures), alone)


def joined_values(members: list[Member]) -> dict[str, Any]:
    """The inputs of the one call that stands for all members."""
    if len(members) == 1:
        return members[0].values
    cell, sizes = members[0].cell, [member.size for member in members]
    values = dict(members[0].values)
    for name in cell.step.declared.batch:
        if values[name] is not None:
            parts = [member.values[name] for member in members]
            values[name] = _joined(cell.frame.job.joined, (cell.frame.path, cell.step.id, name), parts, sizes)
    return values


def _joined(last: dict[Hashable, Joined], place: Hashable, parts: list[Any], sizes: list[int]) -> Any:
    """The parts as one; the same object while the same parts come again, so that a node may know it again.

    Nothing is held that came once only: it would count for no budget.
    """
    ids, known = tuple(map(id, parts)), last.get(place)
    if known is None or known.ids != ids or known.sizes != sizes:
        last[place] = Joined(ids, sizes)
        return _tensors().join(parts, sizes)
    if known.parts is None:  # they may be others that lie where the last ones lay: from now on they are held
        known = last[place] = Joined(ids, sizes, parts, _tensors().join(parts, sizes))
    return known.whole


def shares(outputs: tuple[Any, ...], members: list[Member]) -> list[tuple[Any, ...]]:
    """Each member's part of the outputs. Raises RunError when an output has no such batch axis."""
    if len(members) == 1:
        return [outputs]
    tensors = _tensors()
    sizes = [member.size for member in members]
    parts = []
    for output in outputs:
        split = tensors.split(output, sizes)
        if split is None:
            declared = members[0].cell.step.declared
            raise RunError(
                f"the node type {declared.type!r} declares batch={declared.batch} but returned something without "
                f"{sum(sizes)} samples along its first axis: its author should mend it.",
                node=members[0].cell.step.id,
                address=str(members[0].cell.address),
            )
        parts.append(split)
    return list(zip(*parts, strict=True))
