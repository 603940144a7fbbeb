"""How this process uses the machine."""

from __future__ import annotations

import ctypes

import torch

M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_MAX = -1, -2, -4


def fast() -> torch.autocast:
    """Within, matrices are multiplied in bf16 where the processor can; where it must make believe, f32 is fifty
    times faster."""
    return torch.autocast("cpu", torch.bfloat16, enabled=torch.cpu._is_avx512_bf16_supported())


def set_up(threads: int) -> None:
    """Threads for torch, and big blocks kept by malloc instead of given back to the system.

    A training step allocates the same gigabyte again and again; fetching its pages anew each time
    took more than half of the step.
    """
    torch.set_num_threads(threads)
    try:
        libc = ctypes.CDLL("libc.so.6")
        libc.mallopt(M_MMAP_MAX, 0)
        libc.mallopt(M_TRIM_THRESHOLD, 2**31 - 1)
        libc.mallopt(M_TOP_PAD, 2**28)
    except (OSError, AttributeError):
        pass  # Not glibc: only slower.
