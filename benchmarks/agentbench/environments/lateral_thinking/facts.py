"""The facts of a puzzle as statements, weighed by how much of each is news.

What the story already says counts little: nobody finds a key by repeating the story.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field

from .puzzle import Puzzle, Slot
from .reading import read
from .statements import Statement, Unit, share

_STORY_WEIGHT = 0.15  # of a unit that is in the story, against 1 of one that is not
_MOSTLY_NEWS = 0.34  # the share of news from which a fact cannot be had from the story
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|(?<=[。！？；])|\n+")


@dataclass(frozen=True)
class Fact:
    """``key`` is its number among the truth keys; None for what is true but no key."""

    said: Statement
    key: int | None
    weights: tuple[float, ...]
    news: tuple[Unit, ...]

    def coverage(self, tokens: Collection[str]) -> float:
        """The weighed share of the fact that is among ``tokens``, 0..1."""
        units = zip(self.said.units, self.weights, strict=True)
        covered = sum(weight * unit.credit(tokens) for unit, weight in units)
        return covered / sum(self.weights) if self.weights else 0.0

    def news_coverage(self, tokens: Collection[str]) -> float:
        """The share of what the story does not say; 1 where it says everything."""
        return share(self.news, tokens) if self.news else 1.0

    @property
    def mostly_news(self) -> bool:
        return len(self.news) >= _MOSTLY_NEWS * len(self.said.units)


@dataclass(frozen=True)
class Values:
    """A made-up fact: the statements that name its true value, and its other values."""

    true: tuple[Statement, ...]
    others: tuple[tuple[Statement, ...], ...]


@dataclass(frozen=True)
class Facts:
    """``known`` is every token of story, truth and keys: nothing else is to the point."""

    keys: tuple[Fact, ...]
    others: tuple[Fact, ...]
    values: tuple[Values, ...]
    story: frozenset[str]
    known: frozenset[str] = field(repr=False)


def facts_of(puzzle: Puzzle) -> Facts:
    """Keys first; then what else the story and the truth say, which is true but no key."""
    language = puzzle.language
    told = [] if puzzle.slots else [puzzle.story]  # a made-up story tells its values too
    story = _tokens([*told, *puzzle.story_keys], language)
    keys = tuple(
        _fact(read(key, language), number, story) for number, key in enumerate(puzzle.keys)
    )
    rest = [*puzzle.story_keys, *sentences(puzzle.truth)]
    others = () if puzzle.slots else tuple(_fact(read(s, language), None, story) for s in rest)
    values = tuple(_values(slot, language) for slot in puzzle.slots)
    known = story.union(
        *(fact.said.tokens for fact in (*keys, *others)),
        *(s.tokens for v in values for one in (v.true, *v.others) for s in one),
    )
    return Facts(keys, others, values, story, known)


def sentences(text: str) -> list[str]:
    """The sentences of a text, in either language; empty ones are left out."""
    return [part.strip() for part in _SENTENCE.split(text) if part.strip()]


def _fact(said: Statement, key: int | None, story: Collection[str]) -> Fact:
    weights = tuple(1 - (1 - _STORY_WEIGHT) * unit.credit(story) for unit in said.units)
    news = tuple(unit for unit in said.units if unit.credit(story) < 1)
    return Fact(said, key, weights, news)


def _tokens(texts: list[str], language: str) -> frozenset[str]:
    return frozenset().union(*(read(text, language).tokens for text in texts))


def _values(slot: Slot, language: str) -> Values:
    return Values(
        tuple(read(name, language) for name in slot.true),
        tuple(tuple(read(name, language) for name in names) for names in slot.others),
    )
