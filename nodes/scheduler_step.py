"""The scheduler in the open loop: scale the model's input, take a step, estimate the final latent.

A step is pure: what a scheduler remembers is an input and an output. Equal, bit for bit, to diffusers' own loops.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any, NamedTuple

from latentloom.graph import Context, InputError, node

from .generators import generators, states_of
from .schedulers import IN_SIGMAS, Prepared, at, check_timestep, prepared, sigma_at, state_of
from .values import Latent, NoiseSchedule, Prediction, RandomState, SchedulerState, Timestep


class Step(NamedTuple):
    latent: Latent
    state: SchedulerState
    random: RandomState


@node(category="schedule")
def initial_state(schedule: NoiseSchedule) -> SchedulerState:
    """What the scheduler remembers before the first step: nothing."""
    return SchedulerState({})


@node(category="schedule")
def scale_input(schedule: NoiseSchedule, latent: Latent, timestep: Timestep, context: Context) -> Latent:
    """Bring a latent to the variance that the denoiser expects.

    latent / sqrt(sigma^2 + 1) for schedulers that count in sigmas (Euler, Heun, LMS, DPM2); the latent itself for all
    others. Only the denoiser reads the result: the step takes the latent as it was.
    """
    if schedule.scheduler not in IN_SIGMAS:
        return latent
    ready = _ready(context, schedule, timestep)
    # DPM2 tells its inner steps by the latent that it remembers; they are the odd ones.
    inner = {"sample": latent.samples} if timestep.index % 2 and "sample" in ready.attributes else None
    scheduler = at(ready, timestep.index, inner)
    return replace(latent, samples=scheduler.scale_model_input(latent.samples, ready.ticks[timestep.index]))


@node(category="schedule")
def scheduler_step(
    schedule: NoiseSchedule,
    prediction: Prediction,
    timestep: Timestep,
    latent: Latent,
    state: Annotated[SchedulerState | None, "none before the first step"],
    random: Annotated[RandomState, "drawn from by ancestral and SDE methods, one generator an image"],
    context: Context,
) -> Step:
    """Take one denoising step: from this timestep's latent to the next one's.

    Calls the `step` of diffusers' scheduler on a copy that has been given `state`, and hands on what it remembers
    then. In float32. Where the method draws no noise, `random` is handed on as it is.
    """
    ready = _ready(context, schedule, timestep, prediction.kind)
    if latent.samples.shape != prediction.values.shape:
        raise InputError(
            f"The latent is {tuple(latent.samples.shape)}, the prediction {tuple(prediction.values.shape)}. "
            "Give the latent that the denoiser was given."
        )
    scheduler = at(ready, timestep.index, state.values if state else None)
    arguments: dict[str, Any] = dict(ready.arguments)
    found = generators(random, latent.samples.shape[0]) if ready.draws else []
    if found:
        arguments["generator"] = found
    samples = scheduler.step(
        prediction.values.float(), ready.ticks[timestep.index], latent.samples, **arguments, return_dict=False
    )[0]
    after = states_of(found) if found else random
    return Step(replace(latent, samples=samples), SchedulerState(state_of(ready, scheduler)), after)


@node(category="schedule", output="latent")
def predict_original(
    schedule: NoiseSchedule, prediction: Prediction, timestep: Timestep, latent: Latent, context: Context
) -> Latent:
    """Estimate the final latent from one prediction: what the image would be without further steps.

    With x = alpha * x0 + sigma * noise of unit variance: x0 = (x - sigma * epsilon) / alpha, or
    x0 = alpha * x - sigma * v (Salimans & Ho 2022, appendix D).
    """
    ready = _ready(context, schedule, timestep, prediction.kind)
    sigma = sigma_at(ready, timestep.index).to(latent.samples.dtype)
    alpha = 1 / (sigma**2 + 1) ** 0.5
    unit = latent.samples * alpha if schedule.scheduler in IN_SIGMAS else latent.samples
    values = prediction.values.to(latent.samples.dtype)
    match schedule.prediction or prediction.kind:
        case "epsilon":
            original = unit / alpha - sigma * values
        case "v_prediction":
            original = alpha * unit - sigma * alpha * values
        case _:
            original = values
    return replace(latent, samples=original)


def _ready(context: Context, schedule: NoiseSchedule, timestep: Timestep, prediction: str | None = None) -> Prepared:
    ready = prepared(context, schedule, prediction)
    check_timestep(ready, timestep)
    return ready
