"""What is noted of a job's calls: their keys, by which results can be asked for later, and what each node cost."""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..api import Call, CallEvent, NodeReport, ResultOutput
from ..engine.protocol import Calls, Keyed

Place = tuple[str, tuple[str, ...], tuple[int, ...]]
"""Node, path, iterations."""


@dataclass
class Report:
    """Grows while a job runs; stored when it ends."""

    keys: dict[Place, tuple[str, str]] = field(default_factory=dict)
    """Where a call stands -> its node type and key."""
    nodes: dict[str, NodeReport] = field(default_factory=dict)
    """Path and node, with slashes -> cost."""
    outputs: dict[str, list[ResultOutput]] = field(default_factory=dict)
    """Node type -> its outputs, of the types in `keys`."""

    def take(self, message: Calls, outputs: Mapping[str, list[ResultOutput]]) -> None:
        """Note what a message tells. `outputs`: those of all node types."""
        for keyed in message.keyed:
            self.keys[_place(keyed)] = (keyed.type, keyed.key)
            if keyed.type in outputs:
                self.outputs.setdefault(keyed.type, outputs[keyed.type])
        for call in message.calls:
            if call.state in ("finished", "cached"):
                name = "/".join((*call.path, call.node))
                known = self.nodes.get(name) or NodeReport(node=name, type=call.type)
                self.nodes[name] = _counted(known, call)

    def place(self, node: str, path: Sequence[str], iterations: Sequence[int] | None) -> Place | None:
        """Where a call stands whose key is known; without iterations, the last one."""
        if iterations is not None:
            asked = (node, tuple(path), tuple(iterations))
            return asked if asked in self.keys else None
        places = [place for place in self.keys if place[0] == node and place[1] == tuple(path)]
        return max(places, key=lambda place: place[2], default=None)

    def type_of(self, node_type: str, output: str) -> str:
        """Of an output, as a type expression; empty where it is not known."""
        return next((each.type for each in self.outputs.get(node_type, []) if each.name == output), "")

    def calls(self) -> list[Call]:
        return [
            Call(
                node=node, path=list(path), iterations=list(iterations), type=type_, outputs=self.outputs.get(type_, [])
            )
            for (node, path, iterations), (type_, _) in self.keys.items()
        ]

    def dump(self) -> bytes:
        """Compressed JSON."""
        content = {
            "keys": [[*place, *told] for place, told in self.keys.items()],
            "nodes": [report.model_dump() for report in self.nodes.values()],
            "outputs": {type_: [each.model_dump() for each in outputs] for type_, outputs in self.outputs.items()},
        }
        return zlib.compress(json.dumps(content, separators=(",", ":")).encode())

    @classmethod
    def load(cls, raw: bytes) -> Report:
        content: dict[str, Any] = json.loads(zlib.decompress(raw))
        keys = {
            (node, tuple(path), tuple(iterations)): (type_, key)
            for node, path, iterations, type_, key in content["keys"]
        }
        nodes = {report["node"]: NodeReport.model_validate(report) for report in content["nodes"]}
        outputs = {
            type_: [ResultOutput.model_validate(each) for each in outputs]
            for type_, outputs in content["outputs"].items()
        }
        return cls(keys, nodes, outputs)


def _place(keyed: Keyed) -> Place:
    return keyed.node, tuple(keyed.path), tuple(keyed.iterations)


def _counted(known: NodeReport, call: CallEvent) -> NodeReport:
    ran = call.state == "finished"
    return known.model_copy(
        update={
            "calls": known.calls + 1,
            "computed": known.computed + ran,
            "cached": known.cached + (not ran),
            "joined": known.joined + (ran and call.joined > 1),
            "seconds": known.seconds + (call.seconds if ran else 0),
            "bytes": known.bytes + (call.bytes if ran else 0),
        }
    )
