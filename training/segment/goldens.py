"""What PyTorch says of a few voxels, for the test of `contour_net`.

    cargo run --release -p segment --features training --example voxel_examples -- --golden OUT
    python training/segment/goldens.py OUT quantized-models/segment/weights.safetensors
"""

import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from contour_net import ContourNet, Level


def main():
    example, weights = map(load_file, sys.argv[1:3])
    net = ContourNet()
    net.load_state_dict({
        name.replace("contour.", "layers.", 1): value
        for name, value in weights.items() if name.startswith("contour.")
    })
    levels = []
    for index in range(5):
        starts = example[f"starts{index}"]
        levels.append(Level(starts, example[f"targets{index}"], example[f"parent{index}"], (len(starts) - 1) // 6))
    with torch.no_grad():
        voxel, cell = net(example["inputs"], levels)
    out = Path(__file__).parent / "goldens"
    out.mkdir(exist_ok=True)
    save_file({"voxel": voxel.contiguous(), "cell": cell.contiguous()}, out / "contour.safetensors")


main()
