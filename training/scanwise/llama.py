"""The language model: a Llama-family decoder over rows and tokens.

In training many questions stand behind one prefix. Linears run on the tokens packed without
padding; only attention pads, one question a row, each with its own scene's prefix in front.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .attention import attend, mask_bias
from .config import LmConfig


BUCKET = 40
"""Questions attended to at a time; sorted by length, they need little padding."""


@dataclass
class Packing:
    """Where `t` packed question tokens belong."""

    position: Tensor
    """(t) place within the question, 0 and on."""
    scene: Tensor
    """(q) the scene that each question is about."""
    length: list[int]
    """(q) tokens of each question; they sum to t."""


@dataclass
class Bucket:
    """Some neighbouring questions, q of at most l tokens, as attention sees them."""

    tokens: slice
    """Theirs of the t."""
    cell: Tensor
    """(tokens) the cell of each in the (q, l) grid."""
    scene: Tensor
    """(q)"""
    width: int
    """l"""
    bias: Tensor
    """(q, 1, l, p + l): each sees its scene's prefix and, of itself, what came before."""

    def grid(self, x: Tensor) -> Tensor:
        """(t, heads, head_dim) → (q, l, heads, head_dim), zero where there is no token."""
        cells = x.new_zeros(len(self.scene) * self.width, *x.shape[1:])
        return cells.index_copy(0, self.cell, x[self.tokens]).unflatten(0, (-1, self.width))


def buckets(packing: Packing, row_bias: Tensor) -> list[Bucket]:
    """row_bias (s, 1, 1, p)."""
    out, start = [], 0
    for first in range(0, len(packing.length), BUCKET):
        length = torch.tensor(packing.length[first : first + BUCKET])
        q, l, t = len(length), int(length.max()), int(length.sum())
        question = torch.repeat_interleave(torch.arange(q), length)
        within = torch.arange(t) - torch.repeat_interleave(length.cumsum(0) - length, length)
        scene = packing.scene[first : first + q]
        causal = mask_bias(torch.ones(l, l, dtype=torch.bool).tril())
        bias = torch.cat([row_bias[scene].expand(q, 1, l, -1), causal.expand(q, 1, l, l)], dim=3)
        out.append(Bucket(slice(start, start + t), question * l + within, scene, l, bias))
        start += t
    return out


class RmsNorm(nn.Module):
    def __init__(self, width: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x, (x.shape[-1],), self.weight, self.eps)


def rope_angles(position: Tensor, head_dim: int, base: float) -> tuple[Tensor, Tensor]:
    """position (…) → cos, sin (…, 1, head_dim / 2)."""
    frequency = base ** (-torch.arange(0, head_dim, 2, dtype=torch.float32) / head_dim)
    angle = position.float()[..., None, None] * frequency
    return angle.cos(), angle.sin()


def rope(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotates the halves of every head: x (…, heads, head_dim)."""
    a, b = x.float().chunk(2, dim=-1)
    return torch.cat([a * cos - b * sin, b * cos + a * sin], dim=-1).to(x.dtype)


class SelfAttention(nn.Module):
    def __init__(self, config: LmConfig) -> None:
        super().__init__()
        self.heads, self.kv_heads, self.head_dim = config.heads, config.kv_heads, config.head_dim
        self.q = nn.Linear(config.width, self.heads * self.head_dim, bias=False)
        self.k = nn.Linear(config.width, self.kv_heads * self.head_dim, bias=False)
        self.v = nn.Linear(config.width, self.kv_heads * self.head_dim, bias=False)
        self.o = nn.Linear(self.heads * self.head_dim, config.width, bias=False)

    def project(self, x: Tensor, angles: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        """x (…, width) → q (…, heads, head_dim), k and v (…, kv_heads, head_dim)."""
        q = self.q(x).unflatten(-1, (self.heads, self.head_dim))
        k = self.k(x).unflatten(-1, (self.kv_heads, self.head_dim))
        v = self.v(x).unflatten(-1, (self.kv_heads, self.head_dim))
        return rope(q, *angles), rope(k, *angles), v


class FeedForward(nn.Module):
    """SwiGLU."""

    def __init__(self, config: LmConfig) -> None:
        super().__init__()
        self.gate = nn.Linear(config.width, config.ff, bias=False)
        self.up = nn.Linear(config.width, config.ff, bias=False)
        self.down = nn.Linear(config.ff, config.width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.down(F.silu(self.gate(x)) * self.up(x))


class Layer(nn.Module):
    def __init__(self, config: LmConfig) -> None:
        super().__init__()
        self.attn_norm = RmsNorm(config.width, config.norm_eps)
        self.attn = SelfAttention(config)
        self.ffn_norm = RmsNorm(config.width, config.norm_eps)
        self.ffn = FeedForward(config)


class Llama(nn.Module):
    """`lm.*`."""

    def __init__(self, config: LmConfig, rows: int) -> None:
        """rows: how wide rows of the scene are."""
        super().__init__()
        self.config = config
        self.rows = None if rows == config.width else nn.Linear(rows, config.width, bias=False)
        self.embed = nn.Embedding(config.vocab, config.width)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.layers))
        self.norm = RmsNorm(config.width, config.norm_eps)
        nn.init.normal_(self.embed.weight, std=0.02)
        for layer in self.layers:
            for residual in (layer.attn.o, layer.ffn.down):
                nn.init.normal_(residual.weight, std=0.02 / (2 * config.layers) ** 0.5)

    def forward(self, prefix: Tensor, prefix_valid: Tensor, x: Tensor, packing: Packing) -> Tensor:
        """prefix (s, p, width) rows with padding where prefix_valid (s, p) is false,
        x (t, width) packed question tokens → final normed hidden states (t, width)."""
        config = self.config
        # Padding takes no position, so that a padded scene reads like the same scene alone.
        row_position = prefix_valid.long().cumsum(dim=1) - 1
        row_angles = rope_angles(row_position, config.head_dim, config.rope_base)
        of_token = packing.scene.repeat_interleave(torch.tensor(packing.length))
        position = prefix_valid.sum(dim=1)[of_token] + packing.position
        angles = rope_angles(position, config.head_dim, config.rope_base)
        row_bias = mask_bias(prefix_valid)[:, None, None, :]
        parts = buckets(packing, row_bias)
        for i, layer in enumerate(self.layers):
            row_q, row_k, row_v = layer.attn.project(layer.attn_norm(prefix), row_angles)
            qs, ks, vs = layer.attn.project(layer.attn_norm(x), angles)
            y = []
            for part in parts:
                k = torch.cat([row_k[part.scene], part.grid(ks)], dim=1)
                v = torch.cat([row_v[part.scene], part.grid(vs)], dim=1)
                y.append(attend(part.grid(qs), k, v, part.bias).flatten(0, 1)[part.cell])
            x = x + layer.attn.o(torch.cat(y))
            x = x + layer.ffn(layer.ffn_norm(x))
            if i + 1 < len(self.layers):
                prefix = prefix + layer.attn.o(attend(row_q, row_k, row_v, row_bias))
                prefix = prefix + layer.ffn(layer.ffn_norm(prefix))
        return self.norm(x)

    def logits(self, h: Tensor) -> Tensor:
        """(…, width) → (…, vocab): the embedding is tied."""
        return F.linear(h, self.embed.weight)
