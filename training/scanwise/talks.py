"""Questions as a room is asked them: in its rows, with the numbers of its places, one after another."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from . import augment
from .locations import Locations
from .model import ID
from .pointer import ANCHORS, MENTIONS, NONE, RECALLED
from .questions import OPEN, Question

UNTOLD = -2
"""Where nothing is said about an anchor."""

ANCHOR_FIRST = {ID["<dist>"], ID["<path>"], ID["<place>"]}
"""Answers that begin with an object from which the next one is seen."""


@dataclass(frozen=True)
class Shown:
    """How a room is shown: in which variant, and what its location tokens mean."""

    variant: tuple[int, bool]
    locations: Locations
    boxes: np.ndarray
    """(n, 6) of its rows, metres."""

    def numbers(self, question: Question) -> np.ndarray:
        """The ids of the location tokens that its target leaves open."""
        parts = [np.zeros(0, np.int64)]
        if question.path is not None:
            parts.append(self.locations.places(augment.turn_offsets(question.path, self.variant)).ravel())
        elif question.box is not None:
            parts.append(self.locations.boxes(augment.turn_boxes(question.box, self.variant)))
        return np.concatenate(parts) + ID["<loc0>"]

    def in_boxes(self, target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """A target whose mentions are boxes in location tokens, and beside each item the row of whose box it is, or
        −1."""
        items, boxed = [], []
        for item in target.tolist():
            row = -1 - item
            of_item = [item] if item >= 0 else in_tokens(self.locations.boxes(self.boxes[row]))
            items += of_item
            boxed += [max(row, -1)] * len(of_item)
        return np.array(items, np.int64), np.array(boxed, np.int64)


def in_tokens(numbers: np.ndarray) -> list[int]:
    """The numbers (6) of a box → its eight items."""
    return [ID["<box>"], *(numbers + ID["<loc0>"]).tolist(), ID["</box>"]]


@dataclass
class Placed:
    """A question in a room's rows: items are token ids, or `−1 − row` where an object is named."""

    text: np.ndarray
    target: np.ndarray
    right: np.ndarray
    """The rows that are right."""
    anchors: np.ndarray
    """(len(target), 2) from where each item is seen: rows, NONE, or UNTOLD."""
    turns: np.ndarray
    """(len(target)) by how many quarters the viewer of each is turned, or UNTOLD."""
    boxed: np.ndarray | None = None
    """(len(target)) the row of whose box each item is, or −1; where objects are answered with by their boxes."""

    def asked(self, before: Placed | None) -> np.ndarray:
        """(6) the first rows that the text names and those that the answer `before` it did, NONE where there are
        no more."""
        recalled = self.text[:0] if before is None else before.target
        return np.concatenate([first_named(self.text, MENTIONS), first_named(recalled, RECALLED)])


def first_named(items: np.ndarray, count: int) -> np.ndarray:
    named = list(dict.fromkeys((-1 - items[items < 0]).tolist()))[:count]
    return np.array(named + [NONE] * (count - len(named)), np.int64)


Talk = list[tuple[Question, Placed]]
"""Questions that are asked one after the other, each remembering those before."""


def place(question: Question, row_of: dict[int, int], shown: Shown, rng: np.random.Generator,
          boxes: bool = False) -> Placed | None:
    """`boxes`: objects are answered with by their boxes. None where the room does not show all that is spoken of."""
    def rows(items: np.ndarray) -> np.ndarray:
        return np.array([i if i >= 0 else -1 - row_of[-1 - i] for i in items.tolist()], np.int64)

    right = [row_of[i] for i in question.objects if i in row_of]
    try:
        text = rows(question.text)
        if not question.any_order:
            target = rows(question.target)
        elif len(right) < len(question.objects):
            return None
        else:
            target = question.target.astype(np.int64)
            at = np.flatnonzero(target < 0)
            # Of more right objects than are named (“<OBJ…> yes.”), any will do; words are those of the
            # one named.
            spoken = len(at) == 1 and len(right) > 1 and len(target) > at[0] + 2
            order = [row_of[-1 - int(target[at[0]])]] if spoken else rng.permutation(right)[: len(at)]
            target[at] = -1 - np.array(order, np.int64)
    except KeyError:
        return None
    left_open = target == OPEN
    if left_open.any():
        target[left_open] = shown.numbers(question)
    if boxes:
        target, boxed = shown.in_boxes(target)
        untold = np.full((len(target), ANCHORS), UNTOLD, np.int64)
        return Placed(text, target, np.array(right, np.int64), untold, untold[:, 0], boxed)
    turns = np.full(len(target), UNTOLD, np.int64)
    if question.turn is not None:
        turns[[0, *np.flatnonzero(target < 0)]] = question.turn
    return Placed(text, target, np.array(right, np.int64), anchors_of(question, target, row_of), turns)


def anchors_of(question: Question, target: np.ndarray, row_of: dict[int, int]) -> np.ndarray:
    """Told at the first item of the answer and wherever it names an object."""
    anchors = np.full((len(target), ANCHORS), UNTOLD, np.int64)
    if question.source.get("anchors") is not None:
        named = np.flatnonzero(target < 0)
        rows = [row_of.get(i, UNTOLD) for i in question.anchors]
        # A distance, a way and a move name their anchor first: only their other end is seen from there.
        told = named[1:] if question.target[0] in ANCHOR_FIRST else [0, *named]
        anchors[told] = rows + [NONE] * (ANCHORS - len(rows))
    return anchors
