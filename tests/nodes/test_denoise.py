"""The denoiser's forward pass: joined and single calls, batches, what does not fit."""

import copy
import gc
import weakref
from dataclasses import replace

import diffusers
import pytest
import torch
from tiny_models import write_model
from torch.utils.flop_counter import FlopCounterMode

from latentloom.graph import InputError
from latentloom.nodes.denoise import denoise, denoise_facts
from latentloom.nodes.embeddings import size_condition
from latentloom.nodes.model import load_model
from latentloom.nodes.text_projections import cross_attention
from latentloom.nodes.values import Embedding, Latent, Mask, Timestep
from latentloom.nodes.weights import unet

TIME = Timestep(0, 0, 501.0)


@pytest.fixture(scope="module")
def small(tiny, context):
    return {family: load_model(str(tiny(family)), context=context) for family in ("sd1", "sdxl", "inpaint")}


def latent_for(model, batch=1, seed=0):
    samples = torch.randn(batch, 4, 8, 8, generator=torch.Generator().manual_seed(seed))
    return Latent(samples, model.denoiser.space, model.denoiser.factor)


def embedding(width, batch=1, pooled=None, seed=0):
    generator = torch.Generator().manual_seed(seed)
    tokens = torch.randn(batch, 7, width, generator=generator)
    return Embedding(tokens, None if pooled is None else torch.randn(batch, pooled, generator=generator))


def rows(*parts):
    return Embedding(torch.cat([part.tokens for part in parts]))


def test_calls_joined_along_the_batch_equal_single_ones(small, make_context, context):
    """What the engine joins: two latents with two embeddings, and each broadcast over images before that."""
    model = small["sd1"]
    a, b = embedding(32, seed=1), embedding(32, seed=2)
    latent = latent_for(model, 3)
    single = [denoise(model.denoiser, latent, TIME, e, context=context).values for e in (a, b)]
    counting = make_context(resources=context.resources)
    pair = replace(latent, samples=torch.cat([latent.samples] * 2))
    joined = denoise(model.denoiser, pair, TIME, rows(a, b), context=counting).values
    assert torch.allclose(joined, torch.cat(single), atol=1e-5)
    assert counting.counters == {"denoiser_forwards": 1}


def test_one_latent_serves_several_embeddings(small, context):
    model, latent = small["sd1"], latent_for(small["sd1"])
    a, b = embedding(32, seed=1), embedding(32, seed=2)
    both = denoise(model.denoiser, latent, TIME, rows(a, b), context=context)
    second = denoise(model.denoiser, latent, TIME, b, context=context)
    assert torch.allclose(both.values[1:], second.values, atol=1e-5)


def test_a_text_is_read_once_for_all_steps(small, context):
    """Its keys and values are the same at each step. To the last bit, and never those of another text."""
    model = small["sd1"]
    a, b = embedding(32, seed=1), embedding(32, seed=2)
    own = unet(context, model.denoiser)
    plain = diffusers.UNet2DConditionModel.from_pretrained(model.denoiser.part.folder).eval()
    assert own.state_dict().keys() == plain.state_dict().keys()
    work = []
    for text, seed in ((a, 0), (a, 1), (b, 1), (a, 0), (a, 1)):
        latent = latent_for(model, seed=seed)
        with FlopCounterMode(display=False) as counter:
            given = denoise(model.denoiser, latent, TIME, text, context=context).values
        work.append(counter.get_total_flops())
        with torch.no_grad():
            assert torch.equal(given, plain(latent.samples, TIME.value, text.tokens).sample)
    keys_and_values = sum(
        2 * text.tokens.shape[1] * layer.weight.numel()
        for name, layer in plain.named_modules()
        if name.endswith(("attn2.to_k", "attn2.to_v"))
    )
    assert [work[0] - each for each in work] == [0, keys_and_values, 0, 0, keys_and_values]


def test_what_was_made_of_a_text_goes_with_it(small, context):
    model = small["sd1"]
    text = embedding(32)
    denoise(model.denoiser, latent_for(model), TIME, text, context=context)
    kept = [weakref.ref(layer.to_k(text.tokens)) for layer in cross_attention(unet(context, model.denoiser))]
    assert all(each() is not None for each in kept)
    del text
    assert all(each() is None for each in kept)


def test_layers_that_know_a_text_go_at_once(small, context):
    """And know none after they were moved, in whose dtype it was."""
    model = small["sd1"]
    text = embedding(32)
    layers = [copy.deepcopy(layer.to_k) for layer in cross_attention(unet(context, model.denoiser))]
    gc.disable()
    try:
        for layer in layers:
            assert layer(text.tokens) is layer(text.tokens)
        assert layers[0].to(torch.float64)(text.tokens.double()).dtype == torch.float64
        kept = [weakref.ref(layer) for layer in layers]
        del layers, layer
        assert not any(each() for each in kept)
    finally:
        gc.enable()


def test_a_text_that_goes_while_another_is_read_takes_no_answer_with_it(small, context):
    """Left to the collector, which comes after every possible number of allocations."""
    (layer, *_) = cross_attention(unet(context, small["sd1"].denoiser))
    before = gc.get_threshold()
    try:
        for count in range(1, 60):
            circle = [embedding(32).tokens]
            circle.append(circle)
            layer.to_k(circle[0])
            text = embedding(32, seed=1).tokens
            gc.collect(0)
            gc.set_threshold(count, *before[1:])
            del circle
            assert layer.to_k(text) is not None
            gc.set_threshold(*before)
    finally:
        gc.set_threshold(*before)


def test_the_prediction_says_what_it_is(small, demo, context):
    latent = latent_for(demo)
    assert denoise(demo.denoiser, latent, TIME, embedding(192), context=context).kind == "v_prediction"
    assert (
        denoise(small["sd1"].denoiser, latent_for(small["sd1"]), TIME, embedding(32), context=context).kind == "epsilon"
    )


def test_sdxl_reads_pooled_text_and_size(small, context):
    model, latent = small["sdxl"], latent_for(small["sdxl"])
    text = embedding(96, pooled=64)
    plain = denoise(model.denoiser, latent, TIME, text, context=context).values
    own = size_condition(text, 32, 32, 0, 0, 32, 32)
    assert torch.equal(plain, denoise(model.denoiser, latent, TIME, own, context=context).values)
    cropped = size_condition(text, 64, 32, 9, 0, 32, 32)
    assert not torch.allclose(plain, denoise(model.denoiser, latent, TIME, cropped, context=context).values)
    with pytest.raises(InputError, match="pooled"):
        denoise(model.denoiser, latent, TIME, embedding(96), context=context)


def test_a_mask_serves_every_joined_call(small, context):
    model = small["inpaint"]
    latent, masked = latent_for(model, 2), latent_for(model, 2, seed=9)
    mask = Mask(torch.rand(2, 1, 16, 16, generator=torch.Generator().manual_seed(4)))
    a, b = embedding(32, seed=1), embedding(32, seed=2)
    inputs = {"mask": mask, "masked": masked, "context": context}
    single = [denoise(model.denoiser, latent, TIME, e, **inputs).values for e in (a, b)]
    pair = replace(latent, samples=torch.cat([latent.samples] * 2))
    spread = Embedding(torch.cat([a.tokens, a.tokens, b.tokens, b.tokens]))
    joined = denoise(model.denoiser, pair, TIME, spread, **inputs).values
    assert torch.allclose(joined, torch.cat(single), atol=1e-5)


def test_distilled_models_read_the_guidance_scale(tmp_path, context):
    model = load_model(str(write_model(tmp_path / "lcm", "sd1", {"time_cond_proj_dim": 9})), context=context)
    latent, text = latent_for(model), embedding(32)
    module = unet(context, model.denoiser)
    torch.nn.init.normal_(module.time_embedding.cond_proj.weight)
    weak, strong = (denoise(model.denoiser, latent, TIME, text, scale, context=context).values for scale in (1.5, 8.0))
    assert not torch.allclose(weak, strong)
    pipeline = diffusers.LatentConsistencyModelPipeline
    scale = pipeline.get_guidance_scale_embedding(None, torch.tensor([8.0 - 1]), 9)
    with torch.no_grad():
        expected = module(latent.samples, 501, text.tokens, timestep_cond=scale, return_dict=False)[0]
    assert torch.allclose(strong, expected, atol=1e-5)


def test_what_does_not_fit_is_told_with_the_mend(small, context):
    sd1, xl, inpaint = (small[family].denoiser for family in ("sd1", "sdxl", "inpaint"))
    latent, text, mask = latent_for(small["sd1"]), embedding(32), Mask(torch.zeros(1, 1, 16, 16))
    cases = [
        ("space 4ch-f2-0.18215, this denoiser reads 4ch-f4-0.13025", (xl, latent, TIME, embedding(96, pooled=64)), {}),
        ("48 features, this denoiser reads 32", (sd1, latent, TIME, embedding(48)), {}),
        ("3 embeddings for a batch of 4", (sd1, latent_for(small["sd1"], 4), TIME, embedding(32, 3)), {}),
        ("reads no mask", (sd1, latent, TIME, text), {"mask": mask, "masked": latent}),
        ("give it mask and masked", (inpaint, latent, TIME, text), {}),
        ("takes no guidance scale", (sd1, latent, TIME, text, 5.0), {}),
    ]
    for message, inputs, options in cases:
        with pytest.raises(InputError, match=message):
            denoise(*inputs, **options, context=context)


def test_the_static_check_refuses_another_space():
    with pytest.raises(InputError, match="space a, this denoiser reads b"):
        denoise_facts({"space": "b"}, {"space": "a"})
    assert denoise_facts(None, {"space": "a"}) == denoise_facts({"space": "a"}, {"space": "a"}) == {}
