"""Spatial 3D-LLM's progressive spatial awareness (Wang et al. 2025), as reconstructed from its summaries: clusters
within a referent, messages between referents, referents among the scene.

`s` scenes, `n` referents: the instances. Points are the 32 patch tokens of each, from the frozen point encoder.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .attention import Attention, attend, mask_bias
from .encoders import FeedForward
from .llm3d import Surface
from .locations import CODE, code_table

CLUSTERS = 8
NEIGHBOURS = 8
EDGE = 5
HEADS = 4


class Abstraction(nn.Module):
    """Intra-referent: points gather round eight centres, which gather into their referent."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.local = FeedForward(width + 3, width, width)
        self.norm = nn.LayerNorm(width)
        self.ff = FeedForward(width, 2 * width, width)
        self.gather = nn.Linear(2 * width, width)

    def forward(self, tokens: Tensor, at: Tensor) -> tuple[Tensor, Tensor]:
        """tokens (b, 32, w), at (b, 32, 3) in radii → clusters (b, 8, w), referents (b, w).

        The patch centres come in farthest-point order, so the first eight are farthest-point centres themselves."""
        own = (at[:, :, None] - at[:, None, :CLUSTERS]).square().sum(dim=-1).argmin(dim=2)
        middle = at[:, :CLUSTERS].gather(1, own[..., None].expand(-1, -1, 3))
        local = self.local(torch.cat([tokens, (at - middle).to(tokens.dtype)], dim=-1))
        # The greatest over the points of each cluster; none is empty, for a centre is nearest to itself.
        least = local.new_full((len(at), CLUSTERS, local.shape[-1]), -torch.inf)
        clusters = least.scatter_reduce(1, own[..., None].expand_as(local), local, "amax")
        # Where points coincide, all are of the first of their centres and the others are left without.
        clusters = clusters.masked_fill(clusters.isinf(), 0)
        clusters = clusters + self.ff(self.norm(clusters))
        return clusters, self.gather(torch.cat([clusters.amax(dim=1), clusters.mean(dim=1)], dim=-1))


def neighbours(boxes: Tensor, valid: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """boxes (s, n, 6), valid (s, n) → of each referent's nearest eight, by their centres: index (s, n, k), edge
    `[p_j − p_i, |p_j − p_i|, log size_j / size_i]` (s, n, k, 5), and whether there is one (s, n, k)."""
    centre, size = boxes[..., :3], boxes[..., 3:].clamp(min=0.01).log().mean(dim=-1)
    distance = (centre[:, :, None] - centre[:, None]).norm(dim=-1)
    same = torch.eye(boxes.shape[1], dtype=torch.bool)
    distance = distance.masked_fill(same | ~valid[:, None, :], torch.inf)
    # By distance, then by index, as everywhere.
    far, index = distance.sort(dim=2, stable=True)
    far, index = far[..., :NEIGHBOURS], index[..., :NEIGHBOURS]
    there = far.isfinite()

    def of(x: Tensor) -> Tensor:
        return x[:, None].expand(-1, boxes.shape[1], *x.shape[1:]).gather(
            2, index.reshape(*index.shape, *[1] * (x.dim() - 2)).expand(*index.shape, *x.shape[2:]))

    offset = of(centre) - centre[:, :, None]
    ratio = of(size) - size[:, :, None]
    edge = torch.cat([offset, far.where(there, 0)[..., None], ratio[..., None]], dim=-1)
    return index, edge * there[..., None], there


class Messages(nn.Module):
    """Inter-referent: a graph convolution over the nearest neighbours, whose edges tell relative positions."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.weight = FeedForward(EDGE, 32, 1)
        self.send = nn.Linear(width + EDGE, width)
        self.receive = nn.Linear(width, width)

    def forward(self, x: Tensor, index: Tensor, edge: Tensor, there: Tensor) -> Tensor:
        """x (s, n, w) → (s, n, w)."""
        y = self.norm(x)
        edge = edge.to(y.dtype)
        share = self.weight(edge).squeeze(-1).float().masked_fill(~there, -1e9).softmax(dim=-1)
        share = (share * there).to(y.dtype)
        s, n, k = index.shape
        other = y.gather(1, index.flatten(1)[..., None].expand(-1, -1, y.shape[-1])).view(s, n, k, -1)
        sent = (share[..., None] * F.relu(self.send(torch.cat([other, edge], dim=-1)))).sum(dim=2)
        return x + self.receive(sent)


class Context(nn.Module):
    """Referent–scene: every referent looks at the clusters of the whole scene, then at the other referents."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.place = nn.Linear(3 * CODE, width)
        self.norm1 = nn.LayerNorm(width)
        self.scene_norm = nn.LayerNorm(width)
        self.query = nn.Linear(width, width)
        self.key_value = nn.Linear(width, 2 * width)
        self.cross_out = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.attn = Attention(width, HEADS)
        self.norm3 = nn.LayerNorm(width)
        self.ff = FeedForward(width, 2 * width, width)
        self.register_buffer("code", code_table(), persistent=False)

    def forward(self, x: Tensor, x_bins: Tensor, scene: Tensor, scene_bins: Tensor, valid: Tensor) -> Tensor:
        """x (s, n, w) and scene (s, 8n, w), each with bins of its places (…, 3); valid (s, n) → (s, n, w)."""
        x = x + self.place(self.code[x_bins].flatten(-2))
        scene = self.scene_norm(scene + self.place(self.code[scene_bins].flatten(-2)))
        seen = valid.repeat_interleave(scene.shape[1] // valid.shape[1], dim=1)
        q = self.query(self.norm1(x)).unflatten(-1, (HEADS, -1))
        k, v = self.key_value(scene).unflatten(-1, (2, HEADS, -1)).unbind(dim=2)
        x = x + self.cross_out(attend(q, k, v, mask_bias(seen)[:, None, None, :]))
        x = x + self.attn(self.norm2(x), valid)
        return x + self.ff(self.norm3(x))


class Spatial(nn.Module):
    """`encode.spatial`: a row for each referent."""

    def __init__(self, width_in: int, width: int) -> None:
        super().__init__()
        self.intra = Abstraction(width_in)
        # What the point encoder made of the whole referent, beside what its clusters come to.
        self.whole = nn.Linear(width_in, width_in)
        self.inter = nn.ModuleList(Messages(width_in) for _ in range(2))
        self.context = Context(width_in)
        self.norm = nn.LayerNorm(width_in)
        self.out = nn.Linear(width_in, width)
        # The unified model begins as it is without.
        nn.init.zeros_(self.out.weight)
        nn.init.zeros_(self.out.bias)

    def forward(self, tokens: Tensor, o3d: Tensor, boxes: Tensor, valid: Tensor, surface: Surface) -> Tensor:
        """tokens (s, n, 32, 128) and o3d (s, n, 128) of the point encoder, boxes (s, n, 6), valid (s, n) →
        (s, n, 256)."""
        s, n = valid.shape
        clusters, x = self.intra(tokens.flatten(0, 1), surface.centres[..., :3].flatten(0, 1))
        x = x.view(s, n, -1) + self.whole(o3d)
        graph = neighbours(boxes, valid)
        for layer in self.inter:
            x = layer(x, *graph)
        places = surface.positions(boxes)[:, :, :CLUSTERS].flatten(1, 2)
        x = self.context(x, surface.bins(boxes[..., :3]), clusters.view(s, n * CLUSTERS, -1),
                         surface.bins(places), valid)
        return self.out(self.norm(x))
