"""The text twin: a scene told in tokens, with no feature of points, views or relations.

Every object is told by what the encoders' heads took it for, as a detector in front of a language
model would tell it: `<OBJ i>`, the name of its class, the word for its colour, and six location tokens,
of its centre in steps of 5 cm from the scene's corner and of its size in steps of 2 cm.
`scanwise eval --text` tells a scene in the same way.
"""

from __future__ import annotations

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from .batches import Scenes
from .inst3d import Encode, SceneRows, padded_scene_box
from .locations import BINS, PLACE_M, SIZE_M
from .model import ID
from .naming import name_tokens
from .pointer import PAIR_FEATURES



def location_bins(boxes: Tensor, valid: Tensor) -> Tensor:
    """boxes (s, n, 6) metres → (s, n, 6) numbers of location tokens."""
    low, _ = padded_scene_box(boxes, valid)
    place = (boxes[..., :3] - low[:, None]) / PLACE_M
    return torch.cat([place, boxes[..., 3:] / SIZE_M], dim=-1).long().clamp(0, BINS - 1)


class Telling(nn.Module):
    """No parameters of its own: the embeddings of tokens are the rows."""

    def __init__(self, tokenizer: Tokenizer, classes: list[str], colours: list[str]) -> None:
        super().__init__()
        # Of a name of several tokens the mean stands in one row.
        for kind, names in (("name", classes), ("colour", colours)):
            token, share = name_tokens(tokenizer, names)
            self.register_buffer(f"{kind}_token", token, persistent=False)
            self.register_buffer(f"{kind}_share", share, persistent=False)

    def forward(self, encode: Encode, embedding: Tensor, batch: Scenes) -> SceneRows:
        """embedding (vocab, d) → nine rows for each object."""
        s, n = batch.valid.shape
        of_class, of_colour = encode.heads(batch.o3d.flatten(0, 1), batch.o2d.flatten(0, 1),
                                           batch.view_valid.flatten(0, 1))
        name = (embedding[self.name_token] * self.name_share[..., None]).sum(dim=1)
        colour = (embedding[self.colour_token] * self.colour_share[..., None]).sum(dim=1)
        called = name[of_class.argmax(dim=1)].view(s, n, 1, -1)
        coloured = colour[of_colour.argmax(dim=1)].view(s, n, 1, -1)
        where = embedding[ID["<loc0>"] + location_bins(batch.boxes, batch.valid)]
        identity = encode.id_embed[batch.slots][:, :, None].to(where.dtype)
        rows = torch.cat([identity, called, coloured, where], dim=2)
        mention = rows[:, :, :3].sum(dim=2)
        return SceneRows(rows.new_zeros(s, 0, rows.shape[-1]), rows.flatten(1, 2), encode.layout(batch.layout), mention, mention.new_zeros(s, n, n, PAIR_FEATURES))
