"""Text to embeddings: tokenize and encode.

A prompt longer than the model's length is cut into chunks, which are encoded apart and joined along the token axis.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from latentloom.graph import Context, InputError, Range, Widget, node

from .values import Embedding, TextEncoder, Tokenizer, Tokens
from .weights import text_encoders, tokenizers

if TYPE_CHECKING:
    import torch

Chunk = tuple[int, ...]


class Tokenized(NamedTuple):
    tokens: Tokens
    count: Annotated[int, "tokens of the text itself"]  # type: ignore[assignment]  # hides tuple.count
    borders: Annotated[list[int], "character positions where a new chunk begins"]


class TokensPair(NamedTuple):
    a: Tokens
    b: Tokens


@node(category="text")
def tokenize(
    tokenizer: Tokenizer, text: Annotated[str, Widget("multiline"), "the prompt"], context: Context
) -> Tokenized:
    """Turn a prompt into the numbers that the text encoder reads.

    Each chunk is begin + at most L - 2 tokens + end, padded to the model's length L as its tokenizer pads (L is 77
    for Stable Diffusion). Longer prompts make several chunks; `borders` says where in the text they begin. SDXL has
    two tokenizers, and so two rows.
    """
    rows, empty, borders, count = [], [], [], 0
    for part, length in zip(tokenizers(context, tokenizer), tokenizer.lengths, strict=True):
        encoded = part(text, add_special_tokens=False, return_offsets_mapping=True, verbose=False)
        ids, room = encoded["input_ids"], length - 2
        rows.append([_chunk(part, ids[i : i + room], length) for i in range(0, max(len(ids), 1), room)])
        empty.append(_chunk(part, [], length))
        borders.append([encoded["offset_mapping"][i][0] for i in range(room, len(ids), room)])
        count = max(count, len(ids))
    tokens = _lengthened(Tokens(tuple(map(tuple, rows)), tuple(empty), count), max(map(len, rows)))
    return Tokenized(tokens, count, max(borders, key=len))


def _chunk(tokenizer: Any, ids: list[int], length: int) -> Chunk:
    body = [tokenizer.bos_token_id, *ids, tokenizer.eos_token_id]
    return (*body, *[tokenizer.pad_token_id] * (length - len(body)))


def _lengthened(tokens: Tokens, chunks: int) -> Tokens:
    """The same text with empty chunks after it, so that it is `chunks` long."""
    rows = zip(tokens.rows, tokens.empty, strict=True)
    return replace(tokens, rows=tuple((*row, *[empty] * (chunks - len(row))) for row, empty in rows))


@node(category="text")
def pad_pair(a: Tokens, b: Tokens) -> TokensPair:
    """Bring two prompts to the same number of chunks, so that the denoiser can take both in one forward pass.

    The shorter one gets chunks of an empty text. Prompts of the same length are handed on as they are.
    """
    chunks = max(len(row) for row in (*a.rows, *b.rows))
    return TokensPair(_lengthened(a, chunks), _lengthened(b, chunks))


@node(category="text")
def encode_text(
    text_encoder: TextEncoder,
    tokens: Tokens,
    clip_skip: Annotated[int, Range(0, 24), "how many of the encoder's last layers are left out"] = 0,
    negative: Annotated[bool, "an empty text becomes zeros, where the model was trained so (SDXL)"] = False,
    *,
    context: Context,
) -> Embedding:
    """Encode a tokenized prompt: the embedding that steers the denoiser.

    Tokens [B, chunks * L, D] in the model's dtype. SD 1.x and 2.x: the last hidden state after the final layer norm;
    `clip_skip` n takes the n-th layer before it, then the norm. SDXL: the layer before the last of both encoders side
    by side, without norm, and the pooled output [1, P] of the second (Podell et al. 2023, section 2.1; diffusers
    pipeline_stable_diffusion_xl.py: encode_prompt). The pooled output is that of the first chunk.
    """
    import torch

    models = text_encoders(context, text_encoder)
    if len(models) != len(tokens.rows):
        raise InputError(
            f"The text was tokenized for {len(tokens.rows)} text encoder(s), this model has {len(models)}. "
            "Take tokenizer and text encoder from the same model."
        )
    inner = clip_skip > 0 or text_encoder.pooled
    outputs = [_run(model, row, inner, context.device) for model, row in zip(models, tokens.rows, strict=True)]
    hidden = [
        _layer(model, output, clip_skip, text_encoder.pooled) for model, output in zip(models, outputs, strict=True)
    ]
    joined = torch.cat([layer.reshape(1, -1, layer.shape[-1]) for layer in hidden], dim=-1)
    pooled = _pooled(outputs[-1]) if text_encoder.pooled else None
    if negative and text_encoder.zero_empty and tokens.count == 0:
        joined, pooled = torch.zeros_like(joined), None if pooled is None else torch.zeros_like(pooled)
    return Embedding(joined, pooled)


def _run(model: Any, row: tuple[Chunk, ...], inner: bool, device: str) -> Any:
    """The text encoder's output, with its inner layers where `inner`."""
    import torch

    positions, words = model.config.max_position_embeddings, model.config.vocab_size
    if len(row[0]) > positions or max(map(max, row)) >= words:
        raise InputError(
            f"The text encoder reads {positions} tokens of {words} words; the text was tokenized otherwise. "
            "Take tokenizer and text encoder from the same model."
        )
    return model(torch.tensor(row, device=device), output_hidden_states=inner)


def _layer(model: Any, output: Any, clip_skip: int, is_pooled: bool) -> torch.Tensor:
    """Hidden states [chunks, L, D] of the layer that conditions the denoiser."""
    if clip_skip == 0 and not is_pooled:
        return output.last_hidden_state
    layers = len(output.hidden_states) - 1
    left_out = clip_skip + (1 if is_pooled else 0)
    if left_out >= layers:
        most = layers - (2 if is_pooled else 1)
        raise InputError(f"clip_skip is {clip_skip}; this text encoder has {layers} layers. Use at most {most}.")
    if is_pooled:
        return output.hidden_states[-(left_out + 1)]
    core = getattr(model, "text_model", model)  # transformers 5.6 took this level out of CLIPTextModel
    return core.final_layer_norm(output.hidden_states[-(clip_skip + 1)])


def _pooled(output: Any) -> torch.Tensor:
    """The projected embedding [1, P] of the first chunk."""
    pooled = getattr(output, "text_embeds", None)
    if pooled is None:
        raise InputError("The last text encoder has no projection, which this model needs. Copy its folder again.")
    return pooled[:1]
