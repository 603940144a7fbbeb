"""Feature shards as `scanwise features` writes them, read without loading what is large.

The big columns (`patches`, `crops`) stay in memory-mapped files; the small ones of all shards are
joined in memory. `N` counts instances over all shards, true and predicted.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

DTYPES = {"F16": np.float16, "I8": np.int8, "U32": np.uint32, "F32": np.float32, "U8": np.uint8, "I32": np.int32}
HEAVY = ("patches", "crops")


def map_safetensors(path: Path) -> dict[str, np.ndarray]:
    """Every tensor of the file as a read-only view of the mapped file."""
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(length))
    data = np.memmap(path, np.uint8, "r", offset=8 + length)
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        tensors[name] = data[begin:end].view(DTYPES[entry["dtype"]]).reshape(entry["shape"])
    return tensors


@dataclass
class Room:
    """One room of one shard."""

    name: str
    questions: list[dict]
    layout: np.ndarray
    """(l, 9) f32, only the rows that are there."""
    shell: np.ndarray
    """(m, 6) f32, only the points that are there."""
    true: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    """Indices of its true instances, 0..N."""
    predicted: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    """Indices of its predicted instances, 0..N."""


class Shards:
    """The shards of a folder, or some of them."""

    def __init__(self, folder: Path, paths: list[Path] | None = None) -> None:
        meta = json.loads((folder / "meta.json").read_text())
        self.classes: list[str] = meta["classes"]
        self.colours: list[str] = meta["colours"]
        self.folder = folder
        self.heavy: list[dict[str, np.ndarray]] = []
        self.paths = paths or sorted(folder.glob("shard-*.safetensors"))
        self.starts: list[int] = []
        self.rooms: list[Room] = []
        light: dict[str, list[np.ndarray]] = {}
        start = 0
        for path in self.paths:
            tensors = map_safetensors(path)
            self._add_rooms(path.with_suffix(".jsonl"), tensors, start)
            self.heavy.append({name: tensors[name] for name in HEAVY})
            self.starts.append(start)
            for name, value in tensors.items():
                if name not in (*HEAVY, "layout", "layout_count", "shell", "shell_count"):
                    light.setdefault(name, []).append(np.array(value))
            start += len(tensors["room"])
        if not self.rooms:
            raise ValueError(f"{folder} holds no shard-*.safetensors")
        self.light = {name: np.concatenate(parts) for name, parts in light.items()}
        self.count = start

    def _add_rooms(self, lines: Path, tensors: dict[str, np.ndarray], start: int) -> None:
        rooms = [json.loads(line) for line in lines.read_text().splitlines()]
        of_room, of_set = np.array(tensors["room"]), np.array(tensors["set"])
        for i, entry in enumerate(rooms):
            # `room` numbers the lines of this shard, or of the whole suite: both start somewhere.
            here = np.flatnonzero(of_room == entry.get("room", i))
            layout = np.array(tensors["layout"][i][: int(tensors["layout_count"][i])])
            name = str(entry.get("suite_room", entry.get("room", i)))
            shell = np.array(tensors["shell"][i][: int(tensors["shell_count"][i])])
            self.rooms.append(Room(name, entry["questions"], layout.astype(np.float32), shell.astype(np.float32),
                                   start + here[of_set[here] == 0], start + here[of_set[here] == 1]))

    def gather(self, name: str, index: np.ndarray) -> np.ndarray:
        """Rows of a large column at any instances, in the order given."""
        shard = np.searchsorted(self.starts, index, side="right") - 1
        first = self.heavy[0][name]
        out = np.empty((len(index), *first.shape[1:]), first.dtype)
        for s in np.unique(shard):
            here = np.flatnonzero(shard == s)
            out[here] = self.heavy[s][name][index[here] - self.starts[s]]
        return out


class FeatureCache:
    """`O3D` and `O2D` of every instance of these shards; written by cache_features, a file a shard."""

    def __init__(self, folder: Path, shards: Shards) -> None:
        parts = [map_safetensors(folder / path.name) for path in shards.paths]
        self.o3d = np.concatenate([part["o3d"] for part in parts], axis=1)
        """(variants, N, 128) f16."""
        self.o2d = np.concatenate([part["o2d"] for part in parts])
        """(N, 5, 128) f16. Views turn with the room, and their mirror image shows the same thing."""
