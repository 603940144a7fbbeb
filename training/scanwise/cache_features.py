"""Runs the frozen encoders once over every instance: `python -m scanwise.cache_features SHARDS OUT`.

For each shard a file of the same name with `o3d` (variants, n, 128) and `o2d` (n, 5, 128), f16, which
the joint training reads instead of running the encoders again. Files younger than the encoders'
checkpoint are kept.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file

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
def cache(encoders: Encoders, shards: Shards, out: Path, variants: list[tuple[int, bool]], batch: int = 32) -> None:
    """Small batches stay in the processor's cache: twice as fast as large ones."""
    out.mkdir(parents=True, exist_ok=True)
    ends = [*shards.starts[1:], shards.count]
    for path, start, end in zip(shards.paths, shards.starts, ends, strict=True):
        o3d = np.zeros((len(variants), end - start, 128), np.float16)
        o2d = np.zeros((end - start, 5, 128), np.float16)
        for index in np.array_split(np.arange(start, end), max(1, (end - start) // batch)):
            here = index - start
            with runtime.fast():
                for v, variant in enumerate(variants):
                    x = inputs(shards, index, variant, pixels=v == 0)
                    o3d[v, here] = encoders.points(x["patches"], x["centres"], x["extent"]).float().numpy()
                    if v == 0:
                        o2d[here] = encoders.view_tokens(x["crops"]).float().numpy()
        save_file({"o3d": o3d, "o2d": o2d}, out / f"{path.name}.part")
        (out / f"{path.name}.part").rename(out / path.name)
    print(f"{out}: {shards.count} instances in {len(variants)} variants")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shards", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--checkpoint", type=Path, default=Path("out/encoders.pt"))
    parser.add_argument("--plain", action="store_true", help="only as seen, for validation")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    runtime.set_up(args.threads)
    encoders, _, _ = load_encoders(args.checkpoint)
    variants = augment.CACHED[:1] if args.plain else augment.CACHED
    trained = args.checkpoint.stat().st_mtime

    def is_done(path: Path) -> bool:
        done = args.out / path.name
        return done.exists() and done.stat().st_mtime > trained

    missing = [path for path in sorted(args.shards.glob("shard-*.safetensors")) if not is_done(path)]
    if missing:
        cache(encoders, Shards(args.shards, missing), args.out, variants)


if __name__ == "__main__":
    main()
