"""Scaled dot-product attention in plain matrix products.

Written out because torch's fused kernel for the CPU is three times slower on sequences this short.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

MASKED = -1e9


def attend(q: Tensor, k: Tensor, v: Tensor, bias: Tensor | None = None) -> Tensor:
    """q (b, tq, heads, d), k and v (b, tk, kv_heads, d), bias broadcast to (b, heads, tq, tk) and
    added to the logits → (b, tq, heads · d).

    Query head h reads key-value head h // (heads / kv_heads).
    """
    b, tq, heads, d = q.shape
    tk, kv_heads = k.shape[1], k.shape[2]
    share = heads // kv_heads
    q = (q * d**-0.5).view(b, tq, kv_heads, share, d).permute(0, 2, 3, 1, 4).reshape(-1, share * tq, d)
    k = k.permute(0, 2, 3, 1).reshape(-1, d, tk)
    v = v.transpose(1, 2).reshape(-1, tk, d)
    logits = (q @ k).float().view(b, heads, tq, tk)
    if bias is not None:
        logits = logits + bias
    weights = logits.softmax(dim=-1).to(v.dtype).view(-1, share * tq, tk)
    y = (weights @ v).view(b, kv_heads, share, tq, d)
    return y.permute(0, 3, 1, 2, 4).reshape(b, tq, heads * d)


def mask_bias(allowed: Tensor) -> Tensor:
    """bool of any shape → 0 where allowed, as good as −∞ elsewhere."""
    return torch.zeros(allowed.shape).masked_fill(~allowed, MASKED)


class Attention(nn.Module):
    """Multi-head self-attention with one `qkv` Linear and an `out` Linear."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)

    def forward(self, x: Tensor, key_is_valid: Tensor | None = None) -> Tensor:
        """x (b, t, width), key_is_valid (b, t) bool → (b, t, width)."""
        q, k, v = self.qkv(x).unflatten(-1, (3, self.heads, -1)).unbind(dim=2)
        bias = None if key_is_valid is None else mask_bias(key_is_valid)[:, None, None, :]
        return self.out(attend(q, k, v, bias))
