"""Noise schedules: which scheduler, how many steps, where they lie."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal, NamedTuple

from latentloom.graph import InputError, Range, Slider, node

from .schedulers import CLASSES, KINDS, ONE_SIGMAS, ONE_SPACING, Kind, Prepared, parameters, prepare
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


def schedule_facts(
    scheduler: Mapping[str, Any] | None, name: str | None, steps: Any, sigmas: Any, spacing: Any, strength: Any
) -> Mapping[str, Any]:
    """Refuses what no scheduler can do before anything runs, as far as the choices are known by then."""
    if isinstance(steps, int) and isinstance(strength, float | int):
        _check_steps(steps, strength)
    kind = KINDS.get(name or "") or (Kind(scheduler["name"]) if scheduler and name == "default" else None)
    if name and kind:
        _check_choices(name, kind, sigmas or "default", spacing or "default")
    return {}


@node(category="schedule", facts=schedule_facts)
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
    _check_steps(steps, strength)
    _check_choices(name, kind, sigmas, spacing)
    known = parameters(kind.scheduler)
    options = {**json.loads(scheduler.options), **kind.options}
    if sigmas != "default":
        options |= {option: choice == sigmas for choice, option in SIGMAS.items()}
    if spacing != "default":
        options["timestep_spacing"] = spacing
    chosen = NoiseSchedule(
        scheduler=kind.scheduler,
        options=json.dumps({k: v for k, v in options.items() if k in known}, sort_keys=True, separators=(",", ":")),
        steps=steps,
        prediction=None if prediction == "default" else prediction,
        eta=eta,
    )
    ready = _prepare(chosen, name)
    start = (steps - min(int(steps * strength), steps)) * ready.scheduler.order
    timesteps = [
        Timestep(index, _requested(index, steps, ready), ready.times[index]) for index in range(start, len(ready.ticks))
    ]
    return Schedule(replace(chosen, start=start), timesteps)


class TimestepParts(NamedTuple):
    position: Annotated[int, "in the schedule's timesteps, from 0"]
    step: Annotated[int, "the requested step, from 0"]
    time: Annotated[float, "the model's time, 0..999 for models trained on 1,000 steps"]


@node(category="schedule")
def timestep_parts(timestep: Timestep) -> TimestepParts:
    """Take a timestep apart, such as to switch the prompt at a step."""
    return TimestepParts(timestep.index, timestep.step, timestep.value)


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


def _check_steps(steps: int, strength: float) -> None:
    if steps < 1:
        raise InputError(f"The schedule has {steps} steps; at least 1 was expected. Give it more steps.")
    if int(steps * strength) < 1:
        raise InputError(
            f"With {steps} steps a strength of {strength:g} leaves none. Use a strength of at least {1 / steps:.2g}, "
            "or more steps."
        )


def _check_choices(name: str, kind: Kind, sigmas: str, spacing: str) -> None:
    if kind.scheduler not in CLASSES:
        raise InputError(
            f"The model's own scheduler {kind.scheduler} is not supported. Choose one of {_listed(KINDS)}."
        )
    if sigmas != "default" and kind.scheduler in ONE_SIGMAS:
        able = [other for other, k in KINDS.items() if k.scheduler not in ONE_SIGMAS]
        raise InputError(f"The scheduler {name!r} knows no {sigmas} sigmas. Use 'default', or one of {_listed(able)}.")
    if spacing != "default" and kind.scheduler in ONE_SPACING:
        raise InputError(f"The scheduler {name!r} has one timestep spacing only. Use 'default'.")


def _prepare(schedule: NoiseSchedule, name: str) -> Prepared:
    # diffusers refuses impossible combinations (LCM with more steps than it was distilled in, an unknown schedule).
    try:
        return prepare(schedule)
    except (ValueError, NotImplementedError, AssertionError, IndexError) as error:
        raise InputError(f"The scheduler {name!r} cannot do {schedule.steps} steps this way: {error}") from error


def _listed(names: Iterable[str]) -> str:
    return ", ".join(repr(name) for name in names)
