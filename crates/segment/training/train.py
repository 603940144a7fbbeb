"""Trains the two small networks of `segment` and writes `src/weights.rs`.

    roomgen ROOMS --rooms 96 --seed 7300 --split train
    roomgen TABLES --tables 300 --seed 7304 --split train
    cargo run --release -p segment --features training --example training_examples -- OUT ROOMS/*/scan.ply
    cargo run --release -p segment --features training --example training_examples -- OUT_T TABLES/*.ply
    python crates/segment/training/train.py OUT OUT_T [MORE_OUT ...] crates/segment/src/weights.rs

Run the last three again with the new weights: the second round sees the pairs that the first
networks' own joining leads to. Needs torch and numpy; some minutes on one core. The shipped weights saw the
rooms twice and, of the first 240 table tops, made before packets were printed on, two rounds too; then
these 300.
"""

import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn

PAIR_FEATURES, OBJECT_FEATURES = 40, 21


def rows(folders, name, width):
    return np.concatenate(
        [np.fromfile(Path(folder) / name, dtype="<f4").reshape(-1, width) for folder in folders]
    )


def train(x, y, weight, hidden, epochs, name):
    """A perceptron with two hidden layers; every tenth part of the rows is held out."""
    torch.manual_seed(0)
    mean, scale = x.mean(0), 1.0 / np.maximum(x.std(0), 1e-3)
    x = torch.from_numpy(np.clip((x - mean) * scale, -6, 6).astype(np.float32))
    y, weight = torch.from_numpy(y), torch.from_numpy(weight)
    held = torch.arange(len(x)) // max(1, len(x) // 50) % 10 == 0
    net = nn.Sequential(
        nn.Linear(x.shape[1], hidden[0]), nn.ReLU(),
        nn.Linear(hidden[0], hidden[1]), nn.ReLU(),
        nn.Linear(hidden[1], 1),
    )
    loss_of = lambda part: (
        nn.functional.binary_cross_entropy_with_logits(
            net(x[part])[:, 0], y[part], weight[part], reduction="sum") / weight[part].sum()
    )
    kept = torch.nonzero(~held)[:, 0]
    optimiser = torch.optim.AdamW(net.parameters(), lr=3e-3, weight_decay=1e-3)
    batch = min(2048, max(64, len(kept) // 50))
    steps = min(epochs * (len(kept) // batch + 1), 16000)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 6e-3, total_steps=steps)
    for _ in range(steps):
        part = kept[torch.randint(len(kept), (batch,))]
        optimiser.zero_grad()
        loss_of(part).backward()
        optimiser.step()
        schedule.step()
    with torch.no_grad():
        guess = net(x[held])[:, 0] > 0
        right = ((guess == (y[held] > 0.5)).float() * weight[held]).sum() / weight[held].sum()
        always = max((y[held] * weight[held]).sum() / weight[held].sum(), 1 - (y[held] * weight[held]).sum() / weight[held].sum())
        print(f"{name}: {len(x)} rows, held-out loss {loss_of(held):.4f}, right {right:.4f} (majority {always:.4f})")
    layers = [layer for layer in net if isinstance(layer, nn.Linear)]
    return mean, scale, layers


def rust_floats(values):
    flat = np.asarray(values, dtype=np.float32).reshape(-1)
    words = [f"{value:.4}" for value in flat]
    words = [word if any(c in word for c in ".e") else word + ".0" for word in words]
    lines = [", ".join(words[i:i + 12]) for i in range(0, len(words), 12)]
    return "&[\n        " + ",\n        ".join(lines) + ",\n    ]"


def rust_network(name, doc, mean, scale, layers):
    parts = [f"/// {doc}", "#[rustfmt::skip]", f"pub(crate) static {name}: Network = Network {{",
             f"    mean: {rust_floats(mean)},", f"    scale: {rust_floats(scale)},", "    layers: &["]
    for layer in layers:
        weight, bias = layer.weight.detach().numpy(), layer.bias.detach().numpy()
        parts.append(f"    Layer {{ weight: {rust_floats(weight)}, bias: {rust_floats(bias)} }},")
    return "\n".join(parts + ["    ],", "};"])


def main():
    # Layers this small run faster on one thread.
    torch.set_num_threads(1)
    *folders, out = sys.argv[1:]
    pairs = rows(folders, "pairs.f32", PAIR_FEATURES + 2)
    objects = rows(folders, "objects.f32", OBJECT_FEATURES + 1)
    affinity = train(pairs[:, :PAIR_FEATURES], pairs[:, -2].copy(), pairs[:, -1].copy(), (64, 32), 25, "affinity")
    good = (objects[:, -1] >= 0.5).astype(np.float32)
    objectness = train(objects[:, :OBJECT_FEATURES], good, np.ones_like(good), (32, 16), 60, "objectness")
    text = [
        "//! The two networks' weights. Written by `training/train.py`, not by hand.\n",
        '#![allow(clippy::approx_constant, reason = "some weight happens to be near a constant")]\n',
        "use crate::network::{Layer, Network};\n",
        rust_network("AFFINITY", "Pair features to: are these parts of one object?", *affinity) + "\n",
        rust_network("OBJECTNESS", "Object features to: does this overlap a true object by half?", *objectness) + "\n",
    ]
    Path(out).write_text("\n".join(text))


main()
