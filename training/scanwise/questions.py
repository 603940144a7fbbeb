"""Questions and answers as token sequences in which objects are named by their true ids."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
from tokenizers import Tokenizer

from .config import SPECIAL_TOKENS
from .model import ID

LOCATION = "<loc>"
"""Stands in a target for a location token of a number yet to be found."""
OPEN = 1 << 20
"""The item that stands for it."""

MARK = re.compile(r"<OBJ(\d{3})>|(" + "|".join(re.escape(t) for t in (*SPECIAL_TOKENS, LOCATION) if t != "<obj>") + ")")

LIST_OF_OBJECTS = re.compile(r"(<count>)?<OBJ\d{3}>((, )?<OBJ\d{3}>)*(\.|</count>)")
"""Answers whose mentions may come in any order."""

ONE_AND_WORDS = re.compile(r"<OBJ\d{3}>[^<]*")
"""An answer that names one object and says something of it."""


@dataclass
class Question:
    """Items are token ids, `−1 − id` where the true object `id` is named, or OPEN."""

    kind: str
    text: np.ndarray
    target: np.ndarray
    objects: list[int]
    """The true objects that answer it."""
    any_order: bool
    """Whether the target's mentions are a set: any still unnamed one of `objects` may come next."""
    source: dict
    anchors: list[int] = field(default_factory=list)
    """The true objects from which the answer is seen, at most two."""
    turn: int | None = None
    """Quarter turns to the left from facing the second anchor."""
    others: list[np.ndarray] = field(default_factory=list)
    """The text in other words."""
    box: np.ndarray | None = None
    """(6) the box that answers, metres."""
    path: np.ndarray | None = None
    """(k, 2) the corners of the way that answers, metres."""


def encode(tokenizer: Tokenizer, text: str, with_specials: bool) -> list[int]:
    """Splits at mentions (and, in answers, at special tokens); what lies between is tokenized
    piece by piece, as the engine does."""
    items: list[int] = []
    at = 0
    for match in MARK.finditer(text):
        if match[2] is not None and not with_specials:
            continue
        items += tokenizer.encode(text[at:match.start()], add_special_tokens=False).ids
        items.append(-1 - int(match[1]) if match[1] is not None else OPEN if match[2] == LOCATION else ID[match[2]])
        at = match.end()
    return items + tokenizer.encode(text[at:], add_special_tokens=False).ids


def kind_of(question: dict) -> str:
    """A short name for the table: what is asked, not how."""
    task, tags = question["task"], question.get("tags", [])
    if task == "grounding":
        how = next((t for t in ("none", "many", "nearest", "superlative", "relation", "colour") if t in tags), "one")
        return f"ground {how}"
    if "follow-up" in tags:
        return " ".join(["follow-up", *(tag for tag in tags if tag != "follow-up")])
    if task in ("situated_qa", "dialog"):
        return f"{task.removesuffix('_qa')} {tags[0]}"
    if task in ("move", "place"):
        return " ".join([task, *tags[:1]])
    return tags[0] if task == "qa" and tags else task


def in_words(target: str) -> str:
    """A target without objects, for who cannot see any: counts as digits, the words of the rest."""
    if target.startswith("<count>"):
        return f"{target.count('<OBJ')}."
    if target.startswith("<unk>"):
        return target
    return re.sub(r"\s+", " ", MARK.sub("", target)).strip(" ,.") + "."


def read(tokenizer: Tokenizer, source: dict, blind: bool = False) -> Question:
    """One question of a shard's jsonl."""
    target = in_words(source["target"]) if blind else source["target"]
    listed = LIST_OF_OBJECTS.fullmatch(target) is not None
    named = [int(i) for i in re.findall(r"<OBJ(\d{3})>", target)]
    one = ONE_AND_WORDS.fullmatch(target) is not None
    objects = list(dict.fromkeys([*named, *source.get("objects", [])])) if listed or one else named
    anchors = source.get("anchors", [])
    if blind:
        objects, anchors = [], []
    return Question(
        kind=kind_of(source),
        text=np.array(encode(tokenizer, source["text"], False), np.int32),
        target=np.array(encode(tokenizer, target, True), np.int32),
        objects=objects, any_order=listed or one, source=source, anchors=anchors,
        turn=None if blind else source.get("turn"),
        others=[np.array(encode(tokenizer, text, False), np.int32) for text in source.get("also", [])],
        box=array(source.get("box")), path=array(source.get("path")))


def array(numbers: list | None) -> np.ndarray | None:
    return None if numbers is None else np.array(numbers, np.float32)
