"""What a judge of the game is: it answers questions and says which keys were found."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

Answer: TypeAlias = Literal["yes", "no", "irrelevant"]
Note: TypeAlias = Literal["", "one thing", "too long"]
"""A remark for the agent: the question asked about several things, or was no question."""


@dataclass(frozen=True)
class Ruling:
    """``key`` is the number of the key that the question brought out, if it did."""

    answer: Answer
    key: int | None = None
    note: Note = ""


class Judge(Protocol):
    """Judges one game. ``snapshot`` is plain text; a judge that is restored rules the same."""

    @property
    def name(self) -> str: ...

    def ask(self, question: str, open_keys: Collection[int]) -> Ruling:
        """Rule on one line. Only keys that are still open can be found, one at a time."""

    def solve(self, explanation: str, open_keys: Collection[int]) -> list[int]:
        """The open keys that an explanation of the whole story contains."""

    def snapshot(self) -> str: ...

    def restore(self, snapshot: str) -> None: ...

    def close(self) -> None: ...
