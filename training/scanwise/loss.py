"""The loss of the joint model, and its scored positions."""

from __future__ import annotations

import math
from dataclasses import replace

import torch
from torch import Tensor
from torch.nn import functional as F

from .batches import Packed, Scenes
from .boxes import REFINED_BINS, Readings, mixed
from .inst3d import SceneRows
from .locations import BINS, bell
from .model import ID, Scanwise
from .naming import Naming
from .pointer import ANCHORS, NONE, TURNS
from .systems import WRITES_BOXES
from .talks import UNTOLD

PLACE = 0.2
"""What a location token of a new place or a way weighs beside a word: there are many, which this language model learns
slowly, if at all."""
NAMING = 0.5
"""What naming weighs beside the answers."""


def scene_rows(model: Scanwise, batch: Scenes) -> SceneRows:
    """As the language model reads them."""
    if model.telling:
        return model.telling(model.encode, model.lm.embed.weight, batch)
    rows = model.encode(batch.o3d, batch.o2d, batch.view_valid, batch.boxes, batch.slots, batch.layout, batch.valid,
                        batch.surface, batch.guess, batch.system)
    return rows if model.lm.rows is None else rows.through(model.lm.rows)


def hidden(model: Scanwise, batch: Scenes, packed: Packed, rows: SceneRows) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """→ final hidden states (t, 256) of the packed tokens; object scores (s, p, n), logits of the anchors
    (s, p, 2, n + 1) and of the viewer's turn (s, p, 4) at `packed.point_at`."""
    prefix, prefix_valid = model.prefix(rows, batch.valid, batch.layout_valid, ID["<|bos|>"],
                                         batch.system)
    x = model.embed(packed.token, packed.mention, packed.seen_from, packed.turn, rows, packed.scene)
    h = model.adapters.of(model.lm, batch.system)(prefix, prefix_valid, x, packed.packing)
    if batch.system in WRITES_BOXES:
        return h, *unpointed(*packed.point_at.shape, batch.valid.shape[1])
    return h, *model.pointer(h[packed.point_at], rows.mention, rows.pairs, batch.valid, packed.asked)


def unpointed(s: int, p: int, n: int) -> tuple[Tensor, Tensor, Tensor]:
    """What the pointer would say of `s` scenes, of a system that has none."""
    return torch.full((s, p, n), -math.inf), torch.zeros(s, p, ANCHORS, n + 1), torch.zeros(s, p, TURNS)


class SampledVocabulary:
    """Cross-entropy over the tokens that answers use and a fresh sample of the rest.

    The sample stands for all of the rest: its logits are raised by log(rest / sample), so that the
    partition function is met in expectation. Twenty times cheaper than all 12,273 rows.
    """

    def __init__(self, used: Tensor, size: int, sample: int = 512) -> None:
        gone = torch.ones(size, dtype=torch.bool)
        gone[used] = False
        self.used, self.rest, self.sample = used, gone.nonzero().squeeze(1), sample
        self.place = torch.full((size,), -1)
        self.place[used] = torch.arange(len(used))

    def cross_entropy(self, h: Tensor, embedding: Tensor, target: Tensor, objects: Tensor) -> Tensor:
        """h (a, 256), target (a), objects (a): what the objects' scores together add to the logit of
        the gate token → (a)."""
        sample = self.rest[torch.randint(len(self.rest), (self.sample,))]
        logits = F.linear(h, embedding[torch.cat([self.used, sample])]).float()
        correction = torch.zeros(logits.shape[1])
        correction[len(self.used):] = math.log(len(self.rest) / self.sample)
        correction = correction.expand_as(logits).clone()
        correction[:, self.place[ID["<obj>"]]] = objects
        right = F.cross_entropy(logits + correction, self.place[target], reduction="none")
        located = (target >= ID["<loc0>"]).nonzero().squeeze(1)
        if len(located):
            first = int(self.place[ID["<loc0>"]])
            numbers = (logits + correction)[located].log_softmax(dim=1)[:, first : first + BINS]
            right = right.index_copy(0, located, -(bell(target[located] - ID["<loc0>"]) * numbers).sum(dim=1))
        return right


def joint_loss(model: Scanwise, naming: Naming, batch: Scenes, packed: Packed,
               vocabulary: SampledVocabulary, naming_weight: float = NAMING) -> dict[str, Tensor]:
    """`total` to minimise, and beside it the mean nats per answer token, per pointed object, per anchor,
    per turn of a viewer and per name asked of a row."""
    rows = scene_rows(model, batch)
    h, score, anchors, turn = hidden(model, batch, packed, rows)
    # Words and objects share one distribution: see ARCHITECTURE.md, Pointer.
    together = score.logsumexp(dim=-1)
    is_named = naming_weight and not (model.is_blind or model.telling or model.lm.rows)
    name_loss = naming(rows, batch, model.lm.embed.weight, model.encode.reading) if is_named else h.new_zeros(())
    token = vocabulary.cross_entropy(h[packed.answer_at], model.lm.embed.weight, packed.answer,
                                     together[packed.answer_in[:, 0], packed.answer_in[:, 1]])
    pointed = packed.allowed.any(dim=2)
    # Where any of several objects may come next, the loss is on the sum of their probabilities.
    if batch.system in WRITES_BOXES:
        told = boxed(model, batch, packed, rows.readings, h)
    else:
        told = score[pointed] - together[pointed][:, None]
    mass = told.masked_fill(~packed.allowed[pointed], -math.inf).logsumexp(dim=-1)
    # What is within a box is told by its row.
    weight = torch.where(packed.answer >= ID["<loc0>"], PLACE, 1.0) * ~packed.in_box
    token_loss, point_loss = (weight * token).sum() / weight.sum(), -mass.mean() if len(mass) else token.new_zeros(())
    if "anchors" in model.encode.without:
        packed = replace(packed, anchors=torch.full_like(packed.anchors, UNTOLD),
                         turns=torch.full_like(packed.turns, UNTOLD))
    at = packed.answer_in.unbind(dim=1)
    anchor_loss = anchor_nats(anchors[at], packed.anchors)
    known = packed.turns != UNTOLD
    turn_loss = F.cross_entropy(turn[at][known], packed.turns[known]) if bool(known.any()) else token.new_zeros(())
    total = token_loss + point_loss + anchor_loss + turn_loss + naming_weight * name_loss
    if batch.system == "spatial":
        total = total + refining(batch, rows.readings)
    parts = {"token": token_loss, "point": point_loss, "anchor": anchor_loss, "turn": turn_loss, "name": name_loss}
    return {"total": total} | {name: part.detach() for name, part in parts.items()}


def boxed(model: Scanwise, batch: Scenes, packed: Packed, readings: Readings, h: Tensor) -> Tensor:
    """Where boxes open, the log-probability of every object's box: (a, n)."""
    scene, place = packed.allowed.any(dim=2).nonzero(as_tuple=True)
    chosen = model.adapters[batch.system].choice(h[packed.point_at[scene, place]], scene, readings)
    return mixed(chosen, readings.of(batch.surface.box_bins(batch.boxes))[scene])


def refining(batch: Scenes, readings: Readings) -> Tensor:
    """How far the refined numbers of boxes lie from the true ones, smooth L1 in bins: every referent's row moves the
    numbers that it would tell."""
    told = readings.numbers.argmax(dim=-1) + 0.5
    off = (batch.surface.box_steps(batch.boxes) - told)[batch.valid]
    moved = readings.refined[batch.valid]
    near = off.abs() <= REFINED_BINS
    return F.smooth_l1_loss(moved[near], off[near]) if bool(near.any()) else moved.sum() * 0


def anchor_nats(logits: Tensor, anchors: Tensor) -> Tensor:
    """logits (a, 2, n + 1), anchors (a, 2) → mean nats over those that are told. Without being shown them,
    the pointer does not find its anchors: it must then learn at once where to look from and what to
    make of it."""
    told = anchors != UNTOLD
    if not bool(told.any()):
        return logits.new_zeros(())
    none = logits.shape[-1] - 1
    return F.cross_entropy(logits[told], anchors[told].where(anchors[told] != NONE, none))
