"""Greedy answers on held-out rooms, with the control beside: the same questions, asked of the same
model, but before another room's prefix."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from torch import Tensor

from .batches import Scenes, pack, scenes
from .boxes import NUMBERS, tell
from .feed import Asked
from .inst3d import SceneRows
from .llm3d import Surface
from .locations import PLACE_M, SIZE_M
from .loss import hidden, scene_rows
from .model import ID, Scanwise
from .pointer import ANCHORS, MENTIONS, NONE, RECALLED, chosen
from .questions import Question
from .systems import UNIFIED, WRITES_BOXES
from .talks import Placed, Shown, Talk, in_tokens

MAX_ANSWER = 26
MAX_ANSWER_IN_BOXES = 100
LEAST_IOU = 0.25
"""From this overlap on a box that an answer tells is taken for an object's."""
MARKS = {ID[name] for name in ID if name not in ("<|end|>",)}


@dataclass
class Case:
    """A question placed in a room, and the answer as far as it goes."""

    question: Question
    placed: Placed
    before: Talk
    """What was said before, as it is true."""
    answer: list[int] = field(default_factory=list)
    seen_from: list[list[int]] = field(default_factory=list)
    """The anchors of each item of the answer."""
    turns: list[int] = field(default_factory=list)
    boxed: list[int] = field(default_factory=list)
    """The row of whose box each item is, or −1."""
    read: list[int] = field(default_factory=list)
    """The rows from which boxes were told: none twice in one answer."""
    done: bool = False
    shown: Shown | None = None
    """Of the room that is asked, where objects are answered with by their boxes."""

    def objects(self) -> list[int]:
        return named_in(self.answer, self.shown)

    def is_right(self) -> bool:
        """Grounding and counts by their objects, all else by the words alone, as exact match does."""
        words = [i for i in self.answer if i >= 0 and i not in MARKS]
        target = self.placed.target.tolist()
        objects = named_in(target, self.shown)
        expected = [i for i in target if i >= 0 and i not in MARKS]
        if self.question.kind.startswith("ground"):
            return set(self.objects()) == set(self.placed.right.tolist()) and bool(self.answer)
        if self.question.kind == "count":
            return len(self.objects()) == len(objects) and bool(self.answer)
        if self.question.kind == "distance" or target[0] == ID["<path>"]:
            return set(self.objects()) == set(objects)
        if target[0] == ID["<place>"]:
            return words == expected and self.objects() == objects
        return words == expected

    def so_far(self) -> Placed:
        """The answer as it stands, to be gone on with."""
        seen_from = np.array(self.seen_from, np.int64).reshape(-1, ANCHORS)
        return Placed(self.placed.text, np.array(self.answer, np.int64), np.zeros(0, np.int64), seen_from,
                      np.array(self.turns, np.int64), np.array(self.boxed, np.int64))

    def add(self, items: list[int], seen_from: list[int], turned: int, boxed: int = -1) -> None:
        self.answer += items
        self.seen_from += [seen_from] * len(items)
        self.turns += [turned] * len(items)
        self.boxed += [boxed] * len(items)
        self.done = len(self.answer) >= (MAX_ANSWER if self.shown is None else MAX_ANSWER_IN_BOXES)


def named_in(items: list[int], shown: Shown | None) -> list[int]:
    """The rows that an answer names: by mention, or by boxes that overlap with theirs; −1 for a box of none."""
    if shown is None:
        return [-1 - i for i in items if i < 0]
    found = []
    for at in (k for k, item in enumerate(items) if item == ID["<box>"]):
        numbers = np.array(items[at + 1 : at + 1 + NUMBERS]) - ID["<loc0>"]
        if len(numbers) == NUMBERS and (numbers >= 0).all():
            overlap = ious(numbers + 0.5, shown.locations.exact(shown.boxes))
            found.append(int(overlap.argmax()) if overlap.max() >= LEAST_IOU else -1)
    return found


def ious(box: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """A box (6) and others (n, 6), places and edges in their own steps → (n)."""
    scale = np.array([PLACE_M] * 3 + [SIZE_M] * 3)
    box, boxes = box * scale, boxes * scale
    low, high = (np.maximum(box[:3] - box[3:] / 2, boxes[:, :3] - boxes[:, 3:] / 2),
                 np.minimum(box[:3] + box[3:] / 2, boxes[:, :3] + boxes[:, 3:] / 2))
    shared = (high - low).clip(min=0).prod(axis=1)
    return shared / (box[3:].prod() + boxes[:, 3:].prod(axis=1) - shared + 1e-9)


def step(model: Scanwise, batch: Scenes, rows: SceneRows, cases: list[list[Case]]) -> None:
    """Adds one item to every answer that is not done."""
    # A stand-in target of one token makes the position after the answer so far a scored one.
    live = [[case for case in of_room if not case.done] for of_room in cases]
    placed = [[[*case.before, (case.question, case.so_far())] for case in of_room] for of_room in live]
    packed = pack(placed, batch, by_length=False)
    flat = [case for of_room in live for case in of_room]
    earlier = [sum(len(where.target) + 1 for _, where in case.before) for case in flat]
    lengths = torch.tensor([before + len(case.answer) + 1 for before, case in zip(earlier, flat, strict=True)])
    last = packed.answer_at[lengths.cumsum(0) - 1]
    per_room = torch.tensor([len(of_room) for of_room in live])
    p = int(per_room.max())
    point_at = torch.zeros(len(live), p, dtype=torch.long)
    split = torch.split(last, per_room.tolist())
    for s, of_room in enumerate(split):
        point_at[s, : len(of_room)] = of_room
    asked = torch.full((len(live), p, MENTIONS + RECALLED), NONE)
    for s, of_room in enumerate(live):
        for k, case in enumerate(of_room):
            asked[s, k] = torch.from_numpy(case.placed.asked(case.before[-1][1] if case.before else None))
    packed = replace(packed, point_at=point_at, asked=asked)
    h, score, anchors, turn = hidden(model, batch, packed, rows)
    seen = chosen(anchors)
    turn = turn.argmax(dim=-1)
    found = [(seen[s, k].tolist(), int(turn[s, k])) for s, of_room in enumerate(live) for k in range(len(of_room))]
    # No object twice in one answer.
    left = [score[s, k].clone() for s, of_room in enumerate(live) for k in range(len(of_room))]
    for scores, case in zip(left, flat, strict=True):
        if case.shown is None:
            scores[case.objects()] = -torch.inf
    token = model.lm.logits(h[last]).float()
    token[:, ID["<obj>"]] += torch.stack([scores.logsumexp(dim=0) for scores in left])
    token[:, [ID["<|pad|>"], ID["<|bos|>"], ID["<|user|>"], ID["<|assistant|>"]]] = -torch.inf
    token = token.argmax(dim=1).tolist()
    of_scene = [s for s, of_room in enumerate(live) for _ in of_room]
    for k, (case, item, scores, (seen_from, turned)) in enumerate(zip(flat, token, left, found, strict=True)):
        if item == ID["<obj>"]:
            case.add([-1 - int(scores.argmax())], seen_from, turned)
        elif item == ID["<|end|>"]:
            case.done = True
        elif item == ID["<box>"] and case.shown is not None:
            case.add(*box(model, batch, rows, h[last[k]], of_scene[k], case))
        else:
            case.add([item], [NONE] * ANCHORS, turned)


def box(model: Scanwise, batch: Scenes, rows: SceneRows, h: Tensor, scene: int,
        case: Case) -> tuple[list[int], list[int], int, int]:
    """The items of the box that h (256) opens, and what `Case.add` takes beside them."""
    chosen = model.adapters[batch.system].choice(h[None], torch.tensor([scene]), rows.readings)[0]
    chosen[case.read] = -torch.inf
    numbers, row = tell(chosen, rows.readings.numbers[scene])
    case.read.append(int(row))
    items = in_tokens(numbers.numpy())
    return items, [NONE] * ANCHORS, 0, named_in(items, case.shown)[0]


@torch.no_grad()
def exact_match(model: Scanwise, asked: Asked, rooms: int, questions_each: int, predicted: bool,
                seed: int = 0, show: int = 0, system: str = UNIFIED) -> dict[str, dict[str, float]]:
    """For every kind of question `{model, control, n}`, percent right on up to `rooms` rooms."""
    model.eval()
    rng = np.random.default_rng(seed)
    shards, boxes = asked.shards, system in WRITES_BOXES
    has = [i for i, room in enumerate(shards.rooms) if len(room.predicted if predicted else room.true)]
    chosen = rng.permutation(has)[:rooms]
    right: dict[str, list[list[bool]]] = defaultdict(lambda: [[], []])
    for part in np.array_split(chosen, max(1, len(chosen) // 16)):
        own = scenes([shards.rooms[i] for i in part], shards, asked.cache, rng, [predicted] * len(part), False, system)
        cases: list[list[Case]] = []
        for i, row_of, shown in zip(part, own.row_of, own.shown, strict=True):
            found = [talk for q in asked.sample(int(i), 2 * questions_each, {}, rng)
                     if (talk := asked.talk(int(i), q, row_of, shown, rng, boxes=boxes)) is not None]
            cases.append([Case(*talk[-1], talk[:-1]) for talk in found[:questions_each]])
        for control in (False, True):
            batch = roll(own) if control else own
            n = batch.valid.sum(dim=1).tolist()
            run = [[Case(c.question, wrapped(c.placed, n[s]), [(q, wrapped(where, n[s])) for q, where in c.before],
                         shown=own.shown[s] if boxes else None)
                    for c in of_room] for s, of_room in enumerate(cases)]
            rows = scene_rows(model, batch)
            while any(not case.done for of_room in run for case in of_room):
                step(model, batch, rows, run)
            for of_room in run:
                for case in of_room:
                    right[case.question.kind][int(control)].append(case.is_right())
                    if show > 0 and not control:
                        show -= 1
                        print("   ", case.question.source["text"], "|", case.question.source["target"], "|",
                              case.placed.target.tolist(), case.answer, flush=True)
    model.train()
    table = {kind: {"model": percent(a), "control": percent(b), "n": len(a)} for kind, (a, b) in sorted(right.items())}
    everything = [[x for pair in right.values() for x in pair[k]] for k in (0, 1)]
    table["all"] = {"model": percent(everything[0]), "control": percent(everything[1]), "n": len(everything[0])}
    return table


def percent(hits: list[bool]) -> float:
    return round(100 * int(sum(hits)) / max(1, len(hits)), 1)


def wrapped(placed: Placed, n: int) -> Placed:
    """In another room a named row may not exist: take one that does."""
    def wrap(items: np.ndarray) -> np.ndarray:
        return np.where(items < 0, -1 - (-1 - items) % max(1, n), items)

    anchors = np.where(placed.anchors >= 0, placed.anchors % max(1, n), placed.anchors)
    return replace(placed, text=wrap(placed.text), target=wrap(placed.target), anchors=anchors)


def roll(batch: Scenes) -> Scenes:
    """Every room with the next room's prefix."""
    def rolled(of: Scenes | Surface) -> dict:
        return {k: v.roll(1, 0) for k, v in of.__dict__.items() if isinstance(v, torch.Tensor)}

    return replace(batch, **rolled(batch), surface=Surface(**rolled(batch.surface)))
