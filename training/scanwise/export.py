"""What `scanwise convert` packs: `python -m scanwise.export --out out/scanwise-s`.

Writes `weights.safetensors` (f32, every tensor of ARCHITECTURE.md under its name), `config.json`
(model.json without the tensor table) and `tokenizer.json`. `scanwise.card` adds the model card.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file

from .config import SIZES, EncodeConfig
from .lexicon import fill_in
from .model import ID
from .rounding import best_scales, rounded
from .systems import SYSTEMS_OF, exported

ANSWERS = ["path", "place", "talk"]
"""What the model is taught beside the answers that every model knows: the engine offers no other marks."""


def export(run: Path, size: str, tokenizer: Path, out: Path) -> None:
    joint, encoders = torch.load(run / "joint.pt"), torch.load(run / "encoders.pt")
    tensors = {exported(name): value.float().contiguous() for name, value in joint["model"].items()}
    seen, lexicon = run / "seen.npy", run / "lexicon.npy"
    # The larger one begins with embeddings that know those words.
    if size == "s" and seen.exists() and lexicon.exists():
        vectors = np.load(lexicon).astype(np.float32)
        tensors["lm.embed.weight"] = fill_in(tensors["lm.embed.weight"], np.load(seen), vectors)
    for name, value in tensors.items():
        if name.startswith("lm.layers.") and value.dim() == 2:
            # The last quarter of the training ran on these, not on what stands behind them.
            tensors[name] = rounded(value, best_scales(value))
    bad = [name for name, value in tensors.items() if not value.isfinite().all()]
    if bad:
        raise ValueError(f"not finite: {bad}")
    config = {
        "format": "scanwise-model", "version": 1, "name": f"scanwise-{size}", "lm": SIZES[size].as_json(),
        "encode": EncodeConfig().as_json(), "tokenizer": "tokenizer.json", "special_tokens": ID, "answers": ANSWERS, "systems": SYSTEMS_OF[size],
        "classes": encoders["classes"], "colours": encoders["colours"],
    }
    out.mkdir(parents=True, exist_ok=True)
    save_file(tensors, out / "weights.safetensors")
    (out / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    shutil.copyfile(tokenizer, out / "tokenizer.json")
    count = sum(value.numel() for value in tensors.values())
    print(f"{out}: {len(tensors)} tensors, {count / 1e6:.1f}M parameters, step {joint['step']}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, default=Path("out"), help="folder of the checkpoints")
    parser.add_argument("--size", choices=SIZES, default="s")
    parser.add_argument("--tokenizer", type=Path, default=Path("../quantized-models/scanwise-s/tokenizer.json"))
    parser.add_argument("--out", type=Path, help="RUN/scanwise-SIZE")
    args = parser.parse_args()
    export(args.run, args.size, args.tokenizer, args.out or args.run / f"scanwise-{args.size}")


if __name__ == "__main__":
    main()
