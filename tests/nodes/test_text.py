"""Tokens, chunks and embeddings, against what diffusers and transformers make of the same text."""

import diffusers
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from latentloom.graph import InputError
from latentloom.nodes.model import load_model
from latentloom.nodes.text import encode_text, pad_pair, tokenize
from latentloom.nodes.weights import text_encoders, tokenizers

LONG = "a red heart, a blue circle and a green star, " * 5


@pytest.fixture(scope="module")
def small(tiny, context):
    return {family: load_model(str(tiny(family)), context=context) for family in ("sd1", "sd2", "sdxl")}


@pytest.mark.parametrize("family", ["sd1", "sd2"])
def test_a_short_prompt_is_padded_as_its_tokenizer_pads(family, small, context):
    model = small[family]
    (row,) = tokenize(model.tokenizer, "a red heart", context).tokens.rows
    reference = tokenizers(context, model.tokenizer)[0]("a red heart", padding="max_length", max_length=32)
    assert [list(chunk) for chunk in row] == [reference.input_ids]
    assert row[0][-1] == {"sd1": 4095, "sd2": 0}[family]


def test_the_token_count_is_that_of_the_text(demo, context):
    assert tokenize(demo.tokenizer, "a red heart", context).count == 3
    empty = tokenize(demo.tokenizer, "", context)
    assert (empty.count, len(empty.tokens.rows[0]), empty.borders) == (0, 1, [])


def test_a_long_prompt_is_cut_into_chunks_and_the_borders_are_told(demo, context):
    found = tokenize(demo.tokenizer, LONG, context)
    (row,) = found.tokens.rows
    assert len(row) == -(-found.count // 30) == len(found.borders) + 1
    assert all(len(chunk) == 32 and chunk[0] == 4094 and 4095 in chunk for chunk in row)
    pieces = [LONG[a:b] for a, b in zip([0, *found.borders], [*found.borders, None], strict=True)]
    alone = [tokenize(demo.tokenizer, piece, context).tokens.rows[0][0] for piece in pieces]
    assert tuple(alone) == row


@given(st.text(max_size=80))
def test_any_text_is_tokenized(demo, context, text):
    found = tokenize(demo.tokenizer, text, context)
    assert all(0 <= border <= len(text) for border in found.borders)
    assert all(len(chunk) == 32 for chunk in found.tokens.rows[0])


def test_sdxl_has_a_row_for_each_tokenizer(small, context):
    tokens = tokenize(small["sdxl"].tokenizer, "a red heart", context).tokens
    assert [row[0][-1] for row in tokens.rows] == [4095, 0]


def test_a_padded_pair_has_equally_many_chunks(small, context):
    for model in small.values():
        long, empty = (tokenize(model.tokenizer, text, context).tokens for text in (LONG, ""))
        a, b = pad_pair(long, empty)
        assert a == long
        assert [len(row) for row in b.rows] == [len(row) for row in a.rows]
        assert b.rows[0][1:] == empty.rows[0] * (len(b.rows[0]) - 1)
        assert b.count == 0
        assert encode_text(model.text_encoder, b, context=context).tokens.shape[1] == 32 * len(a.rows[0])


def test_chunks_are_encoded_apart_and_joined(demo, context):
    tokens = tokenize(demo.tokenizer, LONG, context).tokens
    whole = encode_text(demo.text_encoder, tokens, context=context).tokens
    pieces = tokenize(demo.tokenizer, LONG, context)
    parts = [LONG[a:b] for a, b in zip([0, *pieces.borders], [*pieces.borders, None], strict=True)]
    apart = [
        encode_text(demo.text_encoder, tokenize(demo.tokenizer, part, context).tokens, context=context).tokens
        for part in parts
    ]
    assert torch.allclose(whole, torch.cat(apart, dim=1), atol=1e-5)


def test_the_embedding_is_the_last_hidden_state(demo, context):
    tokens = tokenize(demo.tokenizer, "a red heart", context).tokens
    found = encode_text(demo.text_encoder, tokens, context=context)
    (model,) = text_encoders(context, demo.text_encoder)
    assert torch.equal(found.tokens, model(torch.tensor(tokens.rows[0])).last_hidden_state)
    assert found.pooled is None


def test_clip_skip_takes_an_earlier_layer_and_the_final_norm(demo, context):
    tokens = tokenize(demo.tokenizer, "a red heart", context).tokens
    (model,) = text_encoders(context, demo.text_encoder)
    hidden = model(torch.tensor(tokens.rows[0]), output_hidden_states=True).hidden_states
    found = encode_text(demo.text_encoder, tokens, 1, context=context).tokens
    assert torch.equal(found, model.final_layer_norm(hidden[-2]))
    assert not torch.allclose(found, encode_text(demo.text_encoder, tokens, context=context).tokens)
    with pytest.raises(InputError, match=r"has 3 layers\. Use at most 2"):
        encode_text(demo.text_encoder, tokens, 3, context=context)


@pytest.mark.parametrize("clip_skip", [0, 1])
def test_sdxl_embeddings_equal_diffusers(clip_skip, small, tiny, context):
    pipeline = diffusers.StableDiffusionXLPipeline.from_pretrained(tiny("sdxl"), dtype=torch.float32)
    tokens, _, pooled, _ = pipeline.encode_prompt("a red heart", clip_skip=clip_skip or None)
    model = small["sdxl"]
    ours = tokenize(model.tokenizer, "a red heart", context).tokens
    found = encode_text(model.text_encoder, ours, clip_skip, context=context)
    assert torch.allclose(found.tokens, tokens, atol=1e-5)
    assert torch.allclose(found.pooled, pooled, atol=1e-5)


def test_only_an_empty_negative_of_sdxl_becomes_zeros(small, context):
    model = small["sdxl"]
    empty, text = (tokenize(model.tokenizer, text, context).tokens for text in ("", "blue"))
    zeros = encode_text(model.text_encoder, empty, negative=True, context=context)
    assert not zeros.tokens.any()
    assert not zeros.pooled.any()
    assert encode_text(model.text_encoder, empty, context=context).tokens.any()
    assert encode_text(model.text_encoder, text, negative=True, context=context).tokens.any()
    sd1 = small["sd1"]
    empty = tokenize(sd1.tokenizer, "", context).tokens
    assert encode_text(sd1.text_encoder, empty, negative=True, context=context).tokens.any()


def test_tokens_of_another_model_are_told(small, context):
    tokens = tokenize(small["sdxl"].tokenizer, "a red heart", context).tokens
    with pytest.raises(InputError, match="same model"):
        encode_text(small["sd1"].text_encoder, tokens, context=context)
