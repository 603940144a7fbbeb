"""What a row should say by itself, asked of it in training only.

The answers of a room's few dozen questions teach slowly what every object row must hold. So each row
is also asked directly, for every object of the room at once, by comparing it with the language
model's own embeddings of the class names: the fused row what its object is, the relation row what is
nearest to it and what it stands on. This ties rows and words together and is left out of the export.
"""

from __future__ import annotations

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional as F

from .batches import Scenes
from .inst3d import SceneRows

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
    """Three questions to every object, answered by the likeness of rows and words."""

    def __init__(self, tokenizer: Tokenizer, classes: list[str], width: int) -> None:
        super().__init__()
        token, share = name_tokens(tokenizer, [*classes, FLOOR])
        self.register_buffer("token", token, persistent=False)
        self.register_buffer("share", share, persistent=False)
        self.itself, self.nearest, self.below = (nn.Linear(width, width) for _ in range(3))
        self.scale = nn.Parameter(torch.tensor(np.log(10.0), dtype=torch.float32))

    def forward(self, rows: SceneRows, batch: Scenes, embedding: Tensor) -> Tensor:
        """embedding (vocab, width) → mean nats of the three."""
        s, n = batch.valid.shape
        names = F.normalize((embedding[self.token] * self.share[..., None]).sum(dim=1).float(), dim=-1)
        fused, relation = rows.objects.view(s, n, 4, -1)[:, :, 2:].unbind(dim=2)
        label = F.pad(batch.label, (0, 1), value=len(names) - 1)
        near = nearest(batch.boxes, batch.valid)
        carrier = carriers(batch.boxes, batch.valid)

        def label_of(index: Tensor) -> Tensor:
            return torch.where(index < 0, -1, label.gather(1, index.clamp(min=0)))

        asked = [(self.itself(fused), batch.label), (self.nearest(relation), label_of(near)),
                 (self.below(relation), label_of(carrier))]
        total = embedding.new_zeros(())
        for said, right in asked:
            likeness = self.scale.exp() * F.normalize(said.float(), dim=-1) @ names.T
            right = right.masked_fill(~batch.valid, -1)
            if bool((right >= 0).any()):
                total = total + F.cross_entropy(likeness.flatten(0, 1), right.flatten(), ignore_index=-1)
        return total / len(asked)
