"""The library and the examples."""

from __future__ import annotations

import asyncio

from latentloom.graph import Workflow

from ..api import Empty, NewName, NewWorkflow, SaveWorkflow, VersionList, WorkflowEvent, WorkflowFile, WorkflowList
from ..api.parameters import NoParameters, VersionPlace, WorkflowPlace, WorkflowSearch
from ..http.routing import Asked
from ..workflows.examples import example_entries, read_example
from ..workflows.library import check_name


async def list_workflows(asked: Asked[WorkflowSearch, None]) -> WorkflowList:
    library = asked.services.library
    return WorkflowList(workflows=await asyncio.to_thread(library.entries, asked.parameters.q))


async def create_workflow(asked: Asked[NoParameters, NewWorkflow]) -> WorkflowFile:
    library, body = asked.services.library, asked.body
    made = await asyncio.to_thread(lambda: library.create(body.name, Workflow.from_json(body.workflow)))
    asked.services.hub.publish(WorkflowEvent, name=made.name, revision=made.revision, action="saved")
    return made


async def read_workflow(asked: Asked[WorkflowPlace, None]) -> WorkflowFile:
    return await asyncio.to_thread(asked.services.library.read, asked.parameters.name)


async def save_workflow(asked: Asked[WorkflowPlace, SaveWorkflow]) -> WorkflowFile:
    library, body, name = asked.services.library, asked.body, asked.parameters.name
    saved = await asyncio.to_thread(lambda: library.save(name, Workflow.from_json(body.workflow), body.revision))
    asked.services.hub.publish(WorkflowEvent, name=saved.name, revision=saved.revision, action="saved")
    return saved


async def rename_workflow(asked: Asked[WorkflowPlace, NewName]) -> WorkflowFile:
    name = check_name(asked.parameters.name)
    renamed = await asyncio.to_thread(asked.services.library.rename, name, asked.body.name)
    asked.services.hub.publish(
        WorkflowEvent, name=name, revision=renamed.revision, action="renamed", new_name=renamed.name
    )
    return renamed


async def delete_workflow(asked: Asked[WorkflowPlace, None]) -> Empty:
    name = check_name(asked.parameters.name)
    revision = await asyncio.to_thread(asked.services.library.delete, name)
    asked.services.hub.publish(WorkflowEvent, name=name, revision=revision, action="deleted")
    return Empty()


async def list_versions(asked: Asked[WorkflowPlace, None]) -> VersionList:
    return VersionList(versions=await asyncio.to_thread(asked.services.library.versions, asked.parameters.name))


async def read_version(asked: Asked[VersionPlace, None]) -> WorkflowFile:
    place = asked.parameters
    return await asyncio.to_thread(asked.services.library.version, place.name, place.revision)


async def list_examples(asked: Asked[NoParameters, None]) -> WorkflowList:
    return WorkflowList(workflows=await asyncio.to_thread(example_entries))


async def read_example_workflow(asked: Asked[WorkflowPlace, None]) -> WorkflowFile:
    known = await asked.services.catalogues.current()
    return await read_example(asked.parameters.name, known.catalogue, asked.services.blobs)
