"""Where the values of a denoising step stand, of which a prediction is a part.

A prediction alone is noise to the eye. With the schedule, the timestep and the latent of the step that takes it, it
says what the final picture would be. These are results of other calls of the same job: they are found by walking the
document's links back from the node that takes all of them, through what loops walk and carry and what subgraphs are
given. What is cut out of a list before a loop walks it is no call of its own: such a step is not found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from latentloom.graph import Link, Loop, Node
from latentloom.graph.document.workflow import PARAMETER

from ..engine.protocol import Source, StepSources
from .outlines import Outline
from .reports import Report

PREDICTION = "Prediction"
GIVEN = {"NoiseSchedule": "schedule", "Timestep": "timestep", "Latent": "latent"}
"""Types of what a step is given besides a prediction -> what it is called here."""
TYPES = {name: type_ for type_, name in GIVEN.items()}
INSIDE = "/in"
LONGEST = 10_000
"""Links that are followed for one value: a value may be carried through all iterations of a loop."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A node, in one of the places where it runs."""

    node: str
    path: tuple[str, ...]
    iterations: tuple[int, ...]


def step_of(outline: Outline, report: Report, spot: Spot) -> StepSources | None:
    """What the step is given that a node's prediction goes into, at the same iteration; None where there is none."""
    walk = Walk(outline, report)
    for around in walk.outwards(spot):
        for candidate in walk.beside(around):
            found = walk.sources(candidate)
            if found is not None and walk.reads(candidate.node, around.node):
                return found
    return None


class Walk:
    """Follows the links of a document that was run."""

    def __init__(self, outline: Outline, report: Report) -> None:
        self._report = report
        self._subgraphs = outline.subgraphs
        self._homes = outline.homes

    def outwards(self, spot: Spot) -> Iterator[Spot]:
        """The node, then the loops and the subgraphs' nodes around it, from the innermost on."""
        node, path = spot.node, spot.path
        while node in self._homes:
            for each in (node, *reversed(self._homes[node].loops)):
                yield self._at(each, path, spot.iterations)
            if not path:
                return
            node, path = path[-1], path[:-1]

    def beside(self, spot: Spot) -> Iterator[Spot]:
        for id_, member in self._homes[spot.node].beside.items():
            if isinstance(member, Node):
                yield Spot(id_, spot.path, spot.iterations)

    def reads(self, reader: str, node: str) -> bool:
        """Whether a node gets, directly or not, what another one of the same body gives."""
        beside = self._homes[node].beside
        seen, waiting = {reader}, [reader]
        while waiting:
            for source, _ in beside[waiting.pop()].links.values():
                if source == node:
                    return True
                if source in beside and source not in seen:
                    seen.add(source)
                    waiting.append(source)
        return False

    def sources(self, spot: Spot) -> StepSources | None:
        """What a node is given, where it is given all that makes a step."""
        found: dict[str, Source] = {}
        for input_, link in self._homes[spot.node].member.links.items():
            source = self.follow(link, spot.path, spot.iterations)
            if source is not None:
                found.setdefault(self._type_of(source) or TYPES.get(input_, ""), source)
        if not {PREDICTION, *GIVEN} <= found.keys():
            return None
        return StepSources(**{name: found[type_] for type_, name in GIVEN.items()})

    def follow(self, link: Link, path: tuple[str, ...], iterations: tuple[int, ...]) -> Source | None:
        """The call that gives what a link brings; None where no call does, or where it is not known."""
        index: int | None = None
        for _ in range(LONGEST):
            target, name = link
            if target == PARAMETER:
                given = self._homes[path[-1]].member.links.get(name) if path else None
                if given is None:
                    return None
                link, path, iterations = given, path[:-1], self._cut(path[-1], path[:-1], iterations)
                continue
            inside = target.endswith(INSIDE)
            home = self._homes.get(target.removesuffix(INSIDE))
            if home is None:
                return None
            here = self._cut(target.removesuffix(INSIDE), path, iterations)
            match home.member:
                case Loop() as loop if inside:
                    number = iterations[len(here)]
                    is_back = name in loop.carry and number > 0
                    following = loop.next.get(name) if is_back else loop.links.get(name)
                    if following is None or (name in loop.each and index is not None):
                        return None
                    if name in loop.each:
                        index = number
                    link, iterations = following, (*here, number - 1) if is_back else here
                case Loop() as loop:
                    last = self._last(loop, path, here)
                    if name not in loop.carry or name not in loop.next or last is None:
                        return None
                    link, iterations = loop.next[name], (*here, last)
                case Node(type=type_) if type_ in self._subgraphs:
                    following = self._subgraphs[type_].outputs.get(name)
                    if following is None:
                        return None
                    link, path, iterations = following, (*path, target), here
                case _:
                    known = self._report.keys.get((target, path, here))
                    return known and Source(node_type=known[0], key=known[1], output=name, index=index)
        return None

    def _at(self, node: str, path: tuple[str, ...], iterations: tuple[int, ...]) -> Spot:
        return Spot(node, path, self._cut(node, path, iterations))

    def _cut(self, node: str, path: Sequence[str], iterations: tuple[int, ...]) -> tuple[int, ...]:
        """The iterations of the loops around a node, of those that were given for a node inside."""
        return iterations[: sum(len(self._homes[each].loops) for each in (*path, node))]

    def _last(self, loop: Loop, path: tuple[str, ...], around: tuple[int, ...]) -> int | None:
        """The last iteration that is known of a loop."""
        numbers = [
            place[2][len(around)]
            for place in self._report.keys
            if place[0] in loop.body and place[1] == path and len(place[2]) > len(around)
            and place[2][: len(around)] == around
        ]  # fmt: skip
        return max(numbers, default=None)

    def _type_of(self, source: Source) -> str:
        """Empty where a node gives whatever it was given."""
        type_ = self._report.type_of(source.node_type, source.output)
        if source.index is not None:
            type_ = type_.removeprefix("list[").removesuffix("]")
        return "" if type_.startswith("~") else type_
