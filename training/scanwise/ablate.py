"""What each part is worth: the joint model without it, at one small budget: `python -m scanwise.ablate`.

Every run has the same encoders, questions, steps and learning rate; `--seeds` of them for each part.
Runs that are complete are kept, so this can be stopped and called again. Prints a Markdown table of
exact match on held-out rooms, mean and range over the seeds.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

from .config import WITHOUT

KINDS = ("all", "class", "attribute", "ground one", "ground nearest", "relation", "nearest", "existence", "count")
"""The columns."""


def last_line(folder: Path) -> dict | None:
    """What a complete run said at its end."""
    log = folder / "joint.log.jsonl"
    lines = log.read_text().splitlines() if log.exists() else []
    return json.loads(lines[-1]) if lines and (folder / "complete").exists() else None


def run(args: argparse.Namespace, rest: list[str], without: str, seed: int) -> dict:
    folder = args.out / f"{without or 'whole'}-{seed}"
    done = last_line(folder)
    if done:
        return done
    folder.mkdir(parents=True, exist_ok=True)
    lexicon = args.encoders.parent / "lexicon.npy"
    if lexicon.exists() and not (folder / lexicon.name).exists():
        (folder / lexicon.name).symlink_to(lexicon.resolve())
    part = ["--without", without] if without else []
    subprocess.run([sys.executable, "-u", "-m", "scanwise.train_joint", "--out", str(folder), "--seed", str(seed),
                    "--encoders", str(args.encoders), "--steps", str(args.steps), "--save-minutes", "60",
                    *part, *rest], check=True)
    (folder / "complete").touch()
    (folder / "joint.pt").unlink()
    return last_line(folder) or {}


def cell(runs: list[dict], regime: str, kind: str) -> str:
    values = [run[regime][kind]["model"] for run in runs if kind in run.get(regime, {})]
    if not values:
        return ""
    mean = sum(values) / len(values)
    return f"{mean:.1f}" if len(values) == 1 else f"{mean:.1f} ({min(values):g}–{max(values):g})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
                                     epilog="Other options go to train_joint.")
    parser.add_argument("--out", type=Path, default=Path("out/ablate"))
    parser.add_argument("--encoders", type=Path, default=Path("out/encoders.pt"))
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--regime", choices=("true", "predicted"), default="true")
    args, rest = parser.parse_known_args()
    print("| without | " + " | ".join(KINDS) + " |\n|---|" + "--:|" * len(KINDS), flush=True)
    for without in ("", *WITHOUT):
        runs = [run(args, rest, without, seed) for seed in range(args.seeds)]
        cells = [cell(runs, args.regime, kind) for kind in KINDS]
        print(f"| {without or 'nothing'} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
