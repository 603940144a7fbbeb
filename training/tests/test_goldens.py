"""The stored cases still say what the model says: `python -m unittest discover tests`."""

from __future__ import annotations

import json
import tempfile
import unittest
from pathlib import Path

from safetensors.torch import load_file
from tokenizers import Tokenizer

from scanwise import goldens, runtime

runtime.set_up(1)
TRAINING = Path(__file__).resolve().parents[1]


class Goldens(unittest.TestCase):
    def test_stored_outputs_are_the_models(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            for file, write in (("encode", goldens.encode_golden), ("lm_small", goldens.lm_golden)):
                write(Path(name) / "case.safetensors")
                now = load_file(Path(name) / "case.safetensors")
                stored = load_file(TRAINING / "goldens" / f"{file}.safetensors")
                self.assertEqual(set(stored), set(now))
                for tensor in stored:
                    worst = (stored[tensor].float() - now[tensor].float()).abs().max().item()
                    self.assertLess(worst, 1e-4, f"{file}: {tensor}")

    def test_tokenizer_of_the_shipped_model(self) -> None:
        tokenizer = Tokenizer.from_file(str(TRAINING.parent / "quantized-models/scanwise-s/tokenizer.json"))
        self.assertEqual(tokenizer.get_vocab_size(), 12_000)
        for case in json.loads((TRAINING / "goldens/tokenizer.json").read_text()):
            self.assertEqual(tokenizer.encode(case["text"]).ids, case["ids"])
            self.assertEqual(tokenizer.decode(case["ids"]), case["text"])


if __name__ == "__main__":
    unittest.main()
