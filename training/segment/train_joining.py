"""Trains the perceptrons that put objects together and name them, and writes all weights of `segment`.

    python training/segment/train_joining.py CONTOUR.pt WEIGHTS.safetensors SUITE [EXAMPLES…|--keep]

SUITE names the classes. EXAMPLES are folders that `training_examples` writes with the weights at hand; without any, the perceptrons
know nothing yet; with `--keep` they stay those of WEIGHTS. See README.md for the rounds.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from contour_net import MEANING

PAIR_FEATURES, OBJECT_FEATURES = 48 + 2 * MEANING, 28 + MEANING
CLASS_FEATURES = OBJECT_FEATURES + 19 + MEANING
PAIR_HIDDEN, OBJECT_HIDDEN, CLASS_HIDDEN = (64, 32), (48, 24), (96, 64)


def rows(folders, name, width):
    return np.concatenate(
        [np.fromfile(Path(folder) / name, dtype="<f4").reshape(-1, width) for folder in folders]
    )


def perceptron(inputs, hidden, outputs=1):
    return nn.Sequential(
        nn.Linear(inputs, hidden[0]), nn.ReLU(),
        nn.Linear(hidden[0], hidden[1]), nn.ReLU(),
        nn.Linear(hidden[1], outputs),
    )


def train(x, y, weight, hidden, epochs, name):
    """The tensors of a perceptron with two hidden layers; every tenth part of the rows is held out."""
    torch.manual_seed(0)
    mean, scale = x.mean(0), 1.0 / np.maximum(x.std(0), 1e-3)
    x = torch.from_numpy(np.clip((x - mean) * scale, -6, 6).astype(np.float32))
    y, weight = torch.from_numpy(y), torch.from_numpy(weight)
    held = torch.arange(len(x)) // max(1, len(x) // 50) % 10 == 0
    net = perceptron(x.shape[1], hidden)

    def loss_of(part):
        guess = net(x[part])[:, 0]
        loss = nn.functional.binary_cross_entropy_with_logits(guess, y[part], weight[part], reduction="sum")
        return loss / weight[part].sum()

    kept = torch.nonzero(~held)[:, 0]
    optimiser = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=1e-3)
    batch = min(4096, max(64, len(kept) // 50))
    steps = min(epochs * (len(kept) // batch + 1), 20000)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 6e-3, total_steps=steps)
    for _ in range(steps):
        part = kept[torch.randint(len(kept), (batch,))]
        optimiser.zero_grad()
        loss_of(part).backward()
        optimiser.step()
        schedule.step()
    with torch.no_grad():
        guess = net(x[held])[:, 0] > 0
        total = weight[held].sum()
        right = ((guess == (y[held] > 0.5)).float() * weight[held]).sum() / total
        ones = (y[held] * weight[held]).sum() / total
        print(f"{name}: {len(x)} rows, held-out loss {loss_of(held):.4f}, right {right:.4f} (majority {max(ones, 1 - ones):.4f})")
    return tensors(mean, scale, net)


def train_classes(x, label, classes):
    """The tensors of the perceptron that names objects."""
    torch.manual_seed(0)
    mean, scale = x.mean(0), 1.0 / np.maximum(x.std(0), 1e-3)
    x = torch.from_numpy(np.clip((x - mean) * scale, -6, 6).astype(np.float32))
    label = torch.from_numpy(label.astype(np.int64)) - 1
    held = torch.arange(len(x)) // max(1, len(x) // 50) % 10 == 0
    net = perceptron(x.shape[1], CLASS_HIDDEN, classes)
    kept = torch.nonzero(~held)[:, 0]
    optimiser = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.05)
    steps = 6000
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 2e-3, total_steps=steps)
    for _ in range(steps):
        part = kept[torch.randint(len(kept), (512,))]
        noisy = x[part] + 0.15 * torch.randn(len(part), x.shape[1])
        optimiser.zero_grad()
        nn.functional.cross_entropy(net(noisy), label[part], label_smoothing=0.1).backward()
        optimiser.step()
        schedule.step()
    with torch.no_grad():
        top = net(x[held]).topk(5).indices == label[held, None]
        print(f"class: {len(x)} rows, held-out top-1 {top[:, 0].float().mean():.4f}, top-5 {top.any(1).float().mean():.4f}")
    return tensors(mean, scale, net)


def tensors(mean, scale, net):
    layers = [layer for layer in net if isinstance(layer, nn.Linear)]
    found = {"mean": torch.as_tensor(mean, dtype=torch.float32), "scale": torch.as_tensor(scale, dtype=torch.float32)}
    for index, layer in enumerate(layers):
        found[f"{index}.weight"], found[f"{index}.bias"] = layer.weight.detach(), layer.bias.detach()
    return found


def untaught(inputs, hidden, outputs=1):
    net = perceptron(inputs, hidden, outputs)
    nn.init.zeros_(net[-1].weight)
    nn.init.zeros_(net[-1].bias)
    return tensors(np.zeros(inputs), np.ones(inputs), net)


def main():
    # Layers this small run faster on one thread.
    torch.set_num_threads(1)
    contour, out, suite, *folders = sys.argv[1:]
    classes = json.loads(next(Path(suite).glob("*/scene.json")).read_text())["classes"]
    net = torch.load(contour)["net"]
    parts = {"contour": {name.removeprefix("layers."): value for name, value in net.items()}}
    flat = {}
    if folders == ["--keep"]:
        flat = {name: value for name, value in load_file(out).items() if not name.startswith("contour.")}
    elif folders:
        pairs = rows(folders, "pairs.f32", PAIR_FEATURES + 2)
        objects = rows(folders, "objects.f32", OBJECT_FEATURES + 1)
        parts["affinity"] = train(
            pairs[:, :PAIR_FEATURES], pairs[:, -2].copy(), pairs[:, -1].copy(), PAIR_HIDDEN, 25, "affinity")
        # Rather 0.9 than 0.6 of an object: a probability that grows with the overlap.
        good = np.clip((objects[:, -1] - 0.25) / 0.5, 0, 1).astype(np.float32)
        parts["objectness"] = train(
            objects[:, :OBJECT_FEATURES], good, np.ones_like(good), OBJECT_HIDDEN, 60, "objectness")
        named = rows(folders, "classes.f32", CLASS_FEATURES + 1)
        parts["class"] = train_classes(named[:, :CLASS_FEATURES], named[:, -1], len(classes))
    else:
        parts["class"] = untaught(CLASS_FEATURES, CLASS_HIDDEN, len(classes))
        parts["affinity"] = untaught(PAIR_FEATURES, PAIR_HIDDEN)
        parts["objectness"] = untaught(OBJECT_FEATURES, OBJECT_HIDDEN)
    flat |= {f"{part}.{name}": value.float().contiguous() for part, own in parts.items() for name, value in own.items()}
    save_file(flat, out, metadata={"classes": ",".join(classes)})


main()
