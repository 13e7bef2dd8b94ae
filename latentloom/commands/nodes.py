"""`latentloom nodes`: what node types there are, or all about one."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

from latentloom.graph import Catalogue, Fault, InputSpec, NodeSpec, WorkflowError, read_catalogue
from latentloom.graph.errors import did_you_mean
from latentloom.graph.literals import written

from .failures import DONE
from .problems import print_problems


def show_nodes(name: str | None, plugins: Sequence[Path], *, as_json: bool) -> int:
    catalogue = read_catalogue(plugins)
    print_problems(catalogue)
    if name is None:
        print(catalogue.model_dump_json(indent=2) if as_json else overview(catalogue))
        return DONE
    spec = catalogue.nodes.get(name)
    if spec is None:
        mend = did_you_mean(name, catalogue.nodes) or "See them all with: latentloom nodes"
        raise WorkflowError([Fault(name, "there is no such node type.", mend, code="unknown-node-type")])
    print(json.dumps(spec.model_dump(mode="json"), indent=2, ensure_ascii=False) if as_json else details(spec))
    return DONE


def overview(catalogue: Catalogue) -> str:
    """All node types by category, a line each."""
    specs = sorted(catalogue.nodes.values(), key=lambda spec: (spec.category, spec.type))
    width = max((len(spec.type) for spec in specs), default=0)
    parts = []
    for category, members in groupby(specs, key=lambda spec: spec.category):
        lines = [f"  {spec.type:{width}}  {spec.doc.splitlines()[0]}" for spec in members]
        parts.append("\n".join([category, *lines]))
    return "\n\n".join(parts)


def details(spec: NodeSpec) -> str:
    """One node type: its docstring, inputs and outputs."""
    inputs = [*spec.inputs, *([spec.variadic] if spec.variadic else [])]
    lines = [f"{spec.type}  ({spec.category}, version {spec.version}{', ' + spec.plugin if spec.plugin else ''})", ""]
    lines += [spec.doc, ""]
    if inputs:
        lines += ["Inputs", *(_input_line(i, variadic=i is spec.variadic) for i in inputs), ""]
    lines += ["Outputs", *(f"  {o.name}: {o.type}{'  ' + o.doc if o.doc else ''}" for o in spec.outputs)]
    return "\n".join(lines)


def _input_line(spec: InputSpec, *, variadic: bool) -> str:
    line, notes = f"  {declaration_of(spec, variadic=variadic)}", notes_on(spec)
    return f"{line}  {notes}" if notes else line


def declaration_of(spec: InputSpec, *, variadic: bool) -> str:
    """Name, type and default of an input: `scale: float = 7.5`."""
    line = f"{'**' if variadic else ''}{spec.name}: {spec.type}"
    return line if spec.required or variadic else f"{line} = {json.dumps(spec.default, ensure_ascii=False)}"


def notes_on(spec: InputSpec) -> str:
    """What an input means, and what it may be."""
    notes = [spec.doc.rstrip(".")] if spec.doc else []
    if spec.choices:
        notes.append("one of " + ", ".join(spec.choices))
    elif spec.minimum is not None or spec.maximum is not None:
        low, high = ("" if end is None else written(end) for end in (spec.minimum, spec.maximum))
        notes.append(f"{low}..{high}{' ' + spec.unit if spec.unit else ''}")
    notes += ["lazy: computed only where it is asked for"] if spec.lazy else []
    return "; ".join(notes)
