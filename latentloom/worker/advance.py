"""How far a job has come: in iterations of its loops; where it walks none, in nodes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from latentloom.graph import Address, Event
from latentloom.graph.events import CallCached, CallFinished, JobFinished, LoopStarted
from latentloom.graph.planning.plan import CallStep, GraphStep, LoopStep, Plan, Scope

Place = tuple[str, tuple[str, ...], tuple[int, ...]]
"""Of a call or a loop: node, subgraph instances and iterations around it."""
Use = tuple[str, tuple[str, ...]]
"""A node, and the subgraph instances around it."""
NOTHING = Plan(Scope((), (), (), ()), (), ())


class Advance:
    """What was reached of what is known to be wanted."""

    def __init__(self, loop_of: Mapping[str, str], plan: Plan) -> None:
        """loop_of: node id -> id of the innermost loop around it."""
        self._loop_of = loop_of
        self._nodes = frozenset(_nodes(plan.scope, ()))
        self._has_loop = _has_loop(plan.scope)
        self.has_ended = False
        self._reached_nodes: set[Use] = set()
        self._loops: dict[Place, tuple[int, int]] = {}
        self._iterations = (0, 0)

    @property
    def progress(self) -> tuple[int, int]:
        """Iterations of all loops, reached and known of; nodes, where no loop is walked."""
        if self._iterations[1] > 0 or (self._has_loop and not self.has_ended):
            return self._iterations
        return len(self._reached_nodes), len(self._nodes)

    def take(self, event: Event) -> None:
        match event:
            case LoopStarted():
                self._set(place_of(event.address), 0, event.iterations)
            case CallFinished() | CallCached():
                self._reach(event.address)
            case JobFinished():
                self.has_ended = True

    def _reach(self, address: Address) -> None:
        """A finished call of iteration i shows that its loop has come to it, and that those before are done."""
        if (use := (address.node, address.path)) in self._nodes:
            self._reached_nodes.add(use)
        loop = self._loop_of.get(address.node)
        if loop is None or not address.iterations:
            return
        place = (loop, address.path, address.iterations[:-1])
        done, total = self._loops.get(place, (0, 0))
        if done <= address.iterations[-1] < total:
            self._set(place, address.iterations[-1] + 1, total)

    def _set(self, place: Place, done: int, total: int) -> None:
        before = self._loops.get(place, (0, 0))
        self._loops[place] = (done, total)
        self._iterations = (self._iterations[0] + done - before[0], self._iterations[1] + total - before[1])


def place_of(address: Address) -> Place:
    return address.node, address.path, address.iterations


def _nodes(scope: Scope, path: tuple[str, ...]) -> Iterator[Use]:
    """The nodes outside of loops, those in subgraphs at each of their uses."""
    for step in scope.steps:
        match step:
            case CallStep() if "." not in step.id:  # those with a dot are conversions
                yield step.id, path
            case GraphStep():
                yield from _nodes(step.scope, (*path, step.id))


def _has_loop(scope: Scope) -> bool:
    return any(
        isinstance(step, LoopStep) or (isinstance(step, GraphStep) and _has_loop(step.scope)) for step in scope.steps
    )
