"""Chinese sentences as statements: characters in their compounds, synonyms, negation.

There is no word list to segment with: a character counts wholly where one of its two-character
neighbourhoods is shared too, and half where it stands in another compound.
"""

from __future__ import annotations

import re

from .chinese_words import A_NOT_A, CLAUSES, DENIALS, FRAMES, FUNCTION_WORDS, NEGATORS, SYNONYMS
from .statements import Statement, Unit, statement

_SYNONYM = re.compile("|".join(sorted(SYNONYMS, key=lambda word: (-len(word), word))))
_FRAME = re.compile("|".join(FRAMES))
_DENIAL = re.compile("|".join(DENIALS))
_A_NOT_A = re.compile("|".join(A_NOT_A))
_PART = re.compile(
    "(?P<function>" + "|".join(FUNCTION_WORDS) + ")|(?P<negator>" + "|".join(NEGATORS) + ")"
    r"|(?P<edge>[，。！？；：、,.!?;:]|" + "|".join(CLAUSES) + ")"
    r"|(?P<letter>[\u3400-\u9fff]|[a-z0-9]+)"
)
_SCOPE = 8  # characters that a negator reaches within its clause


def read(text: str) -> Statement:
    """The statement of a sentence; of a question, the one that a yes would confirm."""
    text = _FRAME.sub("", text.lower().strip())
    text, denials = _DENIAL.subn("", text)
    text = _A_NOT_A.sub(lambda match: match[1] or match[2] or match[3], text)
    text = _SYNONYM.sub(lambda match: SYNONYMS[match[0]], text)
    runs, negated = _runs(text)
    if not runs:
        runs = [list(re.sub(r"\W", "", text))]
    found = statement(_units(runs), negated)
    return found.negation() if denials % 2 else found


def _runs(text: str) -> tuple[list[list[str]], set[str]]:
    """Unbroken runs of content characters, and the characters in a negation."""
    runs: list[list[str]] = [[]]
    negated: set[str] = set()
    reach = 0
    for match in _PART.finditer(text):
        if match["letter"]:
            runs[-1].append(match["letter"])
            if reach > 0:
                negated.add(match["letter"])
            reach -= 1
            continue
        runs.append([])
        if match["negator"]:
            reach = _SCOPE
        elif match["edge"]:
            reach = 0
    return [run for run in runs if run], negated


def _units(runs: list[list[str]]) -> list[Unit]:
    strong: dict[str, set[str]] = {}
    for run in runs:
        for here, character in enumerate(run):
            pairs = strong.setdefault(character, set())
            if here:
                pairs.add(run[here - 1] + character)
            if here + 1 < len(run):
                pairs.add(character + run[here + 1])
            if len(run) == 1:
                pairs.add(character)
    return [Unit(character, frozenset(pairs)) for character, pairs in strong.items()]
