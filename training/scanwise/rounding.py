"""Training under the rounding that `scanwise convert` will do.

In the last part of the joint training the language model's matrices are, for each forward and
backward pass, what 4 bits leave of them; the step is taken on the full ones (the straight-through
estimator of Bengio et al. 2013, arXiv:1308.3432). So the weights settle where rounding hurts little.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

GROUP, LOW, HIGH = 32, -8, 7
SHRINK = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7)
REFRESH = 25
"""Steps for which the scales of the groups are kept."""


def best_scales(weight: Tensor) -> Tensor:
    """(rows, cols) → (rows · cols / 32, 1): the scale of each group of 32 that `kernels::pack_q4`
    takes, of least squared error among some candidates and their least-squares refinements."""
    groups = weight.reshape(-1, GROUP)
    peak = groups.gather(1, groups.abs().argmax(dim=1, keepdim=True))
    best, least = torch.zeros_like(peak), torch.full_like(peak, torch.inf)
    for shrink in SHRINK:
        for base in (peak / LOW, peak / HIGH, -peak / HIGH):
            scale = base * shrink
            q = steps(groups, scale)
            refined = (groups * q).sum(dim=1, keepdim=True) / (q * q).sum(dim=1, keepdim=True).clamp(min=1e-12)
            for candidate in (scale, refined):
                candidate = candidate.half().float()
                error = (groups - candidate * steps(groups, candidate)).square().sum(dim=1, keepdim=True)
                better = error < least
                best, least = torch.where(better, candidate, best), torch.where(better, error, least)
    return best


def steps(groups: Tensor, scale: Tensor) -> Tensor:
    return (groups / torch.where(scale == 0, 1, scale)).round().clamp(LOW, HIGH)


def rounded(weight: Tensor, scales: Tensor) -> Tensor:
    """What 4 bits leave of a matrix."""
    return (scales * steps(weight.reshape(-1, GROUP), scales)).view_as(weight)


class Rounding:
    """The matrices of a model's layers, and the scales last found for them."""

    def __init__(self, layers: nn.Module) -> None:
        self.weights = [module.weight for module in layers.modules() if isinstance(module, nn.Linear)]
        self.scales: list[Tensor] = []
        self.uses = 0

    @contextmanager
    def applied(self) -> Iterator[None]:
        """Within, the matrices are rounded; after it they are what they were."""
        if self.uses % REFRESH == 0:
            self.scales = [best_scales(weight.detach()) for weight in self.weights]
        self.uses += 1
        whole = [weight.data for weight in self.weights]
        for weight, scales in zip(self.weights, self.scales, strict=True):
            weight.data = rounded(weight.data, scales)
        try:
            yield
        finally:
            for weight, kept in zip(self.weights, whole, strict=True):
                weight.data = kept
