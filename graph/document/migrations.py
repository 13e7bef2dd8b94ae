"""Steps from older document versions to the current one: one ordered list of pure functions.

`STEPS[i]` takes a document of version i + 1 to version i + 2. Each old version keeps one file in the tests for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

from ..errors import Fault, WorkflowError

Step = Callable[[dict[str, Any]], dict[str, Any]]

CURRENT_VERSION: Literal[1] = 1
STEPS: tuple[Step, ...] = ()


def migrate(content: Any, name: str, steps: Sequence[Step] = STEPS) -> dict[str, Any]:
    """The document at the current version. Raises WorkflowError when it is none, or from the future."""
    current = len(steps) + 1
    if not isinstance(content, dict):
        raise WorkflowError([Fault(name, "is not a workflow: a JSON object was expected.", code="not-a-workflow")])
    version = content.get("latentloom")
    if version is None and _is_comfyui(content):
        what = "is a workflow of ComfyUI, which is of another kind and cannot be read."
        mend = "Open the example that is nearest to it (docs/examples.md lists them) and change that in the editor."
        raise WorkflowError([Fault(name, what, mend, code="comfyui-workflow")])
    if not isinstance(version, int) or isinstance(version, bool) or not 1 <= version <= current:
        found = "is missing" if version is None else f"is {version!r}"
        mend = f'Add "latentloom": {current}.' if version is None else "Update latentloom, or correct the number."
        what = f"the version {found}; this release reads versions 1 to {current}."
        raise WorkflowError([Fault("latentloom", what, mend, code="wrong-version")])
    for step in steps[version - 1 :]:
        content = step(content)
    return {**content, "latentloom": current}


def _is_comfyui(content: dict[str, Any]) -> bool:
    """Its API form is an object of nodes with a `class_type`; its editor's form has a list of nodes."""
    of_api = bool(content) and all(isinstance(node, dict) and "class_type" in node for node in content.values())
    return of_api or (isinstance(content.get("nodes"), list) and "last_node_id" in content)
