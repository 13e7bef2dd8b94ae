"""Noise schedules: which scheduler, how many steps, where they lie."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Literal, NamedTuple

from latentloom.graph import InputError, Range, Slider, node

from .schedulers import CLASSES, KINDS, Kind, Prepared, parameters, prepare
from .values import NoiseSchedule, Scheduler, Timestep

Name = Literal[
    "default",
    "ddim",
    "ddpm",
    "pndm",
    "lms",
    "euler",
    "euler-ancestral",
    "heun",
    "dpm2",
    "dpm2-ancestral",
    "dpm++-2m",
    "dpm++-2m-sde",
    "dpm++-sde",
    "unipc",
    "deis",
    "lcm",
    "tcd",
]
Sigmas = Literal["default", "karras", "exponential", "beta"]
Spacing = Literal["default", "linspace", "leading", "trailing"]
PredictionKind = Literal["default", "epsilon", "v_prediction", "sample"]
SIGMAS: dict[str, str] = {
    "karras": "use_karras_sigmas",
    "exponential": "use_exponential_sigmas",
    "beta": "use_beta_sigmas",
}


class Schedule(NamedTuple):
    schedule: NoiseSchedule
    timesteps: list[Timestep]


@node(category="schedule")
def noise_schedule(
    scheduler: Scheduler,
    name: Annotated[Name, "the method; `default` is the model's own"] = "default",
    steps: Annotated[int, Range(1, 1000), "how many denoising steps"] = 20,
    sigmas: Annotated[Sigmas, "how the noise levels are spread; `default` as the model's config says"] = "default",
    spacing: Annotated[Spacing, "how the timesteps are spread; `default` as the model's config says"] = "default",
    prediction: Annotated[PredictionKind, "what the model predicts, where its config is wrong"] = "default",
    strength: Annotated[float, Slider(0, 1, step=0.01), "below 1 only the last part of the steps is used"] = 1.0,
    eta: Annotated[float, Slider(0, 1, step=0.01), "how much noise DDIM and TCD add at each step"] = 0.0,
) -> Schedule:
    """Choose the scheduler and lay out its timesteps, from much noise to little.

    Built from the model's scheduler config as diffusers' `from_config` does. Heun and DPM2 visit 2n - 1 timesteps for
    n steps, PNDM n + 1; each `Timestep` says which requested step it belongs to. `strength` s keeps the last
    int(n * s) steps, as diffusers' image-to-image does. Sigmas: Karras et al. 2022, eq. 5; beta: Lee et al. 2024.
    """
    kind = KINDS[name] if name != "default" else Kind(scheduler.name)
    if kind.scheduler not in CLASSES:
        raise InputError(
            f"The model's own scheduler {kind.scheduler} is not supported. Choose one of {_listed(KINDS)}."
        )
    if steps < 1:
        raise InputError(f"The schedule has {steps} steps; at least 1 was expected.")
    known = parameters(kind.scheduler)
    options = {**json.loads(scheduler.options), **kind.options}
    options |= _sigma_options(name, sigmas, known) | _spacing_options(name, spacing, known)
    chosen = NoiseSchedule(
        scheduler=kind.scheduler,
        options=json.dumps({k: v for k, v in options.items() if k in known}, sort_keys=True, separators=(",", ":")),
        steps=steps,
        prediction=None if prediction == "default" else prediction,
        eta=eta,
    )
    ready = _prepare(chosen, name)
    order, count = ready.scheduler.order, len(ready.ticks)
    start = (steps - min(int(steps * strength), steps)) * order
    if start >= count:
        raise InputError(
            f"With {steps} steps a strength of {strength:g} leaves none. Use a strength of at least {1 / steps:.2g}, "
            f"or more steps."
        )
    timesteps = [
        Timestep(index, _requested(index, steps, ready), float(ready.tick(index))) for index in range(start, count)
    ]
    return Schedule(replace(chosen, start=start), timesteps)


@node(category="schedule", output="values")
def spread(
    values: Annotated[list[float], "one for each requested step"], timesteps: list[Timestep]
) -> Annotated[list[float], "one for each timestep"]:
    """Spread one value per requested step over the timesteps, such as a guidance scale for each step.

    Schedulers that visit a step more than once (Heun, DPM2, PNDM) repeat its value.
    """
    requested = sorted({timestep.step for timestep in timesteps})
    if len(values) != len(requested):
        raise InputError(f"There are {len(values)} values for {len(requested)} steps; give one for each step.")
    by_step = dict(zip(requested, values, strict=True))
    return [float(by_step[timestep.step]) for timestep in timesteps]


def _requested(index: int, steps: int, ready: Prepared) -> int:
    """Which requested step a timestep belongs to."""
    if ready.scheduler.order > 1:  # Heun and DPM2: an outer and an inner timestep for each step
        return index // int(ready.scheduler.order)
    runge_kutta = len(getattr(ready.scheduler, "prk_timesteps", ()))  # PNDM's first steps, of four each
    if index < runge_kutta:
        return index // 4
    return max(index - (len(ready.ticks) - steps), 0)  # without them PNDM takes its first step twice


def _sigma_options(name: str, sigmas: str, known: frozenset[str]) -> dict[str, bool]:
    if sigmas == "default":
        return {}
    if SIGMAS[sigmas] not in known:
        able = [n for n, kind in KINDS.items() if SIGMAS[sigmas] in parameters(kind.scheduler)]
        raise InputError(f"The scheduler {name!r} knows no {sigmas} sigmas. Use 'default', or one of {_listed(able)}.")
    return {option: choice == sigmas for choice, option in SIGMAS.items()}


def _spacing_options(name: str, spacing: str, known: frozenset[str]) -> dict[str, str]:
    if spacing == "default":
        return {}
    if "timestep_spacing" not in known:
        raise InputError(f"The scheduler {name!r} has one timestep spacing only. Use 'default'.")
    return {"timestep_spacing": spacing}


def _prepare(schedule: NoiseSchedule, name: str) -> Prepared:
    # diffusers refuses impossible combinations (LCM with more steps than it was distilled in, an unknown schedule).
    try:
        return prepare(schedule)
    except (ValueError, NotImplementedError, AssertionError, IndexError) as error:
        raise InputError(f"The scheduler {name!r} cannot do {schedule.steps} steps this way: {error}") from error


def _listed(names: Iterable[str]) -> str:
    return ", ".join(repr(name) for name in names)
