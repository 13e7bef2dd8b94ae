"""A plain Context of our own: what any third party would write to call nodes without the engine."""

from __future__ import annotations

import hashlib
import sys
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # for the helpers beside the tests: tiny_models, loops

from tiny_models import write_model


@dataclass
class PlainContext:
    """Resources in a dict, everything on the CPU in float32."""

    device: str = "cpu"
    dtype: str = "float32"
    model_folders: Sequence[Path] = ()
    cancelled: bool = False
    resources: dict[Hashable, Any] = field(default_factory=dict)
    counters: Counter[str] = field(default_factory=Counter)
    reports: list[tuple[float, float]] = field(default_factory=list)

    def check_cancelled(self) -> None:
        pass

    def progress(self, done: float, total: float) -> None:
        self.reports.append((done, total))

    def count(self, name: str, amount: int = 1) -> None:
        self.counters[name] += amount

    def resource(self, key: Hashable, load: Callable[[], Any]) -> Any:
        if key not in self.resources:
            self.resources[key] = load()
        return self.resources[key]

    def file_digest(self, path: Path) -> str:
        return hashlib.blake2b(path.read_bytes(), digest_size=20).hexdigest()

    def may_read(self, path: Path) -> bool:
        return True


@pytest.fixture(scope="session")
def context() -> PlainContext:
    return PlainContext()


@pytest.fixture
def make_context() -> type[PlainContext]:
    return PlainContext


@pytest.fixture(scope="session")
def demo(context: PlainContext) -> Any:
    from latentloom.nodes.model import load_model

    return load_model("demo", context=context)


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Folder of a small random model of a family, written once."""
    root = tmp_path_factory.mktemp("models")

    def folder(family: str) -> Path:
        place = root / family
        return place if place.exists() else write_model(place, family)

    return folder
