"""Trains the contour network: `python training/segment/train_contour.py OUT.pt --train FOLDER… --val FOLDER…`.

Folders as `voxel_examples` writes them. Neighbouring voxels of one object shall lie close together, others
apart (EZ-SP's affinity exp(−|x_i − x_j|), focal loss); voxels shall know whether they are of a thing, cells
where the middle of their object is and what it is. Resumes from OUT.pt; `--minutes` bounds a run.
"""

import argparse
import random
import time
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional as F

from contour_net import EMBEDDING, MEANING, ContourNet, Level

LEVELS = 5
# As many labels as the generator has classes, and 0 for none.
LABELS = 101


def load(path):
    raw = load_file(path)
    levels = []
    for index in range(LEVELS):
        starts = raw[f"starts{index}"]
        levels.append(Level(starts, raw[f"targets{index}"], raw[f"parent{index}"], (len(starts) - 1) // 6))
    starts, targets = raw["starts0"].long(), raw["targets0"].long()
    source = torch.repeat_interleave(torch.arange(len(starts) - 1) // 6, starts[1:] - starts[:-1])
    once = source < targets
    a, b = source[once], targets[once]
    objects = raw["objects"]
    known = (objects[a] > 0) | (objects[b] > 0)
    return {
        "inputs": raw["inputs"], "levels": levels, "objects": objects, "labels": raw["labels"].long(),
        "middles": raw["middles"], "positions": raw["positions"],
        "a": a[known], "b": b[known], "same": objects[a[known]] == objects[b[known]],
        "shell": torch.stack([a[~known], b[~known]]),
    }


def recoloured(part):
    """As another camera would have seen the colours."""
    inputs = part["inputs"].clone()
    if inputs[0, 3] > 0:
        shift, gain = 0.15 * torch.randn(3), 1 + 0.2 * torch.randn(1)
        inputs[:, :3] = (inputs[:, :3] * gain + shift).clamp(-1, 1)
    return inputs


def losses(net, namer, part, inputs):
    voxel, cell = net(inputs, part["levels"])
    x = voxel[:, :EMBEDDING]

    def affinity_loss(a, b, same):
        distance = ((x[a] - x[b]).square().sum(1) + 1e-6).sqrt()
        likely = torch.exp(-distance)
        right = torch.where(same, likely, 1 - likely).clamp(min=1e-4)
        return (1 - right) * -right.log(), right

    loss, right = affinity_loss(part["a"], part["b"], part["same"])
    apart = ~part["same"]
    edge = loss[part["same"]].mean() + (loss[apart].mean() if apart.any() else 0.0)
    shell = part["shell"]
    if shell.shape[1] > 0:
        inside = affinity_loss(shell[0], shell[1], torch.ones(shell.shape[1], dtype=torch.bool))[0]
        edge = edge + 0.3 * inside.mean()
    is_thing = (part["objects"] > 0).float()
    thing = F.binary_cross_entropy_with_logits(voxel[:, EMBEDDING], is_thing)
    parent = part["levels"][0].parent
    things = part["objects"] > 0
    own = cell[parent[things]]
    target = part["middles"][things] - cell_middles(part, parent)[parent[things]]
    middle = F.smooth_l1_loss(own[:, :3], target.clamp(-2, 2), beta=0.1)
    labels = part["labels"][things]
    named = labels > 0
    if named.any():
        logits = namer(torch.relu(own[named][:, 3:3 + MEANING]))
        name = F.cross_entropy(logits, labels[named])
        correct = (logits.argmax(1) == labels[named]).float().mean()
    else:
        name, correct = torch.zeros(()), torch.full((), float("nan"))
    found = {
        "edge": edge, "thing": thing, "middle": middle, "name": name, "named": correct,
        "same": right[part["same"]].mean(), "apart": right[apart].mean() if apart.any() else edge.detach() * float("nan"),
    }
    return edge + 0.5 * thing + middle + 0.25 * name, found


def cell_middles(part, parent):
    if "cells" not in part:
        count = int(parent.max()) + 1
        sums = torch.zeros(count, 3).index_add_(0, parent, part["positions"])
        part["cells"] = sums / torch.bincount(parent, minlength=count)[:, None]
    return part["cells"]


def begin(net, namer, path):
    """From a checkpoint, or from the shipped weights, which hold no namer: that one learns anew."""
    if path.suffix == ".safetensors":
        shipped = load_file(path)
        own = {name.removeprefix("contour."): value for name, value in shipped.items() if name.startswith("contour.")}
        net.load_state_dict({f"layers.{name}": value for name, value in own.items()})
        return
    state = torch.load(path)
    net.load_state_dict(state["net"])
    namer.load_state_dict(state["namer"])


def files(folders):
    return [path for folder in folders for path in sorted(Path(folder).glob("*.safetensors"))]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--train", nargs="+", required=True)
    arguments.add_argument("--val", nargs="+", default=[])
    arguments.add_argument("--start", type=Path, help="go on from this checkpoint, or from the shipped weights, with a schedule of its own")
    arguments.add_argument("--steps", type=int, default=9000)
    arguments.add_argument("--rate", type=float, default=3e-3)
    arguments.add_argument("--minutes", type=float, default=1e9)
    options = arguments.parse_args()
    torch.manual_seed(0)
    net, namer = ContourNet(), nn.Linear(MEANING, LABELS)
    weights = [*net.parameters(), *namer.parameters()]
    optimiser = torch.optim.AdamW(weights, lr=options.rate, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, options.rate, total_steps=options.steps, pct_start=0.1)
    step = 0
    if options.start and not options.out.exists():
        begin(net, namer, options.start)
    if options.out.exists():
        state = torch.load(options.out)
        net.load_state_dict(state["net"])
        namer.load_state_dict(state["namer"])
        optimiser.load_state_dict(state["optimiser"])
        schedule.load_state_dict(state["schedule"])
        step = state["step"]
    train, val = files(options.train), files(options.val)
    began, sums, count = time.time(), {}, 0
    while step < options.steps and time.time() - began < 60 * options.minutes:
        part = load(random.Random(step).choice(train))
        optimiser.zero_grad()
        loss, found = losses(net, namer, part, recoloured(part))
        loss.backward()
        nn.utils.clip_grad_norm_(weights, 1.0)
        optimiser.step()
        schedule.step()
        step += 1
        for name, value in found.items():
            if value == value:
                seen = sums.setdefault(name, [0.0, 0])
                seen[0] += float(value)
                seen[1] += 1
        if step % 100 == 0:
            text = " ".join(f"{name} {total / n:.3f}" for name, (total, n) in sums.items())
            print(f"{step} {time.time() - began:.0f} s {text}", flush=True)
            sums = {}
        if step % 500 == 0 or step == options.steps:
            report(net, namer, val, step)
            torch.save({"net": net.state_dict(), "namer": namer.state_dict(), "optimiser": optimiser.state_dict(),
                        "schedule": schedule.state_dict(), "step": step}, options.out)


def report(net, namer, val, step):
    sums = {}
    with torch.no_grad():
        for path in val:
            part = load(path)
            for name, value in losses(net, namer, part, part["inputs"])[1].items():
                if value == value:
                    seen = sums.setdefault(name, [0.0, 0])
                    seen[0] += float(value)
                    seen[1] += 1
    print(f"val {step}: " + " ".join(f"{name} {total / n:.3f}" for name, (total, n) in sums.items()), flush=True)


main()
