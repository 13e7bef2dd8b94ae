"""One engine with the whole node library for the tests of this folder, and the example workflows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from latentloom.graph import Engine, Result, Workflow, load_registry
from latentloom.graph.events import CallFinished, Counted

EXAMPLES = Path(__file__).parents[2] / "workflows"


@pytest.fixture(scope="session")
def registry() -> Any:
    return load_registry()


@pytest.fixture(scope="session")
def engine(registry: Any) -> Iterator[Engine]:
    with Engine(registry) as engine:
        yield engine


class Log:
    """Listens: calls that ran by node, and what nodes counted."""

    def __init__(self) -> None:
        self.ran: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()

    def __call__(self, event: Any) -> None:
        match event:
            case CallFinished(address=address):
                self.ran[address.node] += 1
            case Counted(name=name, amount=amount):
                self.counts[name] += amount

    @property
    def forwards(self) -> int:
        return self.counts["denoiser_forwards"]


class Examples:
    """Loads and runs example workflows, file inputs found beside them."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def load(self, name: str) -> Workflow:
        return Workflow.load(EXAMPLES / f"{name}.json")

    def run(
        self, workflow: str | Workflow, outputs: list[str] | None = None, engine: Engine | None = None, **inputs: Any
    ) -> tuple[Result, Log]:
        document = self.load(workflow) if isinstance(workflow, str) else workflow
        files = {
            name: str(EXAMPLES / parameter.default)
            for name, parameter in document.inputs.items()
            if parameter.type == "Path" and parameter.default
        }
        log = Log()
        job = (engine or self.engine).submit(document, files | inputs, outputs, on_event=log)
        return job.result(300), log


@pytest.fixture(scope="session")
def examples(engine: Engine) -> Examples:
    return Examples(engine)
