"""The denoiser: one forward pass of the U-Net."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

from latentloom.graph import Context, InputError, Range, node

from .latent_masks import at_latent_size
from .values import Denoiser, Embedding, Latent, Mask, Prediction, Timestep
from .weights import torch_dtype, unet

if TYPE_CHECKING:
    import torch


def denoise_facts(denoiser: Mapping[str, Any] | None, latent: Mapping[str, Any] | None) -> Mapping[str, Any]:
    if denoiser and latent:
        check_space(latent["space"], denoiser["space"], "denoiser")
    return {}


@node(category="denoise", batch=("latent", "embedding"), facts=denoise_facts)
def denoise(
    denoiser: Denoiser,
    latent: Annotated[Latent, "after `scale_input`"],
    timestep: Timestep,
    embedding: Embedding,
    guidance: Annotated[float | None, Range(0, 100), "the scale, for models distilled with guidance (LCM) only"] = None,
    mask: Annotated[Mask | None, "what to paint anew, for inpainting U-Nets (9 channels) only"] = None,
    masked: Annotated[Latent | None, "the encoded picture without the masked part, for inpainting U-Nets only"] = None,
    *,
    context: Context,
) -> Prediction:
    """Ask the U-Net what noise is in a latent, at a timestep, given a text.

    Latent [B, C, h, w] and embedding [B, T, D] (either may be a batch of 1) give a prediction [B, C, h, w] of the
    model's kind (epsilon, v or sample). Runs in the context's dtype and answers in float32. Counts one
    `denoiser_forwards`. SDXL also reads the pooled output and the size (Podell et al. 2023); an inpainting U-Net
    reads mask and masked latent beside the latent (Rombach et al. 2022).
    """
    model = unet(context, denoiser)
    samples, inputs = model_inputs(model, denoiser, latent, embedding, context)
    if mask is not None or masked is not None or model.config.in_channels != denoiser.channels:
        samples = _with_mask(samples, model.config.in_channels, latent, mask, masked)
    if guidance is not None:
        inputs["timestep_cond"] = _guidance_embedding(model, guidance, samples)
    values = model(samples, time_of(timestep, samples), return_dict=False, **inputs)[0]
    context.count("denoiser_forwards")
    return Prediction(values.float(), denoiser.prediction)


def time_of(timestep: Timestep, samples: torch.Tensor) -> torch.Tensor:
    """The model's time, made on the device: nothing is copied to it."""
    import torch

    return torch.full((), timestep.value, dtype=torch.float32, device=samples.device)


def model_inputs(
    model: Any, denoiser: Denoiser, latent: Latent, embedding: Embedding, context: Context
) -> tuple[torch.Tensor, dict[str, Any]]:
    """The samples [B, C, h, w] and the conditions of a forward pass, checked, in the model's dtype and one batch."""
    check_space(latent.space, denoiser.space, "denoiser")
    wanted = model.config.encoder_hid_dim or model.config.cross_attention_dim
    if isinstance(wanted, int) and embedding.tokens.shape[-1] != wanted:
        raise InputError(
            f"The embedding has {embedding.tokens.shape[-1]} features, this denoiser reads {wanted}. "
            "Encode the text with the text encoder of the same model."
        )
    dtype = torch_dtype(context.dtype)
    batch = max(latent.samples.shape[0], embedding.tokens.shape[0])
    inputs: dict[str, Any] = {"encoder_hidden_states": _spread(embedding.tokens.to(dtype), batch, "embeddings")}
    if model.config.addition_embed_type == "text_time":
        inputs["added_cond_kwargs"] = _text_and_time(latent, embedding, batch, dtype)
    return _spread(latent.samples.to(dtype), batch, "latents"), inputs


def check_space(space: str, wanted: str, reader: str) -> None:
    """Raises InputError unless a latent is of the space that its reader knows."""
    if space != wanted:
        raise InputError(
            f"The latent is of space {space}, this {reader} reads {wanted}. "
            "Take noise, denoiser and autoencoder from models of the same family."
        )


def _spread(values: torch.Tensor, batch: int, what: str) -> torch.Tensor:
    """Values [b, ...] as [batch, ...]: each repeated for its neighbours, so that joined calls stay apart."""
    if values.shape[0] == batch:
        return values
    if batch % values.shape[0]:
        raise InputError(f"There are {values.shape[0]} {what} for a batch of {batch}. Give one, or one an image.")
    return values.repeat_interleave(batch // values.shape[0], dim=0)


def _text_and_time(latent: Latent, embedding: Embedding, batch: int, dtype: torch.dtype) -> dict[str, torch.Tensor]:
    """SDXL's further conditions: the pooled text [B, P] and the sizes [B, 6]."""
    import torch

    if embedding.pooled is None:
        raise InputError("This denoiser (SDXL) needs a pooled embedding. Encode the text with its own text encoder.")
    size = embedding.size
    if size is None:
        height, width = (side * latent.factor for side in latent.samples.shape[2:])
        size = torch.tensor([[height, width, 0, 0, height, width]], dtype=dtype).to(latent.samples.device)
    return {
        "text_embeds": _spread(embedding.pooled.to(dtype), batch, "pooled embeddings"),
        "time_ids": _spread(size.to(dtype), batch, "sizes"),
    }


def _with_mask(
    samples: torch.Tensor, channels: int, latent: Latent, mask: Mask | None, masked: Latent | None
) -> torch.Tensor:
    """Latent, mask and masked latent side by side [B, 2C + 1, h, w]. A mask of fewer images serves each joined call."""
    import torch

    if channels == latent.samples.shape[1]:
        raise InputError(
            "This denoiser reads no mask. Leave mask and masked out, and use masked_blend after each step."
        )
    if mask is None or masked is None:
        raise InputError(f"This denoiser is made for inpainting ({channels} channels): give it mask and masked.")
    check_space(masked.space, latent.space, "denoiser")
    parts = [at_latent_size(mask, latent), masked.samples]
    if any(part.shape[2:] != samples.shape[2:] for part in parts) or 1 + 2 * latent.samples.shape[1] != channels:
        raise InputError(
            f"Mask and masked latent do not fit: {channels} channels of {tuple(samples.shape[2:])} cells were "
            f"expected, the masked latent is {tuple(masked.samples.shape)}."
        )
    tiled = [part.to(samples.dtype).repeat(samples.shape[0] // part.shape[0], 1, 1, 1) for part in parts]
    return torch.cat([samples, *tiled], dim=1)


def _guidance_embedding(model: Any, guidance: float, samples: torch.Tensor) -> torch.Tensor:
    """The guidance scale as sines and cosines [B, D], for a distilled U-Net (Meng et al. 2023; Luo et al. 2023).

    As diffusers' `get_guidance_scale_embedding`, which counts from a scale of 1.
    """
    import math

    import torch

    width = model.config.time_cond_proj_dim
    if width is None:
        raise InputError("This denoiser takes no guidance scale. Leave it out, and use the node guide.")
    half = width // 2
    frequencies = torch.exp(torch.arange(half, dtype=torch.float32) * -(math.log(10000.0) / (half - 1)))
    angles = (guidance - 1) * 1000.0 * frequencies
    values = torch.cat([torch.sin(angles), torch.cos(angles), torch.zeros(width % 2)])
    return values.to(samples).expand(samples.shape[0], -1)
