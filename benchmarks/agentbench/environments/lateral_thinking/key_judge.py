"""The judge without a model: a question is right where it says enough of a fact, and only that.

A fact is confirmed by a question that covers 60% of it, a key found when what was confirmed
covers 75% of it (specification, section 6), in both cases weighed by news. Against guessing in
bulk a question must also be to the point: long lists, alternatives and words from elsewhere
are refused, so that 25 questions cannot hold a dictionary.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from .facts import Fact, Facts, Values, facts_of, sentences
from .judges import Ruling
from .manners import longest_question
from .puzzle import Puzzle
from .reading import read
from .statements import Statement, opposed, share

_CONFIRMED, _FOUND = 0.6, 0.75
_NEWS_CONFIRMED = 0.5
_PART, _PART_NEWS = 0.6, 0.75
_TO_THE_POINT = 0.25  # the least share of a question that is the fact that it asks about
_STRICTLY_TO_THE_POINT = 0.5  # ... where the story says most of the fact already
_FOREIGN = 0.5  # the largest share of a question that story and truth do not mention
_MOST_UNITS = {"en": 40, "zh": 90}  # of a question, where no key has more
_EITHER = {"en": re.compile(r"\bor\b", re.I), "zh": re.compile("还是|或者|或")}


class _Match(NamedTuple):
    fact: Fact
    denied: bool
    closeness: float

    @property
    def is_key(self) -> bool:
        return self.fact.key is not None


class KeyJudge:
    """Deterministic, in English and Chinese; the only state is what was confirmed so far."""

    name = "keys"

    def __init__(self, puzzle: Puzzle) -> None:
        self._puzzle = puzzle
        self._facts: Facts = facts_of(puzzle)
        self._confirmed: list[set[str]] = [set() for _ in puzzle.keys]
        lengths = [len(fact.said.units) for fact in self._facts.keys]
        self._most_units = max(_MOST_UNITS[puzzle.language], *lengths, 0)
        facts = (*puzzle.keys, *puzzle.story_keys)  # some of which say "or" themselves
        self._most_alternatives = max(map(self._alternatives, facts), default=0)

    def ask(self, question: str, open_keys: Collection[int]) -> Ruling:
        said = read(question, self._puzzle.language)
        if len(said.units) > self._most_units:
            return Ruling("irrelevant", note="too long")
        if self._names_alternatives(question):
            return Ruling("irrelevant", note="one thing")
        if self._foreign(said) > _FOREIGN:
            return Ruling("irrelevant")
        if self._facts.values:
            return self._rule_by_values(said, open_keys)
        return self._rule_by_facts(said, open_keys)

    def solve(self, explanation: str, open_keys: Collection[int]) -> list[int]:
        language = self._puzzle.language
        longest = longest_question(self._puzzle)
        short = [sentence for sentence in sentences(explanation) if len(sentence) <= longest]
        parts = [read(sentence, language) for sentence in short]
        parts = [part for part in parts if len(part.units) <= self._most_units]
        if self._rambles(parts):
            return []
        if self._facts.values:
            return [key for key in sorted(open_keys) if self._tells(parts, self._facts.values[key])]
        return [key for key in sorted(open_keys) if self._covered(parts, self._facts.keys[key])]

    def snapshot(self) -> str:
        return json.dumps([sorted(tokens) for tokens in self._confirmed])

    def restore(self, snapshot: str) -> None:
        self._confirmed = [set(tokens) for tokens in json.loads(snapshot)]

    def close(self) -> None: ...

    # -- published puzzles: facts in prose ------------------------------------------------

    def _rule_by_facts(self, said: Statement, open_keys: Collection[int]) -> Ruling:
        matches = list(self._matches(said))
        if not matches:
            return Ruling("irrelevant")
        denied = max(matches, key=lambda match: (match.is_key, match.closeness)).denied
        self._confirm(said, [match for match in matches if match.denied is denied], open_keys)
        return Ruling("no" if denied else "yes", self._brought_out(said, open_keys))

    def _matches(self, said: Statement) -> Iterator[_Match]:
        for fact in (*self._facts.keys, *self._facts.others):
            if _confirms(said, fact) or self._is_part_of(said, fact):
                yield _Match(fact, opposed(said, fact.said), _closeness(said, fact))

    def _is_part_of(self, said: Statement, fact: Fact) -> bool:
        """Whether all that a short question claims is in the fact: true, if not all of it."""
        news = [unit for unit in said.units if unit.credit(self._facts.story) < 1]
        return (
            share(news, fact.said.tokens) >= _PART_NEWS
            and share(said.units, fact.said.tokens) >= _PART
            and any(unit.credit(said.tokens) == 1 for unit in fact.news)
        )

    def _confirm(self, said: Statement, by: list[_Match], open_keys: Collection[int]) -> None:
        """Note what an answer says about each open key: only words that are in the facts which
        it rests on, or in the story, are sure. What was denied is confirmed in the negative."""
        truth = said.negation() if by[0].denied else said
        sure = truth.tokens & self._facts.story.union(*(match.fact.said.tokens for match in by))
        for key in open_keys:
            fact = self._facts.keys[key]
            if not opposed(truth, fact.said):
                self._confirmed[key] |= sure & fact.said.tokens

    def _brought_out(self, said: Statement, open_keys: Collection[int]) -> int | None:
        found = [
            key
            for key in sorted(open_keys)
            if _covers(self._confirmed[key], self._facts.keys[key])
            and self._adds_to(self._facts.keys[key], said)
        ]
        keys = self._facts.keys
        return max(found, key=lambda key: _closeness(said, keys[key]), default=None)

    def _adds_to(self, fact: Fact, said: Statement) -> bool:
        """Whether this very question is about the fact: else a key would come out late."""
        return share(fact.news or fact.said.units, said.tokens) > 0

    def _covered(self, parts: list[Statement], fact: Fact) -> bool:
        """Whether one sentence, or two in a row, tell the fact and do not deny it."""
        return any(
            _covers(said.tokens, fact)
            and _to_the_point(said, fact)
            and not opposed(said, fact.said)
            for said in _windows(parts)
        )

    # -- made-up puzzles: values of slots -------------------------------------------------

    def _rule_by_values(self, said: Statement, open_keys: Collection[int]) -> Ruling:
        """No where anything claimed is wrong; a claim is a value, and whether it is denied."""
        claims = [
            (key, is_true, denied)
            for key, values in enumerate(self._facts.values)
            for is_true, denied in _claims(said, values)
        ]
        if not claims:
            return Ruling("irrelevant")
        if any(_contradicted(claims, key) for key, _, _ in claims):
            return Ruling("irrelevant", note="one thing")
        found = next((key for key, is_true, _ in claims if is_true and key in open_keys), None)
        if all(is_true is not denied for _, is_true, denied in claims):
            return Ruling("yes", found)
        return Ruling("no", found if len(claims) == 1 else None)

    def _tells(self, parts: list[Statement], values: Values) -> bool:
        claims = [claim for part in parts for claim in _claims(part, values)]
        return bool(claims) and all(is_true and not denied for is_true, denied in claims)

    # -- to the point or not --------------------------------------------------------------

    def _names_alternatives(self, question: str) -> bool:
        return self._alternatives(question) > self._most_alternatives

    def _alternatives(self, text: str) -> int:
        return len(_EITHER[self._puzzle.language].findall(text))

    def _foreign(self, said: Statement) -> float:
        return 1 - share(said.units, self._facts.known)

    def _rambles(self, parts: list[Statement]) -> bool:
        """Whether an explanation is mostly about other things than story and truth."""
        units = [unit for part in parts for unit in part.units]
        return share(units, self._facts.known) < 1 - _FOREIGN


def _confirms(said: Statement, fact: Fact) -> bool:
    return (
        fact.coverage(said.tokens) >= _CONFIRMED
        and fact.news_coverage(said.tokens) >= _NEWS_CONFIRMED
        and _to_the_point(said, fact)
    )


def _covers(tokens: Collection[str], fact: Fact) -> bool:
    return fact.coverage(tokens) >= _FOUND and fact.news_coverage(tokens) >= _CONFIRMED


def _to_the_point(said: Statement, fact: Fact) -> bool:
    least = _TO_THE_POINT if fact.mostly_news else _STRICTLY_TO_THE_POINT
    return share(said.units, fact.said.tokens) >= least


def _closeness(said: Statement, fact: Fact) -> float:
    """How well question and fact fit. What the question claims weighs more than what it
    leaves out: a part of a long fact is nearer than all of a short one and something else."""
    return fact.coverage(said.tokens) * share(said.units, fact.said.tokens) ** 2


def _windows(parts: list[Statement]) -> Iterator[Statement]:
    yield from parts
    for one, two in pairwise(parts):
        yield Statement(one.units + two.units, one.tokens | two.tokens, one.negated | two.negated)


def _claims(said: Statement, values: Values) -> Iterator[tuple[bool, bool]]:
    """Each value that the statement names: whether it is the true one, and whether denied."""
    for number, names in enumerate((values.true, *values.others)):
        for name in names:
            if said.mentions(name):
                mains = {unit.main for unit in name.units}
                yield number == 0, 2 * len(mains & said.negated) > len(mains)
                break


def _contradicted(claims: Iterable[tuple[int, bool, bool]], key: int) -> bool:
    """Whether a question names the true value of a slot and another one."""
    return len({is_true for k, is_true, _ in claims if k == key}) > 1
