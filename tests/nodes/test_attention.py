"""Cross-attention maps."""

import pytest
import torch
from diffusers.models.attention_processor import AttnProcessor2_0

from latentloom.graph import InputError
from latentloom.nodes.attention import attention_map, heat_map, token_positions
from latentloom.nodes.denoise import denoise
from latentloom.nodes.noise import noise_latent, random_states
from latentloom.nodes.text import encode_text, tokenize
from latentloom.nodes.values import Heat, Image, Timestep
from latentloom.nodes.weights import unet

TIME = Timestep(0, 0, 501.0)
PROMPT = "a red heart and a blue circle"


@pytest.fixture(scope="module")
def inputs(demo, context):
    tokens = tokenize(demo.tokenizer, PROMPT, context).tokens
    latent, _ = noise_latent(demo.denoiser, 64, 48, random_states([1, 2]), context)
    return demo.denoiser, latent, TIME, encode_text(demo.text_encoder, tokens, context=context)


def test_words_are_found_as_token_positions(demo, context):
    find = lambda text, words: token_positions(demo.tokenizer, text, words, context)  # noqa: E731
    assert find(PROMPT, "heart") == [3]
    assert find(PROMPT, "Red, circle") == [2, 7]
    assert find(PROMPT, "a") == [1, 5]
    assert find(PROMPT, "") == []
    with pytest.raises(InputError, match="does not hold the word 'ear'"):
        find(PROMPT, "heart ear")


def test_positions_in_later_chunks_count_begin_and_end(demo, context):
    text = "a red heart " * 12 + "circle"
    (position,) = token_positions(demo.tokenizer, text, "circle", context)
    tokens = tokenize(demo.tokenizer, text, context).tokens
    flat = [token for chunk in tokens.rows[0] for token in chunk]
    circle = tokenize(demo.tokenizer, "circle", context).tokens.rows[0][0][1]
    assert flat[position] == circle
    assert position > 32


def test_the_heat_of_all_tokens_adds_up_to_one(inputs, context):
    """Each place shares its attention among all tokens."""
    count = inputs[3].tokens.shape[1]
    found = attention_map(*inputs, list(range(count)), context).heat.values
    assert found.shape == (2, 1, 48, 64)
    assert torch.allclose(found, torch.ones_like(found), atol=1e-4)


def test_the_heats_of_tokens_add_up_and_differ_from_place_to_place(inputs, context):
    one, other = (attention_map(*inputs, [position], context).heat.values for position in (2, 3))
    both = attention_map(*inputs, [2, 3], context).heat.values
    assert torch.allclose(one + other, both, atol=1e-5)
    assert one.std() > 0.001


def test_the_prediction_is_that_of_denoise_and_the_model_stays_as_it_was(inputs, make_context, context):
    counting = make_context(resources=context.resources)
    found = attention_map(*inputs, [2], counting).prediction
    assert torch.equal(found.values, denoise(*inputs, context=context).values)
    assert counting.counters == {"denoiser_forwards": 1}
    model = unet(context, inputs[0])
    assert all(isinstance(processor, AttnProcessor2_0) for processor in model.attn_processors.values())
    assert not any(module._forward_pre_hooks for module in model.modules())


def test_odd_sizes_are_mapped_too(demo, inputs, context):
    latent, _ = noise_latent(demo.denoiser, 44, 36, random_states([1]), context)
    found = attention_map(demo.denoiser, latent, TIME, inputs[3], list(range(32)), context)
    assert found.heat.values.shape == (1, 1, 36, 44)
    assert torch.allclose(found.heat.values, torch.ones(1, 1, 36, 44), atol=1e-4)
    assert found.prediction.values.shape == latent.samples.shape


def test_positions_beyond_the_embedding_are_told(inputs, context):
    for positions in ([], [32], [-1]):
        with pytest.raises(InputError, match="0 to 31"):
            attention_map(*inputs, positions, context)


def test_the_heat_map_goes_from_dark_to_light_and_lies_over_the_picture():
    low, high = torch.zeros(1, 1, 2, 4), torch.zeros(1, 1, 2, 4)
    high[..., 2:] = 0.2
    shown = heat_map([Heat(low), Heat(high)])
    light = shown.pixels.sum(dim=1)[0, 0]
    assert light[0] < 0.2
    assert light[3] > 2.5
    picture = Image(torch.full((1, 3, 4, 8), 0.5))
    assert torch.equal(heat_map([Heat(high)], picture, 0.0).pixels, picture.pixels)
    assert heat_map([Heat(high)], picture, 1.0).pixels.shape == (1, 3, 4, 8)
    assert torch.isfinite(heat_map([Heat(low)]).pixels).all()
    with pytest.raises(InputError, match="empty"):
        heat_map([])
    with pytest.raises(InputError, match="differ in size"):
        heat_map([Heat(low), Heat(torch.zeros(1, 1, 3, 3))])
