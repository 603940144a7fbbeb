"""A shipped model back as a checkpoint to go on from: `python -m scanwise.unpack ../quantized-models/scanwise-s out`.

Writes `joint.pt` for `train_joint --start` and `encoders.pt`. What was rounded stays rounded, and what the export
leaves out (naming, the optimiser) begins anew.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from .shards import map_safetensors
from .systems import imported
from .train_encoders import WithSize

GROUP = 32


def unpacked(folder: Path) -> dict[str, torch.Tensor]:
    """Every tensor of a model folder, f32."""
    manifest = json.loads((folder / "model.json").read_text())
    shards = {shard["file"]: map_safetensors(folder / shard["file"]) for shard in manifest["shards"]}
    tensors = {}
    for name, entry in manifest["tensors"].items():
        held = shards[entry["shard"]]
        if entry["dtype"] == "f32":
            value = np.array(held[name], np.float32)
        else:
            steps = held[f"{name}.q"]
            if entry["dtype"] == "q4":
                nibbles = (steps[..., None] >> (4 * np.arange(8, dtype=np.uint32))) & 15
                steps = nibbles.astype(np.int8).reshape(len(steps), -1) - 8
            scale = held[f"{name}.scale"].astype(np.float32).repeat(GROUP, axis=1)
            value = steps.astype(np.float32) * scale
        tensors[name] = torch.from_numpy(value.reshape(entry["shape"]))
    return tensors


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("out", type=Path)
    args = parser.parse_args()
    manifest = json.loads((args.model / "model.json").read_text())
    weights = unpacked(args.model)
    encoders = WithSize(len(manifest["classes"]), len(manifest["colours"]))
    frozen = ("encode.points.", "encode.view.", "encode.heads.")
    encoders.encoders.load_state_dict({name.removeprefix("encode."): value for name, value in weights.items()
                                       if name.startswith(frozen)})
    args.out.mkdir(parents=True, exist_ok=True)
    torch.save({"model": encoders.state_dict(), "classes": manifest["classes"], "colours": manifest["colours"]},
               args.out / "encoders.pt")
    weights = {imported(name): value for name, value in weights.items()}
    torch.save({"model": weights, "step": 0}, args.out / "start.pt")
    print(f"{args.out}: {len(weights)} tensors")


if __name__ == "__main__":
    main()
