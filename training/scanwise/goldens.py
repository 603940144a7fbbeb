"""Stored cases for the Rust side: `python -m scanwise.goldens [FOLDER]`.

`encode.safetensors`: random weights at real size (stored as f16 they are exact), inputs of one
scene of three instances, and what every stage makes of them.
`lm_small.safetensors`: a tiny decoder with its pointer, a prefix, two questions behind it, and the
hidden states, logits and object log-probabilities at every question position. Both carry their
configuration as JSON in the file's metadata under `config`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from unittest import mock

import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.func import functional_call

from . import inst3d, llama
from .attention import attend
from .boxes import NUMBERS, Choice, Readings, tell
from .config import EncodeConfig, LmConfig
from .encoders import mean_of_valid
from .inst3d import Encode, padded_scene_box, pair_features, pairwise_relations
from .llama import Packing
from .llm3d import Surface
from .locations import BINS
from .model import Scanwise
from .pointer import ANCHORS, MENTIONS, NONE, RECALLED, chosen
from .systems import SYSTEMS, UNIFIED, WRITES_BOXES, exported, rounded8

CLASSES, COLOURS = 7, 5


def lively(module: nn.Module, generator: torch.Generator) -> None:
    """Random weights that f16 holds exactly and that let no bias or norm pass unnoticed."""
    for name, weight in module.named_parameters():
        noise = torch.randn(weight.shape, generator=generator)
        fan_in = weight[0].numel() if weight.dim() > 1 else 1
        if "norm" in name and name.endswith("weight"):
            value = 1 + 0.2 * noise
        elif weight.dim() == 1:
            value = 0.2 * noise
        else:
            value = 1.2 * noise / fan_in**0.5
        if name.endswith(("cls", "view_pos", "id_embed", "embed.weight", "llm3d.query")):
            value = noise
        weight.data = value.half().float()


def scene_inputs(n: int, g: torch.Generator) -> dict[str, Tensor]:
    """A made-up scene of n instances: inputs as a feature shard holds them."""
    e = EncodeConfig()
    view_valid = torch.ones(n, e.views)
    view_valid[1, 3:] = 0
    view_valid[2] = 0
    centre = torch.rand(n, 3, generator=g) * torch.tensor([4.0, 3.0, 1.5])
    size = 0.2 + torch.rand(n, 3, generator=g)
    radius = size.norm(dim=1, keepdim=True) / 2
    low, high = centre[:, 2:] - size[:, 2:] / 2, centre[:, 2:] + size[:, 2:] / 2
    volume = size.prod(dim=1, keepdim=True)
    return {
        "patches": (torch.rand(n, e.patches, e.patch_points, 6, generator=g) * 2 - 1).half(),
        "centres": (torch.rand(n, e.patches, 4, generator=g) * 2 - 1).half(),
        "extent": torch.cat([size, low, high, radius, volume ** (1 / 3), torch.ones(n, 1)], dim=1),
        "crops": torch.randint(0, 256, (n, e.views, e.crops, 4, e.crop_px, e.crop_px),
                               generator=g).to(torch.uint8),
        "view_valid": view_valid.to(torch.uint8),
        "trust": (torch.randint(0, 256, (n, e.patches, e.views), generator=g)
                  * (torch.rand(n, e.patches, e.views, generator=g) > 0.3)).to(torch.uint8),
        "shell": torch.rand(7, 6, generator=g) * 4 - torch.tensor([1.0, 1, 0.5, 2, 2, 2]),
        "box": torch.cat([centre, size], dim=1),
        "layout": torch.tensor([[1.0, 0, 0, 0.5, 0.5, 0.02, 1, 1, 0.04],
                                [0.0, 0, 1, 0.5, 0.98, 0.5, 1, 0.04, 1]]),
        "slots": torch.tensor([17, 3, 199], dtype=torch.int32)[:n],
        # Of the last one nobody has a guess.
        "guess": torch.tensor([[0.5, 0, 0.25, 0, 0, 0, 0.125], [0, 0, 0, 0.75, 0, 0, 0], [0.0] * CLASSES])[:n],
    }


Look = tuple[Tensor, Tensor, Tensor]
"""Queries, keys and bias of one attention."""


@contextmanager
def watched(module: ModuleType) -> Iterator[list[Look]]:
    """Within, every attention of a module is noted."""
    looks: list[Look] = []

    def watch(q: Tensor, k: Tensor, v: Tensor, bias: Tensor) -> Tensor:
        looks.append((q, k, bias))
        return attend(q, k, v, bias)

    with mock.patch.object(module, "attend", watch):
        yield looks


def weights(q: Tensor, k: Tensor, bias: Tensor) -> Tensor:
    """q (b, tq, heads, d), k (b, tk, kv_heads, d) → (b, heads, tq, tk)."""
    k = k.repeat_interleave(q.shape[2] // k.shape[2], dim=2)
    return (torch.einsum("bqhe,bkhe->bhqk", q, k) * q.shape[-1] ** -0.5 + bias).softmax(dim=-1)


@torch.no_grad()
def encode_golden(path: Path) -> None:
    g = torch.Generator().manual_seed(1)
    lm = LmConfig()
    model = Encode(CLASSES, COLOURS, EncodeConfig()).eval()
    lively(model, g)
    x = scene_inputs(3, g)
    valid = torch.ones(1, 3, dtype=torch.bool)
    o3d = model.points(x["patches"].float(), x["centres"].float(), x["extent"])
    o2d = model.view_tokens(x["crops"])
    class_logits, colour_logits = model.heads(o3d, o2d, x["view_valid"])
    likely = model.likely(o3d[None], o2d[None], x["view_valid"][None], x["guess"][None])
    boxes = x["box"][None]
    s_ij = pairwise_relations(boxes[..., :3], valid)
    view_valid = x["view_valid"][None]
    with watched(inst3d) as looks:
        coarse, fused = model.mcmf(o3d[None], o2d[None], view_valid, valid)
    views = weights(*looks[-1]).mean(dim=1)[:, 0]
    o2d_mean = mean_of_valid(o2d, x["view_valid"])
    with watched(inst3d) as looks:
        relation = model.isr(o3d[None], o2d_mean[None], boxes, s_ij, valid)
    # Where all objects are there, the bias is the logarithm of the gates.
    gate, attention = looks[-1][2][0].exp().mean(dim=0), weights(*looks[-1])[0].mean(dim=0)
    low, size = padded_scene_box(boxes, valid)
    surface = Surface(x["patches"][None].float(), x["centres"][None].float(), x["extent"][None, :, 5],
                      x["trust"][None].float() / 255, x["shell"][None], torch.ones(1, 7, dtype=torch.bool), low,
                      torch.ones(1))
    by_system = {system: model(o3d[None], o2d[None], view_valid, boxes, x["slots"][None].long(), x["layout"][None], valid,
                               surface, x["guess"][None], system) for system in (UNIFIED, *SYSTEMS)}
    rows = by_system[UNIFIED]
    spatial = model.spatial(model.patch_tokens(surface), o3d[None], boxes, valid, surface)
    fusion, _ = model.llm3d(o2d[None], view_valid, boxes, valid, surface, "fusion")
    stages = {
        "o3d": o3d, "o2d": o2d, "likely": likely[0], "named": model.named(likely)[0], "class_logits": class_logits, "colour_logits": colour_logits,
        "padded_box": torch.cat([low, size], dim=1)[0], "s_ij": s_ij[0], "coarse": coarse[0],
        "fused": fused[0], "views": views, "gate": gate, "attention": attention, "relation": relation[0], "mention": rows.mention[0],
        "queries": rows.queries[0], "queries_fusion": fusion[0], "spatial": spatial[0],
        "place": model.placed(boxes, surface)[0],
        "rows": torch.cat([rows.queries, rows.objects, rows.layout], dim=1)[0],
    }
    for system in SYSTEMS:
        own = by_system[system]
        stages |= {f"{system}.mention": own.mention[0],
                   f"{system}.rows": torch.cat([own.queries, own.objects, own.layout], dim=1)[0]}
        if own.readings is not None:
            stages |= {f"{system}.said": own.readings.numbers[0], f"{system}.refined": own.readings.refined[0]}
    tensors = {f"encode.{k}": v.half() for k, v in model.state_dict().items()}
    tensors |= {f"input.{k}": v for k, v in x.items()} | {f"output.{k}": v for k, v in stages.items()}
    config = {"encode": EncodeConfig().as_json(), "lm": lm.as_json(), "classes": CLASSES, "colours": COLOURS}
    write(path, tensors, config)


SMALL = LmConfig(layers=2, width=64, heads=4, kv_heads=2, head_dim=16, ff=96, vocab=448, context=128)
SMALL_BOS, SMALL_USER, SMALL_ASSISTANT, SMALL_OBJ, SMALL_BOX, SMALL_BOX_END, SMALL_LOC = 1, 2, 3, 5, 6, 7, 190


def attended(model: Scanwise, prefix: Tensor, x: Tensor, packing: Packing) -> Tensor:
    """How each question position attends to the prefix, mean over layers and heads: (t, p)."""
    with watched(llama) as calls:
        model.lm(prefix, torch.ones(prefix.shape[:2], dtype=torch.bool), x, packing)
    shares = []
    # The prefix attends too; the questions are those with a position for themselves beside it.
    for q, k, bias in (call for call in calls if call[1].shape[1] > prefix.shape[1]):
        shares.append(weights(q, k, bias).mean(dim=1)[..., : prefix.shape[1]])
    share = torch.stack(shares).mean(dim=0)
    return torch.cat([of_one[:length] for of_one, length in zip(share, packing.length, strict=True)])


@torch.no_grad()
def lm_golden(path: Path) -> None:
    g = torch.Generator().manual_seed(2)
    model = Scanwise(CLASSES, COLOURS, SMALL, EncodeConfig(rows=SMALL.width)).eval()
    lively(model, g)
    objects, layout = 3, 2
    row = torch.randn(4 * objects + layout, SMALL.width, generator=g).half().float()
    mention = torch.randn(objects, SMALL.width, generator=g).half().float()
    boxes = torch.cat([torch.rand(1, objects, 3, generator=g) * 4, torch.rand(1, objects, 3, generator=g) + 0.1], dim=2)
    valid = torch.ones(1, objects, dtype=torch.bool)
    pairs = pair_features(boxes, pairwise_relations(boxes[..., :3], valid))
    token = torch.randint(8, SMALL_LOC, (9 + 6,), generator=g)
    named = torch.full((15,), -1)
    # At 2 and 13 by the question, at 6 and 11 by an answer.
    named[[2, 6, 11, 13]] = torch.tensor([2, 0, 1, 2])
    token[named >= 0] = SMALL_OBJ
    seen_from = torch.full((15, ANCHORS), NONE)
    turn = torch.zeros(15, dtype=torch.long)
    turn[11] = 3
    # One seen from one other, one from two.
    seen_from[6, 0], seen_from[11] = 2, torch.tensor([2, 0])
    lengths = [9, 6]

    prefix = torch.cat([model.lm.embed.weight[SMALL_BOS][None], row])[None]
    x = model.lm.embed(token)
    at = named >= 0
    in_scene_0 = torch.zeros(int(at.sum()), dtype=torch.long)
    x[at] += mention[named[at]] + model.pointer.told(pairs, in_scene_0, named[at], seen_from[at], turn[at])
    within = torch.cat([torch.arange(n) for n in lengths])
    question = torch.repeat_interleave(torch.arange(2), torch.tensor(lengths))
    packing = Packing(within, torch.zeros(2, dtype=torch.long), lengths)
    h = model.lm(prefix, torch.ones(prefix.shape[:2], dtype=torch.bool), x, packing)
    # Before each position: what its question has named so far.
    asked = torch.full((15, MENTIONS + RECALLED), NONE)
    asked[2:9, 0], asked[13:, 0] = 2, 2
    # As if the answer before the second question had named two others.
    asked[9:, MENTIONS:] = torch.tensor([1, 0])
    score, anchors, turns = (x[0] for x in model.pointer(h[None], mention[None], pairs, valid, asked[None]))
    tensors = {exported(k): v.half() for k, v in model.state_dict().items() if not k.startswith("encode.")}
    tensors |= {
        "input.rows": row, "input.mention": mention, "input.pairs": pairs[0], "input.tokens": token.int(),
        "input.mention_index": named.int(), "input.question": question.int(),
        "input.seen_from": seen_from.int(), "input.turn": turn.int(), "input.asked": asked.int(),
        "output.hidden": h, "output.logits": model.lm.logits(h), "output.object_scores": score,
        "output.anchors": chosen(anchors).int(), "output.turn": turns.argmax(dim=-1).int(),
    }
    tensors["output.attended"] = attended(model, prefix, x, packing)
    said = torch.randn(READ, NUMBERS, BINS, generator=g).mul(2).log_softmax(dim=-1)
    tensors |= {"input.said": said, "input.refined": torch.randn(READ, NUMBERS, generator=g)}
    for system in SYSTEMS:
        first = model.adapters.first(system, model.lm.embed.weight[SMALL_BOS])
        changed = {name: rounded8(weight) for name, weight in model.adapters[system].merged(model.lm).items()}

        def own(x: Tensor, packing: Packing) -> Tensor:
            rows = torch.cat([first[None], row])[None]  # noqa: B023
            return functional_call(model.lm, changed, (rows, torch.ones(rows.shape[:2], dtype=torch.bool), x, packing))  # noqa: B023

        tensors[f"output.{system}.logits"] = model.lm.logits(own(x, packing))
        if system in WRITES_BOXES:
            readings = Readings(row[None, :READ], torch.ones(1, READ, dtype=torch.bool), said[None], tensors["input.refined"][None])
            told = boxed(model, model.adapters[system].choice, own, readings, mention)
            tensors |= {f"output.{system}.{name}": value for name, value in told.items()}
    config = {"lm": SMALL.as_json(), "systems": SYSTEMS, "bos": SMALL_BOS, "obj": SMALL_OBJ, "box": SMALL_BOX,
              "box_end": SMALL_BOX_END, "loc0": SMALL_LOC}
    write(path, tensors, config)


READ = 4
"""Rows of the small case that say something of boxes."""


def boxed(model: Scanwise, choice: Choice, own: Callable[[Tensor, Packing], Tensor], readings: Readings,
          mention: Tensor) -> dict[str, Tensor]:
    """“?” with a mention of object 2, answered with a box: of which row, its numbers, and what comes after it where it
    is object 1's."""
    def after(token: list[int], named: dict[int, int]) -> Tensor:
        x = model.lm.embed(torch.tensor(token))
        for at, index in named.items():
            x[at] += mention[index]
        return own(x, Packing(torch.arange(len(token)), torch.zeros(1, dtype=torch.long), [len(token)]))

    question = [SMALL_USER, SMALL_OBJ, SMALL_ASSISTANT]
    chosen = choice(after(question, {1: 2})[-1:], torch.zeros(1, dtype=torch.long), readings)[0]
    numbers, row = tell(chosen, readings.numbers[0])
    whole = [*question, SMALL_BOX, *(SMALL_LOC + numbers).tolist(), SMALL_BOX_END]
    return {"told": numbers.int(), "told_refined": readings.refined[0, row].clone(),
            "after_box": model.lm.logits(after(whole, {1: 2, len(whole) - 1: 1})[-1])}


def write(path: Path, tensors: dict[str, Tensor], config: dict) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({k: v.contiguous() for k, v in tensors.items()}, path, {"config": json.dumps(config)})
    path.chmod(0o644)
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB, {len(tensors)} tensors")


def main() -> None:
    here = Path(__file__).resolve().parents[1] / "goldens"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else here
    encode_golden(folder / "encode.safetensors")
    lm_golden(folder / "lm_small.safetensors")


if __name__ == "__main__":
    main()
