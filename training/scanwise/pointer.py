"""The pointer: which object comes after the gate token `<obj>`."""

from __future__ import annotations

import math

from torch import Tensor, nn

from .encoders import FeedForward

KEY = 128
SPATIAL = 32
PAIR_FEATURES = 11


class Pointer(nn.Module):
    """Scores every object against a hidden state: by what it is, and by where it lies as seen from
    the objects that the hidden state attends to (anchors), through the features of pairs."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.key = nn.Linear(width, KEY)
        self.query = nn.Linear(width, KEY)
        self.anchor_query = nn.Linear(width, KEY)
        self.anchor_key = nn.Linear(width, KEY)
        self.phi = FeedForward(PAIR_FEATURES, SPATIAL, SPATIAL)
        self.spatial = nn.Linear(width, SPATIAL)

    def forward(self, h: Tensor, mention: Tensor, pairs: Tensor, valid: Tensor) -> Tensor:
        """h (s, p, 256) final normed hidden states, p of each scene; mention (s, n, 256),
        pairs (s, n, n, 11), valid (s, n) → scores (s, p, n), −∞ in the padding."""
        m = self.norm(mention)
        scale = 1 / math.sqrt(KEY)
        gone = ~valid[:, None, :]
        anchor = self.anchor_query(h) @ self.anchor_key(m).transpose(1, 2) * scale
        anchor = anchor.float().masked_fill(gone, -math.inf).softmax(dim=-1)
        phi = self.phi(pairs)
        s, n = valid.shape
        # Σ_j a_j φ_ji, (s, p, n, 32): what the anchors see of each object.
        seen = (anchor.to(phi.dtype) @ phi.reshape(s, n, n * SPATIAL)).view(s, -1, n, SPATIAL)
        score = self.query(h) @ self.key(m).transpose(1, 2) * scale
        score = score + (seen @ self.spatial(h)[..., None]).squeeze(-1)
        return score.float().masked_fill(gone, -math.inf)
