"""Models found in the model folders."""

from __future__ import annotations

from .body import Body


class ModelComponent(Body):
    name: str
    type: str
    """The class that its config names, such as `UNet2DConditionModel`."""
    bytes: int


class ModelEntry(Body):
    name: str
    """What stands in a workflow for this model."""
    kind: str
    """The pipeline that its index names, such as `StableDiffusionPipeline`."""
    digest: str | None = None
    """Of all its files; None while it is being computed."""
    bytes: int
    components: list[ModelComponent]


class ModelList(Body):
    models: list[ModelEntry]
