"""What the documentation says is run, checked, or parsed: Python, workflows, commands, links, pictures."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence, Set
from pathlib import Path
from typing import Any

import click
import pytest

from latentloom import load_registry
from latentloom.arguments import combinations, settings
from latentloom.cli import cli
from latentloom.commands.node_docs import node_docs
from latentloom.files import map_inputs
from latentloom.graph import Engine, Registry, Workflow, check, read_catalogue
from latentloom.graph.events import CallCached, CallFinished
from latentloom.record import read_record
from latentloom.running import path_finder, prepare
from latentloom.sources import read_source

from .pages import PAGES, ROOT, Block, anchors, blocks, commands, links, shell_lines

PICTURES = ROOT / "docs" / "pictures"
PLUGINS = [block for block in blocks("python") if re.search(r"^@(node|socket)", block.text, re.MULTILINE)]
SCRIPTS = [block for block in blocks("python") if block not in PLUGINS]
WORKFLOWS = [block for block in blocks("json") if '"latentloom"' in block.text]
SERVER_COMMANDS = {"serve", "submit", "jobs", "gc"}
MADE_UP = {"FILE", "workflow.json", "picture.png"}
RUNS = [(page, words) for page, words in commands() if words[0] == "run" and {*words[1:2]} - MADE_UP]


@pytest.fixture(scope="session")
def registry() -> Registry:
    return load_registry()


@pytest.fixture(scope="session")
def engine(registry: Registry) -> Iterator[Engine]:
    with Engine(registry) as engine:
        yield engine


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder that looks like the repository's root to what reads workflows."""
    (tmp_path / "workflows").symlink_to(ROOT / "workflows")
    monkeypatch.chdir(tmp_path)
    return tmp_path


# --- Python


@pytest.mark.parametrize("block", SCRIPTS, ids=str)
def test_python_runs(block: Block, folder: Path) -> None:
    exec(compile(block.text, str(block), "exec"), {"__name__": "docs"})


@pytest.mark.parametrize("block", PLUGINS, ids=str)
def test_a_plugin_can_be_loaded(block: Block, tmp_path: Path) -> None:
    (tmp_path / "from_the_page.py").write_text(block.text, encoding="utf-8")
    registry = load_registry([tmp_path])
    assert not registry.catalogue.problems
    assert [origin.plugin for origin in registry.origins.values()].count("from_the_page") == block.text.count("@node")


def test_the_plugin_of_the_page_halves_a_picture(tmp_path: Path) -> None:
    block = next(b for b in blocks("python") if "halve_image" in b.text)
    (tmp_path / "from_the_page.py").write_text(block.text, encoding="utf-8")
    plain = {"type": "solid_colour", "values": {"width": 4, "height": 6}}
    halves = {"type": "halve_image", "links": {"image": ["plain", "image"]}}
    document = {
        "latentloom": 1,
        "outputs": {"first": ["halves", "first"]},
        "nodes": {"plain": plain, "halves": halves},
    }
    with Engine(load_registry([tmp_path])) as engine:
        outputs = engine.submit(Workflow.from_json(document)).result(30).outputs
    assert outputs["first"].pixels.shape == (1, 3, 3, 4)


def test_the_plugins_of_the_page_run(tmp_path: Path) -> None:
    """Lists, lazy inputs, choices, joined and asynchronous calls, a graph in a call's place."""
    for number, block in enumerate(PLUGINS):
        (tmp_path / f"block_{number}.py").write_text(block.text, encoding="utf-8")
    nodes: dict[str, Any] = {
        "lines": {"type": "number_lines", "values": {"texts": ["a", "b"]}},
        "mixed": {
            "type": "mix_numbers",
            "values": {"second": 9.0, "amount": 0.0},
            "links": {"first": ["late", "value"]},
        },
        "late": {"type": "answer_later", "values": {"value": 3.0, "seconds": 0.0}},
        "chosen": {"type": "by_length", "values": {"text": "short", "short": "yes", "long": "no"}},
        "cube": {"type": "power", "values": {"value": 2.0, "exponent": 3}},
        "plain": {"type": "solid_colour", "values": {"width": 4, "height": 6}},
        "negative": {"type": "negative_image", "links": {"image": ["plain", "image"]}},
    }
    outputs = {"lines": "lines", "mixed": "value", "chosen": "value", "cube": "value", "negative": "image"}
    document = {"latentloom": 1, "outputs": {id_: [id_, name] for id_, name in outputs.items()}, "nodes": nodes}
    with Engine(load_registry([tmp_path])) as engine:
        made = engine.submit(Workflow.from_json(document)).result(60).outputs
    assert made["negative"].pixels.shape == (1, 3, 6, 4)
    assert {name: made[name] for name in ("lines", "mixed", "chosen", "cube")} == {
        "lines": ["1: a", "2: b"],
        "mixed": 3.0,
        "chosen": "yes",
        "cube": 8.0,
    }


# --- workflows


@pytest.mark.parametrize("block", blocks("json"), ids=str)
def test_json_parses(block: Block) -> None:
    json.loads(block.text)


@pytest.mark.parametrize("block", WORKFLOWS, ids=str)
def test_a_workflow_is_right_and_runs(block: Block, engine: Engine) -> None:
    workflow = Workflow.parse(block.text)
    assert check(workflow, engine.registry.catalogue).faults == ()
    assert Workflow.parse(workflow.dump()) == workflow
    outputs = engine.submit(workflow).result(30).outputs
    for name, expected in EXPECTED.get(workflow.title, {}).items():
        assert outputs[name] == expected


EXPECTED: dict[str, dict[str, Any]] = {
    "Twice and one": {"result": 7.0},
    "Running sums": {"total": 10.0, "sums": [1.0, 3.0, 6.0, 10.0]},
    "Squares": {"squares": [0, 1, 4, 9, 16]},
    "Two averages": {"result": 4.25},
}


def test_every_workflow_with_an_expected_result_is_there() -> None:
    assert {Workflow.parse(block.text).title for block in WORKFLOWS} >= set(EXPECTED)


def test_a_bypassed_node_is_not_run(engine: Engine) -> None:
    (block,) = [block for block in WORKFLOWS if '"bypass"' in block.text]
    events: list[Any] = []
    workflow = Workflow.parse(block.text)
    engine.submit(workflow, on_event=events.append).result(30)
    assert {event.address.node for event in events if isinstance(event, CallFinished | CallCached)} == {"plain"}


# --- commands


@pytest.mark.parametrize(("page", "words"), commands(), ids=lambda value: " ".join(value).replace("/", "|")[:80])
def test_a_command_parses(page: str, words: Sequence[str]) -> None:
    if words[0].startswith("--"):
        assert words[0].lstrip("-") in ("help", "version")
        return
    command = cli.commands[words[0]]
    if words[1:]:
        command.make_context(words[0], list(words[1:])).close()


@pytest.mark.parametrize(("page", "words"), RUNS, ids=lambda value: " ".join(value).replace("/", "|")[:80])
def test_a_run_would_start(
    page: str, words: Sequence[str], registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    options = cli.commands["run"].make_context("run", list(words[1:])).params
    source = read_source(options["file"])
    given = settings(options["assignments"], source.workflow)
    paths = path_finder(source, given)
    inputs = map_inputs(source.workflow, source.inputs, paths) | given
    jobs = [inputs | swept for swept in combinations(options["sweeps"], options["seeds"], source.workflow)]
    prepare(source, registry, jobs, paths, options["outputs"] or None)


def test_options_that_the_page_shows_are_there() -> None:
    def shown(page: str) -> set[str]:
        return set(re.findall(r"--[a-z][a-z-]*", (ROOT / "docs" / page).read_text(encoding="utf-8")))

    def options(commands: Set[str]) -> set[str]:
        found = [p for name in commands for p in cli.commands[name].params if isinstance(p, click.Option)]
        return {option for p in found for option in p.opts}

    assert shown("command-line.md") == options(cli.commands.keys() - SERVER_COMMANDS)
    assert shown("server.md") >= options(SERVER_COMMANDS)


def test_make_targets_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    used = [words[1] for _, words in shell_lines() if words[0] == "make"]
    assert used
    assert all(f"\n{target}:" in makefile for target in used)


# --- links and pictures


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link in links(page):
        if "://" in link:
            continue
        file, _, anchor = link.partition("#")
        target = (page.parent / file).resolve() if file else page
        assert target.exists(), link
        if anchor:
            assert anchor in anchors(target), link


def test_every_page_is_in_the_index() -> None:
    index = {link.partition("#")[0] for link in links(ROOT / "docs" / "README.md")}
    assert {page.name for page in PAGES if page.parent.name == "docs"} - {"README.md"} <= index


def test_every_example_is_shown_with_its_command_and_picture() -> None:
    names = {path.stem for path in (ROOT / "workflows").glob("*.json")}
    assert {path.stem for path in PICTURES.iterdir()} == names
    shown = {Path(link).stem for link in links(ROOT / "docs" / "examples.md") if link.startswith("pictures/")}
    assert shown == names
    assert sum(path.stat().st_size for path in PICTURES.iterdir()) < 1_000_000


@pytest.mark.parametrize("path", sorted(PICTURES.iterdir()), ids=lambda path: path.stem)
def test_a_picture_was_made_by_its_command(path: Path) -> None:
    """The page says that this command made it: the record that it carries has the same inputs."""
    record = read_record(path.read_bytes(), path.name)
    (words,) = [words for page, words in RUNS if page == "examples.md" and words[1] == f"workflows/{path.stem}.json"]
    assert record.name == path.stem
    source = read_source(ROOT / words[1])
    given = cli.commands["run"].make_context("run", list(words[1:])).params
    defaults = {name: parameter.default for name, parameter in source.workflow.inputs.items()}
    expected = defaults | settings(given["assignments"], source.workflow)
    assert map_inputs(source.workflow, record.inputs, lambda place, value: Path(value).name) == expected


# --- the node library


def test_the_page_of_nodes_is_up_to_date() -> None:
    page = (ROOT / "docs" / "nodes.md").read_text(encoding="utf-8")
    assert page == node_docs(read_catalogue()), "run: python -m latentloom.commands.node_docs > docs/nodes.md"
