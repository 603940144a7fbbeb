"""Runs the frozen encoders once over every instance: `python -m scanwise.cache_features SHARDS OUT`.

Writes `o3d.npy` (variants, N, 128) and `o2d.npy` (2, N, 5, 128), f16, which the joint training reads
instead of running the encoders again.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch

from . import augment, runtime
from .encoders import Encoders
from .shards import Shards
from .train_encoders import WithSize, inputs


def load_encoders(checkpoint: Path) -> tuple[Encoders, list[str], list[str]]:
    """The trained encoders with the names of classes and colours."""
    state = torch.load(checkpoint)
    model = WithSize(len(state["classes"]), len(state["colours"]))
    model.load_state_dict(state["model"])
    return model.encoders.eval(), state["classes"], state["colours"]


@torch.no_grad()
def cache(encoders: Encoders, shards: Shards, out: Path, variants: list[tuple[int, bool]], batch: int) -> None:
    o3d = np.zeros((len(variants), shards.count, 128), np.float16)
    mirrors = sorted({mirrored for _, mirrored in variants})
    o2d = np.zeros((len(mirrors), shards.count, 5, 128), np.float16)
    for index in np.array_split(np.arange(shards.count), max(1, shards.count // batch)):
        for v, variant in enumerate(variants):
            # Views turn with the room: only the mirror changes what they show.
            x = inputs(shards, index, variant)
            with torch.autocast("cpu", torch.bfloat16):
                o3d[v, index] = encoders.points(x["patches"], x["centres"], x["extent"]).float().half().numpy()
                if v < len(mirrors):
                    o2d[int(variant[1]), index] = encoders.view_tokens(x["crops"]).float().half().numpy()
    out.mkdir(parents=True, exist_ok=True)
    np.save(out / "o3d.npy", o3d)
    np.save(out / "o2d.npy", o2d)
    print(f"{out}: {shards.count} instances in {len(variants)} variants")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shards", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--checkpoint", type=Path, default=Path("out/encoders.pt"))
    parser.add_argument("--plain", action="store_true", help="only as seen, for validation")
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()
    runtime.set_up(args.threads)
    encoders, _, _ = load_encoders(args.checkpoint)
    variants = augment.CACHED[:1] if args.plain else augment.CACHED
    cache(encoders, Shards(args.shards), args.out, variants, args.batch)


if __name__ == "__main__":
    main()
