"""Random graphs: pulling with a cache gives what naive evaluation gives, and equal keys mean equal results.

One engine with a tiny memory, a disk tier that keeps everything, and joined calls serves all examples, so that results
of one example are met again in others, dropped, read back and made anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, TypeVar

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from latentloom.graph import Engine, Lazy, Registry, Workflow, node, socket
from latentloom.graph.events import CallCached, CallFinished
from latentloom.graph.store.disk import DiskTier

T = TypeVar("T")


@socket
@dataclass(frozen=True)
class Tile:
    """A tensor [B, 3]."""

    values: torch.Tensor


@node(category="test")
def tile(seed: int, rows: int = 1) -> Tile:
    """Numbers from a seed."""
    return Tile(torch.arange(3.0).repeat(rows, 1) + seed)


@node(category="test")
def mix(a: Tile, b: Tile, weight: float = 0.5) -> Tile:
    """Between two."""
    return Tile(a.values[:1] * weight + b.values[:1] * (1 - weight))


@node(category="test", batch=("tile",))
def model(tile: Tile, strength: float) -> Tile:
    """Joinable."""
    return Tile(torch.tanh(tile.values * strength) * 3)


@node(category="test")
def level(tile: Tile) -> int:
    """Content-keyed, made from a tensor."""
    return int(tile.values.sum().round())


@node(category="test", structural=True)
def pair(**items: T) -> list[T]:
    """A list."""
    return list(items.values())


@node(category="test")
def total(tiles: list[Tile]) -> Tile:
    """Sum of a list."""
    return Tile(torch.stack([t.values[0] for t in tiles]).sum(0, keepdim=True) / len(tiles))


@node(category="test", select=True)
def choose(level: int, low: Annotated[T, Lazy()], high: Annotated[T, Lazy()]) -> T:
    """Lazy."""
    return "low" if level < 4 else "high"  # type: ignore[return-value]


REGISTRY = Registry.of(tile, mix, model, level, pair, total, choose)
small = st.integers(0, 3)
halves = st.sampled_from([0.0, 0.5, 1.0, 2.0])


@st.composite
def programs(draw: st.DrawFn) -> list[tuple[Any, ...]]:
    """A straight-line program: each line makes one tile from earlier ones, named by their distance back."""
    lines: list[tuple[Any, ...]] = [("tile", draw(small))]
    back = st.integers(1, 4)
    for _ in range(draw(st.integers(1, 9))):
        lines.append(
            draw(
                st.one_of(
                    st.tuples(st.just("tile"), small),
                    st.tuples(st.just("mix"), back, back, halves),
                    st.tuples(st.just("model"), back, halves),
                    st.tuples(st.just("both"), back, back, halves),
                    st.tuples(st.just("list"), back, back),
                    st.tuples(st.just("choose"), back, back, back),
                    st.tuples(st.just("loop"), back, back, st.lists(halves, min_size=1, max_size=4)),
                    st.tuples(st.just("map"), st.lists(small, min_size=1, max_size=3), halves),
                )
            )
        )
    return lines


def naive(lines: list[tuple[Any, ...]]) -> torch.Tensor:
    """Every line in order, nothing kept but the values."""
    made: list[Tile] = []
    for line in lines:
        one = lambda distance: made[max(0, len(made) - distance)]  # noqa: E731
        match line:
            case ("tile", seed):
                result = tile(seed)
            case ("mix", a, b, weight):
                result = mix(one(a), one(b), weight)
            case ("model", a, strength):
                result = model(one(a), strength)
            case ("both", a, b, strength):
                result = mix(model(one(a), strength), model(one(b), strength))
            case ("list", a, b):
                result = total([one(a), one(b)])
            case ("choose", a, low, high):
                result = one(low) if level(one(a)) < 4 else one(high)
            case ("loop", start, other, weights):
                result = one(start)
                for weight in weights:
                    result = model(mix(result, one(other), weight), 1.0)
            case ("map", seeds, strength):
                result = total([model(tile(seed), strength) for seed in seeds])
        made.append(result)
    return made[-1].values


def document(lines: list[tuple[Any, ...]]) -> Workflow:
    """The same program as a workflow; `r3` is what line 3 gives, as a link."""
    nodes: dict[str, Any] = {}
    results: list[list[str]] = []

    def add(name: str, type_: str, links: dict[str, list[str]], **values: Any) -> list[str]:
        nodes[name] = {"type": type_, "links": links, "values": values}
        return [name, {"level": "value", "pair": "list", "choose": "value"}.get(type_, "tile")]

    for i, line in enumerate(lines):
        one = lambda distance: results[max(0, len(results) - distance)]  # noqa: E731
        n = f"n{i}"
        match line:
            case ("tile", seed):
                result = add(n, "tile", {}, seed=seed)
            case ("mix", a, b, weight):
                result = add(n, "mix", {"a": one(a), "b": one(b)}, weight=weight)
            case ("model", a, strength):
                result = add(n, "model", {"tile": one(a)}, strength=strength)
            case ("both", a, b, strength):
                x = add(f"{n}x", "model", {"tile": one(a)}, strength=strength)
                y = add(f"{n}y", "model", {"tile": one(b)}, strength=strength)
                result = add(n, "mix", {"a": x, "b": y})
            case ("list", a, b):
                both = add(f"{n}p", "pair", {"item_1": one(a), "item_2": one(b)})
                result = add(n, "total", {"tiles": both})
            case ("choose", a, low, high):
                limit = add(f"{n}l", "level", {"tile": one(a)})
                result = add(n, "choose", {"level": limit, "low": one(low), "high": one(high)})
            case ("loop", start, other, weights):
                body = {
                    f"{n}m": {
                        "type": "mix",
                        "links": {"a": [f"{n}/in", "tile"], "b": one(other), "weight": [f"{n}/in", "weight"]},
                    },
                    f"{n}d": {"type": "model", "links": {"tile": [f"{n}m", "tile"]}, "values": {"strength": 1.0}},
                }
                nodes[n] = {
                    "type": "loop", "each": ["weight"], "carry": ["tile"], "values": {"weight": weights},
                    "links": {"tile": one(start)}, "body": body, "next": {"tile": [f"{n}d", "tile"]},
                }  # fmt: skip
                result = [n, "tile"]
            case ("map", seeds, strength):
                seeded = {f"item_{k}": add(f"{n}s{k}", "tile", {}, seed=seed) for k, seed in enumerate(seeds)}
                tiles = add(f"{n}p", "pair", seeded)
                each = add(f"{n}e", "model", {"tile": tiles}, strength=strength)
                result = add(n, "total", {"tiles": each})
        results.append(result)
    return Workflow.from_json({"latentloom": 1, "nodes": nodes, "outputs": {"out": results[-1]}})


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Engine]]:
    folder: Path = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DiskTier, "is_worth_writing", staticmethod(lambda seconds, size_bytes: True))
        one = Engine(REGISTRY, memory=8_000, cache=folder, cache_size=200_000)
        two = Engine(REGISTRY, memory=30_000, most_joined=1)
        three = Engine(REGISTRY)
        yield [one, two, three]
        for engine in (one, two, three):
            engine.close()


RESULTS: dict[bytes, torch.Tensor] = {}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(lines=programs(), edit=st.tuples(st.integers(0, 9), small))
def test_pulling_with_a_cache_equals_naive_evaluation(
    engines: list[Engine], lines: list[tuple[Any, ...]], edit: tuple[int, int]
) -> None:
    edited = list(lines)
    edited[edit[0] % len(lines)] = ("tile", edit[1])
    for version in (lines, edited, lines):
        expected = naive(version)
        for engine in engines:
            result = engine.submit(document(version)).result(60)
            assert torch.allclose(result.outputs["out"].values, expected, atol=1e-5)
            assert not any(entry.pins for entry in engine.store._entries.values())


@settings(max_examples=60, deadline=None)
@given(lines=programs())
def test_equal_keys_mean_equal_results(engines: list[Engine], lines: list[tuple[Any, ...]]) -> None:
    keys: dict[str, bytes] = {}

    def note(event: Any) -> None:
        if isinstance(event, CallFinished | CallCached) and event.key:
            keys[event.address.node] = event.key

    last = f"n{len(lines) - 1}"
    result = engines[2].submit(document(lines), on_event=note).result(60)
    if last in keys:
        known = RESULTS.setdefault(keys[last], result.outputs["out"].values)
        assert torch.allclose(known, result.outputs["out"].values, atol=1e-5)


@settings(max_examples=40, deadline=None)
@given(lines=programs())
def test_a_second_run_computes_nothing(engines: list[Engine], lines: list[tuple[Any, ...]]) -> None:
    ran: list[str] = []
    workflow = document(lines)
    engines[2].submit(workflow).result(60)

    def note(event: Any) -> None:
        if isinstance(event, CallFinished) and event.key:
            ran.append(event.address.node)

    engines[2].submit(workflow, on_event=note).result(60)
    assert ran == []
