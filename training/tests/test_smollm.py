"""What size M takes over from SmolLM2."""

from __future__ import annotations

import unittest

import torch
from torch import Tensor

from scanwise.config import EncodeConfig
from scanwise.goldens import SMALL
from scanwise.llama import rope, rope_angles
from scanwise.model import Scanwise
from scanwise.smollm import halves


def rope_of_neighbours(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """As GGUF's matrices want it: x (…, heads, head_dim)."""
    a, b = x[..., ::2], x[..., 1::2]
    return torch.stack([a * cos - b * sin, b * cos + a * sin], dim=-1).flatten(-2)


class Cut(unittest.TestCase):
    def test_turned_over_matrices_attend_alike(self) -> None:
        torch.manual_seed(0)
        heads, head_dim, width, t = 3, 8, 5, 4
        q, k, x = torch.randn(heads * head_dim, width), torch.randn(heads * head_dim, width), torch.randn(t, width)
        angles = rope_angles(torch.arange(t), head_dim, 100.0)

        def scores(q: Tensor, k: Tensor, turn) -> Tensor:
            q, k = (turn((x @ m.T).unflatten(-1, (heads, head_dim)), *angles) for m in (q, k))
            return torch.einsum("qhd,khd->hqk", q, k)

        ours = scores(halves(q, heads), halves(k, heads), rope)
        torch.testing.assert_close(ours, scores(q, k, rope_of_neighbours), atol=1e-4, rtol=1e-4)
        self.assertFalse(torch.allclose(ours, scores(q, k, rope), atol=0.1))

    def test_one_language_model_has_a_matrix_for_rows_of_another(self) -> None:
        wide = Scanwise(4, 3, SMALL, EncodeConfig(rows=SMALL.width), systems=())
        narrow = Scanwise(4, 3, SMALL, EncodeConfig(rows=32), systems=())
        new = set(narrow.state_dict()) - set(wide.state_dict())
        self.assertEqual(new, {"lm.rows.weight"})
        self.assertEqual(narrow.lm.rows.weight.shape, (SMALL.width, 32))
