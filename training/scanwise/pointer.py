"""The pointer: which object comes after the gate token `<obj>`, and from which objects it is seen."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .encoders import FeedForward

KEY = 128
SPATIAL = 32
STANDING = 64
PAIR_FEATURES = 11
ANCHORS = 2
TURNS = 4
"""Quarter turns to the left from facing the second anchor; and a viewer's four sides: ahead, left, behind, right."""
LOUDNESS = 16
"""What is told of an object is fed so many times over: its row, to which it is added, is some 500 long."""
SHARPNESS = 8
"""How surely an object off to one side is on that side and no other."""
MENTIONS = 4
"""So many objects that a question names are told apart by their order."""
RECALLED = 2
"""So many objects that the answer before it named are told apart by theirs: what “it” may be."""
NONE = -1
"""Stands for the missing object where there is no anchor."""


def directions(pairs: Tensor) -> Tensor:
    """pairs (…, 11) → unit vectors in plan (…, 2) from the one to the other."""
    return pairs[..., [1, 0]]


def in_view(towards: Tensor, facing: Tensor) -> Tensor:
    """Vectors in plan (…, 2) as seen by who looks along `facing` (…, 2): ahead and to the left."""
    (x, y), (a, b) = towards.unbind(dim=-1), facing.unbind(dim=-1)
    return torch.stack([a * x + b * y, a * y - b * x], dim=-1)


def sides(ahead_left: Tensor) -> Tensor:
    """Ahead and to the left (…, 2) → how much more than a quarter it is ahead, left, behind, right (…, 4);
    zero where nothing is known."""
    both = SHARPNESS * ahead_left.float()
    return (torch.cat([both, -both], dim=-1).softmax(dim=-1) - 1 / TURNS).to(ahead_left.dtype)


def turned(facing: Tensor, turn: Tensor) -> Tensor:
    """Vectors in plan (…, 2) turned to the left by quarters, by shares (…, 4) of none to three."""
    x, y = facing.unbind(dim=-1)
    ways = torch.stack([facing, torch.stack([-y, x], -1), -facing, torch.stack([y, -x], -1)], dim=-2)
    return (turn[..., None].to(facing.dtype) * ways).sum(dim=-2)


def chosen(anchors: Tensor) -> Tensor:
    """Logits of anchors (…, n + 1) → the likeliest (…), NONE where that is more likely."""
    best = anchors.argmax(dim=-1)
    return best.masked_fill(best == anchors.shape[-1] - 1, NONE)


class Pointer(nn.Module):
    """Scores every object against a hidden state: by what it is, and by how it stands to up to two
    anchors, the objects from which the answer is seen.

    “Nearest to the lamp” has one anchor, “to my left as I stand at the sink and face the door” two.
    `s` scenes, `p` hidden states of each, `n` objects of the widest.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.key = nn.Linear(width, KEY)
        self.query = nn.Linear(width, KEY)
        self.anchor_query = nn.Linear(width, ANCHORS * KEY)
        self.anchor_key = nn.Linear(width, KEY)
        self.anchor_none = nn.Linear(width, ANCHORS)
        self.phi = FeedForward(PAIR_FEATURES, SPATIAL, SPATIAL)
        self.standing = FeedForward((ANCHORS + 1) * SPATIAL, STANDING, width)
        self.spatial = nn.Linear(width, STANDING)
        self.turn = nn.Linear(width, TURNS)
        self.side = nn.Linear(width, TURNS)
        self.side_told = nn.Linear(TURNS, width, bias=False)
        self.copy = nn.Linear(width, (ANCHORS + 1) * (MENTIONS + RECALLED))

    def forward(self, h: Tensor, mention: Tensor, pairs: Tensor, valid: Tensor,
                asked: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """h (s, p, 256) final normed hidden states, mention (s, n, 256), pairs (s, n, n, 11),
        valid (s, n), asked (s, p, 6) the rows that the question names in their order, and those that the answer
        before it named, or NONE →
        scores (s, p, n), −∞ in the padding, logits of the anchors (s, p, 2, n + 1), the last that there
        is none, and of the viewer's quarter turns (s, p, 4)."""
        m = self.norm(mention)
        scale = 1 / math.sqrt(KEY)
        gone = ~valid[:, None, :]
        query = self.anchor_query(h).unflatten(-1, (ANCHORS, KEY))
        named = torch.einsum("spak,snk->span", query, self.anchor_key(m)).float() * scale
        # What the question names is likely meant: by its order alone, whatever it is.
        copied = self.copy(h).float().unflatten(-1, (ANCHORS + 1, MENTIONS + RECALLED)) * (asked != NONE)[:, :, None]
        at = asked.clamp(min=0)[:, :, None].expand_as(copied)
        copied = copied.new_zeros(*copied.shape[:3], valid.shape[1]).scatter_add(-1, at, copied)
        named = named + copied[:, :, :ANCHORS]
        anchors = torch.cat([named.masked_fill(gone[:, None], -math.inf), self.anchor_none(h).float()[..., None]], -1)
        phi = self.phi(pairs)
        a = anchors.softmax(dim=-1)[..., :-1].to(phi.dtype)
        s, n = valid.shape
        # Σ_j a_j φ_ji for both anchors, (s, p, 2, n, 32); Σ_jk a_j b_k φ_jk, (s, p, 32).
        seen = torch.einsum("spaj,sjx->spax", a, phi.reshape(s, n, n * SPATIAL)).unflatten(-1, (n, SPATIAL))
        across = torch.einsum("spk,spkx->spx", a[:, :, 1], seen[:, :, 0])
        # As seen from the first anchor by who faces the second.
        way = directions(pairs).to(a.dtype)
        towards = torch.einsum("spj,sjnc->spnc", a[:, :, 0], way)
        turn = self.turn(h).float()
        facing = turned(torch.einsum("spk,spkc->spc", a[:, :, 1], towards), turn.softmax(dim=-1))
        on_side = sides(in_view(towards, facing[:, :, None]))
        standing = torch.cat([*seen.unbind(dim=2), across[:, :, None].expand(-1, -1, n, -1)], dim=-1)
        standing = F.gelu(self.standing[0](standing))
        score = self.query(h) @ self.key(m).transpose(1, 2) * scale
        score = score + torch.einsum("spnx,spx->spn", standing, self.spatial(h))
        score = score + torch.einsum("spnx,spx->spn", on_side, self.side(h))
        return (score.float() + copied[:, :, ANCHORS]).masked_fill(gone, -math.inf), anchors, turn

    def told(self, pairs: Tensor, scene: Tensor, row: Tensor, anchors: Tensor, turn: Tensor) -> Tensor:
        """How the objects `row` (t) of the scenes `scene` (t) stand to `anchors` (t, 2), rows or NONE, to who
        is turned by `turn` (t) quarters, for the words that follow: (t, 256), zero where there is no anchor."""
        first, second = anchors.unbind(dim=1)

        def both(start: Tensor, end: Tensor) -> tuple[Tensor, Tensor]:
            known = ((start != NONE) & (end != NONE))[:, None]
            pair = pairs[scene, start, end]
            return self.phi(pair) * known, directions(pair) * known

        (from_first, towards), (from_second, _), (across, facing) = (
            both(first, row), both(second, row), both(first, second))
        on_side = sides(in_view(towards, turned(facing, F.one_hot(turn, TURNS))))
        standing = torch.cat([from_first, from_second, across], dim=-1)
        told = LOUDNESS * (self.standing(standing) + self.side_told(on_side))
        return told * (anchors != NONE).any(dim=1, keepdim=True)
