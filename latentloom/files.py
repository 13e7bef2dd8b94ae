"""The files that a workflow names: where they lie here, and how a picture refers to them elsewhere.

In a document, paths are relative to the document's own file; on the command line, to the working directory. A picture
carries a file's name and digest only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from latentloom.graph import (
    Catalogue,
    Fault,
    Graph,
    Loop,
    Node,
    TypeExpr,
    Workflow,
    WorkflowError,
    parse_type,
)

from .record import UsedFile

PATH = "Path"
MODEL = "model"
Change = Callable[["Place", str], str]


def fault_of_folder(folder: Path) -> str:
    """Why nothing can be found in a folder that was named; empty where it is one."""
    if folder.is_dir():
        return ""
    return "is not a folder" if folder.exists() else "there is no such folder"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a path stands in a document."""

    where: str
    """`inputs.image`, `nodes.load.values.path`."""
    kind: str
    """`Path`, or `model` for a text that names a model and may be the path of its folder."""


def map_paths(workflow: Workflow, catalogue: Catalogue, change: Change) -> Workflow:
    """The workflow with every path in it changed: defaults of inputs, and literal values of nodes."""

    def graph(part: Graph, where: str) -> dict[str, Any]:
        inputs = {
            name: parameter.model_copy(
                update={
                    "default": _changed(
                        parameter.default, _kind(parameter.type, parameter.widget), f"{where}inputs.{name}", change
                    )
                }
            )
            for name, parameter in part.inputs.items()
        }
        return {"inputs": inputs, "nodes": nodes(part.nodes, f"{where}nodes.")}

    def nodes(members: Mapping[str, Node | Loop], where: str) -> dict[str, Node | Loop]:
        return {id_: node(member, where + id_) for id_, member in members.items()}

    def node(member: Node | Loop, where: str) -> Node | Loop:
        if isinstance(member, Loop):
            return member.model_copy(update={"body": nodes(member.body, f"{where}.body.")})
        values = {
            name: _changed(value, _input_kind(member.type, name, workflow, catalogue), f"{where}.values.{name}", change)
            for name, value in member.values.items()
        }
        return member.model_copy(update={"values": values})

    subgraphs = {
        name: part.model_copy(update=graph(part, f"subgraphs.{name}.")) for name, part in workflow.subgraphs.items()
    }
    return workflow.model_copy(update=graph(workflow, "") | {"subgraphs": subgraphs})


def map_inputs(workflow: Workflow, inputs: Mapping[str, Any], change: Change) -> dict[str, Any]:
    """Values of the workflow's inputs with every path in them changed."""
    return {
        name: _changed(value, _parameter_kind(workflow, name), f"inputs.{name}", change)
        for name, value in inputs.items()
    }


def anchored(folder: Path) -> Change:
    """Makes paths of files absolute, from a folder."""
    return lambda place, path: str(folder / path) if place.kind == PATH else path


def portable(place: Place, path: str) -> str:
    """The last part of a path."""
    return Path(path).name if place.kind == PATH or Path(path).is_absolute() else path


def used_files(workflow: Workflow, catalogue: Catalogue, inputs: Mapping[str, Any]) -> dict[str, UsedFile]:
    """Place -> name and digest of every file that an anchored workflow with these inputs reads."""
    found: dict[str, UsedFile] = {}

    def note(place: Place, path: str) -> str:
        if place.kind == PATH and Path(path).is_file():
            found[place.where] = UsedFile(name=Path(path).name, sha256=digest_of(Path(path)))
        return path

    map_paths(workflow, catalogue, note)
    for name in inputs:
        found.pop(f"inputs.{name}", None)
    map_inputs(workflow, inputs, note)
    return found


def found_again(files: Mapping[str, UsedFile], folders: Iterable[Path], given: Iterable[str]) -> Change:
    """Finds the files that a picture refers to by name and digest, first folder first.

    `given` names inputs whose value is given anew. Raises WorkflowError naming all files that are not there.
    """
    folders, given = list(folders), {f"inputs.{name}" for name in given}
    paths: dict[str, Path] = {}
    faults: list[Fault] = []
    for where, file in files.items():
        if where in given:
            continue
        candidates = [path for folder in folders if (path := folder / file.name).is_file()]
        match = next((path for path in candidates if digest_of(path) == file.sha256), None)
        if match:
            paths[where] = match
        else:
            faults.append(_lost(where, file, folders, candidates))
    if faults:
        raise WorkflowError(faults)
    return lambda place, path: str(paths[place.where].absolute()) if place.where in paths else path


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _lost(where: str, file: UsedFile, folders: Iterable[Path], candidates: Iterable[Path]) -> Fault:
    looked = " and ".join(dict.fromkeys(str(folder) for folder in folders))
    other = [str(path) for path in candidates]
    what = f"the picture was made from {file.name!r} (sha256 {file.sha256[:12]}...), which is not in {looked}."
    if other:
        what = f"the picture was made from {file.name!r}; {other[0]!r} has another content."
    name = where.removeprefix("inputs.")
    mend = f"Put the file there, or give it with --set {name}=PATH." if name != where else "Put the file there."
    return Fault(where, what, mend, input=name if name != where else None, code="lost-file")


def _kind(type_: str, widget: str) -> str | None:
    try:
        expression = parse_type(type_)
    except ValueError:
        return None
    if expression.innermost == TypeExpr(PATH):
        return PATH
    return MODEL if widget == MODEL else None


def _parameter_kind(graph: Graph, name: str) -> str | None:
    parameter = graph.inputs.get(name)
    return _kind(parameter.type, parameter.widget) if parameter else None


def _input_kind(node_type: str, name: str, workflow: Workflow, catalogue: Catalogue) -> str | None:
    if node_type in workflow.subgraphs:
        return _parameter_kind(workflow.subgraphs[node_type], name)
    spec = catalogue.nodes[node_type].input(name) if node_type in catalogue.nodes else None
    return _kind(spec.type, spec.widget) if spec else None


def _changed(value: Any, kind: str | None, where: str, change: Change) -> Any:
    if kind is None:
        return value
    if isinstance(value, list):
        return [_changed(item, kind, f"{where}.{i}", change) for i, item in enumerate(value)]
    return change(Place(where, kind), value) if isinstance(value, str) else value
