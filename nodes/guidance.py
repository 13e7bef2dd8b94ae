"""Guidance: how the predictions with and without the prompt become one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from latentloom.graph import InputError, Range, Slider, node

from .values import Prediction

if TYPE_CHECKING:
    import torch

Scale = Annotated[float, Slider(0, 30, step=0.1), "1 follows the prompt alone; 3 to 8 is usual"]


@node(category="denoise")
def guide(cond: Prediction, uncond: Prediction, scale: Scale = 7.5) -> Prediction:
    """Strengthen the prompt: classifier-free guidance.

    uncond + scale * (cond - uncond), both [B, C, h, w] (Ho & Salimans 2022, eq. 6, with scale = 1 + w).
    """
    _same_kind(cond, uncond)
    return replace(cond, values=uncond.values + scale * (cond.values - uncond.values))


@node(category="denoise")
def rescale_guidance(
    guided: Prediction, cond: Prediction, amount: Annotated[float, Slider(0, 1, step=0.05), "0.7 in the paper"] = 0.7
) -> Prediction:
    """Take back the overexposure that strong guidance brings.

    The guided prediction at the standard deviation of the conditional one (over channels and cells, image by image),
    mixed by `amount` with the guided one as it was (Lin et al. 2023, eq. 15 and 16).
    """
    _same_kind(guided, cond)
    axes = tuple(range(1, guided.values.ndim))
    wanted = cond.values.std(dim=axes, keepdim=True)
    rescaled = guided.values * (wanted / guided.values.std(dim=axes, keepdim=True))
    return replace(guided, values=amount * rescaled + (1 - amount) * guided.values)


@node(category="denoise")
def perpendicular_negative(
    cond: Prediction,
    uncond: Annotated[Prediction, "the prediction for an empty text"],
    negative: Prediction,
    scale: Scale = 7.5,
    weight: Annotated[float, Range(0, 10, step=0.1), "how much the negative prompt counts"] = 1.0,
) -> Prediction:
    """Guide away from a negative prompt without weakening the prompt: Perp-Neg.

    Of the negative direction only the part perpendicular to the positive one counts:
    uncond + scale * (d - weight * (n - (<n, d> / <d, d>) d)), with d = cond - uncond and n = negative - uncond
    (Armandpour et al. 2023, eq. 7 and 8).
    """
    _same_kind(cond, uncond)
    _same_kind(cond, negative)
    toward = cond.values - uncond.values
    away = negative.values - uncond.values
    along = _dot(away, toward) / _dot(toward, toward).clamp_min(1e-12)
    return replace(cond, values=uncond.values + scale * (toward - weight * (away - along * toward)))


def _dot(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Inner products image by image, [B, 1, 1, 1]."""
    return (a * b).sum(dim=tuple(range(1, a.ndim)), keepdim=True)


def _same_kind(a: Prediction, b: Prediction) -> None:
    if a.kind != b.kind:
        raise InputError(f"A prediction of kind {a.kind} meets one of kind {b.kind}. Use one denoiser for both.")
    if a.values.shape[1:] != b.values.shape[1:]:
        raise InputError(
            f"A prediction of shape {tuple(a.values.shape)} meets one of {tuple(b.values.shape)}. "
            "Denoise latents of the same size."
        )
