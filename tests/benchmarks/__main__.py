"""Runs the benchmarks, prints one table and writes bench.json."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from latentloom.tuning import tune_process

from . import denoising, editor, memory, overhead, server, starting
from .measure import Measurement, table

BENCHMARKS = {
    "overhead": overhead.run,
    "denoising": denoising.run,
    "starting": starting.run,
    "memory": memory.run,
    "server": server.run,
    "editor": editor.run,
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Run the benchmarks (all by default).")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(BENCHMARKS)}")
    parser.add_argument("--json", type=Path, default=Path("bench.json"))
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(BENCHMARKS):
        parser.error(f"no benchmark {', '.join(sorted(unknown))}; there are: {', '.join(BENCHMARKS)}")
    tune_process()  # as the command line and the server's engine do
    measured: list[Measurement] = []
    for name in arguments.names or BENCHMARKS:
        measured += BENCHMARKS[name]()
    print(table(measured))
    arguments.json.write_text(json.dumps([m.as_dict() for m in measured], indent=2) + "\n")


if __name__ == "__main__":
    main()
