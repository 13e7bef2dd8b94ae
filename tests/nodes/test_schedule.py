"""Noise schedules: which timesteps, which requested step each belongs to, what cannot be done."""

import json

import diffusers
import pytest
from tiny_models import own

from latentloom.graph import InputError
from latentloom.nodes.schedule import noise_schedule, schedule_facts, spread, timestep_parts
from latentloom.nodes.schedulers import KINDS, ONE_SIGMAS, ONE_SPACING, parameters
from latentloom.nodes.values import Scheduler


@pytest.mark.parametrize("name", KINDS)
def test_every_requested_step_is_visited_in_order(name):
    schedule, timesteps = noise_schedule(own(), name, 6)
    assert [t.index for t in timesteps] == list(range(len(timesteps)))
    assert sorted(t.step for t in timesteps) == [t.step for t in timesteps]
    assert {t.step for t in timesteps} == set(range(6))
    assert schedule.steps == 6


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("heun", [0, 0, 1, 1, 2, 2, 3]),
        ("dpm2-ancestral", [0, 0, 1, 1, 2, 2, 3]),
        ("pndm", [0, 0, 1, 2, 3]),
        ("ddim", [0, 1, 2, 3]),
    ],
)
def test_methods_that_visit_a_step_twice_say_so(name, steps):
    _, timesteps = noise_schedule(own(), name, 4)
    assert [t.step for t in timesteps] == steps


def test_the_model_s_own_scheduler_is_the_default():
    config = {"prediction_type": "v_prediction", "timestep_spacing": "trailing"}
    schedule, _ = noise_schedule(Scheduler("EulerDiscreteScheduler", json.dumps(config)), "default", 5)
    assert schedule.scheduler == "EulerDiscreteScheduler"
    assert json.loads(schedule.options)["timestep_spacing"] == "trailing"


@pytest.mark.parametrize("spacing", ["linspace", "leading", "trailing"])
def test_spacing_is_that_of_diffusers(spacing):
    scheduler = diffusers.EulerDiscreteScheduler(timestep_spacing=spacing, steps_offset=1)
    scheduler.set_timesteps(7)
    _, timesteps = noise_schedule(own(), "euler", 7, spacing=spacing)
    assert [t.value for t in timesteps] == [float(t) for t in scheduler.timesteps]


@pytest.mark.parametrize(("strength", "kept"), [(1.0, 10), (0.55, 5), (0.1, 1)])
def test_strength_keeps_the_last_steps(strength, kept):
    schedule, timesteps = noise_schedule(own(), "euler", 10, strength=strength)
    assert len(timesteps) == kept
    assert schedule.start == 10 - kept == timesteps[0].index
    assert timesteps[-1].step == 9


def test_strength_counts_requested_steps_where_timesteps_are_doubled():
    _, timesteps = noise_schedule(own(), "heun", 10, strength=0.3)
    assert [t.step for t in timesteps] == [7, 7, 8, 8, 9]


def test_what_cannot_be_done_is_told_with_what_can():
    with pytest.raises(InputError, match=r"strength of at least 0\.1"):
        noise_schedule(own(), "euler", 10, strength=0.05)
    with pytest.raises(InputError, match="at least 1"):
        noise_schedule(own(), "euler", 0)
    with pytest.raises(InputError, match=r"'ddim' knows no karras sigmas.*'dpm\+\+-2m'"):
        noise_schedule(own(), "ddim", 5, "karras")
    with pytest.raises(InputError, match="one timestep spacing"):
        noise_schedule(own(), "dpm++-sde", 5, spacing="leading")
    with pytest.raises(InputError, match=r"cannot do 60 steps.*reduce"):
        noise_schedule(own(), "lcm", 60)
    with pytest.raises(InputError, match="FlowMatchEulerDiscreteScheduler is not supported"):
        noise_schedule(Scheduler("FlowMatchEulerDiscreteScheduler", "{}"), "default", 5)


def test_the_static_check_knows_what_each_scheduler_of_diffusers_knows():
    for kind in KINDS.values():
        known = parameters(kind.scheduler)
        assert ("use_karras_sigmas" in known) == (kind.scheduler not in ONE_SIGMAS)
        assert ("timestep_spacing" in known) == (kind.scheduler not in ONE_SPACING)


@pytest.mark.parametrize(
    ("message", "choices"),
    [
        ("leaves none", {"steps": 10, "strength": 0.05}),
        ("at least 1", {"steps": 0, "strength": 1.0}),
        ("knows no beta sigmas", {"name": "lcm", "sigmas": "beta"}),
        ("knows no beta sigmas", {"scheduler": {"name": "DDIMScheduler"}, "name": "default", "sigmas": "beta"}),
        ("one timestep spacing", {"name": "dpm++-sde", "spacing": "leading"}),
        ("not supported", {"scheduler": {"name": "FlowMatchEulerDiscreteScheduler"}, "name": "default"}),
    ],
)
def test_the_static_check_refuses_what_no_scheduler_can_do(message, choices):
    unknown = dict.fromkeys(("scheduler", "name", "steps", "sigmas", "spacing", "strength"))
    assert schedule_facts(**unknown) == {}
    with pytest.raises(InputError, match=message):
        schedule_facts(**{**unknown, **choices})


def test_one_value_a_step_is_spread_over_the_timesteps():
    _, timesteps = noise_schedule(own(), "heun", 3)
    assert spread([7.0, 5.0, 3.0], timesteps) == [7.0, 7.0, 5.0, 5.0, 3.0]
    _, later = noise_schedule(own(), "heun", 6, strength=0.5)
    assert spread([7.0, 5.0, 3.0], later) == [7.0, 7.0, 5.0, 5.0, 3.0]
    with pytest.raises(InputError, match="2 values for 3 steps"):
        spread([1.0, 2.0], timesteps)


def test_equal_schedules_are_equal_values():
    """The schedule is content-keyed: what cannot matter must not be in it."""
    a, _ = noise_schedule(own(), "euler", 5)
    b, _ = noise_schedule(
        Scheduler("PNDMScheduler", json.dumps({**json.loads(own().options), "skip_prk_steps": True})), "euler", 5
    )
    assert a == b


def test_a_timestep_can_be_taken_apart():
    _, timesteps = noise_schedule(own(), "heun", 3)
    assert timestep_parts(timesteps[3]) == (3, 1, timesteps[3].value)
