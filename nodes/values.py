"""The values that travel between diffusion nodes: small frozen dataclasses that say what they are.

Tensors have the batch first. Nothing here imports torch at run time. Nodes never change a value they were given.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from latentloom.graph import socket

if TYPE_CHECKING:
    import torch


@socket(colour="#d97aa6")
@dataclass(frozen=True, slots=True)
class Image:
    """Pictures. `pixels` [B, 3, H, W] float32 in 0..1, RGB."""

    pixels: torch.Tensor


@socket(colour="#9aa5b1")
@dataclass(frozen=True, slots=True)
class Mask:
    """Masks. `values` [B, 1, H, W] float32 in 0..1; 1 is the part that is painted anew."""

    values: torch.Tensor


def _in_colours(heat: Heat) -> Image:
    from .attention import coloured

    return coloured(heat)


@socket(colour="#d98a5b", preview=_in_colours)
@dataclass(frozen=True, slots=True)
class Heat:
    """How much each place counts, such as attention. `values` [B, 1, H, W] float32 in 0..1, often far below 1."""

    values: torch.Tensor


@socket(colour="#7b6bd6")
@dataclass(frozen=True, slots=True)
class Latent:
    """Latents. `samples` [B, C, h, w] float32, already scaled (about unit variance). `space` names the latent space.

    Always float32: they are small, and a scheduler's step adds up small differences. Models cast them on the way in.
    """

    samples: torch.Tensor
    space: str
    """Which autoencoder reads it, such as `4ch-f8-0.18215` (channels, pixels per cell, scale)."""
    factor: int
    """Pixels per latent cell along each side."""


@socket(colour="#e0913a")
@dataclass(frozen=True, slots=True)
class Embedding:
    """Encoded text. `tokens` [B, T, D]; `pooled` [B, P] and `size` [B, 6] where the model wants them (SDXL)."""

    tokens: torch.Tensor
    pooled: torch.Tensor | None = None
    size: torch.Tensor | None = None
    """In pixels: original height and width, crop top and left, target height and width."""


@socket(colour="#4fae8a")
@dataclass(frozen=True, slots=True)
class Prediction:
    """What the denoiser said of a latent. `values` [B, C, h, w] float32 of kind epsilon, v or sample."""

    values: torch.Tensor
    kind: str
    """`epsilon`, `v_prediction` or `sample`."""


@socket(content_keyed=True, colour="#c9a227")
@dataclass(frozen=True, slots=True)
class Tokens:
    """Token ids as the text encoder reads them: one row a text encoder, each a tuple of chunks of equal length."""

    rows: tuple[tuple[tuple[int, ...], ...], ...]
    empty: tuple[tuple[int, ...], ...]
    """A chunk without text, one a text encoder: what a shorter prompt is lengthened with."""
    count: int
    """Tokens of the text itself, without begin, end and padding."""


@socket(content_keyed=True, colour="#59a8b8")
@dataclass(frozen=True, slots=True)
class Timestep:
    """One position in a noise schedule."""

    index: int
    """Position in the schedule's timesteps, from 0."""
    step: int
    """The requested step that it belongs to, from 0 (Heun visits the inner steps twice)."""
    value: float
    """The model's time, 0..999 for models trained on 1,000 steps."""


@socket(colour="#b0658f")
@dataclass(frozen=True, slots=True)
class RandomState:
    """States of CPU generators, one per image. `states` uint8 [B, 5056] (torch.Generator.get_state)."""

    states: torch.Tensor


@socket(colour="#5e7fb8")
@dataclass(frozen=True, slots=True)
class SchedulerState:
    """What a scheduler remembers between steps: the attributes that changed, as plain data.

    `values` maps attribute names to tensors, numbers, truth values, None, or tuples of them; empty before the first
    step. The scheduler itself stays in the `NoiseSchedule`.
    """

    values: dict[str, Any]


@socket(content_keyed=True, colour="#8a8f98")
@dataclass(frozen=True, slots=True)
class Scheduler:
    """A model's own scheduler, as its folder says."""

    name: str
    """Class name in diffusers, such as `DDIMScheduler`."""
    options: str
    """Canonical JSON of its config."""


@socket(content_keyed=True, colour="#5e7fb8")
@dataclass(frozen=True, slots=True)
class NoiseSchedule:
    """A scheduler with its timesteps set: everything needed to rebuild it, as plain data."""

    scheduler: str
    """Class name in diffusers, such as `EulerDiscreteScheduler`."""
    options: str
    """Canonical JSON of the scheduler's config."""
    steps: int
    start: int = 0
    """Index of the first timestep used (image-to-image begins later than 0)."""
    prediction: str | None = None
    """What the model predicts, where it shall be understood otherwise than the prediction itself says."""
    eta: float = 0.0
    """How much noise DDIM and TCD add at each step, 0..1."""


@dataclass(frozen=True, slots=True)
class Component:
    """A part of a model on disk. Two copies of the same files are the same component: the digest is its key."""

    folder: Path
    digest: str
    """Hex digest of the component's files."""

    def content(self) -> Any:
        return self.digest


@socket(content_keyed=True, colour="#8a8f98")
@dataclass(frozen=True, slots=True)
class Tokenizer:
    """Handle of one or two tokenizers (SDXL has two)."""

    parts: tuple[Component, ...]
    lengths: tuple[int, ...]
    """Tokens in a chunk, begin and end included, one number a tokenizer."""

    def content(self) -> Any:
        return (*(part.digest for part in self.parts), *self.lengths)


@socket(content_keyed=True, colour="#8a8f98")
@dataclass(frozen=True, slots=True)
class TextEncoder:
    """Handle of one or two text encoders, not loaded yet."""

    parts: tuple[Component, ...]
    pooled: bool = False
    """True for SDXL: inner layers of all encoders side by side, and the last one's pooled output."""
    zero_empty: bool = False
    """The model was trained with zeros in place of an empty negative prompt."""

    def content(self) -> Any:
        return (*(part.digest for part in self.parts), self.pooled, self.zero_empty)


@socket(content_keyed=True, colour="#8a8f98")
@dataclass(frozen=True, slots=True)
class Denoiser:
    """Handle of a U-Net, not loaded yet."""

    part: Component
    space: str
    factor: int
    channels: int
    """Channels of the latents that it denoises (an inpainting U-Net reads more: mask and masked picture)."""
    prediction: str
    """`epsilon`, `v_prediction` or `sample`, from the model's scheduler config."""

    def content(self) -> Any:
        return (self.part.digest, self.space, self.prediction)


@socket(content_keyed=True, colour="#8a8f98")
@dataclass(frozen=True, slots=True)
class Autoencoder:
    """Handle of an autoencoder (VAE), not loaded yet."""

    part: Component
    space: str
    factor: int

    def content(self) -> Any:
        return (self.part.digest, self.space)


@socket(colour="#6f9a4e")
@dataclass(frozen=True, slots=True)
class EncodedImage:
    """Image files as bytes, one a picture, not written yet. The runner names and writes them."""

    files: tuple[bytes, ...]
    media_type: str
    """`image/png`, `image/jpeg` or `image/webp`."""
