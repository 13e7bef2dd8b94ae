"""Files and models that a request names: only known uploads and outputs, only models under the model folders.

A request comes from anywhere, so no path in it is ever opened: `sha256:...` names a file of the store, a model is the
plain name of a folder. What values become while a workflow runs is held to the same folders by the engine process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from latentloom.files import PATH, Place, map_inputs, map_paths
from latentloom.graph import Catalogue, Fault, Workflow
from latentloom.graph.errors import did_you_mean

from ..storage.blobs import digest_in


def foreign_values(
    workflow: Workflow,
    inputs: Iterable[Mapping[str, Any]],
    catalogue: Catalogue,
    path_of: Callable[[str], Path | None],
    models: Iterable[str],
) -> list[Fault]:
    """A fault for every file or model in a document or its inputs that is not ours to open."""
    known = frozenset(models)
    faults: dict[Fault, None] = {}

    def look(place: Place, value: str) -> str:
        fault = _file_fault(place, value, path_of) if place.kind == PATH else _model_fault(place, value, known)
        if fault:
            faults[fault] = None
        return value

    map_paths(workflow, catalogue, look)
    for given in inputs:
        map_inputs(workflow, given, look)
    return list(faults)


def _file_fault(place: Place, value: str, path_of: Callable[[str], Path | None]) -> Fault | None:
    digest = digest_in(value)
    if digest is None:
        what = f"{value[:80]!r} is not a file that was uploaded: paths of this machine are not read for requests."
        mend = "Upload the file, and give the value that the answer names: sha256:..."
        return _fault(place, what, mend, "not-uploaded")
    if path_of(digest) is None:
        what = f"the file sha256:{digest[:12]}... is not here (any more)."
        return _fault(place, what, "Upload it again.", "lost-file")
    return None


def _model_fault(place: Place, value: str, known: frozenset[str]) -> Fault | None:
    if value in known:
        return None
    listed = ", ".join(repr(name) for name in sorted(known)[:10])
    mend = did_you_mean(value, known) or f"There are: {listed}."
    return _fault(place, f"there is no model {value[:80]!r} in the model folders.", mend, "no-model")


def _fault(place: Place, what: str, mend: str, code: str) -> Fault:
    node, name = _node_and_input(place.where.split("."))
    return Fault(place.where, what, mend, node=node, input=name, code=code)


def _node_and_input(parts: list[str]) -> tuple[str | None, str | None]:
    """Of `nodes.ID.values.NAME`, `nodes.ID.body.ID.values.NAME`, `inputs.NAME`, and these under `subgraphs.NAME`."""
    node = None
    for kind, name in zip(parts[::2], parts[1::2], strict=False):
        if kind in ("values", "inputs"):
            return node, name
        node = name if kind != "subgraphs" else None
    return node, None
