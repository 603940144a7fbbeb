"""Endless training batches: rooms of like size together, kinds of question in balance."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
from tokenizers import Tokenizer

from .batches import MAX_QUESTION, Packed, Scenes, pack, scenes
from .config import TEXT_VOCAB
from .lexicon import Wording
from .questions import OPEN, Question, read
from .shards import FeatureCache, Shards
from .systems import UNIFIED, WRITES_BOXES
from .talks import Shown, Talk, place

MAX_TALK = 240
"""Longer talks, as lists of boxes may be, are left out."""

UNRELATED_SHARE = 0.12
"""Questions that are asked after another one that has nothing to do with them."""

PREDICTED_SHARE = 0.6
"""Rooms shown with the instances that `segment` found, of all; the rest with the true ones."""


def reworded(question: Question, rng: np.random.Generator) -> Question:
    """The question, or the same in other words."""
    which = int(rng.integers(1 + len(question.others)))
    return replace(question, text=question.others[which - 1]) if which else question


class Asked:
    """All questions of a folder of shards, read once."""

    def __init__(self, shards: Shards, cache: FeatureCache, tokenizer: Tokenizer, blind: bool = False) -> None:
        self.shards, self.cache = shards, cache
        self.by_kind: list[dict[str, list[Question]]] = []
        self.by_id: list[dict[str, Question]] = []
        for room in shards.rooms:
            kinds: dict[str, list[Question]] = defaultdict(list)
            of_room: dict[str, Question] = {}
            for source in room.questions:
                question = read(tokenizer, source, blind)
                if len(question.target) > 1 and len(question.text) + len(question.target) <= MAX_QUESTION:
                    kinds[question.kind].append(question)
                    of_room[source["id"]] = question
            self.by_kind.append(kinds)
            self.by_id.append(of_room)

    def talk(self, room: int, question: Question, row_of: dict[int, int], shown: Shown,
             rng: np.random.Generator, wander: bool = False, boxes: bool = False) -> Talk | None:
        """The question with what it follows, and now and then, if it may `wander`, with what it does not; None where
        the room does not show all that is spoken of."""
        after = question.source.get("after")
        before = self.by_id[room].get(after)
        if after is None and wander and rng.random() < UNRELATED_SHARE:
            before = self.sample(room, 1, {}, rng)[0]
        turns = [question] if after is None and before is None else [before, question]
        if turns[0] is None or (len(turns) > 1 and turns[0].source.get("after") is not None):
            return None
        talk = [(q, place(q, row_of, shown, rng, boxes)) for q in turns]
        if any(where is None for _, where in talk):
            return None
        return None if sum(len(where.text) + len(where.target) for _, where in talk) > MAX_TALK else talk

    def vocabulary(self) -> np.ndarray:
        """Every token id that an answer holds."""
        ids = {int(i) for kinds in self.by_kind for questions in kinds.values()
               for q in questions for i in q.target if 0 <= i < OPEN}
        return np.array(sorted(ids), np.int64)

    def seen(self) -> np.ndarray:
        """(12000) how often each text token stands in a question or an answer."""
        items = [x for kinds in self.by_kind for questions in kinds.values() for q in questions
                 for x in (q.text, *q.others, q.target)]
        ids = np.concatenate(items)
        return np.bincount(ids[(ids >= 0) & (ids < TEXT_VOCAB)], minlength=TEXT_VOCAB)

    def sample(self, room: int, count: int, weights: dict[str, float], rng: np.random.Generator) -> list[Question]:
        """`count` questions of a room: first the kind by weight, then one of that kind."""
        kinds = self.by_kind[room]
        names = list(kinds)
        if not names:
            return []
        p = np.array([weights.get(name, 1.0) for name in names])
        picked = rng.choice(len(names), count, p=p / p.sum())
        chosen = []
        for k in np.unique(picked):
            of_kind, wanted = kinds[names[k]], int((picked == k).sum())
            index = rng.permutation(len(of_kind))[:wanted]
            chosen += [of_kind[j] for j in index]
        return chosen


def batches(asked: Asked, rooms_each: int, questions_each: int, weights: dict[str, float],
            seed: int, wording: Wording | None = None,
            shares: dict[str, float] | None = None) -> Iterator[tuple[Scenes, Packed]]:
    """`shares`: of the systems among the steps; all are the unified one's where nothing is said. Endless; made one
    ahead by a thread."""
    shares = shares or {UNIFIED: 1.0}
    rng = np.random.default_rng(seed)
    shards = asked.shards
    size = np.array([max(len(room.true), len(room.predicted)) for room in shards.rooms])
    usable = np.flatnonzero((size > 0) & np.array([bool(k) for k in asked.by_kind]))

    def groups() -> Iterator[np.ndarray]:
        while True:
            order = rng.permutation(usable)
            for pool in np.array_split(order, max(1, round(len(order) / (4 * rooms_each)))):
                pool = pool[np.argsort(size[pool], kind="stable")]
                parts = [pool[i : i + rooms_each] for i in range(0, len(pool), rooms_each)]
                yield from (parts[i] for i in rng.permutation(len(parts)))

    def make(group: np.ndarray) -> tuple[Scenes, Packed]:
        rooms = [shards.rooms[i] for i in group]
        predicted = [bool(rng.random() < PREDICTED_SHARE) or not len(room.true) for room in rooms]
        system = str(rng.choice(list(shares), p=list(shares.values())))
        batch = scenes(rooms, shards, asked.cache, rng, predicted, True, system)
        boxes = system in WRITES_BOXES
        talks = []
        for i, row_of, shown in zip(group, batch.row_of, batch.shown, strict=True):
            # Questions of which the set shows too little fall away; ask for some to spare.
            candidates = [reworded(q, rng) for q in asked.sample(int(i), 2 * questions_each, weights, rng)]
            found = [talk for q in candidates
                     if (talk := asked.talk(int(i), q, row_of, shown, rng, True, boxes)) is not None]
            keep = rng.permutation(len(found))[:questions_each]
            talks.append([found[k] for k in keep])
            if wording:
                talks[-1] = [[(q, replace(where, text=wording.rough(where.text, rng))) for q, where in talk]
                             for talk in talks[-1]]
        if not any(talks):
            return make(next(source))
        return batch, pack(talks, batch)

    source = groups()
    with ThreadPoolExecutor(1) as pool:
        ahead = pool.submit(make, next(source))
        while True:
            ready = ahead.result()
            ahead = pool.submit(make, next(source))
            yield ready
