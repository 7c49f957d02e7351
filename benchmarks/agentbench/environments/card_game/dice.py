"""Chance that is the same on every machine, and that fits into a snapshot as two values."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

Item = TypeVar("Item")
_WORD = 1 << 64


@dataclass(slots=True)
class Dice:
    """Draws number 0, 1, 2 ... of a seed, each a hash of both.

    ``random.Random`` would do, but for its state: 625 numbers to copy at each branch of a
    search and to write into each snapshot. The bias of a draw is below n / 2**64.
    """

    seed: str
    drawn: int = 0

    def below(self, n: int) -> int:
        """A number of 0 to n - 1."""
        text = f"{self.seed}/{self.drawn}".encode()
        self.drawn += 1
        word = int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")
        return word * n // _WORD

    def chance(self, percent: int) -> bool:
        return self.below(100) < percent

    def choose(self, items: Sequence[Item]) -> Item:
        return items[self.below(len(items))]

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        left = list(items)
        return [left.pop(self.below(len(left))) for _ in items]

    def copy(self) -> Dice:
        return Dice(self.seed, self.drawn)
