"""diffusers' schedulers as values: which there are, how one is built, and how one is put at a place with a state.

A scheduler object with its timesteps set is a template, kept as a resource and never changed: each call works on a
shallow copy, at the index of its timestep and with the attributes of its `SchedulerState`. Templates live on the CPU,
so that no step waits for the device: their numbers meet tensors on the device as scalars.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from latentloom.graph import Context, InputError

from .libraries import diffusers_class, leanly
from .values import NoiseSchedule, Timestep

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, slots=True)
class Kind:
    """A scheduler choice: the class in diffusers and the options that make it this one."""

    scheduler: str
    options: Mapping[str, Any] = field(default_factory=dict)


_MULTISTEP = "DPMSolverMultistepScheduler"
KINDS: dict[str, Kind] = {
    "ddim": Kind("DDIMScheduler"),
    "ddpm": Kind("DDPMScheduler"),
    "pndm": Kind("PNDMScheduler", {"skip_prk_steps": True}),  # as Stable Diffusion uses it
    "lms": Kind("LMSDiscreteScheduler"),
    "euler": Kind("EulerDiscreteScheduler"),
    "euler-ancestral": Kind("EulerAncestralDiscreteScheduler"),
    "heun": Kind("HeunDiscreteScheduler"),
    "dpm2": Kind("KDPM2DiscreteScheduler"),
    "dpm2-ancestral": Kind("KDPM2AncestralDiscreteScheduler"),
    "dpm++-2m": Kind(_MULTISTEP, {"algorithm_type": "dpmsolver++", "solver_order": 2}),
    "dpm++-2m-sde": Kind(_MULTISTEP, {"algorithm_type": "sde-dpmsolver++", "solver_order": 2}),
    "dpm++-sde": Kind(
        "DPMSolverSinglestepScheduler",
        {"algorithm_type": "sde-dpmsolver++", "solver_order": 2, "lower_order_final": True},
    ),
    "unipc": Kind("UniPCMultistepScheduler"),
    "deis": Kind("DEISMultistepScheduler"),
    "lcm": Kind("LCMScheduler"),
    "tcd": Kind("TCDScheduler"),
}
CLASSES = frozenset(kind.scheduler for kind in KINDS.values())

ONE_SIGMAS = frozenset(
    {
        "DDIMScheduler",
        "DDPMScheduler",
        "PNDMScheduler",
        "EulerAncestralDiscreteScheduler",
        "LCMScheduler",
        "TCDScheduler",
    }
)
"""They know no Karras, exponential or beta sigmas. (Told without importing diffusers, for the static check.)"""
ONE_SPACING = frozenset({"DPMSolverSinglestepScheduler"})

IN_SIGMAS = frozenset(
    {
        "EulerDiscreteScheduler",
        "EulerAncestralDiscreteScheduler",
        "HeunDiscreteScheduler",
        "KDPM2DiscreteScheduler",
        "KDPM2AncestralDiscreteScheduler",
        "LMSDiscreteScheduler",
    }
)
"""Their latents are x0 + sigma * noise; those of all others keep unit variance."""
_ALWAYS_DRAW = frozenset(
    {
        "DDPMScheduler",
        "EulerAncestralDiscreteScheduler",
        "KDPM2AncestralDiscreteScheduler",
        "LCMScheduler",
    }
)
_PLACES = ("_step_index", "_begin_index")


class Prepared(NamedTuple):
    """A template and what is worth knowing of it at each step."""

    scheduler: Any
    ticks: tuple[torch.Tensor, ...]
    """The timesteps as separate tensors of no dimension, as diffusers' loops pass them."""
    times: tuple[float, ...]
    """The same as numbers."""
    attributes: Mapping[str, Any]
    """The template's attributes, lists as tuples."""
    lists: tuple[str, ...]
    """Names of the attributes that are lists: `step` changes these in place."""
    arguments: Mapping[str, Any]
    """Keyword arguments of each step."""
    draws: bool
    """Steps draw noise, from generators."""


def parameters(name: str) -> frozenset[str]:
    """Which options a scheduler class knows."""
    return frozenset(inspect.signature(diffusers_class(name).__init__).parameters)


def prepared(context: Context, schedule: NoiseSchedule, prediction: str | None = None) -> Prepared:
    """The template of a schedule, for a model that predicts `prediction` (where that is known)."""
    kind = schedule.prediction or prediction
    ready: Prepared = context.resource(("scheduler", schedule, kind), lambda: prepare(schedule, kind))
    return ready


def check_timestep(ready: Prepared, timestep: Timestep) -> None:
    """Raises InputError for a timestep of another schedule."""
    if not 0 <= timestep.index < len(ready.times) or ready.times[timestep.index] != timestep.value:
        raise InputError(
            f"The timestep {timestep.index} ({timestep.value:g}) is not of this schedule, which has {len(ready.times)} "
            "others. Take schedule and timesteps from the same noise_schedule."
        )


def prepare(schedule: NoiseSchedule, prediction: str | None = None) -> Prepared:
    """Build a schedule's scheduler, with its timesteps set. (diffusers' `from_config` gives the same, more slowly.)"""
    options = json.loads(schedule.options)
    if prediction is not None:
        options["prediction_type"] = prediction
    scheduler = leanly(lambda: diffusers_class(schedule.scheduler)(**options))
    scheduler.set_timesteps(schedule.steps, device="cpu")
    if hasattr(scheduler, "is_scale_input_called"):
        scheduler.is_scale_input_called = True  # it only silences a warning; as state it would be in the way
    step = inspect.signature(scheduler.step).parameters
    algorithm = str(options.get("algorithm_type", ""))
    draws = (
        schedule.scheduler in _ALWAYS_DRAW
        or (algorithm.startswith("sde") and "generator" in step)
        or ("eta" in step and schedule.eta > 0)
    )
    attributes = vars(scheduler)
    return Prepared(
        scheduler=scheduler,
        ticks=scheduler.timesteps.unbind(),
        times=tuple(map(float, scheduler.timesteps.tolist())),
        attributes={name: tuple(value) if isinstance(value, list) else value for name, value in attributes.items()},
        lists=tuple(name for name, value in attributes.items() if isinstance(value, list)),
        arguments={"eta": schedule.eta} if "eta" in step else {},
        draws=draws,
    )


def at(ready: Prepared, index: int, state: Mapping[str, Any] | None = None) -> Any:
    """A scheduler that stands before the timestep at `index`, with the attributes of a state."""
    scheduler: Any = object.__new__(type(ready.scheduler))  # as `copy.copy`, without its search for ways to copy
    attributes = vars(scheduler)
    attributes.update(vars(ready.scheduler))
    for name in ready.lists:
        attributes[name] = list(ready.attributes[name])
    for name, value in (state or {}).items():
        attributes[name] = list(value) if isinstance(value, tuple) else value
    total = attributes.get("cur_model_output")
    if hasattr(total, "clone"):
        attributes["cur_model_output"] = total.clone()  # PNDM adds to this tensor in place
    for name in _PLACES:
        if name in attributes:
            attributes[name] = index
    return scheduler


def state_of(ready: Prepared, scheduler: Any) -> dict[str, Any]:
    """The attributes in which a scheduler differs from its template, its place apart."""
    import torch

    state: dict[str, Any] = {}
    for name, value in vars(scheduler).items():
        before = ready.attributes.get(name)
        if value is before or name in _PLACES:
            continue
        if isinstance(value, list):
            if len(value) != len(before or ()) or any(a is not b for a, b in zip(value, before or (), strict=True)):
                state[name] = tuple(value)
        elif isinstance(value, torch.Tensor) or name not in ready.attributes or value != before:
            state[name] = value
    return state


def sigma_at(ready: Prepared, index: int) -> torch.Tensor:
    """The noise level at a timestep as sigma, noise per unit of signal: [] on the CPU."""
    scheduler = ready.scheduler
    if hasattr(scheduler, "sigmas_interpol") and index % 2:  # DPM2's inner steps lie between
        return scheduler.sigmas_interpol[index - 1]
    if hasattr(scheduler, "sigmas"):
        return scheduler.sigmas[index]
    alpha = scheduler.alphas_cumprod[int(ready.times[index])]
    return ((1 - alpha) / alpha) ** 0.5
