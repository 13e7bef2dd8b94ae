import xml.etree.ElementTree as ElementTree
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from latentloom.draw import Group, mermaid, picture_of
from latentloom.draw_layout import Size, layout
from latentloom.draw_svg import svg
from latentloom.graph import Catalogue, NodeSpec, OutputSpec, TypeSpec, Workflow

LATENTS = OutputSpec(name="latent", type="list[Latent]")
CATALOGUE = Catalogue(
    nodes={"denoise": NodeSpec(type="denoise", title="Denoise", category="x", doc="X.", outputs=(LATENTS,))},
    types={"Latent": TypeSpec(name="Latent", colour="#7b6bd6"), "int": TypeSpec(name="int", colour="#5b8dd9")},
)


def call(*reads: tuple[str, str], type_: str = "denoise", **more: Any) -> dict[str, Any]:
    return {"type": type_, "links": {f"i{n}": link for n, link in enumerate(reads)}, **more}


NESTED = Workflow.from_json(
    {
        "latentloom": 1,
        "title": 'A "nested" <workflow>',
        "inputs": {"seed": {"type": "int", "default": 7}},
        "outputs": {"image": ["outer", "x"]},
        "nodes": {
            "start": call(("$", "seed"), values={"note": 'says "hi" <b>'}),
            "outer": {
                "type": "loop",
                "each": ["item"],
                "carry": ["x"],
                "values": {"item": [1, 2]},
                "links": {"x": ["start", "latent"]},
                "body": {
                    "one": call(("outer/in", "x"), ("start", "latent")),
                    "inner": {
                        "type": "loop",
                        "each": ["y"],
                        "links": {"y": ["one", "latent"]},
                        "body": {"two": call(("inner/in", "y"), ("start", "latent"), ("outer/in", "item"))},
                        "collect": {"all": ["two", "latent"]},
                    },
                    "three": call(("inner", "all"), mode="mute"),
                },
                "next": {"x": ["three", "latent"]},
            },
            "used": call(("start", "latent"), type_="mine"),
        },
        "subgraphs": {
            "mine": {
                "inputs": {"i0": {"type": "Latent"}},
                "nodes": {"deep": call(("$", "i0"))},
                "outputs": {"latent": ["deep", "latent"]},
            }
        },
    }
)


def test_mermaid_has_every_node_loop_and_link() -> None:
    text = mermaid(picture_of(NESTED, CATALOGUE))
    for name in ("seed", "start", "one", "two", "three", "used", "deep", "loop outer", "loop inner", "subgraph mine"):
        assert name in text
    assert text.count("subgraph ") == 3 + 1  # the word stands once in a title too
    assert text.count("-->") == 15
    assert text.count(".->") == 1
    assert '"hi"' not in text
    assert "<b>" not in text
    assert "faded" in text


def test_colours_are_followed_through_loops() -> None:
    edges = {(e.source, e.target): e.colour for e in picture_of(NESTED, CATALOGUE).edges}
    assert edges["outer/in", "one"] == "#7b6bd6"
    assert edges["inner/in", "two"] == "#7b6bd6"
    assert edges["outer/out", ">/image"] == "#7b6bd6"
    assert edges["$/seed", "start"] == "#5b8dd9"
    assert edges["outer/in", "two"] == ""


def test_svg_is_well_formed_and_shows_everything() -> None:
    root = ElementTree.fromstring(svg(picture_of(NESTED, CATALOGUE)))
    space = "{http://www.w3.org/2000/svg}"
    shown = {text.text for text in root.iter(f"{space}text")}
    assert {"start", "one", "two", "three", "used", "deep", "loop outer", "loop inner"} <= shown
    assert len(root.findall(f".//{space}path")) == 16
    assert len(root.findall(f".//{space}rect[@class='zone']")) == 3


def test_what_stands_in_a_group_stands_inside_it_and_apart() -> None:
    assert_tidy(NESTED)


@pytest.mark.parametrize("broken", ["cycle", "nowhere", "self"])
def test_a_faulty_workflow_is_drawn_all_the_same(broken: str) -> None:
    reads = {"cycle": ("b", "latent"), "nowhere": ("gone", "x"), "self": ("a", "latent")}[broken]
    nodes = {"a": call(reads), "b": call(("a", "latent"))}
    workflow = Workflow.from_json({"latentloom": 1, "nodes": nodes, "outputs": {"o": ["b", "latent"]}})
    assert "a" in mermaid(picture_of(workflow, Catalogue()))
    ElementTree.fromstring(svg(picture_of(workflow, Catalogue())))
    assert_tidy(workflow)


def test_an_empty_workflow() -> None:
    picture = picture_of(Workflow(), Catalogue())
    assert mermaid(picture) == "flowchart LR\n"
    ElementTree.fromstring(svg(picture))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(0, 40), max_size=3), min_size=1, max_size=25))
def test_any_graph_is_laid_out_tidily(reads: list[list[int]]) -> None:
    nodes = {f"n{i}": call(*((f"n{j % i}", "latent") for j in row if i)) for i, row in enumerate(reads)}
    assert_tidy(Workflow.from_json({"latentloom": 1, "nodes": nodes}))


def assert_tidy(workflow: Workflow) -> None:
    """Boxes of a group lie inside it and do not overlap; edges go from left to right."""
    picture = picture_of(workflow, CATALOGUE)
    names = {box.id: ([], []) for group in picture.top.walk() for box in group.boxes}  # type: ignore[var-annotated]
    for edge in picture.edges:
        names[edge.source][1].append(edge.output)
        names[edge.target][0].append(edge.input)
    sizes = {
        id_: Size(100, 60, dict.fromkeys(inputs, 30), dict.fromkeys(outputs, 30))
        for id_, (inputs, outputs) in names.items()
    }
    area = layout(picture, sizes)

    def rectangle(part: Group | str) -> tuple[float, float, float, float]:
        if isinstance(part, str):
            return (*area.boxes[part], 100, 60)
        return area.groups.get(part.id, (0, 0, area.width, area.height))

    for group in picture.top.walk():
        x, y, width, height = rectangle(group)
        inner = [rectangle(box.id) for box in group.boxes] + [rectangle(part) for part in group.groups]
        for a, b, w, h in inner:
            assert x <= a
            assert y <= b
            assert a + w <= x + width + 0.01
            assert b + h <= y + height + 0.01
        for (ax, ay, aw, ah), (bx, by, bw, bh) in combinations(inner, 2):
            assert ax + aw <= bx or bx + bw <= ax or ay + ah <= by or by + bh <= ay
    for number, points in area.routes.items():
        xs = [point[0] for point in points]
        edge = picture.edges[number]
        if area.boxes[edge.source][0] < area.boxes[edge.target][0]:
            assert xs == sorted(xs)
