"""Boxes in location tokens: how 3D-LLM and Spatial 3D-LLM, which have no pointer, name an object.

Every row that stands for things in the scene can be read: it says, for each of a box's six numbers, which bin it
may be in. With `<box>` the language model chooses among the rows; the box is then a mixture over them,

    p(n_1 … n_6) = Σ_r p(r | h) Π_k p(n_k | r),

as a pointer-generator copies words of its source (See et al. 2017, arXiv:1704.04368). The six location tokens are
drawn from it one after the other, each given those before. A language model this small, taught location tokens as words among
others, never found out where a box stands on the floor (4.7 of the 5.5 nats of a guess).

`s` scenes, `r` rows, `n` objects, `a` boxes.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from .locations import BINS

NUMBERS = 6
"""Of a box: its centre and its edges."""
REFINED_BINS = 8
"""The refining head moves a number by so many bins at most; what is farther off is no neighbour of the truth."""
KEY = 128


@dataclass
class Readings:
    """What rows say of boxes."""

    rows: Tensor
    """(s, r, 256)"""
    valid: Tensor
    """(s, r) bool: which are not padding"""
    numbers: Tensor
    """(s, r, 6, 256): log-probabilities of the bins of each number"""
    refined: Tensor
    """(s, r, 6): by how many bins each number is to be moved, of Spatial 3D-LLM"""

    def of(self, boxes: Tensor) -> Tensor:
        """boxes (s, n, 6) bins → (s, r, n) the log-likelihood of each box by each row alone."""
        n, r = boxes.shape[1], self.numbers.shape[1]
        bins = boxes[:, None, :, :].expand(-1, r, -1, -1).transpose(2, 3)
        said = self.numbers.gather(3, bins).sum(dim=2) if n else self.numbers.new_zeros(len(boxes), r, 0)
        return said.masked_fill(~self.valid[..., None], -torch.inf)


class Reading(nn.Module):
    """`encode.reading`: rows → boxes. One for every system: naming teaches it too."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.numbers = nn.Linear(width, NUMBERS * BINS)
        self.refine = nn.Linear(width, NUMBERS)
        # Every box is as likely as another at first.
        nn.init.normal_(self.numbers.weight, std=1e-3)
        nn.init.zeros_(self.numbers.bias)

    def said(self, rows: Tensor) -> Tensor:
        """rows (…, 256) → log-probabilities (…, 6, 256)."""
        return self.numbers(rows).unflatten(-1, (NUMBERS, BINS)).float().log_softmax(dim=-1)

    def forward(self, rows: Tensor, valid: Tensor) -> Readings:
        """rows (s, r, 256), valid (s, r)."""
        refined = self.refine(rows).float().clamp(-REFINED_BINS, REFINED_BINS)
        return Readings(rows, valid, self.said(rows), refined)


class Choice(nn.Module):
    """`adapters.NAME.choice`: of which row the box is that comes next."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.key = nn.Linear(width, KEY)
        self.query = nn.Linear(width, KEY)

    def forward(self, h: Tensor, scene: Tensor, readings: Readings) -> Tensor:
        """h (a, 256) final hidden states at which `<box>` is told, scene (a) → log-probabilities (a, r)."""
        key = self.key(self.norm(readings.rows))
        score = torch.einsum("ak,ark->ar", self.query(h), key[scene]).float() * KEY**-0.5
        return score.masked_fill(~readings.valid[scene], -torch.inf).log_softmax(dim=-1)


def mixed(chosen: Tensor, said: Tensor) -> Tensor:
    """chosen (a, r) and said (a, r, n), log-probabilities → (a, n): of each box, by all rows together."""
    return (chosen[..., None] + said).logsumexp(dim=1)


def tell(chosen: Tensor, numbers: Tensor) -> tuple[Tensor, Tensor]:
    """The likeliest numbers, one after the other: chosen (r), numbers (r, 6, 256), log-probabilities → the numbers (6),
    and which row they are most likely of (), given all of them."""
    told = []
    for of_number in numbers.unbind(dim=1):
        bin_ = (chosen[:, None] + of_number).logsumexp(dim=0).argmax()
        chosen = chosen + of_number[:, bin_]
        told.append(bin_)
    return torch.stack(told), chosen.argmax()
