"""What each part is worth: the joint model without it, at one small budget: `python -m scanwise.ablate`.

Every run begins with the same weights (`--start`, else with none), has the same encoders, questions, steps
and learning rate, and goes on without one part; `--seeds` of them for each. What is complete is kept, so
this can be stopped and called again. Prints a Markdown table of greedy exact match on held-out rooms with
their true instances, mean and range over the seeds.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from . import runtime
from .batches import scenes
from .cache_features import load_encoders
from .config import WITHOUT
from .evaluate import Case, step
from .feed import Asked
from .loss import scene_rows
from .model import Scanwise
from .telling import Telling
from .train_joint import read_all

COLUMNS = {
    "class": ("class",),
    "colours, materials": ("attribute", "material", "ground colour"),
    "relations, nearest": ("relation", "nearest", "ground relation", "ground nearest"),
    "sides": ("situated side",),
    "pair of a distance": ("distance",),
    "follow-ups": ("follow-up attribute", "follow-up material", "follow-up class", "follow-up nearest"),
    "what goes where": ("move pose", "move beside", "move on", "place beside", "place on", "place between"),
}
"""The kinds of questions that a column counts."""

IN_ONE_PASS = 40
"""Questions decoded side by side."""


def run(args: argparse.Namespace, rest: list[str], without: str, seed: int) -> dict[str, list[float]]:
    """For every column `[percent right, n]`."""
    folder = args.out / f"{without or 'whole'}-{seed}"
    score = folder / "score.json"
    if score.exists():
        return json.loads(score.read_text())
    folder.mkdir(parents=True, exist_ok=True)
    lexicon = args.encoders.parent / "lexicon.npy"
    if lexicon.exists() and not (folder / lexicon.name).exists():
        (folder / lexicon.name).symlink_to(lexicon.resolve())
    part = ["--without", without] if without else []
    start = ["--start", str(args.start)] if args.start else []
    data = [f"--{name.replace('_', '-')}={getattr(args, name)}" for name in ("val", "val_cache", "tokenizer", "encoders")]
    # What it finds out of held-out rooms itself is of other questions; the least of that.
    subprocess.run([sys.executable, "-u", "-m", "scanwise.train_joint", "--out", str(folder), "--seed", str(seed),
                    "--steps", str(args.steps), "--save-minutes", "60", "--unified",
                    "--eval-rooms", "1", "--eval-questions", "1",
                    *data, *part, *start, *rest], check=True)
    scored = scores(args, folder / "joint.pt", frozenset([without] if without else []))
    score.write_text(json.dumps(scored))
    (folder / "joint.pt").unlink()
    return scored


@torch.no_grad()
def scores(args: argparse.Namespace, checkpoint: Path, without: frozenset[str]) -> dict[str, list[float]]:
    """The same questions for every run: at most `--questions-each` of a kind in each of `--eval-rooms` rooms."""
    tokenizer = Tokenizer.from_file(str(args.tokenizer))
    _, classes, colours = load_encoders(args.encoders)
    model = Scanwise(len(classes), len(colours), without=without)
    if "features" in without:
        model.telling = Telling(tokenizer, classes, colours)
    model.load_state_dict(torch.load(checkpoint)["model"])
    model.eval()
    asked = read_all(args.val, args.val_cache, tokenizer, model.is_blind)
    rng = np.random.default_rng(0)
    right: dict[str, list[bool]] = {column: [] for column in COLUMNS}
    for room in range(min(args.eval_rooms, len(asked.shards.rooms))):
        for column, case in answers(model, asked, room, args.questions_each, rng):
            right[column].append(case.is_right())
    return {column: [round(100 * float(np.mean(hits)), 1), len(hits)] for column, hits in right.items() if hits}


def answers(model: Scanwise, asked: Asked, room: int, each: int, rng: np.random.Generator) -> list[tuple[str, Case]]:
    """The questions of one room, answered, with their columns."""
    own = scenes([asked.shards.rooms[room]], asked.shards, asked.cache, rng, [False], False)
    cases = [(column, Case(*talk[-1], talk[:-1])) for column, kinds in COLUMNS.items() for kind in kinds
             for question in asked.by_kind[room].get(kind, [])[:each]
             if (talk := asked.talk(room, question, own.row_of[0], own.shown[0], rng)) is not None]
    rows = scene_rows(model, own)
    for first in range(0, len(cases), IN_ONE_PASS):
        together = [case for _, case in cases[first : first + IN_ONE_PASS]]
        while not all(case.done for case in together):
            step(model, own, rows, [together])
    return cases


def cell(runs: list[dict[str, list[float]]], column: str) -> str:
    values = [run[column][0] for run in runs if column in run]
    if not values:
        return ""
    mean = sum(values) / len(values)
    return f"{mean:.1f}" if len(values) == 1 else f"{mean:.1f} ({min(values):g}–{max(values):g})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
                                     epilog="Other options go to train_joint.")
    parser.add_argument("--out", type=Path, default=Path("out/ablate"))
    parser.add_argument("--start", type=Path, help="a joint.pt to begin with")
    parser.add_argument("--encoders", type=Path, default=Path("out/encoders.pt"))
    parser.add_argument("--tokenizer", type=Path, default=Path("out/tokenizer.json"))
    parser.add_argument("--val", type=Path, required=True)
    parser.add_argument("--val-cache", type=Path, required=True)
    parser.add_argument("--parts", nargs="*", default=WITHOUT, choices=WITHOUT)
    parser.add_argument("--steps", type=int, default=1500)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--eval-rooms", type=int, default=48)
    parser.add_argument("--questions-each", type=int, default=8)
    args, rest = parser.parse_known_args()
    runtime.set_up(1)
    print("| without | " + " | ".join(COLUMNS) + " |\n|---|" + "--:|" * len(COLUMNS), flush=True)
    table: dict[str, list[dict[str, list[float]]]] = {without: [] for without in ("", *args.parts)}
    # A seed of every part before the next seed: cut short, the parts can still be compared.
    for seed in range(args.seeds):
        for without, runs in table.items():
            runs.append(run(args, rest, without, seed))
            if len(runs) == args.seeds:
                cells = [cell(runs, column) for column in COLUMNS]
                print(f"| {without or 'nothing'} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
