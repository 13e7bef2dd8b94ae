"""Why there is no result at a place in a job, for those who asked for it."""

from __future__ import annotations

from collections.abc import Sequence

from latentloom.graph import LatentloomError, Loop
from latentloom.graph.errors import did_you_mean

from .outlines import Outline
from .reports import Report


class NoSuchResult(LatentloomError):
    """Nothing is, or ever will be, at that place of the job; the message says where to look."""


def check_output(report: Report, node: str, type_: str, output: str) -> None:
    """Raises NoSuchResult where the node has no such output."""
    names = [each.name for each in report.outputs.get(type_, [])]
    if names and output not in names:
        has = ", ".join(map(repr, names))
        raise NoSuchResult(f"the node {node!r} has no output {output!r}. It has {has}.")


def check_place(
    outline: Outline, report: Report, node: str, path: Sequence[str], iterations: Sequence[int] | None
) -> None:
    """Raises NoSuchResult where no call can be; returns where one may come yet, or was never needed."""
    graph = ""
    for step in path:
        home = outline.homes.get(step)
        if home is None or home.graph != graph or home.member.type not in outline.subgraphs:
            raise NoSuchResult(f"the path names {step!r}, which is no subgraph there.")
        graph = home.member.type
    there = {id_: home.member for id_, home in outline.homes.items() if home.graph == graph}
    member = there.get(node)
    if member is None:
        raise NoSuchResult(f"there is no node {node!r} there. {did_you_mean(node, there)}".rstrip())
    if isinstance(member, Loop):
        inside = ", ".join(map(repr, list(member.body)[:5]))
        raise NoSuchResult(f"{node!r} is a loop: ask for a node of its body ({inside}), and an iteration.")
    if member.type in outline.subgraphs:
        raise NoSuchResult(f"{node!r} is a subgraph: ask for a node inside, with path={','.join([*path, node])}.")
    known = [place[2] for place in report.keys if place[:2] == (node, tuple(path))]
    if iterations is not None and known:
        raise NoSuchResult(_of_iterations(node, known, iterations))


def _of_iterations(node: str, known: Sequence[tuple[int, ...]], asked: Sequence[int]) -> str:
    depth = len(known[0])
    if depth == 0:
        return f"{node!r} does not run in a loop: leave the iteration out."
    if depth != len(asked):
        return f"{node!r} runs {depth} loops deep: give {depth} numbers, such as {','.join(map(str, known[0]))}."
    last = ",".join(map(str, max(known)))
    return f"iteration {','.join(map(str, asked))} of {node!r} is not known; the last one so far is {last}."
