"""The three systems by themselves: which rows each gives to the language model, and its adapter.

One language model and one set of scene encoders serve all; a system is a choice of rows, a low-rank change of the
language model's matrices (LoRA, Hu et al. 2021) and a first row in place of `<|bos|>`'s. Inst3D-LMM points at
objects. 3D-LLM and Spatial 3D-LLM have no pointer: they write an object's box in location tokens (`boxes`).
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.func import functional_call

from .boxes import Choice
from .llama import Llama

UNIFIED = "unified"
"""All rows, the pointer, no adapter."""
SYSTEMS = ("inst3d", "llm3d", "spatial")
SYSTEMS_OF = {"s": SYSTEMS, "m": ()}
"""By the size of the language model."""
WRITES_BOXES = frozenset({"llm3d", "spatial"})
"""Those that name an object by its box."""
RANK = 8


class Adapter(nn.Module):
    """`adapters.NAME`: what one system changes."""

    def __init__(self, lm: Llama, writes_boxes: bool) -> None:
        super().__init__()
        width = lm.config.width
        self.first = nn.Parameter(torch.randn(width) * 0.02)
        self.a, self.b = nn.ParameterDict(), nn.ParameterDict()
        for name, linear in linears(lm):
            key = name.replace(".", "/")
            self.a[key] = nn.Parameter(torch.randn(RANK, linear.in_features) * linear.in_features**-0.5)
            self.b[key] = nn.Parameter(torch.zeros(linear.out_features, RANK))
        self.choice = Choice(width) if writes_boxes else None

    def merged(self, lm: Llama) -> dict[str, Tensor]:
        """`W + B A` for every matrix of the layers. In use it is rounded to 8 bits (`rounded8`)."""
        return {f"{name}.weight": linear.weight + self.b[key] @ self.a[key]
                for name, linear in linears(lm) for key in [name.replace(".", "/")]}


def linears(lm: Llama) -> list[tuple[str, nn.Linear]]:
    return [(name, module) for name, module in lm.named_modules() if isinstance(module, nn.Linear)]


def rounded8(weight: Tensor) -> Tensor:
    """What `kernels::round_q8` leaves of a merged matrix: groups of 32, the largest weight's share of 127 a step."""
    groups = weight.reshape(-1, 32)
    scale = (groups.abs().amax(dim=1, keepdim=True) / 127).half().float()
    return (scale * (groups / torch.where(scale == 0, 1, scale)).round().clamp(-127, 127)).view_as(weight)


class Adapters(nn.ModuleDict):
    """`adapters.*`."""

    def __init__(self, lm: Llama, systems: tuple[str, ...]) -> None:
        super().__init__({name: Adapter(lm, name in WRITES_BOXES) for name in systems})

    def first(self, system: str, bos: Tensor) -> Tensor:
        """What stands before a system's rows."""
        return bos if system == UNIFIED else bos + self[system].first

    def of(self, lm: Llama, system: str) -> Callable[..., Tensor]:
        """The language model as `system` has it."""
        if system == UNIFIED:
            return lm
        changed = self[system].merged(lm)
        return lambda *given: functional_call(lm, changed, given)


def imported(name: str) -> str:
    """The parameter of this name in files: what `exported` made of it, taken back."""
    parts = name.split(".")
    if parts[0] == "adapters" and parts[-1] in ("a", "b"):
        return ".".join([*parts[:2], parts[-1], "/".join(parts[2:-1])])
    return name


def exported(name: str) -> str:
    """A parameter's name in files: `adapters.llm3d.layers.0.attn.q.a`."""
    parts = name.split(".")
    if parts[0] == "adapters" and parts[2] in ("a", "b"):
        return ".".join([*parts[:2], *parts[3].split("/"), parts[2]])
    return name
