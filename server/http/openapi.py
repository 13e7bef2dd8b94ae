"""The OpenAPI 3.1 document, made from the table of routes. `python -m latentloom.server.http.openapi` prints it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from latentloom import __version__
from latentloom.graph import Workflow

from ..api import ApiProblem, EventBody, PreviewHeader, Statistics, Text, Watch
from .routes import ROUTES
from .routing import Route

Schema = dict[str, Any]
Names = dict[tuple[type[BaseModel], JsonSchemaMode], Schema]
ALSO: tuple[tuple[type[BaseModel], JsonSchemaMode], ...] = (
    (ApiProblem, "serialization"),
    (Text, "serialization"),
    (Statistics, "serialization"),
    (EventBody, "serialization"),
    (PreviewHeader, "serialization"),
    (Watch, "validation"),
    (Workflow, "validation"),
)
"""Models that no route names as its body or its answer."""


@cache
def openapi_text() -> str:
    return json.dumps(openapi_document(), indent=1, ensure_ascii=False)


@cache
def openapi_document() -> Schema:
    """The whole description."""
    names, schemas = _schemas()
    paths: dict[str, Schema] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, names)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Latentloom",
            "version": __version__,
            "description": "Runs diffusion workflows. Errors are always an `ApiProblem`.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "tags": [{"name": name} for name in dict.fromkeys(route.tag for route in ROUTES)],
        "security": [{}, {"token": []}, {"cookie": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "latentloom"},
            },
        },
    }


def _schemas() -> tuple[Names, Schema]:
    """What refers to each model, and the definitions of all."""
    used = list(ALSO)
    for route in ROUTES:
        used += [(route.body, "validation")] if route.body else []
        used += [(route.answer, "serialization")] if route.answer else []
    references, definitions = models_json_schema(list(dict.fromkeys(used)), ref_template="#/components/schemas/{model}")
    return {key: references[key] for key in used}, definitions["$defs"]


def _operation(route: Route, names: Names) -> Schema:
    problem = {"application/json": {"schema": names[ApiProblem, "serialization"]}}
    operation: Schema = {
        "operationId": route.name,
        "summary": route.summary,
        "tags": [route.tag],
        "parameters": list(_parameters(route)),
        "responses": {
            str(route.status): _answer(route, names),
            **{
                str(status): {"description": told, **({"content": problem} if status >= 400 else {})}
                for status, told in sorted(route.statuses.items())
            },
            "default": {"description": "The request was refused.", "content": problem},
        },
    }
    if route.body:
        schema = names[route.body, "validation"]
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    if route.takes:
        operation["requestBody"] = {"required": True, "content": {name: {"schema": {}} for name in route.takes}}
    return operation


def _answer(route: Route, names: Names) -> Schema:
    if route.status == 101:
        return {"description": "The connection speaks WebSocket from here on."}
    if route.answer:
        content: Schema = {"application/json": {"schema": names[route.answer, "serialization"]}}
    else:
        content = {name: {"schema": _raw(name)} for name in route.media_types}
    return {"description": "Done.", "content": content}


def _raw(media_type: str) -> Schema:
    return {} if media_type in ("application/json", "*/*") else {"type": "string"}


def _parameters(route: Route) -> Iterator[Schema]:
    schema = route.parameters.model_json_schema()
    for name, field in schema.get("properties", {}).items():
        in_path = f"{{{name}}}" in route.path
        description = field.pop("description", "")
        yield {
            "name": name,
            "in": "path" if in_path else "query",
            "required": in_path or name in schema.get("required", []),
            **({"description": description} if description else {}),
            "schema": field,
        }


if __name__ == "__main__":
    print(openapi_text())
