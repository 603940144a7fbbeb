"""The instance encoders: points to `O3D`, views to `O2D`, and the heads that name objects.

`b` counts instances. Everything here is trained on class and colour first and then frozen.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .attention import Attention
from .config import EncodeConfig


class FeedForward(nn.Sequential):
    """`1(gelu(0(x)))`: two Linears called 0 and 1, with the exact GELU between."""

    def __init__(self, width_in: int, hidden: int, width_out: int) -> None:
        super().__init__(nn.Linear(width_in, hidden), nn.Linear(hidden, width_out))

    def forward(self, x: Tensor) -> Tensor:
        return self[1](F.gelu(self[0](x)))


class Block(nn.Module):
    """A pre-norm transformer block."""

    def __init__(self, width: int, heads: int, hidden: int) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(width)
        self.attn = Attention(width, heads)
        self.norm2 = nn.LayerNorm(width)
        self.ff = FeedForward(width, hidden, width)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attn(self.norm1(x))
        return x + self.ff(self.norm2(x))


class PointEncoder(nn.Module):
    """Uni3D's shape, small: point patches become tokens of a transformer."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.patch = FeedForward(6, 64, width)
        self.pos = FeedForward(4, 64, width)
        self.extent = FeedForward(8, width, width)
        self.blocks = nn.ModuleList(Block(width, 4, 2 * width) for _ in range(3))
        self.norm = nn.LayerNorm(width)

    def forward(self, patches: Tensor, centres: Tensor, extent: Tensor) -> Tensor:
        """patches (b, 32, 16, 6), centres (b, 32, 4), extent (b, 8) → O3D (b, 128)."""
        tokens = self.patch(patches).amax(dim=2) + self.pos(centres)
        x = torch.cat([self.extent(extent)[:, None], tokens], dim=1)
        for block in self.blocks:
            x = block(x)
        return self.norm(x[:, 0])


class ViewEncoder(nn.Module):
    """A small convolutional net on one crop: red, green, blue, mask."""

    def __init__(self, width: int) -> None:
        super().__init__()
        widths, strides = [4, 24, 48, 96, 96], [2, 2, 2, 1]
        pairs = zip(widths, widths[1:], strides, strict=False)
        self.conv = nn.ModuleList(nn.Conv2d(a, b, 3, stride=s, padding=1) for a, b, s in pairs)
        self.norm = nn.ModuleList(nn.GroupNorm(8, b) for b in widths[1:])
        self.out = nn.Linear(96, width)

    def forward(self, crops: Tensor) -> Tensor:
        """crops (b, 4, 32, 32) in −1..1 → (b, 128)."""
        x = crops
        for conv, norm in zip(self.conv, self.norm, strict=True):
            x = F.gelu(norm(conv(x)))
        return self.out(x.mean(dim=(2, 3)))


class Heads(nn.Module):
    """Name an instance from what its two encoders saw."""

    def __init__(self, width: int, classes: int, colours: int) -> None:
        super().__init__()
        # `class` is a Python keyword, so the module is registered under it by name.
        self.add_module("class", nn.Linear(2 * width, classes))
        self.colour = nn.Linear(2 * width, colours)

    def forward(self, o3d: Tensor, o2d: Tensor, view_valid: Tensor) -> tuple[Tensor, Tensor]:
        """o3d (b, 128), o2d (b, 5, 128), view_valid (b, 5) → class and colour logits."""
        x = torch.cat([o3d, mean_of_valid(o2d, view_valid)], dim=1)
        return self.get_submodule("class")(x), self.colour(x)


def mean_of_valid(o2d: Tensor, view_valid: Tensor) -> Tensor:
    """o2d (…, v, w), view_valid (…, v) → (…, w); zero where there is no view."""
    weight = view_valid.to(o2d.dtype)[..., None]
    return (o2d * weight).sum(dim=-2) / weight.sum(dim=-2).clamp(min=1)


class Encoders(nn.Module):
    """`encode.points`, `encode.view` and `encode.heads`."""

    def __init__(self, classes: int, colours: int, config: EncodeConfig | None = None) -> None:
        super().__init__()
        config = config or EncodeConfig()
        self.points = PointEncoder(config.width)
        self.view = ViewEncoder(config.width)
        self.heads = Heads(config.width, classes, colours)

    def view_tokens(self, crops: Tensor) -> Tensor:
        """crops u8 (b, v, c, 4, p, p) → O2D (b, v, 128): the mean over the c crops."""
        b, v, c = crops.shape[:3]
        flat = crops.flatten(0, 2).float() / 127.5 - 1
        return self.view(flat).view(b, v, c, -1).mean(dim=2)
