"""A result in the form that a client asks for: a picture, a text, statistics."""

from __future__ import annotations

import dataclasses
import io
import json
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from latentloom.graph import Registry
from latentloom.nodes.image_files import as_pictures, encoded
from latentloom.nodes.values import EncodedImage, Heat, Image, Latent, Mask, Prediction
from latentloom.server.api import ResultForm, Statistics, Text
from latentloom.server.engine.protocol import NotThisForm

from .deltas import readable

if TYPE_CHECKING:
    import torch

    from .latent_pictures import LatentPictures, Step

JSON = "application/json"
LONGEST_TEXT = 100_000
LISTED = 100
"""Elements of a list that a text shows."""


def rendered(
    value: Any, form: ResultForm, index: int, registry: Registry, latents: LatentPictures, step: Step | None = None
) -> tuple[str, bytes]:
    """Media type and bytes. step: in which a prediction was taken. Raises NotThisForm, with a message that says what
    would do.
    """
    item = items(value)
    if not 0 <= index < max(len(item), 1):
        raise NotThisForm(f"it holds {len(item)} values: the index goes from 0 to {len(item) - 1}.")
    match form:
        case "statistics":
            return JSON, statistics(value, index).model_dump_json().encode()
        case "text":
            text = readable(described(item[index] if item else value)[:LONGEST_TEXT])
            return JSON, Text(text=text).model_dump_json().encode()
    if not item:
        raise NotThisForm("the list is empty.")
    if isinstance(item[index], Prediction):
        return "image/png", _png(latents.prediction_picture(item[index], step and _of_one(step, index)))
    return picture(item[index], registry, latents)


def _of_one(step: Step, index: int) -> Step:
    """The step of one member of a batch: its own latent, or the one that all have in common."""
    members = items(step.latent)
    return dataclasses.replace(step, latent=members[min(index, len(members) - 1)])


def items(value: Any) -> Sequence[Any]:
    """The values that an output holds: a list's elements, a batch's members, else the value itself."""
    match value:
        case list() | tuple() if not hasattr(value, "_fields"):
            return [item for part in value for item in (items(part) or [part])]
        case EncodedImage(files=files):
            return [EncodedImage((file,), value.media_type) for file in files]
        case Image() | Mask() | Heat() | Latent() | Prediction():
            name = dataclasses.fields(value)[0].name
            batch = getattr(value, name)
            return [dataclasses.replace(value, **{name: batch[i : i + 1]}) for i in range(len(batch))]
    return [value]


def picture(value: Any, registry: Registry, latents: LatentPictures) -> tuple[str, bytes]:
    """A value as a picture file."""
    match value:
        case EncodedImage():
            return value.media_type, value.files[0]
        case Image():
            return "image/png", encoded(value).files[0]
        case Mask():
            return "image/png", encoded(Image(value.values.expand(-1, 3, -1, -1))).files[0]
        case Latent():
            return "image/png", _png(latents.picture(value))
        case Prediction():
            return "image/png", _png(latents.prediction_picture(value, None))
    declared = next((t for t in registry.socket_types.values() if isinstance(value, t.python)), None)
    if declared is not None and declared.preview is not None:
        shown = declared.preview(value)
        if isinstance(shown, Image | EncodedImage | Mask):
            return picture(shown, registry, latents)
    raise NotThisForm(f"a {type(value).__name__} has no picture: ask for text or statistics.")


def _png(image: Image) -> bytes:
    file = io.BytesIO()
    as_pictures(image)[0].save(file, "PNG")
    return file.getvalue()


def statistics(value: Any, index: int = 0) -> Statistics:
    """Of the first tensor in a value, or of numbers; not finite ones are counted and left out."""
    found = items(value)
    chosen = found[index] if found else value
    numbers = _numbers(chosen)
    kind = type(chosen).__name__
    if numbers is None:
        return Statistics(type=kind, items=len(found))
    flat = numbers.detach().double().cpu().flatten()
    finite = flat[flat.isfinite()]
    told: dict[str, float] = {}
    if len(finite):
        told = {"minimum": finite.min().item(), "maximum": finite.max().item(), "mean": finite.mean().item()}
        told["deviation"] = finite.std(correction=0).item()
    return Statistics(
        type=kind,
        shape=list(numbers.shape),
        dtype=str(numbers.dtype).removeprefix("torch."),
        device=str(numbers.device),
        **told,
        not_finite=len(flat) - len(finite),
        bytes=numbers.nbytes,
        items=len(found),
    )


def _numbers(value: Any) -> torch.Tensor | None:
    import torch

    from latentloom.graph.store.tensors import tensors_in

    if isinstance(value, int | float) and not isinstance(value, bool):
        return torch.tensor(float(value), dtype=torch.float64)
    return next((tensor for tensor in tensors_in(value) if not tensor.is_complex()), None)


def described(value: Any) -> str:
    """A value as a person reads it: texts as they are, numbers as JSON, tensors by shape and type."""
    if isinstance(value, str):
        return value
    return json.dumps(_plain(value), indent=2, ensure_ascii=False)


def _plain(value: Any) -> Any:
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else str(value)
        case bytes():
            return f"{len(value):,} bytes"
        case dict():
            return {str(key): _plain(part) for key, part in list(value.items())[:LISTED]}
        case list() | tuple():
            rest = [f"and {len(value) - LISTED} more"] if len(value) > LISTED else []
            return [_plain(part) for part in value[:LISTED]] + rest
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        named = {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return {type(value).__name__: named}
    if hasattr(value, "shape") and hasattr(value, "dtype"):
        return f"{list(value.shape)} {str(value.dtype).removeprefix('torch.')}"
    return str(value) if hasattr(value, "__fspath__") else type(value).__name__
