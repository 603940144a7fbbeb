"""What the location tokens `<loc0>` … `<loc255>` mean, as `scene::Locations` has it, and the code in which rows tell
them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

BINS = 256
PLACE_M, SIZE_M = 0.05, 0.02
"""Steps of a place and of an edge, metres, in scenes up to 12.8 m long; in longer ones both grow alike."""
CODE = 84
"""Numbers of the code of one bin: 42 sines and 42 cosines, of periods from 2 to 512 bins."""
SPREAD = 1.5
"""A place one bin off is nearly as right: the standard deviation of what is shown for a location token, in bins."""
PAD = 0.1
"""Metres by which the padded scene box is larger on each side at least."""


@dataclass(frozen=True)
class Locations:
    """The steps of one scene."""

    corner: np.ndarray
    """(3) metres"""
    grown: float

    @staticmethod
    def within(boxes: np.ndarray) -> Locations:
        """boxes (n, 6) centre and size of every instance, metres."""
        low, high = (boxes[:, :3] - boxes[:, 3:] / 2).min(axis=0), (boxes[:, :3] + boxes[:, 3:] / 2).max(axis=0)
        margin = np.maximum(0.05 * (high - low), PAD)
        longest = float((high - low + 2 * margin).max())
        return Locations((low - margin).astype(np.float32), max(1.0, longest / (BINS * PLACE_M)))

    def places(self, points: np.ndarray) -> np.ndarray:
        """(…, 2 or 3) metres → numbers of location tokens."""
        return bins((points - self.corner[: points.shape[-1]]) / (PLACE_M * self.grown))

    def boxes(self, boxes: np.ndarray) -> np.ndarray:
        """(…, 6) → numbers of location tokens: of the centre, then of the edges."""
        return bins(self.exact(boxes))

    def exact(self, boxes: np.ndarray) -> np.ndarray:
        """(…, 6) → the same before they are cut to whole numbers."""
        places = (boxes[..., :3] - self.corner) / (PLACE_M * self.grown)
        return np.concatenate([places, boxes[..., 3:] / (SIZE_M * self.grown)], axis=-1)


def bins(steps: np.ndarray) -> np.ndarray:
    return np.floor(steps).clip(0, BINS - 1).astype(np.int64)


def bell(number: Tensor) -> Tensor:
    """number (…) → (…, 256): what is shown for a location token, a bell round it."""
    near = torch.arange(BINS) - number[..., None]
    return torch.softmax(-(near / SPREAD).square() / 2, dim=-1)


def code_table() -> Tensor:
    """(256, 84): the sinusoidal code of each bin (3D-LLM's position embedding has 256 bins an axis)."""
    period = 2 * 256 ** (torch.arange(CODE // 2, dtype=torch.float64) / (CODE // 2 - 1))
    angle = 2 * torch.pi * torch.arange(BINS, dtype=torch.float64)[:, None] / period
    return torch.cat([angle.sin(), angle.cos()], dim=1).float()
