"""Random numbers as values: every draw takes a RandomState and gives the next one.

Drawn on the CPU in float32, one generator an image: the same numbers on every device, in every batch, and equal to
diffusers' `randn_tensor` with a list of CPU generators.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from latentloom.graph import InputError

from .values import RandomState

if TYPE_CHECKING:
    import torch


def seeded(seeds: Sequence[int]) -> RandomState:
    """The states [B, 5056] of new generators."""
    import torch

    return RandomState(torch.stack([torch.Generator().manual_seed(seed).get_state() for seed in seeds]))


def generators(random: RandomState, batch: int) -> list[torch.Generator]:
    """Generators that continue from the states. Raises InputError unless there is one for each image."""
    import torch

    count = random.states.shape[0]
    if count != batch:
        raise InputError(
            f"There are {count} random state(s) for {batch} image(s); one an image was expected. "
            "Give as many seeds as images to the node random_states."
        )
    found = [torch.Generator() for _ in range(count)]
    for generator, state in zip(found, random.states.cpu(), strict=True):
        generator.set_state(state.clone())  # a view's offset would not be seen
    return found


def states_of(found: Sequence[torch.Generator]) -> RandomState:
    import torch

    return RandomState(torch.stack([generator.get_state() for generator in found]))


def draw(shape: Sequence[int], random: RandomState) -> tuple[torch.Tensor, RandomState]:
    """Unit normal noise [B, ...] on the CPU in float32, and the states after it."""
    import torch

    found = generators(random, shape[0])
    noise = torch.cat([torch.randn((1, *shape[1:]), generator=generator) for generator in found])
    return noise, states_of(found)
