"""Trains the instance encoders on class, colour and size: `python -m scanwise.train_encoders`.

Shards may still be coming in: every epoch begins with those that are there.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from . import augment, runtime
from .encoders import Encoders
from .shards import Shards

VIEWS_SEEN, CROPS_SEEN, PATCHES_SEEN = 2, 1, 16
"""A training step looks at a few random views, crops and patches of an instance, the trained net at
all. In the last part of the budget all patches are seen, so that pooling over them is met as used."""
ALL_PATCHES_FROM = 0.75


def labelled(shards: Shards) -> np.ndarray:
    """Instances that are, or overlap, a true object."""
    return np.flatnonzero(shards.light["class"] >= 0)


def inputs(shards: Shards, index: np.ndarray, variant: tuple[int, bool], views: np.ndarray | None = None,
           crops: np.ndarray | None = None, pixels: bool = True) -> dict[str, Tensor]:
    """Encoder inputs of some instances in one variant. views (b, v) and crops (b, c) choose some of
    the five and of the three; without `pixels` there are no crops."""
    light = shards.light
    patches = augment.turn_offsets(shards.gather("patches", index).astype(np.float32), variant)
    centres = augment.turn_offsets(light["centres"][index].astype(np.float32), variant)
    extent = augment.turn_sizes(light["extent"][index], variant)
    valid = light["view_valid"][index]
    tensors = {"patches": patches, "centres": centres, "extent": extent}
    if pixels:
        seen = shards.gather("crops", index)
        if views is not None:
            row = np.arange(len(index))[:, None]
            seen, valid = seen[row, views], valid[row, views]
            seen = seen[row[..., None], np.arange(views.shape[1])[None, :, None], crops[:, None, :]]
        if variant[1]:
            seen = np.ascontiguousarray(seen[..., ::-1])
        tensors |= {"crops": seen, "view_valid": valid}
    return {name: torch.from_numpy(value) for name, value in tensors.items()}


def jitter(x: dict[str, Tensor], generator: torch.Generator) -> None:
    """Brightness, contrast and tint a little off, as between scanners; colour names must survive."""
    b = len(x["patches"])
    gain = 1 + 0.06 * torch.randn(b, 3, generator=generator) + 0.06 * torch.randn(b, 1, generator=generator)
    offset = 0.04 * torch.randn(b, 1, generator=generator)
    coloured = x["extent"][:, 7:8] > 0
    rgb = x["patches"][..., 3:] * gain[:, None, None] + offset[:, None, None]
    x["patches"][..., 3:] = torch.where(coloured[:, None, None], rgb.clamp(-1, 1), 0)
    x["patches"][..., :3] += 0.01 * torch.randn(x["patches"][..., :3].shape, generator=generator)
    colour = x["crops"][:, :, :, :3].float()
    colour = (colour - 127.5) * gain[:, None, None, :, None, None] + offset[..., None, None, None, None] * 127.5
    x["crops"][:, :, :, :3] = (colour + 127.5).clamp(0, 255).to(torch.uint8)


class WithSize(nn.Module):
    """The encoders and, for training only, a read-out of the box: O3D must carry the size too."""

    def __init__(self, classes: int, colours: int) -> None:
        super().__init__()
        self.encoders = Encoders(classes, colours)
        self.size = nn.Linear(128, 3)

    def forward(self, x: dict[str, Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        o3d = self.encoders.points(x["patches"], x["centres"], x["extent"])
        o2d = self.encoders.view_tokens(x["crops"])
        class_logits, colour_logits = self.encoders.heads(o3d, o2d, x["view_valid"])
        return class_logits.float(), colour_logits.float(), self.size(o3d).float()


@torch.no_grad()
def evaluate(model: WithSize, shards: Shards, limit: int) -> dict[str, float]:
    """Held-out accuracy in percent with all views and crops, apart for true and predicted sets."""
    model.eval()
    index = np.random.default_rng(0).permutation(labelled(shards))[:limit]
    hits: dict[str, list[Tensor]] = {}
    for part in np.array_split(index, max(1, len(index) // 32)):
        x = inputs(shards, part, (0, False))
        class_logits, colour_logits, size = model(x)
        classes = torch.from_numpy(shards.light["class"][part]).long()
        colours = torch.from_numpy(shards.light["colour"][part]).long()
        known, predicted = colours >= 0, torch.from_numpy(shards.light["set"][part] == 1)
        top = class_logits.topk(min(5, class_logits.shape[1])).indices == classes[:, None]
        hits.setdefault("class_top1", []).append(top[:, 0])
        hits.setdefault("class_top5", []).append(top.any(dim=1))
        hits.setdefault("class_top1_predicted", []).append(top[predicted, 0])
        hits.setdefault("colour_top1", []).append((colour_logits.argmax(dim=1) == colours)[known])
        hits.setdefault("size_within_10cm", []).append((size - x["extent"][:, :3]).abs().amax(dim=1) < 0.1)
    model.train()
    return {name: round(100 * torch.cat(parts).float().mean().item(), 1) for name, parts in hits.items()}


def class_weight(shards: Shards, index: np.ndarray) -> Tensor:
    """(classes): thin classes weigh more, gently, as objects of a thin class are rare in scans too."""
    frequency = np.bincount(shards.light["class"][index], minlength=len(shards.classes))
    weight = (np.maximum(frequency, 1) / max(1.0, frequency.mean())) ** -0.3
    return torch.from_numpy(weight).float()


def train(args: argparse.Namespace) -> None:
    torch.manual_seed(args.seed)
    rng, generator = np.random.default_rng(args.seed), torch.Generator().manual_seed(args.seed)
    shards, held_out = Shards(args.train), Shards(args.val)
    model = WithSize(len(shards.classes), len(shards.colours))
    optimiser = torch.optim.AdamW(model.parameters(), lr=args.lr, weight_decay=0.05, fused=True)
    args.out.mkdir(parents=True, exist_ok=True)
    checkpoint, spent, step, epoch = args.out / "encoders.pt", 0.0, 0, 0
    if checkpoint.exists():
        state = torch.load(checkpoint)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        spent, step, epoch = state["spent"], state["step"], state["epoch"]
    budget, begun = 60 * args.minutes, time.monotonic() - spent
    while budget - spent > 1:
        if len(list(args.train.glob("shard-*.safetensors"))) > len(shards.starts):
            shards = Shards(args.train)
        index = labelled(shards)
        weight = class_weight(shards, index)
        print(f"{len(shards.rooms)} rooms, {len(index)} labelled instances, from {spent:.0f} s", flush=True)
        order, loss_sum, seen = rng.permutation(index), 0.0, 0
        for part in np.array_split(order, max(1, len(order) // args.batch)):
            spent = time.monotonic() - begun
            if spent >= budget:
                break
            share = min(1.0, spent / budget)
            for group in optimiser.param_groups:
                group["lr"] = args.lr * min(1, (step + 1) / 100) * (0.02 + 0.98 * (1 + math.cos(math.pi * share)) / 2)
            views = np.argsort(rng.random((len(part), 5)) - shards.light["view_valid"][part], axis=1)[:, :VIEWS_SEEN]
            crops = rng.integers(0, 3, (len(part), CROPS_SEEN))
            x = inputs(shards, part, augment.ALL[rng.integers(8)], views, crops)
            jitter(x, generator)
            if share < ALL_PATCHES_FROM:
                some = torch.from_numpy(rng.permutation(x["patches"].shape[1])[:PATCHES_SEEN])
                x["patches"], x["centres"] = x["patches"][:, some], x["centres"][:, some]
            with runtime.fast():
                class_logits, colour_logits, size = model(x)
            classes = torch.from_numpy(shards.light["class"][part]).long()
            colours = torch.from_numpy(shards.light["colour"][part]).long()
            loss = F.cross_entropy(class_logits, classes, weight, label_smoothing=0.1)
            loss = loss + 0.5 * F.cross_entropy(colour_logits, colours.clamp(min=-1), ignore_index=-1)
            loss = loss + 0.2 * F.smooth_l1_loss(size, x["extent"][:, :3])
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            step, seen, loss_sum = step + 1, seen + len(part), loss_sum + loss.item() * len(part)
        epoch += 1
        figures = evaluate(model, held_out, args.eval_limit) if seen else {}
        line = {"epoch": epoch, "step": step, "seconds": round(spent), "loss": round(loss_sum / max(1, seen), 3),
                **figures}
        print(json.dumps(line), flush=True)
        with (args.out / "encoders.log.jsonl").open("a") as log:
            log.write(json.dumps(line) + "\n")
        torch.save({"model": model.state_dict(), "optimiser": optimiser.state_dict(), "spent": spent,
                    "step": step, "epoch": epoch, "classes": shards.classes, "colours": shards.colours}, checkpoint)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--train", type=Path, required=True, help="feature shards to train on")
    parser.add_argument("--val", type=Path, required=True, help="feature shards of held-out meshes")
    parser.add_argument("--out", type=Path, default=Path("out"))
    parser.add_argument("--minutes", type=float, default=12)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--lr", type=float, default=1.5e-3)
    parser.add_argument("--eval-limit", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    runtime.set_up(args.threads)
    train(args)


if __name__ == "__main__":
    main()
