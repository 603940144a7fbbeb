"""MCMF and 3D-ISR of Inst3D-LMM, and the rows that the language model reads.

`s` counts scenes, `n` objects of the widest scene in the batch (`valid` marks the real ones).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .attention import Attention, attend, mask_bias
from .boxes import Reading, Readings
from .config import SLOTS, EncodeConfig
from .encoders import Encoders, FeedForward, mean_of_valid
from .llm3d import QFormer, Surface
from .locations import CODE, code_table
from .spatial import Spatial
from .systems import UNIFIED

HEADS = 4
OCTAVES = 6


def pairwise_relations(centres: Tensor, valid: Tensor) -> Tensor:
    """`s_ij` of Inst3D-LMM eq. 3: centres (s, n, 3), valid (s, n) → (s, n, n, 5).

    `[sin θh, cos θh, sin θv, cos θv, d / d_max]` from i to j, as `scene::pairwise_relations`.
    """
    offset = centres[:, None, :, :] - centres[:, :, None, :]
    d = offset.norm(dim=-1)
    d_xy = offset[..., :2].norm(dim=-1)
    both = valid[:, :, None] & valid[:, None, :]
    d_max = (d * both).amax(dim=(1, 2)).clamp(min=1e-6)[:, None, None]
    flat, near = d_xy > 1e-6, d > 1e-6
    zero, one = torch.zeros_like(d), torch.ones_like(d)
    safe_xy, safe_d = torch.where(flat, d_xy, one), torch.where(near, d, one)
    return torch.stack([
        torch.where(flat, offset[..., 1] / safe_xy, zero),
        torch.where(flat, offset[..., 0] / safe_xy, one),
        torch.where(near, offset[..., 2] / safe_d, zero),
        torch.where(near, d_xy / safe_d, one),
        d / d_max,
    ], dim=-1)


def pair_features(boxes: Tensor, s_ij: Tensor) -> Tensor:
    """What the pointer knows of pairs of boxes (s, n, 6), as `scene::pair_features`: (s, n, n, 11),
    the first five `s_ij`."""
    centre, size = boxes[..., :3], boxes[..., 3:]
    low, high = centre - size / 2, centre + size / 2
    d = (centre[:, None] - centre[:, :, None]).norm(dim=-1)
    apart = torch.maximum(low[:, None] - high[:, :, None], low[:, :, None] - high[:, None])
    gap = apart.clamp(min=0).norm(dim=-1)
    above = low[:, None, :, 2] - high[:, :, None, 2]
    below = low[:, :, None, 2] - high[:, None, :, 2]
    shared = (-apart[..., :2]).clamp(min=0).prod(dim=-1)
    area = size[..., :2].prod(dim=-1)
    smaller = torch.minimum(area[:, None], area[:, :, None]).clamp(min=1e-4)
    same = torch.eye(boxes.shape[1]).expand_as(d)
    return torch.cat([s_ij, torch.stack([
        (d + 0.05).log(), (gap + 0.02).log(), same, above.clamp(-1, 1), below.clamp(-1, 1), shared / smaller,
    ], dim=-1)], dim=-1)


def padded_scene_box(boxes: Tensor, valid: Tensor) -> tuple[Tensor, Tensor]:
    """boxes (s, n, 6) centre and size → least corner and size (s, 3) of the padded scene box:
    the box round all instance boxes, grown on each side by 5 % of its size, at least by 0.1 m."""
    low = boxes[..., :3] - boxes[..., 3:] / 2
    high = boxes[..., :3] + boxes[..., 3:] / 2
    far = torch.full_like(low, math.inf)
    low = torch.where(valid[..., None], low, far).amin(dim=1)
    high = torch.where(valid[..., None], high, -far).amax(dim=1)
    margin = (0.05 * (high - low)).clamp(min=0.1)
    return low - margin, high - low + 2 * margin


def fourier(u: Tensor) -> Tensor:
    """(…, 6) → (…, 78): u, then for k = 0..5 the six sines and the six cosines of 2^k π u."""
    waves = [f(2.0**k * math.pi * u) for k in range(OCTAVES) for f in (torch.sin, torch.cos)]
    return torch.cat([u, *waves], dim=-1)


DOUBT = 1.25
"""Deviation of what training adds to the logarithms of probabilities."""


def doubted(likely: Tensor) -> Tensor:
    """Probabilities of classes, as wrong as they are of meshes never seen: who guesses knows the training meshes too
    well. What is told stays."""
    logits = (likely + 1e-3).log()
    return torch.where(likely.amax(dim=-1, keepdim=True) > 0.94, likely,
                       (logits + DOUBT * torch.randn_like(logits)).softmax(dim=-1))


class Mcmf(nn.Module):
    """Multi-view cross-modal fusion: what the views saw is injected into the 3D feature."""

    def __init__(self, width_in: int, width: int, views: int) -> None:
        super().__init__()
        self.in3d = nn.Linear(width_in, width)
        self.in2d = nn.Linear(width_in, width)
        self.cls = nn.Parameter(torch.randn(width) * 0.02)
        self.view_pos = nn.Parameter(torch.randn(views + 1, width) * 0.02)
        self.view_norm = nn.LayerNorm(width)
        self.view_attn = Attention(width, HEADS)
        self.obj_norm = nn.LayerNorm(width)
        self.obj_attn = Attention(width, HEADS)
        self.query = nn.Linear(width, width, bias=False)
        self.key = FeedForward(width, width, width)
        self.value = FeedForward(width, width, width)
        self.cross_out = nn.Linear(width, width)
        self.out = nn.Linear(width, width)
        self.coarse = FeedForward(width_in, width, width)

    def forward(self, o3d: Tensor, o2d: Tensor, view_valid: Tensor, valid: Tensor) -> tuple[Tensor, Tensor]:
        """o3d (s, n, 128), o2d (s, n, v, 128), view_valid (s, n, v), valid (s, n) →
        coarse and fused rows, each (s, n, 256)."""
        s, n, v, _ = o2d.shape
        x = self.in3d(o3d)
        views = self.in2d(o2d) + self.view_pos[1:]
        cls = (self.cls + self.view_pos[0]).expand(s, n, 1, -1)
        c2d = torch.cat([cls.to(views.dtype), views], dim=2).flatten(0, 1)
        seen = F.pad(view_valid.bool().reshape(s * n, v), (1, 0), value=True)
        c2d = c2d + self.view_attn(self.view_norm(c2d), seen)
        x = x + self.obj_attn(self.obj_norm(x), valid)

        width = x.shape[-1]
        q = self.query(x)

        def split(t: Tensor) -> Tensor:
            return t.view(s * n, -1, HEADS, width // HEADS)

        heads = attend(split(q), split(self.key(c2d)), split(self.value(c2d)), mask_bias(seen)[:, None, None, :])
        injected = self.cross_out(heads.view(s, n, width))
        return self.coarse(o3d), self.out(injected + q)


class IsrLayer(nn.Module):
    """Self-attention gated by the pairwise relations: the paper's `cond` form."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.gate = nn.Linear(width, HEADS * 6)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.ff = FeedForward(width, 2 * width, width)

    def forward(self, x: Tensor, s_ij: Tensor, valid: Tensor) -> Tensor:
        """x (s, n, 256), s_ij (s, n, n, 5), valid (s, n) → (s, n, 256)."""
        y = self.norm1(x)
        gate = self.gate(y).unflatten(-1, (HEADS, 6)).float()
        logit = torch.einsum("sihk,sijk->shij", gate[..., :5], s_ij) + gate[..., 5].transpose(1, 2)[..., None]
        bias = torch.sigmoid(logit).clamp(min=1e-6).log()
        bias = bias + mask_bias(valid)[:, None, None, :]
        q, k, v = self.qkv(y).unflatten(-1, (3, HEADS, -1)).unbind(dim=2)
        x = x + self.out(attend(q, k, v, bias))
        return x + self.ff(self.norm2(x))


class Isr(nn.Module):
    """3D instance spatial relations: where each object stands among the others."""

    def __init__(self, width_in: int, width: int) -> None:
        super().__init__()
        self.pos = FeedForward(6 + 12 * OCTAVES, width, width)
        # `in` is a Python keyword, so the module is registered under it by name.
        self.add_module("in", nn.Linear(2 * width_in, width))
        self.layers = nn.ModuleList(IsrLayer(width) for _ in range(2))
        self.norm = nn.LayerNorm(width)
        self.out = nn.Linear(width, width)

    def forward(self, o3d: Tensor, o2d_mean: Tensor, boxes: Tensor, s_ij: Tensor, valid: Tensor,
                related: bool = True) -> Tensor:
        """o3d, o2d_mean (s, n, 128), boxes (s, n, 6) metres → relation rows (s, n, 256)."""
        low, size = padded_scene_box(boxes, valid)
        u = torch.cat([(boxes[..., :3] - low[:, None]) / size[:, None], boxes[..., 3:]], dim=-1)
        x = self.get_submodule("in")(torch.cat([o3d, o2d_mean], dim=-1)) + self.pos(fourier(u))
        for layer in self.layers if related else ():
            x = layer(x, s_ij, valid)
        return self.out(self.norm(x))


class SceneRows:
    """What the language model is given of a batch of scenes."""

    def __init__(self, queries: Tensor, objects: Tensor, layout: Tensor, mention: Tensor, pairs: Tensor,
                 begins: Tensor | None = None, readings: Readings | None = None) -> None:
        self.queries = queries
        """(s, q, 256): of the Q-Former, 32 or none."""
        self.begins = begins
        """(s, q): the object as which each query begins, or −1; where there are queries."""
        self.objects = objects
        """(s, rn, 256), r rows for each object: `[id, coarse, fused, relation]`, Spatial 3D-LLM's one, none, or its
        telling."""
        self.layout = layout
        """(s, l, 256)."""
        self.mention = mention
        """(s, n, 256): fused + relation, fed where a text names the object; of Spatial 3D-LLM its row, of 3D-LLM its
        place and the rows that say it is there."""
        self.pairs = pairs
        """(s, n, n, 11)."""
        self.readings = readings
        """Of those that name objects by boxes."""

    def through(self, matrix: nn.Module) -> SceneRows:
        """The same for a language model of another width."""
        return SceneRows(matrix(self.queries), matrix(self.objects), matrix(self.layout), matrix(self.mention), self.pairs,
                         self.begins, self.readings)


class Encode(Encoders):
    """`encode.*`: beside the instance encoders, which are frozen by now, what makes rows of their
    features: `mcmf`, `isr`, `spatial`, `llm3d`, `place`, `reading`, `id_embed`, `layout`."""

    def __init__(self, classes: int, colours: int, encode: EncodeConfig,
                 without: frozenset[str] = frozenset()) -> None:
        super().__init__(classes, colours, encode)
        self.without = without
        self.mcmf = Mcmf(encode.width, encode.rows, encode.views)
        self.isr = Isr(encode.width, encode.rows)
        self.spatial = Spatial(encode.width, encode.rows)
        self.llm3d = QFormer(encode.width, encode.rows)
        # Where an object is and how large, in the code of the location tokens.
        self.place = nn.Linear(6 * CODE, encode.rows, bias=False)
        nn.init.zeros_(self.place.weight)
        self.register_buffer("code", code_table(), persistent=False)
        # What an object is likely to be.
        self.named = nn.Linear(classes, encode.rows, bias=False)
        nn.init.zeros_(self.named.weight)
        self.reading = Reading(encode.rows)
        self.id_embed = nn.Parameter(torch.randn(SLOTS, encode.rows) * 0.02)
        self.layout = nn.Linear(9, encode.rows)

    def patch_tokens(self, surface: Surface) -> Tensor:
        """→ (s, n, 32, 128), as the frozen point encoder has them before its blocks."""
        with torch.no_grad():
            return self.points.patch(surface.patches).amax(dim=3) + self.points.pos(surface.centres)

    def placed(self, boxes: Tensor, surface: Surface) -> Tensor:
        """boxes (s, n, 6) → (s, n, 256)."""
        return self.place(self.code[surface.box_bins(boxes)].flatten(-2))

    def likely(self, o3d: Tensor, o2d: Tensor, view_valid: Tensor, guess: Tensor) -> Tensor:
        """guess (…, classes): probabilities as something else guessed them, zeros where it did not → the mean of
        these and of the head's own."""
        with torch.no_grad():
            logits, _ = self.heads(o3d.flatten(0, -2), o2d.flatten(0, -3), view_valid.flatten(0, -2))
            own = logits.float().softmax(dim=-1).view(guess.shape)
            return (own + guess) / (1 + guess.sum(dim=-1, keepdim=True))

    def forward(self, o3d: Tensor, o2d: Tensor, view_valid: Tensor, boxes: Tensor, slots: Tensor,
                layout: Tensor, valid: Tensor, surface: Surface, guess: Tensor, system: str = UNIFIED) -> SceneRows:
        """o3d (s, n, 128), o2d (s, n, v, 128), view_valid (s, n, v), boxes (s, n, 6), slots (s, n)
        int, layout (s, l, 9), valid (s, n) bool, guess (s, n, classes) → the rows that `system` reads."""
        if "points" in self.without:
            o3d = torch.zeros_like(o3d)
        if "views" in self.without:
            o2d, view_valid = torch.zeros_like(o2d), torch.zeros_like(view_valid)
        s_ij = pairwise_relations(boxes[..., :3], valid)
        pairs = pair_features(boxes, s_ij)
        if "pairs" in self.without:
            pairs = torch.zeros_like(pairs)
        none = boxes.new_zeros(len(boxes), 0, self.id_embed.shape[1])
        if system == "llm3d":
            queries, begins = self.llm3d(o2d, view_valid, boxes, valid, surface)
            readings = self.reading(queries, valid.new_ones(queries.shape[:2]))
            share = readings.of(surface.box_bins(boxes)).softmax(dim=1).to(queries.dtype)
            return SceneRows(queries, none, none, self.placed(boxes, surface) + share.mT @ queries, pairs, begins, readings)
        if system == "spatial":
            referents = self.spatial(self.patch_tokens(surface), o3d, boxes, valid, surface) + self.placed(boxes, surface)
            return SceneRows(none, referents, self.layout(layout), referents, pairs, None, self.reading(referents, valid))
        coarse, fused = self.mcmf(o3d, o2d, view_valid, valid)
        if "mcmf" in self.without:
            fused = coarse
        relation = self.isr(o3d, mean_of_valid(o2d, view_valid), boxes, s_ij, valid, "isr" not in self.without)
        if "spatial" not in self.without and system == UNIFIED:
            relation = relation + self.spatial(self.patch_tokens(surface), o3d, boxes, valid, surface)
        if "locations" not in self.without and system == UNIFIED:
            relation = relation + self.placed(boxes, surface)
        if "named" not in self.without and system == UNIFIED:
            likely = self.likely(o3d, o2d, view_valid, guess)
            relation = relation + self.named(doubted(likely) if self.training else likely)
        queries, begins = none, None
        if "queries" not in self.without and system == UNIFIED:
            queries, begins = self.llm3d(o2d, view_valid, boxes, valid, surface)
        rows = torch.stack([self.id_embed[slots].to(fused.dtype), coarse, fused, relation], dim=2)
        return SceneRows(queries, rows.flatten(1, 2), self.layout(layout), fused + relation, pairs, begins)
