"""What a sentence claims, as a judge without a language model can see it.

A statement is a set of units (content words, or Chinese characters) and which of them it
negates. Everything else about a sentence is dropped: order, tense, number, politeness.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Unit(NamedTuple):
    """The smallest thing that two statements can share. It is wholly shared where one of
    ``strong`` is, half where only ``main`` is: the same character in another compound."""

    main: str
    strong: frozenset[str]

    def credit(self, tokens: Collection[str]) -> float:
        """How much of the unit is among ``tokens``: 0, 0.5 or 1."""
        if not self.strong.isdisjoint(tokens):
            return 1.0
        return 0.5 if self.main in tokens else 0.0


@dataclass(frozen=True)
class Statement:
    """``tokens`` are all mains and strongs of the units; ``negated`` are mains."""

    units: tuple[Unit, ...]
    tokens: frozenset[str]
    negated: frozenset[str]

    def mentions(self, other: Statement) -> bool:
        """Whether every unit of the other is wholly in this one."""
        # A plain loop: this is what most of a made-up game's time goes to.
        for unit in other.units:  # noqa: SIM110 - see above
            if unit.strong.isdisjoint(self.tokens):
                return False
        return True

    def negation(self) -> Statement:
        """The statement that holds where this one does not."""
        mains = frozenset(unit.main for unit in self.units)
        return Statement(self.units, self.tokens, frozenset() if self.negated else mains)


def statement(units: Iterable[Unit], negated: Iterable[str]) -> Statement:
    unique = tuple(dict.fromkeys(units))
    tokens = frozenset(token for unit in unique for token in (unit.main, *unit.strong))
    return Statement(unique, tokens, frozenset(negated))


def share(units: Iterable[Unit], tokens: Collection[str]) -> float:
    """How much of the units is among ``tokens``, 0..1; 0 where there are none."""
    credits = [unit.credit(tokens) for unit in units]
    return sum(credits) / len(credits) if credits else 0.0


def opposed(one: Statement, other: Statement) -> bool:
    """Whether one denies what the other claims, judged by the units that they share."""
    shared = {unit.main for unit in one.units if unit.main in other.tokens}
    mine, theirs = one.negated & shared, other.negated & shared
    return len(mine ^ theirs) > len(mine & theirs)
