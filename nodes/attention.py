"""Where a word acts in the picture: cross-attention maps of chosen tokens."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from latentloom.graph import Context, InputError, Slider, node

from .denoise import denoise_facts, model_inputs, time_of
from .text_projections import cross_attention
from .values import Denoiser, Embedding, Heat, Image, Latent, Mask, Prediction, Timestep, Tokenizer
from .weights import tokenizers, unet

if TYPE_CHECKING:
    import torch

COLOURS = ((0.0, 0.0, 0.1), (0.25, 0.05, 0.45), (0.7, 0.15, 0.4), (0.97, 0.5, 0.15), (1.0, 0.97, 0.65))
"""A dark-to-light scale that also reads in grey, from no attention to the most."""


class Attended(NamedTuple):
    heat: Annotated[Heat, "how much attention each place pays to the tokens, 0..1"]
    prediction: Annotated[Prediction, "as from the node denoise"]


@node(category="text", output="positions")
def token_positions(
    tokenizer: Tokenizer,
    text: Annotated[str, "the prompt"],
    words: Annotated[str, "words of the prompt, separated by commas or spaces"],
    context: Context,
) -> Annotated[list[int], "positions of their tokens in the embedding, from 0"]:
    """Find the tokens of words in a prompt, such as for an attention map.

    A word may be several tokens, and stand several times in the prompt: all are found. The begin token is at 0.
    """
    part, room = tokenizers(context, tokenizer)[0], tokenizer.lengths[0] - 2
    offsets = part(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)["offset_mapping"]
    wanted = [word for word in re.split(r"[,\s]+", words.strip()) if word]
    spans = [_spans(text, word) for word in wanted]
    if missing := [word for word, found in zip(wanted, spans, strict=True) if not found]:
        raise InputError(f"The prompt does not hold the word {missing[0]!r}. Choose words of the prompt {text!r}.")
    return [
        i + 1 + 2 * (i // room)  # each chunk has a begin token before it and an end token after it
        for i, (start, end) in enumerate(offsets)
        if any(start < to and end > at for found in spans for at, to in found)
    ]


def _spans(text: str, word: str) -> list[tuple[int, int]]:
    whole = rf"(?<!\w){re.escape(word)}(?!\w)"
    return [match.span() for match in re.finditer(whole, text, re.IGNORECASE)]


def attention_facts(denoiser: Mapping[str, Any] | None, latent: Mapping[str, Any] | None) -> Mapping[str, Any]:
    return denoise_facts(denoiser, latent)


@node(category="denoise", facts=attention_facts)
def attention_map(
    denoiser: Denoiser,
    latent: Annotated[Latent, "after `scale_input`"],
    timestep: Timestep,
    embedding: Embedding,
    positions: Annotated[list[int], "of tokens in the embedding, from `token_positions`"],
    context: Context,
) -> Attended:
    """Denoise, and see where the U-Net attends to chosen tokens.

    The heat [B, 1, H, W] at the picture's size is the softmax of query and key, summed over the tokens, averaged over
    heads and over all cross-attention layers, each brought to the latent's size (Hertz et al. 2022; Tang et al. 2023).
    The prediction is that of `denoise`, so the map costs no pass of its own. Counts one `denoiser_forwards`.
    """
    import torch
    from torch.nn.functional import interpolate

    count = embedding.tokens.shape[1]
    if not positions or not all(0 <= position < count for position in positions):
        raise InputError(f"The positions {positions} are not of this embedding: give some of 0 to {count - 1}.")
    model = unet(context, denoiser)
    samples, inputs = model_inputs(model, denoiser, latent, embedding, context)
    size = samples.shape[2], samples.shape[3]
    maps: list[torch.Tensor] = []
    with _watched(model, positions, size, maps):
        values = model(samples, time_of(timestep, samples), return_dict=False, **inputs)[0]
    context.count("denoiser_forwards")
    heat = torch.stack(maps).mean(dim=0).clamp(0, 1)
    pixels = (size[0] * latent.factor, size[1] * latent.factor)
    shown = interpolate(heat, size=pixels, mode="bilinear", align_corners=False)
    return Attended(Heat(shown), Prediction(values.float(), denoiser.prediction))


@contextmanager
def _watched(model: Any, positions: list[int], size: tuple[int, int], maps: list[torch.Tensor]) -> Iterator[None]:
    """Within, each cross-attention layer adds its map [B, 1, h, w] to `maps`. The model is the same afterwards."""

    def watch(layer: Any, arguments: tuple[Any, ...], options: dict[str, Any]) -> None:
        hidden = arguments[0] if arguments else options["hidden_states"]
        text = options.get("encoder_hidden_states")
        if text is not None:
            maps.append(_layer_map(layer, hidden, text, positions, size))

    layers = cross_attention(model)
    if not layers:
        raise InputError("This denoiser has no cross-attention layers that could be watched.")
    handles = [layer.register_forward_pre_hook(watch, with_kwargs=True) for layer in layers]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _layer_map(
    layer: Any, hidden: torch.Tensor, text: torch.Tensor, positions: list[int], size: tuple[int, int]
) -> torch.Tensor:
    """Attention of each place to the tokens, [B, 1, *size] float32."""
    from torch.nn.functional import interpolate

    if layer.norm_cross:
        text = layer.norm_encoder_hidden_states(text)
    query, key = layer.head_to_batch_dim(layer.to_q(hidden)), layer.head_to_batch_dim(layer.to_k(text))
    paid = layer.get_attention_scores(query, key)[:, :, positions].float().sum(dim=2)
    paid = paid.view(hidden.shape[0], layer.heads, -1).mean(dim=1)
    height, width = _layer_size(size, paid.shape[1])
    return interpolate(paid.view(-1, 1, height, width), size=size, mode="bicubic", align_corners=False)


def _layer_size(size: tuple[int, int], cells: int) -> tuple[int, int]:
    """Height and width of a layer with so many cells: the latent's, halved (rounded up) some times."""
    height, width = size
    while height * width > cells:
        height, width = (height + 1) // 2, (width + 1) // 2
    if height * width != cells:
        raise InputError(f"A layer of {cells} cells does not fit a latent of {size}. Use sizes that halve evenly.")
    return height, width


@node(category="image", output="image")
def heat_map(
    heats: Annotated[list[Heat], "one, or one for each step: their mean is shown"],
    image: Annotated[Image | None, "the picture to lay the map over"] = None,
    opacity: Annotated[float, Slider(0, 1, step=0.05), "of the map over the picture"] = 0.6,
) -> Image:
    """Show where attention went, in colours from dark (least) to light (most), alone or over a picture.

    Averages the maps [B, 1, H, W] and stretches each image's lowest to 0 and highest to 1.
    """
    import torch
    from torch.nn.functional import interpolate

    if not heats:
        raise InputError("The list of heat maps is empty; at least one was expected.")
    if len({heat.values.shape for heat in heats}) > 1:
        raise InputError("The heat maps differ in size. Give maps of one picture.")
    colours = coloured(Heat(torch.stack([heat.values for heat in heats]).mean(dim=0)))
    if image is None:
        return colours
    laid = interpolate(colours.pixels, size=image.pixels.shape[2:], mode="bilinear", align_corners=False)
    return Image((1 - opacity) * image.pixels + opacity * laid)


@node(category="image/mask", conversion=True)
def heat_to_mask(heat: Heat) -> Mask:
    """Use a heat as a mask, as it is: where it is near 1 the mask is."""
    return Mask(heat.values)


def coloured(heat: Heat) -> Image:
    """Each of a batch over its own range, [B, 1, H, W] as [B, 3, H, W]: linear between the stops of COLOURS."""
    import torch

    low, high = heat.values.amin(dim=(1, 2, 3), keepdim=True), heat.values.amax(dim=(1, 2, 3), keepdim=True)
    values = (heat.values - low) / (high - low).clamp_min(1e-8)
    stops = torch.tensor(COLOURS, device=values.device)
    place = values[:, 0] * (len(COLOURS) - 1)
    below = place.floor().clamp(0, len(COLOURS) - 2).long()
    share = (place - below)[..., None]
    return Image(((1 - share) * stops[below] + share * stops[below + 1]).permute(0, 3, 1, 2).contiguous())
