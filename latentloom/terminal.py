"""Progress for people: bars on a terminal, plain lines when piped. Always on standard error.

A listener only updates numbers; drawing happens in rich's own thread a few times a second, so that watching costs the
engine next to nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO

from latentloom.graph import Address, Event, Listener, Workflow
from latentloom.graph.document.homes import homes
from latentloom.graph.events import (
    CallCached,
    CallFailed,
    CallFinished,
    CallStarted,
    JobFinished,
    LoopStarted,
    Progress,
)

from .report import name_of

if TYPE_CHECKING:
    from rich.console import RenderableType

REFRESH_PER_S = 10
QUARTERS = 4
SLOW_CALL_S = 0.05
"""Quicker calls get no line of their own in plain output."""


def loops_around(workflow: Workflow) -> dict[str, str]:
    """Node id -> id of the innermost loop around it, subgraphs' insides included."""
    return {home.id: home.loops[-1] for home in homes(workflow) if home.loops}


@dataclass
class LoopState:
    """How far one loop of one job has come, or one call that tells."""

    title: str
    total: float
    done: float = 0
    quarters: int = 0
    """Quarters that plain output has told of."""


@dataclass
class Tally:
    """The numbers that progress is drawn from, updated by events."""

    loop_of: Mapping[str, str]
    jobs: int = 1
    finished: int = 0
    ran: int = 0
    known: int = 0
    now: str = ""
    seconds: float = 0.0
    """Of the longest job."""
    loops: dict[tuple[str, str], LoopState] = field(default_factory=dict)
    """By job and address of the loop, or of a call that tells how far it is."""

    def listen(self, event: Event) -> None:
        """Take one event in."""
        self.take(event)

    def take(self, event: Event) -> LoopState | None:
        """Take one event in; returns the loop that it moved on, if any."""
        match event:
            case JobFinished():
                self.finished += 1
                self.seconds = max(self.seconds, event.seconds)
            case LoopStarted():
                state = LoopState(name_of(event.address), event.iterations)
                self.loops[event.job, str(event.address)] = state
            case CallStarted():
                self.now = name_of(event.address)
            case Progress() if event.total > 0:
                return self._tell_call(event)
            case CallFinished():
                self.ran += 1
                self.loops.pop((event.job, str(event.address)), None)
                return self._advance(event.job, event.address)
            case CallCached():
                self.known += 1
                return self._advance(event.job, event.address)
        return None

    def _tell_call(self, event: Progress) -> LoopState:
        state = self.loops.setdefault((event.job, str(event.address)), LoopState(str(event.address), event.total))
        state.done, state.total = min(event.done, event.total), event.total
        return state

    def _advance(self, job: str, address: Address) -> LoopState | None:
        """Any finished call of iteration i shows that the loop has come to it."""
        loop = self.loop_of.get(address.node)
        if loop is None or not address.iterations:
            return None
        state = self.loops.get((job, str(Address(loop, address.path, address.iterations[:-1]))))
        if state is None or address.iterations[-1] < state.done:
            return None
        state.done = min(address.iterations[-1] + 1, state.total)
        return state


@contextmanager
def progress(workflow: Workflow, jobs: int, stream: TextIO, *, quiet: bool = False) -> Iterator[Listener]:
    """A listener that shows how a run goes while the block lasts."""
    tally = Tally(loops_around(workflow), jobs)
    if quiet:
        yield lambda event: None
    elif stream.isatty():
        with _bars(tally, stream):
            yield tally.listen
    else:
        yield _lines(tally, lambda line: print(line, file=stream, flush=True))


def _lines(tally: Tally, show: Callable[[str], None]) -> Listener:
    """Slow calls, quarters of loops, and faults, a line each."""

    def listen(event: Event) -> None:
        moved = tally.take(event)
        prefix = f"{event.job}: " if tally.jobs > 1 else ""
        match event:
            case CallFinished() if not event.address.iterations and event.seconds >= SLOW_CALL_S:
                show(f"{prefix}{name_of(event.address)} {event.seconds:.2f} s")
            case CallFailed():
                show(f"{prefix}{event.address} failed")
            case JobFinished():
                show(f"{prefix}{event.state} in {event.seconds:.2f} s")
        if moved and (quarters := int(moved.done * QUARTERS // moved.total)) > moved.quarters:
            moved.quarters = quarters
            show(f"{prefix}{moved.title} {moved.done:g}/{moved.total:g}")

    return listen


@contextmanager
def _bars(tally: Tally, stream: TextIO) -> Iterator[None]:
    from rich.console import Console
    from rich.live import Live

    with Live(
        get_renderable=lambda: _view(tally),
        console=Console(file=stream),
        refresh_per_second=REFRESH_PER_S,
        transient=True,
        redirect_stdout=False,
    ):
        yield
    if tally.finished:
        print(f"{tally.ran} calls, {tally.known} results known, {tally.seconds:.2f} s", file=stream)


def _view(tally: Tally) -> RenderableType:
    """One line about nodes, and one bar for each loop under way."""
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2, 0, 0))
    counts = f"{tally.ran} calls, {tally.known} known"
    jobs = f"{tally.finished}/{tally.jobs} jobs" if tally.jobs > 1 else ""
    table.add_row(Text("nodes", style="bold"), Text(counts), Text(" ".join(filter(None, (jobs, tally.now)))))
    running = [state for state in tally.loops.values() if state.done < state.total]
    for state in running[:8]:
        bar = ProgressBar(total=state.total, completed=state.done, width=32)
        table.add_row(Text(state.title, style="bold"), bar, Text(f"{state.done:g}/{state.total:g}"))
    return table
