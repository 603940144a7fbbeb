"""More ways to ask what the training rooms ask.

`roomgen` keeps whole templates for validation and test, so training sees a dozen ways to ask each
kind of question: too few to learn that wording hardly matters. Here a training question is taken
apart by its template (read from `roomgen`'s own source, by the question's `phrasing`) and put together
again in one of the frames below. A test sees to it that no frame uses a word which, among `roomgen`'s
templates, only those held out use.
"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

TEMPLATES = Path(__file__).resolve().parents[2] / "crates/roomgen/src/questions/templates.rs"

FRAMES: dict[str, list[str]] = {
    "exists": [
        "Have you got {an}?", "Is {an} in here?", "Is {an} around?", "Is {an} to be seen?",
        "There is {an}, right?", "Can {an} be seen?", "Can I see {an} here?", "Is {an} somewhere?",
        "See {an} anywhere?", "Got {an}?", "Does it have {an}?", "Do we have {an} here?",
        "Is there by any chance {an}?", "Would there be {an}?", "{an}, is there one?",
        "Do you know if there is {an}?", "Are {ns} here?", "Do you see {ns}?", "See any {ns}?", "Do we have {ns}?",
        "Any {ns}?", "Have you seen any {ns}?", "Does it have any {ns}?", "{ns} here?", "Are there {ns} around?",
        "Can I see any {ns}?", "Got any {ns}?",
    ],
    "count": [
        "Number of {ns}?", "The number of {ns}, please.", "How many of the {ns} are here?",
        "{ns}, how many are there?", "How many {ns} have we got?", "How many {ns} are in the scan?", "Count {ns}.",
        "Count every one of the {ns}.", "I want the number of {ns}.", "Can you count the {ns}?",
        "So how many {ns} are there?", "How many {ns} here?", "Say how many {ns} there are.",
        "There are how many {ns}?", "Do you know how many {ns} there are?", "What number of {ns} are there?",
    ],
    "what-is": [
        "What is this: {x}?", "And {x}, what is it?", "What thing is {x}?", "Say what {x} is.",
        "Tell me, what is {x}?", "Please name {x}.", "What may {x} be?", "Explain what {x} is.", "Class of {x}?",
        "{x} is what?", "What is {x} called?", "What kind of thing is {x}?", "What name does {x} have?", "{x}?",
        "I see {x}. What is it?", "What object do I see in {x}?",
    ],
    "colour": [
        "The colour of {x}, please.", "Tell me the color of {x}.", "{x}, what colour is it?",
        "Which colour is {x}?", "I want to know what colour {x} is.", "Color of {x}?", "Is there a colour to {x}?",
        "What colour is it: {x}?", "What is the color of {x}?", "In which color is {x}?",
        "Tell what color {x} is.", "Do you see what colour {x} is?", "Give me the colour of {x}.",
        "How is {x} coloured?", "Can you tell the colour of {x}?",
    ],
    "what-on": [
        "What's on {x}?", "What rests on {x}?", "Which thing is on {x}?", "What is there on {x}?",
        "On {x}, what is there?", "Name what is on {x}.", "What can be found on {x}?",
        "Is something on {x}, and what?", "What stands on top of {x}?", "Which thing stands on {x}?",
        "{x}: what is on it?",
    ],
    "what-under": [
        "What does {x} rest on?", "What does {x} lie on?", "What is {x} lying on?", "{x} is on what?",
        "On what does {x} stand?", "On what is {x}?", "What object is {x} on?", "What thing does {x} stand on?",
        "Upon what does {x} stand?", "What's under {x}?", "{x} stands on what?",
    ],
    "what-next-to": [
        "What's beside {x}?", "Which thing is next to {x}?", "Which object is next to {x}?",
        "What stands beside {x}?", "What is there next to {x}?", "Beside {x}, what is there?",
        "Next to {x} there is what?", "Name what is next to {x}.", "{x}: what is beside it?", "What's by {x}?",
    ],
    "what-nearest": [
        "What's nearest to {x}?", "What's closest to {x}?", "Which thing is nearest to {x}?",
        "What is nearest {x}?", "Which thing is closest to {x}?", "What is the closest object to {x}?",
        "What object is nearest to {x}?", "Tell me what is closest to {x}.", "Nearest to {x} is what?",
        "What stands closest to {x}?", "{x}: what is nearest to it?", "Closest thing to {x}?",
        "What do you see closest to {x}?",
    ],
    "what-farthest": [
        "What's farthest from {x}?", "What's furthest from {x}?", "Which object is furthest from {x}?",
        "Which thing is farthest from {x}?", "What is furthest from {x}?", "Farthest from {x} is what?",
        "Tell me what is farthest from {x}.", "{x}: what is farthest from it?",
        "What object is furthest away from {x}?", "What is farthest away from {x}?", "Farthest thing from {x}?",
    ],
    "what-most": [
        "What is {most} here?", "What thing is the {most}?", "What object here is the {most}?",
        "The {most} thing here?", "The {most} object, please.", "What in this room is the {most}?",
        "Say which object is the {most}.", "Find the {most} object.", "Which is the {most}?",
        "Show me the {most} thing.", "What's the {most} thing?",
    ],
    "distance": [
        "How far is {x} away from {y}?", "What is the distance from {x} to {y}?", "The distance of {x} and {y}?",
        "Distance between {x} and {y}?", "How far are {x} and {y} apart?", "How many metres from {x} to {y}?",
        "Measure from {x} to {y}.", "Measure {x} to {y}.", "What distance is {x} from {y}?",
        "How far from {x} to {y}?", "Between {x} and {y}, how far is it?",
        "How many meters apart are {x} and {y}?", "{x} and {y}: how far apart?",
        "Give me the distance from {x} to {y}.", "How many metres is {x} from {y}?",
        "Say how far {x} is from {y}.", "What's the distance between {x} and {y}?",
        "Please measure the distance from {x} to {y}.",
    ],
    "find-one": [
        "Show {x}.", "Where can {x} be?", "Search {x}.", "Where is {x}, please?", "Find me {x}.",
        "Can you find {x}?", "Please show {x}.", "Please point to {x}.", "Where does {x} stand?",
        "{x}, where is it?", "{x}, please.", "Select {x}.", "I need {x}.", "I want to see {x}.", "Let me see {x}.",
        "Bring me to {x}.", "Can I see {x}?", "{x}: where?", "Tell me where {x} is.", "Do you know where {x} is?",
        "Which of the objects is {x}?", "Look for {x}.",
    ],
    "find-which": [
        "Which {n} is the {most}?", "What {n} here is {most}?", "Find which {n} is {most}.",
        "Point to the {n} that is {most}.", "Show me the {n} that is {most}.", "Mark the {n} that is {most}.",
        "{n} that is {most}, please.", "Find the one of the {ns} that is {most}.", "Of all {ns}, which is {most}?",
        "From the {ns}, show the one that is {most}.",
    ],
    "find-all": [
        "Find the {ns}.", "Find {ns}.", "Show {ns}.", "Show all {ns}.", "Mark all {ns}.", "Mark every {n}.",
        "Point to all {ns}.", "Highlight {ns}.", "Highlight every {n}.", "Where are all the {ns}?",
        "Which are the {ns}?", "Which things are {ns}?", "Find every {n}.", "I want to see all {ns}.",
        "I need all {ns}.", "Can you find all the {ns}?", "Please show me the {ns}.", "Select all {ns}.",
        "{ns}, where are they?", "Every {n}, please.", "Please point to every {n}.", "I am after every {n}.",
    ],
    "find-on": [
        "Show everything on {x}.", "Find all things on {x}.", "Find what is on {x}.", "Mark everything on {x}.",
        "Which things are on {x}?", "Point to everything on {x}.", "Show me what stands on {x}.",
        "Select what is on {x}.", "Everything on {x}, please.", "Where is everything that is on {x}?",
    ],
    "describe": [
        "Describe {x} for me.", "What about {x}?", "Say what you see in {x}.", "Can you describe {x}?",
        "A word about {x}?", "Tell me something about {x}.", "Please caption {x}.", "{x}: describe it.",
        "Please say something about {x}.", "What do you know about {x}?", "Talk about {x}.",
        "Describe what {x} is like.", "I want to know more about {x}.", "Tell me more about {x}.",
        "What is {x} like?", "Short caption of {x}?",
    ],
}

SLOT = re.compile(r"\{(x|y|n|an|ns|most)\}")


def read_templates(source: Path = TEMPLATES) -> dict[str, str]:
    """Every template of `roomgen` by its phrasing, such as `exists/3`."""
    text = source.read_text()
    out = {}
    for name, body in re.findall(r'name: "([^"]+)",\s*templates: &\[(.*?)\]', text, re.DOTALL):
        for i, template in enumerate(re.findall(r'"((?:[^"\\]|\\.)*)"', body)):
            out[f"{name}/{i}"] = template
    return out


def is_training(phrasing: str) -> bool:
    """As `roomgen` splits: of six templates the fifth is for validation and the sixth for test."""
    return int(phrasing.rsplit("/", 1)[1]) % 6 < 4


class Paraphrase:
    """Puts training questions into other words."""

    def __init__(self) -> None:
        self.pattern: dict[str, re.Pattern[str]] = {}
        self.frames: dict[str, list[tuple[frozenset[str], str]]] = {
            family: [(frozenset(SLOT.findall(frame)), frame) for frame in frames] for family, frames in FRAMES.items()}
        for phrasing, template in read_templates().items():
            if is_training(phrasing):
                parts = SLOT.split(template.rstrip("?.!"))
                line = "".join(f"(?P<{p}>.+)" if i % 2 else re.escape(p) for i, p in enumerate(parts))
                self.pattern[phrasing] = re.compile(f"(?:.*[.,:!] )?{line}[?.!]?", re.IGNORECASE)

    @staticmethod
    def bare(slot: str) -> str:
        """What stood in a slot, without the sentence's capital and its stop."""
        slot = slot.rstrip("?.!")
        return slot[:1].lower() + slot[1:]

    def again(self, source: dict, rng: np.random.Generator) -> str | None:
        """Another text for a question; None where it does not fit its template (a slip of the pen)."""
        pattern = self.pattern.get(source.get("phrasing", ""))
        match = pattern.fullmatch(source["text"]) if pattern else None
        if not match:
            return None
        slots = {name: self.bare(value) for name, value in match.groupdict().items()}
        if "an" in slots:
            slots["n"] = re.sub(r"^an? ", "", slots["an"], flags=re.IGNORECASE)
        elif "n" in slots:
            slots["an"] = ("an " if slots["n"][:1].lower() in "aeiou" else "a ") + slots["n"]
        fitting = [f for needed, f in self.frames[source["phrasing"].rsplit("/", 1)[0]] if needed <= slots.keys()]
        if not fitting:
            return None
        text = SLOT.sub(lambda m: slots[m[1]], str(rng.choice(fitting)))
        if rng.random() < 0.7:
            text = text[:1].upper() + text[1:]
        return text.rstrip("?.") if rng.random() < 0.25 else text
