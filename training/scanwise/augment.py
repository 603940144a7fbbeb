"""A room turned by quarter turns is as good a room: walls stay along the axes. So is, for what does
not depend on left and right, a room in a mirror.

A variant is `(quarter_turns, mirrored)`: first x is negated where mirrored, then all is turned
about z. The functions take numpy arrays or torch tensors of any leading shape.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
import torch

Array = TypeVar("Array", np.ndarray, torch.Tensor)

ALL = [(turns, mirrored) for turns in range(4) for mirrored in (False, True)]
CACHED = [(turns, False) for turns in range(4)]
"""The variants for which features are cached for the joint training, which asks for left and right."""


def _copy(x: Array) -> Array:
    return x.copy() if isinstance(x, np.ndarray) else x.clone()


def turn_offsets(xy: Array, variant: tuple[int, bool]) -> Array:
    """Vectors or points about the origin; the last axis begins with x, y."""
    turns, mirrored = variant
    out = _copy(xy)
    x, y = -xy[..., 0] if mirrored else xy[..., 0], xy[..., 1]
    out[..., 0], out[..., 1] = [(x, y), (-y, x), (-x, -y), (y, -x)][turns]
    return out


def turn_sizes(xy: Array, variant: tuple[int, bool]) -> Array:
    """Edge lengths along x and y change places with every quarter turn."""
    out = _copy(xy)
    if variant[0] % 2:
        out[..., 0], out[..., 1] = xy[..., 1], xy[..., 0]
    return out


def turn_boxes(boxes: Array, variant: tuple[int, bool]) -> Array:
    """(…, 6) centre and size, metres."""
    out = turn_offsets(boxes, variant)
    out[..., 3:] = turn_sizes(boxes[..., 3:], variant)
    return out


def turn_layout(layout: Array, variant: tuple[int, bool]) -> Array:
    """(…, 9): kind, then centre and size in the scene box, 0..1."""
    out = _copy(layout)
    out[..., 3:6] = turn_offsets(layout[..., 3:6] - 0.5, variant) + 0.5
    out[..., 6:9] = turn_sizes(layout[..., 6:9], variant)
    return out
