"""The training loop of the autoencoder and the U-Net: steps, checkpoints, a running average, and when to stop.

Everything random in a step comes from the seed and the step's number, so a run that was stopped goes on as if it had
not been, and two runs from one seed have the same losses. (Sums depend on the number of threads, so that stays fixed
for the first `FIXED_STEPS`; a budget of minutes shortens the last part, where the learning rate falls.)
"""

import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from .optimisers import Optimisers

FIXED_STEPS = 100
CHECKPOINT_S = 180.0
REPORT_STEPS = 50
TRIAL_STEPS = 250


@dataclass(frozen=True)
class Pace:
    """How long to train, and the learning rate's share over it: flat, then falling as a cosine to 3 %."""

    steps: int
    minutes: float = math.inf
    flat: float = 0.45
    warm_up: int = 20

    def progress(self, step: int, seconds: float) -> float:
        """How much of the run is done, by steps or by the clock, whichever is further."""
        return max(step / self.steps, seconds / 60 / self.minutes)

    def share(self, step: int, seconds: float) -> float:
        """The learning rate's share at a step."""
        falling = max(0.0, self.progress(step, seconds) - self.flat) / (1 - self.flat)
        return min(1.0, (step + 1) / self.warm_up) * (0.03 + 0.97 * 0.5 * (1 + math.cos(math.pi * min(1.0, falling))))


@dataclass(frozen=True)
class Chance:
    """The random sources of one step."""

    torch: torch.Generator
    python: random.Random


def chance_of(seed: int, step: int) -> Chance:
    """A step's random sources."""
    number = random.Random(f"{seed} {step}").getrandbits(60)
    return Chance(torch.Generator().manual_seed(number), random.Random(number))


@dataclass(frozen=True)
class Training:
    """What is trained: `loss` makes one batch and its loss from a step's random sources."""

    network: nn.Module
    optimisers: Optimisers
    loss: Callable[[Chance], Tensor]
    pace: Pace
    seed: int
    average: float
    clip: float = math.inf


@dataclass
class Progress:
    """Where a run stands. `averaged` is the running average of all weights, which is what is kept in the end."""

    step: int
    seconds: float
    losses: list[float]
    averaged: dict[str, Tensor]


def train(training: Training, checkpoint: Path) -> list[float]:
    """Trains to the end, from the checkpoint if there is one, and leaves the averaged weights in the network. Returns
    the loss of every step."""
    progress = resume(training, checkpoint)
    threads = Threads()
    saved = time.monotonic()
    while training.pace.progress(progress.step, progress.seconds) < 1:
        started = time.monotonic()
        threads.choose(progress.step)
        progress.losses.append(one_step(training, progress))
        progress.step += 1
        took = time.monotonic() - started
        threads.took(took)
        progress.seconds += took
        if progress.step % REPORT_STEPS == 0:
            report(progress, training.pace, threads.count)
        if time.monotonic() - saved > CHECKPOINT_S:
            save(training, progress, checkpoint)
            saved = time.monotonic()
    save(training, progress, checkpoint)
    training.network.load_state_dict(progress.averaged)
    return progress.losses


def one_step(training: Training, progress: Progress) -> float:
    """One batch, its gradients, and a step of the weights and of their average."""
    network = training.network
    loss = training.loss(chance_of(training.seed, progress.step))
    loss.backward()
    if math.isfinite(training.clip):
        nn.utils.clip_grad_norm_(network.parameters(), training.clip)
    training.optimisers.step(training.pace.share(progress.step, progress.seconds))
    # The average follows at once in the beginning, where it would else hold on to the random start.
    follow = max(1 - training.average, 1 / (1 + progress.step))
    weights = [tensor for tensor in network.state_dict().values() if tensor.is_floating_point()]
    averages = [tensor for tensor in progress.averaged.values() if tensor.is_floating_point()]
    with torch.no_grad():
        torch._foreach_lerp_(averages, weights, follow)
    return float(loss.detach())


def resume(training: Training, checkpoint: Path) -> Progress:
    """The progress of a checkpoint, whose weights are loaded; the beginning where there is none."""
    if not checkpoint.exists():
        return Progress(0, 0.0, [], {name: tensor.clone() for name, tensor in training.network.state_dict().items()})
    state = torch.load(checkpoint, weights_only=True)
    training.network.load_state_dict(state["network"])
    training.optimisers.load_state_dict(state["optimisers"])
    return Progress(state["step"], state["seconds"], state["losses"], state["averaged"])


def save(training: Training, progress: Progress, checkpoint: Path) -> None:
    """Writes a checkpoint; one that is there is replaced when the new one is whole."""
    checkpoint.parent.mkdir(parents=True, exist_ok=True)
    partial = checkpoint.with_suffix(".partial")
    state = {"network": training.network.state_dict(), "optimisers": training.optimisers.state_dict(), **vars(progress)}
    torch.save(state, partial)
    partial.replace(checkpoint)


def report(progress: Progress, pace: Pace, threads: int) -> None:
    """One line on how it goes."""
    recent = progress.losses[-REPORT_STEPS:]
    done = pace.progress(progress.step, progress.seconds)
    print(
        f"step {progress.step}  {done:.0%}  loss {sum(recent) / len(recent):.4f}  "
        f"rate x{pace.share(progress.step, progress.seconds):.2f}  {progress.seconds / 60:.1f} min  {threads} threads",
        flush=True,
    )


class Threads:
    """How many threads a step gets: one, or two while two are faster, tried anew every `TRIAL_STEPS`.

    On a machine that others use too, two threads wait for each other and may be several times slower than one.
    """

    def __init__(self) -> None:
        self.count = 1
        self.fastest: dict[int, float] = {}

    def choose(self, step: int) -> None:
        """Sets the number for a step: two steps of one, two of two, then whichever had the faster step."""
        trial = (step - FIXED_STEPS) % TRIAL_STEPS if step >= FIXED_STEPS else TRIAL_STEPS
        if trial == 0:
            self.fastest.clear()
        if trial < 4:
            self.count = 1 + trial // 2
        elif trial == 4 and self.fastest:
            self.count = min(self.fastest, key=lambda count: self.fastest[count])
        torch.set_num_threads(self.count)

    def took(self, seconds: float) -> None:
        """Notes how long the step took."""
        self.fastest[self.count] = min(seconds, self.fastest.get(self.count, math.inf))
