"""The example workflows, read-only. The pictures that they read are put into the file store when one is opened."""

from __future__ import annotations

import asyncio
import hashlib
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from latentloom.files import PATH, Place, map_paths
from latentloom.graph import Catalogue, Workflow

from ..api import WorkflowEntry, WorkflowFile
from ..problems import not_found
from ..storage.blobs import VALUE_PREFIX, BlobStore
from .library import SUFFIX, count_nodes, document_of


@cache
def example_texts() -> dict[str, bytes]:
    """Name -> document; they ship with the program and never change while it runs."""
    files = sorted(_folder().iterdir(), key=lambda file: file.name)
    return {file.name.removesuffix(SUFFIX): file.read_bytes() for file in files if file.name.endswith(SUFFIX)}


def example_entries() -> list[WorkflowEntry]:
    return [_entry(name, Workflow.parse(text)) for name, text in example_texts().items()]


async def read_example(name: str, catalogue: Catalogue, blobs: BlobStore) -> WorkflowFile:
    """An example whose files are named by digest; they are stored where they are not yet. Raises Refusal."""
    text = example_texts().get(name)
    if text is None:
        raise not_found(f"There is no example {name[:100]!r}.")
    pictures: dict[str, bytes] = {}

    def by_digest(place: Place, value: str) -> str:
        file = _folder().joinpath(value)
        if place.kind != PATH or not file.is_file():
            return value
        content = file.read_bytes()
        pictures[value] = content
        return VALUE_PREFIX + hashlib.sha256(content).hexdigest()

    workflow = await asyncio.to_thread(map_paths, Workflow.parse(text), catalogue, by_digest)
    for picture, content in pictures.items():
        if blobs.path_of(hashlib.sha256(content).hexdigest()) is None:
            await blobs.put_bytes(content, name=picture, media_type="image/png", kind="upload")
    return WorkflowFile(name=name, revision=0, modified=0, workflow=document_of(workflow))


def _folder() -> Traversable:
    return resources.files("latentloom.workflows")


def _entry(name: str, workflow: Workflow) -> WorkflowEntry:
    return WorkflowEntry(
        name=name,
        title=workflow.title,
        description=workflow.description,
        revision=0,
        modified=0,
        nodes=count_nodes(workflow),
    )
