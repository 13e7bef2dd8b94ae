"""`python -m latentloom.commands.node_docs > docs/nodes.md`: the built-in node library as Markdown."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import groupby

from latentloom.graph import Catalogue, NodeSpec, parse_type, read_catalogue

from .nodes import declaration_of, notes_on

PLUGIN = "latentloom"
"""The built-in nodes, whatever else is installed."""
HEAD = """\
# The node library

Made from the code by `python -m latentloom.commands.node_docs`; do not edit. `latentloom nodes` lists the same on the
command line, with those of your plugins.

An input without a default is required; where the default is `null`, it may be left out. `~T` is any type, the same
wherever it stands in one node type. `**name` takes any further inputs. In shapes, B is the batch, C the channels, H and
W the sides in pixels, h and w those of a latent, T the tokens and D their size.
"""


def node_docs(catalogue: Catalogue) -> str:
    """The page: a list of categories, then every node type of each, then the types of sockets."""
    specs = [spec for spec in catalogue.nodes.values() if spec.plugin == PLUGIN]
    specs.sort(key=lambda spec: (spec.category, spec.type))
    groups = {category: list(members) for category, members in groupby(specs, key=lambda spec: spec.category)}
    used = {name for spec in specs for name in _types_of(spec)}
    lines = [HEAD, *(_summary(category, members) for category, members in groups.items()), "- [Types](#types)"]
    for category, members in groups.items():
        lines += ["", f"## Category {category}"]
        for spec in members:
            lines += ["", *_node(spec)]
    lines += ["", "## Types", ""]
    lines += [f"- `{name}`: {_line(type_.doc)}" for name, type_ in sorted(catalogue.types.items()) if name in used]
    return "\n".join(lines) + "\n"


def _summary(category: str, members: list[NodeSpec]) -> str:
    """A category with links to its node types."""
    links = ", ".join(f"[{spec.type}](#{spec.type})" for spec in members)
    return f"- [{category}](#category-{category.replace('/', '')}): {links}"


def _node(spec: NodeSpec) -> Iterator[str]:
    """Heading, docstring, inputs and outputs of one node type."""
    yield f"### {spec.type}"
    yield ""
    yield spec.doc
    yield ""
    for each in (*spec.inputs, *([spec.variadic] if spec.variadic else [])):
        notes = notes_on(each)
        yield f"- `{declaration_of(each, variadic=each is spec.variadic)}`" + (f": {notes}" if notes else "")
    outputs = (f"`{out.name}: {out.type}`" + (f" ({out.doc.rstrip('.')})" if out.doc else "") for out in spec.outputs)
    yield f"- gives {', '.join(outputs)}"


def _types_of(spec: NodeSpec) -> Iterator[str]:
    for type_ in (*(i.type for i in spec.inputs), *(o.type for o in spec.outputs)):
        yield str(parse_type(type_).innermost)


def _line(doc: str) -> str:
    return " ".join(doc.partition("\n\n")[0].split())


if __name__ == "__main__":
    sys.stdout.write(node_docs(read_catalogue()))
