"""The whole model. `state_dict()` of `Scanwise` gives exactly the tensor names of ARCHITECTURE.md."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .config import SPECIAL_TOKENS, TEXT_VOCAB, EncodeConfig, LmConfig
from .inst3d import Encode, SceneRows
from .llama import Llama
from .pointer import Pointer
from .systems import SYSTEMS, UNIFIED, Adapters

ID = {name: TEXT_VOCAB + i for i, name in enumerate(SPECIAL_TOKENS)}
"""The token ids of the special tokens at full size."""


class Scanwise(nn.Module):
    """`encode.*`, `lm.*`, `pointer.*` and `adapters.*`."""

    def __init__(self, classes: int, colours: int, lm: LmConfig | None = None,
                 encode: EncodeConfig | None = None, without: frozenset[str] = frozenset(),
                 systems: tuple[str, ...] = SYSTEMS) -> None:
        """systems: those that it can be beside the unified one."""
        super().__init__()
        lm, encode = lm or LmConfig(), encode or EncodeConfig()
        self.encode = Encode(classes, colours, encode, without)
        self.is_blind = "scene" in without
        self.telling: nn.Module | None = None
        """In place of `encode` in the text twin."""
        self.lm = Llama(lm, encode.rows)
        self.pointer = Pointer(lm.width)
        self.adapters = Adapters(self.lm, systems)

    def prefix(self, rows: SceneRows, valid: Tensor, layout_valid: Tensor, bos: int,
               system: str = UNIFIED) -> tuple[Tensor, Tensor]:
        """valid (s, n), layout_valid (s, l) → the prefix (s, 1 + q + rn + l, 256) and which of it is
        not padding."""
        s, n = valid.shape
        first = self.adapters.first(system, self.lm.embed.weight[bos]).expand(s, 1, -1)
        prefix = torch.cat([first, rows.queries.to(first.dtype), rows.objects, rows.layout], dim=1)
        one = valid.new_ones(s, 1 + rows.queries.shape[1])
        seen = torch.cat([one, valid.repeat_interleave(rows.objects.shape[1] // n, dim=1), layout_valid[:, : rows.layout.shape[1]]], dim=1)
        if self.is_blind:
            seen[:, 1:] = False
        return prefix, seen

    def embed(self, token: Tensor, mention: Tensor, seen_from: Tensor, turn: Tensor, rows: SceneRows,
              scene: Tensor) -> Tensor:
        """token (t) ids, mention (t) index of the object named there or −1, seen_from (t, 2) the anchors
        from which it is named, turn (t) the viewer's, scene (t) → (t, 256): a mention is fed as its object's
        row plus the embedding of `<obj>` (which token holds), and in an answer how it stands to the anchors."""
        x = self.lm.embed(token)
        if self.is_blind:
            return x
        at = (mention >= 0).nonzero().squeeze(1)
        x = x.index_add(0, at, rows.mention[scene[at], mention[at]].to(x.dtype))
        if "anchors" in self.encode.without:
            return x
        told = self.pointer.told(rows.pairs, scene[at], mention[at], seen_from[at], turn[at])
        return x.index_add(0, at, told.to(x.dtype))
