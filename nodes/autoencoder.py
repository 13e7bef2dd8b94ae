"""Pictures to latents and back. Latents are scaled by the model's own factor, so that their variance is about 1."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from latentloom.graph import Context, InputError, Range, node

from .denoise import check_space
from .generators import draw
from .sizes import check_size
from .tiles import blend, tiles_of
from .values import Autoencoder, Image, Latent, Mask, RandomState
from .weights import vae

if TYPE_CHECKING:
    import torch

Tile = Annotated[int, Range(16, 4096, step=8, unit="px"), "side of a tile"]
Overlap = Annotated[int, Range(0, 1024, step=8, unit="px"), "how far neighbouring tiles overlap and are blended"]


class Encoded(NamedTuple):
    latent: Latent
    random: RandomState


def encode_facts(autoencoder: Mapping[str, Any] | None) -> Mapping[str, Any]:
    return {"latent": dict(autoencoder)} if autoencoder else {}


def decode_facts(autoencoder: Mapping[str, Any] | None, latent: Mapping[str, Any] | None) -> Mapping[str, Any]:
    if autoencoder and latent:
        check_space(latent["space"], autoencoder["space"], "autoencoder")
    return {}


@node(category="autoencoder", batch=("image", "random"), facts=encode_facts)
def encode(autoencoder: Autoencoder, image: Image, random: RandomState, context: Context) -> Encoded:
    """Encode a picture as a latent, drawn from the distribution that the autoencoder gives.

    [B, 3, H, W] in 0..1 gives [B, C, H / factor, W / factor]: (mean + deviation * noise) * scale, one generator an
    image (Kingma & Welling 2014; diffusers' `latent_dist.sample`). H and W are multiples of the factor.
    """
    moments = _moments(autoencoder, image.pixels, context)
    noise, after = draw(_mean(moments).shape, random)
    return Encoded(_sampled(autoencoder, moments, noise, context), after)


@node(category="autoencoder", batch=("image",), facts=encode_facts)
def encode_mean(autoencoder: Autoencoder, image: Image, context: Context) -> Latent:
    """Encode a picture as the most likely latent: no randomness.

    [B, 3, H, W] in 0..1 gives [B, C, H / factor, W / factor], the mean of the distribution times the scale.
    """
    return _sampled(autoencoder, _moments(autoencoder, image.pixels, context), None, context)


@node(category="autoencoder", facts=encode_facts)
def encode_tiled(
    autoencoder: Autoencoder,
    image: Image,
    random: RandomState,
    tile: Tile = 512,
    overlap: Overlap = 64,
    *,
    context: Context,
) -> Encoded:
    """Encode a large picture tile by tile, in little memory.

    As `encode`, but the distribution's mean and variance are made in tiles and blended where these overlap. Differs a
    little from `encode`: no tile sees beyond its edges.
    """
    height, width = image.pixels.shape[2:]
    check_size(width, height, autoencoder.factor)
    tile, overlap = _tile_in_cells(tile, overlap, autoencoder.factor)
    factor = autoencoder.factor
    places = tiles_of(height // factor, width // factor, tile, overlap)
    parts = []
    for done, (top, left, bottom, right) in enumerate(places):
        context.check_cancelled()
        cut = image.pixels[:, :, top * factor : bottom * factor, left * factor : right * factor]
        parts.append(_moments(autoencoder, cut, context))
        context.progress(done + 1, len(places))
    moments = blend(parts, places, (height // factor, width // factor), overlap)
    noise, after = draw(_mean(moments).shape, random)
    return Encoded(_sampled(autoencoder, moments, noise, context), after)


@node(category="autoencoder", batch=("latent",), facts=decode_facts)
def decode(autoencoder: Autoencoder, latent: Latent, context: Context) -> Image:
    """Decode a latent to a picture.

    [B, C, h, w] gives [B, 3, h * factor, w * factor] float32 in 0..1. Refuses a latent of another space. Runs in
    float32 where the autoencoder overflows in float16.
    """
    check_space(latent.space, autoencoder.space, "autoencoder")
    return _picture(_decoded(autoencoder, latent.samples, context))


@node(category="autoencoder", facts=decode_facts)
def decode_tiled(
    autoencoder: Autoencoder, latent: Latent, tile: Tile = 512, overlap: Overlap = 64, *, context: Context
) -> Image:
    """Decode a large latent tile by tile, in little memory; tiles are blended where they overlap.

    As `decode`, but differs a little from it: no tile sees beyond its edges.
    """
    check_space(latent.space, autoencoder.space, "autoencoder")
    height, width = latent.samples.shape[2:]
    factor = autoencoder.factor
    cells, overlap_cells = _tile_in_cells(tile, overlap, factor)
    places = tiles_of(height, width, cells, overlap_cells)
    parts = []
    for done, (top, left, bottom, right) in enumerate(places):
        context.check_cancelled()
        parts.append(_decoded(autoencoder, latent.samples[:, :, top:bottom, left:right], context))
        context.progress(done + 1, len(places))
    in_pixels = [(top * factor, left * factor, bottom * factor, right * factor) for top, left, bottom, right in places]
    return _picture(blend(parts, in_pixels, (height * factor, width * factor), overlap_cells * factor))


@node(category="autoencoder", output="image")
def hide_masked(image: Image, mask: Mask) -> Image:
    """Paint the masked part of a picture grey, as inpainting U-Nets expect it before it is encoded.

    Grey is 0.5, which is 0 to the autoencoder. The mask [B, 1, H, W] counts from 0.5.
    """
    if mask.values.shape[2:] != image.pixels.shape[2:]:
        raise InputError(
            f"The mask is {mask.values.shape[3]}x{mask.values.shape[2]} px, "
            f"the picture {image.pixels.shape[3]}x{image.pixels.shape[2]}. Resize one."
        )
    kept = (mask.values < 0.5).to(image.pixels.dtype)
    return Image(0.5 + (image.pixels - 0.5) * kept)


def _tile_in_cells(tile: int, overlap: int, factor: int) -> tuple[int, int]:
    cells, overlap_cells = max(tile // factor, 1), overlap // factor
    if overlap_cells * 2 > cells:
        raise InputError(f"An overlap of {overlap} px is too much for tiles of {tile} px. Use at most {tile // 2}.")
    return cells, overlap_cells


def _moments(autoencoder: Autoencoder, pixels: torch.Tensor, context: Context) -> torch.Tensor:
    """Mean and log variance of the latents [B, 2C, h, w], float32, not scaled yet."""
    check_size(pixels.shape[3], pixels.shape[2], autoencoder.factor)
    model = vae(context, autoencoder)
    return model.encode(pixels.to(context.device, model.dtype) * 2 - 1).latent_dist.parameters.float()


def _mean(moments: torch.Tensor) -> torch.Tensor:
    return moments.chunk(2, dim=1)[0]


def _sampled(autoencoder: Autoencoder, moments: torch.Tensor, noise: torch.Tensor | None, context: Context) -> Latent:
    import torch

    mean, log_variance = moments.chunk(2, dim=1)
    raw = mean
    if noise is not None:
        raw = mean + torch.exp(0.5 * log_variance.clamp(-30.0, 20.0)) * noise.to(mean)
    centre, deviation, scale = _scaling(vae(context, autoencoder), raw)
    return Latent((raw - centre) * scale / deviation, autoencoder.space, autoencoder.factor)


def _decoded(autoencoder: Autoencoder, samples: torch.Tensor, context: Context) -> torch.Tensor:
    """Pixels [B, 3, H, W] in about -1..1."""
    model = vae(context, autoencoder)
    centre, deviation, scale = _scaling(model, samples)
    raw = samples / scale * deviation + centre
    return model.decode(raw.to(context.device, model.dtype), return_dict=False)[0].float()


def _scaling(model: Any, like: torch.Tensor) -> tuple[Any, Any, float]:
    """Centre, deviation and scale of the raw latents: latent = (raw - centre) * scale / deviation."""
    import torch

    config = model.config
    if config.latents_mean is not None and config.latents_std is not None:
        centre, deviation = (
            torch.tensor(numbers, dtype=like.dtype).view(1, -1, 1, 1).to(like.device)
            for numbers in (config.latents_mean, config.latents_std)
        )
        return centre, deviation, config.scaling_factor
    return config.shift_factor or 0.0, 1.0, config.scaling_factor


def _picture(pixels: torch.Tensor) -> Image:
    return Image((pixels / 2 + 0.5).clamp(0, 1))
