"""The API's description as a page to read: made from the OpenAPI document, without a script."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape
from typing import Any

from .pages import page

Schema = dict[str, Any]
METHODS = ("get", "post", "put", "patch", "delete")


def docs_page(document: Schema) -> str:
    """Routes by subject, then every model with its fields."""
    info = document["info"]
    parts = [
        f"<h1>{escape(info['title'])} {escape(info['version'])}</h1>",
        f"<p>{_told(info)} For programs: <a href='/api/v1/openapi.json'>openapi.json</a>.</p>",
        *(part for tag in document["tags"] for part in _subject(tag["name"], document["paths"])),
        "<h2>Models</h2>",
        *(_model(name, schema) for name, schema in sorted(document["components"]["schemas"].items())),
    ]
    return page(f"{info['title']} API", f"<main>{''.join(parts)}</main>")


def _subject(tag: str, paths: dict[str, Schema]) -> Iterator[str]:
    yield f"<h2>{escape(tag)}</h2>"
    for path, operations in paths.items():
        for method in METHODS:
            if method in operations and tag in operations[method]["tags"]:
                yield _operation(method, path, operations[method])


def _operation(method: str, path: str, operation: Schema) -> str:
    rows = [
        _row(p["name"], _type(p["schema"]), f"{'' if p['required'] else 'Optional. '}{p.get('description', '')}")
        for p in operation["parameters"]
    ]
    if "requestBody" in operation:
        rows.append(_row("body", " or ".join(_contents(operation["requestBody"]["content"])), ""))
    answers = [
        _row(status, " or ".join(_contents(answer.get("content", {}))), answer["description"])
        for status, answer in operation["responses"].items()
    ]
    return (
        f"<details><summary><span class='method'>{method.upper()}</span> <code>{escape(path)}</code> "
        f"<span class='muted'>{escape(operation['summary'])}</span></summary>"
        + (f"<h3>Takes</h3><table>{''.join(rows)}</table>" if rows else "")
        + f"<h3>Answers</h3><table>{''.join(answers)}</table></details>"
    )


def _contents(content: Schema) -> list[str]:
    return [_type(each["schema"]) if each["schema"].get("$ref") else escape(name) for name, each in content.items()]


def _model(name: str, schema: Schema) -> str:
    required = schema.get("required", [])
    rows = [
        _row(field, _type(inner), f"{'' if field in required else 'Optional. '}{inner.get('description', '')}")
        for field, inner in schema.get("properties", {}).items()
    ]
    body = f"<table>{''.join(rows)}</table>" if rows else f"<p>{_type(schema)}</p>"
    return f"<section id='{escape(name)}'><h3><code>{escape(name)}</code></h3><p>{_told(schema)}</p>{body}</section>"


def _row(name: str, type_: str, told: str) -> str:
    return f"<tr><td><code>{escape(name)}</code></td><td>{type_}</td><td class='muted'>{_marked(told)}</td></tr>"


def _told(schema: Schema) -> str:
    return _marked(schema.get("description", ""))


def _marked(text: str) -> str:
    """A text in HTML, with what stands between backticks as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _type(schema: Schema) -> str:
    """A schema as a short expression in HTML."""
    if "$ref" in schema:
        name = escape(schema["$ref"].rpartition("/")[2])
        return f"<a href='#{name}'>{name}</a>"
    for word in ("anyOf", "oneOf"):
        if word in schema:
            return " or ".join(_type(each) for each in schema[word])
    if "const" in schema or "enum" in schema:
        return " or ".join(escape(json.dumps(value)) for value in schema.get("enum", [schema.get("const")]))
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
        return f"object of {_type(schema['additionalProperties'])}"
    return escape(str(schema.get("type", "any")))
