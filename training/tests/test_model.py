"""What the reference promises the other implementation: `python -m unittest discover tests`."""

from __future__ import annotations

import unittest

import torch

from scanwise.attention import MASKED, attend
from scanwise.batches import TOLD_WEIGHT
from scanwise.boxes import NUMBERS, Readings, mixed, tell
from scanwise.config import EncodeConfig
from scanwise.goldens import SMALL
from scanwise.inst3d import Encode, SceneRows, doubted, pairwise_relations
from scanwise.llama import Llama, Packing
from scanwise.llm3d import Surface
from scanwise.locations import BINS
from scanwise.model import Scanwise
from scanwise.pointer import LOUDNESS, NONE, Pointer, directions, in_view, sides
from scanwise.rounding import Rounding, best_scales, rounded
from scanwise.systems import exported, imported


class Decoder(unittest.TestCase):
    def setUp(self) -> None:
        torch.manual_seed(0)
        self.lm = Llama(SMALL, SMALL.width).eval()

    @torch.no_grad()
    def run_one(self, prefix: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        t = len(x)
        packing = Packing(len(prefix) + torch.arange(t), torch.tensor([0]), [t])
        return self.lm(prefix[None], torch.ones(1, len(prefix), dtype=torch.bool), x, packing)

    @torch.no_grad()
    def test_packing_changes_nothing(self) -> None:
        """Two scenes of unlike size, three questions of unlike length: each as if it were alone."""
        prefixes, lengths, scene = [torch.randn(7, 64), torch.randn(4, 64)], [5, 3, 6], [0, 0, 1]
        xs = [torch.randn(n, 64) for n in lengths]
        padded, valid = torch.randn(2, 9, 64), torch.zeros(2, 9, dtype=torch.bool)
        padded[0, :7], padded[1, :3], padded[1, 8] = prefixes[0], prefixes[1][:3], prefixes[1][3]
        valid[0, :7], valid[1, :3], valid[1, 8] = True, True, True
        position = torch.cat([len(prefixes[s]) + torch.arange(n) for s, n in zip(scene, lengths, strict=True)])
        h = self.lm(padded, valid, torch.cat(xs), Packing(position, torch.tensor(scene), lengths))
        for got, x, s in zip(h.split(lengths), xs, scene, strict=True):
            torch.testing.assert_close(got, self.run_one(prefixes[s], x), atol=1e-5, rtol=1e-5)

    @torch.no_grad()
    def test_questions_are_causal_and_read_the_prefix(self) -> None:
        prefix, x = torch.randn(5, 64), torch.randn(4, 64)
        before = self.run_one(prefix, x)
        later = x.clone()
        later[3] += 1
        torch.testing.assert_close(self.run_one(prefix, later)[:3], before[:3])
        changed = prefix.clone()
        changed[4] += 1
        self.assertGreater((self.run_one(changed, x)[0] - before[0]).abs().max().item(), 1e-3)


class Boxes(unittest.TestCase):
    """Three rows, of which two are each sure of a box of their own, one says nothing."""

    def setUp(self) -> None:
        said = torch.zeros(1, 3, NUMBERS, BINS)
        said[0, 0, :, 10] = said[0, 1, :, 200] = 20
        valid = torch.tensor([[True, True, False]])
        self.readings = Readings(torch.zeros(1, 3, 4), valid, said.log_softmax(dim=-1), torch.zeros(1, 3, NUMBERS))

    def test_a_box_is_a_mixture_over_the_rows(self) -> None:
        boxes = torch.tensor([[[10] * NUMBERS, [200] * NUMBERS, [10, 200] * (NUMBERS // 2)]])
        chosen = torch.tensor([[0.25, 0.75, 0.0]]).log()
        share = mixed(chosen, self.readings.of(boxes)).exp()[0]
        torch.testing.assert_close(share[:2], torch.tensor([0.25, 0.75]), atol=1e-4, rtol=0)
        # Of neither, though each of its numbers is of one of them.
        self.assertLess(share[2].item(), 1e-6)

    def test_its_numbers_are_of_one_row(self) -> None:
        for share, number, row in ((0.4, 200, 1), (0.6, 10, 0)):
            numbers, found = tell(torch.tensor([share, 1 - share, 0.0]).log(), self.readings.numbers[0])
            self.assertEqual((numbers.tolist(), int(found)), ([number] * NUMBERS, row))


class Rounds(unittest.TestCase):
    def test_what_is_on_the_grid_stays(self) -> None:
        """Sixteen steps of any size and sign, each group with its own."""
        grid = torch.arange(-8.0, 8).repeat(4, 2) * torch.tensor([[0.5], [-0.25], [0.125], [1.0]])
        torch.testing.assert_close(rounded(grid, best_scales(grid)), grid)

    def test_the_scale_from_the_largest_weight_alone_is_beaten(self) -> None:
        torch.manual_seed(0)
        weight = torch.randn(64, 64) ** 3
        peak = weight.reshape(-1, 32).abs().amax(dim=1, keepdim=True) / 7
        errors = [(rounded(weight, scales) - weight).square().sum() for scales in (best_scales(weight), peak)]
        self.assertLess(errors[0], 0.9 * errors[1])

    def test_the_whole_weights_come_back(self) -> None:
        torch.manual_seed(0)
        layers = torch.nn.Sequential(torch.nn.Linear(32, 32, bias=False))
        weight = layers[0].weight
        before, rounding = weight.detach().clone(), Rounding(layers)
        with rounding.applied():
            self.assertFalse(torch.equal(weight, before))
            layers(torch.randn(2, 32)).sum().backward()
        self.assertTrue(torch.equal(weight, before))
        self.assertGreater(weight.grad.abs().sum().item(), 0)


class Attend(unittest.TestCase):
    def test_equals_torch(self) -> None:
        q, k, v = torch.randn(3, 5, 4, 8), torch.randn(3, 6, 2, 8), torch.randn(3, 6, 2, 8)
        bias = torch.zeros(3, 1, 5, 6)
        bias[..., 4:] = MASKED
        wide = [x.transpose(1, 2).repeat_interleave(2, dim=1) for x in (k, v)]
        want = torch.nn.functional.scaled_dot_product_attention(q.transpose(1, 2), *wide, attn_mask=bias)
        torch.testing.assert_close(attend(q, k, v, bias), want.transpose(1, 2).flatten(2), atol=1e-5, rtol=1e-5)


class Scene(unittest.TestCase):
    def test_relations_of_two_boxes(self) -> None:
        centres = torch.tensor([[[0.0, 0, 0], [0, 3, 4], [50, 50, 50]]])
        s = pairwise_relations(centres, torch.tensor([[True, True, False]]))
        torch.testing.assert_close(s[0, 0, 0], torch.tensor([0.0, 1, 0, 1, 0]))
        torch.testing.assert_close(s[0, 0, 1], torch.tensor([1.0, 0, 0.8, 0.6, 1]))

    def test_a_shipped_models_names_lead_back_into_the_modules(self) -> None:
        names = Scanwise(4, 3, SMALL).state_dict()
        self.assertTrue(any(exported(name) != name for name in names))
        self.assertEqual([imported(exported(name)) for name in names], list(names))

    @torch.no_grad()
    def test_what_is_told_outweighs_what_is_seen(self) -> None:
        encode = Encode(4, 3, EncodeConfig()).eval()
        o3d, o2d, seen = torch.randn(1, 3, 128), torch.randn(1, 3, 5, 128), torch.ones(1, 3, 5)
        none, told = torch.zeros(4), TOLD_WEIGHT * torch.eye(4)[2]
        guess = torch.stack([none, torch.tensor([0.5, 0.25, 0, 0]), told])[None]
        alone = encode.likely(o3d, o2d, seen, torch.zeros_like(guess))
        likely = encode.likely(o3d, o2d, seen, guess)
        torch.testing.assert_close(likely.sum(dim=-1), torch.ones(1, 3))
        torch.testing.assert_close(likely[:, 0], alone[:, 0])
        torch.testing.assert_close(likely[:, 1], (alone[:, 1] + guess[:, 1]) / 1.75)
        self.assertGreater(likely[0, 2, 2].item(), 0.95)
        # Training doubts what is guessed, and believes what is told.
        doubts = doubted(likely)
        torch.testing.assert_close(doubts.sum(dim=-1), torch.ones(1, 3))
        torch.testing.assert_close(doubts[:, 2], likely[:, 2])
        self.assertGreater((doubts[:, :2] - likely[:, :2]).abs().max().item(), 0.01)

    @torch.no_grad()
    def test_padding_objects_changes_nothing(self) -> None:
        torch.manual_seed(1)
        model = Scanwise(4, 3, SMALL, EncodeConfig(rows=SMALL.width)).eval()
        n = 3
        o3d, o2d, seen = torch.randn(1, 5, 128), torch.randn(1, 5, 5, 128), torch.ones(1, 5, 5)
        boxes, slots = torch.rand(1, 5, 6) + 0.1, torch.arange(5)[None]
        layout, valid = torch.zeros(1, 1, 9), torch.tensor([[True] * n + [False] * 2])
        # They begin at nothing.
        for part in (model.encode.spatial.out, model.encode.place, model.encode.named):
            torch.nn.init.normal_(part.weight)

        def encoded(n: int) -> SceneRows:
            surface = Surface(patches[:, :n], centres[:, :n], radius[:, :n], trust[:, :n], shell, shell_valid,
                              torch.zeros(1, 3), torch.ones(1))
            return model.encode(o3d[:, :n], o2d[:, :n], seen[:, :n], boxes[:, :n], slots[:, :n], layout, valid[:, :n],
                                surface, guess[:, :n])

        guess = torch.rand(1, 5, 4)
        patches, centres, radius = torch.randn(1, 5, 32, 16, 6), torch.randn(1, 5, 32, 4), torch.rand(1, 5)
        trust, shell, shell_valid = torch.rand(1, 5, 32, 5), torch.randn(1, 9, 6), torch.ones(1, 9, dtype=torch.bool)
        wide, few = encoded(5), encoded(n)
        torch.testing.assert_close(wide.mention[:, :n], few.mention, atol=1e-4, rtol=1e-4)
        torch.testing.assert_close(wide.queries, few.queries, atol=1e-4, rtol=1e-4)
        h = torch.randn(1, 2, SMALL.width)
        asked = torch.tensor([[[1, NONE, NONE, NONE, 0, NONE], [2, 0, NONE, NONE, NONE, NONE]]])
        a, a_from, a_turn = model.pointer(h, wide.mention, wide.pairs, valid, asked)
        b, b_from, b_turn = model.pointer(h, few.mention, few.pairs, valid[:, :n], asked)
        torch.testing.assert_close(a[..., :n], b, atol=1e-4, rtol=1e-4)
        torch.testing.assert_close(a_from[..., [0, 1, 2, 5]], b_from, atol=1e-4, rtol=1e-4)
        torch.testing.assert_close(a_turn, b_turn)

    @torch.no_grad()
    def test_pointer_follows_the_order_of_objects(self) -> None:
        torch.manual_seed(2)
        pointer, mention, h = Pointer(64).eval(), torch.randn(1, 4, 64), torch.randn(1, 3, 64)
        pairs, valid = torch.randn(1, 4, 4, 11), torch.ones(1, 4, dtype=torch.bool)
        order = torch.tensor([2, 0, 3, 1])
        asked = torch.tensor([[[1, 3, *[NONE] * 4], [2, *[NONE] * 3, 1, 0], [NONE] * 6]])
        placed = torch.tensor([[[3, 2, *[NONE] * 4], [0, *[NONE] * 3, 3, 1], [NONE] * 6]])
        want, want_from, _ = pointer(h, mention, pairs, valid, asked)
        got, got_from, _ = pointer(h, mention[:, order], pairs[:, order][:, :, order], valid, placed)
        torch.testing.assert_close(got, want[..., order], atol=1e-5, rtol=1e-5)
        torch.testing.assert_close(got_from, want_from[..., [*order.tolist(), 4]], atol=1e-5, rtol=1e-5)

    def test_sides_are_as_the_viewer_has_them(self) -> None:
        """Who faces along y has x on the right."""
        seen = in_view(torch.tensor([[1.0, 0], [0, 2], [0, -1], [-3, 0]]), torch.tensor([0.0, 1]))
        torch.testing.assert_close(seen, torch.tensor([[0.0, -1], [2, 0], [-1, 0], [0, 3]]))
        # Of ahead, left, behind, right.
        shares = sides(seen / seen.norm(dim=-1, keepdim=True))
        self.assertEqual(shares.argmax(dim=-1).tolist(), [3, 0, 2, 1])
        self.assertGreater(shares.max(dim=-1).values.min().item(), 0.74)
        torch.testing.assert_close(sides(torch.zeros(1, 2)), torch.zeros(1, 4))

    @torch.no_grad()
    def test_what_is_told_is_what_is_scored(self) -> None:
        """Where the anchors are sure, both read the same standing of an object."""
        torch.manual_seed(3)
        pointer, pairs = Pointer(64).eval(), torch.randn(1, 4, 4, 11)
        row, anchors = torch.tensor([2]), torch.tensor([[0, 3]])
        phi = pointer.phi(pairs)[0]
        way = directions(pairs)[0]
        # Who is turned by one quarter has what was faced on the right.
        x, y = way[0, 3]
        told = pointer.standing(torch.cat([phi[0, 2], phi[3, 2], phi[0, 3]]))
        told = LOUDNESS * (told + pointer.side_told(sides(in_view(way[0, 2], torch.stack([-y, x])))))
        zero, turn = torch.zeros(1, dtype=torch.long), torch.ones(1, dtype=torch.long)
        torch.testing.assert_close(pointer.told(pairs, zero, row, anchors, turn)[0], told)
        alone = torch.cat([phi[0, 2], torch.zeros(64)])
        first = torch.tensor([[0, NONE]])
        torch.testing.assert_close(pointer.told(pairs, zero, row, first, turn)[0], LOUDNESS * pointer.standing(alone))
        none = torch.tensor([[NONE, NONE]])
        self.assertEqual(pointer.told(pairs, zero, row, none, turn).abs().max().item(), 0)


if __name__ == "__main__":
    unittest.main()
