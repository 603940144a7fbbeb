"""Writes a folder of feature shards of made-up rooms: real format, features that a small net can
read (a class is a shape of point patches and a pattern of pixels), questions with true answers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

CLASSES = ["armchair", "bed", "bookcase", "chair", "coffee table", "desk", "lamp", "plant", "sofa", "stool"]
COLOURS = ["black", "white", "grey", "red", "brown", "green", "blue", "yellow"]
RGB = np.array([[20, 20, 20], [240, 240, 240], [128, 128, 128], [190, 30, 30],
                [110, 66, 34], [40, 140, 60], [36, 84, 176], [240, 210, 40]], np.float32)


def mention(i: int) -> str:
    return f"<OBJ{i:03}>"


def ask(rng: np.random.Generator, classes: np.ndarray, colours: np.ndarray, centres: np.ndarray) -> list[dict]:
    n, out = len(classes), []
    ids = np.arange(1, n + 1)

    def add(task: str, tag: str, text: str, target: str, objects: list[int], **more: object) -> None:
        out.append({"id": str(len(out)), "task": task, "tags": [tag], "text": text, "target": target,
                    "objects": [int(i) for i in objects], "phrasing": tag, **more})

    for c in rng.permutation(len(CLASSES))[:6]:
        name, these = CLASSES[c], ids[classes == c]
        add("grounding", "ground", f"Which objects are a {name}?",
            ", ".join(map(mention, these)) + "." if len(these) else "None.", these)
        add("qa", "existence", f"Is there a {name}?", f"{mention(these[0])} yes." if len(these) else "No.", these)
        if len(these):
            add("qa", "count", f"How many {name}s are there?",
                "<count>" + "".join(map(mention, these)) + "</count>", these)
    for i in rng.permutation(n)[:5]:
        add("qa", "colour", f"What colour is {mention(ids[i])}?",
            f"{mention(ids[i])} {COLOURS[colours[i]]}.", [ids[i]])
        d = np.linalg.norm(centres - centres[i], axis=1)
        d[i] = np.inf
        j = int(d.argmin())
        add("qa", "nearest", f"What is nearest to {mention(ids[i])}?", f"{mention(ids[j])} {CLASSES[classes[j]]}.",
            [ids[j]])
        k = int((i + 1) % n)
        metres = np.linalg.norm(centres[k] - centres[i])
        add("distance", "distance", f"How far is {mention(ids[i])} from {mention(ids[k])}?",
            f"<dist>{mention(ids[i])}{mention(ids[k])} {metres:.1f}</dist>", [ids[i], ids[k]])
        add("dialog", "follow-up", "And what is it?", f"{mention(ids[i])} {CLASSES[classes[i]]}.", [ids[i]],
            after=out[-3]["id"])
        add("place", "beside", f"Put a box beside {mention(ids[i])}.",
            f"<place>box beside {mention(ids[i])}" + "<loc>" * 6 + "</place>", [],
            box=[*(centres[i] + 0.4).tolist(), 0.3, 0.3, 0.3])
        add("navigation", "way", f"Go from {mention(ids[i])} to {mention(ids[k])}.",
            f"<path>{mention(ids[i])}{mention(ids[k])}" + "<loc>" * 4 + "</path>", [ids[i], ids[k]],
            path=[centres[i][:2].tolist(), centres[k][:2].tolist()])
    return out


def write(folder: Path, rooms: int, seed: int) -> None:
    rng, shape = np.random.default_rng(seed), np.random.default_rng(7)
    prototype = shape.normal(size=(len(CLASSES), 32, 16, 3)) * 0.3
    pattern = shape.random((len(CLASSES), 32, 32)) > 0.5
    columns: dict[str, list] = {k: [] for k in ("patches", "centres", "extent", "crops", "view_valid", "trust", "box", "room",
                                                "set", "instance", "match", "class", "colour", "guess")}
    layout, lines = [], []
    for r in range(rooms):
        n = int(rng.integers(6, 15))
        classes, colours = rng.integers(len(CLASSES), size=n), rng.integers(len(COLOURS), size=n)
        centres = rng.random((n, 3)) * [5, 4, 1.5]
        for s in (0, 1):
            for i in range(n):
                if s == 1 and rng.random() < 0.15:
                    continue
                size = 0.3 + 0.1 * classes[i] + 0.1 * rng.random(3)
                rgb = RGB[colours[i]] + rng.normal(size=3) * 8
                xyz = prototype[classes[i]] + rng.normal(size=(32, 16, 3)) * 0.15
                pixels = np.zeros((5, 3, 4, 32, 32), np.uint8)
                pixels[:, :, :3] = np.clip(rgb + rng.normal(size=3) * 5, 0, 255)[:, None, None]
                pixels[:, :, 3] = pattern[classes[i]] * 255
                columns["patches"].append(np.concatenate(
                    [xyz, np.broadcast_to(rgb / 127.5 - 1, xyz.shape)], axis=2).astype(np.float16))
                columns["centres"].append((rng.normal(size=(32, 4)) * 0.3).astype(np.float16))
                columns["extent"].append(np.array([*size, 0, size[2], np.linalg.norm(size) / 2,
                                                   size.prod() ** (1 / 3), 1], np.float32))
                columns["crops"].append(pixels)
                columns["view_valid"].append(np.ones(5, np.uint8))
                columns["trust"].append(rng.integers(0, 256, (32, 5)).astype(np.uint8))
                columns["box"].append(np.concatenate([centres[i], size]).astype(np.float32))
                for name, value in (("room", r), ("instance", i + 1), ("match", i + 1), ("class", classes[i]),
                                    ("colour", colours[i])):
                    columns[name].append(np.int32(value))
                # Found instances are guessed at, and rightly as a rule.
                guess = np.zeros(len(CLASSES), np.float16)
                guess[classes[i] if rng.random() < 0.8 else 0] = 0.6 * s
                columns["guess"].append(guess)
                columns["set"].append(np.uint8(s))
        planes = np.zeros((8, 9), np.float32)
        planes[0] = [1, 0, 0, 0.5, 0.5, 0, 1, 1, 0.02]
        layout.append(planes)
        lines.append(json.dumps({"room": r, "suite_room": f"{r:05}", "split": "train",
                                 "questions": ask(rng, classes, colours, centres)}))
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {k: np.stack(v) for k, v in columns.items()}
    tensors |= {"layout": np.stack(layout), "layout_count": np.ones(rooms, np.int32),
                "shell": (rng.random((rooms, 512, 6)) * 4).astype(np.float16),
                "shell_count": np.full(rooms, 400, np.int32)}
    save_file(tensors, folder / "shard-00000.safetensors")
    (folder / "shard-00000.jsonl").write_text("\n".join(lines) + "\n")
    (folder / "meta.json").write_text(json.dumps({"classes": CLASSES, "colours": COLOURS, "version": 1}))
