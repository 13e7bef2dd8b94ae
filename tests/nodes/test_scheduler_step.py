"""Every scheduler's step against diffusers' own loop, bit for bit; state in and out; estimates of the final latent."""

import copy
import inspect
import itertools
import json

import diffusers
import pytest
import torch
from tiny_models import OPTIONS, own

from latentloom.graph import InputError
from latentloom.nodes.noise import add_noise, random_states, start_latent
from latentloom.nodes.schedule import noise_schedule
from latentloom.nodes.scheduler_step import initial_state, predict_original, scale_input, scheduler_step
from latentloom.nodes.schedulers import IN_SIGMAS, KINDS
from latentloom.nodes.values import Latent, Prediction, Scheduler

STEPS = 8
SHAPE = (2, 4, 6, 5)
SEEDS = (3, 4)


def unit_noise():
    return torch.cat([torch.randn((1, *SHAPE[1:]), generator=torch.Generator().manual_seed(seed)) for seed in SEEDS])


def model(x, t):
    """Some smooth function in a denoiser's place."""
    return 0.4 * torch.tanh(x) + 0.1 * torch.sin(3 * x + float(t) / 300)


def diffusers_loop(name, prediction, strength=1.0, sigmas=None, eta=0.0):
    """Latents before and after each step, as diffusers' pipelines make them, with one generator an image."""
    kind = KINDS[name]
    scheduler = getattr(diffusers, kind.scheduler).from_config(
        {**OPTIONS, "prediction_type": prediction}, **kind.options, **({sigmas: True} if sigmas else {})
    )
    scheduler.set_timesteps(STEPS)
    generators = [torch.Generator().manual_seed(seed + 100) for seed in SEEDS]
    start = (STEPS - min(int(STEPS * strength), STEPS)) * scheduler.order
    timesteps = scheduler.timesteps[start:]
    if hasattr(scheduler, "set_begin_index"):
        scheduler.set_begin_index(start)
    if strength < 1:
        x = scheduler.add_noise(unit_noise() / 3, unit_noise(), timesteps[:1].repeat(SHAPE[0]))
    else:
        x = unit_noise() * scheduler.init_noise_sigma
    extra = {}
    parameters = inspect.signature(scheduler.step).parameters
    if "generator" in parameters:
        extra["generator"] = generators
    if "eta" in parameters:
        extra["eta"] = eta
    trace = [x]
    for t in timesteps:
        said = model(scheduler.scale_model_input(x, t), t)
        x = scheduler.step(said, t, x, **extra, return_dict=False)[0]
        trace.append(x)
    return trace


def node_loop(context, name, prediction, strength=1.0, sigmas="default", eta=0.0, kind=None):
    schedule, timesteps = noise_schedule(own(prediction), name, STEPS, sigmas, strength=strength, eta=eta)
    noise = Latent(unit_noise(), "test", 1)
    if strength < 1:
        latent = add_noise(schedule, Latent(unit_noise() / 3, "test", 1), noise, context=context)
    else:
        latent = start_latent(schedule, noise, context=context)
    state, random = initial_state(schedule), random_states([seed + 100 for seed in SEEDS])
    visits = [(None, latent, state, random)]
    for timestep in timesteps:
        scaled = scale_input(schedule, latent, timestep, context)
        said = Prediction(model(scaled.samples, timestep.value), kind or prediction)
        latent, state, random = scheduler_step(schedule, said, timestep, latent, state, random, context)
        visits.append((timestep, latent, state, random))
    return schedule, visits


def equal(latents, expected):
    return len(latents) == len(expected) and all(torch.equal(a, b) for a, b in zip(latents, expected, strict=True))


@pytest.mark.parametrize("strength", [1.0, 0.6])
@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction"])
@pytest.mark.parametrize("name", KINDS)
def test_every_step_is_bit_equal_to_diffusers(name, prediction, strength, context):
    _, visits = node_loop(context, name, prediction, strength)
    assert equal([latent.samples for _, latent, *_ in visits], diffusers_loop(name, prediction, strength))


@pytest.mark.parametrize("sigmas", ["karras", "exponential", "beta"])
@pytest.mark.parametrize("name", ["lms", "euler", "heun", "dpm2", "dpm++-2m", "dpm++-2m-sde", "unipc", "deis"])
def test_sigma_choices_are_bit_equal_to_diffusers(name, sigmas, context):
    _, visits = node_loop(context, name, "epsilon", sigmas=sigmas)
    expected = diffusers_loop(name, "epsilon", sigmas=f"use_{sigmas}_sigmas")
    assert equal([latent.samples for _, latent, *_ in visits], expected)


@pytest.mark.parametrize("name", ["ddim", "tcd"])
def test_eta_adds_noise_as_in_diffusers(name, context):
    _, visits = node_loop(context, name, "epsilon", eta=0.5)
    assert equal([latent.samples for _, latent, *_ in visits], diffusers_loop(name, "epsilon", eta=0.5))
    assert not torch.equal(visits[0][3].states, visits[-1][3].states)


def test_pndm_with_runge_kutta_steps_is_bit_equal_to_diffusers(context):
    """The model's own scheduler may have them; their sums are changed in place inside diffusers."""
    options = {**OPTIONS, "prediction_type": "epsilon", "skip_prk_steps": False}
    schedule, timesteps = noise_schedule(Scheduler("PNDMScheduler", json.dumps(options)), "default", STEPS)
    scheduler = diffusers.PNDMScheduler.from_config(options)
    scheduler.set_timesteps(STEPS)
    x, latent, state, random = unit_noise(), Latent(unit_noise(), "test", 1), None, random_states(list(SEEDS))
    for t, timestep in zip(scheduler.timesteps, timesteps, strict=True):
        x = scheduler.step(model(x, t), t, x, return_dict=False)[0]
        said = Prediction(model(latent.samples, timestep.value), "epsilon")
        sums = copy.deepcopy(running_sum(state))
        latent, after, random = scheduler_step(schedule, said, timestep, latent, state, random, context)
        assert torch.equal(sums, running_sum(state))
        state = after
        assert torch.equal(x, latent.samples)
    assert [t.step for t in timesteps] == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 4, 5, 6, 7]


def running_sum(state):
    return torch.as_tensor(state.values.get("cur_model_output", 0) if state else 0)


def is_plain(value):
    if isinstance(value, tuple):
        return all(map(is_plain, value))
    return value is None or isinstance(value, torch.Tensor | int | float | bool | str)


@pytest.mark.parametrize("name", KINDS)
def test_a_step_is_pure_and_its_state_is_plain_data(name, context):
    """From the recorded state any step can be taken again, in any order, with the same result."""
    schedule, visits = node_loop(context, name, "v_prediction")
    tensors = [t for _, latent, state, random in visits for t in (latent.samples, random.states)]
    versions = [t._version for t in tensors]
    for before, after in reversed(list(itertools.pairwise(visits))):
        _, latent, state, random = before
        timestep, expected, expected_state, expected_random = after
        scaled = scale_input(schedule, latent, timestep, context)
        said = Prediction(model(scaled.samples, timestep.value), "v_prediction")
        again = scheduler_step(schedule, said, timestep, latent, state, random, context)
        assert torch.equal(again.latent.samples, expected.samples)
        assert torch.equal(again.random.states, expected_random.states)
        assert set(again.state.values) == set(expected_state.values)
        assert all(is_plain(value) for value in again.state.values.values())
    assert [t._version for t in tensors] == versions


@pytest.mark.parametrize("name", KINDS)
def test_only_methods_that_draw_change_the_random_state(name, context):
    _, visits = node_loop(context, name, "epsilon")
    draws = name in {"ddpm", "euler-ancestral", "dpm2-ancestral", "dpm++-2m-sde", "dpm++-sde", "lcm"}
    assert torch.equal(visits[0][3].states, visits[-1][3].states) != draws


@pytest.mark.parametrize("kind", ["epsilon", "v_prediction", "sample"])
@pytest.mark.parametrize("name", KINDS)
def test_the_estimate_of_the_final_latent_is_exact_for_a_perfect_prediction(name, kind, context):
    """A latent made of x0 and noise, and the true prediction for it, give back x0 at every timestep."""
    schedule, timesteps = noise_schedule(own(kind), name, STEPS)
    original, noise = Latent(unit_noise() / 2, "test", 1), Latent(unit_noise().flip(3), "test", 1)
    for timestep in timesteps[:: 2 if name.startswith("dpm2") else 1]:  # DPM2 diffuses to its outer steps only
        noisy = add_noise(schedule, original, noise, timestep, context=context)
        unit = scale_input(schedule, noisy, timestep, context).samples
        fit = torch.linalg.lstsq(torch.stack([original.samples, noise.samples], -1).view(-1, 2), unit.view(-1, 1))
        alpha, sigma = fit.solution[:, 0]
        truth = {
            "epsilon": noise.samples,
            "v_prediction": alpha * noise.samples - sigma * original.samples,
            "sample": original.samples,
        }[kind]
        found = predict_original(schedule, Prediction(truth, kind), timestep, noisy, context)
        assert torch.allclose(found.samples, original.samples, atol=2e-3), timestep


def test_a_prediction_says_what_it_is_and_the_schedule_may_overrule_it(context):
    _, plain = node_loop(context, "ddim", "epsilon")
    _, other = node_loop(context, "ddim", "epsilon", kind="v_prediction")
    assert torch.equal(other[-1][1].samples, diffusers_loop("ddim", "v_prediction")[-1])
    assert not torch.equal(plain[-1][1].samples, other[-1][1].samples)
    schedule, (first, *_) = noise_schedule(own("epsilon"), "ddim", STEPS, prediction="epsilon")
    latent, random = Latent(unit_noise(), "test", 1), random_states(list(SEEDS))
    said = model(latent.samples, first.value)
    overruled = scheduler_step(schedule, Prediction(said, "v_prediction"), first, latent, None, random, context)
    assert torch.equal(overruled.latent.samples, plain[1][1].samples)


def test_latents_without_sigma_scaling_are_handed_on_as_they_are(context):
    latent = Latent(unit_noise(), "test", 1)
    for name, kind in KINDS.items():
        schedule, timesteps = noise_schedule(own(), name, STEPS)
        same = torch.equal(scale_input(schedule, latent, timesteps[0], context).samples, latent.samples)
        assert same != (kind.scheduler in IN_SIGMAS), name


def test_a_foreign_timestep_a_wrong_shape_and_too_few_generators_are_told(context):
    schedule, timesteps = noise_schedule(own(), "euler-ancestral", 4)
    _, others = noise_schedule(own(), "euler-ancestral", 9)
    _, spaced = noise_schedule(own(), "euler-ancestral", 4, spacing="trailing")
    latent, random = Latent(unit_noise(), "test", 1), random_states(list(SEEDS))
    said = Prediction(latent.samples, "epsilon")
    for foreign in (others[-1], spaced[1]):
        with pytest.raises(InputError, match="not of this schedule"):
            scheduler_step(schedule, said, foreign, latent, None, random, context)
        with pytest.raises(InputError, match="not of this schedule"):
            add_noise(schedule, latent, latent, foreign, context=context)
    wrong = Prediction(latent.samples[:, :, :2], "epsilon")
    with pytest.raises(InputError, match="prediction"):
        scheduler_step(schedule, wrong, timesteps[0], latent, None, random, context)
    with pytest.raises(InputError, match="random_states"):
        scheduler_step(schedule, said, timesteps[0], latent, None, random_states([1]), context)
