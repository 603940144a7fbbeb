"""Rooms and their questions become tensors for one step of the joint model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from . import augment
from .config import MAX_LAYOUT, SLOTS
from .llama import Packing
from .llm3d import Surface
from .locations import Locations
from .model import ID
from .pointer import ANCHORS, MENTIONS, NONE, RECALLED
from .shards import FeatureCache, Room, Shards
from .systems import UNIFIED
from .talks import UNTOLD, Placed, Shown, Talk

MAX_OBJECTS = 64
"""Rooms of more instances lose unmatched ones; answers would lose objects otherwise."""

FEATURE_NOISE, VIEW_DROPOUT = 0.15, 0.15
"""The encoders know the training meshes too well. Noise (in standard deviations of a feature) and lost
views make their features about as doubtful as those of meshes never seen."""

TOLD, TOLD_WEIGHT, DISGUISED = 0.1, 20.0, 0.6
"""So many objects are what a person says: a guess that outweighs what the head thinks. So many of these look like
something else, as what a person must correct does."""

MAX_QUESTION = 160
"""Longer question-and-answer sequences are left out."""


@dataclass
class Scenes:
    """s rooms as the model is given them, n objects in the widest."""

    o3d: Tensor
    """(s, n, 128)"""
    o2d: Tensor
    """(s, n, 5, 128)"""
    view_valid: Tensor
    """(s, n, 5)"""
    boxes: Tensor
    """(s, n, 6) metres"""
    slots: Tensor
    """(s, n)"""
    valid: Tensor
    """(s, n) bool"""
    layout: Tensor
    """(s, l, 9)"""
    layout_valid: Tensor
    """(s, l) bool"""
    surface: Surface
    guess: Tensor
    """(s, n, classes): what `segment` or a person takes each for; zeros where nobody does"""
    row_of: list[dict[int, int]]
    """For each room: its true ids → rows, as far as they are there."""
    shown: list[Shown]
    """For each room."""
    label: Tensor
    """(s, n) class index; −1 in the padding and where an instance is of no true object"""
    colour: Tensor
    """(s, n) colour index; −1 where none is told"""
    system: str = UNIFIED
    """Which of the systems is asked."""


@dataclass
class Packed:
    """q talks packed without padding into t tokens."""

    token: Tensor
    """(t) ids; `<obj>` where an object is named."""
    mention: Tensor
    """(t) the row named there, be it by the box that ends there, or −1"""
    seen_from: Tensor
    """(t, 2) the anchors from which an answer names it, rows or NONE"""
    turn: Tensor
    """(t) the viewer's quarter turns then, 0 where there is no viewer"""
    scene: Tensor
    """(t)"""
    packing: Packing
    answer_at: Tensor
    """(a) positions in t from which an answer item is predicted"""
    answer: Tensor
    """(a) the token to predict there; `<obj>` for a mention"""
    point_at: Tensor
    """(s, p) the same positions, scene by scene; 0 in the padding"""
    asked: Tensor
    """(s, p, 6) the rows that their question names, in its order, and those that the answer before it did, or NONE"""
    allowed: Tensor
    """(s, p, n) bool: the objects any of which is right; none where a token is, and in the padding"""
    answer_in: Tensor
    """(a, 2) scene and place in `point_at` of each answer item"""
    anchors: Tensor
    """(a, 2) the anchors to find there: rows, NONE, or UNTOLD"""
    turns: Tensor
    """(a) the viewer's turn to find there, or UNTOLD"""
    in_box: Tensor
    """(a) bool: within an object's box, which is told as a whole where it opens"""


def choose_instances(room: Room, shards: Shards, predicted: bool, rng: np.random.Generator) -> np.ndarray:
    """The instances of one set in random order, at most MAX_OBJECTS."""
    index = room.predicted if predicted and len(room.predicted) else room.true
    index = rng.permutation(index)
    if len(index) > MAX_OBJECTS:
        matched = shards.light["match"][index] >= 0
        index = np.concatenate([index[matched], index[~matched]])[:MAX_OBJECTS]
        index = rng.permutation(index)
    return index


def disguised(index: np.ndarray, told: np.ndarray, shards: Shards, rng: np.random.Generator) -> np.ndarray:
    """Instances whose looks each of `index` shall have: its own, and for some of those that are `told` those of
    another thing of the same colour, wherever it stands."""
    looks = index.copy()
    classes, colours = shards.light["class"], shards.light["colour"]
    for row in told[rng.random(len(told)) < DISGUISED]:
        own = index[row]
        others = np.flatnonzero((colours == colours[own]) & (classes >= 0) & (classes != classes[own]))
        if len(others):
            looks[row] = rng.choice(others)
    return looks


def noise(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return FEATURE_NOISE * x.std() * rng.standard_normal(x.shape, dtype=np.float32)


def scenes(rooms: list[Room], shards: Shards, cache: FeatureCache, rng: np.random.Generator,
           predicted: list[bool], augmented: bool, system: str = UNIFIED) -> Scenes:
    """Features of the rooms, each in its own variant, order and slots."""
    chosen = [choose_instances(room, shards, p, rng) for room, p in zip(rooms, predicted, strict=True)]
    s, n = len(rooms), max(len(index) for index in chosen)
    o3d, o2d = np.zeros((s, n, 128), np.float32), np.zeros((s, n, 5, 128), np.float32)
    view_valid, boxes = np.zeros((s, n, 5), np.uint8), np.zeros((s, n, 6), np.float32)
    valid, slots = np.zeros((s, n), bool), np.zeros((s, n), np.int64)
    label, colour = np.full((s, n), -1, np.int64), np.full((s, n), -1, np.int64)
    layout, layout_valid = np.zeros((s, MAX_LAYOUT, 9), np.float32), np.zeros((s, MAX_LAYOUT), bool)
    guess = np.zeros((s, n, len(shards.classes)), np.float32)
    patches, centres = np.zeros((s, n, 32, 16, 6), np.float32), np.zeros((s, n, 32, 4), np.float32)
    radius, trust = np.zeros((s, n), np.float32), np.zeros((s, n, 32, 5), np.float32)
    m = max(len(room.shell) for room in rooms)
    shell, shell_valid = np.zeros((s, m, 6), np.float32), np.zeros((s, m), bool)
    row_of, shown = [], []
    for i, (room, index) in enumerate(zip(rooms, chosen, strict=True)):
        k, c = len(index), len(room.layout)
        v = int(rng.integers(len(augment.CACHED))) if augmented else 0
        variant = augment.CACHED[v]
        label[i, :k], colour[i, :k] = shards.light["class"][index], shards.light["colour"][index]
        told = np.flatnonzero((label[i, :k] >= 0) & (rng.random(k) < TOLD * augmented))
        looks = disguised(index, told, shards, rng)
        o3d[i, :k] = cache.o3d[v, looks]
        o2d[i, :k] = cache.o2d[looks]
        view_valid[i, :k] = shards.light["view_valid"][looks]
        boxes[i, :k] = augment.turn_boxes(shards.light["box"][index], variant)
        patches[i, :k] = augment.turn_offsets(shards.gather("patches", looks).astype(np.float32), variant)
        centres[i, :k] = augment.turn_offsets(shards.light["centres"][index].astype(np.float32), variant)
        radius[i, :k] = shards.light["extent"][index, 5]
        trust[i, :k] = shards.light["trust"][looks].astype(np.float32) / 255
        shell[i, : len(room.shell)] = augment.turn_offsets(room.shell, variant)
        shell_valid[i, : len(room.shell)] = True
        shown.append(Shown(variant, Locations.within(boxes[i, :k]), boxes[i, :k]))
        valid[i, :k] = True
        slots[i, :k] = rng.permutation(SLOTS)[:k]
        layout[i, :c] = augment.turn_layout(room.layout, variant)
        layout_valid[i, :c] = True
        match = shards.light["match"][index]
        guess[i, :k] = shards.light["guess"][index]
        guess[i, told] = 0
        guess[i, told, label[i, told]] = TOLD_WEIGHT
        if augmented:
            o3d[i, :k] += noise(o3d[i, :k], rng)
            o2d[i, :k] += noise(o2d[i, :k], rng)
            view_valid[i, :k] *= rng.random((k, 5)) > VIEW_DROPOUT
        row_of.append({int(m): r for r, m in reversed(list(enumerate(match))) if m >= 0})
    t = torch.from_numpy
    surface = Surface(t(patches), t(centres), t(radius), t(trust), t(shell), t(shell_valid),
                      t(np.stack([of.locations.corner for of in shown])),
                      torch.tensor([of.locations.grown for of in shown], dtype=torch.float32))
    return Scenes(t(o3d), t(o2d), t(view_valid), t(boxes), t(slots), t(valid), t(layout), t(layout_valid), surface,
                  t(guess), row_of, shown, t(label), t(colour), system)


def pack(talks: list[list[Talk]], batch: Scenes, by_length: bool = True) -> Packed:
    """talks: those about each room. Unless `by_length`, they stay in that order."""
    asked = [(s, talk) for s, of_room in enumerate(talks) for talk in of_room]

    def length(talk: Talk) -> int:
        # Between two questions stands the end of the answer.
        return sum(3 + len(where.text) + len(where.target) for _, where in talk) - 1

    if by_length:
        asked.sort(key=lambda x: length(x[1]))
    lengths = np.array([length(talk) for _, talk in asked])
    starts = np.cumsum(lengths) - lengths
    of_talk = np.array([s for s, _ in asked])
    items, mention, seen_from, turn, answer_at, answer, anchors, turns, in_box = [], [], [], [], [], [], [], [], []
    points: list[list[tuple[int, np.ndarray, np.ndarray]]] = [[] for _ in talks]
    answer_in: list[tuple[int, int]] = []
    no_row = np.zeros(0, np.int64)
    for start, (s, talk) in zip(starts, asked, strict=True):
        before: Placed | None = None
        for q, where in talk:
            target = where.target
            opening = [ID["<|end|>"]] * (before is not None) + [ID["<|user|>"]]
            boxed = np.full(len(target), -1) if where.boxed is None else where.boxed
            items += [opening, where.text, [ID["<|assistant|>"]], target]
            closed = np.where(target == ID["</box>"], boxed, -1)
            mention += [np.full(len(opening), -1), row_of(where.text), [-1], np.maximum(row_of(target), closed)]
            told = np.where(where.anchors == UNTOLD, NONE, where.anchors)
            head = len(opening) + len(where.text) + 1
            seen_from += [np.full((head, ANCHORS), NONE), told]
            turn += [np.zeros(head, np.int64), where.turns.clip(min=0)]
            first = start + head - 1
            goal = np.append(target, ID["<|end|>"])
            anchors += [where.anchors, np.full((1, ANCHORS), UNTOLD)]
            turns += [where.turns, [UNTOLD]]
            in_box.append(np.append((boxed >= 0) & (target != ID["<box>"]), False))
            answer_at.append(np.arange(first, first + len(goal)))
            answer.append(np.where(goal < 0, ID["<obj>"], goal))
            left, asked_of = where.right, where.asked(before)
            for k, item in enumerate(goal):
                answer_in.append((s, len(points[s])))
                row = int(boxed[k]) if item == ID["<box>"] else -1 - item
                right_here = no_row if row < 0 else left if q.any_order else np.array([row])
                points[s].append((first + k, right_here, asked_of))
                left = left[left != row]
            start, before = start + head + len(target), where
    p = max(1, max(len(x) for x in points))
    point_at = np.zeros((len(talks), p), np.int64)
    asked_at = np.full((len(talks), p, MENTIONS + RECALLED), NONE)
    allowed = np.zeros((len(talks), p, batch.valid.shape[1]), bool)
    for s, of_scene in enumerate(points):
        for k, (position, rows, asked_of) in enumerate(of_scene):
            point_at[s, k] = position
            asked_at[s, k] = asked_of
            allowed[s, k, rows] = True
    tensor = torch.from_numpy
    item = np.concatenate(items).astype(np.int64)
    of_token = tensor(np.repeat(of_talk, lengths))
    position = tensor(np.arange(len(item)) - np.repeat(np.cumsum(lengths) - lengths, lengths))
    return Packed(
        tensor(np.where(item < 0, ID["<obj>"], item)), tensor(np.concatenate(mention).astype(np.int64)),
        tensor(np.concatenate(seen_from).astype(np.int64)), tensor(np.concatenate(turn)), of_token,
        Packing(position, tensor(of_talk), lengths.tolist()),
        tensor(np.concatenate(answer_at)), tensor(np.concatenate(answer)), tensor(point_at),
        tensor(asked_at), tensor(allowed),
        tensor(np.array(answer_in, np.int64)), tensor(np.concatenate(anchors).astype(np.int64)),
        tensor(np.concatenate(turns).astype(np.int64)), tensor(np.concatenate(in_box)))


def row_of(items: np.ndarray) -> np.ndarray:
    """The row that each item names, or −1."""
    return np.where(items < 0, -1 - items, -1)
