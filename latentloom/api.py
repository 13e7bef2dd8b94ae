"""One call from Python: run a workflow and get its outputs as values."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from latentloom.graph import Workflow, load_registry

from .files import map_inputs
from .running import Machine, execute, path_finder, prepare
from .sources import Source, read_source

if TYPE_CHECKING:
    from latentloom.graph import Result


def run(workflow: Workflow | str | Path, /, **inputs: Any) -> dict[str, Any]:
    """Run a workflow, a workflow file or a picture that carries one; returns its outputs by name.

    Outputs are Python values: `EncodedImage` with its files as bytes, `Image`, numbers, text, lists of those.
    Raises WorkflowError with all faults before anything runs, RunError when a node fails.

        from latentloom import run
        image = run("workflows/text-to-image.json", prompt="red heart", seed=7)["image"]
        open("heart.png", "wb").write(image.files[0])
    """
    source = Source("workflow", Path.cwd(), workflow) if isinstance(workflow, Workflow) else read_source(Path(workflow))
    paths = path_finder(source, inputs)
    given = map_inputs(source.workflow, source.inputs, paths) | inputs
    request = prepare(source, load_registry(), [given], paths, to_files=False)
    results: list[Result] = []
    errors = execute(request, Machine(), lambda event: None, lambda number, result: results.append(result))
    if errors:
        raise next(iter(errors.values()))
    return dict(results[0].outputs)
