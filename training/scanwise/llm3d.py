"""3D-LLM's way to see a scene (Hong et al. 2023): features of views lifted to points, and a Q-Former over them.

`s` scenes, `n` instances, `p` points. The points are the farthest-point centres of every instance's patches and some
of the shell; the views are those that MCMF is given.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from .attention import Attention, attend, mask_bias
from .encoders import FeedForward
from .locations import BINS, CODE, PLACE_M, SIZE_M, code_table

QUERIES = 32
HEADS = 4
LOOK_M = 0.5
"""Points whose features differ by as much as they are long are as different as such that lie so far apart."""
SPREAD = 12**0.5
"""By which the standard deviation of points strewn evenly is multiplied to come to the edge they fill."""
POINTS_IN_TRAINING, SHELL_IN_TRAINING = 12, 192
"""Of every instance's 32 and of the shell's 512 points, so many are drawn for a step."""


@dataclass
class Surface:
    """Points of s scenes."""

    patches: Tensor
    """(s, n, 32, 16, 6)"""
    centres: Tensor
    """(s, n, 32, 4) in radii from the box's centre, and metres over the floor"""
    radius: Tensor
    """(s, n) metres"""
    trust: Tensor
    """(s, n, 32, 5) how far each view can be trusted there, 0..1; 0 where it does not see the point"""
    shell: Tensor
    """(s, m, 6) metres, and red, green, blue in −1..1"""
    shell_valid: Tensor
    """(s, m)"""
    corner: Tensor
    """(s, 3) of the padded scene box, metres"""
    grown: Tensor
    """(s) how much longer than usual the steps of location tokens are"""

    def positions(self, boxes: Tensor) -> Tensor:
        """boxes (s, n, 6) → (s, n, 32, 3) metres."""
        return boxes[..., None, :3] + self.centres[..., :3] * self.radius[..., None, None]

    def bins(self, points: Tensor) -> Tensor:
        """points (s, …, 3) metres → numbers of location tokens."""
        shape = (len(self.corner), *[1] * (points.dim() - 2))
        step = (PLACE_M * self.grown).view(*shape, 1)
        return ((points - self.corner.view(*shape, 3)) / step).floor().clamp(0, BINS - 1).long()

    def size_bins(self, sizes: Tensor) -> Tensor:
        """sizes (s, …, 3) metres → numbers of location tokens."""
        step = (SIZE_M * self.grown).view(len(self.grown), *[1] * (sizes.dim() - 1))
        return (sizes / step).floor().clamp(0, BINS - 1).long()

    def box_steps(self, boxes: Tensor) -> Tensor:
        """boxes (s, n, 6) metres → (s, n, 6) in steps of location tokens: of the centre, then of the edges."""
        grown = self.grown[:, None, None]
        centre = (boxes[..., :3] - self.corner[:, None]) / (PLACE_M * grown)
        return torch.cat([centre, boxes[..., 3:] / (SIZE_M * grown)], dim=-1)

    def box_bins(self, boxes: Tensor) -> Tensor:
        """The same as numbers of location tokens."""
        return self.box_steps(boxes).floor().clamp(0, BINS - 1).long()


@torch.no_grad()
def groups(places: Tensor, lifted: Tensor, there: Tensor) -> Tensor:
    """Points that lie together and look alike: places (s, p, 3) metres, lifted (s, p, w), there (s, p) → (s, p) which
    of 32 groups each belongs to.

    Their middles are farthest points among those that a view sees, of place and look together, as in 3DSSD (Yang et al.
    2020); every point goes to the nearest. It begins with the first and takes of equals the first."""
    places, lifted = places.float(), lifted.float()
    norm = lifted.square().sum(dim=-1)
    seen = there & (norm > 0)
    # Where no view sees anything, place alone counts.
    seen = torch.where(seen.any(dim=1, keepdim=True), seen, there)
    norm = (norm * seen).sum(dim=1) / seen.sum(dim=1).clamp(min=1)
    look = LOOK_M * lifted / norm.sqrt().clamp(min=1e-6)[:, None, None]
    points = torch.cat([places, look], dim=-1)
    away = torch.full_like(points[..., 0], torch.inf).masked_fill(~seen, -1)
    taken, middles = seen.int().argmax(dim=1), []
    for _ in range(QUERIES):
        middle = points.gather(1, taken[:, None, None].expand(-1, 1, points.shape[-1]))
        middles.append((points - middle).square().sum(dim=-1))
        away = torch.minimum(away, middles[-1])
        taken = away.argmax(dim=1)
    return torch.stack(middles, dim=-1).argmin(dim=-1)


def lifted(o2d: Tensor, view_valid: Tensor, trust: Tensor, construction: str = "direct") -> Tensor:
    """Features of views at points: o2d (…, v, w), view_valid (…, v), trust (…, p, v) → (…, p, w); zero where no view
    sees the point.

    `direct`: the mean over the views that see it (direct reconstruction). `fusion`: weighted by their confidence
    (point-based fusion, gradSLAM and ConceptFusion). The third, a neural field, is fitted to the same samples on the
    spot and needs no training here.
    """
    weight = trust if construction == "fusion" else (trust > 0).to(trust.dtype)
    weight = weight * view_valid.to(weight.dtype)[..., None, :]
    return weight.to(o2d.dtype) @ o2d / weight.sum(dim=-1, keepdim=True).clamp(min=1e-6).to(o2d.dtype)


class Block(nn.Module):
    """Queries look at each other, then at the points."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attn = Attention(width, HEADS)
        self.norm2 = nn.LayerNorm(width)
        self.query = nn.Linear(width, width)
        self.key_value = nn.Linear(width, 2 * width)
        self.cross_out = nn.Linear(width, width)
        self.norm3 = nn.LayerNorm(width)
        self.ff = FeedForward(width, 2 * width, width)

    def forward(self, x: Tensor, points: Tensor, bias: Tensor) -> Tensor:
        """x (s, q, w), points (s, p, w), bias (s, 1, 1, p)."""
        x = x + self.attn(self.norm1(x), x.new_ones(x.shape[:2], dtype=torch.bool))
        q = self.query(self.norm2(x)).unflatten(-1, (HEADS, -1))
        k, v = self.key_value(points).unflatten(-1, (2, HEADS, -1)).unbind(dim=2)
        x = x + self.cross_out(attend(q, k, v, bias))
        return x + self.ff(self.norm3(x))


class QFormer(nn.Module):
    """`encode.llm3d`: 32 query rows.

    Each query begins as the mean of a group of points and knows how far they spread, as other detectors' queries begin at
    points (3DETR, Misra et al. 2021): learned queries alone did not find out in our budget what stands where, and crops
    do not tell how large a thing is."""

    def __init__(self, width_in: int, width: int) -> None:
        super().__init__()
        self.query = nn.Parameter(torch.randn(QUERIES, width) * 0.5)
        self.feature = nn.Linear(width_in, width)
        self.shell = nn.Linear(3, width)
        self.code_weight = nn.Parameter(torch.full((1,), 0.5))
        self.spread = nn.Linear(3 * CODE, width, bias=False)
        nn.init.zeros_(self.spread.weight)
        self.point_norm = nn.LayerNorm(width)
        self.blocks = nn.ModuleList(Block(width) for _ in range(2))
        self.norm = nn.LayerNorm(width)
        self.out = nn.Linear(width, width)
        self.register_buffer("code", code_table(), persistent=False)

    def located(self, bins: Tensor) -> Tensor:
        """bins (…, 3) → (…, w): the codes of the three axes side by side."""
        code = self.code[bins].flatten(-2)
        return nn.functional.pad(code, (0, self.query.shape[1] - 3 * CODE))

    def forward(self, o2d: Tensor, view_valid: Tensor, boxes: Tensor, valid: Tensor, surface: Surface,
                construction: str = "direct") -> tuple[Tensor, Tensor]:
        """o2d (s, n, v, 128), view_valid (s, n, v), boxes (s, n, 6), valid (s, n) → (s, 32, w), and the object
        that most points are of which each query begins as, or −1 (s, 32)."""
        s, n = valid.shape
        places, trust = surface.positions(boxes), surface.trust
        shell, shell_valid = surface.shell, surface.shell_valid
        if self.training:
            kept = torch.randperm(places.shape[2])[:POINTS_IN_TRAINING]
            places, trust = places[:, :, kept], trust[:, :, kept]
            drawn = torch.randperm(shell.shape[1])[:SHELL_IN_TRAINING]
            shell, shell_valid = shell[:, drawn], shell_valid[:, drawn]
        known = lifted(o2d, view_valid, trust, construction)
        of_objects = self.feature(known) + self.code_weight * self.located(surface.bins(places))
        of_shell = self.shell(shell[..., 3:]) + self.code_weight * self.located(surface.bins(shell[..., :3]))
        of_objects, each = of_objects.flatten(1, 2), places.shape[2]
        points = self.point_norm(torch.cat([of_objects, of_shell.to(of_objects.dtype)], dim=1))
        there = valid[..., None].expand(s, n, each).flatten(1)
        bias = mask_bias(torch.cat([there, shell_valid], dim=1))[:, None, None, :]
        group = groups(places.flatten(1, 2), known.flatten(1, 2), there)
        share = nn.functional.one_hot(group, QUERIES).float() * there[..., None]
        count = share.sum(dim=1)
        share = (share / count.clamp(min=1)[:, None]).mT
        middle = share @ places.flatten(1, 2)
        spread = surface.size_bins(SPREAD * (share @ places.flatten(1, 2).square() - middle.square()).clamp(min=0).sqrt())
        x = self.feature(share.to(known.dtype) @ known.flatten(1, 2)) + self.code_weight * self.located(surface.bins(middle))
        x = x + self.spread(self.code[spread].flatten(-2))
        # A group that is left without points is a learned query and no more.
        x = self.query + x * (count > 0).to(x.dtype)[..., None]
        of = (share.unflatten(2, (n, each)).sum(dim=-1)).argmax(dim=-1)
        for block in self.blocks:
            x = block(x, points, bias)
        return self.out(self.norm(x)), of.masked_fill(count == 0, -1)
