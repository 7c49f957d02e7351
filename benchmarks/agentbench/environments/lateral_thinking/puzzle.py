"""A puzzle: what the agent reads, what it has to find, and for made-up ones the exact facts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..published_lines import broken, text, texts

LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Slot:
    """What is open in a made-up puzzle: the ways to name its true value, and those to name
    each value that it does not have."""

    true: tuple[str, ...]
    others: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Puzzle:
    """``keys`` are the facts to find. ``slots`` is empty, or has one slot a key; ``questions``
    are gold questions, one a key, where the record brings its own."""

    language: str
    story: str
    truth: str
    story_keys: tuple[str, ...]
    keys: tuple[str, ...]
    slots: tuple[Slot, ...] = ()
    questions: tuple[str, ...] = ()


def read_puzzle(data: Mapping[str, Any], where: str) -> Puzzle:
    """The puzzle in a record's ``data``; without one, a puzzle of no keys. ``where`` leads
    each error. Raises UsageMistake."""
    if not data:
        return Puzzle("en", "", "", (), ())
    language = data.get("lang")
    if language not in LANGUAGES:
        raise broken(where, "lang", "one of " + ", ".join(LANGUAGES), language)
    keys = _lines(data, "truth_keys", where)
    slots = _slots(data, where) if "slots" in data else ()
    questions = _lines(data, "questions", where) if "questions" in data else ()
    for name, found in (("slots", slots), ("questions", questions)):
        if found and len(found) != len(keys):
            raise broken(where, name, f"a list of {len(keys)}, one a truth key", len(found))
    return Puzzle(
        str(language),
        text(data, "story", where),
        text(data, "truth", where),
        _lines(data, "story_keys", where),
        keys,
        slots,
        questions,
    )


def _lines(data: Mapping[str, object], name: str, where: str) -> tuple[str, ...]:
    found = texts(data, name, where)
    if not found or not all(line.strip() for line in found):
        raise broken(where, name, "a list of texts, none of them empty", found)
    return tuple(found)


def _slots(data: Mapping[str, Any], where: str) -> tuple[Slot, ...]:
    found = data["slots"]
    if not isinstance(found, list) or not all(isinstance(slot, Mapping) for slot in found):
        raise broken(where, "slots", "a list of objects", found)
    return tuple(_slot(slot, f"{where}: slots[{n}]") for n, slot in enumerate(found))


def _slot(raw: Mapping[str, object], where: str) -> Slot:
    others = raw.get("others")
    if not isinstance(others, list):
        raise broken(where, "others", "a list of lists of texts", others)
    return Slot(
        _lines(raw, "true", where),
        tuple(_lines({"others": names}, "others", where) for names in others),
    )
