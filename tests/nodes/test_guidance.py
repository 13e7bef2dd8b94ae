"""Guidance, against diffusers' functions and the papers' equations."""

import pytest
import torch
from diffusers.pipelines.stable_diffusion.pipeline_stable_diffusion import rescale_noise_cfg

from latentloom.graph import InputError
from latentloom.nodes.guidance import guide, perpendicular_negative, rescale_guidance
from latentloom.nodes.values import Prediction


def prediction(seed, batch=2):
    return Prediction(torch.randn(batch, 4, 5, 6, generator=torch.Generator().manual_seed(seed)), "epsilon")


def test_guidance_goes_from_the_unconditional_through_the_conditional_prediction():
    cond, uncond = prediction(1), prediction(2)
    assert torch.allclose(guide(cond, uncond, 1.0).values, cond.values, atol=1e-6)
    assert torch.equal(guide(cond, uncond, 0.0).values, uncond.values)
    assert torch.equal(guide(cond, uncond, 3.0).values, uncond.values + 3.0 * (cond.values - uncond.values))


def test_one_unconditional_prediction_serves_a_batch():
    cond, uncond = prediction(1, 3), prediction(2, 1)
    assert guide(cond, uncond, 2.0).values.shape[0] == 3


@pytest.mark.parametrize("amount", [0.0, 0.7, 1.0])
def test_rescaling_is_that_of_diffusers(amount):
    cond = prediction(1)
    guided = guide(cond, prediction(2), 8.0)
    expected = rescale_noise_cfg(guided.values, cond.values, amount)
    assert torch.allclose(rescale_guidance(guided, cond, amount).values, expected)


def test_what_a_negative_prompt_shares_with_the_prompt_is_not_taken_away():
    """A negative along the prompt's own direction changes nothing; one across it counts in full."""
    cond, uncond = prediction(1), prediction(2)
    toward = cond.values - uncond.values
    along = Prediction(uncond.values + 0.5 * toward, "epsilon")
    plain = guide(cond, uncond, 5.0).values
    assert torch.allclose(perpendicular_negative(cond, uncond, along, 5.0, 2.0).values, plain, atol=1e-4)
    negative = prediction(3)
    change = perpendicular_negative(cond, uncond, negative, 5.0).values - plain
    assert change.abs().max() > 0.1
    assert torch.allclose((change * toward).sum(dim=(1, 2, 3)), torch.zeros(2), atol=1e-2)
    none = perpendicular_negative(uncond, uncond, negative, 5.0).values
    assert torch.isfinite(none).all()


def test_inputs_are_left_alone():
    cond, uncond = prediction(1), prediction(2)
    versions = cond.values._version, uncond.values._version
    rescale_guidance(guide(cond, uncond), cond)
    perpendicular_negative(cond, uncond, prediction(3))
    assert (cond.values._version, uncond.values._version) == versions


def test_predictions_of_different_kind_or_size_are_told():
    with pytest.raises(InputError, match="kind epsilon meets one of kind sample"):
        guide(prediction(1), Prediction(prediction(2).values, "sample"))
    with pytest.raises(InputError, match="same size"):
        guide(prediction(1), Prediction(prediction(2).values[:, :, :4], "epsilon"))
