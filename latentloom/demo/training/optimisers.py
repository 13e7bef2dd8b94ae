"""Optimisers: Muon for the matrices inside a network, AdamW for the rest.

Muon (Jordan et al., 2024) makes each matrix's step orthogonal, so that all its directions are learnt at one pace. A
convolution's kernel is a matrix of `[out, in * height * width]`. The autoencoder stalled at three times the error with
AdamW alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import torch
from torch import Tensor, nn


@dataclass(frozen=True)
class Rates:
    """Learning rates of the two, and the decay of Muon's weights."""

    muon: float
    adamw: float
    decay: float = 0.0


@dataclass
class Optimisers:
    """Both optimisers as one. `flat` pairs each kernel with the matrix that shares its memory."""

    muon: torch.optim.Muon
    adamw: torch.optim.AdamW
    flat: list[tuple[Tensor, Tensor]]
    rates: Rates = field(default_factory=lambda: Rates(0.01, 0.001))

    def step(self, pace: float) -> None:
        """One step at `pace` times the learning rates, from the gradients, which it clears."""
        for kernel, matrix in self.flat:
            matrix.grad = None if kernel.grad is None else kernel.grad.reshape(matrix.shape)
        for optimiser, rate in ((self.muon, self.rates.muon), (self.adamw, self.rates.adamw)):
            for group in optimiser.param_groups:
                group["lr"] = rate * pace
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        for kernel, _ in self.flat:
            kernel.grad = None

    def state_dict(self) -> dict[str, object]:
        """What resuming needs."""
        return {"muon": self.muon.state_dict(), "adamw": self.adamw.state_dict()}

    def load_state_dict(self, state: dict[str, dict[str, object]]) -> None:
        """Goes on from a state."""
        self.muon.load_state_dict(state["muon"])
        self.adamw.load_state_dict(state["adamw"])


def make_optimisers(network: nn.Module, outer: Iterable[nn.Module], rates: Rates) -> Optimisers:
    """Optimisers of a network's parameters. `outer` are the layers that read pixels, tokens or latents or write them:
    they, and all vectors, go to AdamW."""
    outside = {id(p) for layer in outer for p in layer.parameters()}
    inner = [p for p in network.parameters() if p.ndim >= 2 and id(p) not in outside]
    chosen = {id(p) for p in inner}
    rest = [p for p in network.parameters() if id(p) not in chosen]
    flat = [(p, nn.Parameter(p.detach().view(p.shape[0], -1))) for p in inner]
    muon = torch.optim.Muon([matrix for _, matrix in flat], lr=rates.muon, weight_decay=rates.decay)
    adamw = torch.optim.AdamW(rest, lr=rates.adamw, betas=(0.9, 0.98), weight_decay=0.0)
    return Optimisers(muon, adamw, flat, rates)
