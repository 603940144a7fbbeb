"""Trains fusion, language model and pointer together on cached features: `python -m scanwise.train_joint`.

Stops after `--minutes` of training in all, or after `--steps`, by which runs can be compared that
share a machine; called again with the same `--out` it goes on from the last checkpoint. The learning
rate follows the share of the budget that is spent, so a longer budget given to a resumed run continues
its curve.
"""

from __future__ import annotations

import argparse
import json
import math
import signal
import time
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import nn

from . import runtime
from .cache_features import load_encoders
from .config import SIZES, WITHOUT
from .evaluate import exact_match
from .feed import Asked, batches
from .lexicon import Wording, initial
from .locations import BINS, CODE, code_table
from .loss import NAMING, SampledVocabulary, joint_loss, scene_rows
from .model import ID, Scanwise
from .naming import Naming
from .pointer import ANCHORS, MENTIONS, RECALLED
from .rounding import Rounding
from .shards import FeatureCache, Shards
from .systems import SYSTEMS_OF, UNIFIED, WRITES_BOXES
from .telling import Telling

SHARES = {UNIFIED: 0.6, "inst3d": 0.1, "llm3d": 0.15, "spatial": 0.15}
"""Of the systems among the steps. Their prefixes are shorter, so that in time it is less."""

WEIGHTS = {"class": 4, "attribute": 2, "ground one": 3, "ground colour": 2, "ground nearest": 2, "ground many": 1.5,
           "ground none": 2, "existence": 3, "count": 2, "nearest": 2.5, "relation": 2, "compare": 2, "abstain": 2.2,
           "distance": 2.5, "scene_caption": 0.5, "dense_caption": 1.5,
           "plan": 0.7, "situated side": 3, "situated count": 1,
           "situated existence": 1.2,
           "dialog request": 0.7, "dialog clarify": 0.5, "dialog choice": 0.7, "farthest": 0.5, "navigation": 2.5,
           "move pose": 2, "move beside": 1.5, "move on": 1, "place beside": 1.5, "place on": 1.5, "place between": 1.5,
           "follow-up distance": 1.5, "follow-up beside": 1.5}
"""How often a kind of question is asked; 1 where nothing is said."""


ROUNDED_FROM = 0.75
"""From this share of the budget on the language model is trained as 4 bits will leave it."""


ALONE = {"llm3d": 0.5, "spatial": 0.5}
"""The systems of `--alone`."""


def parameter_groups(model: Scanwise, weight_decay: float, alone: bool = False) -> list[dict]:
    """Matrices decay; norms, biases and embeddings do not. The instance encoders stay as they are; all scene encoders where
    the language model is not the one they were trained with; all but the rows and adapters of two systems where these are
    trained `alone`."""
    frozen = ("encode.",) if model.lm.rows else ("encode.points.", "encode.view.", "encode.heads.")
    own = ("encode.llm3d.", "encode.spatial.", "encode.reading.", *(f"adapters.{system}." for system in ALONE))
    decays, stays = [], []
    for name, weight in model.named_parameters():
        if name.startswith(frozen) or alone and not name.startswith(own):
            weight.requires_grad_(False)
        elif weight.dim() < 2 or "embed" in name:
            stays.append(weight)
        else:
            decays.append(weight)
    return [{"params": decays, "weight_decay": weight_decay}, {"params": stays, "weight_decay": 0.0}]


def schedule(share: float, step: int, warm_up: int) -> float:
    """Warm-up over steps, then half a cosine over the time budget, down to 3 %."""
    return min(1.0, (step + 1) / warm_up) * (0.03 + 0.97 * (1 + math.cos(math.pi * min(1.0, share))) / 2)


def train(args: argparse.Namespace) -> None:
    torch.manual_seed(args.seed)
    tokenizer = Tokenizer.from_file(str(args.tokenizer))
    encoders, classes, colours = load_encoders(args.encoders or args.out / "encoders.pt")
    without = frozenset(args.without)
    model = Scanwise(len(classes), len(colours), SIZES[args.size], without=without, systems=SYSTEMS_OF[args.size])
    model.encode.load_state_dict(encoders.state_dict(), strict=False)
    if "features" in without:
        model.telling = Telling(tokenizer, classes, colours)
    naming = Naming(tokenizer, classes, colours, model.lm.config.width)
    groups = parameter_groups(model, args.weight_decay, args.alone)
    groups[1]["params"] += naming.parameters()
    optimiser = torch.optim.AdamW(groups, lr=args.lr, betas=(0.9, 0.98), fused=True)
    lexicon = args.out / "lexicon.npy"
    vectors = np.load(lexicon).astype(np.float32) if lexicon.exists() else None
    if vectors is not None:
        with torch.no_grad():
            model.lm.embed.weight[: len(vectors)] = initial(vectors, model.lm.config.width)
    checkpoint, spent, step, asked_so_far = args.out / "joint.pt", 0.0, 0, 0
    if checkpoint.exists():
        state = torch.load(checkpoint)
        model.load_state_dict(state["model"])
        naming.load_state_dict(state["naming"])
        optimiser.load_state_dict(state["optimiser"])
        spent, step, asked_so_far = state["spent"], state["step"], state["asked"]
    elif args.start:
        begin(model, naming, torch.load(args.start))
    if share_of(args, spent, step) >= 1:
        print("the budget is spent; a longer one goes on from here")
        return
    asked = read_all(args.train, args.train_cache, tokenizer, model.is_blind)
    held_out = read_all(args.val, args.val_cache, tokenizer, model.is_blind)
    vocabulary = SampledVocabulary(torch.from_numpy(used_tokens(asked)), model.lm.config.vocab)
    print(f"{len(asked.shards.rooms)} rooms, {sum(len(q) for k in asked.by_kind for q in k.values())} questions, "
          f"{len(vocabulary.used)} tokens in answers, from {spent:.0f} s", flush=True)

    if step == 0 and args.naming_minutes:
        name_rows(args, model, naming, asked)
    if not args.alone:
        # How often training asks with each token: export fills in what it never did.
        np.save(args.out / "seen.npy", asked.seen())
    wording = None if vectors is None else Wording(vectors, tokenizer, vocabulary.used.numpy())
    has_systems = len(model.adapters) and not (args.unified or model.is_blind or model.telling or without)
    shares = ALONE if args.alone else SHARES if has_systems else None
    last = time.monotonic()
    next_log, next_save = 0.0, spent + 60 * args.save_minutes
    asked_to_stop: list[int] = []
    rounding = Rounding(model.lm.layers)
    signal.signal(signal.SIGTERM, lambda number, _: asked_to_stop.append(number))
    means: dict[str, float] = {}
    for batch, packed in batches(asked, args.rooms, args.questions, WEIGHTS, args.seed + step, wording, shares):
        share = share_of(args, spent, step)
        for group in optimiser.param_groups:
            group["lr"] = args.lr * schedule(share, step, args.warm_up)
        optimiser.zero_grad(set_to_none=True)
        with rounding.applied() if share > ROUNDED_FROM and not args.alone else nullcontext():
            with runtime.fast():
                loss = joint_loss(model, naming, batch, packed, vocabulary, args.naming)
            loss["total"].backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        step, asked_so_far = step + 1, asked_so_far + len(packed.packing.scene)
        now = time.monotonic()
        spent, last = spent + now - last, now
        for name, value in loss.items():
            name = name if batch.system == UNIFIED else f"{batch.system} {name}"
            if batch.system != UNIFIED and not name.endswith(("token", "point")):
                continue
            means[name] = 0.95 * means.get(name, value.item()) + 0.05 * value.item()
        if spent >= next_log:
            next_log = spent + args.log_seconds
            print(f"{spent:6.0f} s  step {step}  {asked_so_far} questions  " +
                  "  ".join(f"{name} {value:.3f}" for name, value in means.items()), flush=True)
        if asked_to_stop:
            save(checkpoint, model, naming, optimiser, spent, step, asked_so_far)
            break
        is_last = share_of(args, spent, step) >= 1
        if spent >= next_save or is_last:
            save(checkpoint, model, naming, optimiser, spent, step, asked_so_far)
            report(args, model, held_out, step, asked_so_far, spent, means, is_last)
            # Looking at held-out rooms is not training time.
            last, next_save = time.monotonic(), spent + 60 * args.save_minutes
        if is_last:
            break


def name_rows(args: argparse.Namespace, model: Scanwise, naming: Naming, asked: Asked) -> None:
    """Before all else: what the Q-Former's and Spatial 3D-LLM's rows hold, told by naming alone. A step is twenty times
    cheaper than one through the language model, which is left as it is."""
    parts = [part for name in ("llm3d", "spatial", "reading") for part in getattr(model.encode, name).parameters()]
    optimiser = torch.optim.AdamW([*parts, *naming.parameters()], lr=args.lr, betas=(0.9, 0.98))
    embedding = model.lm.embed.weight.detach()
    begun, mean, step = time.monotonic(), 0.0, 0
    alone = {"llm3d": 0.6, "spatial": 0.25, UNIFIED: 0.15}
    for batch, _ in batches(asked, args.rooms, 1, WEIGHTS, args.seed, None, alone):
        share = (time.monotonic() - begun) / (60 * args.naming_minutes)
        if share >= 1:
            break
        for group in optimiser.param_groups:
            group["lr"] = args.lr * schedule(share, step, args.warm_up)
        optimiser.zero_grad(set_to_none=True)
        loss = naming(scene_rows(model, batch), batch, embedding, model.encode.reading)
        loss.backward()
        nn.utils.clip_grad_norm_([*parts, *naming.parameters()], 1.0)
        optimiser.step()
        step, mean = step + 1, 0.98 * mean + 0.02 * loss.item()
        if step % 100 == 0:
            print(f"  rows named for {60 * args.naming_minutes * share:.0f} s: {mean:.3f} nats", flush=True)


def begin(model: Scanwise, naming: Naming, state: dict) -> None:
    """Begins with what another run learned, of which the parts that `model` lacks are left out."""
    grown = widened(state["model"], model)
    left_over = model.load_state_dict(grown, strict=False)
    new = sorted({".".join(name.split(".")[: 3 if name.startswith("adapters") else 2]) for name in left_over.missing_keys})
    print(f"begins with the weights of step {state['step']}; new: {', '.join(new) or 'nothing'}", flush=True)
    if "encode.place" in new:
        locate(model.lm.embed.weight)
    if "adapters.llm3d.choice" in new:
        choose_as_pointed(model)
    if "naming" in state:
        naming.load_state_dict(state["naming"])


@torch.no_grad()
def choose_as_pointed(model: Scanwise) -> None:
    """What the pointer asks for is what a box is asked for."""
    for system in WRITES_BOXES:
        choice = model.adapters[system].choice
        choice.query.load_state_dict(model.pointer.query.state_dict())
        choice.key.load_state_dict(model.pointer.key.state_dict())
        choice.norm.load_state_dict(model.pointer.norm.state_dict())


@torch.no_grad()
def locate(embedding: torch.Tensor) -> None:
    """Location tokens begin as their codes are: neighbours alike, and of the spread of other tokens."""
    first = ID["<loc0>"]
    table = code_table() @ torch.randn(CODE, embedding.shape[1]) / CODE**0.5
    embedding[first : first + BINS] = table * (embedding[:first].std() / table.std())


def widened(weights: dict[str, torch.Tensor], model: Scanwise) -> dict[str, torch.Tensor]:
    """Where the pointer copies from fewer mentions than now, the new ones begin at nothing."""
    name, shape = "pointer.copy", (ANCHORS + 1, MENTIONS + RECALLED)
    out = dict(weights)
    for part in ("weight", "bias") if f"{name}.weight" in weights else ():
        old = weights[f"{name}.{part}"]
        known = old.shape[0] // shape[0]
        new = old.new_zeros(*shape, *old.shape[1:])
        new[:, :known] = old.unflatten(0, (shape[0], known))
        out[f"{name}.{part}"] = new.flatten(0, 1)
    return out


def share_of(args: argparse.Namespace, spent: float, step: int) -> float:
    """How much of the budget is spent, 0..1 and beyond."""
    return step / args.steps if args.steps else spent / (60 * args.minutes)


def read_all(shards: Path, cache: Path, tokenizer: Tokenizer, blind: bool = False) -> Asked:
    """The shards whose features are cached."""
    paths = [path for path in sorted(shards.glob("shard-*.safetensors")) if (cache / path.name).exists()]
    read = Shards(shards, paths)
    return Asked(read, FeatureCache(cache, read), tokenizer, blind)


def used_tokens(asked: Asked) -> np.ndarray:
    """What answers hold, and the gate and the end."""
    always = [ID["<obj>"], ID["<|end|>"], ID["<box>"], ID["</box>"], *range(ID["<loc0>"], ID["<loc255>"] + 1)]
    return np.union1d(asked.vocabulary(), always)


def save(path: Path, model: Scanwise, naming: Naming, optimiser: torch.optim.Optimizer, spent: float, step: int,
         asked: int) -> None:
    """Writes beside and renames, so that a run cut off leaves the last whole checkpoint."""
    state = {"model": model.state_dict(), "naming": naming.state_dict(), "optimiser": optimiser.state_dict(),
             "spent": spent, "step": step, "asked": asked}
    torch.save(state, path.with_suffix(".part"))
    path.with_suffix(".part").rename(path)


def report(args: argparse.Namespace, model: Scanwise, held_out: Asked, step: int, asked: int, spent: float,
           means: dict[str, float], last: bool) -> None:
    """Prints and logs greedy exact match on held-out rooms, true and predicted instances."""
    rooms = args.eval_rooms * (2 if last else 1)
    line: dict = {"step": step, "questions": asked, "seconds": round(spent),
                  **{name: round(value, 4) for name, value in means.items()}}
    for regime, predicted in (("true", False), ("predicted", True)):
        if any(len(room.predicted if predicted else room.true) for room in held_out.shards.rooms):
            line[regime] = exact_match(model, held_out, rooms, args.eval_questions, predicted)
            print(f"  {regime}: " + "  ".join(
                f"{kind} {v['model']:g}/{v['control']:g} ({v['n']})" for kind, v in line[regime].items()), flush=True)
    for system in model.adapters if last and not (args.unified or args.without) else ():
        line[system] = exact_match(model, held_out, args.eval_rooms, args.eval_questions, False, system=system)
        print(f"  {system}: " + "  ".join(
            f"{kind} {v['model']:g}/{v['control']:g} ({v['n']})" for kind, v in line[system].items()), flush=True)
    with (args.out / "joint.log.jsonl").open("a") as log:
        log.write(json.dumps(line) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", type=Path, required=True, help="feature shards to train on")
    parser.add_argument("--val", type=Path, required=True, help="feature shards of held-out rooms")
    parser.add_argument("--train-cache", type=Path, default=Path("cache/train"))
    parser.add_argument("--val-cache", type=Path, default=Path("cache/val"))
    parser.add_argument("--tokenizer", type=Path, default=Path("../quantized-models/scanwise-s/tokenizer.json"))
    parser.add_argument("--out", type=Path, default=Path("out"))
    parser.add_argument("--size", choices=SIZES, default="s", help="m begins with what `smollm` makes")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--steps", type=int, help="a budget in steps in place of minutes")
    parser.add_argument("--rooms", type=int, default=3, help="rooms a step")
    parser.add_argument("--questions", type=int, default=32, help="questions behind each prefix")
    parser.add_argument("--alone", action="store_true",
                        help="train only the rows and adapters of 3D-LLM and Spatial 3D-LLM")
    parser.add_argument("--unified", action="store_true", help="train the unified model only")
    parser.add_argument("--naming", type=float, default=NAMING,
                        help="what naming weighs; 0 for a start of which naming was left out, and no time to learn it anew")
    parser.add_argument("--naming-minutes", type=float, default=0, help="rows alone are trained for so long before")
    parser.add_argument("--lr", type=float, default=2e-3)
    parser.add_argument("--warm-up", type=int, default=100)
    parser.add_argument("--weight-decay", type=float, default=0.05)
    parser.add_argument("--save-minutes", type=float, default=6)
    parser.add_argument("--log-seconds", type=float, default=20)
    parser.add_argument("--eval-rooms", type=int, default=24)
    parser.add_argument("--eval-questions", type=int, default=12)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--without", nargs="*", default=[], choices=WITHOUT, help="parts to train without")
    parser.add_argument("--start", type=Path, help="a joint.pt whose weights a new run begins with")
    parser.add_argument("--encoders", type=Path, help="trained encoders, if not in --out")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    runtime.set_up(args.threads)
    train(args)


if __name__ == "__main__":
    main()
