"""Shards, questions and batches: `python -m unittest discover tests`."""

from __future__ import annotations

import sys
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch
from tokenizers import Tokenizer

from scanwise import augment, runtime
from scanwise.batches import disguised, pack
from scanwise.boxes import NUMBERS
from scanwise.cache_features import cache
from scanwise.encoders import Encoders
from scanwise.evaluate import named_in
from scanwise.feed import Asked, batches
from scanwise.inst3d import pairwise_relations
from scanwise.locations import Locations
from scanwise.loss import SampledVocabulary, joint_loss
from scanwise.model import ID, Scanwise
from scanwise.naming import Naming, carriers, gaps, nearest
from scanwise.pointer import NONE
from scanwise.questions import encode, in_words, read
from scanwise.shards import FeatureCache, Shards
from scanwise.talks import UNTOLD, Shown, place
from scanwise.train_joint import used_tokens

runtime.set_up(1)
sys.path.insert(0, str(Path(__file__).parent))
import synthetic  # noqa: E402

BOXES = np.array([[2.0, 1, 0.5, 4, 2, 1], [3.0, 1.5, 0.4, 0.5, 0.6, 0.8], [1.0, 0.5, 0.3, 0.4, 0.4, 0.6]], np.float32)
SHOWN = Shown((1, False), Locations.within(BOXES[:1]), BOXES)
"""Turned by a quarter; the padded box begins at (−0.2, −0.1, −0.1) before it is turned."""

TOKENIZER = Path(__file__).resolve().parents[2] / "quantized-models/scanwise-s/tokenizer.json"


class Augment(unittest.TestCase):
    def test_four_quarter_turns_and_two_mirrors_lead_home(self) -> None:
        boxes = np.random.default_rng(0).random((5, 6))
        turned = boxes
        for _ in range(4):
            turned = augment.turn_boxes(turned, (1, False))
        np.testing.assert_allclose(turned, boxes)
        np.testing.assert_allclose(augment.turn_boxes(augment.turn_boxes(boxes, (0, True)), (0, True)), boxes)

    def test_a_turn_keeps_distances_and_heights(self) -> None:
        centres = torch.rand(1, 6, 3)
        valid = torch.ones(1, 6, dtype=torch.bool)
        for variant in augment.ALL:
            turned = augment.turn_offsets(centres, variant)
            before, after = pairwise_relations(centres, valid), pairwise_relations(turned, valid)
            torch.testing.assert_close(before[..., 2:], after[..., 2:], atol=1e-5, rtol=1e-5)

    def test_layout_turns_with_the_boxes(self) -> None:
        """A wall at x = 1 comes to y = 1 by a quarter turn."""
        wall = np.array([0, 0, 1, 1.0, 0.5, 0.5, 0.1, 1, 1])
        np.testing.assert_allclose(augment.turn_layout(wall, (1, False))[3:], [0.5, 1.0, 0.5, 1, 0.1, 1])


class Questions(unittest.TestCase):
    def setUp(self) -> None:
        self.tokenizer = Tokenizer.from_file(str(TOKENIZER))

    def test_no_text_spells_a_special_token(self) -> None:
        self.assertTrue(all(i < 12_000 for i in encode(self.tokenizer, "<|end|><obj><loc7>", False)))
        self.assertEqual(encode(self.tokenizer, "<OBJ012>", False), [-13])
        self.assertEqual(encode(self.tokenizer, "<count><OBJ002></count>", True), [ID["<count>"], -3, ID["</count>"]])

    def question(self, target: str, objects: list[int], text: str = "?"):
        return read(self.tokenizer, {"task": "qa", "tags": ["x"], "text": text, "target": target, "objects": objects})

    def test_lists_come_in_any_order_and_measures_do_not(self) -> None:
        self.assertTrue(self.question("<OBJ002>, <OBJ005>.", [2, 5]).any_order)
        self.assertTrue(self.question("<count><OBJ002><OBJ005></count>", [2, 5]).any_order)
        self.assertFalse(self.question("<dist><OBJ004><OBJ009> 1.8</dist>", [4, 9]).any_order)
        self.assertFalse(self.question("A lamp next to <OBJ004> desk.", [4]).any_order)

    def test_what_the_room_does_not_show_is_not_asked(self) -> None:
        rng, rows = np.random.default_rng(0), {2: 0, 5: 1}
        self.assertIsNone(place(self.question("<OBJ002>, <OBJ007>.", [2, 7]), rows, SHOWN, rng))
        self.assertIsNone(place(self.question("No.", [], "Is <OBJ007> red?"), rows, SHOWN, rng))
        placed = place(self.question("<OBJ005> yes.", [5, 2]), rows, SHOWN, rng)
        self.assertEqual(sorted(placed.right.tolist()), [0, 1])
        self.assertIsNotNone(place(self.question("None.", []), rows, SHOWN, rng))

    def test_anchors_are_told_where_objects_are_named(self) -> None:
        rng, rows = np.random.default_rng(0), {2: 0, 5: 1, 7: 2}

        def anchors(target: str, objects: list[int], of: list[int], task: str = "qa") -> np.ndarray:
            source = {"task": task, "text": "?", "target": target, "objects": objects, "anchors": of}
            return place(read(self.tokenizer, source), rows, SHOWN, rng).anchors

        near = anchors("<OBJ002> lamp.", [2], [7])
        self.assertEqual(near[0].tolist(), [2, NONE])
        self.assertTrue((near[1:] == UNTOLD).all())
        self.assertEqual(anchors("No.", [], [5, 2])[0].tolist(), [1, 0], "the first item is told in any case")
        self.assertEqual(anchors("<OBJ002>.", [2], [9])[0].tolist(), [UNTOLD, NONE], "the room does not show it")
        ends = anchors("<dist><OBJ002><OBJ005> 1.8</dist>", [2, 5], [2], "distance")
        self.assertEqual(ends[:3].tolist(), [[UNTOLD] * 2, [UNTOLD] * 2, [0, NONE]])

    def test_who_sees_nothing_answers_in_words(self) -> None:
        forms = {"<OBJ002> yes.": "yes.", "<count><OBJ002><OBJ005></count>": "2.", "<OBJ012> brown.": "brown.",
                 "A lamp next to <OBJ004> desk.": "A lamp next to desk.", "None.": "None.", "<OBJ002>, <OBJ005>.": ".",
                 "<unk> I cannot tell from this scan.": "<unk> I cannot tell from this scan."}
        for target, words in forms.items():
            self.assertEqual(in_words(target), words)

    def test_places_are_told_as_the_room_is_shown(self) -> None:
        source = {"task": "move", "text": "?", "target": "<place><OBJ002> beside <OBJ005>" + "<loc>" * 6 + "</place>",
                  "objects": [2], "anchors": [2], "box": [0.5, -0.12, 0.31, 0.4, 0.6, 0.2]}
        placed = place(read(self.tokenizer, source), {2: 0, 5: 1}, SHOWN, np.random.default_rng(0))
        # (0.5, −0.12) is turned to (0.12, 0.5); the corner is not, for these boxes were shown as they are.
        numbers = placed.target[-7:-1] - ID["<loc0>"]
        self.assertEqual(numbers.tolist(), [6, 12, 8, 30, 20, 10])
        self.assertEqual(placed.anchors[placed.target == -2].tolist(), [[0, NONE]])

    def test_without_a_pointer_objects_are_named_by_their_boxes(self) -> None:
        rows, rng = {2: 0, 5: 1, 7: 2}, np.random.default_rng(0)
        placed = place(self.question("<OBJ005>, <OBJ007>.", [5, 7]), rows, SHOWN, rng, boxes=True)
        self.assertTrue((placed.target >= 0).all())
        self.assertEqual(set(named_in(placed.target.tolist(), SHOWN)), {1, 2})
        self.assertEqual((placed.target == ID["<box>"]).sum(), 2)
        # Every item of a box is known to be of its row.
        for row in (1, 2):
            items = placed.target[placed.boxed == row]
            self.assertEqual(len(items), NUMBERS + 2)
            self.assertEqual(named_in(items.tolist(), SHOWN), [row])
        self.assertTrue((placed.boxed == -1).any())
        # A box of nothing there is names none; one that is not whole is not read.
        far = [ID["<box>"], *(ID["<loc0>"] + np.array([250, 250, 250, 1, 1, 1])), ID["</box>"]]
        self.assertEqual(named_in(far, SHOWN), [-1])
        self.assertEqual(named_in(far[:5], SHOWN), [])

    def test_what_follows_recalls_what_was_named(self) -> None:
        rng, rows = np.random.default_rng(0), {2: 0, 5: 1, 7: 2}
        first = self.question("<OBJ005>, <OBJ002>.", [5, 2], "Where is it near <OBJ007>?")
        second = self.question("<OBJ005> brown.", [5], "And which colour has it?")
        talk = [(q, place(q, rows, SHOWN, rng)) for q in (first, second)]
        named = [-1 - i for i in talk[0][1].target.tolist() if i < 0]
        self.assertEqual(talk[0][1].asked(None).tolist(), [2, NONE, NONE, NONE, NONE, NONE])
        self.assertEqual(talk[1][1].asked(talk[0][1]).tolist(), [NONE, NONE, NONE, NONE, *named])
        batch = SimpleNamespace(valid=torch.ones(1, 3, dtype=torch.bool))
        packed = pack([[talk]], batch)
        # One sequence: the second question comes behind the end of the first answer, and both are scored.
        self.assertEqual(len(packed.packing.length), 1)
        self.assertEqual(packed.token.tolist().count(ID["<|user|>"]), 2)
        self.assertEqual(packed.token.tolist().count(ID["<|end|>"]), 1)
        self.assertEqual(packed.answer.tolist().count(ID["<|end|>"]), 2)
        for position, answer in zip(packed.answer_at.tolist(), packed.answer.tolist(), strict=True):
            if answer != ID["<|end|>"]:
                self.assertEqual(packed.token[position + 1].item(), answer)

    def test_other_words_are_read(self) -> None:
        source = {"task": "qa", "text": "Where?", "also": ["Show <OBJ003>.", "There?"], "target": "<OBJ003>."}
        others = read(self.tokenizer, source).others
        self.assertEqual(len(others), 2)
        self.assertIn(-4, others[0])


class Names(unittest.TestCase):
    def test_what_carries_and_what_is_nearest(self) -> None:
        """A cup on a table, a chair half a metre beside the table."""
        boxes = torch.tensor([[[0, 0, 0.4, 1, 1, 0.8], [0.2, 0, 0.85, 0.1, 0.1, 0.1], [1.25, 0, 0.5, 0.5, 0.5, 1]]])
        valid = torch.ones(1, 3, dtype=torch.bool)
        self.assertEqual(carriers(boxes, valid).tolist(), [[3, 0, 3]])
        self.assertEqual(nearest(boxes, valid).tolist(), [[1, 0, 0]])
        self.assertEqual(nearest(boxes[:, :1], valid[:, :1]).tolist(), [[-1]], "nothing else is there")
        torch.testing.assert_close(gaps(boxes, valid)[0, 0, 2], torch.tensor(0.5))


class Disguises(unittest.TestCase):
    def test_only_what_is_told_looks_like_another_thing_of_its_colour(self) -> None:
        light = {"class": np.array([0, 1, 2, -1, 0, 1]), "colour": np.array([5, 5, 6, 5, 5, 6])}
        index, told = np.array([4, 0, 2]), np.array([0, 2])
        rng = np.random.default_rng(0)
        looks = np.stack([disguised(index, told, SimpleNamespace(light=light), rng) for _ in range(64)])
        self.assertEqual(set(looks[:, 0]), {4, 1}, "of another class, known, and of the same colour")
        self.assertEqual(set(looks[:, 1]), {0}, "nobody said what it is")
        self.assertEqual(set(looks[:, 2]), {2, 5})


class Loop(unittest.TestCase):
    """The whole way on made-up shards: a few steps must lower the loss."""

    def test_joint_loss_falls(self) -> None:
        torch.manual_seed(0)
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            synthetic.write(folder / "shards", 12, 1)
            shards = Shards(folder / "shards")
            cache(Encoders(10, 8).eval(), shards, folder / "cache", augment.CACHED)
            asked = Asked(shards, FeatureCache(folder / "cache", shards), Tokenizer.from_file(str(TOKENIZER)))
            model = Scanwise(10, 8)
            vocabulary = SampledVocabulary(torch.from_numpy(used_tokens(asked)), model.lm.config.vocab)
            naming = Naming(Tokenizer.from_file(str(TOKENIZER)), shards.classes, shards.colours, model.lm.config.width)
            optimiser = torch.optim.AdamW([*model.parameters(), *naming.parameters()], lr=2e-3)
            losses = []
            for step, (batch, packed) in enumerate(batches(asked, 3, 6, {}, 0)):
                self.assertTrue((packed.answer[packed.answer == ID["<obj>"]].numel()) == int(
                    packed.allowed.any(dim=2).sum()))
                loss = joint_loss(model, naming, batch, packed, vocabulary)["total"]
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                losses.append(loss.item())
                if step == 9:
                    break
            self.assertLess(losses[-1], 0.8 * losses[0])


if __name__ == "__main__":
    unittest.main()
