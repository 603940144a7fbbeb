"""Questions about real scans, put to `scanwise ask`.

`python tests/real/ask.py --scans DIR [--model DIR] [--cpu]` asks every line of `asked.jsonl` of its scan, with
its photographs where it has some, and, as a control, of the sample room. The answers were written down by looking at the scans and at the photographs that
one of them was made from, before the model was asked. A line counts as right where one of its answers is a whole
word of what the model says; yes and no must come first. Prints each, then the shares with Wilson's 95 % intervals.
"""

import argparse
import json
import math
import re
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
PHOTOS = {"dining_room.ply": "dining_room_rgbd"}
ROOT = HERE.parent.parent


def ask(scan: Path, text: str, options: list[str]) -> str:
    command = ["target/release/scanwise", "ask", str(scan), text, "--json", *options]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return json.loads(done.stdout)["answer"]


def is_right(said: str, answers: list[str]) -> bool:
    words = re.sub(r"[^a-z0-9 ]", " ", said.lower())
    for answer in answers:
        first = answer in ("yes", "no")
        if re.search(rf"^\s*{answer}\b" if first else rf"\b{answer}s?\b", words):
            return True
    return False


def interval(right: int, n: int) -> tuple[float, float]:
    z = 1.96
    middle = (right + z * z / 2) / (n + z * z)
    half = z * math.sqrt(right * (n - right) / n + z * z / 4) / (n + z * z)
    return 100 * (middle - half), 100 * (middle + half)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scans", type=Path, required=True)
    parser.add_argument("--model", default="quantized-models/scanwise-s")
    parser.add_argument("--cpu", action="store_true")
    given = parser.parse_args()
    options = ["--model", given.model] + ["--cpu"] * given.cpu
    lines = [json.loads(line) for line in (HERE / "asked.jsonl").read_text().splitlines()]
    scans = given.scans.resolve()
    right: dict[str, list[bool]] = {}
    for line in lines:
        name, text = line["scan"], line["text"]
        asked = {f"{name}": (scans / name, []), f"{name}, control": (ROOT / "samples/room.ply", [])}
        if name in PHOTOS:
            asked[f"{name}, photographs"] = (scans / name, ["--photos", str(scans / PHOTOS[name])])
        for who, (scan, more) in asked.items():
            said = ask(scan, text, options + more)
            judged = is_right(said, line["answers"])
            right.setdefault(who, []).append(judged)
            print(f"{'right' if judged else 'wrong'}  {who}: {text} {said}", flush=True)
    for who, judged in right.items():
        low, high = interval(sum(judged), len(judged))
        share = 100 * sum(judged) / len(judged)
        print(f"{who}: {sum(judged)} of {len(judged)}, {share:.0f} % [{low:.0f}, {high:.0f}]")


if __name__ == "__main__":
    main()
