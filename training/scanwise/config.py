"""The widths of the model and its special tokens, in one place."""

from __future__ import annotations

from dataclasses import asdict, dataclass

SLOTS = 200
"""How many `<OBJ i>` identifiers there are."""

MAX_LAYOUT = 8
"""How many layout rows a prefix may hold."""

SPECIAL_TOKENS = [
    "<|pad|>", "<|bos|>", "<|user|>", "<|assistant|>", "<|end|>", "<obj>",
    "<box>", "</box>", "<path>", "</path>", "<dist>", "</dist>",
    "<count>", "</count>", "<place>", "</place>", "<unk>",
    *(f"<loc{i}>" for i in range(256)),
]
"""In the order of their ids, which follow the text vocabulary."""

TEXT_VOCAB = 12_000
"""Entries of the byte-level BPE, the 256 bytes among them."""


@dataclass(frozen=True)
class LmConfig:
    """The decoder's sizes, as `lm` of model.json."""

    layers: int = 6
    width: int = 256
    heads: int = 8
    kv_heads: int = 4
    head_dim: int = 32
    ff: int = 768
    vocab: int = TEXT_VOCAB + len(SPECIAL_TOKENS)
    rope_base: float = 10_000.0
    norm_eps: float = 1e-5
    context: int = 1024

    def as_json(self) -> dict:
        return asdict(self)


WITHOUT = ("points", "views", "mcmf", "isr", "spatial", "named", "queries", "locations", "pairs", "anchors", "features",
           "scene")
"""What a model can be trained without, to see what it is worth: the 3D features; the 2D features; fusing
them (the fused row is the coarse one); relating objects in 3D-ISR (the relation row is the position alone);
Spatial 3D-LLM's three stages; what objects are likely to be; the Q-Former's rows; the code of location tokens in the relation row; what the
pointer knows of pairs; being shown the anchors, and reading how an object stands to them; all
features, every object being told in tokens (the text twin); all of the scene (the blind twin)."""


SIZES = {
    "s": LmConfig(),
    # Layers of SmolLM2-135M, eight of its thirty.
    "m": LmConfig(layers=8, width=576, heads=9, kv_heads=3, head_dim=64, ff=1536, rope_base=100_000.0),
}
"""The language models there are. The scene encoders are the same for all, to the number."""


@dataclass(frozen=True)
class EncodeConfig:
    """The scene encoders' sizes, as `encode` of model.json."""

    width: int = 128
    rows: int = 256
    """Of the rows that are made of a scene. A language model of another width has a matrix for them, `lm.rows`."""
    views: int = 5
    crops: int = 3
    crop_px: int = 32
    patches: int = 32
    patch_points: int = 16

    def as_json(self) -> dict:
        return asdict(self)
