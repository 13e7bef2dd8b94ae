"""How long the command line takes from a cold process."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from .measure import Measurement, median, seconds_of

ROUNDS = 7
WORKFLOW = Path(__file__).parents[2] / "workflows" / "text-to-image.json"


def run() -> list[Measurement]:
    with tempfile.TemporaryDirectory() as folder:
        fifty = Path(folder) / "fifty.json"
        fifty.write_text(_fifty_nodes())
        out = ["--out", str(Path(folder) / "out")]
        return [
            _timed("latentloom --help", ["--help"], 0.3),
            _timed("latentloom check, 50 nodes", ["check", str(fifty)], 0.3),
            _timed("latentloom run text-to-image, cold process", ["run", str(WORKFLOW), *out], 6.0),
        ]


def _timed(name: str, arguments: list[str], target_s: float) -> Measurement:
    command = [str(Path(sys.executable).with_name("latentloom")), *arguments]

    def work() -> None:
        subprocess.run(command, check=True, capture_output=True)

    work()
    return median(name, [seconds_of(work) for _ in range(ROUNDS)], "s", target_s)


def _fifty_nodes() -> str:
    nodes = {"n0": {"type": "number", "values": {"value": 1.0}}}
    for i in range(1, 50):
        nodes[f"n{i}"] = {"type": "add", "links": {"a": [f"n{i - 1}", "value"]}, "values": {"b": 1.0}}  # type: ignore[dict-item]
    return json.dumps({"latentloom": 1, "nodes": nodes, "outputs": {"out": ["n49", "value"]}})
