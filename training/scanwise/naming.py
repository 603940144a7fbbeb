"""What a row should say by itself, asked of it in training only.

The answers of a room's few dozen questions teach slowly what every object row must hold. So each row
is also asked directly, for every object of the room at once, by comparing it with the language
model's own embeddings of words: the fused row what its object is and of what colour, the relation row what is
nearest to it, what it stands on, and where it is and how large, in location tokens; Spatial 3D-LLM's row, and of
the object at which it begins the Q-Former's, all of that but the neighbours. This ties rows and words together and
is left out of the export.
"""

from __future__ import annotations

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F

from .batches import Scenes
from .boxes import NUMBERS, Reading
from .inst3d import SceneRows
from .locations import bell

FLOOR = "floor"
TOUCHING, FLOOR_LEVEL = 0.08, 0.12
"""Metres between what stands and what carries it; how far above the lowest thing the floor may lie."""


def name_tokens(tokenizer: Tokenizer, names: list[str]) -> tuple[Tensor, Tensor]:
    """Token ids of each name as questions and as answers write it, (c, t) padded, and their shares
    (c, t), zero in the padding: a name's embedding is the mean over its tokens."""
    ids = [tokenizer.encode(" " + name).ids + tokenizer.encode(name.capitalize()).ids for name in names]
    width = max(map(len, ids))
    token = torch.tensor([i + [0] * (width - len(i)) for i in ids])
    share = torch.tensor([[1 / len(i)] * len(i) + [0.0] * (width - len(i)) for i in ids])
    return token, share


def words(names: list[str], tokenizer: Tokenizer, module: nn.Module, prefix: str) -> None:
    """Buffers `PREFIX_token` and `PREFIX_share` of a module: its vocabulary of names."""
    token, share = name_tokens(tokenizer, names)
    module.register_buffer(f"{prefix}_token", token, persistent=False)
    module.register_buffer(f"{prefix}_share", share, persistent=False)


def gaps(boxes: Tensor, valid: Tensor) -> Tensor:
    """boxes (s, n, 6) → (s, n, n) metres between them, 0 where they overlap, ∞ to itself and to padding."""
    between = (boxes[:, :, None, :3] - boxes[:, None, :, :3]).abs()
    free = (between - (boxes[:, :, None, 3:] + boxes[:, None, :, 3:]) / 2).clamp(min=0)
    same = torch.eye(boxes.shape[1], dtype=torch.bool)
    return free.norm(dim=-1).masked_fill(same | ~valid[:, None, :], torch.inf)


def nearest(boxes: Tensor, valid: Tensor) -> Tensor:
    """boxes (s, n, 6) → (s, n) the object nearest to each, −1 where there is no other."""
    least, index = gaps(boxes, valid).min(dim=2)
    return index.masked_fill(least.isinf(), -1)


def carriers(boxes: Tensor, valid: Tensor) -> Tensor:
    """boxes (s, n, 6) → (s, n) the object each stands on, n where that is the floor, −1 where neither
    can be told from the boxes."""
    low, high = boxes[..., 2] - boxes[..., 5] / 2, boxes[..., 2] + boxes[..., 5] / 2
    inside = ((boxes[:, :, None, :2] - boxes[:, None, :, :2]).abs() < boxes[:, None, :, 3:5] / 2).all(dim=-1)
    step = (low[:, :, None] - high[:, None, :]).abs()
    same = torch.eye(boxes.shape[1], dtype=torch.bool)
    step = step.masked_fill(~inside | same | ~valid[:, None, :], torch.inf)
    least, below = step.min(dim=2)
    ground = torch.where(valid, low, torch.inf).amin(dim=1, keepdim=True)
    on_floor = torch.full_like(below, boxes.shape[1]).masked_fill(low - ground > FLOOR_LEVEL, -1)
    return torch.where(least < TOUCHING, below, on_floor)


class Naming(nn.Module):
    """Questions to every row, answered by the likeness of rows and words."""

    def __init__(self, tokenizer: Tokenizer, classes: list[str], colours: list[str], width: int) -> None:
        super().__init__()
        words([*classes, FLOOR], tokenizer, self, "class")
        words(colours, tokenizer, self, "colour")
        self.itself, self.tint, self.nearest, self.below = (nn.Linear(width, width) for _ in range(4))
        self.scale = nn.Parameter(torch.tensor(np.log(10.0), dtype=torch.float32))

    def forward(self, rows: SceneRows, batch: Scenes, embedding: Tensor, reading: Reading) -> Tensor:
        """embedding (vocab, width) → nats: a third of the sum over what is asked, as at first there were three."""
        s, n = batch.valid.shape
        kinds = self.vocabulary("class", embedding)
        colours = self.vocabulary("colour", embedding)
        label = batch.label.masked_fill(~batch.valid, -1)
        colour = batch.colour.masked_fill(~batch.valid, -1)
        bins = batch.surface.box_bins(batch.boxes).masked_fill((label < 0)[..., None], -1)
        total = embedding.new_zeros(())
        alone = []
        if rows.objects.shape[1] == 4 * n:
            fused, relation = rows.objects.view(s, n, 4, -1)[:, :, 2:].unbind(dim=2)
            near = label_of(nearest(batch.boxes, batch.valid), batch.label)
            below = label_of(carriers(batch.boxes, batch.valid), F.pad(batch.label, (0, 1), value=len(kinds) - 1))
            total = total + self.named(self.itself(fused), kinds, label) + self.named(self.tint(fused), colours, colour)
            total = total + self.named(self.nearest(relation), kinds, near.masked_fill(~batch.valid, -1))
            total = total + self.named(self.below(relation), kinds, below.masked_fill(~batch.valid, -1))
            total = total + told(reading.said(relation), bins)
        elif rows.objects.shape[1] == n:
            alone.append((rows.objects, label, colour, bins))
        if rows.begins is not None:
            at, known = rows.begins.clamp(min=0), rows.begins >= 0
            alone.append((rows.queries, label.gather(1, at).where(known, -1), colour.gather(1, at).where(known, -1),
                          bins.gather(1, at[..., None].expand(-1, -1, NUMBERS)).where(known[..., None], -1)))
        for row, kind, tint, box in alone:
            total = total + self.named(self.itself(row), kinds, kind) + self.named(self.tint(row), colours, tint)
            total = total + told(reading.said(row), box)
        return total / 3

    def vocabulary(self, prefix: str, embedding: Tensor) -> Tensor:
        """→ (c, width) of length one."""
        token, share = getattr(self, f"{prefix}_token"), getattr(self, f"{prefix}_share")
        return F.normalize((embedding[token] * share[..., None]).sum(dim=1).float(), dim=-1)

    def named(self, said: Tensor, names: Tensor, right: Tensor) -> Tensor:
        """said (s, r, width), names (c, width), right (s, r) or −1 where nothing is known → mean nats."""
        likeness = self.scale.exp() * F.normalize(said.float(), dim=-1) @ names.T
        known = right >= 0
        return F.cross_entropy(likeness[known], right[known]) if bool(known.any()) else likeness.sum() * 0


def told(said: Tensor, bins: Tensor) -> Tensor:
    """said (s, r, 6, 256) log-probabilities, bins (s, r, 6) of its object's box or −1 → mean nats against bells."""
    known = bins[..., 0] >= 0
    return -(bell(bins[known]) * said[known]).sum(dim=-1).mean() if bool(known.any()) else said.sum() * 0


def label_of(index: Tensor, label: Tensor) -> Tensor:
    """index (s, n) of others or −1, label (s, …) → (s, n), −1 where there is no other."""
    return torch.where(index < 0, -1, label.gather(1, index.clamp(min=0)))
