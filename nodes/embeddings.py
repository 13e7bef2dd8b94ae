"""Arithmetic on embeddings: concatenate, mix, combine, batch, and SDXL's size conditioning."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from latentloom.graph import InputError, Range, Slider, node

from .values import Embedding

if TYPE_CHECKING:
    import torch

Pixels = Annotated[int, Range(1, 16384, unit="px")]
Offset = Annotated[int, Range(0, 16384, unit="px")]


@node(category="text/embedding")
def concat_embeddings(a: Embedding, b: Embedding) -> Embedding:
    """Put one embedding's tokens after the other's: the denoiser attends to both prompts.

    [B, T, D] and [B, U, D] give [B, T + U, D]; pooled output and size are those of the first.
    """
    import torch

    _same_width(a, b)
    batch = max(a.tokens.shape[0], b.tokens.shape[0])
    parts = [tokens.expand(batch, -1, -1) for tokens in (a.tokens, b.tokens)]
    return replace(a, tokens=torch.cat(parts, dim=1))


@node(category="text/embedding")
def mix_embeddings(
    a: Embedding, b: Embedding, weight: Annotated[float, Slider(0, 1, step=0.01), "0 is `a`, 1 is `b`"] = 0.5
) -> Embedding:
    """Go from one prompt towards another: (1 - weight) * a + weight * b, linear, pooled output included."""
    return _weighted([(a, 1 - weight), (b, weight)])


@node(category="text/embedding")
def combine_embeddings(
    a: Embedding,
    b: Embedding,
    weight_a: Annotated[float, Range(-10, 10, step=0.05), "how much the first counts"] = 1.0,
    weight_b: Annotated[float, Range(-10, 10, step=0.05), "how much the second counts"] = 1.0,
    average: Annotated[bool, "divide by the sum of the weights"] = True,
) -> Embedding:
    """Add two prompts with weights: weight_a * a + weight_b * b, divided by their sum unless `average` is off."""
    total = weight_a + weight_b if average else 1.0
    if abs(total) < 1e-6:
        raise InputError("The weights add up to 0, so there is no average. Change one, or switch `average` off.")
    return _weighted([(a, weight_a / total), (b, weight_b / total)])


@node(category="text/embedding")
def embedding_batch(embeddings: Annotated[list[Embedding], "equally many tokens each"]) -> Embedding:
    """Stack embeddings along the batch axis, one an image: several [B, T, D] as one."""
    import torch

    if not embeddings:
        raise InputError("The list of embeddings is empty; at least one was expected.")
    first = embeddings[0]
    for other in embeddings[1:]:
        _same_width(first, other)
        _same_length(first, other)

    def joined(parts: list[torch.Tensor | None]) -> torch.Tensor | None:
        given = [part for part in parts if part is not None]
        return torch.cat(given) if len(given) == len(parts) else None

    tokens = torch.cat([e.tokens for e in embeddings])
    return Embedding(tokens, joined([e.pooled for e in embeddings]), joined([e.size for e in embeddings]))


@node(category="text/embedding")
def size_condition(
    embedding: Embedding,
    width: Annotated[Pixels, "width of the original picture, as the model was told in training"] = 1024,
    height: Annotated[Pixels, "its height"] = 1024,
    crop_left: Annotated[Offset, "how much was cut off at the left"] = 0,
    crop_top: Annotated[Offset, "how much was cut off at the top"] = 0,
    target_width: Annotated[Pixels, "width of the picture to make"] = 1024,
    target_height: Annotated[Pixels, "its height"] = 1024,
) -> Embedding:
    """Tell SDXL of original size, crop and target size (Podell et al. 2023, section 2.2).

    Sets `size` [B, 6] = height, width, crop top, crop left, target height, target width. Without this node the
    denoiser uses the latent's own size and no crop, as diffusers does.
    """
    import torch

    numbers = [height, width, crop_top, crop_left, target_height, target_width]
    size = torch.tensor([numbers], dtype=torch.float32, device=embedding.tokens.device)
    return replace(embedding, size=size.repeat(embedding.tokens.shape[0], 1))


def _weighted(terms: list[tuple[Embedding, float]]) -> Embedding:
    first = terms[0][0]
    for other, _ in terms[1:]:
        _same_width(first, other)
        _same_length(first, other)
    tokens = sum(weight * embedding.tokens for embedding, weight in terms)
    pooled = [weight * embedding.pooled for embedding, weight in terms if embedding.pooled is not None]
    if pooled and len(pooled) < len(terms):
        raise InputError("Only one of the embeddings has a pooled output. Encode both with the same text encoder.")
    return replace(first, tokens=tokens, pooled=sum(pooled) if pooled else None)


def _same_width(a: Embedding, b: Embedding) -> None:
    if a.tokens.shape[2] != b.tokens.shape[2]:
        raise InputError(
            f"The embeddings have {a.tokens.shape[2]} and {b.tokens.shape[2]} features. "
            "Encode both with the same text encoder."
        )


def _same_length(a: Embedding, b: Embedding) -> None:
    if a.tokens.shape[1] != b.tokens.shape[1]:
        raise InputError(
            f"The embeddings have {a.tokens.shape[1]} and {b.tokens.shape[1]} tokens. "
            "Bring their prompts to equal length with the node pad_pair before they are encoded."
        )
