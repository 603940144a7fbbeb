"""The contour network, as `crates/segment/src/contour_net/plan.rs` runs it."""

import torch
from torch import nn

INPUTS, DIRECTIONS, EMBEDDING, MEANING = 24, 6, 9, 16
WIDTHS = (16, 24, 32, 40, 40)
VOXEL_OUT, CELL_OUT = 16, 24


class SparseMean(torch.autograd.Function):
    """`A x` for a constant sparse `A`, whose transpose is known too."""

    @staticmethod
    def forward(ctx, a, a_t, x):
        ctx.a_t = a_t
        return torch.sparse.mm(a, x)

    @staticmethod
    def backward(ctx, gradient):
        return None, None, torch.sparse.mm(ctx.a_t, gradient.contiguous())


class Level:
    """A grid: means over neighbours by direction `(6 cells, cells)`, and over children."""

    def __init__(self, starts, targets, parent, cells):
        starts, targets = starts.long(), targets.long()
        counts = starts[1:] - starts[:-1]
        self.around = csr(starts, targets, cells)
        rows = torch.repeat_interleave(torch.arange(len(counts)), counts)
        self.around_t = transposed(rows, targets, 1.0 / counts.clamp(min=1).float()[rows], len(counts), cells)
        self.parent = parent.long()
        if len(parent):
            above = int(self.parent.max()) + 1
            sizes = torch.bincount(self.parent, minlength=above).float()
            child = torch.arange(cells)
            weight = 1.0 / sizes[self.parent]
            self.down = transposed(child, self.parent, weight, cells, above)
            self.down_t = transposed(self.parent, child, weight, above, cells)


def csr(starts, targets, columns):
    counts = (starts[1:] - starts[:-1]).clamp(min=1)
    values = torch.repeat_interleave(1.0 / counts.float(), starts[1:] - starts[:-1])
    return torch.sparse_csr_tensor(starts, targets, values, (len(starts) - 1, columns))


def transposed(rows, columns, values, height, width):
    """The CSR matrix `(width, height)` of the entries `(columns, rows)`."""
    order = torch.argsort(columns, stable=True)
    starts = torch.zeros(width + 1, dtype=torch.long)
    starts[1:] = torch.bincount(columns, minlength=width).cumsum(0)
    return torch.sparse_csr_tensor(starts, rows[order], values[order], (width, height))


class ContourNet(nn.Module):
    def __init__(self):
        super().__init__()
        w = WIDTHS
        sizes = {
            "in": (INPUTS, w[0]),
            "down1": (w[0], w[1]), "down2": (w[1], w[2]), "down3": (w[2], w[3]), "down4": (w[3], w[4]),
            "up3": (w[3] + w[4], w[3]), "up2": (w[2] + w[3], w[2]), "up1": (w[1] + w[2], w[1]),
            "up0": (w[0] + w[1], w[0]),
            "voxel": (w[0], VOXEL_OUT), "cell": (w[1], CELL_OUT),
        }
        for name, level in (("0", 0), ("1", 1), ("2a", 2), ("2b", 2), ("3", 3), ("4", 4)):
            sizes[f"around{name}"] = ((1 + DIRECTIONS) * w[level], w[level])
        self.layers = nn.ModuleDict({name: nn.Linear(*size) for name, size in sizes.items()})

    def forward(self, inputs, levels):
        """inputs `(voxels, INPUTS)` → `(voxels, VOXEL_OUT)`, `(cells of level 1, CELL_OUT)`."""
        layer = self.layers

        def around(name, x, level):
            means = SparseMean.apply(level.around, level.around_t, x).reshape(len(x), -1)
            return torch.relu(layer[f"around{name}"](torch.cat([x, means], 1)) + x)

        def down(name, x, level):
            return torch.relu(layer[f"down{name}"](SparseMean.apply(level.down, level.down_t, x)))

        def up(name, x, above, level):
            return torch.relu(layer[f"up{name}"](torch.cat([x, above[level.parent]], 1)))

        x0 = around("0", torch.relu(layer["in"](inputs)), levels[0])
        x1 = around("1", down("1", x0, levels[0]), levels[1])
        x2 = around("2b", around("2a", down("2", x1, levels[1]), levels[2]), levels[2])
        x3 = around("3", down("3", x2, levels[2]), levels[3])
        x4 = around("4", down("4", x3, levels[3]), levels[4])
        x3 = up("3", x3, x4, levels[3])
        x2 = up("2", x2, x3, levels[2])
        x1 = up("1", x1, x2, levels[1])
        x0 = up("0", x0, x1, levels[0])
        return layer["voxel"](x0), layer["cell"](x1)
